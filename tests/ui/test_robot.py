"""A page of sixty people of all groups, typed by real keys: every box ends in the record it belongs to."""

import statistics
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from posyandu.services import registers, sessions
from posyandu.services.instrument_pages import INSTRUMENTS
from posyandu.services.questionnaires import BY_HEALTH_WORKERS
from posyandu.services.workspace import Workspace
from posyandu.ui.pages.grid import GridPage
from tests.services.melati import post, with_reader
from tests.ui import robot, scene


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = post()
    with_reader(book)
    robot.sixty_people(book, book.today())
    yield book
    book.close()


@pytest.fixture(scope="module")
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, ws.posyandu_id, ws.today(), {})


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[GridPage]:
    made = GridPage(scene.desk(ws))
    scene.stand(qtbot, made, 1158, 600)
    yield made
    made.hide()


def test_sixty_people_of_all_groups_are_typed_on_one_page(page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page=registers.MIXED)
    assert page.view.grid.rowCount() == 60
    told = robot.type_page(page.view)
    assert list(robot.lost(ws, day, told)) == []
    assert len({form for form, _person, _record in told.values}) == 5
    assert robot.present(ws, day) == 60
    assert statistics.median(told.keys_of_rows) <= 25
    assert all(row.verdict.text or row.entry.group for row in page.view.grid.rows)


@pytest.mark.parametrize("name", [each for each in registers.PAGES if each != registers.MIXED])
def test_every_page_of_the_register_is_typed_to_its_end(page: GridPage, ws: Workspace, day: str, name: str) -> None:
    page.open(session_id=day, page=name)
    assert page.view.grid.rowCount() >= 3
    told = robot.type_page(page.view, seed=5)
    assert list(robot.lost(ws, day, told)) == []
    for row in page.view.grid.rows:
        assert row.names == tuple(field.name for field in registers.columns(name))


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_is_typed_by_keys_and_what_is_confidential_is_sealed(
    page: GridPage, ws: Workspace, day: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in {form.name for form in BY_HEALTH_WORKERS}:
        monkeypatch.setattr(ws, "worker", replace(ws.worker, role="midwife"))
    page.open(session_id=day, page=name)
    assert page.view.grid.rowCount() >= 4
    told = robot.type_page(page.view, seed=7)
    page.view.put_away()
    assert list(robot.lost(ws, day, told)) == []
    assert statistics.median(told.keys_of_rows) <= len(registers.columns(name)) * (7 if name == "newborn" else 1) + 3
    assert all(row.verdict.text for row in page.view.grid.rows)
