"""Read the parts the pages need while the PIN is typed, after the lock is painted: those of the first page first.

What is below the window is read on a worker, which lets go of the window every few milliseconds; what is made of
widgets on the window's thread, one module at a time.
"""

import importlib

from PySide6.QtCore import QObject, QTimer

from posyandu.ui import jobs
from posyandu.ui.registry import PAGES

FIRST_STEP_MS, STEP_MS = 150, 15

BELOW = (
    "storage.keys",
    "storage.database",
    "services.accounts",
    "services.visits",
    "services.sessions",
    "services.follow_up",
    "services.synchronise",
    "services.backups",
    "services.tasks",
    "services.reporting",
    "services.levels",
)
FIRST = ("desk", "background", "sidebar", "widgets.toast", "ahead", "shell", "files", "pages.beranda")
PARTS = ("widgets.fields", "editors", "form_view", "grid", "chart", "verdict")
WIDGETS = (*FIRST, *PARTS, *(f"pages.{name}" for name in PAGES if name != "beranda"), "pages.palette")


class Warming(QObject):
    """Reads everything once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._started = False
        self._widgets = list(WIDGETS)
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin soon after the window has had its first turn, however slow the machine; harmless twice."""
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self, lambda: QTimer.singleShot(FIRST_STEP_MS, self, self._read))

    def _read(self) -> None:
        job = jobs.run(_read_below, lambda _done: self._timer.start())
        self.destroyed.connect(lambda: job.cancel())  # the window may be gone before the worker is

    def _step(self) -> None:
        importlib.import_module(f"posyandu.ui.{self._widgets.pop(0)}")
        if not self._widgets:
            self._timer.stop()


def _read_below() -> None:
    importlib.import_module("posyandu.services.posts").read_areas()
    for name in BELOW:
        importlib.import_module(f"posyandu.{name}")
    importlib.import_module("posyandu.services.sheets").kinds()  # reads the layouts of the reports
