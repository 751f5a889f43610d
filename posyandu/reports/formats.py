"""Numbers, dates and people as Indonesian paper shows them."""

import re
from datetime import date

from posyandu.domain import calendar
from posyandu.text import _, count

DASH = "\N{EN DASH}"
"""Printed where there is nothing to say: a ratio without denominator, a value nobody knows."""

_SPAN = re.compile(r"(?<=\d)-(?=\d)|(?<=bulan)-(?=\d)")


def whole(number: int) -> str:
    """1234 as "1.234"; a true minus sign for negative numbers."""
    return count(number)


def decimal(number: float | None, places: int = 1) -> str:
    """1234.56 as "1.234,6"; a dash for None."""
    if number is None:
        return DASH
    text = f"{number:,.{places}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.translate(str.maketrans(",.-", ".,\N{MINUS SIGN}"))


def target(number: float) -> str:
    """80.0 as "80", 1.5 as "1,5"."""
    return decimal(number, 0 if number == int(number) else 1)


def percent(share: float | None, places: int = 1) -> str:
    """0.8333 as "83,3%"; a dash for None, which stands for a denominator of 0."""
    return DASH if share is None else f"{decimal(share * 100, places)}%"


def kilograms(grams: int | None) -> str:
    """9600 g as "9,6"; two decimals only where the scale gave them."""
    if grams is None:
        return DASH
    return decimal(grams / 1000, 1 if grams % 100 == 0 else 2)


def centimetres(millimetres: int | None) -> str:
    """704 mm as "70,4"."""
    return DASH if millimetres is None else decimal(millimetres / 10)


def grams(amount: int | None) -> str:
    """A gain in grams with its sign: "+400", "−150", "0"."""
    if amount is None:
        return DASH
    return f"+{whole(amount)}" if amount > 0 else whole(amount)


def short_date(day: date | None) -> str:
    """12-11-2026, as in tables; a dash for None."""
    return DASH if day is None else calendar.short_date(day)


def long_date(day: date) -> str:
    """12 November 2026, as in a heading."""
    return f"{day.day} {_(calendar.MONTHS[day.month - 1])} {day.year}"


def short_month(month: int) -> str:
    """The month of the year in three letters: "Agu"."""
    return _(calendar.MONTHS[month - 1])[:3]


def dashed(text: str) -> str:
    """Spans of numbers with the dash that print has for them: "0-5 bulan" as "0–5 bulan"."""
    return _SPAN.sub(DASH, text)


def sex(code: object) -> str:
    """L or P, as every paper register has it."""
    return {"male": _("L"), "female": _("P")}.get(str(code), DASH)
