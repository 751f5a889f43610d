"""Tindak lanjut: who needs to be seen, list by list, worst first; what was done about them, and pages to take along."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from posyandu.domain.calendar import month_text, short_date
from posyandu.domain.errors import PosyanduError
from posyandu.text import N_, _
from posyandu.ui import errors, papers
from posyandu.ui.desk import Desk
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import ListBeside
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    Label,
    Page,
    Row,
    Rule,
    ScrollPage,
    Segmented,
    TextInput,
    block,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft

ICONS = {
    "danger_at_home": "octagon-alert",
    "below_red": "octagon-alert",
    "not_gained_twice": "triangle-alert",
    "not_gained": "trending-down",
    "above_orange": "trending-up",
    "absent": "clock",
    "muac": "lila-tape",
    "pregnancy_risk": "heart-pulse",
    "postpartum_risk": "heart-pulse",
    "newborn_risk": "baby",
    "tbc": "stethoscope",
    "talk": "lock",
    "pressure_sugar": "droplet",
    "elderly_help": "hand",
    "anaemia": "droplet",
    "to_refer": "send",
    "referral_open": "hourglass",
    "social_limit": "hand",
    "nifas_visit": "calendar-check",
    "newborn_visit": "calendar-check",
    "home_visit": "house",
    "control": "heart-pulse",
    "feeding": "utensils",
    "prepregnancy": "heart-pulse",
    "pregnancy_unseen": "clock",
    "immunisation_incomplete": "syringe",
    "vitamin_a": "pill",
    "deworming": "pill",
    "smoking": "circle-minus",
}
"""The picture of each list."""

WORDS = {"bad": N_("Segera"), "warn": N_("Perlu dilihat"), "info": N_("Diingatkan")}
POSTPONED, SETTLED, NOTHING = "postponed", "settled", ""
ITEMS_AT_ONCE, ITEMS_A_TURN = 10, 5
"""People of a list made before it is shown, which fills the page, and in each turn after that."""
AFTER_DAYS = (3, 7, 14, 30)
SHORT_SPANS = {3: N_("3 hari"), 7: N_("1 minggu"), 14: N_("2 minggu"), 30: N_("1 bulan")}


class TindakLanjutPage(Page):
    """`open(code="")` shows that list; without a code the one seen last, or the worst."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Tindak lanjut")
        self.board: Any = None
        self.code = ""
        self._job: Any = None
        self._first: QWidget | None = None
        self._items: list[Item] = []
        self._coming: Iterator[Item] = iter(())
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._add_items)
        self.rail = Card(padding=(16, 12), spacing=0, rows=True)
        self.rail_view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rail_rows = column_layout(spacing=0)
        self.rail_view.body.addLayout(self.rail_rows)
        self.rail_view.body.addStretch(1)
        self.rail.body.addWidget(self.rail_view)
        self.card = Card(padding=(20, 16), spacing=8)
        self.heading = ElideLabel("", "title")
        self.explain = Label("", "small", "text2", wrap=True)
        self.grade = Chip("", "neutral")
        top = row_layout(spacing=12)
        words = column_layout(spacing=2)
        words.addWidget(self.heading)
        words.addWidget(self.explain)
        top.addLayout(words, 1)
        top.addWidget(self.grade, 0, Qt.AlignmentFlag.AlignTop)
        self.card.body.addLayout(top)
        self.view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rows = column_layout(spacing=0)
        self.view.body.addLayout(self.rows)
        self.view.body.addStretch(1)
        self.card.body.addWidget(self.view, 1)
        self.empty = EmptyState("circle-check", "")
        self.card.body.addWidget(self.empty, 1)
        self.panes = ListBeside(self.rail, self.card, width=312, back=_("Semua daftar"))
        column = column_layout(self)
        column.setContentsMargins(px(28), px(4), px(28), px(16))
        column.addWidget(self.panes)
        self._bar = self._make_bar()
        desk.records_changed.connect(self._follow)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        self.copy_button = Button(_("Salin untuk WhatsApp"), "secondary", "copy", name="button:salin")
        self.copy_button.clicked.connect(self.copy_text)
        self.print_button = Button(_("Daftar kunjungan kader"), "primary", "printer", name="button:daftar-kunjungan")
        self.print_button.clicked.connect(self.open_shares)
        for button in (self.copy_button, self.print_button):
            button.setEnabled(False)  # until the lists are counted
            row.addWidget(button)
        return bar

    # ---- page

    def open(self, code: str = "", **_arguments: object) -> None:
        """Count beside the window; what was shown last stays meanwhile."""
        if code:
            self.code = code
            if self.board is not None:
                self.show_list(code)
            self.panes.show_detail()
        else:
            self.panes.show_list()
        self.ask()

    def ask(self) -> None:
        """Read the lists anew."""
        from posyandu.services import tasks

        if self._job is not None:
            self._job.cancel()
        post = self.desk.ws.posyandu_id
        self._job = self.desk.run(
            lambda ws: tasks.board(ws, post, private=True), self._counted, self._failed, owner=self
        )

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.where.setText(errors.sentence(error))

    def _counted(self, board: Any) -> None:  # noqa: ANN401 - services.tasks.Board
        from posyandu.services import tasks

        self._job = None
        first = self.board is None
        had = self._holds_focus(self.card) or QApplication.focusWidget() is self
        self.board = board
        words = _("{month}. {n} orang perlu ditemui.") if board.people else _("{month}. Semua sudah ditemui.")
        self.subtitle = words.format(month=month_text(board.month), n=board.people)
        self.header_changed.emit()
        for button in (self.copy_button, self.print_button):
            button.setEnabled(bool(tasks.errands(board)))  # a private list alone is carried nowhere
        self._show_rail()
        self.show_list(self.code)
        wanted = self.first_focus()
        if (first or had) and self.isVisible() and wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def _holds_focus(self, part: QWidget) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and part.isAncestorOf(focus)

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.ask()

    def first_focus(self) -> QWidget | None:
        """The first person of the list; where only the lists find room, the list seen last."""
        if self.panes.two or not self.panes.shows_list:
            return self._first or self.print_button
        return next((row for row in self.rail.findChildren(Row) if row.current), self.print_button)

    def action_bar(self) -> QWidget:
        """Pages and text to take along."""
        return self._bar

    # ---- the lists

    def _codes(self) -> list[str]:
        return [each.code for each in self.board.lists]

    def _worst(self) -> str:
        """The list that is opened when none was chosen: where nobody is to be seen, those who were."""
        return next(iter(self._codes()), SETTLED if self.board.settled else NOTHING)

    def _show_rail(self) -> None:
        if self.code not in (*self._codes(), POSTPONED, SETTLED):
            self.code = self._worst()
        focus = QApplication.focusWidget()
        name = focus.objectName() if focus is not None and self._holds_focus(self.rail) else ""
        if name:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        clear(self.rail_rows)
        for each in self.board.lists:
            icon = ("icon", ICONS.get(each.code, "info"), each.level)
            self._add_rail(each.code, each.title, icon, len(each.tasks))
        if self.board.lists:
            self.rail_rows.addSpacing(px(6))
            self.rail_rows.addWidget(Rule())
            self.rail_rows.addSpacing(px(6))
        self._add_rail(POSTPONED, _("Ditunda"), ("icon", "hourglass", "neutral"), len(self.board.postponed))
        self._add_rail(SETTLED, _("Selesai"), ("icon", "check", "neutral"), len(self.board.settled))
        if name:
            found = self.rail.findChildren(QWidget, name)
            if found:
                found[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_rail(self, code: str, title: str, picture: tuple[str, str, str | None], number: int) -> None:
        row = Row(
            title,
            "",
            picture=picture,
            number=str(number) if number else "",
            chevron=False,
            height=52,
            name=f"daftar:{code}",
        )
        row.setToolTip(title)
        row.clicked.connect(lambda _on=False: self._choose(code))
        self.rail_rows.addWidget(row)

    def _choose(self, code: str) -> None:
        self.show_list(code)
        self.panes.show_detail()

    def show_list(self, code: str) -> None:
        """Show one list, or what was put off or dealt with."""
        if self.board is None:
            return
        if code not in (*self._codes(), POSTPONED, SETTLED):
            code = self._worst()
        self.code = code
        for row in self.rail.findChildren(Row):
            row.current = row.objectName() == f"daftar:{code}"
            row.update()
        self._items = []
        if self._holds_focus(self.card):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # or Qt hands it to the next widget, wherever that is
        clear(self.rows)
        found = next((each for each in self.board.lists if each.code == code), None)
        if found is not None:
            items: Iterator[Item] = (self._task_item(task, found.code) for task in found.tasks)
            explain = f"{found.detail}."
            if found.done is not None:
                explain += " " + _("{done} dari {n} sudah.").format(done=found.done[0], n=found.done[1])
            self._head(found.title, explain, _(WORDS[found.level]), found.level)
        elif code == POSTPONED:
            items = (self._settled_item(each) for each in self.board.postponed)
            self._head(_("Ditunda"), _("Kembali ke daftarnya pada hari yang dipilih."), "", "neutral")
            self.empty.label.setText(_("Tidak ada yang ditunda."))
        elif code == NOTHING:
            items = iter(())
            self._head(_("Bulan ini"), "", "", "neutral")
            self.empty.label.setText(_("Tidak ada yang perlu ditindaklanjuti bulan ini."))
        else:
            items = (self._settled_item(each) for each in self.board.settled)
            self._head(_("Selesai"), _("Yang ditindaklanjuti 30 hari terakhir."), "", "neutral")
            self.empty.label.setText(_("Yang sudah dikunjungi atau dirujuk akan tampak di sini."))
        self._coming = items
        self._add_items(ITEMS_AT_ONCE)
        self.view.setVisible(bool(self._items))
        self.empty.setVisible(not self._items)
        self._first = self._items[0].row if self._items else None
        if self._items:
            self._open_item(self._items[0])
        self.view.verticalScrollBar().setValue(0)

    def _add_items(self, most: int = ITEMS_A_TURN) -> None:
        """Make some of those to come, then the others in turns of their own."""
        made = list(islice(self._coming, most))
        self._items += made
        if made:
            self.rows.addWidget(block(made))
            self._next.start()

    def _head(self, title: str, explain: str, grade: str, level: str) -> None:
        self.heading.setText(title)
        self.explain.setText(explain)
        self.grade.setVisible(bool(grade))
        if grade:
            self.grade.set_state(grade, level)

    def _open_item(self, item: "Item") -> None:
        if item in self._items:  # else it was taken off the page while its focus was still moving
            for each in self._items:
                each.set_open(each is item)

    def _task_item(self, task: Any, code: str) -> "Item":  # noqa: ANN401 - services.tasks.Task
        person = task.person
        title = f"{person.name}, {person.age_text}" if person.age_text else person.name
        since = _("sejak {day}").format(day=short_date(person.since)) if person.since else ""
        detail = ", ".join(part for part in (person.reason, since) if part)
        facts = [
            _("Ibu {name}").format(name=person.mother_name) if person.mother_name else "",
            person.address_line,
            _("Telepon {number}").format(number=person.phone) if person.phone else _("Tanpa nomor telepon"),
        ]
        lines = [". ".join(part for part in facts if part) + "."]
        if task.note:
            lines.append(f"{task.note}.")
        item = Item(
            title,
            detail,
            ("icon", ICONS.get(code, "info"), task.level),
            f"RT {person.rt}" if person.rt else "",
            lines,
            f"orang:{person.id}",
        )
        if code == "referral_open":
            item.add(_("Catat jawaban"), "check", "jawaban", lambda: self._answer(task))
        item.add(_("Dikunjungi"), "house", "dikunjungi", lambda: self._settle(task, "visited"))
        item.add(_("Sudah dirujuk"), "send", "dirujuk", lambda: self._settle(task, "referred"))
        item.add(_("Tunda…"), "hourglass", "tunda", lambda: self._ask_why(task, "postponed"))
        item.add(_("Selesai…"), "check", "selesai", lambda: self._ask_why(task, "done"))
        if code != "talk":  # what is confidential is told in person
            item.add(_("Surat rujukan"), None, "surat-rujukan", lambda: self._refer(task), quiet=True)
        item.add(_("Buka kartu"), None, "kartu", lambda: self.desk.go("kartu", person_id=person.id), quiet=True)
        item.add(
            _("Isi kunjungan rumah"),
            None,
            "kunjungan-rumah",
            lambda: self.desk.go("kunjungan_rumah", person_id=person.id),
            quiet=True,
        )
        item.row.clicked.connect(lambda: self._open_item(item))
        item.row.focused = lambda: self._open_item(item)
        return item

    def _settled_item(self, settled: Any) -> "Item":  # noqa: ANN401 - services.tasks.Settled
        picture = ("icon", ICONS.get(settled.code, "info"), "neutral")
        item = Item(
            settled.name,
            settled.words,
            picture,
            settled.list_title,
            [f"{settled.words}."],
            f"orang:{settled.record_id}",
        )
        item.add(_("Kembalikan ke daftar"), "undo-2", "kembalikan", lambda: self._take_back(settled))
        item.add(_("Buka kartu"), None, "kartu", lambda: self.desk.go("kartu", person_id=settled.person_id), quiet=True)
        item.row.clicked.connect(lambda: self._open_item(item))
        return item

    # ---- deeds

    def _settle(self, task: Any, state: str, reason: str = "", until: Any = None) -> None:  # noqa: ANN401 - values of services
        from posyandu.services import tasks

        saved = tasks.settle(self.desk.ws, task, state, reason=reason, until=until)
        said = {
            "visited": _("{name} sudah dikunjungi"),
            "referred": _("{name} sudah dirujuk"),
            "postponed": _("{name} ditunda"),
            "done": _("{name} selesai"),
        }[state].format(name=task.person.name)
        self.desk.announce("follow_up")
        self.desk.toast(said, _("Batalkan"), lambda: self._undo(saved.op_id))

    def _answer(self, task: Any) -> None:  # noqa: ANN401 - services.tasks.Task
        from posyandu.services import referrals
        from posyandu.ui.referral_sheets import AnswerSheet

        AnswerSheet(self.desk, self.window(), referrals.find(self.desk.ws, task.person.id))

    def _refer(self, task: Any) -> None:  # noqa: ANN401 - services.tasks.Task
        from posyandu.services import referrals
        from posyandu.ui.referral_sheets import ReferSheet

        ReferSheet(self.desk, self.window(), task.person.id, *referrals.last_visit(self.desk.ws, task.person.id))

    def _undo(self, op_id: str) -> None:
        from posyandu.services import tasks

        tasks.undo(self.desk.ws, op_id)
        self.desk.announce("follow_up")

    def _take_back(self, settled: Any) -> None:  # noqa: ANN401 - services.tasks.Settled
        from posyandu.services import tasks

        saved = tasks.take_back(self.desk.ws, settled.record_id)
        self.desk.announce("follow_up")
        self.desk.toast(
            _("{name} kembali ke daftar").format(name=settled.name), _("Batalkan"), lambda: self._undo(saved.op_id)
        )

    def _ask_why(self, task: Any, state: str) -> None:  # noqa: ANN401 - services.tasks.Task
        settle = _saving(self._settle, task, state)
        sheet = WhySheet(self.window(), task.person.name, state, self.desk.ws.today(), settle)
        SheetDraft(sheet, self.desk, "alasan", task.person.id, task.code, state)

    # ---- to take along

    def open_shares(self) -> None:
        """Who goes to which RT, then the pages."""
        SharesSheet(self.window(), self)

    def copy_text(self) -> None:
        """Put the list of the only kader on the clipboard; of several, ask whose: each gets her own and no other's."""
        from posyandu.services import tasks

        given = tasks.shares(self.desk.ws, tasks.errands(self.board))
        if len(given) == 1:
            self.copy_share(given[0])
        else:
            MessagesSheet(self.window(), self, given)

    def copy_share(self, share: Any) -> str:  # noqa: ANN401 - services.tasks.Share
        """Put one kader's list on the clipboard, and say so."""
        from posyandu.services import leaving, tasks

        ws = self.desk.ws
        leaving.note(ws, leaving.NAMES, tasks.told(self.board))
        QApplication.clipboard().setText(tasks.message(ws, self.board, share))
        said = _("Daftar {n} orang tersalin. Tempel di WhatsApp {kader} saja.")
        self.where.setText(said.format(n=len(share.errands), kader=share.kader))
        return self.where.text()

    def save_pages(self) -> None:
        """Write the pages as PDF among the documents and say where."""
        from posyandu.services import tasks

        board = self.board
        papers.save(
            self.desk,
            _("Daftar kunjungan {month}").format(month=board.month),
            lambda ws, path: tasks.save_pages(ws, board, tasks.shares(ws, tasks.errands(board)), path),
            owner=self,
            said=self.where.setText,
        )

    def print_pages(self) -> None:
        """Print the pages; without a printer say so."""
        from posyandu.services import leaving, tasks

        board = self.board

        def make(ws: Any) -> bytes:  # noqa: ANN401 - services.workspace.Workspace
            leaving.note(ws, leaving.NAMES, tasks.told(board))
            return tasks.pages(ws, board, tasks.shares(ws, tasks.errands(board)))

        papers.put_on_paper(self.desk, self, _("Daftar kunjungan"), make, said=self.where.setText)


def _saving(settle: Callable[..., None], task: object, state: str) -> Callable[[str, object], None]:
    return lambda reason, until: settle(task, state, reason, until)


class ItemRow(Row):
    """The line of a person; reaching it by keyboard opens what can be done."""

    focused: Callable[[], object] | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open when reached by Tab or arrows."""
        super().focusInEvent(event)
        if self.focused is not None and event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        ):
            QTimer.singleShot(0, self, self.focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours; Enter on an open line goes to its first button."""
        item = self.parentWidget()
        some = item.parentWidget() if item is not None else None
        holder = some.parentWidget() if some is not None else None
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and holder is not None:
            shown = (each for each in holder.findChildren(Item) if each.isVisible())
            family = sorted(shown, key=lambda each: each.mapTo(holder, QPoint()).y())
            rows = [each.row for each in family]
            if self not in rows:  # the list was built anew and this line is on its way out
                return
            place = rows.index(self) + (1 if event.key() == Qt.Key.Key_Down else -1)
            if 0 <= place < len(family):
                family[place].row.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(item, Item) and self.current:
            item.first_button().setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class Item(QWidget):
    """A person on a list: one line, and below it, when open, how to reach them and what can be done."""

    def __init__(
        self,
        title: str,
        detail: str,
        picture: tuple[str, str, str | None],
        chip: str,
        lines: list[str],
        name: str,
    ) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = column_layout(self, spacing=0)
        self.row = ItemRow(
            title, detail, picture=picture, chip=(chip, "neutral") if chip else None, chevron=False, name=name
        )
        self.row.setToolTip(detail)
        column.addWidget(self.row)
        self.more = QWidget()
        self._inside = column_layout(self.more, spacing=10)
        self._inside.setContentsMargins(px(60), px(4), px(8), px(14))
        self._told = lines
        self.buttons = column_layout(spacing=8)
        self._lines: list[QHBoxLayout] = []
        self._inside.addLayout(self.buttons)
        self.more.hide()
        column.addWidget(self.more)
        self._offered: list[Callable[[], Button]] = []
        self._made: list[Button] = []  # when it is opened first: a list holds sixty of these

    def add(self, words: str, icon: str | None, name: str, deed: Callable[[], object], *, quiet: bool = False) -> None:
        """A button of what can be done."""

        def make() -> Button:
            return Button(words, "quiet" if quiet else "secondary", icon, name=f"button:{name}", on=lambda: deed())

        self._offered.append(make)

    def first_button(self) -> Button:
        """What is done most."""
        return self._made[0]

    def _place(self) -> None:
        """As many side by side as fit."""
        room = max(self.width() - px(76), px(200))
        rows: list[list[Button]] = []
        used = room + 1
        for button in self._made:
            wide = button.sizeHint().width() + px(8)
            if used + wide - px(8) > room:
                rows.append([])
                used = 0
            rows[-1].append(button)
            used += wide
        for line in self._lines:
            for button in self._made:
                line.removeWidget(button)
            while line.count():  # the stretch
                line.takeAt(0)
        while len(self._lines) < len(rows):
            self._lines.append(row_layout(spacing=8))
            self.buttons.addLayout(self._lines[-1])
        for line, row in zip(self._lines, rows, strict=False):
            for button in row:
                line.addWidget(button)
            line.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the buttons out again."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def set_open(self, on: bool) -> None:
        """Show or hide what can be done."""
        if on and not self._made:
            for place, line in enumerate(self._told):
                self._inside.insertWidget(place, Label(line, "small", "text2", wrap=True))
            self._made = [make() for make in self._offered]
            self._place()
        if self.more.isHidden() == on:
            self.more.setVisible(on)
        self.row.current = on
        self.row.setAccessibleDescription(_("terbuka") if on else "")
        self.row.update()


class WhySheet(Overlay):
    """Asks why, and for postponing until when."""

    def __init__(
        self,
        host: QWidget,
        name: str,
        state: str,
        today: date,
        then: Callable[[str, object], None],  # noqa: ANN401 - date
    ) -> None:
        from posyandu.services import tasks

        postponed = state == "postponed"
        super().__init__(
            host, _("Tunda {name}").format(name=name) if postponed else _("Selesai: {name}").format(name=name)
        )
        self.state, self.today, self.then = state, today, then
        self.span: Segmented | None = None
        if postponed:
            self.body.addWidget(Label(_("Diingatkan lagi sesudah"), "label"))
            self.span = Segmented(
                [(days, _(SHORT_SPANS[days])) for days in AFTER_DAYS], 7, name="tunda", accessible=_("Diingatkan lagi")
            )
            self.body.addWidget(self.span)
        self.body.addWidget(Label(_("Mengapa?") if postponed else _("Apa hasilnya?"), "label"))
        self.reason = TextInput(
            name="alasan",
            accessible=_("Alasan"),
            placeholder=_("Pilih di bawah atau tulis") if postponed else _("Misalnya: sudah ke Pustu hari Senin"),
        )
        self.body.addWidget(self.reason)
        if postponed:
            grid = QGridLayout()
            grid.setSpacing(px(8))
            for place, words in enumerate(tasks.PUT_OFF):
                button = Button(_(words), "secondary", name=f"alasan:{place}")
                button.clicked.connect(lambda _on=False, words=words: self._take(_(words)))
                grid.addWidget(button, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(1, 1)
            self.body.addLayout(grid)
        yes = Button(_("Tunda") if postponed else _("Tandai selesai"), "primary", name="button:ya", on=self.save)
        self.reason.returnPressed.connect(self.save)
        self.foot(yes)
        self.open_over(self.reason)

    def _take(self, words: str) -> None:
        self.reason.setText(words)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Note it, or say what is missing."""
        days = self.span.value() if self.span is not None else None
        until = self.today + timedelta(days=days) if isinstance(days, int) else None
        try:
            self.then(self.reason.text(), until)
        except PosyanduError as error:
            self.say(errors.sentence(error))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()


class SharesSheet(Overlay):
    """Which kader goes to which RT; then saves or prints the pages."""

    def __init__(self, host: QWidget, page: TindakLanjutPage) -> None:
        from posyandu.services import tasks

        super().__init__(host, _("Siapa mengunjungi siapa?"), width=620)
        self.page = page
        self.workers = tasks.kader(page.desk.ws)
        self.wanted = tasks.errands(page.board)
        self.by = tasks.shared_by(page.desk.ws)
        self.pickers: dict[str, Picker] = {}
        words = _("Satu lembar A4 untuk setiap kader, dengan tempat menulis hasilnya. Pilihan diingat.")
        self.body.addWidget(Label(words, "small", "text2", wrap=True))
        if any(one.person.dasawisma for one in self.wanted):
            choice = Segmented(
                [("rt", _("Menurut RT")), ("dasawisma", _("Menurut dasawisma"))],
                self.by,
                name="menurut",
                accessible=_("Dibagi menurut"),
            )
            choice.changed.connect(lambda by: self._share(str(by)))
            self.body.addWidget(choice)
        view = ScrollPage(margins=(0, 0, 8, 0), spacing=8)
        self.lines = column_layout(spacing=8)
        view.body.addLayout(self.lines)
        view.body.addStretch(1)
        self.view = view
        self.body.addWidget(view, 1)
        first = self._share(self.by)
        printing = Button(_("Cetak"), "secondary", "printer", name="button:cetak")
        printing.clicked.connect(lambda: self._keep(page.print_pages))
        saving = Button(_("Simpan PDF"), "primary", "save", name="button:simpan-pdf")
        saving.clicked.connect(lambda: self._keep(page.save_pages))
        self.foot(printing, saving)
        self.open_over(saving if len(self.workers) == 1 else first)

    def _share(self, by: str) -> QWidget | None:
        """Show who goes where; gives the first picker."""
        from posyandu.services import tasks

        self.by = by
        clear(self.lines)
        self.pickers = {}
        shared = tasks.shares(self.page.desk.ws, self.wanted, by)
        given = {place: share.worker_id for share in shared for place in share.rts}
        first: QWidget | None = None
        for place in sorted(given):
            count = sum(tasks.place_of(one.person, by) == place for one in self.wanted)
            line = row_layout(spacing=12)
            title = "RT" if by == "rt" else _("Dasawisma")
            name = f"{title} {place}" if place else _("Tanpa RT") if by == "rt" else _("Tanpa dasawisma")
            line.addWidget(ElideLabel(name, "label"), 1)
            line.addWidget(Label(_("{n} orang").format(n=count), "small", "text3"))
            picker = Picker(self.workers, name=f"kader:{place}", accessible=_("Kader untuk {rt}").format(rt=name))
            picker.set_value(given[place])
            picker.setMinimumWidth(px(260))
            line.addWidget(picker)
            self.pickers[place] = picker
            self.lines.addLayout(line)
            first = first or picker
        if self.isVisible():
            self.place()
        return first

    def _keep(self, deed: Callable[[], None]) -> None:
        from posyandu.services import tasks

        chosen = {place: str(picker.value()) for place, picker in self.pickers.items()}
        tasks.choose_kader(self.page.desk.ws, chosen, self.by)
        self.accept()
        deed()


class MessagesSheet(Overlay):
    """Whose list goes on the clipboard; it stays open, so that the next one is copied after the first is pasted."""

    def __init__(self, host: QWidget, page: TindakLanjutPage, given: Sequence[Any]) -> None:
        super().__init__(host, _("Salin untuk siapa?"), width=560)
        view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        rows = []
        for share in given:
            places = ", ".join(place for place in share.rts if place)
            title = "RT" if share.by == "rt" else _("Dasawisma")
            number = _("{n} orang").format(n=len(share.errands))
            row = Row(
                share.kader,
                ". ".join(part for part in (f"{title} {places}" if places else "", number) if part),
                picture=("icon", "copy", "neutral"),
                chevron=False,
                name=f"salin:{share.worker_id}",
            )
            row.clicked.connect(lambda _on=False, share=share: self.say(page.copy_share(share), "ok"))
            view.body.addWidget(row)
            rows.append(row)
        view.body.addStretch(1)
        self.body.addWidget(view, 1)
        self.foot(no=_("Tutup"), name="button:tutup")
        self.open_over(rows[0])
        self.say(_("Setiap kader mendapat daftarnya sendiri. Salin satu, tempel, lalu salin berikutnya."), "info")
