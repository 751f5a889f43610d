"""The four widgets answers are typed into: a number, a date, one of a few options, a few words.

Each shows its question above, its answer in a painted box, and below it what last month said or what is wrong. They
know the kind of question but nothing of forms: `edited` fires with every key, `left` when the field is left.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QCalendarWidget,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from posyandu.domain import calendar
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Number, Value, figures, number_text, read_number
from posyandu.text import _, figure, placed
from posyandu.ui import theme
from posyandu.ui.lines import even_width, unbroken
from posyandu.ui.widgets.basics import Button, EvenLabel, Label, show_menu

PLAIN, WARN, BAD = "plain", "warn", "bad"
STAYED = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Another window or a menu had the keys for a while: the field was not left, and is not come to anew."""


class Box(QWidget):
    """The painted edge around an input: plain, focused, doubtful or impossible. A click anywhere focuses the input."""

    def __init__(self, inner: QWidget, height: int = 48) -> None:
        super().__init__()
        self.inner = inner
        self.state = PLAIN
        self._height = height
        self.row = QHBoxLayout(self)
        self.row.addWidget(inner, 1)
        inner.installEventFilter(self)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.dress()

    def dress(self) -> None:
        """Take sizes from the theme again."""
        self.row.setContentsMargins(theme.px(14), theme.px(2), theme.px(14), theme.px(2))
        self.row.setSpacing(theme.px(8))
        if self._height:
            self.setFixedHeight(theme.px(self._height))

    def set_state(self, state: str) -> None:
        """Paint as plain, warn or bad."""
        if state != self.state:
            self.state = state
            self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Repaint the edge when the input gains or loses focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the frame is a click on the input."""
        self.inner.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill and edge; the edge alone tells focus, edge and fill tell trouble."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.inner.hasFocus()
        edge = {PLAIN: "primary" if focused else "field", WARN: "warn", BAD: "bad"}[self.state]
        fill = "bad_soft" if self.state == BAD else "surface"
        width = 2.0 if focused or self.state != PLAIN else 1.0
        painter.setPen(QPen(theme.color(edge), width))
        painter.setBrush(theme.color(fill))
        inset = width / 2
        radius = theme.px(8)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


class HelpLine(QWidget):
    """The small line under a field: last month's value, a hint, or the problem with its icon and what can be done."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._state = PLAIN
        self._button_name = ""
        self._text: Label | None = None
        self._icon: QLabel | None = None
        self._button: _Link | None = None
        self.hide()

    def name_button(self, name: str) -> None:
        """Give the confirming button its stable name."""
        self._button_name = name

    @property
    def text(self) -> str:
        """What the line says now."""
        return self._words

    @property
    def button(self) -> Button:
        """The button that confirms a doubtful value."""
        if self._button is None:
            self._build()
            self._button = _Link(_("Nilai sudah benar"), "quiet", "check", parent=self)
            self._button.setObjectName(self._button_name)
            self._button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._button.clicked.connect(self.pressed)
            self._button.hide()
            self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        return self._button

    def _build(self) -> None:
        """Most fields never have a word here: its parts are made when they are wanted."""
        if self._text is not None:
            return
        self._text = EvenLabel("", "small", "text3", parent=self)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(2))
        self._column.addWidget(self._text)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(6))
        self._row.addLayout(self._column, 1)

    def say(self, text: str, state: str = PLAIN, *, confirmable: bool = False) -> None:
        """Show a sentence in the manner of its state; `confirmable` offers "Nilai sudah benar"."""
        self._words, self._state = text, state
        if text:
            self._build()
        if self._text is not None:
            self._text.setText(text)
        if confirmable or self._button is not None:
            self.button.setVisible(confirmable)
        self.dress()
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))

    def dress(self) -> None:
        """Take fonts and colours from the theme again."""
        if self._text is None:
            return
        ink = {PLAIN: "text3", WARN: "warn", BAD: "bad"}[self._state]
        self._text.setFont(theme.font("small"))
        self._text.set_ink(ink)
        if self._state != PLAIN:
            if self._icon is None:
                self._icon = QLabel(self)
                self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
                self._row.insertWidget(0, self._icon, 0, Qt.AlignmentFlag.AlignTop)
            name = "triangle-alert" if self._state == WARN else "octagon-alert"
            self._icon.setPixmap(theme.pixmap(name, ink, 16))
        if self._icon is not None:
            self._icon.setVisible(self._state != PLAIN)


class _Link(Button):
    """A quiet button on the left edge of its words."""

    def sizeHint(self) -> QSize:
        """As high as a finger can hit, as wide as its words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + theme.px(28 + 6), theme.px(32))


class _Line(QLineEdit):
    """A line edit without a frame that leaves Enter, Tab and Esc to its field."""

    def __init__(self, owner: "FieldWidget") -> None:
        super().__init__()
        self.owner = owner
        self.setFrame(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(theme.px(40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Esc leaves, everything else is typing."""
        if not self.owner.handle_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Cut, copy, paste in our look."""
        show_menu(self.createStandardContextMenu(), event.globalPos())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab walk the form's order."""
        return self.owner.step(forward) or super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by keyboard selects what is there, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.MouseFocusReason, *STAYED):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving is when a value is read and checked; the window losing focus is not leaving."""
        super().focusOutEvent(event)
        if event.reason() not in STAYED:
            self.owner.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page and changes no value."""
        event.ignore()


class FieldWidget(QWidget):
    """What all fields share: question, box, help line, problem, and how focus moves on.

    `neighbour` is set by the form: called with +1 or -1 it moves focus along the form and says whether it did.
    """

    edited = Signal(str)
    left = Signal(str)
    confirmed = Signal(str)

    def __init__(self, name: str, label: str, hint: str = "") -> None:
        super().__init__()
        self.name = name
        self.label = label
        self.hint = hint
        self.previous = ""
        self.problem = ""
        self.state = PLAIN
        self.neighbour: Callable[[int], bool] | None = None
        self.setObjectName(f"row:{name}")
        self.question = EvenLabel(label, "label", "text", wrap=False)
        self.help = HelpLine()
        theme.changed.connect(self.dress)
        self.help.name_button(f"confirm:{name}")
        self.help.pressed.connect(lambda: self.confirmed.emit(self.name))

    def value(self) -> Value | None:
        """The answer, or None when there is none or it cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Value | None) -> None:
        """Show an answer, without telling anyone."""
        raise NotImplementedError

    def input(self) -> QWidget:
        """The widget that takes the keys."""
        raise NotImplementedError

    def trouble(self) -> str:
        """Why what stands there cannot be read; empty when it can."""
        return ""

    def leave(self) -> None:
        """Read what was typed, show it tidily, tell the form."""
        self.left.emit(self.name)

    def set_previous(self, text: str) -> None:
        """The line below while nothing is wrong, for example "Bulan lalu 9,2 kg"."""
        self.previous = text
        self._show()

    def set_problem(self, message: str, state: str, *, confirmable: bool = False) -> None:
        """Show what is wrong; an empty message clears it."""
        self.problem, self.state = message, state if message else PLAIN
        self._show(confirmable=confirmable)

    def _show(self, *, confirmable: bool = False) -> None:
        self.help.say(self.problem or self.resting_text(), self.state, confirmable=confirmable and bool(self.problem))
        self.paint_state(self.state)
        self.input().setAccessibleDescription(self.help.text)

    def resting_text(self) -> str:
        """What the help line says when all is well."""
        return self.previous or self.hint

    def paint_state(self, state: str) -> None:
        """Paint the box plain, warn or bad."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Enter and Esc; True when the key is used up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.ignore()
                return True
            return self.step(forward=True)
        if event.key() == Qt.Key.Key_Escape:
            if self._on_a_sheet():
                event.ignore()  # the sheet closes, or asks first
            else:
                self.input().clearFocus()
            return True
        return False

    def _on_a_sheet(self) -> bool:
        around = self.parentWidget()
        while around is not None and not isinstance(around, QDialog):
            around = around.parentWidget()
        return around is not None

    def step(self, forward: bool) -> bool:
        """Move to the next or previous field of the form; False outside a form."""
        return bool(self.neighbour and self.neighbour(1 if forward else -1))

    def take_focus(self) -> None:
        """Give the keys to this field."""
        self.input().setFocus(Qt.FocusReason.TabFocusReason)

    def dress(self) -> None:
        """Take fonts, sizes and colours from the theme again."""
        self.question.setFont(theme.font("label"))
        self.help.dress()


class _Boxed(FieldWidget):
    """A field whose question stands above a box."""

    def __init__(self, name: str, label: str, hint: str, height: int = 48) -> None:
        super().__init__(name, label, hint)
        self.box = Box(self._make_input(), height)
        self.question.setBuddy(self.box.inner)
        self.box.inner.setObjectName(f"field:{name}")
        self.box.inner.setAccessibleName(label)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(self.question)
        self.column.addWidget(self.box)
        self.column.addWidget(self.help)
        self.column.addStretch(1)
        self.dress()
        self._show()

    def _make_input(self) -> QWidget:
        raise NotImplementedError

    def input(self) -> QWidget:
        """The widget in the box."""
        return self.box.inner

    def paint_state(self, state: str) -> None:
        """The box shows the state."""
        self.box.set_state(state)

    def dress(self) -> None:
        """Take fonts, sizes and colours from the theme again."""
        super().dress()
        self.column.setSpacing(theme.px(6))
        self.box.dress()
        self.box.inner.setFont(theme.font("body"))
        _bare(self.box.inner)


class _Typed(_Boxed):
    """A field whose line is read: `value` keeps why it cannot be."""

    _typed_trouble = ""

    @property
    def line(self) -> QLineEdit:
        """The line that is typed into."""
        assert isinstance(self.box.inner, QLineEdit)
        return self.box.inner

    def trouble(self) -> str:
        """Why what was typed cannot be read."""
        self.value()
        return self._typed_trouble


class NumberField(_Typed):
    """A number typed as on the number pad: comma or point, or neither ("82" is shown as 8,2 on leaving).

    `low` and `high` in stored units are the limits of the person's age, which decide how many decimals are implied.
    """

    def __init__(self, field: Number, *, low: int | None = None, high: int | None = None) -> None:
        self.field = field
        self.low, self.high = low, high
        self.unit = Label(_(field.unit), "body", "text3")
        super().__init__(field.name, _(field.label), placed(field.hint))
        self.box.row.addWidget(self.unit)
        if field.unit:
            self.box.inner.setAccessibleName(f"{_(field.label)} ({_(field.unit)})")
        self.line.textEdited.connect(self._typed)

    def _make_input(self) -> QWidget:
        return _NumberLine(self)

    def set_limits(self, low: int | None, high: int | None) -> None:
        """Narrow the limits to the person's age."""
        self.low, self.high = low, high

    def value(self) -> int | None:
        """The number in stored units; None when empty or unreadable."""
        try:
            self._typed_trouble = ""
            return read_number(self.field, self.line.text(), self.low, self.high)
        except BadInput as error:
            self._typed_trouble = str(error)
            return None

    def set_value(self, value: Value | None) -> None:
        """Show a stored number."""
        self.line.setText(number_text(self.field, value) if isinstance(value, int) else "")

    def leave(self) -> None:
        """Echo the number with its comma where it belongs."""
        value = self.value()
        if value is not None:
            self.set_value(value)
        super().leave()

    def _typed(self) -> None:
        self.edited.emit(self.name)

    def dress(self) -> None:
        """Big figures of equal width; the unit pale at the right."""
        super().dress()
        self.box.inner.setFont(theme.font("number"))
        self.unit.setFont(theme.font("body"))


class _NumberLine(_Line):
    """Takes digits and one comma; the point of the number pad is a comma too; nothing else is accepted."""

    def __init__(self, owner: NumberField) -> None:
        super().__init__(owner)
        self.number = owner.field
        self.setMaxLength(figures(owner.field) + 2)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep to what can be a number: other keys do nothing."""
        if not take_number_key(self, self.number, event):
            super().keyPressEvent(event)


def take_number_key(line: QLineEdit, number: Number, event: QKeyEvent) -> bool:
    """Type a key into a line that holds a number: as many figures as it may have, one comma, the decimals it keeps.

    True when the key is used up, which every printable key is; commands are left to the line.
    """
    text = event.text()
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if not text or not text.isprintable() or event.modifiers() & commands:
        return False
    rest = line.text().replace(line.selectedText(), "", 1) if line.hasSelectedText() else line.text()
    if text in ",.":
        comma = figure(".")
        typed = comma if number.decimals and comma not in rest else ""
    else:
        typed = text if text.isascii() and text.isdigit() and _room_for_digit(line, number) else ""
    if typed:
        line.insert(typed)  # tells of an edit as a key does
    return True


def _room_for_digit(line: QLineEdit, number: Number) -> bool:
    if line.hasSelectedText():
        return True
    whole, comma, places = line.text().partition(figure("."))
    if comma and line.cursorPosition() > len(whole):
        return len(places) < number.decimals
    return len(whole) < figures(number)


class DateField(_Typed):
    """A day typed in any usual way; the weekday and, for a birth, the age stand below it at once."""

    def __init__(
        self,
        name: str,
        label: str,
        hint: str = "",
        *,
        today: date,
        shows_age: bool = False,
        past_only: bool = True,
    ) -> None:
        self.today, self.shows_age, self.past_only = today, shows_age, past_only
        self._date: date | None = None
        super().__init__(name, label, hint)
        self.line.textEdited.connect(self._typed)
        self.line.setAccessibleName(label)
        self.button = _CalendarButton()
        self.button.setObjectName(f"calendar:{name}")
        self.button.setAccessibleName(_("Pilih dari kalender"))
        self.button.setToolTip(_("Pilih dari kalender"))
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.clicked.connect(self._open_calendar)
        self.box.row.addWidget(self.button)
        self._popup: QCalendarWidget | None = None
        self.dress()

    def _make_input(self) -> QWidget:
        return _Line(self)

    def value(self) -> date | None:
        """The day; None when empty or unreadable."""
        text = self.line.text().strip()
        self._typed_trouble = ""
        if not text:
            return None
        try:
            return calendar.read_date(text, self.today)
        except BadInput as error:
            self._typed_trouble = str(error)
            return None

    def set_value(self, value: Value | None) -> None:
        """Show a day as dd-mm-yyyy."""
        self._date = value if isinstance(value, date) else None
        self.line.setText(calendar.short_date(self._date) if self._date else "")
        self._show()

    def leave(self) -> None:
        """Write the day out in full figures."""
        value = self.value()
        if value is not None:
            self.set_value(value)
        super().leave()

    def resting_text(self) -> str:
        """ "Rabu, 5 Maret 2025, umur 1 tahun 8 bulan"."""
        if self._date is None:
            return super().resting_text()
        words = calendar.date_text(self._date)
        if self.shows_age and self._date <= self.today:
            words = _("{day}, umur {age}").format(day=words, age=calendar.age_text(self._date, self.today))
        return words

    def _typed(self) -> None:
        self._date = self.value()
        self._show()
        self.edited.emit(self.name)

    def _open_calendar(self) -> None:
        popup = QCalendarWidget(self)
        popup.setWindowFlags(Qt.WindowType.Popup)
        popup.setGridVisible(False)
        popup.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        _dress_calendar(popup)
        popup.setAccessibleName(self.line.accessibleName())
        for days in popup.findChildren(QAbstractItemView):
            days.setAccessibleName(self.line.accessibleName())
        if self.past_only:
            popup.setMaximumDate(self.today)  # type: ignore[arg-type]
            faint = QTextCharFormat()
            faint.setForeground(theme.color("line2"))
            for days_ahead in range(1, 43):  # what the last page shows of them: Qt paints all days of a month alike
                popup.setDateTextFormat(self.today + timedelta(days_ahead), faint)  # type: ignore[arg-type]
        popup.setSelectedDate(self._date or self.today)  # type: ignore[arg-type]
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)  # its edge is painted
        if (inside := popup.layout()) is not None:
            inside.setContentsMargins(1, 1, 1, 1)  # and not covered by the days
        popup.clicked.connect(self._picked)
        popup.activated.connect(self._picked)  # Enter
        popup.move(_beside(self.box, popup.sizeHint().expandedTo(popup.minimumSize())))
        popup.show()
        self._popup = popup

    def _picked(self, day: object) -> None:
        self.set_value(day.toPython())  # type: ignore[attr-defined]
        if self._popup is not None and isValid(self._popup):
            self._popup.close()
        self.edited.emit(self.name)
        self.take_focus()

    def dress(self) -> None:
        """The calendar button takes the icon's colour from the theme."""
        super().dress()
        if hasattr(self, "button"):
            self.button.setIcon(theme.icon("calendar", "text3", 20))
            self.button.setIconSize(QSize(theme.px(20), theme.px(20)))
            self.button.setFixedSize(theme.px(44), theme.px(40))


class _CalendarButton(QToolButton):
    """Only its sign."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign in the middle."""
        self.icon().paint(QPainter(self), self.rect())


class TextField(_Boxed):
    """A few words; `lines` > 1 gives a taller box where Ctrl+Enter still saves and Enter still goes on."""

    def __init__(self, name: str, label: str, hint: str = "", *, lines: int = 1, digits: int = 0) -> None:
        self.lines = lines
        self.digits = digits
        super().__init__(name, label, hint, 48 if lines == 1 else 30 + 24 * lines)
        self.box.inner.setAccessibleName(label)
        if isinstance(self.box.inner, QLineEdit):
            self.box.inner.textEdited.connect(self._typed)
        else:
            self.box.inner.textChanged.connect(self._typed)  # type: ignore[attr-defined]

    def _make_input(self) -> QWidget:
        if self.lines == 1:
            line = _Line(self)
            line.setMaxLength(500)
            return line
        return _Words(self)

    def value(self) -> str | None:
        """The words, trimmed; None when there are none."""
        inner = self.box.inner
        text = inner.text() if isinstance(inner, QLineEdit) else inner.toPlainText()  # type: ignore[attr-defined]
        return (" ".join(text.split()) if self.lines == 1 else text.strip()) or None

    def set_value(self, value: Value | None) -> None:
        """Show the words."""
        text = "" if value is None else str(value)
        self.blockSignals(True)
        if isinstance(self.box.inner, QLineEdit):
            self.box.inner.setText(text)
        else:
            self.box.inner.setPlainText(text)  # type: ignore[attr-defined]
            self.box.inner.moveCursor(QTextCursor.MoveOperation.End)  # type: ignore[attr-defined]
        self.blockSignals(False)

    def _typed(self) -> None:
        self.edited.emit(self.name)


class _Words(QPlainTextEdit):
    """A few lines of words; Enter goes to the next field, Shift+Enter begins a new line."""

    def __init__(self, owner: TextField) -> None:
        super().__init__()
        self.owner = owner
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        theme.dress(self.verticalScrollBar())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Cut, copy, paste in our look."""
        show_menu(self.createStandardContextMenu(), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; with Shift it is a new line."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not self.owner.handle_key(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab walk the form's order."""
        return self.owner.step(forward) or super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving is when the words are kept."""
        super().focusOutEvent(event)
        if event.reason() not in STAYED:
            self.owner.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the words only when they overflow; otherwise the page."""
        if self.verticalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()


LEAST_LINE = 200
"""The narrowest a list of answers becomes."""

WIDEST_ROW = 340
"""How wide answers beside each other may be: the column of a form in the smallest window."""


class Pick(QRadioButton):
    """One option, painted as a segment or as a line of a list; to the system it is an ordinary radio button."""

    def __init__(self, owner: "ChoiceRow", text: str, key: str, *, stacked: bool) -> None:
        super().__init__(text)
        self.owner = owner
        self.key = key
        self.stacked = stacked
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policies = QSizePolicy.Policy
        policy = (
            QSizePolicy(policies.Preferred, policies.Minimum)
            if stacked
            else QSizePolicy(policies.Expanding, policies.Fixed)
        )
        policy.setHeightForWidth(stacked)
        self.setSizePolicy(policy)
        self.setMinimumHeight(theme.px(40 if stacked else 42))

    def sizeHint(self) -> QSize:
        """Room for the words and the tick; both states need the same width, so nothing jumps."""
        self.setMinimumHeight(theme.px(40 if self.stacked else 42))
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + theme.px(48 if not self.stacked else 44), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """The same as the wanted size: words are never cut; those of a list go on in a second line."""
        wanted = self.sizeHint()
        return QSize(min(wanted.width(), theme.px(LEAST_LINE)), wanted.height()) if self.stacked else wanted

    def heightForWidth(self, width: int) -> int:
        """As high as its words need in lines of this width."""
        room = QRect(0, 0, width - theme.px(42), 10_000)
        words = self.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), unbroken(self.text()))
        return max(self.sizeHint().height(), words.height() + theme.px(16))

    def hitButton(self, position: QPoint) -> bool:
        """The whole segment is the button."""
        return self.rect().contains(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and first letters choose, arrows move, Enter goes on, Delete empties."""
        if not (self.owner.handle_key(event) or self.owner.choose_by_key(event)):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab leaves the whole question."""
        return self.owner.step(forward) or super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the question, not just this option, is leaving the field."""
        super().focusOutEvent(event)
        self.owner.maybe_left()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chosen: a surface with a strong edge and a tick. Not chosen: only words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if self.stacked:
            self._paint_line(painter, chosen)
        else:
            self._paint_segment(painter, chosen)

    def _paint_segment(self, painter: QPainter, chosen: bool) -> None:
        area = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        radius = theme.px(7)
        if chosen:
            painter.setPen(QPen(theme.color("primary"), 1.5))
            painter.setBrush(theme.color("soft" if theme.is_dark() else "surface"))
            painter.drawRoundedRect(area, radius, radius)
        elif self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            # dashed where nothing is chosen: a whole edge says "this is the answer"
            _focus_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(8), dashed=not chosen)
        letters = theme.font("label" if chosen else "nav")
        painter.setFont(letters)
        painter.setPen(theme.color("on_soft" if chosen else "text2"))
        words = QFontMetrics(letters).horizontalAdvance(self.text())
        tick = theme.px(16) + theme.px(6) if chosen else 0
        x = (self.width() - words - tick) // 2
        if chosen:
            mark = theme.pixmap("check", "on_soft", 16)
            painter.drawPixmap(QPoint(x, (self.height() - theme.px(16)) // 2), mark)
        painter.drawText(
            QRect(x + tick, 0, words + 4, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.text(),
        )

    def _paint_line(self, painter: QPainter, chosen: bool) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("soft" if chosen else "hover"))
            painter.drawRoundedRect(area, theme.px(8), theme.px(8))
        if self.hasFocus():
            _focus_ring(painter, area.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(8))
        size = theme.px(18)
        ring = QRectF(theme.px(10), (self.height() - size) / 2, size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("primary" if chosen else "field"), 2 if chosen else 1.4))
        painter.drawEllipse(ring.adjusted(1, 1, -1, -1))
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("primary"))
            painter.drawEllipse(ring.adjusted(5, 5, -5, -5))
        painter.setFont(self.font())
        painter.setPen(theme.color("on_soft" if chosen else "text"))
        words = unbroken(self.text())
        wide = even_width(words, self.width() - theme.px(42), "body")
        painter.drawText(
            QRect(theme.px(38), 0, wide, self.height()),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap),
            words,
        )


class _Track(QWidget):
    """The sunken ground segments lie on."""

    def __init__(self) -> None:
        super().__init__()
        self.state = PLAIN
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded pill; edged when something is wrong."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = {WARN: "warn", BAD: "bad"}.get(self.state)
        painter.setPen(QPen(theme.color(edge), 1.5) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(10), theme.px(10))


class ChoiceRow(FieldWidget):
    """One of a few answers, or none yet: real radio buttons, side by side when short, else one under the other.

    `options` are (answer, words) pairs; answers may be codes or True/False. Digits choose by place, letters by the
    first letter of the words; Delete or Backspace makes it unanswered again.
    """

    def __init__(
        self,
        name: str,
        label: str,
        options: Sequence[tuple[Value, str]],
        hint: str = "",
    ) -> None:
        super().__init__(name, label, hint)
        self.options = tuple(options)
        longest = max(len(words) for _answer, words in self.options)
        letters = QFontMetrics(theme.font("nav"))
        wide = sum(letters.horizontalAdvance(words) + theme.px(48) for _answer, words in self.options)
        self.stacked = len(self.options) > 3 or (len(self.options) == 3 and longest > 14) or longest > 20
        self.stacked = self.stacked or wide > theme.px(WIDEST_ROW)
        self.group = QButtonGroup(self)
        self.track = _Track()
        self.picks: list[Pick] = []
        for place, (_answer, words) in enumerate(self.options):
            pick = Pick(self, words, str(place + 1), stacked=self.stacked)
            pick.setObjectName(f"field:{name}" if place == 0 else f"field:{name}:{place + 1}")
            pick.setAccessibleName(f"{label}: {words}")
            self.group.addButton(pick, place)
            self.picks.append(pick)
        self._lay_out()
        self.group.buttonToggled.connect(self._toggled)
        self._fix_tab_stops()
        self.dress()
        self._show()

    def _lay_out(self) -> None:
        ground: QWidget
        if self.stacked:
            ground = QWidget()
            column = QVBoxLayout(ground)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.px(2))
            for pick in self.picks:
                column.addWidget(pick)
        else:
            ground = self.track
            for pick in self.picks:
                self.track.row.addWidget(pick, 1)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(theme.px(3))
        words.addWidget(self.question)
        words.addWidget(self.help)
        self.question.setWordWrap(True)
        self.line = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.addLayout(words, 1)
        self.line.addWidget(ground)
        self.line.addStretch(0)
        self.ground = ground
        self.stand_beside(True)

    def stand_beside(self, beside: bool) -> None:
        """Two short answers stand at the right of the question where there is room, else below it."""
        self.beside = beside and not self.stacked and len(self.options) == 2
        direction = QBoxLayout.Direction.LeftToRight if self.beside else QBoxLayout.Direction.TopToBottom
        self.line.setDirection(direction)
        self.line.setStretch(0, 1 if self.beside else 0)
        self.line.setStretch(2, 0 if self.beside else 1)
        self.line.setSpacing(theme.px(16 if self.beside else 6))
        self.line.setAlignment(self.ground, Qt.AlignmentFlag.AlignVCenter if self.beside else Qt.AlignmentFlag(0))
        wanted = sum(pick.sizeHint().width() for pick in self.picks)
        if self.beside:
            self.ground.setFixedWidth(max(theme.px(210), wanted))
        else:
            self.ground.setMinimumWidth(0)
            self.ground.setMaximumWidth(16_777_215)

    def input(self) -> QWidget:
        """The chosen option, or the first: where the keys go."""
        chosen = self.group.checkedButton()
        return chosen if chosen is not None else self.picks[0]

    def value(self) -> Value | None:
        """The chosen answer; None when none is."""
        place = self.group.checkedId()
        return None if place < 0 else self.options[place][0]

    def set_value(self, value: Value | None) -> None:
        """Choose an answer, or none."""
        self.group.blockSignals(True)
        places = [place for place, (answer, _words) in enumerate(self.options) if answer == value and value is not None]
        if places:
            self.picks[places[0]].setChecked(True)
        else:
            self._empty()
        self.group.blockSignals(False)
        self._fix_tab_stops()
        self.update()

    def choose_by_key(self, event: QKeyEvent) -> bool:
        """Choose by digit or first letter; Delete and Backspace empty; the arrows move. True when used."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._empty()
            self._fix_tab_stops()
            self.edited.emit(self.name)
            return True
        arrows = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in arrows:
            place = self.group.checkedId()
            step = arrows[Qt.Key(event.key())]
            new = (place + step) % len(self.picks) if place >= 0 else 0
            self._choose(new)
            return True
        letter = event.text().lower()
        if not letter or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        ):
            return False
        found = place_of_key(letter, [words for _answer, words in self.options], self.group.checkedId())
        if found is None:
            return False
        self._choose(found)
        return True

    def maybe_left(self) -> None:
        """Tell the form when focus has gone to another question."""
        if QApplication.focusWidget() not in self.picks:
            self.leave()

    def _choose(self, place: int) -> None:
        self.picks[place].setChecked(True)
        self.picks[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _empty(self) -> None:
        self.group.setExclusive(False)
        for pick in self.picks:
            pick.setChecked(False)
        self.group.setExclusive(True)

    def _toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked:
            self._fix_tab_stops()
            self.edited.emit(self.name)

    def _fix_tab_stops(self) -> None:
        """One stop for Tab in the whole question."""
        stop = self.input()
        for pick in self.picks:
            pick.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pick is stop else Qt.FocusPolicy.ClickFocus)

    def paint_state(self, state: str) -> None:
        """The ground shows the state."""
        self.track.state = state
        self.track.update()

    def dress(self) -> None:
        """Take fonts and sizes from the theme again."""
        super().dress()
        for pick in self.picks:
            pick.setFont(theme.font("label" if not self.stacked else "body"))
            pick.updateGeometry()
        self.stand_beside(self.beside)


CHOICE_KEYS = "1234567890,"
"""The key of each option by its place, as the number pad has them: after nine the nought, then the comma beside it."""


def place_of_key(letter: str, words: Sequence[str], current: int = -1) -> int | None:
    """Which option a single key means: a digit by place, a letter by the first letter of the answer, else of any word
    in it ("m" is "Kapsul merah"), going round when several share it. None when no option answers to it.
    """
    if letter in CHOICE_KEYS:
        place = CHOICE_KEYS.index(letter)
        return place if place < len(words) else None
    starting = [place for place, word in enumerate(words) if word.lower().lstrip("+").startswith(letter)]
    if not starting:
        starting = [place for place, word in enumerate(words) if any(part.startswith(letter) for part in word.split())]
    if not starting:
        return None
    later = [place for place in starting if place > current]
    return later[0] if current in starting and later else starting[0]


def _dress_calendar(calendar_widget: QCalendarWidget) -> None:
    """The system's calendar in our colours, with days big enough for a finger."""
    calendar_widget.setFont(theme.font("small"))
    calendar_widget.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    calendar_widget.setMinimumSize(theme.px(340), theme.px(320))
    plain = QTextCharFormat()
    plain.setForeground(theme.color("text"))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar_widget.setWeekdayTextFormat(day, plain)
    head = QTextCharFormat()
    head.setForeground(theme.color("text3"))
    head.setBackground(theme.color("surface"))
    calendar_widget.setHeaderTextFormat(head)
    color = {name: theme.color(name).name() for name in ("surface", "text", "line2", "soft", "on_soft", "hover")}
    calendar_widget.setStyleSheet(
        f"QCalendarWidget {{ border: 1px solid {color['line2']}; }}"
        f"QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {color['surface']}; }}"
        f"QCalendarWidget QToolButton {{ color: {color['text']}; background: transparent; border: 0;"
        f" border-radius: {theme.px(6)}px; padding: {theme.px(6)}px {theme.px(10)}px; font-weight: 600; }}"
        f"QCalendarWidget QToolButton:hover {{ background: {color['hover']}; }}"
        f"QCalendarWidget QToolButton::menu-indicator {{ image: none; }}"
        f"QCalendarWidget QAbstractItemView {{ background: {color['surface']}; color: {color['text']};"
        f" selection-background-color: {color['soft']}; selection-color: {color['on_soft']}; }}"
        f"QCalendarWidget QAbstractItemView:disabled {{ color: {color['line2']}; }}"  # days that cannot be chosen
    )
    for name, icon in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
        button = calendar_widget.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(theme.icon(icon, "text2", 20))
    months = calendar_widget.findChild(QToolButton, "qt_calendar_monthbutton")
    if months is not None and months.menu() is not None:
        theme.dress(months.menu())


def _beside(box: QWidget, size: QSize) -> QPoint:
    """Where something of this size opens on the screen: below its box, else above it, else beside it."""
    screen, gap = box.screen().availableGeometry(), theme.px(4)
    above, below = box.mapToGlobal(QPoint(0, -gap)), box.mapToGlobal(QPoint(0, box.height() + gap))
    fits = below.y() + size.height() <= screen.bottom() + 1
    top = below.y() if fits else above.y() - size.height()
    left = below.x() if top >= screen.top() else below.x() + box.width() + gap
    last = QPoint(screen.right() + 1 - size.width(), screen.bottom() + 1 - size.height())
    return QPoint(max(screen.left(), min(left, last.x())), max(screen.top(), min(top, last.y())))


def _focus_ring(painter: QPainter, area: QRectF, radius: float, *, dashed: bool = False) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("primary"), 2, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawRoundedRect(area, radius, radius)


def _bare(widget: QWidget) -> None:
    """An input without ground or edge of its own: the box paints them."""
    widget.setPalette(theme.line_palette("soft", "on_soft"))
