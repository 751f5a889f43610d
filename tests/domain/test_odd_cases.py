"""Odd but real cases, as a midwife would judge what the app says: nothing harmful, nothing cruel, nothing left out."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from posyandu.domain import adult, child, postpartum, pregnancy, school
from posyandu.domain.referral import Finding
from tests.domain.shipped import STANDARDS, TABLES, TODAY

WOMAN = {"sex": "female", "born_on": date(TODAY.year - 30, 1, 5)}


def of_child(person: Mapping[str, Any], *visits: Mapping[str, Any]) -> dict[str, Finding]:
    told = child.assess(STANDARDS, TABLES, person, [{"visited_on": TODAY, **each} for each in visits])
    return {each.code: each for each in told[-1].findings}


def after_birth(outcome: str, days: int = 10, **answers: Any) -> dict[str, Finding]:
    carried = {"outcome": outcome, "ended_on": TODAY - timedelta(days=days)}
    (told,) = postpartum.assess(STANDARDS, WOMAN, carried, [{"visited_on": TODAY, **answers}])
    return {each.code: each for each in told.findings}


def words(found: Mapping[str, Finding]) -> str:
    return " ".join(f"{each.why} {each.what_to_do} {each.tell_family}" for each in found.values()).lower()


GIVEN_TO_EAT = ("telur", "ikan atau", "makanan tambahan", "dan makan", "gorengan")


@pytest.mark.parametrize(
    ("days", "before_g", "now_g", "length_mm", "code"),
    [
        (62, 2_700, 3_200, 530, "not_gained"),
        (150, 5_600, 5_600, 640, "wasted"),
        (62, 5_200, 7_000, 590, "overweight"),
        (179, 6_000, 6_200, 640, "not_gained"),
    ],
)
def test_nobody_is_told_to_give_a_baby_of_breast_milk_alone_something_to_eat(
    days: int, before_g: int, now_g: int, length_mm: int, code: str
) -> None:
    baby = {"sex": "female", "born_on": TODAY - timedelta(days=days)}
    found = of_child(
        baby,
        {"visited_on": TODAY - timedelta(days=30), "weight_g": before_g},
        {"weight_g": now_g, "length_mm": length_mm, "sick": True, "diarrhoea": True, "oralit": False},
    )
    assert {code, "no_oralit"} <= set(found)
    assert not [food for food in GIVEN_TO_EAT if food in words(found)]
    assert "asi" in words(found)


def test_an_older_child_is_given_more_to_eat() -> None:
    child_of_two = {"sex": "female", "born_on": TODAY - timedelta(days=800)}
    found = of_child(
        child_of_two,
        {"visited_on": TODAY - timedelta(days=30), "weight_g": 9_900},
        {"weight_g": 9_900, "length_mm": 880, "position": "standing"},
    )
    assert "tambah makan dengan telur, ikan atau ayam" in found["not_gained"].tell_family
    assert "makanan tambahan" in found["wasted"].what_to_do


@pytest.mark.parametrize("person", [{}, {"sex": "male"}, {"born_on": TODAY - timedelta(days=500)}])
def test_swollen_feet_and_signs_of_tbc_need_no_birth_date_and_no_sex(person: Mapping[str, Any]) -> None:
    visit = {
        "weight_g": 9_000, "oedema": "1", "tbc_cough": True, "tbc_contact": True, "tbc_fever": False,
        "tbc_weight": False, "sick": True, "illness": "lemas", "muac_mm": 110, "vitamin_a": "none", "deworming": False,
        "exclusive_breastfeeding": False, "complementary_food": False,
    }  # fmt: skip
    (told,) = child.assess(STANDARDS, TABLES, person, [{"visited_on": TODAY, **visit}])
    assert {each.code for each in told.findings} == {"oedema", "tbc_suspected", "sick"}
    assert (told.level, told.refer) == ("bad", True)
    assert told.headline == "Lengkapi jenis kelamin dan tanggal lahir dahulu."
    (quiet,) = child.assess(STANDARDS, TABLES, person, [{"visited_on": TODAY, "weight_g": 9_000}])
    assert (quiet.findings, quiet.level) == ((), "unknown")


def test_a_gain_of_a_swollen_child_is_not_praised() -> None:
    boy = {"sex": "male", "born_on": TODAY - timedelta(days=740)}
    found = of_child(
        boy,
        {"visited_on": TODAY - timedelta(days=30), "weight_g": 11_500},
        {"weight_g": 12_500, "length_mm": 860, "position": "standing", "oedema": "2"},
    )
    assert "berat yang naik dapat berasal dari bengkaknya" in found["oedema"].why


@pytest.mark.parametrize("outcome", ["stillbirth", "abortion"])
def test_a_mother_whose_child_was_not_born_alive_hears_nothing_of_a_baby(outcome: str) -> None:
    found = after_birth(
        outcome, danger_sad=True, temperature_tenth_c=385, breastfeeding=False, contraception=False, muac_mm=220,
        vitamin_a_capsules=1, vitamin_a_taken=False,
    )  # fmt: skip
    assert {"sad", "fever", "muac_red", "visit_due", "vitamin_a_short", "vitamin_a_not_taken"} <= set(found)
    assert "not_breastfeeding" not in found
    assert not [word for word in ("bayi", "menyusu", "asi ") if word in words(found)]


def test_a_mother_of_a_living_child_hears_of_it() -> None:
    found = after_birth("live_birth", danger_sad=True, temperature_tenth_c=385, breastfeeding=False)
    assert "bantu merawat bayi" in found["sad"].tell_family
    assert "Teruskan menyusui" in found["fever"].tell_family
    assert "not_breastfeeding" in found


@pytest.mark.parametrize(
    ("hb", "code"), [(120, None), (119, "anaemia"), (80, "anaemia"), (79, "anaemia_severe"), (65, "anaemia_severe")]
)
def test_very_little_blood_after_a_birth_is_sent_on_the_same_day(hb: int, code: str | None) -> None:
    found = after_birth("live_birth", haemoglobin_dg_dl=hb)
    assert [each for each in found if each.startswith("anaemia")] == ([] if code is None else [code])
    if code == "anaemia_severe":
        assert "hari ini" in found[code].what_to_do
        assert found[code].level == "bad"


@pytest.mark.parametrize(
    ("hb", "anaemic", "code"),
    [(110, False, None), (109, None, None), (105, None, None), (104, True, "anaemia"), (99, True, "anaemia_severe")],
)
def test_blood_of_a_woman_nobody_knows_how_far(hb: int, anaemic: bool | None, code: str | None) -> None:
    """Below 10.5 is too little in every trimester, from 11.0 enough in each; between them it is not known."""
    carried = {"noted_on": TODAY - timedelta(days=10), "outcome": "ongoing"}
    (told,) = pregnancy.assess(STANDARDS, WOMAN, carried, [{"visited_on": TODAY, "haemoglobin_dg_dl": hb}])
    assert told.anaemic is anaemic
    assert [each.code for each in told.findings] == ([] if code is None else [code])
    assert told.level != "ok"


@pytest.mark.parametrize(
    ("years", "upper", "lower", "today"),
    [(16, 185, 115, True), (16, 179, 109, False), (9, 180, 70, True), (17, 150, 110, True), (16, 145, 95, False)],
)
def test_the_pressure_of_the_young_at_180_110_is_sent_on_the_same_day(
    years: int, upper: int, lower: int, today: bool
) -> None:
    person = {"sex": "male", "born_on": date(TODAY.year - years, 1, 5)}
    visit = {"visited_on": TODAY, "systolic_mmhg": upper, "diastolic_mmhg": lower}
    (told,) = school.assess(STANDARDS, TABLES, person, [visit])
    (found,) = told.findings
    assert ("hari ini juga" in found.what_to_do) is today
    assert found.refer


def test_an_adult_at_180_120_is_sent_on_the_same_day() -> None:
    visit = {"visited_on": TODAY, "systolic_mmhg": 180, "diastolic_mmhg": 120}
    (found,) = adult.assess(STANDARDS, WOMAN, [visit])[0].findings
    assert "hari ini juga" in found.what_to_do


def test_which_of_the_two_pressures_is_meant_is_said() -> None:
    found = after_birth("live_birth", systolic_mmhg=160, diastolic_mmhg=100)
    assert found["pressure_emergency"].why.startswith("Tekanan darah 160/100 mmHg: salah satu angkanya mencapai")
