"""What can be known of the books while they are locked: where they are and who can open them.

Apart from `accounts`, so that the lock screen is painted before database and cryptography are loaded.
"""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from posyandu import paths
from posyandu.domain.errors import DatabaseBusy
from posyandu.storage import day_lock, key_file
from posyandu.storage.files import private_folder, sync_folder
from posyandu.storage.hold import hold

BOOK, KEYS, LOCK = "buku.db", "kunci.json", "buku.lock"

PRACTICE_PIN = "246810"
"""Of the practice book; the lock screen tells it to everybody."""


class BookFolder(NamedTuple):
    """A folder for one book, real or practice."""

    path: Path
    practice: bool

    @property
    def book(self) -> Path:
        """The encrypted database."""
        return self.path / BOOK

    @property
    def keys(self) -> Path:
        """The key file beside it."""
        return self.path / KEYS

    @property
    def restored(self) -> "BookFolder":
        """A book that was brought back whole and is about to take its place here."""
        return BookFolder(self.path / "pulih", self.practice)


class Books(NamedTuple):
    """The two books of a laptop; they never mix."""

    real: BookFolder
    practice: BookFolder


class Member(NamedTuple):
    """Someone who can unlock the book; `wait_seconds` until the next try after wrong PINs."""

    id: str
    name: str
    role: str
    disabled: bool
    wait_seconds: int


def books() -> Books:
    """Where this laptop's books are."""
    return Books(BookFolder(paths.data() / "buku", practice=False), BookFolder(paths.data() / "latihan", practice=True))


def exists(folder: BookFolder) -> bool:
    """Whether the folder holds a book. A restore that was cut off when its copy was ready is ended first."""
    if folder.restored.keys.exists():
        with suppress(DatabaseBusy):  # another window is at it
            held = hold(folder.path / LOCK, alone=True)
            try:
                take_over(folder)
            finally:
                held.release()
    return folder.keys.exists()


def take_over(folder: BookFolder) -> None:
    """Let the restored book take its place, step by step: cut off anywhere, it is called again and goes on.

    The caller holds the folder.
    """
    if folder.restored.book.exists():
        set_aside(folder)
        sync_folder(folder.path)
        folder.restored.book.rename(folder.book)
        sync_folder(folder.path)
    if folder.restored.keys.exists():
        folder.restored.keys.rename(folder.keys)
        sync_folder(folder.path)
    folder.restored.path.rmdir()


def set_aside(folder: BookFolder) -> None:
    """Move a book that is in the way with its log and key file; nothing is ever deleted. The caller holds the folder.

    A database without a key file is from a first run that was cut off: nobody can open it, yet it stays. What is left
    without a database is from a move that was cut off, and follows it.
    """
    present = [path for name in (BOOK, f"{BOOK}-wal", f"{BOOK}-shm", KEYS) if (path := folder.path / name).exists()]
    if not present:
        return
    earlier = [int(path.name.removeprefix("lama-")) for path in folder.path.glob("lama-*")]
    last = max(earlier, default=-1)
    aside = folder.path / f"lama-{last + 1 if folder.book.exists() or last < 0 else last}"
    private_folder(aside)
    for path in present:
        path.rename(aside / path.name)
    sync_folder(aside)


def day_words_needed(folder: BookFolder) -> bool:
    """Whether the words of the key card are to be typed before any PIN."""
    day = key_file.read(folder.keys).day
    return day is not None and day_lock.recall(day) is None


def phone_request(folder: BookFolder) -> str:
    """The request to read out to the puskesmas, in groups; "" where there is none to be answered."""
    phone = key_file.read(folder.keys).phone
    if phone is None or phone.wrong >= key_file.TRIES:
        return ""
    from posyandu.domain import recovery  # with OpenSSL: few books have a telephone

    return recovery.request_text(phone.request)


def members(folder: BookFolder) -> list[Member]:
    """Who can unlock the book, in the order they were added."""
    found = key_file.read(folder.keys)
    return [
        Member(slot.id, slot.name, slot.role, slot.wrong >= key_file.TRIES, key_file.wait_seconds(folder.keys, slot))
        for slot in found.slots
    ]
