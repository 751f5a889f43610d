"""What only the bidan, the puskesmas and UPTD PPA may read: their keys, sealing to them, opening, and who opened.

The content is encrypted before it becomes a save, so that it lies and travels as an envelope nobody else can open, on
this laptop as on the server. A key is used only after the one who writes has compared its digits with its
owner. Every opening is written down before the content is given out, and that note travels.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from posyandu import paths
from posyandu.domain import social
from posyandu.domain.change import Wire, canonical_json
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Date, Value
from posyandu.domain.form import Form
from posyandu.domain.forms.registration import POSYANDU
from posyandu.domain.forms.social import SEALED, SEALED_ACCESS, SEALING_KEY
from posyandu.services import access, ways_in
from posyandu.services.locked import KEYS
from posyandu.services.workspace import Workspace
from posyandu.storage import database, keys, records, sealing, settings
from posyandu.storage.columns import to_wire
from posyandu.storage.records import Row, SavedOp
from posyandu.storage.sealing import ReaderKey
from posyandu.text import _

__all__ = [
    "Access",
    "OldPin",
    "Opened",
    "Reader",
    "ReaderKey",
    "accept",
    "accesses",
    "can_read",
    "content_of",
    "has_key",
    "is_for_me",
    "is_for_reader",
    "make_key",
    "my_digits",
    "note_printed",
    "open_envelope",
    "readers",
    "reseal_key",
    "retire",
    "seal",
    "share",
    "unlock",
    "unlock_by_old",
]

_KEY_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c11")


class OldPin(BadInput):
    """The secret key still lies under the PIN its owner had before another one was given to her."""


@dataclass(frozen=True)
class Reader:
    """Somebody who can open what is sealed: `digits` are compared aloud; `accepted`: the one at work did so."""

    worker_id: str
    name: str
    role: str
    public: bytes
    digits: str
    accepted: bool


@dataclass(frozen=True, repr=False)
class Opened:
    """What was in an envelope: values by name, and who wrote it when. It shows nothing of itself."""

    id: str
    values: Mapping[str, Value | None]
    about_id: str
    worker_id: str
    saved_at: datetime


@dataclass(frozen=True)
class Access:
    """One opening: when, by whom, and what was done ("opened", "shared", "printed")."""

    at: datetime
    by: str
    action: str


# --- keys -----------------------------------------------------------------------------------------------------------


def can_read(ws: Workspace) -> bool:
    """Whether the duty of the one at work lets her have a key."""
    return ws.worker.role in social.READERS


def has_key(ws: Workspace) -> bool:
    """Whether the one at work has a key on this laptop."""
    return settings.get(ws.db, _place(ws)) is not None


def make_key(ws: Workspace, pin: str) -> Reader:
    """Make the key of the one at work, under her PIN, and tell the public half to all posts of this book.

    Her old key, if she had one, goes on opening nothing new. Raises BadInput for another duty, WrongPin, SlotDisabled.
    """
    if not can_read(ws):
        raise BadInput(_("Hanya bidan, petugas Puskesmas dan UPTD PPA yang memiliki kunci rahasia."))
    cost = _check_pin(ws, pin)
    key = sealing.new_key()
    with database.transaction(ws.db):
        for reader in _readers(ws, None):
            if reader.worker_id == ws.worker.id:
                retire(ws, reader.public)
        settings.put(ws.db, _place(ws), sealing.lock(key, pin, cost, _owner(ws)))
        settings.put(ws.db, f"{_place(ws)}:public", key.public.hex())
        accept(ws, key.public)
        publish(ws)
    return next(each for each in _readers(ws, None) if each.public == key.public)


def publish(ws: Workspace) -> None:
    """Tell this worker's public key to every post of the book that does not know it yet."""
    public = settings.get(ws.db, f"{_place(ws)}:public")
    if not public:
        return
    for post in records.load_many(ws.db, POSYANDU):
        record_id = uuid.uuid5(_KEY_SPACE, f"{post.id} {ws.worker.id} {public}").hex
        if records.load(ws.db, SEALING_KEY, record_id) is None:
            answers: Answers = {
                "name": ws.worker.name,
                "role": ws.worker.role,
                "public_key": public,
                "made_on": ws.today(),
            }
            records.save(
                ws.db, SEALING_KEY, record_id, answers, scope=post.id, author=ws.author, now=ws.now(),
                links={"worker_id": ws.worker.id},
            )  # fmt: skip


def unlock(ws: Workspace, pin: str) -> ReaderKey:
    """The secret key of the one at work, by PIN; keep it no longer than it is used.

    Raises WrongPin, SlotDisabled, NotFound without a key, OldPin when it still lies under an older PIN.
    """
    box = settings.get(ws.db, _place(ws))
    if box is None or not can_read(ws):
        raise NotFound(_("Anda belum mempunyai kunci rahasia di laptop ini."))
    _check_pin(ws, pin)
    key = sealing.unlock(box, pin, _owner(ws))
    if key is None:
        raise OldPin(_("Kunci rahasia Anda masih memakai PIN lama. Ketik PIN lama Anda."))
    publish(ws)
    return key


def reseal_key(ws: Workspace, old: str, new: str) -> bool:
    """Put the secret key under another PIN; False when there is none or the old PIN is not the one it lies under."""
    box = settings.get(ws.db, _place(ws))
    key = sealing.unlock(box, old, _owner(ws)) if box is not None else None
    if key is None:
        return False
    settings.put(ws.db, _place(ws), sealing.lock(key, new, _cost(ws), _owner(ws)))
    return True


def unlock_by_old(ws: Workspace, old: str, pin: str) -> ReaderKey:
    """The same after somebody gave her another PIN: by the old one, from now on by the new.

    Raises OldPin when `old` is not that PIN either, and as `unlock`.
    """
    _check_pin(ws, pin)
    if not reseal_key(ws, old, pin):
        raise OldPin(_("Bukan PIN lama itu. Bila lupa, buat kunci baru dan minta pembaca lain membagikan laporannya."))
    return unlock(ws, pin)


def my_digits(ws: Workspace) -> str:
    """The digits of the key of the one at work, to read out to others; "" without one."""
    public = settings.get(ws.db, f"{_place(ws)}:public")
    return sealing.fingerprint(bytes.fromhex(public)) if public else ""


def readers(ws: Workspace, scope: str | None = None) -> tuple[Reader, ...]:
    """Who can open what is sealed at a post (the one at work), by name; those not accepted yet too."""
    return _readers(ws, scope or ws.posyandu_id)


def accept(ws: Workspace, public: bytes) -> None:
    """Note that the one at work compared this key's digits with its owner: what she writes is sealed to it.

    Everybody compares for herself: on a shared laptop nobody can let a false bidan in for the others.
    """
    known = settings.get(ws.db, _accepted(ws), [])
    settings.put(ws.db, _accepted(ws), [*(each for each in known if each != public.hex()), public.hex()])


def retire(ws: Workspace, public: bytes) -> None:
    """Seal nothing more to a key: its owner left, or has a new one. What was sealed to it stays readable to her."""
    for row in records.load_many(ws.db, SEALING_KEY, public_key=public.hex()):
        records.save(
            ws.db, SEALING_KEY, row.id, {"ended_on": ws.today()}, scope=row.scope, author=ws.author, now=ws.now()
        )


def _readers(ws: Workspace, scope: str | None) -> tuple[Reader, ...]:
    accepted = set(settings.get(ws.db, _accepted(ws), []))
    rows = records.load_many(ws.db, SEALING_KEY)
    found: dict[bytes, Reader] = {}
    for row in rows if scope is None else [row for row in rows if row.scope == scope]:
        public = _public(row.answers)
        if public is None or row.answers.get("ended_on") or row.answers.get("role") not in social.READERS:
            continue
        found[public] = Reader(
            worker_id=str(row.answers.get("worker_id") or ""),
            name=str(row.answers.get("name") or ""),
            role=str(row.answers["role"]),
            public=public,
            digits=sealing.fingerprint(public),
            accepted=public.hex() in accepted,
        )
    return tuple(sorted(found.values(), key=lambda each: (each.name.casefold(), each.public)))


def _public(answers: Answers) -> bytes | None:
    try:
        public = bytes.fromhex(str(answers.get("public_key")))
    except ValueError:
        return None
    return public if len(public) == 32 else None


def _check_pin(ws: Workspace, pin: str) -> keys.Cost:
    """Try the PIN on this worker's slot, which counts wrong tries; a book in memory has none."""
    if ws.folder is not None:
        ways_in.hold_day(ws)
        keys.open_slot(ws.folder / KEYS, keys.laptop_secret(paths.config()), ws.worker.id, pin)
    return _cost(ws)


def _cost(ws: Workspace) -> keys.Cost:
    return keys.read(ws.folder / KEYS).slots[0].cost if ws.folder is not None else keys.COSTS[-1]


def _accepted(ws: Workspace) -> str:
    return f"sealing_accepted:{ws.worker.id}"


def _place(ws: Workspace) -> str:
    return f"sealing_key:{ws.worker.id}"


def _owner(ws: Workspace) -> bytes:
    return canonical_json(["posyandu sealing key 1", ws.worker.id])


# --- envelopes ------------------------------------------------------------------------------------------------------


def seal(ws: Workspace, purpose: str, values: Answers, *, about_id: str = "", scope: str = "") -> tuple[str, SavedOp]:
    """Seal values to every accepted reader of a post and save the envelope; gives its record id and the save.

    Raises BadInput when nobody could open it, or it is too long.
    """
    scope = scope or ws.posyandu_id
    record_id = records.new_id()
    wire = {name: value for name, each in values.items() if (value := to_wire(each)) is not None}
    to = [each.public for each in readers(ws, scope) if each.accepted]
    envelope = sealing.seal(canonical_json(wire), to, _bound(scope, record_id, purpose, about_id))
    links = {"worker_id": ws.worker.id, "about_id": about_id or None}
    saved = records.save(
        ws.db, SEALED, record_id, {"purpose": purpose, "box": envelope}, scope=scope, author=ws.author, now=ws.now(),
        links=links,
    )  # fmt: skip
    return record_id, saved


def is_for_me(ws: Workspace, row: Row) -> bool:
    """Whether the key of the one at work opens this envelope: told without opening it."""
    public = settings.get(ws.db, f"{_place(ws)}:public")
    return bool(public) and is_for_reader(ws, row, bytes.fromhex(public))


def is_for_reader(ws: Workspace, row: Row, public: bytes) -> bool:
    """Whether the holder of this public key can open an envelope."""
    try:
        return sealing.is_for(str(row.answers.get("box") or ""), public, _wraps(ws, row.id))
    except BadInput:
        return False


def open_envelope(ws: Workspace, key: ReaderKey, record_id: str, form: Form) -> Opened:
    """Open an envelope whose values belong to a form, and write down who opened it.

    Raises NotFound, BadInput when it is not for this key or damaged.
    """
    opened = content_of(ws, key, _row(ws, record_id), form)
    _note(ws, record_id, "opened")
    return opened


def content_of(ws: Workspace, key: ReaderKey, row: Row, form: Form) -> Opened:
    """The content of an envelope that belongs to one whose opening was written down already (a step of a ticket)."""
    about_id = str(row.answers.get("about_id") or "")
    content = sealing.unseal(str(row.answers.get("box") or ""), key, _bound_of(row), _wraps(ws, row.id))
    wire = _json(content)
    return Opened(
        id=row.id,
        values={name: _value(form, name, value) for name, value in wire.items()},
        about_id=about_id,
        worker_id=str(row.answers.get("worker_id") or ""),
        saved_at=row.saved_at,
    )


def share(ws: Workspace, key: ReaderKey, record_id: str, public: bytes) -> SavedOp | None:
    """Let one more accepted reader open an envelope; None when she can already. Raises BadInput for any other key."""
    row = _row(ws, record_id)
    if public not in {each.public for each in readers(ws, row.scope) if each.accepted}:
        raise BadInput(_("Cocokkan dahulu angka kunci pembaca ini dengan orangnya."))
    envelope, wraps = str(row.answers.get("box") or ""), _wraps(ws, record_id)
    if sealing.is_for(envelope, public, wraps):
        return None
    return _note(ws, record_id, "shared", sealing.wrap_for(envelope, key, _bound_of(row), public, wraps))


def note_printed(ws: Workspace, record_id: str) -> None:
    """Write down that what was opened was put on paper."""
    _note(ws, record_id, "printed")


def accesses(ws: Workspace, record_id: str) -> tuple[Access, ...]:
    """Who opened an envelope, newest first; notes from all laptops."""
    found = [
        Access(row.saved_at, str(row.answers.get("done_by") or ""), str(row.answers.get("action") or ""))
        for row in records.load_many(ws.db, SEALED_ACCESS, withdrawn=True, about_id=record_id)
    ]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _note(ws: Workspace, record_id: str, action: str, wrap: str | None = None) -> SavedOp:
    return access.note(ws, action, record_id, scope=_row(ws, record_id).scope, wrap=wrap)


def _row(ws: Workspace, record_id: str) -> Row:
    row = records.load(ws.db, SEALED, record_id)
    if row is None:
        raise NotFound(_("Bagian rahasia ini tidak ada di buku."))
    return row


def _wraps(ws: Workspace, record_id: str) -> tuple[str, ...]:
    rows: Iterable[Row] = records.load_many(ws.db, SEALED_ACCESS, about_id=record_id, action="shared")
    return tuple(wrap for row in rows if isinstance(wrap := row.answers.get("wrap"), str))


def _bound_of(row: Row) -> bytes:
    return _bound(row.scope, row.id, str(row.answers.get("purpose")), str(row.answers.get("about_id") or ""))


def _bound(scope: str, record_id: str, purpose: str, about_id: str) -> bytes:
    """What an envelope is bound to: moved to another record, post or ticket it opens for nobody."""
    return canonical_json([scope, record_id, purpose, about_id])


def _json(content: bytes) -> dict[str, Wire]:
    told = json.loads(content)
    assert isinstance(told, dict)
    return told


def _value(form: Form, name: str, value: Wire) -> Value | None:
    field = form.fields.get(name)
    return date.fromisoformat(value) if isinstance(field, Date) and isinstance(value, str) else value
