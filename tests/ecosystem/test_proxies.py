"""The proxies we give settings for, as they are given out, in front of a real server: what they let through, and that a
stranger who shares the address of a laptop does not hold it up.
"""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest

from posyandu.server import exchange, store
from posyandu.server.badges import Badges
from posyandu.services import synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, settings
from posyandu.sync.message import BADGE, CONTENT_TYPE, MAX_BODY
from tests.ecosystem.releases import ROOT
from tests.ecosystem.standby import free_port
from tests.ecosystem.test_failover import Application, wait_until
from tests.ecosystem.test_rolling_upgrade import BADGE_KEY, HAPROXY, Balancer
from tests.server.certificates import DAY, Certify, certify
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.laptops import laptop, open_post, weigh

__all__ = ["certify", "postgres_cluster", "postgres_url"]

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CODES_A_MINUTE = 3


class Nginx:
    """nginx with the file we give out: only addresses, the certificate and the key are put in."""

    def __init__(self, folder: Path, certificate: Path, key: Path, behind: Application) -> None:
        port = free_port()
        badge_key = folder / "badge.conf"
        badge_key.write_text(f"set $badge_key {BADGE_KEY};\n", encoding="ascii")
        told = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        site = "/etc/letsencrypt/live/posyandu.example.go.id"
        places = {"listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;", f"{site}/fullchain.pem": str(certificate)}
        places |= {f"{site}/privkey.pem": str(key), "/etc/nginx/posyandu-badge.conf": str(badge_key)}
        places |= {"http://127.0.0.1:8077": behind.url}
        for given, here in places.items():
            assert given in told
            told = told.replace(given, here)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = folder / "nginx.conf"
        main.write_text(
            f"{'user root;' * (os.geteuid() == 0)} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{\naccess_log {folder}/access.log;\n{temporary}{told}}}\n",
            encoding="utf-8",
        )
        self.url = f"https://127.0.0.1:{port}"
        assert NGINX is not None
        self._process = subprocess.Popen([NGINX, "-p", folder, "-c", main], stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


@dataclass(frozen=True)
class Place:
    """A proxy, the server behind it and a laptop that has a badge."""

    kind: str
    url: str
    root: Path
    database: str
    ws: Workspace


@pytest.fixture(
    params=[
        pytest.param("haproxy", marks=pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")),
        pytest.param("nginx", marks=pytest.mark.skipif(NGINX is None, reason="nginx is not installed")),
    ]
)
def place(request: pytest.FixtureRequest, postgres_url: str, certify: Certify, tmp_path: Path) -> Iterator[Place]:
    now = datetime.now(UTC)
    root, certificate, key = certify("site", now - DAY, now + DAY)
    server = Application(
        postgres_url, POSYANDU_PROXY="127.0.0.1", POSYANDU_BADGE_KEY=BADGE_KEY,
        POSYANDU_ENROL_PER_MINUTE=str(CODES_A_MINUTE),
    )  # fmt: skip
    wait_until(lambda: bool(server.answers()))
    proxy: Balancer | Nginx
    if request.param == "haproxy":
        proxy = Balancer(tmp_path, certificate, key, [server, server])
        wait_until(lambda: proxy.standing() == ["UP", "UP"])
    else:
        proxy = Nginx(tmp_path, certificate, key, server)
        wait_until(lambda: is_listening(proxy.url))
    with store.open_pool(postgres_url, 2) as pool:
        ws = a_laptop(exchange.open_desk(pool, trial=False, badge_key=BADGE_KEY), proxy.url, root)
        yield Place(request.param, proxy.url, root, postgres_url, ws)
    proxy.stop()
    server.kill()


def is_listening(url: str) -> bool:
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((str(parts.hostname), parts.port or 0), 1):
        return True
    return False


def a_laptop(desk: exchange.Desk, url: str, root: Path) -> Workspace:
    """A real book that has sent once over the proxy."""
    ws = laptop(desk)
    settings.put(ws.db, "practice", False)
    settings.put(ws.db, "sync_root", str(root))
    outbox.moved(ws.db, url)
    open_post(ws, ws.posyandu_id or "pos-1")
    assert synchronise.run(ws).state == "confirmed"
    return ws


def line_to(place: Place, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
    parts = urlsplit(place.url)
    context = ssl.create_default_context(cafile=str(place.root))
    return http.client.HTTPSConnection(
        str(parts.hostname), parts.port, context=context, source_address=(source, 0), timeout=60
    )


def asked(
    place: Place, method: str, path: str, body: object = None, headers: dict[str, str] | None = None,
    source: str = "127.0.0.1",
) -> int:  # fmt: skip
    with closing(line_to(place, source)) as line:
        line.request(method, path, body, {"Content-Type": CONTENT_TYPE} | (headers or {}))  # type: ignore[arg-type]
        with line.getresponse() as answer:
            answer.read()
            return answer.status


@pytest.mark.parametrize("shown", ["no badge", "its own"])
def test_what_is_for_the_administrator_is_not_reached_from_outside(place: Place, shown: str) -> None:
    badge = {BADGE: str(settings.get(place.ws.db, "sync_badge"))} if shown == "its own" else {}
    for path in ("/", "/metrics", "/keadaan", "//metrics", "/v1/../metrics", "/v1/..%2fmetrics", "/v1/%2e%2e/keadaan"):
        assert asked(place, "GET", path, headers=badge) in (400, 404), path
    assert asked(place, "GET", "/v1/health", headers=badge) == 200


def test_bodies_go_through_up_to_the_largest_there_is_and_no_further(place: Place) -> None:
    assert asked(place, "POST", "/v1/sync", b"x" * MAX_BODY) == 400
    assert asked(place, "POST", "/v1/sync", headers={"Content-Length": str(MAX_BODY + 1)}) == 413
    with closing(line_to(place)) as line:  # nor of a length that is not told before
        line.putrequest("POST", "/v1/sync")
        line.putheader("Content-Type", CONTENT_TYPE)
        line.putheader("Transfer-Encoding", "chunked")
        line.endheaders()
        with suppress(OSError):  # it may answer, and close, before all of it went up
            for _chunk in range(16):
                line.send(b"2000\r\n" + b"x" * 8192 + b"\r\n")
            line.send(b"0\r\n\r\n")
        with line.getresponse() as answer:
            assert answer.status == 413


def test_a_laptop_sends_whole_and_in_blocks(place: Place) -> None:
    ws = place.ws
    assert ws.posyandu_id is not None
    settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
    weigh(ws, ws.posyandu_id, 5001)
    assert synchronise.run(ws).state == "confirmed"
    assert settings.get(ws.db, "sync_blocks") is True, "what came in blocks was handed on as it came"


def test_only_tls_that_is_not_broken_is_spoken(place: Place) -> None:
    parts = urlsplit(place.url)
    old = ssl.create_default_context(cafile=str(place.root))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with closing(socket.create_connection((str(parts.hostname), parts.port or 0), 10)) as plain:  # noqa: SIM117
        with pytest.raises(ssl.SSLError):
            old.wrap_socket(plain, server_hostname="127.0.0.1")
    assert asked(place, "GET", "/v1/health") == 200


def test_an_address_that_a_caller_writes_itself_is_not_believed(place: Place) -> None:
    """Who tries codes under ever new addresses of its own making is held back as one."""
    told = [
        asked(place, "POST", "/v1/enrol", b"{}", {"Content-Type": "application/json", "X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(CODES_A_MINUTE + 2)
    ]
    assert told == [400] * CODES_A_MINUTE + [429, 429]
    other = asked(place, "POST", "/v1/enrol", b"{}", {"Content-Type": "application/json"}, source="127.0.0.9")
    assert other == 400, "and nobody else for it"


class Flood(threading.Thread):
    """A stranger who sends what is nothing, as fast as it goes."""

    def __init__(self, ask: Callable[[], http.client.HTTPSConnection], headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self._ask = ask
        self._headers = {"Content-Type": CONTENT_TYPE} | headers
        self.told: Counter[int] = Counter()
        self.ending = threading.Event()

    def run(self) -> None:
        line = self._ask()
        while not self.ending.is_set():
            try:
                line.request("POST", "/v1/sync", b"x" * 400, self._headers)
                with line.getresponse() as answer:
                    answer.read()
                    self.told[answer.status] += 1
            except (OSError, http.client.HTTPException):  # a proxy ends a connection after a thousand requests
                line.close()
        line.close()


def test_a_stranger_at_its_address_does_not_hold_a_laptop_up(place: Place) -> None:
    ws = place.ws
    assert ws.posyandu_id is not None
    badges = Badges(BADGE_KEY)
    mine = str(settings.get(ws.db, "sync_badge"))
    assert badges.bearer(mine)
    until, mark, seal = mine.split(".")
    made_up = [
        f"{until}.{mark}.{seal[::-1]}", f"{int(until) + 9}.{mark}.{seal}", f"{until}.{mark[::-1]}.{seal}",
        Badges("f" * 32).give("5203", ws.device), Badges("").give("5203", ws.device),
        Badges(BADGE_KEY, lambda: 1_000_000_000).give("5203", ws.device), "..", "",
    ]  # fmt: skip
    quiet = took(ws, 5)
    floods = [Flood(partial(line_to, place), {BADGE: shown} if shown else {}) for shown in made_up]
    for flood in floods:
        flood.start()
    wait_until(lambda: all(flood.told[429] for flood in floods))  # who shows none at this address, or a made up one
    before = sum(flood.told[429] for flood in floods)
    meanwhile = took(ws, 20)
    assert sum(flood.told[429] for flood in floods) > before, "and is held back all the while"
    for flood in floods:
        flood.ending.set()
    for flood in floods:
        flood.join(60)
    stranger = sum((flood.told for flood in floods), Counter[int]())
    print(
        f"\n{place.kind}: an exchange takes {median(quiet) * 1000:.0f} ms, {median(meanwhile) * 1000:.0f} (at most"
        f" {max(meanwhile) * 1000:.0f}) while somebody at the laptop's address sends {dict(stranger)}"
    )


def took(ws: Workspace, times: int) -> list[float]:
    """Save and send so often; the seconds of each. Every one has to arrive."""
    seconds = []
    for grams in range(times):
        weigh(ws, str(ws.posyandu_id), 4000 + grams)
        began = time.monotonic()
        outcome = synchronise.run(ws)
        seconds.append(time.monotonic() - began)
        assert (outcome.state, outcome.sentence) == ("confirmed", outcome.sentence)
    return seconds
