"""Counts that belong to the post, and what the posts of a level have together."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.life import LifeHistory, people_of_month
from posyandu.domain.service_group import Group
from posyandu.reports.counts import (
    CHILD_COUNTS,
    LIFE_COUNTS,
    MOTHER_COUNTS,
    NEWBORN_COUNTS,
    UNRECORDED,
    _summed,
    count_cell,
)
from posyandu.reports.table import Cell, PersonRef
from tests.domain.shipped import RULES, TABLES, TODAY
from tests.reports.test_sheet import sheet_data
from tests.rules import changed_rules

NOVEMBER = Month(2026, 11)

A, B = PersonRef("a", "A"), PersonRef("b", "B")


@pytest.mark.parametrize(
    ("cells", "text", "value"),
    [
        ([Cell("2", 2), Cell("3", 3)], "5", 5),
        ([Cell("0", 0), UNRECORDED], "0", 0),
        ([Cell("1.200", 1_200), Cell("5", 5), UNRECORDED], "1.205", 1_205),
        ([UNRECORDED, UNRECORDED], UNRECORDED.text, UNRECORDED.value),
        ([], UNRECORDED.text, UNRECORDED.value),
    ],
)
def test_a_sum_is_unknown_only_where_no_post_knows(cells: list[Cell], text: str, value: int | None) -> None:
    found = _summed(cells)
    assert (found.text, found.value) == (text, value)


def test_a_sum_knows_the_people_of_every_post() -> None:
    assert _summed([Cell("1", 1, (A,)), UNRECORDED, Cell("1", 1, (B,))]).people == (A, B)


@pytest.mark.parametrize(("wanted", "tablets", "counts"), [(90, 89, False), (90, 90, True), (120, 119, False)])
def test_lb3_counts_the_tablets_that_the_rule_of_the_day_wants(wanted: int, tablets: int, counts: bool) -> None:
    carried: Answers = {"lmp_on": date(2026, 5, 1), "noted_on": date(2026, 7, 1), "outcome": "ongoing"}
    given: list[Answers] = [
        {"visited_on": date(2026, 10, 8), "iron_tablets": 60},
        {"visited_on": TODAY, "iron_tablets": tablets - 60},
    ]
    rules = changed_rules({"lb3_tablets": wanted})
    history = indicators.pregnancy_history(rules, "w", {"born_on": date(1998, 6, 1)}, carried, given)
    (woman,) = indicators.pregnancies_of_month([history], NOVEMBER, TODAY)
    assert MOTHER_COUNTS["iron_90"](woman) is counts


def child(person: dict[str, Any], **overrides: Any) -> indicators.ChildMonth:
    told: Answers = {"born_on": date(2026, 11, 3), "sex": "female", **person}
    history = indicators.child_history(changed_rules(overrides), TABLES, "a", told, ())
    (found,) = indicators.children_of_month([history], NOVEMBER, TODAY)
    return found


@pytest.mark.parametrize(("grams", "low"), [(2499, True), (2500, False), (None, False)])
def test_a_baby_is_small_below_the_weight_of_the_rule(grams: int | None, low: bool) -> None:
    _told, is_low = NEWBORN_COUNTS["low_birth_weight"]
    assert is_low(child({"birth_weight_g": grams}), {}, NOVEMBER) is low
    assert not is_low(child({"birth_weight_g": grams, "born_on": date(2026, 10, 31)}), {}, NOVEMBER)


@pytest.mark.parametrize(("born_on", "months", "told"), [(date(2026, 5, 12), 6, True), (date(2026, 4, 12), 6, False)])
def test_e6_is_the_month_that_completes_breast_milk_only(born_on: date, months: int, told: bool) -> None:
    assert CHILD_COUNTS["infants_to_six"](child({"born_on": born_on})) is told
    assert CHILD_COUNTS["infants_to_six"](child({"born_on": born_on}, exclusive_months=months + 1))


@pytest.mark.parametrize(("until", "counted"), [(24, True), (23, False)])
def test_baduta_end_with_the_month_of_the_rule(until: int, counted: bool) -> None:
    groups = asdict(RULES.groups) | {"baduta_until": until}
    almost_two = child({"born_on": date(2024, 11, 13)}, groups=groups)
    assert almost_two.age_months == 23
    assert CHILD_COUNTS["below_two_s"](almost_two) is counted


def test_a_visitor_of_childbearing_age_is_one_by_the_rule() -> None:
    born_on = date(TODAY.year - 14, TODAY.month, 1)
    history = LifeHistory("w", {"sex": "female", "born_on": born_on}, [], {}, came_on=frozenset([TODAY]))
    (girl,) = people_of_month([history], NOVEMBER, TODAY, RULES)
    younger = replace(girl, rules=changed_rules({"fertile_months": [168, 599]}).on(TODAY))
    assert [LIFE_COUNTS["wus_came"](each) for each in (girl, younger)] == [False, True]


@pytest.mark.parametrize(
    ("told", "long", "short"),
    [
        ({"contraception": True, "contraception_method": "implant"}, True, False),
        ({"contraception": True, "contraception_method": "lactational"}, False, True),
        ({"contraception": True}, False, False),
        ({"contraception": False, "contraception_method": "iud"}, False, False),
    ],
)
def test_methods_that_last_are_told_apart_where_the_method_is_known(told: Answers, long: bool, short: bool) -> None:
    history = LifeHistory("w", {"sex": "female", "born_on": date(1998, 5, 2)}, [], {}, came_on=frozenset([TODAY]))
    (seen,) = people_of_month([history], NOVEMBER, TODAY, RULES)
    woman = replace(seen, group=Group.POSTPARTUM, visits=({"visited_on": TODAY, **told},))
    names = ("contraception", "contraception_long", "contraception_short")
    assert [LIFE_COUNTS[name](woman) for name in names] == [told["contraception"], long, short]


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"kn1_on": date(2026, 11, 2)}, {"kn1"}),
        ({"kn1_on": date(2026, 11, 3)}, {"kn1"}),
        ({"kn1_on": date(2026, 11, 4)}, set()),
        ({"kn1_on": date(2026, 11, 2), "kn2_on": date(2026, 11, 4)}, {"kn1"}),
        (
            {"kn1_on": date(2026, 11, 2), "kn2_on": date(2026, 11, 4), "kn3_on": date(2026, 11, 9)},
            {"kn1", "kn_complete"},
        ),
        ({"kn1_on": date(2026, 11, 2), "kn2_on": date(2026, 11, 9), "kn3_on": date(2026, 11, 10)}, {"kn1"}),
        ({"kn1_on": date(2026, 11, 2), "kn2_on": date(2026, 11, 4), "kn3_on": date(2026, 12, 1)}, {"kn1"}),
        ({"thyroid_screened": True, "kn2_on": date(2026, 11, 5)}, {"thyroid_screened"}),
        ({"thyroid_screened": False, "kn2_on": date(2026, 11, 5)}, set()),
    ],
)
def test_visits_of_the_first_weeks_count_in_their_days_and_the_month_of_the_last(
    told: Answers, counted: set[str]
) -> None:
    born = child({"born_on": date(2026, 11, 1)})
    found = {name: test(born, told, NOVEMBER) for name, (_told, test) in NEWBORN_COUNTS.items()}
    assert {name for name, holds in found.items() if holds} == {"born", *counted}


def test_first_weeks_and_visits_after_birth_that_nobody_ever_noted_are_unknown_not_zero() -> None:
    data = sheet_data(Month(2026, 10))
    names = ("kn1", "kn_complete", "thyroid_screened")
    assert [count_cell(name, data, data.month) for name in (*names, "kf4")] == [UNRECORDED] * 4
    noted = replace(data, newborns={"x": {"thyroid_screened": False}})
    assert [count_cell(name, noted, data.month).value for name in names] == [None, None, 0]


@pytest.mark.parametrize(
    ("outcome", "kf4_on", "value"),
    [
        ("live_birth", date(2026, 10, 30), 1),
        ("stillbirth", date(2026, 10, 30), 1),
        ("miscarriage", date(2026, 10, 30), 0),
        ("live_birth", date(2026, 10, 28), 0),
        ("live_birth", date(2026, 11, 2), 0),
    ],
)
def test_kf4_is_a_visit_of_day_29_to_42_after_a_birth_in_its_month(outcome: str, kf4_on: date, value: int) -> None:
    data = sheet_data(Month(2026, 10))
    woman = next(iter(data.report.everyone))
    carried: Answers = {"outcome": outcome, "ended_on": date(2026, 9, 30), "kf4_on": kf4_on}
    cell = count_cell("kf4", replace(data, pregnancies=((woman, carried), ("elsewhere", carried))), data.month)
    assert cell.value == value
    assert {ref.id for ref in cell.people} == ({woman} if value else set())


def test_a_level_has_its_posts_and_those_that_were_open() -> None:
    data = sheet_data(Month(2026, 10))
    closed = replace(data, sessions={})
    level = replace(data, parts=(data, closed, closed))
    found = [
        (count_cell(name, each, data.month).value) for each in (data, closed, level) for name in ("posts", "posts_open")
    ]
    assert found == [1, 1, 1, 0, 3, 1]
