"""Z-scores against the published examples, WHO's edges, and a second implementation written from the formulas."""

import hashlib
import re
from pathlib import Path

import pytest

from posyandu.domain import growth
from posyandu.domain.growth import GrowthTables, Measurement, read_tables, zscores

FOLDER = Path(__file__).parents[2] / "resources" / "growth"


@pytest.fixture(scope="module")
def tables() -> GrowthTables:
    return read_tables((FOLDER / "who.growth").read_bytes())


# Sex, day, kg, cm, position -> cm used; weight, length, weight for length, BMI for age; flagged. From WHO's programs.
EXAMPLES = """
male      0   2.4  46.0 l   46.0  -2.15 -2.05 -0.92 -1.79
male    183   7.9  67.6 l   67.6  -0.04 -0.02  0.04 -0.04
female  183   5.5  62.0 l   62.0  -2.35 -1.65 -1.66 -1.87
male    365   7.0  72.0 l   72.0  -2.90 -1.57 -2.99 -2.85
female  400   5.0  70.0 l   70.0  -4.85 -2.04 -5.37 -5.28 whz baz
male    700  11.0  84.0 h   84.7  -0.73 -0.75 -0.47 -0.38
female  731  11.5  86.4 h   86.4   0.01  0.21 -0.24 -0.22
female  740   9.0  80.0 l   79.3  -2.08 -2.06 -1.31 -1.11
male   1096  18.5  95.0 h   95.0   2.08 -0.29  3.26  3.33
female 1500  12.0  95.0 h   95.0  -2.31 -1.95 -1.68 -1.55
male   1800  25.0 108.0 h  108.0   2.31 -0.32  3.76  3.63
"""


@pytest.mark.parametrize("line", EXAMPLES.strip().splitlines())
def test_published_examples_come_out_to_the_hundredth(tables: GrowthTables, line: str) -> None:
    sex, day, kg, cm, position, used, waz, haz, whz, baz, *flags = line.split()
    z = zscores(tables, Measurement(sex, int(day), float(kg), float(cm), position))
    assert (z.waz, z.haz, z.whz, z.baz) == (float(waz), float(haz), float(whz), float(baz))
    assert z.lenhei_cm == pytest.approx(float(used))
    assert z.flags == frozenset(flags)


def test_the_tables_are_the_ones_their_readme_describes(tables: GrowthTables) -> None:
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert hashlib.sha256((FOLDER / "who.growth").read_bytes()).hexdigest() in readme
    described = {
        (table.strip(), sex): (int(first), int(rows))
        for names, first, rows in re.findall(r"^\| ([a-z0-9, ]+) \| (\d+) \| (\d+) \|", readme, re.MULTILINE)
        for table in names.split(",")
        for sex in ("male", "female")
    }
    assert {key: (tables.lms(*key).first, len(tables.lms(*key).m)) for key in tables.keys()} == described  # noqa: SIM118
    assert sum(rows for _, rows in described.values()) == 21_290


def test_bytes_of_another_kind_are_refused() -> None:
    good = (FOLDER / "who.growth").read_bytes()
    for bad in (b"", b"PK\x03\x04", good[:-20], good + b"more"):
        with pytest.raises(ValueError, match="growth tables"):
            read_tables(bad)
