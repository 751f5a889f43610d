"""The growth chart on screen: `reports.growth_chart` says what to draw, this paints it with the theme's colours.

The standard lines are painted once into a picture and kept; a key stroke repaints only the child's own line.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from posyandu.reports.growth_chart import ChartGeometry, Point, spread
from posyandu.ui import theme

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


class GrowthChart(QWidget):
    """One child's curve. The accessible name is the sentence of the geometry."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.geometry_shown: ChartGeometry | None = None
        self._ground: QPixmap | None = None
        self._key: object = None

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
        key = (self.size(), ratio, theme.is_dark(), theme.factor(), geometry.lines, geometry.bands, geometry.y_to)
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
        """The area inside the axes."""
        names = QFontMetricsF(theme.font("small_strong"))
        longest = max((names.horizontalAdvance(line.label) for line in geometry.lines), default=0)
        left, bottom = theme.px(34), theme.px(46)
        right = longest + theme.px(14)
        return QRectF(left, theme.px(10), self.width() - left - right, self.height() - bottom - theme.px(10))

    def place(self, geometry: ChartGeometry, x: float, y: float) -> QPointF:
        """Where a value lies, in pixels."""
        area = self.plot(geometry)
        across = (x - geometry.x_from) / (geometry.x_to - geometry.x_from)
        up = (y - geometry.y_from) / (geometry.y_to - geometry.y_from)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    # ground

    def _paint_ground(self, painter: QPainter, geometry: ChartGeometry) -> None:
        area = self.plot(geometry)
        painter.save()
        painter.setClipRect(area.adjusted(-1, -1, 1, 1))
        for band in geometry.bands:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(_BANDS[band.role]))
            painter.drawPolygon(QPolygonF([self.place(geometry, x, y) for x, y in band.polygon]))
        self._paint_grid(painter, geometry)
        for line in geometry.lines:
            name, width = _LINES[line.role]
            painter.setPen(QPen(theme.color(name), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([self.place(geometry, x, y) for x, y in line.points]))
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
            painter.setPen(pen)
            painter.drawLine(self.place(geometry, before.x, before.y), self.place(geometry, after.x, after.y))
        for point in geometry.points:
            if point.saved:
                painter.setPen(QPen(ink, 2))
                painter.setBrush(theme.color("surface"))
                painter.drawEllipse(self.place(geometry, point.x, point.y), theme.px(3.4), theme.px(3.4))
        for point in geometry.points:
            if not point.saved:
                self._paint_unsaved(painter, geometry, point)

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
