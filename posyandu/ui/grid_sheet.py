"""The rows of one page of a posyandu day: read, saved box by box, judged, and taken back step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from posyandu.domain.fields import Field, Number, Value
from posyandu.domain.form import Context, Form, Level, Limit, Problem, problems
from posyandu.domain.service_group import Group
from posyandu.services import registers, sessions, visits
from posyandu.services.instrument_pages import INSTRUMENTS, Instrument
from posyandu.services.sessions import RosterRow
from posyandu.services.workspace import Workspace
from posyandu.text import _
from posyandu.ui.grid_verdict import Verdict, instrument_verdict, sheet_reason, short_verdict

PARTED = "  ·  "
CHILD_GROUPS = (Group.INFANT, Group.UNDER_FIVE, Group.PRESCHOOL)


@dataclass
class GridRow:
    """One person on the page: the roster's row, what is saved, what is typed but impossible, what is wrong.

    `form` is what the row is recorded in, `fields` its question in each column, None where its card has none. `alarm`
    is what cannot wait; `unsealed` says that confidential answers stand in memory that are in no record yet.
    """

    entry: RosterRow
    answers: dict[str, Value | None]
    waiting: dict[str, Value | None]
    present: bool | None
    reason: str | None
    form: Form
    fields: tuple[Field | None, ...]
    record_id: str | None = None
    agreed: frozenset[str] = frozenset()
    limits: Mapping[str, Limit] | None = None
    problems: dict[str, Problem] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)
    judged: bool = False
    alarm: str = ""
    unsealed: bool = False

    @property
    def person_id(self) -> str:
        """Whose row it is."""
        return self.entry.person_id

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its questions on this page."""
        return tuple(each.name for each in self.fields if each is not None)

    def place_of(self, name: str) -> int:
        """In which column a question stands."""
        return next(place for place, each in enumerate(self.fields) if each is not None and each.name == name)

    def shown(self, name: str) -> Value | None:
        """The value in a cell: what was typed, saved or waiting."""
        return self.waiting[name] if self.waiting.get(name) is not None else self.answers.get(name)

    def has_answers(self) -> bool:
        """Whether anything is typed."""
        return any(self.shown(name) is not None for name in self.names)

    def is_filled(self) -> bool:
        """Whether anything is typed or sealed, or the person is known to be absent."""
        return self.present is False or self.has_answers() or self.answers.get("answered") is not None

    def is_doubtful(self) -> bool:
        """Whether somebody should look again."""
        return any(problem.level is not Level.SILENT for problem in self.problems.values())


@dataclass(frozen=True)
class Undo:
    """One step back: the cell and its earlier value, or (name "") the earlier attendance."""

    person_id: str
    name: str
    value: Value | None
    present: bool | None = None
    reason: str | None = None


class Sheet:
    """The rows of one page of one posyandu day, and the saving of every cell."""

    def __init__(self, ws: Workspace, session_id: str, page: str) -> None:
        self.ws, self.session_id, self.page = ws, session_id, page
        self.form = registers.form_of(page)
        self.columns: tuple[Field, ...] = registers.columns(page)
        self.names = tuple(column.name for column in self.columns)
        self.steps_back: list[Undo] = []
        self.saved_at: datetime | None = None
        self.rows: list[GridRow] = []
        self.load()

    def load(self) -> None:
        """Read the day's page: who is on it, what is saved, what is typed but impossible."""
        self.on = sessions.get(self.ws, self.session_id).held_on
        self.rows = [self._row(entry) for entry in registers.rows(self.ws, self.session_id, self.page)]

    def _row(self, entry: RosterRow) -> GridRow:
        answers = dict(entry.visit or {})
        form, fields = registers.form_of(self.page, entry), registers.asked(self.ws, self.page, entry, self.on)
        names = {each.name for each in fields if each is not None}
        waiting = {name: value for name, value in entry.waiting.items() if name in names}
        doubtful: dict[str, Value | None] = {
            name: value for name, value in waiting.items() if value is not None and value != answers.get(name)
        }
        told = (entry.present, entry.absence_reason, form, fields, entry.record_id, entry.confirmed)
        return GridRow(entry, answers, doubtful, *told)

    def _context(self, row: GridRow) -> Context:
        session_id, record_id = self._home(row)
        return visits.context(self.ws, row.form, session_id, row.person_id, record_id=record_id, on=self.on)

    def _home(self, row: GridRow) -> tuple[str | None, str | None]:
        """The day and record a row is saved in: what is noted of women once belongs to no day."""
        return (None, row.record_id) if registers.is_once(self.page) else (self.session_id, row.record_id)

    @property
    def instrument(self) -> Instrument | None:
        """What is asked beside the visit, when this is its page."""
        return INSTRUMENTS.get(self.page)

    def reads(self, row: GridRow) -> bool:
        """Whether the answers of this row may stand on the screen."""
        return True

    def open_row(self, row: GridRow | None) -> None:
        """Another row has the cursor; None when the page is left."""

    def limits(self, row: GridRow) -> Mapping[str, Limit]:
        """What numbers may be for this person, asked once."""
        if row.limits is None:
            row.limits = self._context(row).limits
        return row.limits

    def judge(self, row: GridRow) -> None:
        """Work out what the row's values mean; done for each row once, in slices, after the page is shown."""
        row.judged = True
        context = self._context(row)
        row.limits = context.limits
        shown = {**row.answers, **{name: value for name, value in row.waiting.items() if value is not None}}
        if not any(shown.get(name) is not None for name in row.names):
            self._conclude(row, None)
            return
        found = problems(row.form, {**shown, "visited_on": self.on}, context)
        kept = [each for each in found if each.field not in row.agreed or each.level is Level.HARD]
        self._note(row, kept, row.names)
        saved = any(row.answers.get(name) is not None for name in row.names)
        answers = {**row.answers, "visited_on": self.on}
        self._conclude(row, visits.assess(self.ws, row.person_id, row.form, answers) if saved else None)

    def store(self, row: GridRow, name: str, value: Value | None, *, remember: bool = True) -> None:
        """Save one cell; what was there can be had back with `undo`."""
        before = row.shown(name)
        if value == before:
            return
        if remember:
            self.steps_back.append(Undo(row.person_id, name, before, row.present, row.reason))
        session_id, record_id = self._home(row)
        saved = visits.set_cell(self.ws, row.form, session_id, row.person_id, name, value, record_id=record_id)
        if saved.kept_as_draft:
            row.waiting[name] = value
        else:
            row.waiting.pop(name, None)
            row.answers[name] = value
        if value is not None and session_id is not None:
            row.present, row.reason = True, None
        self.saved_at = saved.at
        row.record_id = saved.record_id
        row.agreed -= {name}
        self._note(row, saved.problems, (name,))
        if remember and value is None and self._came_by_slip(row):
            self._take_mark_off(row)
        else:
            self._conclude(row, saved.assessment)

    def _came_by_slip(self, row: GridRow) -> bool:
        """Whether nothing is left in a row and nobody said that the person came but who typed into it here."""
        left = {name for name, value in {**row.answers, **row.waiting}.items() if value is not None}
        steps = [step for step in self.steps_back if step.person_id == row.person_id]
        said_otherwise = any(not step.name for step in steps) or steps[0].present is not None
        return row.present is True and not said_otherwise and not (left & row.form.fields.keys()) - {"visited_on"}

    def confirm(self, row: GridRow, name: str) -> bool:
        """Note that somebody looked again and this unusual value is right; False where nothing was unusual."""
        problem = row.problems.get(name)
        if problem is None or problem.level is not Level.SOFT or row.record_id is None:
            return False
        visits.confirm(self.ws, row.form, row.record_id, {name})
        row.agreed |= {name}
        self.saved_at = self.ws.now()
        self.judge(row)
        return True

    def mark_absent(self, row: GridRow, reason: str | None, *, remember: bool = True) -> None:
        """Note that the person did not come, and why when it is known."""
        if remember:
            self.steps_back.append(Undo(row.person_id, "", None, row.present, row.reason))
        sessions.mark_absent(self.ws, self.session_id, row.person_id, reason)
        row.present, row.reason = False, reason
        self._attended(row)

    def mark_present(self, row: GridRow, *, remember: bool = True) -> None:
        """Note that the person came, measured or not."""
        if remember:
            self.steps_back.append(Undo(row.person_id, "", None, row.present, row.reason))
        sessions.mark_present(self.ws, self.session_id, row.person_id)
        row.present, row.reason = True, None
        self._attended(row)

    def undo(self) -> tuple[GridRow, str] | None:
        """Take the last step back, as often as there are steps; gives the cell it concerned."""
        if not self.steps_back:
            return None
        step = self.steps_back.pop()
        row = next((each for each in self.rows if each.person_id == step.person_id), None)
        if row is None:
            return self.undo()
        if step.name:
            self.store(row, step.name, step.value, remember=False)
            if step.present is None and not row.has_answers():
                self._take_mark_off(row)
        elif step.present is False:
            self.mark_absent(row, step.reason, remember=False)
        elif step.present:
            self.mark_present(row, remember=False)
        else:
            self._take_mark_off(row)
        return row, step.name

    def _take_mark_off(self, row: GridRow) -> None:
        sessions.mark_present(self.ws, self.session_id, row.person_id, False)
        row.present, row.reason = None, None
        self._attended(row)

    def _attended(self, row: GridRow) -> None:
        self.saved_at = self.ws.now()
        self.judge(row)

    def _note(self, row: GridRow, found: Sequence[Problem], names: Sequence[str]) -> None:
        for name in names:
            row.problems.pop(name, None)
        for problem in found:
            worse = problem.field not in row.problems or problem.level is Level.HARD
            if worse and problem.field in row.names and problem.level is not Level.SILENT:
                row.problems[problem.field] = problem

    def _conclude(self, row: GridRow, assessment: object | None) -> None:
        row.judged = True
        row.verdict = verdict_of(self, row, assessment)

    def filled(self) -> int:
        """How many people are done: something typed, or known to be absent."""
        return sum(row.is_filled() for row in self.rows)


class SealedSheet(Sheet):
    """The page of a confidential questionnaire: answers stand in memory while their row has the cursor, then sealed.

    No box is saved by itself, there is no draft, and no other row shows what was answered.
    """

    opened = ""

    def reads(self, row: GridRow) -> bool:
        """Only the row that has the cursor."""
        return row.person_id == self.opened

    def open_row(self, row: GridRow | None) -> None:
        """Seal what was typed in the row that is left; when the page is left nothing stays in memory."""
        self.opened = "" if row is None else row.person_id
        for each in self.rows:
            if each.unsealed and each is not row:
                self._seal(each)
            if row is None:
                each.waiting.clear()
                each.alarm = ""

    def _seal(self, row: GridRow) -> None:
        session_id, record_id = self._home(row)
        told = {name: value for name, value in row.waiting.items() if value is not None}
        row.unsealed = False
        if told:
            saved = visits.record(self.ws, row.form, session_id, row.person_id, told, record_id=record_id)
            row.record_id, row.present, row.reason = saved.record_id, True, None
            whole = len(told) == len(row.names)
            row.answers["answered"] = whole or row.answers.get("answered") is True
            self.saved_at = saved.at
        self.judge(row)

    def judge(self, row: GridRow) -> None:
        """How far it is answered, never what: "12 dari 20", then "Tersegel"."""
        row.judged = True
        told = sum(row.waiting.get(name) is not None for name in row.names)
        if row.present is False:
            self._conclude(row, None)
        elif row.unsealed:
            words = _("{n} dari {all}").format(n=told, all=len(row.names))
            row.verdict = Verdict("info", words, words)
        elif row.answers.get("answered") is not None:
            whole = row.answers["answered"] is True
            words = _("Tersegel") if whole else _("Tersegel, belum lengkap")
            row.verdict = Verdict("ok" if whole else "warn", words, words)
        else:
            row.verdict = Verdict()

    def store(self, row: GridRow, name: str, value: Value | None, *, remember: bool = True) -> None:
        """Hold one answer until the row is left; what cannot wait is said at once to who asks."""
        before = row.waiting.get(name)
        if value == before:
            return
        if remember:
            self.steps_back.append(Undo(row.person_id, name, before, row.present, row.reason))
        row.waiting[name] = value
        row.unsealed = True
        found = visits.assess(self.ws, row.person_id, row.form, {**row.waiting, "visited_on": self.on})
        urgent = next((each for each in getattr(found, "findings", ()) if each.level == "bad"), None)
        row.alarm = f"{urgent.title}. {urgent.what_to_do}" if urgent is not None else ""
        self.judge(row)


def sheet_of(ws: Workspace, session_id: str, page: str) -> Sheet:
    """The rows of a page, kept as its form asks."""
    return (SealedSheet if registers.form_of(page).restricted else Sheet)(ws, session_id, page)


def verdict_of(sheet: Sheet, row: GridRow, assessment: Any) -> Verdict:  # noqa: ANN401 - child or pregnancy
    """The words at the end of a row: what must be looked at first, then what the measurements mean."""
    if row.present is False:
        reason = sheet_reason(row.reason)
        words = _("Absen, {reason}").format(reason=reason.lower()) if reason else _("Tidak hadir")
        return Verdict("neutral", words, words)
    for level, colour in ((Level.HARD, "bad"), (Level.SOFT, "warn")):
        for name, problem in row.problems.items():
            if problem.level is level:
                return Verdict(
                    colour, _("Cek: {what}").format(what=_briefly(sheet, row, name, problem)), problem.message
                )
    if assessment is None:
        came = row.present is True and sheet.instrument is None
        return Verdict("unknown", _("Hadir"), _("Hadir, belum ada catatan")) if came else Verdict()
    is_visit = sheet.instrument is None or sheet.instrument.names
    return short_verdict(assessment) if is_visit else instrument_verdict(assessment)


def _briefly(sheet: Sheet, row: GridRow, name: str, problem: Problem) -> str:
    """A problem in two or three words, for the narrow column; the sentence is in the tooltip."""
    value, column = row.shown(name), row.form.fields[name]
    if problem.level is Level.HARD and isinstance(value, int) and isinstance(column, Number):
        limit = sheet.limits(row).get(name, Limit())
        low = column.low if limit.hard_low is None else max(column.low, limit.hard_low)
        high = column.high if limit.hard_high is None else min(column.high, limit.hard_high)
        if not low <= value <= high:
            return _("terlalu besar") if value > high else _("terlalu kecil")
    sentence = problem.message.split(". ")[0].rstrip(".").removesuffix(_(" dari kunjungan lalu"))
    return sentence[:1].lower() + sentence[1:]


def row_detail(row: RosterRow) -> str:
    """ "Balita, 1 tahun 4 bulan · Ibu Wulan · RT 02"."""
    group = row.group.label if row.group else ""
    who = ", ".join(part for part in (group, row.age_text) if part)
    mother = _("Ibu {name}").format(name=row.mother_name) if row.mother_name and row.group in CHILD_GROUPS else ""
    return PARTED.join(part for part in (who, mother, row.address_line) if part)
