"""A new laptop filled from a stick, with real clicks: the request goes out, the file comes back, the page says so."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import people, posts, preferences, seeding, synchronise, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.storage.outbox import Server
from posyandu.text import count
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages import first_run
from posyandu.ui.pages.first_run import FirstRunPage
from posyandu.ui.seed_part import SeedPart
from tests.ui import scene
from tests.ui.looking import settled_faults
from tests.ui.test_first_run import choose_village


def page(window: MainWindow, qtbot: QtBot) -> QWidget:
    assert window.shell is not None
    window.shell.desk.go("sinkronisasi")
    scene.settle(qtbot)
    found: QWidget = window.shell.page("sinkronisasi")
    return found


def press(part: QWidget, name: str, qtbot: QtBot) -> None:
    found = [each for each in part.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[-1].click()
    jobs.wait(10_000)
    scene.settle(qtbot)


def said(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def test_a_laptop_asks_and_is_filled_by_another_one(
    window: MainWindow, village: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    giving = workspace.in_memory(now=village.now(), post="kenanga", practice=village.practice)
    people.register(giving, {"name": "Zulaikha Qomariyah", "sex": "female", "born_on": date(2024, 3, 2)})
    monkeypatch.setattr("posyandu.ui.files.choose_folder", lambda *_any: tmp_path)
    sync = page(window, qtbot)
    (part,) = sync.findChildren(SeedPart)
    press(sync, "button:minta-benih", qtbot)
    assert "16 huruf" in said(part)  # no code yet
    sync.code.setText("5203-ABCD-EFGH-JKLM")  # type: ignore[attr-defined]
    press(sync, "button:minta-benih", qtbot)
    (request,) = tmp_path.glob("*.posyandu-minta")
    assert request.name in said(part)
    file = seeding.make(giving, request, tmp_path)
    whole = file.read_bytes()
    monkeypatch.setattr("posyandu.ui.files.choose_file", lambda *_any: file)
    file.write_bytes(whole[:-9])
    press(sync, "button:isi-benih", qtbot)
    assert "terpotong" in said(part)
    file.write_bytes(whole)
    press(sync, "button:isi-benih", qtbot)
    assert "siap dipakai" in said(part)
    assert [hit.name for hit in people.search(village, "zulaikha")] == ["Zulaikha Qomariyah"]
    assert settled_faults(part) == []
    assert sync.counters["here"].text() == count(synchronise.status(village).here)  # type: ignore[attr-defined]
    assert "simpanan dari laptop ini" in said(sync), "what came safe from elsewhere is not among them"


def test_an_enrolled_laptop_makes_the_file_for_a_new_one(
    window: MainWindow, village: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outbox.enrolled(village.db, Server("https://x", "5203", ("5203012001",), bytes(32), village.practice, 1))
    new = workspace.in_memory(now=village.now(), post=None, practice=village.practice)
    request = seeding.ask(new, tmp_path, "5203-ABCD-EFGH-JKLM")
    monkeypatch.setattr("posyandu.ui.files.choose_file", lambda *_any: request)
    sync = page(window, qtbot)
    sync.target.set_value("baru")  # type: ignore[attr-defined]
    press(sync, "button:simpan-flashdisk", qtbot)
    (file,) = tmp_path.glob("benih-*.posyandu")
    assert file.name in said(sync)
    filled = seeding.fill(new, file)
    assert filled.saves > 50
    assert new.posyandu_id == village.posyandu_id
    assert len(people.search(new, "a")) == len(people.search(village, "a"))


def test_a_first_run_is_filled_from_a_file_and_its_post_is_the_one_that_came(
    qtbot: QtBot, chosen: preferences.Preferences, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The replacement of a lost laptop: the kader types the post she knows, and it is not there twice afterwards."""
    window = scene.started(qtbot, chosen)
    steps = scene.in_view(window)
    assert isinstance(steps, FirstRunPage)
    press(steps, "button:lanjut", qtbot)
    choose_village(qtbot, steps)
    QTest.keyClicks(steps.post_name, "Melati 3")
    QTest.keyClick(steps.post_name, Qt.Key.Key_Return)
    press(steps, "button:lanjut", qtbot)
    QTest.keyClicks(steps.kader_name, "Sri Wahyuni")
    for box in (steps.pin1, steps.pin2):
        QTest.keyClicks(box, "271845")
    press(steps, "button:lanjut", qtbot)
    qtbot.waitUntil(lambda: steps.place == first_run.KEY, timeout=30_000)
    steps.key_kept.click()
    press(steps, "button:lanjut", qtbot)
    assert steps.place == first_run.DATA
    (mine,) = posts.posts(steps.ws)
    giving = workspace.in_memory(now=workspace.system_clock(), post=None)
    there = posts.add_post(giving, {"name": "melati 3", "village_code": mine.village_code})
    giving.posyandu_id = there
    people.register(giving, {"name": "Zulaikha Qomariyah", "sex": "female", "born_on": date(2024, 3, 2)})
    monkeypatch.setattr("posyandu.ui.files.choose_folder", lambda *_any: tmp_path)
    press(steps, "data:server", qtbot)
    steps.code.setText("5202-ABCD-EFGH-JKLM")
    press(steps, "button:minta-benih", qtbot)
    (request,) = tmp_path.glob("*.posyandu-minta")
    file = seeding.make(giving, request, tmp_path)
    monkeypatch.setattr("posyandu.ui.files.choose_file", lambda *_any: file)
    press(steps, "button:isi-benih", qtbot)
    assert "siap dipakai" in said(steps)
    press(steps, "button:lanjut", qtbot)
    press(steps, "button:langsung-mulai", qtbot)
    assert window.desk is not None
    assert [post.id for post in posts.posts(window.desk.ws)] == [there]
    assert window.desk.ws.posyandu_id == there
    assert len(people.search(window.desk.ws, "zulaikha")) == 1
    window.close()
