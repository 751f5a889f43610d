"""Tukar data: sheets for e-PPGBM and OpenSID out, sheets and packages in, looked at before anything changes."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QStackedWidget, QWidget

from posyandu.domain import eppgbm as columns
from posyandu.domain.calendar import Month
from posyandu.text import N_, _, count
from posyandu.ui import errors, files, jobs, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import focus
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Label,
    Notice,
    Page,
    ScrollPage,
    Segmented,
    Tick,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import MonthPicker, Picker
from posyandu.ui.widgets.report_table import ReportTable

STEPS = (("keluar", N_("Kirim keluar")), ("masuk", N_("Ambil dari berkas")))
KINDS = "Excel, CSV, paket data (*.xlsx *.xlsm *.xls *.ods *.csv *.tsv *.txt *.zip)"
BESIDE_FROM = 1000
"""The columns of a file stand in two rows from so many effective pixels on: below, their names would be cut."""
HEAD_ROWS = 15
EXAMPLES_WITHIN = 1_000
"""An example of a column is looked for in these rows alone: an empty column of a large file has none."""


class TukarPage(Page):
    """`open(step="", path=None)`: what goes out of the post's book, and what comes into it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Tukar data")
        self.subtitle = _(
            "Dengan e-PPGBM, OpenSID, Excel, atau Posyandu lain. Tidak ada yang berubah sebelum Anda setuju."
        )
        self.desk = desk
        self.sheets: Sequence[Any] = ()
        self.preview: Any = None
        self.taken: Any = None
        self.path: Path | None = None
        self._job: Any = None
        self._looking: Any = None
        self._asked = threading.Event()
        self._writing: WritingSheet | None = None
        outer = column_layout(self, spacing=12)
        outer.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(14))
        row = row_layout(spacing=12)
        self.steps = Segmented(
            [(code, _(words)) for code, words in STEPS], "keluar", name="arah", accessible=_("Arah"), tick=False
        )
        self.steps.changed.connect(lambda code: self._show_step(str(code)))
        row.addWidget(self.steps)
        self.month_picker = MonthPicker(lambda: desk.ws.today(), accessible=_("Bulan"))
        self.month_picker.currentIndexChanged.connect(lambda _index: self.look_out())
        row.addWidget(self.month_picker)
        row.addStretch(1)
        outer.addLayout(row)
        self.stack = QStackedWidget()
        self.out, self.inside = (ScrollPage(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP) for _side in STEPS)
        self.stack.addWidget(self.out)
        self.stack.addWidget(self.inside)
        outer.addWidget(self.stack, 1)
        self._build_out()
        self._build_in()
        desk.records_changed.connect(self._follow)

    # ---- page

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.look_out()

    def first_focus(self) -> QWidget:
        """The chosen direction."""
        return self.steps.buttons[self.steps.value()]

    def open(
        self, *, step: str = "", path: Path | None = None, month: Month | None = None, **_arguments: object
    ) -> None:
        """Show a direction, perhaps of a month, or with a file that was dropped or chosen."""
        self.month_picker.renew(month)
        if step or path is not None:
            self.steps.set_value("masuk" if path is not None else step)
        self._show_step(str(self.steps.value()))
        if path is not None:
            self.read(path)

    def _show_step(self, code: str) -> None:
        self.stack.setCurrentWidget(self.out if code == "keluar" else self.inside)
        self.month_picker.setVisible(code == "keluar")
        if code == "keluar":
            self.look_out()
        else:
            self._show_imports()

    def month(self) -> Month:
        """The month chosen."""
        return self.month_picker.month()

    # ---- out

    def _build_out(self) -> None:
        card = Card(_("e-PPGBM (SIGIZI Terpadu)"), padding=(22, 18), spacing=10)
        self.eppgbm_said = Label("", "body", "text2", wrap=True)
        card.body.addWidget(self.eppgbm_said)
        self.refused_note = Label(
            _("Baris ini akan ditolak. Tekan nama, lengkapi, lalu kembali ke sini."), "small", "text3", wrap=True
        )
        card.body.addWidget(self.refused_note)
        self.refused = ReportTable()
        self.refused.setFixedHeight(px(260))
        self.refused.cell_opened.connect(self._open_refused)
        card.body.addWidget(self.refused)
        row = Flow(spacing=12)
        self.save_eppgbm = Button(_("Simpan lembar e-PPGBM"), "primary", "file-spreadsheet", name="button:eppgbm")
        self.save_eppgbm.clicked.connect(self.write_eppgbm)
        row.add(self.save_eppgbm)
        self.sheet_kind = Picker(
            [("xls", _("Excel 97\N{EN DASH}2003 (.xls), seperti blangko e-PPGBM")), ("xlsx", _("Excel baru (.xlsx)"))],
            name="jenis-berkas",
            accessible=_("Jenis berkas"),
        )
        row.add(self.sheet_kind, 60)
        card.body.addWidget(row)
        self.out.body.addWidget(card)
        other = Card(_("OpenSID"), padding=(22, 18), spacing=10)
        other.body.addWidget(
            Label(
                _("Pemantauan bulanan anak 0\N{EN DASH}23 bulan, kolom seperti di modul stunting OpenSID."),
                "small",
                "text2",
                wrap=True,
            )
        )
        opensid = Button(_("Simpan lembar OpenSID"), "secondary", "file-spreadsheet", name="button:opensid")
        opensid.clicked.connect(self.write_opensid)
        other.body.addWidget(opensid, 0, Qt.AlignmentFlag.AlignLeft)
        self.out.body.addWidget(other)
        package = Card(_("Paket data terbuka"), padding=(22, 18), spacing=10)
        package.body.addWidget(
            Label(
                _(
                    "Semua catatan sebagai CSV dengan penjelasan tiap kolom, dapat dibaca program apa pun dan "
                    "dikembalikan ke buku lain. Berisi data pribadi: perlakukan seperti buku register. Bagian "
                    "rahasia tidak ikut."
                ),
                "small", "text2", wrap=True,
            )
        )  # fmt: skip
        self.whole_village = Tick(_("Semua Posyandu di buku ini"), name="semua")
        package.body.addWidget(self.whole_village)
        save = Button(_("Simpan paket data"), "secondary", "download", name="button:paket", on=self.write_package)
        package.body.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        self.out.body.addWidget(package)
        self.out_said = Label("", "small", "text2", wrap=True)
        self.out.body.addWidget(self.out_said)
        self.out.body.addStretch(1)

    def look_out(self) -> None:
        """What the month's e-PPGBM sheets would hold and lose, read beside the window."""
        from posyandu.services import eppgbm

        if self._looking is not None:
            self._looking.cancel()
        post, month = self.desk.ws.posyandu_id, self.month()
        self._looking = self.desk.run(
            lambda ws: eppgbm.export(ws, post, month), self._looked_out, self._failed_out, owner=self
        )

    def _looked_out(self, made: Any) -> None:  # noqa: ANN401 - reports.eppgbm.Export
        self._looking = None
        self.eppgbm_said.setText(
            _("{children} anak dan {visits} hasil ukur siap diunggah; {refused} baris akan ditolak.").format(
                children=len(made.identity[1].rows),
                visits=len(made.measurement[1].rows),
                refused=len(made.refused.rows),
            )
            + f" {made.kept_in}".rstrip()
        )
        some = bool(made.refused.rows)
        if some:
            self.refused.show_table(made.refused)
        self.refused.setVisible(some)
        self.refused_note.setVisible(some)

    def _open_refused(self, cell: Any, _title: str) -> None:  # noqa: ANN401 - reports.table.Cell
        self.desk.go("kartu", person_id=cell.people[0].id)

    def write_eppgbm(self) -> None:
        """Write identity, measurement and the refused rows into the documents folder."""
        from posyandu.services import eppgbm

        post, month, folder = self.desk.ws.posyandu_id, self.month(), files.folder()
        kind: Any = self.sheet_kind.value()
        self.desk.run(
            lambda ws: eppgbm.save(ws, post, month, folder, kind), self._eppgbm_written, self._failed_out, owner=self
        )

    def _eppgbm_written(self, saved: Any) -> None:  # noqa: ANN401 - services.eppgbm.Saved
        self._written(saved.paths[0], saved.sentence)

    def write_opensid(self) -> None:
        """Write OpenSID's sheet."""
        from posyandu.services import opensid

        post, month, folder = self.desk.ws.posyandu_id, self.month(), files.folder()
        self.desk.run(
            lambda ws: opensid.save(ws, post, month, folder),
            lambda saved: self._written(saved.path, saved.sentence),
            self._failed_out,
            owner=self,
        )

    def write_package(self) -> None:
        """Write the package of this post, or of all."""
        from posyandu.services import data_package, posts

        ws, today = self.desk.ws, self.desk.ws.today()
        ids = [post.id for post in posts.posts(ws)] if self.whole_village.isChecked() else [ws.posyandu_id]
        name = next(post.name for post in posts.posts(ws) if post.id == ids[0]) if len(ids) == 1 else _("semua")
        path = files.folder() / f"{files.safe_name(_('Paket data {name} {day}').format(name=name, day=today))}.zip"
        self.desk.run(
            lambda ws: data_package.save(ws, ids, path),
            lambda saved: self._written(saved.path, saved.sentence),
            self._failed_out,
            owner=self,
        )

    def _written(self, path: Path, sentence: str) -> None:
        self.out_said.setText(_("Tersimpan: {name}. {sentence}").format(name=path.name, sentence=sentence))
        self.desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

    def _failed_out(self, error: Exception) -> None:
        self.out_said.setText(errors.sentence(error))

    # ---- in

    def _build_in(self) -> None:
        card = Card(_("1 Pilih berkas"), padding=(22, 18), spacing=10)
        card.body.addWidget(
            Label(
                _(
                    "Berkas unduhan e-PPGBM, penduduk dari OpenSID, Excel atau CSV buatan sendiri, atau paket data. "
                    "Berkasnya hanya dibaca, tidak diubah."
                ),
                "small", "text2", wrap=True,
            )
        )  # fmt: skip
        row = row_layout(spacing=12)
        self.choose = Button(_("Pilih berkas…"), "primary", "folder-open", name="button:pilih-berkas", on=self.pick)
        row.addWidget(self.choose)
        self.file_name = Label("", "body", wrap=True)
        row.addWidget(self.file_name, 1)
        card.body.addLayout(row)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(px(8))
        self.bar.setAccessibleName(_("Membaca berkas"))
        self.bar.hide()
        card.body.addWidget(self.bar)
        self.stop = Button(_("Batal"), "quiet", "x", name="button:batal-baca", on=self.cancel)
        self.stop.hide()
        card.body.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        self.trouble = Label("", "body", "bad", wrap=True)
        self.trouble.hide()
        card.body.addWidget(self.trouble)
        self.inside.body.addWidget(card)
        self.map_card = Card(_("2 Cocokkan kolom"), padding=(22, 18), spacing=10)
        self.map_place = column_layout(spacing=8)
        self.map_card.body.addLayout(self.map_place)
        self.map_card.hide()
        self.inside.body.addWidget(self.map_card)
        self.look_card = Card(_("3 Lihat dulu"), padding=(22, 18), spacing=10)
        self.look_place = column_layout(spacing=10)
        self.look_card.body.addLayout(self.look_place)
        self.look_card.hide()
        self.inside.body.addWidget(self.look_card)
        self.before_card = Card(_("Yang pernah diambil di laptop ini"), padding=(22, 18), spacing=10)
        self.before_place = column_layout(spacing=10)
        self.before_card.body.addLayout(self.before_place)
        self.before_card.hide()
        self.inside.body.addWidget(self.before_card)
        self.inside.body.addStretch(1)

    def pick(self) -> None:
        """Ask for a file."""
        path = files.choose_file(self, _("Pilih berkas"), KINDS)
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Read a file beside the window: a package, or the tables of a sheet."""
        from posyandu.services import data_package, sheet_files

        if self._writing is not None:
            self.desk.toast(_("Tunggu sebentar: berkas sebelumnya masih dikerjakan."))
            return
        self.path = path
        self.file_name.setText(path.name)
        for card in (self.map_card, self.look_card):
            card.hide()
        self.trouble.hide()
        if path.suffix.lower() == ".zip":
            self._run(lambda ws, report: _told(data_package.look(ws, path, report)), self._looked)
        else:
            self._run(lambda _ws, report: sheet_files.read(path, report), self._sheets_read)

    def _run(self, work: Callable[[Any, Any], Any], done: Callable[[Any], object], *, writes: str = "") -> None:
        """Do this beside the window. What writes, and so has these words, is all or nothing and covers the window."""
        if self._job is not None:
            self._job.cancel()
        self._asked = threading.Event()
        if writes:
            self._writing = WritingSheet(self, writes)
        self.bar.setRange(0, 0)
        self.bar.setVisible(not writes)
        self.stop.setVisible(not writes)
        self._let_choose(False)
        asked = self._asked

        def stoppable(ws: Any, report: jobs.Progress) -> Any:  # noqa: ANN401 - services.workspace
            def told(done: int, total: int, sentence: str) -> None:
                if asked.is_set():
                    raise jobs.Cancelled
                report(done, total, sentence)

            return work(ws, told)

        self._job = self.desk.run(stoppable, done, self._failed_in, self._progress, owner=self)
        if writes:
            self.desk.writing = self._job

    def _progress(self, done: int, total: int, _sentence: str) -> None:
        bar = self._writing.bar if self._writing is not None else self.bar
        bar.setRange(0, total)
        bar.setValue(done)
        if done and self.path is not None:
            words = _("{name}: {n} dari {all}") if self._writing is not None else _("{name}: baris {n} dibaca")
            self.file_name.setText(words.format(name=self.path.name, n=count(done), all=count(total)))

    def cancel(self) -> None:
        """Stop reading; nothing was changed. What writes says itself whether it stopped or was done before."""
        if self._writing is not None:
            self._asked.set()
            self._writing.stopping()
            return
        if self._job is not None:
            self._job.cancel()
        self._rest()
        self.file_name.setText(_("Dibatalkan. Tidak ada yang berubah."))

    def _rest(self) -> None:
        self._job = None
        self.file_name.setText(self.path.name if self.path is not None else "")
        self.bar.hide()
        self.stop.hide()
        self._let_choose(True)
        sheet, self._writing = self._writing, None
        if sheet is not None:
            sheet.accept()

    def _let_choose(self, on: bool) -> None:
        for each in (self.choose, self.map_card, self.look_card, self.before_card):
            each.setEnabled(on)

    def _failed_in(self, error: Exception) -> None:
        from posyandu.services import imports

        self._rest()
        imports.saw_it_stop(self.desk.ws)
        if isinstance(error, jobs.Cancelled):
            self.file_name.setText(_("Dibatalkan. Tidak ada yang berubah."))
            return
        self.trouble.setText(errors.sentence(error) + " " + _("Tidak ada yang berubah."))
        self.trouble.show()

    # ---- which column is which

    def _sheets_read(self, sheets: Sequence[Any]) -> None:
        self._rest()
        self.sheets = sheets
        guessed = [columns.find_header(sheet.rows) for sheet in sheets]
        place = next((number for number, header in enumerate(guessed) if header is not None), 0)
        self._show_mapping(place)
        if guessed[place] is not None:
            self.look_in()
        elif self.isVisible():
            focus(self.row_picker)

    def _show_mapping(self, place: int, row: int | None = None) -> None:
        """The headings of one tab, those of `row` when told, each with what it was taken for."""
        clear(self.map_place)
        sheet = self.sheets[place]
        header = columns.find_header(sheet.rows)
        at = row if row is not None else header.row if header else _likely_heading(sheet.rows)
        mapping = QWidget()  # shown at once: shown one by one, each picker has the page laid out anew
        column_of = column_layout(mapping, spacing=8)
        column_of.addLayout(self._where_headings_are(place, at))
        for remark in sheet.remarks:
            column_of.addWidget(Notice("info", remark))
        column_of.addLayout(self._headings(mapping, sheet.rows[at : at + 1 + EXAMPLES_WITHIN]))
        self.look_button = Button(_("Lihat hasilnya"), "secondary", "eye", name="button:lihat", on=self.look_in)
        column_of.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.map_place.addWidget(mapping)
        self.map_card.show()

    def _where_headings_are(self, place: int, at: int) -> QHBoxLayout:
        """Which tab, and which of its rows."""
        top = row_layout(spacing=12)
        self.tab_picker = Picker(
            [(number, each.name) for number, each in enumerate(self.sheets)], name="lembar", accessible=_("Lembar")
        )
        self.tab_picker.setCurrentIndex(place)
        self.tab_picker.activated.connect(lambda _index: self._show_mapping(int(str(self.tab_picker.value()))))
        rows = range(min(HEAD_ROWS, len(self.sheets[place].rows)))
        self.row_picker = Picker(
            [(number, _("Judul kolom di baris {n}").format(n=number + 1)) for number in rows],
            name="baris-judul", accessible=_("Baris judul kolom"),
        )  # fmt: skip
        self.row_picker.set_value(at)
        self.row_picker.activated.connect(lambda _index: self._show_mapping(place, int(str(self.row_picker.value()))))
        top.addWidget(self.tab_picker)
        top.addWidget(self.row_picker)
        top.addStretch(1)
        return top

    def _headings(self, mapping: QWidget, rows: Sequence[Sequence[Any]]) -> QGridLayout:
        """Each heading, in the first of these rows, with an example from those below and a picker of what it is."""
        headings = rows[0] if rows else ()
        known = {column: name for name, column in columns.columns_of(headings).items()}
        told = [number for number, cell in enumerate(headings) if cell not in (None, "")]
        options = [("", _("(tidak diambil)")), *((name, _(words)) for name, words in FIELDS.items())]
        lines = Picker(options)  # whose list all of them show
        lines.setParent(mapping)
        lines.hide()
        longest = max(len(words) for _name, words in options)
        beside = 2 if self.width() / theme.factor() >= BESIDE_FROM else 1
        half = -(-len(told) // beside)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(px(6))
        self.column_pickers: dict[int, Picker] = {}
        for number, column in enumerate(told):
            example = _example(rows[1:], column)
            label = Label(
                f"{headings[column]}  ({example[:18]})" if example else str(headings[column]), "small", wrap=True
            )
            picker = Picker(name=f"kolom:{column}", accessible=str(headings[column]), height=40)
            picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            picker.setMinimumContentsLength(longest)
            picker.setModel(lines.model())
            picker.set_value(known.get(column, ""))
            picker.currentIndexChanged.connect(lambda _index: self.look_card.hide())  # it told of other columns
            self.column_pickers[column] = picker
            side = 2 * (number // half)
            grid.addWidget(label, number % half, side)
            grid.addWidget(picker, number % half, side + 1)
        for side in (0, 2):
            grid.setColumnStretch(side, 1)
        return grid

    def look_in(self) -> None:
        """Compare the sheet with the book, beside the window; nothing is written."""
        from posyandu.services import eppgbm_import

        chosen = {str(picker.value()): column for column, picker in self.column_pickers.items() if picker.value()}
        enough = columns.is_enough(chosen)
        missing = [_(FIELDS[name]) for name in columns.NEEDED if name not in chosen and not enough]
        doubled = len(chosen) < sum(bool(picker.value()) for picker in self.column_pickers.values())
        self.look_card.hide()
        if missing or doubled:
            self.trouble.setText(
                _("Pilih dulu kolom untuk: {names}.").format(names=", ".join(missing))
                if missing
                else _("Satu isian dipilih untuk dua kolom. Pilih satu saja.")
            )
            self.trouble.show()
            return
        self.trouble.hide()
        header = columns.Header(int(str(self.row_picker.value())), chosen)
        sheet, post = self.sheets[int(str(self.tab_picker.value()))], self.desk.ws.posyandu_id
        self._run(lambda ws, report: _told(eppgbm_import.look_at(ws, post, sheet, header, report)), self._looked)

    # ---- look, take, take back

    def _looked(self, told: "_Told") -> None:
        self._rest()
        preview, table = told.preview, told.table
        self.preview = preview
        clear(self.look_place)
        self.decisions: dict[int, Picker] = {}
        said = Label(told.sentence, "body", wrap=True)
        said.setObjectName("ringkasan")
        self.look_place.addWidget(said)
        for remark in preview.remarks:
            self.look_place.addWidget(Notice("info", remark))
        if told.too_many:
            self.look_place.addWidget(Notice("warn", told.too_many))
        view = ReportTable()
        view.setObjectName("baris-berkas")
        view.show_table(table)
        view.setFixedHeight(px(min(64 + 34 * max(1, len(table.rows)), 340)))
        view.cell_opened.connect(lambda cell, _title: self.desk.go("kartu", person_id=cell.people[0].id))
        self.look_place.addWidget(view)
        self.unsure_place = column_layout(spacing=10)
        self.look_place.addLayout(self.unsure_place)
        self._ask_who(told.unsure)
        row = row_layout(spacing=12)
        self.take_button = Button(_("Ambil ke buku"), "primary", "download", name="button:ambil", on=self.take)
        self.take_button.setEnabled(not told.too_many)
        row.addWidget(self.take_button)
        report = Button(_("Simpan daftar ini"), "secondary", "file-spreadsheet", name="button:daftar")
        report.clicked.connect(lambda: self.save_rows(table))
        row.addWidget(report)
        row.addStretch(1)
        self.look_place.addLayout(row)
        self._bring(view)

    def _bring(self, keys: QWidget) -> None:
        """Show what came of the file: what its columns are taken for fills the window. `keys` gets the keyboard."""
        self.look_card.show()
        if self.isVisible():
            focus(keys)
            self.desk.soon(self.look_card, lambda: self.inside.verticalScrollBar().setValue(self.look_card.y()))

    def _ask_who(self, unsure: Sequence[Any]) -> None:
        """The first of these rows, and the way to the rest."""
        for each in unsure[:HEAD_ROWS]:
            self._decision(each)
        rest = unsure[HEAD_ROWS:]
        if rest:
            more = Button(_("Tampilkan {n} lagi").format(n=min(HEAD_ROWS, len(rest))), "quiet", name="button:lagi")

            def ask_on() -> None:
                more.hide()
                self._ask_who(rest)

            more.clicked.connect(ask_on)
            self.unsure_place.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _decision(self, each: Any) -> None:  # noqa: ANN401 - services.eppgbm_import.Planned
        """Somebody alike: the same person, or another?"""
        number = each.line.number
        row = row_layout(spacing=12)
        words = _("Baris {n}, {name}: {sentence}").format(
            n=number, name=each.line.person.get("name"), sentence=each.sentence
        )
        row.addWidget(Label(words, "small", "text2", wrap=True), 1)
        picker = Picker(
            [("nanti", _("Lewati dulu")), (each.person_id, _("Orang yang sama")), ("", _("Orang lain, daftarkan"))],
            name=f"siapa:{number}", accessible=words, height=40,
        )  # fmt: skip
        self.decisions[number] = picker
        row.addWidget(picker)
        self.unsure_place.addLayout(row)

    def save_rows(self, table: Any) -> None:  # noqa: ANN401 - reports.table.Table
        """Write the list, row by row, as a workbook."""
        from posyandu.services import eppgbm_import

        read = self.path.stem if self.path is not None else ""
        path = files.folder() / f"{files.safe_name(_('Hasil baca {name}').format(name=read))}.xlsx"
        self.desk.run(
            lambda ws: eppgbm_import.save_rows(ws, table, path),
            lambda done: self.desk.toast(
                _("{name} tersimpan").format(name=done.name), _("Buka"), lambda: files.show(done)
            ),
            self._failed_in,
            owner=self,
        )

    def take(self) -> None:
        """Bring the new into the book, all or nothing."""
        from posyandu.services import data_package, eppgbm_import

        preview, name = self.preview, self.path.name if self.path is not None else ""
        decided = {number: str(each.value()) for number, each in self.decisions.items() if each.value() != "nanti"}
        package = isinstance(preview, data_package.Preview)

        def work(ws: Any, report: Any) -> Any:  # noqa: ANN401
            if package:
                return data_package.take(ws, preview, name, report)
            return eppgbm_import.take(ws, preview, decided, name, report)

        self._run(work, self._took, writes=_("Sedang mengambil {name}…").format(name=name))

    def _took(self, taken: Any) -> None:  # noqa: ANN401 - a Taken of either kind
        self._rest()
        self.taken = taken
        clear(self.look_place)
        self.look_place.addWidget(Notice("ok", taken.sentence))
        if taken.import_id:
            back = Button(_("Batalkan pengambilan ini"), "secondary", "undo-2", name="button:kembalikan")
            back.clicked.connect(lambda: self.take_back(taken.import_id))
            self.look_place.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        self.desk.announce("person", "under_five_visit", "posyandu")
        self._show_imports()
        self._bring(self.choose)

    # ---- what was brought in before

    def _show_imports(self) -> None:
        """The files brought in on this laptop, each to be taken back as long as nobody built on it."""
        from posyandu.services import imports

        clear(self.before_place)
        found = imports.listed(self.desk.ws)
        self.before_card.setVisible(bool(found))
        for each in found:
            row = row_layout(spacing=12)
            words = column_layout(spacing=2)
            words.addWidget(Label(each.name or _("Berkas"), "label", wrap=True))
            words.addWidget(Label(each.line, "small", "text2", wrap=True))
            row.addLayout(words, 1)
            if not each.taken_back:
                back = Button(_("Batalkan"), "secondary", "undo-2", name=f"button:batalkan:{each.id}")
                back.setAccessibleName(_("Batalkan pengambilan {name}").format(name=each.name))
                back.clicked.connect(lambda _on=False, each=each: self.ask_back(each))
                row.addWidget(back)
            self.before_place.addLayout(row)

    def ask_back(self, each: Any) -> None:  # noqa: ANN401 - services.imports.Import
        """Say what would go and what would stay, then ask."""
        from posyandu.services import imports

        def ask(found: Any) -> None:  # noqa: ANN401 - services.imports.Outlook
            self._rest()
            words = _("{n} catatan dari berkas ini akan dikembalikan.").format(n=found.back)
            if found.kept:
                words += " " + _("{n} tetap karena sudah diperbaiki atau dipakai sesudahnya.").format(n=len(found.kept))
            title = _("Batalkan pengambilan {name}?").format(name=each.name)
            self.desk.ask(title, words, _("Batalkan pengambilan"), lambda: self.take_back(each.id), danger=True)

        self._run(lambda ws, _report: imports.outlook(ws, each.id), ask)

    def take_back(self, import_id: str) -> None:
        """Undo a whole file but for what was corrected since."""
        from posyandu.services import imports

        self.trouble.hide()
        work = lambda ws, report: imports.take_back(ws, import_id, report)  # noqa: E731
        self._run(work, self._took_back, writes=_("Sedang mengembalikan…"))

    def _took_back(self, outlook: Any) -> None:  # noqa: ANN401 - services.imports.Outlook
        self._rest()
        self.taken = None
        clear(self.look_place)
        words = outlook.sentence if outlook.kept else _("Dikembalikan. Buku seperti sebelum berkas diambil.")
        self.look_place.addWidget(Notice("warn" if outlook.kept else "ok", words))
        self.desk.announce("person", "under_five_visit", "posyandu")
        self._show_imports()
        self._bring(self.choose)


class WritingSheet(Overlay):
    """Over the window while a file is written: what somebody else saves would have to wait for all of it, and fail."""

    def __init__(self, page: TukarPage, title: str) -> None:
        super().__init__(page.window(), title, width=520)
        self.setObjectName("menulis")
        self._page = page
        words = _("Tunggu sampai selesai, atau batalkan. Selama itu tidak ada yang dapat diisi di halaman lain.")
        self.words = Label(words, "body", "text2", wrap=True)
        self.body.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(px(8))
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(f"{title} {words}")
        self.bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.addWidget(self.bar)
        self.cancel = self.foot()
        self.open_over(self.bar)  # not the button: a space of what is being typed would press it

    def reject(self) -> None:
        """Ask the work to stop; the sheet goes when it has."""
        self._page.cancel()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the sheet stops nothing."""

    def stopping(self) -> None:
        """Say that it stops at the next row."""
        self.words.setText(_("Sedang dibatalkan…"))
        self.bar.setFocus(Qt.FocusReason.OtherFocusReason)
        self.cancel.setEnabled(False)


@dataclass(frozen=True)
class _Told:
    """A file looked at, with what the page shows of it, made beside the window: files may have 100,000 rows."""

    preview: Any
    sentence: str
    table: Any
    unsure: Sequence[Any]
    too_many: str


def _told(preview: Any) -> _Told:  # noqa: ANN401 - a Preview of either kind
    from posyandu.services import data_package, eppgbm_import

    if isinstance(preview, data_package.Preview):
        return _Told(preview, preview.sentence, data_package.as_table(preview), (), "")
    unsure = tuple(row for row in preview.rows if row.who == "unsure")
    table = eppgbm_import.as_table(preview)
    return _Told(preview, preview.sentence, table, unsure, preview.too_many)


def _example(rows: Sequence[Sequence[Any]], column: int) -> str:
    """What stands first in a column."""
    return next((str(row[column]) for row in rows if len(row) > column and row[column] not in (None, "")), "")


def _likely_heading(rows: Sequence[Sequence[Any]]) -> int:
    """The first row with the most words: above it stand banners, below it values."""
    words = [sum(isinstance(cell, str) for cell in row) for row in rows[:HEAD_ROWS]]
    return words.index(max(words)) if words else 0


FIELDS = {**columns.NAMES, "parents": N_("nama ayah / ibu")}
"""What a column may hold, in the words of the mapping."""
