"""Nothing needs the mouse: Tab reaches, in the order one reads, whatever can be pressed or typed into."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.services import post_affairs, sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs, registry
from posyandu.ui.pages.pengaturan import PARTS
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene

KINDS = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
MOST_TABS = 1500
BESIDE = ("calendar:", "pin:", "qt_", "ScrollLeftButton", "ScrollRightButton", "more:")
"""Names of what has a key of its own beside Tab: the day is typed, the digits are on the keyboard."""


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=2)
    session_id = scene.open_day(book)
    for row in sessions.roster(book, session_id, None)[:6]:
        sessions.mark_present(book, session_id, row.person_id)
    for item in ("iron", "vitamin_a_red"):
        post_affairs.set_stock(book, book.posyandu_id, item, Month.of(scene.HELD_ON), "received", 100)
    yield book
    book.close()


@pytest.fixture
def shell(qtbot: QtBot, ws: Workspace) -> Iterator[Shell]:
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, 1366, 696)
    yield made
    jobs.wait(5000)
    made.hide()


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "no widget has the keyboard"
    return found


def walked(start: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> set[QWidget]:
    """What Tab or Shift+Tab reaches from here, going once round."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    shift = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else Qt.KeyboardModifier.NoModifier
    seen = {start}
    for _press in range(MOST_TABS):
        QTest.keyClick(focus(), key, shift)
        if focus() is start and len(seen) > 1:
            return seen
        seen.add(focus())
    raise AssertionError(f"Tab goes round in a ring that leaves out where it began: {focus()}")


def interactive(root: QWidget) -> list[QWidget]:
    """Whatever a person could press or type into now."""
    return [each for each in root.findChildren(QWidget) if isinstance(each, KINDS) and each.isVisible() and _open(each)]


def _open(widget: QWidget) -> bool:
    name, parent = widget.objectName(), widget.parent()
    inner = isinstance(parent, QComboBox) or (isinstance(parent, QAbstractItemView) and widget is not parent)
    return widget.isEnabled() and not inner and not name.startswith(BESIDE) and not _is_read_only(widget)


def _is_read_only(widget: QWidget) -> bool:
    return isinstance(widget, QLineEdit) and widget.isReadOnly()


def group_reached(button: QWidget, seen: set[QWidget]) -> bool:
    """Of answers that exclude each other Tab reaches one; arrows go on from there."""
    if not isinstance(button, QRadioButton):
        return False
    group = button.group()
    answers = (
        group.buttons()
        if group is not None
        else [each for each in button.parentWidget().children() if isinstance(each, QRadioButton)]
    )
    return any(each in seen for each in answers)


@pytest.mark.parametrize("name", registry.PAGES)
def test_tab_reaches_everything_on_the_page_and_it_has_a_name(shell: Shell, name: str, qtbot: QtBot) -> None:
    page, ws = registry.PAGES[name], shell.desk.ws
    session = sessions.current(ws, ws.posyandu_id)
    assert session is not None
    person = next(row.person_id for row in sessions.roster(ws, session.id, "under_five") if row.last_visit)
    ws.worker = replace(ws.worker, role=next(iter(page.roles), "kader"))
    shell.go(name, **({"person_id": person} if page.of_someone else {}))
    scene.settle(qtbot)
    seen = walked(shell.sidebar.post) | walked(shell.sidebar.post, Qt.Key.Key_Backtab)
    missed = [
        f"{type(each).__name__} {each.objectName()} {each.accessibleName()}"
        for each in interactive(shell)
        if each not in seen and not group_reached(each, seen)
    ]
    assert missed == []
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in interactive(shell)
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_no_page_opens_a_window_of_its_own_or_lets_the_keys_go(shell: Shell, qtbot: QtBot) -> None:
    ws = shell.desk.ws
    ws.worker = replace(ws.worker, role="kader")
    windows = on_screen()
    for name in ("laporan", "beranda", "sasaran", "hari", "pengaturan", "beranda"):
        shell.go(name)
        scene.settle(qtbot)
        assert QApplication.activeWindow() is shell, name
        assert focus().isVisible(), name
        assert on_screen() <= windows, name


def on_screen() -> set[QWidget]:
    return {each for each in QApplication.topLevelWidgets() if each.isVisible()}


READ = (
    ("tukar", {}),
    ("masalah_sosial", {}),
    ("lapor_sosial", {}),
    *(("posyandu_kita", {"tab": tab}) for tab in ("kader", "stok", "kegiatan", "strata", "profil")),
    *(("pengaturan", {"part": part}) for part, _words, _icon in PARTS),
)
ROUNDING = 4


@pytest.mark.parametrize(("name", "told"), READ, ids=["-".join((name, *told.values())) for name, told in READ])
def test_tab_goes_on_below_or_at_the_right_as_one_reads(
    shell: Shell, name: str, told: dict[str, str], qtbot: QtBot
) -> None:
    shell.go(name, **told)
    scene.settle(qtbot)
    assert not shell.sidebar.isAncestorOf(focus())
    back: list[str] = []
    before, start = None, shell.sidebar.post
    start.setFocus(Qt.FocusReason.TabFocusReason)
    for _press in range(MOST_TABS):
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        if focus() is start:
            break
        if not shell.sidebar.isAncestorOf(focus()):
            if before is not None and not _reads_on(_place(before, shell), _place(focus(), shell)):
                back.append(f"{before.objectName()} -> {focus().objectName()}")
            before = focus()
    assert before is not None
    assert back == []


def _place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _reads_on(one: QRect, next_one: QRect) -> bool:
    return next_one.top() >= one.bottom() - ROUNDING or next_one.left() >= one.right() - ROUNDING


def test_enter_on_masalah_sosial_begins_a_report(shell: Shell, qtbot: QtBot) -> None:
    shell.go("masalah_sosial")
    scene.settle(qtbot)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert focus().objectName() == "jenis:dropout"


@pytest.mark.parametrize(
    ("name", "told", "button"),
    [
        ("posyandu_kita", {"tab": "kader"}, "button:tambah-kader"),
        ("posyandu_kita", {"tab": "kegiatan"}, "button:catat-uang"),
        ("posyandu_kita", {"tab": "profil"}, "button:catat-profil"),
        ("posyandu_kita", {"tab": "stok"}, "stok:iron:rinci"),
        ("pengaturan", {"part": "posyandu"}, "button:tambah-posyandu"),
    ],
)
def test_enter_opens_a_sheet_and_escape_closes_it_but_not_over_what_was_typed(
    shell: Shell, name: str, told: dict[str, str], button: str, qtbot: QtBot
) -> None:
    def sheets() -> list[Overlay]:
        return [each for each in shell.findChildren(Overlay) if each.isVisible()]

    shell.go(name, **told)
    scene.settle(qtbot)
    opener = next(each for each in shell.findChildren(QAbstractButton, button) if each.isVisible())
    opener.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert len(sheets()) == 1
    assert sheets()[0].isAncestorOf(focus())
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    assert (sheets(), focus()) == ([], opener)
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    (sheet,) = sheets()
    box = next(each for each in sheet.findChildren(QLineEdit) if each.isVisible() and not _is_read_only(each))
    box.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(box, "12")
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    for _press in range(2):  # the question, and back to the sheet
        QTest.keyClick(focus(), Qt.Key.Key_Escape)
        assert sheet.isVisible()
    assert sheets() == [sheet]
    sheet.findChild(QAbstractButton, "button:batal").click()
    assert sheets() == []
