"""What is wrong with a save that came from elsewhere; the same answer on every laptop and on the server."""

from datetime import date
from functools import singledispatch

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
    if any("\0" in text for text in (op.entity, op.record, op.scope, op.author, op.nonce, op.reason)):
        return "tulisan pada catatan salah"
    if not op.entity or not op.record:
        return "catatan tidak bernama"
    if op.entity == "posyandu" and op.record != op.scope:
        return "posyandu tidak cocok dengan paketnya"
    form = FORMS.get(op.entity)
    for name, value in op.fields.items():
        if (isinstance(value, str) and "\0" in value) or "\0" in name:
            return "tulisan pada catatan salah"
        if name == WITHDRAWN and not (value is None or isinstance(value, bool)):
            return "jenis nilai salah: withdrawn"
        if form is None or value is None:
            continue
        field = form.fields.get(name)
        if (field is not None and not _fits(field, value)) or (name in form.links and not isinstance(value, str)):
            return f"jenis nilai salah: {name}"
    return ""


def is_newer(op: Op) -> bool:
    """Whether the save was written by a form version this side does not know yet: kept, and shown after an upgrade."""
    form = FORMS.get(op.entity)
    return form is None or op.version > form.version


def unlikely(op: Op) -> tuple[str, ...]:
    """The numbers outside what is possible for anyone: the save stands, and a person should look."""
    form = FORMS.get(op.entity)
    if form is None:
        return ()
    return tuple(
        name
        for name, value in op.fields.items()
        if isinstance(field := form.fields.get(name), Number)
        and type(value) is int
        and not field.low <= value <= field.high
    )


@singledispatch
def _fits(field: Field, value: Wire) -> bool:
    raise TypeError(type(field).__name__)


@_fits.register
def _(field: Number, value: Wire) -> bool:
    return type(value) is int


@_fits.register
def _(field: YesNo, value: Wire) -> bool:
    return isinstance(value, bool)


@_fits.register(Choice)
@_fits.register(Text)
def _(field: Field, value: Wire) -> bool:
    return isinstance(value, str)


@_fits.register
def _(field: Date, value: Wire) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
