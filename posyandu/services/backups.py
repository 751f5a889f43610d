"""Copy the book to a second place at the end of a day, and bring a copy back."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from posyandu import paths
from posyandu.domain.errors import BadInput, NotFound, disk_errors_as_sentences
from posyandu.services import access, accounts, locked
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import backup, database, hold, keys, outbox, settings
from posyandu.storage.files import private_folder, sync_folder
from posyandu.sync import client
from posyandu.text import _

KEPT = 10
"""How many copies stay in a folder: more than a year of posyandu days would be wasted on a small stick."""


@dataclass(frozen=True)
class BackupDone:
    """A copy that was read back whole: where, when, and how many persons it holds."""

    path: Path
    at: datetime
    people: int


def default_folder(ws: Workspace) -> Path:
    """Where copies go when no stick was chosen: beside the books, which saves from a damaged file, not from theft."""
    folder = paths.data() / ("cadangan-latihan" if ws.practice else "cadangan")
    private_folder(folder)
    return folder


def back_up(ws: Workspace, folder: Path | None = None) -> BackupDone:
    """Copy this book into a folder, still encrypted, and prove that the copy opens.

    Raises NotFound for a book that is in no folder, BadInput when `folder` is not there or cannot be written, DiskFull,
    DamagedDatabase.
    """
    if ws.folder is None:
        raise NotFound(_("Buku ini tidak disimpan di laptop."))
    at = ws.now()
    copy = backup.write_copy(ws.db, ws.folder / accounts.KEYS, folder or default_folder(ws), at, keep=KEPT)
    settings.put(
        ws.db, "backup", {"path": str(copy.path), "at": at.isoformat(), "people": copy.persons, "saves": copy.saves}
    )
    return BackupDone(copy.path, at, copy.persons)


def last(ws: Workspace) -> BackupDone | None:
    """The newest copy that was made of this book; None when there was none."""
    kept = settings.get(ws.db, "backup")
    if kept is None:
        return None
    return BackupDone(Path(kept["path"]), datetime.fromisoformat(kept["at"]), kept["people"])


def lies_here(ws: Workspace, copy: Path) -> bool:
    """Whether a copy lies on the disk the book is on: lost with it. One that is not to be seen now lies elsewhere."""
    if ws.folder is None:
        return False
    try:
        return copy.stat().st_dev == ws.folder.stat().st_dev
    except OSError:
        return False


def found_in(folder: Path) -> list[Path]:
    """The copies in a folder, newest first."""
    return backup.copies(folder)


def restore(copy: Path, folder: BookFolder, recovery_key: str = "", *, member: str = "", pin: str = "") -> None:
    """Bring a copy back as the book of this folder. It opens with the recovery key, or on its own laptop with a PIN.

    A book that is there stays until the copy is ready to open, and is then set aside, not deleted. On its own laptop
    the book starts a new line of batches; on another one it becomes another device, which must enrol again, so that
    what it saves is never taken for the lost one's.

    Raises WrongRecoveryKey, WrongPin, SlotDisabled, DamagedDatabase when the copy is not whole, BadInput when its
    key file is missing or it is of the other kind of book, DatabaseBusy when the book is open, DiskFull.
    """
    key_path = backup.key_file_of(copy)
    if not key_path.exists():
        raise BadInput(_("Berkas kunci salinan ini tidak ada. Salin juga berkas {name}.").format(name=key_path.name))
    key_file = keys.read(key_path)
    if key_file.practice != folder.practice:
        raise BadInput(_("Salinan ini dari buku latihan. Buku latihan dan buku asli tidak boleh tertukar."))
    if recovery_key:
        data_key = keys.open_recovery(key_path, recovery_key)
    else:
        data_key, _slot = keys.open_slot(key_path, keys.laptop_secret(paths.config()), member, pin)
    backup.verify(copy, data_key)
    private_folder(folder.path)
    accounts.exists(folder)  # ends an earlier restore that was cut off
    held = hold.hold(folder.path / accounts.LOCK, alone=True)
    try:
        unready = BookFolder(folder.path / "pulih.belum", folder.practice)
        shutil.rmtree(unready.path, ignore_errors=True)
        private_folder(unready.path)
        backup.bring_back(copy, unready.book)
        db = database.open_database(unready.book, data_key)
        try:
            _continue_here(db)
            access.was_restored(db)
        finally:
            db.close()
        keys.write(unready.keys, key_file)
        with disk_errors_as_sentences():
            unready.path.rename(folder.restored.path)
            sync_folder(folder.path)
            locked.take_over(folder)
    finally:
        held.release()


def _continue_here(db: database.Database) -> None:
    """Make sure that nobody confuses what is saved from now on with what was saved after the copy was made."""
    with database.transaction(db):
        laptop = keys.laptop_mark(keys.laptop_secret(paths.config()))
        if settings.get(db, "laptop") == laptop:
            outbox.renew_incarnation(db)
            return
        settings.put(db, "laptop", laptop)
        client.become_another(db, client.new_self())
