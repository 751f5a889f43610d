"""The power fails at any write of the real app: the book opens, and holds every promise that was made on the screen.

One run of the app is recorded (`power_victim.py`) and played back to as many states as POSYANDU_POWER_CUTS says, each
of them what a disk may hold that loses or tears what was not flushed. The release amount is 20,000.
"""

import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from posyandu.domain.errors import PosyanduError, WrongPin
from posyandu.domain.forms import FORMS
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.services import accounts, sessions, synchronise
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import backup, database, journal, outbox, records
from posyandu.storage.keys import Cost
from tests.ecosystem import power_victim
from tests.ecosystem.disk import Disk, Event
from tests.server.conftest import desk, postgres_cluster
from tests.server.laptops import code_for, way_to
from tests.server.serving import serving

__all__ = ["desk", "postgres_cluster"]

CUTS = int(os.environ.get("POSYANDU_POWER_CUTS", "60"))
SENDS_EVERY = max(CUTS // 50, 12)
SEED = int(os.environ.get("POSYANDU_FIRST_SEED", "1"))
CHEAP = Cost(1, 8)
Cell = tuple[str, str]
whole_copies: set[bytes] = set()
"""Copies that were read to their last page already."""
begun_anew: list[BookFolder] = []


@dataclass
class Promised:
    """What the screen had promised at some moment, and what was under way."""

    made: str = ""
    cells: dict[Cell, set[int | None]] = field(default_factory=dict)
    persons: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    copies: set[str] = field(default_factory=set)
    server: set[str] = field(default_factory=set)
    enrolled: bool = False
    session: str = ""

    def note(self, what: str, *told: object) -> None:
        """Go on by one mark of the record."""
        match what, told:
            case "typing", (str(person), str(name), int(value)):
                self.cells.setdefault((person, name), {None}).add(value)
            case "saved", (str(person), str(name), int(value)):
                self.cells[person, name] = {value}
            case "made", (str(member),):
                self.made = member
            case "person", (str(person),):
                self.persons.add(person)
            case "opened", (str(session),):
                self.session = session
            case "closed", (str(session),):
                self.closed.add(session)
            case "copied", (str(path),):
                self.copies.add(path)
            case "server", (list(batches),):
                self.server.update(batches)
            case "enrolled", ():
                self.enrolled = True


def record(desk: Desk, home: Path, folder: Path) -> list[Event]:
    """Run the app once on the disk that writes everything down."""
    kept = folder / "record"
    with serving(make_app(desk, Settings())) as url:
        done = subprocess.run(
            [sys.executable, str(Path(power_victim.__file__)), str(kept), url, code_for(desk)],
            env={**os.environ, "POSYANDU_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    start, events = pickle.loads(kept.read_bytes())
    assert start == {}
    return list(events)


@pytest.fixture(scope="module")
def recorded(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], Path]:
    """The record, and the folder it was made in."""
    folder = tmp_path_factory.mktemp("catatan")
    return record(desk, folder / "rumah", folder), folder / "rumah"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in memory where there is one, that takes the place of the app's own."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="posyandu-", dir=memory if os.access(memory, os.W_OK) else None))
    monkeypatch.setenv("POSYANDU_HOME", str(folder / "home"))
    yield folder
    shutil.rmtree(folder)


def moments(events: list[Event], amount: int, first: int) -> Counter[int]:
    """After which events the power fails, and how often: `first` of them before there is a book, then evenly."""
    made = next(number for number, event in enumerate(events) if event[0] == "mark")
    before, after = (
        [number for number in range(*part) if events[number][0] != "mark"] for part in ((made,), (made, len(events)))
    )
    spread = [(before, first), (after, amount - first)]
    return Counter(some[each * len(some) // many] for some, many in spread for each in range(many))


def play(
    events: list[Event], home: Path, elsewhere: Path, amount: int, first: int, desk: Desk | None = None
) -> Counter[str]:
    """Cut the power so often and look at what is left; what was looked at."""
    dice, cuts = random.Random(SEED), moments(events, amount, first)
    told: Counter[str] = Counter()
    disk, promised = Disk({}), Promised()
    for number, event in enumerate(events):
        if event[0] == "mark":
            promised.note(*event[1])
            continue
        disk.take(event)
        for _again in range(cuts[number]):
            state = disk.cut(dice, dice.choice((512, 4096)))
            sends = told["opened"] % SENDS_EVERY == 1 and promised.enrolled
            if told.total() and sum(told[each] for each in ("opened", "nobody")) % 1000 == 0:
                print(f"{told['opened']} opened", flush=True)
            try:
                told.update(look(state, home, elsewhere, promised, desk if sends else None))
            except Exception:
                print(f"after event {number} of {len(events)}, seed {SEED}: {event[:2]}")
                raise
    return told


def test_a_power_cut_at_any_write_loses_no_promise(
    desk: Desk, recorded: tuple[list[Event], Path], elsewhere: Path
) -> None:
    events, home = recorded
    told = play(events, home, elsewhere, CUTS, CUTS // 20, desk)
    assert told["cells"] > CUTS
    assert told["confirmed"] > 0
    assert told["sent again"] > 0
    print(f"\n{CUTS} power cuts in {len(events)} writes and flushes: {dict(told)}; none lost, none damaged")


@pytest.mark.parametrize("forgets", ["-wal", "kunci.json.baru"])
def test_a_disk_that_forgets_to_flush_is_noticed(
    recorded: tuple[list[Event], Path], elsewhere: Path, forgets: str
) -> None:
    events, home = recorded
    lying = [event for event in events if not (event[0] == "flush" and event[1].endswith(forgets))]
    with pytest.raises((AssertionError, PosyanduError)):
        play(lying, home, elsewhere, 400, 0)


def look(
    state: dict[str, bytes], home: Path, elsewhere: Path, promised: Promised, desk: Desk | None = None
) -> Counter[str]:
    """Start the app on what a power cut left; every promise holds and the next save works."""
    place = elsewhere / "home"
    shutil.rmtree(place, ignore_errors=True)
    for path, content in state.items():
        target = place / Path(path).relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    ws = opened(promised)
    if ws is None:
        return Counter(nobody=1)
    try:
        told = Counter(opened=1)
        assert database.rows(ws.db, "PRAGMA integrity_check") == [("ok",)]
        assert journal.rows_equal_replay(ws.db)
        told.update(kept(ws, promised))
        told.update(nothing_said_too_early(ws, promised))
        for path in promised.copies:
            copy = place / Path(path).relative_to(home)
            if (content := copy.read_bytes()) not in whole_copies:
                assert backup.verify(copy, database.key_of(ws.db)).persons == power_victim.CHILDREN
                whole_copies.add(content)
        goes_on(ws)
        if desk is not None:
            told.update(sends_again(ws, desk))
        ws.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert database.rows(ws.db, "PRAGMA cipher_integrity_check") == []
    finally:
        ws.close()
    return told


def opened(promised: Promised) -> Workspace | None:
    """The book, with the PIN before or after its change; None before a first book was promised."""
    folder = accounts.books().practice
    if not promised.made:
        if not accounts.exists(folder):
            begun_anew.append(folder)
            if len(begun_anew) < 20:  # a first run, beside whatever is there
                accounts.create(folder, "Sari", power_victim.PINS[0], cost=CHEAP).workspace.close()
            return None
        return accounts.unlock(folder, accounts.members(folder)[0].id, power_victim.PINS[0])
    for pin in power_victim.PINS:
        try:
            return accounts.unlock(folder, promised.made, pin)
        except WrongPin:
            continue
    raise AssertionError("no PIN opens the book")


def kept(ws: Workspace, promised: Promised) -> Counter[str]:
    """Everything that was shown as saved is there."""
    for person in promised.persons:
        assert records.load(ws.db, FORMS["person"], person) is not None
    if promised.session:
        day = records.load(ws.db, FORMS["session"], promised.session)
        assert day is not None
        rows = {row.person_id: row for row in sessions.roster(ws, promised.session, "under_five")}
        for (person, name), may_be in promised.cells.items():
            row = rows[person]
            shown = {row.waiting.get(name), (row.visit or {}).get(name)}
            assert may_be & shown, (name, may_be, shown)
    return Counter(cells=len(promised.cells), persons=len(promised.persons))


def nothing_said_too_early(ws: Workspace, promised: Promised) -> Counter[str]:
    """What the book calls sent or confirmed, the server has."""
    if promised.enrolled:
        assert outbox.server(ws.db) is not None
    said = database.rows(ws.db, "SELECT id FROM batch WHERE g IS NOT NULL OR verdict <> ''")
    assert {batch for (batch,) in said} <= promised.server
    return Counter(confirmed=len(said))


def sends_again(ws: Workspace, desk: Desk) -> Counter[str]:
    """Whatever was cut off, the next sending ends with everything at the server, and rows still follow from saves."""
    assert synchronise.run(ws, send=way_to(desk)).state == "confirmed"
    assert synchronise.status(ws).waiting == 0
    assert journal.rows_equal_replay(ws.db)
    return Counter({"sent again": 1})


def goes_on(ws: Workspace) -> None:
    """The next save works."""
    if not ws.posyandu_id:
        return
    form = FORMS["person"]
    saved = records.save(ws.db, form, "baru", {"name": "Baru"}, scope=ws.posyandu_id, author=ws.author, now=ws.now())
    assert saved.changed
    row = records.load(ws.db, form, "baru")
    assert row is not None
