"""Take away what was noted by mistake, with what stands only because of it, and bring it back exactly as it was.

A visit takes along the presence it noted and its slip without an answer; a person registered by mistake takes along
only what says nothing of anybody: who has visits, doses or children in the book is no mistake as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from posyandu.domain.calendar import Month, short_date
from posyandu.domain.duties import HEALTH_WORKERS
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.feeding import FEEDING
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.referral import FORM as REFERRAL
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.session import ATTENDANCE
from posyandu.domain.forms.social import SEALED, TICKET
from posyandu.services import (
    births,
    month_lock,
    people,
    pregnancies,
    questionnaires,
    referrals,
    sealed,
    social,
    visits,
)
from posyandu.services.corrections import worker_names
from posyandu.services.people import dated
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, records
from posyandu.storage.engine import transaction
from posyandu.storage.records import HistoryEntry, Row
from posyandu.text import N_, _

WRONG = N_("Salah dicatat")
"""The reason such a save carries."""
_KIN = N_("Anak atau yang diasuh")
"""What people are to somebody they name as mother, father or guardian."""
_SAYS_NOTHING = (ATTENDANCE, FORMS["consent"], FORMS["follow_up"])
"""What goes with a person registered by mistake."""
_LISTED = (
    PERSON,
    PREGNANCY,
    DOSE,
    TICKET,
    SEALED,
    *(each for each in FORMS.values() if "person_id" in each.links and "visited_on" in each.fields),
)
"""What is listed when it was taken away."""


@dataclass(frozen=True)
class Leaving:
    """What goes with a visit: the `presence` it noted (None: none was), its `slip`; the month, where it was `signed`.

    `on` is its day; `others` are the titles of what else was noted of the person on that posyandu day, which stays.
    """

    on: date | None
    presence: bool | None
    slip: bool
    others: tuple[str, ...]
    signed: Month | None


@dataclass(frozen=True)
class Gone:
    """One record that was taken away: `what` it is, of whom, when and by whom.

    `name` is a place or a family for a report of one, and `person_id` then "".
    """

    form: Form
    record_id: str
    person_id: str
    name: str
    what: str
    at: datetime
    who: str
    reason: str


def may(ws: Workspace, form: Form, record_id: str) -> bool:
    """Whether the one at work may take a record away or bring it back.

    Confidential answers: who noted them or took them away, and health workers. Confidential reports: who wrote them
    and who can open them. Other reports: who wrote them, took them away or verifies them.
    """
    row, gone = records.load(ws.db, form, record_id), taken(ws, form, record_id)
    return row is not None and _may(ws, form, row if gone is None else _before(row, gone))


def leaving(ws: Workspace, form: Form, record_id: str) -> Leaving:
    """What taking this visit away would change besides it. Raises NotFound."""
    row = _standing(ws, form, record_id)
    others = tuple(_(each.title) for each in _others(ws, row))
    came = _attendance(ws, row)
    presence = None if came is None else not others and came.answers.get("queue_number") is None
    on = row.answers.get("visited_on")
    month = Month.of(on) if isinstance(on, date) else None
    signed = month if month is not None and month_lock.versions(ws, row.scope, month) else None
    return Leaving(on if isinstance(on, date) else None, presence, _slip(ws, record_id) is not None, others, signed)


def take_visit(ws: Workspace, form: Form, record_id: str) -> None:
    """Take a visit away with the presence it alone noted and its slip without an answer.

    Who got a number at the door came all the same, and is again no further than that. Sealed answers go along: asked
    of somebody else, they must not stand behind the answers of whoever is asked next. Raises NotFound, BadInput where
    the one at work `may` not.
    """
    row, goes, reason = _standing(ws, form, record_id), leaving(ws, form, record_id), _(WRONG)
    _check(ws, form, row)
    with transaction(ws.db):
        visits.withdraw(ws, form, record_id, reason)
        came, slip = _attendance(ws, row), _slip(ws, record_id)
        if came is not None and not goes.others:
            back = {"present": None, "step": None} if goes.presence else {"step": visits.REGISTERED}
            _change(ws, ATTENDANCE, came, back)
        if slip is not None:
            _withdraw(ws, REFERRAL, slip.id)
        for envelope in questionnaires.envelopes(ws, record_id):
            _withdraw(ws, SEALED, envelope.id)
        if form is POSTPARTUM_VISIT:
            _forget_breastfeeding(ws, row)


def holding(ws: Workspace, person_id: str) -> dict[str, int]:
    """How many records of each kind, by its title, say that this person is no mistake; {} when none does."""
    number = erased.counted(ws.db, {leaning for leaning, _named in records.leaning_on(ws.db, {person_id})})
    for form in _SAYS_NOTHING:
        number.pop(form.name, None)
    return {_(_KIN) if name == PERSON.name else _(FORMS[name].title): many for name, many in number.items()}


def take_person(ws: Workspace, person_id: str) -> None:
    """Take off the book somebody registered by mistake, and the household that nobody else lives in.

    Raises NotFound, BadInput while something is noted of the person.
    """
    row = _standing(ws, PERSON, person_id)
    if holding(ws, person_id):
        raise BadInput(_("Masih ada catatan atas nama ini. Hapus dulu yang salah satu per satu."))
    with transaction(ws.db):
        people.withdraw(ws, person_id, _(WRONG))
        for form, record_id in _with_person(ws, row):
            known = records.load(ws.db, form, record_id)
            if known is not None and not known.withdrawn and not _lives_on(ws, form, record_id):
                _withdraw(ws, form, record_id)


def carrying(ws: Workspace, pregnancy_id: str) -> dict[str, int]:
    """How many records of each kind say that this pregnancy is no mistake; children born of it too."""
    children = len(births.children_of(ws, pregnancy_id))
    return holding(ws, pregnancy_id) | ({_("Anak yang lahir"): children} if children else {})


def take_pregnancy(ws: Workspace, pregnancy_id: str) -> None:
    """Take off the book a pregnancy noted by mistake. Raises NotFound, BadInput while a visit or child is of it."""
    if carrying(ws, pregnancy_id):
        raise BadInput(_("Masih ada catatan atas nama ini. Hapus dulu yang salah satu per satu."))
    pregnancies.withdraw(ws, pregnancy_id, _(WRONG))


def taken(ws: Workspace, form: Form, record_id: str) -> HistoryEntry | None:
    """The save that took a record away, None while it stands or when it is unknown."""
    row = records.load(ws.db, form, record_id)
    if row is None or not row.withdrawn:
        return None
    entries = records.history(ws.db, record_id)
    return next((each for each in entries if each.changes.get("withdrawn", (None, None))[1] is True), None)


def gone(ws: Workspace) -> list[Gone]:
    """What was taken off this post's book, newest first: people, pregnancies, visits, MT, doses, reports of problems.

    What is confidential is told only to who `may` bring it back, and of such a report nothing but that there is one.
    """
    found, names = [], worker_names(ws)
    for form in _LISTED:
        for row in records.select(ws.db, form, "withdrawn = 1 AND scope = ?", (ws.posyandu_id,)):
            entry = taken(ws, form, row.id)
            was = row if entry is None else _before(row, entry)
            if entry is None or not _may(ws, form, was) or (name := _whose(ws, form, was)) is None:
                continue
            person_id = row.id if form is PERSON else str(row.answers.get("person_id") or "")
            what, who = _what(ws, form, was), names.get(entry.author, "")
            found.append(Gone(form, row.id, person_id, name, what, entry.at, who, entry.reason))
    return sorted(found, key=lambda each: (each.at, each.record_id), reverse=True)


def _before(row: Row, gone: HistoryEntry) -> Row:
    """A record as it stood before the save that took it away: taking back its first save empties it."""
    was = {name: old for name, (old, _new) in gone.changes.items() if name in row.answers}
    return replace(row, answers={**row.answers, **was})


def _whose(ws: Workspace, form: Form, row: Row) -> str | None:
    """Whose record it is, in words; None for somebody who is not in this book, who cannot get it back."""
    if form is SEALED:
        return _("Tiket rahasia")
    if form is TICKET:
        return social.subject(ws, row)
    person = row if form is PERSON else records.load(ws.db, PERSON, str(row.answers.get("person_id")))
    return None if person is None else str(person.answers.get("name") or "")


def _what(ws: Workspace, form: Form, row: Row) -> str:
    """What it is and of which day: "Imunisasi BCG, 05-03-2026"; of a report its number, not a word of its content."""
    if form is SEALED:
        return _(TICKET.title)
    if form is TICKET:
        return f"{_(form.title)}, {social.number_of(row)}"
    on, title = row.answers.get("given_on" if form is DOSE else "visited_on"), _(form.title)
    if form is DOSE:
        title = f"{title} {_dose(ws, row)}"
    return ", ".join((title, *([short_date(on)] if isinstance(on, date) else [])))


def _dose(ws: Workspace, row: Row) -> str:
    """Which dose it is, as the schedule of today calls it: "DPT-HB-Hib 2"; one it does not know as the form does."""
    antigen, number = row.answers.get("antigen"), row.answers.get("dose")
    schedule, field = ws.standards.on(ws.today()).immunisation, DOSE.fields["antigen"]
    assert isinstance(field, Choice)
    labels = {(rule.antigen, rule.number): rule.label for rule in schedule.doses}
    labels |= {(rule.antigen, rule.number): rule.label for rule in schedule.school}
    told = next((_(each.label) for each in field.options if each.code == antigen), "")
    return next((label for key, label in labels.items() if key == (antigen, number)), f"{told} {number}")


def bring_back(ws: Workspace, form: Form, record_id: str) -> None:
    """Bring back what was taken away, with all that went along and was not touched since.

    Whose visit or pregnancy it is comes back first, and the programme of a week: nothing stands in the name of nobody.
    Raises NotFound, BadInput where the one at work `may` not.
    """
    row, gone = records.load(ws.db, form, record_id), taken(ws, form, record_id)
    if row is None or gone is None:
        raise NotFound(_("Catatan ini tidak ada di buku."))
    _check(ws, form, _before(row, gone))
    person_id = str(row.answers.get("person_id") or "")
    with transaction(ws.db):
        if taken(ws, PERSON, person_id) is not None and form is not PERSON:
            bring_back(ws, PERSON, person_id)
        if (programme := row.answers.get("feeding_id")) and taken(ws, FEEDING, str(programme)) is not None:
            bring_back(ws, FEEDING, str(programme))
        visits.undo(ws, gone.op_id)
        for _form, beside in _with_person(ws, row) if form is PERSON else _with_visit(ws, row):
            last = _standing_save(ws, beside)
            if last is not None and last.reason in (WRONG, _(WRONG)):
                records.undo(ws.db, last.op_id, ws.author, ws.now())


# --- what goes along ------------------------------------------------------------------------------------------------


def _with_visit(ws: Workspace, row: Row) -> Iterator[tuple[Form, str]]:
    session_id, person_id = row.answers.get("session_id"), row.answers.get("person_id")
    if session_id:
        yield ATTENDANCE, records.attendance_id(str(session_id), str(person_id))
    yield REFERRAL, referrals.referral_id(row.id)
    if row.answers.get("pregnancy_id"):
        yield PREGNANCY, str(row.answers["pregnancy_id"])
    for envelope in records.load_many(ws.db, SEALED, withdrawn=True, about_id=row.id):
        yield SEALED, envelope.id


def _with_person(ws: Workspace, row: Row) -> Iterator[tuple[Form, str]]:
    for form in _SAYS_NOTHING:
        for each in records.load_many(ws.db, form, withdrawn=True, person_id=row.id):
            yield form, each.id
    if home := row.answers.get("household_id"):
        yield HOUSEHOLD, str(home)


def _standing_save(ws: Workspace, record_id: str) -> HistoryEntry | None:
    """The last save of a record that was not taken back."""
    undone = 0
    for entry in records.history(ws.db, record_id):
        if entry.reason == records.UNDONE:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return entry
    return None


def _lives_on(ws: Workspace, form: Form, record_id: str) -> bool:
    """Whether a household is more than what the registration made of it: lived in, leaned on or told more of."""
    if form is not HOUSEHOLD:
        return False
    return bool(records.leaning_on(ws.db, {record_id})) or len(records.history(ws.db, record_id)) > 1


def _others(ws: Workspace, row: Row) -> list[Form]:
    """What else of this person was noted on the posyandu day of a visit."""
    day, person_id = row.answers.get("session_id"), row.answers.get("person_id")
    if not day:
        return []
    forms = [each for each in FORMS.values() if {"person_id", "session_id"} <= set(each.links) and each != ATTENDANCE]
    return [
        each
        for each in forms
        if any(one.id != row.id for one in records.load_many(ws.db, each, session_id=day, person_id=person_id))
    ]


def _attendance(ws: Workspace, row: Row) -> Row | None:
    """The presence noted on the day of a visit."""
    day, person_id = row.answers.get("session_id"), row.answers.get("person_id")
    came = records.load(ws.db, ATTENDANCE, records.attendance_id(str(day), str(person_id))) if day else None
    return came if came is not None and not came.withdrawn and came.answers.get("present") is True else None


def _slip(ws: Workspace, visit_id: str) -> Row | None:
    """The slip of a visit that nobody answered yet."""
    row = records.load(ws.db, REFERRAL, referrals.referral_id(visit_id))
    return row if row is not None and not row.withdrawn and row.answers.get("came") is None else None


def _forget_breastfeeding(ws: Workspace, visit: Row) -> None:
    """The birth says again what the last visit that stands says; without one nobody knows."""
    told, birth = visit.answers.get("breastfeeding"), records.load(ws.db, PREGNANCY, str(visit.answers["pregnancy_id"]))
    if told is None or birth is None or birth.withdrawn or birth.answers.get("breastfeeding") != told:
        return
    left = dated(POSTPARTUM_VISIT, records.load_many(ws.db, POSTPARTUM_VISIT, pregnancy_id=birth.id))
    said = [each.answers["breastfeeding"] for each in left if each.answers.get("breastfeeding") is not None]
    _change(ws, PREGNANCY, birth, {"breastfeeding": said[-1] if said else None})


def _change(ws: Workspace, form: Form, row: Row, changes: Answers) -> None:
    records.save(
        ws.db, form, row.id, changes, scope=row.scope, author=ws.author, now=ws.now(), reason=_(WRONG)
    )  # fmt: skip


def _withdraw(ws: Workspace, form: Form, record_id: str) -> None:
    records.withdraw(ws.db, form, record_id, author=ws.author, now=ws.now(), reason=_(WRONG))


def _standing(ws: Workspace, form: Form, record_id: str) -> Row:
    row = records.load(ws.db, form, record_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Catatan ini tidak ada di buku."))
    return row


def _may(ws: Workspace, form: Form, row: Row) -> bool:
    wrote = row.answers.get("worker_id") == ws.worker.id
    if form is SEALED:
        return row.answers.get("purpose") == "social" and (wrote or sealed.is_for_me(ws, row))
    hers = row.saved_by == ws.worker.id
    if form is TICKET:
        return wrote or hers or social.verifies(ws)
    return not form.restricted or (hers and questionnaires.is_offered(ws, form)) or ws.worker.role in HEALTH_WORKERS


def _check(ws: Workspace, form: Form, row: Row) -> None:
    if not _may(ws, form, row):
        if form in (TICKET, SEALED):
            raise BadInput(_("Hanya yang mencatatnya atau yang bertugas atasnya yang dapat mengembalikan laporan ini."))
        raise BadInput(_("Hanya yang mencatatnya, bidan, atau petugas Puskesmas yang dapat menghapusnya."))
