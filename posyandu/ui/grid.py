"""The register page: one row per person, one box per answer, typed from the paper at keyboard speed.

`grid_sheet` holds the rows and records what is typed, box by box; `grid_model` maps them to what Qt asks for;
`grid_cells` paints and edits a box; `grid_columns` shares out the width. Here `GridView` decides where each key leads.
A box left is a box saved.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QTableView, QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Choice, Date, Number, Text, Value, YesNo
from posyandu.text import _
from posyandu.ui import grid_paste, theme
from posyandu.ui.grid_cells import VERDICT_INDENT, VERDICT_LETTERS, CellLine, CellPainter, is_editing
from posyandu.ui.grid_columns import FrozenNames, dress_headers, make_plain, shares
from posyandu.ui.grid_model import CELL, LAST, Cell, Filter, GridModel, answer_of_key, question_words, short_answer
from posyandu.ui.grid_sheet import PARTED, GridRow, SealedSheet, Sheet, sheet_of
from posyandu.ui.grid_verdict import Verdict, short_verdict

__all__ = [
    "VERDICT_INDENT",
    "VERDICT_LETTERS",
    "Filter",
    "GridRow",
    "GridView",
    "Sheet",
    "Verdict",
    "sheet_of",
    "short_answer",
    "short_verdict",
]

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


class Pressed(NamedTuple):
    """The mouse was pressed while another page was read: on which one, on whom, and on what ("" beside the boxes)."""

    page: str
    person_id: str
    name: str


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
        painter = CellPainter(self, self.take_command)
        painter.stepped.connect(self.step)
        self.setItemDelegate(painter)
        make_plain(self)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerWidget(QWidget())
        self.frozen = FrozenNames(self)
        self._asking: GridRow | None = None
        self._left: GridRow | None = None
        self._held: list[QKeyEvent | Pressed] | None = None
        self._when_judged: Callable[[], object] | None = None
        self._pasting: Iterator[grid_paste.Told | None] | None = None
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
        dress_headers(self)

    @property
    def grid(self) -> GridModel:
        """The model, by its type."""
        model = self.model()
        assert isinstance(model, GridModel)
        return model

    def has_sheet(self) -> bool:
        """Whether a page is shown."""
        return isinstance(self.model(), GridModel)

    def hold_keys(self) -> None:
        """Another page is being read: what is typed and pressed from now on is meant for that one."""
        self._held = self._held or []

    def give_keys(self) -> None:
        """The page stands: type what was held, each key where the one before led.

        What follows a press on somebody who is not on this page would be typed to somebody else, and is dropped.
        """
        held, self._held = self._held or [], None
        for event in held:
            if isinstance(event, Pressed):
                if not self._go_to_pressed(event):
                    return
                continue
            here = QApplication.focusWidget()
            QApplication.sendEvent(here if here is not None and self.isAncestorOf(here) else self, event)

    def _go_to_pressed(self, pressed: Pressed) -> bool:
        rows = self.grid.rows if self.grid.sheet.page == pressed.page else []
        row = next((row for row in rows if row.person_id == pressed.person_id), None)
        if row is None:
            return False
        if pressed.name in row.names:
            self.go_to(self.grid.place_of(row), self.grid.first_entry + row.place_of(pressed.name))
        else:
            self.go_to_row(row)
        return True

    def _note_press(self, index: QModelIndex) -> None:
        if self._held is not None and index.isValid():
            asked = self.grid.asked_at(index)
            row = self.grid.rows[index.row()]
            self._held.append(Pressed(self.grid.sheet.page, row.person_id, asked.name if asked else ""))

    def forget_keys(self) -> None:
        """The page could not be read: what was held was meant for it."""
        self._held = None

    def set_sheet(self, sheet: Sheet) -> None:
        """Show another page; the cursor goes to its first empty box."""
        self.put_away()
        self._when_judged = None
        model = GridModel(sheet, self)
        model.recorded.connect(lambda place: self._tell(place))
        model.refused.connect(lambda sentence: self.said.emit("bad", sentence))
        self._asking = self._left = None
        self.setModel(model)
        self.frozen.follow()
        model.modelReset.connect(self.go_to_first_empty)  # after both views' own answer, which takes the cursor away
        self.fit()
        self.selectionModel().currentChanged.connect(self._current_changed)
        self._judge_soon.start()
        self.go_to_first_empty()

    def finish(self) -> None:
        """The book is about to be closed: what stands in the open box is saved, what is confidential sealed."""
        self.finish_pasting()
        self.finish_editing()
        self.put_away()

    def put_away(self) -> None:
        """The page is left: what is confidential is sealed and shown no more."""
        if self.has_sheet() and isinstance(self.grid.sheet, SealedSheet):
            self.grid.sheet.open_row(None)

    def fit(self) -> None:
        """Share out the width."""
        if self.has_sheet():
            for column, width in shares(self.grid, self.viewport().width()).items():
                self.setColumnHidden(column, width == 0)
                self.setColumnWidth(column, width)
            self.frozen.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width anew."""
        super().resizeEvent(event)
        self.fit()
        QTimer.singleShot(0, self, self.fit)  # the scroll bar may have come or gone meanwhile

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or one sentence where there is none."""
        super().paintEvent(event)
        words = self.grid.why_empty() if self.has_sheet() else ""
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
        row = self._current_row() if self.has_sheet() else None
        if row is not None:
            self.grid.sheet.open_row(row)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is judged behind the lock."""
        super().hideEvent(event)
        self.finish_pasting()
        self._judge_soon.stop()
        self._judging.stop()
        self.put_away()

    # where keys lead

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the register; digits open the box, single letters answer closed questions."""
        if self._held is not None:
            self._held.append(event.clone())
            return
        key, text = Qt.Key(event.key()), event.text()
        if event.isAutoRepeat() and key not in ARROWS:
            return  # a key held too long writes once: it would go on to the next boxes and people
        if self._asking is not None:
            if key not in SHIFTS:
                self._take_reason(key, text)
            return
        if self.take_command(event):
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.said.emit(*grid_paste.copy(self.grid, self.currentIndex()))
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a box; while another page is read, on that one: a box opened now would be taken away half typed."""
        if self._held is None:
            super().mousePressEvent(event)
        else:
            self._note_press(self.indexAt(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """As above."""
        if self._held is None:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As above."""
        if self._held is None:
            super().mouseDoubleClickEvent(event)

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
        if self._held is not None:
            self._note_press(index)
        elif self.grid.asked_at(index) is None:
            self.go_to_row(self.grid.rows[index.row()])

    def _typed(self, event: QKeyEvent) -> None:
        asked, text = self.grid.asked_at(self.currentIndex()), event.text()
        if isinstance(asked, Choice | YesNo):
            answer = answer_of_key(asked, text.lower())
            if answer is not None:
                self._write(answer)
                self.go_next()
        elif (
            (isinstance(asked, Number) and (text.isdigit() or text in ",."))
            or (isinstance(asked, Date) and (text.isdigit() or text.lower() in "hk"))
            or isinstance(asked, Text)
        ):
            super().keyPressEvent(event)
        elif isinstance(asked, Number) and text.isalpha():
            self.goto_wanted.emit(text)

    def is_editing(self) -> bool:
        """Whether a box is open."""
        return is_editing(self)

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

    def paste(self) -> None:
        """Type what was copied, from this box on; what is wrong with one value is said as of a typed one."""
        self.hold_keys()
        self._pasting = grid_paste.paste(self.grid, self.currentIndex())
        self._paste_some()

    def _paste_some(self) -> None:
        if self._pasting is None:
            return
        told = next(self._pasting)
        if told is None:
            QTimer.singleShot(0, self, self._paste_some)
            return
        self._pasting = None
        if told[1]:
            self.said.emit(*told)
        self.give_keys()

    def finish_pasting(self) -> None:
        """Other rows are about to be shown, or none: what is still to be pasted goes into these."""
        while self._pasting is not None:
            self._paste_some()

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
        if previous.isValid() and previous.row() != current.row():
            self._left = self.grid.rows[previous.row()] if previous.row() < len(self.grid.rows) else None
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
            self.said.emit(*self._result_out_of_sight(row))

    def _result_out_of_sight(self, row: GridRow | None) -> tuple[str, str]:
        """Where the results do not fit beside the boxes: that of this row, or of the one just left; "" otherwise.

        Of confidential answers nothing is said beyond the column itself.
        """
        if not self.has_sheet() or isinstance(self.grid.sheet, SealedSheet):
            return "", ""
        column = self.grid.verdict_column
        if self.columnViewportPosition(column) + self.columnWidth(column) <= self.viewport().width():
            return "", ""
        told = next((each for each in (row, self._left) if each is not None and each.verdict.text), None)
        return (told.verdict.level, f"{told.verdict.text}{PARTED}{told.entry.name}") if told is not None else ("", "")

    def _judge_some(self) -> None:
        """A few rows at a time, so that the page answers keys from the first moment."""
        if not self.has_sheet():
            self._judging.stop()
            return
        waiting = _unjudged(self.grid.sheet)
        for _turn in range(3):
            row = next(waiting, None)
            if row is None:
                self._judging.stop()
                then, self._when_judged = self._when_judged, None
                if then is not None:
                    then()
                return
            try:
                self.grid.sheet.judge(row)
            except PosyanduError as error:
                row.verdict = Verdict("warn", str(error), str(error))
            place = self.grid.place_of(row)
            if place >= 0:
                self.grid.judged(place)
                self._repaint_row(place)

    def judge_all(self, then: Callable[[], object]) -> None:
        """Do this when every row is judged, which goes on in turns; another page or filter takes its place."""
        self._when_judged = then
        self._judging.start()

    def _opened(self, index: QModelIndex) -> None:
        if index.column() <= LAST or index.column() == self.grid.verdict_column:
            self.person_wanted.emit(self.grid.rows[index.row()].person_id)


def _unjudged(sheet: Sheet) -> Iterator[GridRow]:
    return (row for row in sheet.rows if not row.judged)
