"""The first five steps on a new laptop: language, posts, kader and PIN, data, and a first try.

Language and text size are kept as they are chosen. The book is made at the end of the third step; a first run cut off
after that goes on with the posts when the book is unlocked.
"""

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QRadioButton, QSizePolicy, QStackedWidget, QWidget

from posyandu.domain.errors import BadInput
from posyandu.services import first_steps
from posyandu.services.first_steps import NewPost
from posyandu.text import N_, _
from posyandu.ui import errors, files, jobs, theme
from posyandu.ui.seed_part import SeedPart
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.area_picker import AreaPicker
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    EvenLabel,
    Label,
    Labelled,
    Notice,
    Row,
    ScrollPage,
    Segmented,
    TextInput,
    Tick,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.pin import PinBox

STEPS = (
    N_("Bahasa dan huruf"),
    N_("Wilayah dan Posyandu"),
    N_("Kader dan PIN"),
    N_("Data"),
    N_("Mulai"),
)
LOOK, POSTS, KADER, KEY, DATA, START = range(6)
STEP_OF = {LOOK: 0, POSTS: 1, KADER: 2, KEY: 2, DATA: 3, START: 4}


class FirstRunPage(QWidget):
    """Emits `finished` with the opened book."""

    finished = Signal(object)
    look_changed = Signal(object)
    practice_wanted = Signal()

    def __init__(self, preferences: Any, folder: Any, ws: Any = None) -> None:  # noqa: ANN401 - services
        super().__init__()
        self.preferences, self._folder, self.ws = preferences, folder, ws
        self.posts: list[NewPost] = first_steps.kept()
        self.recovery_key = ""
        self._asked = ("", "")
        outer = row_layout(self, spacing=0)
        self.steps = _Steps()
        outer.addWidget(self.steps)
        right = column_layout(spacing=0)
        outer.addLayout(right, 1)
        self.stack = QStackedWidget()
        right.addWidget(self.stack, 1)
        self.bar = _Foot()
        right.addWidget(self.bar)
        self.bar.back.clicked.connect(self._back)
        self.bar.next.clicked.connect(self._next)
        self._fill()
        self._show(POSTS if ws is not None else LOOK)

    def first_focus(self) -> QWidget | None:
        """The first answer of the step."""
        return self._focus.get(self.place)

    def _fill(self) -> None:
        self._focus: dict[int, QWidget] = {}
        for make in (self._look, self._posts, self._kader, self._key, self._data, self._start):
            self.stack.addWidget(make())

    def _show(self, place: int) -> None:
        self.place = place
        self.stack.setCurrentIndex(place)
        self.steps.set_current(STEP_OF[place])
        first = POSTS if self.ws is not None and not self.recovery_key else LOOK
        self.bar.back.setVisible(place in (POSTS, KADER) and place > first)
        self.bar.next.setText(_("Mulai bekerja") if place == START else _("Lanjut"))
        self.bar.next.updateGeometry()
        self.bar.say("")
        widget = self.first_focus()
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on an answer that is chosen by arrows goes on; in a box its own Enter has done its work already."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), QRadioButton):
            self.bar.next.click()
        else:
            super().keyPressEvent(event)

    def _back(self) -> None:
        self._show(self.place - 1)

    def _next(self) -> None:
        leave = {
            POSTS: self._leave_posts,
            KADER: self._leave_kader,
            KEY: self._leave_key,
            DATA: self._leave_data,
            START: self._finish,
        }
        leave.get(self.place, lambda: self._show(self.place + 1))()

    # ---- 1 look

    def _look(self) -> QWidget:
        page, body = _step(
            _("Selamat datang"),
            _("Buku Posyandu ini bekerja tanpa internet. Pilih dulu bahasa dan ukuran huruf yang enak dibaca."),
        )
        saved = self.preferences
        self.language = Segmented(
            [("id", "Bahasa Indonesia"), ("en", "English")], saved.language, name="bahasa", accessible=_("Bahasa")
        )
        self.scale = Segmented(
            [(1.0, _("Normal")), (1.15, _("Besar")), (1.3, _("Sangat besar"))],
            saved.text_scale,
            name="ukuran",
            accessible=_("Ukuran huruf"),
        )
        self.scheme = Segmented(
            [("light", _("Terang")), ("dark", _("Gelap")), ("system", _("Ikuti laptop"))],
            saved.theme,
            name="tema",
            accessible=_("Tema"),
        )
        for words, choice in ((_("Bahasa"), self.language), (_("Ukuran huruf"), self.scale), (_("Tema"), self.scheme)):
            block = column_layout(spacing=6)
            block.addWidget(Label(words, "label"))
            block.addWidget(choice)
            body.addLayout(block)
            choice.changed.connect(lambda _code, choice=choice: self._take_look(choice.objectName()))
        sample = Card(padding=(18, 14), spacing=2)
        sample.body.addWidget(Label(_("Contoh: Raka naik 400 gram"), "title", "ok"))
        sample.body.addWidget(Label(_("Sejak 10 Oktober. Target bulan ini 200 gram."), "small", "text2", wrap=True))
        body.addWidget(sample)
        body.addStretch(1)
        self._focus[LOOK] = next(iter(self.language.buttons.values()))
        return page

    def _take_look(self, changed: str) -> None:
        from posyandu.services import preferences

        self.preferences = self.preferences._replace(
            language=self.language.value(),
            text_scale=self.scale.value(),
            theme=self.scheme.value(),
        )
        preferences.save(self.preferences)
        self.look_changed.emit(self.preferences)
        typed, area = {box.objectName(): box.text() for box in self.stack.findChildren(QLineEdit)}, self.area.area
        while self.stack.count():
            old = self.stack.currentWidget()
            assert old is not None
            self.stack.removeWidget(old)
            old.deleteLater()
        self._fill()
        for box in self.stack.findChildren(QLineEdit):
            with QSignalBlocker(box):  # a PIN put back moves no keys
                box.setText(typed[box.objectName()])
        self.area.set_area(area)
        self.steps.rescale()
        self.bar.rescale()
        choice = self.stack.findChildren(Segmented, changed)[-1]
        self._focus[LOOK] = choice.buttons[choice.value()]
        self._show(LOOK)
        QTimer.singleShot(0, self, self._stay)  # Qt gives the keys to the button that is gone, after its arrow

    def _stay(self) -> None:
        if self.place == LOOK:
            self._focus[LOOK].setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- 2 posts

    def _posts(self) -> QWidget:
        page, body = _step(
            _("Posyandu mana yang dicatat di sini?"),
            _("Satu laptop boleh memegang beberapa Posyandu dari desa yang sama atau berdekatan."),
        )
        self.area = AreaPicker()
        body.addWidget(self.area)
        self.post_name = TextInput(name="field:nama-posyandu", placeholder=_("Misalnya: Melati 3"))
        self.post_field = Labelled(_("Nama Posyandu"), self.post_name)
        body.addWidget(self.post_field)
        self.post_name.returnPressed.connect(self._add_post)
        add = Button(_("Tambah Posyandu ini"), "secondary", "plus", name="button:tambah-posyandu", on=self._add_post)
        body.addWidget(add)
        self.post_list = Card(_("Posyandu di laptop ini"), padding=(18, 14), spacing=4, rows=True)
        self.post_rows = column_layout(spacing=0)
        self.post_list.body.addLayout(self.post_rows)
        body.addWidget(self.post_list)
        body.addStretch(1)
        self._show_posts()
        self._focus[POSTS] = self.area.box
        return page

    def _add_post(self) -> bool:
        name = " ".join(self.post_name.text().split())
        self.area.field.set_problem("" if self.area.area else _("Pilih desa atau kelurahan dari daftar yang muncul."))
        self.post_field.set_problem("" if name else _("Tulis nama Posyandu."))
        if not name or not self.area.area:
            return False
        from posyandu.services import posts

        if any(posts.same_post(name, self.area.area.code, post.name, post.area.code) for post in self.posts):
            self.post_field.set_problem(_("{name} sudah ada di daftar Posyandu desa ini.").format(name=name))
            return False
        self.posts.append(NewPost(name, self.area.area))
        first_steps.keep(self.posts)
        self.area.field.help.setText(self.area.area.path)
        self.post_name.clear()
        self.post_name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_posts()
        return True

    def _show_posts(self) -> None:
        clear(self.post_rows)
        for place, post in enumerate(self.posts):
            row = Row(
                post.name,
                post.area.path,
                picture=("icon", "house-heart", "ok"),
                chevron=False,
                chip=(_("Hapus"), "neutral"),
            )
            row.setAccessibleName(_("Hapus {name} dari daftar").format(name=post.name))
            row.clicked.connect(lambda _on=False, place=place: self._drop_post(place))
            self.post_rows.addWidget(row)
        self.post_list.setVisible(bool(self.posts))

    def _drop_post(self, place: int) -> None:
        del self.posts[place]
        first_steps.keep(self.posts)
        self._show_posts()

    def _leave_posts(self) -> None:
        if (self.post_name.text().strip() or not self.posts) and not self._add_post():
            return
        if self.ws is not None:
            self._write_posts()
            self._show(DATA)
        else:
            self._show(KADER)

    def _write_posts(self) -> None:
        from posyandu.services import posts

        written = [(post.name, post.village_code) for post in posts.posts(self.ws)]
        for post in self.posts:
            if not any(posts.same_post(post.name, post.area.code, *each) for each in written):
                posts.add_post(self.ws, {"name": post.name, "village_code": post.area.code})
        first = next(iter(posts.posts(self.ws)), None)
        if first is not None and self.posts:
            self.ws.posyandu_id = next(
                (each.id for each in posts.posts(self.ws) if each.name == self.posts[0].name), first.id
            )
        first_steps.keep(())

    # ---- 3 kader, PIN, recovery key

    def _kader(self) -> QWidget:
        page, body = _step(
            _("Siapa kader utamanya?"),
            _("Nama ini tampil di layar kunci dan di riwayat catatan. Kader lain ditambah nanti di Pengaturan."),
        )
        self.kader_name = TextInput(name="field:nama-kader", placeholder=_("Misalnya: Sri Wahyuni"))
        self.kader_field = Labelled(_("Nama kader"), self.kader_name)
        body.addWidget(self.kader_field)
        self.pin1 = PinBox(name="pin", accessible=_("PIN 6 angka"))
        self.pin2 = PinBox(name="pin:ulang", accessible=_("PIN sekali lagi"))
        self.pin1_field = Labelled(_("PIN 6 angka"), self.pin1, _("Jangan tanggal lahir atau angka berurutan."))
        self.pin2_field = Labelled(_("PIN sekali lagi"), self.pin2)
        body.addWidget(self.pin1_field)
        body.addWidget(self.pin2_field)
        self.kader_name.returnPressed.connect(lambda: self.pin1.setFocus(Qt.FocusReason.OtherFocusReason))
        self.pin1.filled.connect(lambda _pin: self.pin2.setFocus(Qt.FocusReason.OtherFocusReason))
        self.pin2.filled.connect(lambda _pin: self.bar.next.setFocus(Qt.FocusReason.TabFocusReason))
        body.addStretch(1)
        self._focus[KADER] = self.kader_name
        return page

    def _leave_kader(self) -> None:
        name, pin = self.kader_name.text().strip(), self.pin1.text()
        self.kader_field.set_problem("" if name else _("Tulis nama kader."))
        self.pin1_field.set_problem("" if len(pin) == 6 else _("PIN terdiri dari 6 angka."))
        if len(pin) != 6:
            self.pin1.complain()
        same = self.pin2.text() == pin
        self.pin2_field.set_problem("")
        if not name:
            self.kader_name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if len(pin) != 6:
            self.pin1.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not same:
            self.pin1.clear()
            self.pin2.refuse()
            self.pin2_field.set_problem(_("Kedua PIN tidak sama. Ketik keduanya sekali lagi."))
            self.pin1.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        from posyandu.services import accounts

        folder = self._folder
        self.bar.next.setEnabled(False)
        self.bar.say(_("Membuat buku yang terkunci…"))
        jobs.run(lambda: accounts.create(folder, name, pin), self._created, self._not_created)

    def _created(self, created: Any) -> None:  # noqa: ANN401 - services.accounts.Created
        self.bar.next.setEnabled(True)
        self.ws, self.recovery_key = created.workspace, created.recovery_key
        self._write_posts()
        self.key_label.setText(self.recovery_key)
        self.key_label.setAccessibleName(_("Kunci pemulihan {key}").format(key=self.recovery_key))
        self._show(KEY)

    def _not_created(self, error: Exception) -> None:
        self.bar.next.setEnabled(True)
        self.bar.say("")
        sentence = errors.sentence(error)
        if isinstance(error, BadInput):
            self.pin1_field.set_problem(sentence)
            self.pin2.clear()
            self.pin1.refuse()
            self.pin1.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.bar.say(sentence, "bad")

    def _key(self) -> QWidget:
        page, body = _step(
            _("Simpan kunci pemulihan"),
            _("Kunci ini membuka buku bila semua PIN lupa. Hanya tampil sekali: cetak, lalu titipkan di Puskesmas."),
        )
        slip = Card(padding=(24, 22), spacing=8)
        slip.body.addWidget(Label(_("Kunci pemulihan"), "small", "text3"))
        self.key_label = KeyLabel()
        self.key_label.setObjectName("kunci-pemulihan")
        slip.body.addWidget(self.key_label)
        body.addWidget(slip)
        buttons = row_layout(spacing=10)
        save = Button(_("Simpan PDF"), "secondary", "save", name="button:simpan-kunci", on=self._save_slip)
        print_button = Button(_("Cetak"), "secondary", "printer", name="button:cetak-kunci", on=self._print_slip)
        buttons.addWidget(save)
        buttons.addWidget(print_button)
        buttons.addStretch(1)
        body.addLayout(buttons)
        self.key_notice = Notice("warn", _("Tanpa PIN dan tanpa kunci ini, catatan tidak bisa dibuka oleh siapa pun."))
        body.addWidget(self.key_notice)
        self.key_kept = Tick(_("Kunci sudah saya simpan di tempat lain"), name="kunci-tersimpan")
        body.addWidget(self.key_kept)
        body.addStretch(1)
        self._focus[KEY] = save
        return page

    def _save_slip(self) -> None:
        path = files.folder() / "kunci-pemulihan.pdf"
        try:
            write_slip(path, self.recovery_key, self.posts[0].name if self.posts else "")
        except OSError as error:
            self.key_notice.set_text("bad", errors.sentence(error))
            return
        self.key_notice.set_text(
            "ok",
            _("Tersimpan sebagai {path}. Pindahkan ke flashdisk atau cetak, lalu hapus dari laptop.").format(path=path),
        )

    def _print_slip(self) -> None:
        try:
            printer = files.ask_printer(self, _("Kunci pemulihan"))
        except OSError as error:
            self.key_notice.set_text("info", str(error) + " " + _("Simpan PDF dulu."))
            return
        if printer is not None:
            slip = slip_image(files.DPI, self.recovery_key, self._slip_name())
            jobs.run(lambda: files.paint(printer, [slip]))

    def _slip_name(self) -> str:
        return self.posts[0].name if self.posts else ""

    def _leave_key(self) -> None:
        if not self.key_kept.isChecked():
            self.key_notice.set_text(
                "warn",
                _("Simpan atau catat dulu kuncinya, lalu beri tanda di bawah ini."),
            )
            self.key_kept.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self._show(DATA)

    # ---- 4 data

    def _data(self) -> QWidget:
        page, body = _step(
            _("Apakah sudah ada data Posyandu ini di server?"),
            _(
                "Dengan kode dari Puskesmas, data lama diambil sekarang. Tanpa kode, mulai kosong; "
                "server bisa dihubungkan kapan saja."
            ),
        )
        self.have = Segmented(
            [("empty", _("Mulai kosong")), ("server", _("Ambil dari server"))],
            "empty",
            name="data",
            accessible=_("Data"),
        )
        body.addWidget(self.have)
        self.server_part = QWidget()
        part = column_layout(self.server_part, spacing=14)
        self.url = TextInput(name="field:alamat-server", placeholder="https://")
        self.code = TextInput(name="field:kode-server")
        self.url_field = Labelled(_("Alamat server"), self.url, _("Tertulis di surat dari Dinas atau Puskesmas."))
        self.code_field = Labelled(_("Kode pendaftaran"), self.code)
        part.addWidget(self.url_field)
        part.addWidget(self.code_field)
        self.fetch = Button(
            _("Hubungkan dan ambil data"), "secondary", "download", name="button:hubungkan", on=self._enrol
        )
        part.addWidget(self.fetch)
        self.server_says = Notice("info", "")
        self.server_says.hide()
        part.addWidget(self.server_says)
        self.seed = SeedPart(self._beside, lambda: self.code.text(), lambda: None)
        part.addWidget(self.seed)
        body.addWidget(self.server_part)
        self.server_part.hide()
        self.have.changed.connect(lambda code: self.server_part.setVisible(code == "server"))
        body.addStretch(1)
        self._focus[DATA] = self.have.buttons["empty"]
        return page

    def _enrol(self) -> None:
        url, code = self.url.text().strip(), self.code.text().strip()
        self.url_field.set_problem("" if url else _("Tulis alamat server."))
        self.code_field.set_problem("" if code else _("Tulis kode pendaftaran."))
        if not url or not code:
            (self.code if url else self.url).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._asked = (url, code)

        def work(own: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import synchronise

            synchronise.enrol(own, url, code)
            return synchronise.run(own)

        def said(level: str, sentence: str) -> None:
            self.fetch.setEnabled(True)
            self.server_says.set_text(level, sentence)

        self.fetch.setEnabled(False)  # a code is good for once: a second press would call it used
        self.server_says.show()
        self.server_says.set_text("info", _("Menghubungkan…"))
        self._beside(
            work,
            lambda outcome: said("ok" if outcome.state in ("confirmed", "waiting") else "warn", outcome.sentence),
            lambda error: said("bad", errors.sentence(error)),
        )

    def _leave_data(self) -> None:
        """Whoever wrote address and code wants the data: ask the server first, and once; no net holds nobody up."""
        told = (self.url.text().strip(), self.code.text().strip())
        if self.have.value() == "server" and all(told) and told != self._asked:
            self._enrol()
        else:
            self._show(START)

    def _beside(
        self, work: Callable[[Any], Any], done: Callable[[Any], object], failed: Callable[[Exception], object]
    ) -> None:
        """Work on a thread of its own with a connection of its own."""
        ws = self.ws

        def with_own() -> Any:  # noqa: ANN401 - what the work gives
            own = ws.sibling()
            try:
                return work(own)
            finally:
                own.close()

        jobs.run(with_own, done, failed, link=True)

    # ---- 5 start

    def _start(self) -> QWidget:
        page, body = _step(
            _("Siap dipakai"),
            _("Kader baru sebaiknya mencoba dulu di buku latihan: orang-orangnya karangan, tidak ada yang terkirim."),
        )
        try_first = Row(
            _("Coba dulu dengan data contoh"),
            _("Membuka buku latihan dengan tanda kuning di atas"),
            picture=("icon", "graduation-cap", "warn"),
            name="button:latihan",
        )
        try_first.clicked.connect(self._practice)
        go = Row(
            _("Langsung mulai"),
            _("Membuka buku Posyandu yang sebenarnya"),
            picture=("icon", "book-open", "ok"),
            name="button:langsung-mulai",
        )
        go.clicked.connect(self._finish)
        card = Card(padding=(20, 12), spacing=4, rows=True)
        card.body.addWidget(go)
        card.body.addWidget(try_first)
        body.addWidget(card)
        body.addStretch(1)
        self._focus[START] = go
        return page

    def _practice(self) -> None:
        if self.ws is not None:
            self.ws.close()
        self.practice_wanted.emit()

    def _finish(self) -> None:
        self.finished.emit(self.ws)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The plain canvas."""
        QPainter(self).fillRect(self.rect(), color("canvas"))


class _Steps(QWidget):
    """The five steps at the left, the present one marked."""

    def __init__(self) -> None:
        super().__init__()
        self._current = 0
        self.setObjectName("langkah")
        self.rescale()

    def rescale(self) -> None:
        """Follow the text size."""
        self.setFixedWidth(px(260))
        self._describe()
        self.update()

    def set_current(self, place: int) -> None:
        """Mark this step."""
        self._current = place
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(
            _("Langkah {n} dari {all}: {name}").format(
                n=self._current + 1, all=len(STEPS), name=_(STEPS[self._current])
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("primary"))
        painter.drawRoundedRect(QRectF(px(24), px(24), px(40), px(40)), px(10), px(10))
        theme.paint_icon(painter, "sprout", "on_primary", px(33), px(33), 22)
        painter.setPen(color("text"))
        painter.setFont(font("strong"))
        painter.drawText(QRectF(px(76), px(24), px(170), px(40)), Qt.AlignmentFlag.AlignVCenter, "Posyandu")
        for place, name in enumerate(STEPS):
            top = px(96) + place * px(48)
            done, now = place < self._current, place == self._current
            disc = QRectF(px(24), top, px(28), px(28))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("primary" if now else "soft" if done else "sunken"))
            painter.drawEllipse(disc)
            if done:
                theme.paint_icon(painter, "check", "on_soft", disc.x() + px(6), disc.y() + px(6), 16)
            else:
                painter.setPen(color("on_primary" if now else "text2"))
                painter.setFont(font("small_strong"))
                painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(place + 1))
            painter.setPen(color("text" if now else "text2"))
            painter.setFont(font("label" if now else "nav"))
            painter.drawText(QRectF(px(64), top, px(186), px(28)), Qt.AlignmentFlag.AlignVCenter, _(name))


class _Foot(QWidget):
    """The bar with back, a sentence, next."""

    def __init__(self) -> None:
        super().__init__()
        self._row = row_layout(self)
        self.back = Button(_("Kembali"), "quiet", "arrow-left", name="button:kembali")
        self.next = Button(_("Lanjut"), "primary", "arrow-right", name="button:lanjut")
        self.words = Label("", "small", "text2", wrap=True)
        self._row.addWidget(self.back)
        self._row.addWidget(self.words, 1)
        self._row.addWidget(self.next)
        self.rescale()

    def rescale(self) -> None:
        """Follow the text size."""
        self.setFixedHeight(px(64))
        self._row.setContentsMargins(px(24), px(10), px(28), px(10))
        for button, words in ((self.back, _("Kembali")), (self.next, _("Lanjut"))):
            button.setText(words)
            button.setFont(font("label"))
            button.updateGeometry()
        self.words.setFont(font("small"))

    def say(self, words: str, ink: str = "text2") -> None:
        """A sentence in the middle."""
        self.words.setText(words)
        self.words.set_ink(ink)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))


def write_slip(path: Path, key: str, post: str) -> None:
    """Write the recovery slip as a PDF page. Raises OSError."""
    from PySide6.QtGui import QPdfWriter

    path.write_bytes(b"")  # a folder that cannot be written says so here, with words
    writer = QPdfWriter(str(path))
    writer.setPageLayout(files.page_layout("A4"))
    writer.setResolution(150)
    writer.setTitle(_("Kunci pemulihan"))
    painter = QPainter(writer)
    _paint_slip(painter, 150, key, post)
    painter.end()


def slip_image(dpi: int, key: str, post: str) -> Any:  # noqa: ANN401 - QImage
    """The slip as a picture of an A4 page, for the printer."""
    from PySide6.QtGui import QImage

    image = QImage(round(8.27 * dpi), round(11.69 * dpi), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_slip(painter, dpi, key, post)
    painter.end()
    return image


def _paint_slip(painter: QPainter, dpi: int, key: str, post: str) -> None:
    from PySide6.QtGui import QFont

    def mm(n: float) -> float:
        return n / 25.4 * dpi

    def letters(points: float, weight: QFont.Weight) -> QFont:
        made = QFont(theme.FAMILY)
        made.setPixelSize(round(points / 72 * dpi))
        made.setWeight(weight)
        return made

    painter.setPen(Qt.GlobalColor.black)
    room = QRectF(mm(25), mm(25), mm(160), mm(90))
    painter.drawRect(room.adjusted(-mm(8), -mm(8), mm(8), mm(8)))
    top = room.top()
    plain, bold = QFont.Weight.Normal, QFont.Weight.DemiBold
    for words, points, weight, high in (
        (_("Kunci pemulihan buku Posyandu"), 18, bold, 12),
        (post, 12, plain, 10),
        (key, 17, bold, 16),
        (
            _("Simpan di Puskesmas dalam amplop tertutup. Siapa pun yang memegang kertas ini dapat membuka catatan."),
            11,
            plain,
            14,
        ),
        (
            _("Dipakai bila semua PIN lupa: di layar kunci pilih Lupa PIN, lalu ketik kunci ini."),
            11,
            plain,
            14,
        ),
    ):
        painter.setFont(letters(points, weight))
        painter.drawText(QRectF(room.left(), top, room.width(), mm(high)), int(Qt.TextFlag.TextWordWrap), words)
        top += mm(high)


class KeyLabel(Label):
    """A recovery key to read and to select: whole groups, as many on every line as on the others where it goes.

    Its lines are broken here: Qt breaks none before a figure, and a group may begin with one.
    """

    def __init__(self, key: str = "") -> None:
        super().__init__("", "title", wrap=True)
        self._key = ""
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setText(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the key into the lines of this width."""
        super().resizeEvent(event)
        self._break()

    def text(self) -> str:
        """The key as it is typed, whatever its lines."""
        return self._key

    def lines(self) -> list[str]:
        """The lines as they stand."""
        return super().text().splitlines()

    def setText(self, text: str) -> None:
        """The key, once there is one."""
        self._key = text
        self._break()

    def _break(self) -> None:
        groups, advance = self._key.split("-"), self.fontMetrics().horizontalAdvance
        most = max(1, self.width() // max(advance(f"{each}-") for each in groups))
        each = ceil(len(groups) / ceil(len(groups) / most))
        broken = "-\n".join("-".join(groups[at : at + each]) for at in range(0, len(groups), each))
        if broken != super().text():
            super().setText(broken)


def _step(title: str, words: str) -> tuple[ScrollPage, Any]:
    """A page of one step: heading, explanation, and a column at most 600 wide."""
    page = ScrollPage(margins=(48, 40, 48, 24), spacing=0)
    across = row_layout(spacing=0)
    holder = QWidget()
    holder.setMaximumWidth(px(620))
    holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    body = column_layout(holder, spacing=18)
    body.addWidget(EvenLabel(title, "display", "text"))
    body.addWidget(Label(words, "body", "text2", wrap=True))
    body.addSpacing(px(4))
    across.addWidget(holder, 1)
    across.addStretch(0)
    page.body.addLayout(across, 1)
    return page, body
