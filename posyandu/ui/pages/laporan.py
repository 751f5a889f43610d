"""The monthly report: month, parts, preview or tables whose numbers open their names, what does not add up, files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from posyandu.domain.calendar import Month, month_text
from posyandu.text import _
from posyandu.ui import errors, files, papers, theme
from posyandu.ui.desk import Desk
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import Deeds, Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    EmptyState,
    Label,
    Notice,
    Page,
    Row,
    ScrollPage,
    Segmented,
    Tick,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.pages_view import PagesView, image_of
from posyandu.ui.widgets.picker import MonthPicker, Picker
from posyandu.ui.widgets.report_table import ReportTable

PREVIEW_DPI = 96
MONTHLY = "bulanan"
WIDE, MIDDLING = 1040, 760  # effective pixels: three columns, two, one
LEAST_SEEN = 100  # effective pixels of the report in a low window: the tools above it stay whole


@dataclass(frozen=True)
class Built:
    """What the worker brings back."""

    report: Any
    pages: list[Any]
    state: Any = None


class LaporanPage(Page):
    """Builds the report beside the window whenever month, paper or records change."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Laporan")
        self.desk = desk
        self.report: Any = None
        self.part = ""
        self.version: Any = None
        self.lock_state: Any = None
        self.has_levels = False
        self._job: Any = None
        self._hint: str = ""
        self._stale = True
        outer = column_layout(self, spacing=12)
        outer.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(14))
        outer.addWidget(self._tools())
        across = row_layout(spacing=theme.CARD_GAP)
        outer.addLayout(across, 1)
        self.parts_card = Card(_("Bagian"), padding=(16, 16), spacing=6, rows=True)
        self.parts_card.setFixedWidth(px(250))
        self.parts_view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.parts = column_layout(spacing=0)
        self.parts_view.body.addLayout(self.parts)
        self.parts_view.body.addStretch(1)
        self.parts_card.body.addWidget(self.parts_view, 1)
        across.addWidget(self.parts_card)
        self.stack = QStackedWidget()
        self.preview = PagesView()
        self.stack.addWidget(self.preview)
        self.stack.addWidget(self._table_side())
        self.stack.addWidget(self._waiting())
        self.stack.setMinimumHeight(px(LEAST_SEEN))
        across.addWidget(self.stack, 1)
        self.checks_card = Card(_("Kelengkapan"), padding=(20, 16), spacing=8)
        self.checks_card.setFixedWidth(px(290))
        self.checks_view = ScrollPage(margins=(0, 0, 0, 0), spacing=8)
        self.checks = column_layout(spacing=8)
        self.checks_view.body.addLayout(self.checks)
        self.checks_view.body.addStretch(1)
        self.checks_card.body.addWidget(self.checks_view, 1)
        across.addWidget(self.checks_card)
        self._bar = self._make_bar()
        self._show_heading()
        desk.records_changed.connect(self._records_changed)

    # ---- page

    def first_focus(self) -> QWidget:
        """The month."""
        return self.month_picker

    def action_bar(self) -> QWidget:
        """Where files go and the buttons that make them."""
        return self._bar

    def open(
        self,
        *,
        month: Month | None = None,
        part: str = "",
        kind: str = "",
        level: str = "",
        version: Any = None,  # noqa: ANN401 - services.month_lock.Version
        **_arguments: object,
    ) -> None:
        """Show the report of a month: another kind of it, of a whole village, a signed version, one of its tables."""
        before = self._wanted()
        self.month_picker.renew(month)
        for picker, value in ((self.level_picker, level), (self.kind_picker, kind or (MONTHLY if part else ""))):
            if value:
                picker.blockSignals(True)
                picker.set_value(value)
                picker.blockSignals(False)
        self.version = version
        self._stale = self._stale or self._wanted() != before
        if part:
            self.part = part
            self.mode.set_value("table")
        if self._stale or self.report is None:
            self.build()

    def _wanted(self) -> tuple[object, ...]:
        return self.level_picker.value(), self.kind_picker.value(), self.month_picker.value(), self.version

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side columns give way in a narrow window."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Tables get the room of the checks; the list of parts becomes a drop-down in a narrow window."""
        width, table = self.width() / theme.factor(), self.mode.value() == "table"
        self.parts_card.setVisible(width >= WIDE)
        self.part_picker.setVisible(self._is_picked())
        self._show_heading()
        self.paper_tools.setVisible(not table)
        self.checks_card.setVisible(width >= MIDDLING and not table)
        if self.report is not None:
            self._show_state()

    def _is_picked(self) -> bool:
        """Whether the part shown is chosen from a drop-down, which then names it."""
        return self.width() / theme.factor() < WIDE and self.mode.value() == "table"

    def _show_heading(self) -> None:
        """What stands above the table gives way to its rows where the drop-down says it and room is short."""
        picked, rows = self._is_picked(), self.table.isVisibleTo(self.table_card)
        self.table_title.setVisible(not picked)
        self.table_note.setVisible(not picked and rows)
        side = px(8 if picked else 16)
        self.table_card.body.setContentsMargins(px(16), side, px(16), side)
        hint = _("Berkas disimpan di Dokumen, folder Posyandu.")
        if picked and (rows or self.state.level == "warn"):
            hint = f"{self.state.text()}." if self.state.level == "warn" else self.table_note.text()
        if self.where.text() == self._hint:  # what was saved stays said
            self.where.setText(hint)
            self._hint = hint

    def _show_state(self) -> None:
        """Beside the list of checks, and where room is short, only what is amiss is said; of a table at its foot."""
        width, amiss = self.width() / theme.factor(), self.state.level == "warn"
        told = self.mode.value() == "preview" and width >= MIDDLING
        shown = amiss or (width >= MIDDLING and not told)
        self.state.setVisible(bool(self.report.checks) and shown and not self._is_picked())

    def _records_changed(self, _forms: object) -> None:
        self._stale = True
        if self.isVisible():
            self.build()

    # ---- parts of the page

    def _tools(self) -> Flow:
        from posyandu.services import reporting

        row = Flow(spacing=10)
        self.kind_picker = Picker(
            [(kind.code, kind.title) for kind in reporting.kinds() if kind.period != "person"],
            name="jenis",
            accessible=_("Jenis laporan"),
        )
        self.kind_picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind_picker.setMinimumContentsLength(12)
        self.kind_picker.setMinimumWidth(px(150))
        self.kind_picker.view().setMinimumWidth(px(560))  # the open list shows every title in full
        self.kind_picker.currentIndexChanged.connect(lambda _index: self._choose())
        row.add(self.kind_picker, 100, self.kind_picker.whole_width)
        row.add(self._levels(), 60, self.level_picker.whole_width)
        self.month_picker = MonthPicker(lambda: self.desk.ws.today(), accessible=_("Bulan laporan"))
        self.month_picker.currentIndexChanged.connect(lambda _index: self._choose())
        row.add(self.month_picker)
        self.mode = Segmented(
            [("preview", _("Halaman")), ("table", _("Tabel"))], "preview", name="tampilan", accessible=_("Tampilan")
        )
        self.mode.changed.connect(lambda _code: self._show_mode())
        row.add(self.mode)
        self.part_picker = Picker(name="bagian", accessible=_("Bagian laporan"))
        self.part_picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.part_picker.setMinimumContentsLength(12)
        self.part_picker.activated.connect(lambda _index: self.show_part(str(self.part_picker.value())))
        self.part_picker.hide()
        row.add(self.part_picker, 100, self.part_picker.whole_width)
        self.state = Chip("", "neutral")
        self.state.hide()
        row.add(self.state)
        paper = self.desk.preferences.paper if hasattr(self.desk.preferences, "paper") else "A4"
        self.paper = Segmented([("A4", "A4"), ("F4", "F4")], paper, name="kertas", accessible=_("Ukuran kertas"))
        self.paper.changed.connect(self._take_paper)
        self.mono = Tick(_("Hitam putih"), name="mono")
        self.mono.setChecked(self.desk.preferences.mono)
        self.mono.toggled.connect(self._take_mono)
        self.paper_tools = QWidget()  # one question, what to print on: its two parts stay side by side
        printed = row_layout(self.paper_tools, spacing=12)
        printed.addWidget(self.paper)
        printed.addWidget(self.mono)
        row.add(self.paper_tools)
        return row

    def _levels(self) -> Picker:
        """This post, and every village, puskesmas, kecamatan and kabupaten of the book where it has several posts."""
        from posyandu.services import levels, posts

        ws = self.desk.ws
        known = posts.posts(ws)
        here = next((post.name for post in known if post.id == ws.posyandu_id), "")
        found = levels.levels(ws) if len(known) > 1 else []
        self.has_levels = bool(found)
        self.level_picker = Picker(
            [("", here), *((each.code, each.title) for each in found)], name="wilayah", accessible=_("Wilayah laporan")
        )
        self.level_picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.level_picker.setMinimumContentsLength(10)
        self.level_picker.view().setMinimumWidth(px(360))
        if not self.has_levels:  # never shown before it has a place: it would be a window of its own and take the keys
            self.level_picker.hide()
        self.level_picker.currentIndexChanged.connect(lambda _index: self._choose())
        return self.level_picker

    def _choose(self) -> None:
        """Something else was chosen: an old version is left."""
        self.version = None
        self.build()

    def _table_side(self) -> QWidget:
        self.table_card = card = Card(padding=(16, 16), spacing=8)
        self.table_title = Label("", "h3", wrap=True)
        self.table_note = Label(_("Tekan angka hijau untuk melihat nama."), "small", "text3", wrap=True)
        card.body.addWidget(self.table_title)
        card.body.addWidget(self.table_note)
        self.table = ReportTable()
        self.table.cell_opened.connect(self._open_cell)
        card.body.addWidget(self.table, 1)
        self.table_empty = EmptyState("circle-check", "")
        card.body.addWidget(self.table_empty, 1)
        return card

    def _waiting(self) -> QWidget:
        holder = QWidget()
        column = column_layout(holder, spacing=12)
        column.addStretch(1)
        self.wait_words = Label(_("Menyusun laporan…"), "body", "text2", wrap=True)
        self.wait_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.wait_words)
        self.wait_bar = QProgressBar()
        theme.dress(self.wait_bar)
        self.wait_bar.setRange(0, 0)
        self.wait_bar.setTextVisible(False)
        self.wait_bar.setFixedSize(px(220), px(8))
        self.wait_bar.setAccessibleName(_("Menyusun laporan"))
        column.addWidget(self.wait_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        self.stop = Button(_("Berhenti"), "secondary", name="button:berhenti", on=self._stop)
        column.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return holder

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = Label("", "small", "text2", wrap=True)
        self.where.setMinimumWidth(px(215))
        row.addWidget(self.where, 1)
        self._buttons: list[Button] = []
        for words, kind, icon, name, deed in (
            (_("CSV"), "secondary", "download", "csv", self.save_csv),
            (_("Excel"), "secondary", "file-spreadsheet", "excel", self.save_xlsx),
            (_("Cetak"), "secondary", "printer", "cetak", self.print_now),
            (_("Simpan PDF"), "primary", "save", "simpan-pdf", self.save_pdf),
        ):
            button = Button(words, kind, icon, name=f"button:{name}", on=deed)
            button.setEnabled(False)
            self._buttons.append(button)
        row.addWidget(Deeds(self._buttons[:2]))
        for button in self._buttons[2:]:
            row.addWidget(button)
        return bar

    # ---- building

    def month(self) -> Month:
        """The month chosen."""
        return self.month_picker.month()

    def build(self) -> None:
        """Build the report beside the window."""
        from posyandu.reports.monthly import MonthlyReport
        from posyandu.services import levels, month_lock, reporting

        if self._job is not None:
            self._job.cancel()
        self._stale = False
        post, month = self.desk.ws.posyandu_id, self.month()
        kind, level, version = str(self.kind_picker.value()), str(self.level_picker.value() or ""), self.version
        to_pdf = self._printer()

        def work(ws: Any, told: Any) -> Built:  # noqa: ANN401 - services.workspace.Workspace, and who hears of posts
            state = None
            if version is not None:
                report = version.report
            elif level:
                report = levels.build(ws, kind, level, month, told)
            else:
                report = reporting.build(ws, kind, post, month)
                state = month_lock.state(ws, post, month, report) if isinstance(report, MonthlyReport) else None
            pages = reporting.page_images(to_pdf(ws, report), PREVIEW_DPI)
            return Built(report, [image_of(page) for page in pages], state)

        self._set_ready(False)
        self.wait_words.setText(_("Menyusun laporan {month}…").format(month=month_text(month)))
        self.wait_bar.setRange(0, 0)
        self.wait_bar.show()
        self.stop.setVisible(bool(level) and version is None)
        self.stack.setCurrentIndex(2)
        self._job = self.desk.run(work, self._built, self._failed, self._progress, owner=self)

    def _progress(self, done: int, total: int, post: str) -> None:
        self.wait_words.setText(_("Membaca {post}, {n} dari {total}…").format(post=post, n=done + 1, total=total))
        self.wait_bar.setRange(0, total)
        self.wait_bar.setValue(done)

    def _stop(self) -> None:
        """Let go of a report of many posts; the one chosen next is built anew."""
        if self._job is not None:
            self._job.cancel()
        self._job, self._stale = None, True
        self.wait_bar.hide()
        self.stop.hide()
        self.wait_words.setText(_("Dihentikan. Pilih laporan atau wilayah lain di atas."))

    def _printer(self) -> Callable[[Any, Any], bytes]:
        """How what is shown becomes a PDF with the paper and ink chosen: a signed version prints as it was signed."""
        from posyandu.services import month_lock, reporting

        paper, mono, version = str(self.paper.value()), self.mono.isChecked(), self.version
        post = self.desk.ws.posyandu_id
        if version is not None:
            return lambda ws, _report: month_lock.signed_pdf(ws, post, version, paper, mono=mono)  # type: ignore[arg-type]
        return lambda _ws, report: reporting.pdf_bytes(report, paper, mono=mono)  # type: ignore[arg-type]

    def _told(self) -> str:
        """What the access log calls what is shown."""
        from posyandu.services import month_lock, reporting

        return reporting.told(self.report) if self.version is None else month_lock.told(self.version)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._stale = True
        self.wait_bar.hide()
        self.stop.hide()
        self.wait_words.setText(errors.sentence(error))

    def _built(self, built: Built) -> None:
        self._job = None
        self.report, self.lock_state = built.report, built.state
        self.preview.set_pages(built.pages)
        self.subtitle = _("{post}, {n} halaman, kode {code}").format(
            post=built.report.post_name, n=len(built.pages), code=built.report.code
        )
        if self.version is not None:
            self.subtitle = f"{self.version.mark} · {self.subtitle}"
        self.header_changed.emit()
        self._set_ready(True)
        self._show_checks()
        self._show_parts()
        self._show_mode()

    def _set_ready(self, ready: bool) -> None:
        for button in self._buttons:
            button.setEnabled(ready)

    def _take_paper(self, paper: object) -> None:
        if hasattr(self.desk.preferences, "paper"):
            self.desk.change_preferences(paper=paper)
        self.build()

    def _take_mono(self, on: bool) -> None:
        self.desk.change_preferences(mono=on)
        self.build()

    # ---- what is shown

    def tables(self) -> list[Any]:
        """Every table of the report: figures, then lists of names."""
        return [*self.report.tables, *self.report.lists] if self.report is not None else []

    def _show_parts(self) -> None:
        clear(self.parts)
        self.part_picker.clear()
        lists = {table.code for table in self.report.lists}
        for table in self.tables():
            self.part_picker.addItem(table.title, table.code)
            told = not table.rows or str(len(table.rows)) in table.title.split()  # the title may say how many
            chip = None if told or table.code not in lists else (str(len(table.rows)), "neutral")
            row = Row(
                table.title,
                "",
                chip=chip,
                chevron=False,
                height=52,
                wrap=True,
                name=f"bagian:{table.code}",
            )
            row.setToolTip(table.title)
            row.clicked.connect(lambda _on=False, code=table.code: self.show_part(code, switch=True))
            self.parts.addWidget(row)
        if self.part not in [table.code for table in self.tables()]:
            self.part = self.tables()[0].code if self.tables() else ""
        self.show_part(self.part)

    def show_part(self, code: str, *, switch: bool = False) -> None:
        """Show the table of this code; `switch` also turns from the pages to the tables."""
        self.part = code
        table = next((each for each in self.tables() if each.code == code), None)
        if table is None:
            return
        self.part_picker.set_value(code)
        self.table_title.setText(table.title)
        self.table.show_table(table)
        self.table.setVisible(bool(table.rows))
        self.table_empty.label.setText(table.empty or _("Tidak ada yang perlu dicatat di bagian ini."))
        self.table_empty.setVisible(not table.rows)
        self._show_heading()
        if switch:
            self.mode.set_value("table")
            self._show_mode()
        for place in range(self.parts.count()):
            item = self.parts.itemAt(place)
            row = item.widget() if item is not None else None
            if isinstance(row, Row):
                row.current = row.objectName() == f"bagian:{code}" and self.mode.value() == "table"
                row.update()

    def _show_mode(self) -> None:
        if self.report is None or self._job is not None:
            return
        table = self.mode.value() == "table"
        self.stack.setCurrentIndex(1 if table else 0)
        self._fit()
        self.show_part(self.part)

    def _show_checks(self) -> None:
        clear(self.checks)
        wrong = [check for check in self.report.checks if not check.ok]
        fine = [check for check in self.report.checks if check.ok]
        blank = bool(getattr(self.report, "blank", False))
        if blank:
            self.state.set_state(_("Belum ada catatan"), "warn", "triangle-alert")
        elif wrong:
            self.state.set_state(_("{n} hal perlu dicek").format(n=len(wrong)), "warn", "triangle-alert")
        else:
            self.state.set_state(_("Lengkap"), "ok", "circle-check")
        self._show_state()
        self._show_lock()
        self._offer_number_17()
        if blank:
            words = _(
                "Bulan ini belum ada hari Posyandu atau kunjungan yang tercatat: angka nol belum berarti lengkap."
            )
            self.checks.addWidget(Notice("warn", words))
        for check in wrong:
            notice = Notice("warn", check.sentence)
            self.checks.addWidget(notice)
            if check.people:
                self.checks.addWidget(self._names_of(check))
        if fine:
            self.checks.addWidget(Label(_("Sudah cocok"), "label"))
        for check in fine:
            line = row_layout(spacing=8)
            sign = Label()
            sign.setPixmap(theme.pixmap("circle-check", "ok", 16))
            line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(check.sentence, "small", "text2", wrap=True), 1)
            self.checks.addLayout(line)
            if check.people:
                self.checks.addWidget(self._names_of(check), 0, Qt.AlignmentFlag.AlignLeft)

    def _names_of(self, check: Any) -> Button:  # noqa: ANN401 - reports.monthly.Reconciliation
        """The way to the people a check is about."""
        see = Button(_("Lihat {n} nama").format(n=len(check.people)), "quiet", "users")
        see.clicked.connect(lambda: self.desk.show_names(check.sentence, list(check.people)))
        return see

    def _show_lock(self) -> None:
        """Whether the month is signed, and the way to sign it or back from an old version."""
        if self.version is not None:
            words = _("{mark}. Begini isinya waktu itu.").format(mark=self.version.mark)
            self.checks.addWidget(Label(words, "small", "text2", wrap=True))
            now = Button(_("Lihat keadaan sekarang"), "secondary", "refresh-cw", name="button:sekarang")
            now.clicked.connect(self._choose)
            self.checks.addWidget(now, 0, Qt.AlignmentFlag.AlignLeft)
        elif self.lock_state is not None:
            self.checks.addWidget(Label(self.lock_state.sentence, "small", "text2", wrap=True))
            sign = Button(_("Periksa dan sahkan"), "secondary", "shield-check", name="button:periksa-sahkan")
            sign.clicked.connect(lambda: self.desk.go("sahkan", month=self.month()))
            self.checks.addWidget(sign, 0, Qt.AlignmentFlag.AlignLeft)
            out = Button(_("e-PPGBM dan tukar data"), "quiet", "inbox", name="button:tukar")
            out.clicked.connect(lambda: self.desk.go("tukar", step="keluar", month=self.month()))
            self.checks.addWidget(out, 0, Qt.AlignmentFlag.AlignLeft)

    def _offer_number_17(self) -> None:
        """For a reader of what is sealed: the figure of the adults' recap that nobody else can count."""
        from posyandu.services import sealed

        ws = self.desk.ws
        if self.kind_picker.value() == "rekap_dewasa" and sealed.can_read(ws) and sealed.has_key(ws):
            count = Button(_("Hitung SRQ-20 nomor 17"), "secondary", "lock", name="button:nomor-17")
            count.clicked.connect(self._ask_number_17)
            self.checks.addWidget(count, 0, Qt.AlignmentFlag.AlignLeft)

    def _ask_number_17(self) -> None:
        from posyandu.services import people, questionnaires, sealed
        from posyandu.ui.reader_pin import PinSheet

        post, month = self.desk.ws.posyandu_id, self.month()
        title = _("SRQ-20 nomor 17 ya, {month}").format(month=month_text(month))

        def count(ws: Any, key: Any) -> list[Any]:  # noqa: ANN401 - Workspace, ReaderKey
            return [people.hit(ws, each) for each in questionnaires.counted(ws, key, post, month.first, month.last)]

        def show(found: list[Any]) -> None:
            self.desk.show_names(f"{title}: {len(found)}", found)

        PinSheet(
            self.desk, self, title, sealed.unlock,
            lambda key: self.desk.run(lambda ws: count(ws, key), show, owner=self),
        )  # fmt: skip

    def _open_cell(self, cell: Any, title: str) -> None:  # noqa: ANN401 - reports.table.Cell
        self.desk.show_names(f"{self.table_title.text()}: {title}", list(cell.people))

    # ---- files

    def save_pdf(self) -> None:
        """Write the PDF into the documents folder and say where."""
        from posyandu.services import leaving

        report, to_pdf, told = self.report, self._printer(), self._told()
        path = self._path("pdf")
        self._write(lambda ws: leaving.hand_out(ws, leaving.REPORT, path, to_pdf(ws, report), told), path)

    def save_xlsx(self) -> None:
        """Write the Excel workbook."""
        from posyandu.services import reporting

        report = self.report
        path = self._path("xlsx")
        self._write(lambda ws: reporting.save_xlsx(ws, report, path), path)

    def save_csv(self) -> None:
        """Write one CSV file per table into a folder."""
        from posyandu.services import reporting

        report = self.report
        path = self._path("csv")
        self._write(lambda ws: reporting.save_csv(ws, report, path), path)

    def _path(self, suffix: str) -> Path:
        """Where the report goes: a signed version never over another."""
        from posyandu.services import reporting

        version = _("versi {n}").format(n=self.version.revision) if self.version is not None else ""
        return files.folder() / reporting.file_name(self.report, suffix, version)

    def _write(self, work: Callable[[Any], object], path: Path) -> None:
        self._set_ready(False)
        self.desk.run(work, lambda _result: self._written(path), self._not_written, owner=self)

    def _written(self, path: Path) -> None:
        self._set_ready(True)
        self.where.setText(_("Tersimpan: {name}").format(name=path.name))
        self.desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

    def _not_written(self, error: Exception) -> None:
        self._set_ready(True)
        self.where.setText(errors.sentence(error))

    def print_now(self) -> None:
        """Print the pages; without a printer say so and offer the PDF."""
        from posyandu.services import leaving

        report, to_pdf, told = self.report, self._printer(), self._told()

        def make(ws: Any) -> bytes:  # noqa: ANN401 - services.workspace.Workspace
            leaving.note(ws, leaving.REPORT, told)
            return to_pdf(ws, report)

        papers.put_on_paper(self.desk, self, report.title, make, said=self.where.setText)
