"""In place of confidential questions that were answered: that they are sealed, and for a reader the way to open them.

What is opened is shown here only, without a box to change it, and is gone when the page is left.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Form
from posyandu.services import judging, mistakes, questionnaires, sealed
from posyandu.services.corrections import worker_names
from posyandu.services.sealed import Opened, Reader, ReaderKey
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.reader_pin import PinSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    Label,
    Notice,
    clear,
    column_layout,
    row_layout,
)

FORGET_AFTER_MS = 5 * 60 * 1000


class SealedAnswers(QWidget):
    """One record's sealed answers; `again` asks the questions anew, `back` leads to the visit, `away` deletes them."""

    def __init__(
        self,
        desk: Desk,
        form: Form,
        record_id: str,
        sentence: str,
        again: Callable[[], object],
        back: Callable[[], object],
        away: Callable[[], object],
    ) -> None:
        super().__init__()
        self.desk, self.form, self.record_id = desk, form, record_id
        column = column_layout(self, spacing=12)
        column.addWidget(Label(_(form.title), "h3", wrap=True))
        column.addWidget(Notice("info", sentence))
        buttons = row_layout(spacing=10)
        may_read, may_delete = questionnaires.for_me(desk.ws, record_id), mistakes.may(desk.ws, form, record_id)
        for offered, words, kind, name, deed in (
            (True, _("Kembali ke kunjungan"), "secondary", "button:kembali-kunjungan", back),
            (True, _("Tanyakan lagi"), "secondary", "button:tanyakan-lagi", again),
            (may_read, _("Buka dengan PIN"), "primary", "button:buka-tersegel", self.ask_pin),
            (may_delete, _("Hapus"), "quiet", "button:hapus-kunjungan", away),
        ):
            if offered:
                button = Button(words, kind, name=name, on=lambda _on=False, deed=deed: deed())
                buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.shown = column_layout(spacing=12)
        column.addLayout(self.shown)
        column.addStretch(1)
        self._forgetting = QTimer(self, singleShot=True, interval=FORGET_AFTER_MS)
        self._forgetting.timeout.connect(self.forget)

    def ask_pin(self) -> None:
        """Ask the reader for her PIN; the key is dropped as soon as the answers are open."""
        PinSheet(self.desk, self, _("Buka jawaban rahasia"), sealed.unlock, self._open)

    def _open(self, key: ReaderKey) -> None:
        self.forget()
        try:
            opened = questionnaires.open_newest(self.desk.ws, key, self.form, self.record_id)
        except PosyanduError as error:
            self.shown.addWidget(Notice("bad", errors.sentence(error)))
            return
        names = worker_names(self.desk.ws)
        for each in opened:
            self.shown.addWidget(self._card(each, names.get(each.worker_id, "")))
        for reader in questionnaires.lacking(self.desk.ws, self.record_id):
            self.shown.addWidget(self._sharing(key, reader), 0, Qt.AlignmentFlag.AlignLeft)
        self.shown.addWidget(self._accesses())
        self._forgetting.start()

    def _sharing(self, key: ReaderKey, reader: Reader) -> Button:
        """Let one more reader open these answers; the key goes with the button when the page is left."""
        button = Button(_("Bagikan kepada {name}").format(name=reader.name), "secondary", "send", name="button:bagikan")

        def share() -> None:
            questionnaires.share(self.desk.ws, key, self.record_id, reader.public)
            button.hide()
            self.desk.toast(_("{name} sekarang dapat membukanya").format(name=reader.name))

        button.clicked.connect(share)
        return button

    def _card(self, each: Opened, writer: str) -> Card:
        day = each.saved_at.date()
        title = _("Dijawab {day}, dicatat {name}").format(day=short_date(day), name=writer or _("kader lain"))
        card = Card(title, padding=(20, 16), spacing=4)
        card.setObjectName("jawaban-tersegel")
        judged = judging.judge(self.desk.ws, self.form, {}, {}, [{**each.values, "visited_on": day}])
        for assessment in judged:
            card.body.addWidget(Label(assessment.headline, "label", "text", wrap=True))
            for finding in assessment.findings:
                card.body.addWidget(Label(f"{finding.title}. {finding.what_to_do}", "small", "bad", wrap=True))
        for name in questionnaires.secret(self.form):
            field, value = self.form.fields[name], each.values.get(name)
            line = row_layout(spacing=12)
            line.addWidget(Label(_(field.label), "small", "text2", wrap=True), 4)
            words = _("tidak dijawab") if value is None else answer_text(field, value)
            line.addWidget(ElideLabel(words, "small_strong", "text"), 1)
            card.body.addLayout(line)
        return card

    def _accesses(self) -> QWidget:
        found = [
            access
            for row in questionnaires.envelopes(self.desk.ws, self.record_id)
            for access in sealed.accesses(self.desk.ws, row.id)
        ]
        label = Label(_("Dibuka oleh: {who}").format(who=_who(found)), "small", "text3", wrap=True)
        label.setContentsMargins(px(4), 0, 0, 0)
        return label

    def forget(self) -> None:
        """Take away what was opened."""
        self._forgetting.stop()
        clear(self.shown)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves the page leaves nothing open behind."""
        super().hideEvent(event)
        QTimer.singleShot(0, self, self.forget)


def _who(found: Sequence[sealed.Access]) -> str:
    return ", ".join(f"{each.by} {short_date(each.at.date())}" for each in found)
