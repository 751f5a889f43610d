"""What an erasure says, which records are about a person, and whom an erasure touches.

An erasure names saves, not people: it takes away exactly what its author had seen. What others saved meanwhile about
the same records is held aside until somebody decides. On the laptop that asks it is done at once; everywhere else when
the server has said the same save again under its own key (docs/sync.md).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from posyandu.domain.change import Op, Wire
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS

ENTITY = "erasure"
MONTHS = "month_report"
"""Signed months stay, with their figures; they are written anew without the name."""
CONFIDENTIAL = frozenset(form.name for form in FORMS.values() if form.restricted)
"""Questionnaires whose answers are sealed: of those once kept in the open the record stays, written anew without."""
REWRITTEN = frozenset((MONTHS, *CONFIDENTIAL))
"""Forms of which an erasure may take some saves and leave the record."""
_ELSEWHERE = ("session_id", "worker_id")
LATE = "orangnya sudah dihapus atas permintaan"
"""Why a save is held that somebody made without having seen that the data of its person was erased."""
SPARED = (ENTITY, "person", "sealed_access")
"""Forms whose links make nothing theirs: a child does not go with its mother, nor what was done with whose data."""

_SAID_OF = {"merge": ("kept_id", "other_id")}
"""Forms that name people in their answers and not by a link."""
_SHARED = ("household", MONTHS)
"""Forms whose records are nobody's alone: who lives there is asked for otherwise, and signed months stay."""


@dataclass(frozen=True)
class Erasure:
    """`records` are gone for good; of the `rewritten` ones only some saves are; `heads` are the short ids of all saves
    that are to be forgotten.
    """

    records: frozenset[str]
    rewritten: frozenset[str]
    heads: frozenset[str]


NOTHING = Erasure(frozenset(), frozenset(), frozenset())


def said(fields: Mapping[str, Wire]) -> Erasure:
    """What the fields of an erasure's save say."""

    def ids(name: str) -> frozenset[str]:
        value = fields.get(name)
        return frozenset(value.split()) if isinstance(value, str) else frozenset()

    return Erasure(ids("records"), ids("rewritten"), ids("saves"))


def said_by(ops: Iterable[Op]) -> Erasure:
    """What all erasures among these saves say together."""
    found = NOTHING
    for op in ops:
        if op.entity == ENTITY:
            more = said(op.fields)
            found = Erasure(found.records | more.records, found.rewritten | more.rewritten, found.heads | more.heads)
    return found


def belongs_by(form: Form) -> tuple[str, ...]:
    """The links that make a record of this form part of whoever they lead to."""
    return () if form.name in SPARED else tuple(link for link in form.links if link not in _ELSEWHERE)


def takes(entity: str, record: str, records: Set[str], rewritten: Set[str] | None = None) -> bool:
    """Whether a save that an erasure names may go: one of a record that is erased too, or of one that is written anew.

    `rewritten` are the records it says are written anew; None where nobody knows any more which.
    """
    if entity == ENTITY:
        return False
    return record in records or (entity in REWRITTEN and (rewritten is None or record in rewritten))


def people_in(ops: Iterable[Op]) -> set[str]:
    """Whom the erasure of these saves touches: every person they ever led to, and each record that led to nobody.

    What a save said once counts even if a later one says otherwise: so nobody can lead the records of a whole village
    to one person and have that one erased.
    """
    led: dict[tuple[str, str], set[str]] = {}
    for op in ops:
        form = FORMS.get(op.entity)
        links = _SAID_OF.get(op.entity) or (belongs_by(form) if form else ())
        told = {value for link in links if isinstance(value := op.fields.get(link), str)}
        led.setdefault((op.entity, op.record), set()).update({op.record} if op.entity == "person" else told)
    between = {record for entity, record in led if entity != "person"}
    touched: set[str] = set()
    for (entity, record), to in led.items():
        if entity not in _SHARED:
            touched |= to - between if to else {record}
    return touched


def every_link() -> frozenset[str]:
    """All links by which a record of some form belongs to whoever they lead to."""
    return frozenset(link for form in FORMS.values() for link in belongs_by(form))


def is_held(entity: str, record: str, values: Mapping[str, Wire], erased: Iterable[str]) -> bool:
    """Whether a record that still has saves is to be shown to nobody, because it or what it is about was erased."""
    form = FORMS.get(entity)
    if entity == ENTITY or form is None:
        return False
    return not {record, *(values.get(link) for link in belongs_by(form))}.isdisjoint(erased)


def named(names: Collection[str]) -> re.Pattern[str]:
    """What finds these names in a text, in capitals or small letters: as whole words, for Ani is not in Anita."""
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)" if names else r"(?!)", re.IGNORECASE)
