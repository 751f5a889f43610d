"""A new laptop: five steps typed with real keys end in an open book with its posts."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from posyandu import paths
from posyandu.domain.errors import BadInput
from posyandu.services import accounts, first_steps, posts, preferences
from posyandu.services.workspace import Workspace
from posyandu.storage.keys import COSTS
from posyandu.ui import files, jobs, theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages import first_run
from posyandu.ui.pages.first_run import FirstRunPage
from posyandu.ui.pages.lock import WaitPage
from posyandu.ui.pages.pengaturan import PinSheet
from tests.ui import scene


@pytest.fixture
def page(qtbot: QtBot, chosen: preferences.Preferences) -> tuple[MainWindow, FirstRunPage]:
    window = scene.started(qtbot, chosen)
    steps = scene.in_view(window)
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


def test_five_steps_end_in_an_open_book_with_its_posts(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "kunci.pdf"))
    monkeypatch.setattr(files, "ask_printer", lambda _host, _title: printer)
    press(steps, "button:cetak-kunci")
    qtbot.waitUntil(lambda: not jobs.busy())
    assert (tmp_path / "kunci.pdf").read_bytes().startswith(b"%PDF")
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


def test_the_keys_stand_on_the_next_answer_after_every_step(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]
) -> None:
    _window, steps = page
    here = lambda: steps.focusWidget()  # noqa: E731
    QTest.keyClick(here(), Qt.Key.Key_Return)
    assert steps.place == first_run.POSTS, "Enter on an answer that is chosen goes on"
    QTest.keyClicks(steps.area.box, "bunut baok")
    qtbot.waitUntil(lambda: steps.area.rows.count() > 0, timeout=20_000)
    QTest.keyClick(steps.area.box, Qt.Key.Key_Down)
    QTest.keyClick(here(), Qt.Key.Key_Return)
    assert here() is steps.post_name, "the village is chosen: its posyandu is asked next"
    QTest.keyClicks(steps.post_name, "Melati 3")
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    assert here() is steps.kader_name
    QTest.keyClicks(steps.kader_name, "Sri Wahyuni")
    press(steps, "button:lanjut")
    assert here() is steps.pin1


def test_villages_found_for_a_step_that_was_rebuilt_meanwhile_are_dropped(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]
) -> None:
    _window, steps = page
    press(steps, "button:lanjut")
    gone = steps.area
    QTest.keyClicks(gone.box, "bunut baok")
    press(steps, "button:kembali")
    steps.scale.buttons[1.15].click()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(gone)
    gone._show([], gone._asked)
    assert steps.area is not gone
    assert steps.area.rows.count() == 0


def test_two_pins_that_differ_are_both_typed_again(page: tuple[MainWindow, FirstRunPage]) -> None:
    _window, steps = page
    steps._show(first_run.KADER)
    QTest.keyClicks(steps.kader_name, "Sri Wahyuni")
    QTest.keyClicks(steps.pin1, "271845")
    QTest.keyClicks(steps.pin2, "271854")
    assert steps.focusWidget() is steps.bar.next, "both are there: Enter goes on"
    QTest.keyClick(steps.bar.next, Qt.Key.Key_Return)
    assert steps.pin2_field.help.text() == "Kedua PIN tidak sama. Ketik keduanya sekali lagi."
    assert (steps.pin1.text(), steps.pin2.text()) == ("", "")
    assert steps.focusWidget() is steps.pin1


def test_who_wrote_address_and_code_is_not_let_past_without_asking_the_server_once(
    page: tuple[MainWindow, FirstRunPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    _window, steps = page
    asked: list[object] = []
    monkeypatch.setattr(steps, "_beside", lambda work, done, failed: asked.append(failed))
    steps._show(first_run.DATA)
    steps.have.buttons["server"].click()
    press(steps, "button:hubungkan")
    assert steps.focusWidget() is steps.url
    QTest.keyClicks(steps.url, "https://posyandu.example.go.id")
    QTest.keyClicks(steps.code, "ABCD-1234")
    press(steps, "button:lanjut")
    assert len(asked) == 1
    assert steps.place == first_run.DATA
    press(steps, "button:lanjut")
    assert len(asked) == 1
    assert steps.place == first_run.START, "without net she begins empty"


@pytest.mark.parametrize(
    ("state", "level"), [("confirmed", "ok"), ("waiting", "ok"), ("offline", "warn"), ("help", "warn")]
)
def test_the_server_is_asked_once_and_its_no_does_not_look_like_a_yes(
    page: tuple[MainWindow, FirstRunPage], monkeypatch: pytest.MonkeyPatch, state: str, level: str
) -> None:
    _window, steps = page
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(steps, "_beside", lambda *told: asked.append(told))
    steps._show(first_run.DATA)
    steps.have.buttons["server"].click()
    steps.url.setText("https://posyandu.example.go.id")
    steps.code.setText("ABCD-1234")
    press(steps, "button:hubungkan")
    press(steps, "button:hubungkan")
    ((_work, done, failed),) = asked
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(steps.server_says, "set_text", lambda *told: said.append(told))
    done(SimpleNamespace(state=state, sentence="Begini."))  # type: ignore[operator]
    failed(BadInput("Begitu."))  # type: ignore[operator]
    assert said == [(level, "Begini."), ("bad", "Begitu.")]
    assert steps.fetch.isEnabled()


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
    assert steps.pin1.wrong, "the boxes of the PIN are as red as that of the name"
    QTest.keyClicks(steps.kader_name, "Sri")
    QTest.keyClicks(steps.pin1, "12345")
    assert not steps.pin1.wrong
    press(steps, "button:lanjut")
    assert (steps.pin1.wrong, steps.pin1.text()) == (True, "12345")
    QTest.keyClicks(steps.pin1, "6")
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


def test_going_back_to_change_the_look_keeps_what_was_typed_after_it(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage]
) -> None:
    _window, steps = page
    press(steps, "button:lanjut")
    choose_village(qtbot, steps)
    village = steps.area.area
    QTest.keyClicks(steps.post_name, "Melati 3")
    press(steps, "button:lanjut")
    QTest.keyClicks(steps.kader_name, "Sri Wahyuni")
    QTest.keyClicks(steps.pin1, "271845")
    QTest.keyClicks(steps.pin2, "271845")
    press(steps, "button:kembali")
    QTest.keyClicks(steps.post_name, "Mawar 1")
    press(steps, "button:kembali")
    steps.scale.buttons[1.0].setFocus()
    QTest.keyClick(steps.scale.buttons[1.0], Qt.Key.Key_Right)
    assert steps.preferences.text_scale == 1.15
    qtbot.waitUntil(lambda: steps.focusWidget() is steps.scale.buttons[1.15])  # the arrows go on where they were
    QTest.keyClick(steps.scale.buttons[1.15], Qt.Key.Key_Right)
    assert theme.factor() == 1.3
    assert (steps.area.area, steps.area.box.text()) == (village, village.name)
    assert village.path in steps.area.field.help.text()
    assert steps.post_name.text() == "Mawar 1"
    assert [post.name for post in steps.posts] == ["Melati 3"]
    assert (steps.kader_name.text(), steps.pin1.text(), steps.pin2.text()) == ("Sri Wahyuni", "271845", "271845")
    steps._show(first_run.KADER)
    assert steps.focusWidget() is steps.kader_name


def test_a_first_run_cut_off_after_the_book_was_made_goes_on_with_the_posts(
    qtbot: QtBot, chosen: preferences.Preferences
) -> None:
    from posyandu.storage.keys import COSTS

    ws = accounts.create(accounts.books().real, "Sri", "271845", cost=COSTS[-1]).workspace
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.show()
    steps = scene.in_view(window)
    assert isinstance(steps, FirstRunPage)
    assert steps.place == first_run.POSTS
    choose_village(qtbot, steps)
    QTest.keyClicks(steps.post_name, "Melati 3")
    press(steps, "button:lanjut")
    press(steps, "button:lanjut")
    press(steps, "button:langsung-mulai")
    assert window.shell is not None
    window.close()


def test_a_post_typed_twice_is_in_the_book_once(
    qtbot: QtBot, page: tuple[MainWindow, FirstRunPage], village: Workspace
) -> None:
    _window, steps = page
    press(steps, "button:lanjut")
    choose_village(qtbot, steps)
    for typed in ("Melati 3", "melati 3"):
        QTest.keyClicks(steps.post_name, typed)
        QTest.keyClick(steps.post_name, Qt.Key.Key_Return)
    assert [post.name for post in steps.posts] == ["Melati 3"]
    assert steps.post_field.help.text() == "melati 3 sudah ada di daftar Posyandu desa ini."
    before = len(posts.posts(village))
    steps.ws = village
    steps._write_posts()
    steps._write_posts()  # the power went while they were being written
    assert len(posts.posts(village)) == before + 1


def test_a_new_pin_in_pengaturan_that_differs_is_typed_again_from_the_first_digit(
    qtbot: QtBot, window: MainWindow
) -> None:
    saved: list[object] = []
    sheet = PinSheet(window, "Ganti PIN", lambda *told: saved.append(told), ask_old=True)
    for typed in ("271845", "381946", "381949"):
        QTest.keyClicks(sheet.focusWidget() if typed != "271845" else sheet.old, typed)
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
    assert sheet.says.text() == "Kedua PIN tidak sama. Ketik keduanya sekali lagi."
    assert sheet.focusWidget() is sheet.pin
    assert (sheet.pin.text(), sheet.again.text()) == ("", "")
    QTest.keyClicks(sheet.pin, "381946")
    QTest.keyClicks(sheet.again, "381946")
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
    assert [told[1:] for told in saved] == [("", "381946", "271845")]


def test_who_waits_for_the_practice_village_is_told_that_it_takes_a_while(
    qtbot: QtBot, chosen: preferences.Preferences, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posyandu.ui.pages.lock.open_practice", lambda *_told: None)
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.switch_practice(True)
    wait = window.findChild(WaitPage)
    assert wait is not None
    assert wait.words.text() == "Menyiapkan desa latihan… Pertama kali agak lama."


@pytest.mark.parametrize(
    ("groups", "on_a_line"), [(1, [1]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4]), (9, [3, 3, 3])]
)
@pytest.mark.parametrize("group", ["WWWW", "2WWW", "7777"])
def test_a_recovery_key_stands_in_even_lines_of_whole_groups_and_none_is_cut(
    qtbot: QtBot, groups: int, on_a_line: list[int], group: str
) -> None:
    key = "-".join([group] * groups)
    label = first_run.KeyLabel()
    metrics = label.fontMetrics()
    label.resize(4 * metrics.horizontalAdvance("WWWW-") + 9, 100)
    qtbot.addWidget(label)
    label.show()
    label.setText(key)
    if group == "WWWW":
        assert [line.count(group) for line in label.lines()] == on_a_line
    assert "".join(label.lines()) == label.text() == key
    assert all(metrics.horizontalAdvance(line) <= label.width() for line in label.lines())
    assert round(label.heightForWidth(label.width()) / metrics.lineSpacing()) == len(label.lines())


def test_a_recovery_key_copied_with_its_line_breaks_opens_the_book(own_home: Path) -> None:
    created = accounts.create(accounts.books().real, "Sri Wahyuni", "271845", cost=COSTS[-1])
    device = created.workspace.device
    created.workspace.close()
    groups = created.recovery_key.split("-")
    broken = "-".join(groups[:3]) + "-\n" + "-".join(groups[3:])
    opened = accounts.unlock_with_recovery(accounts.books().real, broken)
    assert opened.device == device
    opened.close()
