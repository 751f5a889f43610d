"""Steps of a social ticket: only allowed ones stand, in any order of arrival, and the clock counts working days."""

from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import social
from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Choice
from posyandu.domain.forms import social as forms
from posyandu.domain.forms.social import FIELDS, KINDS, PLACES, STAGES
from posyandu.domain.social import ClockRule, Course, Step, course, read_clock
from tests.domain.shipped import STANDARDS

DAY = date(2026, 11, 12)  # a Thursday
RULES = STANDARDS.on(DAY)


def step(name: str, follows: str, stage: str, days: int = 0, *, taken_back: bool = False) -> Step:
    return Step(name, follows, stage, DAY + timedelta(days=days), taken_back)


WHOLE = (
    step("a", "", "verified", 1),
    step("b", "a", "forwarded", 4),
    step("c", "b", "handled", 5),
    step("d", "c", "done", 20),
)


def stages(went: Course) -> list[str]:
    return [each.stage for each in went.steps]


def test_a_report_goes_through_its_stages_however_its_steps_arrive() -> None:
    for order in permutations(WHOLE):
        assert course(order).stage == "done"
        assert stages(course(order)) == ["verified", "forwarded", "handled", "done"]
    assert course(()) == Course("recorded", (), ())


def test_a_step_that_may_not_follow_stands_nowhere() -> None:
    assert course([step("a", "", "done")]).stage == "recorded"
    assert course([step("a", "", "refused"), step("b", "a", "verified")]).stage == "refused"
    assert course([step("b", "missing", "verified")]).steps == ()


def test_a_report_changes_hands_without_changing_its_stage_but_not_when_it_is_over() -> None:
    assert stages(course([step("a", "", "recorded"), step("b", "a", "verified")])) == ["recorded", "verified"]
    assert stages(course([*WHOLE, step("e", "d", "done")])) == ["verified", "forwarded", "handled", "done"]


def test_two_steps_at_once_both_stay_and_the_longer_way_stands() -> None:
    went = course([step("a", "", "verified"), step("z", "", "refused"), step("b", "a", "forwarded")])
    assert stages(went) == ["verified", "forwarded"]
    assert [each.stage for each in went.disputed] == ["refused"]
    twice = course([step("a", "", "verified"), step("z", "", "verified")])
    assert twice.disputed == ()  # both laptops did the same


def test_a_step_taken_back_is_gone_unless_another_followed_it_unawares() -> None:
    back = step("b", "a", "forwarded", taken_back=True)
    assert course([WHOLE[0], back]).stage == "verified"
    assert course([WHOLE[0], back, step("c", "b", "handled")]).stage == "handled"


NAMES = "abcdef"
STEPS = st.builds(
    Step,
    id=st.sampled_from(NAMES),
    follows=st.sampled_from(["", *NAMES]),
    stage=st.sampled_from(list(STAGES)),
    on=st.dates(DAY, DAY + timedelta(days=60)),
    taken_back=st.booleans(),
)


@given(st.lists(STEPS, max_size=8, unique_by=lambda each: each.id), st.randoms())
def test_any_set_of_steps_has_one_course_of_allowed_steps(steps: list[Step], chance: object) -> None:
    went = course(steps)
    shuffled = [*steps, *steps[:2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert course(shuffled) == went
    passed = ["recorded", *stages(went)]
    for before, after in pairwise(passed):
        assert after in social.NEXT[before] or (after == before and social.NEXT[before])
    assert went.stage == passed[-1]
    assert all(after.follows == before.id for before, after in pairwise(went.steps))


@given(st.lists(st.sampled_from(list(STAGES)), max_size=7))
def test_a_chain_stands_up_to_its_first_step_that_is_not_allowed(wanted: list[str]) -> None:
    chain = [Step(f"s{n}", f"s{n - 1}" if n else "", stage, DAY) for n, stage in enumerate(wanted)]
    assert [each.stage for each in course(chain).steps] == wanted[: len(course(chain).steps)]


def test_who_may_take_a_step_is_a_known_duty_and_a_kader_only_records() -> None:
    assert set(social.WHO) == set(STAGES) - {"recorded"}
    assert frozenset().union(*social.WHO.values(), social.READERS) <= set(DUTIES)
    assert not any("kader" in duties for duties in social.WHO.values())
    assert "kader" not in social.READERS
    assert "coordinator" not in social.READERS


@pytest.mark.parametrize(
    ("days", "used", "left", "level"),
    [(0, 0, 5, "ok"), (1, 1, 4, "ok"), (3, 1, 4, "ok"), (5, 3, 2, "ok"), (6, 4, 1, "bad"), (8, 6, -1, "bad")],
)
def test_the_clock_is_red_after_three_working_days_and_has_five(days: int, used: int, left: int, level: str) -> None:
    if days == 8:
        days, used = 10, 6
    now = social.clock(RULES.social_clock, RULES.holidays, DAY, course(()), DAY + timedelta(days=days))
    assert (now.used, now.left, now.level, now.due_on) == (used, left, level, date(2026, 11, 19))
    assert now.is_near is (level == "bad")
    assert now.runs


def test_the_clock_stands_when_somebody_has_begun_to_help() -> None:
    went = course(WHOLE[:3])
    now = social.clock(RULES.social_clock, RULES.holidays, DAY, went, DAY + timedelta(days=40))
    assert (now.used, now.level, now.runs, now.is_near) == (3, "neutral", False, False)


def test_the_clock_says_which_years_it_does_not_know() -> None:
    late = date(2026, 12, 29)
    assert social.clock(RULES.social_clock, RULES.holidays, late, course(()), late).unknown_years == (2027,)
    assert social.clock(RULES.social_clock, RULES.holidays, DAY, course(()), DAY).unknown_years == ()


@given(st.integers(0, 40), st.integers(0, 40))
def test_time_only_runs_out(first: int, more: int) -> None:
    def at(days: int) -> social.Clock:
        return social.clock(RULES.social_clock, RULES.holidays, DAY, course(()), DAY + timedelta(days=days))

    assert at(first + more).left <= at(first).left
    assert at(first).left == RULES.social_clock.limit_days - at(first).used


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_days": 3, "red_after_days": 4, "stops_at": []},
        {"limit_days": 5, "red_after_days": 3, "stops_at": ["somewhere"]},
        {"limit_days": 5, "red_after_days": 3},
    ],
)
def test_a_slip_in_the_rule_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="rule"):
        read_clock(wrong, "rule")


def test_the_rule_as_shipped() -> None:
    assert RULES.social_clock == ClockRule(5, 3, ("handled", "done", "refused"))
    assert "13/2024" in RULES.sources["social_clock"]
    assert "perlu dikonfirmasi dinas" in RULES.sources["social_clock"], "known from one kabupaten only"


def test_a_number_tells_field_and_month_and_keeps_to_its_ticket() -> None:
    first = social.number("one", "social", DAY)
    assert first.startswith("SPM-SOS-202611-")
    assert len(first) == len("SPM-SOS-202611-XXXX")
    assert first == social.number("one", "social", DAY) != social.number("two", "social", DAY)
    assert set(social.SHORT) == set(FIELDS)


def test_every_kind_belongs_to_a_field_and_says_whom_to_tell_and_violence_is_always_sealed() -> None:
    for kind in KINDS.values():
        assert kind.field in FIELDS
        assert kind.refer_to in PLACES
        assert kind.example
        assert kind.ask
    assert {kind.code for kind in KINDS.values() if kind.sealed} == {
        "mental_health", "drugs", "violence", "child_abuse", "trafficking"
    }  # fmt: skip
    assert {kind.field for kind in KINDS.values()} == set(FIELDS)
    assert social.is_sealed("violence")
    assert not social.is_sealed("water")
    assert not social.is_sealed("unheard_of")


def test_steps_that_name_each_other_in_a_circle_stand_nowhere() -> None:
    circle = [step("a", "b", "verified"), step("b", "a", "forwarded")]
    assert course(circle) == Course("recorded", (), ())
    assert course([*circle, step("c", "", "verified")]).stage == "verified"


def test_what_a_step_asks_depends_on_its_stage() -> None:
    asked = {
        stage: {field.name for field in forms.STEP.asked({"stage": stage})} & {"reason", "sent_to"} for stage in STAGES
    }
    assert asked["refused"] == {"reason"}
    assert asked["forwarded"] == {"sent_to"}
    assert asked["verified"] == asked["done"] == set()


def test_the_declared_lists_and_the_questions_agree() -> None:
    def codes(name: str) -> list[str]:
        field = forms.TICKET.fields[name]
        assert isinstance(field, Choice)
        return [each.code for each in field.options]

    assert codes("kind") == list(KINDS)
    assert codes("field") == list(FIELDS)
    assert codes("referred_to") == list(PLACES)
    assert set(codes("urgency")) == set(social.URGENCIES)
    assert codes("consent") == ["agreed", "declined", "not_asked"]
    assert [field.name for field in forms.TICKET.fields.values() if field.required] == [
        "kind", "field", "finding", "consent", "urgency", "noted_on"
    ]  # fmt: skip
    assert not any(form.grid for form in (forms.TICKET, forms.STEP, forms.SEALED))


STAGE_CODES = ("recorded", "verified", "forwarded", "handled", "done", "refused")
ALLOWED = {
    ("recorded", "verified"),
    ("recorded", "refused"),
    ("verified", "forwarded"),
    ("verified", "refused"),
    ("forwarded", "handled"),
    ("forwarded", "refused"),
    ("handled", "done"),
}
"""Permendagri 13/2024: recorded, verified, forwarded, handled, done; refused until help has begun."""

WAYS: dict[str, tuple[Step, ...]] = {
    "recorded": (),
    "verified": WHOLE[:1],
    "forwarded": WHOLE[:2],
    "handled": WHOLE[:3],
    "done": WHOLE,
    "refused": (step("r", "", "refused", 1),),
}


@pytest.mark.parametrize("stage", STAGE_CODES)
@pytest.mark.parametrize("following", STAGE_CODES)
def test_only_the_printed_ways_lead_on_and_a_stage_may_change_hands(stage: str, following: str) -> None:
    way = WAYS[stage]
    last = way[-1].id if way else ""
    went = course([*way, step("z", last, following, 30)])
    again = following == stage and stage not in ("done", "refused")
    allowed = (stage, following) in ALLOWED or again
    assert went.stage == (following if allowed else stage)
    assert len(went.steps) == len(way) + allowed
    assert went.disputed == ()


@pytest.mark.parametrize(
    ("stage", "may", "may_not"),
    [
        ("verified", ("coordinator", "operator", "midwife", "puskesmas", "village"), ("kader", "ppa", "nutritionist")),
        ("forwarded", ("coordinator", "operator", "midwife", "puskesmas", "village"), ("kader", "ppa")),
        ("handled", ("coordinator", "village", "ppa"), ("kader", "nutritionist")),
        ("done", ("coordinator", "village", "ppa"), ("kader", "nutritionist")),
        ("refused", ("coordinator", "village", "ppa"), ("kader", "nutritionist")),
    ],
)
def test_whose_duty_takes_a_report_on(stage: str, may: tuple[str, ...], may_not: tuple[str, ...]) -> None:
    assert set(may) <= social.WHO[stage]
    assert not set(may_not) & social.WHO[stage]


# Thursday 12 November 2026; Friday 13, Monday 16, Tuesday 17, Wednesday 18, Thursday 19 (the fifth), Friday 20
@pytest.mark.parametrize(
    ("today", "used", "left", "level"),
    [
        (date(2026, 11, 12), 0, 5, "ok"),
        (date(2026, 11, 13), 1, 4, "ok"),
        (date(2026, 11, 14), 1, 4, "ok"),
        (date(2026, 11, 15), 1, 4, "ok"),
        (date(2026, 11, 16), 2, 3, "ok"),
        (date(2026, 11, 17), 3, 2, "ok"),
        (date(2026, 11, 18), 4, 1, "bad"),
        (date(2026, 11, 19), 5, 0, "bad"),
        (date(2026, 11, 20), 6, -1, "bad"),
        (date(2026, 11, 23), 7, -2, "bad"),
        (date(2026, 11, 11), 0, 5, "ok"),
    ],
)
def test_the_clock_day_by_day(today: date, used: int, left: int, level: str) -> None:
    now = social.clock(RULES.social_clock, RULES.holidays, DAY, course(()), today)
    assert (now.used, now.left, now.level) == (used, left, level)
    assert now.due_on == date(2026, 11, 19)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("education", "PDD"),
        ("health", "KES"),
        ("public_works", "PU"),
        ("housing", "PRM"),
        ("order", "TRA"),
        ("x", "LAIN"),
    ],
)
def test_the_number_of_a_ticket_names_its_field(field: str, code: str) -> None:
    assert social.number("id", field, date(2026, 1, 31)).startswith(f"SPM-{code}-202601-")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"limit_days": 3, "red_after_days": 4, "stops_at": []}, "red comes before the limit"),
        ({"limit_days": 5, "red_after_days": -1, "stops_at": []}, "red comes before the limit"),
        ({"limit_days": "5", "red_after_days": 3, "stops_at": []}, "wants a whole number"),
        ({"limit_days": 5, "red_after_days": 3, "stops_at": "done"}, "wants a list"),
        ([], "wants an object"),
    ],
)
def test_a_slip_in_the_clock_is_said_with_its_place(wrong: object, says: str) -> None:
    with pytest.raises(ValueError, match="rule") as caught:
        read_clock(wrong, "rule")
    assert str(caught.value) == f"rule: {says}"


def test_a_clock_may_be_red_at_once_or_only_on_its_last_day() -> None:
    assert read_clock({"limit_days": 5, "red_after_days": 0, "stops_at": []}, "rule") == ClockRule(5, 0, ())
    assert read_clock({"limit_days": 5, "red_after_days": 5, "stops_at": ["done"]}, "rule").stops_at == ("done",)
