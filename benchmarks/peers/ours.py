"""One laptop of ours for bench_peers.py: `ours.py fill|up|down FOLDER URL VILLAGE COUNT CODE`."""

import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_sync import NOW, fill

from peers.clocking import clocked
from posyandu.services import synchronise
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import database, outbox, settings
from posyandu.sync import transport


def main(what: str, folder: str, url: str, village: str, count: str, code: str) -> None:
    db = database.open_database(Path(folder) / "buku.db", b"k" * 32)
    ws = Workspace(db, Path(folder), Worker("kader", "Kader", "kader"), clock=lambda: NOW)
    if what == "fill":
        settings.put(db, "device", f"bench-{village}-{Path(folder).name}")
        settings.put(db, "practice", True)
        synchronise.enrol(ws, url, code)
        if int(count):
            fill(ws, f"{random.Random(village).getrandbits(128):032x}", village, int(count))
    else:
        outbox.moved(db, url)
        way = transport.connect(url)

        def run() -> None:
            while synchronise.run(ws, send=way.send).state != "confirmed":
                pass

        told = clocked(run)
        told["records"] = database.rows(db, "SELECT count(*) FROM under_five_visit")[0][0]
        print(json.dumps(told))
    ws.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
