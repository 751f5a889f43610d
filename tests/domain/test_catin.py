"""Calon pengantin: in which months the mark counts, and what is counted of them."""

from datetime import date, timedelta

import pytest

from posyandu.domain.catin import INDICATORS, NAMELESS, Catin, is_catin
from posyandu.domain.fields import Answers

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ({}, False),
        ({"betrothed": False}, False),
        ({"betrothed": True}, True),
        ({"betrothed": True, "marital_status": "widowed"}, True),
        ({"betrothed": True, "marital_status": "married"}, False),
        ({"betrothed": True, "betrothed_on": LAST}, True),
        ({"betrothed": True, "betrothed_on": LAST + DAY}, False),
        ({"betrothed": True, "wedding_on": FIRST}, True),
        ({"betrothed": True, "wedding_on": FIRST - DAY}, False),
        ({"betrothed": True, "wedding_on": LAST + DAY}, True),
        ({"betrothed": True, "wedding_on": LAST, "marital_status": "married"}, True),
    ],
)
def test_the_mark_counts_from_its_day_to_the_wedding(told: Answers, counts: bool) -> None:
    """Who married in the month was a catin of it; without a planned day, being married ends it."""
    assert is_catin(told, FIRST, LAST) is counts


def catin(id_: str, anaemic: bool | None = None, troubled: bool | None = None) -> Catin:
    return Catin(id_, {}, anaemic is not None, anaemic, troubled)


@pytest.mark.parametrize(
    ("code", "counted", "among", "unknown"),
    [("examined", "ab", "abc", ""), ("anaemic", "a", "ab", "c"), ("screened", "bc", "abc", ""),
     ("troubled", "b", "bc", "a")],
)  # fmt: skip
def test_what_nobody_examined_is_unknown_and_not_no(code: str, counted: str, among: str, unknown: str) -> None:
    share = INDICATORS[code](
        [catin("a", anaemic=True), catin("b", anaemic=False, troubled=True), catin("c", None, False)]
    )
    assert "".join(each.id for each in share.counted) == counted
    assert "".join(each.id for each in share.unknown) == unknown
    assert "".join(each.id for each in share.among) == among
    assert share.value == len(counted) / len(among)


def test_only_what_is_confidential_is_counted_without_names() -> None:
    assert set(NAMELESS) <= set(INDICATORS)
    assert NAMELESS == ("troubled",)


def test_a_wedding_that_is_no_day_is_none() -> None:
    assert catin("a").wedding_on is None
    assert Catin("a", {"wedding_on": LAST}, False, None, None).wedding_on == LAST
