"""A sheet over the window that asks one declared form: save, or take the record away."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers, YesNo
from posyandu.domain.form import Context, Form, Problem
from posyandu.services import post_affairs
from posyandu.services.people import NotFinal
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.basics import Button, Notice, ScrollPage
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.sheet_draft import SheetDraft


class RecordSheet(Overlay):
    """Opens at once over `host`. `done` is called after saving or taking away, with what to say and the save's id.

    Sections with the questions `first` stand before the others. `all_yes` offers to answer every open yes-no question
    with yes, with these words. `write` and `take_away` give back the id of their save; without them the record is one
    of the post's own. What is typed and not saved comes back with the next sheet of the form that is `about` the same
    ids: the record, else the worker, else the post, unless told.
    """

    def __init__(
        self,
        host: QWidget,
        desk: Desk,
        form: Form,
        title: str,
        answers: Answers,
        done: Callable[[str, str], object],
        *,
        record_id: str | None = None,
        is_new: bool = True,
        worker_id: str | None = None,
        left_out: Collection[str] = (),
        first: Collection[str] = (),
        all_yes: str = "",
        saved: str = "",
        about: Sequence[str] = (),
        write: Callable[[Answers], str] | None = None,
        take_away: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(host, title, width=720)
        self.desk, self.form, self._done = desk, form, done
        self.record_id, self._saved = record_id, saved or _("Tersimpan")
        self._write = write or (
            lambda told: post_affairs.save(desk.ws, form, told, record_id=record_id, worker_id=worker_id)
        )
        self._take_away = take_away or (lambda: post_affairs.remove(desk.ws, form, str(record_id)))
        self.kept = {name: value for name, value in answers.items() if name in left_out}
        self.view = FormView(form, Context(desk.ws.today(), {}, {}), left_out=left_out, first=first)
        self.view.set_answers(answers)
        scroll = ScrollPage(margins=(0, 0, 10, 0), spacing=12)
        scroll.body.addWidget(self.view)
        self.paper = scroll
        self.body.addWidget(scroll, 1)
        self.problem = Notice("bad", "")
        self.problem.hide()
        self.body.addWidget(self.problem)
        beside = []
        if record_id and not is_new:
            beside.append(Button(_("Hapus"), "quiet", "trash-2", name="button:hapus", on=self.remove))
        if all_yes:
            beside.append(Button(all_yes, "secondary", "check", name="button:semua", on=self.answer_all))
        self.ok = Button(_("Simpan"), "primary", "save", name="button:simpan-lembar", on=self.save)
        self.foot(self.ok, beside=beside)
        self.view.ended.connect(lambda: self.ok.setFocus(Qt.FocusReason.TabFocusReason))
        on_ctrl_enter(self, self.save)
        self.open_over(self.view.first_focus())
        SheetDraft(
            self, desk, ",".join((form.name, *sorted(left_out))),
            *(about or (record_id or worker_id or desk.ws.posyandu_id,)), view=self.view,
        )  # fmt: skip

    def answer_all(self) -> None:
        """Answer yes to every yes-no question that is still open."""
        given = self.view.answers()
        open_now = {name: True for name, field in self.form.fields.items() if isinstance(field, YesNo)}
        self.view.set_answers({**open_now, **{name: value for name, value in given.items() if value is not None}})
        self.ok.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Save, or say at the fields what is missing."""
        unread = self.view.troubles()
        if unread:
            self._complain(unread)
            return
        try:
            op_id = self._write({**self.kept, **self.view.answers()})
        except NotFinal as error:
            self._complain(list(error.problems))
            return
        except PosyanduError as error:
            self.problem.set_text("bad", errors.sentence(error))
            self.problem.show()
            self.place()
            return
        self.accept()
        self._done(self._saved, op_id)

    def _complain(self, problems: Sequence[Problem]) -> None:
        self.view.show_summary(problems)
        self.paper.verticalScrollBar().setValue(0)

    def remove(self) -> None:
        """Take the record away; the toast offers it back."""
        op_id = self._take_away()
        self.accept()
        self._done(_("Dihapus"), op_id)
