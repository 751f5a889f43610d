"""Settings of this laptop and this book: looks, posts, kader and PINs, backups, practice, about."""

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

import posyandu
from posyandu import paths
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Choice, Date, Number, Text
from posyandu.domain.forms.registration import POSYANDU, WORKER
from posyandu.text import N_, _, placed
from posyandu.ui import errors, files, jobs, theme
from posyandu.ui.app import LANGUAGES
from posyandu.ui.desk import Desk
from posyandu.ui.due_day_card import DueDayCard
from posyandu.ui.erasure_sheet import KeptLongSheet, LateSheet, OpenAnswersSheet
from posyandu.ui.key_cards import KeyCard, PhoneHelpCard
from posyandu.ui.orders_card import OrdersCard
from posyandu.ui.pages.lock import duty_words
from posyandu.ui.sidebar import when_text
from posyandu.ui.signers_card import SignersCard
from posyandu.ui.theme import px
from posyandu.ui.widgets.area_picker import AreaPicker
from posyandu.ui.widgets.arrange import Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Label,
    Labelled,
    Notice,
    Page,
    Row,
    Rule,
    ScrollPage,
    Segmented,
    TextInput,
    Tick,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.fields import BAD, DateField
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.pin import PinBox
from posyandu.ui.widgets.sheet_draft import SheetDraft

PARTS = (
    ("tampilan", N_("Tampilan"), "contrast"),
    ("posyandu", N_("Posyandu"), "house-heart"),
    ("kader", N_("Kader dan PIN"), "key-round"),
    ("akses", N_("Catatan akses"), "list-checks"),
    ("cadangan", N_("Cadangan"), "shield-check"),
    ("latihan", N_("Latihan"), "graduation-cap"),
    ("tentang", N_("Tentang"), "info"),
)
ONE_COLUMN_BELOW = 700
SHOWN_ACCESSES = 60
"""The window shows the newest; a person's copy of data holds all about that person."""


class PengaturanPage(Page):
    """Parts at the left, one part at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Pengaturan")
        self.desk = desk
        self.part = "tampilan"
        across = row_layout(self, spacing=theme.CARD_GAP)
        across.setContentsMargins(px(theme.PAGE_MARGIN), px(4), 0, 0)
        side = column_layout()
        self.side_card = Card(padding=(16, 10), spacing=0, rows=True)
        self.side_card.setFixedWidth(px(230))
        self.part_rows: dict[str, Row] = {}
        for code, words, icon in PARTS:
            row = Row(
                _(words), "", picture=("icon", icon, "neutral"), chevron=False, height=48, name=f"pengaturan:{code}"
            )
            row.clicked.connect(lambda _on=False, code=code: self.show_part(code))
            self.part_rows[code] = row
            self.side_card.body.addWidget(row)
        side.addWidget(self.side_card)
        side.addStretch(1)
        across.addLayout(side)
        self.stack = QStackedWidget()
        across.addWidget(self.stack, 1)
        self.pages: dict[str, ScrollPage] = {}
        for code, _words, _icon in PARTS:
            page = ScrollPage(margins=(0, 0, 28, 18))
            self.pages[code] = page
            self.stack.addWidget(page)
        self._makers: dict[str, Callable[[Any], QWidget | None]] = {
            "tampilan": self._looks,
            "posyandu": self._posts,
            "kader": self._kader,
            "akses": self._access,
            "cadangan": self._backups,
            "latihan": self._practice,
            "tentang": self._about,
        }

    def first_focus(self) -> QWidget:
        """The part that is open."""
        return self.part_rows[self.part]

    def open(self, *, part: str = "", **_arguments: object) -> None:
        """Show one part, else the one seen last."""
        self.show_part(part or self.part)

    def show_part(self, code: str) -> None:
        """Build this part anew and show it."""
        self.part = code
        for each, row in self.part_rows.items():
            row.current = each == code
            row.update()
        body = self.pages[code].body
        clear(body)
        holder = QWidget()
        holder.setMaximumWidth(px(760))
        column = column_layout(holder, spacing=theme.CARD_GAP)
        self._makers[code](column)
        column.addStretch(1)
        body.addWidget(holder, 1)
        self.stack.setCurrentWidget(self.pages[code])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower list in a narrow window."""
        super().resizeEvent(event)
        self.side_card.setFixedWidth(px(230 if self.width() / theme.factor() >= ONE_COLUMN_BELOW else 190))

    # ---- looks

    def _looks(self, column: Any) -> None:  # noqa: ANN401 - a layout
        saved = self.desk.preferences
        card = Card(_("Tampilan"), spacing=16)
        for words, hint, name, options in (
            (
                _("Tema"),
                "",
                "theme",
                [("light", _("Terang")), ("dark", _("Gelap")), ("system", _("Ikuti laptop"))],
            ),
            (
                _("Ukuran huruf"),
                _("Sangat besar cocok untuk proyektor dan latihan bersama."),
                "text_scale",
                [(1.0, _("Normal")), (1.15, _("Besar")), (1.3, _("Sangat besar"))],
            ),
            (_("Bahasa"), "", "language", list(LANGUAGES.items())),
            (
                _("Gambar KMS"),
                _("Pilih yang sama dengan kartu yang dipakai di Posyandu."),
                "kms_style",
                [("new", _("KMS baru (2020)")), ("old", _("KMS lama (2010)"))],
            ),
        ):
            card.body.addWidget(self._choice(words, hint, name, options, getattr(saved, name)))
        card.body.addWidget(
            self._switch(
                _("Layar sentuh"), _("Tombol dan isian lebih besar, digulir dengan jari."), "touch", saved.touch
            )
        )
        column.addWidget(card)
        sending = Card(_("Pengiriman"), spacing=12)
        sending.body.addWidget(
            self._switch(
                _("Kirim sendiri bila ada jaringan"),
                _("Tanpa ini, data dikirim hanya bila tombol Kirim sekarang ditekan."),
                "send_by_itself",
                saved.send_by_itself,
            )
        )
        column.addWidget(sending)
        lock = Card(_("Kunci layar"), spacing=12)
        minutes = Picker(
            [(n, _("{n} menit").format(n=n)) for n in (1, 3, 5, 10, 15, 30)],
            name="pilihan:idle_minutes",
            accessible=_("Kunci setelah tidak dipakai"),
        )
        minutes.set_value(saved.idle_minutes)
        minutes.activated.connect(lambda _index: self.desk.change_preferences(idle_minutes=minutes.value()))
        row = row_layout()
        row.addWidget(Label(_("Kunci setelah tidak dipakai"), "body", wrap=True), 1)
        row.addWidget(minutes)
        lock.body.addLayout(row)
        column.addWidget(lock)

    def _choice(self, words: str, hint: str, name: str, options: list[tuple[Any, str]], value: object) -> QWidget:
        choice = Segmented(options, value, name=f"pilihan:{name}", accessible=words)
        choice.changed.connect(lambda code: self.desk.change_preferences(**{name: code}))
        block = QWidget()
        column = column_layout(block, spacing=6)
        column.addWidget(Label(words, "label"))
        column.addWidget(choice)
        if hint:
            column.addWidget(Label(hint, "small", "text3", wrap=True))
        return block

    def _switch(self, words: str, hint: str, name: str, on: bool) -> QWidget:
        tick = Tick(words, name=f"pilihan:{name}")
        tick.setChecked(on)
        tick.setAccessibleDescription(hint)
        tick.toggled.connect(lambda on: self.desk.change_preferences(**{name: on}))
        block = QWidget()
        column = column_layout(block, spacing=2)
        column.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Label(hint, "small", "text3", wrap=True))
        return block

    # ---- posts

    def _posts(self, column: Any) -> None:  # noqa: ANN401 - a layout
        from posyandu.services import posts, review

        ws = self.desk.ws
        card = Card(_("Posyandu di laptop ini"), spacing=4, rows=True)
        for post in posts.posts(ws):
            now = post.id == ws.posyandu_id
            row = Row(
                post.name,
                post.place_line or post.village,
                picture=("icon", "house-heart", "ok" if now else "neutral"),
                chip=(_("Sedang dipakai"), "ok") if now else None,
                name=f"posyandu:{post.id}",
            )
            row.clicked.connect(lambda _on=False, post_id=post.id: self.edit_post(post_id))
            card.body.addWidget(row)
        column.addWidget(card)
        add = Button(_("Tambah Posyandu"), "primary", "plus", name="button:tambah-posyandu")
        add.clicked.connect(lambda: self.edit_post(""))
        column.addWidget(add)
        if review.reviews(ws):
            column.addWidget(DueDayCard(self.desk))
            column.addWidget(self._targets())
            column.addWidget(self._rulings())
            column.addWidget(self._letterheads())
            if len(posts.posts(ws)) > 1:
                column.addWidget(SignersCard(self.desk))

    def _targets(self) -> OrdersCard:
        from posyandu.services import targets

        hint = _("Dipakai di laporan bulanan dan lembar pembinaan. Bulan yang lebih awal memakai target sebelumnya.")
        return OrdersCard(self.desk, targets.ORDER, _("Target laporan"), _("Target tersimpan"), hint)

    def _rulings(self) -> OrdersCard:
        from posyandu.services import rulings

        hint = _(
            "Untuk hal yang sumbernya berbeda-beda: garis KMS, TBC, TTD, lama MT. Isi hanya menurut surat dinas. "
            "Hasil dan laporan sejak tanggal itu dihitung lagi."
        )
        return OrdersCard(self.desk, rulings.ORDER, _("Ketentuan daerah"), _("Ketentuan tersimpan"), hint)

    def _letterheads(self) -> OrdersCard:
        from posyandu.services import letterheads

        hint = _("Tercetak di atas laporan dan surat rujukan dari bulan itu; bulan yang lebih awal seperti sebelumnya.")
        return OrdersCard(self.desk, letterheads.ORDER, _("Kop surat"), _("Kop surat tersimpan"), hint)

    def edit_post(self, post_id: str) -> Overlay:
        """A sheet with the questions of a post; "" for a new one."""
        sheet = PostSheet(self.window(), self.desk, post_id, lambda: self.show_part("posyandu"))
        sheet.open_over(sheet.boxes["name"])
        SheetDraft(sheet, self.desk, "posyandu", post_id)
        return sheet

    # ---- kader

    def _kader(self, column: Any) -> None:  # noqa: ANN401 - a layout
        from posyandu.services import accounts, review

        ws = self.desk.ws
        members = accounts.members(self._folder()) if ws.folder is not None else []
        card = Card(_("Kader dan PIN"), spacing=4, rows=bool(members))
        for member in members:
            me = member.id == ws.worker.id
            chip = (_("Anda"), "ok") if me else (_("PIN dimatikan"), "warn") if member.disabled else None
            row = Row(
                member.name,
                duty_words(member.role),
                picture=("avatar", member.name, None),
                chip=chip,
                name=f"kader:{member.id}",
            )
            row.clicked.connect(lambda _on=False, each=member, me=me: self.edit_pin(each, me))
            card.body.addWidget(row)
        if not members:
            card.body.addWidget(Label(_("Buku ini tidak memakai PIN."), "small", "text2", wrap=True))
        column.addWidget(card)
        buttons = Flow(spacing=10)
        add = Button(_("Tambah kader"), "primary", "user-plus", name="button:tambah-kader", on=self.add_kader)
        lock = Button(_("Kunci sekarang"), "secondary", "lock", name="button:kunci", on=self.desk.lock_wanted)
        new_key = Button(_("Kunci pemulihan baru"), "quiet", "key-round", name="button:kunci-baru")
        new_key.clicked.connect(self._new_recovery_key)
        for button in (add, lock, new_key):
            button.setEnabled(bool(members))
            buttons.add(button)
        column.addWidget(buttons)
        if members and not ws.practice:
            column.addWidget(KeyCard(self.desk))
        if review.reviews(ws):
            column.addWidget(PhoneHelpCard(self.desk))

    def _folder(self) -> Any:  # noqa: ANN401 - services.accounts.BookFolder
        from posyandu.services import accounts

        books = accounts.books()
        return books.practice if self.desk.ws.practice else books.real

    def add_kader(self) -> Overlay:
        """A sheet that asks name, duty and PIN of another kader."""
        from posyandu.services import accounts

        field = WORKER.fields["role"]
        assert isinstance(field, Choice)
        role = Picker([(each.code, _(each.label)) for each in field.options], name="field:role", accessible=_("Tugas"))

        same = Tick("", name="kader-sama")
        same.hide()
        same.setChecked(True)
        known: list[str] = []  # her record in the post's list, as long as the name typed is hers

        def look(typed: str) -> None:
            found = accounts.kader_named(self.desk.ws, typed) if len(typed.strip()) > 2 else {}
            known[:] = list(found)[:1]
            if found:
                name = next(iter(found.values()))
                same.setText(_("Sama dengan {name} di daftar kader Posyandu").format(name=name))
            same.setVisible(bool(found))

        def save(sheet: PinSheet, name: str, pin: str, _old: str) -> None:
            worker = known[0] if known and same.isChecked() else ""
            self.desk.run(
                lambda ws: accounts.add_member(ws, name, str(role.value()), pin, worker_id=worker),
                lambda _id: self._pin_saved(sheet, _("{name} sudah bisa masuk dengan PIN-nya").format(name=name)),
                sheet.refuse,
                owner=self,
            )

        extra = QWidget()
        column = column_layout(extra, spacing=10)
        column.addWidget(same)
        column.addWidget(Labelled(_("Tugas"), role))
        sheet = PinSheet(self.window(), _("Tambah kader"), save, ask_name=True, extra=extra)
        sheet.name_box.textChanged.connect(look)
        sheet.open_over(sheet.name_box)
        return sheet

    def edit_pin(self, member: Any, me: bool) -> Overlay:  # noqa: ANN401 - services.accounts.Member
        """A sheet for a new PIN: one's own with the old PIN, another's as its coordinator."""
        from posyandu.services import accounts

        def save(sheet: PinSheet, _name: str, pin: str, old: str) -> None:
            self.desk.run(
                lambda ws: accounts.change_pin(ws, old, pin) if me else accounts.reset_pin(ws, member.id, pin),
                lambda _none: self._pin_saved(sheet, _("PIN {name} sudah diganti").format(name=member.name)),
                sheet.refuse,
                owner=self,
            )

        title = _("Ganti PIN Anda") if me else _("PIN baru untuk {name}").format(name=member.name)
        sheet = PinSheet(self.window(), title, save, ask_old=me)
        sheet.open_over(sheet.old if me else sheet.pin)
        return sheet

    def _pin_saved(self, sheet: Overlay, words: str) -> None:
        sheet.accept()
        self.desk.toast(words)
        self.show_part("kader")

    def _new_recovery_key(self) -> None:
        self.desk.ask(
            _("Buat kunci pemulihan baru?"),
            _("Kunci lama tidak berlaku lagi. Siapkan kertas: kunci baru hanya tampil sekali."),
            _("Buat kunci baru"),
            lambda: self.desk.run(_make_recovery_key, self._show_key, owner=self),
        )

    def _show_key(self, key: str) -> None:
        from posyandu.ui.pages.first_run import KeyLabel, write_slip

        sheet = Overlay(self.window(), _("Kunci pemulihan baru"), width=560)
        words = KeyLabel(key)
        words.setObjectName("kunci-pemulihan")
        sheet.body.addWidget(words)
        sheet.body.addWidget(
            Label(_("Cetak atau catat, lalu titipkan di Puskesmas dalam amplop tertutup."), "body", "text2", wrap=True)
        )
        told = Notice("bad", "")
        told.hide()
        sheet.body.addWidget(told)
        foot = row_layout()
        foot.addStretch(1)
        path = files.folder() / "kunci-pemulihan.pdf"
        save = Button(_("Simpan PDF"), "secondary", "save", name="button:simpan-kunci")

        def write() -> None:
            try:
                write_slip(path, key, "")
            except OSError as error:
                told.set_text("bad", errors.sentence(error))
                told.show()
                return
            self.desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

        save.clicked.connect(write)
        done = Button(_("Sudah disimpan"), "primary", name="button:ya", on=sheet.accept)
        foot.addWidget(save)
        foot.addWidget(done)
        sheet.body.addLayout(foot)
        sheet.open_over(save)

    # ---- who took data out

    def _access(self, column: Any) -> None:  # noqa: ANN401 - a layout
        """The newest entries, read beside the window; every laptop of the post shows the same."""
        card = Card(_("Catatan akses"), spacing=6)
        words = Label(
            _("Siapa menyimpan, mencetak, atau membuka data, dan siapa mengganti PIN. Isinya tidak dicatat."),
            "small", "text2", wrap=True,
        )  # fmt: skip
        card.body.addWidget(words)
        column.addWidget(card)

        def show(entries: Any) -> None:  # noqa: ANN401 - a list of services.access.Entry
            for number, entry in enumerate(entries):
                about = ": ".join(part for part in (entry.words, entry.about or entry.title) if part)
                done = Label(about, "body", wrap=True)
                done.setObjectName(f"akses:{number}")
                when = Label(f"{entry.by} · {when_text(entry.at, self.desk.ws.now())}", "small", "text2", wrap=True)
                card.body.addWidget(Rule())
                card.body.addWidget(done)
                card.body.addWidget(when)
            if not entries:
                card.body.addWidget(Label(_("Belum ada."), "small", "text2"))

        def offer(told: tuple[int, int, Any]) -> None:
            held, still_open, old = told
            desk, host = self.desk, self.window()
            late = _("{n} catatan ditahan: orangnya sudah dihapus")
            open_ones = _("{n} jawaban rahasia lama masih terbuka di jurnal")
            waiting: tuple[tuple[int, str, str, str, Callable[[], object]], ...] = (
                (held, late, "lock", "ditahan", lambda: LateSheet(desk, host)),
                (still_open, open_ones, "lock", "jawaban-terbuka", lambda: OpenAnswersSheet(desk, host)),
                (
                    len(old), _("{n} orang melewati masa simpan"), "hourglass", "masa-simpan",
                    lambda: KeptLongSheet(desk, host, old),
                ),
            )  # fmt: skip
            for number, said, icon, name, sheet in waiting:
                if number:
                    button = Button(said.format(n=number), "secondary", icon, name=f"button:{name}")
                    button.clicked.connect(lambda _on=False, sheet=sheet: sheet())
                    card.body.insertWidget(card.body.indexOf(words) + 1, button)

        self.desk.run(_log_of_access, show, owner=card)
        self.desk.run(_held_back, offer, owner=card)

    # ---- backups

    def _backups(self, column: Any) -> None:  # noqa: ANN401 - a layout
        from posyandu.services import backups

        ws = self.desk.ws
        last = backups.last(ws)
        card = Card(_("Cadangan"), spacing=14)
        if last is None:
            card.body.addWidget(Notice("warn", _("Belum ada cadangan dari laptop ini.")))
        else:
            words = _("Terakhir {when}, {n} orang, sudah dicoba dibuka kembali.").format(
                when=when_text(last.at, ws.now()), n=last.people
            )
            here = backups.lies_here(ws, last.path)
            also = _("Tetapi berkasnya di laptop ini juga. Pilih flashdisk.") if here else ""
            card.body.addWidget(Notice("warn" if here else "ok", f"{words} {also}".rstrip()))
            card.body.addWidget(Label(str(last.path), "small", "text3", wrap=True))
        folder = self.desk.preferences.backup_folder
        where = row_layout()
        text = column_layout(spacing=2)
        text.addWidget(Label(_("Disimpan ke"), "label"))
        text.addWidget(
            Label(
                folder or _("Folder di laptop ini. Pilih flashdisk supaya aman bila laptop rusak."),
                "small",
                "text2",
                wrap=True,
            )
        )
        where.addLayout(text, 1)
        choose = Button(_("Pilih folder"), "secondary", "folder-open", name="button:folder-cadangan")
        choose.clicked.connect(self._choose_folder)
        where.addWidget(choose)
        card.body.addLayout(where)
        self.backup_says = Label("", "small", "text2", wrap=True)
        buttons = row_layout()
        now = Button(_("Buat cadangan sekarang"), "primary", "save", name="button:cadangkan")
        now.clicked.connect(lambda: self.back_up(now))
        buttons.addWidget(now)
        buttons.addWidget(self.backup_says, 1)
        card.body.addLayout(buttons)
        column.addWidget(card)
        restore = Card(_("Pulihkan dari cadangan"), spacing=12)
        restore.body.addWidget(
            Label(
                _("Buku di laptop ini disisihkan, tidak dihapus. Siapkan kunci pemulihan yang disimpan Puskesmas."),
                "small",
                "text2",
                wrap=True,
            )
        )
        button = Button(_("Pilih berkas cadangan"), "secondary", "rotate-ccw", name="button:pulihkan")
        button.clicked.connect(self._choose_backup)
        restore.body.addWidget(button)
        column.addWidget(restore)

    def _choose_folder(self) -> None:
        chosen = files.choose_folder(self, _("Folder untuk cadangan"))
        if chosen is not None:
            self.desk.change_preferences(backup_folder=str(chosen))
            self.show_part("cadangan")

    def back_up(self, button: Button) -> None:
        """Copy the book now, beside the window."""
        from posyandu.services import backups

        folder = self.desk.preferences.backup_folder
        button.setEnabled(False)
        self.backup_says.setText(_("Menyalin dan mencoba membukanya kembali…"))
        self.desk.run(
            lambda ws: backups.back_up(ws, Path(folder) if folder else None),
            self._backed_up,
            self._not_backed_up,
            owner=self,
        )

    def _backed_up(self, done: Any) -> None:  # noqa: ANN401 - services.backups.BackupDone
        self.desk.toast(
            _("Cadangan selesai, {n} orang").format(n=done.people),
            _("Buka folder"),
            lambda: files.show(done.path.parent),
        )
        self.show_part("cadangan")
        self.desk.announce()

    def _not_backed_up(self, error: Exception) -> None:
        self.show_part("cadangan")
        self.backup_says.set_ink("bad")
        self.backup_says.setText(errors.sentence(error))

    def _choose_backup(self) -> None:
        kinds, folder = _("Cadangan (*.posyandu);;Semua berkas (*)"), self.desk.preferences.backup_folder
        chosen = files.choose_file(self, _("Berkas cadangan"), kinds, Path(folder) if folder else None)
        if chosen is not None:
            self.restore_from(chosen)

    def restore_from(self, copy: Path) -> Overlay:
        """Ask for the key of a copy and bring it back; the book is locked afterwards."""
        sheet = RestoreSheet(self.window(), self.desk, copy, self._folder())
        sheet.open_over(sheet.key)
        return sheet

    # ---- practice and about

    def _practice(self, column: Any) -> None:  # noqa: ANN401 - a layout
        practice = self.desk.ws.practice
        card = Card(_("Latihan"), spacing=14)
        words = (
            _("Anda sedang di buku latihan. Semua orang di sini karangan; tidak ada yang terkirim.")
            if practice
            else _(
                "Buku latihan berisi orang karangan dan terpisah dari buku sungguhan. Bar kuning di atas menandainya."
            )
        )
        card.body.addWidget(Label(words, "body", "text2", wrap=True))
        button = Button(
            _("Selesai latihan") if practice else _("Buka buku latihan"),
            "primary",
            "graduation-cap",
            name="button:latihan",
        )
        button.clicked.connect(lambda: self.desk.practice_wanted.emit(not practice))
        card.body.addWidget(button)
        column.addWidget(card)

    def _about(self, column: Any) -> None:  # noqa: ANN401 - a layout
        card = Card(_("Posyandu {version}").format(version=posyandu.__version__), spacing=10)
        card.body.addWidget(
            Label(
                _("Buku catatan keluarga untuk Posyandu: tanpa internet, terkunci, terkirim saat ada jaringan."),
                "body",
                "text2",
                wrap=True,
            )
        )
        facts = f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}"
        card.body.addWidget(Label(facts, "small", "text3", wrap=True))
        card.body.addWidget(Rule())
        card.body.addWidget(
            Label(
                _("Perangkat lunak bebas, lisensi Apache 2.0. Huruf Inter (OFL 1.1), ikon Lucide (ISC), tabel WHO."),
                "small",
                "text2",
                wrap=True,
            )
        )
        column.addWidget(card)
        reports = errors.reports()
        card = Card(_("Laporan galat"), spacing=12)
        card.body.addWidget(
            Label(
                _("{n} laporan di laptop ini. Laporan tidak berisi nama, NIK, atau nilai.").format(n=len(reports))
                if reports
                else _("Belum pernah ada galat di laptop ini."),
                "body",
                "text2",
                wrap=True,
            )
        )
        if reports:
            button = Button(_("Buka folder laporan"), "secondary", "folder-open", name="button:laporan-galat")
            button.clicked.connect(lambda: files.show(paths.logs()))
            card.body.addWidget(button)
        column.addWidget(card)


class PostSheet(Overlay):
    """The questions of POSYANDU, drawn as boxes; saved together."""

    def __init__(self, host: QWidget, desk: Desk, post_id: str, saved: Callable[[], object]) -> None:
        from posyandu.services import posts

        super().__init__(host, _("Ubah Posyandu") if post_id else _("Tambah Posyandu"), width=640)
        self.setObjectName("lembar-posyandu")
        self._desk, self._post_id, self._saved = desk, post_id, saved
        known = dict(posts.answers(desk.ws, post_id)) if post_id else {}
        self.boxes: dict[str, TextInput] = {}
        self.fields: dict[str, Labelled] = {}
        self.days: dict[str, DateField] = {}
        page = ScrollPage(margins=(0, 0, 14, 0), spacing=12)
        near = next((post.village_code for post in posts.posts(desk.ws)), "")
        self.area = AreaPicker(near=near)
        for field in POSYANDU.fields.values():
            if field.name == "village_code":
                page.body.addWidget(self.area)
                continue
            assert isinstance(field, Text | Number | Date)
            value, hint = known.get(field.name), placed(field.hint) if field.hint else ""
            if isinstance(field, Date):
                day = DateField(field.name, _(field.label), hint, today=desk.ws.today(), past_only=field.past_only)
                day.set_value(value)
                self.days[field.name] = day
                page.body.addWidget(day)
                continue
            box = TextInput("" if value is None else str(value), name=f"field:{field.name}", height=44)
            self.boxes[field.name] = box
            self.fields[field.name] = Labelled(_(field.label), box, hint)
            page.body.addWidget(self.fields[field.name])
        self._village(known.get("village_code"))
        self.body.addWidget(page, 1)
        foot = row_layout()
        self.says = Label("", "small", "bad", wrap=True)
        foot.addWidget(self.says, 1)
        cancel = Button(_("Batal"), "secondary", name="button:batal", on=self.reject)
        save = Button(_("Simpan"), "primary", "save", name="button:simpan", on=self.save)
        foot.addWidget(cancel)
        foot.addWidget(save)
        self.body.addLayout(foot)

    def _village(self, code: object) -> None:
        if isinstance(code, str) and code:
            from posyandu.services import posts

            found = next((area for area in posts.search_areas(code, limit=5) if area.code == code), None)
            self.area.set_area(found)

    def save(self) -> None:
        """Save what was typed; problems stand beside their box."""
        from posyandu.services import posts

        told: dict[str, Any] = {name: box.text().strip() or None for name, box in self.boxes.items()}
        day = told.get("open_day")
        self.fields["open_day"].set_problem("")
        if day is not None:
            if not str(day).isdigit() or not 1 <= int(day) <= 31:
                self.fields["open_day"].set_problem(_("Tulis tanggal antara 1 dan 31."))
                return
            told["open_day"] = int(day)
        for name, box in self.days.items():
            told[name] = box.value()
            box.set_problem(box.trouble(), BAD)
            if box.problem:
                box.take_focus()
                return
        self.area.field.set_problem("" if self.area.area else _("Pilih desa atau kelurahan dari daftar."))
        if self.area.area is None:
            self.area.box.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        told["village_code"] = self.area.area.code
        try:
            if self._post_id:
                posts.correct_post(self._desk.ws, self._post_id, told)
            else:
                posts.add_post(self._desk.ws, told)
        except PosyanduError as error:
            self.says.setText(str(error))
            return
        self.accept()
        self._desk.toast(_("{name} tersimpan").format(name=told["name"]))
        self._saved()
        self._desk.post_changed.emit()


class PinSheet(Overlay):
    """Asks for a new PIN twice, and where wanted for a name or the old PIN first."""

    def __init__(
        self,
        host: QWidget,
        title: str,
        save: Callable[["PinSheet", str, str, str], None],
        *,
        ask_name: bool = False,
        ask_old: bool = False,
        extra: QWidget | None = None,
    ) -> None:
        super().__init__(host, title, width=460)
        self.setObjectName("lembar-pin")
        self._save = save
        self.name_box = TextInput(name="field:nama-kader", height=44)
        self.name_field = Labelled(_("Nama kader"), self.name_box)
        self.old = PinBox(name="pin:lama", accessible=_("PIN sekarang"))
        self.pin = PinBox(name="pin", accessible=_("PIN baru, 6 angka"))
        self.again = PinBox(name="pin:ulang", accessible=_("PIN baru sekali lagi"))
        asks = ScrollPage(margins=(0, 0, 0, 0), spacing=14)
        if ask_name:
            asks.body.addWidget(self.name_field)
        if extra is not None:
            asks.body.addWidget(extra)
        if ask_old:
            asks.body.addWidget(Labelled(_("PIN sekarang"), self.old))
        asks.body.addWidget(Labelled(_("PIN baru"), self.pin))
        asks.body.addWidget(Labelled(_("PIN baru sekali lagi"), self.again))
        self.body.addWidget(asks)
        self._ask_name, self._ask_old = ask_name, ask_old
        self.says = Label("", "small", "bad", wrap=True)
        self.says.hide()
        self.body.addWidget(self.says)
        self.go = Button(_("Simpan"), "primary", name="button:simpan", on=self._check)
        self.foot(self.go)
        self.old.filled.connect(lambda _pin: self.pin.setFocus(Qt.FocusReason.OtherFocusReason))
        self.pin.filled.connect(lambda _pin: self.again.setFocus(Qt.FocusReason.OtherFocusReason))
        self.again.filled.connect(lambda _pin: self.go.setFocus(Qt.FocusReason.OtherFocusReason))

    def _check(self) -> None:
        name, pin = self.name_box.text().strip(), self.pin.text()
        self.says.show()
        if self._ask_name and not name:
            self.says.setText(_("Tulis nama kader."))
        elif len(pin) != 6:
            self.says.setText(_("PIN terdiri dari 6 angka."))
        elif self.again.text() != pin:
            self.again.refuse()
            self.pin.clear()
            self.says.setText(_("Kedua PIN tidak sama. Ketik keduanya sekali lagi."))
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.go.setEnabled(False)
            self.working = True
            self.says.set_ink("text2")
            self.says.setText(_("Menyimpan…"))
            self._save(self, name, pin, self.old.text())

    def refuse(self, error: Exception) -> None:
        """Say why it was not saved."""
        self.working = False
        self.go.setEnabled(True)
        self.says.set_ink("bad")
        self.says.setText(errors.sentence(error))
        self.says.show()
        for box in (self.old, self.pin, self.again):
            box.clear()
        (self.old if self._ask_old else self.pin).setFocus(Qt.FocusReason.OtherFocusReason)


class RestoreSheet(Overlay):
    """Asks for the recovery key of a copy and restores it."""

    def __init__(self, host: QWidget, desk: Desk, copy: Path, folder: Any) -> None:  # noqa: ANN401 - BookFolder
        super().__init__(host, _("Pulihkan dari cadangan"), width=520)
        self.setObjectName("lembar-pulihkan")
        self._desk, self._copy, self._folder = desk, copy, folder
        self.body.addWidget(
            Label(
                _("Berkas {name}. Catatan sesudah cadangan itu tidak ikut; buku sekarang disisihkan.").format(
                    name=copy.name
                ),
                "body",
                "text2",
                wrap=True,
            )
        )
        self.key = TextInput(name="kunci-pemulihan", height=44)
        self.key_field = Labelled(_("Kunci pemulihan"), self.key, _("Dari kertas yang disimpan Puskesmas."))
        self.body.addWidget(self.key_field)
        self.go = Button(_("Pulihkan"), "danger", name="button:ya", on=self._restore)
        self.foot(self.go)

    def _restore(self) -> None:
        from posyandu.services import backups

        key, copy, folder, desk = self.key.text().strip(), self._copy, self._folder, self._desk
        if not key:
            self.key_field.set_problem(_("Ketik kunci pemulihan dulu."))
            return
        self.go.setEnabled(False)
        self.working = True
        desk.close_book()  # it must not be open while it is replaced
        jobs.run(lambda: backups.restore(copy, folder, key), self._restored, self._not_restored)

    def _restored(self, _none: object) -> None:
        self.accept()
        self._desk.lock_wanted.emit()

    def _not_restored(self, error: Exception) -> None:
        """The book was closed for it: only the lock leads back in, so the sentence is shown there."""
        self.accept()
        self._desk.restore_failed.emit(errors.sentence(error))


def _log_of_access(ws: Any) -> Any:  # noqa: ANN401 - services
    from posyandu.services import access

    return access.log(ws, most=SHOWN_ACCESSES)


def _held_back(ws: Any) -> tuple[int, int, Any]:  # noqa: ANN401 - services
    """What waits for who may erase: records held, questionnaires still open in the journal, people kept too long."""
    from posyandu.services import erasure, questionnaires, retention

    if not erasure.may_erase(ws):
        return 0, 0, []
    return len(erasure.late(ws)), len(questionnaires.open_saves(ws)), retention.kept_long(ws)


def _make_recovery_key(ws: Any) -> str:  # noqa: ANN401 - services.workspace.Workspace
    from posyandu.services import accounts

    return accounts.new_recovery_key(ws)
