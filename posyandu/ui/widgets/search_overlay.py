"""The palette (Ctrl+K): one line over the window that finds people and pages, or registers someone new."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posyandu.text import _
from posyandu.ui import lines
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import (
    KeyCap,
    Label,
    Rule,
    ScrollPage,
    Sign,
    TextInput,
    chip_width,
    clear,
    paint_avatar,
    paint_chip,
    paint_icon_tile,
    row_layout,
)
from posyandu.ui.widgets.overlay import Overlay

LEAST = 2  # letters before people are searched


@dataclass(frozen=True)
class Entry:
    """One line of the palette: what it says and what it does."""

    title: str
    detail: str
    do: Callable[[], object]
    icon: str = ""
    avatar_sex: str | None = None
    chip: str = ""
    name: str = ""


class Palette(Overlay):
    """Type, arrow to a line, Enter. `find` gives people for the typed text; `commands` are the pages and deeds."""

    def has_answers(self) -> bool:
        """A search typed is no work to lose."""
        return False

    def __init__(
        self,
        host: QWidget,
        find: Callable[[str], Sequence[Any]],
        commands: Sequence[Entry],
        open_person: Callable[[str], object],
        register: Callable[[str], object],
    ) -> None:
        super().__init__(host, width=680, top=64)
        self.setAccessibleName(_("Cari"))
        self.setObjectName("palette")
        self.follows = True
        self._find, self._commands, self._open_person, self._register = find, commands, open_person, register
        self.entries: list[_Line] = []
        self._place_of_mark = 0
        self.body.setContentsMargins(px(8), px(8), px(8), px(8))
        self.body.setSpacing(px(6))
        top = row_layout(spacing=6)
        top.setContentsMargins(px(10), 0, px(10), 0)
        self.box = TextInput(
            name="palette:box",
            accessible=_("Cari nama, NIK, atau nama ibu"),
            placeholder=_("Cari nama, NIK, nama ibu, atau halaman"),
        )
        self.box.make_bare()
        self.box.setFont(font("number"))
        self.box.installEventFilter(self)
        top.addWidget(Sign("search", "text3", 20))
        top.addWidget(self.box, 1)
        top.addWidget(KeyCap("Esc"))
        self.body.addLayout(top)
        self.body.addWidget(Rule())
        self.list = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.body.addWidget(self.list, 1)
        self.hint = Label(_("Panah untuk memilih, Enter untuk membuka"), "micro", "text3")
        self.hint.setContentsMargins(px(12), px(2), 0, px(4))
        self.body.addWidget(self.hint)
        self._wait = QTimer(self, singleShot=True, interval=60)
        self._wait.timeout.connect(self.refresh)
        self.box.textChanged.connect(lambda _text: self._wait.start())
        self.refresh()

    def refresh(self) -> None:
        """Ask again for what is typed."""
        typed = self.box.text().strip()
        found = list(self._matching_commands(typed))
        if len(typed) >= LEAST:
            people = [self._person(hit) for hit in self._find(typed)]
            found = people + found
            title = _("Daftarkan sasaran baru: {name}").format(name=typed)
            found.append(Entry(title, "", lambda: self._register(typed), icon="user-plus", name="palette:register"))
        clear(self.list.body)
        self.entries = []
        for entry in found:
            line = _Line(entry, typed)
            line.clicked.connect(lambda _on=False, line=line: self.choose(line))
            self.list.body.addWidget(line)
            self.entries.append(line)
        self.list.body.addStretch(1)
        self._mark(0)
        if self.isVisible():
            self.place()

    def _matching_commands(self, typed: str) -> Sequence[Entry]:
        words = typed.casefold().split()
        return [entry for entry in self._commands if all(word in entry.title.casefold() for word in words)]

    def _person(self, hit: Any) -> Entry:  # noqa: ANN401 - a services.people.PersonHit
        parts = [
            hit.age_text,
            _("Ibu {name}").format(name=hit.mother_name) if hit.mother_name else "",
            hit.address_line,
        ]
        return Entry(
            hit.name,
            " · ".join(part for part in parts if part),
            lambda: self._open_person(hit.id),
            avatar_sex=hit.sex or "unknown",
            chip=hit.group_label or "",
            name=f"person:{hit.id}",
        )

    def _mark(self, place: int) -> None:
        if not self.entries:
            return
        self._place_of_mark = max(0, min(place, len(self.entries) - 1))
        for index, line in enumerate(self.entries):
            line.set_marked(index == self._place_of_mark)
        self.list.ensureWidgetVisible(self.entries[self._place_of_mark], 0, 0)
        self.box.setAccessibleDescription(self.entries[self._place_of_mark].accessibleName())

    def choose(self, line: "_Line | None" = None) -> None:
        """Close and do what the marked line says."""
        line = line or (self.entries[self._place_of_mark] if self.entries else None)
        if line is not None:
            self.accept()
            line.entry.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter in the box belong to the list."""
        if (
            watched is getattr(self, "box", None)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            key = event.key()
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
            if Qt.Key(key) in steps:
                self._mark(self._place_of_mark + steps[Qt.Key(key)])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._wait.isActive():  # typed faster than the list follows
                    self._wait.stop()
                    self.refresh()
                self.choose()
                return True
        return super().eventFilter(watched, event)


class _Line(QAbstractButton):
    """One painted line: picture, title with the typed letters in bold, detail, group."""

    def __init__(self, entry: Entry, typed: str) -> None:
        super().__init__()
        self.entry, self._typed, self._marked = entry, typed, False
        self.setObjectName(entry.name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(part for part in (entry.title, entry.detail, entry.chip) if part))
        self.setToolTip(self.accessibleName() if entry.detail else "")

    def set_marked(self, on: bool) -> None:
        """Whether Enter would choose this line."""
        self._marked = on
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(300), px(56 if self.entry.detail else 46))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0, 1, 0, -1)
        if self._marked or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("soft" if self._marked else "hover"))
            painter.drawRoundedRect(rect, px(8), px(8))
        side = px(38 if self.entry.detail else 32)
        spot = QRectF(px(10), (self.height() - side) / 2, side, side)
        if self.entry.icon:
            paint_icon_tile(painter, spot, self.entry.icon, "neutral")
        else:
            paint_avatar(painter, spot, self.entry.title, self.entry.avatar_sex)
        left, right = spot.right() + px(12), self.width() - px(12)
        if self.entry.chip:
            wide = chip_width(self.entry.chip)
            paint_chip(
                painter, QRectF(right - wide, self.height() / 2 - px(14), wide, px(28)), self.entry.chip, "neutral"
            )
            right -= wide + px(10)
        role, told = lines.fitted(self.entry.detail, right - left, "small", "micro") if self.entry.detail else ("", ())
        high = px(20 if len(told) < 2 else 17)
        top = self.height() / 2 - high * (1 + len(told)) / 2
        self._title(painter, QRectF(left, top, right - left, high))
        for place, words in enumerate(told, 1):
            painter.setFont(font(role))
            painter.setPen(color("text3"))
            spot = QRectF(left, top + high * place, right - left + 2, high)
            painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, words)

    def _title(self, painter: QPainter, room: QRectF) -> None:
        """Typed letters bold, the others medium; where nothing matches, all bold."""
        text = QFontMetrics(font("label")).elidedText(self.entry.title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setPen(color("text"))
        left = room.left()
        for part, bold in _matched(text, self._typed):
            letters = font("label") if bold else font("nav")
            painter.setFont(letters)
            painter.drawText(QRectF(left, room.top(), room.width(), room.height()), Qt.AlignmentFlag.AlignVCenter, part)
            left += QFontMetrics(letters).horizontalAdvance(part)


def _matched(text: str, typed: str) -> list[tuple[str, bool]]:
    """The text in pieces, and which of them begin a word with what was typed."""
    words = [re.escape(word) for word in typed.split()]
    if not words:
        return [(text, True)]
    pieces = re.split(rf"(?i)(\b(?:{'|'.join(words)}))", text)
    marked = [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]
    return marked if any(bold for _piece, bold in marked) else [(text, True)]
