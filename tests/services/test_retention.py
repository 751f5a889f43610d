"""Whose data is kept too long: by the last trace, by a dated rule, for who may erase; and nothing goes by itself."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import duplicates, erasure, people, retention, sessions, workspace
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.erased import reasons
from tests.services.melati import POST, TODAY, ZONE, Clock

LIMIT = date(2021, 11, 12)
"""Five years before today."""
LONG_AGO = datetime(2020, 1, 6, 9, tzinfo=ZONE)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    """A book in which everybody was registered long ago."""
    clock = Clock(LONG_AGO)
    book = workspace.in_memory(now=clock)
    book.worker = Worker("koordinator", "Bu Rini", "coordinator")
    yield book
    book.close()


def today(ws: Workspace) -> Workspace:
    ws._clock.now = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=ZONE)  # type: ignore[attr-defined]
    return ws


def somebody(ws: Workspace, name: str, **more: Value | None) -> str:
    return people.register(ws, {"name": name, "sex": "male", "born_on": date(1970, 1, 1), **more})


def note(ws: Workspace, form: str, person: str, links: dict[str, str] | None = None, **told: Value | None) -> str:
    record = records.new_id()
    records.save(
        ws.db, FORMS[form], record, told, scope=POST, author=ws.author, now=ws.now(),
        links={"person_id": person, **(links or {})},
    )  # fmt: skip
    return record


def names(ws: Workspace) -> list[str]:
    return [each.name for each in retention.kept_long(today(ws))]


@pytest.mark.parametrize(
    ("form", "told", "kept_long"),
    [
        ("adult_visit", {"visited_on": LIMIT - timedelta(days=1)}, True),
        ("adult_visit", {"visited_on": LIMIT}, False),
        ("immunisation_dose", {"given_on": LIMIT}, False),
        ("home_adult", {"visited_on": LIMIT, "next_on": LIMIT}, False),
        ("nakes_exam", {"visited_on": date(2019, 1, 1), "again_on": LIMIT}, True),
        ("referral", {"referred_on": date(2019, 1, 1), "came_on": LIMIT}, False),
        ("social_ticket", {"noted_on": LIMIT}, False),
        ("adult_visit", {"visited_on": None}, True),
    ],
)
def test_the_last_day_anything_is_dated_by_counts(
    ws: Workspace, form: str, told: dict[str, Value | None], kept_long: bool
) -> None:
    note(ws, form, somebody(ws, "Budi"), **told)
    assert names(ws) == (["Budi"] if kept_long else [])


def test_who_came_without_a_visit_was_seen_and_who_was_noted_absent_was_not(ws: Workspace) -> None:
    came, absent = somebody(ws, "Datang"), somebody(ws, "Absen")
    day = sessions.open_day(ws, POST, LIMIT)
    note(ws, "attendance", came, {"session_id": day}, present=True)
    note(ws, "attendance", absent, {"session_id": day}, present=False)
    assert names(ws) == ["Absen"]


def test_a_trace_that_was_taken_away_is_none(ws: Workspace) -> None:
    record = note(ws, "adult_visit", somebody(ws, "Budi"), visited_on=TODAY)
    assert names(ws) == []
    records.withdraw(ws.db, FORMS["adult_visit"], record, author=ws.author, now=ws.now())
    assert names(ws) == ["Budi"]


def test_who_left_comes_first_then_the_longest_unseen_each_in_words(ws: Workspace) -> None:
    for name, year, more in (
        ("Tinggal", 2012, {}),
        ("Pindah", 2016, {"status": "moved", "left_on": date(2016, 5, 2)}),
        ("Wafat", 2014, {"status": "died"}),
        ("Baru pindah", 2014, {"status": "moved", "left_on": date(2022, 5, 2)}),
    ):
        note(ws, "adult_visit", somebody(ws, name, **more), visited_on=date(year, 3, 1))  # type: ignore[arg-type]
    found = retention.kept_long(today(ws))
    assert [(each.name, each.has_left, each.words) for each in found] == [
        ("Wafat", True, "Meninggal. Terakhir 01-03-2014"),
        ("Pindah", True, "Pindah. Terakhir 02-05-2016"),
        ("Tinggal", False, "Masih tercatat tinggal di sini. Terakhir 01-03-2012"),
    ]


def test_somebody_without_any_trace_counts_from_the_registration(ws: Workspace) -> None:
    somebody(ws, "Lama")
    somebody(today(ws), "Baru")
    assert names(ws) == ["Lama"]


def test_two_records_of_one_person_have_one_last_day(ws: Workspace) -> None:
    kept, other = somebody(ws, "Budi"), somebody(ws, "Budy")
    note(ws, "adult_visit", other, visited_on=LIMIT)
    assert names(ws) == ["Budi"]
    duplicates.merge(ws, kept, other)
    assert names(ws) == []


def test_only_who_may_erase_sees_the_list(ws: Workspace) -> None:
    somebody(ws, "Budi")
    ws.worker = Worker("kader", "Sri", "kader")
    assert names(ws) == []
    ws.worker = Worker("bidan", "Bu Ani", "midwife")
    assert names(ws) == ["Budi"]


def test_one_of_them_is_erased_as_always_with_the_reason_of_its_own(ws: Workspace) -> None:
    somebody(ws, "Budi")
    (old,) = retention.kept_long(today(ws))
    erasure.erase(ws, old.id, why="kept_long", typed_name="Budi", pin="")
    assert reasons(ws) == ["Melewati masa simpan"]
    assert names(ws) == []


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2026, 11, 12), date(2021, 11, 12)),
        (date(2028, 2, 29), date(2023, 2, 28)),
        (date(2026, 3, 31), date(2021, 3, 31)),
    ],
)
def test_the_limit_is_so_many_years_back_on_any_day(ws: Workspace, day: date, limit: date) -> None:
    ws._clock.now = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)  # type: ignore[attr-defined]
    assert ws.standards.on(day).keep_years == 5
    assert retention.limit(ws) == limit
