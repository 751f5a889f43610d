"""The lock: the right PIN opens, wrong ones cost time and say so, the recovery key makes a new PIN."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from sqlcipher3 import dbapi2

from posyandu.domain.errors import DatabaseBusy, DiskFull
from posyandu.services import accounts, preferences
from posyandu.services.accounts import BookFolder
from posyandu.storage import key_file, keys
from posyandu.storage.hold import hold
from posyandu.ui import theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.lock import KaderTile, LockPage, WaitPage, wait_words
from posyandu.ui.pages.tindak_lanjut import WhySheet
from posyandu.ui.sleep import Sleep
from tests.ui import looking, scene
from tests.ui.conftest import PIN


@pytest.fixture
def page(qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences) -> tuple[MainWindow, LockPage]:
    window = scene.started(qtbot, chosen)
    lock = scene.in_view(window)
    assert isinstance(lock, LockPage)
    lock.first_focus().setFocus()
    return window, lock


def type_pin(qtbot: QtBot, lock: LockPage, pin: str) -> None:
    QTest.keyClicks(lock.pin, pin)
    qtbot.waitUntil(lambda: not lock._busy, timeout=20_000)


def test_six_digits_open_the_book_without_another_key(qtbot: QtBot, page: tuple[MainWindow, LockPage]) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    assert window.desk.ws.worker.name == "Sri Wahyuni"
    assert preferences.load().last_member == window.desk.ws.worker.id


def test_the_keypad_types_too_and_takes_back(qtbot: QtBot, page: tuple[MainWindow, LockPage]) -> None:
    _window, lock = page
    for name in ("pin:2", "pin:7", "pin:9", "pin:hapus"):
        key = lock.findChild(QPushButton, name)
        assert key is not None
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)
    assert lock.pin.text() == "27"
    assert lock.pin.hasFocus()


def test_letters_are_no_pin(qtbot: QtBot, page: tuple[MainWindow, LockPage]) -> None:
    _window, lock = page
    QTest.keyClicks(lock.pin, "a2b7")
    assert lock.pin.text() == "27"


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_fifth_makes_one_wait(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    type_pin(qtbot, lock, "999111")
    assert "salah" in lock.message.text()
    assert lock.pin.text() == ""
    assert lock.pin.wrong
    for _turn in range(4):
        type_pin(qtbot, lock, "999111")
    assert "Coba lagi dalam" in lock.message.text()
    assert not lock.pin.isEnabled()
    assert window.shell is None


def test_another_kader_is_not_held_up_by_the_first_ones_wrong_pins(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    for _turn in range(5):
        type_pin(qtbot, lock, "999111")
    other = next(tile for tile in lock.findChildren(KaderTile) if tile.member.name == "Murniati")
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    assert lock.pin.isEnabled()
    QTest.keyClicks(lock.pin, "381946")
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    assert window.desk.ws.worker.name == "Murniati"


def test_the_lock_offers_who_worked_last_whatever_was_changed_meanwhile(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    other = next(tile for tile in lock.findChildren(KaderTile) if tile.member.name == "Murniati")
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    QTest.keyClicks(lock.pin, "381946")
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    window.desk.change_preferences(kms_style="old")
    assert preferences.load().last_member == other.member.id
    window.show_lock()
    again = scene.in_view(window)
    assert again.member().name == "Murniati", "her PIN would count as the other's wrong one"


def test_a_lock_amid_another_size_shows_nothing_in_the_old_one_afterwards(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    before = window.shell
    window.desk.change_preferences(text_scale=1.3)
    window.show_lock()
    assert theme.factor() == 1.3
    assert window.shell is None
    qtbot.waitUntil(lambda: not isValid(before))


def test_the_recovery_key_lets_a_kader_choose_a_new_pin(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], own_home: Path
) -> None:
    window, lock = page
    lock.forgot.click()
    QTest.keyClicks(lock.key_box, (own_home / "kunci.txt").read_text().lower())
    QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lock.heading.text() == "Buat PIN baru", timeout=20_000)
    QTest.keyClicks(lock.pin, "593817")
    QTest.keyClicks(lock.pin, "593818")
    assert "tidak sama" in lock.message.text()
    QTest.keyClicks(lock.pin, "593817")
    QTest.keyClicks(lock.pin, "593817")
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)


def test_a_recovery_key_pressed_twice_opens_the_book_once_and_asks_for_the_new_pin(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], own_home: Path, locked_book: BookFolder
) -> None:
    window, lock = page
    lock.forgot.click()
    QTest.keyClicks(lock.key_box, (own_home / "kunci.txt").read_text())
    for _turn in range(3):
        QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert lock.pin.isVisible()
    assert not lock.key_box.isVisible()
    with pytest.raises(DatabaseBusy):
        hold(locked_book.path / accounts.LOCK, alone=True)
    lock._left.timeout.emit()  # nobody came for the new PIN
    assert (lock.heading.text(), lock.key_box.text()) == ("Siapa yang bertugas?", "")
    assert lock.forgot.isVisible()
    hold(locked_book.path / accounts.LOCK, alone=True).release()
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)


def test_who_goes_to_the_practice_book_leaves_no_book_open_by_its_recovery_key(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], own_home: Path, locked_book: BookFolder
) -> None:
    _window, lock = page
    lock.practice_wanted.disconnect()
    wanted: list[bool] = []
    lock.practice_wanted.connect(wanted.append)
    other = lock.findChild(QAbstractButton, "button:latihan")
    lock.forgot.click()
    QTest.keyClicks(lock.key_box, (own_home / "kunci.txt").read_text())
    QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    other.click()
    assert wanted == [], "the book is being opened"
    scene.settle(qtbot)
    other.click()
    assert wanted == [True]
    hold(locked_book.path / accounts.LOCK, alone=True).release()


def test_a_wrong_recovery_key_is_told_beside_its_box(qtbot: QtBot, page: tuple[MainWindow, LockPage]) -> None:
    _window, lock = page
    lock.forgot.click()
    QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    assert "Ketik kunci" in lock.key_field.help.text()
    QTest.keyClicks(lock.key_box, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG")
    QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Ketik kunci" not in lock.key_field.help.text(), timeout=20_000)
    assert lock.key_field.help.text()


def test_the_lock_hides_the_book_and_the_same_kader_finds_the_page_again(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    assert window.shell is not None
    shell = window.shell
    shell.go("bantuan")
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not shell.isVisible()
    again = scene.in_view(window)
    assert isinstance(again, LockPage)
    QTest.keyClicks(again.pin, PIN)
    qtbot.waitUntil(shell.isVisible, timeout=20_000)
    assert shell.place()[0] == "bantuan"
    assert window.desk.ws.today()


def test_nobody_at_the_keys_for_the_chosen_minutes_locks(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    window.lock_when_idle()
    assert isinstance(scene.in_view(window), type(window.shell))
    monkeypatch.setattr(window._idle, "elapsed", lambda: 31 * 60_000, raising=False)
    window.lock_when_idle()
    assert isinstance(scene.in_view(window), LockPage)
    window.lock_when_idle()  # locked already: nothing more happens
    assert isinstance(QApplication.focusWidget(), type(lock.pin))


class Clocks:
    """The running clock and the wall clock of a machine that sleeps when told."""

    def __init__(self) -> None:
        self.ran, self.passed = 100.0, 1_800_000_000.0

    def go_on(self, seconds: float, *, wall: float | None = None) -> None:
        self.ran += seconds
        self.passed += seconds if wall is None else wall

    def watch(self) -> Sleep:
        return Sleep(lambda: self.ran, lambda: self.passed)


def test_a_sleep_is_a_gap_between_the_clocks_or_a_look_far_too_late() -> None:
    clocks = Clocks()
    watch = clocks.watch()
    for ran, passed, slept in (
        (5, 5, False), (20, 20, False),  # every few seconds; a busy machine
        (5, 3600, True), (5, 5, False),  # Linux: the running clock stood still; seen once
        (3600, 3600, True), (5, 5, False),  # Windows: it went on, and nobody looked
        (5, -3600, True), (5, 20, False),  # set back to hide it; corrected a little by the network
    ):  # fmt: skip
        clocks.go_on(ran, wall=passed)
        assert watch.slept() == slept, (ran, passed)
    clocks.go_on(7200)
    watch.restart()
    assert not watch.slept()


@pytest.mark.parametrize("ran", [5, 7200], ids=["linux", "windows"])
@pytest.mark.parametrize("first", ["the watch", "a key"])
def test_after_the_lid_was_closed_the_book_is_closed_and_the_screen_locked(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], ran: float, first: str
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    clocks = Clocks()
    window._sleep = clocks.watch()
    clocks.go_on(5)
    window._watch.timeout.emit()
    assert not window.desk.closed
    clocks.go_on(ran, wall=7200)
    if first == "the watch":
        window._watch.timeout.emit()
    else:
        assert window.eventFilter(window, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier(0), "a"))
    assert window.desk.closed
    with pytest.raises(dbapi2.ProgrammingError, match="closed"):
        window.desk.ws.db.execute("SELECT 1")
    again = scene.in_view(window)
    assert isinstance(again, LockPage)
    assert again.pin.text() == "", "the key that woke the machine is nobody's PIN"
    QTest.keyClicks(again.pin, PIN)
    qtbot.waitUntil(lambda: window.desk is not None and not window.desk.closed, timeout=20_000)


def test_a_book_closed_by_the_server_accuses_nobody_and_says_what_opens_it(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], locked_book: BookFolder
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.desk is not None
    whole = keys.read(locked_book.keys)
    mine = next(slot for slot in whole.slots if slot.id == window.desk.ws.worker.id)
    others = tuple(slot for slot in whole.slots if slot is not mine)
    keys.write(locked_book.keys, whole._replace(slots=(keys.emptied(mine), *others)))
    window.show_lock()
    told = window.findChildren(LockPage)[-1]
    assert told.message.text() == "PIN salah 10 kali. Minta kader lain masuk, atau pakai Lupa PIN."
    assert not told.pin.isEnabled()
    QApplication.processEvents()
    assert looking.faults(told) == []
    keys.write(locked_book.keys, whole._replace(slots=tuple(map(keys.emptied, whole.slots))))
    told._show_wait()
    assert told.message.text() == "Semua PIN di laptop ini ditutup. Pakai Lupa PIN, atau hubungi petugas."
    QApplication.processEvents()
    assert looking.faults(told) == []


def test_waits_are_told_in_minutes_and_seconds() -> None:
    assert [wait_words(seconds) for seconds in (30, 60, 125)] == ["30 detik", "1 menit", "2 menit 5 detik"]


def test_an_open_sheet_and_list_are_hidden_by_the_lock_and_found_again_by_the_same_kader_only(
    qtbot: QtBot, page: tuple[MainWindow, LockPage]
) -> None:
    window, lock = page
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    assert window.shell is not None
    window.shell.go("bantuan")
    scene.settle(qtbot)
    sheet = WhySheet(window, "Zulaikhaningsih", "postponed", date(2026, 11, 12), lambda _why, _until: None)
    QTest.keyClicks(sheet.reason, "Sedang di luar desa")
    window.show_lock()
    again = scene.in_view(window)
    assert not sheet.isVisible()
    assert [each.text() for each in window.findChildren(QLabel) if each.isVisible() and "Zulaikha" in each.text()] == []
    assert again.pin.hasFocus()
    QTest.keyClicks(again.pin, PIN)
    qtbot.waitUntil(sheet.isVisible, timeout=20_000)
    assert sheet.reason.text() == "Sedang di luar desa"
    assert sheet.geometry() == window.shell.rect()
    qtbot.waitUntil(sheet.reason.hasFocus)
    window.shell.sidebar.post.menu_now().popup(window.pos())
    window.show_lock()
    assert QApplication.activePopupWidget() is None
    last = scene.in_view(window)
    other = next(tile for tile in last.findChildren(KaderTile) if tile.member.name == "Murniati")
    QTest.mouseClick(other, Qt.MouseButton.LeftButton)
    QTest.keyClicks(last.pin, "381946")
    qtbot.waitUntil(lambda: window.desk is not None and window.desk.ws.worker.name == "Murniati", timeout=20_000)
    qtbot.waitUntil(lambda: not isValid(sheet))


def test_ten_wrong_pins_close_the_digits_and_the_recovery_key_opens_them_again(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, lock = page
    for place in (keys, key_file):
        monkeypatch.setattr(place, "wait_seconds", lambda *_told, **_more: 0)  # nobody waits an hour for a test
    for left in range(9, 0, -1):
        type_pin(qtbot, lock, "999111")
        assert f"{left} kali" in lock.message.text()
    type_pin(qtbot, lock, "999111")
    assert lock.message.text() == "PIN salah 10 kali. Minta kader lain masuk, atau pakai Lupa PIN."
    assert not lock.pin.isEnabled()
    QTest.keyClicks(lock.pin, PIN)
    scene.settle(qtbot)
    assert window.shell is None, "not even the right one"
    lock.forgot.click()
    QTest.keyClicks(lock.key_box, (own_home / "kunci.txt").read_text())
    QTest.keyClick(lock.key_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lock.heading.text() == "Buat PIN baru", timeout=20_000)
    assert lock.pin.isEnabled()
    for _twice in range(2):
        QTest.keyClicks(lock.pin, "593817")
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
    window.show_lock()
    again = scene.in_view(window)
    QTest.keyClicks(again.pin, "593817")
    qtbot.waitUntil(lambda: scene.in_view(window) is window.shell, timeout=20_000)


def test_a_practice_book_that_cannot_be_made_leaves_a_way_back_to_the_real_one(
    qtbot: QtBot, page: tuple[MainWindow, LockPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    window, lock = page

    def full() -> object:
        raise DiskFull("Penyimpanan laptop penuh.")

    monkeypatch.setattr("posyandu.ui.pages.lock._practice_book", full)
    lock.findChild(QAbstractButton, "button:latihan").click()
    scene.settle(qtbot)
    wait = window.findChild(WaitPage)
    assert wait is not None
    qtbot.waitUntil(lambda: wait.words.text() == "Penyimpanan laptop penuh.")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert isinstance(scene.in_view(window), LockPage)
    assert not window.practice
