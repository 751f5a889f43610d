"""Two application servers behind HAProxy, set up as `deploy/haproxy.cfg` says, are brought to newer versions one after
the other while laptops go on sending: nobody is told of an error, and nothing is lost.

POSYANDU_UPGRADES says how many versions follow one another.
"""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from posyandu import __version__
from posyandu.server import exchange, store
from posyandu.services import synchronise, workspace
from posyandu.storage import database, outbox, records
from posyandu.sync import transport
from tests.ecosystem.releases import ROOT
from tests.ecosystem.standby import free_port
from tests.ecosystem.test_failover import Application, wait_until
from tests.server.certificates import DAY, Certify, certify
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.laptops import code_for, open_post, weigh

__all__ = ["certify", "postgres_cluster", "postgres_url"]

UPGRADES = int(os.environ.get("POSYANDU_UPGRADES", "1"))
LAPTOPS = 3
BADGE_KEY = "0123456789abcdef0123456789abcdef"
"""What servers and proxies of these tests seal badges with."""
HAPROXY = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")


def newer(folder: Path, number: int) -> Path:
    """Today's program as it may be some versions later: another number, and as many more steps of the database."""
    shutil.copytree(ROOT / "posyandu", folder / "posyandu", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "resources").symlink_to(ROOT / "resources")
    package = folder / "posyandu" / "__init__.py"
    told = package.read_text(encoding="utf-8")
    package.write_text(told.replace(__version__, version(number)), encoding="utf-8")
    last = store.migrations()[-1][0]
    for each in range(1, number + 1):
        step = folder / "posyandu" / "server" / "migrations" / f"{last + each:03}_later_{each}.sql"
        step.write_text(f"CREATE TABLE later_{each} (kab text PRIMARY KEY);", encoding="utf-8")
    return folder


def version(number: int) -> str:
    return f"{__version__}.{number}" if number else __version__


class Balancer:
    """HAProxy with the configuration we give out: only addresses, the certificate and a way to ask it are put in."""

    def __init__(self, folder: Path, certificate: Path, key: Path, behind: list[Application]) -> None:
        port, self._asked = free_port(), folder / "asked"
        site = folder / "site.pem"
        site.write_bytes(certificate.read_bytes() + key.read_bytes())
        told = (ROOT / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
        places = {"bind :8443": f"bind 127.0.0.1:{port}", "/etc/haproxy/site.pem": str(site)}
        places |= {f"app{n}:8077": f"127.0.0.1:{each.port}" for n, each in enumerate(behind, 1)}
        places["global\n"] = f"global\n    stats socket {self._asked}\n"
        for given, here in places.items():
            assert given in told
            told = told.replace(given, here)
        settings = folder / "haproxy.cfg"
        settings.write_text(told, encoding="utf-8")
        self.url = f"https://127.0.0.1:{port}"
        assert HAPROXY is not None
        self._process = subprocess.Popen(
            [HAPROXY, "-db", "-f", settings], stderr=subprocess.DEVNULL, env={"POSYANDU_BADGE_KEY": BADGE_KEY}
        )

    def standing(self) -> list[str]:
        """Of each server whether it is sent anything: "UP" or "DOWN"."""
        with closing(socket.socket(socket.AF_UNIX)) as asking:
            try:
                asking.connect(str(self._asked))
            except OSError:
                return []
            asking.sendall(b"show stat\n")
            lines = asking.makefile(encoding="ascii").read().splitlines()
        parts = [line.split(",") for line in lines]
        return [each[17].split()[0] for each in parts if each[0] == "application" and each[1] in ("app1", "app2")]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


class Kader(threading.Thread):
    """A laptop that weighs and sends without end, as the app does."""

    def __init__(self, url: str, code: str, root: Path) -> None:
        super().__init__(daemon=True)
        self.url, self.code, self.root = url, code, root
        self.enrolled, self.ending = threading.Event(), threading.Event()
        self.told: list[str] = []
        self.runs = self.saves = 0
        self.batches: set[str] = set()
        self.trouble: BaseException | None = None

    def run(self) -> None:
        post = records.new_id()
        try:
            with closing(workspace.in_memory(post=None)) as ws:
                synchronise.enrol(ws, self.url, self.code, root=self.root)
                open_post(ws, post)
                self.enrolled.set()
                while not (last := self.ending.is_set()):
                    self.saves += 1
                    weigh(ws, post, 9000)
                    outcome = synchronise.run(ws)
                    self.runs += 1
                    if outcome.state != "confirmed":
                        self.told.append(f"{outcome.state}: {outcome.sentence}")
                    time.sleep(0.5)  # one address may ask 200 times in ten seconds
                assert last
                self.batches = {row[0] for row in database.rows(ws.db, "SELECT id FROM batch WHERE g IS NOT NULL")}
                counts = outbox.counts(ws.db, ws.device)
                assert counts.here == counts.confirmed == self.saves + 1
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.trouble = error


@pytest.fixture
def two(postgres_url: str) -> Iterator[list[Application]]:
    """Two application servers of today on one database."""
    servers = [Application(postgres_url, POSYANDU_PROXY="*", POSYANDU_BADGE_KEY=BADGE_KEY) for _server in range(2)]
    yield servers
    for each in servers:
        each.kill()


def test_servers_are_upgraded_one_after_the_other_while_laptops_send(
    two: list[Application], postgres_url: str, certify: Certify, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    root, certificate, key = certify("site", now - DAY, now + DAY)
    wait_until(lambda: all(each.answers() == __version__ for each in two))
    with ExitStack() as stack:
        balancer = Balancer(tmp_path, certificate, key, two)
        stack.callback(balancer.stop)
        wait_until(lambda: balancer.standing() == ["UP", "UP"])
        with store.open_pool(postgres_url, 1) as pool:
            codes = [code_for(exchange.open_desk(pool, trial=False)) for _laptop in range(LAPTOPS)]
        kaders = [Kader(balancer.url, code, root) for code in codes]
        for kader in kaders:
            kader.start()
        for kader in kaders:
            assert kader.enrolled.wait(60), kader.trouble
        for number in range(1, UPGRADES + 1):
            code = newer(tmp_path / version(number), number)
            first, second = two if number % 2 else two[::-1]
            resting = ["UP", "DOWN"] if number % 2 else ["DOWN", "UP"]
            first.upgrade(code)
            wait_until(lambda first=first, number=number: first.answers() == version(number))
            wait_until(lambda resting=resting: balancer.standing() == resting)
            assert second.answers() == "", "a database of a newer server is none of its own"
            second.upgrade(code)
            wait_until(lambda second=second, number=number: second.answers() == version(number))
            wait_until(lambda: balancer.standing() == ["UP", "UP"])
        for kader in kaders:
            kader.ending.set()
        for kader in kaders:
            kader.join(60)
            assert (kader.trouble, kader.told) == (None, [])
        for each in two:
            each.kill()
        wait_until(lambda: balancer.standing() == ["DOWN", "DOWN"])
        with closing(transport.connect(balancer.url, root=root)) as http, pytest.raises(transport.Busy, match="sibuk"):
            http.get("/v1/health")  # not "this network wants a login", as of other pages
    with psycopg.connect(postgres_url) as db:
        held = {row[0] for row in db.execute("SELECT encode(id, 'hex') FROM batch WHERE g IS NOT NULL")}
    assert set().union(*(kader.batches for kader in kaders)) == held
    assert min(kader.runs for kader in kaders) > 3
    runs, saves = sum(each.runs for each in kaders), sum(each.saves for each in kaders)
    print(f"\n{UPGRADES} upgrades of two servers, {runs} runs of {LAPTOPS} laptops, {saves} saves: 0 errors, 0 lost")
