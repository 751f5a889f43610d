"""The fence in the database: what the server may see and write, whatever its own statements forget to say."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import psycopg
import pytest
from psycopg.types.json import Jsonb

from posyandu.server import exchange, store
from posyandu.server.exchange import Desk
from posyandu.server.store import APP_ROLE, Connection
from posyandu.services import moves, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records
from posyandu.sync import client
from tests.ecosystem.test_moves import THERE as OTHER_VILLAGE
from tests.ecosystem.test_moves import pair
from tests.server.laptops import code_for, laptop, open_post, talk, weigh

__all__ = ["pair"]

HERE, THERE, ELSEWHERE = "5203012001", "5203012002", "5204012001"
TABLES = ("area", "batch", "record")
FENCED = (*TABLES, "erased", "erasure")


@pytest.fixture(scope="module")
def own_desk(postgres_cluster: str) -> Iterator[Desk]:
    """A server with a post in each of three villages, two of them in one regency."""
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute("CREATE DATABASE fenced")
    url = postgres_cluster.rpartition("/")[0] + "/fenced"
    with store.open_pool(url, 2) as owner, store.open_pool(url, 4) as pool:
        desk = exchange.open_desk(owner, trial=True)
        for village in (HERE, THERE, ELSEWHERE):
            ws = laptop(desk, post=f"pos-{village}", village=village, areas=(village,))
            weigh(ws, f"pos-{village}", 8000)
            talk(desk, ws)
        with pool.connection() as db:
            db.execute("INSERT INTO erased (kab, scope, id) SELECT kab, scope, 'x' FROM area")
            db.execute(
                "INSERT INTO erasure (kab, scope, op, record, device, g) SELECT kab, scope, 'x', 'e', 'd', 1 FROM area"
            )
        yield replace(desk, pool=pool)


@pytest.fixture
def db(own_desk: Desk) -> Iterator[Connection]:
    with own_desk.pool.connection() as connection:
        yield connection


def posts_in(db: Connection, table: str) -> set[str]:
    """A statement that forgot its WHERE."""
    return {scope for (scope,) in db.execute(f"SELECT DISTINCT scope FROM {table}".encode())}


@pytest.mark.parametrize("table", FENCED)
@pytest.mark.parametrize(
    ("areas", "seen"),
    [
        ((HERE,), {HERE}),
        ((HERE, THERE), {HERE, THERE}),
        (("520301",), {HERE, THERE}),
        (("5203",), {HERE, THERE}),
        ((ELSEWHERE,), {ELSEWHERE}),
        (("5203", "5204"), {HERE, THERE, ELSEWHERE}),
        (("5205012001",), set()),
        ((), set()),
        (("", "52", "%", "5203%"), set()),
    ],
)
def test_a_forgotten_where_shows_nothing_foreign(
    db: Connection, table: str, areas: tuple[str, ...], seen: set[str]
) -> None:
    with store.inside(db, areas):
        assert posts_in(db, table) == {f"pos-{village}" for village in seen}


@pytest.mark.parametrize("table", FENCED)
def test_who_says_no_area_sees_nothing(own_desk: Desk, db: Connection, table: str) -> None:
    with db.transaction():
        db.execute(f"SET LOCAL ROLE {APP_ROLE}")
        assert posts_in(db, table) == set()
    with (
        store.open_pool(db.info.dsn + f" password={db.info.password}", 1, fenced=True) as pool,
        pool.connection() as fenced,
    ):
        assert posts_in(fenced, table) == set()
        with store.inside(fenced, [HERE]):
            assert posts_in(fenced, table) == {f"pos-{HERE}"}
        assert posts_in(fenced, table) == set()


def test_the_areas_end_with_the_transaction_and_so_does_the_role(db: Connection) -> None:
    with store.inside(db, [HERE]):
        assert db.execute("SELECT current_user, current_setting('app.areas')").fetchone() == (APP_ROLE, HERE)
    with pytest.raises(ZeroDivisionError), store.inside(db, [THERE]):
        raise ZeroDivisionError
    after = db.execute("SELECT current_user::text, current_setting('app.areas', true)").fetchone()
    assert after in (("posyandu", ""), ("posyandu", None))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO area (kab, scope, village, made_by) VALUES ('5203', 'baru', '5203012002', 'd')",
        "INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, g, digest, state, bytes, brought_by)"
        " VALUES ('5203', 'x', 'pos-5203012002', 'd', 'i', 1, 1, 9, 'x', 'terap', 'x', 'd')",
        "INSERT INTO record (kab, scope, entity, id, doc, withdrawn, revived, depth, g)"
        " VALUES ('5203', 'pos-5203012002', 'person', 'x', '{}', false, false, 1, 1)",
        "INSERT INTO erasure (kab, scope, op, record, device, g) VALUES ('5203', 'pos-5203012002', 'y', 'e', 'd', 1)",
        "INSERT INTO record (kab, scope, entity, id, doc, withdrawn, revived, depth, g)"
        " VALUES ('5204', 'pos-5203012001', 'person', 'x', '{}', false, false, 1, 1)",  # its own post, another regency
        "UPDATE area SET village = '5203012002'",
        "DELETE FROM record",
        "DELETE FROM batch",
        "TRUNCATE record",
        "SELECT * FROM server",
        "SELECT * FROM record_5203",
        "UPDATE record_5203 SET doc = '{}'",
        "SELECT hash FROM enrol_code WHERE false FOR UPDATE OF enrol_code; DELETE FROM enrol_code",
        "SELECT name FROM device",
        "SELECT prefixes FROM device WHERE id = 'd'",
        "UPDATE device SET prefixes = '{52}'",
        "INSERT INTO device (kab, id, key, name, prefixes) VALUES ('5203', 'd', 'x', '', '{52}')",
        "SELECT hash FROM enrol_code",
        "UPDATE enrol_code SET used_by = 'd'",
        "INSERT INTO handover (kab, record, to_village, from_kab, from_scope)"
        " VALUES ('5203', 'z', '5203012001', '5203', 'pos-5203012002')",
        "UPDATE handover SET to_village = '5203012001'",
        "DELETE FROM handover",
        "ALTER TABLE record DISABLE ROW LEVEL SECURITY",
        "DROP POLICY inside ON record",
        "CREATE TABLE mine (kab text)",
    ],
)
def test_what_the_server_may_not_do_the_database_refuses(db: Connection, statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)), store.inside(db, [HERE]):
        db.execute(statement.encode())


def test_of_laptops_and_codes_one_can_be_asked_for_by_name_and_none_listed(own_desk: Desk, db: Connection) -> None:
    known = store.devices(db, "5203")[0]
    with store.inside(db, []):
        assert store.device(db, "5203", known.id) == known
        assert store.device(db, "5204", known.id) is None
        assert store.device_keys(db, "5203", [known.id, "nobody"]) == {known.id: known.key}
        assert store.use_code(db, "5203", b"guessed", known.id) is None
        assert not store.add_device(db, "5203", known.id, b"another key", "", ["52"])
        assert sum(number for _app, number in store.watched(db, 40).versions) == 3
    assert store.device(db, "5203", known.id) == known


def test_a_move_is_written_where_it_leaves_and_read_where_it_goes(db: Connection) -> None:
    with db.transaction(force_rollback=True):
        for _twice in range(2):
            with store.inside(db, [HERE]):
                store.note_handovers(db, "5203", f"pos-{HERE}", [("m1", THERE), ("m2", ELSEWHERE)])
        for areas, seen in (([HERE], set()), ([THERE], {"m1"}), ([ELSEWHERE], {"m2"}), (["5203"], {"m1"}), ([], set())):
            with store.inside(db, areas):
                assert {record for (record,) in db.execute("SELECT record FROM handover")} == seen
                waiting = {each.record for kab in "34" for each in store.handovers_waiting(db, f"520{kab}", ["5"], 9)}
                assert waiting == seen
                assert store.take_handover(db, "5203", "m1") == ("m1" in seen)
                store.mark_handed_over(db, "5204", "m2")
        db.execute("RESET ROLE")
        left = db.execute("SELECT record FROM handover WHERE delivered_at IS NULL").fetchall()
        assert left == [("m1",)]


def test_however_many_moves_of_one_post_wait_those_of_another_are_told(db: Connection) -> None:
    """Those that can never be handed over, withdrawn or to a village without a post, wait for ever."""
    with db.transaction(force_rollback=True):
        with store.inside(db, [HERE]):
            store.note_handovers(db, "5203", f"pos-{HERE}", [(f"m{number}", THERE) for number in range(50)])
        with store.inside(db, [ELSEWHERE]):
            store.note_handovers(db, "5204", f"pos-{ELSEWHERE}", [("z", THERE)])
        with store.inside(db, [THERE]):
            for _time in range(9):
                few = [each.record for each in store.handovers_waiting(db, "5203", ["5"], 3)]
                assert len(set(few)) == 3
                assert "z" in few


def test_an_update_without_a_where_leaves_foreign_records_alone(db: Connection) -> None:
    with db.transaction(force_rollback=True), store.inside(db, [HERE]):
        assert db.execute("UPDATE record SET depth = 99").rowcount == 2
        assert db.execute("UPDATE area SET g = 99").rowcount == 1


def test_a_batch_for_a_foreign_post_can_be_held_back_and_is_then_not_seen(db: Connection) -> None:
    with store.inside(db, [HERE]):
        store.quarantine(db, "5203", b"q" * 32, (f"pos-{THERE}", "d", "i", 1, 1), b"isi", "d", "di luar wilayah")
        assert posts_in(db, "batch") == {f"pos-{HERE}"}
        assert store.held(db, "5203", f"pos-{THERE}", [b"q" * 32, b"r" * 32]) == {b"q" * 32}
        assert store.judged(db, "5203", [b"q" * 32])[b"q" * 32].reason == "di luar wilayah"
        assert store.is_post(db, "5203", f"pos-{THERE}")
        assert not store.is_post(db, "5203", f"pos-{ELSEWHERE}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), store.inside(db, [HERE]):
        db.execute(
            "INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, state, bytes, brought_by)"
            " VALUES ('5203', 'z', 'pos-5203012002', 'd', 'i', 1, 1, 'terap', 'x', 'd')"
        )


def test_the_owner_is_told_what_to_do_when_the_role_cannot_be_made(postgres_cluster: str, postgres_url: str) -> None:
    """A cluster where the role is there already, but the owner of the database was not let into it."""
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute("DROP ROLE IF EXISTS provinsi")
        db.execute("CREATE ROLE provinsi LOGIN PASSWORD 'x'")
        db.execute(f"ALTER DATABASE {name} OWNER TO provinsi".encode())
    try:
        poor = postgres_url.replace(postgres_url.split("//")[1].split("@")[0], "provinsi:x")
        with store.open_pool(poor, 1) as pool:
            with pytest.raises(store.NotReady, match=f"GRANT {APP_ROLE} TO provinsi"):
                exchange.open_desk(pool, trial=True)
            with psycopg.connect(postgres_cluster, autocommit=True) as db:
                db.execute(f"GRANT {APP_ROLE} TO provinsi")
            exchange.open_desk(pool, trial=True)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute("REASSIGN OWNED BY provinsi TO posyandu")
            db.execute("DROP OWNED BY provinsi")
        with psycopg.connect(postgres_cluster, autocommit=True) as db:
            db.execute(f"ALTER DATABASE {name} OWNER TO posyandu".encode())
            db.execute("DROP ROLE provinsi")


def test_the_fenced_server_does_everything_a_laptop_asks_of_it(
    desk: Desk, pair: tuple[Workspace, Workspace, str, str, str], postgres_cluster: str
) -> None:
    """Enrolment, a new post, edits, and somebody who moves: with connections that can see nothing of themselves."""
    first, second, raka, _here, _there = pair
    with store.open_pool(postgres_cluster, 3, fenced=True) as pool:
        fenced = replace(desk, pool=pool, counter=exchange.counter_over(pool))
        moves.hand_over(first, raka, OTHER_VILLAGE, "", date(2026, 11, 15))
        talk(fenced, first)
        talk(fenced, second)
        assert [arrival.name for arrival in moves.arrivals(second)] == ["Raka Aditya"]
        third = workspace.in_memory(post=None, practice=True)
        answer = exchange.enrol(fenced, client.enrolment(third.db, code_for(desk, [HERE]), "laptop"))
        outbox.enrolled(third.db, client.read_enrolment(json.loads(answer), "http://127.0.0.1:1", 0))
        post = records.new_id()
        open_post(third, post, HERE)
        visit = weigh(third, post, 8000)
        talk(fenced, third)
        weigh(third, post, 8100, visit)
        talk(fenced, third)
        counts = outbox.counts(third.db, third.device)
        assert counts.confirmed == counts.here > 0
        third.close()
        with pool.connection() as connection:
            assert store.watched(connection, 40).figures["posts"] > 1
            assert store.received(connection)["batches"] == 0


def test_one_statement_looks_and_takes_in_behind_the_same_fence(own_desk: Desk, db: Connection) -> None:
    """Both end with their statement: who asks next has to say where anew."""
    device = store.devices(db, "5203")[0]
    assert device.prefixes in ((HERE,), (THERE,))
    own, foreign = (HERE, THERE) if device.prefixes == (HERE,) else (THERE, HERE)
    asks = {f"pos-{own}": 0, f"pos-{foreign}": 0, f"pos-{ELSEWHERE}": 0}
    seen, read = store.look(db, device, "i", asks, room=10**6, most=10)
    assert [area.scope for area in seen.areas] == [f"pos-{own}"]
    assert {scope: len(rows) for scope, (_place, rows) in read.items()} == {
        f"pos-{own}": 1, f"pos-{foreign}": 0, f"pos-{ELSEWHERE}": 0,
    }  # fmt: skip
    assert all(row.packed is None for row in read[f"pos-{own}"][1])
    calls = [("5203", device.id, records.new_id(), "1")]
    batches = [
        (1, "5203", bytes([n]) * 32, f"pos-{village}", device.id, "i", 9, 1, "terap", Jsonb({}), b"isi", device.id, own)
        for n, village in enumerate((foreign, own), 1)
    ]
    stands = [(n, "person", f"p{n}", {"a": 1}, None, 0, 1) for n in (1, 2)]
    with db.transaction(force_rollback=True):
        db.execute("DELETE FROM erased")  # a post with something erased never goes this way
        heard, numbers = store.take_in(db, [own], calls, batches, stands)
        assert (heard, numbers) == ([True], [None, 2])
        assert {row[1] for row in store.records(db, "5203", f"pos-{own}")} >= {"p2"}
        db.execute("RESET ROLE")
        assert db.execute("SELECT scope FROM record WHERE id IN ('p1', 'p2')").fetchall() == [(f"pos-{own}",)]
    with db.transaction(force_rollback=True):  # the fence of all is wide, the writer's own regions are not
        db.execute("DELETE FROM erased")
        assert store.take_in(db, [own, foreign], calls, batches, stands)[1] == [None, 2]
    after = db.execute("SELECT current_user::text, current_setting('app.areas', true)").fetchone()
    assert after in (("posyandu", ""), ("posyandu", None))
