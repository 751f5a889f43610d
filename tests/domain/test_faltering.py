"""The hint of weight faltering: WHO's least gain in one and two months, only under two years."""

from datetime import date

import pytest

from posyandu.domain import faltering
from posyandu.domain.weighing import Weighing
from tests.domain.shipped import RULES

BORN = date(2026, 1, 10)


def hint(*weights: tuple[date, int], sex: str = "male", waz: float | None = None, born: date = BORN) -> str:
    return faltering.hint(RULES, sex, born, [Weighing(on, grams, None) for on, grams in weights], waz)


@pytest.mark.parametrize(("sex", "least"), [("male", 285), ("female", 259)])
def test_one_month_from_the_age_of_three_months_at_the_edge(sex: str, least: int) -> None:
    first, last = date(2026, 4, 12), date(2026, 5, 12)
    assert hint((first, 6_000), (last, 6_000 + least), sex=sex) == ""
    assert hint((first, 6_000), (last, 5_999 + least), sex=sex).startswith(f"Naik {least - 1} gram dalam 1 bulan")


def test_a_missed_month_is_judged_over_two() -> None:
    assert hint((date(2026, 4, 12), 6_000), (date(2026, 6, 12), 6_642)) == ""
    assert "2 bulan, kurang dari persentil 5 WHO (naik 642 gram)" in hint(
        (date(2026, 4, 12), 6_000), (date(2026, 6, 12), 6_641)
    )


def test_from_the_first_birthday_only_two_months_are_judged_for_there_is_no_table_of_one() -> None:
    november, december, january, february = (date(2026 + n // 12, n % 12 + 1, 12) for n in range(10, 14))
    born = date(2025, 11, 10)
    assert hint((december, 10_000), (january, 9_000), born=born) == ""
    assert "dalam 1 bulan" in hint((date(2026, 10, 12), 10_000), (november, 9_000), born=born)
    told = hint((december, 10_000), (january, 9_500), (february, 9_900), born=born)
    assert told == "Turun 100 gram dalam 2 bulan, kurang dari persentil 5 WHO (turun 58 gram)."


def test_late_in_infancy_a_small_loss_is_still_within_the_usual() -> None:
    first, last = date(2026, 11, 12), date(2026, 12, 12)
    assert hint((first, 9_000), (last, 8_920)) == ""
    assert hint((first, 9_000), (last, 8_910)) == (
        "Turun 90 gram dalam 1 bulan, kurang dari persentil 5 WHO (turun 89 gram)."
    )


def test_underweight_alone_is_a_hint_and_nothing_known_is_none() -> None:
    assert hint((date(2026, 4, 12), 4_000), waz=-2.4) == "BB/U \N{MINUS SIGN}2,4 SD, di bawah \N{MINUS SIGN}2 SD."
    assert hint((date(2026, 4, 12), 6_000), waz=-2.0) == ""
    assert hint() == ""


def test_from_two_years_there_is_no_hint() -> None:
    assert hint((date(2028, 1, 9), 10_000), (date(2028, 2, 9), 9_000), waz=-3) == ""
    assert hint((date(2027, 11, 12), 10_000), (date(2028, 1, 9), 9_000)) != ""


@pytest.mark.parametrize(
    ("waz", "text"),
    [(-2.0, ""), (None, ""), (-2.01, "BB/U −2,01 SD, di bawah −2 SD."), (-2.5, "BB/U −2,5 SD, di bawah −2 SD.")],
)
def test_a_low_weight_for_age_is_told_as_it_was_scored(waz: float | None, text: str) -> None:
    assert hint((date(2026, 4, 12), 4_000), waz=waz) == text


@pytest.mark.parametrize(
    ("weights", "sex", "text"),
    [
        (((date(2026, 5, 1), 6_000), (date(2026, 6, 1), 5_900)), "male", "Turun 100 gram dalam 1 bulan"),
        (((date(2026, 5, 1), 6_000), (date(2026, 6, 1), 6_000)), "male", "Naik 0 gram dalam 1 bulan"),
        (((date(2026, 4, 12), 6_000), (date(2026, 6, 12), 6_300)), "male", "Naik 300 gram dalam 2 bulan"),
        (((date(2026, 3, 12), 6_000), (date(2026, 6, 12), 6_000)), "male", ""),
        ((), "male", ""),
        (((date(2026, 6, 12), 6_000),), "female", ""),
    ],
)
def test_what_moved_is_told_with_the_months_between(weights: tuple[tuple[date, int], ...], sex: str, text: str) -> None:
    """The month before goes first, then two months before; further back nothing is compared."""
    found = hint(*weights, sex=sex)
    assert found.startswith(text)
    assert bool(found) is bool(text)


def test_the_hint_ends_on_the_second_birthday() -> None:
    falls = ((date(2027, 11, 9), 9_000), (date(2028, 1, 9), 8_000))
    assert hint(*falls) != ""
    assert hint((date(2027, 11, 10), 9_000), (date(2028, 1, 10), 8_000)) == ""
