"""An opened book and who works in it: what every service takes as its first argument."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from posyandu.domain.errors import BadInput, DatabaseBusy
from posyandu.domain.forms import FORMS
from posyandu.domain.growth import GrowthTables
from posyandu.domain.standards import Standards
from posyandu.storage import database, records, reference, settings
from posyandu.storage.database import Database
from posyandu.storage.records import Author, new_id
from posyandu.text import _

Clock = Callable[[], datetime]

EARLIEST_PLAUSIBLE = datetime(2026, 11, 1, tzinfo=UTC)
LATEST_PLAUSIBLE = datetime(2060, 1, 1, tzinfo=UTC)
CHECK_HOLDS = timedelta(hours=24)
LONG_UNUSED = timedelta(days=200)
"""A book that lay longer than this is rarer than a clock that leapt."""


@dataclass(frozen=True)
class Worker:
    """The kader or officer who unlocked the book."""

    id: str
    name: str
    role: str


class Hold(Protocol):
    """Something to let go of when the book is closed: the lock that keeps other windows out."""

    def release(self) -> None:
        """Let go."""


class Workspace:
    """One opened book: database, folder, the person at work, the post chosen, and the clock.

    `folder` is None for a book in memory. Use `sibling()` for another thread; close both.
    """

    def __init__(
        self, db: Database, folder: Path | None, worker: Worker, *, clock: Clock, hold: Hold | None = None
    ) -> None:
        self.db = db
        self.folder = folder
        self.worker = worker
        self._clock = clock
        self._hold = hold
        self._read = ""
        self._told: tuple[datetime, timedelta] | None = None
        self.kept: dict[str, Any] = {}
        """What services worked out of the book and may ask again; siblings share it, and it goes with the book."""

    @property
    def device(self) -> str:
        """The id of this laptop in this book."""
        return str(settings.get(self.db, "device"))

    @property
    def practice(self) -> bool:
        """Whether this is the practice book."""
        return bool(settings.get(self.db, "practice", False))

    @property
    def posyandu_id(self) -> str:
        """The id of the post at work, remembered; "" while the book has none."""
        return str(settings.get(self.db, "posyandu", ""))

    @posyandu_id.setter
    def posyandu_id(self, value: str) -> None:
        settings.put(self.db, "posyandu", value)

    @property
    def standards(self) -> Standards:
        """The rules in force at the post that is read (`at_its_post`), or else at the one at work."""
        return reference.standards(self.db, self._read or self.posyandu_id)

    @contextmanager
    def reading(self, posyandu_id: str) -> Iterator[None]:
        """Meanwhile the rules are those of this post."""
        before, self._read = self._read, posyandu_id
        try:
            yield
        finally:
            self._read = before

    @property
    def growth(self) -> GrowthTables:
        """The WHO tables."""
        return reference.growth_tables()

    @property
    def author(self) -> Author:
        """Who a save made now is by, with the quality of the clock."""
        return Author(self.worker.id, self.device, self.clock_quality())

    def now(self) -> datetime:
        """This moment, with its time zone; by what the kader told of the day while the clock is in doubt."""
        return self._clock() + (self._offset() or timedelta())

    def today(self) -> date:
        """The day of `now`."""
        return self.now().date()

    def clock_quality(self) -> int:
        """How far the clock is to be trusted: 0 not, 1 plausible, 2 compared with the server within a day."""
        if self._offset() is not None:
            return 0
        now = self._clock()
        checked = settings.get(self.db, "clock_checked_at")
        if checked is not None and abs(now - datetime.fromisoformat(checked)) <= CHECK_HOLDS:
            return 2
        return int(EARLIEST_PLAUSIBLE <= now <= LATEST_PLAUSIBLE)

    def asks_for_the_day(self) -> bool:
        """Whether somebody must say what day it is: the clock is dead, went back, or leapt by half a year since the
        book was last open. A day that is not in doubt is noted for the next time, if need be: whoever comes back while
        a large file is being written is let in.
        """
        if self._offset() is not None:
            return False
        now, seen = self._clock(), settings.get(self.db, "clock_seen")
        leap = now - datetime.fromisoformat(seen) if seen else timedelta()
        doubtful = not EARLIEST_PLAUSIBLE <= now <= LATEST_PLAUSIBLE or leap < -CHECK_HOLDS or leap > LONG_UNUSED
        if not doubtful and not (seen and timedelta() <= leap < timedelta(hours=1)):
            with suppress(DatabaseBusy):
                settings.put(self.db, "clock_seen", now.isoformat())
        return doubtful

    def last_day(self) -> date:
        """The last day that was not in doubt: today lies after it, mostly by less than a year."""
        seen = settings.get(self.db, "clock_seen")
        return (datetime.fromisoformat(seen) if seen else EARLIEST_PLAUSIBLE).date()

    def tell_day(self, on: date) -> None:
        """Take this for today while the clock runs on and the book is open; note by whom, and how far it was off.

        Raises BadInput for a day that cannot be today.
        """
        now = self._clock()
        told = datetime.combine(on, now.timetz())
        if not EARLIEST_PLAUSIBLE <= told <= LATEST_PLAUSIBLE:
            raise BadInput(_("Tanggal itu tidak mungkin hari ini. Periksa tahunnya."))
        self._told = (now, told - now)
        note = {"clock": now.isoformat(), "day": on.isoformat(), "days_off": (told - now).days, "by": self.worker.id}
        with database.transaction(self.db):
            settings.put(self.db, "clock_told", note)
            settings.put(self.db, "clock_seen", told.isoformat())

    def _offset(self) -> timedelta | None:
        """How far the clock is off by what was told; None without that, or when somebody set the clock since."""
        if self._told is None or not timedelta() <= self._clock() - self._told[0] <= CHECK_HOLDS:
            return None
        return self._told[1]

    def keep_time_by(self, clock: Clock) -> None:
        """Take the time from this clock from now on: for demos and pictures, never at work."""
        self._clock = clock

    def sibling(self) -> "Workspace":
        """The same book through another connection, for a worker thread; close it there."""
        other = Workspace(database.sibling(self.db), self.folder, self.worker, clock=self._clock)
        other._told = self._told
        other.kept = self.kept
        return other

    def take_over(self, opened: "Workspace") -> None:
        """Be the book that the same person opened anew: whoever holds this one goes on in it."""
        vars(self).update(vars(opened))

    def close(self) -> None:
        """Close the connection and let other windows in; harmless twice."""
        self.db.close()
        self.kept = {}
        if self._hold is not None:
            self._hold.release()
            self._hold = None


_P = ParamSpec("_P")
_R = TypeVar("_R")


def at_its_post(read: Callable[Concatenate[Workspace, str, _P], _R]) -> Callable[Concatenate[Workspace, str, _P], _R]:
    """For what is read or judged of one post: by the rules of that post, whichever is at work."""

    @wraps(read)
    def by_its_rules(ws: Workspace, posyandu_id: str, /, *args: _P.args, **named: _P.kwargs) -> _R:
        with ws.reading(posyandu_id):
            return read(ws, posyandu_id, *args, **named)

    return by_its_rules


def system_clock() -> datetime:
    """The laptop's clock in its own time zone."""
    return datetime.now().astimezone()


WITA = timezone(timedelta(hours=8), "WITA")


def in_memory(
    *,
    now: datetime | Clock = datetime(2026, 11, 12, 9, 0, tzinfo=WITA),
    device: str | None = None,
    post: str | None = "melati",
    practice: bool = False,
) -> Workspace:
    """A book in memory for tests and previews, with one kader and the post of this id (none for None)."""
    clock = now if callable(now) else lambda: now
    db = database.open_memory()
    settings.put(db, "device", device or new_id())
    settings.put(db, "practice", practice)
    workspace = Workspace(db, None, Worker("kader-sari", "Sari", "kader"), clock=clock)
    if post is not None:
        answers = {"name": f"Posyandu {post.title()}", "village_code": "5203012001"}
        records.save(db, FORMS["posyandu"], post, answers, scope=post, author=workspace.author, now=clock())
        workspace.posyandu_id = post
    return workspace
