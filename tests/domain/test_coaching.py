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


@pytest.mark.parametrize(
    ("value", "goal", "low", "share"),
    [
        (40, 80, False, 0.5),
        (80, 80, False, 1.0),
        (120, 80, False, 1.5),
        (None, 80, False, 0.0),
        (10, 5, True, 0.5),
        (5, 5, True, 1.0),
        (0, 5, True, float("inf")),
        (3, 0, False, float("inf")),
    ],
)
def test_how_much_of_a_goal_is_reached_puts_points_in_order(
    value: float | None, goal: float, low: bool, share: float
) -> None:
    assert Point("x", "X", value, goal, "", "", low=low).share == share


def test_of_equals_the_names_decide_and_what_nobody_can_tell_stands_apart() -> None:
    drawn = [Point(code, code, value, 50, "", "") for code, value in (("b", 60), ("a", 60), ("d", 10), ("c", 10))]
    unknown = Point("z", "Z", None, 50, "", "")
    found = choose(CoachingRule({}, 1, 1), [*drawn, unknown])
    assert [each.code for each in found.strengths] == ["b"]
    assert [each.code for each in found.improvements] == ["c"]
    assert found.unknown == (unknown,)
    assert choose(CoachingRule({}, 0, 0), drawn).strengths == ()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([], "wants an object"),
        ({"goals": {}, "strengths": 3}, "wants goals, strengths, improvements; has goals, strengths"),
        ({"goals": {"idl": "80"}, "strengths": 3, "improvements": 2}, "wants a number"),
        ({"goals": {}, "strengths": 2.5, "improvements": 2}, "wants a whole number"),
        ({"goals": [], "strengths": 3, "improvements": 2}, "wants an object"),
    ],
)
def test_a_slip_in_the_goals_is_said_with_its_place(value: object, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        coaching.read_coaching(value, "post.json: coaching")
    assert str(caught.value) == f"post.json: coaching: {says}"
