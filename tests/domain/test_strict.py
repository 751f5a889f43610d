"""The strict readers give the value as what it should be, or say where it is not: people correct these files."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from posyandu.domain import strict

PLACE = "limits.json, rule 3"

Reader = Callable[[Any, str], object]

GOOD: list[tuple[Reader, Any, object]] = [
    (strict.an_object, {"a": 1}, {"a": 1}),
    (strict.an_object, {}, {}),
    (strict.a_list, [], []),
    (strict.a_list, [1, "x"], [1, "x"]),
    (strict.a_text, "x", "x"),
    (strict.a_whole, 0, 0),
    (strict.a_whole, -7, -7),
    (strict.a_number, 0, 0),
    (strict.a_number, 1.5, 1.5),
    (strict.a_number_or_none, None, None),
    (strict.a_number_or_none, 2.5, 2.5),
    (strict.a_whole_or_none, None, None),
    (strict.a_whole_or_none, 3, 3),
    (strict.a_flag, True, True),
    (strict.a_flag, False, False),
    (strict.a_day, "2026-11-12", date(2026, 11, 12)),
    (strict.wholes, [], ()),
    (strict.wholes, [3, 1, 2], (3, 1, 2)),
    (strict.a_span, [0, 5], (0, 5)),
    (strict.a_span, [5, 5], (5, 5)),
    (strict.a_span_or_none, None, None),
    (strict.a_span_or_none, [6, 11], (6, 11)),
]

BAD: list[tuple[Reader, Any, str]] = [
    (strict.an_object, [], "wants an object"),
    (strict.an_object, None, "wants an object"),
    (strict.an_object, "x", "wants an object"),
    (strict.a_list, {}, "wants a list"),
    (strict.a_list, "abc", "wants a list"),
    (strict.a_list, (1, 2), "wants a list"),
    (strict.a_text, "", "wants a text"),
    (strict.a_text, None, "wants a text"),
    (strict.a_text, 3, "wants a text"),
    (strict.a_whole, 1.0, "wants a whole number"),
    (strict.a_whole, True, "wants a whole number"),
    (strict.a_whole, "1", "wants a whole number"),
    (strict.a_whole, None, "wants a whole number"),
    (strict.a_number, False, "wants a number"),
    (strict.a_number, "1,5", "wants a number"),
    (strict.a_number, None, "wants a number"),
    (strict.a_number_or_none, "x", "wants a number"),
    (strict.a_whole_or_none, 1.5, "wants a whole number"),
    (strict.a_flag, 1, "wants true or false"),
    (strict.a_flag, 0, "wants true or false"),
    (strict.a_flag, "true", "wants true or false"),
    (strict.a_day, "", "wants a text"),
    (strict.a_day, 20261112, "wants a text"),
    (strict.wholes, [1, 2.5], "wants a whole number"),
    (strict.wholes, 5, "wants a list"),
    (strict.a_span, [5, 0], "wants the lowest and the highest"),
    (strict.a_span, [1], "wants the lowest and the highest"),
    (strict.a_span, [1, 2, 3], "wants the lowest and the highest"),
    (strict.a_span, [], "wants the lowest and the highest"),
    (strict.a_span_or_none, [2, 1], "wants the lowest and the highest"),
]


@pytest.mark.parametrize(("reader", "value", "read"), GOOD)
def test_what_is_right_is_given_back_as_what_it_should_be(reader: Reader, value: Any, read: object) -> None:
    found = reader(value, PLACE)
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize(("reader", "value", "says"), BAD)
def test_what_is_wrong_is_said_with_its_place(reader: Reader, value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        reader(value, PLACE)
    assert str(caught.value) == f"{PLACE}: {says}"


def test_a_day_that_is_none_is_refused() -> None:
    for typed in ("2026-02-30", "12-11-2026", "kemarin"):
        with pytest.raises(ValueError, match=r"day|month|isoformat"):
            strict.a_day(typed, PLACE)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"a": 1}, "limits.json, rule 3: wants a, b; has a"),
        ({}, "limits.json, rule 3: wants a, b; has "),
        ({"a": 1, "b": 2, "d": 3}, "limits.json, rule 3: wants a, b; has a, b, d"),
        ({"a": 1, "c": 2}, "limits.json, rule 3: wants a, b; has a, c"),
    ],
)
def test_an_object_says_which_keys_it_wants_and_which_it_has(value: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match="wants a, b") as caught:
        strict.an_object(value, PLACE, ("a", "b"), optional=("c",))
    assert str(caught.value) == says


def test_an_object_may_have_what_is_optional() -> None:
    for value in ({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}):
        assert strict.an_object(value, PLACE, ("a", "b"), optional=("c",)) is value
    with pytest.raises(ValueError, match="wants a; has a, c"):
        strict.an_object({"a": 1, "c": 2}, PLACE, ("a",))


def test_one_of_a_few_words() -> None:
    assert strict.one_of("male", PLACE, ("male", "female")) == "male"
    for value in ("Male", "", None, 1, ["male"]):
        with pytest.raises(ValueError, match=r"^limits.json, rule 3: wants one of male, female$"):
            strict.one_of(value, PLACE, ("male", "female"))
