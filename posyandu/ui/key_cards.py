"""Settings of who gets into the book: the key card with five words, and helping a kader by telephone."""

from typing import Any

from PySide6.QtCore import Qt

from posyandu.domain import recovery
from posyandu.domain.errors import PosyanduError
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Button, Card, Chip, Label, Labelled, TextInput, clear, column_layout, row_layout
from posyandu.ui.widgets.overlay import Overlay


class KeyCard(Card):
    """Whether five words are asked once a day before any PIN; makes, changes and drops the card."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Kartu kunci"), spacing=12)
        self.desk = desk
        words = _(
            "Lima kata di selembar kartu, ditanya sekali sehari sebelum PIN. Tanpa kartu itu, laptop yang dicuri tidak "
            "dapat dibuka dengan menebak PIN. Simpan kartunya terpisah dari laptop."
        )
        self.body.addWidget(Label(words, "body", "text2", wrap=True))
        self.place = column_layout(spacing=10)
        self.body.addLayout(self.place)
        self.show_state()

    def show_state(self) -> None:
        """What is so now, and what can be done."""
        from posyandu.services import ways_in

        clear(self.place)
        on = ways_in.has_card(self.desk.ws)
        self.place.addWidget(Chip(_("Dipakai"), "ok") if on else Chip(_("Belum dipakai"), "neutral"), 0, _LEFT)
        row = row_layout(spacing=10)
        make = Button(
            _("Buat kartu baru") if on else _("Buat kartu kunci"), "secondary", "key-round", name="button:kartu-kunci"
        )
        make.clicked.connect(self.ask_new)
        row.addWidget(make)
        if on:
            drop = Button(_("Matikan"), "quiet", "x", name="button:kartu-mati", on=self.ask_drop)
            row.addWidget(drop)
        row.addStretch(1)
        self.place.addLayout(row)

    def ask_new(self) -> None:
        """Ask before another card is made."""
        self.desk.ask(
            _("Buat kartu kunci?"),
            _("Siapkan kertas kecil: lima katanya hanya tampil sekali. Kartu yang lama, bila ada, tidak berlaku lagi."),
            _("Buat kartu"),
            lambda: self.desk.run(_new_card, self._show_words, owner=self),
        )

    def _show_words(self, words: str) -> None:
        sheet = Overlay(self.window(), _("Kartu kunci baru"), width=560)
        told = Label(words, "title", wrap=True)
        told.setObjectName("kata-kartu")
        sheet.body.addWidget(told)
        explained = _(
            "Tulis kelima kata di kartu, simpan terpisah dari laptop, dan beri tahu kader yang membuka Posyandu. Bila "
            "kartu hilang, Puskesmas dapat membantu lewat telepon dari layar kunci."
        )
        sheet.body.addWidget(Label(explained, "body", "text2", wrap=True))
        done = Button(_("Sudah ditulis"), "primary", name="button:ya", on=sheet.accept)
        sheet.body.addWidget(done, 0, Qt.AlignmentFlag.AlignRight)
        sheet.open_over(done)
        self.show_state()

    def ask_drop(self) -> None:
        """Ask before the card is dropped."""
        self.desk.ask(
            _("Matikan kartu kunci?"),
            _("Sesudah ini PIN saja cukup untuk membuka buku di laptop ini."),
            _("Matikan"),
            lambda: self.desk.run(_drop_card, lambda _none: self.show_state(), owner=self),
            danger=True,
        )


class PhoneHelpCard(Card):
    """For the officer: the request a kader reads out and the key of her book give the digits to read back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Bantu kader yang lupa PIN lewat telepon"), spacing=12)
        self.desk = desk
        words = _(
            "Pastikan dahulu siapa yang menelepon. Kader membacakan sepuluh huruf dari layar kuncinya (Lupa PIN?). "
            "Ambil lembar kunci pemulihan buku itu, isi keduanya, lalu bacakan kodenya. Kode berlaku sekali, untuk "
            "laptop itu saja; kunci pemulihannya jangan dibacakan."
        )
        self.body.addWidget(Label(words, "body", "text2", wrap=True))
        self.request = TextInput(name="permintaan-telepon", accessible=_("Permintaan di layar kader"))
        self.request_field = Labelled(_("Permintaan di layar kader"), self.request)
        self.key = TextInput(name="kunci-telepon", accessible=_("Kunci pemulihan buku itu"))
        self.key_field = Labelled(_("Kunci pemulihan buku itu"), self.key)
        self.body.addWidget(self.request_field)
        self.body.addWidget(self.key_field)
        answer = Button(_("Hitung kode"), "secondary", "check", name="button:hitung-kode", on=self.compute)
        self.request.returnPressed.connect(self.key.setFocus)
        self.key.returnPressed.connect(self.compute)
        self.body.addWidget(answer, 0, _LEFT)
        self.code = Label("", "title", wrap=True)
        self.code.setObjectName("kode-telepon")
        self.body.addWidget(self.code)

    def compute(self) -> None:
        """Show the digits, or which of the two was misheard or mistyped; the key is not left on the screen."""
        self.code.setText("")
        for field in (self.request_field, self.key_field):
            field.set_problem("")
        try:
            told = recovery.read_request(self.request.text())
        except PosyanduError as error:
            self.request_field.set_problem(errors.sentence(error))
            return
        try:
            self.code.setText(recovery.answer_with_key(told, self.key.text()))
        except PosyanduError as error:
            self.key_field.set_problem(errors.sentence(error))
            return
        self.key.clear()


_LEFT = Qt.AlignmentFlag.AlignLeft


def _new_card(ws: Any) -> str:  # noqa: ANN401 - services.workspace.Workspace
    from posyandu.services import ways_in

    return ways_in.new_card(ws)


def _drop_card(ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
    from posyandu.services import ways_in

    ways_in.drop_card(ws)
