"""Small files written whole or not at all, and folders only their owner may look into."""

import os
from pathlib import Path

from posyandu.domain.errors import DiskFull
from posyandu.text import _

NO_SPACE = {28, 122}
"""ENOSPC and EDQUOT; on Windows Python maps "disk full" to the first."""


WINDOWS = os.name == "nt"


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can read."""
    folder.mkdir(parents=True, exist_ok=True)
    if not WINDOWS:
        folder.chmod(0o700)


def write_whole(target: Path, content: bytes) -> None:
    """Replace a private file by new content: after a power cut it is the old or the new one. Raises DiskFull."""
    beside = target.with_name(f"{target.name}.baru")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno in NO_SPACE:
            raise DiskFull(_("Ruang simpan habis. Kosongkan ruang, lalu coba lagi.")) from error
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
