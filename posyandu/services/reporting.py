"""The monthly report and the KMS of a child: gather the rows, compute, write PDF, XLSX or CSV.

reportlab, XlsxWriter and pypdfium2 are imported when first used: nobody waits for them when the app starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from posyandu.domain import child
from posyandu.domain.calendar import Month, age_months, age_text
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.reports import formats, growth_chart
from posyandu.reports.counted import address_of, name_of
from posyandu.reports.growth_chart import Measured
from posyandu.reports.monthly import MonthlyData, MonthlyReport, Reconciliation, Signature
from posyandu.reports.monthly import monthly as _assemble
from posyandu.reports.sheet import DrawnSheet, Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.services import confirmations, leaving, posts, two_posts
from posyandu.services.post_curves import CARDS
from posyandu.services.report_data import child_history, gather
from posyandu.services.sheets import MONTHLY, Kind, bundle, kinds
from posyandu.services.sheets import build as _build
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

if TYPE_CHECKING:
    from posyandu.reports.pdf import KmsSheet

PaperName = Literal["A4", "F4"]

__all__ = [
    "Kind",
    "MonthlyReport",
    "PageImage",
    "PaperName",
    "Reconciliation",
    "Sheet",
    "Signature",
    "build",
    "bundle",
    "file_name",
    "kinds",
    "kms_bytes",
    "kms_pdf",
    "monthly",
    "page_images",
    "pdf_bytes",
    "save_csv",
    "save_pdf",
    "save_xlsx",
]


@dataclass(frozen=True)
class PageImage:
    """One rendered page: `rgb` holds width x height pixels of three bytes, without padding."""

    width: int
    height: int
    rgb: bytes


def monthly(ws: Workspace, posyandu_id: str, month: Month, *, recap_bands: str = "ilp") -> MonthlyReport:
    """The report of a post for a month, as the book stands now; later months do not matter.

    `recap_bands` chooses the blank of the ILP recap for children: "ilp" (Kemenkes 2023) or "ilp_three" (bayi, balita
    and apras apart). Raises NotFound when the book has no such post.
    """
    data = gather(ws, posyandu_id, month, recap_bands)
    report = _assemble(data)
    more = (*_also_at_another_post(ws, posyandu_id, data), *_confirmed_otherwise(ws, posyandu_id, month))
    return replace(report, checks=(*report.checks, *more))


def _also_at_another_post(ws: Workspace, posyandu_id: str, data: MonthlyData) -> tuple[Reconciliation, ...]:
    """Who lives at another post by its book, too: counted at both, and once by the levels above."""
    crowds = (data.children, data.pregnancies, data.life)
    ids = {each.id for crowd in crowds for each in crowd.get(data.month, ())}
    people = {id_: data.everyone[id_] for id_ in ids}
    found = two_posts.living_at_another(ws, posyandu_id, people, min(data.month.last, ws.today()))
    if not found:
        return ()
    names = {post.id: post.name for post in posts.posts(ws)}
    where = _("Juga tercatat di {post}")
    named = tuple(
        PersonRef(id_, name_of(data.everyone[id_]), where.format(post=names.get(other.scope, formats.DASH)))
        for id_, other in sorted(found.items(), key=lambda each: (name_of(data.everyone[each[0]]).casefold(), each[0]))
    )
    words = _(
        "{n} orang juga tercatat di Posyandu lain. Desa dan Puskesmas menghitungnya sekali: catat pindah di Posyandu "
        "yang tidak lagi ditinggalinya."
    )
    return (Reconciliation(False, words.format(n=len(named)), named, of_others=True),)


def _confirmed_otherwise(ws: Workspace, posyandu_id: str, month: Month) -> tuple[Reconciliation, ...]:
    """Where a health worker found something else: the figures stay computed, and the report says so."""
    differing = confirmations.differing(ws, posyandu_id, month)
    if not differing:
        return ()
    rows = {person_id: records.load(ws.db, PERSON, person_id) for person_id in differing}
    people = tuple(
        PersonRef(person_id, name_of(row.answers), ". ".join(differing[person_id]))
        for person_id, row in rows.items()
        if row is not None
    )
    words = _("{n} hasil menurut tenaga kesehatan berbeda dari hasil hitung; angka laporan memakai hasil hitung.")
    return (Reconciliation(True, words.format(n=sum(map(len, differing.values()))), people),)


def build(
    ws: Workspace,
    kind: str,
    posyandu_id: str,
    month: Month | None = None,
    *,
    year: int | None = None,
    person_id: str = "",
) -> MonthlyReport | Sheet:
    """Any report by the code of its kind, for the month, year or person that the kind asks for.

    "bulanan" is the monthly report itself. Raises NotFound for an unknown kind, post or person, BadInput when what
    the kind asks for is missing.
    """
    if kind == MONTHLY:
        return monthly(ws, posyandu_id, month or Month.of(ws.today()))
    return _build(ws, kind, posyandu_id, month, year=year, person_id=person_id)


def file_name(report: MonthlyReport | Sheet, suffix: str, version: str = "") -> str:
    """A name to offer when saving: "Laporan Melati 1 2026-11.pdf"; only letters any file system takes.

    A signed `version` has a name of its own: the next one is saved beside it.
    """
    start = report.title.partition(":")[0] if isinstance(report, Sheet) else _("Laporan")
    name = "".join(
        letter if letter.isalnum() or letter in " -_" else " "
        for letter in f"{start} {report.post_name} {report.stamp} {version}"
    )
    return f"{' '.join(name.split())}.{suffix}"


def told(report: MonthlyReport | Sheet) -> str:
    """What the report is called where it is spoken of: "Laporan bulanan Posyandu, Melati 1, November 2026"."""
    return ", ".join((report.title.partition(":")[0], report.post_name, report.period))


def pdf_bytes(report: MonthlyReport | Sheet, paper: PaperName = "A4", *, mono: bool = False) -> bytes:
    """The report as PDF, in greys alone where `mono`; the same report and paper give the same bytes."""
    from posyandu.reports import pdf

    if isinstance(report, DrawnSheet):
        return report.draw(paper, mono)
    if isinstance(report, Sheet):
        return pdf.sheet_pdf(report, paper, mono=mono)
    return pdf.monthly_pdf(report, paper, mono=mono)


def save_pdf(
    ws: Workspace,
    report: MonthlyReport | Sheet,
    path: Path,
    paper: PaperName = "A4",
    *,
    mono: bool = False,
    about_id: str = "",
) -> Path:
    """Write the report as PDF, whole or not at all, and note it; `about_id` when it is of one person alone.

    Raises DiskFull, BadInput when the file cannot be replaced.
    """
    content = pdf_bytes(report, paper, mono=mono)
    if about_id:
        return leaving.hand_out(ws, leaving.PERSON, path, content, about_id=about_id)
    return leaving.hand_out(ws, leaving.REPORT, path, content, told(report))


def save_xlsx(ws: Workspace, report: MonthlyReport | Sheet, path: Path) -> Path:
    """Write the same tables as an Excel workbook. Raises as save_pdf."""
    from posyandu.reports import spreadsheet

    return leaving.hand_out(ws, leaving.REPORT, path, spreadsheet.workbook(report), told(report))


def save_csv(ws: Workspace, report: MonthlyReport | Sheet, folder: Path) -> list[Path]:
    """Write each table as a CSV file into the folder, made when missing, and give the files. Raises as save_pdf."""
    from posyandu.reports import delimited

    folder.mkdir(parents=True, exist_ok=True)
    leaving.note(ws, leaving.REPORT, told(report))
    return [leaving.write(folder / name, content) for name, content in delimited.csv_files(report).items()]


def kms_pdf(
    ws: Workspace, person_id: str, path: Path, paper: PaperName = "A4", *, style: growth_chart.Style = "new"
) -> Path:
    """Write the KMS of a child as PDF. Raises NotFound, BadInput without sex or birth date, and as save_pdf."""
    return leaving.hand_out(ws, leaving.PERSON, path, kms_bytes(ws, person_id, paper, style=style), about_id=person_id)


def kms_bytes(ws: Workspace, person_id: str, paper: PaperName = "A4", *, style: growth_chart.Style = "new") -> bytes:
    """The KMS of a child as PDF: curves for the ages it has reached, and the table of its visits. Raises as kms_pdf."""
    from posyandu.reports import pdf

    return pdf.kms_pdf(_kms_sheet(ws, person_id, style), paper)


def _kms_sheet(ws: Workspace, person_id: str, style: growth_chart.Style) -> "KmsSheet":
    from posyandu.reports.pdf import KmsSheet

    row = records.load(ws.db, PERSON, person_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Anak ini tidak ada di buku."))
    person = row.answers
    sex, born_on = person.get("sex"), person.get("born_on")
    if not isinstance(sex, str) or not isinstance(born_on, date):
        raise BadInput(_("Lengkapi jenis kelamin dan tanggal lahir anak, lalu cetak lagi."))
    history = child_history(ws, row)
    pairs = list(zip(history.visits, history.assessments, strict=True))
    weights, lengths, heads = (
        _measured(person, pairs, born_on, name, at_birth)
        for name, at_birth in (
            ("weight_g", "birth_weight_g"), ("length_mm", "birth_length_mm"), ("head_mm", "birth_head_mm"),
        )
    )  # fmt: skip
    oldest = max((age_months(born_on, each.visited_on) for _visit, each in pairs), default=0)
    cards = [card for card in CARDS if card[0] == 0 or oldest >= card[0]]
    rules = ws.standards.on(history.assessments[-1].visited_on if pairs else ws.today())
    kms = partial(
        growth_chart.kms,
        bgm_z=round(rules.bgm_z),
        orange_z=None if rules.orange_z is None else round(rules.orange_z),
    )
    return KmsSheet(
        name=name_of(person),
        facts=_kms_facts(ws, row, born_on),
        weight=tuple(kms(ws.growth, sex, born_on, weights, *card, style) for card in cards),
        length=tuple(growth_chart.length_for_age(ws.growth, sex, born_on, lengths, *card) for card in cards),
        weighings=_weighings(pairs, born_on),
        heads=tuple(
            growth_chart.head_for_age(ws.growth, sex, born_on, heads, *card)
            for card in CARDS
            if any(card[0] <= age_months(born_on, each.on) < card[1] for each in heads)
        ),
        notes=(
            _(
                "Titik hanya disambung bila ditimbang bulan sebelumnya. N naik, T tidak naik, O bulan lalu tidak "
                "ditimbang, B baru pertama ditimbang."
            ),
            _("Status gizi adalah hasil hitung; tenaga kesehatan yang memastikan."),
            *([growth_chart.wrong_legend()] if any(each.spoilt for _visit, each in pairs) else []),
        ),
    )


def _measured(
    person: Answers, pairs: Sequence[tuple[Answers, child.ChildAssessment]], born_on: date, name: str, at_birth: str
) -> list[Measured]:
    """What was measured, g or mm: at birth, when that is known, then at each visit."""
    found = [Measured(born_on, first)] if isinstance(first := person.get(at_birth), int) else []
    for visit, each in pairs:
        if isinstance(value := visit.get(name), int):
            letter = each.weighed.code if each.weighed and name == "weight_g" else ""
            found.append(Measured(each.visited_on, value, letter, wrong=name in each.spoilt))
    return found


def _kms_facts(ws: Workspace, row: Row, born_on: date) -> tuple[tuple[str, str], ...]:
    person = row.answers
    post = records.load(ws.db, POSYANDU, row.scope)
    weight, length = person.get("birth_weight_g"), person.get("birth_length_mm")
    return (
        (_("Tanggal lahir"), formats.long_date(born_on)),
        (_("Jenis kelamin"), _("Laki-laki") if person.get("sex") == "male" else _("Perempuan")),
        (_("Nama ibu"), str(person.get("mother_name") or "")),
        (_("Nama ayah"), str(person.get("father_name") or "")),
        (_("Berat lahir"), f"{formats.kilograms(weight)} kg" if isinstance(weight, int) else ""),
        (_("Panjang lahir"), f"{formats.centimetres(length)} cm" if isinstance(length, int) else ""),
        (_("Alamat"), address_of(person)),
        (_("Posyandu"), str(post.answers.get("name") or "") if post else ""),
    )


def _weighings(pairs: Sequence[tuple[Answers, child.ChildAssessment]], born_on: date) -> Table:
    columns = (
        Column("visited_on", _("Tanggal"), "left", 0.8, 12),
        Column("age", _("Umur"), "left", 1, 12),
        Column("weight", _("BB (kg)"), "right", 0.5, 8),
        Column("code", _("N/T"), "center", 0.4, 8),
        Column("gain", _("Kenaikan (g)"), "right", 0.6, 8),
        Column("kbm", _("KBM (g)"), "right", 0.5, 8),
        Column("length", _("PB/TB (cm)"), "right", 0.6, 8),
        Column("waz", _("BB/U"), "left", 1.4, 10),
        Column("haz", _("PB/U, TB/U"), "left", 1, 10),
        Column("whz", _("BB/PB, BB/TB"), "left", 1.2, 10),
    )
    return Table(
        code="kms",
        title=_("Hasil penimbangan dan pengukuran"),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(_weighing_row(visit, each, born_on) for visit, each in pairs),
        empty=_("Belum ada hasil ukur."),
    )


def _weighing_row(visit: Answers, each: child.ChildAssessment, born_on: date) -> tuple[Cell, ...]:
    weight, length, weighed = visit.get("weight_g"), visit.get("length_mm"), each.weighed
    age = age_text(born_on, each.visited_on)
    kilograms = formats.kilograms(weight if isinstance(weight, int) else None) + _cross("weight_g", each)
    centimetres = formats.centimetres(length if isinstance(length, int) else None) + _cross("length_mm", each)
    code = weighed.code if weighed else ""
    gain = weighed.gain_g if weighed else None
    wanted = weighed.kbm_g if weighed and gain is not None else None
    return (
        Cell(formats.short_date(each.visited_on), each.visited_on),
        Cell(age, age),
        Cell(kilograms, weight / 1000 if isinstance(weight, int) else None),
        Cell(code, code),
        Cell("" if gain is None else formats.grams(gain), gain),
        Cell("" if wanted is None else formats.whole(wanted), wanted),
        Cell(centimetres, length / 10 if isinstance(length, int) else None),
        *(_class_cell(each, index) for index in ("waz", "haz", "whz")),
    )


def _cross(name: str, each: child.ChildAssessment) -> str:
    return f" {growth_chart.CROSS}" if name in each.spoilt else ""


def _class_cell(each: child.ChildAssessment, index: str) -> Cell:
    category = each.categories[index]
    if category.level == "unknown":
        return Cell("")
    return Cell(category.label, category.label)


def page_images(pdf: bytes, dpi: float = 96) -> list[PageImage]:
    """Every page of a PDF as pixels, for a preview or a printer."""
    import pypdfium2

    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_image(page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=False)) for page in document]
        finally:
            document.close()


_ONE_AT_A_TIME = Lock()
"""PDFium must not be called from two threads at once: a second month chosen quickly ended the whole app."""


def _image(bitmap: Any) -> PageImage:  # noqa: ANN401 - pypdfium2 has no types
    width, height, row = bitmap.width, bitmap.height, bitmap.width * 3
    data = bytes(bitmap.buffer)
    lines = (data[y * bitmap.stride : y * bitmap.stride + row] for y in range(height))
    return PageImage(width, height, b"".join(lines))
