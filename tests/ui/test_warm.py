"""What the lock screen waits for, and what is read once it is painted."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from posyandu.services import locked
from posyandu.storage import key_file
from posyandu.storage.files import private_folder
from posyandu.ui import jobs, warm

ROOT = Path(__file__).parents[2]

LOCK = """
import sys
before = set(sys.modules)
from posyandu.services import preferences as saved
from posyandu.ui import app as posyandu_app
from posyandu.ui.main_window import MainWindow
app = posyandu_app.build_app([], saved.load())
window = MainWindow(saved.load(), practice=False)
window.start()
window.show()
window.grab()
from PySide6 import QtCore, QtGui, QtWidgets
print(*set(sys.modules) - before)
print(*(name for module in (QtCore, QtGui, QtWidgets) for name in vars(module)))
print(*(tile.text() for tile in window.findChildren(QtWidgets.QRadioButton)))
"""

OURS = {
    *("posyandu", "posyandu.paths", "posyandu.text", "posyandu.domain", "posyandu.domain.duties"),
    *("posyandu.domain.errors", "posyandu.storage", "posyandu.storage.day_lock", "posyandu.storage.files"),
    *("posyandu.storage.hold", "posyandu.storage.key_file", "posyandu.services", "posyandu.services.locked"),
    *("posyandu.services.preferences", "posyandu.ui", "posyandu.ui.app", "posyandu.ui.errors", "posyandu.ui.focus"),
    *("posyandu.ui.jobs", "posyandu.ui.main_window", "posyandu.ui.pages", "posyandu.ui.pages.lock"),
    *("posyandu.ui.lines", "posyandu.ui.registry", "posyandu.ui.rubbish", "posyandu.ui.sleep", "posyandu.ui.theme"),
    *("posyandu.ui.warm", "posyandu.ui.widgets", "posyandu.ui.widgets.basics", "posyandu.ui.widgets.pin"),
}
"""What of ours stands when the lock is painted, and no more: each module here is waited for at every start."""

PACKAGES = {"PySide6", "shiboken6", "shibokensupport", "signature_bootstrap"}

DEAR = {"dataclasses", "datetime", "hashlib", "hmac", "secrets", "sqlite3", "ssl", "http", "asyncio", "xml", "unittest"}
"""Of Python's own: those that read OpenSSL, or that have the classes of ours compiled."""

DEAR_IN_QT = {
    "QGradient",
    "QStyle",
    "QStyleOptionComboBox",
    "QStylePainter",
    "QAbstractItemView",
    "QTableView",
    "QDialog",
    "QTextBrowser",
}
"""Of Qt: PySide makes a class with all its enumerations when it is first named, 20 us for each value."""


def test_the_lock_is_painted_before_anything_else_is_read(own_home: Path) -> None:
    box, cost = key_file.Box("", "", ""), key_file.Cost(1, 8)
    slots = tuple(key_file.Slot(name.lower(), name, "kader", box, cost) for name in ("Sri", "Wati"))
    folder = locked.books().real
    private_folder(folder.path)
    key_file.write(folder.keys, key_file.KeyFile("b", practice=False, slots=slots, recovery=box))
    done = subprocess.run(
        [sys.executable, "-c", LOCK],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    modules, qt, names = (set(line.split()) for line in done.stdout.splitlines())
    assert names == {"Sri", "Wati"}
    assert {each for each in modules if each.partition(".")[0] == "posyandu"} == OURS
    tops = {each.partition(".")[0] for each in modules}
    assert {each for each in tops - sys.stdlib_module_names if each.strip("_") == each} - {"posyandu"} <= PACKAGES
    assert not DEAR & tops
    assert not DEAR_IN_QT & qt


def test_a_slow_machine_paints_before_it_reads_ahead(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "FIRST_STEP_MS", 100)
    read: list[bool] = []
    monkeypatch.setattr(warm.Warming, "_read", lambda _self: read.append(True))
    warming = warm.Warming()
    warming.start()
    time.sleep(0.12)  # the page is still being made
    QApplication.processEvents()
    assert not read
    qtbot.waitUntil(lambda: bool(read))


def test_what_the_first_page_needs_is_read_once_the_lock_stands(qtbot: QtBot) -> None:
    warming = warm.Warming()
    warming.start()
    warming.start()
    qtbot.waitUntil(lambda: not warming._widgets, timeout=20_000)  # noqa: SLF001
    assert {f"posyandu.{name}" for name in warm.BELOW} <= set(sys.modules)
    assert {f"posyandu.ui.{name}" for name in warm.WIDGETS} <= set(sys.modules)


def test_a_window_closed_while_its_parts_are_read_is_not_called_back(qtbot: QtBot) -> None:
    gone = warm.Warming()
    gone._read()
    delete(gone)
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=30_000)
    qtbot.wait(50)  # pytest-qt fails the test when anything is raised in the event loop
    assert not isValid(gone)
