"""Note a pregnancy, correct it, and note how it ended, with the child that was born."""

from datetime import date

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Level, Problem
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.service_group import began_on
from posyandu.services import people
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _


def problems(ws: Workspace, answers: Answers) -> list[Problem]:
    """What is missing or impossible in what is told of a pregnancy, field by field."""
    found = form_problems(PREGNANCY, answers, people.plain_context(ws))
    began, ended_on = began_on(answers), answers.get("ended_on")
    if began is not None and isinstance(ended_on, date) and ended_on < began:
        found.append(Problem("ended_on", Level.HARD, _("Kehamilan tidak dapat berakhir sebelum mulai.")))
    return found


def note(ws: Workspace, person_id: str, answers: Answers) -> str:
    """Note that a woman is pregnant and give back the id of the pregnancy.

    Without `noted_on`, today is meant. Raises NotFinal for something impossible, BadInput for a man or while another
    pregnancy of hers has no outcome yet, NotFound for nobody.
    """
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    if person.answers.get("sex") == "male":
        raise BadInput(_("Kehamilan hanya dapat dicatat untuk perempuan. Periksa jenis kelaminnya."))
    if any(row.answers.get("outcome") in (None, "ongoing") for row in _of(ws, person_id)):
        raise BadInput(_("Kehamilan sebelumnya belum dicatat hasilnya. Lengkapi dulu."))
    told = {"noted_on": ws.today(), "outcome": "ongoing", **_told(answers)}
    _refuse(problems(ws, told))
    pregnancy_id = records.new_id()
    records.save(
        ws.db,
        PREGNANCY,
        pregnancy_id,
        told,
        scope=person.scope,
        author=ws.author,
        now=ws.now(),
        links={"person_id": person_id},
    )
    return pregnancy_id


def correct(ws: Workspace, pregnancy_id: str, changes: Answers, reason: str = "") -> str:
    """Change what is noted of a pregnancy; the old values stay in the history. Gives back the id of the save."""
    row = get(ws, pregnancy_id)
    told = _told(changes)
    _refuse([problem for problem in problems(ws, {**row.answers, **told}) if problem.field in told])
    saved = records.save(
        ws.db, PREGNANCY, pregnancy_id, told, scope=row.scope, author=ws.author, now=ws.now(), reason=reason
    )
    return saved.op_id


def end(ws: Workspace, pregnancy_id: str, outcome: str, on: date, baby: Answers | None = None) -> str | None:
    """Note how and when a pregnancy ended; with `baby` (name, sex, ...) the child is registered in the same save.

    The child gets the day of birth, its mother and her household; its id is given back.
    """
    mother_id = get(ws, pregnancy_id).answers.get("person_id")
    with transaction(ws.db):
        correct(ws, pregnancy_id, {"outcome": outcome, "ended_on": on})
        if baby is None:
            return None
        return people.register(ws, {"born_on": on, "mother_id": mother_id, **baby})


def get(ws: Workspace, pregnancy_id: str) -> Row:
    """One pregnancy. Raises NotFound."""
    row = records.load(ws.db, PREGNANCY, pregnancy_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Kehamilan ini tidak ada di buku ini."))
    return row


def withdraw(ws: Workspace, pregnancy_id: str, reason: str = "") -> str:
    """Take a pregnancy noted by mistake off the book; undo brings it back. Gives back the id of the save."""
    get(ws, pregnancy_id)
    return records.withdraw(ws.db, PREGNANCY, pregnancy_id, author=ws.author, now=ws.now(), reason=reason).op_id


def _of(ws: Workspace, person_id: str) -> list[Row]:
    return records.load_many(ws.db, PREGNANCY, person_id=person_id)


def _told(answers: Answers) -> Answers:
    return {name: value for name, value in answers.items() if name in PREGNANCY.fields}


def _refuse(found: list[Problem]) -> None:
    hard = [problem for problem in found if problem.level is Level.HARD]
    if hard:
        raise people.NotFinal(hard)
