"""The immunisation schedule at its edges: ages, intervals, areas, products, named sets, tetanus."""

import copy
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.calendar import age_months
from posyandu.domain.immunisation import (
    LATE,
    OPEN,
    Dose,
    DoseStatus,
    Gap,
    SchoolClass,
    State,
    completions,
    is_complete,
    next_on,
    read_schedule,
    status,
    tetanus,
)
from tests.domain.shipped import FILES, RULES

SCHEDULE = RULES.immunisation
NTB, KALBAR = "5203012001", "6101012001"
BORN = date(2025, 1, 12)
DAY = timedelta(days=1)
IDL_OLD = ("hb0", "bcg", "opv_1", "opv_2", "opv_3", "opv_4", "dpt_hb_hib_1", "dpt_hb_hib_2", "dpt_hb_hib_3")
births = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def dose(code: str, on: date, product: str | None = None) -> Dose:
    """A dose by the code of its rule."""
    rule = next(rule for rule in (*SCHEDULE.doses, *SCHEDULE.school) if rule.code == code)
    return Dose(rule.antigen, rule.number, on, product)


def judged(
    doses: Iterable[Dose], on: date, *, born_on: date = BORN, area: str = NTB, sex: str = "male", **more: Any
) -> dict[str, DoseStatus]:
    """Every dose by its code."""
    return {each.code: each for each in status(SCHEDULE, born_on, sex, area, doses, on, **more)}


def infant(*, until: int = 99, but: str = "", born_on: date = BORN, area: str = NTB) -> list[Dose]:
    """All infant doses exactly when they are due, up to an age in months."""
    return [
        dose(rule.code, rule.due.after(born_on))
        for rule in SCHEDULE.doses
        if rule.code != but
        and (not rule.areas or area.startswith(rule.areas))
        and age_months(born_on, rule.due.after(born_on)) <= until
    ]


def state(code: str, on: date, doses: Iterable[Dose] = (), **more: Any) -> State:
    return judged(doses, on, **more)[code].state


# --- lengths of time -------------------------------------------------------------------------------------------------


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_a_gap_of_months_ends_on_the_day_the_age_is_reached(day: date, months: int) -> None:
    reached = Gap(months=months).after(day)
    assert age_months(day, reached) == months
    assert age_months(day, reached - DAY) < months


def test_days_are_counted_after_the_months() -> None:
    assert Gap(1, 1).after(date(2025, 1, 31)) == date(2025, 3, 2)
    assert Gap(days=28).after(date(2025, 2, 1)) == date(2025, 3, 1)


# --- by age ----------------------------------------------------------------------------------------------------------

BY_AGE = [(rule.code, name) for rule in SCHEDULE.doses for name in ("due", "late", "catch_up", "ends")]
AFTERWARDS = {"due": State.DUE, "late": State.OVERDUE, "catch_up": State.CATCH_UP, "ends": State.NOT_AFTER}


@pytest.mark.parametrize(("code", "edge"), BY_AGE)
@settings(max_examples=12)
@given(births)
def test_a_dose_changes_its_state_on_the_day_of_each_limit(code: str, edge: str, born_on: date) -> None:
    rule = next(rule for rule in SCHEDULE.doses if rule.code == code)
    age = getattr(rule, edge)
    if age is None:
        return
    day = age.after(born_on)
    had = [each for each in infant(born_on=born_on, area=KALBAR)
           if each.antigen == rule.antigen and each.number < rule.number]  # fmt: skip
    before, at, after = (state(code, each, had, born_on=born_on, area=KALBAR) for each in (day - DAY, day, day + DAY))
    assert before is not AFTERWARDS[edge]
    assert (at, after) == (AFTERWARDS[edge], AFTERWARDS[edge]) or (code == "hb0" and edge == "due")


def test_hb0_is_on_time_the_first_day_late_to_the_seventh_and_over_then() -> None:
    assert [state("hb0", BORN + n * DAY) for n in (0, 1, 7, 8)] == [
        *(State.DUE, State.OVERDUE, State.OVERDUE, State.NOT_AFTER)
    ]


@pytest.mark.parametrize("rule", SCHEDULE.doses, ids=lambda rule: rule.code)
@settings(max_examples=12)
@given(births)
def test_a_dose_given_a_day_before_its_earliest_age_is_to_be_asked_about(rule: Any, born_on: date) -> None:
    at = rule.earliest.after(born_on)
    area = KALBAR
    assert judged([dose(rule.code, at)], at, born_on=born_on, area=area)[rule.code].state is State.GIVEN
    early = judged([dose(rule.code, at - DAY)], at, born_on=born_on, area=area)[rule.code]
    assert (early.state, early.fault, early.lacking, early.given_on) == (State.INVALID, "age", True, at - DAY)


def test_a_child_of_the_class_in_the_notes_has_the_printed_schedule() -> None:
    at = {months: Gap(months).after(BORN) for months in range(20)}
    due = {
        months: [code for code, each in judged((), at[months], area=KALBAR).items() if each.due_on == at[months]]
        for months in range(19)
    }
    assert due[0] == ["hb0", "bcg", "opv_1"]
    assert due[2] == ["opv_2", "dpt_hb_hib_1", "pcv_1", "rv_1"]
    assert due[3] == ["opv_3", "dpt_hb_hib_2", "pcv_2", "rv_2"]
    assert due[4] == ["opv_4", "dpt_hb_hib_3", "rv_3", "ipv_1"]
    assert due[9] == ["mr_1", "ipv_2"]
    assert due[10] == ["je_1"]
    assert due[12] == ["pcv_3"]
    assert due[18] == ["dpt_hb_hib_4", "mr_2"]
    assert not any(due[months] for months in (1, 5, 6, 7, 8, 11, 13, 14, 15, 16, 17))


def test_rotavirus_is_over_from_seven_months() -> None:
    seven = Gap(7).after(BORN)
    assert state("rv_1", seven - DAY) is State.OVERDUE
    over = judged((), seven)["rv_1"]
    assert (over.state, over.lacking) == (State.NOT_AFTER, False)


# --- intervals -------------------------------------------------------------------------------------------------------

INTERVALS = [(rule, after) for rule in SCHEDULE.doses for after in rule.after]


@pytest.mark.parametrize(("rule", "after"), INTERVALS, ids=lambda each: getattr(each, "code", ""))
@settings(max_examples=12)
@given(st.integers(0, 200), births)
def test_an_interval_counts_to_the_day(rule: Any, after: Any, late_by: int, born_on: date) -> None:
    first_rule = next(each for each in SCHEDULE.doses if each.code == after.dose)
    first_on = max(first_rule.due.after(born_on) + late_by * DAY, rule.earliest.after(born_on))
    enough = after.gap.after(first_on)
    first = dose(after.dose, first_on)
    for day, fault in ((enough - DAY, "interval"), (enough, None), (enough + DAY, None)):
        found = judged([first, dose(rule.code, day)], day, born_on=born_on)[rule.code]
        assert (found.fault, found.state is State.GIVEN) == (fault, fault is None)
    if enough < rule.ends.after(born_on):
        waiting = judged([first], enough - DAY, born_on=born_on)[rule.code]
        assert (waiting.state, waiting.from_on) == (State.TOO_EARLY, max(enough, rule.due.after(born_on)))
        at = max(enough, rule.due.after(born_on))
        if at < rule.ends.after(born_on):
            assert judged([first], at, born_on=born_on)[rule.code].state in OPEN


def test_the_printed_intervals_are_in_the_data() -> None:
    gaps = {(rule.code, after.dose): after.gap for rule, after in INTERVALS}
    assert gaps["dpt_hb_hib_2", "dpt_hb_hib_1"] == gaps["opv_4", "opv_3"] == Gap(days=28)
    assert gaps["pcv_3", "pcv_2"] == Gap(days=56)
    assert gaps["dpt_hb_hib_4", "dpt_hb_hib_3"] == Gap(months=12)
    assert gaps["mr_2", "mr_1"] == Gap(months=6)
    assert gaps["ipv_2", "ipv_1"] == Gap(days=150), "the printed schedule itself is five months apart"


def test_a_dose_waits_for_the_one_before_it_and_still_counts_as_lacking() -> None:
    at = Gap(5).after(BORN)
    second = judged((), at)["dpt_hb_hib_2"]
    assert (second.state, second.waits_for, second.from_on, second.lacking) == (
        *(State.TOO_EARLY, "dpt_hb_hib_1", None, True),
    )


def test_a_series_is_never_begun_again() -> None:
    four_years = Gap(48).after(BORN)
    found = judged([dose("dpt_hb_hib_1", Gap(2).after(BORN))], four_years)
    assert found["dpt_hb_hib_1"].state is State.GIVEN
    assert found["dpt_hb_hib_2"].state is State.CATCH_UP


def test_two_live_vaccines_are_four_weeks_apart_or_on_one_day() -> None:
    measles = Gap(11).after(BORN)
    had = [dose("mr_1", measles)]
    assert state("je_1", measles, had, area=KALBAR) in OPEN
    for days, expected in ((1, State.TOO_EARLY), (27, State.TOO_EARLY), (28, State.OVERDUE)):
        on = measles + days * DAY
        found = judged(had, on, area=KALBAR)["je_1"]
        assert found.state is (State.CATCH_UP if on >= Gap(12).after(BORN) and expected in OPEN else expected)
        assert found.from_on == (measles + 28 * DAY if days < 28 else Gap(10).after(BORN))


def test_a_dose_known_without_the_one_before_is_taken_as_it_is() -> None:
    found = judged([dose("dpt_hb_hib_3", Gap(4).after(BORN))], Gap(5).after(BORN))
    assert found["dpt_hb_hib_3"].state is State.GIVEN


def test_of_the_same_dose_recorded_twice_the_earlier_counts() -> None:
    two, three = Gap(2).after(BORN), Gap(3).after(BORN)
    assert judged([dose("pcv_1", three), dose("pcv_1", two)], three)["pcv_1"].given_on == two


def test_what_was_given_later_is_not_known_on_an_earlier_day() -> None:
    two = Gap(2).after(BORN)
    assert state("pcv_1", two - DAY, [dose("pcv_1", two)]) is State.TOO_EARLY


def test_a_reason_for_not_giving_stays_with_the_dose() -> None:
    found = judged([Dose("pcv", 1, None, reason="sick")], Gap(3).after(BORN))["pcv_1"]
    assert (found.state, found.reason, found.lacking) == (State.OVERDUE, "sick", True)
    over = judged([Dose("rv", 1, None, reason="refused")], Gap(8).after(BORN))["rv_1"]
    assert (over.state, over.reason) == (State.NOT_AFTER, "refused")


# --- areas and products ----------------------------------------------------------------------------------------------


def test_japanese_encephalitis_is_due_in_kalbar_only_and_only_since_the_campaign() -> None:
    ten = Gap(10).after(BORN)
    assert state("je_1", ten, area=KALBAR) is State.DUE
    assert "je_1" not in judged((), ten, area=NTB)
    for born_on, there in ((date(2022, 12, 31), False), (date(2023, 1, 1), True)):
        found = judged((), Gap(11).after(born_on), born_on=born_on, area=KALBAR)
        assert ("je_1" in found) is there, "due on 1 November 2023 at the earliest"


def test_a_dose_given_where_it_is_not_on_the_schedule_is_shown() -> None:
    found = judged([dose("je_1", Gap(10).after(BORN)), Dose("td", 7, BORN + 400 * DAY)], BORN + 500 * DAY)
    assert (found["je_1"].state, found["je_1"].label, found["je_1"].due_on) == (
        State.GIVEN,
        "JE",
        found["je_1"].given_on,
    )
    assert (found["td_7"].label, found["td_7"].state) == ("Td 7", State.GIVEN)


def test_hexavalent_is_what_is_had_in_ntb_since_the_pilot() -> None:
    days = (date(2025, 9, 30), date(2025, 10, 1))
    assert [SCHEDULE.product("dpt_hb_hib", 1, NTB, on).code for on in days] == ["pentavalent", "hexavalent"]
    assert SCHEDULE.product("dpt_hb_hib", 1, KALBAR, days[1]).code == "pentavalent"
    assert SCHEDULE.product("dpt_hb_hib", 1, KALBAR, date(2026, 1, 1)).code == "hexavalent"
    assert SCHEDULE.product("dpt_hb_hib", 4, NTB, date(2026, 11, 1)).code == "pentavalent", "the booster stays"


def test_hexavalent_counts_for_polio_too() -> None:
    two, three, four = (Gap(n).after(BORN) for n in (2, 3, 4))
    had = [dose(f"dpt_hb_hib_{n}", on, "hexavalent") for n, on in ((1, two), (2, three), (3, four))]
    found = judged(had, Gap(9).after(BORN))
    assert [found[f"dpt_hb_hib_{n}"].state for n in (1, 2, 3)] == [State.GIVEN] * 3
    assert [(found[f"ipv_{n}"].state, found[f"ipv_{n}"].given_on) for n in (1, 2)] == [
        *((State.GIVEN, two), (State.GIVEN, three)),
    ]
    assert found["ipv_1"].product == "hexavalent"


def test_old_and_new_products_mix() -> None:
    two, three, four = (Gap(n).after(BORN) for n in (2, 3, 4))
    had = [dose("dpt_hb_hib_1", two), dose("dpt_hb_hib_2", three, "hexavalent"), dose("ipv_1", four)]
    found = judged(had, Gap(10).after(BORN))
    assert found["dpt_hb_hib_2"].state is State.GIVEN
    assert (found["ipv_1"].given_on, found["ipv_2"].given_on) == (three, four), "numbered by their days"
    assert found["ipv_2"].fault == "age", "given alone it counts from nine months: the midwife is asked"
    later = judged([dose("dpt_hb_hib_1", two, "hexavalent"), dose("ipv_2", Gap(9).after(BORN))], Gap(10).after(BORN))
    assert [later[code].state for code in ("ipv_1", "ipv_2")] == [State.GIVEN, State.GIVEN]


def test_an_early_hexavalent_is_to_be_asked_about_for_all_it_holds() -> None:
    early = Gap(2).after(BORN) - DAY
    found = judged([dose("dpt_hb_hib_1", early, "hexavalent")], early)
    assert (found["dpt_hb_hib_1"].fault, found["ipv_1"].fault) == ("age", "age")


# --- complete --------------------------------------------------------------------------------------------------------


@given(births, st.integers(0, 30), st.sampled_from([NTB, KALBAR]))
def test_who_had_every_dose_on_its_day_is_complete_at_every_age(born_on: date, months: int, area: str) -> None:
    had = infant(until=months, born_on=born_on, area=area)
    found = judged(had, Gap(months).after(born_on), born_on=born_on, area=area)
    assert is_complete(found.values())
    assert not any(each.state in (*OPEN, State.INVALID) for each in found.values())


@given(births, st.integers(0, 59), st.sampled_from([rule.code for rule in SCHEDULE.doses if rule.code != "je_1"]))
def test_one_dose_missing_is_incomplete_exactly_while_it_can_be_had(born_on: date, months: int, code: str) -> None:
    rule = next(rule for rule in SCHEDULE.doses if rule.code == code)
    on = Gap(months).after(born_on)
    found = judged(infant(until=months, but=code, born_on=born_on), on, born_on=born_on)
    assert is_complete(found.values()) is not (rule.due.after(born_on) <= on < rule.ends.after(born_on))


def test_the_next_day_is_when_something_begins_to_be_due() -> None:
    newborn = judged((), BORN)
    assert next_on(newborn.values(), BORN) == Gap(2).after(BORN)
    late_first = [dose("dpt_hb_hib_1", date(2025, 6, 20))]
    held = judged(late_first, date(2025, 6, 20))
    assert held["dpt_hb_hib_2"].from_on == date(2025, 7, 18)
    assert next_on([held["dpt_hb_hib_2"]], date(2025, 6, 20)) == date(2025, 7, 18)
    assert next_on([], BORN) is None


some_doses = st.lists(
    st.tuples(st.sampled_from([rule.code for rule in SCHEDULE.doses]), st.integers(0, 1800), st.booleans()), max_size=12
)


@given(births, some_doses, st.sampled_from([rule.code for rule in SCHEDULE.doses]), st.integers(0, 1800))
def test_another_valid_dose_never_makes_the_rest_less_complete(
    born_on: date, had: list[tuple[str, int, bool]], code: str, age: int
) -> None:
    doses = [dose(each, born_on + days * DAY, "hexavalent" if six and each[:3] == "dpt" else None)
             for each, days, six in had]  # fmt: skip
    on = born_on + 1900 * DAY
    new = dose(code, born_on + age * DAY)
    if any((each.antigen, each.number) == (new.antigen, new.number) for each in doses):
        return
    if new.antigen == "ipv" and any(each.product for each in doses):
        return  # it renumbers the polio doses that came inside others
    before, after = (
        judged(doses, on, born_on=born_on, area=KALBAR),
        judged([*doses, new], on, born_on=born_on, area=KALBAR),
    )
    if after[code].state is not State.GIVEN:
        return
    for other, was in before.items():
        follows = after[other].fault == "interval"
        assert was.state is not State.GIVEN or after[other].state is State.GIVEN or follows
        assert after[other].lacking <= was.lacking or follows
    assert not after[code].lacking
    counted = {each.code: each for each in completions(SCHEDULE, born_on, "male", after.values())}
    for each in completions(SCHEDULE, born_on, "male", before.values()):
        if not any(after[other].fault == "interval" for other in after):
            assert set(counted[each.code].missing) <= set(each.missing)


@given(births, some_doses, st.integers(0, 1800))
def test_the_order_in_which_doses_are_written_down_does_not_matter(
    born_on: date, had: list[tuple[str, int, bool]], age: int
) -> None:
    doses = [dose(each, born_on + days * DAY) for each, days, _six in had]
    on = born_on + age * DAY
    assert judged(doses, on, born_on=born_on) == judged(reversed(doses), on, born_on=born_on)


@given(births, st.sampled_from([NTB, KALBAR]))
def test_what_a_dose_waits_for_is_on_the_schedule_too_and_every_set_can_be_reached(born_on: date, area: str) -> None:
    found = judged((), born_on, born_on=born_on, area=area, sex="female")
    for rule in (*SCHEDULE.doses, *SCHEDULE.school):
        if rule.code in found:
            assert all(after.dose in found for after in rule.after)
    for each in completions(SCHEDULE, born_on, "female", found.values()):
        wanted = max((s for s in SCHEDULE.sets if s.code == each.code and s.born_from <= born_on),
                     key=lambda s: s.born_from)  # fmt: skip
        assert set((*wanted.doses, *wanted.girls)) <= set(found)


# --- named sets ------------------------------------------------------------------------------------------------------


def named(doses: Iterable[Dose], on: date, *, born_on: date = BORN, sex: str = "male") -> dict[str, Any]:
    found = status(SCHEDULE, born_on, sex, NTB, doses, on)
    return {each.code: each for each in completions(SCHEDULE, born_on, sex, found)}


def test_idl_is_complete_before_the_first_birthday_or_late() -> None:
    year = Gap(12).after(BORN)
    on_time = named(infant(until=11), year)["idl"]
    assert (on_time.missing, on_time.complete_on, on_time.in_time) == ((), Gap(9).after(BORN), True)
    measles = infant(until=11, but="mr_1")
    assert named(measles, year)["idl"].missing == ("MR 1",)
    for on, in_time in ((year - DAY, True), (year, False), (year + DAY, False)):
        assert named([*measles, dose("mr_1", on)], year + 2 * DAY)["idl"].in_time is in_time


def test_what_belongs_to_idl_depends_on_the_day_of_birth() -> None:
    def wanted(born_on: date) -> set[str]:
        return set(named((), born_on, born_on=born_on)["idl"].missing)

    assert "IPV 1" not in wanted(date(2016, 2, 29))
    assert "IPV 1" in wanted(date(2016, 3, 1))
    assert not wanted(date(2023, 5, 31)) & {"RV 1", "PCV 1", "IPV 2"}
    assert {"RV 3", "PCV 2", "IPV 2"} <= wanted(date(2023, 6, 1))
    assert named((), BORN, born_on=date(2009, 12, 31)) == {}


def test_ibl_wants_the_boosters_before_the_second_birthday() -> None:
    two = Gap(24).after(BORN)
    assert named(infant(), two)["ibl"].in_time
    late = [*infant(but="mr_2"), dose("mr_2", two)]
    assert (named(late, two)["ibl"].missing, named(late, two)["ibl"].in_time) == ((), False)


def test_a_dose_before_its_time_does_not_complete_a_set() -> None:
    had = [*infant(until=11, but="mr_1"), dose("mr_1", Gap(9).after(BORN) - DAY)]
    assert named(had, Gap(12).after(BORN))["idl"].missing == ("MR 1",)


# --- school ----------------------------------------------------------------------------------------------------------


def test_bias_falls_in_the_month_of_the_class() -> None:
    born_on = date(2019, 3, 1)
    girl = judged((), date(2026, 8, 1), born_on=born_on, sex="female")
    assert [girl[code].due_on for code in ("mr_school", "dt_1", "td_1", "hpv_1", "td_2", "hpv_2")] == [
        *(date(2026, 8, 1), date(2026, 11, 1), date(2027, 11, 1), date(2030, 8, 1), date(2030, 11, 1)),
        date(2031, 8, 1),
    ]
    assert girl["mr_school"].school
    assert state("mr_school", date(2026, 7, 31), born_on=born_on) is State.TOO_EARLY
    assert state("mr_school", date(2026, 8, 1), born_on=born_on) is State.DUE
    assert state("mr_school", date(2027, 6, 30), born_on=born_on) is State.DUE
    assert state("mr_school", date(2027, 7, 1), born_on=born_on) is State.CATCH_UP
    assert state("mr_school", date(2032, 7, 1), born_on=born_on) is State.NOT_AFTER
    assert "hpv_1" not in judged((), date(2030, 8, 1), born_on=born_on, sex="male")


def test_the_class_that_is_known_goes_before_the_guess() -> None:
    known = SchoolClass(2, date(2026, 11, 12))
    found = judged((), date(2026, 11, 12), born_on=date(2019, 3, 1), school=known)
    assert (found["td_1"].state, found["td_1"].due_on) == (State.DUE, date(2026, 11, 1))
    assert judged((), date(2027, 1, 5), born_on=date(2019, 3, 1), school=SchoolClass(2, date(2027, 1, 5))) == {
        **judged((), date(2027, 1, 5), born_on=date(2019, 3, 1), school=known)
    }


def test_a_school_dose_is_only_asked_about_for_its_interval() -> None:
    born_on = date(2019, 3, 1)
    had = [dose("hpv_1", date(2030, 8, 5)), dose("hpv_2", date(2031, 2, 4))]
    assert judged(had, date(2031, 8, 5), born_on=born_on, sex="female")["hpv_2"].fault == "interval"
    had[1] = dose("hpv_2", date(2031, 2, 5))
    assert judged(had, date(2031, 8, 5), born_on=born_on, sex="female")["hpv_2"].fault is None


def test_school_doses_began_one_by_one() -> None:
    assert "hpv_1" not in judged((), date(2026, 1, 1), born_on=date(2011, 6, 1), sex="female")
    assert "hpv_1" in judged((), date(2026, 1, 1), born_on=date(2012, 6, 1), sex="female")


# --- tetanus ---------------------------------------------------------------------------------------------------------


def td(*days: date) -> list[Dose]:
    return [Dose("td", number, day) for number, day in enumerate(days, 1)]


def test_a_woman_reaches_t5_by_the_printed_intervals() -> None:
    first = date(2024, 1, 10)
    days = [first, first + 28 * DAY]
    days += [Gap(6).after(days[-1])]
    days += [Gap(12).after(days[-1])]
    days += [Gap(12).after(days[-1])]
    for level, years in enumerate((0, 3, 5, 10, 25), 1):
        found = tetanus(SCHEDULE, td(*days[:level]))
        assert (found.level, found.last_on) == (level, days[level - 1])
        assert found.protected_until == (Gap(12 * years).after(days[level - 1]) if years else None)
        assert found.next_on == (days[level] if level < 5 else None)
    for level in range(1, 5):
        soon = tetanus(SCHEDULE, td(*days[:level], days[level] - DAY))
        assert soon.level == level, "a day too soon does not count"
    assert tetanus(SCHEDULE, td(*days, days[-1] + 900 * DAY)).level == 5


def test_infant_doses_count_as_two_the_booster_as_third_and_school_makes_five() -> None:
    had = infant()
    levels = []
    for code in ("dpt_hb_hib_1", "dpt_hb_hib_2", "dpt_hb_hib_3", "dpt_hb_hib_4"):
        rule = next(rule for rule in SCHEDULE.doses if rule.code == code)
        levels.append(tetanus(SCHEDULE, [each for each in had if each.given_on <= rule.due.after(BORN)]).level)  # type: ignore[operator]
    assert levels == [1, 1, 2, 3]
    school = [dose("dt_1", date(2032, 11, 5)), dose("td_1", date(2033, 11, 5)), dose("td_2", date(2036, 11, 5))]
    assert [tetanus(SCHEDULE, [*had, *school[:n]]).level for n in (1, 2, 3)] == [4, 5, 5]


def test_nothing_known_is_t0_and_days_known_from_elsewhere_count() -> None:
    assert tetanus(SCHEDULE, [Dose("td", 1, None, reason="refused")]) == tetanus(SCHEDULE, [])
    assert tetanus(SCHEDULE, [], [date(2025, 1, 1), date(2025, 3, 1)]).level == 2
    assert tetanus(SCHEDULE, td(date(2025, 1, 1)), [date(2025, 1, 1)]).level == 1, "the same day is the same dose"


@given(st.lists(st.dates(date(2000, 1, 1), date(2026, 1, 1)), max_size=8), st.dates(date(2000, 1, 1), date(2026, 1, 1)))
def test_another_tetanus_dose_never_lowers_the_status(days: list[date], more: date) -> None:
    assert tetanus(SCHEDULE, [], [*days, more]).level >= tetanus(SCHEDULE, [], days).level


# --- the words and the data ------------------------------------------------------------------------------------------


def test_no_word_tells_a_kader_to_give() -> None:
    words = [each.value for each in State]
    words += [text for each in SCHEDULE.advice for text in (each.title, each.why, each.what_to_do, each.tell_family)]
    assert not [text for text in words if {"berikan", "suntik", "suntikkan"} & set(text.lower().split())]
    assert {each.state for each in SCHEDULE.advice} == {*OPEN, State.INVALID}
    assert set(LATE) < set(OPEN)


def wrong(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    value = copy.deepcopy(FILES["immunisation.json"]["rules"]["immunisation"][0]["value"])
    change(value)
    return value  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.pop("sets"),
        lambda v: v["doses"].append(v["doses"][0]),
        lambda v: v["doses"][0].pop("source"),
        lambda v: v["doses"][0].update(colour="white"),
        lambda v: v["doses"][0].update(antigen="flu"),
        lambda v: v["doses"][0].update(late={"days": 9}),
        lambda v: v["doses"][0].update(ends={"days": 0}, late={"days": 0}),
        lambda v: v["doses"][0].update(due={"weeks": 2}),
        lambda v: v["doses"][3].update(after=[{"dose": "opv_9", "days": 28}]),
        lambda v: v["school"][0].update(month=13),
        lambda v: v["school"][0].update(ends_with_class=0),
        lambda v: v["school"][4].update(sex="girl"),
        lambda v: v["sets"][0]["doses"].append("opv_9"),
        lambda v: v["offers"][0].update(product="octavalent"),
        lambda v: v["products"][4]["also"][0].update(antigen="flu"),
        lambda v: v["tetanus"].update(infant="flu"),
        lambda v: v["advice"][0].update(state="late"),
    ],
)
def test_a_slip_in_the_data_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ValueError, match="here"):
        read_schedule(wrong(change), "here")


def test_a_rule_can_end_and_another_follow() -> None:
    def change(value: dict[str, Any]) -> None:
        old = next(row for row in value["doses"] if row["code"] == "je_1")
        value["doses"].append(
            {**old, "since": "2027-01-01", "due": {"months": 12}, "late": {"months": 13}, "catch_up": {"months": 24}}
        )
        old["until"] = "2027-01-01"
        value["school"][0]["until"] = "2030-01-01"

    schedule = read_schedule(wrong(change), "here")
    for born_on, months in ((date(2026, 2, 28), 10), (date(2026, 3, 1), 12)):
        found = {each.code: each for each in status(schedule, born_on, "male", KALBAR, (), born_on)}
        assert found["je_1"].due_on == Gap(months).after(born_on)
    assert "mr_school" not in {each.code for each in status(schedule, date(2024, 1, 1), None, NTB, (), BORN)}


# --- each edge of the printed ages -----------------------------------------------------------------------------------

# Buku KIA 2023 and the notes: due, late, to be caught up, no longer, in months (HB0 in days); None: no catching up
PRINTED = {
    "bcg": (0, 2, None, 12),
    "opv_1": (0, 2, 12, 60),
    "dpt_hb_hib_1": (2, 3, 12, 60),
    "pcv_1": (2, 3, 12, 60),
    "rv_1": (2, 3, None, 7),
    "ipv_1": (4, 5, 12, 60),
    "mr_1": (9, 10, 12, 60),
}


@pytest.mark.parametrize("code", PRINTED)
def test_a_first_dose_is_due_late_and_over_on_the_day_the_month_is_completed(code: str) -> None:
    due, late, catch_up, ends = PRINTED[code]

    def at(months: int, days: int = 0) -> State:
        return state(code, Gap(months).after(BORN) + days * DAY)

    if due:
        assert at(due, -1) is State.TOO_EARLY
    assert at(due) is State.DUE
    assert at(late, -1) is State.DUE
    assert at(late) is State.OVERDUE
    if catch_up is not None:
        assert at(catch_up, -1) is State.OVERDUE
        assert at(catch_up) is State.CATCH_UP
    assert at(ends, -1) in LATE
    assert at(ends) is State.NOT_AFTER


@pytest.mark.parametrize(
    ("before", "code", "days", "born_gap"),
    [
        ("opv_1", "opv_2", 28, 2),
        ("opv_2", "opv_3", 28, 3),
        ("dpt_hb_hib_1", "dpt_hb_hib_2", 28, 3),
        ("pcv_1", "pcv_2", 28, 3),
        ("rv_1", "rv_2", 28, 3),
        ("pcv_2", "pcv_3", 56, 12),
        ("ipv_1", "ipv_2", 150, 9),
    ],
)
def test_the_next_dose_waits_its_days_after_a_late_one(before: str, code: str, days: int, born_gap: int) -> None:
    """The dose before was given on the day the next one was due by age: then the interval decides."""
    given_on = Gap(born_gap).after(BORN)
    had = [each for each in infant(but=before) if (each.given_on or BORN) <= given_on and each != dose(code, given_on)]
    had = [each for each in had if each.antigen != dose(code, given_on).antigen]
    number = dose(code, given_on).number
    had += [Dose(dose(code, BORN).antigen, n, given_on - (number - 1 - n) * 200 * DAY) for n in range(1, number)]
    waiting = judged(had, given_on + (days - 1) * DAY)[code]
    assert (waiting.state, waiting.from_on) == (State.TOO_EARLY, given_on + days * DAY)
    assert judged(had, given_on + days * DAY)[code].state in OPEN


@pytest.mark.parametrize(
    ("day", "months", "days", "reached"),
    [
        (date(2025, 1, 31), 1, 0, date(2025, 3, 1)),
        (date(2024, 1, 31), 1, 0, date(2024, 3, 1)),
        (date(2024, 2, 29), 12, 0, date(2025, 3, 1)),
        (date(2024, 2, 29), 48, 0, date(2028, 2, 29)),
        (date(2025, 8, 31), 1, 0, date(2025, 10, 1)),
        (date(2025, 11, 30), 3, 0, date(2026, 3, 1)),
        (date(2025, 12, 12), 1, 0, date(2026, 1, 12)),
        (date(2025, 1, 31), 1, 7, date(2025, 3, 8)),
        (date(2025, 1, 31), 0, 28, date(2025, 2, 28)),
        (date(2025, 1, 31), 0, 0, date(2025, 1, 31)),
    ],
)
def test_a_month_too_short_for_the_day_completes_on_the_first_of_the_next(
    day: date, months: int, days: int, reached: date
) -> None:
    assert Gap(months, days).after(day) == reached
    if not days:
        assert age_months(day, reached) == months
        assert months == 0 or age_months(day, reached - DAY) == months - 1


@pytest.mark.parametrize(
    ("born_on", "first_year"),
    [(date(2019, 7, 1), 2026), (date(2019, 7, 2), 2027), (date(2019, 1, 1), 2026), (date(2019, 12, 31), 2027)],
)
def test_the_class_is_guessed_from_seven_years_on_the_first_of_july(born_on: date, first_year: int) -> None:
    found = judged((), date(2026, 7, 1), born_on=born_on)
    assert found["mr_school"].due_on == date(first_year, 8, 1), "in class 1"
    assert found["td_2"].due_on == date(first_year + 4, 11, 1), "in class 5"


# Td by the printed intervals: 28 days, 6 months, 12 months, 12 months
@pytest.mark.parametrize(
    ("later", "level"),
    [((), 1), ((27,), 1), ((28,), 2), ((28, 28 + 180), 2), ((28, 28 + 185), 3), ((27, 28), 2), ((0,), 1)],
)
def test_a_dose_that_comes_too_soon_does_not_count_and_a_later_one_does(later: tuple[int, ...], level: int) -> None:
    first = date(2025, 1, 10)
    assert tetanus(SCHEDULE, td(first, *(first + days * DAY for days in later))).level == level


@pytest.mark.parametrize(("level", "years"), [(2, 3), (3, 5), (4, 10), (5, 25)])
def test_each_status_protects_for_its_years(level: int, years: int) -> None:
    days = [date(2015, 1, 10), date(2015, 3, 10), date(2015, 10, 10), date(2016, 11, 10), date(2017, 12, 10)][:level]
    found = tetanus(SCHEDULE, td(*days))
    last = days[-1]
    assert found.protected_until == date(last.year + years, last.month, last.day)


def test_a_dose_known_only_by_its_reason_is_open_with_it() -> None:
    on = Gap(9).after(BORN)
    found = judged([*infant(until=8), Dose("mr", 1, None, reason="sick")], on)["mr_1"]
    assert (found.state, found.reason, found.given_on, found.lacking) == (State.DUE, "sick", None, True)
    given = judged([*infant(until=8), Dose("mr", 1, None, reason="sick"), Dose("mr", 1, on)], on)["mr_1"]
    assert (given.state, given.given_on, given.lacking) == (State.GIVEN, on, False)


def test_the_words_of_each_state_are_those_people_read() -> None:
    assert {each.name: each.value for each in State} == {
        "GIVEN": "Sudah",
        "INVALID": "Perlu ditanyakan ke bidan",
        "TOO_EARLY": "Belum waktunya",
        "DUE": "Sudah waktunya",
        "OVERDUE": "Terlambat",
        "CATCH_UP": "Terlambat, masih bisa dikejar",
        "NOT_AFTER": "Lewat batas umur",
    }
    assert set(LATE) < set(OPEN)
