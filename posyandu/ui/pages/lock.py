"""The lock: who works now, and the PIN. Nothing of the book is readable until it is right."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from posyandu.domain.duties import DUTIES
from posyandu.domain.errors import Locked, WrongPin
from posyandu.services import locked
from posyandu.text import _
from posyandu.ui import errors, jobs, lines, theme
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Label,
    Labelled,
    Pressable,
    Rule,
    ScrollPage,
    TextInput,
    clear,
    column_layout,
    paint_avatar,
    row_layout,
)
from posyandu.ui.widgets.pin import Keypad, PinBox

RECOVERY_MINUTES = 5
"""So long a book opened by its recovery key waits for the new PIN before it is closed again."""


class LockPage(QWidget):
    """Tiles of the kader at the left, PIN at the right; the recovery key is one press away."""

    unlocked = Signal(object)
    practice_wanted = Signal(bool)

    def __init__(self, preferences: Any, folder: Any, *, practice: bool = False) -> None:  # noqa: ANN401 - services
        super().__init__()
        self._preferences, self._folder, self._practice = preferences, folder, practice
        self._recovery: Any = None
        self._first_pin = ""
        self._busy = False
        self.setAutoFillBackground(True)  # the plain canvas hides the book
        outer = column_layout(self)
        page = ScrollPage(margins=(20, 12, 20, 12))
        outer.addWidget(page)
        self.card = Card(padding=(28, 22), spacing=14)
        self.card.setMaximumWidth(px(860))
        page.body.addStretch(1)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.card, 100)
        across.addStretch(1)
        page.body.addLayout(across)
        page.body.addStretch(1)

        self.card.body.addLayout(self._head())
        columns = row_layout(spacing=32)
        columns.addLayout(self._people(), 1)
        self.pin_side, self.recovery_side = self._pin_side(), self._recovery_side()
        self.day_side = self._day_side()
        for side in (self.pin_side, self.recovery_side, self.day_side):
            columns.addWidget(side)
        self.card.body.addLayout(columns, 1)
        self.card.body.addLayout(self._foot())

        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._show_wait)
        self._left = QTimer(self, singleShot=True, interval=RECOVERY_MINUTES * 60_000)
        self._left.timeout.connect(self._end_recovery)
        self.group = QButtonGroup(self)
        self._fill_tiles()
        self._show_side(self._usual_side())
        self._explain()

    def first_focus(self) -> QWidget:
        """Straight to the digits: the last kader is chosen already. Once a day to the words of the card first."""
        return self.day_box if self._recovery is None and self._usual_side() is self.day_side else self.pin

    # ---- parts

    def _head(self) -> QHBoxLayout:
        top = row_layout(spacing=14)
        top.addWidget(_Sprout())
        words = column_layout(spacing=2)
        self.heading = Label(_("Siapa yang bertugas?"), "title")
        self.explanation = Label("", "small", "text2", wrap=True)
        words.addWidget(self.heading)
        words.addWidget(self.explanation)
        top.addLayout(words, 1)
        return top

    def _people(self) -> QVBoxLayout:
        left = column_layout(spacing=8)
        people = ScrollPage(margins=(0, 0, 8, 0), spacing=8)
        people.setMinimumWidth(px(220))
        self.tiles = column_layout(spacing=8)
        people.body.addLayout(self.tiles)
        people.body.addStretch(1)
        left.addWidget(people, 1)
        return left

    def _foot(self) -> QHBoxLayout:
        foot = row_layout(spacing=4)
        self.forgot = Button(_("Lupa PIN?"), "quiet", "key-round", name="button:lupa-pin")
        self.forgot.clicked.connect(self._toggle_recovery)
        foot.addWidget(self.forgot)
        foot.addStretch(1)
        words = _("Kembali ke buku Posyandu") if self._practice else _("Latihan dengan data contoh")
        other = Button(words, "quiet", "graduation-cap", name="button:latihan")
        other.clicked.connect(self._change_books)
        foot.addWidget(other)
        return foot

    def _pin_side(self) -> QWidget:
        side = QWidget()
        column = column_layout(side, spacing=12)
        self.pin_label = Label(_("PIN"), "label")
        column.addWidget(self.pin_label)
        self.pin = PinBox()
        self.pin.filled.connect(self._typed)
        column.addWidget(self.pin)
        self.message = Label("", "small", "text3", wrap=True)
        self.message.setFixedHeight(px(40))
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.message.setObjectName("pin:pesan")
        column.addWidget(self.message)
        column.addWidget(Keypad(self.pin))
        column.addStretch(1)
        return side

    def _recovery_side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(px(360))
        column = column_layout(side, spacing=12)
        words = _("Tercetak di kertas yang disimpan Puskesmas. Ketik seperti tertulis; besar kecil huruf sama saja.")
        self.key_box = TextInput(name="kunci-pemulihan", accessible=_("Kunci pemulihan"))
        self.key_field = Labelled(_("Kunci pemulihan"), self.key_box, words)
        self.key_box.returnPressed.connect(self._try_recovery)
        column.addWidget(self.key_field)
        open_button = Button(_("Buka dengan kunci"), "primary", name="button:buka-kunci")
        open_button.clicked.connect(self._try_recovery)
        column.addWidget(open_button)
        column.addWidget(Rule())
        self.phone_words = Label(
            _("Atau telepon Puskesmas dan bacakan huruf ini. Puskesmas membacakan kode balasan."), "small", "text2",
            wrap=True,
        )  # fmt: skip
        column.addWidget(self.phone_words)
        self.request = Label("", "title")
        self.request.setObjectName("telepon:permintaan")
        column.addWidget(self.request)
        self.code_box = TextInput(name="kode-telepon", accessible=_("Kode dari Puskesmas"))
        self.code_field = Labelled(_("Kode dari Puskesmas"), self.code_box, _("24 angka, 6 kelompok."))
        self.code_box.returnPressed.connect(self._try_phone)
        column.addWidget(self.code_field)
        self.code_button = Button(_("Buka dengan kode"), "secondary", name="button:buka-kode")
        self.code_button.clicked.connect(self._try_phone)
        column.addWidget(self.code_button)
        column.addStretch(1)
        return side

    def _day_side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(px(360))
        column = column_layout(side, spacing=12)
        self.day_box = TextInput(name="kata-hari-ini", accessible=_("Kata sandi hari ini"))
        self.day_field = Labelled(
            _("Kata sandi hari ini"), self.day_box, _("Lima kata dari kartu kunci. Ditanya sekali sehari.")
        )
        self.day_box.returnPressed.connect(self._try_day)
        column.addWidget(self.day_field)
        open_button = Button(_("Lanjut ke PIN"), "primary", name="button:buka-hari")
        open_button.clicked.connect(self._try_day)
        column.addWidget(open_button)
        column.addStretch(1)
        return side

    def _usual_side(self) -> QWidget:
        """Where one gets in: the PIN, or once a day the words of the card before it."""
        return self.day_side if locked.day_words_needed(self._folder) else self.pin_side

    def _show_side(self, shown: QWidget) -> None:
        for side in (self.pin_side, self.recovery_side, self.day_side):
            side.setVisible(side is shown)

    def _fill_tiles(self) -> None:
        clear(self.tiles)
        found = locked.members(self._folder)
        last = self._preferences.last_member
        chosen = next((member.id for member in found if member.id == last), found[0].id if found else "")
        for member in found:
            tile = KaderTile(member)
            tile.setChecked(member.id == chosen)
            tile.clicked.connect(self._chosen)
            self.group.addButton(tile)
            self.tiles.addWidget(tile)
        self._show_wait()

    def member(self) -> Any:  # noqa: ANN401 - services.accounts.Member
        """The kader whose tile is chosen."""
        tile = self.group.checkedButton()
        return tile.member if isinstance(tile, KaderTile) else None

    def _chosen(self) -> None:
        self.pin.clear()
        self._first_pin = ""
        self._explain()
        self._show_wait()
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        if self._recovery is not None:
            self.heading.setText(_("Buat PIN baru"))
            self.explanation.setText(_("Pilih kader yang lupa PIN, lalu ketik PIN baru dua kali."))
            self.pin_label.setText(_("PIN baru sekali lagi") if self._first_pin else _("PIN baru"))
        else:
            self.heading.setText(_("Siapa yang bertugas?"))
            self.explanation.setText(self._how())
            self.pin_label.setText(_("PIN {name}").format(name=self.member().name) if self.member() else _("PIN"))

    def _how(self) -> str:
        if not self._practice and self._usual_side() is self.day_side:
            return _("Ketik dahulu lima kata dari kartu kunci, lalu PIN Anda. Tidak perlu internet.")
        if not self._practice:
            return _("Pilih nama Anda, lalu ketik PIN. Tidak perlu internet.")
        words = _("Buku latihan: PIN-nya {pin}. Semua orang di sini buatan.")
        return words.format(pin=locked.PRACTICE_PIN)

    # ---- the PIN

    def _typed(self, pin: str) -> None:
        if self._busy or self.member() is None:
            return
        if self._recovery is not None:
            self._new_pin(pin)
            return
        folder, member_id = self._folder, self.member().id
        self._set_busy(_("Membuka…"))
        jobs.run(lambda: _unlock(folder, member_id, pin), self._opened, self._refused)

    def _opened(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        from posyandu.services import preferences

        self._set_busy("")
        self._preferences = self._preferences._replace(last_member=ws.worker.id)
        preferences.save(self._preferences)
        self.unlocked.emit(ws)

    def _refused(self, error: Exception) -> None:
        self._set_busy("")
        if self._recovery is None and self._usual_side() is self.day_side:  # half a day is over
            self.pin.clear()
            self._show_side(self.day_side)
            self.day_box.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.pin.refuse()
        self.message.set_ink("bad")
        self.message.setText(errors.sentence(error))
        if isinstance(error, Locked):
            self._show_wait(keep=isinstance(error, WrongPin) and not error.wait_seconds)
        elif not isinstance(error, WrongPin):
            self.pin.wrong = False
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_wait(self, *, keep: bool = False) -> None:
        """Count the seconds down in words; the digits wait as long."""
        chosen = self.member()
        if chosen is None or self._recovery is not None:
            return
        members = locked.members(self._folder)
        now = next((each for each in members if each.id == chosen.id), chosen)
        waiting = now.wait_seconds
        self.pin.setEnabled(not waiting and not now.disabled and not self._busy)
        if now.disabled:
            self.message.set_ink("bad")
            self.message.setText(
                _("Semua PIN di laptop ini ditutup. Pakai Lupa PIN, atau hubungi petugas.")  # by the server's order too
                if all(each.disabled for each in members)
                else _("PIN salah 10 kali. Minta kader lain masuk, atau pakai Lupa PIN.")
            )
        elif waiting:
            self.message.set_ink("warn")
            self.message.setText(_("Terlalu sering salah. Coba lagi dalam {wait}.").format(wait=wait_words(waiting)))
        elif self._tick.isActive():
            self.message.setText("")
            self.pin.wrong = False
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not keep:
            self.message.setText("")
        if waiting and not self._tick.isActive():
            self._tick.start()
        elif not waiting:
            self._tick.stop()

    def _set_busy(self, words: str) -> None:
        self._busy = bool(words)
        self.pin.setEnabled(not words)
        self.message.set_ink("text3")
        self.message.setText(words)

    # ---- the words of the day

    def _try_day(self) -> None:
        folder, words = self._folder, self.day_box.text()
        self.day_field.set_problem("")
        jobs.run(
            lambda: _open_day(folder, words),
            lambda _none: self._day_opened(),
            lambda error: self.day_field.set_problem(errors.sentence(error)),
        )

    def _day_opened(self) -> None:
        self.day_box.clear()
        self._show_side(self.pin_side)
        self._explain()
        self._show_wait()
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- the recovery key, or the telephone

    def _toggle_recovery(self) -> None:
        showing = not self.recovery_side.isHidden()
        usual = self.pin_side if self._recovery is not None else self._usual_side()
        self._show_side(usual if showing else self.recovery_side)
        self._show_request()
        self.forgot.setText(_("Lupa PIN?") if showing else _("Kembali ke PIN"))
        self.forgot.updateGeometry()
        first = self.day_box if usual is self.day_side else self.pin
        (first if showing else self.key_box).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_request(self) -> None:
        """What to read out to the puskesmas, where this book can be opened by telephone."""
        request = locked.phone_request(self._folder)
        self.request.setText(request)
        for part in (self.phone_words, self.request, self.code_field, self.code_button):
            part.setVisible(bool(request))

    def _try_phone(self) -> None:
        folder, digits = self._folder, self.code_box.text()
        self.code_field.set_problem("")

        def refused(error: Exception) -> None:
            self.code_field.set_problem(errors.sentence(error))
            if not locked.phone_request(folder):
                self._show_request()
                self.key_field.set_problem(errors.sentence(error))

        self._recover(lambda: _unlock_by_phone(folder, digits), refused)

    def _try_recovery(self) -> None:
        from posyandu.services import accounts

        folder, key = self._folder, self.key_box.text()
        if not key.strip():
            self.key_field.set_problem(_("Ketik kunci pemulihan dulu."))
            return
        self.key_field.set_problem("")
        self._recover(
            lambda: accounts.unlock_with_recovery(folder, key),
            lambda error: self.key_field.set_problem(errors.sentence(error)),
        )

    def _recover(self, opening: Callable[[], Any], refused: Callable[[Exception], object]) -> None:
        """Open the book once, however often the button is pressed."""
        if self._busy or self._recovery is not None:
            return
        self._busy = True

        def failed(error: Exception) -> None:
            self._busy = False
            refused(error)

        jobs.run(opening, self._recovered, failed)

    def _recovered(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        self._busy = False
        self._recovery = ws
        self._left.start()
        self._show_side(self.pin_side)
        self.forgot.hide()
        self.pin.setEnabled(True)
        self.message.setText("")
        self._explain()
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_recovery(self) -> None:
        """Close a book that was opened by the recovery key and given no new PIN."""
        if self._recovery is None or self._busy:
            return
        self._recovery.close()
        self._recovery = None
        self._first_pin = ""
        self.pin.clear()
        for box in (self.key_box, self.code_box):
            box.clear()
        self.forgot.setText(_("Lupa PIN?"))
        self.forgot.updateGeometry()
        self.forgot.show()
        self._show_side(self._usual_side())
        self._explain()
        self._show_wait()

    def _change_books(self) -> None:
        if not self._busy:
            self._end_recovery()
            self.practice_wanted.emit(not self._practice)

    def _new_pin(self, pin: str) -> None:
        from posyandu.services import accounts

        if not self._first_pin:
            self._first_pin = pin
            self.pin.clear()
            self._explain()
            self.message.setText("")
            return
        if pin != self._first_pin:
            self._first_pin = ""
            self.pin.refuse()
            self._explain()
            self.message.set_ink("bad")
            self.message.setText(_("Kedua PIN tidak sama. Ketik PIN baru sekali lagi dari awal."))
            return
        ws, folder, member_id = self._recovery, self._folder, self.member().id

        def renew() -> Any:  # noqa: ANN401 - services.workspace.Workspace
            accounts.reset_pin(ws, member_id, pin)
            ws.close()
            return accounts.unlock(folder, member_id, pin)

        self._set_busy(_("Membuka…"))
        jobs.run(renew, self._opened, self._new_pin_refused)

    def _new_pin_refused(self, error: Exception) -> None:
        self._first_pin = ""
        self._set_busy("")
        self._refused(error)
        self._explain()


class KaderTile(Pressable, QRadioButton):
    """One kader: initials, name, duty; a radio button."""

    def __init__(self, member: Any) -> None:  # noqa: ANN401 - services.accounts.Member
        super().__init__(member.name)
        self.member = member
        self.setObjectName(f"kader:{member.id}")
        self.setAccessibleName(member.name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(px(60))

    def hitButton(self, pos: Any) -> bool:  # noqa: ANN401 - Qt's own
        """The whole tile answers."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        pen = painter.pen()
        pen.setColor(color("primary" if on or (self.hasFocus() and self.ring) else "line2"))
        pen.setWidthF(2 if on else 1)
        painter.setPen(pen)
        painter.setBrush(color("soft" if on else "hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(10), px(10))
        paint_avatar(painter, QRectF(px(12), px(10), px(40), px(40)), self.member.name, None)
        duty = duty_words(getattr(self.member, "role", ""))
        room = self.width() - px(64) - px(12) - px(24)  # the tick moves no word
        role, name = lines.fitted(self.text(), room, "label", "small_strong")
        told = [(role, "on_soft" if on else "text", words) for words in name] + [("small", "text3", duty)] * bool(duty)
        high = px(20 if len(told) < 3 else 17)
        for place, (letters, ink, words) in enumerate(told):
            painter.setFont(font(letters))
            painter.setPen(color(ink))
            top = self.height() / 2 + high * (place - len(told) / 2)
            painter.drawText(QRectF(px(64), top, room + 2, high), Qt.AlignmentFlag.AlignVCenter, words)
        if on:
            theme.paint_icon(painter, "check", "on_soft", self.width() - px(32), px(21), 18)


class _Sprout(QWidget):
    """The app's sign."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(px(48), px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("primary"))
        painter.drawRoundedRect(self.rect(), px(12), px(12))
        theme.paint_icon(painter, "sprout", "on_primary", px(11), px(11), 26)


def duty_words(role: str) -> str:
    """What a role is called in the form of kader."""
    return _(DUTIES.get(role, ""))


def wait_words(seconds: int) -> str:
    """ "45 detik", "2 menit 5 detik"."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return _("{n} detik").format(n=rest)
    return _("{m} menit {s} detik").format(m=minutes, s=rest) if rest else _("{m} menit").format(m=minutes)


def _unlock(folder: Any, member_id: str, pin: str) -> Any:  # noqa: ANN401 - services
    """Runs on a worker: the first time this also reads the database and the cryptography."""
    from posyandu.services import accounts

    return accounts.unlock(folder, member_id, pin)


def _unlock_by_phone(folder: Any, digits: str) -> Any:  # noqa: ANN401 - services
    from posyandu.services import accounts

    return accounts.unlock_by_phone(folder, digits)


def _open_day(folder: Any, words: str) -> None:  # noqa: ANN401 - services
    from posyandu.services import accounts

    accounts.open_day(folder, words)


def open_practice(opened: Callable[[Any], object], failed: Callable[[Exception], object]) -> None:
    """Open the practice book, made of invented people the first time; `opened` gets it."""
    jobs.run(_practice_book, opened, failed)


def _practice_book() -> Any:  # noqa: ANN401 - services.workspace.Workspace
    from posyandu.services.sample import practice

    practice.prepare()
    return practice.unlock()


class WaitPage(QWidget):
    """One sentence while a book is being made, and the way back when it could not be."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.setAutoFillBackground(True)
        column = column_layout(self, spacing=16)
        column.addStretch(1)
        column.addWidget(_Sprout(), 0, Qt.AlignmentFlag.AlignHCenter)
        self.words = Label(sentence, "body", "text2", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.words)
        self.back = Button(_("Kembali"), "secondary", "arrow-left", name="button:kembali")
        self.back.hide()
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def fail(self, sentence: str, back: Callable[[], object]) -> None:
        """Say why there is no book, and offer the other one."""
        self.words.setText(sentence)
        self.back.clicked.connect(lambda: back())
        self.back.show()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
