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
