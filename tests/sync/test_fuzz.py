"""Every door for foreign bytes (T12): damaged input is refused in words, in bounded time and memory.

A bounded sample; POSYANDU_FUZZ=1000000 runs the release amount, spread over the doors.
"""

import contextlib
import gc
import http.client
import io
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.errors import BadInput
from posyandu.sync import tight, upload
from posyandu.sync.batch import decode, is_signed_by, seal, unpack
from posyandu.sync.blocks import (
    BLOCK,
    CONTENT_TYPE,
    Upload,
    read_head,
    take_blocks,
    write_answer,
    write_head,
    write_map,
)
from posyandu.sync.message import (
    Ask,
    Cursor,
    Entry,
    Letter,
    Reply,
    Request,
    Slice,
    Verdict,
    read_letter,
    read_reply,
    read_request,
    write_letter,
    write_reply,
    write_request,
)
from posyandu.sync.sealed import TO_LAPTOP, open_file, seal_file
from tests.sync.test_batch import op
from tests.sync.test_tight import KEY as TIGHT_KEY
from tests.sync.test_tight import a_batch

resource = pytest.importorskip("resource")  # not on Windows
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SPICE = [b"[" * 300, b"{" * 300, b"9" * 400, b'"', b"\xff\xfe", b"\n", b"{}", b"null", b"-1", b"1e999", b"\0" * 8]
MOST_MEMORY = 64 * 1024 * 1024
MOST_SECONDS = 0.05
"""Of processor time (T12)."""


@dataclass(frozen=True)
class Door:
    """A sound message and what reads it; how to get inside its compression and out again, if it has any; and which
    share of damaged ones is refused at least.
    """

    sound: bytes
    read: Callable[[bytes], object]
    opened: Callable[[bytes], bytes] | None = None
    closed: Callable[[bytes], bytes] = bytes
    refused: float = 0.5


def in_zstd(sound: bytes, read: Callable[[bytes], object]) -> Door:
    return Door(sound, read, lambda body: unpack(body, 1 << 22), lambda body: zstandard.compress(body, 1))


def samples() -> dict[str, Door]:
    """Every door for foreign bytes, by its name."""
    packed = seal(
        [op(n) for n in range(20)], KEY, device="d" * 32, incarnation="i" * 16, sequence=1, previous="",
        area="5203012001", app="1", schema=1, at_ms=1,
    )[1]  # fmt: skip
    place = Cursor("e" * 32, 3, "0" * 64)
    request = Request("5203", "d" * 32, "i" * 16, "n" * 32, "1", (Ask("p", place, ("a" * 64,)),), (packed,))
    part = Slice("p", place, Cursor("e" * 32, 4, "1" * 64), (Entry(4, "a" * 64, packed),))
    reply = Reply("e" * 32, "n" * 32, 1, (part,), (Verdict("a" * 64, "terap"),))
    public = KEY.public_key()
    body = write_request(request, KEY)
    head = write_head("5203", "d" * 32, body, 1, KEY)
    small, sender = a_batch(1, 3)

    def believed(start: bytes) -> None:
        told = read_head(start)
        if told is None or not told[1].believe(public):
            raise BadInput("kepala tidak dipercaya")
        take_blocks(told[0], bytearray(told[2]))

    def of_its_writer(blob: bytes) -> None:
        batch = decode(tight.loosen(blob, sender))
        if not is_signed_by(batch, TIGHT_KEY.public_key()):
            raise BadInput("tanda tangan paket salah")

    blocks = b"".join(bytes((n // BLOCK,)) + body[n : n + BLOCK] for n in range(0, len(body), BLOCK))
    maps = b"".join(write_map(range(n)) for n in range(5))
    return {
        "batch": in_zstd(packed, decode),
        "tight batch": Door(
            tight.tighten(small, sender), of_its_writer, tight._opened,
            lambda text: b"\x02" + tight._compressor().compress(text)[4:], refused=0.9,
        ),
        "request": in_zstd(body, read_request),
        "head and blocks": Door(head + blocks, believed, refused=0.2),
        "way down of blocks": Door(maps + write_answer(200, 0, write_reply(reply, KEY)), heard),
        "way down of blocks, in HTTP": Door(
            in_http(maps + write_answer(200, 0, write_reply(reply, KEY))), heard_in_http
        ),
        "reply": in_zstd(write_reply(reply, KEY), lambda body: read_reply(body, public)),
        "letter": in_zstd(write_letter(Letter("d" * 32, (packed,)), KEY), read_letter),
        "file": Door(
            seal_file(TO_LAPTOP, [packed], public.public_bytes_raw()),
            lambda body: open_file(body, bytes(range(32)), [TO_LAPTOP]),
        ),
    }  # fmt: skip


def in_http(content: bytes) -> bytes:
    """The way down as it is on the wire, a map in each chunk."""
    chunks = b"".join(
        b"%x\r\n%b\r\n" % (len(content[n : n + 33]), content[n : n + 33]) for n in range(0, len(content), 33)
    )
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head % CONTENT_TYPE.encode() + chunks + b"0\r\n\r\n"


def heard(content: bytes) -> None:
    heard_in_http(in_http(content))


class Wire:
    """As much of a socket as is read from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        return io.BytesIO(self._content)


def heard_in_http(wire: bytes) -> None:
    """What a laptop makes of these bytes on the way down; what the way takes for a broken link is refused too."""
    response = http.client.HTTPResponse(Wire(wire), method="POST")  # type: ignore[arg-type]
    try:
        response.begin()
        answer = upload._read(response, Upload(b"x" * 5000, lambda _attempt: b""))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise BadInput(f"sambungan terputus: {error}") from error
    if answer.status != 200:
        raise BadInput("bukan jawaban atas seluruhnya")
    read_reply(answer.content, KEY.public_key())


def damaged(dice: random.Random, door: Door) -> bytes:
    """The message with a few bytes changed, cut, doubled or spiced; half the time inside its compression."""
    inside = door.opened is not None and dice.random() < 0.6
    target = bytearray(door.opened(door.sound) if door.opened is not None and inside else door.sound)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(target) + 1)
        match dice.randrange(6):
            case 0:
                target[at : at + 1] = dice.randbytes(1)
            case 1:
                del target[at : at + dice.randint(1, 60)]
            case 2:
                target[at:at] = dice.randbytes(dice.randint(1, 9))
            case 3:
                target[at:at] = target[at : at + dice.randint(1, 200)]
            case 4:
                del target[at:]
            case _:
                target[at:at] = dice.choice(SPICE)
    return door.closed(bytes(target)) if inside else bytes(target)


def took(door: Door, data: bytes) -> float:
    started = time.process_time()
    with contextlib.suppress(BadInput):
        door.read(data)
    return time.process_time() - started


@pytest.mark.parametrize("name", list(samples()))
def test_damaged_bytes_at_any_door_are_refused_in_bounded_time_and_memory(name: str) -> None:
    doors = samples()
    amount, door = int(os.environ.get("POSYANDU_FUZZ", "5000")) // len(doors), doors[name]
    door.read(door.sound)
    if door.opened is not None:
        door.read(door.closed(door.opened(door.sound)))
    dice = random.Random(name)
    gc.collect()
    gc.freeze()  # looking through all of pytest's objects takes longer than any input: 110 ms
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest, refused = (0.0, b""), 0
    for _ in range(amount):
        data = damaged(dice, door)
        started = time.process_time()
        try:
            door.read(data)
        except BadInput as error:
            refused += 1
            assert str(error)
        slowest = max(slowest, (time.process_time() - started, data))
    gc.unfreeze()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    print(
        f"{name}: {amount} inputs, {refused} refused, slowest {slowest[0] * 1000:.1f} ms, grown {grown / 2**20:.1f} MiB"
    )
    assert grown < MOST_MEMORY
    assert min(took(door, slowest[1]) for _ in range(5)) < MOST_SECONDS  # of what another program took none is left
    assert refused > amount * door.refused
