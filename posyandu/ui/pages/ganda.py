"""Who may have been written down twice, one pair at a time: both records side by side, and a person's decision."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from posyandu.domain import calendar
from posyandu.domain.forms.registration import PERSON
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.pages.bentrok import ValueButton
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import Deeds
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    EmptyState,
    Label,
    NameLabel,
    Notice,
    Page,
    ScrollPage,
    clear,
    column_layout,
    row_layout,
)


class GandaPage(Page):
    """Asks services.duplicates on a worker; merging and parting are saves that can be taken back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Data ganda")
        self.subtitle = _("Mungkin tercatat dua kali. Tidak ada yang dihapus; gabungan dapat dipisah lagi.")
        self.desk = desk
        self.waiting: list[Any] = []
        self.total = self.put_off = 0
        self.main = QButtonGroup(self)
        column = column_layout(self)
        self.view = ScrollPage()
        column.addWidget(self.view)
        self.place = column_layout(spacing=theme.CARD_GAP)
        self.view.body.addLayout(self.place)
        self.joined = Card(_("Sudah digabungkan"), padding=(24, 20), spacing=6)
        self.joined.setObjectName("ganda:sudah")
        self.lines = column_layout(spacing=6)
        self.joined.body.addLayout(self.lines)
        self.view.body.addSpacing(px(theme.CARD_GAP))
        self.view.body.addWidget(self.joined)
        self.view.body.addStretch(1)
        self._bar = QWidget()
        row = row_layout(self._bar, spacing=12)
        self.join = Button("", "primary", "users", name="button:gabungkan", on=self.merge)
        self.apart = Button("", "secondary", "x", name="button:bukan-sama", on=self.part)
        self.later = Button(_("Tanya nanti"), "quiet", "clock", name="button:tanya-nanti", on=self.ask_later)
        row.addStretch(1)
        row.addWidget(Deeds((self.later, self.apart)))
        row.addWidget(self.join)
        desk.records_changed.connect(self._follow)

    def first_focus(self) -> QWidget | None:
        """The first of the two records."""
        return self.main.checkedButton()

    def action_bar(self) -> QWidget | None:
        """The three answers, while there is a question."""
        return None if self.join.isHidden() else self._bar

    def open(self, **_arguments: object) -> None:
        """Look through the whole post, then show the likeliest pair."""
        from posyandu.services import duplicates

        self._show_buttons(False)
        clear(self.place)
        self.place.addWidget(Label(_("Memeriksa semua nama di Posyandu ini ..."), "body", "text2"))
        post = self.desk.ws.posyandu_id
        self.desk.run(lambda ws: duplicates.pairs(ws, post), self._found, owner=self)

    def _found(self, pairs: list[Any]) -> None:
        self.waiting, self.total, self.put_off = pairs, len(pairs), 0
        self._show()

    def _follow(self, forms: frozenset[str]) -> None:
        if self.isVisible() and not forms:
            self.open()

    def merge(self) -> None:
        """One and the same: show both under the record that was chosen."""
        from posyandu.services import duplicates

        pair = self.waiting[0]
        chosen = self.main.checkedId()
        kept, other = (pair.kept, pair.other) if chosen == 0 else (pair.other, pair.kept)
        done = duplicates.merge(self.desk.ws, kept.id, other.id)
        self._decided(_("{name}: digabungkan").format(name=_name(kept)), done)

    def part(self) -> None:
        """Two different ones: never ask about them again."""
        from posyandu.services import duplicates

        pair = self.waiting[0]
        done = duplicates.part(self.desk.ws, pair.kept.id, pair.other.id)
        self._decided(_("{name}: dicatat sebagai dua yang berbeda").format(name=_name(pair.kept)), done)

    def ask_later(self) -> None:
        """Leave this pair for another day."""
        self.waiting.pop(0)
        self.put_off += 1
        self._show()

    def _decided(self, words: str, done: str) -> None:
        from posyandu.services import duplicates

        pair = self.waiting.pop(0)

        def take_back() -> None:
            duplicates.undo(self.desk.ws, done)
            self.waiting.insert(0, pair)
            self._show()
            self.desk.announce("merge", pair.form.name)

        self.desk.toast(words, _("Batalkan"), take_back)
        self._show()
        self.desk.announce("merge", pair.form.name)

    def _show_buttons(self, shown: bool) -> None:
        self.join.setVisible(shown)
        self.header_changed.emit()

    def _show_joined(self) -> None:
        """What was merged before, each with the way back."""
        from posyandu.services import duplicates

        clear(self.lines)
        pairs = duplicates.joined(self.desk.ws, self.desk.ws.posyandu_id)
        self.joined.setVisible(bool(pairs))
        for number, pair in enumerate(pairs):
            line = QWidget()
            row = row_layout(line, spacing=12)
            words = _("{name}, digabung dengan {other}").format(name=_name(pair.kept), other=_name(pair.other))
            row.addWidget(Label(words, "body", wrap=True), 1)
            apart = Button(_("Pisahkan"), "secondary", name=f"button:pisahkan:{number}")
            apart.setAccessibleName(_("Pisahkan {name}").format(name=_name(pair.other)))
            apart.clicked.connect(lambda _on=False, pair=pair: self._part_again(pair))
            row.addWidget(apart)
            self.lines.addWidget(line)

    def _part_again(self, pair: Any) -> None:  # noqa: ANN401 - services.duplicates.Pair
        from posyandu.services import duplicates

        done = duplicates.part(self.desk.ws, pair.kept.id, pair.other.id)

        def take_back() -> None:
            duplicates.undo(self.desk.ws, done)
            self._show_joined()
            self.desk.announce("merge", pair.form.name)

        self.desk.toast(_("{name}: dipisah lagi").format(name=_name(pair.other)), _("Batalkan"), take_back)
        self._show_joined()
        self.desk.announce("merge", pair.form.name)

    def _show(self) -> None:
        clear(self.place)
        self._show_joined()
        self._show_buttons(bool(self.waiting))
        if not self.waiting:
            none = _("Tidak ada lagi yang mungkin tercatat dua kali.")
            later = _("{n} pasang belum diputuskan. Buka halaman ini lagi untuk memilih.").format(n=self.put_off)
            done = EmptyState(*(("clock", later) if self.put_off else ("circle-check", none)))
            back = Button(_("Kembali"), "secondary", "arrow-left", name="button:kembali", on=self.desk.back)
            self.place.addWidget(done, 1)
            self.place.addWidget(back, 0, Qt.AlignmentFlag.AlignHCenter)
            return
        from posyandu.services import duplicates

        pair = self.waiting[0]
        found = duplicates.compare(self.desk.ws, pair)
        person = pair.form is PERSON
        self.join.setText(_("Orang yang sama, gabungkan") if person else _("Keluarga yang sama, gabungkan"))
        self.apart.setText(_("Bukan orang yang sama") if person else _("Bukan keluarga yang sama"))
        self.place.addWidget(self._head(pair))
        if found.both_came_on:
            days = ", ".join(calendar.short_date(day) for day in found.both_came_on[-3:])
            words = _("Keduanya hadir pada hari yang sama ({days}). Mungkin memang dua orang.").format(days=days)
            self.place.addWidget(Notice("warn", words))
        self.place.addLayout(self._cards(pair, found))
        focus = self.first_focus()
        if focus is not None and self.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, pair: Any) -> QWidget:  # noqa: ANN401 - services.duplicates.Pair
        made = QWidget()
        row = row_layout(made, spacing=12)
        words = column_layout(spacing=2)
        title = NameLabel(f"{_name(pair.kept)}  ·  {_name(pair.other)}")
        title.setObjectName("ganda:nama")
        words.addWidget(title)
        words.addWidget(
            Label(_("Alasan: {reasons}").format(reasons=", ".join(pair.reasons)), "body", "text2", wrap=True)
        )
        row.addLayout(words, 1)
        at = self.total - len(self.waiting) + 1
        row.addWidget(
            Label(_("{n} dari {all}").format(n=at, all=self.total), "small", "text3"), 0, Qt.AlignmentFlag.AlignTop
        )
        return made

    def _cards(self, pair: Any, found: Any) -> QGridLayout:  # noqa: ANN401 - services.duplicates
        grid = QGridLayout()
        grid.setSpacing(px(theme.CARD_GAP))
        self.main = QButtonGroup(self)
        sides = ((pair.kept, found.kept_ties), (pair.other, found.other_ties))
        for place, (row, ties) in enumerate(sides):
            card = Card(padding=(24, 20), spacing=10)
            chosen = ValueButton(_("Catatan utama"))
            chosen.setObjectName(f"utama:{place}")
            chosen.setAccessibleName(_("Catatan utama: {name}").format(name=_name(row)))
            chosen.setChecked(place == 0)
            self.main.addButton(chosen, place)
            card.body.addWidget(chosen)
            card.body.addWidget(
                Label(
                    _("{n} catatan lain terkait dengannya").format(n=ties) if ties else _("Belum ada catatan lain"),
                    "small",
                    "text2",
                    wrap=True,
                )
            )
            for line in found.lines:
                value = line.kept if place == 0 else line.other
                field = pair.form.fields[line.name]
                words = _("kosong") if value is None else answer_text(field, value)
                told = column_layout(spacing=1)  # nearer to its own question than to the next
                told.addWidget(ElideLabel(_(field.label), "small", "text3"))
                told.addWidget(
                    Label(words, "label" if line.differs else "body", "warn" if line.differs else "text", wrap=True)
                )
                card.body.addLayout(told)
            card.body.addStretch(1)
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        return grid


def _name(row: Any) -> str:  # noqa: ANN401 - storage Row
    return str(row.answers.get("name") or row.answers.get("head_name") or row.answers.get("kk") or "")
