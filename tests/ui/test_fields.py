"""Fields driven by real key events."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.fields import Number
from posyandu.ui import theme
from posyandu.ui.widgets.fields import (
    BAD,
    WARN,
    ChoiceRow,
    DateField,
    FieldWidget,
    NumberField,
    TextField,
    place_of_key,
)
from tests.ui import scene

WEIGHT = Number(name="weight_g", label="Berat badan", unit="kg", per_unit=1000, decimals=2, low=500, high=60_000)
LENGTH = Number(name="length_mm", label="Panjang", unit="cm", per_unit=10, decimals=1, low=300, high=1500)
TABLETS = Number(name="iron_tablets", label="TTD", unit="tablet", low=0, high=180)
TODAY = date(2026, 11, 12)


def shown(qtbot: QtBot, *fields: FieldWidget) -> QWidget:
    """The fields in a window that has the keyboard."""
    window = QWidget()
    column = QVBoxLayout(window)
    for field in fields:
        column.addWidget(field)
    scene.stand(qtbot, window)
    fields[0].take_focus()
    fields[0].kept = window  # type: ignore[attr-defined]
    return window


@pytest.mark.parametrize(
    ("typed", "grams", "echo"),
    [
        ("9,6", 9600, "9,6"),
        ("9.6", 9600, "9,6"),
        ("82", 8200, "8,2"),
        ("8.25", 8250, "8,25"),
        ("12", 12000, "12,0"),
        ("a9x,6kg", 9600, "9,6"),
        ("9,,6", 9600, "9,6"),
        ("", None, ""),
    ],
)
def test_a_weight_typed_in_any_way_is_read_and_echoed(qtbot: QtBot, typed: str, grams: int | None, echo: str) -> None:
    field = NumberField(WEIGHT, low=1500, high=30_000)
    shown(qtbot, field)
    QTest.keyClicks(field.line, typed)
    with qtbot.waitSignal(field.left):
        field.line.clearFocus()
    assert (field.value(), field.line.text()) == (grams, echo)


def test_the_point_of_the_number_pad_is_a_comma_and_letters_do_nothing(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    QTest.keyClick(field.line, Qt.Key.Key_Period, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClicks(field.line, "kg-+e5")
    assert field.line.text() == ",5"


def test_no_more_decimals_than_the_field_keeps_and_no_comma_where_there_are_none(qtbot: QtBot) -> None:
    length, tablets = NumberField(LENGTH), NumberField(TABLETS)
    shown(qtbot, length, tablets)
    QTest.keyClicks(length.line, "79,456")
    QTest.keyClicks(tablets.line, "3,0")
    assert (length.line.text(), tablets.line.text()) == ("79,4", "30")


def test_a_number_never_grows_beyond_six_figures(qtbot: QtBot) -> None:
    field = NumberField(TABLETS)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "123456789")
    assert field.line.text() == "123456"


def test_typing_over_a_selected_number_replaces_it_with_its_comma(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    field.set_value(9600)
    field.line.selectAll()
    QTest.keyClicks(field.line, "8,2")
    assert field.value() == 8200


def test_a_lone_comma_is_trouble_not_zero(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    QTest.keyClicks(field.line, ",")
    assert field.value() is None
    assert "angka" in field.trouble()


def test_the_wheel_changes_no_value(qtbot: QtBot) -> None:
    number, choice = NumberField(WEIGHT), ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, number, choice)
    number.set_value(9600)
    choice.set_value(True)
    for target in (number.line, choice.picks[0]):
        event = QWheelEvent(
            QPointF(5, 5), target.mapToGlobal(QPointF(5, 5)), QPoint(0, -120), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(target, event)
    assert (number.value(), choice.value()) == (9600, True)


def test_escape_leaves_the_field_and_keeps_what_was_typed(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "9,6")
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    assert not field.line.hasFocus()
    assert field.value() == 9600


def test_a_click_on_the_frame_puts_the_cursor_in(qtbot: QtBot) -> None:
    first, second = NumberField(WEIGHT), NumberField(LENGTH)
    shown(qtbot, first, second)
    QTest.mouseClick(second.box, Qt.MouseButton.LeftButton, pos=QPoint(second.box.width() - 6, 10))
    assert second.line.hasFocus()


def test_a_problem_stands_in_place_of_last_months_value_and_goes_again(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    field.set_previous("Bulan lalu 9,2 kg")
    field.set_problem("Turun 0,8 kg. Coba ukur sekali lagi.", WARN, confirmable=True)
    assert field.help.text.startswith("Turun")
    assert field.help.button.isVisible()
    assert field.line.accessibleDescription().startswith("Turun")
    with qtbot.waitSignal(field.confirmed):
        QTest.mouseClick(field.help.button, Qt.MouseButton.LeftButton)
    field.set_problem("", BAD)
    assert field.help.text == "Bulan lalu 9,2 kg"
    assert not field.help.button.isVisible()


@pytest.mark.parametrize("typed", ["05-03-2025", "050325", "5/3/25", "5 mar 2025", "5 maret 2025"])
def test_a_date_is_understood_and_shown_back_with_weekday_and_age(qtbot: QtBot, typed: str) -> None:
    field = DateField("born_on", "Tanggal lahir", today=TODAY, shows_age=True)
    shown(qtbot, field)
    QTest.keyClicks(field.line, typed)
    assert field.value() == date(2025, 3, 5)
    assert field.help.text == "Rabu, 5 Maret 2025, umur 1 tahun 8 bulan"
    field.line.clearFocus()
    assert field.line.text() == "05-03-2025"


def test_a_day_that_is_not_in_the_calendar_is_told_in_words(qtbot: QtBot) -> None:
    field = DateField("born_on", "Tanggal lahir", today=TODAY)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "31-02-2025")
    assert field.value() is None
    assert "kalender" in field.trouble()


def test_a_day_picked_from_the_calendar_is_the_answer(qtbot: QtBot) -> None:
    field = DateField("held_on", "Tanggal", today=TODAY)
    shown(qtbot, field)
    QTest.mouseClick(field.button, Qt.MouseButton.LeftButton)
    popup = field._popup
    assert popup is not None
    months = popup.findChild(QToolButton, "qt_calendar_monthbutton")
    assert months is not None
    assert theme.color("surface").name() in months.menu().styleSheet(), "its menu is dressed as other menus are"
    popup.clicked.emit(popup.selectedDate())
    assert field.value() == TODAY


def test_radio_buttons_answer_to_digits_letters_arrows_and_delete(qtbot: QtBot) -> None:
    field = ChoiceRow("sick", "Ada gejala sakit", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, field)
    assert field.value() is None
    for key, answer in (("t", False), ("y", True), ("2", False), ("1", True), ("9", True)):
        QTest.keyClicks(QApplication.focusWidget(), key)
        assert field.value() is answer
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert field.value() is False
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert field.value() is None


def test_options_that_share_a_letter_are_reached_in_turn() -> None:
    words = ("Tidak diberi", "Kapsul biru", "Kapsul merah")
    assert place_of_key("k", words) == 1
    assert place_of_key("k", words, 1) == 2
    assert place_of_key("k", words, 2) == 1
    assert place_of_key("3", words) == 2
    assert place_of_key("4", words) is None
    assert place_of_key("x", words) is None


def test_options_are_radio_buttons_to_a_screen_reader(qtbot: QtBot) -> None:
    field = ChoiceRow("sick", "Ada gejala sakit", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, field)
    face = QAccessible.queryAccessibleInterface(field.picks[0])
    assert face.role() == QAccessible.Role.RadioButton
    assert face.text(QAccessible.Text.Name) == "Ada gejala sakit: Ya"


def test_numbers_name_their_unit_to_a_screen_reader(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    face = QAccessible.queryAccessibleInterface(field.line)
    assert face.text(QAccessible.Text.Name) == "Berat badan (kg)"


def test_words_are_trimmed_and_nothing_is_none(qtbot: QtBot) -> None:
    short, long = TextField("name", "Nama"), TextField("note", "Catatan", lines=2)
    shown(qtbot, short, long)
    assert short.value() is None
    QTest.keyClicks(short.input(), "  Siti   Aminah ")
    QTest.keyClicks(long.input(), "satu")
    QTest.keyClick(long.input(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(long.input(), "dua")
    assert (short.value(), long.value()) == ("Siti Aminah", "satu\ndua")


def test_every_target_is_big_enough_for_a_finger(qtbot: QtBot) -> None:
    number = NumberField(WEIGHT)
    choice = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, number, choice)
    assert number.box.height() >= 44
    assert choice.picks[0].height() >= 40
