"""The restore drill: the database is lost, a backup is put back on a new machine, and the laptops refill it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from posyandu.server import exchange, store
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records
from tests.ecosystem.standby import Pair
from tests.server import laptops

LAPTOPS = int(os.environ.get("POSYANDU_DRILL_LAPTOPS", "6"))


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
            books = [stack.enter_context(closing(laptops.laptop(desk, post=records.new_id()))) for _ in range(LAPTOPS)]
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
            work(desk, books, days=1)
            assert saves(desk) == had + LAPTOPS
            for ws in books:
                counts = outbox.counts(ws.db, ws.device)
                assert counts.here == counts.confirmed
    print(f"\n{LAPTOPS} laptops, {had - at_backup} saves newer than the backup, {had - at_backup} refilled")


def work(desk: exchange.Desk, books: list[Workspace], *, days: int) -> None:
    for _day in range(days):
        for ws in books:
            assert ws.posyandu_id is not None
            laptops.weigh(ws, ws.posyandu_id, 9000)
            laptops.talk(desk, ws)


def saves(desk: exchange.Desk) -> int:
    with desk.pool.connection() as connection:
        return store.received(connection)["saves"]
