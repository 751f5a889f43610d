"""Taking in what several laptops bring at once: the same verdicts, feeds and records as one after the other."""

import random
import threading
from collections.abc import Iterator, Sequence

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import Op
from posyandu.server import exchange, ingest, store, together
from posyandu.server.exchange import Desk
from posyandu.server.ingest import Brought
from posyandu.server.together import Call, Together
from posyandu.storage import records
from posyandu.sync.batch import seal
from posyandu.sync.message import START_DIGEST, Ask, Cursor, Request, next_digest, read_reply, write_request
from tests.server.laptops import REGENCY, VILLAGE

# --- who waits together ----------------------------------------------------------------------------------------------


def test_those_who_come_while_work_is_done_are_done_together_and_each_gets_its_own() -> None:
    rounds: list[list[int]] = []
    going, go_on = threading.Event(), threading.Event()

    def work(items: list[int]) -> list[int | Exception]:
        rounds.append(items)
        going.set()
        assert go_on.wait(60)
        return [ValueError(str(each)) if each == 5 else each * 10 for each in items]

    ask = Together(work, 4)
    told: dict[int, object] = {}

    def one(number: int) -> None:
        try:
            told[number] = ask(number)
        except ValueError as error:
            told[number] = f"error {error}"

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    threads[0].start()
    assert going.wait(60)
    for thread in threads[1:]:
        thread.start()
    while len(ask._waiting) < 7:
        threading.Event().wait(0.001)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert rounds[0] == [0]
    assert [len(each) for each in rounds] == [1, 4, 3]
    assert sorted(number for some in rounds for number in some) == list(range(8))
    assert told == {number: number * 10 for number in range(8) if number != 5} | {5: "error 5"}


def test_when_the_work_fails_everybody_of_that_round_hears_it_and_the_next_goes_on() -> None:
    def work(items: list[int]) -> list[int]:
        return [1 // each for each in items]

    ask = Together(work, 4)
    with pytest.raises(ZeroDivisionError):
        ask(0)
    assert ask(1) == 1


# --- what is taken in ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desks(postgres_cluster: str) -> Iterator[tuple[Desk, Desk]]:
    """Two servers that know the same laptops."""
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        for name in ("together", "in_turn"):
            db.execute(f"CREATE DATABASE {name}".encode())
    first, second = (postgres_cluster.rpartition("/")[0] + f"/{name}" for name in ("together", "in_turn"))
    with store.open_pool(first, 4) as one, store.open_pool(second, 4) as two:
        yield exchange.open_desk(one, trial=True), exchange.open_desk(two, trial=True)


@pytest.fixture
def own_desk(desks: tuple[Desk, Desk]) -> Desk:
    return desks[0]


class Writer:
    """A laptop in short: a key and a line of batches, enrolled with several servers."""

    def __init__(self, desks: Sequence[Desk], areas: Sequence[str] = (VILLAGE,)) -> None:
        self.key, self.device, self.sequence, self.previous = Ed25519PrivateKey.generate(), records.new_id(), 0, ""
        for desk in desks:
            with desk.pool.connection() as connection:
                public = self.key.public_key().public_bytes_raw()
                store.add_device(connection, REGENCY, self.device, public, "laptop", areas)

    def seal(self, post: str, *ops: Op, area: str = VILLAGE) -> bytes:
        self.sequence += 1
        self.previous, packed = seal(
            ops, self.key, device=self.device, incarnation="i", sequence=self.sequence, previous=self.previous,
            area=area, app="1", schema=1, at_ms=1,
        )  # fmt: skip
        return packed

    def call(self, desk: Desk, *packed: bytes, nonce: str = "") -> Call:
        with desk.pool.connection() as connection:
            device = store.device(connection, REGENCY, self.device)
            assert device is not None
            brought = [each for one in packed if isinstance(each := ingest.read(connection, device, "", one), Brought)]
        assert len(brought) == len(packed)
        return Call(REGENCY, self.device, nonce or records.new_id(), "1", tuple(brought))


def visit(post: str, record: str, grams: object, *seen: Op, entity: str = "under_five_visit") -> Op:
    fields: dict[str, object] = {"weight_g": grams}
    heads, depth = tuple(op.head for op in seen), max((op.depth for op in seen), default=0) + 1
    return Op(post, entity, record, 1, depth, heads, fields, "k", 1, 1, records.new_id()[:16])  # type: ignore[arg-type]


def taken(desk: Desk, *calls: Call) -> list[together.Taken | Exception]:
    with desk.pool.connection() as connection:
        return together.take_all(connection, calls)


def states(verdicts: object) -> list[str]:
    assert isinstance(verdicts, list)
    return [each.state for each in verdicts]


def stands(desk: Desk, post: str) -> dict[object, object]:
    """What stands in a post, with batches by name in place of numbers; its feed is followed on the way."""
    with desk.pool.connection() as connection:
        feed = connection.execute(
            "SELECT g, encode(id, 'hex'), encode(digest, 'hex'), state, ops FROM batch WHERE scope = %s ORDER BY g",
            (post,),
        ).fetchall()
        rows = connection.execute(
            "SELECT entity, id, doc, conflicts, withdrawn, revived, depth, g, feed FROM record WHERE scope = %s",
            (post,),
        ).fetchall()
        area = store.area(connection, REGENCY, post)
    digest, names = START_DIGEST, {}
    for place, (g, batch, told, _state, _ops) in enumerate(row for row in feed if row[0] is not None):
        digest, names[g] = next_digest(digest, batch), batch
        assert (g, told) == (place + 1, digest)
    if area is not None:
        assert (area.g, area.digest.hex()) == (len(names), digest)
    assert all(row[7] == max(row[8]) for row in rows)
    records_there = {row[:2]: (*row[2:7], {names[g] for g in row[8]}) for row in rows}
    return {**records_there, **{batch: (state, ops) for _g, batch, _digest, state, ops in feed}}


@pytest.mark.parametrize("seed", range(6))
def test_together_or_one_after_the_other_comes_to_the_same(desks: tuple[Desk, Desk], seed: int) -> None:
    """Random batches of three laptops: new records, edits, the same page typed twice, bad saves, repeats, foreign and
    new posts, a laptop revoked on the way.
    """
    dice = random.Random(seed)
    posts = [records.new_id() for _ in range(3)]
    writers = [Writer(desks) for _ in range(3)] + [Writer(desks, ["5203012002"])]
    for desk in desks:
        taken(desk, writers[0].call(desk))  # a call without batches
    known: dict[tuple[str, str], list[Op]] = {}
    sent: list[tuple[Writer, bytes]] = []
    for _round in range(6):
        bodies: list[tuple[Writer, list[bytes]]] = []
        for writer in dice.sample(writers, dice.randint(1, 4)):
            packed = []
            for _batch in range(dice.randint(0, 3)):
                if sent and dice.random() < 0.15:
                    again = dice.choice(sent)
                    if again[0] is writer:
                        packed.append(again[1])
                        continue
                post, ops = dice.choice(posts), []
                for _save in range(dice.randint(1, 6)):
                    record = f"{post[:8]}{dice.randint(1, 9)}"
                    earlier = known.setdefault((post, record), [])
                    seen = dice.sample(earlier, min(len(earlier), dice.randint(0, 2)))
                    grams: object = "bukan angka" if dice.random() < 0.1 else dice.choice([5000, 6000, 900_000])
                    op = visit(post, record, grams, *seen)
                    earlier.append(op)
                    ops.append(op)
                packed.append(writer.seal(post, *ops))
                sent.append((writer, packed[-1]))
            bodies.append((writer, packed))
        if _round == 4:
            for desk in desks:
                with desk.pool.connection() as connection:
                    store.revoke(connection, REGENCY, writers[2].device, "hilang")
        first = taken(desks[0], *(writer.call(desks[0], *packed) for writer, packed in bodies))
        second = [taken(desks[1], writer.call(desks[1], *packed))[0] for writer, packed in bodies]
        assert first == second
        for post in posts:
            assert stands(desks[0], post) == stands(desks[1], post)


@pytest.fixture
def writer(own_desk: Desk, post: str) -> Writer:
    """A laptop whose post is known already."""
    writer = Writer([own_desk])
    assert states(taken(own_desk, writer.call(own_desk, writer.seal(post, visit(post, "r0", 1))))[0]) == ["terap"]
    return writer


def commits(desk: Desk) -> int:
    with desk.pool.connection() as connection:
        found = connection.execute(
            "SELECT pg_current_wal_flush_lsn() - '0/0', pg_current_xact_id()::text::bigint"
        ).fetchone()
    assert found is not None
    return int(found[1])


def test_ten_laptops_cost_one_transaction(own_desk: Desk, writer: Writer, post: str) -> None:
    writers = [Writer([own_desk]) for _ in range(10)]
    calls = [each.call(own_desk, each.seal(post, visit(post, each.device, 5000))) for each in writers]
    before = commits(own_desk)
    assert [states(each) for each in taken(own_desk, *calls)] == [["terap"]] * 10
    assert commits(own_desk) == before + 2  # one, and the one that looks
    assert len(stands(own_desk, post)) == 2 * 11


def test_one_laptop_alone_costs_one_transaction_too_and_an_edit_is_looked_up_first(
    own_desk: Desk, writer: Writer, post: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "posyandu.server")
    first = visit(post, "rantai", 5000)
    corrected = visit(post, "rantai", 5100, first)  # both in one batch: nothing of it is stored yet
    whole = writer.call(own_desk, writer.seal(post, first, corrected))
    later = writer.call(own_desk, writer.seal(post, visit(post, "rantai", 5200, corrected)))
    assert [each.brought[0].has_seen for each in (whole, later)] == [False, True]
    for call in (whole, later):
        before = commits(own_desk)
        assert states(taken(own_desk, call)[0]) == ["terap"]
        assert commits(own_desk) == before + 2
    found = stands(own_desk, post)["under_five_visit", "rantai"]
    assert found[:2] == ({"weight_g": 5200}, None)  # type: ignore[index]
    assert not caplog.records


def test_a_page_typed_on_two_laptops_is_met_and_both_values_stay(
    own_desk: Desk, writer: Writer, post: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither had seen the other: each batch looks new, and the key of the table says that one is not."""
    caplog.set_level("INFO", "posyandu.server")
    other = Writer([own_desk])
    both = [each.call(own_desk, each.seal(post, visit(post, "sama", w))) for each, w in ((writer, 1), (other, 2))]
    assert [states(each) for each in taken(own_desk, *both)] == [["terap"]] * 2
    third = Writer([own_desk])
    assert states(taken(own_desk, third.call(own_desk, third.seal(post, visit(post, "sama", 3))))[0]) == ["terap"]
    _doc, conflicts, *_rest = stands(own_desk, post)["under_five_visit", "sama"]  # type: ignore[misc]
    assert sorted(each["v"] for each in conflicts["weight_g"]) == [1, 2, 3]
    assert [record.kind for record in caplog.records] == ["UniqueViolation"] * 2  # type: ignore[attr-defined]


def test_a_nonce_heard_before_changes_nothing_and_stops_nobody(own_desk: Desk, writer: Writer, post: str) -> None:
    others = [Writer([own_desk]) for _ in range(3)]
    sealed = [each.seal(post, visit(post, each.device, 5000)) for each in others]
    taken(own_desk, others[0].call(own_desk, nonce="n" * 32))
    before = stands(own_desk, post)
    twice = others[1].call(own_desk, sealed[1], nonce="m" * 32)
    calls = [others[0].call(own_desk, sealed[0], nonce="n" * 32), twice, twice, others[2].call(own_desk, sealed[2])]
    assert [each and states(each) for each in taken(own_desk, *calls)] == [None, ["terap"], None, ["terap"]]
    assert len(stands(own_desk, post)) == len(before) + 4


def test_who_waits_for_a_disk_that_is_full_is_alone_with_it(own_desk: Desk, writer: Writer, post: str) -> None:
    """One batch the database will not have: the others are taken in all the same, and only its laptop hears of it."""
    with own_desk.pool.connection() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF NEW.id = 'penuh' THEN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$"
        )
        connection.execute("CREATE TRIGGER full_disk BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION full_disk()")
    try:
        unlucky, lucky = Writer([own_desk]), Writer([own_desk])
        calls = [
            unlucky.call(own_desk, unlucky.seal(post, visit(post, "penuh", 5000))),
            lucky.call(own_desk, lucky.seal(post, visit(post, "muat", 5000))),
        ]
        first, second = taken(own_desk, *calls)
        assert isinstance(first, psycopg.errors.DiskFull)
        assert states(second) == ["terap"]
        assert ("under_five_visit", "penuh") not in stands(own_desk, post)
        assert ("under_five_visit", "muat") in stands(own_desk, post)
    finally:
        with own_desk.pool.connection() as connection:
            connection.execute("DROP TRIGGER full_disk ON record")


def test_a_person_erased_while_others_wait_stays_erased(own_desk: Desk, writer: Writer, post: str) -> None:
    """A post with something erased is never taken in on the short way."""
    with own_desk.pool.connection() as connection:
        store.note_erased(connection, REGENCY, post, ["orang"])
    other = Writer([own_desk])
    late = Op(post, "under_five_visit", "v", 1, 1, (), {"person_id": "orang", "weight_g": 1}, "k", 1, 1, "n" * 16)
    calls = [
        writer.call(own_desk, writer.seal(post, late)),
        other.call(own_desk, other.seal(post, visit(post, "lain", 5000))),
    ]
    first, second = taken(own_desk, *calls)
    assert (states(first), states(second)) == (["karantina"], ["terap"])
    found = stands(own_desk, post)
    assert found["under_five_visit", "v"][0] == {}  # type: ignore[index]
    assert found["under_five_visit", "lain"][0] == {"weight_g": 5000}  # type: ignore[index]


def test_many_at_once_over_the_pool_all_get_their_own_answer(own_desk: Desk, writer: Writer, post: str) -> None:
    """Threads as in the application, more of them than there are connections."""
    writers = [Writer([own_desk]) for _ in range(16)]
    told: dict[str, str] = {}

    def send(each: Writer) -> None:
        for number in range(3):
            packed = each.seal(post, visit(post, f"{each.device}{number}", 5000))
            ask = (Ask(post, Cursor(own_desk.epoch)),)
            request = Request(REGENCY, each.device, "i", records.new_id(), "1", ask, (packed,))
            reply = read_reply(exchange.sync(own_desk, write_request(request, each.key)), own_desk.key.public_key())
            assert [verdict.state for verdict in reply.verdicts] == ["terap"]
            assert reply.verdicts[0].batch in {entry.batch for entry in reply.slices[0].entries}
            told[reply.verdicts[0].batch] = each.device

    threads = [threading.Thread(target=send, args=(each,)) for each in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == 48
    assert set(told) <= set(stands(own_desk, post))
