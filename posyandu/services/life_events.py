"""What happened to a person beside their visits: home visits, follow-up, what health workers examined, their death."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from posyandu.domain.fields import Choice
from posyandu.domain.form import Form
from posyandu.domain.forms.feeding import FEEDING
from posyandu.domain.forms.follow_up import FORM as FOLLOW_UP
from posyandu.domain.forms.history import EXAMINATION, HISTORY
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.postpartum import DEATH, NEWBORN
from posyandu.services.judging import judge_home
from posyandu.services.lists import is_hidden
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened: `level` is "ok", "warn", "bad", "info" or "neutral"; `form` names the record's form."""

    on: date
    title: str
    detail: str
    level: str
    record_id: str
    form: str


def of(ws: Workspace, person_id: str) -> list[TimelineEntry]:
    """These events of one person, in no order. What a health worker found is not told here, only that it is noted."""
    return [*_home_visits(ws, person_id), *_follow_ups(ws, person_id), *_noted(ws, person_id)]


def _home_visits(ws: Workspace, person_id: str) -> Iterator[TimelineEntry]:
    for form in CHECKLISTS.values():
        for row in records.load_many(ws.db, form, person_id=person_id):
            found = judge_home(ws, form, row.answers)
            level = "neutral" if found.level == "unknown" else found.level
            signs = ", ".join((*found.dangers, *found.gaps)) or found.advice
            yield from _on(row, "visited_on", form, _("Kunjungan rumah"), signs, level)


def _follow_ups(ws: Workspace, person_id: str) -> Iterator[TimelineEntry]:
    """What was done about somebody; of a list for some duties only, told to those alone."""
    for row in records.load_many(ws.db, FOLLOW_UP, person_id=person_id):
        if is_hidden(row.answers, ws.worker.role):
            continue
        state = chosen(FOLLOW_UP, row, "state")
        told = ", ".join(str(row.answers[name]) for name in ("reason", "done_by") if row.answers.get(name))
        yield from _on(row, "noted_on", FOLLOW_UP, _("Tindak lanjut: {state}").format(state=state), told, "info")


def _noted(ws: Workspace, person_id: str) -> Iterator[TimelineEntry]:
    for row in records.load_many(ws.db, EXAMINATION, person_id=person_id):
        words = _("Diperiksa tenaga kesehatan: {what}").format(what=chosen(EXAMINATION, row, "instrument"))
        yield from _on(row, "visited_on", EXAMINATION, words, str(row.answers.get("place") or ""), "info")
    for form, words in ((HISTORY, _("Riwayat kesehatan dicatat")), (NEWBORN, _("Keadaan waktu lahir dicatat"))):
        for row in records.load_many(ws.db, form, person_id=person_id):
            yield from _on(row, "visited_on", form, words, "", "neutral")
    for row in records.load_many(ws.db, FEEDING, person_id=person_id):
        yield from _on(
            row, "visited_on", FEEDING, _("Makanan tambahan dimulai"), chosen(FEEDING, row, "reason"), "info"
        )
        yield from _on(row, "ended_on", FEEDING, _("Makanan tambahan berakhir"), chosen(FEEDING, row, "result"), "info")
    for row in records.load_many(ws.db, DEATH, person_id=person_id):
        detail = ", ".join(part for part in (chosen(DEATH, row, "place"), str(row.answers.get("cause") or "")) if part)
        yield from _on(row, "died_on", DEATH, _("Meninggal"), detail, "neutral")


def _on(row: Row, day: str, form: Form, title: str, detail: str, level: str) -> Iterator[TimelineEntry]:
    on = row.answers.get(day)
    if isinstance(on, date) and not row.withdrawn:
        yield TimelineEntry(on, title, detail, level, row.id, form.name)


def chosen(form: Form, row: Row, name: str) -> str:
    """The words of a choice as it was answered, "" when it was not."""
    field = form.fields[name]
    assert isinstance(field, Choice)
    return next((_(option.label) for option in field.options if option.code == row.answers.get(name)), "")
