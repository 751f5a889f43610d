"""The whole app with its window on a disk that writes everything down: a first run, days of typing, sending, copies.

    python tests/ecosystem/power_victim.py RECORD SERVER CODE

Works in POSYANDU_HOME and ends in the middle of work, as when the power fails. RECORD then holds what was on the disk
before and every event since, with the promises that were made on the way. `test_power_cut.py` plays it back.
"""

import os
import pickle
import random
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.ecosystem.disk import Recorder  # noqa: E402 - the platform is chosen first

PINS = ("271828", "314159")
CELLS = int(os.environ.get("POSYANDU_POWER_CELLS", "12"))
CHILDREN = 5
VISIT = {"weight_g": 9100, "muac_mm": 141}


def main(record: Path, url: str, code: str) -> None:
    """Do it all, and write the record."""
    home = Path(os.environ["POSYANDU_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    start = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    recorder = Recorder(home)
    recorder.install()
    work(recorder, url, code)
    recorder.remove()
    record.write_bytes(pickle.dumps((start, recorder.events)))
    sys.stdout.flush()
    os._exit(0)


def work(recorder: Recorder, url: str, code: str) -> None:
    """A first run, two days at the post with the window, in between what else writes to the disk."""
    from PySide6.QtWidgets import QApplication

    from posyandu.services import accounts, backups, people, posts, preferences, sessions, synchronise, visits
    from posyandu.storage.keys import Cost
    from posyandu.sync import transport
    from posyandu.sync.batch import decode
    from posyandu.sync.message import read_request
    from posyandu.sync.tight import Sender, loosen
    from posyandu.ui import jobs
    from posyandu.ui.app import build_app
    from posyandu.ui.main_window import MainWindow
    from tests.ui.typing_victim import typed_cells

    dice = random.Random(7)
    way = transport.connect(url)

    def send(path: str, body: bytes, kind: str) -> bytes:
        reply = way.send(path, body, kind)
        request = read_request(body)[0]
        sender = Sender(request.device, request.incarnation)
        recorder.mark(("server", [decode(loosen(packed, sender)).id for packed in request.batches]))
        return reply

    def type_cells(amount: int) -> None:
        window.shell.go("grid")
        window.activateWindow()
        QApplication.processEvents()
        page = window.shell.pages["grid"]
        while page.view._held is not None:  # its rows are still read
            QApplication.processEvents()
        cells = typed_cells(page, dice, lambda *cell: recorder.mark(("typing", *cell)))
        for person, name, value in (next(cells) for _each in range(amount)):
            recorder.mark(("saved", person, name, value))

    folder = accounts.books().practice
    ws = accounts.create(folder, "Sari", PINS[0], cost=Cost(1, 8)).workspace
    member = ws.worker.id
    recorder.mark(("made", member))
    posts.add_post(ws, {"name": "Melati", "village_code": "5203012001"})
    today = ws.today()
    for number in range(CHILDREN):
        born_on = date(today.year - 1 - number % 3, today.month, 1)
        child = people.register(ws, {"name": f"Anak {number}", "sex": "male", "born_on": born_on})
        recorder.mark(("person", child))
    synchronise.enrol(ws, url, code)
    recorder.mark(("enrolled",))
    session = sessions.open_day(ws, ws.posyandu_id, today, {"kader_present": 5})
    recorder.mark(("opened", session))

    chosen = preferences.Preferences(theme="light")
    preferences.save(chosen)
    build_app(sys.argv, chosen)
    window = MainWindow(chosen)
    window.practice = True
    window.show()
    window.open_book(ws)
    type_cells(CELLS)
    window.shell.desk.run(lambda own: synchronise.run(own, send=send), lambda _outcome: None)
    type_cells(CELLS)  # while the other thread sends
    while jobs.busy():
        QApplication.processEvents()
    form = visits.form_for(ws, child, today)
    for name, value in VISIT.items():
        recorder.mark(("typing", child, name, value))
    visits.record(ws, form, session, child, VISIT, confirmed=tuple(VISIT))
    for name, value in VISIT.items():
        recorder.mark(("saved", child, name, value))
    recorder.mark(("copied", str(backups.back_up(ws).path)))
    accounts.change_pin(ws, *PINS)
    recorder.mark(("pin",))
    sessions.close_day(ws, session)
    recorder.mark(("closed", session))
    assert synchronise.run(ws, send=send).state == "confirmed"
    window.show_lock()
    recorder.mark(("left",))
    ws = accounts.unlock(folder, member, PINS[1])
    window.open_book(ws)
    sessions.reopen(ws, session)
    type_cells(CELLS)
    synchronise.run(ws, send=send)
    type_cells(CELLS // 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
