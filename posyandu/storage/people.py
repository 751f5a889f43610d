"""Find persons: by a few letters of any of their words, and by likeness while one is being registered."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.person import query_words, search_words
from posyandu.storage import records, words
from posyandu.storage.engine import Database, rows
from posyandu.storage.records import Row

EXAMINED = 3_000
"""How many bearers of the rarest typed word are looked at: everybody in a village, a bound in a province."""

RANKED = 60
"""How many hits are put in order before the first few are shown."""

LOOKALIKE_DAYS = 31


def search(db: Database, text: str, *, limit: int = 20, scope: str | None = None, near: str | None = None) -> list[Row]:
    """Persons who have, for each word typed, a word that begins so: name, mother, NIK, KK, phone, register, address.

    First those whose name begins so, then other words of the name, the mother, numbers and the address; within each,
    those of the post `near`, then by name. `scope` keeps to one post. Without text: everybody, by name. Withdrawn
    records are left out.
    """
    asked = query_words(text)
    if not asked:
        where, given = ("", ()) if scope is None else (" AND scope = ?", (scope,))
        return records.select(db, PERSON, f"withdrawn = 0{where} ORDER BY name COLLATE NOCASE LIMIT ?", (*given, limit))
    found = _hits(db, asked, scope, max(limit, RANKED))
    found.sort(key=lambda hit: (hit[1], near is not None and hit[2] != near, hit[3].casefold()))
    return _rows(db, [hit[0] for hit in found[:limit]])


def _hits(
    db: Database, asked: Sequence[tuple[str, ...]], scope: str | None, enough: int
) -> list[tuple[int, int, str, str]]:
    """(n, kind, scope, name) of up to `enough` persons, best kinds first."""
    asked = sorted(asked, key=lambda beginnings: _bearers(db, beginnings)) if len(asked) > 1 else asked
    leading, others = asked[0], asked[1:]
    also = "".join(
        " AND EXISTS (SELECT 1 FROM person_word o WHERE o.person = w.person"
        f" AND ({' OR '.join('o.word >= ? AND o.word < ?' for _ in beginnings)}))"
        for beginnings in others
    )
    also_given = [bound for beginnings in others for each in beginnings for bound in (each, _after(each))]
    here, here_given = ("", []) if scope is None else (" AND p.scope = ?", [scope])
    best: dict[int, tuple[int, int, str, str]] = {}
    for kind in (words.FIRST, words.NAME, words.MOTHER, words.NUMBER, words.ADDRESS):
        for beginning in leading:
            sql = (
                "SELECT w.person, p.scope, p.name FROM (SELECT person FROM person_word WHERE kind = ?"
                " AND word >= ? AND word < ? LIMIT ?) w CROSS JOIN person p ON p.n = w.person"
                f" WHERE p.withdrawn = 0{here}{also} LIMIT ?"
            )
            given = [kind, beginning, _after(beginning), EXAMINED, *here_given, *also_given, enough]
            for person, of_scope, name in rows(db, sql, given):
                best.setdefault(person, (person, kind, of_scope, name or ""))
        if len(best) >= enough:
            break
    if others:
        return [_with_worst_kind(db, hit, asked) for hit in best.values()]
    return list(best.values())


def _with_worst_kind(
    db: Database, hit: tuple[int, int, str, str], asked: Sequence[tuple[str, ...]]
) -> tuple[int, int, str, str]:
    """The hit by the worst kind it needs: someone called Nur Aini comes before Nur, the daughter of Aini."""
    found = rows(db, "SELECT kind, word FROM person_word WHERE person = ? ORDER BY kind", (hit[0],))
    needed = [next(kind for kind, word in found if word.startswith(beginnings)) for beginnings in asked]
    return (hit[0], max(needed), hit[2], hit[3])


def _bearers(db: Database, beginnings: Iterable[str]) -> int:
    """About how many persons bear a word that begins so, counted no further than needed to tell rare from common."""
    return sum(
        int(
            rows(
                db,
                "SELECT count(*) FROM (SELECT 1 FROM person_word WHERE kind = ? AND word >= ? AND word < ? LIMIT 500)",
                (kind, each, _after(each)),
            )[0][0]
        )
        for each in beginnings
        for kind in (words.NAME, words.MOTHER)
    )


def _after(beginning: str) -> str:
    """The least text after all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def candidates(db: Database, answers: Answers, *, limit: int = 120) -> list[Row]:
    """Who might be the one being registered: same NIK or KK, alike in a word of the name, or born around that day.

    A wide net for `services.people.lookalikes`, which says who is alike and why.
    """
    found: dict[int, None] = {}
    for number in (answers.get("nik"), answers.get("kk")):
        if number:
            found |= dict.fromkeys(_bearing(db, words.NUMBER, str(number), whole=True))
    for word in sorted(search_words(str(answers.get("name") or "")), key=len, reverse=True):
        if len(word) >= 3:
            found |= dict.fromkeys(_bearing(db, words.NAME, word, whole=True))
            found |= dict.fromkeys(_bearing(db, words.NAME, word[:4], whole=False))
    born_on = answers.get("born_on")
    if isinstance(born_on, date) and (answers.get("name") or answers.get("mother_name")):
        first, last = (born_on + days * timedelta(days=LOOKALIKE_DAYS) for days in (-1, 1))
        born = rows(
            db,
            "SELECT n FROM person WHERE born_on BETWEEN ? AND ?"
            " ORDER BY abs(julianday(born_on) - julianday(?)) LIMIT ?",
            (first.isoformat(), last.isoformat(), born_on.isoformat(), limit // 2),
        )
        found = dict.fromkeys(n for (n,) in born) | found
    return [row for row in _rows(db, list(found)[:limit]) if not row.withdrawn]


def _bearing(db: Database, kind: int, word: str, *, whole: bool) -> list[int]:
    upper = word + "\0" if whole else _after(word)
    sql = "SELECT person FROM person_word WHERE kind = ? AND word >= ? AND word < ? LIMIT 60"
    return [person for (person,) in rows(db, sql, (kind, word, upper))]


def _rows(db: Database, numbers: Sequence[int]) -> list[Row]:
    """The rows of these persons in this order."""
    if not numbers:
        return []
    marks = ", ".join("?" * len(numbers))
    order = dict(rows(db, f"SELECT id, n FROM person WHERE n IN ({marks})", numbers))
    place = {n: index for index, n in enumerate(numbers)}
    found = records.select(db, PERSON, f"n IN ({marks})", numbers)
    return sorted(found, key=lambda row: place[order[row.id]])
