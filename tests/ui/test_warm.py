"""What the lock screen waits for, and what is read once it is painted."""

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from posyandu.ui import jobs, warm

ROOT = Path(__file__).parents[2]

LOCK = """
import sys
from posyandu.services import preferences as saved
from posyandu.ui import app as posyandu_app
from posyandu.ui.main_window import MainWindow
app = posyandu_app.build_app([], saved.load())
window = MainWindow(saved.load(), practice=False)
window.show_lock()
window.show()
window.grab()
print(*sys.modules)
"""


def test_the_lock_is_painted_before_database_cryptography_forms_and_network_are_read(tmp_path: Path) -> None:
    made = "from posyandu.services import accounts; from posyandu.storage.keys import COSTS\n"
    made += "accounts.create(accounts.books().real, 'Sri', '271845', cost=COSTS[-1]).workspace.close()"
    environment = {**os.environ, "POSYANDU_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", made], env=environment, check=True)
    done = subprocess.run([sys.executable, "-c", LOCK], env=environment, capture_output=True, text=True, check=True)
    read = set(done.stdout.split())
    late = {
        *("sqlite_utils", "sqlcipher3", "cryptography", "argon2", "requests", "reportlab", "posyandu.domain.forms"),
        *("posyandu.domain.standards", "posyandu.storage.engine", "posyandu.services.workspace", "posyandu.ui.shell"),
    }
    assert "posyandu.ui.pages.lock" in read
    assert not late & read


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
