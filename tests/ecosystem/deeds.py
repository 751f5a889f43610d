"""What a person does with the app that writes to the disk, each deed by itself, so that it can be broken off anywhere.

    python tests/ecosystem/deeds.py HOME SERVER KILLS SEED

kills this very program, in a copy of itself, right before any write of any deed, and looks at what is left.
`test_broken_deeds.py` calls that, and lets the same deeds meet a full disk, a read-only disk and a power cut.
"""

import json
import os
import random
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from posyandu import paths
from posyandu.domain.change import Op
from posyandu.domain.errors import WrongPin
from posyandu.domain.forms import FORMS
from posyandu.services import (
    accounts,
    backups,
    carrying,
    data_package,
    erasure,
    first_steps,
    people,
    person_file,
    posts,
    preferences,
    sessions,
    synchronise,
    visits,
)
from posyandu.services.workspace import Workspace
from posyandu.storage import areas, backup, database, journal, migrations, records, settings
from posyandu.storage.database import Database, rows
from posyandu.storage.keys import Cost
from posyandu.sync import transport
from tests.ecosystem.disk import Disk, Recorder, recording

CHEAP = Cost(1, 8)
PIN, NEW_PIN = "271828", "314159"
VILLAGE = "5203012001"
VISIT = {"weight_g": 9100, "muac_mm": 141}


@dataclass(frozen=True)
class Place:
    """A home that was set up, a stick beside it, and a server."""

    home: Path
    url: str = ""

    @property
    def stick(self) -> Path:
        """Where files go out."""
        return self.home / "flashdisk"


@dataclass(frozen=True)
class Deed:
    """One deed: `do` it in an open book (None where it opens one itself); `is_done` tells whether it stands.

    One that `forgets` takes saves out of the book when it is done.
    """

    name: str
    do: Callable[[Place, Workspace | None], object]
    is_done: Callable[[Place, Workspace], bool]
    opens_itself: bool = False
    before: Callable[[Place], object] = lambda _place: None
    forgets: bool = False


def set_up(place: Place, code: str = "") -> None:
    """A book with a post, four children, an open day, two visits and a copy; enrolled where there is a server."""
    place.stick.mkdir(parents=True)
    with at_home(place):
        ws = accounts.create(accounts.books().practice, "Sari", PIN, cost=CHEAP).workspace
        posts.add_post(ws, {"name": "Melati", "village_code": VILLAGE})
        today = ws.today()
        born_on = date(today.year - 2, today.month, 1)
        for number in range(4):
            people.register(ws, {"name": f"Anak {number}", "sex": "male", "born_on": born_on})
        session = sessions.open_day(ws, ws.posyandu_id, today, {"kader_present": 5})
        for child in children(ws)[:2]:
            weigh(ws, session, child)
        if code:
            synchronise.enrol(ws, place.url, code)
            assert synchronise.run(ws).state == "confirmed"
        weigh(ws, session, children(ws)[2])
        data_package.save(ws, [ws.posyandu_id], place.stick / "paket.zip")
        backups.back_up(ws, place.stick)
        ws.close()


@contextmanager
def at_home(place: Place) -> Iterator[None]:
    """All paths of the app below this home."""
    before = os.environ.get("POSYANDU_HOME")
    os.environ["POSYANDU_HOME"] = str(place.home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["POSYANDU_HOME"]
        else:
            os.environ["POSYANDU_HOME"] = before


def children(ws: Workspace) -> list[str]:
    """The children of the post by their names."""
    found = rows(ws.db, "SELECT id FROM person WHERE name LIKE 'Anak _' ORDER BY name")
    return [child for (child,) in found]


def weigh(ws: Workspace, session: str, child: str) -> None:
    form = visits.form_for(ws, child, ws.today())
    assert form is not None
    visits.record(ws, form, session, child, VISIT, confirmed=tuple(VISIT))


def unlocked() -> Workspace:
    """The book by whichever PIN opens it."""
    folder = accounts.books().practice
    assert accounts.exists(folder)
    for pin in (PIN, NEW_PIN):
        with suppress(WrongPin):
            return accounts.unlock(folder, accounts.members(folder)[0].id, pin)
    raise AssertionError("no PIN opens the book")


def _today(ws: Workspace) -> str:
    return str(rows(ws.db, "SELECT id FROM session")[0][0])


def _visit(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    weigh(ws, _today(ws), children(ws)[3])


def _close_day(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    sessions.close_day(ws, _today(ws))


def _register(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    people.register(ws, {"name": "Baru", "sex": "female", "born_on": date(2024, 5, 1), "kk": "5203010101010001"})


def _back_up(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    backups.back_up(ws)


def _has_copy(place: Place, ws: Workspace) -> bool:
    last = backups.last(ws)
    return (
        last is not None
        and last.path.parent == backups.default_folder(ws)
        and bool(backup.verify(last.path, database.key_of(ws.db)).saves)
    )


def _new_pin(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    accounts.change_pin(ws, PIN, NEW_PIN)


def _opens_by_new_pin(place: Place, ws: Workspace) -> bool:
    try:
        accounts.prove_pin(ws, NEW_PIN)
    except WrongPin:
        return False
    return True


def _send(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    outcome = synchronise.run(ws, pause=lambda _seconds: None)
    assert outcome.state == "confirmed", outcome


def _carry(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    carrying.save_for_server(ws, place.stick)


def _export(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    person_file.save(ws, children(ws)[0], place.stick, "anak")


def _import(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    data_package.take(ws, data_package.look(ws, place.stick / "paket.zip"))


def _take_some_away(place: Place) -> None:
    """A book that lacks what the package holds: one of its visits was withdrawn before it was ever known."""
    ws = unlocked()
    with database.transaction(ws.db):
        visit = rows(ws.db, "SELECT id FROM under_five_visit ORDER BY n DESC LIMIT 1")[0][0]
        ws.db.conn.execute("DELETE FROM op WHERE record = ?", (visit,))
        ws.db.conn.execute("DELETE FROM under_five_visit WHERE id = ?", (visit,))
        settings.put(ws.db, "away", visit)
    ws.close()


def _is_back(place: Place, ws: Workspace) -> bool:
    visit = settings.get(ws.db, "away")
    return records.load(ws.db, FORMS["under_five_visit"], visit) is not None


def _choose_child(place: Place) -> None:
    ws = unlocked()
    settings.put(ws.db, "away", children(ws)[0])
    ws.close()


def _erase(place: Place, ws: Workspace | None) -> None:
    assert ws is not None
    child = settings.get(ws.db, "away")
    erasure.erase(ws, child, why=erasure.FORM.fields["why"].options[0].code, typed_name="Anak 0", pin=PIN)


def _is_erased(place: Place, ws: Workspace) -> bool:
    child = settings.get(ws.db, "away")
    left = rows(ws.db, "SELECT count(*) FROM op WHERE record = ?", (child,)) + rows(
        ws.db, "SELECT count(*) FROM person WHERE name = 'Anak 0'"
    )
    assert left in ([(0,), (0,)], [(1,), (1,)]), "half erased"
    return left == [(0,), (0,)]


def _choose(place: Place, ws: Workspace | None) -> None:
    preferences.save(preferences.Preferences(theme="dark"))
    first_steps.keep([first_steps.NewPost("Kenanga", areas.get(VILLAGE))])


def _restore(place: Place, ws: Workspace | None) -> None:
    folder = accounts.books().practice
    (copy,) = backups.found_in(place.stick)
    backups.restore(copy, folder, member=json.loads(backup.key_file_of(copy).read_bytes())["slots"][0]["id"], pin=PIN)


def _first_run(place: Place, ws: Workspace | None) -> None:
    made = accounts.create(accounts.books().practice, "Sari", PIN, cost=CHEAP).workspace
    try:
        posts.add_post(made, {"name": "Melati", "village_code": VILLAGE})
        accounts.introduce(made)
    finally:
        made.close()


def _empty(place: Place) -> None:
    shutil.rmtree(paths.data())
    shutil.rmtree(paths.config())


def _open(place: Place, ws: Workspace | None) -> None:
    unlocked().close()


def _one_more_question(db: Database) -> None:
    db.conn.execute("ALTER TABLE person ADD COLUMN eye_colour TEXT")


def _upgrade(place: Place, ws: Workspace | None) -> None:
    with newer_app():
        unlocked().close()


@contextmanager
def newer_app() -> Iterator[None]:
    """The app after an upgrade that asks one more question."""
    before = migrations.STEPS
    migrations.STEPS = (*before, _one_more_question)
    try:
        yield
    finally:
        migrations.STEPS = before


def _keep_what_cannot_be_shown(place: Place) -> None:
    """A save from a newer laptop that this version could only keep."""
    ws = unlocked()
    fields = {"name": "Nur Aini", "sex": "female"}
    journal.apply(ws.db, [(Op(ws.posyandu_id, "person", "nur", 1, 1, (), fields, "kader", 5, 1, "0" * 16), "lain")])
    ws.db.conn.execute("DELETE FROM person WHERE id = 'nur'")
    ws.close()


DEEDS = (
    Deed("first run", _first_run, lambda _place, ws: bool(posts.posts(ws)), opens_itself=True, before=_empty),
    Deed("unlock", _open, lambda _place, _ws: True, opens_itself=True),
    Deed("visit", _visit, lambda _place, ws: bool(visit_of(ws, 3))),
    Deed("registration", _register, lambda _place, ws: bool(people.search(ws, "Baru"))),
    Deed("close day", _close_day, lambda _place, ws: sessions.current(ws, ws.posyandu_id) is None),
    Deed("backup", _back_up, _has_copy),
    Deed("new PIN", _new_pin, _opens_by_new_pin),
    Deed("send", _send, lambda _place, ws: synchronise.status(ws).waiting == 0),
    Deed("stick", _carry, lambda place, _ws: any(place.stick.glob("*untuk-server*"))),
    Deed("export", _export, lambda place, _ws: (place.stick / "anak.json").exists()),
    Deed("import", _import, _is_back, before=_take_some_away),
    Deed("erase", _erase, _is_erased, before=_choose_child, forgets=True),
    Deed("choices", _choose, lambda _place, _ws: preferences.load().theme == "dark" and len(first_steps.kept()) == 1),
    Deed("restore", _restore, lambda _place, ws: visit_of(ws, 2), opens_itself=True),
    Deed(
        "upgrade", _upgrade, lambda _place, ws: records.load(ws.db, FORMS["person"], "nur") is not None,
        opens_itself=True, before=_keep_what_cannot_be_shown,
    ),
)  # fmt: skip


def visit_of(ws: Workspace, number: int) -> bool:
    """Whether this child's visit of today is in the book, with all its answers."""
    form = FORMS["under_five_visit"]
    row = records.load(ws.db, form, records.visit_id(form.name, _today(ws), children(ws)[number]))
    return row is not None and VISIT.items() <= row.answers.items()


def do(deed: Deed, place: Place, gate: Callable[[str, str], int] | None = None) -> Recorder:
    """Do it in the home of this place, on a disk with this gate; what was asked of the disk."""
    with recording(place.home, gate) as recorder:
        ws = None if deed.opens_itself else unlocked_beside(recorder)
        try:
            deed.do(place, ws)
        finally:
            if ws is not None:
                ws.close()
    return recorder


def unlocked_beside(recorder: Recorder) -> Workspace:
    """The open book; what opening it asked of the disk is no part of the deed and always granted."""
    gate, recorder.gate = recorder.gate, None
    ws = unlocked()
    recorder.gate, recorder.began = gate, len(recorder.events)
    return ws


def look(deed: Deed, place: Place, saves: set[str], *, promised: bool) -> bool:
    """Start the app again after the deed was broken off: nothing that was there is gone, and the deed can be done.

    Gives whether the deed stood already; it must, where that was promised.
    """
    with newer_app() if deed.name == "upgrade" else nullcontext():
        if deed.name == "first run" and not accounts.exists(accounts.books().practice):
            assert not promised
            stood = False
        else:
            stood = _whole(deed, place, saves if deed.name != "first run" else set())
            assert stood or not promised, deed.name
        if not stood:
            if deed.opens_itself and deed.name == "first run" and accounts.exists(accounts.books().practice):
                ws = unlocked()  # the questions go on where they were
                posts.add_post(ws, {"name": "Melati", "village_code": VILLAGE})
                ws.close()
            else:
                do(deed, place)
            assert _whole(deed, place, set()), deed.name
    return stood


def _whole(deed: Deed, place: Place, saves: set[str]) -> bool:
    ws = unlocked()
    try:
        assert rows(ws.db, "PRAGMA integrity_check") == [("ok",)]
        assert journal.rows_equal_replay(ws.db), journal.differences(ws.db)
        assert saves <= saves_in(ws) or (deed.forgets and deed.is_done(place, ws))
        ws.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert rows(ws.db, "PRAGMA cipher_integrity_check") == []
        assert [path for path in place.stick.glob("*.posyandu") if path.stat().st_size == 0] == []
        return bool(deed.is_done(place, ws))
    finally:
        ws.close()


def saves_in(ws: Workspace) -> set[str]:
    """The ids of all saves."""
    return {op for (op,) in rows(ws.db, "SELECT id FROM op")}


def fresh(place: Place, base: Path) -> None:
    """The home as it was set up."""
    shutil.rmtree(place.home, ignore_errors=True)
    shutil.copytree(base, place.home)


def lay_out(place: Place, state: dict[str, bytes]) -> None:
    """The home as a power cut left it."""
    shutil.rmtree(place.home)
    place.stick.mkdir(parents=True)
    for path, content in state.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)


def saves_before(deed: Deed, place: Place) -> set[str]:
    """What the book holds before the deed."""
    deed.before(place)
    if deed.name == "first run":
        return set()
    ws = unlocked()
    try:
        return saves_in(ws)
    finally:
        ws.close()


# --- kill -9 ---------------------------------------------------------------------------------------------------------


def killed(deed: Deed, place: Place, moment: int) -> bool:
    """Do it in a child of this program that is killed before its write of this number; whether it came that far."""
    child = os.fork()
    if child == 0:
        asked = 0

        def gate(_what: str, _path: str) -> int:
            nonlocal asked
            asked += 1
            if asked == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0

        try:
            do(deed, place, gate)
        except BaseException as error:
            sys.stderr.write(f"{deed.name}: {error!r}\n")
            os._exit(1)
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, deed.name
    return os.WIFSIGNALED(status)


def writes_of(deed: Deed, place: Place) -> int:
    """How often this deed changes something on the disk."""
    asked = 0

    def gate(_what: str, _path: str) -> int:
        nonlocal asked
        asked += 1
        return 0

    do(deed, place, gate)
    return asked


def main(base: Path, url: str, kills: int, seed: int) -> None:
    """Kill as often as asked, spread over all deeds and all their writes; tell what came of it."""
    dice = random.Random(seed)
    place = Place(base.with_name(base.name + "-kerja"), url)
    told: Counter[str] = Counter()
    chosen = [deed for deed in DEEDS if os.environ.get("POSYANDU_DEED", deed.name) == deed.name]
    with at_home(place):
        moments: dict[str, int] = {}
        for number in range(kills):
            deed = chosen[number % len(chosen)]
            fresh(place, base)
            saves = saves_before(deed, place)
            if deed.name not in moments:
                moments[deed.name] = writes_of(deed, place)
                fresh(place, base)
                saves = saves_before(deed, place)
            moment = dice.randint(1, moments[deed.name])
            hit = killed(deed, place, moment)
            stood = look(deed, place, saves, promised=not hit)
            told[deed.name] += 1
            told["killed"] += hit
            told["stood"] += stood
    print(json.dumps({**told, "writes": moments}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

__all__ = ["DEEDS", "Disk", "transport"]
