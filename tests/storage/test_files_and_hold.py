"""Small files are written whole or not at all, and a book is open in one program at a time."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posyandu.domain.errors import DatabaseBusy, DiskFull, NotWritable
from posyandu.storage import files
from posyandu.storage.hold import hold


def test_a_file_is_replaced_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    target = tmp_path / "kunci.json"
    files.write_whole(target, b"lama")
    files.write_whole(target, b"baru")
    assert target.read_bytes() == b"baru"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("code", "raised"),
    [(errno.ENOSPC, DiskFull), (errno.EIO, NotWritable), (errno.EROFS, NotWritable), (errno.EBUSY, OSError)],
)
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, raised: type[Exception]
) -> None:
    target = tmp_path / "kunci.json"
    files.write_whole(target, b"lama")

    def fails(_handle: int) -> None:
        raise OSError(code, "x")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(raised):
        files.write_whole(target, b"baru")
    assert target.read_bytes() == b"lama"
    assert list(tmp_path.iterdir()) == [target]


def test_only_its_owner_may_look_into_a_folder_where_the_system_knows_such_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.private_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(files, "WINDOWS", True)
    files.private_folder(tmp_path / "c")
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o777 & ~_umask()


def test_a_folder_is_synced_by_opening_it_which_windows_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        files.sync_folder(tmp_path / "none")
    monkeypatch.setattr(files, "WINDOWS", True)
    files.sync_folder(tmp_path / "none")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


HOLDER = (
    "import sys, time; from pathlib import Path; from posyandu.storage.hold import hold\n"
    "hold(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)\n"
)


def test_another_program_cannot_open_the_book_until_the_first_is_gone_even_killed(tmp_path: Path) -> None:
    lock = tmp_path / "buku.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DatabaseBusy, match="jendela Posyandu lain"):
            hold(lock)
        other.send_signal(signal.SIGKILL)
        other.wait()
    hold(lock).release()


def test_one_program_may_hold_it_twice_and_lets_go_at_the_last(tmp_path: Path) -> None:
    lock = tmp_path / "buku.lock"
    first, second = hold(lock), hold(lock)
    first.release()
    first.release()
    with pytest.raises(DatabaseBusy, match="Tutup dulu"):
        hold(lock, alone=True)
    second.release()
    hold(lock, alone=True).release()
