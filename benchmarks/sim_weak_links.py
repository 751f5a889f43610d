"""How long requests in blocks take over links that die every few seconds: thousands of links in virtual time.

Run `python benchmarks/sim_weak_links.py [--links 1000] [--life 5]`. The link is that of `bench_weak_links.py` (8 kbit/s
up, 16 down, 2 s there and back, one segment in ten comes a round trip later), and so are the figures to compare with;
what goes up next is decided by the app's own `blocks.Upload`, when to give up by what `synchronise` does. Nothing waits
for a clock and every seed gives the same link again, so that a change can be judged by its tail.
"""

import argparse
import heapq
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from bench_weak_links import DOWN_BITS, LOSS, ROUND_TRIP, SEGMENT, UP_BITS

from posyandu.services.synchronise import MOST_BREAKS
from posyandu.sync import blocks
from posyandu.sync.blocks import BLOCK, Upload

HEAD, BEGINNING, MAP, CHUNK = 140, 180, 39, 6
"""Bytes of the signed head, of what HTTP says before it and before the answer, of a map, around a chunk."""
GIVEN_UP = 1.0
"""Seconds until `bench_weak_links.py` begins the next run; the app itself waits half a minute and more."""
TRIPS = ((62_000, 2_200),)
"""A month of 850 visits in one request: bytes up and down."""


@dataclass
class Way:
    """One direction of a connection: what is written arrives in order, at the link's speed, some of it late."""

    bits: int
    dice: random.Random
    free: float = 0.0
    arrives: float = 0.0

    def write(self, now: float, size: int) -> float:
        """When the last of these bytes arrives."""
        while size > 0:
            part = min(size, SEGMENT)
            size -= part
            self.free = max(self.free, now) + part * 8 / self.bits
            late = ROUND_TRIP if self.dice.random() < LOSS else 0.0
            self.arrives = max(self.arrives, self.free + ROUND_TRIP / 2 + late)
        return self.arrives


@dataclass
class Link:
    """A laptop with requests to bring, and what became of them."""

    seed: int
    life: float
    now: float = 0.0
    connections: int = 0
    runs: int = 1
    dies: float = 0.0
    ways: list[Way] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def connect(self) -> None:
        """A new connection: a round trip, then it lives for as long as chance lets it."""
        self.connections += 1
        self.now += ROUND_TRIP
        self.dies = self.now + (self.dice.expovariate(1 / self.life) if self.life else 1e9)
        self.ways = [Way(bits, self.dice, self.now, self.now) for bits in (UP_BITS, DOWN_BITS)]

    def bring(self, up: int, down: int) -> None:
        """One request, over as many connections and runs as it takes."""
        upload, there, broken = Upload(bytes(up), lambda _attempt: b""), set[int](), 0
        while True:
            if self.now >= self.dies or not self.ways:
                self.connect()
            before = upload.most
            if self._over_this_connection(upload, there, down):
                return
            self.now, self.ways = self.dies, []
            broken = 0 if upload.most > before else broken + 1
            if broken > MOST_BREAKS:
                broken, upload.is_asking = 0, True
                self.runs += 1
                self.now += GIVEN_UP
            elif broken:
                self.now += 0.5 * self.dice.random()

    def _over_this_connection(self, upload: Upload, there: set[int], down: int) -> bool:
        """Write while the server tells what it holds; whether its answer came before the connection died."""
        upload.connected()
        up, back = self.ways
        order = count()
        events: list[tuple[float, int, Callable[[], None]]] = []
        size, done = HEAD + BEGINNING, False

        def at(when: float, what: Callable[[], None]) -> None:
            heapq.heappush(events, (when, next(order), what))

        def write() -> None:
            nonlocal size
            for number in _next(upload):
                size += CHUNK + 1 + min(BLOCK, len(upload.body) - number * BLOCK)
                at(up.write(self.now, size), lambda number=number: receive({number}))  # type: ignore[misc]
                size = 0
            if size:
                at(up.write(self.now, size), lambda: receive(set()))
                size = 0

        def receive(numbers: set[int]) -> None:
            there.update(numbers)
            held = frozenset(there)
            at(back.write(self.now, MAP), lambda: hear(held))
            if len(held) == -(-len(upload.body) // BLOCK) and not answered:
                answered.append(True)
                at(back.write(self.now, down), end)

        def hear(held: frozenset[int]) -> None:
            upload.told(held)
            write()

        def end() -> None:
            nonlocal done
            done = True

        answered: list[bool] = []
        write()
        while events and not done:
            when, _order, what = heapq.heappop(events)
            if when >= self.dies:
                return False
            self.now = when
            what()
        return done


def _next(upload: Upload) -> Iterator[int]:
    while (number := upload.next()) is not None:
        yield number


def took(seed: int, life: float) -> Link:
    """A link of this seed after all trips."""
    link = Link(seed, life)
    for up, down in TRIPS:
        link.bring(up, down)
    return link


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--life", type=float, default=5.0, help="seconds a connection lives on average; 0: for ever")
    parser.add_argument("--window", type=int, default=blocks.WINDOW, help="blocks under way before a word is heard")
    given = parser.parse_args()
    blocks.WINDOW = given.window
    links = [took(seed, given.life) for seed in range(given.links)]
    seconds = sorted(link.now for link in links)
    shares = "  ".join(
        f"{share} %: {seconds[min(len(seconds) * share // 100, len(seconds) - 1)]:.0f} s"
        for share in (5, 50, 90, 95, 99)
    )
    print(f"{given.links} links, connections live {given.life:g} s: mean {statistics.mean(seconds):.0f} s, {shares}")
    print(f"longer than 180 s: {sum(each > 180 for each in seconds) / len(seconds):.1%}")
    print(f"gave up once or more: {sum(link.runs > 1 for link in links) / len(links):.1%}")
    print(f"connections: {statistics.mean(link.connections for link in links):.1f}")


if __name__ == "__main__":
    main()
