"""A request that goes up in blocks, so that what arrived before the link broke counts (docs/sync.md, ADR 0025).

The way up: a head, signed by the laptop, that names the body by its digest and size; then blocks of it, in any order,
each after its number. The way down: how much is there (a bit for each block), again and again; at last the answer to
the whole body. A body is at most 256 blocks of 256 bytes, so that a number is one byte and a map 32.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.errors import BadInput
from posyandu.sync.message import MAX_BODY, Sealed

BLOCK = 256
MAP_BYTES = MAX_BODY // BLOCK // 8
CONTENT_TYPE = "application/vnd.posyandu.blocks"
HELD, ANSWER = b"H", b"A"
"""What a part of the way down begins with: a map of what is there; the answer, up to the end."""
WINDOW = 16
"""So many blocks are under way before the first word comes back, and as many more as have arrived: enough for the
slowest link, and no more in the queues of modems than can be called back.
"""

_PURPOSE = b"posyandu-blocks-1\0"
_HEAD = struct.Struct(">64s32sHIB")
_ANSWER = struct.Struct(">HH")


@dataclass(frozen=True)
class Head:
    """Whose body it is, its SHA-256 and its size; `attempt` grows with every connection, so that a head that somebody
    else says again opens nothing.
    """

    regency: str
    device: str
    digest: bytes
    size: int
    attempt: int

    @property
    def count(self) -> int:
        """How many blocks it has."""
        return -(-self.size // BLOCK)

    def length_of(self, number: int) -> int:
        """How long the block of this number is; 0 when there is none."""
        return max(0, min(BLOCK, self.size - number * BLOCK))


def write_head(regency: str, device: str, body: bytes, attempt: int, key: Ed25519PrivateKey) -> bytes:
    """The head of the way up, signed."""
    name = f"{regency}/{device}".encode()
    rest = _HEAD.pack(b"", hashlib.sha256(body).digest(), len(body) - 1, attempt, len(name))[64:] + name
    return key.sign(_PURPOSE + hashlib.sha256(rest).digest()) + rest


def read_head(start: bytes) -> tuple[Head, Sealed, bytes] | None:
    """The head that these bytes begin with, what is needed to check who signed it, and the bytes behind it.

    None when it is not whole yet. Raises BadInput when it never will be.
    """
    if len(start) < _HEAD.size:
        return None
    _signature, digest, last, attempt, length = _HEAD.unpack_from(start)
    end = _HEAD.size + length
    if len(start) < end:
        return None
    try:
        regency, slash, device = start[_HEAD.size : end].decode("ascii").partition("/")
    except UnicodeDecodeError as error:
        raise BadInput("kepala kiriman salah") from error
    if not slash or len(regency) > 16 or not 0 < len(device) <= 64 or "\0" in regency + device:
        raise BadInput("kepala kiriman salah")
    return Head(regency, device, digest, last + 1, attempt), Sealed(start[:end], _PURPOSE), start[end:]


def take_blocks(head: Head, received: bytearray) -> dict[int, bytes]:
    """Take the whole blocks off the beginning of what was received. Raises BadInput for a number there is none of."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(received):
        length = head.length_of(received[at])
        if not length:
            raise BadInput("nomor potongan salah")
        if at + 1 + length > len(received):
            break
        found.setdefault(received[at], bytes(received[at + 1 : at + 1 + length]))
        at += 1 + length
    del received[:at]
    return found


def write_map(held: Iterable[int]) -> bytes:
    """The part of the way down that says which blocks are there."""
    return HELD + sum(1 << number for number in set(held)).to_bytes(MAP_BYTES)


def read_map(bits: bytes) -> frozenset[int]:
    """The blocks named by the bytes after HELD."""
    whole = int.from_bytes(bits)
    return frozenset(number for number in range(MAP_BYTES * 8) if whole >> number & 1)


def write_answer(status: int, retry_after: int, content: bytes) -> bytes:
    """The last part of the way down: what the whole body was answered with."""
    return ANSWER + _ANSWER.pack(status, min(retry_after, 0xFFFF)) + content


def read_answer(content: bytes) -> tuple[int, int, bytes]:
    """Status, seconds to wait and content, from the bytes after ANSWER. Raises BadInput when they break off."""
    if len(content) < _ANSWER.size:
        raise BadInput("jawaban terpotong")
    status, retry_after = _ANSWER.unpack_from(content)
    return status, retry_after, content[_ANSWER.size :]


@dataclass
class Upload:
    """A body on its way over as many connections as it takes: what the server is known to hold, and what was sent.

    `is_asking`: it was begun in an earlier run, so the server is heard before anything but the head goes up.
    """

    body: bytes
    sign: Callable[[int], bytes]
    """The head for the attempt of this number."""
    attempt: int = 0
    is_asking: bool = False
    is_heard: bool = False
    held: frozenset[int] = frozenset()
    most: int = 0
    _before: set[int] = field(default_factory=set)
    _now: set[int] = field(default_factory=set)

    def connected(self) -> None:
        """Begin on a new connection: of what the last one was given nobody knows what arrived."""
        self.attempt += 1
        self._before |= self._now
        self._now = set()

    def told(self, held: frozenset[int]) -> None:
        """The server says what it holds: what it does not name of earlier connections is lost."""
        self.held = held
        self.is_asking, self.is_heard = False, True
        self.most = max(self.most, len(held))
        self._before = set()

    def next(self) -> int | None:
        """The block to send now: first what was never sent, then what may be lost, of that the last first, since what
        was under way when a link broke is lost most likely. None when the window is full, or everything was sent on
        this connection or is there.
        """
        if self.is_asking or len(self._now - self.held) >= WINDOW + len(self._now & self.held):
            return None
        number = next(self._missing(self._before), None)
        if number is None:
            number = max(self._missing(set()), default=None)
        if number is not None:
            self._now.add(number)
        return number

    @property
    def is_sent(self) -> bool:
        """Whether the server holds every block, or was given it on this connection."""
        return next(self._missing(set()), None) is None

    def block(self, number: int) -> bytes:
        """A block as it goes up."""
        return bytes((number,)) + self.body[number * BLOCK : (number + 1) * BLOCK]

    def _missing(self, doubtful: set[int]) -> Iterator[int]:
        given = self.held | self._now | doubtful
        return (number for number in range(-(-len(self.body) // BLOCK)) if number not in given)
