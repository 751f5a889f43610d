"""The posyandu day: opened with a date in words, attended one by one, seen through five steps, closed with checks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from posyandu.domain import calendar
from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Context, Level, Problem
from posyandu.domain.forms import FORMS
from posyandu.domain.person import matcher
from posyandu.domain.service_group import Group
from posyandu.services import follow_up, sessions
from posyandu.services.follow_up import AttentionList
from posyandu.services.sessions import ClosingCheck, Day, RosterRow, Tally
from posyandu.text import N_, _
from posyandu.ui import jobs, lines, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView
from posyandu.ui.grid_sheet import PARTED, row_detail
from posyandu.ui.grid_verdict import sheet_reason
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.widgets.arrange import Deeds
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    Label,
    Meter,
    Notice,
    Page,
    Row,
    Rule,
    ScrollPage,
    Segmented,
    TextInput,
    chip_width,
    clear,
    column_layout,
    goes_through,
    is_typing,
    paint_avatar,
    paint_chip,
    row_layout,
    type_into,
)

STEPS = (N_("Daftar"), N_("Ukur"), N_("Catat"), N_("Layanan"), N_("Penyuluhan"))
TABS: tuple[tuple[str, str, tuple[Group | None, ...]], ...] = (
    ("infant", N_("Bayi"), (Group.INFANT,)),
    ("under_five", N_("Balita"), (Group.UNDER_FIVE,)),
    ("preschool", N_("Apras"), (Group.PRESCHOOL,)),
    ("pregnant", N_("Ibu hamil"), (Group.PREGNANT,)),
    ("postpartum", N_("Nifas"), (Group.POSTPARTUM, Group.BREASTFEEDING)),
    ("other", N_("Lainnya"), (Group.SCHOOL, Group.YOUTH, Group.ADULT, Group.ELDERLY, None)),
)
PIPS_FROM = 660
NARROW_ROW = 66
SIDE_FROM, SIDE_WIDE = 760, 272
Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole + 1
TWO_FROM = 800
"""Effective pixels from which the days before stand beside the sheet that opens one."""


class HariPage(Page):
    """`open(session_id=None, close=False)`: that day, else the day that is open, else the sheet to open one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Hari Posyandu")
        self.day: Day | None = None
        self.stack = QStackedWidget()
        column_layout(self).addWidget(self.stack)
        on_ctrl_enter(self, self._do_main)
        desk.records_changed.connect(self._follow)

    # Each view is made when the day first comes to it.

    @cached_property
    def opening(self) -> "OpeningView":
        """The sheet that opens a day."""
        view = OpeningView(self.desk)
        view.opened.connect(self._go_on)
        self.stack.addWidget(view)
        return view

    @cached_property
    def attending(self) -> "AttendanceView":
        """The list of an open day."""
        view = AttendanceView(self.desk)
        view.close_wanted.connect(self.check_before_closing)
        view.counted.connect(self._say_who_came)
        view.facts_wanted.connect(self.ask_about_day)
        self.stack.addWidget(view)
        return view

    @cached_property
    def closing(self) -> "ClosingView":
        """What to look at before a day is closed, and what it brought."""
        view = ClosingView(self.desk)
        view.back_wanted.connect(lambda: self._go_on(self.day.id if self.day else ""))
        view.changed.connect(lambda: self._go_on(self.day.id if self.day else ""))
        view.new_wanted.connect(lambda: self._go_on(""))
        view.facts_wanted.connect(self.ask_about_day)
        self.stack.addWidget(view)
        return view

    def prepare(self) -> Iterator[None]:
        """The view that will be wanted."""
        ws = self.desk.ws
        is_open = sessions.current(ws, ws.posyandu_id) is not None
        self.stack.setCurrentWidget(self.attending if is_open else self.opening)
        yield

    def open(self, **kwargs: object) -> None:
        """Show a day: its list while it is open, its result when it is closed."""
        ws = self.desk.ws
        session_id = kwargs.get("session_id")
        self.day = sessions.get(ws, str(session_id)) if session_id else sessions.current(ws, ws.posyandu_id)
        if self.day is None:
            self.subtitle = _("Belum ada hari Posyandu yang sedang dibuka")
            self.opening.show_form()
            self.stack.setCurrentWidget(self.opening)
        elif self.day.closed:
            self.subtitle = calendar.date_text(self.day.held_on)
            self.closing.show_closed(self.day)
            self.stack.setCurrentWidget(self.closing)
        else:
            self.subtitle = calendar.date_text(self.day.held_on)
            self.stack.setCurrentWidget(self.attending)
            self.attending.show_day(self.day)
            if kwargs.get("close"):
                self.check_before_closing()
        self.header_changed.emit()

    def _go_on(self, session_id: str) -> None:
        """The day changed under the page: show it anew and give the keys to what comes next."""
        self.open(session_id=session_id)
        self._take_keys()

    def _take_keys(self) -> None:
        first = self.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def check_before_closing(self) -> None:
        """What to look at before the day is closed."""
        assert self.day is not None
        self.closing.show_checks(self.day)
        self.stack.setCurrentWidget(self.closing)
        self.header_changed.emit()
        self._take_keys()

    def ask_about_day(self) -> None:
        """Correct what was noted when the day was opened, and note what only its end tells: topic, extra meal."""
        day, ws = self.day, self.desk.ws
        assert day is not None

        def done(words: str, _op_id: str) -> None:
            self.desk.announce("session", *(form.name for _groups, form in sessions.PAGES.values()))
            self.desk.toast(words)
            self._go_on(day.id)

        RecordSheet(
            self.window(), self.desk, FORMS["session"], _("Data hari Posyandu"), day.answers, done,
            left_out=("closed", "wrong_tool", "wrong_tool_reason"), about=(day.id,),
            write=lambda told: sessions.correct_day(ws, day.id, told),
        )  # fmt: skip

    def _follow(self, forms: frozenset[str]) -> None:
        if self.isVisible() and isinstance(self.stack.currentWidget(), AttendanceView) and self.day is not None:
            self.attending.show_day(self.day, judged=forms != {"attendance"})

    def _say_who_came(self, words: str) -> None:
        if self.stack.currentWidget() is self.attending and self.day is not None:
            self.subtitle = f"{calendar.date_text(self.day.held_on)}, {words}"
            self.header_changed.emit()

    def _do_main(self) -> None:
        """What the main button does: open the day, go to its register, close it."""
        current = self.stack.currentWidget()
        assert isinstance(current, OpeningView | AttendanceView | ClosingView)
        current.main.click()

    def first_focus(self) -> QWidget | None:
        """The box names are typed into, or the first question of a new day."""
        current = self.stack.currentWidget()
        assert isinstance(current, OpeningView | AttendanceView | ClosingView)
        return current.first_focus()

    def action_bar(self) -> QWidget | None:
        """The ways on from the present view."""
        current = self.stack.currentWidget()
        assert isinstance(current, OpeningView | AttendanceView | ClosingView)
        return current.bar


# ---------------------------------------------------------------- opening


class OpeningView(QWidget):
    """Date in words, place, who is there; and the days before."""

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.form_view: FormView | None = None
        self._noted: set[date] = set()
        self.sheet = ScrollPage()
        self.across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.across.setSpacing(theme.px(16))
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        self.across.addLayout(self.left, 60)
        self.across.addLayout(self.right, 40)
        self.sheet.body.addLayout(self.across)
        self.sheet.body.addStretch(1)
        column_layout(self).addWidget(self.sheet)
        self.bar = QWidget()
        row = row_layout(self.bar, spacing=12)
        self.sentence = ElideLabel("", "small", "text2")
        self.main = Button("", "primary", "calendar-check", name="button:buka-hari", on=self._open_day)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.main)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The days before stand beside the sheet, or below it."""
        super().resizeEvent(event)
        beside = event.size().width() >= theme.px(TWO_FROM)
        self.across.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def show_form(self) -> None:
        """An empty sheet for today."""
        ws = self.desk.ws
        clear(self.left)
        clear(self.right)
        today = ws.today()
        view = FormView(
            FORMS["session"],
            Context(today, {}, {}),
            left_out=("closed", "note", "plkb_present"),
        )
        recent = sessions.recent(ws, ws.posyandu_id, limit=None)
        place = next((day.answers["place"] for day in recent if day.answers.get("place")), None)
        kader = next((day.answers["kader_present"] for day in recent if day.answers.get("kader_present")), None)
        view.set_answers({"held_on": today, "place": place, "kader_present": kader})
        view.changed.connect(self._say_date)
        view.ended.connect(lambda: self.main.setFocus(Qt.FocusReason.TabFocusReason))
        self.form_view = view
        self._noted = {day.held_on for day in recent}
        if recent and not today >= recent[0].held_on:
            words = _("Jam laptop menunjukkan {day}, lebih awal dari hari Posyandu terakhir. Periksa tanggalnya.")
            self.left.addWidget(Notice("warn", words.format(day=calendar.date_text(today))))
        self.left.addWidget(view)
        view.show()
        self._show_recent(recent)
        self._say_date()

    def _show_recent(self, recent: Sequence[Day]) -> None:
        card = Card(_("Hari sebelumnya"), padding=(24, 20), spacing=2, rows=bool(recent))
        for day in recent[:6]:
            closed = (_("Ditutup"), "neutral") if day.closed else (_("Terbuka"), "info")
            row = Row(
                calendar.date_text(day.held_on),
                str(day.answers.get("place") or ""),
                picture=("icon", "calendar-check", "neutral"),
                chip=closed,
                name=f"day:{day.held_on.isoformat()}",
            )
            row.clicked.connect(lambda _on=False, session_id=day.id: self.opened.emit(session_id))
            card.body.addWidget(row)
        if not recent:
            card.body.addWidget(Label(_("Belum ada. Ini hari Posyandu yang pertama."), "small", "text2", wrap=True))
        self.right.addWidget(card)
        self.right.addStretch(1)

    def _say_date(self) -> None:
        held_on = self.form_view.answers().get("held_on") if self.form_view else None
        if isinstance(held_on, date):
            self.main.setText(_("Buka {day}").format(day=calendar.date_text(held_on)))
            words = "" if held_on == self.desk.ws.today() else _("Bukan hari ini. Pastikan tanggalnya benar.")
            known = held_on in self._noted
            self.sentence.setText(_("Hari itu sudah dicatat: dibuka lagi dengan isinya.") if known else words)
        else:
            self.main.setText(_("Buka hari Posyandu"))
            self.sentence.setText(_("Isi tanggalnya dulu."))
        self.main.updateGeometry()

    def _open_day(self) -> None:
        view = self.form_view
        assert view is not None
        found = [problem for problem in view.found() if problem.level is Level.HARD]
        if found:
            view.show_summary(found)
            return
        answers = view.answers()
        held_on = answers["held_on"]
        assert isinstance(held_on, date)
        ws = self.desk.ws
        try:
            session_id = sessions.open_day(ws, ws.posyandu_id, held_on, answers)
        except PosyanduError as error:
            view.show_summary([Problem("held_on", Level.HARD, str(error))])
            return
        self.desk.announce("session")
        self.opened.emit(session_id)

    def first_focus(self) -> QWidget | None:
        """The date."""
        return self.form_view.first_focus() if self.form_view else None


# ---------------------------------------------------------------- attendance


class AttendanceView(QWidget):
    """Tabs by group, a box to type a name or ticket into, the list, and the day in numbers at the side."""

    close_wanted, facts_wanted = Signal(), Signal()
    counted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session_id = ""
        self.rows: list[RosterRow] = []
        self._reading: jobs.Job | None = None
        self._known = self._judge = self._entered = False
        self.tab = "all"
        self.which = "all"
        self.tabs_place = row_layout(spacing=0)
        self.tabs: Segmented | None = None
        self.search = TextInput(
            name="attend",
            accessible=_("Ketik nama atau nomor antrean, Enter untuk hadir"),
            placeholder=_("Ketik nama, Enter untuk hadir"),
            height=44,
        )
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._enter)
        self.search.installEventFilter(self)
        self.filter = Segmented(
            [("all", _("Semua orang")), ("waiting", _("Belum datang")), ("came", _("Datang"))],
            "all",
            name="filter",
            accessible=_("Yang ditampilkan"),
            tick=False,
        )
        self.filter.changed.connect(self._choose)
        self.list = RosterList()
        self.list.pressed_row.connect(self._pressed)
        self.list.toggled_row.connect(self._toggle)
        self.list.step_chosen.connect(self._step)
        self.nobody = EmptyState("users", _("Tidak ada yang cocok."), _("Daftarkan orang baru"), self._new)
        self.side = DaySide()
        self.bar = QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        tools = row_layout(spacing=12)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.filter)
        card = Card(padding=(8, 8), spacing=0)
        card.body.addWidget(self.list)
        card.body.addWidget(self.nobody)
        left = column_layout(spacing=12)
        left.addLayout(tools)
        left.addWidget(card, 1)
        body = row_layout(spacing=16)
        body.addLayout(left, 1)
        beside = ScrollPage(margins=(0, 0, 0, 0))
        beside.body.addWidget(self.side)
        beside.setFixedWidth(theme.px(SIDE_WIDE))
        beside.hide()
        body.addWidget(beside)
        self.beside = beside
        column = column_layout(self, spacing=12)
        column.setContentsMargins(theme.px(28), theme.px(2), theme.px(28), theme.px(14))
        column.addLayout(self.tabs_place)
        column.addLayout(body, 1)
        row = row_layout(self.bar, spacing=10)
        new = Button(_("Orang baru"), "quiet", "user-plus", name="button:orang-baru", on=self._new)
        close = Button(_("Tutup hari Posyandu"), "secondary", name="button:tutup", on=self.close_wanted)
        self.main = Button(_("Isi seperti buku register"), "primary", "table-2", name="button:register")
        self.main.clicked.connect(self._go_grid)
        facts = Button(_("Data hari ini"), "quiet", "pencil", name="button:data-hari", on=self.facts_wanted)
        row.addWidget(Deeds([new, facts]), 1)
        row.addWidget(close)
        row.addWidget(self.main)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the day's numbers give way to the names; Beranda has them too."""
        super().resizeEvent(event)
        self.beside.setVisible(event.size().width() >= theme.px(SIDE_FROM))

    def first_focus(self) -> QWidget:
        """The box names are typed into."""
        return self.search

    def show_day(self, day: Day, *, judged: bool = True) -> None:
        """Read the list of the day anew; what was typed in the box stays.

        Whom to refer is worked out beside the window, unless only attendance changed (`judged`): it asks what every
        visit of the day means.
        """
        if day.id != self.session_id:
            self.side.show_to_refer(None)
            self.rows, self._known = [], False
            self.list.hide()
            self.nobody.hide()
        if self._reading is not None:
            self._reading.cancel()
        session_id = self.session_id = day.id
        self._judge |= judged
        self._reading = self.desk.read(lambda ws: sessions.coming(ws, session_id), self._take, owner=self)

    def _take(self, found: tuple[list[RosterRow], Tally]) -> None:
        self._known = True
        self.rows, tally = found
        self.counted.emit(_("{n} dari {all} hadir").format(n=tally.present, all=tally.targets))
        self.side.show_tally(tally)
        self._show_tabs()
        self._filter()
        if self._judge:
            self._judge = False
            self._count_referrals()
        if self._entered:
            self._entered = False
            self._enter()

    def _count_referrals(self) -> None:
        session_id = self.session_id

        def show(tally: Tally) -> None:
            if session_id == self.session_id:
                self.side.show_to_refer(tally.to_refer)

        if any(row.visit for row in self.rows):
            self.desk.run(lambda ws: sessions.tally(ws, session_id), show, owner=self)
        else:
            self.side.show_to_refer(0)

    def _show_tabs(self) -> None:
        counts = {code: sum(row.group in groups for row in self.rows) for code, _words, groups in TABS}
        options = [("all", _("Semua {n}").format(n=len(self.rows)))]
        options += [(code, f"{_(words)} {counts[code]}") for code, words, _groups in TABS if counts[code]]
        words_now = [words for _code, words in options]
        if self.tabs is not None and words_now == [button.text() for button in self.tabs.buttons.values()]:
            return
        clear(self.tabs_place)
        self.tabs = Segmented(options, self.tab, name="tab", accessible=_("Kelompok"), tick=False)
        self.tabs.changed.connect(self._choose_tab)
        self.tabs_place.addWidget(self.tabs)
        self.tabs_place.addStretch(1)

    def _choose_tab(self, code: object) -> None:
        self.tab = str(code)
        self._filter()

    def _choose(self, code: object) -> None:
        self.which = str(code)
        self._filter()

    def _filter(self, _text: str = "") -> None:
        groups = next((groups for code, _words, groups in TABS if code == self.tab), None)
        typed = self.search.text().strip()
        rows = [row for row in self.rows if groups is None or row.group in groups]
        if self.which != "all":
            rows = [row for row in rows if bool(row.present) == (self.which == "came")]
        if typed.isdigit():
            rows = [row for row in rows if str(row.queue_number or "").startswith(typed)]
        elif typed:
            is_meant = matcher(typed)
            rows = [row for row in rows if is_meant(f"{row.name} {row.mother_name}")]
            rows.sort(key=lambda row: not is_meant(row.name))
        self.list.show_rows(rows, choose=bool(typed))
        self.list.setVisible(bool(rows))
        self.nobody.setVisible(self._known and not rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the box move in the list; Esc empties the box."""
        return goes_through(event, self.search, self.list.move_by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A name or ticket typed anywhere on the page goes into the box."""
        if not type_into(self.search, event):
            super().keyPressEvent(event)

    def _enter(self) -> None:
        row = self.list.current_row()
        if not self._known:
            self._entered = True  # the list is not there yet
            return
        if row is None:
            self.search.selectAll()  # the next name typed takes the place of the one nobody bears
            return
        self._pressed(row)
        self.search.clear()

    def _pressed(self, row: RosterRow) -> None:
        if row.present:
            self._open_visit(row)
        else:
            self._attend(row)

    def _toggle(self, row: RosterRow) -> None:
        if row.present:
            sessions.mark_present(self.desk.ws, self.session_id, row.person_id, False)
            self._changed()
        else:
            self._attend(row)

    def _attend(self, row: RosterRow) -> None:
        op_id = sessions.mark_present(self.desk.ws, self.session_id, row.person_id)
        number = sessions.queue_number(self.desk.ws, self.session_id, row.person_id)
        self._changed()

        def take_back() -> None:
            sessions.undo(self.desk.ws, op_id)
            self._changed()

        words = _("{name} hadir, nomor antrean {n}").format(name=row.name, n=number or "-")
        self.desk.toast(words, _("Batalkan"), take_back)

    def _step(self, row: RosterRow, step: int) -> None:
        sessions.set_step(self.desk.ws, self.session_id, row.person_id, step)
        self._changed()

    def _changed(self) -> None:
        """Tell all, this page too: it reads the list anew where it is in view."""
        self.desk.announce("attendance")

    def _open_visit(self, row: RosterRow) -> None:
        page = "kunjungan" if row.form else "kartu"
        extra = {"session_id": self.session_id} if row.form else {}
        self.desk.go(page, person_id=row.person_id, **extra)

    def _go_grid(self) -> None:
        page = {"pregnant": "pregnant", "postpartum": "postpartum", "other": "adult"}.get(self.tab, "under_five")
        self.desk.go("grid", session_id=self.session_id, page=page)

    def _new(self) -> None:
        name = self.search.text()
        self.search.clear()  # whoever comes back looks for the next one
        self.desk.go("daftar", session_id=self.session_id, name=name)


class RosterModel(QAbstractListModel):
    """Rows of the day's list as Qt's roles."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RosterRow] = []

    def show(self, rows: list[RosterRow]) -> None:
        """Show these rows; in place when only their state changed."""
        if [row.person_id for row in rows] == [row.person_id for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row per person."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row for the painter, a sentence for people and screen readers."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (row.name, row_detail(row), row_state(row)) if part)
        return None


def row_state(row: RosterRow) -> str:
    """Where someone stands, in words."""
    if row.present is False:
        reason = sheet_reason(row.absence_reason)
        return _("Tidak hadir, {reason}").format(reason=reason.lower()) if reason else _("Tidak hadir")
    if not row.present:
        return ""
    return _("Selesai") if row.step >= len(STEPS) else _(STEPS[row.step])


def _state_words(row: RosterRow) -> str:
    return row_state(row) or _("Belum datang")


class RosterList(QListView):
    """The day's people; a press on the circle is attendance, on a step the step, elsewhere the visit."""

    pressed_row = Signal(object)
    toggled_row = Signal(object)
    step_chosen = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("roster")
        self.setAccessibleName(_("Daftar hadir"))
        theme.dress(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.rows_model = RosterModel()
        self.setModel(self.rows_model)
        self.delegate = RosterPainter(self)
        self.setItemDelegate(self.delegate)

    def is_narrow(self) -> bool:
        """Whether the words of a line have so little room that they take more lines."""
        return self.width() < theme.px(PIPS_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are as high as this width asks."""
        super().resizeEvent(event)
        if (event.oldSize().width() < theme.px(PIPS_FROM)) != (event.size().width() < theme.px(PIPS_FROM)):
            self.scheduleDelayedItemsLayout()

    def show_rows(self, rows: list[RosterRow], *, choose: bool) -> None:
        """Show these. A list that changed has its first row chosen where it answers a name; else an arrow chooses one.

        Otherwise Enter pressed twice would note that whoever stands first came too.
        """
        before = self.currentIndex().row()
        same = [row.person_id for row in rows] == [row.person_id for row in self.rows_model.rows]
        self.rows_model.show(rows)
        place = before if same and before >= 0 else 0 if choose else -1
        self.setCurrentIndex(self.rows_model.index(place))

    def current_row(self) -> RosterRow | None:
        """The chosen row."""
        place = self.currentIndex().row()
        return self.rows_model.rows[place] if 0 <= place < len(self.rows_model.rows) else None

    def move_by(self, step: int) -> None:
        """Choose another row."""
        place = min(max(self.currentIndex().row() + step, 0), len(self.rows_model.rows) - 1)
        if place >= 0:
            self.setCurrentIndex(self.rows_model.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a press on the row, space on its circle."""
        row = self.current_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.pressed_row.emit(row)
        elif event.key() == Qt.Key.Key_Space and row is not None:
            self.toggled_row.emit(row)
        elif is_typing(event):
            event.ignore()  # a name: the page looks for it
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Which part of the row was pressed."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        row = self.rows_model.rows[index.row()]
        part = self.delegate.part_at(self.visualRect(index), event.position().toPoint(), row)
        if part == "circle":
            self.toggled_row.emit(row)
        elif part.startswith("step"):
            self.step_chosen.emit(row, int(part[4:]))
        else:
            self.pressed_row.emit(row)


class RosterPainter(QStyledItemDelegate):
    """Paints one line of the day's list."""

    def __init__(self, view: RosterList) -> None:
        super().__init__(view)
        self.view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """58 high; a little more in a narrow list, where what is told takes three lines."""
        return QSize(theme.px(300), theme.px(NARROW_ROW if self.view.is_narrow() else 58))

    def part_at(self, area: QRect, spot: QPoint, row: RosterRow) -> str:
        """What lies under the pointer: "circle", "step1" to "step5", or "row"."""
        if spot.x() < area.left() + theme.px(52):
            return "circle"
        if row.present and not self.view.is_narrow():
            for step, box in enumerate(self._step_boxes(area), 1):
                if box.adjusted(-2, -theme.px(12), 2, theme.px(12)).contains(spot):
                    return f"step{step}"
        return "row"

    def _step_boxes(self, area: QRect) -> list[QRect]:
        right = area.right() - theme.px(154)
        wide, gap = theme.px(22), theme.px(4)
        top = area.center().y() - theme.px(4)
        first = right - 5 * wide - 4 * gap
        return [QRect(first + place * (wide + gap), top, wide, theme.px(8)) for place in range(5)]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Circle, queue number, picture, words, steps, state, chevron."""
        row = index.data(ROW)
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = index == self.view.currentIndex()
        box = QRectF(area).adjusted(theme.px(2), 1, -theme.px(2), -1)
        over = bool(option.state & option.state.State_MouseOver)
        if chosen or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("soft" if chosen else "hover"))
            painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        self._paint_circle(painter, area, row)
        left = area.left() + theme.px(52)
        side = theme.px(38)
        spot = QRectF(left, area.center().y() - side / 2, side, side)
        paint_avatar(painter, spot, row.name, row.sex)
        self._paint_state(painter, area, row)
        self._paint_words(painter, self.words_room(area, row), row)
        painter.restore()

    def _paint_circle(self, painter: QPainter, area: QRect, row: RosterRow) -> None:
        size = theme.px(26)
        ring = QRectF(area.left() + theme.px(14), area.center().y() - size / 2 + 1, size, size)
        if row.present:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("primary"))
            painter.drawEllipse(ring)
            theme.paint_icon(
                painter, "check", "on_primary", ring.center().x() - theme.px(8), ring.center().y() - theme.px(8), 16
            )
        elif row.present is False:
            theme.paint_icon(painter, "circle-minus", "text3", ring.left(), ring.top(), 26)
        else:
            painter.setPen(QPen(theme.color("field"), 1.4))
            painter.setBrush(theme.color("surface"))
            painter.drawEllipse(ring.adjusted(1, 1, -1, -1))

    def _state_begins(self, area: QRect, row: RosterRow) -> int:
        """Where the steps and the state at the right end of a line begin."""
        right, words = area.right() - theme.px(10), _state_words(row)
        if not row.present:
            return right - QFontMetrics(theme.font("small")).horizontalAdvance(words)
        if self.view.is_narrow():
            return right - theme.px(28) - chip_width(words)
        return self._step_boxes(area)[0].left()

    def _paint_state(self, painter: QPainter, area: QRect, row: RosterRow) -> None:
        right = area.right() - theme.px(10)
        middle = area.center().y()
        if row.present:
            theme.paint_icon(painter, "chevron-right", "text2", right - theme.px(18), middle - theme.px(9), 18)
            words = _state_words(row)
            wide = chip_width(words)
            level = "ok" if row.step >= len(STEPS) else "info" if row.step <= 1 else "neutral"
            chip = QRectF(right - theme.px(28) - wide, middle - theme.px(14), wide, theme.px(28))
            paint_chip(painter, chip, words, level)
            if self.view.is_narrow():
                return
            boxes = self._step_boxes(area)
            painter.setPen(Qt.PenStyle.NoPen)
            for step, box in enumerate(boxes, 1):
                painter.setBrush(theme.color("primary" if row.step >= step else "line2"))
                painter.drawRoundedRect(QRectF(box), box.height() / 2, box.height() / 2)
            return
        left = self._state_begins(area, row)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text3"))
        room = QRectF(left, area.top(), right - left + 2, area.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _state_words(row))

    def _paint_words(self, painter: QPainter, room: QRectF, row: RosterRow) -> None:
        told = row_lines(row, room.width())
        high = theme.px(20 if len(told) < 3 else 17)
        for place, (role, ink, text) in enumerate(told):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(ink))
            top = room.center().y() + high * (place - len(told) / 2)
            spot = QRectF(room.left(), top, room.width() + 2, high)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)

    def words_room(self, area: QRect, row: RosterRow) -> QRectF:
        """Where the words of a line stand."""
        left = area.left() + theme.px(52) + theme.px(38) + theme.px(12)
        return QRectF(left, area.top(), self._state_begins(area, row) - left - theme.px(12), area.height())

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Who it is, whole, where the lines cut it."""
        row = index.data(ROW)
        shown = " ".join(text for _role, _ink, text in row_lines(row, self.words_room(option.rect, row).width()))
        whole = f"{row_title(row)} {row_detail(row)}"
        return lines.tell(event, view.viewport(), "" if shown.split() == whole.split() else whole)


def row_title(row: RosterRow) -> str:
    """ "13.  Lalu Rizky": the number of the queue and the name."""
    return f"{row.queue_number}.  {row.name}" if row.queue_number else row.name


def _broken(told: str, width: float) -> tuple[str, ...]:
    """What is told of a person on two lines, broken between two parts where both then fit."""
    metrics, parts = QFontMetrics(theme.font("small")), told.split(PARTED)
    for cut in range(len(parts) - 1, 0, -1):
        both = PARTED.join(parts[:cut]), PARTED.join(parts[cut:])
        if max(map(metrics.horizontalAdvance, both)) <= width:
            return both
    return lines.two_lines(told, width, "small")


def row_lines(row: RosterRow, width: float) -> list[tuple[str, str, str]]:
    """Letters, ink and words of up to three lines: a long name has two of them, else what is told of the person."""
    title, small = lines.fitted(row_title(row), width, "label", "small_strong")
    metrics, whole = QFontMetrics(theme.font("small")), row_detail(row)
    one = (metrics.elidedText(whole, Qt.TextElideMode.ElideRight, int(width)),)
    detail = one if len(small) > 1 or metrics.horizontalAdvance(whole) <= width else _broken(whole, width)
    ink = "text3" if row.present is False else "text"
    return [*((title, ink, words) for words in small), *(("small", "text3", words) for words in detail)]


class DaySide(QWidget):
    """The day in numbers: who came, how far they are, who must be referred."""

    def __init__(self) -> None:
        super().__init__()
        card = Card(padding=(20, 18), spacing=10)
        top = row_layout(spacing=8)
        self.present = Label("0", "big")
        self.targets = Label("", "small", "text2")
        top.addWidget(self.present, 0, Qt.AlignmentFlag.AlignBottom)
        top.addWidget(self.targets, 1, Qt.AlignmentFlag.AlignBottom)
        card.body.addLayout(top)
        self.meter = Meter()
        card.body.addWidget(self.meter)
        card.body.addSpacing(theme.px(6))
        card.body.addWidget(Rule())
        self.steps: list[tuple[Label, Meter]] = []
        for number, words in enumerate(STEPS, 1):
            line = row_layout(spacing=8)
            line.addWidget(Label(f"{number}. {_(words)}", "small", "text2"), 1)
            count = Label("0", "label")
            line.addWidget(count)
            meter = Meter(height=6)
            card.body.addLayout(line)
            card.body.addWidget(meter)
            self.steps.append((count, meter))
        card.body.addSpacing(theme.px(4))
        card.body.addWidget(Rule())
        self.refer = row_layout(spacing=8)
        self.refer_words = Label(_("Perlu dirujuk"), "small", "text2")
        self.refer_chip = Chip("0", "neutral")
        self.refer.addWidget(self.refer_words, 1)
        self.refer.addWidget(self.refer_chip)
        card.body.addLayout(self.refer)
        self.absent = Chip("0", "neutral")
        absent = row_layout(spacing=8)
        absent.addWidget(Label(_("Dicatat tidak hadir"), "small", "text2"), 1)
        absent.addWidget(self.absent)
        card.body.addLayout(absent)
        column = column_layout(self)
        column.addWidget(card)
        column.addStretch(1)

    def show_tally(self, tally: Tally) -> None:
        """Show these numbers."""
        self.present.setText(str(tally.present))
        self.targets.setText(_("hadir dari {n} sasaran").format(n=tally.targets))
        self.meter.set_part(tally.present / tally.targets if tally.targets else 0)
        for (count, meter), number in zip(self.steps, tally.steps, strict=True):
            count.setText(str(number))
            meter.set_part(number / tally.present if tally.present else 0)
        self.absent.set_state(str(tally.absent), "neutral")
        if tally.to_refer is not None:
            self.show_to_refer(tally.to_refer)

    def show_to_refer(self, number: int | None) -> None:
        """How many of them to refer; None while it is being worked out."""
        self.refer_chip.set_state("\N{EN DASH}" if number is None else str(number), "bad" if number else "neutral")


# ---------------------------------------------------------------- closing


class ClosingView(QWidget):
    """What to look at before closing; after it, what the day brought."""

    back_wanted, changed, new_wanted, facts_wanted = Signal(), Signal(), Signal(), Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.day: Day | None = None
        self.sheet = ScrollPage()
        column_layout(self).addWidget(self.sheet)
        self.bar = QWidget()
        self.bar_row = row_layout(self.bar, spacing=10)
        self.main: Button
        self._job: jobs.Job | None = None

    def first_focus(self) -> QWidget | None:
        """The main button."""
        return self.main

    def show_checks(self, day: Day) -> None:
        """The checks, each opening the people it is about; worked out beside the window."""
        self.day = day
        clear(self.sheet.body)
        self.sheet.body.addWidget(Label(_("Memeriksa isian hari ini…"), "body", "text2", wrap=True))
        self.sheet.body.addStretch(1)
        self._show_bar(
            (
                (_("Data hari ini"), "quiet", "button:data-hari", self.facts_wanted.emit),
                (_("Kembali"), "secondary", "button:kembali", self.back_wanted.emit),
            ),
            (_("Tutup hari ini"), "button:tutup-hari", self._close_day),
        )
        self._ask(lambda ws: (sessions.closing_checks(ws, day.id), sessions.tally(ws, day.id)), self._show_found)

    def _ask(self, question: Callable[[Any], object], answer: Callable[[Any], object]) -> None:
        """Ask beside the window; the answer counts while nothing else was asked."""
        if self._job is not None:
            self._job.cancel()
        self._job = self.desk.run(question, answer, owner=self)

    def _show_found(self, found: tuple[Sequence[ClosingCheck], Tally]) -> None:
        checks, tally = found
        body = self.sheet.body
        clear(body)
        card = Card(_("Sebelum ditutup"), padding=(24, 20), spacing=4, rows=True)
        if not checks:
            card.body.addWidget(Notice("ok", _("Semua sudah lengkap. Hari ini bisa ditutup.")))
        for check in checks:
            icon = {"bad": "octagon-alert", "warn": "triangle-alert"}.get(check.level, "info")
            picture = ("icon", icon, check.level)
            row = Row(check.sentence, picture=picture, name=f"check:{check.code}", height=58, wrap=True)
            row.clicked.connect(lambda _on=False, check=check: self._show_people(check))
            card.body.addWidget(row)
        side = DaySide()
        side.show_tally(tally)
        side.setFixedWidth(theme.px(SIDE_WIDE))
        left = column_layout(spacing=12)
        left.addWidget(card)
        if checks:
            hint = _("Hari boleh ditutup walau masih ada yang meragukan; daftar ini tetap bisa dibuka lagi nanti.")
            left.addWidget(Label(hint, "small", "text2", wrap=True))
        left.addStretch(1)
        across = row_layout(spacing=16)
        across.addLayout(left, 1)
        across.addWidget(side)
        body.addLayout(across)
        body.addStretch(1)

    def _show_people(self, check: ClosingCheck) -> None:
        assert self.day is not None
        session_id = self.day.id

        def show(found: tuple[list[RosterRow], Tally]) -> None:
            rows = {row.person_id: row for row in found[0]}
            named = [_Named(rows[person].person_id, rows[person].name, row_detail(rows[person]))
                     for person in check.person_ids if person in rows]  # fmt: skip
            self.desk.show_names(check.sentence, named)

        self.desk.read(lambda ws: sessions.coming(ws, session_id), show, owner=self)

    def _close_day(self) -> None:
        assert self.day is not None
        sessions.close_day(self.desk.ws, self.day.id)
        self.desk.announce("session")
        self._back_up()
        self.changed.emit()

    def _back_up(self) -> None:
        """A copy of the book at the end of each day, beside the work."""
        from posyandu.services import backups

        if self.desk.ws.folder is None:
            return
        folder = getattr(self.desk.preferences, "backup_folder", "")

        def done(result: Any) -> None:  # noqa: ANN401 - backups.BackupDone
            self.desk.toast(_("Hari ditutup dan cadangan dibuat pukul {time}").format(time=f"{result.at:%H.%M}"))

        def failed(error: Exception) -> None:
            self.desk.toast(_("Hari sudah ditutup. Cadangan belum berhasil: {why}").format(why=str(error)))

        self._copying = self.desk.run(
            lambda ws: backups.back_up(ws, Path(folder) if folder else None), done, failed, owner=self
        )

    def show_closed(self, day: Day) -> None:
        """What the day brought."""
        self.day = day
        body = self.sheet.body
        clear(body)
        card = Card(padding=(24, 22), spacing=14)
        top = row_layout(spacing=12)
        top.addWidget(Label(_("Hari Posyandu sudah ditutup"), "title"), 1)
        top.addWidget(Chip(_("Ditutup"), "ok", "check"))
        card.body.addLayout(top)
        numbers = row_layout(spacing=12)
        self.numbers: list[Label] = []
        for words in (_("hadir"), _("sasaran"), _("dicatat tidak hadir"), _("perlu dirujuk")):
            each = column_layout(spacing=0)
            self.numbers.append(Label("\N{EN DASH}", "big"))
            each.addWidget(self.numbers[-1])
            each.addWidget(Label(words, "small", "text2", wrap=True), 1)
            numbers.addLayout(each, 1)
        card.body.addLayout(numbers)
        body.addWidget(card)
        self.follow_up = Card(_("Bahan pertemuan kader"), padding=(24, 20), spacing=2, rows=True)
        self.follow_up.hide()
        body.addWidget(self.follow_up)
        body.addStretch(1)
        month = calendar.Month.of(day.held_on)
        self._ask(
            lambda ws: (sessions.tally(ws, day.id), follow_up.attention(ws, day.posyandu_id, month)),
            self._show_result,
        )
        self._show_bar(
            (
                (_("Buka lagi"), "quiet", "button:buka-lagi", self._reopen),
                (_("Hari Posyandu baru"), "secondary", "button:hari-baru", self._new_day),
                (_("Lihat register"), "secondary", "button:register", self._go_grid),
                (_("Bahan bicara"), "secondary", "button:bahan-bicara", self._go_talking),
            ),
            (_("Laporan bulan ini"), "button:laporan", lambda: self.desk.go("laporan")),
        )

    def _show_result(self, found: tuple[Tally, Sequence[AttentionList]]) -> None:
        """The day in numbers, and what to talk about after it: each line opens its names."""
        tally, lists = found
        told = (tally.present, tally.targets, tally.absent, tally.to_refer)
        for label, number in zip(self.numbers, told, strict=True):
            label.setText(str(number))
        clear_below_title(self.follow_up)
        for each in lists:
            icon = {"bad": "octagon-alert", "warn": "triangle-alert"}.get(each.level, "info")
            row = Row(
                each.title,
                each.detail,
                picture=("icon", icon, each.level),
                number=str(len(each.people)),
                name=f"attention:{each.code}",
            )
            row.clicked.connect(lambda _on=False, each=each: self.desk.show_names(each.title, list(each.people)))
            self.follow_up.body.addWidget(row)
        self.follow_up.setVisible(bool(lists))

    def _go_grid(self) -> None:
        assert self.day is not None
        self.desk.go("grid", session_id=self.day.id)

    def _go_talking(self) -> None:
        """The talking points of the day, to read out or print."""
        assert self.day is not None
        self.desk.go("laporan", kind="pokok_bicara", month=calendar.Month.of(self.day.held_on))

    def _new_day(self) -> None:
        self.new_wanted.emit()

    def _reopen(self) -> None:
        assert self.day is not None
        sessions.reopen(self.desk.ws, self.day.id)
        self.desk.announce("session")
        self.changed.emit()

    def _show_bar(
        self,
        others: Sequence[tuple[str, str, str, Callable[[], object]]],
        main: tuple[str, str, Callable[[], object]],
    ) -> None:
        clear(self.bar_row)
        self.bar_row.addStretch(1)
        self.bar_row.addWidget(
            Deeds(
                [
                    Button(words, kind, name=name, on=lambda _on=False, deed=deed: deed())
                    for words, kind, name, deed in others
                ]
            )  # fmt: skip
        )
        words, name, deed = main
        self.main = Button(words, "primary", name=name, on=lambda: deed())
        self.bar_row.addWidget(self.main)


def clear_below_title(card: Card) -> None:
    """Take out all of a card but its title."""
    while card.body.count() > 1:
        item = card.body.takeAt(1)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()


class _Named:
    """One name of a list."""

    def __init__(self, person_id: str, name: str, detail: str) -> None:
        self.id, self.name, self.detail = person_id, name, detail
