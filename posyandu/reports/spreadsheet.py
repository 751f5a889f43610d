"""The report as an Excel workbook: the same tables, with typed cells."""

from datetime import UTC, date, datetime
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from posyandu.reports.lists import joined_lists
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Table, import_rows, placed
from posyandu.text import _

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The moment noted in every workbook: the same report gives the same bytes."""


def workbook(report: MonthlyReport | Sheet) -> bytes:
    """One sheet for the summary, one for each table, one for all lists of children and one for those of women."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{report.title} {report.post_name}", "created": WRITTEN, "comments": report.code})
    styles = _Styles(book)
    _summary(book, report, styles)
    for table in (*report.tables, *joined_lists(report.lists)):
        _sheet(book, table, styles)
    book.close()
    return target.getvalue()


def import_sheet(sheet: str, table: Table) -> bytes:
    """A table as other programs import it: one tab of this name, the columns' names in the first row, nothing else.

    Texts stay texts, so that a NIK keeps its digits.
    """
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": WRITTEN})
    as_text = book.add_format({"num_format": "@"})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(import_rows(table)):
        for place, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, place, value, as_text if number else None)
            elif value is not None:
                page.write_number(number, place, value)
    page.freeze_panes(1, 0)
    page.set_column(0, len(table.columns) - 1, 16)
    book.close()
    return target.getvalue()


class _Styles:
    """The few cell formats of a workbook, made once."""

    def __init__(self, book: Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.head: Format = book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#F2F2F2",
            }
        )
        self.upright: Format = book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "bottom", "text_wrap": True, "rotation": 90,
             "bg_color": "#F2F2F2"}
        )  # fmt: skip
        self.plain: Format = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        self.strong: Format = book.add_format({"border": 1, "valign": "top", "bold": True})
        self.day: Format = book.add_format({"border": 1, "num_format": "dd-mm-yyyy"})
        self.percent: Format = book.add_format({"border": 1, "num_format": "0.0%"})


def _summary(book: Workbook, report: MonthlyReport | Sheet, styles: _Styles) -> None:
    sheet = book.add_worksheet(_("Ringkasan"))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, f"{report.title} {report.period}", styles.title)
    row = 2
    for label, value in report.head:
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, value)
        row += 1
    sheet.write_string(row, 0, _("Kode dokumen"))
    sheet.write_string(row, 1, report.code)
    row += 2
    for check in report.checks:
        sheet.write_string(row, 0, _("Cocok") if check.ok else _("Periksa"))
        sheet.write_string(row, 1, check.sentence)
        if check.people:
            sheet.write_string(row, 2, check.names())
        row += 1
    row += 1
    for rule in report.rules:
        sheet.write_string(row, 1, rule)
        row += 1


def _sheet(book: Workbook, table: Table, styles: _Styles) -> None:
    sheet = book.add_worksheet(table.code.replace("_", " ").capitalize()[:31])
    sheet.write_string(0, 0, table.title, styles.title)
    top = 2
    for each in placed(table):
        style = styles.upright if each.head.upright else styles.head
        first, last = top + each.row, top + each.row + each.head.rows - 1
        right = each.column + each.head.columns - 1
        if (first, each.column) == (last, right):
            sheet.write_string(first, each.column, each.head.text, style)
        else:
            sheet.merge_range(first, each.column, last, right, each.head.text, style)
    body = top + len(table.head)
    if any(head.upright for row in table.head for head in row):
        sheet.set_row(body - 1, 140)
    for number, row in enumerate(table.rows):
        for place, cell in enumerate(row):
            _write(sheet, body + number, place, cell, styles.strong if number in table.strong else styles.plain, styles)
    for place, column in enumerate(table.columns):
        longest = max((len(row[place].text) for row in table.rows), default=0)
        sheet.set_column(place, place, min(48, max(longest + 1, 6 if column.align == "right" else 10)))
    sheet.freeze_panes(body, 1)
    if len(table.head) == 1 and table.rows:
        sheet.autofilter(body - 1, 0, body - 1 + len(table.rows), len(table.columns) - 1)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if table.landscape:
        sheet.set_landscape()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format, styles: _Styles) -> None:
    value = cell.value
    if isinstance(value, str) or value is None:
        sheet.write_string(row, column, value or cell.text, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles.day)
    else:
        sheet.write_number(row, column, value, styles.percent if cell.text.endswith("%") else style)
