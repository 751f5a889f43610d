"""First run, unlock, several kader, recovery: as people do it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posyandu import paths
from posyandu.domain.errors import (
    BadInput,
    DamagedDatabase,
    DatabaseBusy,
    Locked,
    NotFound,
    SlotDisabled,
    WrongPin,
    WrongRecoveryKey,
)
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, post_affairs, posts, workspace
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, key_file, keys, records, settings
from posyandu.storage.keys import Cost

CHEAP = Cost(1, 8)
PIN, OTHER_PIN, NEW_PIN = "270593", "830172", "604718"
VILLAGE = "5203012001"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> BookFolder:
    monkeypatch.setattr(key_file, "_refused_at", {})
    return accounts.books().real


@pytest.fixture
def made(folder: BookFolder) -> Iterator[accounts.Created]:
    created = accounts.create(folder, "  Sari   Dewi ", PIN, cost=CHEAP)
    yield created
    created.workspace.close()


def open_again(folder: BookFolder, ws: Workspace, pin: str = PIN) -> Workspace:
    ws.close()
    return accounts.unlock(folder, ws.worker.id, pin)


def test_the_first_run_makes_a_book_that_its_pin_opens(folder: BookFolder, made: accounts.Created) -> None:
    assert accounts.exists(folder)
    ws = made.workspace
    assert (ws.worker.name, ws.worker.role, ws.practice, ws.folder) == ("Sari Dewi", "coordinator", False, folder.path)
    device = ws.device
    again = open_again(folder, ws)
    assert (again.worker, again.device) == (ws.worker, device)
    again.close()


def test_a_second_first_run_is_refused(folder: BookFolder, made: accounts.Created) -> None:
    with pytest.raises(BadInput, match="sudah ada buku"):
        accounts.create(folder, "Rina", PIN, cost=CHEAP)


@pytest.mark.parametrize(("name", "pin"), [("", PIN), ("  ", PIN), ("Sari", "123456"), ("Sari", "12")])
def test_a_first_run_with_a_bad_name_or_pin_makes_nothing(folder: BookFolder, name: str, pin: str) -> None:
    with pytest.raises(BadInput):
        accounts.create(folder, name, pin, cost=CHEAP)
    assert not accounts.exists(folder)


def test_a_first_run_that_was_cut_off_is_set_aside_and_begins_anew(
    folder: BookFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(keys, "write", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accounts.create(folder, "Sari", PIN, cost=CHEAP)
    assert not accounts.exists(folder)
    accounts.create(folder, "Sari", PIN, cost=CHEAP).workspace.close()
    assert (folder.path / "lama-0" / "buku.db").exists()


def test_kader_share_the_book_each_with_a_pin(folder: BookFolder, made: accounts.Created) -> None:
    rina = accounts.add_member(made.workspace, "Rina", "kader", OTHER_PIN)
    made.workspace.close()
    assert [(member.name, member.role, member.disabled) for member in accounts.members(folder)] == [
        ("Sari Dewi", "coordinator", False),
        ("Rina", "kader", False),
    ]
    ws = accounts.unlock(folder, rina, OTHER_PIN)
    assert ws.author.worker_id == rina
    ws.close()
    with pytest.raises(WrongPin):
        accounts.unlock(folder, rina, PIN)


@pytest.mark.parametrize(("name", "pin"), [("sari dewi", OTHER_PIN), ("", OTHER_PIN), ("Rina", "111111")])
def test_a_member_needs_an_own_name_and_a_sound_pin(made: accounts.Created, name: str, pin: str) -> None:
    with pytest.raises(BadInput):
        accounts.add_member(made.workspace, name, "kader", pin)


def test_changing_the_pin_asks_for_the_old_one(folder: BookFolder, made: accounts.Created) -> None:
    ws = made.workspace
    with pytest.raises(WrongPin):
        accounts.change_pin(ws, OTHER_PIN, NEW_PIN)
    with pytest.raises(BadInput):
        accounts.change_pin(ws, PIN, "123456")
    accounts.change_pin(ws, PIN, NEW_PIN)
    again = open_again(folder, ws, NEW_PIN)
    again.close()
    with pytest.raises(WrongPin):
        accounts.unlock(folder, ws.worker.id, PIN)


def test_ten_wrong_pins_lock_one_kader_out_and_another_lets_her_in(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 0)
    ws = made.workspace
    rina = accounts.add_member(ws, "Rina", "kader", OTHER_PIN)
    for _try in range(9):
        with pytest.raises(WrongPin):
            accounts.unlock(folder, rina, NEW_PIN)
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, rina, NEW_PIN)
    assert [member.disabled for member in accounts.members(folder)] == [False, True]
    accounts.reset_pin(ws, rina, NEW_PIN)
    accounts.unlock(folder, rina, NEW_PIN).close()
    with pytest.raises(NotFound):
        accounts.reset_pin(ws, "siapa", NEW_PIN)


def test_the_recovery_key_opens_the_book_to_give_new_pins(folder: BookFolder, made: accounts.Created) -> None:
    made.workspace.close()
    with pytest.raises(WrongRecoveryKey):
        accounts.unlock_with_recovery(folder, "salah")
    ws = accounts.unlock_with_recovery(folder, made.recovery_key)
    assert ws.worker.id == accounts.RECOVERY.id
    accounts.reset_pin(ws, made.workspace.worker.id, NEW_PIN)
    new_key = accounts.new_recovery_key(ws)
    ws.close()
    accounts.unlock(folder, made.workspace.worker.id, NEW_PIN).close()
    with pytest.raises(WrongRecoveryKey):
        accounts.unlock_with_recovery(folder, made.recovery_key)
    accounts.unlock_with_recovery(folder, new_key).close()


def test_a_copied_book_opens_on_no_other_laptop_but_with_the_recovery_key(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = made.workspace.worker.id
    made.workspace.close()
    stolen = BookFolder(tmp_path / "curian", practice=False)
    shutil.copytree(folder.path, stolen.path)
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "laptop-lain"))
    for _try in range(12):
        with pytest.raises(Locked, match="laptop lain"):
            accounts.unlock(stolen, worker, PIN)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(stolen.book).execute("SELECT * FROM person")
    accounts.unlock_with_recovery(stolen, made.recovery_key).close()


def test_no_name_is_readable_in_any_file_but_the_kaders_on_the_lock_screen(
    folder: BookFolder, made: accounts.Created
) -> None:
    ws = made.workspace
    posts.add_post(ws, {"name": "Penanda Melati", "village_code": VILLAGE})
    told = {"name": "Penanda Anak", "nik": "5203019999990001", "mother_name": "Penanda Ibu"}
    records.save(ws.db, FORMS["person"], "anak", told, scope=ws.posyandu_id, author=ws.author, now=ws.now())
    seen = [file for root in (paths.data(), paths.config()) for file in root.rglob("*") if file.is_file()]
    assert len(seen) >= 5
    for file in seen:
        content = file.read_bytes()
        assert b"Penanda" not in content, file
        assert b"520301999999" not in content, file
        assert (b"Sari Dewi" in content) == (file == folder.keys)


def test_the_practice_book_is_not_the_real_one(folder: BookFolder, made: accounts.Created) -> None:
    practice = accounts.books().practice
    created = accounts.create(practice, "Latihan", PIN, cost=CHEAP)
    assert created.workspace.practice
    worker = created.workspace.worker.id
    created.workspace.close()
    disguised = BookFolder(practice.path, practice=False)
    with pytest.raises(Locked, match="latihan"):
        accounts.unlock(disguised, worker, PIN)
    made.workspace.close()
    for name in ("buku.db", "kunci.json"):
        shutil.copy(folder.path / name, practice.path / name)
    with pytest.raises(Locked, match="latihan"):
        accounts.unlock(practice, made.workspace.worker.id, PIN)


def test_a_key_file_beside_another_book_does_not_open_it(folder: BookFolder, made: accounts.Created) -> None:
    ws = made.workspace
    settings.put(ws.db, "book", "lain")
    ws.close()
    with pytest.raises(Locked):
        accounts.unlock(folder, ws.worker.id, PIN)


def test_a_lost_book_is_not_replaced_by_an_empty_one(folder: BookFolder, made: accounts.Created) -> None:
    made.workspace.close()
    folder.book.unlink()
    with pytest.raises(DamagedDatabase, match="salinan cadangan"):
        accounts.unlock(folder, made.workspace.worker.id, PIN)
    assert not folder.book.exists()


def test_the_book_opens_in_one_window_at_a_time(folder: BookFolder, made: accounts.Created) -> None:
    worker = made.workspace.worker.id
    code = (
        "import sys; from posyandu.services import accounts\n"
        "try: accounts.unlock(accounts.books().real, sys.argv[1], sys.argv[2])\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    command = [sys.executable, "-c", code, worker, PIN]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "DatabaseBusy"
    same_window = accounts.unlock(folder, worker, PIN)
    same_window.close()
    made.workspace.close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""
    assert issubclass(DatabaseBusy, Exception)


def test_every_kader_is_made_known_to_other_laptops_with_the_first_post(made: accounts.Created) -> None:
    ws = made.workspace
    accounts.add_member(ws, "Rina", "kader", OTHER_PIN)
    assert records.load_many(ws.db, FORMS["worker"]) == []
    post = posts.add_post(ws, {"name": "Melati", "village_code": VILLAGE})
    accounts.add_member(ws, "Budi", "operator", NEW_PIN)
    known = records.load_many(ws.db, FORMS["worker"])
    assert {(row.answers["name"], row.scope) for row in known} == {
        ("Sari Dewi", post),
        ("Rina", post),
        ("Budi", post),
    }


def test_a_book_in_memory_has_no_pins() -> None:
    ws = workspace.in_memory()
    with pytest.raises(NotFound):
        accounts.add_member(ws, "Rina", "kader", OTHER_PIN)
    accounts.introduce(ws)
    assert [row.answers["name"] for row in records.load_many(ws.db, FORMS["worker"])] == ["Sari"]
    ws.close()


def test_a_damaged_book_lets_go_of_its_folder(folder: BookFolder, made: accounts.Created) -> None:
    made.workspace.close()
    folder.book.write_bytes(b"rusak" * 5000)
    for _time in range(2):
        with pytest.raises(DamagedDatabase):
            accounts.unlock(folder, made.workspace.worker.id, PIN)


def a_listed_kader(ws: Workspace, name: str = "Rina Wati") -> str:
    """Somebody of the post's list who has no PIN yet, with a training."""
    if not ws.posyandu_id:
        ws.posyandu_id = posts.add_post(ws, {"name": "Melati", "village_code": VILLAGE})
    post_affairs.save(ws, FORMS["worker"], {"name": name, "role": "kader", "phone": "0812", "active": True})
    (row,) = records.load_many(ws.db, FORMS["worker"], name=name)
    told = {"topic": "development", "held_on": ws.today()}
    post_affairs.save(ws, FORMS["training"], told, worker_id=row.id)
    return row.id


def test_a_kader_of_the_list_who_gets_a_pin_stays_one_person(folder: BookFolder, made: accounts.Created) -> None:
    ws = made.workspace
    listed = a_listed_kader(ws)
    assert accounts.kader_named(ws, "rina  wati") == {listed: "Rina Wati"}
    assert accounts.kader_named(ws, "Rina") == {listed: "Rina Wati"}
    assert accounts.kader_named(ws, "Rini") == {}
    assert accounts.kader_named(ws, " ") == {}
    assert accounts.add_member(ws, "Rina Wati", "coordinator", OTHER_PIN, worker_id=listed) == listed
    (one,) = [each for each in post_affairs.kader(ws, ws.posyandu_id) if each.name == "Rina Wati"]
    assert (one.id, one.answers["role"], one.answers["phone"]) == (listed, "coordinator", "0812")
    assert len(one.trainings) == 1
    assert accounts.kader_named(ws, "Rina Wati") == {}  # she has her PIN now
    with pytest.raises(NotFound):
        accounts.add_member(ws, "Rina Lain", "kader", OTHER_PIN, worker_id=listed)
    with pytest.raises(NotFound):
        accounts.add_member(ws, "Rina Lain", "kader", OTHER_PIN, worker_id="siapa")
    ws.close()
    again = accounts.unlock(folder, listed, OTHER_PIN)
    assert (again.worker.id, again.worker.role) == (listed, "coordinator")
    again.close()


def test_two_records_of_one_kader_become_one_with_all_that_was_said(made: accounts.Created) -> None:
    ws = made.workspace
    listed = a_listed_kader(ws)
    told = {"assessed_on": ws.today(), "post_services": True}
    post_affairs.save(ws, FORMS["competence"], told, record_id=post_affairs.competence_id(listed), worker_id=listed)
    member = accounts.add_member(ws, "Rina Wati", "coordinator", OTHER_PIN)
    found = {each.id: each for each in post_affairs.kader(ws, ws.posyandu_id)}
    assert post_affairs.twice(list(found.values())) == {listed: found[member], member: found[listed]}
    assert accounts.which_stays(ws, listed, member) == accounts.which_stays(ws, member, listed) == member
    post_affairs.join_kader(ws, member, listed)
    now = post_affairs.kader(ws, ws.posyandu_id)
    assert post_affairs.twice(now) == {}
    (one,) = [each for each in now if each.name == "Rina Wati"]
    assert (one.id, one.answers["role"], one.answers["phone"]) == (member, "coordinator", "0812")
    assert (len(one.trainings), one.skills["post_services"]) == (1, True)
    assert journal.rows_equal_replay(ws.db)
    with pytest.raises(NotFound):
        post_affairs.join_kader(ws, member, listed)
