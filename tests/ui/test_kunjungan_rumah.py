"""Kunjungan rumah with real keys: from a family to the checklist, what it says, saving, undo, sheets."""

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.services import home_visits
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kunjungan_rumah import KunjunganRumahPage
from posyandu.ui.widgets.basics import Notice, Row
from tests.ui import scene
from tests.ui.scene import close_today


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[0].click()


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> Iterator[KunjunganRumahPage]:
    """The checklist of the youngest of a family, reached from its card."""
    assert window.shell is not None
    scene.settle(qtbot)
    press(window, "nav:keluarga")
    scene.settle(qtbot)
    family = window.shell.page("keluarga")
    family.show_family(next(line.id for line in family.register.lines if line.members >= 3))
    scene.settle(qtbot)
    who = family.view.findChild(QWidget, "kunjungan-rumah:siapa")
    who.setCurrentIndex(who.count() - 1)
    press(family, "button:kunjungan-rumah")
    scene.settle(qtbot)
    yield window.shell.page("kunjungan_rumah")
    jobs.wait(5000)


def said(page: KunjunganRumahPage) -> str:
    return page.result_card.findChildren(Notice)[-1].label.text()


def test_answers_are_read_as_they_are_given_and_the_visit_is_kept_in_the_log(
    page: KunjunganRumahPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert page.visit is not None
    assert page.view is not None
    person_id, form = page.visit.hit.id, page.visit.form
    red = next(name for name in form.fields if name.startswith("danger_"))
    page.view.focus_field(red)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "y")
    qtbot.waitUntil(lambda: "1 tanda bahaya" in said(page))
    press(window, "button:simpan")
    scene.settle(qtbot)
    (noted,) = home_visits.log(page.desk.ws, person_id=person_id)
    assert noted.result.level == "bad"
    assert window.shell is not None
    assert window.shell.place()[0] == "keluarga"
    family = window.shell.page("keluarga")
    row = next(row for row in family.view.findChildren(Row) if row.objectName() == f"kunjungan-rumah:{noted.record_id}")
    row.click()
    scene.settle(qtbot)
    assert page.view.answers()[red] is True
    window.shell.toast.action.click()
    scene.settle(qtbot)
    assert home_visits.log(page.desk.ws, person_id=person_id) == ()


def test_another_checklist_can_be_chosen(page: KunjunganRumahPage, qtbot: QtBot) -> None:
    page.kind.setCurrentIndex(page.kind.count() - 1)
    scene.settle(qtbot)
    assert page.visit is not None
    assert page.visit.form.name == "home_tbc"
    assert page.view is not None
    assert "gap_companion" in page.view.fields


def test_a_visit_without_a_day_is_not_saved_and_says_why(page: KunjunganRumahPage, qtbot: QtBot) -> None:
    assert page.view is not None
    page.view.fields["visited_on"].set_value(None)
    assert not page.save()
    scene.settle(qtbot)
    assert page.view.summary.isVisible()


def test_sheets_are_written_blank_and_filled(page: KunjunganRumahPage, window: MainWindow, qtbot: QtBot) -> None:
    for name in ("button:lembar-kosong", "button:lembar-terisi"):
        press(window, name)
        scene.settle(qtbot)
        assert "Tersimpan" in page.where.text()
    written = list((paths.documents() / "Posyandu").glob("Kunjungan rumah*.pdf"))
    assert len(written) == 2
    assert all(path.read_bytes()[:5] == b"%PDF-" for path in written)


def test_follow_up_leads_to_the_checklist(
    page: KunjunganRumahPage, village: Workspace, window: MainWindow, qtbot: QtBot
) -> None:
    close_today(village)
    press(window, "nav:tindak_lanjut")
    scene.settle(qtbot)
    assert window.shell is not None
    todo = window.shell.page("tindak_lanjut")
    press(todo, "button:kunjungan-rumah")
    scene.settle(qtbot)
    assert window.shell.place()[0] == "kunjungan_rumah"
    assert page.visit is not None
    assert page.visit.hit.id == todo.board.lists[0].tasks[0].person.id


def test_what_is_typed_outlives_leaving_the_checklist(
    page: KunjunganRumahPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert page.visit is not None
    assert page.view is not None
    person_id, form = page.visit.hit.id, page.visit.form
    red = next(name for name in form.fields if name.startswith("danger_"))
    page.view.focus_field(red)
    QTest.keyClicks(QApplication.focusWidget(), "y")
    window.shell.go("beranda")  # type: ignore[union-attr]
    scene.settle(qtbot)
    window.shell.go("kunjungan_rumah", person_id=person_id, form=form.name)  # type: ignore[union-attr]
    scene.settle(qtbot)
    notice = page.findChild(Notice, "draft")
    assert notice is not None
    assert "dipulihkan" in notice.label.text()
    assert page.view.answers()[red] is True
    assert notice.button is not None
    notice.button.click()
    assert page.view.answers()[red] is None
    page.view.focus_field(red)
    QTest.keyClicks(QApplication.focusWidget(), "y")
    assert page.save()
    scene.settle(qtbot)
    assert home_visits.open_visit(page.desk.ws, person_id, form).draft_at is None
    (noted,) = home_visits.log(page.desk.ws, person_id=person_id)
    again = home_visits.open_visit(page.desk.ws, person_id, form, noted.record_id)
    home_visits.keep_draft(page.desk.ws, again, {"plan": "Kunjungi lagi"})
    assert home_visits.open_visit(page.desk.ws, person_id, form, noted.record_id).answers["plan"] == "Kunjungi lagi"
    assert home_visits.open_visit(page.desk.ws, person_id, form).answers.get("plan") is None
