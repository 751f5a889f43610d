"""What laptops send on a stick: the same messages as over the network in a sealed file, and the file that goes back.

Reading a file again changes nothing and gives a fresh return; so nothing need be remembered about sticks.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import orjson

from posyandu.domain.errors import BadInput
from posyandu.server import exchange, store
from posyandu.server.exchange import Desk
from posyandu.sync.message import Ask, Cursor, Reply, Request, Slice, Verdict, read_request, write_reply
from posyandu.sync.sealed import FROM_SERVER, MAX_PARTS, PART_ROOM, TO_SERVER, open_file, seal_file
from posyandu.sync.seed import Seed, Wish, write_seed

PAGE_BYTES = 60 * 1024
MOST_REPLIES = 400
_BOX_ROOM = 120


@dataclass(frozen=True)
class Imported:
    """What came of one file: the device that wrote it, the receipts, and the files to carry back to it."""

    device: str
    name: str
    verdicts: tuple[Verdict, ...]
    returns: tuple[bytes, ...]


def import_file(desk: Desk, file: bytes) -> Imported:
    """Take in a file of a laptop. Raises BadInput or exchange.Rejected with a sentence; then nothing was changed."""
    secret = desk.key.private_bytes_raw()
    messages = [read_request(part) for part in open_file(file, secret, [TO_SERVER]).parts]
    if not messages:
        raise BadInput("Berkas ini kosong. Buat dan salin ulang.")
    with desk.pool.connection() as connection:
        devices = [exchange.recognised(connection, request, sealed, desk.key) for request, sealed in messages]
        device = devices[0]
        if any(each.id != device.id for each in devices):
            raise BadInput("Berkas ini berisi kiriman beberapa laptop.")
        replies: list[Reply] = []
        silent = replace(desk, page_bytes=0)
        for request, _sealed in messages[:-1]:  # all but the last only bring batches
            store.note_contact(connection, device.regency, device.id, request.nonce, request.app)
            replies.append(replace(exchange.answer(silent, connection, device, request), slices=()))
        request = messages[-1][0]
        store.note_contact(connection, device.regency, device.id, request.nonce, request.app)
        replies += islice(_chain(replace(desk, page_bytes=PAGE_BYTES), connection, device, request), MOST_REPLIES)
    verdicts = tuple(verdict for reply in replies for verdict in reply.verdicts)
    bodies = [write_reply(reply, desk.key) for reply in replies]
    returns = tuple(seal_file(FROM_SERVER, parts, device.key) for parts in _in_files(bodies))
    return Imported(device.id, device.name, verdicts, returns)


def make_seed(desk: Desk, wish: Wish, url: str = "") -> bytes:
    """Enrol the laptop that wishes for it and give it all its posts in one file. Raises exchange.Rejected."""
    answer = exchange.enrol(desk, wish.body)
    told = orjson.loads(answer)
    request = Request(told["kab"], wish.device, "", secrets.token_hex(16), "", (), ())
    with desk.pool.connection() as connection:
        device = store.device(connection, told["kab"], wish.device)
        assert device is not None
        replies = [write_reply(reply, desk.key) for reply in _chain(desk, connection, device, request)]
    return write_seed(Seed(told["time"], desk.public_key, desk.trial, told, url), replies, wish)


def _chain(desk: Desk, connection: store.Connection, device: store.Device, request: Request) -> Iterator[Reply]:
    """Answer after answer, as if the laptop went on asking, until everything is said."""
    while True:
        reply = exchange.answer(desk, connection, device, request)
        yield reply
        if not any(part.more for part in reply.slices):
            return
        request = _next(desk, request, reply.slices)


def write_return(target: Path, content: bytes) -> None:
    """Write a return beside, flush, rename and read it back. Raises BadInput when the stick cannot be written."""
    beside = target.with_name(f"{target.name}.baru")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        same = target.read_bytes() == content
    except OSError as error:
        raise BadInput(f"Balasan tidak dapat ditulis ke {target.parent}: {error.strerror}") from error
    if not same:
        raise BadInput(f"Balasan di {target.parent} tidak sama dengan yang ditulis: pakai flashdisk lain")


def _next(desk: Desk, request: Request, slices: Iterable[Slice]) -> Request:
    """What the laptop will ask once it has taken these slices in."""
    asks = [
        Ask(part.scope, Cursor(desk.epoch) if part.reset else part.end) for part in slices if not part.denied
    ]  # fmt: skip
    return replace(request, asks=tuple(asks), batches=())


def _in_files(bodies: Iterable[bytes]) -> list[Sequence[bytes]]:
    files: list[list[bytes]] = [[]]
    room = MAX_PARTS - _BOX_ROOM
    for body in bodies:
        if files[-1] and len(body) + PART_ROOM > room:
            files.append([])
            room = MAX_PARTS - _BOX_ROOM
        files[-1].append(body)
        room -= len(body) + PART_ROOM
    return list(files)
