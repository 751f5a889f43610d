"""The confidential questionnaires (SRQ-20, the eight questions of the youth, SDQ): their answers are sealed to readers.

The record keeps person, day and source in the open, that it was answered to its end, and of SRQ-20 whether six or more
were answered yes, which the recap counts. The answers themselves go into an envelope bound to that record
(ADR 0018). Every envelope is kept: answers given again make a new one, and the newest is shown first.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from posyandu.domain.duties import HEALTH_WORKERS
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import SRQ
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.domain.forms.school import SDQ
from posyandu.domain.forms.social import SEALED, SEALED_ACCESS
from posyandu.domain.instruments import SrqAssessment
from posyandu.services import judging, leaving, sealed
from posyandu.services.sealed import Opened, Reader, ReaderKey
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row, SavedOp
from posyandu.text import _

CONFIDENTIAL = tuple(form for form in FORMS.values() if form.restricted)

BY_HEALTH_WORKERS = (SDQ,)
"""What a health worker scores and reads: nobody else is offered it, and nobody else enters it."""


def secret(form: Form) -> tuple[str, ...]:
    """The names of the questions whose answers are sealed: all but the head and what stays readable."""
    return tuple(field.name for section in form.sections[1:-1] for field in section.fields)


def readable(form: Form) -> tuple[str, ...]:
    """The names of what is worked out from the answers and stays readable; nobody is asked it."""
    return tuple(field.name for field in form.sections[-1].fields)


def is_offered(ws: Workspace, form: Form) -> bool:
    """Whether the one at work is of those who enter this form."""
    return form not in BY_HEALTH_WORKERS or ws.worker.role in HEALTH_WORKERS


def may_write(ws: Workspace, scope: str = "") -> bool:
    """Whether anybody could open what the one at work writes: a reader whose digits she has compared."""
    return any(reader.accepted for reader in sealed.readers(ws, scope or ws.posyandu_id))


def whom_to_tell(ws: Workspace, scope: str = "") -> str:
    """Who is told directly what nobody could open in the book: the post's midwife by name, else the bidan."""
    row = records.load(ws.db, POSYANDU, scope or ws.posyandu_id)
    name = row.answers.get("midwife") if row is not None else None
    return _("Bidan {name}").format(name=name) if name else _("bidan atau Puskesmas")


def save_blank(ws: Workspace, path: Path, form: Form) -> Path:
    """Write a questionnaire as a sheet to fill in by hand. Raises DiskFull, BadInput when it cannot be replaced."""
    return leaving.write(path, blank(ws, form))


def blank(ws: Workspace, form: Form) -> bytes:
    """A questionnaire on paper (PDF, A4): its questions with boxes, and to whom the sheet goes."""
    from posyandu.reports.checklist import checklist_pdf

    facts = [(words, "") for words in (_("Posyandu"), _("Nama"), _("Tanggal lahir"), _("Tanggal"), _("Ditanya oleh"))]
    foot = _("Rahasia: amplop tertutup, serahkan hari ini kepada {called}. Jangan difoto, jangan disimpan.")
    asked = replace(form, sections=form.sections[1:-1])
    return checklist_pdf(asked, facts, {}, foot=foot.format(called=whom_to_tell(ws)))


def envelopes(ws: Workspace, record_id: str) -> list[Row]:
    """The sealed answers of one record, newest first."""
    rows = records.load_many(ws.db, SEALED, about_id=record_id)
    return sorted(rows, key=lambda row: (row.saved_at, row.id), reverse=True)


def for_me(ws: Workspace, record_id: str) -> bool:
    """Whether the key of the one at work opens any of them."""
    return sealed.can_read(ws) and any(sealed.is_for_me(ws, row) for row in envelopes(ws, record_id))


def is_unread(ws: Workspace, record_id: str) -> bool:
    """Whether there are sealed answers the one at work can open and has not opened yet."""
    if not sealed.can_read(ws):
        return False
    mine = [row for row in envelopes(ws, record_id) if sealed.is_for_me(ws, row)]
    return any(not _was_opened(ws, row.id) for row in mine)


def _was_opened(ws: Workspace, envelope_id: str) -> bool:
    told = {"about_id": envelope_id, "worker_id": ws.worker.id, "action": "opened"}
    return bool(records.load_many(ws.db, SEALED_ACCESS, withdrawn=True, **told))


def keep(
    ws: Workspace, form: Form, record: Row | None, record_id: str, told: Answers, scope: str
) -> dict[str, Value | None]:
    """Seal the confidential ones of these answers and give back what the record itself may hold instead.

    Raises BadInput when nobody could open it, or somebody else than a health worker enters what is theirs: then
    nothing is kept.
    """
    if not is_offered(ws, form):
        raise BadInput(_("Hanya bidan, petugas gizi atau petugas Puskesmas yang mengisi hasil ini."))
    names = secret(form)
    given = {name: value for name, value in told.items() if name in names and value is not None}
    open_ones = {name: value for name, value in told.items() if name not in names}
    if not given:
        return open_ones
    sealed.seal(ws, form.name, given, about_id=record_id, scope=scope)
    known = record.answers if record is not None else {}
    return {**open_ones, **dict.fromkeys(names), **_told_openly(ws, form, known, given)}


def _told_openly(ws: Workspace, form: Form, known: Answers, given: Answers) -> dict[str, Value | None]:
    """What stays readable; answers broken off take nothing back of a questionnaire that was answered before."""
    whole = all(given.get(name) is not None for name in secret(form))
    told: dict[str, Value | None] = {"answered": True if whole else known.get("answered") or False}
    if form is SRQ:
        (judged,) = judging.judge(ws, form, {}, {}, [{**given, "visited_on": ws.today()}])
        assert isinstance(judged, SrqAssessment)
        found = "high" if judged.is_high else "low" if whole else None
        told["outcome"] = found or known.get("outcome")
    return told


def open_newest(ws: Workspace, key: ReaderKey, form: Form, record_id: str) -> tuple[Opened, ...]:
    """All envelopes of a record that this key opens, newest first; each opening is written down before it is shown.

    Raises BadInput when none is for this key.
    """
    rows = envelopes(ws, record_id)
    mine = [row for row in rows if sealed.is_for_me(ws, row)] or rows[:1]
    return tuple(sealed.open_envelope(ws, key, row.id, form) for row in mine)


def lacking(ws: Workspace, record_id: str) -> tuple[Reader, ...]:
    """The accepted readers of the post who cannot open all the answers of a record yet."""
    rows = envelopes(ws, record_id)
    scope = rows[0].scope if rows else ws.posyandu_id
    known = (reader for reader in sealed.readers(ws, scope) if reader.accepted)
    return tuple(reader for reader in known if not all(sealed.is_for_reader(ws, row, reader.public) for row in rows))


def share(ws: Workspace, key: ReaderKey, record_id: str, public: bytes) -> int:
    """Let one more accepted reader open the answers of a record; how many envelopes she could not open before."""
    mine = [row for row in envelopes(ws, record_id) if sealed.is_for_me(ws, row)]
    return sum(sealed.share(ws, key, row.id, public) is not None for row in mine)


def seal_old(ws: Workspace) -> int:
    """Seal answers of this book that were noted in the open by an earlier version; how many records.

    Those of posts without a reader whom the one at work has accepted wait. What the journal kept of them before stays
    in it until it is erased (`open_saves`).
    """
    done = 0
    for form in CONFIDENTIAL:
        names = secret(form)
        for row in records.load_many(ws.db, form, withdrawn=True):
            old = {name: row.answers[name] for name in names if row.answers.get(name) is not None}
            if old and may_write(ws, row.scope):
                with transaction(ws.db):
                    _save(ws, form, row, keep(ws, form, row, row.id, old, row.scope))
                done += 1
    return done


def open_saves(ws: Workspace) -> dict[str, frozenset[str]]:
    """The saves (short ids, by record) of this book's journal in which confidential answers still stand open.

    Only of records whose answers are sealed by now: what nobody could open yet has to stay readable.
    """
    found: dict[str, frozenset[str]] = {}
    for form in CONFIDENTIAL:
        names = secret(form)
        for row in records.load_many(ws.db, form, withdrawn=True):
            if any(row.answers.get(name) is not None for name in names):
                continue
            ops = [op for op, _device in journal.ops_of(ws.db, row.id)]
            if any(op.fields.get(name) is not None for op in ops for name in names):
                found[row.id] = frozenset(op.head for op in ops)
    return found


def _save(ws: Workspace, form: Form, row: Row, changes: Answers) -> SavedOp:
    return records.save(ws.db, form, row.id, changes, scope=row.scope, author=ws.author, now=ws.now())


def counted(ws: Workspace, key: ReaderKey, posyandu_id: str, first: date, last: date) -> Sequence[str]:
    """For a reader: who answered the urgent question (SRQ-20 number 17) with yes in these days; ids of persons.

    The recap leaves that figure open, because in a hamlet it could name somebody. Each opening is written down.
    """
    found = []
    for row in records.load_many(ws.db, SRQ, scope=posyandu_id):
        on = row.answers.get("visited_on")
        if not isinstance(on, date) or not first <= on <= last or not for_me(ws, row.id):
            continue
        urgent = ws.standards.on(on).mental.srq_urgent
        if any(opened.values.get(urgent) is True for opened in open_newest(ws, key, SRQ, row.id)):
            found.append(str(row.answers.get("person_id")))
    return [person for person in found if records.load(ws.db, PERSON, person) is not None]
