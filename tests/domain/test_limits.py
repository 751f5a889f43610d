"""Limits by age, sex and last visit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.fields import Answers, Number, read_number
from posyandu.domain.form import Context, Level, Limit, problems
from posyandu.domain.forms import FORMS
from posyandu.domain.limits import limits_for
from tests.domain.shipped import STANDARDS, TODAY

CHILD = FORMS["under_five_visit"]
MEASURES = ("weight_g", "length_mm", "head_mm", "muac_mm")


def born(months: int) -> date:
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    return date(year, month + 1, TODAY.day)


def of(months: int, previous_on: date | None = None, sex: str = "male") -> dict[str, Limit]:
    return limits_for(STANDARDS, CHILD.name, {"sex": sex, "born_on": born(months)}, TODAY, previous_on)


def levels(answers: Answers, months: int, previous: Answers, previous_on: date | None) -> list[Level]:
    context = Context(TODAY, previous, of(months, previous_on))
    return [found.level for found in problems(CHILD, {"visited_on": TODAY, **answers}, context)]


@given(st.integers(0, 71), st.sampled_from(("male", "female")))
def test_every_month_and_sex_has_a_usual_range_within_the_possible_one(months: int, sex: str) -> None:
    for name in MEASURES:
        limit = of(months, sex=sex)[name]
        field = CHILD.fields[name]
        assert isinstance(field, Number)
        assert limit.hard_low is not None
        assert limit.hard_high is not None
        assert limit.usual_low is not None
        assert limit.usual_high is not None
        assert field.low <= limit.hard_low <= limit.usual_low < limit.usual_high <= limit.hard_high <= field.high


def test_a_fall_or_rise_is_judged_only_against_a_last_visit() -> None:
    alone, after = of(16), of(16, date(2026, 10, 10))
    assert (alone["weight_g"].fall, alone["weight_g"].rise) == (None, None)
    assert (after["weight_g"].fall, after["weight_g"].rise) == (1500, 1650)
    assert of(16, date(2026, 11, 1))["weight_g"].rise == 1500
    assert of(16, date(2026, 8, 10))["weight_g"].rise == 4700
    assert of(16, date(2026, 12, 1))["weight_g"].rise is None


def test_grams_typed_as_kilograms_and_swapped_measures_are_noticed() -> None:
    last, on = {"weight_g": 9200, "length_mm": 780}, date(2026, 10, 10)
    assert levels({"weight_g": 9600, "length_mm": 785}, 16, last, on) == []
    assert levels({"weight_g": 40_000}, 16, last, on) == [Level.HARD]
    assert levels({"weight_g": 12_900}, 16, last, on) == [Level.SOFT]
    assert levels({"length_mm": 770}, 16, last, on) == [Level.SOFT]
    assert levels({"length_mm": 300}, 16, {}, None) == [Level.HARD]
    assert levels({"weight_g": 17_500}, 16, {}, None) == [Level.SOFT]


def test_length_may_fall_a_little_when_the_child_begins_to_stand_for_it() -> None:
    on = date(2026, 10, 10)
    assert levels({"length_mm": 842}, 24, {"length_mm": 850}, on) == []
    assert levels({"length_mm": 892}, 30, {"length_mm": 900}, on) == [Level.SOFT]


def test_the_number_pad_needs_no_comma_because_of_the_limits() -> None:
    field = CHILD.fields["weight_g"]
    assert isinstance(field, Number)
    for months, typed, grams in (
        (0, "32", 3200),
        (8, "82", 8200),
        (16, "96", 9600),
        (16, "12", 12_000),
        (40, "145", 14_500),
    ):
        limit = of(months)["weight_g"]
        assert read_number(field, typed, limit.hard_low, limit.hard_high) == grams


def test_a_person_without_sex_or_birth_date_has_only_what_holds_for_all() -> None:
    assert set(limits_for(STANDARDS, CHILD.name, {}, TODAY, None)) == {"supplement_portions"}
    assert limits_for(STANDARDS, CHILD.name, {"born_on": born(16)}, TODAY, None)["weight_g"].usual_low is None
    mother = limits_for(STANDARDS, "pregnancy_visit", {}, TODAY, None)
    assert mother["systolic_mmhg"] == Limit(usual_low=80, usual_high=159)


# resources/rules/limits.json: the impossible weights in grams by month, at both ends of each band
@pytest.mark.parametrize(
    ("months", "low", "high", "fall", "rise"),
    [
        (0, 500, 8_000, 600, 2_000),
        (1, 800, 12_000, 600, 2_000),
        (2, 800, 12_000, 600, 2_000),
        (3, 1_000, 18_000, 800, 1_500),
        (5, 1_000, 18_000, 800, 1_500),
        (6, 1_500, 25_000, 1_000, 1_500),
        (11, 1_500, 25_000, 1_000, 1_500),
        (12, 2_500, 32_000, 1_500, 1_500),
        (23, 2_500, 32_000, 1_500, 1_500),
        (24, 3_500, 40_000, 1_500, 1_500),
        (36, 4_000, 60_000, 1_500, 1_500),
        (71, 4_000, 60_000, 1_500, 1_500),
    ],
)
def test_the_limits_of_weight_change_on_the_first_month_of_each_band(
    months: int, low: int, high: int, fall: int, rise: int
) -> None:
    limit = of(months, TODAY)["weight_g"]
    assert (limit.hard_low, limit.hard_high, limit.fall, limit.rise) == (low, high, fall, rise)


@pytest.mark.parametrize(
    ("days", "grams"),
    [(0, 1_500), (1, 1_500), (30, 1_500), (31, 1_550), (39, 1_950), (60, 3_000), (61, 3_050), (90, 4_500)],
)
def test_a_rise_grows_with_the_days_beyond_a_month(days: int, grams: int) -> None:
    assert of(16, TODAY - timedelta(days))["weight_g"].rise == grams
    assert of(16, TODAY - timedelta(days))["weight_g"].fall == 1_500, "a fall does not"


def test_a_visit_after_this_one_is_no_last_visit() -> None:
    later = of(16, TODAY + timedelta(1))["weight_g"]
    assert (later.fall, later.rise) == (None, None)


def test_an_age_no_rule_speaks_of_and_another_form_have_no_limits_of_children() -> None:
    assert "weight_g" not in of(72, TODAY)
    found = limits_for(STANDARDS, "adult_visit", {"sex": "male", "born_on": born(16)}, TODAY, None)
    assert "length_mm" not in found
    assert limits_for(STANDARDS, "unheard_of", {"sex": "male", "born_on": born(16)}, TODAY, None) == {}


def test_what_is_usual_is_by_sex_and_what_is_impossible_is_not() -> None:
    boy, girl = of(12, sex="male")["weight_g"], of(12, sex="female")["weight_g"]
    assert (boy.hard_low, boy.hard_high) == (girl.hard_low, girl.hard_high)
    assert boy.usual_low is not None
    assert girl.usual_low is not None
    assert boy.usual_low > girl.usual_low, "-4 SD of a boy is heavier"
