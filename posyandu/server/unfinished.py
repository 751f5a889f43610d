"""Requests that arrive in blocks over links that break: what is kept of them until they are whole.

In PostgreSQL, so that every application server knows it; of each laptop one request, for a day, and no more than
MOST_BODIES in all. Nothing is kept before the laptop's signature over the head is believed, and what is kept counts for
nothing until it is whole and has the digest the head named: then it is a request like any other (`exchange.sync`).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from posyandu.domain.errors import BadInput
from posyandu.server.exchange import Desk, Rejected, recognised
from posyandu.server.store import APP_ROLE, Connection
from posyandu.sync.blocks import CONTENT_TYPE, Head, read_head, take_blocks, write_answer, write_map
from posyandu.sync.message import MAX_BODY, Request, Sealed

MOST_BODIES = 2000
"""At most 128 MiB on disk."""
KEPT_HOURS = 24
MOST_RECEIVED = 3 * MAX_BODY
"""A connection that brings more than this brings the same again and again."""
SILENT_SECONDS = 90
_WHOLE = -1


def begin(desk: Desk, head: Head, sealed: Sealed) -> frozenset[int] | bytes:
    """The blocks held of this request, from now on the only one kept of this laptop; or what it was answered with.

    Raises Rejected, also for an attempt that is not later than the last: somebody says it again.
    """
    with desk.pool.connection() as connection:
        signer = Request(head.regency, head.device, "", "", "", (), ())
        device = recognised(connection, signer, sealed, desk.key)
        wait = desk.admit(device.id)
        if wait:
            raise Rejected(429, "too_often", "Terlalu sering; coba lagi sebentar lagi", retry_after=wait)
        with _of(connection, head):
            connection.execute(
                "DELETE FROM unfinished WHERE kab = %s AND device = %s AND body <> %s",
                (head.regency, head.device, head.digest),
            )
            begun = connection.execute(
                "UPDATE unfinished SET attempt = greatest(attempt, %s) WHERE kab = %s AND device = %s AND body = %s"
                " AND block = -1 RETURNING bytes, (SELECT attempt FROM unfinished AS before WHERE kab = unfinished.kab"
                " AND device = unfinished.device AND body = unfinished.body AND block = -1)",
                (head.attempt, head.regency, head.device, head.digest),
            ).fetchone()
            if begun is None:
                if _forget_old(connection) >= MOST_BODIES:
                    raise Rejected(507, "no_room", "Tidak ada tempat untuk kiriman bertahap; kirim sekaligus")
                _insert(connection, head, {_WHOLE: None})
                return frozenset()
            answer, last = begun
            if head.attempt <= last:
                raise Rejected(409, "replay", "Kiriman ini sudah pernah diterima")
            if answer is not None:
                return bytes(answer)
            found = connection.execute(
                "SELECT block FROM unfinished WHERE kab = %s AND device = %s AND body = %s AND block BETWEEN 0 AND %s",
                (head.regency, head.device, head.digest, head.count - 1),
            )
            return frozenset(number for (number,) in found)


def keep(desk: Desk, head: Head, blocks: Mapping[int, bytes]) -> None:
    """Keep blocks of a request that was begun; those that are there already stay as they are."""
    with desk.pool.connection() as connection, _of(connection, head):
        _insert(connection, head, blocks)


def whole(desk: Desk, head: Head) -> bytes:
    """The request, now that every block is there. Raises Rejected, and forgets it, when it is not the one named."""
    with desk.pool.connection() as connection, _of(connection, head):
        found = connection.execute(
            "SELECT bytes FROM unfinished WHERE kab = %s AND device = %s AND body = %s AND block BETWEEN 0 AND %s"
            " ORDER BY block",
            (head.regency, head.device, head.digest, head.count - 1),
        )
        body = b"".join(bytes(block) for (block,) in found)
        if len(body) == head.size and hashlib.sha256(body).digest() == head.digest:
            return body
        _forget(connection, head)
    raise Rejected(409, "start_again", "Kiriman tidak utuh; kirim lagi dari awal")


def finish(desk: Desk, head: Head, answer: bytes) -> None:
    """Forget the blocks of a request that was answered; the answer, which may be lost, is kept until the next one."""
    with desk.pool.connection() as connection, _of(connection, head):
        connection.execute(
            "DELETE FROM unfinished WHERE kab = %s AND device = %s AND body = %s AND block >= 0",
            (head.regency, head.device, head.digest),
        )
        connection.execute(
            "UPDATE unfinished SET bytes = %s WHERE kab = %s AND device = %s AND body = %s AND block = -1",
            (answer, head.regency, head.device, head.digest),
        )


@contextmanager
def _of(connection: Connection, head: Head) -> Iterator[None]:
    """A transaction that sees and writes only what this laptop sent itself."""
    with connection.transaction():
        connection.execute(
            "SELECT set_config('role', %s, true), set_config('app.laptop', %s, true)",
            (APP_ROLE, f"{head.regency}/{head.device}"),
        )
        yield


def _insert(connection: Connection, head: Head, blocks: Mapping[int, bytes | None]) -> None:
    connection.execute(
        "INSERT INTO unfinished (kab, device, body, attempt, block, bytes)"
        " SELECT %s, %s, %s, %s, * FROM unnest(%b::smallint[], %b::bytea[]) ON CONFLICT DO NOTHING",
        (head.regency, head.device, head.digest, head.attempt, list(blocks), list(blocks.values())),
    )


def _forget(connection: Connection, head: Head) -> None:
    connection.execute(
        "DELETE FROM unfinished WHERE kab = %s AND device = %s AND body = %s", (head.regency, head.device, head.digest)
    )


def _forget_old(connection: Connection) -> int:
    found = connection.execute("SELECT forget_unfinished(%s)", (KEPT_HOURS,)).fetchone()
    return 0 if found is None else int(found[0])


# --- the way up and down ---------------------------------------------------------------------------------------------


async def read_beginning(receive: Receive) -> tuple[Head, Sealed, bytes, bool]:
    """The head a request begins with, what proves it, the first bytes behind it, and whether more follow.

    Raises Rejected.
    """
    start, more = b"", True
    try:
        while (read := read_head(start)) is None:
            if not more:
                raise BadInput("kepala kiriman terpotong")
            content, more = await _next(receive)
            start += content
    except BadInput as error:
        raise Rejected(400, "bad_message", f"Kiriman tidak dapat dibaca: {error}") from error
    return *read, more


class InBlocks(Response):
    """Says what is held while the rest comes in, and at last what became of the whole.

    What arrived is kept before it is said, and stays when the link breaks. `held`: or the answer to all of it, given
    before; `answer` answers a whole request; `settle` turns whatever goes wrong into an answer.
    """

    media_type = CONTENT_TYPE

    def __init__(
        self,
        desk: Desk,
        beginning: tuple[Head, bytes, bool],
        held: frozenset[int] | bytes,
        answer: Callable[[bytes], Awaitable[Response]],
        settle: Callable[[Callable[[], Awaitable[Response]]], Awaitable[Response]],
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._desk = desk
        self._head, first, self._more = beginning
        self._received = bytearray(first)
        self._held = held if isinstance(held, frozenset) else frozenset()
        self._known = None if isinstance(held, frozenset) else held
        self._answer = answer
        self._settle = settle

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Begin to answer at once, and end with the answer to the whole."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        told = await self._settle(lambda: self._take_in(receive, send))
        retry_after = int(told.headers.get("Retry-After", "0"))
        content = write_answer(told.status_code, retry_after, bytes(told.body))
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def _take_in(self, receive: Receive, send: Send) -> Response:
        if self._known is not None:
            return Response(self._known)
        left, more, content = MOST_RECEIVED, self._more, b""
        while True:
            self._received += content
            if await self._keep() or not content:
                await send({"type": "http.response.body", "body": write_map(self._held), "more_body": True})
            if len(self._held) == self._head.count:
                break
            if not more or left < 0:
                raise Rejected(409, "start_again", "Kiriman tidak utuh; kirim lagi dari awal")
            content, more = await _next(receive)
            left -= len(content)
        response = await self._answer(await run_in_threadpool(whole, self._desk, self._head))
        await run_in_threadpool(finish, self._desk, self._head, bytes(response.body))
        return response

    async def _keep(self) -> bool:
        """Keep the blocks that are new among what was received; whether there were any blocks."""
        try:
            blocks = take_blocks(self._head, self._received)
        except BadInput as error:
            raise Rejected(400, "bad_message", f"Kiriman tidak dapat dibaca: {error}") from error
        fresh = {number: block for number, block in blocks.items() if number not in self._held}
        if fresh:
            await run_in_threadpool(keep, self._desk, self._head, fresh)
            self._held |= fresh.keys()
        return bool(blocks)


async def _next(receive: Receive) -> tuple[bytes, bool]:
    """What comes next of a request, and whether there is more. Raises Rejected when the link broke or is silent."""
    try:
        async with asyncio.timeout(SILENT_SECONDS):
            message = await receive()
    except TimeoutError as error:
        raise Rejected(408, "silent", "Kiriman berhenti di tengah jalan") from error
    if message["type"] != "http.request":
        raise Rejected(400, "cut_off", "Kiriman terputus")
    return message.get("body", b""), message.get("more_body", False)
