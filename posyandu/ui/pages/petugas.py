"""Meja petugas: which posts are in, what is doubtful, questions and returns, and everything printed in one go."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from posyandu.domain.calendar import Month, date_text
from posyandu.domain.errors import PosyanduError
from posyandu.text import N_, _
from posyandu.ui import errors, files, jobs, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import focus
from posyandu.ui.theme import px
from posyandu.ui.widgets import overlay
from posyandu.ui.widgets.arrange import Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    EmptyState,
    EvenLabel,
    Label,
    Notice,
    Page,
    Row,
    ScrollPage,
    clear,
    column_layout,
    keep_focus,
    row_layout,
)
from posyandu.ui.widgets.picker import MonthPicker, Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft

STACKED_FROM = 640
DUE_FROM = 840  # effective pixels: below that the day stands behind the sentence, not beside the month
SIDE_BELOW = 900  # effective pixels: below that the chosen post stands under the list


class PetugasPage(Page):
    """`open(month=None)`: looks at every post beside the window; what is said travels to the post."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Meja petugas")
        self.desk = desk
        self.board: Any = None
        self.chosen = ""
        self._job: Any = None
        self._batch: Printing | None = None
        outer = column_layout(self, spacing=12)
        outer.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(14))
        outer.addLayout(self._tools())
        self.said = Label("", "body", wrap=True)
        self.said.setObjectName("kelengkapan")
        outer.addWidget(self.said)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(px(8))
        self.bar.hide()
        outer.addWidget(self.bar)
        self.print_said = Label("", "small", "text2", wrap=True)
        self.print_said.hide()
        outer.addWidget(self.print_said)
        self.across = row_layout(spacing=theme.CARD_GAP)
        outer.addLayout(self.across, 1)
        self.stack = QStackedWidget()
        self.list_view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.stack.addWidget(self.list_view)
        self.waiting = EmptyState("hourglass", "")
        self.stack.addWidget(self.waiting)
        card = Card("", padding=(20, 8), spacing=4, rows=True)
        card.body.addWidget(self.stack, 1)
        self.across.addWidget(card, 5)
        self.side = Card("", padding=(20, 16), spacing=8)
        self.side_view = ScrollPage(margins=(0, 0, 0, 0), spacing=8)
        self.side.body.addWidget(self.side_view, 1)
        self.across.addWidget(self.side, 4)
        self._foot = self._make_bar()
        self._watch(desk.findChild(Printing))
        desk.records_changed.connect(self._follow)

    # ---- page

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.build()

    def first_focus(self) -> QWidget:
        """The month."""
        return self.month_picker

    def action_bar(self) -> QWidget:
        """Printing for a whole village or puskesmas."""
        return self._foot

    def open(self, *, month: Month | None = None, **_arguments: object) -> None:
        """Look at the posts for a month."""
        self.month_picker.renew(month)
        self.build()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen post goes under the list in a narrow window that is high enough for both."""
        super().resizeEvent(event)
        wide = self.width() / theme.factor() >= SIDE_BELOW or self.height() / theme.factor() < STACKED_FROM
        directions = type(self.across).Direction
        self.across.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._tell()

    def _tools(self) -> Any:  # noqa: ANN401 - a layout
        row = row_layout(spacing=12)
        self.month_picker = MonthPicker(lambda: self.desk.ws.today(), accessible=_("Bulan laporan"))
        self.month_picker.currentIndexChanged.connect(lambda _index: self.build())
        row.addWidget(self.month_picker)
        self.due = EvenLabel("", "body", "text2")
        row.addWidget(self.due, 1)
        self.shown = Picker(
            [(code, _(words)) for code, (words, _states) in SHOWN.items()],
            name="tampil",
            accessible=_("Posyandu yang ditampilkan"),
        )
        self.shown.currentIndexChanged.connect(lambda _index: self._show_again())
        row.addWidget(self.shown)
        take = Button(_("Ambil berkas"), "secondary", "inbox", name="button:ambil-berkas")
        take.clicked.connect(lambda: self.desk.go("tukar", step="masuk"))
        row.addWidget(take)
        return row

    def _make_bar(self) -> QWidget:
        from posyandu.services import levels

        bar = QWidget()
        row = row_layout(bar, spacing=10)
        row.addStretch(1)
        self.level_picker = Picker(
            [(each.code, each.title) for each in levels.levels(self.desk.ws)],
            name="wilayah",
            accessible=_("Wilayah yang dicetak"),
        )
        wide = next((each.code for each in levels.levels(self.desk.ws) if each.kind == "puskesmas"), None)
        self.level_picker.set_value(wide)
        self.level_picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.level_picker.setMinimumContentsLength(24)
        row.addWidget(self.level_picker)
        self.see = Button(_("Lihat laporan"), "secondary", "file-text", name="button:lihat-wilayah", on=self.see_level)
        row.addWidget(self.see)
        self.print_button = Button(_("Cetak semua"), "primary", "printer", name="button:cetak-semua", on=self.print_all)
        self.print_button.setToolTip(_("Satu PDF per Posyandu dan satu untuk semuanya."))
        row.addWidget(self.print_button)
        self.stop = Button(_("Batal"), "secondary", "x", name="button:batal-cetak", on=self.stop_printing)
        self.stop.hide()
        row.addWidget(self.stop)
        return bar

    def month(self) -> Month:
        """The month chosen."""
        return self.month_picker.month()

    # ---- the board

    def build(self) -> None:
        """Look at every post beside the window."""
        from posyandu.services import review

        if self._job is not None:
            self._job.cancel()
        month = self.month()
        if self.board is None or self.board.month != month:
            self.board = None  # nothing is sent back or accepted for a month that is not on the screen
            clear(self.side_view.body)
            self.waiting.label.setText(_("Melihat semua Posyandu…"))
            self.stack.setCurrentWidget(self.waiting)
        if self._batch is None:
            self.bar.setRange(0, 0)
            self.bar.show()
        self._job = self.desk.run(
            lambda ws, report: review.board(ws, month, report), self._read, self._failed, self._progress, owner=self
        )

    def _progress(self, done: int, total: int, words: str) -> None:
        if self._batch is None:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
        self.waiting.label.setText(_("Melihat {name}, {n} dari {all}…").format(name=words, n=done + 1, all=total))

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.bar.setVisible(self._batch is not None)
        self.waiting.label.setText(errors.sentence(error))
        self.stack.setCurrentWidget(self.waiting)

    def _read(self, board: Any) -> None:  # noqa: ANN401 - services.review.PostBoard
        self._job = None
        self.board = board
        self.bar.setVisible(self._batch is not None)
        self._tell()
        with keep_focus(self):
            self._list(board)

    def _tell(self) -> None:
        """How the month stands, and by when it is wanted: beside the month, or behind it where that has no room."""
        if self.board is None:
            return
        due = _("Paling lambat {day}").format(day=date_text(self.board.due_on))
        has_room = self.width() / theme.factor() >= DUE_FROM
        self.due.setText(due if has_room else "")
        self.said.setText(self.board.sentence if has_room else f"{self.board.sentence} {due}.")

    def _show_again(self) -> None:
        if self.board is not None:
            with keep_focus(self):
                self._list(self.board)

    def _list(self, board: Any) -> None:  # noqa: ANN401 - services.review.PostBoard
        clear(self.list_view.body)
        self.rows: dict[str, Row] = {}
        states = SHOWN[str(self.shown.value())][1]
        listed = [each for each in board.posts if not states or each.code in states]
        for each in listed:
            score = _("Mutu {score}").format(score=each.score) if each.score is not None else ""
            detail = " · ".join(
                part
                for part in (
                    each.post.village,
                    _("D {d} dari S {s}").format(d=each.weighed, s=each.targets),
                    score,
                    _("{n} isian berbeda").format(n=each.differing) if each.differing else "",
                )
                if part
            )
            chip = (each.label, board.level_of(each))
            row = Row(each.post.name, detail, chip=chip, name=f"posyandu:{each.post.id}", height=48)
            row.setToolTip(each.sentence)
            row.clicked.connect(lambda _on=False, post_id=each.post.id: self.choose(post_id))
            self.list_view.body.addWidget(row)
            self.rows[each.post.id] = row
        if not listed:
            self.list_view.body.addWidget(Label(_("Tidak ada Posyandu seperti itu."), "body", "text2", wrap=True))
        self.list_view.body.addStretch(1)
        self.stack.setCurrentWidget(self.list_view)
        known = [each.post.id for each in listed]
        self.choose(self.chosen if self.chosen in known else known[0] if known else "")
        if self.chosen in self.rows:
            row = self.rows[self.chosen]
            self.desk.soon(row, lambda: self.list_view.ensureWidgetVisible(row))

    def state(self) -> Any:  # noqa: ANN401 - services.review.PostState
        """The post chosen."""
        return next((each for each in self.board.posts if each.post.id == self.chosen), None)

    def choose(self, post_id: str) -> None:
        """Show one post at the right: what is doubtful, what was said, and what can be done."""
        from posyandu.services import review

        self.chosen = post_id
        for each, row in self.rows.items():
            row.current = each == post_id
            row.update()
        body = self.side_view.body
        clear(body)
        state = self.state()
        if state is None:
            return
        ws, month = self.desk.ws, self.board.month
        head = row_layout(spacing=8)
        head.addWidget(Label(state.post.name, "h3", wrap=True), 1)
        head.addWidget(Chip(state.label, self.board.level_of(state)))
        body.addLayout(head)
        body.addWidget(Label(state.sentence, "small", "text2", wrap=True))
        if state.differing:
            words = _(
                "{n} catatan diisi berbeda di dua laptop, dan Posyandu belum memilih. Kini Puskesmas ikut memilih."
            )
            body.addWidget(Notice("warn", words.format(n=state.differing)))
            button = Button(_("Pilih yang benar"), "secondary", "list-checks", name="button:bentrok")
            button.clicked.connect(lambda: self.desk.go("bentrok", post=post_id))
            body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        for number, check in enumerate(state.wrong):
            body.addWidget(Notice("warn", check.sentence))
            if check.people:
                self._names(body, check.sentence, check.people, f"cocok:{number}")
        if state.again:
            body.addWidget(Notice("warn", _("{n} anak sebaiknya diukur lagi.").format(n=len(state.again))))
            self._names(body, _("Diukur lagi"), state.again, "ukur-lagi")
        for note in review.thread(ws, post_id, month):
            said = " · ".join(part for part in (note.person, note.words) if part)
            body.addWidget(Label(": ".join(filter(None, (_(KINDS[note.kind]), said))), "small", wrap=True))
            for reply in note.answers:
                body.addWidget(Label(f"→ {reply.words}", "small", "text2", wrap=True))
            body.addWidget(Label(note.line, "small", "text3", wrap=True))
        self._deeds(body, state)
        body.addStretch(1)

    def _names(self, body: Any, title: str, people: Any, name: str) -> None:  # noqa: ANN401
        button = Button(_("Lihat {n} nama").format(n=len(people)), "quiet", "users", name=f"button:{name}")
        button.clicked.connect(lambda: self.desk.show_names(title, list(people)))
        body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _deeds(self, body: Any, state: Any) -> None:  # noqa: ANN401
        deeds: list[tuple[str, str, str, str, Callable[[], object]]] = [
            (_("Periksa bulan ini"), "secondary", "eye", "periksa", self.look),
            (_("Tanyakan"), "secondary", "send", "catat", self.note),
            (_("Kembalikan"), "secondary", "undo-2", "kembalikan", self.send_back),
            (_("Terima"), "primary", "check", "terima", self.accept),
        ]
        row = Flow(spacing=8)
        for words, kind, icon, name, deed in deeds:
            button = Button(words, kind, icon, name=f"button:{name}", on=lambda _on=False, deed=deed: deed())
            signed = state.code == "signed" or (state.code == "returned" and state.revision is not None)
            button.setEnabled(name != "terima" or signed)
            row.add(button)
        body.addWidget(row)
        if not button.isEnabled() and state.code != "accepted":
            body.addWidget(Label(_("Dapat diterima sesudah bulan ini disahkan."), "small", "text3", wrap=True))

    # ---- what can be done

    def look(self) -> None:
        """Work in that post, at its month."""
        ws = self.desk.ws
        month, post_id = self.board.month, self.chosen
        if ws.posyandu_id != post_id:
            ws.posyandu_id = post_id
            self.desk.post_changed.emit()
        self.desk.go("sahkan", month=month)

    def note(self) -> None:
        """Ask the post something."""
        self._ask(_("Tanyakan kepada Posyandu"), _("Kirim"), "question", "")

    def send_back(self) -> None:
        """Return the month for correction."""
        self._ask(_("Kembalikan untuk diperbaiki"), _("Kembalikan"), "returned", "")

    def _ask(self, title: str, action: str, kind: str, words: str) -> None:
        from posyandu.services import review

        post_id, month = self.chosen, self.board.month

        def send(told: str) -> None:
            try:
                if kind == "returned":
                    review.send_back(self.desk.ws, post_id, month, told)
                else:
                    review.say(self.desk.ws, post_id, month, kind, told)
            except PosyanduError as error:
                self.said.setText(errors.sentence(error))
                return
            self.desk.toast(_("Tersimpan. Terkirim ke Posyandu bersama pengiriman berikutnya."))
            self.desk.announce("review")

        name = self.state().post.name
        label = _("Yang perlu diperbaiki") if kind == "returned" else _("Pertanyaan")
        sheet = overlay.ask_words(self.window(), title, name, label, action, send, words=words)
        SheetDraft(sheet, self.desk, kind, post_id, str(month))

    def accept(self) -> None:
        """Accept the signed month."""
        from posyandu.services import review

        try:
            review.accept(self.desk.ws, self.chosen, self.board.month)
        except PosyanduError as error:
            self.said.setText(errors.sentence(error))
            return
        focus(self.rows[self.chosen])  # what is accepted is not accepted again: the button sleeps
        self.desk.toast(_("{name} diterima").format(name=self.state().post.name))
        self.desk.announce("review")

    # ---- printing

    def see_level(self) -> None:
        """The report of the chosen village, puskesmas, kecamatan or kabupaten."""
        self.desk.go("laporan", level=str(self.level_picker.value()), month=self.month(), kind="bulanan")

    def print_all(self) -> None:
        """Write every bundle of the level into a folder, beside the window."""
        from posyandu.services import levels

        level = levels.level(self.desk.ws, str(self.level_picker.value()))
        self._watch(Printing(self.desk, level, self.month()))

    def stop_printing(self) -> None:
        """Stop after the bundle at work; what is finished stays."""
        if self._batch is not None:
            self._batch.stop()

    def _watch(self, batch: "Printing | None") -> None:
        """Show how far printing is, also where another page like this began it."""
        if batch is not None:
            self._batch = batch
            batch.changed.connect(self._show_printing)
            self._show_printing()

    def _show_printing(self) -> None:
        batch = self._batch
        if batch is None:
            return
        self.print_said.setText(batch.words)
        self.print_said.show()
        self.bar.setRange(0, batch.total)
        self.bar.setValue(batch.done)
        for each in (self.bar, self.stop):
            each.setVisible(batch.running)
        self.stop.setEnabled(not batch.stopping())
        self.print_button.setVisible(not batch.running)
        if not batch.running:
            self._batch = None


class Printing(QObject):
    """Everything of a level on its way into a folder. Of the desk: to look into a post makes all pages new."""

    changed = Signal()

    def __init__(self, desk: Desk, level: Any, month: Month) -> None:  # noqa: ANN401 - services.levels.Level
        super().__init__(desk)
        from posyandu.services import batch

        self.desk, self.running, self.done, self.total, self.words = desk, True, 0, 0, ""
        paper, mono = desk.preferences.paper, desk.preferences.mono
        folder = files.folder() / files.safe_name(f"{level.title.partition(' (')[0]} {month}")
        self._asked = asked = threading.Event()

        def work(ws: Any, report: jobs.Progress) -> Any:  # noqa: ANN401 - services.workspace, services.batch
            def told(done: int, total: int, name: str) -> None:
                if asked.is_set():
                    raise jobs.Cancelled
                report(done, total, name)

            return batch.write(ws, level.posts, month, folder, paper, mono=mono, whole=level, progress=told)

        desk.run(work, self._written, self._failed, self._at, owner=self)

    def stop(self) -> None:
        """Stop after the bundle at work; until it is written nobody else begins in the same folder."""
        self._asked.set()
        self.words = _("Berhenti sesudah berkas yang sedang ditulis selesai…")
        self.changed.emit()

    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._asked.is_set()

    def _failed(self, error: Exception) -> None:
        stopped = _("Dihentikan. Berkas yang sudah jadi tetap ada; Cetak semua melanjutkan sisanya.")
        self._end(stopped if isinstance(error, jobs.Cancelled) else errors.sentence(error))

    def _at(self, done: int, total: int, name: str) -> None:
        if self.stopping():
            return
        self.done, self.total = done, total
        self.words = _("Menyusun {name}, {n} dari {all}…").format(name=name, n=done + 1, all=total)
        self.changed.emit()

    def _written(self, made: Any) -> None:  # noqa: ANN401 - services.batch.Batch
        words = _("{n} berkas tersimpan di folder {name}.").format(n=len(made.paths), name=made.folder.name)
        if made.kept:
            words += " " + _("{n} di antaranya sudah ada dan datanya tidak berubah.").format(n=made.kept)
        self._end(words)
        self.desk.toast(words, _("Buka"), lambda: files.show(made.folder))

    def _end(self, words: str) -> None:
        self.running, self.words = False, words
        self.changed.emit()
        self.setParent(None)
        self.deleteLater()


SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": (N_("Semua Posyandu"), ()),
    "missing": (N_("Belum masuk"), ("missing",)),
    "doubtful": (N_("Perlu dicek"), ("doubtful", "returned")),
}
"""What of the board to list: its words, and the states of a month that are meant; none means all."""

KINDS = {
    "question": N_("Pertanyaan"),
    "comment": N_("Catatan"),
    "returned": N_("Dikembalikan"),
    "accepted": N_("Diterima"),
}
