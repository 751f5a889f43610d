"""Working days: Monday to Friday without national holidays and cuti bersama, as far as those are known.

Which days are free is decided anew each year, so the years are data with their source. Of a year that is not in the
data only the weekends are known; whoever shows a count says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from posyandu.domain.strict import Json, a_day, a_text, an_object

SATURDAY = 5


@dataclass(frozen=True)
class Holidays:
    """The free days by date with their names, the years they are known of, and where each year is written."""

    names: Mapping[date, str]
    sources: Mapping[int, str]

    def works(self, day: date) -> bool:
        """Whether offices work on this day, as far as is known."""
        return day.weekday() < SATURDAY and day not in self.names

    def between(self, since: date, until: date) -> int:
        """How many working days came after `since`, up to and including `until`; 0 when that is no later."""
        return sum(self.works(since + timedelta(days=step)) for step in range(1, (until - since).days + 1))

    def after(self, since: date, days: int) -> date:
        """The day on which this many working days (at least one) will have come after `since`."""
        day = since
        while days > 0:
            day += timedelta(days=1)
            days -= self.works(day)
        return day

    def unknown_years(self, since: date, until: date) -> tuple[int, ...]:
        """The years in this span of which only the weekends are known."""
        return tuple(year for year in range(since.year, until.year + 1) if year not in self.sources)


def read_holidays(value: Json, place: str) -> Holidays:
    """Holidays from {"2026": {"source": text, "days": {"2026-01-01": name, ...}}, ...}.

    Raises ValueError, naming the place, for a day in the wrong year.
    """
    names: dict[date, str] = {}
    sources: dict[int, str] = {}
    for year, told in an_object(value, place).items():
        where = f"{place}: {year}"
        parts = an_object(told, where, ("source", "days"))
        sources[int(year)] = a_text(parts["source"], where)
        for day, name in an_object(parts["days"], where).items():
            on = a_day(day, where)
            if on.year != int(year):
                raise ValueError(f"{where}: {day} is in another year")
            names[on] = a_text(name, where)
    return Holidays(MappingProxyType(names), MappingProxyType(sources))
