"""Sending by itself, over a real book and a real server: when, how often, and what it says."""

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from posyandu.domain.errors import Offline
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.server.settings import Settings
from posyandu.services import synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records
from posyandu.sync.transport import Busy
from posyandu.ui import background
from posyandu.ui.background import Sending
from posyandu.ui.desk import Desk
from tests.server import laptops
from tests.server.conftest import desk as server_desk
from tests.server.conftest import postgres_cluster
from tests.server.serving import serving
from tests.ui import scene

__all__ = ["postgres_cluster", "server_desk"]


@pytest.fixture
def desk(server_desk: ServerDesk) -> Iterator[Desk]:
    with serving(make_app(server_desk, Settings())) as url:
        ws = laptops.laptop(server_desk, post=records.new_id())
        synchronise.server_moved(ws, url)
        yield scene.desk(ws)
        ws.close()


def counts(ws: Workspace) -> outbox.Counts:
    return outbox.counts(ws.db, ws.device)


def send(qtbot: QtBot, sending: Sending) -> None:
    """Let the time come now, and wait until the run has ended."""
    told = QSignalSpy(sending.desk.records_changed)
    sending.send()
    qtbot.waitUntil(lambda: told.count() > 0, timeout=20_000)


def test_the_first_minute_belongs_to_the_kader(desk: Desk) -> None:
    assert Sending(desk).timer.remainingTime() > 60_000


def test_what_was_saved_is_sent_by_itself(qtbot: QtBot, desk: Desk) -> None:
    sending = Sending(desk)
    assert counts(desk.ws).confirmed == 0
    send(qtbot, sending)
    assert counts(desk.ws).confirmed == counts(desk.ws).here > 0
    assert sending.failures == 0


def test_after_a_save_it_does_not_wait_the_half_hour(qtbot: QtBot, desk: Desk) -> None:
    sending = Sending(desk)
    send(qtbot, sending)
    assert sending.timer.remainingTime() > background.AFTER_SAVES_SECONDS * 1000
    desk.announce("under_five_visit")
    assert 0 < sending.timer.remainingTime() < 1.1 * background.AFTER_SAVES_SECONDS * 1000


def test_without_internet_it_tries_more_and_more_rarely_and_says_nothing(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_given: object, **_more: object) -> None:
        raise Offline("tidak ada")

    monkeypatch.setattr("posyandu.sync.transport.connect", nobody)
    sending, toasts, waits = Sending(desk), QSignalSpy(desk.toast_wanted), []
    for _try in range(4):
        send(qtbot, sending)
        waits.append(round(sending.timer.remainingTime() / 1000))
    assert all(14 * 2**n < seconds < 48 * 2**n for n, seconds in enumerate(waits)), waits
    desk.announce("under_five_visit")
    assert sending.timer.remainingTime() > 100_000  # what is typed does not bring the next try nearer
    assert toasts.count() == 0


def test_a_busy_server_is_left_alone_for_as_long_as_it_asked(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object, **_more: object) -> None:
        raise Busy("sibuk", 500)

    monkeypatch.setattr("posyandu.sync.client.exchange", busy)
    sending = Sending(desk)
    send(qtbot, sending)
    assert 480 < sending.timer.interval() / 1000 <= 500  # what is left by a coarse timer of Qt may be 5 % more


def test_whoever_wants_to_send_by_hand_only_is_left_alone(qtbot: QtBot, desk: Desk) -> None:

    desk.preferences = desk.preferences._replace(send_by_itself=False)
    sending = Sending(desk)
    sending.send()
    qtbot.wait(100)
    assert counts(desk.ws).sent == 0


def test_a_laptop_without_a_server_stays_quiet(qtbot: QtBot) -> None:
    ws = scene.village_book(months=1)
    sending = Sending(scene.desk(ws))
    told = QSignalSpy(sending.desk.records_changed)
    sending.send()
    qtbot.waitUntil(lambda: sending.timer.remainingTime() > 1_700_000, timeout=10_000)
    assert told.count() == 0
    ws.close()
