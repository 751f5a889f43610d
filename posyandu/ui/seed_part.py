"""Fill a new laptop without a network: save a request on a stick, later read the file that came back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.text import _
from posyandu.ui import errors, files
from posyandu.ui.widgets.basics import Button, Label, Notice, column_layout, row_layout

Run = Callable[[Callable[[Any], Any], Callable[[Any], object], Callable[[Exception], object]], object]
"""Runs work on a worker thread with a workspace of its own, then says how it ended."""


class SeedPart(QWidget):
    """Two steps with a stick between them; `code` gives what stands in the page's field of the enrolment code."""

    def __init__(self, run: Run, code: Callable[[], str], filled: Callable[[], object]) -> None:
        super().__init__()
        self._run, self._code, self._filled = run, code, filled
        self._folder: Path | None = None
        part = column_layout(self, spacing=10)
        words = _(
            "Tidak ada internet? Tulis kode pendaftaran, simpan permintaan ke flashdisk, dan bawa ke petugas atau ke "
            "laptop lain Posyandu ini. Berkas balasannya mengisi laptop ini."
        )
        part.addWidget(Label(words, "small", "text2", wrap=True))
        buttons = row_layout(spacing=10)
        self.ask = Button(_("Simpan permintaan"), "secondary", "usb", name="button:minta-benih", on=self.save_request)
        self.fill = Button(_("Isi dari berkas"), "secondary", "folder-open", name="button:isi-benih", on=self.read_seed)
        buttons.addWidget(self.ask)
        buttons.addWidget(self.fill)
        buttons.addStretch(1)
        part.addLayout(buttons)
        self.said = Notice("info", "")
        self.said.setObjectName("benih:kalimat")
        self.said.hide()
        part.addWidget(self.said)

    def save_request(self) -> None:
        """Ask for a folder and write the request there."""
        from posyandu.services import seeding

        code = self._code()
        folder = files.choose_folder(self, _("Pilih flashdisk atau folder"), self._folder)
        if folder is None:
            return
        self._folder = folder
        words = _("Tersimpan: {name}. Bawa ke petugas, lalu kembali dengan berkas balasannya.")
        self._work(lambda ws: words.format(name=seeding.ask(ws, folder, code).name))

    def read_seed(self) -> None:
        """Ask for the file and take in what is in it."""
        from posyandu.services import seeding

        kinds = _("Kiriman Posyandu (*.posyandu);;Semua berkas (*)")
        source = files.choose_file(self, _("Pilih berkas kiriman"), kinds, self._folder)
        if source is None:
            return
        self._folder = source.parent
        self._work(lambda ws: seeding.fill(ws, source).sentence, self._filled)

    def _work(self, work: Callable[[Any], str], then: Callable[[], object] | None = None) -> None:
        self._say("info", _("Sebentar…"))
        for button in (self.ask, self.fill):
            button.setEnabled(False)

        def done(sentence: str) -> None:
            self._say("ok", sentence)
            if then is not None:
                then()

        self._run(work, done, lambda error: self._say("bad", errors.sentence(error)))

    def _say(self, level: str, sentence: str) -> None:
        for button in (self.ask, self.fill):
            button.setEnabled(True)
        self.said.set_text(level, sentence)
        self.said.show()
