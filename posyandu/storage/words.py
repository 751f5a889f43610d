"""The words people are found by: name, mother or guardian, numbers and address, kept beside the person's row."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from posyandu.domain.person import search_words
from posyandu.storage.engine import Database

FIRST, NAME, MOTHER, NUMBER, ADDRESS = range(5)
"""Kinds of word, the best hit first: the first word of the name, its others, the mother's or guardian's, a number."""

SEARCHED = {
    "name": NAME,
    "mother_name": MOTHER,
    "guardian_name": MOTHER,
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
        "INSERT OR IGNORE INTO person_word VALUES (?, ?, ?)", [(kind, word, person) for kind, word in sorted(new - old)]
    )


def add_all(db: Database, persons: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Add the words of many new persons at once, sorted so that the index grows in order."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO person_word VALUES (?, ?, ?)",
        sorted((kind, word, person) for person, row in persons for kind, word in words_of(row)),
    )


def words_of(row: Mapping[str, Any]) -> set[tuple[int, str]]:
    """The words of one person row with their kinds."""
    found: set[tuple[int, str]] = set()
    for column, kind in SEARCHED.items():
        value = row.get(column)
        if value is not None:
            parts = str(value).split()
            found.update((kind, word) for part in parts for word in ((part,) if part.isdigit() else _forms(part)))
    first = str(row.get("name") or "").split()[:1]
    found.update((FIRST, word) for part in first for word in _forms(part))
    return found


@lru_cache(maxsize=20_000)
def _forms(word: str) -> tuple[str, ...]:
    """What one word is found by; the same words come again and again."""
    return search_words(word)
