"""The system ends the program: the computer is shut down, the user logs out, or a signal comes.

It waits a few seconds at most and asks nobody, so what waits is written and the window locks at once. A sheet's answers
stand in its draft, and whoever comes in next goes on with them. A shutdown called off leaves the lock.
"""

import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


class Ending:
    """Listens from its making until `close`: `put_away()` when the system may end us, `leave(exit code)` when it does.

    Windows, and sessions of X11, tell by messages that Qt hands on as `commitDataRequest`; other systems by signals.
    """

    def __init__(self, app: QApplication, put_away: Callable[[], object], leave: Callable[[int], object]) -> None:
        self._app, self._put_away, self._leave = app, put_away, leave
        app.commitDataRequest.connect(self._commit)
        self._signals = None if sys.platform == "win32" else _Signals(self._end)

    def close(self) -> None:
        """Listen no more."""
        self._app.commitDataRequest.disconnect(self._commit)
        if self._signals is not None:
            self._signals.close()

    def _commit(self) -> None:
        self._put_away()

    def _end(self, number: int) -> None:
        self._put_away()
        self._leave(128 + number)


class _Signals:
    """Calls `heard(number)` on the window's thread, where it is made, for each signal that ends a program.

    Python hears one only when it runs something, and Qt may wait long: so it wakes Qt through a pipe. No socket: to
    read Python's own module for them takes 5 ms of every start.
    """

    def __init__(self, heard: Callable[[int], object]) -> None:
        self._heard = heard
        self._out, self._into = os.pipe()
        for end in (self._out, self._into):
            os.set_blocking(end, False)
        self._notifier = QSocketNotifier(self._out, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self._woken = signal.set_wakeup_fd(self._into, warn_on_full_buffer=False)
        ends = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        self._before = {each: signal.signal(each, lambda _number, _frame: None) for each in ends}

    def close(self) -> None:
        """Leave signals to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._woken)
        self._notifier.setEnabled(False)
        os.close(self._into)
        os.close(self._out)

    def _read(self) -> None:
        self._heard(os.read(self._out, 1)[0])
