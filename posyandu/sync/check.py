"""What is wrong with a save that came from elsewhere; the same answer on every laptop and on the server."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from posyandu.domain.change import MOST_REMEMBERED, WITHDRAWN, Op, Shape
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo, is_day
from posyandu.domain.forms import FORMS

MAX_DEPTH = 2**31
"""Deeper saves are refused: one wild number must not close a record to every later save."""


def fault(op: Op) -> str:
    """Why this save cannot be shown by anyone, or "" when it can. Depends on nothing but its bytes.

    Only what breaks the shape counts: an unlikely weight is never a fault. Entities and fields this version does not
    know pass, so that a newer laptop's saves travel and are kept.
    """
    if op.depth > MAX_DEPTH:
        return "nomor urut catatan salah"
    if b"\\u0000" in op.canonical and _has_nul(op):
        return "tulisan pada catatan salah"
    if not op.entity or not op.record:
        return "catatan tidak bernama"
    if op.entity == "posyandu" and op.record != op.scope:
        return "posyandu tidak cocok dengan paketnya"
    wrong, days = (_shape if _is_remembered(op) else _shape.__wrapped__)(op.entity, op.shape)
    for name in days:
        if not _is_day(op.fields[name]):
            return f"jenis nilai salah: {name}"
    return f"jenis nilai salah: {wrong}" if wrong else ""


def _has_nul(op: Op) -> bool:
    texts = [value for value in op.fields.values() if isinstance(value, str)]
    return "\0" in "".join((op.entity, op.record, op.scope, op.author, op.nonce, op.reason, *op.fields, *texts))


def _is_remembered(op: Op) -> bool:
    """Not of what is no form, nor of a save larger than any of ours: thousands of them would fill the memory."""
    return op.entity in FORMS and len(op.fields) <= MOST_REMEMBERED


@lru_cache(maxsize=1024)
def _shape(entity: str, shape: Shape) -> tuple[str, tuple[str, ...]]:
    """For fields of these names and types: the first of a wrong kind, or "", and the days before it.

    Remembered, since the saves of a day all have the same few shapes.
    """
    wanted = _kinds(entity)
    days: list[str] = []
    for name, kind in zip(shape.names, shape.kinds, strict=True):
        if name not in wanted or kind is _NONE or kind is wanted[name]:
            continue
        if wanted[name] is not date or kind is not str:
            return name, tuple(days)
        days.append(name)
    return "", tuple(days)


def is_newer(op: Op) -> bool:
    """Whether the save was written by a form version this side does not know yet: kept, and shown after an upgrade."""
    form = FORMS.get(op.entity)
    return form is None or op.version > form.version


def unlikely(op: Op) -> tuple[str, ...]:
    """The numbers outside what is possible for anyone: the save stands, and a person should look."""
    fields = op.fields
    limits = (_limits if _is_remembered(op) else _limits.__wrapped__)(op.entity, op.shape)
    return tuple([name for name, low, high in limits if not low <= fields[name] <= high])  # type: ignore[operator]


def _kinds(entity: str) -> Mapping[str, type]:
    """For each field and link this version knows, the type of its values; `date` stands for a day as ISO text."""
    return _kinds_of(entity) if entity in FORMS else {WITHDRAWN: bool}


@cache
def _kinds_of(entity: str) -> Mapping[str, type]:
    form = FORMS[entity]
    fields = {name: _KINDS[type(field)] for name, field in form.fields.items()}
    return {WITHDRAWN: bool, **dict.fromkeys(form.links, str), **fields}


@lru_cache(maxsize=1024)
def _limits(entity: str, shape: Shape) -> tuple[tuple[str, int, int], ...]:
    """Of these fields the numbers this version knows, each with what is possible for anyone."""
    form = FORMS.get(entity)
    known = {} if form is None else form.fields
    numbers = ((name, known.get(name)) for name in shape.integers)
    return tuple((name, field.low, field.high) for name, field in numbers if isinstance(field, Number))


_is_known_day = lru_cache(maxsize=4096)(is_day)  # a day of a village is the same few days


def _is_day(value: object) -> bool:
    return isinstance(value, str) and len(value) == _DAY and _is_known_day(value)


_DAY = len("2026-11-12")

_NONE = type(None)
_KINDS: Mapping[type[Field], type] = {Number: int, YesNo: bool, Choice: str, Text: str, Date: date}
