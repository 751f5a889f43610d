"""The dated rules: the right one on each day, a dinas' own choice, and nothing misspelt let through."""

import copy
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest

from posyandu.domain import (
    adult,
    child,
    consent,
    forms,
    home_visit,
    immunisation,
    instruments,
    known,
    outcome,
    postpartum,
    pregnancy,
    referral,
    school,
    weighing,
)
from posyandu.domain.fields import Answers, Number
from posyandu.domain.forms import home_visit as home_forms
from posyandu.domain.service_group import Group, GroupRule, group_on, pregnancy_on
from posyandu.domain.standards import Graduation, HomeVisits, Standards, read_standards
from posyandu.domain.weighing import Weighing
from tests.domain.shipped import FILES, RULES, STANDARDS, TABLES, TODAY
from tests.rules import changed_rules

CONDITIONS = {
    child.FORM_NAME: child.CONDITIONS,
    pregnancy.FORM_NAME: pregnancy.CONDITIONS,
    postpartum.FORM_NAME: postpartum.CONDITIONS,
    school.FORM_NAME: school.CONDITIONS,
    school.MENTAL_NAME: school.MENTAL_CONDITIONS,
    adult.FORM_NAME: adult.CONDITIONS,
    postpartum.NEWBORN_NAME: postpartum.NEWBORN_CONDITIONS,
    known.FORM_NAME: known.CONDITIONS,
    "srq20": instruments.SRQ_CONDITIONS,
    "aks": instruments.AKS_CONDITIONS,
    "skilas": instruments.SKILAS_CONDITIONS,
}


def test_the_minimum_gain_is_the_printed_table() -> None:
    boys = [RULES.minimum_gain_g("male", month) for month in range(14)]
    girls = [RULES.minimum_gain_g("female", month) for month in range(14)]
    assert boys == [None, 800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300, 200, 200]
    assert girls == [None, 800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200, 200, 200]
    assert [RULES.minimum_gain_g("male", month) for month in (59, 60, 61)] == [200, 200, None]
    assert RULES.minimum_gain_g("None", 7) is None, "a child without a sex has no least gain, and a sheet still stands"


def test_the_red_line_moved_and_the_orange_one_came_with_the_new_kms() -> None:
    old, new = STANDARDS.on(date(2020, 12, 31)), STANDARDS.on(date(2021, 1, 1))
    assert (old.bgm_z, old.orange_z) == (-3, None)
    assert (new.bgm_z, new.orange_z) == (-2, 1)
    assert "KMS" in new.sources["bgm_z"]


def test_a_day_before_every_rule_has_the_earliest() -> None:
    assert STANDARDS.on(date(1990, 1, 1)).bgm_z == -3
    assert STANDARDS.on(date(1990, 1, 1)).referrals == ()


def test_one_month_without_gain_calls_for_referral_only_since_2023() -> None:
    def refers(day: date) -> list[bool]:
        return [rule.refer for rule in STANDARDS.on(day).referrals if rule.code == "not_gained"]

    assert (refers(date(2022, 12, 31)), refers(date(2023, 1, 1))) == ([False], [True])


def test_every_rule_names_its_source_and_the_days_share_their_rules() -> None:
    assert all(RULES.sources[name] for name in STANDARDS.entries)
    assert STANDARDS.on(TODAY) is STANDARDS.on(date(2026, 1, 1))


def test_another_choice_holds_from_its_day_until_a_later_entry_and_leaves_the_shipped_rules_alone() -> None:
    day = date(2020, 6, 1)
    chosen = STANDARDS.with_overrides({"bgm_z": -4, "ttd_target": 180}, day, "Surat dinas")
    chosen = chosen.with_overrides({"tbc_rule": "kmk2015"}, date(2023, 1, 1), "Surat lain")
    days = (day - timedelta(days=1), day, date(2020, 12, 31), date(2021, 1, 1))
    assert [chosen.on(each).bgm_z for each in days] == [-3, -4, -4, -2]
    assert [chosen.on(each).ttd_target for each in days] == [90, 180, 180, 180]
    assert chosen.on(day).sources["bgm_z"] == "Surat dinas"
    assert (chosen.on(TODAY).tbc.needed, chosen.on(TODAY).sources["tbc_rule"]) == (1, "Surat lain"), "of the same day"
    assert (STANDARDS.on(TODAY).ttd_target, STANDARDS.on(TODAY).tbc.needed) == (90, 2)


@pytest.mark.parametrize("wrong", [{"bgm": -3}, {"bgm_z": "-3"}, {"tbc_rule": "mine"}, {"kbm": {"male": []}}])
def test_a_choice_of_the_wrong_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        changed_rules(wrong)


def test_vitamin_a_and_worm_medicine_have_their_months_and_ages() -> None:
    february, august = date(2026, 2, 10), date(2026, 8, 10)
    assert [RULES.vitamin_a.due(february, age) for age in (5, 6, 11, 12, 59, 60)] == [
        *(None, "blue", "blue", "red", "red", None)
    ]
    assert RULES.vitamin_a.due(TODAY, 24) is None
    assert [RULES.deworming.due(august, age) for age in (11, 12, 71, 72)] == [False, True, True, False]
    assert not RULES.deworming.due(february, 24)


def test_age_bands_leave_no_month_out_and_none_twice() -> None:
    for use, bands in RULES.age_bands.items():
        for earlier, later in zip(bands, bands[1:], strict=False):
            assert later.from_months == earlier.to_months + 1, use
        assert bands[0].from_months == 0


def test_every_referral_rule_has_a_condition_and_every_condition_a_rule() -> None:
    named = {form: {rule.condition for rule in STANDARDS.referrals if rule.form == form} for form in CONDITIONS}
    assert named == {form: set(conditions) for form, conditions in CONDITIONS.items()}
    codes = {rule.code for rule in STANDARDS.referrals}
    assert {code for rule in STANDARDS.referrals for code in rule.replaces} <= codes


def test_every_limit_belongs_to_a_number_of_a_form_and_stays_within_it() -> None:
    for limit in RULES.limits:
        field = forms.FORMS[limit.form].fields[limit.field]
        assert isinstance(field, Number)
        for span in (limit.hard, limit.usual):
            assert span is None or field.low <= span[0] < span[1] <= field.high, limit


def drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(files: dict[str, Any]) -> None:
        for step in path[:-1]:
            files = files[step]
        del files[path[-1]]

    return change


def put(value: Any, *path: Any) -> Callable[[dict[str, Any]], None]:
    def change(files: dict[str, Any]) -> None:
        for step in path[:-1]:
            files = files[step]
        files[path[-1]] = value

    return change


GROWTH = ("growth.json", "rules")
KBM = (*GROWTH, "kbm", 0)
SCHEME = (*GROWTH, "categories", 0, "value", 0)
PREGNANCY = ("pregnancy.json", "rules")
PROGRAMME = ("programme.json", "rules")
REFERRAL = ("referral.json", "referrals", 0)
PRESSURE = ("life.json", "rules", "pressures", 0, "value", 0)
LIMIT = ("limits.json", "rules", "limits", 0, "value", 0)


@pytest.mark.parametrize(
    "change",
    [
        drop("growth.json"),
        drop("growth.json", "about"),
        put([], "growth.json"),
        put([], *GROWTH),
        put([], *GROWTH, "misspelt"),
        put([{"since": "2010-01-01", "source": "x", "value": -3}], *PREGNANCY, "bgm_z"),
        drop(*KBM, "source"),
        put("", *KBM, "source"),
        put("yesterday", *KBM, "since"),
        put("more", *KBM, "extra"),
        put({}, *GROWTH, "kbm"),
        put([], *GROWTH, "kbm"),
        put("2030-01-01", *GROWTH, "bgm_z", 0, "since"),
        put("2021-01-01", *GROWTH, "bgm_z", 0, "since"),
        put(True, *GROWTH, "bgm_z", 0, "value"),
        put("1", *GROWTH, "orange_z", 1, "value"),
        put(1.5, *KBM, "value", "to_months"),
        drop(*KBM, "value", "female"),
        put([], *SCHEME, "bands"),
        put(5, *SCHEME, "bands", -1, "up_to"),
        put("awful", *SCHEME, "bands", 0, "level"),
        put("yes", *SCHEME, "bands", 0, "refer"),
        put(1, *PROGRAMME, "tbc_rule", 0, "value"),
        put("mine", *PROGRAMME, "tbc_rule", 0, "value"),
        put([6], *PROGRAMME, "vitamin_a", 0, "value", "blue"),
        put([11, 6], *PROGRAMME, "vitamin_a", 0, "value", "blue"),
        put([110, 105], *PREGNANCY, "anaemia", 0, "value", "by_trimester"),
        put(35, *PREGNANCY, "weight_gain", 0, "value", -1, "bmi_below"),
        drop(*PREGNANCY, "pressure", 0, "value", "systolic"),
        put([], *PRESSURE, "classes"),
        put(120, *PRESSURE, "classes", -1, "systolic"),
        put([90, 60, 40], *PRESSURE, "low"),
        put("other", *LIMIT, "sex"),
        put([3], *LIMIT, "hard"),
        drop(*LIMIT, "field"),
        put([5, 1], *LIMIT, "months"),
        drop(*REFERRAL, "why"),
        put("", *REFERRAL, "tell_family"),
        put("sad", *REFERRAL, "level"),
        lambda files: files["referral.json"]["referrals"].append(files["referral.json"]["referrals"][0]),
    ],
)
def test_anything_missing_unknown_doubled_or_of_another_kind_is_refused(
    change: Callable[[dict[str, Any]], None],
) -> None:
    files = copy.deepcopy(FILES)
    change(files)
    with pytest.raises(ValueError, match=r"\w"):
        read_standards(files)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (drop("growth.json"), ()),
        (put([], "growth.json"), ("growth.json",)),
        (put([], *GROWTH, "misspelt"), ("growth.json", "misspelt")),
        (drop(*KBM, "source"), ("growth.json", "kbm", "source")),
        (put("", *KBM, "source"), ("growth.json", "kbm", "wants a text")),
        (put({}, *GROWTH, "kbm"), ("growth.json", "kbm", "wants a list")),
        (put(True, *GROWTH, "bgm_z", 0, "value"), ("growth.json", "bgm_z", "wants a number")),
        (put("1", *GROWTH, "orange_z", 1, "value"), ("growth.json", "orange_z", "wants a number")),
        (put(1.5, *KBM, "value", "to_months"), ("growth.json", "kbm", "wants a whole number")),
        (put("awful", *SCHEME, "bands", 0, "level"), ("growth.json", "categories", "wants one of")),
        (put("yes", *SCHEME, "bands", 0, "refer"), ("growth.json", "categories", "wants true or false")),
        (put(5, *SCHEME, "bands", -1, "up_to"), ("growth.json", "categories", "the last band must be open")),
        (put("mine", *PROGRAMME, "tbc_rule", 0, "value"), ("programme.json", "tbc_rule", "wants one of")),
        (
            put([11, 6], *PROGRAMME, "vitamin_a", 0, "value", "blue"),
            ("programme.json", "vitamin_a", "wants the lowest and the highest"),
        ),
        (
            put([110, 105], *PREGNANCY, "anaemia", 0, "value", "by_trimester"),
            ("pregnancy.json", "anaemia", "wants three trimesters"),
        ),
        (
            put(35, *PREGNANCY, "weight_gain", 0, "value", -1, "bmi_below"),
            ("pregnancy.json", "weight_gain", "the last class must be open"),
        ),
        (drop(*PREGNANCY, "pressure", 0, "value", "systolic"), ("pregnancy.json", "pressure", "systolic")),
        (
            put([18.5], *PREGNANCY, "prepregnancy", 0, "value", "bmi"),
            ("pregnancy.json", "prepregnancy", "wants the lowest and the bound of the BMI"),
        ),
        (put([90, 60, 40], *PRESSURE, "low"), ("life.json", "pressures", "wants two whole numbers")),
        (put([], *PRESSURE, "classes"), ("life.json", "pressures", "the last class must be open")),
        (put("other", *LIMIT, "sex"), ("limits.json", "limits", "wants one of male, female")),
        (drop(*LIMIT, "field"), ("limits.json", "limits", "field")),
        (put("sad", *REFERRAL, "level"), ("referral.json", "wants one of")),
        (put("", *REFERRAL, "tell_family"), ("referral.json", "wants a text")),
    ],
)
def test_a_slip_is_said_with_its_file_its_rule_and_what_it_wants(
    change: Callable[[dict[str, Any]], None], names: tuple[str, ...]
) -> None:
    """Somebody of the dinas corrects these files and has to find the place."""
    files = copy.deepcopy(FILES)
    change(files)
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_standards(files)
    assert [name for name in names if name not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"bgm": -3}, "bgm: no such rule"),
        ({"bgm_z": "-3"}, "bgm_z: wants a number"),
        ({"bgm_z": True}, "bgm_z: wants a number"),
        ({"ttd_target": 90.5}, "ttd_target: wants a whole number"),
        ({"tbc_rule": "mine"}, "tbc_rule: wants one of kartu, kmk2015"),
        ({"kek_mm": None}, "kek_mm: wants a whole number"),
        ({"targets": {"d_s": "80"}}, "targets: wants a number"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_its_name(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        changed_rules(settings)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("day", "wasted", "red"),
    [
        (date(2020, 12, 31), 90, -3),
        (date(2021, 1, 1), 90, -2),
        (date(2022, 12, 31), 90, -2),
        (date(2023, 1, 1), 56, -2),
    ],
)
def test_each_dated_rule_begins_on_its_day_and_not_before(day: date, wasted: int, red: int) -> None:
    rules = STANDARDS.on(day)
    assert (rules.feeding.days["wasted"], rules.bgm_z) == (wasted, red)


@pytest.mark.parametrize(
    ("index", "value", "months", "code"),
    [
        ("birth_weight", 2_499, 0, "low"),
        ("birth_weight", 2_500, 0, "normal"),
        ("bmi", 18.5, 227, None),
        ("bmi", 18.5, 228, "normal"),
        ("bmi", None, 400, None),
        ("bmi", 25.0, 400, "normal"),
        ("bmi", 25.0001, 400, "heavy"),
        ("bmi", 27.0, 400, "heavy"),
        ("bmi", 27.0001, 400, "obese"),
        ("bmi_asia", 23.0, 400, "risk"),
        ("bmi_asia", 24.999, 400, "risk"),
        ("bmi_asia", 30.0, 400, "obese_2"),
        ("unheard_of", 1, 400, None),
    ],
)
def test_a_class_has_its_ages_and_its_bounds(index: str, value: float | None, months: int, code: str | None) -> None:
    """Permenkes 41/2014: "25,0" is still normal and "27,0" still gemuk; KMK's Asian classes begin at their bound."""
    band = RULES.life_band(index, value, months)
    assert (band.code if band else None) == code


def of_a_newborn(standards: Standards, grams: int, on: date) -> set[str]:
    person: Answers = {"sex": "female", "born_on": on, "birth_weight_g": grams}
    (found,) = postpartum.assess_newborn(standards, person, [{"visited_on": on}])
    return {each.code for each in found.findings}


def test_cut_offs_that_stood_in_code_are_dated_rules_with_their_source() -> None:
    assert RULES.fertile_months == (15 * 12, 50 * 12 - 1)
    names = ("marry_years", "of_age_months", "screening_months", "smoking_from_months", "grown_card_months")
    assert [getattr(RULES, name) for name in names] == [19, 216, 12, 120, 180]
    assert (RULES.newborn.low_under_g, RULES.newborn.hospital_under_g, RULES.newborn.hb0_days) == (2500, 2000, 7)
    assert (RULES.faltering.until_months, RULES.faltering.underweight_z) == (24, -2.0)
    for name, law in zip(names, ("UU 16/2019", "UU 27/2022", "KMK", "Formulir 2", "Kartu Bantu"), strict=True):
        assert law in RULES.sources[name]
    assert (RULES.lb3_tablets, RULES.exclusive_months, RULES.strata.idl_months) == (90, 6, (12, 23))
    assert RULES.graduation == Graduation(months=36, grams=11_500)
    assert RULES.home_visits == HomeVisits(fever_tenth_c=375, infant_under_months=6)
    assert (RULES.newborn.early_days, RULES.newborn.neonatal_days) == (7, 28)
    assert RULES.groups == GroupRule(
        12, 60, 72, 180, 228, 720, postpartum_days=42, breastfeeding_months=24, baduta_until=24
    )
    said = {
        "lb3_tablets": "LB3",
        "exclusive_months": "E6",
        "graduation": "UPGK",
        "groups": "KF4",
        "strata": "12-23 bulan",
    }
    assert all(words in RULES.sources[name] for name, words in said.items())


def shipped_but(name: str, **changed: int) -> Standards:
    """The rules as shipped, some numbers of one changed."""
    rule = STANDARDS.entries[name][-1].value
    return changed_rules({name: {each.name: getattr(rule, each.name) for each in fields(rule)} | changed})


@pytest.mark.parametrize(
    ("changed", "person", "days", "then", "now"),
    [
        ({"adult_from": 216}, {"born_on": date(2008, 6, 1)}, None, Group.YOUTH, Group.ADULT),
        ({"elderly_from": 708}, {"born_on": date(1967, 6, 1)}, None, Group.ADULT, Group.ELDERLY),
        ({"under_five_from": 13}, {"born_on": date(2025, 11, 1)}, None, Group.UNDER_FIVE, Group.INFANT),
        ({"postpartum_days": 40}, {"born_on": date(1998, 6, 1)}, 41, Group.POSTPARTUM, Group.BREASTFEEDING),
        ({"breastfeeding_months": 6}, {"born_on": date(1998, 6, 1)}, 200, Group.BREASTFEEDING, Group.ADULT),
    ],
)
def test_another_bound_of_a_group_moves_people(
    changed: dict[str, int], person: Answers, days: int | None, then: Group, now: Group
) -> None:
    born_on = TODAY - timedelta(days=days or 0)
    birth: Answers = {"outcome": "live_birth", "ended_on": born_on, "breastfeeding": True}
    carried = [birth] if days is not None else []
    for rule, group in ((RULES.groups, then), (shipped_but("groups", **changed).on(TODAY).groups, now)):
        assert group_on(rule, person, TODAY, pregnancy_on(rule, carried, TODAY)) is group


def test_another_fever_and_another_first_age_change_the_home_visit() -> None:
    rules = shipped_but("home_visits", fever_tenth_c=380, infant_under_months=12).on(TODAY)
    warm: Answers = {"temperature_tenth_c": 379}
    assert home_visit.assess(RULES, home_forms.CHILD, warm).dangers == ("Suhu 37,5 °C atau lebih",)
    assert home_visit.assess(rules, home_forms.CHILD, warm).dangers == ()
    assert home_visit.assess(rules, home_forms.CHILD, {"temperature_tenth_c": 380}).dangers == (
        "Suhu 38,0 °C atau lebih",
    )
    assert [home_visit.checklist_for(each, Group.INFANT, 7) for each in (RULES, rules)] == [
        home_forms.CHILD,
        home_forms.INFANT,
    ]


def test_another_number_gives_another_result() -> None:
    woman: Answers = {"sex": "female", "born_on": date(TODAY.year - 14, 1, 1)}
    younger = changed_rules({"fertile_months": [168, 599]}).on(TODAY)
    assert [adult.is_fertile_woman(rules, woman, TODAY) for rules in (RULES, younger)] == [False, True]
    child: Answers = {"sex": "female", "born_on": date(2012, 6, 1)}
    grown = changed_rules({"grown_card_months": 156}).on(TODAY)
    assert "waist_mm" in school.not_asked(RULES, child, TODAY)
    assert "waist_mm" not in school.not_asked(grown, child, TODAY)
    told: list[Answers] = [{"told_on": TODAY, "purpose": "share", "answer": "agreed"}]
    later, born_on = date(TODAY.year + 5, 6, 1), date(2012, 6, 1)
    states = [consent.standings(told, born_on, later, months)[1].state for months in (216, 240)]
    assert states == ["again", "agreed"]
    cut = {"low_under_g": 2500, "hospital_under_g": 1800, "hb0_days": 7, "early_days": 7, "neonatal_days": 28}
    lower = changed_rules({"newborn": cut})
    assert of_a_newborn(STANDARDS, 1_900, TODAY) ^ of_a_newborn(lower, 1_900, TODAY) <= {
        "weight_very_low",
        "weight_low",
    }
    assert of_a_newborn(STANDARDS, 1_900, TODAY) != of_a_newborn(lower, 1_900, TODAY)


def with_change(name: str, **changed: object) -> Standards:
    """The rules as shipped, some parts of one changed, as they stand in the files."""
    values = [each["rules"][name][-1]["value"] for each in FILES.values() if name in each.get("rules", {})]
    return changed_rules({name: values[0] | changed})


def test_a_last_month_of_the_kms_is_that_of_the_minimum_gains() -> None:
    born_on, boy = date(2021, 6, 1), [Weighing(date(2026, 7, 5), 17_000), Weighing(date(2026, 8, 5), 17_300)]
    longer = with_change("kbm", to_months=72)
    letters = [weighing.judge(each, "male", born_on, boy)[-1].code for each in (STANDARDS, longer)]
    assert letters == ["", "N"]


def test_other_bounds_of_body_mass_are_written_with_more_decimals() -> None:
    assert RULES.bmi_bounds == {17.0, 18.5, 23.0, 25.0, 27.0, 30.0}
    other = with_change("prepregnancy", bmi=[19.0, 25.0]).on(TODAY)
    assert [referral.body_mass(each, 18.96) for each in (RULES, other)] == ["19,0", "18,96"]


def test_another_pack_of_cigarettes_gives_another_score() -> None:
    person: Answers = {"sex": "male", "born_on": date(1980, 1, 1)}
    told: Answers = dict.fromkeys(instruments.PUMA_SYMPTOMS, False) | {"puma_sticks": 20, "puma_years": 16}
    told |= {"puma_smoked": True}
    small = with_change("puma", sticks_in_a_pack=16).on(TODAY)
    assert [instruments.puma_score(each, person, TODAY, told) for each in (RULES, small)] == [1, 2]


def test_high_above_only_is_told_by_the_bound_of_the_mildest_grade() -> None:
    schemes = copy.deepcopy(FILES["life.json"]["rules"]["pressures"][-1]["value"])
    mildest = next(each for each in schemes[-1]["classes"] if each["code"] == "grade_1")
    mildest["diastolic"] = 95
    other = changed_rules({"pressures": schemes}).on(TODAY)
    measured: Answers = {"systolic_mmhg": 150, "diastolic_mmhg": 92}
    read = [outcome.pressure(each, "male", 480, measured) for each in (RULES, other)]
    assert [reading is not None and reading.isolated_systolic for reading in read] == [False, True]


def test_breast_milk_alone_is_wanted_as_long_as_the_rule_says() -> None:
    told: Answers = {"visited_on": TODAY, "exclusive_breastfeeding": False, "complementary_food": False}
    baby: Answers = {"sex": "male", "born_on": date(2026, 5, 1)}
    said = []
    for each in (STANDARDS, changed_rules({"exclusive_months": 7})):
        (judged,) = child.assess(each, TABLES, baby, [told])
        said.append([finding.code for finding in judged.findings])
    assert said == [["poor_complementary_food"], ["not_exclusive_breastfeeding"]]


def test_a_school_year_that_begins_in_january_moves_the_doses_of_school() -> None:
    value = copy.deepcopy(FILES["immunisation.json"]["rules"]["immunisation"][-1]["value"])
    value["school_year"] = {"month": 1, "age": 7}
    other = changed_rules({"immunisation": value}).on(TODAY)
    days = []
    for each in (RULES, other):
        due = immunisation.status(each.immunisation, date(2018, 3, 1), "female", "52", (), TODAY)
        days.append(next(dose.due_on for dose in due if dose.code == "mr_school"))
    assert days == [date(2025, 8, 1), date(2026, 8, 1)]
