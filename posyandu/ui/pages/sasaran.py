"""Everybody the post looks after: one searchable list, narrowed by group and by whether they still live here."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from posyandu.domain.service_group import Group
from posyandu.services import people
from posyandu.services.people import PersonHit
from posyandu.text import N_, _
from posyandu.ui import lines, theme
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.arrange import Deeds, Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    EmptyState,
    Label,
    Page,
    Segmented,
    TextInput,
    chip_width,
    column_layout,
    goes_through,
    is_typing,
    paint_avatar,
    paint_chip,
    row_layout,
    type_into,
)
from posyandu.ui.widgets.picker import Picker

STATUSES = {
    "active": N_("Tinggal di sini"),
    "away": N_("Pergi sementara"),
    "moved": N_("Pindah"),
    "died": N_("Meninggal"),
}
NAME, GROUP, AGE, MOTHER, ADDRESS, STATUS = range(6)
PICTURE = 36
HEADINGS = (N_("Nama"), N_("Kelompok"), N_("Umur"), N_("Ibu"), N_("Alamat"), N_("Keadaan"))
EVERYBODY = 5000
SEARCH_AFTER_MS = 60
HIT = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class SasaranPage(Page):
    """`open(text="", group=None)`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Sasaran")
        self.search = TextInput(
            name="people:search",
            accessible=_("Cari nama, nama ibu, NIK atau nomor register"),
            placeholder=_("Cari nama, ibu, NIK atau nomor"),
            height=44,
        )
        self.groups = Picker(
            [("all", _("Semua kelompok")), *((group.value, group.label) for group in Group)],
            name="people:group",
            accessible=_("Kelompok"),
        )
        self.status = Segmented(
            [("here", _("Tinggal di sini")), ("gone", _("Pindah, meninggal")), ("all", _("Semua"))],
            "here",
            name="people:status",
            accessible=_("Keadaan"),
            tick=False,
        )
        self.table = PeopleTable()
        self.table.opened.connect(lambda person_id: desk.go("kartu", person_id=person_id))
        self.empty = EmptyState("users", _("Tidak ada yang cocok."), _("Daftarkan sasaran baru"), self._register)
        self.count = Label("", "small", "text2")
        self._bar = QWidget()
        self._later = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._later.timeout.connect(self.ask)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.search.returnPressed.connect(self._enter)
        self.search.installEventFilter(self)
        self.groups.currentIndexChanged.connect(lambda _place: self.ask())
        self.status.changed.connect(lambda _code: self.ask())
        desk.records_changed.connect(self._follow)
        self._lay_out()

    def _lay_out(self) -> None:
        tools = Flow(spacing=12)
        self.search.setMinimumWidth(theme.px(190))
        tools.add(self.search, 100)
        tools.add(self.groups)
        tools.add(self.status)
        card = Card(padding=(1, 8), spacing=0)
        card.body.setContentsMargins(1, theme.px(8), 1, theme.px(8))
        card.body.addWidget(self.table)
        card.body.addWidget(self.empty, 1)
        column = column_layout(self, spacing=14)
        column.setContentsMargins(theme.px(28), theme.px(2), theme.px(28), theme.px(14))
        column.addWidget(tools)
        column.addWidget(card, 1)
        row = row_layout(self._bar, spacing=12)
        row.addWidget(self.count, 1)
        papers = Button(_("Lembar KMS"), "quiet", "printer", name="button:lembar-kms", on=self._open_papers)
        twice = Button(_("Periksa data ganda"), "quiet", "users", name="button:ganda", on=lambda: self.desk.go("ganda"))
        gone = Button(_("Yang dihapus"), "quiet", "trash-2", name="button:yang-dihapus", on=self._open_gone)
        self.coming = Button("", "quiet", "user-plus", name="button:pindahan", on=self._open_arrivals)
        self.coming.hide()
        row.addWidget(self.coming)
        row.addWidget(Deeds((papers, twice, gone)))
        new = Button(_("Daftarkan sasaran baru"), "primary", "user-plus", name="button:daftar", on=self._register)
        row.addWidget(new)

    def open(self, **kwargs: object) -> None:
        """Show the list, narrowed when asked."""
        if "text" in kwargs:
            self.search.setText(str(kwargs["text"]))
        if kwargs.get("group"):
            self.groups.set_value(kwargs["group"])
        self.ask()
        self._look_for_arrivals()

    def ask(self) -> None:
        """Search and show."""
        self._later.stop()
        ws = self.desk.ws
        found = people.search(ws, self.search.text(), limit=EVERYBODY, scope=ws.posyandu_id)
        group, status = self.groups.value(), self.status.value()
        shown = [
            hit
            for hit in found
            if (group == "all" or (hit.group is not None and hit.group.value == group))
            and (status == "all" or (hit.status in ("moved", "died")) == (status == "gone"))
        ]
        self.table.show_people(shown)
        self.table.setVisible(bool(shown))
        self.empty.label.setText(_("Tidak ada yang cocok.") if found or self.search.text() else _("Belum ada sasaran."))
        self.empty.setVisible(not shown)
        self.count.setText(_("{n} orang").format(n=len(shown)))
        self.subtitle = _("{n} orang di buku Posyandu ini").format(n=len(shown)) if not self.search.text() else ""
        self.header_changed.emit()

    def _look_for_arrivals(self) -> None:
        """Whether somebody from another post waits to be taken in."""

        def show(number: int) -> None:
            self.coming.setText(_("{n} pindahan masuk").format(n=number))
            self.coming.setVisible(number > 0)

        self.desk.run(_arrivals, show, owner=self)

    def _open_arrivals(self) -> None:
        from posyandu.ui.move_sheets import ArrivalsSheet

        ArrivalsSheet(self.desk, self.window())

    def _follow(self, forms: frozenset[str]) -> None:
        if self.isVisible() and (not forms or "arrival" in forms):
            self._look_for_arrivals()
        if self.isVisible() and (not forms or forms & {"person", "pregnancy", "household"}):
            self.ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the box move in the list."""
        return goes_through(event, self.search, self.table.move_by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A name typed anywhere on the page is searched."""
        if not type_into(self.search, event):
            super().keyPressEvent(event)

    def _enter(self) -> None:
        self.ask()
        hit = self.table.current()
        if hit is not None:
            self.desk.go("kartu", person_id=hit.id)

    def _register(self) -> None:
        self.desk.go("daftar", name=self.search.text())

    def first_focus(self) -> QWidget:
        """The search box."""
        return self.search

    def _open_papers(self) -> None:
        from posyandu.ui.kms_sheet import KmsSheet

        KmsSheet(self.desk, self.window())

    def _open_gone(self) -> None:
        from posyandu.ui.gone_sheet import GoneSheet

        GoneSheet(self.desk, self.window())

    def action_bar(self) -> QWidget:
        """How many, and the way to a new one."""
        return self._bar


def _arrivals(ws: Any) -> int:  # noqa: ANN401 - services
    from posyandu.services import moves

    return len(moves.arrivals(ws))


class PeopleModel(QAbstractTableModel):
    """People found, as Qt's roles."""

    def __init__(self) -> None:
        super().__init__()
        self.hits: list[PersonHit] = []

    def show(self, hits: list[PersonHit]) -> None:
        """Show these people."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One row per person."""
        return 0 if parent.isValid() else len(self.hits)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Name, group, age, mother, address, status."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(HEADINGS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, and the hit itself for the painter."""
        hit = self.hits[index.row()]
        if role == HIT:
            return hit
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == NAME:
            return ", ".join(part for part in (hit.name, hit.group_label, hit.age_text, hit.address_line) if part)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return (
                hit.name,
                hit.group_label,
                hit.age_text,
                hit.mother_name,
                hit.address_line,
                _("Tamu") if hit.guest else _(STATUSES.get(hit.status, "")),
            )[index.column()]
        return None


class PeopleTable(QTableView):
    """One line per person; the whole line opens the card."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("people")
        self.setAccessibleName(_("Daftar sasaran"))
        theme.dress(self)
        self.people = PeopleModel()
        self.setModel(self.people)
        self.setItemDelegate(_PersonPainter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.px(52))
        header = self.horizontalHeader()
        header.setFixedHeight(theme.px(40))
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setStyleSheet(f"QHeaderView::section {{ padding: 0 {theme.px(12)}px; font-size: {theme.px(14)}px; }}")
        self._hover = -1
        self.entered.connect(self._entered)

    def show_people(self, hits: list[PersonHit]) -> None:
        """Show these people; the first is chosen."""
        self.people.show(hits)
        if hits:
            self.selectRow(0)
        self._fit()

    def current(self) -> PersonHit | None:
        """The chosen person."""
        place = self.currentIndex().row()
        return self.people.hits[place] if 0 <= place < len(self.people.hits) else None

    def move_by(self, step: int) -> None:
        """Choose another line."""
        place = min(max(self.currentIndex().row() + step, 0), len(self.people.hits) - 1)
        if place >= 0:
            self.selectRow(place)

    def _fit(self) -> None:
        wide = self.viewport().width()
        narrow = wide < theme.px(820)
        shares = {NAME: 31, GROUP: 13, AGE: 15, MOTHER: 19, ADDRESS: 22}
        self.setColumnHidden(STATUS, all(hit.status == "active" and not hit.guest for hit in self.people.hits))
        if not self.isColumnHidden(STATUS):
            shares[STATUS] = 14
        self.setColumnHidden(MOTHER, narrow)
        if narrow:
            del shares[MOTHER]
        whole = sum(shares.values())
        for column, share in shares.items():
            self.setColumnWidth(column, wide * share // whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the card."""
        hit = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and hit is not None:
            self.opened.emit(hit.id)
        elif is_typing(event):
            event.ignore()  # a name: the page searches it
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on a line opens it."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.people.hits[index.row()].id)

    def _entered(self, index: QModelIndex) -> None:
        self._hover = index.row()
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """No line is under the pointer."""
        super().leaveEvent(event)
        self._hover = -1
        self.viewport().update()

    @property
    def hover(self) -> int:
        """The line under the pointer, -1 for none."""
        return self._hover


class _PersonPainter(QStyledItemDelegate):
    """Paints one cell of the list."""

    def __init__(self, view: PeopleTable) -> None:
        super().__init__(view)
        self.view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Name with its picture, the rest as words, states other than living here as chips."""
        area: QRect = option.rect
        hit: PersonHit = index.data(HIT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = index.row() == self.view.currentIndex().row()
        ground = "soft" if chosen else "hover" if index.row() == self.view.hover else "surface"
        painter.fillRect(area, theme.color(ground))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), theme.color("line"))
        inner = self._room(area, index.column())
        text = str(index.data() or "")
        if index.column() == NAME:
            side = theme.px(PICTURE)
            spot = QRectF(area.left() + theme.px(12), inner.center().y() - side / 2, side, side)
            paint_avatar(painter, spot, hit.name, hit.sex)
        if index.column() == STATUS:
            if text and (hit.status != "active" or hit.guest):
                wide = min(chip_width(text), int(inner.width()))
                paint_chip(
                    painter,
                    QRectF(inner.left(), inner.center().y() - theme.px(14), wide, theme.px(28)),
                    text,
                    "neutral",
                )
        else:
            painter.setPen(theme.color("text" if index.column() == NAME else "text2"))
            lines.paint(painter, inner, text, *_letters(index.column()))
        painter.restore()

    def _room(self, area: QRect, column: int) -> QRectF:
        """Where the words of a cell stand."""
        picture = theme.px(PICTURE + 12) if column == NAME else 0
        return QRectF(area).adjusted(theme.px(12) + picture, 0, -theme.px(8), 0)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Who it is, whole, where two lines cut the words under the pointer."""
        words = str(index.data() or "")
        cut = lines.is_cut(words, self._room(option.rect, index.column()).width(), *_letters(index.column()))
        return lines.tell(event, view.viewport(), words if cut else "")


def _letters(column: int) -> tuple[str, str]:
    return ("label", "small_strong") if column == NAME else ("small", "micro")
