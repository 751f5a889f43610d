"""The other ways into a book and the second lock on it, kept true in two places: the key file and the book itself.

The book knows which way by telephone and which card are good, so that an older key file put back opens neither an
answer that was used nor the lock that was taken off. Both are noted before the key file is written and only the new
one after, so that a power cut between shuts nobody out.
"""

from contextlib import suppress
from pathlib import Path

from posyandu import paths
from posyandu.domain import recovery
from posyandu.domain.errors import DiskFull, Locked, NotFound, NotWritable
from posyandu.services import access
from posyandu.services.locked import KEYS
from posyandu.services.workspace import Workspace
from posyandu.storage import database, day_lock, keys, settings
from posyandu.storage.key_file import TRIES, KeyFile, Phone, Slot
from posyandu.text import _

_SEED, _PHONE, _DAY = "phone_seed", "phone", "day_lock"

OPEN = ""
"""What stands among the keys of the second lock for "no lock"."""


# ---- by telephone


def learn(db: database.Database, recovery_key: str) -> None:
    """Keep what answers requests, made of a new recovery key; the key itself is not kept."""
    settings.put(db, _SEED, recovery.phone_seed(recovery.read_key(recovery_key)).hex())


def keep_phone_ready(ws: Workspace, *, anew: bool = False) -> None:
    """Have a request ready for whoever forgets the PIN; another one where it was used, spent or of another laptop.

    A book whose recovery key is older than this way has none until a new key is made. A full disk is no reason to
    keep anybody out.
    """
    seed = settings.get(ws.db, _SEED)
    if ws.folder is None or seed is None:
        return
    path, laptop = ws.folder / KEYS, keys.laptop_secret(paths.config())
    key_file = keys.read(path)
    old = key_file.phone
    if old is not None and not anew and old.wrong < TRIES and old.laptop == keys.laptop_mark(laptop):
        return
    phone = keys.new_phone(key_file, database.key_of(ws.db), laptop, bytes.fromhex(seed))
    with suppress(DiskFull, NotWritable):
        settings.put(ws.db, _PHONE, [phone.mark, *([old.mark] if old and not anew else [])])
        keys.write(path, key_file._replace(phone=phone))
        settings.put(ws.db, _PHONE, [phone.mark])


def check_phone(db: database.Database, phone: Phone) -> None:
    """Make sure that this request was not answered before. Raises Locked for one of an older key file."""
    if phone.mark not in settings.get(db, _PHONE, []):
        raise Locked(_("Kode ini sudah pernah dipakai. Tutup dan buka lagi Posyandu untuk permintaan baru."))


# ---- the words of the day


def has_card(ws: Workspace) -> bool:
    """Whether the second lock is on."""
    return ws.folder is not None and keys.read(ws.folder / KEYS).day is not None


def new_card(ws: Workspace) -> str:
    """Put the second lock on, or change its key, and give the words for the card: shown only now.

    The card before opens this book no more. Raises NotFound for a book without PINs.
    """
    path, words, day_key = _path(ws), recovery.new_day_words(), day_lock.new_day_key()
    key_file, old = keys.read(path), _day_key(ws)
    bare = keys.without_day_lock(key_file, old) if old is not None else key_file
    settings.put(ws.db, _DAY, [day_key.hex(), OPEN if old is None else old.hex()])
    keys.write(path, keys.with_day_lock(bare, day_key, words))
    settings.put(ws.db, _DAY, [day_key.hex()])
    day_lock.remember(day_key)
    access.note_on_post(ws, "day_lock")
    return words


def drop_card(ws: Workspace) -> None:
    """Take the second lock off: a PIN alone opens the book on this laptop. Raises NotFound for a book without PINs."""
    path, old = _path(ws), _day_key(ws)
    if old is None:
        return
    settings.put(ws.db, _DAY, [OPEN, old.hex()])
    keys.write(path, keys.without_day_lock(keys.read(path), old))
    settings.put(ws.db, _DAY, [OPEN])
    access.note_on_post(ws, "day_lock_off")


def check_day(db: database.Database, key_file: KeyFile) -> None:
    """Make sure that the lock of the file is the one the book has. Raises Locked for an older key file put back."""
    allowed = settings.get(db, _DAY)
    mark = key_file.day.mark if key_file.day is not None else OPEN
    if allowed is not None and mark not in [each and day_lock.mark_of(bytes.fromhex(each)) for each in allowed]:
        raise Locked(
            _(
                "Berkas kunci di laptop ini lebih lama daripada bukunya. Buka dengan kunci pemulihan, lalu buat PIN "
                "baru."
            )
        )


def settle(ws: Workspace) -> None:
    """Whoever opened the book without a PIN puts an older key file right: its lock goes, and a new card can be made."""
    if ws.folder is None:
        return
    key_file = keys.read(ws.folder / KEYS)
    try:
        check_day(ws.db, key_file)
    except Locked:
        slots = tuple(keys.emptied(slot._replace(outer="")) if slot.outer else slot for slot in key_file.slots)
        keys.write(ws.folder / KEYS, key_file._replace(slots=slots, day=None))
        settings.put(ws.db, _DAY, [OPEN])


def hold_day(ws: Workspace) -> None:
    """Whoever has the book open needs no card for it: for changing a PIN, or proving one."""
    day_key = _day_key(ws)
    if day_key is not None:
        day_lock.remember(day_key)


def guarded(ws: Workspace, key_file: KeyFile, slot: Slot) -> Slot:
    """A new slot inside the second lock of its file, where that is on."""
    day_key = _day_key(ws) if key_file.day is not None else None
    return slot if day_key is None else day_lock.put_on(slot, day_key)


def _day_key(ws: Workspace) -> bytes | None:
    """The key of the second lock on the key file, as the book knows it."""
    if ws.folder is None:
        return None
    day = keys.read(ws.folder / KEYS).day
    known = [bytes.fromhex(each) for each in settings.get(ws.db, _DAY, []) if each]
    return next((each for each in known if day is not None and day_lock.mark_of(each) == day.mark), None)


def _path(ws: Workspace) -> Path:
    if ws.folder is None:
        raise NotFound(_("Buku ini tidak memakai PIN."))
    return ws.folder / KEYS
