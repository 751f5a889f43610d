"""Curves on paper beyond the KMS: head and body mass, small KMS of a post, and strips for a day without power."""

from collections.abc import Sequence
from dataclasses import dataclass

from posyandu.reports.growth_chart import CROSS, ChartGeometry, wrong_legend
from posyandu.reports.paper import BOLD, FOOTER, GREY, MARGIN, MM, REGULAR, Document, PaperName, shortened
from posyandu.reports.pdf_charts import Frame, draw_growth_chart
from posyandu.reports.pdf_table import add_table, heading, paragraph, start
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import _

SMALL_COLUMNS, SMALL_ROWS = 2, 4


@dataclass(frozen=True)
class SmallChart:
    """One child on the page of small KMS: name, a line of facts, and the curve of the card it is on."""

    person_id: str
    name: str
    facts: str
    chart: ChartGeometry
    last: str = ""


@dataclass(frozen=True)
class StripRow:
    """One child's strip: what is known, and from which weight on it is N, below red, above orange (kg as text)."""

    person_id: str
    name: str
    facts: str
    last: str
    gain: str
    n_from: str
    red: str
    orange: str


def curves_pdf(name: str, facts: str, charts: Sequence[ChartGeometry]) -> bytes:
    """The curves of one person, one on each landscape page; the same curves give the same bytes."""
    document = Document(
        title=_("Kurva {name}").format(name=name), paper="A4", foot=_("Kurva pertumbuhan · {name}").format(name=name)
    )
    flow = None
    for chart in charts:
        if flow is None:
            flow = start(document, landscape=True, bookmark=chart.title)
        else:
            flow.turn(landscape=True, bookmark=chart.title)
        flow.y -= 14
        flow.page.write(flow.left, flow.y, shortened(name, BOLD, 15, flow.width * 0.6), 15, BOLD)
        flow.page.write(flow.right, flow.y, chart.subtitle, 10, align="right", colour=GREY)
        flow.y -= 2 * MM
        paragraph(flow, facts, size=9, colour=GREY)
        height = flow.y - MARGIN - FOOTER
        draw_growth_chart(flow.page, Frame(flow.left, flow.y - height, flow.width, height), chart, size=9)
    return document.to_bytes()


def small_kms_table(children: Sequence[SmallChart]) -> Table:
    """The children of the small KMS, in its order, each with the last weight."""
    columns = (
        Column("no", _("No"), "right", 0.2, 8),
        Column("name", _("Nama"), "left", 1.2, 30),
        Column("facts", _("Umur, ibu, RT"), "left", 1.6, 40),
        Column("last", _("BB terakhir (kg)"), "left", 0.8, 24),
    )
    rows = tuple(
        (
            Cell(str(number), number),
            Cell(child.name, child.name, (PersonRef(child.person_id, child.name, child.facts),)),
            Cell(child.facts, child.facts),
            Cell(child.last, child.last or None),
        )
        for number, child in enumerate(children, 1)
    )
    return Table(
        "kms_kecil", _("KMS kecil"), columns, plain_head(columns), rows, empty=_("Belum ada balita di Posyandu ini.")
    )


def small_kms_pdf(
    post: str, month: str, children: Sequence[SmallChart], size: PaperName = "A4", *, mono: bool = False
) -> bytes:
    """The KMS of every child of a post, eight on a page, in the order given."""
    title = _("KMS kecil")
    document = Document(title=f"{title} {post} {month}", paper=size, foot=f"{post} · {title} {month}", mono=mono)
    a_page = SMALL_COLUMNS * SMALL_ROWS
    for first in range(0, max(1, len(children)), a_page):
        page = document.page(bookmark=f"{title} {first + 1}")
        top = page.height - MARGIN
        page.write(MARGIN, top - 11, f"{title} · {post}, {month}", 11, BOLD)
        legend = next((each.chart.legend for each in children[first : first + a_page] if each.chart.legend), "")
        if legend:
            page.write(page.width - MARGIN, top - 11, legend, 8, align="right")
        width = (page.width - 2 * MARGIN - 6 * MM) / SMALL_COLUMNS
        tall = (top - 7 * MM - MARGIN - FOOTER + 3 * MM) / SMALL_ROWS
        for place, child in enumerate(children[first : first + a_page]):
            row, column = divmod(place, SMALL_COLUMNS)
            x, y = MARGIN + column * (width + 6 * MM), top - 7 * MM - row * tall
            page.write(x, y - 9, shortened(child.name, BOLD, 9, width), 9, BOLD)
            page.write(x, y - 18, shortened(child.facts, REGULAR, 7, width), 7, colour=GREY)
            draw_growth_chart(
                page, Frame(x, y - tall + 2 * MM, width, tall - 10.5 * MM), child.chart, size=6, titled=False
            )
        if not children:
            page.write(MARGIN, top - 30, _("Belum ada balita di Posyandu ini."), 10)
    return document.to_bytes()


def strips_table(rows: Sequence[StripRow]) -> Table:
    """The strips: what is known of each child, from which weight it gained, and boxes to write the day's results."""
    columns = (
        Column("name", _("Nama, umur, ibu"), "left", 2.3, 26),
        Column("last", _("BB lalu"), "right", 0.7, 11),
        Column("gain", _("Harus naik (g)"), "right", 0.6, 10),
        Column("n_from", _("N bila paling sedikit"), "right", 0.8, 12),
        Column("red", _("Merah di bawah"), "right", 0.7, 12),
        Column("orange", _("Oranye di atas"), "right", 0.7, 12),
        Column("weight", _("BB hari ini"), "left", 0.9, 18),
        Column("length", _("PB/TB"), "left", 0.8, 15),
        Column("muac", _("LiLA"), "left", 0.7, 13),
        Column("letter", _("N T O B"), "left", 0.8, 16),
    )
    return Table(
        code="strip",
        title=_("Strip KMS"),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(
            (
                Cell(f"{row.name}\n{row.facts}", row.name, (PersonRef(row.person_id, row.name, row.facts),)),
                *(Cell(text, None) for text in (row.last, row.gain, row.n_from, row.red, row.orange)),
                *(Cell("", None) for _blank in range(4)),
            )
            for row in rows
        ),
        notes=(
            _("N: naik sekurangnya KBM sejak bulan lalu. Tanpa BB bulan lalu: O bila pernah ditimbang, B bila baru."),
            _("Merah: di bawah garis merah KMS, rujuk. Oranye: di atas garis oranye, laporkan ke bidan."),
            *([wrong_legend()] if any(CROSS in row.last for row in rows) else []),
        ),
        empty=_("Belum ada balita di Posyandu ini."),
        row_mm=10,
    )


def strips_pdf(post: str, day: str, rows: Sequence[StripRow], size: PaperName = "A4", *, mono: bool = False) -> bytes:
    """The strips on paper, for a day on which the laptop cannot be used."""
    title = _("Strip KMS")
    document = Document(title=f"{title} {post} {day}", paper=size, foot=f"{post} · {title} {day}", mono=mono)
    flow = start(document, bookmark=title)
    heading(flow, f"{title} · {post}", size=14, space=0)
    words = _("Hari Posyandu {day}. Diketik dari sini setelah listrik ada.").format(day=day)
    paragraph(flow, words, size=9.5, colour=GREY, space=2 * MM)
    add_table(flow, strips_table(rows), title=False)
    return document.to_bytes()
