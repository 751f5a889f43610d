"""Make, unlock and share a book: kader with PINs, and the recovery key kept at the puskesmas."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from posyandu import paths
from posyandu.domain.errors import BadInput, DamagedDatabase, Locked, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.services import access, sealed, ways_in
from posyandu.services.locked import KEYS, LOCK, BookFolder, Books, Member, books, exists, members, set_aside
from posyandu.services.workspace import Clock, Worker, Workspace, system_clock
from posyandu.storage import database, hold, keys, records, settings
from posyandu.storage.files import private_folder
from posyandu.storage.key_file import Phone, Slot
from posyandu.storage.keys import Cost, KeyFile
from posyandu.text import N_, _

__all__ = [
    "KEYS",
    "LOCK",
    "RECOVERY",
    "BookFolder",
    "Books",
    "Created",
    "Member",
    "add_member",
    "books",
    "change_pin",
    "create",
    "exists",
    "introduce",
    "kader_named",
    "members",
    "new_recovery_key",
    "open_day",
    "prove_pin",
    "reset_pin",
    "unlock",
    "unlock_by_phone",
    "unlock_with_recovery",
    "which_stays",
]

RECOVERY = Worker("pemulihan", N_("Kunci pemulihan"), "operator")
"""Who works when a book was opened by its recovery key: only to give kader a new PIN."""


@dataclass(frozen=True)
class Created:
    """A new book, opened, and the recovery key to print once."""

    workspace: Workspace
    recovery_key: str


def create(
    folder: BookFolder,
    worker_name: str,
    pin: str,
    *,
    role: str = "coordinator",
    cost: Cost | None = None,
    clock: Clock = system_clock,
) -> Created:
    """Make a new book with its first kader, and give it opened, with the recovery key that is shown only now.

    `cost` of trying a PIN is measured on this machine unless given. Raises BadInput for a name or PIN that will not
    do, or when the folder already holds a book.
    """
    name = _checked_name(worker_name)
    keys.check_pin(pin)
    if exists(folder):
        raise BadInput(_("Di laptop ini sudah ada buku. Buka buku itu dengan PIN."))
    private_folder(folder.path)
    held = hold.hold(folder.path / LOCK)
    try:
        set_aside(folder)
        data_key, book, worker = keys.new_data_key(), records.new_id(), Worker(records.new_id(), name, role)
        secret = keys.laptop_secret(paths.config())
        cost = cost or keys.affordable_cost()
        slot = keys.new_slot(book, folder.practice, data_key, secret, worker.id, name, role, pin, cost)
        recovery_key, recovery = keys.new_recovery(book, folder.practice, data_key)
        db = database.open_database(folder.book, data_key)
        with database.transaction(db):
            settings.put(db, "book", book)
            settings.put(db, "practice", folder.practice)
            settings.put(db, "device", records.new_id())
            settings.put(db, "laptop", keys.laptop_mark(secret))
        _know_slot(db, slot)
        ways_in.learn(db, recovery_key)
        keys.write(folder.keys, KeyFile(book, folder.practice, (slot,), recovery, small_pages=True))
    except BaseException:
        held.release()
        raise
    ws = Workspace(db, folder.path, worker, clock=clock, hold=held)
    ways_in.keep_phone_ready(ws)
    return Created(ws, recovery_key)


def unlock(folder: BookFolder, member_id: str, pin: str, *, clock: Clock = system_clock) -> Workspace:
    """Open the book as this kader.

    Raises WrongPin (tries left, seconds to wait), SlotDisabled, DayWordsNeeded before the words of the card were
    typed, Locked when the book came from another laptop or its key file is an older one, NotFound, DatabaseBusy when
    another window has the book, NewerDatabase, DamagedDatabase.
    """
    with _holding(folder) as held:
        data_key, slot = keys.open_slot(folder.keys, keys.laptop_secret(paths.config()), member_id, pin)
        return _open(folder, data_key, Worker(slot.id, slot.name, slot.role), clock, held, slot)


def unlock_with_recovery(folder: BookFolder, recovery_key: str, *, clock: Clock = system_clock) -> Workspace:
    """Open the book by its recovery key, to give kader new PINs with `reset_pin`. Raises WrongRecoveryKey."""
    with _holding(folder) as held:
        data_key = keys.open_recovery(folder.keys, recovery_key)
        return _open(folder, data_key, replace(RECOVERY, name=_(RECOVERY.name)), clock, held)


def kader_named(ws: Workspace, name: str) -> dict[str, str]:
    """Who of the post's list, without a PIN of their own, may be meant by a name: the names by record id.

    One whole word of the name is enough where the other name has no more ("Sari" and "Sari Dewi"), whatever the case.
    """
    words = set(name.casefold().split())
    have_pins = {slot.id for slot in keys.read(_key_path(ws)).slots}
    found: dict[str, str] = {}
    for row in records.load_many(ws.db, FORMS["worker"]):
        theirs = str(row.answers.get("name") or "")
        known = set(theirs.casefold().split())
        is_like = bool(words) and bool(known) and (words <= known or known <= words)
        if is_like and row.id not in have_pins and row.answers.get("active") is not False:
            found[row.id] = theirs
    return dict(sorted(found.items(), key=lambda each: (each[1].casefold() != name.casefold(), each[1])))


def which_stays(ws: Workspace, one: str, other: str) -> str:
    """Of two records of the same kader the one she works under: that with a PIN on this laptop, else the first."""
    have_pins = {ws.worker.id} if ws.folder is None else {slot.id for slot in keys.read(_key_path(ws)).slots}
    return other if other in have_pins and one not in have_pins else one


def unlock_by_phone(folder: BookFolder, digits: str, *, clock: Clock = system_clock) -> Workspace:
    """Open the book by what the puskesmas answered to its request, once, to give kader new PINs with `reset_pin`.

    Raises BadInput for misheard digits, WrongPin (tries left, seconds to wait), SlotDisabled, Locked for an answer
    that was used before.
    """
    with _holding(folder) as held:
        data_key, phone = keys.open_phone(folder.keys, keys.laptop_secret(paths.config()), digits)
        ws = _open(folder, data_key, replace(RECOVERY, name=_(RECOVERY.name)), clock, held, phone=phone)
        ways_in.keep_phone_ready(ws, anew=True)
        return ws


def open_day(folder: BookFolder, words: str) -> None:
    """Open the second lock for today by the words of the card. Raises BadInput or Locked for wrong ones."""
    keys.open_day_lock(folder.keys, words)


def add_member(ws: Workspace, name: str, role: str, pin: str, *, worker_id: str = "") -> str:
    """Let another kader unlock this book, and give the id.

    `worker_id` is her record in the post's list of kader, when she stands there already: she stays one person, with
    her trainings and skills. Raises BadInput for a name or PIN that will not do, NotFound for an unknown record.
    """
    name = _checked_name(name)
    keys.check_pin(pin)
    path = _key_path(ws)
    key_file = keys.read(path)
    if name.casefold() in {slot.name.casefold() for slot in key_file.slots}:
        raise BadInput(_("Nama ini sudah ada. Tambahkan nama ayah atau dusun supaya tidak tertukar."))
    known = records.load(ws.db, FORMS["worker"], worker_id) if worker_id else None
    if worker_id and (known is None or known.withdrawn or worker_id in {slot.id for slot in key_file.slots}):
        raise NotFound(_("Kader ini tidak ada lagi di daftar, atau sudah punya PIN."))
    member = worker_id or records.new_id()
    _write_slot(ws, member, name, role, pin)
    if known is not None:
        records.save(
            ws.db, FORMS["worker"], member, {"name": name, "role": role, "active": True},
            scope=known.scope, author=ws.author, now=ws.now(),
        )  # fmt: skip
    introduce(ws)
    access.note_on_post(ws, "member_added", member)
    return member


def change_pin(ws: Workspace, old: str, new: str) -> None:
    """Give the kader at work a new PIN. Raises WrongPin or SlotDisabled for the old one, BadInput for a weak one."""
    keys.check_pin(new)
    ways_in.hold_day(ws)
    _data_key, slot = keys.open_slot(_key_path(ws), keys.laptop_secret(paths.config()), ws.worker.id, old)
    _write_slot(ws, slot.id, slot.name, slot.role, new)
    sealed.reseal_key(ws, old, new)
    access.note_on_post(ws, "pin_changed", ws.worker.id)


def prove_pin(ws: Workspace, pin: str) -> None:
    """Make sure that the one at the keyboard is the kader at work. A book without PINs asks nobody.

    Raises WrongPin (tries left, seconds to wait) or SlotDisabled.
    """
    if ws.folder is not None:
        ways_in.hold_day(ws)
        keys.open_slot(_key_path(ws), keys.laptop_secret(paths.config()), ws.worker.id, pin)


def reset_pin(ws: Workspace, member_id: str, pin: str) -> None:
    """Give another kader a new PIN and let a disabled one in again. Raises NotFound, BadInput for a weak PIN."""
    slot = keys.read(_key_path(ws)).slot(member_id)
    ways_in.hold_day(ws)
    _write_slot(ws, slot.id, slot.name, slot.role, pin)
    access.note_on_post(ws, "pin_reset", member_id)


def close_to_pins(ws: Workspace) -> bool:
    """Let no PIN open this book any more: a lost laptop obeys its server. Only the recovery key does from now on, so
    that what was typed and not yet sent can still be saved. False for a book without PINs.
    """
    if ws.folder is None:
        return False
    path = ws.folder / KEYS
    key_file = keys.read(path)
    keys.write(path, key_file._replace(slots=tuple(keys.emptied(slot) for slot in key_file.slots), phone=None))
    return True


def new_recovery_key(ws: Workspace) -> str:
    """Replace the recovery key and give the new one, to be printed; the old one opens this book no more."""
    path = _key_path(ws)
    key_file = keys.read(path)
    recovery_key, recovery = keys.new_recovery(key_file.book, key_file.practice, database.key_of(ws.db))
    ways_in.learn(ws.db, recovery_key)
    keys.write(path, key_file._replace(recovery=recovery))
    ways_in.keep_phone_ready(ws, anew=True)
    access.note_on_post(ws, "recovery_key")
    return recovery_key


def introduce(ws: Workspace) -> None:
    """Write a record of every member not yet in the book, so that other laptops can name who saved what.

    Needs a post whose feed carries it: before the first post this does nothing.
    """
    if not ws.posyandu_id:
        return
    known = [ws.worker] if ws.folder is None else _workers(ws.folder / KEYS)
    for worker in known:
        if records.load(ws.db, FORMS["worker"], worker.id) is None:
            answers: Answers = {"name": worker.name, "role": worker.role, "active": True}
            records.save(
                ws.db, FORMS["worker"], worker.id, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now()
            )


def _workers(path: Path) -> list[Worker]:
    return [Worker(slot.id, slot.name, slot.role) for slot in keys.read(path).slots]


def _open(
    folder: BookFolder,
    data_key: bytes,
    worker: Worker,
    clock: Clock,
    held: hold.Hold,
    slot: Slot | None = None,
    phone: Phone | None = None,
) -> Workspace:
    if not folder.book.exists():
        raise DamagedDatabase(_("Berkas buku tidak ada di foldernya. Pulihkan dari salinan cadangan."))
    db = database.open_database(folder.book, data_key)
    if settings.get(db, "book") != keys.read(folder.keys).book or settings.get(db, "practice") != folder.practice:
        db.close()
        raise Locked(_("Buku ini bukan milik tempat ini: buku latihan dan buku asli tidak boleh tertukar."))
    try:
        if slot is not None:
            ways_in.check_day(db, keys.read(folder.keys))
        if phone is not None:
            ways_in.check_phone(db, phone)
    except Locked:
        db.close()
        raise
    if slot is not None:
        known = settings.get(db, _slot_place(slot.id))
        if known is not None and slot.mark not in known:
            db.close()
            raise Locked(
                _(
                    "Berkas kunci di laptop ini lebih lama daripada bukunya, jadi PIN ini tidak berlaku lagi. "
                    "Minta kader lain atau puskesmas membuat PIN baru."
                )
            )
        if known != [slot.mark]:
            _know_slot(db, slot)
    ws = Workspace(db, folder.path, worker, clock=clock, hold=held)
    if slot is None:
        ways_in.settle(ws)
    access.note_restored(ws)
    ways_in.keep_phone_ready(ws)
    return ws


def _know_slot(db: database.Database, *slots: Slot) -> None:
    """Note inside the book which PINs of one kader are good, so that an older key file does not bring old ones back."""
    settings.put(db, _slot_place(slots[0].id), [slot.mark for slot in slots])


def _slot_place(member: str) -> str:
    return f"slot:{member}"


@contextmanager
def _holding(folder: BookFolder) -> Iterator[hold.Hold]:
    held = hold.hold(folder.path / LOCK)
    try:
        yield held
    except BaseException:
        held.release()
        raise


def _write_slot(ws: Workspace, member: str, name: str, role: str, pin: str) -> None:
    """A slot for the open book's key, at the cost its other slots have."""
    path = _key_path(ws)
    key_file = keys.read(path)
    secret = keys.laptop_secret(paths.config())
    data_key, cost = database.key_of(ws.db), key_file.slots[0].cost
    slot = keys.new_slot(key_file.book, key_file.practice, data_key, secret, member, name, role, pin, cost)
    slot = ways_in.guarded(ws, key_file, slot)
    old = [each for each in key_file.slots if each.id == member]
    _know_slot(ws.db, slot, *old)  # both, should the power fail between here and the key file
    keys.write(path, keys.with_slot(key_file, slot))
    _know_slot(ws.db, slot)


def _key_path(ws: Workspace) -> Path:
    if ws.folder is None:
        raise NotFound(_("Buku ini tidak memakai PIN."))
    return ws.folder / KEYS


def _checked_name(name: str) -> str:
    words = " ".join(name.split())
    if not words:
        raise BadInput(_("Tulis nama kader."))
    return words
