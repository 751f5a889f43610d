"""Pages, lines and words: what fits is kept whole, what does not is broken where a reader would break it."""

from io import BytesIO

import pypdfium2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posyandu.reports import paper
from posyandu.reports.paper import BOLD, MM, REGULAR, Document, Page


def width_of(text: str, size: float = 8) -> float:
    return paper.text_width(text, REGULAR, size)


def printed(document: Document) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(document.to_bytes()))]


@pytest.mark.parametrize(("name", "wide", "tall"), [("A4", 210, 297), ("F4", 210, 330), ("A5", 148, 210)])
def test_the_sheets_that_offices_buy(name: paper.PaperName, wide: float, tall: float) -> None:
    upright, lying = Document("x", name).page(), Document("x", name).page(landscape=True)
    assert (upright.width / MM, upright.height / MM) == (pytest.approx(wide), pytest.approx(tall))
    assert (lying.width, lying.height) == (upright.height, upright.width)


def test_pages_are_numbered_when_their_number_is_known_and_have_the_foot_of_their_time() -> None:
    document = Document("Uji", "A4", foot="Melati", code="Kode 1")
    document.page()
    document.foot, document.code = "Mawar", ""
    document.page()
    first, second = printed(document)
    assert "Kode 1 · Halaman 1 dari 2" in first
    assert "Melati" in first
    assert "Halaman 2 dari 2" in second
    assert "Kode" not in second
    assert "Mawar" in second


def test_a_slip_has_no_foot() -> None:
    document = Document("Uji", "A5", foot="Melati", footed=False)
    document.page().write(50, 50, "isi")
    assert printed(document) == ["isi"]


def test_a_foot_longer_than_its_room_ends_with_an_ellipsis_and_leaves_the_number() -> None:
    document = Document("Uji", "A5", foot="Posyandu Melati di Dusun Gubuk Timur " * 6, code="Kode 12")
    document.page()
    (text,) = printed(document)
    assert "Kode 12 · Halaman 1 dari 1" in text
    assert "…" in text


@pytest.mark.parametrize(("align", "shift"), [("left", 0.0), ("right", 1.0), ("center", 0.5)])
def test_words_stand_left_right_or_in_the_middle_of_their_place(align: paper.Align, shift: float) -> None:
    page = Page(100, 100)
    page.write(60, 20, "Siti Aisyah", 8, align=align)
    ((x, y, text, *_rest),) = page.words
    assert (x, y, text) == (pytest.approx(60 - shift * width_of("Siti Aisyah")), 20, "Siti Aisyah")


def test_nothing_is_written_where_there_is_nothing_to_say() -> None:
    page = Page(100, 100)
    page.write(1, 1, "")
    assert page.words == []


def test_a_box_is_its_four_sides() -> None:
    page = Page(100, 100)
    page.box(10, 20, 30, 40, 0.7, 0.3)
    ends = {frozenset(((x0, y0), (x1, y1))) for x0, y0, x1, y1, _width, _colour in page.strokes}
    corners = [(10, 20), (40, 20), (40, 60), (10, 60)]
    assert ends == {frozenset((corners[n], corners[(n + 1) % 4])) for n in range(4)}
    assert {(width, colour) for *_ends, width, colour in page.strokes} == {(0.7, 0.3)}


@pytest.mark.parametrize(
    ("text", "fits", "shown"),
    [
        ("Siti Aisyah", "Siti Aisyah", "Siti Aisyah"),
        ("Siti Aisyah", "Siti Ai…", "Siti Ai…"),
        ("Siti Aisyah", "Siti…", "Siti…"),
        ("Siti Aisyah", "", "…"),
    ],
)
def test_what_is_too_long_ends_with_an_ellipsis_and_no_space_before_it(text: str, fits: str, shown: str) -> None:
    assert paper.shortened(text, REGULAR, 8, width_of(fits)) == shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Berat badan 9,6 kg dan panjang 76,4 cm", ("Berat badan", "9,6 kg dan", "panjang", "76,4 cm")),
        ("Dusun Timur RT 01 RW 02", ("Dusun Timur", "RT 01 RW 02")),
        ("umurnya kini 16 bulan", ("umurnya kini", "16 bulan")),
        ("TD 120/80 mmHg", ("TD", "120/80 mmHg")),
    ],
)
def test_a_number_stays_with_its_unit_and_rt_with_its_number(text: str, lines: tuple[str, ...]) -> None:
    assert paper.wrap(text, REGULAR, 8, width_of("Berat badan 10")) == lines


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Purnama: ≥ 50%", "≥ 50%"),
        ("Madya: ≥ 8 hari", "≥ 8 hari"),
        ("Turun 300 gram, target naik 200 gram", "200 gram"),
        ("4,0 kader pada 6 hari buka", "6 hari"),
        ("Terlambat: OPV 1, PCV 2, DPT-HB-Hib 4", "PCV 2,"),
        ("Terlambat: OPV 1, PCV 2, DPT-HB-Hib 4", "DPT-HB-Hib 4"),
        ("Vitamin A II", "A II"),
        ("Lebih (P >80, L >90), 15 tahun ke atas", "(P >80,"),
    ],
)
@pytest.mark.parametrize("wide", range(30, 130, 7))
def test_no_line_ends_between_a_sign_a_dose_or_what_is_counted_and_its_number(text: str, kept: str, wide: int) -> None:
    lines = paper.wrap(text, REGULAR, 8, max(float(wide), width_of(kept) + 0.1))
    assert any(kept in line for line in lines)


@pytest.mark.parametrize(("text", "pieces"), [("setiap hari", 2), ("Juknis ILP 2023", 3), ("pada orang dewasa", 3)])
def test_words_that_count_nothing_part_as_others_do(text: str, pieces: int) -> None:
    assert len(paper.wrap(text, REGULAR, 8, paper.longest_word(text, REGULAR, 8) + 0.1)) == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Puskesmas/Pustu", ("Puskesmas/", "Pustu")),
        ("BB/U", ("BB/U",)),
        ("PB/TB", ("PB/TB",)),
        ("120/80", ("120/80",)),
        ("Anak-anak", ("Anak-", "anak")),
        ("abcdefghijk", ("abcdef", "ghijk")),
    ],
)
def test_a_long_word_breaks_after_a_slash_or_hyphen_and_else_where_it_must(text: str, pieces: tuple[str, ...]) -> None:
    lines = paper.wrap(text, REGULAR, 8, max(width_of(piece) for piece in pieces) + 0.1)
    assert "".join(lines) == text
    if text != "abcdefghijk":
        assert lines == pieces
    assert len(lines) == len(pieces)


@example("-1111", 20.0)
@given(st.text(st.sampled_from("abcdefgh /-1 ."), max_size=80), st.floats(20, 200))
def test_wrapping_loses_no_letter_and_never_goes_beyond_the_width(text: str, width: float) -> None:
    lines = paper.wrap(text, REGULAR, 8, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(paper.text_width(line, REGULAR, 8) <= max(width, width_of("h")) + 0.1 for line in lines)


def test_paragraphs_stay_apart_and_an_empty_one_is_an_empty_line() -> None:
    assert paper.wrap("satu\n\ndua", REGULAR, 8, 500) == ("satu", "", "dua")
    assert paper.wrap("", REGULAR, 8, 10) == ("",)


def test_the_longest_word_is_the_widest_part_that_stays_together() -> None:
    assert paper.longest_word("Berat 9,6 kg", REGULAR, 8) == pytest.approx(width_of("9,6 kg"))
    assert paper.longest_word("a 123456789 kg", REGULAR, 8) == pytest.approx(width_of("123456789 kg"))
    assert paper.longest_word("Puskesmas/Pustu", REGULAR, 8) == pytest.approx(width_of("Puskesmas/"))
    assert paper.longest_word("", REGULAR, 8) == 0


def test_widths_grow_with_the_size_and_the_bold_is_wider() -> None:
    assert paper.text_width("Melati", REGULAR, 16) == pytest.approx(2 * paper.text_width("Melati", REGULAR, 8))
    assert paper.text_width("Melati", BOLD, 8) > paper.text_width("Melati", REGULAR, 8)


@pytest.mark.parametrize(
    ("colour", "grey"),
    [((1.0, 1.0, 1.0), 1.0), ((0.0, 0.0, 0.0), 0.0), ((1.0, 0.0, 0.0), 0.299), ((0.0, 1.0, 0.0), 0.587), (0.4, 0.4)],
)
def test_a_black_cartridge_prints_each_colour_as_light_as_it_is(colour: paper.Colour, grey: float) -> None:
    """ITU-R BT.601: red 0,299, green 0,587, blue 0,114."""
    assert paper._grey(colour) == grey


def colours_of(mono: bool) -> set[tuple[int, ...]]:
    document = Document("Uji", "A5", footed=False, mono=mono)
    page = document.page()
    page.fill(50, 50, 100, 100, (0.9, 0.1, 0.1))
    page.stroke(50, 200, 300, 200, 5, (0.1, 0.1, 0.9))
    page.draw(lambda canvas: (canvas.setFillColorRGB(0.1, 0.8, 0.1), canvas.rect(200, 50, 50, 50, stroke=0, fill=1)))
    page.draw(lambda canvas: (paper.stroke_colour(canvas, (0.8, 0.8, 0.1)), canvas.line(50, 300, 300, 300)))
    page.draw(lambda canvas: (paper.stroke_colour(canvas, 0.5), canvas.line(50, 310, 300, 310)))
    image = pypdfium2.PdfDocument(BytesIO(document.to_bytes()))[0].render(scale=0.5).to_pil().convert("RGB")
    return {colour for _count, colour in image.getcolors(100_000)}


def test_mono_prints_no_colour_at_all_and_colour_does() -> None:
    assert all(max(colour) - min(colour) <= 2 for colour in colours_of(mono=True))
    assert any(max(colour) - min(colour) > 100 for colour in colours_of(mono=False))


@pytest.mark.parametrize("text", ["(kurung)", "garis \\ miring", "“kutip” – tanda…", "Łucja Ñ é", "5 > 3 & 2 < 4"])
def test_every_letter_of_a_name_comes_out_as_it_was_written(text: str) -> None:
    document = Document(text, "A5", footed=False)
    document.page(bookmark=text).write(20, 50, text)
    assert printed(document) == [text]
    assert pypdfium2.PdfDocument(BytesIO(document.to_bytes())).get_metadata_dict()["Title"] == text


def test_bookmarks_lead_to_their_pages() -> None:
    document = Document("Uji", "A4")
    for name in ("SKDN", "", "Balok"):
        document.page(bookmark=name)
    toc = list(pypdfium2.PdfDocument(BytesIO(document.to_bytes())).get_toc())
    assert [(entry.get_title(), entry.get_dest().get_index()) for entry in toc] == [("SKDN", 0), ("Balok", 2)]
