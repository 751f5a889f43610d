from datetime import date

import pytest

from posyandu.reports import formats


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (formats.whole(1234567), "1.234.567"),
        (formats.whole(-40), "−40"),
        (formats.decimal(1234.56), "1.234,6"),
        (formats.decimal(-0.04), "0,0"),
        (formats.decimal(-2.19, 2), "−2,19"),
        (formats.decimal(None), "–"),
        (formats.percent(5 / 6), "83,3%"),
        (formats.percent(0.0), "0,0%"),
        (formats.percent(None), "–"),
        (formats.kilograms(9600), "9,6"),
        (formats.kilograms(9650), "9,65"),
        (formats.kilograms(None), "–"),
        (formats.centimetres(704), "70,4"),
        (formats.centimetres(None), "–"),
        (formats.grams(400), "+400"),
        (formats.grams(-1250), "−1.250"),
        (formats.grams(0), "0"),
        (formats.grams(None), "–"),
        (formats.short_date(date(2026, 11, 2)), "02-11-2026"),
        (formats.short_date(None), "–"),
        (formats.long_date(date(2026, 11, 2)), "2 November 2026"),
        (formats.short_month(8), "Agu"),
        (formats.dashed("Balita (6 bulan-6 tahun), 0-5, laki-laki"), "Balita (6 bulan–6 tahun), 0–5, laki-laki"),
        (formats.sex("male") + formats.sex("female") + formats.sex(None), "LP–"),
    ],
)
def test_figures_look_as_on_indonesian_paper(made: str, text: str) -> None:
    assert made == text


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (0.05, 1, "0,1"),
        (0.04, 1, "0,0"),
        (-0.05, 1, "−0,1"),
        (999.95, 1, "1.000,0"),
        (-1_234_567.891, 2, "−1.234.567,89"),
        (5, 0, "5"),
        (-0.4, 0, "0"),
        (0, 2, "0,00"),
    ],
)
def test_rounding_never_leaves_a_minus_before_nothing(number: float, places: int, text: str) -> None:
    assert formats.decimal(number, places) == text


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [(1.0, 1, "100,0%"), (1.2, 0, "120%"), (2 / 3, 0, "67%"), (1 / 3, 2, "33,33%"), (0.0, 0, "0%"), (None, 0, "–")],
)
def test_a_share_in_percent(share: float | None, places: int, text: str) -> None:
    assert formats.percent(share, places) == text


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("0-5 bulan", "0–5 bulan"),
        ("6 bulan-6 tahun", "6 bulan–6 tahun"),
        ("laki-laki", "laki-laki"),
        ("COVID-19", "COVID-19"),
        ("2026-11", "2026–11"),
        ("0-5, 6-11", "0–5, 6–11"),
    ],
)
def test_only_a_span_of_numbers_gets_the_long_dash(plain: str, printed: str) -> None:
    assert formats.dashed(plain) == printed


def test_every_month_has_three_letters() -> None:
    assert [formats.short_month(month) for month in range(1, 13)] == [
        *("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
    ]


@pytest.mark.parametrize(("grams", "text"), [(1, "+1"), (-1, "−1"), (1_000, "+1.000"), (0, "0")])
def test_a_gain_has_its_sign(grams: int, text: str) -> None:
    assert formats.grams(grams) == text
