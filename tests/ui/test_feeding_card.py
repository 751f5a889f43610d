"""MT on the card with real keys: the proposal, starting, a week with "Habis semua", the end, undo."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms.feeding import DAYS, FEEDING
from posyandu.services import feeding, people, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.ui.feeding_card import FeedingCard, asked_of, week_words
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kartu import KartuPage
from posyandu.ui.record_sheet import RecordSheet
from tests.services.melati import CHILD
from tests.ui.scene import keys, settle
from tests.ui.test_keluarga import press


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> KartuPage:
    """The card of a boy of sixteen months who is wasted."""
    assert window.shell is not None
    settle(qtbot)
    ws = window.shell.desk.ws
    raka = people.register(ws, {"name": "Raka Kurus", "sex": "male", "born_on": ws.today() - timedelta(days=495)})
    day = sessions.current(ws, ws.posyandu_id)
    session_id = day.id if day else sessions.open_day(ws, ws.posyandu_id, ws.today(), {})
    visits.record(ws, CHILD, session_id, raka, {"weight_g": 8_700, "length_mm": 795, "position": "lying"})
    window.shell.desk.go("kartu", person_id=raka)
    settle(qtbot)
    found = window.shell.page("kartu")
    found.finish_building()
    return found


def card(page: KartuPage) -> FeedingCard:
    """The card that stands; one that was shown before may still be on its way out."""
    page.finish_building()
    return next(each for each in page.findChildren(FeedingCard) if each.isVisible())


def offered(page: KartuPage, qtbot: QtBot, name: str) -> QAbstractButton:
    """A button of the card, once the card shows what was saved."""

    def found() -> QAbstractButton | None:
        page.finish_building()
        buttons = [each for each in page.findChildren(QAbstractButton, name) if each.isVisible()]
        return buttons[0] if buttons else None

    qtbot.waitUntil(lambda: found() is not None, timeout=10_000)
    button = found()
    assert button is not None
    return button


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def sheet(page: KartuPage) -> RecordSheet:
    return next(each for each in page.window().findChildren(RecordSheet) if each.isVisible())


def ws_of(page: KartuPage) -> Workspace:
    return page.desk.ws


def test_the_card_says_why_and_how_long_and_begins_with_one_press(page: KartuPage, qtbot: QtBot) -> None:
    assert "Balita gizi kurang (BB/TB): beri MT 56 hari." in words(card(page))
    offered(page, qtbot, "button:mulai-mt").click()
    opened = sheet(page)
    assert opened.view.answers()["reason"] == "wasted"
    assert opened.view.answers()["planned_days"] == 56
    assert opened.view.answers()["weight_g"] == 8_700
    assert "ended_on" not in opened.view.fields, "the end is asked at the end"
    opened.save()
    settle(qtbot)
    (found,) = feeding.of_person(ws_of(page), page.person_id)
    assert (found.course.state, found.course.planned_days) == ("running", 56)
    assert offered(page, qtbot, f"mt:{found.record_id}")


def test_a_week_is_noted_with_one_press_and_undone(page: KartuPage, qtbot: QtBot) -> None:
    ws = ws_of(page)
    programme, _op = feeding.save(
        ws, page.person_id, {"visited_on": ws.today() - timedelta(days=8), "reason": "wasted", "weight_g": 8_700}
    )
    page.desk.announce("feeding")
    settle(qtbot)
    offered(page, qtbot, "button:minggu-mt").click()
    opened = sheet(page)
    assert opened.view.answers()["week"] == 1
    press(opened, "button:semua")
    keys("↵")
    settle(qtbot)
    (found,) = feeding.of_person(ws, page.person_id)
    assert (found.course.eaten, found.course.told, found.course.due_weeks) == (7, 7, ())
    assert offered(page, qtbot, "mt-minggu:1")
    assert feeding.of_person(ws, page.person_id)[0].record_id == programme


def test_the_end_asks_for_day_result_and_measures_only(page: KartuPage, qtbot: QtBot) -> None:
    ws = ws_of(page)
    feeding.save(ws, page.person_id, {"visited_on": ws.today() - timedelta(days=70), "reason": "wasted"})
    page.desk.announce("feeding")
    settle(qtbot)
    end = offered(page, qtbot, "button:akhiri-mt")
    assert not card(page).findChildren(QAbstractButton, "button:minggu-mt"), "its time is over"
    end.click()
    opened = sheet(page)
    assert set(opened.view.fields) == {"ended_on", "result", "weight_after_g", "muac_after_mm", "note"}
    assert opened.view.answers()["ended_on"] == ws.today() - timedelta(days=15)
    opened.view.set_answers({**opened.view.answers(), "result": "recovered", "weight_after_g": 9_600})
    opened.save()
    settle(qtbot)
    (found,) = feeding.of_person(ws, page.person_id)
    assert (found.course.state, found.answers["weight_after_g"]) == ("ended", 9_600)


def test_a_second_programme_is_refused_in_words_on_the_sheet(page: KartuPage, qtbot: QtBot) -> None:
    ws = ws_of(page)
    opened = card(page).start()
    feeding.save(ws, page.person_id, {"visited_on": ws.today(), "reason": "wasted"})
    opened.save()
    assert opened.isVisible()
    assert "Akhiri dahulu program MT" in words(opened)
    opened.reject()
    settle(qtbot)


def test_a_programme_noted_by_mistake_is_taken_away(page: KartuPage, qtbot: QtBot) -> None:
    ws = ws_of(page)
    programme, _op = feeding.save(ws, page.person_id, {"visited_on": ws.today(), "reason": "wasted"})
    page.desk.announce("feeding")
    settle(qtbot)
    offered(page, qtbot, f"mt:{programme}").click()
    press(sheet(page), "button:hapus")
    settle(qtbot)
    assert feeding.of_person(ws, page.person_id) == []
    offered(page, qtbot, "button:mulai-mt")
    assert "beri MT 56 hari" in words(card(page))


@pytest.mark.parametrize(
    ("week", "wanted"),
    [
        ({"week": 1}, "dicatat"),
        ({"week": 1, "day_1": True, "day_2": False, "weight_g": 9_200}, "1 dari 2 hari habis, 9,2 kg"),
        (dict.fromkeys(DAYS, True), "7 dari 7 hari habis"),
    ],
)
def test_a_week_is_told_in_a_line(week: dict[str, int], wanted: str) -> None:
    assert week_words(week) == wanted


def test_an_adult_has_no_such_card(page: KartuPage, qtbot: QtBot) -> None:
    ws = ws_of(page)
    man = people.register(ws, {"name": "Budi", "sex": "male", "born_on": ws.today() - timedelta(days=40 * 365)})
    page.desk.go("kartu", person_id=man)
    settle(qtbot)
    page.finish_building()
    assert not [each for each in page.findChildren(FeedingCard) if each.isVisible()]


def test_a_child_is_offered_no_reason_of_a_pregnancy_and_the_other_way_round() -> None:
    def reasons(visit: str) -> set[str]:
        return {option.code for option in asked_of(visit).fields["reason"].options}  # type: ignore[attr-defined]

    assert reasons("under_five_visit") == {"wasted", "underweight", "not_gained"}
    assert reasons("pregnancy_visit") == {"pregnant_kek", "pregnant_thin"}
    assert asked_of("under_five_visit").fields.keys() == FEEDING.fields.keys()
