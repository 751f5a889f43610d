"""The report as CSV: one file per table, for other programs.

UTF-8 with a byte order mark (Excel reads accents only with it), commas, numbers with a point and dates as
2026-11-12: what programs agree on. People who want a spreadsheet take the XLSX. A text that a spreadsheet would run
as a formula gets an apostrophe in front.
"""

import csv
from datetime import date
from io import StringIO

from posyandu.reports.lists import joined_lists
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_files(report: MonthlyReport | Sheet) -> dict[str, bytes]:
    """The content of each file by its name: "skdn.csv", "rekap_balita.csv", ..."""
    return {f"{table.code}.csv": csv_bytes(table) for table in (*report.tables, *joined_lists(report.lists))}


def csv_bytes(table: Table) -> bytes:
    """One table: a first line with the columns' stable names, then the rows."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int):
        return str(value)
    text = cell.text if value is None else value
    return f"'{text}" if text.startswith(FORMULA) else text
