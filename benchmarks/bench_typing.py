"""A robot types sixty people of all groups by real key events: keystrokes per row and time per box.

    python benchmarks/bench_typing.py

Every page of the register, the mixed page first, then the instruments behind the groups; each box is looked at, typed,
saved in the encrypted book (what is confidential is sealed when its row is left) and judged before the next key. At the
end every value is read back from the records, sealed ones by their reader.
"""

import os
import statistics
import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["POSYANDU_HOME"] = folder
        measure(Path(folder))


def measure(folder: Path) -> None:
    from PySide6.QtTest import QTest

    from posyandu.domain.forms import FORMS
    from posyandu.services import preferences, registers, sessions
    from posyandu.services.instrument_pages import INSTRUMENTS
    from posyandu.services.workspace import WITA, Worker, Workspace
    from posyandu.storage import database, records, settings
    from posyandu.storage.records import Author
    from posyandu.ui import app
    from posyandu.ui.desk import Desk
    from posyandu.ui.pages.grid import GridPage
    from tests.services import melati
    from tests.ui import robot

    now = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
    db = database.open_database(folder / "buku.db", b"k" * 32)
    settings.put(db, "device", records.new_id())
    ws = Workspace(db, None, Worker("kader", "Sari", "kader"), clock=lambda: now)
    answers = {"name": "Melati", "village_code": "52.01.01.2001"}
    records.save(db, FORMS["posyandu"], "melati", answers, scope="melati", author=Author("kader", "laptop"), now=now)
    ws.posyandu_id = "melati"
    robot.sixty_people(ws, now.date())
    melati.with_reader(ws)
    day = sessions.open_day(ws, "melati", now.date(), {})
    application = app.build_app(["posyandu"], preferences.Preferences())
    page = GridPage(Desk(ws, preferences.Preferences()))
    page.resize(1158, 600)
    page.show()
    page.activateWindow()
    QTest.qWait(50)
    print("page         rows boxes keys a row  ms a box   95 %  worst  lost")
    pages = (registers.MIXED, *(each for each in registers.PAGES if each != registers.MIXED), *INSTRUMENTS)
    for seed, name in enumerate(pages):
        page.open(session_id=day, page=name)
        QTest.qWait(300)
        told = robot.type_page(page.view, seed=seed)
        page.view.put_away()
        times = sorted(1000 * each for each in told.seconds_of_boxes)
        print(
            f"{name:12} {len(told.keys_of_rows):4} {len(times):5} {statistics.median(told.keys_of_rows):10.1f}"
            f" {statistics.median(times):9.1f} {times[int(0.95 * len(times))]:6.1f} {times[-1]:6.1f}"
            f" {len(list(robot.lost(ws, day, told))):5}",
            flush=True,
        )
    page.hide()
    ws.close()
    application.quit()
    os._exit(0)


if __name__ == "__main__":
    main()
