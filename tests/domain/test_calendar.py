from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.calendar import (
    Month,
    age_days,
    age_months,
    age_text,
    date_text,
    month_text,
    read_date,
    short_date,
)
from posyandu.domain.errors import BadInput
from posyandu.text import use_catalogue

TODAY = date(2026, 11, 21)
days = st.dates(date(1900, 1, 1), date(2026, 11, 21))
months = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("050324", date(2024, 3, 5)),
        ("50324", date(2024, 3, 5)),
        ("05032024", date(2024, 3, 5)),
        ("5032024", date(2024, 3, 5)),
        ("5/3/24", date(2024, 3, 5)),
        ("5-3-24", date(2024, 3, 5)),
        ("5.3.24", date(2024, 3, 5)),
        ("05 03 2024", date(2024, 3, 5)),
        ("2024-03-05", date(2024, 3, 5)),
        ("5 mar 2024", date(2024, 3, 5)),
        ("5mar2024", date(2024, 3, 5)),
        ("5 Maret 24", date(2024, 3, 5)),
        ("17 agustus 1958", date(1958, 8, 17)),
        ("17 ags 58", date(1958, 8, 17)),
        ("1 Pebruari 2020", date(2020, 2, 1)),
        ("9 nop 2025", date(2025, 11, 9)),
        ("Minggu, 17 Agustus 1958", date(1958, 8, 17)),
        ("31.12.99", date(1999, 12, 31)),
        ("290200", date(2000, 2, 29)),
        ("5/3", date(2026, 3, 5)),
        ("5 des", date(2025, 12, 5)),
        ("  H ", TODAY),
        ("hari ini", TODAY),
        ("k", date(2026, 11, 20)),
        ("kemarin", date(2026, 11, 20)),
    ],
)
def test_a_day_is_read_in_every_way_people_write_it(typed: str, meant: date) -> None:
    assert read_date(typed, TODAY) == meant


def test_two_digit_years_roll_to_the_past() -> None:
    assert read_date("211126", TODAY) == TODAY
    assert read_date("221126", TODAY) == date(1926, 11, 22)


def test_a_due_date_rolls_to_the_nearest_year() -> None:
    assert read_date("120527", TODAY, future=True) == date(2027, 5, 12)
    assert read_date("5/3", TODAY, future=True) == date(2027, 3, 5)
    assert read_date("1/12/2026", TODAY) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Tulis tanggal"),
        ("kapan", "Tulis tanggal"),
        ("12", "Tulis tanggal"),
        ("1234", "Tulis tanggal"),
        ("123456789", "Tulis tanggal"),
        ("30/2/24", "tidak ada di kalender"),
        ("29 feb 2023", "tidak ada di kalender"),
        ("32/1/24", "tidak ada di kalender"),
        ("5 foo 24", "Nama bulan"),
        ("5 marsel 24", "Nama bulan"),
        ("5 13 24", "tidak ada di kalender"),
        ("5 123 24", "Nama bulan"),
        ("5/3/4", "2 atau 4 angka"),
        ("5/3/204", "2 atau 4 angka"),
        ("5/3/20244", "2 atau 4 angka"),
        ("5/3/1802", "tidak masuk akal"),
        ("5/3/2204", "tidak masuk akal"),
        ("5/3/24/7", "Tulis tanggal"),
        ("-", "Tulis tanggal"),
    ],
)
def test_what_is_no_day_is_refused_with_a_plain_sentence(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_date(typed, TODAY)


@given(days)
def test_every_way_a_day_is_written_reads_back(day: date) -> None:
    assert read_date(date_text(day), TODAY) == day
    assert read_date(short_date(day), TODAY) == day
    assert read_date(day.isoformat(), TODAY) == day
    assert read_date(f"{day:%d%m%Y}", TODAY) == day


@given(days)
def test_a_day_written_in_english_reads_back(day: date) -> None:
    assert read_date(f"{day:%A, %d %B %Y}", TODAY) == day


@given(st.dates(TODAY - timedelta(days=36_000), TODAY))
def test_six_digits_name_any_day_of_the_last_hundred_years(day: date) -> None:
    assert read_date(f"{day:%d%m%y}", TODAY) == day


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_a_day_or_a_sentence(typed: str) -> None:
    try:
        assert isinstance(read_date(typed, TODAY), date)
    except BadInput as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize(
    ("born_on", "on", "completed"),
    [
        (date(2025, 1, 31), date(2025, 2, 28), 0),
        (date(2025, 1, 31), date(2025, 3, 1), 1),
        (date(2025, 1, 31), date(2025, 3, 31), 2),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2025, 6, 12), date(2026, 11, 11), 16),
        (date(2025, 6, 12), date(2026, 11, 12), 17),
        (date(2026, 11, 12), date(2026, 11, 11), -1),
    ],
)
def test_a_month_is_completed_on_the_day_of_birth(born_on: date, on: date, completed: int) -> None:
    assert age_months(born_on, on) == completed


@given(days, st.integers(0, 30_000))
def test_age_never_falls_and_a_month_lasts_28_to_31_days(born_on: date, later: int) -> None:
    on = born_on + timedelta(days=later)
    months = age_months(born_on, on)
    assert age_days(born_on, on) == later
    assert age_months(born_on, on - timedelta(days=1)) <= months
    assert 28 * months <= later <= 31 * (months + 1)


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (date(2026, 11, 21), "0 hari"),
        (date(2026, 11, 9), "12 hari"),
        (date(2026, 7, 1), "4 bulan"),
        (date(2025, 7, 1), "1 tahun 4 bulan"),
        (date(2024, 11, 21), "2 tahun"),
        (date(2020, 12, 1), "5 tahun 11 bulan"),
        (date(1958, 8, 17), "68 tahun"),
        (date(2019, 12, 1), "6 tahun"),
        (date(2027, 1, 1), "belum lahir"),
    ],
)
def test_age_is_told_as_a_mother_tells_it(born_on: date, words: str) -> None:
    assert age_text(born_on, TODAY) == words


def test_days_and_months_are_written_as_on_paper() -> None:
    assert date_text(date(2026, 11, 12)) == "Kamis, 12 November 2026"
    assert short_date(date(2026, 3, 5)) == "05-03-2026"
    assert month_text(Month(2026, 8)) == "Agustus 2026"


def test_days_are_written_in_the_chosen_language() -> None:
    use_catalogue({"Agustus": "August", "Senin": "Monday"})
    try:
        assert date_text(date(2026, 8, 17)) == "Monday, 17 August 2026"
    finally:
        use_catalogue({})


def test_a_month_knows_its_days() -> None:
    february = Month.of(date(2024, 2, 17))
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert date(2024, 2, 29) in february
    assert date(2023, 2, 28) not in february


@given(months, st.integers(-600, 600))
def test_months_are_counted_on_and_back(month: Month, n: int) -> None:
    assert (month + n) - month == n
    assert (month + n) - n == month
    assert (month < month + n) == (n > 0)


@given(months)
def test_a_month_reads_back_and_sorts_as_text(month: Month) -> None:
    assert Month.read(str(month)) == month
    assert (str(month) < str(month + 1)) is True


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "11-2026", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Month.read(text)
