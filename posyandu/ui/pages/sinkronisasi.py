"""How the data stand and how they get to the server: one sentence, one button, three counters, the last rounds."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QProgressBar, QVBoxLayout, QWidget

from posyandu.domain.errors import BadInput
from posyandu.text import _, count
from posyandu.ui import errors, files, theme
from posyandu.ui.desk import Desk
from posyandu.ui.route_part import RoutePart
from posyandu.ui.seed_part import SeedPart
from posyandu.ui.sidebar import SyncPill, when_text
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    EmptyState,
    EvenLabel,
    IconTile,
    Label,
    Labelled,
    Notice,
    Page,
    ScrollPage,
    TextInput,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.picker import Picker

ONE_COLUMN_BELOW = 860
TILE_LEVELS = {"confirmed": "ok", "waiting": "info", "sending": "info", "offline": "neutral", "help": "warn"}
ROUNDS = 10


NEW_LAPTOP = "baru"


class SinkronisasiPage(Page):
    """Asks services.synchronise; sending runs beside the window and can be stopped."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Sinkronisasi")
        self.subtitle = _("Catatan aman di laptop ini. Internet hanya dipakai untuk mengirim dan menerima.")
        self.desk = desk
        self.job: Any = None
        self._last_folder: Path | None = None
        self._ended = ""
        column = column_layout(self)
        self.view = ScrollPage()
        column.addWidget(self.view)
        self.grid = QGridLayout()
        self.grid.setSpacing(px(theme.CARD_GAP))
        self.view.body.addLayout(self.grid, 1)
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for side in (self.left, self.right):
            side.setSpacing(px(theme.CARD_GAP))
        self._columns = 0
        self.left.addWidget(self._state_card())
        self.left.addWidget(self._problems_card())
        self.left.addWidget(self._rounds_card(), 1)
        self.right.addWidget(self._stick_card())
        self.right.addWidget(self._server_card())
        self.right.addStretch(1)
        desk.records_changed.connect(self._follow)

    def first_focus(self) -> QWidget | None:
        """The big button, or the form while there is no server."""
        return self.send if self.send.isVisibleTo(self) else self.url

    def open(self, **_arguments: object) -> None:
        """Ask how the data stand, beside the window: a large book takes a while to count."""
        from posyandu.services import carrying, synchronise

        self._show_parts(synchronise.is_enrolled(self.desk.ws))
        self.desk.run(
            lambda ws: (carrying.laptops(ws), synchronise.status(ws), synchronise.history(ws)[:ROUNDS]),
            self._told,
            owner=self,
        )

    def _told(self, told: tuple[Sequence[Any], Any, Sequence[Any]]) -> None:
        laptops, status, rounds = told
        self._show_targets(laptops)
        self._show_status(status)
        self._show_rounds(rounds)

    def _follow(self, _forms: frozenset[str]) -> None:
        if self.isVisible():
            self.open()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        super().resizeEvent(event)
        columns = 2 if self.width() / theme.factor() >= ONE_COLUMN_BELOW else 1
        if columns != self._columns:
            self._columns = columns
            for side in (self.left, self.right):
                self.grid.removeItem(side)
            self.grid.addLayout(self.left, 0, 0)
            self.grid.addLayout(self.right, 0 if columns == 2 else 1, columns - 1)
            self.grid.setColumnStretch(0, 3)
            self.grid.setColumnStretch(1, 2 if columns == 2 else 0)

    # ---- state

    def _state_card(self) -> Card:
        card = Card(padding=(24, 22), spacing=18)
        top = row_layout(spacing=14)
        self.tile = IconTile("cloud-upload", "info", size=46)
        top.addWidget(self.tile, 0, Qt.AlignmentFlag.AlignTop)
        words = column_layout(spacing=4)
        self.sentence = EvenLabel("", "title", "text")
        self.sentence.setObjectName("sinkronisasi:kalimat")
        self.when = Label("", "small", "text2", wrap=True)
        words.addWidget(self.sentence)
        words.addWidget(self.when)
        top.addLayout(words, 1)
        card.body.addLayout(top)
        counters = row_layout(spacing=12)
        self.counters: dict[str, Label] = {}
        for code, name in (
            ("here", _("simpanan dari laptop ini")),
            ("sent", _("sudah terkirim")),
            ("confirmed", _("aman di server")),
        ):
            box = column_layout(spacing=2)
            number = Label("0", "big")
            number.setObjectName(f"hitungan:{code}")
            self.counters[code] = number
            box.addWidget(number)
            told = Label(name, "small", "text3", wrap=True)
            told.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside one of two lines
            box.addWidget(told)
            counters.addLayout(box, 1)
        card.body.addLayout(counters)
        self.bar = QProgressBar()
        theme.dress(self.bar)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(px(8))
        self.bar.setAccessibleName(_("Kemajuan pengiriman"))
        self.bar.hide()
        card.body.addWidget(self.bar)
        buttons = row_layout(spacing=10)
        self.send = Button(_("Kirim sekarang"), "primary", "cloud-upload", name="button:kirim", on=self.send_now)
        self.stop = Button(_("Batal"), "secondary", name="button:batal-kirim", on=self._stop)
        self.stop.hide()
        buttons.addWidget(self.send)
        buttons.addWidget(self.stop)
        self.progress_words = Label("", "small", "text2", wrap=True)
        buttons.addWidget(self.progress_words, 1)
        card.body.addLayout(buttons)
        return card

    def _show_status(self, status: Any) -> None:  # noqa: ANN401 - services.synchronise.SyncStatus
        self._show_parts(status.state != "not_enrolled")
        self.tile.set_state(SyncPill.ICONS.get(status.state, "cloud-upload"), TILE_LEVELS.get(status.state, "neutral"))
        # What to look at is said once, in its own card; how the last try ended, where the card does not say it.
        more = _("Ada yang perlu dilihat. Selebihnya dikirim seperti biasa.")
        self.sentence.setText(more if status.problems else status.sentence)
        if self.job is None:
            self.progress_words.setText("" if self._ended in (status.sentence, *status.problems) else self._ended)
        last = when_text(status.last_at, self.desk.ws.now())
        words = [_("Terakhir terhubung {when}.").format(when=last)] if last else []
        self.when.setText(" ".join(words))
        self.when.setVisible(bool(words))
        for code, label in self.counters.items():
            label.setText(count(getattr(status, code)))
        used = _("Laptop ini memakai {server}. Untuk pindah server, mintalah kode baru ke petugas.")
        if not self.url.text():
            self.url.setText(status.server)
        self.server_text.setText(f"{used.format(server=status.server)} {status.versions}")
        self._show_problems(status.problems, status.conflicts)

    def _show_parts(self, enrolled: bool) -> None:
        self.send.setVisible(enrolled and self.job is None)
        self.enrol_part.setVisible(not enrolled or self.again.isChecked())
        self.again.setVisible(enrolled)
        self.seed.setVisible(not enrolled)
        self.enrol_words.setText(
            _("Bila hanya alamatnya yang berubah, kosongkan kodenya. Catatan di laptop ini tetap.")
            if enrolled
            else _("Belum terhubung. Dinas atau Puskesmas memberi alamat dan kode pendaftaran untuk laptop ini.")
        )
        self.stick.setVisible(enrolled)
        self.server_text.setVisible(enrolled)

    # ---- sending

    def send_now(self) -> None:
        """Send and receive now, beside the window."""
        from posyandu.services import synchronise

        if self.job is not None:
            return
        self.send.hide()
        self.stop.show()
        self.bar.show()
        self.bar.setRange(0, 0)
        self.progress_words.set_ink("text2")
        self.progress_words.setText(_("Menghubungi server…"))
        self.job = self.desk.run(
            lambda ws, report: synchronise.run(ws, progress=lambda done, total: report(done, total, "")),
            self._sent,
            self._not_sent,
            self._progress,
            owner=self,
            link=True,
        )

    def _progress(self, done: int, total: int, sentence: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        words = _("{n} dari {all} sudah dipastikan sampai").format(n=done, all=total) if total else ""
        self.progress_words.setText(sentence or words)

    def _sent(self, outcome: Any) -> None:  # noqa: ANN401 - services.synchronise.SyncOutcome
        self._settle()
        good = outcome.state in ("confirmed", "waiting")
        self._ended = outcome.note or ("" if good else outcome.sentence)
        self.progress_words.set_ink("warn" if outcome.note else "text2")
        if outcome.state == "locked":
            self.desk.lock_wanted.emit()
            return
        if good and not outcome.note:
            self.desk.toast(outcome.sentence)
        self.desk.announce(*self._touched())

    def _not_sent(self, error: Exception) -> None:
        self._settle()
        self._ended = errors.sentence(error)
        self.desk.announce()

    def _stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
        self._settle()
        self._ended = _("Dihentikan. Yang belum terkirim dikirim lain kali.")
        self.open()

    def _settle(self) -> None:
        self.job = None
        self.progress_words.setText("")
        self.bar.hide()
        self.stop.hide()
        self.send.show()
        self.send.setFocus(Qt.FocusReason.OtherFocusReason)

    def _touched(self) -> Sequence[str]:
        from posyandu.domain.forms import FORMS

        return tuple(FORMS)

    # ---- rounds and problems

    def _rounds_card(self) -> Card:
        card = Card(_("Terakhir kali"), padding=(24, 20), spacing=10)
        self.rounds = column_layout(spacing=0)
        card.body.addLayout(self.rounds, 1)
        return card

    def _show_rounds(self, rounds: Sequence[Any]) -> None:
        from posyandu.services import synchronise

        clear(self.rounds)
        now: datetime = self.desk.ws.now()
        for each in rounds:
            line = row_layout(spacing=12)
            line.setContentsMargins(0, px(7), 0, px(7))
            ok = each.outcome in ("confirmed", "waiting")
            sign = Label()
            sign.setPixmap(theme.pixmap("circle-check" if ok else "cloud-off", "ok" if ok else "text3", 18))
            line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(each.sentence, "small", "text", wrap=True), 1)
            line.addWidget(
                Label(when_text(synchronise.began_at(each), now), "small", "text3"), 0, Qt.AlignmentFlag.AlignTop
            )
            self.rounds.addLayout(line)
        if rounds:
            self.rounds.addStretch(1)
        else:
            self.rounds.addWidget(EmptyState("send", _("Belum pernah mengirim dari laptop ini.")), 1)

    def _problems_card(self) -> Card:
        self.problems_card = card = Card(_("Perlu dilihat"), padding=(24, 20), spacing=10)
        self.differing = QWidget()
        part = column_layout(self.differing, spacing=10)
        self.differing_words = Notice("info", "")
        part.addWidget(self.differing_words)
        self.review = Button(_("Pilih yang benar"), "secondary", "list-checks", name="button:bentrok")
        self.review.clicked.connect(lambda: self.desk.go("bentrok"))
        part.addWidget(self.review)
        card.body.addWidget(self.differing)
        self.problems = column_layout(spacing=4)
        card.body.addLayout(self.problems)
        card.hide()  # until there is something
        return card

    def _show_problems(self, problems: Sequence[str], conflicts: int) -> None:
        words = _("{n} catatan diisi berbeda di dua laptop. Keduanya disimpan sampai ada yang memilih.")
        self.differing_words.set_text("info", words.format(n=conflicts))
        self.differing.setVisible(bool(conflicts))
        clear(self.problems)
        for sentence in problems:
            self.problems.addWidget(Notice("warn", sentence))
        self.problems_card.setVisible(bool(problems or conflicts))

    # ---- without a network

    def _stick_card(self) -> Card:
        self.stick = Card(_("Tanpa internet"), padding=(24, 20), spacing=12)
        words = _("Simpan ke flashdisk, bawa ke petugas, lalu baca balasannya. Hanya tujuannya yang dapat membuka.")
        self.stick.body.addWidget(Label(words, "small", "text2", wrap=True))
        self.target = Picker([("", _("Untuk server"))], name="field:tujuan-flashdisk", accessible=_("Tujuan berkas"))
        self.target.hide()  # until it is known that there is somebody else to hand it to
        self.stick.body.addWidget(self.target)
        buttons = row_layout(spacing=10)
        self.put = Button(_("Simpan ke flashdisk"), "secondary", "usb", name="button:simpan-flashdisk")
        self.put.clicked.connect(self.save_to_stick)
        self.take = Button(_("Baca dari flashdisk"), "secondary", "folder-open", name="button:baca-flashdisk")
        self.take.clicked.connect(self.read_from_stick)
        buttons.addWidget(self.put)
        buttons.addWidget(self.take)
        buttons.addStretch(1)
        self.stick.body.addLayout(buttons)
        self.stick_words = Label("", "small", "text", wrap=True)
        self.stick_words.setObjectName("flashdisk:kalimat")
        self.stick_words.hide()
        self.stick.body.addWidget(self.stick_words)
        return self.stick

    def _show_targets(self, laptops: Sequence[Any]) -> None:
        known = [
            ("", _("Untuk server")),
            *((each.device, each.name) for each in laptops),
            (NEW_LAPTOP, _("Untuk laptop baru")),
        ]
        chosen = self.target.value()
        self.target.clear()
        for code, name in known:
            self.target.addItem(name, code)
        self.target.set_value(chosen)
        self.target.setVisible(True)

    def save_to_stick(self) -> None:
        """Ask for a folder and write the file for the chosen reader there."""
        from posyandu.services import carrying

        if self.job is not None:
            return
        device = str(self.target.value() or "")
        if device == NEW_LAPTOP:
            self._save_seed()
            return
        folder = files.choose_folder(self, _("Pilih flashdisk atau folder"), self._last_folder)
        if folder is None:
            return
        self._last_folder = folder

        def save(ws: Any) -> str:  # noqa: ANN401 - services.workspace.Workspace
            saved = carrying.save_for_laptop(ws, folder, device) if device else carrying.save_for_server(ws, folder)
            names = ", ".join(path.name for path in saved.paths)
            return f"{saved.sentence} {_('Berkas: {names}').format(names=names)}"

        self._carry(save)

    def _save_seed(self) -> None:
        """Ask for the request of a new laptop and write, beside it, the file that fills it."""
        from posyandu.services import seeding

        kinds = _("Permintaan laptop baru (*.posyandu-minta);;Semua berkas (*)")
        request = files.choose_file(self, _("Pilih berkas permintaan laptop baru"), kinds, self._last_folder)
        if request is None:
            return
        self._last_folder = request.parent
        words = _("Tersimpan: {name}. Baca berkasnya di laptop baru itu.")
        self._carry(lambda ws: words.format(name=seeding.make(ws, request, request.parent).name))

    def read_from_stick(self) -> None:
        """Ask for a file and take in what is in it."""
        from posyandu.services import carrying

        if self.job is not None:
            return
        kinds = _("Kiriman Posyandu (*.posyandu);;Semua berkas (*)")
        source = files.choose_file(self, _("Pilih berkas kiriman"), kinds, self._last_folder)
        if source is None:
            return
        self._last_folder = source.parent
        self._carry(lambda ws: carrying.read(ws, source).sentence)

    def _carry(self, work: Callable[[Any], str]) -> None:
        self._say_of_stick(_("Sebentar…"), "text2")
        for button in (self.put, self.take):
            button.setEnabled(False)
        self.job = self.desk.run(work, lambda sentence: self._carried(sentence, "text"), self._not_carried, owner=self)

    def _carried(self, sentence: str, ink: str) -> None:
        self.job = None
        for button in (self.put, self.take):
            button.setEnabled(True)
        self._say_of_stick(sentence, ink)
        self.desk.announce(*self._touched())

    def _not_carried(self, error: Exception) -> None:
        self._carried(errors.sentence(error), "bad")

    def _say_of_stick(self, sentence: str, ink: str) -> None:
        self.stick_words.set_ink(ink)
        self.stick_words.setText(sentence)
        self.stick_words.show()

    # ---- the server

    def _server_card(self) -> Card:
        card = Card(_("Server"), padding=(24, 20), spacing=12)
        self.server_text = Label("", "small", "text2", wrap=True)
        card.body.addWidget(self.server_text)
        self.again = Button(_("Ganti alamat atau kode"), "quiet", "server", name="button:ganti-server")
        self.again.setCheckable(True)
        self.again.toggled.connect(self._change_server)
        card.body.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self.enrol_part = QWidget()
        part = column_layout(self.enrol_part, spacing=12)
        self.enrol_words = Label("", "small", "text2", wrap=True)
        part.addWidget(self.enrol_words)
        self.url = TextInput(name="field:alamat-server", placeholder="https://", height=44)
        self.code = TextInput(name="field:kode-server", height=44)
        self.url_field = Labelled(_("Alamat server"), self.url)
        self.code_field = Labelled(_("Kode pendaftaran"), self.code)
        part.addWidget(self.url_field)
        part.addWidget(self.code_field)
        self.route = RoutePart()
        part.addWidget(self.route)
        self.join = Button(_("Hubungkan"), "primary", "server", name="button:hubungkan", on=self.enrol)
        self.url.returnPressed.connect(lambda: self.code.setFocus(Qt.FocusReason.TabFocusReason))
        self.code.returnPressed.connect(self.enrol)
        part.addWidget(self.join)
        self.seed = SeedPart(
            lambda work, done, failed: self.desk.run(work, done, failed, owner=self),
            lambda: self.code.text(),
            self._filled,
        )
        part.addWidget(self.seed)
        card.body.addWidget(self.enrol_part)
        return card

    def _change_server(self, on: bool) -> None:
        from posyandu.services import synchronise

        if on:
            self.route.show_value(synchronise.route(self.desk.ws))
        self._show_parts(True)

    def _filled(self) -> None:
        """A file filled this laptop: every page shows what came."""
        self.desk.announce(*self._touched())
        self.open()

    def enrol(self) -> None:
        """Make this laptop known to the server with the code."""
        from posyandu.services import synchronise

        url, code = self.url.text().strip(), self.code.text().strip()
        moved = synchronise.is_enrolled(self.desk.ws) and not code
        self.url_field.set_problem("" if url else _("Tulis alamat server."))
        self.code_field.set_problem("" if code or moved else _("Tulis kode pendaftaran."))
        if not url or not (code or moved) or self.job is not None:
            return
        self.join.setEnabled(False)
        by = self.route.value()
        self.job = self.desk.run(
            lambda ws: synchronise.server_moved(ws, url, by) if moved else synchronise.enrol(ws, url, code, by=by),
            lambda _done: self._enrolled(_("Sambungan diganti. Coba kirim.") if moved else ""),
            self._not_enrolled,
            owner=self,
            link=True,
        )

    def _enrolled(self, said: str) -> None:
        self.job = None
        self.join.setEnabled(True)
        self.code.clear()
        self.again.setChecked(False)
        self._ended = ""
        self.desk.toast(said or _("Laptop ini sudah terhubung ke server"))
        self.desk.announce()
        self.open()
        self.send.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_enrolled(self, error: Exception) -> None:
        self.job = None
        self.join.setEnabled(True)
        about_code = self.code.text().strip() and not isinstance(error, BadInput)  # that is about the address
        field, box = (self.code_field, self.code) if about_code else (self.url_field, self.url)
        field.set_problem(errors.sentence(error))
        box.setFocus(Qt.FocusReason.OtherFocusReason)
