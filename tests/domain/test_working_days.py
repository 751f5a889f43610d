"""Working days: weekends and the days the three ministers set, counted the same by the day and at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.working_days import Holidays, read_holidays
from tests.domain.shipped import FILES, STANDARDS

HOLIDAYS = STANDARDS.on(date(2026, 11, 21)).holidays
DAYS = st.dates(date(2024, 6, 1), date(2028, 6, 1))


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        (date(2026, 11, 12), date(2026, 11, 12), 0),  # the day itself does not count
        (date(2026, 11, 12), date(2026, 11, 13), 1),  # Thursday to Friday
        (date(2026, 11, 13), date(2026, 11, 15), 0),  # over a weekend
        (date(2026, 11, 13), date(2026, 11, 16), 1),
        (date(2026, 12, 23), date(2026, 12, 28), 1),  # cuti bersama, Natal, weekend
        (date(2026, 3, 17), date(2026, 3, 25), 1),  # Nyepi and Idul Fitri
        (date(2026, 11, 20), date(2026, 11, 12), 0),  # backwards
    ],
)
def test_weekends_and_holidays_do_not_count(since: date, until: date, wanted: int) -> None:
    assert HOLIDAYS.between(since, until) == wanted


def test_the_year_2026_has_the_days_of_the_decree() -> None:
    named = {day: name for day, name in HOLIDAYS.names.items() if day.year == 2026}
    shared = [day for day, name in named.items() if name.startswith("Cuti bersama")]
    assert (len(named) - len(shared), len(shared)) == (17, 8)
    assert named[date(2026, 8, 17)] == "Hari Kemerdekaan"
    assert "1497/2025" in HOLIDAYS.sources[2026]


def test_a_year_without_a_decree_is_named() -> None:
    assert HOLIDAYS.unknown_years(date(2026, 12, 28), date(2027, 1, 4)) == (2027,)
    assert HOLIDAYS.unknown_years(date(2025, 12, 28), date(2026, 1, 4)) == ()
    assert HOLIDAYS.works(date(2027, 1, 1))  # a Friday of which nothing is known


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_spans_add_up(since: date, first: int, second: int) -> None:
    middle = since + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert HOLIDAYS.between(since, end) == HOLIDAYS.between(since, middle) + HOLIDAYS.between(middle, end)
    assert HOLIDAYS.between(since, end) <= (end - since).days


@given(DAYS, st.integers(1, 20))
def test_the_last_day_in_time_is_the_working_day_that_fills_the_count(since: date, days: int) -> None:
    due = HOLIDAYS.after(since, days)
    assert HOLIDAYS.works(due)
    assert HOLIDAYS.between(since, due) == days
    assert HOLIDAYS.between(since, due - timedelta(days=1)) == days - 1


def test_no_days_at_all_is_the_day_itself() -> None:
    assert HOLIDAYS.after(date(2026, 11, 12), 0) == date(2026, 11, 12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"2026": {"source": "x", "days": {"2025-01-01": "Tahun Baru"}}},
        {"2026": {"source": "", "days": {}}},
        {"2026": {"days": {}}},
        {"2026": {"source": "x", "days": {"1 Januari": "Tahun Baru"}}},
        {"dua ribu": {"source": "x", "days": {}}},
    ],
)
def test_a_slip_in_the_data_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"rules|Invalid|invalid|2026"):
        read_holidays(wrong, "rules")


def test_every_year_says_where_it_is_written() -> None:
    years = FILES["social.json"]["rules"]["holidays"][0]["value"]
    assert all(read_holidays({year: told}, year).sources[int(year)] for year, told in years.items())
    assert Holidays({}, {}).works(date(2026, 8, 17))
