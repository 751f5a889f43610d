"""The first page: what it says before, during and after a posyandu day, and where each of its lines leads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.services import posts, review, sessions, tasks, workspace
from posyandu.services.lists import LISTS
from posyandu.services.workspace import Workspace
from posyandu.ui import theme
from posyandu.ui.pages import beranda
from posyandu.ui.pages.beranda import BerandaPage, StepButton, greeting, next_opening
from posyandu.ui.widgets.basics import Button, Chip, EmptyState, Label, Row
from tests.ui import scene


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=2)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[BerandaPage]:
    made = BerandaPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 690)
    yield made
    made.hide()


def opened(qtbot: QtBot, page: BerandaPage) -> BerandaPage:
    page.open()
    scene.settle(qtbot)
    return page


def words(widget: QWidget) -> list[str]:
    """What stands on a card, from top to bottom."""
    labels = [each for each in widget.findChildren(Label) if each.isVisible() and each.text()]
    labels.sort(key=lambda each: (each.mapTo(widget, each.rect().topLeft()).y(), each.x()))
    return [each.text() for each in labels]


def press(page: BerandaPage, name: str) -> None:
    found = [each for each in page.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def button_words(page: BerandaPage) -> list[str]:
    return [each.text() for each in page.day_card.findChildren(Button) if each.isVisible()]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Selamat pagi, {name}"),
        (10, "Selamat pagi, {name}"),
        (11, "Selamat siang, {name}"),
        (14, "Selamat siang, {name}"),
        (15, "Selamat sore, {name}"),
        (17, "Selamat sore, {name}"),
        (18, "Selamat malam, {name}"),
        (23, "Selamat malam, {name}"),
    ],
)
def test_the_greeting_follows_the_clock(hour: int, words: str) -> None:
    assert greeting(hour) == words


@pytest.mark.parametrize(
    ("day", "after", "when"),
    [
        (12, date(2026, 11, 11), date(2026, 11, 12)),
        (12, date(2026, 11, 12), date(2026, 12, 12)),
        (5, date(2026, 12, 6), date(2027, 1, 5)),
        (31, date(2026, 11, 12), date(2026, 11, 30)),
        (31, date(2026, 11, 30), date(2026, 12, 31)),
        (30, date(2027, 2, 1), date(2027, 2, 28)),
        (29, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_next_opening_is_the_posts_day_of_the_month_or_its_last(day: int, after: date, when: date) -> None:
    assert next_opening(day, after) == when


@pytest.mark.parametrize(("n", "said"), [(1, "Satu"), (5, "Lima"), (9, "Sembilan"), (10, "10"), (0, "0")])
def test_a_few_kader_are_counted_in_words(n: int, said: str) -> None:
    assert beranda._in_words(n) == said


def test_the_head_greets_by_name_and_says_the_day(page: BerandaPage) -> None:
    assert page.title == f"Selamat pagi, {page.desk.ws.worker.name}"
    assert page.subtitle == "Kamis, 12 November 2026"


# ---------------------------------------------------------------- no day is open


def test_before_the_day_the_last_one_is_told_and_the_new_one_offered(qtbot: QtBot, page: BerandaPage) -> None:
    opened(qtbot, page)
    last = sessions.recent(page.desk.ws, page.desk.ws.posyandu_id)[0]
    tally = sessions.tally(page.desk.ws, last.id)
    said = words(page.day_card)
    assert said[0] == "Belum ada hari Posyandu yang dibuka"
    assert said[1].startswith("Terakhir ")
    assert str(tally.present) in said
    assert f"hadir dari {tally.targets} sasaran" in said
    assert button_words(page) == ["Buka hari Posyandu", "Daftarkan sasaran"]
    assert page.first_focus() is page.findChild(QWidget, "button:buka-hari")
    empty = page.queue_card.findChild(EmptyState)
    assert empty is not None
    assert empty.label.text() == "Antrean tampak di sini saat hari Posyandu dibuka."
    assert page.queue_card.action is not None
    assert not page.queue_card.action.isVisible()


def test_a_new_book_is_told_to_begin_with_its_people(qtbot: QtBot) -> None:
    ws = workspace.in_memory(now=scene.MORNING)
    page = BerandaPage(scene.desk(ws))
    scene.stand(qtbot, page, 1130, 690)
    opened(qtbot, page)
    assert words(page.day_card)[1].startswith("Daftarkan sasaran dulu")
    safe = words(page.safe_card)
    assert safe == ["Buat cadangan", "Belum ada cadangan. Simpan ke flashdisk setelah hari Posyandu."]
    assert page.safe_card.tile.level == "warn"
    page.hide()
    ws.close()


@pytest.mark.parametrize(("name", "leads_to"), [("button:buka-hari", "hari"), ("button:daftar", "daftar")])
def test_the_buttons_before_a_day_lead_on(qtbot: QtBot, page: BerandaPage, name: str, leads_to: str) -> None:
    opened(qtbot, page)
    pages = QSignalSpy(page.desk.page_wanted)
    press(page, name)
    assert pages.at(0)[0] == leads_to


# ---------------------------------------------------------------- during the day


@pytest.fixture
def running(qtbot: QtBot, page: BerandaPage) -> BerandaPage:
    """A day with seven people, some further than others; the first is done."""
    ws = page.desk.ws
    day = scene.open_day(ws)
    for place, row in enumerate(sessions.roster(ws, day, None)[:7]):
        sessions.mark_present(ws, day, row.person_id)
        sessions.set_step(ws, day, row.person_id, (5, 1, 2, 3, 4, 1, 1)[place])
    return opened(qtbot, page)


def test_during_the_day_each_step_counts_who_has_passed_it(running: BerandaPage) -> None:
    steps = [each for each in running.findChildren(StepButton) if each.isVisible()]
    steps.sort(key=lambda each: each.x())
    assert [each._count for each in steps] == ["7", "4", "3", "2", "1"]
    assert [each.accessibleName() for each in steps] == [
        "1. Daftar: 7 orang", "2. Ukur: 4 orang", "3. Catat: 3 orang", "4. Layanan: 2 orang", "5. Penyuluhan: 1 orang",
    ]  # fmt: skip
    chip = running.day_card.findChild(Chip)
    assert chip is not None
    assert chip.text().startswith("7 dari ")
    assert running.day_card.findChild(Label).text() == "Hari Posyandu sedang berjalan"  # type: ignore[union-attr]


def test_a_step_opens_the_names_of_those_who_passed_it(running: BerandaPage) -> None:
    names = QSignalSpy(running.desk.names_wanted)
    press(running, "langkah:4")
    title, people = names.at(0)[:2]
    assert title == "Layanan: sudah selesai"
    assert len(people) == 2
    ws = running.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    rows = {row.person_id: row for row in sessions.roster(ws, day.id, None)}
    assert all(rows[person.id].step >= 4 and person.name == rows[person.id].name for person in people)


def test_the_queue_holds_who_is_not_done_in_the_order_of_their_tickets(running: BerandaPage) -> None:
    rows = [each for each in running.queue_card.findChildren(Row) if each.isVisible()]
    rows.sort(key=lambda each: each.y())
    ws = running.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    roster = {f"antrean:{row.person_id}": row for row in sessions.roster(ws, day.id, None)}
    tickets = [roster[each.objectName()].queue_number for each in rows]
    assert tickets == sorted(tickets)  # type: ignore[type-var]
    assert all(roster[each.objectName()].step < 5 for each in rows)
    assert [each.chip for each in rows][:2] == [("Ukur", "info"), ("Catat", "neutral")]


def test_a_line_of_the_queue_opens_the_visit_with_its_day(running: BerandaPage) -> None:
    ws = running.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    rows = {row.person_id: row for row in sessions.roster(ws, day.id, None)}
    shown = [each for each in running.queue_card.findChildren(Row) if each.isVisible()]
    line = next(each for each in shown if rows[each.objectName().split(":")[1]].form)
    pages = QSignalSpy(running.desk.page_wanted)
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    person = line.objectName().split(":")[1]
    assert pages.at(0)[0] == "kunjungan"
    assert pages.at(0)[1] == {"person_id": person, "session_id": day.id}


def test_somebody_without_a_visit_of_this_age_opens_the_card(running: BerandaPage) -> None:
    pages = QSignalSpy(running.desk.page_wanted)
    running._open_visit(SimpleNamespace(person_id="somebody", form=None))
    assert pages.at(0)[:2] == ["kartu", {"person_id": "somebody"}]


@pytest.mark.parametrize(
    ("name", "leads_to", "with_"),
    [
        ("button:lanjutkan", "hari", {}),
        ("button:tutup-hari", "hari", {"close": True}),
    ],
)
def test_the_buttons_of_a_running_day_lead_on(
    running: BerandaPage, name: str, leads_to: str, with_: dict[str, object]
) -> None:
    pages = QSignalSpy(running.desk.page_wanted)
    press(running, name)
    assert pages.at(0)[:2] == [leads_to, with_]


def test_the_register_is_opened_for_the_day_that_runs(running: BerandaPage) -> None:
    ws = running.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    pages = QSignalSpy(running.desk.page_wanted)
    press(running, "button:register")
    assert pages.at(0)[:2] == ["grid", {"session_id": day.id}]


def test_a_day_of_last_month_that_was_never_closed_says_so(qtbot: QtBot, page: BerandaPage) -> None:
    ws = page.desk.ws
    before = scene.HELD_ON - timedelta(days=9)
    sessions.open_day(ws, ws.posyandu_id, before, {"kader_present": 4, "place": "Balai Banjar"})
    opened(qtbot, page)
    assert words(page.day_card)[1] == "Selasa, 3 November 2026 di Balai Banjar. Empat kader bertugas. Belum ditutup."


def test_today_in_a_place_says_both(qtbot: QtBot, page: BerandaPage) -> None:
    ws = page.desk.ws
    sessions.open_day(ws, ws.posyandu_id, scene.HELD_ON, {"place": "Balai Banjar"})
    opened(qtbot, page)
    assert words(page.day_card)[1] == "Hari ini di Balai Banjar."


def test_with_nobody_there_the_queue_says_what_will_stand_in_it(qtbot: QtBot, page: BerandaPage) -> None:
    scene.open_day(page.desk.ws)
    opened(qtbot, page)
    empty = page.queue_card.findChild(EmptyState)
    assert empty is not None
    assert empty.label.text() == "Belum ada yang menunggu. Yang hadir akan tampak di sini."


def test_the_queue_never_needs_scrolling_and_shows_three_at_the_least(running: BerandaPage, qtbot: QtBot) -> None:
    def lines() -> int:
        return len([each for each in running.queue_card.findChildren(Row) if each.isVisible()])

    qtbot.waitUntil(lambda: lines() > 3)  # on a busy machine the new lines are shown a turn later
    running.resize(1130, 480)
    qtbot.waitUntil(lambda: lines() == 3)


# ---------------------------------------------------------------- attention, next day, safety


def test_a_question_of_the_midwife_stands_first_and_opens_its_month(qtbot: QtBot, page: BerandaPage) -> None:
    ws = page.desk.ws
    review.say(ws, ws.posyandu_id, Month(2026, 10), "question", "Berat Raka 96 kg, benar?")
    opened(qtbot, page)
    rows = [each for each in page.attention_card.findChildren(Row) if each.isVisible()]
    rows.sort(key=lambda each: each.y())
    assert rows[0].objectName() == "perhatian:pertanyaan"
    assert rows[0].number == "1"
    assert rows[0].detail == "Sari, Kader: Berat Raka 96 kg, benar?"
    pages = QSignalSpy(page.desk.page_wanted)
    QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert pages.at(0)[:2] == ["sahkan", {"step": "tanya", "month": Month(2026, 10)}]


def test_no_more_than_five_lists_stand_here_the_rest_are_one_press_away(qtbot: QtBot, page: BerandaPage) -> None:
    opened(qtbot, page)
    lists = tuple(
        SimpleNamespace(code=f"list{n}", title=f"Daftar {n}", errand="", level="warn", tasks=(1,) * n)
        for n in range(1, 9)
    )
    page._show_attention(lists)
    places = range(page.attention_rows.count())
    rows = [row for place in places if isinstance(row := page.attention_rows.itemAt(place).widget(), Row)]
    assert [each.number for each in rows] == ["1", "2", "3", "4", "5"]
    more = page.findChild(Button, "perhatian:lain")
    assert more is not None
    assert more.text() == "3 daftar lain"
    pages = QSignalSpy(page.desk.page_wanted)
    more.click()
    rows[2].click()
    assert pages.at(0)[:2] == ["tindak_lanjut", {}]
    assert pages.at(1)[:2] == ["tindak_lanjut", {"code": "list3"}]


@pytest.mark.parametrize("high", [690, 618, 576])
def test_the_long_words_about_the_copy_take_a_line_of_the_lists_and_nothing_scrolls(
    qtbot: QtBot, page: BerandaPage, high: int
) -> None:
    opened(qtbot, page)
    page.resize(1158, high)
    scene.settle(qtbot)
    look = beranda.look_at(page.desk.ws, page.desk.ws.posyandu_id)
    lists = tuple(
        SimpleNamespace(code=f"list{n}", title=f"Daftar {n}", errand="Ajak ke bidan", level="warn", tasks=(1,))
        for n in range(8)
    )
    page._look = replace(look, attention=lists)  # type: ignore[arg-type]
    page._lay_out_again()
    last = SimpleNamespace(at=page.desk.ws.now() - timedelta(days=3), path="")
    page._safety_known((last, SimpleNamespace(state="waiting", waiting=128), True))
    scene.settle(qtbot)
    told = [each.text() for each in page.safe_card.findChildren(Label)]
    assert "Cadangan itu di laptop ini juga" in told[1]
    assert page.view.verticalScrollBar().maximum() == 0
    rows = [each for each in page.attention_card.findChildren(Row) if each.isVisible()]
    assert len(rows) == {690: 5, 618: 4, 576: 3}[high]
    more = page.findChildren(Button, "perhatian:lain")[-1]
    assert more.text() == f"{8 - len(rows)} daftar lain"


def test_each_list_says_in_whole_words_what_is_to_be_done(qtbot: QtBot, page: BerandaPage) -> None:
    opened(qtbot, page)
    task = SimpleNamespace(errand="ajak ke bidan atau Puskesmas")
    kept = tasks.TaskList("muac", "Lingkar lengan kecil", "", "bad", (task,) * 20)  # type: ignore[arg-type]
    page._show_attention((kept,))
    row = page.findChild(Row, "perhatian:muac")
    assert row is not None
    assert row.detail == "Ajak ke bidan atau Puskesmas"
    letters = QFontMetrics(theme.font("small"))
    for kind in LISTS.values():
        assert letters.horizontalAdvance(kind.errand) < 228, f"{kind.errand} is cut off beside a number of two digits"


def test_while_lists_are_counted_nothing_is_claimed_and_none_is_said_in_words(page: BerandaPage) -> None:
    page._show_attention(None)
    assert page.attention_rows.count() == 0
    page._show_attention(())
    empty = page.attention_card.findChild(EmptyState)
    assert empty is not None
    assert empty.label.text() == "Tidak ada yang perlu perhatian khusus bulan ini."


def test_the_next_day_is_told_where_the_post_has_one(qtbot: QtBot, page: BerandaPage) -> None:
    ws = page.desk.ws
    posts.correct_post(ws, ws.posyandu_id, {"open_day": 18, "address": "Dusun Timur"})
    opened(qtbot, page)
    assert words(page.next_card) == ["Berikutnya Rabu, 18 November", "Dusun Timur"]
    posts.correct_post(ws, ws.posyandu_id, {"open_day": None})
    opened(qtbot, page)
    assert not page.next_card.isVisible()


def test_the_day_that_is_open_is_not_its_own_next_one(qtbot: QtBot, page: BerandaPage) -> None:
    ws = page.desk.ws
    posts.correct_post(ws, ws.posyandu_id, {"open_day": 12})
    opened(qtbot, page)
    assert words(page.next_card)[0] == "Berikutnya Kamis, 12 November"
    scene.open_day(ws)
    opened(qtbot, page)
    assert words(page.next_card)[0] == "Berikutnya Sabtu, 12 Desember"


@pytest.mark.parametrize(
    ("days", "waiting", "state", "here", "head", "text", "level"),
    [
        (0, 0, "confirmed", False, "Data aman", "Cadangan terakhir", "ok"),
        (31, 0, "confirmed", False, "Data aman", "Cadangan terakhir", "ok"),
        (32, 0, "confirmed", False, "Buat cadangan", "Cadangan terakhir", "warn"),
        (2, 7, "waiting", False, "Data aman", "7 catatan akan dikirim saat ada internet.", "ok"),
        (2, 7, "not_enrolled", False, "Data aman", "Cadangan terakhir", "ok"),
        (None, 3, "offline", False, "Buat cadangan", "3 catatan akan dikirim saat ada internet.", "warn"),
        (0, 7, "not_enrolled", True, "Buat cadangan", "Cadangan itu di laptop ini juga. Simpan ke flashdisk.", "warn"),
        (0, 7, "waiting", True, "Buat cadangan", "di laptop ini juga", "warn"),
        (0, 0, "confirmed", True, "Data aman", "Cadangan terakhir", "ok"),
    ],
)
def test_safety_is_said_by_the_age_of_the_copy_where_it_lies_and_what_waits(
    page: BerandaPage, days: int | None, waiting: int, state: str, here: bool, head: str, text: str, level: str
) -> None:
    now: datetime = page.desk.ws.now()
    last = None if days is None else SimpleNamespace(at=now - timedelta(days=days))
    page._safety_known((last, SimpleNamespace(waiting=waiting, state=state), here))
    assert page.safe_card.head.text() == head
    assert text in page.safe_card.text.text()
    assert ("dikirim" in page.safe_card.text.text()) is (waiting > 0 and state != "not_enrolled")
    assert page.safe_card.tile.level == level


# ---------------------------------------------------------------- the window around it


def test_one_column_in_a_narrow_window_and_two_again(qtbot: QtBot, page: BerandaPage) -> None:
    opened(qtbot, page)
    beside = page.attention_card.mapTo(page, page.attention_card.rect().topLeft())
    assert beside.x() > page.day_card.width()
    page.resize(800, 690)
    scene.settle(qtbot)
    below = page.attention_card.mapTo(page, page.attention_card.rect().topLeft())
    assert below.x() == page.day_card.mapTo(page, page.day_card.rect().topLeft()).x()
    page.resize(1130, 690)
    scene.settle(qtbot)
    assert page.attention_card.mapTo(page, page.attention_card.rect().topLeft()).x() == beside.x()


def test_the_quiet_button_goes_below_where_the_window_is_narrow(running: BerandaPage, qtbot: QtBot) -> None:
    def tops() -> set[int]:
        shown = [each for each in running.day_card.findChildren(Button) if each.isVisible()]
        return {each.mapTo(running, each.rect().topLeft()).y() for each in shown}

    assert len(tops()) == 1
    running.resize(900, 690)
    qtbot.waitUntil(lambda: len(tops()) == 2)


def test_what_is_saved_elsewhere_is_counted_anew_and_the_keys_stay_where_they_were(
    running: BerandaPage, qtbot: QtBot
) -> None:
    ws = running.desk.ws
    button = running.findChild(Button, "button:register")
    assert button is not None
    button.setFocus()
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    row = next(row for row in sessions.roster(ws, day.id, None) if not row.present)
    sessions.mark_present(ws, day.id, row.person_id)
    running.desk.announce("attendance")
    scene.settle(qtbot)
    steps = [each for each in running.findChildren(StepButton) if each.isVisible()]
    assert min(steps, key=lambda each: each.x())._count == "8"
    focus = running.window().focusWidget()
    assert focus is not None
    assert focus.objectName() == "button:register"


def test_a_page_out_of_view_counts_nothing(running: BerandaPage) -> None:
    running.hide()
    shown = running._look
    running.desk.announce("attendance")
    assert running._job is None
    assert running._look is shown
