"""The growth chart on screen: what lies where, what is painted once, what is said."""

from datetime import date, timedelta

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from posyandu.reports.growth_chart import Measured
from posyandu.services import workspace
from posyandu.ui import theme
from posyandu.ui.chart import ChartHead, GrowthChart, child_chart, gain_chart, score_chart
from tests.ui import looking
from tests.ui.scene import HELD_ON

WS = workspace.in_memory()
BORN = HELD_ON - timedelta(days=500)
CHILD = {"sex": "male", "born_on": BORN}
PREGNANCY = {"lmp_on": HELD_ON - timedelta(days=140), "first_weight_g": 50_000, "height_mm": 1550}


def kms(*points: Measured) -> GrowthChart:
    chart = GrowthChart()
    chart.resize(560, 380)
    chart.show_chart(child_chart(WS, "waz", CHILD, points, HELD_ON))
    return chart


def pixel(chart: GrowthChart, x: float, y: float) -> QColor:
    geometry = chart.geometry_shown
    assert geometry is not None
    place = chart.place(geometry, x, y)
    image = chart.grab().toImage()
    return image.pixelColor(int(place.x()), int(place.y()))


def test_values_lie_where_the_axes_say(qtbot: QtBot) -> None:
    chart = kms()
    qtbot.addWidget(chart)
    geometry = chart.geometry_shown
    assert geometry is not None
    area = chart.plot(geometry)
    assert chart.place(geometry, geometry.x_from, geometry.y_from) == area.bottomLeft()
    assert chart.place(geometry, geometry.x_to, geometry.y_to) == area.topRight()


def test_the_unsaved_value_is_filled_with_the_main_colour_and_saved_ones_are_rings(qtbot: QtBot) -> None:
    chart = kms(Measured(HELD_ON - timedelta(days=31), 9200, "N"), Measured(HELD_ON, 9600, "N", saved=False))
    qtbot.addWidget(chart)
    months = 500 / 30.4375
    assert pixel(chart, months, 9.6).name() == theme.color("primary").name()
    assert pixel(chart, (500 - 31) / 30.4375, 9.2).name() == theme.color("surface").name()


def test_only_the_childs_line_is_painted_anew_with_each_key(qtbot: QtBot) -> None:
    chart = kms(Measured(HELD_ON, 9600, saved=False))
    qtbot.addWidget(chart)
    chart.grab()
    ground = chart._ground
    chart.show_chart(child_chart(WS, "waz", CHILD, [Measured(HELD_ON, 9700, saved=False)], HELD_ON))
    chart.grab()
    assert chart._ground is ground
    chart.resize(600, 380)
    chart.grab()
    assert chart._ground is not ground


def test_the_sentence_of_the_chart_is_its_accessible_name(qtbot: QtBot) -> None:
    chart = kms(Measured(HELD_ON, 9600))
    qtbot.addWidget(chart)
    assert "9,6 kg pada umur 16 bulan" in chart.accessibleName()


@pytest.mark.parametrize(("days", "span"), [(500, (0, 24)), (1000, (24, 60)), (1800, (24, 60))])
def test_the_card_is_that_of_the_childs_age(days: int, span: tuple[int, int]) -> None:
    person = {"sex": "female", "born_on": HELD_ON - timedelta(days=days)}
    geometry = child_chart(WS, "waz", person, [], HELD_ON)
    assert geometry is not None
    assert (geometry.x_from, geometry.x_to) == span


def test_there_is_no_card_without_birth_date_or_sex() -> None:
    assert child_chart(WS, "waz", {"sex": "male"}, [], HELD_ON) is None
    assert child_chart(WS, "haz", {"born_on": BORN}, [], HELD_ON) is None
    assert score_chart(WS, "whz", {"sex": "male"}, []) is None


def test_weight_by_length_and_head_have_their_own_curves() -> None:
    visits = [{"visited_on": HELD_ON, "weight_g": 9600, "length_mm": 780, "head_mm": 470}]
    for index, y in (("whz", 9.6), ("hcz", 47.0)):
        geometry = score_chart(WS, index, CHILD, visits)
        assert geometry is not None
        assert geometry.points[-1].y == y
        assert {line.role for line in geometry.lines} == {"red", "orange", "middle", "thin"}
    assert score_chart(WS, "hcz", CHILD, [{"visited_on": HELD_ON}]) is None


def test_the_gain_of_a_pregnancy_lies_in_its_range_of_weeks_and_kilograms() -> None:
    geometry = gain_chart(WS, PREGNANCY, [(HELD_ON, 54_000, False)], HELD_ON)
    assert geometry is not None
    assert (geometry.points[0].x, geometry.points[0].y, geometry.points[0].text) == (20.0, 4.0, "+4,0 kg")
    assert geometry.y_from == 0
    assert geometry.spoken == "Kenaikan berat badan: +4,0 kg"
    assert geometry.subtitle == "Sejak awal kehamilan; sampai lahir 11,5 sampai 16 kg"
    assert [tick.at for tick in geometry.x_ticks if tick.strong] == [12, 24]
    lost = gain_chart(WS, PREGNANCY, [(HELD_ON, 47_500, False)], HELD_ON)
    assert lost is not None
    assert lost.points[0].text == "\N{MINUS SIGN}2,5 kg"
    assert lost.y_from == -3
    assert lost.spoken == "Berat turun 2,5 kg"
    crossed = gain_chart(WS, PREGNANCY, [(HELD_ON, 54_000, True)], HELD_ON, wrong={HELD_ON})
    assert crossed is not None
    assert [each.points[0].wrong for each in (lost, crossed)] == [False, True]


def test_there_is_no_gain_curve_before_weight_height_and_date_are_known() -> None:
    for missing in ("first_weight_g", "height_mm", "lmp_on"):
        known = {name: value for name, value in PREGNANCY.items() if name != missing}
        assert gain_chart(WS, known, [], date(2026, 11, 12)) is None


def test_the_kms_ends_with_five_years_and_body_mass_index_by_age_follows() -> None:
    person = {"sex": "female", "born_on": HELD_ON - timedelta(days=1950)}
    assert child_chart(WS, "waz", person, (), HELD_ON) is None
    visits = [{"visited_on": HELD_ON, "weight_g": 18_000, "length_mm": 1100}]
    geometry = score_chart(WS, "baz", person, visits, last_saved=False)
    assert geometry is not None
    (point,) = geometry.points
    assert (round(point.x, 1), round(point.y, 2), point.saved) == (64.1, 14.88, False)
    assert {line.z: line.role for line in geometry.lines if line.role != "thin"} == {
        -2: "red",
        0: "middle",
        1: "orange",
    }
    height = child_chart(WS, "haz", person, [Measured(HELD_ON, 1100)], HELD_ON)
    assert height is not None
    assert (height.x_from, height.x_to) == (60, 84)


def test_a_weight_of_a_wrong_scale_is_a_cross_and_no_ring(qtbot: QtBot) -> None:
    days = 500 / 30.4375
    ring, cross = kms(Measured(HELD_ON, 9600)), kms(Measured(HELD_ON, 9600, wrong=True))
    for chart in (ring, cross):
        qtbot.addWidget(chart)
    assert pixel(ring, days, 9.6).name() == theme.color("surface").name(), "a ring is empty in its middle"
    assert pixel(cross, days, 9.6).name() == theme.color("chart_child").name()
    assert "dari alat ukur yang ternyata salah" in cross.accessibleName()
    image, plain = cross.grab().toImage(), ring.grab().toImage()
    corner = range(int(cross.plot(cross.geometry_shown).left()) + 6, 300)  # type: ignore[arg-type]
    assert any(image.pixelColor(x, y) != plain.pixelColor(x, y) for x in corner for y in range(12, 30)), "the legend"


def test_the_words_above_a_curve_stand_below_each_other_where_one_line_is_too_short(qtbot: QtBot) -> None:
    head = ChartHead()
    qtbot.addWidget(head)
    head.resize(700, 60)
    head.show()
    head.show_words("Kenaikan berat badan", "Sejak awal kehamilan; sampai lahir 12,5 sampai 18 kg")
    qtbot.waitUntil(lambda: head.subtitle.x() > head.title.geometry().right())
    assert head.subtitle.geometry().center().y() == head.title.geometry().center().y()
    head.resize(380, 60)
    qtbot.waitUntil(lambda: head.subtitle.y() > head.title.geometry().bottom())
    assert head.title.x() == head.subtitle.x()
    assert not list(looking.cut_words(head))
    head.show_words("", "")
    assert head.isHidden()
