"""One sentence over the head of the page that says what was done, with at most one button ("Batalkan")."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from posyandu.ui.theme import PAGE_MARGIN, color, font, px
from posyandu.ui.widgets.basics import ElideLabel, rect_of, row_layout

SECONDS, SECONDS_WITH_ACTION = 5, 10


class _Action(QPushButton):
    """The button of a toast: words in the light green of the other theme."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast:action")
        self.setFont(font("label"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + px(24), px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("toast_action"))
        if self.hasFocus() or self.underMouse():
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 5, -1, -5), px(8), px(8))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Toast(QFrame):
    """At the right end of `over`, one at a time; 5 seconds, 10 with an action; announced to screen readers.

    `over` is the head of the page, where nobody types: at the foot it would lie on the row that is being filled in, at
    the left on the name of whoever comes next.
    """

    def __init__(self, host: QWidget, over: QWidget | None = None) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self._host, self._over = host, over or host
        self._act: Callable[[], object] | None = None
        row = row_layout(self, spacing=12)
        row.setContentsMargins(px(18), px(4), px(10), px(4))
        self.label = ElideLabel("", "label", "surface")
        row.addWidget(self.label, 1)
        self.action = _Action(self)
        self.action.clicked.connect(self._pressed)
        row.addWidget(self.action)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, action_text: str | None = None, action: Callable[[], object] | None = None) -> None:
        """Show this sentence now, in place of any other."""
        self._act = action
        self.label.setText(text)
        self.action.setText(action_text or "")
        self.action.setVisible(bool(action_text))
        self._timer.start((SECONDS_WITH_ACTION if action_text else SECONDS) * 1000)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the words puts them away."""
        self.hide()

    def _pressed(self) -> None:
        self.hide()
        if self._act:
            self._act()

    def _place(self) -> None:
        words = self.label.fontMetrics().horizontalAdvance(self.label.text())
        extra = self.action.sizeHint().width() + px(12) if self.action.text() else px(8)
        room, height = rect_of(self._over, self._host), px(52)
        width = min(words + extra + px(34), room.width() - 2 * px(PAGE_MARGIN))
        top = room.top() + min(px(13), (room.height() - height) // 2)
        self.setGeometry(room.right() + 1 - px(PAGE_MARGIN) - width, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dark slip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("text"))
        painter.drawRoundedRect(self.rect(), px(10), px(10))
