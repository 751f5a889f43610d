"""Every sheet asks before Esc, a click beside or the window's close loses what was answered, and never otherwise."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services.workspace import Workspace
from posyandu.ui import rubbish
from posyandu.ui.form_view import FormView
from posyandu.ui.main_window import MainWindow
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.basics import Button, Tick
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.search_overlay import Palette
from tests.ui import openings, scene
from tests.ui.scene import keys

ANSWERS_NOTHING = ("kertas-rujukan", "iks:wilayah")
"""Choices of what is seen or printed, by the beginning of their names."""


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = openings.book()
    yield book
    book.close()


def opened(shell: Shell, each: openings.Opening) -> Overlay | None:
    each.go(shell)
    openings.settle()
    return next((sheet for sheet in shell.findChildren(Overlay) if sheet.isVisible()), None)


def boxes(sheet: Overlay) -> Iterator[QWidget]:
    """Everything on a sheet that takes an answer now."""
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)
    for each in (found for kind in kinds for found in sheet.sheet.findChildren(kind)):
        if isinstance(each, QAbstractButton) and not each.isCheckable():
            continue
        if each.isVisible() and each.isEnabled() and not each.objectName().startswith(ANSWERS_NOTHING):
            yield each


def answer(box: QWidget) -> None:
    """Answer it by the keys of a person."""
    box.setFocus()
    before = standing(box)
    if isinstance(box, QAbstractButton):
        keys(" ")
    elif isinstance(box, QComboBox):
        keys("↓")
        if standing(box) == before:
            keys("↑")
    else:
        for typed in "1a":
            if standing(box) == before:
                keys(typed)


def standing(box: QWidget) -> object:
    if isinstance(box, QLineEdit):
        return box.text()
    if isinstance(box, QPlainTextEdit):
        return box.toPlainText()
    return box.currentIndex() if isinstance(box, QComboBox) else getattr(box, "isChecked", bool)()


def question(sheet: Overlay) -> Overlay | None:
    found = [each for each in sheet.findChildren(Overlay) if each.isVisible()]
    return found[0] if found else None


def test_no_sheet_asks_when_nothing_was_answered_and_every_one_does_for_every_answer(
    qtbot: QtBot, ws: Workspace
) -> None:
    shell = Shell(scene.desk(ws))
    scene.stand(qtbot, shell, 1366, 696)
    wrong, sheets = [], 0
    for each in openings.openings(ws):
        sheet = opened(shell, each)
        if sheet is None:
            continue
        sheets += 1
        for view in sheet.findChildren(FormView):
            view.finish_building()
        openings.settle()
        if sheet.has_answers():
            wrong.append(f"{each.name}: asks for nothing")
        for box in list(boxes(sheet)):
            before = standing(box)
            answer(box)
            secret = isinstance(box, QLineEdit) and box.echoMode() != QLineEdit.EchoMode.Normal
            if standing(box) != before and sheet.has_answers() is secret:
                wrong.append(f"{each.name}: {box.objectName() or type(box).__name__} would be lost")
            sheet._stood.clear()  # noqa: SLF001 - so stands the next question
            sheet._remember()  # noqa: SLF001
        sheet.reject()
        rubbish.collect()
    assert wrong == []
    assert sheets > 30
    shell.hide()


@pytest.fixture
def shell(qtbot: QtBot, village: Workspace) -> Shell:
    made = Shell(scene.desk(village))
    scene.stand(qtbot, made, 1366, 696)
    return made


def test_what_a_button_fills_in_is_an_answer_too(qtbot: QtBot, ws: Workspace) -> None:
    shell = Shell(scene.desk(ws))
    scene.stand(qtbot, shell, 1366, 696)
    found = 0
    for each in openings.openings(ws):
        if each.name not in ("keterampilan", "mt-minggu", "tindak-lanjut-postponed"):
            continue
        sheet = opened(shell, each)
        assert sheet is not None
        names = ("button:semua", "alasan:0")
        rest = next(button for name in names if (button := sheet.findChild(Button, name)) is not None)
        rest.setFocus()
        keys("↵")
        keys("⎋")
        asked = question(sheet)
        assert asked is not None, each.name
        keys("↵")  # the harmless answer has the focus
        assert sheet.isVisible()
        keys("⎋")
        again = question(sheet)
        assert again is not None
        again.findChild(Button, "button:ya").click()
        assert not sheet.isVisible()
        found += 1
    assert found == 3
    shell.hide()


def test_what_was_taken_back_asks_nothing(shell: Shell) -> None:
    sheet = Overlay(shell, "Lembar")
    line, tick, pick = QLineEdit("lama"), Tick("Setuju"), Picker([(1, "satu"), (2, "dua")])
    for each in (line, tick, pick):
        sheet.body.addWidget(each)
    sheet.foot()
    sheet.open_over(line)
    boxes: tuple[tuple[QWidget, str, str], ...] = ((line, "x", "⌫"), (tick, " ", " "), (pick, "↓", "↑"))
    for box, there, back in boxes:
        box.setFocus()
        keys(there)
        assert sheet.has_answers()
        keys(back)
        assert not sheet.has_answers()
    keys("⎋")
    assert not sheet.isVisible()


def test_what_comes_on_a_sheet_later_is_no_answer_until_it_is_touched(shell: Shell, qtbot: QtBot) -> None:
    sheet = Overlay(shell, "Lembar")
    sheet.open_over(sheet.foot())
    late = QLineEdit("dari buku")
    sheet.body.insertWidget(1, late)
    qtbot.waitUntil(late.isVisible)
    qtbot.wait(20)
    assert not sheet.has_answers()
    late.setFocus()
    keys("x")
    assert sheet.has_answers()


def test_closing_the_window_asks_before_a_filled_sheet_goes_with_it(window: MainWindow, qtbot: QtBot) -> None:
    assert window.shell is not None
    sheet, line = Overlay(window, "Lembar"), QLineEdit()
    sheet.body.addWidget(line)
    sheet.foot()
    sheet.open_over(line)
    keys("tiga")
    for _twice in range(2):
        window.windowHandle().close()  # as the cross of the window does
        assert window.isVisible()
        assert len([each for each in sheet.findChildren(Overlay) if each.isVisible()]) == 1
    keys("↵")  # Lanjut mengisi
    assert sheet.isVisible()
    assert QApplication.focusWidget() is line
    assert window.desk is not None
    window.windowHandle().close()
    asked = question(sheet)
    assert asked is not None
    asked.findChild(Button, "button:ya").click()
    assert not window.isVisible()
    assert window.desk is None


def test_closing_the_window_with_an_untouched_sheet_asks_nothing(window: MainWindow) -> None:
    sheet, line = Overlay(window, "Lembar"), QLineEdit("lama")
    sheet.body.addWidget(line)
    sheet.foot()
    sheet.open_over(line)
    window.windowHandle().close()
    assert not window.isVisible()


def test_keys_of_the_window_leave_a_filled_sheet_alone(window: MainWindow) -> None:
    assert window.shell is not None
    sheet, line = Overlay(window, "Lembar"), QLineEdit()
    sheet.body.addWidget(line)
    sheet.foot()
    sheet.open_over(line)
    keys("tiga")
    place = window.shell.place()
    for key, held in (
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier),
    ):
        QTest.keyClick(line, key, held)
    assert window.shell.place() == place
    assert window.shell.findChild(Palette) is None
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert question(sheet) is not None
    assert line.text() == "tiga"
