"""A report before it has a medium: tables whose every number knows the people behind it.

PDF, XLSX, CSV and the screen are drawn from the same values, so they cannot disagree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class PersonRef:
    """One person behind a number: `detail` says in a few words why they are counted."""

    id: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is printed, its typed value for XLSX and CSV, and who is behind it."""

    text: str
    value: int | float | str | date | None = None
    people: tuple[PersonRef, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column: `name` for machines (stable), `title` for people in full, `width` as a share of the table.

    `least_mm` is the width below which its content would become unreadable.
    """

    name: str
    title: str
    align: Align = "left"
    width: float = 1.0
    least_mm: float = 8.0


@dataclass(frozen=True)
class Head:
    """One cell of the printed head: how many columns and head rows it covers. `upright` turns its text by 90°."""

    text: str
    columns: int = 1
    rows: int = 1
    upright: bool = False


@dataclass(frozen=True)
class Table:
    """A titled table. `head` holds the printed head rows, each cell at the first free place as in HTML.

    `strong` are the numbers of rows printed bold, `empty` the sentence printed when there are no rows, `notes` the
    lines under it. `landscape` asks for a wide page, `row_mm` for rows at least so high, to write in by hand.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    empty: str = ""
    strong: frozenset[int] = frozenset()
    landscape: bool = False
    row_mm: float = 0.0

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.rows) if len(row) != len(self.columns)]
        if wrong:
            raise ValueError(f"table {self.code}: rows {wrong} do not have {len(self.columns)} cells")
        placed(self)

    def column(self, name: str) -> int:
        """The place of the column called `name`."""
        return next(place for place, column in enumerate(self.columns) if column.name == name)

    def cell(self, row: int, column: str) -> Cell:
        """One cell by row number and column name."""
        return self.rows[row][self.column(column)]


@dataclass(frozen=True)
class PlacedHead:
    """A head cell at its place in the grid of columns and head rows."""

    head: Head
    column: int
    row: int


def placed(table: Table) -> tuple[PlacedHead, ...]:
    """Every head cell at its place. Raises ValueError when the spans do not fill the head exactly."""
    taken: set[tuple[int, int]] = set()
    found: list[PlacedHead] = []
    for number, row in enumerate(table.head):
        place = 0
        for head in row:
            while (number, place) in taken:
                place += 1
            covered = {(number + down, place + across) for down in range(head.rows) for across in range(head.columns)}
            if covered & taken:
                raise ValueError(f"table {table.code}: head {head.text!r} overlaps")
            taken |= covered
            found.append(PlacedHead(head, place, number))
    if len(taken) != len(table.head) * len(table.columns):
        raise ValueError(f"table {table.code}: head does not cover {len(table.columns)} columns")
    if any(row >= len(table.head) or column >= len(table.columns) for row, column in taken):
        raise ValueError(f"table {table.code}: head reaches outside the table")
    return tuple(found)


def plain_head(columns: Iterable[Column]) -> tuple[tuple[Head, ...], ...]:
    """A head of one row that repeats the column titles."""
    return (tuple(Head(column.title) for column in columns),)


def import_rows(table: Table) -> Iterator[list[str | float | None]]:
    """The names of the columns, then the rows, as other programs import them: numbers, or the texts as they stand."""
    yield [column.name for column in table.columns]
    for row in table.rows:
        yield [cell.value if isinstance(cell.value, int | float) else cell.text or None for cell in row]
