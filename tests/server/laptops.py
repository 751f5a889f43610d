"""Laptops for tests: books in memory that are enrolled with a desk, and the way between them without a network."""

import json
from collections.abc import Sequence

from posyandu.domain.forms import FORMS
from posyandu.server import exchange
from posyandu.server.exchange import Desk
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records
from posyandu.sync import client
from posyandu.sync.client import Taken
from posyandu.sync.transport import Send

REGENCY = "5203"
VILLAGE = "5203012001"


def code_for(desk: Desk, areas: Sequence[str] = (VILLAGE,), *, regency: str = REGENCY, hours: int = 72) -> str:
    with desk.pool.connection() as connection:
        return exchange.new_code(connection, regency, areas, "laptop uji", hours)


def laptop(
    desk: Desk, *, post: str | None = None, village: str = VILLAGE, areas: Sequence[str] = (VILLAGE,), device: str = ""
) -> Workspace:
    """A practice book in memory, enrolled for these areas, with a post of its own if it is named."""
    ws = workspace.in_memory(post=None, practice=True, device=device or None)
    enrol(desk, ws, areas)
    if post is not None:
        open_post(ws, post, village)
    return ws


def enrol(desk: Desk, ws: Workspace, areas: Sequence[str] = (VILLAGE,)) -> None:
    regency = areas[0][:4]
    answer = exchange.enrol(desk, client.enrolment(ws.db, code_for(desk, areas, regency=regency), "laptop"))
    outbox.enrolled(ws.db, client.read_enrolment(json.loads(answer), "http://127.0.0.1:1", 0))


def open_post(ws: Workspace, post: str, village: str = VILLAGE) -> None:
    answers = {"name": f"Posyandu {post}", "village_code": village}
    records.save(ws.db, FORMS["posyandu"], post, answers, scope=post, author=ws.author, now=ws.now())
    ws.posyandu_id = post


def weigh(ws: Workspace, post: str, grams: int, record: str | None = None) -> str:
    """Save a visit; its id."""
    record = record or records.new_id()
    form = FORMS["under_five_visit"]
    records.save(ws.db, form, record, {"weight_g": grams}, scope=post, author=ws.author, now=ws.now())
    return record


def weight(ws: Workspace, record: str) -> object:
    row = records.load(ws.db, FORMS["under_five_visit"], record)
    return row and row.answers["weight_g"]


def way_to(desk: Desk) -> Send:
    """Send as over HTTP, but straight into the server's functions."""
    return lambda _path, body, _kind: exchange.sync(desk, body)


def talk(desk: Desk, ws: Workspace, most: int | None = None) -> Taken:
    """Seal and exchange until nothing is left to say; the last reply."""
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    for _trip in range(50):
        taken, _saves = client.exchange(ws.db, server, way_to(desk), most)
        if client.is_done(ws.db, taken):
            return taken
    raise AssertionError("they never finish talking")
