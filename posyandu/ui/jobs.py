"""Slow work beside the window: a plain function on a worker thread, its result back on the window's thread.

The caller's side owns the signals: a runnable that owned them would destroy them on the pool's thread.
"""

import atexit
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRunnable, QThreadPool, Signal, Slot

Progress = Callable[[int, int, str], None]
_running: set["Job"] = set()
_told: list["Job"] = []
"""Told, and kept until their thread is through with them: whoever drops a Qt object last destroys it, on its thread."""

_links = QThreadPool()
"""What waits for a network has threads of its own: on two cores two that hang would hold up even the PIN."""
_links.setMaxThreadCount(8)


class Cancelled(Exception):  # noqa: N818 - what happened
    """Raised inside a function that reports progress after the person pressed Batal."""


class Job(QObject):
    """One function at work; `cancel()` asks it to stop at its next report of progress."""

    _done = Signal(object)
    _failed = Signal(object)
    _progress = Signal(int, int, str)

    def __init__(
        self,
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        progress: Callable[[int, int, str], object] | None,
    ) -> None:
        super().__init__()
        self._call_done, self._call_failed, self._call_progress = done, failed, progress
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._done.connect(self._finish)
        self._failed.connect(self._fail)
        self._progress.connect(self._report)

    def cancel(self) -> None:
        """Ask the function to stop; nothing is called back after that."""
        self._stop.set()
        self._call_done = self._call_failed = self._call_progress = None

    def ended(self) -> bool:
        """Whether the function is through, whoever was told of it."""
        return self._ended.is_set()

    def wait(self, milliseconds: int) -> None:
        """Stand still for it, at most so long: what it did by then is told before this returns."""
        if self._ended.wait(milliseconds / 1000):
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def report(self, done: int, total: int, sentence: str = "") -> None:
        """Called by the function, on its thread. Raises Cancelled when it should stop."""
        if self._stop.is_set():
            raise Cancelled
        self._progress.emit(done, total, sentence)

    @Slot(object)
    def _finish(self, result: object) -> None:
        self._is_told()
        if self._call_done:
            self._call_done(result)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._is_told()
        if isinstance(error, Cancelled) and self._stop.is_set():
            return  # it was asked to, by the person or because the app closes
        if self._call_failed:
            self._call_failed(error)
        else:
            raise error  # reaches the app's last-resort hook

    def _is_told(self) -> None:
        _running.discard(self)
        _told[:] = [job for job in _told if not job._ended.is_set()]  # noqa: SLF001
        _told.append(self)

    @Slot(int, int, str)
    def _report(self, done: int, total: int, sentence: str) -> None:
        if self._call_progress:
            self._call_progress(done, total, sentence)


class _Runnable(QRunnable):
    def __init__(self, function: Callable[[], object], job: Job) -> None:
        super().__init__()
        self._work: tuple[Callable[[], object], Job] | None = (function, job)
        self._ended = job._ended  # noqa: SLF001

    def run(self) -> None:
        self._do()
        self._work = None
        self._ended.set()

    def _do(self) -> None:
        assert self._work is not None
        function, job = self._work
        try:
            result = function()
        except Exception as error:  # noqa: BLE001 - every error goes back to the caller's side
            job._failed.emit(error)  # noqa: SLF001
        else:
            job._done.emit(result)  # noqa: SLF001


def run(
    function: Callable[..., Any],
    done: Callable[[Any], object] | None = None,
    failed: Callable[[Exception], object] | None = None,
    progress: Callable[[int, int, str], object] | None = None,
    *,
    link: bool = False,
) -> Job:
    """Run `function` on a worker thread and call `done(result)` or `failed(error)` on the window's thread.

    With `progress` the function is given `report(done, total, sentence)` and may call it as often as it likes. `link`:
    it may wait long for a network, and holds up no other work.
    """
    job = Job(done, failed, progress)
    _running.add(job)
    work = (lambda: function(job.report)) if progress else function
    (_links if link else QThreadPool.globalInstance()).start(_Runnable(work, job))
    return job


def wait(milliseconds: int = 3000) -> bool:
    """Wait for running work when the app closes; False when some goes on (it is left for the next time)."""
    _ask_to_stop()
    until = time.monotonic() + milliseconds / 1000
    return all([pool.waitForDone(max(0, round((until - time.monotonic()) * 1000))) for pool in _pools()])


@atexit.register
def _outlive_work() -> None:
    """However the program ends: the end of Qt destroys every job first, and only then waits for the functions at work.

    What is registered last runs first: Qt did so when it was imported above.
    """
    _ask_to_stop()
    for pool in _pools():
        pool.waitForDone()


def _ask_to_stop() -> None:
    for job in list(_running):
        job._stop.set()  # noqa: SLF001


def _pools() -> tuple[QThreadPool, QThreadPool]:
    return QThreadPool.globalInstance(), _links


def busy() -> bool:
    """Whether anything is at work."""
    return bool(_running)
