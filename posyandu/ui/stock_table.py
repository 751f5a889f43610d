"""The stock card of a month on screen: a line for each thing, a box for each number that only people know."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Number, read_number
from posyandu.domain.forms.stock import FORM
from posyandu.text import N_, _, count
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Label, Rule, TextInput, column_layout
from posyandu.ui.widgets.fields import take_number_key

TYPED = ("received", "used", "wasted", "counted")
HEADS = (
    N_("Barang"), N_("Awal"), N_("Diterima"), N_("Kunjungan"), N_("Dipakai"), N_("Rusak"), N_("Sisa"), N_("Dihitung"),
    N_("Keterangan"),
)  # fmt: skip
WIDE_FROM = 800
"""Effective pixels from which the note stands in the line; below that under it, and the boxes are narrower."""
PLACE = {"received": 2, "used": 4, "wasted": 5, "counted": 7}
"""Columns of the boxes; the others are read from the book."""


class Box(TextInput):
    """One number of one thing; Enter and the arrows move between boxes, leaving it saves."""

    left = Signal()

    def __init__(self, item: str, name: str, accessible: str) -> None:
        super().__init__(name=f"stok:{item}:{name}", accessible=accessible, height=40)
        self.item, self.field_name = item, name
        field = FORM.fields[name]
        assert isinstance(field, Number)
        self.number = field
        self.setFixedWidth(px(76))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.shown = ""

    def show_value(self, value: int | None) -> None:
        """Show what is saved, unless somebody is typing here."""
        if not self.hasFocus() or self.text() == self.shown:
            self.shown = "" if value is None else str(value)
            self.setText(self.shown)

    def value(self) -> int | None:
        """What was typed."""
        return read_number(self.number, self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits are typed; Enter goes on, arrows up and down go to the thing above or below."""
        steps = {
            Qt.Key.Key_Return: (0, 1), Qt.Key.Key_Enter: (0, 1), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Up: (-1, 0),
        }  # fmt: skip
        if event.key() in steps:
            self.parent().step(self, *steps[Qt.Key(event.key())])  # type: ignore[union-attr]
        elif not take_number_key(self, self.number, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing replaces what stands there."""
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving a box that was changed saves it."""
        super().focusOutEvent(event)
        if self.text() != self.shown:
            self.left.emit()


class StockTable(QWidget):
    """`typed` carries item, name and number (or None) of a box that was changed; `opened` the item to say more of."""

    typed = Signal(str, str, object)
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(px(8))
        self.grid.setVerticalSpacing(px(6))
        self.grid.setColumnStretch(0, 5)
        self.boxes: dict[tuple[str, str], Box] = {}
        self.words: dict[tuple[str, str], Label] = {}
        self.items: list[str] = []
        self.wide = True
        for column, head in enumerate(HEADS):
            label = self.head = Label(_(head), "micro", "text2")  # the last one is that of the note
            align = Qt.AlignmentFlag.AlignLeft if column in (0, 8) else Qt.AlignmentFlag.AlignRight
            self.grid.addWidget(label, 0, column, align | Qt.AlignmentFlag.AlignBottom)
        self._share()

    def show_cards(self, cards: Sequence[Any]) -> None:
        """Show these cards (services.post_affairs.StockCard); new things get a line at the end."""
        for card in cards:
            if card.item not in self.items:
                self._add(card)
            self._fill(card)

    def _add(self, card: Any) -> None:  # noqa: ANN401 - services.post_affairs.StockCard
        row = 3 * len(self.items) + 1
        self.items.append(card.item)
        self.grid.addWidget(Rule(self), row, 0, 1, len(HEADS) + 1)
        row += 1
        name = column_layout(spacing=0)
        name.addWidget(Label(card.label, "small", wrap=True))
        name.addWidget(Label(card.unit, "micro", "text3"))
        self.grid.addLayout(name, row, 0)
        for key, column in (("opening", 1), ("recorded", 3), ("expected", 6)):
            label = Label("", "small", "text2")
            self.words[card.item, key] = label
            self.grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.words[card.item, "note"] = Label("", "small", "text2", wrap=True)
        more = Button("", "quiet", "pencil", name=f"stok:{card.item}:rinci")
        more.setAccessibleName(_("Kedaluwarsa dan catatan {item}").format(item=card.label))
        more.setToolTip(more.accessibleName())
        more.clicked.connect(lambda _on=False, item=card.item: self.opened.emit(item))
        for field, column in PLACE.items():
            words = _("{item}, {what}").format(item=card.label, what=_(FORM.fields[field].label))
            box = Box(card.item, field, words)
            box.setParent(self)
            box.left.connect(lambda box=box: self._send(box))
            self.boxes[card.item, field] = box
            self.grid.addWidget(box, row, column, Qt.AlignmentFlag.AlignRight)
        self.grid.addWidget(more, row, 9)
        self._place(card.item)

    def _place(self, item: str) -> None:
        """Put the note of a thing where there is room for it."""
        note, row = self.words[item, "note"], 3 * self.items.index(item) + 2
        note.setMinimumWidth(px(150) if self.wide else 0)
        self.grid.removeWidget(note)
        if self.wide:
            self.grid.addWidget(note, row, 8)
        else:
            self.grid.addWidget(note, row + 1, 0, 1, len(HEADS) + 1)
        for name in TYPED:
            self.boxes[item, name].setFixedWidth(px(76 if self.wide else 60))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Notes in the line or under it."""
        super().resizeEvent(event)
        wide = event.size().width() >= px(WIDE_FROM)
        if wide != self.wide:
            self.wide = wide
            self.head.setVisible(wide)
            self._share()
            for item in self.items:
                self._place(item)

    def _share(self) -> None:
        self.grid.setColumnMinimumWidth(0, px(110 if self.wide else 84))
        self.grid.setColumnStretch(8, 6 if self.wide else 0)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the narrow form of it."""
        return QSize(0, super().minimumSizeHint().height())

    def _fill(self, card: Any) -> None:  # noqa: ANN401 - services.post_affairs.StockCard
        line, item = card.line, card.item
        typed = {"received": line.received, "used": line.typed, "wasted": line.wasted, "counted": line.counted}
        for name, value in typed.items():
            self.boxes[item, name].show_value(value)
        told = {"opening": line.opening, "recorded": line.recorded, "expected": line.expected}
        for name, value in told.items():
            self.words[item, name].setText("–" if value is None else count(value))
        self.boxes[item, "used"].setPlaceholderText("" if line.recorded is None else str(line.recorded))
        notes = [card.outlook.sentence]
        if line.difference:
            notes.insert(0, _("Selisih {n}.").format(n=("+" if line.difference > 0 else "") + count(line.difference)))
        if line.disagrees:
            notes.insert(0, _("Berbeda dari kunjungan."))
        expires_on = next((each.expires_on for each in reversed(card.lines) if each.expires_on), None)
        if expires_on is not None and expires_on >= line.month.first:
            notes.append(_("Kedaluwarsa {day}.").format(day=short_date(expires_on)))
        note = self.words[item, "note"]
        note.setText(" ".join(notes))
        note.set_ink({"bad": "bad", "warn": "warn"}.get(card.outlook.level, "text2"))
        self.boxes[item, "used"].set_level("warn" if line.disagrees else "")
        self.boxes[item, "counted"].set_level("warn" if line.difference else "")

    def _send(self, box: Box) -> None:
        box.shown = box.text()
        self.typed.emit(box.item, box.field_name, box.value())

    def step(self, box: Box, down: int, on: int) -> None:
        """Go to the box beside or below; past the last box of a line to the next line."""
        order = [(item, name) for item in self.items for name in TYPED]
        place = order.index((box.item, box.field_name)) + down * len(TYPED) + on
        if 0 <= place < len(order):
            self.boxes[order[place]].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            box.clearFocus()

    def first(self) -> QWidget | None:
        """The first box."""
        return self.boxes[self.items[0], TYPED[0]] if self.items else None
