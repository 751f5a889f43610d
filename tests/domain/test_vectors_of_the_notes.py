"""The published test vectors for youth, adults and elderly, row by row as the notes give them."""

from datetime import date

import pytest

from posyandu.domain import adult, instruments, outcome, person, school
from posyandu.domain.fields import Answers
from tests.domain.shipped import RULES, STANDARDS, TABLES, TODAY
from tests.domain.test_rules_one_by_one import HELPLESS, INDEPENDENT

MAN: Answers = {"sex": "male", "born_on": date(1964, 1, 5)}
WOMAN: Answers = {"sex": "female", "born_on": date(1981, 1, 5)}


def born(years: int, sex: str) -> Answers:
    return {"sex": sex, "born_on": date(TODAY.year - years, TODAY.month, 1)}


def grown(**answers: object) -> adult.AdultAssessment:
    return adult.assess(STANDARDS, MAN, [{"visited_on": TODAY, **answers}])[0]  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("grams", "millimetres", "bmi", "code", "asia"),
    [
        (70_000, 1_650, 25.71, "heavy", "obese_1"),
        (42_000, 1_580, 16.82, "very_thin", None),
        (62_500, 1_581, 25.004, "heavy", None),
    ],
)
def test_body_mass_is_classed_unrounded(grams: int, millimetres: int, bmi: float, code: str, asia: str | None) -> None:
    judged = grown(weight_g=grams, height_mm=millimetres)
    assert judged.bmi == pytest.approx(bmi, abs=0.005)
    assert judged.bmi_class is not None
    assert judged.bmi_class.code == code
    if asia is not None:
        assert judged.bmi_asia is not None
        assert judged.bmi_asia.label == "Obesitas I"


def test_blood_pressure_of_an_adult_takes_the_higher_class_and_tells_isolated_systolic() -> None:
    first = grown(systolic_mmhg=134, diastolic_mmhg=92)
    assert first.pressure is not None
    assert (first.pressure.code, first.pressure.refer) == ("grade_1", True)
    second = grown(systolic_mmhg=150, diastolic_mmhg=84)
    assert second.pressure is not None
    assert (second.pressure.code, second.pressure.refer) == ("grade_1", True)
    assert second.pressure.isolated_systolic
    assert not first.pressure.isolated_systolic


@pytest.mark.parametrize(
    ("years", "sex", "upper", "lower", "code", "refer"),
    [(13, "female", 124, 76, "raised", False), (10, "male", 108, 70, "high_for_age", True)],
)
def test_blood_pressure_of_the_young(years: int, sex: str, upper: int, lower: int, code: str, refer: bool) -> None:
    visit: Answers = {"visited_on": TODAY, "systolic_mmhg": upper, "diastolic_mmhg": lower}
    reading = school.assess(STANDARDS, TABLES, born(years, sex), [visit])[0].pressure
    assert reading is not None
    assert (reading.code, reading.refer) == (code, refer)


@pytest.mark.parametrize(
    ("sugar", "codes", "refers"),
    [(120, {"glucose_watch"}, False), (150, {"glucose_raised"}, False), (200, {"glucose_high"}, True)],
)
def test_blood_sugar_at_any_time(sugar: int, codes: set[str], refers: bool) -> None:
    judged = grown(glucose_mg_dl=sugar)
    assert {finding.code for finding in judged.findings} == codes
    assert judged.refer is refers


NO: Answers = {
    "puma_smoked": False, "puma_breath": False, "puma_phlegm": False, "puma_cough": False, "puma_spirometry": False,
}  # fmt: skip


def test_puma() -> None:
    assert instruments.puma_score(RULES, WOMAN, TODAY, NO) == 0
    smoker: Answers = {
        **NO,
        "puma_smoked": True,
        "puma_sticks": 20,
        "puma_years": 25,
        "puma_breath": True,
        "puma_phlegm": True,
    }
    assert instruments.puma_score(RULES, MAN, TODAY, smoker) == 6
    assert "puma_high" in {each.code for each in grown(**smoker).findings}


def test_aks() -> None:
    def judged(answers: Answers) -> instruments.AksAssessment:
        return instruments.assess_aks(STANDARDS, MAN, [{"visited_on": TODAY, **answers}])[0]

    whole, less = judged(INDEPENDENT), judged({**INDEPENDENT, "bathing": HELPLESS["bathing"]})
    assert (whole.score, whole.refer) == (20, False)
    assert (less.score, less.refer) == (19, True)


def test_skilas_and_srq() -> None:
    (thin,) = instruments.assess_skilas(STANDARDS, MAN, [{"visited_on": TODAY, "muac_mm": 208}])
    assert thin.domains["malnutrition"] is True
    assert thin.refer
    answers: Answers = {f"srq_{number}": number == 17 for number in range(1, 21)}
    (told,) = instruments.assess_srq(STANDARDS, MAN, [{"visited_on": TODAY, **answers}])
    assert (told.score, told.refer) == (1, True)
    assert [each.level for each in told.findings] == ["bad"]


@pytest.mark.parametrize(("years", "sex", "hb"), [(13, "female", 114), (10, "female", 114), (16, "male", 125)])
def test_anaemia_is_mild_in_all_three(years: int, sex: str, hb: int) -> None:
    band = outcome.haemoglobin(RULES, sex, years * 12, {"haemoglobin_dg_dl": hb})
    assert band is not None
    assert band.label.endswith("ringan")


def test_numbers_of_identity() -> None:
    read = person.read_nik("5201014507900003", TODAY)
    assert read is not None
    assert (read.sex, read.born_on, read.area) == ("female", date(1990, 7, 5), "520101")
    assert person.nik_hints({"nik": "5201014507900003", "sex": "female", "born_on": date(1990, 7, 5)}, TODAY) == ()
    impossible = person.read_nik("5201013209900000", TODAY)
    assert impossible is not None
    assert impossible.born_on is None
    sentences = [hint.sentence for hint in person.nik_hints({"nik": "5201014507900000", "sex": "female"}, TODAY)]
    assert any("0000" in sentence for sentence in sentences)
