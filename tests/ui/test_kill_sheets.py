"""A sheet half typed when the app is killed is there at its next start: a registration, the posts of a new laptop."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from posyandu.services import accounts, first_steps, preferences
from posyandu.services.accounts import BookFolder
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.daftar import DaftarPage
from posyandu.ui.pages.first_run import FirstRunPage
from posyandu.ui.pages.posyandu_kita import PosyanduKitaPage
from tests.ui import sheet_victim


def typed_and_killed(home: Path, sheet: str) -> None:
    """Start the app, let it type half a sheet, SIGKILL it."""
    victim = subprocess.Popen(
        [sys.executable, str(Path(sheet_victim.__file__)), sheet],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "POSYANDU_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert victim.stdout is not None
    said = victim.stdout.readline()
    victim.kill()
    _rest, errors = victim.communicate(timeout=60)
    assert said == "typed\n", errors[-2000:]
    assert victim.returncode == -9


def opened_again(folder: BookFolder, qtbot: QtBot, chosen: preferences.Preferences) -> MainWindow:
    """The app after its next start, the same kader at it."""
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(accounts.unlock(folder, accounts.members(folder)[0].id, sheet_victim.PIN))
    return window


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_was_typed_on_a_sheet_over_the_window_is_there_after_kill_9(
    own_home: Path, locked_book: BookFolder, qtbot: QtBot, chosen: preferences.Preferences
) -> None:
    typed_and_killed(own_home, "cash")
    window = opened_again(locked_book, qtbot, chosen)
    window.show()
    assert window.shell is not None
    window.shell.go("posyandu_kita")
    page = window.shell.pages["posyandu_kita"]
    assert isinstance(page, PosyanduKitaPage)
    sheet = page.add_cash()
    assert sheet.view.answers()["note"] == sheet_victim.NAME
    assert "dipulihkan" in " ".join(label.text() for label in sheet.findChildren(QLabel))
    sheet.reject()
    window.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_registration_half_typed_goes_on_after_kill_9(
    own_home: Path, locked_book: BookFolder, qtbot: QtBot, chosen: preferences.Preferences
) -> None:
    typed_and_killed(own_home, "registration")
    window = opened_again(locked_book, qtbot, chosen)
    assert window.shell is not None
    window.shell.go("daftar")
    page = window.shell.pages["daftar"]
    assert isinstance(page, DaftarPage)
    assert page.view is not None
    assert page.view.answers()["name"] == sheet_victim.NAME
    assert "belum disimpan" in " ".join(label.text() for label in page.findChildren(QLabel))
    window.close()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_posts_of_a_new_laptop_are_there_after_kill_9(
    own_home: Path, qtbot: QtBot, chosen: preferences.Preferences
) -> None:
    typed_and_killed(own_home, "first_run")
    assert [post.name for post in first_steps.kept()] == [sheet_victim.POST]
    page = FirstRunPage(chosen, accounts.books().real)
    qtbot.addWidget(page)
    assert [post.name for post in page.posts] == [sheet_victim.POST]
