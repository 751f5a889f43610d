"""Sheets over the window: the focus goes back where it may, and what scrolls gives way in a low window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from posyandu.domain.errors import BadInput
from posyandu.ui import theme
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kunjungan import PersonHead
from posyandu.ui.pages.pengaturan import PinSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Label, Rule, ScrollPage
from posyandu.ui.widgets.overlay import LEAST_SCROLL, Overlay, ask
from posyandu.ui.widgets.search_overlay import Palette
from tests.ui import looking, scene


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    for name in ("satu", "dua"):
        line = QLineEdit()
        line.setObjectName(name)
        column.addWidget(line)
    scene.stand(qtbot, made, 900, 600)
    return made


def opened(host: QWidget, *parts: int, lines: int = 30) -> Overlay:
    """A sheet with so many lines in each part that scrolls."""
    sheet = Overlay(host, "Lembar")
    for part in parts or (lines,):
        page = ScrollPage(margins=(0, 0, 0, 0))
        for number in range(part):
            page.body.addWidget(Label(f"baris {number}"))
        sheet.body.addWidget(page, 1)
    close = Button("Tutup")
    sheet.body.addWidget(close)
    sheet.open_over(close)
    return sheet


def test_the_focus_goes_back_to_who_had_it(host: QWidget) -> None:
    second = host.findChild(QLineEdit, "dua")
    second.setFocus()
    opened(host).reject()
    assert QApplication.focusWidget() is second


def test_who_had_the_focus_may_be_gone_when_the_sheet_closes(host: QWidget) -> None:
    second = host.findChild(QLineEdit, "dua")
    second.setFocus()
    sheet = opened(host)
    delete(second)  # what came in from another laptop built the page anew
    sheet.reject()
    assert QApplication.focusWidget() is host.findChild(QLineEdit, "satu")


def test_the_foot_has_what_closes_before_the_deeds_and_above_it_what_stands_in_the_way(host: QWidget) -> None:
    done: list[str] = []
    sheet = Overlay(host, "Lembar")
    deed = Button("Simpan", "primary", on=lambda: done.append("simpan"))
    beside = Button("Hapus", "quiet", on=lambda: done.append("hapus"))
    close = sheet.foot(deed, beside=[beside])
    sheet.open_over(deed)
    assert not sheet.problem.isVisible()
    assert (close.text(), close.kind, close.objectName()) == ("Batal", "secondary", "button:batal")
    assert beside.x() < close.x() < deed.x()
    for button in (deed, beside):
        button.click()
    assert done == ["simpan", "hapus"]
    sheet.say("Tulis dulu alasannya.")
    QApplication.processEvents()
    assert (sheet.problem.label.text(), sheet.problem.level) == ("Tulis dulu alasannya.", "bad")
    assert sheet.problem.geometry().bottom() < deed.y()
    sheet.say("Jawab yang masih kosong.", "info")
    assert (sheet.problem.label.text(), sheet.problem.level) == ("Jawab yang masih kosong.", "info")
    close.click()
    assert not [each for each in host.findChildren(Overlay) if each.isVisible()]


def test_ctrl_enter_of_either_key_does_the_deed_from_anywhere_inside(host: QWidget) -> None:
    done: list[str] = []
    sheet = Overlay(host, "Lembar")
    line = QLineEdit()
    sheet.body.addWidget(line)
    on_ctrl_enter(sheet, lambda: done.append("simpan"))
    sheet.open_over(line)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(line, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert done == ["simpan", "simpan"]


def test_a_sheet_is_as_high_as_what_it_holds(host: QWidget) -> None:
    sheet = opened(host, lines=4)
    QApplication.processEvents()
    page, button = sheet.findChild(ScrollPage), sheet.findChild(Button)
    last = page.findChildren(Label)[-1]
    assert page.verticalScrollBar().maximum() == 0, "nothing is scrolled where all has room"
    assert 0 <= page.height() - last.geometry().bottom() <= 2, "no air under the last line"
    assert sheet.sheet.height() - button.geometry().bottom() <= px(24)
    assert abs(sheet.sheet.geometry().center().y() - host.rect().center().y()) <= 1
    sheet.reject()


def test_a_question_of_one_line_has_no_air_around_its_words(host: QWidget) -> None:
    asked = ask(host, "Tutup hari Posyandu?", "Semua sudah dicatat.", "Tutup", lambda: None)
    QApplication.processEvents()
    for label in asked.findChildren(Label):
        assert not label.text() or label.height() <= label.fontMetrics().lineSpacing() + 2, label.text()
    asked.reject()


def test_a_sheet_grows_with_its_content_where_it_stands_and_keeps_its_buttons(host: QWidget, qtbot: QtBot) -> None:
    sheet = opened(host, lines=2)
    page, button = sheet.findChild(ScrollPage), sheet.findChild(Button)
    top, high = sheet.sheet.y(), sheet.sheet.height()
    more = [Label(f"lagi {number}") for number in range(4)]
    for each in more:
        page.body.addWidget(each)
    qtbot.waitUntil(lambda: sheet.sheet.height() > high)
    assert sheet.sheet.y() == top
    assert page.verticalScrollBar().maximum() == 0
    high, low = sheet.sheet.height(), button.y()
    for each in more:
        each.hide()
    qtbot.wait(60)
    assert (sheet.sheet.height(), button.y()) == (high, low), "a shorter list moves no button"
    page.hide()
    qtbot.waitUntil(lambda: sheet.sheet.height() < high)
    sheet.reject()


def test_a_sheet_that_stands_rests_and_what_scrolls_inside_a_part_of_it_is_seen(host: QWidget, qtbot: QtBot) -> None:
    sheet = Overlay(host, "Lembar")
    part, inner = QWidget(), ScrollPage(margins=(0, 0, 0, 0))
    column = QVBoxLayout(part)
    column.addWidget(QLineEdit())
    column.addWidget(inner)
    for number in range(40):
        inner.body.addWidget(Label(f"baris {number}"))
    sheet.body.addWidget(part)
    sheet.foot()
    sheet.open_over()
    for high in (600, 360):
        host.resize(900, high)
        qtbot.wait(60)
        assert inner.geometry().bottom() <= part.rect().bottom()
        assert sheet.sheet.height() == high - px(32)
    placed: list[int] = []
    sheet._later.timeout.connect(lambda: placed.append(1))
    qtbot.wait(120)
    assert len(placed) <= 1, "placing a sheet must not ask for placing it again"
    sheet.reject()


def test_what_follows_its_lines_gets_lower_too(host: QWidget, qtbot: QtBot) -> None:
    sheet = opened(host, lines=8)
    sheet.follows = True
    high = sheet.sheet.height()
    for each in sheet.findChild(ScrollPage).findChildren(Label)[2:]:
        each.hide()
    qtbot.waitUntil(lambda: sheet.sheet.height() < high - px(60))
    sheet.reject()


@pytest.mark.parametrize(("parts", "window"), [((30,), 600), ((30,), 320), ((30, 30), 420), ((30, 3), 460)])
def test_in_a_low_window_what_scrolls_gives_way_and_the_buttons_stay(
    host: QWidget, parts: tuple[int, ...], window: int
) -> None:
    host.resize(900, window)
    sheet = opened(host, *parts)
    QApplication.processEvents()
    pages, button = sheet.findChildren(ScrollPage), sheet.findChild(Button)
    assert sheet.sheet.height() == window - px(32)
    for above, below in zip(pages, [*pages[1:], button], strict=True):
        assert above.geometry().bottom() < below.geometry().top()
        assert above.height() >= px(LEAST_SCROLL)
    assert button.geometry().bottom() <= sheet.sheet.height()
    low = [page.verticalScrollBar().maximum() for page in pages]
    assert low[0] > 0
    if parts == (30, 3):
        assert low[1] == 0, "the highest gives way first"
    elif len(parts) == 2:
        assert abs(pages[0].height() - pages[1].height()) <= 1
    host.resize(900, 2_400)
    QApplication.processEvents()
    assert [page.verticalScrollBar().maximum() for page in pages] == [0] * len(pages), "room comes back"
    sheet.reject()


def test_a_long_name_ends_in_dots_and_makes_no_window_wider(qtbot: QtBot) -> None:
    head = PersonHead()
    qtbot.addWidget(head)
    before = head.minimumSizeHint().width()
    head.name.setText("Muhammad Rizki Ramadhan Al Fatih bin Abdul Karim Zainuddin")
    assert head.minimumSizeHint().width() <= before + px(8)


def test_a_question_asked_from_a_sheet_over_the_window_lies_above_it(window: MainWindow) -> None:
    sheet = Overlay(window, "Hapus data atas permintaan")
    sheet.foot()
    sheet.open_over()
    assert window.desk is not None
    window.desk.ask("Hapus semua data?", "Ini tidak dapat dibatalkan.", "Hapus selamanya", lambda: None, danger=True)
    (question,) = [each for each in window.findChildren(Overlay) if each is not sheet]
    middle = question.sheet.mapTo(window, question.sheet.rect().center())
    touched = window.childAt(middle)
    assert touched is not None
    assert question.isAncestorOf(touched)


@pytest.mark.parametrize("comes_back", ["done", "failed"])
def test_a_sheet_does_its_deed_once_and_stays_until_it_comes_back(host: QWidget, comes_back: str) -> None:
    sheet = opened(host)
    asked: list[tuple[object, QWidget, Callable[[object], object]]] = []
    told: list[tuple[str, object]] = []

    def run(deed: object, done: Callable[..., object], failed: Callable[..., object], *, owner: QWidget) -> None:
        asked.append((deed, owner, {"done": done, "failed": failed}[comes_back]))

    for _press in range(2):
        sheet.work(run, len, lambda answer: told.append(("done", answer)), lambda why: told.append(("failed", why)))
    assert [(deed, owner) for deed, owner, _back in asked] == [(len, sheet)]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert sheet.isVisible()
    asked[0][2]("jawaban")
    assert told == [(comes_back, "jawaban")]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_while_a_new_pin_is_saved_its_sheet_stays_to_tell_of_it(host: QWidget) -> None:
    sheet = PinSheet(host, "Ganti PIN", lambda *_told: None)
    sheet.open_over(sheet.pin)
    for box in (sheet.pin, sheet.again):
        QTest.keyClicks(box, "381946")
    QTest.keyClick(sheet.go, Qt.Key.Key_Return)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    sheet.refuse(BadInput("PIN itu terlalu mudah."))
    assert sheet.says.text() == "PIN itu terlalu mudah."
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def _escape(sheet: Overlay) -> None:
    QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Escape)


def _beside(sheet: Overlay) -> None:
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


@pytest.mark.parametrize("away", [_escape, _beside])
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_words_typed_on_a_sheet_are_not_lost_by_escape_or_a_click_beside(
    host: QWidget, away: Callable[[Overlay], None], kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    sheet, box = Overlay(host, "Lembar"), kind()
    sheet.body.addWidget(box)
    sheet.foot()
    sheet.open_over(box)
    QTest.keyClicks(box, "tiga kali")
    away(sheet)
    (question,) = sheet.findChildren(Overlay)
    assert question.accessibleName() == "Tutup tanpa menyimpan?"
    assert QApplication.focusWidget().text() == "Lanjut mengisi"  # Enter keeps on
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert QApplication.focusWidget() is box
    away(sheet)
    _escape(sheet)
    assert sheet.isVisible(), "escape of the question is no yes"
    away(sheet)
    sheet.findChildren(Overlay)[-1].findChild(Button, "button:ya").click()
    assert not sheet.isVisible()


@pytest.mark.parametrize(
    "fill",
    [
        lambda _box: None,
        lambda box: (QTest.keyClicks(box, "x"), QTest.keyClick(box, Qt.Key.Key_Backspace)),
        lambda box: (box.setEchoMode(QLineEdit.EchoMode.Password), QTest.keyClicks(box, "3819")),
    ],
    ids=["shown", "taken back", "secret"],
)
def test_a_sheet_without_words_of_anybody_closes_at_once(host: QWidget, fill: Callable[[QLineEdit], object]) -> None:
    sheet, box = Overlay(host, "Lembar"), QLineEdit("dari catatan lama")
    sheet.body.addWidget(box)
    sheet.foot()
    sheet.open_over(box)
    fill(box)
    _escape(sheet)
    assert not sheet.isVisible()


def test_batal_and_a_search_close_without_a_question(host: QWidget) -> None:
    sheet, box = Overlay(host, "Lembar"), QLineEdit()
    sheet.body.addWidget(box)
    cancel = sheet.foot()
    sheet.open_over(box)
    QTest.keyClicks(box, "tiga kali")
    cancel.click()
    assert not sheet.isVisible()
    search = Palette(host, lambda _typed: (), (), lambda _id: None, lambda _name: None)
    search.open_over(search.box)
    QTest.keyClicks(search.box, "ayu")
    _escape(search)
    assert not search.isVisible()


@pytest.mark.parametrize("ask_name", [False, True])
def test_the_boxes_of_a_new_pin_keep_their_height_in_a_low_window_with_large_letters(
    host: QWidget, qapp: QApplication, ask_name: bool
) -> None:
    theme.apply(qapp, "light", 1.3)
    host.resize(1024, 576)
    sheet = PinSheet(host, "Ganti PIN", lambda *_told: None, ask_old=True, ask_name=ask_name)
    sheet.open_over()
    assert looking.settled_faults(sheet) == []
    sheet.go.click()
    assert looking.settled_faults(sheet) == []
    assert sheet.says.isVisible()
    assert sheet.go.mapTo(host, sheet.go.rect().bottomLeft()).y() < host.height()


def test_where_nothing_scrolls_what_a_sheet_holds_ends_where_its_foot_does(host: QWidget) -> None:
    sheet = Overlay(host, "Yang dihapus")
    page = ScrollPage(margins=(0, 0, 8, 0))
    line = Rule()
    page.body.addWidget(line)
    page.body.addStretch(1)
    sheet.body.addWidget(page, 1)
    close = sheet.foot(no="Tutup")
    sheet.open_over(close)
    QApplication.processEvents()

    def right(part: QWidget) -> int:
        return part.mapTo(sheet, part.rect().bottomRight()).x()

    assert right(line) == right(close)
    for number in range(60):
        page.body.insertWidget(0, Label(f"baris {number}"))
    sheet.place()
    QApplication.processEvents()
    assert page.verticalScrollBar().maximum() > 0
    assert right(line) < right(close), "the bar stands between"


def test_words_that_came_while_a_bar_stood_are_shown_without_it_where_there_is_room(host: QWidget) -> None:
    sheet = Overlay(host, "Jawaban rahasia")
    page = ScrollPage(margins=(0, 0, 8, 0))
    words = Label("Membaca buku", "body", wrap=True)
    page.body.addWidget(words)
    page.body.addStretch(1)
    sheet.body.addWidget(page, 1)
    sheet.open_over(sheet.foot(no="Tutup"))
    for many in range(20, 60):
        words.setText("kata " * many)
        sheet.place()
        QApplication.processEvents()
        assert page.verticalScrollBar().maximum() == 0, many
