"""Which questions are asked at once."""

from datetime import date

import pytest

from posyandu.domain import due
from posyandu.domain.forms import FORMS
from tests.domain.shipped import STANDARDS

CHILD = "under_five_visit"
BORN = date(2024, 3, 12)


def asked(field: str, months: int, *, month: int = 5, form: str = CHILD) -> bool:
    """Whether the question is in sight for a child of so many months on the 12th of this month of 2026."""
    on = date(2026, month, 12)
    whole = on.year * 12 + on.month - 1 - months
    rules = STANDARDS.on(on)
    return field not in due.kept_back(rules, form, date(whole // 12, whole % 12 + 1, 12), on)


@pytest.mark.parametrize(
    ("field", "ages", "expected"),
    [
        ("exclusive_breastfeeding", (0, 6, 7), (True, True, False)),
        ("complementary_food", (5, 6, 23, 24), (False, True, True, False)),
        ("supplement", (5, 6, 71), (False, True, True)),
        ("development", (2, 3, 24, 25), (False, True, True, False)),
        ("weight_g", (0, 30), (True, True)),
        ("oedema", (0, 30), (False, False)),
    ],
)
def test_questions_come_with_their_age(field: str, ages: tuple[int, ...], expected: tuple[bool, ...]) -> None:
    assert tuple(asked(field, age) for age in ages) == expected


def test_capsules_and_worm_medicine_are_asked_in_their_months() -> None:
    assert [asked("vitamin_a", 8, month=month) for month in (1, 2, 8)] == [False, True, True]
    assert [asked("deworming", 24, month=month) for month in (2, 8)] == [False, True]


def test_without_a_birth_date_none_of_them_is_due() -> None:
    on = date(2026, 8, 12)
    rules = STANDARDS.on(on)
    assert due.kept_back(rules, CHILD, None, on) == {each.field for each in rules.questions[CHILD]}
    assert due.kept_back(rules, "session", None, on) == frozenset()


def test_every_rule_names_a_question_of_its_form() -> None:
    for form, rules in STANDARDS.on(date(2026, 11, 12)).questions.items():
        assert {each.field for each in rules} <= FORMS[form].fields.keys() | {"source"}


@pytest.mark.parametrize(
    ("field", "months", "month", "in_sight"),
    [
        ("vitamin_a", 5, 8, False),
        ("vitamin_a", 6, 8, True),
        ("vitamin_a", 59, 2, True),
        ("vitamin_a", 60, 2, False),
        ("vitamin_a", 24, 3, False),
        ("deworming", 11, 8, False),
        ("deworming", 12, 8, True),
        ("deworming", 71, 8, True),
        ("deworming", 72, 8, False),
        ("supplement", 72, 5, False),
        ("development", 0, 5, True),
        ("development", 69, 5, True),
        ("development", 70, 5, False),
        ("development", 72, 5, False),
        ("source", 24, 5, False),
        ("gain_judged", 24, 8, False),
    ],
)
def test_each_question_at_the_edge_of_its_age_and_month(field: str, months: int, month: int, in_sight: bool) -> None:
    """Vitamin A 6-59 months in February and August, worm medicine 12-71 in August, SDIDTK every three months."""
    assert asked(field, months, month=month) is in_sight


@pytest.mark.parametrize(
    ("form", "field", "in_sight"),
    [
        ("pregnancy_visit", "haemoglobin_dg_dl", False),
        ("pregnancy_visit", "muac_mm", True),
        ("postpartum_visit", "temperature_tenth_c", False),
        ("postpartum_visit", "vitamin_a_capsules", True),
        ("school_visit", "malaria_sign", False),
        ("adult_visit", "uric_acid_tenth_mg_dl", False),
        ("adult_visit", "systolic_mmhg", True),
    ],
)
def test_what_is_rarely_filled_waits_behind_the_other_questions(form: str, field: str, in_sight: bool) -> None:
    assert asked(field, 360, form=form) is in_sight
