"""Every kind of answer has its column, comes back from it, and refuses what is not of its kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, option
from posyandu.storage.columns import column_type, fits, reader, to_wire
from posyandu.storage.tables import stored
from tests.strategies import answer

FIELDS: list[Field] = [
    Number(name="n", label="", low=0, high=9),
    Choice(name="c", label="", options=(option("a", ""),)),
    YesNo(name="y", label=""),
    Date(name="d", label=""),
    Text(name="t", label=""),
]


@given(st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field), answer(field))))
def test_any_answer_comes_back_from_its_column(pair: tuple[Field, Value]) -> None:
    field, value = pair
    wire = to_wire(value)
    assert fits(field, wire)
    back = reader(field)(stored(wire))
    assert back == (value if not isinstance(value, str) else wire)
    assert type(back) is type(value)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: type(field).__name__)
def test_unknown_is_of_every_kind(field: Field) -> None:
    assert fits(field, None)
    assert reader(field)(None) is None
    assert column_type(field) in ("INTEGER", "TEXT")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (FIELDS[0], "8"),
        (FIELDS[0], True),
        (FIELDS[0], 2**60),
        (FIELDS[1], 3),
        (FIELDS[2], 1),
        (FIELDS[3], "2024-02-30"),
        (FIELDS[3], "2024-1-1"),
        (FIELDS[3], 20240101),
        (FIELDS[4], False),
    ],
)
def test_what_is_of_another_kind_does_not_fit(field: Field, value: int | str | bool) -> None:
    assert not fits(field, value)


def test_text_travels_composed_and_an_emptied_text_is_unknown() -> None:
    assert to_wire("Cafe\N{COMBINING ACUTE ACCENT}") == "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert to_wire("") is None
    assert to_wire(date(2026, 11, 1)) == "2026-11-01"


@pytest.mark.parametrize("function", [column_type, reader, lambda field: fits(field, 1)])
def test_a_kind_nobody_taught_fails_at_once(function: object) -> None:
    with pytest.raises(TypeError):
        function(Field(name="x", label=""))  # type: ignore[operator]
