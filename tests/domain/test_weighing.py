"""N, T, O and B, 2T and the lines of the KMS, each edge of the rules as a short list of months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.weighing import Weighed, Weighing, judge
from tests.domain.shipped import STANDARDS, TABLES

BORN = date(2025, 1, 15)


def statuses(weighings: list[Weighing], sex: str = "male") -> dict[Month, Weighed]:
    """The one weighing that counts for each month."""
    ordered = sorted(weighings, key=lambda weighing: weighing.on)
    return {Month.of(each.on): each for each in judge(STANDARDS, sex, BORN, ordered, tables=TABLES)}


def weighed(*told: tuple[str, float] | tuple[str, float, str], sex: str = "male") -> dict[str, Weighed]:
    """Statuses for days told as ("2026-03-10", 9.6) or with the kader's letter."""
    weighings = [
        Weighing(date.fromisoformat(day), round(kg * 1000), *(judged if judged else ())) for day, kg, *judged in told
    ]
    return {str(month): status for month, status in statuses(weighings, sex).items()}


def codes(*told: tuple[str, float] | tuple[str, float, str], sex: str = "male") -> str:
    return " ".join(status.code or "-" for status in weighed(*told, sex=sex).values())


def test_first_is_b_then_the_minimum_gain_decides_n_or_t() -> None:
    assert codes(("2026-03-10", 9.0), ("2026-04-10", 9.2), ("2026-05-10", 9.39), ("2026-06-10", 9.59)) == "B N T N"


def test_exactly_the_minimum_is_enough_whatever_floats_make_of_it() -> None:
    assert 9.6 - 9.4 < 0.2
    assert codes(("2026-03-10", 9.4), ("2026-04-10", 9.6)) == "B N"


@pytest.mark.parametrize(("sex", "code"), [("male", "T"), ("female", "N")])
def test_at_seven_months_a_boy_must_gain_400_and_a_girl_300(sex: str, code: str) -> None:
    found = weighed(("2025-07-20", 7.0), ("2025-08-20", 7.3), sex=sex)
    assert found["2025-08"].code == code
    assert found["2025-08"].kbm_g == (400 if sex == "male" else 300)


def test_age_reached_on_the_day_of_weighing_sets_the_minimum() -> None:
    before, after = weighed(("2025-06-10", 6.0), ("2025-07-14", 6.4)), weighed(("2025-06-10", 6.0), ("2025-07-15", 6.4))
    assert (before["2025-07"].kbm_g, before["2025-07"].code) == (500, "T")
    assert (after["2025-07"].kbm_g, after["2025-07"].code) == (400, "N")


def test_a_missed_month_is_o_and_breaks_the_chain_of_two_t() -> None:
    found = weighed(
        ("2026-01-10", 9.0), ("2026-02-10", 9.0), ("2026-04-10", 9.0), ("2026-05-10", 9.0), ("2026-06-10", 9.0)
    )
    assert [status.code for status in found.values()] == ["B", "T", "O", "T", "T"]
    assert [status.is_2t for status in found.values()] == [False, False, False, False, True]
    assert (found["2026-04"].gain_g, found["2026-04"].since) == (None, None)


def test_last_month_is_the_calendar_month_before_however_many_days_between() -> None:
    assert codes(("2026-01-01", 9.0), ("2026-02-28", 9.2)) == "B N"
    assert codes(("2026-01-31", 9.0), ("2026-02-01", 9.2)) == "B N"
    assert codes(("2025-12-31", 9.0), ("2026-02-01", 9.2)) == "B O"
    assert codes(("2025-12-31", 9.0), ("2026-01-01", 9.3)) == "B N"


def test_the_latest_of_a_month_counts() -> None:
    found = weighed(("2026-03-10", 9.0), ("2026-04-05", 9.1), ("2026-04-20", 9.3), ("2026-05-10", 9.4))
    assert [status.code for status in found.values()] == ["B", "N", "T"]
    assert found["2026-04"].on == date(2026, 4, 20)
    assert found["2026-05"].gain_g == 100
    assert codes(("2026-03-10", 9.0), ("2026-03-20", 9.3)) == "B"


def test_the_order_of_typing_does_not_matter_and_a_back_dated_weight_changes_what_follows() -> None:
    late = weighed(("2026-05-10", 9.4), ("2026-03-10", 9.0))
    assert [status.code for status in late.values()] == ["B", "O"]
    mended = weighed(("2026-05-10", 9.4), ("2026-03-10", 9.0), ("2026-04-10", 9.1))
    assert [status.code for status in mended.values()] == ["B", "T", "N"]


def test_a_weight_copied_from_the_book_makes_n_or_t_of_what_was_new() -> None:
    assert codes(("2026-05-10", 9.4)) == "B"
    assert codes(("2026-04-10", 9.1), ("2026-05-10", 9.4)) == "B N"


def test_the_kader_may_overrule_n_and_t_but_not_o_and_b() -> None:
    found = weighed(
        ("2026-03-10", 9.0, "N"), ("2026-04-10", 9.1, "N"), ("2026-05-10", 9.9, "T"), ("2026-07-10", 9.9, "T")
    )
    assert [status.code for status in found.values()] == ["B", "N", "T", "O"]
    assert [status.judged for status in found.values()] == [False, True, True, False]
    twice = weighed(("2026-03-10", 9.0), ("2026-04-10", 9.1), ("2026-05-10", 9.9, "T"))
    assert twice["2026-05"].is_2t


def test_over_60_months_there_is_no_letter() -> None:
    found = weighed(
        ("2029-12-10", 17.0), ("2030-01-20", 17.0), ("2030-02-14", 17.1), ("2030-02-20", 17.0), ("2030-03-20", 18.0)
    )
    assert [(str(status.on), status.code) for status in found.values()] == [
        ("2029-12-10", "B"),
        ("2030-01-20", "T"),
        ("2030-02-20", ""),
        ("2030-03-20", ""),
    ]
    assert found["2030-03"].gain_g == 1000
    assert (found["2030-03"].kbm_g, found["2030-03"].below_red) == (None, None)


def test_each_weighing_of_a_month_is_judged_as_if_it_were_the_last() -> None:
    told = [Weighing(date(2026, 3, 10), 9000), Weighing(date(2026, 4, 5), 9100), Weighing(date(2026, 4, 20), 9300)]
    assert [found.code for found in judge(STANDARDS, "male", BORN, told)] == ["B", "T", "N"]
    assert judge(STANDARDS, "male", BORN, []) == []


def test_below_red_and_above_orange_follow_the_lines_of_the_day() -> None:
    """A boy of 12 months: -3 SD 6.93 kg, -2 SD 7.74, +1 SD 10.76."""
    twelve = "2026-01-15"
    assert [weighed((twelve, kg))["2026-01"].below_red for kg in (7.6, 7.8)] == [True, False]
    assert [weighed((twelve, kg))["2026-01"].above_orange for kg in (10.7, 10.9)] == [False, True]
    (old,) = judge(STANDARDS, "male", date(2019, 1, 15), [Weighing(date(2020, 1, 15), 7600)], tables=TABLES)
    assert (old.below_red, old.above_orange) == (False, None)
    (without,) = judge(STANDARDS, "male", BORN, [Weighing(date(2026, 1, 15), 7600)])
    assert (without.below_red, without.above_orange) == (None, None)


@given(
    st.sampled_from(("male", "female")),
    st.lists(
        st.builds(
            Weighing,
            st.dates(BORN, date(2031, 1, 1)),
            st.integers(500, 30_000),
            st.sampled_from((None, None, "N", "T")),
        ),
        max_size=40,
    ),
)
def test_every_child_weighed_has_one_letter_so_that_d_is_n_and_t_and_o_and_b(
    sex: str, weighings: list[Weighing]
) -> None:
    found = statuses(weighings, sex)
    assert set(found) == {Month.of(weighing.on) for weighing in weighings}
    assert list(found) == sorted(found)
    young = [status for status in found.values() if status.on < date(2030, 2, 15)]
    assert all(status.code in ("N", "T", "O", "B") for status in young)
    assert [status.code for status in young].count("B") == bool(young)
    for month, status in found.items():
        before = found.get(month - 1)
        assert (status.gain_g is not None) == (before is not None)
        assert status.is_2t == (status.code == "T" and before is not None and before.code == "T")
        if status.code == "O":
            assert before is None
        if status.code in ("N", "T"):
            assert before is not None
            assert status.judged or (status.code == "N") == (status.grams - before.grams >= (status.kbm_g or 0))
