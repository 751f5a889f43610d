"""How fast a report is written: our canvas against reportlab's platypus, the same content, taking turns.

Content: ten pages with a heading, a paragraph, a table of 20 x 10 and a vector chart, then a register of 200 rows.
Goals (median of many, warm): at most 0.65 of platypus's time and at least 115 pages a second; from nothing (start of
Python, imports, first report) at most 0.24 s, a fifth of LibreOffice's or Chromium's whole process.

Run: python benchmarks/bench_report.py [ROUNDS]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import pairwise
from math import sin
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from posyandu.domain.calendar import Month  # noqa: E402
from posyandu.reports import paper, pdf  # noqa: E402
from posyandu.reports.growth_chart import ChartGeometry, Line, Point, Tick  # noqa: E402
from posyandu.reports.monthly import monthly  # noqa: E402
from posyandu.reports.pdf_charts import Frame, draw_growth_chart  # noqa: E402
from posyandu.reports.pdf_table import add_table, heading, paragraph, start  # noqa: E402
from posyandu.reports.table import Cell, Column, Table, plain_head  # noqa: E402

WORDS = (
    "Laporan ini disusun dari catatan hari buka Posyandu dan kunjungan rumah. "
    "Angka yang belum diketahui tidak dihitung. "
) * 3
FIGURES = [[f"{(row * 37 + column * 11) % 97}" for column in range(10)] for row in range(20)]
REGISTER = [
    [
        str(row + 1),
        f"Nama Anak Nomor {row}",
        "L" if row % 2 else "P",
        f"{row % 60} bulan",
        f"Ibu Nomor {row}",
        "Dasan Baru 01/02",
    ]
    for row in range(200)
]
CURVES = [[(x, 3 + z + 9 * (x / 24) ** 0.5 + 0.1 * sin(x)) for x in range(25)] for z in range(7)]
CHILD = [(x + 0.3, 5.8 + 7 * (x / 24) ** 0.5) for x in range(20)]


def ours() -> bytes:
    """The content through the app's own pages."""
    document = paper.Document("Uji kecepatan", "A4", "Uji", "Kode")
    columns = tuple(Column(f"c{number}", f"Kolom {number}", "right") for number in range(10))
    table = Table("t", "Tabel", columns, plain_head(columns), tuple(tuple(Cell(t, t) for t in row) for row in FIGURES))
    chart = _chart()
    flow = start(document)
    for number in range(10):
        if number:
            flow.turn()
        heading(flow, f"Bagian {number + 1}", size=14, space=0)
        paragraph(flow, WORDS)
        add_table(flow, table, title=False)
        draw_growth_chart(flow.page, Frame(flow.left, flow.bottom, flow.width, flow.room - 12), chart)
    flow.turn()
    names = tuple(Column(name, name) for name in ("No", "Nama", "L/P", "Umur", "Ibu", "Alamat"))
    rows = tuple(tuple(Cell(text, text) for text in row) for row in REGISTER)
    add_table(flow, Table("r", "Register", names, plain_head(names), rows))
    return document.to_bytes()


def _chart() -> ChartGeometry:
    points = tuple(Point(x, y, date(2026, 1, 1), f"{y:.1f} kg", "N", True, True) for x, y in CHILD)
    return ChartGeometry(
        title="Berat menurut umur",
        subtitle="",
        x_label="Umur (bulan)",
        y_label="Berat (kg)",
        x_from=0,
        x_to=24,
        y_from=2,
        y_to=20,
        x_ticks=tuple(Tick(float(x), str(x) if x % 3 == 0 else "", x % 6 == 0) for x in range(25)),
        y_ticks=tuple(Tick(float(y), str(y) if y % 2 == 0 else "", y % 2 == 0) for y in range(2, 21)),
        bands=(),
        lines=tuple(Line("thin", "", z, tuple(curve)) for z, curve in enumerate(CURVES)),
        points=points,
        spoken="",
    )


def platypus() -> bytes:
    """The same content through reportlab's platypus and graphics."""
    from reportlab.graphics.shapes import Circle, Drawing, PolyLine, String
    from reportlab.graphics.shapes import Line as Stroke
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
    from reportlab.platypus import Table as Flowed

    paper.load_fonts()
    body = ParagraphStyle("body", fontName=paper.REGULAR, fontSize=8.5, leading=11)
    title = ParagraphStyle("title", fontName=paper.BOLD, fontSize=14, leading=18)
    style = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("FONT", (0, 0), (-1, -1), paper.REGULAR, 8.5),
        ("FONT", (0, 0), (-1, 0), paper.BOLD, 8),
        ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.95, 0.95, 0.95)),
    ]

    def drawing() -> Drawing:
        chart = Drawing(515, 260)

        def place(x: float, y: float) -> tuple[float, float]:
            return 26 + x / 24 * 440, 26 + (y - 2) / 18 * 210

        for x in range(25):
            chart.add(Stroke(*place(x, 2), *place(x, 20), strokeWidth=0.3, strokeColor=colors.lightgrey))
            if x % 3 == 0:
                chart.add(String(place(x, 2)[0], 14, str(x), fontName=paper.REGULAR, fontSize=7.5, textAnchor="middle"))
        for y in range(2, 21):
            chart.add(Stroke(*place(0, y), *place(24, y), strokeWidth=0.3, strokeColor=colors.lightgrey))
            if y % 2 == 0:
                chart.add(
                    String(20, place(0, y)[1] - 3, str(y), fontName=paper.REGULAR, fontSize=7.5, textAnchor="end")
                )
        for curve in CURVES:
            chart.add(PolyLine([c for x, y in curve for c in place(x, y)], strokeWidth=0.5, strokeColor=colors.grey))
        for a, b in pairwise(CHILD):
            chart.add(Stroke(*place(*a), *place(*b), strokeWidth=1.5))
        for x, y in CHILD:
            chart.add(Circle(*place(x, y), 2.1, fillColor=colors.white, strokeWidth=1.1))
            chart.add(
                String(place(x, y)[0], place(x, y)[1] + 4, "N", fontName=paper.BOLD, fontSize=5.5, textAnchor="middle")
            )
        return chart

    story: list[object] = []
    for number in range(10):
        story += [Paragraph(f"Bagian {number + 1}", title), Paragraph(WORDS, body)]
        story.append(Flowed([[f"Kolom {n}" for n in range(10)], *FIGURES], style=style, repeatRows=1))
        story += [drawing(), PageBreak()]
    story.append(Flowed([["No", "Nama", "L/P", "Umur", "Ibu", "Alamat"], *REGISTER], style=style, repeatRows=1))
    target = BytesIO()
    SimpleDocTemplate(
        target, pagesize=A4, invariant=1, leftMargin=40, rightMargin=40, topMargin=40, bottomMargin=40
    ).build(story)
    return target.getvalue()


def timed(work: Callable[[], bytes]) -> float:
    """Seconds of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def pages(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(pypdfium2.PdfDocument(content))


def main(rounds: int) -> None:
    """Measure and print."""
    first, second = ours(), platypus()
    for name, content in (("ours", first), ("platypus", second)):
        print(f"{name}: {pages(content)} pages, {len(content) / 1000:.0f} kB")
    times: dict[str, list[float]] = {"ours": [], "platypus": []}
    for _round in range(rounds):
        times["ours"].append(timed(ours))
        times["platypus"].append(timed(platypus))
    for name, seconds in times.items():
        count = pages(first if name == "ours" else second)
        middle = statistics.median(seconds)
        print(f"{name}: {middle:.3f} s [{min(seconds):.3f}..{max(seconds):.3f}], {count / middle:.0f} pages/s")
    ours_s, theirs_s = (statistics.median(seconds) for seconds in times.values())
    print(f"ours takes {ours_s / theirs_s:.2f} of platypus's time for the same content (goal 0.65)")
    month()
    from_nothing()


def month() -> None:
    """The monthly report of a sample post."""
    from tests import villages

    data = villages.monthly_data(villages.sample_book(), Month(2026, 10))
    report = monthly(data)
    content = pdf.monthly_pdf(report)
    written = statistics.median(timed(lambda: pdf.monthly_pdf(report)) for _round in range(9))
    begun = time.perf_counter()
    monthly(data)
    assembled = time.perf_counter() - begun
    print(
        f"monthly report: {pages(content)} pages, {len(content) / 1000:.0f} kB, tables {assembled:.3f} s, "
        f"PDF {written:.3f} s, {pages(content) / written:.0f} pages/s"
    )


def from_nothing() -> None:
    """A new process that imports and writes the content once, and what it adds to memory."""
    script = "import benchmarks.bench_report as b, resource as r; b.ours(); print(r.getrusage(r.RUSAGE_SELF).ru_maxrss)"
    seconds, memory = [], 0
    for _round in range(5):
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
        seconds.append(time.perf_counter() - begun)
        memory = int(done.stdout)
    print(f"from nothing: {statistics.median(seconds):.2f} s (goal 0.24), {memory / 1024:.0f} MB resident")
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=9, metavar="ROUNDS")
    main(**vars(parser.parse_args()))
