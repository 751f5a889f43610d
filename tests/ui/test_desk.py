"""Work beside the window comes back only to what is still there."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from posyandu.services import workspace
from posyandu.ui import jobs
from posyandu.ui.desk import Desk
from tests.ui import scene


class Page(QLabel):
    """A page that asks for something and shows it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def ask(self, *, by_name: bool) -> None:
        answer = self.setText if by_name else lambda found: self.setText(found)
        self.desk.run(lambda ws: "ada", answer)


@pytest.fixture
def desk() -> Desk:
    return scene.desk(workspace.in_memory())


@pytest.mark.parametrize("by_name", [True, False])
def test_an_answer_reaches_the_page_that_asked(desk: Desk, qtbot: QtBot, by_name: bool) -> None:
    page = Page(desk)
    qtbot.addWidget(page)
    page.ask(by_name=by_name)
    qtbot.waitUntil(lambda: page.text() == "ada", timeout=10_000)


@pytest.mark.parametrize("by_name", [True, False])
def test_an_answer_to_a_page_that_is_gone_is_dropped(desk: Desk, qtbot: QtBot, by_name: bool) -> None:
    page = Page(desk)
    page.ask(by_name=by_name)
    delete(page)
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=10_000)
    qtbot.wait(50)  # what is raised in the event loop fails the test
    assert not desk.closed
