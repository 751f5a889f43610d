"""The rest of life in the made-up village: the same each time, possible by every form's rules, seen by every list."""

from collections import Counter
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.form import Level, problems
from posyandu.domain.forms import FORMS
from posyandu.domain.life import LifeMonth
from posyandu.domain.service_group import Group
from posyandu.services import deaths, home_visits, people, registers, report_data, sessions, workspace
from posyandu.services.sample import book, life, village
from posyandu.services.sample.village import Entry
from posyandu.services.workspace import Workspace
from posyandu.storage import reference

SEED, UNTIL = 7, Month(2026, 10)
TODAY = UNTIL.last + timedelta(days=1)


def bare(number: int = 0) -> list[Entry]:
    return list(village.one_post(SEED, number, village.PLACES[0], reference.growth_tables(), months=10, until=UNTIL))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(life.added(SEED, bare(), UNTIL))


@pytest.fixture(scope="module")
def ws(entries: list[Entry]) -> Workspace:
    made = workspace.in_memory(post=None)
    book.write(made.db, entries, made.author)
    made.posyandu_id = village.post_id(SEED, 0)
    return made


def test_nothing_is_told_twice_though_a_child_turns_six_on_the_very_day() -> None:
    village_39 = village.one_post(SEED, 39, village.PLACES[1], reference.growth_tables(), months=18, until=UNTIL)
    told = Counter((each.entity, each.record_id) for each in life.added(SEED, village_39, UNTIL))
    assert [record for record, times in told.items() if times > 1] == []


def test_the_same_seed_tells_the_same(entries: list[Entry]) -> None:
    assert list(life.added(SEED, bare(), UNTIL)) == entries
    other = list(life.added(SEED + 1, bare(), UNTIL))
    assert other != entries
    assert len({each.record_id for each in entries}) == len(entries)


def test_the_village_itself_stays_as_it_is_but_for_the_dead(entries: list[Entry]) -> None:
    dead = {each.links["person_id"] for each in entries if each.entity == "death"}
    assert dead
    kept = {each.record_id: each for each in entries}
    for each in bare():
        who = each.links.get("person_id", each.record_id)
        if who in dead:
            continue
        told = kept[each.record_id]
        assert {name: told.answers[name] for name in each.answers} == each.answers
        assert (told.links, told.at) == (each.links, each.at)


def test_nothing_is_told_of_the_dead_after_their_day(entries: list[Entry]) -> None:
    died = {each.links["person_id"]: each.answers["died_on"] for each in entries if each.entity == "death"}
    for each in entries:
        day = died.get(each.links.get("person_id", ""))
        if isinstance(day, date) and each.entity != "death":
            assert each.at.date() <= day


def test_every_kind_of_record_is_there(entries: list[Entry]) -> None:
    found = Counter(each.entity for each in entries)
    wanted = {"newborn", "postpartum_visit", "school_visit", "adult_visit", "aks", "skilas", "health_history"}
    wanted |= {"home_elderly", "death", "nakes_exam", "sdq"}
    assert wanted - found.keys() == set()
    assert found["adult_visit"] > 15
    assert found["school_visit"] > 8
    asked = [each for each in entries if each.entity == "sdq"]
    assert len(asked) == len({each.links["person_id"] for each in asked}) < found["school_visit"]
    assert all(each.answers["answered"] and "sdq_band" not in each.answers for each in asked), "sealed"
    examined = [each.answers for each in entries if each.entity == "nakes_exam"]
    assert {"teeth", "vision"} <= {each["instrument"] for each in examined}
    for each in examined:
        assert {field.name for field in FORMS["nakes_exam"].asked(each)} >= each.keys(), "only what was examined"


def test_no_answer_is_impossible(ws: Workspace, entries: list[Entry]) -> None:
    for each in entries:
        form = FORMS[each.entity]
        context = people.plain_context(ws)
        hard = [problem for problem in problems(form, each.answers, context) if problem.level is Level.HARD]
        assert hard == [], (each.entity, each.answers, hard)


def counted_mothers(ws: Workspace) -> list[LifeMonth]:
    told = report_data.gather(ws, ws.posyandu_id, UNTIL).life
    return [each for month in told.values() for each in month if each.group is Group.POSTPARTUM]


def test_lists_reports_and_cards_see_them(ws: Workspace) -> None:
    day = sessions.recent(ws, ws.posyandu_id)[0]
    assert {row.form for row in registers.rows(ws, day.id, registers.MIXED) if row.visit} >= {
        *("under_five_visit", "adult_visit", "school_visit")
    }
    nifas = [each for each in counted_mothers(ws) if each.visits]
    assert nifas
    counted = report_data.gather(ws, ws.posyandu_id, UNTIL).life[UNTIL]
    assert sum(each.came for each in counted) > 8
    assert any(each.mental_done for each in counted), "SDQ counts as screened"
    months = [deaths.of_month(ws, ws.posyandu_id, UNTIL - back) for back in range(3)]
    (died,) = [each for found in months for each in found if each.kind == "other"]
    assert died.answers["reporter"] == "Keluarga"
    elder = next(row for row in registers.rows(ws, day.id, "adult") if home_visits.log(ws, person_id=row.person_id))
    assert "Kunjungan rumah" in [entry.title for entry in people.card(ws, elder.person_id).timeline]
