"""An official sheet: the tables of a layout filled from the book, ready for paper, Excel or CSV."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from posyandu.domain.calendar import MONTHS, Month, month_text
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers, Value
from posyandu.domain.indicators import ChildHistory, ChildMonth, PregnancyHistory, PregnancyMonth
from posyandu.domain.life import LifeCard, LifeMonth
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.domain.service_group import Group
from posyandu.domain.standards import AgeBand
from posyandu.reports import agreement, formats
from posyandu.reports.counted import name_of, unlike
from posyandu.reports.counts import (
    CHILD_COUNTS,
    COUNTS,
    OF_CHILDREN,
    SheetData,
    births,
    count_cell,
    deaths,
    mothers_died,
)
from posyandu.reports.facts import FACTS, FOOTS, MONTH_FACTS, PersonMonth, Subject
from posyandu.reports.growth_chart import CROSS, wrong_legend
from posyandu.reports.layout import ColumnSpec, ItemSpec, Layout, Part, Sum, WrongLayout, waiting_note
from posyandu.reports.monthly import (
    Letterhead,
    MonthlyData,
    Reconciliation,
    Signature,
    content_code,
    post_facts,
    signatures,
    wrong_tools,
)
from posyandu.reports.table import Cell, Column, Head, PersonRef, Table
from posyandu.text import _


@dataclass(frozen=True)
class Sheet:
    """One official sheet, with the same members as the monthly report, so that the same code writes and shows it.

    `period` says which month or year it is of, `stamp` the same for the name of a file. `blank` says that no posyandu
    day was held in the month and nobody came: what a day would have told is a dash, not nought.
    """

    code_name: str
    title: str
    period: str
    stamp: str
    head: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    checks: tuple[Reconciliation, ...]
    rules: tuple[str, ...]
    signatures: tuple[Signature, ...]
    code: str
    lists: tuple[Table, ...] = ()
    blank: bool = False
    letterhead: Letterhead | None = None

    @property
    def post_name(self) -> str:
        """The name of the post, or of the person a card is about."""
        return self.head[0][1]


@dataclass(frozen=True, kw_only=True)
class DrawnSheet(Sheet):
    """A sheet whose pages are drawn: `draw(paper, mono)` gives the PDF, its tables are for screen and spreadsheets."""

    draw: Callable[[Literal["A4", "F4"], bool], bytes]


def sheet(layout: Layout, data: SheetData) -> Sheet:
    """The sheet of a month or a year, from the people counted in it."""
    tables = tuple(_table(part, data) for part in layout.parts)
    year = layout.period == "year"
    period = str(data.month.year) if year else month_text(data.month)
    head = _head(layout, data.report)
    held = [each for month, days in data.sessions.items() if year or month == data.month for each in days]
    rules = (*_rules(layout), *wrong_tools(held), *_cross_told(tables))
    figures = any(part.kind == "figures" for part in layout.parts)
    return Sheet(
        code_name=layout.code,
        title=layout.title,
        period=period,
        stamp=period if year else str(data.month),
        head=head,
        tables=tables,
        checks=(*_checks(layout, tables), *agreement.of_registers(layout.parts, tables, data)),
        rules=rules,
        signatures=signatures(data.report, layout.signed_by),
        code=content_code(head, tables, rules),
        blank=figures and not data.report.is_noted(data.month),
        letterhead=data.report.letterhead,
    )


def _cross_told(tables: Iterable[Table]) -> tuple[str, ...]:
    """What the cross behind a figure says, where one stands."""
    crossed = any(cell.text.endswith(f" {CROSS}") for table in tables for row in table.rows for cell in row)
    return (wrong_legend(),) if crossed else ()


def _head(layout: Layout, report: MonthlyData) -> tuple[tuple[str, str], ...]:
    """What stands over the tables: the facts the blank asks for, or those of every sheet of a month or a year."""
    facts, year = post_facts(report), report.month.year
    if layout.head:
        there, active, trained = report.kader if any(report.kader) else ["." * 6] * 3
        told = {name: value for name, (_label, value) in facts.items()} | {
            "form_code": layout.form_code.format(year=year),
            "supervisor": str(report.post.get("midwife") or "." * 30),
            "kader": _("ada {there}, aktif {active}, dilatih {trained}").format(
                there=there, active=active, trained=trained
            ),
        }
        if unknown := {spec.source for spec in layout.head} - {*told, "hamlet"}:
            raise WrongLayout(f"{layout.code}: no fact of a post is called {', '.join(sorted(unknown))}")
        named = {"post": report.area} if report.area else {}
        shown = [spec for spec in layout.head if spec.source in told]  # a whole puskesmas is in no hamlet
        return tuple((named.get(spec.source, spec.label), told[spec.source]) for spec in shown)
    if layout.period == "year":
        facts["month"] = (_("Tahun"), str(year))
        del facts["held_on"], facts["kader_present"]
    return tuple(facts.values())


FREE = "." * 44
"""A fact of a blank card, to write in by hand."""


History = ChildHistory | PregnancyHistory | LifeCard
"""Whatever the card of one person is filled from."""


def card(layout: Layout, history: History | None, place: tuple[tuple[str, str], ...]) -> Sheet:
    """The card of one person with a row for each visit; without a person the blank to fill by hand."""
    subject = Subject() if history is None else _head_subject(history)
    free = FREE if history is None else ""
    facts = tuple((column.label, _fact(column)(subject).text or free) for column in layout.head)
    tables = tuple(_rows_table(part, _card_rows(part, history), None) for part in layout.parts)
    rules = (*_rules(layout), *_cross_told(tables))
    year = str(history.year) if isinstance(history, LifeCard) and history.year is not None else ""
    return Sheet(
        code_name=layout.code,
        title=layout.heading or layout.title,
        period=year,
        stamp=year,
        head=(*facts, *place) if history is not None else (*place, *facts),
        tables=tables,
        checks=(),
        rules=rules,
        signatures=(),
        code=content_code(facts, tables, rules),
    )


def _head_subject(history: History) -> Subject:
    """Whom a card is about, as old as at the last visit, and what was measured at the first one on it."""
    visits, noted = history.visits, history.noted if isinstance(history, LifeCard) else {}
    subject = Subject(history.id, history.person, pregnancy=_pregnancy_of(history), noted=noted)
    if not visits:
        return subject
    on = visits[-1].get("visited_on")
    first = history.assessments[0]
    return replace(subject, on=on if isinstance(on, date) else None, visit=visits[0], judged=first)


def _pregnancy_of(history: History) -> Answers:
    return {} if isinstance(history, ChildHistory) else history.pregnancy


def _rules(layout: Layout) -> tuple[str, ...]:
    return (*layout.notes, _("Bentuk menurut: {source}.").format(source=layout.source))


def _table(part: Part, data: SheetData) -> Table:
    match part.kind:
        case "figures":
            return _figures(part, data)
        case "months":
            return _months_table(part, data)
        case _:
            return _rows_table(part, _subjects(part, data), data)


def _notes(part: Part) -> tuple[str, ...]:
    waiting = waiting_note((*part.columns, *part.items))
    return (*part.notes, *filter(None, (waiting,)))


# Items down, age bands across


@dataclass(frozen=True)
class _Slot:
    """One column of figures: its name, its heads from top to bottom, and which children it keeps."""

    name: str
    heads: tuple[str, ...]
    keeps: Callable[[ChildMonth], bool]


_SPLITS: Mapping[str, tuple[tuple[str, str, Callable[[ChildMonth], bool]], ...]] = {
    "poor": (
        ("poor", "G", lambda child: child.person.get("poor") is True),
        ("not_poor", "NG", lambda child: child.person.get("poor") is False),
    ),
    "sex": (
        ("male", "L", lambda child: child.sex == "male"),
        ("female", "P", lambda child: child.sex == "female"),
    ),
}


def _slots(bands: Sequence[AgeBand], splits: Sequence[str]) -> list[_Slot]:
    slots = [_Slot(band.code, (formats.dashed(_(band.label)),), _in_band(band)) for band in bands]
    slots = slots or [_Slot("", (), lambda _child: True)]
    for split in splits:
        slots = [
            _Slot(f"{slot.name}_{name}".strip("_"), (*slot.heads, label), _and(slot.keeps, keeps))
            for slot in slots
            for name, label, keeps in _SPLITS[split]
        ]
    return [slot for slot in slots if slot.heads]


def _in_band(band: AgeBand) -> Callable[[ChildMonth], bool]:
    return lambda child: band.from_months <= child.age_months <= band.to_months


def _and(first: Callable[[ChildMonth], bool], second: Callable[[ChildMonth], bool]) -> Callable[[ChildMonth], bool]:
    return lambda child: first(child) and second(child)


def _figures(part: Part, data: SheetData) -> Table:
    bands = part.own_bands or (data.report.rules.age_bands[part.bands] if part.bands else ())
    slots = _slots(bands, part.splits)
    sexes = _slots((), ("sex",)) if part.total and bands and "sex" in part.splits else []
    sexes = [_Slot(slot.name, (_("Jumlah"), *slot.heads), slot.keeps) for slot in sexes]
    blank = not data.report.is_noted(data.month)
    total = [_Slot("total", (_("Jumlah"), _("L+P")) if sexes else (_("Jumlah"),), lambda _child: True)]
    across = [*slots, *sexes, *(total if part.total or not slots else [])]
    columns = (
        Column("no", _("No"), "left", 0.2, 7),
        Column("item", _("Uraian"), "left", 3, 34 if len(across) < 18 else 26),
        *(Column(slot.name, " ".join(slot.heads), "right", 0.5, 5.6) for slot in across),
    )
    return Table(
        code=part.code,
        title=part.title,
        columns=columns,
        head=_tree_head((("No",), ("Uraian",), *(slot.heads for slot in across))),
        rows=tuple(_figure_row(item, across, data, blank=blank) for item in part.items),
        notes=(*_notes(part), *([_("Belum ada hari buka.")] if blank else ())),
        strong=frozenset(number for number, item in enumerate(part.items) if item.strong),
        landscape=part.landscape,
    )


KNOWN_BEFORE_A_DAY = {
    "s", "k", "s36", "everyone", "infants", "infants_to_six", "below_two_s", "born", "births", "facility_births",
    "early_breastfed", "low_birth_weight", "pregnant", "postpartum", "breastfeeding", "kf4", "kn1", "kn_complete",
    "thyroid_screened", "posts", "posts_open", "infants_died", "mothers_died", "severe_died_new", "severe_died_old",
    "severe_died_this_year",
}  # fmt: skip
"""What the register tells of a month in which nobody was seen yet; all else is told by a posyandu day or a visit."""


def _figure_row(item: ItemSpec, across: Sequence[_Slot], data: SheetData, *, blank: bool) -> tuple[Cell, ...]:
    label = (Cell(item.no, item.no), Cell(item.label, item.label))
    if item.waits or (blank and item.source not in KNOWN_BEFORE_A_DAY):
        return (*label, *(Cell(formats.DASH) for _slot in across))
    if item.source not in COUNTS:
        raise WrongLayout(f"no count is called {item.source!r}")
    if item.source in OF_CHILDREN:
        of_age = _aged(item)
        return (*label, *(count_cell(item.source, data, data.month, _and(slot.keeps, of_age)) for slot in across))
    return (*label, *(Cell("") for _slot in across[:-1]), count_cell(item.source, data, data.month))


def _aged(item: ItemSpec) -> Callable[[ChildMonth], bool]:
    if item.months is None:
        return lambda _child: True
    first, last = item.months
    return lambda child: first <= child.age_months <= last


def _tree_head(paths: Sequence[tuple[str, ...]]) -> tuple[tuple[Head, ...], ...]:
    """Head rows in which neighbours that begin alike share a cell: ("0-5 bulan", "L"), ("0-5 bulan", "P") ..."""
    depth = max(len(path) for path in paths)
    rows: list[list[Head]] = [[] for _level in range(depth)]
    for level in range(depth):
        start = 0
        while start < len(paths):
            path = paths[start]
            end = start + 1
            if len(path) <= level:
                start = end
                continue
            while end < len(paths) and paths[end][: level + 1] == path[: level + 1] and len(path) > level + 1:
                end += 1
            last = len(path) == level + 1
            rows[level].append(Head(path[level], end - start, depth - level if last else 1))
            start = end
    return tuple(tuple(row) for row in rows)


# The months of the year down


def _months_table(part: Part, data: SheetData) -> Table:
    for spec in part.columns:
        if spec.source and spec.source not in COUNTS:
            raise WrongLayout(f"{part.code}: no count is called {spec.source!r}")
    specs = [ColumnSpec("no", "No", no="1"), ColumnSpec("month", "Bulan", no="2"), *part.columns]
    columns = (
        Column("no", _("No"), "right", 0.2, 7),
        Column("month", _("Bulan"), "left", 0.6, 17),
        *(Column(spec.name, _full(spec), "right", spec.width, spec.least_mm) for spec in part.columns),
    )
    rows = []
    for number in range(1, 13):
        month = Month(data.month.year, number)
        name = _(MONTHS[number - 1])
        cells = [_month_cell(spec, data, month) for spec in part.columns]
        rows.append((Cell(str(number), number), Cell(name, str(month)), *cells))
    return Table(
        code=part.code,
        title=part.title,
        columns=columns,
        head=_spec_head(specs),
        rows=tuple(rows),
        notes=_notes(part),
        strong=frozenset((data.month.month - 1,) if _recorded(data, data.month) else ()),
        landscape=part.landscape,
    )


def _month_cell(spec: ColumnSpec, data: SheetData, month: Month) -> Cell:
    if not _recorded(data, month) or not (spec.source or spec.waits):
        return Cell("")
    return Cell(formats.DASH) if spec.waits else count_cell(spec.source, data, month)


def _recorded(data: SheetData, month: Month) -> bool:
    """Whether a posyandu day was held in the month, or anyone was seen; before that nothing is 0, it is unknown."""
    return month in data.sessions or any(child.came for child in data.children(month))


def _full(spec: ColumnSpec) -> str:
    return f"{spec.group}: {spec.label}" if spec.group else spec.label


def _spec_head(specs: Sequence[ColumnSpec]) -> tuple[tuple[Head, ...], ...]:
    """Groups over their columns, and the printed column numbers in a last row where the blank has them."""
    grouped = any(spec.group for spec in specs)
    deep = 2 if grouped else 1
    top: list[Head] = []
    below: list[Head] = []
    place = 0
    while place < len(specs):
        spec = specs[place]
        if not spec.group:
            top.append(Head(spec.label, rows=deep, upright=spec.upright))
            place += 1
            continue
        group = [each for each in specs[place:]]
        size = next((n for n, each in enumerate(group) if each.group != spec.group), len(group))
        top.append(Head(spec.group, columns=size))
        below += [Head(each.label, upright=each.upright) for each in group[:size]]
        place += size
    rows = [tuple(top)]
    if grouped:
        rows.append(tuple(below))
    if any(spec.no for spec in specs):
        rows.append(tuple(Head(spec.no) for spec in specs))
    return tuple(rows)


# One row for each person or visit


def _spread(specs: Iterable[ColumnSpec], month: Month | None) -> list[ColumnSpec]:
    """The columns with the monthly ones repeated; their printed numbers go on from the first."""
    spread: list[ColumnSpec] = []
    for spec in specs:
        if not spec.monthly:
            spread.append(spec)
            continue
        for number in range(1, 13):
            no = str(int(spec.no) + number - 1) if spec.no.isdigit() else spec.no
            spread.append(
                ColumnSpec(
                    f"{spec.name}_{number}", formats.short_month(number), spec.source, group=_group(spec, month), no=no,
                    align=spec.align, width=spec.width, least_mm=spec.least_mm, monthly=True, foot=spec.foot,
                )
            )  # fmt: skip
    return spread


def _group(spec: ColumnSpec, month: Month | None) -> str:
    return spec.label if month is None else f"{spec.label} {month.year}"


def _rows_table(part: Part, subjects: Sequence[Subject], data: SheetData | None) -> Table:
    specs = _spread(part.columns, data.month if data is not None else None)
    rows = [tuple(_row_cell(spec, subject, data) for spec in specs) for subject in subjects]
    numbered = len(rows)
    rows += [_spare(specs, numbered + number) for number in range(1, part.spare + 1)]
    strong: frozenset[int] = frozenset()
    if data is not None and any(spec.foot for spec in specs):
        strong = frozenset((len(rows),))
        rows.append(_foot_row(specs, part, data))
    return Table(
        code=part.code,
        title=part.title,
        columns=tuple(Column(spec.name, _full(spec), spec.align, spec.width, spec.least_mm) for spec in specs),
        head=_spec_head(specs),
        rows=tuple(rows),
        notes=_notes(part),
        strong=strong,
        empty=_("Tidak ada."),
        landscape=part.landscape,
        row_mm=part.row_mm,
    )


def _fact(spec: ColumnSpec) -> Callable[[Subject], Cell]:
    if not spec.source:
        return lambda _subject: Cell("")
    if spec.source not in FACTS:
        raise WrongLayout(f"no fact is called {spec.source!r}")
    return FACTS[spec.source]


def _row_cell(spec: ColumnSpec, subject: Subject, data: SheetData | None) -> Cell:
    if not spec.monthly:
        cell = _fact(spec)(subject)
    elif spec.source not in MONTH_FACTS:
        raise WrongLayout(f"no fact of a month is called {spec.source!r}")
    else:
        assert data is not None
        each = subject.months.get(Month(data.month.year, int(spec.name.rsplit("_", 1)[1])))
        cell = Cell("") if each is None else MONTH_FACTS[spec.source](each)
    if spec.source != "name" or not subject.id:
        return cell
    return Cell(cell.text, cell.value, (PersonRef(subject.id, name_of(subject.person)),))


def _spare(specs: Sequence[ColumnSpec], number: int) -> tuple[Cell, ...]:
    return tuple(Cell(str(number) if spec.source == "no" else "") for spec in specs)


def _foot_row(specs: Sequence[ColumnSpec], part: Part, data: SheetData) -> tuple[Cell, ...]:
    cells = []
    for spec in specs:
        if not spec.foot:
            cells.append(Cell(_("Hadir/sasaran"), None) if spec.source == "name" else Cell(""))
            continue
        month = Month(data.month.year, int(spec.name.rsplit("_", 1)[1]))
        people: Sequence[PersonMonth] = _mothers(data).get(month, ()) if part.who == "mothers" else data.children(month)
        cells.append(FOOTS[spec.foot](list(people)) if people and _recorded(data, month) else Cell(""))
    return tuple(cells)


def _subjects(part: Part, data: SheetData) -> list[Subject]:
    match part.who:
        case "women":
            return _numbered(_people(data, data.report.pregnancies))
        case "mothers":
            return _numbered(_people(data, _mothers(data)))
        case "wus":
            return _numbered(_wus(data))
        case "target_women":
            return _numbered(each for each in _people(data, data.report.pregnancies) if each.current is not None)
        case "under_fives":
            return _numbered(each for each in _people(data, data.report.children) if _is_balita(each))
        case "targets":
            return _numbered(each for each in _people(data, data.report.children) if each.current is not None)
        case "births":
            return _numbered(_births_and_deaths(data))
        case "infants":
            return _numbered(each for each in _people(data, data.report.children) if _is_infant(each))
        case "wasted":
            return _numbered(each for each in _people(data, data.report.children) if _is_wasted(each))
        case "activities":
            return _numbered(_activities(data))
        case _:
            return _numbered(_people(data, data.report.children))


def _activities(data: SheetData) -> Iterable[Subject]:
    """Posyandu days and activities of the year up to the month, in order."""
    days = [each for month in sorted(data.sessions) for each in data.sessions[month]]
    held = [(on, each) for each in (*days, *data.activities) if isinstance(on := each.get("held_on"), date)]
    in_year = [(on, each) for on, each in held if on.year == data.month.year and on <= data.month.last]
    return (Subject(on=on, visit=each) for on, each in sorted(in_year, key=lambda pair: pair[0]))


def _is_balita(subject: Subject) -> bool:
    """S of the month: neither apras nor who left in an earlier month."""
    return isinstance(subject.current, ChildMonth) and CHILD_COUNTS["s"](subject.current)


def _is_wasted(subject: Subject) -> bool:
    child = subject.current
    return isinstance(child, ChildMonth) and any(CHILD_COUNTS[each](child) for each in ("severely_wasted", "wasted"))


def _is_infant(subject: Subject) -> bool:
    return isinstance(subject.current, ChildMonth) and subject.current.age_months <= 6


ByMonth = Mapping[Month, Sequence[PersonMonth]]


def _mothers(data: SheetData) -> ByMonth:
    """Pregnant women, and those after a birth as long as they breastfeed, by month."""
    after = (Group.POSTPARTUM, Group.BREASTFEEDING)
    months = set(data.report.pregnancies) | set(data.report.life)
    return {
        month: (*data.mothers(month), *(each for each in data.life(month) if each.group in after)) for month in months
    }


def _wus(data: SheetData) -> list[Subject]:
    """The women in the register of WUS and PUS, by name."""
    everyone = data.report.everyone
    found = [
        Subject(id_, everyone[id_], data.report.reporting_day, visit=noted)
        for id_, noted in data.wus.items()
        if id_ in everyone
    ]
    return sorted(found, key=lambda each: (name_of(each.person).casefold(), each.id))


def _baby(data: SheetData, mother: str, on: date) -> str:
    """The name of the youngest child of a mother, born in the two years before."""
    born = [
        (born_on, name_of(each))
        for each in data.report.everyone.values()
        if each.get("mother_id") == mother
        and isinstance(born_on := each.get("born_on"), date)
        and 0 <= (on - born_on).days < 731
    ]
    return max(born)[1] if born else ""


def _numbered(subjects: Iterable[Subject]) -> list[Subject]:
    return [replace(each, number=number) for number, each in enumerate(subjects, 1)]


def _by_person(months: ByMonth, year: int) -> dict[str, dict[Month, PersonMonth]]:
    found: dict[str, dict[Month, PersonMonth]] = {}
    for month in sorted(months):
        if month.year == year:
            for each in months[month]:
                found.setdefault(each.id, {})[month] = each
    return found


def _people(data: SheetData, by_month: ByMonth) -> list[Subject]:
    """Everybody of the year up to the month, those still here and those who left, by name."""
    subjects = []
    for id_, months in _by_person(by_month, data.month.year).items():
        last = months[max(months)]
        ago = {each.id: each for each in by_month.get(data.month - 1, ())}
        subjects.append(
            Subject(
                id=id_,
                person=last.person,
                on=last.on,
                months=months,
                current=months.get(data.month),
                before=ago.get(id_),
                pregnancy=last.pregnancy if isinstance(last, PregnancyMonth) else {},
                visit=data.wus.get(id_, {}),
                doses=data.doses.get(id_, ()),
                baby=_baby(data, id_, last.on) if isinstance(last, LifeMonth) else "",
                rules=data.report.rules,
                father=data.report.everyone.get(str(last.person.get("father_id")), {}),
            )
        )
    return sorted(subjects, key=lambda each: (name_of(each.person).casefold(), each.id))


def _births_and_deaths(data: SheetData) -> list[Subject]:
    """Every birth and death of the year, one row for each child, then who is pregnant now: her child gets that row."""
    months = [Month(data.month.year, number) for number in range(1, data.month.month + 1)]
    born = [each for month in months for each in births(data, month)]
    seen = {id_ for id_, _person in born}
    died = [
        (id_, person)
        for month in months
        for id_, person, on in deaths(data, month)
        if id_ not in seen and isinstance(day := person.get("born_on"), date) and (on - day).days < 366
    ]
    dead = {woman: on for month in months for woman, on in mothers_died(data, month).items()}
    rows = [
        Subject(id_, person, mother_died_on=dead.get(str(person.get("mother_id")))) for id_, person in (*born, *died)
    ]
    with_child = {str(person.get("mother_id")) for _id, person in (*born, *died)}
    rows += [_mother_alone(data, woman, on) for woman, on in dead.items() if woman not in with_child]
    rows.sort(key=lambda each: (str(each.person.get("born_on") or each.mother_died_on), each.id))
    awaited = [each for each in _people(data, data.report.pregnancies) if each.current and each.id not in dead]
    return rows + [_mother_row(each.id, each.person, _("Hamil")) for each in awaited if each.id not in with_child]


def _mother_alone(data: SheetData, woman: str, on: date) -> Subject:
    """The row of a mother who died and left no child of the year: her name stands in the mother's column."""
    person, noted = data.report.everyone[woman], data.deaths.get(woman, {})
    return replace(_mother_row(woman, person, noted.get("cause") or person.get("left_reason")), mother_died_on=on)


def _mother_row(woman: str, person: Answers, note: Value | None) -> Subject:
    told = {"mother_name": person.get("name"), "father_name": person.get("husband_name"), "left_reason": note}
    return Subject(woman, told)


def _card_rows(part: Part, history: History | None) -> list[Subject]:
    if history is None:
        return [Subject(age_only=age) for age in part.ages]
    judged: Sequence[ChildAssessment | PregnancyAssessment | VisitAssessment | None] = history.assessments
    rows = [
        Subject(
            history.id,
            history.person,
            on,
            visit=visit,
            judged=each,
            pregnancy=_pregnancy_of(history),
            rules=history.standards.on(on) if isinstance(history, LifeCard) else None,
        )
        for visit, each in zip(history.visits, judged, strict=True)
        if isinstance(on := visit.get("visited_on"), date)
    ]
    if isinstance(history, LifeCard) and history.screened:
        rows = [replace(row, screened=told) for row, told in zip(rows, history.screened, strict=True)]
    return _numbered(rows)


# The checks of a sheet


def _checks(layout: Layout, tables: Sequence[Table]) -> Iterable[Reconciliation]:
    for part, table in zip(layout.parts, tables, strict=True):
        if part.kind == "figures" and part.splits and part.total:
            yield from _splits_add_up(part, table)
        for each in part.sums:
            yield from _items_add_up(part, table, each)


def _items_add_up(part: Part, table: Table, told: Sum) -> Iterable[Reconciliation]:
    """Whether an item is the sum of others, by name; who is counted on one side alone is named. Unknown adds up to
    nothing.

    The last column holds everybody of a row, so what is true there is true in every age and sex.
    """
    rows = {item.no: row[-1] for item, row in zip(part.items, table.rows, strict=True)}
    whole, parts = rows[told.whole], [rows[no] for no in told.parts]
    if not all(isinstance(cell.value, int) for cell in (whole, *parts)):
        return
    words = {"title": table.title, "no": told.whole, "parts": " + ".join(told.parts)}
    odd = unlike((whole,), parts)
    if not odd:
        yield Reconciliation(True, _("{title}: butir {no} = butir {parts} di setiap kolom.").format(**words))
        return

    def where(ref: PersonRef) -> str:
        counted = [no for no in (told.whole, *told.parts) if any(ref.id == each.id for each in rows[no].people)]
        return _("dihitung di butir {items} saja").format(items=" + ".join(counted))

    yield Reconciliation(
        False,
        _("{title}: butir {no} ({whole}) tidak sama dengan butir {parts} ({numbers}), karena {n} anak.").format(
            **words, whole=whole.text, numbers=" + ".join(cell.text for cell in parts), n=len(odd)
        ),
        tuple(PersonRef(ref.id, ref.name, where(ref)) for ref in odd),
    )


def _splits_add_up(part: Part, table: Table) -> Iterable[Reconciliation]:
    """Whether the bands of every row add up to its total; who is in no band is named."""
    last = len(table.columns) - 1
    parts = [
        place
        for place, column in enumerate(table.columns)
        if 1 < place < last and column.name not in ("male", "female")
    ] or [table.column("male"), table.column("female")]
    sexes = [table.column(sex) for sex in ("male", "female") if sex in {column.name for column in table.columns}]
    missing: dict[str, PersonRef] = {}
    for item, row in zip(part.items, table.rows, strict=True):
        if item.waits or item.source not in OF_CHILDREN:
            continue
        counted = {ref.id for place in parts for ref in row[place].people}
        of_known_sex = {ref.id for place in sexes for ref in row[place].people}
        for ref in row[last].people:
            if ref.id not in counted:
                why = _why_in_no_column(part, known_sex=not sexes or ref.id in of_known_sex)
                missing[ref.id] = PersonRef(ref.id, ref.name, why)
    if not missing:
        yield Reconciliation(
            True, _("{title}: jumlah semua kolom sama dengan jumlah seluruhnya.").format(title=table.title)
        )
        return
    why = "; ".join(sorted({ref.detail for ref in missing.values()}))
    yield Reconciliation(
        False,
        _("{title}: {n} anak tidak masuk kolom mana pun ({why}); hanya ada di kolom jumlah.").format(
            title=table.title, n=len(missing), why=why
        ),
        tuple(missing.values()),
    )


def _why_in_no_column(part: Part, *, known_sex: bool) -> str:
    if not known_sex:
        return _("jenis kelamin belum dicatat")
    return _("Gakin atau Non-Gakin belum dicatat") if "poor" in part.splits else _("di luar kelompok umur")
