"""How long a puskesmas waits for its paper, and how much memory that takes; and others beside it on the same tables.

A book on disk of sample posts of all ages with eighteen months of history. Measured each in a process of its own: the
first page of a preview, one post's month bundle, the board of posts (first look and again), the bundles of all posts
with the one of the whole, and the same stopped half-way. Then the tables of one post's bundle through reportlab's
platypus and, where they are there, WeasyPrint, typst and LibreOffice, in the same run, as ratios. Wall and processor
seconds; on a busy machine only the latter says anything.

    pip install --target /tmp/peers weasyprint typst;  apt-get install --no-install-recommends libreoffice-writer
    python benchmarks/bench_bundle.py [posts] [months] [--peers /tmp/peers] [--book FOLDER]   (60 18: a puskesmas)

FOLDER keeps the book for the next run.
"""

import argparse
import html
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import pypdfium2  # noqa: E402

from posyandu.domain.calendar import Month  # noqa: E402
from posyandu.reports import paper, pdf  # noqa: E402
from posyandu.reports.monthly import monthly  # noqa: E402
from posyandu.reports.table import Table  # noqa: E402
from posyandu.services import accounts, batch, levels, posts, reporting, review, sheets  # noqa: E402
from posyandu.services.accounts import BookFolder  # noqa: E402
from posyandu.services.report_data import gather_sheet  # noqa: E402
from posyandu.services.sample import affairs, book, doses, life, troubles, village  # noqa: E402
from posyandu.services.workspace import Workspace  # noqa: E402
from posyandu.storage import keys, reference  # noqa: E402

OCTOBER = Month(2026, 10)
PIN = "482613"
SEED = 7
BENCH_NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)


def told(name: str, work: Callable[[], object], note: Callable[[object], str] = lambda _result: "") -> object:
    """Do it once, and print what it took, this process and those it started."""
    wall, cpu = time.perf_counter(), _cpu()
    result = work()
    wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    print(f"{name}: {wall:.2f} s, processor {cpu:.2f} s. {note(result)}".rstrip(), flush=True)
    return result


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def memory() -> float:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def pages(content: object) -> str:
    """How many pages and bytes a PDF has."""
    assert isinstance(content, bytes)
    return f"{len(pypdfium2.PdfDocument(content))} pages, {len(content) / 1000:.0f} kB"


# ---- the book


def make(folder: Path, number: int, months: int) -> None:
    """Write the sample posts into a book on disk."""
    ws = accounts.create(BookFolder(folder, practice=True), "Nurul", PIN, cost=keys.COSTS[-1]).workspace
    schedule = reference.shipped_standards().on(OCTOBER.last).immunisation
    for each in range(number):
        place = village.PLACES[each * len(village.PLACES) // number]
        entries = village.one_post(SEED, each, place, ws.growth, months=months, until=OCTOBER)
        lives = doses.added(SEED, life.added(SEED, entries, OCTOBER), schedule, OCTOBER.last)
        book.write(ws.db, troubles.added(SEED, affairs.added(SEED, lives)), ws.author)
    ws.posyandu_id = village.post_id(SEED, 0)
    ws.close()


def opened(folder: Path) -> Workspace:
    """The book, as somebody who unlocked it has it."""
    kept = BookFolder(folder, practice=True)
    return accounts.unlock(kept, accounts.members(kept)[0].id, PIN)


# ---- what is measured, each in a process of its own


def one_post(ws: Workspace) -> None:
    """The first page of a preview, and everything of a month of one post."""
    first = told("first page, cold: report made, written, one page drawn", lambda: first_page(ws))
    assert first
    told("first page, again", lambda: first_page(ws))
    data = told("one post: rows gathered", lambda: gather_sheet(ws, ws.posyandu_id, OCTOBER))
    report = monthly(data.report)  # type: ignore[attr-defined]
    made = told(
        "one post: every sheet made",
        lambda: sheets.of_post(ws, ws.posyandu_id, data),  # type: ignore[arg-type]
        lambda each: f"{len(each)} sheets",  # type: ignore[arg-type]
    )
    told("one post: bundle written as PDF", lambda: pdf.bundle_pdf(report, made), pages)  # type: ignore[arg-type]
    print(f"memory: {memory():.0f} MB")


def first_page(ws: Workspace) -> object:
    """What somebody waits for who opens a month: the report, its PDF, the first page as pixels."""
    content = reporting.pdf_bytes(reporting.monthly(ws, ws.posyandu_id, OCTOBER))
    return pypdfium2.PdfDocument(content)[0].render(scale=96 / 72)


def board(ws: Workspace) -> None:
    """Which posts are in: the first look, and every further one."""
    told("board of posts, first look", lambda: review.board(ws, OCTOBER), lambda each: each.sentence)  # type: ignore[attr-defined]
    told("board of posts, again", lambda: review.board(ws, OCTOBER))
    print(f"memory: {memory():.0f} MB")


def bundles(ws: Workspace) -> None:
    """The bundles of all posts and the one of the whole: files, memory after the first, the last and the whole."""
    level = max(levels.levels(ws), key=lambda each: (each.kind == "puskesmas", len(each.posts)))
    had: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        told(
            f"{len(level.posts)} bundles and the one of the whole",
            lambda: batch.write(
                ws, level.posts, OCTOBER, Path(folder), whole=level, progress=lambda *_words: had.append(memory())
            ),
            lambda each: f"{sum(path.stat().st_size for path in each.paths) / 1e6:.1f} MB",  # type: ignore[attr-defined]
        )
    print(
        f"memory: {had[0]:.0f} MB before, {had[1]:.0f} after one, {had[-1]:.0f} after all,"
        f" {memory():.0f} with the whole"
    )


def stopped(ws: Workspace) -> None:
    """How long a stop takes: at most the bundle at work; what is finished stays."""

    class Stop(Exception):  # noqa: N818 - what happens
        pass

    asked: list[float] = []

    def stop_at_third(done: int, _of: int, _words: str) -> None:
        asked.append(time.perf_counter())
        if done == 2:
            raise Stop

    with tempfile.TemporaryDirectory() as folder:
        try:
            batch.write(ws, posts.posts(ws), OCTOBER, Path(folder), progress=stop_at_third)
        except Stop:
            files = len(list(Path(folder).iterdir()))
            print(f"stopped after {files} whole bundles; a stop waits at most {asked[1] - asked[0]:.2f} s")


PHASES = {each.__name__: each for each in (one_post, board, bundles, stopped)}


# ---- the same tables by others


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


def web_page(tables: Iterable[Table]) -> str:
    """The same tables as HTML."""
    parts = [
        "<meta charset=utf-8><style>@page{size:A3 landscape}table{border-collapse:collapse;font-size:5pt}"
        "td{border:1px solid}</style>"
    ]
    for table in tables:
        cells = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell.text)}</td>' for cell in row)}</tr>" for row in table.rows
        )
        heads = "".join(f"<td>{html.escape(column.title)}</td>" for column in table.columns)
        parts.append(f"<h3>{html.escape(table.title)}</h3><table><thead><tr>{heads}</tr></thead>{cells}</table>")
    return "".join(parts)


def weasy(tables: Sequence[Table]) -> bytes:
    """Through WeasyPrint."""
    import weasyprint

    return bytes(weasyprint.HTML(string=web_page(tables)).write_pdf())


def typeset(tables: Sequence[Table]) -> bytes:
    """Through typst."""
    import typst

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'

    parts = ['#set page(paper: "a3", flipped: true)\n#set text(size: 5pt)\n']
    for table in tables:
        heads = ", ".join(quoted(column.title) for column in table.columns)
        cells = ",\n".join(quoted(cell.text) for row in table.rows for cell in row)
        parts.append(
            f"= #{quoted(table.title)}\n#table(columns: {len(table.columns)}, table.header({heads}),\n{cells})\n"
        )
    return bytes(typst.compile("".join(parts).encode()))


def office(tables: Sequence[Table]) -> bytes:
    """Through LibreOffice without a window: its whole process, as somebody who exports from it has it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "berkas.html"
        source.write_text(web_page(tables), encoding="utf-8")
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to",
             "pdf:writer_web_pdf_Export", "--outdir", folder, str(source)],
            check=True, capture_output=True, timeout=900,
        )  # fmt: skip
        return source.with_suffix(".pdf").read_bytes()


def beside(ws: Workspace) -> None:
    """One post's tables by everybody, ours first; ratios of processor time to ours."""
    data = gather_sheet(ws, ws.posyandu_id, OCTOBER)
    report, made = monthly(data.report), sheets.of_post(ws, ws.posyandu_id, data)
    tables = [*report.tables, *report.lists, *(table for sheet in made for table in sheet.tables)]
    tables = [table for table in tables if table.rows]
    print(f"{len(tables)} tables, {sum(len(table.rows) for table in tables)} rows")
    ours = 0.0
    for name, work in (
        ("ours", lambda: pdf.bundle_pdf(report, made)), ("platypus", lambda: platypus(tables)),
        ("WeasyPrint", lambda: weasy(tables)), ("typst", lambda: typeset(tables)),
        ("LibreOffice", lambda: office(tables)),
    ):  # fmt: skip
        if name == "LibreOffice" and not shutil.which("soffice"):
            print("LibreOffice is not installed here")
            continue
        best = float("inf")
        try:
            for _round in range(2 if name in ("ours", "platypus", "typst") else 1):
                start = _cpu()
                content = work()
                best = min(best, _cpu() - start)
        except ImportError:
            print(f"{name} is not installed here")
            continue
        ours = ours or best
        print(f"{name}: processor {best:.2f} s, {best / ours:.1f} x ours; {pages(content)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", type=int, nargs="?", default=60)
    parser.add_argument("months", type=int, nargs="?", default=18)
    parser.add_argument("--peers", metavar="FOLDER", help="where weasyprint and typst were installed with --target")
    parser.add_argument("--book", type=Path, help="keep the book here, or take the one that is")
    parser.add_argument("--phase", choices=[*PHASES, "beside"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peers:
        sys.path.append(chosen.peers)
    if chosen.phase:
        ws = opened(chosen.book)
        ws.keep_time_by(lambda: BENCH_NOW)
        (beside if chosen.phase == "beside" else PHASES[chosen.phase])(ws)
        ws.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("POSYANDU_HOME", folder)
        kept = chosen.book or Path(folder) / "buku"
        if not kept.exists():
            words = f"{chosen.posts} posts x {chosen.months} months written"
            told(words, lambda: make(kept, chosen.posts, chosen.months))
        for phase in (*PHASES, "beside"):
            print(f"-- {phase}", flush=True)
            peers = ["--peers", chosen.peers] if chosen.peers else []
            subprocess.run([sys.executable, __file__, "--book", str(kept), "--phase", phase, *peers], check=True)


if __name__ == "__main__":
    main()
