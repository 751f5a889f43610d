"""Rows of forms: what stands of each record, written from a journal entry or from the standing of all its ops."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from posyandu.domain.change import WITHDRAWN, Op, Standing, Wire, canonical_json
from posyandu.domain.fields import Date, Value, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.storage.columns import fits, reader
from posyandu.storage.engine import Database

CONFIRMED = "confirmed."
"""Op fields "confirmed.<name>" say that a person looked again and the unusual value of <name> is right."""

META = (
    "n",
    "id",
    "scope",
    "confirmed",
    "withdrawn",
    "saved_at_ms",
    "saved_by",
    "device",
    "depth",
    "heads",
    "conflicts",
    "extra",
)
"""The columns every form's table has beside its links and fields."""

Raw = dict[str, Any]
"""One row as stored, by column."""


@dataclass(frozen=True)
class Table:
    """The table of one form: its answer columns and what is prepared once for speed."""

    form: Form
    columns: tuple[str, ...]
    readers: tuple[Callable[[Any], Value | None], ...]
    checks: Mapping[str, Callable[[Wire], bool]]
    converted: tuple[tuple[str, Callable[[Any], Value | None]], ...]
    select: str
    insert: str

    def raw(self, row: tuple[Any, ...]) -> Raw:
        """A fetched row by column name."""
        return dict(zip(META + self.columns, row, strict=True))

    def answers(self, row: tuple[Any, ...]) -> dict[str, Value | None]:
        """The answers in a fetched row, links too; only what SQLite keeps in another type is converted."""
        found: dict[str, Value | None] = dict(zip(self.columns, row[len(META) :], strict=True))
        for name, read in self.converted:
            if found[name] is not None:
                found[name] = read(found[name])
        return found


def table_of(entity: str) -> Table | None:
    """The table of an entity; None for an entity this app does not know."""
    known = _tables.get(entity)
    if known is None and entity in FORMS:
        known = _tables[entity] = _describe(FORMS[entity])
    return known


_tables: dict[str, Table] = {}


def _describe(form: Form) -> Table:
    columns = form.links + tuple(form.fields)
    every = ", ".join(META + columns)
    marks = ", ".join("?" * len(META + columns))
    return Table(
        form=form,
        columns=columns,
        checks={
            **dict.fromkeys(form.links, _is_link),
            **{name: partial(fits.dispatch(type(field)), field) for name, field in form.fields.items()},
        },
        readers=(_link,) * len(form.links) + tuple(reader(field) for field in form.fields.values()),
        converted=tuple(
            (field.name, reader(field)) for field in form.fields.values() if isinstance(field, Date | YesNo)
        ),
        select=f"SELECT {every} FROM {form.name}",
        insert=f"INSERT INTO {form.name} ({every}) VALUES ({marks})",
    )


def _link(stored: Any) -> Value | None:  # noqa: ANN401 - a column value
    return None if stored is None else str(stored)


def raw_row(db: Database, table: Table, record: str) -> Raw | None:
    """The stored row of a record."""
    row = db.conn.execute(f"{table.select} WHERE id = ?", (record,)).fetchone()
    return None if row is None else table.raw(row)


def _is_link(value: Wire) -> bool:
    return value is None or isinstance(value, str)


def admits(table: Table, name: str, value: Wire) -> bool:
    """Whether a value that travelled can stand in the column of this name."""
    check = table.checks.get(name)
    return check is not None and check(value)


def standing_row(table: Table, record: str, standing: Standing, newest: tuple[Op, str]) -> Raw:
    """The row of a record as its ops have it; `newest` is the op of highest rank with its device, `n` is unset.

    What this version has no column for, or cannot read, is kept in `extra`.
    """
    op, device = newest
    known: dict[str, Wire] = dict.fromkeys(table.columns)
    extra: dict[str, Wire] = {}
    confirmed: list[str] = []
    for name, value in standing.values.items():
        if name == WITHDRAWN or value is None:
            continue
        if name.startswith(CONFIRMED):
            if value is True:
                confirmed.append(name.removeprefix(CONFIRMED))
        elif admits(table, name, value):
            known[name] = value
        else:
            extra[name] = value
    conflicts: dict[str, list[list[Wire]]] = {
        name: [[each.value, each.device, each.op.author, each.op.at_ms, each.op.id] for each in candidates]
        for name, candidates in standing.conflicts.items()
        if not name.startswith(CONFIRMED)
    }
    if standing.revived:
        conflicts.setdefault(WITHDRAWN, [])
    return {
        "n": None,
        "id": record,
        "scope": op.scope,
        "confirmed": confirmed_text(confirmed),
        "withdrawn": int(standing.withdrawn),
        "saved_at_ms": op.at_ms,
        "saved_by": op.author,
        "device": device,
        "depth": standing.depth,
        "heads": " ".join(standing.heads),
        "conflicts": _json(conflicts),
        "extra": _json(extra),
        **{name: stored(value) for name, value in known.items()},
    }


def stored(value: Wire) -> int | str | None:
    """A value that travels, as its column keeps it."""
    return int(value) if isinstance(value, bool) else value


def confirmed_text(names: list[str]) -> str | None:
    """How the names of confirmed fields are stored."""
    return " ".join(sorted(names)) or None


def _json(value: Mapping[str, object]) -> str | None:
    return canonical_json(dict(value)).decode() if value else None


def conflicts_without(stored: str | None, names: Mapping[str, Wire]) -> str | None:
    """The stored conflicts after an op that saw them all has written these fields."""
    if stored is None:
        return None
    return _json({name: each for name, each in json.loads(stored).items() if name not in names})


def put(db: Database, table: Table, before: Raw | None, after: Raw) -> int:
    """Insert a row or write its changed columns, in the caller's transaction; its `n`."""
    if before is None:
        return int(db.conn.execute(table.insert, tuple(after.values())).lastrowid or 0)
    number = int(before["n"])
    changed = [name for name, value in after.items() if name != "n" and value != before[name]]
    if changed:
        assignments = ", ".join(f"{name} = ?" for name in changed)
        db.conn.execute(
            f"UPDATE {table.form.name} SET {assignments} WHERE n = ?", [*(after[name] for name in changed), number]
        )
    return number
