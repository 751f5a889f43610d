"""Widgets in a circle are freed by the window's thread, whatever workers do meanwhile."""

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import __main__
from posyandu.ui import jobs, program, rubbish


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[rubbish.Collector]:
    was = gc.isenabled()
    made = rubbish.Collector(qapp)
    yield made
    made.deleteLater()
    if was:
        gc.enable()


class Circle(QWidget):
    """Holds itself, as a lambda about `self` does; notes which thread lets it go."""

    freed_on: ClassVar[list[int]] = []

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: Circle.freed_on.append(threading.get_ident()))


def make_rubbish(count: int) -> None:
    for _time in range(count):
        Circle()


def work_hard() -> int:
    """Enough garbage on a worker's thread for the automatic collector to run there many times."""
    for _time in range(200):
        knot: list[object] = []
        knot.append(knot)
        _more = [[] for _each in range(1000)]
    return threading.get_ident()


def test_no_worker_frees_a_widget(qtbot: QtBot, collector: rubbish.Collector) -> None:
    Circle.freed_on.clear()
    make_rubbish(20)
    workers: list[int] = []
    jobs.run(work_hard, workers.append)
    qtbot.waitUntil(lambda: bool(workers), timeout=20_000)
    assert workers[0] != threading.get_ident()
    gc.collect()
    assert len(Circle.freed_on) == 20
    assert set(Circle.freed_on) == {threading.get_ident()}


def test_it_looks_through_no_more_than_is_due(collector: rubbish.Collector) -> None:
    gc.collect()
    assert rubbish.collect() == 0
    kept = [QObject() for _each in range(gc.get_threshold()[0] + 100)]
    assert rubbish.collect() == 1
    assert rubbish.collect() == 0
    assert kept


def test_nobody_looks_for_rubbish_while_the_program_starts() -> None:
    was = gc.isenabled()
    gc.enable()
    try:
        assert __main__._window() is program.main  # noqa: SLF001
        assert not gc.isenabled(), "and the window's own collector leaves it so"
    finally:
        (gc.enable if was else gc.disable)()
