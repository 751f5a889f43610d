"""IKS on screen: a family's twelve indicators with what each rests on, and the same over a post or village."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from posyandu.domain.iks import NO, NOT_APPLICABLE, STATES, UNKNOWN, YES, AreaIndex, Indicator
from posyandu.domain.standards import Rules
from posyandu.services import iks
from posyandu.services.iks import FamilyHealth
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    Label,
    Meter,
    ScrollPage,
    Segmented,
    Sign,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.overlay import ONLY_A_VIEW, Overlay

LEVELS = {YES: "ok", NO: "warn", NOT_APPLICABLE: "neutral", UNKNOWN: "info"}
ICONS = {YES: "circle-check", NO: "triangle-alert", NOT_APPLICABLE: "circle-minus", UNKNOWN: "circle-question-mark"}


class IksCard(Card):
    """The index of one family, read beside the window; `edit` opens the answers of the house."""

    def __init__(self, desk: Desk, house_id: str, edit: Callable[[], object]) -> None:
        super().__init__(
            _("Indeks Keluarga Sehat (PIS-PK)"),
            action=_("IKS Posyandu"),
            on_action=lambda: IksSheet(desk, self.window()),
            padding=(24, 14),
            spacing=8,
        )
        self.setObjectName("iks")
        if self.action is not None:
            self.action.setObjectName("button:iks-posyandu")
        self.found: FamilyHealth | None = None
        self._edit = edit
        self.lines = column_layout(spacing=8)
        self.body.addLayout(self.lines)
        self.lines.addWidget(Label(_("Menghitung…"), "small", "text3"))
        desk.run(lambda ws: iks.of_family(ws, house_id), self.show_found, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        clear(self.lines)
        self.lines.addWidget(Label(errors.sentence(error), "small", "text2", wrap=True))

    def show_found(self, found: FamilyHealth) -> None:
        """The class, the sentence, the twelve, and the way to what is missing."""
        self.found = found
        clear(self.lines)
        top = row_layout(spacing=10)
        top.addWidget(Label(found.headline, "label", wrap=True), 1)
        level = found.band.level if found.band is not None else "info"
        words = _(found.band.label) if found.band is not None else _("Belum lengkap")
        top.addWidget(Chip(words, level), 0, Qt.AlignmentFlag.AlignTop)
        self.lines.addLayout(top)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(10))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(2, 5)
        for line, each in enumerate(found.found.indicators):
            grid.addWidget(_sign(each.state), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(each.label, "small", "text", wrap=True), line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Label(indicator_words(each), "small", "text2", wrap=True), line, 2)
        self.lines.addLayout(grid)
        if found.found.unknown:
            fill = Button(_("Isi yang belum diketahui"), "secondary", "pencil", name="button:isi-iks", on=self._edit)
            self.lines.addWidget(fill, 0, Qt.AlignmentFlag.AlignLeft)


def indicator_words(each: Indicator) -> str:
    """The state in words and what it rests on; of an unknown one, what to ask."""
    state = _(STATES[each.state])
    return f"{state}. {each.missing}" if each.state == UNKNOWN else f"{state}, {each.figure}"


def _sign(state: str) -> Sign:
    sign = Sign(ICONS[state], LEVELS[state] if LEVELS[state] != "neutral" else "text3")
    sign.setAccessibleName(_(STATES[state]))
    return sign


class IksSheet(Overlay):
    """IKS of this post, or of all posts of the village in this book."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host, _("Indeks Keluarga Sehat"), width=760)
        self.desk = desk
        ws = desk.ws
        self.posts = iks.village_posts(ws, ws.posyandu_id)
        self.which = Segmented(
            [("post", _("Posyandu ini")), ("village", _("Semua di desa ini"))],
            "post",
            name="iks:wilayah",
            accessible=_("Wilayah"),
        )
        self.which.setProperty(ONLY_A_VIEW, True)
        self.which.changed.connect(lambda _code: self._ask())
        self.which.setVisible(len(self.posts) > 1)
        self.body.addWidget(self.which)
        view = ScrollPage(margins=(0, 0, 18, 0), spacing=8)
        self.lines = column_layout(spacing=8)
        view.body.addLayout(self.lines)
        view.body.addStretch(1)
        self.body.addWidget(view, 1)
        self.open_over(self.foot(no=_("Tutup"), name="button:tutup"))
        self._ask()

    def _ask(self) -> None:
        wanted = self.posts if self.which.value() == "village" else (self.desk.ws.posyandu_id,)
        clear(self.lines)
        self.lines.addWidget(Label(_("Menghitung…"), "small", "text3"))
        self.desk.run(
            lambda ws: (iks.of_posts(ws, wanted), ws.standards.on(ws.today())), self._show, self._failed, owner=self
        )

    def _failed(self, error: Exception) -> None:
        clear(self.lines)
        self.lines.addWidget(Label(errors.sentence(error), "small", "text2", wrap=True))

    def _show(self, found: tuple[AreaIndex, Rules]) -> None:
        area, rules = found
        clear(self.lines)
        self.lines.addWidget(Label(area_words(area, rules), "label", wrap=True))
        counted = row_layout(spacing=8)
        for band in reversed(rules.iks_classes[0].bands):
            number = area.by_class.get(band.code, 0)
            words = _("{label}: {n}").format(label=_(band.label), n=number)
            counted.addWidget(Chip(words, band.level if number else "neutral"))
        counted.addStretch(1)
        self.lines.addLayout(counted)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 2)
        grid.setColumnMinimumWidth(3, px(24))  # the share stands apart from what it is counted from
        for place, state in enumerate((YES, NO, NOT_APPLICABLE, UNKNOWN), 4):
            grid.addWidget(_figure(_(STATES[state]), "text3"), 0, place)
        for line, each in enumerate(area.coverages, 1):
            grid.addWidget(ElideLabel(each.label, "small"), line, 0)
            grid.addWidget(Meter(each.share or 0.0), line, 1)
            share = _("{percent}%").format(percent=round(100 * each.share)) if each.share is not None else "–"
            grid.addWidget(_figure(share, "text"), line, 2)
            for place, number in enumerate((each.yes, each.no, each.not_applicable, each.unknown), 4):
                grid.addWidget(_figure(str(number), "text2"), line, place)
        self.lines.addLayout(grid)
        self.lines.addWidget(Label(rules.sources["iks_classes"], "micro", "text3", wrap=True))


def _figure(words: str, ink: str) -> Label:
    label = Label(words, "small", ink)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def area_words(area: AreaIndex, rules: Rules) -> str:
    """ "IKS 0,167: 2 dari 12 keluarga sehat; 40 keluarga belum lengkap." """
    if area.value is None:
        return _("Belum ada keluarga yang ke-12 indikatornya diketahui, dari {n} keluarga.").format(n=area.families)
    return _("IKS {value}: {healthy} dari {known} keluarga sehat; {open} keluarga belum lengkap.").format(
        value=iks.three(area.value),
        healthy=area.by_class.get("healthy", 0),
        known=area.known,
        open=area.families - area.known,
    )
