"""What was corrected in a person's data and visits, by whom: the old values beside the new, newest first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import PERSON, WORKER
from posyandu.services.accounts import RECOVERY
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
    `taken` is true for a save that took the record away, false for one that brought it back; None for any other.
    """

    op_id: str
    at: datetime
    who: str
    form: Form
    about: str
    changes: Mapping[str, tuple[Value | None, Value | None]]
    filled: int
    reason: str
    record_id: str
    taken: bool | None


def of(ws: Workspace, card: PersonCard) -> list[Correction]:
    """Every save of the person's own data, and those saves of visits that replaced an answer; newest first.

    Answers of confidential forms are never shown outside their form.
    """
    names = worker_names(ws)
    found = [_correction(entry, PERSON, "", names, card.hit.id) for entry in card.history]
    seen = {(PERSON.name, card.hit.id)}
    for each in card.timeline:
        form = FORMS.get(each.form)
        if form is None or form.restricted or (each.form, each.record_id) in seen:
            continue
        seen.add((each.form, each.record_id))
        about = _("{form}, {day}").format(form=_(form.title), day=short_date(each.on))
        found += _replaced(ws, form, each.record_id, about, names)
    for form in FORMS.values():
        if "person_id" in form.links and not form.restricted and {"visited_on", "noted_on"} & form.fields.keys():
            for row in records.load_many(ws.db, form, withdrawn=True, person_id=card.hit.id):
                on = row.answers.get("visited_on") or row.answers.get("noted_on")
                if row.withdrawn:
                    about = ", ".join([_(form.title), *([short_date(on)] if isinstance(on, date) else [])])
                    found += _replaced(ws, form, row.id, about, names)
    return sorted(found, key=lambda each: each.at, reverse=True)


def worker_names(ws: Workspace) -> dict[str, str]:
    """The names of all who ever saved in this book, by id; those who left too, and whoever opened it by its key."""
    rows: Iterable[records.Row] = records.load_many(ws.db, WORKER, withdrawn=True)
    named = {row.id: str(row.answers.get("name") or "") for row in rows}
    return {RECOVERY.id: _(RECOVERY.name)} | named | {ws.worker.id: ws.worker.name}


def _replaced(ws: Workspace, form: Form, record_id: str, about: str, names: Mapping[str, str]) -> Iterator[Correction]:
    for entry in records.history(ws.db, record_id):
        made = _correction(entry, form, about, names, record_id)
        if made.changes or made.taken is not None:
            yield made


def _correction(entry: HistoryEntry, form: Form, about: str, names: Mapping[str, str], record_id: str) -> Correction:
    told = {name: pair for name, pair in entry.changes.items() if name in form.fields}
    changes = {name: pair for name, pair in told.items() if pair[0] is not None}
    who = names.get(entry.author, "")
    taken = entry.changes["withdrawn"][1] is True if "withdrawn" in entry.changes else None
    filled = len(told) - len(changes)
    return Correction(entry.op_id, entry.at, who, form, about, changes, filled, entry.reason, record_id, taken)
