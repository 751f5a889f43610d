"""Those with known high blood pressure or diabetes: whether a control is overdue, and whether medicine is missing."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain import known
from posyandu.domain.fields import Answers
from posyandu.domain.standards import Control
from tests.domain.shipped import RULES, STANDARDS, TODAY

ILL: Answers = {"own_hypertension": True, "own_diabetes": True}


def codes(
    history: Answers, pressure_on: date | None = TODAY, glucose_on: date | None = TODAY, home: Answers | None = None
) -> list[str]:
    return [found.code for found in known.assess(RULES, TODAY, history, pressure_on, glucose_on, home or {})]


@pytest.mark.parametrize(
    ("last", "pressure", "glucose"),
    [
        (date(2026, 11, 1), False, False),
        (date(2026, 10, 31), True, False),
        (date(2026, 9, 1), True, False),
        (date(2026, 8, 31), True, True),
        (date(2025, 11, 12), True, True),
        (None, True, True),
    ],
)
def test_pressure_is_due_every_calendar_month_and_sugar_every_third(
    last: date | None, pressure: bool, glucose: bool
) -> None:
    """R15, notes 3.3: known hypertension is measured monthly; who was never measured is overdue."""
    assert ("pressure_overdue" in codes(ILL, pressure_on=last)) is pressure
    assert ("glucose_overdue" in codes(ILL, glucose_on=last)) is glucose


def test_the_rule_says_what_is_official_and_what_is_proposed_and_from_when() -> None:
    assert RULES.control == Control(pressure_months=1, glucose_months=3)
    official, proposed = RULES.sources["control"].split(" Usulan")
    assert official.startswith("Resmi: KMK")
    assert "tiap bulan" in official
    assert "kencing manis tiap 3 bulan" in proposed
    assert STANDARDS.on(date(2023, 8, 28)).control == Control(pressure_months=3, glucose_months=3)


def test_the_day_of_the_rule_decides_how_long_is_too_long() -> None:
    rules = replace(RULES, control=Control(pressure_months=1, glucose_months=2))
    last = date(2026, 10, 31)
    assert [each.code for each in known.assess(rules, TODAY, ILL, last, last, {})] == ["pressure_overdue"]
    assert known.assess(rules, TODAY, ILL, date(2026, 11, 1), date(2026, 11, 1), {}) == ()


@pytest.mark.parametrize("answer", [None, False])
def test_whoever_is_not_known_to_be_ill_is_told_nothing(answer: bool | None) -> None:
    history: Answers = {"own_hypertension": answer, "own_diabetes": answer, "family_diabetes": True}
    home: Answers = dict.fromkeys(("gap_pressure_medicine", "gap_glucose_taken"), False)
    assert codes(history, None, None, home) == []


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        ({}, []),
        ({"gap_pressure_medicine": True, "gap_pressure_taken": True}, []),
        ({"gap_pressure_medicine": None, "gap_pressure_taken": None}, []),
        ({"gap_pressure_medicine": False}, ["pressure_medicine"]),
        ({"gap_pressure_medicine": True, "gap_pressure_taken": False}, ["pressure_medicine"]),
        ({"gap_glucose_medicine": False, "gap_glucose_taken": None}, ["glucose_medicine"]),
        ({"gap_glucose_taken": False}, ["glucose_medicine"]),
        ({"gap_pressure_taken": False, "gap_glucose_taken": False}, ["glucose_medicine", "pressure_medicine"]),
    ],
)
def test_medicine_is_missing_when_the_home_visit_says_so(home: Answers, expected: list[str]) -> None:
    """Not asked is not missing."""
    assert sorted(codes(ILL, home=home)) == expected


def test_the_finding_says_when_it_was_last_measured() -> None:
    def why(last: date | None) -> str:
        (found,) = known.assess(RULES, TODAY, {"own_hypertension": True}, last, None, {})
        return found.why

    assert "terakhir 31 Agustus" in why(date(2026, 8, 31))
    assert "terakhir 5 Maret 2024" in why(date(2024, 3, 5))
    assert "belum pernah tercatat" in why(None)
