"""The drawn parts of the report: balok SKDN and the growth curve, for colour and for a mono ink-jet.

Nothing relies on colour alone: bars differ by hatching and carry their letter, lines by weight and dash and by the
name at their end.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from posyandu.domain.calendar import MONTHS
from posyandu.reports import formats, paper
from posyandu.reports.growth_chart import Band, ChartGeometry, Line, Point, spread
from posyandu.reports.paper import BOLD, GREY, MM, REGULAR, Colour, Page
from posyandu.reports.skdn import Balok, Bars
from posyandu.text import N_, _

RED = (0.75, 0.22, 0.17)
AMBER = (0.62, 0.46, 0.0)
GREEN = (0.13, 0.47, 0.28)
BLUE = (0.16, 0.36, 0.66)
ORANGE = (0.78, 0.46, 0.10)


@dataclass(frozen=True)
class Bar:
    """How one letter of SKDN is drawn: the colour of the official chart and a hatching that tells it without colour."""

    letter: str
    label: str
    colour: Colour
    hatch: str


BARS = (
    Bar("S", N_("S semua balita"), RED, "none"),
    Bar("K", N_("K punya KMS"), AMBER, "lines"),
    Bar("D", N_("D ditimbang"), GREEN, "rising"),
    Bar("N", N_("N naik"), BLUE, "crossed"),
)


@dataclass(frozen=True)
class Frame:
    """A rectangle on the page, x and y of its lower left corner, in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y + self.height


def draw_balok(page: Page, frame: Frame, bars: Balok) -> None:
    """Four bars for each month of the year over a grid of boxes, the figures below each month."""
    left = frame.x + 22 * MM
    figures = 7 * 4.6 * MM
    plot = Frame(left, frame.y + figures + 5 * MM, frame.right - left, frame.height - figures - 14 * MM)
    _legend(page, Frame(left, frame.top - 6 * MM, plot.width, 6 * MM), bars)
    _balok_grid(page, plot, bars)
    share = plot.width / 12
    unopened = textwrap.wrap(_("tidak ada hari buka dicatat"), 11)
    for number, month in enumerate(bars.months):
        x = plot.x + number * share
        page.stroke(x, plot.y - figures - 5 * MM, x, plot.top, 0.5, 0.5)
        page.write(x + share / 2, plot.y - 3.6 * MM, _(MONTHS[number]), 7.5, BOLD, "center")
        _month_bars(page, plot, bars, month, x, share)
        for line, words in enumerate(unopened if month.month in bars.unopened else ()):
            page.write(x + share / 2, plot.y + (3 * (len(unopened) - line) - 1) * MM, words, 6.5, align="center")
    page.stroke(plot.right, plot.y - figures - 5 * MM, plot.right, plot.top, 0.5, 0.5)
    _figures(page, frame, plot, bars, share)


def _legend(page: Page, frame: Frame, bars: Balok) -> None:
    x = frame.x
    for bar in BARS:
        page.draw(partial(_hatched, Frame(x, frame.y + 0.6 * MM, 5 * MM, 3.6 * MM), bar))
        page.write(x + 6.4 * MM, frame.y + 1.4 * MM, _(bar.label), 8)
        x += 6.4 * MM + paper.text_width(_(bar.label), REGULAR, 8) + 7 * MM
    text = _("1 kotak = {n} anak").format(n=formats.whole(bars.children_per_box))
    page.write(frame.right, frame.y + 1.4 * MM, text, 8, align="right", colour=GREY)


def _balok_grid(page: Page, plot: Frame, bars: Balok) -> None:
    step = plot.height / bars.boxes
    for box in range(bars.boxes + 1):
        y = plot.y + box * step
        if box % 10 == 0:
            page.stroke(plot.x, y, plot.right, y, 0.5, 0.55)
            number = formats.whole(box * bars.children_per_box)
            page.write(plot.x - 1.6 * MM, y - 2.4, number, 7.5, align="right")
        elif bars.boxes <= 50 or box % 2 == 0:
            page.stroke(plot.x, y, plot.right, y, 0.25, 0.75)
    page.stroke(plot.x, plot.y, plot.right, plot.y, 1.0, 0.2)


def _month_bars(page: Page, plot: Frame, bars: Balok, month: Bars, x: float, share: float) -> None:
    if month.s is None:
        return
    width = share * 0.2
    gap = (share - 4 * width) / 2
    values = (month.s, month.k or 0, month.d or 0, month.n or 0)
    for number, (bar, value) in enumerate(zip(BARS, values, strict=True)):
        height = plot.height * min(value, bars.top) / bars.top
        place = Frame(x + gap + number * width, plot.y, width - 0.5, height)
        if value:
            page.draw(partial(_hatched, place, bar))
        page.write(place.x + place.width / 2, place.top + 1.6, bar.letter, 6.5, BOLD, "center")


def _hatched(frame: Frame, bar: Bar, canvas: Canvas) -> None:
    paper.stroke_colour(canvas, bar.colour)
    place = f"{frame.x:.2f} {frame.y:.2f} {frame.width:.2f} {frame.height:.2f} re"
    strokes = " ".join(f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l" for x0, y0, x1, y1 in _hatching(frame, bar.hatch))
    canvas.addLiteral(f"1 g 1 w {place} B")
    if strokes:
        canvas.addLiteral(f"{place} W n 0.5 w {strokes} S")


def _hatching(frame: Frame, hatch: str) -> Iterator[tuple[float, float, float, float]]:
    """The lines that fill a bar, a little beyond it: they are clipped."""
    if hatch == "lines":
        for number in range(int(frame.height / 3.6) + 1):
            y = frame.y + 2.2 + number * 3.6
            yield frame.x, y, frame.right, y
    step = {"rising": 4.2, "crossed": 5.2}.get(hatch)
    if step is None:
        return
    for number in range(int((frame.height + frame.width) / step) + 2):
        y = frame.y - frame.width + number * step
        yield frame.x, y, frame.right, y + frame.width
        if hatch == "crossed":
            yield frame.x, y + frame.width, frame.right, y


def _figures(page: Page, frame: Frame, plot: Frame, bars: Balok, share: float) -> None:
    lines: tuple[tuple[str, Callable[[Bars], str]], ...] = (
        (_("S"), lambda month: _whole(month.s)),
        (_("K"), lambda month: _whole(month.k)),
        (_("D"), lambda month: _whole(month.d)),
        (_("N"), lambda month: _whole(month.n)),
        (
            _("N/(D\N{MINUS SIGN}O\N{MINUS SIGN}B)"),
            lambda month: "" if month.s is None else formats.percent(month.success, 0),
        ),
        (_("Jumlah T"), lambda month: _whole(month.t)),
        (_("Jumlah BGM"), lambda month: _whole(month.bgm)),
    )
    top = plot.y - 5 * MM
    for number, (label, value) in enumerate(lines):
        y = top - number * 4.6 * MM
        page.stroke(frame.x, y, plot.right, y, 0.4)
        page.write(frame.x, y - 3.3 * MM, label, 7.5, BOLD)
        for place, month in enumerate(bars.months):
            page.write(plot.x + (place + 0.5) * share, y - 3.3 * MM, value(month), 8, align="center")
    page.stroke(frame.x, top - len(lines) * 4.6 * MM, plot.right, top - len(lines) * 4.6 * MM, 0.4)


def _whole(number: int | None) -> str:
    return "" if number is None else formats.whole(number)


LINE_STYLES: dict[str, tuple[Colour, float, tuple[float, ...]]] = {
    "red": (RED, 1.7, ()),
    "orange": (ORANGE, 1.5, (5, 2.5)),
    "middle": (GREEN, 1.0, (1.5, 1.8)),
    "thin": (0.52, 0.5, ()),
}
"""Colour, width in points and dashes of each line: told apart on a mono print as well."""

WORD_DEPTH = 0.5
"""How much of the light of a line its name keeps."""

BAND_GREYS: dict[str, Colour] = {
    "normal_band": (0.945, 0.965, 0.95),
    "green_band": (0.80, 0.90, 0.82),
    "light_green_band": (0.88, 0.95, 0.89),
    "yellow_band": (0.98, 0.95, 0.84),
}
"""Fills pale enough for an ink-jet."""

BAND_NAMES = {
    "green_band": N_("Hijau"),
    "light_green_band": N_("Hijau muda"),
    "yellow_band": N_("Kuning"),
}
"""What the coloured bands are called beside them: in grey the paler two look the same."""


def draw_growth_chart(
    page: Page, frame: Frame, chart: ChartGeometry, *, size: float = 7.5, titled: bool = True
) -> None:
    """The curve with its grid, named lines and the child's dots, inside the frame; a small one may go untitled."""
    names = max((paper.text_width(name, BOLD, size) for name, *_style in _names(chart)), default=0) + 3 * MM
    left, below, above = (9 * MM, 9 * MM, 11 * MM) if titled else (6 * MM, 5 * MM, 1 * MM)
    plot = Frame(frame.x + left, frame.y + below, frame.width - left - names, frame.height - below - above)
    if titled:
        page.write(frame.x, frame.top - 10, chart.title, 10, BOLD)
    page.draw(partial(_curves, plot, chart))
    page.draw(partial(_child, plot, chart))
    for tick in chart.x_ticks:
        if tick.label:
            page.write(_x(plot, chart, tick.at), plot.y - 3.6 * MM, tick.label, size, align="center")
    for tick in chart.y_ticks:
        if tick.label:
            page.write(plot.x - 1.4 * MM, _y(plot, chart, tick.at) - size * 0.35, tick.label, size, align="right")
    if titled:
        page.write(plot.x + plot.width / 2, plot.y - 7.4 * MM, chart.x_label, size, align="center", colour=GREY)
        page.write(plot.x, plot.top + 1.6 * MM, chart.y_label, size, colour=GREY)
        if chart.legend:
            page.write(plot.right, plot.top + 1.6 * MM, chart.legend, size, align="right")
    _write_names(page, plot, chart, size)
    for point in chart.points:
        _letter(page, plot, chart, point)


def _x(plot: Frame, chart: ChartGeometry, x: float) -> float:
    return plot.x + (x - chart.x_from) / (chart.x_to - chart.x_from) * plot.width


def _y(plot: Frame, chart: ChartGeometry, y: float) -> float:
    return plot.y + (y - chart.y_from) / (chart.y_to - chart.y_from) * plot.height


def _names(chart: ChartGeometry) -> list[tuple[str, float, Colour]]:
    """What stands at the right of the card, at which height of the chart and in which colour, from below."""
    lines = [(line.label, line.points[-1][1], _deep(LINE_STYLES[line.role][0])) for line in chart.lines if line.label]
    bands = [(_(BAND_NAMES[band.role]), _right_middle(band), GREY) for band in chart.bands if band.role in BAND_NAMES]
    return sorted([*lines, *bands], key=lambda name: name[1])


def _deep(colour: Colour) -> Colour:
    """The colour of a line as words have it: dark enough for small letters out of a weak cartridge."""
    return tuple(round(part * WORD_DEPTH, 3) for part in colour) if isinstance(colour, tuple) else colour  # type: ignore[return-value]


def _right_middle(band: Band) -> float:
    """The height of a band where it ends."""
    last = max(x for x, _y in band.polygon)
    ends = [y for x, y in band.polygon if x == last]
    return sum(ends) / len(ends)


def _write_names(page: Page, plot: Frame, chart: ChartGeometry, size: float) -> None:
    named = _names(chart)
    places = spread([_y(plot, chart, height) for _name, height, _colour in named], size * 1.25)
    for (name, _height, colour), y in zip(named, places, strict=True):
        page.write(plot.right + 1.5 * MM, y - size * 0.35, name, size, BOLD, colour=colour)


def _letter(page: Page, plot: Frame, chart: ChartGeometry, point: Point) -> None:
    """N, T, O or B over the dot, so that the curve can be read with the table."""
    if point.letter:
        page.write(_x(plot, chart, point.x), _y(plot, chart, point.y) + 3.8, point.letter, 6.5, BOLD, "center")


def _curves(plot: Frame, chart: ChartGeometry, canvas: Canvas) -> None:
    frame = canvas.beginPath()
    frame.rect(plot.x, plot.y, plot.width, plot.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    for band in chart.bands:
        colour = BAND_GREYS[band.role]
        assert isinstance(colour, tuple)
        canvas.setFillColorRGB(*colour)
        _polyline(canvas, plot, chart, band.polygon, close=True)
    _chart_grid(canvas, plot, chart)
    for line in chart.lines:
        _standard_line(canvas, plot, chart, line)
    canvas.setLineWidth(0.8)
    canvas.setStrokeGray(0.3)
    canvas.rect(plot.x, plot.y, plot.width, plot.height, stroke=1, fill=0)


def _chart_grid(canvas: Canvas, plot: Frame, chart: ChartGeometry) -> None:
    for strong, width, grey in ((False, 0.25, 0.75), (True, 0.45, 0.58)):
        canvas.setLineWidth(width)
        canvas.setStrokeGray(grey)
        canvas.lines(
            [
                (x, plot.y, x, plot.top)
                for x in (_x(plot, chart, tick.at) for tick in chart.x_ticks if tick.strong is strong)
            ]
            + [
                (plot.x, y, plot.right, y)
                for y in (_y(plot, chart, tick.at) for tick in chart.y_ticks if tick.strong is strong)
            ]
        )


def _standard_line(canvas: Canvas, plot: Frame, chart: ChartGeometry, line: Line) -> None:
    colour, width, dashes = LINE_STYLES[line.role]
    paper.stroke_colour(canvas, colour)
    canvas.setLineWidth(width)
    canvas.setDash(*([list(dashes)] if dashes else []))
    _polyline(canvas, plot, chart, line.points, close=False)
    canvas.setDash()


def _polyline(
    canvas: Canvas, plot: Frame, chart: ChartGeometry, points: tuple[tuple[float, float], ...], *, close: bool
) -> None:
    path = canvas.beginPath()
    for number, (x, y) in enumerate(points):
        to = path.lineTo if number else path.moveTo
        to(round(_x(plot, chart, x), 2), round(_y(plot, chart, y), 2))
    if close:
        path.close()
    canvas.drawPath(path, stroke=0 if close else 1, fill=1 if close else 0)


def _child(plot: Frame, chart: ChartGeometry, canvas: Canvas) -> None:
    """The child's line and dots, outside the clip: a dot on the edge of the card stays round."""
    canvas.setStrokeGray(0)
    canvas.setLineWidth(1.5)
    canvas.setLineJoin(1)
    pairs = chart.segments()
    dashed = [(a, b) for a, b in pairs if a.wrong or b.wrong]
    _joined(plot, chart, canvas, [pair for pair in pairs if pair not in dashed])
    if dashed:
        canvas.setDash([2.5, 2])
        _joined(plot, chart, canvas, dashed)
        canvas.setDash()
    for point in chart.points:
        x, y = _x(plot, chart, point.x), _y(plot, chart, point.y)
        canvas.setFillGray(1)
        canvas.setLineWidth(1.1)
        if point.wrong:
            canvas.lines([(x - 2.6, y - 2.6, x + 2.6, y + 2.6), (x - 2.6, y + 2.6, x + 2.6, y - 2.6)])
        else:
            canvas.circle(x, y, 2.1, stroke=1, fill=1)


def _joined(plot: Frame, chart: ChartGeometry, canvas: Canvas, pairs: Sequence[tuple[Point, Point]]) -> None:
    canvas.lines(
        [(_x(plot, chart, a.x), _y(plot, chart, a.y), _x(plot, chart, b.x), _y(plot, chart, b.y)) for a, b in pairs]
    )
