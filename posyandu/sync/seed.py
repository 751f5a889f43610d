"""A seed: everything of some posts in one sealed file, by which a new laptop works the same day without a network.

The new laptop first writes a request, with its public key and the code the officer gave; whoever makes the seed, the
server or another laptop of the village, seals it to that key and proves with the code that it answers this request.
Inside are replies as over the network: the feeds from their beginning, in a chain that goes on with the next sync.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posyandu.domain.change import canonical_json
from posyandu.domain.errors import BadInput
from posyandu.sync.sealed import SEED, open_file, seal_file
from posyandu.text import _

MAX_SEED = 64 * 1024 * 1024
REQUEST_SUFFIX = ".posyandu-minta"
_ENROL = b"posyandu-enrol-1\0"
_PROOF = b"posyandu-seed-1\0"


@dataclass(frozen=True)
class Wish:
    """What a new laptop asks with: its id and public key, the code, and the whole request as it was written."""

    device: str
    key: bytes
    code: str
    body: bytes


@dataclass(frozen=True)
class Seed:
    """What a seed says of itself: when it was made, the key its replies are signed with, whether it is for practice;
    from a server also its answer to the enrolment and its address.
    """

    at_ms: int
    key: bytes
    practice: bool
    answer: dict[str, object] | None = None
    url: str = ""


def read_wish(body: bytes) -> Wish:
    """The request in a file of a new laptop, which has proved that it holds its key. Raises BadInput."""
    try:
        told = orjson.loads(body)
        signature = bytes.fromhex(told.pop("sig"))
        key = bytes.fromhex(told["key"])
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _ENROL + canonical_json(told))
        return Wish(str(told["dev"]), key, str(told["code"]), body)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError, InvalidSignature) as error:
        raise BadInput(_("Ini bukan berkas permintaan laptop baru. Buat lagi di laptop itu.")) from error


def write_seed(seed: Seed, replies: Sequence[bytes], wish: Wish) -> bytes:
    """The file only the laptop that wished for it can open and believe."""
    head = orjson.dumps(
        {
            "p": 1,
            "at": seed.at_ms,
            "key": seed.key.hex(),
            "practice": seed.practice,
            "answer": seed.answer,
            "url": seed.url,
        }
    )
    return seal_file(SEED, [head, _proof(head, wish.code), *replies], wish.key)


def read_seed(file: bytes, secret: bytes, code: str) -> tuple[Seed, tuple[bytes, ...]]:
    """The seed and its replies, for the laptop with this secret key that asked with this code.

    Raises BadInput with a sentence when the file is torn, damaged, foreign or answers another request.
    """
    opened = open_file(file, secret, [SEED], most=MAX_SEED)
    try:
        head, proof, *replies = opened.parts
        told = orjson.loads(head)
        seed = Seed(
            int(told["at"]), bytes.fromhex(told["key"]), bool(told["practice"]), told["answer"], str(told["url"])
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(_("Berkas ini rusak. Buat dan salin ulang.")) from error
    if not hmac.compare_digest(proof, _proof(head, code)):
        raise BadInput(_("Berkas ini bukan jawaban atas permintaan terakhir laptop ini. Minta yang baru."))
    return seed, tuple(replies)


def _proof(head: bytes, code: str) -> bytes:
    """That whoever wrote this head knows the code of the request."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.digest(hashlib.sha256(_PROOF + letters.encode()).digest(), _PROOF + head, "sha256")
