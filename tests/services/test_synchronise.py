"""The run a kader starts by "Kirim sekarang", over real HTTP, and what it says in each case."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, Offline, PosyanduError, Refused, ServerTrouble, UpdateNeeded
from posyandu.domain.forms import FORMS
from posyandu.server import exchange, store
from posyandu.server.app import make_app
from posyandu.server.exchange import Believed, Desk, Rejected
from posyandu.server.settings import Settings
from posyandu.services import posts, synchronise, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records, settings
from posyandu.sync import client, transport
from posyandu.sync.transport import Busy, CertificateDays, LinkBroke, LinkSilent, Replayed, Revoked, TooLarge
from tests.server.certificates import Certify, certify
from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, VILLAGE, code_for, enrol, laptop, open_post, way_to, weigh, weight
from tests.server.serving import serving

__all__ = ["certify", "desk", "open_folder", "post", "postgres_cluster", "postgres_url"]


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with serving(make_app(desk, Settings())) as address:
        yield address


def book(**options: object) -> Workspace:
    return workspace.in_memory(post=None, practice=True, **options)  # type: ignore[arg-type]


def test_from_a_code_to_everything_safe_over_http(url: str, desk: Desk, post: str) -> None:
    ws = book()
    open_post(ws, post)
    for grams in range(6000, 6250):
        weigh(ws, post, grams)
    assert synchronise.status(ws).state == "not_enrolled"
    state = synchronise.enrol(ws, url + "/", code_for(desk), name="Desa Uji")
    assert (state.state, state.here, state.confirmed, state.waiting) == ("waiting", 251, 0, 251)
    assert state.server == url
    steps: list[tuple[int, int]] = []
    outcome = synchronise.run(ws, lambda done, total: steps.append((done, total)))
    assert (outcome.state, outcome.sent, outcome.confirmed, outcome.refused) == ("confirmed", 251, 251, 0)
    assert steps[-1] == (251, 251)
    state = synchronise.status(ws)
    assert (state.state, state.sent, state.confirmed, state.waiting) == ("confirmed", 251, 251, 0)
    assert state.last_at == ws.now()
    (done,) = synchronise.history(ws)
    assert (done.outcome, done.sent, done.sentence) == ("confirmed", 251, outcome.sentence)
    assert synchronise.began_at(done) == ws.now()


def test_another_laptop_receives_and_says_so(url: str, desk: Desk, post: str) -> None:
    sari = laptop(desk, post=post)
    record = weigh(sari, post, 7000)
    dewi = book()
    synchronise.enrol(dewi, url, code_for(desk))
    synchronise.run(sari, send=way_to(desk))
    outcome = synchronise.run(dewi)
    assert outcome.received >= 2
    assert "diterima" in outcome.sentence
    assert weight(dewi, record) == 7000
    assert "Tidak ada yang baru" in synchronise.run(dewi).sentence
    weigh(sari, post, 7100)
    weigh(dewi, post, 7200)
    synchronise.run(sari, send=way_to(desk))
    assert "1 simpanan terkirim, 1 diterima" in synchronise.run(dewi).sentence


def test_without_a_server_it_says_how_to_get_one() -> None:
    outcome = synchronise.run(book())
    assert outcome.state == "not_enrolled"
    assert "kode" in outcome.sentence


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Offline("x."), "offline"),
        (Busy("x.", 3), "offline"),
        (Replayed("x."), "offline"),
        (ServerTrouble("x."), "offline"),
        (Revoked("x."), "help"),
        (Refused("x."), "help"),
        (UpdateNeeded("x."), "help"),
        (CertificateDays("x."), "help"),
    ],
)
def test_whatever_the_link_does_the_run_ends_with_a_sentence(
    desk: Desk, post: str, error: PosyanduError, state: str
) -> None:
    def broken(_path: str, _body: bytes, _kind: str) -> bytes:
        raise error

    ws = laptop(desk, post=post)
    outcome = synchronise.run(ws, send=broken)
    assert (outcome.state, outcome.sentence) == (state, "x.")
    assert outcome.again_in == (3 if isinstance(error, Busy) else 0)
    assert synchronise.status(ws).state == state
    assert synchronise.status(ws).sentence == "x."
    assert synchronise.run(ws, send=way_to(desk)).state == "confirmed"
    assert synchronise.status(ws).state == "confirmed"


def test_a_link_that_breaks_under_way_is_tried_again_and_nothing_is_lost(
    desk: Desk, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posyandu.sync.client.MAX_BODY", 8000)
    ws = laptop(desk, post=post)
    for number in range(1200):
        weigh(ws, post, number % 30_000)
    trips, waits = [0], []

    def shaky(_path: str, body: bytes, _kind: str) -> bytes:
        trips[0] += 1
        if trips[0] in (2, 4):  # the third answer is lost
            raise Offline("x.")
        reply = exchange.sync(desk, body)
        if trips[0] == 3:
            raise Offline("x.")
        return reply

    states = [synchronise.run(ws, send=shaky, pause=waits.append).state for _ in range(2)]
    assert states == ["offline", "confirmed"]
    assert len(waits) == 2
    assert synchronise.status(ws).confirmed == 1201


def test_a_link_that_breaks_is_tried_again_in_the_same_run_and_given_up_in_the_end(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    waits: list[float] = []
    lives = [synchronise.MOST_BREAKS]

    def short(path: str, body: bytes, kind: str) -> bytes:
        lives[0] -= 1
        if lives[0] >= 0:
            raise LinkBroke("x.")
        return way_to(desk)(path, body, kind)

    assert synchronise.run(ws, send=short, pause=waits.append).state == "confirmed"
    assert len(waits) == synchronise.MOST_BREAKS
    assert all(0.5 <= wait <= 3.5 for wait in waits)
    weigh(ws, post, 7000)
    lives[0] = synchronise.MOST_BREAKS + 1
    assert synchronise.run(ws, send=short, pause=waits.append).state == "offline"
    assert lives == [0]


def test_a_link_that_is_made_and_says_nothing_does_not_hold_the_run_for_a_quarter_of_an_hour(
    desk: Desk, post: str
) -> None:
    """Each such try takes a minute and a half; the first answer that comes counts anew."""
    ws = laptop(desk, post=post)
    heard = [False] * synchronise.MOST_SILENT + [True] + [False] * 9
    tries = iter(heard)

    def silent(path: str, body: bytes, kind: str) -> bytes:
        if next(tries):
            weigh(ws, post, 7000)
            client.seal_all(ws.db, 1)  # there is more to say after this answer
            return way_to(desk)(path, body, kind)
        raise LinkSilent("x.")

    assert synchronise.run(ws, send=silent, pause=lambda _seconds: None).state == "offline"
    assert len(list(tries)) == 9 - (synchronise.MOST_SILENT + 1)


@pytest.mark.parametrize("room", [30_000, 16_000, 0])
def test_a_proxy_that_takes_only_small_requests_gets_small_ones(desk: Desk, post: str, room: int) -> None:
    ws = laptop(desk, post=post)
    for number in range(1500):
        weigh(ws, post, number)
    tries = [0]

    def narrow(path: str, body: bytes, kind: str) -> bytes:
        tries[0] += 1
        if len(body) > room:
            raise TooLarge("x.")
        return way_to(desk)(path, body, kind)

    outcome = synchronise.run(ws, send=narrow)
    assert (outcome.state, synchronise.status(ws).waiting == 0) == (("confirmed", True) if room else ("help", False))
    assert room or tries == [3], "no busy loop: a quarter each time, then a person must act"


def test_what_a_broken_link_carried_is_sealed_small_and_only_good_trips_in_a_row_ask_for_more(
    desk: Desk, post: str
) -> None:
    ws = laptop(desk, post=post)
    settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
    for grams in range(300):
        weigh(ws, post, grams)
    bodies: list[int] = []

    def counting(path: str, body: bytes, kind: str) -> bytes:
        bodies.append(len(body))
        return way_to(desk)(path, body, kind)

    assert synchronise.run(ws, send=counting).state == "confirmed"
    assert max(bodies[: synchronise.GOOD_TRIPS]) < 1.5 * synchronise.LEAST_AT_ONCE
    assert settings.get(ws.db, "sync_most") == synchronise.LEAST_AT_ONCE * 2 ** (len(bodies) // synchronise.GOOD_TRIPS)


def test_a_server_that_knows_no_blocks_gets_whole_requests_and_small_batches(desk: Desk, post: str) -> None:
    app = make_app(desk, Settings())
    app.router.routes = [route for route in app.router.routes if getattr(route, "path", "") != "/v1/blocks"]
    with serving(app) as url:
        ws = laptop(desk, post=post)
        synchronise.server_moved(ws, url)
        settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
        settings.put(ws.db, "sync_blocks", True)
        for number in range(2):
            weigh(ws, post, 5000 + number)
            assert synchronise.run(ws).state == "confirmed"
            assert settings.get(ws.db, "sync_blocks") is False
    assert synchronise.status(ws).waiting == 0


def test_a_request_in_blocks_that_is_refused_is_not_tried_for_ever(
    desk: Desk, url: str, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_desk: Desk, _by: Believed, _shown: str) -> bytes:
        raise Rejected(400, "bad_message", "x")

    def busy(_desk: Desk, _by: Believed, _shown: str) -> bytes:
        raise Rejected(503, "busy", "x", retry_after=7)

    ws = laptop(desk, post=post)
    synchronise.server_moved(ws, url)
    settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
    for answer, state, is_kept in ((busy, "offline", True), (refused, "help", False)):
        monkeypatch.setattr("posyandu.server.app.answer_to", answer)
        outcome = synchronise.run(ws)
        assert (outcome.state, outcome.again_in) == (state, 7 if is_kept else 0)
        assert (settings.get(ws.db, "sync_upload") is not None) == is_kept
    monkeypatch.undo()
    assert synchronise.run(ws).state == "confirmed"
    assert settings.get(ws.db, "sync_upload") is None


def test_a_server_that_always_promises_more_does_not_hold_the_laptop(desk: Desk, post: str) -> None:
    from posyandu.sync.message import read_reply, write_reply

    ws = laptop(desk, post=post)
    trips = [0]

    def endless(_path: str, body: bytes, _kind: str) -> bytes:
        trips[0] += 1
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        reply = read_reply(exchange.sync(desk, body), Ed25519PublicKey.from_public_bytes(desk.public_key))
        return write_reply(
            replace(reply, slices=tuple(replace(part, more=True) for part in reply.slices)), desk.key
        )  # fmt: skip

    synchronise.run(ws, send=endless)
    assert trips[0] <= synchronise.MOST_IDLE + 2


def test_a_practice_book_and_a_real_server_never_meet(url: str, desk: Desk, postgres_url: str) -> None:
    real_book = workspace.in_memory(post=None, practice=False)
    with pytest.raises(Refused, match="percobaan"):
        synchronise.enrol(real_book, url, code_for(desk))
    with store.open_pool(postgres_url, 2) as pool:
        real = exchange.open_desk(pool, trial=False)
        with serving(make_app(real, Settings())) as real_url:
            with pytest.raises(Refused, match="latihan"):
                synchronise.enrol(book(), real_url, code_for(real))
            assert synchronise.enrol(real_book, real_url, code_for(real)).state != "not_enrolled"
    settings.put(real_book.db, "practice", True)
    assert synchronise.run(real_book, send=way_to(desk)).state == "help"


def test_an_address_written_without_https_is_meant_with_it() -> None:
    ws = book()
    asked: list[str] = []

    def no_net(url: str, **_more: object) -> None:
        asked.append(url)
        raise Offline("x")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "connect", no_net)
        for typed in ("posyandu.example.id/s", "https://posyandu.example.id/s"):
            with pytest.raises(Offline):
                synchronise.enrol(ws, typed, "5203-AAAA-BBBB-CCCC")
    assert asked == ["https://posyandu.example.id/s"] * 2


def test_a_wrong_code_or_address_is_said_and_enrols_nobody(url: str, desk: Desk) -> None:
    ws = book()
    with pytest.raises(Refused, match="Kode salah"):
        synchronise.enrol(ws, url, "5203-AAAA-BBBB-CCCC")
    with pytest.raises(BadInput, match="https"):
        synchronise.enrol(ws, "http://posyandu.example", code_for(desk))
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    for answer in (JSONResponse({"ok": True}), Response(b"pong"), JSONResponse([])):
        app = Starlette(routes=[Route("/v1/health", answer)])  # type: ignore[arg-type]
        with serving(app) as elsewhere, pytest.raises(ServerTrouble, match="alamat"):
            synchronise.enrol(ws, elsewhere, code_for(desk))
    assert synchronise.status(ws).state == "not_enrolled"


def test_of_two_copies_of_a_disk_the_one_that_enrols_anew_becomes_a_laptop_of_its_own(
    url: str, desk: Desk, post: str
) -> None:
    ws = book()
    open_post(ws, post)
    synchronise.enrol(ws, url, code_for(desk))
    synchronise.run(ws)
    copy = book()
    ws.db.conn.backup(copy.db.conn)
    assert copy.device == ws.device
    synchronise.enrol(copy, url, code_for(desk))
    assert copy.device == ws.device, "nothing says yet that there are two"
    mine, theirs = weigh(ws, post, 4000), weigh(copy, post, 4100)
    for each in (ws, copy, ws):
        assert synchronise.run(each).state == "confirmed"
    waits = weigh(copy, post, 4200)
    with pytest.raises(Refused, match="Kode salah"):
        synchronise.enrol(copy, url, "5203-AAAA-BBBB-CCCC")
    assert copy.device == ws.device
    assert synchronise.run(copy).state == "confirmed", "a wrong code leaves it as it was"
    code = code_for(desk)
    meant = client.self_to_be(copy.db)
    exchange.enrol(desk, client.enrolment(copy.db, code, "", meant))  # and the answer was lost
    assert synchronise.enrol(copy, url, code).state == "confirmed"
    assert copy.device == meant.device != ws.device
    key = client.key_of(copy.db).public_key().public_bytes_raw()
    with desk.pool.connection() as connection:
        known = store.device(connection, REGENCY, copy.device)
        assert known is not None
        assert known.key == key
        assert set(store.copied(connection)) >= {(REGENCY, ws.device)}
    weigh(copy, post, 4300, mine)
    weigh(ws, post, 4400, theirs)
    for each in (copy, ws, copy):
        assert synchronise.run(each).state == "confirmed"
        assert synchronise.status(each).waiting == 0
    for each in (copy, ws):
        assert [weight(each, record) for record in (mine, theirs, waits)] == [4300, 4400, 4200]
        assert journal.rows_equal_replay(each.db)
    kept = copy.device
    synchronise.enrol(copy, url, code_for(desk))
    assert copy.device == kept, "it has become one already"


def test_a_copy_stays_who_it_is_for_a_server_that_knows_it_no_more(
    url: str, desk: Desk, post: str, postgres_url: str
) -> None:
    ws = book()
    open_post(ws, post)
    synchronise.enrol(ws, url, code_for(desk))
    synchronise.run(ws)
    settings.put(ws.db, outbox.COPIED, True)
    before = ws.device
    with store.open_pool(postgres_url, 2) as pool:
        restored = replace(exchange.open_desk(pool, trial=True), key=desk.key)
        with serving(make_app(restored, Settings())) as address:
            synchronise.enrol(ws, address, code_for(restored))
            assert ws.device == before, "another address"
            with pool.connection() as connection:
                connection.execute("DELETE FROM device WHERE id = %s", (before,))
            settings.put(ws.db, outbox.COPIED, True)
            synchronise.enrol(ws, address, code_for(restored))
            assert ws.device == before
            synchronise.run(ws)
            assert outbox.is_all_confirmed(ws.db, post)


def test_a_server_that_moved_is_found_at_its_new_address(url: str, desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    synchronise.server_moved(ws, url)
    assert synchronise.run(ws).state == "confirmed"
    with pytest.raises(BadInput):
        synchronise.server_moved(ws, "http://elsewhere")
    synchronise.server_moved(book(), url)


def test_what_the_server_keeps_back_asks_for_help_in_plain_words(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post, village="5203022001")
    outcome = synchronise.run(ws, send=way_to(desk))
    assert (outcome.state, outcome.refused) == ("help", 1)
    state = synchronise.status(ws)
    assert state.state == "help"
    assert state.problems == ("1 simpanan ditahan server: posyandu di luar wilayah perangkat. Hubungi petugas.",)
    assert state.sentence == state.problems[0]


def test_each_kind_of_problem_has_its_sentence(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    synchronise.run(ws, send=way_to(desk))
    (batch,) = [row[0] for row in ws.db.conn.execute("SELECT id FROM batch WHERE own = 1")]
    outbox.keep_verdict(ws.db, batch, "sebagian", "", {"a": "karantina: x", "b": "periksa: y"})
    assert "1 simpanan ditahan server karena isinya" in synchronise.status(ws).problems[0]
    ws.db.conn.execute("UPDATE batch SET g = NULL")  # a batch that is in the feed is not held back any more
    outbox.keep_verdict(ws.db, batch, "karantina", "", {"a": "karantina: x"})
    assert "isinya tidak terbaca" in synchronise.status(ws).problems[0]
    outbox.keep_verdict(ws.db, batch, "ditolak", "rusak", {})
    assert "tidak diterima server: rusak" in synchronise.status(ws).problems[0]
    weigh(ws, "pos-tanpa-desa", 5000)
    assert "pilih dulu desa" in synchronise.status(ws).problems[1]


def test_what_is_not_confirmed_yet_is_said(desk: Desk, post: str) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from posyandu.sync.message import read_reply, write_reply

    ws = laptop(desk, post=post)

    def forgetful(_path: str, body: bytes, _kind: str) -> bytes:
        reply = read_reply(exchange.sync(desk, body), Ed25519PublicKey.from_public_bytes(desk.public_key))
        return write_reply(replace(reply, slices=()), desk.key)

    outcome = synchronise.run(ws, send=forgetful)
    assert outcome.state == "waiting"
    assert "belum dipastikan" in outcome.sentence
    assert synchronise.status(ws).state == "waiting"


def test_a_clock_that_agrees_is_noted_and_one_that_does_not_is_said(desk: Desk, post: str) -> None:
    real = replace(desk, trial=False)
    now = datetime.now(UTC)
    for apart, checked in ((timedelta(0), True), (timedelta(days=400), False)):
        ws = workspace.in_memory(post=None, now=now + apart)
        enrol(real, ws)
        open_post(ws, post)
        outcome = synchronise.run(ws, send=way_to(real))
        assert outcome.state == "confirmed"
        assert (settings.get(ws.db, "clock_checked_at") is not None) is checked
        assert ("Betulkan tanggal laptop" in outcome.sentence) is not checked


def test_with_a_dead_clock_it_still_sends_and_the_certificate_is_judged_by_the_servers_time(
    desk: Desk, post: str, certify: Certify
) -> None:
    now = datetime.now(UTC)
    root, certificate, key = certify("now", now - timedelta(days=1), now + timedelta(days=1))
    options = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
    with serving(make_app(desk, Settings()), **options) as url:
        for year in (2009, 2035):  # 2035 is plausible, so TLS is tried with it first
            ws = book(now=datetime(year, 1, 1, tzinfo=UTC))
            enrol(desk, ws)
            open_post(ws, f"{post}{year}")
            settings.put(ws.db, "sync_root", str(root))
            synchronise.server_moved(ws, url)
            assert synchronise.run(ws).state == "confirmed"


def test_a_certificate_that_ran_out_is_said_and_nothing_is_believed(desk: Desk, post: str, certify: Certify) -> None:
    now = datetime.now(UTC)
    root, certificate, key = certify("old", now - timedelta(days=9), now - timedelta(days=2))
    with serving(make_app(desk, Settings()), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        ws = laptop(desk, post=post)
        settings.put(ws.db, "sync_root", str(root))
        synchronise.server_moved(ws, url)
        outcome = synchronise.run(ws)
    assert outcome.state == "help"
    assert "Sertifikat" in outcome.sentence


def test_waits_grow_and_are_spread() -> None:
    assert [synchronise.seconds_until_next_try(n, lambda: 0.5) for n in (0, 1, 2, 5, 40)] == [30, 60, 120, 960, 1800]
    assert synchronise.seconds_until_next_try(0, lambda: 0.0) == 15
    assert 15 <= synchronise.seconds_until_next_try(0) <= 45


def test_a_revoked_laptop_keeps_everything_and_is_told(url: str, desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    synchronise.server_moved(ws, url)
    with desk.pool.connection() as connection:
        store.revoke(connection, REGENCY, ws.device, "hilang")
    outcome = synchronise.run(ws)
    assert outcome.state == "help"
    assert "dicabut" in outcome.sentence
    assert synchronise.status(ws).here == 1
    with pytest.raises(Rejected):
        enrol(desk, ws)


def test_a_root_of_its_own_is_copied_beside_the_book_once_it_led_somewhere(
    desk: Desk, tmp_path: Path, certify: Certify
) -> None:
    now = datetime.now(UTC)
    root, certificate, key = certify("ours", now - timedelta(days=1), now + timedelta(days=1))
    other, _certificate, _key = certify("theirs", now - timedelta(days=1), now + timedelta(days=1))
    ws = book()
    ws.folder = tmp_path / "buku"
    ws.folder.mkdir()
    with serving(make_app(desk, Settings()), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        synchronise.enrol(ws, url, code_for(desk), root=root)
        kept = synchronise.route(ws).root
        assert kept == ws.folder / "server-root.pem"
        assert kept.read_bytes() == root.read_bytes()
        with pytest.raises(ServerTrouble, match="tidak dapat dipastikan asli"):
            synchronise.enrol(ws, url, code_for(desk), root=other)
        assert kept.read_bytes() == root.read_bytes()
        assert synchronise.run(ws).state == "confirmed", "it goes on by the certificate it had"
        synchronise.server_moved(ws, url, synchronise.route(ws))
        assert synchronise.route(ws).root == kept


class Fragile:
    """A link that breaks under anything longer than it can carry: bytes there, bytes back."""

    def __init__(self, desk: Desk, up: int, down: int) -> None:
        self._send = way_to(desk)
        self.up, self.down = up, down
        self.bodies: list[int] = []

    def send(self, path: str, body: bytes, kind: str) -> bytes:
        self.bodies.append(len(body))
        if len(body) > self.up:
            raise Offline("putus")
        answer = self._send(path, body, kind)
        if len(answer) > self.down:
            raise Offline("putus")
        return answer


def runs_until_confirmed(ws: Workspace, link: Fragile) -> int:
    for number in range(1, 40):
        if synchronise.run(ws, send=link.send, pause=lambda _seconds: None).state == "confirmed":
            return number
    raise AssertionError("it never gets through")


def many_days(ws: Workspace, post: str, days: int) -> None:
    """As many batches as a posyandu makes in this many days, each of about 3 kB."""
    for day in range(days):
        for number in range(60):
            weigh(ws, post, 5000 + 100 * day + number)
        client.seal_all(ws.db, 1)


def test_over_a_link_that_carries_little_it_asks_for_little_until_all_is_safe(desk: Desk, post: str) -> None:
    own = {"village": "5203019001", "areas": ("5203019001",)}  # the posts of other tests hold longer batches
    sari = laptop(desk, post=post, **own)
    many_days(sari, post, 20)
    link = Fragile(desk, up=7000, down=9000)
    assert runs_until_confirmed(sari, link) <= 4
    assert link.bodies[0] > 30_000 > 7000 > min(link.bodies)
    counts = outbox.counts(sari.db, sari.device)
    assert counts.here == counts.confirmed == 1201
    dewi = laptop(desk, areas=own["areas"])
    link = Fragile(desk, up=7000, down=9000)
    runs_until_confirmed(dewi, link)
    assert len(records.load_many(dewi.db, FORMS["under_five_visit"], scope=post)) == 1200


def test_once_the_link_is_good_again_it_takes_big_steps(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post, village="5203019002", areas=("5203019002",))
    many_days(ws, post, 8)
    runs_until_confirmed(ws, Fragile(desk, up=7000, down=9000))
    many_days(ws, post, 40)  # three trips of what the bad link carried, then twice as much each time
    link = Fragile(desk, up=10**6, down=10**6)
    assert runs_until_confirmed(ws, link) == 1
    assert max(link.bodies) > 25_000
    assert len(link.bodies) < 9


def test_a_post_typed_before_its_records_came_over_the_network_is_not_there_twice(
    url: str, desk: Desk, post: str
) -> None:
    """A lost laptop is replaced: the kader types the post she knows, then connects."""
    sari = laptop(desk, post=post)
    weigh(sari, post, 7000)
    synchronise.run(sari, send=way_to(desk))
    dewi = book()
    typed = posts.add_post(dewi, {"name": f"posyandu {post}", "village_code": posts.posts(sari)[0].village_code})
    synchronise.enrol(dewi, url, code_for(desk))
    outcome = synchronise.run(dewi)
    assert post in {each.id for each in posts.posts(dewi)}
    assert typed not in {each.id for each in posts.posts(dewi)}
    assert dewi.posyandu_id == post
    assert (outcome.state, synchronise.status(dewi).waiting) == ("confirmed", 0)
    synchronise.run(sari, send=way_to(desk))
    assert typed not in {each.id for each in posts.posts(sari)}


def test_of_two_posts_of_one_name_only_an_empty_one_of_this_laptop_is_taken_back(desk: Desk, post: str) -> None:
    dewi = laptop(desk, post=post)
    open_post(dewi, "aaaa")
    open_post(dewi, "bbbb")
    for each in (post, "bbbb"):
        records.save(
            dewi.db, FORMS["posyandu"], each, {"name": "Posyandu aaaa"}, scope=each, author=dewi.author, now=dewi.now()
        )
        weigh(dewi, each, 7000)
    assert posts.keep_those_that_came(dewi)  # the one without a visit, though its id is the least
    assert {each.id for each in posts.posts(dewi)} == {post, "bbbb"}
    assert not posts.keep_those_that_came(dewi)
    open_post(dewi, "zzzz")
    assert posts.keep_those_that_came(dewi) is False, "of another name"
    sari = laptop(desk)
    for each in ("cccc", "dddd"):
        open_post(sari, each)
        records.save(
            sari.db, FORMS["posyandu"], each, {"name": "Melati"}, scope=each, author=sari.author, now=sari.now()
        )
    assert posts.keep_those_that_came(sari)  # both empty: every laptop keeps the same one
    assert [each.id for each in posts.posts(sari)] == ["cccc"]
    assert sari.posyandu_id == "cccc"
    for each, device in (("aaaa", "lain"), ("eeee", "lain"), ("ffff", sari.device)):
        there = replace(sari.author, device_id=device)
        answers = {"name": "melati", "village_code": VILLAGE}
        records.save(sari.db, FORMS["posyandu"], each, answers, scope=each, author=there, now=sari.now())
    weigh(sari, "eeee", 7000)
    sari.posyandu_id = "ffff"
    assert posts.keep_those_that_came(sari)
    assert {each.id for each in posts.posts(sari)} == {"aaaa", "eeee"}
    assert sari.posyandu_id == "eeee", "the one with records in it, not another empty one"


def alone(desk: Desk, post: str) -> Workspace:
    """A laptop whose village no other test's laptop writes in."""
    village = f"5203{int(post, 16) % 10**6:06}"
    return laptop(desk, post=post, village=village, areas=(village,))


@pytest.mark.parametrize("harm", ["UPDATE under_five_visit SET weight_g = 1", "DELETE FROM under_five_visit"])
def test_a_row_that_is_not_what_was_saved_is_made_anew_from_the_saves_and_told(
    desk: Desk, post: str, harm: str
) -> None:
    ws = alone(desk, post)
    record = weigh(ws, post, 7000)
    assert synchronise.run(ws, send=way_to(desk)).mended == 0
    saves = ws.db.conn.execute("SELECT * FROM op ORDER BY n").fetchall()
    ws.db.conn.execute(harm)
    told = synchronise.run(ws, send=way_to(desk))
    assert (told.state, told.mended) == ("confirmed", 1)
    assert told.note.startswith("1 catatan di layar tidak sama dengan yang disimpan")
    assert told.sentence.endswith(told.note)
    assert weight(ws, record) == 7000
    assert ws.db.conn.execute("SELECT * FROM op ORDER BY n").fetchall() == saves
    assert journal.rows_equal_replay(ws.db)
    assert synchronise.run(ws, send=way_to(desk)).mended == 0


def test_run_after_run_the_whole_book_is_compared_with_its_saves(
    desk: Desk, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synchronise, "COMPARED", 2)
    ws = alone(desk, post)
    visits = [weigh(ws, post, 7000 + number) for number in range(6)]
    ws.db.conn.execute("UPDATE under_five_visit SET weight_g = 1 WHERE id <> ?", (visits[0],))
    assert [synchronise.run(ws, send=way_to(desk)).mended for _run in range(5)].count(0) < 3
    assert [weight(ws, each) for each in visits] == [7000, 7001, 7002, 7003, 7004, 7005]


def test_a_row_whose_saves_are_nowhere_is_left_as_it_is(desk: Desk, post: str) -> None:
    ws = alone(desk, post)
    record = weigh(ws, post, 7000)
    ws.db.conn.execute("DELETE FROM op WHERE record = ?", (record,))
    assert synchronise.run(ws, send=way_to(desk)).mended == 0
    assert weight(ws, record) == 7000
