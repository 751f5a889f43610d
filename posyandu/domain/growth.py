# ruff: noqa: E741 - l, m and s are the letters WHO gives its columns
"""Z-scores by the WHO Child Growth Standards (2006, 0-5 years) and the WHO Reference 2007 (5-19 years).

Every table gives L, M and S for a sex and an age or length, and a measurement x has the z-score
((x/M)^L - 1) / (L*S). Where the measure is of weight or arm, a z-score beyond 3 is instead counted in steps of the
distance between the second and third standard deviation. Day-exact below 60 months, interpolated by month above.

The rules follow WHO's own programs (anthro, anthroplus): ages in months become days by 30.4375, rounded half up; a
child under 731 days is measured lying and from then on standing, and whoever was measured otherwise is corrected by
0.7 cm; oedema leaves no z-score that uses the weight.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from itertools import accumulate, repeat
from math import floor
from operator import mul, truediv
from types import MappingProxyType
from typing import NamedTuple

DAYS_PER_MONTH = 30.4375
HEIGHT_FROM_DAY = 731
LYING_TALLER_CM = 0.7
STANDING_FROM_MONTH = 9
STANDING_FROM_DAY = 274  # the first day past 9 months
SCHOOL_FROM_MONTH = 60
LAST_DAY = 1826  # the last before 60 months
LYING_FROM_TENTHS, STANDING_FROM_TENTHS = 450, 650  # where weight for length and for height begin
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
LENGTHS = ("wfl", "wfh")

_HAIR = 1e-6  # less than this beyond a row of a table is no more than the computer's rounding
_NO_FLAGS: frozenset[str] = frozenset()
_made = tuple.__new__  # makes a named tuple in half the time


Column = tuple[float, ...]


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
    l: Column
    m: Column
    s: Column


Row = tuple[float, float, float]
Day = tuple[float, float, float, float, float, float, float, float]
Often = tuple[tuple[Day, ...], tuple[Row, ...], tuple[Row, ...]]
"""What nearly every child under five needs, for one sex. By day: M and S of length, L, M and L*S of weight and of BMI;
then L, M and S for length and for height by the tenth of a centimetre."""


class GrowthTables:
    """All tables, read-only. A table is unpacked when first asked for and then kept, so that opening costs little."""

    def __init__(self, packed: Mapping[tuple[str, str], tuple[int, int, bytes]]) -> None:
        self._packed = packed
        self._unpacked: dict[tuple[str, str], Lms] = {}
        self.often: Mapping[str, Often] = _Often(self)

    def lms(self, table: str, sex: str) -> Lms:
        """One table ("wfa", "lhfa", "bfa", "hcfa", "acfa", "wfl", "wfh", "wfa5", "hfa5", "bfa5") for one sex."""
        known = self._unpacked.get((table, sex))
        if known is None:
            known = self._unpacked[table, sex] = self.unpack(table, sex)
        return known

    def unpack(self, table: str, sex: str) -> Lms:
        """The same without keeping it."""
        first, rows, block = self._packed[table, sex]
        return Lms(first, *_columns(block, rows))

    def keys(self) -> frozenset[tuple[str, str]]:
        """Every (table, sex) there is."""
        return frozenset(self._packed)


class _Often(dict[str, Often]):
    """Gathers those columns for a sex when first asked."""

    def __init__(self, tables: GrowthTables) -> None:
        super().__init__()
        self._tables = tables

    def __missing__(self, sex: str) -> Often:
        length, weight, bmi, lying, standing = (
            self._tables.unpack(table, sex) for table in ("lhfa", "wfa", "bfa", "wfl", "wfh")
        )
        weight_ls, bmi_ls = (map(mul, table.l, table.s) for table in (weight, bmi))
        daily = zip(length.m, length.s, weight.l, weight.m, weight_ls, bmi.l, bmi.m, bmi_ls, strict=True)
        often = self[sex] = (tuple(daily), tuple(zip(*lying[1:], strict=True)), tuple(zip(*standing[1:], strict=True)))
        return often


def read_tables(packed: bytes) -> GrowthTables:
    """The tables in the bytes of resources/growth/who.growth (format: tools/make_growth_tables.py).

    Raises ValueError when the bytes are of another format or cut short.
    """
    start = len(_MAGIC) + 4
    if packed[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not a file of growth tables")
    at = start + int.from_bytes(packed[len(_MAGIC) : start], "little")
    tables = {}
    for entry in json.loads(packed[start:at]):
        tables[entry["table"], entry["sex"]] = (entry["first"], entry["rows"], packed[at : at + entry["bytes"]])
        at += entry["bytes"]
    if at != len(packed):
        raise ValueError("the growth tables are cut short")
    return GrowthTables(tables)


def _columns(block: bytes, rows: int) -> list[Column]:
    """L, M and S: integers kept as differences."""
    differences = struct.unpack(f"<{3 * rows}i", zlib.decompress(block))
    return [
        tuple(map(truediv, accumulate(differences[at : at + rows]), repeat(scale)))
        for scale, at in zip(_SCALES, range(0, 3 * rows, rows), strict=True)
    ]


def days_of(months: float) -> int:
    """An age in months as days, the way WHO rounds: 24 months is 730.5 days is day 731."""
    return _rounded(months * DAYS_PER_MONTH)


def _rounded(number: float) -> int:
    """Half up."""
    whole = floor(number)
    return whole + 1 if number - whole >= 0.5 else whole


def zscores(tables: GrowthTables, measured: Measurement) -> ZScores:
    """Every z-score that this measurement allows, at any age from birth to 19 years."""
    sex, days, weight, lenhei, measure, head, arm, oedema, months = measured
    if weight is not None and (oedema or weight <= 0):
        weight = None
    if lenhei is not None and lenhei <= 0:
        lenhei = None
    if days is not None:
        if days > LAST_DAY:
            return _of_schoolchild(tables, sex, days / DAYS_PER_MONTH, weight, lenhei)
    elif months is not None:
        days = days_of(months)
        if months >= SCHOOL_FROM_MONTH:
            return _of_schoolchild(tables, sex, months, weight, lenhei)
    else:
        return _of_unknown_age(tables, sex, weight, lenhei, measure)
    if days < 0:
        return ZScores(lenhei_cm=lenhei)

    # The rest runs for every child of every report. So `score` stands here in line, three times, a function is called
    # only for what lies beyond 3, and flags are looked for only where something is beyond 5, the least of the limits.
    daily, lying, standing = tables.often[sex]
    length_m, length_s, weight_l, weight_m, weight_ls, bmi_l, bmi_m, bmi_ls = daily[days]
    waz = haz = whz = baz = hcz = acz = None
    beyond = False
    if lenhei is not None:
        if days < HEIGHT_FROM_DAY:
            if measure == "h" and _can_stand(measured):
                lenhei += LYING_TALLER_CM
            rows, tenths = lying, lenhei * 10 - LYING_FROM_TENTHS
        else:
            if measure == "l":
                lenhei -= LYING_TALLER_CM
            rows, tenths = standing, lenhei * 10 - STANDING_FROM_TENTHS
        z = (lenhei / length_m - 1) / length_s
        haz = floor(z * 100 + 0.5) / 100
        beyond = not -5 <= z <= 5
        if weight is not None:
            bmi = weight / (lenhei * lenhei) * 10_000
            z = ((bmi / bmi_m) ** bmi_l - 1) / bmi_ls
            if -3 <= z <= 3:
                baz = floor(z * 100 + 0.5) / 100
            else:
                baz = _straight(z, bmi, bmi_l, bmi_m, bmi_ls / bmi_l)
                beyond = beyond or not -5 <= baz <= 5
            if 0 <= tenths <= len(rows) - 1:
                row = int(tenths)
                share = tenths - row
                l, m, s = rows[row] if share < _HAIR else _between(rows[row], rows[row + 1], share)
                z = ((weight / m) ** l - 1) / (l * s)
                if -3 <= z <= 3:
                    whz = floor(z * 100 + 0.5) / 100
                else:
                    whz = _straight(z, weight, l, m, s)
                    beyond = beyond or not -5 <= whz <= 5
    if weight is not None:
        z = ((weight / weight_m) ** weight_l - 1) / weight_ls
        if -3 <= z <= 3:
            waz = floor(z * 100 + 0.5) / 100
        else:
            waz = _straight(z, weight, weight_l, weight_m, weight_ls / weight_l)
            beyond = beyond or not -5 <= waz <= 5
    if head is not None and head > 0:
        hcz, beyond = _on_day(tables.lms("hcfa", sex), days, head), True
    if arm is not None and arm > 0:
        acz, beyond = _on_day(tables.lms("acfa", sex), days, arm), True
    flags = flagged(waz, haz, whz, baz, hcz, acz) if beyond else _NO_FLAGS
    return _made(ZScores, (waz, haz, whz, baz, hcz, acz, flags, lenhei))


def _can_stand(measured: Measurement) -> bool:
    """Whether the child is past 9 months; "standing" before that is a slip of the pen."""
    if measured.age_days is not None:
        return measured.age_days >= STANDING_FROM_DAY
    return measured.age_months is not None and measured.age_months >= STANDING_FROM_MONTH


def score(x: float, l: float, m: float, s: float) -> float:
    """The z-score of a measure, to 2 decimals.

    Beyond 3 WHO counts in steps of the last standard deviation, for measures of weight and arm. For length and head,
    where L is 1, that is the same as the plain score: their standard deviations are evenly spaced.
    """
    z = ((x / m) ** l - 1) / (l * s)
    return floor(z * 100 + 0.5) / 100 if -3 <= z <= 3 else _straight(z, x, l, m, s)


def _straight(z: float, x: float, l: float, m: float, s: float) -> float:
    """The score, to 2 decimals, of a measure whose z lies beyond 3."""
    if z > 0:
        third = at_sd(3, l, m, s)
        z = 3 + (x - third) / (third - at_sd(2, l, m, s))
    else:
        third = at_sd(-3, l, m, s)
        z = -3 + (x - third) / (at_sd(-2, l, m, s) - third)
    return floor(z * 100 + 0.5) / 100


def at_sd(z: float, l: float, m: float, s: float) -> float:
    """The measure that lies z standard deviations from the middle."""
    measure: float = m * (1 + l * s * z) ** (1 / l)
    return measure


def flagged(
    waz: float | None, haz: float | None, whz: float | None, baz: float | None, hcz: float | None, acz: float | None
) -> frozenset[str]:
    """The names of the scores beyond WHO's limits of plausibility."""
    return frozenset(
        name
        for name, z in zip(INDICES, (waz, haz, whz, baz, hcz, acz), strict=True)
        if z is not None and not FLAG_LIMITS[name][0] <= z <= FLAG_LIMITS[name][1]
    )


def _on_day(table: Lms, days: int, x: float) -> float | None:
    row = days - table.first
    return score(x, table.l[row], table.m[row], table.s[row]) if row >= 0 else None


def _of_unknown_age(
    tables: GrowthTables, sex: str, weight: float | None, lenhei: float | None, measure: str | None
) -> ZScores:
    """Weight for length or height is all that needs no age; which of the two, the position or the length says."""
    if weight is None or lenhei is None:
        return ZScores(lenhei_cm=lenhei)
    lying = measure == "l" or (measure is None and lenhei < HEIGHT_FROM_CM)
    row = _at(tables.lms("wfl" if lying else "wfh", sex), lenhei * 10)
    whz = score(weight, *row) if row else None
    return ZScores(whz=whz, flags=flagged(None, None, whz, None, None, None), lenhei_cm=lenhei)


def _of_schoolchild(
    tables: GrowthTables, sex: str, months: float, weight: float | None, height: float | None
) -> ZScores:
    """By the Reference 2007: weight to 10 years, height and BMI to 19, between whole months."""
    waz = haz = baz = None
    if weight is not None and (row := _at(tables.lms("wfa5", sex), months)):
        waz = score(weight, *row)
    if height is not None and (row := _at(tables.lms("hfa5", sex), months)):
        haz = score(height, *row)
        if weight is not None and (row := _at(tables.lms("bfa5", sex), months)):
            baz = score(weight / (height / 100) ** 2, *row)
    return ZScores(waz, haz, None, baz, None, None, flagged(waz, haz, None, baz, None, None), height)


def _at(table: Lms, key: float) -> Row | None:
    """L, M and S at a key, which may lie between two rows; None outside the table."""
    first, l, m, s = table
    place = key - first
    if not 0 <= place <= len(m) - 1:
        return None
    row = int(place)
    share = place - row
    low = l[row], m[row], s[row]
    return low if share < _HAIR else _between(low, (l[row + 1], m[row + 1], s[row + 1]), share)


def _between(low: Row, high: Row, share: float) -> Row:
    """L, M and S a share from 0 to 1 of the way from one row to the next."""
    return (
        low[0] + share * (high[0] - low[0]),
        low[1] + share * (high[1] - low[1]),
        low[2] + share * (high[2] - low[2]),
    )


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
    lines: dict[int, list[tuple[float, float]]] = {sd: [] for sd in sds}
    for number in range(floor((to - from_) / step + _HAIR) + 1):
        x = from_ + number * step
        row = _at(tables.lms(index, sex), x * 10) if index in LENGTHS else _at_age(tables, index, sex, days_of(x), x)
        if row is not None:
            for sd, line in lines.items():
                line.append((x, at_sd(sd, *row)))
    return lines


def lms_at(tables: GrowthTables, index: str, sex: str, age_days: int) -> Row | None:
    """L, M and S of "waz", "haz", "baz", "hcz" or "acz" on one day of life; None where there is no table."""
    return _at_age(tables, index, sex, age_days, age_days / DAYS_PER_MONTH)


def _at_age(tables: GrowthTables, index: str, sex: str, days: int, months: float) -> Row | None:
    young, school = _BY_AGE[index]
    if days <= LAST_DAY:
        return _at(tables.lms(young, sex), days)
    return _at(tables.lms(school, sex), months) if school else None
