"""Work beside the window comes back only to what is still there."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

import posyandu
from posyandu import text
from posyandu.services import rulings, workspace
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.desk import Desk
from posyandu.ui.registry import PAGES
from posyandu.ui.shell import Shell
from tests.ui import scene


class Page(QLabel):
    """A page that asks for something and shows it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def ask(self, *, by_name: bool) -> None:
        answer = self.setText if by_name else lambda found: self.setText(found)
        self.desk.run(lambda ws: "ada", answer, owner=self)

    def fail(self) -> None:
        self.desk.run(lambda ws: 1 / 0, failed=lambda error: self.setText(str(error)), owner=self)


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


def test_a_failure_told_to_a_page_that_is_gone_is_dropped(desk: Desk, qtbot: QtBot) -> None:
    page = Page(desk)
    page.fail()
    delete(page)
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=10_000)
    qtbot.wait(50)


def test_an_answer_of_the_locked_screen_is_held_and_dropped_with_its_page(desk: Desk, qtbot: QtBot) -> None:
    kept, gone = Page(desk), Page(desk)
    qtbot.addWidget(kept)
    for page in (kept, gone):
        page.ask(by_name=False)
    ws = desk.ws
    desk.closed = True
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=10_000)
    assert kept.text() == ""
    delete(gone)
    desk.open_book(ws)
    assert kept.text() == "ada"


def owners_missing(source: str) -> list[int]:
    """The lines on which a desk is asked to work for nobody."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    asked = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "run"]
    at_desk = [call for call in asked if ast.unparse(call.func.value).split(".")[-1] == "desk"]
    return [call.lineno for call in at_desk if "owner" not in {word.arg for word in call.keywords}]


def test_whatever_asks_the_desk_says_for_whom() -> None:
    folder = Path(posyandu.__file__).parent / "ui"
    missing = {path.name: owners_missing(path.read_text("utf-8")) for path in folder.rglob("*.py")}
    assert {name: places for name, places in missing.items() if places} == {}
    assert owners_missing("self.desk.run(work)\ndesk.run(work, owner=self)") == [1]


def test_pages_of_a_window_that_was_built_anew_hear_no_more(qtbot: QtBot, village: Workspace) -> None:
    """Another language or larger targets build all pages anew over the same desk; the old ones are gone."""
    desk = scene.desk(village)
    shell = Shell(desk)
    for name in PAGES:
        shell.page(name)
    jobs.wait(10_000)
    shell.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(shell)
    with capture_exceptions() as fallen:
        desk.announce("person", "under_five_visit", "session")
        desk.book_closing.emit()
        qtbot.wait(20)
    assert fallen == []


def test_texts_name_the_numbers_of_the_rules_in_force_also_while_the_book_is_closed(desk: Desk) -> None:
    desk.ws.worker = workspace.Worker("b", "Nurul", "midwife")
    usual = text.placed("{short_cm}")
    told = {"since_on": desk.ws.today(), "source": "Surat dinas", "mother_short_mm": 1500}
    rulings.ORDER.choose(desk.ws, [desk.ws.posyandu_id], told)
    assert text.placed("{short_cm}") == usual
    desk.announce("ruling")
    ruled = text.placed("{short_cm}")
    assert ruled != usual
    desk.close_book()
    desk.announce("ruling")
    assert text.placed("{short_cm}") == ruled
