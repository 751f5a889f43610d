"""One box of the register: how it is painted, and the line that is typed into."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from posyandu.domain.fields import Date, Field, Number, Text
from posyandu.text import _
from posyandu.ui import lines, theme
from posyandu.ui.grid_model import CELL, LAST, NAME, NUMBER, Cell, GridModel, Index
from posyandu.ui.grid_sheet import GridRow
from posyandu.ui.grid_verdict import Verdict
from posyandu.ui.widgets.fields import take_number_key

BOX_LEFT, BOX_RIGHT = 5, 6
"""The air beside an answer in its box."""
VERDICT_INDENT, VERDICT_LETTERS = 23, ("label", "micro")


def cell_font() -> QFont:
    """Figures of equal width, a little smaller than in the form."""
    letters = QFont(theme.font("number"))
    letters.setPixelSize(theme.px(18))
    return letters


def number_font(words: str, room: float) -> QFont:
    """The letters of a figure, smaller where it would be cut: "1…" is no weight."""
    letters = cell_font()
    wide = QFontMetrics(letters).horizontalAdvance(words)
    if wide > room:
        letters.setPixelSize(max(1, int(letters.pixelSize() * room / wide)))
    return letters


def is_editing(view: QAbstractItemView) -> bool:
    """Whether a box is open."""
    return view.state() == QAbstractItemView.State.EditingState


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
            f" border-radius: {theme.px(6)}px; padding: 0 {theme.px(4)}px; color: {theme.color('text').name()};"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Of a number digits and one comma; the rest are commands."""
        if not isinstance(self.asked, Number) or not take_number_key(self, self.asked, event):
            super().keyPressEvent(event)


class CellPainter(QStyledItemDelegate):
    """Paints boxes, ages and verdicts, and opens the line a number is typed into.

    `take_command` is asked about keys that are commands inside a box too; arrows that leave the box are told.
    """

    stepped = Signal(int, int)

    def __init__(self, view: QAbstractItemView, take_command: Callable[[QKeyEvent], bool] | None = None) -> None:
        super().__init__(view)
        self.view, self._take_command = view, take_command

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
            chosen = index == self.view.currentIndex() and (self.view.hasFocus() or is_editing(self.view))
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
        inner = box.adjusted(theme.px(BOX_LEFT), 0, -theme.px(BOX_RIGHT), 0)
        letters = number_font(cell.text, inner.width() + 2) if cell.is_number else theme.font("nav")
        painter.setFont(letters)
        side = Qt.AlignmentFlag.AlignRight if cell.is_number else Qt.AlignmentFlag.AlignLeft
        words = QFontMetrics(letters).elidedText(cell.text, Qt.TextElideMode.ElideRight, int(inner.width()) + 2)
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_words(self, painter: QPainter, area: QRect, index: Index, current: bool) -> None:
        model = index.model()
        column = index.column()
        row = index.data(CELL)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        absent = isinstance(row, GridRow) and row.present is False
        left, right = {NUMBER: (0, 8), LAST: (8, 8)}.get(column, (8, 3))
        inner = QRectF(area).adjusted(theme.px(left), 0, -theme.px(right), 0)
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
                    self.stepped.emit(*moves[key])
                return True
            typed = event.text() in ("*", "/") and not isinstance(editor.asked, Number)  # "3/5" is a day
            if not typed and self._take_command is not None and self._take_command(event):
                return True
        return super().eventFilter(editor, event)
