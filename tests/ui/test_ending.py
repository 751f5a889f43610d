"""When the computer is shut down nothing asks and nothing is lost: what was typed stands again behind the lock."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from shiboken6 import getCppPointer, wrapInstance

from posyandu.services import accounts, preferences
from posyandu.services.accounts import BookFolder
from posyandu.ui import program
from posyandu.ui.ending import Ending
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.lock import LockPage
from tests.ui.conftest import PIN
from tests.ui.scene import keys

WORDS = "Beli kapas dan sabun"


@pytest.fixture
def typing(qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences) -> MainWindow:
    """A real book with a sheet open over it, the last key just pressed: its draft is not written yet."""
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.show()
    window.open_book(unlocked(locked_book))
    assert window.shell is not None
    window.shell.go("posyandu_kita")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    note(window).setFocus()
    keys(WORDS)
    return window


def unlocked(folder: BookFolder) -> object:
    return accounts.unlock(folder, accounts.members(folder)[0].id, PIN)


def note(window: MainWindow) -> QLineEdit:
    """The box for words of the sheet of cash, opened."""
    sheet = window.shell.pages["posyandu_kita"].add_cash()  # type: ignore[union-attr,attr-defined]
    sheet.view.finish_building()
    box = sheet.findChild(QLineEdit, "field:note")
    assert isinstance(box, QLineEdit)
    return box


@pytest.fixture
def ended(qapp: QApplication, typing: MainWindow) -> Iterator[list[int]]:
    """The exit codes with which the program would have been left."""
    codes: list[int] = []
    ending = Ending(qapp, typing.put_away, codes.append)
    yield codes
    ending.close()


def stands_again(window: MainWindow, folder: BookFolder, qtbot: QtBot, chosen: preferences.Preferences) -> bool:
    """Whether a new start of the app shows the words on that sheet."""
    assert window.close(), "no question keeps the computer from going off"
    again = MainWindow(chosen)
    qtbot.addWidget(again)
    again.open_book(unlocked(folder))
    assert again.shell is not None
    again.shell.go("posyandu_kita")
    return note(again).text() == WORDS


def test_a_shutdown_locks_at_once_and_the_words_of_a_sheet_stand_again(
    qapp: QApplication,
    typing: MainWindow,
    ended: list[int],
    locked_book: BookFolder,
    qtbot: QtBot,
    chosen: preferences.Preferences,
) -> None:
    nobody = QObject()  # only Qt itself can make the manager of a session
    qapp.commitDataRequest.emit(wrapInstance(getCppPointer(nobody)[0], QSessionManager))
    page = typing.findChild(LockPage)
    assert page.isVisible()
    assert ended == [], "the shutdown may be called off"
    assert not typing.put_away()
    assert typing.findChild(LockPage) is page, "a PIN half typed there stays"
    assert stands_again(typing, locked_book, qtbot, chosen)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM")
def test_a_signal_puts_the_book_away_and_ends_the_program(
    own_home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []

    def running(_app: QApplication) -> int:
        qtbot.waitUntil(lambda: signal.getsignal(signal.SIGTERM) is not unheard)
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: len(told) == 2)
        return 128 + signal.SIGTERM

    def unheard(_number: int, _frame: object) -> None:
        told.append("unheard")

    monkeypatch.setattr(MainWindow, "put_away", lambda _window: told.append("put away"))
    monkeypatch.setattr(QApplication, "exit", told.append)
    monkeypatch.setattr(QApplication, "exec", running)
    before = signal.signal(signal.SIGTERM, unheard)
    try:
        assert program.main(["posyandu"]) == 128 + signal.SIGTERM
        assert signal.getsignal(signal.SIGTERM) is unheard
    finally:
        signal.signal(signal.SIGTERM, before)
    assert told == ["put away", 128 + signal.SIGTERM]
