"""The system ends the program: the computer is shut down, the user logs out, or a signal comes.

It waits a few seconds at most and asks nobody, so what waits is written and the window locks at once. A sheet's answers
stand in its draft, and whoever comes in next goes on with them. A shutdown called off leaves the lock.
"""

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

SIGNALS = [each for each in signal.Signals if each.name in ("SIGTERM", "SIGINT", "SIGHUP")]
"""Windows has no SIGHUP; it tells by messages, which Qt hands on as `commitDataRequest`, as sessions of X11 do."""


class Ending:
    """Listens from its making until `close`: `put_away()` when the system may end us, `leave(exit code)` when it does.

    For the main thread. Python hears a signal only when it runs something, so the signal wakes Qt through a socket.
    """

    def __init__(self, app: QApplication, put_away: Callable[[], object], leave: Callable[[int], object]) -> None:
        self._app, self._put_away, self._leave = app, put_away, leave
        app.commitDataRequest.connect(self._commit)
        self._told, self._heard = socket.socketpair()
        for end in (self._told, self._heard):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._end)
        self._woken = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._before = {each: signal.signal(each, lambda _number, _frame: None) for each in SIGNALS}

    def close(self) -> None:
        """Leave signals to whoever had them before."""
        self._app.commitDataRequest.disconnect(self._commit)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._woken)
        self._notifier.setEnabled(False)
        self._told.close()
        self._heard.close()

    def _commit(self) -> None:
        self._put_away()

    def _end(self) -> None:
        number = self._heard.recv(1)[0]
        self._put_away()
        self._leave(128 + number)
