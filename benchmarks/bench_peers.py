"""The same visits through our sync, through Anki's sync server and through CouchDB's replication, side by side.

Run `python benchmarks/bench_peers.py [--clean 2000] [--weak 150] [--anki PYTHON] [--pouch FOLDER]`. PYTHON is an
interpreter that has `anki` (pip install anki), FOLDER one where `npm install --ignore-scripts pouchdb
pouchdb-adapter-memory express-pouchdb` was run. What is not given is left out and said so. CouchDB itself is in
neither Debian nor PyPI; PouchDB and its server speak the same replication protocol, and here keep everything in memory.

Each peer has one laptop that sends and one that then receives, each a process of its own; all bytes go through a proxy
that counts them. The clean link only counts; the weak one has 8 kbit/s up, 16 down, 2 s there and back, 10 % lost.
Ours alone encrypts its book, signs and checks every batch, and keeps both sides on the disk.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
from bench_sync import a_server, visit
from bench_weak_links import WeakLink

from posyandu.server import exchange
from posyandu.storage.columns import to_wire

HERE = Path(__file__).parent / "peers"
Told = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clean", type=int, default=2000, help="visits over the clean link")
    parser.add_argument("--weak", type=int, default=150, help="visits over the weak link; 0 for none")
    parser.add_argument("--anki", default="")
    parser.add_argument("--pouch", default="")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    rows: list[tuple[str, str, str, Told]] = []
    for link, count in (("clean", given.clean), ("weak", given.weak)):
        if not count:
            continue
        with ExitStack() as stack:
            rows += [("ours", link, *each) for each in ours(stack, folder / link, count, link == "weak")]
        if given.anki:
            with ExitStack() as stack:
                rows += [
                    ("anki", link, *each) for each in anki(stack, given.anki, folder / link, count, link == "weak")
                ]
        if given.pouch:
            with ExitStack() as stack:
                rows += [
                    ("pouch", link, *each) for each in pouch(stack, given.pouch, folder / link, count, link == "weak")
                ]
    print(
        "| peer | link | way | visits | seconds | bytes up | bytes down | bytes a visit | laptop CPU s | server CPU s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for peer, link, way, told in rows:
        size = (told["up"] + told["down"]) / told["visits"]
        print(
            f"| {peer} | {link} | {way} | {told['visits']:.0f} | {told['seconds']:.1f} | {told['up']:,.0f} |"
            f" {told['down']:,.0f} | {size:.0f} | {told['cpu']:.2f} | {told['server']:.2f} |"
        )
    for name, there in (("anki", given.anki), ("pouch", given.pouch)):
        if not there:
            print(f"{name}: not obtained here, left out")


def the_visits(count: int) -> list[dict[str, object]]:
    """The visits as documents."""
    dice = random.Random(11)
    day = f"{dice.getrandbits(128):032x}"
    made = [visit(dice, day, number) for number in range(count)]
    return [{"_id": each.id, "answers": {k: to_wire(v) for k, v in each.answers.items()}} for each in made]


def ours(stack: ExitStack, folder: Path, count: int, weak: bool) -> list[tuple[str, Told]]:
    """Two books and our server on embedded PostgreSQL."""
    village = f"52030120{'2' if weak else '1'}0"
    url, database_url = stack.enter_context(a_server())
    told = []
    for way, many in (("up", count), ("down", 0)):
        home = folder / f"ours-{way}"
        home.mkdir(parents=True)
        with psycopg.connect(database_url, autocommit=True) as connection:
            code = exchange.new_code(connection, village[:4], [village], way)
        command = [sys.executable, str(HERE / "ours.py")]
        subprocess.run([*command, "fill", str(home), url, village, str(many), code], check=True)
        link = WeakLink(url, 0, weak=weak)
        told.append((way, measured([*command, way, str(home), link.url, village, "0", ""], link, count)))
    return told


def anki(stack: ExitStack, python: str, folder: Path, count: int, weak: bool) -> list[tuple[str, Told]]:
    """Two collections and Anki's own sync server."""
    port = free_port()
    base = folder / "anki-server"
    base.mkdir(parents=True)
    environment = {"SYNC_USER1": "kader:rahasia", "SYNC_BASE": str(base), "SYNC_HOST": "127.0.0.1"}
    stack.enter_context(running([python, "-m", "anki.syncserver"], {**environment, "SYNC_PORT": str(port)}))
    url = wait_for(port)
    told = []
    homes = {way: folder / f"anki-{way}" for way in ("up", "down")}
    nothing, records = folder / "nothing.json", folder / "visits.json"
    nothing.write_text("[]")
    records.write_text(json.dumps(the_visits(count)))
    command = [python, str(HERE / "anki_client.py")]
    for way, home in homes.items():  # both begin from one empty collection
        home.mkdir(parents=True)
        subprocess.run([*command, "fill", str(home), url, str(records if way == "up" else nothing)], check=True)
    for way, home in homes.items():
        link = WeakLink(url, 0, weak=weak)
        told.append((way, measured([*command, way, str(home), link.url, str(nothing)], link, count)))
    return told


def pouch(stack: ExitStack, modules: str, folder: Path, count: int, weak: bool) -> list[tuple[str, Told]]:
    """Two PouchDBs and a server of the same replication protocol."""
    port = free_port()
    os.environ["POUCH"], os.environ["POUCH_LOG"] = modules, str(folder / "pouch.log")
    stack.enter_context(running(["node", str(HERE / "pouch_server.js"), str(port)], {}))
    url = wait_for(port)
    urllib.request.urlopen(urllib.request.Request(f"{url}/posyandu", method="PUT")).read()
    records = folder / "documents.json"
    records.write_text(json.dumps(the_visits(count)))
    told = []
    for way in ("up", "down"):
        link = WeakLink(url, 0, weak=weak)
        command = ["node", str(HERE / "pouch_client.js"), way, link.url, str(records)]
        told.append((way, measured(command, link, count)))
    return told


def measured(command: list[str], link: WeakLink, count: int) -> Told:
    """Run one client over this link; what it tells, the bytes, and the processor time of the servers below us."""
    before = servers_cpu()
    started = time.monotonic()
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    told: Told = {"seconds": time.monotonic() - started, "cpu": 0.0}
    if done.returncode:
        print(f"{command[1]} {command[2]} gave up after {told['seconds']:.0f} s: {link.up} bytes up, {link.down} down")
    else:
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["records"] == count, told
    return {**told, "visits": count, "up": link.up, "down": link.down, "server": servers_cpu() - before}


def servers_cpu() -> float:
    """Processor seconds so far of every process below this one, its ended children aside."""
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(words[1])
            used[int(path.parent.name)] = sum(map(int, words[11:15]))
    total = 0
    for process in used:
        above = parents[process]
        while above in parents and above != os.getpid():
            above = parents[above]
        total += used[process] if above == os.getpid() else 0
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return f"http://127.0.0.1:{port}"
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


if __name__ == "__main__":
    main()
