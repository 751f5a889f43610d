"""How long a puskesmas waits for its paper: one post's month bundle, all posts, the first page; and others beside it.

Sample posts with eighteen months of history in one book. Wall and processor seconds; on a busy machine only the latter
says anything. The same tables go through reportlab's platypus, and through WeasyPrint where it is installed.

Run: python benchmarks/bench_bundle.py [posts] [months]        (60 18 is a whole puskesmas)
"""

import html
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pypdfium2  # noqa: E402

from posyandu.domain.calendar import Month  # noqa: E402
from posyandu.reports import paper, pdf  # noqa: E402
from posyandu.reports.monthly import monthly  # noqa: E402
from posyandu.reports.table import Table  # noqa: E402
from posyandu.services import batch, levels, posts, reporting, review, sheets, workspace  # noqa: E402
from posyandu.services.report_data import gather_sheet  # noqa: E402
from posyandu.services.sample import book, village  # noqa: E402

OCTOBER = Month(2026, 10)


def told(name: str, work: Callable[[], object], note: Callable[[object], str] = lambda _result: "") -> object:
    """Do it once, and print what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name}: {wall:.2f} s, processor {cpu:.2f} s. {note(result)}".rstrip(), flush=True)
    return result


def pages(content: object) -> str:
    """How many pages and bytes a PDF has."""
    assert isinstance(content, bytes)
    return f"{len(pypdfium2.PdfDocument(content))} pages, {len(content) / 1000:.0f} kB"


def platypus(tables: Iterable[Table]) -> bytes:
    """The same tables, nothing else, through reportlab's platypus."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A3, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
    from reportlab.platypus import Table as Flowed

    paper.load_fonts()
    title = ParagraphStyle("title", fontName=paper.BOLD, fontSize=12, leading=15)
    style = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("FONT", (0, 0), (-1, -1), paper.REGULAR, 5)]
    story: list[object] = []
    for table in tables:
        story.append(Paragraph(html.escape(table.title), title))
        rows = [
            [column.title[:12] for column in table.columns],
            *([cell.text[:40] for cell in row] for row in table.rows),
        ]
        story += [Flowed(rows, style=style, repeatRows=1), PageBreak()]
    target = BytesIO()
    SimpleDocTemplate(target, pagesize=landscape(A3), invariant=1).build(story)
    return target.getvalue()


def weasy(tables: Iterable[Table]) -> bytes:
    """The same tables through WeasyPrint."""
    import weasyprint

    parts = ["<style>@page{size:A3 landscape}table{border-collapse:collapse;font-size:5pt}td{border:1px solid}</style>"]
    for table in tables:
        cells = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell.text)}</td>' for cell in row)}</tr>" for row in table.rows
        )
        heads = "".join(f"<td>{html.escape(column.title)}</td>" for column in table.columns)
        parts.append(f"<h3>{html.escape(table.title)}</h3><table><thead><tr>{heads}</tr></thead>{cells}</table>")
    return bytes(weasyprint.HTML(string="".join(parts)).write_pdf())


def main(number: int, months: int) -> None:
    """Make the book, then measure."""
    ws = workspace.in_memory(post=None)

    def fill() -> None:
        for each in range(number):
            place = village.PLACES[each * len(village.PLACES) // number]
            book.write(ws.db, village.one_post(7, each, place, ws.growth, months=months, until=OCTOBER), ws.author)

    told(f"{number} posts x {months} months written", fill)
    ws.posyandu_id = village.post_id(7, 0)
    reporting.monthly(ws, ws.posyandu_id, OCTOBER)  # imports and tables read
    first = told("first page: report made, written, one page drawn", lambda: first_page(ws))
    assert first
    data = told("one post: rows gathered", lambda: gather_sheet(ws, ws.posyandu_id, OCTOBER))
    report = monthly(data.report)  # type: ignore[attr-defined]
    made = told("one post: every sheet made", lambda: sheets.of_data(data), lambda each: f"{len(each)} sheets")  # type: ignore[arg-type]
    told("one post: bundle written as PDF", lambda: pdf.bundle_pdf(report, made), pages)  # type: ignore[arg-type]
    told("one post: everything", lambda: batch.bundle(gather_sheet(ws, ws.posyandu_id, OCTOBER)), pages)
    tables = [*report.tables, *report.lists, *(table for sheet in made for table in sheet.tables)]  # type: ignore[attr-defined]
    told("the same tables by platypus", lambda: platypus(tables), pages)
    try:
        told("the same tables by WeasyPrint", lambda: weasy(tables), pages)
    except ImportError:
        print("WeasyPrint is not installed here")
    told("board of posts", lambda: review.board(ws, OCTOBER), lambda each: each.sentence)  # type: ignore[attr-defined]
    level = next(each for each in levels.levels(ws) if each.kind == "puskesmas")
    with tempfile.TemporaryDirectory() as folder:
        told(
            f"{number} bundles and the one of the whole",
            lambda: batch.write(ws, posts.posts(ws), OCTOBER, Path(folder), whole=level),
            lambda each: f"{sum(path.stat().st_size for path in each.paths) / 1e6:.1f} MB",  # type: ignore[attr-defined]
        )
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def first_page(ws: workspace.Workspace) -> object:
    """What somebody waits for who opens a month: the report, its PDF, the first page as pixels."""
    content = reporting.pdf_bytes(reporting.monthly(ws, ws.posyandu_id, OCTOBER))
    document = pypdfium2.PdfDocument(content)
    return document[0].render(scale=96 / 72)


if __name__ == "__main__":
    wanted = [int(each) for each in sys.argv[1:]]
    main(*(wanted or [60, 18]))
