"""Homes of the made-up village: the same each time, answers the forms take, and true to the people of the book."""

from datetime import date, datetime

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, Level, problems
from posyandu.domain.forms import FORMS
from posyandu.domain.house import signs
from posyandu.services import feeding, iks, profile, workspace
from posyandu.services.sample import affairs, book, homes, village
from posyandu.services.sample.village import Entry
from posyandu.services.workspace import WITA
from posyandu.storage import reference

UNTIL = Month(2026, 10)
UNTIL_NOON = datetime(2026, 10, 31, 12, tzinfo=WITA)
NEW = ("feeding", "feeding_week", "consent", "village_profile")
DRESSED = ("household", "person", "wus")


def bare() -> list[Entry]:
    made = village.generate(5, reference.growth_tables(), posts=2, months=14, until=UNTIL)
    return list(affairs.added(5, made))


def dressed() -> list[Entry]:
    return list(homes.added(5, bare(), reference.shipped_standards().on(UNTIL.last)))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return dressed()


def test_the_same_seed_writes_the_same_and_only_adds(entries: list[Entry]) -> None:
    assert dressed() == entries
    before = {entry.record_id: entry for entry in bare()}
    for entry in entries:
        if entry.entity not in NEW:
            known = before.pop(entry.record_id)
            assert known.answers.items() <= entry.answers.items()
            assert known.links.items() <= entry.links.items()
            assert entry == known or entry.entity in DRESSED
    assert before == {}


def test_every_answer_is_one_the_forms_take(entries: list[Entry]) -> None:
    context = Context(date(2027, 6, 1), {}, {})
    for entry in entries:
        if entry.entity in (*NEW, "household", "person", "wus"):
            form = FORMS[entry.entity]
            assert [each for each in problems(form, entry.answers, context) if each.level is Level.HARD] == [], entry
            assert set(entry.links) <= set(form.links)
            assert set(entry.answers) <= set(form.fields)


def of(entries: list[Entry], name: str) -> list[Answers]:
    return [entry.answers for entry in entries if entry.entity == name]


def test_some_families_were_never_asked_and_treatment_is_told_of_the_ill_only(entries: list[Entry]) -> None:
    houses = of(entries, "household")
    asked = [house for house in houses if house.get("latrine") is not None]
    assert 0.6 < len(asked) / len(houses) < 0.95
    for house in asked:
        for ill, treated in (("ill_tbc", "tbc_treated"), ("ill_hypertension", "hypertension_treated")):
            assert (house.get(treated) is not None) == (house[ill] is True)


def test_a_guardian_is_somebody_older_of_the_same_home(entries: list[Entry]) -> None:
    people = {entry.record_id: entry for entry in entries if entry.entity == "person"}
    wards = [entry for entry in people.values() if entry.links.get("guardian_id")]
    assert wards
    for ward in wards:
        guardian = people[ward.links["guardian_id"]]
        assert guardian.answers["name"] == ward.answers["guardian_name"]
        assert guardian.links["household_id"] == ward.links["household_id"]
        assert guardian.answers["born_on"] < ward.answers["born_on"]  # type: ignore[operator]


def test_couples_have_the_children_of_the_book(entries: list[Entry]) -> None:
    children: dict[str, list[object]] = {}
    for entry in entries:
        if entry.entity == "person" and "mother_id" in entry.links:
            children.setdefault(entry.links["mother_id"], []).append(entry.answers["born_on"])
    asked = [entry for entry in entries if entry.entity == "wus" and "wants_child" in entry.answers]
    assert asked
    for entry in asked:
        own = children.get(entry.links["person_id"], [])
        assert entry.answers["children_living"] == len(own)
        assert entry.answers.get("youngest_born_on") == max(own, default=None)  # type: ignore[type-var]


def test_the_book_has_programmes_of_every_kind_and_an_index(entries: list[Entry]) -> None:
    ws = workspace.in_memory(now=lambda: UNTIL_NOON, post=None)
    book.write(ws.db, entries, ws.author)
    posts = [village.post_id(5, number) for number in range(2)]
    found = [each for post in posts for own in feeding.of_post(ws, post, UNTIL.last).values() for each in own]
    assert {"ended"} <= {each.course.state for each in found} <= {"running", "over", "ended", "not_better", "no_result"}
    assert {each.course.reason for each in found} == {"not_gained", "pregnant_kek"}
    assert all(each.weeks for each in found if each.course.state == "ended")
    area = iks.of_posts(ws, posts)
    assert area.families > 50
    assert all(each.yes + each.no for each in area.coverages if each.code in ("clean_water", "latrine", "smoking"))
    ws.close()


def test_people_and_houses_have_the_facts_that_lists_and_the_profile_ask_for(entries: list[Entry]) -> None:
    people, houses = of(entries, "person"), of(entries, "household")
    without = [each for each in people if each.get("nik") is None]
    assert {each.get("nik_missing") for each in without} >= {None, "none_yet"}
    assert not any(each.get("nik_missing") for each in people if each.get("nik"))
    assert {"pbi", "none", None} <= {each.get("jkn_kind") for each in people}
    assert all(bool(each.get("jkn")) == (each["jkn_kind"] != "none") for each in people if each.get("jkn_kind"))
    assert any(each.get("disability") not in (None, "none") for each in people)
    assert {"earth", "tile", None} <= {each.get("house_floor") for each in houses}
    rule = reference.shipped_standards().on(UNTIL.last).house
    weak = sum(bool(signs(rule, each, 4)) for each in houses)
    assert 0 < weak < len(houses) / 2


def test_most_families_were_told_about_their_data_and_each_post_has_figures_of_its_village(
    entries: list[Entry],
) -> None:
    told = of(entries, "consent")
    assert len(of(entries, "household")) / 2 < len(told) < len(of(entries, "household"))
    assert {each["answer"] for each in told} == {"agreed", "told"}
    assert all(each["answer"] == "agreed" for each in told if each.get("withdrawn_on"))
    figures = [entry for entry in entries if entry.entity == "village_profile"]
    assert [each.record_id for each in figures] == [profile.record_id(each.scope, UNTIL.year) for each in figures]
    assert len(figures) == len(of(entries, "posyandu"))
