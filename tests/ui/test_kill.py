"""What the register page showed as saved is in the book after the app is killed at any moment.

POSYANDU_KILLS says how often (a handful by default; the figure of the record is 200).
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from posyandu.services import accounts, sessions
from posyandu.services.accounts import BookFolder
from posyandu.storage import journal
from posyandu.storage.keys import Cost
from tests.ui import scene, typing_victim

KILLS = int(os.environ.get("POSYANDU_KILLS", "4"))
CHEAP = Cost(1, 8 * 1024)
Cell = tuple[str, str]


@pytest.fixture
def book(own_home: Path) -> BookFolder:
    """A real encrypted book on the disk with a village and an open day."""
    folder = accounts.books().real
    made = accounts.create(folder, "Sari", typing_victim.PIN, cost=CHEAP)
    scene.fill(made.workspace, months=2)
    scene.open_day(made.workspace)
    made.workspace.close()
    return folder


def test_every_cell_shown_as_saved_is_there_after_kill_9(book: BookFolder, own_home: Path) -> None:
    rng = random.Random(20261112)
    saved: dict[Cell, int] = {}
    cells = 0
    for round_number in range(KILLS):
        said, stopped = typed_until_killed(own_home, round_number, rng.uniform(0.0, 1.5))
        may_be: dict[Cell, set[int]] = {}
        for line in said:
            cell = (line.get("person", ""), line.get("name", ""))
            if line["what"] == "typing":
                may_be.setdefault(cell, set()).add(line["value"])
            elif line["what"] == "saved":
                saved[cell] = line["value"]
                may_be[cell] = set()
                cells += 1
        assert stopped == -9, said[-3:]
        assert any(line["what"] == "ready" for line in said)
        there = cells_in_the_book(book)
        for cell, value in saved.items():
            assert there.get(cell) in {value} | may_be.get(cell, set()), (round_number, cell)
            saved[cell] = there[cell]
    assert cells > 0
    print(f"{KILLS} kills, {cells} cells shown as saved, none lost")


def typed_until_killed(home: Path, seed: int, seconds: float) -> tuple[list[dict[str, Any]], int]:
    """Start the app, let it type, SIGKILL it `seconds` after it is ready; what it said, and its exit code.

    What it says goes to a file: lines read ahead from a pipe would be lost between `readline` and `communicate`.
    """
    told, errors = home / "said.txt", home / "errors.txt"
    with told.open("w") as out, errors.open("w") as wrong:
        victim = subprocess.Popen(
            [sys.executable, str(Path(typing_victim.__file__)), str(seed)],
            stdout=out,
            stderr=wrong,
            env={**os.environ, "POSYANDU_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        )
        while not told.stat().st_size and victim.poll() is None:
            time.sleep(0.02)
        time.sleep(seconds)
        victim.kill()
        victim.wait(60)
    assert "Traceback" not in errors.read_text(), errors.read_text()[-2000:]
    return [json.loads(line) for line in told.read_text().splitlines() if line.endswith("}")], victim.returncode


def cells_in_the_book(folder: BookFolder) -> dict[Cell, int]:
    """Open the book again as the app does, prove that rows are what the journal says, and read the register page."""
    ws = accounts.unlock(folder, accounts.members(folder)[0].id, typing_victim.PIN)
    try:
        assert ws.db.conn.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        assert journal.rows_equal_replay(ws.db)
        day = sessions.current(ws, ws.posyandu_id)
        assert day is not None
        found: dict[Cell, int] = {}
        for row in sessions.roster(ws, day.id, "under_five"):
            for answers in (row.visit or {}, row.waiting):
                found.update(
                    {(row.person_id, name): value for name, value in answers.items() if isinstance(value, int)}
                )
        return found
    finally:
        ws.close()
