"""The words people are found by: of the name, the mother, numbers and address, kept beside the person's row."""

from collections.abc import Mapping
from typing import Any

from posyandu.domain.person import search_words
from posyandu.storage.engine import Database

FIRST, NAME, MOTHER, NUMBER, ADDRESS = range(5)
"""Kinds of word, the best hit first: the first word of the name, its other words, the mother's name, a number."""

SEARCHED = {
    "name": NAME,
    "mother_name": MOTHER,
    "nik": NUMBER,
    "kk": NUMBER,
    "phone": NUMBER,
    "register_number": NUMBER,
    "address": ADDRESS,
    "hamlet": ADDRESS,
}
"""Which columns are searched, and the kind of their words."""


def keep(db: Database, person: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Bring the index up to a changed person row, in the caller's transaction; `person` is the row's `n`."""
    if all(before.get(column) == after[column] for column in SEARCHED):
        return
    old, new = words_of(before), words_of(after)
    db.conn.executemany(
        "DELETE FROM person_word WHERE kind = ? AND word = ? AND person = ?",
        [(kind, word, person) for kind, word in old - new],
    )
    db.conn.executemany(
        "INSERT INTO person_word VALUES (?, ?, ?)", [(kind, word, person) for kind, word in sorted(new - old)]
    )


def words_of(row: Mapping[str, Any]) -> set[tuple[int, str]]:
    """The words of one person row with their kinds."""
    found: set[tuple[int, str]] = set()
    for column, kind in SEARCHED.items():
        if row.get(column) is not None:
            found.update((kind, word) for word in search_words(str(row[column])))
    if row.get("name"):
        first = row["name"].split()[:1]
        found.update((FIRST, word) for part in first for word in search_words(part))
    return found
