"""The register as Qt asks for it: rows, columns, words and states; what is typed is read here, the sheet saves it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from posyandu.domain import calendar
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, number_text, read_number
from posyandu.domain.form import Level, Limit
from posyandu.text import N_, _
from posyandu.ui.editors import answer_text, choices
from posyandu.ui.grid_sheet import GridRow, Sheet, row_detail
from posyandu.ui.widgets.fields import CHOICE_KEYS, place_of_key

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
    "life_skill": N_("PKHS"),
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
HIDDEN = "\N{BULLET}"
"""What stands in every box of a confidential row that has not the cursor."""
CELL = Qt.ItemDataRole.UserRole + 1
Filter = Literal["all", "empty", "check"]
NONE_LEFT: dict[Filter, str] = {"empty": N_("Semua baris sudah terisi."), "check": N_("Tidak ada yang perlu dicek.")}
Index = QModelIndex | QPersistentModelIndex
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
            return int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
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
            if column == NAME:
                return f"{row.entry.name}\n{row_detail(row.entry)}"
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


def answer_of_key(asked: Choice | YesNo, key: str) -> Value | None:
    """Which answer one key means: a score as it is counted, from nought; else by place or first letter; y and t."""
    options = choices(asked)
    codes = [str(answer) for answer, _words in options]
    if key.isdigit() and isinstance(asked, Choice) and all(code.isdigit() for code in codes):
        return key if key in codes else None
    place = place_of_key(key, [words for _answer, words in options])
    if place is None and isinstance(asked, YesNo):
        place = {"y": 0, "t": 1}.get(key)
    return None if place is None else options[place][0]
