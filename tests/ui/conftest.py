"""What every test of a screen gets: the app dressed in the light theme at normal size, and a book to open it on."""

import gc
import shutil
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QThreadPool
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from posyandu.services import accounts, preferences, sessions
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage.keys import COSTS
from posyandu.ui import jobs, rubbish, theme
from posyandu.ui.main_window import MainWindow
from tests.ui import scene

PIN = "271845"
SETTLED_SECONDS = 10
"""Workers that a test holds up on purpose are not waited for any longer."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, None, None]:
    """Let workers tell what they read while its book is open: the app, too, closes a book only after its windows."""
    until = time.monotonic() + SETTLED_SECONDS
    while jobs.busy() and time.monotonic() < until:
        QCoreApplication.processEvents()
        time.sleep(0.001)
    return (yield)


@pytest.fixture(scope="session")
def lettered(qapp: QApplication) -> QApplication:
    """The app with its letters loaded, light, text at 100 %."""
    theme.load_fonts()
    theme.apply(qapp, "light", 1.0)
    return qapp


@pytest.fixture(autouse=True)
def dressed(lettered: QApplication) -> Iterator[None]:
    """Every test begins so; what is left over is freed on this thread, as in the app."""
    gc.disable()
    yield
    for pool in (QThreadPool.globalInstance(), jobs._links):
        pool.waitForDone(SETTLED_SECONDS * 1000)
    if (theme.is_dark(), theme.factor(), theme.touch()) != (False, 1.0, False):
        theme.apply(lettered, "light", 1.0)
    rubbish.collect()
    gc.enable()


@pytest.fixture
def chosen() -> preferences.Preferences:
    """The choices of the laptop under test."""
    return preferences.Preferences(theme="light", idle_minutes=30)


@pytest.fixture(scope="session")
def village_at_work() -> Iterator[Workspace]:
    """What every test of a village gets a copy of."""
    ws = scene.village_book(months=2)
    session_id = scene.open_day(ws)
    for place, row in enumerate(sessions.roster(ws, session_id, None)[:11]):
        sessions.mark_present(ws, session_id, row.person_id)
        sessions.set_step(ws, session_id, row.person_id, 1 + place % 5)
    yield ws
    ws.close()


@pytest.fixture
def village(village_at_work: Workspace) -> Iterator[Workspace]:
    """A made-up post in memory, with an open posyandu day to which eleven people came."""
    ws = scene.copy_of(village_at_work)
    yield ws
    ws.close()


@pytest.fixture
def window(qtbot: QtBot, village: Workspace, chosen: preferences.Preferences) -> Iterator[MainWindow]:
    """The window over that post, on Beranda."""
    made = MainWindow(chosen)
    qtbot.addWidget(made)
    made.open_book(village)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made  # pytest-qt closes it, unless a filled sheet keeps it
    if isValid(made) and made.desk is not None:
        made.desk.close_book()


@pytest.fixture(scope="session")
def home_with_a_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All there is on a laptop with a real encrypted book and two kader; its recovery key is in a file beside it."""
    home = tmp_path_factory.mktemp("laptop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSYANDU_HOME", str(home))
        created = accounts.create(accounts.books().real, "Sri Wahyuni", PIN, cost=COSTS[-1])
        scene.fill(created.workspace, months=1)
        accounts.add_member(created.workspace, "Murniati", "kader", "381946")
        created.workspace.close()
    (home / "kunci.txt").write_text(created.recovery_key)
    return home


@pytest.fixture
def locked_book(own_home: Path, home_with_a_book: Path) -> BookFolder:
    """That book, closed, on a laptop of this test's own: making one takes as long as all the rest of a test."""
    shutil.copytree(home_with_a_book, own_home, dirs_exist_ok=True)
    return accounts.books().real
