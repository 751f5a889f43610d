from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu import paths
from posyandu.domain import growth
from posyandu.reports import growth_chart
from posyandu.reports.growth_chart import Measured

TABLES = growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())
BORN = date(2025, 3, 5)
WEIGHED = (
    Measured(date(2025, 4, 10), 4_500, "B"),
    Measured(date(2025, 5, 8), 5_600, "N"),
    Measured(date(2025, 8, 12), 6_600, "O"),
    Measured(date(2025, 9, 11), 6_650, "T"),
)


def line(chart: growth_chart.ChartGeometry, role: str) -> growth_chart.Line:
    return next(each for each in chart.lines if each.role == role)


def test_the_new_card_has_red_at_minus_two_and_orange_at_plus_one() -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, WEIGHED)
    assert line(chart, "red").points[-1] == (24.0, pytest.approx(9.67, abs=0.01))
    assert line(chart, "orange").points[-1] == (24.0, pytest.approx(13.62, abs=0.01))
    assert line(chart, "middle").points[0] == (0.0, pytest.approx(3.35, abs=0.01))
    assert [each.z for each in chart.lines if each.role == "thin"] == [-3, -1, 2, 3]
    assert [band.role for band in chart.bands] == ["normal_band"]


def test_the_old_card_is_coloured_and_has_red_at_minus_three() -> None:
    chart = growth_chart.kms(TABLES, "female", BORN, (), style="old")
    assert line(chart, "red").z == -3
    assert not [each for each in chart.lines if each.role == "orange"]
    assert [band.role for band in chart.bands] == [
        "yellow_band",
        "light_green_band",
        "green_band",
        "light_green_band",
        "yellow_band",
    ]


def test_the_red_line_follows_the_dated_setting() -> None:
    assert line(growth_chart.kms(TABLES, "male", BORN, (), bgm_z=-3), "red").z == -3


def test_coloured_lines_are_drawn_over_thin_ones() -> None:
    roles = [each.role for each in growth_chart.kms(TABLES, "male", BORN, ()).lines]
    assert roles == ["thin"] * 4 + ["red", "middle", "orange"]


def test_dots_are_joined_only_when_no_month_was_missed() -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, reversed(WEIGHED))
    assert [(point.letter, point.joined) for point in chart.points] == [
        ("B", False),
        ("N", True),
        ("O", False),
        ("T", True),
    ]
    assert [(before.letter, after.letter) for before, after in chart.segments()] == [("B", "N"), ("O", "T")]


def test_a_point_says_its_weight_and_stands_at_its_age() -> None:
    point = growth_chart.kms(TABLES, "male", BORN, WEIGHED).points[-1]
    assert point.text == "6,65 kg"
    assert (point.x, point.y) == (pytest.approx(190 / 30.4375), 6.65)


@pytest.mark.parametrize(
    ("grams", "where"),
    [(9_600, "di atas garis merah"), (6_000, "di bawah garis merah"), (15_000, "di atas garis oranye")],
)
def test_the_spoken_sentence_tells_the_side_of_the_lines(grams: int, where: str) -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, [Measured(date(2026, 7, 10), grams)])
    assert chart.spoken.endswith(f"kg pada umur 16 bulan, {where}.")


def test_without_weighings_the_sentence_says_so() -> None:
    assert growth_chart.kms(TABLES, "male", BORN, ()).spoken == "Berat menurut umur: belum ada hasil ukur."


def test_the_second_card_starts_at_two_years_with_its_own_scale() -> None:
    later = [Measured(BORN + timedelta(days=days), 11_000) for days in (700, 735, 765)]
    chart = growth_chart.kms(TABLES, "female", BORN, later, 24, 60)
    assert (chart.x_from, chart.x_to, chart.y_from, chart.y_to) == (24.0, 60.0, 8.0, 30.0)
    assert [point.joined for point in chart.points] == [False, True]


def test_a_weight_beyond_the_lines_widens_the_scale_instead_of_being_cut_off() -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, [Measured(date(2026, 3, 5), 21_400), Measured(BORN, 1_400)])
    assert (chart.y_from, chart.y_to) == (1.0, 22.0)


def test_length_for_age_has_its_red_line_at_minus_two() -> None:
    chart = growth_chart.length_for_age(TABLES, "male", BORN, [Measured(date(2026, 3, 5), 704)])
    assert line(chart, "red").points[-1] == (24.0, pytest.approx(81.7, abs=0.8))
    assert chart.points[0].text == "70,4 cm"
    assert chart.spoken.endswith("di bawah garis merah.")


def test_ticks_name_every_third_month_and_strengthen_every_sixth() -> None:
    ticks = growth_chart.kms(TABLES, "male", BORN, ()).x_ticks
    assert [tick.label for tick in ticks if tick.label] == ["0", "3", "6", "9", "12", "15", "18", "21", "24"]
    assert [tick.at for tick in ticks if tick.strong] == [0, 6, 12, 18, 24]


@given(st.lists(st.floats(-100, 500), max_size=8), st.floats(0.1, 40))
def test_labels_never_overlap_and_keep_their_order(wanted: list[float], gap: float) -> None:
    places = growth_chart.spread(wanted, gap)
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    for before, after in zip(order, order[1:], strict=False):
        assert places[after] - places[before] >= gap - 1e-6


def test_labels_with_room_stay_where_they_want_to_be() -> None:
    assert growth_chart.spread([50.0, 10.0, 30.0], 12) == [50.0, 10.0, 30.0]
