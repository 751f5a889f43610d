"""N, T, O or B: whether a child's weight rose enough since last month (KMS; Permenkes 155/2010, Buku KIA 2023).

The rules, where the sources differ, are these:

- the period is the calendar month, and "last month" the month before, however many days lie between
- of several weighings in one month the latest counts
- B: never weighed before; the weight at birth is no weighing, but one copied from the Buku KIA is
- O: weighed before, but not last month; it breaks a 2T
- N or T: the gain since last month reaches the minimum (KBM) for the age reached, or does not; the kader may overrule
  by the direction of the curve
- over 60 months there is no letter
- below the red line (BGM): the weight for age, to 2 decimals, lies under the line's standard deviation

So of the children weighed in a month D = N + T + O + B.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from posyandu.domain import growth
from posyandu.domain.calendar import Month, age_days, age_months
from posyandu.domain.standards import Rules, Standards


@dataclass(frozen=True)
class Weighing:
    """One weight in grams; `judged` is "N" or "T" where the kader overruled by the curve."""

    on: date
    grams: int
    judged: str | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a weighing means.

    `code` is "N", "T", "O", "B" or, over 60 months, "". `gain_g` is the change since the weighing of last month
    (`since`), None where there was none; `kbm_g` the gain wanted. `judged`: the letter is the kader's, not the
    arithmetic's. `below_red` and `above_orange` are None where the weight for age is not known.
    """

    code: str
    gain_g: int | None
    kbm_g: int | None
    is_2t: bool
    below_red: bool | None
    above_orange: bool | None
    on: date
    grams: int
    since: date | None = None
    judged: bool = False

    @property
    def lost_past_letters(self) -> bool:
        """Whether it is less than last month's at an age that has no letter to say so."""
        return not self.code and self.gain_g is not None and self.gain_g < 0


def judge(
    standards: Standards,
    sex: str,
    born_on: date,
    weighings: Sequence[Weighing],
    *,
    tables: growth.GrowthTables | None = None,
    since: date | None = None,
) -> list[Weighed]:
    """What each weighing means, as if it were the last of its month. They come and go oldest first.

    Without growth tables, and before `since`, `below_red` and `above_orange` stay unknown.
    """
    found: list[Weighed] = []
    official: dict[Month, Weighed] = {}
    first = Month.of(weighings[0].on) if weighings else None
    for weighing in weighings:
        rules = standards.on(weighing.on)
        period = Month.of(weighing.on)
        weighed = _compare(rules, sex, born_on, weighing, official.get(period - 1), is_first=period == first)
        if tables is not None and (since is None or weighing.on >= since):
            weighed = _against_lines(rules, tables, sex, born_on, weighed)
        official[period] = weighed
        found.append(weighed)
    return found


def _compare(
    rules: Rules, sex: str, born_on: date, weighing: Weighing, last: Weighed | None, *, is_first: bool
) -> Weighed:
    months = age_months(born_on, weighing.on)
    gain_g = weighing.grams - last.grams if last else None
    kbm_g = rules.minimum_gain_g(sex, months)
    judged = False
    if months > rules.weighed_to_months:
        code = ""
    elif is_first:
        code = "B"
    elif gain_g is None:
        code = "O"
    elif weighing.judged in ("N", "T"):
        code, judged = weighing.judged, True
    else:
        code = "N" if gain_g >= (kbm_g or 0) else "T"
    return Weighed(
        code,
        gain_g,
        kbm_g,
        is_2t=code == "T" and last is not None and last.code == "T",
        below_red=None,
        above_orange=None,
        on=weighing.on,
        grams=weighing.grams,
        since=last.on if last else None,
        judged=judged,
    )


def _against_lines(rules: Rules, tables: growth.GrowthTables, sex: str, born_on: date, weighed: Weighed) -> Weighed:
    measured = growth.Measurement(sex, age_days(born_on, weighed.on), weighed.grams / 1000)
    waz = growth.zscores(tables, measured).waz
    if waz is None or age_months(born_on, weighed.on) > rules.weighed_to_months:
        return weighed
    above_orange = None if rules.orange_z is None else waz > rules.orange_z
    return replace(weighed, below_red=waz < rules.bgm_z, above_orange=above_orange)
