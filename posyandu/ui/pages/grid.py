"""The register page of a posyandu day, typed from the paper: tabs by group, the grid, and a strip for what is rare."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from posyandu.domain import calendar
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Value
from posyandu.services import instrument_pages, people, questionnaires, registers, sessions
from posyandu.services.people import PersonHit
from posyandu.text import N_, _
from posyandu.ui import jobs, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.grid import Filter, GridRow, GridView, Sheet, sheet_of
from posyandu.ui.no_reader import NoReader
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    EmptyState,
    KeyCap,
    Label,
    Page,
    Row,
    ScrollPage,
    Segmented,
    Sign,
    TextInput,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.fields import ChoiceRow, DateField, FieldWidget, TextField
from posyandu.ui.widgets.picker import Picker

TITLES = {
    "under_five": N_("Buku register bayi dan balita"),
    "pregnant": N_("Buku register ibu hamil"),
    "postpartum": N_("Buku register ibu nifas dan menyusui"),
    "school": N_("Buku register usia sekolah dan remaja"),
    "adult": N_("Buku register usia dewasa dan lansia"),
    "wus": N_("Buku register WUS dan PUS"),
    "mixed": N_("Semua yang diukur hari ini"),
}
TABS = {
    "under_five": N_("Balita"),
    "pregnant": N_("Bumil"),
    "postpartum": N_("Nifas"),
    "school": N_("Sekolah"),
    "adult": N_("Dewasa"),
    "wus": N_("WUS"),
    "mixed": N_("Semua"),
}
ANNOUNCE_AFTER_MS = 1500
NARROW, TIGHT = 1000, 860
"""Below these widths the count stands under the title, and the groups are a list instead of tabs."""


class GridPage(Page):
    """The page of a day: `open(session_id=, page="under_five", person_id=, filter="all")`; by default the open day."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session_id = ""
        self.title = _(TITLES["under_five"])
        groups = [(page, _(TABS[page])) for page in registers.PAGES]
        self.tabs = Segmented(groups, "under_five", name="tab", accessible=_("Halaman register"), tick=False)
        self.tabs.changed.connect(lambda page: self.show_page(str(page)))
        self.groups = Picker(groups, name="kelompok", accessible=_("Halaman register"))
        self.groups.activated.connect(lambda _place: self.show_page(str(self.groups.value())))
        self.groups.hide()
        self.sheets = Picker([], name="lembar", accessible=_("Lembar"))
        self.sheets.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sheets.setMinimumContentsLength(len(_("Kunjungan")))
        self.sheets.view().setMinimumWidth(theme.px(280))  # the open list shows every name in full
        self.sheets.activated.connect(lambda _place: self.show_page(str(self.sheets.value())))
        self.question = Label("", "body", "text", wrap=True)
        self.question.setObjectName("grid:question")
        self.question.setMinimumHeight(theme.px(48))
        self.question.hide()
        self.filter = Picker(
            [("all", _("Semua baris")), ("empty", _("Belum diisi")), ("check", _("Perlu dicek"))],
            name="filter",
            accessible=_("Baris yang ditampilkan"),
        )
        self.filter.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.filter.activated.connect(lambda _place: self._filter(self.filter.value()))
        self.count = Label("", "label", "text2")
        self.view = GridView()
        self.view.said.connect(self._say)
        self.view.goto_wanted.connect(self._ask_row)
        self.view.add_wanted.connect(self._ask_person)
        self.view.reason_asked.connect(self._show_reasons)
        self.view.question.connect(self._ask)
        self.view.person_wanted.connect(lambda person: desk.go("kartu", person_id=person))
        self.strip = Strip()
        self.strip.hide()
        self.empty = EmptyState(
            "calendar-check",
            _("Belum ada hari Posyandu yang dibuka."),
            _("Buka hari Posyandu"),
            lambda: desk.go("hari"),
            kind="primary",
        )
        self.no_reader = ScrollPage(margins=(0, 0, 10, 0))
        self.said_no_reader = NoReader(desk, lambda: self.show_page(self.view.grid.sheet.page))
        self.no_reader.body.addWidget(self.said_no_reader)
        self.no_reader.hide()
        desk.book_closing.connect(self.view.finish)
        self._bar = ActionBar()
        self._bar.done.clicked.connect(self._done)
        on_ctrl_enter(self, lambda: self._done() if self.strip.isHidden() else None)
        self._reading: jobs.Job | None = None
        self._counting = QTimer(self, singleShot=True, interval=0)  # once for all boxes of a turn
        self._counting.timeout.connect(self._count)
        self._announce = QTimer(self, singleShot=True, interval=ANNOUNCE_AFTER_MS)
        self._announce.timeout.connect(self._tell_others)
        desk.book_closing.connect(self._announce.stop)
        desk.destroyed.connect(self._announce.stop)
        self._lay_out()

    def _lay_out(self) -> None:
        top = row_layout(spacing=16)
        top.addWidget(self.tabs)
        top.addWidget(self.groups)
        top.addWidget(self.sheets)
        top.addStretch(1)
        top.addWidget(self.count)
        top.addWidget(self.filter)
        self.sheet_card = Card(padding=(1, 1), spacing=0)
        self.sheet_card.body.setContentsMargins(1, theme.px(8), 1, theme.px(8))
        self.sheet_card.body.addWidget(self.view)
        self.top = QWidget()
        self.top.setLayout(top)
        self.top.setMinimumWidth(1)  # the tabs go before they would keep the page from being narrow
        column = column_layout(self, spacing=14)
        column.setContentsMargins(theme.px(28), theme.px(2), theme.px(28), theme.px(14))
        column.addWidget(self.top)
        column.addWidget(self.question)
        column.addWidget(self.sheet_card, 1)
        column.addWidget(self.no_reader, 1)
        column.addWidget(self.strip)
        column.addWidget(self.empty, 1)

    def open(self, **kwargs: object) -> None:
        """Show a page of a day; the cursor goes to the first row nothing is typed in, or to a person."""
        ws = self.desk.ws
        session_id = kwargs.get("session_id")
        if not session_id:
            day = sessions.current(ws, ws.posyandu_id)
            session_id = day.id if day else ""
        self.session_id = str(session_id)
        for widget in (self.top, self.sheet_card):
            widget.setVisible(bool(session_id))
        self.empty.setVisible(not session_id)
        self.no_reader.hide()
        self.question.hide()
        self.strip.hide()
        if not session_id:
            self.title, self.subtitle = _("Buku register"), ""
            self.header_changed.emit()
            return
        which, person = str(kwargs.get("filter") or "all"), str(kwargs.get("person_id") or "")

        def choose() -> None:
            if which != "all":
                self.filter.set_value(which)
                self._filter(which)
            self._go_to(person)

        self.show_page(str(kwargs.get("page") or "under_five"), choose)

    def show_page(self, page: str, then: Callable[[], object] | None = None) -> None:
        """Show this group's page, or one of those behind it, and do this when its rows are there."""
        if self._announce.isActive():
            self._tell_others()  # while the page that was typed stands
        home, session_id = instrument_pages.home_of(page), self.session_id
        self.tabs.set_value(home)
        self.groups.set_value(home)
        self._offer_sheets(page)
        if self._reading is not None:
            self._reading.cancel()
        self.view.finish()
        self.view.hold_keys()
        self._reading = self.desk.read(
            lambda ws: sheet_of(ws, session_id, page),
            lambda sheet: self._show_sheet(sheet, then),
            self._not_read,
            owner=self,
        )

    def _not_read(self, error: Exception) -> None:
        self.view.forget_keys()
        raise error

    def _show_sheet(self, sheet: Sheet, then: Callable[[], object] | None) -> None:
        sheet.ws = ws = self.desk.ws  # it was read through another connection
        page = sheet.page
        self.filter.set_value("all")
        is_closed = sheet.form.restricted and not questionnaires.may_write(ws)
        self.sheet_card.setVisible(not is_closed)
        self.no_reader.setVisible(is_closed)
        if is_closed:
            self.said_no_reader.show_form(sheet.form)
        self.question.setText("")
        self.question.setVisible(sheet.instrument is not None and not is_closed)
        self.view.set_sheet(sheet)
        self.view.grid.recorded.connect(self._recorded)
        self.title = _(TITLES[page]) if sheet.instrument is None else _(sheet.instrument.label)
        self._count()
        self._bar.show_saved("")
        self.view.setFocus()
        if then is not None:
            then()
        self.view.give_keys()

    def _go_to(self, person_id: str) -> bool:
        """The first empty box of somebody's row; False when nobody of this id is on the page."""
        row = next((row for row in self.view.grid.sheet.rows if row.person_id == person_id), None)
        if row is not None:
            self.view.go_to_row(row)
        return row is not None

    def _offer_sheets(self, page: str) -> None:
        """The page of the group and what is asked beside it, in a list beside the tabs; F3 goes to the next."""
        names = instrument_pages.offered(self.desk.ws, page)
        self.sheets.clear()
        for name in names:
            words = _("Kunjungan") if name == names[0] else _(instrument_pages.INSTRUMENTS[name].label)
            self.sheets.addItem(words, name)
        self.sheets.set_value(page)
        self.sheets.setVisible(len(names) > 1)

    def next_sheet(self) -> None:
        """The next page of this group, after the last the first again."""
        names = instrument_pages.offered(self.desk.ws, self.view.grid.sheet.page)
        self.show_page(names[(names.index(self.view.grid.sheet.page) + 1) % len(names)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F3: what is asked beside the visit."""
        if event.key() == Qt.Key.Key_F3 and self.session_id:
            self.next_sheet()
        else:
            super().keyPressEvent(event)

    def _ask(self, words: str) -> None:
        self.question.setText(words)

    def first_focus(self) -> QWidget:
        """The grid: typing starts at once."""
        return self.view

    def action_bar(self) -> QWidget | None:
        """Keys, what is wrong with the box under the cursor, when it was saved, and the way out."""
        return self._bar if self.session_id else None

    def _done(self) -> None:
        """Keep the box being typed and go back to the day this register is of."""
        self.view.finish()
        self.desk.go("hari", **{"session_id": self.session_id} if self.session_id else {})

    def _filter(self, which: object) -> None:
        if not self.view.has_sheet():
            return
        view, shown = self.view, cast("Filter", which)
        view.finish_pasting()
        view.setFocus()
        if shown == "check":
            view.judge_all(lambda: view.grid.show(shown))
        else:
            view.judge_all(lambda: None)
            view.grid.show(shown)

    def _recorded(self, _place: int) -> None:
        saved_at = self.view.grid.sheet.saved_at
        if saved_at is not None:
            self._bar.show_saved(f"{saved_at.astimezone(self.desk.ws.now().tzinfo):%H.%M.%S}")
        self._counting.start()
        self._announce.start()

    def _count(self) -> None:
        """How much is done, beside the tabs; where the window is narrow, under the title."""
        self._counting.stop()
        sheet = self.view.grid.sheet
        done = _("{n} dari {all} terisi").format(n=sheet.filled(), all=len(sheet.rows))
        day = _("Hari Posyandu {day}").format(day=calendar.date_text(sheet.on))
        narrow = self._is_narrow()
        self.count.setText(done)
        self.count.setHidden(narrow)
        self.subtitle = f"{day} · {done}" if narrow else day
        self.header_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        if self.session_id and self.view.has_sheet() and self.count.isHidden() != self._is_narrow():
            self._count()
        self._fit()

    def _fit(self) -> None:
        tight = self.width() < theme.px(TIGHT)
        self.tabs.setHidden(tight)
        self.groups.setVisible(tight)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW)

    def _tell_others(self) -> None:
        self._announce.stop()
        self.desk.announce(*registers.forms_of(self.view.grid.sheet.page), "attendance")

    def _say(self, level: str, sentence: str) -> None:
        self._bar.say(level, sentence)

    # the strip

    def _ask_row(self, typed: str) -> None:
        self.strip.ask_row(typed, self.view.find_row, self._found_row, self._leave_strip)

    def _found_row(self, row: GridRow) -> None:
        if self.view.grid.place_of(row) < 0:
            self.filter.set_value("all")
            self.view.grid.show("all")
        self.view.go_to_row(row)
        self._leave_strip()

    def _ask_person(self) -> None:
        page = self.view.grid.sheet.page
        self.strip.ask_person(self.desk, page, self._came, self._leave_strip)

    def _came(self, person_id: str) -> None:
        """Somebody who was not on the page came: note it, and go to the new row."""
        sessions.mark_present(self.desk.ws, self.session_id, person_id)

        def go() -> None:
            self._leave_strip()
            if not self._go_to(person_id):
                self.desk.toast(_("Sudah dicatat hadir. Kelompoknya bukan di halaman ini."))
            self.desk.announce("person", "attendance")

        self.show_page(self.view.grid.sheet.page, go)

    def _show_reasons(self, row: object) -> None:
        if row is None:
            self._leave_strip()
        else:
            assert isinstance(row, GridRow)
            self.strip.show_reasons(row.entry.name)

    def _leave_strip(self) -> None:
        self.strip.hide()
        self.view.setFocus()


class ActionBar(QWidget):
    """The foot of the page: keys, the sentence about the box under the cursor, the time of the last save, Selesai."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = KeyHints(
            (
                ("Enter", _("kolom berikutnya")),
                ("*", _("baris berikutnya")),
                ("Ctrl Z", _("batalkan")),
                ("\N{MINUS SIGN}", _("tidak hadir")),
                ("F2", _("orang baru")),
                ("Ctrl G", _("cari baris")),
                ("F3", _("lembar berikutnya")),
            )
        )
        self.sign = Sign()
        self.sentence = ElideLabel("", "small_strong", "text2")
        self.sentence.setObjectName("grid:sentence")
        self.saved_sign = Sign("circle-check", "ok")
        self.saved = Label("", "small", "text2")
        self.saved.setObjectName("grid:saved")
        self.done = Button(_("Selesai"), "primary", name="button:selesai")
        row = row_layout(self, spacing=10)
        row.addWidget(self.keys, 1)
        row.addWidget(self.sign)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.saved_sign)
        row.addWidget(self.saved)
        row.addSpacing(theme.px(8))
        row.addWidget(self.done)
        self.say("", "")

    def say(self, level: str, sentence: str) -> None:
        """A sentence in place of the keys; nothing brings the keys back."""
        self.keys.setVisible(not sentence)
        self.sign.setVisible(bool(sentence))
        self.sentence.setVisible(bool(sentence))
        self.sentence.setText(sentence)
        if sentence:
            ink = level if level in ("ok", "warn", "bad", "info") else "text2"
            self.sentence.set_ink(ink)
            self.sign.show_sign(theme.LEVEL_ICONS.get(level, "info"), ink)

    def show_saved(self, time: str) -> None:
        """When the last box was saved."""
        self.saved.setText(_("Tersimpan {time}").format(time=time) if time else "")
        self.saved_sign.setVisible(bool(time))


class KeyHints(QWidget):
    """Keys and what they do; as many as there is room for, the most useful first."""

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.pairs: list[QWidget] = []
        row = row_layout(self, spacing=14)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for cap, words in hints:
            pair = QWidget()
            inner = row_layout(pair, spacing=8)
            inner.addWidget(KeyCap(cap))
            inner.addWidget(Label(words, "small", "text2"))
            self.pairs.append(pair)
            row.addWidget(pair)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """None of them must be shown."""
        return QSize(0, theme.px(28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide what does not fit."""
        super().resizeEvent(event)
        room = event.size().width()
        for pair in self.pairs:
            room -= pair.sizeHint().width() + theme.px(14)
            pair.setVisible(room >= 0)


class Strip(Card):
    """A line at the foot of the page for what a register has no box for: go to a row, a reason, a person not listed."""

    def __init__(self) -> None:
        super().__init__(padding=(16, 10), spacing=6)
        self.setObjectName("strip")
        self._cancel: Callable[[], object] = self.hide

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the strip."""
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        else:
            super().keyPressEvent(event)

    def _begin(self, cancel: Callable[[], object]) -> None:
        self.hide()  # what is added to a visible parent appears late, and could not take the focus
        clear(self.body)
        self._cancel = cancel

    def ask_row(
        self,
        typed: str,
        find: Callable[[str], GridRow | None],
        found: Callable[[GridRow], object],
        cancel: Callable[[], object],
    ) -> None:
        """A box for a row number or the beginning of a name; Enter goes there."""
        self._begin(cancel)
        line = TextInput(name="grid:goto", accessible=_("Nomor baris atau nama"), height=44)
        line.setText(typed)
        line.setMaximumWidth(theme.px(280))
        result = Label("", "body", "text2")

        def look() -> None:
            row = find(line.text())
            words = (
                f"{row.entry.number}. {row.entry.name}, {row.entry.age_text}" if row else _("Tidak ada di halaman ini")
            )
            result.setText(words if line.text().strip() else "")

        def go() -> None:
            row = find(line.text())
            if row is not None:
                found(row)

        line.textChanged.connect(look)
        line.returnPressed.connect(go)
        row = row_layout(spacing=12)
        row.addWidget(Label(_("Ke baris"), "label"))
        row.addWidget(line)
        row.addWidget(result, 1)
        row.addWidget(Label(_("Enter pergi · Esc tutup"), "small", "text3"))
        self.body.addLayout(row)
        look()
        self.show()
        line.setFocus()
        line.deselect()
        line.end(False)

    def show_reasons(self, name: str) -> None:
        """What the next key may say about someone who did not come."""
        self._begin(self.hide)
        row = row_layout(spacing=12)
        row.addWidget(ElideLabel(_("{name} tidak hadir:").format(name=name), "label"), 1)
        hints = KeyHints(
            (
                ("S", _("sakit")),
                ("P", _("pergi")),
                ("B", _("orang tua bekerja")),
                ("T", _("tidak mau")),
                ("L", _("lain-lain")),
                ("Enter", _("tanpa alasan")),
                ("Esc", _("batal")),
            )
        )
        row.addWidget(hints, 3)
        self.body.addLayout(row)
        self.show()

    def ask_person(self, desk: Desk, page: str, came: Callable[[str], object], cancel: Callable[[], object]) -> None:
        """Somebody not on the page: pick one who is known (1, 2, 3) or note a new person."""
        self._begin(cancel)
        adder = PersonStrip(desk, page)
        adder.came.connect(came)
        adder.cancelled.connect(lambda: cancel())
        self.body.addWidget(adder)
        self.show()
        adder.fields["name"].take_focus()


class PersonStrip(QWidget):
    """Name, sex, birth date, mother: the least that makes a new person; who is alike shows while the name is typed."""

    came = Signal(str)
    cancelled = Signal()

    def __init__(self, desk: Desk, page: str) -> None:
        super().__init__()
        self.desk = desk
        self.page = page
        today = desk.ws.today()
        self.fields: dict[str, FieldWidget] = {name: _box(name, today) for name in registers.new_person(page)}
        self.found: list[PersonHit] = []
        self.matches = row_layout(spacing=8)
        self.hint = Label("", "small", "text2")
        self.add = Button(_("Tambahkan"), "primary", name="button:tambah", on=self._register)
        self.guest = Button(_("Tamu dari luar"), "secondary", name="button:tamu", on=lambda: self._register(guest=True))
        self._lay_out()
        for name, widget in self.fields.items():
            widget.neighbour = lambda step, name=name: self._step(name, step)
            widget.installEventFilter(self)
        line = cast("QLineEdit", self.fields["name"].input())
        line.installEventFilter(self)
        line.textEdited.connect(self._search)
        for widget in self.fields.values():
            widget.input().installEventFilter(self)
        self._search()

    def _lay_out(self) -> None:
        row = row_layout(spacing=12)
        for name, widget in self.fields.items():
            if isinstance(widget, ChoiceRow):
                widget.stand_beside(False)
            row.addWidget(widget, {"name": 4, "sex": 2}.get(name, 3))
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.px(6))
        for button in (self.add, self.guest):
            buttons.addWidget(button)
        row.addLayout(buttons)
        below = QHBoxLayout()
        below.addLayout(self.matches, 1)
        below.addWidget(self.hint)
        column = column_layout(self, spacing=6)
        column.addLayout(row)
        column.addLayout(below)

    def _step(self, name: str, step: int) -> bool:
        names = list(self.fields)
        place = names.index(name) + step
        if place >= len(names):
            self._register()
            return True
        if place >= 0:
            self.fields[names[place]].take_focus()
        return place >= 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Digits in the name pick somebody known; Esc closes."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return True
        if watched is self.fields["name"].input() and event.text().isdigit():
            place = int(event.text()) - 1
            if 0 <= place < len(self.found):
                self.came.emit(self.found[place].id)
            return True
        return False

    def _search(self) -> None:
        typed = str(self.fields["name"].value() or "")
        clear(self.matches)
        self.found = people.search(self.desk.ws, typed, limit=3) if len(typed) >= 2 else []
        for place, hit in enumerate(self.found, 1):
            detail = ", ".join(part for part in (hit.age_text, hit.mother_name, hit.address_line) if part)
            row = Row(f"{place}  {hit.name}", detail, chevron=False, name=f"match:{place}", height=50)
            row.clicked.connect(lambda _on=False, person=hit.id: self.came.emit(person))
            self.matches.addWidget(row, 1)
        if not typed:
            words = _("Ketik nama. Yang sudah dikenal muncul di sini.")
        elif self.found:
            words = _("Tekan angkanya bila orangnya sama.")
        else:
            words = _("Belum ada di buku: Enter untuk mengisi data orang baru.")
        self.hint.setText(words)

    def _register(self, guest: bool = False) -> None:
        answers: dict[str, Value | None] = {name: widget.value() for name, widget in self.fields.items()}
        for name in registers.needed(self.page):
            if answers.get(name) is None:
                widget = self.fields[name]
                widget.set_problem(widget.trouble() or _("Isi dulu"), "bad")
                widget.take_focus()
                return
        try:
            person = registers.register(self.desk.ws, self.page, answers, guest=guest)
        except PosyanduError as error:
            self.hint.set_ink("bad")
            self.hint.setText(str(error))
            return
        self.came.emit(person)


def _box(name: str, today: date) -> FieldWidget:
    """The field for one of the few questions about somebody new."""
    match name:
        case "sex":
            return ChoiceRow("sex", _("Jenis kelamin"), (("male", "L"), ("female", "P")))
        case "born_on":
            return DateField("born_on", _("Tanggal lahir"), today=today, shows_age=True)
        case "lmp_on" | "ended_on":
            words = _("HPHT") if name == "lmp_on" else _("Tanggal bersalin")
            return DateField(name, words, today=today)
    return TextField(name, {"mother_name": _("Nama ibu"), "husband_name": _("Nama suami")}.get(name, _("Nama")))
