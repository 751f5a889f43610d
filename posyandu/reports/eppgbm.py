"""The sheets that e-PPGBM (SIGIZI Terpadu) reads: identity of balita, measurements, PMT, and what it will refuse.

Order and names of the columns are data (resources/exchange/eppgbm.json), because the ministry's form changes every
year. Identity numbers are text, dates are text like 2026-11-12, numbers are numbers. A row that would be refused is
not in the sheet but in a list with what to complete: one bad row stops the whole upload there.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from posyandu import paths
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.forms.registration import PERSON
from posyandu.reports.counted import name_of, short_address
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import N_, _

NIK_DIGITS = 16


@dataclass(frozen=True)
class Child:
    """A balita as the sheets need it: its record, a parent's, the visit of the month, all its visits.

    `doubt` says why what that visit measured must not be told; "" when nothing speaks against it.
    """

    id: str
    person: Answers
    parent: Answers
    visit: Answers | None
    visits: Sequence[Answers]
    doubt: str = ""


@dataclass(frozen=True)
class Meal:
    """One week of a child's programme of makanan tambahan, as the sheet of PMT needs it."""

    child: Child
    programme: Answers
    week: Answers


@dataclass(frozen=True)
class Export:
    """The sheets by the name of their tab, and the rows that are left out with the reason.

    `kept_in` says who agreed to no sharing and is in none of them.
    """

    identity: tuple[str, Table]
    measurement: tuple[str, Table]
    feeding: tuple[str, Table]
    refused: Table
    kept_in: str = ""


@dataclass(frozen=True)
class _Column:
    name: str
    source: str
    must: bool


def export(children: Sequence[Child], meals: Sequence[Meal] = ()) -> Export:
    """The sheets of these children, in the order given; a child not measured is in the sheet of identity only."""
    twice = {nik for nik, number in Counter(each.person.get("nik") for each in children).items() if nik and number > 1}
    refused: list[tuple[str, Child, str]] = []
    sheets = []
    for part in ("identity", "measurement"):
        sheet, columns = _columns()[part]
        rows: list[tuple[Cell, ...]] = []
        for child in children:
            if part == "measurement" and child.visit is None:
                continue
            doubt = [child.doubt] if child.doubt and part == "measurement" else []
            if reasons := [*doubt, *_reasons(child, columns, twice)]:
                refused.append((part, child, "; ".join(reasons)))
                continue
            rows.append(tuple(_cell(column, child, len(rows) + 1) for column in columns))
        sheets.append((sheet, _table(part, columns, rows)))
    sheet, columns = _columns()["feeding"]
    rows = []
    for meal in meals:
        if reasons := _reasons(meal, columns, twice):
            refused.append(("feeding", meal.child, "; ".join(reasons)))
        else:
            rows.append(tuple(_cell(column, meal, len(rows) + 1) for column in columns))
    return Export(sheets[0], sheets[1], (sheet, _table("feeding", columns, rows)), _refused_table(refused))


@lru_cache(maxsize=1)
def _columns() -> Mapping[str, tuple[str, tuple[_Column, ...]]]:
    """The tab and the columns of each sheet. Raises ValueError for a source that does not exist."""
    document = json.loads((paths.resources() / "exchange" / "eppgbm.json").read_text(encoding="utf-8"))
    found = {}
    for part, given in document.items():
        columns = tuple(
            _Column(each["name"], each.get("source", ""), each.get("must", False)) for each in given["columns"]
        )
        known = MEAL_SOURCES if part == "feeding" else SOURCES
        unknown = [each.source for each in columns if each.source and each.source not in known]
        if unknown:
            raise ValueError(f"eppgbm.json {part}: no source is called {', '.join(unknown)}")
        found[part] = (str(given["sheet"]), columns)
    return found


def _value(row: Child | Meal, source: str) -> str | int | float | None:
    """What a row has for a column; nothing for one without a source."""
    if not source:
        return None
    return MEAL_SOURCES[source](row) if isinstance(row, Meal) else SOURCES[source](row)


def _reasons(row: Child | Meal, columns: Iterable[_Column], twice: Collection[object]) -> list[str]:
    """Why e-PPGBM will not take this row, in words that say what to complete; empty when it will."""
    reasons = []
    child = row.child if isinstance(row, Meal) else row
    for column in columns:
        value = _value(row, column.source)
        if column.must and value is None:
            reasons.append(_missing(child, column.source))
    nik = child.person.get("nik")
    if nik is not None and not _is_number(nik):
        reasons.append(_("NIK bukan 16 angka"))
    if nik in twice:
        reasons.append(_("NIK sama dengan anak lain di Posyandu ini"))
    kk = child.person.get("kk")
    if kk is not None and not _is_number(kk) and any(column.source == "kk" for column in columns):
        reasons.append(_("nomor KK bukan 16 angka"))
    return reasons


def _missing(child: Child, source: str) -> str:
    """What is missing, in words; of a NIK also why, when somebody wrote that down."""
    words = _(MISSING[source])
    why = child.person.get("nik_missing") if source == "nik" else None
    if why is None:
        return words
    field = PERSON.fields["nik_missing"]
    assert isinstance(field, Choice)
    return f"{words} ({next((_(each.label) for each in field.options if each.code == why), str(why)).lower()})"


def _is_number(value: object) -> bool:
    return isinstance(value, str) and len(value) == NIK_DIGITS and value.isdigit()


TITLES = {
    "identity": N_("e-PPGBM: identitas balita"),
    "measurement": N_("e-PPGBM: data pengukuran"),
    "feeding": N_("e-PPGBM: PMT"),
}
MISSING = {
    "born_on": N_("tanggal lahir belum ada"),
    "sex": N_("jenis kelamin belum ada"),
    "nik": N_("NIK belum ada"),
    "name": N_("nama belum ada"),
    "parent": N_("nama ibu atau ayah belum ada"),
    "visited_on": N_("tanggal ukur belum ada"),
    "weight": N_("berat badan belum diukur"),
    "length": N_("panjang atau tinggi badan belum diukur"),
    "position": N_("cara ukur (terlentang atau berdiri) belum diisi"),
    "started_on": N_("tanggal mulai MT belum ada"),
    "kind": N_("jenis MT belum diisi"),
    "reason": N_("alasan diberi MT belum diisi"),
    "week": N_("minggu MT belum diisi"),
    "checked_on": N_("tanggal pemantauan MT belum diisi"),
    "week_weight": N_("berat badan pada minggu MT belum diukur"),
}


def _cell(column: _Column, row: Child | Meal, number: int) -> Cell:
    if column.source == "number":
        return Cell(str(number), number)
    value = _value(row, column.source)
    child = row.child if isinstance(row, Meal) else row
    person = (PersonRef(child.id, name_of(child.person)),) if column.source == "name" else ()
    return Cell("" if value is None else str(value), value, person)


def _table(part: str, columns: Sequence[_Column], rows: Sequence[tuple[Cell, ...]]) -> Table:
    shown = tuple(Column(column.name, column.name) for column in columns)
    return Table(f"eppgbm_{part}", _(TITLES[part]), shown, plain_head(shown), tuple(rows), landscape=True)


def _refused_table(refused: Iterable[tuple[str, Child, str]]) -> Table:
    columns = (
        Column("sheet", _("Lembar"), "left", 0.5, 24),
        Column("name", _("Nama"), "left", 1, 30),
        Column("place", _("Dusun RT/RW"), "left", 0.6, 24),
        Column("why", _("Yang perlu dilengkapi"), "left", 3, 50),
    )
    names = {"identity": _("Identitas"), "measurement": _("Pengukuran"), "feeding": "PMT"}
    rows = tuple(
        (
            Cell(names[part], names[part]),
            Cell(name_of(child.person), name_of(child.person), (PersonRef(child.id, name_of(child.person), why),)),
            Cell(short_address(child.person), short_address(child.person)),
            Cell(why, why),
        )
        for part, child, why in refused
    )
    title = _("Baris yang akan ditolak e-PPGBM: {n}").format(n=len(rows))
    return Table("eppgbm_ditolak", title, columns, plain_head(columns), rows, empty=_("Tidak ada."))


Source = Callable[[Child], str | int | float | None]


def _text(name: str) -> Source:
    return lambda child: str(value) if (value := child.person.get(name)) is not None else None


def _scaled(answers: Callable[[Child], Answers], name: str, per_unit: int) -> Source:
    def source(child: Child) -> float | None:
        value = answers(child).get(name)
        return value / per_unit if isinstance(value, int) else None

    return source


def _person(child: Child) -> Answers:
    return child.person


def _visit(child: Child) -> Answers:
    return child.visit or {}


def _day(answers: Callable[[Child], Answers], name: str) -> Source:
    def source(child: Child) -> str | None:
        value = answers(child).get(name)
        return value.isoformat() if isinstance(value, date) else None

    return source


def _word(answers: Callable[[Child], Answers], name: str, words: Mapping[object, str]) -> Source:
    return lambda child: words.get(answers(child).get(name))


def _whole(name: str) -> Source:
    return lambda child: value if isinstance(value := child.person.get(name), int) else None


def _parent(child: Child) -> str | None:
    name = child.person.get("mother_name") or child.parent.get("name") or child.person.get("father_name")
    return str(name) if name else None


def _parent_nik(child: Child) -> str | None:
    nik = child.parent.get("nik")
    return str(nik) if _is_number(nik) else None


def _breastfed(months: int) -> Source:
    """Whether the child had breast milk only until asked at this age; blank when it was not asked."""

    def source(child: Child) -> str | None:
        born_on = child.person.get("born_on")
        answer, other_milk = None, False
        for visit in child.visits:
            on, told = visit.get("visited_on"), visit.get("exclusive_breastfeeding")
            if not isinstance(born_on, date) or not isinstance(on, date) or told is None:
                continue
            other_milk = other_milk or told is False
            if age_months(born_on, on) == months:
                answer = not other_milk
        return None if answer is None else "ya" if answer else "tidak"

    return source


_YES: Mapping[object, str] = {True: "Ya", False: "Tidak"}
SOURCES: Mapping[str, Source] = {
    "number": lambda _child: None,
    "name": _text("name"),
    "nik": _text("nik"),
    "kk": _text("kk"),
    "phone": _text("phone"),
    "address": _text("address"),
    "rt": _text("rt"),
    "rw": _text("rw"),
    "born_on": _day(_person, "born_on"),
    "sex": _word(_person, "sex", {"male": "Laki-laki", "female": "Perempuan"}),
    "birth_order": _whole("birth_order"),
    "birth_weeks": _whole("gestation_weeks"),
    "birth_weight": _scaled(_person, "birth_weight_g", 1000),
    "birth_length": _scaled(_person, "birth_length_mm", 10),
    "birth_head": _scaled(_person, "birth_head_mm", 10),
    "has_book": _word(_person, "has_kia_book", _YES),
    "early_breastfeeding": _word(_person, "early_breastfeeding", _YES),
    "parent": _parent,
    "parent_nik": _parent_nik,
    "visited_on": _day(_visit, "visited_on"),
    "weight": _scaled(_visit, "weight_g", 1000),
    "length": _scaled(_visit, "length_mm", 10),
    "muac": _scaled(_visit, "muac_mm", 10),
    "head": _scaled(_visit, "head_mm", 10),
    "oedema": _word(_visit, "oedema", {"none": "tidak", "1": "1", "2": "2", "3": "3"}),
    "position": _word(_visit, "position", {"lying": "terlentang", "standing": "berdiri"}),
    "vitamin_a": _word(_visit, "vitamin_a", {"blue": "ya", "red": "ya", "none": "tidak"}),
    **{f"breastfed_{months}": _breastfed(months) for months in range(7)},
}
"""What a column may hold, by the name the data file uses."""


MealSource = Callable[[Meal], str | int | float | None]


def _told(answers: Callable[[Meal], Answers], name: str, codes: Mapping[object, int] | None = None) -> MealSource:
    """An answer as it is, days as text; or the number the ministry's sheet has for it."""

    def source(meal: Meal) -> str | int | None:
        value = answers(meal).get(name)
        if codes is not None:
            return codes.get(value)
        return value.isoformat() if isinstance(value, date) else value

    return source


def _of(source: Source) -> MealSource:
    return lambda meal: source(meal.child)


def _programme(meal: Meal) -> Answers:
    return meal.programme


def _week(meal: Meal) -> Answers:
    return meal.week


def _week_part(name: str, per_unit: int) -> MealSource:
    def source(meal: Meal) -> float | None:
        value = meal.week.get(name)
        return value / per_unit if isinstance(value, int) else None

    return source


_ONE: Mapping[object, int] = {True: 1, False: 0}
MEAL_SOURCES: Mapping[str, MealSource] = {
    "nik": _of(SOURCES["nik"]),
    "name": _of(SOURCES["name"]),
    "started_on": _told(_programme, "visited_on"),
    "cycle": _told(_programme, "cycle"),
    "kind": _told(_programme, "kind", {"factory": 1, "local": 2}),
    "fund": _told(_programme, "fund", {"special": 1, "regional": 2, "partner": 3, "village": 4}),
    "partner": _told(_programme, "partner"),
    "by_guideline": _told(_programme, "by_guideline", _ONE),
    "reason": _told(_programme, "reason", {"wasted": 1, "underweight": 2, "not_gained": 3}),
    "week": _told(_week, "week"),
    "checked_on": _told(_week, "visited_on"),
    **{f"day_{day}": _told(_week, f"day_{day}", _ONE) for day in range(1, 8)},
    "week_weight": _week_part("weight_g", 1000),
    "week_length": _week_part("length_mm", 10),
    "week_position": _told(_week, "position", {"standing": 1, "lying": 2}),
    "health": _told(_week, "health"),
    "next_step": _told(_week, "next_step", {"continued": 1, "finished": 2, "hospital": 3}),
}
"""What a column of the sheet of PMT may hold, in the numbers of the ministry's blank (2025)."""
