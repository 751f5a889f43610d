"""Carry what one post hands over to the village somebody moves to: as a save of the server in a feed there.

Done when a laptop of that village calls. The history is read from the record of the post that handed it over, so what
was erased or taken back meanwhile is not carried.
"""

import hashlib
import logging
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import MAX_INTEGER, Op
from posyandu.domain.forms.move import ARRIVAL
from posyandu.server import own_word, store
from posyandu.server.store import Area, Connection, Device, HandOver

log = logging.getLogger("posyandu.server")

MOST_AT_ONCE = 20
"""How many are tried while one laptop waits for its answer: a withdrawn one, or one to a village without a post, waits
for ever.
"""
CARRIED = ("from_village", "from_post", "to_post", "left_on", "package")


def deliver(connection: Connection, key: Ed25519PrivateKey, caller: Device) -> int:
    """Hand over whoever moves to a village of the laptop that calls; how many were."""
    done = 0
    with store.inside(connection, caller.prefixes):
        found = store.handovers_waiting(connection, caller.regency, caller.prefixes, MOST_AT_ONCE)
    for waiting in found:
        try:
            with store.inside(connection, sorted({waiting.from_kab, caller.regency})):
                done += _carry(connection, key, caller.regency, waiting)
        except Exception as error:  # noqa: BLE001 - one that cannot be handed over waits, and stops no laptop
            if connection.closed:
                raise
            log.warning("move not handed over", extra={"kind": type(error).__name__, "kab": caller.regency})
    return done


def _carry(connection: Connection, key: Ed25519PrivateKey, regency: str, waiting: HandOver) -> bool:
    """Hand one over, in the caller's transaction; False when it has to wait, or another server is at it."""
    if not store.take_handover(connection, regency, waiting.record):
        return False
    doc = store.standing_doc(connection, waiting.from_kab, waiting.from_scope, "handover", waiting.record)
    area = _post_for(connection, regency, waiting.to_village, str((doc or {}).get("to_post") or ""))
    if doc is None or not doc.get("package") or area is None:
        return False
    fields = {name: doc[name] for name in CARRIED if doc.get(name) is not None}
    op = _arrival(own_word.name_of(key), area.scope, waiting.record, fields, waiting.at)
    own_word.say(connection, key, regency, area.village, op)
    store.mark_handed_over(connection, regency, waiting.record)
    return True


def _post_for(connection: Connection, regency: str, village: str, name: str) -> Area | None:
    """The post of that name in the village, otherwise its first: every laptop of the village reads both."""
    found = store.areas_inside(connection, regency, [village])
    names = store.names(connection, regency, [area.scope for area in found]) if name else {}
    return next(
        (area for area in found if names.get(area.scope, "").casefold() == name.casefold()), found[0] if found else None
    )


def _arrival(me: str, scope: str, record: str, fields: dict[str, object], at: datetime) -> Op:
    """The same save whenever it is made."""
    return Op(
        scope=scope,
        entity=ARRIVAL.name,
        record=record,
        version=ARRIVAL.version,
        depth=1,
        heads=(),
        fields=fields,  # type: ignore[arg-type]
        author=me,
        at_ms=min(int(at.timestamp() * 1000), MAX_INTEGER),
        clock=2,
        nonce=hashlib.sha256(record.encode()).hexdigest()[:16],
    )
