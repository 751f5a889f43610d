"""What to praise and what to work on with the kader of a post: figures against their goals, best and worst first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posyandu.domain.strict import Json, a_number, a_whole, an_object


@dataclass(frozen=True)
class CoachingRule:
    """Goals beside those of SKDN (by code), and how many strengths and improvements a sheet names."""

    goals: Mapping[str, float]
    strengths: int
    improvements: int


@dataclass(frozen=True)
class Point:
    """One figure: `value` is None while unknown; with `low` less is better. `people` are the ids to look after."""

    code: str
    label: str
    value: float | None
    goal: float
    figure: str
    advice: str
    people: tuple[str, ...] = ()
    low: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached."""
        if self.value is None:
            return None
        return self.value < self.goal if self.low else self.value >= self.goal

    @property
    def share(self) -> float:
        """How much of the goal is reached, 1 and more when it is; to put points in order."""
        if self.value is None:
            return 0.0
        if self.low:
            return self.goal / self.value if self.value else float("inf")
        return self.value / self.goal if self.goal else float("inf")


@dataclass(frozen=True)
class Coaching:
    """The strengths (best first), what to improve (worst first), and what nobody can tell yet."""

    strengths: tuple[Point, ...]
    improvements: tuple[Point, ...]
    unknown: tuple[Point, ...]


def choose(rule: CoachingRule, points: Iterable[Point]) -> Coaching:
    """The points a sheet names: none left out is worse than those to improve, or better than those praised."""
    known = sorted(points, key=lambda point: (point.share, point.code))
    good = [point for point in reversed(known) if point.reached]
    poor = [point for point in known if point.reached is False]
    return Coaching(
        tuple(good[: rule.strengths]),
        tuple(poor[: rule.improvements]),
        tuple(point for point in known if point.reached is None),
    )


def read_coaching(value: Json, place: str) -> CoachingRule:
    """The rule from its data. Raises ValueError naming the place."""
    parts = an_object(value, place, ("goals", "strengths", "improvements"))
    goals = {code: a_number(goal, place) for code, goal in an_object(parts["goals"], place).items()}
    return CoachingRule(goals, a_whole(parts["strengths"], place), a_whole(parts["improvements"], place))
