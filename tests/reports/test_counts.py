"""Counts that belong to the post, and what the posts of a level have together."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.life import LifeHistory, people_of_month
from posyandu.reports.counts import CHILD_COUNTS, LIFE_COUNTS, MOTHER_COUNTS, UNRECORDED, _summed
from posyandu.reports.table import Cell, PersonRef
from tests.domain.shipped import RULES, STANDARDS, TABLES, TODAY

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
    rules = STANDARDS.with_overrides({"lb3_tablets": wanted})
    history = indicators.pregnancy_history(rules, "w", {"born_on": date(1998, 6, 1)}, carried, given)
    (woman,) = indicators.pregnancies_of_month([history], NOVEMBER, TODAY)
    assert MOTHER_COUNTS["iron_90"](woman) is counts


def child(person: dict[str, Any], **overrides: Any) -> indicators.ChildMonth:
    told: Answers = {"born_on": date(2026, 11, 3), "sex": "female", **person}
    history = indicators.child_history(STANDARDS.with_overrides(overrides), TABLES, "a", told, ())
    (found,) = indicators.children_of_month([history], NOVEMBER, TODAY)
    return found


@pytest.mark.parametrize(("grams", "low"), [(2499, True), (2500, False), (None, False)])
def test_a_baby_is_small_below_the_weight_of_the_rule(grams: int | None, low: bool) -> None:
    assert CHILD_COUNTS["low_birth_weight"](child({"birth_weight_g": grams})) is low
    assert not CHILD_COUNTS["low_birth_weight"](child({"birth_weight_g": grams, "born_on": date(2026, 10, 31)}))


@pytest.mark.parametrize(("born_on", "months", "told"), [(date(2026, 5, 12), 6, True), (date(2026, 4, 12), 6, False)])
def test_e6_is_the_month_that_completes_breast_milk_only(born_on: date, months: int, told: bool) -> None:
    assert CHILD_COUNTS["infants_to_six"](child({"born_on": born_on})) is told
    assert CHILD_COUNTS["infants_to_six"](child({"born_on": born_on}, exclusive_months=months + 1))


def test_a_visitor_of_childbearing_age_is_one_by_the_rule() -> None:
    born_on = date(TODAY.year - 14, TODAY.month, 1)
    history = LifeHistory("w", {"sex": "female", "born_on": born_on}, [], {}, came_on=frozenset([TODAY]))
    (girl,) = people_of_month([history], NOVEMBER, TODAY, RULES)
    younger = replace(girl, rules=STANDARDS.with_overrides({"fertile_months": [168, 599]}).on(TODAY))
    assert [LIFE_COUNTS["wus_came"](each) for each in (girl, younger)] == [False, True]
