"""Dates of a pregnancy, and its visits judged."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import pregnancy
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.pregnancy import DANGER_SIGNS
from posyandu.domain.pregnancy import Gestation, PregnancyAssessment
from posyandu.domain.standards import Standards
from tests.domain.shipped import RULES, STANDARDS
from tests.rules import changed_rules

LMP = date(2026, 5, 1)
MOTHER = {"born_on": date(1998, 3, 1)}
BOOKED = {"lmp_on": LMP, "height_mm": 1550, "first_weight_g": 50_000, "gravida": 2, "birth_interval_months": 36}


def assess(*visits: Answers, mother: Answers = MOTHER, booked: Answers = BOOKED) -> list[PregnancyAssessment]:
    return pregnancy.assess(STANDARDS, mother, booked, visits)


def visit(week: int = 24, **answers: Value | None) -> Answers:
    return {"visited_on": LMP + timedelta(weeks=week), **answers}


def codes(*visits: Answers, mother: Answers = MOTHER, booked: Answers = BOOKED) -> list[str]:
    return [finding.code for finding in assess(*visits, mother=mother, booked=booked)[-1].findings]


def test_due_280_days_after_the_last_period_unless_ultrasound_says_otherwise() -> None:
    assert pregnancy.due_on({"lmp_on": date(2025, 3, 1)}) == date(2025, 12, 6)
    both = {"lmp_on": date(2025, 3, 1), "usg_due_on": date(2025, 12, 20)}
    assert pregnancy.due_on(both) == date(2025, 12, 20)
    assert pregnancy.due_on({}) is None


@pytest.mark.parametrize(
    ("days", "weeks", "beyond", "trimester"),
    [(0, 0, 0, 1), (90, 12, 6, 1), (91, 13, 0, 2), (174, 24, 6, 2), (175, 25, 0, 3), (300, 42, 6, 3)],
)
def test_completed_weeks_and_the_trimester(days: int, weeks: int, beyond: int, trimester: int) -> None:
    assert pregnancy.gestation({"lmp_on": LMP}, LMP + timedelta(days)) == Gestation(weeks, beyond)
    assert RULES.gestation.trimester(weeks) == trimester


def test_other_weeks_of_the_trimesters_change_anaemia_the_first_weight_and_the_gain_wanted() -> None:
    weeks = {"first_trimester_weeks": 13, "second_trimester_weeks": 27, "gain_from_week": 10, "longest_weeks": 43}
    other = changed_rules({"gestation": weeks})
    blood = visit(26, haemoglobin_dg_dl=107)
    unweighed = {**BOOKED, "first_weight_g": None}
    early = (visit(13, weight_g=50_000), visit(20, weight_g=52_000))

    def judged(standards: Standards, *visits: Answers, booked: Answers = BOOKED) -> PregnancyAssessment:
        return pregnancy.assess(standards, MOTHER, booked, visits)[-1]

    assert [judged(each, blood).anaemic for each in (STANDARDS, other)] == [True, False]
    assert [judged(each, *early, booked=unweighed).gain_g for each in (STANDARDS, other)] == [None, 2_000]
    wanted = [pregnancy.expected_gain_g(each.on(LMP), 21, 13) for each in (STANDARDS, other)]
    assert wanted == [(0, 2_000), (500 + 3 * 350, 2_000 + 3 * 500)]


def test_no_date_or_a_day_before_has_no_gestation() -> None:
    assert pregnancy.gestation({}, LMP) is None
    assert pregnancy.gestation({"lmp_on": LMP}, LMP - timedelta(1)) is None
    assert pregnancy.gestation({"usg_due_on": LMP + timedelta(280)}, LMP) == Gestation(0, 0)
    assert (Gestation(24, 3).text, Gestation(24, 0).text) == ("24 minggu 3 hari", "24 minggu")


@given(st.integers(0, 300))
def test_weeks_and_days_add_up(days: int) -> None:
    far = pregnancy.gestation({"lmp_on": LMP}, LMP + timedelta(days))
    assert far is not None
    assert far.weeks * 7 + far.days == days


def test_expected_gain_follows_the_class_of_body_mass() -> None:
    assert [pregnancy.weight_class(RULES, bmi).code for bmi in (18.4, 18.5, 24.9, 25, 29.9, 30)] == [
        *("thin", "normal", "normal", "heavy", "heavy", "obese")
    ]
    assert pregnancy.expected_gain_g(RULES, 21, 10) == (0, 2000)
    assert pregnancy.expected_gain_g(RULES, 21, 23) == (500 + 10 * 350, 2000 + 10 * 500)


def test_the_three_readings_are_red_green_or_unknown() -> None:
    def reds(**answers: Value) -> tuple[bool | None, bool | None, bool | None]:
        (found,) = assess(visit(**answers))
        return found.muac_red, found.pressure_red, found.weight_red

    assert reds() == (None, None, None)
    assert reds(muac_mm=234)[0] is True
    assert reds(muac_mm=235)[0] is False
    assert [reds(systolic_mmhg=s, diastolic_mmhg=d)[1] for s, d in ((139, 89), (140, 80), (120, 90))] == [
        *(False, True, True)
    ]
    assert reds(systolic_mmhg=120)[1] is None
    assert reds(diastolic_mmhg=95)[1] is True
    assert (reds(pressure_on_curve=True)[1], reds(pressure_on_curve=False)[1]) == (False, True)
    assert reds(pressure_on_curve=True, systolic_mmhg=150, diastolic_mmhg=80)[1] is True
    assert [reds(weight_g=grams)[2] for grams in (54_000, 55_000, 60_000)] == [True, False, True]
    assert (reds(weight_g=54_000, weight_on_curve=True)[2], reds(weight_on_curve=False)[2]) == (False, True)


def test_gain_is_unknown_without_a_first_weight_or_height() -> None:
    assert assess(visit(weight_g=55_000), booked={"lmp_on": LMP})[0].gain_g is None
    no_height = assess(visit(weight_g=55_000), booked={"lmp_on": LMP, "first_weight_g": 50_000})[0]
    assert (no_height.gain_g, no_height.expected_gain_g, no_height.weight_red) == (5000, None, None)


def test_a_weight_of_the_first_trimester_stands_in_for_the_one_not_registered() -> None:
    booked = {"lmp_on": LMP, "height_mm": 1550}
    late, early = assess(visit(24, weight_g=55_000), visit(10, weight_g=50_000), booked=booked)[::-1]
    assert (early.gain_g, late.gain_g) == (0, 5000)
    assert assess(visit(14, weight_g=50_000), visit(24, weight_g=55_000), booked=booked)[-1].gain_g is None


def test_tablets_add_up_to_and_with_each_visit() -> None:
    found = assess(visit(20, iron_tablets=30), visit(12, iron_tablets=30), visit(24), visit(28, iron_tablets=30))
    assert [each.tablets_total for each in found] == [30, 60, 60, 90]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, []),
        ({"danger_bleeding": True, "danger_fever": True}, ["danger_signs"]),
        ({"systolic_mmhg": 150, "diastolic_mmhg": 80}, ["pressure_high"]),
        ({"systolic_mmhg": 150, "diastolic_mmhg": 110}, ["pressure_emergency"]),
        ({"muac_mm": 230}, ["muac_red"]),
        ({"weight_on_curve": False}, ["weight_red"]),
        ({"weight_g": 52_000}, ["weight_outside"]),
        ({"weight_g": 52_000, "weight_on_curve": True}, []),
        ({"haemoglobin_dg_dl": 104}, ["anaemia"]),
        ({"haemoglobin_dg_dl": 105}, []),
        ({"haemoglobin_dg_dl": 99}, ["anaemia_severe"]),
        ({"tbc_cough": True, "tbc_contact": True}, ["tbc_suspected"]),
        ({"tbc_contact": True}, ["tbc_contact"]),
        ({"iron_daily": False}, ["iron_not_daily"]),
        ({"kek_daily": False}, ["kek_food_not_daily"]),
        ({"class_attended": False}, ["no_class"]),
        ({"class_attended": True, "iron_daily": True}, []),
    ],
)
def test_each_finding_of_the_card(answers: dict[str, Value], expected: list[str]) -> None:
    assert codes(visit(**answers)) == expected


def test_anaemia_begins_higher_in_the_first_and_third_trimester() -> None:
    assert [assess(visit(week, haemoglobin_dg_dl=107))[0].anaemic for week in (8, 20, 30)] == [True, False, True]
    assert assess(visit(haemoglobin_dg_dl=107), booked={})[0].anaemic is None


@pytest.mark.parametrize(
    ("mother", "booked", "expected"),
    [
        ({"born_on": date(2007, 1, 1)}, {}, ["too_young"]),
        ({"born_on": date(1990, 1, 1)}, {}, ["too_old"]),
        ({}, {}, []),
        ({}, {"birth_interval_months": 23}, ["too_close"]),
        ({}, {"gravida": 5}, ["too_many"]),
        ({}, {"height_mm": 1440}, ["short"]),
        ({}, {"first_weight_g": 44_000}, ["thin"]),
    ],
)
def test_risks_of_the_pregnancy_itself(mother: Answers, booked: Answers, expected: list[str]) -> None:
    assert codes(visit(), mother={**MOTHER, **mother}, booked={**BOOKED, **booked}) == expected


def test_beyond_42_weeks_is_post_term() -> None:
    assert (codes(visit(41)), codes(visit(42))) == ([], ["post_term"])


def test_the_sentence_says_how_far_and_the_one_thing_that_matters() -> None:
    def told(*visits: Answers, booked: Answers = BOOKED) -> str:
        return assess(*visits, booked=booked)[-1].headline

    assert told(visit()) == "Umur kehamilan 24 minggu. Belum ada hasil ukur pada kunjungan ini."
    assert told(visit(muac_mm=240)) == "Umur kehamilan 24 minggu. Tidak ada tanda bahaya yang tercatat."
    assert told(visit(20, weight_g=54_000), visit(24, weight_g=55_200)) == (
        "Umur kehamilan 24 minggu. Naik 1.200 gram sejak 18 September."
    )
    assert told(visit(muac_mm=230, iron_daily=False)) == "Umur kehamilan 24 minggu. LiLA merah (KEK)."
    assert told(visit(haemoglobin_dg_dl=102)) == "Umur kehamilan 24 minggu. Anemia."
    assert told(visit(muac_mm=240), booked={}).startswith("Umur kehamilan belum diketahui. Isi HPHT.")


def test_what_to_do_is_said_with_the_numbers_and_signs() -> None:
    found = assess(
        visit(danger_bleeding=True, danger_vision=True, systolic_mmhg=165, muac_mm=228, haemoglobin_dg_dl=98)
    )[0]
    assert [finding.why for finding in found.findings] == [
        "Ada tanda bahaya: perdarahan, penglihatan kabur.",
        "Tekanan darah 165/- mmHg: darurat.",
        "Lingkar lengan 22,8 cm, di bawah 23,5 cm: kurang energi kronik.",
        "Hb 9,8 g/dL, di bawah 10.",
    ]
    assert (found.level, found.refer) == ("bad", True)
    assert assess(visit(muac_mm=240))[0].refer is False
    outside = assess(visit(weight_g=52_000))[0].findings[0]
    assert outside.why == ("Kenaikan 2,0 kg sejak awal hamil; yang diharapkan 4,3 sampai 7,5 kg (hasil hitung).")
    lost = assess(visit(weight_g=47_000))[0].findings[0]
    assert lost.why == "Berat turun 3,0 kg sejak awal hamil; yang diharapkan naik 4,3 sampai 7,5 kg (hasil hitung)."


def test_nothing_measured_is_unknown_not_ok() -> None:
    assert assess(visit())[0].level == "unknown"
    assert assess(visit(muac_mm=240))[0].level == "ok"
    assert assess(visit(tbc_cough=False))[0].tbc_positive is None
    no = dict.fromkeys(("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"), False)
    assert assess(visit(**no))[0].tbc_positive is False


def test_the_other_tbc_rule_does_not_wait_for_a_question_only_children_are_asked() -> None:
    other = changed_rules({"tbc_rule": "kmk2015"})
    no = dict.fromkeys(("tbc_cough", "tbc_fever", "tbc_weight"), False)
    (found,) = pregnancy.assess(other, MOTHER, BOOKED, [visit(**no)])
    assert found.tbc_positive is False


def test_a_visit_without_a_day_is_left_out() -> None:
    assert assess({"muac_mm": 230}) == []


@pytest.mark.parametrize(
    ("bmi", "weeks", "least", "most"),
    [
        (18.4, 0, 0, 2000),
        (18.4, 13, 0, 2000),
        (18.4, 14, 500 + 440, 2000 + 580),
        (18.4, 40, 500 + 27 * 440, 2000 + 27 * 580),
        (18.5, 40, 500 + 27 * 350, 2000 + 27 * 500),
        (25.0, 20, 500 + 7 * 230, 2000 + 7 * 330),
        (29.99, 20, 500 + 7 * 230, 2000 + 7 * 330),
        (30.0, 20, 500 + 7 * 170, 2000 + 7 * 270),
    ],
)
def test_the_gain_wanted_by_a_week(bmi: float, weeks: int, least: int, most: int) -> None:
    """IOM 2009 as in Buku KIA: 0,5 to 2 kg in the first trimester, then the weekly gain from the fourteenth week."""
    assert pregnancy.expected_gain_g(RULES, bmi, weeks) == (least, most)


@pytest.mark.parametrize(
    ("answers", "red"),
    [
        ({}, None),
        ({"systolic_mmhg": 139}, None),
        ({"diastolic_mmhg": 89}, None),
        ({"systolic_mmhg": 140}, True),
        ({"diastolic_mmhg": 90}, True),
        ({"systolic_mmhg": 139, "diastolic_mmhg": 89}, False),
        ({"systolic_mmhg": 139, "diastolic_mmhg": 90}, True),
        ({"pressure_on_curve": True}, False),
        ({"pressure_on_curve": True, "systolic_mmhg": 120}, False),
        ({"pressure_on_curve": True, "diastolic_mmhg": 90}, True),
        ({"pressure_on_curve": False, "systolic_mmhg": 120, "diastolic_mmhg": 80}, True),
    ],
)
def test_pressure_is_red_by_either_number_or_the_curve(answers: dict[str, Value], red: bool | None) -> None:
    assert assess(visit(**answers))[0].pressure_red is red


@pytest.mark.parametrize(
    ("grams", "curve", "red"),
    [
        (54_349, None, True),
        (54_350, None, False),
        (57_500, None, False),
        (57_501, None, True),
        (54_349, True, False),
        (55_000, False, True),
        (None, None, None),
        (None, True, False),
    ],
)
def test_weight_is_green_between_the_least_and_the_most_and_the_kaders_reading_stands_before(
    grams: int | None, curve: bool | None, red: bool | None
) -> None:
    """Week 24 at IMT 20,8: 500 + 11 x 350 = 4.350 g to 2.000 + 11 x 500 = 7.500 g."""
    (found,) = assess(visit(weight_g=grams, weight_on_curve=curve))
    assert found.expected_gain_g == (4_350, 7_500)
    assert found.weight_red is red


@pytest.mark.parametrize(
    ("born_on", "week", "code"),
    [
        (date(2006, 10, 16), 24, None),
        (date(2006, 10, 17), 24, "too_young"),
        (date(1990, 10, 17), 24, None),
        (date(1990, 10, 16), 24, "too_old"),
    ],
)
def test_too_young_and_too_old_turn_on_the_birthday(born_on: date, week: int, code: str | None) -> None:
    """Week 24 from 1 May 2026 is 16 October 2026: under 20 until the birthday, over 35 from the thirty-sixth."""
    assert codes(visit(week), mother={"born_on": born_on}) == ([code] if code else [])


@pytest.mark.parametrize(
    ("booked", "code"),
    [
        ({"birth_interval_months": 24}, None),
        ({"birth_interval_months": 23}, "too_close"),
        ({"birth_interval_months": 0}, "too_close"),
        ({"gravida": 4}, None),
        ({"gravida": 5}, "too_many"),
        ({"height_mm": 1450, "first_weight_g": 45_000}, None),
        ({"height_mm": 1449, "first_weight_g": 45_000}, "short"),
        ({"height_mm": 1600, "first_weight_g": 47_360}, None),
        ({"height_mm": 1600, "first_weight_g": 47_359}, "thin"),
    ],
)
def test_each_risk_of_the_pregnancy_at_its_edge(booked: Answers, code: str | None) -> None:
    """47,36 kg at 1,6 m is 18,5 exactly."""
    assert codes(visit(), booked={**BOOKED, **booked}) == ([code] if code else [])


@pytest.mark.parametrize(
    ("week", "hb", "anaemic"),
    [(12, 109, True), (12, 110, False), (13, 105, False), (13, 104, True), (24, 105, False), (25, 109, True)],
)
def test_anaemia_by_trimester_at_its_edge(week: int, hb: int, anaemic: bool) -> None:
    """PPK KMK 1936/2022: under 11,0 in the first and third trimester, under 10,5 in the second."""
    assert assess(visit(week, haemoglobin_dg_dl=hb))[0].anaemic is anaemic


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"haemoglobin_dg_dl": 100}, "anaemia"),
        ({"haemoglobin_dg_dl": 99}, "anaemia_severe"),
        ({"systolic_mmhg": 159, "diastolic_mmhg": 109}, "pressure_high"),
        ({"systolic_mmhg": 160, "diastolic_mmhg": 90}, "pressure_emergency"),
        ({"systolic_mmhg": 120, "diastolic_mmhg": 110}, "pressure_emergency"),
        ({"muac_mm": 234}, "muac_red"),
    ],
)
def test_what_sends_on_at_its_edge(answers: dict[str, Value], code: str) -> None:
    assert codes(visit(**answers)) == [code]


def test_each_danger_sign_is_named_as_the_form_names_it() -> None:
    for sign in DANGER_SIGNS:
        (found,) = assess(visit(**{sign.name: True}))
        assert found.findings[0].why == f"Ada tanda bahaya: {sign.label.lower()}."
        assert (found.level, found.refer) == ("bad", True)
        assert codes(visit(**{sign.name: False})) == []


@pytest.mark.parametrize(
    ("booked", "answers", "why"),
    [
        ({"first_weight_g": 44_420}, {}, "IMT awal 18,49, di bawah 18,5. Ditangani seperti KEK."),
        ({"gravida": 7}, {}, "Kehamilan ke-7. Ini kehamilan berisiko."),
        ({"height_mm": 1449}, {}, "Tinggi badan 144,9 cm. Ini kehamilan berisiko."),
        ({}, {"weight_on_curve": False}, "Berat badan tidak sesuai kurva Buku KIA (merah)."),
        (
            {},
            {"weight_on_curve": False, "weight_g": 53_000},
            "Berat badan tidak sesuai kurva Buku KIA (merah). Kenaikan 3,0 kg sejak awal hamil; yang diharapkan 4,3"
            " sampai 7,5 kg (hasil hitung).",
        ),
        ({}, {"haemoglobin_dg_dl": 104}, "Hb 10,4 g/dL, di bawah batas untuk umur kehamilan ini."),
        ({}, {"systolic_mmhg": 162, "diastolic_mmhg": 95}, "Tekanan darah 162/95 mmHg: darurat."),
    ],
)
def test_the_reason_is_said_word_by_word(booked: Answers, answers: dict[str, Value], why: str) -> None:
    assert assess(visit(**answers), booked={**BOOKED, **booked})[0].findings[0].why == why


def test_beyond_term_is_said_with_the_weeks() -> None:
    assert assess(visit(43))[0].findings[0].why == "Umur kehamilan 43 minggu: sudah 42 minggu atau lebih."


def test_two_visits_on_one_day_and_a_fall_are_told_against_the_one_before() -> None:
    told = assess(visit(20, weight_g=55_000), visit(24, weight_g=54_500))
    assert told[1].headline == "Umur kehamilan 24 minggu. Turun 500 gram sejak 18 September."
    same = assess(visit(20, weight_g=54_000), visit(24), visit(24, weight_g=54_800))
    assert same[-1].headline == "Umur kehamilan 24 minggu. Naik 800 gram sejak 18 September."


def test_the_first_weight_is_the_one_registered_and_not_a_later_one() -> None:
    told = assess(visit(8, weight_g=49_000), visit(24, weight_g=55_000))
    assert [each.gain_g for each in told] == [-1_000, 5_000]
    without = {name: value for name, value in BOOKED.items() if name != "first_weight_g"}
    assert [each.gain_g for each in assess(visit(8), visit(12, weight_g=50_000), booked=without)] == [None, 0]


@pytest.mark.parametrize(
    ("tool", "told", "spoilt", "words"),
    [
        ("scale", {"weight_g": 70_000}, ("weight_g",), "Timbangan hari itu ternyata salah: timbang lagi."),
        ("scale", {"weight_on_curve": False}, ("weight_on_curve",), "Timbangan hari itu ternyata salah: timbang lagi."),
        ("both", {"weight_g": 70_000, "weight_on_curve": False}, ("weight_g", "weight_on_curve"),
         "Timbangan hari itu ternyata salah: timbang lagi."),
    ],
)  # fmt: skip
def test_what_a_wrong_scale_said_of_a_mother_is_not_judged(
    tool: str, told: Answers, spoilt: tuple[str, ...], words: str
) -> None:
    visits: list[Answers] = [{**visit(24, muac_mm=220, **told), "session_id": "hari"}]
    (before,) = pregnancy.assess(STANDARDS, MOTHER, BOOKED, visits, {"lain": tool})
    (sound,) = pregnancy.assess(STANDARDS, MOTHER, BOOKED, visits, {"hari": tool})
    assert (before.weight_red, before.spoilt) == (True, ())
    assert (sound.weight_red, sound.gain_g, sound.muac_red, sound.spoilt) == (None, None, True, spoilt)
    assert {each.code for each in before.findings} - {each.code for each in sound.findings} <= {
        "weight_red", "weight_outside",
    }  # fmt: skip
    assert sound.headline.endswith(words)
    assert pregnancy.assess(STANDARDS, MOTHER, BOOKED, visits, {"hari": "board"}) == [before]
