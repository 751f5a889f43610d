"""The server's word on what laptops ask to have erased: yes by itself for few people a day, else an administrator's.

What a laptop saves erases nothing but on that laptop. The server says the same save again under its own key, in the
same feed, and only that is heeded, by the server itself and by every other laptop (docs/adr/0026). What it refuses it
says as a withdrawal of that save.
"""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain import erasing
from posyandu.domain.change import WITHDRAWN, Op
from posyandu.domain.duties import MAY_ERASE
from posyandu.domain.erasing import Erasure
from posyandu.server import own_word, store
from posyandu.server.store import AskedErasure, Connection, Device
from posyandu.sync.batch import saves_in

log = logging.getLogger("posyandu.server")

A_DAY = 5
"""How many people's data one laptop may have erased within 24 hours before an administrator looks."""
MOST_AT_ONCE = 20
"""How many are looked at while one laptop waits for its answer; the next one looks at the next."""
MOST_RECORDS = 400
"""More records than one person can have count as more people."""


def answer(connection: Connection, key: Ed25519PrivateKey, caller: Device, a_day: int, *, trial: bool) -> int:
    """Look at some of what waits in the regency of the laptop that calls: say it, or lay it before an administrator.

    How many were looked at. On a server for trials everybody may, as on a laptop with practice data.
    """
    done = 0
    with store.inside(connection, caller.prefixes):
        waiting = store.erasures(connection, store.ASKED, caller.regency)
    for asked in waiting[:MOST_AT_ONCE]:
        try:
            with store.inside(connection, [caller.regency]):
                if store.take_erasure(connection, asked):  # otherwise another server is at it
                    _look_at(connection, key, asked, a_day, trial=trial)
                    done += 1
        except Exception as error:  # noqa: BLE001 - whatever a laptop wrote, it stops no other laptop
            if connection.closed:
                raise
            log.warning("erasure not workable", extra={"kind": type(error).__name__, "kab": asked.regency})
            with store.inside(connection, [caller.regency]):
                store.hold_erasure(connection, asked, 0, "tidak dapat diolah server")
    return done


def _look_at(connection: Connection, key: Ed25519PrivateKey, asked: AskedErasure, a_day: int, *, trial: bool) -> None:
    op = _op(connection, asked)
    people = _people(connection, asked, erasing.said(op.fields))
    why = ("" if trial else _no_duty(connection, asked, op)) or _loses_records(connection, asked, op)
    if not why and store.erased_by(connection, asked.regency, asked.device) + people > a_day:
        why = f"lebih dari {a_day} orang sehari dari satu laptop"
    store.hold_erasure(connection, asked, people, why)
    if not why:
        _say(connection, key, asked, op)


def release(connection: Connection, key: Ed25519PrivateKey, asked: AskedErasure) -> bool:
    """Let an erasure that waits be done everywhere, as an administrator decided; False when somebody else has it."""
    with store.inside(connection, [asked.regency]):
        is_mine = store.take_erasure(connection, asked)
        if is_mine:
            _say(connection, key, asked, _op(connection, asked))
        return is_mine


def refuse(connection: Connection, key: Ed25519PrivateKey, asked: AskedErasure) -> bool:
    """Have an erasure that waits not be done, and given back to the laptop that asked for it; False when somebody else
    has it.
    """
    with store.inside(connection, [asked.regency]):
        is_mine = store.take_erasure(connection, asked)
        if is_mine:
            op = _op(connection, asked)
            nonce = hashlib.sha256(op.id.encode()).hexdigest()[:16]
            me = own_word.name_of(key)
            _say(
                connection, key, asked,
                replace(op, depth=op.depth + 1, heads=(op.head,), fields={WITHDRAWN: True}, author=me, nonce=nonce),
            )  # fmt: skip
        return is_mine


def certify_known(connection: Connection, key: Ed25519PrivateKey) -> int:
    """Say every erasure that was done before the server's word was needed; how many there were.

    A transaction for each post, so not inside one of the caller's.
    """
    done = 0
    for regency, scope in store.posts_erased_without_a_word(connection):
        with connection.transaction():
            area = store.area(connection, regency, scope)
            assert area is not None
            for g, device, packed in list(store.packed_at(connection, regency, scope, range(1, area.g + 1))):
                ops = [op for op in saves_in(packed, scope) if op.entity == erasing.ENTITY]
                store.note_erasures(connection, regency, scope, device, g, ops)
                for op in ops:
                    with suppress(own_word.NotSaid):
                        own_word.say(connection, key, regency, area.village, op)
                        done += 1
    return done


def _say(connection: Connection, key: Ed25519PrivateKey, asked: AskedErasure, op: Op) -> None:
    area = store.area(connection, asked.regency, asked.scope)
    assert area is not None
    own_word.say(connection, key, asked.regency, area.village, op)


def _op(connection: Connection, asked: AskedErasure) -> Op:
    """The save that asks, from its batch."""
    ((_g, _device, packed),) = store.packed_at(connection, asked.regency, asked.scope, [asked.g])
    return next(op for op in saves_in(packed, asked.scope, {asked.record}) if op.id == asked.op)


def _no_duty(connection: Connection, asked: AskedErasure, op: Op) -> str:
    """Why the one who asks may not, or "": the same duties as on the laptop."""
    device = store.device(connection, asked.regency, asked.device)
    prefixes = device.prefixes if device is not None else ()
    may = store.duty(connection, asked.regency, op.author, prefixes) in MAY_ERASE
    return "" if may else "bukan dari koordinator kader, bidan atau petugas Puskesmas"


def _saves(connection: Connection, asked: AskedErasure, records: Sequence[str]) -> list[Op]:
    named = set(records)
    batches = store.batches_with(connection, asked.regency, asked.scope, records)
    return [op for _id, packed in batches for op in saves_in(packed, asked.scope, named)]


def _people(connection: Connection, asked: AskedErasure, what: Erasure) -> int:
    """How many people an erasure touches: those its records ever led to, and who else lives in its households.

    Questionnaires that are written anew count like what is gone: their history is.
    """
    ops = _saves(connection, asked, sorted(what.records | what.rewritten))
    homes = sorted({op.record for op in ops if op.entity == "household"})
    touched = erasing.people_in(ops) | store.residents(connection, asked.regency, asked.scope, homes)
    return max(len(touched), -(-len(what.records) // MOST_RECORDS))


def _loses_records(connection: Connection, asked: AskedErasure, op: Op) -> str:
    """Why an erasure may not be done by itself when it leaves nothing of what it writes anew; "" when it does not."""
    what = erasing.said(op.fields)
    ops = [each for each in _saves(connection, asked, sorted(what.rewritten)) if each.entity in erasing.REWRITTEN]
    left = {each.record for each in ops if each.head not in what.heads}
    return "" if {each.record for each in ops} <= left else "catatan yang ditulis ulang hilang tanpa versi baru"
