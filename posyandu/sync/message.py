"""What one exchange carries, both ways: a signed head of JSON and the batches, in one zstd frame.

Body: zstd(signature 64 bytes, length of the head 4 bytes big-endian, head, batches end to end). The signature is
Ed25519 over a purpose and everything after it. Every message may arrive late, twice or never. See docs/sync.md.
"""

import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

import orjson
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posyandu.domain.change import MAX_INTEGER
from posyandu.domain.errors import BadInput
from posyandu.sync.batch import MAX_PACKED, unpack

MAX_BODY = 64 * 1024
"""The largest request body, packed."""
MAX_OPENED = 4 * 1024 * 1024
"""The largest message, opened."""
MAX_REPLY = 2 * 1024 * 1024
MAX_IDS = 200
MAX_AREAS = 400
"""How many posts one device may cover: several puskesmas."""
MOST_PARTS = 20_000
"""Commas in the head of what is not believed yet. An honest one of 64 KiB has less than a third: of each id 32 bytes
cannot be packed. A hostile one of 600 bytes would otherwise be read for half a second.
"""
START_DIGEST = "0" * 64
CONTENT_TYPE = "application/vnd.posyandu.sync+zstd"
BADGE = "Posyandu-Badge"
"""The header a laptop shows the last `Reply.badge` in."""

APPLIED, PARTLY, QUARANTINED, DEFERRED, REFUSED = "terap", "sebagian", "karantina", "tunda", "ditolak"
LOOK = "periksa"

_REQUEST = b"posyandu-sync-1\0"
_REPLY = b"posyandu-reply-1\0"
_LETTER = b"posyandu-letter-1\0"
_PREFIX = 64 + 4


class OtherVersion(BadInput):
    """A message of a protocol version this side does not speak."""


@dataclass(frozen=True)
class Cursor:
    """How far a laptop has read the feed of a posyandu: the server's epoch, the number and the chained digest there."""

    epoch: str = ""
    g: int = 0
    digest: str = START_DIGEST


@dataclass(frozen=True)
class Ask:
    """What a laptop asks about one posyandu: what comes after `cursor`, whether the server holds the `unconfirmed`
    batches, and the bytes of the `wanted` ones.
    """

    scope: str
    cursor: Cursor
    unconfirmed: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Request:
    """One exchange as the laptop sends it. `regency` is where the device is enrolled; `nonce` is used once.

    `most` asks for no more than about so many bytes of feed in the reply; 0 leaves it to the server.
    """

    regency: str
    device: str
    incarnation: str
    nonce: str
    app: str
    asks: tuple[Ask, ...]
    batches: tuple[bytes, ...]
    most: int = 0


@dataclass(frozen=True)
class Entry:
    """One number of a feed: which batch, and its bytes unless the asking device wrote it."""

    g: int
    batch: str
    packed: bytes | None


@dataclass(frozen=True)
class Slice:
    """The feed of one posyandu after `start` (the cursor as it was sent) up to `end`.

    `reset`: the server does not know that cursor, begin again; `denied`: not this device's area; `missing`: offered
    batches the server does not hold; `given`: the bytes asked for.
    """

    scope: str
    start: Cursor
    end: Cursor
    entries: tuple[Entry, ...] = ()
    more: bool = False
    reset: bool = False
    denied: bool = False
    missing: tuple[str, ...] = ()
    given: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The receipt for one batch: its state, why, and the saves in it that are not plainly applied, with the reason."""

    batch: str
    state: str
    reason: str = ""
    ops: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """The server's answer to the request with this `nonce`.

    `split` is the asking incarnation when two different batches under one of its sequence numbers are known: a
    restored or cloned copy of the book writes too. `keys` are the public keys of the devices whose batches are in it.
    `reads` is what packing of batches the server reads (`sync/tight.py`), `app` its version; "" before 0.2.0. `badge`
    is what the laptop shows from now on before it is read, "" for the one it has (`server/badges.py`).
    """

    epoch: str
    nonce: str
    at_ms: int
    slices: tuple[Slice, ...]
    verdicts: tuple[Verdict, ...]
    split: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    reads: int = 1
    app: str = ""
    badge: str = ""


def close_book_order(device: str) -> bytes:
    """What a server signs to have a lost laptop close its book; good for this device alone, and for ever."""
    return b"posyandu-close-book-1\0" + device.encode()


@dataclass(frozen=True)
class Letter:
    """Batches that one laptop hands to another on a stick, without a server."""

    device: str
    batches: tuple[bytes, ...]


def write_request(request: Request, key: Ed25519PrivateKey) -> bytes:
    """The request as bytes, signed by the device."""
    head = {
        "p": 1,
        "kab": request.regency,
        "dev": request.device,
        "inc": request.incarnation,
        "nonce": request.nonce,
        "app": request.app,
        "areas": [
            {"pos": ask.scope, "cur": _cursor(ask.cursor), "unsafe": list(ask.unconfirmed), "want": list(ask.wanted)}
            for ask in request.asks
        ],
        "sizes": [len(packed) for packed in request.batches],
        **({"most": request.most} if request.most else {}),
    }
    return _write(head, request.batches, _REQUEST, key)


@dataclass(frozen=True)
class Sealed:
    """A message that is opened but not yet believed: check its signature with `believe`."""

    content: bytes
    purpose: bytes

    def believe(self, key: Ed25519PublicKey) -> bool:
        """Whether the holder of this key signed every byte."""
        try:
            key.verify(self.content[:64], self.purpose + hashlib.sha256(self.content[64:]).digest())
        except InvalidSignature:
            return False
        return True


def read_request(body: bytes) -> tuple[Request, Sealed]:
    """The request in a body, and what is needed to check who signed it. Raises BadInput, saying why."""
    if len(body) > MAX_BODY:
        raise BadInput("kiriman terlalu besar")
    content = unpack(body, MAX_OPENED)
    head, blobs = _read(content, MOST_PARTS)
    if type(head.get("p")) is not int or head["p"] != 1:
        raise OtherVersion("versi kiriman tidak dikenal")
    request = Request(
        regency=_text(head, "kab", 16),
        device=_text(head, "dev", 64),
        incarnation=_text(head, "inc", 16),
        nonce=_text(head, "nonce", 64),
        app=_text(head, "app", 40),
        asks=tuple(
            Ask(_text(area, "pos", 64), _read_cursor(area.get("cur")), _ids(area, "unsafe"), _ids(area, "want"))
            for area in _dicts(head, "areas", MAX_AREAS)
        ),
        batches=tuple(blobs),
        most=_amount(head, "most"),
    )
    return request, Sealed(content, _REQUEST)


def write_reply(reply: Reply, key: Ed25519PrivateKey) -> bytes:
    """The reply as bytes, signed by the server: it is the receipt for the batches it names."""
    blobs: list[bytes] = []

    def place(packed: bytes | None) -> int | None:
        if packed is None:
            return None
        blobs.append(packed)
        return len(blobs) - 1

    areas = [
        {
            "pos": each.scope,
            "from": _cursor(each.start),
            "cur": _cursor(each.end),
            "feed": [[entry.g, entry.batch, place(entry.packed)] for entry in each.entries],
            "more": each.more,
            "reset": each.reset,
            "denied": each.denied,
            "missing": list(each.missing),
            "given": [[batch, place(packed)] for batch, packed in each.given.items()],
        }
        for each in reply.slices
    ]
    head = {
        "p": 1,
        "epoch": reply.epoch,
        "re": reply.nonce,
        "time": reply.at_ms,
        "areas": areas,
        "status": [
            {"id": each.batch, "state": each.state, "why": each.reason, "ops": dict(each.ops)}
            for each in reply.verdicts
        ],
        "fork": reply.split,
        "keys": dict(reply.keys),
        "reads": reply.reads,
        "app": reply.app,
        **({"badge": reply.badge} if reply.badge else {}),
        "sizes": [len(blob) for blob in blobs],
    }
    return _write(head, blobs, _REPLY, key)


def read_reply(body: bytes, key: Ed25519PublicKey) -> Reply:
    """The reply in a body, believed. Raises BadInput when it is none, or not signed by this server."""
    if len(body) > MAX_REPLY:
        raise BadInput("jawaban terlalu besar")
    content = unpack(body, MAX_OPENED)
    head, blobs = _read(content, MAX_OPENED)
    if not Sealed(content, _REPLY).believe(key):
        raise BadInput("jawaban tidak ditandatangani server")
    try:
        return _reply(head, blobs)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadInput("jawaban server tidak lengkap") from error


def write_letter(letter: Letter, key: Ed25519PrivateKey) -> bytes:
    """The letter as bytes, signed by the laptop that hands it over."""
    head = {"p": 1, "dev": letter.device, "sizes": [len(packed) for packed in letter.batches]}
    return _write(head, letter.batches, _LETTER, key)


def read_letter(body: bytes) -> tuple[Letter, Sealed]:
    """The letter in a body, and what is needed to check who signed it. Raises BadInput, saying why."""
    content = unpack(body, MAX_OPENED)
    head, blobs = _read(content, MOST_PARTS)
    if type(head.get("p")) is not int or head["p"] != 1:
        raise OtherVersion("versi kiriman tidak dikenal")
    return Letter(_text(head, "dev", 64), tuple(blobs)), Sealed(content, _LETTER)


def next_digest(digest: str, batch: str) -> str:
    """D_g = SHA-256(D_{g-1} followed by the batch id)."""
    return hashlib.sha256(bytes.fromhex(digest) + bytes.fromhex(batch)).hexdigest()


def is_chained(part: Slice) -> bool:
    """Whether the entries follow `start` without a gap and lead to the digest of `end`."""
    g, digest = part.start.g, part.start.digest
    for entry in part.entries:
        if entry.g != g + 1:
            return False
        g, digest = entry.g, next_digest(digest, entry.batch)
    return (part.end.g, part.end.digest) == (g, digest)


def after(part: Slice, cursor: Cursor) -> Slice:
    """The slice as it goes on from `cursor`, when it begins earlier and its own chain leads through that place.

    A reply that comes late, or on a stick, begins where the laptop was when it asked. Otherwise the slice unchanged.
    """
    if part.start.g >= cursor.g or part.end.epoch != cursor.epoch or part.reset or part.denied:
        return part
    digest = part.start.digest
    for place, entry in enumerate(part.entries):
        digest = next_digest(digest, entry.batch)
        if entry.g == cursor.g:
            rest = part.entries[place + 1 :]
            return replace(part, start=cursor, entries=rest) if digest == cursor.digest else part
    return part


class Course(Enum):
    """What a slice does to a laptop's cursor."""

    STAY = "stay"
    ADVANCE = "advance"
    START_OVER = "start over"


def course(part: Slice, cursor: Cursor) -> tuple[Course, Slice]:
    """What a laptop whose cursor is here does with a slice (R2, R4), and the slice as it goes on from there.

    The cursor moves only when the slice begins where it stands and its digests chain to its end.
    """
    part = after(part, cursor)
    if part.denied or not (part.start == cursor or (part.start.g == 0 and cursor.g == 0)):
        return Course.STAY, part
    if part.reset:
        return Course.START_OVER, part
    return Course.ADVANCE if is_chained(part) else Course.STAY, part


def is_place(cursor: Cursor, epoch: str, digest_at: Callable[[int], str | None]) -> bool:
    """Whether a cursor is a place in the feed of this epoch; otherwise the server, or the laptop, went back.

    `digest_at`: the digest at a number of the feed, None beyond its end.
    """
    if cursor.g == 0:
        return cursor.epoch in ("", epoch) and cursor.digest == START_DIGEST
    return cursor.epoch == epoch and digest_at(cursor.g) == cursor.digest


def _write(head: object, blobs: Iterable[bytes], purpose: bytes, key: Ed25519PrivateKey) -> bytes:
    text = orjson.dumps(head)
    rest = b"".join((struct.pack(">I", len(text)), text, *blobs))
    signature = key.sign(purpose + hashlib.sha256(rest).digest())
    return zstandard.ZstdCompressor(level=3).compress(signature + rest)


def _read(content: bytes, most: int) -> tuple[dict[str, object], list[bytes]]:
    """The head, of at most so many parts, and what comes after it."""
    if len(content) < _PREFIX:
        raise BadInput("kiriman terpotong")
    (length,) = struct.unpack(">I", content[64:_PREFIX])
    if _PREFIX + length > len(content):
        raise BadInput("kiriman terpotong")
    if content.count(b",", _PREFIX, _PREFIX + length) > most:
        raise BadInput("kepala kiriman terlalu panjang")
    try:
        head = orjson.loads(content[_PREFIX : _PREFIX + length])
    except orjson.JSONDecodeError as error:
        raise BadInput("kepala kiriman bukan JSON") from error
    if not isinstance(head, dict):
        raise BadInput("kepala kiriman bukan objek")
    sizes = head.get("sizes")
    if not isinstance(sizes, list) or not all(type(size) is int and 0 < size <= MAX_PACKED for size in sizes):
        raise BadInput("ukuran paket salah")
    at = _PREFIX + length
    if at + sum(sizes) != len(content):
        raise BadInput("panjang kiriman tidak cocok")
    blobs = []
    for size in sizes:
        blobs.append(content[at : at + size])
        at += size
    return head, blobs


def _cursor(cursor: Cursor) -> list[object]:
    return [cursor.epoch, cursor.g, cursor.digest]


def _read_cursor(value: object) -> Cursor:
    match value:
        case [str(epoch), int(g), str(digest)] if (
            len(epoch) <= 64 and type(g) is int and 0 <= g <= MAX_INTEGER and _is_id(digest)
        ):
            return Cursor(epoch, g, digest)
    raise BadInput("kursor salah")


def _is_id(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and not text.strip("0123456789abcdef")


def _text(body: Mapping[str, object], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise BadInput(f"bagian {name} salah")
    return value


def _amount(body: Mapping[str, object], name: str) -> int:
    value = body.get(name, 0)
    if type(value) is not int or not 0 <= value <= MAX_OPENED:
        raise BadInput(f"bagian {name} salah")
    return value


def _ids(body: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > MAX_IDS or not all(map(_is_id, value)):
        raise BadInput(f"bagian {name} salah")
    return tuple(value)


def _dicts(body: Mapping[str, object], name: str, most: int) -> list[dict[str, object]]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > most or not all(isinstance(item, dict) for item in value):
        raise BadInput(f"bagian {name} salah")
    return value


def _reply(head: Mapping[str, object], blobs: list[bytes]) -> Reply:
    """The parts of a signed head: the signer is trusted, so a missing part is a plain KeyError."""
    taken: Callable[[int | None], bytes | None] = lambda place: None if place is None else blobs[place]  # noqa: E731
    body: dict = head  # type: ignore[type-arg, assignment]
    return Reply(
        epoch=str(body["epoch"]),
        nonce=str(body["re"]),
        at_ms=int(body["time"]),
        slices=tuple(
            Slice(
                scope=str(area["pos"]),
                start=_read_cursor(area["from"]),
                end=_read_cursor(area["cur"]),
                entries=tuple(Entry(int(g), str(batch), taken(place)) for g, batch, place in area["feed"]),
                more=bool(area["more"]),
                reset=bool(area["reset"]),
                denied=bool(area["denied"]),
                missing=tuple(map(str, area["missing"])),
                given={str(batch): blobs[place] for batch, place in area["given"]},
            )
            for area in body["areas"]
        ),
        verdicts=tuple(
            Verdict(str(each["id"]), str(each["state"]), str(each["why"]), dict(each["ops"])) for each in body["status"]
        ),
        split=str(body["fork"]),
        keys={str(device): str(key) for device, key in body["keys"].items()},
        reads=int(body.get("reads", 1)),
        app=str(body.get("app", "")),
        badge=str(body.get("badge", "")),
    )
