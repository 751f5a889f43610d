"""The immunisations of one person: a tile per dose, and the sheet on which dates are copied from the book.

Nothing here says that a dose is to be given: the tiles say what is noted, what it is time for and what is late.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from posyandu.domain import calendar
from posyandu.domain.errors import BadInput, NotFound, PosyanduError
from posyandu.domain.fields import Value
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.immunisation import DoseStatus, State
from posyandu.services import immunisation
from posyandu.services.immunisation import REASONS, DoseCard, Given
from posyandu.text import N_, _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    Label,
    Notice,
    Pressable,
    Row,
    ScrollPage,
    Segmented,
    clear,
    column_layout,
    keep_focus,
    row_layout,
)
from posyandu.ui.widgets.fields import BAD, PLAIN, WARN, Box, FieldWidget, _bare, _Line
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.sheet_draft import SheetDraft

TILE_WIDTH, TILE_HEIGHT = 138, 52
SAME_AS_ABOVE = ("=", "\N{QUOTATION MARK}", "'")
"""The keys that repeat the date above: what people write in a column of equal dates."""

_LOOKS: Mapping[State, tuple[str, str]] = {
    State.GIVEN: ("ok", "check"),
    State.INVALID: ("info", "circle-question-mark"),
    State.TOO_EARLY: ("neutral", "circle"),
    State.DUE: ("info", "clock"),
    State.OVERDUE: ("warn", "triangle-alert"),
    State.CATCH_UP: ("warn", "triangle-alert"),
    State.NOT_AFTER: ("neutral", "circle-minus"),
}
"""The level and the sign of each state."""

_SHORT: Mapping[State, str] = {State.CATCH_UP: N_("Bisa dikejar"), State.INVALID: N_("Tanya bidan")}
"""Words that fit a tile, where those of the state do not."""


def tile_words(dose: DoseStatus) -> str:
    """What stands under the name of a dose: the day it was given, or where it stands."""
    if dose.given_on is not None:
        return calendar.short_date(dose.given_on)
    if dose.state is State.TOO_EARLY and dose.waits_for:
        return _("Sesudah dosis {n}").format(n=dose.number - 1)
    if dose.state is State.TOO_EARLY and dose.from_on:
        return _("Mulai {day}").format(day=calendar.short_date(dose.from_on))
    return _(_SHORT.get(dose.state, dose.state.value))


def spoken(dose: DoseStatus) -> str:
    """The whole of a tile in words, for screen readers and the tool tip."""
    parts = [dose.label, _(dose.state.value)]
    if dose.given_on is not None or dose.state is State.TOO_EARLY:
        words = tile_words(dose)
        parts.append(words[:1].lower() + words[1:])
    if dose.fault:
        parts.append(_("lebih awal dari umurnya") if dose.fault == "age" else _("jaraknya terlalu pendek"))
    if dose.reason:
        parts.append(_(REASONS.get(dose.reason, dose.reason)))
    return ", ".join(parts)


class DoseTile(Pressable, QAbstractButton):
    """One dose: its name, and under it a sign with the date or the state. Arrows go to the neighbours."""

    def __init__(self, dose: DoseStatus) -> None:
        super().__init__()
        self.dose = dose
        self.words = tile_words(dose)
        self.setObjectName(f"dose:{dose.code}")
        self.setAccessibleName(spoken(dose))
        self.setToolTip(spoken(dose))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines, as wide as the longer one wants."""
        small = QFontMetrics(theme.font("micro")).horizontalAdvance(self.words) + theme.px(20)
        name = QFontMetrics(theme.font("small_strong")).horizontalAdvance(self.dose.label)
        return QSize(max(theme.px(TILE_WIDTH), max(small, name) + theme.px(22)), theme.px(TILE_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as space does; arrows move in the grid."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        grid = self.parentWidget()
        if isinstance(grid, TileGrid):
            step = steps.get(Qt.Key(event.key()), 0)
            step += grid.columns * ((event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up))
            if step:
                grid.focus_from(self, step)
                return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile in the colour of its state."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        level, sign = _LOOKS[self.dose.state]
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = theme.px(8)
        later = self.dose.state in (State.TOO_EARLY, State.NOT_AFTER)
        fill = "hover" if self.underMouse() and later else "surface" if later else f"{level}_fill"
        edge = QPen(theme.color("line2" if later else f"{level}_fill"), 1)
        if self.hasFocus() and self.ring:
            edge = QPen(theme.color("primary"), 2)
        painter.setPen(edge)
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(box, radius, radius)
        ink = "text2" if later else f"on_{level}"
        left, middle = theme.px(10), self.height() / 2
        painter.setFont(theme.font("small_strong"))
        painter.setPen(theme.color("text2" if later else ink))
        room = self.width() - 2 * left
        aligned = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(left, theme.px(5), room, middle - theme.px(5)), aligned, self.dose.label)
        theme.paint_icon(painter, sign, ink, left - 1, middle + theme.px(3), 15)
        painter.setFont(theme.font("micro"))
        painter.drawText(QRectF(left + theme.px(20), middle - 1, room, middle - theme.px(4)), aligned, self.words)


class TileGrid(QWidget):
    """Tiles in as many columns as there is room for."""

    def __init__(self, tiles: Sequence[DoseTile]) -> None:
        super().__init__()
        self.tiles = list(tiles)
        self.columns = 0
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(theme.px(6))
        self._place(4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles out anew when another number of columns fits."""
        super().resizeEvent(event)
        widest = max(tile.sizeHint().width() for tile in self.tiles)
        self._place(max(1, (event.size().width() + theme.px(6)) // (widest + theme.px(6))))

    def minimumSizeHint(self) -> QSize:
        """One column is enough; the height is that of the present columns."""
        return QSize(theme.px(TILE_WIDTH), self.sizeHint().height())

    def _place(self, columns: int) -> None:
        if columns == self.columns:
            return
        for column in range(max(columns, self.columns)):
            self.grid.setColumnStretch(column, 1 if column < columns else 0)
        self.columns = columns
        for place, tile in enumerate(self.tiles):
            self.grid.addWidget(tile, place // columns, place % columns)

    def focus_from(self, tile: DoseTile, step: int) -> None:
        """Give the focus to the tile so many places on, if there is one."""
        place = self.tiles.index(tile) + step
        if 0 <= place < len(self.tiles):
            self.tiles[place].setFocus(Qt.FocusReason.TabFocusReason)


class DoseCardView(Card):
    """The card on a person's page; it follows what is noted anywhere, and tells `changed` when it did."""

    changed = Signal()

    def __init__(self, desk: Desk, person_id: str, *, session_id: str | None = None, on: date | None = None) -> None:
        self.state = Chip("", "neutral")
        super().__init__(_("Imunisasi"), trailing=self.state, padding=(20, 18), spacing=12)
        self.setObjectName("immunisation")
        self.desk, self.person_id, self.session_id, self.on = desk, person_id, session_id, on
        self.inside = column_layout(spacing=12)
        self.body.addLayout(self.inside)
        self.show_doses()
        desk.records_changed.connect(self._follow)

    def show_doses(self) -> None:
        """Show the doses as they are noted now."""
        card = immunisation.card(self.desk.ws, self.person_id, self.on)
        self.card = card
        level = card.level if card.level in theme.LEVELS else "neutral"
        self.state.set_state(state_words(card), level, theme.LEVEL_ICONS[level])
        with keep_focus(self):
            clear(self.inside)
            self.inside.addWidget(Label(card.headline, "small", "text2", wrap=True))
            for title, school in (("", False), (_("Imunisasi sekolah (BIAS), menurut umur"), True)):
                tiles = [DoseTile(dose) for dose in card.doses if dose.school is school]
                if not tiles:
                    continue
                if title:
                    self.inside.addWidget(Label(title, "small_strong", "text2"))
                for tile in tiles:
                    tile.clicked.connect(lambda _on=False, code=tile.dose.code: self.open_sheet(code))
                self.inside.addWidget(TileGrid(tiles))
            self.inside.addWidget(Label(_named_words(card), "small", "text2", wrap=True))
            self.inside.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = row_layout(spacing=8)
        copy = Button(_("Salin dari Buku KIA"), "secondary", "book-open", name="button:salin-imunisasi")
        copy.clicked.connect(lambda: self.open_sheet())
        row.addWidget(copy)
        row.addStretch(1)
        return row

    def open_sheet(self, code: str = "") -> "DoseSheet":
        """Open the sheet of dates, at one dose when its code is given."""
        return DoseSheet(self.desk, self.window(), self.card, code, session_id=self.session_id)

    def _follow(self, forms: frozenset[str]) -> None:
        if DOSE.name in forms:
            with suppress(NotFound):  # erased on request: the page goes, now or when it is seen again
                self.show_doses()
                self.changed.emit()


class TetanusCard(Card):
    """Where a woman's protection against tetanus stands, by every dose known."""

    def __init__(self, desk: Desk, person_id: str) -> None:
        found = immunisation.card(desk.ws, person_id)
        level = "neutral" if not found.tetanus.level else "ok" if is_protected(found) else "warn"
        chip = Chip(f"T{found.tetanus.level}", level) if found.tetanus.level else None
        super().__init__(_("Status tetanus"), trailing=chip, padding=(20, 18), spacing=8)
        self.setObjectName("tetanus")
        self.words = Label(tetanus_words(found), "small", "text2", wrap=True)
        self.body.addWidget(self.words)


def is_protected(card: DoseCard) -> bool:
    """Whether the last tetanus dose still protects on the day of the card."""
    until = card.tetanus.protected_until
    return until is not None and card.on < until


def tetanus_words(card: DoseCard) -> str:
    """The status in sentences, with the day from which the next dose counts."""
    known = card.tetanus
    if known.last_on is None:
        return _("Belum ada dosis Td yang tercatat. Tanyakan kartu imunisasinya, lalu isi di register WUS.")
    parts = [_("Dosis terakhir {day}.").format(day=calendar.short_date(known.last_on))]
    if known.protected_until is not None:
        day = calendar.short_date(known.protected_until)
        words = _("Terlindung sampai {day}.") if is_protected(card) else _("Perlindungan habis {day}.")
        parts.append(words.format(day=day))
    if known.next_on is not None:
        words = _("Dosis berikut mulai {day}.") if card.on < known.next_on else _("Dosis berikut sudah waktunya.")
        parts.append(words.format(day=calendar.short_date(known.next_on)))
    return " ".join(parts)


def state_words(card: DoseCard) -> str:
    """The card in a chip: "Lengkap sesuai umur", "2 terlambat", "1 waktunya"."""
    if not card.known:
        return _("Belum tercatat")
    if card.late:
        return _("{n} terlambat").format(n=len(card.late))
    if card.due:
        return _("{n} sudah waktunya").format(n=len(card.due))
    if card.complete:
        return _("Lengkap sesuai umur")
    return _("Belum lengkap")


def hint_words(card: DoseCard) -> str:
    """What the card says beside column 20, where the kader's answer stays her own."""
    if card.complete is None:
        return _("Menurut kartu: {words}").format(words=card.headline)
    answer = _("Ya") if card.complete else _("Belum")
    return _("Hitungan dari kartu: {answer}. {words}").format(answer=answer, words=card.headline)


def _named_words(card: DoseCard) -> str:
    """IDL, IBL and tetanus in one line."""
    parts = []
    for each in card.completions:
        if each.complete_on is not None:
            day = calendar.short_date(each.complete_on)
            words = _("{label}: lengkap {day}") if each.in_time else _("{label}: lengkap {day}, sesudah waktunya")
            parts.append(words.format(label=_(each.label), day=day))
        elif each.code != "isl" and card.known:
            parts.append(_("{label}: kurang {n}").format(label=_(each.label), n=len(each.missing)))
    if card.tetanus.level:
        until = card.tetanus.protected_until
        words = _("Status T{level}") if until is None else _("Status T{level}, terlindung sampai {day}")
        parts.append(words.format(level=card.tetanus.level, day=calendar.short_date(until) if until else ""))
    if card.next_on is not None:
        parts.append(_("Berikutnya {day}").format(day=calendar.short_date(card.next_on)))
    return "  ·  ".join(parts)


class DoseStrip(QWidget):
    """One line on the visit page: where the immunisations stand, and the way to the card."""

    changed = Signal()

    def __init__(self, desk: Desk, person_id: str, on: date, session_id: str | None) -> None:
        super().__init__()
        self.desk, self.person_id, self.on, self.session_id = desk, person_id, on, session_id
        self.setObjectName("immunisation-strip")
        self.card = immunisation.card(desk.ws, person_id, on)
        level = self.card.level if self.card.level in theme.LEVELS else "neutral"
        words = _("Imunisasi. {words}").format(words=self.card.headline)
        self.notice = Notice(level, words, _("Buka kartu"), self.open_card)
        if self.notice.button is not None:
            self.notice.button.setObjectName("button:kartu-imunisasi")
        column_layout(self).addWidget(self.notice)
        desk.records_changed.connect(self._follow)

    def open_card(self) -> Overlay:
        """The card over the page, so that nothing typed is lost."""
        overlay = Overlay(self.window(), "", width=760)
        overlay.setObjectName("dose-card")
        overlay.setAccessibleName(_("Imunisasi"))
        page = ScrollPage(margins=(0, 0, 0, 0))
        self.view = DoseCardView(self.desk, self.person_id, session_id=self.session_id, on=self.on)
        page.body.addWidget(self.view)
        page.body.addStretch(1)
        overlay.body.addWidget(page, 1)
        overlay.foot(no=_("Tutup"), name="button:tutup")
        overlay.open_over(self.view.findChild(Button, "button:salin-imunisasi"))
        return overlay

    def _follow(self, forms: frozenset[str]) -> None:
        if DOSE.name not in forms:
            return
        try:
            self.card = immunisation.card(self.desk.ws, self.person_id, self.on)
        except NotFound:  # erased on request
            return
        level = self.card.level if self.card.level in theme.LEVELS else "neutral"
        self.notice.set_text(level, _("Imunisasi. {words}").format(words=self.card.headline))
        self.changed.emit()


LAST_HEXAVALENT = 3
"""The booster stays DPT-HB-Hib."""


class ProductToggle(Button):
    """Whether a DPT-HB-Hib dose was hexavalent: pressed or not."""

    def __init__(self, dose: DoseStatus) -> None:
        super().__init__(_("Heksavalen"), "quiet", name=f"hexavalent:{dose.code}")
        self.setCheckable(True)
        self.setAccessibleName(_("{dose} heksavalen").format(dose=dose.label))
        self.setToolTip(_("Tekan X: DPT-HB-Hib-IPV dalam satu vaksin"))
        self.toggled.connect(self._look)
        self._look(False)

    def _look(self, on: bool) -> None:
        self.kind = "secondary" if on else "quiet"
        self.set_icon("check" if on else "circle")


class DoseLine(FieldWidget):
    """One dose on the sheet: its name, the date box, and what it means."""

    def __init__(self, dose: DoseStatus, today: date) -> None:
        super().__init__(dose.code, dose.label)
        self.dose, self.today = dose, today
        self.above: Callable[[], date | None] = lambda: None
        self._resting = "" if dose.given_on else spoken(dose).partition(", ")[2]
        self.box = Box(_Line(self), 44)
        self.box.setFixedWidth(theme.px(150))
        _bare(self.box.inner)
        self.box.inner.setObjectName(f"field:{dose.code}")
        self.box.inner.setAccessibleName(_("{dose}, tanggal diberikan").format(dose=dose.label))
        self.box.inner.textEdited.connect(lambda: self.edited.emit(self.name))  # type: ignore[attr-defined]
        self.question.setFixedWidth(theme.px(118))
        self.question.setBuddy(self.box.inner)
        self.reason = Button("", "quiet", "notebook-pen", name=f"reason:{dose.code}")
        self.reason.setAccessibleName(_("Catat alasan {dose} belum diberikan").format(dose=dose.label))
        self.reason.setToolTip(self.reason.accessibleName())
        row = row_layout(self, spacing=10)
        row.addWidget(self.question)
        row.addWidget(self.box)
        words = column_layout()
        words.addWidget(self.help)
        row.addLayout(words, 1)
        row.addWidget(self.reason)
        self.hexavalent = ProductToggle(dose)
        row.insertWidget(2, self.hexavalent)
        self.hexavalent.setVisible(dose.antigen == "dpt_hb_hib" and dose.number <= LAST_HEXAVALENT)
        self.hexavalent.toggled.connect(lambda _on: self.left.emit(self.name))
        self._product_shown = ""
        self.reason.setVisible(dose.given_on is None)
        self.set_value(dose.given_on)

    def show_product(self, product: str) -> None:
        """Begin with this vaccine."""
        self.hexavalent.setChecked(product == "hexavalent")
        self._product_shown = self.product() or ""

    def product(self) -> str | None:
        """The vaccine chosen; None is the usual one."""
        if self.hexavalent.isHidden():
            return None
        return "hexavalent" if self.hexavalent.isChecked() else "pentavalent"

    def was_changed(self) -> bool:
        """Whether the day or the vaccine differs from what is recorded."""
        return self.value() != self.dose.given_on or (self.product() or "") != self._product_shown

    def note_reason(self, code: str) -> None:
        """Show why it was not given."""
        self._resting = _(REASONS[code])
        self._show()

    @property
    def line(self) -> _Line:
        """Where the date is typed."""
        assert isinstance(self.box.inner, _Line)
        return self.box.inner

    def input(self) -> QWidget:
        """The line."""
        return self.box.inner

    def value(self) -> date | None:
        """The day typed; None when empty or unreadable."""
        try:
            return calendar.read_date(self.line.text(), self.today) if self.line.text().strip() else None
        except BadInput:
            return None

    def trouble(self) -> str:
        """Why this is no day."""
        try:
            typed = calendar.read_date(self.line.text(), self.today) if self.line.text().strip() else None
        except BadInput as error:
            return str(error)
        return _("Belum terjadi. Periksa tanggalnya.") if typed is not None and typed > self.today else ""

    def set_value(self, value: Value | None) -> None:
        """Show a day as dd-mm-yyyy."""
        self.line.setText(calendar.short_date(value) if isinstance(value, date) else "")
        self._show()

    def leave(self) -> None:
        """Write the day out in full figures."""
        if (value := self.value()) is not None:
            self.line.setText(calendar.short_date(value))
        super().leave()

    def resting_text(self) -> str:
        """Where an empty dose stands."""
        return "" if self.line.text().strip() else self._resting

    def paint_state(self, state: str) -> None:
        """The box shows the state."""
        self.box.set_state(state)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Up and Down walk the list, = repeats the date above."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return self.step(event.key() == Qt.Key.Key_Down)
        if event.text() in SAME_AS_ABOVE and not self.line.text().strip():
            if (day := self.above()) is not None:
                self.set_value(day)
                self.edited.emit(self.name)
                self.step(forward=True)
            return True
        if event.text().lower() == "x" and not self.hexavalent.isHidden():
            self.hexavalent.toggle()
            return True
        if event.key() == Qt.Key.Key_Escape:
            return False  # the sheet closes
        return super().handle_key(event)


SOURCES = {"book": N_("Disalin dari Buku KIA"), "here": N_("Diberikan di sini"), "told": N_("Cerita keluarga")}


class DoseSheet(Overlay):
    """Dates of many doses at once: type, Enter, type. Ctrl+Enter saves all that changed, in one stroke to take back."""

    def __init__(
        self, desk: Desk, host: QWidget, card: DoseCard, code: str = "", *, session_id: str | None = None
    ) -> None:
        super().__init__(host, _("Tanggal imunisasi"), width=720)
        self.setObjectName("dose-sheet")
        self.desk, self.card, self.session_id = desk, card, session_id
        self._judge = QTimer(self, singleShot=True, interval=0)
        self._judge.timeout.connect(self.show_meaning)
        hint = _("Ketik tanggal lalu Enter. Tanda = mengulang tanggal di atasnya; kosongkan untuk menghapus.")
        self.body.addWidget(Label(hint, "small", "text2", wrap=True))
        options = [(key, _(words)) for key, words in SOURCES.items()]
        self.source = Segmented(
            options, "here" if session_id else "book", name="dose-source", accessible=_("Dicatat dari"), tick=False
        )
        self.body.addWidget(self.source)
        page = ScrollPage(margins=(0, 0, 8, 0), spacing=4)
        self.lines = {dose.code: DoseLine(dose, card.on) for dose in self._asked()}
        for line in self.lines.values():
            line.neighbour = lambda step, own=line: self._go(own, step)
            line.above = partial(self._above, line)
            line.left.connect(lambda _name: self._judge.start())
            line.reason.clicked.connect(lambda _on=False, own=line: self.ask_reason(own))
            line.show_product(self._product_of(line.dose))
            page.body.addWidget(line)
        page.body.addStretch(1)
        self.body.addWidget(page, 1)
        self.trouble = Notice("bad", "")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.save_button = Button(_("Simpan"), "primary", name="button:simpan-imunisasi", on=self.save)
        self.foot(self.save_button)
        on_ctrl_enter(self, self.save)
        first = self.lines.get(code) or next((each for each in self.lines.values() if not each.dose.given_on), None)
        self.open_over(first.input() if first else self.save_button)
        if first:
            page.ensureWidgetVisible(first)
        SheetDraft(self, desk, "imunisasi", card.person_id, session_id or "")

    def _asked(self) -> list[DoseStatus]:
        """The doses that have a record of their own: not those that came inside another vaccine."""
        records = self.card.records
        return [
            dose for dose in self.card.doses if dose.given_on is None or dose.code in records or dose.antigen == "hb0"
        ]

    def _product_of(self, dose: DoseStatus) -> str:
        """The vaccine a dose was, or would be in this area today."""
        ws = self.desk.ws
        if dose.product or not self.session_id:
            return dose.product or ""
        area = immunisation.area_of(ws, self.card.scope)
        schedule = ws.standards.on(self.card.on).immunisation
        return str(schedule.product(dose.antigen, dose.number, area, self.card.on).code)

    def _go(self, line: DoseLine, step: int) -> bool:
        lines = list(self.lines.values())
        place = lines.index(line) + step
        if place < 0:
            return False
        if place >= len(lines):
            self.save_button.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            lines[place].take_focus()
        return True

    def _above(self, line: DoseLine) -> date | None:
        lines = list(self.lines.values())
        above = reversed(lines[: lines.index(line)])
        return next((day for each in above if (day := each.value()) is not None), None)

    def show_meaning(self) -> None:
        """Say beside each date when it lies before its time; nothing keeps anyone from noting it."""
        typed = [
            Given(line.dose.antigen, line.dose.number, day, line.product())
            for line in self.lines.values()
            if (day := line.value()) is not None and not line.trouble()
        ]
        judged = immunisation.card(self.desk.ws, self.card.person_id, self.card.on, typed=typed)
        faults = {dose.code: dose.fault for dose in judged.doses}
        for line in self.lines.values():
            words = line.trouble()
            early = _FAULTS.get(faults.get(line.name) or "") if line.value() is not None else None
            line.set_problem(words or (_(early) if early else ""), BAD if words else WARN if early else PLAIN)

    def save(self) -> None:
        """Note everything that was typed, take off what was emptied, and offer to take both back."""
        wrong = [line for line in self.lines.values() if line.trouble()]
        if wrong:
            self.show_meaning()
            wrong[0].take_focus()
            return
        ws, person_id = self.desk.ws, self.card.person_id
        noted = [
            Given(line.dose.antigen, line.dose.number, day, line.product())
            for line in self.lines.values()
            if (day := line.value()) is not None and line.was_changed()
        ]
        emptied = [
            line.dose
            for line in self.lines.values()
            if line.value() is None and line.dose.given_on is not None and line.name in self.card.records
        ]
        try:
            saves = list(
                immunisation.record(
                    ws,
                    person_id,
                    noted,
                    session_id=self.session_id,
                    source=str(self.source.value()),
                    place="posyandu" if self.source.value() == "here" and self.session_id else None,
                )
            )
            saves += [immunisation.remove(ws, person_id, dose.antigen, dose.number) for dose in emptied]
        except PosyanduError as error:
            self.trouble.set_text("bad", str(error))
            self.trouble.show()
            return
        self.accept()
        if saves:
            self._tell(saves, _("{n} dosis tersimpan").format(n=len(saves)))

    def _tell(self, saves: Sequence[str], words: str) -> None:
        desk = self.desk
        desk.announce(DOSE.name)

        def take_back() -> None:
            immunisation.undo(desk.ws, saves)
            desk.announce(DOSE.name)

        desk.toast(words, _("Batalkan"), take_back)

    def ask_reason(self, line: DoseLine) -> Overlay:
        """Ask why a dose was not given; the answer is kept and the sheet closes."""
        host = self.parentWidget()
        assert host is not None
        title = _("Mengapa {dose} belum diberikan?").format(dose=line.dose.label)
        overlay = Overlay(host, title, width=480)
        overlay.setObjectName("dose-reason")
        rows = column_layout(spacing=0)
        first: Row | None = None
        for code, words in REASONS.items():
            row = Row(_(words), chevron=False, name=f"reason:{code}", height=48)
            row.clicked.connect(lambda _on=False, code=code: self._postpone(overlay, line, code))
            rows.addWidget(row)
            first = first or row
        overlay.body.addLayout(rows)
        overlay.foot()
        overlay.open_over(first)
        return overlay

    def _postpone(self, overlay: Overlay, line: DoseLine, code: str) -> None:
        dose = line.dose
        op_id = immunisation.postpone(
            self.desk.ws, self.card.person_id, dose.antigen, dose.number, code, session_id=self.session_id
        )
        overlay.accept()
        line.note_reason(code)
        if op_id:
            self._tell([op_id], _("Alasan {dose} tersimpan").format(dose=dose.label))


_FAULTS = {
    "age": N_("Lebih awal dari umurnya. Cocokkan dengan buku; bila benar, tanyakan ke bidan."),
    "interval": N_("Jaraknya terlalu pendek. Cocokkan dengan buku; bila benar, tanyakan ke bidan."),
}
