"""A disk that was copied, through the windows: both copies go on, one becomes a laptop of its own; and their sticks."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.server.settings import Settings
from posyandu.services import posts, preferences, sessions, synchronise, visits, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import records, settings
from posyandu.ui import files
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.sinkronisasi import SinkronisasiPage
from tests.server.conftest import desk as server_desk
from tests.server.conftest import postgres_cluster
from tests.server.laptops import code_for
from tests.server.serving import serving
from tests.ui import scene

__all__ = ["postgres_cluster", "server_desk"]

CHILD = FORMS["under_five_visit"]


@pytest.fixture
def url(server_desk: ServerDesk) -> Iterator[str]:
    with serving(make_app(server_desk, Settings())) as address:
        yield address


@pytest.fixture
def opened(qtbot: QtBot, chosen: preferences.Preferences) -> Iterator[Callable[[Workspace], SinkronisasiPage]]:
    """Open a window over a book, on Sinkronisasi."""
    books: list[Workspace] = []

    def made(ws: Workspace) -> SinkronisasiPage:
        books.append(ws)
        window = MainWindow(chosen)
        qtbot.addWidget(window)
        window.open_book(ws)
        window.show()
        assert window.shell is not None
        window.shell.go("sinkronisasi")
        scene.settle(qtbot)
        page = window.shell.page("sinkronisasi")
        assert isinstance(page, SinkronisasiPage)
        return page

    yield made
    scene.settle(qtbot)
    for ws in books:
        ws.close()


def a_book() -> Workspace:
    """The made-up post as a practice laptop nobody else is; the server under test is one for trials."""
    ws = scene.village_book(months=1)
    settings.put(ws.db, "device", records.new_id())
    settings.put(ws.db, "practice", True)
    return ws


def join(qtbot: QtBot, page: SinkronisasiPage, url: str, code: str) -> None:
    """Type address and code, and press Enter."""
    if not page.url.isVisible():
        page.again.click()
    page.url.setText(url)
    page.code.setFocus()
    QTest.keyClicks(page.code, code)
    QTest.keyClick(page.code, Qt.Key.Key_Return)
    scene.settle(qtbot)


def send(qtbot: QtBot, page: SinkronisasiPage) -> list[str]:
    """Press Kirim sekarang; the three counters."""
    page.send.click()
    scene.settle(qtbot)
    return [page.counters[each].text() for each in ("here", "sent", "confirmed")]


def weigh(ws: Workspace, place: int, grams: int) -> str:
    """Weigh the child at this place of the register of today; who that is."""
    day = sessions.current(ws, ws.posyandu_id)
    day_id = day.id if day else sessions.open_day(ws, ws.posyandu_id, date(2026, 11, 12), {"kader_present": 5})
    person = sessions.roster(ws, day_id, "under_five")[place].person_id
    visits.record(ws, CHILD, day_id, person, {"weight_g": grams})
    return person


def weights(ws: Workspace, *people: str) -> list[object]:
    """What is shown of each of them for today, and how many other values stand beside it."""
    found: list[object] = []
    for person in people:
        rows = records.load_many(ws.db, CHILD, person_id=person)
        today = [row for row in rows if row.answers["visited_on"] == date(2026, 11, 12)]
        found += [(row.answers["weight_g"], len(row.conflicts.get("weight_g", ()))) for row in today]
    return found


def test_both_copies_of_a_disk_go_on_and_one_becomes_a_laptop_of_its_own_with_nothing_lost(
    qtbot: QtBot,
    opened: Callable[[Workspace], SinkronisasiPage],
    server_desk: ServerDesk,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ws = a_book()
    village = posts.posts(ws)[0].village_code
    assert village is not None
    code = lambda: code_for(server_desk, [village], regency=village[:4])  # noqa: E731
    first = opened(ws)
    join(qtbot, first, url, code())
    copy = workspace.in_memory(now=scene.MORNING, post=None)
    ws.db.conn.backup(copy.db.conn)
    second = opened(copy)
    assert copy.device == ws.device
    mine, theirs, both = weigh(ws, 0, 9100), weigh(copy, 1, 9300), weigh(ws, 2, 8000)
    assert weigh(copy, 2, 8100) == both
    for _time in range(2):
        for page in (first, second):
            here, sent, confirmed = send(qtbot, page)
            assert here == sent == confirmed != "0"
    assert weights(ws, mine, theirs, both) == weights(copy, mine, theirs, both)
    assert len(weights(ws, mine, theirs, both)) == 3
    for page in (first, second):
        assert page.review.isVisible(), "of the child both weighed, each laptop asks which is right"
        assert page.sentence.text() == "Semua data sudah aman di server.", "a copy alarms no kader"
    join(qtbot, second, url, code())
    assert copy.device != ws.device
    assert second.code_field.help.text() == ""
    late = weigh(copy, 3, 7700)
    stick = tmp_path / "FLASHDISK"
    stick.mkdir()
    send(qtbot, second)
    weigh(copy, 4, 7600)
    send(qtbot, first)
    assert weights(ws, late) == [(7700, 0)]
    monkeypatch.setattr(files, "choose_folder", lambda *_told: stick)
    second.open()
    scene.settle(qtbot)
    second.target.set_value(ws.device)
    second.put.click()
    scene.settle(qtbot)
    (letter,) = stick.glob("*.posyandu")
    assert letter.name in second.stick_words.text()
    monkeypatch.setattr(files, "choose_file", lambda *_told: letter)
    before = first.counters["confirmed"].text()
    first.take.click()
    scene.settle(qtbot)
    assert "baru diterima dari laptop lain" in first.stick_words.text()
    assert first.counters["confirmed"].text() == before, "a letter confirms nothing"
    assert "belum dipastikan" in first.sentence.text()
    first.take.click()
    scene.settle(qtbot)
    assert first.stick_words.text() == "Tidak ada yang baru di berkas ini."
    for page in (first, second):
        send(qtbot, page)
    assert [synchronise.status(each).state for each in (ws, copy)] == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (errno.ENOSPC, "Tempat itu penuh. Kosongkan ruang atau pakai flashdisk lain."),
        (errno.EROFS, "Tidak dapat menulis ke sana. Periksa flashdisk, lalu simpan lagi."),
        (errno.EIO, "Tidak dapat menulis ke sana. Periksa flashdisk, lalu simpan lagi."),
        (0, "Tidak dapat menulis ke sana. Periksa flashdisk, lalu simpan lagi."),
    ],
)
def test_a_stick_that_is_full_locked_failing_or_pulled_is_said_on_the_page_and_the_next_one_works(
    qtbot: QtBot,
    opened: Callable[[Workspace], SinkronisasiPage],
    server_desk: ServerDesk,
    url: str,
    tmp_path: Path,
    error: int,
    sentence: str,
) -> None:
    ws = a_book()
    village = posts.posts(ws)[0].village_code
    assert village is not None
    page = opened(ws)
    join(qtbot, page, url, code_for(server_desk, [village], regency=village[:4]))
    stick = tmp_path / "FLASHDISK"
    stick.mkdir()

    def refuse(_handle: int) -> None:
        if error:
            raise OSError(error, os.strerror(error))
        shutil.rmtree(stick)

    counters = [page.counters[each].text() for each in ("here", "sent", "confirmed")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "choose_folder", lambda *_told: stick)
        patch.setattr("posyandu.storage.files.os.fsync", refuse)
        page.put.click()
        scene.settle(qtbot)
    assert page.stick_words.text() == sentence
    assert not stick.exists() or list(stick.iterdir()) == []
    assert page.put.isEnabled()
    stick.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "choose_folder", lambda *_told: stick)
        page.put.click()
        scene.settle(qtbot)
    assert len(list(stick.glob("*.posyandu"))) == 1
    assert [page.counters[each].text() for each in ("here", "sent", "confirmed")] == counters
