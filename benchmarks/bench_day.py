"""How long the steps of a posyandu day take in a book of eight posts with eighteen months of visits.

Run `python benchmarks/bench_day.py`. Each line: median and worst of the wall clock, and the processor time, in ms.
The book is encrypted and on the disk, in a folder of its own.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import follow_up, people, sessions, visits
from posyandu.services.sample import book, village
from posyandu.services.workspace import WITA, Worker, Workspace
from posyandu.storage import database, records, reference, settings

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
LAST_MONTH = Month(2026, 10)
CHILD = FORMS["under_five_visit"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ws = a_book(Path(folder))
        post = ws.posyandu_id
        day = sessions.open_day(ws, post, NOW.date())
        children = [row.person_id for row in sessions.roster(ws, day, "under_five")]
        print(f"{len(children)} children on the page, {len(people.search(ws, '', limit=99_999))} persons in the book")
        cells = typed(children)

        def cell() -> None:
            visits.set_cell(ws, CHILD, day, *next(cells))

        measure("one cell saved and judged", cell, times=2 * len(children))
        measure("register page", lambda: sessions.roster(ws, day, "under_five"))
        measure("whole day", lambda: sessions.roster(ws, day))
        measure("verdicts of the page", lambda: sessions.assessments(ws, day, "under_five"))
        measure("tally", lambda: sessions.tally(ws, day))
        measure("closing checks", lambda: sessions.closing_checks(ws, day))
        measure("follow-up lists", lambda: follow_up.attention(ws, post, LAST_MONTH))
        measure("opening a visit", lambda: visits.open_visit(ws, CHILD, day, children[3]))
        unsaved = {"visited_on": NOW.date(), "weight_g": 9_500}
        measure("judging what is typed", lambda: visits.assess(ws, children[3], CHILD, unsaved))
        measure("person card", lambda: people.card(ws, children[3]))
        measure("search", lambda: people.search(ws, "siti a"))
        known = people.card(ws, children[3]).person
        measure("lookalikes at a key stroke", lambda: people.lookalikes(ws, known))
        ws.close()


def a_book(folder: Path) -> Workspace:
    """Eight posts, about 1,200 persons and 17,000 saves."""
    db = database.open_database(folder / "buku.db", b"k" * 32)
    settings.put(db, "device", records.new_id())
    ws = Workspace(db, None, Worker("kader", "Sari", "kader"), clock=lambda: NOW)
    book.write(db, village.generate(2026, reference.growth_tables(), months=18, until=LAST_MONTH), ws.author)
    ws.posyandu_id = village.post_id(2026, 0)
    return ws


def typed(children: list[str]):  # noqa: ANN201 - an endless iterator of cells
    """Weight after weight, then length after length, as from a register."""
    for turn in count():
        for child in children:
            yield (child, "weight_g", 9_000 + turn % 50) if turn % 2 == 0 else (child, "length_mm", 780 + turn % 50)


def measure(what: str, step: Callable[[], object], times: int = 15) -> None:
    step()
    walls, before = [], time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        step()
        walls.append((time.perf_counter() - start) * 1000)
    busy = (time.process_time() - before) * 1000 / times
    walls.sort()
    print(f"{what:28} {walls[len(walls) // 2]:7.1f} {walls[-1]:7.1f} {busy:7.1f}")


if __name__ == "__main__":
    main()
