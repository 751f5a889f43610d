from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from posyandu.reports import spreadsheet
from posyandu.reports.lists import joined_lists
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import Cell, Column, Table, plain_head


@pytest.fixture(scope="module")
def book(report: MonthlyReport) -> Workbook:
    return openpyxl.load_workbook(BytesIO(spreadsheet.workbook(report)))


def test_every_table_is_a_sheet_of_typed_cells_with_the_same_values(book: Workbook, report: MonthlyReport) -> None:
    for table in (*report.tables, *joined_lists(report.lists)):
        sheet = book[table.code.replace("_", " ").capitalize()]
        assert sheet.cell(1, 1).value == table.title
        top = 3 + len(table.head)
        for number, row in enumerate(table.rows):
            for place, cell in enumerate(row):
                found = sheet.cell(top + number, place + 1).value
                expected = cell.text if cell.value is None else cell.value
                if isinstance(expected, float):
                    assert found == pytest.approx(expected)
                else:
                    assert ("" if found is None else found) == expected, (table.code, number)


def test_the_head_is_merged_as_on_paper(book: Workbook) -> None:
    merged = {str(area) for area in book["Rekap bumil"].merged_cells.ranges}
    assert {"A3:A4", "B3:C3", "D3:E3"} <= merged


def test_the_summary_holds_place_code_and_checks(book: Workbook, report: MonthlyReport) -> None:
    rows = [tuple(cell.value for cell in row) for row in book["Ringkasan"].iter_rows(max_col=2)]
    assert ("Kode dokumen", report.code) in rows
    assert ("Posyandu", "Melati 1") in rows
    for check in report.checks:
        assert ("Cocok" if check.ok else "Periksa", check.sentence) in rows


def test_the_same_report_gives_the_same_bytes(report: MonthlyReport) -> None:
    assert spreadsheet.workbook(report) == spreadsheet.workbook(report)


def test_a_name_that_looks_like_a_formula_or_a_link_stays_text(report: MonthlyReport) -> None:
    columns = (Column("name", "Nama"), Column("on", "Tanggal"), Column("note", "Catatan"))
    row = (Cell("=1+1", "=1+1"), Cell("12-11-2026", date(2026, 11, 12)), Cell("http://contoh"))
    lists = (Table("uji", "Uji", columns, plain_head(columns), (row,)),)
    sheet = openpyxl.load_workbook(BytesIO(spreadsheet.workbook(replace(report, lists=lists))))["Daftar anak"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")
    assert sheet["C4"].value.date() == date(2026, 11, 12)  # type: ignore[union-attr]
    assert sheet["D4"].hyperlink is None
