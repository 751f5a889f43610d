"""The growth chart on screen: `reports.growth_chart` says what to draw, this paints it with the theme's colours.

The standard lines are painted once into a picture and kept; a key stroke repaints only the child's own line.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from math import ceil, floor
from typing import NamedTuple, cast

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from posyandu.domain import calendar, growth
from posyandu.domain import pregnancy as pregnancies
from posyandu.domain.fields import Answers
from posyandu.reports import growth_chart
from posyandu.reports.growth_chart import Band, ChartGeometry, Line, Measured, Point, Role, Tick, spread
from posyandu.services.workspace import Workspace
from posyandu.text import _, figure
from posyandu.ui import theme
from posyandu.ui.widgets.basics import Label

_LINES = {
    "red": ("chart_red", 2.2),
    "orange": ("chart_orange", 2.0),
    "middle": ("chart_middle", 1.6),
    "thin": ("chart_thin", 1.0),
}
_INKS = {"red": "chart_red_ink", "orange": "chart_orange_ink", "middle": "chart_middle_ink"}
_BANDS = {
    "normal_band": "chart_band",
    "green_band": "chart_old_green",
    "light_green_band": "chart_old_light",
    "yellow_band": "chart_old_yellow",
}


SCHOOL_FROM = 72
"""Months from which body mass index is drawn over the whole of school age, five to nineteen years."""

PAST_KMS = 60
"""Completed months at which the printed KMS ends; then height and body mass index by age are shown (WHO 2007)."""


class ChartHead(QWidget):
    """What a curve shows and by which standard: on one line where both have room, else one below the other."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.subtitle = Label("", "h3", wrap=True), Label("", "small", "text2")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.title, 1)
        self._row.addWidget(self.subtitle)

    def show_words(self, title: str, subtitle: str) -> None:
        """Say this above the curve; without a title nothing stands here."""
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        for part in (self, self.title, self.subtitle):
            part.setVisible(bool(title))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for both."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = theme.px(12)
        wide = sum(each.fontMetrics().horizontalAdvance(each.text()) + 1 for each in (self.title, self.subtitle)) + gap
        beside = wide <= self.width()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._row.setSpacing(gap if beside else theme.px(2))
        self.subtitle.setWordWrap(not beside)


class GrowthChart(QWidget):
    """One child's curve. The accessible name is the sentence of the geometry."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.geometry_shown: ChartGeometry | None = None
        self._ground: QPixmap | None = None
        self._key: object = None
        self._measured: tuple[ChartGeometry, object, QRectF] | None = None

    def show_chart(self, geometry: ChartGeometry | None) -> None:
        """Show this chart; None empties it."""
        self.geometry_shown = geometry
        self.setAccessibleName(geometry.spoken if geometry else "")
        self.update()

    def sizeHint(self) -> QSize:
        """As the drawing: twice as wide as a column, high enough to read half kilograms."""
        return QSize(theme.px(560), theme.px(380))

    def minimumSizeHint(self) -> QSize:
        """Small, but still a chart."""
        return QSize(theme.px(260), theme.px(220))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground from the kept picture, then the child's line."""
        geometry = self.geometry_shown
        if geometry is None or self.width() < 80:
            return
        ratio = self.devicePixelRatio()
        key: tuple[object, ...] = (self.size(), ratio, theme.is_dark(), theme.factor(), geometry.lines, geometry.bands)
        key += (geometry.y_from, geometry.y_to)
        if key != self._key or self._ground is None:
            self._key = key
            self._ground = QPixmap(self.size() * ratio)
            self._ground.setDevicePixelRatio(ratio)
            self._ground.fill(Qt.GlobalColor.transparent)
            ground = QPainter(self._ground)
            ground.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(ground, geometry)
            ground.end()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        self._paint_child(painter, geometry)

    # where things lie

    def plot(self, geometry: ChartGeometry) -> QRectF:
        """The area inside the axes: measured once for this chart at this size, not for each of its thousand points."""
        key = (self.size(), theme.factor())
        if self._measured is None or self._measured[0] is not geometry or self._measured[1] != key:
            self._measured = (geometry, key, self._measure(geometry))
        return self._measured[2]

    def _measure(self, geometry: ChartGeometry) -> QRectF:
        names = QFontMetricsF(theme.font("small_strong"))
        longest = max((names.horizontalAdvance(line.label) for line in geometry.lines), default=0)
        left, bottom = theme.px(34), theme.px(46)
        right = longest + theme.px(14)
        return QRectF(left, theme.px(10), self.width() - left - right, self.height() - bottom - theme.px(10))

    def place(self, geometry: ChartGeometry, x: float, y: float) -> QPointF:
        """Where a value lies, in pixels."""
        return self.places(geometry, ((x, y),))[0]

    def places(self, geometry: ChartGeometry, points: Iterable[tuple[float, float]]) -> list[QPointF]:
        """Where these values lie, in pixels."""
        area = self.plot(geometry)
        across = area.width() / (geometry.x_to - geometry.x_from)
        up = area.height() / (geometry.y_to - geometry.y_from)
        left, bottom = area.left() - geometry.x_from * across, area.bottom() + geometry.y_from * up
        return [QPointF(left + x * across, bottom - y * up) for x, y in points]

    # ground

    def _paint_ground(self, painter: QPainter, geometry: ChartGeometry) -> None:
        area = self.plot(geometry)
        painter.save()
        painter.setClipRect(area.adjusted(-1, -1, 1, 1))
        for band in geometry.bands:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(_BANDS[band.role]))
            painter.drawPolygon(QPolygonF(self.places(geometry, band.polygon)))
        self._paint_grid(painter, geometry)
        for line in geometry.lines:
            name, width = _LINES[line.role]
            painter.setPen(QPen(theme.color(name), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(self.places(geometry, line.points)))
        painter.restore()
        self._paint_words(painter, geometry)

    def _paint_grid(self, painter: QPainter, geometry: ChartGeometry) -> None:
        area = self.plot(geometry)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in geometry.x_ticks:
            painter.setPen(QPen(theme.color("chart_grid6" if tick.strong else "chart_grid"), 1))
            x = self.place(geometry, tick.at, geometry.y_from).x()
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for tick in geometry.y_ticks:
            painter.setPen(QPen(theme.color("chart_grid"), 1))
            y = self.place(geometry, geometry.x_from, tick.at).y()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_words(self, painter: QPainter, geometry: ChartGeometry) -> None:
        area = self.plot(geometry)
        painter.setFont(theme.font("micro"))
        painter.setPen(theme.color("text2"))
        high = theme.px(20)
        labelled = [tick for tick in geometry.x_ticks if tick.label]
        every = 1 + int(len(labelled) * theme.px(26) > area.width())
        for tick in labelled[::every]:
            x = self.place(geometry, tick.at, geometry.y_from).x()
            painter.drawText(QRectF(x - 30, area.bottom() + 4, 60, high), Qt.AlignmentFlag.AlignCenter, tick.label)
        marks = [tick for tick in geometry.y_ticks if tick.label]
        every = 1 + int(len(marks) * theme.px(18) > area.height())
        for tick in marks[::every]:
            y = self.place(geometry, geometry.x_from, tick.at).y()
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - high / 2, area.left() - theme.px(8), high), int(side), tick.label)
        foot = QRectF(area.left(), area.bottom() + theme.px(22), area.width(), high)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, geometry.x_label)
        named = [line for line in geometry.lines if line.label]
        painter.setFont(theme.font("small_strong"))
        wanted = [self.place(geometry, *line.points[-1]).y() for line in named]
        for line, y in zip(named, spread(wanted, theme.px(18)), strict=True):
            painter.setPen(theme.color(_INKS.get(line.role, "text3")))
            room = QRectF(area.right() + theme.px(8), y - high / 2, self.width() - area.right(), high)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, line.label)

    # the child

    def _paint_child(self, painter: QPainter, geometry: ChartGeometry) -> None:
        ink = theme.color("chart_child")
        for before, after in geometry.segments():
            pen = QPen(ink, 2.4) if after.saved else QPen(theme.color("primary"), 2, Qt.PenStyle.DashLine)
            if after.saved and (before.wrong or after.wrong):
                pen = QPen(ink, 1.6, Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(self.place(geometry, before.x, before.y), self.place(geometry, after.x, after.y))
        for point in geometry.points:
            if not point.saved:
                continue
            middle = self.place(geometry, point.x, point.y)
            painter.setPen(QPen(ink, 2))
            if point.wrong:
                arm = QPointF(theme.px(4), theme.px(4))
                painter.drawLine(middle - arm, middle + arm)
                arm.setY(-arm.y())
                painter.drawLine(middle - arm, middle + arm)
            else:
                painter.setBrush(theme.color("surface"))
                painter.drawEllipse(middle, theme.px(3.4), theme.px(3.4))
        if geometry.legend:
            self._paint_legend(painter, geometry)
        for point in geometry.points:
            if not point.saved:
                self._paint_unsaved(painter, geometry, point)

    def _paint_legend(self, painter: QPainter, geometry: ChartGeometry) -> None:
        """What a cross is, in the corner where no child of that age can be."""
        corner = self.plot(geometry).adjusted(theme.px(6), theme.px(4), -theme.px(6), 0)
        painter.setFont(theme.font("micro"))
        painter.setPen(theme.color("text2"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(corner, int(flags), geometry.legend)

    def _paint_unsaved(self, painter: QPainter, geometry: ChartGeometry, point: Point) -> None:
        """The value being typed: filled, with a halo and a flag that says it."""
        middle = self.place(geometry, point.x, point.y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary", 0.2))
        painter.drawEllipse(middle, theme.px(13), theme.px(13))
        painter.setPen(QPen(theme.color("surface"), 2))
        painter.setBrush(theme.color("primary"))
        painter.drawEllipse(middle, theme.px(7), theme.px(7))
        painter.setFont(theme.font("label"))
        wide = painter.fontMetrics().horizontalAdvance(point.text) + theme.px(20)
        high, gap = theme.px(28), theme.px(18)
        area = self.plot(geometry)
        below = middle.y() - gap - high < area.top()
        top = middle.y() + gap if below else middle.y() - gap - high
        left = min(max(middle.x() - wide / 2, area.left()), self.width() - wide - 2)
        flag = QPainterPath()
        flag.addRoundedRect(QRectF(left, top, wide, high), theme.px(7), theme.px(7))
        tip = top if below else top + high
        away = -theme.px(6) if below else theme.px(6)
        flag.addPolygon(
            QPolygonF(
                [
                    QPointF(middle.x() - theme.px(6), tip),
                    QPointF(middle.x() + theme.px(6), tip),
                    QPointF(middle.x(), tip + away),
                ]
            )
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primary"))
        painter.drawPath(flag.simplified())
        painter.setPen(theme.color("on_primary"))
        painter.drawText(QRectF(left, top, wide, high), Qt.AlignmentFlag.AlignCenter, point.text)


def child_chart(
    ws: Workspace,
    index: str,
    person: Answers,
    points: Iterable[Measured],
    on: date,
    *,
    style: growth_chart.Style = "new",
) -> ChartGeometry | None:
    """The card of a child's age on a day: "waz" (KMS, grams) or "haz" (length, mm).

    None without a birth date, and "waz" from five years on: the printed KMS ends there.
    """
    born_on, sex = person.get("born_on"), str(person.get("sex"))
    if not isinstance(born_on, date) or sex not in ("male", "female"):
        return None
    months = calendar.age_months(born_on, on)
    first, last = (0, 24) if months < 24 else (24, 60) if months < PAST_KMS else (60, 84)
    if index == "waz" and months >= PAST_KMS:
        return None
    if index == "haz":
        return growth_chart.length_for_age(ws.growth, sex, born_on, points, first, last)
    rules = ws.standards.on(on)
    orange = rules.orange_z if rules.orange_z is not None else 3
    return growth_chart.kms(
        ws.growth,
        sex,
        born_on,
        points,
        first,
        last,
        style,
        bgm_z=int(rules.bgm_z),
        orange_z=int(orange),
    )


def gain_chart(
    ws: Workspace, pregnancy: Answers, points: Iterable[tuple[date, int, bool]], on: date, wrong: Collection[date] = ()
) -> ChartGeometry | None:
    """A pregnant woman's gain since the beginning (kg) by week, in the range wanted for her body mass index.

    `points` are (day, grams, saved), `wrong` the days whose scale was found wrong. None while the first weight, the
    height or the due date is not known.
    """
    first_g, height = pregnancy.get("first_weight_g"), pregnancy.get("height_mm")
    if not isinstance(first_g, int) or not isinstance(height, int) or pregnancies.due_on(pregnancy) is None:
        return None
    rules, bmi = ws.standards.on(on), first_g * 1000 / height**2
    wanted = [(week, *pregnancies.expected_gain_g(rules, bmi, week)) for week in range(41)]
    kind = pregnancies.weight_class(rules, bmi)
    trimesters = (rules.gestation.first_trimester_weeks, rules.gestation.second_trimester_weeks)
    goal = _("Sejak awal kehamilan; sampai lahir {low} sampai {high} kg").format(
        low=figure(f"{kind.total_low_g / 1000:g}"), high=figure(f"{kind.total_high_g / 1000:g}")
    )
    lower = tuple((float(week), low / 1000) for week, low, _high in wanted)
    upper = tuple((float(week), high / 1000) for week, _low, high in wanted)
    shown: list[Point] = []
    for day, grams, is_saved in sorted(points):
        far = pregnancies.gestation(pregnancy, day)
        if far is not None:
            gain = (grams - first_g) / 1000
            text = figure(f"{gain:+.1f} kg")
            shown.append(Point(far.weeks + far.days / 7, gain, day, text, "", bool(shown), is_saved, day in wrong))
    low = min([0.0, *(floor(point.y) for point in shown)])
    high = max([ceil(upper[-1][1] / 2) * 2, *(ceil(point.y) for point in shown)])
    spoken = _("Belum ada berat badan")
    if shown and shown[-1].y < 0:
        spoken = _("Berat turun {amount}").format(amount=figure(f"{-shown[-1].y:.1f} kg"))
    elif shown:
        spoken = _("Kenaikan berat badan: {text}").format(text=shown[-1].text)
    return ChartGeometry(
        title=_("Kenaikan berat badan"),
        subtitle=goal,
        x_label=_("Umur kehamilan (minggu)"),
        y_label=_("Kenaikan (kg)"),
        x_from=0.0,
        x_to=40.0,
        y_from=float(low),
        y_to=float(high),
        x_ticks=tuple(Tick(float(week), str(week) if week % 4 == 0 else "", week in trimesters) for week in range(41)),
        y_ticks=tuple(
            Tick(float(kg), str(kg).replace("-", "\N{MINUS SIGN}")) for kg in range(int(low), int(high) + 1, 2)
        ),
        bands=(Band("normal_band", (*lower, *reversed(upper))),),
        lines=(Line("middle", _("Paling banyak"), 1, upper), Line("middle", _("Paling sedikit"), -1, lower)),
        points=tuple(shown),
        spoken=spoken,
    )


def score_chart(
    ws: Workspace,
    index: str,
    person: Answers,
    visits: Iterable[Answers],
    *,
    last_saved: bool = True,
    wrong: Collection[date] = (),
) -> ChartGeometry | None:
    """Weight by length or height ("whz", cm and kg), head ("hcz", months and cm) or body mass index ("baz") by age.

    The index by age is that of children of five and six, WHO 2007: overweight begins at +1 SD. `wrong` are the days
    whose scale or board was found wrong.
    None without sex, birth date or any measurement to place.
    """
    born_on, sex = person.get("born_on"), str(person.get("sex"))
    if not isinstance(born_on, date) or sex not in ("male", "female"):
        return None
    shown = _scored_points(index, born_on, visits)
    if not shown:
        return None
    if index != "hcz":
        shown = [replace(point, wrong=point.on in wrong) for point in shown]
    shown[-1] = replace(shown[-1], saved=last_saved)
    if index == "baz" and max(point.x for point in shown) > SCHOOL_FROM:
        masses = [(point.on, point.y) for point in shown if point.x >= PAST_KMS]
        return growth_chart.bmi_for_age(ws.growth, sex, born_on, masses, wrong)
    ruled = _ruled(index, shown[-1].x, stands=calendar.age_months(born_on, shown[-1].on) >= 24)
    first, last, every = ruled.first, ruled.last, ruled.every
    lines = growth.sd_lines(ws.growth, ruled.table, sex, first, last, 0.5)
    shown = [point for point in shown if first <= point.x <= last]
    if not shown or not all(lines.values()):
        return None
    low = floor(min(y for _x, y in lines[-3]))
    high = ceil(max(y for _x, y in lines[3]))
    high_z = 1 if index == "baz" else 2
    upper = ("orange", _("+{n} SD").format(n=high_z))
    roles = {-2: ("red", _("\N{MINUS SIGN}2 SD")), 0: ("middle", _("Tengah")), high_z: upper}
    return ChartGeometry(
        title=ruled.title,
        subtitle=_("Standar WHO, {who}").format(who=_("laki-laki") if sex == "male" else _("perempuan")),
        x_label=ruled.x_label,
        y_label=ruled.y_label,
        x_from=first,
        x_to=last,
        y_from=float(low),
        y_to=float(high),
        x_ticks=tuple(
            Tick(float(x), str(x) if (x - int(first)) % every == 0 else "", (x - int(first)) % every == 0)
            for x in range(int(first), int(last) + 1, 5 if index == "whz" else 1)
        ),
        y_ticks=tuple(Tick(float(y), str(y) if y % 2 == 0 else "") for y in range(low, high + 1)),
        bands=(Band("normal_band", (*lines[-2], *reversed(lines[high_z]))),),
        lines=tuple(
            Line(cast("Role", roles.get(z, ("thin", ""))[0]), roles.get(z, ("thin", ""))[1], z, tuple(line))
            for z, line in lines.items()
        ),
        points=tuple(shown),
        spoken=f"{ruled.title}: {shown[-1].text}",
    )


class _Ruled(NamedTuple):
    """The paper a curve is drawn on: WHO's table, where it begins and ends, every how many a number stands below."""

    table: str
    first: float
    last: float
    every: int
    title: str
    x_label: str
    y_label: str


def _ruled(index: str, last_x: float, *, stands: bool) -> _Ruled:
    """The paper for an index, by the last value of x (months for "hcz") and by how the child is measured."""
    months = _("Umur (bulan)")
    if index == "hcz":
        span = (0.0, 24.0) if last_x <= 24 else (24.0, 60.0)
        return _Ruled("hcz", *span, 6, _("Lingkar kepala menurut umur"), months, _("Lingkar kepala (cm)"))
    if index == "baz":
        return _Ruled("baz", 60.0, 84.0, 6, _("Indeks massa tubuh menurut umur"), months, _("IMT (kg/m²)"))
    kilograms = _("Berat (kg)")
    if stands:
        return _Ruled("wfh", 65.0, 120.0, 10, _("Berat menurut tinggi badan"), _("Tinggi (cm)"), kilograms)
    return _Ruled("wfl", 45.0, 110.0, 10, _("Berat menurut panjang badan"), _("Panjang (cm)"), kilograms)


def _scored_points(index: str, born_on: date, visits: Iterable[Answers]) -> list[Point]:
    points: list[Point] = []
    for answers in visits:
        on, grams, head = (answers.get(name) for name in ("visited_on", "weight_g", "head_mm"))
        long = answers.get("length_mm") or answers.get("height_mm")
        if not isinstance(on, date):
            continue
        if index == "hcz" and isinstance(head, int):
            x, y, text = (on - born_on).days / growth_chart.DAYS_PER_MONTH, head / 10, f"{head / 10:.1f} cm"
        elif index == "baz" and isinstance(grams, int) and isinstance(long, int) and long:
            x, y = (on - born_on).days / growth_chart.DAYS_PER_MONTH, grams * 1000 / long**2
            text = f"{y:.1f} kg/m²"
        elif index == "whz" and isinstance(grams, int) and isinstance(long, int):
            x, y, text = long / 10, grams / 1000, f"{grams / 1000:.1f} kg"
        else:
            continue
        points.append(Point(x, y, on, figure(text), "", bool(points), True))
    return points
