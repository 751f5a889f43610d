"""How somebody stands to each thing they were asked about: told, agreed, declined, taken back, or to be asked anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.forms.consent import PURPOSES, was_withdrawn
from posyandu.text import N_

STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agreed": (N_("Setuju"), "ok"),
        "declined": (N_("Tidak setuju"), "warn"),
        "withdrawn": (N_("Ditarik"), "warn"),
        "again": (N_("Tanyakan lagi, sudah dewasa"), "info"),
        "told": (N_("Sudah diberi tahu"), "neutral"),
        "none": (N_("Belum diberi tahu"), "neutral"),
    }
)
"""Each state with its words and how grave it is."""


@dataclass(frozen=True)
class Standing:
    """How somebody stands to one purpose: the state, and the answers it comes from (empty when never told)."""

    purpose: str
    state: str
    answers: Answers

    @property
    def on(self) -> date | None:
        """The day it was told or, once taken back, taken back."""
        told = self.answers.get("withdrawn_on" if self.state == "withdrawn" else "told_on")
        return told if isinstance(told, date) else None


def standings(noted: Iterable[Answers], born_on: object, on: date, of_age_months: int) -> tuple[Standing, ...]:
    """How somebody stands on a day to each purpose, by what was told last; `noted` oldest saved first.

    From `of_age_months` somebody answers for themselves: what was answered for a child is asked anew.
    """
    last: dict[str, Answers] = {}
    told = [each for each in noted if isinstance(day := each.get("told_on"), date) and day <= on]
    for each in sorted(told, key=lambda each: str(each["told_on"])):
        last[str(each.get("purpose"))] = each
    return tuple(
        Standing(
            purpose,
            _state(last[purpose], born_on, on, of_age_months) if purpose in last else "none",
            last.get(purpose, {}),
        )
        for purpose in PURPOSES
    )


def may_leave(each_standing: Iterable[Standing]) -> bool:
    """Whether somebody's name may leave in a file for others.

    Not when sharing was refused or taken back (a refusal as a child holds until asked anew), nor when anything was
    taken back with the wish not to be sent.
    """
    return not any(
        (each.state == "withdrawn" and each.answers.get("wish") == "no_sharing")
        or (each.purpose == "share" and (each.state == "withdrawn" or each.answers.get("answer") == "declined"))
        for each in each_standing
    )


def _state(answers: Answers, born_on: object, on: date, of_age_months: int) -> str:
    back_on, told_on = answers.get("withdrawn_on"), answers.get("told_on")
    if was_withdrawn(answers) and isinstance(back_on, date) and back_on <= on:
        return "withdrawn"
    state = str(answers.get("answer") or "told")
    if state != "told" and isinstance(born_on, date) and isinstance(told_on, date) and born_on <= told_on:
        was_child = age_months(born_on, told_on) < of_age_months
        if was_child and age_months(born_on, on) >= of_age_months:
            return "again"
    return state
