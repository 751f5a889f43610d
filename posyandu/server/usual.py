"""Read the saves of a usual batch all at once, in C: new records of known forms, nothing wrong, unlikely or emptied.

It only ever says yes. Where anything is otherwise, or might be, it says nothing, and the saves are read one by one
(`sync.batch`, `sync.check`), which is where the rules are told; a test holds both ways against each other.
"""

import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from posyandu.domain.change import MAX_INTEGER, MAX_TEXT, WITHDRAWN
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
from posyandu.domain.forms import FORMS
from posyandu.server.store import Fresh
from posyandu.sync.batch import Batch
from posyandu.sync.check import MAX_DEPTH

_EMPTY = len(b"{}")
_Count = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
_Name = Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
_Words = Annotated[str, Meta(max_length=MAX_TEXT)]


@dataclass(frozen=True)
class Usual:
    """The saves of a batch, each of a record of its own: `documents` as JSON, as they will stand, short names first:
    the order PostgreSQL keeps them in, so it need not sort.
    """

    forms: Set[str]
    entities: Sequence[str]
    records: Sequence[str]
    depths: Sequence[int]
    documents: Sequence[bytes]
    withdrawn: Sequence[bool]

    def fresh(self, at: int) -> Iterator[Fresh]:
        """What stands of its records as it is written, with the number of this batch."""
        parts = (self.entities, self.records, self.documents, repeat(None), self.withdrawn, self.depths)
        return zip(repeat(at), *parts)


class _Line(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A save as it travels, its parts in their order; it names no earlier one."""

    b: Annotated[list[str], Meta(max_length=0)]
    e: _Name
    f: Raw
    k: _Words
    l: Annotated[int, Meta(ge=0, le=MAX_DEPTH)]  # noqa: E741 - the names are those of the wire
    n: _Words
    q: _Count
    r: _Name
    s: _Words
    t: _Count
    v: _Count
    w: _Words = ""


_lines = msgspec.json.Decoder(list[_Line])
_encode = msgspec.json.Encoder().encode
_encode_by_name = msgspec.json.Encoder(order="sorted").encode


def read(batch: Batch) -> Usual | None:
    """The saves in it, if it is a usual one."""
    whole = _array(batch.texts)
    if b"\\" in whole or not (whole.isascii() or unicodedata.is_normalized("NFC", whole.decode(errors="replace"))):
        return None  # an escape may be a NUL, or written in two ways
    try:
        lines = _lines.decode(whole)
        if len(lines) != len(batch.texts) or _encode(lines) != whole:
            return None
        entities, records = [line.e for line in lines], [line.r for line in lines]
        if {line.s for line in lines} != {batch.header.scope} or not all(
            entity != "posyandu" and entity in FORMS and version <= FORMS[entity].version
            for entity, version in {(line.e, line.v) for line in lines}
        ):
            return None
        documents = [bytes(line.f) for line in lines]
        if min(map(len, documents)) <= _EMPTY:
            return None
        withdrawn = [False] * len(lines)
        forms = set(entities)
        for entity in forms:
            places = [place for place, each in enumerate(entities) if each == entity]
            of_form = _array([documents[place] for place in places])
            saves = _form(entity).decode(of_form)
            if _encode_by_name(saves) != of_form:
                return None
            for place, save in zip(places, saves, strict=True):
                documents[place], withdrawn[place] = _encode(save), save.withdrawn is True
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if len(set(zip(entities, records, strict=True))) < len(lines):
        return None
    return Usual(forms, entities, records, [line.l for line in lines], documents, withdrawn)


def _array(texts: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(texts) + b"]"


@cache
def _form(entity: str) -> msgspec.json.Decoder[Any]:
    """Reads saves of this form: its fields and links and no others, each of its kind, numbers as far as possible for
    anyone.
    """
    form = FORMS[entity]
    kinds: dict[str, Any] = {WITHDRAWN: bool, **dict.fromkeys(form.links, str)}
    kinds |= {name: _kind(field) for name, field in form.fields.items()}
    parts = [(name, kinds[name] | UnsetType, UNSET) for name in sorted(kinds, key=lambda name: (len(name), name))]
    return msgspec.json.Decoder(list[msgspec.defstruct(entity, parts, forbid_unknown_fields=True, gc=False)])  # type: ignore[misc]


def _kind(field: Field) -> Any:  # noqa: ANN401 - a type, or one with bounds
    if isinstance(field, Number):
        return Annotated[int, Meta(ge=field.low, le=field.high)]
    return _KINDS[type(field)]


_KINDS: dict[type[Field], type] = {YesNo: bool, Choice: str, Text: str, Date: date}
