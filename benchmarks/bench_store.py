"""How fast the book saves, searches and takes in records, beside what limits it and what one would use instead.

    python benchmarks/bench_store.py                        # saves, then search at 20,000 and 50,000 people
    python benchmarks/bench_store.py --people 200000        # search at another size
    strace -f -c -e trace=fdatasync,fsync,pwrite64 python benchmarks/bench_store.py --only saves

Saves take turns in rounds of 100, and a ratio is taken within each round: a bare 4 KiB overwrite with fdatasync (the
limit), a bare insert of 42 columns with one index by sqlite-utils into a plain WAL, FULL database (the peer), and ours,
encrypted, with journal, history and heads: a whole visit, the next cell of a row, and the correction of a cell. "Kept"
counts what was written to files for each save. Search is measured as in the notes: 200 people, beginnings of 2 to 8
letters of a word of the name, the first 20 hits as whole records; by the processor's time, so that others on the same
machine do not count.
"""

import argparse
import gc
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from posyandu.domain.forms import FORMS  # noqa: E402
from posyandu.services.sample import names  # noqa: E402
from posyandu.storage import people, records  # noqa: E402
from posyandu.storage.database import Database, open_database, rows  # noqa: E402
from posyandu.storage.records import Author, NewRecord  # noqa: E402

ROUNDS, TURN = 7, 100
NOW = datetime(2026, 11, 12, 2, 0, tzinfo=UTC)
AUTHOR = Author("kader", "laptop")
VISIT, PERSON = FORMS["under_five_visit"], FORMS["person"]

# What it may cost at the most, as ratios, and as times where a ratio needs a peer that is not here.
MOST_OF_FDATASYNC, MOST_OF_PEER, MOST_KEPT = 3.3, 1.1, 24_000
MOST_SEARCH_MS = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("saves", "search"))
    parser.add_argument("--people", type=int, nargs="+", default=[20_000, 50_000])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        if chosen.only != "search":
            saves(Path(folder))
        if chosen.only != "saves":
            for count in chosen.people:
                search(Path(folder), count)


# --- saves -----------------------------------------------------------------------------------------------------------


def saves(folder: Path) -> None:
    with closing(open_database(folder / "buku.db", os.urandom(32))) as db:
        with db.conn:
            records.save_many(db, (NewRecord(VISIT, f"{n:032x}", "pos", visit(n), NOW) for n in range(20_000)), AUTHOR)
        turns: dict[str, Callable[[int], object]] = {
            "fdatasync": overwrite(folder / "4k"),
            "sqlite-utils": bare_insert(folder / "polos.db"),
            "visit": lambda n: save(db, n, visit(n)),
            "next cell": lambda n: save(db, n, {"head_mm": 400 + n % 90}, coalesce=True),
            "correction": lambda n: save(db, n, {"head_mm": 300 + n % 90}, coalesce=True),
        }
        times, kept = take_turns(turns)
    print(f"saves, p50 of {ROUNDS} rounds of {TURN}")
    for name in turns:
        limit, peer = (ratio(times[name], times[other]) for other in ("fdatasync", "sqlite-utils"))
        print(
            f"  {name:13} {statistics.median(times[name]):7.0f} us  x fdatasync {limit}  x peer {peer}  {kept[name]} B"
        )
    print(f"  goals: x fdatasync {MOST_OF_FDATASYNC}, x peer {MOST_OF_PEER}, {MOST_KEPT} B")


def take_turns(turns: dict[str, Callable[[int], object]]) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Per turn the medians of its rounds in microseconds, and the bytes it wrote for each save."""
    times: dict[str, list[float]] = {name: [] for name in turns}
    wrote = dict.fromkeys(turns, 0)
    for number in range(ROUNDS):
        for name, turn in turns.items():
            gc.collect()
            before, taken = written(), []
            for n in range(10**6 + number * TURN, 10**6 + (number + 1) * TURN):
                start = time.perf_counter()
                turn(n)
                taken.append((time.perf_counter() - start) * 1e6)
            times[name].append(statistics.median(taken))
            wrote[name] += written() - before
    return times, {name: total // (ROUNDS * TURN) for name, total in wrote.items()}


def written() -> int:
    """Bytes this process gave to files so far (Linux)."""
    try:
        return int(Path("/proc/self/io").read_text().split("wchar: ")[1].split()[0])
    except OSError:
        return 0


def ratio(ours: list[float], other: list[float]) -> str:
    each = sorted(one / two for one, two in zip(ours, other, strict=True))
    return f"{statistics.median(each):5.2f} [{each[0]:.2f}..{each[-1]:.2f}]"


def overwrite(path: Path) -> Callable[[int], object]:
    file, page = os.open(path, os.O_RDWR | os.O_CREAT), os.urandom(4096)

    def turn(_n: int) -> None:
        os.pwrite(file, page, 0)
        os.fdatasync(file)

    return turn


def bare_insert(path: Path) -> Callable[[int], object]:
    db = Database(sqlite3.connect(path))
    db.conn.execute("PRAGMA journal_mode = WAL")
    db.conn.execute("PRAGMA synchronous = FULL")
    kunjungan = db["kunjungan"]
    row = {"id": "", "person_id": "", **{f"kolom_{n}": n * 100 if n % 2 else f"isi {n}" for n in range(40)}}
    kunjungan.insert({**row, "id": "0"}, pk="id")
    kunjungan.create_index(["person_id"])
    return lambda n: kunjungan.insert({**row, "id": f"{n:032x}", "person_id": f"{n % 300:032x}"}, pk="id")


def save(db: Database, n: int, answers: dict[str, object], *, coalesce: bool = False) -> None:
    records.save(db, VISIT, f"{n:032x}", answers, scope="pos", author=AUTHOR, now=NOW, coalesce=coalesce)  # type: ignore[arg-type]


def visit(n: int) -> dict[str, object]:
    """A visit with most of the card answered."""
    return {
        "person_id": f"{n % 300:032x}",
        "session_id": f"{n % 40:032x}",
        "visited_on": date(2026, 11, 12) - timedelta(days=30 * (n % 18)),
        "source": "session",
        "development": "complete",
        "weight_g": 7000 + n % 5000,
        "length_mm": 600 + n % 400,
        "position": "lying",
        "muac_mm": 120 + n % 50,
        "oedema": "none",
        "tbc_cough": False,
        "tbc_fever": False,
        "tbc_weight": False,
        "tbc_contact": False,
        "exclusive_breastfeeding": n % 2 == 0,
        "complementary_food": True,
        "immunisation_complete": True,
        "vitamin_a": "none",
        "deworming": False,
        "supplement": False,
        "sick": False,
        "referral": "none",
    }


# --- search ----------------------------------------------------------------------------------------------------------


def search(folder: Path, count: int) -> None:
    with closing(open_database(folder / f"{count}.db", os.urandom(32))) as db:
        start = time.perf_counter()
        records.save_many(db, persons(count), AUTHOR)
        took = time.perf_counter() - start
        size = (folder / f"{count}.db").stat().st_size / count
        print(f"{count:,} people taken in at {count / took:,.0f} a second, {size:,.0f} B each in the file")
        chance = random.Random(2)
        chosen = rows(db, "SELECT name, scope FROM person WHERE n % ? = 0 LIMIT 200", (max(1, count // 200),))
        typed = [
            word[:letters]
            for name, _scope in chosen
            for word in [chance.choice(name.split())]
            for letters in range(2, min(8, len(word)) + 1)
        ]
        scope = chosen[0][1]
        kinds: dict[str, tuple[list[str], Callable[[str], object]]] = {
            "beginnings": (typed, lambda text: people.search(db, text)),
            "own post first": (typed, lambda text: people.search(db, text, near=scope)),
            "one post only": (typed, lambda text: people.search(db, text, scope=scope)),
            "whole names": ([name for name, _scope in chosen], lambda text: people.search(db, text)),
            "lookalikes": ([name for name, _scope in chosen], lambda text: people.candidates(db, {"name": text})),
        }
        for name, (texts, ask) in kinds.items():
            for text in texts:
                ask(text)
            p50, p99 = quantiles(texts, ask)
            print(f"  {name:15} p50 {p50:5.2f} ms  p99 {p99:5.2f} ms")
    print(f"  goal: beginnings p99 {MOST_SEARCH_MS} ms at 50,000")


def quantiles(texts: list[str], ask: Callable[[str], object]) -> tuple[float, float]:
    taken = []
    for _round in range(3):
        for text in texts:
            start = time.thread_time()
            ask(text)
            taken.append((time.thread_time() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def persons(count: int) -> Iterator[NewRecord]:
    """Made-up people of both provinces, eight posts to a thousand."""
    chance = random.Random(1)
    customs = [each for each in vars(names).values() if isinstance(each, names.Customs)]
    for n in range(count):
        custom, sex = chance.choice(customs), chance.choice(("male", "female"))
        father = names.adult_name(chance, custom, "male")
        answers = {
            "name": names.child_name(chance, custom, sex, father),
            "sex": sex,
            "born_on": date(1960, 1, 1) + timedelta(days=chance.randrange(24_000)),
            "mother_name": names.adult_name(chance, custom, "female"),
            "father_name": father,
            "nik": str(chance.randrange(52 * 10**14, 53 * 10**14)),
            "kk": str(chance.randrange(52 * 10**14, 53 * 10**14)),
            "address": f"Dusun {chance.choice(('Gubuk Baru', 'Dasan Tengak', 'Karang Bayan', 'Sukamulia'))}",
            "rt": f"{n % 9:02}",
        }
        yield NewRecord(PERSON, f"{n:032x}", f"pos{n // 125}", answers, NOW)


if __name__ == "__main__":
    main()
