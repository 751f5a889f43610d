"""Classes of nutritional status: the exact words, and every border in the milder class."""

from datetime import date

import pytest

from posyandu.domain import nutrition
from tests.domain.shipped import STANDARDS, TODAY


def labels(index: str, months: int, *scores: float) -> list[str]:
    return [nutrition.classify(STANDARDS, index, z, months, TODAY).label for z in scores]


def test_weight_for_age() -> None:
    assert labels("waz", 24, -3.01, -3, -2.01, -2, 1, 1.01) == [
        "Berat badan sangat kurang",
        "Berat badan kurang",
        "Berat badan kurang",
        "Berat badan normal",
        "Berat badan normal",
        "Risiko berat badan lebih",
    ]


def test_length_for_age() -> None:
    assert labels("haz", 0, -3.01, -3, -2, 3, 3.01) == ["Sangat pendek", "Pendek", "Normal", "Normal", "Tinggi"]


@pytest.mark.parametrize("index", ["whz", "baz"])
def test_weight_for_length_and_body_mass_under_five(index: str) -> None:
    assert labels(index, 59, -3.01, -3, -2, 1, 1.01, 2, 2.01, 3, 3.01) == [
        "Gizi buruk",
        "Gizi kurang",
        "Gizi baik (normal)",
        "Gizi baik (normal)",
        "Berisiko gizi lebih",
        "Berisiko gizi lebih",
        "Gizi lebih",
        "Gizi lebih",
        "Obesitas",
    ]


def test_body_mass_from_five_to_eighteen_has_no_class_of_risk() -> None:
    assert labels("baz", 60, -3.01, -2.01, 1, 1.01, 2, 2.01) == [
        *("Gizi buruk", "Gizi kurang", "Gizi baik (normal)", "Gizi lebih", "Gizi lebih", "Obesitas")
    ]


def test_head() -> None:
    assert labels("hcz", 12, -2.01, -2, 2, 2.01) == ["Kurang dari normal", "Normal", "Normal", "Melebihi normal"]


def test_arm_is_classed_from_6_to_59_months_only() -> None:
    def arm(mm: int | None, months: int = 6) -> str:
        return nutrition.muac_class(STANDARDS, mm, months, TODAY).code

    assert [arm(mm) for mm in (114, 115, 124, 125)] == ["red", "yellow", "yellow", "green"]
    assert [arm(114, months) for months in (5, 6, 59, 60)] == ["unknown", "red", "red", "unknown"]
    assert arm(None) == "unknown"


def test_what_is_unknown_is_never_called_normal() -> None:
    for index, z, months in (("waz", None, 12), ("waz", 0.0, 61), ("baz", 0.0, 229), ("acz", 0.0, 12)):
        category = nutrition.classify(STANDARDS, index, z, months, TODAY)
        assert category == nutrition.unknown()
        assert (category.label, category.level, category.refer) == ("Belum dapat dinilai", "unknown", False)


def test_only_what_the_card_says_is_referred() -> None:
    refer = {
        category.code: category.refer
        for z in (-4, -2.5, 0, 4)
        for category in [nutrition.classify(STANDARDS, "haz", z, 12, date(2026, 1, 1))]
    }
    assert refer == {"severely_stunted": True, "stunted": True, "normal": False, "tall": False}
