"""The letterhead above a paper's title: offices and their address in the middle, and a double rule under them."""

from posyandu.reports.monthly import Letterhead
from posyandu.reports.paper import BOLD, INK, MM, REGULAR, Page, wrap

LEADING = 1.25
OFFICE, LARGEST, SMALL = 11.0, 13.0, 8.5
"""Points of a usual paper; a slip has them smaller."""


def draw(page: Page, told: Letterhead | None, left: float, right: float, y: float, *, scale: float = 1.0) -> float:
    """Draw it from y down between left and right (points); gives back where the paper goes on, y where none is set."""
    if told is None:
        return y
    last = len(told.offices) - 1
    lines = [(line, BOLD, LARGEST if place == last else OFFICE) for place, line in enumerate(told.offices)]
    for words, font, points in (*lines, *((line, REGULAR, SMALL) for line in told.address)):
        size = points * scale
        for line in wrap(words, font, size, right - left):
            y -= size * LEADING
            page.write((left + right) / 2, y + size * 0.2, line, size, font, align="center")
    y -= 1.6 * MM * scale
    page.stroke(left, y, right, y, 1.6, INK)
    y -= 1.0 * MM
    page.stroke(left, y, right, y, 0.5, INK)
    return y - 3.5 * MM * scale
