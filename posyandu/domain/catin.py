"""Calon pengantin: who is marked as about to marry, and what the province asks of them (KMK 2015/2023, Bab X).

Asked before a wedding: haemoglobin, and the screening of mental health. What nobody examined is unknown: the share of
anaemia and of troubles is among those examined.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain.fields import Answers
from posyandu.domain.share import Finding, Indicator
from posyandu.text import N_


@dataclass(frozen=True)
class Catin:
    """One of them. `examined`: was haemoglobin measured lately; `anaemic` is None where no class can be given.

    `troubled` is whether six or more of SRQ-20 were answered yes, None until it was asked to its end: it is counted and
    never told of anybody by name.
    """

    id: str
    person: Answers
    examined: bool
    anaemic: bool | None
    troubled: bool | None

    @property
    def screened(self) -> bool:
        """Whether SRQ-20 was asked to its end."""
        return self.troubled is not None

    @property
    def wedding_on(self) -> date | None:
        """The day of the wedding, when it is known."""
        told = self.person.get("wedding_on")
        return told if isinstance(told, date) else None


INDICATORS: Mapping[str, Indicator[Catin]] = MappingProxyType(
    {
        "examined": Indicator(N_("Catin diperiksa Hb"), lambda each: each.examined),
        "anaemic": Finding(N_("Catin dengan anemia"), lambda each: each.anaemic),
        "screened": Indicator(N_("Catin diskrining kesehatan jiwa"), lambda each: each.screened),
        "troubled": Finding(N_("Catin dengan masalah jiwa menurut skrining"), lambda each: each.troubled),
    }
)
"""The indicators by code, in the order of the sheet."""

NAMELESS = ("troubled",)
"""Counted only: nobody reads in a report of whom it holds."""


def is_catin(person: Answers, first: date, last: date) -> bool:
    """Whether somebody was about to marry at some time between two days.

    From the day of the mark (always, while it is not known) to the wedding. Without a planned day the mark counts until
    it is taken away or the person is married.
    """
    if person.get("betrothed") is not True:
        return False
    since, wedding_on = person.get("betrothed_on"), person.get("wedding_on")
    if isinstance(since, date) and since > last:
        return False
    if isinstance(wedding_on, date):
        return wedding_on >= first
    return person.get("marital_status") != "married"
