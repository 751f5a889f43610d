"""Anything pressed and typed anywhere, at random: nothing falls over and no save breaks.

`POSYANDU_MONKEYS=50 POSYANDU_DEEDS=500 python -m pytest tests/ui/test_monkey.py -s` for a night; a failing seed is in
the name of the test.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinterInfo
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from posyandu.services import preferences
from posyandu.services.workspace import Workspace
from posyandu.storage import journal
from posyandu.ui import files, jobs
from posyandu.ui.main_window import MainWindow
from tests.ui import scene
from tests.ui.monkey import Monkey, tail

MONKEYS = int(os.environ.get("POSYANDU_MONKEYS", "1"))
DEEDS = int(os.environ.get("POSYANDU_DEEDS", "60"))
FIRST = int(os.environ.get("POSYANDU_FIRST_SEED", "1"))


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Workspace]:
    """A village with an open day; choosing a file is given up at once, nothing is printed or opened outside."""
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    monkeypatch.setattr(files, "choose_folder", lambda *_told, **_more: None)
    monkeypatch.setattr(files, "choose_file", lambda *_told, **_more: None)
    monkeypatch.setattr(files, "show", lambda _path: True)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    ws = scene.village_book(months=2)
    scene.open_day(ws)
    yield ws
    ws.close()


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MONKEYS))
def test_whatever_is_pressed_and_typed_nothing_falls_over_and_every_save_stands(
    qtbot: QtBot, book: Workspace, chosen: preferences.Preferences, seed: int
) -> None:
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(book)
    window.resize(1366, 696)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    monkey = Monkey(window, seed)
    with capture_exceptions() as fallen:
        for _deed in range(DEEDS):
            monkey.act()
            assert not fallen, f"{fallen[0][1]!r} after\n{tail(monkey.said)}"
        jobs.wait(20_000)
        qtbot.wait(50)
    assert not fallen, f"{fallen[0][1]!r} after\n{tail(monkey.said)}"
    assert window.desk is not None
    assert not window.desk.closed, tail(monkey.said)
    assert journal.rows_equal_replay(book.db), "every row is what stands of its saves"
