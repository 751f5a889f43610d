"""What is typed on the sheet of a person or a pregnancy before it is saved: it outlives a power cut, and is never sent.

Each new sheet has an id of its own, so that one registration left half-way is not written over by the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from posyandu.domain.fields import Answers, Field
from posyandu.domain.form import Form
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts, erased, settings
from posyandu.storage.columns import reader, to_wire
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


@dataclass(frozen=True)
class Sheet:
    """A sheet over the window: which it is, and what its answers are about, first of all a record (or a post).

    What is typed on it is found again by the one who typed it alone. It goes with whoever is erased of `about`'s first,
    or, where the sheet itself asks about whom it is, of `of`.
    """

    name: str
    about: tuple[str, ...]
    of: str = ""

    def key(self, ws: Workspace) -> str:
        """The key of its draft: who types, and about what."""
        return ":".join((ws.worker.id, *self.about))


@dataclass(frozen=True)
class Standing:
    """What stands on a sheet and is not saved: answers and what is none yet by question, the rest by its box."""

    answers: Answers
    unread: Mapping[str, str]
    boxes: Mapping[str, Any]


def keep_sheet(ws: Workspace, sheet: Sheet, told: Standing) -> None:
    """Keep what stands on a sheet; nothing of somebody erased while it was open. Where nothing stands it is forgotten.

    As with visits none of this is for confidential answers: whoever opens this laptop could read it.
    """
    answers = {name: to_wire(value) for name, value in told.answers.items()}
    parts = {"answers": answers, "unread": dict(told.unread), "boxes": dict(told.boxes)}
    if any(parts.values()) and not erased.records_among(ws.db, [*sheet.about, sheet.of]):
        drafts.keep_sheet(ws.db, sheet.name, sheet.key(ws), sheet.of or sheet.about[0], parts, ws.now())
    else:
        forget_sheet(ws, sheet)


def load_sheet(ws: Workspace, sheet: Sheet, asked: Mapping[str, Field]) -> tuple[Standing, datetime] | None:
    """What the same worker typed on this sheet and did not save, and when; what is no more `asked` is left out."""
    found = drafts.load_sheet(ws.db, sheet.name, sheet.key(ws))
    if found is None:
        return None
    parts, at = found
    answers = {name: reader(asked[name])(value) for name, value in parts["answers"].items() if name in asked}
    return Standing(answers, parts["unread"], parts["boxes"]), at


def forget_sheet(ws: Workspace, sheet: Sheet) -> None:
    """The sheet was saved or closed without saving."""
    drafts.drop_sheet(ws.db, sheet.name, sheet.key(ws))


def _keep_unread(ws: Workspace, key: str, words: dict[str, str]) -> None:
    kept = {"key": key, "words": words} if words else None
    if settings.get(ws.db, settings.UNREAD) != kept:
        settings.put(ws.db, settings.UNREAD, kept)


def _unread(ws: Workspace, key: str) -> Mapping[str, str]:
    kept = settings.get(ws.db, settings.UNREAD) or {}
    return dict(kept["words"]) if kept.get("key") == key else {}
