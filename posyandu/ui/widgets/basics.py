"""The widgets every page is built of: cards, buttons, chips, rows, labels, painted from the tokens of `theme`.

Their geometry is set here in code and their colours are asked for while painting, so themes switch live. A widget
that can be pressed is a real button or radio button underneath, so keyboards and screen readers know what it is.
Levels are words: ok, warn, bad, info, neutral.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from typing import Any, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from posyandu.ui import theme
from posyandu.ui.lines import even_width, fitted, is_cut, unbroken, whole_lines
from posyandu.ui.lines import paint as paint_lines
from posyandu.ui.theme import color, font, px

Layout = TypeVar("Layout", bound=QBoxLayout)
UNBOUNDED = 16_777_215  # Qt's own largest width
ROW_LINE, ROW_AIR = 20, 16
"""A line of words in a row, and what stays free above and below them."""
KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


# ---------------------------------------------------------------- words


class Label(QLabel):
    """Words in one of the type roles and one of the colours.

    They wrap when asked to, into lines of much the same length: no word is left over on the last.
    """

    ink = ""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._words, self._role = text, role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(role))
        theme.follow(self)
        self.set_ink(ink)
        if wrap:
            self.setWordWrap(True)
            # Ignored width: the longest help text must not widen its column. Its height is that of the width it has:
            # with Minimum Qt would keep room for the lines of a guessed, narrower one, and pages scrolled over air.
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def text(self) -> str:
        """The words as they were given."""
        return self._words

    def setText(self, text: str) -> None:
        """Say something else; where lines break, abbreviations with a hyphen stay whole."""
        self._words = text
        super().setText(unbroken(text) if self._breaks_lines() else text)

    def setWordWrap(self, on: bool) -> None:
        """Break lines or not."""
        super().setWordWrap(on)
        self.setText(self._words)

    def _breaks_lines(self) -> bool:
        """Words that may be copied stay as they were given, and as Qt lays them out."""
        may_be_copied = self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        return self.wordWrap() and not may_be_copied

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words in the narrowest width that takes no more lines than all the width there is."""
        room = self.contentsRect()
        if not self._breaks_lines() or room.height() < 2 * self.fontMetrics().height():
            super().paintEvent(event)
            return
        words = unbroken(self._words)
        wide = even_width(words, room.width(), self._role)
        left, sides = 0, self.alignment()
        if sides & (Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignRight):
            left = (room.width() - wide) // (2 if sides & Qt.AlignmentFlag.AlignHCenter else 1)
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(color(self.ink))
        spot = QRect(room.left() + left, room.top(), wide, room.height())
        painter.drawText(spot, int(sides) | int(Qt.TextFlag.TextWordWrap), words)

    def set_ink(self, name: str) -> None:
        """Change the colour by its name."""
        if self.ink != name:
            self.ink = name
            self.take_ink()

    def take_ink(self) -> None:
        """Take the colour from the theme again."""
        self.setPalette(theme.ink_palette(self.ink))


class EvenLabel(Label):
    """A sentence that stands alone: it wraps, small and quiet unless told otherwise."""

    def __init__(
        self,
        text: str = "",
        role: str = "small",
        ink: str = "text2",
        *,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, ink, wrap=wrap, parent=parent)


class ElideLabel(Label):
    """Words on one line that end in "…" when room is short; the whole text is then in the tooltip."""

    def __init__(self, text: str = "", role: str = "body", ink: str = "text", *, parent: QWidget | None = None) -> None:
        super().__init__(text, role, ink, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(px(24), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut with an ellipsis."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(color(self.ink))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)

    def is_cut(self) -> bool:
        """Whether some of the words are lost."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def setText(self, text: str) -> None:
        """Other words, which may find room or none."""
        super().setText(text)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        """Offer the whole text as a tooltip only while it is cut."""
        self.setToolTip(self.text() if self.is_cut() else "")


class NameLabel(ElideLabel):
    """A name or where someone lives: one line in its own letters, where room is short two in smaller ones.

    `snug` says that something follows it in its line.
    """

    def __init__(
        self, text: str = "", role: str = "title", ink: str = "text", *, small: str = "label", snug: bool = False
    ) -> None:
        super().__init__(text, role, ink)
        self._roles = (role, small)
        self.setWordWrap(True)  # a label that does not is asked for no height of its width
        policy = QSizePolicy(
            QSizePolicy.Policy.Maximum if snug else QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred
        )
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """All on one line."""
        return QSize(ceil(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 1, self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:
        """One line, or two smaller ones."""
        role, shown = fitted(self.text(), width, *self._roles)
        return max(QFontMetrics(font(role)).height() * len(shown), self.fontMetrics().height())

    def is_cut(self) -> bool:
        """Whether some of the words are lost."""
        return is_cut(self.text(), self.width(), *self._roles)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the one or two lines."""
        painter = QPainter(self)
        painter.setPen(color(self.ink))
        paint_lines(painter, QRectF(self.rect()), self.text(), *self._roles)


class Chip(QLabel):
    """A few words on a filled pill: a status, always in words; "bad" is the only solid one."""

    def __init__(
        self, text: str, level: str = "neutral", icon: str | None = None, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("small_strong"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.level = level
        self.icon_name = icon

    def set_state(self, text: str, level: str, icon: str | None = None) -> None:
        """Show another status."""
        self.level, self.icon_name = level, icon
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """28 high, as wide as its words."""
        room = px(20) if self.icon_name else 0
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + px(20) + room + 1, px(28))

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint() - QSize(px(14), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint pill, icon, words."""
        painter = _painter(self)
        paint_chip(painter, QRectF(self.rect()), self.text(), self.level, self.icon_name)


def chip_width(text: str, icon: str | None = None) -> int:
    """How wide `paint_chip` draws these words."""
    return QFontMetrics(font("small_strong")).horizontalAdvance(text) + px(20) + (px(20) if icon else 0) + 1


def paint_chip(painter: QPainter, rect: QRectF, text: str, level: str, icon: str | None = None) -> None:
    """Paint a chip into `rect`: for rows and table cells that paint themselves."""
    level = level if level in theme.LEVELS else "neutral"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(f"{level}_fill"))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    left = rect.left() + px(10)
    if icon:
        theme.paint_icon(painter, icon, f"on_{level}", left - px(1), rect.center().y() - px(16) / 2, 16)
        left += px(20)
    painter.setPen(color(f"on_{level}"))
    painter.setFont(font("small_strong"))
    painter.drawText(QRectF(left, rect.top(), rect.right() - left, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)


class Sign(QLabel):
    """A small picture beside words, in a colour that follows the look."""

    def __init__(self, icon: str = "", ink: str = "text", size: int = 18) -> None:
        super().__init__()
        self._sign, self._size = (icon, ink), size
        theme.follow(self)
        self.take_ink()

    def show_sign(self, icon: str, ink: str) -> None:
        """Show another picture."""
        self._sign = (icon, ink)
        self.take_ink()

    def take_ink(self) -> None:
        """Take the colour from the theme again."""
        if self._sign[0]:
            self.setPixmap(theme.pixmap(*self._sign, self._size))


class KeyCap(QLabel):
    """The name of a key as it is printed on the keyboard."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(font("micro"))
        theme.follow(self)
        self.take_ink()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def take_ink(self) -> None:
        """Take the colour from the theme again."""
        self.setPalette(theme.ink_palette("text2"))

    def sizeHint(self) -> QSize:
        """A small box around the word."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + px(14), px(25))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cap, then the word."""
        painter = _painter(self)
        _box(painter, QRectF(self.rect()), color("hover"), color("line2"), 6)
        painter.end()
        super().paintEvent(event)


# ---------------------------------------------------------------- things to press


class Pressable:
    """What self-painted buttons share: pointer inside, focus that came by the keyboard."""

    ring = False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Paint the hover."""
        super().enterEvent(event)  # type: ignore[misc]
        self.update()  # type: ignore[attr-defined]

    def leaveEvent(self, event: QEvent) -> None:
        """Paint it away."""
        super().leaveEvent(event)  # type: ignore[misc]
        self.update()  # type: ignore[attr-defined]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a ring when the focus came by the keyboard, and scroll into view."""
        self.ring = event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)  # type: ignore[misc]
        if self.ring:
            reveal(cast("QWidget", self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a button as space does."""
        if isinstance(self, QPushButton) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)  # type: ignore[misc]

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.ring = False
        super().focusOutEvent(event)  # type: ignore[misc]


class Button(Pressable, QPushButton):
    """A button with a verb on it. One "primary" a page; the others are secondary, quiet or danger. `on` is its deed."""

    def __init__(
        self,
        text: str,
        kind: str = "secondary",
        icon: str | None = None,
        *,
        name: str = "",
        parent: QWidget | None = None,
        on: Callable[..., object] | SignalInstance | None = None,
    ) -> None:
        super().__init__(text, parent)
        if on is not None:
            self.clicked.connect(on)
        self.kind = kind
        self.icon_name = icon
        self.setObjectName(name)
        self.setFont(font("label"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click does no deed again: who comes next may stand on the page by then."""
        if self.kind not in ("primary", "danger"):
            super().mouseDoubleClickEvent(event)

    def set_icon(self, name: str | None) -> None:
        """Show another icon before the words."""
        self.icon_name = name
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """44 high; words, icon and room at both sides."""
        width = self.fontMetrics().horizontalAdvance(_shown(self.text())) + px(32 if self.kind != "quiet" else 24) + 2
        if self.icon_name:
            width += px(18) + (px(8) if self.text() else 0)
        if not self.text():
            width = theme.reach(44)
        return QSize(width, theme.reach(44))

    def minimumSizeHint(self) -> QSize:
        """The same: a verb is never cut."""
        return self.sizeHint()

    def _colors(self) -> tuple[str | None, str | None, str]:
        """Fill, edge and ink for the present state."""
        down, over = self.isDown(), self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            return ("sunken" if self.kind != "quiet" else None, None, "text3")
        if self.kind == "primary":
            return ("primary_pressed" if down else "primary_hover" if over else "primary", None, "on_primary")
        if self.kind == "danger":
            return ("bad_fill", None, "on_bad")
        if self.kind == "quiet":
            return ("soft" if down else "hover" if over else None, None, "primary")
        return ("sunken" if down else "hover" if over else "surface", "line2", "text")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, icon, words, focus ring."""
        fill, edge, ink = self._colors()
        painter = _painter(self)
        _box(painter, QRectF(self.rect()), color(fill) if fill else None, color(edge) if edge else None, 8)
        if self.hasFocus() and self.ring:
            solid = self.kind in ("primary", "danger")
            _ring(painter, QRectF(self.rect()), ink if solid else "primary", inset=px(3) if solid else 0)
        text = _shown(self.text())
        words = self.fontMetrics().horizontalAdvance(text)
        total = words + (px(18) + (px(8) if text else 0) if self.icon_name else 0)
        left = (self.width() - total) / 2
        if self.icon_name:
            theme.paint_icon(painter, self.icon_name, ink, left, (self.height() - px(18)) / 2, 18)
            left += px(18) + px(8)
        painter.setPen(color(ink))
        painter.setFont(self.font())
        painter.drawText(QRectF(left, 0, words + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, text)


class Row(Pressable, QAbstractButton):
    """A whole line as one button: picture at the left, title and detail, a chip or number at the right, a chevron.

    `picture` is an `Avatar`-like pair ("avatar", name, sex) or ("icon", icon name, level), or None.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        picture: tuple[str, str, str | None] | None = None,
        chip: tuple[str, str] | None = None,
        number: str = "",
        chevron: bool = True,
        name: str = "",
        height: int = 60,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.role = "small" if wrap else "label"  # the letters of a title that is a sentence are small and medium
        self.title, self.detail, self.picture, self.chip, self.number = title, detail, picture, chip, number
        self.chevron = chevron
        self.current = False
        self._height = height
        self._broken: dict[tuple[int, float], tuple[int, list[tuple[str, str, tuple[str, ...]]]]] = {}
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._describe()

    def show_state(
        self,
        *,
        title: str | None = None,
        detail: str | None = None,
        chip: tuple[str, str] | None = None,
        number: str = "",
    ) -> None:
        """Change what the row says."""
        self.title = self.title if title is None else title
        self.detail = self.detail if detail is None else detail
        self.chip, self.number = chip, number
        self._broken.clear()
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        parts = (self.title, self.detail, self.chip[0] if self.chip else "", self.number)
        self.setAccessibleName(", ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        """As wide as given, 60 high unless told otherwise or the words need a second line."""
        return QSize(px(240), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Only a word that is wider than the row is cut."""
        return QSize(px(160), px(self._height))

    def heightForWidth(self, width: int) -> int:
        """Room for as many lines as the title and the detail take at this width."""
        return self._laid(width)[0]

    def _laid(self, width: int) -> tuple[int, list[tuple[str, str, tuple[str, ...]]]]:
        """The height and the lines, kept for each width: layouts ask dozens of times before a row stands."""
        key = width, theme.factor()
        if key not in self._broken:
            lines = self._lines(width)
            high = sum(len(some) for _role, _ink, some in lines) * px(ROW_LINE) + px(ROW_AIR)
            self._broken[key] = max(px(self._height), high), lines
        return self._broken[key]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may want another height; a layout remembers the one that was wanted before."""
        super().resizeEvent(event)
        wanted = self.sizeHint().height()
        if wanted != self.height() or wanted != self.heightForWidth(event.oldSize().width()):
            self.updateGeometry()

    def _room(self, width: int) -> tuple[int, int]:
        """Where the words begin and end."""
        left, right = px(8), width - px(8)
        left += px(40) + px(12) if self.picture else 0
        right -= px(18) + px(8) if self.chevron else 0
        right -= chip_width(self.chip[0]) + px(10) if self.chip else 0
        right -= QFontMetrics(font("count")).horizontalAdvance(self.number) + px(10) if self.number else 0
        return left, right

    def _lines(self, width: int) -> list[tuple[str, str, tuple[str, ...]]]:
        """The title and the detail, each with its letters and ink, on as many lines as they want."""
        left, right = self._room(width)
        told = [(self.role, "text", self.title)] + ([("small", "text3", self.detail)] if self.detail else [])
        broken = [(role, ink, whole_lines(words, right - left, role)) for role, ink, words in told]
        return [(role, ink, tuple(line.removesuffix(" ·") for line in lines)) for role, ink, lines in broken]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as space does; arrows go to the neighbouring rows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step_focus(self, 1 if event.key() == Qt.Key.Key_Down else -1, Row)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = _painter(self)
        box = QRectF(self.rect()).adjusted(0, px(2), 0, -px(2))
        edge = px(8)
        if self.current or self.isDown():
            _box(painter, box, color("soft"), None, 8)
        elif self.underMouse():
            _box(painter, box, color("hover"), None, 8)
        left, right, middle = float(edge), float(self.width() - edge), self.height() / 2
        if self.picture:
            kind, what, extra = self.picture
            side = px(40)
            spot = QRectF(left, middle - side / 2, side, side)
            if kind == "avatar":
                paint_avatar(painter, spot, what, extra)
            else:
                paint_icon_tile(painter, spot.adjusted(1, 1, -1, -1), what, extra or "neutral")
            left += side + px(12)
        if self.chevron:
            right -= px(18)
            theme.paint_icon(painter, "chevron-right", "text2", right, middle - px(18) / 2, 18)
            right -= px(8)
        if self.chip:
            wide = chip_width(self.chip[0])
            right -= wide
            paint_chip(painter, QRectF(right, middle - px(14), wide, px(28)), *self.chip)
            right -= px(10)
        if self.number:
            painter.setFont(font("count"))
            painter.setPen(color("text"))
            wide = painter.fontMetrics().horizontalAdvance(self.number)
            right -= wide
            painter.drawText(QRectF(right, 0, wide + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, self.number)
            right -= px(10)
        lines = [(role, ink, line) for role, ink, some in self._laid(self.width())[1] for line in some]
        top = middle - px(ROW_LINE) * len(lines) / 2
        for place, (role, ink, line) in enumerate(lines):
            painter.setFont(font(role))
            painter.setPen(color(ink))
            spot = QRectF(left, top + place * px(ROW_LINE) - px(role == "label"), right - left + 2, px(ROW_LINE))
            painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, line)
        if self.hasFocus() and self.ring:
            _ring(painter, box, "primary")


class SegmentButton(Pressable, QRadioButton):
    """One answer of a Segmented: a radio button that looks like a segment."""

    def __init__(self, text: str, parent: QWidget | None = None, *, tick: bool = True) -> None:
        super().__init__(text, parent)
        self.tick = tick
        self.setFont(font("nav"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """44 high with room for the tick."""
        words = QFontMetrics(font("label")).horizontalAdvance(_shown(self.text()))
        return QSize(words + (px(20) if self.tick else 0) + px(24), theme.reach(44))

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words; tabs give up some of the room beside them."""
        return self.sizeHint() - QSize(0 if self.tick else px(10), 0)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole segment answers the pointer."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segment."""
        painter = _painter(self)
        box = QRectF(self.rect()).adjusted(px(2), px(2), -px(2), -px(2))
        on = self.isChecked()
        ink = "text3" if not self.isEnabled() else "on_soft" if on else "text2"
        if on:
            fill = "soft" if theme.is_dark() else "surface"
            painter.setPen(QPen(color("primary"), 1.6))
            painter.setBrush(color(fill))
            painter.drawRoundedRect(box.adjusted(0.8, 0.8, -0.8, -0.8), px(7), px(7))
        elif self.underMouse() and self.isEnabled():
            _box(painter, box, color("hover"), None, 7)
        if self.hasFocus() and self.ring:  # dashed where nothing is chosen: a whole edge says "this is the answer"
            _ring(painter, QRectF(self.rect()), "primary", dashed=not on)
        letters = font("label") if on else font("nav")
        text = _shown(self.text())
        words = QFontMetrics(letters).horizontalAdvance(text)
        shift = px(20) if on and self.tick else 0
        left = (self.width() - words - shift) / 2
        if shift:
            theme.paint_icon(painter, "check", ink, left - px(2), (self.height() - px(16)) / 2, 16)
        painter.setPen(color(ink))
        painter.setFont(letters)
        painter.drawText(QRectF(left + shift, 0, words + 4, self.height()), Qt.AlignmentFlag.AlignVCenter, text)


class Segmented(QWidget):
    """A few answers side by side on one track; real radio buttons, arrows move between them.

    `options` are (code, words). `changed` carries the code. Nothing is chosen when `current` is None.
    """

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[object, str]],
        current: object = None,
        *,
        name: str = "",
        accessible: str = "",
        tick: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.group = QButtonGroup(self)
        self.buttons: dict[object, SegmentButton] = {}
        for code, words in options:
            button = SegmentButton(words, self, tick=tick)
            button.setObjectName(f"{name}:{code}" if name else f"segment:{code}")
            if accessible:
                button.setAccessibleDescription(accessible)
            self.group.addButton(button)
            self.buttons[code] = button
            row.addWidget(button, 1 if tick else button.sizeHint().width())  # answers alike, tabs by their words
            # toggled, not clicked: arrow keys choose without a click
            button.toggled.connect(lambda on, code=code: self._chosen(on, code))
        self.set_value(current)

    def _chosen(self, on: bool, code: object) -> None:
        if on:
            self.changed.emit(code)

    def value(self) -> object:
        """The chosen code, or None."""
        return next((code for code, button in self.buttons.items() if button.isChecked()), None)

    def set_value(self, code: object) -> None:
        """Choose a code, or none with None, without announcing it."""
        self.group.setExclusive(False)
        for each, button in self.buttons.items():
            button.blockSignals(True)
            button.setChecked(each == code and code is not None)
            button.blockSignals(False)
            button.update()
        self.group.setExclusive(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track."""
        painter = _painter(self)
        _box(painter, QRectF(self.rect()), color("sunken"), None, 9)


class Tick(Pressable, QCheckBox):
    """A statement the person agrees to; for questions with a yes and a no use a Segmented."""

    def __init__(self, text: str, *, name: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setFont(font("body"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """44 high, as wide as its words."""
        return QSize(self.fontMetrics().horizontalAdvance(_shown(self.text())) + px(46), theme.reach(44))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """The words answer too."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, tick, words."""
        painter = _painter(self)
        side = px(24)
        box = QRectF(px(2), (self.height() - side) / 2, side, side)
        on = self.isChecked()
        painter.setPen(QPen(color("primary" if on or self.hasFocus() else "field"), 2 if self.hasFocus() else 1.4))
        painter.setBrush(color("primary" if on else "surface"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), px(6), px(6))
        if on:
            theme.paint_icon(painter, "check", "on_primary", box.x() + px(3), box.y() + px(3), 18)
        if self.hasFocus() and self.ring:
            _ring(painter, QRectF(self.rect()), "primary")
        painter.setPen(color("text"))
        painter.setFont(self.font())
        room = QRectF(px(36), 0, self.width() - px(36), self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _shown(self.text()))


class TextInput(QLineEdit):
    """A one-line box for words, 44 high (48 in forms). `level` "bad" or "warn" colours its edge; `bare` has no box."""

    level = ""
    bare = False

    def __init__(
        self, text: str = "", *, name: str = "", accessible: str = "", placeholder: str = "", height: int = 48
    ) -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setPlaceholderText(placeholder)
        self.setFont(font("body"))
        self.setFixedHeight(theme.reach(height))
        self.setFrame(False)
        self.setTextMargins(px(13) + 1, 0, px(13) + 1, 0)
        theme.follow(self)
        self.take_ink()

    def set_level(self, level: str) -> None:
        """Mark the box: "bad", "warn" or ""."""
        self.level = level
        self.update()

    def make_bare(self) -> None:
        """Show only the words: what is around it is the box."""
        self.bare = True
        self.setTextMargins(0, 0, 0, 0)

    def take_ink(self) -> None:
        """Take the colours from the theme again."""
        self.setPalette(theme.line_palette())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Cut, copy, paste in our look."""
        show_menu(self.createStandardContextMenu(), event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the words."""
        if not self.bare:
            level = self.level if self.level in ("bad", "warn") else ""
            edge = level or ("primary" if self.hasFocus() else "field" if self.isEnabled() else "line2")
            fill = "bad_soft" if level == "bad" else "surface" if self.isEnabled() else "sunken"
            painter = _painter(self)
            width = 2 if level or self.hasFocus() else 1
            painter.setPen(QPen(color(edge), width))
            painter.setBrush(color(fill))
            rect = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            painter.drawRoundedRect(rect, px(8) - width / 2, px(8) - width / 2)
            painter.end()
        super().paintEvent(event)


class Labelled(QWidget):
    """A label above a box, and below it a hint or what is wrong and how to mend it."""

    def __init__(self, label: str, box: QWidget, hint: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = column_layout(self, spacing=6)
        self.label = Label(label, "label")
        self.label.setBuddy(box)
        self.box = box
        self._hint = hint
        self.help = Label(hint, "small", "text3", wrap=True)
        column.addWidget(self.label)
        column.addWidget(box)
        column.addWidget(self.help)
        self.help.setVisible(bool(hint))
        if not box.accessibleName():
            box.setAccessibleName(label)
        box.setAccessibleDescription(hint)

    def set_problem(self, sentence: str) -> None:
        """Say what is wrong in place of the hint; "" takes it back."""
        self.help.setText(sentence or self._hint)
        self.help.set_ink("bad" if sentence else "text3")
        self.help.setVisible(bool(sentence or self._hint))
        self.box.setAccessibleDescription(sentence or self._hint)
        if isinstance(self.box, TextInput):
            self.box.set_level("bad" if sentence else "")


# ---------------------------------------------------------------- surfaces


UNDER_TITLE = 14
"""Room between a title and rows: about as much as a title has that stands beside an action."""


class Card(QFrame):
    """A white sheet with a hairline. `body` is its column; a title and a quiet action may stand on top.

    `rows` says that the column holds `Row`s, whose words then stand exactly under the title.
    """

    def __init__(
        self,
        title: str = "",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        trailing: QWidget | None = None,
        padding: tuple[int, int] = (20, 18),
        spacing: int = 12,
        rows: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        inset = 8 if rows else 0  # rows start at the words' edge, their hover reaches a little beyond
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.body = QVBoxLayout(self)
        side = px(padding[0] - inset)
        self.body.setContentsMargins(side, px(padding[1]), side, px(padding[1]))
        self.body.setSpacing(px(spacing))
        self.title_label: Label | None = None
        self.action: Button | None = None
        if title or action or trailing:
            top = QHBoxLayout()
            top.setSpacing(px(12))
            under = UNDER_TITLE if rows and not action else 0
            top.setContentsMargins(px(inset), 0, 0 if action else px(inset), px(under))
            self.title_label = ElideLabel(title, "h3")
            top.addWidget(self.title_label, 1)
            if trailing:
                top.addWidget(trailing)
            if action:
                self.action = Button(action, "quiet")
                if on_action:
                    self.action.clicked.connect(lambda: on_action())
                top.addWidget(self.action)
            self.body.addLayout(top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        _box(_painter(self), QRectF(self.rect()), color("surface"), color("line"), 12)


class Notice(QFrame):
    """A sentence that must be seen, in the place it concerns, with a shape for its level and perhaps one button."""

    def __init__(
        self,
        level: str,
        text: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.level = level
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14 + 18 + 10), px(12), px(14), px(12))
        row.setSpacing(px(12))
        self.label = Label(text, "small", "text", wrap=True)
        row.addWidget(self.label, 1)
        self.button: Button | None = None
        if action:
            self.button = Button(action, "quiet")
            if on_action:
                self.button.clicked.connect(lambda: on_action())
            row.addWidget(self.button)

    def set_text(self, level: str, text: str) -> None:
        """Say something else."""
        self.level = level
        self.label.setText(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tinted box and its sign."""
        painter = _painter(self)
        fills = {"bad": "bad_soft"}
        _box(painter, QRectF(self.rect()), color(fills.get(self.level, f"{self.level}_fill")), None, 10)
        ink = {"bad": "bad"}.get(self.level, f"on_{self.level}")
        line = self.label.fontMetrics().height()
        words = max(line, self.label.heightForWidth(self.label.width()))
        first_line = self.label.y() + (self.label.height() - words) / 2
        theme.paint_icon(painter, theme.LEVEL_ICONS[self.level], ink, px(14), first_line + (line - px(18)) / 2, 18)


class IconTile(QWidget):
    """A 38 px tile with an icon; "bad" is solid red, the other levels are tints."""

    def __init__(self, icon: str, level: str = "neutral", *, size: int = 38, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon_name, self.level = icon, level
        self.setFixedSize(px(size), px(size))

    def set_state(self, icon: str, level: str) -> None:
        """Show another sign."""
        self.icon_name, self.level = icon, level
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile."""
        paint_icon_tile(_painter(self), QRectF(self.rect()), self.icon_name, self.level)


class Avatar(QWidget):
    """A person's initials on a round tint: blue for boys and men, pink for girls and women, as on the cards."""

    def __init__(self, name: str, sex: str | None, *, size: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.sex = name, sex
        self.setFixedSize(px(size), px(size))

    def set_person(self, name: str, sex: str | None) -> None:
        """Show another person."""
        self.name, self.sex = name, sex
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc."""
        paint_avatar(_painter(self), QRectF(self.rect()), self.name, self.sex)


class EmptyState(QWidget):
    """What to say where there is nothing: an icon, one sentence, at most one button."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        *,
        kind: str = "secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = column_layout(self, spacing=12)
        column.setContentsMargins(0, px(16), 0, 0)  # where nothing stretches it, it stands clear of the head
        column.addSpacerItem(_air())
        sign = Sign(icon, "text3", 40)
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(sign)
        self.label = EvenLabel(sentence, "body", "text2")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.label)
        self.button: Button | None = None
        if action:
            self.button = Button(action, kind)
            if on_action:
                self.button.clicked.connect(lambda: on_action())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacerItem(_air())
        column.setStretch(0, 1)
        column.setStretch(column.count() - 1, 1)


def _air() -> QSpacerItem:
    """Room that gives way where there is too little, before a button does."""
    return QSpacerItem(0, px(24), QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)


class ScrollPage(QScrollArea):
    """A page body that scrolls when height runs out. Add to `body`; margins are those of a page."""

    def __init__(
        self, *, margins: tuple[int, int, int, int] = (28, 4, 28, 18), spacing: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._look_again)
        # A viewport of ours: asked for Qt's own, PySide reads every kind of widget there is, before the first picture.
        ground = QWidget()
        self.setViewport(ground)
        ground.setAutoFillBackground(False)
        self.content = QWidget()
        self.content.setObjectName("page")
        self.body = column_layout(self.content, spacing=spacing)
        # While parts come in turns nothing is squeezed into the height the page had before.
        self.body.setVerticalSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        self.margins = margins
        self.at_edge = False
        self._below: ScrollPage | None = None
        self.body.setContentsMargins(*(px(side) for side in margins))
        self.setWidget(self.content)
        self.content.setAutoFillBackground(False)
        theme.dress(self.verticalScrollBar())
        theme.scroll_by_finger(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grow with the content: Qt forgets to look again when rows were added while the page was hidden."""
        kinds = (QEvent.Type.LayoutRequest, QEvent.Type.ChildAdded, QEvent.Type.ChildRemoved)
        if watched is self.widget() and event.type() in kinds:
            if event.type() is QEvent.Type.LayoutRequest and self.isVisible():
                self._look_again()  # before the layout: nothing is squeezed into the height there was before
            self._later.start()
        return super().eventFilter(watched, event)

    def _look_again(self) -> None:
        QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def minimumSizeHint(self) -> QSize:
        """Small: what does not fit is scrolled."""
        return QSize(px(240), px(120))

    def needed(self, width: int) -> int:
        """How high it must be at this width to show everything without scrolling."""
        return self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the body exactly as wide as the view: nothing is hidden at the right."""
        super().resizeEvent(event)
        self._fit()

    def set_margins(self, margins: tuple[int, int, int, int]) -> None:
        """Other margins, in effective pixels."""
        self.margins = margins
        self._fit()

    def end_at_edge(self, ends: bool) -> None:
        """Let the content end where the page does: where nothing scrolls no room is kept for a bar."""
        if ends != self.at_edge:
            self.at_edge = ends
            self._fit()

    def take_in(self, other: "ScrollPage") -> None:
        """Show the content of another one under this one's, scrolled with it."""
        self._below = other
        both = QWidget()
        both.setObjectName("page")
        column = column_layout(both, spacing=0)
        for page in (self, other):
            page.takeWidget()
            page.content.setMaximumWidth(UNBOUNDED)
            column.addWidget(page.content, 1 if page is other else 0)
            page.content.show()
        self.setWidget(both)
        both.setAutoFillBackground(False)
        self._fit()

    def give_back(self) -> None:
        """Let the other one have its content again."""
        other, self._below = self._below, None
        if other is None:
            return
        both = self.takeWidget()
        for page in (self, other):
            page.setWidget(page.content)
            page.content.setAutoFillBackground(False)
            page.content.show()
        both.deleteLater()
        self._fit()

    def _fit(self) -> None:
        shown = self.widget()
        if shown is None:  # its content is below another one's
            return
        shown.setMaximumWidth(self.viewport().width())
        bar = self.verticalScrollBar()
        taken = bar.width() if self.width() - self.viewport().width() > 1 else 0
        for page in (self, self._below):
            if page is not None:
                left, top, right, bottom = (px(side) for side in page.margins)
                right = 0 if page.at_edge else right
                page.body.setContentsMargins(left, top, max(0, right - taken), bottom)


class Rule(QWidget):
    """A hairline between parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), color("line"))


class Meter(QWidget):
    """A bar filled to a part of its length: how many of how many."""

    def __init__(self, part: float = 0.0, *, height: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self.setFixedHeight(px(height))
        self.setMinimumWidth(px(24))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_part(self, part: float) -> None:
        """Fill to this part, 0 to 1."""
        self.part = min(1.0, max(0.0, part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and filling."""
        painter = _painter(self)
        rect = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        if self.part > 0:
            painter.setBrush(color("primary"))
            filled = QRectF(rect.left(), rect.top(), max(rect.height(), rect.width() * self.part), rect.height())
            painter.drawRoundedRect(filled, rect.height() / 2, rect.height() / 2)


class Page(QWidget):
    """What the main window asks of a page; pages may derive from it.

    `title` and `subtitle` stand in the header unless `header()` gives a widget of its own; `action_bar()` may give the
    bar at the foot. Emit `header_changed` after changing any of them.
    """

    title = ""
    subtitle = ""
    header_changed = Signal()

    def open(self, **kwargs: Any) -> None:  # noqa: ANN401 - each page names its own
        """Come into view, perhaps for something particular."""

    def first_focus(self) -> QWidget | None:
        """The widget that gets the focus when the page opens."""
        return None

    def header(self) -> QWidget | None:
        """A widget in place of the title, or None."""
        return None

    def action_bar(self) -> QWidget | None:
        """The bar at the foot, or None."""
        return None


# ---------------------------------------------------------------- helpers


def column_layout(parent: QWidget | None = None, *, spacing: int = 12, margin: int = 0) -> QVBoxLayout:
    """A column with the margins and spacing of the drawings."""
    return _layout(QVBoxLayout(parent) if parent else QVBoxLayout(), spacing, margin)


def row_layout(parent: QWidget | None = None, *, spacing: int = 12, margin: int = 0) -> QHBoxLayout:
    """A row with the margins and spacing of the drawings."""
    return _layout(QHBoxLayout(parent) if parent else QHBoxLayout(), spacing, margin)


def _layout(layout: Layout, spacing: int, margin: int) -> Layout:
    layout.setContentsMargins(px(margin), px(margin), px(margin), px(margin))
    layout.setSpacing(px(spacing))
    return layout


class Block(QWidget):
    """Part of a list: arrows go on from it to the next."""


def block(parts: Iterable[QWidget]) -> Block:
    """These one below the other, laid out once: shown one by one in a page, each has the page laid out anew."""
    made = Block()
    column = column_layout(made, spacing=0)
    for part in parts:
        column.addWidget(part)
    return made


def sign_line(level: str, words: str) -> QHBoxLayout:
    """A sentence with the sign of its level before it."""
    line = row_layout(spacing=8)
    line.addWidget(Sign(theme.LEVEL_ICONS[level], level), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Label(words, "small", "text", wrap=True), 1)
    return line


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
            inner.deleteLater()


@contextmanager
def keep_focus(page: QWidget) -> Iterator[None]:
    """Rebuild parts of a page and give the focus back to the widget of the same name, if it had it.

    When that is gone, a question is asked only once, the next in the ring that is there still has it, else the first.
    """
    focus = QApplication.focusWidget()
    if focus is None or not page.isAncestorOf(focus):
        yield
        return
    names = list(_names_from(focus, page))
    focus.clearFocus()  # Qt would look for the next in the ring of all pages with each part that is let go
    yield
    still_there = isValid(focus) and page.isAncestorOf(focus)
    found = [focus] if still_there else next(filter(None, (page.findChildren(QWidget, each) for each in names)), [])
    if not found and (first := getattr(page, "first_focus", None)) is not None:
        found = [each for each in (first(),) if each is not None]
    if found:
        appear(found[-1], page)
        found[-1].setFocus(Qt.FocusReason.OtherFocusReason)


def appear(widget: QWidget, page: QWidget) -> None:
    """Show it and what it stands in now: what was just laid out appears later, and takes no keys until it has."""
    within: list[QWidget] = []
    each: QWidget | None = widget
    while each is not None and each is not page:
        within.append(each)
        each = each.parentWidget()
    for part in reversed(within):
        if part.isHidden() and not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()


_NEXT_NAMES = 12


def _names_from(focus: QWidget, page: QWidget) -> Iterator[str]:
    """The name of what has the keys, and of a few that Tab would come to after it."""
    each: QWidget | None = focus
    told = 0
    while each is not None and told < _NEXT_NAMES:
        by_tab = each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        if by_tab and each.objectName() and page.isAncestorOf(each):
            told += 1
            yield each.objectName()
        each = each.nextInFocusChain()
        if each is focus:
            return


def show_menu(menu: QMenu, at: QPoint) -> None:
    """Open a menu the system made, in our look."""
    theme.dress(menu)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)


def is_typing(event: QKeyEvent) -> bool:
    """Whether a key writes a letter or figure; a blank and commands do not."""
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.text().strip()) and event.text().isprintable() and not event.modifiers() & commands


def goes_through(event: QEvent, box: QLineEdit, move_by: Callable[[int], object]) -> bool:
    """Arrows in a search box move in the list below it, Esc empties it. True when the key is used up."""
    if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
        return False
    if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        move_by(1 if event.key() == Qt.Key.Key_Down else -1)
        return True
    emptied = event.key() == Qt.Key.Key_Escape and bool(box.text())
    if emptied:
        box.clear()
    return emptied


def type_into(box: QLineEdit, event: QKeyEvent) -> bool:
    """Who types a name means the search box, wherever on its page the keys are. True when the key is used up."""
    if not is_typing(event) or not box.isVisible():
        return False
    box.setFocus(Qt.FocusReason.OtherFocusReason)
    box.end(False)
    box.insert(event.text())
    return True


def step_focus(widget: QWidget, step: int, kind: type[QWidget]) -> None:
    """Move the focus to the next or previous sibling of this kind, be it in the next `Block` of the list."""
    parent = widget.parentWidget()
    if isinstance(parent, Block):
        parent = parent.parentWidget()
    if parent is None:
        return
    family = [child for child in parent.findChildren(kind) if child.isVisible() and child.isEnabled()]
    if widget not in family:  # hidden meanwhile, or on its way out
        return
    family.sort(key=lambda child: (child.mapTo(parent, child.rect().topLeft()).y(), child.x()))
    place = family.index(widget) + step
    if 0 <= place < len(family):
        family[place].setFocus(Qt.FocusReason.TabFocusReason)


def reveal(widget: QWidget) -> None:
    """Scroll the page so that a widget with the focus is seen."""
    parent: QObject | None = widget.parent()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget, 0, px(16))
        parent = parent.parent()


def initials(name: str) -> str:
    """One or two letters for a round picture: "Raka Aditya Pratama" is RA, "H. Mahmud" is HM."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in words[:2]) or "?"


def paint_avatar(painter: QPainter, rect: QRectF, name: str, sex: str | None) -> None:
    """Paint initials on a tint of the sex's colour."""
    ink = {"male": "boy", "female": "girl"}.get(sex or "", "text2")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(ink, 0.22 if theme.is_dark() else 0.14))
    painter.drawEllipse(rect)
    painter.setPen(color(ink))
    letters = font("label")
    painter.setFont(letters)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))


def paint_icon_tile(painter: QPainter, rect: QRectF, icon: str, level: str) -> None:
    """Paint an icon on a rounded tile of its level."""
    level = level if level in (*theme.LEVELS, "primary") else "neutral"
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("primary" if level == "primary" else f"{level}_fill"))
    painter.drawRoundedRect(rect, px(9), px(9))
    size = 20
    corner = rect.center() - QPointF(px(size) / 2, px(size) / 2)
    theme.paint_icon(painter, icon, "on_primary" if level == "primary" else f"on_{level}", corner.x(), corner.y(), size)


def _painter(widget: QWidget) -> QPainter:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def _box(painter: QPainter, rect: QRectF, fill: QColor | None, edge: QColor | None, radius: int) -> None:
    painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inner = rect.adjusted(0.5, 0.5, -0.5, -0.5) if edge is not None else rect
    painter.drawRoundedRect(inner, px(radius), px(radius))


def _ring(painter: QPainter, rect: QRectF, ink: str, inset: int = 0, *, dashed: bool = False) -> None:
    painter.setPen(QPen(color(ink), 2, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = rect.adjusted(1 + inset, 1 + inset, -1 - inset, -1 - inset)
    painter.drawRoundedRect(inner, px(8), px(8))


def _shown(text: str) -> str:
    """The words without the mark of a mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def rect_of(widget: QWidget, other: QWidget) -> QRect:
    """Where a widget lies in another one's coordinates."""
    return QRect(widget.mapTo(other, widget.rect().topLeft()), widget.size())
