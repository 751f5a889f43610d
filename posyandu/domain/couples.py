"""Couples of childbearing age at the end of a month, and what the province asks of them (KMK 2015/2023, Bab X).

Who is a couple is told by the register of WUS/PUS, else by the registration. 4T and ALKI are as they stood on the day
they were asked. What nobody asked is unknown: it is neither "uses nothing" nor "no risk".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import outcome
from posyandu.domain.fields import Answers
from posyandu.domain.prepregnancy import FOUR_T, Facts
from posyandu.domain.share import Indicator
from posyandu.domain.standards import Standards
from posyandu.text import N_


@dataclass(frozen=True)
class Couple:
    """One couple, by the woman: what was noted last, None when nobody noted anything.

    `uses` whether they use contraception, None when nobody asked; `screened` whether all that is asked before a
    pregnancy was answered within the months that count.
    """

    id: str
    person: Answers
    facts: Facts | None
    uses: bool | None
    screened: bool

    def has(self, risk: str) -> bool:
        """Whether this one of the four "terlalu" is known to hold."""
        return self.facts is not None and risk in self.facts.four_t_codes

    @property
    def unmet(self) -> bool | None:
        """Whether they want no child, or none now, and use nothing; None while either is not known."""
        if self.uses is not False:
            return False if self.uses else None
        return self.facts.wants_to_wait if self.facts is not None else None


def _uses(couple: Couple) -> bool | None:
    return couple.uses


def _of(risk: str) -> Callable[[Couple], bool]:
    return lambda couple: couple.has(risk)


INDICATORS: Mapping[str, Indicator[Couple]] = MappingProxyType(
    {
        "screened": Indicator(N_("Diskrining sebelum hamil"), lambda couple: couple.screened),
        "kb": Indicator(N_("Memakai KB"), _uses),
        "unmet": Indicator(N_("Ingin menunda atau berhenti, tanpa KB"), lambda couple: couple.unmet),
        "four_t_kb": Indicator(
            N_("PUS 4T yang memakai KB"), _uses, lambda couple: any(couple.has(risk) for risk in FOUR_T)
        ),
        "young_kb": Indicator(N_("Terlalu muda, memakai KB"), _uses, _of("young")),
        "old_kb": Indicator(N_("Terlalu tua, memakai KB"), _uses, _of("old")),
        "close_kb": Indicator(N_("Terlalu dekat, memakai KB"), _uses, _of("close")),
        "many_kb": Indicator(N_("Terlalu banyak, memakai KB"), _uses, _of("many")),
        "alki_kb": Indicator(
            N_("PUS dengan ALKI yang memakai KB"),
            _uses,
            lambda couple: couple.facts is not None and bool(couple.facts.alki),
        ),
    }
)
"""The indicators by code, in the order of the sheet."""


def couple(standards: Standards, id_: str, person: Answers, noted: Answers, uses: object, since: date) -> Couple:
    """What the register says of one couple; `noted` is empty when it says nothing, `since` the first day that counts
    for the screening.
    """
    on = noted.get("visited_on")
    if not isinstance(on, date):
        return Couple(id_, person, None, uses if isinstance(uses, bool) else None, screened=False)
    facts = Facts(standards.on(on), on, person, noted, outcome.months_on(person, on), outcome.bmi(noted))
    whole = not facts.missing or noted.get("fitness") is not None
    return Couple(id_, person, facts, uses if isinstance(uses, bool) else None, screened=whole and on >= since)


def is_couple(person: Answers, noted: Answers) -> bool:
    """Whether she is one of a couple: by the register, else by her marital status, else by a husband's name."""
    if noted.get("couple") is not None:
        return noted["couple"] is True
    if person.get("marital_status") is not None:
        return person["marital_status"] == "married"
    return bool(person.get("husband_name"))
