"""The people behind a number: name, age, whose child, and where to find them, in the fewest words."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers
from posyandu.domain.growth import ZScores
from posyandu.domain.indicators import ChildMonth
from posyandu.domain.nutrition import unknown
from posyandu.domain.weighing import Weighed
from posyandu.reports import counted
from posyandu.reports.table import Cell, PersonRef
from tests.domain.shipped import RULES

ON = date(2026, 11, 12)


def child(**person: object) -> ChildMonth:
    told: Answers = {"name": "Raka", "born_on": date(2025, 7, 5), **person}  # type: ignore[dict-item]
    return ChildMonth(RULES, "raka", told, ON, 16, True, False, (), ())


def weighed(code: str, grams: int = 9_600) -> ChildMonth:
    judged = ChildAssessment(
        ON, 16, 495, ZScores(), {}, unknown(), unknown(), Weighed(code, 200, 200, False, None, None, ON, grams), None,
        (), "", "ok",
    )  # fmt: skip
    return replace(child(mother_name="Wulan"), assessments=(judged,))


def test_a_number_is_how_many_stand_behind_it() -> None:
    assert counted.number_cell([]) == Cell("0", 0, ())
    cell = counted.number_cell([child(), child(name="Ayu")])
    assert (cell.text, cell.value, [ref.name for ref in cell.people]) == ("2", 2, ["Raka", "Ayu"])


@pytest.mark.parametrize(
    ("person", "detail"),
    [
        ({}, "1 tahun 4 bulan"),
        ({"mother_name": "Wulan"}, "1 tahun 4 bulan · ibu Wulan"),
        ({"mother_name": ""}, "1 tahun 4 bulan"),
        ({"born_on": None}, "–"),
        ({"husband_name": "Budi"}, "1 tahun 4 bulan"),
    ],
)
def test_a_child_is_told_by_its_age_and_mother(person: dict[str, object], detail: str) -> None:
    assert counted.person_ref(child(**person)) == PersonRef("raka", "Raka", detail)


@pytest.mark.parametrize(
    ("code", "grams", "detail"),
    [
        ("N", 9_600, "1 tahun 4 bulan · ibu Wulan · 9,6 kg · N"),
        ("T", 9_650, "1 tahun 4 bulan · ibu Wulan · 9,65 kg · T"),
        ("", 17_000, "1 tahun 4 bulan · ibu Wulan · 17,0 kg"),
    ],
)
def test_who_was_weighed_is_told_with_weight_and_letter(code: str, grams: int, detail: str) -> None:
    assert counted.person_ref(weighed(code, grams)).detail == detail


def test_a_reason_given_stands_in_place_of_the_age() -> None:
    assert counted.person_ref(child(), "Tidak naik dua kali").detail == "Tidak naik dua kali"
    assert counted.name_of({}) == counted.name_of({"name": ""}) == "(nama belum diisi)"


@pytest.mark.parametrize(
    ("born_on", "text"),
    [
        (date(2022, 4, 1), "4 th 7 bln"),
        (date(2026, 1, 12), "10 bln"),
        (date(2026, 10, 31), "12 hari"),
        (date(1958, 8, 17), "68 th"),
    ],
)
def test_an_age_in_a_narrow_column(born_on: date, text: str) -> None:
    assert counted.short_age(child(born_on=born_on)) == text


@pytest.mark.parametrize(
    ("person", "long", "short"),
    [
        ({"hamlet": "Gubuk Timur", "rt": "04", "rw": "02"}, "Gubuk Timur RT 04/RW 02", "Gubuk Timur 04/02"),
        ({"rt": "04"}, "RT 04", "04"),
        ({"rw": "02"}, "RW 02", "02"),
        ({"hamlet": "Gubuk Timur"}, "Gubuk Timur", "Gubuk Timur"),
        ({"address": "Jl. Raya 5"}, "Jl. Raya 5", "Jl. Raya 5"),
        ({"address": "Jl. Raya 5", "rt": "04"}, "RT 04", "04"),
        ({}, "", ""),
    ],
)
def test_where_to_find_a_family(person: Answers, long: str, short: str) -> None:
    assert (counted.address_of(person), counted.short_address(person)) == (long, short)
