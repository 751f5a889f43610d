"""IKS on paper: each family with its indicators as PIS-PK writes them (Y, T, N), and the index of the post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posyandu.domain import iks
from posyandu.domain.fields import Answers
from posyandu.domain.iks import NO, NOT_APPLICABLE, UNKNOWN, YES, FamilyIndex
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.reports.counted import short_address
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.post_sheet import IKS, made, said, simple_table
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column
from posyandu.text import _, figure

LETTERS: Mapping[str, str] = {YES: "Y", NO: "T", NOT_APPLICABLE: "N", UNKNOWN: "?"}
"""How PIS-PK writes what an indicator is; "?" is ours."""

NOT_PRINTED = "mental"
"""Confidential: no paper says it of a family. It is in the index and in the totals."""


@dataclass(frozen=True)
class Family:
    """One family: who heads it, the answers of the household, its indicators."""

    head: str
    house: Answers
    found: FamilyIndex


def iks_sheet(data: MonthlyData, families: Sequence[Family], rules: Rules) -> Sheet:
    """The index of the post with every indicator's coverage, then family by family."""
    area = iks.area([each.found for each in families], lambda value: rules.iks_band(value).code)
    title = _("IKS belum dapat dihitung: belum ada keluarga yang lengkap datanya")
    if area.value is not None:
        title = _("IKS {value}: {n} dari {known} keluarga yang lengkap datanya").format(
            value=_three(area.value), n=area.by_class.get(iks.HEALTHY, 0), known=area.known
        )
    counted = (
        Column("indicator", _("Indikator"), "left", 2, 60),
        *(Column(state, _(words), "right", 0.6, 18) for state, words in iks.STATES.items()),
        Column("share", "%", "right", 0.5, 14),
    )
    totals = [
        (
            said(f"{number}. {each.label}"),
            *(_number(count) for count in (each.yes, each.no, each.not_applicable, each.unknown)),
            Cell(formats.DASH) if each.share is None else _number(round(100 * each.share)),
        )
        for number, each in enumerate(area.coverages, 1)
    ]
    columns = (
        Column("no", _("No"), "right", 0.3, 8),
        Column("head", _("Kepala keluarga"), "left", 1.6, 38),
        Column("place", _("Dusun RT/RW"), "left", 1.2, 28),
        *(Column(code, str(number), "center", 0.3, 8) for number, code in enumerate(iks.INDICATORS, 1)),
        Column("value", "IKS", "right", 0.5, 14),
        Column("class", _("Golongan"), "left", 1, 30),
    )
    rows = [
        (
            _number(number),
            said(each.head),
            said(short_address(each.house)),
            *(said(_letter(one)) for one in each.found.indicators),
            *_index(each.found, rules),
        )
        for number, each in enumerate(families, 1)
    ]
    tables = (
        simple_table("iks_indikator", title, counted, totals),
        simple_table("iks_keluarga", _("Per keluarga"), columns, rows, landscape=True, empty=_("Belum ada keluarga.")),
    )
    notes = (
        _("Y ya, T belum, N tidak berlaku, ? belum diketahui."),
        _("IKS = Y / (12 − N), bila tidak ada yang belum diketahui."),
        _("Gangguan jiwa (8) rahasia: dihitung, tidak dicetak per keluarga."),
        _("Aturan: {source}.").format(source=formats.dashed(rules.sources["iks_classes"])),
    )
    return made(IKS, data, tables, notes)


def _letter(indicator: iks.Indicator) -> str:
    return "\N{BULLET}" if indicator.code == NOT_PRINTED else LETTERS[indicator.state]


def _index(found: FamilyIndex, rules: Rules) -> tuple[Cell, Cell]:
    if (value := found.value) is None:
        return Cell(""), Cell("")
    return Cell(_three(value), round(value, 3)), said(_(rules.iks_band(value).label))


def _three(value: float) -> str:
    return figure(f"{value:.3f}")


def _number(value: int) -> Cell:
    return Cell(str(value), value)
