"""A sheet over the window: questions, lists of names, the palette. Esc closes it and the focus goes back."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from posyandu.text import _
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.theme import color, px
from posyandu.ui.widgets.arrange import InTurns
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    EvenLabel,
    Label,
    Notice,
    Row,
    ScrollPage,
    column_layout,
    row_layout,
)

NAMES_AT_ONCE = 80
"""Names that stand at first; the others come as one scrolls: behind a number of a puskesmas are thousands."""
LEAST_SCROLL = 72
"""A part that scrolls still shows a line and the beginning of the next, in effective pixels."""
ONLY_A_VIEW = "only-a-view"
"""The property of a choice that answers nothing: what it shows can be chosen again."""


class Overlay(QDialog):
    """Covers its host, dims it, and holds one `sheet`. A dialog for screen readers, but no window of its own.

    Over a window it belongs to what the window shows now, and is put away with it: nothing stays above the lock.
    What scrolls in it grows with its content; with `follows` it gets lower again, too, else the buttons stay.
    """

    answered = Signal()

    def __init__(self, host: QWidget, title: str = "", *, width: int = 560, top: int | None = None) -> None:
        host = _shown_by(host)
        super().__init__(host)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.setObjectName("overlay")
        self._host, self._width, self._top = host, width, top
        self._before: QWidget | None = None
        self.working = False
        self.follows = False
        self._at: int | None = None
        self._highest: dict[ScrollPage, int] = {}
        self._stood: dict[QWidget, object] = {}
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.place)
        self.sheet = Card(parent=self, padding=(24, 22), spacing=14)
        self.body = self.sheet.body
        self.problem = Notice("bad", "", parent=self)
        self.problem.hide()
        if title:
            self.title = EvenLabel(title, "title", "text")
            self.body.addWidget(self.title)
        host.installEventFilter(self)
        self.sheet.installEventFilter(self)

    def foot(self, *deeds: QWidget, beside: Sequence[QWidget] = (), no: str = "", name: str = "button:batal") -> Button:
        """The foot: `beside` at the left; at the right what closes ("Batal" unless told; given back), `deeds`."""
        self.body.addWidget(self.problem)
        row = row_layout(spacing=10)
        for each in beside:
            row.addWidget(each)
        row.addStretch(1)
        cancel = Button(no or _("Batal"), "secondary", name=name, on=self.reject)
        for each in (cancel, *deeds):
            row.addWidget(each)
        self.body.addLayout(row)
        return cancel

    def say(self, words: str, level: str = "bad") -> None:
        """Show above the foot what stands in the way."""
        self.problem.set_text(level, words)
        self.problem.show()
        self.place()

    def work(
        self,
        run: Callable[..., object],
        deed: Callable[..., object],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Do this beside the window, by `Desk.run`, once; until it comes back the sheet, which tells of it, stays."""
        if self.working:
            return
        self.working = True

        def then(tell: Callable[[Any], object]) -> Callable[[Any], object]:
            def back(result: object) -> None:
                self.working = False
                tell(result)

            return back

        run(deed, then(done), then(failed), owner=self)

    def reject(self) -> None:
        """Close without the deed; not while it is being done."""
        if not self.working:
            super().reject()

    def leave(self) -> None:
        """Close by Esc or by a click beside: what happens unawares asks first where answers would be lost."""
        if self.working or not self.has_answers():
            self.reject()
            return
        self.ask_before(self.reject)

    def ask_before(self, then: Callable[[], object]) -> None:
        """Ask whether what stands here may go unsaved, once however often it is wanted; then do this."""
        if any(each.isVisible() for each in self.findChildren(Overlay)):
            return
        told = _("Yang sudah diisi di lembar ini belum disimpan.")
        ask(self, _("Tutup tanpa menyimpan?"), told, _("Tutup"), then, danger=True, cancel=_("Lanjut mengisi"))

    def has_answers(self) -> bool:
        """Whether anything here stands otherwise than when it came on the sheet, secrets and mere views aside."""
        return any(each in self._stood and self._stood[each] != now for each, now in self.answers_now())

    def stood(self, each: QWidget) -> object:
        """How this stood when it came on the sheet."""
        return self._stood.get(each)

    def answers_now(self) -> Iterator[tuple[QWidget, object]]:
        """What can be typed or chosen on this sheet, and how it stands."""
        for line in self.sheet.findChildren(QLineEdit):
            if line.echoMode() == QLineEdit.EchoMode.Normal:
                yield line, line.text().strip()
        for text in self.sheet.findChildren(QPlainTextEdit):
            yield text, text.toPlainText().strip()
        for picker in self.sheet.findChildren(QComboBox):
            yield picker, picker.currentText()
        for button in self.sheet.findChildren(QAbstractButton):
            if isinstance(button, Row):
                yield button, button.current
            elif button.isCheckable() and not _is_a_view(button):
                yield button, button.isChecked()

    def _remember(self) -> None:
        """Keep how what is new on the sheet stands before anybody touches it."""
        for each, now in self.answers_now():
            if each not in self._stood:
                self._stood[each] = now
                self._listen(each)

    def _listen(self, each: QWidget) -> None:
        """Tell `answered` when this is typed in or chosen."""
        match each:
            case QLineEdit() | QPlainTextEdit():
                each.textChanged.connect(self.answered)
            case QComboBox():
                each.currentIndexChanged.connect(self.answered)
            case QAbstractButton():
                each.toggled.connect(self.answered)

    def open_over(self, first: QWidget | None = None) -> None:
        """Show, and give the focus to `first`."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.place()
        (first or self._focusable()[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """As high as what it holds, never larger than the host: where that is low, what scrolls gives way."""
        self._remember()
        width = min(px(self._width), self.width() - px(32))
        room = self.height() - px(32) - (px(self._top) if self._top is not None else 0)
        self.sheet.setFixedWidth(width)
        self._let_scroll(width, room)
        wanted = self.body.heightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()
        height = min(wanted, room)
        if self._at is None:
            self._at = px(self._top) if self._top is not None else (self.height() - height) // 2
        self._at = max(px(16), min(self._at, self.height() - px(16) - height))  # it grows downwards while there is room
        self.sheet.setGeometry(QRect((self.width() - width) // 2, self._at, width, height))

    def _let_scroll(self, width: int, room: int) -> None:
        """Give what scrolls the height of its content, and where that is too much the highest of them less."""
        self.sheet.resize(width, self.sheet.height())
        pages = [page for page in self.sheet.findChildren(ScrollPage) if page.isVisibleTo(self.sheet)]
        for page in pages:
            if page not in self._highest:
                page.content.installEventFilter(self)
                page.setFixedHeight(px(LEAST_SCROLL))
        self._settle(pages)
        for page in pages:
            before = 0 if self.follows else self._highest.get(page, 0)
            self._highest[page] = max(before, page.needed(page.viewport().width()))  # beside its bar, if it has one
        least = self.body.minimumHeightForWidth(width) if self.body.hasHeightForWidth() else 0
        left = room - max(least, self.body.minimumSize().height()) + sum(page.minimumHeight() for page in pages)
        for place, page in enumerate(sorted(pages, key=self._highest.__getitem__)):
            fair = max(px(LEAST_SCROLL), left // (len(pages) - place))
            page.setFixedHeight(min(self._highest[page], fair))
            page.end_at_edge(page.minimumHeight() == self._highest[page])
            left -= page.minimumHeight()
        self._settle(pages)

    def _settle(self, pages: Sequence[QWidget]) -> None:
        """Lay out now what lies between the sheet and what scrolls in it: Qt would only in a later turn."""
        for page in pages:
            around = page.parentWidget()
            while around is not None and around is not self.sheet:
                if (layout := around.layout()) is not None:
                    layout.activate()
                around = around.parentWidget()
        self.body.activate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the host's size, and what comes into the sheet or goes from it."""
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._at = None
            self.setGeometry(self._host.rect())
            self.place()
        elif watched is not self._host and event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._later.start()
        return False

    def done(self, result: int) -> None:
        """Close and give the focus back; what had it may be gone, when what came in meanwhile built the page anew."""
        before = self._before
        self._host.removeEventFilter(self)
        super().done(result)
        self.close()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        elif before is not None:
            self._host.focusNextChild()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the sheet."""
        ring = self._focusable()
        current = QApplication.focusWidget()
        if not ring:
            return False
        place = ring.index(current) if current in ring else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(place + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    def _focusable(self) -> list[QWidget]:
        found, widget = [], self.nextInFocusChain()
        while widget is not None and widget is not self:
            if (
                self.isAncestorOf(widget)
                and widget.isVisible()
                and widget.isEnabled()
                and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                found.append(widget)
            widget = widget.nextInFocusChain()
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter belongs to the widget that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the sheet closes it."""
        if not self.sheet.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what lies behind."""
        dim = color("canvas", 0.72)
        painter = QPainter(self)
        painter.fillRect(self.rect(), dim)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("field", 0.35))
        painter.drawRoundedRect(self.sheet.geometry().adjusted(-1, -1, 1, 1), px(13), px(13))


def _is_a_view(button: QAbstractButton) -> bool:
    around = button.parentWidget()
    return bool(button.property(ONLY_A_VIEW) or (around is not None and around.property(ONLY_A_VIEW)))


def _shown_by(host: QWidget) -> QWidget:
    """What a window of several pages shows now; any other host itself."""
    stack = host.centralWidget() if isinstance(host, QMainWindow) else None
    return (stack.currentWidget() if isinstance(stack, QStackedWidget) else None) or host


def ask(
    host: QWidget,
    title: str,
    text: str,
    action: str,
    then: Callable[[], object],
    *,
    danger: bool = False,
    cancel: str | None = None,
) -> Overlay:
    """Ask before doing; the focus starts on the harmless answer when the deed is dangerous."""
    overlay = Overlay(host, title, width=480)
    if text:
        overlay.body.addWidget(EvenLabel(text, "body", "text2"))
    yes = Button(action, "danger" if danger else "primary", name="button:ya")
    overlay.body.addSpacing(px(6))
    no = overlay.foot(yes, no=cancel or "")

    def go() -> None:
        overlay.accept()
        then()

    yes.clicked.connect(go)
    overlay.open_over(no if danger else yes)
    return overlay


def tell(host: QWidget, title: str, text: str) -> Overlay:
    """Say something that wants an answer: one button."""
    overlay = Overlay(host, title, width=480)
    overlay.body.addWidget(EvenLabel(text, "body", "text2"))
    row = row_layout()
    row.addStretch(1)
    close = Button(_("Mengerti"), "primary", name="button:ya", on=overlay.accept)
    row.addWidget(close)
    overlay.body.addLayout(row)
    overlay.open_over(close)
    return overlay


def show_names(host: QWidget, title: str, people: Sequence[Any], opened: Callable[[str], object]) -> Overlay:
    """The list of names behind a number; a row opens that person."""
    overlay = Overlay(host, title, width=620)
    overlay.setObjectName("names")
    if people:
        overlay.body.addWidget(Label(_("{n} orang").format(n=len(people)), "small", "text3"))
    page = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
    rows = column_layout(spacing=0)

    def row_of(person: Any) -> Row:  # noqa: ANN401 - see above
        row = _person_row(person)

        def go() -> None:
            overlay.accept()
            opened(person.id)

        row.clicked.connect(go)
        return row

    names = InTurns(rows, overlay)
    names.show(map(row_of, people), NAMES_AT_ONCE)
    bar = page.verticalScrollBar()
    bar.valueChanged.connect(lambda at: names.show_more(NAMES_AT_ONCE) if at > bar.maximum() - bar.pageStep() else None)
    item = rows.itemAt(0)
    some = item.widget() if item is not None else None
    first = some.findChild(Row) if some is not None else None
    if not people:
        page.body.addWidget(Label(_("Tidak ada nama untuk angka ini."), "body", "text2", wrap=True))
    page.body.addLayout(rows)
    page.body.addStretch(1)
    overlay.body.addWidget(page, 1)
    close = overlay.foot(no=_("Tutup"), name="button:tutup")
    overlay.open_over(first or close)
    return overlay


def _person_row(person: Any) -> Row:  # noqa: ANN401 - see show_names
    details = [getattr(person, "detail", ""), getattr(person, "reason", "")]
    extra = [f"RT {rt}" if (rt := getattr(person, "rt", "")) else "", getattr(person, "phone", "") or ""]
    return Row(
        person.name,
        " · ".join(part for part in (*details, *extra) if part),
        picture=("avatar", person.name, getattr(person, "sex", None)),
        name=f"person:{person.id}",
    )


def ask_words(
    host: QWidget,
    title: str,
    text: str,
    label: str,
    action: str,
    then: Callable[[str], object],
    *,
    words: str = "",
    danger: bool = False,
) -> Overlay:
    """Ask for a sentence: `then` is called with it; empty words are not taken. Ctrl+Enter says yes."""
    from posyandu.ui.widgets.fields import TextField

    overlay = Overlay(host, title, width=560)
    overlay.setObjectName("ask-words")
    if text:
        overlay.body.addWidget(EvenLabel(text, "body", "text2"))
    box = TextField("words", label, lines=3)
    box.set_value(words)
    overlay.body.addWidget(box)
    yes = Button(action, "danger" if danger else "primary", name="button:ya")
    overlay.foot(yes)

    def go() -> None:
        told = box.value()
        if not told:
            box.set_problem(_("Tulis dulu isinya."), "warn")
            box.take_focus()
            return
        overlay.accept()
        then(str(told))

    yes.clicked.connect(go)
    on_ctrl_enter(overlay, go)
    overlay.open_over(box.input())
    return overlay
