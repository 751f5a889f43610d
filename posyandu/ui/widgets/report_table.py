"""A table of a report on the screen: every number with people behind it is a link to their names."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from posyandu.reports.table import Cell, PlacedHead, Table, placed
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.theme import color, font, px

Index = QModelIndex | QPersistentModelIndex
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


class ReportModel(QAbstractTableModel):
    """Maps a reports.table.Table to roles and nothing more."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table
        self._bold, self._plain = font("small_strong"), font("small")

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One per row of the table."""
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One per column."""
        return 0 if parent.isValid() else len(self.table.columns)

    def cell(self, index: Index) -> Cell:
        """The cell at an index."""
        return self.table.rows[index.row()][index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, alignment, letters and colour; the number of people as the tooltip."""
        cell = self.cell(index)
        column = self.table.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole:
            strong = index.row() in self.table.strong or cell.people
            return self._bold if strong else self._plain
        if role == Qt.ItemDataRole.ForegroundRole:
            return color("primary") if cell.people else color("text")
        if role == Qt.ItemDataRole.ToolTipRole and cell.people:
            return _("{n} orang. Tekan untuk melihat nama.").format(n=len(cell.people))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            named = _("{column}: {text}").format(column=column.title, text=cell.text or _("kosong"))
            return named + (", " + _("tekan Enter untuk nama") if cell.people else "")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The full title of each column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[self.table.columns[section].align] | Qt.AlignmentFlag.AlignBottom
        if role == Qt.ItemDataRole.FontRole:
            return font("micro")
        return None


class PaperHead(QHeaderView):
    """The head of the paper form: rows of cells that span columns, some of them upright."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self._table: Table | None = None
        self._heights: list[int] = []

    def show_table(self, table: Table) -> None:
        """Lay the head of this table out over the columns."""
        self._table = table
        self.fit()

    def fit(self) -> None:
        """As high as its words need over the columns as wide as they are now."""
        table = self._table
        if table is None:
            return
        self._heights = [px(30)] * len(table.head)
        metrics = QFontMetrics(font("micro"))
        for place in sorted(placed(table), key=lambda each: each.head.rows):
            needed = self._needed(metrics, place)
            rows = range(place.row, place.row + place.head.rows)
            short = needed - sum(self._heights[row] for row in rows)
            if short > 0:
                self._heights[rows[-1]] += short
        self.setFixedHeight(min(sum(self._heights), px(230)))
        self.viewport().update()

    def _needed(self, metrics: QFontMetrics, place: PlacedHead) -> int:
        if place.head.upright:
            return min(metrics.horizontalAdvance(place.head.text) + px(18), px(190))
        room = QRect(0, 0, self._width(place) - 2 * px(SIDE), 1000)
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, place.head.text).height() + px(12)

    def _width(self, place: PlacedHead) -> int:
        return sum(self.sectionSize(place.column + over) for over in range(place.head.columns))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every cell at its place."""
        if self._table is None:
            return
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), color("surface"))
        painter.setFont(font("micro"))
        for place in placed(self._table):
            rows = range(place.row, place.row + place.head.rows)
            top = sum(self._heights[: place.row])
            box = QRect(
                self.sectionViewportPosition(place.column),
                top,
                self._width(place),
                sum(self._heights[row] for row in rows),
            )
            if box.right() < 0 or box.left() > self.viewport().width():
                continue
            painter.setPen(color("line"))
            painter.drawLine(box.topRight(), box.bottomRight())
            painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.setPen(color("text2"))
            if place.head.upright:
                painter.save()
                painter.translate(box.left(), box.bottom())
                painter.rotate(-90)
                room = QRect(px(6), 0, box.height() - px(8), box.width())
                text = painter.fontMetrics().elidedText(place.head.text, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
                painter.restore()
            else:
                align = _ALIGN[self._table.columns[place.column].align] if place.head.columns == 1 else _ALIGN["center"]
                flags = int(align | Qt.AlignmentFlag.AlignBottom) | int(Qt.TextFlag.TextWordWrap)
                painter.drawText(box.adjusted(px(SIDE), px(4), -px(SIDE), -px(6)), flags, place.head.text)


class _Cells(QStyledItemDelegate):
    """Cells whose words stand exactly under those of the head."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground to the edges of the cell, its words within its sides."""
        self.initStyleOption(option, index)
        view = option.widget
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, color("soft"))
        rest = view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view) + 1  # Qt's own side
        inner = px(SIDE) - rest
        option.rect = option.rect.adjusted(inner, 0, 1 - inner, 0)  # the line of the grid is the next cell's
        view.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, view)


SIDE = 7
"""What stays free beside words in a cell, of the head and below it."""
MEASURED_ROWS = 500
"""A column is as wide as these need; the rest of a hundred thousand rows would hold the window up."""


class ReportTable(QTableView):
    """`cell_opened` carries the cell pressed by pointer or Enter when people are behind it."""

    cell_opened = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tabel")
        self.setAccessibleName(_("Tabel laporan"))
        theme.dress(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(True)
        self.setItemDelegate(_Cells(self))
        self.setTabKeyNavigation(False)  # arrows walk the cells; Tab goes on
        self._wanted: list[int] = []
        self._widest = -1
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self.head = PaperHead()
        self.setHorizontalHeader(self.head)
        self.clicked.connect(self._open)
        self.setMouseTracking(True)
        self.entered.connect(self._point)

    def minimumSizeHint(self) -> QSize:
        """Small: it scrolls."""
        return QSize(px(200), px(120))

    def show_table(self, table: Table) -> None:
        """Show this table under the head of its paper form."""
        old = self.model()
        self.setModel(ReportModel(table))
        if old is not None:
            old.deleteLater()
        self.setAccessibleName(table.title)
        self.verticalHeader().setDefaultSectionSize(px(40))
        upright = {place.column for place in placed(table) if place.head.upright and place.head.columns == 1}
        letters, titles = QFontMetrics(font("small_strong")), QFontMetrics(font("micro"))
        header = self.horizontalHeader()
        deepest = {place.column: place.head.text for place in placed(table) if place.head.columns == 1}
        self._wanted = []
        for place in range(len(table.columns)):
            cells = max((letters.horizontalAdvance(row[place].text) for row in table.rows[:MEASURED_ROWS]), default=0)
            words = max((titles.horizontalAdvance(word) for word in deepest.get(place, "").split()), default=0)
            least = px(30) if place in upright else max(words, px(30))
            self._wanted.append(min(px(280), max(least, cells) + px(22)))
            header.resizeSection(place, self._wanted[place])
        self._widest = max(range(len(table.columns)), key=lambda place: table.columns[place].width, default=-1)
        self._share_out()
        self.head.show_table(table)
        if table.rows:
            self.setCurrentIndex(self.model().index(0, 0))

    def _share_out(self) -> None:
        """What the columns leave over is for the widest; beside a scroll bar it is less."""
        if self._wanted:
            spare = self.viewport().width() - sum(self._wanted)
            self.horizontalHeader().resizeSection(self._widest, self._wanted[self._widest] + max(0, spare))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        self._share_out()
        self.head.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the names of the number."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, ReportModel) and index.isValid():
            cell = model.cell(index)
            if cell.people:
                self.cell_opened.emit(cell, model.table.columns[index.column()].title)

    def _point(self, index: QModelIndex) -> None:
        model = self.model()
        linked = isinstance(model, ReportModel) and bool(model.cell(index).people)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if linked else Qt.CursorShape.ArrowCursor)
