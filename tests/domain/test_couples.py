"""Indicators of couples: who is one, what counts as screened, 4T and ALKI on KB, and unknown that is never a no."""

from datetime import date, timedelta

import pytest

from posyandu.domain import adult, couples
from posyandu.domain.couples import INDICATORS, Couple
from posyandu.domain.fields import Answers
from tests.domain.shipped import RULES, STANDARDS, TODAY
from tests.domain.test_prepregnancy import IDEAL, woman

SINCE = TODAY - timedelta(days=300)


def made(uses: object = None, person: Answers | None = None, *, empty: bool = False, **told: object) -> Couple:
    noted: Answers = {} if empty else {**IDEAL, **told}  # type: ignore[dict-item]
    return couples.couple(STANDARDS, "dewi", person or woman(), noted, uses, SINCE)


def figures(code: str, *found: Couple) -> tuple[int, int, int]:
    share = INDICATORS[code](found)
    return len(share.counted), len(share.among), len(share.unknown)


@pytest.mark.parametrize(
    ("told", "screened"),
    [
        ({}, True),
        ({"visited_on": SINCE}, True),
        ({"visited_on": SINCE - timedelta(days=1)}, False),
        ({"chronic": None}, False),
        ({"chronic": None, "fitness": "supervised"}, True),
        ({"muac_mm": 200}, True),
        ({"muac_mm": 200, "haemoglobin_dg_dl": None}, False),
        ({"youngest_born_on": None}, False),
        ({"youngest_born_on": None, "children_living": 0}, True),
    ],
)
def test_screened_is_all_that_is_asked_within_the_months_that_count(told: dict[str, object], screened: bool) -> None:
    found = made(**told)
    assert found.screened is screened
    assert figures("screened", found) == (int(screened), 1, 0)


@pytest.mark.parametrize(
    ("code", "person", "told"),
    [
        ("young_kb", woman(20, days=1), {}),
        ("old_kb", woman(36), {}),
        ("close_kb", woman(), {"youngest_born_on": TODAY - timedelta(days=700)}),
        ("many_kb", woman(), {"children_living": 3}),
        ("alki_kb", woman(), {"infection": True}),
    ],
)
def test_each_risk_has_its_own_denominator_and_who_was_not_asked_of_kb_is_unknown(
    code: str, person: Answers, told: dict[str, object]
) -> None:
    three = [made(uses, person, **told) for uses in (True, False, None)]
    assert figures(code, *three, made(True)) == (1, 3, 1)
    others = {"young_kb", "old_kb", "close_kb", "many_kb", "alki_kb"} - {code}
    assert {figures(other, *three) for other in others} == {(0, 0, 0)}
    assert figures("four_t_kb", *three) == ((0, 0, 0) if code == "alki_kb" else (1, 3, 1))
    assert INDICATORS[code]([made(True)]).value is None


@pytest.mark.parametrize(
    ("uses", "told", "unmet"),
    [
        (False, {"wants_child": "later"}, True),
        (False, {"why_none": "wants_none"}, True),
        (False, {"wants_child": "soon"}, False),
        (False, {"why_none": "pregnant"}, False),
        (False, {}, None),
        (True, {"wants_child": "none"}, False),
        (None, {"wants_child": "none"}, None),
    ],
)
def test_unmet_need_wants_both_answers(uses: object, told: dict[str, object], unmet: bool | None) -> None:
    assert made(uses, **told).unmet is unmet
    assert figures("unmet", made(uses, **told)) == (int(unmet is True), 1, int(unmet is None))


def test_a_couple_of_whom_nothing_was_noted_is_counted_and_unknown() -> None:
    found = made(empty=True)
    assert (found.facts, found.screened, found.uses, found.unmet) == (None, False, None, None)
    assert figures("screened", found) == (0, 1, 0)
    assert figures("kb", found) == (0, 1, 1)
    assert figures("four_t_kb", found) == (0, 0, 0)
    assert made("yes", empty=True).uses is None


@pytest.mark.parametrize(
    ("person", "noted", "couple"),
    [
        ({"marital_status": "married"}, {"couple": False}, False),
        ({"marital_status": "widowed", "husband_name": "Amaq"}, {}, False),
        ({"marital_status": "single"}, {"couple": True}, True),
        ({"husband_name": "Amaq"}, {}, True),
        ({"husband_name": ""}, {}, False),
    ],
)
def test_the_register_tells_who_is_a_couple_before_the_registration_does(
    person: Answers, noted: Answers, couple: bool
) -> None:
    assert couples.is_couple(person, noted) is couple


@pytest.mark.parametrize(("born", "fertile"), [((1976, 11, 13), True), ((1976, 11, 12), False), ((2011, 11, 12), True),
                                               ((2011, 11, 13), False)])  # fmt: skip
def test_fertile_is_fifteen_to_forty_nine(born: tuple[int, int, int], fertile: bool) -> None:
    day = date(2026, 11, 12)
    assert adult.is_fertile_woman(RULES, {"sex": "female", "born_on": date(*born)}, day) is fertile
    assert not adult.is_fertile_woman(RULES, {"sex": "male", "born_on": date(*born)}, day)
