"""Days, months and ages as a posyandu counts and writes them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

from posyandu.domain.errors import BadInput
from posyandu.text import N_, _

MONTHS = (
    N_("Januari"),
    N_("Februari"),
    N_("Maret"),
    N_("April"),
    N_("Mei"),
    N_("Juni"),
    N_("Juli"),
    N_("Agustus"),
    N_("September"),
    N_("Oktober"),
    N_("November"),
    N_("Desember"),
)
WEEKDAYS = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))

EARLIEST_YEAR = 1900

_MONTH_STARTS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "mrt": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8,
    "ags": 8, "agt": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_MONTH_WORDS = {
    1: ("januari", "january"),
    2: ("februari", "pebruari", "february"),
    3: ("maret", "march", "mrt"),
    4: ("april",),
    5: ("mei", "may"),
    6: ("juni", "june"),
    7: ("juli", "july"),
    8: ("agustus", "august", "ags", "agt", "agst", "agts"),
    9: ("september",),
    10: ("oktober", "october"),
    11: ("november", "nopember"),
    12: ("desember", "december"),
}


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month, the period of every posyandu report. Months can be compared, counted on and subtracted."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month written as "2026-11". Raises BadInput for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if not match or not 1 <= int(match[2]) <= 12:
            raise BadInput(_("Tulis bulan seperti 2026-11."))
        return cls(int(match[1]), int(match[2]))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __add__(self, months: int) -> "Month":
        number = self.year * 12 + self.month - 1 + months
        return Month(number // 12, number % 12 + 1)

    @overload
    def __sub__(self, other: int) -> "Month": ...
    @overload
    def __sub__(self, other: "Month") -> int: ...
    def __sub__(self, other: "int | Month") -> "Month | int":
        if isinstance(other, Month):
            return (self.year - other.year) * 12 + self.month - other.month
        return self + -other

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def month_text(month: Month) -> str:
    """The month in words: "November 2026"."""
    return f"{_(MONTHS[month.month - 1])} {month.year}"


def date_text(day: date) -> str:
    """The day in words: "Rabu, 12 November 2026"."""
    return f"{_(WEEKDAYS[day.weekday()])}, {day.day} {_(MONTHS[day.month - 1])} {day.year}"


def short_date(day: date) -> str:
    """The day in digits as forms have it: "12-11-2026"."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def age_days(born_on: date, on: date) -> int:
    """Age in days; negative before birth."""
    return (on - born_on).days


def age_months(born_on: date, on: date) -> int:
    """Age in completed months: one more on each day of the month that equals the day of birth.

    Where a month is too short for that day, it completes on the first of the next. Negative before birth.
    """
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    return months - 1 if on.day < born_on.day else months


def age_text(born_on: date, on: date) -> str:
    """Age in words: "12 hari", "4 bulan", "1 tahun 4 bulan", and years alone from the sixth birthday."""
    if on < born_on:
        return _("belum lahir")
    months = age_months(born_on, on)
    if months == 0:
        return _("{n} hari").format(n=age_days(born_on, on))
    years, months = divmod(months, 12)
    if years == 0:
        return _("{n} bulan").format(n=months)
    if months == 0 or years >= 6:
        return _("{n} tahun").format(n=years)
    return _("{years} tahun {months} bulan").format(years=years, months=months)


def read_date(typed: str, today: date, *, future: bool = False) -> date:
    """The day that was typed in any of the ways people write it.

    Takes 050324, 05032024, 5/3/24, 05-03-2024, 2024-03-05, "5 mar 2024", "Minggu, 17 Agustus 1958", "5/3" (the last
    one), "h" or "hari ini", "k" or "kemarin". Two-digit years are the latest that is not after today; with `future`
    (a due date) the nearest to today.

    Raises BadInput, with a sentence to show, when it is no day.
    """
    text = typed.strip().casefold()
    if text in ("h", "hari ini", "today"):
        return today
    if text in ("k", "kemarin", "yesterday"):
        return today - timedelta(days=1)
    day, month, year = _parts(text)
    if len(year) in (1, 3) or len(year) > 4:
        raise BadInput(_("Tulis tahun dengan 2 atau 4 angka, misalnya 05-03-2024."))
    found = [made for each in _years(year, today) if (made := _made(each, month, day))]
    if not found:
        raise BadInput(_("Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."))
    if len(year) == 4:
        if not EARLIEST_YEAR <= found[0].year <= today.year + 20:
            raise BadInput(_("Tahun {year} tidak masuk akal. Periksa tahunnya.").format(year=year))
        return found[0]
    if future:
        return min(found, key=lambda made: abs(made - today))
    return max((made for made in found if made <= today), default=found[0])


def _parts(text: str) -> tuple[int, int, str]:
    """Day, month and the year as typed ("" when left out)."""
    words = re.findall(r"\d+|[^\W\d_]+", text)
    if len(words) > 1 and words[0] in _WEEKDAY_WORDS:
        words = words[1:]
    match words:
        case [digits] if re.fullmatch(r"[0-9]{5,8}", digits):
            digits = digits.zfill(6 if len(digits) < 7 else 8)
            return int(digits[:2]), int(digits[2:4]), digits[4:]
        case [year, month, day] if re.fullmatch(r"[0-9]{4}", year) and day.isdecimal():
            return int(day), _month(month), year
        case [day, month, year] if day.isdecimal() and year.isdecimal() and len(day) < 3:
            return int(day), _month(month), year
        case [day, month] if day.isdecimal() and len(day) < 3:
            return int(day), _month(month), ""
    raise BadInput(_("Tulis tanggal seperti 05-03-2024 atau 5 mar 2024."))


def _month(word: str) -> int:
    if word.isdecimal() and len(word) < 3:
        return int(word)
    month = _MONTH_STARTS.get(word[:3])
    if month is None or not any(name.startswith(word) for name in _MONTH_WORDS[month]):
        raise BadInput(_("Nama bulan tidak dikenal. Tulis seperti 5 mar 2024 atau 05-03-2024."))
    return month


def _years(year: str, today: date) -> list[int]:
    """The years meant, latest first: none typed is this year or one beside it, two digits any century around."""
    if len(year) == 4:
        return [int(year)]
    if year:
        century = today.year // 100 * 100
        return [century + 100 + int(year), century + int(year), century - 100 + int(year)]
    return [today.year + 1, today.year, today.year - 1]


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_WEEKDAY_WORDS = frozenset(
    ("senin", "selasa", "rabu", "kamis", "jumat", "jum", "sabtu", "minggu", "ahad")
    + ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
