"""A Table on paper: columns that fit, heads repeated on every page, long names wrapped, nothing clipped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from posyandu.reports import paper
from posyandu.reports.paper import BOLD, FOOTER, GREY, MARGIN, MM, REGULAR, Document, Page
from posyandu.reports.table import Column, PlacedHead, Table, placed
from posyandu.text import _

SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0)
"""Type sizes tried, largest first, until the columns fit the page."""

PAD = 1.1 * MM
LEADING = 1.28
TALLEST_UPRIGHT = 34 * MM
FAINT = 0.36
"""The grey of a zero, so that the eye finds what is there; read at 70 % toner too."""
SHORT_TEXT = 40 * MM
"""Texts up to this width are kept on one line before longer ones get more room."""
KEEP = 6
"""So many rows the last page of a table has at least where nothing but signatures follows; for fewer any table is set
tighter, so that the page is saved."""
AIRS = (0.85, 0.7, 0.55, 0.4)
"""The shares of the usual air between rows tried for that."""
GAP = 1.7 * MM
HANDWRITING = 7 * MM
"""The least height of a row that is written by hand."""


@dataclass
class Flow:
    """Where the next thing goes: a page of the document and how far down it is filled."""

    document: Document
    page: Page
    y: float
    landscape: bool
    air: float = 0.0
    """How much of the usual air the rows of its tables have, all alike; 0 leaves it to each of them."""

    @property
    def left(self) -> float:
        """Left edge of the print area."""
        return MARGIN

    @property
    def right(self) -> float:
        """Right edge of the print area."""
        return self.page.width - MARGIN

    @property
    def width(self) -> float:
        """Width of the print area."""
        return self.right - self.left

    @property
    def bottom(self) -> float:
        """Lowest y that may be used above the foot."""
        return MARGIN + FOOTER - 3 * MM

    @property
    def room(self) -> float:
        """Height that is left on this page."""
        return self.y - self.bottom

    @property
    def fresh(self) -> bool:
        """Whether nothing is on this page yet."""
        return self.y >= self.page.height - MARGIN - 0.1

    def turn(self, *, landscape: bool | None = None, bookmark: str = "") -> None:
        """Go to a new page, of the same orientation unless told."""
        self.landscape = self.landscape if landscape is None else landscape
        self.page = self.document.page(landscape=self.landscape, bookmark=bookmark)
        self.y = self.page.height - MARGIN

    def need(self, height: float) -> None:
        """Turn the page when less than `height` is left."""
        if self.room < height and not self.fresh:
            self.turn()

    def down(self, distance: float) -> None:
        """Leave some space, but none at the top of a page."""
        if not self.fresh:
            self.y -= distance


def start(document: Document, *, landscape: bool = False, bookmark: str = "") -> Flow:
    """A flow that begins on a new page of the document."""
    page = document.page(landscape=landscape, bookmark=bookmark)
    return Flow(document, page, page.height - MARGIN, landscape)


def heading(flow: Flow, text: str, *, size: float = 12, space: float = 7 * MM, keep: float = 20 * MM) -> None:
    """A heading that stays with at least `keep` of what follows."""
    flow.need(space + size + keep)
    flow.down(space)
    flow.y -= size
    flow.page.write(flow.left, flow.y, text, size, BOLD)
    flow.y -= 1.8 * MM


def paragraph(
    flow: Flow,
    text: str,
    *,
    size: float = 8.5,
    colour: paper.Colour = paper.INK,
    indent: float = 0,
    space: float = 0.8 * MM,
) -> None:
    """A text wrapped to the width of the page, line by line over page ends."""
    for line in paper.wrap(text, REGULAR, size, flow.width - indent):
        flow.need(size * LEADING)
        flow.y -= size * LEADING
        flow.page.write(flow.left + indent, flow.y + size * 0.22, line, size, colour=colour)
    flow.y -= space


@dataclass(frozen=True)
class _HeadCell:
    """A head cell with its lines, in points from the left edge and the top of the head."""

    lines: tuple[str, ...]
    x: float
    top: float
    width: float
    height: float
    upright: bool
    left: bool


@dataclass(frozen=True)
class Layout:
    """A table fitted to a width: type size, column edges, the head, and how much of the usual air its rows have."""

    size: float
    edges: tuple[float, ...]
    head: tuple[_HeadCell, ...]
    head_height: float
    air: float = 1.0


def add_table(
    flow: Flow,
    table: Table,
    *,
    title: bool = True,
    title_size: float = 11,
    alike: Sequence[Table] = (),
    closing: float = 0,
) -> None:
    """Put a table into the flow, over as many pages as it needs; an empty list prints its sentence.

    Tables with the same columns that are given as `alike` get the same widths. What follows the table, `closing` high,
    finds room on the page of its last rows: a signature never stands on a page of its own, nor with a row or two. A
    short table begins a page rather than part low on one.
    """
    if not table.rows:
        _add_empty(flow, table, title_size)
        return
    layout = replace(fit(table, flow.width, alike), air=flow.air or 1.0)
    heights = _row_heights(table, layout)
    tail = closing + _notes_height(table, flow.width)
    few = len(heights) <= (KEEP if flow.room < flow.page.height / 2 else 3)
    opening = layout.head_height + sum(heights if few else heights[:2]) + (title_size + 9 * MM if title else 0)
    opening += tail if few else 0
    flow.need(min(opening, flow.page.height - 2 * MARGIN - FOOTER))
    if title:
        heading(flow, table.title, size=title_size, space=6 * MM, keep=0)
        if table.subtitle:
            paragraph(flow, table.subtitle, size=8, colour=GREY)
        flow.y -= 0.6 * MM
    whole = flow.page.height - MARGIN - flow.bottom - (title_size - 2 + 2.4 * MM)
    rooms = (flow.room, whole, tail)
    layout, starts = (layout, _starts(table, layout, rooms)) if flow.air else _tight(table, layout, rooms)
    heights = _row_heights(table, layout)
    if len(starts) > 1:
        starts = _balanced(starts, heights, whole - layout.head_height - tail, KEEP if closing else 2)
    _draw_head(flow, table, layout)
    body_top = flow.y
    for number, height in enumerate(heights):
        if number in starts[1:]:
            _draw_edges(flow, layout, body_top)
            flow.turn()
            _continued(flow, table, title_size)
            _draw_head(flow, table, layout)
            body_top = flow.y
            table = _said_again(table, number)
            height = _row_heights(table, layout)[number]
        _draw_row(flow, table, layout, number, height)
    _draw_edges(flow, layout, body_top)
    if table.notes:
        flow.y -= 1.2 * MM
    for note in table.notes:
        paragraph(flow, note, size=7, colour=GREY, space=0.3 * MM)


Rooms = tuple[float, float, float]
"""What is left of the first page, what a further one has, and what has to stand below the last row."""


def _tight(table: Table, layout: Layout, rooms: Rooms) -> tuple[Layout, list[int]]:
    """The layout and the first row of each page: tighter where that saves a last page with less than `KEEP` rows."""
    starts = _starts(table, layout, rooms)
    if len(starts) == 1 or len(table.rows) - starts[-1] >= KEEP:
        return layout, starts
    for air in AIRS:
        tighter = replace(layout, air=air)
        fewer = _starts(table, tighter, rooms)
        if len(fewer) < len(starts):
            return tighter, fewer
    return layout, starts


def _starts(table: Table, layout: Layout, rooms: Rooms) -> list[int]:
    """The first row of each page when every page takes what it holds."""
    heights = _row_heights(table, layout)
    room, whole, tail = (rooms[0] - layout.head_height, rooms[1] - layout.head_height, rooms[2])
    starts = [0]
    for number, height in enumerate(heights):
        last = number == len(heights) - 1
        if room < height + (tail if last else 0) and number > starts[-1]:
            starts.append(number)
            room = whole
        room -= height
    return starts


def _balanced(starts: list[int], heights: Sequence[float], room: float, keep: int) -> list[int]:
    """The last page with so many rows, taken from the one before, which keeps two, as far as they find room."""
    first = starts[-1]
    while first > max(starts[-2] + 2, len(heights) - keep) and sum(heights[first - 1 :]) <= room:
        first -= 1
    return [*starts[:-1], first]


def _notes_height(table: Table, width: float) -> float:
    lines = sum(len(paper.wrap(note, REGULAR, 7, width)) for note in table.notes)
    return lines * 7 * LEADING + len(table.notes) * 0.3 * MM + (1.2 * MM if table.notes else 0)


def _add_empty(flow: Flow, table: Table, title_size: float) -> None:
    heading(flow, table.title, size=title_size, keep=8 * MM)
    paragraph(flow, table.empty or _("Tidak ada."), colour=GREY)


def _continued(flow: Flow, table: Table, title_size: float) -> None:
    flow.y -= title_size - 2
    flow.page.write(flow.left, flow.y, _("{title} (lanjutan)").format(title=table.title), title_size - 2, BOLD)
    flow.y -= 2.4 * MM


def _said_again(table: Table, number: int) -> Table:
    """The table with the words that a row leaves to those above it (no text, but a value) written in this one."""
    row = tuple(
        replace(cell, text=cell.value) if not cell.text and isinstance(cell.value, str) else cell
        for cell in table.rows[number]
    )
    return replace(table, rows=(*table.rows[:number], row, *table.rows[number + 1 :]))


def fit(table: Table, width: float, alike: Sequence[Table] = ()) -> Layout:
    """The largest type at which every column can hold its longest word, and the widths that use the whole page.

    A table that fits at no size gets the smallest, with the heads that are wider than their columns turned, and when
    that is not enough with words broken: crowded, never clipped. The columns hold the rows of `alike` tables too, so
    that a series of lists stands in line.
    """
    heads = placed(table)
    texts = _texts((table, *alike))
    for size in SIZES:
        least = _least(table, heads, texts, size)
        if sum(least) <= width:
            break
    else:
        heads = _turned(table, heads, texts, size)
        least = _least(table, heads, texts, size)
        shrink = min(1.0, width / sum(least))
        least = [share * shrink for share in least]
    widths = _widen(table, texts, least, width, size)
    edges = [0.0]
    for share in widths:
        edges.append(edges[-1] + share)
    cells, height = _head_layout(table, heads, edges, size)
    return Layout(size, tuple(edges), cells, height)


Texts = list[set[tuple[str, str]]]
"""For each column the different texts in it, each with its font."""


def _texts(tables: Sequence[Table]) -> Texts:
    found: Texts = [set() for _column in tables[0].columns]
    for table in tables:
        for number, row in enumerate(table.rows):
            font = BOLD if number in table.strong else REGULAR
            for place, cell in enumerate(row):
                found[place].add((cell.text, font))
    return found


def _least(table: Table, heads: Sequence[PlacedHead], texts: Texts, size: float) -> list[float]:
    """The width each column needs for its longest word, in the body and in the head above it."""
    widths = [
        max(column.least_mm * MM, min(_longest(texts[place], size), 60 * MM) + 2 * PAD)
        for place, column in enumerate(table.columns)
    ]
    for each in sorted(heads, key=lambda placed_head: placed_head.head.columns):
        covered = range(each.column, each.column + each.head.columns)
        needed = size * LEADING if each.head.upright else paper.longest_word(each.head.text, BOLD, size - 0.5)
        lacking = needed + 2 * PAD + 0.1 - sum(widths[place] for place in covered)
        for place in covered:
            widths[place] += max(0.0, lacking) / len(covered)
    return widths


def _turned(table: Table, heads: Sequence[PlacedHead], texts: Texts, size: float) -> tuple[PlacedHead, ...]:
    """The heads, those wider than what stands below them turned upright."""
    below = _least(table, [each for each in heads if each.head.upright], texts, size)

    def turned(each: PlacedHead) -> PlacedHead:
        room = sum(below[each.column : each.column + each.head.columns])
        fits = paper.longest_word(each.head.text, BOLD, size - 0.5) + 2 * PAD <= room
        return each if fits else replace(each, head=replace(each.head, upright=True))

    return tuple(turned(each) for each in heads)


def _longest(texts: set[tuple[str, str]], size: float) -> float:
    return max((paper.longest_word(text, font, size) for text, font in texts), default=0.0)


def _widen(table: Table, texts: Texts, least: Sequence[float], width: float, size: float) -> list[float]:
    """Share out what is left: so that short texts need not wrap, then long ones less, then by the columns' shares."""
    wanted = [
        max((paper.text_width(text, font, size) for text, font in column), default=0.0) + 2 * PAD + 1
        for column in texts
    ]
    widths = list(least)
    for most in (SHORT_TEXT, width):
        missing = [max(0.0, min(want, most) - have) for want, have in zip(wanted, widths, strict=True)]
        spare = width - sum(widths)
        scale = min(1.0, spare / sum(missing)) if sum(missing) > 0 else 0.0
        widths = [have + lack * scale for have, lack in zip(widths, missing, strict=True)]
    spare = width - sum(widths)
    shares = sum(column.width for column in table.columns)
    return [have + spare * column.width / shares for have, column in zip(widths, table.columns, strict=True)]


def _head_layout(
    table: Table, heads: Sequence[PlacedHead], edges: Sequence[float], size: float
) -> tuple[tuple[_HeadCell, ...], float]:
    small = size - 0.5
    across = [edges[each.column + each.head.columns] - edges[each.column] for each in heads]
    needed = [_head_height(each, small, width) for each, width in zip(heads, across, strict=True)]
    rows = [0.0] * len(table.head)
    for each, tall in sorted(zip(heads, needed, strict=True), key=lambda pair: pair[0].head.rows):
        covered = range(each.row, each.row + each.head.rows)
        rows[covered[-1]] += max(0.0, tall - sum(rows[number] for number in covered))
    tops = [sum(rows[:number]) for number in range(len(rows) + 1)]
    cells = []
    for each, width in zip(heads, across, strict=True):
        height = tops[each.row + each.head.rows] - tops[each.row]
        room = (height if each.head.upright else width) - 2 * PAD
        cells.append(
            _HeadCell(
                paper.wrap(each.head.text, BOLD, small, room + 0.1),
                edges[each.column],
                tops[each.row],
                width,
                height,
                each.head.upright,
                each.head.columns == 1
                and table.columns[each.column].align == "left"
                and not each.head.text.rstrip("ab").isdigit(),  # the printed numbers of columns stand in the middle
            )
        )
    return tuple(cells), tops[-1]


def _head_height(each: PlacedHead, size: float, width: float) -> float:
    if each.head.upright:
        return _upright(each.head.text, size, width)
    return len(paper.wrap(each.head.text, BOLD, size, width - 2 * PAD + 0.1)) * size * LEADING + 2 * PAD


def _upright(text: str, size: float, across: float) -> float:
    """The height a turned head cell needs: as low as its longest word and the lines side by side allow."""
    fitting = max(1, int((across - 0.6 * MM) / (size * 1.1)))
    tall = paper.longest_word(text, BOLD, size) + 0.5
    while tall < TALLEST_UPRIGHT and len(paper.wrap(text, BOLD, size, tall)) > fitting:
        tall += 2
    return min(tall, TALLEST_UPRIGHT) + 2 * PAD


def _draw_head(flow: Flow, table: Table, layout: Layout) -> None:
    page, small = flow.page, layout.size - 0.5
    left, top = flow.left, flow.y
    page.fill(left, top - layout.head_height, layout.edges[-1], layout.head_height)
    for cell in layout.head:
        page.box(left + cell.x, top - cell.top - cell.height, cell.width, cell.height)
        if cell.upright:
            page.draw(partial(_draw_upright, cell, left, top, small))
            continue
        block = len(cell.lines) * small * LEADING
        y = top - cell.top - (cell.height - block) / 2
        for line in cell.lines:
            y -= small * LEADING
            if cell.left:
                page.write(left + cell.x + PAD, y + small * 0.3, line, small, BOLD)
            else:
                page.write(left + cell.x + cell.width / 2, y + small * 0.3, line, small, BOLD, "center")
    page.stroke(left, top, left + layout.edges[-1], top, 0.9, GREY)
    page.stroke(left, top - layout.head_height, left + layout.edges[-1], top - layout.head_height, 0.9, GREY)
    flow.y -= layout.head_height


def _draw_upright(cell: _HeadCell, left: float, top: float, size: float, canvas: Canvas) -> None:
    canvas.translate(left + cell.x + cell.width / 2, top - cell.top - cell.height + PAD)
    canvas.rotate(90)
    canvas.setFillGray(0)
    canvas.setFont(BOLD, size)
    leading = size * 1.1
    y = (len(cell.lines) - 1) / 2 * leading - size * 0.36
    for line in cell.lines:
        canvas.drawString(0, y, line)
        y -= leading


def _row_heights(table: Table, layout: Layout) -> list[float]:
    """The height of each row; one that is written by hand gives up a third of the air the others give up, and none of
    what a hand needs.
    """
    line, asked = layout.size * LEADING, table.row_mm * MM
    least = max(asked * (2 + layout.air) / 3, HANDWRITING if asked >= HANDWRITING else 0.0)
    return [
        max(
            max(map(len, _row_lines(table, layout, number))) * line + GAP * layout.air,
            least,
            HANDWRITING if _is_spare(table, number) else 0.0,
        )
        for number in range(len(table.rows))
    ]


def _is_spare(table: Table, number: int) -> bool:
    """Whether nothing but its number stands in the row: somebody will be written down there by hand."""
    places = zip(table.columns, table.rows[number], strict=True)
    return all(not cell.text for column, cell in places if column.name != "no")


def _row_lines(table: Table, layout: Layout, number: int) -> list[tuple[str, ...]]:
    font = BOLD if number in table.strong else REGULAR
    return [
        paper.wrap(cell.text, font, layout.size, layout.edges[place + 1] - layout.edges[place] - 2 * PAD + 0.2)
        for place, cell in enumerate(table.rows[number])
    ]


def _draw_edges(flow: Flow, layout: Layout, top: float) -> None:
    """The upright rules of the rows since `top`."""
    for edge in layout.edges:
        flow.page.stroke(flow.left + edge, top, flow.left + edge, flow.y)


def _draw_row(flow: Flow, table: Table, layout: Layout, number: int, height: float) -> None:
    page, size, top = flow.page, layout.size, flow.y
    font = BOLD if number in table.strong else REGULAR
    for place, lines in enumerate(_row_lines(table, layout, number)):
        y = top - GAP * layout.air / 2
        x, align = _anchor(flow.left, layout.edges, table.columns[place], place)
        colour = FAINT if table.rows[number][place].value == 0 else paper.INK
        for line in lines:
            y -= size * LEADING
            page.write(x, y + size * 0.3, line, size, font, align, colour)
    bottom = top - height
    if number in table.strong:
        page.stroke(flow.left, top, flow.left + layout.edges[-1], top, 0.6, GREY)
    page.stroke(flow.left, bottom, flow.left + layout.edges[-1], bottom)
    flow.y = bottom


def _anchor(left: float, edges: Sequence[float], column: Column, place: int) -> tuple[float, paper.Align]:
    if column.align == "left":
        return left + edges[place] + PAD, "left"
    if column.align == "right":
        return left + edges[place + 1] - PAD, "right"
    return left + (edges[place] + edges[place + 1]) / 2, "center"
