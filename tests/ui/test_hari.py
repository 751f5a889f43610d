"""A posyandu day from opening to closing, with real keys and clicks."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services import sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.pages.hari import HariPage, RosterModel, row_detail, row_state
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=3)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[HariPage]:
    made = HariPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    yield made
    made.hide()


@pytest.fixture
def attending(page: HariPage) -> HariPage:
    scene.open_day(page.desk.ws)
    page.open()
    page.attending.search.setFocus()
    return page


def test_the_day_is_opened_with_its_date_in_words(page: HariPage) -> None:
    page.open()
    assert page.opening.button.text() == "Buka Kamis, 12 November 2026"
    assert page.opening.form_view is not None
    page.opening.form_view.fields["kader_present"].take_focus()
    keys("5")
    QTest.mouseClick(page.opening.button, Qt.MouseButton.LeftButton)
    day = sessions.current(page.desk.ws, page.desk.ws.posyandu_id)
    assert day is not None
    assert (day.held_on, day.answers["kader_present"]) == (scene.HELD_ON, 5)
    assert page.stack.currentWidget() is page.attending


def test_a_day_that_is_not_today_is_pointed_out_and_one_to_come_is_refused(page: HariPage) -> None:
    page.open()
    assert page.opening.form_view is not None
    held_on = page.opening.form_view.fields["held_on"]
    held_on.take_focus()
    keys("111126")
    assert page.opening.sentence.text().startswith("Bukan hari ini")
    held_on.set_value(scene.HELD_ON + timedelta(days=2))
    QTest.mouseClick(page.opening.button, Qt.MouseButton.LeftButton)
    assert sessions.current(page.desk.ws, page.desk.ws.posyandu_id) is None
    assert page.opening.form_view.summary.isVisible()


def test_typing_a_name_and_enter_is_attendance_and_can_be_taken_back(attending: HariPage) -> None:
    view = attending.attending
    toasts = QSignalSpy(attending.desk.toast_wanted)
    wanted = next(row for row in view.rows if row.form)
    keys(wanted.name.lower())
    assert view.list.current_row() is not None
    chosen = view.list.current_row()
    assert chosen is not None
    keys("↵")
    row = next(row for row in view.rows if row.person_id == chosen.person_id)
    assert (row.present, row.queue_number) == (True, 1)
    assert view.search.text() == ""
    assert view.side.present.text() == "1"
    toasts.at(0)[2]()
    assert next(row for row in view.rows if row.person_id == chosen.person_id).present is None


def test_a_ticket_number_finds_who_holds_it_and_enter_opens_the_visit(attending: HariPage) -> None:
    view = attending.attending
    first, second = [row for row in view.rows if row.form][:2]
    for row in (first, second):
        sessions.mark_present(attending.desk.ws, view.session_id, row.person_id)
    attending.open()
    pages = QSignalSpy(attending.desk.page_wanted)
    keys("2↵")
    assert pages.at(0)[0] == "kunjungan"
    assert pages.at(0)[1]["person_id"] == second.person_id


def test_a_click_on_the_circle_toggles_attendance_and_on_the_row_opens(attending: HariPage) -> None:
    view = attending.attending
    pages = QSignalSpy(attending.desk.page_wanted)
    row = view.list.rows_model.rows[0]
    area = view.list.visualRect(view.list.rows_model.index(0))
    circle = QPoint(area.left() + 26, area.center().y())
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=circle)
    assert view.list.rows_model.rows[0].present is True
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert pages.at(0)[1]["person_id"] == row.person_id
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=circle)
    assert view.list.rows_model.rows[0].present is None


def test_a_click_on_a_step_notes_how_far_somebody_is(attending: HariPage) -> None:
    view = attending.attending
    row = view.list.rows_model.rows[0]
    sessions.mark_present(attending.desk.ws, view.session_id, row.person_id)
    attending.open()
    area = view.list.visualRect(view.list.rows_model.index(0))
    third = view.list.delegate._step_boxes(area)[2].center()
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert view.list.rows_model.rows[0].step == 3
    assert row_state(view.list.rows_model.rows[0]) == "Layanan"
    assert [count.text() for count, _meter in view.side.steps] == ["1", "1", "1", "0", "0"]


def test_tabs_count_the_groups_and_narrow_the_list(attending: HariPage) -> None:
    view = attending.attending
    assert view.tabs is not None
    assert view.tabs.buttons["all"].text() == f"Semua {len(view.rows)}"
    QTest.mouseClick(view.tabs.buttons["pregnant"], Qt.MouseButton.LeftButton)
    shown = view.list.rows_model.rows
    assert shown
    assert all(row.group is not None and row.group.value == "pregnant" for row in shown)
    QTest.mouseClick(view.filter.buttons["came"], Qt.MouseButton.LeftButton)
    assert view.list.rows_model.rows == []
    assert view.nobody.isVisible()


def test_nobody_found_leads_to_registration_with_the_name(attending: HariPage) -> None:
    pages = QSignalSpy(attending.desk.page_wanted)
    keys("zzzz")
    assert attending.attending.nobody.button is not None
    QTest.mouseClick(attending.attending.nobody.button, Qt.MouseButton.LeftButton)
    assert pages.at(0)[0] == "daftar"
    assert pages.at(0)[1]["name"] == "zzzz"


def test_attendance_reads_the_list_once_and_judges_nobody(attending: HariPage, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    for name in ("coming", "tally"):
        whole = getattr(sessions, name)
        monkeypatch.setattr(sessions, name, lambda *told, name=name, whole=whole: read.append(name) or whole(*told))
    keys("↵")
    jobs.wait(5000)
    assert read == ["coming"]


def test_whom_to_refer_is_counted_beside_the_window(attending: HariPage, qtbot: QtBot) -> None:
    chip = attending.attending.side.refer_chip
    qtbot.waitUntil(lambda: chip.text() == "0")
    row = next(row for row in attending.attending.rows if row.form == "adult_visit")
    ws, form, day = attending.desk.ws, FORMS["adult_visit"], attending.attending.session_id
    for name, value in {"systolic_mmhg": 190, "diastolic_mmhg": 120}.items():
        visits.set_cell(ws, form, day, row.person_id, name, value)
    attending.desk.announce("adult_visit", "attendance")
    qtbot.waitUntil(lambda: chip.text() == "1")
    assert chip.level == "bad"


def test_closing_shows_what_to_look_at_and_each_line_opens_the_people(attending: HariPage, qtbot: QtBot) -> None:
    ws = attending.desk.ws
    row = next(row for row in attending.attending.rows if row.form == "under_five_visit")
    visits.set_cell(ws, visits.VISIT_FORMS[0], attending.attending.session_id, row.person_id, "weight_g", 91_000)
    names = QSignalSpy(attending.desk.names_wanted)
    attending.check_before_closing()
    qtbot.waitUntil(lambda: attending.closing.findChild(object, "check:unfinished") is not None)
    line = attending.closing.findChild(object, "check:unfinished")
    assert line is not None
    line.click()  # type: ignore[attr-defined]
    assert [person.name for person in names.at(0)[1]] == [row.name]
    button = attending.first_focus()
    assert button is not None
    assert button.objectName() == "button:tutup-hari"
    button.click()  # type: ignore[attr-defined]
    assert sessions.current(ws, ws.posyandu_id) is None
    assert attending.closing.day is not None
    qtbot.waitUntil(lambda: [label.text() for label in attending.closing.numbers][0] == "1")
    attending.closing._reopen()
    assert sessions.current(ws, ws.posyandu_id) is not None
    assert attending.stack.currentWidget() is attending.attending


def test_a_row_is_read_out_as_one_sentence(attending: HariPage) -> None:
    model = attending.attending.list.rows_model
    assert isinstance(model, RosterModel)
    row = model.rows[0]
    said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith(f"{row.name}, ")
    assert row.age_text in row_detail(row)


def test_the_button_leads_to_the_register(attending: HariPage) -> None:
    pages = QSignalSpy(attending.desk.page_wanted)
    attending.attending._go_grid()
    assert pages.at(0)[0] == "grid"
    assert pages.at(0)[1] == {"session_id": attending.attending.session_id, "page": "under_five"}
