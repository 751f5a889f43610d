"""A village operator types the registers of eight posts in one evening, by keys alone.

    python tests/ui/evening.py 3

Run as a program it opens the locked book of POSYANDU_HOME in the real window and types up to the post of this number,
whose day it leaves open until somebody kills it. Every box is told on standard output as JSON before its Enter
("typing") and once the foot of the page shows it as saved ("saved").
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt  # noqa: E402 - the platform is chosen first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from posyandu.domain.calendar import Month  # noqa: E402
from posyandu.services import posts, preferences  # noqa: E402
from posyandu.services.sample import book, village  # noqa: E402
from posyandu.services.workspace import Workspace  # noqa: E402
from posyandu.ui.app import build_app  # noqa: E402
from posyandu.ui.main_window import MainWindow  # noqa: E402
from posyandu.ui.pages.grid import GridPage  # noqa: E402
from tests.ui import calm  # noqa: E402

PIN = "271828"
POSTS, ROWS = 8, 3
SEED = 7
MONTH = Month(2026, 11)
WEIGHTS = ("75", "98", "103", "121")
MOST_TABS = 40
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NAMED = {"↵": Qt.Key.Key_Return, "↓": Qt.Key.Key_Down, " ": Qt.Key.Key_Space, "⇥": Qt.Key.Key_Tab}


def fill(ws: Workspace) -> None:
    """Eight posts of two villages with their people and one month of history; the first by name is chosen."""
    for number in range(POSTS):
        place = village.PLACES[number % 2]
        entries = village.one_post(SEED, number, place, ws.growth, months=1, until=MONTH - 1)
        book.write(ws.db, entries, ws.author)
    ws.posyandu_id = posts.posts(ws)[0].id


def held_on(number: int) -> date:
    """The day in the month on which this post's register was filled, all of them past."""
    return MONTH.first + timedelta(days=number)


class Operator:
    """Two hands on the keyboard and two eyes on the screen; `pressed` counts the keys."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.pressed = window, 0

    @property
    def page(self) -> QWidget:
        """The page in view."""
        assert self.window.shell is not None
        return self.window.shell.stack.currentWidget()

    def settle(self) -> None:
        """Wait until the window is at rest."""
        calm.settle()

    def has_keys(self) -> QWidget:
        """The menu that is open, else whatever has the keys."""
        found = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert found is not None, "no widget has the keyboard"
        return found

    def press(self, keys: str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press these, one after the other."""
        for each in keys:
            self.pressed += 1
            if each in NAMED:
                QTest.keyClick(self.has_keys(), NAMED[each], modifier)
            else:
                QTest.keyClick(self.has_keys(), each, modifier)

    def unlock(self) -> None:
        """Type the PIN."""
        self.settle()
        self.press(PIN)
        until = time.monotonic() + 60
        while self.window.shell is None and time.monotonic() < until:
            QTest.qWait(20)
        self.settle()

    def next_post(self) -> None:
        """Take the register of the next post from the pile."""
        self.press("0", ALT)
        self.press("↓↵")
        self.window.activateWindow()  # a window manager does: this platform forgets the window under a menu
        self.settle()

    def open_day(self, day: date) -> None:
        """Write the date over today's, then to the register."""
        self.press(f"{day:%d%m%y}")
        self.press("↵", CONTROL)
        self.settle()
        self.press("↵", CONTROL)
        self.settle()

    def type_rows(self, rows: int, tell: Callable[..., object]) -> None:
        """The weights of so many rows from where the cursor stands."""
        page = self.page
        assert isinstance(page, GridPage)
        for weight in WEIGHTS[len(WEIGHTS) - rows :]:
            row = page.view.grid.rows[page.view.currentIndex().row()]
            told = {"person": row.person_id, "value": int(weight) * 100}
            tell("typing", **told)
            self.press(f"{weight}↵")
            assert row.shown("weight_g") == told["value"]
            assert page._bar.saved.text().startswith("Tersimpan")
            tell("saved", **told)
            self.press("*")
        self.settle()

    def close_day(self) -> None:
        """From the register back to the day, and close it."""
        self.press("↵", CONTROL)
        self.settle()
        for _press in range(MOST_TABS):
            if self.has_keys().objectName() == "button:tutup":
                break
            self.press("⇥")
        self.press("↵")
        self.settle()
        self.press("↵")
        self.settle()

    def post_name(self) -> str:
        """The post the window says it works in."""
        assert self.window.shell is not None
        return self.window.shell.sidebar.post.text()


def begin(window: MainWindow) -> Operator:
    """The locked window on the screen."""
    window.start()
    window.show()
    window.activateWindow()
    return Operator(window)


def tell(what: str, **more: object) -> None:
    """One line the killer can read even if it is the last."""
    print(json.dumps({"what": what, **more}), flush=True)


def main(last: int) -> None:
    """Post after post up to this one; then wait to be killed, however late the killer looks."""
    app = build_app(sys.argv, preferences.Preferences(theme="light"))
    hands = begin(MainWindow(preferences.Preferences(theme="light")))
    hands.unlock()
    hands.press("2", ALT)
    hands.settle()
    for number in range(last + 1):
        if number:
            hands.close_day()
            hands.next_post()
        tell("post", name=hands.post_name(), number=number)
        hands.open_day(held_on(number))
        hands.type_rows(ROWS, lambda what, number=number, **more: tell(what, number=number, **more))
    app.exec()


if __name__ == "__main__":
    main(int(sys.argv[1]))
