"""Balok SKDN and the curve on paper: every bar, tick and name where its number puts it."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from posyandu import paths
from posyandu.domain import growth
from posyandu.domain.calendar import Month
from posyandu.reports import growth_chart, pdf_charts
from posyandu.reports.growth_chart import Measured
from posyandu.reports.paper import Document, Page
from posyandu.reports.pdf_charts import BARS, Bar, Frame
from posyandu.reports.skdn import Balok, Bars

TABLES = growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())
BORN = date(2025, 3, 5)
FRAME = Frame(40, 40, 760, 500)
EMPTY = tuple(Bars(Month(2026, number)) for number in range(1, 13))


def year(*told: Bars, boxes: int = 50, per_box: int = 1) -> Balok:
    by_month = {each.month: each for each in told}
    return Balok(2026, tuple(by_month.get(each.month, each) for each in EMPTY), boxes, per_box)


def bars(month: int = 1, s: int = 40, k: int = 38, d: int = 30, n: int = 20, **more: float | None) -> Bars:
    return Bars(Month(2026, month), s, k, d, n, **{"t": 8, "bgm": 2, "success": 0.714, **more})  # type: ignore[arg-type]


def drawn(balok: Balok) -> Page:
    page = Document("Uji", "A4").page(landscape=True)
    pdf_charts.draw_balok(page, FRAME, balok)
    return page


def words(page: Page) -> list[str]:
    return [text for _x, _y, text, *_rest in page.words]


def place(page: Page, text: str) -> tuple[float, float]:
    return next((x, y) for x, y, each, *_rest in page.words if each == text)


def test_a_frame_knows_its_edges() -> None:
    assert (FRAME.right, FRAME.top) == (800, 540)


def test_the_figures_of_a_month_stand_below_it_and_the_letters_above_the_bars() -> None:
    found = words(drawn(year(bars())))
    assert found.count("Januari") == 1
    for figure in ("40", "38", "30", "20", "71%", "8", "2"):
        assert figure in found
    assert all(label in found for label in ("S", "K", "D", "N", "Jumlah T", "Jumlah BGM"))
    assert "1 kotak = 1 anak" in found


def test_a_month_that_was_not_recorded_has_no_bars_and_no_figures() -> None:
    none, one = drawn(year()), drawn(year(bars()))
    assert len(one.pictures) - len(none.pictures) == 4
    assert words(none).count("S") == 1, "the name of the line alone"
    assert words(one).count("S") == 2


def test_a_past_month_without_a_posyandu_day_says_so_and_a_coming_one_does_not() -> None:
    page = drawn(year(bars(2), bars(4)))
    placed = [(x, text) for x, _y, text, *_rest in page.words if text in ("tidak ada", "hari buka", "dicatat")]
    january, march = (place(page, month)[0] for month in ("Januari", "Maret"))
    lines = ("tidak ada", "hari buka", "dicatat")
    assert placed == [(pytest.approx(x, abs=5), line) for x in (january, march) for line in lines]
    assert not [text for text in words(drawn(year())) if "hari buka" in text]


def test_a_bar_of_none_is_not_drawn_but_its_letter_stands_on_the_ground() -> None:
    full, without = drawn(year(bars())), drawn(year(bars(n=0)))
    assert len(full.pictures) - len(without.pictures) == 1
    assert words(without).count("N") == 2


def test_what_nobody_can_tell_is_a_dash() -> None:
    assert "–" in words(drawn(year(bars(success=None))))


@pytest.mark.parametrize(("boxes", "per_box", "labels"), [(50, 1, 6), (100, 2, 11), (100, 10, 11)])
def test_every_tenth_box_is_named_by_its_children(boxes: int, per_box: int, labels: int) -> None:
    page = drawn(year(boxes=boxes, per_box=per_box))
    found = words(page)
    named = [str(box * per_box) for box in range(0, boxes + 1, 10)]
    assert len(named) == labels
    assert all(each.replace("1000", "1.000") in found for each in named)
    assert f"1 kotak = {per_box} anak" in found
    heights = [place(page, each.replace("1000", "1.000"))[1] for each in named]
    steps = {round(after - before, 3) for before, after in zip(heights, heights[1:], strict=False)}
    assert len(steps) == 1


def test_months_stand_side_by_side_at_equal_distance() -> None:
    page = drawn(year())
    assert all(name in words(page) for name in ("Januari", "Juni", "Desember"))
    lines = sorted({x0 for x0, y0, x1, y1, *_style in page.strokes if x0 == x1})
    gaps = {round(after - before, 3) for before, after in zip(lines, lines[1:], strict=False)}
    assert (len(lines), len(gaps)) == (13, 1)


def test_nothing_of_the_bars_leaves_the_frame_even_when_there_are_more_than_the_top() -> None:
    page = drawn(year(bars(s=60, k=60)))
    content = [(x, y) for x, y, *_rest in page.words] + [(x, y) for x, y, *_rest in page.strokes]
    assert min(x for x, _y in content) >= FRAME.x - 0.1
    assert max(y for _x, y in content) <= FRAME.top + 0.1
    assert min(y for _x, y in content) >= FRAME.y - 0.1


@pytest.mark.parametrize(
    ("hatch", "lines"), [("none", 0), ("lines", 6), ("rising", 9), ("crossed", 16), ("unheard", 0)]
)
def test_each_letter_is_told_by_its_hatching_alone(hatch: str, lines: int) -> None:
    """20 points high and 12 wide: lines every 3,6; rising ones every 4,2; crossed ones every 5,2, both ways."""
    found = list(pdf_charts._hatching(Frame(10, 10, 12, 20), hatch))
    assert len(found) == lines
    if hatch == "lines":
        assert {y1 - y0 for _x0, y0, _x1, y1 in found} == {0}
    if hatch == "rising":
        assert {round(y1 - y0, 6) for _x0, y0, _x1, y1 in found} == {12}
    if hatch == "crossed":
        assert {round(y1 - y0, 6) for _x0, y0, _x1, y1 in found} == {12, -12}


def test_the_four_letters_have_four_hatchings_and_four_colours() -> None:
    assert [bar.letter for bar in BARS] == ["S", "K", "D", "N"]
    assert len({bar.hatch for bar in BARS}) == len({bar.colour for bar in BARS}) == 4
    assert isinstance(BARS[0], Bar)


# the curve


def chart(*points: Measured, style: growth_chart.Style = "new") -> growth_chart.ChartGeometry:
    return growth_chart.kms(TABLES, "male", BORN, points, style=style)


def curve(*points: Measured, titled: bool = True, size: float = 7.5, style: growth_chart.Style = "new") -> Page:
    page = Document("Uji", "A4").page(landscape=True)
    pdf_charts.draw_growth_chart(page, FRAME, chart(*points, style=style), titled=titled, size=size)
    return page


def test_the_axes_begin_and_end_where_the_card_does() -> None:
    plot = Frame(100, 50, 240, 120)
    made = chart()
    assert (pdf_charts._x(plot, made, 0), pdf_charts._x(plot, made, 24)) == (100, 340)
    assert pdf_charts._x(plot, made, 6) == pytest.approx(160)
    assert (pdf_charts._y(plot, made, made.y_from), pdf_charts._y(plot, made, made.y_to)) == (50, 170)


def test_a_titled_curve_says_what_it_is_and_a_small_one_keeps_to_its_ticks() -> None:
    big, small = words(curve()), words(curve(titled=False))
    for text in ("Berat menurut umur", "Umur (bulan)", "Berat (kg)"):
        assert text in big
        assert text not in small
    for text in ("0", "3", "24", "Garis merah", "Garis oranye", "Tengah"):
        assert text in big
        assert text in small


def test_letters_stand_over_the_dots_and_a_point_without_a_letter_has_none() -> None:
    found = words(curve(Measured(date(2025, 4, 10), 4_500, "B"), Measured(date(2025, 5, 8), 5_600, "N")))
    assert [found.count("B"), found.count("N")] == [1, 1]
    assert words(curve(Measured(date(2025, 4, 10), 4_500))).count("") == 0


def test_month_ticks_are_named_from_left_to_right_and_weights_from_below() -> None:
    page = curve()
    months = [place(page, str(month))[0] for month in (3, 9, 15, 21)]
    assert months == sorted(months)
    weights = [y for x, y, text, *_rest in page.words if text in ("4", "8", "14") and x < place(page, "3")[0]]
    assert len(weights) >= 2


def test_names_of_lines_stand_right_of_the_card_and_never_on_each_other() -> None:
    page = curve(size=9)
    names = [(x, y) for x, y, text, *_rest in page.words if text in ("Garis merah", "Garis oranye", "Tengah")]
    heights = sorted(y for _x, y in names)
    assert len({x for x, _y in names}) == 1
    assert all(after - before >= 9 * 1.25 - 0.01 for before, after in zip(heights, heights[1:], strict=False))


def test_each_band_of_the_coloured_card_is_named_beside_it_so_that_grey_tells_them_apart() -> None:
    page = curve(style="old")
    names = [(y, text) for _x, y, text, *_rest in page.words if text in ("Hijau", "Hijau muda", "Kuning")]
    assert [text for _y, text in sorted(names)] == ["Kuning", "Hijau muda", "Hijau", "Hijau muda", "Kuning"]
    red = next(y for _x, y, text, *_rest in page.words if text == "Garis merah")
    assert red < min(names)[0]
    assert not [text for _x, _y, text, *_rest in curve().words if text in ("Hijau", "Kuning")]


def ink(page: Page, document: Document) -> bytes:
    document.pages = [page]
    return document.to_bytes()


@pytest.mark.parametrize("style", ["new", "old"])
@pytest.mark.parametrize("mono", [False, True])
def test_a_curve_of_either_card_comes_out_in_colour_and_in_grey(style: growth_chart.Style, mono: bool) -> None:
    document = Document("Uji", "A4", mono=mono, footed=False)
    page = document.page(landscape=True)
    dots = [Measured(date(2025, month, 10), 3_000 + 700 * month, "N") for month in range(4, 9)]
    pdf_charts.draw_growth_chart(page, FRAME, chart(*dots, style=style))
    image = pypdfium2.PdfDocument(BytesIO(document.to_bytes()))[0].render(scale=0.6).to_pil().convert("RGB")
    colours = [colour for _count, colour in image.getcolors(1_000_000)]
    assert any(max(colour) - min(colour) > 60 for colour in colours) is not mono
    assert len(colours) > 5


def test_every_role_of_a_line_and_a_band_has_a_style() -> None:
    for style in ("new", "old"):
        made = chart(style=style)  # type: ignore[arg-type]
        assert {line.role for line in made.lines} <= set(pdf_charts.LINE_STYLES)
        assert {band.role for band in made.bands} <= set(pdf_charts.BAND_GREYS)
    dashes = {role: style[2] for role, style in pdf_charts.LINE_STYLES.items()}
    assert dashes["red"] == () != dashes["orange"] != dashes["middle"], "told apart without colour"


def drawing(*points: Measured) -> str:
    """The child's own strokes as the page has them, of a page that is not compressed."""
    canvas = Canvas("unused.pdf", pageCompression=0)
    pdf_charts._child(Frame(100, 50, 240, 120), chart(*points), canvas)
    return "\n".join(canvas._code)


def test_a_weight_of_a_wrong_scale_is_a_cross_between_dashes_and_the_page_says_what_it_is() -> None:
    told = [Measured(date(2025, month, 10), 3_000 + 700 * month, "N", wrong=month == 5) for month in (4, 5, 6)]
    sound = [replace(each, wrong=False) for each in told]
    crossed, ringed = drawing(*told), drawing(*sound)
    assert 3 * crossed.count(" c") == 2 * ringed.count(" c") > 0, "one ring of three is gone"
    assert "[2.5 2] 0 d" in crossed
    legend = "× alat ukur hari itu ternyata salah: tidak dinilai."
    assert legend in words(curve(*told))
    assert legend not in words(curve(*sound))
