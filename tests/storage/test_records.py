"""Saving, loading, undoing: row and journal together."""

from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records

PERSON = FORMS["person"]
VISIT = FORMS["under_five_visit"]


@pytest.fixture
def ws() -> Workspace:
    return workspace.in_memory()


def save(ws: Workspace, record: str = "anak", **changes: object) -> records.SavedOp:
    return records.save(ws.db, PERSON, record, changes, scope="melati", author=ws.author, now=ws.now())  # type: ignore[arg-type]


def test_what_is_saved_is_loaded_with_who_and_when(ws: Workspace) -> None:
    saved = save(ws, name="Nur Aini", sex="female", born_on=date(2024, 3, 5), guest=False, birth_weight_g=3100)
    row = records.load(ws.db, PERSON, "anak")
    assert row is not None
    assert saved.changed
    assert row.answers["born_on"] == date(2024, 3, 5)
    assert row.answers["guest"] is False
    assert row.answers["birth_weight_g"] == 3100
    assert row.answers["nik"] is None
    assert (row.saved_by, row.device, row.saved_at) == (ws.worker.id, ws.device, ws.now())


def test_saving_the_same_again_makes_no_op(ws: Workspace) -> None:
    save(ws, name="Nur Aini")
    again = save(ws, name="Nur Aini")
    assert (again.op_id, again.changed) == ("", False)
    assert len(journal.ops_of(ws.db, "anak")) == 1
