import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posyandu.domain.calendar import Month
from posyandu.services import accounts, sessions
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import kept, practice


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("latihan")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("POSYANDU_HOME", str(home))
    monkeypatch.setattr(practice, "POSTS", 1)
    monkeypatch.setattr(practice, "MONTHS", 3)


def november() -> datetime:
    return datetime(2026, 11, 21, 2, tzinfo=UTC)


def december() -> datetime:
    return datetime(2026, 12, 2, 2, tzinfo=UTC)


def test_the_practice_book_opens_with_the_pin_on_the_lock_screen_and_reaches_last_month() -> None:
    folder = practice.prepare(clock=november)
    assert folder == accounts.books().practice
    with closing(accounts.unlock(folder, accounts.members(folder)[0].id, "246810", clock=november)) as ws:
        assert ws.practice
        assert ws.worker.name == practice.KADER
        days = sessions.recent(ws, ws.posyandu_id)
        assert [Month.of(day.held_on) for day in days] == [Month(2026, 10), Month(2026, 9), Month(2026, 8)]
        assert all(day.closed for day in days)


def test_what_was_practised_stays_until_the_month_turns_or_it_is_asked_anew() -> None:
    folder = practice.prepare(clock=november)
    before = folder.book.stat().st_ino
    practice.prepare(clock=november)
    assert folder.book.stat().st_ino == before
    kader = accounts.members(folder)[0].id
    practice.prepare(clock=december)
    assert accounts.members(folder)[0].id != kader
    kader = accounts.members(folder)[0].id
    practice.prepare(clock=december, fresh=True)
    assert accounts.members(folder)[0].id != kader


def test_a_book_somebody_is_working_in_is_not_taken_away() -> None:
    folder = practice.prepare(clock=november)
    with closing(practice.unlock(folder)) as ws:
        script = (
            "import sys; from posyandu.services.sample import practice; practice.POSTS, practice.MONTHS = 1, 3\n"
            "from posyandu.domain.errors import DatabaseBusy\n"
            "try: practice.prepare(fresh=True)\n"
            "except DatabaseBusy: sys.exit(7)"
        )

        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 7
        assert sessions.recent(ws, ws.posyandu_id)


def test_the_real_book_is_never_made_into_practice() -> None:
    with pytest.raises(ValueError, match="real book"):
        practice.prepare(BookFolder(accounts.books().real.path, practice=False))


def test_a_kept_village_is_copied_and_opens_in_the_next_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = tmp_path / "simpanan"
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "pertama"))
    first = kept.prepare(keep, clock=november)
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "kedua"))
    second = kept.prepare(keep, clock=november)
    assert second.path != first.path
    assert second.book.read_bytes() == first.book.read_bytes()
    with closing(practice.unlock(second)) as ws:
        assert sessions.recent(ws, ws.posyandu_id)
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "ketiga"))
    later = kept.prepare(keep, clock=december)
    with closing(practice.unlock(later)) as ws:
        assert Month.of(sessions.recent(ws, ws.posyandu_id)[0].held_on) == Month(2026, 11)
    assert [each.name for each in keep.iterdir()] == [kept.recipe(december)]


def test_another_month_or_another_rule_makes_another_village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(kept.paths, "resources", lambda: tmp_path)
    before = kept.recipe(november)
    assert before == kept.recipe(november) != kept.recipe(december)
    (tmp_path / "rules" / "growth.json").write_text("{}")
    assert kept.recipe(november) != before
