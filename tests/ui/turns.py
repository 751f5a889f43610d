"""The longest the window's thread is busy in one go: what a person would feel before the next key is answered.

A timer of a millisecond ticks on that thread; what lies between two ticks is one turn, or a few short ones. Counted is
the thread's own processor time, which is ours, and the time by the clock, to which the machine and other threads add.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer
from PySide6.QtTest import QTest

from posyandu.ui import jobs

MOST_MS = 100
IDLE_PACE_MS = 20
"""What `pace` gives on a core of the machine the limit was set on while it has that core to itself."""


class Turn(NamedTuple):
    """One turn, in milliseconds of the thread's own processor time and of the clock."""

    own: float
    wall: float


class Turns(QObject):
    """Watches the thread it is made on."""

    def __init__(self) -> None:
        super().__init__()
        self._most = Turn(0, 0)  # a list of all would be millions while a worker is busy, and cost turns of its own
        self._last = Turn(0, 0)
        timer = QTimer(self, interval=1)  # without a rest it would keep Python's lock from the workers
        timer.timeout.connect(self._tick)
        timer.start()

    def _tick(self) -> None:
        now = Turn(time.thread_time() * 1000, time.perf_counter() * 1000)
        turn = Turn(now.own - self._last.own, now.wall - self._last.wall)
        self._most = Turn(max(turn.own, self._most.own), max(turn.wall, self._most.wall))
        self._last = now

    def longest(self, deed: Callable[[], object], wait: int = 100) -> Turn:
        """The longest turn of a deed and of all that follows in so many milliseconds and until no worker is busy."""
        QTest.qWait(20)
        self._tick()
        self._most = Turn(0, 0)
        deed()
        QTest.qWait(wait)
        while jobs.busy():  # to the end: the turn in which the answer is shown counts too
            QTest.qWait(20)
        QTest.qWait(60)
        return self._most


def pace() -> float:
    """Milliseconds for a million turns of an empty loop: what figures stand beside."""
    began = time.thread_time()
    for _turn in range(1_000_000):
        pass
    return (time.thread_time() - began) * 1000
