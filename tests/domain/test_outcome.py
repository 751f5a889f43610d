"""Readings that school children, adults and the elderly share, and the words and tiles they are shown in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from posyandu.domain import outcome
from posyandu.domain.fields import Answers, Value
from posyandu.domain.outcome import PressureReading, Tile, VisitAssessment
from posyandu.domain.referral import Finding
from tests.domain.shipped import RULES, TODAY

GROWN = 40 * 12


def finding(level: str, title: str = "Judul", *, refer: bool = False) -> Finding:
    return Finding("kode", level, title, "", "", "", "", refer)


def reading(upper: int, lower: int, months: int = GROWN, sex: str = "female") -> PressureReading:
    found = outcome.pressure(RULES, sex, months, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    assert found is not None
    return found


def test_visits_come_oldest_first_and_those_without_a_day_not_at_all() -> None:
    late, early = {"visited_on": date(2026, 3, 1)}, {"visited_on": date(2026, 1, 1), "weight_g": 1}
    assert outcome.in_order([late, {"weight_g": 5}, {"visited_on": None}, early]) == [
        (date(2026, 1, 1), early),
        (date(2026, 3, 1), late),
    ]
    same = [{"visited_on": TODAY, "weight_g": n} for n in (1, 2, 3)]
    assert [visit["weight_g"] for _on, visit in outcome.in_order(same)] == [1, 2, 3], "as they were saved"


@pytest.mark.parametrize(
    ("born_on", "months"),
    [(TODAY, 0), (date(2026, 10, 13), 0), (date(2026, 10, 12), 1), (date(2026, 11, 13), None), (None, None)],
)
def test_an_age_is_known_from_the_day_of_birth_on(born_on: date | None, months: int | None) -> None:
    assert outcome.months_on({"born_on": born_on}, TODAY) == months


@pytest.mark.parametrize(("value", "number"), [(5, 5), (0, 0), (True, None), (False, None), ("5", None), (None, None)])
def test_a_yes_is_no_number(value: Value | None, number: int | None) -> None:
    assert outcome.number({"x": value}, "x") == number
    assert outcome.number({}, "x") is None


@pytest.mark.parametrize(
    ("answers", "bmi"),
    [
        ({"weight_g": 62_500, "height_mm": 1_600}, 24.4140625),
        ({"weight_g": 50_000, "height_mm": 2_000}, 12.5),
        ({"weight_g": 50_000}, None),
        ({"height_mm": 1_600}, None),
        ({"weight_g": 50_000, "height_mm": 0}, None),
        ({"weight_g": 0, "height_mm": 1_000}, 0.0),
    ],
)
def test_body_mass_is_kilograms_by_square_metres_unrounded(answers: Answers, bmi: float | None) -> None:
    """62,5 kg at 1,6 m: 62,5 / 2,56 = 24,4140625."""
    assert outcome.bmi(answers) == bmi


# KMK 2015/2023 Table 22: the higher class of the two values counts; low is under 90 or under 60 and hides nothing high
@pytest.mark.parametrize(
    ("upper", "lower", "code", "card", "refer"),
    [
        (119, 79, "optimal", "N", False),
        (120, 79, "normal", "N", False),
        (119, 80, "normal", "N", False),
        (130, 70, "high_normal", "N", False),
        (110, 85, "high_normal", "N", False),
        (139, 89, "high_normal", "N", False),
        (140, 89, "grade_1", "T", True),
        (139, 90, "grade_1", "T", True),
        (160, 80, "grade_2", "T", True),
        (150, 100, "grade_2", "T", True),
        (180, 80, "grade_3", "T", True),
        (150, 110, "grade_3", "T", True),
        (90, 60, "optimal", "N", False),
        (89, 60, "low", "R", False),
        (90, 59, "low", "R", False),
        (139, 59, "low", "R", False),
        (140, 59, "grade_1", "T", True),
        (85, 70, "low", "R", False),
    ],
)
def test_a_grown_ups_pressure_has_one_class_and_one_letter(
    upper: int, lower: int, code: str, card: str, refer: bool
) -> None:
    found = reading(upper, lower)
    assert (found.code, found.card, found.refer, found.text) == (code, card, refer, f"{upper}/{lower}")


@pytest.mark.parametrize(
    ("months", "sex", "upper", "lower", "known"),
    [
        (GROWN, "female", None, 80, False),
        (GROWN, "female", 120, None, False),
        (None, "female", 120, 80, False),
        (GROWN, None, 120, 80, True),
        (5 * 12 + 11, "male", 120, 80, False),
        (6 * 12, None, 120, 80, False),
        (6 * 12, "male", 120, 80, True),
        (13 * 12, None, 120, 80, True),
    ],
)
def test_pressure_has_no_class_without_both_numbers_an_age_and_a_table_for_it(
    months: int | None, sex: str | None, upper: int | None, lower: int | None, known: bool
) -> None:
    """The table of children begins at six years and is by sex; from 13 years sex does not matter."""
    found = outcome.pressure(RULES, sex, months, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    assert (found is not None) is known


def test_a_child_is_high_for_its_age_or_normal() -> None:
    """KMK Table 14: a boy of ten from 108 or from 72."""
    assert (reading(107, 71, 120, "male").code, reading(107, 71, 120, "male").level) == ("normal", "ok")
    for upper, lower in ((108, 60), (90, 72)):
        high = reading(upper, lower, 120, "male")
        assert high == PressureReading(
            upper, lower, "high_for_age", "Tekanan darah tinggi untuk umurnya", "warn", True, "T"
        )


@pytest.mark.parametrize(
    ("upper", "lower", "isolated"),
    [(140, 89, True), (139, 89, False), (140, 90, False), (180, 80, True), (130, 95, False), (85, 50, False)],
)
def test_isolated_systolic_is_140_and_more_over_less_than_90(upper: int, lower: int, isolated: bool) -> None:
    assert reading(upper, lower).isolated_systolic is isolated


def test_nothing_measured_is_not_raised() -> None:
    assert not outcome.is_raised(None)


@pytest.mark.parametrize(
    ("upper", "lower", "months", "raised"),
    [
        (129, 84, GROWN, False),
        (130, 80, GROWN, True),
        (140, 90, GROWN, True),
        (85, 55, GROWN, False),
        (119, 79, 15 * 12, False),
        (120, 79, 15 * 12, True),
        (130, 70, 15 * 12, True),
    ],
)
def test_raised_is_more_than_normal_whether_referred_or_not(upper: int, lower: int, months: int, raised: bool) -> None:
    assert outcome.is_raised(reading(upper, lower, months)) is raised


# KMK 2015/2023: at any time 140 and 200, fasting 100 and 126; low under 70
@pytest.mark.parametrize(
    ("timing", "sugar", "code"),
    [
        (None, 69, "low"),
        (None, 70, "normal"),
        (None, 99, "normal"),
        (None, 100, "between"),
        (None, 139, "between"),
        (None, 140, "prediabetes"),
        (None, 199, "prediabetes"),
        (None, 200, "high"),
        ("random", 126, "between"),
        ("after_meal", 139, "between"),
        ("after_meal", 200, "high"),
        ("fasting", 69, "low"),
        ("fasting", 99, "normal"),
        ("fasting", 100, "prediabetes"),
        ("fasting", 125, "prediabetes"),
        ("fasting", 126, "high"),
    ],
)
def test_blood_sugar_by_when_it_was_taken(timing: str | None, sugar: int, code: str) -> None:
    for months in (GROWN, None, 15 * 12):
        found = outcome.glucose(RULES, months, {"glucose_mg_dl": sugar, "glucose_timing": timing})
        assert found is not None
        assert found.code == code


def test_no_blood_sugar_has_no_class() -> None:
    assert outcome.glucose(RULES, GROWN, {"glucose_timing": "fasting"}) is None


# WHO 2011, as in the notes: girls and women 12, men 13, twelve to fourteen years 12
@pytest.mark.parametrize(
    ("sex", "years", "hb", "code"),
    [
        ("female", 30, 120, "none"),
        ("female", 30, 119, "mild"),
        ("female", 30, 110, "mild"),
        ("female", 30, 109, "moderate"),
        ("female", 30, 80, "moderate"),
        ("female", 30, 79, "severe"),
        ("male", 30, 130, "none"),
        ("male", 30, 129, "mild"),
        ("male", 30, 109, "moderate"),
        ("male", 30, 79, "severe"),
        ("male", 14, 120, "none"),
        ("male", 14, 119, "mild"),
        ("male", 15, 129, "mild"),
    ],
)
def test_anaemia_by_age_and_sex(sex: str, years: int, hb: int, code: str) -> None:
    found = outcome.haemoglobin(RULES, sex, years * 12, {"haemoglobin_dg_dl": hb})
    assert found is not None
    assert found.code == code


def test_haemoglobin_and_waist_have_no_class_without_an_age_a_sex_or_a_measure() -> None:
    answers: Answers = {"haemoglobin_dg_dl": 100, "waist_mm": 1_200}
    for sex, months in ((None, GROWN), ("male", None), ("lain", GROWN)):
        assert outcome.haemoglobin(RULES, sex, months, answers) is None
        assert outcome.waist(RULES, sex, months, answers) is None
    assert outcome.haemoglobin(RULES, "male", GROWN, {}) is None
    assert outcome.waist(RULES, "male", GROWN, {}) is None


@pytest.mark.parametrize(
    ("sex", "months", "mm", "code"),
    [
        ("male", 180, 900, "normal"),
        ("male", 180, 901, "over"),
        ("female", 180, 800, "normal"),
        ("female", 180, 801, "over"),
        ("female", 179, 1_000, None),
    ],
)
def test_the_waist_has_a_bound_by_sex_from_15_years(sex: str, months: int, mm: int, code: str | None) -> None:
    found = outcome.waist(RULES, sex, months, {"waist_mm": mm})
    assert (found.code if found else None) == code


TBC = ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact")


@pytest.mark.parametrize(
    ("yes", "words"),
    [
        ((), ""),
        (("tbc_cough",), "batuk terus-menerus"),
        (("tbc_fever",), "demam 2 minggu atau lebih"),
        (("tbc_weight",), "berat tidak naik atau turun 2 bulan"),
        (("tbc_contact",), "kontak erat pasien TBC"),
        (("tbc_contact", "tbc_cough"), "batuk terus-menerus, kontak erat pasien TBC"),
    ],
)
def test_signs_of_tbc_are_told_in_the_order_of_the_card(yes: tuple[str, ...], words: str) -> None:
    assert outcome.tbc_words({**dict.fromkeys(TBC, False), **dict.fromkeys(yes, True)}) == words


def test_close_contact_is_no_sign() -> None:
    assert not outcome.has_tbc_sign({"tbc_contact": True})
    assert not outcome.has_tbc_sign(dict.fromkeys(TBC))
    for name in TBC[:3]:
        assert outcome.has_tbc_sign({name: True})


@pytest.mark.parametrize(
    ("answers", "tile"),
    [
        ({}, None),
        (dict.fromkeys(TBC), None),
        (dict.fromkeys(TBC, False), Tile("Gejala TBC", "Tidak ada", "ok")),
        ({**dict.fromkeys(TBC, False), "tbc_weight": None}, Tile("Gejala TBC", "Belum lengkap", "unknown")),
        ({"tbc_cough": False}, Tile("Gejala TBC", "Belum lengkap", "unknown")),
        ({"tbc_fever": True}, Tile("Gejala TBC", "Perlu diperiksa", "warn", "Demam 2 minggu atau lebih")),
        ({"tbc_contact": True}, Tile("Gejala TBC", "Perlu diperiksa", "warn", "Kontak erat pasien TBC")),
    ],
)
def test_the_tile_of_tbc_says_none_only_when_all_was_asked(answers: Answers, tile: Tile | None) -> None:
    assert outcome.tbc_tile(RULES.tbc, answers) == tile


def test_the_tile_does_not_wait_for_the_question_only_children_are_asked() -> None:
    assert "tbc_listless" not in outcome.asked_of_all(RULES.tbc).questions
    assert outcome.asked_of_all(RULES.tbc).needed == RULES.tbc.needed == 2


@pytest.mark.parametrize(
    ("found", "tile"),
    [
        (None, Tile("Tekanan darah", "Belum", "unknown")),
        (reading(118, 76), Tile("Tekanan darah", "Optimal", "ok", "118/76 mmHg")),
        (reading(85, 55), Tile("Tekanan darah", "Rendah", "warn", "85/55 mmHg")),
        (reading(108, 70, 120, "male"), Tile("Tekanan darah", "Tinggi", "warn", "108/70 mmHg")),
    ],
)
def test_the_tile_of_pressure(found: PressureReading | None, tile: Tile) -> None:
    assert outcome.pressure_tile(found) == tile


def test_the_tile_of_a_grade_leaves_out_the_word_that_all_grades_share() -> None:
    tile = outcome.pressure_tile(reading(165, 95))
    assert not tile.words.startswith("Hipertensi")
    assert tile.words[0].isupper()
    assert reading(165, 95).label.casefold().endswith(tile.words.casefold())


def test_numbers_that_are_not_known_are_a_dash() -> None:
    assert [outcome.tenths(value) for value in (None, 0, 5, 235, -12)] == [
        "-",
        "0,0",
        "0,5",
        "23,5",
        "\N{MINUS SIGN}1,2",
    ]
    assert [outcome.plain(value) for value in (None, 0, 140)] == ["-", "0", "140"]


@pytest.mark.parametrize(
    ("timing", "words"),
    [("fasting", "puasa"), ("after_meal", "2 jam sesudah makan"), ("random", "sewaktu"), (None, "sewaktu")],
)
def test_when_the_sugar_was_taken_is_said(timing: str | None, words: str) -> None:
    assert outcome.timing_text({"glucose_timing": timing}) == words


@pytest.mark.parametrize(
    ("fact", "found", "judged", "says"),
    [
        ("TD 120/80.", [], True, "TD 120/80. Semua yang diperiksa dalam batas."),
        ("", [], True, "Semua yang diperiksa dalam batas."),
        ("", [], False, "Belum ada hasil ukur pada kunjungan ini."),
        ("TD 120/80.", [finding("info")], True, "TD 120/80. Semua yang diperiksa dalam batas."),
        ("TD 150/90.", [finding("warn", "Tinggi")], True, "Tinggi. TD 150/90."),
        ("", [finding("warn", "Kurus")], True, "Kurus."),
        ("x.", [finding("warn", "Kurus"), finding("bad", "Darurat")], True, "Darurat. x."),
        ("x.", [finding("bad", "Satu"), finding("bad", "Dua")], False, "Satu. x."),
    ],
)
def test_what_matters_most_is_said_first(fact: str, found: list[Finding], judged: bool, says: str) -> None:
    assert outcome.headline(fact, found, judged=judged) == says


def test_a_visit_refers_when_any_finding_does() -> None:
    def refers(*found: Finding) -> bool:
        return VisitAssessment(visited_on=TODAY, headline="", level="ok", tiles=(), findings=found).refer

    assert not refers()
    assert not refers(finding("bad"), finding("warn"))
    assert refers(finding("bad"), finding("info", refer=True))


def test_a_label_within_a_sentence_keeps_its_letters_but_the_first() -> None:
    assert outcome.in_sentence("Ketergantungan ringan (B)") == "ketergantungan ringan (B)"
    assert outcome.in_sentence("") == ""
    assert outcome.in_sentence("TD tinggi") == "TD tinggi"


@dataclass
class Arm:
    rules: Any
    answers: Answers
    is_fertile: bool


@pytest.mark.parametrize(
    ("mm", "fertile", "thin"), [(234, True, True), (235, True, False), (234, False, False), (None, True, False)]
)
def test_a_thin_arm_is_judged_of_women_who_may_bear_children(mm: int | None, fertile: bool, thin: bool) -> None:
    """KMK 2015/2023: KEK under 23,5 cm."""
    assert outcome.thin_arm(Arm(RULES, {"muac_mm": mm}, fertile)) is thin


def test_a_class_that_was_not_judged_is_none_of_the_codes() -> None:
    @dataclass
    class Facts:
        pressure: PressureReading | None

    high = outcome.is_class("pressure", "grade_1", "grade_2")
    assert high(Facts(reading(150, 80)))
    assert not high(Facts(reading(120, 80)))
    assert not high(Facts(None))
