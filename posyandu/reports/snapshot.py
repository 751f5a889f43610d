"""A report as a text that keeps: the month that was signed can be shown and printed again exactly as it was.

Every value of the report is written, so that a later version of the app prints the old figures, not its own. What a
later version added is left out when an older one reads it; what an older one did not write has its default.
"""

import base64
import hashlib
import json
import lzma
import re
from collections.abc import Callable, Collection
from dataclasses import MISSING, Field, fields, replace
from datetime import date
from typing import Any

from posyandu.domain.calendar import Month
from posyandu.domain.erasing import named
from posyandu.domain.errors import BadInput
from posyandu.reports.monthly import Letterhead, MonthlyReport, Reconciliation, Signature
from posyandu.reports.skdn import Balok, Bars
from posyandu.reports.table import Cell, Column, Head, PersonRef, Table
from posyandu.text import N_, _

KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        *(MonthlyReport, Letterhead, Reconciliation, Signature, Balok, Bars),
        *(Table, Cell, Column, Head, PersonRef, Month),
    )
}
"""The values a report is made of. Others would be a fault here, found by the tests."""

ERASED = N_("(data dihapus)")
"""What stands where a name was."""

LARGE = 400_000
"""Bytes of content above which the people behind figures are left out, so that one save still fits the slowest link;
the lists keep their names."""

MOST_BYTES = 16 * 1024 * 1024
"""What a snapshot may unpack to; a large post's report has half a megabyte."""


def canonical(report: MonthlyReport) -> bytes:
    """The report as JSON: the same report gives the same bytes, on any laptop. People are written once.

    Behind the bars and the recap's other months nobody is kept: those months have versions of their own. What other
    posts of a book say is left out: a laptop that holds this post alone signs the same.
    """
    own = tuple(each for each in report.checks if not each.of_others)
    bars = replace(report.balok, months=tuple(replace(each, behind=()) for each in report.balok.months))
    recaps = tuple(_of_the_month(each, report.month) for each in report.recaps)
    report = replace(report, balok=bars, recaps=recaps, checks=own)
    content = _json(report)
    return content if len(content) <= LARGE else _json(_without_people(report))


def _of_the_month(table: Table, month: Month) -> Table:
    rows = tuple(
        row if row[0].value in (str(month), None) else tuple(replace(cell, people=()) for cell in row)
        for row in table.rows
    )
    return replace(table, rows=rows)


def _without_people(report: MonthlyReport) -> MonthlyReport:
    def bare(table: Table) -> Table:
        rows = tuple(tuple(replace(cell, people=()) for cell in row) for row in table.rows)
        return replace(table, rows=rows)

    return replace(
        report,
        skdn=bare(report.skdn),
        shares=bare(report.shares),
        recaps=tuple(bare(each) for each in report.recaps),
        lists=tuple(bare(each) for each in report.lists),
    )


def _json(report: MonthlyReport) -> bytes:
    people: dict[PersonRef, int] = {}
    body = _written(report, people)
    refs = [[ref.id, ref.name, ref.detail] for ref in people]
    return json.dumps({"people": refs, "report": body}, ensure_ascii=False, separators=(",", ":")).encode()


def digest(report: MonthlyReport) -> str:
    """SHA-256 of the content, in hex: two reports with one digest say the same of the same people."""
    return hashlib.sha256(canonical(report)).hexdigest()


def packed(report: MonthlyReport) -> str:
    """The report as a text for the book, small enough to travel."""
    return base64.b85encode(lzma.compress(canonical(report), preset=6)).decode()


def unpacked(text: str, wanted: str) -> MonthlyReport:
    """The report again. Raises BadInput when the text is damaged or is not the one with this digest."""
    try:
        content = lzma.LZMADecompressor(memlimit=64 * 1024 * 1024).decompress(base64.b85decode(text), MOST_BYTES)
        if hashlib.sha256(content).hexdigest() != wanted:
            raise ValueError("another content")
        document = json.loads(content)
        people = [PersonRef(*each) for each in document["people"]]
        report = _read(document["report"], people)
    except (ValueError, lzma.LZMAError, KeyError, TypeError, IndexError) as error:
        raise BadInput(_("Versi laporan ini rusak dan tidak dapat dibaca. Sahkan lagi bulan ini.")) from error
    if not isinstance(report, MonthlyReport):
        raise BadInput(_("Versi laporan ini rusak dan tidak dapat dibaca. Sahkan lagi bulan ini."))
    return report


def without(report: MonthlyReport, ids: Collection[str], names: Collection[str]) -> MonthlyReport:
    """The report with the same figures and one row as long as before, but nothing of these people: for an erasure.

    They are found by their ids; by their `names` too in rows behind which nobody is kept.
    """
    told, gone = frozenset(names), frozenset(ids)
    lists = tuple(
        replace(each, rows=tuple(_emptied(row, told) if _is_of(row, gone, told) else row for row in each.rows))
        for each in report.lists
    )
    whole = named([name for name in told if " " in name])
    cleaned: MonthlyReport = _cleaned(replace(report, lists=lists), gone, whole)
    return cleaned


def _cleaned(value: Any, ids: frozenset[str], names: re.Pattern[str]) -> Any:  # noqa: ANN401
    match value:
        case PersonRef():
            return PersonRef("", _(ERASED)) if value.id in ids else value
        case str():
            return names.sub(lambda _found: _(ERASED), value)
        case tuple():
            return tuple(_cleaned(each, ids, names) for each in value)
        case MonthlyReport() | Reconciliation() | Signature() | Balok() | Bars() | Table() | Cell():
            members = {each.name: getattr(value, each.name) for each in fields(value)}
            return replace(value, **{name: _cleaned(each, ids, names) for name, each in members.items()})
    return value


def _is_of(row: tuple[Cell, ...], ids: frozenset[str], names: frozenset[str]) -> bool:
    """Whether a row of a list tells of one of these people."""
    behind = {ref.id for cell in row for ref in cell.people}
    return bool(behind & ids) if behind else any(cell.text in names for cell in row)


def _emptied(row: tuple[Cell, ...], names: frozenset[str]) -> tuple[Cell, ...]:
    """The row with its running number alone."""
    words = _(ERASED)
    return (
        replace(row[0], people=()),
        *(Cell(words, words) if cell.people or cell.text in names else Cell("") for cell in row[1:]),
    )


def _written(value: Any, people: dict[PersonRef, int]) -> Any:  # noqa: ANN401
    match value:
        case PersonRef():
            return people.setdefault(value, len(people))
        case date():
            return {"day": value.isoformat()}
        case frozenset():
            return {"set": sorted(value)}
        case tuple():
            return [_written(each, people) for each in value]
        case None | bool() | int() | float() | str():
            return value
    kind = type(value)
    if kind.__name__ not in KINDS:
        raise TypeError(f"{kind.__name__} is no part of a report")
    members = {
        each.name: _written(member, people)
        for each in fields(value)
        if (member := getattr(value, each.name)) != _default(each)
    }
    if "people" in members:
        members["people"] = {"refs": members["people"]}
    return {kind.__name__: members}


def _default(each: Field[Any]) -> object:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _read(value: Any, people: list[PersonRef]) -> Any:  # noqa: ANN401
    if isinstance(value, list):
        return tuple(_read(each, people) for each in value)
    if not isinstance(value, dict):
        return value
    ((name, content),) = value.items()
    special: dict[str, Callable[[], Any]] = {
        "day": lambda: date.fromisoformat(content),
        "set": lambda: frozenset(content),
        "refs": lambda: tuple(people[number] for number in content),
    }
    if name in special:
        return special[name]()
    kind = KINDS[name]
    known = {each.name for each in fields(kind)}
    return kind(**{member: _read(each, people) for member, each in content.items() if member in known})
