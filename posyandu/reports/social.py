"""Reports of social problems on paper: one on a page for the village office, and the list with the six-field recap."""

from collections.abc import Sequence
from dataclasses import dataclass

from posyandu.reports.paper import GREY, MM, REGULAR, Document, text_width, wrap
from posyandu.reports.pdf_table import Flow, add_table, heading, paragraph, start
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.text import _

LINE = "." * 96


@dataclass(frozen=True)
class SheetStep:
    """One step as it is printed: stage, day, who, and what was said."""

    stage: str
    day: str
    who: str
    words: str


@dataclass(frozen=True)
class TicketSheet:
    """One report on a page: heading facts, the finding, its steps. `secret` marks the page."""

    number: str
    title: str
    post: str
    facts: tuple[tuple[str, str], ...]
    finding: str
    steps: tuple[SheetStep, ...]
    printed: str
    secret: bool = False


@dataclass(frozen=True)
class ListRow:
    """One report on the list."""

    number: str
    field: str
    kind: str
    who: str
    noted: str
    stage: str
    owner: str
    left: str


@dataclass(frozen=True)
class RecapRow:
    """One field of SPM in the recap."""

    field: str
    received: int
    handled: int
    refused: int
    waiting: int


def ticket_pdf(sheet: TicketSheet) -> bytes:
    """The page as PDF (A4), with room for the village's answer; the same values give the same bytes.

    Who reported is never on it: the family's neighbours read such pages.
    """
    title = _("Laporan masalah sosial")
    secret = _("RAHASIA. Serahkan langsung kepada yang berwenang.")
    plain = _("Berisi data keluarga. Simpan baik-baik, jangan difoto atau dibagikan.")
    document = Document(
        title=f"{title} {sheet.number}", paper="A4", foot=f"{sheet.post} · {sheet.number}",
        code=secret if sheet.secret else plain,
    )  # fmt: skip
    flow = start(document, bookmark=sheet.number)
    heading(flow, title, size=15)
    paragraph(flow, f"{sheet.number} · {sheet.post} · {sheet.printed}", size=9.5, colour=GREY)
    if sheet.secret:
        heading(flow, secret, size=11)
    heading(flow, sheet.title, size=12.5, space=3 * MM)
    widest = max((text_width(label, REGULAR, 9.5) for label, _words in sheet.facts), default=0)
    beside = max(46 * MM, widest + 4 * MM)
    for label, words in sheet.facts:
        _fact(flow, label, words, beside)
    heading(flow, _("Apa yang ditemukan"), size=10.5, space=3 * MM)
    paragraph(flow, sheet.finding, size=10)
    heading(flow, _("Perjalanan laporan"), size=10.5, space=3 * MM)
    add_table(flow, _steps_table(sheet.steps), title=False)
    heading(flow, _("Jawaban pemerintah desa atau instansi"), size=10.5, space=4 * MM)
    for words in (_("Tindakan"), _("Diteruskan kepada"), _("Tanggal dan nomor"), _("Nama dan tanda tangan")):
        flow.y -= 3 * MM
        _fact(flow, words, LINE, beside)
    return document.to_bytes()


def list_pdf(title: str, post: str, printed: str, recap: Sequence[RecapRow], rows: Sequence[ListRow]) -> bytes:
    """The recap of the six fields of a month and the list of reports, as PDF (A4 landscape where it must)."""
    document = Document(
        title=f"{title} {post}", paper="A4", foot=f"{post} · {title}",
        code=_("Berisi data keluarga. Simpan baik-baik, jangan difoto atau dibagikan."),
    )  # fmt: skip
    flow = start(document, bookmark=title)
    heading(flow, title, size=14)
    paragraph(flow, f"{post} · {printed}", size=9.5, colour=GREY, space=2 * MM)
    add_table(flow, recap_table(recap))
    add_table(flow, list_table(rows))
    flow.y -= 1.2 * MM
    paragraph(flow, _("Tiket rahasia tidak termasuk dalam daftar dan rekap ini."), size=8.5, colour=GREY)
    return document.to_bytes()


def recap_table(recap: Sequence[RecapRow]) -> Table:
    """Six fields by received, handled, refused, waiting, with their sum."""
    columns = (
        Column("field", _("Bidang SPM"), "left", 3, 40),
        Column("received", _("Diterima"), "right", 1, 18),
        Column("handled", _("Ditangani"), "right", 1, 18),
        Column("refused", _("Ditolak"), "right", 1, 18),
        Column("waiting", _("Masih menunggu"), "right", 1, 22),
    )
    rows = [
        (Cell(row.field, row.field), *(Cell(str(n), n) for n in (row.received, row.handled, row.refused, row.waiting)))
        for row in recap
    ]
    sums = [sum(getattr(row, name) for row in recap) for name in ("received", "handled", "refused", "waiting")]
    rows.append((Cell(_("Jumlah"), _("Jumlah")), *(Cell(str(n), n) for n in sums)))
    return Table(
        code="rekap_sosial", title=_("Rekap enam bidang SPM"), columns=columns, head=plain_head(columns),
        rows=tuple(rows), strong=frozenset((len(recap),)),
    )  # fmt: skip


def list_table(rows: Sequence[ListRow]) -> Table:
    """The reports with their stage and time."""
    columns = (
        Column("number", _("Nomor"), "left", 1.7, 34),
        Column("kind", _("Masalah"), "left", 1.9, 28),
        Column("who", _("Tentang"), "left", 1.9, 28),
        Column("noted", _("Dicatat"), "left", 1, 19),
        Column("stage", _("Tahap"), "left", 1.1, 20),
        Column("left", _("Waktu"), "left", 1, 18),
        Column("owner", _("Ditangani oleh"), "left", 1.4, 22),
    )
    cells = tuple(
        tuple(
            Cell(words, words) for words in (row.number, row.kind, row.who, row.noted, row.stage, row.left, row.owner)
        )
        for row in rows
    )
    return Table(
        code="daftar_sosial", title=_("Daftar laporan"), columns=columns, head=plain_head(columns), rows=cells,
        empty=_("Belum ada laporan."),
    )  # fmt: skip


def _steps_table(steps: Sequence[SheetStep]) -> Table:
    columns = (
        Column("stage", _("Tahap"), "left", 1.2, 24),
        Column("day", _("Tanggal"), "left", 1, 20),
        Column("who", _("Oleh"), "left", 1.6, 28),
        Column("words", _("Catatan"), "left", 3.2, 40),
    )
    rows = tuple(tuple(Cell(words, words) for words in (each.stage, each.day, each.who, each.words)) for each in steps)
    return Table(code="langkah", title="", columns=columns, head=plain_head(columns), rows=rows)


def _fact(flow: Flow, label: str, words: str, beside: float) -> None:
    for number, line in enumerate(wrap(words or "-", REGULAR, 9.5, flow.width - beside)):
        flow.y -= 5.2 * MM
        if not number:
            flow.page.write(flow.left, flow.y, label, 9.5, colour=GREY)
        flow.page.write(flow.left + beside, flow.y, line, 9.5)
