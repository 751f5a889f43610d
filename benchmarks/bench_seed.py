"""How long a new laptop is filled from a seed, and how large the file is: 8 posts with 18 months, made-up people.

    python benchmarks/bench_seed.py [--posts 8] [--months 18]

Two encrypted books on disk (WAL, FULL) and an embedded PostgreSQL without network between. Beside it the plain floor:
copying the finished book file, which a new laptop could not believe and no other key could open.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from posyandu.domain.calendar import Month  # noqa: E402
from posyandu.server import carried, embedded, exchange, store  # noqa: E402
from posyandu.services import seeding  # noqa: E402
from posyandu.services.sample import book, doses, life, village  # noqa: E402
from posyandu.services.workspace import WITA, Worker, Workspace  # noqa: E402
from posyandu.storage import database, outbox, records, reference, settings  # noqa: E402
from posyandu.sync import client  # noqa: E402
from posyandu.sync.seed import read_wish  # noqa: E402

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
SEED = 2026
Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=8)
    parser.add_argument("--months", type=int, default=18)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        with embedded.running(folder / "pg") as cluster, store.open_pool(cluster.url, 4) as pool:
            measure(exchange.open_desk(pool, trial=True), folder, given.posts, given.months)
    finally:
        shutil.rmtree(folder)


def measure(desk: exchange.Desk, folder: Path, posts: int, months: int) -> None:
    first = a_book(folder / "first.db")
    until = Month(2026, 10)
    entries = village.generate(SEED, reference.growth_tables(), posts=posts, months=months, until=until)
    schedule = reference.shipped_standards().on(until.last).immunisation
    saves = book.write(
        first.db, doses.added(SEED, life.added(SEED, entries, until), schedule, until.last), first.author
    )
    print(f"{'saves':40} {saves:12,}")
    enrol(desk, first)
    timed("all sent to the server", lambda: talk(desk, first))

    new = a_book(folder / "second.db")
    request = seeding.ask(new, folder, code(desk))
    content = timed("seed made by the server", lambda: carried.make_seed(desk, read_wish(request.read_bytes())))
    file = folder / "benih.posyandu"
    file.write_bytes(content)
    print(f"{'seed, MB':40} {len(content) / 1e6:12.2f}")
    print(f"{'bytes a save':40} {len(content) / saves:12.1f}")
    timed("filled from the server's seed", lambda: seeding.fill(new, file))
    timed("next sync after it", lambda: talk(desk, new))
    assert same(first, new)

    third = a_book(folder / "third.db")
    wish = seeding.ask(third, folder, code(desk))
    made = timed("seed made by another laptop", lambda: seeding.make(first, wish, folder))
    print(f"{'seed of a laptop, MB':40} {made.stat().st_size / 1e6:12.2f}")
    timed("filled from the laptop's seed", lambda: seeding.fill(third, made))
    assert same(first, third)
    for ws in (first, new, third):
        ws.close()
    floor = timed("floor: copying the book file", lambda: shutil.copyfile(folder / "first.db", folder / "copy.db"))
    print(f"{'the book file, MB':40} {floor.stat().st_size / 1e6:12.2f}")


def a_book(path: Path) -> Workspace:
    db = database.open_database(path, bytes(32))
    settings.put(db, "device", records.new_id())
    settings.put(db, "practice", True)
    return Workspace(db, None, Worker("kader-sari", "Sari", "kader"), clock=lambda: NOW)


AREAS = sorted({place.code[:4] for place in village.PLACES})


def code(desk: exchange.Desk) -> str:
    with desk.pool.connection() as connection:
        return exchange.new_code(connection, AREAS[0], AREAS[:1], "laptop uji")


def enrol(desk: exchange.Desk, ws: Workspace) -> None:
    import json

    answer = exchange.enrol(desk, client.enrolment(ws.db, code(desk), "laptop"))
    outbox.enrolled(ws.db, client.read_enrolment(json.loads(answer), "http://127.0.0.1:1", 0))


def talk(desk: exchange.Desk, ws: Workspace) -> None:
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    while True:
        taken, _saves = client.exchange(ws.db, server, lambda _path, body, _kind: exchange.sync(desk, body))
        if client.is_done(ws.db, taken):
            return


def same(one: Workspace, other: Workspace) -> bool:
    """Whether both books hold the same saves."""
    query = "SELECT count(*), min(id), max(id) FROM op"
    return database.rows(one.db, query) == database.rows(other.db, query)


def timed(what: str, work: Callable[[], Result]) -> Result:
    began = time.perf_counter()
    result = work()
    print(f"{what + ', s':40} {time.perf_counter() - began:12.2f}", flush=True)
    return result


if __name__ == "__main__":
    main()
