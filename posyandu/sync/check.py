"""What is wrong with a save that came from elsewhere; the same answer on every laptop and on the server."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from posyandu.domain.change import WITHDRAWN, Op, Wire
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
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
    texts = [value for value in op.fields.values() if isinstance(value, str)]
    if "\0" in "".join((op.entity, op.record, op.scope, op.author, op.nonce, op.reason, *op.fields, *texts)):
        return "tulisan pada catatan salah"
    if not op.entity or not op.record:
        return "catatan tidak bernama"
    if op.entity == "posyandu" and op.record != op.scope:
        return "posyandu tidak cocok dengan paketnya"
    kinds = _kinds(op.entity)
    for name, value in op.fields.items():
        wanted = kinds.get(name)
        if wanted is None or value is None or wanted is type(value):
            continue
        if wanted is not date or not _is_day(value):
            return f"jenis nilai salah: {name}"
    return ""


def is_newer(op: Op) -> bool:
    """Whether the save was written by a form version this side does not know yet: kept, and shown after an upgrade."""
    form = FORMS.get(op.entity)
    return form is None or op.version > form.version


def unlikely(op: Op) -> tuple[str, ...]:
    """The numbers outside what is possible for anyone: the save stands, and a person should look."""
    limits = _limits(op.entity)
    return tuple(
        name
        for name, value in op.fields.items()
        if name in limits and type(value) is int and not limits[name][0] <= value <= limits[name][1]
    )


@cache
def _kinds(entity: str) -> Mapping[str, type]:
    """For each field and link this version knows, the type of its values; `date` stands for a day as ISO text."""
    form = FORMS.get(entity)
    if form is None:
        return {WITHDRAWN: bool}
    fields = {name: _KINDS[type(field)] for name, field in form.fields.items()}
    return {WITHDRAWN: bool, **dict.fromkeys(form.links, str), **fields}


@cache
def _limits(entity: str) -> Mapping[str, tuple[int, int]]:
    form = FORMS.get(entity)
    fields = {} if form is None else form.fields
    return {name: (field.low, field.high) for name, field in fields.items() if isinstance(field, Number)}


def _is_day(value: Wire) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_KINDS: Mapping[type[Field], type] = {Number: int, YesNo: bool, Choice: str, Text: str, Date: date}
