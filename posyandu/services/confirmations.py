"""A health worker's word on computed results, kept beside them: who, when, why. The computed value never changes.

Reports count the COMPUTED result, always: it can be counted again from the measurements, and a health worker's word
may come after a month was signed. Where the two differ the monthly report says so in a line of its reconciliation
(`differing`). N and T are the exception the blank itself knows: the kader's own "putusan kurva" in the visit counts.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from posyandu.domain.calendar import Month, short_date
from posyandu.domain.duties import DUTIES, HEALTH_WORKERS
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.confirmation import FORM
from posyandu.services import computed
from posyandu.services.computed import NO, YES, Result
from posyandu.services.judging import Assessment
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records
from posyandu.storage.records import SavedOp
from posyandu.text import _

__all__ = [
    "NO",
    "YES",
    "Result",
    "Word",
    "confirm",
    "differing",
    "is_stale",
    "may_confirm",
    "of_visit",
    "results",
    "undo",
]

_SPACE = uuid.UUID("3c6a1f9e-52c1-4c0d-8a55-7d2f1e0b9a64")


@dataclass(frozen=True)
class Word:
    """What a health worker said of one result; `differs` when it is not what was computed. `words` tells it all."""

    subject: str
    computed: str
    differs: bool
    words: str
    on: date | None


def may_confirm(ws: Workspace) -> bool:
    """Whether the person at work is a health worker."""
    return ws.worker.role in HEALTH_WORKERS


def results(ws: Workspace, assessment: Assessment | None, said: Collection[str] = ()) -> tuple[Result, ...]:
    """What of a judged visit can be confirmed: every computed class and reading, and whatever else refers.

    `said` are the subjects that somebody confirmed already: they stay.
    """
    if assessment is None:
        return ()
    return computed.results(ws.standards.on(assessment.visited_on), assessment, tuple(said))


def of_visit(ws: Workspace, visit_id: str) -> Mapping[str, Word]:
    """What was said of a visit's results, by subject."""
    kept = records.load_many(ws.db, FORM, visit_id=visit_id)
    return {word.subject: word for row in kept for word in (_word(row.answers),)}


def confirm(
    ws: Workspace,
    form: Form,
    visit_id: str,
    person_id: str,
    result: Result,
    value: str,
    reason: str = "",
) -> SavedOp:
    """Keep a health worker's word: the computed value again confirms it, another overrides it and wants a reason.

    Raises BadInput for anybody else, for a value that cannot be, and without a reason; NotFound without the visit.
    """
    if not may_confirm(ws):
        raise BadInput(_("Hanya bidan, petugas gizi atau petugas Puskesmas yang dapat memastikan hasil hitung."))
    if form.restricted:
        raise BadInput(_("Jawaban rahasia dibicarakan dengan orangnya, tidak dipastikan di sini."))
    words = dict(result.options).get(value)
    if words is None:
        raise BadInput(_("Pilih salah satu hasil."))
    differs = value != result.code
    if differs and not reason.strip():
        raise BadInput(_("Tulis alasannya: mengapa berbeda dari hasil hitung."))
    row = records.load(ws.db, form, visit_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Kunjungan ini tidak ada di buku ini."))
    answers: Answers = {
        "visit_form": form.name,
        "subject": result.subject,
        "computed": result.code,
        "computed_words": f"{result.title}: {result.words}",
        "decision": "overridden" if differs else "confirmed",
        "value": value if differs else None,
        "value_words": words if differs else None,
        "reason": reason.strip() or None,
        "decided_on": ws.today(),
        "decided_by": ws.worker.name,
        "role": ws.worker.role,
    }
    return records.save(
        ws.db,
        FORM,
        uuid.uuid5(_SPACE, f"{visit_id} {result.subject}").hex,
        answers,
        scope=row.scope,
        author=ws.author,
        now=ws.now(),
        links={"person_id": person_id, "visit_id": visit_id},
    )


def undo(ws: Workspace, op_id: str) -> str:
    """Take a word back."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def is_stale(word: Word, result: Result) -> bool:
    """Whether the measurement was corrected since: what was confirmed is no longer what is computed."""
    return word.computed != result.code


@at_its_post
def differing(ws: Workspace, posyandu_id: str, month: Month) -> Mapping[str, list[str]]:
    """Of the visits of a month the words that differ from the computed result, by person."""
    found: dict[str, list[str]] = {}
    for row in records.load_many(ws.db, FORM, scope=posyandu_id, decision="overridden"):
        answers, form = row.answers, FORMS.get(str(row.answers.get("visit_form")))
        visit = records.load(ws.db, form, str(answers.get("visit_id"))) if form is not None else None
        on = visit.answers.get("visited_on") if visit is not None and not visit.withdrawn else None
        if isinstance(on, date) and on in month:
            words = f"{answers.get('computed_words')}; {answers.get('decided_by')}: {answers.get('value_words')}"
            found.setdefault(str(answers.get("person_id")), []).append(words)
    return found


def _word(answers: Answers) -> Word:
    on, role = answers.get("decided_on"), _(DUTIES.get(str(answers.get("role")), ""))
    who = f"{role} {answers.get('decided_by')}".strip()
    differs = answers.get("decision") == "overridden"
    day = short_date(on) if isinstance(on, date) else ""
    if differs:
        words = _("{who}, {day}: {value}. Alasan: {reason}").format(
            who=who, day=day, value=answers.get("value_words"), reason=answers.get("reason")
        )
    else:
        words = _("{who}, {day}: sesuai").format(who=who, day=day)
    return Word(
        str(answers.get("subject")), str(answers.get("computed")), differs, words, on if isinstance(on, date) else None
    )
