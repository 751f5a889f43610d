"""The card and the telephone, as people use them and as a thief would: counts, clocks, restarts, older key files."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posyandu.domain import recovery
from posyandu.domain.errors import BadInput, Locked, NotFound, SlotDisabled, WrongPin, WrongRecoveryKey
from posyandu.services import access, accounts, backups, locked, posts, sealed, ways_in, workspace
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Worker
from posyandu.storage import database, day_lock, key_file, keys, settings
from posyandu.storage.day_lock import DayWordsNeeded
from posyandu.storage.keys import Cost

PIN, OTHER, NEW = "270593", "830172", "604718"
WRONG_ANSWER = recovery.answer(b"somebody else's key", "K7QM2XA900")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> BookFolder:
    monkeypatch.setattr(key_file, "_refused_at", {})
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 0)
    monkeypatch.setattr(day_lock, "_held", {})
    return accounts.books().real


@pytest.fixture
def made(folder: BookFolder) -> Iterator[accounts.Created]:
    created = accounts.create(folder, "Sari", PIN, cost=Cost(1, 8))
    posts.add_post(created.workspace, {"name": "Melati", "village_code": "5203012001"})
    yield created
    created.workspace.close()


@pytest.fixture
def words(made: accounts.Created) -> str:
    """A book with a card, locked in a program that was started anew."""
    told = ways_in.new_card(made.workspace)
    made.workspace.close()
    day_lock.forget()
    return told


def member(made: accounts.Created) -> str:
    return made.workspace.worker.id


def phoned(folder: BookFolder, made: accounts.Created) -> str:
    """The puskesmas, with the key of its envelope."""
    return recovery.answer_with_key(locked.phone_request(folder), made.recovery_key)


# ---- by telephone


def test_a_kader_who_forgot_her_pin_is_let_in_by_telephone_and_chooses_another(
    folder: BookFolder, made: accounts.Created
) -> None:
    made.workspace.close()
    digits = phoned(folder, made)
    ws = accounts.unlock_by_phone(folder, digits)
    assert (ws.worker.id, ws.worker.name) == (accounts.RECOVERY.id, "Kunci pemulihan")
    accounts.reset_pin(ws, member(made), NEW)
    assert [each.action for each in access.log(ws)] == ["pin_reset"]
    ws.close()
    accounts.unlock(folder, member(made), NEW).close()


def test_an_answer_opens_once_and_the_next_request_is_another(folder: BookFolder, made: accounts.Created) -> None:
    made.workspace.close()
    first, digits = locked.phone_request(folder), phoned(folder, made)
    accounts.unlock_by_phone(folder, digits).close()
    assert locked.phone_request(folder) != first
    with pytest.raises(WrongPin, match="bukan jawaban"):
        accounts.unlock_by_phone(folder, digits)


def test_an_older_key_file_put_back_does_not_bring_a_used_answer_back(
    folder: BookFolder, made: accounts.Created, tmp_path: Path
) -> None:
    made.workspace.close()
    shutil.copy(folder.keys, tmp_path / "lama.json")
    digits = phoned(folder, made)
    accounts.unlock_by_phone(folder, digits).close()
    shutil.copy(tmp_path / "lama.json", folder.keys)
    with pytest.raises(Locked, match="sudah pernah dipakai"):
        accounts.unlock_by_phone(folder, digits)
    accounts.unlock(folder, member(made), PIN).close()


def test_ten_wrong_answers_end_the_request_whatever_is_restarted_copied_or_set_back(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.workspace.close()
    shutil.copy(folder.keys, tmp_path / "lama.json")
    digits, now = phoned(folder, made), time.time()
    for tried in range(10):
        shutil.copy(tmp_path / "lama.json", folder.keys)
        monkeypatch.setattr(key_file, "_refused_at", {})
        monkeypatch.setattr(time, "time", lambda tried=tried: now - tried * 86_400)
        phone = key_file.read(folder.keys).phone
        assert phone is not None
        assert phone.wrong == tried
        with pytest.raises(WrongPin) as caught:
            accounts.unlock_by_phone(folder, WRONG_ANSWER)
        assert caught.value.tries_left == 9 - tried
    assert locked.phone_request(folder) == ""
    with pytest.raises(SlotDisabled, match="kunci pemulihan"):
        accounts.unlock_by_phone(folder, digits)
    accounts.unlock(folder, member(made), PIN).close()
    assert locked.phone_request(folder) != "", "another way in makes a new request"
    accounts.unlock_by_phone(folder, phoned(folder, made)).close()


def test_the_fifth_wrong_answer_makes_one_wait(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_file, "FIRST_WAIT_SECONDS", 30)
    made.workspace.close()
    waits = []
    for _try in range(5):
        with pytest.raises(WrongPin) as caught:
            accounts.unlock_by_phone(folder, WRONG_ANSWER)
        waits.append(caught.value.wait_seconds)
    assert waits == [0, 0, 0, 0, 30]
    with pytest.raises(WrongPin, match="Tunggu"):
        accounts.unlock_by_phone(folder, phoned(folder, made))


def test_a_misheard_digit_costs_no_try(folder: BookFolder, made: accounts.Created) -> None:
    made.workspace.close()
    digits = phoned(folder, made).replace(" ", "")
    misheard = f"{digits[:8]}{(int(digits[8]) + 1) % 10}{digits[9:]}"
    with pytest.raises(BadInput, match="Kelompok ke-3"):
        accounts.unlock_by_phone(folder, misheard)
    phone = key_file.read(folder.keys).phone
    assert phone is not None
    assert phone.wrong == 0


def test_an_answer_is_worth_nothing_on_another_laptop(
    folder: BookFolder, made: accounts.Created, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.workspace.close()
    digits = phoned(folder, made)
    stolen = BookFolder(tmp_path / "curian", practice=False)
    shutil.copytree(folder.path, stolen.path)
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "laptop-lain"))
    with pytest.raises(Locked, match="lewat telepon"):
        accounts.unlock_by_phone(stolen, digits)


def test_a_power_cut_before_a_try_is_counted_wins_none(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.workspace.close()
    with monkeypatch.context() as torn:
        torn.setattr(keys, "_stretch", lambda *_given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accounts.unlock_by_phone(folder, WRONG_ANSWER)
    phone = key_file.read(folder.keys).phone
    assert phone is not None
    assert phone.wrong == 1


def test_a_new_recovery_key_answers_and_the_old_one_no_more(folder: BookFolder, made: accounts.Created) -> None:
    new_key = accounts.new_recovery_key(made.workspace)
    made.workspace.close()
    with pytest.raises(WrongPin):
        accounts.unlock_by_phone(folder, phoned(folder, made))
    accounts.unlock_by_phone(folder, recovery.answer_with_key(locked.phone_request(folder), new_key)).close()


def test_a_book_from_before_this_way_says_so_and_gets_it_with_its_next_key(
    folder: BookFolder, made: accounts.Created
) -> None:
    ws = made.workspace
    with database.transaction(ws.db):
        ws.db.conn.execute("DELETE FROM setting WHERE name IN ('phone_seed', 'phone')")
    body = json.loads(folder.keys.read_bytes())
    del body["phone"]
    folder.keys.write_text(json.dumps(body))
    ws.close()
    assert locked.phone_request(folder) == ""
    with pytest.raises(Locked, match="belum dapat dibuka lewat telepon"):
        accounts.unlock_by_phone(folder, WRONG_ANSWER)
    again = accounts.unlock(folder, member(made), PIN)
    accounts.new_recovery_key(again)
    again.close()
    assert locked.phone_request(folder) != ""


def test_a_lost_laptop_that_obeyed_its_server_answers_no_telephone(folder: BookFolder, made: accounts.Created) -> None:
    digits = phoned(folder, made)
    accounts.close_to_pins(made.workspace)
    made.workspace.close()
    assert locked.phone_request(folder) == ""
    with pytest.raises(Locked):
        accounts.unlock_by_phone(folder, digits)


def test_the_officer_is_told_what_was_misheard(made: accounts.Created) -> None:
    with pytest.raises(BadInput, match="10 huruf"):
        recovery.answer_with_key("K7QM", made.recovery_key)
    with pytest.raises(WrongRecoveryKey, match="28 huruf"):
        recovery.answer_with_key(recovery.new_request(), "ABCD")


# ---- the card


def test_the_words_are_asked_once_a_day_and_then_a_pin_is_enough(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    assert locked.day_words_needed(folder)
    with pytest.raises(DayWordsNeeded, match="kartu kunci"):
        accounts.unlock(folder, member(made), PIN)
    accounts.open_day(folder, words.upper())
    assert not locked.day_words_needed(folder)
    for _turn in range(2):
        accounts.unlock(folder, member(made), PIN).close()


def test_without_the_words_no_pin_is_tried_and_no_try_is_counted(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    for _try in range(12):
        with pytest.raises(DayWordsNeeded):
            accounts.unlock(folder, member(made), OTHER)
    assert key_file.read(folder.keys).slot(member(made)).wrong == 0
    accounts.open_day(folder, words)
    accounts.unlock(folder, member(made), PIN).close()


def test_wrong_words_are_told_from_those_of_another_card(folder: BookFolder, words: str) -> None:
    with pytest.raises(BadInput, match="5 kata"):
        accounts.open_day(folder, "bamu kilo")
    with pytest.raises(Locked, match="kartu lain"):
        accounts.open_day(folder, recovery.new_day_words())
    assert locked.day_words_needed(folder)


def test_the_words_are_forgotten_after_half_a_day_by_either_clock_and_when_a_clock_is_moved() -> None:
    lock = key_file.DayLock(day_lock.mark_of(b"k" * 32), key_file.Box("", "", ""), Cost(1, 8))
    for ran, passed, held in (
        (60.0, 60.0, True), (11 * 3600.0, 11 * 3600.0, True), (12 * 3600.0, 12 * 3600.0, False),
        (60.0, 13 * 3600.0, False), (60.0, -13 * 3600.0, False), (-5.0, 0.0, False), (60.0, -600.0, True),
    ):  # fmt: skip
        day_lock.remember(b"k" * 32, lambda: 1000.0, lambda: 1.8e9)
        found = day_lock.recall(lock, lambda ran=ran: 1000.0 + ran, lambda passed=passed: 1.8e9 + passed)
        assert (found is not None) == held, (ran, passed)
        if not held:
            assert day_lock.recall(lock, lambda: 1060.0, lambda: 1.8e9) is None, "forgotten for good"
    day_lock.forget()


def test_a_stolen_disk_without_the_card_has_nothing_to_try_pins_on(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    """With the laptop's secret, the key file and even the right PIN the box does not open."""
    found = key_file.read(folder.keys)
    slot = found.slot(member(made))
    bare = key_file.with_slot(found, slot._replace(outer=""))
    key_file.write(folder.keys, bare)
    with pytest.raises(WrongPin):
        accounts.unlock(folder, member(made), PIN)
    text = folder.keys.read_text()
    assert not [word for word in words.split() if word in text]


def test_everybody_new_and_every_new_pin_is_behind_the_card_too(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    accounts.open_day(folder, words)
    ws = accounts.unlock(folder, member(made), PIN)
    rina = accounts.add_member(ws, "Rina", "kader", OTHER)
    day_lock.forget()
    accounts.change_pin(ws, PIN, NEW)
    day_lock.forget()
    accounts.prove_pin(ws, NEW)
    assert all(slot.outer for slot in key_file.read(folder.keys).slots)
    ws.close()
    day_lock.forget()
    for who, pin in ((rina, OTHER), (member(made), NEW)):
        with pytest.raises(DayWordsNeeded):
            accounts.unlock(folder, who, pin)
    accounts.open_day(folder, words)
    for who, pin in ((rina, OTHER), (member(made), NEW)):
        accounts.unlock(folder, who, pin).close()


def test_a_new_card_makes_the_old_one_worthless_and_dropping_it_leaves_the_pin(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    accounts.open_day(folder, words)
    ws = accounts.unlock(folder, member(made), PIN)
    newer = ways_in.new_card(ws)
    ws.close()
    day_lock.forget()
    with pytest.raises(Locked, match="kartu lain"):
        accounts.open_day(folder, words)
    accounts.open_day(folder, newer)
    ws = accounts.unlock(folder, member(made), PIN)
    assert ways_in.has_card(ws)
    ways_in.drop_card(ws)
    ways_in.drop_card(ws)
    assert not ways_in.has_card(ws)
    assert sorted(each.action for each in access.log(ws)) == ["day_lock", "day_lock", "day_lock_off"]
    ws.close()
    day_lock.forget()
    accounts.unlock(folder, member(made), PIN).close()
    assert json.loads(folder.keys.read_bytes())["v"] == key_file.WITH_SMALL_PAGES


def test_a_key_file_from_before_the_card_does_not_open_the_book_without_it(
    folder: BookFolder, made: accounts.Created, tmp_path: Path
) -> None:
    ws = made.workspace
    shutil.copy(folder.keys, tmp_path / "lama.json")
    ways_in.new_card(ws)
    ws.close()
    day_lock.forget()
    shutil.copy(tmp_path / "lama.json", folder.keys)
    with pytest.raises(Locked, match="lebih lama"):
        accounts.unlock(folder, member(made), PIN)
    ws = accounts.unlock_with_recovery(folder, made.recovery_key)
    assert not ways_in.has_card(ws), "the key of the puskesmas puts it right; a new card can be made"
    ways_in.new_card(ws)
    ws.close()
    accounts.unlock(folder, member(made), PIN).close()


def test_an_older_card_put_back_is_put_right_by_the_recovery_key_and_new_pins(
    folder: BookFolder, made: accounts.Created, tmp_path: Path
) -> None:
    ws = made.workspace
    older = ways_in.new_card(ws)
    shutil.copy(folder.keys, tmp_path / "lama.json")
    ways_in.new_card(ws)
    ws.close()
    shutil.copy(tmp_path / "lama.json", folder.keys)
    accounts.open_day(folder, older)
    with pytest.raises(Locked, match="lebih lama"):
        accounts.unlock(folder, member(made), PIN)
    ws = accounts.unlock_with_recovery(folder, made.recovery_key)
    accounts.reset_pin(ws, member(made), NEW)
    ws.close()
    accounts.unlock(folder, member(made), NEW).close()


def test_who_lost_the_card_is_let_in_by_telephone_and_gets_another(
    folder: BookFolder, made: accounts.Created, words: str
) -> None:
    ws = accounts.unlock_by_phone(folder, phoned(folder, made))
    accounts.reset_pin(ws, member(made), NEW)
    newer = ways_in.new_card(ws)
    ws.close()
    day_lock.forget()
    accounts.open_day(folder, newer)
    ws = accounts.unlock(folder, member(made), NEW)
    assert ws.worker.id == member(made)
    ws.close()


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_a_power_cut_while_the_card_is_made_shuts_nobody_out(
    folder: BookFolder, made: accounts.Created, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    steps = iter(range(10))
    real_put, real_write = settings.put, keys.write

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object) -> object:
            if next(steps) == cut:
                raise KeyboardInterrupt
            return real(*given)

        return step

    with monkeypatch.context() as torn:
        torn.setattr(ways_in.settings, "put", counted(real_put))
        torn.setattr(ways_in.keys, "write", counted(real_write))
        with pytest.raises(KeyboardInterrupt):
            ways_in.new_card(made.workspace)
    made.workspace.close()
    ws = accounts.unlock_with_recovery(folder, made.recovery_key)
    if ways_in.has_card(ws):
        ways_in.new_card(ws)
    ws.close()
    accounts.unlock(folder, member(made), PIN).close()


def test_sealed_keys_and_backups_know_the_card(
    folder: BookFolder, made: accounts.Created, words: str, tmp_path: Path
) -> None:
    accounts.open_day(folder, words)
    ws = accounts.unlock(folder, member(made), PIN)
    ws.worker = Worker(ws.worker.id, "Sari", "midwife")
    day_lock.forget()
    sealed.make_key(ws, PIN)
    copy = backups.back_up(ws, tmp_path).path
    ws.close()
    day_lock.forget()
    with pytest.raises(DayWordsNeeded):
        backups.restore(copy, folder, member=member(made), pin=PIN)
    backups.restore(copy, folder, made.recovery_key)
    accounts.open_day(folder, words)
    accounts.unlock(folder, member(made), PIN).close()


def test_a_book_in_memory_has_neither_card_nor_telephone() -> None:
    ws = workspace.in_memory()
    assert not ways_in.has_card(ws)
    ways_in.keep_phone_ready(ws)
    ways_in.hold_day(ws)
    ways_in.settle(ws)
    for ask in (ways_in.new_card, ways_in.drop_card):
        with pytest.raises(NotFound):
            ask(ws)
    ws.close()
