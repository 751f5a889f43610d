"""The five kinds of question that forms are made of, and how an answer is read and shown.

A field says what is asked, in which unit and what is impossible. It knows nothing of widgets, columns or paper:
each layer has one function dispatched on the kind. An answer is `int` (Number, in the stored unit), `str` (Choice
code, Text), `bool` (YesNo) or `date` (Date); `None` is unknown, and unknown never counts as "no" or "normal".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isqrt

from posyandu.domain.errors import BadInput
from posyandu.text import _, figure

Value = int | str | bool | date
Answers = Mapping[str, Value | None]
Condition = Callable[[Answers], bool]


def is_day(value: object) -> bool:
    """Whether this is a day as it travels and is kept, "2026-11-12": a week ("2026-W46-4") would stand in no month."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class Field:
    """What every question has.

    `official` names the column of the paper form it fills ("Kartu balita 4"); `shown_if` is a named function of
    the answers so far.
    """

    name: str
    label: str
    hint: str = ""
    official: str = ""
    required: bool = False
    shown_if: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A measured or counted number, kept as an integer: `per_unit` stored units make one shown `unit`.

    `low` and `high` are in stored units and say what is impossible for anyone; what is impossible or unusual at an
    age is dated data (`posyandu.domain.limits`). Weight: unit="kg", per_unit=1000, decimals=2, stored in grams.
    """

    unit: str = ""
    per_unit: int = 1
    decimals: int = 0
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a Choice: a code that lives for ever and the words of the paper form."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few options."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """Yes, no or not asked. `yes` and `no` are the words of the paper form."""

    yes: str = "Ya"
    no: str = "Tidak"


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day. `past_only` refuses days after today."""

    past_only: bool = True


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A few words. `lines` > 1 asks for a taller box; `digits` > 0 hints at exactly that many digits, never bars."""

    lines: int = 1
    digits: int = 0


def figures(field: Number) -> int:
    """How many figures may be typed before the comma: six, more where the field itself goes further."""
    return max(6, len(str(field.high // field.per_unit)))


def option(code: str, label: str) -> Option:
    """Shorthand for forms: one option of a Choice."""
    return Option(code=code, label=label)


def read_number(field: Number, typed: str, low: int | None = None, high: int | None = None) -> int | None:
    """The stored integer for what was typed; None when nothing was typed.

    Comma and point both separate decimals. Without either, a number too large for the limits is read with the
    decimals implied, as the number pad is used: "82" kg is 8,2 kg, "704" cm is 70,4 cm. `low` and `high` (stored
    units) narrow the field's own limits to those of the person's age. In a whole number longer than six figures, an
    amount of money, points part the thousands: "150.000".

    Raises BadInput when it is no number or has more decimals than the field keeps.
    """
    text = typed.strip().replace(" ", "").replace(",", ".")
    if not text:
        return None
    most_figures = figures(field)
    if most_figures > 6 and re.fullmatch(r"\d{1,3}(\.\d{3})+", text):
        text = text.replace(".", "")
    if not re.fullmatch(rf"\d{{1,{most_figures}}}(\.\d*)?|\.\d+", text):
        raise BadInput(
            _("{label}: tulis angka saja, misalnya {example}").format(label=_(field.label), example=_example(field))
        )
    exact = Decimal(text)
    least = field.low if low is None else low
    most = field.high if high is None else high
    if "." not in text:
        for places in range(field.decimals + 1):
            implied = exact.scaleb(-places) * field.per_unit
            if least <= implied <= most and implied == implied.to_integral_value():
                return int(implied)
    stored = exact * field.per_unit
    if "." in text and -int(exact.normalize().as_tuple().exponent) > field.decimals:
        raise BadInput(
            _("{label}: paling banyak {n} angka di belakang koma").format(label=_(field.label), n=field.decimals)
        )
    return int(stored)


def number_text(field: Number, stored: int, *, places: int | None = None) -> str:
    """The number as paper shows it in the chosen language, without its unit: 9600 g as "9,6".

    At least one decimal where the field has decimals; trailing zeros beyond that are dropped unless `places` is given.
    """
    exact = Decimal(stored) / field.per_unit
    if places is None:
        text = f"{exact:.{field.decimals}f}"
        if field.decimals > 1:
            head, tail = text.split(".")
            text = f"{head}.{tail.rstrip('0') or '0'}"
    else:
        text = f"{exact:.{places}f}"
    return figure(text)


def with_unit(field: Number, stored: int) -> str:
    """The same with its unit, if it has one: "9,6 kg"."""
    return f"{number_text(field, stored)} {_(field.unit)}".rstrip()


def _example(field: Number) -> str:
    """A number such as people write: of two figures, halfway between the bounds by size, not by distance."""
    middle = isqrt(max(field.low, 1) * field.high)
    return number_text(field, max(field.low, middle - middle % 10 ** max(0, len(str(middle)) - 2)))
