"""The key file beside a book: its slots as JSON, and how long a kader has to wait after wrong PINs.

Opens nothing: that is `keys`. Apart, so that the lock screen reads the names without loading any cryptography.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from posyandu.domain.errors import DamagedDatabase, NewerDatabase, NotFound
from posyandu.storage.files import write_whole
from posyandu.text import _

VERSION = 1
FREE_TRIES = 5
TRIES = 10
FIRST_WAIT_SECONDS = 30

Monotonic = Callable[[], float]


@dataclass(frozen=True)
class Cost:
    """What one try of a PIN costs: argon2id passes and KiB of memory."""

    passes: int
    kib: int


@dataclass(frozen=True)
class Box:
    """The data key, sealed: salt of the key derivation, nonce and ciphertext, in base64."""

    salt: str
    nonce: str
    sealed: str


@dataclass(frozen=True)
class Slot:
    """One kader's way in on one laptop, known by its `laptop` mark.

    `wrong` counts wrong PINs since the last right one; at TRIES the slot is disabled.
    """

    id: str
    name: str
    role: str
    box: Box
    cost: Cost
    laptop: str = ""
    wrong: int = 0


@dataclass(frozen=True)
class KeyFile:
    """What lies beside the book: its id, whether it is a practice book, and the slots."""

    book: str
    practice: bool
    slots: tuple[Slot, ...]
    recovery: Box

    def slot(self, slot_id: str) -> Slot:
        """The slot of a kader. Raises NotFound."""
        for slot in self.slots:
            if slot.id == slot_id:
                return slot
        raise NotFound(_("Kader ini tidak ada di buku."))


_refused_at: dict[tuple[Path, str], float] = {}


def wait_seconds(path: Path, slot: Slot, *, monotonic: Monotonic = time.monotonic) -> int:
    """How long until the next try: 30 seconds after the fifth wrong PIN, doubling.

    Counted by the machine's running time, so that moving the clock does not shorten it; a restart begins it anew.
    """
    if not FREE_TRIES <= slot.wrong < TRIES:
        return 0
    since = _refused_at.setdefault((path, slot.id), monotonic())
    left = FIRST_WAIT_SECONDS * 2 ** (slot.wrong - FREE_TRIES) - (monotonic() - since)
    return max(0, -int(-left // 1))


def note_refusal(path: Path, slot_id: str, monotonic: Monotonic) -> None:
    """The wait of this slot begins now."""
    _refused_at[path, slot_id] = monotonic()


def forget_refusal(path: Path, slot_id: str) -> None:
    """The slot was opened: nothing to wait for."""
    _refused_at.pop((path, slot_id), None)


def with_slot(key_file: KeyFile, slot: Slot) -> KeyFile:
    """The key file with this slot in place of the one of the same id, or added."""
    others = [each for each in key_file.slots if each.id != slot.id]
    place = next((index for index, each in enumerate(key_file.slots) if each.id == slot.id), len(others))
    return replace(key_file, slots=(*others[:place], slot, *others[place:]))


def read(path: Path) -> KeyFile:
    """The key file. Raises DamagedDatabase when it is none, NewerDatabase when a newer app wrote it."""
    try:
        body = json.loads(path.read_bytes())
        if body["v"] > VERSION:
            raise NewerDatabase(_("Berkas kunci ini dari Posyandu versi lebih baru. Pasang versi terbaru."))
        slots = tuple(
            Slot(**{**slot, "box": Box(**slot["box"]), "cost": Cost(**slot["cost"])}) for slot in body["slots"]
        )
        return KeyFile(body["book"], body["practice"], slots, Box(**body["recovery"]))
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise DamagedDatabase(_("Berkas kunci buku tidak terbaca. Pulihkan dari salinan cadangan.")) from error


def write(path: Path, key_file: KeyFile) -> None:
    """Replace the key file, whole or not at all. Raises DiskFull."""
    body: dict[str, Any] = {"v": VERSION, **asdict(key_file)}
    write_whole(path, json.dumps(body, indent=1).encode())
