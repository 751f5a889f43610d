"""Sentences name the bounds of the rules in force, in both languages; none keeps a number of its own."""

import copy
import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from posyandu.domain import adult, bounds, prepregnancy
from posyandu.domain.standards import Rules
from posyandu.text import use_catalogue
from tests.domain.shipped import FILES, RESOURCES, RULES, STANDARDS, TODAY
from tests.rules import changed_rules

SHIPPED = {
    **{"kek_cm": "23,5", "arm_red_cm": "11,5", "arm_yellow_cm": "12,5", "elderly_arm_cm": "21", "milk_months": "6"},
    **{"blue_from": "6", "blue_to": "11", "red_from": "12", "red_to": "59", "vitamin_a_in": "Februari dan Agustus"},
    **{"worms_in": "Agustus", "worms_from": "12", "pressure_from": "140/90", "emergency_from": "160/110"},
    **{"pregnant_hb_severe": "10", "nifas_hb": "12", "hb_severe": "8", "weeks_over": "42", "thin_mother_bmi": "18,5"},
    **{"young_mother": "20", "old_mother": "35", "interval_months": "24", "short_cm": "145", "fever_c": "38"},
    **{"z_very_thin": "−3", "z_thin": "−2", "z_over": "+1", "z_obese": "+2"},
    **{"bmi_very_thin": "17", "bmi_thin": "18,5", "bmi_heavy": "25", "bmi_obese": "27"},
    **{
        "grown_pressure": "140/90",
        "grown_low": "90/60",
        "grown_emergency": "180/110",
        "cholesterol_from": "200",
        "cholesterol_high": "240",
    },
    **{"glucose_watch": "100", "glucose_watch_to": "139", "puma_from": "6", "srq_from": "6", "recheck": "3"},
    **{"hospital_g": "2.000", "low_g": "2.500", "hb0_days": "7", "graduation_months": "36", "graduation_kg": "11,5"},
    **{"fertile_from": "15", "fertile_to": "49", "screening": "12", "finding_months": "6"},
    **{"infant_to": "11", "under_five_from": "12", "under_five_to": "59", "preschool_from": "60", "preschool_to": "71"},
    **{"elderly_from": "60", "of_age": "18", "nifas_days": "42", "arm_from": "6", "arm_to": "59", "birth_under": "12"},
    **{"iks_almost": "0,500", "iks_healthy": "0,800", "least_m2": "7,2", "mind_years": "10", "cancer_years": "3"},
    **{"ticket_days": "5", "ticket_red": "3", "food_wasted": "56", "food_underweight": "28", "food_not_gained": "14"},
    **{"food_pregnant": "120", "kf1_from": "0", "kf1_to": "2", "kf2_from": "3", "kf2_to": "7", "kf3_from": "8"},
    **{"kf3_to": "28", "kf4_from": "29", "kf4_to": "42", "kn1_from": "0", "kn1_to": "2", "kn2_from": "3"},
    **{"early_days": "7", "neonatal_days": "28", "kn2_to": "7", "kn3_from": "8", "kn3_to": "28"},
}
"""As the notes have them."""


def changed(name: str, **parts: Any) -> Rules:
    """The rules with some parts of one changed, as the file has them."""
    value = next(each["rules"][name] for each in FILES.values() if name in each.get("rules", {}))[-1]["value"]
    return changed_rules({name: value | parts}).on(TODAY)


def moved(name: str, index: str, code: str, **bound: float) -> Rules:
    """The rules with another bound of one class of a measure."""
    value = next(each["rules"][name] for each in FILES.values() if name in each.get("rules", {}))[-1]["value"]
    value = copy.deepcopy(value)
    for scheme in value:
        for band in scheme["bands"]:
            if (scheme["index"], band["code"]) == (index, code):
                band.update(bound)
    return changed_rules({name: value}).on(TODAY)


def test_the_shipped_bounds_are_those_of_the_notes() -> None:
    assert {name: bound(RULES) for name, bound in bounds.BOUNDS.items()} == SHIPPED


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (changed_rules({"kek_mm": 230}).on(TODAY), {"kek_cm": "23"}),
        (changed_rules({"exclusive_months": 7}).on(TODAY), {"milk_months": "7"}),
        (changed_rules({"recheck_months": 6}).on(TODAY), {"recheck": "6"}),
        (changed_rules({"screening_months": 6}).on(TODAY), {"screening": "6"}),
        (changed("stays_open", finding_months=4), {"finding_months": "4"}),
        (changed_rules({"fertile_months": [120, 659]}).on(TODAY), {
            "fertile_from": "10", "fertile_to": "54"}),
        (moved("categories", "muac_mm", "red", below=110), {"arm_red_cm": "11"}),
        (moved("categories", "muac_mm", "yellow", below=121), {"arm_yellow_cm": "12,1"}),
        (changed("elderly", muac_under_mm=220), {"elderly_arm_cm": "22"}),
        (changed("vitamin_a", months=[3, 9, 12], blue=[5, 10]), {
            "blue_from": "5", "blue_to": "10", "vitamin_a_in": "Maret dan September dan Desember"}),
        (changed("vitamin_a", red=[13, 71]), {"red_from": "13", "red_to": "71"}),
        (changed("deworming", months=[4, 10], from_months=24), {"worms_in": "April dan Oktober", "worms_from": "24"}),
        (changed("pressure", systolic=135), {"pressure_from": "135/90"}),
        (changed("pressure", emergency_diastolic=105), {"emergency_from": "160/105"}),
        (changed("anaemia", severe=95), {"pregnant_hb_severe": "9,5"}),
        (changed("nifas", haemoglobin_under=100, fever_tenth_c=375), {"nifas_hb": "10", "fever_c": "37,5"}),
        (changed("pregnancy_risk", weeks_over=41, bmi_under=19, mother_under_years=21), {
            "weeks_over": "41", "thin_mother_bmi": "19", "young_mother": "21"}),
        (changed("pregnancy_risk", mother_over_years=40, interval_under_months=33, height_under_mm=1475), {
            "old_mother": "40", "interval_months": "33", "short_cm": "147,5"}),
        (moved("categories", "baz", "severely_wasted", below=-2.5), {"z_very_thin": "−2,5"}),
        (moved("categories", "baz", "wasted", below=-1), {"z_thin": "−1"}),
        (moved("categories", "baz", "normal", up_to=1.5), {"z_over": "+1,5"}),
        (moved("categories", "baz", "overweight", up_to=2.5), {"z_obese": "+2,5"}),
        (moved("life_classes", "bmi", "very_thin", below=16), {"bmi_very_thin": "16"}),
        (moved("life_classes", "bmi", "thin", below=18), {"bmi_thin": "18"}),
        (moved("life_classes", "bmi", "normal", up_to=24.9), {"bmi_heavy": "24,9"}),
        (moved("life_classes", "bmi", "heavy", up_to=30), {"bmi_obese": "30"}),
        (moved("life_classes", "cholesterol", "normal", below=190), {"cholesterol_from": "190"}),
        (moved("life_classes", "cholesterol", "borderline", below=250), {"cholesterol_high": "250"}),
        (moved("life_classes", "glucose_random", "normal", below=110), {"glucose_watch": "110"}),
        (moved("life_classes", "glucose_random", "between", below=150), {"glucose_watch_to": "149"}),
        (moved("life_classes", "puma", "low", below=7), {"puma_from": "7"}),
        (moved("life_classes", "srq", "low", below=8), {"srq_from": "8"}),
        (moved("life_classes", "hb_female", "severe", below=70), {"hb_severe": "7"}),
        (changed("newborn", hospital_under_g=1800, low_under_g=2400, hb0_days=28, early_days=6, neonatal_days=27), {
            "hospital_g": "1.800", "low_g": "2.400", "hb0_days": "28", "early_days": "6", "neonatal_days": "27"}),
        (changed("groups", under_five_from=13, preschool_from=61, school_from=73, elderly_from=780,
                 postpartum_days=40), {
            "infant_to": "12", "under_five_from": "13", "under_five_to": "60", "preschool_from": "61",
            "preschool_to": "72", "elderly_from": "65", "nifas_days": "40"}),
        (changed_rules({"of_age_months": 252, "cancer_years": 1}).on(TODAY), {
            "of_age": "21", "cancer_years": "1"}),
        (changed("iks", birth_under_months=6), {"birth_under": "6"}),
        (moved("iks_classes", "iks", "almost", up_to=0.85), {"iks_healthy": "0,850"}),
        (moved("iks_classes", "iks", "unhealthy", below=0.4), {"iks_almost": "0,400"}),
        (changed("house", least_tenth_m2=90), {"least_m2": "9"}),
        (changed("mental", youth_from_months=132), {"mind_years": "11"}),
        (changed("social_clock", limit_days=7, red_after_days=4), {"ticket_days": "7", "ticket_red": "4"}),
        (changed("feeding", days={
            "wasted": 90, "underweight": 30, "not_gained": 20, "pregnant_kek": 91, "pregnant_thin": 90}), {
            "food_wasted": "90", "food_underweight": "30", "food_not_gained": "20", "food_pregnant": "91"}),
        (changed("nifas", visits=[
            {"code": f"KF{n}", "days": days} for n, days in enumerate(([1, 3], [4, 8], [9, 29], [30, 40]), 1)]), {
            "kf1_from": "1", "kf1_to": "3", "kf2_from": "4", "kf2_to": "8", "kf3_from": "9", "kf3_to": "29",
            "kf4_from": "30", "kf4_to": "40"}),
        (changed_rules({"newborn_visits": [
            {"code": f"KN{n}", "days": days} for n, days in enumerate(([1, 3], [4, 8], [9, 30]), 1)]}).on(TODAY), {
            "kn1_from": "1", "kn1_to": "3", "kn2_from": "4", "kn2_to": "8", "kn3_from": "9", "kn3_to": "30"}),
        (changed("graduation", months=48, grams=13_000), {"graduation_months": "48", "graduation_kg": "13"}),
    ],
)  # fmt: skip
def test_another_number_in_the_rules_is_another_in_the_sentences(rules: Rules, told: dict[str, str]) -> None:
    now = {name: bound(rules) for name, bound in bounds.BOUNDS.items()}
    assert {name: words for name, words in now.items() if words != SHIPPED[name]} == told


def test_another_class_of_blood_pressure_is_another_bound_of_adults() -> None:
    value = copy.deepcopy(FILES["life.json"]["rules"]["pressures"][-1]["value"])
    mildest = next(each for each in value[-1]["classes"] if each["code"] == "grade_1")
    mildest["systolic"], value[-1]["low"] = 135, [85, 55]
    rules = changed_rules({"pressures": value}).on(TODAY)
    assert (bounds.BOUNDS["grown_pressure"](rules), bounds.BOUNDS["grown_low"](rules)) == ("135/90", "85/55")


def test_the_places_of_a_text_are_filled_from_the_visit_and_from_the_rules_in_both_languages() -> None:
    other = changed_rules({"kek_mm": 232}).on(TODAY)
    assert bounds.filled("{muac} cm, di bawah {kek_cm} cm", other, {"muac": "22,0"}) == "22,0 cm, di bawah 23,2 cm"
    assert bounds.filled("Tanpa batas", other) == "Tanpa batas"
    with pytest.raises(KeyError):
        bounds.filled("{nobody_knows}", other)
    use_catalogue(json.loads((RESOURCES / "locale" / "en.json").read_text("utf-8")))
    try:
        facts = prepregnancy.Facts(other, TODAY, {}, {"muac_mm": 231}, 300, None)
        assert facts.alki == ("arm under 23.2 cm",)
        told = {"visited_on": TODAY, "weight_g": 70_000, "height_mm": 1_650}
        (judged,) = adult.assess(STANDARDS, {"sex": "male", "born_on": TODAY.replace(year=1980)}, [told])
        why = [finding.why for finding in judged.findings if finding.code == "heavy"]
        assert why == ["BMI 25.7, above 25. By KMK 2015/2023 (Asia-Pacific): obesity I."]
    finally:
        use_catalogue({})


MEANT = re.compile(
    r"10 hari|24 jam|[56]0? menit|\b5 menit|30 menit|60 menit|Nomor 17|dari 20|5 kali dalam 14 detik|3 bulan lagi"
    r"|setiap 3 bulan|7 hari terakhir|\(2T\)|4T|KF\d|HB0|R\d\d"
)
"""What is advice, an item of an instrument, or a name."""


@pytest.mark.parametrize("rule", RULES.referrals, ids=lambda rule: f"{rule.form}-{rule.code}")
def test_no_sentence_of_a_rule_keeps_a_number_of_its_own(rule: Any) -> None:
    texts = (rule.title, rule.why, rule.what_to_do, rule.tell_family)
    assert not [text for text in texts if re.search(r"\d", MEANT.sub("", re.sub(r"\{\w+\}", "", text)))]


def test_every_bound_is_named_somewhere() -> None:
    said = json.dumps([asdict(rule) for rule in RULES.referrals], default=str)
    beside = ("posyandu/domain/deaths.py", "posyandu/domain/forms", "posyandu/reports", "posyandu/ui", "resources/help")
    roots = [RESOURCES.parent / part for part in beside]
    files = [file for root in roots for file in (root, *root.rglob("*")) if file.suffix in (".py", ".md")]
    said += "".join(file.read_text("utf-8") for file in files)
    assert {name for name in bounds.BOUNDS if f"{{{name}}}" not in said} == {"kf1_from", "kn1_from"}, "from hour six on"
