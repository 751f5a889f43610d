"""The posts typed on a new laptop before its book exists: kept in a small file, so that a power cut takes nothing.

Names of posts and codes of villages only: nothing personal is kept outside the book.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posyandu import paths
from posyandu.storage import areas
from posyandu.storage.areas import Area
from posyandu.storage.files import private_folder, write_whole


@dataclass(frozen=True)
class NewPost:
    """A post that is not in a book yet."""

    name: str
    area: Area


def keep(posts: Sequence[NewPost]) -> None:
    """Keep these posts in place of those kept before; none forgets them all. Raises DiskFull."""
    if not posts:
        _file().unlink(missing_ok=True)
        return
    private_folder(_file().parent)
    write_whole(_file(), json.dumps([[post.name, post.area.code] for post in posts]).encode())


def kept() -> list[NewPost]:
    """What was kept; a file that makes no sense is as if never written."""
    try:
        told = [(str(name), areas.get(str(code))) for name, code in json.loads(_file().read_bytes())]
    except (OSError, ValueError, TypeError):
        return []
    return [NewPost(name, area) for name, area in told if area is not None]


def _file() -> Path:
    return paths.config() / "posyandu-baru.json"
