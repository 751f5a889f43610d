"""Fields driven by real key events."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate, QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCalendarWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
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
    _beside,
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
    edge = popup.grab().toImage()
    middle = edge.height() // 2
    assert {edge.pixelColor(x, middle).name() for x in (0, edge.width() - 1)} == {theme.color("line2").name()}
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


def test_the_tenth_and_eleventh_option_have_the_nought_and_the_comma_of_the_number_pad() -> None:
    words = [f"Jawaban {number}" for number in range(1, 12)]
    assert [place_of_key(key, words) for key in "190,"] == [0, 8, 9, 10]
    assert [place_of_key(key, words[:9]) for key in "0,"] == [None, None]


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


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("low", "high", "typed", "grams"),
    [
        (1500, 8000, "35", 3500),  # a newborn: 35 kg cannot be, 3,5 kg can
        (10_000, 60_000, "35", 35_000),  # a pupil: 35 kg it is
        (1500, 8000, "352", 3520),
        (1500, 8000, "4", 4000),
    ],
)
def test_a_number_without_its_comma_is_read_by_the_limits_of_the_age(
    qtbot: QtBot, low: int, high: int, typed: str, grams: int
) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    field.set_limits(low, high)
    QTest.keyClicks(field.line, typed)
    assert field.value() == grams


def test_a_comma_that_was_typed_is_never_moved_by_the_limits(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT, low=1500, high=8000)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "35,0")
    assert field.value() == 35_000


def test_digits_are_taken_where_the_cursor_stands(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "9,6")
    QTest.keyClick(field.line, Qt.Key.Key_Home)
    QTest.keyClicks(field.line, "1")
    assert field.line.text() == "19,6"
    QTest.keyClick(field.line, Qt.Key.Key_End)
    QTest.keyClicks(field.line, "57")
    assert field.line.text() == "19,65", "two decimals are kept, the third is not taken"


def test_ctrl_a_and_the_clipboard_are_left_to_the_line(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "9,6")
    QTest.keyClick(field.line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert field.line.selectedText() == "9,6"
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    assert field.value() is None


@pytest.mark.parametrize("typed", ["dua", "9-6", "9,6,1"])
def test_what_was_pasted_and_is_no_number_is_told_and_stays(qtbot: QtBot, typed: str) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    field.line.setText(typed)
    field.line.clearFocus()
    assert field.value() is None
    assert "angka" in field.trouble()
    assert field.line.text() == typed, "what was typed is not thrown away"
    field.line.setText("9,6")
    assert field.trouble() == ""


def test_each_key_is_told_and_leaving_once(qtbot: QtBot) -> None:
    field, other = NumberField(WEIGHT), NumberField(LENGTH)
    shown(qtbot, field, other)
    told: list[str] = []
    field.edited.connect(lambda name: told.append(f"edited {name}"))
    field.left.connect(lambda name: told.append(f"left {name}"))
    QTest.keyClicks(field.line, "9,")
    other.take_focus()
    assert told == ["edited weight_g", "edited weight_g", "left weight_g"]


def test_showing_a_value_tells_nobody(qtbot: QtBot) -> None:
    number = NumberField(WEIGHT)
    day = DateField("born_on", "Tanggal lahir", today=TODAY)
    choice = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    words = TextField("note", "Catatan")
    fields = (number, day, choice, words)
    shown(qtbot, *fields)
    told: list[str] = []
    for field, value in zip(fields, (9600, TODAY, False, "batuk"), strict=True):
        field.edited.connect(told.append)
        field.set_value(value)
        assert field.value() == value
        field.set_value(None)
        assert field.value() is None
    assert told == []


def test_the_line_below_says_last_month_else_the_hint_else_nothing(qtbot: QtBot) -> None:
    arm = Number(name="muac_mm", label="LiLA", unit="cm", per_unit=10, decimals=1, low=60, high=500, hint="lengan kiri")
    field = NumberField(arm)
    shown(qtbot, field)
    assert (field.help.text, field.help.isVisible()) == ("lengan kiri", True)
    field.set_previous("Bulan lalu 14,2 cm")
    assert field.help.text == "Bulan lalu 14,2 cm"
    field.set_previous("")
    assert field.help.text == "lengan kiri"
    bare = NumberField(TABLETS)
    shown(qtbot, bare)
    assert not bare.help.isVisible()


@pytest.mark.parametrize(("state", "fill"), [(BAD, "bad_soft"), (WARN, "surface"), ("plain", "surface")])
def test_only_what_cannot_be_is_filled_red(qtbot: QtBot, state: str, fill: str) -> None:
    field = NumberField(WEIGHT)
    other = NumberField(LENGTH)
    shown(qtbot, other, field)
    field.set_problem("Terlalu berat." if state != "plain" else "", state)
    box = field.box.grab().toImage()
    ratio = box.devicePixelRatio()
    seen = box.pixelColor(int((field.box.width() - 12) * ratio), int(field.box.height() / 2 * ratio))
    assert seen == theme.color(fill)


def test_an_impossible_value_offers_no_confirmation(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    field.set_problem("Berat 96 kg tidak mungkin. Periksa komanya.", BAD)
    assert not field.help.button.isVisible()
    field.set_problem("Turun 0,8 kg. Coba ukur sekali lagi.", WARN, confirmable=True)
    assert field.help.button.text() == "Nilai sudah benar"
    assert field.help.button.objectName() == "confirm:weight_g"
    field.set_problem("Berat 96 kg tidak mungkin. Periksa komanya.", BAD)
    assert not field.help.button.isVisible()


# ---------------------------------------------------------------- moving on


def test_enter_tab_and_shift_tab_ask_the_form_where_to_go(qtbot: QtBot) -> None:
    number = NumberField(WEIGHT)
    day = DateField("born_on", "Tanggal lahir", today=TODAY)
    choice = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    words = TextField("note", "Catatan", lines=3)
    shown(qtbot, number, day, choice, words)
    for field in (number, day, choice, words):
        steps: list[int] = []
        field.neighbour = lambda step, steps=steps: steps.append(step) or True  # type: ignore[func-returns-value]
        field.take_focus()
        target = field.input()
        QTest.keyClick(target, Qt.Key.Key_Return)
        QTest.keyClick(target, Qt.Key.Key_Tab)
        QTest.keyClick(target, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert steps == [1, 1, -1], field.name


def test_outside_a_form_tab_goes_to_the_next_field_as_anywhere(qtbot: QtBot) -> None:
    first, second = NumberField(WEIGHT), NumberField(LENGTH)
    shown(qtbot, first, second)
    QTest.keyClick(first.line, Qt.Key.Key_Tab)
    assert second.line.hasFocus()
    assert second.line.text() == ""


def test_ctrl_enter_is_left_to_the_page(qtbot: QtBot) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    steps: list[int] = []
    field.neighbour = lambda step: steps.append(step) or True  # type: ignore[func-returns-value]
    QTest.keyClick(field.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert steps == []
    assert field.line.hasFocus()


def test_coming_by_keyboard_selects_and_a_click_puts_the_cursor(qtbot: QtBot) -> None:
    first, second = NumberField(WEIGHT), NumberField(LENGTH)
    shown(qtbot, second, first)
    first.set_value(9600)
    first.take_focus()
    assert first.line.selectedText() == "9,6"
    second.take_focus()
    first.line.deselect()
    QTest.mouseClick(first.line, Qt.MouseButton.LeftButton, pos=QPoint(3, 10))
    assert first.line.selectedText() == ""


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("typed", "day", "below"),
    [
        ("h", TODAY, "Kamis, 12 November 2026"),
        ("1/1", date(2026, 1, 1), "Kamis, 1 Januari 2026"),
        ("29 feb 2024", date(2024, 2, 29), "Kamis, 29 Februari 2024"),
    ],
)
def test_a_day_without_an_age_is_said_with_its_weekday(qtbot: QtBot, typed: str, day: date, below: str) -> None:
    field = DateField("held_on", "Tanggal", today=TODAY)
    shown(qtbot, field)
    QTest.keyClicks(field.line, typed)
    assert (field.value(), field.help.text) == (day, below)


def test_a_day_to_come_has_no_age(qtbot: QtBot) -> None:
    field = DateField("due_on", "Perkiraan lahir", today=TODAY, shows_age=True, past_only=False)
    shown(qtbot, field)
    field.set_value(date(2026, 12, 24))
    assert field.help.text == "Kamis, 24 Desember 2026"


def test_what_is_no_day_stays_as_typed_when_left(qtbot: QtBot) -> None:
    field = DateField("born_on", "Tanggal lahir", "seperti di KIA", today=TODAY)
    shown(qtbot, field)
    QTest.keyClicks(field.line, "31-02-2025")
    field.line.clearFocus()
    assert field.line.text() == "31-02-2025"
    assert field.help.text == "seperti di KIA", "no weekday of a day that is not"
    field.line.clear()
    assert field.trouble() == ""


def test_the_calendar_ends_today_for_what_has_been_and_goes_on_for_what_is_to_come(qtbot: QtBot) -> None:
    was = DateField("born_on", "Tanggal lahir", today=TODAY)
    will = DateField("due_on", "Perkiraan lahir", today=TODAY, past_only=False)
    shown(qtbot, was, will)
    was.set_value(date(2025, 3, 5))
    for field in (was, will):
        QTest.mouseClick(field.button, Qt.MouseButton.LeftButton)
    assert was._popup is not None
    assert will._popup is not None
    assert was._popup.maximumDate().toPython() == TODAY
    assert will._popup.maximumDate().toPython() > TODAY
    assert was._popup.selectedDate().toPython() == date(2025, 3, 5), "it opens where the answer is"
    assert will._popup.selectedDate().toPython() == TODAY
    for field in (was, will):
        assert field._popup is not None
        field._popup.close()


def test_the_calendar_button_is_no_stop_of_tab_but_has_a_name(qtbot: QtBot) -> None:
    field = DateField("born_on", "Tanggal lahir", today=TODAY)
    shown(qtbot, field)
    assert field.button.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert field.button.accessibleName() == "Pilih dari kalender"


# ---------------------------------------------------------------- options


def test_many_or_long_answers_stand_one_under_the_other(qtbot: QtBot) -> None:
    two = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    three = ChoiceRow("way", "Cara ukur", (("l", "Baring"), ("h", "Berdiri"), ("x", "Lain")))
    long_three = ChoiceRow("a", "Hasil", (("a", "Sesuai umurnya"), ("b", "Meragukan sekali"), ("c", "Ya")))
    four = ChoiceRow("b", "Siapa", (("a", "Ibu"), ("b", "Ayah"), ("c", "Nenek"), ("d", "Lain")))
    one_long = ChoiceRow("c", "Apa", (("a", "Lebih dari dua puluh huruf"), ("b", "Tidak")))
    shown(qtbot, two, three, long_three, four, one_long)
    assert [field.stacked for field in (two, three, long_three, four, one_long)] == [False, False, True, True, True]
    assert [field.beside for field in (two, three, four)] == [True, False, False]
    assert two.picks[0].y() == two.picks[1].y()
    assert four.picks[0].y() < four.picks[1].y()


def test_two_answers_go_below_their_question_where_there_is_no_room(qtbot: QtBot) -> None:
    field = ChoiceRow("sick", "Ada gejala sakit dalam sebulan ini", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, field)
    beside = field.ground.mapTo(field, QPoint(0, 0)).x()
    field.stand_beside(False)
    QApplication.processEvents()
    assert field.ground.mapTo(field, QPoint(0, 0)).x() < beside
    assert field.ground.mapTo(field, QPoint(0, 0)).y() >= field.question.y() + field.question.height()


def test_arrows_go_round_and_begin_at_the_first(qtbot: QtBot) -> None:
    field = ChoiceRow("way", "Cara ukur", (("l", "Baring"), ("h", "Berdiri"), ("x", "Lain")))
    shown(qtbot, field)
    answers = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(QApplication.focusWidget(), key)
        answers.append(field.value())
    assert answers == ["l", "h", "x", "l", "x", "h"]


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier])
def test_a_shortcut_is_no_answer(qtbot: QtBot, modifier: Qt.KeyboardModifier) -> None:
    field = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    shown(qtbot, field)
    QTest.keyClick(field.picks[0], Qt.Key.Key_Y, modifier)
    assert field.value() is None


def test_a_question_of_many_answers_is_one_stop_of_tab(qtbot: QtBot) -> None:
    field = ChoiceRow("way", "Cara ukur", (("l", "Baring"), ("h", "Berdiri"), ("x", "Lain")))
    shown(qtbot, field)
    stops = [pick.focusPolicy() is Qt.FocusPolicy.StrongFocus for pick in field.picks]
    assert stops == [True, False, False]
    field.set_value("x")
    stops = [pick.focusPolicy() is Qt.FocusPolicy.StrongFocus for pick in field.picks]
    assert stops == [False, False, True]


def test_going_from_answer_to_answer_is_not_leaving_the_question(qtbot: QtBot) -> None:
    field = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    other = NumberField(WEIGHT)
    shown(qtbot, field, other)
    left: list[str] = []
    field.left.connect(left.append)
    QTest.keyClick(field.picks[0], Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert left == []
    other.take_focus()
    assert left == ["sick"]


def test_a_code_of_a_newer_version_shows_as_no_answer(qtbot: QtBot) -> None:
    field = ChoiceRow("way", "Cara ukur", (("l", "Baring"), ("h", "Berdiri")))
    shown(qtbot, field)
    field.set_value("l")
    field.set_value("gantung")
    assert field.value() is None
    assert not any(pick.isChecked() for pick in field.picks)


def test_a_press_anywhere_on_an_answer_chooses_it(qtbot: QtBot) -> None:
    field = ChoiceRow("c", "Siapa", (("a", "Ibu"), ("b", "Ayah"), ("c", "Nenek"), ("d", "Lain")))
    shown(qtbot, field)
    last = field.picks[3]
    QTest.mouseClick(last, Qt.MouseButton.LeftButton, pos=QPoint(last.width() - 4, last.height() // 2))
    assert field.value() == "d"


@pytest.mark.parametrize(
    ("letter", "current", "place"),
    [
        ("t", -1, 0), ("k", -1, 1), ("m", -1, 2), ("b", -1, 1), ("1", 2, 0), ("0", -1, None), ("9", -1, None),
        ("k", 0, 1), ("k", 1, 2), ("k", 2, 1), ("d", -1, 0),
    ],
)  # fmt: skip
def test_a_letter_is_the_first_of_an_answer_else_of_a_word_in_it(letter: str, current: int, place: int | None) -> None:
    assert place_of_key(letter, ("Tidak diberi", "Kapsul biru", "Kapsul merah"), current) == place


def test_a_plus_before_an_answer_does_not_hide_its_letter() -> None:
    assert place_of_key("p", ("Negatif", "+Protein", "++Protein")) == 1


# ---------------------------------------------------------------- words


def test_shift_enter_is_a_new_line_and_enter_goes_on(qtbot: QtBot) -> None:
    field = TextField("note", "Catatan", lines=3)
    shown(qtbot, field)
    steps: list[int] = []
    field.neighbour = lambda step: steps.append(step) or True  # type: ignore[func-returns-value]
    QTest.keyClicks(field.input(), "demam")
    QTest.keyClick(field.input(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(field.input(), "batuk")
    QTest.keyClick(field.input(), Qt.Key.Key_Return)
    assert field.value() == "demam\nbatuk"
    assert steps == [1]


def test_five_hundred_letters_are_room_enough(qtbot: QtBot) -> None:
    field = TextField("name", "Nama")
    shown(qtbot, field)
    field.set_value("a" * 600)
    assert len(str(field.value())) == 500


def test_a_taller_box_is_for_more_lines(qtbot: QtBot) -> None:
    one, three = TextField("a", "A"), TextField("b", "B", lines=3)
    shown(qtbot, one, three)
    assert one.box.height() == theme.px(48)
    assert three.box.height() == theme.px(30 + 24 * 3)


def test_blank_words_are_no_answer(qtbot: QtBot) -> None:
    one, three = TextField("a", "A"), TextField("b", "B", lines=3)
    shown(qtbot, one, three)
    for field in (one, three):
        field.set_value("  \t ")
        assert field.value() is None


# ---------------------------------------------------------------- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_follow_the_theme_and_the_size_of_letters(qtbot: QtBot, qapp: QApplication, scheme: str) -> None:
    number = NumberField(WEIGHT)
    day = DateField("born_on", "Tanggal lahir", today=TODAY)
    choice = ChoiceRow("sick", "Sakit", ((True, "Ya"), (False, "Tidak")))
    words = TextField("note", "Catatan", lines=2)
    fields = (number, day, choice, words)
    shown(qtbot, *fields)
    small = [field.question.font().pixelSize() for field in fields]
    theme.apply(qapp, scheme, 1.3)
    assert all(field.question.font().pixelSize() > before for field, before in zip(fields, small, strict=True))
    assert number.box.height() == theme.px(48)
    for field in fields:
        field.set_problem("Periksa lagi.", WARN)
        assert not field.grab().isNull()


@pytest.mark.parametrize("reason", [Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason])
def test_after_a_menu_or_another_window_typing_goes_on_where_it_was(qtbot: QtBot, reason: Qt.FocusReason) -> None:
    field = NumberField(WEIGHT)
    shown(qtbot, field)
    line = field.line
    QTest.keyClicks(line, "9")
    for kind in (QEvent.Type.FocusOut, QEvent.Type.FocusIn):
        QApplication.sendEvent(line, QFocusEvent(kind, reason))
    QTest.keyClicks(line, ",6")
    assert field.value() == 9600


def test_a_day_is_chosen_in_the_calendar_by_keys_and_no_calendar_is_left_behind(qtbot: QtBot) -> None:
    field = DateField("held_on", "Tanggal", today=TODAY)
    shown(qtbot, field)
    for days in (1, 2):
        field.set_value(TODAY)
        field.button.click()
        months = field._popup
        assert months is not None
        for key in (*[Qt.Key.Key_Left] * days, Qt.Key.Key_Return):
            QTest.keyClick(months.findChild(QTableView), key)
        assert field.value() == TODAY - timedelta(days=days)
        assert not months.isVisible()
    qtbot.waitUntil(lambda: not field.findChildren(QCalendarWidget))


def test_a_calendar_has_a_name_opens_on_the_screen_and_pales_the_days_that_cannot_be(qtbot: QtBot) -> None:
    field = DateField("born_on", "Tanggal lahir", "", today=date(2026, 11, 12), past_only=True)
    scene.stand(qtbot, field, 400, 120)
    screen = field.screen().availableGeometry()
    field.move(screen.right() - 120, screen.bottom() - 130)
    field._open_calendar()
    popup = field._popup
    assert isinstance(popup, QCalendarWidget)
    assert screen.adjusted(0, 0, 4, 4).contains(popup.frameGeometry())  # the frame of the test screen
    assert popup.frameGeometry().bottom() < field.box.mapToGlobal(field.box.rect().topLeft()).y()
    assert popup.accessibleName() == field.line.accessibleName() != ""
    assert {days.accessibleName() for days in popup.findChildren(QAbstractItemView)} == {field.line.accessibleName()}
    for day, pale in ((12, False), (13, True), (30, True)):
        inked = popup.dateTextFormat(QDate(2026, 11, day)).foreground().color() == theme.color("line2")
        assert inked is pale
    popup.close()
    field.move(screen.left() + 20, screen.top() + 20)
    field._open_calendar()
    assert field._popup is not None
    assert field._popup.frameGeometry().top() > field.box.mapToGlobal(field.box.rect().bottomLeft()).y()
    field._popup.close()


def test_a_calendar_that_finds_room_neither_above_nor_below_opens_beside_its_box(qtbot: QtBot) -> None:
    box = QWidget()
    screen = box.screen().availableGeometry()
    scene.stand(qtbot, box, 200, 48)
    box.move(screen.left() + 20, screen.center().y())
    spot = _beside(box, QSize(340, screen.height() - 100))
    assert spot.x() > box.mapToGlobal(box.rect().topRight()).x()
    assert screen.contains(QRect(spot, QSize(340, screen.height() - 100)))
