"""In place of confidential questions that nobody could read yet: who is told, the paper way, and how to get a key.

Nothing is typed here, so nothing is lost: what is asked today is written on a blank sheet that goes to the bidan in a
closed envelope. Where a reader's key is known but not compared, comparing its digits opens the questions at once.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posyandu.domain.duties import DUTIES
from posyandu.domain.form import Form
from posyandu.text import _
from posyandu.ui import papers
from posyandu.ui.desk import Desk
from posyandu.ui.reader_pin import CompareSheet
from posyandu.ui.widgets.basics import Button, Card, Label, Notice, clear, column_layout, row_layout


class NoReader(QWidget):
    """`again` is called when a key was accepted; `back` leads back to the visit, where there is one."""

    def __init__(self, desk: Desk, again: Callable[[], object], back: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.desk, self.again, self.back = desk, again, back
        self.body = column_layout(self, spacing=16)

    def show_form(self, form: Form, scope: str = "") -> None:
        """Tell it of this form, for the post of whom it is asked."""
        from posyandu.services import questionnaires, sealed

        ws = self.desk.ws
        clear(self.body)
        self.body.addWidget(Label(_(form.title), "h3", wrap=True))
        words = _(
            "Jawabannya hanya untuk bidan atau Puskesmas. Laptop ini menyimpannya tersegel, dan itu baru bisa bila "
            "Anda sudah mencocokkan kunci pembacanya."
        )
        self.body.addWidget(Notice("info", words))
        for reader in sealed.readers(ws, scope):
            known = _("Kunci {name} ({duty}) sudah ada. Cocokkan angkanya, lalu pertanyaannya terbuka.")
            told = known.format(name=reader.name, duty=_(DUTIES[reader.role]))
            compare = partial(CompareSheet, self.desk, self, reader, self.again)
            notice = Notice("warn", told, _("Cocokkan"), compare)
            assert notice.button is not None
            notice.button.setObjectName(f"button:cocokkan:{reader.worker_id}")
            self.body.addWidget(notice)
        called = questionnaires.whom_to_tell(ws, scope)
        self.body.addWidget(self._paper_way(called))
        self.body.addLayout(self._buttons(form))
        self.body.addStretch(1)

    def _paper_way(self, called: str) -> Card:
        card = Card(_("Yang bisa dilakukan hari ini"), padding=(24, 20), spacing=8)
        for number, words in enumerate(
            (
                _("Minta {called} menanyakannya, atau tanyakan sendiri berdua saja dan isi lembar kosongnya."),
                _("Masukkan lembar itu ke amplop tertutup dan serahkan kepada {called}. Jangan difoto atau dikirim."),
                _(
                    "Bila orangnya ingin mengakhiri hidup atau sedang dalam bahaya: jangan ditinggal sendirian, "
                    "hubungi {called} sekarang juga."
                ),
                _(
                    "Supaya bisa diisi di sini: bidan masuk dengan PIN-nya, membuka Masalah sosial, dan menekan Buat "
                    "kunci. Sesudah itu angkanya dicocokkan di halaman ini."
                ),
            ),
            1,
        ):
            line = row_layout(spacing=12)
            line.addWidget(Label(f"{number}.", "body", "text2"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(words.format(called=called), "body", wrap=True), 1)
            card.body.addLayout(line)
        return card

    def _buttons(self, form: Form) -> QHBoxLayout:
        row = row_layout(spacing=10)
        if self.back is not None:
            back = Button(_("Kembali ke kunjungan"), "secondary", "arrow-left", name="button:kembali-kunjungan")
            back.clicked.connect(self.back)
            row.addWidget(back)
        paper = Button(_("Simpan lembar kosong"), "primary", "printer", name="button:lembar-kosong")
        paper.clicked.connect(lambda: self.save_blank(form))
        row.addWidget(paper)
        row.addStretch(1)
        return row

    def save_blank(self, form: Form) -> None:
        """Write the blank questionnaire as PDF into the documents folder and say where."""
        from posyandu.services import questionnaires

        name = _("{form} lembar kosong").format(form=_(form.title))
        papers.save(self.desk, name, lambda ws, path: questionnaires.save_blank(ws, path, form))
