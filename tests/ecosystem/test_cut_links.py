"""A proxy cuts the link at every byte of an exchange, whole or in blocks, on the way there and on the way back.

A bounded sample; POSYANDU_CUTS=all cuts at every offset (T5 of docs/sync.md).
"""

import os
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

from posyandu.server import store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.services import synchronise
from posyandu.storage import database, journal, settings
from posyandu.sync import client
from posyandu.sync.message import MAX_BODY
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, laptop, weigh
from tests.server.serving import serving

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]


class Proxy:
    """Hands bytes on in both directions until `up` or `down` bytes have gone by, then cuts the connection."""

    def __init__(self, target: str) -> None:
        place = urlsplit(target)
        self._target = (place.hostname, place.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.limits: dict[str, int | None] = {"up": None, "down": None}
        self.passed = {"up": 0, "down": 0}
        threading.Thread(target=self._accept, daemon=True).start()

    def allow(self, up: int | None = None, down: int | None = None) -> None:
        """Cut the next connections after so many bytes; None lets everything through."""
        self.limits = {"up": up, "down": down}
        self.passed = {"up": 0, "down": 0}

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            for name, source, sink in (("up", near, far), ("down", far, near)):
                threading.Thread(target=self._pump, args=(name, source, sink), daemon=True).start()

    def _pump(self, name: str, source: socket.socket, sink: socket.socket) -> None:
        limit = self.limits[name]
        with suppress(OSError):
            while limit is None or self.passed[name] < limit:
                room = 65_536 if limit is None else limit - self.passed[name]
                data = source.recv(min(room, 65_536))
                if not data:
                    break
                self.passed[name] += len(data)
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    yield proxy
    proxy.close()


def offsets(whole: int) -> list[int]:
    if os.environ.get("POSYANDU_CUTS") == "all":
        return list(range(whole))
    return sorted({0, 1, whole - 1, *random.Random(5).sample(range(whole), 12)})


@pytest.mark.parametrize("in_blocks", [False, True], ids=["whole", "in blocks"])
@pytest.mark.parametrize("way", ["up", "down"])
def test_a_link_cut_at_any_byte_loses_nothing_doubles_nothing_and_confirms_nothing_too_early(
    desk: Desk, post: str, way: str, in_blocks: bool
) -> None:
    most = synchronise.LEAST_AT_ONCE if in_blocks else MAX_BODY

    def server_g() -> int:
        with desk.pool.connection() as connection:
            area = store.area(connection, REGENCY, post)
            return 0 if area is None else area.g

    cuts = 0
    with serving(make_app(desk, Settings())) as url, proxied(url) as proxy:
        ws = laptop(desk, post=post)
        synchronise.server_moved(ws, proxy.url)
        assert synchronise.run(ws).state == "confirmed"
        weigh(ws, post, 5000)
        settings.put(ws.db, "sync_most", most)
        proxy.allow()
        assert synchronise.run(ws).state == "confirmed"
        whole = dict(proxy.passed)
        for number, offset in enumerate(offsets(whole[way])):
            before = server_g()
            settings.put(ws.db, "sync_most", most)
            weigh(ws, post, 5000 + number)
            proxy.allow(**{way: offset})
            cut = synchronise.run(ws, pause=lambda _seconds: None)
            state = synchronise.status(ws)
            if cut.state == "confirmed":  # the exchange was a few bytes shorter than the measured one
                assert server_g() == before + 1
                continue
            cuts += 1
            assert cut.state == "offline", (offset, cut)
            assert state.waiting == 1, offset
            assert server_g() - before in (0, 1), offset
            proxy.allow()
            healed = synchronise.run(ws)
            assert (healed.state, synchronise.status(ws).waiting) == ("confirmed", 0), offset
            assert server_g() == before + 1, offset
        assert journal.rows_equal_replay(ws.db)
    print(f"{cuts} cuts {way} of {whole[way]} bytes, {'in blocks' if in_blocks else 'whole'}")


def test_a_request_in_blocks_cut_again_and_again_goes_up_once(desk: Desk, post: str) -> None:
    """Every connection carries a few blocks more than the one before and dies: still each block goes up about once."""
    with serving(make_app(desk, Settings())) as url, proxied(url) as proxy:
        ws = laptop(desk, post=post)
        for grams in range(700):
            weigh(ws, post, 3000 + grams)
        synchronise.server_moved(ws, proxy.url)
        settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
        up, runs = 0, 0
        client.seal_all(ws.db, 1)
        ((size,),) = database.rows(ws.db, "SELECT sum(length(bytes)) FROM batch")
        while synchronise.status(ws).waiting:
            proxy.allow(up=6000)  # all connections of a run together: the last ones carry nothing
            runs += 1
            synchronise.run(ws, pause=lambda _seconds: None)
            up += proxy.passed["up"]
            assert runs < 30
        assert journal.rows_equal_replay(ws.db)
    assert size > 3 * 6000
    assert up < 1.6 * size, (up, size, runs)
