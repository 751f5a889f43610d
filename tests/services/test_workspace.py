"""An opened book: who, where, when."""

from datetime import date, datetime, timedelta
from threading import Thread

import pytest

from posyandu.domain.errors import BadInput, DatabaseBusy
from posyandu.domain.forms import FORMS
from posyandu.services import rulings, workspace
from posyandu.services.workspace import WITA
from posyandu.storage import records, reference, settings

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=WITA)


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


@pytest.mark.parametrize(
    ("seen", "now", "asks"),
    [
        (None, datetime(1970, 1, 1, 7, tzinfo=WITA), True),
        (None, datetime(2000, 1, 1, tzinfo=WITA), True),
        (None, datetime(2106, 2, 7, tzinfo=WITA), True),
        (None, NOON, False),
        (NOON, NOON + timedelta(days=40), False),
        (NOON, NOON + timedelta(days=201), True),
        (NOON, NOON - timedelta(hours=20), False),
        (NOON, NOON - timedelta(days=2), True),
    ],
)
def test_the_day_is_asked_when_the_clock_is_dead_went_back_or_leapt(
    seen: datetime | None, now: datetime, asks: bool
) -> None:
    ws = workspace.in_memory(now=now)
    if seen is not None:
        settings.put(ws.db, "clock_seen", seen.isoformat())
    assert ws.asks_for_the_day() is asks
    if not asks:
        assert settings.get(ws.db, "clock_seen") == now.isoformat()
    ws.close()


def test_who_comes_back_while_a_large_file_is_written_neither_waits_for_it_nor_is_kept_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def put(*_given: object) -> None:
        asked.append(ws.now())
        raise DatabaseBusy

    asked: list[datetime] = []
    for later, writes in ((timedelta(minutes=59), 0), (timedelta(hours=1), 1), (-timedelta(minutes=1), 1)):
        ws = workspace.in_memory(now=NOON + later)
        settings.put(ws.db, "clock_seen", NOON.isoformat())
        asked.clear()
        with monkeypatch.context() as busy:
            busy.setattr(settings, "put", put)
            assert not ws.asks_for_the_day()
        assert len(asked) == writes
        ws.close()


def test_what_was_told_counts_while_the_clock_runs_on_and_is_noted_with_how_far_it_was_off() -> None:
    clock = [datetime(2000, 1, 1, 8, 30, tzinfo=WITA)]
    ws = workspace.in_memory(now=lambda: clock[0])
    assert ws.asks_for_the_day()
    ws.tell_day(date(2026, 11, 22))
    assert not ws.asks_for_the_day()
    assert (ws.now(), ws.clock_quality()) == (datetime(2026, 11, 22, 8, 30, tzinfo=WITA), 0)
    note = settings.get(ws.db, "clock_told")
    assert (note["day"], note["days_off"], note["by"]) == ("2026-11-22", 9822, ws.worker.id)
    sibling = ws.sibling()
    clock[0] += timedelta(hours=3)
    assert sibling.now() == ws.now() == datetime(2026, 11, 22, 11, 30, tzinfo=WITA)
    sibling.close()
    clock[0] = datetime(2026, 11, 22, 12, 0, tzinfo=WITA)  # somebody set the clock
    assert (ws.now(), ws.clock_quality(), ws.asks_for_the_day()) == (clock[0], 1, False)
    ws.close()


@pytest.mark.parametrize("day", [date(1926, 11, 22), date(2026, 10, 1), date(2062, 1, 1)])
def test_a_day_that_cannot_be_today_is_refused(day: date) -> None:
    ws = workspace.in_memory(now=datetime(1970, 1, 1, tzinfo=WITA))
    with pytest.raises(BadInput, match="Periksa tahunnya"):
        ws.tell_day(day)
    assert ws.asks_for_the_day()
    ws.close()


def test_the_laptops_clock_knows_its_zone() -> None:
    assert workspace.system_clock().tzinfo is not None


def test_rules_and_tables_are_those_of_the_book() -> None:
    ws = workspace.in_memory()
    assert ws.growth is reference.growth_tables()
    assert ws.standards is reference.shipped_standards()
    ws.worker = workspace.Worker("b", "Nurul", "midwife")
    told = {"since_on": date(2026, 1, 1), "source": "Surat dinas", "red_line": "minus_3"}
    rulings.ORDER.choose(ws, [ws.posyandu_id], told)
    assert ws.standards.on(ws.today()).bgm_z == -3
    assert ws.standards is ws.standards, "made once"
    with ws.reading("elsewhere"):
        assert ws.standards is reference.shipped_standards()
    ws.close()
    assert reference.standards() is reference.shipped_standards()


def test_whoever_holds_a_workspace_goes_on_in_the_book_opened_anew() -> None:
    ws = workspace.in_memory(post=None)
    opened = ws.sibling()
    ws.close()
    ws.take_over(opened)
    ws.posyandu_id = "b" * 32
    assert opened.posyandu_id == "b" * 32
    ws.close()
