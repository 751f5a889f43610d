"""Strata on screen: where the post stands, every figure with what it rests on, and what is missing for the next."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import Month
from posyandu.domain.strata import Judged
from posyandu.reports.post_sheet import VERDICT, limit_text
from posyandu.services import standing
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import (
    Card,
    Chip,
    ElideLabel,
    Label,
    Row,
    ScrollPage,
    clear,
    column_layout,
    row_layout,
    sign_line,
)

LEVELS = {True: "ok", False: "warn", None: "neutral"}
MARKS = {True: "check", False: "minus", None: "circle-question-mark"}


class StrataView(ScrollPage):
    """`source` is told the code of a figure that has no people behind it, to open where it comes from."""

    def __init__(self, desk: Desk, source: Callable[[str], object]) -> None:
        super().__init__(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
        self.desk, self.source, self.summary = desk, source, ""
        self.cards = column_layout(spacing=theme.CARD_GAP)
        self.body.addLayout(self.cards)
        self.body.addStretch(1)
        self.standing: Any = None

    def read(self, ws: Any, post: str, month: Month) -> Any:  # noqa: ANN401 - Workspace, reports.standing.Standing
        """On a worker."""
        return standing.standing(ws, post, month)

    def show_found(self, found: Any) -> None:  # noqa: ANN401 - reports.standing.Standing
        """Fill the cards."""
        self.standing = found
        self.summary = found.strata.headline.partition(".")[0]
        clear(self.cards)
        self.cards.addWidget(self._ladder())
        names = [(stage.label, each) for stage, judged in found.strata.judged for each in judged]
        self.cards.addWidget(
            self._needs(_("Delapan indikator"), [(f"{_(label)} {limit_text(each)}", each) for label, each in names])
        )
        self.cards.addWidget(
            self._needs(_("Posyandu aktif"), [(limit_text(each), each) for each in found.active.judged], "aktif")
        )
        self.cards.addWidget(self._facts())

    def _ladder(self) -> Card:
        """The four strata side by side, the one reached marked, and what is missing for the next."""
        strata = self.standing.strata
        card = Card(padding=(24, 18), spacing=12)
        card.body.addWidget(Label(strata.headline.partition(".")[0], "title", wrap=True))
        steps = row_layout(spacing=8)
        reached = [stage.code for stage, _judged in strata.judged].index(strata.stage.code)
        for place, (stage, _judged) in enumerate(strata.judged):
            done = place <= reached
            steps.addWidget(Chip(_(stage.label), "ok" if done else "neutral", "check" if done else None))
        steps.addStretch(1)
        card.body.addLayout(steps)
        if strata.following is not None:
            head = _("Yang kurang untuk {label}").format(label=_(strata.following.label))
            card.body.addWidget(Label(head, "label"))
        for each in strata.blocking:
            card.body.addLayout(_line(each))
        return card

    def _needs(self, title: str, needs: list[tuple[str, Judged]], code: str = "strata") -> Card:
        trailing: QWidget | None = None
        if code == "aktif":
            active = self.standing.active.active
            words = {True: _("Aktif"), False: _("Belum aktif"), None: _("Belum diketahui")}[active]
            trailing = Chip(words, LEVELS[active])
        card = Card(title, trailing=trailing, padding=(24, 14), spacing=0, rows=True)
        for limit, each in needs:
            row = Row(
                each.indicator.label,
                _("{figure}. Batas {limit}. Dari {source}.").format(
                    figure=each.indicator.figure, limit=limit, source=each.indicator.source
                ),
                picture=("icon", MARKS[each.met], LEVELS[each.met]),
                chip=(_(VERDICT[each.met]), LEVELS[each.met]),
                name=f"{code}:{each.need.code}",
            )
            row.setToolTip(each.missing or row.detail)
            row.clicked.connect(lambda _on=False, each=each: self.open_figure(each))
            card.body.addWidget(row)
        return card

    def open_figure(self, judged: Judged) -> None:
        """The names behind a figure; else the page it comes from."""
        people = self.standing.people(judged.indicator)
        if people:
            self.desk.show_names(f"{judged.indicator.label}: {judged.indicator.figure}", people)
        else:
            self.source(judged.need.code)

    def _facts(self) -> Card:
        card = Card(_("Yang belum ada batasnya"), padding=(24, 14), spacing=6)
        for each in self.standing.facts:
            line = row_layout(spacing=12)
            line.addWidget(ElideLabel(each.label, "small", "text2"), 2)
            line.addWidget(ElideLabel(each.figure, "small"), 3)
            card.body.addLayout(line)
        card.body.addWidget(
            Label(_("Aturan: {source}.").format(source=self.standing.source), "micro", "text3", wrap=True)
        )
        return card


def _line(each: Judged) -> Any:  # noqa: ANN401 - a layout
    return sign_line(LEVELS[each.met], f"{each.indicator.label}. {each.missing}")
