"""Record, correct, confirm and take back what was measured and done for one person on one day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from posyandu.domain import adult, development, school
from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Context, Form, Level, Limit, Problem
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.development import FORM as DEVELOPMENT
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.service_group import group_on, pregnancy_on
from posyandu.services import questionnaires
from posyandu.services.checking import last_known, sound_rows, visit_context
from posyandu.services.judging import VISIT_FORMS, Assessment, judge, judge_child, needs_pregnancy, visit_form
from posyandu.services.people import NotFinal, dated, is_empty
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts as draft_box
from posyandu.storage import journal, records, summaries
from posyandu.storage import visits as visit_box
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

__all__ = ["VISIT_FORMS", "NotFinal"]

MONTHS_BACK = 6
"""How many months of visits lists of many people look back."""

STEPS = 5
REGISTERED, MEASURED, NOTED, SERVED, ADVISED = range(1, STEPS + 1)
"""The five steps of a posyandu day: pendaftaran, pengukuran, pencatatan, pelayanan, penyuluhan."""


class Sealed(BadInput):
    """The answers of this confidential form were given and sealed: only a reader's key opens them."""

    def __init__(self, sentence: str, record_id: str) -> None:
        super().__init__(sentence)
        self.record_id = record_id


@dataclass(frozen=True)
class OpenVisit:
    """A visit as the entry page needs it.

    `answers` are the saved ones (`stored`) with the draft laid over them; `previous` the last known value of each
    field before this visit, `previous_on` the day of the last visit; `draft` whether something typed is not saved as
    final.
    """

    form: Form
    record_id: str
    session_id: str | None
    person_id: str
    person: Answers
    on: date
    answers: Answers
    previous: Answers
    previous_on: date | None
    limits: Mapping[str, Limit]
    numbers: Mapping[str, int]
    confirmed: frozenset[str]
    draft: bool
    saved_at: datetime | None
    stored: Answers


@dataclass(frozen=True)
class Saved:
    """What saving did: `problems` are those that want confirming; `op_id` is "" when nothing changed."""

    record_id: str
    op_id: str
    at: datetime
    assessment: Assessment | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class CellSaved:
    """What saving one cell did. `kept_as_draft`: the value is impossible, so it waits in the drafts, not the record."""

    record_id: str
    op_id: str
    at: datetime
    problems: tuple[Problem, ...]
    assessment: Assessment | None
    kept_as_draft: bool


@dataclass(frozen=True)
class DraftVisit:
    """Something typed and not yet saved: for "Ada isian yang belum selesai: Raka, 09.42"."""

    form: Form
    session_id: str | None
    person_id: str
    person_name: str
    answers: Answers
    at: datetime
    record_id: str


def form_for(ws: Workspace, person_id: str, on: date) -> Form | None:
    """The form a person's visit on this day is recorded in; None where their group has no form yet."""
    person = _person(ws, person_id)
    current = _pregnancy(ws, person_id, on)
    return visit_form(group_on(ws.standards.on(on).groups, person.answers, on, current.answers if current else None))


def not_asked(ws: Workspace, form: Form, person: Answers, on: date) -> frozenset[str]:
    """The questions of a form that the card does not ask a person of this sex and age."""
    if form is SCHOOL_VISIT:
        return school.not_asked(ws.standards.on(on), person, on)
    if form is DEVELOPMENT:
        return development.not_asked(ws.standards.on(on), person, on)
    if form.restricted:
        return frozenset(questionnaires.readable(form))
    return adult.not_asked(ws.standards.on(on), person, on) if form is ADULT_VISIT else frozenset()


def open_visit(
    ws: Workspace,
    form: Form,
    session_id: str | None,
    person_id: str,
    *,
    record_id: str | None = None,
    on: date | None = None,
    anew: bool = False,
) -> OpenVisit:
    """The visit of a person on a posyandu day, ready to be filled or corrected.

    Without a session (a home visit) `record_id` names the one to correct; None begins a new one on the day `on`.
    Confidential questions always begin without answers: those given are sealed. Raises NotFound when there is no such
    person or session; Sealed when they were answered already, unless they are to be asked `anew`.
    """
    visit = _Visit.find(ws, form, session_id, person_id, record_id=record_id, on=on)
    stored = visit.row.answers if visit.row else {}
    if form.restricted and visit.row is not None:
        if not anew:
            raise Sealed(
                _("Sudah ditanyakan. Jawabannya disegel: hanya bidan atau Puskesmas yang berkunci membukanya."),
                visit.record_id,
            )
        stored = {name: stored.get(name) for name in ("visited_on", "source")}
    draft = draft_box.load(ws.db, form.name, visit.record_id)
    answers: dict[str, Value | None] = {name: stored.get(name) for name in form.fields}
    answers["visited_on"] = stored.get("visited_on") or visit.on
    answers.update(draft.answers if draft else {})
    previous, previous_on = visit.previous
    context = visit.context
    return OpenVisit(
        form=form,
        record_id=visit.record_id,
        session_id=visit.session_id,
        person_id=person_id,
        person=visit.person.answers,
        on=visit.on,
        answers=answers,
        previous=previous,
        previous_on=previous_on,
        limits=context.limits,
        numbers=context.numbers,
        confirmed=visit.row.confirmed if visit.row else frozenset(),
        draft=draft is not None,
        saved_at=visit.row.saved_at if visit.row and not visit.row.withdrawn else None,
        stored={name: stored.get(name) for name in form.fields},
    )


def changed_since(ws: Workspace, visit: OpenVisit, typed: Answers) -> Answers:
    """What another laptop has written since the visit was opened into the fields typed here, where it differs."""
    row = records.load(ws.db, visit.form, visit.record_id)
    now = row.answers if row is not None and not row.withdrawn else {}
    return {
        name: now.get(name)
        for name, value in typed.items()
        if name in visit.form.fields and now.get(name) not in (visit.stored.get(name), value, None)
    }


def context(
    ws: Workspace,
    form: Form,
    session_id: str | None,
    person_id: str,
    *,
    record_id: str | None = None,
    on: date | None = None,
) -> Context:
    """What checking this visit's answers needs: today, the last values before it and the limits for the age."""
    return _Visit.find(ws, form, session_id, person_id, record_id=record_id, on=on).context


def assess(
    ws: Workspace, person_id: str, form: Form, answers: Answers, *, record_id: str | None = None
) -> Assessment | None:
    """What these answers, saved or not, mean among all the person's visits.

    They take the place of the stored visit named by `record_id`, else of the one on the same day. None for a
    pregnancy visit of a woman without a pregnancy.
    """
    person = _person(ws, person_id)
    visited_on = answers.get("visited_on")
    on = visited_on if isinstance(visited_on, date) else ws.today()
    rows = dated(form, records.load_many(ws.db, form, person_id=person_id))
    return _assess(ws, form, person, rows, {**answers, "visited_on": on}, record_id)


def record(
    ws: Workspace,
    form: Form,
    session_id: str | None,
    person_id: str,
    answers: Answers,
    *,
    confirmed: Collection[str] = (),
    reason: str = "",
    record_id: str | None = None,
) -> Saved:
    """Save a visit as final, note the person as present, and drop the draft.

    Fields left out of `answers` keep what is stored; None empties. `confirmed` names fields whose unusual value was
    looked at again. Raises NotFinal when something is impossible or missing (everything typed is then kept as a draft),
    BadInput when nothing was answered, NotFound.
    """
    on = answers.get("visited_on")
    visit = _Visit.find(ws, form, session_id, person_id, record_id=record_id, on=on if isinstance(on, date) else None)
    stored = visit.row.answers if visit.row else {}
    told = {name: _tidy(value) for name, value in answers.items() if name in form.fields}
    told.setdefault("visited_on", stored.get("visited_on") or visit.on)
    merged = {**stored, **told}
    found = form_problems(form, merged, visit.context)
    draft = draft_box.load(ws.db, form.name, visit.record_id)
    waiting = dict(draft.answers) if draft else {}
    if any(problem.level is Level.HARD for problem in found):
        keep_draft(ws, form, session_id, person_id, {**waiting, **told}, record_id=visit.record_id)
        raise NotFinal([problem for problem in found if problem.level is Level.HARD])
    if is_empty(form, merged):
        raise BadInput(_("Belum ada yang diisi. Isi paling sedikit satu hasil pengukuran."))
    with transaction(ws.db):
        if form.restricted:
            told = questionnaires.keep(ws, form, visit.row, visit.record_id, told, visit.scope)
        saved = visit.save(told, confirmed=confirmed, reason=reason)
        visit.note_present(merged)
        visit.note_breastfeeding(told)
        visit.note_development(stored, merged)
        if draft:
            left = {name: value for name, value in waiting.items() if name not in told}
            keep_draft(ws, form, session_id, person_id, left, record_id=visit.record_id)
    agreed = saved.confirmed
    return Saved(
        record_id=visit.record_id,
        op_id=saved.op_id,
        at=saved.at,
        assessment=visit.assessed(merged),
        problems=tuple(problem for problem in found if problem.level is Level.SOFT and problem.field not in agreed),
    )


def set_cell(
    ws: Workspace,
    form: Form,
    session_id: str | None,
    person_id: str,
    name: str,
    value: Value | None,
    *,
    record_id: str | None = None,
) -> CellSaved:
    """Save one cell of the register page, as soon as it is left, and note the person as present.

    What is noted once of somebody belongs to no day: its `record_id` is told instead of a session. An impossible value
    goes to the drafts instead of the record, so it is neither lost nor counted; a possible one takes it out of there.
    """
    visit = _Visit.find(ws, form, session_id, person_id, record_id=record_id)
    stored = visit.row.answers if visit.row else {}
    value = _tidy(value)
    if name not in form.fields or form.restricted:
        raise ValueError(f"{form.name} does not ask {name} by itself")
    merged = {**stored, "visited_on": stored.get("visited_on") or visit.on, name: value}
    found = tuple(problem for problem in form_problems(form, merged, visit.context) if problem.field == name)
    impossible = value is not None and any(problem.level is Level.HARD for problem in found)
    draft = draft_box.load(ws.db, form.name, visit.record_id)
    waiting = dict(draft.answers) if draft else {}
    with transaction(ws.db):
        saved = None
        if impossible:
            waiting[name] = value
        elif value is not None or visit.row is not None:
            saved = visit.save({"visited_on": merged["visited_on"], name: value}, coalesce=True)
        if not impossible:
            waiting.pop(name, None)
        if impossible or draft:
            left = waiting if waiting.keys() - {"visited_on"} else {}
            keep_draft(ws, form, session_id, person_id, left, record_id=visit.record_id)
        if value is not None:
            visit.note_present(merged)
        if not impossible:
            visit.note_breastfeeding({name: value})
            visit.note_development(stored, merged)
    return CellSaved(
        record_id=visit.record_id,
        op_id=saved.op_id if saved else "",
        at=saved.at if saved else ws.now(),
        problems=found,
        assessment=visit.assessed(stored if impossible else merged),
        kept_as_draft=impossible,
    )


def confirm(ws: Workspace, form: Form, record_id: str, names: Collection[str]) -> str:
    """Note that someone looked again and these values are right; gives back the id of the save.

    Where two laptops had typed differently, the value shown is the one decided for.
    """
    row = _record(ws, form, record_id)
    saved = records.save(
        ws.db,
        form,
        record_id,
        {name: row.answers[name] for name in names if name in form.fields},
        scope=row.scope,
        author=ws.author,
        now=ws.now(),
        confirmed=row.confirmed | set(names),
        settle=set(names) & row.conflicts.keys(),
    )
    return saved.op_id


def withdraw(ws: Workspace, form: Form, record_id: str, reason: str = "") -> str:
    """Take a visit away (typed for the wrong person); undo brings it back. Gives back the id of the save."""
    row = _record(ws, form, record_id)
    with transaction(ws.db):
        draft_box.drop(ws.db, form.name, record_id)
        op_id = records.withdraw(ws.db, form, record_id, author=ws.author, now=ws.now(), reason=reason).op_id
        if form is DEVELOPMENT:
            visit = _Visit.find(ws, form, None, str(row.answers.get("person_id")), record_id=record_id)
            visit.note_development(row.answers, {})
    return op_id


def undo(ws: Workspace, op_id: str) -> str:
    """Take one save back by a reversing save, whose id is given back: undoing that does it again."""
    with transaction(ws.db):
        op = journal.find(ws.db, op_id)
        before = records.load(ws.db, DEVELOPMENT, op[0].record) if op and op[0].entity == DEVELOPMENT.name else None
        back = records.undo(ws.db, op_id, ws.author, ws.now()).op_id
        now = records.load(ws.db, DEVELOPMENT, before.id) if before is not None else None
        if before is not None and now is not None:
            visit = _Visit.find(ws, DEVELOPMENT, None, str(before.answers.get("person_id")), record_id=before.id)
            visit.note_development(*({} if row.withdrawn else row.answers for row in (before, now)))
    return back


# --- drafts ---------------------------------------------------------------------------------------------------------


def keep_draft(
    ws: Workspace,
    form: Form,
    session_id: str | None,
    person_id: str,
    answers: Answers,
    *,
    record_id: str | None = None,
) -> str:
    """Keep what was typed so far beside the records, possible or not, and give back the visit's record id.

    A draft stays on this laptop: it is neither counted nor sent. An empty one is dropped. Of confidential questions
    none is kept: whoever opens this laptop could read it.
    """
    record_id = record_id or _record_id(form, session_id, person_id)
    told = {name: value for name, value in answers.items() if name in form.fields and not form.restricted}
    if told:
        draft_box.keep(ws.db, form.name, record_id, session_id, person_id, told, ws.now())
    else:
        draft_box.drop(ws.db, form.name, record_id)
    return record_id


def drafts(ws: Workspace) -> list[DraftVisit]:
    """Everything typed and not yet saved, the newest first."""
    found = []
    for draft in draft_box.every(ws.db):
        if draft.form not in {form.name for form in VISIT_FORMS} or draft.person_id is None:
            continue
        row = records.load(ws.db, PERSON, draft.person_id)
        name = row.answers.get("name") if row else None
        found.append(
            DraftVisit(
                form=FORMS[draft.form],
                session_id=draft.session_id,
                person_id=draft.person_id,
                person_name=name if isinstance(name, str) else "",
                answers=draft.answers,
                at=draft.at,
                record_id=draft.record_id,
            )
        )
    return sorted(found, key=lambda draft: draft.at, reverse=True)


def drop_draft(
    ws: Workspace, form: Form, session_id: str | None, person_id: str, *, record_id: str | None = None
) -> None:
    """Throw away what was typed and not saved for this visit."""
    draft_box.drop(ws.db, form.name, record_id or _record_id(form, session_id, person_id))


# --- many at once ---------------------------------------------------------------------------------------------------


def step_reached(form: Form, answers: Answers) -> int:
    """How far through the five steps these answers show someone to be: at least noted once anything is filled."""
    if answers.get("counselling") or answers.get("topic"):
        return ADVISED
    served = {field.name for section in form.sections[2:-1] for field in section.fields}
    if any(answers.get(name) is not None for name in served):
        return SERVED
    return NOTED


def assess_rows(
    ws: Workspace, form: Form, person: Row, carried: Row | None, rows: Sequence[Row]
) -> Sequence[Assessment]:
    """What these visits of one person mean, oldest first, one for each.

    `carried` is the pregnancy they belong to: visits of another one are left out, and without one nothing is judged.
    """
    if needs_pregnancy(form):
        if carried is None:
            return []
        own = [row.answers for row in rows if row.answers.get("pregnancy_id") == carried.id]
        return judge(ws, form, person.answers, carried.answers, own)
    return judge(ws, form, person.answers, {}, [row.answers for row in rows])


def recent(ws: Workspace, form: Form, person_ids: Collection[str], until: date) -> dict[str, list[Row]]:
    """The visits of many people up to a day, oldest first, by person: half a year of anybody's, all of a pregnancy.

    Of older visits only the first and the last weighing are there, so that `assess_last` judges the last visit exactly
    as it would with all of them.
    """
    if not needs_pregnancy(form):
        first = (Month.of(until) - MONTHS_BACK).first
        found = visit_box.recent(ws.db, form, person_ids, first, until, told="weight_g")
    else:
        found = summaries.visits_of(ws.db, form, person_ids, until)
    return {person_id: kept for person_id, rows in found.items() if (kept := dated(form, rows))}


def assess_last(ws: Workspace, form: Form, person: Row, carried: Row | None, rows: Sequence[Row]) -> Assessment | None:
    """What the last of these visits means: the same as the last of `assess_rows`, sooner.

    N, T and 2T look two months back, and B and O only ask whether there was any weighing before; older visits of a
    child are not judged again.
    """
    if needs_pregnancy(form):
        assessed = assess_rows(ws, form, person, carried, rows)
        return assessed[-1] if assessed else None
    if not rows:
        return None
    if form is not UNDER_FIVE_VISIT:
        return assess_rows(ws, form, person, carried, rows if form is ADULT_VISIT else rows[-1:])[-1]
    since = (Month.of(day_of(rows[-1])) - 2).first
    first = next((row for row in rows if row.answers.get("weight_g") is not None), None)
    near = [row.answers for row in rows if row is first or day_of(row) >= since]
    return judge_child(ws, person.answers, near, only_last=True)[-1]


def day_of(row: Row) -> date:
    """The day of a visit that `dated` gave."""
    day = row.answers["visited_on"]
    assert isinstance(day, date)
    return day


# --- one visit and all it stands on ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Visit:
    """One visit with the records around it, read once."""

    ws: Workspace
    form: Form
    record_id: str
    session_id: str | None
    person: Row
    pregnancy: Row | None
    scope: str
    on: date
    rows: tuple[Row, ...]
    """Every visit of this person in this form, withdrawn ones too."""

    @classmethod
    def find(
        cls,
        ws: Workspace,
        form: Form,
        session_id: str | None,
        person_id: str,
        *,
        record_id: str | None = None,
        on: date | None = None,
    ) -> "_Visit":
        person = _person(ws, person_id)
        rows = tuple(records.load_many(ws.db, form, withdrawn=True, person_id=person_id))
        found = record_id or _record_id(form, session_id, person_id)
        stored = next((row for row in rows if row.id == found), None)
        if session_id is None and stored is not None:
            told = stored.answers.get("session_id")
            session_id = str(told) if told else None
        scope, day = person.scope, on
        if session_id is not None:
            session = records.load(ws.db, SESSION, session_id)
            if session is None:
                raise NotFound(_("Hari Posyandu ini tidak ada di buku ini."))
            scope = session.scope
            held_on = session.answers.get("held_on")
            day = day or (held_on if isinstance(held_on, date) else None)
        noted = stored.answers.get("visited_on") if stored is not None else None
        day = day or (noted if isinstance(noted, date) else ws.today())
        pregnancy = _pregnancy(ws, person_id, day) if needs_pregnancy(form) else None
        return cls(ws, form, found, session_id, person, pregnancy, scope, day, rows)

    @property
    def row(self) -> Row | None:
        """The stored visit; None when it is new or was taken away."""
        return next((row for row in self.rows if row.id == self.record_id and not row.withdrawn), None)

    @property
    def previous(self) -> tuple[Answers, date | None]:
        """The last known value of each field before this visit, and the day of the last visit."""
        earlier = [] if self.form.restricted else self.earlier
        return last_known(self.form, earlier), day_of(earlier[-1]) if earlier else None

    @property
    def earlier(self) -> list[Row]:
        """The visits before this one, oldest first, without what was read from a tool found wrong."""
        told = [row for row in dated(self.form, self.rows) if row.id != self.record_id and day_of(row) < self.on]
        return list(sound_rows(self.ws, told))

    @property
    def context(self) -> Context:
        """What checking this visit's answers needs."""
        return visit_context(self.ws, self.form, self.person.answers, self.on, self.earlier)

    def save(
        self, told: Answers, *, confirmed: Collection[str] = (), reason: str = "", coalesce: bool = False
    ) -> "_SavedRow":
        """Write these answers, with the links, into the record."""
        row, changes = self.row, dict(told)
        if row is None and any(each.id == self.record_id for each in self.rows):
            # It was taken away and is typed anew: what it said before must not come back with it.
            changes = {**dict.fromkeys(self.form.fields), **changes}
        stored = row.answers if row else {}
        kept = {
            name for name in (row.confirmed if row else ()) if name not in changes or changes[name] == stored.get(name)
        }
        agreed = frozenset(kept | set(confirmed))
        links: dict[str, str | None] = {"person_id": self.person.id, "session_id": self.session_id}
        if "pregnancy_id" in self.form.links:
            known = stored.get("pregnancy_id")
            links["pregnancy_id"] = self.pregnancy.id if self.pregnancy else str(known) if known else None
        saved = records.save(
            self.ws.db,
            self.form,
            self.record_id,
            changes,
            scope=self.scope,
            author=self.ws.author,
            now=self.ws.now(),
            links=links,
            reason=reason,
            coalesce=coalesce,
            confirmed=agreed or None,
        )
        return _SavedRow(saved.op_id, saved.at, agreed)

    def note_present(self, answers: Answers) -> None:
        """Note on the day's list that the person came, and how far they got. Visits elsewhere have no list."""
        if self.session_id is None:
            return
        attendance_id = records.attendance_id(self.session_id, self.person.id)
        row = records.load(self.ws.db, ATTENDANCE, attendance_id)
        known = row.answers if row and not row.withdrawn else {}
        step = known.get("step")
        reached = max(step if isinstance(step, int) else 0, step_reached(self.form, answers))
        if known.get("present") is True and step == reached:
            return
        records.save(
            self.ws.db,
            ATTENDANCE,
            attendance_id,
            {"present": True, "step": reached, "absence_reason": None},
            scope=self.scope,
            author=self.ws.author,
            now=self.ws.now(),
            links={"session_id": self.session_id, "person_id": self.person.id},
            coalesce=True,
        )

    def note_breastfeeding(self, told: Answers) -> None:
        """Keep with the birth whether the mother breastfeeds: it decides which register she is on after nifas."""
        suckles = told.get("breastfeeding")
        if self.form is not POSTPARTUM_VISIT or self.pregnancy is None or not isinstance(suckles, bool):
            return
        newer = [row for row in dated(self.form, self.rows) if day_of(row) > self.on]
        if newer or self.pregnancy.answers.get("breastfeeding") is suckles:
            return
        records.save(
            self.ws.db,
            PREGNANCY,
            self.pregnancy.id,
            {"breastfeeding": suckles},
            scope=self.pregnancy.scope,
            author=self.ws.author,
            now=self.ws.now(),
        )

    def note_development(self, before: Answers, answers: Answers) -> None:
        """Keep what a checklist comes to in column 3 of the visit of its day, where recaps and findings look for it.

        Ticks that decide nothing any more take back only what they had decided `before`.
        """
        if self.form is not DEVELOPMENT:
            return
        band = development.band_of(self.ws.standards.on(self.on), self.person.answers, self.on)
        decided, found = development.result(band, before), development.result(band, answers)
        rows = dated(UNDER_FIVE_VISIT, records.load_many(self.ws.db, UNDER_FIVE_VISIT, person_id=self.person.id))
        home = next((row for row in rows if day_of(row) == self.on), None)
        stands = home.answers.get("development") if home is not None else None
        if stands == found or (found is None and stands != decided) or (home is None and self.session_id is None):
            return
        record_id = home.id if home else _record_id(UNDER_FIVE_VISIT, self.session_id, self.person.id)
        set_cell(self.ws, UNDER_FIVE_VISIT, self.session_id, self.person.id, "development", found, record_id=record_id)

    def assessed(self, answers: Answers) -> Assessment | None:
        """What these answers mean among the person's visits."""
        if is_empty(self.form, answers):
            return None
        filled = {"session_id": self.session_id, **answers, "visited_on": answers.get("visited_on") or self.on}
        return _assess(
            self.ws, self.form, self.person, dated(self.form, self.rows), filled, self.record_id, self.pregnancy
        )


@dataclass(frozen=True)
class _SavedRow:
    op_id: str
    at: datetime
    confirmed: frozenset[str]


def _assess(
    ws: Workspace,
    form: Form,
    person: Row,
    rows: Sequence[Row],
    answers: Answers,
    record_id: str | None,
    carried: Row | None = None,
) -> Assessment | None:
    on = answers["visited_on"]
    assert isinstance(on, date)
    others = [row for row in rows if row.id != record_id and (record_id is not None or day_of(row) != on)]
    if needs_pregnancy(form):
        carried = carried or _pregnancy(ws, person.id, on)
        if carried is None:
            return None
        others = [row for row in others if row.answers.get("pregnancy_id") == carried.id]
    earlier = [row.answers for row in others if day_of(row) <= on]
    if form is UNDER_FIVE_VISIT:
        return judge_child(ws, person.answers, [*earlier, answers], only_last=True)[-1]
    told = [*earlier, answers] if carried is not None or form is ADULT_VISIT else [answers]
    judged = judge(ws, form, person.answers, carried.answers if carried else {}, told)
    return judged[-1] if judged else None


def _record_id(form: Form, session_id: str | None, person_id: str) -> str:
    return records.visit_id(form.name, session_id, person_id) if session_id else records.new_id()


def _pregnancy(ws: Workspace, person_id: str, on: date) -> Row | None:
    carried = [row for row in records.load_many(ws.db, PREGNANCY, person_id=person_id) if not row.withdrawn]
    current = pregnancy_on(ws.standards.on(on).groups, [row.answers for row in carried], on)
    return next((row for row in carried if row.answers is current), None)


def _tidy(value: Value | None) -> Value | None:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row


def _record(ws: Workspace, form: Form, record_id: str) -> Row:
    row = records.load(ws.db, form, record_id)
    if row is None:
        raise NotFound(_("Kunjungan ini tidak ada di buku ini."))
    return row
