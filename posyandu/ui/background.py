"""Sending by itself: soon after the book is opened and after saves, more and more rarely while it does not work.

Nothing here speaks up when there is no internet: that is an ordinary day. What it did shows in the rail and on the
page of Sinkronisasi, like a run started by hand.
"""

from typing import Any

from PySide6.QtCore import QObject, QTimer

from posyandu.ui.desk import Desk

FIRST_SECONDS = 90
"""After the book is opened: the first minute belongs to the kader."""
AFTER_SAVES_SECONDS = 300
"""Saves travel together, not one by one."""
IDLE_SECONDS = 1800
"""With nothing to send: to hear what other laptops have sent."""
OURS = "sync"
"""Announced with whatever a run has brought, so that it is not taken for something typed here."""


class Sending(QObject):
    """Belongs to the desk of an open book and lives as long."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.desk = desk
        self.failures = 0
        self._busy = False
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self.send)
        desk.records_changed.connect(self._saved)
        self.wait(FIRST_SECONDS)

    def wait(self, seconds: float) -> None:
        """Send after so many seconds."""
        self.timer.start(round(seconds * 1000))

    def _saved(self, forms: frozenset[str]) -> None:
        """Something was saved: send before long, unless that is so anyway or sending does not work just now."""
        if OURS in forms or self._busy or self.failures:
            return
        if self.timer.remainingTime() > AFTER_SAVES_SECONDS * 1000:
            self.wait(AFTER_SAVES_SECONDS)

    def send(self) -> None:
        """One run on a worker thread; when it may not be now, another time."""
        if self._busy or self.desk.closed or not self.desk.preferences.send_by_itself:
            self.wait(IDLE_SECONDS)
            return
        self._busy = True
        self.desk.run(_run, self._done, lambda _error: self._done(None), owner=self, link=True)

    def _done(self, outcome: Any) -> None:  # noqa: ANN401 - services.synchronise.SyncOutcome
        from posyandu.domain.forms import FORMS
        from posyandu.services import synchronise

        self._busy = False
        if outcome is None or outcome.state == "not_enrolled":
            self.wait(IDLE_SECONDS)
            return
        good = outcome.state in ("confirmed", "waiting")
        self.failures = 0 if good else self.failures + 1
        pause = IDLE_SECONDS if good else synchronise.seconds_until_next_try(self.failures - 1)
        self.wait(max(pause, outcome.again_in))
        self.desk.announce(OURS, *(FORMS if outcome.received or outcome.mended else ()))
        if outcome.state == "locked":
            self.desk.lock_wanted.emit()


def _run(ws: Any) -> Any:  # noqa: ANN401 - services
    """A run, unless this laptop has no server."""
    from posyandu.services import synchronise

    return synchronise.run(ws) if synchronise.is_enrolled(ws) else None
