"""Kunjungan rumah: one checklist of the home visit, what it found in a sentence, and the sheet to take along."""

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Context
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.services import home_visits
from posyandu.services.judging import judge_home
from posyandu.services.people import NotFinal
from posyandu.text import _
from posyandu.ui import errors, papers
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView
from posyandu.ui.mistakes import ask_visit
from posyandu.ui.widgets.arrange import Columns
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    Label,
    Notice,
    Page,
    clear,
    column_layout,
    row_layout,
    sign_line,
)
from posyandu.ui.widgets.picker import Picker

LOOK_AFTER_MS = 40


class KunjunganRumahPage(Page):
    """`open(person_id, form="", record_id="")`: a new visit in the checklist of their stage of life, or one noted."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.visit: home_visits.OpenHomeVisit | None = None
        self.view: FormView | None = None
        columns = Columns(60, 40)
        self.left, self.right = columns.left, columns.right
        column_layout(self).addWidget(columns)
        self.kind = Picker(name="kunjungan-rumah:daftar", accessible=_("Daftar periksa"))
        self.kind.currentIndexChanged.connect(self._change_kind)
        self.result_card = Card(_("Hasil kunjungan"), padding=(22, 18), spacing=10)
        self.result = column_layout(spacing=8)
        self.result_card.body.addLayout(self.result)
        chooser = Card(_("Daftar periksa"), padding=(22, 18), spacing=10)
        chooser.body.addWidget(self.kind)
        self.house = Label("", "small", "text2", wrap=True)
        chooser.body.addWidget(self.house)
        self.right.body.addWidget(self.result_card)
        self.right.body.addWidget(chooser)
        self.right.body.addStretch(1)
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look.timeout.connect(self.show_result)
        self._bar = self._make_bar()
        desk.book_closing.connect(self._flush)
        on_ctrl_enter(self, self.save)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        blank = Button(_("Lembar kosong"), "secondary", "printer", name="button:lembar-kosong")
        blank.clicked.connect(lambda: self.save_sheet(filled=False))
        filled = Button(_("Lembar terisi"), "secondary", "printer", name="button:lembar-terisi")
        filled.clicked.connect(lambda: self.save_sheet(filled=True))
        self.done = Button(_("Simpan"), "primary", "save", name="button:simpan", on=self.save)
        for button in (blank, filled, self.done):
            row.addWidget(button)
        return bar

    # ---- page

    def open(self, person_id: str = "", form: str = "", record_id: str = "", **_arguments: Any) -> None:  # noqa: ANN401
        """Show the checklist."""
        ws = self.desk.ws
        chosen = CHECKLISTS.get(form)
        self._show(home_visits.open_visit(ws, person_id, chosen, record_id or None))
        assert self.visit is not None
        self.kind.blockSignals(True)
        self.kind.clear()
        offered = [self.visit.form] if record_id else home_visits.checklists(ws, person_id)
        for each in offered:
            words = _(each.title).partition(": ")[2]
            self.kind.addItem(f"{words[:1].upper()}{words[1:]}", each.name)
        self.kind.set_value(self.visit.form.name)
        self.kind.blockSignals(False)

    def _change_kind(self, _place: int) -> None:
        if self.visit is not None and self.kind.value() in CHECKLISTS:
            self._show(home_visits.open_visit(self.desk.ws, self.visit.hit.id, CHECKLISTS[str(self.kind.value())]))

    def _show(self, visit: home_visits.OpenHomeVisit) -> None:
        self._flush()
        self.visit = visit
        clear(self.left.body)
        self.view = FormView(visit.form, Context(self.desk.ws.today(), {}, {}), later=("why",))
        self.view.set_answers(visit.answers)
        self.view.show_asked()
        self.view.changed.connect(self._look.start)
        self.view.draft_due.connect(self._keep_draft)
        self.view.ended.connect(lambda: self.done.setFocus(Qt.FocusReason.TabFocusReason))
        if visit.draft_at is not None:
            self.left.body.addWidget(self._draft_notice(visit))
        self.left.body.addWidget(self.view)
        if visit.saved_at is not None:
            away = Button(_("Hapus kunjungan"), "quiet", "trash-2", name="button:hapus-kunjungan", on=self.take_away)
            self.left.body.addWidget(away, 0, Qt.AlignmentFlag.AlignLeft)
        self.left.body.addStretch(1)
        self.title = visit.hit.name
        self.subtitle = ", ".join(
            part for part in (_(visit.form.title), visit.hit.age_text, visit.hit.address_line) if part
        )
        head = visit.house.get("head_name")
        self.house.setText(_("Keluarga {name}").format(name=head) if head else _("Belum masuk keluarga"))
        self.where.setText("")
        self.header_changed.emit()
        self.show_result()

    def _draft_notice(self, visit: home_visits.OpenHomeVisit) -> Notice:
        assert visit.draft_at is not None
        at = visit.draft_at.astimezone(self.desk.ws.now().tzinfo)
        words = _("Isian belum selesai dari {day} pukul {time} dipulihkan.")
        told = words.format(day=short_date(at.date()), time=f"{at:%H.%M}")
        notice = Notice("info", told, _("Buang"), self._drop_draft)
        notice.setObjectName("draft")
        return notice

    def _keep_draft(self) -> None:
        if self.view is not None and self.visit is not None:
            home_visits.keep_draft(self.desk.ws, self.visit, self.view.answers())

    def _drop_draft(self) -> None:
        assert self.visit is not None
        home_visits.drop_draft(self.desk.ws, self.visit)
        record_id = self.visit.record_id if self.visit.saved_at is not None else None
        self._show(home_visits.open_visit(self.desk.ws, self.visit.hit.id, self.visit.form, record_id))

    def _flush(self) -> None:
        if self.view is not None:
            self.view.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        """Going elsewhere keeps what was typed."""
        super().hideEvent(event)
        self._look.stop()
        if not self.desk.closed:
            self._flush()

    def first_focus(self) -> QWidget | None:
        """The first question."""
        return self.view.first_focus() if self.view is not None else None

    def action_bar(self) -> QWidget:
        """Sheets and saving."""
        return self._bar

    # ---- result

    def show_result(self) -> None:
        """Say what the answers so far mean."""
        if self.view is None or self.visit is None:
            return
        found = judge_home(self.desk.ws, self.visit.form, self.view.answers())
        clear(self.result)
        self.result.addWidget(Notice("info" if found.level == "unknown" else found.level, found.advice))
        for level, signs in (("bad", found.dangers), ("warn", found.gaps)):
            for each in signs:
                self.result.addLayout(sign_line(level, each))
        if found.unasked and found.level != "unknown":
            words = _("{n} pertanyaan belum dijawab.").format(n=found.unasked)
            self.result.addWidget(Label(words, "small", "text3", wrap=True))

    # ---- saving

    def save(self) -> bool:
        """Save the visit and go back; True when it was done."""
        if self.view is None or self.visit is None:
            return False
        self.view.flush()
        try:
            op_id = home_visits.record(self.desk.ws, self.visit, self.view.answers())
        except NotFinal as error:
            self.view.show_summary(list(error.problems))
            self.left.verticalScrollBar().setValue(0)
            return False
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return False
        self.desk.announce(self.visit.form.name)
        words = _("Kunjungan rumah {name} tersimpan").format(name=self.visit.hit.name)
        self.desk.toast(words, _("Batalkan") if op_id else None, (lambda: self._undo(op_id)) if op_id else None)
        self.desk.back()
        return True

    def _undo(self, op_id: str) -> None:
        assert self.visit is not None
        home_visits.undo(self.desk.ws, op_id)
        self.desk.announce(self.visit.form.name)

    def take_away(self) -> None:
        """Ask, then take away this visit, noted by mistake; what was typed since comes back with it, as a draft."""
        visit, view = self.visit, self.view
        if visit is None or view is None or visit.saved_at is None:
            return
        told = {"person_id": visit.hit.id, "form": visit.form.name, "record_id": visit.record_id}
        typed = view.answers()

        def then() -> None:
            view.forget_draft()
            home_visits.drop_draft(self.desk.ws, visit)
            self.visit = self.view = None
            self.desk.go("kartu", person_id=visit.hit.id)

        def back() -> None:
            if typed != visit.answers:
                home_visits.keep_draft(self.desk.ws, visit, typed)
            self.desk.go("kunjungan_rumah", **told)

        ask_visit(self.desk, visit.form, visit.record_id, visit.hit.name, then, back)

    def save_sheet(self, *, filled: bool) -> None:
        """Write the checklist as PDF: blank, or with the person and what is answered so far."""
        from dataclasses import replace

        if self.view is None or self.visit is None:
            return
        title = _(self.visit.form.title)
        name = f"{title} {self.visit.hit.name}" if filled else title
        form, shown = self.visit.form, replace(self.visit, answers=self.view.answers()) if filled else None
        papers.save(
            self.desk,
            name,
            lambda ws, path: home_visits.save_sheet(ws, path, form, shown),
            owner=self,
            said=self.where.setText,
        )
