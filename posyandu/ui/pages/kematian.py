"""Catatan kematian: when, where and of what someone died, what it is counted as, and what follows in the book."""

from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from posyandu.domain import deaths as kinds
from posyandu.domain.calendar import short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, Level, Problem
from posyandu.domain.forms.postpartum import DEATH
from posyandu.services import deaths, people, unsaved
from posyandu.services.people import NotFinal
from posyandu.text import N_, _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.arrange import Columns
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    Label,
    Notice,
    Page,
    Tick,
    clear,
    column_layout,
    row_layout,
)

LOOK_AFTER_MS = 40

COUNTED = {
    "mother": N_("Dihitung sebagai kematian ibu: SIP Format 1 kolom 7 dan Format 5 kolom 11."),
    "neonatal_early": N_("Dihitung sebagai kematian bayi: SIP Format 1 kolom 6 dan Format 5 kolom 10."),
    "neonatal": N_("Dihitung sebagai kematian bayi: SIP Format 1 kolom 6 dan Format 5 kolom 10."),
    "infant": N_("Dihitung sebagai kematian bayi: SIP Format 1 kolom 6 dan Format 5 kolom 10."),
    "under_five": N_("Dicatat di SIP Format 2 kolom 39."),
    "other": N_("Tidak dihitung di SIP Format 1 dan 5."),
    "unknown": N_("Isi tanggal lahirnya supaya dapat dihitung."),
}
"""Where the papers count a death of this kind."""


class KematianPage(Page):
    """`open(person_id)`: the death of this person, new or noted before."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.person_id = ""
        self.view: FormView | None = None
        self.title = _("Catatan kematian")
        columns = Columns(60, 40)
        self.left, self.right = columns.left, columns.right
        column_layout(self).addWidget(columns)
        counted = Card(_("Dihitung sebagai"), padding=(22, 18), spacing=10)
        counted.setObjectName("counted")
        self.counted = column_layout(spacing=8)
        counted.body.addLayout(self.counted)
        self.never_left = Tick(_("Salah catat, tidak pernah pindah"), name="tick:tidak-pindah")
        self.never_left.toggled.connect(self.show_kind)
        self.never_left.hide()
        counted.body.addWidget(self.never_left)
        follows = Card(_("Sesudah disimpan"), padding=(22, 18), spacing=8)
        for words in (
            _("Namanya tidak lagi ada di daftar sasaran dan daftar hadir; riwayatnya tetap tersimpan."),
            _("Bila ia sedang hamil, kehamilannya berakhir pada hari itu."),
            _("Bayi yang lahir mati tidak dicatat di sini. Catat sebagai hasil kehamilan ibunya."),
        ):
            follows.body.addWidget(Label(words, "small", "text2", wrap=True))
        self.right.body.addWidget(counted)
        self.right.body.addWidget(follows)
        self.right.body.addStretch(1)
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look.timeout.connect(self.show_kind)
        self._bar = self._make_bar()
        desk.book_closing.connect(self._flush)
        on_ctrl_enter(self, self.save)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.sentence = ElideLabel("", "small", "text2")
        row.addWidget(self.sentence, 1)
        self.lives = Button(_("Salah catat, masih hidup"), "secondary", name="button:masih-hidup", on=self.take_back)
        cancel = Button(_("Batal"), "secondary", name="button:batal", on=self._leave)
        self.done = Button(_("Simpan"), "primary", "save", name="button:simpan", on=self.save)
        for button in (self.lives, cancel, self.done):
            row.addWidget(button)
        return bar

    def open(self, person_id: str = "", **_arguments: Any) -> None:  # noqa: ANN401
        """Show what is noted of this person's death, nothing yet for the living; and what was typed and not saved."""
        ws = self.desk.ws
        self._flush()
        self.person_id = person_id or self.person_id
        hit = people.hit(ws, self.person_id)
        noted = deaths.known(ws, self.person_id)
        self.subtitle = ", ".join(part for part in (hit.name, hit.age_text, hit.address_line) if part)
        self.lives.setVisible(bool(noted))
        self.never_left.setChecked(False)
        clear(self.left.body)
        self.view = FormView(DEATH, Context(ws.today(), {}, {}))
        self.view.set_answers(noted)
        self._go_on(unsaved.load(ws, DEATH, self.person_id))
        self.view.draft_due.connect(self._keep_draft)
        self.view.changed.connect(self._look.start)
        self.view.ended.connect(lambda: self.done.setFocus(Qt.FocusReason.TabFocusReason))
        self.left.body.addWidget(self.view)
        self.left.body.addStretch(1)
        self.view.show()
        self.show_kind()
        self.header_changed.emit()

    # ---- drafts

    def _go_on(self, kept: unsaved.Unsaved | None) -> None:
        """Show again what was typed before; Batal throws it away."""
        self.sentence.setText(_("Isian yang belum disimpan dilanjutkan. Batal membuangnya.") if kept else "")
        if self.view is not None and kept is not None:
            self.view.set_answers({**self.view.answers(), **kept.answers})
            self.view.lay_unread(kept.unread)

    def _keep_draft(self) -> None:
        if self.view is None:
            return
        ws, noted, unread = self.desk.ws, deaths.known(self.desk.ws, self.person_id), self.view.unread()
        changed = {name: value for name, value in self.view.answers().items() if value != noted.get(name)}
        if changed or unread:
            unsaved.keep(ws, DEATH, self.person_id, changed or {"died_on": None}, unread)
        else:
            unsaved.forget(ws, DEATH, self.person_id)

    def _flush(self) -> None:
        if self.view is not None:
            self.view.flush()

    def _end_draft(self) -> None:
        unsaved.forget(self.desk.ws, DEATH, self.person_id)
        self.view = None

    def _leave(self) -> None:
        self._end_draft()
        self.desk.back()

    # ---- asking

    def first_focus(self) -> QWidget | None:
        """The day."""
        return self.view.first_focus() if self.view else None

    def action_bar(self) -> QWidget:
        """Taking back and saving."""
        return self._bar

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked up for a page nobody sees."""
        super().hideEvent(event)
        self._look.stop()

    def show_kind(self) -> None:
        """Say what this death is counted as."""
        if self.view is None:
            return
        clear(self.counted)
        answers, ws = self.view.answers(), self.desk.ws
        kind, died_on = deaths.kind_of(ws, self.person_id, answers), answers.get("died_on")
        left_on = deaths.moved_before(ws, self.person_id, died_on) if isinstance(died_on, date) else None
        self.never_left.setVisible(left_on is not None)
        if left_on is not None and not self.never_left.isChecked():
            words = _(
                "Sudah pindah {day}. Kematiannya dihitung di Posyandu tempat tinggalnya waktu itu, dan bulan-bulan di "
                "sini tidak berubah."
            )
            self.counted.addWidget(Notice("info", words.format(day=short_date(left_on))))
            return
        if not kind:
            self.counted.addWidget(Label(_("Isi tanggal meninggal lebih dahulu."), "small", "text2", wrap=True))
            return
        self.counted.addWidget(Notice("info", kinds.label(kind, self.desk.ws.standards.on(self.desk.ws.today()))))
        self.counted.addWidget(Label(_(COUNTED[kind]), "small", "text2", wrap=True))

    def save(self) -> bool:
        """Note the death and go to the person's card; True when it was done."""
        if self.view is None:
            return False
        self.view.flush()
        before = people.card(self.desk.ws, self.person_id, whole=False).person
        try:
            deaths.note(self.desk.ws, self.person_id, self.view.answers(), never_left=self.never_left.isChecked())
        except NotFinal as error:
            self.view.show_summary(list(error.problems))
            self.left.verticalScrollBar().setValue(0)
            return False
        except PosyanduError as error:
            self.view.show_summary([Problem("died_on", Level.HARD, errors.sentence(error))])
            return False
        self._changed(_("Catatan kematian tersimpan"), before)
        return True

    def take_back(self) -> None:
        """The person lives after all."""
        deaths.take_back(self.desk.ws, self.person_id)
        self._changed(_("Catatan kematian ditarik"), None)

    def _changed(self, words: str, before: Answers | None) -> None:
        """Show the card; what was noted can be taken back, to how the person stood `before`."""
        self._end_draft()
        desk, person_id = self.desk, self.person_id

        def back() -> None:
            assert before is not None
            deaths.take_back(desk.ws, person_id)
            left_on, where = before.get("left_on"), before.get("left_reason")
            if before.get("status") == "moved" and isinstance(left_on, date):
                people.set_status(desk.ws, person_id, "moved", left_on, where if isinstance(where, str) else "")
            desk.announce(DEATH.name, "person", "pregnancy")

        desk.announce(DEATH.name, "person", "pregnancy")
        desk.toast(words, _("Batalkan") if before else None, back if before else None)
        desk.go("kartu", person_id=person_id)
