"""Pages are made before they are wanted: a part a turn, while nobody types, never behind the lock."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posyandu.services import sessions
from posyandu.ui import ahead
from posyandu.ui.main_window import MainWindow
from posyandu.ui.shell import Shell


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ahead, "QUIET_MS", 150)
    monkeypatch.setattr(ahead, "STEP_MS", 1)
    yield
    gc.unfreeze()


@pytest.fixture
def shell(window: MainWindow, qtbot: QtBot) -> Shell:
    assert window.shell is not None
    qtbot.waitUntil(lambda: "beranda" in window.shell.pages)  # type: ignore[union-attr]
    return window.shell


def test_the_commonest_pages_are_made_once_beranda_stands(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(shell.ahead.is_done, timeout=10_000)
    assert set(shell.pages) == {"beranda", *ahead.PAGES}
    assert gc.get_freeze_count() > 10_000, "what stands is passed over when rubbish is looked for"
    assert shell.place()[0] == "beranda"
    assert shell.stack.currentWidget() is shell.pages["beranda"]


def test_each_key_puts_it_off(shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "QUIET_MS", 15_000)
    shell.ahead.start()
    assert gc.get_freeze_count() < 10_000, "a shell before this one may go"
    shell.ahead._timer.setTimerType(Qt.TimerType.PreciseTimer)
    qtbot.waitUntil(lambda: shell.ahead._timer.remainingTime() <= 14_900, timeout=10_000)  # Beranda may begin it anew
    waited = shell.ahead._timer.remainingTime()
    QTest.keyClick(shell.window().windowHandle(), Qt.Key.Key_Shift)  # type: ignore[call-overload]
    assert shell.ahead._timer.remainingTime() > waited


def test_nothing_is_made_behind_the_lock(shell: Shell, qtbot: QtBot) -> None:
    made = set(shell.pages)
    shell.desk.close_book()
    qtbot.wait(300)
    assert shell.ahead.is_done()
    assert set(shell.pages) == made


def test_another_post_chosen_half_way_begins_anew_with_pages_of_its_own(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "hari" in shell.pages, timeout=10_000)
    half_made = shell.pages["hari"]
    shell.desk.post_changed.emit()
    qtbot.waitUntil(shell.ahead.is_done, timeout=10_000)
    assert shell.pages["hari"] is not half_made
    assert set(shell.pages) == {"beranda", *ahead.PAGES}


def test_a_page_made_ahead_is_the_one_that_opens(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(shell.ahead.is_done, timeout=10_000)
    ws = shell.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    child = next(row for row in sessions.roster(ws, day.id, "under_five") if row.present)
    made = shell.pages["kunjungan"]
    waiting = made._views[0]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not waiting._due)
    shell.go("kunjungan", person_id=child.person_id, session_id=day.id)
    assert shell.pages["kunjungan"] is made
    assert made.form_view is waiting  # type: ignore[attr-defined]
    assert waiting.isVisible()
    shell.go("hari")
    page = shell.pages["hari"]
    assert page.attending.isVisible()  # type: ignore[attr-defined]
    assert "opening" not in vars(page), "the view that is not wanted is not made"
