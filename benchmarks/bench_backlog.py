"""Old backlog day: every laptop of a province returns within seconds after a month's outage, over real HTTP.

    python benchmarks/bench_backlog.py [--laptops 8000] [--saves 30] [--within 10] [--servers 2]

Each laptop is a coroutine with a key, a post and a batch of its own and connects by itself. Who is told to come again
(503 or 429) does so after the seconds it was told, who finds no connection after 15 to 45 seconds, as the app does. At
the end every batch must lie in its feed once, and every laptop have seen it there.
"""

import argparse
import asyncio
import random
import resource
import secrets
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import psycopg  # noqa: E402
from bench_ingest import AT_MS, a_database, an_app_server, an_op, processor_seconds  # noqa: E402
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey  # noqa: E402

from posyandu.server import exchange, store  # noqa: E402
from posyandu.sync.batch import seal  # noqa: E402
from posyandu.sync.message import CONTENT_TYPE, Ask, Cursor, Request, read_reply, write_request  # noqa: E402

REGENCIES = [f"52{number:02}" for number in range(1, 11)]


@dataclass
class Laptop:
    """A laptop, where it is enrolled, and how often it was told what."""

    regency: str
    device: str
    post: str
    key: Ed25519PrivateKey
    batch: str
    packed: bytes
    told: Counter[int] = field(default_factory=Counter)
    done_after: float = 0.0
    last_ms: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laptops", type=int, default=8000)
    parser.add_argument("--saves", type=int, default=30)
    parser.add_argument("--within", type=float, default=10)
    parser.add_argument("--servers", type=int, default=2)
    given = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as stack:
        url = stack.enter_context(a_database())
        epoch, server_key, laptops = make(url, given.laptops, given.saves)
        print(
            f"{len(laptops)} laptops with a batch of {given.saves} saves each, all within {given.within:.0f} s",
            flush=True,
        )
        addresses = [stack.enter_context(an_app_server(url)) for _ in range(given.servers)]
        before, started = processor_seconds(), time.perf_counter()
        asyncio.run(send_all(laptops, addresses, epoch, server_key, given.within))
        took = time.perf_counter() - started
        application, postgres = (b - a for a, b in zip(before, processor_seconds(), strict=True))
        lost, twice = check(url, laptops)
    told = sum((each.told for each in laptops), Counter[int]())
    waits, answers = sorted(each.done_after for each in laptops), sorted(each.last_ms for each in laptops)
    print(f"lost {lost}, twice {twice}; answers by status (0: no connection): {dict(sorted(told.items()))}")
    print(f"all done in {took:.0f} s: {len(laptops) / took:.0f} laptops a second")
    print(f"a laptop was done after p50 {waits[len(waits) // 2]:.0f} s, p99 {waits[len(waits) * 99 // 100]:.0f} s")
    p50, p99 = answers[len(answers) // 2], answers[len(answers) * 99 // 100]
    print(f"the exchange that took its batch in: p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"processor: application {application:.0f} s, PostgreSQL {postgres:.0f} s")
    assert not lost
    assert not twice


def make(url: str, many: int, saves: int) -> tuple[str, Ed25519PublicKey, list[Laptop]]:
    """Enrol the laptops, each with a post, and seal what they will send."""
    dice = random.Random(secrets.token_bytes(8))
    laptops = []
    with store.open_pool(url, 2) as pool, pool.connection() as connection:
        desk = exchange.open_desk(pool, trial=False)
        for regency in REGENCIES:
            connection.execute("SELECT add_regency(%s)", (regency,))
        devices, posts = [], []
        for number in range(many):
            regency = REGENCIES[number % len(REGENCIES)]
            village = f"{regency}{number // 1000 + 1:02}{2000 + number % 1000}"
            device, post, key = (
                f"{dice.getrandbits(128):032x}",
                f"{dice.getrandbits(128):032x}",
                Ed25519PrivateKey.generate(),
            )
            ops = [an_op(dice, post, n) for n in range(saves)]
            batch, packed = seal(
                ops, key, device=device, incarnation="0123456789abcdef", sequence=1, previous="", area=village,
                app="0.1.0", schema=1, at_ms=AT_MS, level=3,
            )  # fmt: skip
            laptops.append(Laptop(regency, device, post, key, batch, packed))
            devices.append((regency, device, key.public_key().public_bytes_raw(), [village]))
            posts.append((regency, post, village, device))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO device (kab, id, key, name, prefixes) VALUES (%s, %s, %s, 'ukur', %s)", devices
            )
            cursor.executemany("INSERT INTO area (kab, scope, village, made_by) VALUES (%s, %s, %s, %s)", posts)
        connection.execute("ANALYZE")
    return desk.epoch, desk.key.public_key(), laptops


async def send_all(
    laptops: list[Laptop], addresses: list[str], epoch: str, server: Ed25519PublicKey, within: float
) -> None:
    async def one(number: int, laptop: Laptop) -> None:
        await asyncio.sleep(random.random() * within)
        started = time.perf_counter()
        while True:
            ask = (Ask(laptop.post, Cursor(epoch), (laptop.batch,)),)
            nonce = secrets.token_hex(16)
            request = Request(laptop.regency, laptop.device, "0123456789abcdef", nonce, "1", ask, (laptop.packed,))
            asked = time.perf_counter()
            status, again, content = await post(addresses[number % len(addresses)], write_request(request, laptop.key))
            laptop.told[status] += 1
            if status == 200:
                seen = {entry.batch for entry in read_reply(content, server).slices[0].entries}
                assert laptop.batch in seen
                laptop.last_ms = (time.perf_counter() - asked) * 1000
                laptop.done_after = time.perf_counter() - started
                return
            assert status in (0, 429, 503), (status, content)
            await asyncio.sleep(again if status else 15 + random.random() * 30)

    await asyncio.gather(*(one(number, laptop) for number, laptop in enumerate(laptops)))


async def post(address: str, body: bytes) -> tuple[int, int, bytes]:
    """Status, seconds to wait and content; status 0 when there was no answer."""
    place = urlsplit(address)
    head = f"POST /v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {CONTENT_TYPE}\r\n"
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(place.hostname, place.port), 60)
        try:
            writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = await asyncio.wait_for(reader.read(), 60)
        finally:
            writer.close()
    except (OSError, TimeoutError):
        return 0, 0, b""
    first, _end, content = answer.partition(b"\r\n\r\n")
    if not first:
        return 0, 0, b""
    lines = first.decode().split("\r\n")
    said = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines[1:])}
    return int(lines[0].split()[1]), int(said.get("retry-after", "1")), content


def check(url: str, laptops: list[Laptop]) -> tuple[int, int]:
    """How many batches are not in their feed, and how many stand there more than once."""
    with psycopg.connect(url) as connection:
        there = Counter(
            (kab, scope, batch)
            for kab, scope, batch in connection.execute("SELECT kab, scope, encode(id, 'hex') FROM batch WHERE g = 1")
        )
        (records,) = connection.execute("SELECT count(*) FROM record").fetchone() or (0,)
        (batches,) = connection.execute("SELECT count(*) FROM batch").fetchone() or (0,)
    print(f"{batches} batches and {records} records stand on the server")
    return sum((each.regency, each.post, each.batch) not in there for each in laptops), batches - len(there)


if __name__ == "__main__":
    main()
