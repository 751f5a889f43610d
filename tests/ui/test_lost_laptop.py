"""A lost laptop that is switched on and calls the server: the window goes to the lock and opens by no PIN."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posyandu.domain.errors import SlotDisabled
from posyandu.server import store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.server.settings import Settings
from posyandu.services import accounts, posts, preferences, synchronise
from posyandu.services.accounts import BookFolder
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.lock import LockPage
from tests.server.conftest import desk as server_desk
from tests.server.conftest import postgres_cluster
from tests.server.laptops import code_for
from tests.server.serving import serving
from tests.ui import scene
from tests.ui.conftest import PIN

__all__ = ["postgres_cluster", "server_desk"]


def test_a_lost_laptop_that_calls_shows_the_lock_and_keeps_what_was_typed_for_the_recovery_key(
    qtbot: QtBot, chosen: preferences.Preferences, locked_book: BookFolder, own_home: Path, server_desk: ServerDesk
) -> None:
    member = accounts.members(locked_book)[0].id
    ws = accounts.unlock(locked_book, member, PIN)
    village = posts.posts(ws)[0].village_code
    assert village is not None
    with serving(make_app(replace(server_desk, trial=False), Settings())) as url:
        synchronise.enrol(ws, url, code_for(server_desk, [village], regency=village[:4]))
        with server_desk.pool.connection() as connection:
            assert store.revoke(connection, village[:4], ws.device, "hilang di pasar", close_book=True)
        window = MainWindow(chosen)
        scene.stand(qtbot, window)
        window.open_book(ws)
        assert window.shell is not None
        window.shell.go("sinkronisasi")
        scene.settle(qtbot)
        window.shell.page("sinkronisasi").send.click()  # type: ignore[attr-defined]
        scene.settle(qtbot)
    (lock,) = [each for each in window.findChildren(LockPage) if each.isVisible()]
    assert not window.shell.isVisible()
    assert lock.message.text() == "Semua PIN di laptop ini ditutup. Pakai Lupa PIN, atau hubungi petugas."
    with pytest.raises(SlotDisabled):
        accounts.unlock(locked_book, member, PIN)
    key = (own_home / "kunci.txt").read_text()
    again = accounts.unlock_with_recovery(locked_book, key)
    status = synchronise.status(again)
    assert (status.here > 0, status.confirmed) == (True, 0), "never called sent, and nothing of it is gone"
    again.close()
