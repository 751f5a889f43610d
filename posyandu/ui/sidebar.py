"""The sidebar: the post in work, the pages, and how the data stand in words."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from posyandu.domain.calendar import short_date
from posyandu.text import N_, _, count
from posyandu.ui import lines, registry, theme
from posyandu.ui.desk import Desk
from posyandu.ui.registry import Page
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import Pressable


class Sidebar(QWidget):
    """Post, pages, and how the data stand; a rail with words under the icons when the window is narrow."""

    def __init__(self, desk: Desk, go: Callable[..., None]) -> None:
        super().__init__()
        self.desk = desk
        self._rail = False
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(12), px(13), px(12))
        column.setSpacing(px(8))
        self.post = PostButton(desk)
        self.pages = NavList(desk, go)
        self.pill = SyncPill(desk)
        self.pill.clicked.connect(lambda: go("sinkronisasi"))
        column.addWidget(self.post)
        column.addWidget(self.pages, 1)
        column.addWidget(self.pill)
        self.setFixedWidth(px(208))

    def set_current(self, page: str) -> None:
        """Mark the item that stands for this page."""
        self.pages.set_current(registry.lit_by(page))
        self.pill.set_current(page == "sinkronisasi")

    def set_rail(self, on: bool) -> None:
        """Narrow or wide."""
        if on != self._rail:
            self._rail = on
            self.setFixedWidth(px(92 if on else 208))
            layout = self.layout()
            if layout is not None:
                side = px(4 if on else 12)
                layout.setContentsMargins(side, px(8 if on else 12), side + 1, px(8 if on else 12))
                layout.setSpacing(px(4 if on else 8))
            for part in (self.post, self.pages, self.pill):
                part.set_rail(on)

    def refresh_for(self, _forms: frozenset[str]) -> None:
        """Follow what was saved."""
        self.refresh()

    def refresh(self) -> None:
        """Ask again for the post's name, the pages open to this worker and the state of the data."""
        self.post.refresh()
        self.pages.refresh()
        self.pill.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the white column and its hairline."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("line"))


class NavList(QWidget):
    """The pages of the registry from top to bottom. What finds no room is listed by the last item, "Lainnya".

    The first pages keep their place however low the window is, so a hand that knows the rail finds them blindly.
    """

    GAP, PART = 2, 11  # between items, and between groups where there is room for it

    def __init__(self, desk: Desk, go: Callable[..., None]) -> None:
        super().__init__()
        self.desk, self._go = desk, go
        self._rail, self._current = False, ""
        self._hairlines: list[int] = []
        self.left_over: list[Page] = []
        self.items = {page.name: NavButton(page, self) for page in registry.PAGES.values() if page.group}
        for name, button in self.items.items():
            button.clicked.connect(lambda _on=False, name=name: go(name))
        self.more = NavButton(MORE, self)
        self.more.clicked.connect(self.open_more)
        ring = [*(self.items[page.name] for page in _whole_rail()), self.more]
        for before, after in pairwise(ring):
            QWidget.setTabOrder(before, after)

    def minimumSizeHint(self) -> QSize:
        """Room for two pages and "Lainnya"."""
        return QSize(px(60), 3 * (px(self._heights()[0]) + px(self.GAP)))

    def set_rail(self, on: bool) -> None:
        """Narrow or wide."""
        self._rail = on
        for button in (*self.items.values(), self.more):
            button.set_rail(on)
        self.refresh()

    def set_current(self, name: str) -> None:
        """Mark this page, or "Lainnya" when it is listed there."""
        self._current = name
        hidden = next((page for page in self.left_over if page.name == name), None)
        for each, button in self.items.items():
            button.set_current(each == name)
        self.more.set_current(hidden is not None)
        if hidden is not None:
            self.more.setAccessibleDescription(_("halaman ini: {page}").format(page=_(hidden.words)))

    def _heights(self) -> tuple[int, int]:
        """The least and the wanted height of an item."""
        return (NavButton.LEAST_RAIL, NavButton.RAIL) if self._rail else (NavButton.WIDE, NavButton.WIDE)

    def refresh(self) -> None:
        """Give every page its place for the height there is and the worker there is."""
        pages = list(registry.rail(self.desk.ws.worker.role))
        least, wanted = (px(each) for each in self._heights())
        gap, high = px(self.GAP), self.height()
        fits = max(1, (high + gap) // (least + gap))
        self.left_over = pages[fits - 1 :] if len(pages) > fits else []
        shown = pages[: len(pages) - len(self.left_over)]
        places = len(shown) + bool(self.left_over)
        each = min(wanted, (high + gap) // max(1, places) - gap)
        spare = high - places * (each + gap) + gap
        borders = sum(one.group != other.group for one, other in pairwise(shown))
        part = px(self.PART) if borders and spare >= borders * px(self.PART) else 0
        high_of = self._shares([*shown, MORE][:places], each)
        top, self._hairlines = 0, []
        for place, page in enumerate(shown):
            if place and page.group != shown[place - 1].group:
                foot = page.group == registry.GROUPS[-1]
                if foot:
                    top = high - sum(high_of[place:]) - (len(high_of) - place - 1) * gap
                elif part:
                    self._hairlines.append(top + part // 2 - gap // 2)
                    top += part
            self.items[page.name].setGeometry(0, top, self.width(), high_of[place])
            top += high_of[place] + gap
        self.more.setGeometry(0, top, self.width(), high_of[-1])
        for name, button in self.items.items():
            button.setVisible(any(page.name == name for page in shown))
        self.more.setVisible(bool(self.left_over))
        self.set_current(self._current)
        self.update()

    def _shares(self, shown: Sequence[Page], each: int) -> list[int]:
        """How high every item is where they have `each` on average: in a low rail two lines of words take more."""
        even = [each] * len(shown)
        if not self._rail or each >= px(NavButton.RAIL):
            return even
        needed = [px(38 + 15 * (len(self._words_of(page)) - 1)) for page in shown]
        air = (sum(even) - sum(needed)) // len(needed)
        shares = [max(px(NavButton.LEAST_TOUCH), high + air) for high in needed]
        return shares if sum(shares) <= sum(even) else even

    def _words_of(self, page: Page) -> tuple[str, ...]:
        return lines.two_lines(_(page.words), self.width() - px(8), "micro")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the window."""
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairlines between the groups."""
        painter = QPainter(self)
        side = px(12)
        for y in self._hairlines:
            painter.fillRect(side, y, self.width() - 2 * side, 1, color("line"))

    def open_more(self) -> None:
        """List what the rail has no room for: arrows choose, Enter goes, Esc closes."""
        menu = self.menu_now()
        spot = self.more.mapToGlobal(self.more.rect().bottomRight())
        menu.popup(spot + QPoint(px(8), -menu.sizeHint().height()))
        menu.setActiveAction(menu.actions()[0])

    def menu_now(self) -> QMenu:
        """The pages left over, a line between groups; made anew each time."""
        menu = QMenu(self)
        theme.dress(menu)
        menu.setObjectName("menu:lainnya")
        menu.setAccessibleName(self.more.text())
        menu.setFont(font("nav"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, page in enumerate(self.left_over):
            if place and page.group != self.left_over[place - 1].group:
                menu.addSeparator()
            here = page.name == self._current
            deed = menu.addAction(theme.icon(page.icon, "primary" if here else "text2", 20), _(page.words))
            deed.setObjectName(f"nav:{page.name}")
            deed.triggered.connect(lambda _on=False, name=page.name: self._go(name))
        return menu


MORE = Page("lainnya", "", N_("menu|Lainnya"), "ellipsis")


def _whole_rail() -> list[Page]:
    """The rail of somebody to whom every page is open, in its order."""
    return [page for group in registry.GROUPS for page in registry.PAGES.values() if page.group == group]


class _SideButton(Pressable, QPushButton):
    """What the sidebar's buttons share."""

    WIDE, RAIL = 44, 58

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.rail = self.current = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rail(self, on: bool) -> None:
        """Narrow or wide."""
        self.rail = on
        self.updateGeometry()
        self.update()

    def set_current(self, on: bool) -> None:
        """Whether this is where the person is."""
        self.current = on
        self.setAccessibleDescription(_("halaman ini") if on else "")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the bar."""
        return QSize(px(80 if self.rail else 182), px(self.RAIL if self.rail else self.WIDE))

    def box(self, painter: QPainter, fill: str | None) -> None:
        """Paint pill and focus ring."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if fill:
            painter.setBrush(color(fill))
            painter.drawRoundedRect(self.rect(), px(8), px(8))
        if self.hasFocus() and self.ring:
            pen = painter.pen()
            pen.setStyle(Qt.PenStyle.SolidLine)
            pen.setColor(color("primary"))
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(8), px(8))


class NavButton(_SideButton):
    """One page."""

    LEAST_RAIL = 50  # an icon and two lines of words
    LEAST_TOUCH = 44  # what a finger finds

    def __init__(self, page: Page, parent: QWidget) -> None:
        super().__init__(_(page.words), parent)
        self.page = page
        self.setObjectName(f"nav:{page.name}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint pill, icon, word."""
        painter = QPainter(self)
        self.box(painter, "soft" if self.current else "hover" if self.underMouse() or self.isDown() else None)
        ink = "on_soft" if self.current else "text2"
        painter.setPen(color(ink))
        if self.rail:
            painter.setFont(font("micro"))
            words = lines.two_lines(self.text(), self.width() - px(8), "micro")
            gap = px(3) if self.height() >= px(56) or len(words) == 1 else 0
            total = px(20) + gap + px(15) * len(words)
            top = (self.height() - total) / 2
            theme.paint_icon(painter, self.page.icon, ink, (self.width() - px(20)) / 2, top, 20)
            for place, line in enumerate(words):
                spot = QRectF(0, top + px(20) + gap + px(15) * place, self.width(), px(15))
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, line)
            return
        theme.paint_icon(painter, self.page.icon, ink, px(13), (self.height() - px(20)) / 2, 20)
        painter.setFont(font("label" if self.current else "nav"))
        room = QRectF(px(45), 0, self.width() - px(53), self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


class PostButton(_SideButton):
    """The post in work; a press shows the other posts of this laptop, and the lock."""

    WIDE, RAIL = 50, 62

    def __init__(self, desk: Desk) -> None:
        super().__init__("")
        self.desk = desk
        self.village = self.short = ""
        self.setObjectName("post")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_menu)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the name of the post."""
        from posyandu.services import posts

        found = next((post for post in posts.posts(self.desk.ws) if post.id == self.desk.ws.posyandu_id), None)
        self.setText(found.name if found else _("Posyandu"))
        self.village = village_words(found.village, found.village_code) if found else ""
        self.short = self.text().removeprefix("Posyandu ")  # all of them are: what tells them apart comes after
        told = _("Posyandu {name}, {place}. Ganti Posyandu")
        self.setAccessibleName(told.format(name=self.short, place=self.village))
        self.setToolTip(", ".join(part for part in (self.text(), self.village) if part))
        self.update()

    def open_menu(self) -> None:
        """The posts, and the lock: arrows choose, Enter goes there, Esc closes."""
        menu = self.menu_now()
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        here = next((deed for deed in menu.actions() if deed.objectName() == f"post:{self.desk.ws.posyandu_id}"), None)
        menu.setActiveAction(here or menu.actions()[0])

    def menu_now(self) -> QMenu:
        """The menu as it is now, each post with its last day, so that none is left out; made anew each time."""
        from posyandu.services import posts

        ws = self.desk.ws
        menu = QMenu(self)
        theme.dress(menu)
        menu.setFont(font("nav"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for post in posts.posts(ws):
            mark = "check" if post.id == ws.posyandu_id else None
            deed = menu.addAction("\t".join(filter(None, (post.name, last_day_words(ws, post.id)))))
            deed.setObjectName(f"post:{post.id}")
            deed.triggered.connect(lambda _on=False, post_id=post.id: self.choose(post_id))
            if mark:
                deed.setIcon(theme.icon(mark, "primary", 18))
        menu.addSeparator()
        menu.addAction(
            theme.icon("settings", "text2", 18),
            _("Kelola Posyandu"),
            lambda: self.desk.go("pengaturan", part="posyandu"),
        )
        menu.addAction(theme.icon("lock", "text2", 18), _("Kunci layar  (Ctrl L)"), self.desk.lock_wanted.emit)
        return menu

    def choose(self, post_id: str) -> None:
        """Work in this post from now on."""
        self.desk.ws.posyandu_id = post_id
        self.desk.post_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sprout and the two lines."""
        painter = QPainter(self)
        self.box(painter, "hover" if self.underMouse() or self.isDown() else None)
        side = px(36)
        left = (self.width() - side) / 2 if self.rail else px(6)
        top = px(4) if self.rail else (self.height() - side) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("primary"))
        painter.drawRoundedRect(QRectF(left, top, side, side), px(9), px(9))
        theme.paint_icon(painter, "sprout", "on_primary", left + (side - px(20)) / 2, top + (side - px(20)) / 2, 20)
        painter.setPen(color("text"))
        if self.rail:
            painter.setFont(font("micro"))
            name = painter.fontMetrics().elidedText(self.short, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QRectF(0, top + side, self.width(), px(18)), Qt.AlignmentFlag.AlignCenter, name)
            return
        room = self.width() - px(52) - px(4)
        for role, ink, words, y in (("strong", "text", self.short, px(5)), ("small", "text3", self.village, px(26))):
            painter.setFont(font(role))
            painter.setPen(color(ink))
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(px(52), y, room, px(20)), Qt.AlignmentFlag.AlignVCenter, cut)


def last_day_words(ws: Any, post_id: str) -> str:  # noqa: ANN401 - services.workspace.Workspace
    """ "12-11-2026" or "12-11-2026, belum ditutup": the day that is open at a post, else its last; "" before any."""
    from posyandu.services import sessions

    days = sessions.recent(ws, post_id, limit=None)
    if not days:
        return ""
    day = next((each for each in days if not each.closed), days[0])
    return short_date(day.held_on) if day.closed else _("{day}, belum ditutup").format(day=short_date(day.held_on))


def _status(ws: Any) -> Any:  # noqa: ANN401 - services
    from posyandu.services import synchronise

    return synchronise.status(ws)


class SyncPill(_SideButton):
    """How the data stand, in words; never red because there is no internet."""

    WIDE, RAIL = 58, 62
    ICONS = {
        "confirmed": "cloud-check",
        "waiting": "cloud-upload",
        "sending": "refresh-cw",
        "offline": "cloud-off",
        "help": "cloud-alert",
        "not_enrolled": "hard-drive",
    }

    def __init__(self, desk: Desk) -> None:
        super().__init__("")
        self.desk = desk
        self.state, self.detail, self.short = "not_enrolled", "", ""
        self.setObjectName("nav:sinkronisasi")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(_("Aman di laptop ini"))
        self.setAccessibleName(_("Pengiriman data"))
        self._asking = self._again = False
        desk.soon(self, self.refresh)  # after the first picture: reading what sends takes a moment

    def refresh(self) -> None:
        """Ask how the data stand, beside the window: every save asks, and a large book takes a while to count."""
        if self._asking or self.desk.closed:
            self._again = True
            return
        self._asking, self._again = True, False
        self.desk.run(_status, self._told, lambda _error: self._told(None), owner=self)

    def _told(self, status: Any) -> None:  # noqa: ANN401 - services.synchronise.SyncStatus
        self._asking = False
        if not isValid(self):
            return
        if status is not None:
            self.show_status(status)
        if self._again:
            self.refresh()

    def show_status(self, status: Any) -> None:  # noqa: ANN401 - services.synchronise.SyncStatus
        """Show a status: first line what, second line where the data are."""
        self.state = status.state
        title, self.detail, self.short = pill_words(status, self.desk.ws.now())
        self.setText(title)
        self.setAccessibleName(_("Pengiriman data: {what}. {detail}").format(what=title, detail=self.detail))
        self.setToolTip(status.sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint pill, cloud, words."""
        painter = QPainter(self)
        over = self.underMouse() or self.isDown()
        self.box(painter, "soft" if self.current else "line" if over else "sunken")
        icon = self.ICONS.get(self.state, "cloud-upload")
        ink = "warn" if self.state == "help" else "text2"
        if self.rail:
            theme.paint_icon(painter, icon, ink, (self.width() - px(18)) / 2, px(7), 18)
            painter.setFont(font("micro"))
            painter.setPen(color("text2"))
            for place, line in enumerate(self.short.split("\n")[:2]):
                spot = QRectF(0, px(27) + px(15) * place, self.width(), px(15))
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, line)
            return
        theme.paint_icon(painter, icon, ink, px(12), px(11), 18)
        room = self.width() - px(38) - px(6)
        for role, tone, words, y in (
            ("small_strong", "text", self.text(), px(9)),
            ("micro", "text2", self.detail, px(30)),
        ):
            painter.setFont(font(role))
            painter.setPen(color(tone))
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(px(38), y, room, px(20)), Qt.AlignmentFlag.AlignVCenter, cut)


def pill_words(status: Any, now: datetime) -> tuple[str, str, str]:  # noqa: ANN401 - services.synchronise.SyncStatus
    """First line, second line, and the words under the icon of the rail."""
    waiting = status.waiting
    safe = _("Aman di laptop ini")
    if status.state == "confirmed":
        return _("Semua terkirim"), when_text(status.last_at, now), _("Semua\nterkirim")
    if status.state == "sending":
        return _("Sedang mengirim"), _("{n} catatan lagi").format(n=count(waiting)), _("Sedang\nmengirim")
    if status.state == "offline":
        return _("Belum terkirim"), safe, _("Belum\nterkirim")  # why is said on the page: not always the net
    if status.state == "help":
        return _("Perlu bantuan"), safe, _("Perlu\nbantuan")
    if status.state == "not_enrolled":
        return safe, _("Belum terhubung"), _("Di laptop\nini")
    return _("{n} belum terkirim").format(n=count(waiting)), safe, _("{n}\nmenunggu").format(n=count(waiting))


def when_text(at: datetime | None, now: datetime) -> str:
    """ "hari ini 07.40", "kemarin 16.20", "12-11-2026 16.20"; "" for None."""
    if at is None:
        return ""
    at = at.astimezone(now.tzinfo) if at.tzinfo and now.tzinfo else at
    clock = at.strftime("%H.%M")
    days = (now.date() - at.date()).days
    if days == 0:
        return _("hari ini {clock}").format(clock=clock)
    if days == 1:
        return _("kemarin {clock}").format(clock=clock)
    return f"{at:%d-%m-%Y} {clock}"


def village_words(name: str, code: str) -> str:
    """ "Ds. Sukamaju" or "Kel. Praya": in Kemendagri's codes the last four digits of a kelurahan begin with 1."""
    if not name:
        return ""
    return f"{'Kel.' if code.replace('.', '')[6:7] == '1' else 'Ds.'} {name}"
