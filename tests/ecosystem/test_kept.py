"""What a version kept without knowing it is acted on once it does: moves and erasures, on server and laptop.

In one process: an older server is today's whose notes of what it was asked are taken away, an older laptop one that
kept what the server said and did nothing. The old programs themselves are in test_versions.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from posyandu.domain.change import Op
from posyandu.domain.forms.move import HANDOVER
from posyandu.server import erasures, exchange, ingest, store
from posyandu.server.exchange import Desk
from posyandu.services import erasure, moves, people, synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import database, erased, journal, outbox, settings
from posyandu.sync import client, erasing
from posyandu.sync.message import Reply, read_reply, write_reply
from tests.ecosystem.test_moves import THERE, a_child
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, laptop, talk, way_to

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

NAME = "Hartini Pratiwi"


@pytest.fixture
def first(desk: Desk, post: str) -> Iterator[Workspace]:
    ws = laptop(desk, post=post)
    yield ws
    ws.close()


def sent_to_an_older(desk: Desk, ws: Workspace) -> None:
    """The server keeps what the laptop sends, and notes nothing of what it asks."""
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    with desk.pool.connection() as connection:
        device = store.device(connection, server.regency, ws.device)
        assert device is not None
        for each in outbox.to_send(ws.db, 10**6):
            ingest.take(connection, device, each.id, each.packed)
        connection.execute("DELETE FROM erasure WHERE scope = %s", (ws.posyandu_id,))
        connection.execute("DELETE FROM handover WHERE from_scope = %s", (ws.posyandu_id,))


def test_who_moved_while_the_server_was_older_arrives_after_its_upgrade_and_once(desk: Desk, first: Workspace) -> None:
    moves.hand_over(first, a_child(first, "Raka Merpati"), THERE)
    sent_to_an_older(desk, first)
    there = laptop(desk, post=f"{first.posyandu_id[:-1]}y", village=THERE, areas=[THERE])
    talk(desk, there)
    assert "Raka Merpati" not in [each.name for each in moves.arrivals(there)]
    for _again in range(2):
        with desk.pool.connection() as connection, connection.transaction():
            ingest.note_kept(connection)
        talk(desk, there)
        assert [each.name for each in moves.arrivals(there)].count("Raka Merpati") == 1
    there.close()


def test_what_was_asked_to_be_erased_of_an_older_server_waits_for_its_word_after_the_upgrade(
    desk: Desk, first: Workspace
) -> None:
    who = people.register(first, {"name": NAME, "sex": "female", "born_on": first.today()})
    talk(desk, first)
    second = laptop(desk)
    talk(desk, second)
    erasure.erase(first, who, why="person", typed_name=NAME, pin="")
    sent_to_an_older(desk, first)
    talk(desk, second)
    assert [hit.name for hit in people.search(second, NAME)] == [NAME]
    with desk.pool.connection() as connection:
        with connection.transaction():
            ingest.note_kept(connection)
        (asked,) = [each for each in store.erasures(connection, store.ASKED) if each.scope == first.posyandu_id]
        assert asked.device == first.device
    for ws in (second, first):
        talk(desk, ws)
        assert people.search(ws, NAME) == []
    assert synchronise.status(first).problems == ()
    with desk.pool.connection() as connection:
        with connection.transaction():
            ingest.note_kept(connection)  # at the next upgrade the server's own word asks for nothing
        assert [each.op for each in store.erasures(connection, store.DONE) if each.scope == first.posyandu_id] == [
            asked.op
        ]
    second.close()


def test_an_erasure_withdrawn_before_the_upgrade_is_not_asked_for(desk: Desk, first: Workspace) -> None:
    who = people.register(first, {"name": NAME, "sex": "female", "born_on": first.today()})
    erasure.erase(first, who, why="person", typed_name=NAME, pin="")
    sent_to_an_older(desk, first)
    with desk.pool.connection() as connection:
        for regency, scope, g in store.batches_saying(connection, ("erasure", HANDOVER.name)):
            if scope == first.posyandu_id:
                ((_g, device, packed),) = store.packed_at(connection, regency, scope, [g])
                ops = [replace(op, fields={"withdrawn": True}) for op in ingest.saves_in(packed, scope)]
                ingest._note_asked(connection, regency, scope, device, g, ops)
        assert [each for each in store.erasures(connection, store.ASKED) if each.scope == first.posyandu_id] == []


@pytest.mark.parametrize(
    ("entity", "fields", "noted"),
    [
        ("handover", {"to_village": "5203012002"}, [("handover", "5203012002")]),
        ("handover", {"to_village": "5203"}, []),
        ("handover", {"to_village": None}, []),
        ("handover", {"left_on": "2026-11-20"}, []),
        ("erasure", {"records": "a"}, [("erasure", "a" * 32)]),
        ("erasure", {"withdrawn": True}, []),
        ("erasure", {"withdrawn": False, "records": "a"}, [("erasure", "a" * 32)]),
        ("person", {"to_village": "5203012002"}, []),
    ],
)
def test_what_a_save_asks_of_the_server(
    monkeypatch: pytest.MonkeyPatch, entity: str, fields: dict[str, str | bool | None], noted: list[tuple[str, str]]
) -> None:
    said: list[tuple[str, str]] = []

    def moved(_connection: object, _regency: str, _scope: str, found: list[tuple[str, str]]) -> None:
        said.extend((HANDOVER.name, village) for _record, village in found)

    def asked(_connection: object, _regency: str, _scope: str, _device: str, _g: int, found: list[Op]) -> None:
        said.extend(("erasure", op.record) for op in found)

    monkeypatch.setattr(store, "note_handovers", moved)
    monkeypatch.setattr(store, "note_erasures", asked)
    op = Op("p", entity, "a" * 32, 1, 1, (), fields, "k", 5, 1, "n" * 16)
    ingest._note_asked(None, REGENCY, "p", "d", 1, [op])  # type: ignore[arg-type]
    assert said == noted


def kept_by_an_older(desk: Desk, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The laptop takes in what the server says and does nothing of it; its upgrade then counts it as done."""
    with monkeypatch.context() as older:
        older.setattr(erasing, "heed", lambda _db, _words: None)
        talk(desk, ws)
    with database.transaction(ws.db):
        ws.db.conn.execute(
            "INSERT OR IGNORE INTO erasure_word SELECT substr(id, 1, 16), 'musnah' FROM op WHERE entity = 'erasure'"
        )
        settings.put(ws.db, database.UPGRADED, True)


def test_an_upgraded_laptop_erases_at_its_next_run_what_the_server_had_said_to_the_older_one(
    desk: Desk, first: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = people.register(first, {"name": NAME, "sex": "female", "born_on": first.today()})
    talk(desk, first)
    second = laptop(desk)
    talk(desk, second)
    erasure.erase(first, who, why="person", typed_name=NAME, pin="")
    talk(desk, first)
    kept_by_an_older(desk, second, monkeypatch)
    assert [hit.name for hit in people.search(second, NAME)] == [NAME]
    heeded: list[str] = []
    again = client.heed_again
    monkeypatch.setattr(client, "heed_again", lambda db: (heeded.append("once"), again(db)))
    for _run in range(2):
        assert synchronise.run(second, send=way_to(desk)).state == "confirmed"
    assert heeded == ["once"]
    assert people.search(second, NAME) == []
    assert journal.rows_equal_replay(second.db)
    second.close()


def test_an_erasure_nobody_certified_that_an_older_laptop_kept_erases_nothing_until_the_server_says_it(
    desk: Desk, first: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(desk, erasures_a_day=0)
    who = people.register(first, {"name": NAME, "sex": "female", "born_on": first.today()})
    talk(strict, first)
    second = laptop(strict)
    talk(strict, second)
    erasure.erase(first, who, why="person", typed_name=NAME, pin="")
    talk(strict, first)
    kept_by_an_older(strict, second, monkeypatch)
    synchronise.run(second, send=way_to(strict))
    assert [hit.name for hit in people.search(second, NAME)] == [NAME]
    with desk.pool.connection() as connection:
        (asked,) = [each for each in store.erasures(connection, store.LOOK) if each.scope == first.posyandu_id]
        erasures.release(connection, desk.key, asked)
    synchronise.run(second, send=way_to(strict))
    assert people.search(second, NAME) == []
    assert erased.records_among(second.db, [who]) == {who}
    second.close()


def says_version(desk: Desk, version: str) -> Callable[[str, bytes, str], bytes]:
    """The way to a server that is of another version, or too old to say which."""

    def send(_path: str, body: bytes, _kind: str) -> bytes:
        reply = read_reply(exchange.sync(desk, body), desk.key.public_key())
        return write_reply(replace(reply, app=version), desk.key)

    return send


def test_what_waits_for_a_server_that_does_not_know_it_is_said_so(desk: Desk, first: Workspace) -> None:
    strict = replace(desk, erasures_a_day=0)
    who = people.register(first, {"name": NAME, "sex": "female", "born_on": first.today()})
    erasure.erase(first, who, why="person", typed_name=NAME, pin="")
    told = ["1 penghapusan data belum sampai di server. Laptop lain masih menyimpan datanya."]
    assert erasure.waiting(first) == told
    for version, until in (("", "menunggu server diperbarui"), ("0.2.0", "menunggu administrator server")):
        outcome = synchronise.run(first, send=says_version(strict, version))
        assert outcome.sentence == f"1 penghapusan data {until}. Laptop lain masih menyimpan datanya."


def test_sync_says_which_versions_the_two_sides_have(desk: Desk, first: Workspace) -> None:
    mine = synchronise.__version__
    assert synchronise.status(first).versions == f"Laptop ini Posyandu {mine}, protokol 1."
    for version, theirs in (("", "lebih lama dari 0.2.0"), ("9.8.7", "9.8.7")):
        synchronise.run(first, send=says_version(desk, version))
        assert synchronise.status(first).versions == f"Laptop ini Posyandu {mine}, server {theirs}, protokol 1."
    synchronise.run(first, send=way_to(desk))
    assert f"server {mine}," in synchronise.status(first).versions


def test_a_reply_says_the_servers_version(desk: Desk) -> None:
    packed = write_reply(Reply("e", "n", 1, (), (), app="3.2.1"), desk.key)
    assert read_reply(packed, desk.key.public_key()).app == "3.2.1"
