"""How the app looks: colours, letters, sizes and icons. The only file with hex colours.

Colours and fonts are asked for by name at the moment of painting (`color("primary")`, `font("body")`, `px(44)`), so a
change of theme or text size needs nothing but a repaint; `changed` tells pages that must lay themselves out again.
Geometry is set in code. The app has no style sheet: one would be matched against every widget and again at each new
parent, a third of the time a page takes to open. Labels and lines take their colours from palettes, our own widgets
paint themselves, and only what the system draws (lists, scroll bars, menus, pickers, calendars) is given a sheet of
its own by `dress`.
"""

import re
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QMenu,
    QProgressBar,
    QScrollBar,
    QScroller,
    QToolTip,
    QWidget,
)
from shiboken6 import isValid

from posyandu import paths

FAMILY = "Inter"
BORN_FUSION = "born_fusion"
FACTORS = (1.0, 1.15, 1.3)
PAGE_MARGIN = 28
CARD_GAP = 16

_COLORS = {
    # name: (light, dark)
    "canvas": ("#F5F6F1", "#111614"),
    "surface": ("#FFFFFF", "#191F1C"),
    "sunken": ("#EDF0EA", "#222A26"),
    "hover": ("#F1F4EF", "#202824"),
    "line": ("#E2E6DF", "#2A332F"),
    "line2": ("#CBD3CB", "#3A4641"),
    "field": ("#7A867E", "#7B8981"),
    "text": ("#17211C", "#E9EEEA"),
    "text2": ("#47544D", "#B7C3BC"),
    "text3": ("#5F6C65", "#95A29B"),
    "primary": ("#0E6655", "#62C7AC"),
    "primary_hover": ("#0B5547", "#77D3BB"),
    "primary_pressed": ("#08443A", "#4FB499"),
    "on_primary": ("#FFFFFF", "#04211A"),
    "soft": ("#E0F0EA", "#1B3931"),
    "on_soft": ("#0B5547", "#9BE0CC"),
    "ok": ("#0B6B57", "#7AD6BC"),
    "ok_fill": ("#D8F0E8", "#12362C"),
    "on_ok": ("#0B6B57", "#7AD6BC"),
    "warn": ("#8A6100", "#F5CB6B"),
    "warn_fill": ("#FFE49A", "#4A3705"),
    "on_warn": ("#6A4700", "#F5CB6B"),
    "bad": ("#9E1B14", "#FF8F86"),
    "bad_fill": ("#B3261E", "#A3241C"),
    "on_bad": ("#FFFFFF", "#FFFFFF"),
    "bad_soft": ("#FCE9E6", "#3B1F1B"),
    "info": ("#1C568F", "#9CC6F5"),
    "info_fill": ("#DFEAF8", "#1B2F4A"),
    "on_info": ("#1C568F", "#9CC6F5"),
    "neutral": ("#47544D", "#B7C3BC"),
    "neutral_fill": ("#EDF0EA", "#222A26"),
    "on_neutral": ("#47544D", "#B7C3BC"),
    "boy": ("#2F6FB0", "#7FB2E8"),
    "girl": ("#B0447C", "#E59AC0"),
    "practice": ("#FFE49A", "#4A3705"),
    "practice_stripe": ("#F6D273", "#5C4507"),
    "toast_action": ("#8FE0C9", "#0E6655"),
    # the growth chart
    "chart_band": ("#EAF4EC", "#1B2A23"),
    "chart_thin": ("#B7C1B9", "#44514B"),
    "chart_middle": ("#3C8F66", "#5FB389"),
    "chart_red": ("#C0392B", "#F07F72"),
    "chart_orange": ("#C8761A", "#E3A155"),
    "chart_grid": ("#EBEFE9", "#232C28"),
    "chart_grid6": ("#D6DCD5", "#34403A"),
    "chart_child": ("#17211C", "#E9EEEA"),
    # the card printed before 2020, when the setting asks for it
    "chart_old_yellow": ("#F5E3A0", "#4A421F"),
    "chart_old_light": ("#BFE1C6", "#24402F"),
    "chart_old_green": ("#86C596", "#2F5B41"),
    # names at the line ends: the same hues, dark enough to read
    "chart_red_ink": ("#B3261E", "#F07F72"),
    "chart_orange_ink": ("#9A5A10", "#E3A155"),
    "chart_middle_ink": ("#2F7A55", "#5FB389"),
}
LEVELS = ("ok", "warn", "bad", "info", "neutral")
LEVEL_ICONS = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "bad": "octagon-alert",
    "info": "info",
    "neutral": "circle",
    "unknown": "circle",
}

_FONTS = {
    # role: (px, weight, tabular figures)
    "display": (26, QFont.Weight.DemiBold, False),
    "title": (20, QFont.Weight.DemiBold, False),
    "h3": (17, QFont.Weight.DemiBold, False),
    "body": (16, QFont.Weight.Normal, False),
    "strong": (16, QFont.Weight.DemiBold, False),
    "label": (15, QFont.Weight.DemiBold, False),
    "nav": (15, QFont.Weight.Medium, False),
    "nav_plain": (15, QFont.Weight.Normal, False),
    "small": (14, QFont.Weight.Normal, False),
    "small_strong": (14, QFont.Weight.DemiBold, False),
    "micro": (13, QFont.Weight.Medium, False),
    "number": (20, QFont.Weight.Medium, True),
    "count": (20, QFont.Weight.DemiBold, True),
    "big": (34, QFont.Weight.DemiBold, True),
}


class _Signals(QObject):
    changed = Signal()


_signals = _Signals()
changed = _signals.changed
FINGER = 8
"""How many pixels higher everything that is pressed stands on a touch screen."""
# Who follows the look is kept here: asking Qt for all widgets makes a Python object of each of its own inner parts,
# and those can be gone by the time they are looked at.
_inked: WeakSet[Any] = WeakSet()
dressed: dict[int, QWidget] = {}
_state: dict[str, object] = {"dark": False, "factor": 1.0, "touch": False}


def load_fonts() -> None:
    """Load the shipped letters. Raises RuntimeError when they are missing: without letters Qt draws nothing at all."""
    for weight in ("Regular", "Medium", "SemiBold", "Bold"):
        path = paths.resources() / "fonts" / f"Inter-{weight}.ttf"
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"font not loaded: {path.name}")
    if FAMILY not in QFontDatabase.families():
        raise RuntimeError(f"font family {FAMILY} is not known to Qt")


def apply(app: QApplication, scheme: str = "system", factor: float = 1.0, *, touch: bool = False) -> None:
    """Give the whole app this look: scheme "light", "dark" or "system"; factor one of FACTORS. May be called again.

    With `touch` everything that is pressed is higher, and pages are scrolled by a finger.
    """
    dark = scheme == "dark" or (scheme == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark)
    _state.update(dark=dark, factor=factor, touch=touch)
    font.cache_clear()
    if not app.property(BORN_FUSION):  # PySide takes long to look at a style: the app asks for it by its arguments
        app.setStyle("Fusion")
        app.setProperty(BORN_FUSION, True)
    app.setFont(font("body"))
    app.setPalette(_palette())
    for cache in (_sheet, ink_palette, line_palette):
        cache.cache_clear()
    QToolTip.setPalette(_palette())
    QToolTip.setFont(font("small"))
    for inked in [each for each in _inked if isValid(each)]:
        inked.take_ink()
    for widget in list(dressed.values()):
        if isValid(widget):  # Qt may have taken it away before Python let go of it
            widget.setStyleSheet(_sheet_of(widget))
    changed.emit()


def dress(widget: QWidget) -> None:
    """Give what the system draws (a list, table, text browser, scroll bar, menu, picker, progress bar) our look."""
    key = id(widget)
    if key not in dressed:
        dressed[key] = widget
        widget.destroyed.connect(lambda *_gone: dressed.pop(key, None))
    if isinstance(widget, QAbstractScrollArea):
        scroll_by_finger(widget)
    widget.setStyleSheet(_sheet_of(widget))


def follow(widget: Any) -> None:  # noqa: ANN401 - a widget with take_ink()
    """Have `widget.take_ink()` called whenever the look changes, as long as the widget lives."""
    _inked.add(widget)


def _sheet_of(widget: QWidget) -> str:
    return _sheet(next((name for kind, name in _KINDS.items() if isinstance(widget, kind)), "view"))


@lru_cache(maxsize=64)
def ink_palette(name: str) -> QPalette:
    """Words in this colour, enabled or not."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, color(name))
    return palette


@lru_cache(maxsize=4)
def line_palette(mark: str = "primary", ink: str = "on_primary") -> QPalette:
    """A line to type in without a ground of its own, whoever holds it paints the box; `mark` is behind chosen words."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
    palette.setColor(QPalette.ColorRole.Highlight, color(mark))
    palette.setColor(QPalette.ColorRole.HighlightedText, color(ink))
    return palette


def is_dark() -> bool:
    """Whether the dark colours are in use."""
    return bool(_state["dark"])


def factor() -> float:
    """The user's text size: 1, 1.15 or 1.3."""
    return float(_state["factor"])  # type: ignore[arg-type]


def px(n: float) -> int:
    """A length of the drawings at the user's text size, in device-independent pixels."""
    return round(n * _state["factor"])  # type: ignore[operator]


def touch() -> bool:
    """Whether fingers press what is on the screen."""
    return bool(_state["touch"])


def reach(n: float) -> int:
    """The height of something that is pressed: as drawn, or higher for fingers."""
    return px(n + FINGER if touch() else n)


def scroll_by_finger(area: QAbstractScrollArea) -> None:
    """Let a finger push the content; the mouse still chooses words and rows."""
    if touch():
        QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)


def color(name: str, alpha: float = 1.0) -> QColor:
    """The colour of this name in the present scheme; `alpha` 0 to 1."""
    chosen = QColor(_COLORS[name][is_dark()])
    if alpha < 1:
        chosen.setAlphaF(alpha)
    return chosen


@lru_cache(maxsize=64)
def font(role: str) -> QFont:
    """The letters of a role; the roles are the keys of _FONTS."""
    size, weight, tabular = _FONTS[role]
    letters = QFont(FAMILY)
    letters.setPixelSize(px(size))
    letters.setWeight(weight)
    letters.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if size >= 20:
        letters.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.4)
    if tabular:  # only on numbers: tabular figures also widen the hyphen
        letters.setFeature(QFont.Tag("tnum"), 1)
    return letters


def pixmap(name: str, color_name: str = "text", size: int = 20, *, dpr: float | None = None) -> QPixmap:
    """An icon of resources/icons in a colour; `size` in drawing pixels, scaled by the text size."""
    app = QApplication.instance()
    ratio = dpr or (app.devicePixelRatio() if isinstance(app, QApplication) else 1.0)
    return _pixmap(name, color(color_name).name(), px(size), ratio)


def icon(name: str, color_name: str = "text", size: int = 20) -> QIcon:
    """The same as a QIcon."""
    return QIcon(pixmap(name, color_name, size))


def paint_icon(painter: QPainter, name: str, color_name: str, x: float, y: float, size: int) -> None:
    """Paint an icon with its top left corner at (x, y); `size` in drawing pixels."""
    device = painter.device()
    painter.drawPixmap(round(x), round(y), pixmap(name, color_name, size, dpr=device.devicePixelRatio()))


@lru_cache(maxsize=512)
def _pixmap(name: str, hex_color: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", hex_color).encode()))
    image = QImage(QSize(round(size * ratio), round(size * ratio)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    text = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    # Lucide draws 2 px on 24; at our sizes 1.75 is as calm as the letters beside it.
    return re.sub(r'stroke-width="2"', 'stroke-width="1.9"', text)


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for key, name in (
        (role.Window, "canvas"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.PlaceholderText, "text3"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.ToolTipBase, "text"),
        (role.ToolTipText, "surface"),
        (role.Link, "primary"),
        (role.LinkVisited, "primary"),
        (role.Light, "surface"),
        (role.Midlight, "line"),
        (role.Mid, "line2"),
        (role.Dark, "field"),
        (role.Shadow, "line2"),
        (role.BrightText, "bad"),
    ):
        palette.setColor(key, color(name))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, color("text3"))
    return palette


@lru_cache(maxsize=8)
def _sheet(name: str) -> str:
    sheet = "".join(_QSS[part] for part in _PARTS[name])
    for each in sorted(_COLORS, key=len, reverse=True):
        sheet = sheet.replace(f"@{each};", f"{color(each).name()};").replace(f"@{each} ", f"{color(each).name()} ")
    return re.sub(r"(\d+)dp", lambda found: f"{px(int(found[1]))}px", sheet)


_KINDS = {QScrollBar: "bar", QMenu: "menu", QComboBox: "combo", QProgressBar: "progress"}
_PARTS = {"combo": ("combo", "bar"), "view": ("view", "bar"), **{name: (name,) for name in ("bar", "menu", "progress")}}
_QSS = {
    "combo": """
QComboBox {
    background: @surface; color: @text; border: 1px solid @line2; border-radius: 8dp; padding: 0 12dp;
    combobox-popup: 0;
}
QComboBox:hover { background: @hover; }
QComboBox:focus { border: 2px solid @primary; padding: 0 11dp; }
QComboBox::drop-down { border: 0; width: 30dp; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView {
    background: @surface; color: @text; border: 1px solid @line2; outline: 0; padding: 4dp;
    selection-background-color: @soft; selection-color: @on_soft;
}
QComboBox QAbstractItemView::item { min-height: 40dp; padding: 0 8dp; border: 0; border-radius: 6dp; }
QComboBox QAbstractItemView::item:selected { background: @soft; color: @on_soft; }
""",
    "menu": """
QMenu { background: @surface; color: @text; border: 1px solid @line2; padding: 6dp; icon-size: 20dp; }
QMenu::item { padding: 12dp 20dp; border-radius: 6dp; }
QMenu::icon { padding-left: 12dp; }
QMenu::item:selected { background: @soft; color: @on_soft; }
QMenu::item:disabled { color: @text3; }
QMenu::separator { height: 1px; background: @line; margin: 4dp; }
""",
    "view": """
QListView, QTreeView, QTableView, QTextBrowser {
    background: @surface; color: @text; border: 0; outline: 0; gridline-color: @line;
    selection-background-color: @soft; selection-color: @on_soft;
}
QHeaderView { background: @surface; border: 0; }
QHeaderView::section {
    background: @surface; color: @text2; border: 0; border-bottom: 1px solid @line2; padding: 8dp 12dp;
}
QTableCornerButton::section { background: @surface; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
""",
    "bar": """
QScrollBar:vertical { background: transparent; width: 12dp; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12dp; margin: 0; }
QScrollBar::handle { background: @line2; border-radius: 3dp; margin: 3dp; }
QScrollBar::handle:vertical { min-height: 40dp; }
QScrollBar::handle:horizontal { min-width: 40dp; }
QScrollBar::handle:hover { background: @field; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""",
    "progress": """
QProgressBar { background: @sunken; border: 0; border-radius: 4dp; }
QProgressBar::chunk { background: @primary; border-radius: 4dp; }
""",
}
