"""The monthly report and the KMS of one child as PDF: the same values as on the screen, laid out for paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posyandu.reports import formats, letterhead, paper
from posyandu.reports.growth_chart import ChartGeometry
from posyandu.reports.monthly import MonthlyReport, Signature
from posyandu.reports.paper import BOLD, FOOTER, GREY, MARGIN, MM, Document, PaperName
from posyandu.reports.pdf_charts import Frame, draw_balok, draw_growth_chart
from posyandu.reports.pdf_table import AIRS, HANDWRITING, LEADING, Flow, add_table, heading, paragraph, start
from posyandu.reports.sheet import FREE, Sheet
from posyandu.reports.table import Table
from posyandu.text import _


def monthly_pdf(
    report: MonthlyReport,
    size: PaperName = "A4",
    *,
    mark: str = "",
    changes: Sequence[Table] = (),
    reason: str = "",
    mono: bool = False,
) -> bytes:
    """The whole report; the same report and paper give the same bytes.

    A signed version has its `mark` in every foot and, where it replaced another, a page of `changes` with the `reason`.
    """
    document = Document(
        title=f"{report.title} {report.post_name} {report.period}",
        paper=size,
        foot=f"{report.post_name} · {report.title} {report.period}",
        code=" · ".join(filter(None, (mark, _("Kode {code}").format(code=report.code)))),
        mono=mono,
    )
    _monthly(document, report, changes, reason)
    return document.to_bytes()


def bundle_pdf(report: MonthlyReport, sheets: Iterable[Sheet], size: PaperName = "A4", *, mono: bool = False) -> bytes:
    """The bundle of a post as PDF."""
    return bundle(report, sheets, size, mono=mono).to_bytes()


def bundle(report: MonthlyReport, sheets: Iterable[Sheet], size: PaperName = "A4", *, mono: bool = False) -> Document:
    """The monthly report and every official sheet of a post in one document, each with its own foot and code."""
    document = Document(title=f"{report.title} {report.post_name} {report.period}", paper=size, mono=mono)
    document.foot = f"{report.post_name} · {report.title} {report.period}"
    document.code = _("Kode {code}").format(code=report.code)
    _monthly(document, report, (), "")
    for sheet in sheets:
        document.foot = f"{sheet.post_name} · {sheet.title} {sheet.period}".rstrip()
        document.code = _("Kode {code}").format(code=sheet.code)
        _sheet(document, sheet)
    return document


def _monthly(document: Document, report: MonthlyReport, changes: Sequence[Table], reason: str) -> None:
    flow = start(document, bookmark=report.title)
    _cover(flow, report)
    add_table(flow, report.skdn)
    flow.turn()
    add_table(flow, report.shares)
    _closing(flow, report)
    flow.turn(landscape=True, bookmark=_("Balok SKDN"))
    _balok_page(flow, report)
    for table in report.recaps:
        flow.turn(landscape=True, bookmark=table.title)
        _sheet_head(flow, report, table.title)
        add_table(flow, table, title=False, closing=_signing_height(15 * MM))
        _signatures(flow, report.signatures, tall=15 * MM)
    flow.turn(landscape=False, bookmark=_("Daftar nama"))
    _name_lists(flow, report.lists)
    if changes:
        flow.turn(landscape=True, bookmark=_("Perubahan"))
        _changes(flow, changes, reason)


def _changes(flow: Flow, tables: Sequence[Table], reason: str) -> None:
    heading(flow, _("Perubahan dari versi sebelumnya"), size=14, space=0)
    if reason:
        paragraph(flow, _("Alasan: {reason}").format(reason=reason))
    for table in tables:
        add_table(flow, table)


def sheet_pdf(sheet: Sheet, size: PaperName = "A4", *, mono: bool = False) -> bytes:
    """An official sheet: each of its tables on pages of its own, with the head of the blank; signatures at the end."""
    document = Document(
        title=f"{sheet.title} {sheet.post_name} {sheet.period}".rstrip(),
        paper=size,
        foot=f"{sheet.post_name} · {sheet.title} {sheet.period}".rstrip(),
        code=_("Kode {code}").format(code=sheet.code),
        mono=mono,
    )
    _sheet(document, sheet)
    return document.to_bytes()


def _sheet(document: Document, sheet: Sheet) -> None:
    """The sheet; one of several tables that leaves little for its last page is set tighter when that saves the page."""
    before, plain = len(document.pages), 0
    short = len(sheet.tables) > 1 and sum(len(table.rows) for table in sheet.tables) < LONG
    for air in (0.0, *AIRS, 0.0) if short else (0.0,):
        del document.pages[before:]
        flow = _set(document, sheet, air)
        pages = len(document.pages) - before
        if pages < plain or pages == 1 or flow.room < flow.page.height / 2:
            return
        plain = plain or pages


LONG = 100
"""Sheets of so many rows are never set as a whole again."""


def _set(document: Document, sheet: Sheet, air: float) -> Flow:
    flow = start(document, landscape=sheet.tables[0].landscape, bookmark=sheet.tables[0].title)
    flow.air = air
    for number, table in enumerate(sheet.tables):
        if number and table.landscape != flow.landscape:
            flow.turn(landscape=table.landscape, bookmark=table.title)
        if number == 0:
            _title_block(flow, sheet)
        if len(sheet.tables) == 1:
            flow.y -= 3 * MM
        closing = _closing_height(sheet, flow.width) if table is sheet.tables[-1] else 0
        alike = [each for each in sheet.tables if each.columns == table.columns]
        add_table(flow, table, title=len(sheet.tables) > 1, alike=alike, closing=closing)
    flow.y -= 2 * MM
    for check in sheet.checks:
        if not check.ok:
            _marked(flow, _("Periksa"), check.sentence, strong=True)
            if check.people:
                paragraph(flow, check.names(NAMED), size=8, colour=GREY, indent=17 * MM)
    for rule in sheet.rules:
        paragraph(flow, rule, size=7, colour=GREY, space=0.3 * MM)
    if sheet.signatures:
        _signatures(flow, sheet.signatures, tall=SHEET_SIGNING)
    return flow


SHEET_SIGNING = 10 * MM
"""What a full page leaves to sign in."""
SIGN_AND_STAMP = 22 * MM
"""What a name and the stamp of a puskesmas over it take."""
NAMED = 12
"""How many people a doubt of a sheet names, or a check that holds: the blank stays on its page, the app names all."""


def _closing_height(sheet: Sheet, width: float) -> float:
    """What stands under the last table of a sheet: doubts, rules and the signatures."""
    doubts = [check for check in sheet.checks if not check.ok]
    told = [check.names(NAMED) for check in doubts if check.people]
    marked = sum(len(paper.wrap(check.sentence, paper.REGULAR, 8.5, width - 17 * MM)) for check in doubts)
    named = sum(len(paper.wrap(names, paper.REGULAR, 8, width - 17 * MM)) for names in told)
    rules = sum(len(paper.wrap(rule, paper.REGULAR, 7, width)) for rule in sheet.rules)
    spaces = 2 * MM + 0.8 * MM * (len(doubts) + len(told)) + 0.3 * MM * len(sheet.rules)
    lines = (marked * 8.5 + named * 8 + rules * 7) * LEADING
    return spaces + lines + (_signing_height(SHEET_SIGNING) if sheet.signatures else 0)


def _signing_height(tall: float) -> float:
    return tall + 21 * MM


def _title_block(flow: Flow, sheet: Sheet) -> None:
    """The title of the blank and the facts under it, in two columns."""
    flow.y = letterhead.draw(flow.page, sheet.letterhead, flow.left, flow.right, flow.y) - 13
    for line in paper.wrap(sheet.title, BOLD, 13, flow.width):
        flow.page.write(flow.left, flow.y, line, 13, BOLD)
        flow.y -= 16
    flow.y += 16 - 2 * MM
    flow.page.stroke(flow.left, flow.y, flow.right, flow.y, 0.9, GREY)
    _fact_columns(flow, sheet.head, 8)
    flow.page.stroke(flow.left, flow.y, flow.right, flow.y, 0.4)


def _cover(flow: Flow, report: MonthlyReport) -> None:
    page = flow.page
    flow.y = letterhead.draw(page, report.letterhead, flow.left, flow.right, flow.y) - 15
    page.write(flow.left, flow.y, report.title, 16, BOLD)
    flow.y -= 1 * MM
    paragraph(flow, f"{report.post_name} · {report.period}", size=11.5, colour=GREY)
    flow.y -= 2.5 * MM
    page.stroke(flow.left, flow.y, flow.right, flow.y, 0.9, GREY)
    _fact_columns(flow, report.head)
    page.stroke(flow.left, flow.y, flow.right, flow.y, 0.4)
    _key_figures(flow, report)


def _fact_columns(flow: Flow, facts: Sequence[tuple[str, str]], size: float = 8.5) -> None:
    """Label and value in two columns, wrapped; on a blank card in three, what is to be written below what is known."""
    free = [(label, value) for label, value in facts if value == FREE]
    known = [(label, value) for label, value in facts if value != FREE]
    label_width = max(31 * MM, *(paper.text_width(label, paper.REGULAR, size) + 2 * MM for label, _value in facts))
    flow.y -= 1.6 * MM
    for told, many in ((known, 3 if free else 2), (free, 3)):
        deep = -(-len(told) // many)
        columns = [told[column * deep : (column + 1) * deep] for column in range(many)]
        width = flow.width / many
        flow.y = min(
            _fact_column(flow, column, flow.left + number * width, width, label_width, size)
            for number, column in enumerate(columns)
        )
    flow.y -= 1.6 * MM


def _fact_column(
    flow: Flow, facts: Sequence[tuple[str, str]], x: float, width: float, label_width: float, size: float
) -> float:
    """The facts one below the other, with room for a hand over a dotted line; gives back how far down they go."""
    y, room = flow.y, width - label_width
    for label, value in facts:
        words = value or formats.DASH
        if value == FREE:
            y -= HANDWRITING - size * 1.4
            words = "." * int((room - 4 * MM) / paper.text_width(".", paper.REGULAR, size))
        flow.page.write(x, y - size, label, size, colour=GREY)
        for line in paper.wrap(words, paper.REGULAR, size, room - 3 * MM):
            flow.page.write(x + label_width, y - size, line, size)
            y -= size * 1.4
    return y


def _key_figures(flow: Flow, report: MonthlyReport) -> None:
    """Six figures a midwife looks for first."""
    table, shares = report.skdn, report.shares
    number = {row[0].text: row[-1].text for row in table.rows}
    share = {row[0].text: row[shares.column("value")].text for row in shares.rows}
    figures = (
        ("S", _("semua balita"), number["S"]),
        ("K", _("punya KMS"), number["K"]),
        ("D", _("ditimbang"), number["D"]),
        ("N", _("naik"), number["N"]),
        ("D/S", _("partisipasi"), share["D/S"]),
        ("N/D", _("naik dari D"), share["N/D"]),
    )
    gap = 2.5 * MM
    width = (flow.width - gap * (len(figures) - 1)) / len(figures)
    height = 15 * MM
    flow.y -= 4 * MM
    for place, (code, label, value) in enumerate(figures):
        x = flow.left + place * (width + gap)
        flow.page.box(x, flow.y - height, width, height, 0.6)
        flow.page.write(x + 2.4 * MM, flow.y - 7 * MM, value, 15, BOLD)
        flow.page.write(x + 2.4 * MM, flow.y - 12 * MM, f"{code} {label}", 7.5, colour=GREY)
    flow.y -= height


def _sheet_head(flow: Flow, report: MonthlyReport, title: str) -> None:
    """The head of a form of its own: its title, and the place in one line, as on the blank."""
    flow.y -= 12
    flow.page.write(flow.left, flow.y, title, 12, BOLD)
    flow.y -= 1.5 * MM
    wanted = report.head[:5]
    line = " · ".join(f"{label}: {value or formats.DASH}" for label, value in wanted)
    paragraph(flow, line, size=8, colour=GREY)
    flow.y -= 2 * MM


def _balok_page(flow: Flow, report: MonthlyReport) -> None:
    _sheet_head(flow, report, _("Balok SKDN {year}").format(year=report.balok.year))
    draw_balok(flow.page, Frame(flow.left, flow.bottom, flow.width, flow.y - flow.bottom), report.balok)
    flow.y = flow.bottom


def _name_lists(flow: Flow, lists: Sequence[Table]) -> None:
    heading(flow, _("Daftar nama"), size=14, space=0)
    empty = [table.title for table in lists if not table.rows]
    for table in lists:
        if table.rows:
            add_table(flow, table, title_size=10, alike=[each for each in lists if each.columns == table.columns])
    if empty:
        heading(flow, _("Tidak ada bulan ini"), size=10)
        paragraph(flow, "; ".join(empty) + ".")


def _closing(flow: Flow, report: MonthlyReport) -> None:
    heading(flow, _("Pemeriksaan angka"), size=11)
    for check in report.checks:
        mark = _("Cocok") if check.ok else _("Periksa")
        _marked(flow, mark, check.sentence, strong=not check.ok)
        if check.people:
            paragraph(flow, check.names(NAMED if check.ok else None), size=8, colour=GREY, indent=17 * MM)
    heading(flow, _("Aturan yang dipakai"), size=11)
    for rule in report.rules:
        paragraph(flow, rule, size=8)
    _signatures(flow, report.signatures)


def _marked(flow: Flow, mark: str, sentence: str, *, strong: bool) -> None:
    lines = paper.wrap(sentence, paper.REGULAR, 8.5, flow.width - 17 * MM)
    flow.need(len(lines) * 11)
    flow.page.write(flow.left, flow.y - 9, mark, 8.5, BOLD if strong else paper.REGULAR)
    paragraph(flow, sentence, indent=17 * MM)


def _signatures(flow: Flow, signatures: Sequence[Signature], *, tall: float = 24 * MM) -> None:
    """Blocks side by side that never part over two pages, `tall` left free to sign in, and to stamp where the page
    has room.
    """
    flow.need(_signing_height(tall))
    tall = max(tall, min(SIGN_AND_STAMP, flow.room - _signing_height(0)))
    flow.y -= 8 * MM
    width = flow.width / max(2, len(signatures))
    for place, block in enumerate(signatures):
        x = flow.left + (place if len(signatures) > 1 else 1) * width
        inner = width - 6 * MM
        y = flow.y
        for text, font in ((block.above, paper.REGULAR), (block.role, paper.REGULAR)):
            for line in paper.wrap(text, font, 8.5, inner):
                flow.page.write(x, y, line, 8.5, font)
                y -= 12
        y = flow.y - 12 - tall
        for line in paper.wrap(block.name, BOLD, 8.5, inner) if block.name else ("." * 38,):
            flow.page.write(x, y, line, 8.5, BOLD)
            y -= 11
        if block.wants_nip:
            flow.page.write(x, y, _("NIP {nip}").format(nip=block.nip or "." * 30), 8, colour=GREY)
    flow.y -= tall + 15 * MM


@dataclass(frozen=True)
class KmsSheet:
    """What the KMS page of one child shows: facts of the head, the curves, and the table of weighings."""

    name: str
    facts: tuple[tuple[str, str], ...]
    weight: tuple[ChartGeometry, ...]
    length: tuple[ChartGeometry, ...]
    weighings: Table
    notes: tuple[str, ...]
    heads: tuple[ChartGeometry, ...] = ()


def kms_pdf(sheet: KmsSheet, size: PaperName = "A4", *, mono: bool = False) -> bytes:
    """The KMS of one child: weight and length curves side by side, then every weighing with N, T, O or B."""
    document = Document(
        title=_("KMS {name}").format(name=sheet.name),
        paper=size,
        foot=_("Kartu Menuju Sehat · {name}").format(name=sheet.name),
        mono=mono,
    )
    flow = start(document, landscape=True)
    for number, (weight, length) in enumerate(zip(sheet.weight, sheet.length, strict=True)):
        if number:
            flow.turn(landscape=True)
        flow.y -= 14
        flow.page.write(flow.left, flow.y, sheet.name, 15 if len(sheet.name) < 50 else 11, BOLD)
        flow.page.write(flow.right, flow.y, weight.subtitle, 10, align="right", colour=GREY)
        flow.y -= 2.5 * MM
        _fact_columns(flow, sheet.facts, 8)
        flow.y -= 3 * MM
        height = flow.y - MARGIN - FOOTER
        left = flow.width * 0.56
        draw_growth_chart(flow.page, Frame(flow.left, flow.y - height, left, height), weight)
        draw_growth_chart(
            flow.page, Frame(flow.left + left + 6 * MM, flow.y - height, flow.width - left - 6 * MM, height), length
        )
    if sheet.heads:
        flow.turn(landscape=True)
        flow.y -= 14
        flow.page.write(flow.left, flow.y, sheet.name, 15 if len(sheet.name) < 50 else 11, BOLD)
        flow.y -= 3 * MM
        height, wide = flow.y - MARGIN - FOOTER, (flow.width - 6 * MM) / len(sheet.heads)
        for place, head in enumerate(sheet.heads):
            draw_growth_chart(
                flow.page, Frame(flow.left + place * (wide + 6 * MM), flow.y - height, wide, height), head
            )
    flow.turn(landscape=False)
    add_table(flow, sheet.weighings)
    flow.y -= 1.5 * MM
    for note in sheet.notes:
        paragraph(flow, note, size=8, colour=GREY)
    return document.to_bytes()
