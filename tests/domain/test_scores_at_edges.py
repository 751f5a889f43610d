"""Scores and classes worked out a second time, straight from the tables of the notes, at and around every edge."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import adult, instruments, outcome
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from tests.domain.shipped import RULES, STANDARDS

ON = date(2026, 11, 12)
TRUTH = st.booleans()


def person(years: int, sex: str = "female") -> Answers:
    return {"sex": sex, "born_on": date(ON.year - years, ON.month, ON.day)}


def near(*edges: int, reach: int = 2) -> st.SearchStrategy[int]:
    """Numbers at and around edges, and any between."""
    around = sorted({edge + step for edge in edges for step in range(-reach, reach + 1)})
    return st.sampled_from(around) | st.integers(min(around), max(around))


# (least systolic, least diastolic, class): KMK Table 22; the higher class of the two values counts
GROWN_PRESSURE = (
    (180, 110, "grade_3"),
    (160, 100, "grade_2"),
    (140, 90, "grade_1"),
    (130, 85, "high_normal"),
    (120, 80, "normal"),
)


@given(near(90, 120, 130, 140, 160, 180), near(60, 80, 85, 90, 100, 110))
def test_pressure_of_adults_is_the_higher_class_of_table_22(upper: int, lower: int) -> None:
    if upper <= lower:
        return
    reading = outcome.pressure(RULES, "female", 40 * 12, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    assert reading is not None
    wanted = next((code for s, d, code in GROWN_PRESSURE if upper >= s or lower >= d), "optimal")
    low = upper < 90 or lower < 60
    assert reading.code == (wanted if wanted.startswith("grade") or not low else "low")
    assert reading.isolated_systolic is (upper >= 140 and lower < 90)
    high = upper >= 140 or lower >= 90
    assert reading.card == ("T" if high else "R" if low else "N")


# from 13 years: KMK text, normal under 120/80, raised 120-129 under 80, grade 1 from 130 or 80, grade 2 from 140 or 90
@given(st.integers(13 * 12, 18 * 12 - 1), near(120, 130, 140), near(80, 90), st.sampled_from(["male", "female"]))
def test_pressure_from_13_years(months: int, upper: int, lower: int, sex: str) -> None:
    reading = outcome.pressure(RULES, sex, months, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    assert reading is not None
    grade = 2 if upper >= 140 or lower >= 90 else 1 if upper >= 130 or lower >= 80 else 0
    assert (reading.card == "T") is (grade > 0)
    assert reading.refer is (grade > 0)


# simplified AAP 2017, KMK Table 14: systolic/diastolic of boys and girls by year
TABLE_14 = {
    7: (106, 68, 106, 68),
    8: (107, 69, 107, 69),
    9: (107, 70, 108, 71),
    10: (108, 72, 109, 72),
    11: (110, 74, 111, 74),
    12: (113, 75, 114, 75),
}


@given(st.sampled_from(sorted(TABLE_14)), st.sampled_from(["male", "female"]), st.integers(-2, 2), st.integers(-2, 2))
def test_pressure_from_7_to_12_years_is_positive_at_the_printed_values(year: int, sex: str, up: int, low: int) -> None:
    boy_s, boy_d, girl_s, girl_d = TABLE_14[year]
    edge_s, edge_d = (boy_s, boy_d) if sex == "male" else (girl_s, girl_d)
    told: Answers = {"systolic_mmhg": edge_s + up, "diastolic_mmhg": edge_d + low}
    reading = outcome.pressure(RULES, sex, year * 12 + 6, told)
    assert reading is not None
    assert reading.refer is (up >= 0 or low >= 0)


@given(near(70, 100, 140, 200), st.sampled_from(["random", "fasting", None]))
def test_sugar_is_diabetes_from_200_at_any_time_and_from_126_fasting(figure: int, timing: str | None) -> None:
    (found,) = adult.assess(
        STANDARDS, person(50), [{"visited_on": ON, "glucose_mg_dl": figure, "glucose_timing": timing}]
    )
    codes = {finding.code for finding in found.findings if finding.code.startswith("glucose")}
    limit, raised = (126, 100) if timing == "fasting" else (200, 140)
    assert ("glucose_high" in codes) is (figure >= limit)
    assert ("glucose_raised" in codes) is (raised <= figure < limit)
    assert ("glucose_low" in codes) is (figure < 70)


@given(
    near(40, 50, 60), st.sampled_from(["male", "female"]), TRUTH, near(1, 20, 40), near(1, 10, 20, 30, 40),
    st.lists(TRUTH, min_size=4, max_size=4),
)  # fmt: skip
def test_puma_is_the_sum_of_the_printed_points(
    years: int, sex: str, smoked: bool, sticks: int, long: int, told: list[bool]
) -> None:
    sticks, long = max(1, sticks), max(0, long)
    answers: dict[str, Value | None] = dict(zip(instruments.PUMA_SYMPTOMS, told, strict=True))
    answers |= {"puma_smoked": smoked, "puma_sticks": sticks, "puma_years": long}
    packs = sticks * long / 20
    points = (sex == "male") + (2 if years >= 60 else 1 if years >= 50 else 0) + sum(told)
    points += (2 if packs > 30 else 1 if packs >= 20 else 0) if smoked else 0
    assert instruments.puma_score(RULES, person(years, sex), ON, answers) == (points if years >= 40 else None)


@given(st.lists(TRUTH, min_size=20, max_size=20))
def test_srq_refers_from_six_or_by_number_17(told: list[bool]) -> None:
    answers: dict[str, Value | None] = {q.name: each for q, each in zip(SRQ_QUESTIONS, told, strict=True)}
    (found,) = instruments.assess_srq(STANDARDS, person(40), [{"visited_on": ON, **answers}])
    assert found.score == sum(told)
    assert found.refer is (sum(told) >= 6 or told[16])


CLASSES = ((20, "independent"), (12, "mild"), (9, "moderate"), (5, "severe"), (0, "total"))


@given(st.tuples(*(st.integers(0, len(question.options) - 1) for question in AKS_QUESTIONS)))
def test_aks_has_the_class_and_the_referral_of_its_sum(told: tuple[int, ...]) -> None:
    answers: dict[str, Value | None] = {q.name: str(each) for q, each in zip(AKS_QUESTIONS, told, strict=True)}
    (found,) = instruments.assess_aks(STANDARDS, person(70), [{"visited_on": ON, **answers}])
    assert found.code == next(code for least, code in CLASSES if sum(told) >= least)
    assert found.refer is (sum(told) < 20)


@given(
    st.fixed_dictionaries(
        {name: TRUTH for name in ("knows_date", "knows_place", "recalls_words", "stands_up", "lost_weight")}
        | {name: TRUTH for name in ("poor_appetite", "eye_problem", "counts_fingers", "sad", "no_interest")}
        | {"muac_mm": near(210), "whisper": st.sampled_from(["hears", "not", "impossible"])}
    )
)
def test_skilas_ticks_a_domain_exactly_as_the_form_says(told: dict[str, Value]) -> None:
    (found,) = instruments.assess_skilas(STANDARDS, person(70), [{"visited_on": ON, **told}])
    muac = told["muac_mm"]
    assert isinstance(muac, int)
    wanted = {
        "cognition": not (told["knows_date"] and told["knows_place"] and told["recalls_words"]),
        "mobility": not told["stands_up"],
        "malnutrition": bool(told["lost_weight"] or told["poor_appetite"] or muac < 210),
        "sight": bool(told["eye_problem"] or not told["counts_fingers"]),
        "hearing": told["whisper"] != "hears",
        "depression": bool(told["sad"] or told["no_interest"]),
    }
    assert dict(found.domains) == wanted
    assert found.refer is any(wanted.values())


@pytest.mark.parametrize(
    ("sex", "edge"), [("male", 900), ("female", 800)]
)  # lingkar perut: more than 90 / 80 cm, not at it
def test_the_waist_is_over_only_above_its_edge(sex: str, edge: int) -> None:
    for mm, over in ((edge - 1, False), (edge, False), (edge + 1, True)):
        band = outcome.waist(RULES, sex, 40 * 12, {"waist_mm": mm})
        assert band is not None
        assert (band.code == "over") is over
