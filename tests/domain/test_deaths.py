"""Which death it was, at each edge of the definitions."""

from datetime import date, timedelta

import pytest

from posyandu.domain import deaths
from posyandu.domain.fields import Answers
from tests.domain.shipped import RULES

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
    assert deaths.kind(RULES, {"born_on": BORN}, [], on, accident=False) == code
    assert deaths.label(code, RULES)


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
    assert deaths.kind(RULES, MOTHER, [pregnancy], DAY, accident=False) == code


def test_an_accident_is_no_death_of_a_mother() -> None:
    ongoing = {"lmp_on": DAY - timedelta(100), "outcome": "ongoing"}
    assert deaths.kind(RULES, MOTHER, [ongoing], DAY, accident=True) == "other"
    assert deaths.kind(RULES, {}, [], DAY, accident=False) == "unknown"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("mother", "Kematian ibu"),
        ("neonatal_early", "Kematian neonatal dini (0 sampai 7 hari)"),
        ("neonatal", "Kematian neonatal (sesudahnya, sampai 28 hari)"),
        ("infant", "Kematian bayi"),
        ("under_five", "Kematian anak balita"),
        ("other", "Kematian"),
        ("unknown", "Kematian, umur belum diketahui"),
    ],
)
def test_each_death_has_its_words(code: str, words: str) -> None:
    assert deaths.label(code, RULES) == words


LMP = date(2026, 1, 1)
ENDED = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("pregnancy", "day", "code"),
    [
        ({"lmp_on": LMP}, LMP, "mother"),
        ({"lmp_on": LMP}, LMP - timedelta(1), "other"),
        ({"lmp_on": LMP, "outcome": "ongoing"}, DAY, "mother"),
        ({"lmp_on": LMP, "outcome": "died"}, DAY, "mother"),
        ({"lmp_on": LMP, "outcome": "moved"}, DAY, "other"),
        ({"lmp_on": LMP, "outcome": "live_birth"}, DAY, "other"),
        ({"lmp_on": LMP, "outcome": "live_birth", "ended_on": ENDED}, ENDED + timedelta(42), "mother"),
        ({"lmp_on": LMP, "outcome": "live_birth", "ended_on": ENDED}, ENDED + timedelta(43), "other"),
        ({"lmp_on": LMP, "outcome": "stillbirth", "ended_on": ENDED}, ENDED + timedelta(42), "mother"),
        ({"lmp_on": LMP, "outcome": "abortion", "ended_on": ENDED}, ENDED + timedelta(42), "mother"),
        ({"noted_on": LMP, "ended_on": ENDED, "outcome": "abortion"}, LMP - timedelta(1), "other"),
    ],
)
def test_a_mothers_death_at_each_edge_of_her_pregnancy(pregnancy: Answers, day: date, code: str) -> None:
    """SIP Format 1 and 5: in pregnancy or within 42 days of its end, however it ended; an accident is none."""
    assert deaths.kind(RULES, MOTHER, [pregnancy], day, accident=False) == code
    assert deaths.kind(RULES, MOTHER, [pregnancy], day, accident=True) == "other"


def test_whose_age_nobody_knows_died_at_an_unknown_age_but_a_mother_is_a_mother() -> None:
    assert deaths.kind(RULES, {}, [], DAY, accident=False) == "unknown"
    assert deaths.kind(RULES, {}, [{"lmp_on": LMP}], DAY, accident=False) == "mother"
