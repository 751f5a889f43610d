"""What somebody with the laptop in hand tries at the lock: restarts, clocks, older key files, two programs at once."""

import base64
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posyandu import paths
from posyandu.domain.errors import Locked, SlotDisabled, WrongPin
from posyandu.services import accounts, backups
from posyandu.services.accounts import BookFolder
from posyandu.storage import database, key_file, keys
from posyandu.storage.keys import Cost

PIN, WRONG, NEW = "270593", "830172", "604718"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> BookFolder:
    monkeypatch.setattr(key_file, "_refused_at", {})
    return accounts.books().real


@pytest.fixture
def made(folder: BookFolder) -> Iterator[accounts.Created]:
    created = accounts.create(folder, "Sari", PIN, cost=Cost(1, 8))
    yield created
    created.workspace.close()


def restart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "_refused_at", {})


def try_wrong(folder: BookFolder, member: str, times: int) -> None:
    for _try in range(times):
        with pytest.raises((WrongPin, SlotDisabled)):
            accounts.unlock(folder, member, WRONG)


def test_ten_wrong_tries_close_the_slot_however_often_the_program_is_started_anew(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 0)
    member = made.workspace.worker.id
    made.workspace.close()
    for tried in range(10):
        assert keys.read(folder.keys).slot(member).wrong == tried
        try_wrong(folder, member, 1)
        restart(monkeypatch)
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, member, PIN)
    accounts.unlock_with_recovery(folder, made.recovery_key).close()


@pytest.mark.parametrize("moved", [-40 * 365 * 86_400, 3600, 60 * 365 * 86_400])
def test_setting_the_clock_shortens_no_wait_and_forgives_no_try(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    member = made.workspace.worker.id
    made.workspace.close()
    try_wrong(folder, member, 5)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + moved)
    monkeypatch.setattr(time, "time_ns", lambda: int((now + moved) * 1e9))
    for began_anew in (False, True):
        if began_anew:
            restart(monkeypatch)
        with pytest.raises(WrongPin) as caught:
            accounts.unlock(folder, member, PIN, clock=lambda: datetime.fromtimestamp(0, UTC))
        assert 25 <= caught.value.wait_seconds <= 30
        assert keys.read(folder.keys).slot(member).wrong == 5


def test_an_older_key_file_wins_no_free_tries(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 0)
    member, older = made.workspace.worker.id, tmp_path / "lama.json"
    made.workspace.close()
    shutil.copy(folder.keys, older)
    for tried in range(10):
        shutil.copy(older, folder.keys)
        assert [each.disabled for each in accounts.members(folder)] == [False]
        assert keys.read(folder.keys).slot(member).wrong == tried
        try_wrong(folder, member, 1)
    shutil.copy(older, folder.keys)
    assert [each.disabled for each in accounts.members(folder)] == [True]
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, member, PIN)
    ws = accounts.unlock_with_recovery(folder, made.recovery_key)
    accounts.reset_pin(ws, member, NEW)
    ws.close()
    accounts.unlock(folder, member, NEW).close()


def test_a_copy_of_the_key_file_elsewhere_counts_for_the_same_slot(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 0)
    member = made.workspace.worker.id
    copy = backups.back_up(made.workspace, tmp_path).path
    made.workspace.close()
    for _try in range(10):
        with pytest.raises((WrongPin, SlotDisabled)):
            backups.restore(copy, BookFolder(tmp_path / "lain", practice=False), member=member, pin=WRONG)
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, member, PIN)


def test_the_right_pin_clears_what_was_noted_and_a_damaged_note_locks_nobody_out(
    folder: BookFolder, made: accounts.Created
) -> None:
    member = made.workspace.worker.id
    made.workspace.close()
    try_wrong(folder, member, 3)
    note = paths.config() / "percobaan.json"
    assert b"3" in note.read_bytes()
    assert member.encode() not in note.read_bytes()
    accounts.unlock(folder, member, PIN).close()
    assert note.read_bytes() == b"{}"
    for damage in (b"", b"[1]", b'{"x": "y"}', b"\xff"):
        note.write_bytes(damage)
        accounts.unlock(folder, member, PIN).close()


def test_an_older_key_file_does_not_bring_an_old_pin_back(
    folder: BookFolder, made: accounts.Created, tmp_path: Path
) -> None:
    ws, older = made.workspace, tmp_path / "lama.json"
    member = ws.worker.id
    shutil.copy(folder.keys, older)
    accounts.change_pin(ws, PIN, NEW)
    ws.close()
    newer = folder.keys.read_bytes()
    shutil.copy(older, folder.keys)
    with pytest.raises(Locked, match="lebih lama"):
        accounts.unlock(folder, member, PIN)
    folder.keys.write_bytes(newer)
    accounts.unlock(folder, member, NEW).close()


def test_a_power_cut_while_a_pin_is_changed_locks_nobody_out(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = made.workspace

    def power_cut(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as torn:
        torn.setattr(accounts.keys, "write", power_cut)
        with pytest.raises(KeyboardInterrupt):
            accounts.reset_pin(ws, ws.worker.id, NEW)
    ws.close()
    accounts.unlock(folder, ws.worker.id, PIN).close()
    accounts.unlock(folder, ws.worker.id, PIN).close()


def test_a_book_from_before_this_rule_opens_and_keeps_it_from_then_on(
    folder: BookFolder, made: accounts.Created, tmp_path: Path
) -> None:
    ws = made.workspace
    with database.transaction(ws.db):
        ws.db.conn.execute("DELETE FROM setting WHERE name LIKE 'slot:%'")
    ws.close()
    again = accounts.unlock(folder, ws.worker.id, PIN)
    older = folder.keys.read_bytes()
    accounts.change_pin(again, PIN, NEW)
    again.close()
    folder.keys.write_bytes(older)
    with pytest.raises(Locked, match="lebih lama"):
        accounts.unlock(folder, ws.worker.id, PIN)


TRIES_BY_ANOTHER_PROGRAM = """
import sys
from pathlib import Path
from posyandu.domain.errors import SlotDisabled, WrongPin
from posyandu.storage import key_file, keys
key_file.FIRST_WAIT_SECONDS = 0
paid, stretch = [0], keys._stretch
def counted(*given):
    paid[0] += 1
    return stretch(*given)
keys._stretch = counted
path, secret = Path(sys.argv[1]), bytes.fromhex(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for _try in range(8):
    try:
        keys.open_slot(path, secret, sys.argv[2], "830172")
    except (SlotDisabled, WrongPin):
        pass
print(paid[0])
"""


def test_two_programs_that_try_at_once_have_ten_tries_together(folder: BookFolder, made: accounts.Created) -> None:
    member = made.workspace.worker.id
    made.workspace.close()
    secret = keys.laptop_secret(paths.config()).hex()
    command = [sys.executable, "-c", TRIES_BY_ANOTHER_PROGRAM, str(folder.keys), member, secret]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _program in range(2)
    ]
    for program in both:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in both:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    paid = [int(program.communicate(timeout=60)[0]) for program in both]
    assert sum(paid) == 10
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, member, PIN)


def test_the_data_key_is_never_on_the_disk_in_plain(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ws = made.workspace
    key = database.key_of(ws.db)
    told = [key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)]

    def look() -> int:
        seen = 0
        for root in (paths.data().parent, paths.config(), paths.logs(), tmp_path):
            for file in (each for each in root.rglob("*") if each.is_file()):
                content = file.read_bytes()
                assert not [part for part in told if part in content], file
                seen += 1
        return seen

    assert look() >= 5  # open, with its log
    accounts.add_member(ws, "Rina", "kader", WRONG)
    accounts.change_pin(ws, PIN, NEW)
    accounts.new_recovery_key(ws)
    backups.back_up(ws, tmp_path)
    look()
    ws.close()
    accounts.unlock(folder, ws.worker.id, NEW).close()
    assert look() >= 6
