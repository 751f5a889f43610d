"""Who can open the book: one random data key, wrapped in a slot per kader and in one for the recovery key.

The data key is the raw SQLCipher key and is never stored. A kader's slot is opened by PIN and this laptop's secret,
which lies apart from the book: a copied book and key file are useless without the laptop or the recovery key. The
names on the lock screen are readable in the key file; nothing else is. Counts of wrong PINs are written before the
PIN is tried, so that pulling the plug does not win a free try.
"""

import base64
import hashlib
import json
import secrets
import time
from contextlib import suppress
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from posyandu.domain import recovery
from posyandu.domain.errors import BadInput, DiskFull, Locked, NotWritable, SlotDisabled, WrongPin, WrongRecoveryKey
from posyandu.domain.recovery import ALPHABET
from posyandu.storage import day_lock
from posyandu.storage.files import private_folder, write_whole
from posyandu.storage.key_file import (
    TRIES,
    VERSION,
    Box,
    Cost,
    DayLock,
    KeyFile,
    Monotonic,
    Phone,
    Slot,
    forget_refusal,
    note_refusal,
    read,
    taking_turns,
    wait_seconds,
    with_slot,
    write,
)
from posyandu.text import _

__all__ = [
    "ALPHABET",
    "COSTS",
    "TRIES",
    "Cost",
    "KeyFile",
    "affordable_cost",
    "check_pin",
    "emptied",
    "laptop_mark",
    "laptop_secret",
    "new_data_key",
    "new_phone",
    "new_recovery",
    "new_slot",
    "open_by_pin",
    "open_day_lock",
    "open_phone",
    "open_recovery",
    "open_slot",
    "read",
    "seal_by_pin",
    "wait_seconds",
    "with_day_lock",
    "with_slot",
    "without_day_lock",
    "write",
]

PIN_DIGITS = 6
COMMON_PINS = frozenset(("112233", "223344", "445566", "159753", "147258", "258369", "010203", "170845", "198000"))

COSTS = (Cost(3, 65_536), Cost(2, 65_536), Cost(2, 19_456))
"""From the dearest to the floor of OWASP ASVS 5 appendix C; the first that takes at most MOST_SECONDS is used."""

MOST_SECONDS = 1.2


def new_data_key() -> bytes:
    """A new random key for a book."""
    return secrets.token_bytes(32)


def affordable_cost(clock: Monotonic = time.perf_counter) -> Cost:
    """The dearest cost this machine pays in time."""
    for cost in COSTS[:-1]:
        start = clock()
        _stretch("000000", b"0" * 16, cost)
        if clock() - start <= MOST_SECONDS:
            return cost
    return COSTS[-1]


def check_pin(pin: str) -> None:
    """Raise BadInput, saying why, for a PIN that is not six digits or that anybody would try first."""
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise BadInput(_("PIN terdiri dari {n} angka.").format(n=PIN_DIGITS))
    steps = {int(after) - int(before) for before, after in zip(pin, pin[1:], strict=False)}
    repeats = any(pin == pin[:length] * (PIN_DIGITS // length) for length in (1, 2, 3))
    if steps in ({1}, {-1}) or repeats or pin in COMMON_PINS:
        raise BadInput(_("PIN ini mudah ditebak. Pilih angka yang tidak berurutan dan tidak berulang."))


def new_slot(
    book: str, practice: bool, data_key: bytes, laptop: bytes, worker: str, name: str, role: str, pin: str, cost: Cost
) -> Slot:
    """A slot that this PIN opens on this laptop. Raises BadInput for a weak PIN."""
    check_pin(pin)
    salt = secrets.token_bytes(16)
    wrapping = _pin_key(pin, salt, cost, laptop)
    box = _seal(data_key, wrapping, salt, _bound(book, practice, worker, cost))
    return Slot(worker, name, role, box, cost, laptop_mark(laptop))


def new_recovery(book: str, practice: bool, data_key: bytes) -> tuple[str, Box]:
    """A new recovery key, to be shown once, and its box. The key has 130 random bits and two check letters."""
    letters = "".join(secrets.choice(ALPHABET) for _each in range(recovery.KEY_LETTERS))
    salt = secrets.token_bytes(16)
    box = _seal(data_key, _recovery_key(letters, salt), salt, _bound(book, practice, "recovery", None))
    return recovery.key_text(letters), box


def emptied(slot: Slot) -> Slot:
    """The slot without what it held: no PIN opens it, and nothing is left to try PINs on."""
    noise = base64.b64encode(secrets.token_bytes(48)).decode()
    return slot._replace(wrong=TRIES, box=slot.box._replace(sealed=noise))


def open_slot(
    path: Path, laptop: bytes, slot_id: str, pin: str, *, monotonic: Monotonic = time.monotonic
) -> tuple[bytes, Slot]:
    """The data key and the slot, by PIN on this laptop.

    Raises WrongPin with tries left and seconds to wait, SlotDisabled after TRIES wrong ones, Locked when the slot is
    of another laptop, DayWordsNeeded while the second lock is shut, NotFound.
    """
    with taking_turns():
        key_file = read(path)
        slot = key_file.slot(slot_id)
        if slot.laptop and slot.laptop != laptop_mark(laptop):
            raise Locked(_("Buku ini berasal dari laptop lain. Buka dengan kunci pemulihan, lalu buat PIN baru."))
        if slot.wrong >= TRIES:
            raise SlotDisabled(_disabled())
        waiting = wait_seconds(path, slot, monotonic=monotonic)
        if waiting:
            raise WrongPin(_wait_sentence(waiting), tries_left=TRIES - slot.wrong, wait_seconds=waiting)
        inner = day_lock.opened(key_file, slot)
        tried = slot._replace(wrong=slot.wrong + 1)
        write(path, with_slot(key_file, tried))
    salt = base64.b64decode(slot.box.salt)
    try:
        wrapping = _pin_key(pin, salt, slot.cost, laptop)
        data_key = _unseal(inner.box, wrapping, _bound(key_file.book, key_file.practice, slot.id, slot.cost))
    except InvalidTag:
        note_refusal(path, slot_id, monotonic)
        if tried.wrong >= TRIES:
            raise SlotDisabled(_disabled()) from None
        waiting = wait_seconds(path, tried, monotonic=monotonic)
        left = TRIES - tried.wrong
        sentence = _wait_sentence(waiting) if waiting else _("PIN salah. Coba lagi; sisa {n} kali.").format(n=left)
        raise WrongPin(sentence, tries_left=left, wait_seconds=waiting) from None
    forget_refusal(path, slot_id)
    opened = slot._replace(wrong=0)
    with suppress(DiskFull, NotWritable), taking_turns():  # a right PIN opens the book of a full laptop too
        write(path, with_slot(read(path), opened))
    return data_key, opened


def seal_by_pin(secret: bytes, pin: str, cost: Cost, purpose: bytes) -> Box:
    """A secret inside the book under a PIN alone, bound to its purpose. Raises BadInput for a weak PIN.

    This laptop's secret is left out: the book that holds the box needs it already, and a restored book has another.
    """
    check_pin(pin)
    salt = secrets.token_bytes(16)
    return _seal(secret, _derive(_stretch(pin, salt, cost), salt, b"posyandu pin box 1"), salt, purpose)


def open_by_pin(box: Box, pin: str, cost: Cost, purpose: bytes) -> bytes | None:
    """The secret, or None when it was sealed under another PIN or for another purpose."""
    salt = base64.b64decode(box.salt)
    try:
        return _unseal(box, _derive(_stretch(pin, salt, cost), salt, b"posyandu pin box 1"), purpose)
    except InvalidTag:
        return None


def with_day_lock(key_file: KeyFile, day_key: bytes, words: str) -> KeyFile:
    """The file with this second lock around every slot; slots that had none are put inside."""
    salt, cost = secrets.token_bytes(16), key_file.slots[0].cost
    box = _seal(day_key, _day_key(words, salt, cost), salt, _bound(key_file.book, key_file.practice, "day", cost))
    slots = tuple(slot if slot.outer else day_lock.put_on(slot, day_key) for slot in key_file.slots)
    return key_file._replace(slots=slots, day=DayLock(day_lock.mark_of(day_key), box, cost))


def without_day_lock(key_file: KeyFile, day_key: bytes) -> KeyFile:
    """The file without its second lock. Raises Locked for another key."""
    return key_file._replace(slots=tuple(day_lock.take_off(slot, day_key) for slot in key_file.slots), day=None)


def open_day_lock(path: Path, typed: str) -> None:
    """Hold the key of the second lock from now on, by the words of the card.

    Raises BadInput for words that no card has, Locked for those of another card.
    """
    key_file, words = read(path), recovery.read_day_words(typed)
    if key_file.day is None:
        return
    salt = base64.b64decode(key_file.day.box.salt)
    bound = _bound(key_file.book, key_file.practice, "day", key_file.day.cost)
    try:
        day_lock.remember(_unseal(key_file.day.box, _day_key(words, salt, key_file.day.cost), bound))
    except InvalidTag:
        raise Locked(_("Kata sandi ini dari kartu lain. Pakai kartu kunci yang terbaru.")) from None


def new_phone(key_file: KeyFile, data_key: bytes, laptop: bytes, seed: bytes) -> Phone:
    """A new way in by telephone, for this laptop; the one before it opens nothing any more."""
    request, salt, cost = recovery.new_request(), secrets.token_bytes(16), key_file.slots[0].cost
    digits = recovery.read_answer(recovery.answer(seed, request))
    wrapping = _phone_key(digits, salt, cost, laptop)
    box = _seal(data_key, wrapping, salt, _bound(key_file.book, key_file.practice, f"phone {request}", cost))
    return Phone(request, box, cost, laptop_mark(laptop))


def open_phone(path: Path, laptop: bytes, typed: str, *, monotonic: Monotonic = time.monotonic) -> tuple[bytes, Phone]:
    """The data key, by the digits the puskesmas answered to the request of this file.

    Raises BadInput for misheard digits, which cost no try; WrongPin with tries left and seconds to wait; SlotDisabled
    after TRIES wrong answers; Locked when there is no request, or it is of another laptop.
    """
    digits = recovery.read_answer(typed)
    with taking_turns():
        key_file = read(path)
        phone = key_file.phone
        if phone is None or phone.laptop != laptop_mark(laptop):
            raise Locked(_("Buku ini belum dapat dibuka lewat telepon di laptop ini. Pakai kunci pemulihan."))
        if phone.wrong >= TRIES:
            raise SlotDisabled(_("Kode salah {n} kali. Pakai kunci pemulihan, atau minta kader lain.").format(n=TRIES))
        waiting = wait_seconds(path, phone, monotonic=monotonic)
        if waiting:
            raise WrongPin(_wait_sentence(waiting), tries_left=TRIES - phone.wrong, wait_seconds=waiting)
        tried = phone._replace(wrong=phone.wrong + 1)
        write(path, key_file._replace(phone=tried))
    wrapping = _phone_key(digits, base64.b64decode(phone.box.salt), phone.cost, laptop)
    bound = _bound(key_file.book, key_file.practice, f"phone {phone.request}", phone.cost)
    try:
        return _unseal(phone.box, wrapping, bound), phone
    except InvalidTag:
        note_refusal(path, phone.id, monotonic)
        waiting = wait_seconds(path, tried, monotonic=monotonic)
        sentence = _("Kode ini bukan jawaban permintaan di layar. Sisa {n} kali.").format(n=TRIES - tried.wrong)
        raise WrongPin(sentence, tries_left=TRIES - tried.wrong, wait_seconds=waiting) from None


def open_recovery(path: Path, typed: str) -> bytes:
    """The data key, by the recovery key as printed; case, spaces and dashes do not matter. Raises WrongRecoveryKey."""
    key_file, main = read(path), recovery.read_key(typed)
    salt = base64.b64decode(key_file.recovery.salt)
    bound = _bound(key_file.book, key_file.practice, "recovery", None)
    try:
        return _unseal(key_file.recovery, _recovery_key(main, salt), bound)
    except InvalidTag:
        raise WrongRecoveryKey(_("Kunci pemulihan ini bukan untuk buku ini.")) from None


def laptop_secret(folder: Path) -> bytes:
    """This laptop's own secret, made at first use in a folder apart from the books."""
    path = folder / "laptop.rahasia"
    if not path.exists():
        private_folder(folder)
        write_whole(path, base64.b64encode(secrets.token_bytes(32)))
    secret = base64.b64decode(path.read_bytes())
    if len(secret) != 32:
        raise Locked(_("Rahasia laptop rusak. Buka buku dengan kunci pemulihan setelah menghapus berkas itu."))
    return secret


def laptop_mark(secret: bytes) -> str:
    """By what a laptop is known again; tells nothing of its secret."""
    return hashlib.sha256(b"posyandu laptop" + secret).hexdigest()[:16]


def _stretch(pin: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(pin.encode(), salt, cost.passes, cost.kib, 1, 32, Type.ID)


def _pin_key(pin: str, salt: bytes, cost: Cost, laptop: bytes) -> bytes:
    return _derive(_stretch(pin, salt, cost) + laptop, salt, b"posyandu pin slot 1")


def _day_key(words: str, salt: bytes, cost: Cost) -> bytes:
    return _derive(_stretch(words, salt, cost), salt, b"posyandu day lock 1")


def _phone_key(digits: str, salt: bytes, cost: Cost, laptop: bytes) -> bytes:
    return _derive(_stretch(digits, salt, cost) + laptop, salt, b"posyandu phone slot 1")


def _recovery_key(letters: str, salt: bytes) -> bytes:
    return _derive(letters.encode(), salt, b"posyandu recovery slot 1")


def _derive(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(secret)


def _bound(book: str, practice: bool, slot: str, cost: Cost | None) -> bytes:
    """What a box is bound to: it opens in no other book, slot or kind, nor with a cheapened cost."""
    body = {"v": VERSION, "book": book, "practice": practice, "slot": slot, "cost": cost and cost._asdict()}
    return json.dumps(body, sort_keys=True).encode()


def _seal(data_key: bytes, wrapping: bytes, salt: bytes, bound: bytes) -> Box:
    nonce = secrets.token_bytes(12)
    sealed = ChaCha20Poly1305(wrapping).encrypt(nonce, data_key, bound)
    return Box(*(base64.b64encode(part).decode() for part in (salt, nonce, sealed)))


def _unseal(box: Box, wrapping: bytes, bound: bytes) -> bytes:
    return ChaCha20Poly1305(wrapping).decrypt(base64.b64decode(box.nonce), base64.b64decode(box.sealed), bound)


def _disabled() -> str:
    return _("PIN salah {n} kali; kader ini dikunci. Minta kader lain atau puskesmas membuat PIN baru.").format(n=TRIES)


def _wait_sentence(seconds: int) -> str:
    return _("PIN salah. Tunggu {n} detik sebelum mencoba lagi.").format(n=seconds)
