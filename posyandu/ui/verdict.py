"""What the measurements mean, beside the questions: the sentence, the curve, the tiles, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from posyandu.domain import pregnancy as pregnancies
from posyandu.domain.calendar import date_text
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers
from posyandu.domain.nutrition import Category
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Rules
from posyandu.reports.growth_chart import ChartGeometry
from posyandu.services.checking import IN_DOUBT
from posyandu.text import N_, _, figure
from posyandu.ui import theme
from posyandu.ui.chart import PAST_KMS, ChartHead, GrowthChart
from posyandu.ui.widgets.basics import (
    Card,
    Chip,
    EvenLabel,
    Label,
    Notice,
    Rule,
    Sign,
    clear,
    column_layout,
    row_layout,
)

LETTERS = {"N": N_("Naik"), "T": N_("Tidak naik"), "O": N_("Bulan lalu tidak ditimbang"), "B": N_("Baru")}


@dataclass(frozen=True)
class Fact:
    """One tile: what was judged (`short` where room is short), the word, its level, and the figure for the midwife."""

    title: str
    words: str
    level: str
    figure: str = ""
    short: str = ""


BESIDE_TITLE = 20
"""What the sides of a tile take of its width."""


class Tile(QWidget):
    """A sunken tile: small title, icon and word, figure below."""

    def __init__(self, fact: Fact) -> None:
        super().__init__()
        self.fact, self.brief = fact, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_fact(fact)

    def show_fact(self, fact: Fact) -> None:
        """Show another result."""
        self.fact = fact
        self.setAccessibleName(", ".join(part for part in (fact.title, fact.words, fact.figure) if part))
        self.setToolTip(fact.words)
        self.update()

    def sizeHint(self) -> QSize:
        """Three fit side by side on the right of the visit page."""
        return QSize(theme.px(150), theme.px(76))

    def minimumSizeHint(self) -> QSize:
        """Words may be cut; the tooltip has them."""
        return QSize(theme.px(96), theme.px(76))

    def wanted(self) -> int:
        """How wide it must be to cut neither its words nor its figure."""
        bold, small = QFontMetrics(theme.font("label")), QFontMetrics(theme.font("micro"))
        title = small.horizontalAdvance(self.fact.short or self.fact.title)
        words = bold.horizontalAdvance(self.fact.words) + theme.px(24)
        return max(title, words, small.horizontalAdvance(self.fact.figure)) + theme.px(22)

    def has_room(self, room: int) -> bool:
        """Whether the whole title goes into so much."""
        return QFontMetricsF(theme.font("micro")).horizontalAdvance(self.fact.title) <= room

    def title(self, room: int) -> str:
        """The title, or its abbreviation where it has no room, or where one beside it has none."""
        whole = self.has_room(room) and not self.brief
        return self.fact.title if whole else self.fact.short or self.fact.title

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("canvas"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.px(8), theme.px(8))
        left, wide = theme.px(12), self.width() - theme.px(BESIDE_TITLE)
        ink = self.fact.level if self.fact.level in ("ok", "warn", "bad", "info") else "text3"
        painter.setFont(theme.font("micro"))
        painter.setPen(theme.color("text2"))
        high = theme.px(18)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRectF(left, theme.px(9), wide, high), middle, self._cut(painter, self.title(wide), wide))
        top = theme.px(28)
        sign = theme.LEVEL_ICONS.get(self.fact.level, "circle")
        theme.paint_icon(painter, sign, ink, left, top + theme.px(2), 18)
        painter.setFont(theme.font("label"))
        painter.setPen(theme.color(ink))
        room = QRectF(left + theme.px(24), top, wide - theme.px(24), theme.px(22))
        painter.drawText(room, middle, self._cut(painter, self.fact.words, room.width()))
        painter.setFont(theme.font("micro"))
        painter.setPen(theme.color("text2"))
        painter.drawText(QRectF(left, theme.px(51), wide, high), middle, self._cut(painter, self.fact.figure, wide))

    def _cut(self, painter: QPainter, text: str, wide: float) -> str:
        return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(wide))


PAIRS = 4
"""So many tiles stand two and two: three and a lonely one take as much height."""


class Tiles(QWidget):
    """Tiles three in a row, two where three would cut their words; all called whole or all in short."""

    def __init__(self, facts: Sequence[Fact] = ()) -> None:
        super().__init__()
        self.tiles: list[Tile] = []
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(10))
        self._fill(facts)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these; tiles that stand are used again."""
        self._fill(facts)
        self.setVisible(bool(facts))

    def minimumSizeHint(self) -> QSize:
        """Two beside each other are enough."""
        return QSize(theme.px(202), super().minimumSizeHint().height())

    def _fill(self, facts: Sequence[Fact]) -> None:
        if len(facts) != len(self.tiles):
            clear(self._grid)
            self.tiles, self._across = [Tile(fact) for fact in facts], 0
        for tile, fact in zip(self.tiles, facts, strict=True):
            tile.show_fact(fact)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for another number in a row."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        gap = self._grid.spacing()
        widest = max((tile.wanted() for tile in self.tiles), default=0)
        across = 3 if 3 * widest + 2 * gap <= self.width() and len(self.tiles) != PAIRS else 2
        room = (self.width() - (across - 1) * gap) // across - theme.px(BESIDE_TITLE)
        brief = not all(tile.has_room(room) for tile in self.tiles)
        for tile in self.tiles:
            tile.brief = brief
            tile.update()
        if across == self._across:
            return
        self._across = across
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // across, place % across)
        for column in range(3):
            self._grid.setColumnStretch(column, int(column < across))


class VerdictPanel(QWidget):
    """The right half of a visit: a sentence with its sign, the chart, the tiles, then what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = Sign(size=26)
        self.headline = EvenLabel("", "title", "text")
        self.headline.setObjectName("verdict")
        self.detail = EvenLabel()
        self.chip = Chip("", "neutral")
        self.chart = GrowthChart()
        self.chart_head = ChartHead()
        self.no_chart = Label("", "small", "text2", wrap=True)
        self.facts = Tiles()
        self.findings = FindingsCard()
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(padding=(20, 18), spacing=12)
        top = row_layout(spacing=12)
        words = column_layout(spacing=2)
        words.addWidget(self.headline)
        words.addWidget(self.detail)
        top.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        top.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(top)
        self.rule = Rule()
        card.body.addWidget(self.rule)
        card.body.addWidget(self.chart_head)
        card.body.addWidget(self.chart, 1)
        card.body.addWidget(self.no_chart)
        card.body.addWidget(self.facts)
        self.alert = Notice("bad", "")
        self.alert.setObjectName("alert")
        self.alert.hide()
        self._column = column = column_layout(self, spacing=16)
        column.addWidget(self.alert)
        column.addWidget(card)
        column.addWidget(self.findings)
        column.addStretch(1)
        self.chart.setFixedHeight(theme.px(330))

    def add_below(self, widget: QWidget) -> None:
        """What else stands under the findings."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def show_verdict(self, headline: str, detail: str, level: str, chip: str = "", sign: str | None = None) -> None:
        """The sentence, what belongs to it in small, and the chip with the register's letter."""
        ink = level if level in ("ok", "warn", "bad", "info") else "text2"
        self.headline.setText(headline)
        self.headline.set_ink(ink)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))
        self.sign.show_sign(sign or theme.LEVEL_ICONS.get(level, "circle"), ink)
        self.show_chip(chip, level)

    def show_chip(self, words: str, level: str) -> None:
        """The chip at the right of the sentence; no words hide it."""
        self.chip.setVisible(bool(words))
        self.chip.set_state(words, level if level in theme.LEVELS else "neutral")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """What was found, in full below; what cannot wait also stands on top."""
        urgent = [finding for finding in findings if finding.level == "bad"]
        if urgent:
            titles = ", ".join(finding.title for finding in urgent)
            self.alert.set_text("bad", sentences(titles, urgent[0].what_to_do))
        self.alert.setVisible(bool(urgent))
        self.findings.show_findings(findings)

    def show_chart(self, geometry: ChartGeometry | None, why_not: str) -> None:
        """The curve, or why there is none."""
        self.chart.setVisible(geometry is not None)
        self.chart_head.show_words(*(geometry.title, geometry.subtitle) if geometry else ("", ""))
        self.no_chart.setVisible(geometry is None)
        self.no_chart.setText(why_not)
        self.chart.show_chart(geometry)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """The tiles; nothing below the sentence wants no line."""
        self.rule.setVisible(bool(facts) or not (self.chart.isHidden() and self.no_chart.isHidden()))
        self.facts.show_facts(facts)

    @property
    def tiles(self) -> list[Tile]:
        """The tiles that stand."""
        return self.facts.tiles


class FindingsCard(Card):
    """ "Yang perlu dilakukan": why, what to do, what to tell the family; nothing found says so."""

    def __init__(self) -> None:
        super().__init__(_("Yang perlu dilakukan"), padding=(20, 18), spacing=14)
        self.setObjectName("findings")
        self.list = column_layout(spacing=14)
        self.body.addLayout(self.list)
        self._shown: tuple[Finding, ...] | None = None

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """List the findings, the gravest first."""
        found = tuple(findings)
        if found == self._shown:
            return
        self._shown = found
        clear(self.list)
        self.setVisible(bool(found))
        for place, finding in enumerate(found):
            if place:
                self.list.addWidget(Rule())
            self.list.addWidget(FindingView(finding))


class FindingView(QWidget):
    """One finding with its reasons and words for the mother."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.setObjectName(f"finding:{finding.code}")
        level = finding.level if finding.level in theme.LEVELS else "info"
        ink = level if level in ("ok", "warn", "bad", "info") else "text"
        sign = Sign(theme.LEVEL_ICONS[level], ink, 22)
        top = row_layout(spacing=10)
        top.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(Label(finding.title, "label", ink, wrap=True), 1)
        if finding.refer:
            top.addWidget(Chip(_("Rujuk"), "bad" if level == "bad" else "warn"))
        column = column_layout(self, spacing=6)
        column.addLayout(top)
        for title, text in (
            (_("Mengapa"), finding.why),
            (_("Lakukan"), finding.what_to_do),
            (_("Katakan kepada keluarga"), finding.tell_family),
        ):
            if text:
                line = column_layout(spacing=1)
                line.setContentsMargins(theme.px(32), 0, 0, 0)
                line.addWidget(Label(title, "micro", "text3"))
                line.addWidget(Label(text, "small", "text", wrap=True))
                column.addLayout(line)


# ---------------------------------------------------------------- what each group shows


def show_child(panel: VerdictPanel, assessment: ChildAssessment | None, geometry: ChartGeometry | None) -> None:
    """A child's weighing, curve, classes and findings."""
    if assessment is None:
        panel.show_verdict(_("Isi berat badan"), _("Hasilnya langsung terlihat di sini."), "unknown", sign="scale")
    else:
        headline, detail, level, chip, sign = child_words(assessment)
        panel.show_verdict(headline, detail, level, chip, sign)
    panel.show_chart(geometry, _("Kurva muncul bila tanggal lahir dan jenis kelamin sudah diisi."))
    panel.show_facts(child_facts(assessment))
    panel.show_findings(assessment.findings if assessment else ())


def child_words(assessment: ChildAssessment) -> tuple[str, str, str, str, str]:
    """Headline, detail, level, chip and sign of a child's weighing."""
    weighed = assessment.weighed
    first, _dot, rest = assessment.headline.partition(". ")
    doubt = next((each for each in assessment.findings if each.code == IN_DOUBT), None)
    if weighed is None:
        return assessment.headline, doubt.why if doubt else "", "warn" if doubt else "unknown", "", "scale"
    level = {"N": "ok", "T": "warn"}.get(weighed.code, "info")
    level = "bad" if weighed.below_red else level
    chip = f"{weighed.code}  ·  {_(LETTERS[weighed.code])}" if weighed.code in LETTERS else ""
    if weighed.code == "T" and weighed.is_2t:
        chip = _("2T  ·  dua bulan tidak naik")
    sign = "trending-up" if weighed.gain_g and weighed.gain_g > 0 else "trending-down"
    sign = "info" if weighed.gain_g is None else sign
    head, since, tail = first.partition(_(" sejak "))
    detail = " ".join(part for part in (f"{_('sejak')} {tail.rstrip('.')}." if since else "", rest) if part)
    return head.rstrip("."), detail, level, chip, sign


STANDS = 24
"""From this age in months a child's height is measured, before it the length."""

INDEX_WORDS = {
    "waz": (N_("Berat / umur"), N_("BB/U")),
    "haz": (N_("Tinggi / umur"), N_("TB/U")),
    "whz": (N_("Berat / tinggi"), N_("BB/TB")),
    "baz": (N_("IMT / umur"), N_("IMT/U")),
    "muac": (N_("Lingkar lengan"), N_("LiLA")),
    "hcz": (N_("Lingkar kepala"), N_("LK")),
}
LYING = {"haz": (N_("Panjang / umur"), N_("PB/U")), "whz": (N_("Berat / panjang"), N_("BB/PB"))}


def index_words(index: str, months: int | None) -> tuple[str, str]:
    """What an index is called at an age in months, and in short; with the length while that or the age is unknown."""
    lying = index in LYING and (months is None or months < STANDS)
    title, short = LYING[index] if lying else INDEX_WORDS[index]
    return _(title), _(short)


def child_facts(assessment: ChildAssessment | None) -> list[Fact]:
    """The three classes of every child, then arm and head where they were measured."""
    shown: tuple[str, ...] = ("waz", "haz", "whz")
    if assessment is None:
        return [Fact(index_words(index, None)[0], _("Belum"), "unknown") for index in shown]
    z, months = assessment.z, assessment.age_months
    scores = {"waz": z.waz, "haz": z.haz, "whz": z.whz, "baz": z.baz, "hcz": z.hcz}
    classes = {**assessment.categories, "muac": assessment.muac, "hcz": assessment.head}
    if months is not None and months >= PAST_KMS:
        shown = ("haz", "baz")
    shown += tuple(index for index in ("muac", "hcz") if classes[index].level != "unknown")
    return [_fact(*index_words(index, months), classes[index], sd_text(scores.get(index))) for index in shown]


def _fact(title: str, short: str, category: Category, figure: str) -> Fact:
    if category.level == "unknown" and figure:  # measured, at an age for which no classes are written
        return Fact(title, figure, "info", "", short)
    words = _("Belum")
    if category.level != "unknown":
        words = category.label.split(" (")[0].removeprefix(_("Berat badan ")).replace(_("berat badan"), _("BB"))
        words = words.replace(_("Berisiko gizi lebih"), _("Risiko lebih"))  # a tile has room for two short words
        words = words[:1].upper() + words[1:]
    return Fact(title, words, category.level, figure, short)


def sentences(*parts: str) -> str:
    """The parts as sentences one after the other, each with exactly one full stop."""
    return " ".join(f"{part.rstrip('. ')}." for part in parts if part.strip(". "))


def sd_text(z: float | None) -> str:
    """A z-score as people read it: "−1,0 SD"."""
    if z is None:
        return ""
    z = round(z, 1) or 0.0  # never "−0,0"
    return figure(f"{z:.1f} SD")


def show_pregnancy(
    panel: VerdictPanel,
    rules: Rules,
    assessment: PregnancyAssessment | None,
    pregnancy: Answers | None,
    answers: Answers,
    geometry: ChartGeometry | None,
    on: date,
) -> None:
    """Gestation and due day, the gain curve, arm, pressure and tablets, danger signs."""
    far = pregnancies.gestation(pregnancy, on) if pregnancy else None
    due = pregnancies.due_on(pregnancy) if pregnancy else None
    level = assessment.level if assessment else "unknown"
    if far is None:
        panel.show_verdict(_("Umur kehamilan belum diketahui"), _("Isi HPHT pada data kehamilan."), "info")
    else:
        detail = due_text(due, (due - on).days) if due else ""
        urgent = next((each for each in assessment.findings if each.level == level), None) if assessment else None
        if urgent is not None and level in ("bad", "warn"):
            panel.show_verdict(urgent.title, sentences(far.text, detail), level)
        else:
            panel.show_verdict(far.text, detail, level if level == "ok" else "info", sign="calendar-days")
        panel.show_chip(_("Trimester {n}").format(n=rules.gestation.trimester(far.weeks)), "neutral")
    panel.show_chart(geometry, _("Kurva kenaikan berat muncul bila berat awal, tinggi badan dan HPHT sudah diisi."))
    panel.show_facts(pregnancy_facts(rules, assessment, answers))
    panel.show_findings(assessment.findings if assessment else ())


def show_outcome(panel: VerdictPanel, assessment: VisitAssessment | None) -> None:
    """What a visit of any other group means: its sentence, its readings and what to do."""
    if assessment is None:
        panel.show_verdict(_("Belum ada isian"), _("Hasilnya langsung terlihat di sini."), "unknown")
    else:
        first, _dot, rest = assessment.headline.partition(". ")
        panel.show_verdict(first.rstrip("."), rest, assessment.level)
    panel.show_chart(None, "")
    panel.no_chart.hide()
    panel.show_facts(outcome_facts(assessment))
    panel.show_findings(assessment.findings if assessment else ())


def outcome_facts(assessment: VisitAssessment | None) -> list[Fact]:
    """The readings as tiles."""
    tiles = assessment.tiles if assessment else ()
    return [Fact(tile.title, tile.words, tile.level, tile.figure) for tile in tiles]


def due_text(due: date, left: int) -> str:
    """The due day and how far away it is."""
    if left < 0:
        return _("HPL {day}, sudah lewat {n} hari").format(day=date_text(due), n=-left)
    return _("HPL {day}, {n} hari lagi").format(day=date_text(due), n=left)


def pregnancy_facts(rules: Rules, assessment: PregnancyAssessment | None, answers: Answers) -> list[Fact]:
    """Arm, blood pressure, gain, and the tablets of those wanted by the rules of the day."""

    def fact(title: str, red: bool | None, good: str, bad: str, figure: str) -> Fact:
        if red is None:
            return Fact(title, _("Belum"), "unknown", figure)
        return Fact(title, bad if red else good, "bad" if red else "ok", figure)

    arm, upper, lower = (answers.get(name) for name in ("muac_mm", "systolic_mmhg", "diastolic_mmhg"))
    arm_text = figure(f"{arm / 10:.1f} cm") if isinstance(arm, int) else ""
    pressure = f"{upper}/{lower} mmHg" if upper is not None and lower is not None else ""
    gain_title, gain = _("Kenaikan berat"), ""
    tablets = 0
    if assessment is not None:
        tablets = assessment.tablets_total
        if assessment.gain_g is not None:
            gain = figure(f"{assessment.gain_g / 1000:+.1f} kg")
            if assessment.gain_g < 0:
                gain_title, gain = _("Berat turun"), figure(f"{-assessment.gain_g / 1000:.1f} kg")
    red = assessment or None
    return [
        fact(_("Lingkar lengan"), red.muac_red if red else None, _("Baik"), _("KEK"), arm_text),
        fact(_("Tekanan darah"), red.pressure_red if red else None, _("Normal"), _("Tinggi"), pressure),
        fact(gain_title, red.weight_red if red else None, _("Sesuai"), _("Tidak sesuai"), gain),
        Fact(_("TTD"), _("{n} tablet").format(n=tablets), "info", _("sasaran {n} tablet").format(n=rules.ttd_target)),
    ]
