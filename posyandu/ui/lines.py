"""Words in a narrow place: on one line, or on two of much the same length."""

import re
from functools import lru_cache

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from posyandu.ui import theme

PARTING = "\N{MIDDLE DOT}"
"""What parts the facts of one line."""
_SHORT_PIECE = re.compile(r"\b([^\W\d_]{1,2})-(?=\w)")
_COUNTED = re.compile(r"(?<![^\s(])(\d+(?:[.,]\d+)*(?:[-\N{EN DASH}]\d{1,3})?) (?=[^\W\d_]{1,9}\b)")
_DATE = re.compile(r"(?<![^\s(])(\d{1,2}) ([^\W\d_]{3,9}) (?=\d{4}\b)")


def unbroken(words: str) -> str:
    """The words as put on the screen where lines break: "e-PPGBM", "MP-ASI", "2 minggu" and dates stay whole."""
    words = _DATE.sub("\\1\N{NO-BREAK SPACE}\\2\N{NO-BREAK SPACE}", words)
    whole = _SHORT_PIECE.sub("\\1\N{NON-BREAKING HYPHEN}", words) if "-" in words else words
    return _COUNTED.sub("\\1\N{NO-BREAK SPACE}", whole)


def fitted(words: str, width: float, role: str, small_role: str) -> tuple[str, tuple[str, ...]]:
    """The role of letters and the lines to paint: one in `role`, else two in `small_role`; cut if need be."""
    return _fitted(words, int(width), role, small_role, theme.factor())


def is_cut(words: str, width: float, role: str, small_role: str) -> bool:
    """Whether words are lost where `fitted` paints them."""
    return " ".join(fitted(words, width, role, small_role)[1]).split() != words.split()


def two_lines(words: str, width: float, role: str) -> tuple[str, ...]:
    """One line where the words fit in one, else two."""
    return fitted(words, width, role, role)[1]


def whole_lines(words: str, width: float, role: str) -> tuple[str, ...]:
    """One line or two where they hold the words, else as many as it takes; only a single word is ever cut."""
    shown = two_lines(words, width, role)
    parts = words.split()
    if " ".join(shown).split() == parts or len(shown) < 2:
        return shown
    first = max(1, len(shown[0].split()))  # where not one letter has room nothing is left of the first word
    return (shown[0], *whole_lines(" ".join(parts[first:]), width, role))


def even_width(words: str, width: int, role: str) -> int:
    """The narrowest width in which the words take no more lines than in this one."""
    return _even_width(words, width, role, theme.factor())


@lru_cache(maxsize=2048)
def _even_width(words: str, width: int, role: str, _factor: float) -> int:
    metrics, flags = QFontMetrics(theme.font(role)), int(Qt.TextFlag.TextWordWrap)

    def fits(wide: int) -> bool:
        needed = metrics.boundingRect(QRect(0, 0, wide, 10_000), flags, words)
        return needed.height() <= high and needed.width() <= wide

    high = metrics.boundingRect(QRect(0, 0, width, 10_000), flags, words).height()
    low, enough = 0, width
    while low + 1 < enough:
        middle = (low + enough) // 2
        low, enough = (low, middle) if fits(middle) else (middle, enough)
    return enough


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
    metrics, parts = QFontMetricsF(theme.font(small_role)), _parts(words)
    if metrics.horizontalAdvance(words) <= width or len(parts) < 2:
        return small_role, (metrics.elidedText(words, Qt.TextElideMode.ElideRight, width),)
    ways = _ways(words, small_role, _factor)
    fit = [way for way in ways if max(way[1]) <= width]
    whole = [way for way in fit if not _cuts_a_date(*way[0])]
    best = min(whole or fit or ways, key=lambda way: max(way[1]))
    if max(best[1]) > width:  # no word is lost but the last
        best = [way for way in ways if way is ways[0] or way[1][0] <= width][-1]
    return small_role, tuple(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in best[0])


@lru_cache(maxsize=1024)
def _ways(words: str, role: str, _factor: float) -> tuple[tuple[tuple[str, str], tuple[float, float]], ...]:
    """Each way to break the words in two, with the width of both lines: measured once, asked for many a width."""
    metrics, parts = QFontMetricsF(theme.font(role)), _parts(words)
    cuts = [(" ".join(parts[:cut]), " ".join(parts[cut:])) for cut in range(1, len(parts))]
    return tuple((both, (metrics.horizontalAdvance(both[0]), metrics.horizontalAdvance(both[1]))) for both in cuts)


def _cuts_a_date(first: str, second: str) -> bool:
    return any(date.start() < len(first) < date.end() for date in _DATE.finditer(f"{first} {second}"))


def _parts(words: str) -> list[str]:
    """The words, a dot that parts them with the one before it: no line begins with a dot."""
    parts: list[str] = []
    for word in words.split():
        if word == PARTING and parts:
            parts[-1] = f"{parts[-1]} {word}"
        else:
            parts.append(word)
    return parts
