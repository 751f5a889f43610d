"""Who of mothers after birth, pupils, adults and the elderly counts in a month, and in which column."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import adult, instruments, life, postpartum, school
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from posyandu.domain.life import LifeHistory, LifeMonth, people_of_month
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.service_group import Group
from tests.domain.shipped import RULES, STANDARDS, TABLES
from tests.rules import changed_rules

NOVEMBER = Month(2026, 11)
DAY = date(2026, 11, 12)
BORN = date(2026, 10, 20)
BIRTHS: list[Answers] = [{"outcome": "live_birth", "ended_on": BORN}]


def person(years: int, sex: str = "female") -> Answers:
    return {"sex": sex, "born_on": date(2026 - years, 11, 1)}


def visits(*told: Mapping[str, Value | None], last: date = DAY) -> list[Answers]:
    """Visits of one month on days that follow each other, the last on `last`."""
    return [{"visited_on": last - timedelta(len(told) - n), **each} for n, each in enumerate(told, 1)]


def judged(form: str, who: Answers, told: Sequence[Answers]) -> Sequence[tuple[Answers, VisitAssessment]]:
    found: Sequence[VisitAssessment]
    match form:
        case "postpartum_visit":
            found = postpartum.assess(STANDARDS, who, BIRTHS[0], told)
        case "school_visit":
            found = school.assess(STANDARDS, TABLES, who, told)
        case "adult_visit":
            found = adult.assess(STANDARDS, who, told)
        case "srq20":
            found = instruments.assess_srq(STANDARDS, who, told)
        case "aks":
            found = instruments.assess_aks(STANDARDS, who, told)
        case _:
            found = instruments.assess_skilas(STANDARDS, who, told)
    return list(zip(told, found, strict=True))


def history(who: Answers, pregnancies: Sequence[Answers] = (), **told: Sequence[Answers]) -> LifeHistory:
    return LifeHistory("x", who, pregnancies, {form: judged(form, who, each) for form, each in told.items()})


def of_month(found: LifeHistory, month: Month = NOVEMBER) -> LifeMonth:
    (one,) = people_of_month([found], month, DAY, RULES)
    return one


def pupil(*told: Mapping[str, Value | None], years: int = 16, sex: str = "female") -> LifeMonth:
    return of_month(history(person(years, sex), school_visit=visits(*told)))


def grown(*told: Mapping[str, Value | None], years: int = 45, sex: str = "female") -> LifeMonth:
    return of_month(history(person(years, sex), adult_visit=visits(*told)))


def mother(*told: Mapping[str, Value | None]) -> LifeMonth:
    return of_month(history(person(28), BIRTHS, postpartum_visit=visits(*told)))


# who counts


@pytest.mark.parametrize(
    ("who", "births", "group"),
    [
        (person(5), [], None),
        (person(7), [], Group.SCHOOL),
        (person(16), [], Group.YOUTH),
        (person(30), [], Group.ADULT),
        (person(70), [], Group.ELDERLY),
        (person(30), BIRTHS, Group.POSTPARTUM),
        (person(30), [{"outcome": "ongoing", "lmp_on": date(2026, 8, 1)}], None),
        ({"sex": "female"}, [], None),
        ({**person(30), "status": "moved", "left_on": date(2026, 10, 1)}, [], None),
    ],
)
def test_everybody_of_these_registers_counts_once_whether_they_came_or_not(
    who: Answers, births: list[Answers], group: Group | None
) -> None:
    found = people_of_month([LifeHistory("x", who, births, {})], NOVEMBER, DAY, RULES)
    assert [each.group for each in found] == ([group] if group else [])
    assert all(life.did_not_come(each) and not life.came(each) and each.visits == () for each in found)


def test_only_visits_of_the_month_count_and_what_was_copied_from_a_book_does_not() -> None:
    old, new = visits({"weight_g": 60_000}, last=date(2026, 10, 9)), visits({"weight_g": 61_000})
    copied: Answers = {"visited_on": date(2026, 11, 20), "weight_g": 99_000, "source": "history"}
    found = of_month(history(person(45), adult_visit=[*old, *new, copied]))
    assert (found.visits, found.on, found.last("weight_g")) == (tuple(new), DAY, 61_000)
    assert life.came(found)
    missed = of_month(history(person(45), adult_visit=old))
    assert (missed.visits, missed.on, missed.last("weight_g")) == ((), DAY, None)
    assert life.did_not_come(missed)


def test_who_was_only_ticked_as_present_came() -> None:
    ticked = LifeHistory("x", person(45), [], {}, came_on=frozenset([date(2026, 11, 5), date(2026, 10, 5)]))
    found = of_month(ticked)
    assert (life.came(found), found.on, found.visits) == (True, date(2026, 11, 5), ())


@given(st.lists(st.one_of(st.none(), st.integers(40_000, 90_000)), max_size=5))
def test_the_last_answer_of_the_month_counts_and_silence_never_erases_it(weights: list[int | None]) -> None:
    found = grown(*({"weight_g": weight} for weight in weights))
    assert found.last("weight_g") == next((weight for weight in reversed(weights) if weight is not None), None)


# the columns of every register


def test_who_was_taught_or_sent_on_at_any_visit_of_the_month() -> None:
    assert life.counselled(grown({"counselling": ["diet"]}, {}))
    assert life.counselled(grown({"topic": "hygiene"})), "a theme of the young is education too"
    assert not life.counselled(grown({"counselling": []}, {}))
    assert life.referred(grown({"referral": "puskesmas"}, {"referral": "none"}))
    assert not life.referred(grown({"referral": "none"}, {}))


def test_two_signs_of_tbc_at_one_visit_of_the_month() -> None:
    assert life.two_tbc_signs(pupil({"tbc_cough": True, "tbc_contact": True}, {}))
    assert not life.two_tbc_signs(pupil({"tbc_cough": True}, {"tbc_contact": True}))
    assert life.two_tbc_signs(mother({"tbc_cough": True, "tbc_fever": True}))


def test_columns_are_of_groups_and_both_means_both() -> None:
    adults = life.of_groups(Group.ADULT, Group.ELDERLY)
    assert [adults(each) for each in (grown(), grown(years=70), pupil())] == [True, True, False]
    women = life.both(adults, life.is_girl)
    assert [women(each) for each in (grown(), grown(sex="male"), pupil())] == [True, False, False]


# after a birth


@pytest.mark.parametrize(
    ("told", "red", "green"),
    [
        ([], False, False),
        ([{"note": "x"}], False, False),
        ([{"muac_mm": 234}], True, False),
        ([{"muac_mm": 235}], False, True),
        ([{"muac_mm": 234}, {"muac_mm": 236}], False, True),
        ([{"muac_mm": 234}, {}], True, False),
    ],
)
def test_a_mother_is_red_or_green_by_her_last_reading_or_neither(
    told: list[Mapping[str, Value | None]], red: bool, green: bool
) -> None:
    found = mother(*told)
    assert (life.is_red("muac_red", True)(found), life.is_red("muac_red", False)(found)) == (red, green)


@pytest.mark.parametrize(
    ("told", "yes", "no"),
    [
        ([{}], False, False),
        ([{"vitamin_a_capsules": 0}], False, True),
        ([{"vitamin_a_capsules": 0}, {"vitamin_a_capsules": 1}], True, False),
        ([{"vitamin_a_capsules": 2}, {"vitamin_a_capsules": 0}], True, False),
    ],
)
def test_vitamin_a_was_given_not_given_or_not_asked(
    told: list[Mapping[str, Value | None]], yes: bool, no: bool
) -> None:
    assert (life.got_vitamin_a(mother(*told)), life.got_no_vitamin_a(mother(*told))) == (yes, no)
    later = of_month(
        history(person(28), [{"outcome": "live_birth", "ended_on": date(2026, 6, 1), "breastfeeding": True}],
                postpartum_visit=visits(*told))
    )  # fmt: skip
    assert later.group is Group.BREASTFEEDING
    assert not life.got_vitamin_a(later)
    assert not life.got_no_vitamin_a(later)


def test_a_question_answered_both_ways_counts_as_answered_last() -> None:
    changed = mother({"breastfeeding": False}, {"breastfeeding": True}, {})
    assert life.answered("breastfeeding", True)(changed)
    assert not life.answered("breastfeeding", False)(changed)
    assert not life.answered("contraception", False)(changed)


# school and adults


def test_a_class_is_the_last_known_one_of_the_month() -> None:
    thin, heavy = {"weight_g": 45_000, "height_mm": 1_600}, {"weight_g": 70_000, "height_mm": 1_650}
    found = grown(thin, heavy, {"note": "x"})
    assert life.class_is("bmi_class", "heavy", "obese")(found)
    assert not life.class_is("bmi_class", "thin")(found)
    assert not life.class_is("bmi_class", "heavy")(grown({}))
    assert life.class_is("bmi_class", "normal")(pupil({"weight_g": 50_000, "height_mm": 1_600}, {}))
    assert not life.class_is("bmi_class", "unknown")(pupil({}))


@pytest.mark.parametrize(("upper", "lower", "letter"), [(85, 60, "R"), (110, 70, "N"), (150, 95, "T")])
def test_pressure_has_one_letter_a_person(upper: int, lower: int, letter: str) -> None:
    reading = {"systolic_mmhg": upper, "diastolic_mmhg": lower}
    found = pupil({"systolic_mmhg": 125, "diastolic_mmhg": 85}, reading, {})
    assert [each for each in "RNT" if life.pressure_card_is(each)(found)] == [letter]
    assert not any(life.pressure_card_is(each)(pupil({})) for each in "RNT")


def test_the_blanks_own_ages_and_sexes() -> None:
    assert [life.from_15_years(each) for each in (pupil(years=12), pupil(years=16))] == [False, True]
    assert [life.is_girl(each) for each in (pupil(), pupil(sex="male"))] == [True, False]


@pytest.mark.parametrize(
    ("years", "screened", "came", "done", "not_done"),
    [
        (10, date(2026, 11, 12), True, True, False),
        (10, date(2025, 12, 1), True, True, False),
        (10, date(2025, 11, 30), True, False, True),
        (10, date(2026, 11, 30), True, True, False),
        (10, date(2026, 12, 1), True, False, True),
        (10, None, True, False, True),
        (10, None, False, False, False),
        (9, date(2026, 11, 12), True, False, False),
    ],
)
def test_mental_screening_is_done_within_twelve_months_of_those_who_came_and_are_of_the_age(
    years: int, screened: date | None, came: bool, done: bool, not_done: bool
) -> None:
    days = frozenset([screened] if screened else [])
    here = frozenset([DAY] if came else [])
    found = of_month(LifeHistory("x", person(years), [], {}, screened_on=days, came_on=here))
    assert (life.mental_screened(found), life.mental_not_screened(found)) == (done, not_done)


def test_how_long_a_screening_counts_is_a_dated_rule() -> None:
    history = LifeHistory(
        "x", person(10), [], {}, screened_on=frozenset([date(2025, 11, 30)]), came_on=frozenset([DAY])
    )
    longer = changed_rules({"screening_months": 13}).on(DAY)
    told = [people_of_month([history], Month.of(DAY), DAY, rules)[0].mental_done for rules in (RULES, longer)]
    assert told == [False, True]


@pytest.mark.parametrize(
    ("sex", "waist", "over"), [("male", 900, False), ("male", 901, True), ("female", 800, False), ("female", 801, True)]
)
def test_a_waist_is_over_by_the_limit_of_the_sex(sex: str, waist: int, over: bool) -> None:
    found = grown({"waist_mm": waist}, {}, sex=sex)
    assert life.waist_over(sex)(found) is over
    assert not life.waist_over("male" if sex == "female" else "female")(found)


def test_puma_counts_when_complete_and_is_high_from_six() -> None:
    symptoms = dict.fromkeys(instruments.PUMA_SYMPTOMS, False)
    low: dict[str, Value | None] = {"puma_smoked": False, **symptoms}
    high: dict[str, Value | None] = {
        "puma_smoked": True, "puma_sticks": 40, "puma_years": 40, **dict.fromkeys(symptoms, True),
    }  # fmt: skip
    tests = (life.puma_is(False), life.puma_is(True))
    assert [holds(grown(high, low, {})) for holds in tests] == [True, False]
    assert [holds(grown(low, high, sex="male")) for holds in tests] == [False, True]
    assert [holds(grown({"puma_smoked": False})) for holds in tests] == [False, False]


@given(st.lists(st.none() | st.booleans(), min_size=20, max_size=20))
def test_srq_is_low_high_or_unfinished_and_seventeen_stands_alone(told: list[bool | None]) -> None:
    answers = dict(zip((question.name for question in SRQ_QUESTIONS), told, strict=True))
    found = of_month(history(person(45), srq20=visits(answers)))
    assert life.srq_low(found) is (None not in told and told.count(True) <= 5)
    assert life.srq_high(found) is (told.count(True) >= 6)
    assert life.srq_17(found) is (told[16] is True)


def test_of_two_srq_in_a_month_the_last_counts_and_of_none_nothing() -> None:
    calm, low = (dict.fromkeys((question.name for question in SRQ_QUESTIONS), answer) for answer in (False, True))
    tests = (life.srq_low, life.srq_high, life.srq_17)
    assert [holds(of_month(history(person(45), srq20=visits(low, calm)))) for holds in tests] == [True, False, False]
    assert [holds(of_month(history(person(45), srq20=visits(calm, low)))) for holds in tests] == [False, True, True]
    assert [holds(grown({})) for holds in tests] == [False, False, False]
    other = of_month(history(person(70), aks=visits({})))
    assert not any(holds(other) for holds in tests)


def test_aks_has_one_class_when_complete() -> None:
    classes = ("independent", "mild", "moderate", "severe", "total")
    best = {
        question.name: max(question.options, key=lambda option: int(option.code)).code for question in AKS_QUESTIONS
    }
    whole = of_month(history(person(70), aks=visits(best)))
    assert [code for code in classes if life.aks_is(code)(whole)] == ["independent"]
    part = of_month(history(person(70), aks=visits({})))
    assert not any(life.aks_is(code)(part) for code in classes)
    assert not any(life.aks_is(code)(grown({}, years=70)) for code in classes)


def test_a_domain_of_skilas_is_a_problem_none_or_not_asked() -> None:
    found = of_month(history(person(70), skilas=visits({"stands_up": True, "sad": True})))
    assert [life.skilas_is("mobility", problem)(found) for problem in (True, False)] == [False, True]
    assert [life.skilas_is("depression", problem)(found) for problem in (True, False)] == [True, False]
    assert [life.skilas_is("hearing", problem)(found) for problem in (True, False)] == [False, False]
    assert not life.skilas_is("mobility", False)(grown({}, years=70))
