"""The recaps of school age and youth, and of adults and elderly, as official sheets of a year."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from posyandu.reports import recap
from posyandu.reports.counted import unlike
from posyandu.reports.monthly import MonthlyData, Reconciliation, content_code, post_head, signatures
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, PersonRef, Table
from posyandu.text import N_, _

RECAPS: Mapping[str, tuple[str, Callable[[MonthlyData], Table]]] = MappingProxyType(
    {
        "rekap_sekolah": (
            N_("Rekapitulasi usia sekolah dan remaja"),
            lambda data: recap.school_recap(data.noted(data.life), data.month, data.rules),
        ),
        "rekap_dewasa": (
            N_("Rekapitulasi usia dewasa dan lansia"),
            lambda data: recap.adult_recap(data.noted(data.life), data.month, data.rules),
        ),
    }
)
"""The recaps by code: what each is called, and how it is made."""


def recap_sheet(code: str, data: MonthlyData) -> Sheet:
    """One recap of the year up to the month of the data. Raises KeyError for an unknown code."""
    table = RECAPS[code][1](data)
    year = str(data.month.year)
    skipped = (_("Hari buka"), _("Kader hadir"))
    head = tuple(
        (_("Tahun"), year) if label == _("Bulan") else (label, value)
        for label, value in post_head(data)
        if label not in skipped
    )
    rules = (_("Bentuk menurut: {source}.").format(source=_("Rekapitulasi ILP, Kemenkes 2023")),)
    return Sheet(
        code_name=code,
        title=table.title,
        period=year,
        stamp=year,
        head=head,
        tables=(table,),
        checks=tuple(_adds_up(table)),
        rules=rules,
        signatures=signatures(data, ("midwife", "coordinator")),
        code=content_code(head, (table,), rules),
        letterhead=data.letterhead,
    )


def _adds_up(table: Table) -> Iterable[Reconciliation]:
    """Sasaran = datang + tidak datang, in every month."""
    wrong = [row for row in table.rows if not _is_whole(table, row)]
    if wrong:
        people = {ref.id: ref for row in wrong for ref in _on_one_side(table, row)}
        months = ", ".join(row[0].text for row in wrong)
        yield Reconciliation(
            False,
            _("Sasaran tidak sama dengan datang dan tidak datang: {months}.").format(months=months),
            tuple(people.values()),
        )
    else:
        yield Reconciliation(True, _("Sasaran = datang + tidak datang di setiap bulan."))


def _of_kind(table: Table, row: tuple[Cell, ...], *kinds: str) -> list[Cell]:
    return [cell for column, cell in zip(table.columns, row, strict=True) if column.name.startswith(kinds)]


def _on_one_side(table: Table, row: tuple[Cell, ...]) -> tuple[PersonRef, ...]:
    return unlike(_of_kind(table, row, "targets_"), _of_kind(table, row, "came_", "absent_"))


def _is_whole(table: Table, row: tuple[Cell, ...]) -> bool:
    def total(*kinds: str) -> int:
        return sum(cell.value for cell in _of_kind(table, row, *kinds) if isinstance(cell.value, int))

    return total("targets_") == total("came_", "absent_")
