"""Which figures a coaching sheet praises and which it names to work on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import coaching
from posyandu.domain.coaching import CoachingRule, Point, choose

RULE = CoachingRule({}, 3, 2)


def point(code: str, value: float | None, goal: float = 80, *, low: bool = False) -> Point:
    return Point(code, code, value, goal, "", "", low=low)


def test_the_best_are_praised_and_the_worst_named_with_their_goals() -> None:
    points = [
        point("d_s", 60), point("n_d", 90), point("k_s", 99), point("bgm_d", 8, 5, low=True), point("quality", 20),
        point("idl", None),
    ]  # fmt: skip
    found = choose(RULE, points)
    assert [each.code for each in found.strengths] == ["k_s", "n_d"]
    assert [each.code for each in found.improvements] == ["quality", "bgm_d"]
    assert [each.code for each in found.unknown] == ["idl"]


@pytest.mark.parametrize(
    ("value", "low", "reached"),
    [(80, False, True), (79.9, False, False), (4.9, True, True), (80, True, False), (0, True, True)],
)
def test_less_is_better_where_the_goal_says_so(value: float, low: bool, reached: bool) -> None:
    assert point("x", value, low=low).reached is reached


points = st.lists(
    st.builds(point, st.uuids().map(str), st.none() | st.floats(0, 150), st.floats(0, 100), low=st.booleans())
)


@given(points)
def test_nothing_left_out_is_worse_than_what_is_named(drawn: list[Point]) -> None:
    found = choose(RULE, drawn)
    assert all(each.reached for each in found.strengths)
    assert not any(each.reached for each in found.improvements)
    for each in drawn:
        if each.reached is False and each not in found.improvements:
            assert each.share >= max(named.share for named in found.improvements)
        if each.reached and each not in found.strengths:
            assert each.share <= min(named.share for named in found.strengths)


def test_the_rule_is_read_strictly() -> None:
    assert coaching.read_coaching({"goals": {"idl": 80}, "strengths": 3, "improvements": 2}, "x").goals == {"idl": 80}
    with pytest.raises(ValueError, match="x"):
        coaching.read_coaching({"goals": {}, "strengths": 3}, "x")
