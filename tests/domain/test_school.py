"""School children and adolescents: the published vectors, each edge, and the confidential questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import outcome, school
from posyandu.domain.fields import Answers, Value
from posyandu.domain.school import SchoolAssessment
from tests.domain.shipped import RULES, STANDARDS, TABLES

ON = date(2026, 11, 12)


def person(years: int, months: int = 0, sex: str = "female") -> Answers:
    whole = ON.year * 12 + ON.month - 1 - years * 12 - months
    return {"sex": sex, "born_on": date(whole // 12, whole % 12 + 1, ON.day)}


def assess(who: Answers, **answers: Value | None) -> SchoolAssessment:
    (found,) = school.assess(STANDARDS, TABLES, who, [{"visited_on": ON, **answers}])
    return found


def codes(who: Answers, **answers: Value | None) -> set[str]:
    return {finding.code for finding in assess(who, **answers).findings}


@pytest.mark.parametrize(
    ("sex", "years", "months", "kg", "cm", "bmi", "z", "label"),
    [
        ("male", 10, 0, 30.0, 135.0, 16.46, 0.01, "Normal"),
        ("male", 10, 0, 45.0, 140.0, 22.96, 2.40, "Obesitas"),
        ("female", 13, 0, 38.0, 155.0, 15.82, -1.44, "Normal"),
        ("female", 15, 0, 40.0, 158.0, 16.02, -1.91, "Normal"),
        ("female", 12, 6, 62.0, 152.0, 26.84, 2.22, "Obesitas"),
        ("male", 16, 0, 48.0, 170.0, 16.61, -1.93, "Normal"),
        ("female", 7, 6, 16.0, 122.0, 10.75, -4.06, "Sangat kurus"),
        ("male", 6, 8, 33.0, 118.0, 23.70, 4.01, "Obesitas"),
    ],
)
def test_the_published_bodies(
    sex: str, years: int, months: int, kg: float, cm: float, bmi: float, z: float, label: str
) -> None:
    found = assess(person(years, months, sex), weight_g=round(kg * 1000), height_mm=round(cm * 10))
    assert found.bmi == pytest.approx(bmi, abs=0.005)
    assert found.bmi_z == pytest.approx(z, abs=0.015)
    assert found.bmi_class.label == label


@pytest.mark.parametrize(
    ("who", "pressure", "code", "card"),
    [
        (person(13), (124, 76), "raised", "N"),
        (person(13), (119, 79), "normal", "N"),
        (person(13), (120, 80), "stage_1", "T"),
        (person(17, 11), (139, 89), "stage_1", "T"),
        (person(13), (140, 70), "stage_2", "T"),
        (person(13), (110, 90), "stage_2", "T"),
        (person(16), (89, 60), "low", "R"),
        (person(16), (90, 60), "normal", "N"),
        (person(18), (134, 84), "high_normal", "N"),
        (person(10, sex="male"), (108, 70), "high_for_age", "T"),
        (person(10, sex="male"), (107, 71), "normal", "N"),
        (person(10, sex="male"), (100, 72), "high_for_age", "T"),
        (person(12, 11), (113, 74), "normal", "N"),
        (person(12, 11), (114, 74), "high_for_age", "T"),
    ],
)
def test_blood_pressure_by_age(who: Answers, pressure: tuple[int, int], code: str, card: str) -> None:
    reading = assess(who, systolic_mmhg=pressure[0], diastolic_mmhg=pressure[1]).pressure
    assert reading is not None
    assert (reading.code, reading.card) == (code, card)


def test_a_published_ten_year_old_is_referred_for_blood_pressure() -> None:
    assert assess(person(10, sex="male"), systolic_mmhg=108, diastolic_mmhg=70).refer


@given(st.integers(50, 200), st.integers(30, 129), st.integers(156, 1200))
def test_a_higher_pressure_never_falls_into_a_milder_class(upper: int, lower: int, months: int) -> None:
    def grade(systolic: int, diastolic: int) -> int:
        scheme = RULES.pressure_scheme(months)
        assert scheme is not None
        return next(place for place, each in enumerate(scheme.classes) if each.holds(systolic, diastolic))

    assert grade(upper + 1, lower) <= grade(upper, lower)
    assert grade(upper, lower + 1) <= grade(upper, lower)


def test_without_both_numbers_or_an_age_there_is_no_class() -> None:
    assert outcome.pressure(RULES, "male", 120, {"systolic_mmhg": 150}) is None
    assert outcome.pressure(RULES, "male", None, {"systolic_mmhg": 150, "diastolic_mmhg": 90}) is None
    assert outcome.pressure(RULES, "male", 60, {"systolic_mmhg": 150, "diastolic_mmhg": 90}) is None


@pytest.mark.parametrize(
    ("who", "hb", "code"),
    [
        (person(13), 114, "mild"),
        (person(10), 114, "mild"),
        (person(10), 115, "none"),
        (person(16, sex="male"), 125, "mild"),
        (person(16, sex="male"), 130, "none"),
        (person(13), 120, "none"),
        (person(13), 119, "mild"),
        (person(13), 109, "moderate"),
        (person(13), 80, "moderate"),
        (person(13), 79, "severe"),
    ],
)
def test_anaemia_by_age_and_sex(who: Answers, hb: int, code: str) -> None:
    band = assess(who, haemoglobin_dg_dl=hb).anaemia
    assert band is not None
    assert band.code == code


@pytest.mark.parametrize(
    ("who", "answers", "expected"),
    [
        (person(16), {"waist_mm": 800}, set()),
        (person(16), {"waist_mm": 801}, {"waist_over"}),
        (person(16, sex="male"), {"waist_mm": 900}, set()),
        (person(16, sex="male"), {"waist_mm": 901}, {"waist_over"}),
        (person(14), {"waist_mm": 1000}, set()),
        (person(16), {"glucose_mg_dl": 69}, {"glucose_low"}),
        (person(16), {"glucose_mg_dl": 139}, set()),
        (person(16), {"glucose_mg_dl": 140}, {"glucose_raised"}),
        (person(16), {"glucose_mg_dl": 200}, {"glucose_high"}),
        (person(16), {"glucose_mg_dl": 100, "glucose_timing": "fasting"}, {"glucose_raised"}),
        (person(16), {"glucose_mg_dl": 126, "glucose_timing": "fasting"}, {"glucose_high"}),
        (person(13), {"haemoglobin_dg_dl": 114}, {"anaemia"}),
        (person(13), {"haemoglobin_dg_dl": 70}, {"anaemia_severe"}),
        (person(13), {"systolic_mmhg": 124, "diastolic_mmhg": 76}, {"pressure_raised"}),
        (person(13), {"systolic_mmhg": 132, "diastolic_mmhg": 76}, {"pressure_high"}),
        (person(13), {"systolic_mmhg": 150, "diastolic_mmhg": 76}, {"pressure_bad"}),
        (person(13), {"iron_weekly": False}, {"iron_not_taken"}),
        (person(13), {"smoking": "sometimes"}, {"smokes"}),
        (person(13), {"smoking": "tried"}, set()),
        (person(13), {"tbc_fever": True}, {"tbc_sign"}),
        (person(13), {"tbc_fever": True, "tbc_weight": True}, {"tbc_suspected"}),
        (person(13), {"weight_g": 36_000, "height_mm": 1600}, {"thin"}),
        (person(13), {"weight_g": 55_000, "height_mm": 1550}, {"overweight"}),
        (person(7, 6), {"weight_g": 16_000, "height_mm": 1220}, {"very_thin"}),
        (person(12, 6), {"weight_g": 62_000, "height_mm": 1520}, {"obese"}),
    ],
)
def test_each_answer_finds_what_it_should(who: Answers, answers: dict[str, Value], expected: set[str]) -> None:
    assert codes(who, **answers) == expected


def test_the_sentence_names_the_body_and_what_matters() -> None:
    well = assess(person(13), weight_g=38_000, height_mm=1550)
    assert well.headline == "IMT 15,8: normal. Semua yang diperiksa dalam batas."
    assert well.tiles[0].figure == "15,8 kg/m² · −1,4 SD"
    assert assess(person(12, 6), weight_g=62_000, height_mm=1520).headline == "IMT 26,8: obesitas."
    assert assess(person(13)).headline == "Belum ada hasil ukur pada kunjungan ini."
    assert assess({}, weight_g=38_000, height_mm=1550).headline.startswith("Lengkapi jenis kelamin")
    assert assess({}, weight_g=38_000, height_mm=1550).level == "unknown"


def test_questions_that_the_card_does_not_ask_are_left_out() -> None:
    assert {"waist_mm", "glucose_mg_dl"} <= school.not_asked(person(14, 11), ON)
    assert "waist_mm" not in school.not_asked(person(15), ON)
    assert "haemoglobin_dg_dl" in school.not_asked(person(15, sex="male"), ON)
    assert "haemoglobin_dg_dl" not in school.not_asked(person(8), ON)
    assert school.not_asked({}, ON) == frozenset()


# the confidential questions

CALM = {
    "home_comfortable": True,
    "school_burden": False,
    "likes_body": True,
    "other_friends": True,
    "substances": False,
    "sexual_relation": False,
    "unsafe": False,
    "suicidal": False,
}


def mental(**answers: Value | None) -> outcome.VisitAssessment:
    (found,) = school.assess_mental(STANDARDS, person(16), [{"visited_on": ON, **answers}])
    return found


def test_eight_calm_answers_find_nothing() -> None:
    assert (mental(**CALM).level, mental(**CALM).findings) == ("ok", ())
    assert school.is_mental_complete(CALM)
    assert not school.is_mental_complete({**CALM, "unsafe": None})
    assert (mental().level, mental().headline) == ("unknown", "0 dari 8 pertanyaan dijawab.")


def test_the_wish_to_die_counts_at_once_even_alone() -> None:
    found = mental(suicidal=True)
    assert [finding.code for finding in found.findings] == ["urgent"]
    assert (found.level, found.refer) == ("bad", True)


@pytest.mark.parametrize("name", list(CALM))
def test_each_of_the_eight_needs_attention_when_answered_the_other_way(name: str) -> None:
    found = mental(**{**CALM, name: not CALM[name]})
    private = {"suicidal": "urgent", "sexual_relation": "private", "unsafe": "private"}
    assert [finding.code for finding in found.findings] == [private.get(name, "attention")]
    assert found.refer
