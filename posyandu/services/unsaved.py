"""What is typed on the sheet of a person or a pregnancy before it is saved: it outlives a power cut, and is never sent.

Each new sheet has an id of its own, so that one registration left half-way is not written over by the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts, erased, settings
from posyandu.storage.records import new_id

NEW = "baru-"


@dataclass(frozen=True)
class Unsaved:
    """One sheet left half-way: its key, what was typed and when; `unread` what is no answer yet, as 31-02-2024."""

    key: str
    answers: Answers
    at: datetime
    unread: Mapping[str, str] = field(default_factory=dict)


def new_key(ws: Workspace) -> str:
    """The key of a sheet about somebody who has no record yet, at the post being worked at."""
    return f"{NEW}{ws.posyandu_id}-{new_id()}"


def _is_of_here(ws: Workspace, key: str) -> bool:
    """Whether a new sheet was begun at the post being worked at; of one from an earlier version nobody knows."""
    return key.startswith(f"{NEW}{ws.posyandu_id}-") or "-" not in key.removeprefix(NEW)


def keep(ws: Workspace, form: Form, key: str, answers: Answers, unread: Mapping[str, str] | None = None) -> None:
    """Keep what was typed on this sheet; an empty sheet is forgotten. `key` is a record's id or a `new_key`.

    What cannot be read as an answer (`unread`, by field) is kept as typed, of the sheet last typed on alone. Nothing is
    kept of somebody whose data were erased while the sheet was open.
    """
    if erased.records_among(ws.db, [key]):
        return
    _keep_unread(ws, key, dict(unread or {}))
    told = {name: value for name, value in answers.items() if value is not None or not key.startswith(NEW)}
    if told:
        drafts.keep(ws.db, form.name, key, None, None, told, ws.now())
    else:
        drafts.drop(ws.db, form.name, key)


def load(ws: Workspace, form: Form, key: str) -> Unsaved | None:
    """What was typed about this record and not saved."""
    found = drafts.load(ws.db, form.name, key)
    return Unsaved(found.record_id, found.answers, found.at, _unread(ws, key)) if found else None


def newest(ws: Workspace, form: Form, name: str = "", household_id: str = "") -> Unsaved | None:
    """The new sheet of this post last typed on: any, or of this household about a name that begins like this.

    One begun at another post waits there: finished here, its person would stand in the wrong book.
    """
    for each in drafts.every(ws.db):
        ours = each.form == form.name and each.record_id.startswith(NEW) and _is_of_here(ws, each.record_id)
        ours = ours and household_id in ("", each.answers.get("household_id"))
        if ours and str(each.answers.get("name") or "").casefold().startswith(name.casefold().strip()):
            return Unsaved(each.record_id, each.answers, each.at, _unread(ws, each.record_id))
    return None


def forget(ws: Workspace, form: Form, key: str) -> None:
    """The sheet was saved or thrown away."""
    drafts.drop(ws.db, form.name, key)
    if _unread(ws, key):
        _keep_unread(ws, key, {})


def _keep_unread(ws: Workspace, key: str, words: dict[str, str]) -> None:
    kept = {"key": key, "words": words} if words else None
    if settings.get(ws.db, settings.UNREAD) != kept:
        settings.put(ws.db, settings.UNREAD, kept)


def _unread(ws: Workspace, key: str) -> Mapping[str, str]:
    kept = settings.get(ws.db, settings.UNREAD) or {}
    return dict(kept["words"]) if kept.get("key") == key else {}
