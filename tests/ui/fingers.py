"""Somebody at the keyboard of a window, and the dinas's server behind it: for stories told by keys alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.server import exchange, store
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.ui.main_window import MainWindow
from tests.ui import scene
from tests.ui.scene import keys

MOST_TABS = 300
NO = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def server_desk(postgres_url: str) -> Iterator[ServerDesk]:
    """A server of a dinas, not one for trials: a real book refuses those."""
    with store.open_pool(postgres_url, 4) as pool:
        yield exchange.open_desk(pool, trial=False)


class Fingers:
    """Ten fingers on a keyboard and two eyes on the screen: which widget has the keys is all that is looked at."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    def settle(self) -> None:
        """Until the window rests."""
        scene.settle(self.qtbot)

    @property
    def focus(self) -> QWidget:
        """What has the keys."""
        found = QApplication.focusWidget()
        assert found is not None, "no widget has the keyboard"
        return found

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.focus, key, modifier)
        self.settle()

    def tab_to(self, name: str) -> None:
        for _press in range(MOST_TABS):
            if self.focus.objectName() == name:
                return
            QTest.keyClick(self.focus, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {name}")

    def push(self, name: str) -> None:
        self.tab_to(name)
        self.press(Qt.Key.Key_Space)

    def find_page(self, words: str) -> None:
        self.press(Qt.Key.Key_K, CONTROL)
        keys(words)
        self.press(Qt.Key.Key_Return)
