"""The rows reports start from: a small village with everybody at an edge."""

from collections.abc import Iterator
from datetime import date

import pytest

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries

DAY = date(2026, 11, 12)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    each = workspace.in_memory()
    yield each
    each.close()


def put(ws: Workspace, form: str, record: str, *, scope: str = "melati", **given: Value | None) -> None:
    records.save(ws.db, FORMS[form], record, given, scope=scope, author=ws.author, now=ws.now())


@pytest.mark.parametrize(
    ("lives_here", "told"),
    [
        (True, {}),
        (True, {"status": "active", "entered_on": DAY}),
        (True, {"status": "away"}),
        (True, {"born_on": DAY}),
        (True, {"status": "moved", "left_on": date(2026, 11, 13)}),
        (True, {"status": "active", "left_on": date(2020, 1, 1)}),
        (False, {"status": "moved", "left_on": DAY}),
        (False, {"status": "died", "left_on": date(2026, 1, 1)}),
        (False, {"status": "died"}),
        (False, {"entered_on": date(2026, 11, 13)}),
        (False, {"born_on": date(2026, 11, 13)}),
        (False, {"guest": True}),
    ],
)
def test_who_lived_there_on_a_day(ws: Workspace, lives_here: bool, told: dict[str, Value | None]) -> None:
    put(ws, "person", "anak", name="Nur Aini", **told)
    assert bool(summaries.residents(ws.db, "melati", DAY)) == lives_here
    assert summaries.residents(ws.db, "mawar", DAY) == []


def test_residents_may_be_narrowed_by_birth_and_widened_by_guests(ws: Workspace) -> None:
    put(ws, "person", "tua", name="Zahra", born_on=date(2020, 1, 1))
    put(ws, "person", "muda", name="ali", born_on=date(2024, 1, 1))
    put(ws, "person", "tamu", name="Baiq", born_on=date(2024, 1, 1), guest=True)
    put(ws, "person", "hilang", name="Cici", born_on=date(2024, 1, 1))
    records.withdraw(ws.db, FORMS["person"], "hilang", author=ws.author, now=ws.now())
    young = date(2021, 11, 13)
    assert [row.id for row in summaries.residents(ws.db, "melati", DAY)] == ["muda", "tua"]
    assert [row.id for row in summaries.residents(ws.db, "melati", DAY, born_from=young)] == ["muda"]
    assert [row.id for row in summaries.residents(ws.db, "melati", DAY, born_from=young, guests=True)] == [
        "muda",
        "tamu",
    ]
    assert set(summaries.persons(ws.db, ["tua", "hilang", "siapa"])) == {"tua", "hilang"}


def test_visits_of_a_period_and_of_persons(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "AT_ONCE", 1)
    for number, day in enumerate((1, 30, 15)):
        put(ws, "under_five_visit", f"k{number}", person_id="anak", visited_on=date(2026, 11, day))
    put(ws, "under_five_visit", "lain", scope="mawar", person_id="anak", visited_on=date(2026, 10, 1))
    put(ws, "under_five_visit", "adik", person_id="adik", visited_on=date(2026, 12, 1))
    form = FORMS["under_five_visit"]
    month = (date(2026, 11, 1), date(2026, 11, 30))
    assert [row.id for row in summaries.visits(ws.db, form, "melati", *month)] == ["k0", "k2", "k1"]
    told = summaries.visits_of(ws.db, form, ["anak", "adik"], date(2026, 11, 30))
    assert {person: [row.id for row in rows] for person, rows in told.items()} == {"anak": ["lain", "k0", "k2", "k1"]}
    records.withdraw(ws.db, form, "k2", author=ws.author, now=ws.now())
    assert [row.id for row in summaries.visits(ws.db, form, "melati", *month)] == ["k0", "k1"]


def test_days_and_who_came(ws: Workspace) -> None:
    put(ws, "session", "h1", held_on=date(2026, 11, 12))
    put(ws, "session", "h2", held_on=date(2026, 12, 12))
    put(ws, "attendance", "a1", session_id="h1", person_id="anak", present=True)
    put(ws, "attendance", "a2", session_id="h2", person_id="anak", present=False)
    assert [row.id for row in summaries.sessions(ws.db, "melati", date(2026, 11, 1), date(2026, 11, 30))] == ["h1"]
    assert [row.answers["present"] for row in summaries.attendance(ws.db, ["h1"])] == [True]
