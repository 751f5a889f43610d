"""A laptop whose clock cannot be right asks what day it is, once, after the PIN."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posyandu.services import preferences, workspace
from posyandu.services.workspace import WITA, Workspace
from posyandu.storage import settings
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.tanggal import TanggalPage
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = workspace.in_memory(now=datetime(1970, 1, 1, 7, 5, tzinfo=WITA))
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, ws: Workspace, chosen: preferences.Preferences) -> Iterator[MainWindow]:
    """The window over a book that is closed only when nobody reads it any more."""
    made = MainWindow(chosen)
    qtbot.addWidget(made)
    made.open_book(ws)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    scene.settle(qtbot)
    if made.shell is not None:
        made.shell.desk.close_book()  # what was put off asks a closed book nothing


def said(window: MainWindow) -> str:
    return " ".join(each.text() for each in window.findChildren(QLabel) if each.isVisible())


def test_the_day_is_typed_in_a_few_keys_and_the_book_opens_on_it(window: MainWindow, ws: Workspace) -> None:
    page = window.findChild(TanggalPage)
    assert page is not None
    assert "Kamis, 1 Januari 1970" in said(window)
    focus = QApplication.focusWidget()
    assert focus is page.first_focus()
    QTest.keyClicks(focus, "22/11/26")
    assert "Minggu, 22 November 2026" in said(window)
    QTest.keyClick(focus, Qt.Key.Key_Return)
    assert window.shell is not None
    assert ws.today() == date(2026, 11, 22)
    assert settings.get(ws.db, "clock_told")["days_off"] == 20_779


@pytest.mark.parametrize(
    "clock",
    [
        datetime(2009, 3, 1, 8, tzinfo=WITA),
        datetime(2038, 1, 19, 11, 14, 8, tzinfo=WITA),
        datetime(2106, 2, 7, 15, tzinfo=WITA),
        datetime(2200, 1, 1, 8, tzinfo=WITA),
    ],
    ids=lambda clock: str(clock.year),
)
def test_a_clock_far_in_the_past_or_the_future_is_asked_about_and_counts_again_once_it_is_set(
    qtbot: QtBot, chosen: preferences.Preferences, clock: datetime
) -> None:
    box = [datetime(2026, 11, 21, 16, 0, tzinfo=WITA)]
    made = workspace.in_memory(now=lambda: box[0])
    assert not made.asks_for_the_day()
    box[0] = clock
    window = MainWindow(chosen)
    scene.stand(qtbot, window)
    window.open_book(made)
    scene.settle(qtbot)
    assert window.shell is None
    keys("22112026↵")
    scene.settle(qtbot)
    assert window.shell is not None
    assert (made.today(), made.clock_quality()) == (date(2026, 11, 22), 0)
    box[0] = datetime(2026, 11, 22, 17, 0, tzinfo=WITA)  # somebody sets it right while the book is open
    assert (made.today(), made.clock_quality()) == (date(2026, 11, 22), 1)
    assert not made.asks_for_the_day()
    box[0] = datetime(2026, 11, 22, 16, 5, tzinfo=timezone(timedelta(hours=7)))  # the same moment, and the zone of Java
    assert (made.today(), made.asks_for_the_day()) == (date(2026, 11, 22), False)
    scene.settle(qtbot)
    qtbot.wait(300)
    scene.settle(qtbot)
    made.close()


def test_the_same_day_is_not_asked_again_while_the_book_is_open(window: MainWindow, ws: Workspace) -> None:
    keys("22112026↵")
    window.open_book(ws)
    assert window.shell is not None
    assert window.findChild(TanggalPage) is None or not window.findChild(TanggalPage).isVisible()


@pytest.mark.parametrize(
    ("typed", "words"), [("", "misalnya 12-11-2026"), ("31/2/2026", "kalender"), ("1/1/2020", "Periksa tahunnya")]
)
def test_what_is_no_day_is_said_under_the_box_and_nothing_opens(
    window: MainWindow, ws: Workspace, typed: str, words: str
) -> None:
    keys(typed + "↵")
    page = window.findChild(TanggalPage)
    assert page is not None
    assert words in page.trouble.text()
    assert window.shell is None
    assert ws.asks_for_the_day()
