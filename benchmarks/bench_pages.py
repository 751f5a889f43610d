"""The longest the window's thread is busy in one go while a page is opened or used: nothing should take over 100 ms.

    python benchmarks/bench_pages.py [rounds]

The whole window over a practice book. A timer without delay ticks on the window's thread; the longest gap between two
ticks is one turn: what a person would feel before the next key is answered. For each deed the median over the rounds
of its longest turn is given, in processor time of that thread (what is ours) and in wall time (what the machine and
the other threads add), and the worst round in processor time. `cold` is the first opening in a process where nothing
was made ahead (`ui.ahead` stopped), `first` the first one as it is in the app, a moment after Beranda stands; each
happens once in a round, in a process of its own. `again` are the later ones.
"""

import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

MOST_MS = 100
ROUNDS = 3


def main() -> None:
    if "--once" in sys.argv:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            os.environ["POSYANDU_HOME"] = home
            measure(cold="--cold" in sys.argv)
    compileall.compile_dir(ROOT / "posyandu", quiet=2)  # as in the installed app
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    told: dict[str, list[tuple[float, float]]] = {}
    for turn in range(2 * rounds):
        command = [sys.executable, __file__, "--once", *(["--cold"] if turn % 2 == 0 else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        for line in done.stdout.splitlines():
            name, own, wall = json.loads(line)
            told.setdefault(name, []).append((own, wall))
    print(f"{'longest turn, ms':34} processor (worst)    wall    pace of the machine: {pace():.0f} ms")
    for name, turns in told.items():
        own, wall = (median(turn[place] for turn in turns) for place in (0, 1))
        mark = "  over the goal" if own > MOST_MS else ""
        print(f"{name:34} {own:9.0f} {max(turn[0] for turn in turns):7.0f} {wall:7.0f}{mark}")


def pace() -> float:
    """Milliseconds for a million turns of an empty loop: what these figures stand beside (45 on an idle core here)."""
    began = time.thread_time()
    for _turn in range(1_000_000):
        pass
    return (time.thread_time() - began) * 1000


def measure(*, cold: bool) -> None:
    """One process: every page for the first time, and unless `cold` all else; a line of JSON for each deed."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    from posyandu.domain.errors import PosyanduError
    from posyandu.services import preferences, sessions
    from posyandu.services.sample import practice
    from posyandu.ui import ahead, app, jobs, main_window
    from posyandu.ui.shell import PAGES

    folder = practice.prepare()
    chosen = preferences.Preferences()
    application = app.build_app(["posyandu"], chosen)
    window = main_window.MainWindow(chosen, practice=True)
    window.resize(1366, 696)
    window.show()
    window.activateWindow()
    window.start()
    QTest.qWait(3000)  # the time it takes to type a PIN
    turns: list[tuple[float, float]] = []
    last = [0.0, 0.0]

    def tick() -> None:
        now = [time.thread_time(), time.perf_counter()]
        turns.append((now[0] - last[0], now[1] - last[1]))
        last[:] = now

    timer = QTimer(application, interval=0)
    timer.timeout.connect(tick)
    timer.start()

    def longest(name: str, deed: Callable[[], object], wait: int = 700) -> None:
        QTest.qWait(30)
        turns.clear()
        last[:] = [time.thread_time(), time.perf_counter()]
        deed()
        QTest.qWait(wait)
        while jobs.busy():  # to the end: the turn in which the answer is shown counts too
            QTest.qWait(20)
        QTest.qWait(60)
        own, wall = (max(turn[place] for turn in turns) * 1000 for place in (0, 1))
        print(json.dumps([name, own, wall]), flush=True)

    def key(what: str | Qt.Key) -> None:
        focus = QApplication.focusWidget() or window.focusWidget()  # another window may have come between
        assert isinstance(focus, QWidget), "no widget has the keyboard"
        if isinstance(what, str):
            QTest.keyClicks(focus, what)
        else:
            QTest.keyClick(focus, what)

    ws = practice.unlock(folder)
    if cold:
        ahead.PAGES = ()
    longest("after the PIN", lambda: window.open_book(ws), 900)
    day = sessions.open_day(ws, ws.posyandu_id, ws.today())
    rows = sessions.roster(ws, day, "under_five")[:4]
    for row in rows:
        sessions.mark_present(ws, day, row.person_id)
    shell = window.shell
    assert shell is not None
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5000)
    if not cold:
        longest("made ahead", lambda: None, 4000)
        assert shell.ahead.is_done()

    def go(page: str) -> None:
        try:
            shell.go(page)
        except PosyanduError:  # a page about one person
            shell.go(page, person_id=rows[0].person_id)

    ws.worker = replace(ws.worker, role="midwife")  # who may open every page
    for time_of in ("cold",) if cold else ("first", "again"):
        for page in PAGES:
            longest(f"{page}, {time_of}", lambda page=page: go(page))
    if cold:
        os._exit(0)
    shell.go("kunjungan", person_id=rows[0].person_id, session_id=day)
    QTest.qWait(700)
    visit = shell.pages["kunjungan"]
    for row in rows[:3]:
        weight = visit.form_view.fields["weight_g"]
        weight.take_focus()
        grams = (row.last_visit or {}).get("weight_g")
        figures = f"{(grams if isinstance(grams, int) else 8000) / 1000:.1f}".replace(".", ",")
        longest("visit: a figure of the weight", lambda figures=figures: key(figures[0]), 200)
        key(figures[1:])
        assert weight.value(), "the weight was typed"
        asked = visit.person_id
        longest("visit: saved, next person", lambda: visit.save(then_next=True) or visit.save(then_next=True))
        assert visit.person_id != asked, "the next person is shown"
    shell.go("sasaran")
    QTest.qWait(500)
    people = shell.pages["sasaran"]
    people.first_focus().setFocus()
    for letter in "sri":
        longest("search: a letter", lambda letter=letter: key(letter), 300)
    longest("palette opened", shell.open_palette, 300)
    for letter in "aa":
        longest("palette: a letter", lambda letter=letter: key(letter), 300)
    key(Qt.Key.Key_Escape)
    shell.go("grid")
    QTest.qWait(700)
    shell.pages["grid"].view.setFocus()
    for figures in ("9", "2", Qt.Key.Key_Return, "7", "8", Qt.Key.Key_Return):
        longest("register: a key in a cell", lambda figures=figures: key(figures), 150)
    os._exit(0)


if __name__ == "__main__":
    main()
