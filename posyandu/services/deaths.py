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


def note(ws: Workspace, person_id: str, answers: Answers) -> str:
    """Note that someone died, or correct what was noted; gives back the id of the record.

    The person is from then on no target, and a pregnancy that was going on has ended. Raises NotFinal for something
    missing or impossible, BadInput for a day before birth, NotFound for nobody.
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
        cause = {**stored, **told}.get("cause")
        people.set_status(ws, person_id, "died", died_on, cause if isinstance(cause, str) else "")
        for row in _pregnancies(ws, person_id):
            if row.answers.get("outcome") in (None, "ongoing", "died"):
                pregnancies.correct(ws, row.id, {"outcome": "died", "ended_on": died_on})
    return record_id


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
        which = deaths.kind(person.answers, carried, died_on, accident=answers.get("accident") is True)
        found.append(Death(person.id, str(person.answers.get("name") or ""), died_on, which, answers))
    return sorted(found, key=lambda each: (each.died_on, each.name.casefold(), each.person_id))


def _pregnancies(ws: Workspace, person_id: str) -> list[Row]:
    return [row for row in records.load_many(ws.db, PREGNANCY, person_id=person_id) if not row.withdrawn]
