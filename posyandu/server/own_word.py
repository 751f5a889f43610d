"""What the server itself says in a feed: a batch of one save under its own key, written as a device of the regency."""

import hashlib
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu import __version__
from posyandu.domain.change import SERVER, Op
from posyandu.server import ingest, store
from posyandu.server.store import Connection, Device
from posyandu.sync.batch import seal


def name_of(key: Ed25519PrivateKey) -> str:
    """The device id under which the server with this key writes."""
    return SERVER + hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]


def be_known(connection: Connection, key: Ed25519PrivateKey, regency: str) -> Device:
    """The server as a device of a regency."""
    me = name_of(key)
    store.add_device(connection, regency, me, key.public_key().public_bytes_raw(), "Server", [regency])
    device = store.device(connection, regency, me)
    assert device is not None
    return device


class NotSaid(Exception):
    """A word of the server did not get into the feed: whatever was to follow from it must not."""


def say(connection: Connection, key: Ed25519PrivateKey, regency: str, village: str, op: Op) -> None:
    """Append a save to the feed of its post, in a batch signed by the server. Raises NotSaid."""
    device = be_known(connection, key, regency)
    batch_id, packed = seal(
        [op],
        key,
        device=device.id,
        incarnation=regency,
        sequence=store.next_sequence(connection, regency, device.id),
        previous="",
        area=village,
        app=__version__,
        schema=op.version,
        at_ms=time.time_ns() // 1_000_000,
    )
    verdict = ingest.take(connection, device, batch_id, packed)
    if verdict.reason:  # of a batch in a feed there is none
        raise NotSaid(verdict.reason)
