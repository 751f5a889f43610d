import pytest

from posyandu.reports.table import Cell, Column, Head, Table, placed, plain_head

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
