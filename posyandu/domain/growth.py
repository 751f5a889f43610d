"""Z-scores by the WHO Child Growth Standards (2006, 0-5 years) and the WHO Reference 2007 (5-19 years).

Every table gives L, M and S for a sex and an age or length, and a measurement x has the z-score
((x/M)^L - 1) / (L*S). Where the measure is of weight or arm, a z-score beyond 3 is instead counted in steps of the
distance between the second and third standard deviation. Day-exact below 60 months, interpolated by month above.

The rules follow WHO's own programs (anthro, anthroplus): ages in months become days by 30.4375, rounded half up; a
child under 731 days is measured lying and from then on standing, and whoever was measured otherwise is corrected by
0.7 cm; oedema leaves no z-score that uses the weight.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from math import floor
from types import MappingProxyType
from typing import NamedTuple

DAYS_PER_MONTH = 30.4375
HEIGHT_FROM_DAY = 731
LYING_TALLER_CM = 0.7
STANDING_FROM_MONTH = 9
SCHOOL_FROM_MONTH = 60
HEIGHT_FROM_CM = 87.0  # when neither age nor position is known

INDICES = ("waz", "haz", "whz", "baz", "hcz", "acz")

FLAG_LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"waz": (-6, 5), "haz": (-6, 6), "whz": (-5, 5), "baz": (-5, 5), "hcz": (-5, 5), "acz": (-5, 5)}
)
"""WHO's limits: a z-score below the first or above the second is more likely a mistake than a child."""

_MAGIC = b"WHOGROWTH1"
_SCALES = (1e4, 1e4, 1e5)  # L, M and S in the file are integers

# The tables that give an index by age: before 60 months by day, after by month.
_BY_AGE = {
    "waz": ("wfa", "wfa5"),
    "haz": ("lhfa", "hfa5"),
    "baz": ("bfa", "bfa5"),
    "hcz": ("hcfa", ""),
    "acz": ("acfa", ""),
}
_BY_LENGTH = {"wfl": 450, "wfh": 650}


Column = Sequence[float]


class Measurement(NamedTuple):
    """One child measured once; what was not measured is None.

    `sex` is "male" or "female". The age is `age_days` (completed days) or, where only months are known, `age_months`
    (may be a fraction). `measure` is "l" when measured lying, "h" when standing. `oedema`: swelling of both feet.
    """

    sex: str
    age_days: int | None = None
    weight_kg: float | None = None
    lenhei_cm: float | None = None
    measure: str | None = None
    head_cm: float | None = None
    muac_cm: float | None = None
    oedema: bool = False
    age_months: float | None = None


class ZScores(NamedTuple):
    """Weight, length/height, weight for length/height, BMI, head and arm; each to 2 decimals or None where none exists.

    `flags` names the indices beyond WHO's limits of plausibility; `lenhei_cm` is the length or height after
    correction for the position, the one used.
    """

    waz: float | None = None
    haz: float | None = None
    whz: float | None = None
    baz: float | None = None
    hcz: float | None = None
    acz: float | None = None
    flags: frozenset[str] = frozenset()
    lenhei_cm: float | None = None


class Lms(NamedTuple):
    """The columns of one table for one sex; row 0 belongs to key `first` (days, months or millimetres)."""

    first: int
    l: Column  # noqa: E741 - the letters WHO uses
    m: Column
    s: Column


class GrowthTables:
    """All tables, read-only. A table is unpacked when first asked for and then kept, so that opening costs little."""

    def __init__(self, places: Mapping[tuple[str, str], tuple[int, int, int]], columns: memoryview) -> None:
        self._places = places
        self._columns = columns
        self._unpacked: dict[tuple[str, str], Lms] = {}
        self._by_day: dict[str, tuple[Column, ...]] = {}

    def lms(self, table: str, sex: str) -> Lms:
        """One table ("wfa", "lhfa", "bfa", "hcfa", "acfa", "wfl", "wfh", "wfa5", "hfa5", "bfa5") for one sex."""
        known = self._unpacked.get((table, sex))
        if known is None:
            first, start, rows = self._places[table, sex]
            columns = [
                array("d", [value / scale for value in accumulate(self._columns[at : at + rows])])
                for scale, at in zip(_SCALES, range(start, start + 3 * rows, rows), strict=True)
            ]
            known = self._unpacked[table, sex] = Lms(first, *columns)
        return known

    def keys(self) -> frozenset[tuple[str, str]]:
        """Every (table, sex) there is."""
        return frozenset(self._places)

    def by_day(self, sex: str) -> tuple[Column, ...]:
        """L, M, S of weight, M, S of length and L, M, S of BMI by day from birth: what nearly every child needs."""
        known = self._by_day.get(sex)
        if known is None:
            weight, length, bmi = (self.lms(table, sex) for table in ("wfa", "lhfa", "bfa"))
            known = (*weight[1:], *length[2:], *bmi[1:])
            self._by_day[sex] = known
        return known


def read_tables(packed: bytes) -> GrowthTables:
    """The tables in the bytes of resources/growth/who.growth.

    Raises ValueError when the bytes are of another format or damaged.
    """
    if not packed.startswith(_MAGIC):
        raise ValueError("not a file of growth tables")
    try:
        heading, body = zlib.decompress(packed[len(_MAGIC) :]).split(b"\n", 1)
    except zlib.error as damage:
        raise ValueError("the growth tables are damaged") from damage
    if sys.byteorder == "big":  # pragma: no cover - no such machine in use
        swapped = array("i", body)
        swapped.byteswap()
        body = swapped.tobytes()
    places: dict[tuple[str, str], tuple[int, int, int]] = {}
    start = 0
    for entry in json.loads(heading):
        places[entry["table"], entry["sex"]] = (entry["first"], start, entry["rows"])
        start += 3 * entry["rows"]
    columns = memoryview(body).cast("i")
    if len(columns) != start:
        raise ValueError("the growth tables are cut short")
    return GrowthTables(places, columns)


def days_of(months: float) -> int:
    """An age in months as days, the way WHO rounds: 24 months is 730.5 days is day 731."""
    days = months * DAYS_PER_MONTH
    whole = floor(days)
    return whole + 1 if days - whole >= 0.5 else whole


def zscores(tables: GrowthTables, measured: Measurement) -> ZScores:
    """Every z-score that this measurement allows, at any age from birth to 19 years."""
    sex, days, weight, lenhei, measure, head, arm, oedema, months = measured
    if days is not None:
        months = days / DAYS_PER_MONTH
    elif months is not None:
        days = days_of(months) if months >= 0 else -1
    if months is not None and months >= SCHOOL_FROM_MONTH:
        return _of_schoolchild(tables, sex, months, weight, lenhei, oedema)
    if weight is not None and weight <= 0:
        weight = None
    if lenhei is not None and lenhei <= 0:
        lenhei = None
    if days is None:
        whz = None
        if weight is not None and lenhei is not None and not oedema:
            lying = measure == "l" or (measure is None and lenhei < HEIGHT_FROM_CM)
            whz = _for_length(tables, sex, weight, lenhei, lying)
        return _flagged(None, None, whz, None, None, None, lenhei)
    if days < 0:
        return ZScores(lenhei_cm=lenhei)

    assert months is not None
    weight_l, weight_m, weight_s, length_m, length_s, bmi_l, bmi_m, bmi_s = tables.by_day(sex)
    waz = haz = whz = baz = hcz = acz = None
    lying = days < HEIGHT_FROM_DAY
    if oedema:
        weight = None
    if lenhei is not None:
        if lying:
            if measure == "h" and months >= STANDING_FROM_MONTH:
                lenhei += LYING_TALLER_CM
        elif measure == "l":
            lenhei -= LYING_TALLER_CM
        haz = _plain(lenhei, length_m[days], length_s[days])
        if weight is not None:
            whz = _for_length(tables, sex, weight, lenhei, lying)
            metres = lenhei / 100
            baz = _restricted(weight / (metres * metres), bmi_l[days], bmi_m[days], bmi_s[days])
    if weight is not None:
        waz = _restricted(weight, weight_l[days], weight_m[days], weight_s[days])
    if head is not None and head > 0:
        first, _, m, s = tables.lms("hcfa", sex)
        hcz = _plain(head, m[days - first], s[days - first])
    if arm is not None and arm > 0:
        first, l, m, s = tables.lms("acfa", sex)  # noqa: E741
        if days >= first:
            acz = _restricted(arm, l[days - first], m[days - first], s[days - first])
    return _flagged(waz, haz, whz, baz, hcz, acz, lenhei)


def _of_schoolchild(
    tables: GrowthTables, sex: str, months: float, weight: float | None, height: float | None, oedema: bool
) -> ZScores:
    waz = haz = baz = None
    if oedema or (weight is not None and weight <= 0):
        weight = None
    if height is not None and height <= 0:
        height = None
    if weight is not None and (row := _by_month(tables.lms("wfa5", sex), months)):
        waz = _restricted(weight, *row)
    if height is not None and (row := _by_month(tables.lms("hfa5", sex), months)):
        haz = _plain(height, row[1], row[2])
        if weight is not None and (row := _by_month(tables.lms("bfa5", sex), months)):
            baz = _restricted(weight / (height / 100) ** 2, *row)
    return _flagged(waz, haz, None, baz, None, None, height)


def _by_month(table: Lms, months: float) -> tuple[float, float, float] | None:
    """L, M and S between two whole months; None outside the table."""
    row = int(months) - table.first
    beyond = months - int(months)
    last = len(table.m) - 1
    if row > last or (row == last and beyond > 0):
        return None
    return _between(table, row, beyond)


def _for_length(tables: GrowthTables, sex: str, weight: float, lenhei: float, lying: bool) -> float | None:
    """Weight for length (45 to 110 cm) or height (65 to 120 cm); None outside."""
    if lying:
        if not 45 <= lenhei <= 110:
            return None
        table = tables.lms("wfl", sex)
    else:
        if not 65 <= lenhei <= 120:
            return None
        table = tables.lms("wfh", sex)
    tenths = int(lenhei * 10)
    return _restricted(weight, *_between(table, tenths - table.first, (lenhei - tenths / 10) / 0.1))


def _between(table: Lms, row: int, share: float) -> tuple[float, float, float]:
    """L, M and S of a row, moved towards the next row by a share from 0 to 1."""
    _, l, m, s = table  # noqa: E741
    if share <= 0:
        return l[row], m[row], s[row]
    return (
        l[row] + share * (l[row + 1] - l[row]),
        m[row] + share * (m[row + 1] - m[row]),
        s[row] + share * (s[row + 1] - s[row]),
    )


def _plain(x: float, m: float, s: float) -> float:
    """The z-score to 2 decimals of a length or head, where L is 1."""
    return round((x / m - 1) / s, 2)


def _restricted(x: float, l: float, m: float, s: float) -> float:  # noqa: E741
    """The z-score to 2 decimals; beyond 3 in steps of the last standard deviation, as WHO does for weight and arm."""
    z: float = ((x / m) ** l - 1) / (l * s)
    if z > 3:
        third = at_sd(3, l, m, s)
        z = 3 + (x - third) / (third - at_sd(2, l, m, s))
    elif z < -3:
        third = at_sd(-3, l, m, s)
        z = -3 + (x - third) / (at_sd(-2, l, m, s) - third)
    return round(z, 2)


def at_sd(z: float, l: float, m: float, s: float) -> float:  # noqa: E741
    """The measure that lies z standard deviations from the middle."""
    measure: float = m * (1 + l * s * z) ** (1 / l)
    return measure


def _flagged(
    waz: float | None,
    haz: float | None,
    whz: float | None,
    baz: float | None,
    hcz: float | None,
    acz: float | None,
    lenhei: float | None,
) -> ZScores:
    flags = [
        name
        for name, z in zip(INDICES, (waz, haz, whz, baz, hcz, acz), strict=True)
        if z is not None and not FLAG_LIMITS[name][0] <= z <= FLAG_LIMITS[name][1]
    ]
    return ZScores(waz, haz, whz, baz, hcz, acz, frozenset(flags), lenhei)


def sd_lines(
    tables: GrowthTables,
    index: str,
    sex: str,
    from_: float,
    to: float,
    step: float,
    sds: tuple[int, ...] = (-3, -2, -1, 0, 1, 2, 3),
) -> dict[int, list[tuple[float, float]]]:
    """The lines of a growth chart: for each standard deviation its points (x, y), x from `from_` to `to` by `step`.

    `index` is "waz", "haz", "baz", "hcz" or "acz" with x in months, or "wfl" or "wfh" with x in centimetres;
    y is in kg, cm or kg/m². Where the table has nothing the line has no point.
    """
    row_at = _rows_by_length(tables, index, sex) if index in _BY_LENGTH else _rows_by_age(tables, index, sex)
    lines: dict[int, list[tuple[float, float]]] = {sd: [] for sd in sds}
    for number in range(floor((to - from_) / step + 1e-9) + 1):
        x = from_ + number * step
        row = row_at(x)
        if row is not None:
            for sd, line in lines.items():
                line.append((x, at_sd(sd, *row)))
    return lines


def lms_at(tables: GrowthTables, index: str, sex: str, age_days: int) -> tuple[float, float, float] | None:
    """L, M and S of "waz", "haz", "baz", "hcz" or "acz" on one day of life; None where there is no table."""
    young, school = _BY_AGE[index]
    months = age_days / DAYS_PER_MONTH
    if months < SCHOOL_FROM_MONTH:
        table = tables.lms(young, sex)
        row = age_days - table.first
        return _between(table, row, 0) if row >= 0 else None
    return _by_month(tables.lms(school, sex), months) if school else None


def _rows_by_age(tables: GrowthTables, index: str, sex: str) -> Callable[[float], tuple[float, float, float] | None]:
    return lambda months: lms_at(tables, index, sex, days_of(months))


def _rows_by_length(tables: GrowthTables, index: str, sex: str) -> Callable[[float], tuple[float, float, float] | None]:
    table = tables.lms(index, sex)

    def row_at(centimetres: float) -> tuple[float, float, float] | None:
        row = round(centimetres * 10) - table.first
        return _between(table, row, 0) if 0 <= row < len(table.m) else None

    return row_at
