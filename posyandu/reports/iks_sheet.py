"""IKS on paper: each family with its indicators as PIS-PK writes them (Y, T, N), and the index of the post."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from posyandu.domain import iks
from posyandu.domain.fields import Answers
from posyandu.domain.iks import NO, NOT_APPLICABLE, UNKNOWN, YES, FamilyIndex
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.reports.agreement import same_people
from posyandu.reports.counted import name_of, short_address
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.post_sheet import IKS, made, said, simple_table
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table
from posyandu.text import _, figure

LETTERS: Mapping[str, str] = {YES: "Y", NO: "T", NOT_APPLICABLE: "N", UNKNOWN: "?"}
"""How PIS-PK writes what an indicator is; "?" is ours."""

NOT_PRINTED = "mental"
"""Confidential: no paper says it of a family. It is in the index and in the totals."""


@dataclass(frozen=True)
class Family:
    """One family: who heads it, the answers of the household, its indicators, the ids of who lives there."""

    head: str
    house: Answers
    found: FamilyIndex
    ids: tuple[str, ...] = ()


def iks_sheet(
    data: MonthlyData, families: Sequence[Family], rules: Rules, people: Mapping[str, Answers] = MappingProxyType({})
) -> Sheet:
    """The index of the post with every indicator's coverage, then family by family.

    `people` is everybody who lives there: a figure opens a member of each family it counts; who is in none is named.
    """
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
            *(_families(families, people, number - 1, state) for state in iks.STATES),
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
            Cell(each.head, each.head, _named(each, people)),
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
    return made(IKS, data, tables, notes, checks=_checks(area, tables[0], families, people))


def _families(families: Sequence[Family], people: Mapping[str, Answers], place: int, state: str) -> Cell:
    """How many families are so in an indicator, with one of each; mental illness is told of none."""
    so = [each for each in families if each.found.indicators[place].state == state]
    secret = tuple(iks.INDICATORS)[place] == NOT_PRINTED
    return Cell(str(len(so)), len(so), () if secret else tuple(ref for each in so for ref in _named(each, people)))


def _named(family: Family, people: Mapping[str, Answers]) -> tuple[PersonRef, ...]:
    """Who stands for a family: its head where the book has them, else the first who lives there."""
    heads = [id_ for id_ in family.ids if people.get(id_, {}).get("name") == family.head]
    return tuple(
        PersonRef(id_, name_of(people.get(id_, {})), _("Keluarga {head}").format(head=family.head))
        for id_ in (*heads, *family.ids)[:1]
    )


def _checks(
    area: iks.AreaIndex, counted: Table, families: Sequence[Family], people: Mapping[str, Answers]
) -> Iterable[Reconciliation]:
    """Each indicator in one of its four states in every family, and everybody who lives there in one family."""
    columns = [counted.column(state) for state in iks.STATES]
    wrong = [row[0].text for row in counted.rows if sum(_count(row[place]) for place in columns) != area.families]
    yield Reconciliation(
        not wrong,
        _("Ya + belum + tidak berlaku + belum diketahui = {n} keluarga di setiap indikator.").format(n=area.families)
        if not wrong
        else _("Tidak berjumlah {n} keluarga: {which}.").format(n=area.families, which="; ".join(wrong)),
    )
    members = [PersonRef(id_, name_of(people.get(id_, {}))) for each in families for id_ in each.ids]
    everybody = [PersonRef(id_, name_of(person)) for id_, person in people.items()]
    yield same_people(_("Anggota keluarga di daftar"), members, _("semua yang tinggal di sini"), everybody)


def _count(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


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
