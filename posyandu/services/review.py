"""Officers and kader over a month: doubts to confirm or ask about, sent back, accepted, and which posts are in.

What is said is a record of the post, so that a question asked at the puskesmas stands on the kader's laptop after the
next exchange, and the answer comes back the same way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock

from posyandu.domain.calendar import Month, short_date
from posyandu.domain.duties import DUTIES, REVIEWERS
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Value
from posyandu.domain.forms.review import FORM
from posyandu.domain.forms.session import SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.quality import AGAIN, Quality
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import PersonRef
from posyandu.services import conflicts, month_lock, posts, quality, reporting, sessions, two_posts, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records, settings, stamps, summaries
from posyandu.storage.records import Row
from posyandu.text import N_, _

DUE_DAY = 5
"""The day of the next month by which reports are wanted at the puskesmas, until somebody chooses another."""
DUE_DAYS = range(1, 29)
"""Every month has these days."""


@dataclass(frozen=True)
class Note:
    """One thing said about a month; a question has the `answers` given so far."""

    id: str
    kind: str
    words: str
    by: str
    on: date
    month: Month
    person_id: str = ""
    person: str = ""
    record: str = ""
    revision: int | None = None
    answers: tuple["Note", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is a question that nobody has answered."""
        return self.kind == "question" and not self.answers

    @property
    def line(self) -> str:
        """Who said it, and when."""
        return f"{self.by}, {short_date(self.on)}"


@dataclass(frozen=True)
class Doubt:
    """One doubtful measurement with its child and day; `asked` is the newest question sent about that visit."""

    code: str
    person_id: str
    name: str
    on: date | None
    record_id: str
    fields: tuple[str, ...]
    sentence: str
    again: bool
    asked: Note | None = None


@dataclass(frozen=True)
class Readiness:
    """A month before it is signed: how good its measurements are, what is doubtful, what does not add up."""

    report: MonthlyReport
    quality: Quality
    doubts: tuple[Doubt, ...]
    state: month_lock.MonthState
    notes: tuple[Note, ...]
    days: tuple[sessions.Day, ...]

    @property
    def wrong(self) -> tuple[reporting.Reconciliation, ...]:
        """The checks that fail."""
        return tuple(check for check in self.report.checks if not check.ok)

    @property
    def decision(self) -> Note | None:
        """The last word of an officer: sent back or accepted; None before."""
        return next((note for note in reversed(self.notes) if note.kind in ("returned", "accepted")), None)


def readiness(ws: Workspace, posyandu_id: str, month: Month) -> Readiness:
    """Everything to look at before a month is signed. Raises NotFound for an unknown post."""
    report = reporting.monthly(ws, posyandu_id, month)
    found = quality.of_month(ws, posyandu_id, month)
    notes = thread(ws, posyandu_id, month)
    days = tuple(day for day in sessions.recent(ws, posyandu_id, limit=100) if day.held_on in month)
    return Readiness(
        report=report,
        quality=found,
        doubts=tuple(_doubts(ws, found, notes)),
        state=month_lock.state(ws, posyandu_id, month, report),
        notes=tuple(notes),
        days=days,
    )


def _doubts(ws: Workspace, found: Quality, notes: Iterable[Note]) -> Iterable[Doubt]:
    people = summaries.persons(ws.db, {mark.person_id for mark in found.marks})
    days = {row.id: row.answers.get("visited_on") for row in _visits(ws, {mark.record_id for mark in found.marks})}
    asked = {note.record: note for note in notes if note.kind == "question" and note.record}
    for mark in sorted(found.marks, key=lambda each: each.code not in AGAIN):
        on = days.get(mark.record_id)
        yield Doubt(
            code=mark.code,
            person_id=mark.person_id,
            name=str(people[mark.person_id].answers.get("name") or "") if mark.person_id in people else "",
            on=on if isinstance(on, date) else None,
            record_id=mark.record_id,
            fields=mark.fields,
            sentence=mark.sentence,
            again=mark.code in AGAIN,
            asked=asked.get(mark.record_id),
        )


def _visits(ws: Workspace, ids: Iterable[str]) -> list[Row]:
    return [row for id_ in ids if id_ and (row := records.load(ws.db, UNDER_FIVE_VISIT, id_)) is not None]


def confirm(ws: Workspace, doubt: Doubt) -> str:
    """The value was looked at again and is right: the doubt is gone, for good. Gives back the id of the save.

    Raises BadInput for a doubt that no value can settle: late writing stays late.
    """
    if not doubt.fields or not doubt.record_id:
        raise BadInput(_("Ini tidak dapat dipastikan, hanya diketahui."))
    return visits.confirm(ws, UNDER_FIVE_VISIT, doubt.record_id, doubt.fields)


def exclude(ws: Workspace, session_id: str, tool: str, reason: str) -> str:
    """Say that the scale, board or both of a day were wrong: its indices are not counted any more, all else is.

    "none" takes it back. Gives back the id of the save. Raises NotFound, BadInput without a reason.
    """
    if tool not in ("none", "scale", "board", "both"):
        raise BadInput(_("Pilih alat yang salah."))
    if tool != "none" and not reason.strip():
        raise BadInput(_("Tulis bagaimana diketahui bahwa alatnya salah."))
    day = sessions.get(ws, session_id)
    changes: dict[str, Value | None] = {"wrong_tool": tool, "wrong_tool_reason": reason.strip() or None}
    saved = records.save(
        ws.db, SESSION, session_id, changes, scope=day.posyandu_id, author=ws.author, now=ws.now(), reason=reason
    )
    return saved.op_id


# ---- what is said


def thread(ws: Workspace, posyandu_id: str, month: Month) -> list[Note]:
    """Everything said about a month, oldest first; answers stand under their questions."""
    return _threaded(ws, records.load_many(ws.db, FORM, scope=posyandu_id, month=str(month)))


def open_questions(ws: Workspace, posyandu_id: str) -> list[Note]:
    """The questions to a post that nobody has answered yet, oldest first."""
    return [note for note in _threaded(ws, records.load_many(ws.db, FORM, scope=posyandu_id)) if note.is_open]


def sent_back(ws: Workspace, posyandu_id: str) -> list[Note]:
    """The months of a post that an officer returned and that were not signed anew since, oldest first."""
    last = {
        note.month: note
        for note in _threaded(ws, records.load_many(ws.db, FORM, scope=posyandu_id))
        if note.kind in ("returned", "accepted")
    }
    return [note for note in last.values() if note.kind == "returned" and not _signed_since(ws, posyandu_id, note)]


def _signed_since(ws: Workspace, posyandu_id: str, note: Note) -> bool:
    newest = month_lock.versions(ws, posyandu_id, note.month)
    return bool(newest) and newest[-1].revision != note.revision


def _threaded(ws: Workspace, rows: Iterable[Row]) -> list[Note]:
    listed = sorted((row for row in rows if not row.withdrawn), key=lambda row: row.saved_at)
    people = summaries.persons(ws.db, {id_ for row in listed if (id_ := str(row.answers.get("person_id") or ""))})
    answers: dict[str, list[Note]] = {}
    for row in listed:
        if row.answers.get("kind") == "answer":
            answers.setdefault(str(row.answers.get("answers_to")), []).append(_note(row, people))
    return [_note(row, people, answers.get(row.id, ())) for row in listed if row.answers.get("kind") != "answer"]


def _note(row: Row, people: dict[str, Row], answers: Iterable[Note] = ()) -> Note:
    told, person_id, on = row.answers, str(row.answers.get("person_id") or ""), row.answers.get("noted_on")
    revision = told.get("revision")
    duty = _(DUTIES[str(told["role"])]) if told.get("role") in DUTIES else ""
    return Note(
        id=row.id,
        kind=str(told.get("kind")),
        words=str(told.get("words") or ""),
        by=", ".join(part for part in (str(told.get("writer") or ""), duty) if part),
        on=on if isinstance(on, date) else row.saved_at.date(),
        month=Month.read(str(told.get("month"))),
        person_id=person_id,
        person=str(people[person_id].answers.get("name") or "") if person_id in people else "",
        record=str(told.get("record") or ""),
        revision=revision if isinstance(revision, int) else None,
        answers=tuple(answers),
    )


def say(
    ws: Workspace,
    posyandu_id: str,
    month: Month,
    kind: str,
    words: str,
    *,
    person_id: str = "",
    record: str = "",
    answers_to: str = "",
    revision: int | None = None,
) -> str:
    """Write down a question, answer, comment, return or acceptance, and give its id. Raises BadInput without words."""
    told = " ".join(words.split())
    if not told and kind != "accepted":
        raise BadInput(_("Tulis dulu isinya."))
    answers: dict[str, Value | None] = {
        "month": str(month),
        "kind": kind,
        "words": told or None,
        "answers_to": answers_to or None,
        "record": record or None,
        "revision": revision,
        "noted_on": ws.today(),
        "writer": ws.worker.name,
        "role": ws.worker.role,
    }
    note_id = records.new_id()
    links = {"person_id": person_id} if person_id else {}
    records.save(
        ws.db, FORM, note_id, answers, scope=posyandu_id, author=ws.author, now=ws.now(), links=links
    )  # fmt: skip
    return note_id


def ask(ws: Workspace, posyandu_id: str, month: Month, doubt: Doubt, words: str) -> str:
    """Send a doubt back to the kader with a question."""
    return say(ws, posyandu_id, month, "question", words, person_id=doubt.person_id, record=doubt.record_id)


def answer(ws: Workspace, posyandu_id: str, note: Note, words: str) -> str:
    """Answer a question."""
    return say(ws, posyandu_id, note.month, "answer", words, person_id=note.person_id, answers_to=note.id)


def send_back(ws: Workspace, posyandu_id: str, month: Month, words: str) -> str:
    """Return a month for correction, saying what to do. Raises BadInput for whoever does not review, or no words."""
    _only_reviewers(ws)
    newest = month_lock.versions(ws, posyandu_id, month)
    return say(ws, posyandu_id, month, "returned", words, revision=newest[-1].revision if newest else None)


def accept(ws: Workspace, posyandu_id: str, month: Month, words: str = "") -> str:
    """Accept the newest signed version. Raises BadInput when nothing is signed, or it changed since."""
    _only_reviewers(ws)
    state = month_lock.state(ws, posyandu_id, month)
    if state.newest is None:
        raise BadInput(_("Bulan ini belum disahkan Posyandu, jadi belum dapat diterima."))
    if state.code == "changed":
        raise BadInput(_("Isinya berubah sejak disahkan. Minta disahkan lagi, lalu terima."))
    return say(ws, posyandu_id, month, "accepted", words, revision=state.newest.revision)


def reviews(ws: Workspace) -> bool:
    """Whether the one at work looks after several posts; in a practice book everybody may try."""
    return ws.practice or ws.worker.role in REVIEWERS


def _only_reviewers(ws: Workspace) -> None:
    if not reviews(ws):
        raise BadInput(_("Laporan diterima atau dikembalikan oleh bidan, petugas gizi, Puskesmas atau operator desa."))


# ---- which posts are in


STATES = {
    "missing": ("bad", N_("Belum masuk")),
    "doubtful": ("warn", N_("Perlu dicek")),
    "in": ("info", N_("Sudah masuk")),
    "signed": ("ok", N_("Disahkan")),
    "returned": ("warn", N_("Dikembalikan")),
    "accepted": ("ok", N_("Diterima")),
}
"""How a post's month stands: how grave, and in words."""
NEARLY_LATE_DAYS = 3
"""A post that is not in yet is no alarm before so many days are left: our own mark, no regulation has any."""


@dataclass(frozen=True)
class PostState:
    """One post on the board: how its month stands, and the figures that say why.

    `days` are the posyandu days held, `targets` and `weighed` S and D, `wrong` what does not add up, `again` who is to
    be measured again, `questions` those open. `wrong` and `again` carry their people. `differing`: on how many of its
    records, of any month, two laptops differ for so long that whoever looks after it is asked too.
    """

    post: posts.Post
    code: str
    days: int
    targets: int
    weighed: int
    score: int | None
    sentence: str
    wrong: tuple[reporting.Reconciliation, ...] = ()
    again: tuple[PersonRef, ...] = ()
    questions: int = 0
    revision: int | None = None
    differing: int = 0

    @property
    def level(self) -> str:
        """How grave."""
        return STATES[self.code][0]

    @property
    def label(self) -> str:
        """The state in a word or two."""
        return _(STATES[self.code][1])


@dataclass(frozen=True)
class PostBoard:
    """Every post of the book for a month, the ones to see to first; `days_left` until the reports are due."""

    month: Month
    due_on: date
    days_left: int
    posts: tuple[PostState, ...] = field(default=())

    def count(self, *codes: str) -> int:
        """How many posts stand so."""
        return sum(each.code in codes for each in self.posts)

    def level_of(self, state: PostState) -> str:
        """How grave a post's state is now: who is not in yet while there is time enough is nothing grave."""
        early = state.code == "missing" and self.days_left > NEARLY_LATE_DAYS
        return "neutral" if early else state.level

    @property
    def sentence(self) -> str:
        """How the month stands in one line."""
        words = _("{done} dari {all} Posyandu sudah masuk, {doubtful} perlu dicek, {missing} belum.").format(
            done=len(self.posts) - self.count("missing"),
            all=len(self.posts),
            doubtful=self.count("doubtful", "returned"),
            missing=self.count("missing"),
        )
        if self.days_left < 0 and not self.count("missing", "doubtful", "returned"):
            return words  # nobody is late
        if self.days_left > 0:
            left = _("{n} hari lagi.").format(n=self.days_left)
        else:
            left = _("Hari terakhir.") if self.days_left == 0 else _("Terlambat {n} hari.").format(n=-self.days_left)
        return f"{words} {left}"


Report = Callable[[int, int, str], object]


def due_on(ws: Workspace, month: Month) -> date:
    """The day by which the report of a month is wanted."""
    return (month + 1).first.replace(day=due_day(ws))


def due_day(ws: Workspace) -> int:
    """That day of the next month."""
    chosen = settings.get(ws.db, _DUE, DUE_DAY)
    return chosen if chosen in DUE_DAYS else DUE_DAY


def set_due_day(ws: Workspace, day: int) -> None:
    """Choose it for this book. Raises BadInput for whoever does not review, and for a day some months lack."""
    if not reviews(ws):
        raise BadInput(_("Batas laporan dipilih oleh bidan, petugas gizi, Puskesmas atau operator desa."))
    if day not in DUE_DAYS:
        raise BadInput(_("Pilih tanggal 1 sampai 28."))
    settings.put(ws.db, _DUE, day)


_DUE = "report_due_day"


def board(ws: Workspace, month: Month, progress: Report | None = None) -> PostBoard:
    """How every post of this book stands for a month; `progress` hears of each post before it is looked at.

    A post none of whose records changed since the last look, nor who of its people lives at another, is not worked out
    again.
    """
    due, listed = due_on(ws, month), posts.posts(ws)
    rules = (ws.today(), _(STATES["in"][1]))
    waiting = conflicts.handed_over(ws)
    found = []
    with _ONE_AT_A_TIME:
        book = _books.setdefault((ws.folder or id(ws.db), ws.device), _Book(stamps.begin(ws.db)))
        stamps.look(ws.db, book.watch)
        elsewhere = two_posts.at_two_posts(ws)
        for number, post in enumerate(listed):
            if progress is not None:
                progress(number, len(listed), post.name)
            differing = waiting.get(post.id, 0)
            now = (stamps.stamp(book.watch, post.id), elsewhere.get(post.id), post, rules, differing)
            kept = book.states.get((post.id, month))
            if kept is None or kept[0] != now:
                kept = now, replace(_state(ws, post, month), differing=differing)
            book.states.pop((post.id, month), None)
            book.states[post.id, month] = kept  # the newest last
            found.append(kept[1])
        for oldest in list(book.states)[: -MONTHS_KEPT * len(listed) or None]:
            del book.states[oldest]
    order = list(STATES)
    found.sort(key=lambda each: (order.index(each.code), each.post.name.casefold()))
    return PostBoard(month, due, (due - ws.today()).days, tuple(found))


MONTHS_KEPT = 3
"""For how many months the states of all posts are kept."""


@dataclass
class _Book:
    """The states last worked out of a book, each with all that they depend on."""

    watch: stamps.Watch
    states: dict[tuple[str, Month], tuple[object, PostState]] = field(default_factory=dict)


_books: dict[tuple[Path | int, str], _Book] = {}
_ONE_AT_A_TIME = Lock()


def _state(ws: Workspace, post: posts.Post, month: Month) -> PostState:
    days = summaries.sessions(ws.db, post.id, month.first, month.last)
    report = reporting.monthly(ws, post.id, month)
    number = {row[0].text: row[-1].value for row in report.skdn.rows}
    targets, weighed = (value if isinstance(value := number.get(code), int) else 0 for code in ("S", "D"))
    judged = quality.of_month(ws, post.id, month)
    state = month_lock.state(ws, post.id, month, report)
    notes = thread(ws, post.id, month)
    last = next((note for note in reversed(notes) if note.kind in ("returned", "accepted")), None)
    wrong = tuple(check for check in report.checks if not check.ok)
    again = {mark.person_id: mark for mark in judged.marks if mark.code in AGAIN}
    people = summaries.persons(ws.db, again)
    questions = sum(note.is_open for note in notes)
    code = _code(weighed, state, last, bool(wrong or again or questions))
    return PostState(
        post=post,
        code=code,
        days=len(days),
        targets=targets,
        weighed=weighed,
        score=judged.score,
        sentence=_why(code, len(days), state, last, len(wrong), len(again), questions),
        wrong=wrong,
        again=tuple(
            PersonRef(id_, str(people[id_].answers.get("name") or ""), mark.sentence) for id_, mark in again.items()
        ),
        questions=questions,
        revision=state.newest.revision if state.newest else None,
    )


def _code(weighed: int, state: month_lock.MonthState, last: Note | None, doubtful: bool) -> str:
    if not weighed:
        return "missing"
    signed = state.newest.revision if state.newest else None
    if last is not None and last.kind == "returned" and (signed is None or signed == last.revision):
        return "returned"
    if state.code == "signed":
        return "accepted" if last is not None and last.kind == "accepted" and last.revision == signed else "signed"
    return "doubtful" if doubtful or state.code == "changed" else "in"


def _why(
    code: str, days: int, state: month_lock.MonthState, last: Note | None, wrong: int, again: int, questions: int
) -> str:
    if code == "missing":
        return _("Hari buka tercatat, tetapi belum ada yang ditimbang.") if days else _("Belum ada hari buka.")
    if code in ("returned", "accepted") and last is not None:
        return f"{last.line}: {last.words}" if last.words else last.line
    if code == "signed" or state.code == "changed":
        return state.sentence
    parts = [
        _("{n} hitungan belum cocok").format(n=wrong) if wrong else "",
        _("{n} anak diukur lagi").format(n=again) if again else "",
        _("{n} pertanyaan belum dijawab").format(n=questions) if questions else "",
    ]
    return ", ".join(filter(None, parts)) or _("Siap disahkan.")
