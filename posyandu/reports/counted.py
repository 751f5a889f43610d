"""Cells that know their people: children and women of a month as the names behind a number."""

from collections.abc import Iterable
from typing import TypeVar

from posyandu.domain.calendar import age_text
from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.reports import formats
from posyandu.reports.table import Cell, PersonRef
from posyandu.text import _

Member = TypeVar("Member", bound=ChildMonth | PregnancyMonth)


def number_cell(people: Iterable[ChildMonth | PregnancyMonth]) -> Cell:
    """A count with the people it counts."""
    refs = tuple(person_ref(person) for person in people)
    return Cell(formats.whole(len(refs)), len(refs), refs)


def person_ref(person: ChildMonth | PregnancyMonth, detail: str = "") -> PersonRef:
    """One person behind a number; without a `detail` the age and whose child it is."""
    return PersonRef(person.id, name_of(person.person), detail or _who(person))


def name_of(person: Answers) -> str:
    """The name, or a sentence where it is missing."""
    return str(person.get("name") or _("(nama belum diisi)"))


def _who(person: ChildMonth | PregnancyMonth) -> str:
    parts = [age_text_of(person)]
    if isinstance(person, ChildMonth):
        if mother := person.person.get("mother_name"):
            parts.append(_("ibu {name}").format(name=mother))
        if person.weighing is not None:
            parts.append(f"{formats.kilograms(person.weighing.grams)} kg")
            parts.append(person.weighing.code)
    elif husband := person.person.get("husband_name"):
        parts.append(_("suami {name}").format(name=husband))
    return " · ".join(part for part in parts if part)


def age_text_of(person: ChildMonth | PregnancyMonth) -> str:
    """The age on the day it is counted: "1 tahun 4 bulan"; a dash when the birth date is missing."""
    born_on = person.person.get("born_on")
    return formats.DASH if born_on is None else age_text(born_on, person.on)  # type: ignore[arg-type]


def address_of(person: Answers) -> str:
    """Where to find the family, short enough for a table: hamlet, RT and RW, else the address."""
    parts = [str(person["hamlet"])] if person.get("hamlet") else []
    if person.get("rt"):
        parts.append(_("RT {rt}").format(rt=person["rt"]))
    if person.get("rw"):
        parts.append(_("RW {rw}").format(rw=person["rw"]))
    return ", ".join(parts) or str(person.get("address") or "")
