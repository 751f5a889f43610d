from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from posyandu.reports.table import Cell, Column, Head, PersonRef, Table, import_rows, placed, plain_head

COLUMNS = (Column("month", "Bulan"), Column("came", "Datang", "right"), Column("absent", "Tidak datang", "right"))
HEAD = ((Head("Bulan", rows=2), Head("Balita", columns=2)), (Head("Datang"), Head("Tidak datang")))
ROW = (Cell("Januari"), Cell("12", 12), Cell("3", 3))


def table(head: tuple[tuple[Head, ...], ...] = HEAD, rows: tuple[tuple[Cell, ...], ...] = (ROW,)) -> Table:
    return Table("uji", "Uji", COLUMNS, head, rows)


def test_head_cells_take_the_first_free_place_as_on_a_web_page() -> None:
    assert [(each.head.text, each.row, each.column) for each in placed(table())] == [
        ("Bulan", 0, 0),
        ("Balita", 0, 1),
        ("Datang", 1, 1),
        ("Tidak datang", 1, 2),
    ]


def test_a_plain_head_repeats_the_column_titles() -> None:
    assert [head.text for head in plain_head(COLUMNS)[0]] == ["Bulan", "Datang", "Tidak datang"]


def test_a_cell_is_found_by_row_and_column_name() -> None:
    assert table().cell(0, "absent").value == 3


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="rows \\[0\\]"):
        table(rows=(ROW[:2],))


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        (((Head("Bulan"), Head("Balita")),), "does not cover"),
        (((Head("Bulan", rows=2), Head("Balita", columns=2)), (Head("Datang", columns=3),)), "does not cover"),
        (
            (
                (Head("A", rows=2), Head("B", columns=2)),
                (Head("C"),),
            ),
            "does not cover",
        ),
        (((Head("A"), Head("B", rows=2), Head("C")), (Head("D", columns=2), Head("E"))), "overlaps"),
        (((Head("A", rows=2), Head("B")),), "reaches outside"),
    ],
)
def test_a_head_whose_spans_do_not_fit_is_refused(head: tuple[tuple[Head, ...], ...], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        table(head=head)


def test_a_column_is_found_by_its_name_and_an_unknown_one_is_a_fault() -> None:
    assert [table().column(name) for name in ("month", "came", "absent")] == [0, 1, 2]
    with pytest.raises(StopIteration):
        table().column("unheard_of")


def test_what_a_column_and_a_table_leave_out() -> None:
    column = Column("a", "A")
    assert (column.align, column.width, column.least_mm) == ("left", 1.0, 8.0)
    plain = table()
    assert (plain.subtitle, plain.notes, plain.empty, plain.strong, plain.landscape, plain.row_mm) == (
        "", (), "", frozenset(), False, 0.0,
    )  # fmt: skip
    assert (Head("x").columns, Head("x").rows, Head("x").upright) == (1, 1, False)
    assert (Cell("x").value, Cell("x").people, PersonRef("a", "A").detail) == (None, (), "")


@pytest.mark.parametrize(
    ("cell", "imported"),
    [
        (Cell("9,6", 9.6), 9.6),
        (Cell("0", 0), 0),
        (Cell("5201010507250001", "5201010507250001"), "5201010507250001"),
        (Cell("12-11-2026", date(2026, 11, 12)), "12-11-2026"),
        (Cell("Ya", True), True),
        (Cell("–"), "–"),
        (Cell(""), None),
        (Cell("", ""), None),
    ],
)
def test_other_programs_get_numbers_as_numbers_and_all_else_as_it_stands(cell: Cell, imported: object) -> None:
    columns = (Column("a", "A"),)
    rows = list(import_rows(Table("t", "T", columns, plain_head(columns), ((cell,),))))
    assert rows == [["a"], [imported]]


def test_every_wrong_row_is_named() -> None:
    with pytest.raises(ValueError, match=r"table uji: rows \[0, 2\] do not have 3 cells"):
        table(rows=(ROW[:2], ROW, (*ROW, Cell("x"))))


def test_a_value_in_a_report_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        ROW[0].text = "x"  # type: ignore[misc]
    assert len({Cell("a"), Cell("a"), Cell("b")}) == 2
