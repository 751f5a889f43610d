"""Copies of the book to a second place and back: still encrypted, read again before they count."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posyandu.domain.errors import BadInput, DamagedDatabase, DiskFull, NotWritable, PosyanduError, of_the_disk
from posyandu.storage import settings
from posyandu.storage.engine import Database, Error, checked, connect, copy_into, key_of, rows
from posyandu.storage.files import sync_file, sync_folder, write_whole
from posyandu.text import _

ENDING = ".posyandu"
KEY_ENDING = ".kunci.json"


@dataclass(frozen=True)
class Copy:
    """A verified copy of a book: the file, how many persons and saves it holds, and the newest save's moment."""

    path: Path
    persons: int
    saves: int


def write_copy(db: Database, key_file: Path, folder: Path, stamp: datetime, *, keep: int) -> Copy:
    """Copy the open book and its key file into a folder, prove that the copy opens, and keep the last `keep` of it.

    Several books may share a stick: the name begins with the book's own mark.

    The copy has its final name only when it was read back whole; an interrupted one never replaces an older one.

    Raises BadInput when the folder is not there (a stick that was taken out), DiskFull, DamagedDatabase when the
    copy does not verify; older copies stay.
    """
    if not folder.is_dir():
        raise BadInput(_("Tempat cadangan tidak ditemukan. Pasang flashdisk itu, atau pilih tempat lain."))
    mine = f"buku-{settings.get(db, 'book')[:6]}-"
    base = f"{mine}{stamp:%Y-%m-%d-%H%M%S}"
    target, beside = folder / (base + ENDING), folder / (base + ENDING + ".belum")
    try:
        beside.unlink(missing_ok=True)
        with checked():
            copy_into(db, beside)
        sync_file(beside)
        copy = verify(beside, key_of(db))
        if copy.saves != rows(db, "SELECT count(*) FROM op")[0][0]:
            raise DamagedDatabase(_("Salinan tidak lengkap. Coba lagi di tempat lain."))
        write_whole(folder / (base + KEY_ENDING), key_file.read_bytes())
        beside.replace(target)
        sync_folder(folder)
    except (OSError, Error, DiskFull, NotWritable) as error:
        _discard(beside)
        raise _sentence(error) from error
    except DamagedDatabase:
        _discard(beside)
        raise
    _forget_old(folder, mine, keep)
    return Copy(target, copy.persons, copy.saves)


def verify(path: Path, key: bytes) -> Copy:
    """Open a copy with its key and read every page of it. Raises DamagedDatabase."""
    try:
        copy = connect(str(path), key)
        try:
            found = rows(copy, "PRAGMA integrity_check(1)")
            damaged = rows(copy, "PRAGMA cipher_integrity_check")
            if found != [("ok",)] or damaged:
                raise DamagedDatabase(_not_whole())
            persons = rows(copy, "SELECT count(*) FROM person WHERE withdrawn = 0")[0][0]
            return Copy(path, persons, rows(copy, "SELECT count(*) FROM op")[0][0])
        finally:
            copy.close()
    except (Error, DamagedDatabase) as error:
        raise DamagedDatabase(_not_whole()) from error


def copies(folder: Path) -> list[Path]:
    """The finished copies in a folder, of any book, newest first."""
    found = folder.glob(f"buku-*{ENDING}") if folder.is_dir() else ()
    return sorted(found, key=lambda path: path.name.split("-", 2)[-1], reverse=True)


def key_file_of(copy: Path) -> Path:
    """The key file that lies beside a copy."""
    return copy.with_name(copy.name.removesuffix(ENDING) + KEY_ENDING)


def bring_back(copy: Path, target: Path) -> None:
    """Put a copy where a book is to be, whole or not at all. Raises DiskFull, or BadInput when it cannot be read."""
    beside = target.with_name(target.name + ".belum")
    try:
        shutil.copyfile(copy, beside)
        sync_file(beside)
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        _discard(beside)
        raise _sentence(error) from error


def _forget_old(folder: Path, mine: str, keep: int) -> None:
    for old in [path for path in copies(folder) if path.name.startswith(mine)][keep:]:
        old.unlink()
        key_file_of(old).unlink(missing_ok=True)


def _discard(unfinished: Path) -> None:
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:  # the stick is gone, and the unfinished copy with it
        return


def _sentence(error: Exception) -> PosyanduError:
    """What a person can do about a copy that could not be written."""
    if isinstance(of_the_disk(error) if isinstance(error, OSError) else error, DiskFull):
        return DiskFull(_("Tempat cadangan penuh. Kosongkan ruang atau pakai flashdisk lain."))
    return BadInput(_("Salinan tidak dapat ditulis di tempat itu. Periksa flashdisk, atau pilih tempat lain."))


def _not_whole() -> str:
    return _("Salinan ini tidak dapat dibaca utuh. Pakai salinan lain.")
