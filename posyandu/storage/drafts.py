"""What is typed but not final: kept in the book at once, so that it survives even kill -9; never sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS
from posyandu.storage.columns import to_wire
from posyandu.storage.engine import Database, rows, transaction
from posyandu.storage.records import moment
from posyandu.storage.tables import stored, table_of

SHEET = "lembar:"
"""The form of a draft begins so when it is what stands on a sheet over the window, by its boxes and questions."""


@dataclass(frozen=True)
class Draft:
    """Answers of one record that are not final. `form` is the form's name."""

    form: str
    record_id: str
    session_id: str | None
    person_id: str | None
    answers: Mapping[str, Value | None]
    at: datetime


def keep(
    db: Database,
    form: str,
    record_id: str,
    session_id: str | None,
    person_id: str | None,
    answers: Answers,
    now: datetime,
) -> None:
    """Keep the draft of a record in place of an earlier one; on the disk when this returns."""
    text = json.dumps({name: to_wire(value) for name, value in answers.items()}, separators=(",", ":"))
    at_ms = int(now.timestamp() * 1000)
    with transaction(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?)",
            (form, record_id, session_id, person_id, text, at_ms),
        )


def load(db: Database, form: str, record_id: str) -> Draft | None:
    """The draft of a record."""
    found = _drafts(db, "form = ? AND record = ?", (form, record_id))
    return found[0] if found else None


def every(db: Database) -> list[Draft]:
    """Every draft of a record, the newest first."""
    return _drafts(db, f"form NOT LIKE '{SHEET}%' ORDER BY at_ms DESC", ())


def keep_sheet(db: Database, sheet: str, key: str, about: str, told: Mapping[str, Any], now: datetime) -> None:
    """Keep what stands on a sheet (plain JSON) in place of an earlier draft; it goes when `about` is erased."""
    text, at_ms = json.dumps(told, separators=(",", ":")), int(now.timestamp() * 1000)
    with transaction(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO draft VALUES (?, ?, NULL, ?, ?, ?)", (SHEET + sheet, key, about, text, at_ms)
        )


def load_sheet(db: Database, sheet: str, key: str) -> tuple[Mapping[str, Any], datetime] | None:
    """What stood on a sheet, and when it was typed."""
    found = rows(db, "SELECT answers, at_ms FROM draft WHERE form = ? AND record = ?", (SHEET + sheet, key))
    return next(((json.loads(text), moment(at_ms)) for text, at_ms in found), None)


def drop_sheet(db: Database, sheet: str, key: str) -> None:
    """Forget what stood on a sheet, when anything did."""
    drop(db, SHEET + sheet, key)


def drop(db: Database, form: str, record_id: str) -> None:
    """Forget the draft of a record, when there is one."""
    with transaction(db):
        db.conn.execute("DELETE FROM draft WHERE form = ? AND record = ?", (form, record_id))


def _drafts(db: Database, condition: str, parameters: tuple[str, ...]) -> list[Draft]:
    found = rows(
        db,
        f"SELECT form, record, session_id, person_id, answers, at_ms FROM draft WHERE {condition}",
        parameters,
    )
    return [
        Draft(form, record, session_id, person_id, _answers(form, json.loads(text)), moment(at_ms))
        for form, record, session_id, person_id, text, at_ms in found
    ]


def _answers(form: str, kept: Mapping[str, Any]) -> dict[str, Value | None]:
    """The answers as Python values; what the form no longer asks is left out."""
    table = table_of(form)
    assert table is not None, FORMS
    readers = dict(zip(table.columns, table.readers, strict=True))
    return {name: readers[name](stored(value)) for name, value in kept.items() if name in readers}
