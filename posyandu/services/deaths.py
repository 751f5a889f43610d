"""Note a death once, where it belongs: its record, the person's state, and the pregnancy it ended."""

from dataclasses import dataclass
from datetime import date

from posyandu.domain import deaths
from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.postpartum import DEATH
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.service_group import began_on
from posyandu.services import people, pregnancies
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _


@dataclass(frozen=True)
class Death:
    """One death of a post: who, when, and which kind (`deaths.label` says it in words)."""

    person_id: str
    name: str
    died_on: date
    kind: str
    answers: Answers


def note(ws: Workspace, person_id: str, answers: Answers, *, never_left: bool = False) -> str:
    """Note that someone died, or correct what was noted; gives back the id of the record.

    The person is from then on no target, and a pregnancy that was going on has ended. Of somebody who had moved away
    before, only the record is made: the stay here ended that day, and the death counts where they lived; unless they
    `never_left`, and the move was noted by mistake. Raises NotFinal for something missing or impossible, BadInput for a
    day before birth, NotFound for nobody.
    """
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    record_id = records.visit_id(DEATH.name, "once", person_id)
    known = records.load(ws.db, DEATH, record_id)
    stored = known.answers if known is not None and not known.withdrawn else {}
    told = {name: value for name, value in answers.items() if name in DEATH.fields}
    hard = [
        problem
        for problem in form_problems(DEATH, {**stored, **told}, people.plain_context(ws))
        if problem.level is Level.HARD
    ]
    if hard:
        raise people.NotFinal(hard)
    died_on = {**stored, **told}["died_on"]
    assert isinstance(died_on, date)
    born_on = person.answers.get("born_on")
    if isinstance(born_on, date) and died_on < born_on:
        raise BadInput(_("Tanggal meninggal tidak boleh sebelum tanggal lahir."))
    with transaction(ws.db):
        records.save(
            ws.db,
            DEATH,
            record_id,
            told,
            scope=person.scope,
            author=ws.author,
            now=ws.now(),
            links={"person_id": person_id},
        )
        if not never_left and _had_moved(person.answers, died_on):
            return record_id
        cause = {**stored, **told}.get("cause")
        people.set_status(ws, person_id, "died", died_on, cause if isinstance(cause, str) else "")
        for row in _pregnancies(ws, person_id):
            began = began_on(row.answers)
            if row.answers.get("outcome") in (None, "ongoing", "died") and (began is None or began <= died_on):
                pregnancies.correct(ws, row.id, {"outcome": "died", "ended_on": died_on})
    return record_id


def moved_before(ws: Workspace, person_id: str, died_on: date) -> date | None:
    """The day somebody is noted to have moved away, when that was before this day; None for who lived here then."""
    person = records.load(ws.db, PERSON, person_id)
    left_on = person.answers.get("left_on") if person is not None and _had_moved(person.answers, died_on) else None
    return left_on if isinstance(left_on, date) else None


def _had_moved(person: Answers, on: date) -> bool:
    left_on = person.get("left_on")
    return person.get("status") == "moved" and isinstance(left_on, date) and left_on < on


def known(ws: Workspace, person_id: str) -> Answers:
    """What is noted of someone's death: {} for the living; the person's state alone gives the day and the words.

    Raises NotFound.
    """
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    row = records.load(ws.db, DEATH, records.visit_id(DEATH.name, "once", person_id))
    if row is not None and not row.withdrawn:
        return {name: row.answers.get(name) for name in DEATH.fields}
    if person.answers.get("status") == "died":
        return {"died_on": person.answers.get("left_on"), "cause": person.answers.get("left_reason")}
    return {}


def kind_of(ws: Workspace, person_id: str, answers: Answers) -> str:
    """Which death it would be counted as (`deaths.label`), "" while the day is unknown."""
    person, died_on = records.load(ws.db, PERSON, person_id), answers.get("died_on")
    if person is None or not isinstance(died_on, date):
        return ""
    carried = [row.answers for row in _pregnancies(ws, person_id)]
    rules = ws.standards.on(died_on)
    return deaths.kind(rules, person.answers, carried, died_on, accident=answers.get("accident") is True)


def take_back(ws: Workspace, person_id: str) -> None:
    """The person lives: the record is withdrawn, they are a target again, and a pregnancy the death ended goes on.

    Who had moved away before stays so.
    """
    noted = known(ws, person_id)
    record_id = records.visit_id(DEATH.name, "once", person_id)
    with transaction(ws.db):
        row = records.load(ws.db, DEATH, record_id)
        if row is not None and not row.withdrawn:
            records.withdraw(ws.db, DEATH, record_id, author=ws.author, now=ws.now(), reason=_("Salah dicatat"))
        person = records.load(ws.db, PERSON, person_id)
        if person is not None and person.answers.get("status") == "moved":
            return
        people.set_status(ws, person_id, "active")
        for each in _pregnancies(ws, person_id):
            if each.answers.get("outcome") == "died" and each.answers.get("ended_on") == noted.get("died_on"):
                pregnancies.correct(ws, each.id, {"outcome": "ongoing", "ended_on": None})


def of_month(ws: Workspace, posyandu_id: str, month: Month) -> list[Death]:
    """The deaths of a post in a month, by day: those with a record, and people whose state alone says it."""
    noted = {
        str(row.answers.get("person_id")): row.answers for row in records.load_many(ws.db, DEATH, scope=posyandu_id)
    }
    found = []
    for person in records.load_many(ws.db, PERSON, scope=posyandu_id):
        answers = noted.get(person.id, {})
        died_on = answers.get("died_on") or person.answers.get("left_on")
        if person.answers.get("status") != "died" or not isinstance(died_on, date) or died_on not in month:
            continue
        carried = [row.answers for row in _pregnancies(ws, person.id)]
        rules = ws.standards.on(died_on)
        which = deaths.kind(rules, person.answers, carried, died_on, accident=answers.get("accident") is True)
        found.append(Death(person.id, str(person.answers.get("name") or ""), died_on, which, answers))
    return sorted(found, key=lambda each: (each.died_on, each.name.casefold(), each.person_id))


def _pregnancies(ws: Workspace, person_id: str) -> list[Row]:
    return [row for row in records.load_many(ws.db, PREGNANCY, person_id=person_id) if not row.withdrawn]
