"""An erasure is done elsewhere only by the server's word: for few people a day at once, else an administrator says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
import zstandard
from sqlcipher3.dbapi2 import OperationalError

from posyandu.domain.change import Op
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import WORKER
from posyandu.server import __main__ as command
from posyandu.server import erasures, exchange, ingest, own_word, store
from posyandu.server.exchange import Desk, Rejected
from posyandu.services import erasure, people, synchronise, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, journal, outbox, records, settings
from posyandu.sync import client
from posyandu.sync.batch import MAX_UNPACKED, decode, seal, unpack, without
from tests.ecosystem.test_erasure import visit
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, VILLAGE, code_for, laptop, open_post, talk, way_to
from tests.server.test_exchange import ask, batch_of
from tests.services.melati import whole
from tests.sync.test_batch import op

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

NAMES = ("Zulaikha Qomariyah", "Badrun Salim", "Citra Dewi")
PERSON, VISIT = FORMS["person"], FORMS["under_five_visit"]


@pytest.fixture
def two(desk: Desk, post: str) -> Iterator[tuple[Workspace, Workspace, list[str]]]:
    """Two laptops of a village that know the same three children, each with a visit."""
    first = laptop(desk, post=post)
    children = [people.register(first, {"name": n, "sex": "female", "born_on": date(2024, 3, 2)}) for n in NAMES]
    for child in children:
        visit(first, child, 9000)
    talk(desk, first)
    second = laptop(desk)
    talk(desk, second)
    second.posyandu_id = post
    yield first, second, children
    first.close()
    second.close()


def erase(ws: Workspace, who: str, name: str) -> None:
    erasure.erase(ws, who, why="guardian", typed_name=name, pin="")


def shown(ws: Workspace) -> list[str]:
    """Who of the post is shown with the visit, by name; every row as the saves say."""
    assert journal.rows_equal_replay(ws.db)
    people = records.load_many(ws.db, PERSON, scope=ws.posyandu_id)
    return sorted(str(row.answers["name"]) for row in people if visits_of(ws, row.id))


def visits_of(ws: Workspace, who: str) -> list[records.Row]:
    return records.load_many(ws.db, VISIT, person_id=who)


def waiting(desk: Desk, post: str) -> list[store.AskedErasure]:
    with desk.pool.connection() as connection:
        return [each for each in store.erasures(connection, store.LOOK) if each.scope == post]


def decide(desk: Desk, action: str, start: str) -> int:
    with desk.pool.connection() as connection:
        return command._erasures(desk, connection, action, start)


def test_what_a_laptop_hands_over_itself_erases_nothing_on_another(
    desk: Desk, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    erase(first, children[0], NAMES[0])
    assert shown(first) == sorted(NAMES[1:])
    client.seal_all(first.db, 1)
    mine = client.key_of(second.db).public_key().public_bytes_raw()
    letter = client.file_for_laptop(first.db, outbox.Companion(second.device, mine, (str(first.posyandu_id),), "")).file
    server = outbox.server(second.db)
    assert server is not None
    assert client.take_letter(second.db, server, letter) > 0
    assert shown(second) == sorted(NAMES)
    assert "belum sampai" in " ".join(synchronise.status(first).problems)
    talk(desk, first)
    talk(desk, second)
    assert shown(first) == shown(second) == sorted(NAMES[1:])
    assert synchronise.status(first).problems == ()


def test_more_people_a_day_wait_for_an_administrator_who_lets_it_be_done(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, children = two
    strict = replace(desk, erasures_a_day=2)
    for child, name in zip(children, NAMES, strict=True):
        erase(first, child, name)
    for ws in (first, second):
        talk(strict, ws)
    assert shown(first) == []
    assert len(shown(second)) == 1
    assert "menunggu administrator" in " ".join(synchronise.status(first).problems)
    (asked,) = waiting(desk, post)
    assert (asked.people, asked.why) == (1, "lebih dari 2 orang sehari dari satu laptop")
    assert decide(desk, "list", "") == 0
    assert f"{asked.op}\t" in (listed := capsys.readouterr().out)
    assert "1 orang" in listed
    assert not any(name in listed for name in NAMES)
    assert decide(desk, "release", "tidak ada") == 1
    assert decide(desk, "release", asked.op[:10]) == 0
    assert waiting(desk, post) == []
    for ws in (first, second):
        talk(strict, ws)
        assert shown(ws) == []
        assert synchronise.status(ws).problems == ()


def test_open_answers_of_an_earlier_version_leave_every_journal_and_the_records_stay(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    srq, secret = FORMS["srq20"], "srq_17"
    for number, child in enumerate(children):
        told: Answers = {"visited_on": date(2026, 3, 1), secret: number == 0, "answered": True, "outcome": "low"}
        records.save(
            first.db, srq, f"lama{number}", told, scope=post, author=first.author, now=first.now(),
            links={"person_id": child},
        )  # fmt: skip
    talk(desk, first)
    talk(desk, second)
    for number in range(len(children)):  # sealed meanwhile: what stands is emptied, what was said is not
        records.save(
            first.db, srq, f"lama{number}", {secret: None}, scope=post, author=first.author, now=first.now()
        )  # fmt: skip
    talk(desk, first)
    talk(desk, second)

    def said(ws: Workspace) -> list[str]:
        """Which records the book still tells openly: in its journal, and in the batches it kept."""
        told = [op for row in records.load_many(ws.db, srq) for op, _device in journal.ops_of(ws.db, row.id)]
        lines = [line.op for _id, _n, packed in outbox.every(ws.db, post) for line in decode(packed).lines]
        return sorted({op.record for op in (*told, *lines) if op is not None and op.fields.get(secret) is not None})

    assert said(first) == said(second) == ["lama0", "lama1", "lama2"]
    erasure.forget_open_answers(first, pin="")
    few = replace(desk, erasures_a_day=2)
    talk(few, first)
    (asked,) = waiting(desk, post)
    assert asked.people == 3, "each whose questionnaire is written anew counts"
    assert decide(desk, "release", asked.op[:10]) == 0
    for ws in (first, second, first):
        talk(few, ws)
    for ws in (first, second):
        assert said(ws) == []
        assert journal.rows_equal_replay(ws.db)
        rows = records.load_many(ws.db, srq)
        assert [(row.answers["person_id"], row.answers["outcome"]) for row in sorted(rows, key=lambda row: row.id)] == [
            (child, "low") for child in children
        ]
    with desk.pool.connection() as connection:
        area = store.area(connection, REGENCY, post)
        assert area is not None
        kept = [packed for _g, _d, packed in store.packed_at(connection, REGENCY, post, range(1, area.g + 1))]
    lines = [line.op for packed in kept for line in decode(packed).lines if line.op is not None]
    assert not any(op.fields.get(secret) is not None for op in lines)
    assert any(op.record == "lama0" for op in lines)


def test_what_an_administrator_refuses_comes_back_to_the_laptop_that_asked(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    strict = replace(desk, erasures_a_day=1)
    erase(first, children[0], NAMES[0])
    talk(strict, first)
    erase(first, children[1], NAMES[1])
    talk(strict, first)
    late = visit(second, children[1], 9300)  # saved where the erasure is not known
    talk(strict, second)
    talk(strict, first)
    assert [each.row.id for each in erasure.late(first)] == [late]
    (asked,) = waiting(desk, post)
    assert decide(desk, "refuse", asked.op) == 0
    third = laptop(desk)
    third.posyandu_id = post
    for ws in (first, second, first, third):
        talk(strict, ws)
        assert shown(ws) == sorted(NAMES[1:])
        assert len(visits_of(ws, children[1])) == 2
        assert erasure.late(ws) == []
    assert "menolak" in " ".join(synchronise.status(first).problems)
    assert synchronise.status(second).problems == ()
    erase(first, children[1], NAMES[1])  # asked again, and allowed: that is another request
    for ws in (first, second):
        talk(desk, ws)
        assert shown(ws) == [NAMES[2]]
    third.close()


def test_what_is_refused_after_the_server_was_taken_back_comes_back_too(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    """The feed begins anew, and the refusal is heard in the same reply as the numbers of the batches it is about."""
    first, second, children = two
    erase(first, children[1], NAMES[1])
    talk(replace(desk, erasures_a_day=0), first)
    (asked,) = waiting(desk, post)
    back = replace(desk, epoch="sesudah dipulihkan")
    assert decide(back, "refuse", asked.op) == 0
    for ws in (first, second, first):
        talk(back, ws)
        assert shown(ws) == sorted(NAMES)
    counts = outbox.counts(first.db, first.device)
    assert counts.here == counts.confirmed


def test_what_lies_beside_a_refused_erasure_is_kept_until_the_batch_comes_whole(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    """The server is taken back between the refusal and the bytes asked for: all that is left lies on this laptop."""
    first, _second, children = two
    erase(first, children[1], NAMES[1])
    talk(replace(desk, erasures_a_day=0), first)
    (asked,) = waiting(desk, post)
    assert decide(desk, "refuse", asked.op) == 0
    server = outbox.server(first.db)
    assert server is not None
    client.exchange(first.db, server, way_to(desk))
    (robbed,) = outbox.wanted(first.db, post, 9)
    assert [packed for _g, batch, packed in outbox.numbered(first.db, post, 0, 9) if batch == robbed] == [None]
    outbox.start_over(first.db, post, "server lain", "0" * 64)
    kept = {line.op.id for _id, _n, packed in outbox.every(first.db, post) for line in decode(packed).lines if line.op}
    others = {op.id for child in (children[0], children[2]) for op, _device in journal.ops_of(first.db, child)}
    assert len(others) == 2
    assert others <= kept
    assert robbed in outbox.unconfirmed(first.db, post, 9)


def test_nobody_has_a_village_erased_by_leading_its_records_to_one_person(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, _children = two
    decoy = people.register(first, {"name": "Umpan", "sex": "male", "born_on": date(2024, 3, 2)})
    for row in records.load_many(first.db, VISIT, scope=post):
        records.save(
            first.db, VISIT, row.id, {"note": "x"}, scope=post, author=first.author, now=first.now(),
            links={"person_id": decoy},
        )  # fmt: skip
    talk(desk, first)
    strict = replace(desk, erasures_a_day=3)
    erase(first, decoy, "Umpan")
    talk(strict, first)
    (asked,) = waiting(desk, post)
    assert asked.people == 4  # the three children whose visits they were, and the one who is named
    talk(strict, second)
    assert len(visits_of(second, decoy)) == 3
    assert records.load(second.db, PERSON, decoy) is not None


def test_only_duties_that_may_erase_are_heeded_at_once(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    real = replace(desk, trial=False)

    def be(role: str) -> None:
        told: Answers = {"name": "Sri", "role": role, "active": True}
        records.save(first.db, WORKER, first.worker.id, told, scope=post, author=first.author, now=first.now())

    erase(first, children[0], NAMES[0])  # nobody knows who that is
    be("kader")
    talk(real, first)
    be("midwife")
    erase(first, children[1], NAMES[1])
    talk(real, first)
    talk(real, second)
    assert shown(second) == sorted((NAMES[0], NAMES[2]))
    (asked,) = waiting(desk, post)
    assert asked.why == "bukan dari koordinator kader, bidan atau petugas Puskesmas"


def test_no_laptop_is_enrolled_under_the_servers_name(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    name = own_word.name_of(desk.key)
    ws.db.conn.execute("UPDATE setting SET value = json_quote(?) WHERE name = 'device'", (name,))
    with pytest.raises(Rejected, match="tidak dapat dibaca"):
        exchange.enrol(desk, client.enrolment(ws.db, code_for(desk), "laptop"))
    ws.close()


def test_erasures_from_before_are_said_when_the_server_is_upgraded(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    erase(first, children[0], NAMES[0])
    client.seal_all(first.db, 1)
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, first.device)
        assert device is not None
        for each in outbox.to_send(first.db, 10**6):
            ingest.take(connection, device, each.id, each.packed)
        connection.execute("DELETE FROM erasure WHERE scope = %s", (post,))
        store.note_erased(connection, REGENCY, post, ["lama"])
        assert erasures.certify_known(connection, desk.key) >= 1
        assert [each for each in store.erasures(connection, store.DONE) if each.scope == post]
    talk(desk, second)
    assert shown(second) == sorted(NAMES[1:])


def test_a_batch_robbed_of_saves_on_its_way_is_made_whole_by_who_wrote_it(
    desk: Desk, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    """An altered laptop cannot erase by handing on what others wrote as bare ids."""
    first, second, children = two
    kept = visit(first, children[0], 9400)
    client.seal_all(first.db, 1)
    (sealed,) = outbox.to_send(first.db, 10**6)
    head = journal.ops_of(first.db, kept)[0][0].head
    robbed, taken = without(sealed.packed, {head}, {kept})
    assert (taken, decode(robbed).id) == (1, sealed.id)
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, second.device)
        assert device is not None
        assert ingest.take(connection, device, sealed.id, robbed).state == "terap"
    talk(desk, second)
    assert records.load(second.db, VISIT, kept) is None
    talk(desk, first)  # brings its own batch, which the server knows already
    third = laptop(desk)
    talk(desk, third)
    assert records.load(third.db, VISIT, kept) is not None
    with desk.pool.connection() as connection:
        post = str(first.posyandu_id)
        assert store.records(connection, REGENCY, post)[VISIT.name, kept][0]["weight_g"] == 9400
    assert erased.heads_among(third.db, [head]) == set()
    third.close()


def test_of_two_forms_of_a_batch_that_lack_different_saves_the_server_keeps_all(
    desk: Desk, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    visits = [visit(first, child, 9400) for child in children[:2]]
    client.seal_all(first.db, 1)
    (sealed,) = outbox.to_send(first.db, 10**6)
    heads = [journal.ops_of(first.db, each)[0][0].head for each in visits]
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, second.device)
        assert device is not None
        for head, each in zip(heads, visits, strict=True):
            ingest.take(connection, device, sealed.id, without(sealed.packed, {head}, {each})[0])
        stored = store.batch(connection, REGENCY, bytes.fromhex(sealed.id))
    assert stored is not None
    assert decode(stored.packed).texts == decode(sealed.packed).texts
    talk(desk, second)
    assert {row.id for child in children for row in visits_of(second, child)} >= set(visits)


def asks_to_erase(post: str, **said: str) -> Op:
    return replace(op(scope=post, record=records.new_id()), entity="erasure", fields={"saves": "0" * 16, **said})


def all_of(ws: Workspace, who: str) -> dict[str, str]:
    """What an erasure of somebody with visits says."""
    named = [who, *(row.id for row in visits_of(ws, who))]
    heads = sorted(each.head for record in named for each, _device in journal.ops_of(ws.db, record))
    return {"records": " ".join(named), "saves": " ".join(heads)}


LONG = "".join(chr(0x4E00 + number * 7919 % 0x4000) for number in range(3000))


def test_an_erasure_nobody_can_make_sense_of_waits_for_an_administrator_and_stops_no_laptop(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """An altered laptop writes one that names what PostgreSQL cannot remember."""
    first, second, _children = two
    packed = batch_of(first, post, asks_to_erase(post, records=LONG), sequence=70)
    assert ask(desk, first, packed).verdicts[0].state == "terap"
    talk(desk, second)
    (asked,) = waiting(desk, post)
    assert asked.why == "tidak dapat diolah server"
    assert shown(second) == sorted(NAMES)
    assert decide(desk, "release", asked.op) == 1
    told = capsys.readouterr()
    assert (told.out, "tidak ada yang berubah" in told.err) == ("", True)
    assert f"erasures refuse {asked.op[:12]}" in told.err
    assert waiting(desk, post) == [asked]
    with desk.pool.connection() as other, store.inside(other, [REGENCY]):
        assert store.take_erasure(other, asked)
        assert [decide(desk, each, asked.op) for each in ("release", "refuse")] == [1, 1]
    assert "di tempat lain" in capsys.readouterr().err
    assert decide(desk, "refuse", asked.op) == 0
    assert waiting(desk, post) == []


def test_two_servers_that_look_at_once_count_the_people_of_a_day_together(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    for child in children[:2]:
        erase(first, child, NAMES[children.index(child)])
    client.seal_all(first.db, 1)
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, first.device)
        assert device is not None
        for sealed in outbox.to_send(first.db, 10**6):
            ingest.take(connection, device, sealed.id, sealed.packed)
        one, _other = [each for each in store.erasures(connection, store.ASKED) if each.scope == post]
        with store.inside(connection, [REGENCY]):
            assert store.take_erasure(connection, one)
            erasures._look_at(connection, desk.key, one, 1, trial=True)
            meanwhile = threading.Thread(target=talk, args=(replace(desk, erasures_a_day=1), second))
            meanwhile.start()
            meanwhile.join(0.5)
    meanwhile.join(60)
    assert [each.why for each in waiting(desk, post)] == ["lebih dari 1 orang sehari dari satu laptop"]


def test_of_many_erasures_some_are_looked_at_in_each_answer(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, _children = two
    some = [asks_to_erase(post, records=records.new_id()) for _each in range(erasures.MOST_AT_ONCE + 3)]
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, first.device)
        assert device is not None
        assert ingest.take(connection, device, "", batch_of(first, post, *some, sequence=72)).state == "terap"
        for left in (3, 0, 0):
            ask(desk, second)
            assert sum(each.scope == post for each in store.erasures(connection, store.ASKED)) == left


def test_an_erasure_said_twice_in_one_batch_is_one(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    asked = asks_to_erase(post, **all_of(first, children[0]))
    packed = batch_of(first, post, asked, asked, sequence=71)
    assert [ask(desk, ws, packed).verdicts[0].state for ws in (first, second)] == ["terap", "terap"]
    talk(desk, second)
    with desk.pool.connection() as connection:
        assert [each.op for each in store.erasures(connection, store.DONE) if each.scope == post] == [asked.id]


def bare(packed: bytes) -> bytes:
    """A batch with each of its saves as a bare id."""
    head, _newline, rest = unpack(packed, MAX_UNPACKED).partition(b"\n")
    ids = [line.id.encode() for line in decode(packed).lines]
    return zstandard.compress(head + b"\n" + rest[:64] + b"\n".join(b'"%b"' % each for each in ids))


def test_what_a_robbed_batch_asks_of_the_server_is_done_when_it_comes_whole(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    erase(first, children[0], NAMES[0])
    client.seal_all(first.db, 1)
    with desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, second.device)
        assert device is not None
        for sealed in outbox.to_send(first.db, 10**6):
            assert ingest.take(connection, device, sealed.id, bare(sealed.packed)).state == "terap"
    for ws in (first, second):
        talk(desk, ws)
        assert shown(ws) == sorted(NAMES[1:])


def test_the_servers_own_word_that_came_back_robbed_is_heeded_when_it_comes_whole(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    """After the server was taken back laptops bring its own batches; the first to come may be an altered one."""
    _first, second, children = two
    asked = asks_to_erase(post, **all_of(second, children[0]))
    with desk.pool.connection() as connection:
        me = own_word.be_known(connection, desk.key, REGENCY)
        said, packed = seal(
            [asked], desk.key, device=me.id, incarnation=REGENCY, sequence=10**6, previous="", area=VILLAGE, app="1",
            schema=1, at_ms=1,
        )  # fmt: skip
        device = store.device(connection, REGENCY, second.device)
        assert device is not None
        ingest.take(connection, device, said, bare(packed))
        assert store.records(connection, REGENCY, post)[PERSON.name, children[0]][0]["name"] == NAMES[0]
        ingest.take(connection, device, said, packed)
        assert store.records(connection, REGENCY, post)[PERSON.name, children[0]][0] == {}
        assert children[0] in store.erased(connection, REGENCY, post)


@pytest.mark.parametrize("foreign", [False, True])
def test_what_was_erased_before_does_not_lie_in_quarantine_for_ever(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]], foreign: bool
) -> None:
    """A revoked copy of a disk holds it, or one of another area, where the fence hides what was erased."""
    first, second, children = two
    known = journal.ops_of(second.db, children[0])[0][0]
    copy = laptop(desk, areas=["5203022001" if foreign else VILLAGE])
    packed = batch_of(copy, post, known, asks_to_erase(post, records="x"), sequence=3)
    erase(first, children[0], NAMES[0])
    talk(desk, first)
    with desk.pool.connection() as connection:
        if not foreign:
            assert store.revoke(connection, REGENCY, copy.device, "hilang")
        device = store.device(connection, REGENCY, second.device)
        assert device is not None
        held = ingest.take(connection, device, decode(packed).id, packed)
        assert held.state == "karantina"
        if foreign:
            store.set_prefixes(connection, REGENCY, copy.device, [VILLAGE])
            assert ingest.release(connection, REGENCY, held.batch) is not None
        stored = store.batch(connection, REGENCY, bytes.fromhex(held.batch))
    assert stored is not None
    assert (stored.g is None) is not foreign
    assert [line.reason for line in decode(stored.packed).lines] == ["dihapus", ""]
    copy.close()


# --- what never left the laptop --------------------------------------------------------------------------------------


def four_ways(desk: Desk, first: Workspace, who: str) -> tuple[str, list[str]]:
    """Visits of one child: safe on the server, sent and never answered, sealed, and just typed; first what they say."""
    secret = f"Suara napas mengi {who}"
    visits = [visit(first, who, 9100, note=secret)]
    talk(desk, first)
    for grams, sealing, send in ((9200, True, True), (9300, True, False), (9400, False, False)):
        visits.append(visit(first, who, grams, note=f"{secret} {grams}"))
        if sealing:
            client.seal_all(first.db, 1)
        if send:
            server = outbox.server(first.db)
            assert server is not None
            client.make_request(first.db, server)
    return secret, visits


def kept_back(ws: Workspace) -> int:
    return int(ws.db.conn.execute("SELECT count(*) FROM kept_back").fetchone()[0])


@contextmanager
def killed(ws: Workspace, after: int) -> Iterator[None]:
    """The program dies in the midst of a statement, when SQLite has done so many hundred steps."""
    steps = count()
    ws.db.conn.set_progress_handler(lambda: next(steps) >= after, 100)
    try:
        yield
    except OperationalError as error:
        assert "interrupted" in str(error)
    finally:
        ws.db.conn.set_progress_handler(None, 100)
        if ws.db.conn.in_transaction:  # even the rollback was broken off; who opens the book next does it
            ws.db.conn.execute("ROLLBACK")


def insist(ws: Workspace, what: Callable[[], object]) -> int:
    """Do something that is killed ever later, and at last comes through; how often it was killed."""
    for times in count():
        with killed(ws, 2**times):
            what()
            return times
        assert journal.rows_equal_replay(ws.db)
    raise AssertionError


def test_what_was_never_sent_comes_back_from_a_refused_erasure_wherever_the_laptop_dies(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    strict = replace(desk, erasures_a_day=0)
    visits = {*four_ways(desk, first, children[0])[1], *(row.id for row in visits_of(first, children[0]))}
    assert len(visits) == 5
    deaths = insist(first, lambda: erase(first, children[0], NAMES[0]))
    assert kept_back(first) == 3  # not what the server was seen to hold
    assert visits_of(first, children[0]) == []
    assert people.search(first, NAMES[0], scope=post) == []
    deaths += insist(first, lambda: talk(strict, first))
    (asked,) = waiting(desk, post)
    talk(strict, second)
    assert kept_back(first) == 3
    assert decide(desk, "refuse", asked.op) == 0
    deaths += insist(first, lambda: talk(strict, first))
    deaths += insist(first, lambda: talk(strict, first))
    assert deaths > 10, deaths
    third = laptop(desk)
    third.posyandu_id = post
    for ws in (second, third, first):
        talk(strict, ws)
        assert {row.id for row in visits_of(ws, children[0])} == visits
        assert shown(ws) == sorted(NAMES)
    assert kept_back(first) == 0
    counts = outbox.counts(first.db, first.device)
    assert counts.here == counts.confirmed
    third.close()


def test_what_was_never_sent_goes_nowhere_and_is_gone_once_the_server_has_said_yes(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    secret = four_ways(desk, first, children[0])[0]
    server = outbox.server(first.db)
    assert server is not None
    client.make_upload(first.db, server, 4096)  # a request under way holds some of them too
    done = erasure.erase(first, children[0], why="guardian", typed_name=NAMES[0], pin="")
    assert "terkunci sampai server memutuskan" in done.sentence
    assert settings.get(first.db, "sync_upload") is None
    assert [text for text in texts_in(first, post) if secret in text] == []
    client.seal_all(first.db, 2)
    for carried in (outbox.to_send(first.db, 10**6), outbox.to_carry(first.db)):
        assert all(secret.encode() not in line.text for each in carried for line in decode(each.packed).lines)
    talk(desk, first)
    talk(desk, second)
    assert kept_back(first) == 0
    assert erased.is_to_be_scrubbed(first.db)
    assert secret not in whole(first) + whole(second)
    assert shown(first) == shown(second) == sorted(NAMES[1:])


def texts_in(ws: Workspace, post: str) -> list[str]:
    """Every save in the journal and in the batches, as it reads."""
    found = [bytes(body).decode() for (body,) in ws.db.conn.execute("SELECT body FROM op").fetchall()]
    for _id, _saves, packed in outbox.every(ws.db, post):
        found += [line.text.decode() for line in decode(packed).lines]
    return found


def test_without_a_server_nothing_is_put_aside(post: str) -> None:
    """Nobody would ever say a word on it: what is erased there is gone."""
    ws = workspace.in_memory(post=None, practice=True)
    open_post(ws, post)
    child = people.register(ws, {"name": NAMES[0], "sex": "female", "born_on": date(2024, 3, 2)})
    visit(ws, child, 9000, note=NAMES[1])
    done = erasure.erase(ws, child, why="guardian", typed_name=NAMES[0], pin="")
    assert "terkunci" not in done.sentence
    assert kept_back(ws) == 0
    assert NAMES[1] not in whole(ws)
    ws.close()


def test_what_another_laptop_had_erased_meanwhile_does_not_come_back_by_a_refusal(
    desk: Desk, post: str, two: tuple[Workspace, Workspace, list[str]]
) -> None:
    first, second, children = two
    shared = visit(first, children[0], 9700)
    client.seal_all(first.db, 1)
    server = outbox.server(first.db)
    assert server is not None
    exchange.sync(desk, client.make_request(first.db, server)[0])  # it arrives; the answer is lost
    mine = visit(first, children[0], 9800)
    strict = replace(desk, erasures_a_day=0)
    erase(first, children[0], NAMES[0])
    assert kept_back(first) == 2
    talk(strict, first)
    (asked,) = waiting(desk, post)
    talk(strict, second)
    assert {row.id for row in visits_of(second, children[0])} >= {shared}
    erase(second, children[0], NAMES[0])
    talk(desk, second)  # let be done
    talk(desk, first)
    assert kept_back(first) == 1
    assert decide(desk, "refuse", asked.op) == 0
    for ws in (first, first, second):  # told, and then sealed and sent
        talk(desk, ws)
    held = {each.row.id for each in erasure.late(first)}
    assert (held, visits_of(first, children[0])) == ({mine}, [])  # nobody erased it: somebody decides
    assert {each.row.id for each in erasure.late(second)} == {mine}
    assert kept_back(first) == 0
