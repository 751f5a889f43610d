"""Who stands in the books of two posts, and which of these counts what was before they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from posyandu.domain.fields import Answers
from posyandu.domain.indicators import resides
from posyandu.services import moves
from posyandu.services.people import are_one
from posyandu.services.workspace import Workspace
from posyandu.storage import people as people_index
from posyandu.storage.records import Row


@dataclass(frozen=True)
class Elsewhere:
    """Of one post: who was `handed_over` to it by a post that keeps what was before, and whose birth another post of
    this book counts (`born`).
    """

    handed_over: frozenset[str] = frozenset()
    born: frozenset[str] = frozenset()


def counted(ws: Workspace, posyandu_id: str, since: date) -> Elsewhere:
    """What other posts count of the people of this one: of the births from a day on, of who gave birth."""
    rows = people_index.born_or_came(ws.db, posyandu_id, since)
    babies = {row.id: row for row in rows if _is_baby(row, since)}
    mothers = {str(row.answers.get("mother_id")) for row in babies.values()}
    mothers |= people_index.gave_birth(ws.db, posyandu_id, since)
    came = {
        row.id: row.answers
        for row in rows
        if isinstance(row.answers.get("entered_on"), date) and (row.id in babies or row.id in mothers)
    }
    return Elsewhere(moves.came_from_posts(ws, posyandu_id, came), _born_at_another(ws, posyandu_id, babies))


def living_at_another(ws: Workspace, posyandu_id: str, people: Mapping[str, Answers], on: date) -> dict[str, Row]:
    """Those of these people of a post who by the books live at another post of this book, too: their record there.

    Written down by hand at both, or on two laptops: which of the two is right nobody here can know.
    """
    living = {id_: person for id_, person in people.items() if resides(person, on, seen=False)}
    others: dict[object, list[Row]] = {}
    for row in people_index.born_with(ws.db, posyandu_id, living):
        if resides(row.answers, on, seen=False):
            others.setdefault(row.answers["born_on"], []).append(row)
    return {
        id_: other
        for id_, person in living.items()
        for other in others.get(person.get("born_on"), ())
        if are_one(person, other.answers)
    }


def at_two_posts(ws: Workspace) -> dict[str, tuple[tuple[str, str], ...]]:
    """By post of this book, who of its residents lives at another one, too, and at which."""
    found: dict[str, list[tuple[str, str]]] = {}
    same: Answers = {"born_on": date.min, "sex": ""}
    for one, other in people_index.perhaps_at_two_posts(ws.db):
        if are_one({**one._asdict(), **same}, {**other._asdict(), **same}):
            found.setdefault(one.scope, []).append((one.id, other.scope))
            found.setdefault(other.scope, []).append((other.id, one.scope))
    return {scope: tuple(sorted(each)) for scope, each in found.items()}


def _is_baby(row: Row, since: date) -> bool:
    born_on = row.answers.get("born_on")
    return row.answers.get("guest") is not True and isinstance(born_on, date) and born_on >= since


def _born_at_another(ws: Workspace, posyandu_id: str, babies: Mapping[str, Row]) -> frozenset[str]:
    """The babies who are written down at another post too, by hand, and lived there first: one birth is one count."""
    others: dict[object, list[Row]] = {}
    for row in people_index.born_with(ws.db, posyandu_id, babies):
        if row.answers.get("guest") is not True:
            others.setdefault(row.answers["born_on"], []).append(row)
    return frozenset(
        id_
        for id_, row in babies.items()
        for other in others.get(row.answers["born_on"], ())
        if are_one(row.answers, other.answers) and _lived_first(other) < _lived_first(row)
    )


def _lived_first(row: Row) -> tuple[date, bool, str]:
    """The less, the sooner the baby lived there: by the day it came, then where the birth was noted for its mother."""
    born_on, entered_on = row.answers["born_on"], row.answers.get("entered_on")
    assert isinstance(born_on, date)
    came = max(born_on, entered_on) if isinstance(entered_on, date) else born_on
    return came, not row.answers.get("mother_id"), row.id
