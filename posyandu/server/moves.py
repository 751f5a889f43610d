"""Carry what one post hands over to the village somebody moves to: as a save of the server in a feed there.

Done when a laptop of that village calls. The history is read from the record of the post that handed it over, so what
was erased or taken back meanwhile is not carried.
"""

import hashlib
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import MAX_INTEGER, Op
from posyandu.domain.forms.move import ARRIVAL
from posyandu.server import own_word, store
from posyandu.server.store import Area, Connection, Device

CARRIED = ("from_village", "from_post", "to_post", "left_on", "package")


def deliver(connection: Connection, key: Ed25519PrivateKey, caller: Device) -> int:
    """Hand over whoever moves to a village of the laptop that calls; how many were."""
    done = 0
    with store.inside(connection, caller.prefixes):
        found = store.handovers_waiting(connection, caller.regency, caller.prefixes)
    for waiting in found:
        with store.inside(connection, sorted({waiting.from_kab, caller.regency})):
            if not store.take_handover(connection, caller.regency, waiting.record):
                continue  # another server is at it
            doc = store.standing_doc(connection, waiting.from_kab, waiting.from_scope, "handover", waiting.record)
            area = _post_for(connection, caller.regency, waiting.to_village, str((doc or {}).get("to_post") or ""))
            if doc is None or not doc.get("package") or area is None:
                continue
            fields = {name: doc[name] for name in CARRIED if doc.get(name) is not None}
            op = _arrival(own_word.name_of(key), area.scope, waiting.record, fields, waiting.at)
            own_word.say(connection, key, caller.regency, area.village, op)
            store.mark_handed_over(connection, caller.regency, waiting.record)
            done += 1
    return done


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
