"""Kunjungan rumah: the right checklist for a person, keeping what was found, and the sheet to take along."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from posyandu.domain import home_visit
from posyandu.domain.calendar import age_months, short_date
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form, Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.home_visit import HomeVisitResult
from posyandu.services import judging, leaving, people, posts, unsaved
from posyandu.services.people import NotFinal, PersonHit
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _


@dataclass(frozen=True)
class OpenHomeVisit:
    """A checklist as the page needs it: a new visit, or one noted before with `saved_at`.

    What was typed and not saved is laid over the answers; `draft_at` says when it was typed.
    """

    form: Form
    record_id: str
    hit: PersonHit
    house: Answers
    answers: Answers
    saved_at: datetime | None
    draft_at: datetime | None = None


@dataclass(frozen=True)
class Noted:
    """One home visit in the log of a person or family."""

    record_id: str
    form: Form
    hit: PersonHit
    on: date
    result: HomeVisitResult
    state: str
    next_on: date | None


def checklists(ws: Workspace, person_id: str) -> tuple[Form, ...]:
    """The checklists that may be filled for someone, the one for their stage of life first; TBC is for everybody.

    Raises NotFound.
    """
    row = _person(ws, person_id)
    (hit,) = people.hits(ws, [row])
    months = age_months(hit.born_on, ws.today()) if hit.born_on else None
    own = home_visit.checklist_for(ws.standards.on(ws.today()), hit.group, months)
    rest = [form for form in CHECKLISTS.values() if form is not own]
    if own is None:
        return tuple(rest)
    return (own, CHECKLISTS["home_tbc"])


def open_visit(ws: Workspace, person_id: str, form: Form | None = None, record_id: str | None = None) -> OpenHomeVisit:
    """A new visit today in a checklist (the one for their stage of life), or one noted before. Raises NotFound.

    In place of one that was taken away begins a new one.
    """
    row = _person(ws, person_id)
    (hit,) = people.hits(ws, [row])
    wanted = form or checklists(ws, person_id)[0]
    house = records.load(ws.db, HOUSEHOLD, str(row.answers.get("household_id") or ""))
    kept = records.load(ws.db, wanted, record_id) if record_id else None
    if record_id and kept is None:
        raise NotFound(_("Kunjungan ini tidak ada di buku."))
    if kept is not None and kept.withdrawn:
        kept = None
    before = records.load_many(ws.db, wanted, person_id=person_id)
    fresh: Answers = {"visited_on": ws.today(), "visit_number": len(before) + 1, "plan_by": ws.worker.name}
    draft = unsaved.load(ws, wanted, kept.id if kept else _new_key(person_id))
    return OpenHomeVisit(
        form=wanted,
        record_id=kept.id if kept else records.new_id(),
        hit=hit,
        house=house.answers if house else {},
        answers={**(kept.answers if kept else fresh), **(draft.answers if draft else {})},
        saved_at=kept.saved_at if kept else None,
        draft_at=draft.at if draft else None,
    )


def keep_draft(ws: Workspace, visit: OpenHomeVisit, answers: Answers) -> None:
    """Keep what is typed in a checklist until it is saved; it outlives a power cut and is never sent."""
    told = {name: value for name, value in answers.items() if value is not None}
    unsaved.keep(ws, visit.form, _key(visit), told)


def drop_draft(ws: Workspace, visit: OpenHomeVisit) -> None:
    """Throw away what was typed and not saved."""
    unsaved.forget(ws, visit.form, _key(visit))


def _key(visit: OpenHomeVisit) -> str:
    return visit.record_id if visit.saved_at is not None else _new_key(visit.hit.id)


def _new_key(person_id: str) -> str:
    """One new visit waits for each person and checklist."""
    return f"rumah-{person_id}"


def record(ws: Workspace, visit: OpenHomeVisit, answers: Answers) -> str:
    """Save a home visit and give back the save's id ("" when nothing changed).

    Raises NotFinal when the day is missing or something is impossible.
    """
    told = {name: value for name, value in answers.items() if name in visit.form.fields}
    hard = [
        each
        for each in form_problems(visit.form, {**visit.answers, **told}, people.plain_context(ws))
        if each.level is Level.HARD
    ]
    if hard:
        raise NotFinal(hard)
    person = _person(ws, visit.hit.id)
    household = person.answers.get("household_id")
    saved = records.save(
        ws.db,
        visit.form,
        visit.record_id,
        told,
        scope=person.scope,
        author=ws.author,
        now=ws.now(),
        links={"person_id": person.id, "household_id": str(household) if household else None},
    )
    drop_draft(ws, visit)
    return saved.op_id


def undo(ws: Workspace, op_id: str) -> str:
    """Take a save back; the id given back undoes that again."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def log(ws: Workspace, *, person_id: str = "", household_id: str = "") -> tuple[Noted, ...]:
    """The home visits of a person or of everybody in a family, newest first."""
    link, wanted = ("person_id", person_id) if person_id else ("household_id", household_id)
    found = []
    for form in CHECKLISTS.values():
        for row in _kept(ws, form, link, wanted):
            person = records.load(ws.db, PERSON, str(row.answers.get("person_id")))
            on = row.answers.get("visited_on")
            if person is None or not isinstance(on, date):
                continue
            later = row.answers.get("next_on")
            found.append(
                Noted(
                    row.id,
                    form,
                    people.hits(ws, [person], on)[0],
                    on,
                    judging.judge_home(ws, form, row.answers),
                    str(row.answers.get("result") or ""),
                    later if isinstance(later, date) else None,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.on, each.hit.name), reverse=True))


def sheet(ws: Workspace, form: Form, visit: OpenHomeVisit | None = None) -> bytes:
    """The checklist on paper (PDF, A4): blank, or with what is known of the person and what was answered."""
    from posyandu.reports.checklist import checklist_pdf

    facts: list[tuple[str, str]] = [(_("Posyandu"), _post_name(ws))]
    if visit is not None:
        born = short_date(visit.hit.born_on) if visit.hit.born_on else ""
        facts += [
            (_("Nama"), visit.hit.name),
            (_("Tanggal lahir"), f"{born} ({visit.hit.age_text})" if born else ""),
            ("NIK", visit.hit.nik),
            (_("Kepala keluarga"), str(visit.house.get("head_name") or "")),
            (_("Nomor KK"), str(visit.house.get("kk") or "")),
            (_("Alamat"), visit.hit.address_line),
        ]
    else:
        facts += [
            (words, "")
            for words in (_("Nama"), _("Tanggal lahir"), "NIK", _("Kepala keluarga"), _("Nomor KK"), _("Alamat"))
        ]
    return checklist_pdf(form, facts, visit.answers if visit is not None else {})


def save_sheet(ws: Workspace, path: Path, form: Form, visit: OpenHomeVisit | None = None) -> Path:
    """Write the sheet, whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced."""
    content = sheet(ws, form, visit)
    if visit is None:
        return leaving.write(path, content)
    return leaving.hand_out(ws, leaving.PERSON, path, content, about_id=visit.hit.id)


def _kept(ws: Workspace, form: Form, link: str, wanted: str) -> list[Row]:
    if link == "person_id":
        return records.load_many(ws.db, form, person_id=wanted)
    return records.load_many(ws.db, form, household_id=wanted)


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Orang ini tidak ada di buku."))
    return row


def _post_name(ws: Workspace) -> str:
    return next((post.name for post in posts.posts(ws) if post.id == ws.posyandu_id), "")
