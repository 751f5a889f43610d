"""A file for a stick or an attachment that one reader alone can open: RFC 9180 (HPKE) over X25519.

File: mark, kind, whom it is for, length, box. Whoever finds the stick learns that it is from Posyandu and how long it
is, nothing else. The reader's X25519 key is his Ed25519 key in its other form, so that the keys laptops and server
know of each other since enrolment serve for this too. Who wrote it is proved inside, by signatures.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from posyandu.domain.errors import BadInput
from posyandu.text import _

TO_SERVER, FROM_SERVER, TO_LAPTOP, SEED = 1, 2, 3, 4
MAX_FILE = 300_000
"""The largest file written and read: it fits every mail box and every stick."""
MAX_PARTS = 300_000 - 200
"""How many bytes of parts fit in one file, each counted with `PART_ROOM` more."""
PART_ROOM = 4
SUFFIX = ".posyandu"

_MARK = b"POSYANDU KIRIM 1"
_HEAD = struct.Struct(f">{len(_MARK)}sB16sI")
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PRIME = 2**255 - 19


@dataclass(frozen=True)
class Opened:
    """What was in a file: its kind and its parts."""

    kind: int
    parts: tuple[bytes, ...]


def seal_file(kind: int, parts: Sequence[bytes], reader: bytes) -> bytes:
    """The file with these parts that only the holder of this Ed25519 public key can open."""
    content = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    box_bytes = len(content) + 32 + 16
    head = _HEAD.pack(_MARK, kind, _name_of(reader), box_bytes)
    return head + _SUITE.encrypt(content, X25519PublicKey.from_public_bytes(_other_form(reader)), head)


def open_file(file: bytes, secret: bytes, kinds: Sequence[int], most: int = MAX_FILE) -> Opened:
    """The parts of a file of one of these kinds, opened with the reader's secret Ed25519 key.

    Raises BadInput with a sentence for people when it is torn, damaged, somebody else's, or no such file.
    """
    if not file or not _MARK.startswith(file[: len(_MARK)]):
        raise BadInput(_("Berkas ini kosong. Buat dan salin ulang.") if not file else _foreign())
    if len(file) > most:
        raise BadInput(_foreign())
    if len(file) < _HEAD.size:
        raise BadInput(_torn())
    _mark, kind, name, box_bytes = _HEAD.unpack_from(file)
    if len(file) < _HEAD.size + box_bytes:
        raise BadInput(_torn())
    key = Ed25519PrivateKey.from_private_bytes(secret)
    if name != _name_of(key.public_key().public_bytes_raw()):
        raise BadInput(_("Berkas ini untuk laptop atau server lain. Bawa ke tujuannya."))
    if kind not in kinds:
        raise BadInput(_("Berkas ini untuk arah sebaliknya. Pilih berkas balasannya."))
    own = X25519PrivateKey.from_private_bytes(hashlib.sha512(secret).digest()[:32])
    try:
        content = _SUITE.decrypt(file[_HEAD.size :], own, file[: _HEAD.size])
    except (InvalidTag, ValueError) as error:
        raise BadInput(_("Berkas ini rusak. Buat dan salin ulang.")) from error
    return Opened(kind, tuple(_parts(content)))


def read_bounded(source: Path, most: int = MAX_FILE) -> bytes:
    """The content of a chosen file, at most a byte more than a file of ours may have. Raises BadInput."""
    try:
        with source.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise BadInput(_("Berkas tidak dapat dibaca. Periksa flashdisk, lalu coba lagi.")) from error


def _parts(content: bytes) -> list[bytes]:
    parts = []
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at : at + PART_ROOM])
        part = content[at + PART_ROOM : at + PART_ROOM + length]
        if not part or len(part) != length:
            raise BadInput(_("Berkas ini rusak. Buat dan salin ulang."))
        parts.append(part)
        at += PART_ROOM + length
    return parts


def _other_form(public: bytes) -> bytes:
    """The X25519 form of an Ed25519 public key: u = (1 + y) / (1 - y) (RFC 7748, section 4.1)."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    u = (1 + y) * pow(1 - y, -1, _PRIME) % _PRIME
    return u.to_bytes(32, "little")


def _name_of(public: bytes) -> bytes:
    return hashlib.sha256(b"posyandu-reader-1\0" + public).digest()[:16]


def _torn() -> str:
    return _("Berkas ini terpotong. Salin ulang dari asalnya.")


def _foreign() -> str:
    return _("Ini bukan berkas kiriman Posyandu.")
