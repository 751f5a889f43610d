"""Arranging widgets where room is short: columns that become one, lines that break, buttons that fold into a menu."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QMenu, QSizePolicy, QWidget
from shiboken6 import isValid

from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import (
    UNBOUNDED,
    Button,
    ScrollPage,
    block,
    clear,
    column_layout,
    row_layout,
    show_menu,
)

TO_THE_END = 100


class Columns(QWidget):
    """Two columns that scroll each for itself; where two find no room, one below the other that scroll as one."""

    def __init__(self, left: int = 1, right: int = 1, *, two_from: int = 860) -> None:
        super().__init__()
        self._two_from = two_from
        self.two = True
        self._right_wanted = True
        self.left, self.right = ScrollPage(margins=(28, 2, 8, 18)), ScrollPage(margins=(8, 2, 28, 18))
        across = self._across = row_layout(self, spacing=0)
        across.addWidget(self.left, left)
        across.addWidget(self.right, right)

    def share(self, left: int, right: int) -> None:
        """How the width is shared from now on."""
        for place, part in enumerate((left, right)):
            self._across.setStretch(place, part)

    def show_right(self, wanted: bool) -> None:  # noqa: FBT001 - like setVisible
        """Whether there is anything to show at the right; without it the left column has the margins of a page."""
        self._right_wanted = wanted
        self.right.setVisible(wanted and self.two)
        self._set_margins()

    def _set_margins(self) -> None:
        self.right.set_margins((8 if self.two else 28, 2 if self.two else 8, 28, 18))
        self.left.set_margins((28, 2, 8 if self.two and self._right_wanted else 28, 18 if self.two else 8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        two = event.size().width() >= px(self._two_from)
        if two == self.two:
            return
        self.two = two
        self.right.setVisible(two and self._right_wanted)
        here = QApplication.focusWidget()
        had = here is not None and self.isAncestorOf(here)
        if two:
            self.left.give_back()
        else:
            self.left.take_in(self.right)
        self._set_margins()
        if had and here is not None:
            here.setFocus(Qt.FocusReason.OtherFocusReason)

    def minimumSizeHint(self) -> QSize:
        """As small as one column."""
        return self.left.minimumSizeHint()


class ListBeside(QWidget):
    """A list at the left and what is chosen of it at the right; where two find no room, one of them at a time.

    There `show_detail` turns to what was chosen, and a button above it, or Esc, leads back to the list.
    """

    def __init__(self, chosen_from: QWidget, detail: QWidget, *, width: int, back: str, two_from: int = 820) -> None:
        super().__init__()
        self.two = True
        self.chosen_from, self.detail = chosen_from, QWidget()
        self._width, self._two_from = width, two_from
        self._came_from: QWidget | None = None
        self.back = Button(back, "quiet", "arrow-left", name="button:ke-daftar", on=self.show_list)
        self.back.hide()
        column = column_layout(self.detail, spacing=8)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(detail, 1)
        across = row_layout(self, spacing=theme.CARD_GAP)
        across.addWidget(chosen_from)
        across.addWidget(self.detail, 1)
        chosen_from.setFixedWidth(px(width))

    @property
    def shows_list(self) -> bool:
        """Whether the list can be seen."""
        return not self.chosen_from.isHidden()

    def show_detail(self) -> None:
        """Turn to what was chosen, where both do not fit."""
        if self.two or not self.shows_list:
            return
        here = QApplication.focusWidget()
        self._came_from = here if here is not None and self.chosen_from.isAncestorOf(here) else None
        self._turn(to_list=False)
        self.back.setFocus(Qt.FocusReason.TabFocusReason)

    def show_list(self) -> None:
        """Turn back to the list, to the line that was pressed."""
        if self.two or self.shows_list:
            return
        self._turn(to_list=True)
        if self._came_from is not None and isValid(self._came_from) and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.chosen_from.setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen_from.focusNextChild()

    def _turn(self, *, to_list: bool) -> None:
        here = QApplication.focusWidget()
        if here is not None and self.isAncestorOf(here):
            here.clearFocus()
        self.chosen_from.setVisible(self.two or to_list)
        self.detail.setVisible(self.two or not to_list)
        self.back.setVisible(not self.two)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the list."""
        if event.key() == Qt.Key.Key_Escape and not self.two and not self.shows_list:
            self.show_list()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both or one."""
        super().resizeEvent(event)
        two = event.size().width() >= px(self._two_from)
        if two == self.two:
            return
        here = QApplication.focusWidget()
        to_list = here is None or not self.detail.isAncestorOf(here)
        self.two = two
        self.chosen_from.setMinimumWidth(px(self._width) if two else 0)
        self.chosen_from.setMaximumWidth(px(self._width) if two else UNBOUNDED)
        self._turn(to_list=to_list)
        if here is not None and here.isVisible():
            here.setFocus(Qt.FocusReason.OtherFocusReason)

    def minimumSizeHint(self) -> QSize:
        """As small as one of them."""
        return QSize(px(240), px(120))


class InTurns(QObject):
    """Fills a column with the rows of a long list: at once what fills the page, the others a block a turn."""

    AT_ONCE, A_TURN = 12, 8

    def __init__(self, column: QBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._column = column
        self._parts: Iterator[QWidget] = iter(())
        self._left = 0
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(lambda: self._add(self.A_TURN))

    def show(self, parts: Iterable[QWidget], most: int, at_once: int = AT_ONCE) -> None:
        """Show these in place of what stands, no more than `most`, each made when it is its turn."""
        clear(self._column)
        self._parts, self._left = iter(parts), most
        self._add(max(at_once, self.AT_ONCE))

    def show_more(self, most: int) -> None:
        """So many more, once those asked for stand."""
        if self._left <= 0:
            self._left = most
            self._next.start()

    def _add(self, number: int) -> None:
        made = list(islice(self._parts, min(number, self._left)))
        self._left -= number
        if made:
            self._column.addWidget(block(made))
            if self._left > 0:
                self._next.start()


class Flow(QWidget):
    """Widgets side by side in as many lines as their widths ask for.

    A widget added with a share gives way down to its smallest width before a line is broken, and grows into what its
    line has left: to its wanted width, or from a share of 100 on to the end. `least` tells that width where it is more
    than the widget asks for: a drop-down may be smaller than its words, but not while another line has room for them.
    """

    def __init__(self, *, spacing: int = 12) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._gap = px(spacing)
        self._shares: dict[QWidget, int] = {}
        self._leasts: dict[QWidget, Callable[[], int]] = {}

    def add(self, widget: QWidget, share: int = 0, least: Callable[[], int] | None = None) -> None:
        """Another widget at the end; its share of what room is left in its line."""
        if least is not None:
            self._leasts[widget] = least
        hidden = widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        widget.setParent(self)
        widget.setVisible(not hidden)
        self._shares[widget] = share

    def event(self, event: QEvent) -> bool:
        """Place all again when one was shown, hidden or changed its words."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place(self.width(), move=True)
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place all."""
        super().resizeEvent(event)
        self._place(self.width(), move=True)

    def heightForWidth(self, width: int) -> int:
        """How high its lines are in this width."""
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [_wanted(widget) for widget in self._shown()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSizeHint(self) -> QSize:
        """Each in a line of its own."""
        widths = (_least(widget) if self._shares[widget] else _wanted(widget).width() for widget in self._shown())
        return QSize(max(widths, default=0), self.sizeHint().height())

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._shares if not widget.isHidden()]

    def _place(self, width: int, *, move: bool) -> int:
        top = 0
        for line in self._lines(width):
            high = max(_wanted(widget).height() for widget, _least in line)
            spare = width - sum(least for _widget, least in line) - self._gap * (len(line) - 1)
            shares, left = sum(self._shares[widget] for widget, _least in line), 0
            for widget, least in line:
                size, share = _wanted(widget), self._shares[widget]
                room = spare if share >= TO_THE_END else size.width() - least
                wide = least + (max(0, min(spare * share // shares, room)) if share else 0)
                if move:
                    widget.setGeometry(left, top + (high - size.height()) // 2, wide, size.height())
                left += wide + self._gap
            top += high + self._gap
        return max(0, top - self._gap)

    def _lines(self, width: int) -> list[list[tuple[QWidget, int]]]:
        lines: list[list[tuple[QWidget, int]]] = []
        used = 0
        for widget in self._shown():
            least = _least(widget) if self._shares[widget] else _wanted(widget).width()
            least = min(width, max(least, self._leasts[widget]() if widget in self._leasts else 0))
            if not lines or used + self._gap + least > width:
                lines.append([])
                used = -self._gap
            lines[-1].append((widget, least))
            used += self._gap + least
        return lines


def _least(widget: QWidget) -> int:
    return max(widget.minimumWidth(), widget.minimumSizeHint().width())


def _wanted(widget: QWidget) -> QSize:
    return widget.sizeHint().expandedTo(widget.minimumSize()).boundedTo(widget.maximumSize())


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
        return QSize(max(0, sum(widths) - px(self.GAP)), theme.reach(44))

    def minimumSizeHint(self) -> QSize:
        """No wider than "Lainnya" alone."""
        return QSize(min(self.sizeHint().width(), self.more.sizeHint().width()), theme.reach(44))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what finds no room."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Place all again when one of them says something else."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()
        return super().event(event)

    def _place(self) -> None:
        all_fit = self.sizeHint().width() <= self.width()
        room = self.width() - (0 if all_fit else self.more.sizeHint().width() + px(self.GAP))
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
        theme.dress(menu)  # before it is measured: undressed it is lower, and would lie on its own button
        show_menu(menu, self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        first = menu.actions()[:1]
        if first:
            menu.setActiveAction(first[0])
