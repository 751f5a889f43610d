"""The longest the window's thread is busy in one go while each page is opened: nothing should take more than 100 ms.

    python benchmarks/bench_pages.py

The whole window over a practice book. A timer without delay ticks on the window's thread; the longest gap between two
ticks is what a person would feel. Processor time of that thread says what is ours, wall time what the machine adds.
The second opening of a page shows what is left when its parts have been read once.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MOST_MS = 100


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["POSYANDU_HOME"] = home
        measure()


def measure() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest

    from posyandu.services import preferences, sessions
    from posyandu.services.sample import practice
    from posyandu.ui import app, jobs, main_window
    from posyandu.ui.shell import PAGES

    folder = practice.prepare()
    chosen = preferences.Preferences()
    application = app.build_app(["posyandu"], chosen)
    window = main_window.MainWindow(chosen, practice=True)
    window.resize(1366, 696)
    window.show()
    window.start()
    QTest.qWait(3000)  # the time it takes to type a PIN
    gaps: list[tuple[float, float]] = []
    last = [0.0, 0.0]

    def tick() -> None:
        now = [time.thread_time(), time.perf_counter()]
        gaps.append((now[0] - last[0], now[1] - last[1]))
        last[:] = now

    timer = QTimer(application, interval=0)
    timer.timeout.connect(tick)
    timer.start()

    def longest(name: str, deed: Callable[[], object]) -> None:
        QTest.qWait(50)
        gaps.clear()
        last[:] = [time.thread_time(), time.perf_counter()]
        deed()
        QTest.qWait(1500)
        jobs.wait(3000)
        QTest.qWait(100)
        own, wall = (max(gap[place] for gap in gaps) * 1000 for place in (0, 1))
        mark = "  over the goal" if own > MOST_MS else ""
        print(f"{name:24} processor {own:5.0f} ms   wall {wall:5.0f} ms{mark}", flush=True)

    ws = practice.unlock(folder)
    longest("after the PIN", lambda: window.open_book(ws))
    day = sessions.open_day(ws, ws.posyandu_id, ws.today())
    person = sessions.roster(ws, day, "under_five")[0].person_id
    of_someone = {"kartu", "kunjungan", "kunjungan_rumah"}
    for time_of in ("first", "second"):
        for page in PAGES:
            asked = {"person_id": person} if page in of_someone else {}
            longest(f"{page}, {time_of} time", lambda page=page, asked=asked: window.shell.go(page, **asked))
    os._exit(0)


if __name__ == "__main__":
    main()
