"""What is asked beside the visit: once (newborn, WUS), or once a year (AKS, SKILAS, the confidential questions)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import adult, development, outcome, school
from posyandu.domain.calendar import Month, short_date
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import AKS, SKILAS, SRQ, WUS
from posyandu.domain.forms.development import FORM as DEVELOPMENT
from posyandu.domain.forms.history import EXAMINATION, HISTORY, SMOKING
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.school import MENTAL, SDQ
from posyandu.domain.service_group import AFTER_BIRTH, CHILDREN, GROWN, SCHOOL_AGE, Group, group_on, pregnancy_on
from posyandu.domain.standards import Rules
from posyandu.services import judging, questionnaires
from posyandu.services.life_events import chosen
from posyandu.services.people import dated
from posyandu.services.visits import day_of
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

ONCE = (NEWBORN, WUS, HISTORY)
"""The forms with one record a person, corrected whenever something changes."""

AS_NEEDED = (EXAMINATION,)
"""The forms nothing is due in: filled when there is something to copy, as often on a day as there is."""


@dataclass(frozen=True)
class Companion:
    """One form asked beside the visit.

    `record_id` is the record to open; `done_on` the day it was last answered; `is_due` whether it is time again;
    `words` what to show beside its name: the result, or of confidential ones only whether they were asked.
    """

    form: Form
    record_id: str
    done_on: date | None
    is_due: bool
    words: str
    level: str
    title: str = ""
    """What was examined, for a record of this day that is already there; "" for a form to fill."""


def companions(ws: Workspace, person_id: str, session_id: str | None, on: date) -> list[Companion]:
    """The forms asked beside this person's visit on a day, in the order of the cards. Empty for an unknown person."""
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        return []
    carried = records.load_many(ws.db, PREGNANCY, person_id=person_id)
    rules = ws.standards.on(on)
    current = pregnancy_on(rules.groups, [each.answers for each in carried if not each.withdrawn], on)
    group = group_on(rules.groups, row.answers, on, current)
    found = asked(rules, row.answers, group, on)
    offered = (form for form in found if questionnaires.is_offered(ws, form))
    return [each for form in offered for each in _companions(ws, form, row, session_id, on)]


def asked(rules: Rules, person: Answers, group: Group | None, on: date) -> Iterator[Form]:
    """The forms asked beside the visit of somebody of this group, sex and birth date, in the order of the cards."""
    months = outcome.months_on(person, on)
    if group is Group.INFANT:
        yield NEWBORN
    if months is None:
        return
    if group in CHILDREN and development.band_of(rules, person, on) is not None:
        yield DEVELOPMENT
    if group in SCHOOL_AGE and months >= rules.mental.youth_from_months:
        yield MENTAL
    if group in CHILDREN | SCHOOL_AGE and rules.mental.sdq_from_months <= months < rules.mental.sdq_to_months:
        yield SDQ
    if group in SCHOOL_AGE and months >= rules.smoking_from_months:
        yield SMOKING
    if group is Group.ELDERLY:
        yield AKS
        yield SKILAS
    if group in GROWN and months >= rules.mental.srq_from_months:
        yield SRQ
    if group in GROWN | AFTER_BIRTH | {Group.YOUTH} and adult.is_fertile_woman(rules, person, on):
        yield WUS
    if group in GROWN | SCHOOL_AGE:
        yield HISTORY
        yield EXAMINATION


def _companions(ws: Workspace, form: Form, person: Row, session_id: str | None, on: date) -> Iterator[Companion]:
    rows = records.load_many(ws.db, form, withdrawn=True, person_id=person.id)
    known = dated(form, rows)
    if form not in AS_NEEDED:
        yield _companion(ws, form, person, session_id, on, known)
        return
    today = [row for row in known if day_of(row) == on]
    for row in today:
        what = chosen(form, row, "instrument") or _("Belum dipilih")
        yield Companion(form, row.id, on, False, str(row.answers.get("place") or ""), "neutral", what)
    last = max((day_of(row) for row in known if day_of(row) <= on), default=None)
    words = _("Dicatat {day}").format(day=short_date(last)) if last else _("Belum")
    taken, place = {row.id for row in rows}, session_id or on.isoformat()
    ids = (records.visit_id(form.name, f"{place} {n}" if n else place, person.id) for n in range(len(taken) + 1))
    free = next(each for each in ids if each not in taken)  # one that was taken away keeps its own
    yield Companion(form, free, last, False, words, "neutral")


def _companion(
    ws: Workspace, form: Form, person: Row, session_id: str | None, on: date, known: Sequence[Row]
) -> Companion:
    last = next((row for row in reversed(known) if day_of(row) <= on), None)
    if form in ONCE:
        record_id = last.id if last else records.visit_id(form.name, "once", person.id)
        is_due = last is None or (form is WUS and _is_a_year_old(ws, last, on) and last.answers.get("couple") is True)
    elif form is DEVELOPMENT:
        band = development.band_of(ws.standards.on(on), person.answers, on)
        record_id = _yearly_id(form, last, person.id, session_id, on)
        is_due = last is None or development.result(band, last.answers) is None
    else:
        record_id = _yearly_id(form, last, person.id, session_id, on)
        is_due = last is None or _is_a_year_old(ws, last, on) or not _is_whole(form, last)
    if last is None:
        return Companion(form, record_id, None, is_due, _("Belum"), "neutral")
    day = short_date(day_of(last))
    if form.restricted:
        words = _("Sudah {day}").format(day=day) if _is_whole(form, last) else _("Belum lengkap")
        return Companion(form, record_id, day_of(last), is_due, words, "neutral")
    judged = judging.judge(ws, form, person.answers, {}, [last.answers])
    if not judged:
        return Companion(form, record_id, day_of(last), is_due, _("Dicatat {day}").format(day=day), "neutral")
    level = "neutral" if judged[0].level == "unknown" else judged[0].level
    return Companion(form, record_id, day_of(last), is_due, f"{day}. {judged[0].headline}", level)


def _is_a_year_old(ws: Workspace, row: Row, on: date) -> bool:
    """Whether it was last answered a year ago: couples too are asked anew before a pregnancy each year."""
    return Month.of(on) - Month.of(day_of(row)) >= ws.standards.on(on).screening_months


def _yearly_id(form: Form, last: Row | None, person_id: str, session_id: str | None, on: date) -> str:
    """The record of this day, else a new one: an earlier year's answers are never written over."""
    if last is not None and day_of(last) == on:
        return last.id
    return records.visit_id(form.name, session_id or on.isoformat(), person_id)


def _is_whole(form: Form, row: Row) -> bool:
    """Whether a confidential or yearly form was answered to its end."""
    if form.restricted and row.answers.get("answered") is not None:
        return row.answers["answered"] is True
    if form is MENTAL:
        return school.is_mental_complete(row.answers)
    asked = [
        field
        for section in form.sections[1 : -1 if form.restricted else None]
        for field in section.fields
        if field.name not in ("note", "follow_up_result", "months_smoked")
    ]
    shown = {field.name for field in form.asked(row.answers)}
    return all(row.answers.get(field.name) is not None for field in asked if field.name in shown)
