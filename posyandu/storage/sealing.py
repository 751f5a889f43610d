"""What only some may read: an envelope that the holders of a few secret keys open, and the box those keys lie in.

An envelope has one random key for its content, and that key sealed to each reader with HPKE (RFC 9180: X25519,
HKDF-SHA256, ChaCha20-Poly1305). It is bound to the record it belongs to, so that it opens nowhere else, and padded, so
that its length tells little. A reader's secret key lies in the book under a key stretched from her PIN alone: who has
the book open still needs the PIN, and a restored book needs no more than that.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from posyandu.domain.errors import BadInput
from posyandu.storage import keys
from posyandu.storage.key_file import Box, Cost
from posyandu.text import _

STEP_BYTES = 1024
"""Contents are filled up to a multiple of this."""
MOST_BYTES = 7 * STEP_BYTES
"""The longest content: with its wraps it still travels in one batch."""

_VERSION = 1
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_HEAD = struct.Struct(">BB")
_NAME, _WRAP, _NONCE, _TAG, _LENGTH = 8, 32 + 32 + 16, 12, 16, 4
_WHAT = b"posyandu sealed 1\0"


@dataclass(frozen=True, repr=False)
class ReaderKey:
    """A reader's secret key, open. It is never written anywhere and shows nothing of itself."""

    secret: bytes

    @property
    def public(self) -> bytes:
        """The key others seal to."""
        return X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()


def new_key() -> ReaderKey:
    """A new reader's key."""
    return ReaderKey(X25519PrivateKey.generate().private_bytes_raw())


def fingerprint(public: bytes) -> str:
    """Twelve digits by which two people compare a public key aloud: "4821 7730 1956"."""
    number = int.from_bytes(hashlib.sha256(b"posyandu fingerprint 1\0" + public).digest()[:8]) % 10**12
    digits = f"{number:012}"
    return " ".join(digits[start : start + 4] for start in (0, 4, 8))


def seal(content: bytes, readers: Sequence[bytes], bound: bytes) -> str:
    """The envelope, as text, that each holder of these public keys opens for the record `bound` names.

    Raises BadInput without a reader and for a content that is too long.
    """
    if not readers:
        raise BadInput(_("Belum ada yang dapat membuka bagian rahasia. Sampaikan langsung kepada bidan."))
    if len(content) + _LENGTH > MOST_BYTES:
        raise BadInput(_("Tulisan terlalu panjang. Ringkas dahulu."))
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(_NONCE)
    filled = len(content).to_bytes(_LENGTH) + content
    filled += b"\0" * (-len(filled) % STEP_BYTES)
    wraps = b"".join(_wrap(key, reader, bound) for reader in dict.fromkeys(readers))
    head = _HEAD.pack(_VERSION, len(set(readers)))
    body = ChaCha20Poly1305(key).encrypt(nonce, filled, _WHAT + bound)
    return base64.b64encode(head + wraps + nonce + body).decode()


def unseal(envelope: str, reader: ReaderKey, bound: bytes, more: Iterable[str] = ()) -> bytes:
    """The content, for one of its readers; `more` are wraps that were added since.

    Raises BadInput, telling nothing of the content, when it is not for this reader, damaged, or of another record.
    """
    wraps, nonce, body = _parts(envelope)
    key = _content_key((*wraps, *map(_decoded, more)), reader, bound)
    try:
        filled = ChaCha20Poly1305(key).decrypt(nonce, body, _WHAT + bound)
    except InvalidTag:
        raise BadInput(_damaged()) from None
    length = int.from_bytes(filled[:_LENGTH])
    return filled[_LENGTH : _LENGTH + length]


def wrap_for(envelope: str, reader: ReaderKey, bound: bytes, other: bytes, more: Iterable[str] = ()) -> str:
    """The envelope's key sealed to one more public key, by somebody who can open it; as text. Raises BadInput."""
    wraps, _nonce, _body = _parts(envelope)
    key = _content_key((*wraps, *map(_decoded, more)), reader, bound)
    return base64.b64encode(_wrap(key, other, bound)).decode()


def is_for(envelope: str, public: bytes, more: Iterable[str] = ()) -> bool:
    """Whether this public key is among the readers."""
    wraps, _nonce, _body = _parts(envelope)
    return any(wrap[:_NAME] == _name_of(public) for wrap in (*wraps, *map(_decoded, more)))


def lock(key: ReaderKey, pin: str, cost: Cost, bound: bytes) -> dict[str, object]:
    """The secret key under this PIN, as JSON values. Raises BadInput for a weak PIN."""
    return {"cost": cost._asdict(), **keys.seal_by_pin(key.secret, pin, cost, bound)._asdict()}


def unlock(box: dict[str, object], pin: str, bound: bytes) -> ReaderKey | None:
    """The secret key, or None when it lies under another PIN."""
    told = dict(box)
    cost = told.pop("cost")
    assert isinstance(cost, dict)
    secret = keys.open_by_pin(Box(**{name: str(part) for name, part in told.items()}), pin, Cost(**cost), bound)
    return ReaderKey(secret) if secret is not None else None


def _wrap(key: bytes, reader: bytes, bound: bytes) -> bytes:
    return _name_of(reader) + _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(reader), _WHAT + bound)


def _content_key(wraps: Iterable[bytes], reader: ReaderKey, bound: bytes) -> bytes:
    own = _name_of(reader.public)
    for wrap in wraps:
        if wrap[:_NAME] == own:
            try:
                key = _SUITE.decrypt(wrap[_NAME:], X25519PrivateKey.from_private_bytes(reader.secret), _WHAT + bound)
            except (InvalidTag, ValueError):
                raise BadInput(_damaged()) from None
            return bytes(key)
    raise BadInput(_("Bagian rahasia ini tidak disegel untuk kunci Anda. Minta pembaca lain membagikannya."))


def _parts(envelope: str) -> tuple[tuple[bytes, ...], bytes, bytes]:
    raw = _decoded(envelope)
    if len(raw) < _HEAD.size:
        raise BadInput(_damaged())
    version, count = _HEAD.unpack_from(raw)
    if version > _VERSION:
        raise BadInput(_("Bagian rahasia ini dari Posyandu versi lebih baru. Pasang versi terbaru."))
    each = _NAME + _WRAP
    start = _HEAD.size + count * each
    if version != _VERSION or len(raw) < start + _NONCE + _TAG:
        raise BadInput(_damaged())
    wraps = tuple(raw[_HEAD.size + place * each : _HEAD.size + (place + 1) * each] for place in range(count))
    return wraps, raw[start : start + _NONCE], raw[start + _NONCE :]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise BadInput(_damaged()) from None


def _name_of(public: bytes) -> bytes:
    return hashlib.sha256(b"posyandu sealed reader 1\0" + public).digest()[:_NAME]


def _damaged() -> str:
    return _("Bagian rahasia ini rusak atau bukan milik catatan ini.")
