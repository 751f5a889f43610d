import json
import random
import secrets
import threading
from dataclasses import replace
from datetime import date

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.change import canonical_json
from posyandu.domain.forms import FORMS
from posyandu.server import exchange, ingest, store, views
from posyandu.server.exchange import Desk, Rejected
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records
from posyandu.sync import client
from posyandu.sync.batch import seal
from posyandu.sync.message import Ask, Cursor, Reply, Request, read_reply, write_request
from tests.server.laptops import REGENCY, VILLAGE, code_for, enrol, laptop, open_post, talk, weigh, weight
from tests.sync.test_batch import op, packed_lines


def stored(desk: Desk) -> tuple[int, ...]:
    """How many batches, saves, records and posts the server holds."""
    with desk.pool.connection() as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM batch), (SELECT sum(n) FROM batch WHERE g IS NOT NULL)::int,"
            " (SELECT count(*) FROM record), (SELECT count(*) FROM area), (SELECT count(*) FROM device)"
        ).fetchone()
    assert found is not None
    return tuple(found)


def ask(desk: Desk, ws: Workspace, *batches: bytes, asks: tuple[Ask, ...] = (), **changes: object) -> Reply:
    """One signed exchange with anything in it."""
    request = Request(
        regency=REGENCY, device=ws.device, incarnation="i", nonce=secrets.token_hex(16), app="1", asks=asks,
        batches=batches,
    )  # fmt: skip
    body = write_request(replace(request, **changes), client.key_of(ws.db))  # type: ignore[arg-type]
    return read_reply(exchange.sync(desk, body), Ed25519PublicKey.from_public_bytes(desk.public_key))


def batch_of(
    ws: Workspace, post: str, *ops: object, area: str = VILLAGE, sequence: int = 1, key: object = None
) -> bytes:
    ops = ops or (op(scope=post, record=records.new_id()),)
    signer = key or client.key_of(ws.db)
    return seal(
        ops, signer, device=ws.device, incarnation="i", sequence=sequence, previous="", area=area, app="1", schema=1,  # type: ignore[arg-type]
        at_ms=1,
    )[1]  # fmt: skip


# --- the straight path -----------------------------------------------------------------------------------------------


def test_what_one_laptop_saves_the_other_shows_and_both_know_it_is_safe(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 8200)
    taken = talk(desk, sari)
    assert taken.confirmed == 2
    talk(desk, dewi)
    assert weight(dewi, record) == 8200
    weigh(dewi, post, 8300, record)
    talk(desk, dewi)
    talk(desk, sari)
    assert weight(sari, record) == 8300
    assert outbox.counts(sari.db, sari.device) == outbox.Counts(2, 2, 2)
    assert journal.rows_equal_replay(sari.db)


def test_a_normal_day_is_one_round_trip(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    for grams in range(150):
        weigh(ws, post, 5000 + grams)
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    taken, saves = client.exchange(ws.db, server, lambda _p, body, _k: exchange.sync(desk, body))
    assert (saves, taken.confirmed) == (151, 151)
    assert client.is_done(ws.db, taken)


def test_two_edits_that_did_not_see_each_other_are_both_kept_and_listed(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 8000)
    talk(desk, sari)
    talk(desk, dewi)
    weigh(sari, post, 8100, record)
    weigh(dewi, post, 8200, record)
    for ws in (sari, dewi, sari):
        talk(desk, ws)
    assert weight(sari, record) == weight(dewi, record)
    for ws in (sari, dewi):
        row = records.load(ws.db, FORMS["under_five_visit"], record)
        assert row is not None
        assert {other.value for other in row.conflicts["weight_g"]} == {8100, 8200}
    with desk.pool.connection() as connection:
        conflicts = store.records(connection, REGENCY, post)["under_five_visit", record][2]
    assert {each["v"] for each in conflicts["weight_g"]} == {8100, 8200}


def test_a_batch_sent_twice_is_answered_again_and_changes_nothing(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    packed = batch_of(ws, post)
    first = ask(desk, ws, packed).verdicts
    before = stored(desk)
    assert ask(desk, ws, packed).verdicts == first
    assert ask(desk, ws, packed, packed).verdicts == first * 2
    assert stored(desk) == before


def test_one_bad_save_is_named_and_the_others_are_applied(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    good, bad = op(1, scope=post), op(2, scope=post, fields={"weight_g": "berat"})
    newer = op(3, scope=post, entity="mental_health", fields={"score": 4})
    odd = op(4, scope=post, fields={"weight_g": 900_000})
    (verdict,) = ask(desk, ws, batch_of(ws, post, good, bad, newer, odd)).verdicts
    assert verdict.state == "sebagian"
    assert verdict.ops == {
        bad.id: "karantina: jenis nilai salah: weight_g",
        newer.id: "tunda: formulir versi lebih baru",
        odd.id: "periksa: weight_g",
    }
    with desk.pool.connection() as connection:
        shown = store.records(connection, REGENCY, post)
    assert set(shown) == {(each.entity, each.record) for each in (good, newer, odd)}
    assert shown["mental_health", newer.record][0] == {"score": 4}


def test_a_batch_of_only_bad_or_only_newer_saves_says_so(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    bad = batch_of(ws, post, op(scope=post, fields={"weight_g": True}))
    newer = batch_of(ws, post, op(scope=post, version=9), sequence=2)
    assert [verdict.state for verdict in ask(desk, ws, bad, newer).verdicts] == ["karantina", "tunda"]
    other = laptop(desk)
    talk(desk, other)
    place = outbox.place(other.db, post)
    assert place is not None
    assert place.g == 2


def test_a_damaged_batch_does_not_stop_the_next_one(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    stranger = Ed25519PrivateKey.generate()
    forged, damaged = batch_of(ws, post, key=stranger), b"\x28\xb5\x2f\xfd nonsense"
    reply = ask(desk, ws, forged, damaged, batch_of(ws, post))
    assert [(v.state, v.reason) for v in reply.verdicts] == [
        ("ditolak", "tanda tangan paket salah"), ("ditolak", "kompresi rusak"), ("terap", ""),
    ]  # fmt: skip


def test_a_batch_the_database_cannot_hold_is_set_aside_and_stops_no_other(desk: Desk, post: str) -> None:
    """A name of 2,000 signs is a good save, and too long for an index: whoever carries it still gets through."""
    ws, other = laptop(desk, post=post), laptop(desk)
    talk(desk, ws)
    chance = random.Random(1)
    long = "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(2000))
    bad = batch_of(ws, post, op(scope=post, record=long), sequence=7)
    good = batch_of(ws, post, sequence=8)
    for _time in range(2):
        held, taken = ask(desk, other, bad, good).verdicts
        assert (held.state, taken.state) == ("karantina", "terap")
        assert held.reason == "isi paket tidak dapat disimpan server"
    with desk.pool.connection() as connection:
        (waiting,) = [row for row in store.quarantined(connection, REGENCY) if row[3] == post]
        assert waiting[1] == held.batch
        verdict = ingest.release(connection, REGENCY, held.batch)
        assert verdict is not None
        assert verdict.state == "karantina"
        ingest.project_again(connection)
        connection.rollback()


def test_a_batch_of_a_laptop_nobody_knows_is_refused(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    (verdict,) = ask(desk, ws, packed_lines([op(scope=post).canonical], dev="siapa", pos=post)).verdicts
    assert (verdict.state, verdict.reason) == ("ditolak", "perangkat penulis tidak dikenal")


def test_feed_numbers_are_dense_and_in_order_of_commit_with_many_writers(desk: Desk, post: str) -> None:
    laptops = [laptop(desk, post=None) for _ in range(4)]
    talkers = [
        threading.Thread(target=lambda ws=ws: [ask(desk, ws, batch_of(ws, post, sequence=n)) for n in range(1, 9)])
        for ws in laptops
    ]
    for thread in talkers:
        thread.start()
    for thread in talkers:
        thread.join()
    with desk.pool.connection() as connection:
        numbers = [row[0] for row in connection.execute("SELECT g FROM batch WHERE scope = %s ORDER BY g", (post,))]
    assert numbers == list(range(1, 33))
    for ws in laptops:
        talk(desk, ws)
        place = outbox.place(ws.db, post)
        assert place is not None
        assert place.g == 32


def test_two_batches_under_one_sequence_number_are_both_kept_and_the_laptop_is_told(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    assert ask(desk, ws, batch_of(ws, post, sequence=5)).split == ""
    reply = ask(desk, ws, batch_of(ws, post, sequence=5))
    assert reply.split == "i"
    assert reply.verdicts[0].state == "terap"
    assert ask(desk, ws).split == "i"
    assert ask(desk, ws, incarnation="other").split == ""


def test_the_batches_of_a_laptop_can_be_brought_by_any_other_of_the_area(desk: Desk, post: str) -> None:
    writer, bearer = laptop(desk), laptop(desk)
    (verdict,) = ask(desk, bearer, batch_of(writer, post)).verdicts
    assert verdict.state == "terap"


# --- whose area ------------------------------------------------------------------------------------------------------


def test_a_laptop_gets_only_its_own_area(desk: Desk, post: str) -> None:
    here = laptop(desk, post=post)
    away = laptop(desk, areas=("5203022001",))
    weigh(here, post, 7000)
    talk(desk, here)
    reply = ask(desk, away, asks=(Ask(post, Cursor(), wanted=("0" * 64,)),))
    assert [(part.denied, part.entries, dict(part.given)) for part in reply.slices if part.scope == post] == [
        (True, (), {})
    ]
    assert all(part.scope != post for part in ask(desk, away).slices)
    assert reply.keys == {}


@pytest.mark.parametrize("areas", [("5203",), ("520301",), (VILLAGE,), ("5203022001", VILLAGE)])
def test_a_prefix_takes_in_everything_below_it(desk: Desk, post: str, areas: tuple[str, ...]) -> None:
    talk(desk, laptop(desk, post=post))
    reply = ask(desk, laptop(desk, areas=areas))
    assert any(part.scope == post and part.entries for part in reply.slices)


def test_a_batch_for_a_foreign_posyandu_is_kept_and_shown_to_nobody(desk: Desk, post: str) -> None:
    here, away = laptop(desk, post=post), laptop(desk, areas=("5203022001",))
    talk(desk, here)
    before = stored(desk)
    (verdict,) = ask(desk, away, batch_of(away, post, area=VILLAGE)).verdicts
    assert (verdict.state, verdict.reason) == ("karantina", "posyandu di luar wilayah perangkat")
    assert stored(desk) == (before[0] + 1, *before[1:])
    assert not [
        part for part in ask(desk, here, asks=(Ask(post, Cursor()),)).slices if part.scope == post and part.entries[1:]
    ]


def test_a_laptop_makes_posts_only_inside_its_area(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    for area in ("5203022001", "520301", "", "desa", "5203.01.2001"):
        (verdict,) = ask(desk, ws, batch_of(ws, post, area=area)).verdicts
        assert verdict.state == "karantina", area
    with desk.pool.connection() as connection:
        assert store.area(connection, REGENCY, post) is None


def test_what_was_held_back_is_shown_after_the_area_is_widened(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post, village="5203022001")
    talk(desk, ws)
    (problem,) = outbox.problems(ws.db)
    assert problem.verdict == "karantina"
    enrol(desk, ws, (VILLAGE, "520302"))
    with desk.pool.connection() as connection:
        waiting = [row for row in store.quarantined(connection, REGENCY) if row[3] == post]
        assert len(waiting) == 1
        verdict = ingest.release(connection, REGENCY, waiting[0][1])
        assert verdict is not None
        assert verdict.state == "terap"
        assert ingest.release(connection, REGENCY, waiting[0][1]) is None
    talk(desk, ws)
    assert not outbox.problems(ws.db)
    assert outbox.counts(ws.db, ws.device).confirmed == 1


def test_releasing_too_early_changes_nothing(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post, village="5203022001")
    talk(desk, ws)
    before = stored(desk)
    with desk.pool.connection() as connection:
        (waiting,) = [row for row in store.quarantined(connection) if row[3] == post]
        verdict = ingest.release(connection, REGENCY, waiting[1])
    assert verdict is not None
    assert verdict.state == "karantina"
    assert stored(desk) == before


# --- what is rejected changes nothing --------------------------------------------------------------------------------


def test_an_unknown_or_wrongly_signed_request_is_rejected_and_changes_nothing(desk: Desk, post: str) -> None:
    ws, other = laptop(desk), laptop(desk)
    before = stored(desk)
    request = Request(REGENCY, ws.device, "i", "n" * 32, "1", (), (batch_of(ws, post),))
    for wrong, key in (
        (replace(request, device="siapa"), client.key_of(ws.db)),
        (replace(request, regency="5204"), client.key_of(ws.db)),
        (request, client.key_of(other.db)),
    ):
        with pytest.raises(Rejected) as caught:
            exchange.sync(desk, write_request(wrong, key))
        assert caught.value.status == 401
    assert stored(desk) == before


def test_a_request_received_before_is_rejected_and_changes_nothing(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    body = write_request(
        Request(REGENCY, ws.device, "i", "n" * 32, "1", (), (batch_of(ws, post),)), client.key_of(ws.db)
    )
    exchange.sync(desk, body)
    before = stored(desk)
    with pytest.raises(Rejected) as caught:
        exchange.sync(desk, body)
    assert (caught.value.status, caught.value.code) == (409, "replay")
    assert stored(desk) == before
    with pytest.raises(Rejected, match="pernah"):
        ask(desk, ws, nonce="short")


def test_a_revoked_laptop_is_rejected_and_its_batches_brought_by_others_are_held_back(desk: Desk, post: str) -> None:
    stolen, friend = laptop(desk, post=post), laptop(desk)
    talk(desk, stolen)
    with desk.pool.connection() as connection:
        assert store.revoke(connection, REGENCY, stolen.device, "hilang")
        assert not store.revoke(connection, REGENCY, stolen.device, "hilang")
    before = stored(desk)
    with pytest.raises(Rejected) as caught:
        ask(desk, stolen, batch_of(stolen, post))
    assert (caught.value.status, caught.value.code) == (403, "revoked")
    assert stored(desk) == before
    (verdict,) = ask(desk, friend, batch_of(stolen, post)).verdicts
    assert (verdict.state, verdict.reason) == ("karantina", "perangkat penulis sudah dicabut")
    (verdict,) = ask(desk, friend, batch_of(stolen, records.new_id())).verdicts
    assert verdict.state == "karantina"
    with pytest.raises(Rejected, match="dicabut"):
        enrol(desk, stolen)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"x" * 70_000, 400),
        (zstandard.compress(b""), 400),
        (zstandard.compress(b"\0" * 80), 400),
        (zstandard.ZstdCompressor(level=19).compress(b"\0" * (200 << 20)), 400),
        (zstandard.compress(b"s" * 64 + b"\xff\xff\xff\xff{}"), 400),
        (zstandard.compress(b"s" * 64 + b"\0\0\0\x02{}"), 400),
        (zstandard.compress(b"s" * 64 + b"\0\0\0\x02[]"), 400),
        (zstandard.compress(b"s" * 64 + b"\0\0\0\x02{x"), 400),
        (zstandard.compress(b"s" * 64 + b'\0\0\0\x14{"p":2,"sizes":[]}  '[:24]), 426),
    ],
)
def test_what_is_no_message_is_rejected(desk: Desk, body: bytes, status: int) -> None:
    with pytest.raises(Rejected) as caught:
        exchange.sync(desk, body)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "changes",
    [
        {"regency": "5" * 17}, {"nonce": "n\0" * 16}, {"asks": (Ask("p" * 65, Cursor()),)},
        {"asks": (Ask("p", Cursor("", -1)),)}, {"asks": (Ask("p", Cursor("", 0, "zz")),)},
        {"asks": (Ask("p", Cursor(), unconfirmed=("short",)),)},
        {"asks": (Ask("p", Cursor(), wanted=("0" * 64,) * 201),)},
        {"asks": tuple(Ask(str(n), Cursor()) for n in range(401))},
        {"batches": (b"x" * 49 * 1024,)}, {"batches": (b"",)},
    ],
)  # fmt: skip
def test_a_message_with_wrong_parts_is_rejected_and_changes_nothing(desk: Desk, changes: dict[str, object]) -> None:
    ws = laptop(desk)
    before = stored(desk)
    with pytest.raises(Rejected) as caught:
        ask(desk, ws, **changes)
    assert caught.value.status == 400
    assert stored(desk) == before


def test_a_device_that_asks_too_often_has_to_wait(desk: Desk) -> None:
    ws = laptop(desk)
    with pytest.raises(Rejected) as caught:
        ask(replace(desk, admit=lambda _device: 7), ws)
    assert (caught.value.status, caught.value.retry_after) == (429, 7)


# --- going back in time ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor("another epoch", 0),
        Cursor("another epoch", 1, "1" * 64),
        Cursor("", 5, "1" * 64),
        Cursor("", 0, "1" * 64),
    ],
)
def test_a_cursor_the_server_does_not_know_is_reset(desk: Desk, post: str, cursor: Cursor) -> None:
    ws = laptop(desk, post=post)
    talk(desk, ws)
    cursor = replace(cursor, epoch=cursor.epoch or desk.epoch)
    (part,) = [part for part in ask(desk, ws, asks=(Ask(post, cursor),)).slices if part.scope == post]
    assert part.reset
    assert part.more
    assert part.entries == ()
    assert part.start == cursor


def test_a_server_taken_back_to_before_the_post_existed_gets_everything_again(desk: Desk, post: str) -> None:
    """Found by history 1079 of the simulator."""
    ws = laptop(desk, post=post)
    weigh(ws, post, 6100)
    talk(desk, ws)
    with desk.pool.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in ("area", "batch", "record"):
            connection.execute(f"DELETE FROM {table} WHERE scope = %s", (post,))
    talk(desk, ws)
    talk(desk, ws)
    with desk.pool.connection() as connection:
        assert len(store.records(connection, REGENCY, post)) == 2
    assert outbox.counts(ws.db, ws.device).confirmed == 2


def test_what_a_server_that_went_back_lacks_is_offered_in_one_run_however_little_is_said_at_once(
    desk: Desk, post: str
) -> None:
    """Over a link that breaks only so many batches are offered in one request: the last ones were left for the next."""
    ws = laptop(desk, post=post)
    for grams in range(30):
        weigh(ws, post, 6000 + grams)
        talk(desk, ws)
    weigh(ws, post, 6100)
    talk(desk, ws)
    with desk.pool.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "DELETE FROM batch b USING area a WHERE a.scope = %s AND b.scope = a.scope AND b.g = a.g", (post,)
        )
        connection.execute(
            "UPDATE area SET (g, digest) = (SELECT g, digest FROM batch WHERE scope = area.scope ORDER BY g DESC"
            " LIMIT 1) WHERE scope = %s",
            (post,),
        )
    talk(desk, ws, most=4096)
    assert outbox.counts(ws.db, ws.device) == outbox.Counts(32, 32, 32)


def test_after_a_new_epoch_every_laptop_matches_itself_anew(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 6000)
    talk(desk, sari)
    talk(desk, dewi)
    renewed = replace(desk, epoch=secrets.token_hex(16))
    talk(renewed, sari)
    talk(renewed, dewi)
    assert outbox.counts(sari.db, sari.device).confirmed == 2
    assert weight(dewi, record) == 6000
    place = outbox.place(dewi.db, post)
    assert place is not None
    assert place.epoch == renewed.epoch


# --- enrolment -------------------------------------------------------------------------------------------------------


def enrolment_of(ws: Workspace, code: str, **changes: object) -> bytes:
    body = json.loads(client.enrolment(ws.db, code, "laptop"))
    return canonical_json(body | changes)


def fresh() -> Workspace:
    from posyandu.services import workspace

    return workspace.in_memory(post=None, practice=True)


def test_a_code_enrols_one_laptop_once_and_tells_what_it_may_see(desk: Desk, post: str) -> None:
    talk(desk, laptop(desk, post=post))
    code, ws = code_for(desk), fresh()
    answer = json.loads(exchange.enrol(desk, client.enrolment(ws.db, code.lower().replace("-", " "), "laptop")))
    assert answer["prefixes"] == [VILLAGE]
    assert answer["key"] == desk.public_key.hex()
    assert answer["trial"] is True
    assert {"pos": post, "village": VILLAGE, "name": f"Posyandu {post}"} in answer["areas"]
    again = json.loads(exchange.enrol(desk, client.enrolment(ws.db, code, "laptop")))
    assert again["prefixes"] == [VILLAGE]
    with pytest.raises(Rejected) as caught:
        exchange.enrol(desk, client.enrolment(fresh().db, code, "laptop"))
    assert (caught.value.status, caught.value.code) == (403, "bad_code")


@pytest.mark.parametrize("code", ["", "5203-AAAA-BBBB-CCCC", "AAAA-AAAA-BBBB-CCCC", "5203", "5203-AAAA-BBBB-CCCC-DDDD"])
def test_a_wrong_code_enrols_nobody(desk: Desk, code: str) -> None:
    before = stored(desk)
    with pytest.raises(Rejected) as caught:
        exchange.enrol(desk, client.enrolment(fresh().db, code, "laptop"))
    assert caught.value.status in (400, 403)
    assert stored(desk) == before


def test_an_expired_code_enrols_nobody(desk: Desk) -> None:
    with pytest.raises(Rejected, match="waktunya"):
        exchange.enrol(desk, client.enrolment(fresh().db, code_for(desk, hours=0), "laptop"))


def test_a_laptop_must_prove_its_key_and_keeps_its_code_when_it_does_not(desk: Desk) -> None:
    code, ws = code_for(desk), fresh()
    for changes in ({"sig": "00" * 64}, {"key": "00" * 31}, {"name": "lain"}, {"sig": "zz"}):
        with pytest.raises(Rejected) as caught:
            exchange.enrol(desk, enrolment_of(ws, code, **changes))
        assert caught.value.status == 400
    exchange.enrol(desk, client.enrolment(ws.db, code, "laptop"))


def test_a_later_version_may_say_more_of_itself_when_it_enrols_as_long_as_it_signs_it(desk: Desk) -> None:
    code, ws = code_for(desk), fresh()
    told = {**json.loads(client.enrolment(ws.db, code, "laptop")), "battery": 80}
    with pytest.raises(Rejected, match="tidak membuktikan kuncinya"):
        exchange.enrol(desk, json.dumps(told).encode())
    del told["sig"]
    told["sig"] = client.key_of(ws.db).sign(client.ENROL + canonical_json(told)).hex()
    assert json.loads(exchange.enrol(desk, json.dumps(told).encode()))["prefixes"] == [VILLAGE]


def test_a_device_id_belongs_to_the_first_key_that_showed_it(desk: Desk) -> None:
    ws = laptop(desk)
    from posyandu.services import workspace

    thief = workspace.in_memory(post=None, practice=True, device=ws.device)
    with pytest.raises(Rejected) as caught:
        exchange.enrol(desk, client.enrolment(thief.db, code_for(desk), "laptop"))
    assert (caught.value.status, caught.value.code) == (409, "device_taken")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"{\xff",
        canonical_json({"code": 1, "dev": "d" * 9, "key": "", "name": "", "app": "", "sig": ""}),
    ],
)  # fmt: skip
def test_an_enrolment_that_is_none_is_rejected(desk: Desk, body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        exchange.enrol(desk, body)
    assert caught.value.status == 400
    with pytest.raises(Rejected):
        exchange.enrol(desk, enrolment_of(fresh(), code_for(desk), dev="x"))


def test_practice_and_real_databases_never_change_into_each_other(postgres_url: str) -> None:
    with store.open_pool(postgres_url, 2) as pool:
        exchange.open_desk(pool, trial=False)
        with pytest.raises(store.NotReady, match="sungguhan"):
            exchange.open_desk(pool, trial=True)
        with pool.connection() as connection:
            connection.execute("UPDATE server SET trial = true")
        with pytest.raises(store.NotReady, match="percobaan"):
            exchange.open_desk(pool, trial=False)


def test_every_form_has_a_view_with_a_column_for_every_question(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    record = records.new_id()
    form = FORMS["under_five_visit"]
    answers = {"weight_g": 8200, "sick": True, "visited_on": date(2026, 11, 12), "note": "sehat"}
    records.save(ws.db, form, record, answers, scope=post, author=ws.author, now=ws.now(), links={"person_id": "p"})
    gone = weigh(ws, post, 5000)
    records.withdraw(ws.db, form, gone, author=ws.author, now=ws.now())
    talk(desk, ws)
    with desk.pool.connection() as connection:
        shown = connection.execute(
            "SELECT village, id, person_id, weight_g, sick, visited_on, note FROM form_under_five_visit"
            " WHERE scope = %s",
            (post,),
        ).fetchall()
        for form in FORMS.values():
            connection.execute(f"SELECT {', '.join(form.fields)} FROM form_{form.name} LIMIT 1")
        views.renew(connection)
    assert shown == [(VILLAGE, record, "p", 8200, True, date(2026, 11, 12), "sehat")]


def test_a_laptop_that_opens_a_new_post_sends_it_with_everything_in_it(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    open_post(ws, post)
    weigh(ws, post, 5000)
    talk(desk, ws)
    with desk.pool.connection() as connection:
        area = store.area(connection, REGENCY, post)
        names = store.names(connection, REGENCY, [post])
    assert area is not None
    assert (area.village, area.g) == (VILLAGE, 1)
    assert names == {post: f"Posyandu {post}"}


WRITTEN = st.sampled_from(["weight_g", "note", "withdrawn"])


@given(st.dictionaries(WRITTEN, st.sampled_from([1, "a", True, False, None]), min_size=1))
def test_a_record_of_one_save_shows_what_the_rule_for_many_says(fields: dict[str, object]) -> None:
    one = op(fields=fields)
    quick, slow = ingest.projection("e", "r", [(one, "d")]), ingest.projection("e", "r", [(one, "d"), (one, "d")])
    assert quick == slow


def test_the_same_page_from_two_laptops_and_its_correction_become_one_record(desk: Desk, post: str) -> None:
    """Both laptops mean it to be new: the second batch finds it known and is taken in with what stands."""
    first, second = laptop(desk, post=post), laptop(desk)
    talk(desk, first)
    talk(desk, second)
    visit = weigh(first, post, 7000)
    weigh(second, post, 7100, visit)
    talk(desk, first)
    talk(desk, second)
    weigh(second, post, 7200, visit)
    talk(desk, second)
    with desk.pool.connection() as connection:
        known = store.known_records(connection, REGENCY, post, [("under_five_visit", visit), ("person", visit)])
        doc, _withdrawn, conflicts = store.records(connection, REGENCY, post)["under_five_visit", visit]
    assert known == {("under_five_visit", visit): [2, 3, 4]}
    assert doc["weight_g"] == 7200
    assert conflicts is None
    assert weight(second, visit) == 7200


def test_what_stands_can_be_made_anew_from_the_batches_alone(desk: Desk, post: str) -> None:
    first, second = laptop(desk, post=post), laptop(desk)
    talk(desk, first)
    talk(desk, second)
    visit = weigh(first, post, 7000)
    weigh(second, post, 7100, visit)
    gone = weigh(second, post, 5000)
    talk(desk, first)
    talk(desk, second)
    records.withdraw(second.db, FORMS["under_five_visit"], gone, author=second.author, now=second.now())
    for grams in range(60):  # the pages on which batches are read are crossed
        weigh(second, post, grams, gone)
        talk(desk, second)
    query = (
        "SELECT entity, id, doc, conflicts, withdrawn, revived, depth, g, feed FROM record WHERE scope = %s ORDER BY 2"
    )
    with desk.pool.connection() as connection:
        before = connection.execute(query, (post,)).fetchall()
        connection.execute("UPDATE record SET doc = '{}', feed = '{}' WHERE scope = %s", (post,))
        ingest.project_again(connection)
        assert connection.execute(query, (post,)).fetchall() == before
    assert len(before) == 3
    assert max(len(row[-1]) for row in before) == 61
