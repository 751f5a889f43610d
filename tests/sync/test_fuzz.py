"""Every door for foreign bytes (T12): damaged input is refused in words, in bounded time and memory.

A bounded sample; POSYANDU_FUZZ=1000000 runs the release amount, spread over the doors.
"""

import os
import random
import sys
import time
from collections.abc import Callable

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.errors import BadInput
from posyandu.sync.batch import decode, seal
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

resource = pytest.importorskip("resource")  # not on Windows
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SPICE = [b"[" * 300, b"{" * 300, b"9" * 400, b'"', b"\xff\xfe", b"\n", b"{}", b"null", b"-1", b"1e999", b"\0" * 8]
MOST_MEMORY = 64 * 1024 * 1024


def samples() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """For each door a sound message and the function that reads it."""
    packed = seal(
        [op(n) for n in range(20)], KEY, device="d" * 32, incarnation="i" * 16, sequence=1, previous="",
        area="5203012001", app="1", schema=1, at_ms=1,
    )[1]  # fmt: skip
    place = Cursor("e" * 32, 3, "0" * 64)
    request = Request("5203", "d" * 32, "i" * 16, "n" * 32, "1", (Ask("p", place, ("a" * 64,)),), (packed,))
    part = Slice("p", place, Cursor("e" * 32, 4, "1" * 64), (Entry(4, "a" * 64, packed),))
    reply = Reply("e" * 32, "n" * 32, 1, (part,), (Verdict("a" * 64, "terap"),))
    public = KEY.public_key()
    return {
        "batch": (packed, decode),
        "request": (write_request(request, KEY), read_request),
        "reply": (write_reply(reply, KEY), lambda body: read_reply(body, public)),
        "letter": (write_letter(Letter("d" * 32, (packed,)), KEY), read_letter),
        "file": (
            seal_file(TO_LAPTOP, [packed], public.public_bytes_raw()),
            lambda body: open_file(body, bytes(range(32)), [TO_LAPTOP]),
        ),
    }


def damaged(dice: random.Random, sound: bytes) -> bytes:
    """The message with a few bytes changed, cut, doubled or spiced; half the time inside its compression."""
    inside = sound[:4] == b"\x28\xb5\x2f\xfd" and dice.random() < 0.6
    target = bytearray(zstandard.decompress(sound, max_output_size=1 << 22) if inside else sound)
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
    return zstandard.compress(bytes(target), 1) if inside else bytes(target)


@pytest.mark.parametrize("door", list(samples()))
def test_damaged_bytes_at_any_door_are_refused_in_bounded_time_and_memory(door: str) -> None:
    amount = int(os.environ.get("POSYANDU_FUZZ", "5000")) // len(samples())
    sound, read = samples()[door]
    read(sound)
    dice = random.Random(door)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest, refused = 0.0, 0
    for _ in range(amount):
        data = damaged(dice, sound)
        started = time.process_time()
        try:
            read(data)
        except BadInput as error:
            refused += 1
            assert str(error)
        slowest = max(slowest, time.process_time() - started)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (1 if sys.platform == "darwin" else 1024)
    print(f"{door}: {amount} inputs, {refused} refused, slowest {slowest * 1000:.1f} ms, grown {grown / 2**20:.1f} MiB")
    assert grown < MOST_MEMORY
    assert refused > amount * 0.5
