"""The register pages behind the groups: who stands on them, what is asked of whom, and what is already there."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import instrument_pages, questionnaires, registers, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, child, post, pregnancy, with_reader, woman

YES: dict[str, Value | None] = dict.fromkeys(questionnaires.secret(FORMS["srq20"]), True)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    yield book
    book.close()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY)


def names(ws: Workspace, day: str, page: str) -> list[str]:
    return [row.name for row in registers.rows(ws, day, page)]


@pytest.mark.parametrize(
    ("page", "behind"),
    [
        ("under_five", ("under_five", "newborn", "development")),
        ("development", ("under_five", "newborn", "development")),
        ("pregnant", ("pregnant",)),
        ("school", ("school", "school_class", "school_mental", "sdq")),
        ("srq20", ("adult", "aks", "skilas", "srq20")),
        ("wus", ("wus",)),
        ("mixed", ("mixed",)),
    ],
)
def test_each_group_has_its_pages_behind_it(page: str, behind: tuple[str, ...]) -> None:
    assert instrument_pages.behind(page) == behind


@pytest.mark.parametrize(
    ("page", "count", "first"),
    [
        ("newborn", 9, "condition"),
        ("development", 18, "m60_1"),
        ("school_class", 6, "grade"),
        ("school_mental", 8, "home_comfortable"),
        ("sdq", 2, "sdq_informant"),
        ("aks", 10, "bowels"),
        ("skilas", 12, "knows_date"),
        ("srq20", 20, "srq_1"),
    ],
)
def test_every_question_of_an_instrument_has_a_column(page: str, count: int, first: str) -> None:
    columns = registers.columns(page)
    assert (len(columns), columns[0].name) == (count, first)
    assert not {"visited_on", "source", "note", "follow_up_result", "answered", "outcome"} & {
        each.name for each in columns
    }
    assert registers.forms_of(page)[0] == registers.form_of(page).name


def test_class_theme_and_tablets_of_pupils_are_columns_of_the_visit_itself(ws: Workspace, day: str) -> None:
    child(ws, "Made", date(2011, 1, 1), sex="male")
    dewi = child(ws, "Dewi", date(2011, 1, 1), sex="female")
    visits.set_cell(ws, FORMS["school_visit"], day, dewi, "weight_g", 42_000)
    rows = {row.name: row for row in registers.rows(ws, day, "school_class")}
    boxes = {
        name: [each and each.name for each in registers.asked(ws, "school_class", row, TODAY)]
        for name, row in rows.items()
    }
    assert boxes["Made"] == ["grade", "topic", "life_skill", None, None, None], "tablets are for girls"
    assert boxes["Dewi"] == ["grade", "topic", "life_skill", "iron_tablets", "iron_place", "iron_weekly"]
    visit = rows["Dewi"].visit
    assert visit is not None
    assert visit["weight_g"] == 42_000, "one record with what was measured"
    assert registers.forms_of("school_class") == ("school_visit",)
    assert registers.form_of("school_class") is FORMS["school_visit"]


def test_the_page_of_sdq_is_for_health_workers(ws: Workspace, day: str) -> None:
    child(ws, "Kecil", date(2021, 1, 1))
    child(ws, "Murid", date(2018, 1, 1))
    assert instrument_pages.offered(ws, "school") == ("school", "school_class", "school_mental")
    ws.worker = with_reader(ws)
    assert instrument_pages.offered(ws, "aks") == instrument_pages.behind("aks")
    assert instrument_pages.offered(ws, "school")[-1] == "sdq"
    assert names(ws, day, "sdq") == ["Murid"], "a child under six is asked in the visit"


def test_only_those_it_is_asked_of_stand_on_a_page(ws: Workspace, day: str) -> None:
    child(ws, "Bayi", TODAY - timedelta(days=20))
    child(ws, "Enam", date(2026, 5, 12))
    child(ws, "Murid", date(2018, 1, 1))
    child(ws, "Remaja", date(2011, 1, 1))
    woman(ws, "Dewi")
    pregnancy(ws, woman(ws, "Hamil"))
    child(ws, "Inaq", date(1950, 1, 1), sex="female")
    assert names(ws, day, "newborn") == ["Bayi", "Enam"]
    assert names(ws, day, "development") == ["Enam"]  # not in the first month
    assert names(ws, day, "school_mental") == ["Remaja"]
    assert names(ws, day, "aks") == names(ws, day, "skilas") == ["Inaq"]
    assert names(ws, day, "srq20") == ["Dewi", "Inaq"]
    assert [row.number for row in registers.rows(ws, day, "srq20")] == [1, 2]


def test_each_child_is_asked_the_lines_of_its_own_age(ws: Workspace, day: str) -> None:
    child(ws, "Enam", date(2026, 5, 12))
    child(ws, "Lima tahun", date(2021, 11, 12))
    asked = {row.name: registers.asked(ws, "development", row, TODAY) for row in registers.rows(ws, day, "development")}
    assert [field.name if field else None for field in asked["Enam"]] == [
        *(f"m6_{number}" for number in range(1, 11)), *[None] * 8,
    ]  # fmt: skip
    assert [field.name for field in asked["Lima tahun"] if field] == [f"m60_{number}" for number in range(1, 19)]


def test_today_is_shown_again_and_an_earlier_year_only_by_its_day(ws: Workspace, day: str) -> None:
    inaq = child(ws, "Inaq", date(1950, 1, 1))
    past = sessions.open_day(ws, POST, date(2025, 11, 10))
    visits.record(ws, FORMS["aks"], past, inaq, {"bowels": "2"})
    (row,) = registers.rows(ws, day, "aks")
    assert (row.visit, row.last_on) == (None, date(2025, 11, 10))
    assert row.record_id == records.visit_id("aks", day, inaq)
    visits.record(ws, FORMS["aks"], day, inaq, {"bowels": "1"})
    (row,) = registers.rows(ws, day, "aks")
    assert row.visit is not None
    assert (row.visit["bowels"], row.last_on) == ("1", TODAY)


def test_a_newborn_is_noted_once_whatever_the_day(ws: Workspace, day: str) -> None:
    baby = child(ws, "Bayi", TODAY - timedelta(days=40))
    earlier = sessions.open_day(ws, POST, TODAY - timedelta(days=30))
    (row,) = registers.rows(ws, earlier, "newborn")
    assert registers.is_once("newborn")
    visits.set_cell(ws, FORMS["newborn"], None, baby, "vitamin_k", True, record_id=row.record_id)
    (again,) = registers.rows(ws, day, "newborn")
    assert again.record_id == row.record_id
    assert again.visit is not None
    assert again.visit["vitamin_k"] is True


def test_of_what_is_confidential_a_page_knows_only_that_it_was_answered(ws: Workspace, day: str) -> None:
    with_reader(ws)
    ibu = woman(ws)
    visits.record(ws, FORMS["srq20"], day, ibu, YES)
    (row,) = registers.rows(ws, day, "srq20")
    assert row.visit == {"visited_on": TODAY, "answered": True, "outcome": "high"}
    assert row.last_visit is None


def test_somebody_new_is_added_as_on_the_page_of_the_group(ws: Workspace, day: str) -> None:
    assert registers.new_person("aks") == registers.new_person("adult")
    assert registers.needed("development") == registers.needed("under_five")
    inaq = registers.register(ws, "skilas", {"name": "Inaq Rat", "sex": "female", "born_on": date(1950, 1, 1)})
    sessions.mark_present(ws, day, inaq)
    assert names(ws, day, "skilas") == ["Inaq Rat"]
