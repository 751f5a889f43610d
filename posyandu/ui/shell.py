"""The shell around an open book: sidebar, header, page and action bar. Going from page to page, nothing else.

Pages are made when first wanted, from the registry (`posyandu.ui.registry`: there a new page is declared). Read only
when the PIN is right: the lock screen does not wait for it.
"""

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPolygonF, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from posyandu.text import _
from posyandu.ui import errors, registry, theme
from posyandu.ui.ahead import Ahead
from posyandu.ui.desk import Desk
from posyandu.ui.focus import focus
from posyandu.ui.registry import PAGES
from posyandu.ui.sidebar import Sidebar
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import EvenLabel, Label, NameLabel, Pressable, appear
from posyandu.ui.widgets.toast import Toast

RAIL_BELOW = 1180  # effective pixels
TIGHT_BELOW = 760
PAINT_AFTER_MS = 12
"""Between reading a page and painting it keys are taken; at once, Qt would do both in one turn."""
_BY_TAB = Qt.FocusPolicy.TabFocus.value
_AT_EVERY_POST = frozenset(("month", "kind", "step", "code", "part", "level"))
"""What a page may be opened for that means the same at another post: a day, a person or a file belong to one."""


class Shell(QWidget):
    """Sidebar, header, pages, action bar; listens to the desk."""

    def __init__(self, desk: Desk, *, practice: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self.pages: dict[str, QWidget] = {}
        self._history: list[tuple[str, dict[str, object]]] = []
        self._had_keys: QWidget | None = None
        self.ahead = Ahead(self, self.page)
        desk.book_closing.connect(self.ahead.stop)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.sidebar = Sidebar(desk, self.go)
        across.addWidget(self.sidebar)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        across.addLayout(right, 1)
        self.stripe = PracticeStripe(desk) if practice else None
        if self.stripe is not None:
            right.addWidget(self.stripe)
        self.header = Header(self.open_palette)
        right.addWidget(self.header)
        self.stack = _Stack()
        right.addWidget(self.stack, 1)
        self.bar = _Bar()
        right.addWidget(self.bar)
        self._fit()  # before the first picture: a wide sidebar would push a narrow window wider
        self.toast = Toast(self, self.header)
        # Methods, never lambdas: Qt forgets the methods of a shell that is gone, and new letters make a new shell.
        desk.page_wanted.connect(self._page_wanted)
        desk.back_wanted.connect(self.back)
        desk.toast_wanted.connect(self.toast.say)
        desk.names_wanted.connect(self._show_names)
        desk.question_wanted.connect(self._ask)
        desk.records_changed.connect(self.sidebar.refresh_for)
        desk.post_changed.connect(self._post_changed)
        deeds: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+K", self.open_palette),
            ("F1", self.help),
            ("Alt+Left", self.back),
            ("Alt+0", self.sidebar.post.open_menu),
            *((f"Alt+{place}", partial(self._go_to_place, place)) for place in range(1, 10)),
        )
        for keys, deed in deeds:
            QShortcut(QKeySequence(keys), self).activated.connect(partial(self._by_key, deed))
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(desk.lock_wanted.emit)

    def _by_key(self, deed: Callable[[], object]) -> None:
        """What a key of the window does; nothing while the keys are in a sheet, which hides the page."""
        here = QApplication.focusWidget()
        while here is not None and not isinstance(here, QDialog):
            here = here.parentWidget()
        if here is None:
            deed()

    # ---- pages

    def page(self, name: str) -> Any:  # noqa: ANN401 - a page, whatever its class
        """The page of this name, made when first wanted."""
        if name not in self.pages:
            module, _colon, kind = PAGES[name].made_by.partition(":")
            page = getattr(importlib.import_module(module), kind)(self.desk)
            page.setObjectName(f"page:{name}")
            self.pages[name] = page
            self.stack.addWidget(page)
            if hasattr(page, "header_changed"):
                page.header_changed.connect(lambda page=page: self._dress(page))
        return self.pages[name]

    def go(self, name: str, /, **arguments: object) -> None:
        """Bring a page into view and give it the focus it names; a page for others is refused in words."""
        if not PAGES[name].open_to(self.desk.ws.worker.role):
            self.toast.say(_("Halaman ini untuk petugas lain."))
            return
        errors.note(f"buka {name}")
        page = self.page(name)
        leaving = self._history[-1] if self._history else None
        if leaving != (name, arguments):
            self._history.append((name, arguments))
        page.open(**arguments)
        if page is not self.stack.currentWidget():
            self._let_go()
            self.stack.setUpdatesEnabled(False)  # read in this turn, painted in another
            self.stack.setCurrentWidget(page)
            QTimer.singleShot(PAINT_AFTER_MS, self.stack, lambda: self.stack.setUpdatesEnabled(True))
        self._dress(page)
        self.sidebar.set_current(name)
        _give_keys_to(page)

    def let_go_of_one(self) -> bool:
        """Destroy one of the pages that are not in view; False when there is none."""
        self.ahead.stop()
        name = next((name for name, page in self.pages.items() if page is not self.stack.currentWidget()), None)
        if name is None:
            return False
        page = self.pages.pop(name)
        self.stack.removeWidget(page)
        page.deleteLater()
        return True

    def go_soon(self, name: str, /, **arguments: object) -> None:
        """The first page, after the rail is painted; unless somebody went elsewhere by then."""

        def first() -> None:
            if not self._history:
                self.go(name, **arguments)
            self.ahead.start()

        self.desk.soon(self, first)

    def _let_go(self) -> None:
        """Take the keys from what is about to be hidden: Qt would look for the next in the ring, for nothing."""
        here = QApplication.focusWidget()
        if here is not None and any(part.isAncestorOf(here) for part in (self.header, self.stack, self.bar)):
            here.clearFocus()

    def _page_wanted(self, name: str, arguments: dict[str, object]) -> None:
        self.go(name, **arguments)

    def _go_to_place(self, place: int) -> None:
        """The page at this place of the rail, from 1, the foot not counted."""
        rail = [page.name for page in registry.rail(self.desk.ws.worker.role) if page.group != registry.GROUPS[-1]]
        if place <= len(rail):
            self.go(rail[place - 1])

    def back(self) -> None:
        """The page seen before; Beranda when there is none."""
        if len(self._history) > 1:
            self._history.pop()
            name, arguments = self._history.pop()
            self.go(name, **arguments)
        elif self.place()[0] != "beranda":
            self.go("beranda")

    def help(self) -> None:
        """The chapter of help about the page in view."""
        self.go("bantuan", chapter=PAGES[self.place()[0]].help)

    def place(self) -> tuple[str, dict[str, object]]:
        """The page in view and what it was opened for."""
        return self._history[-1] if self._history else ("beranda", {})

    def refresh(self) -> None:
        """Ask again for everything in view."""
        self.sidebar.refresh()
        self.desk.records_changed.emit(frozenset())

    def note_keys(self) -> None:
        """The lock comes: remember who has the keys."""
        here = QApplication.focusWidget()
        if here is not None and self.isAncestorOf(here):
            self._had_keys = here

    def give_keys(self) -> None:
        """The lock is gone: the keys go where they were, as if the window had come back; else to the page."""
        had, self._had_keys = self._had_keys, None
        if had is not None and isValid(had) and had.isVisible():
            had.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        else:
            _give_keys_to(self.page(self.place()[0]))

    def _dress(self, page: Any) -> None:  # noqa: ANN401 - a page
        if self.stack.currentWidget() is page:
            self.header.show_page(page)
            make = getattr(page, "action_bar", None)
            self.bar.hold(make() if make is not None else None)

    def _post_changed(self) -> None:
        self.sidebar.refresh()
        name, arguments = self.place()
        if PAGES[name].of_someone or name == "daftar":
            name = "beranda"
        arguments = {told: what for told, what in arguments.items() if told in _AT_EVERY_POST and name != "beranda"}
        for page in self.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self._history.clear()
        self.go(name, **arguments)
        self.ahead.start()  # what it was making went with the pages

    # ---- the Tab key

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes down the sidebar, along the header, through the page, over the action bar, and round again.

        Qt's own order is that in which widgets were made: a form made late would lead back into itself.
        """
        parts = [part for part in (self.sidebar, self.stripe, self.header, self.stack, self.bar) if part is not None]
        ring = [each for part in parts for each in _in_tab_order(part)]
        here = QApplication.focusWidget()
        while here is not None and here not in ring and here is not self:
            here = here.parentWidget()
        if not ring or here is None or here is self:
            return super().focusNextPrevChild(forward)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(ring.index(here) + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    # ---- sheets

    def open_palette(self) -> None:
        """Search people and pages."""
        from posyandu.ui.pages.palette import open_palette

        open_palette(self, self.desk)

    def _show_names(self, title: str, people: list[Any]) -> None:
        from posyandu.ui.widgets import overlay

        overlay.show_names(self, title, people, lambda person_id: self.go("kartu", person_id=person_id))

    def _ask(self, question: dict[str, Any]) -> None:
        from posyandu.ui.widgets import overlay

        overlay.ask(
            self,
            question["title"],
            question["text"],
            question["action"],
            question["then"],
            danger=question["danger"],
            cancel=question["cancel"],
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below 1180 effective pixels the sidebar becomes a rail."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() / theme.factor() < RAIL_BELOW
        self.sidebar.set_rail(narrow)
        self.header.set_narrow(narrow)


class Header(QWidget):
    """The page's title, or the page's own widget, and the search box."""

    def __init__(self, search: Callable[[], object]) -> None:
        super().__init__()
        self.setMinimumHeight(px(78))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(theme.PAGE_MARGIN), px(10), px(theme.PAGE_MARGIN), px(6))
        self._row.setSpacing(px(16))
        words = QVBoxLayout()
        words.setSpacing(px(3))
        words.setContentsMargins(0, 0, 0, 0)
        self._words = QWidget()
        self._words.setLayout(words)
        self.title = NameLabel("", "display", small="h3")
        self.subtitle = EvenLabel()
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        words.addStretch(1)
        self._own: QWidget | None = None
        self.search = SearchBox()
        self.search.clicked.connect(search)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.search)

    def show_page(self, page: Any) -> None:  # noqa: ANN401 - a page
        """Show this page's words."""
        own = page.header() if hasattr(page, "header") else None
        if own is not self._own and self._own is not None:
            self._row.removeWidget(self._own)
            self._own.hide()
            self._own.setParent(None)
        if own is not None and own is not self._own:
            self._row.insertWidget(0, own, 1)
            own.show()
        self._own = own
        self._words.setVisible(own is None)
        self.title.setText(page.title)
        subtitle = getattr(page, "subtitle", "")
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def set_narrow(self, narrow: bool) -> None:
        """Give the title more room."""
        tight = self.width() < px(TIGHT_BELOW)
        self.search.setFixedWidth(px(330 if not narrow else 230 if not tight else 150))
        self.search.update()


class SearchBox(Pressable, QPushButton):
    """Looks like a search box; a press opens the palette."""

    def __init__(self) -> None:
        super().__init__(_("Cari nama, NIK, atau nama ibu"))
        self.setObjectName("search")
        self.setAccessibleName(_("Cari nama, NIK, atau nama ibu (Ctrl K)"))
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFixedSize(px(330), theme.reach(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, the lens, the hint and the key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("primary" if self.hasFocus() else "line2"))
        painter.setBrush(color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(8), px(8))
        if self.hasFocus() and self.ring:
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), px(7), px(7))
        middle = self.height() / 2
        theme.paint_icon(painter, "search", "text2", px(12), middle - px(9), 18)
        painter.setFont(font("micro"))
        keys = painter.fontMetrics().horizontalAdvance("Ctrl K") + px(13)
        cap = QRectF(self.width() - keys - px(8), middle - px(12), keys, px(24))
        painter.setPen(color("line2"))
        painter.setBrush(color("hover"))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), px(5), px(5))
        painter.setPen(color("text2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, "Ctrl K")
        painter.setFont(font("nav_plain"))
        painter.setPen(color("text3"))
        room = QRectF(px(40), 0, cap.left() - px(48), self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.hint(int(room.width())))

    def hint(self, room: int) -> str:
        """The longest words that have room whole."""
        metrics = QFontMetrics(font("nav_plain"))
        ways = (self.text(), _("Cari nama"), _("Cari"))
        return next((each for each in ways if metrics.horizontalAdvance(each) < room), "")


class PracticeStripe(QWidget):
    """The amber striped bar that says: nothing here is real."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setFixedHeight(px(36))
        self.setObjectName("practice")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(theme.PAGE_MARGIN), 0, px(theme.PAGE_MARGIN), 0)
        row.setSpacing(px(12))
        row.addWidget(Label(_("LATIHAN \N{EN DASH} data contoh, bukan catatan sungguhan"), "label", "on_warn"))
        row.addStretch(1)
        leave = _StripeButton(_("Selesai latihan"))
        leave.setObjectName("button:selesai-latihan")
        leave.clicked.connect(lambda: desk.practice_wanted.emit(False))
        row.addWidget(leave)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint slanting stripes behind the words' clear ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), color("practice"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("practice_stripe"))
        high, step = self.height(), px(28)
        for left in range(-high, self.width(), step):
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(left, high),
                        QPointF(left + high, 0),
                        QPointF(left + high + step / 2, 0),
                        QPointF(left + step / 2, high),
                    ]
                )
            )


class _StripeButton(Pressable, QPushButton):
    """Words on the amber bar."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + px(24), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("on_warn"))
        painter.setBrush(color("practice"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 4.5, -0.5, -4.5), px(7), px(7))
        if self.hasFocus() and self.ring:
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 6, -2, -6), px(6), px(6))
        painter.setFont(font("small_strong"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class _Stack(QStackedWidget):
    """The pages: none makes the window larger than it is, not even one that was opened before in smaller letters."""

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(120))


class _Bar(QWidget):
    """The action bar a page may give: 64 high, white, under a hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.reach(64))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(theme.PAGE_MARGIN), px(10), px(theme.PAGE_MARGIN), px(10))
        self._held: QWidget | None = None
        self.hide()

    def hold(self, widget: QWidget | None) -> None:
        """Show this page's bar, or none."""
        if widget is not self._held:
            if self._held is not None:
                self._row.removeWidget(self._held)
                self._held.hide()
                self._held.setParent(None)
            if widget is not None:
                self._row.addWidget(widget)
                widget.show()
            self._held = widget
        self.setVisible(widget is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))


def _give_keys_to(page: Any) -> None:  # noqa: ANN401 - a page
    """The page in view may just have been laid out, a moment ago or behind the lock."""
    if (first := page.first_focus()) is not None:
        appear(first, page)
    focus(first)


def _in_tab_order(part: QWidget) -> list[QWidget]:
    """What takes the keyboard in this part of the window: in Qt's order, but what lies in one box stays together."""
    first: dict[QWidget, int] = {}
    keys: dict[QWidget, list[int]] = {}
    each = part.nextInFocusChain()
    while each is not None and each is not part:
        # What is seen first: the ring runs through all pages, thousands of widgets, and asking for a policy is slow.
        takes = each.isVisible() and each.focusPolicy().value & _BY_TAB and each.isEnabled()
        if takes and each.focusProxy() is None and part.isAncestorOf(each):
            above: QWidget | None = each
            key: list[int] = []
            while above is not None and above is not part:
                key.append(first.setdefault(above, len(keys)))
                above = above.parentWidget()
            keys[each] = key[::-1]
        each = each.nextInFocusChain()
    return sorted(keys, key=keys.__getitem__)
