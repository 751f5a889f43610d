"""The sheets about a reader of what is sealed: hers that asks for the PIN, and the writer's to compare her key."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.services import questionnaires, sealed
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Button, Label
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.pin import PinBox


class PinSheet(Overlay):
    """Asks for the PIN and does something with it beside the window."""

    def __init__(
        self, desk: Desk, host: QWidget, title: str, use: Callable[[Any, str], Any], done: Callable[[Any], object]
    ) -> None:
        super().__init__(host.window(), title, width=420)
        self.desk, self.use, self.then, self.typed = desk, use, done, ""
        self.words = Label(_("Ketik PIN Anda. Setiap pembukaan dicatat."), "body", "text2", wrap=True)
        self.body.addWidget(self.words)
        self.pin = PinBox(name="pin:rahasia")
        self.pin.filled.connect(self._try)
        self.body.addWidget(self.pin, 0, Qt.AlignmentFlag.AlignHCenter)
        self.foot()
        self.open_over(self.pin)

    def _try(self, pin: str) -> None:
        self.pin.setEnabled(False)
        self.typed = pin
        use = self.use
        self.desk.run(lambda ws: use(ws, pin), self._done, self._failed, owner=self)

    def _done(self, result: Any) -> None:  # noqa: ANN401 - what was asked for
        self.accept()
        self.then(result)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, sealed.OldPin) and self.use is sealed.unlock:
            now = self.typed  # the PIN was right; her key waits for the one before it
            self.use = lambda ws, old: sealed.unlock_by_old(ws, old, now)
            self.words.setText(_("Ketik PIN lama Anda."))
        self.pin.setEnabled(True)
        self.pin.refuse()
        self.say(errors.sentence(error))
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)


class CompareSheet(Overlay):
    """The digits of a key, to be compared aloud with its owner; `then` is called once they are the same."""

    def __init__(self, desk: Desk, host: QWidget, reader: sealed.Reader, then: Callable[[], object]) -> None:
        super().__init__(host.window(), _("Cocokkan kunci {name}").format(name=reader.name), width=480)
        words = _("Telepon atau temui {name}. Angka di laptopnya (halaman Masalah sosial) harus sama dengan ini:")
        self.body.addWidget(Label(words.format(name=reader.name), "body", "text2", wrap=True))
        self.body.addWidget(Label(reader.digits, "display"))

        def take() -> None:
            sealed.accept(desk.ws, reader.public)
            desk.run(questionnaires.seal_old, lambda _sealed: None, owner=host)  # what was kept in the open
            self.accept()
            then()

        yes = Button(_("Angkanya sama"), "primary", name="button:ya", on=take)
        self.open_over(self.foot(yes, no=_("Belum")))
