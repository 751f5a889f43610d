"""The register page: one row per person, one box per answer, typed from the paper at keyboard speed.

`Sheet` holds the rows and records what is typed, cell by cell; `GridModel` maps them to what Qt asks for;
`CellPainter` paints and edits a cell; `GridView` decides where each key leads. A cell left is a cell saved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil, floor
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from posyandu.domain import calendar
from posyandu.domain.development import DevelopmentAssessment
from posyandu.domain.errors import BadInput, PosyanduError
from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, number_text, read_number
from posyandu.domain.form import Context, Form, Level, Limit, Problem, problems
from posyandu.domain.forms import FORMS
from posyandu.domain.instruments import DOMAINS, AksAssessment, SkilasAssessment
from posyandu.services import registers, sessions, visits
from posyandu.services.instrument_pages import INSTRUMENTS, Instrument
from posyandu.services.sessions import RosterRow
from posyandu.services.workspace import Workspace
from posyandu.text import N_, _, count
from posyandu.ui import lines, theme
from posyandu.ui.editors import answer_text, choices
from posyandu.ui.widgets.fields import CHOICE_KEYS, place_of_key, take_number_key

HEADINGS = {
    "weight_g": N_("BB (kg)"),
    "length_mm": N_("PB/TB (cm)"),
    "muac_mm": N_("LiLA (cm)"),
    "head_mm": N_("LK (cm)"),
    "vitamin_a": N_("Vitamin A"),
    "exclusive_breastfeeding": N_("ASI saja"),
    "systolic_mmhg": N_("Sistole"),
    "diastolic_mmhg": N_("Diastole"),
    "iron_tablets": N_("TTD"),
    "iron_daily": N_("Minum TTD"),
    "class_attended": N_("Kelas ibu"),
    "height_mm": N_("TB (cm)"),
    "waist_mm": N_("LP (cm)"),
    "glucose_mg_dl": N_("Gula"),
    "cholesterol_mg_dl": N_("Kolest."),
    "haemoglobin_dg_dl": N_("Hb"),
    "sdq_informant": N_("Diisi oleh"),
    "topic": N_("Tema"),
    "iron_place": N_("TTD dari"),
    "iron_weekly": N_("Minum"),
    "vitamin_a_capsules": N_("Vit A"),
    "contraception": N_("KB"),
    "contraception_method": N_("Cara KB"),
    "children_living": N_("Anak hidup"),
    "couple": N_("PUS"),
    "welfare": N_("Tahapan KS"),
    "why_none": N_("Alasan tidak"),
    "condition": N_("Lahir"),
    "congenital": N_("Kelainan"),
    "vitamin_k": N_("Vit K1"),
    "eye_ointment": N_("Salep"),
    "hb0_on": N_("HB0"),
    "thyroid_screened": N_("SHK"),
    "kn1_on": N_("KN1"),
    "kn2_on": N_("KN2"),
    "kn3_on": N_("KN3"),
    "bowels": N_("BAB"),
    "bladder": N_("BAK"),
    "grooming": N_("Muka"),
    "toilet": N_("WC"),
    "feeding": N_("Makan"),
    "transfer": N_("Pindah"),
    "walking": N_("Jalan"),
    "dressing": N_("Baju"),
    "stairs": N_("Tangga"),
    "bathing": N_("Mandi"),
    "knows_date": N_("Tgl"),
    "knows_place": N_("Tempat"),
    "recalls_words": N_("3 kata"),
    "stands_up": N_("Berdiri"),
    "lost_weight": N_("BB turun"),
    "poor_appetite": N_("Nafsu"),
    "eye_problem": N_("Mata"),
    "counts_fingers": N_("Jari"),
    "whisper": N_("Bisik"),
    "sad": N_("Sedih"),
    "no_interest": N_("Minat"),
}
SHORT_ANSWERS = {
    "Kapsul biru": N_("Biru"),
    "Kapsul merah": N_("Merah"),
    "Tidak diberi": N_("Tidak"),
    "Setiap hari": N_("Tiap hari"),
    "Tidak setiap hari": N_("Tidak"),
    "Segera menangis": N_("Segera"),
    "Menangis beberapa saat": N_("Kemudian"),
    "Tidak menangis": N_("Tidak"),
    "Mendengar": N_("Ya"),
    "Tidak mendengar": N_("Tidak"),
    "Tidak dapat dites": N_("Tak bisa"),
}
"""Answers as they are declared, and the shorter words that fit a box."""
BRIEF = {
    N_("Berat badan"): N_("BB"),
    N_("Tinggi badan"): N_("TB"),
    N_("Lingkar kepala"): N_("LK"),
    N_("Lingkar perut"): N_("LP"),
    N_("Tekanan darah"): N_("TD"),
    "kontrol tekanan darah": "kontrol TD",
    "Belum mendapat": "Belum dapat",
    "Hasil ukur": "Hasil",
    "Imunisasi terlambat": "Terlambat",
    "Sudah waktunya": "Waktunya",
    "perkembangan tidak": "tidak",
    "Kunjungan neonatal belum": "KN belum",
    "Kunjungan nifas belum": "KF belum",
    "Ajak bicara dengan tenaga kesehatan": "Ajak bicara nakes",
    " dan ada risiko lain": "",
    ", bukan diagnosis": "",
}
"""Long words of findings and the abbreviations of the paper that stand for them at the end of a row.

Those without a mark for translation are found in Indonesian titles only: English ones are short enough.
"""
LEAST_NAME, LEAST_VERDICT = 164, 166
TIGHT_NAME, TIGHT_VERDICT = 112, 138
VERDICT_INDENT, VERDICT_LETTERS = 23, ("label", "micro")
NARROW_BOX, LAST_DAY = 46, 84
HIDDEN = "\N{BULLET}"
"""What stands in every box of a confidential row that has not the cursor."""

JUDGE_AFTER_MS = 60
"""The page is painted and takes keys before the first row is judged."""
ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_PageUp: (-8, 0),
    Qt.Key.Key_PageDown: (8, 0),
}
SHIFTS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock)
REASON_KEYS = {"s": "sick", "p": "away", "b": "busy", "t": "refused", "l": "other"}
CELL = Qt.ItemDataRole.UserRole + 1
ACROSS = Qt.Orientation.Horizontal
Filter = Literal["all", "empty", "check"]
NONE_LEFT: dict[Filter, str] = {"empty": N_("Semua baris sudah terisi."), "check": N_("Tidak ada yang perlu dicek.")}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Verdict:
    """What the row says at its end: a level, a few words, and the whole sentence for the tooltip."""

    level: str = ""
    text: str = ""
    sentence: str = ""


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
        self._conclude(row, saved.assessment)

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
        return Verdict()
    is_visit = sheet.instrument is None or sheet.instrument.names
    return short_verdict(assessment) if is_visit else instrument_verdict(assessment)


def instrument_verdict(assessment: Any) -> Verdict:  # noqa: ANN401 - AKS, SKILAS, checklist or newborn
    """The result of an instrument; while it is open, how far it has come."""
    headline, level = str(assessment.headline), str(assessment.level)
    match assessment:
        case DevelopmentAssessment():
            words = {"complete": _("Lengkap"), "incomplete": _("Belum: {n}").format(n=len(assessment.missing))}
            return Verdict(level, words.get(str(assessment.result), headline), headline)
        case AksAssessment(score=int(score)):
            return Verdict(level, f"{score}, {assessment.tiles[0].words.lower()}", headline)
        case SkilasAssessment() if any(assessment.domains.values()):
            bad = [_(DOMAINS[name]) for name, problem in assessment.domains.items() if problem]
            return Verdict("warn", ", ".join(bad), headline)
    found = short_verdict(assessment)
    return found if found.text else Verdict("neutral", headline, headline)


def sheet_reason(code: str | None) -> str:
    """The words of a reason for not coming."""
    options = FORMS["attendance"].fields["absence_reason"]
    return "" if code is None else answer_text(options, code)


def _briefly(sheet: Sheet, row: GridRow, name: str, problem: Problem) -> str:
    """A problem in two or three words, for the narrow column; the sentence is in the tooltip."""
    value, column = row.shown(name), row.form.fields[name]
    if problem.level is Level.HARD and isinstance(value, int) and isinstance(column, Number):
        limit = sheet.limits(row).get(name, Limit())
        high = column.high if limit.hard_high is None else min(column.high, limit.hard_high)
        return _("terlalu besar") if value > high else _("terlalu kecil")
    sentence = problem.message.split(". ")[0].rstrip(".").removesuffix(_(" dari kunjungan lalu"))
    return sentence[:1].lower() + sentence[1:]


def short_verdict(assessment: Any) -> Verdict:  # noqa: ANN401 - child or pregnancy
    """A child's or pregnant woman's result in a few words, the worst first."""
    findings = tuple(getattr(assessment, "findings", ()))
    headline = str(getattr(assessment, "headline", ""))
    for finding in findings:
        if finding.level == "bad":
            return Verdict("bad", _briefer(finding.title), headline)
    weighed = getattr(assessment, "weighed", None)
    if weighed is not None and weighed.code:
        return _weighed_verdict(weighed, headline)
    for finding in findings:
        if finding.level == "warn":
            return Verdict("warn", _briefer(finding.title), headline)
    level = str(getattr(assessment, "level", "unknown"))
    return Verdict("ok", _("Baik"), headline) if level == "ok" else Verdict("neutral", "", headline)


def _briefer(title: str) -> str:
    """A finding's title in the words of the register's columns: what stands in brackets is said in the visit."""
    words = title.partition(" (")[0]
    for whole, short in BRIEF.items():
        words = words.replace(_(whole), _(short) if short else "")
    return words[:1].upper() + words[1:]


def _weighed_verdict(weighed: Any, headline: str) -> Verdict:  # noqa: ANN401 - weighing.Weighed
    gain = weighed.gain_g
    if weighed.code == "N":
        words = _("Naik {n} g").format(n=count(gain)) if gain is not None else _("Naik")
        return Verdict("ok", words, headline)
    if weighed.code == "T":
        shown = "" if gain is None else f" ({_signed(gain)} g)"
        return Verdict("warn", _("Tidak naik{gain}").format(gain=shown), headline)
    if weighed.code == "O":
        return Verdict("info", _("Bulan lalu absen"), headline)
    return Verdict("info", _("Baru ditimbang"), headline)


def _signed(grams: int) -> str:
    sign = "+" if grams > 0 else "\N{MINUS SIGN}" if grams < 0 else ""
    return f"{sign}{count(abs(grams))}"


# ---------------------------------------------------------------- model

NUMBER, NAME, AGE, LAST = range(4)


@dataclass(frozen=True)
class Cell:
    """What the painter needs of one entry cell."""

    text: str
    state: str
    is_number: bool
    message: str


class GridModel(QAbstractTableModel):
    """Rows of the sheet as Qt's roles; `show` chooses which rows are seen."""

    recorded = Signal(int)
    refused = Signal(str)

    def __init__(self, sheet: Sheet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self.rows = list(sheet.rows)
        self.which: Filter = "all"

    def why_empty(self) -> str:
        """What to say in place of rows; "" where there are some."""
        if self.rows:
            return ""
        if not self.sheet.rows:
            return _("Belum ada sasaran di halaman ini. F2 untuk orang yang datang.")
        return _(NONE_LEFT[self.which])

    @property
    def first_entry(self) -> int:
        """The first column that is typed into."""
        return LAST + 1

    @property
    def verdict_column(self) -> int:
        """The column that says what it means."""
        return self.first_entry + len(self.sheet.columns)

    def show(self, which: Filter) -> None:
        """Show all rows, the empty ones, or those to look at again; they stay until asked anew."""
        self.beginResetModel()
        self.which = which
        chosen = {
            "all": lambda _row: True,
            "empty": lambda row: not row.is_filled(),
            "check": GridRow.is_doubtful,
        }[which]
        self.rows = [row for row in self.sheet.rows if chosen(row)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row per person shown."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number, name, age, last weight, the entry columns, the verdict."""
        return 0 if parent.isValid() else self.verdict_column + 1

    def field_at(self, column: int) -> Field | None:
        """The question that heads an entry column; None for the others."""
        place = column - self.first_entry
        return self.sheet.columns[place] if 0 <= place < len(self.sheet.columns) else None

    def asked_at(self, index: Index) -> Field | None:
        """The question of a cell; None where nothing is typed or this row's card does not ask."""
        place = index.column() - self.first_entry
        return self.rows[index.row()].fields[place] if 0 <= place < len(self.sheet.columns) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words of the paper's columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = section in (NUMBER, LAST) or isinstance(self.field_at(section), Number)
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        asked, instrument = self.field_at(section), self.sheet.instrument
        if asked is not None:
            numbered = instrument is not None and instrument.numbered
            return str(section - self.first_entry + 1) if numbered else _(HEADINGS.get(asked.name, asked.label))
        last = _("BB lalu") if instrument is None else _("Terakhir")
        return {NUMBER: _("No."), NAME: _("Nama"), AGE: _("Umur"), LAST: last}.get(section, _("Hasil"))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only entry cells are chosen and typed into."""
        asked = self.asked_at(index)
        flags = Qt.ItemFlag.ItemIsEnabled
        if asked is not None:
            flags |= Qt.ItemFlag.ItemIsSelectable
            if isinstance(asked, Number | Date | Text):
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for people, CELL for the painter, a whole sentence for screen readers."""
        row, column = self.rows[index.row()], index.column()
        asked = self.asked_at(index)
        if role == CELL:
            return self._cell(row, asked) if asked is not None else row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = self._text(row, column)
            if asked is None:
                return words
            return f"{row.entry.name}, {_(asked.label)}: {words or _('kosong')}"
        if role == Qt.ItemDataRole.ToolTipRole:
            if asked is not None:
                return self._cell(row, asked).message or None
            return row.verdict.sentence or None if column == self.verdict_column else None
        return None

    def _text(self, row: GridRow, column: int) -> str:
        place = column - self.first_entry
        if 0 <= place < len(row.fields):
            asked = row.fields[place]
            value = row.shown(asked.name) if asked is not None else None
            if asked is not None and not self.sheet.reads(row):
                return HIDDEN if row.is_filled() and row.present is not False else ""
            if asked is None or value is None:
                return ""
            if self.sheet.instrument is not None and isinstance(asked, Choice | YesNo):
                return tiny_answer(asked, value)
            if isinstance(value, date):
                return f"{value:%d-%m-%y}"
            if isinstance(asked, Number):
                assert isinstance(value, int)
                return number_text(asked, value)
            return short_answer(asked, value)
        if column == NUMBER:
            return str(row.entry.number or "")
        if column == NAME:
            return str(row.entry.name)
        if column == AGE:
            return age_words(self.sheet, row)
        if column == LAST and self.sheet.instrument is not None:
            return f"{row.entry.last_on:%d-%m-%y}" if row.entry.last_on is not None else ""
        if column == LAST:
            return last_weight(self.sheet, row)
        return row.verdict.text

    def _cell(self, row: GridRow, asked: Field) -> Cell:
        problem = row.problems.get(asked.name)
        state = "" if problem is None else {Level.HARD: "bad", Level.SOFT: "warn"}.get(problem.level, "")
        column = self.first_entry + row.place_of(asked.name)
        return Cell(self._text(row, column), state, isinstance(asked, Number), problem.message if problem else "")

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Read what was typed for this person's age and save it at once."""
        asked = self.asked_at(index)
        row = self.rows[index.row()]
        if asked is None:
            return False
        try:
            if isinstance(asked, Number) and isinstance(value, str):
                limit = self.sheet.limits(row).get(asked.name, Limit())
                value = read_number(asked, value, limit.hard_low, limit.hard_high)
            elif isinstance(asked, Date) and isinstance(value, str):
                value = calendar.read_date(value, self.sheet.on) if value.strip() else None
            elif isinstance(asked, Text) and isinstance(value, str):
                value = value.strip() or None
            self.sheet.store(row, asked.name, value)  # type: ignore[arg-type]
        except BadInput as error:
            self.refused.emit(str(error))
            return False
        self.tell(index.row())
        return True

    def tell(self, place: int) -> None:
        """A row was recorded: say so. One cell stands for it: Qt repaints the whole page for a range of cells."""
        self.judged(place)
        self.recorded.emit(place)

    def judged(self, place: int) -> None:
        """What a row means has changed."""
        verdict = self.index(place, self.verdict_column)
        self.dataChanged.emit(verdict, verdict)

    def place_of(self, row: GridRow) -> int:
        """Where a row is shown, -1 when the filter hides it."""
        return self.rows.index(row) if row in self.rows else -1


def short_answer(asked: Field, value: Value) -> str:
    """The answer to a closed question in words that fit a box, in the chosen language."""
    if isinstance(asked, YesNo):
        declared = asked.yes if value else asked.no
    elif isinstance(asked, Choice):
        declared = next((each.label for each in asked.options if each.code == value), str(value))
    else:
        return answer_text(asked, value)
    return _(SHORT_ANSWERS.get(declared, declared))


def tiny_answer(asked: Choice | YesNo, value: Value) -> str:
    """The answer in a narrow box: the score as it is counted, yes and no by their first letter."""
    if isinstance(asked, YesNo):
        return _(asked.yes if value else asked.no)[:1]
    return str(value) if str(value).isdigit() else short_answer(asked, value)


def age_words(sheet: Sheet, row: GridRow) -> str:
    """Age in the short form of the register: months to five years, weeks of pregnancy are in the verdict."""
    born_on = row.entry.born_on
    if born_on is None:
        return ""
    months = calendar.age_months(born_on, sheet.on)
    if months < 1:
        return _("{n} hari").format(n=calendar.age_days(born_on, sheet.on))
    return _("{n} bln").format(n=months) if months < 72 else _("{n} th").format(n=months // 12)


def last_weight(sheet: Sheet, row: GridRow) -> str:
    """The weight of the last visit, pale beside the box it is compared with."""
    before = (row.entry.last_visit or {}).get("weight_g")
    weight = row.form.fields.get("weight_g")
    return number_text(weight, before) if isinstance(before, int) and isinstance(weight, Number) else ""


# ---------------------------------------------------------------- painting and editing


def cell_font() -> QFont:
    """Figures of equal width, a little smaller than in the form."""
    letters = QFont(theme.font("number"))
    letters.setPixelSize(theme.px(18))
    return letters


class CellLine(QLineEdit):
    """The line a number, a day or a few words are typed into inside a cell; arrows at the ends leave it."""

    def __init__(self, asked: Field, parent: QWidget) -> None:
        super().__init__(parent)
        self.asked = asked
        number = asked if isinstance(asked, Number) else None
        self.setObjectName(f"cell:{asked.name}")
        self.setFrame(False)
        self.setMaxLength(8 if number is not None else 10 if isinstance(asked, Date) else 80)
        side = Qt.AlignmentFlag.AlignLeft if isinstance(asked, Text) else Qt.AlignmentFlag.AlignRight
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setFont(cell_font() if number is not None else theme.font("nav"))
        self.setAccessibleName(f"{_(asked.label)} ({_(number.unit)})" if number is not None else _(asked.label))
        self.setStyleSheet(
            f"background: {theme.color('surface').name()}; border: 2px solid {theme.color('primary').name()};"
            f" border-radius: {theme.px(6)}px; padding: 0 {theme.px(8)}px; color: {theme.color('text').name()};"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Of a number digits and one comma; the rest are commands."""
        if not isinstance(self.asked, Number) or not take_number_key(self, self.asked, event):
            super().keyPressEvent(event)


class CellPainter(QStyledItemDelegate):
    """Paints boxes, ages and verdicts, and opens the line a number is typed into."""

    def __init__(self, view: "GridView") -> None:
        super().__init__(view)
        self.view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell: ground of the current row, then a box or words."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        current = index.row() == self.view.currentIndex().row()
        painter.fillRect(area, theme.color("soft" if current else "surface"))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme.color("line"))
        cell = index.data(CELL)
        if isinstance(cell, Cell):
            chosen = index == self.view.currentIndex() and (self.view.hasFocus() or self.view.is_editing())
            self._paint_box(painter, area, cell, current, chosen)
        else:
            self._paint_words(painter, area, index, current)
        painter.restore()

    def _paint_box(self, painter: QPainter, area: QRect, cell: Cell, current: bool, chosen: bool) -> None:
        box = QRectF(area).adjusted(theme.px(3), theme.px(4), -theme.px(3), -theme.px(5))
        edge = {"bad": "bad", "warn": "warn"}.get(cell.state, "field" if current else "line2")
        fill = "bad_soft" if cell.state == "bad" else "surface"
        width = 2.0 if chosen or cell.state else 1.0
        painter.setPen(QPen(theme.color("primary" if chosen and not cell.state else edge), width))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
        if chosen and cell.state:
            painter.setPen(QPen(theme.color("primary"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), theme.px(7), theme.px(7))
        painter.setPen(theme.color("text"))
        letters = cell_font() if cell.is_number else theme.font("nav")
        painter.setFont(letters)
        inner = box.adjusted(theme.px(8), 0, -theme.px(9), 0)
        side = Qt.AlignmentFlag.AlignRight if cell.is_number else Qt.AlignmentFlag.AlignLeft
        words = QFontMetrics(letters).elidedText(cell.text, Qt.TextElideMode.ElideRight, int(inner.width()) + 2)
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_words(self, painter: QPainter, area: QRect, index: Index, current: bool) -> None:
        model = index.model()
        column = index.column()
        row = index.data(CELL)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        absent = isinstance(row, GridRow) and row.present is False
        inner = QRectF(area).adjusted(theme.px(8), 0, -theme.px(8 if column in (NUMBER, LAST) else 3), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if isinstance(model, GridModel) and model.field_at(column) is not None:
            return  # this row's card does not ask
        if isinstance(model, GridModel) and column == model.verdict_column and isinstance(row, GridRow):
            self._paint_verdict(painter, inner, row.verdict)
            return
        bold = column == NAME
        painter.setPen(theme.color("text" if bold and not absent else "text3"))
        if bold:
            lines.paint(painter, inner, text, "label", "small_strong")
            return
        letters = theme.font("small")
        painter.setFont(letters)
        side = Qt.AlignmentFlag.AlignRight if column in (NUMBER, LAST) else Qt.AlignmentFlag.AlignLeft
        words = QFontMetrics(letters).elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
        painter.drawText(inner, int(side | middle), words)

    def _paint_verdict(self, painter: QPainter, inner: QRectF, verdict: Verdict) -> None:
        if not verdict.text:
            return
        ink = {"ok": "ok", "warn": "warn", "bad": "bad", "info": "info"}.get(verdict.level, "text3")
        sign = {"neutral": "circle-minus"}.get(verdict.level, theme.LEVEL_ICONS.get(verdict.level, "info"))
        theme.paint_icon(painter, sign, ink, inner.left(), inner.center().y() - theme.px(18) / 2, 18)
        painter.setPen(theme.color(ink))
        lines.paint(painter, inner.adjusted(theme.px(VERDICT_INDENT), 0, 0, 0), verdict.text, *VERDICT_LETTERS)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line for a number, a day or words; choices need none."""
        model = index.model()
        asked = model.asked_at(index) if isinstance(model, GridModel) else None
        if not isinstance(asked, Number | Date | Text):
            return None  # type: ignore[return-value]
        return CellLine(asked, parent)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The line lies exactly on the painted box."""
        area: QRect = option.rect
        editor.setGeometry(area.adjusted(theme.px(3), theme.px(4), -theme.px(3), -theme.px(5)))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """What stands in the cell, selected, so that typing replaces it; a repaint never takes back a digit typed."""
        if isinstance(editor, CellLine) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand over what was typed; reading it is the model's."""
        if isinstance(editor, CellLine):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Arrows leave the cell as they do between cells; Esc leaves it and keeps what was typed."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(editor, CellLine):
            moves = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
            if editor.cursorPosition() == 0 and not editor.hasSelectedText():
                moves[Qt.Key.Key_Left] = (0, -1)
            if editor.cursorPosition() == len(editor.text()) and not editor.hasSelectedText():
                moves[Qt.Key.Key_Right] = (0, 1)
            key = Qt.Key(event.key())
            hints = {
                Qt.Key.Key_Return: QAbstractItemDelegate.EndEditHint.SubmitModelCache,
                Qt.Key.Key_Enter: QAbstractItemDelegate.EndEditHint.SubmitModelCache,
                Qt.Key.Key_Tab: QAbstractItemDelegate.EndEditHint.EditNextItem,
                Qt.Key.Key_Backtab: QAbstractItemDelegate.EndEditHint.EditPreviousItem,
            }
            if key in hints:  # at once: Qt's own delegate queues it, and the next key would come too early
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, hints[key])
                return True
            if key in moves or key == Qt.Key.Key_Escape:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
                self.view.setFocus()
                if key in moves:
                    self.view.step(*moves[key])
                return True
            typed = event.text() in ("*", "/") and not isinstance(editor.asked, Number)  # "3/5" is a day
            if not typed and self.view.take_command(event):
                return True
        return super().eventFilter(editor, event)


# ---------------------------------------------------------------- the view


class GridView(QTableView):
    """The page of the register: keys lead from box to box, the name stays in sight."""

    person_wanted = Signal(str)
    goto_wanted = Signal(str)
    add_wanted = Signal()
    said = Signal(str, str)
    reason_asked = Signal(object)
    question = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self.setAccessibleName(_("Buku register"))
        theme.dress(self)
        self.painter_of_cells = CellPainter(self)
        self.setItemDelegate(self.painter_of_cells)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerWidget(QWidget())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.frozen = _Frozen(self)
        self._asking: GridRow | None = None
        self._judging = QTimer(self, interval=0)
        self._judging.timeout.connect(self._judge_some)
        self._judge_soon = QTimer(self, singleShot=True, interval=JUDGE_AFTER_MS)
        self._judge_soon.timeout.connect(self._judging.start)
        self.clicked.connect(self._came_to_a_row)
        self.frozen.clicked.connect(self._came_to_a_row)
        self.doubleClicked.connect(self._opened)
        self.dress()

    def dress(self) -> None:
        """Heights from the theme."""
        self.verticalHeader().setDefaultSectionSize(theme.px(44))
        _dress_header(self.horizontalHeader())

    @property
    def grid(self) -> GridModel:
        """The model, by its type."""
        model = self.model()
        assert isinstance(model, GridModel)
        return model

    def set_sheet(self, sheet: Sheet) -> None:
        """Show another page; the cursor goes to its first empty box."""
        self.put_away()
        model = GridModel(sheet, self)
        model.recorded.connect(lambda place: self._tell(place))
        model.refused.connect(lambda sentence: self.said.emit("bad", sentence))
        self._asking = None
        self.setModel(model)
        self.frozen.follow()
        model.modelReset.connect(self.go_to_first_empty)  # after both views' own answer, which takes the cursor away
        self.fit()
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._judge_soon.start()
        self.go_to_first_empty()

    def finish(self) -> None:
        """The book is about to be closed: what stands in the open box is saved, what is confidential sealed."""
        self.finish_editing()
        self.put_away()

    def put_away(self) -> None:
        """The page is left: what is confidential is sealed and shown no more."""
        if isinstance(self.model(), GridModel) and isinstance(self.grid.sheet, SealedSheet):
            self.grid.sheet.open_row(None)

    def fit(self) -> None:
        """Widths: fixed for what is typed, the name and the verdict share the rest."""
        if not isinstance(self.model(), GridModel):
            return
        widths = {NUMBER: 42, AGE: 66, LAST: 70 if self.grid.sheet.instrument is None else LAST_DAY}
        for column in range(self.grid.first_entry, self.grid.verdict_column):
            asked = self.grid.field_at(column)
            widths[column] = (90 if asked.decimals else 74) if isinstance(asked, Number) else 94
            if isinstance(asked, Choice) and len(asked.options) > 9:
                widths[column] = 170
            elif self.grid.sheet.instrument is not None:
                widths[column] = least_width(asked)
            heading = QFontMetrics(theme.font("small")).horizontalAdvance(str(self.grid.headerData(column, ACROSS)))
            widths[column] = max(widths[column], min(170, round(heading / theme.factor()) + 20))
        self._squeeze(widths)
        left = self._left_by(widths)
        tight = left < theme.px(LEAST_NAME + LEAST_VERDICT)
        if tight:
            widths |= {NUMBER: 38, AGE: 60, LAST: 66 if self.grid.sheet.instrument is None else LAST_DAY}
            left = self._left_by(widths)
        name = max(theme.px(TIGHT_NAME if tight else LEAST_NAME), min(theme.px(280), int(left * 0.46)))
        verdict = max(theme.px(TIGHT_VERDICT if tight else LEAST_VERDICT), left - name)
        for column, width in widths.items():
            self.setColumnWidth(column, theme.px(width))
        self.setColumnWidth(NAME, name)
        self.setColumnWidth(self.grid.verdict_column, verdict)
        self.frozen.fit()

    def _left_by(self, widths: Mapping[int, int]) -> int:
        """The pixels these columns leave to the name and the verdict."""
        return self.viewport().width() - sum(theme.px(width) for width in widths.values())

    def _squeeze(self, widths: dict[int, int]) -> None:
        """Narrow the entry columns, none below its heading, as far as needed to show the page without scrolling."""
        room = self.viewport().width() / theme.factor() - LEAST_NAME - LEAST_VERDICT - 2
        metrics = QFontMetrics(theme.font("small"))
        for column in range(self.grid.first_entry, self.grid.verdict_column):
            heading = metrics.horizontalAdvance(str(self.grid.headerData(column, ACROSS))) / theme.factor()
            over = sum(widths.values()) - room
            if over > 0:
                least = 60 if self.grid.sheet.instrument is None else least_width(self.grid.field_at(column))
                widths[column] = max(least, ceil(heading) + 20, floor(widths[column] - over))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width anew."""
        super().resizeEvent(event)
        self.fit()
        QTimer.singleShot(0, self, self.fit)  # the scroll bar may have come or gone meanwhile

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or one sentence where there is none."""
        super().paintEvent(event)
        words = self.grid.why_empty() if isinstance(self.model(), GridModel) else ""
        if words:
            painter = QPainter(self.viewport())
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text2"))
            room = self.viewport().rect().adjusted(theme.px(24), theme.px(48), -theme.px(24), 0)
            flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(room, flags, words)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Only the current row looks different: Qt would repaint the page each time a box opens and closes."""
        self._repaint_row(self.currentIndex().row())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The same."""
        self._repaint_row(self.currentIndex().row())

    def showEvent(self, event: QShowEvent) -> None:
        """Go on judging rows."""
        super().showEvent(event)
        self._judge_soon.start()
        row = self._current_row() if isinstance(self.model(), GridModel) else None
        if row is not None:
            self.grid.sheet.open_row(row)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is judged behind the lock."""
        super().hideEvent(event)
        self._judge_soon.stop()
        self._judging.stop()
        self.put_away()

    # where keys lead

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the register; digits open the box, single letters answer closed questions."""
        key, text = Qt.Key(event.key()), event.text()
        if event.isAutoRepeat() and key not in ARROWS:
            return  # a key held too long writes once: it would go on to the next boxes and people
        if self._asking is not None:
            if key not in SHIFTS:
                self._take_reason(key, text)
            return
        if self.take_command(event):
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self.go_next()
        elif key == Qt.Key.Key_Backtab:
            self.go_back()
        elif key in ARROWS:
            self.step(*ARROWS[key])
        elif key == Qt.Key.Key_Home:
            self.go_to_start(self.currentIndex().row())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._write(None)
        elif text == "-":
            self.ask_reason()
        elif text == "+":
            self._mark_present()
        elif text and text.isprintable() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._typed(event)
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks the boxes; it leaves the page at its ends."""
        here = self.currentIndex()
        last = (self.grid.rowCount() - 1, max(self._boxes(self.grid.rowCount() - 1), default=0))
        if not here.isValid() or (forward and (here.row(), here.column()) == last):
            return super().focusNextPrevChild(forward)
        if not forward and (here.row(), here.column()) == (0, min(self._boxes(0), default=0)):
            return super().focusNextPrevChild(forward)
        if forward:
            self.go_next()
        else:
            self.go_back()
        return True

    def take_command(self, event: QKeyEvent) -> bool:
        """Ctrl+Z, Ctrl+G, F2; on the number pad star (next row) and slash (value is right); in a box and beside it."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() == Qt.Key.Key_Z:
            self.undo()
        elif control and event.key() == Qt.Key.Key_G:
            self.finish_editing()
            self.goto_wanted.emit("")
        elif event.key() == Qt.Key.Key_F2:
            self.finish_editing()
            self.add_wanted.emit()
        elif event.text() == "*":  # on the number pad, beside Enter
            self.finish_editing()
            self.next_row()
        elif event.text() == "/":
            self.finish_editing()
            self.confirm()
        else:
            return False
        return True

    def _came_to_a_row(self, index: QModelIndex) -> None:
        """A press on a name, an age or a verdict chooses the row: what is typed next goes into its first empty box."""
        if self.grid.asked_at(index) is None:
            self.go_to_row(self.grid.rows[index.row()])

    def _typed(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        asked = self.grid.asked_at(index)
        if isinstance(asked, Number):
            if event.text().isdigit() or event.text() in ",.":
                super().keyPressEvent(event)
            elif event.text().isalpha():
                self.goto_wanted.emit(event.text())
        elif isinstance(asked, Date | Text):
            if isinstance(asked, Text) or event.text().isdigit() or event.text().lower() in "hk":
                super().keyPressEvent(event)
        elif isinstance(asked, Choice | YesNo):
            options = choices(asked)
            codes = [str(answer) for answer, _words in options]
            scored = isinstance(asked, Choice) and all(code.isdigit() for code in codes)
            if scored and event.text().isdigit():  # a score is typed as it is counted, from nought
                if event.text() in codes:
                    self._write(event.text())
                    self.go_next()
                return
            place = place_of_key(event.text().lower(), [words for _answer, words in options])
            if place is None and isinstance(asked, YesNo):
                place = {"y": 0, "t": 1}.get(event.text().lower())
            if place is not None:
                self._write(options[place][0])
                self.go_next()

    def is_editing(self) -> bool:
        """Whether a box is open."""
        return self.state() == QAbstractItemView.State.EditingState

    def finish_editing(self) -> None:
        """Save and close the box that is open."""
        editor = self.indexWidget(self.currentIndex()) or self.viewport().findChild(CellLine)
        if self.is_editing() and isinstance(editor, QWidget):
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Close without Qt's own idea of where to go next, then go where a register goes: right, then down."""
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        self.setFocus()
        if hint in (hints.SubmitModelCache, hints.EditNextItem):
            self.go_next()
        elif hint == hints.EditPreviousItem:
            self.go_back()

    def step(self, down: int, right: int) -> None:
        """Move by boxes, staying on the page."""
        here = self.currentIndex()
        row = min(max(here.row() + down, 0), self.grid.rowCount() - 1)
        boxes = self._boxes(row)
        beyond = [column for column in boxes if (column - here.column()) * (right or 1) >= abs(right)]
        nearest = min(beyond or boxes, key=lambda column: abs(column - here.column()), default=None)
        if nearest is not None:
            self.go_to(row, nearest)

    def _boxes(self, row: int) -> list[int]:
        """The columns in which this row has a box."""
        if not 0 <= row < self.grid.rowCount():
            return []
        asked = self.grid.rows[row].fields
        return [self.grid.first_entry + place for place, each in enumerate(asked) if each is not None]

    def go_next(self) -> None:
        """Right; from the last box of a row to the first of the next."""
        here = self.currentIndex()
        right = next((column for column in self._boxes(here.row()) if column > here.column()), None)
        if right is not None:
            self.go_to(here.row(), right)
        elif here.row() + 1 < self.grid.rowCount():
            self.go_to_start(here.row() + 1)
        else:
            self.said.emit("ok", _("Baris terakhir. Semua sudah tersimpan."))

    def go_back(self) -> None:
        """Left; from the first box of a row to the last of the one above."""
        here = self.currentIndex()
        left = [column for column in self._boxes(here.row()) if column < here.column()]
        if left:
            self.go_to(here.row(), left[-1])
        elif here.row() > 0:
            above = self._boxes(here.row() - 1)
            self.go_to(here.row() - 1, above[-1] if above else self.grid.first_entry)

    def next_row(self) -> None:
        """The first box of the next row."""
        self.go_to_start(min(self.currentIndex().row() + 1, self.grid.rowCount() - 1))

    def go_to_start(self, row: int) -> None:
        """The first box of a row."""
        self.go_to(row, next(iter(self._boxes(row)), self.grid.first_entry))

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor on a box."""
        index = self.grid.index(row, column)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)
            hidden = self.frozen.width() - self.columnViewportPosition(column) if self.frozen.isVisible() else 0
            if hidden > 0:  # Qt does not know that the names lie over the page
                bar = self.horizontalScrollBar()
                bar.setValue(bar.value() - hidden)

    def go_to_row(self, row: GridRow) -> None:
        """The first empty box of a person's row."""
        place = self.grid.place_of(row)
        if place >= 0:
            empty = [name for name in row.names if row.shown(name) is None]
            if empty:
                self.go_to(place, self.grid.first_entry + row.place_of(empty[0]))
            else:
                self.go_to_start(place)

    def go_to_first_empty(self) -> None:
        """The first row nothing is typed in: where yesterday's typing stopped."""
        rows = self.grid.rows
        self.go_to_start(next((number for number, row in enumerate(rows) if not row.is_filled()), 0))

    def find_row(self, text: str) -> GridRow | None:
        """The row with this number, else the first whose name begins with the text, else contains it."""
        wanted = text.strip().casefold()
        if not wanted:
            return None
        rows = self.grid.rows
        if wanted.isdigit():
            return next((row for row in rows if row.entry.number == int(wanted)), None)
        starts = (row for row in rows if row.entry.name.casefold().startswith(wanted))
        inside = (row for row in rows if wanted in row.entry.name.casefold())
        return next(starts, None) or next(inside, None)

    # recording

    def _write(self, value: Value | None) -> None:
        index = self.currentIndex()
        if index.isValid() and self.grid.asked_at(index) is not None:
            self.grid.setData(index, value)

    def undo(self) -> None:
        """Take the last step back and show where."""
        if self.is_editing():
            editor = self.viewport().findChild(CellLine)
            if editor is not None:
                super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                self.setFocus()
                return
        done = self.grid.sheet.undo()
        if done is None:
            self.said.emit("info", _("Tidak ada lagi yang bisa dibatalkan di halaman ini."))
            return
        row, name = done
        place = self.grid.place_of(row)
        if place >= 0:
            column = self.grid.first_entry + (row.place_of(name) if name else 0)
            self.go_to(place, column)
            self.grid.tell(place)
        self.said.emit("ok", _("Dibatalkan: {name}").format(name=row.entry.name))

    def confirm(self) -> None:
        """The doubtful value under the cursor is right: it was looked at again."""
        row = self._current_row()
        asked = self.grid.asked_at(self.currentIndex()) if row is not None else None
        if row is None or asked is None:
            return
        if self.grid.sheet.confirm(row, asked.name):
            self.grid.tell(self.grid.place_of(row))
            self.said.emit("ok", _("Sudah dicek: {name}").format(name=row.entry.name))

    def ask_reason(self) -> None:
        """Mark the row's person absent; the next key may say why."""
        row = self._current_row()
        if row is None:
            return
        if row.has_answers():
            self.said.emit("warn", _("Sudah ada hasil ukur. Kosongkan dulu (Delete) bila memang tidak hadir."))
            return
        self.grid.sheet.mark_absent(row, None)
        self.grid.tell(self.grid.place_of(row))
        self._asking = row
        self.reason_asked.emit(row)

    def _take_reason(self, key: int, text: str) -> None:
        row, self._asking = self._asking, None
        assert row is not None
        reason = REASON_KEYS.get(text.lower())
        if reason is not None:
            self.grid.sheet.mark_absent(row, reason, remember=False)
            self.grid.tell(self.grid.place_of(row))
        self.reason_asked.emit(None)
        if key == Qt.Key.Key_Escape:
            self.undo()
        else:
            self.next_row()

    def _mark_present(self) -> None:
        row = self._current_row()
        if row is not None:
            self.grid.sheet.mark_present(row)
            self.grid.tell(self.grid.place_of(row))

    def _current_row(self) -> GridRow | None:
        place = self.currentIndex().row()
        return self.grid.rows[place] if 0 <= place < len(self.grid.rows) else None

    def _tell(self, place: int) -> None:
        self._repaint_row(place)
        self._say_problem()

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        for index in (current, previous):
            if index.isValid():
                self._repaint_row(index.row())
        row = self._current_row()
        if self._asking is not None and row is not self._asking:  # the mouse went elsewhere
            self._asking = None
            self.reason_asked.emit(None)
        if row is not None and (not previous.isValid() or previous.row() != current.row()):
            self._open_row(row)
        self.question.emit(question_words(self.grid.asked_at(current)) if current.isValid() else "")
        self._say_problem()

    def _open_row(self, row: GridRow) -> None:
        """The cursor came to another row: what its page keeps for the row alone begins and ends here."""
        try:
            self.grid.sheet.open_row(row)
        except PosyanduError as error:
            self.said.emit("bad", str(error))
        if isinstance(self.grid.sheet, SealedSheet):
            self.viewport().update()
            self.grid.recorded.emit(self.currentIndex().row())

    def _repaint_row(self, row: int) -> None:
        top, high = self.rowViewportPosition(row), self.rowHeight(row)
        self.viewport().update(0, top, self.viewport().width(), high)
        if self.frozen.isVisible():
            self.frozen.viewport().update(0, top, self.frozen.width(), high)

    def _say_problem(self) -> None:
        index = self.currentIndex()
        cell = index.data(CELL) if index.isValid() else None
        row = self._current_row() if index.isValid() else None
        if row is not None and row.alarm:
            self.said.emit("bad", row.alarm)
        elif isinstance(cell, Cell) and cell.message:
            hint = "  " + _("Tekan / bila sudah benar.") if cell.state == "warn" else ""
            self.said.emit(cell.state or "info", cell.message + hint)
        else:
            self.said.emit("", "")

    def _judge_some(self) -> None:
        """A few rows at a time, so that the page answers keys from the first moment."""
        if not isinstance(self.model(), GridModel):
            self._judging.stop()
            return
        waiting = _unjudged(self.grid.sheet)
        for _turn in range(3):
            row = next(waiting, None)
            if row is None:
                self._judging.stop()
                return
            try:
                self.grid.sheet.judge(row)
            except PosyanduError as error:
                row.verdict = Verdict("warn", str(error), str(error))
            place = self.grid.place_of(row)
            if place >= 0:
                self.grid.judged(place)
                self._repaint_row(place)

    def judge_all(self) -> None:
        """Judge what is left at once: before the filter "perlu dicek"."""
        for row in _unjudged(self.grid.sheet):
            self.grid.sheet.judge(row)

    def _opened(self, index: QModelIndex) -> None:
        if index.column() <= LAST or index.column() == self.grid.verdict_column:
            self.person_wanted.emit(self.grid.rows[index.row()].person_id)


def _dress_header(header: QHeaderView) -> None:
    """The words of the columns: small, pale, as near the edge as the cells' own."""
    header.setFixedHeight(theme.px(42))
    header.setMinimumSectionSize(theme.px(24))
    side = theme.px(8)
    sheet = f"QHeaderView::section {{ padding: 0 {side}px; font-size: {theme.px(14)}px; }}"
    if header.styleSheet() != sheet:  # every fitting of the columns comes by here
        header.setStyleSheet(sheet)


def question_words(asked: Field | None) -> str:
    """The whole question of a box with its answers and their keys, where the box has no room for words."""
    if asked is None:
        return ""
    if isinstance(asked, Choice) and all(each.code.isdigit() for each in asked.options):
        answers = [f"{each.code} {_(each.label)}" for each in asked.options]
    elif isinstance(asked, Choice | YesNo):
        answers = [f"{key} {words}" for key, (_answer, words) in zip(CHOICE_KEYS, choices(asked), strict=False)]
    else:
        answers = [_("ketik tanggal, misalnya 120326")] if isinstance(asked, Date) else []
    told = " \N{MIDDLE DOT} ".join(answers)
    return f"{_(asked.label)}   {told}".rstrip()


def _unjudged(sheet: Sheet) -> Iterator[GridRow]:
    return (row for row in sheet.rows if not row.judged)


def least_width(asked: Field | None) -> int:
    """How narrow the box of an instrument may be: one letter or figure, a few words, a number, a day."""
    match asked:
        case YesNo():
            return NARROW_BOX
        case Choice():
            return NARROW_BOX if all(each.code.isdigit() for each in asked.options) else 78
        case Date() | Text():
            return LAST_DAY
    return 70


class _Frozen(QTableView):
    """The number and name columns once more, laid over the page when it is wider than the window."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self.view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setItemDelegate(CellPainter(view))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(view.verticalScrollBar().setValue)
        self.hide()

    def follow(self) -> None:
        """Show the same model and cursor as the page."""
        self.setModel(self.view.model())
        self.setSelectionModel(self.view.selectionModel())
        for column in range(LAST - 1, self.view.grid.columnCount()):
            self.setColumnHidden(column, True)

    def fit(self) -> None:
        """Lie exactly over the first two columns, only when something would scroll away."""
        view = self.view
        total = sum(view.columnWidth(column) for column in range(view.grid.columnCount()))
        wide = view.columnWidth(NUMBER) + view.columnWidth(NAME)
        self.verticalHeader().setDefaultSectionSize(theme.px(44))
        _dress_header(self.horizontalHeader())
        self.setColumnWidth(NUMBER, view.columnWidth(NUMBER))
        self.setColumnWidth(NAME, view.columnWidth(NAME))
        self.setGeometry(0, 0, wide, view.viewport().height() + view.horizontalHeader().height())
        self.setVisible(total > view.viewport().width() + 2)
        self.raise_()

    def sizeHint(self) -> QSize:
        """As wide as its two columns."""
        return QSize(self.width(), self.height())
