"""The practice book kept between runs of the demo: made once for the code and the month, then copied.

What is kept is the encrypted book with its keys and the laptop's secret, as fresh as `practice.prepare` made it. Any
change of the code below the window, of the rules or of the month makes it anew, so a kept book is never a stale one.
"""

import hashlib
import shutil
from pathlib import Path

import posyandu
from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.services import accounts
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import practice
from posyandu.services.workspace import Clock, system_clock

LAYERS = ("domain", "storage", "services", "sync")
BOOK, SECRET = "latihan", "config"


def prepare(keep: Path, *, clock: Clock = system_clock) -> BookFolder:
    """The practice book in an empty home: copied from `keep`, or made and kept there for the next time."""
    folder = accounts.books().practice
    kept = keep / recipe(clock)
    if kept.exists() and not folder.path.exists():
        shutil.copytree(kept / BOOK, folder.path)
        shutil.copytree(kept / SECRET, paths.config(), dirs_exist_ok=True)
    practice.prepare(folder, clock=clock)
    if not kept.exists():
        shutil.rmtree(keep, ignore_errors=True)  # what is left of other code or another month
        begun = keep / "sedang-disalin"
        shutil.copytree(folder.path, begun / BOOK)
        shutil.copytree(paths.config(), begun / SECRET)
        begun.rename(kept)
    return folder


def recipe(clock: Clock = system_clock) -> str:
    """A digest of all that decides what the book holds: version, code, rules, month."""
    digest = hashlib.blake2b(f"{posyandu.__version__} {Month.of(clock().date())}".encode(), digest_size=12)
    code = Path(posyandu.__file__).parent
    for folder in (*(code / layer for layer in LAYERS), paths.resources() / "rules", paths.resources() / "growth"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.name} ".encode() + path.read_bytes())
    return digest.hexdigest()
