"""Sheets of indicators: a line each, with how many, of how many, of how many nobody knows, and who they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

from posyandu.domain.bounds import filled
from posyandu.domain.calendar import month_text
from posyandu.domain.fields import Answers
from posyandu.domain.share import Indicator, Share
from posyandu.reports import formats
from posyandu.reports.counted import name_of
from posyandu.reports.monthly import MonthlyData, Reconciliation, content_code, post_head, signatures
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import _


class _Named(Protocol):
    """Whoever is counted: an id and what the registration says."""

    @property
    def id(self) -> str: ...

    @property
    def person(self) -> Answers: ...


Who = TypeVar("Who", bound=_Named)


def indicator_sheet(
    code: str,
    title: str,
    data: MonthlyData,
    tables: tuple[Table, ...],
    rules: tuple[str, ...],
    checks: Iterable[Reconciliation] = (),
) -> Sheet:
    """A sheet of such tables, signed by midwife and coordinator; the bounds that its rules name are those in force."""
    rules = tuple(filled(each, data.rules) for each in rules)
    head = tuple(each for each in post_head(data) if each[0] not in (_("Hari buka"), _("Kader hadir")))
    return Sheet(
        code_name=code,
        title=title,
        period=month_text(data.month),
        stamp=str(data.month),
        head=head,
        tables=tables,
        checks=tuple(checks),
        rules=rules,
        signatures=signatures(data, ("midwife", "coordinator")),
        code=content_code(head, tables, rules),
        letterhead=data.letterhead,
    )


def indicator_table(
    code: str,
    title: str,
    indicators: Mapping[str, Indicator[Who]],
    people: Sequence[Who],
    nameless: Collection[str] = (),
    words: Mapping[str, object] = MappingProxyType({}),
) -> Table:
    """One line for each indicator: how many, of how many, of how many nobody knows, and the share.

    Of the `nameless` ones nobody reads of whom they hold; `words` fill the places in the labels.
    """
    columns = (
        Column("indicator", _("Indikator"), "left", 4, 40),
        Column("counted", _("Jumlah"), "right", 1, 14),
        Column("among", _("Dari"), "right", 1, 14),
        Column("unknown", _("Belum diketahui"), "right", 1, 18),
        Column("share", _("Persen"), "right", 1, 14),
    )
    return Table(
        code=code,
        title=title,
        columns=columns,
        head=plain_head(columns),
        rows=tuple(
            _row(_(each.label).format_map(words), each(people), named=name not in nameless)
            for name, each in indicators.items()
        ),
    )


def _row(label: str, share: Share[Who], *, named: bool) -> tuple[Cell, ...]:
    value = None if share.value is None else round(share.value * 100, 1)
    return (
        Cell(label, label),
        _names(share.counted, named=named),
        _names(share.among),
        _names(share.unknown, named=named),
        Cell(formats.percent(share.value), value),
    )


def _names(people: Iterable[Who], *, named: bool = True) -> Cell:
    refs = tuple(PersonRef(each.id, name_of(each.person)) for each in people)
    return Cell(formats.whole(len(refs)), len(refs), refs if named else ())
