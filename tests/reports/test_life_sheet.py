"""The recaps of school age and of adults as sheets: the year in the head, and sasaran = datang + tidak datang."""

from dataclasses import replace

import pytest

from posyandu.reports import life_sheet
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head

COLUMNS = (
    Column("month", "Bulan"),
    Column("targets_male", "Sasaran L"),
    Column("targets_female", "Sasaran P"),
    Column("came_male", "Datang"),
    Column("absent_male", "Tidak datang"),
)


def recap(*rows: tuple[str, int, int, int, int]) -> Table:
    cells = tuple((Cell(month), *(Cell(str(n), n) for n in numbers)) for month, *numbers in rows)
    return Table("rekap", "Rekap", COLUMNS, plain_head(COLUMNS), cells)


@pytest.mark.parametrize(
    ("rows", "ok", "sentence"),
    [
        ((("Januari", 3, 2, 4, 1),), True, "Sasaran = datang + tidak datang di setiap bulan."),
        ((), True, "Sasaran = datang + tidak datang di setiap bulan."),
        (
            (("Januari", 3, 2, 4, 0), ("Februari", 1, 1, 1, 1), ("Maret", 0, 0, 1, 0)),
            False,
            "Sasaran tidak sama dengan datang dan tidak datang: Januari, Maret.",
        ),
    ],
)
def test_a_month_that_does_not_add_up_is_named(
    rows: tuple[tuple[str, int, int, int, int], ...], ok: bool, sentence: str
) -> None:
    (check,) = life_sheet._adds_up(recap(*rows))
    assert (check.ok, check.sentence) == (ok, sentence)


def test_who_is_awaited_but_neither_came_nor_stayed_away_is_named_once() -> None:
    ayu, budi, citra = (PersonRef(id_, id_.title()) for id_ in ("ayu", "budi", "citra"))
    rows = [
        (Cell(month), Cell("2", 2, (ayu, budi)), Cell("0", 0), Cell("1", 1, (ayu,)), Cell(str(n), n, absent))
        for month, n, absent in (("Januari", 0, ()), ("Februari", 1, (budi,)), ("Maret", 2, (budi, citra)))
    ]
    (check,) = life_sheet._adds_up(replace(recap(), rows=tuple(rows)))
    assert (check.ok, check.people) == (False, (budi, citra))
    assert check.sentence.endswith("Januari, Maret.")


def test_a_month_to_come_is_blank_and_adds_up() -> None:
    blank = replace(recap(), rows=((Cell("Desember"), Cell(""), Cell(""), Cell(""), Cell("")),))
    (check,) = life_sheet._adds_up(blank)
    assert check.ok


@pytest.mark.parametrize("code", life_sheet.RECAPS)
def test_a_recap_is_of_a_year_and_has_no_day_in_its_head(data: MonthlyData, code: str) -> None:
    sheet = life_sheet.recap_sheet(code, data)
    head = dict(sheet.head)
    assert (sheet.period, head["Tahun"]) == ("2026", "2026")
    assert not {"Bulan", "Hari buka", "Kader hadir"} & set(head)
    assert sheet.checks[0].ok
    assert [each.role for each in sheet.signatures] == ["Bidan desa", "Koordinator kader"]


def test_an_unknown_recap_is_a_fault(data: MonthlyData) -> None:
    with pytest.raises(KeyError):
        life_sheet.recap_sheet("rekap_hewan", data)
