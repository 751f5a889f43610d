"""Which questions wait for the answer to another one: what brings each out, and that nothing unknown does."""

from datetime import date

import pytest

from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS

DAY = date(2026, 11, 12)
SENT = ("referral", ("pustu", "puskesmas", "hospital"), ("none",))
SMOKED = ("smoking", ("daily", "sometimes"), ("tried", "never"))
BORN = ("outcome", ("live_birth", "stillbirth"), ("ongoing", "abortion", "moved", "died"))
UNFINISHED = ("result", ("open",), ("done", "referred"))
YES = ((True,), (False,))
COUPLE = ("couple", *YES)

Waits = tuple[str, tuple[Value, ...], tuple[Value, ...]]

WAITING: dict[str, dict[str, Waits]] = {
    "worker": {
        "until_on": ("active", (False,), (True,)),
        "field": ("position", ("field_head",), ("chair", "member")),
    },
    "household": {
        "tbc_treated": ("ill_tbc", *YES),
        "hypertension_treated": ("ill_hypertension", *YES),
        "mental_treated": ("ill_mental", *YES),
    },
    "person": {
        "guardian_role": ("guardian_name", ("Nenek Siti",), ()),
        **dict.fromkeys(("jkn_active", "jkn_facility"), ("jkn_kind", ("pbi", "own"), ("none",))),
        **dict.fromkeys(("betrothed_on", "wedding_on"), ("betrothed", *YES)),
        **dict.fromkeys(("disability_aid", "communication"), ("disability", ("sight", "other"), ("none",))),
        "left_on": ("status", ("moved", "died"), ("active", "away")),
        "left_reason": ("status", ("moved", "died"), ("active", "away")),
    },
    "session": {"wrong_tool_reason": ("wrong_tool", ("scale", "board", "both"), ("none",))},
    "health_history": {
        "smoking_packs": ("habit_smoking", *YES),
        "smoke_often": ("habit_smoke", *YES),
        "alcohol_often": ("habit_alcohol", *YES),
    },
    "attendance": {"absence_reason": ("present", (False,), (True,))},
    "pregnancy": {
        "ended_on": ("outcome", ("live_birth", "stillbirth", "abortion", "moved", "died"), ("ongoing",)),
        **dict.fromkeys(("birth_place", "birth_attendant", "birth_mode", "babies"), BORN),
        **dict.fromkeys(("kf1_on", "kf2_on", "kf3_on", "kf4_on"), BORN),
        "breastfeeding": ("outcome", ("live_birth",), ("stillbirth", "abortion", "ongoing", "died", "moved")),
    },
    "pregnancy_visit": {"kek_daily": ("kek_portions", (1, 30), (0,)), "referral_reason": SENT},
    "under_five_visit": {
        "gain_reason": ("gain_judged", ("N", "T"), ()),
        "supplement_portions": ("supplement", *YES),
        "supplement_eaten": ("supplement", *YES),
        "illness": ("sick", *YES),
        "diarrhoea": ("sick", *YES),
        "oralit": ("diarrhoea", *YES),
        "referral_reason": SENT,
    },
    "immunisation_dose": dict.fromkeys(("product", "source", "place", "provider", "batch"), ("given_on", (DAY,), ())),
    "postpartum_visit": {
        "vitamin_a_taken": ("vitamin_a_capsules", (1, 2), (0,)),
        "contraception_method": ("contraception", *YES),
        "referral_reason": SENT,
    },
    "school_visit": {
        "glucose_timing": ("glucose_mg_dl", (90,), ()),
        "haemoglobin_place": ("haemoglobin_dg_dl", (120,), ()),
        "iron_place": ("iron_tablets", (1, 4), (0,)),
        "life_skill": ("topic", ("life_skills",), ("nutrition", "mental")),
        "referral_reason": SENT,
    },
    "adult_visit": {
        "glucose_timing": ("glucose_mg_dl", (90,), ()),
        "puma_sticks": ("puma_smoked", *YES),
        "puma_years": ("puma_smoked", *YES),
        "contraception_method": ("contraception", *YES),
        "referral_reason": SENT,
    },
    "skilas": {"counts_fingers": ("eye_problem", (False,), (True,))},
    "wus": {
        **dict.fromkeys(("wants_child", "youngest_born_on", "weight_g", "height_mm", "haemoglobin_dg_dl"), COUPLE),
        **dict.fromkeys(("chronic", "infection", "complication", "health_problem", "fitness"), COUPLE),
        **dict.fromkeys(("contraception_method", "method_since_on", "method_place"), ("contraception", *YES)),
        "stopped_why": ("contraception", (False,), (True,)),
    },
    "smoking": {
        **dict.fromkeys(("kind", "began_years", "began_why", "sticks", "months_smoked"), SMOKED),
        **dict.fromkeys(("source_of_cigarettes", "wants_to_stop"), SMOKED),
        "seen_whom": ("seen_at_school", *YES),
        "monoxide_ppm": ("monoxide_measured", *YES),
    },
    "nakes_exam": {
        "caries": ("instrument", ("teeth",), ("vision", "other")),
        **dict.fromkeys(
            ("visus_right", "visus_left", "colour_blind", "eye_finding"), ("instrument", ("vision",), ("hearing",))
        ),
        **dict.fromkeys(("whisper_passed", "ear_finding"), ("instrument", ("hearing",), ("vision", "teeth"))),
        "cancer_result": ("instrument", ("iva", "sadanis"), ("laboratory", "teeth")),
    },
    "follow_up": {"until": ("state", ("postponed",), ("visited", "referred", "done"))},
    "referral": {
        **dict.fromkeys(
            ("came_on", "examined_by", "diagnosis", "treatment", "control_on"), ("came", ("came",), ("not_came",))
        ),
        "why_not": ("came", ("not_came",), ("came",)),
    },
    "confirmation": dict.fromkeys(("value", "value_words", "reason"), ("decision", ("overridden",), ("confirmed",))),
    "home_pregnant": {"next_on": UNFINISHED},
    "home_postpartum": {"next_on": UNFINISHED},
    "home_infant": {"next_on": UNFINISHED},
    "home_child": {"next_on": UNFINISHED},
    "home_school": {
        **dict.fromkeys(("measured_on", "measured_place", "weight_g", "height_mm", "waist_mm"), ("gap_measured", *YES)),
        **dict.fromkeys(("haemoglobin_on", "haemoglobin_place", "haemoglobin_result"), ("gap_haemoglobin", *YES)),
        **dict.fromkeys(("pressure_on", "pressure_place", "pressure_result"), ("gap_pressure", *YES)),
        **dict.fromkeys(("glucose_on", "glucose_place", "glucose_result"), ("gap_glucose", *YES)),
        **dict.fromkeys(("mind_screened_on", "mind_screened_place", "mind_screened_by"), ("gap_mind_screened", *YES)),
        "next_on": UNFINISHED,
    },
    "home_tbc": {"next_on": UNFINISHED},
    "review": {"answers_to": ("kind", ("answer",), ("question", "comment", "returned", "accepted"))},
    "fund": {
        "origin": ("direction", ("in",), ("out",)),
        "purpose": ("direction", ("out",), ("in",)),
    },
    "social_step": {
        "sent_to": ("stage", ("forwarded",), ("handled", "done", "refused")),
        "reason": ("stage", ("refused",), ("forwarded", "handled", "done")),
    },
    "feeding": {
        "partner": ("fund", ("partner",), ("special", "regional", "village")),
        **dict.fromkeys(("result", "weight_after_g", "muac_after_mm"), ("ended_on", (DAY,), ())),
    },
    "consent": {
        **dict.fromkeys(("given_by", "how"), ("answer", ("agreed", "declined"), ("told",))),
        "withdrawn_on": ("answer", ("agreed",), ("told", "declined")),
    },
}
"""By form and question: the question it waits for, the answers that bring it out, and those that do not."""

GROWN = {
    **dict.fromkeys(("pressure_on", "pressure_place", "pressure_result"), ("gap_pressure", *YES)),
    "hypertension_since": ("gap_pressure_medicine", (True, False), ()),
    **dict.fromkeys(("glucose_on", "glucose_place", "glucose_result"), ("gap_glucose", *YES)),
    "diabetes_since": ("gap_glucose_medicine", (True, False), ()),
    **dict.fromkeys(("mind_screened_on", "mind_screened_place", "mind_screened_by"), ("gap_mind_screened", *YES)),
    "next_on": UNFINISHED,
}
WAITING["home_adult"] = GROWN
WAITING["home_elderly"] = {
    **GROWN,
    **dict.fromkeys(("aks_on", "aks_place"), ("gap_aks", *YES)),
    **dict.fromkeys(("skilas_on", "skilas_place"), ("gap_skilas", *YES)),
}

OTHERWISE = {
    ("pregnancy", "birth_interval_months"),
    ("immunisation_dose", "not_given"),
    ("immunisation_dose", "noted_on"),
    ("smoking", "stop_why"),
    ("fund", "families"),
    ("person", "nik_missing"),
    ("consent", "giver_name"),
    ("consent", "withdrawn_by"),
    ("consent", "wish"),
    ("consent", "withdrawn_why"),
}
"""Those that wait for two answers, or come out while one is missing; each has a test of its own below."""


def asked(form: str, answers: Answers) -> set[str]:
    return {field.name for field in FORMS[form].asked(answers)}


@pytest.mark.parametrize("form", WAITING)
def test_a_question_comes_out_by_the_answers_it_waits_for_and_by_no_other(form: str) -> None:
    for name, (of, by, not_by) in WAITING[form].items():
        assert {value: name in asked(form, {of: value}) for value in by} == dict.fromkeys(by, True), name
        assert {value: name in asked(form, {of: value}) for value in not_by} == dict.fromkeys(not_by, False), name


@pytest.mark.parametrize("form", WAITING)
def test_what_nobody_answered_brings_nothing_out(form: str) -> None:
    silent = {of: None for of, _by, _not_by in WAITING[form].values()}
    assert not asked(form, {}) & set(WAITING[form])
    assert not asked(form, silent) & set(WAITING[form])


def test_every_waiting_question_of_every_form_is_in_the_table() -> None:
    waiting = {(form.name, field.name) for form in FORMS.values() for field in form.fields.values() if field.shown_if}
    assert waiting == {(form, name) for form, names in WAITING.items() for name in names} | OTHERWISE


def test_every_question_waits_for_one_that_is_asked_before_it_in_the_same_form() -> None:
    for form, names in WAITING.items():
        order = list(FORMS[form].fields)
        for name, (of, _by, _not_by) in names.items():
            assert order.index(of) < order.index(name) or form == "wus", (form, name)


@pytest.mark.parametrize(("gravida", "shown"), [(None, True), (1, False), (2, True), (6, True)])
def test_how_long_since_the_last_child_is_not_asked_in_a_first_pregnancy(gravida: int | None, shown: bool) -> None:
    assert ("birth_interval_months" in asked("pregnancy", {"gravida": gravida})) is shown


def test_a_dose_wants_a_reason_while_it_has_no_day() -> None:
    late = {"not_given", "noted_on"}
    assert asked("immunisation_dose", {}) & late == late
    assert asked("immunisation_dose", {"given_on": DAY}) & late == set()


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"smoking": "daily", "wants_to_stop": True}, True),
        ({"smoking": "sometimes", "wants_to_stop": True}, True),
        ({"smoking": "daily", "wants_to_stop": False}, False),
        ({"smoking": "daily"}, False),
        ({"smoking": "tried", "wants_to_stop": True}, False),
        ({"wants_to_stop": True}, False),
    ],
)
def test_why_somebody_wants_to_stop_is_asked_of_smokers_who_do(answers: Answers, shown: bool) -> None:
    """KMK 2015/2023 Formulir 2: C7b follows C7a, which follows C1a."""
    assert ("stop_why" in asked("smoking", answers)) is shown


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"direction": "in", "origin": "health_fund"}, True),
        ({"direction": "in", "origin": "village"}, False),
        ({"direction": "out", "origin": "health_fund"}, False),
        ({"origin": "health_fund"}, False),
    ],
)
def test_how_many_families_paid_is_asked_of_money_into_the_health_fund(answers: Answers, shown: bool) -> None:
    assert ("families" in asked("fund", answers)) is shown


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({"kek_food": "Telur dan kacang"}, True),
        ({"kek_food": "Telur", "kek_portions": 0}, True),
        ({"kek_food": "", "kek_portions": None}, False),
        ({"kek_portions": 14}, True),
    ],
)
def test_whether_the_food_was_eaten_is_asked_when_any_was_given(answers: Answers, shown: bool) -> None:
    """Kartu bumil 16 follows 15, which is a composition and a number of portions."""
    assert ("kek_daily" in asked("pregnancy_visit", answers)) is shown


@pytest.mark.parametrize(("children", "shown"), [(None, True), (0, False), (1, True), (3, True)])
def test_the_youngest_is_asked_of_couples_that_may_have_children(children: int | None, shown: bool) -> None:
    assert ("youngest_born_on" in asked("wus", {"couple": True, "children_living": children})) is shown
    assert "youngest_born_on" not in asked("wus", {"couple": False, "children_living": children})


def test_why_a_nik_is_missing_is_asked_while_there_is_none() -> None:
    assert "nik_missing" in asked("person", {})
    assert "nik_missing" not in asked("person", {"nik": "5299011234560001"})


@pytest.mark.parametrize(
    ("answers", "name_asked", "withdrawal_asked"),
    [
        ({}, False, False),
        ({"answer": "told", "given_by": "mother", "withdrawn_on": DAY}, False, False),
        ({"answer": "agreed"}, False, False),
        ({"answer": "agreed", "given_by": "self"}, False, False),
        ({"answer": "agreed", "given_by": "mother"}, True, False),
        ({"answer": "declined", "given_by": "guardian", "withdrawn_on": DAY}, True, False),
        ({"answer": "agreed", "given_by": "self", "withdrawn_on": DAY}, False, True),
    ],
)
def test_only_what_was_agreed_to_is_taken_back(answers: Answers, name_asked: bool, withdrawal_asked: bool) -> None:
    """UU 27/2022: somebody else's name where somebody else answered; a withdrawal where there is something agreed."""
    shown = asked("consent", answers)
    assert ("giver_name" in shown) is name_asked
    assert shown & {"withdrawn_by", "wish", "withdrawn_why"} == (
        {"withdrawn_by", "wish", "withdrawn_why"} if withdrawal_asked else set()
    )
