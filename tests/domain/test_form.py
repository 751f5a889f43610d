"""Checking says what is wrong in a sentence, and the forms keep what they promise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.fields import Choice, Field, Number, YesNo
from posyandu.domain.form import Context, Form, Level, Limit, Problem, Section, check, problems
from posyandu.domain.forms import FORMS
from tests import strategies

TODAY = date(2026, 11, 12)
VISIT = FORMS["under_five_visit"]
PERSON = FORMS["person"]
ANSWERED = {"visited_on": TODAY}


def context(previous: dict | None = None, **limits: Limit) -> Context:
    return Context(TODAY, previous or {}, limits)


def levels(answers: dict, found_in: Context, form: Form = VISIT) -> dict[str, Level]:
    return {problem.field: problem.level for problem in problems(form, answers, found_in)}


def test_a_missing_required_answer_is_named() -> None:
    assert levels({}, context()) == {"visited_on": Level.HARD}


@pytest.mark.parametrize("name", ["postpartum_visit", "school_visit", "adult_visit"])
@given(upper=st.none() | st.integers(70, 250), lower=st.none() | st.integers(40, 150))
def test_the_upper_pressure_is_the_greater_one(name: str, upper: int | None, lower: int | None) -> None:
    answers = ANSWERED | {"systolic_mmhg": upper, "diastolic_mmhg": lower}
    swapped = upper is not None and lower is not None and upper <= lower
    found = {problem.field for problem in problems(FORMS[name], answers, context()) if "sistole" in problem.message}
    assert found == ({"diastolic_mmhg"} if swapped else set())


def test_answers_not_given_are_no_problem_when_not_required() -> None:
    assert levels(ANSWERED, context()) == {}


def test_an_impossible_weight_says_what_is_possible() -> None:
    (found,) = problems(VISIT, ANSWERED | {"weight_g": 91_000}, context())
    assert found.level is Level.HARD
    assert found.message == "Berat badan harus antara 0,5 dan 60,0 kg. Coba periksa lagi."


def test_limits_of_the_age_narrow_those_of_the_field() -> None:
    narrow = context(weight_g=Limit(hard_low=1500, hard_high=30_000))
    assert levels(ANSWERED | {"weight_g": 45_000}, narrow) == {"weight_g": Level.HARD}
    assert levels(ANSWERED | {"weight_g": 30_000}, narrow) == {}


@pytest.mark.parametrize(
    ("length", "expected"), [(784, Level.SOFT), (789, None), (791, None), (842, None), (843, Level.SOFT)]
)
def test_a_child_that_shrinks_or_shoots_up_wants_confirming(length: int, expected: Level | None) -> None:
    since = context({"length_mm": 792}, length_mm=Limit(fall=5, rise=50))
    assert levels(ANSWERED | {"length_mm": length}, since).get("length_mm") is expected


def test_the_sentence_tells_how_much_it_changed() -> None:
    since = context({"length_mm": 794}, length_mm=Limit(fall=2, rise=50))
    (found,) = problems(VISIT, ANSWERED | {"length_mm": 791}, since)
    assert found.message == "Turun 0,3 cm dari kunjungan lalu. Coba ukur sekali lagi."


@pytest.mark.parametrize("weight", [2000, 20_000])
def test_an_unusual_value_wants_confirming(weight: int) -> None:
    rare = context(weight_g=Limit(usual_low=3000, usual_high=15_000))
    assert levels(ANSWERED | {"weight_g": weight}, rare) == {"weight_g": Level.SOFT}


def test_a_code_that_is_no_option_is_hard() -> None:
    assert levels(ANSWERED | {"position": "sideways"}, context()) == {"position": Level.HARD}


def test_a_day_that_has_not_come_is_hard() -> None:
    assert levels({"visited_on": date(2026, 11, 13)}, context()) == {"visited_on": Level.HARD}


def test_a_due_date_may_lie_ahead() -> None:
    answers = {"noted_on": TODAY, "usg_due_on": date(2027, 5, 1)}
    assert levels(answers, context(), FORMS["pregnancy"]) == {}


def test_a_short_nik_never_blocks() -> None:
    answers = {"name": "Sinta", "sex": "female", "born_on": TODAY, "nik": "5202"}
    assert levels(answers, context(), PERSON) == {"nik": Level.SILENT}


def test_hidden_questions_are_not_asked_or_checked() -> None:
    answers = ANSWERED | {"referral": "none", "referral_reason": "x"}
    assert "referral_reason" not in {field.name for field in VISIT.asked(answers)}
    assert "referral_reason" in {field.name for field in VISIT.asked(answers | {"referral": "pustu"})}


def test_rules_between_fields_are_asked_too() -> None:
    def swapped(answers: dict, where: Context) -> list[Problem]:
        return [Problem("weight_g", Level.SOFT, "tertukar?")] if answers.get("weight_g") else []

    form = Form("x", "x", 1, (Section("s", tuple(VISIT.fields.values())),), rules=(swapped,))
    assert problems(form, ANSWERED | {"weight_g": 9000}, context())[0].message == "tertukar?"


def test_an_unknown_kind_of_field_fails_at_once() -> None:
    with pytest.raises(TypeError):
        check(Field(name="x", label="x"), 1, context())


@given(st.sampled_from(list(FORMS.values())).flatmap(lambda form: st.tuples(st.just(form), strategies.answers(form))))
def test_possible_answers_never_have_hard_problems_but_missing_ones(pair: tuple[Form, dict]) -> None:
    form, answers = pair
    for problem in problems(form, answers, context()):
        assert problem.message
        assert problem.level is not Level.HARD or answers.get(problem.field) is None


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_names_are_unique_and_conditions_work_on_no_answers(form: Form) -> None:
    names = [field.name for section in form.sections for field in section.fields] + list(form.links)
    assert len(names) == len(set(names))
    assert set(form.grid) <= set(form.fields)
    assert all(isinstance(field, Field) for field in form.asked({}))


@pytest.mark.parametrize(
    ("form", "card", "columns"),
    [("under_five_visit", "Kartu balita", 26), ("pregnancy_visit", "Kartu bumil", 19)],
)
def test_every_column_of_the_official_card_is_typed_or_computed(form: str, card: str, columns: int) -> None:
    computed = {  # the result columns: worked out from what is typed
        "Kartu balita": {1: "umur", 6: "BB/U", 8: "TB/U", 9: "BB/TB", 11: "LK", 13: "LiLA"},
        "Kartu bumil": {2: "usia kehamilan", 6: "LiLA"},
    }[card]
    typed = {field.official for field in FORMS[form].fields.values()}
    missing = [n for n in range(1, columns + 1) if f"{card} {n}" not in typed and n not in computed]
    assert missing == []


def test_every_choice_has_codes_that_differ_and_yes_no_has_words() -> None:
    for form in FORMS.values():
        for field in form.fields.values():
            if isinstance(field, Choice):
                assert len({option.code for option in field.options}) == len(field.options) >= 2
            if isinstance(field, YesNo):
                assert field.yes != field.no
            if isinstance(field, Number):
                assert field.low < field.high


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.source], ids=lambda form: form.name)
def test_a_form_that_follows_a_paper_says_since_when_the_paper_holds(form: Form) -> None:
    assert date(2010, 1, 1) <= date.fromisoformat(form.since) <= date(2026, 1, 1)
    assert form.version >= 1


@pytest.mark.parametrize("form", ["nakes_exam", "health_history", "wus", "adult_visit"])
def test_nobody_has_to_know_what_capitals_stand_for(form: str) -> None:
    """An answer or question that is only letters of a paper says beside them what they mean."""
    known = {"NIK", "KK", "RT", "RW", "KB"}
    said = {
        words
        for asked in FORMS[form].fields.values()
        for words in (asked.label, *(each.label for each in getattr(asked, "options", ())))
    }
    bare = {words for words in said - known if " " not in words and sum(map(str.isupper, words)) > 1}
    assert not bare
