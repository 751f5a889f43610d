"""What was taken off the book of this post: of whom, when and by whom, each with the way back."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.services import mistakes
from posyandu.services.mistakes import Gone
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.mistakes import bring_back
from posyandu.ui.widgets.basics import Button, Label, Rule, ScrollPage, clear, column_layout, row_layout
from posyandu.ui.widgets.overlay import Overlay

SHOWN_AT_ONCE = 30


class GoneSheet(Overlay):
    """Opens at once over `host`; read beside the window, and again after each that was brought back."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host, _("Yang dihapus dari buku"), width=680)
        self.desk = desk
        self.left: list[Gone] = []
        self.page = ScrollPage(margins=(0, 0, 8, 0), spacing=10)
        self.lines = column_layout(spacing=10)
        self.page.body.addLayout(self.lines)
        self.page.body.addStretch(1)
        self.body.addWidget(self.page, 1)
        close = self.foot(no=_("Tutup"), name="button:tutup")
        self.open_over(close)
        self.read()

    def read(self) -> None:
        """Look again what is gone."""
        self.desk.run(mistakes.gone, self._show, lambda error: self.say(errors.sentence(error)), owner=self)

    def _show(self, found: Any) -> None:  # noqa: ANN401 - what a worker gives back
        clear(self.lines)
        self.left = list(found)
        if not found:
            self.lines.addWidget(Label(_("Tidak ada yang dihapus."), "body", "text2"))
        self._more()

    def _more(self) -> None:
        for each in self.left[:SHOWN_AT_ONCE]:
            self.lines.addWidget(self._line(each))
            self.lines.addWidget(Rule())
        del self.left[:SHOWN_AT_ONCE]
        if self.left:
            words = _("Lebih lama ({n})").format(n=len(self.left))
            self.older = Button(words, "quiet", name="button:lebih-lama", on=self._show_older)
            self.lines.addWidget(self.older, 0, Qt.AlignmentFlag.AlignLeft)
        self.place()

    def _show_older(self) -> None:
        self.older.hide()
        self.older.deleteLater()
        self._more()

    def _line(self, each: Gone) -> QWidget:
        made = QWidget()
        row, words = row_layout(made, spacing=12), column_layout(spacing=2)
        words.addWidget(Label(each.name, "label", wrap=True))
        words.addWidget(Label(each.what, "small", "text2", wrap=True))
        at = each.at.astimezone(self.desk.ws.now().tzinfo)
        told = (f"{short_date(at.date())}, {at:%H.%M}", each.who, each.reason)
        words.addWidget(Label("  ·  ".join(part for part in told if part), "small", "text3", wrap=True))
        row.addLayout(words, 1)
        back = Button(_("Kembalikan"), "secondary", "undo-2", name=f"button:kembalikan:{each.record_id}")
        back.setAccessibleName(_("Kembalikan {what} {name}").format(what=each.what, name=each.name))
        back.clicked.connect(lambda: self._back(each))
        row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _back(self, each: Gone) -> None:
        bring_back(self.desk, each.form, each.record_id)
        self.read()
