"""Names of forty letters and long addresses at 1024 pixels: a kader can tell two women apart in every list."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from posyandu.services import people, posts, sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import lines, theme
from posyandu.ui.grid_model import NAME as GRID_NAME
from posyandu.ui.grid_sheet import row_detail
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.pages.hari import RosterList, RosterPainter, row_lines, row_title
from posyandu.ui.pages.kunjungan import PersonHead
from posyandu.ui.pages.sasaran import ADDRESS, MOTHER, NAME, PeopleTable, _letters
from posyandu.ui.shell import Header
from posyandu.ui.sidebar import PostButton
from posyandu.ui.widgets.basics import NameLabel, Page
from tests.ui import scene

MOTHER_NAME = "Baiq Siti Khadijah Nurhasanah Wulandari"
ALIKE = ("Lale Siti Nurhasanah Rahmawati Putri Ayu", "Lale Siti Nurhasanah Rahmawati Putri Ida")
"""Two names of forty letters that differ at their end."""
PLACE = {"rt": "012", "rw": "004", "hamlet": "Montong Gamang Timur"}
LONGEST = "Lalu Muhammad Rizky Ramadhan Al Fatih bin Abdul Karim Zainuddin bin Abdullah Sukarno"


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=1)
    for name in (*ALIKE, LONGEST):
        told: dict[str, Any] = {
            "name": name,
            "sex": "female",
            "born_on": date(2025, 3, 4),
            "mother_name": MOTHER_NAME,
            **PLACE,
        }
        people.register(book, told)
    yield book
    book.close()


@pytest.fixture
def head(qtbot: QtBot, ws: Workspace) -> Header:
    """The head of a person's page in the window of 1024 pixels."""
    made = Header(lambda: None)
    scene.stand(qtbot, made, 1024 - 92, 78)
    made.set_narrow(True)
    return made


def found(ws: Workspace, name: str) -> people.PersonHit:
    return people.search(ws, name, scope=ws.posyandu_id)[0]


def tip(view: QAbstractItemView, area: QRect, index: Any) -> str:  # noqa: ANN401 - an index
    """What the list says under the pointer."""
    option = QStyleOptionViewItem()
    option.rect = area
    spot = QPoint(area.center())
    QToolTip.hideText()
    QTest.qWait(400 if QToolTip.isVisible() else 0)  # Qt hides one a moment later
    view.itemDelegate().helpEvent(QHelpEvent(QEvent.Type.ToolTip, spot, view.mapToGlobal(spot)), view, option, index)
    return QToolTip.text()


def test_forty_letters_are_the_measure() -> None:
    assert {len(name) for name in ALIKE} == {40}
    assert len(LONGEST) > 80


def test_the_list_of_people_shows_name_mother_and_address_whole_and_tells_what_it_must_cut(
    qtbot: QtBot, ws: Workspace
) -> None:
    table = PeopleTable()
    scene.stand(qtbot, table, 870, 300)  # what a window of 1024 leaves
    hits = [found(ws, name) for name in (*ALIKE, LONGEST)]
    table.show_people(hits)
    delegate: Any = table.itemDelegate()
    for column in (NAME, MOTHER, ADDRESS):
        index = table.model().index(0, column)
        room = delegate._room(table.visualRect(index), column)
        assert not lines.is_cut(index.data(), room.width(), *_letters(column)), index.data()
        assert tip(table, table.visualRect(index), index) == ""
    longest = table.model().index(2, NAME)
    assert tip(table, table.visualRect(longest), longest) == LONGEST
    assert longest.data(Qt.ItemDataRole.AccessibleTextRole).startswith(LONGEST)


@pytest.mark.parametrize("letters", [1.0, 1.3], ids=["100%", "130%"])
def test_a_line_of_the_days_list_shows_a_name_whole_on_two_lines(
    letters: float, qtbot: QtBot, qapp: QApplication, ws: Workspace
) -> None:
    theme.apply(qapp, "light", letters)
    rows = {row.name: row for row in sessions.roster(ws, scene.open_day(ws))}
    room = theme.px(270)
    one, other = (row_lines(rows[name], room) for name in ALIKE)
    assert " ".join(words for _role, _ink, words in one[:2]) == ALIKE[0] != ALIKE[1]
    assert one[:2] != other[:2]
    assert len(one) == 3
    assert one[2][2].endswith("…")
    wide = row_lines(rows[ALIKE[0]], theme.px(900))
    assert [words for _role, _ink, words in wide] == [row_title(rows[ALIKE[0]]), row_detail(rows[ALIKE[0]])]
    for role, _ink, words in (*one, *other, *wide):
        assert QFontMetrics(theme.font(role)).horizontalAdvance(words) <= theme.px(900)


def test_the_days_list_tells_the_whole_line_only_where_it_is_cut(qtbot: QtBot, ws: Workspace) -> None:
    view = RosterList()
    scene.stand(qtbot, view, 560, 300)
    rows = {row.name: row for row in sessions.roster(ws, scene.open_day(ws))}
    view.show_rows([rows[ALIKE[0]]], choose=True)
    index = view.model().index(0, 0)
    said = tip(view, view.visualRect(index), index)
    assert said.startswith(ALIKE[0])
    assert MOTHER_NAME in said
    view.resize(1300, 300)
    assert tip(view, view.visualRect(index), index) == ""
    assert isinstance(view.itemDelegate(), RosterPainter)


def test_the_head_of_a_persons_page_grows_by_the_lines_the_name_and_the_address_want(
    head: Header, ws: Workspace, qtbot: QtBot
) -> None:
    person = PersonHead()
    page = Page()
    page.header = lambda: person  # type: ignore[method-assign]
    head.show_page(page)
    for name in (*ALIKE, LONGEST):
        person.show_person(people.card(ws, found(ws, name).id), ws.today())
        head.resize(932, max(78, head.heightForWidth(932)))
        QApplication.processEvents()
        for words in (person.name, person.line):
            assert not words.is_cut(), words.text()
            assert words.toolTip() == ""
            assert words.height() >= words.heightForWidth(words.width())
        assert person.line.y() >= person.name.geometry().bottom()
        assert person.line.geometry().bottom() <= person.height()


def test_a_name_goes_on_two_lines_and_tells_itself_only_where_even_those_are_too_short(qtbot: QtBot) -> None:
    name = NameLabel(ALIKE[0])
    scene.stand(qtbot, name, 600, 40)
    assert name.heightForWidth(600) == QFontMetrics(theme.font("title")).height()
    name.resize(220, 40)
    assert name.heightForWidth(220) == 2 * QFontMetrics(theme.font("label")).height()
    assert (name.is_cut(), name.toolTip()) == (False, "")
    name.setText(LONGEST)
    assert (name.is_cut(), name.toolTip()) == (True, LONGEST)
    name.setText("Siti")
    assert name.toolTip() == ""


def test_the_register_tells_who_stands_in_a_row_of_whom_it_shows_only_the_name(qtbot: QtBot, ws: Workspace) -> None:
    page = GridPage(scene.desk(ws))
    scene.stand(qtbot, page, 932, 500)
    page.open(session_id=scene.open_day(ws))
    grid = page.view.grid
    place = next(place for place, row in enumerate(grid.rows) if row.entry.name == ALIKE[0])
    said = str(grid.index(place, GRID_NAME).data(Qt.ItemDataRole.ToolTipRole))
    assert said.split("\n") == [ALIKE[0], row_detail(grid.rows[place].entry)]
    assert MOTHER_NAME in said
    page.hide()


def test_the_rail_names_the_post_by_what_tells_it_from_the_others(qtbot: QtBot, ws: Workspace) -> None:
    post = PostButton(scene.desk(ws))
    qtbot.addWidget(post)
    before = posts.posts(ws)[0].name
    posts.correct_post(ws, ws.posyandu_id, {"name": "Posyandu Mawar Indah"})
    post.refresh()
    assert (post.text(), post.short) == ("Posyandu Mawar Indah", "Mawar Indah")
    assert post.toolTip().startswith("Posyandu Mawar Indah")
    assert post.accessibleName().startswith("Posyandu Mawar Indah,")
    posts.correct_post(ws, ws.posyandu_id, {"name": before})
