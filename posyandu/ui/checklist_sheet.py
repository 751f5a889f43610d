"""A sheet over the window: the development checklist of Buku KIA, item by item, while the child is watched."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, Section
from posyandu.domain.forms.development import FORM
from posyandu.domain.standards import DevelopmentBand
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.basics import Button, ScrollPage
from posyandu.ui.widgets.overlay import Overlay


class ChecklistSheet(Overlay):
    """Opens at once over `host` with the ticks that are kept; `done` hears them all when it is finished."""

    def __init__(
        self, desk: Desk, host: QWidget, band: DevelopmentBand, kept: Answers, done: Callable[[Answers], object]
    ) -> None:
        super().__init__(host, _("Checklist perkembangan {age}").format(age=_(band.label)), width=640)
        self._done = done
        lines = tuple(FORM.fields[name] for name in band.items)
        form = replace(FORM, title=band.label, sections=(Section(band.label, lines),))
        self.view = FormView(form, Context(desk.ws.today(), {}, {}))
        self.view.set_answers({name: kept.get(name) for name in band.items})
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=8)
        page.body.addWidget(self.view)
        page.body.addStretch(1)
        self.body.addWidget(page, 1)
        self.foot(
            Button(_("Selesai"), "primary", name="button:checklist-selesai", on=self.finish),
            beside=[Button(_("Sisanya dapat"), "secondary", name="button:sisanya-dapat", on=self.all_shown)],
        )
        self.open_over(self.view.first_focus())

    def all_shown(self) -> None:
        """Answer what is still open with yes."""
        answers = self.view.answers()
        self.view.set_answers({name: True if value is None else value for name, value in answers.items()})

    def finish(self) -> None:
        """Hand over the ticks; one line that is not shown settles it, however many are open."""
        answers = self.view.answers()
        if False not in answers.values() and None in answers.values():
            self.say(_("Jawab yang masih kosong, atau tekan Sisanya dapat."), "info")
            return
        self.accept()
        self._done(answers)
