"""Sheets: hand people who move over to another post, take in those who come from one, and ask of who is back."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, Level, Problem
from posyandu.domain.forms.move import HANDOVER
from posyandu.domain.forms.registration import PERSON
from posyandu.services.people import PersonHit
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.area_picker import AreaPicker
from posyandu.ui.widgets.basics import Button, Label, Row, Rule, ScrollPage, Tick, row_layout
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft

SHOWN = frozenset(("to_post", "left_on"))
CHANGED = ("person", "arrival", "handover")


def tick_words(hit: PersonHit) -> str:
    """Somebody at a box: the name and the age."""
    return f"{hit.name}, {hit.age_text}".rstrip(", ")


class MoveSheet(Overlay):
    """Where to and since when; the history goes along. Who moves to nobody knows where is only noted as moved.

    `beside` are the others of the family, by id, with what stands at their box; `going` of them are ticked.
    """

    def __init__(
        self,
        desk: Desk,
        host: QWidget,
        person_id: str,
        name: str,
        near: str,
        beside: Mapping[str, str] | None = None,
        going: Collection[str] = (),
    ) -> None:
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
        self.ticks = {each: Tick(said, name=f"ikut:{each}") for each, said in (beside or {}).items()}
        if self.ticks:
            self._ask_who(page, going)
        page.body.addStretch(1)
        self.body.addWidget(page, 1)
        self.foot(
            Button(_("Serahkan"), "primary", "map-pin", name="button:serahkan", on=self.hand_over),
            beside=[Button(_("Catat pindah saja"), "quiet", name="button:pindah-saja", on=self._only_note)],
        )
        self.open_over(self.area.box)
        SheetDraft(self, desk, "pindah", person_id, view=self.view)

    def _ask_who(self, page: ScrollPage, going: Collection[str]) -> None:
        """Who of the family goes along: one box for all, and one each."""
        page.body.addWidget(Label(_("Keluarga yang ikut pindah"), "label"))
        self.all = Tick(_("Seluruh keluarga"), name="ikut:semua")
        self.all.clicked.connect(self._tick_all)
        if len(self.ticks) > 1:
            page.body.addWidget(self.all)
        for each, tick in self.ticks.items():
            tick.setChecked(each in going)
            tick.clicked.connect(self._show_all)
            page.body.addWidget(tick)
        self._show_all()

    def _tick_all(self) -> None:
        for tick in self.ticks.values():
            tick.setChecked(self.all.isChecked())

    def _show_all(self) -> None:
        self.all.setChecked(all(tick.isChecked() for tick in self.ticks.values()))

    def _going(self) -> list[str]:
        return [self.person_id, *(each for each, tick in self.ticks.items() if tick.isChecked())]

    def hand_over(self) -> None:
        """Do it beside the window, or say what is missing."""
        if self.area.area is None:
            self.say(_("Pilih desa atau kelurahan tujuannya."))
        wrong, answers = self._looked(), self.view.answers()
        if wrong or self.area.area is None:
            return
        code, post, on = self.area.area.code, str(answers.get("to_post") or ""), answers.get("left_on")
        self._move(code, post, on if isinstance(on, date) else None)

    def _looked(self) -> list[Problem]:
        wrong = [problem for problem in self.view.found() if problem.level is Level.HARD and problem.field in SHOWN]
        self.view.show_summary(wrong)
        return wrong

    def _move(self, code: str, post: str, day: date | None) -> None:
        from posyandu.services import moves

        going = self._going()
        self.work(
            self.desk.run,
            lambda ws: moves.hand_over_together(ws, going, code, post, day),
            self._done,
            lambda error: self.say(errors.sentence(error)),
        )

    def _done(self, done: Any) -> None:  # noqa: ANN401 - services.moves.HandedOver
        from posyandu.services import moves

        def take_back() -> None:
            moves.undo(self.desk.ws, done.saves)
            self.desk.announce(*CHANGED)

        self.accept()
        self.desk.announce(*CHANGED)
        self.desk.toast(done.sentence, _("Batalkan"), take_back)

    def _only_note(self) -> None:
        going, on = self._going(), self.view.answers().get("left_on")
        if len(going) == 1:
            self.reject()
            self.desk.go("daftar", person_id=self.person_id, focus="status")
        elif not self._looked() and isinstance(on, date):
            self._move("", "", on)


class ReturnSheet(Overlay):
    """Was somebody who is noted as moved really away? What past months count depends on it, and nobody else knows.

    `done` hears of the person's id from now on and of the saves that take it back.
    """

    def __init__(
        self,
        desk: Desk,
        host: QWidget,
        person: Answers,
        person_id: str,
        changes: Answers,
        done: Callable[[str, tuple[str, ...]], object],
    ) -> None:
        name, left_on = str(person.get("name") or ""), person.get("left_on")
        super().__init__(host, _("Apakah {name} pernah pindah?").format(name=name), width=720)
        self.desk, self.person_id, self.changes, self._then = desk, person_id, changes, done
        day = short_date(left_on) if isinstance(left_on, date) else _("tanggalnya tidak diketahui")
        words = _(
            "Tercatat pindah {day}. Bila memang pernah pindah lalu kembali, bulan-bulan di antaranya tetap tidak "
            "menghitungnya dan riwayatnya dibawa. Bila dulu salah catat, semua bulan menghitungnya lagi."
        )
        self.body.addWidget(Label(words.format(day=day), "body", "text2", wrap=True))
        self.view = FormView(PERSON, Context(desk.ws.today(), {}, {}), left_out=set(PERSON.fields) - {"entered_on"})
        self.view.set_answers({"entered_on": desk.ws.today()})
        self.body.addWidget(self.view)
        self.foot(
            Button(_("Pernah pindah, kini kembali"), "primary", name="button:kembali", on=self.come_back),
            beside=[Button(_("Salah catat, tidak pernah pindah"), "secondary", name="button:salah", on=self.correct)],
        )
        self.open_over(self.view.first_focus())
        SheetDraft(self, desk, "kembali", person_id, view=self.view)

    def come_back(self) -> None:
        """Begin a new stay on the day told."""
        from posyandu.services import moves

        on = self.view.answers().get("entered_on")
        if isinstance(on, date):
            self._do(lambda: moves.come_back(self.desk.ws, self.person_id, on, self.changes))
        else:
            self.say(_("Tulis sejak kapan tinggal di sini lagi."))

    def correct(self) -> None:
        """Take the note of the move away."""
        from posyandu.services import moves

        self._do(lambda: (self.person_id, moves.did_not_leave(self.desk.ws, self.person_id, self.changes)))

    def _do(self, deed: Callable[[], tuple[str, tuple[str, ...]]]) -> None:
        try:
            person_id, saves = deed()
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.accept()
        self._then(person_id, saves)


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
