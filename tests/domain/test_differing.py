"""What is done about answers that differ: every answer of every form has a class, and all laptops reckon alike."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from posyandu.domain import differing
from posyandu.domain.change import WITHDRAWN
from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Text
from posyandu.domain.forms import FORMS

LATER = "of_a_later_version"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "name", "kind"),
    [
        ("person", "nik", "identity"),
        ("person", "born_on", "identity"),
        ("person", "sex", "identity"),
        ("person", "mother_id", "identity"),
        ("under_five_visit", "person_id", "identity"),
        ("household", "kk", "identity"),
        ("household", "poor", "status"),
        ("under_five_visit", "weight_g", "measurement"),
        ("under_five_visit", "visited_on", "status"),
        ("under_five_visit", "exclusive_breastfeeding", "status"),
        ("under_five_visit", "tbc_cough", "set"),
        ("health_history", "own_stroke", "set"),
        ("development", "m12_1", "status"),
        ("under_five_visit", "note", "note"),
        ("person", "left_reason", "identity"),
        ("under_five_visit", WITHDRAWN, "removal"),
        ("srq20", "outcome", "sealed"),
        ("srq20", WITHDRAWN, "sealed"),
        ("under_five_visit", LATER, "status"),
    ],
)
def test_an_answer_is_of_a_class(form: str, name: str, kind: str) -> None:
    assert name in {*FORMS[form].links, *FORMS[form].fields, WITHDRAWN, LATER}
    assert differing.class_of(FORMS[form], name) == kind


def test_every_answer_has_a_policy_every_policy_an_answer_and_every_sign_a_question() -> None:
    found = {
        (form.name, name): differing.class_of(form, name)
        for form in FORMS.values()
        for name in (*form.links, *form.fields, WITHDRAWN)
    }
    assert set(found.values()) == differing.POLICIES.keys()
    names = {name for _form, name in found}
    assert all(any(name.startswith(sign) for name in names) for sign in differing._SIGNS)
    for (form, name), kind in found.items():
        field = FORMS[form].fields.get(name)
        is_note = isinstance(field, Text) and field.lines > 1
        assert (kind == "note") == (is_note and not FORMS[form].restricted), (form, name)
    assert all(policy.by <= DUTIES.keys() for policy in differing.POLICIES.values())


def test_since_when_values_differ_depends_on_the_values_alone_and_not_on_their_order() -> None:
    sides = [(7_100, NOON), (7_100, NOON + timedelta(hours=1)), (7_200, NOON + timedelta(hours=2)),
             (None, NOON + timedelta(hours=3))]  # fmt: skip
    assert {differing.began(order) for order in permutations(sides)} == {NOON + timedelta(hours=2)}
    together = [(7_100, NOON), (7_200, NOON), (7_100, NOON + timedelta(days=9))]
    assert {differing.began(order) for order in permutations(together)} == {NOON}
    assert differing.began(sides[:2]) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "waited", "asked"),
    [
        ("measurement", timedelta(), False),
        ("measurement", timedelta(days=7, seconds=-1), False),
        ("measurement", timedelta(days=7), True),
        ("measurement", timedelta(hours=-23), False),
        ("measurement", timedelta(days=-1), True),
        ("identity", timedelta(days=7), True),
        ("removal", timedelta(days=7), True),
        ("note", timedelta(days=400), False),
        ("note", timedelta(days=-400), False),
        ("sealed", timedelta(seconds=1), True),
    ],
)
def test_who_looks_after_the_post_is_asked_too_after_seven_days_or_when_nobody_knows_how_long(
    kind: str, waited: timedelta, asked: bool
) -> None:
    assert differing.is_handed_over(differing.POLICIES[kind], NOON, NOON + waited) is asked
