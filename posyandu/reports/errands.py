"""The pages kader take along when they visit homes: one for each, with room to write down what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from posyandu.reports.paper import GREY, MM, Document
from posyandu.reports.pdf_table import add_table, heading, paragraph, start
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import _


@dataclass(frozen=True)
class ErrandRow:
    """One person to be seen."""

    person_id: str
    name: str
    place: str
    phone: str
    reason: str
    level: str


@dataclass(frozen=True)
class ErrandPage:
    """What one kader takes along; `where` says in which RTs."""

    kader: str
    where: str
    rows: tuple[ErrandRow, ...]


def errands_table(page: ErrandPage) -> Table:
    """The page's table: who, where, why, and empty boxes for the day and the result."""
    columns = (
        Column("number", _("No."), "right", 0.3, 7),
        Column("name", _("Nama"), "left", 2.2, 30),
        Column("place", _("Alamat dan telepon"), "left", 1.4, 24),
        Column("reason", _("Mengapa"), "left", 2.4, 34),
        Column("day", _("Tanggal"), "left", 0.7, 17),
        Column("result", _("Hasil dan tindak lanjut"), "left", 2.6, 46),
    )
    rows = tuple(
        (
            Cell(str(number), number),
            Cell(row.name, row.name, (PersonRef(row.person_id, row.name, row.reason),)),
            Cell(", ".join(part for part in (row.place, row.phone) if part), row.place),
            Cell(f"! {row.reason}" if row.level == "bad" else row.reason, row.reason),
            Cell("", None),
            Cell("", None),
        )
        for number, row in enumerate(page.rows, start=1)
    )
    return Table(
        code="kunjungan",
        title=_("Yang perlu dikunjungi"),
        columns=columns,
        head=plain_head(columns),
        rows=rows,
        notes=(_("Tanda ! berarti didahulukan."),) if any(row.level == "bad" for row in page.rows) else (),
        empty=_("Tidak ada yang perlu dikunjungi."),
        row_mm=11,
    )


def errands_pdf(post: str, month: str, printed: str, pages: Sequence[ErrandPage]) -> bytes:
    """The pages as PDF (A4), each kader's on a sheet of its own; the same pages give the same bytes."""
    title = _("Daftar kunjungan rumah")
    document = Document(
        title=f"{title} {post} {month}",
        paper="A4",
        foot=f"{post} · {title} {month}",
        code=_("Dicetak {day}. Simpan baik-baik, jangan difoto atau dibagikan.").format(day=printed),
    )
    flow = None
    for page in pages:
        if flow is None:
            flow = start(document, bookmark=page.kader)
        else:
            flow.turn(bookmark=page.kader)
        heading(flow, f"{title} · {page.kader}", size=14)
        words = _("{post}, {month}. {where}. {n} orang.").format(
            post=post, month=month, where=page.where, n=len(page.rows)
        )
        paragraph(flow, words, size=9.5, colour=GREY, space=2 * MM)
        add_table(flow, errands_table(page), title=False)
    if flow is None:
        start(document)
    return document.to_bytes()
