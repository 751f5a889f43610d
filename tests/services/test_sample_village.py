from collections import Counter, defaultdict
from datetime import timedelta
from itertools import islice, pairwise

import pytest

from posyandu import paths
from posyandu.domain import growth
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Choice, Date, Number, Text, YesNo
from posyandu.domain.forms import FORMS
from posyandu.services.sample import village
from posyandu.storage import areas

UNTIL = Month(2026, 10)


@pytest.fixture(scope="module")
def tables() -> growth.GrowthTables:
    return growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())


@pytest.fixture(scope="module")
def entries(tables: growth.GrowthTables) -> list[village.Entry]:
    return list(village.generate(7, tables, posts=4, until=UNTIL))


def test_the_same_seed_gives_the_same_village_and_another_seed_another(
    tables: growth.GrowthTables, entries: list[village.Entry]
) -> None:
    assert list(village.generate(7, tables, posts=4, until=UNTIL)) == entries
    assert list(village.generate(8, tables, posts=4, until=UNTIL)) != entries


def test_every_answer_fits_its_form(entries: list[village.Entry]) -> None:
    kinds = {Number: int, Choice: str, YesNo: bool, Text: str}
    for entry in entries:
        form = FORMS[entry.entity]
        assert set(entry.links) <= set(form.links)
        for name, value in entry.answers.items():
            field = form.fields[name]
            if isinstance(field, Date):
                assert str(value) <= str(UNTIL.last), name
            else:
                assert type(value) is kinds[type(field)], name
            if isinstance(field, Number):
                assert field.low <= value <= field.high, (name, value)
            if isinstance(field, Choice):
                assert value in {option.code for option in field.options}
        assert all(field.name in entry.answers for field in form.fields.values() if field.required)


def test_every_link_points_to_a_record_of_the_same_post(entries: list[village.Entry]) -> None:
    scope_of = {entry.record_id: entry.scope for entry in entries}
    assert len(scope_of) == len(entries)
    for entry in entries:
        assert all(scope_of[target] == entry.scope for target in entry.links.values())


def test_a_post_has_eighteen_closed_days_and_enough_to_type_this_month(entries: list[village.Entry]) -> None:
    for post in (village.post_id(7, number) for number in range(4)):
        mine = [entry for entry in entries if entry.scope == post]
        days = [entry.answers["held_on"] for entry in mine if entry.entity == "session"]
        assert [Month.of(day) for day in days] == [UNTIL - back for back in range(17, -1, -1)]
        last = [entry for entry in mine if entry.answers.get("visited_on") == days[-1]]
        assert sum(entry.entity == "under_five_visit" for entry in last) >= 20
        expecting = [e for e in mine if e.entity == "pregnancy" and e.answers["outcome"] == "ongoing"]
        assert len(expecting) >= 5


def test_about_one_in_five_does_not_come(entries: list[village.Entry]) -> None:
    came = [entry.answers["present"] for entry in entries if entry.entity == "attendance"]
    assert 0.14 < came.count(False) / len(came) < 0.26


def test_children_grow_along_the_curves_and_some_falter(
    tables: growth.GrowthTables, entries: list[village.Entry]
) -> None:
    children = {entry.record_id: entry.answers for entry in entries if entry.entity == "person"}
    zs: dict[str, list[growth.ZScores]] = defaultdict(list)
    for entry in entries:
        if entry.entity == "under_five_visit":
            child, visit = children[entry.links["person_id"]], entry.answers
            measured = growth.Measurement(
                sex=child["sex"],
                age_days=(visit["visited_on"] - child["born_on"]).days,
                weight_kg=visit["weight_g"] / 1000,
                lenhei_cm=visit["length_mm"] / 10,
                measure="l" if visit["position"] == "lying" else "h",
            )
            zs[entry.links["person_id"]].append(growth.zscores(tables, measured))
    every = [z for series in zs.values() for z in series]
    underweight = sum(z.waz < -2 for z in every) / len(every)
    stunted = sum(z.haz < -2 for z in every) / len(every)
    assert 0.08 < underweight < 0.35
    assert 0.10 < stunted < 0.40
    assert sum(bool(z.flags) for z in every) / len(every) < 0.02
    assert any(min(z.waz for z in series) < max(z.waz for z in series) - 1 for series in zs.values())


def test_the_faults_that_checks_should_find_are_there(entries: list[village.Entry]) -> None:
    children = {entry.record_id: entry.answers for entry in entries if entry.entity == "person"}
    lengths: dict[str, list[int]] = defaultdict(list)
    found: Counter[str] = Counter()
    for entry in entries:
        if entry.entity == "under_five_visit":
            person = entry.links["person_id"]
            young = entry.answers["visited_on"] - children[person]["born_on"] < timedelta(days=700)
            found["position"] += young and entry.answers["position"] == "standing"
            lengths[person].append(entry.answers["length_mm"])
    found["shrunk"] = sum(later < earlier - 10 for series in lengths.values() for earlier, later in pairwise(series))
    assert found["position"] > 3
    assert found["shrunk"] > 10


def test_nobody_has_a_number_that_somebody_could_have(entries: list[village.Entry]) -> None:
    for entry in entries:
        for name in ("nik", "kk"):
            if name in entry.answers:
                assert len(entry.answers[name]) == 16
                assert entry.answers[name][4:6] == "99"
        assert entry.answers.get("phone", "0810").startswith("0810")


def test_the_villages_are_on_the_list_of_areas() -> None:
    for place in village.PLACES:
        area = areas.get(place.code)
        assert area is not None
        assert area.name == place.name


def test_a_province_streams(tables: growth.GrowthTables) -> None:
    stream = village.generate(1, tables, posts=1_400, until=UNTIL)
    assert next(iter(stream)).entity == "posyandu"
    assert len(list(islice(stream, 1000))) == 1000
