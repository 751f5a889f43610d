"""An opened book: who, where, when."""

from datetime import date, datetime, timedelta
from threading import Thread

import pytest

from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import WITA
from posyandu.storage import records, reference, settings


def test_a_book_in_memory_has_a_kader_a_post_and_a_day() -> None:
    ws = workspace.in_memory()
    assert (ws.posyandu_id, ws.worker.name, ws.folder, ws.practice) == ("melati", "Sari", None, False)
    assert ws.today() == date(2026, 11, 12)
    assert ws.author == records.Author(ws.worker.id, ws.device, 1)
    ws.close()
    ws.close()


def test_device_and_kind_can_be_given() -> None:
    ws = workspace.in_memory(device="laptop-a", practice=True, post=None)
    assert (ws.device, ws.practice, ws.posyandu_id) == ("laptop-a", True, "")
    ws.close()


def test_the_chosen_post_is_remembered() -> None:
    ws = workspace.in_memory()
    ws.posyandu_id = "mawar"
    with_own_connection = ws.sibling()
    assert with_own_connection.posyandu_id == "mawar"
    with_own_connection.close()
    ws.close()


def test_a_worker_thread_saves_through_its_sibling() -> None:
    ws = workspace.in_memory()
    sibling = ws.sibling()
    assert (sibling.worker, sibling.now()) == (ws.worker, ws.now())

    def work() -> None:
        records.save(
            sibling.db, FORMS["person"], "p", {"name": "Nur"}, scope="melati", author=sibling.author, now=sibling.now()
        )
        sibling.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert records.load(ws.db, FORMS["person"], "p") is not None
    ws.close()


@pytest.mark.parametrize(
    ("now", "checked", "quality"),
    [
        (datetime(2009, 1, 1, tzinfo=WITA), None, 0),
        (datetime(2106, 1, 1, tzinfo=WITA), None, 0),
        (datetime(2026, 11, 12, tzinfo=WITA), None, 1),
        (datetime(2026, 11, 12, tzinfo=WITA), timedelta(hours=23), 2),
        (datetime(2026, 11, 12, tzinfo=WITA), timedelta(hours=25), 1),
        (datetime(2026, 11, 12, tzinfo=WITA), timedelta(hours=-25), 1),
    ],
)
def test_how_far_the_clock_is_to_be_trusted(now: datetime, checked: timedelta | None, quality: int) -> None:
    ws = workspace.in_memory(now=now)
    if checked is not None:
        settings.put(ws.db, "clock_checked_at", (now - checked).isoformat())
    assert ws.clock_quality() == ws.author.clock == quality
    ws.close()


def test_the_laptops_clock_knows_its_zone() -> None:
    assert workspace.system_clock().tzinfo is not None


def test_rules_and_tables_are_those_of_the_book() -> None:
    ws = workspace.in_memory()
    assert ws.growth is reference.growth_tables()
    assert ws.standards is reference.shipped_standards()
    settings.put(ws.db, "standards", {"bgm_z": -2})
    assert ws.standards is not reference.shipped_standards()
    ws.close()
    assert reference.standards() is reference.shipped_standards()
