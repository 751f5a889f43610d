"""A home-visit checklist on paper: who, every question with boxes to tick, red ones marked; blank or filled in."""

from collections.abc import Sequence
from datetime import date

from posyandu.domain.fields import Answers, Choice, Field, Number, Text, Value, YesNo, with_unit
from posyandu.domain.form import Form
from posyandu.reports.formats import dashed, short_date
from posyandu.reports.paper import GREY, MM, Document
from posyandu.reports.pdf_table import Flow, add_table, heading, paragraph, start
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.text import _

LINE = "." * 34


def checklist_pdf(form: Form, facts: Sequence[tuple[str, str]], answers: Answers, *, foot: str = "") -> bytes:
    """The sheet as PDF; answers that are not known are left to be written. The same values give the same bytes.

    `foot` is said under the questions, in place of what holds for the checklists of home visits.
    """
    title = dashed(_(form.title))
    document = Document(title=title, paper="A4", foot=title, code=_("Rahasia keluarga: simpan baik-baik."))
    flow = start(document, bookmark=title)
    heading(flow, title, size=14)
    _facts(flow, facts)
    for section in form.sections:
        asked = [field for field in section.fields if isinstance(field, YesNo)]
        if all(field.name.startswith("saji_") for field in section.fields):
            ticks = "   ".join(_box(answers.get(field.name) is True, _(field.label)) for field in asked)
            heading(flow, _(section.title), size=10.5, space=2 * MM)
            paragraph(flow, ticks, size=9)
        elif len(asked) == len(section.fields):
            _questions(flow, section.title, asked, answers)
        elif not any(isinstance(field, YesNo | Choice) for field in section.fields):
            heading(flow, _(section.title), size=10.5, space=2 * MM)
            _in_pairs(flow, section.fields, answers)
        else:
            heading(flow, _(section.title), size=10.5, space=2 * MM)
            for field in section.fields:
                words = _written(field, answers.get(field.name))
                paragraph(flow, f"{_(field.label)}: {words or _room(field)}", size=9)
    held = _("Formulir versi {version}, berlaku sejak {day}.").format(
        version=form.version, day=short_date(date.fromisoformat(form.since))
    )
    foot = foot or _("Satu tanda bahaya saja: rujuk hari ini juga.")
    paragraph(flow, f"{foot} {held}", size=8.5, colour=GREY)
    return document.to_bytes()


def _facts(flow: Flow, facts: Sequence[tuple[str, str]]) -> None:
    """Who it is about, in two columns."""
    for place, (label, value) in enumerate(facts):
        if place % 2 == 0:
            flow.y -= 4.6 * MM
        x = flow.left + (place % 2) * flow.width / 2
        flow.page.write(x, flow.y, label, 9, colour=GREY)
        flow.page.write(x + 29 * MM, flow.y, value or LINE, 9)
    flow.y -= 1.6 * MM


def _in_pairs(flow: Flow, fields: Sequence[Field], answers: Answers) -> None:
    """Short answers, two beside each other, with a line to write on."""
    for place, field in enumerate(fields):
        if place % 2 == 0:
            flow.y -= 4.6 * MM
        x = flow.left + (place % 2) * flow.width / 2
        flow.page.write(x, flow.y, f"{_(field.label)}: {_written(field, answers.get(field.name)) or LINE}", 8.5)
    flow.y -= 1.5 * MM


def _room(field: Field) -> str:
    """Dots to write on: more for sentences than for a number."""
    return LINE * 3 if isinstance(field, Text) and field.lines > 1 else LINE


def _box(ticked: bool, words: str) -> str:  # noqa: FBT001 - a box is ticked or not
    """A box with its words, kept on one line."""
    return f"{'[X]' if ticked else '[  ]'} {words}".replace(" ", "\N{NO-BREAK SPACE}")


def _questions(flow: Flow, title: str, asked: Sequence[YesNo], answers: Answers) -> None:
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
    table = Table("checklist", _(title), columns, plain_head(columns), rows, row_mm=4.9)
    add_table(flow, table, title=bool(title), title_size=10.5)


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
