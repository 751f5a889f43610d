"""What the province asks of couples of childbearing age (KMK 2015/2023): screening, 4T and ALKI on KB, unmet need."""

from collections.abc import Iterable, Sequence

from posyandu.domain.calendar import month_text
from posyandu.domain.couples import INDICATORS, Couple, Share
from posyandu.reports import formats
from posyandu.reports.counted import name_of
from posyandu.reports.monthly import MonthlyData, content_code, post_head, signatures
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import N_, _

CODE, TITLE = "indikator_pus", N_("Indikator pasangan usia subur (PUS)")


def couples_sheet(data: MonthlyData, couples: Sequence[Couple]) -> Sheet:
    """The indicators at the end of the month of the data. Every number opens its names."""
    head = tuple(each for each in post_head(data) if each[0] not in (_("Hari buka"), _("Kader hadir")))
    table = couples_table(couples)
    rules = (
        _("PUS: perempuan 15 sampai 49 tahun yang berpasangan menurut register WUS/PUS, selain itu data sasarannya."),
        _("Diskrining: semua pertanyaan layak hamil terjawab, atau disimpulkan petugas, dalam 12 bulan."),
        _("4T dan ALKI menurut catatan terakhir. Yang belum ditanya tidak dihitung sebagai tidak."),
    )
    return Sheet(
        code_name=CODE,
        title=_(TITLE),
        period=month_text(data.month),
        stamp=str(data.month),
        head=head,
        tables=(table,),
        checks=(),
        rules=rules,
        signatures=signatures(data, ("midwife", "coordinator")),
        code=content_code(head, (table,), rules),
    )


def couples_table(couples: Sequence[Couple]) -> Table:
    """One line for each indicator: how many, of how many, of how many nobody knows, and the share."""
    columns = (
        Column("indicator", _("Indikator"), "left", 4, 40),
        Column("counted", _("Jumlah"), "right", 1, 14),
        Column("among", _("Dari"), "right", 1, 14),
        Column("unknown", _("Belum diketahui"), "right", 1, 18),
        Column("share", _("Persen"), "right", 1, 14),
    )
    found = {code: indicator(couples) for code, indicator in INDICATORS.items()}
    return Table(
        code=CODE,
        title=_(TITLE),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(_row(_(INDICATORS[code].label), share) for code, share in found.items()),
    )


def _row(label: str, share: Share) -> tuple[Cell, ...]:
    value = None if share.value is None else round(share.value * 100, 1)
    return (
        Cell(label, label),
        _names(share.counted),
        _names(share.among),
        _names(share.unknown),
        Cell(formats.percent(share.value), value),
    )


def _names(couples: Iterable[Couple]) -> Cell:
    refs = tuple(PersonRef(each.id, name_of(each.person)) for each in couples)
    return Cell(formats.whole(len(refs)), len(refs), refs)
