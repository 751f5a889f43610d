from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.fields import Answers
from posyandu.domain.service_group import (
    AFTER_BIRTH,
    CHILDREN,
    GROWN,
    SCHOOL_AGE,
    Group,
    began_on,
    group_on,
    pregnancy_on,
)
from tests.domain.shipped import RULES

GROUPS = RULES.groups

ON = date(2026, 11, 12)


def born(years: int, months: int = 0, days: int = 0) -> Answers:
    """Somebody who completed this age exactly `days` before the day."""
    count = years * 12 + months
    year, month = divmod(ON.year * 12 + ON.month - 1 - count, 12)
    return {"born_on": date(year, month + 1, ON.day) - timedelta(days=days)}


@pytest.mark.parametrize(
    ("person", "group"),
    [
        (born(0), Group.INFANT),
        (born(0, 11, 27), Group.INFANT),
        (born(1), Group.UNDER_FIVE),
        (born(4, 11, 27), Group.UNDER_FIVE),
        (born(5), Group.PRESCHOOL),
        (born(5, 11, 27), Group.PRESCHOOL),
        (born(6), Group.SCHOOL),
        (born(14, 11, 27), Group.SCHOOL),
        (born(15), Group.YOUTH),
        (born(18, 11, 27), Group.YOUTH),
        (born(19), Group.ADULT),
        (born(59, 11, 27), Group.ADULT),
        (born(60), Group.ELDERLY),
        (born(101), Group.ELDERLY),
    ],
)
def test_age_on_the_day_tells_the_group(person: Answers, group: Group) -> None:
    assert group_on(GROUPS, person, ON) is group


def test_before_birth_and_without_birth_date_there_is_no_group() -> None:
    assert group_on(GROUPS, {"born_on": ON + timedelta(days=1)}, ON) is None
    assert group_on(GROUPS, {}, ON) is None


def test_a_pregnancy_overrides_age() -> None:
    pregnancy = {"lmp_on": ON - timedelta(days=100), "noted_on": ON - timedelta(days=60)}
    assert group_on(GROUPS, born(25), ON, pregnancy) is Group.PREGNANT
    assert group_on(GROUPS, born(16), ON, pregnancy) is Group.PREGNANT
    assert group_on(GROUPS, {}, ON, pregnancy) is Group.PREGNANT
    assert group_on(GROUPS, born(25), ON - timedelta(days=101), pregnancy) is Group.ADULT


def test_nifas_lasts_until_the_42nd_day() -> None:
    birth = {"lmp_on": ON - timedelta(days=280), "outcome": "live_birth", "ended_on": ON}
    assert group_on(GROUPS, born(25), ON - timedelta(days=1), birth) is Group.PREGNANT
    assert group_on(GROUPS, born(25), ON, birth) is Group.POSTPARTUM
    assert group_on(GROUPS, born(25), ON + timedelta(days=42), birth) is Group.POSTPARTUM
    assert group_on(GROUPS, born(25), ON + timedelta(days=43), birth) is Group.ADULT


def test_a_stillbirth_has_its_nifas_too_but_a_miscarriage_has_not() -> None:
    assert group_on(GROUPS, born(25), ON, {"outcome": "stillbirth", "ended_on": ON}) is Group.POSTPARTUM
    assert group_on(GROUPS, born(25), ON, {"outcome": "abortion", "ended_on": ON}) is Group.ADULT
    assert group_on(GROUPS, born(25), ON, {"outcome": "live_birth"}) is Group.ADULT


def test_of_several_pregnancies_the_one_of_the_day_counts() -> None:
    first = {"lmp_on": date(2023, 1, 1), "outcome": "live_birth", "ended_on": date(2023, 10, 8)}
    second = {"noted_on": date(2026, 8, 1), "outcome": "ongoing"}
    assert pregnancy_on(GROUPS, [second, first], ON) is second
    assert pregnancy_on(GROUPS, [second, first], date(2023, 10, 20)) is first
    assert pregnancy_on(GROUPS, [second, first], date(2024, 10, 20)) is None
    assert pregnancy_on(GROUPS, [], ON) is None


def test_a_pregnancy_counts_from_the_last_period_else_from_the_day_it_was_noted() -> None:
    assert began_on({"lmp_on": date(2026, 5, 1), "noted_on": date(2026, 7, 1)}) == date(2026, 5, 1)
    assert began_on({"noted_on": date(2026, 7, 1)}) == date(2026, 7, 1)
    assert began_on({}) is None
    assert group_on(GROUPS, born(25), ON, {}) is Group.PREGNANT


@given(st.dates(date(1930, 1, 1), ON))
def test_everybody_alive_is_in_exactly_one_group_and_never_goes_back(born_on: date) -> None:
    order = list(Group)
    before, after = (
        group_on(GROUPS, {"born_on": born_on}, ON),
        group_on(GROUPS, {"born_on": born_on}, ON + timedelta(days=200)),
    )
    assert before is not None
    assert after is not None
    assert order.index(before) <= order.index(after)


def test_groups_have_the_names_of_the_registers() -> None:
    assert [group.label for group in Group][:6] == [
        *("Ibu hamil", "Ibu nifas", "Ibu menyusui", "Bayi", "Balita", "Apras")
    ]
    assert Group.PREGNANT not in CHILDREN


def test_who_breastfeeds_after_nifas_stays_with_the_mothers_for_two_years() -> None:
    birth = {"outcome": "live_birth", "ended_on": ON, "breastfeeding": True}
    assert group_on(GROUPS, born(25), ON + timedelta(days=42), birth) is Group.POSTPARTUM
    assert group_on(GROUPS, born(25), ON + timedelta(days=43), birth) is Group.BREASTFEEDING
    assert group_on(GROUPS, born(25), ON + timedelta(days=729), birth) is Group.BREASTFEEDING
    assert group_on(GROUPS, born(25), ON + timedelta(days=731), birth) is Group.ADULT
    assert group_on(GROUPS, born(25), ON + timedelta(days=43), {**birth, "breastfeeding": False}) is Group.ADULT
    assert group_on(GROUPS, born(25), ON + timedelta(days=43), {**birth, "outcome": "stillbirth"}) is Group.ADULT


def test_a_new_pregnancy_comes_before_breastfeeding() -> None:
    birth = {"outcome": "live_birth", "ended_on": ON - timedelta(days=300), "breastfeeding": True}
    again = {"lmp_on": ON - timedelta(days=60), "outcome": "ongoing"}
    assert group_on(GROUPS, born(25), ON, pregnancy_on(GROUPS, [birth, again], ON)) is Group.PREGNANT


def test_every_group_belongs_to_one_register() -> None:
    registers = [CHILDREN, frozenset((Group.PREGNANT,)), AFTER_BIRTH, SCHOOL_AGE, GROWN]
    assert sorted(group.value for each in registers for group in each) == sorted(group.value for group in Group)


BIRTHDAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("years", "months", "before", "after"),
    [
        (1, 0, Group.INFANT, Group.UNDER_FIVE),
        (5, 0, Group.UNDER_FIVE, Group.PRESCHOOL),
        (6, 0, Group.PRESCHOOL, Group.SCHOOL),
        (15, 0, Group.SCHOOL, Group.YOUTH),
        (19, 0, Group.YOUTH, Group.ADULT),
        (60, 0, Group.ADULT, Group.ELDERLY),
    ],
)
def test_somebody_changes_group_on_the_birthday_and_not_the_day_before(
    years: int, months: int, before: Group, after: Group
) -> None:
    person = {"born_on": date(BIRTHDAY.year - years, BIRTHDAY.month - months, BIRTHDAY.day)}
    assert group_on(GROUPS, person, BIRTHDAY - timedelta(1)) is before
    assert group_on(GROUPS, person, BIRTHDAY) is after


ENDED = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("outcome", "suckles", "day", "group"),
    [
        ("live_birth", None, ENDED - timedelta(1), Group.PREGNANT),
        ("live_birth", None, ENDED, Group.POSTPARTUM),
        ("live_birth", None, ENDED + timedelta(42), Group.POSTPARTUM),
        ("live_birth", None, ENDED + timedelta(43), Group.ADULT),
        ("live_birth", True, ENDED + timedelta(43), Group.BREASTFEEDING),
        ("live_birth", True, date(2028, 9, 30), Group.BREASTFEEDING),
        ("live_birth", True, date(2028, 10, 1), Group.ADULT),
        ("live_birth", False, ENDED + timedelta(43), Group.ADULT),
        ("stillbirth", None, ENDED + timedelta(42), Group.POSTPARTUM),
        ("stillbirth", True, ENDED + timedelta(43), Group.ADULT),
        ("abortion", None, ENDED - timedelta(1), Group.PREGNANT),
        ("abortion", None, ENDED, Group.ADULT),
        ("moved", None, ENDED, Group.ADULT),
        (None, None, ENDED + timedelta(300), Group.PREGNANT),
        ("ongoing", None, ENDED + timedelta(300), Group.PREGNANT),
    ],
)
def test_a_mother_stays_in_the_register_for_her_days(
    outcome: str | None, suckles: bool | None, day: date, group: Group
) -> None:
    pregnancy = {"lmp_on": date(2026, 1, 1), "outcome": outcome, "ended_on": ENDED, "breastfeeding": suckles}
    assert group_on(GROUPS, {"born_on": date(1998, 1, 1)}, day, pregnancy) is group


def test_an_ended_pregnancy_without_a_day_makes_nobody_pregnant() -> None:
    assert group_on(GROUPS, {"born_on": date(1998, 1, 1)}, BIRTHDAY, {"outcome": "live_birth"}) is Group.ADULT
    assert (
        group_on(GROUPS, {"born_on": date(1998, 1, 1)}, date(2025, 12, 31), {"lmp_on": date(2026, 1, 1)}) is Group.ADULT
    )
    assert group_on(GROUPS, {}, BIRTHDAY, {"lmp_on": date(2026, 1, 1)}) is Group.PREGNANT
