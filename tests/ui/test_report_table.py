"""A table of a report on the screen: its figures open names by pointer and key, its head is that of the paper."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from posyandu.reports.table import Cell, Column, Head, PersonRef, Table
from posyandu.ui import theme
from posyandu.ui.widgets.report_table import ReportModel, ReportTable
from tests.ui import scene

SITI, RAKA = PersonRef("p1", "Siti Aminah", "turun 300 gram"), PersonRef("p2", "Raka Aditya")
COLUMNS = (
    Column("post", "Posyandu", width=3),
    Column("d", "Ditimbang", "right"),
    Column("n", "Naik", "right"),
    Column("note", "Keterangan", "center"),
)


def table(rows: int = 3, *, wide: str = "") -> Table:
    """Posts with how many were weighed (nobody is behind it) and gained (two are)."""
    body = tuple(
        (Cell(f"Melati {place} {wide}".strip()), Cell("41", 41), Cell("2", 2, (SITI, RAKA)), Cell(""))
        for place in range(1, rows + 1)
    )
    head = (
        (Head("Posyandu", rows=2), Head("Balita", columns=2), Head("Keterangan", rows=2, upright=True)),
        (Head("Ditimbang (D)"), Head("Naik (N)")),
    )
    return Table("t", "SKDN", COLUMNS, head, body, strong=frozenset({rows - 1}))


@pytest.fixture
def view(qtbot: QtBot) -> ReportTable:
    made = ReportTable()
    scene.stand(qtbot, made, 720, 360)
    made.show_table(table())
    made.setFocus()
    return made


def at(view: ReportTable, row: int, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> object:
    return view.model().index(row, column).data(role)


def point(view: ReportTable, row: int, column: int) -> None:
    """Move the pointer over a cell."""
    spot = QPointF(view.visualRect(view.model().index(row, column)).center())
    none = Qt.MouseButton.NoButton
    where = view.viewport().mapToGlobal(spot)
    move = QMouseEvent(QEvent.Type.MouseMove, spot, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), move)


def test_the_model_keeps_qts_contract(qtmodeltester: ModelTester) -> None:
    model = ReportModel(table())
    qtmodeltester.check(model)
    assert (model.rowCount(), model.columnCount()) == (3, 4)


def test_every_cell_is_said_with_its_column_and_what_enter_does(view: ReportTable) -> None:
    said = Qt.ItemDataRole.AccessibleTextRole
    assert at(view, 0, 0, said) == "Posyandu: Melati 1"
    assert at(view, 0, 2, said) == "Naik: 2, tekan Enter untuk nama"
    assert at(view, 0, 3, said) == "Keterangan: kosong"
    assert view.accessibleName() == "SKDN"


def test_a_figure_with_people_is_a_link_and_says_how_many(view: ReportTable) -> None:
    ink, tip = Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.ToolTipRole
    assert (at(view, 0, 2, ink), at(view, 0, 1, ink)) == (theme.color("primary"), theme.color("text"))
    assert (at(view, 0, 2, tip), at(view, 0, 1, tip)) == ("2 orang. Tekan untuk melihat nama.", None)


def test_the_last_row_is_strong_and_figures_stand_at_the_right(view: ReportTable) -> None:
    letters = Qt.ItemDataRole.FontRole
    plain, strong = theme.font("small").weight(), theme.font("small_strong").weight()
    assert [at(view, row, 0, letters).weight() for row in range(3)] == [plain, plain, strong]  # type: ignore[attr-defined]
    aligned = [at(view, 0, column, Qt.ItemDataRole.TextAlignmentRole) for column in range(4)]
    sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignRight,
             Qt.AlignmentFlag.AlignHCenter)  # fmt: skip
    assert all(side in each for side, each in zip(sides, aligned, strict=True))  # type: ignore[operator]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_arrows_walk_the_cells_and_enter_opens_the_names(view: ReportTable, key: Qt.Key) -> None:
    opened = QSignalSpy(view.cell_opened)
    QTest.keyClick(view, key)
    assert opened.count() == 0, "nobody is behind the name of a post"
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, key)
    cell, title = opened.at(0)
    assert ([person.name for person in cell.people], title) == (["Siti Aminah", "Raka Aditya"], "Naik")


def test_a_press_opens_names_and_the_pointer_says_where_there_are_some(view: ReportTable) -> None:
    opened = QSignalSpy(view.cell_opened)
    for column, shape, times in (
        (1, Qt.CursorShape.ArrowCursor, 0),
        (2, Qt.CursorShape.PointingHandCursor, 1),
        (0, Qt.CursorShape.ArrowCursor, 1),
    ):
        spot = view.visualRect(view.model().index(1, column)).center()
        point(view, 1, column)
        assert view.viewport().cursor().shape() is shape
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert opened.count() == times


def test_tab_leaves_the_table(qtbot: QtBot, view: ReportTable) -> None:
    assert not view.tabKeyNavigation()


@pytest.mark.parametrize("width", [500, 720, 1100])
@pytest.mark.parametrize("rows", [3, 60])
def test_columns_fill_the_width_and_leave_no_bar_below_where_all_fits(
    qtbot: QtBot, view: ReportTable, width: int, rows: int
) -> None:
    view.show_table(table(rows))
    view.resize(width, 360)
    QApplication.processEvents()
    header = view.horizontalHeader()
    assert sum(header.sectionSize(column) for column in range(4)) == view.viewport().width()
    assert not view.horizontalScrollBar().isVisible()
    bar: QScrollBar = view.verticalScrollBar()
    assert bar.isVisible() is (rows == 60)


def test_what_is_over_goes_to_the_widest_column_and_comes_back(view: ReportTable) -> None:
    header = view.horizontalHeader()
    before = [header.sectionSize(column) for column in range(4)]
    view.resize(1000, 360)
    QApplication.processEvents()
    after = [header.sectionSize(column) for column in range(4)]
    assert after[1:] == before[1:]
    assert after[0] - before[0] == 1000 - 720
    view.resize(720, 360)
    QApplication.processEvents()
    assert [header.sectionSize(column) for column in range(4)] == before


def test_where_there_is_no_room_it_scrolls_sideways_and_no_word_is_cut(view: ReportTable) -> None:
    view.show_table(table(wide="Karang Bajo Timur Raya"))
    view.resize(260, 300)
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() > 0
    words = QFontMetrics(theme.font("small")).horizontalAdvance("Melati 1 Karang Bajo Timur Raya")
    assert view.columnWidth(0) >= words


def test_the_head_is_that_of_the_paper_form(view: ReportTable) -> None:
    head = view.head
    upright = QFontMetrics(theme.font("micro")).horizontalAdvance("Keterangan")
    assert head.height() >= upright, "an upright word is read in full"
    assert head.height() <= theme.px(230)
    picture = head.grab().toImage()
    inks = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(picture.height())}
    assert theme.color("text2").name() in inks
    assert at(view, 0, 0) == "Melati 1"
    titles = [view.model().headerData(place, Qt.Orientation.Horizontal) for place in range(4)]
    assert titles == ["Posyandu", "Ditimbang", "Naik", "Keterangan"]
    assert view.model().headerData(0, Qt.Orientation.Vertical) is None


def test_another_table_takes_its_place_with_nothing_left_over(qtbot: QtBot, view: ReportTable) -> None:
    view.selectionModel().setCurrentIndex(view.model().index(2, 2), view.selectionModel().SelectionFlag.NoUpdate)
    none = Table("k", "Kosong", COLUMNS[:1], ((Head("Posyandu"),),), (), empty="Belum ada.")
    view.show_table(none)
    assert (view.model().rowCount(), view.model().columnCount()) == (0, 1)
    assert view.accessibleName() == "Kosong"
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.show_table(table(1))
    assert (view.currentIndex().row(), view.currentIndex().column()) == (0, 0)


def test_the_head_grows_when_a_scroll_bar_takes_room_from_its_widest_column(qtbot: QtBot) -> None:
    made = ReportTable()
    columns = (Column("a", "Yang perlu dilengkapi", width=3), Column("b", "B"))
    head = ((Head("Yang perlu dilengkapi"), Head("B")),)
    scene.stand(qtbot, made, 600, 300)
    made.show_table(Table("t", "T", columns, head, ((Cell("NIK"), Cell("1")),)))
    before = made.head.height()
    made.resize(150, 300)
    qtbot.waitUntil(lambda: made.head.height() > before)


def first_and_last_ink(picture: QImage, left: int, wide: int) -> tuple[int, int]:
    """How far from the sides of a column its words begin and end."""
    dark = [
        x
        for x in range(left, left + wide - 2)  # the line between columns is no word
        if any(picture.pixelColor(x, y).lightness() < 150 for y in range(2, 30))
    ]
    return dark[0] - left, left + wide - dark[-1]


@pytest.mark.parametrize("letters", [1.0, 1.3], ids=["100%", "130%"])
def test_a_head_stands_exactly_over_the_words_of_its_column(letters: float, qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", letters)
    columns = (Column("a", "HHH"), Column("b", "HHH", "right"), Column("c", "HHH", "center"))
    words = (Cell("HHH"),) * 3
    view = ReportTable()
    scene.stand(qtbot, view, 700, 300)
    view.show_table(Table("t", "T", columns, ((Head("HHH"),) * 3,), (words,) * 3))
    view.setCurrentIndex(view.model().index(2, 0))
    head, body = view.head.viewport().grab().toImage(), view.viewport().grab().toImage()
    for column in range(3):
        left, wide = view.columnViewportPosition(column), view.columnWidth(column)
        above, below = (first_and_last_ink(each, left, wide) for each in (head, body))
        side = {"left": (0,), "right": (1,), "center": (0, 1)}[columns[column].align]
        assert all(abs(above[each] - below[each]) <= 2 * (len(side) == 2) + 1 * (len(side) == 1) for each in side)
