"""The eye itself: a picture is of a page that stands."""

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from posyandu.ui import jobs
from posyandu.ui.jobs import Progress
from posyandu.ui.widgets.basics import Label
from tests.ui import looking


def test_a_picture_waits_for_work_to_end_and_stops_none(qtbot: QtBot) -> None:
    page = Label("Sebentar…")
    qtbot.addWidget(page)
    page.show()

    def work(report: Progress) -> str:
        time.sleep(0.4)
        report(1, 2, "")  # raises where it was told to stop
        return "Sudah"

    def done(words: str) -> None:
        page.setText(words)
        QTimer.singleShot(100, lambda: page.setText(f"{words} selesai"))

    jobs.run(work, done, lambda error: page.setText(str(error)), lambda *_at: None)
    taken = looking.at_rest(page)
    assert page.text() == "Sudah selesai"
    assert taken == page.grab().toImage()


def test_a_picture_waits_for_parts_that_come_in_slow_turns(qtbot: QtBot) -> None:
    page = Label("Sebentar…")
    qtbot.addWidget(page)
    page.show()
    turns: list[int] = []

    def turn() -> None:
        time.sleep(0.06)
        turns.append(len(turns))
        page.setText("Sudah") if len(turns) == 8 else QTimer.singleShot(0, turn)

    turn()
    taken = looking.at_rest(page)
    assert page.text() == "Sudah"
    assert taken == page.grab().toImage()
