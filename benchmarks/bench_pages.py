"""The longest the window's thread is busy in one go while a page is opened or used: nothing should take over 100 ms.

    python benchmarks/bench_pages.py [ROUNDS]
    python benchmarks/bench_pages.py --once [--cold | --large]      # one process, a line of JSON for each deed

The whole window over a practice book, and over an encrypted book of one post with a thousand people (`large`). What a
turn is: `tests/ui/turns.py`. For each deed the median over the rounds of its longest turn is given, in processor time
of that thread (what is ours) and in wall time (what the machine and the other threads add), and the worst round in
processor time. `cold` is the first opening in a process where nothing was made ahead (`ui.ahead` stopped), `first` the
first one as it is in the app, a moment after Beranda stands; each happens once in a round, in a process of its own.
`again` are the later ones. It ends with 1 when a median is over the goal.
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.ui.turns import MOST_MS, Turns, pace  # noqa: E402 - the platform is chosen first

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS, metavar="ROUNDS")
    for name in ("--once", "--cold", "--large"):
        parser.add_argument(name, action="store_true")
    given = parser.parse_args()
    if given.once:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            os.environ["POSYANDU_HOME"] = home
            if given.large:
                measure_large(Path(home))
            measure(cold=given.cold)
    compileall.compile_dir(ROOT / "posyandu", quiet=2)  # as in the installed app
    told: dict[str, list[tuple[float, float]]] = {}
    for turn in range(3 * given.rounds):
        command = [sys.executable, __file__, "--once", *(["--cold"], [], ["--large"])[turn % 3]]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        for line in done.stdout.splitlines():
            name, own, wall = json.loads(line)
            told.setdefault(name, []).append((own, wall))
    print(f"{'longest turn, ms':34} processor (worst)    wall    pace of the machine: {pace():.0f} ms")
    for name, turns in told.items():
        own, wall = (median(turn[place] for turn in turns) for place in (0, 1))
        mark = "  over the goal" if own > MOST_MS else ""
        print(f"{name:34} {own:9.0f} {max(turn[0] for turn in turns):7.0f} {wall:7.0f}{mark}")
    sys.exit(any(median(turn[0] for turn in turns) > MOST_MS for turns in told.values()))


def measure(*, cold: bool) -> None:
    """One process: every page for the first time, and unless `cold` all else; a line of JSON for each deed."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QWidget

    from posyandu.domain.errors import PosyanduError
    from posyandu.services import preferences, sessions
    from posyandu.services.sample import practice
    from posyandu.ui import ahead, app, main_window
    from posyandu.ui.shell import PAGES

    folder = practice.prepare()
    chosen = preferences.Preferences()
    _application = app.build_app(["posyandu"], chosen)
    window = main_window.MainWindow(chosen, practice=True)
    window.resize(1366, 696)
    window.show()
    window.activateWindow()
    window.start()
    QTest.qWait(3000)  # the time it takes to type a PIN
    longest = telling()

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


def telling() -> Callable[..., None]:
    """`longest(name, deed, wait)` prints the longest turn of a deed as a line of JSON."""
    turns = Turns()

    def longest(name: str, deed: Callable[[], object], wait: int = 700) -> None:
        print(json.dumps([name, *turns.longest(deed, wait)]), flush=True)

    return longest


def measure_large(home: Path) -> None:
    """One process over a post of a thousand people with half a year of visits, two hundred of whom came today."""
    from datetime import datetime
    from types import SimpleNamespace

    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from posyandu.domain.errors import PosyanduError
    from posyandu.domain.forms import FORMS
    from posyandu.services import preferences, registers, sessions, visits
    from posyandu.services.workspace import WITA, Worker, Workspace
    from posyandu.storage import database, records, settings
    from posyandu.ui import app, desk, main_window
    from posyandu.ui.shell import PAGES
    from posyandu.ui.widgets.basics import ScrollPage
    from posyandu.ui.widgets.overlay import Overlay
    from tests.ui import scene

    moment = desk.MOMENT_MS
    db = database.open_database(home / "buku.db", b"k" * 32)
    settings.put(db, "device", records.new_id())
    now = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)
    ws = Workspace(db, None, Worker("bidan", "Sari", "midwife"), clock=lambda: now)
    scene.fill_with_a_thousand(ws, months=18)
    desk.MOMENT_MS = min(moment, 50)  # the scene is patient, the app is not
    day = scene.open_day(ws)
    rows = sessions.roster(ws, day)
    for row in rows[:200]:
        sessions.mark_present(ws, day, row.person_id)
        if row.form == "under_five_visit":
            visits.set_cell(ws, FORMS[row.form], day, row.person_id, "weight_g", 9_000)
    chosen = preferences.Preferences(theme="light", idle_minutes=30)  # nobody types meanwhile
    _application = app.build_app(["posyandu"], chosen)
    window = main_window.MainWindow(chosen)
    window.resize(1366, 696)
    window.show()
    window.activateWindow()
    window.open_book(ws)
    QTest.qWait(6000)  # what is read and made ahead
    longest = telling()

    def keys(*told: str | Qt.Key) -> None:
        for each in told:
            focus = QApplication.focusWidget()
            assert focus is not None, "no widget has the keyboard"
            QTest.keyClicks(focus, each) if isinstance(each, str) else QTest.keyClick(focus, each)

    shell: Any = window.shell
    assert QTest.qWaitForWindowActive(window, 5000)

    def go(page: str) -> None:
        try:
            shell.go(page)
        except PosyanduError:  # a page about one person
            shell.go(page, person_id=rows[0].person_id)

    for page in PAGES:
        longest(f"large: {page}", lambda page=page: go(page))
    shell.go("hari")
    QTest.qWait(700)
    hari = shell.pages["hari"]
    for letter in rows[300].name[:4]:
        longest("large: a letter of a name", lambda letter=letter: keys(letter), 200)
    longest("large: came", lambda: keys(Qt.Key.Key_Return), 400)
    longest("large: a tab of the list", lambda: hari.attending.tabs.buttons["under_five"].click(), 200)
    longest("large: a step", lambda: hari.attending._step(rows[5], 3), 300)  # noqa: SLF001
    longest("large: before closing", hari.check_before_closing, 500)
    longest("large: the day closed", hari.closing._close_day, 500)  # noqa: SLF001
    sessions.reopen(ws, day)
    for page in registers.PAGES:
        longest(f"large: register {page}", lambda page=page: shell.go("grid", session_id=day, page=page), 1500)
    grid = shell.pages["grid"]
    longest("large: register, to check", lambda: grid._filter("check"), 4000)  # noqa: SLF001
    longest("large: register, all", lambda: grid._filter("all"), 300)  # noqa: SLF001
    shell.go("grid", session_id=day, page="under_five")
    QTest.qWait(1500)
    for figures in ("9", "2", Qt.Key.Key_Return):
        longest("large: register, a key", lambda figures=figures: keys(figures), 200)
    grid.view.go_to(30, grid.view.grid.first_entry)
    QGuiApplication.clipboard().setText("\n".join("9,1\t75,2\t14,2\t45" for _line in range(10)))
    longest("large: forty boxes pasted", grid.view.paste, 2000)
    child = next(row for row in rows if row.form == "under_five_visit" and row.last_visit)
    everybody = [SimpleNamespace(id=row.person_id, name=row.name, sex=row.sex) for row in rows]
    longest("large: names behind a figure", lambda: shell.desk.show_names("Semua", everybody), 900)
    names = next(sheet for sheet in shell.findChildren(Overlay) if sheet.isVisible())
    bar = names.findChild(ScrollPage).verticalScrollBar()
    longest("large: names scrolled to the end", lambda: bar.setValue(bar.maximum()), 900)
    names.reject()
    shell.go("tindak_lanjut")
    QTest.qWait(900)
    whom = shell.pages["tindak_lanjut"]
    for each in sorted(whom.board.lists, key=lambda each: -len(each.tasks))[:3]:
        longest("large: a list of whom to see", lambda each=each: whom._choose(each.code), 900)  # noqa: SLF001
    shell.go("keluarga")
    QTest.qWait(900)
    homes = shell.pages["keluarga"]
    for line in homes.register.lines[4:7]:
        longest("large: another family", lambda line=line: homes.show_family(line.id), 300)
    homes.search.setFocus()
    for letter in "su":
        longest("large: a letter of a family", lambda letter=letter: keys(letter), 300)
    longest("large: card, 18 months of visits", lambda: shell.go("kartu", person_id=child.person_id), 1500)
    for focus in ("status", "nik", "register_number"):
        opened: Any = {"person_id": child.person_id, "focus": focus}
        longest("large: registration at a question", lambda opened=opened: shell.go("daftar", **opened), 900)
        shell.back()
    shell.go("daftar", another=True)
    longest("large: registration, nothing told", shell.pages["daftar"].save, 900)
    shell.go("beranda")
    for change in ({"text_scale": 1.3}, {"theme": "dark"}, {"language": "en"}, {"language": "id", "text_scale": 1.0}):
        name = f"large: preference {' and '.join(change)}"
        longest(name, lambda change=change: shell.desk.change_preferences(**change), 1500)
    head = "\t".join(f"Kolom {number}" for number in range(22))
    (home / "lembar.csv").write_text(head + "\n" + "\n".join("\t".join("7" * 22) for _line in range(30)))
    window.shell.go("tukar", step="masuk")
    QTest.qWait(500)
    tukar: Any = window.shell.pages["tukar"]
    longest("large: 22 columns of a file", lambda: tukar.read(home / "lembar.csv"), 900)
    os._exit(0)


if __name__ == "__main__":
    main()
