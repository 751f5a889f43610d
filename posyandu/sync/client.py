"""A laptop's side of the exchange: seal what is new, ask and send, take the reply; each step safe to break off.

Rules R1-R6 of docs/sync.md are here: entries are always applied; the cursor moves only when the slice begins where
it stands and the digests chain; a batch is confirmed only by being in such a slice; a reset begins the feed again and
offers every batch; batches are kept for ever; all of one reply is one transaction.
"""

import hashlib
import math
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posyandu import __version__
from posyandu.domain.area import covers, parse_code
from posyandu.domain.change import Op, canonical_json
from posyandu.domain.erasing import ENTITY as ERASURE
from posyandu.domain.errors import BadInput, Refused, ServerTrouble
from posyandu.domain.forms import FORMS
from posyandu.storage import journal, outbox, records, settings
from posyandu.storage.database import Database, transaction
from posyandu.storage.outbox import Server
from posyandu.sync import erasing
from posyandu.sync.batch import (
    ERASED,
    MAX_OPS,
    MAX_PACKED,
    SEAL_BYTES,
    Batch,
    decode,
    header_of,
    is_signed_by,
    saves_named,
    seal,
    together,
)
from posyandu.sync.blocks import Upload, write_head
from posyandu.sync.message import (
    CONTENT_TYPE,
    MAX_AREAS,
    MAX_BODY,
    MAX_IDS,
    REFUSED,
    Ask,
    Course,
    Cursor,
    Entry,
    Letter,
    Reply,
    Request,
    Slice,
    Verdict,
    close_book_order,
    course,
    read_letter,
    read_reply,
    write_letter,
    write_request,
)
from posyandu.sync.sealed import FROM_SERVER, MAX_PARTS, PART_ROOM, TO_LAPTOP, TO_SERVER, open_file, seal_file
from posyandu.sync.tight import READS, Sender, tighten
from posyandu.sync.transport import Send
from posyandu.text import _

ENROL = b"posyandu-enrol-1\0"
SCHEMA = max(form.version for form in FORMS.values())
_BADGE = re.compile(r"[\w.-]{1,200}", re.ASCII)
MOST_ATTEMPTS = 100_000
"""More connections than one run ever makes."""
_HEAD_ROOM = 3 * 1024
_ID_ROOM = 40
_AREA_ROOM = 80
_BOX_ROOM = 120
_MOST_OFFERED = 400
_MOST_WANTED = 40


@dataclass(frozen=True)
class Taken:
    """What one reply changed, in saves: `received` new from elsewhere, `confirmed` of our own; `again`: the server
    asked for bytes; `more`: it has more to say; `moved`: a cursor went on or began again.
    """

    received: int = 0
    confirmed: int = 0
    again: int = 0
    more: bool = False
    moved: bool = False
    at_ms: int = 0


def device(db: Database) -> str:
    """The id of this laptop in this book."""
    return str(settings.get(db, "device"))


def key_of(db: Database) -> Ed25519PrivateKey:
    """This laptop's signing key, made at the first call; it never leaves the encrypted book."""
    fresh = Ed25519PrivateKey.generate().private_bytes_raw()
    return Ed25519PrivateKey.from_private_bytes(outbox.identity(db, fresh).secret)


@dataclass(frozen=True)
class Self:
    """A laptop to be: its id and its signing key."""

    device: str
    secret: bytes


def new_self() -> Self:
    """An id and a key nobody has had."""
    return Self(records.new_id(), Ed25519PrivateKey.generate().private_bytes_raw())


def self_to_be(db: Database) -> Self:
    """Whom this copy of another laptop's book is to become; the same again until it has, since answers get lost."""
    kept = settings.get(db, "to_be")
    if kept is not None:
        return Self(kept["device"], bytes.fromhex(kept["secret"]))
    fresh = new_self()
    settings.put(db, "to_be", {"device": fresh.device, "secret": fresh.secret.hex()})
    return fresh


def become_another(db: Database, new: Self) -> None:
    """Let this book be another laptop's than the one it was copied from; it must enrol for itself."""
    with transaction(db):
        outbox.become_new_laptop(db)
        outbox.identity(db, new.secret)
        journal.give_unsealed_to(db, new.device)
        for name, value in (("device", new.device), ("to_be", None), (outbox.COPIED, False)):
            settings.put(db, name, value)


# --- enrolment -------------------------------------------------------------------------------------------------------


def enrolment(db: Database, code: str, name: str, to_be: Self | None = None) -> bytes:
    """The request that enrols this laptop, or the one it is to be: shows the code and proves that it holds its key."""
    key = Ed25519PrivateKey.from_private_bytes(to_be.secret) if to_be else key_of(db)
    body = {
        "code": code,
        "dev": to_be.device if to_be else device(db),
        "key": key.public_key().public_bytes_raw().hex(),
        "name": name or "laptop",
        "app": __version__,
    }
    return canonical_json({**body, "sig": key.sign(ENROL + canonical_json(body)).hex()})


def read_enrolment(answer: object, url: str, at_ms: int) -> Server:
    """The server in the decoded answer to an enrolment. Raises ServerTrouble when it is none."""
    match answer:
        case {
            "kab": str(regency), "prefixes": [*prefixes], "key": str(key), "trial": bool(trial),
        } if prefixes and all(isinstance(prefix, str) for prefix in prefixes) and len(key) == 64:  # fmt: skip
            return Server(url, regency, tuple(prefixes), bytes.fromhex(key), trial, at_ms)
    raise ServerTrouble(_("Jawaban server tidak lengkap. Coba daftar lagi."))


# --- sealing ---------------------------------------------------------------------------------------------------------


def seal_all(db: Database, now_ms: int, most: int = SEAL_BYTES) -> int:
    """Put every save that is in no batch yet into batches, one posyandu each; how many saves that were.

    A batch packs to no more than `most` bytes: over a link that breaks, a small one arrives where a large one cannot.

    Each posyandu in one transaction: after it these saves never change again.
    """
    key, writer = key_of(db), device(db)
    sealed = 0
    for scope, village in outbox.scopes_to_seal(db):
        try:
            area = parse_code(village)
        except BadInput:
            continue  # waits until a kader has chosen the village from the list
        with transaction(db):
            ops = journal.unsealed(db, scope)
            while ops:
                count = _seal_some(db, key, writer, ops, area, now_ms, min(most, SEAL_BYTES))
                sealed += count
                ops = ops[count:]
    return sealed


def _seal_some(
    db: Database, key: Ed25519PrivateKey, writer: str, ops: list[Op], area: str, now_ms: int, most: int
) -> int:
    """Seal the first of these saves: 200, or fewer if they would pack to more than `most` bytes."""
    mine = outbox.identity(db, b"")
    count = min(len(ops), MAX_OPS)
    while True:
        batch_id, packed = seal(
            ops[:count],
            key,
            device=writer,
            incarnation=mine.incarnation,
            sequence=mine.sequence + 1,
            previous=mine.previous,
            area=area,
            app=__version__,
            schema=SCHEMA,
            at_ms=now_ms,
        )
        if len(packed) <= most or count == 1:
            break
        count = max(1, min(count - 1, int(count * most / len(packed) * 0.97)))
    refused = _("Satu catatan terlalu panjang untuk dikirim. Pendekkan tulisannya.") if len(packed) > MAX_PACKED else ""
    sealed = ops[:count]
    outbox.keep_sealed(db, ops[0].scope, batch_id, packed, sealed, sequence=mine.sequence + 1, refused=refused)
    return count


def _seal_anew(db: Database, going: Iterable[outbox.Packed]) -> bool:
    """Put what is left of batches that lack saves into new ones of this laptop, in the caller's transaction; whether
    there were any.

    The server may not know of the erasure yet, and refuse it: whoever holds such a batch whole must find it missing.
    """
    lacking = [decode(each.packed) for each in going if each.saves < saves_named(each.packed)]
    lacking = [batch for batch in lacking if all(line.op or line.reason == ERASED for line in batch.lines)]
    key, me = key_of(db), device(db)
    for batch in lacking:
        outbox.drop(db, batch.id)
        ops = [line.op for line in batch.lines if line.op is not None]
        journal.apply(db, [(op, me) for op in ops])
        while ops:
            ops = ops[_seal_some(db, key, me, ops, batch.header.area, batch.header.at_ms, SEAL_BYTES) :]
    return bool(lacking)


# --- one exchange ----------------------------------------------------------------------------------------------------


def make_request(
    db: Database, server: Server, most: int | None = None, *, in_blocks: bool = False
) -> tuple[bytes, int]:
    """The next request, and how many saves it carries; what it carries is noted as on its way.

    Over a link that breaks, less than MAX_BODY: a request of about `most` bytes (one batch at least) and a reply of
    about twice that, as such links are faster down than up. One that goes `in_blocks` need not be small itself.
    """
    with transaction(db):
        places = [place for place in outbox.places(db) if not place.denied or _offers(db, place.scope)]
        most = min(most or MAX_BODY, MAX_BODY)
        share = most / MAX_BODY
        offered, wanted = math.ceil(_MOST_OFFERED * share), math.ceil(_MOST_WANTED * share)
        asks: list[Ask] = []
        for place in places[:MAX_AREAS]:
            ids = outbox.unconfirmed(db, place.scope, min(MAX_IDS, offered)) if offered > 0 else []
            lacking = outbox.wanted(db, place.scope, min(MAX_IDS, wanted)) if wanted > 0 else []
            offered -= len(ids)
            wanted -= len(lacking)
            asks.append(Ask(place.scope, _cursor(place), tuple(ids), tuple(lacking)))
        ids_named = sum(len(ask.unconfirmed) + len(ask.wanted) for ask in asks)
        size = MAX_BODY if in_blocks else most
        room = size - min(_HEAD_ROOM, size // 2) - ids_named * _ID_ROOM - len(asks) * _AREA_ROOM
        while _seal_anew(db, going := outbox.to_send(db, room)):
            pass
        outbox.mark_sent(db, [each.id for each in going])
        saves = sum(each.saves for each in going)
    sender = Sender(device(db), outbox.identity(db, b"").incarnation)
    reads_tight = settings.get(db, "sync_reads", 1) >= READS
    request = Request(
        regency=server.regency,
        device=sender.device,
        incarnation=sender.incarnation,
        nonce=secrets.token_hex(16),
        app=__version__,
        asks=tuple(asks),
        batches=tuple(tighten(each.packed, sender) if reads_tight else each.packed for each in going),
        most=2 * most if most < MAX_BODY else 0,
    )
    return write_request(request, key_of(db)), saves


def make_upload(db: Database, server: Server, most: int) -> tuple[Upload, int]:
    """The next request, to go up in blocks over a link that breaks, and how many saves it carries.

    The one that an earlier run began, when there is one: it stays in the book until `end_upload`.
    """
    name = f"{server.regency}/{device(db)}"
    kept = settings.get(db, "sync_upload")
    is_asking = kept is not None and kept["name"] == name
    with transaction(db):
        if is_asking:
            kept["runs"] += 1
        else:
            body, saves = make_request(db, server, most, in_blocks=True)
            kept = {"name": name, "runs": 0, "saves": saves, "body": b64encode(body).decode("ascii")}
        settings.put(db, "sync_upload", kept)
    body, key, me = b64decode(kept["body"]), key_of(db), device(db)
    sign = lambda attempt: write_head(server.regency, me, body, attempt, key)  # noqa: E731
    return Upload(body, sign, kept["runs"] * MOST_ATTEMPTS, is_asking), kept["saves"]


def end_upload(db: Database) -> None:
    """Forget the request that was under way: it was answered, or something else is to be said."""
    if settings.get(db, "sync_upload") is not None:
        settings.put(db, "sync_upload", None)


def take_reply(db: Database, server: Server, body: bytes) -> Taken:
    """Take in a reply, late or repeated as it may be, in one transaction (R6).

    Raises ServerTrouble when it is not this server's; then nothing was changed.
    """
    try:
        reply = read_reply(body, Ed25519PublicKey.from_public_bytes(server.key))
    except BadInput as error:
        raise ServerTrouble(_("Jawaban server tidak dapat dipastikan asli. Tidak ada yang diubah.")) from error
    me = device(db)
    taken = Taken(at_ms=reply.at_ms)
    with transaction(db):
        for name, said in (("sync_reads", reply.reads), (outbox.SERVER_VERSION, reply.app)):
            if said != settings.get(db, name):
                settings.put(db, name, said)
        if _BADGE.fullmatch(reply.badge):
            settings.put(db, "sync_badge", reply.badge)
        outbox.keep_peers(db, {name: bytes.fromhex(key) for name, key in reply.keys.items()})
        for verdict in reply.verdicts:
            _take_verdict(db, verdict)
        for part in reply.slices:
            taken = _add(taken, _take_slice(db, part, reply, me))
        if outbox.identity(db, b"").incarnation == reply.split:
            outbox.renew_incarnation(db)
            settings.put(db, outbox.COPIED, True)
    return taken


def exchange(db: Database, server: Server, send: Send, most: int | None = None) -> tuple[Taken, int]:
    """One round trip: what came of it, and how many saves went out. `most` as for make_request."""
    body, saves = make_request(db, server, most)
    return take_reply(db, server, send("/v1/sync", body, CONTENT_TYPE)), saves


def is_ordered_to_close(db: Database, server: Server, order: bytes) -> bool:
    """Whether this is the signed order of this laptop's server to close the book."""
    try:
        Ed25519PublicKey.from_public_bytes(server.key).verify(order, close_book_order(device(db)))
    except InvalidSignature:
        return False
    return True


def is_done(db: Database, taken: Taken) -> bool:
    """Whether nothing is left to say after this reply; what it did not bring back of what was sent is offered first."""
    is_lacking = taken.moved and outbox.has_unconfirmed(db)
    return not (taken.more or taken.again or is_lacking or outbox.has_to_send(db))


# --- on a stick ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Carried:
    """One file for a stick, and how many saves it holds.

    Of one for a laptop: the saves no server has shown that found no room (`left`), and the posts it is not given.
    """

    file: bytes
    saves: int
    left: int = 0
    without: tuple[str, ...] = ()


def files_for_server(db: Database, server: Server) -> list[Carried]:
    """What the server has not shown in its feed yet and where this laptop stands, as files only that server can open.

    Nothing of it is noted as sent: a stick may be lost, and every file can be made or read again. Each file stands
    alone.
    """
    asks = tuple(
        Ask(place.scope, _cursor(place), (), tuple(outbox.wanted(db, place.scope, MAX_IDS)))
        for place in outbox.places(db)[:MAX_AREAS]
        if not place.denied
    )
    named = sum(len(ask.wanted) for ask in asks)
    room = MAX_BODY - _HEAD_ROOM - named * _ID_ROOM - len(asks) * _AREA_ROOM
    files: list[Carried] = []
    with transaction(db):
        _seal_anew(db, outbox.to_carry(db))
        left = outbox.to_carry(db)
    while left or not files:
        bodies: list[bytes] = []
        saves = size = 0
        while left or not bodies:
            going = _first_that_fit(left, room)
            body = _carried_request(db, server, asks, going)
            if bodies and size + len(body) + PART_ROOM > MAX_PARTS - _BOX_ROOM:
                break
            bodies.append(body)
            size += len(body) + PART_ROOM
            saves += sum(each.saves for each in going)
            left = left[len(going) :]
        files.append(Carried(seal_file(TO_SERVER, bodies, server.key), saves))
    return files


def take_return(db: Database, server: Server, file: bytes) -> Taken:
    """Take in what a server answered on a stick, late, repeated or out of order as it may be.

    Each answer in it is one transaction, under the same rules as over a network. Raises BadInput, ServerTrouble.
    """
    taken = Taken()
    for part in open_file(file, outbox.identity(db, b"").secret, [FROM_SERVER]).parts:
        reply = take_reply(db, server, part)
        taken = replace(_add(taken, reply), more=reply.more, at_ms=reply.at_ms)
    return taken


def file_for_laptop(db: Database, companion: outbox.Companion) -> Carried:
    """What another laptop may not have of the posts it works in, as a file only that laptop can open.

    Those are the posts it has written for, and all in the villages of those whose feed shows its batches: a laptop's
    area is never less than a village. Of others this laptop cannot know whether they are any of its business.
    """
    here = [place.scope for place in outbox.places(db)]
    villages = {_village(db, scope) for scope in companion.scopes if _is_writer(db, scope, companion.device)} - {""}
    given = {*companion.scopes, *(scope for scope in here if _village(db, scope) in villages)}
    going = outbox.to_hand_over(db, sorted(given), MAX_PARTS - _HEAD_ROOM - _BOX_ROOM, PART_ROOM)
    letter = Letter(device(db), tuple(each.packed for each in going))
    body = write_letter(letter, key_of(db))
    ids = {each.id for each in going}
    left = sum(each.saves for each in outbox.to_carry(db, given) if each.id not in ids)
    file = seal_file(TO_LAPTOP, [body], companion.key)
    return Carried(file, sum(each.saves for each in going), left, tuple(sorted({*here} - given)))


def _village(db: Database, scope: str) -> str:
    """The village a server places a post in: the one its first batch names. "" while there is none."""
    first = outbox.first_of(db, scope)
    return header_of(first).area if first else ""


def _is_writer(db: Database, scope: str, device_id: str) -> bool:
    """Whether the feed of a post shows a batch of this laptop: the server lets it write there."""
    return any(header_of(packed).device == device_id for packed in outbox.in_feed(db, scope))


def take_letter(db: Database, server: Server, file: bytes) -> int:
    """Take in what another laptop handed over, in one transaction; how many saves were new.

    Only batches signed by laptops the server has vouched for, of villages this laptop works in. Nothing becomes
    confirmed by it. Raises BadInput.
    """
    me = device(db)
    new = 0
    with transaction(db):
        for part in open_file(file, outbox.identity(db, b"").secret, [TO_LAPTOP]).parts:
            letter, signed = read_letter(part)
            key = outbox.peer(db, letter.device)
            if key is None or not signed.believe(Ed25519PublicKey.from_public_bytes(key)):
                raise BadInput(_("Laptop yang menulis berkas ini belum dikenal. Kirim lewat server dulu."))
            for packed in letter.batches:
                batch = decode(packed)
                scope = batch.header.scope
                entry = Entry(0, batch.id, packed)
                if covers(server.prefixes, batch.header.area) and _believed(db, scope, entry, me) is not None:
                    new += _keep(db, scope, [entry], me)
                    erasing.ask_again(db, [batch.id])  # the other laptop may not have heard of a refusal
    return new


def _carried_request(db: Database, server: Server, asks: tuple[Ask, ...], going: list[outbox.Packed]) -> bytes:
    request = Request(
        regency=server.regency,
        device=device(db),
        incarnation=outbox.identity(db, b"").incarnation,
        nonce=secrets.token_hex(16),
        app=__version__,
        asks=asks,
        batches=tuple(each.packed for each in going),
    )
    return write_request(request, key_of(db))


def _first_that_fit(left: list[outbox.Packed], room: int) -> list[outbox.Packed]:
    going: list[outbox.Packed] = []
    for each in left:
        room -= len(each.packed)
        if going and room < 0:
            break
        going.append(each)
    return going


def _take_verdict(db: Database, verdict: Verdict) -> None:
    batch = verdict.batch
    if verdict.state == REFUSED and not outbox.knows(db, batch):
        # The server could not even read a name in it, and names it by its bytes.
        found = [p.id for p in outbox.sent_bytes(db) if hashlib.sha256(p.packed).hexdigest() == batch]
        batch = found[0] if found else batch
    outbox.keep_verdict(db, batch, verdict.state, verdict.reason, verdict.ops)


def _take_slice(db: Database, part: Slice, reply: Reply, me: str) -> Taken:
    what, part = course(part, _present(db, part.scope))
    again = outbox.send_again(db, part.missing)
    if part.denied:
        outbox.deny(db, part.scope)
        return Taken(again=again)
    is_back = outbox.allow(db, part.scope)
    given = [Entry(0, batch, packed) for batch, packed in part.given.items()]
    received = _keep(db, part.scope, [*given, *part.entries], me, names=what is Course.ADVANCE)
    if what is Course.START_OVER:
        outbox.start_over(db, part.scope, reply.epoch, Cursor().digest)
        return Taken(received, 0, again, more=True, moved=True)
    if what is Course.STAY:
        return Taken(received, 0, again, more=is_back)  # not asked for, it began at the start: now it is asked for
    confirmed = outbox.confirm(db, part.scope, [(entry.batch, entry.g) for entry in part.entries])
    erasing.ask_again(db, [entry.batch for entry in part.entries])
    outbox.move(db, part.scope, part.end.epoch, part.end.g, part.end.digest)
    return Taken(
        received, confirmed, again, more=part.more or _lacks(db, part.scope), moved=bool(part.entries or given)
    )


def _keep(db: Database, scope: str, entries: Iterable[Entry], me: str, *, names: bool = False) -> int:
    """Keep batches and apply their saves (R1); how many saves were new.

    With `names` those that came without bytes, or do not verify, are noted to be asked for. Only a slice that moves the
    cursor may say so: any other will be said again, or was said by a server that has since gone back.
    """
    ops: list[tuple[Op, str]] = []
    words: list[Op] = []
    for entry in entries:
        held = outbox.saves_held(db, entry.batch)
        robbed = held is not None and outbox.is_robbed(db, entry.batch)
        if held is not None and (entry.packed is None or (held >= saves_named(entry.packed) and not robbed)):
            continue
        batch = None if entry.packed is None else _believed(db, scope, entry, me)
        if batch is None:
            if names and held is None:
                outbox.keep_received(db, scope, entry.batch, None, 0, own=entry.packed is None)
            continue
        writer = batch.header.device
        packed, saves = erasing.keepable(db, batch, entry.packed or b"")
        if held is None:
            outbox.keep_received(db, scope, entry.batch, packed, saves, own=writer == me)
        elif robbed:
            outbox.rewrite(db, entry.batch, *together(outbox.bytes_of(db, entry.batch), packed))
            outbox.came_again(db, entry.batch)
        elif saves > held:  # what came before lacked saves that nobody has erased
            outbox.rewrite(db, entry.batch, packed, saves)
        said = [line.op for line in batch.lines if line.op is not None]
        ops.extend((op, writer) for op in said)
        erasures = [op for op in said if op.entity == ERASURE]
        if erasures and _is_of_server(db, batch):
            words += erasures
    new = journal.apply(db, ops).new if ops else 0
    erasing.heed(db, words)
    return new


def heed_again(db: Database) -> None:
    """Do what this laptop's server says in batches that came before it was known which server that is."""
    with transaction(db):
        for place in outbox.places(db):
            for _id, _saves, packed in list(outbox.every(db, place.scope)):
                batch = decode(packed)
                words = [line.op for line in batch.lines if line.op is not None and line.op.entity == ERASURE]
                if words and _is_of_server(db, batch):
                    erasing.heed(db, words)


def _is_of_server(db: Database, batch: Batch) -> bool:
    """Whether the server this laptop is enrolled with signed a batch: by the key pinned then, whatever it is called."""
    server = outbox.server(db)
    return server is not None and is_signed_by(batch, Ed25519PublicKey.from_public_bytes(server.key))


def _believed(db: Database, scope: str, entry: Entry, me: str) -> Batch | None:
    """The batch of a feed entry, if it is the one named, of this posyandu, and signed by the laptop it names."""
    assert entry.packed is not None
    try:
        batch = decode(entry.packed)
    except BadInput:
        return None
    writer = batch.header.device
    key = key_of(db).public_key().public_bytes_raw() if writer == me else outbox.peer(db, writer)
    if batch.id != entry.batch or batch.header.scope != scope or key is None:
        return None
    return batch if is_signed_by(batch, Ed25519PublicKey.from_public_bytes(key)) else None


def _present(db: Database, scope: str) -> Cursor:
    place = outbox.place(db, scope)
    return Cursor() if place is None else _cursor(place)


def _cursor(place: outbox.Place) -> Cursor:
    return Cursor(place.epoch, place.g, place.digest) if place.digest else Cursor()


def _offers(db: Database, scope: str) -> bool:
    return bool(outbox.unconfirmed(db, scope, 1))


def _lacks(db: Database, scope: str) -> bool:
    return bool(outbox.wanted(db, scope, 1))


def _add(one: Taken, other: Taken) -> Taken:
    return replace(
        one,
        received=one.received + other.received,
        confirmed=one.confirmed + other.confirmed,
        again=one.again + other.again,
        more=one.more or other.more,
        moved=one.moved or other.moved,
    )


def refuse_mixing(server_is_trial: bool, book_is_practice: bool) -> None:
    """A practice book only meets a trial server, a real book never does. Raises Refused."""
    if server_is_trial and not book_is_practice:
        raise Refused(_("Ini server percobaan. Buku sungguhan tidak boleh dikirim ke sana."))
    if book_is_practice and not server_is_trial:
        raise Refused(_("Buku latihan hanya dapat dihubungkan ke server percobaan."))
