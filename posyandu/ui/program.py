"""The program with its window: made from the saved preferences, ended with its window or by the system."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from posyandu.services import preferences as saved
from posyandu.ui import errors, jobs
from posyandu.ui.app import build_app
from posyandu.ui.main_window import MainWindow

if TYPE_CHECKING:
    from posyandu.ui.ending import Ending

LISTEN_AFTER_MS = 500
"""The lock is painted by then, and nobody has come in yet."""


def main(argv: Sequence[str] | None = None, *, practice: bool = False) -> int:
    """Run the app until its window is closed; the exit code, 128 and its number where a signal ended it."""
    preferences = saved.load()
    app = build_app(sys.argv if argv is None else argv, preferences)
    window = MainWindow(preferences, practice=practice)
    errors.install(window)
    window.start()
    window.show()
    with ExitStack() as ended:
        QTimer.singleShot(LISTEN_AFTER_MS, window, lambda: ended.callback(_listen(app, window).close))
        code = app.exec()
    errors.remove()
    if not jobs.wait(3000):
        # A request that hangs in the network would keep the program in memory; the book is closed and safe.
        os._exit(code)
    return code


def _listen(app: QApplication, window: MainWindow) -> "Ending":
    from posyandu.ui.ending import Ending

    return Ending(app, window.put_away, app.exit)
