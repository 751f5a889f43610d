"""People known to have high blood pressure or diabetes: is a control overdue, is medicine missing (R15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import referral
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Rules
from posyandu.text import _

FORM_NAME = "health_history"


@dataclass(frozen=True)
class Facts:
    """What is known on a day: own illnesses, when last measured, and the answers of the last home visit."""

    rules: Rules
    on: date
    history: Answers
    pressure_on: date | None
    glucose_on: date | None
    home: Answers

    def is_overdue(self, last: date | None, months: int) -> bool:
        """Whether the last measurement is so many calendar months ago, or was never made."""
        return last is None or Month.of(self.on) - Month.of(last) >= months


def assess(
    rules: Rules, on: date, history: Answers, pressure_on: date | None, glucose_on: date | None, home: Answers
) -> tuple[Finding, ...]:
    """What is to be done about someone's known illness; nothing for who has none. `home` may be empty."""
    facts = Facts(rules, on, history, pressure_on, glucose_on, home)
    return referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)


def _words(facts: Facts) -> dict[str, str]:
    def when(day: date | None) -> str:
        return _("terakhir {day}").format(day=referral.day_text(day, facts.on)) if day else _("belum pernah tercatat")

    return {"pressure_on": when(facts.pressure_on), "glucose_on": when(facts.glucose_on)}


def _without_medicine(facts: Facts, illness: str, kind: str) -> bool:
    told = (facts.home.get(f"gap_{kind}_medicine"), facts.home.get(f"gap_{kind}_taken"))
    return facts.history.get(f"own_{illness}") is True and False in told


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "pressure_overdue": lambda facts: (
            facts.history.get("own_hypertension") is True
            and facts.is_overdue(facts.pressure_on, facts.rules.control.pressure_months)
        ),
        "glucose_overdue": lambda facts: (
            facts.history.get("own_diabetes") is True
            and facts.is_overdue(facts.glucose_on, facts.rules.control.glucose_months)
        ),
        "pressure_medicine": lambda facts: _without_medicine(facts, "hypertension", "pressure"),
        "glucose_medicine": lambda facts: _without_medicine(facts, "diabetes", "glucose"),
    }
)
"""The conditions that rules of this form may name."""
