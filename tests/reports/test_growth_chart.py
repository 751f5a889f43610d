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


def test_head_circumference_has_minus_and_plus_two_as_its_bounds() -> None:
    """WHO: outside -2 and +2 SD is small or large; a boy of 12 months has 46,1 cm at the median."""
    chart = growth_chart.head_for_age(TABLES, "male", BORN, [Measured(date(2026, 3, 5), 500)])
    assert [(line.role, line.z) for line in chart.lines if line.role != "thin"] == [
        ("red", -2),
        ("middle", 0),
        ("orange", 2),
    ]
    middle = line(chart, "middle").points
    assert next(y for x, y in middle if x == 12) == pytest.approx(46.1, abs=0.05)
    assert (chart.subtitle, chart.y_label) == ("Standar WHO, laki-laki", "Lingkar kepala (cm)")
    assert chart.points[0].text == "50,0 cm"
    assert chart.spoken == "Lingkar kepala menurut umur: 50,0 cm pada umur 12 bulan, di atas garis oranye."
    assert line(chart, "orange").label == "+2 SD"
    assert line(chart, "red").label == "\N{MINUS SIGN}2 SD"


@pytest.mark.parametrize("sex", ["male", "female"])
def test_body_mass_runs_from_five_to_nineteen_years_with_overweight_above_plus_one(sex: str) -> None:
    born = date(2014, 3, 5)
    chart = growth_chart.bmi_for_age(TABLES, sex, born, [(date(2026, 3, 5), 24.94), (date(2025, 3, 5), 22.0)])
    assert (chart.x_from, chart.x_to, chart.y_from) == (60.0, 228.0, 10.0)
    assert (chart.x_label, chart.y_label) == ("Umur (tahun)", "IMT (kg/m²)")
    assert [tick.label for tick in chart.x_ticks] == [str(year) for year in range(5, 20)]
    assert [tick.at for tick in chart.x_ticks if tick.strong] == [72.0, 96.0, 120.0, 144.0, 168.0, 192.0, 216.0]
    assert [point.text for point in chart.points] == ["22,0 kg/m²", "24,9 kg/m²"]
    assert [point.joined for point in chart.points] == [False, True]
    assert chart.subtitle == f"Standar WHO, {'laki-laki' if sex == 'male' else 'perempuan'}"


def test_body_mass_before_five_years_is_not_on_the_card() -> None:
    chart = growth_chart.bmi_for_age(TABLES, "male", BORN, [(date(2026, 3, 5), 16.0)])
    assert chart.points == ()
    assert chart.spoken == "Indeks massa tubuh menurut umur: belum ada hasil ukur."


def test_length_at_two_years_does_not_drop_to_height_on_the_card_that_ends_there() -> None:
    """WHO's tables give height from 24 months, 0,7 cm less: the curve of a card that ends there runs straight on."""
    for z in range(7):
        points = growth_chart.length_for_age(TABLES, "female", BORN, ()).lines[z].points
        assert points[-1][0] == 24.0
        assert points[-1][1] > points[-2][1]
    later = growth_chart.length_for_age(TABLES, "female", BORN, (), 24, 60)
    assert (later.x_from, later.y_from % 5, later.y_to % 5) == (24.0, 0, 0)


@pytest.mark.parametrize(
    ("days", "joined"), [((date(2025, 4, 1), date(2025, 5, 31)), True), ((date(2025, 4, 30), date(2025, 6, 1)), False)]
)
def test_points_are_joined_by_calendar_months_as_n_and_t_are(days: tuple[date, date], joined: bool) -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, [Measured(on, 5_000) for on in days])
    assert [point.joined for point in chart.points] == [False, joined]


def test_a_value_not_saved_yet_is_told_apart() -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, [Measured(date(2025, 5, 8), 5_600, "", saved=False)])
    assert chart.points[0].saved is False


@pytest.mark.parametrize(
    ("wanted", "gap", "places"),
    [
        ([], 5, []),
        ([10.0], 5, [10.0]),
        ([10.0, 10.0], 4, [8.0, 12.0]),
        ([10.0, 12.0], 4, [9.0, 13.0]),
        ([0.0, 1.0, 2.0], 4, [-3.0, 1.0, 5.0]),
        ([0.0, 100.0, 101.0], 5, [0.0, 98.0, 103.0]),
        ([5.0, 1.0], 10, [8.0, -2.0]),
    ],
)
def test_labels_that_want_the_same_place_share_it_out(wanted: list[float], gap: float, places: list[float]) -> None:
    assert growth_chart.spread(wanted, gap) == pytest.approx(places)


def test_without_an_orange_line_the_band_ends_at_plus_two() -> None:
    chart = growth_chart.kms(TABLES, "male", BORN, (), orange_z=None)
    assert not [each for each in chart.lines if each.role == "orange"]
    band, plus_two = chart.bands[0].polygon, next(each.points for each in chart.lines if each.z == 2)
    assert set(plus_two) <= set(band)


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2025, 4, 4), 0),
        (date(2025, 4, 5), 1),
        (date(2026, 3, 4), 11),
        (date(2026, 3, 5), 12),
        (date(2027, 3, 4), 23),
    ],
)
def test_the_spoken_age_is_the_one_in_completed_months(on: date, months: int) -> None:
    """365 days are 11,99 months of the axis, and the first birthday all the same."""
    chart = growth_chart.kms(TABLES, "male", BORN, [Measured(on, 6_000)])
    assert f"pada umur {months} bulan" in chart.spoken


def test_a_weight_of_a_wrong_scale_is_shown_but_lies_above_and_below_no_line() -> None:
    told = [*WEIGHED[:-1], Measured(date(2025, 9, 11), 4_000, "T", wrong=True)]
    chart = growth_chart.kms(TABLES, "male", BORN, told)
    assert [point.wrong for point in chart.points] == [False, False, False, True]
    assert [(before.letter, after.letter) for before, after in chart.segments()] == [("B", "N"), ("O", "T")], "T stays"
    assert chart.spoken.endswith("4,0 kg pada umur 6 bulan, dari alat ukur yang ternyata salah.")
    assert chart.legend == "× alat ukur hari itu ternyata salah: tidak dinilai."
    assert growth_chart.kms(TABLES, "male", BORN, WEIGHED).legend == ""


def test_a_body_mass_of_a_wrong_tool_is_a_cross_and_its_neighbour_a_dot() -> None:
    told = [(date(2031, 3, 5), 16.0), (date(2031, 4, 5), 11.0)]
    chart = growth_chart.bmi_for_age(TABLES, "male", BORN, told, {date(2031, 4, 5)})
    assert [point.wrong for point in chart.points] == [False, True]
