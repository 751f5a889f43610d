"""The list of months: offered as of today, also in a window that stood open over the turn of the month."""

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.services.workspace import WITA
from posyandu.ui import theme
from posyandu.ui.pages.posyandu_kita import PosyanduKitaPage
from posyandu.ui.pages.tukar import TukarPage
from posyandu.ui.widgets.picker import MonthPicker, Picker
from tests.ui import scene


class Clock:
    """Says what day it is, as told."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> date:
        return self.day


def picker(qtbot: QtBot, clock: Clock, from_day: int = 1) -> MonthPicker:
    made = MonthPicker(clock, accessible="Bulan", back=3, from_day=from_day)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("day", "from_day", "offered"),
    [
        (date(2026, 11, 1), 1, Month(2026, 11)),
        (date(2026, 11, 9), 10, Month(2026, 10)),
        (date(2026, 11, 10), 10, Month(2026, 11)),
        (date(2027, 1, 3), 10, Month(2026, 12)),
    ],
)
def test_the_month_offered_is_this_one_or_before_the_day_of_reports_the_last(
    qtbot: QtBot, day: date, from_day: int, offered: Month
) -> None:
    assert picker(qtbot, Clock(day), from_day).month() == offered


def test_over_the_turn_of_the_month_the_new_one_is_offered_and_nobody_is_told(qtbot: QtBot) -> None:
    clock = Clock(date(2026, 11, 30))
    months = picker(qtbot, clock)
    clock.day = date(2026, 12, 1)
    with qtbot.assertNotEmitted(months.currentIndexChanged):
        months.renew()
    assert months.month() == Month(2026, 12)
    assert [months.itemText(place) for place in range(months.count())] == [
        "Desember 2026",
        "November 2026",
        "Oktober 2026",
    ]


def test_a_month_chosen_by_hand_stays_as_long_as_it_is_in_the_list(qtbot: QtBot) -> None:
    clock = Clock(date(2026, 11, 30))
    months = picker(qtbot, clock)
    months.setCurrentIndex(1)
    clock.day = date(2026, 12, 1)
    months.renew()
    assert months.month() == Month(2026, 10)
    months.renew(Month(2026, 11))
    assert months.month() == Month(2026, 11)
    months.renew(Month(2020, 1))
    assert months.month() == Month(2026, 12), "one that is not in the list is not chosen"


@pytest.mark.parametrize(("kind", "offered"), [(TukarPage, Month(2026, 12)), (PosyanduKitaPage, Month(2027, 1))])
def test_a_page_come_back_to_next_year_offers_the_months_until_then(
    qtbot: QtBot, kind: type[TukarPage | PosyanduKitaPage], offered: Month
) -> None:
    ws = scene.village_book(months=1)
    page = kind(scene.desk(ws))
    qtbot.addWidget(page)
    ws.keep_time_by(lambda: datetime(2027, 1, 4, 8, tzinfo=WITA))
    page.open()
    assert page.month() == offered
    assert page.month_picker.itemText(0) == "Januari 2027"
    scene.settle(qtbot)
    ws.close()


def test_an_open_list_stands_below_its_box_with_lines_for_a_finger_and_has_a_name(qtbot: QtBot) -> None:
    picker = Picker([(place, f"Laporan {place}") for place in range(24)], name="jenis", accessible="Jenis laporan")
    scene.stand(qtbot, picker)
    picker.set_value(3)
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    view = picker.view()
    qtbot.waitUntil(view.isVisible)
    assert view.accessibleName() == "Jenis laporan"
    assert view.sizeHintForRow(0) >= theme.px(40)
    box = picker.mapToGlobal(picker.rect().bottomLeft()).y()
    assert view.mapToGlobal(view.rect().topLeft()).y() >= box
    assert view.currentIndex().row() == 3
    assert view.verticalScrollBar().isVisible()  # of 24 lines ten are in sight
    ground = view.viewport().grab(view.visualRect(view.currentIndex())).toImage().pixelColor(theme.px(60), 4)
    assert ground == theme.color("soft")
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert picker.value() == 4
    assert not view.isVisible()
