"""Python's rubbish is collected on the window's thread only.

A widget that was part of a circle is freed wherever the collector happens to run. On a worker's thread Qt takes that
badly: widgets belong to the window's thread, and the app is gone. So the collector is off, and the window looks.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 2000


class Collector(QObject):
    """Turns the automatic collector off and looks every two seconds; belongs to the app and lives as long."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=EVERY_MS)
        timer.timeout.connect(collect)
        timer.start()


def keep(*, on: bool) -> None:
    """Pass over what stands now when looking: a hundred thousand objects take 70 ms; `on=False` looks at all again."""
    if on:
        gc.freeze()
    else:
        gc.unfreeze()


def collect() -> int:
    """Do what Python would have done by now; how many generations were looked through."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return generation + 1
    return 0
