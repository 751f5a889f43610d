"""Rules as the dinas decided them: what its rulings put in the place of the usual ones, from their day on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.ruling import FEEDING
from posyandu.domain.standards import Standards
from posyandu.domain.strict import Json

_RED_Z: Mapping[Value | None, int] = {"minus_2": -2, "minus_3": -3}
_ORANGE_Z: Mapping[Value | None, int | None] = {"plus_1": 1, "none": None}

Put = Callable[[Json, Value], Json]


def _itself(_usual: Json, told: Value) -> Json:
    return told


def _part(*path: str) -> Put:
    """Puts an answer at this place of a rule of several parts."""

    def put(usual: Any, told: Value) -> Json:  # noqa: ANN401 - a rule as its file has it
        first, *rest = path
        return {**usual, first: _part(*rest)(usual[first], told) if rest else told}

    return put


PLACES: Mapping[str, tuple[str, Put]] = {
    "red_line": ("bgm_z", lambda _usual, told: _RED_Z[told]),
    "orange_line": ("orange_z", lambda _usual, told: _ORANGE_Z[told]),
    "tbc_rule": ("tbc_rule", _itself),
    **{f"{reason}_days": ("feeding", _part("days", reason)) for reason in FEEDING},
    "iron_target": ("ttd_target", _itself),
    "iron_in_lb3": ("lb3_tablets", _itself),
    "iron_in_a_pack": ("tablets_in_a_pack", _itself),
    "emergency_systolic": ("pressure", _part("emergency_systolic")),
    "emergency_diastolic": ("pressure", _part("emergency_diastolic")),
    "mother_short_mm": ("pregnancy_risk", _part("height_under_mm")),
    "stock_months": ("stock", _part("warn_months")),
    "keep_years": ("keep_years", _itself),
}
"""By the answer of a ruling: the rule it changes, and how it is put into what that rule says otherwise."""


def ruled(usual: Standards, rulings: Iterable[Answers]) -> Standards:
    """The usual rules with what these rulings, oldest first, put in their place.

    A ruling holds from its day until the next one, which stands for all; what it leaves blank is then as usual again.
    A rule that the ministry dates later than the ruling holds from that later day.
    """
    made, touched = usual, set[str]()
    for answers in rulings:
        since, told = answers["since_on"], dict[str, Json]()
        assert isinstance(since, date)
        for name, (rule, put) in PLACES.items():
            answer = answers.get(name)
            if answer is not None:
                told[rule] = put(told.get(rule, usual.entry(rule, since).told), answer)
        back = [(rule, usual.entry(rule, since)) for rule in touched - set(told)]
        made = made.with_entries({rule: replace(entry, since=since) for rule, entry in back})
        made = made.with_overrides(told, since, str(answers["source"]))
        touched |= set(told)
    return made
