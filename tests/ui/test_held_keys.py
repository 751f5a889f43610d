"""Keys that are held too long, pressed with Shift, or followed by the mouse: one press is one deed, for one person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posyandu.services.workspace import Workspace
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.widgets.basics import Button
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene
from tests.ui.scene import keys

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=2)
    scene.open_day(book)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[GridPage]:
    made = GridPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    made.open()
    made.view.setFocus()
    yield made
    made.hide()


def repeat(key: Qt.Key, text: str, times: int = 3) -> None:
    """What the keyboard sends while a key stays down after its first press."""
    for _turn in range(times):
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, key, NONE, text, True))


def fresh(page: GridPage) -> int:
    """The first row nobody has touched, with the cursor on it."""
    place = next(number for number, row in enumerate(page.view.grid.rows) if not row.is_filled())
    page.view.go_to(place, page.view.grid.first_entry)
    return place


def test_minus_held_down_marks_one_person_absent_and_goes_on_asking_why(page: GridPage) -> None:
    place, rows = fresh(page), page.view.grid.rows
    keys("-")
    repeat(Qt.Key.Key_Minus, "-")
    assert [row.present for row in rows[place : place + 3]] == [False, None, None]
    assert page.strip.isVisible()
    keys("p")
    assert rows[place].reason == "away"


def test_a_reason_may_be_a_capital_letter(page: GridPage) -> None:
    row = page.view.grid.rows[fresh(page)]
    keys("-")
    QTest.keyClick(page.view, Qt.Key.Key_Shift)
    QTest.keyClick(page.view, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert row.reason == "sick"
    assert not page.strip.isVisible()


def test_who_presses_on_another_row_is_not_asked_any_more(page: GridPage) -> None:
    place, view = fresh(page), page.view
    keys("-")
    spot = view.visualRect(view.grid.index(place + 2, view.grid.first_entry)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not page.strip.isVisible()
    keys("84↵")
    assert view.grid.rows[place].reason is None
    assert view.grid.rows[place + 2].shown("weight_g") == 8400


def test_an_answer_held_down_is_given_to_one_box(page: GridPage) -> None:
    place, view = fresh(page), page.view
    row = view.grid.rows[place]
    closed = view.grid.first_entry + row.place_of("vitamin_a")
    view.go_to(place, closed)
    keys("1")
    repeat(Qt.Key.Key_1, "1", times=6)
    assert [step.name for step in view.grid.sheet.steps_back] == ["vitamin_a"]


@pytest.mark.parametrize("kind", ["primary", "danger", "quiet"])
def test_a_double_click_does_a_deed_once_but_turns_pages_twice(qtbot: QtBot, kind: str) -> None:
    done: list[object] = []
    button = Button("Simpan", kind, on=lambda: done.append(1))
    scene.stand(qtbot, button)
    for part in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
        part(button, Qt.MouseButton.LeftButton)
    assert len(done) == (2 if kind == "quiet" else 1)


def test_enter_held_down_presses_a_button_once(window: MainWindow) -> None:
    assert window.shell is not None
    done: list[object] = []
    button = Button("Simpan", on=lambda: done.append(1), parent=window.shell)
    button.show()
    button.setFocus()
    for repeated in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "\r", repeated)
        QApplication.sendEvent(window.windowHandle(), event)
    assert len(done) == 1


def test_while_a_sheet_is_open_the_keys_of_the_window_do_not_move_the_page_below(
    window: MainWindow, qtbot: QtBot
) -> None:
    shell = window.shell
    assert shell is not None
    shell.go("sasaran")
    shell.go("hari")
    shell.page("hari").ask_about_day()
    (sheet,) = window.findChildren(Overlay)
    alt, control = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
    for key, held in (
        (Qt.Key.Key_1, alt), (Qt.Key.Key_Left, alt), (Qt.Key.Key_F1, NONE), (Qt.Key.Key_K, control),
    ):  # fmt: skip
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, held)
        assert shell.place()[0] == "hari"
        assert window.findChildren(Overlay) == [sheet]
        assert sheet.isAncestorOf(QApplication.focusWidget())
    sheet.reject()
    QTest.keyClick(window, Qt.Key.Key_K, control)
    qtbot.waitUntil(lambda: len(window.findChildren(Overlay)) == 1)
