"""Take one batch in: verify, keep its bytes, give it a number in its feed, project the records it touches.

One transaction a batch. A batch that is known is answered again; two batches under one sequence number are both
kept; a bad save never stops the others in its batch, nor a bad batch another one.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posyandu.domain import erasing
from posyandu.domain.area import covers
from posyandu.domain.change import WITHDRAWN, Op, Standing, standing
from posyandu.domain.erasing import Erasure
from posyandu.domain.errors import BadInput
from posyandu.domain.forms.move import HANDOVER
from posyandu.server import store, usual
from posyandu.server.regions import is_village
from posyandu.server.store import Connection, Device, Projection
from posyandu.server.usual import Usual
from posyandu.sync.batch import ERASED, Batch, Header, decode, is_signed_by, saves_in, together, without
from posyandu.sync.check import is_newer, unlikely
from posyandu.sync.message import APPLIED, DEFERRED, LOOK, PARTLY, QUARANTINED, REFUSED, Verdict, next_digest

log = logging.getLogger("posyandu.server")

NOTHING_GONE: Set[str] = frozenset()
Saves = dict[tuple[str, str], list[tuple[Op, str]]]
"""By entity and record its saves, each with the device that wrote it."""
TRIES = 5
"""How often a transaction is begun again when PostgreSQL asks for it."""


@dataclass(frozen=True)
class Brought:
    """A batch that is what it says it is, who brought it and who wrote it."""

    sender: Device
    author: Device
    batch: Batch
    packed: bytes
    usual: Usual | None = None

    @property
    def has_seen(self) -> bool:
        """Whether some save in it names an earlier one of its record that is in no line of it: then it is stored."""
        if self.usual:
            return False
        seen = {head for line in self.batch.lines if line.op is not None for head in line.op.heads}
        return not seen <= {line.id[:16] for line in self.batch.lines}


def take(connection: Connection, sender: Device, batch_id: str, packed: bytes) -> Verdict:
    """Take in one batch brought by `sender`, who may carry batches of other devices too."""
    brought = read(connection, sender, batch_id, packed)
    return brought if isinstance(brought, Verdict) else take_in(connection, brought)


def read(connection: Connection, sender: Device, batch_id: str, packed: bytes) -> Brought | Verdict:
    """The batch in these bytes, believed; or the verdict, under this id, on what cannot be read or believed."""
    try:
        batch = decode(packed)
    except BadInput as error:
        return Verdict(batch_id, REFUSED, str(error))
    author = sender
    if batch.header.device != sender.id:
        found = store.device(connection, sender.regency, batch.header.device)
        if found is None:
            return Verdict(batch.id, REFUSED, "perangkat penulis tidak dikenal")
        author = found
    if not is_signed_by(batch, Ed25519PublicKey.from_public_bytes(author.key)):
        return Verdict(batch.id, REFUSED, "tanda tangan paket salah")
    return Brought(sender, author, batch, packed, usual.read(batch))


def take_in(connection: Connection, brought: Brought, *, release: bool = False) -> Verdict:
    """Take in one batch, in a transaction of its own; `release` takes it out of quarantine."""
    may_know = brought.has_seen
    for attempt in range(TRIES):
        try:
            with store.inside(connection, brought.author.prefixes):
                return _in_transaction(connection, brought, release=release, may_know=may_know)
        except store.Met:  # the same page was typed on another laptop too
            may_know = True
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
            log.warning("batch begun again", extra={"batch": brought.batch.id[:12], "attempt": attempt + 1})
        except (psycopg.errors.ProgramLimitExceeded, psycopg.DataError) as error:
            log.warning("batch not storable", extra={"batch": brought.batch.id[:12], "kind": type(error).__name__})
            with store.inside(connection, brought.author.prefixes):
                return _set_aside(connection, brought, "isi paket tidak dapat disimpan server")
    return Verdict(brought.batch.id, DEFERRED, "server sibuk, dikirim lagi nanti")


def _set_aside(connection: Connection, brought: Brought, reason: str) -> Verdict:
    """Keep a batch in quarantine, so that whoever brings it can go on with the others; or what became of it before."""
    regency, header, raw_id = brought.author.regency, brought.batch.header, bytes.fromhex(brought.batch.id)
    for stored in store.judged(connection, regency, [raw_id]).values():
        return Verdict(brought.batch.id, stored.state, stored.reason, stored.ops)
    gone = store.erased(connection, regency, header.scope)
    packed = without(brought.packed, gone, gone)[0] if gone else brought.packed
    store.quarantine(connection, regency, raw_id, _written(header), packed, brought.sender.id, reason)
    return Verdict(brought.batch.id, QUARANTINED, reason)


def _written(header: Header) -> tuple[str, str, str, int, int]:
    return header.scope, header.device, header.incarnation, header.sequence, header.count


def release(connection: Connection, regency: str, batch_id: str) -> Verdict | None:
    """Judge a batch in quarantine again, after an officer has widened an area or decided that what a revoked laptop
    wrote is to be believed; None when it is not there.
    """
    stored = store.batch(connection, regency, bytes.fromhex(batch_id))
    if stored is None or stored.g is not None:
        return None
    author = store.device(connection, regency, stored.device)
    assert author is not None
    return take_in(connection, Brought(author, author, decode(stored.packed), stored.packed), release=True)


def _in_transaction(connection: Connection, brought: Brought, *, release: bool, may_know: bool) -> Verdict:
    """Take it in, in a transaction of the caller's; without `may_know` every record in it is taken to be new."""
    author, batch, packed = brought.author, brought.batch, brought.packed
    header = batch.header
    regency, raw_id = author.regency, bytes.fromhex(batch.id)
    revoked, reason = author.revoked_at is not None and not release, ""
    area = store.area(connection, regency, header.scope, lock=True)
    if area is None:
        if not is_village(header.area):
            reason = "kode desa pada paket salah"
        elif not covers(author.prefixes, header.area) or store.is_post(connection, regency, header.scope):
            reason = "posyandu di luar wilayah perangkat"
        elif not revoked:
            store.add_area(connection, regency, header.scope, header.area, author.id)
            area = store.area(connection, regency, header.scope, lock=True)
    elif not covers(author.prefixes, area.village):
        reason = "posyandu di luar wilayah perangkat"
    if revoked:
        reason = "perangkat penulis sudah dicabut"
    if reason or area is None:
        return _set_aside(connection, brought, reason)
    erasures = [line.op for line in batch.lines if line.op is not None and line.op.entity == erasing.ENTITY]
    erasure = erasing.said_by(erasures) if author.is_server else erasing.NOTHING
    gone = store.erased(connection, regency, header.scope) | erasure.records | erasure.heads
    packed = without(packed, gone, gone)[0] if gone else packed
    notes = notes_on(batch, gone)
    state = state_of(batch, notes)
    g, digest = area.g + 1, bytes.fromhex(next_digest(area.digest.hex(), batch.id))
    fresh = saves_of(batch, gone)
    ops = [op for each in fresh.values() for op, _device in each]
    known = store.known_records(connection, regency, header.scope, list(fresh)) if may_know and fresh else {}
    added = store.add_batch(
        connection, regency, raw_id, at=(g, digest), header=_written(header), verdict=(state, notes), packed=packed,
        brought_by=brought.sender.id, release=release,
        records=(projection(*key, saves, gone) for key, saves in fresh.items() if key not in known),
    )  # fmt: skip
    if not added:
        _fill_in(connection, author, batch, packed, gone)
        stored = store.judged(connection, regency, [raw_id])[raw_id]
        return Verdict(batch.id, stored.state, stored.reason, stored.ops)
    if release and packed != brought.packed:  # what was erased while it lay in quarantine
        store.rewrite_batch(connection, regency, raw_id, packed)
    if known:
        numbers = {number for feed in known.values() for number in feed}
        touched = {key: fresh[key] for key in known}
        add_stored(connection, regency, header.scope, numbers, touched)
        again = (projection(*key, saves, gone) for key, saves in touched.items())
        store.renew_records(connection, regency, header.scope, g, again)
    _heed(connection, author, header.scope, g, ops)
    return Verdict(batch.id, state, "", notes)


def _heed(connection: Connection, author: Device, scope: str, g: int, ops: Sequence[Op]) -> None:
    """Do what these saves of the batch at `g` ask the server to do, or what it says itself in them."""
    _note_asked(connection, author.regency, scope, author.id, g, ops)
    if not author.is_server:
        return
    erasures = [op for op in ops if op.entity == erasing.ENTITY]
    for op in erasures:
        refused = op.fields.get(WITHDRAWN) is True
        for head in op.heads if refused else (op.head,):
            store.settle_erasure(connection, author.regency, scope, head, store.DECLINED if refused else store.DONE)
    erasure = erasing.said_by(erasures)
    if erasure != erasing.NOTHING:
        _erase(connection, author.regency, scope, erasure)


def _note_asked(connection: Connection, regency: str, scope: str, device: str, g: int, ops: Sequence[Op]) -> None:
    """Note what these saves ask the server to do: hand somebody over to another village, erase somebody."""
    moving = [
        (op.record, village)
        for op in ops
        if op.entity == HANDOVER.name
        and isinstance(village := op.fields.get("to_village"), str)
        and is_village(village)
    ]
    if moving:
        store.note_handovers(connection, regency, scope, moving)
    asked = [op for op in ops if op.entity == erasing.ENTITY and op.fields.get(WITHDRAWN) is not True]
    if asked:
        store.note_erasures(connection, regency, scope, device, g, asked)


def note_kept(connection: Connection) -> None:
    """Note what newer laptops asked for while this server was older and only kept it; in the caller's transaction."""
    for regency, scope, g in store.batches_saying(connection, (HANDOVER.name, erasing.ENTITY)):
        for _g, device, packed in store.packed_at(connection, regency, scope, [g]):
            _note_asked(connection, regency, scope, device, g, saves_in(packed, scope))


def _fill_in(connection: Connection, author: Device, batch: Batch, packed: bytes, gone: Set[str]) -> None:
    """Keep of a known batch the saves that are only bare ids in what came first, though nobody has erased them."""
    regency = author.regency
    stored = store.batch(connection, regency, bytes.fromhex(batch.id))
    if stored is None or stored.g is None:
        return
    bare = {line.id for line in decode(stored.packed).lines if line.reason == ERASED}
    fresh = {
        key: here
        for key, saves in (saves_of(batch, gone) if bare else {}).items()
        if (here := [each for each in saves if each[0].id in bare])
    }
    if not fresh:
        return
    ops = [op for each in fresh.values() for op, _device in each]
    store.rewrite_batch(connection, regency, bytes.fromhex(batch.id), together(stored.packed, packed)[0])
    known = store.known_records(connection, regency, batch.header.scope, list(fresh))
    add_stored(connection, regency, batch.header.scope, {g for feed in known.values() for g in feed}, fresh)
    projections = {key: projection(*key, saves, gone) for key, saves in fresh.items()}
    old, new = [projections[key] for key in known], [each for key, each in projections.items() if key not in known]
    store.renew_records(connection, regency, batch.header.scope, stored.g, old)
    store.add_records(connection, regency, batch.header.scope, new, [[stored.g]] * len(new))
    _heed(connection, author, batch.header.scope, stored.g, ops)


def _erase(connection: Connection, regency: str, scope: str, what: Erasure) -> None:
    """Forget what an erasure names: saves become bare ids in their batches, and nothing stands of its records."""
    store.note_erased(connection, regency, scope, what.records | what.heads)
    for batch_id, packed in store.batches_with(connection, regency, scope, [*what.records, *what.rewritten]):
        kept, taken = without(packed, what.heads, what.records, what.rewritten)
        if taken:
            store.rewrite_batch(connection, regency, batch_id, kept)
    store.empty_records(connection, regency, scope, what.records, erasing.every_link(), erasing.SPARED)
    anew = [(entity, record) for record in sorted(what.rewritten) for entity in sorted(erasing.REWRITTEN)]
    for key, feed in store.known_records(connection, regency, scope, anew).items():
        saves: Saves = {key: []}
        add_stored(connection, regency, scope, feed, saves)
        if saves[key]:
            renewed = projection(*key, saves[key], what.records)
            store.renew_records(connection, regency, scope, max(feed), [renewed])


def notes_on(batch: Batch, gone: Set[str] = NOTHING_GONE) -> dict[str, str]:
    """The saves that are not plainly applied: "state: reason" by op id. Of what was erased there is nothing to say."""
    notes: dict[str, str] = {}
    for line in batch.lines:
        if line.reason == ERASED or (gone and _is_erased(line.op, gone)):
            continue
        if line.op is None:
            notes[line.id] = f"{QUARANTINED}: {line.reason}"
        elif gone and erasing.is_held(line.op.entity, line.op.record, line.op.fields, gone):
            notes[line.id] = f"{QUARANTINED}: {erasing.LATE}"
        elif is_newer(line.op):
            notes[line.id] = f"{DEFERRED}: formulir versi lebih baru"
        elif odd := unlikely(line.op):
            notes[line.id] = f"{LOOK}: {', '.join(odd)}"
    return notes


def state_of(batch: Batch, notes: Mapping[str, str]) -> str:
    """The state of a batch with these notes."""
    states = [notes.get(line.id, APPLIED).partition(":")[0] for line in batch.lines]
    bad = states.count(QUARANTINED)
    if bad == len(states):
        return QUARANTINED
    if bad:
        return PARTLY
    return DEFERRED if states.count(DEFERRED) == len(states) else APPLIED


def _is_erased(op: Op | None, gone: Set[str]) -> bool:
    return op is not None and op.head in gone and erasing.takes(op.entity, op.record, gone)


def saves_of(batch: Batch, gone: Set[str] = NOTHING_GONE) -> Saves:
    """The saves a batch brings, but for those that were erased."""
    found: Saves = {}
    for line in batch.lines:
        if line.op is not None and not (gone and _is_erased(line.op, gone)):
            found.setdefault((line.op.entity, line.op.record), []).append((line.op, batch.header.device))
    return found


def add_stored(connection: Connection, regency: str, scope: str, numbers: Iterable[int], saves: Saves) -> None:
    """Add to `saves` what the batches at these numbers of the feed say of the same records."""
    wanted = {record for _entity, record in saves}
    for _g, device, packed in store.packed_at(connection, regency, scope, numbers):
        for op in saves_in(packed, scope, wanted):
            if (op.entity, op.record) in saves:
                saves[op.entity, op.record].append((op, device))


def project_again(connection: Connection) -> None:
    """Make what stands of every record anew from the batches alone, one posyandu at a time."""
    for regency, area in store.areas(connection):
        with connection.transaction():
            store.area(connection, regency, area.scope, lock=True)
            saves: Saves = {}
            feeds: dict[tuple[str, str], list[int]] = {}
            for g, device, packed in store.packed_at(connection, regency, area.scope, range(1, area.g + 1)):
                for op in saves_in(packed, area.scope):
                    key = (op.entity, op.record)
                    saves.setdefault(key, []).append((op, device))
                    feeds[key] = [*(number for number in feeds.get(key, ()) if number != g), g]
            store.forget_records(connection, regency, area.scope)
            gone = store.erased(connection, regency, area.scope)
            projections = (projection(*key, each, gone) for key, each in saves.items())
            store.add_records(connection, regency, area.scope, projections, feeds.values())


def projection(entity: str, record: str, ops: Sequence[tuple[Op, str]], gone: Set[str] = NOTHING_GONE) -> Projection:
    """What stands of a record, given all its saves, ready to be written."""
    stands = _standing(entity, record, ops)
    if gone and erasing.is_held(entity, record, stands.doc, gone):
        return stands._replace(doc={}, conflicts=None, withdrawn=True, revived=False)
    return stands


def _standing(entity: str, record: str, ops: Sequence[tuple[Op, str]]) -> Projection:
    if len(ops) == 1:  # most records, once: what `standing` says of a single save, without asking it
        op = ops[0][0]
        values = op.fields
        if None in values.values():
            values = {name: value for name, value in values.items() if value is not None}
        return Projection(entity, record, values, None, op.fields.get(WITHDRAWN) is True, revived=False, depth=op.depth)
    stands = standing(sorted(ops, key=lambda each: each[1]))  # of a save known by two devices, the least counts
    return Projection(
        entity=entity,
        record=record,
        doc={name: value for name, value in stands.values.items() if value is not None},
        conflicts=_conflicts(stands),
        withdrawn=stands.withdrawn,
        revived=stands.revived,
        depth=stands.depth,
    )


def _conflicts(stands: Standing) -> dict[str, object] | None:
    if not stands.conflicts:
        return None
    return {
        name: [
            {"v": each.value, "op": each.op.id, "dev": each.device, "k": each.op.author, "t": each.op.at_ms}
            for each in candidates
        ]
        for name, candidates in stands.conflicts.items()
    }
