"""How long a month of a village takes over links as bad as they get, beside the bare bytes over the same link.

Run `python benchmarks/bench_weak_links.py [--visits 850] [--life 0]`. A real server process, a real book, and between
them a proxy with 8 kbit/s up, 16 kbit/s down, 2 s there and back, one segment in ten lost (it then comes one round
trip later, and everything behind it waits), and, with `--life S`, connections that die after S seconds on average.
In real time.
"""

import argparse
import queue
import random
import shutil
import socket
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench_sync import a_book, a_server, fill

from posyandu.services import synchronise
from posyandu.storage import database, settings
from posyandu.sync import client

UP_BITS, DOWN_BITS = 8_000, 16_000
ROUND_TRIP = 2.0
LOSS = 0.1
SEGMENT = 1024


class WeakLink:
    """A listener that hands connections on as a bad mobile network would; counts what went through.

    Not `weak`, it only counts.
    """

    def __init__(self, target: str, life: float, *, weak: bool = True, seed: int = 7) -> None:
        place = urlsplit(target)
        self._target = (place.hostname or "", place.port or 0)
        self._life = life
        self._weak = weak
        self._dice = random.Random(seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.up = self.down = self.connections = self.deaths = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _address = self._listener.accept()
            self.connections += 1
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        if self._weak:
            time.sleep(ROUND_TRIP)  # the handshake
        far = socket.create_connection(self._target)
        ends = (near, far)
        if self._life:
            timer = threading.Timer(self._dice.expovariate(1 / self._life), self._die, ends)
            timer.daemon = True
            timer.start()
        for name, source, sink, bits in (("up", near, far, UP_BITS), ("down", far, near, DOWN_BITS)):
            if not self._weak:
                threading.Thread(target=self._count, args=(name, source, sink, ends), daemon=True).start()
                continue
            waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()
            threading.Thread(target=self._take, args=(name, source, waiting, bits), daemon=True).start()
            threading.Thread(target=self._give, args=(sink, waiting, ends), daemon=True).start()

    def _count(self, name: str, source: socket.socket, sink: socket.socket, ends: tuple[socket.socket, ...]) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                setattr(self, name, getattr(self, name) + len(data))
                sink.sendall(data)
        self._close(ends)

    def _take(self, name: str, source: socket.socket, waiting: "queue.Queue[tuple[float, bytes]]", bits: int) -> None:
        """Read at the link's speed; what was read arrives half a round trip later, or more when it was lost."""
        arrives = 0.0
        data = b"."
        while data:
            try:
                data = source.recv(SEGMENT)
            except OSError:
                data = b""
            setattr(self, name, getattr(self, name) + len(data))
            time.sleep(len(data) * 8 / bits)
            lost = ROUND_TRIP if data and self._dice.random() < LOSS else 0.0
            arrives = max(arrives, time.monotonic() + ROUND_TRIP / 2 + lost)
            waiting.put((arrives, data))

    def _give(
        self, sink: socket.socket, waiting: "queue.Queue[tuple[float, bytes]]", ends: tuple[socket.socket, ...]
    ) -> None:
        while True:
            arrives, data = waiting.get()
            time.sleep(max(0.0, arrives - time.monotonic()))
            try:
                sink.sendall(data)
            except OSError:
                data = b""
            if not data:
                return self._close(ends)

    def _die(self, *ends: socket.socket) -> None:
        self.deaths += 1
        self._close(ends)

    @staticmethod
    def _close(ends: tuple[socket.socket, ...]) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def bare(amount: int) -> float:
    """Seconds until a plain listener on the far side of such a link has this many bytes and its answer came back."""
    with socket.create_server(("127.0.0.1", 0)) as sink:

        def read() -> None:
            near, _address = sink.accept()
            left = amount
            while left > 0:
                left -= len(near.recv(65_536))
            near.sendall(b"ok")

        threading.Thread(target=read, daemon=True).start()
        link = WeakLink(f"http://127.0.0.1:{sink.getsockname()[1]}", 0)
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", int(link.url.rpartition(":")[2]))) as way:
            way.sendall(b"x" * amount)
            way.recv(2)
        return time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=850, help="how many are waiting; about 70 bytes each")
    parser.add_argument("--life", type=float, default=0.0, help="seconds a connection lives on average; 0: for ever")
    parser.add_argument("--seed", type=int, default=7, help="of the losses and deaths")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    with a_server() as (url, database_url):
        ws = a_book(folder / "book.db", url, database_url, "5203012001")
        fill(ws, f"{random.getrandbits(128):032x}", "5203012001", given.visits)
        if given.life:  # the month before has taught it what this link carries
            settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
        client.seal_all(ws.db, 1)
        ((bodies,),) = database.rows(ws.db, "SELECT sum(length(bytes)) FROM batch")
        link = WeakLink(url, given.life, seed=given.seed)
        synchronise.server_moved(ws, link.url)
        started = time.monotonic()
        rounds = 1
        while synchronise.run(ws).state != "confirmed":
            rounds += 1
            time.sleep(1)
        took = time.monotonic() - started
        ws.close()
    shutil.rmtree(folder)
    floor = bare(link.up)
    print(f"{given.visits} visits, {bodies:,} bytes in batches, {link.up:,} up and {link.down:,} down on the wire")
    print(f"{link.connections} connections of which {link.deaths} died, {rounds} calls")
    print(f"took {took:.0f} s; the bare bytes took {floor:.0f} s; ratio {took / floor:.2f}")
    print(f"{bodies / given.visits:.0f} bytes a visit")


if __name__ == "__main__":
    main()
