"""The restore drill: the database is lost, a backup is put back on a new machine, and the laptops refill it.

`POSYANDU_DRILL_LAPTOPS=100` is the release amount. They share this process and PostgreSQL's machine; in each village
there are three, as a laptop reads every post of its village: a hundred in one would be a hundred times a hundred feeds.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from posyandu.server import exchange, store
from posyandu.services.workspace import Workspace
from posyandu.storage import database, outbox, records
from tests.ecosystem.standby import Pair
from tests.server import laptops

LAPTOPS = int(os.environ.get("POSYANDU_DRILL_LAPTOPS", "6"))
IN_A_VILLAGE = 3


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="posyandu-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def pair(folder: Path) -> Iterator[Pair]:
    pair = Pair(folder)
    yield pair
    pair.stop()


@pytest.mark.parametrize("told", [True, False], ids=["with a new epoch", "without a word"])
def test_laptops_refill_a_restored_server(pair: Pair, folder: Path, *, told: bool) -> None:
    with ExitStack() as stack:
        with store.open_pool(pair.url, 2) as pool:
            desk = exchange.open_desk(pool, trial=False)
            books = [stack.enter_context(closing(a_laptop(desk, number))) for number in range(LAPTOPS)]
            work(desk, books, days=2)
            pair.back_up(folder / "backup")
            at_backup = saves(desk)
            work(desk, books, days=3)
            had = saves(desk)
        assert had == at_backup + 3 * LAPTOPS
        pair.restore(folder / "backup")
        with store.open_pool(pair.url, 2) as pool:
            with pool.connection() as connection:
                if told:
                    store.renew_epoch(connection, "0" * 32)
            desk = exchange.open_desk(pool, trial=False)
            assert saves(desk) == at_backup
            began = time.monotonic()
            work(desk, books, days=1)
            took = time.monotonic() - began
            assert saves(desk) == had + LAPTOPS
            for ws in books:  # the first of a village hear what the last brought
                laptops.talk(desk, ws)
            for ws in books:
                counts = outbox.counts(ws.db, ws.device)
                assert counts.here == counts.confirmed
            held = [{op_id for (op_id,) in database.rows(ws.db, "SELECT id FROM op")} for ws in books]
            villages = [held[first : first + IN_A_VILLAGE] for first in range(0, LAPTOPS, IN_A_VILLAGE)]
            assert all(each == village[0] for village in villages for each in village)
            assert sum(len(village[0]) for village in villages) == saves(desk)
    print(f"\n{LAPTOPS} laptops, {had - at_backup} saves newer than the backup, all refilled in {took:.1f} s")


def a_laptop(desk: exchange.Desk, number: int) -> Workspace:
    village = f"520301{2001 + number // IN_A_VILLAGE}"
    return laptops.laptop(desk, post=records.new_id(), village=village, areas=(village,))


def work(desk: exchange.Desk, books: list[Workspace], *, days: int) -> None:
    for _day in range(days):
        for ws in books:
            assert ws.posyandu_id is not None
            laptops.weigh(ws, ws.posyandu_id, 9000)
            laptops.talk(desk, ws)


def saves(desk: exchange.Desk) -> int:
    with desk.pool.connection() as connection:
        return store.received(connection)["saves"]
