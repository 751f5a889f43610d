"""The weeks after a birth: which visit is due, and what each visit of the mother means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import postpartum
from posyandu.domain.fields import Answers, Value
from posyandu.domain.postpartum import PostpartumAssessment
from tests.domain.shipped import RULES, STANDARDS

BORN = date(2026, 10, 1)
MOTHER: Answers = {"born_on": date(1998, 3, 1)}
BIRTH: Answers = {"outcome": "live_birth", "ended_on": BORN}
KF = RULES.nifas.visits


def visit(day: int = 10, **answers: Value | None) -> Answers:
    return {"visited_on": BORN + timedelta(days=day), **answers}


def assess(*visits: Answers, birth: Answers = BIRTH) -> list[PostpartumAssessment]:
    return postpartum.assess(STANDARDS, MOTHER, birth, visits)


def codes(*visits: Answers, birth: Answers = BIRTH) -> set[str]:
    return {finding.code for finding in assess(*visits, birth=birth)[-1].findings}


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (0, ["due", "later", "later", "later"]),
        (2, ["due", "later", "later", "later"]),
        (3, ["missed", "due", "later", "later"]),
        (7, ["missed", "due", "later", "later"]),
        (8, ["missed", "missed", "due", "later"]),
        (28, ["missed", "missed", "due", "later"]),
        (29, ["missed", "missed", "missed", "due"]),
        (42, ["missed", "missed", "missed", "due"]),
        (43, ["missed", "missed", "missed", "missed"]),
    ],
)
def test_each_of_the_four_visits_has_its_days(day: int, states: list[str]) -> None:
    due = postpartum.due_visits(KF, BORN, {}, BORN + timedelta(day), "kf")
    assert [(each.code, each.state) for each in due] == list(zip(("KF1", "KF2", "KF3", "KF4"), states, strict=True))


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_visit_made_in_its_days_is_done_whenever_it_is_looked_at(made: int, seen: int) -> None:
    told = {"kf3_on": BORN + timedelta(made)}
    third = postpartum.due_visits(KF, BORN, told, BORN + timedelta(seen), "kf")[2]
    assert third.state == ("done" if 8 <= made <= 28 else "outside")
    assert third.done_on == told["kf3_on"]


def test_complete_means_all_four_in_their_days() -> None:
    told = {f"kf{n}_on": BORN + timedelta(day) for n, day in enumerate((1, 5, 20, 40), 1)}
    due = postpartum.due_visits(KF, BORN, told, BORN + timedelta(42), "kf")
    assert postpartum.is_complete(due)
    assert not postpartum.is_complete(postpartum.due_visits(KF, BORN, {**told, "kf4_on": None}, BORN, "kf"))


@pytest.mark.parametrize(("day", "code"), [(1, "KN1"), (7, "KN2"), (28, "KN3")])
def test_a_newborn_has_three_visits(day: int, code: str) -> None:
    due = postpartum.due_visits(RULES.newborn_visits, BORN, {}, BORN + timedelta(day), "kn")
    assert [each.code for each in due if each.state == "due"] == [code]


@pytest.mark.parametrize(
    ("days", "headline"),
    [((0, 3, 8), "KN lengkap."), ((0, 3), "Sekarang waktunya KN3."), ((0, 29, 30), "KN belum lengkap.")],
)
def test_a_newborn_seen_three_times_in_the_days_of_the_visits_is_complete(days: tuple[int, ...], headline: str) -> None:
    seen = {f"kn{n}_on": BORN + timedelta(day) for n, day in enumerate(days, 1)}
    answers: Answers = {"visited_on": BORN + timedelta(max(28, *days) if "belum" in headline else 20), **seen}
    (found,) = postpartum.assess_newborn(STANDARDS, {"born_on": BORN, "birth_weight_g": 3_100}, [answers])
    assert found.headline == headline


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"danger_bleeding": True}, {"bleeding"}),
        ({"danger_lochia": True, "danger_headache": True}, {"danger_signs"}),
        ({"danger_sad": True}, {"sad"}),
        ({"temperature_tenth_c": 379}, set()),
        ({"temperature_tenth_c": 380}, {"fever"}),
        ({"muac_mm": 234}, {"muac_red"}),
        ({"muac_mm": 235}, set()),
        ({"systolic_mmhg": 139, "diastolic_mmhg": 89}, set()),
        ({"systolic_mmhg": 140, "diastolic_mmhg": 80}, {"pressure_high"}),
        ({"systolic_mmhg": 130, "diastolic_mmhg": 110}, {"pressure_emergency"}),
        ({"pressure_on_curve": False}, {"pressure_high"}),
        ({"weight_on_curve": False}, {"weight_red"}),
        ({"haemoglobin_dg_dl": 119}, {"anaemia"}),
        ({"haemoglobin_dg_dl": 120}, set()),
        ({"tbc_cough": True}, {"tbc_sign"}),
        ({"tbc_contact": True}, {"tbc_contact"}),
        ({"tbc_cough": True, "tbc_contact": True}, {"tbc_suspected"}),
        ({"vitamin_a_taken": False}, {"vitamin_a_not_taken"}),
        ({"breastfeeding": False}, {"not_breastfeeding"}),
        ({"contraception": False}, {"no_contraception"}),
        ({"breastfeeding": True, "contraception": True}, set()),
    ],
)
def test_each_answer_finds_what_it_should(answers: dict[str, Value], expected: set[str]) -> None:
    always = {"visit_due", "visits_missed", "vitamin_a_short"}
    assert codes(visit(**answers)) - always == expected


def test_capsules_add_up_and_are_asked_for_only_within_nifas() -> None:
    first, second = assess(visit(1, vitamin_a_capsules=1), visit(5, vitamin_a_capsules=1))
    assert (first.capsules_total, second.capsules_total) == (1, 2)
    assert "vitamin_a_short" in {finding.code for finding in first.findings}
    assert "vitamin_a_short" not in {finding.code for finding in second.findings}
    assert "vitamin_a_short" in codes(visit(42))
    assert codes(visit(43)) == set()


def test_the_sentence_says_how_long_and_what_matters() -> None:
    (well,) = assess(visit(12, muac_mm=250, systolic_mmhg=110, diastolic_mmhg=70, vitamin_a_capsules=2))
    assert well.headline == "KF3 belum tercatat. Hari ke-12 masa nifas."
    assert (well.level, well.muac_red, well.pressure_red, well.refer) == ("warn", False, False, False)
    assert [tile.words for tile in well.tiles] == ["Baik", "Normal", "2 dari 2 kapsul", "Belum tercatat"]
    (bleeding,) = assess(visit(12, danger_bleeding=True))
    assert bleeding.headline == "Perdarahan sesudah melahirkan. Hari ke-12 masa nifas."
    assert (bleeding.level, bleeding.refer) == ("bad", True)
    (later,) = assess(visit(120, muac_mm=250))
    assert later.headline == "Menyusui, bayi umur 3 bulan. Semua yang diperiksa dalam batas."


def test_what_was_asked_about_tbc_has_a_tile() -> None:
    (found,) = assess(visit(12, tbc_cough=True))
    assert (found.tiles[-1].title, found.tiles[-1].figure) == ("Gejala TBC", "Batuk terus-menerus")


def test_without_a_day_of_birth_nothing_about_days_is_claimed() -> None:
    (found,) = assess(visit(10), birth={})
    assert (found.days, found.due, found.level) == (None, (), "unknown")
    assert found.headline.startswith("Tanggal bersalin belum diketahui")
    assert found.findings == ()
    assert assess({"muac_mm": 200}) == []
