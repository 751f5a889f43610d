"""Profil on screen: what the village office told beside what the book counts; a figure opens its names."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import Month
from posyandu.reports.profile_sheet import FIGURES, Profile, beside
from posyandu.reports.table import Cell
from posyandu.services import profile
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import (
    Card,
    ElideLabel,
    EmptyState,
    Label,
    Row,
    ScrollPage,
    clear,
    column_layout,
    row_layout,
)

Figure = tuple[str, str, str, Cell]
"""Its name, its words, what the office told, what the book counts."""


class ProfileView(ScrollPage):
    """`note` opens the sheet of the office's figures."""

    def __init__(self, desk: Desk, note: Callable[[], object]) -> None:
        super().__init__(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
        self.desk, self.note, self.summary = desk, note, ""
        self.cards = column_layout(spacing=theme.CARD_GAP)
        self.body.addLayout(self.cards)
        self.body.addStretch(1)
        self.found: Profile | None = None

    def read(self, ws: Any, post: str, _month: Month) -> Profile:  # noqa: ANN401 - Workspace
        """On a worker."""
        return profile.of_posts(ws, (post,), ws.today())

    def show_found(self, found: Profile) -> None:
        """Fill the cards: figures that both tell, or only the book; then those the office alone knows."""
        self.found = found
        self.summary = _("{people} orang, {homes} keluarga").format(people=len(found.people), homes=len(found.homes))
        clear(self.cards)
        both: list[Figure] = []
        office: list[Figure] = []
        rules = self.desk.ws.standards.on(found.on)
        for name, (label, told, book) in zip(FIGURES, beside(found, rules).rows, strict=True):
            (both if book.text else office).append((name, label.text, told.text, book))
        self.cards.addWidget(self._compared(both))
        self.cards.addWidget(self._told(office))

    def _compared(self, figures: list[Figure]) -> Card:
        card = Card(_("Penduduk dan keluarga"), padding=(24, 14), spacing=0, rows=True)
        for name, label, told, book in figures:
            row = Row(
                label,
                _("Menurut desa {told}").format(told=told) if told else _("Menurut desa belum dicatat"),
                picture=("icon", "users", "neutral"),
                number=book.text,
                name=f"profil:{name}",
            )
            row.setToolTip(_("{label}: {number} di buku ini").format(label=label, number=book.text))
            row.clicked.connect(lambda _on=False, label=label, book=book: self.open_figure(label, book))
            card.body.addWidget(row)
        return card

    def open_figure(self, label: str, book: Cell) -> None:
        """The names behind a figure; without any, the sheet of the office's figures."""
        if book.people:
            self.desk.show_names(f"{label}: {book.text}", book.people)
        else:
            self.note()

    def _told(self, figures: list[Figure]) -> QWidget:
        assert self.found is not None
        if not self.found.told:
            words = _("Angka dari desa belum dicatat. Salin dari profil desa atau tanyakan ke sekretaris desa.")
            return EmptyState("map-pin", words, _("Catat profil desa"), self.note)
        card = Card(_("Wilayah dan sarana menurut desa"), padding=(24, 14), spacing=6)
        for _name, label, told, _book in figures:
            line = row_layout(spacing=12)
            line.addWidget(ElideLabel(label, "small", "text2"), 2)
            line.addWidget(ElideLabel(told or _("belum diisi"), "small", "text" if told else "text3"), 3)
            card.body.addLayout(line)
        said = self.found.told
        source = ", ".join(str(said[name]) for name in ("source", "year") if said.get(name))
        card.body.addWidget(Label(source, "small", "text3", wrap=True))
        return card
