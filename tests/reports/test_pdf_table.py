from io import BytesIO

import pypdfium2
import pytest

from posyandu.reports import paper, pdf_table
from posyandu.reports.table import Cell, Column, Head, Table, plain_head

COLUMNS = (Column("no", "No", "right", 0.2), Column("name", "Nama", width=3), Column("why", "Keterangan", width=3))
LONG = "Muhammad Al Fatih Ramadhan Putra Wijaya Kusuma Ningrat Hadiwinata"


def names(count: int, name: str = LONG) -> Table:
    rows = tuple(
        (Cell(str(n), n), Cell(f"{name} {n}"), Cell("Tidak naik dua bulan berturut-turut")) for n in range(count)
    )
    return Table("uji", "Daftar nama", COLUMNS, plain_head(COLUMNS), rows, empty="Tidak ada anak.", notes=("Catatan.",))


def wide(columns: int) -> Table:
    many = tuple(Column(f"c{number}", f"Kolom {number}", "right") for number in range(columns))
    head = (
        (Head("Semua", columns=columns),),
        tuple(Head("(Sangat) pendek/tinggi melebihi normal", upright=True) for _number in many),
    )
    return Table("lebar", "Lebar", many, head, (tuple(Cell(str(number)) for number in range(columns)),), landscape=True)


def printed(table: Table, size: paper.PaperName = "A4", *, landscape: bool = False) -> pypdfium2.PdfDocument:
    document = paper.Document("Uji", size, "Posyandu Uji", "Kode 1234")
    pdf_table.add_table(pdf_table.start(document, landscape=landscape), table)
    return pypdfium2.PdfDocument(BytesIO(document.to_bytes()))


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in document]


def test_a_long_list_runs_over_pages_with_its_head_and_page_numbers() -> None:
    pages = texts(printed(names(120)))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "Keterangan" in page
        assert f"Halaman {number} dari {len(pages)}" in page
    assert "Daftar nama (lanjutan)" in pages[1]
    assert "Catatan." in pages[-1]


def test_every_word_of_a_long_list_is_on_the_paper() -> None:
    words = " ".join(texts(printed(names(60)))).replace("\r\n", " ")
    assert all(f"Hadiwinata {number}" in words for number in range(60))


def test_an_empty_list_prints_its_sentence() -> None:
    assert "Tidak ada anak." in texts(printed(names(0)))[0]


@pytest.mark.parametrize("size", ["A4", "F4"])
@pytest.mark.parametrize("columns", [3, 12, 36])
def test_columns_fill_the_page_exactly_and_never_leave_it(size: paper.PaperName, columns: int) -> None:
    width = paper.SIZES[size][1] - 2 * paper.MARGIN
    layout = pdf_table.fit(wide(columns), width)
    assert layout.edges[-1] == pytest.approx(width)
    assert min(after - before for before, after in zip(layout.edges, layout.edges[1:], strict=False)) > 6 * paper.MM


def test_nothing_is_written_outside_the_margins() -> None:
    for page in printed(names(70)):
        width, height = page.get_size()
        text = page.get_textpage()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            assert left >= paper.MARGIN - 1
            assert right <= width - paper.MARGIN + 1
            assert bottom >= 8 * paper.MM
            assert top <= height - paper.MARGIN + 3


def test_a_word_longer_than_its_column_is_broken_not_clipped() -> None:
    lines = paper.wrap("A" * 200, paper.REGULAR, 8, 100)
    assert "".join(lines) == "A" * 200
    assert all(paper.text_width(line, paper.REGULAR, 8) <= 100 for line in lines)


def test_words_break_after_a_slash_first() -> None:
    lines = paper.wrap("Puskesmas/Pustu", paper.REGULAR, 8, paper.text_width("Puskesmas/Pu", paper.REGULAR, 8))
    assert lines == ("Puskesmas/", "Pustu")


def test_lines_of_a_paragraph_are_kept() -> None:
    assert paper.wrap("satu\ndua tiga", paper.REGULAR, 8, 500) == ("satu", "dua tiga")


def test_figures_have_equal_width_so_that_columns_stand_in_line() -> None:
    assert len({paper.text_width(digit, font, 10) for digit in "0123456789" for font in (paper.REGULAR,)}) == 1


def test_the_same_pages_have_the_same_bytes() -> None:
    def once() -> bytes:
        document = paper.Document("Uji", "F4", "Posyandu", "Kode")
        pdf_table.add_table(pdf_table.start(document), names(30))
        return document.to_bytes()

    assert once() == once()


def test_a_table_too_wide_for_any_type_is_crowded_but_inside_the_page() -> None:
    layout = pdf_table.fit(wide(90), 180 * paper.MM)
    assert layout.size == pdf_table.SIZES[-1]
    assert layout.edges[-1] == pytest.approx(180 * paper.MM)
