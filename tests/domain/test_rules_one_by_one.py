"""Every rule of the referral files, one by one: an example in which it holds, and one in which it does not.

`docs/aturan.md` names these tests by form and code; a rule without its pair of examples fails here.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from posyandu.domain import adult, child, instruments, known, postpartum, pregnancy, prepregnancy, school
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Standards
from tests.domain.shipped import STANDARDS, TABLES, TODAY

BARE = Standards(STANDARDS.entries, tuple(replace(rule, replaces=()) for rule in STANDARDS.referrals))
"""The rules without their replacing, so that each shows by itself."""

MONTH_AGO = date(TODAY.year, TODAY.month - 1, 10)
TWO_MONTHS_AGO = date(TODAY.year, TODAY.month - 2, 10)
BOY: Answers = {"sex": "male", "born_on": date(TODAY.year - 1, TODAY.month - 4, 5)}
BABY: Answers = {"sex": "male", "born_on": TODAY - timedelta(days=100)}
GIRL: Answers = {"sex": "female", "born_on": date(TODAY.year - 16, 1, 5)}
WOMAN: Answers = {"sex": "female", "born_on": date(TODAY.year - 30, 1, 5)}
MAN: Answers = {"sex": "male", "born_on": date(TODAY.year - 62, 1, 5)}
TWENTY_WEEKS: Answers = {"lmp_on": TODAY - timedelta(days=140), "noted_on": TODAY - timedelta(days=60)}
BIRTH: Answers = {"outcome": "live_birth", "ended_on": TODAY - timedelta(days=5)}
NEWBORN: Answers = {"sex": "male", "born_on": TODAY - timedelta(days=2), "birth_weight_g": 3_000}
THIN_MAN = {"weight_g": 48_000, "height_mm": 1_650}
BIG_MAN = {"weight_g": 80_000, "height_mm": 1_650}
NO_PUMA = {
    "puma_smoked": False, "puma_breath": False, "puma_phlegm": False, "puma_cough": False, "puma_spirometry": False,
}  # fmt: skip
PUMA = {
    **dict.fromkeys(NO_PUMA, True),
    "puma_sticks": 20,
    "puma_years": 25,
    "puma_spirometry": False,
    "puma_cough": False,
}


def found(form: str, answers: Mapping[str, Any]) -> set[str]:
    """The codes of what a visit of a form finds."""
    return {finding.code for finding in findings_of(form, answers)}


def findings_of(form: str, answers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What a visit of a form finds; "_" begins what is told of the person and the visits before."""
    told = {name: value for name, value in answers.items() if not name.startswith("_")}
    on = answers.get("_on", TODAY)
    visit = {"visited_on": on, **told}
    earlier = [{"visited_on": day, **each} for day, each in answers.get("_earlier", {}).items()]
    person, carried = answers.get("_person"), answers.get("_pregnancy")
    findings: tuple[Finding, ...]
    match form:
        case "under_five_visit":
            findings = child.assess(BARE, TABLES, person or BOY, [*earlier, visit])[-1].findings
        case "pregnancy_visit":
            findings = pregnancy.assess(BARE, person or WOMAN, carried or TWENTY_WEEKS, [*earlier, visit])[-1].findings
        case "postpartum_visit":
            findings = postpartum.assess(BARE, person or WOMAN, carried or BIRTH, [*earlier, visit])[-1].findings
        case "newborn":
            findings = postpartum.assess_newborn(BARE, person or NEWBORN, [visit])[-1].findings
        case "school_visit":
            findings = school.assess(BARE, TABLES, person or GIRL, [visit])[-1].findings
        case "school_mental":
            findings = school.assess_mental(BARE, person or GIRL, [visit])[-1].findings
        case "adult_visit":
            findings = adult.assess(BARE, person or MAN, [*earlier, visit])[-1].findings
        case "srq20":
            findings = instruments.assess_srq(BARE, person or MAN, [visit])[-1].findings
        case "aks":
            findings = instruments.assess_aks(BARE, person or MAN, [visit])[-1].findings
        case "skilas":
            findings = instruments.assess_skilas(BARE, person or MAN, [visit])[-1].findings
        case "wus":
            findings = prepregnancy.assess(BARE, person or WOMAN, [{"couple": True, **visit}])[-1].findings
        case _:
            findings = known.assess(
                BARE.on(on), on, told, answers.get("_pressure_on"), answers.get("_glucose_on"), answers.get("_home", {})
            )
    return findings


def items(form: str) -> list[Any]:
    return [field for field in FORMS[form].fields.values() if hasattr(field, "options") and field.name != "source"]


INDEPENDENT = {field.name: field.options[-1].code for field in items("aks")}
SOME_HELP = {"transfer": "3", "walking": "3", "dressing": "2", "stairs": "2"}
HELPLESS = {field.name: field.options[0].code for field in items("aks")}
GROWN = {MONTH_AGO: {"weight_g": 9_600}}

CASES: dict[str, dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "under_five_visit": {
        "oedema": ({"oedema": "1"}, {"oedema": "none"}),
        "muac_red": ({"muac_mm": 114}, {"muac_mm": 115}),
        "muac_yellow": ({"muac_mm": 124}, {"muac_mm": 125}),
        "severely_wasted": ({"weight_g": 7_000, "length_mm": 790}, {"weight_g": 10_300, "length_mm": 790}),
        "wasted": ({"weight_g": 8_300, "length_mm": 790}, {"weight_g": 10_300, "length_mm": 790}),
        "overweight_risk": ({"weight_g": 11_800, "length_mm": 790}, {"weight_g": 10_300, "length_mm": 790}),
        "overweight": ({"weight_g": 12_600, "length_mm": 790}, {"weight_g": 10_300, "length_mm": 790}),
        "obese": ({"weight_g": 14_500, "length_mm": 790}, {"weight_g": 10_300, "length_mm": 790}),
        "below_red": ({"weight_g": 8_200}, {"weight_g": 9_600}),
        "above_orange": ({"weight_g": 13_500}, {"weight_g": 9_600}),
        "severely_underweight": ({"weight_g": 7_000}, {"weight_g": 8_200}),
        "underweight": ({"weight_g": 8_200}, {"weight_g": 9_600}),
        "severely_stunted": ({"length_mm": 700, "position": "lying"}, {"length_mm": 790, "position": "lying"}),
        "stunted": ({"length_mm": 737, "position": "lying"}, {"length_mm": 790, "position": "lying"}),
        "not_gained": ({"weight_g": 9_700, "_earlier": GROWN}, {"weight_g": 9_800, "_earlier": GROWN}),
        "not_gained_twice": (
            {"weight_g": 9_700, "_earlier": {TWO_MONTHS_AGO: {"weight_g": 9_500}, **GROWN}},
            {"weight_g": 9_700, "_earlier": {TWO_MONTHS_AGO: {"weight_g": 9_400}, **GROWN}},
        ),
        "head_small": ({"head_mm": 430}, {"head_mm": 470}),
        "head_large": ({"head_mm": 505}, {"head_mm": 470}),
        "implausible": ({"weight_g": 3_000}, {"weight_g": 9_600}),
        "development_incomplete": ({"development": "incomplete"}, {"development": "complete"}),
        "tbc_suspected": ({"tbc_cough": True, "tbc_fever": True}, {"tbc_cough": True}),
        "tbc_contact": ({"tbc_contact": True}, {"tbc_contact": False}),
        "tbc_sign": ({"tbc_cough": True}, {"tbc_cough": False}),
        "sick": ({"sick": True, "illness": "batuk"}, {"sick": False}),
        "no_oralit": ({"diarrhoea": True, "oralit": False}, {"diarrhoea": True, "oralit": True}),
        "immunisation_incomplete": ({"immunisation_complete": False}, {"immunisation_complete": True}),
        "vitamin_a_due": (
            {"_on": date(2026, 8, 10), "vitamin_a": "none"},
            {"_on": date(2026, 8, 10), "vitamin_a": "red"},
        ),
        "deworming_due": (
            {"_on": date(2026, 8, 10), "deworming": False},
            {"_on": date(2026, 8, 10), "deworming": True},
        ),
        "not_exclusive_breastfeeding": (
            {"_person": BABY, "exclusive_breastfeeding": False},
            {"_person": BABY, "exclusive_breastfeeding": True},
        ),
        "poor_complementary_food": ({"complementary_food": False}, {"complementary_food": True}),
        "supplement_not_eaten": ({"supplement_eaten": False}, {"supplement_eaten": True}),
    },
    "pregnancy_visit": {
        "danger_signs": ({"danger_headache": True}, {"danger_headache": False}),
        "pressure_emergency": (
            {"systolic_mmhg": 160, "diastolic_mmhg": 90},
            {"systolic_mmhg": 159, "diastolic_mmhg": 109},
        ),
        "pressure_high": ({"systolic_mmhg": 140, "diastolic_mmhg": 70}, {"systolic_mmhg": 139, "diastolic_mmhg": 89}),
        "muac_red": ({"muac_mm": 234}, {"muac_mm": 235}),
        "weight_red": ({"weight_on_curve": False}, {"weight_on_curve": True}),
        "weight_outside": (
            {"weight_g": 70_000, "_pregnancy": {**TWENTY_WEEKS, "first_weight_g": 50_000, "height_mm": 1_550}},
            {"weight_g": 54_000, "_pregnancy": {**TWENTY_WEEKS, "first_weight_g": 50_000, "height_mm": 1_550}},
        ),
        "anaemia_severe": ({"haemoglobin_dg_dl": 69}, {"haemoglobin_dg_dl": 104}),
        "anaemia": ({"haemoglobin_dg_dl": 104}, {"haemoglobin_dg_dl": 105}),
        "tbc_suspected": ({"tbc_cough": True, "tbc_fever": True}, {"tbc_cough": True}),
        "tbc_contact": ({"tbc_contact": True}, {"tbc_contact": False}),
        "tbc_sign": ({"tbc_cough": True}, {"tbc_cough": False}),
        "post_term": (
            {"weight_g": 60_000, "_pregnancy": {"lmp_on": TODAY - timedelta(days=300)}},
            {"weight_g": 60_000, "_pregnancy": {"lmp_on": TODAY - timedelta(days=280)}},
        ),
        "thin": (
            {"weight_g": 45_000, "_pregnancy": {**TWENTY_WEEKS, "first_weight_g": 42_000, "height_mm": 1_580}},
            {"weight_g": 60_000, "_pregnancy": {**TWENTY_WEEKS, "first_weight_g": 55_000, "height_mm": 1_580}},
        ),
        "too_young": ({"weight_g": 50_000, "_person": {"sex": "female", "born_on": date(2008, 1, 5)}}, {"weight_g": 1}),
        "too_old": ({"weight_g": 50_000, "_person": {"sex": "female", "born_on": date(1988, 1, 5)}}, {"weight_g": 1}),
        "too_close": (
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "birth_interval_months": 12}},
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "birth_interval_months": 30}},
        ),
        "too_many": (
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "gravida": 6}},
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "gravida": 2}},
        ),
        "short": (
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "height_mm": 1_449}},
            {"weight_g": 50_000, "_pregnancy": {**TWENTY_WEEKS, "height_mm": 1_450}},
        ),
        "iron_not_daily": ({"iron_daily": False}, {"iron_daily": True}),
        "kek_food_not_daily": ({"kek_daily": False}, {"kek_daily": True}),
        "no_class": ({"class_attended": False}, {"class_attended": True}),
    },
    "postpartum_visit": {
        "bleeding": ({"danger_bleeding": True}, {"danger_bleeding": False}),
        "danger_signs": ({"danger_fever": True}, {"danger_fever": False}),
        "sad": ({"danger_sad": True}, {"danger_sad": False}),
        "fever": ({"temperature_tenth_c": 380}, {"temperature_tenth_c": 379}),
        "pressure_emergency": (
            {"systolic_mmhg": 150, "diastolic_mmhg": 110},
            {"systolic_mmhg": 159, "diastolic_mmhg": 109},
        ),
        "pressure_high": ({"systolic_mmhg": 140, "diastolic_mmhg": 70}, {"systolic_mmhg": 139, "diastolic_mmhg": 89}),
        "tbc_suspected": ({"tbc_cough": True, "tbc_fever": True}, {"tbc_cough": True}),
        "tbc_contact": ({"tbc_contact": True}, {"tbc_contact": False}),
        "tbc_sign": ({"tbc_cough": True}, {"tbc_cough": False}),
        "muac_red": ({"muac_mm": 234}, {"muac_mm": 235}),
        "weight_red": ({"weight_on_curve": False}, {"weight_on_curve": True}),
        "anaemia": ({"haemoglobin_dg_dl": 119}, {"haemoglobin_dg_dl": 120}),
        "anaemia_severe": ({"haemoglobin_dg_dl": 79}, {"haemoglobin_dg_dl": 80}),
        "visit_due": ({"weight_g": 1}, {"weight_g": 1, "_pregnancy": {**BIRTH, "kf2_on": TODAY}}),
        "visits_missed": (
            {"weight_g": 1},
            {"weight_g": 1, "_pregnancy": {**BIRTH, "kf1_on": TODAY - timedelta(days=5)}},
        ),
        "vitamin_a_short": ({"vitamin_a_capsules": 1}, {"vitamin_a_capsules": 2}),
        "vitamin_a_not_taken": ({"vitamin_a_taken": False}, {"vitamin_a_taken": True}),
        "not_breastfeeding": ({"breastfeeding": False}, {"breastfeeding": True}),
        "no_contraception": ({"contraception": False}, {"contraception": True}),
    },
    "newborn": {
        "weight_very_low": (
            {"_person": {**NEWBORN, "birth_weight_g": 1_999}},
            {"_person": {**NEWBORN, "birth_weight_g": 2_000}},
        ),
        "weight_low": (
            {"_person": {**NEWBORN, "birth_weight_g": 2_499}},
            {"_person": {**NEWBORN, "birth_weight_g": 2_500}},
        ),
        "silent": ({"condition": "silent"}, {"condition": "later"}),
        "congenital": ({"congenital": "bibir sumbing"}, {"congenital": None}),
        "hb0_due": ({}, {"hb0_on": TODAY}),
        "visit_due": ({}, {"kn1_on": TODAY - timedelta(days=1)}),
        "visits_missed": (
            {"_person": {**NEWBORN, "born_on": TODAY - timedelta(days=6)}},
            {"_person": {**NEWBORN, "born_on": TODAY - timedelta(days=6)}, "kn1_on": TODAY - timedelta(days=5)},
        ),
    },
    "school_visit": {
        "very_thin": ({"weight_g": 33_000, "height_mm": 1_580}, {"weight_g": 50_000, "height_mm": 1_580}),
        "thin": ({"weight_g": 38_000, "height_mm": 1_580}, {"weight_g": 50_000, "height_mm": 1_580}),
        "overweight": ({"weight_g": 65_000, "height_mm": 1_580}, {"weight_g": 50_000, "height_mm": 1_580}),
        "obese": ({"weight_g": 80_000, "height_mm": 1_580}, {"weight_g": 50_000, "height_mm": 1_580}),
        "pressure_emergency": (
            {"systolic_mmhg": 180, "diastolic_mmhg": 70},
            {"systolic_mmhg": 179, "diastolic_mmhg": 109},
        ),
        "pressure_bad": ({"systolic_mmhg": 140, "diastolic_mmhg": 70}, {"systolic_mmhg": 139, "diastolic_mmhg": 79}),
        "pressure_high": ({"systolic_mmhg": 130, "diastolic_mmhg": 70}, {"systolic_mmhg": 129, "diastolic_mmhg": 79}),
        "pressure_raised": ({"systolic_mmhg": 124, "diastolic_mmhg": 76}, {"systolic_mmhg": 119, "diastolic_mmhg": 79}),
        "glucose_high": ({"glucose_mg_dl": 200}, {"glucose_mg_dl": 199}),
        "glucose_raised": ({"glucose_mg_dl": 140}, {"glucose_mg_dl": 139}),
        "glucose_low": ({"glucose_mg_dl": 69}, {"glucose_mg_dl": 70}),
        "anaemia_severe": ({"haemoglobin_dg_dl": 79}, {"haemoglobin_dg_dl": 80}),
        "anaemia": ({"haemoglobin_dg_dl": 119}, {"haemoglobin_dg_dl": 120}),
        "tbc_suspected": ({"tbc_cough": True, "tbc_fever": True}, {"tbc_cough": True}),
        "tbc_contact": ({"tbc_contact": True}, {"tbc_contact": False}),
        "tbc_sign": ({"tbc_cough": True}, {"tbc_cough": False}),
        "waist_over": ({"waist_mm": 801}, {"waist_mm": 800}),
        "waist_over_risk": ({"waist_mm": 801, "smoking": "daily"}, {"waist_mm": 801, "smoking": "never"}),
        "smokes": ({"smoking": "sometimes"}, {"smoking": "tried"}),
        "iron_not_taken": ({"iron_weekly": False}, {"iron_weekly": True}),
        "kek": ({"muac_mm": 234}, {"muac_mm": 234, "_person": {**GIRL, "born_on": date(2013, 1, 5)}}),
        "malaria": ({"malaria_sign": True}, {"malaria_sign": None}),
    },
    "school_mental": {
        "urgent": ({"suicidal": True}, {"suicidal": False}),
        "private": ({"unsafe": True}, {"unsafe": False}),
        "attention": ({"home_comfortable": False}, {"home_comfortable": True}),
    },
    "adult_visit": {
        "very_thin": ({"weight_g": 46_000, "height_mm": 1_650}, THIN_MAN),
        "thin": (THIN_MAN, {"weight_g": 60_000, "height_mm": 1_650}),
        "heavy": ({"weight_g": 70_000, "height_mm": 1_650}, {"weight_g": 60_000, "height_mm": 1_650}),
        "obese": (BIG_MAN, {"weight_g": 70_000, "height_mm": 1_650}),
        "obese_lasting": (
            {**BIG_MAN, "_earlier": {date(2026, 8, 12): BIG_MAN}},
            {**BIG_MAN, "_earlier": {date(2026, 9, 12): BIG_MAN}},
        ),
        "waist_over": ({"waist_mm": 901}, {"waist_mm": 900}),
        "waist_over_risk": ({"waist_mm": 901, "glucose_mg_dl": 150}, {"waist_mm": 901, "glucose_mg_dl": 90}),
        "pressure_bad": ({"systolic_mmhg": 180, "diastolic_mmhg": 90}, {"systolic_mmhg": 179, "diastolic_mmhg": 109}),
        "pressure_high": ({"systolic_mmhg": 150, "diastolic_mmhg": 84}, {"systolic_mmhg": 139, "diastolic_mmhg": 89}),
        "pressure_raised": ({"systolic_mmhg": 130, "diastolic_mmhg": 80}, {"systolic_mmhg": 129, "diastolic_mmhg": 84}),
        "pressure_low": ({"systolic_mmhg": 89, "diastolic_mmhg": 60}, {"systolic_mmhg": 90, "diastolic_mmhg": 60}),
        "glucose_high": ({"glucose_mg_dl": 126, "glucose_timing": "fasting"}, {"glucose_mg_dl": 199}),
        "glucose_raised": ({"glucose_mg_dl": 150}, {"glucose_mg_dl": 139}),
        "glucose_watch": ({"glucose_mg_dl": 120}, {"glucose_mg_dl": 99}),
        "glucose_low": ({"glucose_mg_dl": 69}, {"glucose_mg_dl": 70}),
        "cholesterol_high": ({"cholesterol_mg_dl": 240}, {"cholesterol_mg_dl": 239}),
        "cholesterol_raised": ({"cholesterol_mg_dl": 200}, {"cholesterol_mg_dl": 199}),
        "uric_high": ({"uric_acid_tenth_mg_dl": 71}, {"uric_acid_tenth_mg_dl": 70}),
        "eyes": ({"eye_left": False}, {"eye_left": True}),
        "ears": ({"ear_right": False}, {"ear_right": True}),
        "puma_high": (PUMA, NO_PUMA),
        "smokes": ({"puma_smoked": True}, {"puma_smoked": False}),
        "anaemia_severe": ({"haemoglobin_dg_dl": 79}, {"haemoglobin_dg_dl": 80}),
        "anaemia": ({"haemoglobin_dg_dl": 129}, {"haemoglobin_dg_dl": 130}),
        "kek": ({"_person": WOMAN, "muac_mm": 234}, {"muac_mm": 234}),
        "tbc_suspected": ({"tbc_cough": True, "tbc_fever": True}, {"tbc_cough": True}),
        "tbc_contact": ({"tbc_contact": True}, {"tbc_contact": False}),
        "tbc_sign": ({"tbc_weight": True}, {"tbc_weight": False}),
        "malaria": ({"malaria_sign": True}, {"malaria_sign": False}),
    },
    "srq20": {
        "urgent": ({"srq_17": True}, {"srq_16": True}),
        "high": ({f"srq_{n}": True for n in range(1, 7)}, {f"srq_{n}": True for n in range(1, 6)}),
    },
    "aks": {
        "dependent": ({**INDEPENDENT, "bathing": "0"}, INDEPENDENT),
        "dependent_moderate": ({**HELPLESS, **SOME_HELP}, {**INDEPENDENT, "bathing": "0"}),
        "dependent_severe": (HELPLESS, INDEPENDENT),
    },
    "skilas": {
        "cognition": ({"recalls_words": False}, {"recalls_words": True}),
        "mobility": ({"stands_up": False}, {"stands_up": True}),
        "malnutrition": ({"muac_mm": 208}, {"muac_mm": 210}),
        "sight": ({"eye_problem": True}, {"eye_problem": False}),
        "hearing": ({"whisper": "not"}, {"whisper": "hears"}),
        "depression": ({"sad": True}, {"sad": False}),
    },
    "wus": {
        "unfit": ({"fitness": "unfit"}, {"fitness": "supervised"}),
        "alki": ({"haemoglobin_dg_dl": 119}, {"haemoglobin_dg_dl": 120}),
        "kek": ({"muac_mm": 234, "couple": False}, {"muac_mm": 235}),
        "history": ({"complication": True}, {"complication": False, "health_problem": False}),
        "four_t": ({"children_living": 3}, {"children_living": 2}),
        "body_mass": ({"weight_g": 44_000, "height_mm": 1_550}, {"weight_g": 45_000, "height_mm": 1_550}),
        "unmet_need": (
            {"wants_child": "later", "contraception": False},
            {"wants_child": "later", "contraception": True},
        ),
    },
    "health_history": {
        "pressure_overdue": (
            {"own_hypertension": True, "_pressure_on": date(2026, 8, 12)},
            {"own_hypertension": True, "_pressure_on": date(2026, 11, 1)},
        ),
        "glucose_overdue": ({"own_diabetes": True}, {"own_diabetes": True, "_glucose_on": TODAY}),
        "pressure_medicine": (
            {"own_hypertension": True, "_home": {"gap_pressure_taken": False}},
            {"own_hypertension": False, "_home": {"gap_pressure_taken": False}},
        ),
        "glucose_medicine": (
            {"own_diabetes": True, "_home": {"gap_glucose_medicine": False}},
            {"own_diabetes": True, "_home": {"gap_glucose_medicine": True}},
        ),
    },
}


def pairs() -> list[Any]:
    return [
        pytest.param(form, code, holds, not_yet, id=f"{form}-{code}")
        for form, cases in CASES.items()
        for code, (holds, not_yet) in cases.items()
    ]


@pytest.mark.parametrize(("form", "code", "holds", "not_yet"), pairs())
def test_rule(form: str, code: str, holds: dict[str, Any], not_yet: dict[str, Any]) -> None:
    assert code in found(form, holds)
    assert code not in found(form, not_yet)


def test_every_rule_has_its_pair_of_examples() -> None:
    assert {(rule.form, rule.code) for rule in STANDARDS.referrals} == {
        (form, code) for form, cases in CASES.items() for code in cases
    }


def test_every_rule_says_why_what_to_do_what_to_tell_and_where_it_is_written() -> None:
    for rule in STANDARDS.referrals:
        for text in (rule.title, rule.why, rule.what_to_do, rule.tell_family, rule.source):
            assert text.strip(), rule
        assert rule.tell_family.rstrip().endswith("."), rule
        assert rule.basis, rule
        assert not rule.refer or rule.level in ("bad", "warn"), rule


def test_a_family_is_told_in_plain_words() -> None:
    """No abbreviation, English or diagnosis of the ministry's stands in what the family hears."""
    foreign = ("KEK", "IMT", "LiLA", "SD", "BGM", "TD", "BB/", "TB/", "referral", "screening", "PUMA", "SRQ", "AKS")
    told = {
        (rule.form, rule.code): [word for word in foreign if word in rule.tell_family.replace("TBC", "").split()]
        for rule in STANDARDS.referrals
    }
    assert {key: words for key, words in told.items() if words} == {}


def test_the_rules_of_the_domain_are_all_there() -> None:
    basis = {each for rule in STANDARDS.referrals for each in rule.basis}
    assert {f"R{number:02}" for number in range(1, 16)} - basis == {"R14"}, "R14 is a social report, no finding"
    assert {*(f"M{number}" for number in range(1, 10)), "W1"} <= basis


@pytest.mark.parametrize(("form", "code", "holds", "not_yet"), pairs())
def test_every_sentence_of_a_finding_is_filled(
    form: str, code: str, holds: dict[str, Any], not_yet: dict[str, Any]
) -> None:
    """No place is left open or empty: a kader reads these aloud."""
    (finding,) = (each for each in findings_of(form, holds) if each.code == code)
    for text in (finding.title, finding.why, finding.what_to_do, finding.tell_family):
        assert text == text.strip()
        assert not re.search(r"[{}]|  | [,.;:]|,,|\.\.|\(\)|^[,.;:]", text), text
    assert finding.why[-1] in ".", finding.why
    assert not finding.title.endswith("."), finding.title


WORDS = {
    ("under_five_visit", "muac_red"): "Lingkar lengan 11,4 cm, di bawah 11,5 cm. Ini tanda gizi buruk.",
    (
        "under_five_visit",
        "muac_yellow",
    ): "Lingkar lengan 12,4 cm, 11,5 cm atau lebih tetapi di bawah 12,5 cm: gizi kurang.",
    ("under_five_visit", "below_red"): "Berat 8,2 kg berada di bawah garis merah KMS.",
    ("under_five_visit", "not_gained"): "Naik 100 gram sejak 10 Oktober, target 200 gram.",
    ("under_five_visit", "sick"): "Keluarga menyebut gejala sakit: batuk.",
    ("pregnancy_visit", "muac_red"): "Lingkar lengan 23,4 cm, di bawah 23,5 cm: kurang energi kronik.",
    ("pregnancy_visit", "pressure_emergency"): "Tekanan darah 160/90 mmHg: darurat.",
    ("pregnancy_visit", "too_many"): "Kehamilan ke-6. Ini kehamilan berisiko.",
    ("pregnancy_visit", "post_term"): "Umur kehamilan 42 minggu: sudah 42 minggu atau lebih.",
    ("postpartum_visit", "visits_missed"): "Belum tercatat: KF1.",
    ("newborn", "weight_very_low"): "Berat lahir 1,999 kg. Bayi sekecil ini mudah kedinginan dan terkena infeksi.",
    ("newborn", "weight_low"): "Berat lahir 2,499 kg, di bawah 2.500 gram.",
    ("school_visit", "anaemia_severe"): "Hb 7,9 g/dL, di bawah 8 g/dL.",
    ("school_visit", "waist_over"): "Lingkar perut 80,1 cm, di atas batas.",
    ("adult_visit", "puma_high"): "Skor PUMA 6, 6 atau lebih.",
    ("adult_visit", "glucose_high"): "Gula darah 126 mg/dL (puasa).",
    ("adult_visit", "eyes"): "Tes hitung jari: gangguan pada mata kiri.",
    ("srq20", "high"): "Ya dijawab 6 kali, 6 atau lebih.",
    ("aks", "dependent"): "Skor AKS 19 dari 20.",
    ("wus", "alki"): "Ada masalah kesehatan yang perlu ditangani sebelum hamil: anemia.",
    ("health_history", "pressure_overdue"): "Punya darah tinggi; tekanan darah terakhir 12 Agustus.",
}


@pytest.mark.parametrize(("form", "code"), WORDS, ids=lambda part: part)
def test_the_reason_is_said_with_the_number_that_was_measured(form: str, code: str) -> None:
    holds, _not_yet = CASES[form][code]
    (finding,) = (each for each in findings_of(form, holds) if each.code == code)
    assert finding.why == WORDS[form, code]
