"""Referrals: begun from what a visit found, printed as a slip, and answered when word comes back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from posyandu.domain import examined, outcome
from posyandu.domain.calendar import age_text, short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Form, Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.referral import FORM
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.services import leaving, letterheads, people, visits
from posyandu.services.judging import wrong_tools
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.people import NotFinal, dated
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row, SavedOp
from posyandu.text import _

_SPACE = uuid.UUID("8a0c7f0b-1f0e-4c5e-9f0a-3b6f5d2c9e11")

ANSWER = tuple(field.name for field in FORM.sections[1].fields)
"""The questions of the answer."""

_TO_VISIT = ("pustu", "puskesmas", "hospital")
"""Destinations that a visit's own question "Rujuk" knows too."""


@dataclass(frozen=True)
class Sent:
    """One referral: `state` is "open", "came" or "not_came"; `words` tells where, when and what came of it."""

    record_id: str
    person_id: str
    visit_id: str
    on: date
    state: str
    words: str
    answers: Answers


def referral_id(visit_id: str) -> str:
    """The one referral of a visit: two laptops that write its slip meet in one record."""
    return uuid.uuid5(_SPACE, visit_id).hex


def draft(ws: Workspace, person_id: str, visit_form: str = "", visit_id: str = "") -> Answers:
    """The answers a referral begins with: kept ones, else what the visit found, measured and did not examine.

    Without a visit only the day and who refers. Confidential forms give no reasons: those are told in person.
    Raises NotFound for an unknown person or visit.
    """
    person = _person(ws, person_id)
    kept = records.load(ws.db, FORM, referral_id(visit_id)) if visit_id else None
    if kept is not None and not kept.withdrawn:
        return kept.answers
    begun: dict[str, Value | None] = {
        "referred_on": ws.today(),
        "destination": "puskesmas",
        "referred_by": ws.worker.name,
    }
    form = FORMS.get(visit_form)
    row = records.load(ws.db, form, visit_id) if form is not None and visit_id else None
    if form is None or row is None or row.withdrawn:
        if visit_id:
            raise NotFound(_("Kunjungan ini tidak ada di buku ini."))
        return begun
    begun |= {"visit_form": form.name}
    if form.restricted:
        return begun | {"reasons": _("Perlu diperiksa tenaga kesehatan (keterangan disampaikan langsung)")}
    judged = visits.assess(ws, person_id, form, row.answers, record_id=visit_id)
    sent_on = [finding for finding in judged.findings if finding.refer] if judged else []
    told = str(row.answers.get("referral_reason") or "")
    reasons = [*([told] if told else []), *(f"{each.title}: {each.why}" for each in sent_on)]
    on, sound = visits.day_of(row), outcome.sound(row.answers, wrong_tools(ws, [row.answers]))
    missing = examined.not_examined(ws.standards.on(on), form.name, person.answers, on, sound)
    place = row.answers.get("referral")
    return begun | {
        "referred_on": on,
        "destination": place if place in _TO_VISIT else "puskesmas",
        "urgency": "today" if any(each.level == "bad" for each in sent_on) else "days" if sent_on else None,
        "reasons": "\n".join(reasons) or None,
        "measured": examined.measured_words(form, sound) or None,
        "not_examined": ", ".join(missing) or None,
        "given": str(row.answers.get("counselling") or "") or None,
        "rules": " ".join(each.code for each in sent_on) or None,
    }


def refer(ws: Workspace, person_id: str, answers: Answers, visit_form: str = "", visit_id: str = "") -> SavedOp:
    """Keep a referral; a visit that did not say so yet says "dirujuk" too, so that the report counts it.

    Raises NotFinal when the reason, place or day is missing; NotFound for an unknown person.
    """
    person = _person(ws, person_id)
    told = {name: _tidy(value) for name, value in answers.items() if name in FORM.fields}
    told["visit_form"] = visit_form or None
    _check(ws, told)
    form = FORMS.get(visit_form)
    with transaction(ws.db):
        saved = records.save(
            ws.db,
            FORM,
            referral_id(visit_id) if visit_id else records.new_id(),
            told,
            scope=person.scope,
            author=ws.author,
            now=ws.now(),
            links={"person_id": person_id, "visit_id": visit_id or None},
        )
        if form is not None and visit_id and "referral" in form.fields:
            _tell_visit(ws, form, visit_id, told)
    return saved


def _tell_visit(ws: Workspace, form: Form, visit_id: str, told: Answers) -> None:
    row = records.load(ws.db, form, visit_id)
    place = told.get("destination") if told.get("destination") in _TO_VISIT else "puskesmas"
    if row is None or row.withdrawn or row.answers.get("referral") not in (None, "none"):
        return
    records.save(
        ws.db, form, visit_id, {"referral": place}, scope=row.scope, author=ws.author, now=ws.now(), coalesce=True
    )


def answer(ws: Workspace, record: Sent, answers: Answers) -> SavedOp:
    """Note what came back: whether they went, the diagnosis, the treatment, the day of control.

    Of a visit that only said "dirujuk" the referral is written with its answer. Raises NotFinal, NotFound; BadInput
    when it is not said whether the person went.
    """
    told = {name: _tidy(value) for name, value in answers.items() if name in ANSWER}
    if told.get("came") not in ("came", "not_came"):
        raise BadInput(_("Pilih dahulu: datang atau tidak datang."))
    told |= {"answered_on": ws.today(), "answered_by": ws.worker.name}
    person = _person(ws, record.person_id)
    kept = records.load(ws.db, FORM, record.record_id)
    begun = {} if kept is not None else {name: value for name, value in record.answers.items() if name in FORM.fields}
    _check(ws, {**record.answers, **told})
    return records.save(
        ws.db,
        FORM,
        record.record_id,
        {**begun, **told},
        scope=person.scope,
        author=ws.author,
        now=ws.now(),
        links={"person_id": record.person_id, "visit_id": record.visit_id or None},
    )


def undo(ws: Workspace, op_id: str) -> str:
    """Take a save back; the id given back does it again."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def of_person(ws: Workspace, person_id: str) -> list[Sent]:
    """The referrals of a person, newest first, with visits that only said "dirujuk"."""
    kept = [_sent(row) for row in records.load_many(ws.db, FORM, person_id=person_id)]
    return sorted([*kept, *_noted(ws, person_id, {each.visit_id for each in kept})], key=lambda each: each.on)[::-1]


def of_post(ws: Workspace, posyandu_id: str) -> list[Sent]:
    """Every slip a post wrote, oldest first; visits that only said "dirujuk" have none."""
    return sorted((_sent(row) for row in records.load_many(ws.db, FORM, scope=posyandu_id)), key=lambda each: each.on)


def find(ws: Workspace, person_id: str, record_id: str = "") -> Sent:
    """One referral of a person; without an id the newest without an answer. Raises NotFound."""
    found = of_person(ws, person_id)
    wanted = [each for each in found if (each.record_id == record_id if record_id else each.state == "open")]
    if not wanted:
        raise NotFound(_("Rujukan ini tidak ada di buku ini."))
    return wanted[0]


def last_visit(ws: Workspace, person_id: str) -> tuple[str, str]:
    """Form and id of the newest visit of a person, to begin a referral from; two empty texts when there is none."""
    found = [
        (visits.day_of(row), form.name, row.id)
        for form in visits.VISIT_FORMS
        for row in dated(form, records.load_many(ws.db, form, person_id=person_id))[-1:]
    ]
    _on, form_name, row_id = max(found, default=(None, "", ""))
    return form_name, row_id


def unanswered(reading: Reading) -> Found:
    """Who was sent on and of whom no word came back: by their slips, and by visits that only say "dirujuk".

    A visit that only says so counts until the next visit, a slip until it is answered: each as long as is asked.
    """
    found: dict[str, Entry] = {}
    slips: set[str] = set()
    for row in records.load_many(reading.ws.db, FORM, scope=reading.posyandu_id):
        sent = _sent(row)
        slips.add(sent.visit_id)
        old = reading.age_in_months(sent.on)
        if sent.state == "open" and 0 <= old < reading.stays_open.slip_months:
            severity = -1 if row.answers.get("urgency") == "today" else 0
            found[sent.person_id] = Entry(severity, _place_words(sent.answers, sent.on), sent.on)
    for form in visits.VISIT_FORMS:
        for person_id, rows in reading.visits.get(form.name, {}).items():
            last = rows[-1]
            on = visits.day_of(last)
            if (
                last.answers.get("referral") in (None, "none")
                or reading.age_in_months(on) >= reading.stays_open.noted_months
            ):
                continue
            if last.id not in slips:
                found.setdefault(person_id, Entry(0, _place_words(_from_visit(form, last), on), on))
    return {"referral_open": found}


def _noted(ws: Workspace, person_id: str, slips: set[str]) -> list[Sent]:
    """Visits of a person that say "dirujuk" and have no slip; a later visit of that form is the answer."""
    found = []
    for form in visits.VISIT_FORMS:
        rows = dated(form, records.load_many(ws.db, form, person_id=person_id))
        for row in rows:
            if row.answers.get("referral") in (None, "none") or row.id in slips:
                continue
            on, told = visits.day_of(row), _from_visit(form, row)
            state = "open" if row is rows[-1] else "seen"
            found.append(Sent(referral_id(row.id), person_id, row.id, on, state, _place_words(told, on), told))
    return found


def _from_visit(form: Form, row: Row) -> Answers:
    return {
        "referred_on": visits.day_of(row),
        "destination": row.answers.get("referral"),
        "reasons": row.answers.get("referral_reason") or _("Menurut hasil pemeriksaan"),
        "visit_form": form.name,
    }


def _sent(row: Row) -> Sent:
    on = row.answers.get("referred_on")
    day = on if isinstance(on, date) else row.saved_at.date()
    came = row.answers.get("came")
    state = str(came) if came in ("came", "not_came") else "open"
    words = _place_words(row.answers, day)
    return Sent(
        row.id,
        str(row.answers.get("person_id")),
        str(row.answers.get("visit_id") or ""),
        day,
        state,
        f"{words}. {answer_words(row.answers)}" if state != "open" else words,
        row.answers,
    )


def answer_words(answers: Answers) -> str:
    """What came back, in one line: "Datang 20-11-2026: anemia ringan. Kontrol 20-12-2026"."""
    if answers.get("came") == "not_came":
        why = str(answers.get("why_not") or "")
        return _("Tidak datang") + (f": {why}" if why else "")
    on, control = answers.get("came_on"), answers.get("control_on")
    words = _("Datang") + (f" {short_date(on)}" if isinstance(on, date) else "")
    if diagnosis := str(answers.get("diagnosis") or ""):
        words += f": {diagnosis.rstrip('.')}"
    if isinstance(control, date):
        words += ". " + _("Kontrol {day}").format(day=short_date(control))
    return words


def _place_words(answers: Answers, on: date) -> str:
    """ "Dirujuk ke Puskesmas 10-09-2026: BGM"; of several reasons the first."""
    words = _("Dirujuk ke {place} {date}").format(place=place_name(answers), date=short_date(on))
    reason = str(answers.get("reasons") or "").partition("\n")[0].partition(": ")[0]
    return f"{words}: {reason}" if reason and reason != _("Menurut hasil pemeriksaan") else words


def place_name(answers: Answers) -> str:
    """Where to, in words."""
    return next((_(each.label) for each in _DESTINATION.options if each.code == answers.get("destination")), "")


_destination = FORM.fields["destination"]
assert isinstance(_destination, Choice)
_DESTINATION = _destination


# --- the slip -------------------------------------------------------------------------------------------------------


def slip(ws: Workspace, person_id: str, record_id: str, paper: Literal["A4", "A5"] = "A4") -> bytes:
    """The referral as PDF: slip and answer, halves of one A4 or two pages of A5. Raises NotFound."""
    from posyandu.reports.referral_slip import Slip, slip_pdf

    row = records.load(ws.db, FORM, record_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Rujukan ini tidak ada di buku ini."))
    person = _person(ws, person_id)
    (hit,) = people.hits(ws, [person])
    post = records.load(ws.db, POSYANDU, person.scope)
    on = _sent(row).on
    return slip_pdf(
        Slip(
            post=_post_facts(ws, post.answers if post else {}, person.scope),
            person=_person_facts(person.answers, hit, on),
            name=hit.name,
            on=on,
            place=place_name(row.answers),
            answers=row.answers,
            letterhead=letterheads.letterhead(ws, person.scope, on),
        ),
        paper,
    )


def save_slip(ws: Workspace, person_id: str, record_id: str, path: Path, paper: Literal["A4", "A5"] = "A4") -> Path:
    """Write the slip, whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced."""
    return leaving.hand_out(ws, leaving.PERSON, path, slip(ws, person_id, record_id, paper), about_id=person_id)


def _post_facts(ws: Workspace, answers: Answers, scope: str) -> Mapping[str, str]:
    from posyandu.services import posts

    known = next((each for each in posts.posts(ws) if each.id == scope), None)
    return {
        "name": str(answers.get("name") or ""),
        "place": known.place_line if known else "",
        "puskesmas": str(answers.get("puskesmas") or ""),
        "pustu": str(answers.get("pustu") or ""),
        "midwife": str(answers.get("midwife") or ""),
    }


def _person_facts(answers: Answers, hit: people.PersonHit, on: date) -> Sequence[tuple[str, str]]:
    born_on = answers.get("born_on")
    sex = {"male": _("Laki-laki"), "female": _("Perempuan")}.get(hit.sex, "")
    facts = [
        (_("Nama"), hit.name),
        ("NIK", str(answers.get("nik") or "")),
        (_("Lahir, umur"), f"{short_date(born_on)}, {age_text(born_on, on)}" if isinstance(born_on, date) else ""),
        (_("Jenis kelamin"), sex),
        (_("Ibu atau suami"), hit.mother_name or str(answers.get("husband_name") or "")),
        (_("Alamat"), hit.address_line),
        (_("Telepon"), str(answers.get("phone") or "")),
        ("JKN", str(answers.get("jkn") or "")),
    ]
    return [(label, value) for label, value in facts if value]


def _check(ws: Workspace, told: Answers) -> None:
    hard = [each for each in form_problems(FORM, told, people.plain_context(ws)) if each.level is Level.HARD]
    if hard:
        raise NotFinal(hard)


def _tidy(value: Value | None) -> Value | None:
    return (value.strip() or None) if isinstance(value, str) else value


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row
