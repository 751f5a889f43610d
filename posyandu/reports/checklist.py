"""A home-visit checklist on paper: who, every question with boxes to tick, red ones marked; blank or filled in."""

from collections.abc import Sequence
from datetime import date

from posyandu.domain.fields import Answers, Choice, Field, Number, Text, Value, YesNo, with_unit
from posyandu.domain.form import Form
from posyandu.reports.formats import dashed, short_date
from posyandu.reports.paper import GREY, MM, REGULAR, RULE, Document, text_width
from posyandu.reports.pdf_table import AIRS, Flow, add_table, heading, paragraph, start
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.text import _

WRITING = 7 * MM
"""From one line that is written on by hand to the next."""
READING = 4.6 * MM
"""From one line of print to the next."""
LEAST = 18 * MM
"""The length of line a day or the name of a place is written on."""


def checklist_pdf(form: Form, facts: Sequence[tuple[str, str]], answers: Answers, *, foot: str = "") -> bytes:
    """The sheet as PDF; answers that are not known are left to be written. The same values give the same bytes.

    `foot` is said under the questions, in place of what holds for the checklists of home visits.
    """
    title = dashed(_(form.title))
    for air in (1.0, *AIRS):
        document = Document(title=title, paper="A4", foot=title, code=_("Rahasia keluarga: simpan baik-baik."))
        _sheet(start(document, bookmark=title), form, facts, answers, foot=foot, air=air)
        if len(document.pages) == 1:
            break
    return document.to_bytes()


def _sheet(
    flow: Flow, form: Form, facts: Sequence[tuple[str, str]], answers: Answers, *, foot: str, air: float
) -> None:
    """The sheet with so much of the usual air between the questions to tick, so that it stays one page."""
    flow.air = air
    tables = {
        number: _questions(section.title, [each for each in section.fields if isinstance(each, YesNo)], answers)
        for number, section in enumerate(form.sections)
        if all(isinstance(each, YesNo) and not each.name.startswith("saji_") for each in section.fields)
    }
    heading(flow, dashed(_(form.title)), size=14)
    _facts(flow, facts)
    for number, section in enumerate(form.sections):
        asked = [field for field in section.fields if isinstance(field, YesNo)]
        if all(field.name.startswith("saji_") for field in section.fields):
            ticks = "   ".join(_box(answers.get(field.name) is True, _(field.label)) for field in asked)
            heading(flow, _(section.title), size=10.5, space=(1 + 2 * air) * MM, keep=0)
            paragraph(flow, ticks, size=9)
        elif len(asked) == len(section.fields):
            table = tables[number]
            add_table(flow, table, title=bool(section.title), title_size=10.5, alike=list(tables.values()))
        else:
            heading(flow, _(section.title), size=10.5, space=(1 + 2 * air) * MM)
            _answers(flow, section.fields, answers, across=3)
    held = _("Formulir versi {version}, berlaku sejak {day}.").format(
        version=form.version, day=short_date(date.fromisoformat(form.since))
    )
    foot = foot or _("Satu tanda bahaya saja: rujuk hari ini juga.")
    paragraph(flow, f"{foot} {held}", size=8.5, colour=GREY)


def _facts(flow: Flow, facts: Sequence[tuple[str, str]]) -> None:
    """Who it is about, in two columns."""
    for place in range(0, len(facts), 2):
        pair = facts[place : place + 2]
        flow.y -= READING if all(value for _label, value in pair) else WRITING
        for number, (label, value) in enumerate(pair):
            x, wide = flow.left + number * flow.width / 2, flow.width / 2 - 4 * MM * (1 - number)
            flow.page.write(x, flow.y, label, 9, colour=GREY)
            _value(flow, value, x + 29 * MM, x + wide)
    flow.y -= 1.6 * MM


def _value(flow: Flow, words: str, x: float, right: float) -> None:
    """What is known, or a line to write it on."""
    if words:
        flow.page.write(x, flow.y, words, 9)
    else:
        flow.page.stroke(x, flow.y - 0.5 * MM, right, flow.y - 0.5 * MM, 0.35, RULE)


def _answers(flow: Flow, fields: Sequence[Field], answers: Answers, *, across: int) -> None:
    """Boxes to tick, and what is written in words: short answers up to so many beside each other, sentences alone."""
    flow.y += 2 * MM  # the foot of the heading, over which a hand may reach
    for row in _rows(fields, across):
        told = [_asked(field, answers.get(field.name)) for field in row]
        if len(row) == 1 and told[0][1]:
            flow.y -= 1.4 * MM
            paragraph(flow, " ".join(told[0]), size=9, space=0)
            continue
        height = READING if all(words for _label, words in told) else WRITING
        flow.need(height)
        flow.y -= height
        places = _places(flow, told, across if _is_short(row[0]) else 1)
        for (label, words), (x, right) in zip(told, places, strict=True):
            flow.page.write(x, flow.y, label, 8.5)
            _value(flow, words, x + _label_width(label), right)
    flow.y -= 1.5 * MM


def _rows(fields: Sequence[Field], across: int) -> list[list[Field]]:
    """The questions in rows; a short one stands beside those before it, also when only boxes stand between."""
    rows: list[list[Field]] = []
    for field in fields:
        written = [row for row in rows if not isinstance(row[0], YesNo | Choice)]
        last = written[-1] if written else []
        if _is_short(field) and last and _is_short(last[0]) and len(last) < across:
            last.append(field)
        else:
            rows.append([field])
    return rows


def _places(flow: Flow, told: Sequence[tuple[str, str]], across: int) -> list[tuple[float, float]]:
    """From where to where each answer of a row goes: columns of one width, unless a long label leaves too little."""
    width, gap = flow.width / across, 4 * MM
    spare = min(width - gap - _label_width(label) for label, _words in told)
    if spare >= LEAST or across == 1:
        starts = [flow.left + place * width for place in range(len(told))]
        return [(x, min(x + width - gap if across > 1 else flow.right, flow.right)) for x in starts]
    labels = [_label_width(label) for label, _words in told]
    share = (flow.width - sum(labels) - gap * len(labels)) / len(labels)
    edges = [flow.left + sum(labels[:place]) + place * (share + gap) for place in range(len(labels) + 1)]
    return [(edges[place], edges[place + 1] - gap) for place in range(len(labels))]


def _label_width(label: str) -> float:
    return text_width(f"{label} ", REGULAR, 8.5)


def _asked(field: Field, value: Value | None) -> tuple[str, str]:
    """The label of a question, with the unit of a number nobody wrote down yet, and the answer."""
    unit = field.unit if isinstance(field, Number) and value is None else ""
    return f"{_(field.label)} ({unit}):" if unit else f"{_(field.label)}:", _written(field, value)


def _is_short(field: Field) -> bool:
    """Whether a few words or a number answer it."""
    return not isinstance(field, YesNo | Choice) and not (isinstance(field, Text) and field.lines > 1)


def _box(ticked: bool, words: str) -> str:  # noqa: FBT001 - a box is ticked or not
    """A box with its words, kept on one line."""
    return f"{'[X]' if ticked else '[  ]'} {words}".replace(" ", "\N{NO-BREAK SPACE}")


def _questions(title: str, asked: Sequence[YesNo], answers: Answers) -> Table:
    columns = (
        Column("question", _("Pertanyaan"), "left", 6, 60),
        Column("yes", _("Ya"), "center", 0.6, 14),
        Column("no", _("Tidak"), "center", 0.6, 14),
    )
    rows = tuple(
        (
            Cell(_(field.label), field.name),
            Cell("X" if answers.get(field.name) is True else ""),
            Cell("X" if answers.get(field.name) is False else ""),
        )
        for field in asked
    )
    return Table("checklist", _(title), columns, plain_head(columns), rows, row_mm=4.9)


def _written(field: Field, value: Value | None) -> str:
    if isinstance(field, Choice):
        return "   ".join(_box(each.code == value, _(each.label)) for each in field.options)
    if isinstance(field, YesNo):
        return f"{_box(value is True, _(field.yes))}   {_box(value is False, _(field.no))}"
    if value is None:
        return ""
    if isinstance(field, Number) and isinstance(value, int):
        return with_unit(field, value)
    return str(value) if isinstance(value, str) else short_date(value)  # type: ignore[arg-type]
