"""Which death it was, at each edge of the definitions."""

from datetime import date, timedelta

import pytest

from posyandu.domain import deaths
from posyandu.domain.fields import Answers

BORN = date(2025, 1, 10)
MOTHER: Answers = {"born_on": date(1995, 1, 1), "sex": "female"}
DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (BORN, "neonatal_early"),
        (BORN + timedelta(7), "neonatal_early"),
        (BORN + timedelta(8), "neonatal"),
        (BORN + timedelta(28), "neonatal"),
        (BORN + timedelta(29), "infant"),
        (date(2026, 1, 9), "infant"),
        (date(2026, 1, 10), "under_five"),
        (date(2030, 1, 9), "under_five"),
        (date(2030, 1, 10), "other"),
        (BORN - timedelta(1), "unknown"),
    ],
)
def test_a_childs_death_by_its_age(on: date, code: str) -> None:
    assert deaths.kind({"born_on": BORN}, [], on, accident=False) == code
    assert deaths.is_infant(code) == (code in ("neonatal_early", "neonatal", "infant"))
    assert deaths.is_under_five(code) == (deaths.is_infant(code) or code == "under_five")
    assert deaths.label(code)


@pytest.mark.parametrize(
    ("pregnancy", "code"),
    [
        ({"lmp_on": DAY - timedelta(100), "outcome": "ongoing"}, "mother"),
        ({"lmp_on": DAY - timedelta(100), "outcome": "died"}, "mother"),
        ({"lmp_on": DAY - timedelta(300), "outcome": "live_birth", "ended_on": DAY - timedelta(42)}, "mother"),
        ({"lmp_on": DAY - timedelta(300), "outcome": "live_birth", "ended_on": DAY - timedelta(43)}, "other"),
        ({"lmp_on": DAY - timedelta(90), "outcome": "abortion", "ended_on": DAY - timedelta(10)}, "mother"),
        ({"lmp_on": DAY + timedelta(1), "outcome": "ongoing"}, "other"),
        ({"lmp_on": DAY - timedelta(300), "outcome": "live_birth"}, "other"),
    ],
)
def test_a_mothers_death_lies_in_a_pregnancy_or_42_days_after(pregnancy: Answers, code: str) -> None:
    assert deaths.kind(MOTHER, [pregnancy], DAY, accident=False) == code


def test_an_accident_is_no_death_of_a_mother() -> None:
    ongoing = {"lmp_on": DAY - timedelta(100), "outcome": "ongoing"}
    assert deaths.kind(MOTHER, [ongoing], DAY, accident=True) == "other"
    assert deaths.kind({}, [], DAY, accident=False) == "unknown"
