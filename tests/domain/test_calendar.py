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


# the ways kader wrote a day in their books, each read on Saturday, 21 November 2026
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1/1/26", date(2026, 1, 1)),
        ("01/01/2026", date(2026, 1, 1)),
        ("1.1.26", date(2026, 1, 1)),
        ("1 1 26", date(2026, 1, 1)),
        ("1-1-2026", date(2026, 1, 1)),
        ("1,1,26", date(2026, 1, 1)),
        ("010126", date(2026, 1, 1)),
        ("10126", date(2026, 1, 1)),
        ("1012026", date(2026, 1, 1)),
        ("2026/01/01", date(2026, 1, 1)),
        ("2026 jan 1", date(2026, 1, 1)),
        ("1 JANUARI 2026", date(2026, 1, 1)),
        ("1 januari '26", date(2026, 1, 1)),
        ("Kamis, 1 Januari 2026", date(2026, 1, 1)),
        ("Kamis 1/1/26", date(2026, 1, 1)),
        ("jum 2/1/26", date(2026, 1, 2)),
        ("ahad 4-1-26", date(2026, 1, 4)),
        ("Sunday 4 January 2026", date(2026, 1, 4)),
        ("29 feb 2024", date(2024, 2, 29)),
        ("31 mei 26", date(2026, 5, 31)),
        ("31 may 26", date(2026, 5, 31)),
        ("30 jun 26", date(2026, 6, 30)),
        ("1 jul 26", date(2026, 7, 1)),
        ("17 agt 26", date(2026, 8, 17)),
        ("17 agu 26", date(2026, 8, 17)),
        ("17 aug 26", date(2026, 8, 17)),
        ("17 agst 26", date(2026, 8, 17)),
        ("9 sept 26", date(2026, 9, 9)),
        ("9 okt 26", date(2026, 10, 9)),
        ("9 oct 26", date(2026, 10, 9)),
        ("9 nopember 26", date(2026, 11, 9)),
        ("9 peb 26", date(2026, 2, 9)),
        ("9 mrt 26", date(2026, 3, 9)),
        ("9 des 25", date(2025, 12, 9)),
        ("9 dec 25", date(2025, 12, 9)),
        ("today", TODAY),
        ("YESTERDAY", date(2026, 11, 20)),
        ("21/11", TODAY),
        ("22/11", date(2025, 11, 22)),
        ("1/1/1900", date(1900, 1, 1)),
        ("31/12/2046", date(2046, 12, 31)),
    ],
)
def test_a_day_of_the_book_in_any_hand(typed: str, meant: date) -> None:
    assert read_date(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1/1/1899", "Tahun 1899 tidak masuk akal. Periksa tahunnya."),
        ("1/1/2047", "Tahun 2047 tidak masuk akal. Periksa tahunnya."),
        ("0/1/26", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("1/0/26", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("1/13/26", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("31/4/26", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("31/9", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("29/2", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("29/2/2100", "Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."),
        ("1 ja 26", "Nama bulan tidak dikenal. Tulis seperti 5 mar 2024 atau 05-03-2024."),
        ("1 maretan 26", "Nama bulan tidak dikenal. Tulis seperti 5 mar 2024 atau 05-03-2024."),
        ("1 januari 2", "Tulis tahun dengan 2 atau 4 angka, misalnya 05-03-2024."),
        ("1/1/202", "Tulis tahun dengan 2 atau 4 angka, misalnya 05-03-2024."),
        ("januari", "Tulis tanggal seperti 05-03-2024 atau 5 mar 2024."),
        ("senin", "Tulis tanggal seperti 05-03-2024 atau 5 mar 2024."),
        ("123/1/26", "Tulis tanggal seperti 05-03-2024 atau 5 mar 2024."),
        ("kemarin dulu", "Tulis tanggal seperti 05-03-2024 atau 5 mar 2024."),
    ],
)
def test_each_slip_is_answered_with_its_own_sentence(typed: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_date(typed, TODAY)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("typed", "future", "meant"),
    [
        ("1/1", False, date(2026, 1, 1)),
        ("1/1", True, date(2027, 1, 1)),
        ("1/6", True, date(2026, 6, 1)),
        ("20/11", True, date(2026, 11, 20)),
        ("31/12", False, date(2025, 12, 31)),
        ("31/12", True, date(2026, 12, 31)),
        ("311227", False, date(1927, 12, 31)),
        ("311227", True, date(2027, 12, 31)),
        ("010177", True, date(1977, 1, 1)),
        ("010175", True, date(2075, 1, 1)),
        ("01012027", False, date(2027, 1, 1)),
    ],
)
def test_a_year_left_out_or_short_is_the_last_one_or_for_a_due_date_the_nearest(
    typed: str, future: bool, meant: date
) -> None:
    assert read_date(typed, TODAY, future=future) == meant


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (Month(2026, 2), date(2026, 2, 1), date(2026, 2, 28)),
        (Month(2024, 2), date(2024, 2, 1), date(2024, 2, 29)),
        (Month(2026, 4), date(2026, 4, 1), date(2026, 4, 30)),
        (Month(2026, 12), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_has_its_first_and_last_day_and_no_other_months(month: Month, first: date, last: date) -> None:
    assert (month.first, month.last) == (first, last)
    assert first in month
    assert last in month
    assert first - timedelta(1) not in month
    assert last + timedelta(1) not in month


@pytest.mark.parametrize(
    ("month", "n", "there"),
    [
        (Month(2026, 12), 1, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 11), 14, Month(2028, 1)),
        (Month(2026, 11), -23, Month(2024, 12)),
        (Month(2026, 11), 0, Month(2026, 11)),
    ],
)
def test_months_run_over_the_turn_of_the_year(month: Month, n: int, there: Month) -> None:
    assert (month + n, there - n, there - month) == (there, month, n)


def test_the_words_of_all_months_and_weekdays() -> None:
    assert [month_text(Month(2026, number)).split()[0] for number in range(1, 13)] == [
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
        *("September", "Oktober", "November", "Desember"),
    ]
    assert [date_text(date(2026, 11, 16 + n)).split(",")[0] for n in range(7)] == [
        *("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
    ]


@pytest.mark.parametrize(
    ("born_on", "on", "words"),
    [
        (date(2026, 10, 22), TODAY, "30 hari"),
        (date(2026, 10, 21), TODAY, "1 bulan"),
        (date(2025, 11, 22), TODAY, "11 bulan"),
        (date(2025, 11, 21), TODAY, "1 tahun"),
        (date(2025, 10, 21), TODAY, "1 tahun 1 bulan"),
        (date(2020, 11, 22), TODAY, "5 tahun 11 bulan"),
        (date(2020, 11, 21), TODAY, "6 tahun"),
        (date(2020, 1, 1), TODAY, "6 tahun"),
        (date(2026, 11, 22), TODAY, "belum lahir"),
    ],
)
def test_an_age_changes_its_words_on_the_day_it_is_completed(born_on: date, on: date, words: str) -> None:
    assert age_text(born_on, on) == words
