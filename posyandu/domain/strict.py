"""Reading data files strictly: each function gives the value as what it should be, or says where it is not.

They raise ValueError naming the `place`: dated rules are corrected by people, who want to be told where they slipped.
"""

from datetime import date
from typing import Any

Json = Any  # what json.loads gives; every reader checks before it trusts


def an_object(
    value: Json, place: str, keys: tuple[str, ...] | None = None, optional: tuple[str, ...] = ()
) -> dict[str, Json]:
    """The value as an object with exactly these keys; without `keys` any."""
    if not isinstance(value, dict):
        raise ValueError(f"{place}: wants an object")
    if keys is not None and (set(keys) - set(value) or set(value) - set(keys) - set(optional)):
        raise ValueError(f"{place}: wants {', '.join(keys)}; has {', '.join(map(str, value))}")
    return value


def a_list(value: Json, place: str) -> list[Json]:
    """The value as a list."""
    if not isinstance(value, list):
        raise ValueError(f"{place}: wants a list")
    return value


def a_text(value: Json, place: str) -> str:
    """The value as a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"{place}: wants a text")
    return value


def a_whole(value: Json, place: str) -> int:
    """The value as a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{place}: wants a whole number")
    return value


def a_number(value: Json, place: str) -> float:
    """The value as a number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError(f"{place}: wants a number")
    return value


def a_number_or_none(value: Json, place: str) -> float | None:
    """The value as a number, or nothing."""
    return None if value is None else a_number(value, place)


def a_whole_or_none(value: Json, place: str) -> int | None:
    """The value as a whole number, or nothing."""
    return None if value is None else a_whole(value, place)


def a_flag(value: Json, place: str) -> bool:
    """The value as true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{place}: wants true or false")
    return value


def a_day(value: Json, place: str) -> date:
    """The value as a day written 2026-11-12."""
    return date.fromisoformat(a_text(value, place))


def one_of(value: Json, place: str, choices: tuple[str, ...]) -> str:
    """The value as one of these words."""
    if value not in choices:
        raise ValueError(f"{place}: wants one of {', '.join(choices)}")
    return str(value)


def wholes(value: Json, place: str) -> tuple[int, ...]:
    """The value as whole numbers."""
    return tuple(a_whole(number, place) for number in a_list(value, place))


def a_span(value: Json, place: str) -> tuple[int, int]:
    """The value as the lowest and the highest whole number."""
    match wholes(value, place):
        case (low, high) if low <= high:
            return low, high
    raise ValueError(f"{place}: wants the lowest and the highest")


def a_span_or_none(value: Json, place: str) -> tuple[int, int] | None:
    """The value as the lowest and the highest whole number, or nothing."""
    return None if value is None else a_span(value, place)
