"""Cells that know their people: children and women of a month as the names behind a number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from posyandu.domain.calendar import age_text
from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.reports import formats
from posyandu.reports.table import Cell, PersonRef
from posyandu.text import _

Counted = ChildMonth | PregnancyMonth | LifeMonth
Member = TypeVar("Member", bound=ChildMonth | PregnancyMonth)


def number_cell(people: Iterable[Counted]) -> Cell:
    """A count with the people it counts."""
    refs = tuple(_known_ref(person) for person in people)
    return Cell(formats.whole(len(refs)), len(refs), refs)


def unlike(one: Sequence[Cell], other: Sequence[Cell]) -> tuple[PersonRef, ...]:
    """Whom two sides of a sum that should be equal do not count equally often, by name."""
    refs = {ref.id: ref for cell in (*one, *other) for ref in cell.people}
    often = Counter(ref.id for cell in one for ref in cell.people)
    often.subtract(ref.id for cell in other for ref in cell.people)
    return tuple(sorted((refs[id_] for id_, n in often.items() if n), key=lambda ref: (ref.name.casefold(), ref.id)))


def _known_ref(person: Counted) -> PersonRef:
    """One reference per person and month, however many figures they are behind; gone with the person."""
    if not isinstance(person.shown, PersonRef):
        object.__setattr__(person, "shown", person_ref(person))  # not what they are, only how they are shown
    ref: PersonRef = person.shown  # type: ignore[assignment]
    return ref


def person_ref(person: Counted, detail: str = "") -> PersonRef:
    """One person behind a number; without a `detail` the age and whose child it is."""
    return PersonRef(person.id, name_of(person.person), detail or _who(person))


def name_of(person: Answers) -> str:
    """The name, or a sentence where it is missing."""
    return str(person.get("name") or _("(nama belum diisi)"))


def _who(person: Counted) -> str:
    parts = [age_text_of(person)]
    if isinstance(person, ChildMonth):
        if mother := person.person.get("mother_name"):
            parts.append(_("ibu {name}").format(name=mother))
        if person.weighing is not None:
            parts.append(f"{formats.kilograms(person.weighing.grams)} kg")
            parts.append(person.weighing.code)
    elif husband := person.person.get("husband_name"):
        parts.append(_("suami {name}").format(name=husband))
    parts.append(str(person.person.get("of_post") or ""))  # said where a figure is that of many posts
    return " · ".join(part for part in parts if part)


def age_text_of(person: Counted) -> str:
    """The age on the day it is counted: "1 tahun 4 bulan"; a dash when the birth date is missing."""
    born_on = person.person.get("born_on")
    return formats.DASH if born_on is None else age_text(born_on, person.on)  # type: ignore[arg-type]


def short_age(person: Counted) -> str:
    """The age as a narrow column has it: "4 th 7 bln", "10 bln", "12 hari"."""
    text = age_text_of(person)
    return text.replace(_("tahun"), _("th")).replace(_("bulan"), _("bln"))


def address_of(person: Answers) -> str:
    """Where to find the family, short enough for a table: hamlet, RT and RW, else the address."""
    numbers = "/".join(
        f"{label} {person[name]}" for name, label in (("rt", _("RT")), ("rw", _("RW"))) if person.get(name)
    )
    return " ".join(filter(None, (str(person.get("hamlet") or ""), numbers))) or str(person.get("address") or "")


def short_address(person: Answers) -> str:
    """The same in the fewest signs, under a head that says "Dusun RT/RW": "Gubuk Timur 04/02"."""
    numbers = "/".join(str(person[name]) for name in ("rt", "rw") if person.get(name))
    return " ".join(filter(None, (str(person.get("hamlet") or ""), numbers))) or str(person.get("address") or "")
