"""Two sheets over the window: write a referral and its slip, and note the answer that came back."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

from PySide6.QtWidgets import QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Context, Level
from posyandu.domain.forms.referral import FORM
from posyandu.text import _
from posyandu.ui import errors, papers
from posyandu.ui.desk import Desk
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.basics import Button, Label, ScrollPage, Segmented
from posyandu.ui.widgets.overlay import ONLY_A_VIEW, Overlay
from posyandu.ui.widgets.sheet_draft import SheetDraft

Paper = Literal["A4", "A5"]
REFERRAL, ANSWER = (frozenset(field.name for field in section.fields) for section in FORM.sections)
BEHIND = frozenset(("rules", "visit_form", "answered_on", "answered_by"))


class FormSheet(Overlay):
    """Part of the referral's form over the window, with what is wrong said on top of the buttons."""

    def __init__(self, desk: Desk, host: QWidget, title: str, explain: str, left_out: frozenset[str]) -> None:
        super().__init__(host, title, width=640)
        self.desk = desk
        if explain:
            self.body.addWidget(Label(explain, "small", "text2", wrap=True))
        self.view = FormView(FORM, Context(desk.ws.today(), {}, {}), left_out=left_out | BEHIND)
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=8)
        page.body.addWidget(self.view)
        page.body.addStretch(1)
        self.body.addWidget(page, 1)

    def ready(self) -> bool:
        """Whether nothing stands in the way; else the view says what."""
        wrong = [problem for problem in self.view.found() if problem.level is Level.HARD]
        self.view.show_summary(wrong)
        return not wrong


class ReferSheet(FormSheet):
    """Write the referral of a person, begun from a visit when one is given, then save or print the slip."""

    def __init__(self, desk: Desk, host: QWidget, person_id: str, form: str = "", visit_id: str = "") -> None:
        from posyandu.services import referrals

        begun = referrals.draft(desk.ws, person_id, form, visit_id)
        explain = _("Terisi dari hasil kunjungan. Periksa dulu; lembarnya setengah A4, dengan tempat jawaban.")
        super().__init__(desk, host, _("Surat rujukan"), explain if visit_id else "", ANSWER)
        self.person_id, self.form, self.visit_id = person_id, form, visit_id
        self.view.set_answers(begun)
        self.paper = Segmented(
            [(paper, paper) for paper in ("A4", "A5")],
            desk.preferences.slip_paper,
            name="kertas-rujukan",
            accessible=_("Ukuran kertas"),
            tick=False,
        )
        self.paper.setProperty(ONLY_A_VIEW, True)
        self.paper.setToolTip(_("A4: surat dan jawaban di satu lembar, dipotong dua. A5: dua lembar."))
        only, printing, saving = (
            Button(words, kind, icon, name=name, on=lambda _on=False, then=then: self._finish(then))
            for words, kind, icon, name, then in (
                (_("Simpan saja"), "quiet", None, "button:simpan-rujukan", None),
                (_("Cetak"), "secondary", "printer", "button:cetak-rujukan", self._print),
                (_("Simpan PDF"), "primary", "save", "button:pdf-rujukan", self._save),
            )
        )
        self.foot(printing, saving, beside=(self.paper, only))
        self.open_over(self.view.first_focus())
        SheetDraft(self, desk, "rujukan", person_id, visit_id, view=self.view)

    def _finish(self, then: Callable[[str], None] | None) -> None:
        from posyandu.services import referrals

        if not self.ready():
            return
        ws = self.desk.ws
        known = {each.record_id for each in referrals.of_person(ws, self.person_id)}
        try:
            saved = referrals.refer(ws, self.person_id, self.view.answers(), self.form, self.visit_id)
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        record = referrals.referral_id(self.visit_id) if self.visit_id else ""
        if not record:
            record = next(
                each.record_id for each in referrals.of_person(ws, self.person_id) if each.record_id not in known
            )
        self.accept()
        self.desk.announce("referral", *([self.form] if self.form else []))
        if then is None:
            undo = saved.op_id
            self.desk.toast(_("Rujukan tersimpan"), _("Batalkan"), lambda: self._undo(undo))
        else:
            then(record)

    def _undo(self, op_id: str) -> None:
        from posyandu.services import referrals

        referrals.undo(self.desk.ws, op_id)
        self.desk.announce("referral")

    def _save(self, record: str) -> None:
        save_slip(self.desk, self.person_id, record, self._chosen())

    def _print(self, record: str) -> None:
        print_slip(self.desk, self._host, self.person_id, record, self._chosen())

    def _chosen(self) -> Paper:
        """The paper, remembered for the next slip."""
        paper: Paper = "A5" if self.paper.value() == "A5" else "A4"
        self.desk.change_preferences(slip_paper=paper)
        return paper


class AnswerSheet(FormSheet):
    """Note whether the person went, what was found there, and when to come again."""

    def __init__(self, desk: Desk, host: QWidget, sent: Any) -> None:  # noqa: ANN401 - services.referrals.Sent
        title = _("Jawaban rujukan")
        super().__init__(desk, host, title, sent.words, REFERRAL)
        self.sent = sent
        self.view.set_answers({name: sent.answers.get(name) for name in ANSWER})
        self.view.changed.connect(self.view.finish_building)
        self.foot(Button(_("Simpan jawaban"), "primary", "check", name="button:simpan-jawaban", on=self.save))
        self.open_over(self.view.first_focus())
        self.view.finish_building()
        SheetDraft(self, desk, "jawaban", sent.record_id, view=self.view)

    def save(self) -> None:
        """Keep the answer."""
        from posyandu.services import referrals

        if not self.ready():
            return
        try:
            saved = referrals.answer(self.desk.ws, self.sent, self.view.answers())
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.accept()
        self.desk.announce("referral")
        self.desk.toast(_("Jawaban rujukan tersimpan"), _("Batalkan"), lambda: self._undo(saved.op_id))

    def _undo(self, op_id: str) -> None:
        from posyandu.services import referrals

        referrals.undo(self.desk.ws, op_id)
        self.desk.announce("referral")


def save_slip(desk: Desk, person_id: str, record: str, paper: Paper = "A4") -> None:
    """Write a slip as PDF among the documents and say where."""
    from posyandu.services import people, referrals

    name = people.hit(desk.ws, person_id).name
    day = date.isoformat(desk.ws.today())
    papers.save(
        desk,
        _("Rujukan {name} {day}").format(name=name, day=day),
        lambda ws, path: referrals.save_slip(ws, person_id, record, path, paper),
    )


def print_slip(desk: Desk, host: QWidget, person_id: str, record: str, paper: Paper = "A4") -> None:
    """Print a slip; without a printer it is saved as PDF instead."""
    from posyandu.services import leaving, referrals

    def make(ws: Any) -> bytes:  # noqa: ANN401 - services.workspace.Workspace
        leaving.note(ws, leaving.PERSON, about_id=person_id)
        return referrals.slip(ws, person_id, record, paper)

    papers.put_on_paper(desk, host, _("Surat rujukan"), make, without=lambda: save_slip(desk, person_id, record, paper))
