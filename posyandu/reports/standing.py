"""How a post stands: the figures of strata and posyandu aktif over a year, as values that know their people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from posyandu.domain.calendar import Month
from posyandu.domain.strata import Active, Indicator, Strata
from posyandu.reports.counted import name_of
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import PersonRef
from posyandu.text import _


@dataclass(frozen=True)
class Fact:
    """Something worth knowing that no rule judges yet."""

    label: str
    figure: str
    source: str
    people: tuple[PersonRef, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What a post reached in the months up to `data.month`; `data` holds them all."""

    data: MonthlyData
    months: tuple[Month, ...]
    indicators: Mapping[str, Indicator]
    strata: Strata
    active: Active
    facts: tuple[Fact, ...]
    source: str

    def people(self, indicator: Indicator) -> tuple[PersonRef, ...]:
        """Who is behind a share: first who is lacking, then of whom nobody knows, then who was reached."""
        return (
            *self._refs(indicator.lacking, _("Belum")),
            *self._refs(indicator.unknown, _("Belum diketahui")),
            *self._refs(indicator.counted, _("Sudah")),
        )

    def _refs(self, ids: Iterable[str], detail: str) -> Iterable[PersonRef]:
        everyone = self.data.everyone
        found = [PersonRef(id_, name_of(everyone[id_]), detail) for id_ in ids if id_ in everyone]
        return sorted(found, key=lambda ref: (ref.name.casefold(), ref.id))
