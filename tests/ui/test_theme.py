"""The look: every pair of colours can be read, the letters are there, and painting does not leak references."""

import ast
import sys
from itertools import product
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.ui import theme
from posyandu.ui.widgets.basics import Label, ScrollPage, TextInput
from posyandu.ui.widgets.picker import Picker
from tests.ui import looking

TEXT = [
    *product(("text", "text2", "text3"), ("canvas", "surface", "hover", "soft")),
    ("text", "sunken"),
    ("text2", "sunken"),
    *((f"on_{level}", f"{level}_fill") for level in theme.LEVELS),
    *((f"{level}", "surface") for level in theme.LEVELS),
    ("on_soft", "soft"),
    ("on_primary", "primary"),
    ("on_primary", "primary_hover"),
    ("on_primary", "primary_pressed"),
    ("primary", "surface"),
    ("bad", "bad_soft"),
    ("text", "bad_soft"),
    ("on_warn", "practice"),
    ("on_warn", "practice_stripe"),
    ("surface", "text"),
    ("toast_action", "text"),
    ("chart_red_ink", "surface"),
    ("chart_orange_ink", "surface"),
    ("chart_middle_ink", "surface"),
]
EDGES = [("field", "surface"), ("primary", "surface"), ("primary", "canvas"), ("bad", "surface"), ("warn", "surface")]


def contrast(one: str, other: str) -> float:
    return looking.contrast(QColor(one), QColor(other))


@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground_they_stand_on(dark: int) -> None:
    faint = {pair: round(contrast(*(theme._COLORS[name][dark] for name in pair)), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("dark", [0, 1], ids=["light", "dark"])
def test_edges_of_boxes_can_be_seen(dark: int) -> None:
    for ink, ground in EDGES:
        assert contrast(theme._COLORS[ink][dark], theme._COLORS[ground][dark]) >= 3, (ink, ground)


def test_every_role_is_set_in_the_shipped_letters_and_none_is_below_13_pixels(qapp: QApplication) -> None:
    for role in theme._FONTS:
        letters = theme.font(role)
        assert QFontInfo(letters).family() == "Inter"
        assert letters.pixelSize() >= 13


def test_sizes_follow_the_factor_and_colours_the_scheme(qapp: QApplication) -> None:
    theme.apply(qapp, "dark", 1.3)
    assert theme.px(44) == 57
    assert theme.font("body").pixelSize() == 21
    assert theme.color("canvas").name().upper() == "#111614"
    assert qapp.palette().window().color() == theme.color("canvas")
    assert qapp.styleSheet() == "", "an app-wide style sheet is matched against every widget of every page"


def test_what_is_shown_already_follows_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    words, line, chooser = Label("Berat", ink="text2"), TextInput(), Picker([(1, "Satu")])
    for widget in (words, line, chooser):
        qtbot.addWidget(widget)
    for scheme in ("dark", "light"):
        theme.apply(qapp, scheme, 1.0)
        assert words.palette().windowText().color() == theme.color("text2")
        assert line.palette().highlight().color() == theme.color("primary")
        assert line.palette().base().color().alpha() == 0
        assert theme.color("surface").name() in chooser.styleSheet()
        assert "@" not in chooser.styleSheet()
        assert "dp" not in chooser.styleSheet()


def test_switching_theme_and_size_is_quick_enough_to_do_live(qapp: QApplication) -> None:
    heard: list[str] = []
    theme.changed.connect(lambda: heard.append("changed"))
    for scheme in ("dark", "light"):
        theme.apply(qapp, scheme, 1.0)
    assert heard == ["changed", "changed"]


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    for path in sorted((paths.resources() / "icons").glob("*.svg")):
        image = theme.pixmap(path.stem, "bad", 48).toImage()
        wanted = theme.color("bad")
        painted = [
            pixel
            for x in range(image.width())
            for y in range(image.height())
            if (pixel := image.pixelColor(x, y)).alpha() > 180
        ]
        assert painted, path.stem
        assert all(abs(pixel.red() - wanted.red()) < 8 for pixel in painted), path.stem


def test_only_the_theme_knows_hex_colours() -> None:
    import re

    ui = paths.resources().parent / "posyandu" / "ui"
    guilty = [
        path.name
        for path in ui.rglob("*.py")
        if path.name != "theme.py" and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_painting_does_not_lower_the_count_of_references_to_none(qapp: QApplication) -> None:
    """PySide6 6.12 on Python 3.11 dropped one per call, and the program aborted after five thousand."""
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _turn in range(2000):
        painter.setPen(QColor(1, 2, 3))
    painter.end()
    assert sys.getrefcount(None) - before > -100


def test_everything_dressed_follows_the_look_for_as_long_as_it_lives(qtbot: QtBot, qapp: QApplication) -> None:
    page = ScrollPage()
    page.body.addWidget(Label("Kata", "body", "text2"))
    qtbot.addWidget(page)
    bar, label = page.verticalScrollBar(), page.findChild(Label)
    assert label is not None
    for scheme in ("dark", "light"):
        theme.apply(qapp, scheme, 1.0)
        assert theme.color("line2").name().lower() in bar.styleSheet().lower()
        assert label.palette().color(QPalette.ColorRole.WindowText) == theme.color("text2")


def test_what_is_gone_is_not_looked_at_any_more(qtbot: QtBot, qapp: QApplication) -> None:
    before = len(theme.dressed)
    for _time in range(30):
        page = ScrollPage()
        page.body.addWidget(Label("Kata"))
        page.show()
        page.deleteLater()
        qtbot.wait(1)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        theme.apply(qapp, "dark", 1.3)
    assert len(theme.dressed) <= before


def test_a_part_that_qt_took_away_unseen_does_not_stop_the_look(qapp: QApplication) -> None:
    bar = QScrollBar()
    theme.dress(bar)
    kept = dict(theme.dressed)
    shiboken6.delete(bar)
    theme.dressed.update(kept)
    theme.apply(qapp, "dark", 1.0)
    assert theme.is_dark()
    theme.dressed.pop(next(key for key, widget in kept.items() if widget is bar), None)


def test_every_icon_that_is_shipped_is_asked_for() -> None:
    said = {
        node.value
        for path in Path(theme.__file__).parents[1].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shipped = {path.stem for path in (paths.resources() / "icons").glob("*.svg")}
    assert len(shipped) > 50
    assert shipped - said == set()
