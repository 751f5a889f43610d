"""Two sheets: erase a person on request, with everything said first; and decide on what came late about one."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.forms.erasure import KEPT_LONG, REASONS
from posyandu.text import _, count
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Button, Label, Row, Rule, ScrollPage, TextInput, Tick
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.pin import PinBox

MOST_KEPT_LONG = 100
"""How many people past their time are listed at once."""
MOST_SHOWN = 55
"""Letters on the one line of a choice."""


class _Sheet(Overlay):
    """A reason, a PIN, and a deed that cannot be undone; what is above them is read beside the window."""

    def __init__(self, desk: Desk, host: QWidget, title: str, action: str) -> None:
        super().__init__(host, title, width=640)
        self.desk = desk
        self.page = ScrollPage(margins=(0, 0, 8, 0), spacing=10)
        self.body.addWidget(self.page, 1)
        self.told = Label(_("Membaca buku …"), "body", "text2", wrap=True)
        self.page.body.addWidget(self.told)
        self.why = Picker(
            [(each.code, _(each.label)) for each in (*REASONS, KEPT_LONG)], name="field:alasan", accessible=_("Alasan")
        )
        self.pin = PinBox(name="pin-hapus", accessible=_("PIN Anda"))
        self.yes = Button(action, "danger", "trash-2", name="button:hapus-selamanya", on=self.confirm)
        self.yes.setEnabled(False)
        self.no = self.foot(self.yes)

    def ask_for_pin(self, *, reason: bool = True) -> None:
        """The reason and the PIN, under what was said."""
        body = self.page.body
        if reason:
            body.addWidget(Label(_("Alasan"), "label"))
            body.addWidget(self.why)
        if self.desk.ws.folder is not None:
            body.addWidget(Label(_("PIN {name} sekali lagi").format(name=self.desk.ws.worker.name), "label"))
            body.addWidget(self.pin)
        body.addStretch(1)
        self.yes.setEnabled(True)
        self.place()

    def confirm(self) -> None:
        """Ask once more before doing it."""
        raise NotImplementedError

    def ask_again(self, question: str, work: Callable[[Any], Any]) -> None:
        """The second confirmation; `work` runs beside the window."""

        def go() -> None:
            self.yes.setEnabled(False)
            self.work(self.desk.run, work, self._done, self.failed)

        text = _("Ini tidak dapat dibatalkan, di laptop ini maupun di laptop lain dan server.")
        self.desk.ask(question, text, _("Hapus selamanya"), go, danger=True)

    def failed(self, error: Exception) -> None:
        """Say what went wrong; the PIN may be typed again."""
        self.yes.setEnabled(True)
        self.pin.refuse()
        self.say(errors.sentence(error))

    def _done(self, done: Any) -> None:  # noqa: ANN401 - services.erasure.Done
        self.accept()
        self.desk.announce("person", "erasure")
        self.desk.toast(done.sentence)


class EraseSheet(_Sheet):
    """Erase one person: what goes, what stays, a copy first, the name typed, the PIN, and a last question."""

    def __init__(self, desk: Desk, host: QWidget, person_id: str, save_copy: Callable[[], object]) -> None:
        super().__init__(desk, host, _("Hapus data atas permintaan"), _("Hapus selamanya"))
        self.person_id, self._save_copy, self.name = person_id, save_copy, ""
        self.ticks: list[tuple[Tick, tuple[str, str, str]]] = []
        self.typed = TextInput(name="nama", accessible=_("Nama lengkap orangnya"))
        self.open_over()

        def read(ws: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import erasure

            return erasure.preview(ws, person_id)

        desk.run(read, self._show, self.failed, owner=self)

    def _show(self, found: Any) -> None:  # noqa: ANN401 - services.erasure.Preview
        from posyandu.services import erasure

        body = self.page.body
        self.name = found.name
        self.told.setText(
            _(
                "Hanya atas permintaan orangnya, orang tua atau walinya. Semua catatan tentang {name} hilang dari "
                "laptop ini sekarang juga, dan dari laptop lain serta server setelah server menerimanya."
            ).format(name=found.name)
        )
        kinds = ", ".join(f"{title} {count(number)}" for title, number in found.held.items())
        lines = [(_("Dihapus"), _("{n} simpanan: {kinds}").format(n=count(found.saves), kinds=kinds))]
        if found.signed:
            months = ", ".join(str(month) for month in found.signed)
            lines.append(
                (_("Tetap"), _("Angka laporan yang sudah disahkan ({months}), tanpa namanya.").format(months=months))
            )
        lines.append((_("Berubah"), _("Laporan yang belum disahkan tidak lagi menghitungnya. Sahkan dulu bila perlu.")))
        lines.append((_("Cadangan"), erasure.copies_sentence(found)))
        lines.append((_("Kertas"), _("Buku register, KMS dan cetakan lain tidak ikut terhapus.")))
        for head, words in lines:
            body.addWidget(Rule())
            body.addWidget(Label(head, "label"))
            body.addWidget(Label(words, "small", "text2", wrap=True))
        self._show_mentions(found.mentions)
        body.addWidget(Rule())
        copy = Button(_("Simpan salinan data dulu"), "secondary", "save", name="button:salinan-dulu")
        copy.clicked.connect(lambda: self._save_copy())
        body.addWidget(copy)
        body.addWidget(Label(_("Ketik nama lengkapnya: {name}").format(name=found.name), "label", wrap=True))
        body.addWidget(self.typed)
        self.ask_for_pin()
        copy.setFocus()

    def _show_mentions(self, mentions: Any) -> None:  # noqa: ANN401 - services.erasure.Mention, several
        """Where the name stands in others' records, each to be cleared or not; ticked where it is surely meant."""
        if not mentions:
            return
        body = self.page.body
        body.addWidget(Rule())
        body.addWidget(Label(_("Namanya di catatan orang lain"), "label"))
        told = _(
            "Diketik di sini dan tidak ikut terhapus. Centang yang dikosongkan sekarang; periksa dulu, namanya dapat "
            "sama dengan orang lain. Riwayat perubahan catatan itu tetap memuatnya."
        )
        body.addWidget(Label(told, "small", "text2", wrap=True))
        for number, each in enumerate(mentions):
            if each.may_clear:
                where = each.where if len(each.where) <= MOST_SHOWN else f"{each.where[:MOST_SHOWN]}…"
                tick = Tick(where, name=f"sebutan:{number}")
                tick.setChecked(each.is_linked)
                self.ticks.append((tick, each.key))
                body.addWidget(tick)
            else:
                body.addWidget(Label(each.where, "body", wrap=True))
            quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{each.text}\N{RIGHT DOUBLE QUOTATION MARK}"
            body.addWidget(Label(quoted, "small", "text2", wrap=True))

    def confirm(self) -> None:
        """The name decides whom; nothing is asked about while another one is typed."""
        from posyandu.services import erasure

        if not erasure.is_named(self.name, self.typed.text()):
            self.say(_("Nama yang diketik tidak sama. Ketik nama lengkapnya persis seperti di kartu."))
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        person_id, why, typed, pin = self.person_id, str(self.why.value() or ""), self.typed.text(), self.pin.text()
        clear = [key for tick, key in self.ticks if tick.isChecked()]

        def work(ws: Any) -> Any:  # noqa: ANN401 - services
            return erasure.erase(ws, person_id, why=why, typed_name=typed, pin=pin, clear=clear)

        self.ask_again(_("Hapus semua data {name}?").format(name=self.name), work)


class OpenAnswersSheet(_Sheet):
    """Answers that an earlier version kept in the open: they are sealed, and what the journal says of them can go."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(desk, host, _("Jawaban rahasia yang dulu terbuka"), _("Hapus dari jurnal"))
        self.open_over()

        def read(ws: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import questionnaires

            return questionnaires.open_saves(ws)

        desk.run(read, self._show, self.failed, owner=self)

    def _show(self, found: Any) -> None:  # noqa: ANN401 - saves by record
        self.told.setText(
            _(
                "{n} lembar SRQ-20 atau skrining jiwa dicatat sebelum jawabannya disegel. Jawabannya kini tersegel dan "
                "tetap terbaca pembacanya; yang dihapus hanya simpanan lama di riwayat. Tanggal dan hasilnya tetap."
            ).format(n=count(len(found)))
        )
        words = _("Bila lebih dari 5 orang sehari, laptop lain dan server menunggu persetujuan administrator.")
        self.page.body.addWidget(Label(words, "small", "text2", wrap=True))
        self.why.hide()
        self.ask_for_pin(reason=False)

    def confirm(self) -> None:
        """All of them, at once."""
        pin = self.pin.text()

        def work(ws: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import erasure

            return erasure.forget_open_answers(ws, pin=pin)

        self.ask_again(_("Hapus jawaban terbuka dari jurnal?"), work)


class KeptLongSheet(Overlay):
    """Who is past the time data is kept: each opens their card, where erasing is asked as always."""

    def __init__(self, desk: Desk, host: QWidget, found: Any) -> None:  # noqa: ANN401 - services.retention.KeptLong, several
        super().__init__(host, _("Melewati masa simpan"), width=640)
        self.desk = desk
        words = _(
            "Lebih dari {n} tahun tanpa catatan. Tidak ada yang terhapus sendiri: buka kartunya, simpan salinan bila "
            "perlu, lalu Hapus data dengan alasan Melewati masa simpan. Yang masih tinggal di sini boleh tetap."
        )
        years = desk.ws.standards.on(desk.ws.today()).keep_years
        self.body.addWidget(Label(words.format(n=years), "small", "text2", wrap=True))
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=4)
        for each in found[:MOST_KEPT_LONG]:
            row = Row(each.name, each.words, picture=("icon", "user", None), name=f"lama:{each.id}")
            row.clicked.connect(lambda _on=False, id_=each.id: self._open(id_))
            page.body.addWidget(row)
        if len(found) > MOST_KEPT_LONG:
            more = _("dan {n} orang lagi, sesudah ini selesai").format(n=count(len(found) - MOST_KEPT_LONG))
            page.body.addWidget(Label(more, "small", "text2"))
        page.body.addStretch(1)
        self.body.addWidget(page, 1)
        self.foot(no=_("Tutup"), name="button:tutup")
        self.open_over()

    def _open(self, person_id: str) -> None:
        self.accept()
        self.desk.go("kartu", person_id=person_id)


class LateSheet(_Sheet):
    """What other laptops saved about somebody erased, without having heard of it: look, then erase it too."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(desk, host, _("Catatan yang ditahan"), _("Hapus semuanya juga"))
        self.ids: tuple[str, ...] = ()
        self.open_over()

        def read(ws: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import erasure

            return [(each, erasure.told(each)) for each in erasure.late(ws)]

        desk.run(read, self._show, self.failed, owner=self)

    def _show(self, found: Any) -> None:  # noqa: ANN401 - a list of services.erasure.Late with their words
        self.ids = tuple(each.row.id for each, _words in found)
        if not found:
            self.told.setText(_("Tidak ada yang ditahan."))
            self.yes.hide()
            self.no.setText(_("Tutup"))
            self.page.body.addStretch(1)
            self.place()
            return
        self.told.setText(
            _(
                "Laptop lain mencatat ini sebelum tahu bahwa data orangnya sudah dihapus. Tidak ditampilkan dan tidak "
                "dihitung. Bila orangnya ingin dicatat lagi, daftarkan sebagai orang baru dan ketik ulang yang perlu; "
                "lalu hapus yang ditahan."
            )
        )
        for number, (each, words) in enumerate(found):
            line = Label(words, "small", "text2", wrap=True)
            line.setObjectName(f"ditahan:{number}")
            for part in (Rule(), Label(each.title, "label"), line):
                self.page.body.addWidget(part)
        self.ask_for_pin()

    def confirm(self) -> None:
        """All of them, at once."""
        ids, why, pin = self.ids, str(self.why.value() or ""), self.pin.text()

        def work(ws: Any) -> Any:  # noqa: ANN401 - services
            from posyandu.services import erasure

            return erasure.erase_late(ws, ids, why=why, pin=pin)

        self.ask_again(_("Hapus {n} catatan yang ditahan?").format(n=count(len(ids))), work)
