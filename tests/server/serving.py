"""Any application over real HTTP on loopback, for as long as a block lasts; and a database that is not there."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from psycopg_pool import ConnectionPool

from posyandu.server import store


@contextmanager
def serving(app: Any, **options: Any) -> Iterator[str]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, access_log=False, server_header=False, **options
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"{'https' if options else 'http'}://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(60)


class NobodyWaits(ConnectionPool[store.Connection]):
    """A pool that gives up soon, however long whoever asks would have waited."""

    @contextmanager
    def connection(self, timeout: float | None = None) -> Iterator[store.Connection]:
        with super().connection(timeout=0.2) as connection:
            yield connection


@contextmanager
def away() -> Iterator[NobodyWaits]:
    """A pool to a database that is not there."""
    with NobodyWaits("postgresql://nobody@127.0.0.1:1/none", min_size=0, max_size=2, open=False) as pool:
        yield pool
