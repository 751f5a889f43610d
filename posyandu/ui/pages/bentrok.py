"""What two laptops say differently, one record at a time: two cards side by side, one value chosen in each row."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from posyandu.domain import calendar
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    EmptyState,
    Label,
    NameLabel,
    Page,
    ScrollPage,
    SegmentButton,
    clear,
    column_layout,
    row_layout,
)


class ValueButton(SegmentButton):
    """One value that can be chosen: a radio button with a frame of its own, so that it reads as a choice."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame while it is not chosen; the rest is a segment."""
        if not self.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1.2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), px(7), px(7))
            painter.end()
        super().paintEvent(event)


class BentrokPage(Page):
    """Asks services.conflicts; every decision is a save, and every question may wait."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Isian yang berbeda")
        self.subtitle = _("Dua laptop mengisi catatan yang sama. Keduanya disimpan; pilih yang benar.")
        self.desk = desk
        self.waiting: list[Any] = []
        self.choices: dict[str, QButtonGroup] = {}
        self.total = self.at = 0
        column = column_layout(self)
        self.view = ScrollPage()
        column.addWidget(self.view)
        self.place = column_layout(spacing=theme.CARD_GAP)
        self.view.body.addLayout(self.place)
        self._bar = QWidget()
        foot = row_layout(self._bar, spacing=10)
        self.save = Button(_("Simpan pilihan"), "primary", "check", name="button:simpan-pilihan", on=self.settle)
        self.later = Button(_("Tanya nanti"), "secondary", "clock", name="button:tanya-nanti", on=self.ask_later)
        foot.addStretch(1)
        foot.addWidget(self.later)
        foot.addWidget(self.save)
        self.view.body.addStretch(1)

    def action_bar(self) -> QWidget | None:
        """The two answers, while there is a question."""
        return self._bar if self.waiting else None

    def first_focus(self) -> QWidget | None:
        """The first value of the first row."""
        group = next(iter(self.choices.values()), None)
        return group.checkedButton() if group is not None else None

    def open(self, *, post: str = "", **_arguments: object) -> None:
        """Ask what is open, and show the first, of this post before others."""
        from posyandu.services import conflicts

        self.waiting = sorted(conflicts.conflicts(self.desk.ws), key=lambda each: each.scope != post)
        self.total, self.at = len(self.waiting), 1
        self._show()

    def settle(self) -> None:
        """Save what is chosen in every row and go on."""
        from posyandu.services import conflicts

        conflict = self.waiting.pop(0)
        chosen = {name: _chosen(group) for name, group in self.choices.items()}
        conflicts.settle(self.desk.ws, conflict, chosen)
        self.desk.toast(_("Pilihan untuk {name} disimpan").format(name=conflict.person))
        self._go_on(conflict.form.name)

    def ask_later(self) -> None:
        """Leave this one open, with both values, and go on."""
        from posyandu.services import conflicts

        conflicts.ask_later(self.desk.ws, self.waiting.pop(0))
        self._go_on()

    def _go_on(self, *forms: str) -> None:
        self.at += 1
        self._show()
        self.desk.announce(*forms)
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        clear(self.place)
        self.choices = {}
        self.header_changed.emit()
        if not self.waiting:
            done = EmptyState("circle-check", _("Tidak ada lagi yang perlu dipilih sekarang."))
            back = Button(_("Kembali"), "secondary", "arrow-left", name="button:kembali", on=self.desk.back)
            self.place.addWidget(done, 1)
            self.place.addWidget(back, 0, Qt.AlignmentFlag.AlignHCenter)
            return
        conflict = self.waiting[0]
        self.place.addWidget(self._head(conflict))
        self.place.addLayout(self._cards(conflict))

    def _head(self, conflict: Any) -> QWidget:  # noqa: ANN401 - services.conflicts.Conflict
        from posyandu.services import posts

        made = QWidget()
        row = row_layout(made, spacing=12)
        words = column_layout(spacing=2)
        name = NameLabel(conflict.person)
        name.setObjectName("bentrok:orang")
        words.addWidget(name)
        day = calendar.date_text(conflict.on) if conflict.on else ""
        listed = posts.posts(self.desk.ws)
        post = next((each.name for each in listed if each.id == conflict.scope), "") if len(listed) > 1 else ""
        told = (part for part in (_(conflict.form.title), day, post) if part)
        words.addWidget(Label("  ·  ".join(told), "body", "text2"))
        if conflict.asked_from is not None:
            words.addWidget(Label(self._whose_turn(conflict), "small", "text3", wrap=True))
        row.addLayout(words, 1)
        count = Label(_("{n} dari {all}").format(n=self.at, all=self.total), "small", "text3")
        row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _whose_turn(self, conflict: Any) -> str:  # noqa: ANN401 - services.conflicts.Conflict
        if conflict.handed_over:
            return _("Sudah lama belum dipilih: kini Puskesmas ikut memilih.")
        day = conflict.asked_from.astimezone(self.desk.ws.now().tzinfo).date()
        return _("Posyandu memilih dahulu. Mulai {day} Puskesmas ikut memilih.").format(day=calendar.date_text(day))

    def _cards(self, conflict: Any) -> QGridLayout:  # noqa: ANN401 - services.conflicts.Conflict
        """A card for each laptop; the rows stand at the same height in all of them."""
        grid = QGridLayout()
        grid.setSpacing(px(theme.CARD_GAP))
        writers = _writers(conflict)
        cards = []
        for place, side in enumerate(writers):
            card = Card(_("Di laptop ini") if side.here else _("Dari laptop lain"), padding=(24, 20), spacing=6)
            at = side.at.astimezone(self.desk.ws.now().tzinfo)
            when = _("{who}, {day} pukul {time}").format(
                who=side.who, day=calendar.short_date(at.date()), time=f"{at:%H.%M}"
            )
            card.body.addWidget(Label(when[:1].upper() + when[1:], "small", "text2", wrap=True))
            card.body.addSpacing(px(8))
            cards.append(card)
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        for difference in conflict.differences:
            self._add_row(cards, [side.device for side in writers], difference)
        return grid

    def _add_row(self, cards: Sequence[Card], devices: Sequence[str], difference: Any) -> None:  # noqa: ANN401
        from posyandu.services import conflicts

        group = QButtonGroup(self)
        self.choices[difference.name] = group
        by_place: list[list[Any]] = [[] for _card in cards]
        for side in sorted(difference.sides, key=lambda side: side.code == conflicts.BOTH):  # below what it joins
            by_place[devices.index(side.device)].append(side)
        most = max(len(sides) for sides in by_place)
        for place, (card, sides) in enumerate(zip(cards, by_place, strict=True)):
            card.body.addWidget(ElideLabel(difference.label, "small", "text3"))
            for side in sides:
                words = side.words or _shown(difference, side)
                button = ValueButton(words)
                button.setObjectName(f"pilih:{difference.name}:{place}")
                button.setAccessibleName(f"{difference.label}: {words}")
                button.setProperty("code", side.code)
                button.setChecked(side is difference.sides[0])
                group.addButton(button)
                card.body.addWidget(button)
            for _missing in range(most - len(sides)):
                empty = Label(_("tidak diubah di sini") if not sides else "", "small", "text3")
                empty.setFixedHeight(px(44))
                card.body.addWidget(empty)


def _shown(difference: Any, side: Any) -> str:  # noqa: ANN401 - Difference and Side of services.conflicts
    return _("kosong") if side.value is None else answer_text(difference.field, side.value)


def _writers(conflict: Any) -> list[Any]:  # noqa: ANN401 - sides
    """The newest side of each laptop in this conflict, this laptop first."""
    newest: dict[str, Any] = {}
    for side in (side for difference in conflict.differences for side in difference.sides):
        if side.device not in newest or side.at > newest[side.device].at:
            newest[side.device] = side
    return sorted(newest.values(), key=lambda side: (not side.here, side.device))


def _chosen(group: QButtonGroup) -> str:
    button = group.checkedButton()
    assert button is not None  # the newest value is chosen from the start
    return str(button.property("code"))
