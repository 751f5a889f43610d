"""Copies that are proven by reading them, and books brought back from them."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, DamagedDatabase, DatabaseBusy, DiskFull, NotFound, WrongPin
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, backups, posts, workspace
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import WITA, Workspace
from posyandu.storage import backup, engine, journal, key_file, outbox, records, settings
from posyandu.storage.database import rows, transaction
from posyandu.storage.keys import Cost

PIN = "270593"


class Laptop:
    """A laptop with one book, one person in it and a clock."""

    def __init__(self, home: Path) -> None:
        self.time = datetime(2026, 11, 12, 12, 0, tzinfo=WITA)
        self.folder = accounts.books().real
        self.created = accounts.create(self.folder, "Sari", PIN, cost=Cost(1, 8), clock=lambda: self.time)
        self.ws: Workspace = self.created.workspace
        self.stick = home / "flashdisk"
        self.stick.mkdir(parents=True)
        posts.add_post(self.ws, {"name": "Melati", "village_code": "5203012001"})
        self.register("Penanda Anak")

    def register(self, name: str) -> None:
        """Add a person."""
        ws = self.ws
        records.save(ws.db, FORMS["person"], name, {"name": name}, scope=ws.posyandu_id, author=ws.author, now=ws.now())


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    monkeypatch.setattr(key_file, "_refused_at", {})
    each = Laptop(tmp_path)
    yield each
    each.ws.close()


def test_a_copy_is_proven_and_remembered(laptop: Laptop) -> None:
    assert backups.last(laptop.ws) is None
    done = backups.back_up(laptop.ws, laptop.stick)
    name = f"buku-{settings.get(laptop.ws.db, 'book')[:6]}-2026-11-12-120000.posyandu"
    assert done == backups.BackupDone(laptop.stick / name, laptop.time, 1)
    assert backups.last(laptop.ws) == done
    assert backups.found_in(laptop.stick) == [done.path]
    assert sorted(path.suffix for path in laptop.stick.iterdir()) == [".json", ".posyandu"]


def test_a_copy_shows_no_name(laptop: Laptop) -> None:
    backups.back_up(laptop.ws, laptop.stick)
    assert not [path for path in laptop.stick.iterdir() if b"Penanda" in path.read_bytes()]


def test_a_copy_on_the_books_own_disk_is_no_copy_elsewhere(laptop: Laptop) -> None:
    done = backups.back_up(laptop.ws)
    assert backups.lies_here(laptop.ws, done.path)
    assert not backups.lies_here(workspace.in_memory(), done.path)
    assert not backups.lies_here(laptop.ws, Path("/proc/self/stat")), "another disk"
    done.path.unlink()
    assert not backups.lies_here(laptop.ws, done.path), "a stick that was taken out"


def test_without_a_stick_copies_go_beside_the_books(laptop: Laptop) -> None:
    done = backups.back_up(laptop.ws)
    assert done.path.parent == backups.default_folder(laptop.ws)
    assert not done.path.is_relative_to(laptop.folder.path)


def test_only_the_newest_copies_are_kept(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "KEPT", 2)
    other_book = laptop.stick / "buku-zzzzzz-2026-11-01-120000.posyandu"
    other_book.write_bytes(b"dari laptop lain")
    for _day in range(4):
        backups.back_up(laptop.ws, laptop.stick)
        laptop.time += timedelta(days=1)
    kept = backups.found_in(laptop.stick)
    assert [path.stem[-17:] for path in kept] == ["2026-11-15-120000", "2026-11-14-120000", "2026-11-01-120000"]
    assert kept[2] == other_book
    assert len(list(laptop.stick.iterdir())) == 5


def test_a_stick_that_was_taken_out_is_said(laptop: Laptop) -> None:
    with pytest.raises(BadInput, match="Pasang flashdisk"):
        backups.back_up(laptop.ws, laptop.stick / "tidak ada")
    assert backups.found_in(laptop.stick / "tidak ada") == []


@pytest.mark.parametrize(
    ("code", "raised", "sentence"),
    [
        (errno.ENOSPC, DiskFull, "penuh"),
        (errno.EIO, BadInput, "Periksa flashdisk"),
        (errno.EROFS, BadInput, "tempat lain"),
    ],
)
def test_a_failed_copy_is_said_and_leaves_the_older_ones(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch, code: int, raised: type[Exception], sentence: str
) -> None:
    older = backups.back_up(laptop.ws, laptop.stick)
    laptop.time += timedelta(days=1)

    def fails(_path: Path) -> None:
        raise OSError(code, "x")

    monkeypatch.setattr(backup, "sync_file", fails)
    with pytest.raises(raised, match=sentence):
        backups.back_up(laptop.ws, laptop.stick)
    assert backups.found_in(laptop.stick) == [older.path]
    assert not list(laptop.stick.glob("*.belum"))
    assert backups.last(laptop.ws) == older


def test_a_full_stick_is_said(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite itself runs out of room while it writes the copy."""

    class Full:
        def __init__(self, inner: object) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

        def execute(self, sql: str, *given: object) -> object:
            if sql.startswith("VACUUM"):
                raise engine.dbapi2.OperationalError("database or disk is full")
            return self.inner.execute(sql, *given)  # type: ignore[attr-defined]

    monkeypatch.setattr(laptop.ws.db, "conn", Full(laptop.ws.db.conn))
    with pytest.raises(DiskFull, match="Tempat cadangan penuh"):
        backups.back_up(laptop.ws, laptop.stick)
    assert list(laptop.stick.iterdir()) == []


def test_a_stick_pulled_out_while_writing_is_said(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "x")

    def fails(_path: Path) -> None:
        monkeypatch.setattr(Path, "unlink", gone)
        raise OSError(errno.EIO, "x")

    monkeypatch.setattr(backup, "sync_file", fails)
    with pytest.raises(BadInput, match="Periksa flashdisk"):
        backups.back_up(laptop.ws, laptop.stick)
    assert backups.found_in(laptop.stick) == []


@pytest.mark.parametrize("place", [0.0, 0.02, 0.5, 0.99])
def test_a_copy_that_does_not_read_back_does_not_count(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch, place: float
) -> None:
    """Wherever it is damaged: the pages that say what tables there are, and those of the tables."""

    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(len(content) * place)] ^= 255
        path.write_bytes(content)

    monkeypatch.setattr(backup, "sync_file", damage)
    with pytest.raises(DamagedDatabase, match="utuh"):
        backups.back_up(laptop.ws, laptop.stick)
    assert list(laptop.stick.iterdir()) == []


def test_a_copy_that_lacks_a_save_does_not_count(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = backup.verify

    def meanwhile(path: Path, key: bytes) -> backup.Copy:
        laptop.register("Susulan")
        return verify(path, key)

    monkeypatch.setattr(backup, "verify", meanwhile)
    with pytest.raises(DamagedDatabase, match="tidak lengkap"):
        backups.back_up(laptop.ws, laptop.stick)


def test_a_book_in_memory_is_not_copied() -> None:
    ws = workspace.in_memory()
    with pytest.raises(NotFound):
        backups.back_up(ws)
    ws.close()


# --- bring back ------------------------------------------------------------------------------------------------------


def test_on_its_own_laptop_a_copy_comes_back_with_a_pin(laptop: Laptop) -> None:
    device, worker = laptop.ws.device, laptop.ws.worker.id
    incarnation = outbox.identity(laptop.ws.db, b"rahasia").incarnation
    done = backups.back_up(laptop.ws, laptop.stick)
    laptop.register("Sesudah Cadangan")
    laptop.ws.close()
    with pytest.raises(WrongPin):
        backups.restore(done.path, laptop.folder, member=worker, pin="604718")
    backups.restore(done.path, laptop.folder, member=worker, pin=PIN)
    laptop.ws = accounts.unlock(laptop.folder, worker, PIN)
    assert [row.id for row in records.load_many(laptop.ws.db, FORMS["person"])] == ["Penanda Anak"]
    assert laptop.ws.device == device
    assert outbox.identity(laptop.ws.db, b"").incarnation != incarnation
    assert outbox.identity(laptop.ws.db, b"").secret == b"rahasia"
    assert (laptop.folder.path / "lama-0" / "buku.db").exists()


@pytest.mark.parametrize("moves", range(6))
def test_a_restore_cut_off_at_any_move_leaves_one_book_or_the_other_and_ends_by_itself(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    laptop.register("Sesudah Cadangan")
    laptop.ws.close()
    worker, left, rename = laptop.ws.worker.id, [moves], Path.rename

    def cut(source: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return rename(source, target)

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "rename", cut)
        backups.restore(done.path, laptop.folder, member=worker, pin=PIN)
    assert accounts.exists(laptop.folder)
    laptop.ws = accounts.unlock(laptop.folder, worker, PIN)
    names = {str(row.answers["name"]) for row in records.load_many(laptop.ws.db, FORMS["person"])}
    assert ("Sesudah Cadangan" in names) == (moves == 0)
    assert not laptop.folder.restored.path.exists()
    aside = sorted(path.name for path in laptop.folder.path.glob("lama-*/*"))
    assert aside == ([] if moves == 0 else ["buku.db", "kunci.json"])


def test_on_another_laptop_a_copy_comes_back_with_the_recovery_key_as_another_device(
    laptop: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(laptop.ws.db):
        journal.mark_sealed(laptop.ws.db, journal.unsealed(laptop.ws.db))
    laptop.register("Belum Terkirim")
    outbox.identity(laptop.ws.db, b"rahasia")
    done = backups.back_up(laptop.ws, laptop.stick)
    device = laptop.ws.device
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "laptop-baru"))
    backups.restore(done.path, accounts.books().real, laptop.created.recovery_key)
    ws = accounts.unlock_with_recovery(accounts.books().real, laptop.created.recovery_key)
    assert ws.device != device
    kept = {row.id: row.device for row in records.load_many(ws.db, FORMS["person"])}
    assert kept == {"Penanda Anak": device, "Belum Terkirim": ws.device}
    assert journal.rows_equal_replay(ws.db)
    ((secret, sequence),) = rows(ws.db, "SELECT secret, sequence FROM identity")
    assert (len(secret), sequence) == (32, 0)
    assert secret != b"rahasia"
    ws.close()


def test_an_open_book_is_not_replaced(laptop: Laptop) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    with pytest.raises(DatabaseBusy, match="Tutup dulu"):
        backups.restore(done.path, laptop.folder, laptop.created.recovery_key)


def test_a_copy_without_its_key_file_is_said(laptop: Laptop) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    backup.key_file_of(done.path).unlink()
    with pytest.raises(BadInput, match=r"buku-\w{6}-2026-11-12-120000\.kunci\.json"):
        backups.restore(done.path, laptop.folder, laptop.created.recovery_key)


def test_a_copy_of_the_real_book_does_not_become_the_practice_book(laptop: Laptop) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    with pytest.raises(BadInput, match="tertukar"):
        backups.restore(done.path, accounts.books().practice, laptop.created.recovery_key)


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_copy_changes_nothing(laptop: Laptop, damage: str) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    laptop.ws.close()
    content = bytearray(done.path.read_bytes())
    content[len(content) // 3] ^= 1
    done.path.write_bytes({"cut": content[: len(content) // 2], "flipped": content, "empty": b""}[damage])
    before = laptop.folder.book.read_bytes()
    with pytest.raises(DamagedDatabase):
        backups.restore(done.path, laptop.folder, laptop.created.recovery_key)
    assert laptop.folder.book.read_bytes() == before
    assert accounts.exists(laptop.folder)


def test_no_room_for_the_book_is_said(laptop: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = backups.back_up(laptop.ws, laptop.stick)
    new = BookFolder(tmp_path / "baru", practice=False)

    def full(_source: Path, target: Path) -> None:
        target.write_bytes(b"sebagian")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DiskFull):
        backups.restore(done.path, new, laptop.created.recovery_key)
    assert not accounts.exists(new)
    assert not list(new.path.glob("buku.db*"))
