"""What part of some people something holds of, among whom, and of whom nobody knows: unknown is neither yes nor no."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Who = TypeVar("Who")


@dataclass(frozen=True)
class Share(Generic[Who]):
    """One indicator: those of whom it holds, among whom, and those of whom nobody knows."""

    counted: tuple[Who, ...]
    among: tuple[Who, ...]
    unknown: tuple[Who, ...]

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None when there is nobody."""
        return len(self.counted) / len(self.among) if self.among else None


def _everybody(_who: object) -> bool:
    return True


@dataclass(frozen=True)
class Indicator(Generic[Who]):
    """What is counted of people, and among which of them."""

    label: str
    test: Callable[[Who], bool | None]
    among: Callable[[Who], bool] = _everybody

    def __call__(self, people: Iterable[Who]) -> Share[Who]:
        """The share among these."""
        told = [(each, self.test(each)) for each in people if self.among(each)]
        return Share(
            tuple(each for each, holds in told if holds),
            tuple(each for each, _holds in told),
            tuple(each for each, holds in told if holds is None),
        )


class Finding(Indicator[Who]):
    """An indicator among those of whom it is known."""

    def __call__(self, people: Iterable[Who]) -> Share[Who]:
        """The share among these; who is unknown is told beside it."""
        share = super().__call__(people)
        unknown = set(map(id, share.unknown))
        return replace(share, among=tuple(each for each in share.among if id(each) not in unknown))
