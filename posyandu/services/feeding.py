"""Makanan tambahan (MT): who needs a programme, starting it, its weeks, its end, and what is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posyandu.domain import feeding
from posyandu.domain.calendar import Month
from posyandu.domain.child import ChildAssessment
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.feeding import Course
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Form, Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.feeding import FEEDING, WEEK
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.domain.service_group import CHILDREN, Group, pregnancy_on
from posyandu.domain.standards import Rules
from posyandu.services import people, visits
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.people import NotFinal, PersonCard
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

GROUPS = CHILDREN | {Group.PREGNANT}
"""Whom MT is for."""

SEVERITY = ("wasted", "pregnant_kek", "underweight", "pregnant_thin", "not_gained")


@dataclass(frozen=True)
class Programme:
    """One programme with its weekly records, by week, and how it stands today."""

    record_id: str
    person_id: str
    answers: Answers
    weeks: tuple[Row, ...]
    course: Course

    @property
    def title(self) -> str:
        """Why it is given."""
        return reason_words(self.course.reason)

    @property
    def next_week(self) -> int:
        """The week to note next: the first that is due, else the running one."""
        return self.course.due_weeks[0] if self.course.due_weeks else min(self.course.week, self.course.weeks)


def reason_words(reason: str) -> str:
    """A reason as the form words it."""
    field = FEEDING.fields["reason"]
    assert isinstance(field, Choice)
    return next((_(each.label) for each in field.options if each.code == reason), reason)


# --- looking --------------------------------------------------------------------------------------------------------


def of_person(ws: Workspace, person_id: str) -> list[Programme]:
    """The programmes of a person, the newest first."""
    weeks = _by(records.load_many(ws.db, WEEK, person_id=person_id), "feeding_id")
    return _programmes(ws, records.load_many(ws.db, FEEDING, person_id=person_id), weeks, ws.today())


@at_its_post
def of_post(ws: Workspace, posyandu_id: str, on: date) -> Mapping[str, list[Programme]]:
    """The programmes of a post begun by a day, by person, the newest first, as they stood on that day."""
    weeks = _by(records.load_many(ws.db, WEEK, scope=posyandu_id), "feeding_id")
    rows = _by(records.load_many(ws.db, FEEDING, scope=posyandu_id), "person_id")
    return {person_id: _programmes(ws, own, weeks, on) for person_id, own in rows.items()}


def _by(rows: Iterable[Row], link: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if not row.withdrawn:
            found.setdefault(str(row.answers.get(link)), []).append(row)
    return found


def _programmes(ws: Workspace, rows: Iterable[Row], weeks: Mapping[str, Sequence[Row]], on: date) -> list[Programme]:
    made = []
    for row in rows:
        started_on = row.answers.get("visited_on")
        if row.withdrawn or not isinstance(started_on, date) or row.answers.get("reason") is None or started_on > on:
            continue
        own = sorted(weeks.get(row.id, ()), key=lambda each: (_number(each.answers.get("week")), each.id))
        known = [
            each.answers for each in own if not (isinstance(day := each.answers.get("visited_on"), date) and day > on)
        ]
        found = feeding.course(ws.standards.on(started_on).feeding, row.answers, known, on)
        made.append(Programme(row.id, str(row.answers.get("person_id")), row.answers, tuple(own), found))
    return sorted(made, key=lambda each: (each.course.started_on, each.record_id), reverse=True)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def suggested(ws: Workspace, card: PersonCard) -> str | None:
    """Why the person on this card needs MT by the last visit; None for no reason."""
    if not card.assessments:
        return None
    last = card.assessments[-1]
    rules = ws.standards.on(last.visited_on)
    if isinstance(last, ChildAssessment):
        return feeding.child_reason(rules.feeding, last)
    if isinstance(last, PregnancyAssessment) and card.hit.group is Group.PREGNANT:
        return feeding.mother_reason(rules.feeding, last, card.pregnancy or {})
    return None


def proposal(ws: Workspace, card: PersonCard) -> dict[str, Value | None]:
    """What a new programme of this person begins with: reason, days by the guideline, cycle, weight of this month."""
    today, reason = ws.today(), suggested(ws, card)
    earlier = [each for each in of_person(ws, card.hit.id) if each.course.started_on.year == today.year]
    last = card.visits[-1].answers if card.visits else {}
    spoilt = card.assessments[-1].spoilt if card.assessments else ()
    recent = isinstance(on := last.get("visited_on"), date) and Month.of(on) == Month.of(today)
    return {
        "visited_on": today,
        "reason": reason,
        "planned_days": ws.standards.on(today).feeding.days[reason] if reason else None,
        "cycle": len(earlier) + 1,
        "kind": "local",
        "weight_g": last.get("weight_g") if recent and "weight_g" not in spoilt else None,
        "muac_mm": last.get("muac_mm") if recent else None,
    }


# --- noting ---------------------------------------------------------------------------------------------------------


def save(ws: Workspace, person_id: str, answers: Answers, record_id: str | None = None) -> tuple[str, str]:
    """Start a programme, or correct or end the one named; its id and the id of the save.

    Raises NotFinal for what is missing or impossible, BadInput when another one still runs, NotFound.
    """
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    if record_id is None and any(each.course.state in ("running", "over") for each in of_person(ws, person_id)):
        raise BadInput(_("Akhiri dahulu program MT yang masih berjalan."))
    stored = records.load(ws.db, FEEDING, record_id) if record_id else None
    _check(ws, FEEDING, {**(stored.answers if stored else {}), **answers})
    record_id = record_id or records.new_id()
    return record_id, _save(ws, FEEDING, record_id, answers, person.scope, {"person_id": person_id})


def week_id(feeding_id: str, number: int) -> str:
    """The one record of a week of a programme: two laptops that note the same week meet in it."""
    return records.visit_id(WEEK.name, feeding_id, str(number))


def save_week(ws: Workspace, feeding_id: str, answers: Answers) -> str:
    """Note a week, named by its number among the answers; the id of the save. A week that finishes ends nothing yet.

    Raises NotFinal for what is missing or impossible, NotFound.
    """
    programme = records.load(ws.db, FEEDING, feeding_id)
    if programme is None or programme.withdrawn:
        raise NotFound(_("Program MT ini tidak ada di buku."))
    _check(ws, WEEK, answers)
    number = answers["week"]
    assert isinstance(number, int)
    links = {"person_id": str(programme.answers.get("person_id")), "feeding_id": feeding_id}
    return _save(ws, WEEK, week_id(feeding_id, number), answers, programme.scope, links)


def withdraw(ws: Workspace, record_id: str) -> str:
    """Take a programme away that was noted by mistake; undo brings it back. Raises NotFound."""
    return records.withdraw(ws.db, FEEDING, record_id, author=ws.author, now=ws.now()).op_id


def undo(ws: Workspace, op_id: str) -> str:
    """Take a save back; the id of the save that does."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def _check(ws: Workspace, form: Form, answers: Answers) -> None:
    found = form_problems(form, answers, people.plain_context(ws))
    if hard := [each for each in found if each.level is Level.HARD]:
        raise NotFinal(hard)


def _save(ws: Workspace, form: Form, record_id: str, answers: Answers, scope: str, links: Mapping[str, str]) -> str:
    told = {name: value for name, value in answers.items() if name in form.fields}
    return records.save(
        ws.db, form, record_id, told, scope=scope, author=ws.author, now=ws.now(), links=dict(links)
    ).op_id


# --- what is due ----------------------------------------------------------------------------------------------------


def to_feed(reading: Reading) -> Found:
    """Who needs MT and has none, whose week is not noted, and whose programme is over without a result.

    Of children who merely did not gain only those who failed twice (2T) are called, and nobody within a month of the
    end of a programme.
    """
    ws = reading.ws
    running = of_post(ws, reading.posyandu_id, reading.on)
    found: dict[str, Entry] = {}
    for person_id, reason, since in _without(reading, reading.ws.standards.on(reading.on)):
        begun = [each.course for each in running.get(person_id, ())]
        if not any(_covers(each, reading.on) or each.started_on >= since for each in begun):
            words = _("{reason}: belum mendapat MT").format(reason=reason_words(reason))
            found[person_id] = Entry(SEVERITY.index(reason), words, since, since)
    for person_id, programmes in running.items():
        last = programmes[0].course
        dealt = last.state == "not_better" and last.ended_on is not None and last.ended_on not in reading.month
        if last.todo and not dealt:
            found[person_id] = Entry(-1 if last.state == "running" else -2, last.todo, last.started_on)
    return {"feeding": found}


AFTER_DAYS = 30
"""How long after the end of a programme nobody is called to another one."""


def _covers(found: Course, on: date) -> bool:
    return found.ended_on is None or on <= found.ended_on + timedelta(days=AFTER_DAYS)


def _without(reading: Reading, rules: Rules) -> Iterable[tuple[str, str, date]]:
    """Everybody whom the last visit shows to need MT, while it is open: person, reason, the day it was seen."""
    ws = reading.ws
    for person_id, rows in reading.visits.get(UNDER_FIVE_VISIT.name, {}).items():
        if not reading.is_open(visits.day_of(rows[-1])):
            continue
        judged = visits.assess_last(ws, UNDER_FIVE_VISIT, reading.persons[person_id], None, rows)
        if isinstance(judged, ChildAssessment) and (reason := feeding.child_reason(rules.feeding, judged)):
            twice = judged.weighed is not None and judged.weighed.is_2t
            if reason != "not_gained" or twice:
                yield person_id, reason, judged.visited_on
    for person_id, rows in reading.visits.get(PREGNANCY_VISIT.name, {}).items():
        carried = reading.carried.get(person_id, [])
        current = pregnancy_on(rules.groups, [row.answers for row in carried], reading.on)
        own = next((row for row in carried if row.answers is current), None)
        if (
            own is None
            or not reading.is_open(visits.day_of(rows[-1]))
            or own.answers.get("outcome") not in (None, "ongoing")
        ):
            continue
        judged = visits.assess_last(ws, PREGNANCY_VISIT, reading.persons[person_id], own, rows)
        if isinstance(judged, PregnancyAssessment):
            reason = feeding.mother_reason(rules.feeding, judged, own.answers)
            if reason:
                yield person_id, reason, judged.visited_on


def months_fed(ws: Workspace, posyandu_id: str, until: date) -> Mapping[str, Mapping[Month, bool | None]]:
    """By person the months in which a programme ran, and whether all that was told of the weeks was eaten up."""
    found: dict[str, dict[Month, bool | None]] = {}
    for person_id, programmes in of_post(ws, posyandu_id, until).items():
        for each in programmes:
            last = min(each.course.ended_on or each.course.ends_on, until)
            month = Month.of(each.course.started_on)
            while month <= Month.of(last):
                own = [
                    row.answers
                    for row in each.weeks
                    if isinstance(day := row.answers.get("visited_on"), date) and day in month
                ]
                found.setdefault(person_id, {})[month] = feeding.eaten_daily(own)
                month = month + 1
    return found
