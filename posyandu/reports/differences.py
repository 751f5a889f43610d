"""What changed between two versions of a month's report: the figures, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from posyandu.domain.calendar import MONTHS
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import _


@dataclass(frozen=True)
class Difference:
    """One figure that changed, with those counted only now and those no longer counted."""

    part: str
    row: str
    column: str
    before: str
    after: str
    joined: tuple[PersonRef, ...] = ()
    left: tuple[PersonRef, ...] = ()


def differences(before: MonthlyReport, after: MonthlyReport) -> tuple[Difference, ...]:
    """Every figure that changed, in the order of the paper.

    Of SKDN the totals, and the ages and sexes between which somebody moved; of the indicators the results. The other
    parts follow from them, as the bars of the year do.
    """
    found: list[Difference] = []
    old = {table.code: table for table in before.tables}
    for table in after.tables:
        earlier = old.get(table.code)
        if earlier is not None and table.code != "balok":
            found.extend(_of_table(earlier, table))
            if table.code == "skdn":
                found.extend(_moved_between(earlier, table))
    return tuple(found)


def _moved_between(before: Table, after: Table) -> Iterable[Difference]:
    """The ages and sexes of SKDN between which those moved who count in the total as before: a corrected birth date."""
    names = [column.name for column in before.columns]
    earlier = dict(_rows(before))
    for key, row in _rows(after):
        was = earlier.get(key)
        if was is None or "total" not in names:
            continue
        whole, now = was[names.index("total")], row[after.column("total")]
        stay = _ids(whole) & _ids(now)
        nameless = len(_ids(whole)) != (whole.value or 0) and whole.text == now.text
        for column, cell in zip(after.columns, row, strict=True):
            if column.align != "right" or column.name in ("male", "female", "total") or column.name not in names:
                continue
            then = was[names.index(column.name)]
            came, went = stay & (_ids(cell) - _ids(then)), stay & (_ids(then) - _ids(cell))
            if came or went or (nameless and then.text != cell.text):
                yield Difference(
                    after.title,
                    " ".join(key),
                    column.title,
                    then.text,
                    cell.text,
                    tuple(ref for ref in cell.people if ref.id in came),
                    tuple(ref for ref in then.people if ref.id in went),
                )


def _ids(cell: Cell) -> set[str]:
    return {ref.id for ref in cell.people}


def _of_table(before: Table, after: Table) -> Iterable[Difference]:
    names = [column.name for column in before.columns]
    shown = {"skdn": ("total",), "indikator": ("value",)}.get(after.code, tuple(names))
    earlier = dict(_rows(before))
    for key, row in _rows(after):
        for column, cell in zip(after.columns, row, strict=True):
            if column.name not in shown or column.name not in names or key not in earlier:
                continue
            was = earlier[key][names.index(column.name)]
            had, has = ({ref.id for ref in each.people} for each in (was, cell))
            told = len(had) == (was.value or 0)  # behind a recap's other months no people are kept
            if was.text != cell.text or (told and had != has):
                yield Difference(
                    after.title,
                    " ".join(key),
                    column.title,
                    was.text,
                    cell.text,
                    tuple(ref for ref in cell.people if told and ref.id not in had),
                    tuple(ref for ref in was.people if ref.id not in has),
                )


def _rows(table: Table) -> Iterable[tuple[tuple[str, ...], tuple[Cell, ...]]]:
    """The rows by the words that begin them."""
    for row in table.rows:
        words = [cell.text for cell, column in zip(row, table.columns, strict=True) if column.align == "left"]
        yield tuple(words[:2] if table.code in ("skdn", "indikator") else words[:1]), row


def people_of(found: Iterable[Difference]) -> dict[str, PersonRef]:
    """Everybody behind the differences, once."""
    return {ref.id: ref for each in found for ref in (*each.joined, *each.left)}


def figures_table(found: Iterable[Difference], before: int, after: int) -> Table:
    """The differences as a table: the figure of the earlier version and of this one, and the names."""
    columns = (
        Column("part", _("Bagian"), "left", 1, 30),
        Column("row", _("Baris"), "left", 1, 34),
        Column("column", _("Kolom"), "left", 1, 22),
        Column("before", _("Versi {n}").format(n=before), "right", 0.2, 14),
        Column("after", _("Versi {n}").format(n=after), "right", 0.2, 14),
        Column("names", _("Siapa"), "left", 2, 40),
    )
    rows = tuple(
        (
            *(Cell(text, text) for text in (each.part, each.row, each.column, each.before, each.after)),
            Cell(_names(each), _names(each), (*each.joined, *each.left)),
        )
        for each in found
    )
    return Table(
        code="perubahan_angka",
        title=_("Angka yang berubah"),
        columns=columns,
        head=plain_head(columns),
        rows=rows,
        empty=_("Tidak ada angka yang berubah."),
        notes=(_("+ kini dihitung, \N{MINUS SIGN} tidak lagi dihitung."),),
    )


def _names(each: Difference) -> str:
    parts = [f"+ {ref.name}" for ref in each.joined] + [f"\N{MINUS SIGN} {ref.name}" for ref in each.left]
    return "; ".join(parts)


@dataclass(frozen=True)
class Change:
    """One save that came after the earlier version: whose record, what it was and became, by whom, when and why.

    Of a posyandu day `person` is the day by name, without an id.
    """

    person: PersonRef
    form: str
    changes: tuple[tuple[str, str, str], ...]
    author: str
    at: str
    reason: str


def records_table(found: Iterable[Change]) -> Table:
    """The saves behind the differences."""
    columns = (
        Column("name", _("Nama"), "left", 1, 30),
        Column("form", _("Catatan"), "left", 1, 26),
        Column("changes", _("Perubahan"), "left", 3, 50),
        Column("by", _("Oleh"), "left", 0.6, 20),
        Column("at", _("Waktu"), "left", 0.4, 20),
        Column("reason", _("Alasan"), "left", 1, 26),
    )
    rows = []
    for each in found:
        changes = "; ".join(f"{label}: {old} → {new}" if old else f"{label}: {new}" for label, old, new in each.changes)
        texts = (each.form, changes, each.author, each.at, each.reason)
        person = (each.person,) if each.person.id else ()
        rows.append((Cell(each.person.name, each.person.name, person), *(Cell(t, t) for t in texts)))
    return Table(
        code="perubahan_catatan",
        title=_("Catatan yang datang terlambat atau diperbaiki"),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(rows),
        empty=_("Tidak ada catatan baru sejak versi sebelumnya."),
    )


def summary(found: Iterable[Difference]) -> str:
    """The differences in one line: "D 37 → 38; N 11 → 12"; what changed first, and how many more."""
    listed = [f"{_short(each)} {each.before} → {each.after}" for each in found]
    if len(listed) <= 3:
        return "; ".join(listed)
    return _("{first}; dan {n} angka lain").format(first="; ".join(listed[:3]), n=len(listed) - 3)


def _short(each: Difference) -> str:
    """What changed: the row of SKDN or of an indicator, of a recap's month the column."""
    return each.column if each.row in [_(name) for name in MONTHS] else each.row
