"""The practice book: a made-up village with eighteen months of history up to last month, and a kader with a known PIN.

It lies in a folder of its own, is marked as practice inside and in its keys, and only ever meets trial servers.
"""

import json
import shutil
from contextlib import closing
from pathlib import Path

from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.services import accounts, locked
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import affairs, book, doses, homes, life, troubles, village
from posyandu.services.workspace import Clock, Workspace, system_clock
from posyandu.storage import hold, keys, reference
from posyandu.storage.files import write_whole

PIN = locked.PRACTICE_PIN
KADER = "Sri Wahyuni"
SEED = 2026
MONTHS = 18
POSTS = 8

_NOTE = "latihan.json"


def prepare(folder: BookFolder | None = None, *, fresh: bool = False, clock: Clock = system_clock) -> BookFolder:
    """Make the practice book, or leave the one there if its history reaches last month; `fresh` starts anew.

    What was practised is lost when the book is made anew. Raises DatabaseBusy while a window has it open.
    """
    folder = folder or accounts.books().practice
    if not folder.practice:
        raise ValueError("practice never touches the real book")
    until = Month.of(clock().date()) - 1
    note = {"until": str(until), "seed": SEED, "posts": POSTS}
    if accounts.exists(folder) and not fresh and _noted(folder.path) == note:
        return folder
    if folder.path.exists():
        hold.hold(folder.path / accounts.LOCK).release()
        shutil.rmtree(folder.path)
    # The PIN stands on the lock screen: there is nothing to guess, so opening need not be slow.
    created = accounts.create(folder, KADER, PIN, cost=keys.COSTS[-1], clock=clock)
    with closing(created.workspace) as ws:
        entries = village.generate(SEED, reference.growth_tables(), posts=POSTS, months=MONTHS, until=until)
        rules = reference.shipped_standards().on(until.last)
        lives = doses.added(SEED, life.added(SEED, entries, until), rules.immunisation, until.last)
        told = troubles.added(SEED, homes.added(SEED, affairs.added(SEED, lives), rules))
        book.write(ws.db, told, ws.author)
        ws.posyandu_id = village.post_id(SEED, 0)
        accounts.introduce(ws)
    write_whole(folder.path / _NOTE, json.dumps(note).encode())
    return folder


def unlock(folder: BookFolder | None = None) -> Workspace:
    """Open the practice book as its kader."""
    folder = folder or accounts.books().practice
    return accounts.unlock(folder, accounts.members(folder)[0].id, PIN)


def trial_folder() -> Path:
    """Where the trial server of this laptop keeps its PostgreSQL."""
    return paths.data() / "server-percobaan"


def _noted(folder: Path) -> object:
    try:
        return json.loads((folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return None
