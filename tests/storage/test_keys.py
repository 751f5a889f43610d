"""Slots: who can open the book, and how wrong PINs are slowed and stopped."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from posyandu.domain.errors import (
    BadInput,
    DamagedDatabase,
    DiskFull,
    Locked,
    NewerDatabase,
    NotFound,
    SlotDisabled,
    WrongPin,
    WrongRecoveryKey,
)
from posyandu.storage import key_file, keys
from posyandu.storage.keys import Cost, KeyFile
from tests.storage.conftest import Minutes

CHEAP = Cost(1, 8)
PIN, WRONG = "270593", "830172"
LAPTOP = b"rahasia laptop ini 32 byte panjang"


@pytest.fixture
def book(tmp_path: Path) -> tuple[Path, bytes, str]:
    path, data_key = tmp_path / "kunci.json", keys.new_data_key()
    slot = keys.new_slot("buku-1", False, data_key, LAPTOP, "k1", "Sari", "kader", PIN, CHEAP)
    recovery_key, box = keys.new_recovery("buku-1", False, data_key)
    keys.write(path, KeyFile("buku-1", False, (slot,), box))
    return path, data_key, recovery_key


def test_the_pin_opens_the_slot_on_this_laptop(book: tuple[Path, bytes, str], tick: Minutes) -> None:
    path, data_key, _recovery = book
    opened, slot = keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    assert (opened, slot.name) == (data_key, "Sari")
    assert keys.read(path).slot("k1").wrong == 0


def test_the_pin_alone_without_the_laptop_opens_nothing(book: tuple[Path, bytes, str], tick: Minutes) -> None:
    path = book[0]
    with pytest.raises(Locked, match="kunci pemulihan"):
        keys.open_slot(path, b"laptop lain", "k1", PIN, monotonic=tick)
    assert keys.read(path).slot("k1").wrong == 0, "it is no wrong PIN"
    path.write_text(path.read_text().replace(keys.laptop_mark(LAPTOP), keys.laptop_mark(b"laptop lain")))
    with pytest.raises(WrongPin):
        keys.open_slot(path, b"laptop lain", "k1", PIN, monotonic=tick)


def test_five_wrong_pins_make_one_wait_twice_as_long_each_time_and_ten_close_the_slot(
    book: tuple[Path, bytes, str], tick: Minutes
) -> None:
    path = book[0]
    told = []
    for _try in range(9):
        with pytest.raises(WrongPin) as caught:
            keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)
        told.append((caught.value.tries_left, caught.value.wait_seconds))
        tick.seconds += caught.value.wait_seconds
    assert told == [(9, 0), (8, 0), (7, 0), (6, 0), (5, 30), (4, 60), (3, 120), (2, 240), (1, 480)]
    for pin in (WRONG, PIN):
        with pytest.raises(SlotDisabled, match="kader lain atau puskesmas"):
            keys.open_slot(path, LAPTOP, "k1", pin, monotonic=tick)


def test_while_waiting_not_even_the_right_pin_opens(book: tuple[Path, bytes, str], tick: Minutes) -> None:
    path = book[0]
    for _try in range(5):
        with pytest.raises(WrongPin):
            keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)
    tick.seconds += 29.5
    with pytest.raises(WrongPin, match="1 detik") as caught:
        keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    assert (caught.value.tries_left, caught.value.wait_seconds) == (5, 1)
    tick.seconds += 0.5
    keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    assert keys.read(path).slot("k1").wrong == 0


def test_a_restart_does_not_shorten_the_wait(
    book: tuple[Path, bytes, str], tick: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book[0]
    for _try in range(5):
        with pytest.raises(WrongPin):
            keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)
    monkeypatch.setattr(key_file, "_refused_at", {})
    tick.seconds = 3.0
    assert keys.wait_seconds(path, keys.read(path).slot("k1"), monotonic=tick) == 30


def test_a_pulled_plug_wins_no_free_try(
    book: tuple[Path, bytes, str], tick: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is on the disk before the PIN is tried."""

    def power_cut(*_given: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, "_stretch", power_cut)
    with pytest.raises(KeyboardInterrupt):
        keys.open_slot(book[0], LAPTOP, "k1", WRONG, monotonic=tick)
    assert keys.read(book[0]).slot("k1").wrong == 1


def test_a_right_pin_opens_though_the_disk_became_full_while_it_was_tried(
    book: tuple[Path, bytes, str], tick: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data_key, _recovery = book
    room = [1]

    def write(where: Path, what: KeyFile) -> None:
        room[0] -= 1
        if room[0] < 0:
            raise DiskFull("penuh")
        key_file.write(where, what)

    monkeypatch.setattr(keys, "write", write)
    assert keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)[0] == data_key
    assert keys.read(path).slot("k1").wrong == 1


def test_a_slot_nobody_has_is_not_found(book: tuple[Path, bytes, str]) -> None:
    with pytest.raises(NotFound):
        keys.open_slot(book[0], LAPTOP, "k9", PIN)


@pytest.mark.parametrize(
    "typed", [lambda key: key, str.lower, lambda key: key.replace("-", " "), lambda key: key.replace("0", "o")]
)
def test_the_recovery_key_opens_however_it_is_typed(book: tuple[Path, bytes, str], typed: Callable[[str], str]) -> None:
    path, data_key, recovery_key = book
    assert keys.open_recovery(path, typed(recovery_key)) == data_key


def test_the_recovery_key_is_seven_groups_that_cannot_be_misread(book: tuple[Path, bytes, str]) -> None:
    groups = book[2].split("-")
    assert [len(group) for group in groups] == [4] * 7
    assert set("".join(groups)) <= set(keys.ALPHABET)
    assert not set(keys.ALPHABET) & set("ILOU")


def test_a_wrong_recovery_key_is_told_from_a_mistyped_one(book: tuple[Path, bytes, str]) -> None:
    path, data_key, recovery_key = book
    swapped = ("1" if recovery_key[0] != "1" else "2") + recovery_key[1:]
    other, _box = keys.new_recovery("buku-1", False, data_key)
    for typed, sentence in (("ABCD", "28 huruf"), (swapped, "salah ketik"), (other, "bukan untuk buku ini")):
        with pytest.raises(WrongRecoveryKey, match=sentence):
            keys.open_recovery(path, typed)


@pytest.mark.parametrize(
    "pin", ["123456", "654321", "000000", "121212", "123123", "112233", "12345", "1234567", "12a456", "\u0661" * 6, ""]
)
def test_a_pin_anybody_would_try_is_refused(pin: str) -> None:
    with pytest.raises(BadInput):
        keys.check_pin(pin)


def test_a_sound_pin_is_taken() -> None:
    keys.check_pin(PIN)
    keys.check_pin("135792")


@pytest.mark.parametrize("change", [{"book": "buku-2"}, {"practice": True}])
def test_a_box_opens_in_no_other_book_and_no_other_kind(
    book: tuple[Path, bytes, str], tick: Minutes, change: dict[str, object]
) -> None:
    path = book[0]
    body = json.loads(path.read_bytes())
    path.write_text(json.dumps(body | change))
    with pytest.raises(WrongPin):
        keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    with pytest.raises(WrongRecoveryKey):
        keys.open_recovery(path, book[2])


def test_a_cheapened_slot_does_not_open(book: tuple[Path, bytes, str], tick: Minutes) -> None:
    path = book[0]
    body = json.loads(path.read_bytes())
    body["slots"][0]["cost"] = {"passes": 1, "kib": 16}
    path.write_text(json.dumps(body))
    with pytest.raises(WrongPin):
        keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"v": 1, "slots": [{}]}'])
def test_a_damaged_key_file_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kunci.json"
    path.write_text(content)
    with pytest.raises(DamagedDatabase):
        keys.read(path)
    with pytest.raises(DamagedDatabase):
        keys.read(tmp_path / "tidak ada")


def test_a_key_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kunci.json"
    path.write_text('{"v": 4}')
    with pytest.raises(NewerDatabase):
        keys.read(path)


@pytest.mark.parametrize(("small_pages", "version"), [(False, 1), (True, 3)])
def test_only_a_book_of_small_pages_is_kept_from_programs_before_it(
    book: tuple[Path, bytes, str], small_pages: bool, version: int
) -> None:
    """A book begun before stays one that its program can go back to; the lock of the day is of no account here."""
    path, _data_key, _recovery = book
    keys.write(path, keys.read(path)._replace(small_pages=small_pages))
    assert json.loads(path.read_bytes())["v"] == version
    assert keys.read(path).small_pages is small_pages
    keys.write(path, keys.read(path))
    assert keys.read(path).small_pages is small_pages


def test_a_slot_is_replaced_in_its_place(book: tuple[Path, bytes, str]) -> None:
    path, data_key, _recovery = book
    key_file = keys.read(path)
    for worker in ("k2", "k1"):
        slot = keys.new_slot("buku-1", False, data_key, LAPTOP, worker, "Baru", "kader", WRONG, CHEAP)
        key_file = keys.with_slot(key_file, slot)
    assert [(slot.id, slot.name) for slot in key_file.slots] == [("k1", "Baru"), ("k2", "Baru")]


def test_the_key_file_holds_neither_pin_nor_key(book: tuple[Path, bytes, str]) -> None:
    path, data_key, recovery_key = book
    text = path.read_text()
    for secret in (PIN, data_key.hex(), recovery_key, recovery_key.replace("-", "")):
        assert secret not in text
    assert path.stat().st_mode & 0o077 == 0


def test_the_laptop_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    secret = keys.laptop_secret(folder)
    assert keys.laptop_secret(folder) == secret
    assert len(secret) == 32
    (kept,) = folder.iterdir()
    assert kept.stat().st_mode & 0o077 == folder.stat().st_mode & 0o077 == 0
    kept.write_bytes(b"YQ==")
    with pytest.raises(Locked):
        keys.laptop_secret(folder)


@pytest.mark.parametrize(("seconds", "cost"), [(0.2, keys.COSTS[0]), (3.0, keys.COSTS[2])])
def test_a_try_costs_what_the_machine_can_bear(monkeypatch: pytest.MonkeyPatch, seconds: float, cost: Cost) -> None:
    monkeypatch.setattr(keys, "_stretch", lambda *_given: b"")
    times = iter(each * seconds for each in range(10))
    assert keys.affordable_cost(lambda: next(times)) == cost


def test_no_cost_is_below_the_floor() -> None:
    assert all(cost.passes >= 2 and cost.kib >= 19 * 1024 for cost in keys.COSTS)
