from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from posyandu.reports import spreadsheet
from posyandu.reports.lists import joined_lists
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
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


def imported(*rows: tuple[Cell, ...]) -> Workbook:
    columns = (Column("nik", "NIK"), Column("kg", "Berat", "right"))
    table = Table("uji", "Uji", columns, plain_head(columns), rows)
    return openpyxl.load_workbook(BytesIO(spreadsheet.import_sheet("Sheet1", table)))


def test_an_import_sheet_has_one_tab_with_the_names_of_the_columns_and_nothing_else() -> None:
    book = imported((Cell("5201010507250001", "5201010507250001"), Cell("9,6", 9.6)), (Cell("", None), Cell("", None)))
    assert book.sheetnames == ["Sheet1"]
    sheet = book["Sheet1"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=3)] == [
        ["nik", "kg"],
        ["5201010507250001", 9.6],
        [None, None],
    ]
    assert (sheet["A2"].number_format, sheet["A2"].data_type) == ("@", "s"), "a NIK keeps its digits"
    assert sheet.freeze_panes == "A2"


def styled(*rows: tuple[Cell, ...], **more: object) -> openpyxl.worksheet.worksheet.Worksheet:
    columns = (Column("a", "Nama"), Column("b", "Hasil", "right"))
    table = Table("tabel_uji", "Uji", columns, plain_head(columns), rows, **more)  # type: ignore[arg-type]
    report = replace_tables(table)
    return openpyxl.load_workbook(BytesIO(spreadsheet.workbook(report)))["Tabel uji"]


def replace_tables(table: Table) -> Sheet:
    return Sheet("uji", "Uji", "2026", "2026", (("Posyandu", "Melati"),), (table,), (), (), (), "K1")


def test_shares_days_and_strong_rows_have_their_formats() -> None:
    sheet = styled(
        (Cell("D/S"), Cell("80,0%", 0.8)),
        (Cell("12-11-2026", date(2026, 11, 12)), Cell("5", 5)),
        (Cell("Jumlah"), Cell("6", 6)),
        strong=frozenset((2,)),
    )
    assert (sheet["B4"].value, sheet["B4"].number_format) == (0.8, "0.0%")
    assert sheet["A5"].number_format == "dd-mm-yyyy"
    assert (sheet["B5"].font.b, sheet["B6"].font.b) == (False, True)


def test_the_head_stays_in_view_and_a_list_can_be_filtered() -> None:
    sheet = styled((Cell("a"), Cell("1", 1)), landscape=True)
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:B4"
    assert sheet.page_setup.orientation == "landscape"
    empty = styled()
    assert empty.auto_filter.ref is None
    assert empty.page_setup.orientation != "landscape"


def test_a_column_is_as_wide_as_its_longest_text_within_bounds() -> None:
    sheet = styled((Cell("x" * 200), Cell("1", 1)), (Cell("y"), Cell("12", 12)))
    assert sheet.column_dimensions["A"].width == pytest.approx(48, abs=1)
    assert sheet.column_dimensions["B"].width == pytest.approx(6, abs=1)
