"""A posyandu day from opening to closing, with real keys and clicks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month, date_text
from posyandu.domain.forms import FORMS
from posyandu.domain.person import matches
from posyandu.domain.service_group import Group
from posyandu.services import sessions, visits, workspace
from posyandu.services.sessions import Tally
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs, theme
from posyandu.ui.grid_sheet import row_detail
from posyandu.ui.pages.hari import DaySide, HariPage, RosterModel, row_state
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.widgets.basics import Button, Label, Notice, Row
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
    assert page.opening.main.text() == "Buka Kamis, 12 November 2026"
    assert page.opening.form_view is not None
    page.opening.form_view.fields["kader_present"].take_focus()
    keys("5")
    QTest.mouseClick(page.opening.main, Qt.MouseButton.LeftButton)
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
    noted = sessions.recent(page.desk.ws, page.desk.ws.posyandu_id)[0]
    keys("⌫" * len("111126") + f"{noted.held_on:%d%m%y}")
    assert page.opening.sentence.text() == "Hari itu sudah dicatat: dibuka lagi dengan isinya."
    held_on.set_value(scene.HELD_ON + timedelta(days=2))
    QTest.mouseClick(page.opening.main, Qt.MouseButton.LeftButton)
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


def test_a_day_opened_with_the_wrong_date_is_put_right_with_all_that_was_typed(attending: HariPage) -> None:
    ws = attending.desk.ws
    keys("↓↵")
    day = attending.day
    assert day is not None
    button = attending.attending.bar.findChild(Button, "button:data-hari")
    assert button is not None
    button.click()
    sheet = attending.window().findChild(RecordSheet)
    assert sheet is not None
    assert sheet.view.fields["held_on"].value() == day.held_on
    assert not {"closed", "wrong_tool"} & set(sheet.view.fields)
    before = day.held_on - timedelta(days=1)
    sheet.view.fields["held_on"].set_value(before)
    sheet.view.fields["topic"].set_value("MP-ASI")
    sheet.save()
    found = sessions.get(ws, day.id)
    assert (found.held_on, found.answers["topic"], found.closed) == (before, "MP-ASI", False)
    assert sessions.tally(ws, day.id).present == 1, "who came is still there"
    assert attending.subtitle.startswith(date_text(before))


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
    keys("qoqoq")
    assert attending.attending.nobody.isVisible()
    assert attending.attending.nobody.button is not None
    QTest.mouseClick(attending.attending.nobody.button, Qt.MouseButton.LeftButton)
    assert pages.at(0)[0] == "daftar"
    assert pages.at(0)[1]["name"] == "qoqoq"


def test_attendance_reads_the_list_once_and_judges_nobody(attending: HariPage, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    for name in ("coming", "tally"):
        whole = getattr(sessions, name)
        monkeypatch.setattr(sessions, name, lambda *told, name=name, whole=whole: read.append(name) or whole(*told))
    keys("↓↵")
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
    QApplication.processEvents()
    hint = next(each for each in attending.closing.findChildren(Label) if each.text().startswith("Hari boleh ditutup"))
    card = line.parentWidget()  # type: ignore[attr-defined]
    assert hint.y() - card.geometry().bottom() <= theme.px(14), "it stands under the list it speaks of"
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


# ---------------------------------------------------------------- opening, at its edges


def test_a_first_day_says_that_it_is_the_first(qtbot: QtBot) -> None:
    ws = workspace.in_memory(now=scene.MORNING)
    page = HariPage(scene.desk(ws))
    scene.stand(qtbot, page, 1130, 640)
    page.open()
    said = {each.text(): each for each in page.opening.findChildren(Label)}
    first = said["Belum ada. Ini hari Posyandu yang pertama."]
    scene.settle(qtbot)
    assert first.x() == said["Hari sebelumnya"].x(), "it stands under its title"
    assert page.subtitle == "Belum ada hari Posyandu yang sedang dibuka"
    page.hide()
    ws.close()


def test_place_and_number_of_kader_are_those_of_last_time(page: HariPage) -> None:
    ws = page.desk.ws
    day = sessions.open_day(ws, ws.posyandu_id, scene.HELD_ON - timedelta(days=1), {"place": "Polindes"})
    sessions.close_day(ws, day)
    page.open()
    assert page.opening.form_view is not None
    answers = page.opening.form_view.answers()
    assert (answers["held_on"], answers["place"]) == (scene.HELD_ON, "Polindes")
    kader = next((day.answers["kader_present"] for day in sessions.recent(ws, ws.posyandu_id)
                  if day.answers.get("kader_present")), None)  # fmt: skip
    assert answers.get("kader_present") == kader


def test_days_before_are_listed_newest_first_and_open_by_a_press(page: HariPage) -> None:
    ws = page.desk.ws
    page.open()
    rows = [each for each in page.opening.findChildren(Row) if each.objectName().startswith("day:")]
    rows.sort(key=lambda each: each.y())
    days = [each.objectName().removeprefix("day:") for each in rows]
    assert days == sorted(days, reverse=True)
    assert len(days) == min(6, len(sessions.recent(ws, ws.posyandu_id)))
    assert all(each.chip == ("Ditutup", "neutral") for each in rows)
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert page.stack.currentWidget() is page.closing
    assert page.day is not None
    assert page.day.held_on.isoformat() == days[0]


def test_a_clock_that_is_behind_the_last_day_is_pointed_out(page: HariPage) -> None:
    ws = page.desk.ws
    last = sessions.recent(ws, ws.posyandu_id)[0].held_on
    back = datetime.combine(last - timedelta(days=40), scene.MORNING.timetz())
    ws._clock = lambda: back
    page.open()
    notice = page.opening.findChild(Notice)
    assert notice is not None
    assert notice.label.text().startswith("Jam laptop menunjukkan ")
    assert notice.label.text().endswith("Periksa tanggalnya.")


def test_without_a_date_the_button_asks_for_it_and_opens_nothing(page: HariPage) -> None:
    page.open()
    view = page.opening.form_view
    assert view is not None
    view.fields["held_on"].take_focus()
    view.fields["held_on"].set_value(None)
    view.fields["held_on"].edited.emit("held_on")
    assert page.opening.main.text() == "Buka hari Posyandu"
    assert page.opening.sentence.text() == "Isi tanggalnya dulu."
    QTest.mouseClick(page.opening.main, Qt.MouseButton.LeftButton)
    ws = page.desk.ws
    assert sessions.current(ws, ws.posyandu_id) is None
    assert view.summary.isVisible()


def test_a_date_that_was_noted_already_opens_that_day_again_never_a_second_one(page: HariPage) -> None:
    ws = page.desk.ws
    first = scene.open_day(ws)
    sessions.close_day(ws, first)
    before = len(sessions.recent(ws, ws.posyandu_id))
    page.open()
    QTest.mouseClick(page.opening.main, Qt.MouseButton.LeftButton)
    assert page.day is not None
    assert page.day.id == first
    assert len(sessions.recent(ws, ws.posyandu_id)) == before


# ---------------------------------------------------------------- attending, at its edges


def test_arrows_in_the_box_choose_and_esc_empties_it(attending: HariPage) -> None:
    view = attending.attending
    first, second = view.list.rows_model.rows[:2]
    assert view.list.current_row() is None, "nobody is chosen before somebody is looked for"
    keys("↓↓")
    chosen = view.list.current_row()
    assert chosen is not None
    assert chosen.person_id == second.person_id
    keys("↑↑")
    chosen = view.list.current_row()
    assert chosen is not None
    assert chosen.person_id == first.person_id
    keys("raz⎋")
    assert view.search.text() == ""
    assert len(view.list.rows_model.rows) == len(view.rows)


def test_enter_pressed_twice_notes_only_the_one_whose_name_was_typed(attending: HariPage) -> None:
    view = attending.attending
    wanted = view.rows[3]
    keys(f"{wanted.name.lower()}↵↵↵")
    assert [row.person_id for row in view.rows if row.present] == [wanted.person_id]
    assert view.search.hasFocus(), "the next name may be typed"


def test_a_child_is_found_by_its_mother_after_those_who_bear_the_name(attending: HariPage) -> None:
    view = attending.attending
    child = next(row for row in view.rows if row.mother_name)
    keys(child.mother_name.lower())
    shown = view.list.rows_model.rows
    assert child.person_id in {row.person_id for row in shown}
    bearing = [matches(child.mother_name.lower(), row.name) for row in shown]
    assert bearing == sorted(bearing, reverse=True)


@pytest.mark.parametrize("where", ["roster", "filter:waiting", "tab:all"])
def test_a_name_typed_anywhere_on_the_page_goes_into_the_box(attending: HariPage, where: str) -> None:
    view = attending.attending
    place = attending.findChild(QWidget, where)
    assert place is not None
    place.setFocus()
    wanted = view.rows[4].name.split()[0].lower()
    keys(wanted)
    assert (view.search.text(), view.search.hasFocus()) == (wanted, True)
    assert len(view.list.rows_model.rows) < len(view.rows)
    keys("↵")
    assert view.side.present.text() == "1"


def test_enter_with_nobody_found_marks_nobody(attending: HariPage) -> None:
    keys("qoqoq↵")
    assert attending.attending.side.present.text() == "0"
    assert attending.attending.search.text() == "qoqoq", "the name is still there, to register with"
    keys("abizar")
    assert attending.attending.search.text() == "abizar", "the next name does not hang on to the last"


def test_the_name_nobody_bears_goes_along_to_the_registration_and_leaves_the_box(attending: HariPage) -> None:
    gone = QSignalSpy(attending.desk.page_wanted)
    keys("qoqoq")
    button = attending.attending.bar.findChild(Button, "button:orang-baru")
    assert button is not None
    button.click()
    assert (gone.at(0)[0], gone.at(0)[1]["name"]) == ("daftar", "qoqoq")
    assert attending.attending.search.text() == ""
    assert len(attending.attending.list.rows_model.rows) == len(attending.attending.rows)


def test_waiting_and_come_part_the_list(attending: HariPage) -> None:
    view = attending.attending
    keys("↓↵")
    everybody = len(view.rows)
    QTest.mouseClick(view.filter.buttons["waiting"], Qt.MouseButton.LeftButton)
    waiting = len(view.list.rows_model.rows)
    QTest.mouseClick(view.filter.buttons["came"], Qt.MouseButton.LeftButton)
    assert (waiting, len(view.list.rows_model.rows)) == (everybody - 1, 1)
    QTest.mouseClick(view.filter.buttons["all"], Qt.MouseButton.LeftButton)
    assert len(view.list.rows_model.rows) == everybody


def test_who_has_no_visit_of_the_day_opens_the_card(attending: HariPage) -> None:
    view = attending.attending
    pages = QSignalSpy(attending.desk.page_wanted)
    view._open_visit(replace(view.rows[0], form=None))
    assert pages.at(0)[:2] == ["kartu", {"person_id": view.rows[0].person_id}]


@pytest.mark.parametrize(
    ("tab", "page_name"),
    [("all", "under_five"), ("infant", "under_five"), ("pregnant", "pregnant"), ("postpartum", "postpartum"),
     ("other", "adult")],
)  # fmt: skip
def test_the_register_opens_on_the_page_of_the_group_in_view(attending: HariPage, tab: str, page_name: str) -> None:
    pages = QSignalSpy(attending.desk.page_wanted)
    attending.attending.tab = tab
    attending.attending._go_grid()
    assert pages.at(0)[1]["page"] == page_name


def test_one_who_is_absent_with_a_reason_is_counted_apart_and_may_still_come(attending: HariPage) -> None:
    view = attending.attending
    row = view.list.rows_model.rows[0]
    sessions.mark_absent(attending.desk.ws, view.session_id, row.person_id, "sick")
    attending.desk.announce("attendance")
    now = next(each for each in view.rows if each.person_id == row.person_id)
    assert now.present is False
    assert view.side.absent.text() == "1"
    assert row_state(now) != ""
    assert not attending.grab().isNull()
    keys("↓↵")
    now = next(each for each in view.rows if each.person_id == row.person_id)
    assert (now.present, view.side.absent.text(), view.side.present.text()) == (True, "0", "1")


def test_a_narrow_window_gives_the_room_to_the_names(attending: HariPage) -> None:
    assert attending.attending.beside.isVisible()
    attending.resize(700, 640)
    assert not attending.attending.beside.isVisible()
    attending.resize(1130, 640)
    assert attending.attending.beside.isVisible()
    QApplication.processEvents()
    side = attending.attending.side
    edge = side.mapTo(attending, side.rect().topRight()).x()
    assert attending.width() - 1 - edge == theme.px(theme.PAGE_MARGIN), "it ends where the search box above it does"


def test_what_is_typed_in_the_box_stays_when_others_save(attending: HariPage) -> None:
    view = attending.attending
    name = view.rows[3].name.split()[0].lower()
    keys(name)
    shown = [row.person_id for row in view.list.rows_model.rows]
    other = next(row for row in view.rows if row.person_id not in shown)
    sessions.mark_present(attending.desk.ws, view.session_id, other.person_id)
    attending.desk.announce("attendance")
    assert view.search.text() == name
    assert [row.person_id for row in view.list.rows_model.rows] == shown
    assert view.side.present.text() == "1"


@pytest.mark.parametrize(
    ("step", "words"), [(1, "Ukur"), (2, "Catat"), (3, "Layanan"), (4, "Penyuluhan"), (5, "Selesai")]
)
def test_a_row_says_what_comes_next(attending: HariPage, step: int, words: str) -> None:
    row = replace(attending.attending.rows[0], present=True, step=step)
    assert row_state(row) == words


def test_a_child_is_told_with_its_mother_and_an_adult_without(attending: HariPage) -> None:
    rows = attending.attending.rows
    child = next(row for row in rows if row.group in (Group.INFANT, Group.UNDER_FIVE) and row.mother_name)
    assert f"Ibu {child.mother_name}" in row_detail(child)
    grown = next(row for row in rows if row.group is Group.ELDERLY)
    assert "Ibu " not in row_detail(replace(grown, mother_name="Sahnim"))
    assert row_detail(replace(grown, group=None, age_text="", address_line="")) == ""


# ---------------------------------------------------------------- closing, at its edges


def test_nothing_to_look_at_is_said_in_words(attending: HariPage, qtbot: QtBot) -> None:
    attending.check_before_closing()
    attending.closing._show_found(((), sessions.tally(attending.desk.ws, attending.attending.session_id)))
    notice = attending.closing.findChild(Notice)
    assert notice is not None
    assert notice.label.text() == "Semua sudah lengkap. Hari ini bisa ditutup."
    jobs.wait(5000)


def test_back_from_the_checks_leads_to_the_list_and_nothing_is_closed(attending: HariPage) -> None:
    attending.check_before_closing()
    back = attending.closing.bar.findChild(Button, "button:kembali")
    assert back is not None
    back.click()
    assert attending.stack.currentWidget() is attending.attending
    ws = attending.desk.ws
    assert sessions.current(ws, ws.posyandu_id) is not None
    jobs.wait(5000)


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [("button:laporan", "laporan"), ("button:register", "grid"), ("button:bahan-bicara", "laporan")],
)
def test_a_closed_day_leads_on(attending: HariPage, button: str, leads_to: str) -> None:
    ws = attending.desk.ws
    day = attending.attending.session_id
    scene.close_today(ws)
    attending.open(session_id=day)
    pages = QSignalSpy(attending.desk.page_wanted)
    found = attending.closing.bar.findChild(Button, button)
    assert found is not None
    found.click()
    assert pages.at(0)[0] == leads_to
    if button == "button:bahan-bicara":
        assert pages.at(0)[1] == {"kind": "pokok_bicara", "month": Month(2026, 11)}
    jobs.wait(5000)


def test_a_closed_day_counts_and_offers_a_new_one(attending: HariPage, qtbot: QtBot) -> None:
    keys("↓↵")
    ws = attending.desk.ws
    day = attending.attending.session_id
    scene.close_today(ws)
    attending.open(session_id=day)
    assert [label.text() for label in attending.closing.numbers] == ["\N{EN DASH}"] * 4, "not 0 while it is counted"
    qtbot.waitUntil(lambda: attending.closing.numbers[0].text() == "1")
    assert attending.subtitle == "Kamis, 12 November 2026"
    new = attending.closing.bar.findChild(Button, "button:hari-baru")
    assert new is not None
    new.click()
    assert attending.stack.currentWidget() is attending.opening


def test_the_copy_at_the_end_of_the_day_says_when_or_why_not(attending: HariPage) -> None:
    toasts = QSignalSpy(attending.desk.toast_wanted)
    closing = attending.closing
    closing._back_up()
    assert toasts.count() == 0, "a book in memory has no copy"
    assert attending.desk.ws.folder is None


def test_tally_shows_a_dash_until_referrals_are_known() -> None:
    side = DaySide()
    side.show_to_refer(None)
    assert (side.refer_chip.text(), side.refer_chip.level) == ("\N{EN DASH}", "neutral")
    side.show_to_refer(0)
    assert (side.refer_chip.text(), side.refer_chip.level) == ("0", "neutral")
    side.show_to_refer(3)
    assert (side.refer_chip.text(), side.refer_chip.level) == ("3", "bad")


def test_a_day_nobody_came_to_has_empty_bars() -> None:
    side = DaySide()
    side.show_tally(Tally(present=0, targets=0, absent=0, steps=(0, 0, 0, 0, 0), to_refer=0))
    assert side.meter.part == 0
    assert [meter.part for _count, meter in side.steps] == [0] * 5
    side.show_tally(Tally(present=4, targets=8, absent=1, steps=(4, 3, 2, 1, 0), to_refer=None))
    assert side.meter.part == 0.5
    assert [meter.part for _count, meter in side.steps] == [1, 0.75, 0.5, 0.25, 0]
    assert side.targets.text() == "hadir dari 8 sasaran"
