"""One book is open in one program at a time: a lock file that the system releases even after kill -9."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from posyandu.domain.errors import DatabaseBusy, disk_errors_as_sentences
from posyandu.text import _

_held: dict[Path, tuple[IO[bytes], int]] = {}
_guard = threading.Lock()
_turns = threading.Lock()


class Hold:
    """A held book folder; several holds in one program are one to the rest of the machine."""

    def __init__(self, lock_file: Path) -> None:
        self._path: Path | None = lock_file

    def release(self) -> None:
        """Let go; harmless twice."""
        with _guard:
            if self._path is None:
                return
            file, count = _held[self._path]
            if count > 1:
                _held[self._path] = (file, count - 1)
            else:
                del _held[self._path]
                file.close()
            self._path = None


def hold(lock_file: Path, *, alone: bool = False) -> Hold:
    """Hold the book this lock file belongs to; with `alone` not even this program may hold it already.

    Raises DatabaseBusy when the book is open elsewhere.
    """
    path = lock_file.resolve()
    with _guard:
        if path in _held:
            file, count = _held[path]
            if alone:
                raise DatabaseBusy(_("Tutup dulu buku yang sedang terbuka, lalu coba lagi."))
            _held[path] = (file, count + 1)
        else:
            file = _opened(path)
            try:
                _lock(file)
            except OSError as error:
                file.close()
                raise DatabaseBusy(
                    _("Buku sudah dibuka di jendela Posyandu lain. Tutup jendela itu, lalu coba lagi.")
                ) from error
            _held[path] = (file, 1)
    return Hold(path)


@contextmanager
def turn(lock_file: Path) -> Iterator[None]:
    """Wait for the others, in this program and in others, for the moment that a small file is read and rewritten."""
    with _turns, _opened(lock_file) as file:
        _wait_and_lock(file)
        yield


def _opened(lock_file: Path) -> IO[bytes]:
    with disk_errors_as_sentences():
        return lock_file.open("a+b")


if os.name == "nt":  # pragma: no cover - Linux
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _wait_and_lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _wait_and_lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
