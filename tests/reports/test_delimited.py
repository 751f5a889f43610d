import csv
from datetime import date
from io import StringIO

import pytest

from posyandu.reports import delimited
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import Cell, Column, Table, plain_head


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_there_is_a_file_for_each_table(report: MonthlyReport) -> None:
    assert list(delimited.csv_files(report)) == [
        "skdn.csv",
        "indikator.csv",
        "balok.csv",
        "rekap_balita.csv",
        "rekap_bumil.csv",
        "daftar_anak.csv",
        "daftar_bumil.csv",
    ]


def test_skdn_read_back_has_the_same_numbers_under_stable_names(report: MonthlyReport) -> None:
    head, *rows = read(delimited.csv_files(report)["skdn.csv"])
    assert head[:4] == ["code", "item", "0_5_male", "0_5_female"]
    assert head[-1] == "total"
    assert [row[-1] for row in rows] == [str(row[-1].value) for row in report.skdn.rows]


def test_shares_are_plain_numbers_with_a_point(report: MonthlyReport) -> None:
    head, *rows = read(delimited.csv_files(report)["indikator.csv"])
    for row, printed in zip(rows, report.shares.rows, strict=True):
        assert float(row[head.index("value")]) == pytest.approx(printed[4].value, rel=1e-5)


def test_excel_is_told_that_it_is_utf_8(report: MonthlyReport) -> None:
    assert all(content.startswith(b"\xef\xbb\xbf") for content in delimited.csv_files(report).values())


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (Cell("12-11-2026", date(2026, 11, 12)), "2026-11-12"),
        (Cell("83,3%", 5 / 6), "0.833333"),
        (Cell("1.234", 1234), "1234"),
        (Cell("−5", -5), "-5"),
        (Cell("–", None), "–"),
        (Cell("", None), ""),
        (Cell("Siti, Aisyah", "Siti, Aisyah"), "Siti, Aisyah"),
        (Cell("=HYPERLINK()", "=HYPERLINK()"), "'=HYPERLINK()"),
        (Cell("+62810", None), "'+62810"),
        (Cell("@nama", "@nama"), "'@nama"),
    ],
)
def test_a_cell_is_written_for_programs_and_never_as_a_formula(cell: Cell, written: str) -> None:
    columns = (Column("a", "A"),)
    table = Table("uji", "Uji", columns, plain_head(columns), ((cell,),))
    assert read(delimited.csv_bytes(table)) == [["a"], [written]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-1_234_567, "-1234567"),
        (0.5, "0.5"),
        (1 / 3, "0.333333"),
        (100.0, "100"),
        ("dua\nbaris", "dua\nbaris"),
        ('kata "kutip"', 'kata "kutip"'),
        ("-5", "'-5"),
        ("\tx", "'\tx"),
        ("Ñame, Łucja", "Ñame, Łucja"),
    ],
)
def test_any_value_reads_back_as_programs_expect_it(value: object, written: str) -> None:
    columns = (Column("a", "A"),)
    table = Table("uji", "Uji", columns, plain_head(columns), ((Cell("x", value),),))  # type: ignore[arg-type]
    assert read(delimited.csv_bytes(table)) == [["a"], [written]]


def test_lines_end_as_windows_has_them_and_an_empty_table_has_its_head() -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    assert delimited.csv_bytes(Table("uji", "Uji", columns, plain_head(columns), ())) == b"\xef\xbb\xbfa,b\r\n"
