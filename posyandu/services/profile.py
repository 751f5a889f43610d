"""The profile of a village at its posts: what the book counts of people and houses, and what its office told."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON, POSYANDU
from posyandu.domain.forms.village_profile import FORM
from posyandu.domain.strata import window
from posyandu.reports.profile_sheet import Home, Profile
from posyandu.services import iks
from posyandu.services.standing import couples_of
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row

_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c13")


def record_id(posyandu_id: str, year: int) -> str:
    """The one record of a post for a year: two laptops that copy the same figures meet in it."""
    return uuid.uuid5(_SPACE, f"{posyandu_id} {year}").hex


def told(ws: Workspace, posyandu_id: str) -> list[Row]:
    """What the village office told, newest year first."""
    rows = [row for row in records.load_many(ws.db, FORM, scope=posyandu_id) if year_of(row)]
    return sorted(rows, key=lambda row: (year_of(row), row.saved_at_ms, row.id), reverse=True)


def year_of(row: Row) -> int:
    """The year some figures are of; 0 when it is not told."""
    year = row.answers.get("year")
    return year if isinstance(year, int) else 0


def people_of(ws: Workspace, posts: Iterable[str], on: date) -> dict[str, Answers]:
    """Who lives in the area of these posts on a day, by name: no guests, nobody who left, came later or is not born."""
    rows = [row for post in posts for row in iks.living(records.load_many(ws.db, PERSON, scope=post), on)]
    return {row.id: row.answers for row in sorted(rows, key=lambda row: (str(row.answers.get("name")), row.id))}


def of_posts(ws: Workspace, posts: Sequence[str], on: date) -> Profile:
    """The profile of a village's posts on a day. Facts of houses are as they are known now; empty ones are left out.

    What the village office told is what any of them noted last of the newest year; of several villages it is nothing.
    """
    people = people_of(ws, posts, on)
    at_home: dict[str, int] = {}
    for each in people.values():
        house = str(each.get("household_id") or "")
        at_home[house] = at_home.get(house, 0) + 1
    homes = [
        Home(row.answers, at_home[row.id])
        for post in posts
        for row in records.load_many(ws.db, HOUSEHOLD, scope=post)
        if row.id in at_home
    ]
    couples = couples_of(ws, posts, people, window(Month.of(on), ws.standards.on(on).screening_months))
    villages = {row.answers.get("village_code") for row in records.load_many(ws.db, POSYANDU) if row.id in posts}
    noted = [row for post in posts for row in told(ws, post) if year_of(row) <= on.year] if len(villages) == 1 else []
    said = max(noted, key=lambda row: (year_of(row), row.saved_at_ms, row.id)).answers if noted else {}
    return Profile(on, people, homes, tuple(couples), said)
