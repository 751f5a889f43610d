"""A made-up post with a year of history and an open posyandu day, for tests and pictures of the pages."""

from datetime import date, datetime
from functools import cache
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.services import sessions, workspace
from posyandu.services.preferences import Preferences
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace
from posyandu.ui import ahead
from posyandu.ui import desk as desks
from posyandu.ui.desk import Desk
from posyandu.ui.main_window import MainWindow
from tests.ui import calm

desks.MOMENT_MS = 60_000  # rows are there when a page is, however busy the machine; what comes later has its own tests
ahead.QUIET_MS = 3_600_000  # on a busy machine a test lasts longer than a quiet second; pages made ahead have their own

HELD_ON = date(2026, 11, 12)
MORNING = datetime(2026, 11, 12, 9, 42, 18, tzinfo=workspace.WITA)
SEED = 7


def village_book(*, months: int = 8) -> Workspace:
    """A book with one post and its people up to October 2026; nothing is noted for November yet."""
    return copy_of(_written(months))


def copy_of(written: Workspace) -> Workspace:
    """Another book of the same laptop's with all that is in this one, at the same post."""
    ws = workspace.in_memory(now=MORNING, post=None)
    written.db.conn.backup(ws.db.conn)
    ws.posyandu_id = written.posyandu_id
    return ws


@cache
def _written(months: int) -> Workspace:
    """The book every test of so many months gets a copy of: writing it takes many times as long as copying."""
    ws = workspace.in_memory(now=MORNING, post=None)
    fill(ws, months=months)
    return ws


def fill(ws: Workspace, *, months: int = 8) -> None:
    """Write the made-up post into an open book and choose it."""
    entries = village.one_post(SEED, 0, village.PLACES[0], ws.growth, months=months, until=Month(2026, 10))
    book.write(ws.db, entries, ws.author)
    ws.posyandu_id = village.post_id(SEED, 0)


def fill_with_a_thousand(ws: Workspace, *, months: int) -> None:
    """Write as many people as seven posts have into one, and choose it."""
    home = village.post_id(SEED, 0)
    for number in range(7):
        away = village.post_id(SEED, number)
        entries = village.one_post(SEED, number, village.PLACES[0], ws.growth, months=months, until=Month(2026, 10))
        moved = (
            each._replace(scope=home, links={name: home if to == away else to for name, to in each.links.items()})
            for each in entries
            if each.entity != "posyandu" or not number
        )
        book.write(ws.db, moved, ws.author)
    ws.posyandu_id = home


def open_day(ws: Workspace) -> str:
    """Today's posyandu day."""
    return sessions.open_day(ws, ws.posyandu_id, HELD_ON, {"kader_present": 5})


def close_today(ws: Workspace) -> None:
    """End the day that is open."""
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    sessions.close_day(ws, day.id)


def desk(ws: Workspace) -> Desk:
    """The desk over a book."""
    return Desk(ws, Preferences(theme="light", idle_minutes=10))


def stand(qtbot: QtBot, widget: QWidget, width: int = 0, height: int = 0) -> None:
    """Show a page or window, of this size when told, with the keyboard; it is closed with the test."""
    qtbot.addWidget(widget)
    if width:
        widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def in_view(window: QMainWindow) -> Any:  # noqa: ANN401 - the first run, the lock or the shell
    """What the window shows now."""
    stack = window.centralWidget()
    assert isinstance(stack, QStackedWidget)
    return stack.currentWidget()


def started(qtbot: QtBot, chosen: Preferences) -> MainWindow:
    """The app as it starts on this laptop, in front."""
    window = MainWindow(chosen)
    window.start()
    stand(qtbot, window)
    return window


def settle(_qtbot: QtBot) -> None:
    """Wait until the window is at rest."""
    calm.settle()


NAMED = {
    "↵": Qt.Key.Key_Return,
    "⌫": Qt.Key.Key_Backspace,
    "⌦": Qt.Key.Key_Delete,
    "⎋": Qt.Key.Key_Escape,
    "→": Qt.Key.Key_Right,
    "←": Qt.Key.Key_Left,
    "↑": Qt.Key.Key_Up,
    "↓": Qt.Key.Key_Down,
    "⇥": Qt.Key.Key_Tab,
}


def keys(text: str) -> int:
    """Type where the focus is, with signs for the named keys; gives how many keys were pressed."""
    for each in text:
        focus = QApplication.focusWidget()
        assert focus is not None, "no widget has the keyboard"
        if each in NAMED:
            QTest.keyClick(focus, NAMED[each])
        else:
            QTest.keyClicks(focus, each)
    return len(text)
