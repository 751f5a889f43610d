"""Find persons: by a few letters of any of their words, and by likeness while one is being registered."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.person import query_words, search_words
from posyandu.storage import records, words
from posyandu.storage.engine import Database, rows
from posyandu.storage.records import Row

EXAMINED = 20_000
"""How many bearers of a word are looked at: everybody in a district's book, a bound in a province's."""

RANKED = 60
"""How many hits are put in order before the first few are shown."""

SMALL_POST = 400
"""Up to so many persons a post is searched person by person, above by the words of everybody."""

LOOKALIKE_DAYS = 31


class Hit(NamedTuple):
    """A person found: `n` of the row and the kind of word the match hangs on."""

    n: int
    kind: int
    scope: str
    name: str


def search(db: Database, text: str, *, limit: int = 20, scope: str | None = None, near: str | None = None) -> list[Row]:
    """Persons who have, for each word typed, a word that begins so: name, mother, guardian, NIK, KK, phone, register,
    address.

    First those whose name begins so, then other words of the name, the mother or guardian, numbers and the address;
    within each, those of the post `near`, then by name. `scope` keeps to one post. Without text: everybody, by name.
    Withdrawn records are left out.
    """
    asked = [_shortest(beginnings) for beginnings in query_words(text)]
    if not asked:
        where, given = ("", ()) if scope is None else (" AND scope = ?", (scope,))
        return records.select(db, PERSON, f"withdrawn = 0{where} ORDER BY name COLLATE NOCASE LIMIT ?", (*given, limit))
    enough = max(limit, RANKED)
    found = {hit.n: hit for post in dict.fromkeys((scope or near, scope)) for hit in _hits(db, asked, post, enough)}
    order = sorted(
        found.values(), key=lambda hit: (hit.kind, near is not None and hit.scope != near, hit.name.casefold())
    )
    return _rows(db, [hit.n for hit in order[:limit]])


def born_or_came(db: Database, scope: str, since: date) -> list[Row]:
    """The persons of a post who were born, or came to live there, on this day or later."""
    condition = "withdrawn = 0 AND scope = ? AND (born_on >= ? OR entered_on >= ?)"
    return records.select(db, PERSON, condition, (scope, str(since), str(since)))


def gave_birth(db: Database, scope: str, since: date) -> set[str]:
    """The women of a post whose pregnancy ended on this day or later."""
    query = "SELECT person_id FROM pregnancy WHERE withdrawn = 0 AND scope = ? AND ended_on >= ?"
    return {woman for (woman,) in rows(db, query, (scope, str(since)))}


def born_with(db: Database, scope: str, ids: Collection[str]) -> list[Row]:
    """The persons of other posts who were born on the day of one of these."""
    days = "SELECT born_on FROM person WHERE id IN (SELECT value FROM json_each(?))"
    condition = f"withdrawn = 0 AND scope <> ? AND born_on IN ({days})"
    return records.select(db, PERSON, condition, (scope, json.dumps(sorted(ids))))


class Resident(NamedTuple):
    """Somebody who lives at a post, and what tells them from others of that day of birth and sex."""

    id: str
    scope: str
    name: str
    nik: str | None
    mother_name: str | None


def perhaps_at_two_posts(db: Database) -> list[tuple[Resident, Resident]]:
    """Residents of two posts of one day of birth and sex who have one NIK, or both a mother's name."""
    asked = ", ".join(f"{who}.{name}" for who in "ab" for name in Resident._fields)
    lives = " AND ".join(
        f"{who}.withdrawn = 0 AND {who}.guest IS NOT 1 AND coalesce({who}.status, '') NOT IN ('moved', 'died')"
        for who in "ab"
    )
    found = rows(
        db,
        f"SELECT {asked} FROM person a JOIN person b ON b.born_on = a.born_on AND b.sex = a.sex AND b.scope > a.scope"
        f" WHERE {lives} AND (a.nik = b.nik OR (a.mother_name IS NOT NULL AND b.mother_name IS NOT NULL))",
    )
    half = len(Resident._fields)
    return [(Resident(*each[:half]), Resident(*each[half:])) for each in found]


def _shortest(beginnings: tuple[str, ...]) -> tuple[str, ...]:
    """Without those that begin like another one, as that one finds what they find; a number is itself alone."""
    if beginnings[0].isdigit():
        return beginnings[:1]
    return tuple(
        each for each in beginnings if not any(each != other and each.startswith(other) for other in beginnings)
    )


def _hits(db: Database, asked: Sequence[tuple[str, ...]], scope: str | None, enough: int) -> list[Hit]:
    """Up to `enough` persons, of one post or all, who have all the words; the best kinds are among them."""
    if len(asked) > 1:
        return _by_all_words(db, asked, scope, enough)
    if scope is not None and _is_small(db, scope):
        return _in_small_post(db, asked[0], scope)
    here, given = ("", ()) if scope is None else (" AND p.scope = ?", (scope,))
    best: dict[int, Hit] = {}
    for kind in (words.FIRST, words.NAME, words.MOTHER, words.NUMBER, words.ADDRESS):
        for beginning in asked[0]:
            found = rows(
                db,
                "SELECT w.person, w.kind, p.scope, coalesce(p.name, '') FROM (SELECT person, kind FROM person_word"
                " WHERE kind = ? AND word >= ? AND word < ? LIMIT ?) w CROSS JOIN person p ON p.n = w.person"
                f" WHERE p.withdrawn = 0{here} LIMIT ?",
                (kind, beginning, _after(beginning), EXAMINED, *given, enough),
            )
            for row in found:
                best.setdefault(row[0], Hit(*row))
        if len(best) >= enough:
            break
    return list(best.values())


def _is_small(db: Database, scope: str) -> bool:
    (count,) = rows(db, "SELECT count(*) FROM (SELECT 1 FROM person WHERE scope = ? LIMIT ?)", (scope, SMALL_POST + 1))[
        0
    ]
    return bool(count <= SMALL_POST)


def _in_small_post(db: Database, beginnings: Sequence[str], scope: str) -> list[Hit]:
    begins, bounds = _begins(beginnings)
    found = rows(
        db,
        "SELECT p.n, min(w.kind), p.scope, coalesce(p.name, '') FROM person p"
        " CROSS JOIN person_word w ON w.person = p.n"
        f" WHERE p.scope = ? AND p.withdrawn = 0 AND ({begins}) GROUP BY p.n",
        (scope, *bounds),
    )
    return [Hit(*row) for row in found]


def _by_all_words(db: Database, asked: Sequence[tuple[str, ...]], scope: str | None, enough: int) -> list[Hit]:
    """Whoever has all the words, in the name first; a hit is as good as the worst word it needs.

    So someone called Nur Aini comes before Nur, the daughter of Aini.
    """
    rarest_first = sorted(asked, key=lambda beginnings: _bearers(db, beginnings))
    persons = _bearing_all(db, rarest_first, (words.NAME, words.MOTHER, words.NUMBER, words.ADDRESS))
    if len(persons) > 2 * enough:  # so many that the best may not be looked at
        named = _bearing_all(db, rarest_first, (words.NAME,))
        persons = named if len(named) >= enough else persons
    here, given = ("", ()) if scope is None else (" AND scope = ?", (scope,))
    known = rows(
        db,
        f"SELECT n, scope, coalesce(name, '') FROM person WHERE n IN ({', '.join('?' * len(persons))})"
        f" AND withdrawn = 0{here} LIMIT ?",
        (*persons, *given, 2 * enough),
    )
    return _ranked(db, asked, known)


def _bearing_all(db: Database, rarest_first: Sequence[tuple[str, ...]], kinds: Sequence[int]) -> list[int]:
    """The persons who bear the rarest word, and the others too while there are many of them."""
    persons: set[int] = set()
    for number, beginnings in enumerate(rarest_first):
        if number and len(persons) <= RANKED:
            break
        bearers = {
            person
            for kind in kinds
            for beginning in beginnings
            for (person,) in rows(
                db,
                "SELECT person FROM person_word WHERE kind = ? AND word >= ? AND word < ? LIMIT ?",
                (kind, beginning, _after(beginning), EXAMINED),
            )
        }
        persons = persons & bearers if number else bearers
    return list(persons)


def _ranked(db: Database, asked: Sequence[tuple[str, ...]], known: Sequence[tuple[int, str, str]]) -> list[Hit]:
    """Those of the known persons who have every word, each by the worst kind it needs."""
    marks = ", ".join("?" * len(known))
    held: dict[int, list[tuple[int, str]]] = {}
    for person, kind, word in rows(
        db,
        f"SELECT person, kind, word FROM person_word WHERE person IN ({marks}) ORDER BY kind",
        [n for n, _scope, _name in known],
    ):
        held.setdefault(person, []).append((kind, word))
    found = []
    for n, scope, name in known:
        needed = [
            next((kind for kind, word in held.get(n, ()) if word.startswith(beginnings)), None) for beginnings in asked
        ]
        if None not in needed:
            found.append(Hit(n, max(kind for kind in needed if kind is not None), scope, name))
    return found


def _bearers(db: Database, beginnings: Iterable[str]) -> int:
    """About how many persons bear a word that begins so, counted no further than needed to tell rare from common."""
    return sum(
        int(
            rows(
                db,
                "SELECT count(*) FROM (SELECT 1 FROM person_word WHERE kind = ? AND word >= ? AND word < ? LIMIT 1000)",
                (kind, each, _after(each)),
            )[0][0]
        )
        for each in beginnings
        for kind in (words.NAME, words.MOTHER)
    )


def _begins(beginnings: Sequence[str]) -> tuple[str, list[str]]:
    """An SQL condition on w.word, and its parameters."""
    return (
        " OR ".join("w.word >= ? AND w.word < ?" for _each in beginnings),
        [bound for each in beginnings for bound in (each, _after(each))],
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
    marks, order = ", ".join("?" * len(numbers)), f",{','.join(map(str, numbers))},"
    return records.select(db, PERSON, f"n IN ({marks}) ORDER BY instr(?, ',' || n || ',')", (*numbers, order))
