"""What stands unsaved on a sheet over the window is kept in the book, and stands there again after a power cut."""

from collections import Counter
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Answers
from posyandu.services import unsaved
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Notice, Row
from posyandu.ui.widgets.overlay import Overlay

DRAFT_AFTER_MS = 400


class SheetDraft(QObject):
    """Begun when its sheet is open: what was typed there before and not saved comes back, with a way to throw it away.

    `view` is the FormView on the sheet; what stands beside it is kept by the names of the boxes. `about` is what the
    answers are about: ids of a person, record or post, and what else tells two such sheets apart. Another worker's is
    not shown. Saving the sheet or closing it without saving ends the draft. Only what differs from what the sheet
    opened with is kept; of secrets and of forms that are `restricted` nothing, for whoever opens this laptop could read
    it, and sheets about what is sealed have no draft for the same reason.
    """

    def __init__(
        self,
        sheet: Overlay,
        desk: Desk,
        name: str,
        *about: str,
        view: Any = None,  # noqa: ANN401 - see above
    ) -> None:
        super().__init__(sheet)
        self._desk, self._sheet, self._key = desk, sheet, unsaved.Sheet(name, about)
        self._view = view
        self._began: Answers = view.everything() if view is not None else {}
        self._notice: Notice | None = None
        self._over = False
        self._later = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._later.timeout.connect(self._keep)
        if view is not None and view.form.restricted:
            return
        kept = unsaved.load_sheet(desk.ws, self._key, view.form.fields if view is not None else {})
        if kept is not None:
            self._go_on(*kept)
        sheet.answered.connect(self._later.start)
        if view is not None:
            view.changed.connect(self._later.start)
        sheet.finished.connect(self._end)
        desk.book_closing.connect(self._flush)

    # ---- keeping

    def _keep(self) -> None:
        if not self._over:
            unsaved.keep_sheet(self._desk.ws, self._key, self._told())

    def _flush(self) -> None:
        if self._later.isActive():
            self._later.stop()
            self._keep()

    def _end(self) -> None:
        self._over = True
        self._later.stop()
        if not self._desk.closed:
            unsaved.forget_sheet(self._desk.ws, self._key)

    def _told(self) -> unsaved.Standing:
        """What is answered otherwise than at the beginning, by question, and by box where there is no form."""
        view, began = self._view, self._began
        now = view.everything() if view is not None else {}
        answers = {name: value for name, value in now.items() if value != began.get(name)}
        unread = view.unread() if view is not None else {}
        boxes = {name: stands for name, each, stands in self._boxes() if stands != self._sheet.stood(each)}
        return unsaved.Standing(answers, unread, boxes)

    def _boxes(self) -> list[tuple[str, QWidget, object]]:
        """What can be answered outside the forms by a name of its own, and how it stands."""
        found: list[tuple[str, QWidget, object]] = []
        times: Counter[str] = Counter()
        for each, now in self._sheet.answers_now():
            name = each.objectName()
            if name and not isinstance(each, Row) and not (self._view is not None and self._view.isAncestorOf(each)):
                times[name] += 1
                found.append((f"{name} {times[name]}", each, now))
        return found

    # ---- going on

    def _go_on(self, told: unsaved.Standing, at: datetime) -> None:
        view = self._view
        if view is not None:
            view.finish_building()
            self._sheet.place()  # it remembers how what was just built stands
            view.set_answers({**view.everything(), **told.answers})
            view.lay_unread(told.unread)
        for name, each, _now in self._boxes():
            if name in told.boxes:
                _put(each, told.boxes[name])
        if self._told() == unsaved.Standing({}, {}, {}):  # saved meanwhile: it stands in the record
            unsaved.forget_sheet(self._desk.ws, self._key)
            return
        at = at.astimezone(self._desk.ws.now().tzinfo)
        words = _("Isian belum selesai dari {day} pukul {time} dipulihkan.")
        shown = words.format(day=short_date(at.date()), time=f"{at:%H.%M}")
        self._notice = Notice("info", shown, _("Buang"), self._throw_away)
        self._notice.setObjectName("draft")
        self._sheet.body.insertWidget(1, self._notice)
        self._notice.show()
        self._sheet.place()

    def _throw_away(self) -> None:
        """The sheet stands as it would have opened."""
        if self._view is not None:
            self._view.set_answers(self._began)
        for _name, each, now in self._boxes():
            if now != self._sheet.stood(each):
                _put(each, self._sheet.stood(each))
        self._later.stop()
        unsaved.forget_sheet(self._desk.ws, self._key)
        if self._notice is not None:
            self._notice.hide()
        self._sheet.focusNextPrevChild(True)


def _put(each: QWidget, value: Any) -> None:  # noqa: ANN401 - text, or whether it is ticked
    """Let a box stand so, as if it had been typed or chosen."""
    match each:
        case QLineEdit():
            each.setText(value)
            each.textEdited.emit(value)
        case QPlainTextEdit():
            each.setPlainText(value)
        case QComboBox():
            each.setCurrentIndex(each.findText(value))
        case QAbstractButton() if each.isChecked() is not value:
            each.click()
