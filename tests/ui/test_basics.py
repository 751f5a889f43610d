"""The painted widgets: what they tell screen readers, how they take keys, how they give way."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.form import Level, Problem
from posyandu.ui import theme
from posyandu.ui.form_view import ErrorSummary
from posyandu.ui.lines import whole_lines
from posyandu.ui.pages.grid import ActionBar
from posyandu.ui.pages.kunjungan import VisitBar
from posyandu.ui.widgets.basics import (
    UNDER_TITLE,
    Avatar,
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    IconTile,
    KeyCap,
    Label,
    Labelled,
    Meter,
    Notice,
    Row,
    Rule,
    ScrollPage,
    Segmented,
    TextInput,
    Tick,
    clear,
    column_layout,
    initials,
    keep_focus,
)
from posyandu.ui.widgets.pages_view import PagesView
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.toast import Toast
from tests.ui import scene

_alive: list[QWidget] = []


@pytest.fixture(autouse=True)
def let_go() -> Iterator[None]:
    """Widgets live as long as their test."""
    yield
    _alive.clear()


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    holder = QWidget()
    _alive.append(holder)
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    for widget in widgets:
        column.addWidget(widget)
    holder.resize(600, 400)
    holder.show()
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)
    return holder


def role(widget: QWidget) -> QAccessible.Role:
    told = QAccessible.queryAccessibleInterface(widget)
    assert told is not None
    return told.role()


def test_what_can_be_pressed_or_chosen_is_told_as_such(qtbot: QtBot) -> None:
    choice = Segmented([("a", "Ya"), ("b", "Tidak")], accessible="Demam")
    button, row, tick = Button("Simpan"), Row("Raka", "Balita"), Tick("Sudah disimpan")
    shown(qtbot, choice, button, row, tick)
    assert role(button) == QAccessible.Role.Button
    assert role(row) == QAccessible.Role.Button
    assert role(tick) == QAccessible.Role.CheckBox
    assert role(choice.buttons["a"]) == QAccessible.Role.RadioButton
    assert row.accessibleName() == "Raka, Balita"
    row.show_state(detail="Bayi", chip=("Ukur", "info"), number="3")
    assert row.accessibleName() == "Raka, Bayi, Ukur, 3"


def test_a_row_breaks_its_words_once_for_a_width_until_they_change(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row("Raka", "Ibu Siti. Dusun Karang Bayan. RT 2")
    qtbot.addWidget(row)
    asked: list[str] = []

    def counted(words: str, width: float, role: str) -> tuple[str, ...]:
        asked.append(words)
        return whole_lines(words, width, role)

    monkeypatch.setattr("posyandu.ui.widgets.basics.whole_lines", counted)
    one, two = row.heightForWidth(400), row.heightForWidth(160)
    assert one < two
    assert [row.heightForWidth(width) for width in (400, 160) * 50] == [one, two] * 50
    assert asked == [row.title, row.detail] * 2
    row.show_state(detail="RT 2")
    assert row.heightForWidth(160) < two


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Enter])
def test_enter_and_space_press_buttons_and_rows(qtbot: QtBot, key: Qt.Key) -> None:
    pressed: list[str] = []
    button, row = Button("Simpan"), Row("Raka")
    button.clicked.connect(lambda: pressed.append("button"))
    row.clicked.connect(lambda: pressed.append("row"))
    shown(qtbot, button, row)
    for widget in (button, row):
        widget.setFocus()
        QTest.keyClick(widget, key)
    assert pressed == ["button", "row"]


def test_arrows_move_between_the_answers_and_announce_each_once(qtbot: QtBot) -> None:
    choice = Segmented([("a", "Bayi"), ("b", "Balita"), ("c", "Lansia")], "a")
    told: list[object] = []
    choice.changed.connect(told.append)
    shown(qtbot, choice)
    choice.buttons["a"].setFocus()
    QTest.keyClick(choice.buttons["a"], Qt.Key.Key_Right)
    assert choice.value() == "b"
    QTest.mouseClick(choice.buttons["c"], Qt.MouseButton.LeftButton)
    assert told == ["b", "c"]
    choice.set_value(None)
    assert choice.value() is None
    assert told == ["b", "c"]


def test_the_focus_ring_is_for_keys_only(qtbot: QtBot) -> None:
    one, other = Button("Satu"), Button("Dua")
    shown(qtbot, one, other)
    QTest.mouseClick(one, Qt.MouseButton.LeftButton)
    assert not one.ring
    one.setFocus()
    QTest.keyClick(one, Qt.Key.Key_Tab)
    assert other.hasFocus()
    assert other.ring


def test_where_the_keys_are_is_not_taken_for_an_answer(qtbot: QtBot) -> None:
    """An edge that goes round says "chosen"; where nothing is chosen yet the ring of the focus is broken by gaps."""
    before, choice = Button("Satu"), Segmented([("y", "Ya"), ("n", "Tidak")], name="pilih")
    shown(qtbot, before, choice)
    button = choice.buttons["y"]

    def edge() -> int:
        """How many pixels along the upper edge have the colour of the ring."""
        image = button.grab().toImage()
        inked = [image.pixelColor(x, 1) == theme.color("primary") for x in range(12, image.width() - 12)]
        return round(100 * sum(inked) / len(inked))

    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert button.ring
    assert 30 < edge() < 90
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert choice.value() == "y"
    assert edge() == 100


def test_long_words_end_in_an_ellipsis_and_the_whole_is_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElideLabel("Rekapitulasi hasil pemeriksaan bayi, balita dan apras bulan November", "title")
    holder = shown(qtbot, label)
    holder.resize(200, 100)
    QApplication.processEvents()
    assert label.toolTip() == label.text()
    holder.resize(1200, 100)
    QApplication.processEvents()
    assert label.toolTip() == ""


def test_a_problem_is_told_beside_its_box_and_taken_back(qtbot: QtBot) -> None:
    box = TextInput(name="field:nama")
    field = Labelled("Nama", box, "Seperti di KK")
    shown(qtbot, field)
    field.set_problem("Tulis nama.")
    assert (field.help.text(), box.level) == ("Tulis nama.", "bad")
    assert box.accessibleDescription() == "Tulis nama."
    field.set_problem("")
    assert (field.help.text(), box.level) == ("Seperti di KK", "")
    assert box.accessibleName() == "Nama"


def test_the_wheel_turns_a_list_only_while_it_has_the_focus(qtbot: QtBot) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    picker, other = Picker([(1, "Satu"), (2, "Dua")]), Button("Lain")
    shown(qtbot, other, picker)
    other.setFocus()
    wheel = QWheelEvent(
        QPointF(5, 5), picker.mapToGlobal(QPointF(5, 5)), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(picker, wheel)
    assert picker.value() == 1
    picker.set_value(2)
    assert picker.value() == 2


def test_controls_are_44_high_at_every_text_size(qtbot: QtBot, qapp: QApplication) -> None:
    for factor in theme.FACTORS:
        theme.apply(qapp, "light", factor)
        for widget in (Button("Simpan"), Tick("Sudah"), Picker([(1, "Satu")]), TextInput()):
            height = max(widget.sizeHint().height(), widget.minimumHeight())
            assert height >= theme.px(44)


def test_everything_can_be_painted_in_both_themes(qtbot: QtBot, qapp: QApplication) -> None:
    for scheme in ("light", "dark"):
        theme.apply(qapp, scheme, 1.0)
        card = Card("Antrean", action="Lihat semua", on_action=lambda: None)
        for level in theme.LEVELS:
            card.body.addWidget(Chip("Naik", level, theme.LEVEL_ICONS[level]))
            card.body.addWidget(Notice(level, "Turun 0,3 cm.", "Buka", lambda: None))
            card.body.addWidget(IconTile("info", level))
        for widget in (
            Avatar("Raka Aditya", "male"), KeyCap("Esc"), Meter(0.4), Rule(), Row("A", picture=("icon", "info", "ok")),
            Row("Panjang sekali namanya sampai dua baris penuh", wrap=True), EmptyState("info", "Kosong.", "Isi"),
            Label("x", wrap=True), PagesView(),
        ):  # fmt: skip
            card.body.addWidget(widget)
        page = ScrollPage()
        page.body.addWidget(card)
        holder = shown(qtbot, page)
        assert not holder.grab().isNull()
        clear(card.body)
        assert card.body.count() == 0


def test_initials_leave_titles_their_letter() -> None:
    assert [initials(name) for name in ("Raka Aditya Pratama", "H. Mahmud", "Murniati", "", "  ")] == [
        "RA",
        "HM",
        "M",
        "?",
        "?",
    ]


def test_a_toast_stays_inside_its_window(qtbot: QtBot) -> None:
    holder = shown(qtbot)
    column_layout(None)
    toast = Toast(holder)
    toast.say(
        "Kunjungan seorang anak dengan nama yang panjang sekali sudah tersimpan di laptop ini dengan selamat",
        "Batalkan",
    )
    assert holder.rect().contains(toast.geometry())
    holder.resize(420, 300)
    QApplication.processEvents()
    assert holder.rect().contains(toast.geometry())


def test_a_toast_lies_over_the_head_of_the_page_never_over_what_is_typed(qtbot: QtBot) -> None:
    holder = shown(qtbot)
    head, sheet = QWidget(holder), QWidget(holder)
    holder.resize(900, 500)
    head.setGeometry(100, 0, 800, 78)
    sheet.setGeometry(100, 78, 800, 422)
    toast = Toast(holder, head)
    toast.say("Kunjungan Raka tersimpan", "Batalkan")
    assert head.geometry().contains(toast.geometry())
    assert not sheet.geometry().intersects(toast.geometry())
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert not toast.isVisible(), "a press on the words puts them away"


def test_a_closed_drop_down_ends_words_without_room_in_dots_and_tells_them_all_on_asking(qtbot: QtBot) -> None:
    holder = shown(qtbot)
    picker = Picker([("a", "Laporan bulanan Posyandu dan semua lampirannya"), ("b", "SKDN")], accessible="Jenis")
    column_layout(holder).addWidget(picker)
    picker.setFixedWidth(160)
    QApplication.processEvents()
    ink = theme.color("text")
    picture = picker.grab().toImage()
    edge = range(picker.width() - theme.px(31), picker.width() - theme.px(29))
    assert not any(picture.pixelColor(x, y) == ink for x in edge for y in range(picture.height()))
    QApplication.sendEvent(picker, QHelpEvent(QEvent.Type.ToolTip, QPoint(10, 10), QPoint(10, 10)))
    qtbot.waitUntil(lambda: QToolTip.text() == "Laporan bulanan Posyandu dan semua lampirannya")
    picker.set_value("b")
    QApplication.sendEvent(picker, QHelpEvent(QEvent.Type.ToolTip, QPoint(10, 10), QPoint(10, 10)))
    assert QToolTip.text() != "SKDN"
    QToolTip.hideText()


def inks(widget: QWidget) -> set[str]:
    """The colours of the signs in a widget."""
    pictures = [label.pixmap().toImage() for label in widget.findChildren(QLabel) if not label.pixmap().isNull()]
    places = [(each, x, y) for each in pictures for x in range(each.width()) for y in range(each.height())]
    return {each.pixelColor(x, y).name() for each, x, y in places if each.pixelColor(x, y).alpha() == 255}


def test_signs_beside_words_follow_the_look(qtbot: QtBot, qapp: QApplication) -> None:
    visit, register, summary = VisitBar(), ActionBar(), ErrorSummary()
    visit.say_draft("09.42")
    register.say("warn", "Cek dulu")
    summary.show_problems([Problem("weight_g", Level.HARD, "Terlalu besar")], {})
    made = {EmptyState("users", "Belum ada."): "text3", visit: "text2", register: "warn", summary: "bad"}
    for widget in made:
        qtbot.addWidget(widget)
    for scheme in ("dark", "light"):
        theme.apply(qapp, scheme)
        assert [theme.color(ink).name() in inks(widget) for widget, ink in made.items()] == [True] * 4


class Ring(QWidget):
    """A window that counts how often the next widget in its ring is looked for."""

    looked = 0

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        self.looked += 1
        return super().focusNextPrevChild(forward)


def test_rebuilding_a_page_leaves_the_keys_and_looks_for_no_other_place_meanwhile(qtbot: QtBot) -> None:
    window = Ring()
    layout = column_layout(window)
    other = QLineEdit()
    layout.addWidget(other)
    parts = column_layout()
    layout.addLayout(parts)
    parts.addWidget(Button("Buka", name="button:buka"))
    scene.stand(qtbot, window, 300, 200)
    window.findChildren(QWidget, "button:buka")[-1].setFocus()
    with keep_focus(window):
        clear(parts)
        parts.addWidget(fresh := Button("Buka", name="button:buka"))
    qtbot.waitUntil(fresh.hasFocus)
    assert window.looked == 0
    other.setFocus()
    with keep_focus(window):
        clear(parts)
    assert (window.looked, other.hasFocus()) == (0, True)


def test_the_titles_of_cards_side_by_side_stand_on_one_line_and_rows_begin_a_little_below(qtbot: QtBot) -> None:
    plain, rows = Card("Kelengkapan"), Card("Bagian", rows=True)
    for card, inside in ((plain, Label("Bulan ini belum disahkan.")), (rows, Row("SKDN"))):
        qtbot.addWidget(card)
        card.body.addWidget(inside)
        card.body.addStretch(1)
        card.resize(300, 200)
        card.show()
    assert plain.title_label is not None
    assert rows.title_label is not None
    QApplication.processEvents()
    assert rows.title_label.y() == plain.title_label.y() > 0
    line = rows.findChild(Row)
    assert line is not None
    assert line.y() - rows.title_label.geometry().bottom() >= theme.px(UNDER_TITLE)


def test_a_row_says_its_day_and_its_place_whole_on_a_second_line_where_one_has_no_room(qtbot: QtBot) -> None:
    card = Card("Hari sebelumnya", rows=True)
    day, place = "Kamis, 12 November 2026", "Rumah Ibu Kader Sari"
    row = Row(day, place, picture=("icon", "calendar-check", "neutral"), chip=("Ditutup", "neutral"))
    qtbot.addWidget(card)
    card.body.addWidget(row)
    card.body.addStretch(1)
    card.resize(700, 400)
    card.show()
    qtbot.waitUntil(lambda: row.height() == theme.px(60))
    card.resize(330, 400)
    qtbot.waitUntil(lambda: row.height() > theme.px(60))
    assert [" ".join(lines) for _role, _ink, lines in row._lines(row.width())] == [day, place]
    row.show_state(title="Kamis", detail="", chip=None)
    qtbot.waitUntil(lambda: row.height() == theme.px(60))


def test_where_nothing_is_shown_in_little_room_the_air_gives_way_before_the_button(qtbot: QtBot) -> None:
    empty = EmptyState("users", "Tidak ada yang cocok.", "Daftarkan sasaran baru")
    qtbot.addWidget(empty)
    empty.resize(400, theme.px(160))
    empty.show()
    assert empty.button is not None
    button = empty.button
    qtbot.waitUntil(lambda: button.height() == button.sizeHint().height())
    assert button.geometry().bottom() < empty.height()


def test_a_page_that_does_not_scroll_may_end_at_its_edge_without_room_for_a_bar(qtbot: QtBot) -> None:
    page = ScrollPage(margins=(0, 0, 8, 0))
    qtbot.addWidget(page)
    line = Rule()
    page.body.addWidget(line)
    page.resize(300, 200)
    page.show()
    for ends, right in ((False, 300 - theme.px(8)), (True, 300)):
        page.end_at_edge(ends)
        qtbot.waitUntil(lambda right=right: line.geometry().right() + 1 == right)
