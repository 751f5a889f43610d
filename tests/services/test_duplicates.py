"""Persons written down twice in a post: found with their reasons, merged, parted, and decided once for all laptops."""

from datetime import date, datetime
from typing import Any

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services import duplicates, people, reporting, sessions, visits, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.server import laptops
from tests.server.conftest import desk, postgres_cluster  # noqa: F401 - fixtures

VISIT = FORMS["under_five_visit"]


@pytest.fixture
def ws() -> Workspace:
    return workspace.in_memory(now=datetime(2026, 11, 12, 9, 0).astimezone())


def child(ws: Workspace, name: str, **answers: Any) -> str:  # noqa: ANN401
    usual = {"name": name, "sex": "male", "born_on": date(2024, 5, 3), "mother_name": "Siti Aminah"}
    return people.register(ws, usual | answers)


def pair_of(ws: Workspace) -> duplicates.Pair:
    (pair,) = duplicates.pairs(ws, "melati")
    return pair


def names(pair: duplicates.Pair) -> set[object]:
    return {pair.kept.answers["name"], pair.other.answers["name"]}


def letters(report: reporting.MonthlyReport) -> dict[str, object]:
    return {row[0].text: row[-1].value for row in report.skdn.rows}


def test_a_name_spelt_otherwise_with_mother_and_birthday_is_found(ws: Workspace) -> None:
    child(ws, "Muhammad Rizki")
    child(ws, "Moh. Rizqi", born_on=date(2024, 5, 5), mother_name="St. Aminah")
    child(ws, "Budi Hartono", born_on=date(2023, 1, 9), mother_name="Rahmawati")
    pair = pair_of(ws)
    assert names(pair) == {"Muhammad Rizki", "Moh. Rizqi"}
    assert pair.reasons == ("nama sama", "lahir berselang 2 hari", "ibu sama")


def test_the_same_nik_is_enough(ws: Workspace) -> None:
    child(ws, "Budi", nik="5203010305240001")
    child(ws, "Hartono", nik="5203010305240001", born_on=date(2024, 5, 4), mother_name="Rahmawati")
    assert pair_of(ws).reasons == ("NIK sama",)


def test_brothers_and_neighbours_are_left_alone(ws: Workspace) -> None:
    child(ws, "Ahmad Fauzi")
    child(ws, "Dewi Lestari", sex="female", born_on=date(2021, 8, 17))
    child(ws, "Ahmad Fauzi", born_on=date(2022, 2, 1), mother_name="Rahmawati")
    assert duplicates.pairs(ws, "melati") == []


def test_the_one_with_more_visits_is_offered_as_the_one_to_keep(ws: Workspace) -> None:
    child(ws, "Rizki")
    second = child(ws, "Rizqi")
    day = sessions.open_day(ws, "melati", date(2026, 11, 12), {})
    visits.set_cell(ws, VISIT, day, second, "weight_g", 9000)
    assert pair_of(ws).kept.id == second


def test_side_by_side_what_differs_comes_first_and_who_came_together_is_told(ws: Workspace) -> None:
    first, second = child(ws, "Rizki", phone="081"), child(ws, "Rizqi")
    day = sessions.open_day(ws, "melati", date(2026, 11, 12), {})
    for each in (first, second):
        sessions.mark_present(ws, day, each)
    found = duplicates.compare(ws, pair_of(ws))
    assert found.lines[0].name == "name"
    assert [line.name for line in found.lines if line.differs] == ["name"]
    assert {(line.kept, line.other) for line in found.lines if line.name == "phone"} <= {("081", None), (None, "081")}
    assert found.both_came_on == (date(2026, 11, 12),)


def test_merged_they_are_one_in_search_on_the_card_and_in_the_report(ws: Workspace) -> None:
    first, second = child(ws, "Rizki"), child(ws, "Rizqi")
    day = sessions.open_day(ws, "melati", date(2026, 11, 12), {})
    visits.set_cell(ws, VISIT, day, second, "weight_g", 9000)
    before = reporting.monthly(ws, "melati", Month(2026, 11))
    done = duplicates.merge(ws, first, second)
    assert [hit.id for hit in people.search(ws, "riz")] == [first]
    assert any("9" in entry.detail for entry in people.card(ws, first).timeline)
    assert letters(before)["S"] == 2
    assert letters(reporting.monthly(ws, "melati", Month(2026, 11)))["S"] == 1
    assert [row.id for row in duplicates.shown_with(ws, first)] == [second]
    duplicates.undo(ws, done)
    assert reporting.monthly(ws, "melati", Month(2026, 11)) == before
    assert journal.rows_equal_replay(ws.db)


def test_two_who_came_on_one_day_count_once_when_they_are_one(ws: Workspace) -> None:
    first, second = child(ws, "Rizki"), child(ws, "Rizqi")
    day = sessions.open_day(ws, "melati", date(2026, 11, 12), {})
    for each in (first, second):
        visits.set_cell(ws, VISIT, day, each, "weight_g", 9000)
    duplicates.merge(ws, first, second)
    assert sessions.tally(ws, day).present == 1
    found = letters(reporting.monthly(ws, "melati", Month(2026, 11)))
    assert (found["S"], found["D"]) == (1, 1)


def test_what_was_decided_is_not_asked_again(ws: Workspace) -> None:
    child(ws, "Rizki")
    child(ws, "Rizqi")
    pair = pair_of(ws)
    duplicates.part(ws, pair.kept.id, pair.other.id, "kembar")
    assert duplicates.pairs(ws, "melati") == []
    assert len(people.search(ws, "riz")) == 2


def test_parting_all_shows_each_on_its_own(ws: Workspace) -> None:
    first, second, third = child(ws, "Rizki"), child(ws, "Rizqi"), child(ws, "Riski")
    duplicates.merge(ws, first, second)
    duplicates.merge(ws, second, third)
    assert [hit.id for hit in people.search(ws, "ri")] == [first]
    for kept, other in ((first, second), (second, third)):
        duplicates.part(ws, kept, other)
    assert len(people.search(ws, "ri")) == 3


def test_households_with_one_kk_are_found_and_merged(ws: Workspace) -> None:
    for number, name in enumerate(("Rizki", "Dewi")):
        house = records.new_id()
        answers = {"kk": "5203011203240001", "rt": f"0{number}"}
        records.save(ws.db, FORMS["household"], house, answers, scope="melati", author=ws.author, now=ws.now())
        child(ws, name, household_id=house, mother_name=f"Ibu {number}", born_on=date(2020 + number, 3, 4))
    pair = pair_of(ws)
    assert (pair.form.name, pair.reasons) == ("household", ("nomor KK sama",))
    duplicates.merge(ws, pair.kept.id, pair.other.id)
    houses = {row.answers["household_id"] for row in records.load_many(ws.db, FORMS["person"])}
    assert houses == {pair.kept.id}


def test_impossible_merges_say_why(ws: Workspace) -> None:
    first = child(ws, "Rizki")
    with pytest.raises(BadInput, match="dua catatan"):
        duplicates.merge(ws, first, first)
    with pytest.raises(NotFound):
        duplicates.merge(ws, first, "nobody")
    elsewhere = records.new_id()
    records.save(ws.db, FORMS["person"], elsewhere, {"name": "R"}, scope="mawar", author=ws.author, now=ws.now())
    with pytest.raises(BadInput, match="Posyandu yang berbeda"):
        duplicates.merge(ws, first, elsewhere)


def test_a_merge_made_on_one_laptop_shows_on_the_other_and_so_does_its_end(desk: Any, post: str) -> None:  # noqa: ANN401, F811
    here, there = laptops.laptop(desk, post=post), laptops.laptop(desk)
    first, second = child(here, "Rizki"), child(here, "Rizqi")
    laptops.talk(desk, here)
    laptops.talk(desk, there)
    duplicates.merge(here, first, second)
    visit = laptops.weigh(there, post, 9000)
    records.save(
        there.db, VISIT, visit, {}, scope=post, author=there.author, now=there.now(), links={"person_id": second}
    )
    for ws in (here, there, here):
        laptops.talk(desk, ws)
    for ws in (here, there):
        row = records.load(ws.db, VISIT, visit)
        assert row is not None
        assert row.answers["person_id"] == first
        assert [hit.id for hit in people.search(ws, "riz")] == [first]
    duplicates.part(there, first, second)
    for ws in (there, here):
        laptops.talk(desk, ws)
    row = records.load(here.db, VISIT, visit)
    assert row is not None
    assert row.answers["person_id"] == second


@pytest.fixture
def post() -> str:
    return records.new_id()
