"""Masalah sosial: report a problem, take it from stage to stage, and count what was received and handled.

A report that is confidential is sealed (`services.sealed`) together with its steps: it is in no list, count or
search of this module but `sealed_tickets`, which tells nothing but that there are some.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from posyandu.domain import social
from posyandu.domain.calendar import Month
from posyandu.domain.duties import DUTIES
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.social import FIELDS, KINDS, SEALED, STEP, TICKET, Kind
from posyandu.domain.social import Clock, Course
from posyandu.services import people, sealed
from posyandu.services.corrections import worker_names
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.people import NotFinal
from posyandu.services.sealed import ReaderKey
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row, SavedOp
from posyandu.text import _

OPEN_STAGES = ("recorded", "verified", "forwarded", "handled")


@dataclass(frozen=True, repr=False)
class Taken:
    """One step of a ticket as people read it; `disputed` when another one taken at the same time stands instead.

    Like the ticket it shows nothing of itself where it might be logged.
    """

    id: str
    stage: str
    on: date
    by: str
    role: str
    sent_to: str
    owner: str
    note: str
    reason: str
    reference: str
    disputed: bool = False


@dataclass(frozen=True, repr=False)
class Ticket:
    """One report: whom it is about in words, where it stands, who has it in hand, its steps and its clock."""

    id: str
    number: str
    kind: Kind
    answers: Answers
    who: str
    person_id: str
    household_id: str
    noted_on: date
    stage: str
    owner: str
    steps: tuple[Taken, ...]
    disputed: tuple[Taken, ...]
    clock: Clock
    reporter: str
    scope: str
    sealed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.stage in OPEN_STAGES

    @property
    def field(self) -> str:
        """The field of SPM."""
        return str(self.answers.get("field") or self.kind.field)

    @property
    def urgency(self) -> str:
        """How pressing: "emergency", "high" or "normal"."""
        return str(self.answers.get("urgency") or "normal")


@dataclass(frozen=True)
class SealedTicket:
    """That there is a confidential report, for who wrote it (`mine`) and for who can open it (`for_me`)."""

    id: str
    noted_at: datetime
    mine: bool
    for_me: bool


@dataclass(frozen=True)
class Opened:
    """What saving a report gave: its record, and the save that undo takes back."""

    id: str
    op_id: str


@dataclass(frozen=True)
class FieldCount:
    """One row of the recap: reports of a field of SPM in a month."""

    field: str
    received: int
    handled: int
    refused: int
    waiting: int


# --- lists ----------------------------------------------------------------------------------------------------------


def tickets(
    ws: Workspace,
    posyandu_id: str = "",
    *,
    stage: str = "",
    urgency: str = "",
    person_id: str = "",
    household_id: str = "",
) -> tuple[Ticket, ...]:
    """The reports that are not confidential: open ones first, the most pressing and those with least time before.

    Of a person or a household when given, else of a post (the one at work).
    """
    if person_id:
        rows = records.load_many(ws.db, TICKET, person_id=person_id)
    elif household_id:
        rows = records.load_many(ws.db, TICKET, household_id=household_id)
    else:
        rows = records.load_many(ws.db, TICKET, scope=posyandu_id or ws.posyandu_id)
    found = _read(ws, rows, _steps_of(ws, rows))
    kept = (each for each in found if (not stage or each.stage == stage) and (not urgency or each.urgency == urgency))
    return tuple(sorted(kept, key=_order))


def ticket(ws: Workspace, ticket_id: str) -> Ticket:
    """One report. Raises NotFound."""
    row = records.load(ws.db, TICKET, ticket_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Laporan ini tidak ada di buku."))
    return _read(ws, [row], _steps_of(ws, [row]))[0]


def near_limit(ws: Workspace, posyandu_id: str) -> tuple[Ticket, ...]:
    """The reports that nobody has begun to handle and whose red days have come."""
    rows = records.load_many(ws.db, TICKET, scope=posyandu_id)
    return tuple(sorted(_read(ws, rows, _steps_of(ws, rows), only_near=True), key=_order))


def on_lists(reading: Reading) -> Found:
    """For Tindak lanjut: whose reports are near their limit, without a word of what they are about.

    A report of a household stands with its oldest member; one of a place alone is on the page of reports only.
    """
    if reading.month < Month.of(reading.ws.today()) - 1:
        return {}  # the lists of a month long past; last month's stand until the next posyandu day
    oldest: dict[str, str] = {}
    for person in sorted(reading.persons.values(), key=lambda row: str(row.answers.get("born_on") or "9")):
        oldest.setdefault(str(person.answers.get("household_id") or ""), person.id)
    found: dict[str, Entry] = {}
    for each in near_limit(reading.ws, reading.posyandu_id):
        person_id = each.person_id or (oldest.get(each.household_id, "") if each.household_id else "")
        if person_id and person_id not in found:
            left = each.clock.left
            time = _("sisa {n} hari kerja").format(n=left) if left >= 0 else _("lewat {n} hari kerja").format(n=-left)
            words = _("Laporan {number}, {time}").format(number=each.number, time=time)
            found[person_id] = Entry(left, words, each.noted_on)
    return {"social_limit": found}


def recap(ws: Workspace, posyandu_id: str, month: Month) -> tuple[FieldCount, ...]:
    """The six fields of SPM: received in a month, first handled in it, refused in it, and waiting at its end.

    Confidential reports are not among them: at this level a count alone could tell of whom.
    """
    found = tickets(ws, posyandu_id)

    def first(each: Ticket, *stages: str) -> date | None:
        return next((step.on for step in each.steps if step.stage in stages), None)

    def ended_by(each: Ticket) -> bool:
        ended = first(each, "handled", "done", "refused")
        return ended is not None and ended <= month.last

    counts = []
    for code in FIELDS:
        of_field = [each for each in found if each.field == code]
        counts.append(
            FieldCount(
                field=code,
                received=sum(each.noted_on in month for each in of_field),
                handled=sum((on := first(each, "handled")) is not None and on in month for each in of_field),
                refused=sum((on := first(each, "refused")) is not None and on in month for each in of_field),
                waiting=sum(each.noted_on <= month.last and not ended_by(each) for each in of_field),
            )
        )
    return tuple(counts)


def _order(each: Ticket) -> tuple[bool, int, int, str]:
    return (
        not each.is_open,
        social.URGENCIES.index(each.urgency) if each.is_open else 0,
        each.clock.left if each.is_open else -each.noted_on.toordinal(),
        each.number,
    )


# --- reporting ------------------------------------------------------------------------------------------------------


def open_ticket(ws: Workspace, answers: Answers, *, person_id: str = "", household_id: str = "") -> Opened:
    """Report a problem of a person, a household or a place.

    Raises NotFinal when something is missing, BadInput for a kind that is confidential or when nobody and no place is
    named, NotFound for an unknown person.
    """
    told = _checked(ws, answers, person_id, household_id)
    if social.is_sealed(str(told.get("kind"))):
        raise BadInput(_("Masalah ini rahasia: simpan di bagian tersegel."))
    scope, links = _links(ws, person_id, household_id)
    ticket_id = records.new_id()
    saved = records.save(ws.db, TICKET, ticket_id, told, scope=scope, author=ws.author, now=ws.now(), links=links)
    return Opened(ticket_id, saved.op_id)


def correct(ws: Workspace, ticket_id: str, changes: Answers) -> SavedOp:
    """Change what a report says. Raises NotFinal, NotFound, BadInput when it would become confidential."""
    now = ticket(ws, ticket_id)
    merged = {**now.answers, **changes}
    told = _checked(ws, merged, now.person_id, now.household_id)
    if social.is_sealed(str(told.get("kind"))):
        raise BadInput(_("Masalah ini rahasia: hapus laporan ini, lalu catat di bagian tersegel."))
    return records.save(ws.db, TICKET, ticket_id, told, scope=now.scope, author=ws.author, now=ws.now())


def may_withdraw(ws: Workspace, each: Ticket) -> bool:
    """Whether the one at work may take a report away: hers, or one she verifies, and nobody has gone on with it yet."""
    hers = str(each.answers.get("worker_id") or "") == ws.worker.id
    return each.stage == "recorded" and not each.sealed and (hers or verifies(ws))


def verifies(ws: Workspace) -> bool:
    """Whether it is the duty of the one at work to verify reports."""
    return ws.worker.role in social.WHO["verified"]


def withdraw(ws: Workspace, ticket_id: str, reason: str = "") -> SavedOp:
    """Take a report away that was a mistake; undo brings it back. Raises NotFound, BadInput when it is not to be."""
    if not may_withdraw(ws, ticket(ws, ticket_id)):
        raise BadInput(_("Laporan yang sudah diverifikasi tidak dihapus. Tolak dengan alasan."))
    return records.withdraw(ws.db, TICKET, ticket_id, author=ws.author, now=ws.now(), reason=reason)


def number_of(row: Row) -> str:
    """The number of a report, taken away or not."""
    return social.number(row.id, str(row.answers.get("field")), _noted_on(row))


def subject(ws: Workspace, row: Row) -> str:
    """Whom a report is about in words, taken away or not."""
    return _who(ws, row.answers, str(row.answers.get("person_id") or ""), str(row.answers.get("household_id") or ""))


def undo(ws: Workspace, op_id: str) -> SavedOp:
    """Take the last press back."""
    return records.undo(ws.db, op_id, ws.author, ws.now())


# --- steps ----------------------------------------------------------------------------------------------------------


def may(ws: Workspace, each: Ticket, stage: str) -> bool:
    """Whether the one at work may take a report to a stage now."""
    return stage in social.NEXT[each.stage] and ws.worker.role in social.WHO[stage]


def who_may(stage: str) -> str:
    """Whose duty a step is, in words: "Koordinator kader, Bidan"."""
    return ", ".join(_(words) for code, words in DUTIES.items() if code in social.WHO[stage])


def advance(
    ws: Workspace,
    ticket_id: str,
    stage: str,
    *,
    note: str = "",
    reason: str = "",
    owner: str = "",
    sent_to: str = "",
    reference: str = "",
    on: date | None = None,
    key: ReaderKey | None = None,
) -> SavedOp:
    """Take a report to its next stage; with `key` a sealed one. The op id undoes it.

    Raises BadInput, saying why, for a step that may not come now, another duty, a refusal without its reason, sending
    on without saying where or against the family's will, and a day before the report or after today.
    """
    now = ticket(ws, ticket_id) if key is None else look_again(ws, key, ticket_id)
    told = _step(ws, now, stage, on or ws.today(), note, reason, owner, sent_to, reference)
    return _save_step(ws, now, told)


def assign(ws: Workspace, ticket_id: str, owner: str, *, note: str = "", key: ReaderKey | None = None) -> SavedOp:
    """Say in whose hands a report is; its stage stays. Raises BadInput when it is over or nobody is named."""
    now = ticket(ws, ticket_id) if key is None else look_again(ws, key, ticket_id)
    if not owner.strip():
        raise BadInput(_("Tulis siapa yang menangani."))
    if not now.is_open:
        raise BadInput(_("Laporan ini sudah berakhir."))
    return _save_step(ws, now, _told(ws, now, now.stage, ws.today(), note=note, owner=owner))


def undo_last(ws: Workspace, ticket_id: str, *, key: ReaderKey | None = None) -> SavedOp:
    """Take the last step back, by whoever may take it. Raises BadInput when there is none or it is another's duty."""
    now = ticket(ws, ticket_id) if key is None else look_again(ws, key, ticket_id)
    if not now.steps:
        raise BadInput(_("Belum ada langkah yang dapat dibatalkan."))
    last = now.steps[-1]
    if last.stage != "recorded" and ws.worker.role not in social.WHO[last.stage]:
        raise BadInput(_("Langkah ini hanya dapat dibatalkan oleh: {who}.").format(who=who_may(last.stage)))
    return records.withdraw(ws.db, SEALED if now.sealed else STEP, last.id, author=ws.author, now=ws.now())


def drop_disputed(ws: Workspace, each: Ticket, step_id: str) -> SavedOp:
    """Take back a step that was taken at the same time as one that stands."""
    return records.withdraw(ws.db, SEALED if each.sealed else STEP, step_id, author=ws.author, now=ws.now())


def _step(
    ws: Workspace, now: Ticket, stage: str, on: date, note: str, reason: str, owner: str, sent_to: str, reference: str
) -> dict[str, Value | None]:
    if stage not in social.NEXT[now.stage]:
        raise BadInput(_("Langkah ini tidak dapat dilakukan pada tahap sekarang."))
    if ws.worker.role not in social.WHO[stage]:
        raise BadInput(_("Langkah ini dilakukan oleh: {who}.").format(who=who_may(stage)))
    if stage == "refused" and not reason.strip():
        raise BadInput(_("Tulis alasan ditolak, supaya keluarga tahu."))
    if stage == "forwarded" and not sent_to:
        raise BadInput(_("Pilih kepada siapa diteruskan."))
    about_family = bool(now.person_id or now.household_id)
    declined = now.answers.get("consent") == "declined" and now.urgency != "emergency"
    if stage == "forwarded" and about_family and declined:
        raise BadInput(_("Keluarga tidak setuju dilaporkan. Bicarakan lagi, lalu perbaiki persetujuannya."))
    if not now.noted_on <= on <= ws.today():
        raise BadInput(_("Tanggal langkah harus antara tanggal laporan dan hari ini."))
    return _told(
        ws, now, stage, on, note=note, reason=reason, owner=owner, sent_to=sent_to, reference=reference
    )  # fmt: skip


def _told(ws: Workspace, now: Ticket, stage: str, on: date, **words: str) -> dict[str, Value | None]:
    return {
        "follows": now.steps[-1].id if now.steps else None,
        "stage": stage,
        "stepped_on": on,
        "done_by": ws.worker.name,
        "role": ws.worker.role if ws.worker.role in DUTIES else None,
        **{name: value.strip() or None for name, value in words.items()},
    }


def _save_step(ws: Workspace, now: Ticket, told: Answers) -> SavedOp:
    if now.sealed:
        return sealed.seal(ws, "social_step", told, about_id=now.id, scope=now.scope)[1]
    return records.save(
        ws.db, STEP, records.new_id(), told, scope=now.scope, author=ws.author, now=ws.now(),
        links={"ticket_id": now.id},
    )  # fmt: skip


# --- what is confidential -------------------------------------------------------------------------------------------


def open_sealed(ws: Workspace, answers: Answers, *, person_id: str = "", household_id: str = "") -> Opened:
    """Report a confidential problem: nothing of it stays readable here but for who has a key.

    Raises NotFinal, BadInput without a reader or when nobody and no place is named, NotFound.
    """
    told = _checked(ws, answers, person_id, household_id)
    scope, links = _links(ws, person_id, household_id)
    who = _who(ws, told, person_id, household_id)
    values = {**told, **{name: link for name, link in links.items() if link}, "who": who}
    record_id, saved = sealed.seal(ws, "social", values, scope=scope)
    return Opened(record_id, saved.op_id)


def sealed_tickets(ws: Workspace) -> tuple[SealedTicket, ...]:
    """The confidential reports of the post at work that one wrote or can open, newest first; others learn of none."""
    found = []
    for row in records.load_many(ws.db, SEALED, scope=ws.posyandu_id, purpose="social"):
        mine = row.answers.get("worker_id") == ws.worker.id
        for_me = sealed.is_for_me(ws, row)
        if mine or for_me:
            found.append(SealedTicket(row.id, row.saved_at, mine, for_me))
    return tuple(sorted(found, key=lambda each: each.noted_at, reverse=True))


def read_sealed(ws: Workspace, key: ReaderKey, record_id: str) -> Ticket:
    """Open a confidential report with its steps; the opening is written down first. Raises NotFound, BadInput."""
    opened = sealed.open_envelope(ws, key, record_id, TICKET)
    return _sealed_ticket(ws, key, opened)


def share(ws: Workspace, key: ReaderKey, record_id: str, public: bytes) -> int:
    """Let one more accepted reader open a report and its steps; how many envelopes she could not open before."""
    steps = records.load_many(ws.db, SEALED, withdrawn=True, about_id=record_id)
    mine = [record_id, *(each.id for each in steps if sealed.is_for_me(ws, each))]
    return sum(sealed.share(ws, key, each, public) is not None for each in mine)


def look_again(ws: Workspace, key: ReaderKey, record_id: str) -> Ticket:
    """A confidential report that is already in view, whose opening was noted then. Raises NotFound, BadInput."""
    row = records.load(ws.db, SEALED, record_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Laporan ini tidak ada di buku."))
    return _sealed_ticket(ws, key, sealed.content_of(ws, key, row, TICKET))


def _sealed_ticket(ws: Workspace, key: ReaderKey, opened: sealed.Opened) -> Ticket:
    row = records.load(ws.db, SEALED, opened.id)
    assert row is not None
    steps = []
    for each in records.load_many(ws.db, SEALED, withdrawn=True, about_id=opened.id, purpose="social_step"):
        try:
            content = sealed.content_of(ws, key, each, STEP)
        except BadInput:  # sealed before this reader had a key: the next one to open it may share it
            continue
        steps.append(replace(each, answers={**dict.fromkeys(STEP.fields), **content.values}))
    as_row = replace(row, answers={**dict.fromkeys((*TICKET.links, *TICKET.fields)), **opened.values})
    made = _read(ws, [as_row], {row.id: steps})[0]
    return replace(made, who=str(opened.values.get("who") or made.who), sealed=True)


# --- reading rows ---------------------------------------------------------------------------------------------------


def _checked(ws: Workspace, answers: Answers, person_id: str, household_id: str) -> dict[str, Value | None]:
    told = {name: value for name, value in answers.items() if name in TICKET.fields}
    kind = KINDS.get(str(told.get("kind")))
    told["noted_on"] = told.get("noted_on") or ws.today()
    told["field"] = told.get("field") or (kind.field if kind else None)
    hard = [each for each in form_problems(TICKET, told, people.plain_context(ws)) if each.level is Level.HARD]
    if hard:
        raise NotFinal(hard)
    if not (person_id or household_id or str(told.get("place") or "").strip()):
        raise BadInput(_("Pilih orang atau keluarganya, atau tulis tempatnya."))
    return told


def _links(ws: Workspace, person_id: str, household_id: str) -> tuple[str, dict[str, str | None]]:
    """The scope a report belongs to and what it points to; a person brings the household along."""
    scope = ws.posyandu_id
    if person_id:
        person = records.load(ws.db, PERSON, person_id)
        if person is None:
            raise NotFound(_("Orang ini tidak ada di buku."))
        scope, household_id = person.scope, household_id or str(person.answers.get("household_id") or "")
    elif household_id:
        house = records.load(ws.db, HOUSEHOLD, household_id)
        if house is None:
            raise NotFound(_("Keluarga ini tidak ada di buku."))
        scope = house.scope
    return scope, {"person_id": person_id or None, "household_id": household_id or None, "worker_id": ws.worker.id}


def _steps_of(ws: Workspace, rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The steps of these reports, taken back or not, by report."""
    wanted = {row.id for row in rows}
    if len(wanted) == 1:
        found: Iterable[Row] = records.load_many(ws.db, STEP, withdrawn=True, ticket_id=next(iter(wanted)))
    else:
        scopes = {row.scope for row in rows}
        found = [each for scope in scopes for each in records.load_many(ws.db, STEP, withdrawn=True, scope=scope)]
    steps: dict[str, list[Row]] = {}
    for each in found:
        steps.setdefault(str(each.answers.get("ticket_id")), []).append(each)
    return steps


def _read(
    ws: Workspace, rows: Sequence[Row], steps: Mapping[str, Sequence[Row]], *, only_near: bool = False
) -> list[Ticket]:
    if not rows:
        return []
    names = worker_names(ws)
    rules = ws.standards.on(ws.today())
    found = []
    about: dict[tuple[str, str], str] = {}
    for row in rows:
        noted_on = _noted_on(row)
        own = {each.id: each for each in steps.get(row.id, ())}
        went: Course = social.course(_plain(each) for each in own.values())
        kind = KINDS.get(str(row.answers.get("kind")), KINDS["other"])
        person_id, household_id, worker_id = (str(row.answers.get(name) or "") for name in TICKET.links)
        clock = social.clock(rules.social_clock, rules.holidays, noted_on, went, ws.today())
        if only_near and not clock.is_near:
            continue
        subject = person_id, household_id
        if subject == ("", "") or subject not in about:
            about[subject] = _who(ws, row.answers, person_id, household_id)
        taken = [_taken(own[step.id]) for step in went.steps]
        found.append(
            Ticket(
                id=row.id,
                number=number_of(row),
                kind=kind,
                answers=row.answers,
                who=about[subject],
                person_id=person_id,
                household_id=household_id,
                noted_on=noted_on,
                stage=went.stage,
                owner=next((each.owner for each in reversed(taken) if each.owner), ""),
                steps=tuple(taken),
                disputed=tuple(replace(_taken(own[step.id]), disputed=True) for step in went.disputed),
                clock=clock,
                reporter=names.get(worker_id or row.saved_by, ""),
                scope=row.scope,
            )
        )
    return found


def _noted_on(row: Row) -> date:
    noted = row.answers.get("noted_on")
    return noted if isinstance(noted, date) else row.saved_at.date()


def _plain(row: Row) -> social.Step:
    on = row.answers.get("stepped_on")
    return social.Step(
        id=row.id,
        follows=str(row.answers.get("follows") or ""),
        stage=str(row.answers.get("stage")),
        on=on if isinstance(on, date) else row.saved_at.date(),
        taken_back=row.withdrawn,
    )


def _taken(row: Row) -> Taken:
    def text(name: str) -> str:
        return str(row.answers.get(name) or "")

    return Taken(
        id=row.id,
        stage=text("stage"),
        on=_plain(row).on,
        by=text("done_by"),
        role=text("role"),
        sent_to=text("sent_to"),
        owner=text("owner"),
        note=text("note"),
        reason=text("reason"),
        reference=text("reference"),
    )


def _who(ws: Workspace, answers: Answers, person_id: str, household_id: str) -> str:
    """Whom a report is about: "Wulan Sari, 28 tahun", "Keluarga Mahmud" or the place."""
    if person_id and (person := records.load(ws.db, PERSON, person_id)) is not None:
        hit = people.hit_of(person, ws.today(), None)
        return ", ".join(part for part in (hit.name, hit.age_text) if part)
    if household_id and (house := records.load(ws.db, HOUSEHOLD, household_id)) is not None:
        return _("Keluarga {name}").format(name=house.answers.get("head_name") or house.answers.get("address") or "")
    return str(answers.get("place") or "")
