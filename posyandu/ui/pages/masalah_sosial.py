"""Masalah sosial: reports with their stage and the days left, one of them in full with its steps, and what to do next.

A confidential report shows here only that it is there, to who wrote it and to who holds a key. A reader opens it with
her PIN; her key is dropped when the page is left, the screen locks or some minutes pass.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posyandu.domain import social as rules
from posyandu.domain.calendar import short_date
from posyandu.domain.duties import DUTIES
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Choice
from posyandu.domain.forms.social import FIELDS, PLACES, STAGES, TICKET
from posyandu.services import sealed, social
from posyandu.text import N_, _, placed
from posyandu.ui import errors, files, papers, theme
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.pages.lapor_sosial import ICONS
from posyandu.ui.reader_pin import PinSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import ListBeside
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    Label,
    Labelled,
    Notice,
    Page,
    Row,
    ScrollPage,
    Sign,
    TextInput,
    clear,
    column_layout,
    keep_focus,
    row_layout,
)
from posyandu.ui.widgets.overlay import Overlay, ask, ask_words, tell
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft

KEY_MINUTES = 5
"""How long a reader's key stays open without leaving the page."""
SHOWN = 40

DO = {
    "verified": N_("Verifikasi…"),
    "forwarded": N_("Teruskan…"),
    "handled": N_("Catat penanganan…"),
    "done": N_("Selesaikan…"),
    "refused": N_("Tolak…"),
}
DONE_WORDS = {
    "verified": N_("Sudah diverifikasi"),
    "forwarded": N_("Sudah diteruskan"),
    "handled": N_("Penanganan tercatat"),
    "done": N_("Laporan selesai"),
    "refused": N_("Laporan ditolak"),
}
STAGE_LEVELS = {"done": "ok", "refused": "neutral"}
URGENCY_LEVELS = {"emergency": "bad", "high": "warn", "normal": "neutral"}


class MasalahSosialPage(Page):
    """`open(ticket_id="")` shows that report; without one the one seen last, or the most pressing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Masalah sosial")
        self.found: tuple[social.Ticket, ...] = ()
        self.secret: tuple[social.SealedTicket, ...] = ()
        self.ticket: social.Ticket | None = None
        self.ticket_id = ""
        self.key: sealed.ReaderKey | None = None
        self._job: Any = None
        self.view = ScrollPage(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
        self.cards = column_layout(spacing=theme.CARD_GAP)
        self.view.body.addLayout(self.cards)
        self.view.body.addStretch(1)
        self.panes = ListBeside(self._make_list(), self.view, width=372, back=_("Semua laporan"), two_from=860)
        column = column_layout(self)
        column.setContentsMargins(px(28), px(4), px(28), px(16))
        column.addWidget(self.panes)
        self._bar = self._make_bar()
        self._forgetting = QTimer(self, singleShot=True, interval=KEY_MINUTES * 60_000)
        self._forgetting.timeout.connect(self.forget_key)
        desk.records_changed.connect(self._follow)
        desk.book_closing.connect(self.forget_key)

    def _make_list(self) -> QWidget:
        card = Card(padding=(16, 14), spacing=8, rows=True)
        self.filter = Picker(
            [("open", _("Belum selesai")), *((code, _(words)) for code, words in STAGES.items()), ("all", _("Semua"))],
            name="sosial:tahap",
            accessible=_("Tahap"),
        )
        self.filter.currentIndexChanged.connect(lambda _place: self._show_list())
        self.count = ElideLabel("", "small", "text3")
        line = row_layout(spacing=10)
        line.setContentsMargins(px(8), 0, px(8), 0)
        line.addWidget(self.filter)
        line.addWidget(self.count, 1)
        card.body.addLayout(line)
        self.list_view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rows = column_layout(spacing=0)
        self.list_view.body.addLayout(self.rows)
        self.list_view.body.addStretch(1)
        card.body.addWidget(self.list_view, 1)
        return card

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        answers = Button(_("Baca jawaban"), "secondary", "download", name="button:baca-jawaban")
        answers.setToolTip(_("Berkas jawaban dari NTB Care atau kantor lain"))
        answers.clicked.connect(self._read_answers)
        listing = Button(_("Daftar dan rekap"), "secondary", "printer", name="button:daftar-rekap", on=self._save_list)
        self.report = Button(_("Laporkan masalah"), "primary", "plus", name="button:lapor")
        self.report.clicked.connect(lambda: self.desk.go("lapor_sosial"))
        for button in (answers, listing, self.report):
            row.addWidget(button)
        return bar

    # ---- page

    def open(self, ticket_id: str = "", **_arguments: object) -> None:
        """Read the reports beside the window."""
        if ticket_id:
            self.ticket_id = ticket_id
            self.filter.set_value("open")
            self.panes.show_detail()
        else:
            self.panes.show_list()
        self.ask()

    def ask(self) -> None:
        """Read the reports anew."""
        if self._job is not None:
            self._job.cancel()
        self._job = self.desk.run(
            lambda ws: (social.tickets(ws), social.sealed_tickets(ws)), self._read, self._failed, owner=self
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.where.setText(errors.sentence(error))

    def _read(self, found: tuple[tuple[social.Ticket, ...], tuple[social.SealedTicket, ...]]) -> None:
        self._job = None
        self.found, self.secret = found
        waiting = sum(each.clock.runs for each in self.found)
        red = sum(each.clock.is_near for each in self.found)
        self.subtitle = (
            _("{n} laporan menunggu ditangani, {red} mendekati atau lewat batas").format(n=waiting, red=red)
            if waiting
            else _("Tidak ada laporan yang menunggu")
        )
        self.header_changed.emit()
        with keep_focus(self):
            self._show_list()
            if not (self.ticket is not None and self.ticket.sealed):
                self._show_ticket()

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.ask()

    def first_focus(self) -> QWidget:
        """Reporting."""
        return self.report

    def action_bar(self) -> QWidget:
        """Reporting, lists, answers."""
        return self._bar

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever leaves the page leaves no key behind."""
        super().hideEvent(event)
        self.forget_key()

    def forget_key(self) -> None:
        """Drop the reader's key and what it had opened."""
        self._forgetting.stop()
        self.key = None
        if self.ticket is not None and self.ticket.sealed:
            self.ticket, self.ticket_id = None, ""
            QTimer.singleShot(0, self, self._clear_forgotten)  # not now: the window may be going for good

    def _clear_forgotten(self) -> None:
        if self.ticket is None:
            clear(self.cards)

    # ---- the list

    def _shown(self) -> list[social.Ticket]:
        wanted = self.filter.value()
        if wanted == "open":
            return [each for each in self.found if each.is_open]
        return [each for each in self.found if wanted in ("all", each.stage)]

    def _show_list(self) -> None:
        shown = self._shown()
        if self.ticket is None or not self.ticket.sealed:
            known = {each.id for each in self.found}
            if self.ticket_id not in known:
                self.ticket_id = shown[0].id if shown else ""
        clear(self.rows)
        self._show_secret()
        for each in shown[:SHOWN]:
            row = Row(
                _(each.kind.label),
                ". ".join(part for part in (_(STAGES[each.stage]), each.who) if part),
                picture=("icon", ICONS[each.field], URGENCY_LEVELS[each.urgency] if each.is_open else "neutral"),
                chip=clock_chip(each),
                chevron=False,
                height=64,
                name=f"tiket:{each.id}",
            )
            row.current = each.id == self.ticket_id
            row.setToolTip(f"{each.number}: {each.who}")
            row.clicked.connect(lambda _on=False, ticket_id=each.id: self.choose(ticket_id))
            self.rows.addWidget(row)
        if len(shown) > SHOWN:
            more = _("{n} laporan lagi. Pilih tahapnya.").format(n=len(shown) - SHOWN)
            self.rows.addWidget(Label(more, "small", "text3", wrap=True))
        if not shown:
            self.rows.addSpacing(px(20))
            self.rows.addWidget(
                EmptyState("circle-check", _("Tidak ada laporan pada tahap ini."))
                if self.found
                else EmptyState(
                    "hand",
                    _("Belum ada laporan. Catat putus sekolah, rumah tidak layak, warga tanpa akta, dan lainnya."),
                )
            )
        self.count.setText(_("{n} laporan").format(n=len(shown)))

    def _show_secret(self) -> None:
        """What the one at work may know of confidential reports."""
        ws = self.desk.ws
        if sealed.can_read(ws) and not sealed.has_key(ws):
            notice = Notice(
                "info", _("Buat kunci supaya laporan rahasia dapat disegel untuk Anda."), _("Buat kunci"),
                self._ask_make_key,
            )  # fmt: skip
            if notice.button is not None:
                notice.button.setObjectName("button:buat-kunci")
            self.rows.addWidget(notice)
            self.rows.addSpacing(px(8))
        digits = sealed.my_digits(ws)
        if digits:
            inset = row_layout(spacing=0)
            inset.setContentsMargins(px(8), 0, px(8), px(6))
            inset.addWidget(Label(_("Kunci Anda: {digits}").format(digits=digits), "small", "text3"))
            self.rows.addLayout(inset)
        mine = sum(each.mine and not each.for_me for each in self.secret)
        if mine:
            self.rows.addWidget(Notice("info", _("{n} tiket rahasia Anda. Hubungi bidan.").format(n=mine)))
            self.rows.addSpacing(px(8))
        for each in self.secret:
            if each.for_me:
                row = Row(
                    _("Tiket rahasia"), _("Dicatat {day}").format(day=short_date(each.noted_at.date())),
                    picture=("icon", "lock", "warn"), chevron=False, height=64, name=f"rahasia:{each.id}",
                )  # fmt: skip
                row.current = each.id == self.ticket_id
                row.clicked.connect(lambda _on=False, record_id=each.id: self.open_secret(record_id))
                self.rows.addWidget(row)

    def choose(self, ticket_id: str) -> None:
        """Show one report at the right."""
        self.ticket_id = ticket_id
        for row in self.list_view.findChildren(Row):
            row.current = row.objectName() in (f"tiket:{ticket_id}", f"rahasia:{ticket_id}")
            row.update()
        self._show_ticket(again=True)
        self.view.verticalScrollBar().setValue(0)
        self.panes.show_detail()

    # ---- one report

    def _show_ticket(self, *, again: bool = False) -> None:
        """Show the report chosen, unless it is in view as it is."""
        found = next((each for each in self.found if each.id == self.ticket_id), None)
        if found is not None and found == self.ticket and not again:
            return
        clear(self.cards)
        self.ticket = found
        if self.ticket is not None:
            self._show_cards(self.ticket)

    def _show_cards(self, each: social.Ticket) -> None:
        self.cards.addWidget(self._head(each))
        self.cards.addWidget(self._course(each))
        self.cards.addWidget(self._facts(each))
        if each.sealed:
            self.cards.addWidget(self._openings(each))

    def _head(self, each: social.Ticket) -> Card:
        made = Card(padding=(24, 18), spacing=10)
        made.body.addWidget(Label(_(each.kind.label), "title", wrap=True))
        line = ", ".join(part for part in (each.who, each.number) if part)
        made.body.addWidget(Label(line, "small", "text2", wrap=True))
        chips = row_layout(spacing=8)
        chips.addWidget(Chip(_(STAGES[each.stage]), STAGE_LEVELS.get(each.stage, "info")))
        if each.urgency != "normal" and each.is_open:
            chips.addWidget(Chip(_option("urgency", each.urgency), URGENCY_LEVELS[each.urgency]))
        clock = clock_chip(each)
        if clock is not None and each.clock.runs:
            chips.addWidget(Chip(*clock))
        if each.sealed:
            chips.addWidget(Chip(_("Rahasia"), "warn", "lock"))
        chips.addStretch(1)
        made.body.addLayout(chips)
        if each.clock.runs:
            words = placed(N_("Batas {{day}}: {ticket_days} hari kerja sejak dicatat.")).format(
                day=short_date(each.clock.due_on)
            )
            if each.clock.unknown_years:
                words += " " + _("Hari libur {years} belum dimuat; dihitung tanpa Sabtu dan Minggu saja.").format(
                    years=", ".join(map(str, each.clock.unknown_years))
                )
            made.body.addWidget(Label(words, "small", "text3", wrap=True))
        for other in each.disputed:
            words = _("Pada saat yang sama {name} mencatat: {stage}. Sepakati, lalu hapus yang keliru.").format(
                name=other.by, stage=_(STAGES.get(other.stage, other.stage))
            )
            made.body.addWidget(Notice("warn", words, _("Hapus langkah itu"), partial(self._drop, each, other)))
        return made

    def _course(self, each: social.Ticket) -> Card:
        made = Card(_("Perjalanan laporan"), padding=(24, 16), spacing=10)
        made.body.addLayout(_step_line("circle-check", "ok", _(STAGES["recorded"]), each.noted_on, each.reporter, ""))
        for step in each.steps:
            where = _("ke {place}").format(place=_(PLACES[step.sent_to])) if step.sent_to in PLACES else ""
            parts = (where, step.reason, step.note, step.owner, step.reference)
            told = ". ".join(part for part in parts if part)
            duty = _(DUTIES[step.role]) if step.role in DUTIES else ""
            who = f"{step.by} ({duty})" if duty else step.by
            icon = ("circle-minus", "neutral") if step.stage == "refused" else ("circle-check", "ok")
            made.body.addLayout(_step_line(*icon, _(STAGES[step.stage]), step.on, who, told))
        ws = self.desk.ws
        following = rules.NEXT[each.stage]
        allowed = [stage for stage in following if social.may(ws, each, stage)]
        deeds: list[Button] = []
        for stage in allowed:
            kind = "secondary" if stage == "refused" else "primary"
            button = Button(_(DO[stage]), kind, name=f"button:{stage}")
            button.clicked.connect(lambda _on=False, stage=stage: StepSheet(self, each, stage))
            deeds.append(button)
        if each.is_open:
            assign = Button(_("Serahkan…"), "quiet", name="button:serahkan", on=lambda: StepSheet(self, each, ""))
            deeds.append(assign)
        if each.steps:
            back = Button(_("Batalkan langkah terakhir"), "quiet", "undo-2", name="button:batal-langkah")
            back.clicked.connect(lambda: self._undo_last(each))
            deeds.append(back)
        if following and not allowed:
            made.body.addWidget(
                Label(
                    _("Langkah berikutnya, {stage}, dilakukan oleh: {who}.").format(
                        stage=_(STAGES[following[0]]).lower(), who=social.who_may(following[0])
                    ),
                    "small",
                    "text2",
                    wrap=True,
                )  # fmt: skip
            )
        if deeds:
            made.body.addWidget(Wrapping(deeds))
        return made

    def _facts(self, each: social.Ticket) -> Card:
        made = Card(_("Isi laporan"), padding=(24, 16), spacing=10)
        made.body.addWidget(Label(str(each.answers.get("finding") or ""), "body", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        facts = [(_("Bidang SPM"), _(FIELDS[each.field]))]
        for name in ("place", "consent", "urgency", "source", "action", "referred_to"):
            field, value = TICKET.fields[name], each.answers.get(name)
            if value is not None:
                facts.append((_(field.label), answer_text(field, value)))
        if each.owner:
            facts.append((_("Ditangani oleh"), each.owner))
        for place, (label, words) in enumerate(facts):
            grid.addWidget(Label(label, "small", "text2", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(words, "small", "text", wrap=True), place, 1)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        made.body.addLayout(grid)
        deeds: list[Button] = []
        sheet = Button(_("Cetak lembar"), "secondary", "printer", name="button:lembar")
        sheet.clicked.connect(lambda: self._ask_sheet(each) if each.sealed else self._save_sheet(each))
        deeds.append(sheet)
        if not each.sealed:
            export = Button(_("Berkas NTB Care"), "secondary", "send", name="button:ntb-care")
            export.clicked.connect(lambda: self._export(each))
            deeds.append(export)
            mend = Button(_("Perbaiki"), "quiet", "pencil", name="button:perbaiki")
            mend.clicked.connect(lambda: self.desk.go("lapor_sosial", ticket_id=each.id))
            deeds.append(mend)
            if social.may_withdraw(self.desk.ws, each):
                deeds.append(Button(_("Hapus…"), "quiet", "trash-2", name="button:hapus", on=lambda: self._away(each)))
        if each.person_id:
            card = Button(_("Buka kartu"), "quiet", name="button:kartu")
            card.clicked.connect(lambda: self.desk.go("kartu", person_id=each.person_id))
            deeds.append(card)
        made.body.addWidget(Wrapping(deeds))
        return made

    def _openings(self, each: social.Ticket) -> Card:
        ws = self.desk.ws
        made = Card(_("Siapa yang membuka"), padding=(24, 16), spacing=6)
        words = {"opened": _("membuka"), "shared": _("membagikan kunci"), "printed": _("mencetak")}
        for access in sealed.accesses(ws, each.id)[:6]:
            line = _("{day} {time}: {name} {deed}").format(
                day=short_date(access.at.date()), time=f"{access.at:%H.%M}", name=access.by,
                deed=words.get(access.action, ""),
            )  # fmt: skip
            made.body.addWidget(Label(line, "small", "text2", wrap=True))
        for reader in sealed.readers(ws):
            if reader.accepted and reader.worker_id != ws.worker.id:
                share = Button(_("Bagikan kepada {name}").format(name=reader.name), "quiet", name="button:bagikan")
                share.clicked.connect(lambda _on=False, reader=reader: self._share(each, reader))
                made.body.addWidget(share, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    # ---- deeds

    def step(self, each: social.Ticket, stage: str, words: dict[str, str]) -> None:
        """Take a report on, or into other hands when no stage is given. Raises PosyanduError."""
        ws, key = self.desk.ws, self.key if each.sealed else None
        if stage:
            saved = social.advance(ws, each.id, stage, on=None, key=key, **words)
            said = _(DONE_WORDS[stage])
        else:
            saved = social.assign(ws, each.id, words.get("owner", ""), note=words.get("note", ""), key=key)
            said = _("Laporan diserahkan")
        self._changed(each, said, saved.op_id)

    def _away(self, each: social.Ticket) -> None:
        """Ask why, and take the report away."""

        def away(reason: str) -> None:
            try:
                saved = social.withdraw(self.desk.ws, each.id, reason)
            except PosyanduError as error:
                self.where.setText(errors.sentence(error))
                return
            self._changed(each, _("Laporan dihapus"), saved.op_id)

        words = _("Untuk laporan yang keliru. Jangan menulis hal rahasia di alasannya.")
        ask_words(self.window(), _("Hapus laporan ini?"), words, _("Alasan"), _("Hapus"), away, danger=True)

    def _undo_last(self, each: social.Ticket) -> None:
        try:
            saved = social.undo_last(self.desk.ws, each.id, key=self.key if each.sealed else None)
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return
        self._changed(each, _("Langkah terakhir dibatalkan"), saved.op_id)

    def _drop(self, each: social.Ticket, other: social.Taken) -> None:
        self._changed(each, _("Langkah dihapus"), social.drop_disputed(self.desk.ws, each, other.id).op_id)

    def _changed(self, each: social.Ticket, said: str, op_id: str) -> None:
        self.where.setText("")
        self.desk.toast(said, _("Batalkan"), lambda: self._undo(op_id))
        self.desk.announce("sealed" if each.sealed else "social_step")
        if each.sealed and self.key is not None:
            self._show_sealed(social.look_again(self.desk.ws, self.key, each.id))

    def _undo(self, op_id: str) -> None:
        social.undo(self.desk.ws, op_id)
        self.desk.announce("social_step", "sealed")
        if self.ticket is not None and self.ticket.sealed and self.key is not None:
            self._show_sealed(social.look_again(self.desk.ws, self.key, self.ticket.id))

    def _share(self, each: social.Ticket, reader: sealed.Reader) -> None:
        if self.key is None:
            return
        shared = social.share(self.desk.ws, self.key, each.id, reader.public)
        words = _("{name} sekarang dapat membukanya") if shared else _("{name} sudah dapat membukanya")
        self.desk.toast(words.format(name=reader.name))
        self.desk.announce("sealed")
        self._show_sealed(social.look_again(self.desk.ws, self.key, each.id))

    def _ask_sheet(self, each: social.Ticket) -> None:
        """What leaves its seal is read by whoever finds the file: say so first."""
        words = _(
            "Lembar ini menjadi berkas PDF tanpa segel di laptop ini, dan dapat dibaca siapa pun. Cetak, serahkan "
            "langsung, lalu hapus berkasnya. Pencetakan dicatat."
        )
        ask(
            self.window(),
            _("Cetak laporan rahasia?"),
            words,
            _("Cetak lembar"),
            lambda: self._save_sheet(each),
            danger=True,
        )

    def _save_sheet(self, each: social.Ticket) -> None:
        from posyandu.services import social_papers

        def opened(path: Path) -> None:
            # no message with a button that would follow to other pages
            self.where.setText(_("Tersimpan tanpa segel: {name}. Hapus sesudah dicetak.").format(name=path.name))
            files.show(path)

        if each.sealed:
            self.where.setText(_("Menyiapkan cetakan…"))
        papers.save(
            self.desk,
            each.number,
            lambda ws, path: social_papers.save_sheet(ws, each, path),
            owner=self,
            said=self.where.setText,
            then=opened if each.sealed else None,
        )

    def _save_list(self) -> None:
        from posyandu.services import social_papers

        papers.save(
            self.desk,
            _("Masalah sosial {day}").format(day=self.desk.ws.today()),
            social_papers.save_list,
            owner=self,
            said=self.where.setText,
        )

    def _export(self, each: social.Ticket) -> None:
        from posyandu.services import social_exchange

        path = files.folder() / f"{files.safe_name(each.number)}.json"
        try:
            social_exchange.save(self.desk.ws, each, path)
        except (PosyanduError, OSError) as error:
            self.where.setText(errors.sentence(error))
            return
        self._saved(path)

    def _read_answers(self) -> None:
        from posyandu.services import social_exchange

        path = files.choose_file(self, _("Pilih berkas jawaban"), _("Berkas jawaban (*.json)"))
        if path is None:
            return
        try:
            taken = social_exchange.read(self.desk.ws, path)
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return
        self.where.setText(taken.sentence)
        self.desk.announce("social_step")

    def _saved(self, path: Any) -> None:  # noqa: ANN401 - pathlib.Path
        self.where.setText(_("Tersimpan: {name}").format(name=path.name))
        self.desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

    # ---- what is confidential

    def _ask_make_key(self) -> None:
        PinSheet(self.desk, self, _("Buat kunci rahasia"), sealed.make_key, self._key_made)

    def _key_made(self, reader: sealed.Reader) -> None:
        self.ask()
        tell(
            self.window(),
            _("Kunci Anda siap"),
            _(
                "Angka kunci Anda: {digits}. Kader di laptop lain mencocokkan angka ini dengan Anda sebelum menyegel "
                "laporan."
            ).format(digits=reader.digits),
        )

    def open_secret(self, record_id: str) -> None:
        """Open a confidential report, asking for the PIN first unless the key is still open."""
        if self.key is None:
            title = _("Buka tiket rahasia")
            PinSheet(self.desk, self, title, sealed.unlock, lambda key: self.unlocked(key, record_id))
        else:
            self._open_secret(record_id)

    def unlocked(self, key: sealed.ReaderKey, record_id: str) -> None:
        """Hold the reader's key for some minutes, and show the report."""
        self.key = key
        self._forgetting.start()
        self._open_secret(record_id)

    def _open_secret(self, record_id: str) -> None:
        assert self.key is not None
        try:
            opened = social.read_sealed(self.desk.ws, self.key, record_id)
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return
        self._show_sealed(opened)

    def _show_sealed(self, opened: social.Ticket) -> None:
        self.ticket, self.ticket_id = opened, opened.id
        for row in self.list_view.findChildren(Row):
            row.current = row.objectName() == f"rahasia:{opened.id}"
            row.update()
        self.panes.show_detail()
        clear(self.cards)
        self._show_cards(opened)
        self.view.verticalScrollBar().setValue(0)


def clock_chip(each: social.Ticket) -> tuple[str, str] | None:
    """How much time is left, in words, with its level; nothing when it no longer waits."""
    if not each.clock.runs:
        return (_(STAGES[each.stage]), STAGE_LEVELS.get(each.stage, "info")) if not each.is_open else None
    if each.clock.left < 0:
        return _("lewat {n} hari").format(n=-each.clock.left), "bad"
    if each.clock.left == 0:
        return _("hari terakhir"), "bad"
    calm = "neutral" if each.urgency == "emergency" else "ok"  # five days left do not make an emergency green
    return _("sisa {n} hari").format(n=each.clock.left), "bad" if each.clock.is_near else calm


def _option(name: str, code: str) -> str:
    field = TICKET.fields[name]
    assert isinstance(field, Choice)
    return answer_text(field, code)


def _step_line(icon: str, level: str, stage: str, on: Any, who: str, told: str) -> Any:  # noqa: ANN401 - date, layout
    line = row_layout(spacing=10)
    sign = Sign(icon, level if level != "neutral" else "text3", 20)
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    words = column_layout(spacing=1)
    words.addWidget(Label(f"{stage}, {short_date(on)}", "label", wrap=True))
    for part, ink in ((who, "text2"), (told, "text")):
        if part:
            words.addWidget(Label(part, "small", ink, wrap=True))
    line.addLayout(words, 1)
    return line


class Wrapping(QWidget):
    """Buttons side by side, on as many lines as the room asks for."""

    GAP = 8

    def __init__(self, buttons: Sequence[Button]) -> None:
        super().__init__()
        self.buttons = tuple(buttons)
        for button in self.buttons:
            button.setParent(self)
        self.setFixedHeight(max(button.sizeHint().height() for button in self.buttons))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place them again."""
        super().resizeEvent(event)
        gap, left, top, low = px(self.GAP), 0, 0, 0
        for button in self.buttons:
            size = button.sizeHint()
            if left and left + size.width() > self.width():
                left, top = 0, top + low + gap
                low = 0
            button.setGeometry(left, top, size.width(), size.height())
            left, low = left + size.width() + gap, max(low, size.height())
        self.setFixedHeight(top + low)


class StepSheet(Overlay):
    """What a step says: whom it went to, who has it, a note, and for a refusal its reason."""

    def __init__(self, page: MasalahSosialPage, each: social.Ticket, stage: str) -> None:
        title = _(DO[stage]).rstrip("…") if stage else _("Serahkan laporan")
        super().__init__(page.window(), title, width=520)
        self.page, self.each, self.stage = page, each, stage
        self.boxes: dict[str, TextInput] = {}
        self.asked = ScrollPage(margins=(0, 0, 0, 0), spacing=14)
        self.body.addWidget(self.asked, 1)
        self.sent_to: Picker | None = None
        first: QWidget | None = None
        if stage == "forwarded":
            self.sent_to = Picker(
                [(code, _(words)) for code, words in PLACES.items()],
                name="field:sent_to", accessible=_("Diteruskan kepada"),
            )  # fmt: skip
            self.sent_to.set_value(str(each.answers.get("referred_to") or each.kind.refer_to))
            self.asked.body.addWidget(Labelled(_("Diteruskan kepada"), self.sent_to))
            first = self.sent_to
        if stage == "refused":
            first = self._box("reason", _("Alasan ditolak"), first)
        if stage in ("", "forwarded", "handled"):
            first = self._box("owner", _("Ditangani oleh"), first)
        if stage in ("forwarded", "handled"):
            first = self._box("reference", _("Nomor di kantor itu, bila ada"), first)
        first = self._box("note", _("Catatan"), first)
        self.asked.body.addStretch(1)
        self.foot(Button(title, "primary", name="button:ya", on=self._do))
        self.open_over(first)
        if not each.sealed:
            SheetDraft(self, page.desk, "langkah", each.id, stage)

    def _box(self, name: str, words: str, first: QWidget | None) -> QWidget:
        box = TextInput(name=f"field:{name}", accessible=words)
        box.returnPressed.connect(self._do)
        self.boxes[name] = box
        self.asked.body.addWidget(Labelled(words, box))
        return first or box

    def _do(self) -> None:
        page = self.page
        if self.each.sealed and page.key is None:  # dropped while this was written: what is written stays
            PinSheet(page.desk, page, _("Buka tiket rahasia"), sealed.unlock, self._unlocked)
            return
        words = {name: box.text() for name, box in self.boxes.items()}
        if self.sent_to is not None:
            words["sent_to"] = str(self.sent_to.value() or "")
        try:
            page.step(self.each, self.stage, words)
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.accept()

    def _unlocked(self, key: sealed.ReaderKey) -> None:
        self.page.unlocked(key, self.each.id)
        self._do()
