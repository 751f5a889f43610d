"""The errors meant for people: each carries one sentence that says what happened and what to do.

PosyanduError
├── BadInput            what was typed or sent cannot be used
├── NotFound            the record is not in this book
├── Locked              the book cannot be opened now
│   ├── WrongPin        with tries left and seconds to wait
│   ├── SlotDisabled    ten wrong tries
│   └── WrongRecoveryKey
├── NewerDatabase       written by a newer version of the app
├── DamagedDatabase     the file does not verify
├── DatabaseBusy        another window holds the book
├── DiskFull
├── NotWritable         the disk is read-only or failing
├── Offline             no way to the server; a normal state
├── ServerTrouble       the server answered, but not with what was asked
│   └── Refused         the server says no, and why
└── UpdateNeeded        this app and the server speak different protocols

Everything else that is raised is a bug.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from posyandu.text import _


class PosyanduError(Exception):
    """An error whose text is a sentence for the user, in the user's language, without personal data."""


class BadInput(PosyanduError):
    """What was typed or sent cannot be used."""


class NotFound(PosyanduError):
    """The record asked for is not in this book."""


class Locked(PosyanduError):
    """The book cannot be opened now."""


class WrongPin(Locked):
    """The PIN does not open this slot; `tries_left` until it is disabled, `wait_seconds` before the next try."""

    def __init__(self, sentence: str, *, tries_left: int, wait_seconds: int) -> None:
        super().__init__(sentence)
        self.tries_left = tries_left
        self.wait_seconds = wait_seconds


class SlotDisabled(Locked):
    """Too many wrong PINs: only another kader or the recovery key can help."""


class WrongRecoveryKey(Locked):
    """The recovery key does not open this book."""


class NewerDatabase(PosyanduError):
    """The book was written by a newer version of the app."""


class DamagedDatabase(PosyanduError):
    """The file does not verify; nothing was changed."""


class DatabaseBusy(PosyanduError):
    """Another window or program holds the book."""


class DiskFull(PosyanduError):
    """There is no room left; nothing was half-written."""


class NotWritable(PosyanduError):
    """The disk takes nothing: it is read-only or failing; nothing was half-written."""


_FULL = {errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC}
"""On Windows Python maps "disk full" to the first."""

_REFUSED = {errno.EROFS, errno.EIO}


def disk_full() -> DiskFull:
    """What to say when there is no room on the laptop's disk."""
    return DiskFull(_("Ruang simpan laptop habis. Kosongkan ruang, lalu simpan lagi."))


def not_writable() -> NotWritable:
    """What to say when the laptop's disk takes nothing."""
    return NotWritable(
        _("Laptop ini sedang tidak bisa menulis ke diska. Yang sudah tersimpan tetap ada; panggil petugas.")
    )


def of_the_disk(error: OSError) -> PosyanduError | None:
    """The sentence for an error of the system that comes from a full or failing disk; None for any other."""
    return disk_full() if error.errno in _FULL else not_writable() if error.errno in _REFUSED else None


@contextmanager
def disk_errors_as_sentences() -> Iterator[None]:
    """Let the block raise DiskFull or NotWritable where the system speaks of a full or failing disk."""
    try:
        yield
    except OSError as error:
        plain = of_the_disk(error)
        if plain is None:
            raise
        raise plain from error


class Offline(PosyanduError):
    """There is no way to the server now. A normal state, not a fault."""


class ServerTrouble(PosyanduError):
    """The server was reached but did not answer as it should."""


class Refused(ServerTrouble):
    """The server says no, and the sentence says why."""


class UpdateNeeded(PosyanduError):
    """This app and the server speak different protocols; what was typed stays safe here."""
