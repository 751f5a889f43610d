"""The key card and the telephone as people meet them: on the lock screen, in the settings, at the officer's desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import accounts, locked, preferences, ways_in
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Worker
from posyandu.storage import day_lock, key_file
from posyandu.ui.key_cards import KeyCard, PhoneHelpCard
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.lock import LockPage
from posyandu.ui.widgets.basics import Label
from tests.ui import scene
from tests.ui.conftest import PIN


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(key_file, "_refused_at", {})
    monkeypatch.setattr(day_lock, "_held", {})
    yield
    day_lock.forget()


@pytest.fixture
def words(locked_book: BookFolder) -> str:
    ws = accounts.unlock(locked_book, accounts.members(locked_book)[0].id, PIN)
    told = ways_in.new_card(ws)
    ws.close()
    day_lock.forget()
    return told


def locked_window(qtbot: QtBot, chosen: preferences.Preferences) -> tuple[MainWindow, LockPage]:
    window = scene.started(qtbot, chosen)
    lock = scene.in_view(window)
    assert isinstance(lock, LockPage)
    lock.first_focus().setFocus()
    return window, lock


def opened(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QWidget) if each.objectName() == name and each.isVisible()]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    found[0].click()  # type: ignore[attr-defined]


def named(window: QWidget, name: str) -> Label:
    return next(each for each in window.findChildren(Label) if each.objectName() == name and each.isVisible())


def test_once_a_day_the_words_come_before_the_pin(
    qtbot: QtBot, locked_book: BookFolder, words: str, chosen: preferences.Preferences
) -> None:
    window, lock = locked_window(qtbot, chosen)
    assert lock.day_side.isVisible()
    assert not lock.pin_side.isVisible()
    assert lock.day_box.hasFocus()
    QTest.keyClicks(lock.day_box, "bamu kilo")
    QTest.keyClick(lock.day_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "5 kata" in lock.day_field.help.text(), timeout=20_000)
    lock.day_box.clear()
    QTest.keyClicks(lock.day_box, words)
    QTest.keyClick(lock.day_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lock.pin_side.isVisible, timeout=20_000)
    assert lock.day_box.text() == "", "the words do not stay on the screen"
    assert lock.pin.hasFocus()
    QTest.keyClicks(lock.pin, PIN)
    opened(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    again = scene.in_view(window)
    assert isinstance(again, LockPage)
    assert again.pin_side.isVisible(), "the next kader needs a PIN alone"


def test_when_half_a_day_is_over_the_words_are_asked_again(
    qtbot: QtBot, locked_book: BookFolder, words: str, chosen: preferences.Preferences
) -> None:
    accounts.open_day(locked_book, words)
    window, lock = locked_window(qtbot, chosen)
    assert lock.pin_side.isVisible()
    day_lock.forget()
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lock.day_side.isVisible, timeout=20_000)
    assert (lock.pin.text(), window.shell) == ("", None)
    assert locked.members(locked_book)[0].disabled is False


def test_a_forgotten_pin_is_renewed_by_telephone_at_two_screens(
    qtbot: QtBot, locked_book: BookFolder, words: str, chosen: preferences.Preferences, own_home: Path
) -> None:
    window, lock = locked_window(qtbot, chosen)
    press(lock, "button:lupa-pin")
    request = named(lock, "telepon:permintaan").text()
    assert request == locked.phone_request(locked_book)
    card = PhoneHelpCard(None)  # type: ignore[arg-type] - it asks nothing of the desk
    qtbot.addWidget(card)
    card.request.setText(request.lower())
    card.key.setText((own_home / "kunci.txt").read_text())
    card.compute()
    code = card.code.text()
    assert (len(code.split()), card.key.text()) == (6, "")
    QTest.keyClicks(lock.code_box, code[:-1] + str((int(code[-1]) + 1) % 10))
    press(lock, "button:buka-kode")
    qtbot.waitUntil(lambda: "Kelompok ke-6" in lock.code_field.help.text(), timeout=20_000)
    lock.code_box.clear()
    QTest.keyClicks(lock.code_box, code)
    QTest.keyClick(lock.code_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lock.heading.text() == "Buat PIN baru", timeout=20_000)
    assert lock.pin_side.isVisible()
    QTest.keyClicks(lock.pin, "593817")
    QTest.keyClicks(lock.pin, "593817")
    opened(qtbot, window)
    assert locked.phone_request(locked_book) != request, "the next one is another"


def test_back_from_the_recovery_key_stand_the_words_again(
    qtbot: QtBot, locked_book: BookFolder, words: str, chosen: preferences.Preferences
) -> None:
    _window, lock = locked_window(qtbot, chosen)
    press(lock, "button:lupa-pin")
    assert not lock.day_side.isVisible()
    press(lock, "button:lupa-pin")
    assert lock.day_side.isVisible()
    assert lock.day_box.hasFocus()


def test_a_book_without_a_request_shows_the_recovery_key_alone(
    qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences
) -> None:
    found = key_file.read(locked_book.keys)
    key_file.write(locked_book.keys, found._replace(phone=None))
    _window, lock = locked_window(qtbot, chosen)
    press(lock, "button:lupa-pin")
    assert lock.key_box.isVisible()
    assert not lock.code_box.isVisible()


def test_the_officer_is_told_which_of_the_two_is_wrong(qtbot: QtBot, own_home: Path) -> None:
    card = PhoneHelpCard(None)  # type: ignore[arg-type]
    qtbot.addWidget(card)
    card.request.setText("K7QM")
    card.compute()
    assert "10 huruf" in card.request_field.help.text()
    from posyandu.domain import recovery

    card.request.setText(recovery.new_request())
    card.key.setText("ABCD")
    card.compute()
    assert "28 huruf" in card.key_field.help.text()
    assert (card.code.text(), card.key.text()) == ("", "ABCD")


def test_a_card_is_made_shown_once_and_dropped_in_the_settings(
    qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences
) -> None:
    ws = accounts.unlock(locked_book, accounts.members(locked_book)[0].id, PIN)
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.shell is not None
    window.shell.go("pengaturan", part="kader")
    scene.settle(qtbot)
    (card,) = window.shell.page("pengaturan").findChildren(KeyCard)
    assert not window.shell.page("pengaturan").findChildren(PhoneHelpCard), "a kader answers no request"
    press(window, "button:kartu-kunci")
    press(window, "button:ya")
    scene.settle(qtbot)
    told = named(window, "kata-kartu").text()
    assert len(told.split()) == 5
    press(window, "button:ya")
    assert ways_in.has_card(ws)
    assert [each.objectName() for each in card.findChildren(QWidget, "button:kartu-mati")] == ["button:kartu-mati"]
    press(window, "button:kartu-mati")
    press(window, "button:ya")
    scene.settle(qtbot)
    assert not ways_in.has_card(ws)
    ws.worker = Worker(ws.worker.id, "Ani", "midwife")
    window.shell.go("pengaturan", part="kader")
    assert window.shell.page("pengaturan").findChildren(PhoneHelpCard)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
@pytest.mark.parametrize("factor", [1.0, 1.3])
def test_the_lock_fits_with_words_and_telephone(
    qtbot: QtBot, locked_book: BookFolder, words: str, chosen: preferences.Preferences, size: tuple[int, int],
    factor: float, qapp: QApplication,
) -> None:  # fmt: skip
    from posyandu.ui import theme

    theme.apply(qapp, "light", factor)
    window, lock = locked_window(qtbot, chosen)
    window.resize(*size)
    press(lock, "button:lupa-pin")
    qtbot.wait(30)
    for box in (lock.key_box, lock.code_box, lock.code_button):
        corner = box.mapTo(lock, box.rect().bottomRight())
        assert corner.x() <= lock.width(), box.objectName()
