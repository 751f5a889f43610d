"""A sheet over the window: the development checklist of Buku KIA, item by item, while the child is watched."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from posyandu.domain.fields import YesNo
from posyandu.domain.form import Context, Form, Section
from posyandu.text import N_, _
from posyandu.ui.desk import Desk
from posyandu.ui.form_view import FormView
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Notice, ScrollPage, row_layout
from posyandu.ui.widgets.overlay import Overlay


def checklist_form(title: str, items: Sequence[str]) -> Form:
    """The items as questions of their own; what is kept of them is only whether all are shown, and which are not."""
    asked = tuple(
        YesNo(name=f"item_{number}", label=item, yes=N_("Dapat"), no=N_("Belum"))
        for number, item in enumerate(items, 1)
    )
    return Form(name="checklist", title=title, version=1, sections=(Section(title, asked),))


class ChecklistSheet(Overlay):
    """Opens at once over `host`; `done` hears the items that the child does not do yet, none when all are done."""

    def __init__(
        self, desk: Desk, host: QWidget, title: str, items: Sequence[str], done: Callable[[tuple[str, ...]], object]
    ) -> None:
        super().__init__(host, _("Checklist perkembangan {age}").format(age=_(title)), width=640)
        self._done = done
        self.view = FormView(checklist_form(title, items), Context(desk.ws.today(), {}, {}))
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=8)
        page.body.addWidget(self.view)
        page.body.addStretch(1)
        page.setMinimumHeight(max(px(200), min(host.height() - px(280), px(900))))
        self.body.addWidget(page, 1)
        self.problem = Notice("info", _("Jawab yang masih kosong, atau tekan Sisanya dapat."))
        self.problem.hide()
        self.body.addWidget(self.problem)
        foot = row_layout()
        for words, kind, name, deed in (
            (_("Batal"), "quiet", "button:batal", self.reject),
            (_("Sisanya dapat"), "secondary", "button:sisanya-dapat", self.all_shown),
            (_("Selesai"), "primary", "button:checklist-selesai", self.finish),
        ):
            button = Button(words, kind, name=name)
            button.clicked.connect(lambda _on=False, deed=deed: deed())
            foot.addWidget(button)
            if name == "button:batal":
                foot.addStretch(1)
        self.body.addLayout(foot)
        self.open_over(self.view.first_focus())

    def all_shown(self) -> None:
        """Answer what is still open with yes."""
        answers = self.view.answers()
        self.view.set_answers({name: True if value is None else value for name, value in answers.items()})

    def finish(self) -> None:
        """Say what is not done yet; one item that is not settles it, however many are open."""
        answers = self.view.answers()
        if False not in answers.values() and None in answers.values():
            self.problem.show()
            self.place()
            return
        self.accept()
        self._done(tuple(_(self.view.form.fields[name].label) for name, value in answers.items() if value is False))
