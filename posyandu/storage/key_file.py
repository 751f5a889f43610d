"""The key file beside a book: its slots as JSON, and how long a kader has to wait after wrong PINs.

Opens nothing: that is `keys`. Apart, so that the lock screen reads the names without loading any cryptography. What is
read are named tuples, for the same reason: each dataclass is written and compiled while the window is waited for.
"""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from posyandu import paths
from posyandu.domain.errors import DamagedDatabase, NewerDatabase, NotFound
from posyandu.storage.files import private_folder, write_whole
from posyandu.storage.hold import turn
from posyandu.text import _

VERSION = 1
WITH_DAY_LOCK = 2
"""What a file with a second lock says of itself: a program that knows no such lock must not read its slots."""
WITH_SMALL_PAGES = 3
"""What the file of a book begun since 0.2.0 says: an older program would take the book's pages for damaged."""
FREE_TRIES = 5
TRIES = 10
FIRST_WAIT_SECONDS = 30

Monotonic = Callable[[], float]


class Cost(NamedTuple):
    """What one try of a PIN costs: argon2id passes and KiB of memory."""

    passes: int
    kib: int


class Box(NamedTuple):
    """The data key, sealed: salt of the key derivation, nonce and ciphertext, in base64."""

    salt: str
    nonce: str
    sealed: str


class Slot(NamedTuple):
    """One kader's way in on one laptop, known by its `laptop` mark.

    `wrong` counts wrong PINs since the last right one; at TRIES the slot is disabled. `outer` is the nonce of the
    second lock around the box, "" without one.
    """

    id: str
    name: str
    role: str
    box: Box
    cost: Cost
    laptop: str = ""
    wrong: int = 0
    outer: str = ""

    @property
    def mark(self) -> str:
        """By what this slot with this PIN is known again, in whatever copy of the key file; tells nothing of either."""
        return _mark(f"posyandu slot {self.id} {self.box.salt}")


class DayLock(NamedTuple):
    """The second lock of a file: the mark of its key, and that key under the words of the card."""

    mark: str
    box: Box
    cost: Cost


class Phone(NamedTuple):
    """The way in by telephone: the request to read out, and the box that its answer opens on one laptop, once.

    `wrong` counts answers that were none; at TRIES only another way in makes a new request.
    """

    request: str
    box: Box
    cost: Cost
    laptop: str
    wrong: int = 0

    @property
    def id(self) -> str:
        """What its wrong tries are counted under, beside the slots."""
        return "telepon"

    @property
    def mark(self) -> str:
        """By what this request is known again, in whatever copy of the key file."""
        return _mark(f"posyandu phone {self.request} {self.box.salt}")


class KeyFile(NamedTuple):
    """What lies beside the book: its id, whether it is a practice book, the slots, what else opens it, and whether only
    programs since 0.2.0 can read its pages.
    """

    book: str
    practice: bool
    slots: tuple[Slot, ...]
    recovery: Box
    day: DayLock | None = None
    phone: Phone | None = None
    small_pages: bool = False

    def slot(self, slot_id: str) -> Slot:
        """The slot of a kader. Raises NotFound."""
        for slot in self.slots:
            if slot.id == slot_id:
                return slot
        raise NotFound(_("Kader ini tidak ada di buku."))


_refused_at: dict[tuple[Path, str], float] = {}


def wait_seconds(path: Path, slot: Slot | Phone, *, monotonic: Monotonic = time.monotonic) -> int:
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
    return key_file._replace(slots=(*others[:place], slot, *others[place:]))


def read(path: Path) -> KeyFile:
    """The key file. Raises DamagedDatabase when it is none, NewerDatabase when a newer app wrote it.

    Wrong PINs count as often as this laptop noted them too: an older copy of the file wins no free tries.
    """
    try:
        body = json.loads(path.read_bytes())
        if body["v"] > WITH_SMALL_PAGES:
            raise NewerDatabase(_("Berkas kunci ini dari Posyandu versi lebih baru. Pasang versi terbaru."))
        slots = tuple(
            Slot(**{**slot, "box": Box(**slot["box"]), "cost": Cost(**slot["cost"])}) for slot in body["slots"]
        )
        found = KeyFile(
            body["book"],
            body["practice"],
            slots,
            Box(**body["recovery"]),
            _opened_by(DayLock, body.get("day")),
            _opened_by(Phone, body.get("phone")),
            body.get("small_pages") is True,
        )
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise DamagedDatabase(_("Berkas kunci buku tidak terbaca. Pulihkan dari salinan cadangan.")) from error
    noted = _noted()
    if not noted:
        return found
    return found._replace(
        slots=tuple(slot._replace(wrong=max(slot.wrong, noted.get(slot.mark, 0))) for slot in found.slots),
        phone=found.phone and found.phone._replace(wrong=max(found.phone.wrong, noted.get(found.phone.mark, 0))),
    )


_Part = TypeVar("_Part", DayLock, Phone)


def _opened_by(kind: type[_Part], told: dict[str, Any] | None) -> _Part | None:
    return None if told is None else kind(**{**told, "box": Box(**told["box"]), "cost": Cost(**told["cost"])})


def write(path: Path, key_file: KeyFile) -> None:
    """Replace the key file, whole or not at all, and note its wrong PINs apart from it. Raises DiskFull."""
    _note(key_file)
    version = WITH_SMALL_PAGES if key_file.small_pages else WITH_DAY_LOCK if key_file.day else VERSION
    body: dict[str, Any] = {"v": version, **_plain(key_file)}
    for slot in body["slots"]:
        if not slot["outer"]:
            del slot["outer"]  # as programs that know no second lock wrote it
    write_whole(path, json.dumps(body, indent=1).encode())


def _plain(part: Any) -> Any:  # noqa: ANN401 - a part of the key file; JSON's objects by the names of its fields
    if hasattr(part, "_asdict"):
        return {name: _plain(value) for name, value in part._asdict().items()}
    return [_plain(each) for each in part] if isinstance(part, tuple) else part


def taking_turns() -> AbstractContextManager[None]:
    """Hold this while a count is read and written: of two programs that try PINs at once neither wins a free try."""
    private_folder(paths.config())
    return turn(paths.config() / "percobaan.lock")


def _note(key_file: KeyFile) -> None:
    """Keep the counts of this file's slots beside the laptop's secret; the others' stay."""
    noted = _noted()
    tried: list[Slot | Phone] = [*key_file.slots, *([key_file.phone] if key_file.phone else [])]
    now = noted | {each.mark: each.wrong for each in tried}
    now = {mark: wrong for mark, wrong in now.items() if wrong}
    if now != noted:
        private_folder(paths.config())
        write_whole(_notes(), json.dumps(now).encode())


def _noted() -> dict[str, int]:
    """What was noted; nothing when it cannot be read, since that must never lock anybody out."""
    try:
        found = json.loads(_notes().read_bytes())
    except (OSError, ValueError):
        return {}
    return {mark: wrong for mark, wrong in found.items() if isinstance(wrong, int)} if isinstance(found, dict) else {}


def _mark(words: str) -> str:
    import hashlib  # with OpenSSL: only where wrong PINs were noted

    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _notes() -> Path:
    return paths.config() / "percobaan.json"
