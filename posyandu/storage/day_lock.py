"""The second lock of a book: five words on a card that is kept apart from the laptop, asked once a day.

Whoever stole the whole disk could try six digits at leisure. With this lock on, each PIN slot lies in another box whose
key only the words of the card open: without them there is nothing to try PINs on. Once typed, that key is held in
memory until the program ends or half a day has passed by either clock, so that a kader's turn costs a PIN alone.
Cryptography, hashes too, is loaded when a key or a box is touched: the lock screen asks here before it is painted.
"""

import base64
import os
import time
from collections.abc import Callable

from posyandu.domain.errors import Locked
from posyandu.storage.key_file import DayLock, KeyFile, Slot
from posyandu.text import _

HELD_SECONDS = 12 * 3600

Clock = Callable[[], float]
_held: dict[str, tuple[bytes, float, float]] = {}


class DayWordsNeeded(Locked):
    """The words of the card were not typed today."""


def new_day_key() -> bytes:
    """A new key for the second lock."""
    return os.urandom(32)


def mark_of(day_key: bytes) -> str:
    """By what a day key is known again; tells nothing of it."""
    import hashlib

    return hashlib.sha256(b"posyandu day key 1" + day_key).hexdigest()[:32]


def remember(day_key: bytes, running: Clock = time.monotonic, wall: Clock = time.time) -> None:
    """Hold the key from now on."""
    _held[mark_of(day_key)] = (day_key, running(), wall())


def recall(lock: DayLock, running: Clock = time.monotonic, wall: Clock = time.time) -> bytes | None:
    """The key of this lock if its words were typed today; a clock set back or far forward counts as another day."""
    held = _held.get(lock.mark)
    if held is None:
        return None
    day_key, ran, passed = held
    if not 0 <= running() - ran < HELD_SECONDS or not -HELD_SECONDS < wall() - passed < HELD_SECONDS:
        del _held[lock.mark]
        return None
    return day_key


def forget() -> None:
    """Let go of every key held: the words are asked again."""
    _held.clear()


def put_on(slot: Slot, day_key: bytes) -> Slot:
    """The slot inside the second lock."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(12)
    sealed = ChaCha20Poly1305(day_key).encrypt(nonce, base64.b64decode(slot.box.sealed), slot.mark.encode())
    return slot._replace(
        outer=base64.b64encode(nonce).decode(),
        box=slot.box._replace(sealed=base64.b64encode(sealed).decode()),
    )


def take_off(slot: Slot, day_key: bytes) -> Slot:
    """The slot without the second lock. Raises Locked for another key than the one it was put on with."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if not slot.outer:
        return slot
    try:
        inner = ChaCha20Poly1305(day_key).decrypt(
            base64.b64decode(slot.outer), base64.b64decode(slot.box.sealed), slot.mark.encode()
        )
    except InvalidTag:
        raise Locked(_("Kartu kunci ini bukan untuk buku ini.")) from None
    return slot._replace(outer="", box=slot.box._replace(sealed=base64.b64encode(inner).decode()))


def opened(key_file: KeyFile, slot: Slot) -> Slot:
    """The slot as its PIN opens it. Raises DayWordsNeeded before any try is counted."""
    if not slot.outer or key_file.day is None:
        return slot
    day_key = recall(key_file.day)
    if day_key is None:
        raise DayWordsNeeded(_("Ketik dahulu kata sandi hari ini, dari kartu kunci."))
    return take_off(slot, day_key)
