"""The development checklist, ticked while the child is watched, ends in the visit as complete or not."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms.development import FORM
from posyandu.services import people
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui.checklist_sheet import ChecklistSheet
from posyandu.ui.pages.kunjungan import KunjunganPage
from tests.services import melati
from tests.ui import scene


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = melati.post()
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[KunjunganPage]:
    made = KunjunganPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    nine_months = people.register(ws, {"name": "Adi", "sex": "male", "born_on": date(2026, 2, 1)})
    made.open(person_id=nine_months, session_id=scene.open_day(ws))
    yield made
    made.hide()


def sheet(page: KunjunganPage, qtbot: QtBot) -> ChecklistSheet:
    qtbot.waitUntil(lambda: page.findChild(QAbstractButton, "button:checklist") is not None)
    press(page, "button:checklist")
    (opened,) = page.findChildren(ChecklistSheet)
    return opened


def press(part: object, name: str) -> None:
    button = part.findChild(QAbstractButton, name)  # type: ignore[attr-defined]
    assert button is not None
    button.click()


def test_every_item_must_be_answered_or_the_rest_be_said_to_be_done(page: KunjunganPage, qtbot: QtBot) -> None:
    opened = sheet(page, qtbot)
    assert "9" in opened.view.form.title
    assert len(opened.view.fields) >= 8
    press(opened, "button:checklist-selesai")
    assert opened.problem.isVisible()
    press(opened, "button:sisanya-dapat")
    press(opened, "button:checklist-selesai")
    assert page.form_view is not None
    told = page.form_view.answers()
    assert (told["development"], told["note"]) == ("complete", None)


def test_what_the_child_does_not_do_yet_is_kept_line_by_line_and_asks_for_the_midwife(
    page: KunjunganPage, qtbot: QtBot, ws: Workspace
) -> None:
    for time in range(2):
        opened = sheet(page, qtbot)
        assert opened.view.answers()["m9_2"] is (False if time else None)  # the ticks are there again
        opened.view.fields["m9_1"].set_value(True)
        opened.view.fields["m9_2"].set_value(False)
        press(opened, "button:checklist-selesai")
        opened.deleteLater()
        qtbot.waitUntil(lambda: not page.findChildren(ChecklistSheet))
    assert page.form_view is not None
    told = page.form_view.answers()
    assert (told["development"], told["note"]) == ("incomplete", None)
    (row,) = records.load_many(ws.db, FORM)
    assert {name: value for name, value in row.answers.items() if isinstance(value, bool)} == {
        "m9_1": True,
        "m9_2": False,
    }
    card = page.findChild(QWidget, "checklist")
    assert card is not None
    lines = [each.text() for each in card.findChildren(QLabel)]
    assert "\N{MULTIPLICATION SIGN} Belajar berdiri, kedua kaki menyangga sebagian berat badan" in lines
    qtbot.waitUntil(lambda: "development_incomplete" in {each.code for each in page.panel.findings._shown or ()})


def test_words_that_stand_in_the_note_are_kept(page: KunjunganPage, qtbot: QtBot) -> None:
    assert page.form_view is not None
    page.form_view.fields["note"].set_value("Rewel")
    opened = sheet(page, qtbot)
    opened.view.fields["m9_1"].set_value(False)
    press(opened, "button:checklist-selesai")
    assert page.form_view.answers()["note"] == "Rewel"
