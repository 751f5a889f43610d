"""Waiting until a window is at rest: for its state, not for so many milliseconds."""

import time

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStackedWidget

from posyandu.ui import jobs
from posyandu.ui.ahead import Ahead

SOON_MS = 100
"""What is put off for no longer than this (a search, a judgement) belongs to the deed before; a draft does not, nor do
the pages nobody asked for yet."""
PATIENCE_SECONDS = 60


def settle() -> None:
    """Wait until no worker reads any more, nothing put off for a moment is outstanding and all layouts are done."""
    until = time.monotonic() + PATIENCE_SECONDS
    _turns(until)
    while _outstanding():
        assert time.monotonic() < until, "never at rest"
        QTest.qWait(2)
        _turns(until)


def _turns(until: float) -> None:
    """Everything that is to be done now, and what that asks for in the turns after."""
    dispatcher = QAbstractEventDispatcher.instance()
    while dispatcher.processEvents(QEventLoop.ProcessEventsFlag.AllEvents) and time.monotonic() < until:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _outstanding() -> bool:
    if jobs.busy():
        return True
    tops = QApplication.topLevelWidgets()
    if any(not each.updatesEnabled() for top in tops for each in top.findChildren(QStackedWidget)):
        return True  # a page just opened is painted in a later turn
    timers = (each for top in tops for each in top.findChildren(QTimer) if not isinstance(each.parent(), Ahead))
    return any(each.isActive() and each.isSingleShot() and each.interval() <= SOON_MS for each in timers)
