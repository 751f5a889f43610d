"""Counts that belong to the post, and what the posts of a level have together."""

import pytest

from posyandu.reports.counts import UNRECORDED, _summed
from posyandu.reports.table import Cell, PersonRef

A, B = PersonRef("a", "A"), PersonRef("b", "B")


@pytest.mark.parametrize(
    ("cells", "text", "value"),
    [
        ([Cell("2", 2), Cell("3", 3)], "5", 5),
        ([Cell("0", 0), UNRECORDED], "0", 0),
        ([Cell("1.200", 1_200), Cell("5", 5), UNRECORDED], "1.205", 1_205),
        ([UNRECORDED, UNRECORDED], UNRECORDED.text, UNRECORDED.value),
        ([], UNRECORDED.text, UNRECORDED.value),
    ],
)
def test_a_sum_is_unknown_only_where_no_post_knows(cells: list[Cell], text: str, value: int | None) -> None:
    found = _summed(cells)
    assert (found.text, found.value) == (text, value)


def test_a_sum_knows_the_people_of_every_post() -> None:
    assert _summed([Cell("1", 1, (A,)), UNRECORDED, Cell("1", 1, (B,))]).people == (A, B)
