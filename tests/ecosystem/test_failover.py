"""The machine with the database dies while laptops send: what was called safe is on the machine that takes over."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import cycle
from pathlib import Path

import pytest

from posyandu.domain.errors import PosyanduError
from posyandu.server import exchange, store
from posyandu.services.workspace import Workspace
from posyandu.storage import database, outbox, records
from posyandu.sync import client, transport
from tests.ecosystem.releases import ROOT
from tests.ecosystem.standby import Pair, free_port
from tests.server import laptops

FAILOVERS = int(os.environ.get("POSYANDU_FAILOVERS", "2"))
LAPTOPS = 4


@pytest.fixture
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="posyandu-"))
    folder.chmod(0o755)
    pair = Pair(folder)
    yield pair
    pair.stop()
    shutil.rmtree(folder)


class Kader(threading.Thread):
    """A laptop that weighs and sends without end, to whichever application server answers."""

    def __init__(self, desk: exchange.Desk, urls: list[str]) -> None:
        super().__init__(daemon=True)
        self.desk, self.urls = desk, cycle(urls)
        self.confirmed: set[str] = set()
        self.longest = 0.0
        self.enrolled, self.ending = threading.Event(), threading.Event()
        self.trouble: BaseException | None = None

    def run(self) -> None:
        post = records.new_id()
        try:
            with closing(laptops.laptop(self.desk, post=post)) as ws:
                self._work(ws, post)
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.trouble = error

    def _work(self, ws: Workspace, post: str) -> None:
        server = outbox.server(ws.db)
        assert server is not None
        self.enrolled.set()
        url, answered = next(self.urls), time.monotonic()
        while True:
            last = self.ending.is_set()
            laptops.weigh(ws, post, 9000)
            client.seal_all(ws.db, 1)
            try:
                with closing(transport.connect(url)) as http:
                    while not client.is_done(ws.db, client.exchange(ws.db, server, http.send)[0]):
                        pass
            except PosyanduError:
                url = next(self.urls)
                time.sleep(0.05)
                continue
            self.longest, answered = max(self.longest, time.monotonic() - answered), time.monotonic()
            self.confirmed = {row[0] for row in database.rows(ws.db, "SELECT id FROM batch WHERE g IS NOT NULL")}
            if last:
                return


def test_what_was_called_safe_outlives_the_machine_that_said_so(pair: Pair) -> None:
    with ExitStack() as stack:
        pool = stack.enter_context(store.open_pool(pair.url, 2))
        desk = exchange.open_desk(pool, trial=False)
        applications = [Application(pair.url) for _server in range(2)]
        for each in applications:
            stack.callback(each.kill)
        wait_until(lambda: all(each.answers() for each in applications))
        kaders = [Kader(desk, [each.url for each in applications]) for _laptop in range(LAPTOPS)]
        for kader in kaders:
            kader.start()
        for kader in kaders:
            assert kader.enrolled.wait(60)
        gaps = []
        for number in range(FAILOVERS):
            time.sleep(0.7)
            gaps.append(pair.fail_over(stalled_seconds=0.4 * (number % 2)))
            safe = set().union(*(kader.confirmed for kader in kaders))
            assert safe <= held(pair), "a batch that was called safe is gone"
            applications[number % 2].die_and_begin_again()
        for kader in kaders:
            kader.ending.set()
        for kader in kaders:
            kader.join(60)
            assert kader.trouble is None
            assert not kader.is_alive(), "a laptop never finished sending"
        safe = set().union(*(kader.confirmed for kader in kaders))
        assert safe == held(pair)
        assert all(len(kader.confirmed) > FAILOVERS for kader in kaders)
        print(
            f"\n{FAILOVERS} failovers, {len(safe)} batches called safe, 0 lost; until the new primary committed:"
            f" {min(gaps):.1f} to {max(gaps):.1f} s; longest wait of a laptop {max(k.longest for k in kaders):.1f} s"
        )


def held(pair: Pair) -> set[str]:
    with pair.connect(pair.primary) as db:
        return {row[0] for row in db.execute("SELECT encode(id, 'hex') FROM batch WHERE g IS NOT NULL")}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "the servers do not start"
        time.sleep(0.05)


class Application:
    """`posyandu-server serve` as its own process on a database; it can be killed and started again at its address."""

    def __init__(self, database_url: str, code: Path = ROOT, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {"DATABASE_URL": database_url, "POSYANDU_PORT": str(self.port), **more}
        self._process = self._started(code)

    def die_and_begin_again(self) -> None:
        self.kill()
        self._process = self._started(ROOT)

    def upgrade(self, code: Path) -> None:
        """Stopped as systemd does it, and started again with other code."""
        self._process.terminate()
        assert self._process.wait(60) == 0
        self._process = self._started(code)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def answers(self) -> str:
        """Its version, when it answers that it is well."""
        try:
            with closing(transport.connect(self.url)) as http:
                return str(json.loads(http.get("/v1/health"))["version"])
        except PosyanduError:
            return ""

    def _started(self, code: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "posyandu.server", "serve"],
            cwd=code,
            env=os.environ | {"POSYANDU_BURST": "100000", "PYTHONPATH": str(code)} | self._settings,
            stderr=subprocess.DEVNULL,
        )
