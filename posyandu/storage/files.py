"""Small files written whole or not at all, and folders only their owner may look into."""

import os
from contextlib import suppress
from pathlib import Path

from posyandu.domain.errors import disk_errors_as_sentences

WINDOWS = os.name == "nt"


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can read. Raises DiskFull, NotWritable."""
    with disk_errors_as_sentences():
        folder.mkdir(parents=True, exist_ok=True)
    if not WINDOWS:
        folder.chmod(0o700)


def write_whole(target: Path, content: bytes) -> None:
    """Replace a private file by new content: after a power cut it is the old or the new one.

    Raises DiskFull, NotWritable.
    """
    beside = target.with_name(f"{target.name}.baru")
    with disk_errors_as_sentences():
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
            sync_folder(target.parent)
        except OSError:
            with suppress(OSError):  # a disk that takes nothing gives nothing up either
                beside.unlink(missing_ok=True)
            raise


def sync_file(path: Path) -> None:
    """Put a finished file on the platter."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file's name durable; Windows does this with the file itself."""
    if WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
