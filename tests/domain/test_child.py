"""A child's visits judged: scores, classes, letter, what to do, and the sentence the mother hears."""

from datetime import date

import pytest

from posyandu.domain import child, growth
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers, Value
from tests.domain.shipped import STANDARDS, TABLES
from tests.rules import changed_rules

BORN = date(2025, 7, 1)
BOY = {"sex": "male", "born_on": BORN}


def assess(*visits: Answers, person: Answers = BOY) -> list[ChildAssessment]:
    return child.assess(STANDARDS, TABLES, person, visits)


def visit(on: str, **answers: Value | None) -> Answers:
    return {"visited_on": date.fromisoformat(on), **answers}


def codes(*visits: Answers, person: Answers = BOY) -> list[str]:
    """The findings of the last visit."""
    return [finding.code for finding in assess(*visits, person=person)[-1].findings]


SEPTEMBER = visit("2026-09-10", weight_g=9000)
OCTOBER = visit("2026-10-10", weight_g=9100)


def test_the_sentence_says_what_the_mother_asks() -> None:
    told = [
        found.headline
        for found in assess(
            visit("2026-03-10", weight_g=8000),
            visit("2026-04-10", weight_g=8400),
            visit("2026-05-10", weight_g=8500),
            visit("2026-06-10", weight_g=8500),
            visit("2026-07-10", weight_g=8300),
            visit("2026-09-10", weight_g=9000),
            visit("2026-10-10", weight_g=9100, gain_judged="N"),
            visit("2026-11-10", weight_g=9700, gain_judged="T"),
            visit("2026-12-10"),
        )
    ]
    assert told == [
        "Penimbangan pertama di sini. Bulan depan terlihat naik atau tidak.",
        "Naik 400 gram sejak 10 Maret. Target bulan ini 300 gram.",
        "Naik 100 gram sejak 10 April, belum mencapai target bulan ini 300 gram.",
        "Berat tetap sejak 10 Mei. Target bulan ini naik 300 gram.",
        "Turun 200 gram sejak 10 Juni. Target bulan ini naik 200 gram.",
        "Bulan lalu tidak ditimbang. Bulan depan terlihat lagi naik atau tidak.",
        "Naik 100 gram sejak 10 September. Menurut arah kurva KMS: naik.",
        "Naik 600 gram sejak 10 Oktober. Menurut arah kurva KMS: tidak naik.",
        "Belum ditimbang pada kunjungan ini.",
    ]


def test_the_sentence_names_the_line_that_is_crossed() -> None:
    assert assess(visit("2026-09-10", weight_g=7500))[0].headline.endswith("Berat di bawah garis merah.")
    assert assess(visit("2026-09-10", weight_g=13000))[0].headline.endswith("Berat di atas garis oranye.")


def test_a_well_child_gets_scores_classes_and_nothing_to_do() -> None:
    _, found = assess(
        visit("2026-10-10", weight_g=9200),
        visit("2026-11-12", weight_g=9600, length_mm=785, position="lying", head_mm=470, muac_mm=145, oedema="none"),
    )
    assert (found.age_months, found.age_days) == (16, 499)
    assert found.z == growth.zscores(TABLES, growth.Measurement("male", 499, 9.6, 78.5, "l", 47.0, 14.5))
    assert {index: category.label for index, category in found.categories.items()} == {
        "waz": "Berat badan normal",
        "haz": "Normal",
        "whz": "Gizi baik (normal)",
        "baz": "Gizi baik (normal)",
        "hcz": "Normal",
    }
    assert (found.muac.label, found.head.label) == ("Normal", "Normal")
    assert (found.findings, found.level, found.refer) == ((), "ok", False)


def test_measured_standing_is_corrected_for_a_child_under_two() -> None:
    lying, standing = (assess(visit("2026-11-12", length_mm=785, position=p))[0].z for p in ("lying", "standing"))
    assert (lying.lenhei_cm, standing.lenhei_cm) == (78.5, pytest.approx(79.2))


def test_not_gaining_is_reported_and_twice_is_referred() -> None:
    once = assess(SEPTEMBER, OCTOBER)[-1].findings[0]
    assert (once.code, once.level, once.refer) == ("not_gained", "warn", True)
    assert once.why == "Naik 100 gram sejak 10 September, target 200 gram."
    assert codes(SEPTEMBER, OCTOBER, visit("2026-11-12", weight_g=9150)) == ["not_gained_twice"]


def test_before_2023_one_month_without_gain_was_advice() -> None:
    born = {"sex": "male", "born_on": date(2021, 7, 1)}
    found = assess(visit("2022-09-10", weight_g=9000), visit("2022-10-10", weight_g=9100), person=born)[-1]
    assert [(finding.code, finding.refer) for finding in found.findings] == [("not_gained", False)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"weight_g": 7500}, ["below_red"]),
        ({"weight_g": 13_000}, ["above_orange"]),
        ({"weight_g": 7300, "length_mm": 780}, ["severely_wasted", "below_red"]),
        ({"weight_g": 8600, "length_mm": 815}, ["wasted"]),
        ({"weight_g": 11_500, "length_mm": 780}, ["overweight_risk"]),
        ({"weight_g": 12_500, "length_mm": 780}, ["overweight"]),
        ({"weight_g": 13_500, "length_mm": 780}, ["obese"]),
        ({"length_mm": 720}, ["stunted"]),
        ({"length_mm": 700}, ["severely_stunted"]),
        ({"head_mm": 430}, ["head_small"]),
        ({"head_mm": 500}, ["head_large"]),
        ({"muac_mm": 110}, ["muac_red"]),
        ({"muac_mm": 120}, ["muac_yellow"]),
        ({"muac_mm": 110, "weight_g": 7300, "length_mm": 780}, ["muac_red", "below_red"]),
        ({"oedema": "1"}, ["oedema"]),
        ({"development": "incomplete"}, ["development_incomplete"]),
        ({"tbc_cough": True, "tbc_fever": True}, ["tbc_suspected"]),
        ({"tbc_contact": True}, ["tbc_contact"]),
        ({"tbc_cough": True}, ["tbc_sign"]),
        ({"tbc_listless": True}, ["tbc_sign"]),
        ({"tbc_contact": True, "tbc_cough": True}, ["tbc_suspected"]),
        ({"sick": True, "illness": "batuk"}, ["sick"]),
        ({"diarrhoea": True, "oralit": False}, ["no_oralit"]),
        ({"diarrhoea": True, "oralit": True}, []),
        ({"immunisation_complete": False}, ["immunisation_incomplete"]),
        ({"complementary_food": False}, ["poor_complementary_food"]),
        ({"exclusive_breastfeeding": False}, []),
        ({"supplement_eaten": False}, ["supplement_not_eaten"]),
        ({"vitamin_a": "none", "deworming": False}, []),
        ({}, []),
    ],
)
def test_each_finding_of_the_card(answers: dict[str, Value], expected: list[str]) -> None:
    assert codes(visit("2026-10-12", **answers)) == expected


def test_in_august_vitamin_a_and_worm_medicine_are_missed() -> None:
    assert codes(visit("2026-08-12", vitamin_a="none", deworming=False)) == ["vitamin_a_due", "deworming_due"]
    assert codes(visit("2026-08-12", vitamin_a="red", deworming=True)) == []
    assert codes(visit("2026-08-12")) == []


def test_a_young_infant_is_asked_about_breast_milk_not_about_food() -> None:
    young = {"sex": "female", "born_on": date(2026, 8, 1)}
    assert codes(
        visit("2026-10-12", exclusive_breastfeeding=False, complementary_food=False, muac_mm=100), person=young
    ) == ["not_exclusive_breastfeeding"]


def test_an_implausible_measure_is_measured_again_before_it_means_anything() -> None:
    found = assess(visit("2026-10-12", weight_g=5000, length_mm=780))[-1]
    assert found.z.flags == {"whz", "baz"}
    assert [finding.code for finding in found.findings] == ["below_red", "implausible"]
    assert "berat menurut panjang atau tinggi, IMT menurut umur" in found.findings[1].why
    stretched = assess(visit("2026-10-12", weight_g=9000, length_mm=1150))[-1]
    assert [finding.code for finding in stretched.findings] == ["implausible"]


def test_above_five_years_body_mass_decides() -> None:
    older = {"sex": "male", "born_on": date(2021, 1, 1)}
    found = assess(
        visit("2026-09-10", weight_g=13_000, length_mm=1100),
        visit("2026-10-10", weight_g=13_200, length_mm=1100),
        person=older,
    )
    assert [finding.code for finding in found[-1].findings] == ["severely_wasted"]
    assert found[-1].headline == "Naik 200 gram sejak 10 September."
    assert found[-1].categories["waz"].code == "unknown"


def test_the_old_red_line_leaves_underweight_as_its_own_finding() -> None:
    old = changed_rules({"bgm_z": -3})
    (found,) = child.assess(old, TABLES, BOY, [visit("2026-10-12", weight_g=7800)])
    assert [finding.code for finding in found.findings] == ["underweight"]
    (worse,) = child.assess(old, TABLES, BOY, [visit("2026-10-12", weight_g=6900, oedema="2")])
    assert [finding.code for finding in worse.findings] == ["oedema", "below_red"]


def test_swelling_leaves_the_weight_out_of_the_scores_but_on_the_chart() -> None:
    (found,) = assess(visit("2026-10-12", weight_g=7500, length_mm=780, oedema="3"))
    assert (found.z.waz, found.z.whz, found.z.baz) == (None, None, None)
    assert found.categories["whz"].code == "severely_wasted"
    assert "severely_wasted" not in [finding.code for finding in found.findings]
    assert found.weighed is not None
    assert found.weighed.below_red


def test_two_months_without_gain_answer_the_tbc_question_nobody_asked() -> None:
    told = {"tbc_cough": True, "tbc_fever": False, "tbc_contact": False}
    november = visit("2026-11-12", weight_g=9150, **told)
    assert assess(SEPTEMBER, OCTOBER, november)[-1].tbc_positive is True
    assert assess(SEPTEMBER, OCTOBER, {**november, "tbc_weight": False})[-1].tbc_positive is False
    assert assess(visit("2026-11-12", weight_g=9150, **told))[-1].tbc_positive is None


def test_a_dinas_may_choose_the_other_tbc_rule() -> None:
    other = changed_rules({"tbc_rule": "kmk2015"})
    (found,) = child.assess(other, TABLES, BOY, [visit("2026-10-12", tbc_listless=True)])
    assert found.tbc_positive is True


def test_visits_come_back_oldest_first_and_a_late_one_changes_those_after() -> None:
    first, last = SEPTEMBER, visit("2026-11-12", weight_g=9400)
    assert [found.weighed.code for found in assess(last, first) if found.weighed] == ["B", "O"]
    assert [found.weighed.code for found in assess(last, first, OCTOBER) if found.weighed] == ["B", "T", "N"]


def test_of_two_visits_in_a_month_each_is_compared_with_last_month() -> None:
    found = assess(SEPTEMBER, visit("2026-10-05", weight_g=9100), visit("2026-10-20", weight_g=9300))
    assert [each.weighed.code for each in found if each.weighed] == ["B", "T", "N"]


def test_nothing_weighed_is_unknown_not_ok() -> None:
    (found,) = assess(visit("2026-10-12", muac_mm=140))
    assert (found.level, found.weighed) == ("unknown", None)
    assert {category.code for category in found.categories.values()} == {"unknown"}


def test_without_sex_or_birth_date_or_before_birth_nothing_is_judged() -> None:
    for person in ({}, {"sex": "male"}, {"born_on": BORN}):
        (found,) = assess(OCTOBER, person=person)
        assert found.headline == "Lengkapi jenis kelamin dan tanggal lahir dahulu."
        assert (found.level, found.weighed, found.z, found.age_days) == ("unknown", None, growth.ZScores(), None)
    early, born = assess(visit("2025-06-01", weight_g=3000), OCTOBER)
    assert early.headline == "Tanggal kunjungan sebelum tanggal lahir. Periksa lagi."
    assert born.weighed is not None
    assert born.weighed.code == "B"
    assert assess({"weight_g": 9000}) == []


def test_only_the_last_may_be_asked_for_and_is_the_same() -> None:
    visits = [visit("2025-06-01", weight_g=3000), SEPTEMBER, OCTOBER]
    last = child.assess(STANDARDS, TABLES, BOY, visits, only_last=True)
    assert last == assess(*visits)[-1:]
    assert child.assess(STANDARDS, TABLES, BOY, visits[:1], only_last=True) == assess(visits[0])


@pytest.mark.parametrize(
    ("grams", "text"),
    [(7_500, "7,5"), (7_550, "7,55"), (7_501, "7,50"), (7_000, "7,0")],
)
def test_a_weight_is_told_with_the_decimals_of_its_scale(grams: int, text: str) -> None:
    (finding,) = assess(visit("2026-09-10", weight_g=grams))[0].findings
    assert f"Berat {text} kg" in finding.why


def test_the_day_of_birth_is_no_day_before_it() -> None:
    on, before = assess(visit("2025-07-01", weight_g=3_000)), assess(visit("2025-06-30", weight_g=3_000))
    assert (on[0].age_months, on[0].age_days) == (0, 0)
    assert (before[0].age_months, before[0].level) == (None, "unknown")
    assert before[0].headline == "Tanggal kunjungan sebelum tanggal lahir. Periksa lagi."


@pytest.mark.parametrize("person", [{}, {"sex": "male"}, {"born_on": BORN}, {"sex": "male", "born_on": "2025-07-01"}])
def test_nothing_is_judged_of_a_child_without_sex_or_birth_date(person: Answers) -> None:
    found = assess(visit("2026-09-10", weight_g=3_000, muac_mm=100, oedema="3"), person=person)[0]
    assert found.headline == "Lengkapi jenis kelamin dan tanggal lahir dahulu."
    assert ([each.code for each in found.findings], found.level) == (["oedema"], "bad"), "swollen feet need no age"
    assert (found.weighed, found.tbc_positive) == (None, None)
    assert {category.code for category in (*found.categories.values(), found.muac, found.head)} == {"unknown"}


def test_only_the_last_visit_is_judged_when_only_it_is_asked_for() -> None:
    visits = [SEPTEMBER, OCTOBER, visit("2026-11-12", weight_g=9_150)]
    every = child.assess(STANDARDS, TABLES, BOY, visits)
    assert child.assess(STANDARDS, TABLES, BOY, visits, only_last=True) == every[-1:]
    early = [visit("2025-06-01"), visit("2025-06-15")]
    assert [each.visited_on for each in child.assess(STANDARDS, TABLES, BOY, early, only_last=True)] == [
        date(2025, 6, 15)
    ]
    assert child.assess(STANDARDS, TABLES, BOY, [*early, SEPTEMBER], only_last=True)[0].visited_on == date(2026, 9, 10)
    assert child.assess(STANDARDS, TABLES, BOY, [], only_last=True) == []


@pytest.mark.parametrize(
    ("grade", "swollen"), [("none", False), ("1", True), ("2", True), ("3", True), (None, False), ("x", False)]
)
def test_any_grade_of_swelling_on_both_feet_is_oedema(grade: str | None, swollen: bool) -> None:
    """Permenkes 2/2020: gizi buruk whatever was measured, and no score that uses the weight."""
    found = assess(visit("2026-09-10", weight_g=9_500, length_mm=780, position="lying", oedema=grade))[0]
    assert child.has_oedema({"oedema": grade}) is swollen
    assert (found.categories["whz"].code == "severely_wasted") is swollen
    assert (found.z.waz is None) is swollen
    assert (found.z.haz is None) is False


@pytest.mark.parametrize(
    ("months", "answers", "code", "found"),
    [
        (5, {"exclusive_breastfeeding": False}, "not_exclusive_breastfeeding", True),
        (6, {"exclusive_breastfeeding": False}, "not_exclusive_breastfeeding", False),
        (5, {"complementary_food": False}, "poor_complementary_food", False),
        (6, {"complementary_food": False}, "poor_complementary_food", True),
        (5, {"exclusive_breastfeeding": None}, "not_exclusive_breastfeeding", False),
        (5, {"exclusive_breastfeeding": True}, "not_exclusive_breastfeeding", False),
    ],
)
def test_breast_milk_alone_until_six_months_and_food_from_then(
    months: int, answers: dict[str, Value | None], code: str, found: bool
) -> None:
    born = {"sex": "male", "born_on": date(2026, 11 - months, 12)}
    assert (code in codes(visit("2026-11-12", **answers), person=born)) is found


@pytest.mark.parametrize(
    ("day", "capsule", "due"),
    [
        ("2026-01-31", "none", False),
        ("2026-02-01", "none", True),
        ("2026-02-28", "none", True),
        ("2026-03-01", "none", False),
        ("2026-08-31", "none", True),
        ("2026-08-31", "red", False),
        ("2026-08-31", None, False),
    ],
)
def test_vitamin_a_is_missed_only_in_its_months_and_only_when_told_so(day: str, capsule: str | None, due: bool) -> None:
    """Permenkes 21/2015: February and August; not asked is not missed."""
    assert ("vitamin_a_due" in codes(visit(day, vitamin_a=capsule))) is due


@pytest.mark.parametrize(("position", "measure"), [("lying", "l"), ("standing", "h"), (None, None), ("sideways", None)])
def test_a_visit_becomes_a_measurement_in_kilograms_and_centimetres(position: str | None, measure: str | None) -> None:
    told = {"weight_g": 9_650, "length_mm": 785, "position": position, "head_mm": 470, "muac_mm": 145}
    found = child.measurement("male", 499, told)
    assert (found.weight_kg, found.lenhei_cm, found.head_cm, found.muac_cm) == (9.65, 78.5, 47.0, 14.5)
    assert (found.measure, found.oedema, found.age_days, found.sex) == (measure, False, 499, "male")
    empty = child.measurement("female", 0, {})
    assert (empty.weight_kg, empty.lenhei_cm, empty.head_cm, empty.muac_cm) == (None, None, None, None)


@pytest.mark.parametrize(
    "person", [{"born_on": BORN}, {"sex": "male"}, {}, {"sex": "male", "born_on": date(2027, 1, 1)}]
)
def test_the_screening_for_tbc_needs_neither_sex_nor_age(person: Answers) -> None:
    coughs = visit("2026-10-10", tbc_cough=True, tbc_fever=True)
    no = visit("2026-10-10", tbc_cough=False, tbc_fever=False, tbc_weight=False, tbc_contact=False)
    unasked = visit("2026-10-10", tbc_cough=True)
    found = [assess(each, person=person)[0] for each in (coughs, no, unasked)]
    assert [each.tbc_positive for each in found] == [True, False, None]
    assert [each.weighed for each in found] == [None] * 3
    told = [([finding.code for finding in each.findings], each.level) for each in found]
    assert told == [(["tbc_suspected"], "bad"), ([], "unknown"), (["tbc_sign"], "warn")]


# --- a tool that was found wrong

HUNGRY = visit(
    "2026-10-10", session_id="oktober", weight_g=6_000, length_mm=680, position="lying", head_mm=470, muac_mm=120,
    tbc_cough=True,
)  # fmt: skip
HEAVY, LIGHT = visit("2026-08-10", weight_g=9_000), visit("2026-09-10", weight_g=9_000, session_id="september")


def judged(*visits: Answers, **wrong: str) -> list[ChildAssessment]:
    return child.assess(STANDARDS, TABLES, BOY, visits, wrong=wrong)


def told(found: ChildAssessment) -> set[str]:
    return {each.code for each in found.findings if each.refer}


@pytest.mark.parametrize(
    ("wrong", "classes", "findings"),
    [
        ({}, {"waz", "haz", "whz", "baz", "hcz"},
         {"below_red", "severely_stunted", "severely_wasted", "not_gained_twice", "muac_yellow",
          "tbc_suspected"}),
        ({"oktober": "scale"}, {"haz", "hcz"}, {"severely_stunted", "muac_yellow", "tbc_sign"}),
        ({"oktober": "board"}, {"waz", "hcz"},
         {"below_red", "not_gained_twice", "muac_yellow", "tbc_suspected"}),
        ({"oktober": "both"}, {"hcz"}, {"muac_yellow", "tbc_sign"}),
        ({"oktober": "none"}, {"waz", "haz", "whz", "baz", "hcz"},
         {"below_red", "severely_stunted", "severely_wasted", "not_gained_twice", "muac_yellow",
          "tbc_suspected"}),
        ({"lain": "both"}, {"waz", "haz", "whz", "baz", "hcz"},
         {"below_red", "severely_stunted", "severely_wasted", "not_gained_twice", "muac_yellow",
          "tbc_suspected"}),
    ],
)  # fmt: skip
def test_what_a_wrong_tool_said_has_no_class_and_sends_nobody_on(
    wrong: dict[str, str], classes: set[str], findings: set[str]
) -> None:
    last = judged(HEAVY, LIGHT, HUNGRY, **wrong)[-1]
    assert {index for index, each in last.categories.items() if each.level != "unknown"} == classes
    assert told(last) == findings
    assert last.weighed is not None
    assert (last.weighed.code, last.weighed.is_2t, last.weighed.grams) == ("T", True, 6_000), "N and T stay as told"
    assert last.headline.startswith("Turun 3.000 gram sejak 10 September.")
    below = {"scale": None, "both": None}.get(wrong.get("oktober", ""), True)
    assert last.weighed.below_red is below
    assert ("Berat di bawah garis merah." in last.headline) is (below is True)


@pytest.mark.parametrize(
    ("tool", "answers", "words"),
    [
        ("scale", {}, "Timbangan hari itu ternyata salah: timbang lagi."),
        ("board", {}, "Papan ukur hari itu ternyata salah: ukur lagi."),
        ("both", {}, "Timbangan dan papan ukur hari itu ternyata salah: ukur lagi."),
        ("both", {"length_mm": None}, "Timbangan hari itu ternyata salah: timbang lagi."),
        ("both", {"weight_g": None}, "Papan ukur hari itu ternyata salah: ukur lagi."),
        ("both", {"weight_g": None, "length_mm": None}, ""),
    ],
)
def test_the_verdict_says_which_tool_of_the_day_was_wrong(tool: str, answers: Answers, words: str) -> None:
    last = judged(HEAVY, {**HUNGRY, **answers}, oktober=tool)[-1]
    assert last.headline.endswith(words or "Belum ditimbang pada kunjungan ini.")
    assert bool(last.spoilt) is bool(words)


def test_a_wrong_weight_of_last_month_finds_no_gain_missing_this_month() -> None:
    later = visit("2026-10-10", weight_g=9_050)
    before, after = judged(HEAVY, LIGHT, later)[-1], judged(HEAVY, LIGHT, later, september="scale")[-1]
    assert ({each.code for each in before.findings}, after.findings) == ({"not_gained_twice"}, ())
    assert (before.level, after.level) == ("bad", "ok")
    assert after.weighed == before.weighed


def test_swollen_feet_are_seen_whatever_the_scale_says() -> None:
    last = judged({**HUNGRY, "oedema": "2"}, oktober="both")[-1]
    assert last.categories["whz"].code == "severely_wasted"
    assert "oedema" in told(last)


def test_the_last_alone_is_judged_as_among_all() -> None:
    wrong = {"oktober": "scale", "september": "board"}
    visits = [HEAVY, LIGHT, HUNGRY]
    (alone,) = child.assess(STANDARDS, TABLES, BOY, visits, only_last=True, wrong=wrong)
    assert alone == judged(*visits, **wrong)[-1]
    unborn = child.assess(STANDARDS, TABLES, {}, visits, wrong=wrong)
    assert unborn == child.assess(STANDARDS, TABLES, {}, visits)


@pytest.mark.parametrize("wrong", [{}, {"oktober": "scale"}, {"september": "both"}])
@pytest.mark.parametrize("since", [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)])
def test_from_a_day_on_visits_are_judged_as_among_all_and_those_before_keep_their_letter(
    wrong: dict[str, str], since: date
) -> None:
    visits = [visit("2026-07-10", weight_g=8_000), HEAVY, LIGHT, HUNGRY]
    whole = judged(*visits, **wrong)
    for each, known in zip(child.assess(STANDARDS, TABLES, BOY, visits, wrong=wrong, since=since), whole, strict=True):
        if each.visited_on >= since:
            assert each == known
            continue
        assert each.weighed is not None
        assert known.weighed is not None
        assert (each.weighed.code, each.weighed.is_2t, each.spoilt) == (
            known.weighed.code, known.weighed.is_2t, known.spoilt,
        )  # fmt: skip
        assert (each.z, each.findings, each.weighed.below_red, each.level) == (growth.ZScores(), (), None, "unknown")
        assert {category.level for category in each.categories.values()} == {"unknown"}
