"""How far the records of each post have come, so that what was worked out of them need not be worked out again.

A stamp changes with every save of the post, with every save of a visit of its people at another post, while a save
that has not left this laptop grows, and when a row had to be made anew from its saves. It means something only beside
other stamps of this process.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from posyandu.domain.forms import FORMS
from posyandu.storage import journal, settings
from posyandu.storage.engine import Database, rows

EVERYWHERE = frozenset(("merge", "erasure"))
"""Saves that may change the people of more posts than the one they were made at."""


@dataclass
class Watch:
    """What is known of one book: the newest save looked at, and for each post its saves and those still growing."""

    place: int
    saved: dict[str, int] = field(default_factory=dict)
    growing: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)
    all_posts: int = 0
    mended: int = 0


def begin(db: Database) -> Watch:
    """Watch a book from now on."""
    return Watch(journal.last(db), growing=_growing(db), mended=_mended(db))


def _mended(db: Database) -> int:
    return int(settings.get(db, journal.MENDED, 0))


def stamp(watch: Watch, post_id: str) -> tuple[int, ...]:
    """Where the records of a post stood at the last look."""
    told = (watch.saved, watch.growing, watch.elsewhere)
    return (watch.all_posts, *(each.get(post_id, 0) for each in told))


def look(db: Database, watch: Watch) -> None:
    """See what was saved since the last look."""
    newest, growing = journal.last(db), _growing(db)
    found = rows(db, "SELECT scope, max(n) FROM op WHERE n > ? GROUP BY scope", (watch.place,))
    kinds = {kind for (kind,) in rows(db, "SELECT DISTINCT entity FROM op WHERE n > ?", (watch.place,))}
    grown = {scope for scope in {*growing, *watch.growing} if growing.get(scope) != watch.growing.get(scope)}
    changed = {scope for scope, _n in found} | grown
    watch.saved |= dict(found)
    watch.all_posts += bool(kinds & EVERYWHERE) or newest < watch.place  # an older copy of the book was put back
    watch.all_posts += (mended := _mended(db)) != watch.mended
    watch.place, watch.growing, watch.mended = newest, growing, mended
    for post_id in _visited_elsewhere(db, changed):
        watch.elsewhere[post_id] = watch.elsewhere.get(post_id, 0) + 1


def _growing(db: Database) -> dict[str, int]:
    """For each post a number that changes when one of its saves that wait here does: a save may grow by a cell."""
    found: dict[str, int] = {}
    for scope, op_id in rows(db, "SELECT scope, id FROM op WHERE sealed = 0 ORDER BY n"):
        found[scope] = crc32(op_id.encode(), found.get(scope, 0))
    return found


@dataclass(frozen=True)
class Mark:
    """Where a whole book stood: its newest save, and a number for those that still grow."""

    place: int
    growing: int
    mended: int


def mark(db: Database, aside: str) -> Mark:
    """Where the book stands now; saves of the kind `aside` change nothing."""
    return Mark(journal.last(db), _growing_but(db, aside), _mended(db))


def is_still(db: Database, before: Mark, aside: str) -> bool:
    """Whether nothing but saves of the kind `aside` came since the mark was made."""
    if journal.last(db) < before.place or _mended(db) != before.mended:  # an older copy of the book was put back
        return False
    told = rows(db, "SELECT 1 FROM op WHERE n > ? AND entity <> ? LIMIT 1", (before.place, aside))
    return not told and _growing_but(db, aside) == before.growing


def _growing_but(db: Database, aside: str) -> int:
    found = 0
    for (op_id,) in rows(db, "SELECT id FROM op WHERE sealed = 0 AND entity <> ? ORDER BY n", (aside,)):
        found = crc32(op_id.encode(), found)
    return found


_VISITS = tuple(form.name for form in FORMS.values() if "person_id" in form.links)


def _visited_elsewhere(db: Database, scopes: Iterable[str]) -> set[str]:
    """The posts whose people have records at these other posts."""
    return {
        post_id
        for scope in scopes
        for table in _VISITS
        for (post_id,) in rows(
            db,
            f"SELECT DISTINCT person.scope FROM {table} AS told JOIN person ON person.id = told.person_id"
            " WHERE told.scope = ? AND person.scope <> told.scope",
            (scope,),
        )
    }
