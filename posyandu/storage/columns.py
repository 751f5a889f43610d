"""How each kind of answer is kept in SQLite and how it travels: dates as ISO text, yes/no as 0/1 here, bool there."""

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import singledispatch

from posyandu.domain.change import MAX_INTEGER, Wire
from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, is_day

Stored = int | str | None


def to_wire(value: Value | None) -> Wire:
    """The value as it travels: a day as ISO text, text in NFC; an emptied text is an unknown one."""
    match value:
        case date():
            return value.isoformat()
        case str():
            return unicodedata.normalize("NFC", value) or None
    return value


@singledispatch
def column_type(field: Field) -> str:
    """The SQLite type of the field's column."""
    raise TypeError(type(field).__name__)


@singledispatch
def fits(field: Field, value: Wire) -> bool:
    """Whether a value that came from elsewhere is of the field's kind; None always is."""
    raise TypeError(type(field).__name__)


@singledispatch
def reader(field: Field) -> Callable[[Stored], Value | None]:
    """The function that gives the answer back from its column."""
    raise TypeError(type(field).__name__)


@column_type.register(Number)
@column_type.register(YesNo)
def _integer_type(field: Field) -> str:
    return "INTEGER"


@column_type.register(Choice)
@column_type.register(Date)
@column_type.register(Text)
def _text_type(field: Field) -> str:
    return "TEXT"


@fits.register
def _number_fits(field: Number, value: Wire) -> bool:
    return value is None or (type(value) is int and abs(value) <= MAX_INTEGER)


@fits.register
def _yes_no_fits(field: YesNo, value: Wire) -> bool:
    return value is None or isinstance(value, bool)


@fits.register(Choice)
@fits.register(Text)
def _text_fits(field: Field, value: Wire) -> bool:
    return value is None or isinstance(value, str)


@fits.register
def _date_fits(field: Date, value: Wire) -> bool:
    return value is None or is_day(value)


@reader.register(Number)
@reader.register(Choice)
@reader.register(Text)
def _same(field: Field) -> Callable[[Stored], Value | None]:
    return _identity


@reader.register
def _yes_no_reader(field: YesNo) -> Callable[[Stored], Value | None]:
    return _yes_no


@reader.register
def _date_reader(field: Date) -> Callable[[Stored], Value | None]:
    return _day


def _identity(stored: Stored) -> Value | None:
    return stored


def _yes_no(stored: Stored) -> Value | None:
    return None if stored is None else bool(stored)


def _day(stored: Stored) -> Value | None:
    return None if stored is None else date.fromisoformat(str(stored))
