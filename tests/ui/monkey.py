"""Somebody who presses and types anything anywhere: real clicks and keys at random, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QListView, QTableView, QWidget
from shiboken6 import isValid

from posyandu.services import people, sessions
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.registry import PAGES

KEYS = (
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_Up,
    Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp,
)  # fmt: skip
COMMANDS = (Qt.Key.Key_K, Qt.Key.Key_Z, Qt.Key.Key_G, Qt.Key.Key_Return, Qt.Key.Key_S, Qt.Key.Key_N)
WORDS = (
    "85",
    "9,6",
    "120",
    "80",
    "31-02-2025",
    "h",
    "y",
    "t",
    "*",
    "/",
    "-",
    "+",
    "siti",
    "raka",
    "12112026",
    "0",
    "é🙂",
    "é🙂",
)
LEFT_ALONE = (
    "button:keluar",
    "button:kunci",
    "kunci",
    "nav:kunci",
    "qt_calendar_monthbutton",
    "qt_calendar_yearbutton",
)
"""What would end the walk, or wait for a second hand: the menus of the system's calendar."""


class Monkey:
    """Acts on a window; `said` tells what was done, the latest last."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window = window
        self.dice = random.Random(seed)
        self.said: list[str] = []

    def act(self) -> None:
        """Press, type or go somewhere."""
        deed = self.dice.choices((self.press, self.type, self.key, self.command, self.go, self.point, self.resize),
                                 (34, 22, 22, 4, 6, 10, 2))[0]  # fmt: skip
        deed()
        QTest.qWait(0)
        if self.dice.random() < 0.2:
            jobs.wait(5_000)
            QTest.qWait(1)

    def _seen(self, kind: type[QWidget]) -> list[QWidget]:
        return [each for each in self.window.findChildren(kind) if each.isVisible() and each.isEnabled()]

    def press(self) -> None:
        """A button or tile of what lies on top."""
        found = [each for each in self._seen(QAbstractButton) if each.objectName() not in LEFT_ALONE and _on_top(each)]
        if found:
            chosen = self.dice.choice(found)
            self.said.append(f"press {chosen.objectName() or type(chosen).__name__}")
            QTest.mouseClick(chosen, Qt.MouseButton.LeftButton, pos=chosen.rect().center())

    def point(self) -> None:
        """A line of a list or a box of a table, or a drop-down's next line."""
        found = [
            each for each in [*self._seen(QTableView), *self._seen(QListView), *self._seen(QComboBox)] if _on_top(each)
        ]
        if not found:
            return
        chosen = self.dice.choice(found)
        self.said.append(f"point {chosen.objectName() or type(chosen).__name__}")
        if isinstance(chosen, QComboBox):
            if chosen.count():
                chosen.setCurrentIndex(self.dice.randrange(chosen.count()))
                chosen.activated.emit(chosen.currentIndex())
        elif isinstance(chosen, QTableView | QListView) and chosen.model() is not None and chosen.model().rowCount():
            row = self.dice.randrange(min(40, chosen.model().rowCount()))
            columns = chosen.model().columnCount() if isinstance(chosen, QTableView) else 1
            index = chosen.model().index(row, self.dice.randrange(columns))
            chosen.scrollTo(index)
            spot = chosen.visualRect(index).center()
            press = QTest.mouseDClick if self.dice.random() < 0.1 else QTest.mouseClick
            press(chosen.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def type(self) -> None:
        """Letters and figures where the keys are, at times into a box first pressed."""
        boxes = [each for each in self._seen(QLineEdit) if _on_top(each)]
        if boxes and self.dice.random() < 0.4:
            self.dice.choice(boxes).setFocus(Qt.FocusReason.MouseFocusReason)
        focus = QApplication.focusWidget()
        words = self.dice.choice(WORDS)
        self.said.append(f"type {words!r} into {_name(focus)}")
        for letter in words:
            stroke(letter)

    def key(self) -> None:
        """A named key."""
        focus, chosen = QApplication.focusWidget(), self.dice.choice(KEYS)
        self.said.append(f"key {chosen.name} at {_name(focus)}")
        if focus is not None:
            QTest.keyClick(focus, chosen)

    def command(self) -> None:
        """A key with Ctrl."""
        focus, chosen = QApplication.focusWidget(), self.dice.choice(COMMANDS)
        self.said.append(f"ctrl {chosen.name} at {_name(focus)}")
        if focus is not None:
            QTest.keyClick(focus, chosen, Qt.KeyboardModifier.ControlModifier)

    def go(self) -> None:
        """To a page, of somebody where it is about one."""
        shell = self.window.shell
        if shell is None or self.window.desk is None or self.window.desk.closed:
            return
        ws = self.window.desk.ws
        name = self.dice.choice(sorted(PAGES))
        person = self.dice.choice(people.search(ws, "", limit=200))
        day = sessions.current(ws, ws.posyandu_id)
        about: dict[str, object] = {}
        if name in ("kartu", "kunjungan", "kematian", "persalinan", "kunjungan_rumah", "daftar"):
            about["person_id"] = person.id
        if name == "kunjungan" and day is not None:
            about["session_id"] = day.id
        self.said.append(f"go {name} {'somebody' if about else ''}")
        shell.desk.go(name, **about)

    def resize(self) -> None:
        """Another size of the window."""
        wide, high = self.dice.choice(((1366, 696), (1024, 576), (900, 600)))
        self.said.append(f"resize {wide}x{high}")
        self.window.resize(wide, high)


def stroke(letter: str) -> None:
    """One letter where the keys are now: a page may have moved them since the letter before."""
    focus = QApplication.focusWidget()
    code = QKeySequence(letter.upper())[0].key() if letter.isascii() else Qt.Key.Key_unknown
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        if focus is not None and isValid(focus):
            QApplication.sendEvent(focus, QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, letter))


def _name(widget: QWidget | None) -> str:
    return "nothing" if widget is None else widget.objectName() or type(widget).__name__


def _on_top(widget: QWidget) -> bool:
    """Whether a pointer could reach it: nothing lies over its middle."""
    window = widget.window()
    top = window.childAt(widget.mapTo(window, widget.rect().center()))
    return top is not None and (top is widget or widget.isAncestorOf(top))


def tail(said: Sequence[str], many: int = 15) -> str:
    """The last deeds, one a line."""
    return "\n".join(said[-many:]) + f"\n({len(said)} deeds, {date.today():%Y})"
