"""The words people are found by: folded names, mother, numbers and address, kept beside the person's row."""

from collections.abc import Iterable, Mapping
from typing import Any

from posyandu.domain.person import search_words
from posyandu.storage.engine import Database

KINDS = {"name": 0, "mother_name": 1, "nik": 2, "kk": 2, "phone": 2, "address": 4, "hamlet": 4}
"""Which columns are searched, and the rank of a hit in each: own name before mother before numbers before address."""


def keep(db: Database, person: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring the index up to a changed person row, in the caller's transaction; `person` is the row's `n`."""
    old, new = words_of(before), words_of(after)
    gone, added = old - new, new - old
    if gone:
        db.conn.executemany(
            "DELETE FROM person_word WHERE word = ? AND person = ? AND kind = ?",
            [(word, person, kind) for word, kind in gone],
        )
    if added:
        add(db, ((word, person, kind) for word, kind in sorted(added)))


def add(db: Database, found: Iterable[tuple[str, int, int]]) -> None:
    """Add (word, person, kind) rows that are not there."""
    db.conn.executemany("INSERT OR IGNORE INTO person_word VALUES (?, ?, ?)", found)


def words_of(row: Mapping[str, Any]) -> set[tuple[str, int]]:
    """The folded words of one person row with their kinds."""
    return {
        (word, kind) for column, kind in KINDS.items() if row.get(column) for word in search_words(str(row[column]))
    }
