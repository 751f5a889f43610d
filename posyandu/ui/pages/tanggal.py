"""What day is it? Asked after the PIN when the laptop's clock cannot be right."""

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posyandu.domain.calendar import date_text
from posyandu.domain.errors import BadInput
from posyandu.text import _
from posyandu.ui.theme import color, px
from posyandu.ui.widgets.basics import Button, Card, Label, ScrollPage, column_layout
from posyandu.ui.widgets.fields import DateField

A_YEAR = timedelta(days=365)
"""How far after the last sure day a day typed without its year may lie."""


class TanggalPage(QWidget):
    """One question, one box: typed in any usual way, taken with Enter."""

    told = Signal()

    def __init__(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        super().__init__()
        self._ws = ws
        page = ScrollPage(margins=(20, 12, 20, 12))
        column_layout(self).addWidget(page)
        card = Card(padding=(28, 22), spacing=14)
        card.setMaximumWidth(px(560))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        page.body.addStretch(1)
        page.body.addLayout(across)
        page.body.addStretch(1)
        card.body.addWidget(Label(_("Hari ini tanggal berapa?"), "title"))
        words = _(
            "Jam laptop menunjukkan {day}, dan itu tampaknya salah. Tulis tanggal hari ini supaya catatan Anda "
            "bertanggal benar. Kalau bisa, betulkan juga jam laptop."
        ).format(day=date_text(ws.today()))
        card.body.addWidget(Label(words, "body", "text2", wrap=True))
        self.field = DateField("hari-ini", _("Tanggal hari ini"), today=ws.last_day() + A_YEAR, past_only=False)
        self.field.line.returnPressed.connect(self._take)
        card.body.addWidget(self.field)
        self.trouble = Label("", "small", "bad", wrap=True)
        card.body.addWidget(self.trouble)
        button = Button(_("Pakai tanggal ini"), "primary", name="button:pakai-tanggal", on=self._take)
        card.body.addWidget(button)

    def first_focus(self) -> QWidget:
        """The box."""
        return self.field.line

    def _take(self) -> None:
        day = self.field.value()
        try:
            if day is None:
                raise BadInput(self.field.trouble() or _("Tulis tanggal, misalnya 12-11-2026."))
            self._ws.tell_day(day)
        except BadInput as error:
            self.trouble.setText(str(error))
            return
        self.told.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plain canvas."""
        QPainter(self).fillRect(self.rect(), color("canvas"))
