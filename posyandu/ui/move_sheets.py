"""Two sheets: hand a person who moves over to another post, and take in those who come from one."""

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Context, Level
from posyandu.domain.forms.move import HANDOVER
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.area_picker import AreaPicker
from posyandu.ui.widgets.basics import Button, Label, Row, Rule, ScrollPage, row_layout
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker

SHOWN = frozenset(("to_post", "left_on"))
CHANGED = ("person", "arrival", "handover")


class MoveSheet(Overlay):
    """Where to and since when; the history goes along. Who moves to nobody knows where is only noted as moved."""

    def __init__(self, desk: Desk, host: QWidget, person_id: str, name: str, near: str) -> None:
        super().__init__(host, _("{name} pindah").format(name=name), width=620)
        self.desk, self.person_id = desk, person_id
        words = _(
            "Riwayatnya diserahkan ke Posyandu tujuan, yang menghitungnya mulai tanggal pindah. Catatan di sini tetap "
            "dan bulan-bulan lalu tidak berubah."
        )
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=12)
        page.body.addWidget(Label(words, "small", "text2", wrap=True))
        self.area = AreaPicker(label=_("Ke desa atau kelurahan"), near=near)
        page.body.addWidget(self.area)
        self.view = FormView(HANDOVER, Context(desk.ws.today(), {}, {}), left_out=set(HANDOVER.fields) - SHOWN)
        self.view.set_answers({"left_on": desk.ws.today()})
        page.body.addWidget(self.view)
        page.body.addStretch(1)
        self.body.addWidget(page, 1)
        self.foot(
            Button(_("Serahkan"), "primary", "map-pin", name="button:serahkan", on=self.hand_over),
            beside=[Button(_("Catat pindah saja"), "quiet", name="button:pindah-saja", on=self._only_note)],
        )
        self.open_over(self.area.box)

    def hand_over(self) -> None:
        """Do it beside the window, or say what is missing."""
        from posyandu.services import moves

        wrong = [problem for problem in self.view.found() if problem.level is Level.HARD and problem.field in SHOWN]
        self.view.show_summary(wrong)
        if self.area.area is None:
            self.say(_("Pilih desa atau kelurahan tujuannya."))
        if wrong or self.area.area is None:
            return
        answers, code, person_id = self.view.answers(), self.area.area.code, self.person_id
        post, on = str(answers.get("to_post") or ""), answers.get("left_on")
        day = on if isinstance(on, date) else None
        self.work(
            self.desk.run,
            lambda ws: moves.hand_over(ws, person_id, code, post, day),
            self._done,
            lambda error: self.say(errors.sentence(error)),
        )

    def _done(self, done: Any) -> None:  # noqa: ANN401 - services.moves.HandedOver
        self.accept()
        self.desk.announce(*CHANGED)
        self.desk.toast(done.sentence)

    def _only_note(self) -> None:
        self.reject()
        self.desk.go("daftar", person_id=self.person_id, focus="status")


class ArrivalsSheet(Overlay):
    """Who comes from other posts: take each in, as a new person or as one who is registered here, or decline."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host, _("Pindahan dari Posyandu lain"), width=660)
        self.desk = desk
        self.page = ScrollPage(margins=(0, 0, 8, 0), spacing=10)
        self.body.addWidget(self.page, 1)
        self.open_over(self.foot(no=_("Tutup"), name="button:tutup"))
        self.read()

    def read(self) -> None:
        """Read who waits, and who here may be the same, beside the window."""
        from posyandu.services import moves

        def work(ws: Any) -> Any:  # noqa: ANN401 - services
            post = ws.posyandu_id
            return [
                (each, moves.arrival_sentence(each), moves.guests_like(ws, each.id, post))
                for each in moves.arrivals(ws)
            ]

        self.desk.run(work, self._show, lambda error: self.say(errors.sentence(error)), owner=self)

    def _show(self, found: Any) -> None:  # noqa: ANN401 - services.moves.Arrival, words, hits
        body = self.page.body
        while body.count():
            item = body.takeAt(0)
            if (widget := item.widget() if item is not None else None) is not None:
                widget.deleteLater()
        if not found:
            body.addWidget(Label(_("Tidak ada yang menunggu."), "body", "text2"))
        for arrival, words, alike in found:
            body.addWidget(Row(arrival.name, words, picture=("icon", "user-plus", "info"), chevron=False,
                               name=f"pindahan:{arrival.id}"))  # fmt: skip
            choice = Picker(
                [
                    ("", _("Orang baru di sini")),
                    *((hit.id, _("Sama dengan {name}").format(name=hit.name)) for hit in alike),
                ],
                name=f"field:sama:{arrival.id}",
                accessible=_("Terima sebagai"),
            )
            choice.setVisible(bool(alike))
            body.addWidget(choice)
            row = row_layout(spacing=10)
            holder = QWidget()
            holder.setLayout(row)
            no = Button(_("Bukan warga sini"), "quiet", name=f"button:tolak:{arrival.id}")
            no.clicked.connect(lambda _on=False, each=arrival.id: self._do(each, None))
            yes = Button(_("Terima"), "primary", "user-plus", name=f"button:terima:{arrival.id}")
            yes.clicked.connect(lambda _on=False, each=arrival.id, pick=choice: self._do(each, str(pick.value() or "")))
            row.addStretch(1)
            row.addWidget(no)
            row.addWidget(yes)
            body.addWidget(holder)
            body.addWidget(Rule())
        body.addStretch(1)
        self.place()

    def _do(self, arrival_id: str, person_id: str | None) -> None:
        from posyandu.services import moves

        ws = self.desk.ws
        try:
            if person_id is None:
                moves.decline(ws, arrival_id)
            else:
                moves.accept(ws, arrival_id, ws.posyandu_id, person_id)
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.desk.announce(*CHANGED)
        self.desk.toast(_("Dicatat bukan warga sini") if person_id is None else _("Diterima, dengan riwayatnya"))
        self.read()
