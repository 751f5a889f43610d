"""Carry what one post hands over to the village somebody moves to: as a save of the server in a feed there.

Done when a laptop of that village calls. The history is read from the record of the post that handed it over, so what
was erased or taken back meanwhile is not carried.
"""

import hashlib
import time
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu import __version__
from posyandu.domain.change import MAX_INTEGER, Op
from posyandu.domain.forms.move import ARRIVAL
from posyandu.server import ingest, store
from posyandu.server.store import Area, Connection, Device
from posyandu.sync.batch import seal

CARRIED = ("from_village", "from_post", "to_post", "left_on", "package")


def deliver(connection: Connection, key: Ed25519PrivateKey, caller: Device) -> int:
    """Hand over whoever moves to a village of the laptop that calls; how many were."""
    done = 0
    for waiting in store.handovers_waiting(connection, caller.regency, caller.prefixes):
        with store.inside(connection, sorted({waiting.from_kab, caller.regency})):
            if not store.take_handover(connection, caller.regency, waiting.record):
                continue  # another server is at it
            doc = store.standing_doc(connection, waiting.from_kab, waiting.from_scope, "handover", waiting.record)
            area = _post_for(connection, caller.regency, waiting.to_village, str((doc or {}).get("to_post") or ""))
            if doc is None or not doc.get("package") or area is None:
                continue
            fields = {name: doc[name] for name in CARRIED if doc.get(name) is not None}
            _write(connection, key, caller.regency, area, waiting.record, fields, waiting.at)
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


def _write(
    connection: Connection,
    key: Ed25519PrivateKey,
    regency: str,
    area: Area,
    record: str,
    fields: dict[str, object],
    at: datetime,
) -> None:
    """A batch of one save, signed by the server as a device of the regency; the same save whenever it is made."""
    public = key.public_key().public_bytes_raw()
    me = f"server-{hashlib.sha256(public).hexdigest()[:16]}"
    store.add_device(connection, regency, me, public, "Server", [regency])
    device = store.device(connection, regency, me)
    assert device is not None
    at_ms = min(int(at.timestamp() * 1000), MAX_INTEGER)
    op = Op(
        scope=area.scope,
        entity=ARRIVAL.name,
        record=record,
        version=ARRIVAL.version,
        depth=1,
        heads=(),
        fields=fields,  # type: ignore[arg-type]
        author=me,
        at_ms=at_ms,
        clock=2,
        nonce=hashlib.sha256(record.encode()).hexdigest()[:16],
    )
    batch_id, packed = seal(
        [op],
        key,
        device=me,
        incarnation=regency,
        sequence=store.next_sequence(connection, regency, me),
        previous="",
        area=area.village,
        app=__version__,
        schema=ARRIVAL.version,
        at_ms=time.time_ns() // 1_000_000,
    )
    ingest.take(connection, device, batch_id, packed)
