"""MT: planned days by guideline and reason, how a programme stands on each day, and who needs one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import child, feeding, pregnancy
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.feeding import DAYS, FEEDING, WEEK
from tests.domain.shipped import RULES, STANDARDS, TABLES, TODAY

RULE = RULES.feeding
START = date(2026, 10, 1)


def programme(**more: object) -> Answers:
    return {"visited_on": START, "reason": "wasted", **more}  # type: ignore[dict-item]


def week(number: int, eaten: int = 7, **more: object) -> Answers:
    told = {name: place < eaten for place, name in enumerate(DAYS)}
    return {"week": number, **told, **more}  # type: ignore[dict-item]


def on_day(number: int, *weeks: Answers, **more: object) -> feeding.Course:
    return feeding.course(RULE, programme(**more), weeks, START + timedelta(days=number - 1))


@pytest.mark.parametrize(
    ("on", "reason", "days"),
    [
        (date(2022, 6, 1), "wasted", 90),
        (date(2022, 6, 1), "pregnant_kek", 90),
        (date(2022, 12, 31), "wasted", 90),
        (date(2023, 1, 1), "wasted", 56),
        (TODAY, "underweight", 28),
        (TODAY, "not_gained", 14),
        (TODAY, "pregnant_kek", 120),
        (TODAY, "pregnant_thin", 120),
    ],
)
def test_the_guideline_of_the_day_says_how_long(on: date, reason: str, days: int) -> None:
    assert feeding.planned_days(STANDARDS.on(on).feeding, programme(reason=reason)) == days
    assert feeding.planned_days(STANDARDS.on(on).feeding, programme(reason=reason, planned_days=30)) == 30


@pytest.mark.parametrize(
    ("day", "state", "week_now", "due"),
    [
        (1, "running", 1, ()),
        (7, "running", 1, ()),
        (8, "running", 2, (1,)),
        (14, "running", 2, (1,)),
        (15, "running", 3, (1, 2)),
        (56, "running", 8, (1, 2, 3, 4, 5, 6, 7)),
        (57, "over", 9, (1, 2, 3, 4, 5, 6, 7, 8)),
        (90, "over", 13, (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_a_programme_of_56_days_is_followed_week_by_week(
    day: int, state: str, week_now: int, due: tuple[int, ...]
) -> None:
    found = on_day(day)
    assert (found.state, found.day, found.week, found.due_weeks) == (state, day, week_now, due)
    assert (found.planned_days, found.weeks, found.ends_on) == (56, 8, date(2026, 11, 25))
    assert found.is_open


def test_weeks_that_are_noted_are_not_due() -> None:
    found = on_day(22, week(1), week(3, 5))
    assert found.due_weeks == (2,)
    assert (found.eaten, found.told) == (12, 14)
    assert found.todo == "Minggu ke-2 belum dicatat."
    assert found.headline == "Hari ke-22 dari 56. 12 dari 14 hari habis."
    assert found.level == "warn"
    assert on_day(22, week(1), week(2), week(3)).level == "info"
    assert on_day(22, week(1), week(2), week(3)).todo == ""


@pytest.mark.parametrize(
    ("first", "weekly", "last", "gain", "words"),
    [
        (8_000, (8_100, 8_300), None, 300, "Berat naik 300 gram."),
        (8_000, (), 9_250, 1_250, "Berat naik 1.250 gram."),
        (None, (8_100, 8_000), None, -100, "Berat turun 100 gram."),
        (8_000, (8_000,), None, 0, "Berat tetap."),
        (8_000, (), None, None, ""),
        (None, (), None, None, ""),
    ],
)
def test_the_gain_is_from_the_first_weight_known_to_the_last(
    first: int | None, weekly: tuple[int, ...], last: int | None, gain: int | None, words: str
) -> None:
    weeks = [{"week": number, "weight_g": grams} for number, grams in enumerate(weekly, 1)]
    found = on_day(3, *weeks, weight_g=first, weight_after_g=last)
    assert found.gain_g == gain
    assert found.headline == f"Hari ke-3 dari 56. {words}".strip()


@pytest.mark.parametrize(
    ("result", "state", "level", "words"),
    [
        (None, "no_result", "warn", "Berakhir 25-11-2026, hasilnya belum dicatat."),
        ("same", "not_better", "warn", "Berakhir 25-11-2026 tanpa perbaikan: ajak ke Puskesmas."),
        ("recovered", "ended", "ok", "Selesai 25-11-2026."),
        ("improved", "ended", "ok", "Selesai 25-11-2026."),
        ("stopped", "ended", "ok", "Selesai 25-11-2026."),
    ],
)
def test_how_it_ended_is_told_and_a_missing_result_is_asked_for(
    result: str | None, state: str, level: str, words: str
) -> None:
    found = on_day(60, ended_on=date(2026, 11, 25), result=result)
    assert (found.state, found.level, found.headline, found.is_open) == (state, level, words, state == "no_result")
    assert found.todo == (words if state != "ended" else "")
    assert found.day == 56


def test_an_end_that_is_still_to_come_ends_nothing() -> None:
    assert on_day(10, ended_on=START + timedelta(days=20), result="recovered").state == "running"
    assert on_day(21, ended_on=START + timedelta(days=20), result="recovered").state == "ended"


def test_weeks_after_an_early_end_are_not_asked_for() -> None:
    found = on_day(56, week(1), ended_on=START + timedelta(days=9), result="moved")
    assert found.due_weeks == (2,), "ten days are two weeks, the second begun"
    assert found.todo == ""


def test_what_is_over_says_so() -> None:
    assert on_day(57).todo == "Waktunya habis 25-11-2026: timbang dan catat hasilnya."


def test_a_programme_without_a_first_day_is_refused() -> None:
    with pytest.raises(ValueError, match="first day"):
        feeding.course(RULE, {"reason": "wasted"}, (), TODAY)


@given(
    planned=st.integers(7, 180),
    day=st.integers(1, 400),
    noted=st.sets(st.integers(1, 26)),
    ended=st.none() | st.integers(0, 200),
)
def test_weeks_due_are_weeks_of_the_programme_that_have_gone_by(
    planned: int, day: int, noted: set[int], ended: int | None
) -> None:
    more: dict[str, object] = {} if ended is None else {"ended_on": START + timedelta(days=ended), "result": "same"}
    found = on_day(day, *({"week": number} for number in noted), planned_days=planned, **more)
    assert set(found.due_weeks).isdisjoint(noted)
    assert all(1 <= number <= found.weeks for number in found.due_weeks)
    assert 7 * (found.weeks - 1) < planned <= 7 * found.weeks
    assert (found.state in ("running", "over")) == (ended is None or day - 1 < ended)
    assert found.headline
    if found.state == "running":
        assert all(7 * number < day for number in found.due_weeks)


def test_whether_all_was_eaten_is_unknown_until_a_day_is_told() -> None:
    assert feeding.eaten_daily([]) is None
    assert feeding.eaten_daily([{"week": 1}]) is None
    assert feeding.eaten_daily([week(1)]) is True
    assert feeding.eaten_daily([week(1), week(2, 6)]) is False


# --- who needs it


def judged_child(months: int, grams: int, millimetres: int | None = None, **more: object) -> child.ChildAssessment:
    born_on = date(TODAY.year - months // 12, TODAY.month - months % 12 or 12, 12)
    if TODAY.month - months % 12 <= 0:
        born_on = date(TODAY.year - months // 12 - 1, 12 + TODAY.month - months % 12, 12)
    visit = {"visited_on": TODAY, "weight_g": grams, "length_mm": millimetres, "position": None, **more}
    return child.assess(STANDARDS, TABLES, {"sex": "male", "born_on": born_on}, [visit])[-1]  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("months", "grams", "millimetres", "more", "reason"),
    [
        (24, 12_200, 878, {}, None),
        (24, 10_100, 878, {}, "wasted"),
        (24, 9_200, 878, {}, None),
        (24, 9_600, 820, {}, "underweight"),
        (24, 9_500, None, {}, "underweight"),
        (24, 9_500, None, {"muac_mm": 112}, None),
        (5, 5_400, None, {}, None),
        (6, 6_000, None, {}, "underweight"),
        (59, 13_000, None, {}, "underweight"),
        (60, 13_000, None, {}, None),
    ],
)
def test_which_child_needs_it(
    months: int, grams: int, millimetres: int | None, more: dict[str, object], reason: str | None
) -> None:
    assert feeding.child_reason(RULE, judged_child(months, grams, millimetres, **more)) == reason


def test_a_month_without_gain_is_a_reason_too() -> None:
    born_on = date(2025, 5, 12)
    visits: list[Answers] = [
        {"visited_on": date(2026, 10, 12), "weight_g": 11_000},
        {"visited_on": TODAY, "weight_g": 11_000},
    ]
    last = child.assess(STANDARDS, TABLES, {"sex": "male", "born_on": born_on}, visits)[-1]
    assert feeding.child_reason(RULE, last) == "not_gained"


@pytest.mark.parametrize(
    ("visit", "carried", "reason"),
    [
        ({"muac_mm": 234}, {}, "pregnant_kek"),
        ({"muac_mm": 235}, {}, None),
        ({"muac_mm": 240}, {"first_weight_g": 42_000, "height_mm": 1_550}, "pregnant_thin"),
        ({"muac_mm": 240}, {"first_weight_g": 46_000, "height_mm": 1_550}, None),
        ({"weight_g": 46_000}, {}, None),
    ],
)
def test_which_mother_needs_it(visit: dict[str, int], carried: dict[str, int], reason: str | None) -> None:
    answers: Answers = {"lmp_on": TODAY - timedelta(days=100), **carried}
    (last,) = pregnancy.assess(STANDARDS, {"sex": "female"}, answers, [{"visited_on": TODAY, **visit}])
    assert feeding.mother_reason(RULE, last, answers) == reason


# --- the forms


def test_the_last_day_is_not_before_the_first() -> None:
    context = Context(TODAY, {}, {})
    wrong = programme(ended_on=START - timedelta(days=1))
    assert [each.field for each in problems(FEEDING, wrong, context)] == ["ended_on"]
    assert problems(FEEDING, programme(ended_on=START), context) == []


def test_a_reason_and_a_week_are_needed() -> None:
    context = Context(TODAY, {}, {})
    assert "reason" in {each.field for each in problems(FEEDING, {"visited_on": START}, context)}
    assert "week" in {each.field for each in problems(WEEK, {"visited_on": START}, context)}


def test_every_reason_of_the_form_has_its_days() -> None:
    assert {each.code for each in FEEDING.fields["reason"].options} == set(RULE.days)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("eaten", "told", "gain", "words"),
    [
        (0, 0, None, ""),
        (7, 7, None, "7 dari 7 hari habis."),
        (0, 7, None, "0 dari 7 hari habis."),
        (5, 7, 300, "5 dari 7 hari habis, berat naik 300 gram."),
        (5, 7, -1_200, "5 dari 7 hari habis, berat turun 1.200 gram."),
        (5, 7, 0, "5 dari 7 hari habis, berat tetap."),
        (0, 0, 300, "Berat naik 300 gram."),
    ],
)
def test_how_a_programme_went_is_one_sentence(eaten: int, told: int, gain: int | None, words: str) -> None:
    weeks = [week(1, eaten)] if told else []
    weights = {} if gain is None else {"weight_g": 8_000, "weight_after_g": 8_000 + gain}
    assert on_day(8, *weeks, **weights).headline == f"Hari ke-8 dari 56. {words}".strip()


@pytest.mark.parametrize(
    ("noted", "day", "todo"),
    [
        ((), 7, ""),
        ((), 8, "Minggu ke-1 belum dicatat."),
        ((), 15, "Minggu ke-1, 2 belum dicatat."),
        ((), 36, "Minggu ke-3, 4, 5 belum dicatat."),
        ((5,), 36, "Minggu ke-2, 3, 4 belum dicatat."),
        ((1, 2, 3, 4, 5), 36, ""),
        ((), 57, "Waktunya habis 25-11-2026: timbang dan catat hasilnya."),
    ],
)
def test_the_last_three_weeks_that_are_due_are_named(noted: tuple[int, ...], day: int, todo: str) -> None:
    found = on_day(day, *(week(number) for number in noted))
    assert found.todo == todo
    assert found.level == ("warn" if todo else "info")


@pytest.mark.parametrize(
    ("day", "ended_day", "result", "state"),
    [
        (10, 20, None, "running"),
        (20, 20, None, "no_result"),
        (20, 20, "recovered", "ended"),
        (56, None, None, "running"),
        (57, None, None, "over"),
        (57, 60, "recovered", "over"),
        (60, 60, "same", "not_better"),
    ],
)
def test_where_a_programme_stands_on_the_day_of_each_edge(
    day: int, ended_day: int | None, result: str | None, state: str
) -> None:
    ended_on = None if ended_day is None else START + timedelta(days=ended_day - 1)
    assert on_day(day, ended_on=ended_on, result=result).state == state


def test_a_day_before_the_first_is_the_first() -> None:
    assert (on_day(0).day, on_day(-10).day, on_day(1).day) == (1, 1, 1)
