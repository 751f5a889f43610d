"""The rows that reports are computed from: who lived there on a day, what was done in a period."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from posyandu.domain.fields import Date
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.storage import records
from posyandu.storage.engine import Database, rows
from posyandu.storage.records import Row

AT_ONCE = 5_000
"""How many ids one query names."""


def residents(db: Database, scope: str, on: date, *, born_from: date | None = None, guests: bool = False) -> list[Row]:
    """The persons of a post who lived there on a day, by name: born, moved in, not yet moved away or died.

    Who left without a day is gone; on the day of leaving one is gone too. Who is away for a while still lives there.
    `born_from` keeps to those born on that day or later; guests count only when asked for.
    """
    day = on.isoformat()
    condition = (
        "scope = ? AND withdrawn = 0 AND (born_on IS NULL OR born_on BETWEEN ? AND ?)"
        " AND (entered_on IS NULL OR entered_on <= ?)"
        " AND (coalesce(status, '') NOT IN ('moved', 'died') OR coalesce(left_on, '') > ?)"
    )
    if not guests:
        condition += " AND coalesce(guest, 0) = 0"
    first = born_from.isoformat() if born_from else ""
    return records.select(db, PERSON, f"{condition} ORDER BY name COLLATE NOCASE, id", (scope, first, day, day, day))


def last_days(db: Database, scope: str) -> dict[str, date]:
    """The last day anything at a post is dated by, for every person it is about; a presence counts, an absence does
    not. What lies ahead (a next check) is no trace.
    """
    found: dict[str, str] = {}
    for form in FORMS.values():
        days = [name for name, field in form.fields.items() if isinstance(field, Date) and field.past_only]
        if "person_id" not in form.links or not days:
            continue
        latest = ", ".join(f"coalesce(max({day}), '')" for day in days)
        query = f"SELECT person_id, {latest} FROM {form.name} WHERE scope = ? AND withdrawn = 0 GROUP BY person_id"
        for person, *told in rows(db, query, (scope,)):
            found[person] = max(found.get(person, ""), *told)
    came = (
        "SELECT person_id, max(held_on) FROM attendance JOIN session ON session.id = session_id"
        " WHERE attendance.scope = ? AND attendance.withdrawn = 0 AND present = 1 GROUP BY person_id"
    )
    for person, day in rows(db, came, (scope,)):
        found[person] = max(found.get(person, ""), day or "")
    return {person: date.fromisoformat(day) for person, day in found.items() if person is not None and day}


def persons(db: Database, ids: Collection[str]) -> dict[str, Row]:
    """These persons by id, withdrawn ones too."""
    return {row.id: row for some in _portions(ids) for row in _among(db, PERSON, "id", some)}


def visits(db: Database, form: Form, scope: str, first: date, last: date) -> list[Row]:
    """The visits of a form in a post from the first to the last day, oldest first."""
    condition = "scope = ? AND visited_on BETWEEN ? AND ? AND withdrawn = 0 ORDER BY visited_on, id"
    return records.select(db, form, condition, (scope, first.isoformat(), last.isoformat()))


def visits_of(db: Database, form: Form, person_ids: Collection[str], until: date) -> dict[str, list[Row]]:
    """All visits of these persons in a form up to a day, whichever the post, oldest first, by person."""
    found: dict[str, list[Row]] = {}
    for some in _portions(person_ids):
        marks = ", ".join("?" * len(some))
        condition = f"person_id IN ({marks}) AND visited_on <= ? AND withdrawn = 0 ORDER BY visited_on, id"
        for row in records.select(db, form, condition, (*some, until.isoformat())):
            found.setdefault(str(row.answers["person_id"]), []).append(row)
    return found


def sessions(db: Database, scope: str, first: date, last: date) -> list[Row]:
    """The posyandu days of a post from the first to the last day, oldest first."""
    condition = "scope = ? AND held_on BETWEEN ? AND ? AND withdrawn = 0 ORDER BY held_on, id"
    return records.select(db, SESSION, condition, (scope, first.isoformat(), last.isoformat()))


def wrong_tools(db: Database, session_ids: Collection[str]) -> dict[str, str]:
    """Which of these days had a tool that was found wrong: "scale", "board" or "both"."""
    found: dict[str, str] = {}
    for some in _portions(session_ids):
        marks = ", ".join("?" * len(some))
        told = f"SELECT id, wrong_tool FROM session WHERE id IN ({marks}) AND wrong_tool <> 'none' AND withdrawn = 0"
        found.update(db.conn.execute(told, tuple(some)))
    return found


def attendance(db: Database, session_ids: Collection[str]) -> list[Row]:
    """Who was noted on these posyandu days, present or absent."""
    return [row for some in _portions(session_ids) for row in _among(db, ATTENDANCE, "session_id", some)]


def _among(db: Database, form: Form, column: str, ids: Sequence[str]) -> list[Row]:
    withdrawn = "" if column == "id" else " AND withdrawn = 0"
    return records.select(db, form, f"{column} IN ({', '.join('?' * len(ids))}){withdrawn}", ids)


def _portions(ids: Collection[str]) -> Iterator[Sequence[str]]:
    listed = list(ids)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
