"""Six digits: a box of dots that is a real password field, and a keypad for fingers."""

from PySide6.QtCore import QPoint, QRectF, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import Pressable

DIGITS = 6


class PinBox(QLineEdit):
    """Shows a dot per digit typed; `filled` carries the PIN as soon as the sixth is there."""

    filled = Signal(str)

    def __init__(self, *, name: str = "pin", accessible: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible or _("PIN 6 angka"))
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(DIGITS)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,6}"), self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(px(264), px(52))
        self.wrong = False
        self.textChanged.connect(self._typed)

    def _typed(self, text: str) -> None:
        if text:
            self.wrong = False
        if len(text) == DIGITS:
            self.filled.emit(text)

    def refuse(self) -> None:
        """Empty it and show that the PIN was wrong."""
        self.clear()
        self.complain()

    def complain(self) -> None:
        """Show that something is wrong with what is typed, and leave it."""
        self.wrong = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint six places, the typed ones with a dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = px(38)
        step = (self.width() - side) / (DIGITS - 1)  # the first box stands under the first letter of its label
        typed = len(self.text())
        for place in range(DIGITS):
            spot = QRectF(place * step, (self.height() - px(46)) / 2, side, px(46))
            current = self.hasFocus() and place == min(typed, DIGITS - 1)
            edge = "bad" if self.wrong else "primary" if current else "field"
            if not self.isEnabled():
                edge = "line2"
            painter.setPen(QPen(color(edge), 2 if current or self.wrong else 1))
            painter.setBrush(color("surface" if self.isEnabled() else "sunken"))
            painter.drawRoundedRect(spot.adjusted(1, 1, -1, -1), px(8), px(8))
            if place < typed:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color("text"))
                painter.drawEllipse(spot.center(), px(5), px(5))


class Keypad(QWidget):
    """1 to 9, 0 and a key that takes the last digit back; presses go to a PinBox."""

    def __init__(self, box: PinBox) -> None:
        super().__init__()
        self._box = box
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(8))
        for place, word in enumerate("123456789"):
            grid.addWidget(self._key(word), place // 3, place % 3)
        grid.addWidget(self._key("0"), 3, 1)
        back = self._key("")
        back.setAccessibleName(_("Hapus satu angka"))
        back.setObjectName("pin:hapus")
        grid.addWidget(back, 3, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def _key(self, word: str) -> "_Key":
        key = _Key(word)
        key.clicked.connect(lambda: self._press(word))
        return key

    def _press(self, word: str) -> None:
        if not self._box.isEnabled():
            return
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        if word:
            self._box.insert(word)
        else:
            self._box.backspace()


class _Key(Pressable, QPushButton):
    """One key, large enough for a thumb."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.setObjectName(f"pin:{word}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the digits are on the keyboard already
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(px(82), px(52))

    def sizeHint(self) -> QSize:
        return QSize(px(82), px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line2"))
        painter.setBrush(color("sunken" if self.isDown() else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(10), px(10))
        middle = QPoint(self.width() // 2, self.height() // 2)
        if self.text():
            painter.setFont(font("number"))
            painter.setPen(color("text"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        else:
            theme.paint_icon(painter, "delete", "text2", middle.x() - px(11), middle.y() - px(11), 22)
