"""What is typed on the sheet of a person or a pregnancy before it is saved: it outlives a power cut, and is never sent.

Each new sheet has an id of its own, so that one registration left half-way is not written over by the next.
"""

from dataclasses import dataclass
from datetime import datetime

from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts
from posyandu.storage.records import new_id

NEW = "baru-"


@dataclass(frozen=True)
class Unsaved:
    """One sheet left half-way: its key, what was typed and when."""

    key: str
    answers: Answers
    at: datetime


def new_key() -> str:
    """The key of a sheet about somebody who has no record yet."""
    return NEW + new_id()


def keep(ws: Workspace, form: Form, key: str, answers: Answers) -> None:
    """Keep what was typed on this sheet; an empty sheet is forgotten. `key` is a record's id or a `new_key`."""
    told = {name: value for name, value in answers.items() if value is not None or not key.startswith(NEW)}
    if told:
        drafts.keep(ws.db, form.name, key, None, None, told, ws.now())
    else:
        drafts.drop(ws.db, form.name, key)


def load(ws: Workspace, form: Form, key: str) -> Unsaved | None:
    """What was typed about this record and not saved."""
    found = drafts.load(ws.db, form.name, key)
    return Unsaved(found.record_id, found.answers, found.at) if found else None


def newest(ws: Workspace, form: Form, name: str = "", household_id: str = "") -> Unsaved | None:
    """The new sheet last typed on: any, or one of this household about somebody whose name begins like this."""
    for each in drafts.every(ws.db):
        ours = each.form == form.name and each.record_id.startswith(NEW)
        ours = ours and household_id in ("", each.answers.get("household_id"))
        if ours and str(each.answers.get("name") or "").casefold().startswith(name.casefold().strip()):
            return Unsaved(each.record_id, each.answers, each.at)
    return None


def forget(ws: Workspace, form: Form, key: str) -> None:
    """The sheet was saved or thrown away."""
    drafts.drop(ws.db, form.name, key)
