"""How fast saves travel and how many bytes each costs, beside a plain floor; the server under load: bench_ingest.py.

Run `python benchmarks/bench_sync.py [--records 20000] [--rounds 3]`; prints a table, and JSON with `--json FILE`.

Two encrypted books on disk (WAL, FULL) and a server of its own process on embedded PostgreSQL, over HTTP on
loopback. The floor, measured in turns with each round on the same records and the same PostgreSQL: one COPY into a
temporary table and one upsert, with no signature, check, journal, projection or receipt.
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import Op
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.server import embedded, exchange
from posyandu.services import synchronise
from posyandu.services.workspace import WITA, Worker, Workspace
from posyandu.storage import database, journal, records, settings
from posyandu.storage.records import Author, NewRecord
from posyandu.sync import client, transport
from posyandu.sync.batch import seal
from posyandu.sync.message import CONTENT_TYPE
from posyandu.sync.tight import Sender, tighten

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
VILLAGE = "5203012001"
FORM = FORMS["under_five_visit"]
VISITS = 150


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sizes = bytes_per_visit()
    figures: dict[str, list[float]] = {}
    with a_server() as (url, database_url):
        for number in range(given.rounds):
            for name, value in one_round(url, database_url, given.records, number).items():
                figures.setdefault(name, []).append(value)
    shown = {name: statistics.median(values) for name, values in figures.items()}
    ratios = {
        "up / floor": ratio(figures, "up s", "floor s"),
        "down / floor": ratio(figures, "down s", "floor s"),
    }
    for name, values in figures.items():
        print(f"{name:34} {statistics.median(values):12,.3f}   [{min(values):,.3f} .. {max(values):,.3f}]")
    for name, spread in ratios.items():
        print(f"{name:34} {spread}")
    for name, size in sizes.items():
        print(f"{name:34} {size:12,.1f}")
    if given.json:
        given.json.write_text(json.dumps({"figures": shown, "ratios": ratios, "bytes": sizes}, indent=1) + "\n")


def ratio(figures: dict[str, list[float]], one: str, other: str) -> str:
    """Median and spread of the ratios of the rounds."""
    ratios = [a / b for a, b in zip(figures[one], figures[other], strict=True)]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"


def typed(dice: random.Random) -> Answers:
    """What a kader types at a visit of an under-five: the measures, some questions."""
    return {
        "source": "posyandu",
        "weight_g": dice.randrange(3000, 20_000, 100),
        "length_mm": dice.randrange(480, 1150, 5),
        "position": dice.choice(("lying", "standing")),
        "muac_mm": dice.randrange(110, 180),
        "head_mm": dice.randrange(340, 530),
        "gain_judged": dice.choice(("N", "T", "O")),
        "tbc_cough": False,
        "tbc_fever": dice.random() < 0.1,
        "tbc_weight": False,
        "tbc_contact": False,
        "complementary_food": dice.random() < 0.9,
        "immunisation_complete": dice.random() < 0.8,
        "vitamin_a": dice.choice(("none", "blue", "red")),
        "supplement": dice.random() < 0.2,
        "sick": dice.random() < 0.15,
    }


def visit(dice: random.Random, session: str, n: int) -> NewRecord:
    """A visit, never twice of the same child."""
    who: Answers = {"person_id": f"{dice.getrandbits(128):032x}", "session_id": session, "visited_on": NOW.date()}
    answers = {**who, **typed(dice)}
    at = datetime.fromtimestamp(NOW.timestamp() + n * 61 + dice.randrange(40), WITA)
    return NewRecord(FORM, f"{dice.getrandbits(128):032x}", "", answers, at)


# --- laptop to server to laptop --------------------------------------------------------------------------------------


def one_round(url: str, database_url: str, count: int, number: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp())
    post = f"{random.Random(time.time_ns()).getrandbits(128):032x}"
    village = f"52030120{10 + number}"  # every round has its own, so that nobody receives the rounds before
    first, second = (a_book(folder / f"{name}.db", url, database_url, village) for name in ("first", "second"))
    fill(first, post, village, count)
    figures = {"seal s": timed(lambda: client.seal_all(first.db, 1))}
    carried = counting(first, url)
    figures["up s"] = timed(lambda: done(synchronise.run(first, send=carried.send), "confirmed"))
    figures["up records/s"] = count / (figures["up s"] + figures["seal s"])
    figures["up bytes/record"] = carried.sent / count
    received = counting(second, url)
    figures["down s"] = timed(lambda: synchronise.run(second, send=received.send))
    figures["down records/s"] = count / figures["down s"]
    figures["down bytes/record"] = received.received / count
    edit(first, post, 50)
    carried.sent = carried.trips = 0
    figures["50 edits up s"] = timed(lambda: done(synchronise.run(first, send=carried.send), "confirmed"))
    figures["50 edits up bytes"] = carried.sent
    figures["50 edits up round trips"] = carried.trips
    figures["50 edits down s"] = timed(lambda: synchronise.run(second, send=received.send))
    figures["floor s"] = floor(first, post, database_url)
    for book in (first, second):
        book.close()
    shutil.rmtree(folder)
    return figures


def a_book(path: Path, url: str, database_url: str, village: str) -> Workspace:
    db = database.open_database(path, b"k" * 32)
    settings.put(db, "device", f"bench-{village}-{path.stem}")
    settings.put(db, "practice", True)
    ws = Workspace(db, path.parent, Worker("kader", "Kader", "kader"), clock=lambda: NOW)
    with psycopg.connect(database_url, autocommit=True) as connection:
        code = exchange.new_code(connection, village[:4], [village], path.stem)
    synchronise.enrol(ws, url, code)
    return ws


def fill(ws: Workspace, post: str, village: str, count: int) -> None:
    dice = random.Random(post)
    answers = {"name": "Posyandu Ukur", "village_code": village}
    records.save(ws.db, FORMS["posyandu"], post, answers, scope=post, author=ws.author, now=NOW)
    sessions = [f"{dice.getrandbits(128):032x}" for _ in range(count // VISITS + 1)]
    made = (visit(dice, sessions[n // VISITS], n) for n in range(count))
    records.save_many(
        ws.db, (NewRecord(each.form, each.id, post, each.answers, each.at) for each in made), ws.author
    )  # fmt: skip


def edit(ws: Workspace, post: str, count: int) -> None:
    ids = database.rows(ws.db, "SELECT id FROM under_five_visit LIMIT ?", (count,))
    for (record,) in ids:
        records.save(ws.db, FORM, record, {"weight_g": 9999}, scope=post, author=ws.author, now=NOW)


class Counting:
    """The way to the server, counting bodies and round trips."""

    def __init__(self, http: transport.Http) -> None:
        self.http = http
        self.sent = self.received = self.trips = 0

    def send(self, path: str, body: bytes, kind: str) -> bytes:
        answer = self.http.send(path, body, kind)
        self.sent += len(body)
        self.received += len(answer)
        self.trips += 1
        return answer


def counting(_ws: Workspace, url: str) -> Counting:
    return Counting(transport.connect(url))


def done(outcome: synchronise.SyncOutcome, state: str) -> None:
    assert outcome.state == state, outcome


def floor(ws: Workspace, post: str, database_url: str) -> float:
    """The same records as rows: COPY into a temporary table and one upsert, one transaction."""
    columns = ["id", "person_id", "session_id", *FORM.fields]
    rows = database.rows(ws.db, f"SELECT {', '.join(columns)} FROM under_five_visit WHERE scope = ?", (post,))
    names = ", ".join(columns)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_floor")
        connection.execute(
            f"CREATE TABLE bench_floor (id text PRIMARY KEY, {', '.join(f'{c} text' for c in columns[1:])})"
        )
        started = time.perf_counter()
        with connection.transaction():
            connection.execute("CREATE TEMP TABLE fresh (LIKE bench_floor) ON COMMIT DROP")
            with connection.cursor().copy(f"COPY fresh ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            connection.execute("INSERT INTO bench_floor SELECT * FROM fresh ON CONFLICT (id) DO NOTHING")
        return time.perf_counter() - started


@contextmanager
def a_server() -> Iterator[tuple[str, str]]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    command = [sys.executable, "-m", "posyandu.server", "serve", "--trial", str(folder), "--port", "0"]
    environment = {"POSYANDU_PER_MINUTE": "1000000", "POSYANDU_BURST": "1000000", "POSYANDU_ENROL_PER_MINUTE": "1000"}
    import os

    process = subprocess.Popen(
        [*command, "--stop-with-stdin"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stdin is not None
    url = ""
    for line in process.stderr:
        if "running on" in line:
            url = line.partition("running on ")[2].partition(" ")[0]
            break
    drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
    try:
        with embedded.attached(folder) as database_url:
            yield url, database_url
    finally:
        process.stdin.close()
        process.wait(60)
        drain.wait(10)
        shutil.rmtree(folder)


# --- bytes -----------------------------------------------------------------------------------------------------------


def bytes_per_visit() -> dict[str, float]:
    """Packed bytes of a visit in batches of 150, 20 and 1, header and signature included."""
    db = database.open_memory()
    settings.put(db, "device", "d" * 32)
    key = client.key_of(db)
    dice = random.Random(5)
    author = Author("k" * 32, "d" * 32, 1)
    answers = {"name": "Posyandu Ukur", "village_code": VILLAGE}
    records.save(db, FORMS["posyandu"], "p" * 32, answers, scope="p" * 32, author=author, now=NOW)
    day = f"{dice.getrandbits(128):032x}"
    made = [visit(dice, day, n) for n in range(VISITS)]
    records.save_many(db, (NewRecord(FORM, each.id, "p" * 32, each.answers, each.at) for each in made), author)
    ops = [op for op in journal.unsealed(db) if op.entity == FORM.name]
    found = {}
    for size in (VISITS, 20, 1):
        packed = seal_some(ops[:size], key)
        found[f"bytes/visit in batches of {size}"] = len(packed) / size
        found[f"the same on the way up, {size}"] = len(tighten(packed, Sender("d" * 32, "0123456789abcdef"))) / size
    return found


def seal_some(ops: list[Op], key: Ed25519PrivateKey) -> bytes:
    return seal(
        ops, key, device="d" * 32, incarnation="0123456789abcdef", sequence=9, previous="ab" * 32, area=VILLAGE,
        app="0.1.0", schema=1, at_ms=1_766_000_000_000,
    )[1]  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    assert CONTENT_TYPE
    main()
