"""Errors and work beside the window: sentences for people, reports without data, results on the window's thread."""

import errno
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.errors import BadInput, Offline
from posyandu.services import workspace
from posyandu.ui import errors, jobs
from posyandu.ui.desk import Desk
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.overlay import Overlay


@pytest.fixture
def caught(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The hooks over that window, taken off again."""
    errors.install(window)
    monkeypatch.setitem(errors._state, "open", False)
    yield window
    errors.remove()


def fail(message: str) -> None:
    name = "Siti Aminah"
    raise ValueError(f"{message} {name}")


def raised(message: str) -> BaseException:
    try:
        fail(message)
    except ValueError as error:
        return error
    raise AssertionError


def test_a_bug_leaves_a_report_without_names_and_one_apology(
    qtbot: QtBot, caught: MainWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    error = raised("NIK 5203012001980001")
    caught.shell.go("sasaran", text="Aminah")  # type: ignore[union-attr]
    caught.shell.go("laporan")  # type: ignore[union-attr]
    for _turn in range(3):
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: caught.findChild(Overlay, "apology") is not None)
    assert len(caught.findChildren(Overlay, "apology")) == 1
    report = errors.reports()[0].read_text(encoding="utf-8")
    assert "5203012001980001" not in report
    assert "Siti" not in report.replace('name = "Siti Aminah"', "")
    assert "test_errors.py" in report
    assert [line.split(" ", 3)[3] for line in report.splitlines()[-2:]] == ["buka sasaran", "buka laporan"]
    assert "Aminah" not in report.replace('name = "Siti Aminah"', "")
    assert "ValueError" in report


def test_an_error_for_people_is_told_in_its_own_sentence(qtbot: QtBot, caught: MainWindow) -> None:
    error = BadInput("Pilih desa dulu.")
    sys.excepthook(type(error), error, None)
    qtbot.waitUntil(lambda: any(each.isVisible() for each in caught.findChildren(Overlay)))
    assert errors.reports() == []


def test_only_the_newest_reports_are_kept(qtbot: QtBot, caught: MainWindow) -> None:
    for turn in range(errors.KEPT_REPORTS + 5):
        errors._write(f"{turn}")
    assert len(errors.reports()) == errors.KEPT_REPORTS
    assert paths.logs().exists()


def test_sentences_for_every_kind_of_error() -> None:
    assert errors.sentence(Offline("Tidak ada internet.")) == "Tidak ada internet."
    assert "folder lain" in errors.sentence(PermissionError("x"))
    assert "tidak terduga" in errors.sentence(KeyError("x"))
    assert "Kosongkan ruang" in errors.sentence(OSError(errno.ENOSPC, "x"))
    assert "panggil petugas" in errors.sentence(OSError(errno.EROFS, "x"))
    assert "tidak terduga" in errors.sentence(OSError(errno.EBUSY, "x"))


def test_a_full_disk_that_no_page_caught_is_told_without_a_report(qtbot: QtBot, caught: MainWindow) -> None:
    sys.excepthook(OSError, OSError(errno.ENOSPC, "x"), None)
    qtbot.waitUntil(lambda: any(each.isVisible() for each in caught.findChildren(Overlay)))
    assert errors.reports() == []


def test_work_runs_on_another_thread_and_its_result_comes_back_on_this_one(qtbot: QtBot) -> None:
    seen: dict[str, object] = {}
    here = QThread.currentThread()

    def work(report: jobs.Progress) -> int:
        seen["thread"] = QThread.currentThread() is here
        report(1, 2, "separuh")
        return 42

    def done(result: int) -> None:
        seen["result"] = result
        seen["back"] = QThread.currentThread() is here

    jobs.run(work, done, progress=lambda *told: seen.update(told=told))
    qtbot.waitUntil(lambda: "result" in seen)
    assert seen == {"thread": False, "told": (1, 2, "separuh"), "result": 42, "back": True}


def test_work_that_fails_tells_its_error_and_cancelled_work_tells_nothing(qtbot: QtBot) -> None:
    told: list[object] = []
    jobs.run(lambda: fail("x"), told.append, told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert isinstance(told[0], ValueError)
    go = threading.Event()

    def slow(report: jobs.Progress) -> None:
        go.wait(5)
        report(1, 1, "")

    job = jobs.run(slow, told.append, told.append, lambda *_told: None)
    job.cancel()
    go.set()
    qtbot.waitUntil(lambda: not jobs.busy())
    assert len(told) == 1


def test_work_stopped_because_the_app_closes_is_no_error(qtbot: QtBot) -> None:
    told: list[object] = []
    begun, go = threading.Event(), threading.Event()

    def slow(report: jobs.Progress) -> None:
        begun.set()
        go.wait(5)
        report(1, 1, "")

    jobs.run(slow, told.append, told.append, lambda *_told: None)
    assert begun.wait(5)
    assert not jobs.wait(1)
    go.set()
    assert jobs.wait(5000)
    qtbot.waitUntil(lambda: not jobs.busy())
    assert told == []


def test_a_job_is_never_destroyed_on_a_workers_thread(qtbot: QtBot) -> None:
    window, ended = threading.get_ident(), []
    for _n in range(400):
        job = jobs.run(lambda: time.sleep(0.0002), lambda _told: None)
        job.destroyed.connect(lambda _job: ended.append(threading.get_ident()), Qt.ConnectionType.DirectConnection)
        job.wait(5000)
        del job
    qtbot.waitUntil(lambda: not jobs.busy())
    assert len(ended) > 300
    assert set(ended) == {window}


def test_results_wait_while_the_screen_is_locked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    ws = workspace.in_memory()
    monkeypatch.setattr(ws, "close", lambda: opened.append("closed"))
    desk = Desk(ws, None)
    told: list[int] = []
    desk.run(lambda _ws: 7, told.append)
    desk.close_book()
    desk.soon(desk, lambda: told.append(0))
    qtbot.waitUntil(lambda: not jobs.busy())
    QApplication.processEvents()
    assert told == []
    desk.open_book(ws)
    assert told == [7]
    assert opened == ["closed"]
