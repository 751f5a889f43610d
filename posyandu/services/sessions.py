"""A posyandu day: opened, attended, checked and closed."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Form, Level, Problem
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.indicators import resides
from posyandu.domain.quality import AGAIN, CLOSING
from posyandu.domain.service_group import (
    AFTER_BIRTH,
    CHILDREN,
    GROWN,
    MONTHLY,
    SCHOOL_AGE,
    Group,
    began_on,
    group_on,
    pregnancy_on,
)
from posyandu.domain.standards import Rules
from posyandu.services import checking, people, quality, visits
from posyandu.services.judging import Assessment, visit_form
from posyandu.services.people import dated
from posyandu.services.visits import REGISTERED, STEPS
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts as draft_box
from posyandu.storage import records, summaries
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import N_, _

UNDER_FIVE = "under_five"
PREGNANT = "pregnant"
POSTPARTUM = "postpartum"
SCHOOL = "school"
ADULT = "adult"

PAGES: Mapping[str, tuple[frozenset[Group], Form]] = {
    UNDER_FIVE: (CHILDREN, UNDER_FIVE_VISIT),
    PREGNANT: (frozenset((Group.PREGNANT,)), PREGNANCY_VISIT),
    POSTPARTUM: (AFTER_BIRTH, POSTPARTUM_VISIT),
    SCHOOL: (SCHOOL_AGE, SCHOOL_VISIT),
    ADULT: (GROWN, ADULT_VISIT),
}
"""The register pages that can be typed: whom each lists, and in which form."""

_DAY_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c03")


@dataclass(frozen=True)
class Day:
    """One posyandu day."""

    id: str
    posyandu_id: str
    held_on: date
    closed: bool
    answers: Answers
    saved_at: datetime


@dataclass(frozen=True)
class RosterRow:
    """One line of the day's list or of a register page.

    `number` is the one in the paper register, else the place in the list. `present` is None while nobody said.
    `step` is how many of the five steps are done. `visit` are today's saved answers and `waiting` those typed but
    impossible, which wait to be put right; `last_visit` the last known value of each field before today.
    """

    person_id: str
    number: int
    name: str
    sex: str
    born_on: date | None
    age_text: str
    group: Group | None
    mother_name: str
    address_line: str
    present: bool | None
    step: int
    queue_number: int | None
    absence_reason: str | None
    visit: Answers | None
    last_visit: Answers | None
    last_on: date | None
    waiting: Answers
    record_id: str | None
    form: str
    guest: bool
    confirmed: frozenset[str]


@dataclass(frozen=True)
class Tally:
    """The day in numbers: who came, of how many, how many finished each of the five steps, how many to refer.

    `targets` are the people of this post who are expected every month, and whoever else of the post came. `to_refer`
    is None where it was not asked: it takes judging every visit of the day.
    """

    present: int
    targets: int
    steps: tuple[int, ...]
    to_refer: int | None
    absent: int


@dataclass(frozen=True)
class ClosingCheck:
    """One thing to look at before closing: `level` "bad" (wrong), "warn" (doubtful) or "info"; `page` leads there."""

    code: str
    level: str
    sentence: str
    person_ids: tuple[str, ...]
    page: str


# --- the day --------------------------------------------------------------------------------------------------------


def open_day(ws: Workspace, posyandu_id: str, held_on: date, answers: Answers | None = None) -> str:
    """Open a posyandu day and give back its id; a day already noted for this date is opened again instead.

    A day that was noted keeps what was told of it: a closed one as it is, an open one takes what it lacks.
    The id comes from post and date, so two laptops that type the same day meet in one record. Raises BadInput for a
    day that has not come yet.
    """
    told = {**(answers or {}), "held_on": held_on, "closed": False}
    hard = [
        problem for problem in form_problems(SESSION, told, people.plain_context(ws)) if problem.level is Level.HARD
    ]
    if hard:
        raise people.NotFinal(hard)
    same = [day for day in _days(ws, posyandu_id) if day.held_on == held_on]
    if same:
        known, is_closed = same[0].answers, same[0].closed
        told = {name: value for name, value in told.items() if known.get(name) is None and not is_closed}
        told["closed"] = False
    session_id = same[0].id if same else uuid.uuid5(_DAY_SPACE, f"{posyandu_id} {held_on.isoformat()}").hex
    if not same and records.load(ws.db, SESSION, session_id) is not None:
        # The record of that name was moved to another date or taken away: this is another day.
        session_id = records.new_id()
    _save_day(ws, session_id, posyandu_id, told)
    return session_id


def correct_day(ws: Workspace, session_id: str, changes: Answers, reason: str = "") -> str:
    """Change what is noted of a day (place, kader present, topic, date); gives back the id of the save.

    When the date changes, the visits typed under the old date move with it. Raises NotFinal, also where the post has
    another day of that date.
    """
    day = get(ws, session_id)
    told = {**day.answers, **changes}
    hard = [
        problem for problem in form_problems(SESSION, told, people.plain_context(ws)) if problem.level is Level.HARD
    ]
    moved_to = told["held_on"]
    if not hard and any(each.id != session_id and each.held_on == moved_to for each in _days(ws, day.posyandu_id)):
        hard = [Problem("held_on", Level.HARD, _("Tanggal ini sudah punya hari Posyandu. Buka hari itu."))]
    if hard:
        raise people.NotFinal(hard)
    with transaction(ws.db):
        op_id = _save_day(ws, session_id, day.posyandu_id, changes, reason)
        if moved_to != day.held_on:
            for form in (form for form in FORMS.values() if "session_id" in form.links and "visited_on" in form.fields):
                for row in records.load_many(ws.db, form, session_id=session_id):
                    if row.answers.get("visited_on") == day.held_on:
                        records.save(
                            ws.db, form, row.id, {"visited_on": moved_to},
                            scope=row.scope, author=ws.author, now=ws.now(), reason=reason, confirmed=row.confirmed,
                        )  # fmt: skip
    return op_id


def get(ws: Workspace, session_id: str) -> Day:
    """One day. Raises NotFound."""
    row = records.load(ws.db, SESSION, session_id)
    if row is None or row.withdrawn or not isinstance(row.answers.get("held_on"), date):
        raise NotFound(_("Hari Posyandu ini tidak ada di buku ini."))
    return _day(row)


def current(ws: Workspace, posyandu_id: str) -> Day | None:
    """The day that is open at this post, the latest when there are several; None when all are closed."""
    return next((day for day in _days(ws, posyandu_id) if not day.closed), None)


def recent(ws: Workspace, posyandu_id: str, *, limit: int | None = 12) -> list[Day]:
    """The last days of a post, newest first, open or closed; with no limit all of them."""
    return _days(ws, posyandu_id)[:limit]


def close_day(ws: Workspace, session_id: str) -> str:
    """Close a day; what is doubtful may stay so. Gives back the id of the save ("" when it was closed)."""
    return _save_day(ws, session_id, get(ws, session_id).posyandu_id, {"closed": True})


def reopen(ws: Workspace, session_id: str) -> str:
    """Open a closed day again, to go on or correct. Gives back the id of the save."""
    return _save_day(ws, session_id, get(ws, session_id).posyandu_id, {"closed": False})


def _save_day(ws: Workspace, session_id: str, scope: str, changes: Answers, reason: str = "") -> str:
    saved = records.save(
        ws.db, SESSION, session_id, changes, scope=scope, author=ws.author, now=ws.now(), reason=reason
    )
    return saved.op_id


def _days(ws: Workspace, posyandu_id: str) -> list[Day]:
    rows = records.load_many(ws.db, SESSION, scope=posyandu_id)
    days = [_day(row) for row in rows if isinstance(row.answers.get("held_on"), date)]
    return sorted(days, key=lambda day: (day.held_on, day.saved_at), reverse=True)


def _day(row: Row) -> Day:
    held_on = row.answers["held_on"]
    assert isinstance(held_on, date)
    return Day(row.id, row.scope, held_on, row.answers.get("closed") is True, row.answers, row.saved_at)


# --- who came -------------------------------------------------------------------------------------------------------


def mark_present(ws: Workspace, session_id: str, person_id: str, present: bool = True) -> str:
    """Note that someone came, with the next number of the queue; `present=False` takes the mark off again.

    Gives back the id of the save ("" when it was so already).
    """
    with transaction(ws.db):
        known = _attendance(ws, session_id, person_id)
        if not present:
            return _attend(
                ws, session_id, person_id, {"present": None, "step": None, "queue_number": None, "absence_reason": None}
            )
        step = known.get("step")
        return _attend(
            ws,
            session_id,
            person_id,
            {
                "present": True,
                "step": max(REGISTERED, step if isinstance(step, int) else 0),
                "queue_number": known.get("queue_number") or _next_number(ws, session_id),
                "absence_reason": None,
            },
        )


def queue_number(ws: Workspace, session_id: str, person_id: str) -> int | None:
    """The number of someone who came; None of anybody else."""
    number = _attendance(ws, session_id, person_id).get("queue_number")
    return number if isinstance(number, int) else None


def set_step(ws: Workspace, session_id: str, person_id: str, step: int) -> str:
    """Note that someone finished this step (1 to 5, 0 none) of the day; who has done a step is present.

    Gives back the id of the save. Raises BadInput for another step, NotFound.
    """
    if not 0 <= step <= STEPS:
        raise BadInput(_("Langkah Posyandu hanya 1 sampai 5."))
    return _attend(ws, session_id, person_id, {"present": True, "step": step, "absence_reason": None})


def mark_absent(ws: Workspace, session_id: str, person_id: str, reason: str | None = None) -> str:
    """Note that someone did not come, and why (sick, away, busy, refused, other; None when nobody knows).

    Gives back the id of the save. Raises BadInput for another reason, NotFound.
    """
    field = ATTENDANCE.fields["absence_reason"]
    assert isinstance(field, Choice)
    if reason is not None and reason not in {option.code for option in field.options}:
        raise BadInput(_("Pilih salah satu alasan tidak hadir."))
    return _attend(
        ws, session_id, person_id, {"present": False, "step": None, "queue_number": None, "absence_reason": reason}
    )


def undo(ws: Workspace, op_id: str) -> str:
    """Take one save back by a reversing save, whose id is given back."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def _attend(ws: Workspace, session_id: str, person_id: str, changes: Answers) -> str:
    day = get(ws, session_id)
    saved = records.save(
        ws.db,
        ATTENDANCE,
        records.attendance_id(session_id, person_id),
        changes,
        scope=day.posyandu_id,
        author=ws.author,
        now=ws.now(),
        links={"session_id": session_id, "person_id": person_id},
    )
    return saved.op_id


def _attendance(ws: Workspace, session_id: str, person_id: str) -> Answers:
    row = records.load(ws.db, ATTENDANCE, records.attendance_id(session_id, person_id))
    return row.answers if row is not None and not row.withdrawn else {}


def _next_number(ws: Workspace, session_id: str) -> int:
    rows = records.load_many(ws.db, ATTENDANCE, session_id=session_id)
    taken = [number for row in rows if isinstance(number := row.answers.get("queue_number"), int)]
    return max(taken, default=0) + 1


# --- the list -------------------------------------------------------------------------------------------------------


def roster(ws: Workspace, session_id: str, page: str | None = None) -> list[RosterRow]:
    """The lines of a register page (one of PAGES) or of the whole day (None), in the order of the paper.

    The targets of that day stand first by their number in the register, then by name; after them whoever else came:
    guests and people of other posts. Who moved away or died before is left out, unless seen on the day.
    """
    return _Gathering.of(ws, session_id, page).rows()


def tally(ws: Workspace, session_id: str) -> Tally:
    """The day in numbers."""
    gathering = _Gathering.of(ws, session_id, None)
    return replace(_counted(gathering), to_refer=len(gathering.to_refer()))


def coming(ws: Workspace, session_id: str) -> tuple[list[RosterRow], Tally]:
    """Who is expected and who came, read at a stroke: without anybody's earlier visits, and nobody judged."""
    gathering = _Gathering.of(ws, session_id, None, history=False)
    return gathering.rows(), _counted(gathering)


def _counted(gathering: "_Gathering") -> Tally:
    came = [line for line in gathering.lines if line.attendance.get("present") is True]
    steps = [step if isinstance(step := line.attendance.get("step"), int) else 0 for line in came]
    return Tally(
        present=len(came),
        targets=sum(_is_counted(line, gathering.day) for line in gathering.lines),
        steps=tuple(sum(done >= step for done in steps) for step in range(1, STEPS + 1)),
        to_refer=None,
        absent=sum(line.attendance.get("present") is False for line in gathering.lines),
    )


def _is_counted(line: "_Line", day: Day) -> bool:
    """Whether someone is a target of this post: expected on a register page, or there."""
    if line.person.scope != day.posyandu_id or line.person.answers.get("guest") is True:
        return False
    return line.group in MONTHLY or line.attendance.get("present") is True


def is_target(person: Answers, on: date) -> bool:
    """Whether someone is expected on this day: lives here, has been born, is no guest."""
    born_on = person.get("born_on")
    return resides(person, on, seen=False) and not (isinstance(born_on, date) and born_on > on)


def has_left(person: Answers, on: date) -> bool:
    """Whether someone has moved away or died by this day; who left without a day noted has."""
    if person.get("status") not in ("moved", "died"):
        return False
    left_on = person.get("left_on")
    return not isinstance(left_on, date) or left_on <= on


@dataclass(frozen=True)
class _Line:
    """One person on the list with everything read for the line: `sound` is `earlier` without a wrong tool's figures."""

    person: Row
    group: Group | None
    attendance: Answers
    visit: Row | None
    earlier: tuple[Row, ...]
    pregnancy: Row | None
    waiting: Answers
    form: Form | None
    sound: tuple[Row, ...] = ()


@dataclass(frozen=True)
class _Gathering:
    """All that the lists and checks of one day are made of, read with a few queries."""

    ws: Workspace
    day: Day
    lines: tuple[_Line, ...]

    @classmethod
    def of(cls, ws: Workspace, session_id: str, page: str | None, *, history: bool = True) -> "_Gathering":
        day = get(ws, session_id)
        on = day.held_on
        attended = {
            str(row.answers.get("person_id")): row.answers
            for row in records.load_many(ws.db, ATTENDANCE, session_id=session_id)
        }
        forms = [PAGES[page][1]] if page else list(visits.VISIT_FORMS)
        typed = {
            (form.name, str(row.answers.get("person_id"))): row
            for form in forms
            for row in dated(form, records.load_many(ws.db, form, session_id=session_id))
        }
        waiting = {
            (draft.form, draft.person_id): draft.answers
            for draft in draft_box.every(ws.db)
            if draft.session_id == session_id
        }
        lines, groups = [], ws.standards.on(on).groups
        for person, carried in _people(ws, day.posyandu_id, {*attended, *(who for _form, who in typed)}):
            current = pregnancy_on(groups, [row.answers for row in carried], on)
            group = group_on(groups, person.answers, on, current)
            if page and group not in PAGES[page][0]:
                continue
            form = visit_form(group)
            name = form.name if form else ""
            known, today = attended.get(person.id, {}), typed.get((name, person.id))
            here = person.scope == day.posyandu_id and not person.withdrawn and is_target(person.answers, on)
            if here or today is not None or known.get("present") is not None:
                pregnancy = next((row for row in carried if row.answers is current), None)
                left = waiting.get((name, person.id), {})
                lines.append(_Line(person, group, known, today, (), pregnancy, left, form))
        lines.sort(key=lambda line: _order(line, day))
        return cls(ws, day, tuple(_with_history(ws, lines, on) if history else lines))

    def rows(self) -> list[RosterRow]:
        """The lines as pages show them."""
        return [self._row(line, place) for place, line in enumerate(self.lines, 1)]

    def _row(self, line: _Line, place: int) -> RosterRow:
        hit = people.hit_of(line.person, self.day.held_on, line.group)
        known = line.attendance
        last: dict[str, Value | None] = {}
        for row in line.sound:
            last.update({name: value for name, value in row.answers.items() if value is not None})
        last_on = line.earlier[-1].answers["visited_on"] if line.earlier else None
        step, queue, reason = known.get("step"), known.get("queue_number"), known.get("absence_reason")
        present = known.get("present")
        return RosterRow(
            person_id=hit.id,
            number=hit.register_number or place,
            name=hit.name,
            sex=hit.sex,
            born_on=hit.born_on,
            age_text=hit.age_text,
            group=hit.group,
            mother_name=hit.mother_name,
            address_line=hit.address_line,
            present=present if isinstance(present, bool) else None,
            step=step if isinstance(step, int) else 0,
            queue_number=queue if isinstance(queue, int) else None,
            absence_reason=reason if isinstance(reason, str) else None,
            visit=line.visit.answers if line.visit else None,
            last_visit=last or None,
            last_on=last_on if isinstance(last_on, date) else None,
            waiting=line.waiting,
            record_id=line.visit.id if line.visit else None,
            form=line.form.name if line.form else "",
            guest=hit.guest or line.person.scope != self.day.posyandu_id,
            confirmed=line.visit.confirmed if line.visit else frozenset(),
        )

    def assessed(self) -> Mapping[str, Assessment]:
        """What today's visits mean, by person."""
        found: dict[str, Assessment] = {}
        for line in self.lines:
            if line.visit is None or line.form is None:
                continue
            rows = [*line.earlier, line.visit]
            assessment = visits.assess_last(self.ws, line.form, line.person, line.pregnancy, rows)
            if assessment is not None:
                found[line.person.id] = assessment
        return found

    def to_refer(self, *, urgent: bool = False) -> list[_Line]:
        """Those whose visit today asks for a referral; with `urgent` only where that cannot wait ("bad")."""
        found = self.assessed()
        return [
            line
            for line in self.lines
            if line.person.id in found
            and any(each.refer and (each.level == "bad" or not urgent) for each in found[line.person.id].findings)
        ]


def assessments(ws: Workspace, session_id: str, page: str | None = None) -> Mapping[str, Assessment]:
    """What the visits of a day mean, by person: for the last column of the register page, all at once."""
    return _Gathering.of(ws, session_id, page).assessed()


def _order(line: _Line, day: Day) -> tuple[bool, bool, int, str, str]:
    answers = line.person.answers
    number = answers.get("register_number")
    guest = line.person.scope != day.posyandu_id or not is_target(answers, day.held_on)
    numbered = isinstance(number, int)
    name = answers.get("name")
    return guest, not numbered, number if isinstance(number, int) else 0, str(name or "").casefold(), line.person.id


def _people(ws: Workspace, posyandu_id: str, seen: Collection[str]) -> Iterator[tuple[Row, list[Row]]]:
    """Everybody of a post, and whoever else was seen, each with her pregnancies."""
    carried = _by_person(records.load_many(ws.db, PREGNANCY, scope=posyandu_id))
    own = records.load_many(ws.db, PERSON, scope=posyandu_id)
    for person in own:
        yield person, carried.get(person.id, [])
    for person in summaries.persons(ws.db, set(seen) - {person.id for person in own}).values():
        yield person, records.load_many(ws.db, PREGNANCY, person_id=person.id)


def _with_history(ws: Workspace, lines: Sequence[_Line], on: date) -> Iterator[_Line]:
    """The lines with each person's visits before the day."""
    found: dict[str, list[Row]] = {}
    for form in visits.VISIT_FORMS:
        ids = [line.person.id for line in lines if line.form is form]
        found.update(visits.recent(ws, form, ids, on))
    sound = {row.id: row for row in checking.sound_rows(ws, [row for rows in found.values() for row in rows])}
    for line in lines:
        today = line.visit.id if line.visit else None
        earlier = tuple(row for row in found.get(line.person.id, ()) if row.id != today)
        yield replace(line, earlier=earlier, sound=tuple(sound[row.id] for row in earlier))


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.answers.get("person_id")), []).append(row)
    return found


# --- before closing -------------------------------------------------------------------------------------------------


def closing_checks(ws: Workspace, session_id: str) -> list[ClosingCheck]:
    """What to look at before the day is closed, the gravest first; each leads to the people it is about."""
    gathering = _Gathering.of(ws, session_id, None)
    found: dict[str, list[_Line]] = {code: [] for code in _CHECKS}
    for line in gathering.lines:
        for code in _doubts(gathering, line):
            found[code].append(line)
    found["not_referred"] = [
        line
        for line in gathering.to_refer(urgent=True)
        if line.visit is not None and line.visit.answers.get("referral") in ("none", None)
    ]
    doubts = _doubts_of_measuring(ws, session_id, {line.person.id for line in found["swapped"]})
    again = {id_ for each in doubts if each.code in AGAIN for id_ in each.person_ids}
    found["unconfirmed"] = [line for line in found["unconfirmed"] if line.person.id not in again]
    checks = []
    for code, (level, sentence) in _CHECKS.items():
        lines = found[code]
        if lines:
            ids = tuple(line.person.id for line in lines)
            checks.append(ClosingCheck(code, level, _(sentence).format(n=len(ids)), ids, _page_of(lines)))
    return sorted([*checks, *doubts], key=lambda check: _GRAVEST.index(check.level))


_GRAVEST = ("bad", "warn", "info")


def _doubts_of_measuring(ws: Workspace, session_id: str, swapped: set[str]) -> list[ClosingCheck]:
    """What the quality of the measurements says, but of those whose weight and length are swapped anyway."""
    found = []
    for doubt in quality.doubts(ws, session_id):
        ids = tuple(id_ for id_ in doubt.person_ids if id_ not in swapped)
        if ids:
            sentence = _(CLOSING[doubt.code][1]).format(n=len(ids))
            found.append(ClosingCheck(doubt.code, doubt.level, sentence, ids, "under_five"))
    return found


_CHECKS: Mapping[str, tuple[str, str]] = {
    "no_birth_date": ("bad", N_("{n} orang belum ada tanggal lahirnya. Lengkapi agar bisa dinilai.")),
    "swapped": ("bad", N_("{n} orang: berat dan tinggi tampaknya tertukar.")),
    "impossible": ("bad", N_("{n} orang punya nilai yang tidak mungkin. Ukur atau periksa lagi.")),
    "unfinished": ("bad", N_("{n} isian belum selesai disimpan.")),
    "conflict": ("warn", N_("{n} orang diisi berbeda di dua laptop. Pilih nilai yang benar.")),
    "unconfirmed": ("warn", N_("{n} orang punya nilai yang jarang terjadi dan belum dipastikan.")),
    "born_today": ("warn", N_("{n} anak tercatat lahir pada hari kunjungan. Periksa tanggal lahirnya.")),
    "not_measured": ("warn", N_("{n} orang hadir tetapi belum ada hasil pengukuran.")),
    "not_referred": ("warn", N_("{n} orang perlu segera dirujuk, rujukannya belum dicatat.")),
    "overdue": ("warn", N_("{n} ibu sudah lewat perkiraan lahir. Catat persalinannya.")),
    "undecided": ("info", N_("{n} sasaran belum dicatat hadir atau tidak hadir.")),
}
"""The checks by code, in the order shown: how grave, and the sentence."""


def _doubts(gathering: _Gathering, line: _Line) -> Iterable[str]:
    ws, on = gathering.ws, gathering.day.held_on
    answers: Answers = line.visit.answers if line.visit else {}
    present = line.attendance.get("present") is True or line.visit is not None
    born_on = line.person.answers.get("born_on")
    if present and not isinstance(born_on, date):
        yield "no_birth_date"
    if present and line.form is UNDER_FIVE_VISIT and born_on == on:
        yield "born_today"
    if (
        line.group is Group.PREGNANT
        and line.pregnancy is not None
        and _is_overdue(ws.standards.on(on), line.pregnancy.answers, on)
    ):
        yield "overdue"
    if line.attendance.get("present") is None and line.visit is None and line.group in MONTHLY:
        yield "undecided"
    if line.form is None:
        return
    typed = {**answers, **line.waiting}
    swapped = line.form is UNDER_FIVE_VISIT and looks_swapped(typed, checking.last_known(line.form, line.sound))
    if swapped:
        yield "swapped"
    if line.waiting and not swapped:
        yield "unfinished"
    if present and not any(isinstance(typed.get(name), int) for name in _MEASURED[line.form.name]):
        yield "not_measured"
    if line.visit is None:
        return
    if line.visit.conflicts:
        yield "conflict"
    levels = {each.level for each in checking.doubts(ws, line.form, line.person.answers, line.visit, line.sound)}
    if not swapped and Level.HARD in levels:
        yield "impossible"
    if not swapped and Level.SOFT in levels:
        yield "unconfirmed"


_MEASURED = {
    UNDER_FIVE_VISIT.name: ("weight_g", "length_mm"),
    PREGNANCY_VISIT.name: ("weight_g", "muac_mm", "systolic_mmhg"),
    POSTPARTUM_VISIT.name: ("weight_g", "muac_mm", "systolic_mmhg"),
    SCHOOL_VISIT.name: ("weight_g", "height_mm", "systolic_mmhg"),
    ADULT_VISIT.name: ("weight_g", "waist_mm", "systolic_mmhg", "glucose_mg_dl"),
}
"""One of these makes someone measured."""


def _is_overdue(rules: Rules, carried: Answers, on: date) -> bool:
    """Whether a pregnancy has surely ended, though its end was not noted."""
    began = began_on(carried)
    return began is not None and on - began > timedelta(weeks=rules.gestation.longest_weeks)


def looks_swapped(answers: Answers, last: Answers) -> bool:
    """Whether weight and length of a child seem typed in each other's place.

    On the number pad 8,2 kg is "82" and 70,4 cm is "704"; swapped they read 7,04 kg and 82 cm, which is possible, so
    only the last visit can tell: as they stand they do not fit it, the other way round they do. Values no child can
    have ("70,4 kg, 8,2 cm") tell by themselves.
    """
    weight, length = answers.get("weight_g"), answers.get("length_mm")
    if not isinstance(weight, int) or not isinstance(length, int):
        return False
    if weight >= 30_000 and length <= 400:
        return 300 <= weight // 100 <= 1_500 and 500 <= length * 100 <= 40_000
    last_weight, last_length = last.get("weight_g"), last.get("length_mm")
    if not isinstance(last_weight, int) or not isinstance(last_length, int):
        return False
    other_weight, other_length = length * 10, weight // 10
    fits_now = abs(weight - last_weight) <= last_weight // 8 and -10 <= length - last_length <= 60
    fits_swapped = abs(other_weight - last_weight) <= last_weight // 6 and -10 <= other_length - last_length <= 60
    return fits_swapped and not fits_now


def _page_of(lines: Iterable[_Line]) -> str:
    """The register page that holds the most of them; "" when none does."""
    counted = Counter(page for line in lines for page, (groups, _form) in PAGES.items() if line.group in groups)
    return counted.most_common(1)[0][0] if counted else ""
