"""What happens to a page that is locked in the middle of work: hidden whole, and gone on with where it was left."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posyandu.services import accounts, sessions
from posyandu.storage.keys import COSTS
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.pages.lock import LockPage
from posyandu.ui.shell import Shell
from tests.ui.conftest import PIN
from tests.ui.scene import keys


class Locked:
    """The window over the made-up post; `unlock` is the right PIN of the same kader: the book opened anew."""

    def __init__(self, window: MainWindow) -> None:
        assert window.desk is not None
        assert window.shell is not None
        self.window, self.desk, self.shell = window, window.desk, window.shell

    def go(self, page: str, **arguments: object) -> object:
        self.shell.go(page, **arguments)
        return self.shell.page(page)

    def lock(self) -> None:
        self.again = self.desk.ws.sibling()
        self.window.show_lock()
        assert isinstance(self.in_view(), LockPage)

    def unlock(self) -> None:
        self.window.open_book(self.again)
        assert isinstance(self.in_view(), Shell)

    def in_view(self) -> object:
        return self.window.centralWidget().currentWidget()  # type: ignore[attr-defined]


@pytest.fixture
def book(window: MainWindow) -> Locked:
    accounts.create(accounts.books().real, "Sri Wahyuni", PIN, cost=COSTS[-1]).workspace.close()  # what the lock reads
    return Locked(window)


def test_a_box_being_typed_is_saved_before_the_lock_and_the_next_goes_into_the_book_opened_anew(
    book: Locked,
) -> None:
    page = book.go("grid")
    assert isinstance(page, GridPage)
    view, rows = page.view, page.view.grid.rows
    view.go_to(0, view.grid.first_entry)
    keys("85")
    book.lock()
    book.unlock()
    assert QApplication.focusWidget() is view, "the keys are where they were"
    view.go_to(1, view.grid.first_entry)
    keys("91↵")
    roster = {entry.person_id: entry.visit or {} for entry in sessions.roster(book.desk.ws, page.session_id, None)}
    assert [roster[row.person_id].get("weight_g") for row in rows[:2]] == [8500, 9100]


def test_a_sheet_comes_back_with_what_was_typed_and_the_next_key_goes_on_there(book: Locked) -> None:
    page = book.go("hari")
    page.ask_about_day()  # type: ignore[attr-defined]
    box = QApplication.focusWidget()
    keys("⇥⇥9")
    place = QApplication.focusWidget()
    assert place is not None
    assert place is not box
    book.lock()
    book.unlock()
    assert QApplication.focusWidget() is place
    keys("8")
    QTest.keyClick(place, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    day = sessions.current(book.desk.ws, book.desk.ws.posyandu_id)
    assert day is not None
    assert day.answers["kader_present"] == 98


def test_a_page_laid_out_this_moment_takes_the_keys_from_the_rail(book: Locked) -> None:
    book.shell.sidebar.post.setFocus()
    made = book.go("beranda")
    assert made.isAncestorOf(QApplication.focusWidget())  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", ["beranda", "hari", "sasaran", "pengaturan"])
def test_after_the_lock_the_keys_are_on_the_page_not_in_the_rail(book: Locked, qtbot: QtBot, page: str) -> None:
    made = book.go(page)
    qtbot.wait(20)
    book.lock()
    book.unlock()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert made.isAncestorOf(focus) or book.shell.bar.isAncestorOf(focus), focus.objectName()  # type: ignore[attr-defined]
