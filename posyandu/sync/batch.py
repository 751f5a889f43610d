"""A batch: up to 200 saves of one posyandu, named by what it says and signed by the laptop that wrote it.

The header names every save by its id, so a save that must be erased by law can be replaced by its bare id and the
batch still verifies. File form: zstd(header, newline, signature, one line per save). See docs/sync.md.
"""

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import orjson
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posyandu import PROTOCOL
from posyandu.domain.change import MAX_INTEGER, Op, canonical_json, read_op
from posyandu.domain.erasing import takes
from posyandu.domain.errors import BadInput
from posyandu.sync.check import fault

MAX_OPS = 200
SEAL_BYTES = 12 * 1024
"""A batch is sealed at this packed size, so that a link that lives five seconds still carries it."""
MAX_PACKED = 48 * 1024
"""The largest packed batch anyone accepts; only a single very long save comes near it."""
MAX_UNPACKED = 1024 * 1024
ERASED = "dihapus"
"""The reason of a line that is only the id of a save that was erased."""
_SIGNATURE_BYTES = 64
_DOMAIN = b"posyandu-batch-1\0"
_TEXTS = {"dev": 64, "inc": 16, "prev": 64, "pos": 64, "area": 16, "oph": 64, "app": 40}


@dataclass(frozen=True)
class Header:
    """What the laptop signs: who wrote (`device`, `incarnation`, `sequence`, `previous` batch), for which posyandu
    (`scope`) in which village (`area`, region code), how many saves and the hash over their ids.
    """

    device: str
    incarnation: str
    sequence: int
    previous: str
    scope: str
    area: str
    count: int
    ops_hash: str
    app: str
    schema: int
    at_ms: int

    @cached_property
    def canonical(self) -> bytes:
        """The one byte form of the header: what is hashed and signed."""
        return canonical_json(
            {
                "p": PROTOCOL,
                "dev": self.device,
                "inc": self.incarnation,
                "seq": self.sequence,
                "prev": self.previous,
                "pos": self.scope,
                "area": self.area,
                "n": self.count,
                "oph": self.ops_hash,
                "app": self.app,
                "sch": self.schema,
                "t": self.at_ms,
            }
        )

    @cached_property
    def id(self) -> str:
        """The batch id: SHA-256 of the header, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()


class Line(NamedTuple):
    """One save in a batch: its id, its bytes, and either the op in it or the reason why there is none."""

    id: str
    text: bytes
    op: Op | None
    reason: str = ""


@dataclass(frozen=True)
class Batch:
    """A decoded batch. The signature is not yet checked: see `is_signed_by`."""

    header: Header
    signature: bytes
    texts: tuple[bytes, ...]
    ids: tuple[str, ...]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The saves in it; read when somebody asks."""
        return tuple(_read_lines(self.texts, self.ids, self.header.scope))

    @property
    def id(self) -> str:
        """The batch id."""
        return self.header.id


def seal(
    ops: Sequence[Op],
    key: Ed25519PrivateKey,
    *,
    device: str,
    incarnation: str,
    sequence: int,
    previous: str,
    area: str,
    app: str,
    schema: int,
    at_ms: int,
    level: int = 15,
) -> tuple[str, bytes]:
    """The id and file form of a batch of these ops, all of one posyandu."""
    scopes = {op.scope for op in ops}
    assert len(scopes) == 1
    assert len(ops) <= MAX_OPS
    header = Header(
        device=device,
        incarnation=incarnation,
        sequence=sequence,
        previous=previous,
        scope=scopes.pop(),
        area=area,
        count=len(ops),
        ops_hash=hash_of_ids(op.id for op in ops),
        app=app,
        schema=schema,
        at_ms=at_ms,
    )
    signature = key.sign(_DOMAIN + header.canonical)
    content = header.canonical + b"\n" + signature + b"\n".join(op.canonical for op in ops)
    return header.id, zstandard.ZstdCompressor(level=level).compress(content)


def hash_of_ids(ids: Iterable[str]) -> str:
    """SHA-256 over the ids (16 bytes each) in order, in hex."""
    return hashlib.sha256(bytes.fromhex("".join(ids))).hexdigest()


def decode(packed: bytes) -> Batch:
    """The batch in a file form. Raises BadInput, saying why, for anything that is not one.

    A single bad save inside never spoils the batch: its line carries the reason instead of an op. Memory is bounded
    by MAX_UNPACKED whatever the compressed frame claims.
    """
    if len(packed) > MAX_PACKED:
        raise BadInput("paket terlalu besar")
    content = unpack(packed, MAX_UNPACKED)
    header_text, newline, rest = content.partition(b"\n")
    if not newline or len(rest) < _SIGNATURE_BYTES:
        raise BadInput("paket terpotong")
    header = _read_header(header_text)
    texts = tuple(rest[_SIGNATURE_BYTES:].split(b"\n"))
    if not 0 < len(texts) == header.count <= MAX_OPS:
        raise BadInput("jumlah catatan dalam paket tidak cocok")
    ids = _ids(texts)
    if hash_of_ids(ids) != header.ops_hash:
        raise BadInput("isi paket tidak cocok dengan kepalanya")
    return Batch(header, rest[:_SIGNATURE_BYTES], texts, ids)


def header_of(packed: bytes) -> Header:
    """The header of a batch, without looking at what is in it. Raises BadInput."""
    return _read_header(unpack(packed, MAX_UNPACKED).partition(b"\n")[0])


def saves_named(packed: bytes) -> int:
    """How many saves a batch names in its header, erased ones too; 0 when it cannot be read."""
    try:
        return header_of(packed).count
    except BadInput:
        return 0


def saves_in(packed: bytes, scope: str, records: Set[str] | None = None) -> list[Op]:
    """The good saves in a batch that was believed when it came; only of these records, if they are named."""
    texts = unpack(packed, MAX_UNPACKED).partition(b"\n")[2][_SIGNATURE_BYTES:].split(b"\n")
    named = [text for text in texts if records is None or _names(text, records)]
    return [line.op for line in _read_lines(named, _ids(named), scope) if line.op is not None]


def without(packed: bytes, heads: Set[str], records: Set[str], rewritten: Set[str] | None = None) -> tuple[bytes, int]:
    """The batch with these saves (short ids) of these records as bare ids, and how many were in it.

    A save of a record that was not erased stays, whoever names it; but for those written anew (see `erasing.takes`). No
    erasure goes.
    """
    head, _newline, rest = unpack(packed, MAX_UNPACKED).partition(b"\n")
    texts = rest[_SIGNATURE_BYTES:].split(b"\n")
    ids = [hashlib.sha256(text).hexdigest()[:32] for text in texts]
    going = [save[:16] in heads and _is_taken(text, records, rewritten) for save, text in zip(ids, texts, strict=True)]
    if not any(going):
        return packed, 0
    lines = (b'"%s"' % save.encode() if gone else text for save, text, gone in zip(ids, texts, going, strict=True))
    content = head + b"\n" + rest[:_SIGNATURE_BYTES] + b"\n".join(lines)
    return zstandard.ZstdCompressor(level=9).compress(content), sum(going)


def together(one: bytes, other: bytes) -> tuple[bytes, int]:
    """Two forms of one batch as one, saves that are bare ids in either taken from the other, and how many it holds."""
    head, _newline, rest = unpack(one, MAX_UNPACKED).partition(b"\n")
    others = unpack(other, MAX_UNPACKED).partition(b"\n")[2][_SIGNATURE_BYTES:].split(b"\n")
    pairs = zip(rest[_SIGNATURE_BYTES:].split(b"\n"), others, strict=True)
    lines = [there if here.startswith(b'"') else here for here, there in pairs]
    content = head + b"\n" + rest[:_SIGNATURE_BYTES] + b"\n".join(lines)
    return zstandard.ZstdCompressor(level=9).compress(content), sum(not line.startswith(b'"') for line in lines)


def _is_taken(text: bytes, records: Set[str], rewritten: Set[str] | None) -> bool:
    try:
        body = _loads(text, "catatan")
    except BadInput:
        return False
    return isinstance(body, dict) and takes(str(body.get("e")), str(body.get("r")), records, rewritten)


def _names(text: bytes, records: Set[str]) -> bool:
    """Whether a line may be a save of one of these records: a quick look before the thorough one."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return isinstance(body, dict) and body.get("r") in records


def is_signed_by(batch: Batch, key: Ed25519PublicKey) -> bool:
    """Whether the holder of this key signed the batch."""
    try:
        key.verify(batch.signature, _DOMAIN + batch.header.canonical)
    except InvalidSignature:
        return False
    return True


def unpack(packed: bytes, limit: int, dictionary: zstandard.ZstdCompressionDict | None = None) -> bytes:
    """Decompress one zstd frame of at most `limit` bytes. Raises BadInput.

    `decompress(max_output_size=)` ignores its limit when the frame declares a size, so the declared size is checked
    first and the content is read through a stream that stops at the limit.
    """
    try:
        parameters = zstandard.get_frame_parameters(packed)
        if parameters.window_size > max(limit, 1024 * 1024):
            raise BadInput("kompresi memerlukan memori terlalu besar")
        declared = parameters.content_size
        if declared not in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) and declared > limit:
            raise BadInput("isi terlalu besar setelah dibuka")
        source = io.BytesIO(packed)
        opener = zstandard.ZstdDecompressor(dict_data=dictionary)
        with opener.stream_reader(source, read_size=max(len(packed), 1)) as reader:
            content = reader.read(limit + 1)
        if len(content) > limit:
            raise BadInput("isi terlalu besar setelah dibuka")
        if declared not in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) and len(content) != declared:
            raise BadInput("kompresi terpotong")
    except (zstandard.ZstdError, MemoryError) as error:
        raise BadInput("kompresi rusak") from error
    return content


def _read_header(text: bytes) -> Header:
    body = _loads(text, "kepala paket")
    if not isinstance(body, dict) or body.get("p") != PROTOCOL or type(body["p"]) is not int:
        raise BadInput("versi paket tidak dikenal")
    if set(body) != {"p", "seq", "n", "sch", "t", *_TEXTS}:
        raise BadInput("bagian kepala paket kurang atau lebih")
    for name, longest in _TEXTS.items():
        if not isinstance(body[name], str) or len(body[name]) > longest or "\0" in body[name]:
            raise BadInput("tulisan pada kepala paket salah")
    if not body["dev"] or not body["inc"] or not body["pos"]:
        raise BadInput("kepala paket tidak lengkap")
    for name in ("seq", "n", "sch", "t"):
        if type(body[name]) is not int or not 0 <= body[name] <= MAX_INTEGER:
            raise BadInput("angka pada kepala paket salah")
    header = Header(
        device=body["dev"],
        incarnation=body["inc"],
        sequence=body["seq"],
        previous=body["prev"],
        scope=body["pos"],
        area=body["area"],
        count=body["n"],
        ops_hash=body["oph"],
        app=body["app"],
        schema=body["sch"],
        at_ms=body["t"],
    )
    if orjson.dumps(body, option=orjson.OPT_SORT_KEYS) != text or not _is_normal(text):
        raise BadInput("kepala paket tidak baku")
    header.__dict__["canonical"] = text  # spares encoding again what was compared
    return header


def _ids(texts: Sequence[bytes]) -> tuple[str, ...]:
    """The ids of the saves on these lines; an erased save is only its id as a JSON string."""
    return tuple(
        [hashlib.sha256(text).hexdigest()[:32] if text.startswith(b"{") else _id_of_odd(text) for text in texts]
    )


def _id_of_odd(text: bytes) -> str:
    try:
        body = _loads(text, "catatan")
    except BadInput:
        body = None
    is_bare = isinstance(body, str) and len(body) == 32 and set(body) <= set("0123456789abcdef")
    return str(body) if is_bare else hashlib.sha256(text).hexdigest()[:32]


def _read_lines(texts: Sequence[bytes], ids: Sequence[str], scope: str) -> list[Line]:
    """The lines of a batch: parsed together, or one by one when anything in them is odd."""
    try:
        return _read_together(texts, ids, scope)
    except BadInput:
        return [_read_line(text, save, scope) for text, save in zip(texts, ids, strict=True)]


def _read_together(texts: Sequence[bytes], ids: Sequence[str], scope: str) -> list[Line]:
    """The lines of a batch where all are good saves in their one byte form. Raises BadInput where one is not.

    No JSON text goes on over a line break, and in a good save nothing that begins with a brace follows a comma: so the
    comma put between two lines divides two saves.
    """
    if not all(text.startswith(b"{") for text in texts):
        raise BadInput("catatan bukan objek")
    bodies = _loads(b"[" + b",\n".join(texts) + b"]", "catatan")
    if not isinstance(bodies, list) or len(bodies) != len(texts):
        raise BadInput("catatan bukan JSON")
    if orjson.dumps(bodies, option=orjson.OPT_SORT_KEYS) != b"[" + b",".join(texts) + b"]":
        raise BadInput("catatan tidak baku")
    return [_line(*each, scope) for each in zip(bodies, texts, ids, strict=True)]


def _read_line(text: bytes, save: str, scope: str) -> Line:
    """One line of a batch, with its id."""
    try:
        body = _loads(text, "catatan")
        if isinstance(body, str):
            if body == save:
                return Line(save, text, None, ERASED)
            raise BadInput("catatan bukan objek")
        line = _line(body, text, save, scope)
        if orjson.dumps(body, option=orjson.OPT_SORT_KEYS) != text:
            raise BadInput("catatan tidak baku")
    except BadInput as error:
        return Line(save, text, None, str(error))
    return line


def _line(body: object, text: bytes, save: str, scope: str) -> Line:
    """The line with the save in this body. Raises BadInput, saying what is wrong with it."""
    op = read_op(body)
    if not _is_normal(text):
        raise BadInput("tulisan pada catatan tidak baku")
    if op.scope != scope:
        raise BadInput("catatan milik posyandu lain")
    known = op.__dict__
    known["canonical"], known["id"] = text, save  # spares encoding again what the caller compares
    if reason := fault(op):
        raise BadInput(reason)
    return Line(save, text, op)


def _is_normal(text: bytes) -> bool:
    return text.isascii() or unicodedata.is_normalized("NFC", text.decode())


def _loads(text: bytes, what: str) -> object:
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{what} bukan JSON") from error
    return value
