"""Hundreds of laptops behind one address of a mobile carrier, and one address that is nobody's, before a real HAProxy
with the settings we give out.

POSYANDU_BEHIND_ONE says how many laptops there are behind the address.
"""

import http.client
import os
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from posyandu.server import exchange, store
from posyandu.services import synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records, settings
from posyandu.sync import client, transport
from posyandu.sync.message import CONTENT_TYPE
from tests.ecosystem.test_failover import Application, wait_until
from tests.ecosystem.test_rolling_upgrade import HAPROXY, Balancer
from tests.server.certificates import DAY, Certify, certify
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.laptops import laptop, open_post, weigh
from tests.server.serving import serving

__all__ = ["certify", "postgres_cluster", "postgres_url"]

LAPTOPS = int(os.environ.get("POSYANDU_BEHIND_ONE", "5"))
TURNS = max(3, 240 // LAPTOPS)
AT_ONCE = 8

pytestmark = pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed")


@dataclass(frozen=True)
class Place:
    """A balancer, the one server behind it, and the database."""

    url: str
    root: Path
    server: Application
    database: str


@pytest.fixture
def place(postgres_url: str, certify: Certify, tmp_path: Path) -> Iterator[Place]:
    now = datetime.now(UTC)
    root, certificate, key = certify("site", now - DAY, now + DAY)
    server = Application(postgres_url, POSYANDU_PROXY="*", POSYANDU_BURST="120")
    wait_until(lambda: bool(server.answers()))
    balancer = Balancer(tmp_path, certificate, key, [server, server])
    wait_until(lambda: balancer.standing() == ["UP", "UP"])
    yield Place(balancer.url, root, server, postgres_url)
    balancer.stop()
    server.kill()


def at_work(place: Place, ws: Workspace) -> Counter[str]:
    """Save and send as often as there are turns, on one connection; how each ended."""
    told: Counter[str] = Counter()
    post, server = records.new_id(), outbox.server(ws.db)
    assert server is not None
    open_post(ws, post)
    with closing(transport.connect(place.url, root=place.root)) as line:
        for grams in range(TURNS - 1):
            if grams % 10 == 0:
                weigh(ws, post, grams)
                client.seal_all(ws.db, grams)
            client.exchange(ws.db, server, line.send)
            told["exchange"] += 1
    told[synchronise.run(ws).state] += 1
    return told


def knock(place: Place, times: int, method: str, path: str, source: str) -> Counter[int]:
    """Ask from another address; the status of each answer."""
    told: Counter[int] = Counter()
    parts = urlsplit(place.url)
    context = ssl.create_default_context(cafile=str(place.root))
    line = http.client.HTTPSConnection(str(parts.hostname), parts.port, context=context, source_address=(source, 0))
    with closing(line):
        for _time in range(times):
            body = None if method == "GET" else os.urandom(200)
            line.request(method, path, body, {"Content-Type": CONTENT_TYPE})
            with line.getresponse() as answer:
                answer.read()
                told[answer.status] += 1
                if answer.status == 429:
                    assert answer.headers["Retry-After"] == "20"
    return told


def reached(place: Place, status: int) -> int:
    """How many exchanges the server itself answered so."""
    text = requests.get(f"{place.server.url}/metrics", timeout=20).text
    start = f'posyandu_requests_total{{path="/v1/sync",status="{status}"}} '
    return int(float(next((line.removeprefix(start) for line in text.splitlines() if line.startswith(start)), "0")))


def test_laptops_behind_one_address_get_through_and_an_address_that_is_nobodys_is_held_back(place: Place) -> None:
    with store.open_pool(place.database, 2) as pool:
        desk = exchange.open_desk(pool, trial=False)
        laptops = [laptop(desk) for _laptop in range(LAPTOPS)]
    for ws in laptops:
        settings.put(ws.db, "practice", False)
        settings.put(ws.db, "sync_root", str(place.root))
        outbox.moved(ws.db, place.url)
    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as several:
        told = sum(several.map(lambda ws: at_work(place, ws), laptops), Counter[str]())
    took = time.monotonic() - began
    assert told == {"exchange": LAPTOPS * (TURNS - 1), "confirmed": LAPTOPS}

    stranger = "127.0.0.9"
    asked = knock(place, 400, "POST", "/v1/sync", stranger)
    assert set(asked) == {400, 429}
    assert 100 <= reached(place, 400) <= 150
    assert knock(place, 20, "GET", "/v1/health", stranger) == {429: 20}, "nor anything else"
    ws = laptops[0]
    weigh(ws, ws.posyandu_id, 9999)
    assert synchronise.run(ws).state == "confirmed", "who calls from elsewhere notices nothing"
    curious = knock(place, 150, "GET", "/v1/health", "127.0.0.10")
    assert 100 <= curious[200] < 150
    assert curious[429] == 150 - curious[200]
    assert synchronise.run(ws).state == "confirmed"
    print(
        f"\n{LAPTOPS} laptops behind one address, {sum(told.values())} exchanges in {took:.0f} s: none refused;"
        f" of 400 of a stranger's {reached(place, 400)} reached the server"
    )


@dataclass(frozen=True)
class Quick:
    """What stands behind the balancer in place of a server, so that nothing but the balancer is slow."""

    port: int


async def welcome(_request: Request) -> Response:
    return Response(b"ok")


def test_five_hundred_connections_of_one_address_at_once_are_none_too_many(certify: Certify, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    root, certificate, key = certify("site", now - DAY, now + DAY)
    context = ssl.create_default_context(cafile=str(root))
    routes = [Route("/v1/health", welcome), Route("/v1/sync", welcome, methods=["POST"])]
    with serving(Starlette(routes=routes)) as behind, ExitStack() as stack:
        quick = Quick(int(behind.rpartition(":")[2]))
        balancer = Balancer(tmp_path, certificate, key, [quick, quick])  # type: ignore[list-item]
        stack.callback(balancer.stop)
        wait_until(lambda: balancer.standing() == ["UP", "UP"])
        host = urlsplit(balancer.url)

        def call(line: http.client.HTTPSConnection) -> int:
            line.request("POST", "/v1/sync", b"x" * 300, {"Content-Type": CONTENT_TYPE})
            with line.getresponse() as answer:
                answer.read()
                return answer.status

        began = time.monotonic()
        lines = [http.client.HTTPSConnection(str(host.hostname), host.port, context=context) for _line in range(500)]
        for line in lines:
            stack.callback(line.close)
        with ThreadPoolExecutor(AT_ONCE) as several:
            told = Counter(several.map(call, lines * 2))
        print(f"\n500 connections of one address, 1000 requests in {time.monotonic() - began:.1f} s: {dict(told)}")
        assert told == {200: 1000}
