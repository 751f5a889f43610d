"""Words in a narrow place: on one line, or on two of much the same length."""

from functools import lru_cache

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from posyandu.ui import theme


def fitted(words: str, width: float, role: str, small_role: str) -> tuple[str, tuple[str, ...]]:
    """The role of letters and the lines to paint: one in `role`, else two in `small_role`; cut if need be."""
    return _fitted(words, int(width), role, small_role, theme.factor())


def is_cut(words: str, width: float, role: str, small_role: str) -> bool:
    """Whether words are lost where `fitted` paints them."""
    return " ".join(fitted(words, width, role, small_role)[1]).split() != words.split()


def two_lines(words: str, width: float, role: str) -> tuple[str, ...]:
    """One line where the words fit in one, else two."""
    return fitted(words, width, role, role)[1]


def three_lines(words: str, width: float, role: str) -> tuple[str, ...]:
    """One line or two where they hold the words, else three."""
    shown = two_lines(words, width, role)
    parts = words.split()
    if " ".join(shown).split() == parts or len(shown) < 2:
        return shown
    first = len(shown[0].split())
    return (shown[0], *two_lines(" ".join(parts[first:]), width, role))


def paint(painter: QPainter, room: QRectF, words: str, role: str, small_role: str) -> None:
    """Paint the words from the left, in the middle of the height; the pen is the caller's."""
    chosen, lines = fitted(words, room.width(), role, small_role)
    letters = theme.font(chosen)
    painter.setFont(letters)
    high = letters.pixelSize() * 1.2
    top = room.center().y() - high * len(lines) / 2
    for place, line in enumerate(lines):
        spot = QRectF(room.left(), top + high * place, room.width(), high)
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), line)


def tell(event: QHelpEvent, view: QWidget, words: str) -> bool:
    """Answer a list that asks for a tooltip: these words, or none for ""."""
    if event.type() == QEvent.Type.ToolTip:
        QToolTip.showText(event.globalPos(), words, view)
    return True


@lru_cache(maxsize=2048)
def _fitted(words: str, width: int, role: str, small_role: str, _factor: float) -> tuple[str, tuple[str, ...]]:
    if QFontMetricsF(theme.font(role)).horizontalAdvance(words) <= width:
        return role, (words,)
    metrics, parts = QFontMetricsF(theme.font(small_role)), words.split()
    if metrics.horizontalAdvance(words) <= width or len(parts) < 2:
        return small_role, (metrics.elidedText(words, Qt.TextElideMode.ElideRight, width),)
    ways = [(" ".join(parts[:cut]), " ".join(parts[cut:])) for cut in range(1, len(parts))]
    best = min(ways, key=lambda way: max(map(metrics.horizontalAdvance, way)))
    if max(map(metrics.horizontalAdvance, best)) > width:  # no word is lost but the last
        best = [way for way in ways if way == ways[0] or metrics.horizontalAdvance(way[0]) <= width][-1]
    return small_role, tuple(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in best)
