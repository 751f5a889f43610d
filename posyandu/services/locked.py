"""What can be known of the books while they are locked: where they are and who can open them.

Apart from `accounts`, so that the lock screen is painted before database and cryptography are loaded.
"""

from dataclasses import dataclass
from pathlib import Path

from posyandu import paths
from posyandu.storage import key_file

BOOK, KEYS, LOCK = "buku.db", "kunci.json", "buku.lock"

PRACTICE_PIN = "246810"
"""Of the practice book; the lock screen tells it to everybody."""


@dataclass(frozen=True)
class BookFolder:
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


@dataclass(frozen=True)
class Books:
    """The two books of a laptop; they never mix."""

    real: BookFolder
    practice: BookFolder


@dataclass(frozen=True)
class Member:
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
    """Whether the folder holds a book."""
    return folder.keys.exists()


def members(folder: BookFolder) -> list[Member]:
    """Who can unlock the book, in the order they were added."""
    found = key_file.read(folder.keys)
    return [
        Member(slot.id, slot.name, slot.role, slot.wrong >= key_file.TRIES, key_file.wait_seconds(folder.keys, slot))
        for slot in found.slots
    ]
