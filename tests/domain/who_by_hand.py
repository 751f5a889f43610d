"""A second way to every z-score: exact decimals, WHO's published rules read anew, nothing taken from the app.

Written from "WHO Child Growth Standards: Methods and development" and the manuals of WHO's macros, in another order
than `posyandu.domain.growth` on purpose: one formula with thirty digits, tables as dictionaries, ages as fractions.
"""

import json
import struct
import zlib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path

MONTH = Fraction(304375, 10000)
HUNDREDTH = Decimal("0.01")

Lms = tuple[Decimal, Decimal, Decimal]
Tables = dict[tuple[str, str], dict[int, Lms]]


@dataclass(frozen=True)
class Case:
    sex: str
    age: Fraction | None  # days, not rounded
    weight: Decimal | None
    lenhei: Decimal | None
    measure: str | None
    head: Decimal | None
    arm: Decimal | None
    oedema: bool


def read(path: Path) -> Tables:
    """The file's tables, unpacked the slow way."""
    packed = path.read_bytes()
    (length,) = struct.unpack_from("<I", packed, 10)
    at = 14 + length
    tables: Tables = {}
    for entry in json.loads(packed[14:at]):
        body = zlib.decompress(packed[at : at + entry["bytes"]])
        at += entry["bytes"]
        numbers = struct.unpack(f"<{3 * entry['rows']}i", body)
        columns = []
        for column, places in enumerate((4, 4, 5)):
            total, values = 0, []
            for difference in numbers[column * entry["rows"] : (column + 1) * entry["rows"]]:
                total += difference
                values.append(Decimal(total).scaleb(-places))
            columns.append(values)
        rows = zip(*columns, strict=True)
        tables[entry["table"], entry["sex"]] = {entry["first"] + number: row for number, row in enumerate(rows)}
    return tables


def scores(tables: Tables, case: Case) -> dict[str, Decimal | None]:
    """Every score, rounded half away from zero to the hundredth."""
    with localcontext() as context:
        context.prec = 30
        exact = _school(tables, case) if case.age is not None and case.age / MONTH >= 60 else _young(tables, case)
        return {
            name: None if z is None else z.quantize(HUNDREDTH, ROUND_HALF_UP)
            for name, z in {**dict.fromkeys(("waz", "haz", "whz", "baz", "hcz", "acz")), **exact}.items()
        }


def _young(tables: Tables, case: Case) -> dict[str, Decimal | None]:
    day = None if case.age is None else int(case.age + Fraction(1, 2))
    used = case.lenhei + _correction(case, day) if case.lenhei else None  # 0 is "not measured"
    if day is not None:
        lying = day <= 730
    elif case.measure is not None:
        lying = case.measure == "l"
    else:
        lying = case.lenhei is not None and case.lenhei < 87
    weight = None if case.oedema else case.weight
    found: dict[str, Decimal | None] = {}
    if weight and used:
        found["whz"] = _bent(weight, _interpolated(tables["wfl" if lying else "wfh", case.sex], used * 10))
    if day is None:
        return found
    if weight:
        found["waz"] = _bent(weight, tables["wfa", case.sex].get(day))
    if used:
        found["haz"] = _straight(used, tables["lhfa", case.sex].get(day))
    if weight and used:
        found["baz"] = _bent(weight / (used / 100) ** 2, tables["bfa", case.sex].get(day))
    if case.head:
        found["hcz"] = _straight(case.head, tables["hcfa", case.sex].get(day))
    if case.arm:
        found["acz"] = _bent(case.arm, tables["acfa", case.sex].get(day))
    return found


def _correction(case: Case, day: int | None) -> Decimal:
    """0.7 cm for whoever was measured in the other position than tables want; standing before 9 months is a slip."""
    if day is None or case.age is None:
        return Decimal(0)
    if day >= 731:
        return Decimal("-0.7") if case.measure == "l" else Decimal(0)
    return Decimal("0.7") if case.measure == "h" and case.age / MONTH >= 9 else Decimal(0)


def _school(tables: Tables, case: Case) -> dict[str, Decimal | None]:
    assert case.age is not None
    share = case.age / MONTH
    months = Decimal(share.numerator) / Decimal(share.denominator)
    weight = None if case.oedema else case.weight
    found: dict[str, Decimal | None] = {}
    if weight:
        found["waz"] = _bent(weight, _interpolated(tables["wfa5", case.sex], months))
    if case.lenhei:
        found["haz"] = _straight(case.lenhei, _interpolated(tables["hfa5", case.sex], months))
    if weight and case.lenhei:
        bmi = weight / (case.lenhei / 100) ** 2
        found["baz"] = _bent(bmi, _interpolated(tables["bfa5", case.sex], months))
    return found


def _interpolated(table: dict[int, Lms], key: Decimal) -> Lms | None:
    below = int(key)
    if key == below:
        return table.get(below)
    low, high = table.get(below), table.get(below + 1)
    if low is None or high is None:
        return None
    share = key - below
    first, second, third = (one + share * (other - one) for one, other in zip(low, high, strict=True))
    return first, second, third


def _straight(x: Decimal, row: Lms | None) -> Decimal | None:
    """For length and head: how many standard deviations of M * S away from M."""
    return None if row is None else (x - row[1]) / (row[1] * row[2])


def _bent(x: Decimal, row: Lms | None) -> Decimal | None:
    """For weight and arm: Box-Cox within three standard deviations, and straight beyond with the last step."""
    if row is None:
        return None
    power, middle, spread = row
    if x > _at(row, 3):
        return 3 + (x - _at(row, 3)) / (_at(row, 3) - _at(row, 2))
    if x < _at(row, -3):
        return -3 - (_at(row, -3) - x) / (_at(row, -2) - _at(row, -3))
    return ((x / middle) ** power - 1) / (spread * power)


@cache
def _at(row: Lms, sd: int) -> Decimal:
    """Where so many standard deviations lie, to thirty digits; kept, for powers of thirty digits take their time."""
    power, middle, spread = row
    return middle * (1 + power * spread * sd) ** (1 / power)
