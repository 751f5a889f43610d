"""Who took data out or changed who may open the book, and when: written down by being done, for the village to read.

One kind of record (`sealed_access`) holds it all, sealed parts too. It says who, what and when, never what was in it;
it travels like any other record, so the posts' other laptops and the village show the same list.
"""

from dataclasses import dataclass
from datetime import datetime

from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.forms.registration import PERSON, WORKER
from posyandu.domain.forms.social import SEALED_ACCESS
from posyandu.services.workspace import Workspace
from posyandu.storage import records, settings
from posyandu.storage.database import Database
from posyandu.storage.records import Row, SavedOp
from posyandu.text import _

__all__ = ["Entry", "log", "note", "note_on_person", "note_on_post", "note_restored", "was_restored"]

_RESTORED = "restored_unnoted"


@dataclass(frozen=True)
class Entry:
    """One line of the list: when, by whom, what was done in words, about whom ("" for the whole post), and the title of
    the paper or file that left ("" where none did, or it is about one person).
    """

    at: datetime
    by: str
    action: str
    words: str
    about: str
    title: str = ""


def note(
    ws: Workspace, action: str, about_id: str = "", *, scope: str = "", wrap: str | None = None, title: str = ""
) -> SavedOp:
    """Write down that the one at work did this now; `about_id` is a person, a kader or a sealed record, `title` what a
    paper of the whole post is called.
    """
    answers: Answers = {
        "action": action,
        "opened_at": ws.now().isoformat(timespec="seconds"),
        "done_by": ws.worker.name,
        "wrap": wrap,
        "title": title or None,
    }
    return records.save(
        ws.db, SEALED_ACCESS, records.new_id(), answers, scope=scope or ws.posyandu_id, author=ws.author,
        now=ws.now(), links={"about_id": about_id or None, "worker_id": ws.worker.id},
    )  # fmt: skip


def note_on_person(ws: Workspace, action: str, person_id: str) -> None:
    """The same at the post the person belongs to. Raises NotFound."""
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku."))
    note(ws, action, person_id, scope=person.scope)


def note_on_post(ws: Workspace, action: str, about_id: str = "") -> None:
    """The same at the post at work; a book that has none yet has nobody to tell."""
    if ws.posyandu_id:
        note(ws, action, about_id)


def was_restored(db: Database) -> None:
    """Remember in a restored book that this has to be written down by whoever opens it."""
    settings.put(db, _RESTORED, True)


def note_restored(ws: Workspace) -> None:
    """Write down a restore that nobody wrote down yet."""
    if settings.get(ws.db, _RESTORED) and ws.posyandu_id:
        note(ws, "restored")
        settings.put(ws.db, _RESTORED, False)


def log(ws: Workspace, posyandu_id: str = "", *, most: int = 500) -> list[Entry]:
    """The newest entries of a post (that at work), from all its laptops; nobody can take one out by withdrawing it."""
    field = SEALED_ACCESS.fields["action"]
    assert isinstance(field, Choice)
    words = {each.code: _(each.label) for each in field.options}
    rows = records.load_many(ws.db, SEALED_ACCESS, withdrawn=True, scope=posyandu_id or ws.posyandu_id)
    rows.sort(key=lambda row: (_moment(row), row.saved_at), reverse=True)
    return [_entry(ws, row, words) for row in rows[:most]]


def _moment(row: Row) -> datetime:
    """When it was done; the save itself tells when it was last touched, which a withdrawal would change."""
    try:
        at = datetime.fromisoformat(str(row.answers.get("opened_at")))
    except ValueError:
        return row.saved_at
    return at if at.tzinfo else row.saved_at


def _entry(ws: Workspace, row: Row, words: dict[str, str]) -> Entry:
    action = str(row.answers.get("action") or "")
    by = str(row.answers.get("done_by") or "")
    title = str(row.answers.get("title") or "")
    return Entry(_moment(row), by, action, words.get(action, action), _about(ws, row.answers.get("about_id")), title)


def _about(ws: Workspace, about_id: object) -> str:
    """Whom it is about by name; of what is sealed only that it is."""
    if not about_id:
        return ""
    for form in (PERSON, WORKER):
        row = records.load(ws.db, form, str(about_id))
        if row is not None:
            return str(row.answers.get("name") or "")
    return _("Bagian rahasia")
