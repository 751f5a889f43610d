"""The card and the telephone at the level of the key file: what each opens, what it does not, and what is counted."""

import base64
import json
from pathlib import Path

import pytest

from posyandu.domain import recovery
from posyandu.domain.errors import BadInput, Locked, NewerDatabase, NotFound, SlotDisabled, WrongPin
from posyandu.storage import day_lock, key_file, keys
from posyandu.storage.day_lock import DayWordsNeeded
from posyandu.storage.key_file import Box, DayLock, KeyFile, Phone, Slot
from posyandu.storage.keys import Cost
from tests.storage.conftest import Minutes

CHEAP = Cost(1, 8)
PIN, WRONG = "270593", "830172"
LAPTOP, OTHER_LAPTOP = b"a" * 32, b"b" * 32
DATA_KEY, DAY_KEY = b"d" * 32, b"y" * 32
SEED = recovery.phone_seed("A" * 26)


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day_lock, "_held", {})


def slot(worker: str = "k1", pin: str = PIN) -> Slot:
    return keys.new_slot("buku-1", False, DATA_KEY, LAPTOP, worker, worker.title(), "kader", pin, CHEAP)


@pytest.fixture
def plain() -> KeyFile:
    return KeyFile("buku-1", False, (slot(), slot("k2")), keys.new_recovery("buku-1", False, DATA_KEY)[1])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kunci.json"


WORDS = recovery.new_day_words()


# --- the card --------------------------------------------------------------------------------------------------------


def test_every_slot_lies_behind_the_words_and_comes_out_of_them_as_it_was(plain: KeyFile) -> None:
    locked = keys.with_day_lock(plain, DAY_KEY, WORDS)
    assert [bool(each.outer) for each in locked.slots] == [True, True]
    assert [each.box.sealed for each in locked.slots] != [each.box.sealed for each in plain.slots]
    assert [each.mark for each in locked.slots] == [each.mark for each in plain.slots], "wrong PINs go on counting"
    assert keys.without_day_lock(locked, DAY_KEY) == plain


def test_who_joins_later_is_put_inside_and_the_others_are_not_put_in_twice(plain: KeyFile) -> None:
    locked = keys.with_day_lock(plain, DAY_KEY, WORDS)
    joined = keys.with_day_lock(keys.with_slot(locked, slot("k3")), DAY_KEY, WORDS)
    assert joined.slots[:2] == locked.slots
    assert joined.slots[2].outer
    assert [each.id for each in keys.without_day_lock(joined, DAY_KEY).slots] == ["k1", "k2", "k3"]


def test_another_cards_key_takes_nothing_off(plain: KeyFile) -> None:
    locked = keys.with_day_lock(plain, DAY_KEY, WORDS)
    with pytest.raises(Locked, match="bukan untuk buku ini"):
        keys.without_day_lock(locked, b"z" * 32)
    with pytest.raises(Locked, match="bukan untuk buku ini"):
        day_lock.take_off(locked.slots[0]._replace(id="k9"), DAY_KEY)
    assert day_lock.take_off(plain.slots[0], b"z" * 32) == plain.slots[0], "what has no lock needs no key"


def test_a_slot_opens_by_pin_alone_without_a_card_and_only_after_the_words_with_one(
    plain: KeyFile, path: Path, tick: Minutes
) -> None:
    key_file.write(path, plain)
    assert keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)[0] == DATA_KEY
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    with pytest.raises(DayWordsNeeded, match=r"Ketik dahulu kata sandi hari ini, dari kartu kunci\."):
        keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)
    assert key_file.read(path).slot("k1").wrong == 0
    keys.open_day_lock(path, WORDS)
    opened, again = keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    assert opened == DATA_KEY
    assert again == key_file.read(path).slot("k1")
    assert again.outer, "opening a slot leaves it behind the card"
    with pytest.raises(WrongPin):
        keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)


@pytest.mark.parametrize(
    "typed",
    [WORDS, WORDS.upper(), WORDS.replace(" ", ""), f"  {WORDS} ", WORDS.replace(" ", "-")],
    ids=["as printed", "capitals", "in one", "blanks around", "hyphens"],  # the words are drawn anew in each process
)
def test_the_words_count_however_they_are_written(plain: KeyFile, path: Path, typed: str) -> None:
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    keys.open_day_lock(path, typed)
    locked = key_file.read(path)
    assert locked.day is not None
    assert day_lock.recall(locked.day) == DAY_KEY


def test_words_of_another_card_are_told_from_words_no_card_has(plain: KeyFile, path: Path) -> None:
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    for typed, kind, sentence in (
        (recovery.new_day_words(), Locked, "Kata sandi ini dari kartu lain"),
        ("bamu kilo", BadInput, "5 kata"),
        ("zzzz " * 5, BadInput, "Kata ke-1 salah ketik"),
    ):
        with pytest.raises(kind, match=sentence):
            keys.open_day_lock(path, typed)
    assert day_lock._held == {}


def test_without_a_card_any_words_of_a_card_are_in_order_and_hold_nothing(plain: KeyFile, path: Path) -> None:
    key_file.write(path, plain)
    keys.open_day_lock(path, recovery.new_day_words())
    assert day_lock._held == {}


@pytest.mark.parametrize("change", [{"book": "buku-2"}, {"practice": True}])
def test_a_card_opens_no_other_book(plain: KeyFile, path: Path, change: dict[str, object]) -> None:
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    path.write_text(json.dumps(json.loads(path.read_bytes()) | change))
    with pytest.raises(Locked, match="kartu lain"):
        keys.open_day_lock(path, WORDS)


def test_a_slot_whose_file_lost_its_card_is_tried_as_it_is(plain: KeyFile) -> None:
    locked = keys.with_day_lock(plain, DAY_KEY, WORDS)
    assert day_lock.opened(locked._replace(day=None), locked.slots[0]) == locked.slots[0]
    assert day_lock.opened(locked, plain.slots[0]) == plain.slots[0]


def lock_of(day_key: bytes) -> DayLock:
    return DayLock(day_lock.mark_of(day_key), Box("", "", ""), CHEAP)


HALF_A_DAY = 12 * 3600.0


@pytest.mark.parametrize(
    ("ran", "passed", "is_held"),
    [
        (0.0, 0.0, True),
        (HALF_A_DAY - 1, HALF_A_DAY - 1, True),
        (HALF_A_DAY, 0.0, False),
        (0.0, HALF_A_DAY, False),
        (0.0, HALF_A_DAY - 1, True),
        (0.0, -HALF_A_DAY, False),
        (0.0, 1 - HALF_A_DAY, True),
        (-1.0, 0.0, False),
    ],
)
def test_a_key_is_held_less_than_half_a_day_by_either_clock(ran: float, passed: float, is_held: bool) -> None:
    day_lock.remember(DAY_KEY, lambda: 50.0, lambda: 1e9)
    found = day_lock.recall(lock_of(DAY_KEY), lambda: 50.0 + ran, lambda: 1e9 + passed)
    assert found == (DAY_KEY if is_held else None)
    assert bool(day_lock._held) == is_held


def test_keys_of_several_books_are_held_beside_each_other_until_all_are_let_go() -> None:
    for key in (DAY_KEY, b"z" * 32):
        day_lock.remember(key)
    assert [day_lock.recall(lock_of(key)) for key in (DAY_KEY, b"z" * 32, b"q" * 32)] == [DAY_KEY, b"z" * 32, None]
    day_lock.forget()
    assert day_lock.recall(lock_of(DAY_KEY)) is None


def test_a_key_is_random_and_its_mark_tells_nothing_of_it() -> None:
    one, other = day_lock.new_day_key(), day_lock.new_day_key()
    assert len(one) == len(other) == 32
    assert one != other
    assert day_lock.mark_of(one) != day_lock.mark_of(other)
    assert one.hex()[:32] != day_lock.mark_of(one)
    assert len(day_lock.mark_of(one)) == 32


def test_neither_words_nor_key_are_in_the_file(plain: KeyFile, path: Path) -> None:
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    text = path.read_text()
    assert DAY_KEY.hex() not in text
    assert base64.b64encode(DAY_KEY).decode() not in text
    assert not [word for word in WORDS.split() if word in text]


def test_a_program_that_knows_no_card_reads_a_file_without_one_and_refuses_one_with(plain: KeyFile, path: Path) -> None:
    key_file.write(path, plain)
    body = json.loads(path.read_bytes())
    assert body["v"] == 1
    assert "outer" not in body["slots"][0]
    assert key_file.read(path) == plain
    key_file.write(path, keys.with_day_lock(plain, DAY_KEY, WORDS))
    body = json.loads(path.read_bytes())
    assert body["v"] == 2
    path.write_text(json.dumps(body | {"v": key_file.WITH_SMALL_PAGES + 1}))
    with pytest.raises(NewerDatabase, match="versi lebih baru"):
        key_file.read(path)


# --- by telephone ----------------------------------------------------------------------------------------------------


def phoned(phone: Phone, seed: bytes = SEED) -> str:
    """What the puskesmas reads back to the request on the screen."""
    return recovery.answer(seed, phone.request)


@pytest.fixture
def waiting(plain: KeyFile, path: Path) -> Phone:
    """A book that waits for an answer on this laptop."""
    phone = keys.new_phone(plain, DATA_KEY, LAPTOP, SEED)
    key_file.write(path, plain._replace(phone=phone))
    return phone


def test_the_answer_to_the_request_on_the_screen_opens_the_book(path: Path, waiting: Phone, tick: Minutes) -> None:
    opened, phone = keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)
    assert (opened, phone.request) == (DATA_KEY, waiting.request)
    told = key_file.read(path).phone
    assert told is not None
    assert told.wrong == 1, "counted before it was tried; who opened it makes a new request"


def test_digits_that_were_misheard_cost_no_try(path: Path, waiting: Phone, tick: Minutes) -> None:
    answer = phoned(waiting)
    wrong_digit = str((int(answer[0]) + 1) % 10) + answer[1:]
    for typed, sentence in ((answer[:-1], "24 angka"), (wrong_digit, "Kelompok ke-1")):
        with pytest.raises(BadInput, match=sentence):
            keys.open_phone(path, LAPTOP, typed, monotonic=tick)
    told = key_file.read(path).phone
    assert told is not None
    assert told.wrong == 0


def test_wrong_answers_are_slowed_like_wrong_pins_and_end_after_ten(path: Path, waiting: Phone, tick: Minutes) -> None:
    told = []
    wrong = phoned(waiting, b"another key")
    for _try in range(10):
        with pytest.raises(WrongPin, match="bukan jawaban permintaan di layar") as caught:
            keys.open_phone(path, LAPTOP, wrong, monotonic=tick)
        told.append((caught.value.tries_left, caught.value.wait_seconds))
        tick.seconds += caught.value.wait_seconds
    assert told == [(9, 0), (8, 0), (7, 0), (6, 0), (5, 30), (4, 60), (3, 120), (2, 240), (1, 480), (0, 0)]
    with pytest.raises(SlotDisabled, match=r"Kode salah 10 kali\. Pakai kunci pemulihan, atau minta kader lain\."):
        keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)


def test_while_waiting_not_even_the_right_answer_opens(path: Path, waiting: Phone, tick: Minutes) -> None:
    for _try in range(5):
        with pytest.raises(WrongPin):
            keys.open_phone(path, LAPTOP, phoned(waiting, b"x"), monotonic=tick)
    tick.seconds += 29
    with pytest.raises(WrongPin, match="Tunggu 1 detik") as caught:
        keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)
    assert (caught.value.tries_left, caught.value.wait_seconds) == (5, 1)
    tick.seconds += 1
    assert keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)[0] == DATA_KEY


def test_a_new_request_makes_the_answer_to_the_old_one_worthless(
    plain: KeyFile, path: Path, waiting: Phone, tick: Minutes
) -> None:
    newer = keys.new_phone(plain, DATA_KEY, LAPTOP, SEED)
    assert newer.request != waiting.request
    assert newer.mark != waiting.mark
    key_file.write(path, plain._replace(phone=newer))
    with pytest.raises(WrongPin):
        keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)
    assert keys.open_phone(path, LAPTOP, phoned(newer), monotonic=tick)[0] == DATA_KEY


def test_another_laptop_or_a_book_without_a_request_is_not_opened_by_telephone(
    plain: KeyFile, path: Path, waiting: Phone, tick: Minutes
) -> None:
    with pytest.raises(Locked, match="belum dapat dibuka lewat telepon"):
        keys.open_phone(path, OTHER_LAPTOP, phoned(waiting), monotonic=tick)
    key_file.write(path, plain)
    with pytest.raises(Locked, match="belum dapat dibuka lewat telepon"):
        keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)


def test_an_answer_belongs_to_the_book_it_was_asked_for(
    plain: KeyFile, path: Path, waiting: Phone, tick: Minutes
) -> None:
    key_file.write(path, plain._replace(book="buku-2", phone=waiting))
    with pytest.raises(WrongPin):
        keys.open_phone(path, LAPTOP, phoned(waiting), monotonic=tick)


# --- the file and its counts -----------------------------------------------------------------------------------------


def test_an_older_copy_of_the_file_wins_no_free_tries(plain: KeyFile, path: Path, tick: Minutes) -> None:
    key_file.write(path, plain)
    older = path.read_bytes()
    for _try in range(3):
        with pytest.raises(WrongPin):
            keys.open_slot(path, LAPTOP, "k1", WRONG, monotonic=tick)
    path.write_bytes(older)
    assert [each.wrong for each in key_file.read(path).slots] == [3, 0]
    keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    path.write_bytes(older)
    assert [each.wrong for each in key_file.read(path).slots] == [0, 0], "a right PIN clears what was noted"


def test_neither_does_an_older_request(plain: KeyFile, path: Path, waiting: Phone, tick: Minutes) -> None:
    older = path.read_bytes()
    with pytest.raises(WrongPin):
        keys.open_phone(path, LAPTOP, phoned(waiting, b"x"), monotonic=tick)
    path.write_bytes(older)
    told = key_file.read(path).phone
    assert told is not None
    assert told.wrong == 1


@pytest.mark.parametrize("notes", [b"", b"[]", b"no json", b'{"x": "many"}', b"7"])
def test_notes_that_cannot_be_read_lock_nobody_out(plain: KeyFile, path: Path, notes: bytes) -> None:
    key_file.write(path, plain)
    key_file._notes().parent.mkdir(parents=True, exist_ok=True)
    key_file._notes().write_bytes(notes)
    assert key_file.read(path) == plain
    key_file.write(path, keys.with_slot(plain, plain.slots[0]._replace(wrong=2)))
    assert list(json.loads(key_file._notes().read_bytes()).values()).count(2) == 1


def test_books_count_beside_each_other(plain: KeyFile, path: Path, tick: Minutes) -> None:
    other = path.with_name("lain.json")
    key_file.write(path, keys.with_slot(plain, plain.slots[0]._replace(wrong=4)))
    key_file.write(other, KeyFile("buku-2", False, (slot(),), plain.recovery))
    assert key_file.read(path).slot("k1").wrong == 4
    assert key_file.read(other).slot("k1").wrong == 0


def test_nothing_is_noted_while_nobody_was_wrong(plain: KeyFile, path: Path) -> None:
    key_file.write(path, plain)
    assert not key_file._notes().exists()


def test_a_slot_is_found_by_its_id_or_said_to_be_missing(plain: KeyFile) -> None:
    assert plain.slot("k2") == plain.slots[1]
    with pytest.raises(NotFound, match=r"Kader ini tidak ada di buku\."):
        plain.slot("k9")


@pytest.mark.parametrize(
    ("wrong", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 0), (12, 0)]
)
def test_the_wait_doubles_from_the_fifth_wrong_pin_on(
    plain: KeyFile, path: Path, tick: Minutes, wrong: int, seconds: int
) -> None:
    assert key_file.wait_seconds(path, plain.slots[0]._replace(wrong=wrong), monotonic=tick) == seconds


def test_a_wait_counts_down_in_whole_seconds_and_never_below_nothing(plain: KeyFile, path: Path, tick: Minutes) -> None:
    tried = plain.slots[0]._replace(wrong=5)
    key_file.note_refusal(path, "k1", tick)
    for passed, left in ((0.0, 30), (0.2, 30), (1.0, 29), (29.1, 1), (30.0, 0), (900.0, 0)):
        tick.seconds = 1000.0 + passed
        assert key_file.wait_seconds(path, tried, monotonic=tick) == left
    key_file.forget_refusal(path, "k1")
    assert key_file.wait_seconds(path, tried, monotonic=tick) == 30, "what was forgotten begins anew"
    key_file.forget_refusal(path, "nobody")


def test_an_emptied_slot_opens_by_no_pin_and_holds_nothing_to_try_on(plain: KeyFile, path: Path, tick: Minutes) -> None:
    gone = keys.emptied(plain.slots[0])
    assert (gone.wrong, gone.name, gone.box.salt) == (10, "K1", plain.slots[0].box.salt)
    assert gone.box.sealed != plain.slots[0].box.sealed
    assert len(base64.b64decode(gone.box.sealed)) == len(base64.b64decode(plain.slots[0].box.sealed))
    key_file.write(path, keys.with_slot(plain, gone))
    with pytest.raises(SlotDisabled, match=r"PIN salah 10 kali; kader ini dikunci\."):
        keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    key_file.write(path, keys.with_slot(plain, gone._replace(wrong=0)))
    with pytest.raises(WrongPin):
        keys.open_slot(path, LAPTOP, "k1", PIN, monotonic=tick)
    assert keys.open_slot(path, LAPTOP, "k2", PIN, monotonic=tick)[0] == DATA_KEY
