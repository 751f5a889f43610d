"""What sync keeps in the book: this laptop's key, the server it belongs to, every batch, and how far feeds were read.

Batches are never deleted: every laptop is a backup of its area's log; only what is erased by law is taken out of them.
A batch is confirmed when it has a number `g`: it was seen back in a feed whose digests this laptop followed. See
docs/sync.md.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from posyandu.domain.change import SERVER, Op
from posyandu.domain.forms import FORMS
from posyandu.storage import journal
from posyandu.storage.engine import Database, rows, transaction

SEALED, SENT, ROBBED = "segel", "dikirim", "minta"
"""Of a batch that is here: not sent yet; sent; in the feed, but here without saves that are to come back."""
SERVER_VERSION = "server_app"
"""The setting with the version of the server when it last answered; "" for one from before 0.2.0, which did not say."""
COPIED = "copied"
"""The setting that is true once the server has said that a copy of this book writes too."""
HELD_BACK = ("karantina", "ditolak")
"""Verdicts after which a batch waits for a person; it is not offered again by itself."""


def batches_feeds_and_the_server(db: Database) -> None:
    """The migration step of sync."""
    for statement in (
        "CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), secret BLOB NOT NULL,"
        " incarnation TEXT NOT NULL, sequence INTEGER NOT NULL, previous TEXT NOT NULL) STRICT",
        "CREATE TABLE server (one INTEGER PRIMARY KEY CHECK (one = 1), url TEXT NOT NULL, regency TEXT NOT NULL,"
        " prefixes TEXT NOT NULL, key BLOB NOT NULL, trial INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT",
        "CREATE TABLE batch (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, own INTEGER NOT NULL,"
        " saves INTEGER NOT NULL, bytes BLOB, state TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,"
        " notes TEXT, g INTEGER) STRICT",
        "CREATE UNIQUE INDEX batch_feed ON batch (scope, g) WHERE g IS NOT NULL",
        "CREATE INDEX batch_unconfirmed ON batch (scope, state) WHERE g IS NULL",
        "CREATE INDEX batch_wanted ON batch (scope) WHERE bytes IS NULL",
        "CREATE TABLE cursor (scope TEXT PRIMARY KEY, epoch TEXT NOT NULL, g INTEGER NOT NULL, digest TEXT NOT NULL,"
        " denied INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE peer (device TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE sync_round (n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, took_ms INTEGER NOT NULL,"
        " sent INTEGER NOT NULL, received INTEGER NOT NULL, confirmed INTEGER NOT NULL, outcome TEXT NOT NULL,"
        " sentence TEXT NOT NULL) STRICT",
    ):
        db.conn.execute(statement)


@dataclass(frozen=True)
class Identity:
    """This laptop as a writer of batches: its secret Ed25519 key, incarnation, and the last batch it sealed."""

    secret: bytes
    incarnation: str
    sequence: int
    previous: str


@dataclass(frozen=True)
class Server:
    """The server this book is enrolled with: its address, the regency and region codes granted, its public key."""

    url: str
    regency: str
    prefixes: tuple[str, ...]
    key: bytes
    trial: bool
    at_ms: int


@dataclass(frozen=True)
class Place:
    """How far the feed of a posyandu was read; `denied` when the server says it is not this laptop's area."""

    scope: str
    epoch: str
    g: int
    digest: str
    denied: bool


@dataclass(frozen=True)
class Packed:
    """A batch to be sent, with how many saves it holds."""

    id: str
    saves: int
    packed: bytes


@dataclass(frozen=True)
class Problem:
    """A batch the server keeps back, or saves in it that it does not show, with the reason."""

    batch: str
    scope: str
    saves: int
    verdict: str
    reason: str
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Round:
    """One past synchronisation: counts in saves, how it ended, and the sentence shown."""

    at_ms: int
    took_ms: int
    sent: int
    received: int
    confirmed: int
    outcome: str
    sentence: str


@dataclass(frozen=True)
class Counts:
    """Saves: all this laptop answers for, those the server has acknowledged, those seen back in its feed."""

    here: int
    sent: int
    confirmed: int


# --- this laptop -----------------------------------------------------------------------------------------------------


def identity(db: Database, fresh_secret: bytes) -> Identity:
    """This laptop's identity; made with `fresh_secret` at the first call."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO identity VALUES (1, ?, ?, 0, '') ON CONFLICT DO NOTHING", (fresh_secret, _new_incarnation())
        )
        return Identity(*rows(db, "SELECT secret, incarnation, sequence, previous FROM identity")[0])


def renew_incarnation(db: Database) -> None:
    """Begin a new chain of batches: this book may be a restored or cloned copy that another one goes on from."""
    db.conn.execute("UPDATE identity SET incarnation = ?, sequence = 0, previous = ''", (_new_incarnation(),))


def become_new_laptop(db: Database) -> None:
    """Forget this book's key and server after it was brought back on another laptop, which must enrol for itself.

    The batches stay, and are offered to the server as another laptop's.
    """
    db.conn.execute("DELETE FROM identity")
    db.conn.execute("DELETE FROM server")
    db.conn.execute("UPDATE batch SET own = 0")


def _new_incarnation() -> str:
    return secrets.token_hex(8)


def server(db: Database) -> Server | None:
    """The server this book is enrolled with, None before."""
    found = rows(db, "SELECT url, regency, prefixes, key, trial, at_ms FROM server")
    if not found:
        return None
    url, regency, prefixes, key, trial, at_ms = found[0]
    return Server(url, regency, tuple(json.loads(prefixes)), key, bool(trial), at_ms)


def enrolled(db: Database, to: Server) -> None:
    """Keep the server; what it held back before is offered again."""
    with transaction(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO server VALUES (1, ?, ?, ?, ?, ?, ?)",
            (to.url, to.regency, json.dumps(to.prefixes), to.key, int(to.trial), to.at_ms),
        )
        db.conn.execute(f"UPDATE batch SET verdict = '', reason = '' WHERE g IS NULL AND verdict IN {HELD_BACK}")
        db.conn.execute("UPDATE cursor SET denied = 0")


def moved(db: Database, url: str) -> None:
    """Note the server's new address."""
    with transaction(db):
        db.conn.execute("UPDATE server SET url = ?", (url,))


# --- sealing ---------------------------------------------------------------------------------------------------------


def scopes_to_seal(db: Database) -> list[tuple[str, str]]:
    """The posts with saves in no batch yet, each with its village code.

    Saves of a post that has no row yet, or no village, wait: no server could place them.
    """
    return rows(
        db,
        "SELECT DISTINCT op.scope, posyandu.village_code FROM op JOIN posyandu ON posyandu.id = op.scope"
        " WHERE op.sealed = 0 AND posyandu.village_code IS NOT NULL",
    )


def keep_sealed(
    db: Database, scope: str, batch_id: str, packed: bytes, ops: Sequence[Op], *, sequence: int, refused: str = ""
) -> None:
    """Keep a batch sealed here, its saves from now on unchangeable, in the caller's transaction.

    `refused`: why no server will take it; it is kept and shown, and never offered.
    """
    verdict = "ditolak" if refused else ""
    db.conn.execute(
        "INSERT INTO batch (id, scope, own, saves, bytes, state, verdict, reason) VALUES (?, ?, 1, ?, ?, ?, ?, ?)",
        (batch_id, scope, len(ops), packed, SEALED, verdict, refused),
    )
    journal.mark_sealed(db, ops)
    db.conn.execute("UPDATE identity SET sequence = ?, previous = ?", (sequence, batch_id))


# --- what is asked and sent ------------------------------------------------------------------------------------------


def places(db: Database) -> list[Place]:
    """Every posyandu this book knows a feed of or holds batches of, with how far its feed was read."""
    found = rows(
        db,
        "SELECT scope, epoch, g, digest, denied FROM cursor UNION ALL"
        " SELECT DISTINCT scope, '', 0, '', 0 FROM batch WHERE scope NOT IN (SELECT scope FROM cursor)",
    )
    return [Place(scope, epoch, g, digest, bool(denied)) for scope, epoch, g, digest, denied in found]


def place(db: Database, scope: str) -> Place | None:
    """How far the feed of one posyandu was read."""
    found = rows(db, "SELECT epoch, g, digest, denied FROM cursor WHERE scope = ?", (scope,))
    if not found:
        return None
    epoch, g, digest, denied = found[0]
    return Place(scope, epoch, g, digest, bool(denied))


def unconfirmed(db: Database, scope: str, most: int) -> list[str]:
    """Batches that were sent and not yet seen back: their ids are offered before their bytes."""
    found = rows(
        db,
        f"SELECT id FROM batch WHERE scope = ? AND g IS NULL AND state = ? AND verdict NOT IN {HELD_BACK}"
        " AND bytes IS NOT NULL ORDER BY n LIMIT ?",
        (scope, SENT, most),
    )
    return [batch for (batch,) in found]


def has_unconfirmed(db: Database) -> bool:
    """Whether something is to be offered, of whichever post."""
    return any(unconfirmed(db, place.scope, 1) for place in places(db))


def wanted(db: Database, scope: str, most: int) -> list[str]:
    """Batches of the feed of which this book lacks the bytes, written by a copy of it, or saves (`ask_anew`)."""
    found = rows(
        db,
        "SELECT id FROM (SELECT n, id FROM batch WHERE scope = ?1 AND bytes IS NULL UNION ALL"
        f" SELECT n, id FROM batch WHERE scope = ?1 AND state = '{ROBBED}') ORDER BY n LIMIT ?2",
        (scope, most),
    )
    return [batch for (batch,) in found]


def to_send(db: Database, room: int) -> list[Packed]:
    """Sealed batches, oldest first, as many as fit in `room` bytes; the first always."""
    chosen: list[Packed] = []
    found = db.conn.execute(
        f"SELECT id, saves, bytes FROM batch WHERE g IS NULL AND state = ? AND verdict NOT IN {HELD_BACK}"
        " AND bytes IS NOT NULL ORDER BY n",
        (SEALED,),
    )
    for batch, saves, packed in found:
        room -= len(packed)
        if chosen and room < 0:
            break
        chosen.append(Packed(batch, saves, packed))
    return chosen


def to_carry(db: Database, scopes: Collection[str] | None = None) -> list[Packed]:
    """Every batch not yet seen in the feed, oldest first, for a stick: sent or not, since a stick may be lost. Of all
    posts, or of these.
    """
    found = rows(
        db,
        "SELECT scope, id, saves, bytes FROM batch"
        f" WHERE g IS NULL AND verdict NOT IN {HELD_BACK} AND bytes IS NOT NULL ORDER BY n",
    )
    return [Packed(*row) for scope, *row in found if scopes is None or scope in scopes]


def to_hand_over(db: Database, scopes: Sequence[str], room: int, each: int) -> list[Packed]:
    """Batches of these posts for another laptop, oldest first, as many as fit in `room` bytes, each with `each` more.

    What no server has yet goes first, then the newest.
    """
    marks = ",".join("?" * len(scopes))
    found = db.conn.execute(
        f"SELECT n, id, saves, bytes FROM batch WHERE scope IN ({marks}) AND bytes IS NOT NULL"
        f" AND state <> '{ROBBED}' AND verdict NOT IN {HELD_BACK} ORDER BY g IS NOT NULL, n DESC",
        tuple(scopes),
    )
    chosen: list[tuple[int, Packed]] = []
    for n, batch, saves, packed in found:
        room -= len(packed) + each
        if room < 0:
            break
        chosen.append((n, Packed(batch, saves, packed)))
    return [packed for _n, packed in sorted(chosen, key=lambda pair: pair[0])]


def first_of(db: Database, scope: str) -> bytes | None:
    """The batch a feed begins with; of a post that no feed was seen of, the first that is here."""
    found = rows(
        db, "SELECT bytes FROM batch WHERE scope = ? AND bytes IS NOT NULL ORDER BY g IS NULL, g, n LIMIT 1", (scope,)
    )
    return found[0][0] if found else None


def in_feed(db: Database, scope: str) -> Iterator[bytes]:
    """The batches seen in the feed of a post, the newest first."""
    found = "SELECT bytes FROM batch WHERE scope = ? AND g IS NOT NULL AND bytes IS NOT NULL ORDER BY g DESC"
    for (packed,) in db.conn.execute(found, (scope,)):
        yield packed


def mark_sent(db: Database, ids: Iterable[str]) -> None:
    """Note that these batches are on their way: from now on they are offered by id first."""
    db.conn.executemany("UPDATE batch SET state = ? WHERE id = ?", [(SENT, batch) for batch in ids])


def has_to_send(db: Database) -> bool:
    """Whether sealed batches wait to be sent."""
    return bool(to_send(db, 0))


# --- what came back (all of one reply in the caller's one transaction) -----------------------------------------------


def send_again(db: Database, ids: Iterable[str]) -> int:
    """The server lacks these batches: their bytes go out again. How many that are."""
    cursor = db.conn.executemany(
        "UPDATE batch SET state = ? WHERE id = ? AND g IS NULL AND bytes IS NOT NULL AND state = ?",
        [(SEALED, batch, SENT) for batch in ids],
    )
    return max(cursor.rowcount, 0)


def sent_bytes(db: Database) -> list[Packed]:
    """Own batches without a verdict, with their bytes: to find which one a server could not read."""
    found = rows(db, "SELECT id, saves, bytes FROM batch WHERE g IS NULL AND state = ? AND verdict = ''", (SENT,))
    return [Packed(*row) for row in found]


def keep_verdict(db: Database, batch: str, verdict: str, reason: str, notes: Mapping[str, str]) -> None:
    """Keep the server's receipt for a batch. A late one that holds it back says nothing against a place in the feed."""
    db.conn.execute(
        "UPDATE batch SET verdict = ?, reason = ?, notes = ? WHERE id = ?"
        f" AND NOT (g IS NOT NULL AND ? IN {HELD_BACK})",
        (verdict, reason, json.dumps(dict(notes), sort_keys=True) if notes else None, batch, verdict),
    )


def knows(db: Database, batch: str) -> bool:
    """Whether the bytes of this batch are here."""
    return bool(rows(db, "SELECT 1 FROM batch WHERE id = ? AND bytes IS NOT NULL", (batch,)))


def bytes_of(db: Database, batch: str) -> bytes:
    """The bytes of this batch, none where they are still to be asked for."""
    found = rows(db, "SELECT bytes FROM batch WHERE id = ?", (batch,))
    return (found[0][0] if found else None) or b""


def saves_held(db: Database, batch: str) -> int | None:
    """How many saves of this batch are here, None without its bytes."""
    found = rows(db, "SELECT saves FROM batch WHERE id = ? AND bytes IS NOT NULL", (batch,))
    return int(found[0][0]) if found else None


def keep_received(db: Database, scope: str, batch: str, packed: bytes | None, saves: int, *, own: bool) -> None:
    """Keep a batch of the feed; without bytes when they are still to be asked for."""
    db.conn.execute(
        "INSERT INTO batch (id, scope, own, saves, bytes, state, verdict, reason) VALUES (?, ?, ?, ?, ?, ?, '', '')"
        " ON CONFLICT (id) DO UPDATE SET bytes = coalesce(batch.bytes, excluded.bytes),"
        " saves = max(batch.saves, excluded.saves), own = max(batch.own, excluded.own)",
        (batch, scope, int(own), saves, packed, SENT),
    )


def every(db: Database, scope: str) -> Iterator[tuple[str, int, bytes]]:
    """Id, number of saves and bytes of every batch of a posyandu that is here, one after the other."""
    for n in rows(db, "SELECT n FROM batch WHERE scope = ? AND bytes IS NOT NULL ORDER BY n", (scope,)):
        yield from rows(db, "SELECT id, saves, bytes FROM batch WHERE n = ?", n)


def numbered(db: Database, scope: str, after: int, most: int) -> list[tuple[int, str, bytes | None]]:
    """Number, id and bytes of the batches of a feed after a number, in order, at most so many; no bytes of what lacks
    saves, so that whoever reads it asks for them.
    """
    return rows(
        db,
        f"SELECT g, id, CASE state WHEN '{ROBBED}' THEN NULL ELSE bytes END FROM batch"
        " WHERE scope = ? AND g > ? ORDER BY g LIMIT ?",
        (scope, after, most),
    )


def unnumbered(db: Database, scope: str) -> list[tuple[str, bytes]]:
    """Id and bytes of the batches of a posyandu that were not seen in its feed yet."""
    return rows(
        db, "SELECT id, bytes FROM batch WHERE scope = ? AND g IS NULL AND bytes IS NOT NULL ORDER BY n", (scope,)
    )


def peers(db: Database) -> dict[str, bytes]:
    """The public keys of other laptops, by their ids."""
    return dict(rows(db, "SELECT device, key FROM peer"))


def rewrite(db: Database, batch: str, packed: bytes, saves: int) -> None:
    """Keep a batch without what was erased from it, in the caller's transaction."""
    db.conn.execute("UPDATE batch SET bytes = ?, saves = ? WHERE id = ?", (packed, saves, batch))


def drop(db: Database, batch: str) -> None:
    """Forget a batch that lacks saves and is in no feed, in the caller's transaction: what is left of it goes anew."""
    db.conn.execute("DELETE FROM batch WHERE id = ? AND g IS NULL", (batch,))


def is_confirmed(db: Database, batch: str) -> bool:
    """Whether a batch was seen in the feed."""
    return bool(rows(db, "SELECT 1 FROM batch WHERE id = ? AND g IS NOT NULL", (batch,)))


def is_all_confirmed(db: Database, scope: str) -> bool:
    """Whether every save made here for a posyandu was seen back in its feed."""
    return not rows(
        db,
        "SELECT 1 FROM op WHERE scope = ? AND sealed = 0 UNION ALL"
        " SELECT 1 FROM batch WHERE scope = ? AND own = 1 AND g IS NULL LIMIT 1",
        (scope, scope),
    )


def ask_anew(db: Database, batch: str) -> None:
    """Let a batch in the feed be asked for again, in the caller's transaction; what of it is here stays, for the server
    may have gone back meanwhile.
    """
    db.conn.execute("UPDATE batch SET state = ? WHERE id = ? AND g IS NOT NULL", (ROBBED, batch))


def is_robbed(db: Database, batch: str) -> bool:
    """Whether saves of this batch are to come back."""
    return bool(rows(db, "SELECT 1 FROM batch WHERE id = ? AND state = ?", (batch, ROBBED)))


def came_again(db: Database, batch: str) -> None:
    """Ask for it no more: this is all the server has of it."""
    db.conn.execute("UPDATE batch SET state = ? WHERE id = ? AND state = ?", (SENT, batch, ROBBED))


def confirm(db: Database, scope: str, numbers: Iterable[tuple[str, int]]) -> int:
    """Give batches their numbers in the feed; how many saves of this laptop became confirmed by it."""
    newly = 0
    for batch, g in numbers:
        found = rows(db, "SELECT own, saves, g FROM batch WHERE id = ?", (batch,))[0]
        newly += found[1] if found[0] and found[2] is None else 0
        db.conn.execute("UPDATE batch SET g = ? WHERE id = ? AND scope = ?", (g, batch, scope))
        db.conn.execute(
            "UPDATE batch SET verdict = 'terap', reason = ''"
            f" WHERE id = ? AND notes IS NULL AND verdict IN {HELD_BACK}",
            (batch,),
        )
    return newly


def move(db: Database, scope: str, epoch: str, g: int, digest: str) -> None:
    """Note how far the feed was read."""
    db.conn.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, 0)", (scope, epoch, g, digest))


def deny(db: Database, scope: str) -> None:
    """Note that the server does not count this posyandu to this laptop's area."""
    db.conn.execute("UPDATE cursor SET denied = 1 WHERE scope = ?", (scope,))


def allow(db: Database, scope: str) -> bool:
    """Note that the server counts this posyandu to this laptop's area; whether it did not."""
    return db.conn.execute("UPDATE cursor SET denied = 0 WHERE scope = ? AND denied = 1", (scope,)).rowcount > 0


def start_over(db: Database, scope: str, epoch: str, digest: str) -> None:
    """The server went back: nothing of this feed is confirmed any more, and every batch here is offered again.

    Batches known by name only are forgotten: the feed names them anew if anybody still has their bytes.
    """
    db.conn.execute("DELETE FROM batch WHERE scope = ? AND bytes IS NULL", (scope,))
    db.conn.execute(
        "UPDATE batch SET g = NULL, state = ?, verdict = '', reason = '', notes = NULL WHERE scope = ?", (SENT, scope)
    )
    move(db, scope, epoch, 0, digest)


def peer(db: Database, device: str) -> bytes | None:
    """The public key of another laptop, as the server gave it."""
    found = rows(db, "SELECT key FROM peer WHERE device = ?", (device,))
    return found[0][0] if found else None


@dataclass(frozen=True)
class Companion:
    """Another laptop whose key is known: the posts it has written for, and the kader who last did."""

    device: str
    key: bytes
    scopes: tuple[str, ...]
    author: str


def companions(db: Database, device: str) -> list[Companion]:
    """The laptops that write for the same posts, which a server has vouched for; not that server itself."""
    found = rows(
        db,
        "SELECT peer.device, peer.key, group_concat(DISTINCT op.scope), max(op.n) FROM peer"
        f" JOIN op ON op.device = peer.device WHERE peer.device <> ? AND peer.device NOT LIKE '{SERVER}%'"
        " GROUP BY peer.device ORDER BY max(op.n) DESC",
        (device,),
    )
    bodies = {n: rows(db, "SELECT body FROM op WHERE n = ?", (n,))[0][0] for _device, _key, _scopes, n in found}
    return [
        Companion(each, key, tuple(sorted(scopes.split(","))), str(json.loads(bodies[n])["k"]))
        for each, key, scopes, n in found
    ]


def keep_peers(db: Database, keys: Mapping[str, bytes]) -> None:
    """Keep the public keys of other laptops; the first one seen stays."""
    db.conn.executemany("INSERT INTO peer VALUES (?, ?) ON CONFLICT DO NOTHING", list(keys.items()))


# --- what people see -------------------------------------------------------------------------------------------------


def counts(db: Database, device: str) -> Counts:
    """The saves this laptop answers for: its own, and those of others it carries and has not seen in the feed.

    Counted from what is not safe, so that a save that is in two batches (a restored book sealed it again) is safe
    only when both are.
    """
    (written, unsealed) = rows(
        db, "SELECT count(*), count(*) FILTER (WHERE sealed = 0) FROM op WHERE device = ?", (device,)
    )[0]
    carried, unsafe, unanswered = rows(
        db,
        "SELECT coalesce(sum(saves) FILTER (WHERE own = 0), 0), coalesce(sum(saves), 0),"
        " coalesce(sum(saves) FILTER (WHERE verdict IN ('', 'ditolak')), 0)"
        " FROM batch WHERE g IS NULL AND bytes IS NOT NULL",
    )[0]
    here = written + carried
    return Counts(here, max(here - unsealed - unanswered, 0), max(here - unsealed - unsafe, 0))


def problems(db: Database) -> list[Problem]:
    """Batches held back and saves in batches that the server does not show, newest first."""
    found = rows(
        db,
        "SELECT id, scope, saves, verdict, reason, notes FROM batch"
        " WHERE verdict IN ('karantina', 'ditolak', 'sebagian') ORDER BY n DESC",
    )
    return [
        Problem(batch, scope, saves, verdict, reason, json.loads(notes) if notes else {})
        for batch, scope, saves, verdict, reason, notes in found
    ]


def unplaced(db: Database) -> int:
    """Saves that wait because their posyandu has no village yet."""
    (count,) = rows(
        db,
        "SELECT count(*) FROM op WHERE sealed = 0 AND NOT EXISTS"
        " (SELECT 1 FROM posyandu WHERE posyandu.id = op.scope AND posyandu.village_code IS NOT NULL)",
    )[0]
    return int(count)


def conflicts(db: Database) -> int:
    """How many records show one of several values that did not see each other."""
    tables = " UNION ALL ".join(
        f"SELECT count(*) AS c FROM {form} WHERE conflicts IS NOT NULL AND withdrawn = 0" for form in FORMS
    )
    (count,) = rows(db, f"SELECT sum(c) FROM ({tables})")[0]
    return int(count)


def keep_round(db: Database, done: Round) -> None:
    """Keep what a synchronisation did; the last thousand stay."""
    with transaction(db):
        db.conn.execute(
            "INSERT INTO sync_round (at_ms, took_ms, sent, received, confirmed, outcome, sentence)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (done.at_ms, done.took_ms, done.sent, done.received, done.confirmed, done.outcome, done.sentence),
        )
        db.conn.execute("DELETE FROM sync_round WHERE n <= (SELECT max(n) FROM sync_round) - 1000")


def rounds(db: Database, most: int = 50) -> list[Round]:
    """The last synchronisations, newest first."""
    found = rows(
        db,
        "SELECT at_ms, took_ms, sent, received, confirmed, outcome, sentence FROM sync_round ORDER BY n DESC LIMIT ?",
        (most,),
    )
    return [Round(*row) for row in found]
