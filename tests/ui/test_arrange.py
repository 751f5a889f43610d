"""Where room is short two columns become one that scrolls as one, lines break, and buttons fold into a menu."""

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posyandu.ui import theme
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import Columns, Deeds, Flow, ListBeside
from posyandu.ui.widgets.basics import Button, Label, TextInput, column_layout
from posyandu.ui.widgets.picker import Picker
from tests.ui import scene


@pytest.fixture(params=[1.0, 1.3], ids=["100%", "130%"], autouse=True)
def letters(request: pytest.FixtureRequest, qapp: QApplication) -> None:
    theme.apply(qapp, "light", request.param)


def show(widget: QWidget, qtbot: QtBot, width: int, height: int = 400) -> None:
    scene.stand(qtbot, widget, px(width), px(height))


def test_two_columns_become_one_and_two_again(qtbot: QtBot) -> None:
    columns = Columns(1, 1)
    first, second = Label("pertanyaan", "body"), Label("arti", "body")
    columns.left.body.addWidget(first)
    columns.right.body.addWidget(second)
    show(columns, qtbot, 1000)
    at = [second.mapTo(columns, second.rect().topLeft()) for _once in (1,)][0]
    assert at.x() > columns.width() / 2
    columns.resize(px(600), px(400))
    qtbot.waitUntil(lambda: columns.left.isAncestorOf(second))
    QTest.qWait(20)
    assert not columns.right.isVisible()
    below, above = (each.mapTo(columns, each.rect().topLeft()) for each in (second, first))
    assert below.y() > above.y()
    assert below.x() == above.x() == px(28)
    columns.resize(px(1000), px(400))
    qtbot.waitUntil(lambda: columns.right.isAncestorOf(second) and columns.right.isVisible())
    QTest.qWait(20)
    assert second.mapTo(columns, second.rect().topLeft()) == at


def test_what_is_put_into_a_column_later_stays_above_the_other_column(qtbot: QtBot) -> None:
    columns = Columns()
    second = Label("arti", "body")
    columns.right.body.addWidget(second)
    show(columns, qtbot, 600)
    late = Label("pertanyaan", "body")
    columns.left.body.addWidget(late)
    qtbot.waitUntil(lambda: second.mapTo(columns, second.pos()).y() > late.mapTo(columns, late.pos()).y() > 0)


def test_a_line_breaks_where_its_end_is_reached_and_boxes_grow_to_it(qtbot: QtBot) -> None:
    holder = QWidget()
    column = column_layout(holder)
    flow = Flow()
    column.addWidget(flow)
    column.addStretch(1)
    box = TextInput(name="cari")
    box.setMinimumWidth(px(200))
    buttons = [Button(words) for words in ("Satu tombol", "Dua tombol", "Tiga tombol")]
    flow.add(box, 100)
    for button in buttons:
        flow.add(button)
    show(holder, qtbot, 900)
    assert {each.geometry().center().y() for each in buttons} == {box.geometry().center().y()}
    assert buttons[-1].geometry().right() == holder.width() - 1
    holder.resize(px(420), px(400))
    qtbot.waitUntil(lambda: buttons[-1].y() > box.y() + px(40))
    assert all(each.geometry().right() < holder.width() for each in (box, *buttons))
    assert flow.heightForWidth(px(420)) > flow.heightForWidth(px(900))
    assert flow.height() == flow.heightForWidth(px(420))
    assert flow.y() == 0
    buttons[0].hide()
    qtbot.waitUntil(lambda: buttons[1].y() < px(40) + box.y())


def test_buttons_without_room_are_reached_by_keys_through_the_last_one(qtbot: QtBot) -> None:
    done: list[str] = []
    buttons = []
    for words in ("Ubah data", "Pindah", "Meninggal", "Cetak KMS"):
        button = Button(words, "quiet", "pencil", name=f"button:{words}")
        button.clicked.connect(lambda _on=False, words=words: done.append(words))
        buttons.append(button)
    deeds = Deeds(buttons)
    show(deeds, qtbot, 800, 44)
    assert deeds.folded() == []
    assert not deeds.more.isVisible()
    deeds.resize(px(300), px(44))
    qtbot.waitUntil(lambda: deeds.more.isVisible())
    assert [each.text() for each in deeds.folded()] == [
        each.text() for each in buttons[len(buttons) - len(deeds.folded()) :]
    ]
    assert deeds.more.geometry().right() < deeds.width()
    deeds.more.setFocus()
    QTest.keyClick(deeds.more, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = cast("QMenu", QApplication.activePopupWidget())
    assert [act.text() for act in menu.actions()] == [each.text() for each in deeds.folded()]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert done == [deeds.folded()[1].text()]


# ---- a list and what is chosen of it


def beside(qtbot: QtBot, width: int) -> tuple[ListBeside, list[Button], Button]:
    listed = QWidget()
    column = column_layout(listed)
    lines = [Button(f"Keluarga {number}") for number in range(3)]
    for line in lines:
        column.addWidget(line)
    detail = Button("Ubah")
    panes = ListBeside(listed, detail, width=300, back="Semua keluarga")
    for line in lines:
        line.clicked.connect(panes.show_detail)
    show(panes, qtbot, width)
    panes.activateWindow()
    qtbot.waitUntil(panes.isActiveWindow)
    return panes, lines, detail


def test_a_list_stands_beside_what_is_chosen_where_there_is_room(qtbot: QtBot) -> None:
    panes, lines, detail = beside(qtbot, 900)
    lines[1].click()
    assert (lines[1].isVisible(), detail.isVisible(), panes.back.isVisible()) == (True, True, False)
    assert panes.chosen_from.width() == px(300)


def test_in_a_narrow_window_one_turns_from_the_list_to_what_is_chosen_and_back_by_keys(qtbot: QtBot) -> None:
    panes, lines, detail = beside(qtbot, 500)
    assert (panes.shows_list, detail.isVisible()) == (True, False)
    assert panes.chosen_from.width() == px(500)
    lines[1].setFocus()
    QTest.keyClick(lines[1], Qt.Key.Key_Space)
    assert (panes.shows_list, detail.isVisible()) == (False, True)
    assert panes.back.hasFocus()
    QTest.keyClick(panes.back, Qt.Key.Key_Tab)
    assert detail.hasFocus()
    QTest.keyClick(detail, Qt.Key.Key_Escape)
    assert panes.shows_list
    assert lines[1].hasFocus(), "where one came from"
    QTest.keyClick(lines[1], Qt.Key.Key_Space)
    QTest.keyClick(panes.back, Qt.Key.Key_Return)
    assert panes.shows_list


def test_a_window_made_wider_shows_both_and_keeps_the_keys(qtbot: QtBot) -> None:
    panes, lines, detail = beside(qtbot, 500)
    lines[0].click()
    detail.setFocus()
    panes.resize(px(900), px(400))
    assert (lines[0].isVisible(), detail.isVisible(), panes.back.isVisible()) == (True, True, False)
    assert detail.hasFocus()
    panes.resize(px(500), px(400))
    assert (panes.shows_list, detail.hasFocus()) == (False, True), "what was worked at stays in view"
    panes.show_list()
    assert panes.shows_list
    assert lines[0].isVisible()


def test_the_last_folded_button_leaves_room_for_the_way_to_the_others(qtbot: QtBot) -> None:
    deeds = Deeds([Button(f"Perbuatan {number}", "quiet") for number in range(4)])
    qtbot.addWidget(deeds)
    deeds.show()
    for width in range(deeds.minimumSizeHint().width(), deeds.sizeHint().width() + 20):
        deeds.resize(width, px(44))
        inside = [each for each in (*deeds.buttons, deeds.more) if not each.isHidden()]
        assert all(each.geometry().right() < width for each in inside), width


def test_without_anything_at_the_right_the_left_column_has_the_margins_of_a_page(qtbot: QtBot) -> None:
    columns = Columns()
    columns.left.body.addWidget(Label("kiri"))
    columns.right.body.addWidget(Label("kanan"))
    scene.stand(qtbot, columns, 1200, 500)
    assert columns.right.isVisible()
    columns.show_right(False)
    assert not columns.right.isVisible()
    assert columns.left.margins == (28, 2, 28, 18)
    for width in (600, 1200):
        columns.resize(width, 500)
        QApplication.processEvents()
        assert not columns.right.isVisible()
        assert columns.left.margins[2] == 28
    columns.show_right(True)
    assert columns.right.isVisible()
    assert columns.left.margins == (28, 2, 8, 18)
    columns.share(1, 3)
    QApplication.processEvents()
    assert columns.right.width() > 2 * columns.left.width()


def test_a_drop_down_keeps_its_words_while_another_line_has_room_for_them(qtbot: QtBot) -> None:
    flow = Flow(spacing=12)
    pickers = [Picker([("a", "Laporan bulanan Posyandu"), ("b", "SKDN")], name=name) for name in ("jenis", "bagian")]
    for picker in pickers:
        picker.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        picker.setMinimumContentsLength(6)
        flow.add(picker, 100, picker.whole_width)
    show(flow, qtbot, 420)
    for picker in pickers:
        assert picker.fontMetrics().horizontalAdvance(picker.currentText()) <= picker.room()
    assert pickers[1].y() > pickers[0].y()
    assert flow.minimumSizeHint().width() < px(420)  # it asks for no more than it did
    pickers[1].set_value("b")
    qtbot.waitUntil(lambda: pickers[1].y() == pickers[0].y())
    flow.resize(px(180), px(400))
    assert max(picker.width() for picker in pickers) <= px(180)


def test_the_menu_of_folded_buttons_leaves_its_own_button_free(qtbot: QtBot) -> None:
    words = ("Lembar KMS", "Periksa data ganda", "Yang dihapus")
    deeds = Deeds([Button(each, "quiet", name=each) for each in words])
    show(deeds, qtbot, 240, 60)
    deeds.window().move(40, 400)
    deeds.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.frameGeometry().bottom() <= deeds.more.mapToGlobal(deeds.more.rect().topLeft()).y()
    menu.close()
