"""What was corrected in a person's data and visits, by whom: the old values beside the new, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import PERSON, WORKER
from posyandu.services.people import PersonCard
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import HistoryEntry
from posyandu.text import _


@dataclass(frozen=True)
class Correction:
    """One save that filled or changed a record.

    `who` is the kader's name, "" when this book does not know it; `about` names a visit, "" for the person's data;
    `changes` holds (old, new) by field, empty for the save that made the record; `filled` counts what was empty before.
    """

    op_id: str
    at: datetime
    who: str
    form: Form
    about: str
    changes: Mapping[str, tuple[Value | None, Value | None]]
    filled: int
    reason: str


def of(ws: Workspace, card: PersonCard) -> list[Correction]:
    """Every save of the person's own data, and those saves of visits that replaced an answer; newest first.

    Answers of confidential forms are never shown outside their form.
    """
    names = worker_names(ws)
    found = [_correction(entry, PERSON, "", names) for entry in card.history]
    seen = {(PERSON.name, card.hit.id)}
    for each in card.timeline:
        form = FORMS.get(each.form)
        if form is None or form.restricted or (each.form, each.record_id) in seen:
            continue
        seen.add((each.form, each.record_id))
        about = _("{form}, {day}").format(form=_(form.title), day=short_date(each.on))
        entries = records.history(ws.db, each.record_id)
        found += [made for entry in entries if (made := _correction(entry, form, about, names)).changes]
    return sorted(found, key=lambda each: each.at, reverse=True)


def worker_names(ws: Workspace) -> dict[str, str]:
    """The names of all who ever saved in this book, by id; those who left too."""
    rows: Iterable[records.Row] = records.load_many(ws.db, WORKER, withdrawn=True)
    return {row.id: str(row.answers.get("name") or "") for row in rows} | {ws.worker.id: ws.worker.name}


def _correction(entry: HistoryEntry, form: Form, about: str, names: Mapping[str, str]) -> Correction:
    told = {name: pair for name, pair in entry.changes.items() if name in form.fields}
    changes = {name: pair for name, pair in told.items() if pair[0] is not None}
    who = names.get(entry.author, "")
    return Correction(entry.op_id, entry.at, who, form, about, changes, len(told) - len(changes), entry.reason)
