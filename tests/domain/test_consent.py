"""How somebody stands to each purpose: by what was told last, from its day on, and until of age."""

from datetime import date, timedelta

import pytest

from posyandu.domain.consent import STATES, Standing, may_leave, standings
from posyandu.domain.fields import Answers
from posyandu.domain.forms.consent import PURPOSES, TEXTS, VERSION

TODAY = date(2026, 11, 12)
DAY = timedelta(days=1)
OF_AGE = 18 * 12
EIGHTEEN = date(2008, 11, 12)


def told(answer: str | None = "agreed", on: date = TODAY - DAY, **more: object) -> Answers:
    return {"purpose": "service", "told_on": on, "answer": answer, **more}  # type: ignore[dict-item]


def state(*noted: Answers, born_on: date | None = None, on: date = TODAY) -> str:
    return standings(noted, born_on, on, OF_AGE)[0].state


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ([], "none"),
        ([told(None)], "told"),
        ([told("told")], "told"),
        ([told("agreed")], "agreed"),
        ([told("declined")], "declined"),
        ([told("agreed", on=TODAY + DAY)], "none"),
        ([told("agreed", withdrawn_on=TODAY)], "withdrawn"),
        ([told("agreed", withdrawn_on=TODAY + DAY)], "agreed"),
        ([told("declined", withdrawn_on=TODAY)], "declined"),
        ([told("agreed", withdrawn_on=TODAY - DAY), told("agreed", on=TODAY)], "agreed"),
        ([told("agreed", on=TODAY), told("declined", on=TODAY - DAY)], "agreed"),
        ([told("declined", on=TODAY), told("agreed", on=TODAY)], "agreed"),
        ([{"purpose": "service", "answer": "agreed"}], "none"),
    ],
)
def test_what_was_told_last_counts(noted: list[Answers], expected: str) -> None:
    """Of two of one day the one saved later; what has no day says nothing."""
    assert state(*noted) == expected


@pytest.mark.parametrize(
    ("born_on", "told_on", "expected"),
    [
        (EIGHTEEN, TODAY - DAY, "again"),
        (EIGHTEEN, EIGHTEEN, "again"),
        (EIGHTEEN + DAY, TODAY - DAY, "agreed"),
        (EIGHTEEN, TODAY, "agreed"),
        (None, TODAY - DAY, "agreed"),
        (TODAY, TODAY - DAY, "agreed"),
    ],
)
def test_who_comes_of_age_is_asked_anew(born_on: date | None, told_on: date, expected: str) -> None:
    assert state(told(on=told_on), born_on=born_on) == expected
    assert state(told("told", on=told_on), born_on=born_on) == "told", "nothing was answered for them"


def test_each_purpose_stands_for_itself_in_the_order_of_the_form() -> None:
    found = standings([told(), told("declined", purpose="picture"), told(purpose="unheard_of")], None, TODAY, OF_AGE)
    assert [(each.purpose, each.state) for each in found] == [
        ("service", "agreed"),
        ("share", "none"),
        ("picture", "declined"),
    ]
    assert {each.state for each in found} <= set(STATES)
    assert tuple(PURPOSES) == tuple(each.purpose for each in found)


def test_a_standing_knows_its_day() -> None:
    back = told(withdrawn_on=TODAY)
    assert [Standing("service", each, back).on for each in ("agreed", "withdrawn")] == [TODAY - DAY, TODAY]
    assert Standing("service", "none", {}).on is None


def test_the_text_read_now_is_one_of_the_texts_and_old_ones_stay() -> None:
    assert VERSION in TEXTS
    assert "2026-11" in TEXTS, "records name it"
    assert all(words.endswith(".") for text in TEXTS.values() for words in text)


@pytest.mark.parametrize(
    ("noted", "leaves"),
    [
        ({"purpose": "share"}, True),
        ({"purpose": "share", "answer": "agreed"}, True),
        ({"purpose": "share", "answer": "declined"}, False),
        ({"purpose": "share", "answer": "agreed", "withdrawn_on": TODAY}, False),
        ({"purpose": "share", "answer": "agreed", "withdrawn_on": TODAY + DAY}, True),
        ({"purpose": "share", "answer": "agreed", "withdrawn_on": TODAY, "wish": "keep"}, False),
        ({"purpose": "picture", "answer": "declined"}, True),
        ({"purpose": "picture", "answer": "agreed", "withdrawn_on": TODAY}, True),
        ({"purpose": "service", "answer": "agreed", "withdrawn_on": TODAY, "wish": "erase"}, True),
        ({"purpose": "service", "answer": "agreed", "withdrawn_on": TODAY, "wish": "no_sharing"}, False),
    ],
)
def test_a_name_leaves_unless_sharing_was_refused_or_taken_back(noted: Answers, leaves: bool) -> None:
    assert may_leave(standings([{**told(None, TODAY - 30 * DAY), **noted}], None, TODAY, OF_AGE)) is leaves


def test_a_refusal_as_a_child_holds_until_asked_anew_and_the_last_word_counts() -> None:
    born_on = EIGHTEEN
    refused = told("declined", TODAY - 300 * DAY, purpose="share")
    assert not may_leave(standings([refused], born_on, TODAY, OF_AGE)), "of age since, and not asked again"
    assert may_leave(standings([refused, told("agreed", TODAY, purpose="share")], born_on, TODAY, OF_AGE))
