"""One exchange and one enrolment, as functions from bytes to bytes over a pool of connections.

`Rejected` becomes the 4xx answer; whatever is rejected has changed nothing.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posyandu import __version__
from posyandu.domain.change import SERVER, canonical_json
from posyandu.domain.errors import BadInput
from posyandu.server import badges, erasures, ingest, moves, store, together, views
from posyandu.server.badges import Badges
from posyandu.server.ingest import Brought
from posyandu.server.store import Area, Connection, Device, Pool
from posyandu.server.together import Call, Taken, Together
from posyandu.sync.message import (
    Ask,
    Cursor,
    Entry,
    OtherVersion,
    Reply,
    Request,
    Sealed,
    Slice,
    Verdict,
    close_book_order,
    is_place,
    read_request,
    write_reply,
)
from posyandu.sync.tight import READS, Sender, loosen

log = logging.getLogger("posyandu.server")

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
CODE_HOURS = 72
ENROL = b"posyandu-enrol-1\0"
MOST_ENTRIES = 500
MOST_TOGETHER = 32
"""How many requests one transaction takes in."""


class Rejected(Exception):
    """The request is refused with this status; `code` for the client, the text for people."""

    def __init__(self, status: int, code: str, sentence: str, *, retry_after: int = 0, order: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.order = order


@dataclass(frozen=True)
class Desk:
    """What every request needs: the pool, who this server is, how much feed one reply carries, how many seconds a
    device must wait before its next request (`admit`, 0 for none), the badges laptops show, and how many people's data
    a device may have erased in a day before an administrator looks.
    """

    pool: Pool
    epoch: str
    key: Ed25519PrivateKey
    trial: bool
    page_bytes: int
    admit: Callable[[str], int]
    counter: Together[Call, Taken]
    badges: Badges
    erasures_a_day: int = erasures.A_DAY

    @property
    def public_key(self) -> bytes:
        """The key laptops pin at enrolment."""
        return self.key.public_key().public_bytes_raw()


def everyone(_device_id: str) -> int:
    """Nobody has to wait."""
    return 0


def open_desk(
    pool: Pool,
    *,
    trial: bool,
    page_bytes: int = 192 * 1024,
    admit: Callable[[str], int] = everyone,
    erasures_a_day: int = erasures.A_DAY,
    badge_key: str = "",
) -> Desk:
    """Bring the schema up to date, find or make this server's identity: needs a pool of the owner. Raises NotReady.

    A database made for trials stays one, and a real one never becomes one.
    """
    with pool.connection() as connection:
        fresh = Ed25519PrivateKey.generate().private_bytes_raw()
        with connection.transaction():
            applied = store.migrate(connection)
            if "002 saves_lie_in_their_batches" in applied:
                ingest.project_again(connection)
            if applied:
                ingest.note_kept(connection)
            views.renew(connection)
        identity = store.be_someone(connection, secrets.token_hex(16), fresh, trial=trial)
        erasures.certify_known(connection, Ed25519PrivateKey.from_private_bytes(identity.secret))
        store.forget_old_nonces(connection)
    if identity.trial != trial:
        raise store.NotReady(
            "Basis data ini milik server percobaan" if identity.trial else "Basis data ini milik server sungguhan"
        )
    key = Ed25519PrivateKey.from_private_bytes(identity.secret)
    given_out = Badges(badge_key or badges.key_from(identity.secret))
    return Desk(
        pool, identity.epoch, key, identity.trial, page_bytes, admit, counter_over(pool), given_out, erasures_a_day
    )  # fmt: skip


def counter_over(pool: Pool) -> Together[Call, Taken]:
    """Where calls are taken in: together with those that come while others are."""

    def work(calls: Sequence[Call]) -> Sequence[Taken | Exception]:
        with pool.connection() as connection:
            return together.take_all(connection, calls)

    return Together(work, MOST_TOGETHER)


def sync(desk: Desk, body: bytes, shown: str = "") -> bytes:
    """Answer one exchange of a laptop that showed this badge. Raises Rejected; then nothing was changed."""
    return answer_to(desk, believed(desk, body), shown)


@dataclass(frozen=True)
class Believed:
    """A request, and the enrolled laptop that signed it."""

    request: Request
    device: Device


def believed(desk: Desk, body: bytes) -> Believed:
    """Who sent this and what. Raises Rejected."""
    try:
        request, sealed = read_request(body)
    except OtherVersion as error:
        raise Rejected(426, "update", "Versi aplikasi tidak cocok dengan server") from error
    except BadInput as error:
        raise Rejected(400, "bad_message", f"Kiriman tidak dapat dibaca: {error}") from error
    with desk.pool.connection() as connection:
        return Believed(request, recognised(connection, request, sealed, desk.key))


def answer_to(desk: Desk, by: Believed, shown: str = "") -> bytes:
    """Answer a believed request of a laptop that showed this badge. Raises Rejected; then nothing was changed."""
    request, device = by.request, by.device
    with desk.pool.connection() as connection:
        wait = desk.admit(device.id)
        if wait:
            raise Rejected(429, "too_often", "Terlalu sering; coba lagi sebentar lagi", retry_after=wait)
        if len(request.nonce) < 16:
            raise Rejected(409, "replay", "Kiriman ini sudah pernah diterima")
        sender = Sender(request.device, request.incarnation)
        came = [_as_kept(blob, sender) for blob in request.batches]
        read = [ingest.read(connection, device, hashlib.sha256(packed).hexdigest(), packed) for packed in came]
    brought = tuple(each for each in read if isinstance(each, Brought))
    taken = desk.counter(Call(device.regency, device.id, request.nonce, request.app, brought))
    if taken is None:
        raise Rejected(409, "replay", "Kiriman ini sudah pernah diterima")
    following = iter(taken)
    verdicts = [each if isinstance(each, Verdict) else next(following) for each in read]
    with desk.pool.connection() as connection:
        reply = _answer(desk, connection, device, request, verdicts)
    if desk.badges.is_to_be_renewed(shown, device.regency, device.id):
        reply = replace(reply, badge=desk.badges.give(device.regency, device.id))
    return write_reply(reply, desk.key)


def _as_kept(blob: bytes, sender: Sender) -> bytes:
    """A batch in the form it is kept in; what cannot be opened stays as it is, to be refused."""
    try:
        return loosen(blob, sender)
    except BadInput:
        return blob


def recognised(connection: Connection, request: Request, sealed: Sealed, key: Ed25519PrivateKey) -> Device:
    """The enrolled device that signed this request. Raises Rejected, with the signed order for a lost laptop."""
    device = store.device(connection, request.regency, request.device)
    if device is None or not sealed.believe(Ed25519PublicKey.from_public_bytes(device.key)):
        raise Rejected(401, "unknown_device", "Laptop ini belum didaftarkan ke server")
    if device.revoked_at is not None:
        order = key.sign(close_book_order(device.id)).hex() if device.close_book else ""
        raise Rejected(403, "revoked", "Pendaftaran laptop ini sudah dicabut", order=order)
    return device


def answer(desk: Desk, connection: Connection, device: Device, request: Request) -> Reply:
    """Take in the batches of a believed request, and say what there is to say."""
    verdicts = [
        ingest.take(connection, device, hashlib.sha256(packed).hexdigest(), packed) for packed in request.batches
    ]
    return _answer(desk, connection, device, request, verdicts)


def _answer(desk: Desk, connection: Connection, device: Device, request: Request, taken: Sequence[Verdict]) -> Reply:
    for each in taken:
        log.info(
            "batch",
            extra={"device": device.id[:8], "batch": each.batch[:12], "state": each.state, "why": each.reason},
        )
    told = _told(desk, connection, device, request, taken, own_word_first=True)
    if told is None:
        moves.deliver(connection, desk.key, device)
        erasures.answer(connection, desk.key, device, desk.erasures_a_day, trial=desk.trial)
        told = _told(desk, connection, device, request, taken, own_word_first=False)
        assert told is not None
    return told


def _told(
    desk: Desk,
    connection: Connection,
    device: Device,
    request: Request,
    taken: Sequence[Verdict],
    *,
    own_word_first: bool,
) -> Reply | None:
    """What there is to say to this device; nothing outside its areas is seen.

    None when the server has to add a word of its own before (`own_word_first`): somebody is on the way to its villages,
    or an erasure has not been looked at.
    """
    asked = {ask.scope: ask for ask in request.asks}
    room = min(desk.page_bytes, request.most or desk.page_bytes)
    wanting = any(ask.wanted for ask in asked.values())  # what is wanted comes first and leaves less room
    after = {} if wanting else {scope: ask.cursor.g for scope, ask in asked.items()}
    seen, read = store.look(connection, device, request.incarnation, after, room=room, most=MOST_ENTRIES)
    if own_word_first and (seen.arrivals or seen.erasures):
        return None
    new = [Ask(area.scope, Cursor(desk.epoch)) for area in seen.areas if area.scope not in asked and area.g > 0]
    with store.inside(connection, device.prefixes) if wanting or new else nullcontext():
        slices = _slices(desk, connection, device, seen.areas, [*asked.values(), *new], read, room)
        return _reply(desk, connection, device, request, taken, slices, split=seen.split)


def _reply(
    desk: Desk,
    connection: Connection,
    device: Device,
    request: Request,
    taken: Sequence[Verdict],
    slices: Sequence[tuple[Slice, set[str]]],
    *,
    split: bool,
) -> Reply:
    authors: set[str] = set()
    for _part, devices in slices:
        authors |= devices
    keys = store.device_keys(connection, device.regency, authors) if authors else {}
    return Reply(
        epoch=desk.epoch,
        nonce=request.nonce,
        at_ms=time.time_ns() // 1_000_000,
        slices=tuple(part for part, _devices in slices),
        verdicts=tuple(taken),
        split=request.incarnation if split else "",
        keys={device_id: key.hex() for device_id, key in keys.items()},
        reads=READS,
        app=__version__,
    )


def _slices(
    desk: Desk,
    connection: Connection,
    device: Device,
    areas: Iterable[Area],
    asks: Iterable[Ask],
    read: Mapping[str, store.Read],
    room: int,
) -> list[tuple[Slice, set[str]]]:
    """What was asked for, then the posts of the device's area it did not ask about, until the reply is full.

    `read`: what has been looked up already of these feeds.
    """
    inside = {area.scope: area for area in areas}
    found: list[tuple[Slice, set[str]]] = []
    for ask in asks:
        area = inside.get(ask.scope)
        if area is None:
            found.append((_slice_of_none(desk, connection, device, ask), set()))
            continue
        part, authors = _slice(desk, connection, device, area, ask, read.get(ask.scope), room)
        room -= sum(len(entry.packed or b"") + 80 for entry in part.entries) + sum(map(len, part.given.values()))
        found.append((part, authors))
    return found


def _slice_of_none(desk: Desk, connection: Connection, device: Device, ask: Ask) -> Slice:
    """The answer about a posyandu that is not in the device's area, or not here at all.

    A laptop that has read a feed of a posyandu nobody here knows met this server before it went back in time.
    """
    if store.is_post(connection, device.regency, ask.scope):
        return Slice(ask.scope, ask.cursor, ask.cursor, denied=True)
    went_back = ask.cursor.g > 0 or ask.cursor.epoch not in ("", desk.epoch)
    missing = _missing(connection, device, ask)
    return Slice(ask.scope, ask.cursor, ask.cursor, reset=went_back, more=went_back, missing=missing)


def _slice(
    desk: Desk, connection: Connection, device: Device, area: Area, ask: Ask, read: store.Read | None, room: int
) -> tuple[Slice, set[str]]:
    missing = _missing(connection, device, ask)
    authors: set[str] = set()
    given: dict[str, bytes] = {}
    wanted = [bytes.fromhex(each) for each in ask.wanted]
    for stored in store.in_feed(connection, device.regency, ask.scope, wanted) if wanted else []:
        if room > 0:
            given[stored.id.hex()] = stored.packed
            authors.add(stored.device)
            room -= len(stored.packed)
    place, rows = read or store.feed(
        connection, device.regency, ask.scope, after=ask.cursor.g, asking=device.id, room=room, most=MOST_ENTRIES
    )
    if not is_place(ask.cursor, desk.epoch, lambda _g: None if place is None else place.hex()):
        return Slice(ask.scope, ask.cursor, ask.cursor, reset=True, more=True, missing=missing, given=given), authors
    rows = rows if room > 0 else []
    end = ask.cursor if ask.cursor.epoch else Cursor(desk.epoch)
    entries = [Entry(row.g, row.id.hex(), row.packed) for row in rows]
    authors |= {row.device for row in rows if row.packed is not None}
    if rows:
        end = Cursor(desk.epoch, rows[-1].g, rows[-1].digest.hex())
    return Slice(ask.scope, ask.cursor, end, tuple(entries), end.g < area.g, missing=missing, given=given), authors


def _missing(connection: Connection, device: Device, ask: Ask) -> tuple[str, ...]:
    if not ask.unconfirmed:
        return ()
    ids = [bytes.fromhex(each) for each in ask.unconfirmed]
    held = store.held(connection, device.regency, ask.scope, ids)
    return tuple(each.hex() for each in ids if each not in held)


# --- enrolment -------------------------------------------------------------------------------------------------------


def new_code(connection: Connection, regency: str, prefixes: Sequence[str], name: str, hours: int = CODE_HOURS) -> str:
    """A one-time code for enrolling one laptop: the regency and 12 letters (59 bits); only its hash is kept."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    store.add_code(connection, regency, _hash_of(letters), prefixes, name, hours)
    return "-".join((regency, letters[:4], letters[4:8], letters[8:]))


def enrol(desk: Desk, body: bytes) -> bytes:
    """Enrol a device that shows a code and proves that it holds its key. Raises Rejected; then nothing was changed."""
    code, device_id, key, name, app = _read_enrolment(body)
    regency, letters = _read_code(code)
    with desk.pool.connection() as connection, connection.transaction():
        spent = store.use_code(connection, regency, _hash_of(letters), device_id)
        if spent is None:
            raise Rejected(403, "bad_code", "Kode pendaftaran salah, sudah dipakai, atau sudah lewat waktunya")
        prefixes, label = spent
        if not store.add_device(connection, regency, device_id, key, label or name, prefixes):
            raise Rejected(409, "device_taken", "Laptop ini sudah terdaftar dengan kunci lain atau sudah dicabut")
        with store.inside(connection, prefixes):
            areas = store.areas_inside(connection, regency, prefixes)
            names = store.names(connection, regency, [area.scope for area in areas])
    log.info("enrolled", extra={"device": device_id[:8], "kab": regency, "app": app})
    answer = {
        "p": 1,
        "kab": regency,
        "prefixes": list(prefixes),
        "epoch": desk.epoch,
        "key": desk.public_key.hex(),
        "trial": desk.trial,
        "time": time.time_ns() // 1_000_000,
        "areas": [{"pos": a.scope, "village": a.village, "name": names.get(a.scope, "")} for a in areas],
    }
    return orjson.dumps(answer)


def _read_enrolment(body: bytes) -> tuple[str, str, bytes, str, str]:
    bad = Rejected(400, "bad_message", "Permintaan pendaftaran tidak dapat dibaca")
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad from error
    names = ("code", "dev", "key", "name", "app", "sig")
    if not isinstance(given, dict) or not set(names) <= set(given):  # a later version may say more
        raise bad
    if not all(
        isinstance(given[name], str) and 0 < len(given[name]) <= 200 and "\0" not in given[name] for name in names
    ):
        raise bad
    if not 8 <= len(given["dev"]) <= 64 or given["dev"].startswith(SERVER):
        raise bad
    signature = given.pop("sig")
    try:
        key = bytes.fromhex(given["key"])
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), ENROL + canonical_json(given))
    except (ValueError, InvalidSignature) as error:
        raise Rejected(400, "bad_signature", "Laptop tidak membuktikan kuncinya") from error
    return given["code"], given["dev"], key, given["name"], given["app"]


def _read_code(code: str) -> tuple[str, str]:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(plain) != 4 + CODE_LENGTH or not plain[:4].isdecimal():
        raise Rejected(403, "bad_code", "Kode pendaftaran salah, sudah dipakai, atau sudah lewat waktunya")
    return plain[:4], plain[4:]


def _hash_of(letters: str) -> bytes:
    return hashlib.sha256(b"posyandu-code-1\0" + letters.encode()).digest()
