import itertools
import re
from dataclasses import replace
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


def test_what_was_said_once_for_many_rows_is_said_again_on_the_next_page() -> None:
    rows = tuple(
        (Cell(f"Hal {n // 40}" if n % 40 == 0 else "", f"Hal {n // 40}"), Cell("satu"), Cell("")) for n in range(120)
    )
    pages = texts(printed(replace(names(0), rows=rows)))
    said = [re.findall(r"Hal \d", page) for page in pages]
    assert sorted({words for page in said for words in page}) == ["Hal 0", "Hal 1", "Hal 2"]
    assert sum(map(len, said)) == 3 + len(pages) - 1, "by its first row, and by the first of each further page"
    assert all(last[-1] == first[0] for last, first in itertools.pairwise(said))


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
    assert len({paper.text_width(digit, paper.REGULAR, 10) for digit in "0123456789"}) == 1


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


def flow(*, landscape: bool = False) -> pdf_table.Flow:
    return pdf_table.start(paper.Document("Uji", "A4"), landscape=landscape)


def words(page: paper.Page) -> list[tuple[float, float, str]]:
    return [(x, y, text) for x, y, text, *_style in page.words]


def test_a_flow_turns_when_too_little_is_left_but_never_on_a_fresh_page() -> None:
    here = flow()
    here.need(10_000)
    assert len(here.document.pages) == 1, "a new page would have no more room"
    here.down(50)
    assert here.fresh, "space at the top of a page is left out"
    here.y -= 100
    here.down(50)
    left = here.room
    here.need(left)
    assert len(here.document.pages) == 1, "what just fits stays"
    here.need(left + 1)
    assert len(here.document.pages) == 2
    assert here.fresh


def test_a_page_turns_to_the_side_it_is_told_and_else_stays_as_it_is() -> None:
    here = flow(landscape=True)
    here.turn()
    assert here.page.width > here.page.height
    here.turn(landscape=False, bookmark="Daftar")
    assert here.page.width < here.page.height
    assert here.page.bookmark == "Daftar"
    assert (here.left, here.right) == (paper.MARGIN, here.page.width - paper.MARGIN)


def test_a_heading_stays_with_what_follows() -> None:
    here = flow()
    here.y = here.bottom + 60
    pdf_table.heading(here, "Judul", keep=50)
    assert len(here.document.pages) == 2
    assert [text for _x, _y, text in words(here.page)] == ["Judul"]
    assert here.document.pages[0].words == []


def test_a_paragraph_goes_on_over_the_end_of_a_page_line_by_line() -> None:
    here = flow()
    here.y = here.bottom + 40
    pdf_table.paragraph(here, " ".join(["kata"] * 400), size=10)
    first, second = (len(words(page)) for page in here.document.pages)
    assert first == 3, "three lines of 12,8 points fit in 40"
    assert second > 3
    assert all(y >= here.bottom for page in here.document.pages for _x, y, _text in words(page))


def test_an_indented_paragraph_is_narrower() -> None:
    plain, indented = flow(), flow()
    text = " ".join(["kata"] * 200)
    pdf_table.paragraph(plain, text)
    pdf_table.paragraph(indented, text, indent=100)
    assert {x for x, _y, _text in words(indented.page)} == {paper.MARGIN + 100}
    assert len(words(indented.page)) > len(words(plain.page))


def body(table: Table) -> paper.Page:
    here = flow()
    pdf_table.add_table(here, table, title=False)
    return here.page


def test_cells_stand_left_right_or_in_the_middle_of_their_column() -> None:
    columns = (Column("a", "A", "left"), Column("b", "B", "right"), Column("c", "C", "center"))
    page = body(Table("t", "T", columns, plain_head(columns), ((Cell("kiri"), Cell("12", 12), Cell("Y")),)))
    layout = pdf_table.fit(
        Table("t", "T", columns, plain_head(columns), ((Cell("kiri"), Cell("12"), Cell("Y")),)), flow().width
    )
    at = {text: x for x, _y, text in words(page)}
    edges = [paper.MARGIN + edge for edge in layout.edges]
    assert at["kiri"] == pytest.approx(edges[0] + pdf_table.PAD)
    assert at["12"] + paper.text_width("12", paper.REGULAR, layout.size) == pytest.approx(edges[2] - pdf_table.PAD)
    middle = at["Y"] + paper.text_width("Y", paper.REGULAR, layout.size) / 2
    assert middle == pytest.approx((edges[2] + edges[3]) / 2)


def test_a_zero_is_faint_and_a_strong_row_is_bold_under_a_line() -> None:
    columns = (Column("a", "A"), Column("b", "B", "right"))
    rows = ((Cell("satu"), Cell("0", 0)), (Cell("dua"), Cell("5", 5)))
    page = body(Table("t", "T", columns, plain_head(columns), rows, strong=frozenset((1,))))
    style = {text: (font, colour) for _x, _y, text, font, _size, colour in page.words}
    assert style["0"] == (paper.REGULAR, pdf_table.FAINT)
    assert style["5"] == (paper.BOLD, paper.INK)
    assert style["satu"] == (paper.REGULAR, paper.INK)


def test_rows_to_write_in_are_as_high_as_asked_and_a_long_text_makes_its_row_higher() -> None:
    columns = (Column("a", "A"),)
    rows = ((Cell("x"),), (Cell("y"),), (Cell("kata " * 200),))
    page = body(Table("t", "T", columns, plain_head(columns), rows, row_mm=12))
    lines = sorted({y0 for x0, y0, x1, y1, *_style in page.strokes if y0 == y1}, reverse=True)
    heights = [before - after for before, after in zip(lines, lines[1:], strict=False)]
    assert heights.count(pytest.approx(12 * paper.MM)) == 2
    assert max(heights) > 12 * paper.MM


def heights_of(page: paper.Page) -> list[float]:
    """The heights of the rows of a page below their head, from the top."""
    lines = sorted({y0 for x0, y0, x1, y1, *_style in page.strokes if y0 == y1}, reverse=True)
    return [before - after for before, after in zip(lines, lines[1:], strict=False)]


@pytest.mark.parametrize("air", [1.0, *pdf_table.AIRS])
def test_a_row_for_a_name_to_be_written_in_is_high_enough_for_a_hand_however_tight_the_others_are(air: float) -> None:
    columns = (Column("no", "No", "right"), Column("name", "Nama"))
    rows = ((Cell("1", 1), Cell("Siti")), (Cell("2"), Cell("")), (Cell("3"), Cell("")))
    here = flow()
    here.air = air
    pdf_table.add_table(here, Table("t", "T", columns, plain_head(columns), rows))
    typed, *spare = heights_of(here.page)[-3:]
    assert typed < 7 * paper.MM
    assert spare == [pytest.approx(7 * paper.MM)] * 2


@pytest.mark.parametrize(("asked", "high"), [(12, 9.6), (8, 7), (7.5, 7), (7, 7), (6, 4.8)])
def test_rows_asked_to_be_written_in_keep_what_a_hand_needs_when_the_table_is_set_tight(
    asked: float, high: float
) -> None:
    columns = (Column("a", "A"),)
    here = flow()
    here.air = pdf_table.AIRS[-1]
    pdf_table.add_table(here, Table("t", "T", columns, plain_head(columns), ((Cell("x"),),), row_mm=asked))
    assert heights_of(here.page)[-1] == pytest.approx(high * paper.MM)


@pytest.mark.parametrize("rows", range(40, 52))
def test_the_last_row_never_stands_alone_on_a_page(rows: int) -> None:
    here = flow()
    pdf_table.add_table(here, names(rows, "Siti"))
    last = here.document.pages[-1]
    told = [text for _x, _y, text in words(last) if text.startswith("Siti")]
    assert len(told) != 1 or len(here.document.pages) == 1


def rows_by_page(table: Table, *, used: float = 0, closing: float = 0, landscape: bool = False) -> list[int]:
    """How many rows of the table stand on each page when so much of the first is used before it."""
    here = flow(landscape=landscape)
    here.y -= used
    pdf_table.add_table(here, table, closing=closing)
    pages = [sum(text.startswith("Siti") for _x, _y, text in words(page)) for page in here.document.pages]
    assert sum(pages) == len(table.rows)
    return pages


@pytest.mark.parametrize("used", [0, 80, 300])
@pytest.mark.parametrize("closing", [0, 120])
def test_no_table_leaves_a_few_rows_for_its_last_page_that_would_have_found_room_before(
    used: float, closing: float
) -> None:
    for rows in range(2, 110):
        table = names(rows, "Siti")
        pages = rows_by_page(table, used=used, closing=closing)
        loose = pdf_table.fit(table, flow().width)
        if len(pages) == 1 or not pages[0] and len(pages) == 2:
            continue
        if closing:
            assert pages[-1] >= min(pdf_table.KEEP, rows - 2), (rows, pages)
        else:
            assert pages[-1] >= 2, (rows, pages)
        if pages[-1] < pdf_table.KEEP:
            tight = replace(loose, air=pdf_table.AIRS[-1])
            height = sum(pdf_table._row_heights(table, tight)) + (len(pages) - 1) * (tight.head_height + 12)
            assert height + used > (len(pages) - 1) * (flow().room - 40), (rows, pages)


def test_a_short_table_begins_a_page_rather_than_part_low_on_one() -> None:
    assert rows_by_page(names(5, "Siti"), used=640) == [0, 5]
    assert rows_by_page(names(40, "Siti"), used=640)[0] > 0


def test_tables_of_one_kind_stand_in_line() -> None:
    short, long = names(2, "Ani"), names(2)
    alone = pdf_table.fit(short, 500)
    together = pdf_table.fit(short, 500, [long])
    assert together.edges == pdf_table.fit(long, 500, [short]).edges
    assert alone.edges != together.edges


def test_a_spanning_head_gives_its_columns_the_room_its_longest_word_needs() -> None:
    columns = (Column("a", "A"), Column("b", "B"), Column("c", "C", width=20))
    head = ((Head("Muhammadiyahpermanently", columns=2), Head("C", rows=2)), (Head("A"), Head("B")))
    layout = pdf_table.fit(Table("t", "T", columns, head, ((Cell("x"), Cell("y"), Cell("z")),)), 400)
    need = paper.longest_word("Muhammadiyahpermanently", paper.BOLD, layout.size - 0.5)
    assert layout.edges[2] >= need


def test_notes_stand_below_and_an_empty_table_without_a_sentence_says_none() -> None:
    assert "Tidak ada." in [text for _x, _y, text in words(body(Table("t", "T", COLUMNS, plain_head(COLUMNS), ())))]
    page = body(names(2))
    heights = {text: y for _x, y, text in words(page)}
    assert heights["Catatan."] < min(y for text, y in heights.items() if text.startswith("Tidak naik"))
