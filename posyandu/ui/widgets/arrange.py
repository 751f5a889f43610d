"""Arranging widgets where room is short: columns that become one, lines that break, buttons that fold into a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QMenu, QSizePolicy, QWidget

from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import UNBOUNDED, Button, ScrollPage, row_layout, show_menu


class Columns(QWidget):
    """Two columns that scroll each for itself; where two find no room, one below the other that scroll as one."""

    def __init__(self, left: int = 1, right: int = 1, *, two_from: int = 860) -> None:
        super().__init__()
        self._two_from = two_from
        self.two = True
        self.left, self.right = ScrollPage(margins=(28, 2, 8, 18)), ScrollPage(margins=(8, 2, 28, 18))
        across = row_layout(self, spacing=0)
        across.addWidget(self.left, left)
        across.addWidget(self.right, right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        two = event.size().width() >= px(self._two_from)
        if two == self.two:
            return
        self.two = two
        self.right.setVisible(two)
        self.left.set_margins((28, 2, 8 if two else 28, 18 if two else 8))
        self.right.set_margins((8 if two else 28, 2 if two else 8, 28, 18))
        if two:
            self.left.give_back()
        else:
            self.left.take_in(self.right)

    def minimumSizeHint(self) -> QSize:
        """As small as one column."""
        return self.left.minimumSizeHint()


class Flow(QLayout):
    """Widgets side by side in as many lines as their widths ask for; what may grow shares the rest of its line.

    A widget added with a share gives way down to its smallest width before a line is broken.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 12) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._gap = px(spacing)
        self._items: list[QLayoutItem] = []
        self._shares: list[int] = []

    def add(self, widget: QWidget, share: int = 0) -> None:
        """Another widget at the end; its share of what room is left in its line."""
        self.addWidget(widget)
        self._shares[-1] = share

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's way of adding."""
        self._items.append(item)
        self._shares.append(0)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The one at this place."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out."""
        if not 0 <= index < len(self._items):
            return None
        self._shares.pop(index)
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        """As wide as may be, never higher than needed."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high its lines are in this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place all."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """Each in a line of its own."""
        small = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in small), default=0), max((s.height() for s in small), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        top = rect.top()
        for line in self._lines(rect.width()):
            high = max(item.sizeHint().height() for item, _wide, _share in line)
            spare = rect.width() - sum(wide for _item, wide, _share in line) - self._gap * (len(line) - 1)
            shares, left = sum(share for *_rest, share in line), rect.left()
            for item, least, share in line:
                wanted = item.sizeHint().width() if share < 100 else UNBOUNDED
                wide = least + (min(spare * share // shares, max(0, wanted - least)) if share else 0)
                size = item.sizeHint()
                if move:
                    item.setGeometry(QRect(left, top + (high - size.height()) // 2, wide, size.height()))
                left += wide + self._gap
            top += high + self._gap
        return max(0, top - self._gap - rect.top())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, int, int]]]:
        lines: list[list[tuple[QLayoutItem, int, int]]] = []
        used = 0
        for item, share in zip(self._items, self._shares, strict=True):
            if item.isEmpty():
                continue
            least = min(width, item.minimumSize().width() if share else item.sizeHint().width())
            if not lines or used + self._gap + least > width:
                lines.append([])
                used = -self._gap
            lines[-1].append((item, least, share))
            used += self._gap + least
        return lines


class Deeds(QWidget):
    """Quiet buttons side by side; those that find no room are in the menu of the last, "Lainnya"."""

    GAP = 8

    def __init__(self, buttons: Sequence[Button] = ()) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.more = Button(_("Lainnya"), "quiet", "ellipsis", name="button:lainnya")
        self.more.setParent(self)
        self.more.clicked.connect(self._open)
        self.more.hide()
        self.buttons: tuple[Button, ...] = ()
        self.set_buttons(buttons)

    def set_buttons(self, buttons: Sequence[Button]) -> None:
        """Show these instead."""
        for button in self.buttons:
            button.hide()
            button.setParent(None)
            button.deleteLater()
        self.buttons = tuple(buttons)
        before: QWidget = self
        for button in (*self.buttons, self.more):
            button.setParent(self)
            if before is not self:
                QWidget.setTabOrder(before, button)
            before = button
        self._place()
        self.updateGeometry()

    def folded(self) -> list[Button]:
        """Those in the menu."""
        return [button for button in self.buttons if button.isHidden()]

    def sizeHint(self) -> QSize:
        """All in one line."""
        widths = [button.sizeHint().width() + px(self.GAP) for button in self.buttons]
        return QSize(max(0, sum(widths) - px(self.GAP)), px(44))

    def minimumSizeHint(self) -> QSize:
        """No wider than "Lainnya" alone."""
        return QSize(min(self.sizeHint().width(), self.more.sizeHint().width()), px(44))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what finds no room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        all_fit = self.sizeHint().width() <= self.width()
        room = self.width() - (0 if all_fit else self.more.sizeHint().width())
        left = 0
        for button in self.buttons:
            size = button.sizeHint()
            fits = left + size.width() <= room
            if fits:
                button.setGeometry(left, 0, size.width(), size.height())
                left += size.width() + px(self.GAP)
            else:
                room = left  # the order stays: nothing after the first that is folded
            button.setVisible(fits)
        self.more.setGeometry(left, 0, self.more.sizeHint().width(), self.more.sizeHint().height())
        self.more.setVisible(not all_fit)

    def _open(self) -> None:
        menu = QMenu(self)
        for button in self.folded():
            icon = QIcon(theme.pixmap(button.icon_name, "text", 20)) if button.icon_name else QIcon()
            act = menu.addAction(icon, button.text())
            act.setObjectName(button.objectName())
            act.triggered.connect(button.click)
        show_menu(menu, self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        first = menu.actions()[:1]
        if first:
            menu.setActiveAction(first[0])
