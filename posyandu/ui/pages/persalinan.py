"""Persalinan: the end of a pregnancy and the newborn on one sheet, opened from the mother's card in one step."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, Form
from posyandu.services import births, people
from posyandu.services.people import NotFinal
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import CARDS_BESIDE_FROM, FormView
from posyandu.ui.widgets.basics import (
    Button,
    ElideLabel,
    EmptyState,
    Page,
    ScrollPage,
    clear,
    column_layout,
    row_layout,
)


class PersalinanPage(Page):
    """`open(person_id)`: the birth of this woman's pregnancy, then each further child of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.person_id = self.pregnancy_id = ""
        self.view: FormView | None = None
        self.title = _("Persalinan")
        self.page = ScrollPage(margins=(28, 2, 28, 18))
        self.page.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        column_layout(self).addWidget(self.page)
        self.bar = QWidget()
        row = row_layout(self.bar, spacing=10)
        self.sentence = ElideLabel("", "small", "text2")
        cancel = Button(_("Batal"), "secondary", name="button:batal", on=self._leave)
        self.done = Button(_("Simpan"), "primary", "save", name="button:simpan", on=self.save)
        row.addWidget(self.sentence, 1)
        row.addWidget(cancel)
        row.addWidget(self.done)
        desk.book_closing.connect(self._flush)
        on_ctrl_enter(self, self.save)

    def open(self, person_id: str = "", **_arguments: Any) -> None:  # noqa: ANN401
        """Show the sheet of the birth; of the next child when the birth itself is noted."""
        ws = self.desk.ws
        self._flush()
        self.person_id = person_id or self.person_id
        card = people.card(ws, self.person_id)
        self.pregnancy_id = card.pregnancy_id or ""
        self.subtitle = ", ".join(part for part in (card.hit.name, card.hit.age_text, card.hit.address_line) if part)
        self.sentence.setText("")
        clear(self.page.body)
        self.view = None
        if not self.pregnancy_id:
            words = _("Belum ada kehamilan yang dicatat untuk {name}.").format(name=card.hit.name)
            self.page.body.addWidget(EmptyState("baby", words, _("Kembali"), self.desk.back))
            self.header_changed.emit()
            return
        known = dict(card.pregnancy or {})
        noted = known.get("outcome") not in (None, "ongoing")
        left = births.still_to_note(ws, self.pregnancy_id) if noted else 0
        form = births.TWIN if left else births.BIRTH
        self._show(form, known if noted else {**known, "outcome": "live_birth"})
        if left:
            words = _("Persalinannya sudah dicatat; masih {n} bayi yang belum didaftarkan.").format(n=left)
            self.sentence.setText(words)
        self.header_changed.emit()

    def _show(self, form: Form, answers: Answers) -> None:
        ws = self.desk.ws
        kept = births.draft(ws, self.pregnancy_id)
        self.view = FormView(form, Context(ws.today(), {}, {}), card_columns=2)
        self.view.follow_width(CARDS_BESIDE_FROM)
        self.view.set_answers({**answers, **kept})
        self.view.lay_unread(births.unread_draft(ws, self.pregnancy_id))
        self.view.draft_due.connect(self._keep_draft)
        self.view.ended.connect(lambda: self.done.setFocus(Qt.FocusReason.TabFocusReason))
        self.page.body.addWidget(self.view)
        self.page.verticalScrollBar().setValue(0)
        self.view.show()
        if kept:
            self.sentence.setText(_("Isian yang belum disimpan dilanjutkan. Batal membuangnya."))

    def first_focus(self) -> QWidget | None:
        """The day of the birth, the outcome being filled in already."""
        if self.view is None:
            return None
        asked = self.view.fields.get("ended_on") or self.view.fields.get("name")
        return asked.input() if asked is not None and asked.value() is None else self.view.first_focus()

    def action_bar(self) -> QWidget | None:
        """Batal and Simpan, while there is something to fill in."""
        return self.bar if self.pregnancy_id else None

    # ---- drafts

    def _keep_draft(self) -> None:
        if self.view is not None and self.pregnancy_id:
            births.keep_draft(self.desk.ws, self.pregnancy_id, self.view.answers(), self.view.unread())

    def _flush(self) -> None:
        if self.view is not None:
            self.view.flush()

    def _end_draft(self) -> None:
        births.drop_draft(self.desk.ws, self.pregnancy_id)
        self.view = None

    def _leave(self) -> None:
        self._end_draft()
        self.desk.back()

    # ---- saving

    def save(self) -> bool:
        """Save birth and child; go on to the next child of twins, else to the child's card. True when it was done."""
        view = self.view
        if view is None:
            return False
        ws = self.desk.ws
        try:
            if view.form is births.TWIN:
                child: str | None = births.note_twin(ws, self.pregnancy_id, view.answers())
            else:
                child = births.note(ws, self.pregnancy_id, view.answers())
        except NotFinal as error:
            view.show_summary(list(error.problems))
            self.page.verticalScrollBar().setValue(0)
            return False
        except PosyanduError as error:
            self.sentence.setText(errors.sentence(error))
            return False
        self._end_draft()
        self.desk.announce("person", "pregnancy", "newborn")
        self.desk.toast(_("Persalinan tersimpan"))
        if births.still_to_note(ws, self.pregnancy_id):
            self.desk.go("persalinan", person_id=self.person_id)
        else:
            self.desk.go("kartu", person_id=child or self.person_id)
        return True
