"""A new laptop: five steps typed with real keys end in an open book with its posts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.services import accounts, first_steps, posts, preferences
from posyandu.ui import theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages import first_run
from posyandu.ui.pages.first_run import FirstRunPage


@pytest.fixture
def page(qtbot: QtBot, chosen: preferences.Preferences) -> tuple[MainWindow, FirstRunPage]:
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.start()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    steps = window.centralWidget().currentWidget()  # type: ignore[attr-defined]
    assert isinstance(steps, FirstRunPage)
    return window, steps


def press(page: FirstRunPage, name: str) -> None:
    found = [each for each in page.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def choose_village(qtbot: QtBot, page: FirstRunPage) -> None:
    QTest.keyClicks(page.area.box, "bunut baok")
    qtbot.waitUntil(lambda: page.area.rows.count() > 0, timeout=20_000)
    QTest.keyClick(page.area.box, Qt.Key.Key_Return)
    assert page.area.area is not None


def test_five_steps_end_in_an_open_book_with_its_posts(qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]) -> None:
    window, steps = page
    press(steps, "button:lanjut")
    choose_village(qtbot, steps)
    for name in ("Melati 3", "Mawar 1"):
        QTest.keyClicks(steps.post_name, name)
        QTest.keyClick(steps.post_name, Qt.Key.Key_Return)
    press(steps, "button:lanjut")
    QTest.keyClicks(steps.kader_name, "Sri Wahyuni")
    QTest.keyClick(steps.kader_name, Qt.Key.Key_Return)
    QTest.keyClicks(steps.pin1, "271845")
    assert steps.pin2.hasFocus()
    QTest.keyClicks(steps.pin2, "271845")
    press(steps, "button:lanjut")
    qtbot.waitUntil(lambda: steps.place == first_run.KEY, timeout=30_000)
    key = steps.key_label.text()
    press(steps, "button:simpan-kunci")
    slip = paths.documents() / "Posyandu" / "kunci-pemulihan.pdf"
    assert slip.read_bytes()[:5] == b"%PDF-"
    press(steps, "button:lanjut")
    assert steps.place == first_run.KEY  # the key must be kept first
    steps.key_kept.click()
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    press(steps, "button:langsung-mulai")
    assert window.desk is not None
    ws = window.desk.ws
    assert [post.name for post in posts.posts(ws)] == ["Mawar 1", "Melati 3"]
    assert first_steps.kept() == []
    assert next(post.name for post in posts.posts(ws) if post.id == ws.posyandu_id) == "Melati 3"
    window.close()
    opened = accounts.unlock_with_recovery(accounts.books().real, key)
    opened.close()


def test_posts_typed_before_the_book_is_made_outlive_a_power_cut(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage], chosen: preferences.Preferences
) -> None:
    _window, steps = page
    press(steps, "button:lanjut")
    choose_village(qtbot, steps)
    for name in ("Melati 3", "Mawar 1", "Salah"):
        QTest.keyClicks(steps.post_name, name)
        QTest.keyClick(steps.post_name, Qt.Key.Key_Return)
    steps._drop_post(2)
    again = FirstRunPage(chosen, accounts.books().real)  # a new start: the first page was told nothing
    qtbot.addWidget(again)
    assert [(post.name, post.area) for post in again.posts] == [(post.name, post.area) for post in steps.posts]
    assert len(again.posts) == 2
    first_steps.keep(())
    assert first_steps.kept() == []


def test_what_is_missing_is_told_beside_its_box(qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]) -> None:
    _window, steps = page
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    assert steps.place == first_run.POSTS
    assert "Pilih desa" in steps.area.field.help.text()
    assert steps.post_field.help.text() == "Tulis nama Posyandu."
    choose_village(qtbot, steps)
    QTest.keyClicks(steps.post_name, "Melati 3")
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    assert steps.kader_field.help.text() == "Tulis nama kader."
    QTest.keyClicks(steps.kader_name, "Sri")
    QTest.keyClicks(steps.pin1, "123456")
    QTest.keyClicks(steps.pin2, "123456")
    press(steps, "button:lanjut")
    qtbot.waitUntil(lambda: "mudah ditebak" in steps.pin1_field.help.text(), timeout=30_000)
    assert not accounts.exists(accounts.books().real)


def test_language_and_size_are_kept_as_soon_as_they_are_chosen(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]
) -> None:
    window, steps = page
    steps.scale.buttons[1.3].click()
    assert theme.factor() == 1.3
    assert preferences.load().text_scale == 1.3
    assert steps.place == first_run.LOOK
    assert window.minimumSizeHint().width() <= 1366


def test_a_first_run_cut_off_after_the_book_was_made_goes_on_with_the_posts(
    qtbot: QtBot, chosen: preferences.Preferences
) -> None:
    from posyandu.storage.keys import COSTS

    ws = accounts.create(accounts.books().real, "Sri", "271845", cost=COSTS[-1]).workspace
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.show()
    steps = window.centralWidget().currentWidget()  # type: ignore[attr-defined]
    assert isinstance(steps, FirstRunPage)
    assert steps.place == first_run.POSTS
    choose_village(qtbot, steps)
    QTest.keyClicks(steps.post_name, "Melati 3")
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    press(steps, "button:langsung-mulai")
    assert window.shell is not None
    window.close()
