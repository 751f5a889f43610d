"""The sheets about the post itself: strata, stock, and the six SPM fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posyandu.domain import indicators
from posyandu.domain.calendar import Month, month_text
from posyandu.domain.fields import Answers
from posyandu.domain.forms.activity import KINDS
from posyandu.domain.forms.social import FIELDS
from posyandu.domain.service_group import Group
from posyandu.domain.stock import Line, Outlook
from posyandu.domain.strata import Active, Judged, Strata
from posyandu.reports import formats
from posyandu.reports.agreement import in_recaps, same_people
from posyandu.reports.counted import number_cell
from posyandu.reports.monthly import MonthlyData, Reconciliation, content_code, post_head, signatures
from posyandu.reports.sheet import Sheet
from posyandu.reports.standing import Standing
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.text import N_, _

STRATA, STOCK, SPM, COACHING, TALKING = "strata", "stok", "spm", "pembinaan", "pokok_bicara"
REFERRALS, HOME_VISITS, IKS = "rujukan", "kunjungan_rumah", "iks"
PROFILE, CONSENT = "profil", "persetujuan"
TITLES: Mapping[str, str] = {
    STRATA: N_("Strata Posyandu (telaah kemandirian)"),
    STOCK: N_("Stok Posyandu"),
    SPM: N_("Rekapitulasi enam bidang SPM"),
    COACHING: N_("Lembar pembinaan Posyandu"),
    TALKING: N_("Bahan bicara sesudah hari Posyandu"),
    REFERRALS: N_("Register rujukan dan jawabannya"),
    HOME_VISITS: N_("Rekapitulasi kunjungan rumah"),
    IKS: N_("Indeks Keluarga Sehat (PIS-PK)"),
    PROFILE: N_("Profil desa dan Posyandu"),
    CONSENT: N_("Daftar pemberitahuan dan persetujuan"),
}


def made(
    code: str,
    data: MonthlyData,
    tables: Sequence[Table],
    rules: Sequence[str],
    signed_by: Sequence[str] = ("midwife", "coordinator"),
    checks: Iterable[Reconciliation] = (),
) -> Sheet:
    """A sheet of the post for the month of the data."""
    head = post_head(data)
    return Sheet(
        code_name=code,
        title=_(TITLES[code]),
        period=month_text(data.month),
        stamp=str(data.month),
        head=head,
        tables=tuple(tables),
        checks=tuple(checks),
        rules=tuple(rules),
        signatures=signatures(data, signed_by),
        code=content_code(head, tables, rules),
        letterhead=data.letterhead,
    )


def simple_table(
    code: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Cell, ...]],
    **more: Any,  # noqa: ANN401 - whatever else a table takes
) -> Table:
    """A table with one row of heads."""
    return Table(code=code, title=title, columns=tuple(columns), head=plain_head(columns), rows=tuple(rows), **more)


def said(text: str) -> Cell:
    """Words as a cell."""
    return Cell(text, text)


# --- strata


VERDICT = {True: N_("Ya"), False: N_("Belum"), None: N_("Belum diketahui")}


def strata_sheet(standing: Standing) -> Sheet:
    """The eight indicators with figure, source, limit and what is missing; posyandu aktif; what no rule judges yet."""
    needs = [
        (_("{stage}: {limit}").format(stage=_(stage.label), limit=limit_text(each)), each)
        for stage, judged in standing.strata.judged
        for each in judged
    ]
    active = {True: _("ya"), False: _("belum"), None: _("belum diketahui")}[standing.active.active]
    columns = (Column("fact", _("Hal"), "left", 1, 44), Column("figure", _("Angka"), "left", 1.4, 50), _SOURCE)
    tables = (
        _needs_table(STRATA, standing.strata.headline, needs, standing),
        _needs_table(
            "aktif",
            _("Posyandu aktif: {verdict}").format(verdict=active),
            [(limit_text(each), each) for each in standing.active.judged],
            standing,
        ),
        simple_table(
            "fakta",
            _("Yang belum ada batasnya, untuk tingkat Posyandu siklus hidup"),
            columns,
            ((said(each.label), said(each.figure), said(each.source)) for each in standing.facts),
        ),
    )
    months = f"{month_text(standing.months[0])} \N{EN DASH} {month_text(standing.months[-1])}"
    rules = (
        _("Dihitung dari catatan {months}.").format(months=months),
        _("Yang belum diketahui tidak dihitung sebagai tercapai, dan tidak sebagai gagal."),
        _("Aturan: {source}.").format(source=standing.source),
    )
    return made(STRATA, standing.data, tables, rules, ("village_head", "midwife", "coordinator"))


def strata_list(data: MonthlyData, posts: Sequence[tuple[str, Strata, Active]]) -> Sheet:
    """The strata of many posts, one a row, and how many of them are at which stratum and active."""
    columns = (
        Column("no", _("No"), "right", 0.1, 7),
        Column("post", _("Posyandu"), "left", 1, 34),
        Column("stage", _("Strata"), "left", 0.8, 30),
        Column("active", _("Posyandu aktif"), "left", 0.6, 22),
        Column("missing", _("Yang kurang untuk strata berikutnya"), "left", 2, 70),
    )
    rows = [
        (
            Cell(str(number), number),
            said(name),
            said(_(found.stage.label) if found.sure else _("paling sedikit {n}").format(n=_(found.stage.label))),
            said(_(VERDICT[active.active])),
            said("; ".join(each.indicator.label for each in found.blocking)),
        )
        for number, (name, found, active) in enumerate(posts, 1)
    ]
    stages = [found.stage.code for _name, found, _active in posts]
    counts = [(_(stage.label), stages.count(stage.code)) for stage, _judged in (posts[0][1].judged if posts else ())]
    counts.append((_("Posyandu aktif"), sum(active.active is True for _name, _found, active in posts)))
    counted = (Column("what", _("Tingkat"), "left", 1, 44), Column("number", _("Jumlah"), "right", 0.4, 20))
    of_all = [(said(what), Cell(formats.whole(number), number)) for what, number in counts]
    tables = (
        simple_table("strata_desa", _("Strata menurut Posyandu"), columns, rows),
        simple_table("strata_jumlah", _("Jumlah dari {n} Posyandu").format(n=len(posts)), counted, of_all),
    )
    rules = (_("Strata yang belum pasti dihitung pada tingkat yang sudah terbukti."),)
    return made(STRATA, data, tables, rules)


_SOURCE = Column("source", _("Sumber"), "left", 0.8, 26)


def _needs_table(code: str, title: str, needs: Iterable[tuple[str, Judged]], standing: Standing) -> Table:
    columns = (
        Column("no", _("No"), "right", 0.1, 7),
        Column("indicator", _("Indikator"), "left", 1.2, 32),
        Column("figure", _("Angka"), "left", 1.2, 30),
        Column("limit", _("Batas"), "left", 0.8, 20),
        Column("met", _("Tercapai"), "left", 0.5, 16),
        Column("missing", _("Yang kurang"), "left", 1.6, 38),
        _SOURCE,
    )
    rows = (
        (
            Cell(str(number), number),
            said(each.indicator.label),
            Cell(each.indicator.figure, each.indicator.figure, standing.people(each.indicator)),
            said(limit),
            said(_(VERDICT[each.met])),
            said(each.missing),
            said(each.indicator.source),
        )
        for number, (limit, each) in enumerate(needs, 1)
    )
    return simple_table(code, title, columns, rows)


def limit_text(judged: Judged) -> str:
    """What an indicator must reach: "≥ 50%", "≥ 8 hari", "ada"."""
    unit = judged.indicator.unit
    if not unit:
        return _("ada")
    number = formats.decimal(judged.need.least, 0)
    return f"\N{GREATER-THAN OR EQUAL TO} {number}{'' if unit == '%' else ' '}{unit}"


# --- stock


@dataclass(frozen=True)
class StockItem:
    """One thing for the sheet: its words and unit, the line of the month, and how it stands."""

    label: str
    unit: str
    line: Line
    outlook: Outlook


def stock_sheet(data: MonthlyData, items: Sequence[StockItem]) -> Sheet:
    """The stock of a month; a dash where nobody knows, a note where typing and visits differ."""
    number = {"align": "right", "width": 0.4, "least_mm": 15}
    columns = (
        Column("item", _("Barang"), "left", 1.2, 38),
        Column("unit", _("Satuan"), "left", 0.4, 16),
        Column("opening", _("Stok awal"), **number),  # type: ignore[arg-type]
        Column("received", _("Diterima"), **number),  # type: ignore[arg-type]
        Column("recorded", _("Menurut kunjungan"), **number),  # type: ignore[arg-type]
        Column("used", _("Dipakai"), **number),  # type: ignore[arg-type]
        Column("wasted", _("Rusak"), **number),  # type: ignore[arg-type]
        Column("expected", _("Seharusnya"), **number),  # type: ignore[arg-type]
        Column("counted", _("Dihitung"), **number),  # type: ignore[arg-type]
        Column("difference", _("Selisih"), **number),  # type: ignore[arg-type]
        Column("expires_on", _("Kedaluwarsa"), "left", 0.5, 19),
        Column("note", _("Keterangan"), "left", 1.4, 40),
    )
    table = Table(
        code=STOCK,
        title=_("Stok {month}").format(month=month_text(data.month)),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(_stock_row(each) for each in items),
        empty=_("Belum ada barang yang dicatat."),
        landscape=True,
    )
    rules = (
        _("Dipakai: menurut kunjungan, kecuali ada angka lain yang diketik. Seharusnya = awal + diterima − dipakai"
          " − rusak. Tanda {dash} berarti belum diketahui.").format(dash=formats.DASH),
    )  # fmt: skip
    return made(STOCK, data, (table,), rules, checks=(_stock_adds_up(table),))


def _stock_adds_up(table: Table) -> Reconciliation:
    """In every line the start, what came, was used and spoilt make what should be there, and the count its difference.

    Lines in which something is unknown add up to nothing.
    """

    def of(row: tuple[Cell, ...], *names: str) -> list[int] | None:
        values = [row[table.column(name)].value for name in names]
        return [each for each in values if isinstance(each, int)] if all(isinstance(v, int) for v in values) else None

    wrong = []
    for row in table.rows:
        moved = of(row, "opening", "received", "used", "wasted", "expected")
        left = of(row, "counted", "expected", "difference")
        if (moved and moved[0] + moved[1] - moved[2] - moved[3] != moved[4]) or (left and left[0] - left[1] != left[2]):
            wrong.append(row[0].text)
    if wrong:
        return Reconciliation(False, _("Stok tidak cocok hitungannya: {items}.").format(items=", ".join(wrong)))
    words = _(
        "Awal + diterima \N{MINUS SIGN} dipakai \N{MINUS SIGN} rusak = seharusnya, untuk setiap barang yang diketahui."
    )
    return Reconciliation(True, words)


def _stock_row(item: StockItem) -> tuple[Cell, ...]:
    line = item.line
    notes = [item.outlook.sentence]
    if line.disagrees:
        notes.append(_("Yang diketik berbeda dari kunjungan."))
    moved = [_count(number) for number in (line.opening, line.received, line.recorded, line.used, line.wasted)]
    return (
        said(item.label),
        said(item.unit),
        *moved,
        _count(line.expected),
        _count(line.counted),
        _count(line.difference),
        Cell("" if line.expires_on is None else formats.short_date(line.expires_on), line.expires_on),
        said(" ".join(notes)),
    )


def _count(number: int | None) -> Cell:
    return Cell(formats.DASH) if number is None else Cell(formats.whole(number), number)


# --- six SPM fields


@dataclass(frozen=True)
class Tickets:
    """The social reports of one field: received, handled and refused in the month, waiting at its end."""

    received: int = 0
    handled: int = 0
    refused: int = 0
    waiting: int = 0


def spm_sheet(data: MonthlyData, activities: Sequence[Answers], tickets: Mapping[str, Tickets]) -> Sheet:
    """Activities and reports of a month in each of the six fields, and what the health field served."""
    number = {"align": "right", "width": 0.4, "least_mm": 15}
    columns = (
        Column("no", _("No"), "right", 0.1, 7),
        Column("field", _("Bidang"), "left", 1.6, 44),
        Column("activities", _("Kegiatan"), **number),  # type: ignore[arg-type]
        Column("participants", _("Peserta"), **number),  # type: ignore[arg-type]
        Column("received", _("Laporan baru"), **number),  # type: ignore[arg-type]
        Column("handled", _("Ditangani"), **number),  # type: ignore[arg-type]
        Column("refused", _("Ditolak"), **number),  # type: ignore[arg-type]
        Column("waiting", _("Menunggu"), **number),  # type: ignore[arg-type]
    )
    rows = [_spm_row(place, code, activities, tickets) for place, code in enumerate(FIELDS, 1)]
    total = tuple(_total(rows, place) for place in range(2, len(columns)))
    table = Table(
        code=SPM,
        title=_("Enam bidang SPM, {month}").format(month=month_text(data.month)),
        columns=columns,
        head=plain_head(columns),
        rows=(*rows, (Cell(""), said(_("Jumlah")), *total)),
        strong=frozenset((len(rows),)),
    )
    rules = (
        _("Enam bidang menurut Permendagri 13/2024. Kegiatan tanpa bidang dihitung sebagai kesehatan."),
        _("Laporan rahasia tidak dihitung di sini: satu angka saja dapat menunjuk orangnya."),
    )
    tables = (table, _health_table(data), _activity_table(activities))
    return made(SPM, data, tables, rules, _SPM_SIGNERS, _spm_checks(data, *tables))


def _spm_checks(data: MonthlyData, fields: Table, health: Table, held: Table) -> Iterable[Reconciliation]:
    """The fields hold every activity of the list, and the health field the people of the four recaps, each once."""
    sums = {name: _whole(fields.rows[-1][fields.column(name)]) for name in ("activities", "participants")}
    listed = {
        "activities": len(held.rows),
        "participants": sum(_whole(row[held.column("participants")]) for row in held.rows),
    }
    words = _("Jumlah menurut bidang: kegiatan {activities}, peserta {participants}").format(**sums)
    listing = _("daftar kegiatan: {activities} dan {participants}").format(**listed)
    yield Reconciliation(sums == listed, f"{words} {'=' if sums == listed else '≠'} {listing}.")
    for column, begins, title in (("targets", "targets", _("Sasaran")), ("came", "came", _("Datang"))):
        cells = [row[health.column(column)] for row in health.rows]
        if all(isinstance(cell.value, int) for cell in cells):
            counted = [ref for cell in cells for ref in cell.people]
            yield same_people(title, counted, _("keempat rekapitulasi"), in_recaps(data, begins))


def _whole(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


_SPM_SIGNERS = ("village_head", "midwife", "coordinator")


def field_of(activity: Answers) -> str:
    """The field an activity belongs to; without one it is health, the field a posyandu always serves."""
    return str(activity.get("field") or "health")


def _spm_row(place: int, code: str, activities: Sequence[Answers], tickets: Mapping[str, Tickets]) -> tuple[Cell, ...]:
    held = [each for each in activities if field_of(each) == code]
    told = [number for each in held if isinstance(number := each.get("participants"), int)]
    cells = [_count(len(held)), _count(None if held and not told else sum(told))]
    own = tickets.get(code, Tickets())
    reports = (own.received, own.handled, own.refused, own.waiting)
    cells += [Cell(formats.whole(number), number) for number in reports]
    return (Cell(str(place), place), said(_(FIELDS[code])), *cells)


def _total(rows: Sequence[tuple[Cell, ...]], place: int) -> Cell:
    told = [value for row in rows if isinstance(value := row[place].value, int)]
    return Cell(formats.whole(sum(told)), sum(told)) if told else Cell(formats.DASH)


def _health_table(data: MonthlyData) -> Table:
    """What the health field served in the month, from the visits; every number opens its names."""
    children = data.children.get(data.month, ())
    women = data.pregnancies.get(data.month, ())
    others = data.life.get(data.month, ())
    columns = (
        Column("group", _("Bidang kesehatan: kelompok"), "left", 1.6, 60),
        Column("targets", _("Sasaran"), "right", 0.5, 18),
        Column("came", _("Datang"), "right", 0.5, 18),
        Column("referred", _("Dirujuk"), "right", 0.5, 18),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            said(_("Bayi, balita, dan apras")),
            number_cell(children),
            number_cell(each for each in children if indicators.came(each)),
            number_cell(each for each in children if indicators.referred(each)),
        ),
        (
            said(_("Ibu hamil")),
            number_cell(women),
            number_cell(each for each in women if each.came),
            number_cell(each for each in women if indicators.referred(each)),
        ),
    ]
    groups = {each.group for each in others}
    for group in (group for group in Group if group in groups):
        own = [each for each in others if each.group is group]
        rows.append(
            (
                said(group.label),
                number_cell(own),
                number_cell(each for each in own if each.came),
                number_cell(
                    each for each in own if any(visit.get("referral") not in (None, "none") for visit in each.visits)
                ),
            )
        )
    if not data.is_noted(data.month):
        rows = [(name, targets, Cell(formats.DASH), Cell(formats.DASH)) for name, targets, *_seen in rows]
    return simple_table("spm_kesehatan", _("Bidang kesehatan menurut catatan kunjungan"), columns, rows)


def _activity_table(activities: Sequence[Answers]) -> Table:
    columns = (
        Column("held_on", _("Tanggal"), "left", 0.4, 20),
        Column("field", _("Bidang"), "left", 0.8, 34),
        Column("kind", _("Kegiatan"), "left", 1, 36),
        Column("topic", _("Tema"), "left", 1.2, 40),
        Column("participants", _("Peserta"), "right", 0.3, 15),
    )
    rows = []
    for each in sorted(activities, key=lambda each: str(each.get("held_on"))):
        on, number = each.get("held_on"), each.get("participants")
        rows.append(
            (
                Cell(formats.short_date(on), on) if isinstance(on, date) else Cell(""),
                said(_(FIELDS.get(field_of(each), ""))),
                said(_(KINDS.get(str(each.get("kind")), ""))),
                said(str(each.get("topic") or "")),
                _count(number) if isinstance(number, int) else Cell(""),
            )
        )
    return simple_table(
        "spm_kegiatan", _("Kegiatan bulan ini"), columns, rows, empty=_("Tidak ada kegiatan yang dicatat.")
    )


def this_month(rows: Iterable[Answers], month: Month) -> list[Answers]:
    """The activities held in a month."""
    return [each for each in rows if isinstance(on := each.get("held_on"), date) and on in month]
