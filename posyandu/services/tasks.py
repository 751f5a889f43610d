"""Tindak lanjut: the people on the follow-up lists of a month, what became of each, and pages to take along.

A list says who needs something; a `follow_up` record says what was done about it. Two laptops that note the same
person on the same list in the same month meet in one record. What was postponed comes back on its day.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from posyandu.domain.calendar import Month, month_text, short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.forms.follow_up import FORM
from posyandu.domain.forms.registration import PERSON, WORKER
from posyandu.services import follow_up, leaving, posts, sessions
from posyandu.services.follow_up import AttentionList, AttentionRow
from posyandu.services.lists import LISTS, may_see
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records, settings
from posyandu.storage.records import Row, SavedOp
from posyandu.text import N_, _

DONE_DAYS = 30
"""How long what was dealt with stays under "Selesai"."""

LEVELS = ("bad", "warn", "info")

EVIDENCE_ITS_OWN = frozenset(
    (
        *("referral_open", "elderly_help", "anaemia", "smoking", "talk", "home_visit", "danger_at_home"),
        *("newborn_risk", "consent_withdrawn"),
    )
)
"""Lists that show the same referral or answers for months: what was done about them holds until there are new ones."""

_SPACE = uuid.UUID("5d8f6f0e-64a1-4f0b-9a55-0d6f3c1b7e21")
_STATE = FORM.fields["state"]
assert isinstance(_STATE, Choice)
STATES: Mapping[str, str] = MappingProxyType({each.code: each.label for each in _STATE.options})
"""What can become of someone on a list; the words want translating."""

PUT_OFF = (
    N_("Tidak ada di rumah"),
    N_("Minta datang lain waktu"),
    N_("Sedang di luar desa"),
    N_("Menunggu tenaga kesehatan"),
)
"""Reasons for postponing that are one press away."""


@dataclass(frozen=True)
class Task:
    """One person on one list; `errand` is what a visit is for. `note` says that it was postponed before, and why."""

    code: str
    level: str
    person: AttentionRow
    record_id: str
    period: Month
    note: str = ""
    errand: str = ""


@dataclass(frozen=True)
class TaskList:
    """A list with those still to be seen; `level` is "bad", "warn" or "info".

    A `private` one stays on the screen; of a campaign `done` tells how many of all have been served.
    """

    code: str
    title: str
    detail: str
    level: str
    tasks: tuple[Task, ...]
    private: bool = False
    done: tuple[int, int] | None = None

    @property
    def errand(self) -> str:
        """What is to be done about those on the list, as a sentence begins; empty of an empty list."""
        words = self.tasks[0].errand if self.tasks else ""
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Settled:
    """Someone about whom something was noted: `words` says what, when, by whom and why."""

    record_id: str
    person_id: str
    name: str
    list_title: str
    code: str
    state: str
    words: str
    on: date
    until: date | None


@dataclass(frozen=True)
class Board:
    """Everything the page shows: lists worst first, what was put off, what was dealt with lately (newest first)."""

    month: Month
    lists: tuple[TaskList, ...]
    postponed: tuple[Settled, ...]
    settled: tuple[Settled, ...]

    @property
    def people(self) -> int:
        """How many different people are still to be seen."""
        return len({task.person.id for each in self.lists for task in each.tasks})


def record_id(person_id: str, code: str, period: Month) -> str:
    """The one record of a person on a list in a month."""
    return uuid.uuid5(_SPACE, f"{person_id} {code} {period}").hex


def month_of(ws: Workspace, posyandu_id: str) -> Month:
    """The month whose lists count now: that of the last posyandu day to which somebody came, else this one.

    A day that was only opened has nothing to tell yet: until somebody comes, last month's lists stand.
    """
    days = sessions.recent(ws, posyandu_id)
    under_way = _under_way(ws, days)
    if under_way is not None and not sessions.tally(ws, under_way.id).present:
        days = [day for day in days if day != under_way]
    last = next(iter(days), None)
    return Month.of(last.held_on if last is not None else ws.today())


def _under_way(ws: Workspace, days: Sequence[sessions.Day]) -> sessions.Day | None:
    return next((day for day in days if not day.closed and day.held_on == ws.today()), None)


@at_its_post
def board(ws: Workspace, posyandu_id: str, month: Month | None = None, *, private: bool = False) -> Board:
    """The lists of a month without those dealt with, and what was noted about those.

    Without a month those that count now: of the last posyandu day, with what has come due or was noted since, and
    what was found before and is still open: who stayed away with it is one line that says both.

    With `private` also the lists for the worker's role only: for the page of the lists, never for Beranda or families.
    """
    until = ws.today() if month is None else None
    month = month or month_of(ws, posyandu_id)
    noted = {row.id: row for row in records.load_many(ws.db, FORM, scope=posyandu_id)}
    today = ws.today()
    lists = []
    dealt: dict[str, date] = {}
    under_way = _under_way(ws, sessions.recent(ws, posyandu_id))
    for found in follow_up.attention(ws, posyandu_id, month, role=ws.worker.role if private else "", until=until):
        if found.code == "absent" and under_way is not None and Month.of(under_way.held_on) == month:
            continue  # whoever has not come may still come today
        tasks = [task for row in found.people if (task := _task(found, row, month, noted, today)) is not None]
        dealt.update(_dealt_with(found, month, noted))
        kept = TaskList(found.code, found.title, found.detail, found.level, tuple(tasks), found.private, found.done)
        lists.append(kept)
    waiting = [row for row in noted.values() if _is_waiting(row.answers, today)]
    ended = [row for row in noted.values() if _is_recent(row.answers, today)]
    return Board(
        month,
        tuple(each for each in _with_absence(lists, month, dealt) if each.tasks),
        tuple(sorted(_settled(ws, waiting, private), key=lambda each: (each.until or today, each.name))),
        tuple(sorted(_settled(ws, ended, private), key=lambda each: (each.on, each.name), reverse=True)),
    )


def _task(found: AttentionList, row: AttentionRow, month: Month, noted: Mapping[str, Row], today: date) -> Task | None:
    code, level, period = found.code, found.level, _period(found, row, month)
    key = record_id(row.id, code, period)
    kept = noted.get(key)
    if kept is None:
        return Task(code, level, row, key, period, errand=found.errand)
    if kept.answers.get("state") != "postponed" or _is_waiting(kept.answers, today):
        return None
    return Task(code, level, row, key, period, note=_words(kept.answers), errand=found.errand)


def _period(found: AttentionList, row: AttentionRow, month: Month) -> Month:
    """The month in which what was found was found: whatever is done about it is about that."""
    if found.code in EVIDENCE_ITS_OWN and row.since:
        return Month.of(row.since)
    return Month.of(row.noted_on) if row.noted_on else month


def _dealt_with(found: AttentionList, month: Month, noted: Mapping[str, Row]) -> Iterator[tuple[str, date]]:
    """Of whom a finding of an earlier month was dealt with, and on which day."""
    for row in found.people:
        if _is_of_before(row, month):
            kept = noted.get(record_id(row.id, found.code, _period(found, row, month)))
            if kept is not None and isinstance(on := kept.answers.get("noted_on"), date):
                yield row.id, on


def _is_of_before(row: AttentionRow, month: Month) -> bool:
    return row.noted_on is not None and row.noted_on < month.first


def _with_absence(lists: Iterable[TaskList], month: Month, dealt: Mapping[str, date]) -> Iterator[TaskList]:
    """Who did not come and has an older finding open stands under that alone, and the line says so.

    Nor is anybody called absent about whom something of before was dealt with since the day they did not come.
    """
    kept = list(lists)
    away = {task.person.id: task.person for each in kept if each.code == "absent" for task in each.tasks}
    sought: set[str] = set()
    for each in kept:
        if each.code == "absent":
            staying = (
                task
                for task in each.tasks
                if task.person.id not in sought
                and not (task.person.since and dealt.get(task.person.id, date.min) >= task.person.since)
            )
            yield replace(each, tasks=tuple(staying))
            continue
        told = []
        for task in each.tasks:
            absent = away.get(task.person.id)
            if absent is not None and not each.private and _is_of_before(task.person, month):
                sought.add(absent.id)
                words = f"{task.person.reason}, {absent.reason[:1].lower()}{absent.reason[1:]}"
                task = replace(task, person=replace(task.person, reason=words))
            told.append(task)
        yield replace(each, tasks=tuple(told))


def _is_waiting(answers: Answers, today: date) -> bool:
    until = answers.get("until")
    return answers.get("state") == "postponed" and isinstance(until, date) and until > today


def _is_recent(answers: Answers, today: date) -> bool:
    on = answers.get("noted_on")
    return (
        answers.get("state") in ("visited", "referred", "done")
        and isinstance(on, date)
        and on > today - timedelta(days=DONE_DAYS)
    )


def _settled(ws: Workspace, rows: Iterable[Row], private: bool) -> list[Settled]:
    found = []
    for row in rows:
        person = records.load(ws.db, PERSON, str(row.answers.get("person_id")))
        code, on, until = str(row.answers.get("list_code")), row.answers.get("noted_on"), row.answers.get("until")
        if person is None or person.withdrawn or code not in LISTS or not isinstance(on, date):
            continue
        if not may_see(LISTS[code], ws.worker.role if private else ""):
            continue
        found.append(
            Settled(
                record_id=row.id,
                person_id=person.id,
                name=str(person.answers.get("name") or ""),
                list_title=_(LISTS[code].title),
                code=code,
                state=str(row.answers.get("state")),
                words=_words(row.answers),
                on=on,
                until=until if isinstance(until, date) else None,
            )
        )
    return found


def _words(answers: Answers) -> str:
    """ "Ditunda sampai 19-11-2026: tidak ada di rumah (Sari)"."""
    state, on, until = str(answers.get("state")), answers.get("noted_on"), answers.get("until")
    if state == "postponed" and isinstance(until, date):
        words = _("Ditunda sampai {day}").format(day=short_date(until))
    else:
        words = f"{_(STATES.get(state, ''))} {short_date(on) if isinstance(on, date) else ''}".strip()
    reason, by = str(answers.get("reason") or ""), str(answers.get("done_by") or "")
    words = f"{words}: {reason[:1].lower()}{reason[1:]}" if reason else words
    return f"{words} ({by})" if by else words


def settle(ws: Workspace, task: Task, state: str, *, reason: str = "", until: date | None = None) -> SavedOp:
    """Note what became of someone: "visited", "referred", "done", or "postponed" with a reason and a later day.

    The op id undoes it. Raises BadInput for an unknown state, and for postponing without reason or to a day that has
    come; NotFound when the person is not in this book.
    """
    if state not in STATES:
        raise BadInput(_("Pilih apa yang sudah dilakukan."))
    if state == "postponed" and (until is None or until <= ws.today()):
        raise BadInput(_("Pilih sampai kapan ditunda, sesudah hari ini."))
    if state == "postponed" and not reason.strip():
        raise BadInput(_("Tulis atau pilih alasannya, supaya kader lain tahu."))
    person = records.load(ws.db, PERSON, task.person.id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    answers: Answers = {
        "list_code": task.code,
        "period": str(task.period),
        "state": state,
        "noted_on": ws.today(),
        "until": until if state == "postponed" else None,
        "reason": reason.strip() or None,
        "done_by": ws.worker.name,
    }
    return records.save(
        ws.db,
        FORM,
        task.record_id,
        answers,
        scope=person.scope,
        author=ws.author,
        now=ws.now(),
        links={"person_id": person.id},
    )


def take_back(ws: Workspace, task_record: str) -> SavedOp:
    """Put someone back on the list, whatever had been noted; undo by the op id. Raises NotFound."""
    return records.withdraw(ws.db, FORM, task_record, author=ws.author, now=ws.now())


def undo(ws: Workspace, op_id: str) -> SavedOp:
    """Take the last press back."""
    return records.undo(ws.db, op_id, ws.author, ws.now())


# --- to take along --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Errand:
    """One person to be seen, with every reason, worst first; `what_for` is the same without any result."""

    person: AttentionRow
    reasons: tuple[str, ...]
    level: str
    what_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Share:
    """What one kader takes along, in their RTs, or groups of dasawisma where `by` says so.

    `worker_id` is "" when the post has no kader in its book yet.
    """

    worker_id: str
    kader: str
    rts: tuple[str, ...]
    errands: tuple[Errand, ...]
    by: str = "rt"


BY = ("rt", "dasawisma")
"""What the errands can be shared out by."""


def place_of(person: AttentionRow, by: str) -> str:
    """The RT or the dasawisma of someone; "" when unknown."""
    return person.dasawisma if by == "dasawisma" else person.rt


def errands(shown: Board, codes: Sequence[str] | None = None) -> tuple[Errand, ...]:
    """Everyone still to be seen, once, by RT and within it the worst first; `codes` keeps to some of the lists.

    What is on a private list only is not carried about.
    """
    reasons: dict[str, list[Task]] = {}
    for each in shown.lists:
        if (codes is None or each.code in codes) and not each.private:
            for task in each.tasks:
                reasons.setdefault(task.person.id, []).append(task)
    made = [
        Errand(
            tasks[0].person,
            tuple(_each_once(task.person.reason for task in tasks)),
            min((task.level for task in tasks), key=LEVELS.index),
            tuple(dict.fromkeys(task.errand for task in tasks if task.errand)),
        )
        for tasks in reasons.values()
    ]
    return tuple(
        sorted(made, key=lambda one: (one.person.rt or "~", LEVELS.index(one.level), one.person.name.casefold()))
    )


def _each_once(reasons: Iterable[str]) -> Iterator[str]:
    """The reasons without what an earlier one said: "Malnutrisi, Penglihatan" and "Penglihatan, Hipertensi"."""
    said: set[str] = set()
    for reason in reasons:
        parts = [part for part in reason.split(", ") if part not in said]
        said.update(parts)
        if parts:
            yield ", ".join(dict.fromkeys(parts))


def kader(ws: Workspace) -> list[tuple[str, str]]:
    """Id and name of the kader who may take a page along; whoever is at work when the book names none."""
    found = [
        (row.id, str(row.answers.get("name") or ""))
        for row in records.load_many(ws.db, WORKER)
        if row.answers.get("active") is not False and row.answers.get("role") in (None, "kader", "coordinator")
    ]
    return sorted(found, key=lambda pair: pair[1].casefold()) or [(ws.worker.id, ws.worker.name)]


def rt_kader(ws: Workspace, by: str = "rt") -> dict[str, str]:
    """Which kader goes to which RT (or dasawisma) on this laptop; those nobody was chosen for are missing."""
    known = {worker_id for worker_id, _name in kader(ws)}
    kept = settings.get(ws.db, f"{by}_kader:{ws.posyandu_id}", {})
    return {place: worker_id for place, worker_id in kept.items() if worker_id in known}


def choose_kader(ws: Workspace, chosen: Mapping[str, str], by: str = "rt") -> None:
    """Keep who goes where, for this month's pages and the next, and by what the errands are shared out."""
    settings.put(ws.db, f"{by}_kader:{ws.posyandu_id}", {**rt_kader(ws, by), **chosen})
    settings.put(ws.db, f"errands_by:{ws.posyandu_id}", by)


def shared_by(ws: Workspace) -> str:
    """By what the errands were shared out last: "rt" or "dasawisma"."""
    by = str(settings.get(ws.db, f"errands_by:{ws.posyandu_id}", "rt"))
    return by if by in BY else "rt"


def shares(ws: Workspace, wanted: Sequence[Errand], by: str | None = None) -> tuple[Share, ...]:
    """The errands shared out: places that have a kader go to them, the others to whoever has least so far."""
    by = shared_by(ws) if by is None else by
    workers, chosen = kader(ws), rt_kader(ws, by)
    by_place: dict[str, list[Errand]] = {}
    for errand in wanted:
        by_place.setdefault(place_of(errand.person, by), []).append(errand)
    given: dict[str, list[str]] = {worker_id: [] for worker_id, _name in workers}
    for place in sorted(by_place, key=lambda place: (place not in chosen, -len(by_place[place]), place)):
        least = min(given, key=lambda worker_id: sum(len(by_place[each]) for each in given[worker_id]))
        given[chosen.get(place, least)].append(place)
    names = dict(workers)
    return tuple(
        Share(
            worker_id,
            names[worker_id],
            tuple(sorted(places)),
            tuple(one for place in sorted(places) for one in by_place[place]),
            by,
        )
        for worker_id, places in given.items()
        if places
    )


def pages(ws: Workspace, shown: Board, given: Sequence[Share]) -> bytes:
    """The pages to take along as PDF, one for each kader, with room to write down what was found."""
    from posyandu.reports.errands import ErrandPage, ErrandRow, errands_pdf

    post = _post_name(ws)
    made = [
        ErrandPage(
            kader=share.kader,
            where=_where_words(share.rts, share.by),
            rows=tuple(
                ErrandRow(
                    one.person.id,
                    _named(one.person),
                    _place(one.person),
                    one.person.phone,
                    "; ".join(one.reasons),
                    one.level,
                )
                for one in share.errands
            ),
        )
        for share in given
    ]
    return errands_pdf(post, month_text(shown.month), short_date(ws.today()), made)


def save_pages(ws: Workspace, shown: Board, given: Sequence[Share], path: Path) -> Path:
    """Write the pages, whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced."""
    return leaving.hand_out(ws, leaving.NAMES, path, pages(ws, shown, given), told(shown))


def told(shown: Board) -> str:
    """What the lists of a month are called."""
    return _("Daftar kunjungan {month}").format(month=month_text(shown.month))


def message(ws: Workspace, shown: Board, share: Share) -> str:
    """The same list as text to paste into WhatsApp: names, RT and what for; no numbers of identity and no results."""
    lines = [
        _("*Daftar kunjungan {post}, {month}*").format(post=_post_name(ws), month=month_text(shown.month)),
        _("Untuk {kader}").format(kader=share.kader),
    ]
    for rt in share.rts:
        lines += ["", f"*{_where_words((rt,), share.by)}*"]
        own = [one for one in share.errands if place_of(one.person, share.by) == rt]
        for place, one in enumerate(own, start=1):
            soon = _(", segera") if one.level == "bad" else ""
            lines.append(f"{place}. {_named(one.person)}: {'; '.join(one.what_for)}{soon}")
    lines += ["", _("Hanya untuk kader yang bertugas. Jangan diteruskan ke grup umum.")]
    return "\n".join(lines)


def _named(person: AttentionRow) -> str:
    extra = [person.age_text, _("ibu {name}").format(name=person.mother_name) if person.mother_name else ""]
    words = ", ".join(part for part in extra if part)
    return f"{person.name} ({words})" if words else person.name


def _place(person: AttentionRow) -> str:
    return person.address_line or (f"RT {person.rt}" if person.rt else "")


def _where_words(places: Iterable[str], by: str) -> str:
    named = [place for place in places if place]
    title = "RT" if by == "rt" else _("Dasawisma")
    words = f"{title} {', '.join(named)}" if named else ""
    nowhere = _("tanpa RT") if by == "rt" else _("tanpa dasawisma")
    return ", ".join(part for part in (words, nowhere if "" in places else "") if part)


def _post_name(ws: Workspace) -> str:
    return next((post.name for post in posts.posts(ws) if post.id == ws.posyandu_id), "Posyandu")
