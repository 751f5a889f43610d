"""Whether the machine slept, or its lid was closed, since somebody last looked: told by two clocks.

The running clock stands still while Linux sleeps and goes on while Windows does; the wall clock goes on in both. So a
sleep is seen as the two going apart, or as a look that comes far too late. No system service is asked.
"""

import time
from collections.abc import Callable

APART_SECONDS, LATE_SECONDS = 30.0, 60.0
"""A busy machine is late by a few seconds; a closed lid by more than this. A clock that is set locks once too many."""


class Sleep:
    """Looks at both clocks every few seconds; `slept` says whether there was a gap since the look before."""

    def __init__(self, running: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._clocks = running, wall
        self._seen = running(), wall()

    def slept(self) -> bool:
        """Whether the machine was away since the last look; begins the next gap."""
        before, self._seen = self._seen, (self._clocks[0](), self._clocks[1]())
        ran, passed = self._seen[0] - before[0], self._seen[1] - before[1]
        return ran > LATE_SECONDS or abs(passed - ran) > APART_SECONDS

    def restart(self) -> None:
        """Look away and begin anew: what happened before does not count."""
        self.slept()
