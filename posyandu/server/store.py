"""Every SQL statement of the server. Functions take a connection; the caller owns the transaction."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import orjson
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

from posyandu.domain.change import SERVER, Op
from posyandu.server import arrays

Connection = psycopg.Connection[Any]
Pool = ConnectionPool[Connection]

APP_ROLE = "posyandu_app"
"""Whom the server works as: not the owner, and fenced in by the regions of the transaction."""
OLDEST = 150000
"""PostgreSQL 15."""
_MIGRATION_LOCK = 0x706F73
NONCE_DAYS = 90


class NotReady(Exception):
    """The database cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Identity:
    """Who this server is."""

    epoch: str
    secret: bytes
    trial: bool


@dataclass(frozen=True)
class Device:
    """An enrolled laptop and the region codes it works in."""

    regency: str
    id: str
    key: bytes
    name: str
    prefixes: tuple[str, ...]
    enrolled_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None
    close_book: bool = False

    @property
    def is_server(self) -> bool:
        """Whether this is the server's own."""
        return self.id.startswith(SERVER)


@dataclass(frozen=True)
class Area:
    """A posyandu: where it lies and where its feed stands."""

    scope: str
    village: str
    g: int
    digest: bytes


@dataclass(frozen=True)
class Stored:
    """A batch the server holds. `g` is None in quarantine."""

    id: bytes
    scope: str
    device: str
    g: int | None
    state: str
    reason: str
    ops: dict[str, str]
    packed: bytes
    digest: bytes | None


@dataclass(frozen=True)
class FeedRow:
    """One number of a feed as it is sent: without bytes where the asking device wrote them."""

    id: bytes
    device: str
    g: int
    digest: bytes
    packed: bytes | None


class Projection(NamedTuple):
    """What stands of one record, ready to be written."""

    entity: str
    record: str
    doc: Mapping[str, Any]
    conflicts: dict[str, Any] | None
    withdrawn: bool
    revived: bool
    depth: int


Fresh = tuple[int, str, str, object, object, int, int]
"""What stands of a record that is new: the number of its batch, entity, id, document (bytes are JSON already),
conflicts, 1 when withdrawn and 2 more when revived, depth.
"""


class Met(Exception):
    """A record that was to be new is known already; the transaction is over."""


def open_pool(url: str, size: int, *, fenced: bool = False) -> Pool:
    """A pool of connections. Raises NotReady when the database does not let us in within PATIENCE seconds.

    `fenced`: they work as APP_ROLE, which `migrate` makes, and see nothing before somebody says where (`inside`).
    """
    settings: dict[str, Any] = {"autocommit": True, "application_name": "posyandu"}
    try:
        given = conninfo_to_dict(url).get("options") or ""
    except psycopg.ProgrammingError:  # its text repeats the address, which may hold a password
        raise NotReady("Alamat basis data salah tulis: periksa DATABASE_URL") from None
    if fenced:
        settings["options"] = f"{given} -c role={APP_ROLE}".strip()
    _await_database(url)
    pool = ConnectionPool(url, min_size=1, max_size=size, kwargs=settings, open=False)
    try:
        pool.open(wait=True, timeout=30)
    except psycopg.Error as error:
        pool.close()
        raise NotReady("Basis data tidak dapat dibuka: periksa DATABASE_URL") from error
    return pool


PATIENCE = 5
"""Seconds a database may take to let us in: one that is starting does, and nobody waits long for a word."""


def _await_database(url: str) -> None:
    soon = make_conninfo(url, **({} if "connect_timeout" in conninfo_to_dict(url) else {"connect_timeout": 3}))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(soon).close()
        except psycopg.OperationalError as error:
            if time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            told = [line for line in str(error).splitlines() if "failed: " in line] or [type(error).__name__]
            why = told[-1].rpartition("failed: ")[2].strip()  # libpq names places and users there, never a password
            raise NotReady(
                f"Basis data tidak dapat dibuka dalam {PATIENCE} detik ({why}). Hidupkan PostgreSQL"
                " (systemctl status postgresql) atau periksa DATABASE_URL, lalu jalankan lagi"
            ) from None
        return


@contextmanager
def inside(connection: Connection, prefixes: Iterable[str]) -> Iterator[None]:
    """A transaction as APP_ROLE that sees and writes only posts in villages below these region codes."""
    with connection.transaction():
        connection.execute(
            "SELECT set_config('role', %s, true), set_config('app.areas', %s, true)", (APP_ROLE, ",".join(prefixes))
        )
        yield


def migrations() -> list[tuple[int, str, str]]:
    """Number, name and SQL of every migration, in order."""
    folder = resources.files("posyandu.server") / "migrations"
    found = []
    for file in folder.iterdir():
        match = re.fullmatch(r"(\d{3})_(\w+)\.sql", file.name)
        if match:
            found.append((int(match[1]), match[2], file.read_text(encoding="utf-8")))
    return sorted(found)


def migrate(connection: Connection) -> list[str]:
    """Apply the migrations this database has not seen; two servers starting together take turns.

    Raises NotReady for a PostgreSQL older than 15 or a database of a newer server.
    """
    if connection.info.server_version < OLDEST:
        raise NotReady("PostgreSQL terlalu lama: perlu versi 15 atau lebih baru")
    known = migrations()
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (number integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())"
        )
        done = {number for (number,) in connection.execute("SELECT number FROM migration")}
        if done - {number for number, _name, _sql in known}:
            raise NotReady("Basis data ini milik server versi lebih baru: pasang versi itu")
        applied = []
        for number, name, sql in known:
            if number not in done:
                _run(connection, sql)
                connection.execute("INSERT INTO migration (number, name) VALUES (%s, %s)", (number, name))
                applied.append(f"{number:03} {name}")
    return applied


RIGHTS = ("pg_monitor", "pg_checkpoint")
"""Roles of PostgreSQL the owner should have: to see standbys, and to empty the files of what was erased at once."""


def take_rights(connection: Connection) -> str:
    """Give the owner RIGHTS where it may do so itself; otherwise the one line an administrator of PostgreSQL types."""
    lacking = "SELECT role FROM unnest(%s::text[]) AS role WHERE NOT pg_has_role(role, 'USAGE')"
    names = [name for (name,) in connection.execute(lacking, (list(RIGHTS),))]
    if not names:
        return ""
    roles = sql.SQL(", ").join(map(sql.Identifier, names))
    told = sql.SQL("GRANT {} TO {}").format(roles, sql.Identifier(connection.info.user))
    try:
        connection.execute(told)
    except psycopg.errors.InsufficientPrivilege:
        return told.as_string(connection)
    return ""


def _run(connection: Connection, sql: str) -> None:
    try:
        connection.execute(sql.encode())
    except psycopg.errors.InsufficientPrivilege as error:
        owner = connection.info.user
        raise NotReady(
            "Basis data perlu disiapkan administrator PostgreSQL sekali saja:"
            f" CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO {owner}; lalu jalankan posyandu-server init lagi"
        ) from error


@cache
def _newest() -> int:
    return migrations()[-1][0]


def be_someone(connection: Connection, epoch: str, secret: bytes, *, trial: bool) -> Identity:
    """This server's identity: the given one if it has none yet, otherwise the one it has."""
    connection.execute(
        "INSERT INTO server (epoch, secret, trial) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (epoch, secret, trial)
    )
    return identity(connection)


def identity(connection: Connection) -> Identity:
    """Who this server is. Raises NotReady before `init`."""
    found = connection.execute("SELECT epoch, secret, trial FROM server").fetchone()
    if found is None:
        raise NotReady("Server belum disiapkan: jalankan posyandu-server init")
    return Identity(*found)


def renew_epoch(connection: Connection, epoch: str) -> None:
    """Tell every laptop that feeds may have gone back: after restoring a backup."""
    connection.execute("UPDATE server SET epoch = %s", (epoch,))


# --- devices ---------------------------------------------------------------------------------------------------------


def add_code(
    connection: Connection, regency: str, code_hash: bytes, prefixes: Sequence[str], name: str, hours: int
) -> None:
    """Keep the hash of a one-time enrolment code, and make room for its regency."""
    connection.execute("SELECT add_regency(%s)", (regency,))
    connection.execute(
        "INSERT INTO enrol_code (kab, hash, prefixes, name, expires_at)"
        " VALUES (%s, %s, %s, %s, now() + make_interval(hours => %s))",
        (regency, code_hash, list(prefixes), name, hours),
    )


def use_code(connection: Connection, regency: str, code_hash: bytes, device: str) -> tuple[tuple[str, ...], str] | None:
    """Spend a code for this device: its prefixes and name, or None when unknown, expired or used by another.

    The same device may spend its code again: its first answer may have been lost.
    """
    found = connection.execute(
        "SELECT prefixes, name FROM use_code(%s, %s, %s)", (regency, code_hash, device)
    ).fetchone()
    return None if found is None else (tuple(found[0]), found[1])


def add_device(
    connection: Connection, regency: str, device: str, key: bytes, name: str, prefixes: Sequence[str]
) -> bool:
    """Enrol a device, or renew it with the same key; False when that id has another key or was revoked."""
    connection.execute("SELECT add_regency(%s)", (regency,))
    given = (regency, device, key, name, list(prefixes))
    found = connection.execute("SELECT enrol_laptop(%s, %s, %s, %s, %s)", given).fetchone()
    return found is not None and bool(found[0])


_DEVICE = "kab, id, key, name, prefixes, enrolled_at, seen_at, revoked_at, close_book"


def device(connection: Connection, regency: str, device_id: str) -> Device | None:
    """The enrolled device with this id."""
    found = connection.execute(f"SELECT {_DEVICE} FROM laptops(%s, ARRAY[%s::text])", (regency, device_id)).fetchone()
    return None if found is None else _device(found)


def devices(connection: Connection, regency: str | None = None) -> list[Device]:
    """All devices, of one regency or of all."""
    found = connection.execute(
        f"SELECT {_DEVICE} FROM device WHERE %(kab)s::text IS NULL OR kab = %(kab)s ORDER BY kab, enrolled_at",
        {"kab": regency},
    )
    return [_device(row) for row in found]


class Copied(NamedTuple):
    """A laptop whose disk was copied: when two copies were last seen to write, and whether an administrator has settled
    what was seen up to then.
    """

    at: datetime
    is_settled: bool


def copied(connection: Connection) -> dict[tuple[str, str], Copied]:
    """By regency and id, the laptops whose disk was copied: two batches lie under one number, or an earlier line of
    batches went on after a later one had begun.
    """
    found = connection.execute("SELECT kab, device, at, settled_at FROM copied_laptops() ORDER BY at DESC")
    return {(kab, laptop): Copied(at, done is not None and done >= at) for kab, laptop, at, done in found}


def settle_copies(connection: Connection, regency: str, device_id: str) -> None:
    """What was seen of copies of this laptop until now is settled; what is seen from now on counts again."""
    connection.execute("UPDATE device SET copies_settled_at = now() WHERE kab = %s AND id = %s", (regency, device_id))


@dataclass(frozen=True)
class ToCheck:
    """A save of a batch in a feed that an administrator should look at: why is "periksa: ..." or "tunda: ..."."""

    regency: str
    batch: str
    scope: str
    device: str
    day: str
    why: str


def saves_to_check(connection: Connection) -> list[ToCheck]:
    """Every save that is to be looked at and has not been, the newest first."""
    found = connection.execute(
        "SELECT kab, encode(id, 'hex'), scope, device, received_at::date::text, told.value"
        " FROM batch, jsonb_each_text(ops) AS told"
        " WHERE g IS NOT NULL AND settled_at IS NULL AND NOT starts_with(told.value, 'karantina')"
        " ORDER BY received_at DESC, id, told.value"
    )
    return [ToCheck(*row) for row in found]


def settle_saves(connection: Connection, regency: str, batch_id: bytes) -> None:
    """The saves of this batch that were to be looked at have been."""
    connection.execute("UPDATE batch SET settled_at = now() WHERE kab = %s AND id = %s", (regency, batch_id))


def device_keys(connection: Connection, regency: str, ids: Iterable[str]) -> dict[str, bytes]:
    """The public keys of these devices."""
    found = connection.execute("SELECT id, key FROM laptops(%s, %s)", (regency, list(ids)))
    return dict(found.fetchall())


def revoke(connection: Connection, regency: str, device_id: str, why: str, *, close_book: bool = False) -> bool:
    """End a device's right to send and receive, and perhaps have it told to close its book; False when there is no
    such device in force.
    """
    cursor = connection.execute(
        "UPDATE device SET revoked_at = now(), revoked_why = %s, close_book = %s"
        " WHERE kab = %s AND id = %s AND revoked_at IS NULL",
        (why, close_book, regency, device_id),
    )
    return cursor.rowcount == 1


def reinstate(connection: Connection, regency: str, device_id: str) -> bool:
    """Give a revoked device its right back, its book no longer told to close; False when it was not revoked."""
    cursor = connection.execute(
        "UPDATE device SET revoked_at = NULL, close_book = false WHERE kab = %s AND id = %s AND revoked_at IS NOT NULL",
        (regency, device_id),
    )
    return cursor.rowcount == 1


def set_prefixes(connection: Connection, regency: str, device_id: str, prefixes: Sequence[str]) -> None:
    """Let a device work in these areas from now on."""
    connection.execute(
        "UPDATE device SET prefixes = %s WHERE kab = %s AND id = %s", (list(prefixes), regency, device_id)
    )


def note_contact(connection: Connection, regency: str, device_id: str, nonce: str, app: str) -> bool:
    """Remember a request's nonce and that the device was here; False when that nonce was used before."""
    fresh = connection.execute(
        "WITH fresh AS (INSERT INTO nonce (kab, device, nonce) VALUES (%(kab)s, %(device)s, %(nonce)s)"
        " ON CONFLICT DO NOTHING RETURNING device)"
        " UPDATE device SET seen_at = now(), app = %(app)s FROM fresh WHERE kab = %(kab)s AND id = fresh.device",
        {"kab": regency, "device": device_id, "nonce": nonce, "app": app},
    )
    return fresh.rowcount == 1


def forget_old_nonces(connection: Connection) -> None:
    """Drop nonces older than NONCE_DAYS; what such a request could repeat changes nothing anyway."""
    connection.execute("DELETE FROM nonce WHERE at < now() - make_interval(days => %s)", (NONCE_DAYS,))


# --- feeds -----------------------------------------------------------------------------------------------------------

_INSIDE = "EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) p WHERE starts_with(village, p))"


def area(connection: Connection, regency: str, scope: str, *, lock: bool = False) -> Area | None:
    """One posyandu; with `lock`, held until the end of the transaction: writers of one posyandu take turns."""
    found = connection.execute(
        "SELECT scope, village, g, digest FROM area WHERE kab = %s AND scope = %s" + (" FOR UPDATE" if lock else ""),
        (regency, scope),
    ).fetchone()
    return None if found is None else Area(*found)


def is_post(connection: Connection, regency: str, scope: str) -> bool:
    """Whether this posyandu is known, in whatever area."""
    found = connection.execute("SELECT is_post(%s, %s)", (regency, scope)).fetchone()
    return found is not None and found[0]


def add_area(connection: Connection, regency: str, scope: str, village: str, device_id: str) -> None:
    """Note a new posyandu; nothing happens when it is known."""
    connection.execute(
        "INSERT INTO area (kab, scope, village, made_by) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (regency, scope, village, device_id),
    )


def areas_inside(connection: Connection, regency: str, prefixes: Sequence[str]) -> list[Area]:
    """Every posyandu in a village below one of the region codes."""
    found = connection.execute(
        f"SELECT scope, village, g, digest FROM area WHERE kab = %(kab)s AND {_INSIDE} ORDER BY village, scope",
        {"kab": regency, "prefixes": list(prefixes)},
    )
    return [Area(*row) for row in found]


@dataclass(frozen=True)
class Seen:
    """What a laptop that calls is told of: `split` when a copy of it writes too, `arrivals` when somebody is on the way
    to its villages, `erasures` when one there has not been looked at, and the posts there.
    """

    split: bool
    arrivals: bool
    erasures: bool
    areas: list[Area]


Read = tuple[bytes | None, list["FeedRow"]]
"""Of one post the digest at the number a laptop has read to, and the batches after it."""


def look(
    connection: Connection,
    device: Device,
    incarnation: str,
    asks: Mapping[str, int],
    *,
    room: int,
    most: int,
) -> tuple[Seen, dict[str, Read]]:
    """All of that, and what comes after these numbers of these feeds (see `feed`), in one statement that sees nothing
    outside the areas of the device, and needs no transaction.
    """
    rows = connection.execute(
        "SELECT * FROM look(%s, %s, %s, %s, %s::text[], %s::bigint[], %s, %s, %s)",
        (
            device.regency, device.id, incarnation, ",".join(device.prefixes), list(asks), list(asks.values()), room,
            most, ENTRY_OVERHEAD,
        ),
    ).fetchall()  # fmt: skip
    found: dict[str, Read] = {scope: (None, []) for scope in asks}
    areas = []
    for _split, _arrivals, _erasures, scope, village, g, digest, batch_id, writer, packed in rows[1:]:
        if village is not None:
            areas.append(Area(scope, village, g, digest))
        elif batch_id is None:
            found[scope] = (digest, [])
        else:
            found[scope][1].append(FeedRow(batch_id, writer, g, digest, packed))
    split, arrivals, erasures = rows[0][:3]
    return Seen(split, arrivals, erasures, areas), found


def names(connection: Connection, regency: str, scopes: Iterable[str]) -> dict[str, str]:
    """The names of posts, where they are known."""
    found = connection.execute(
        "SELECT scope, doc->>'name' FROM record WHERE kab = %s AND scope = ANY(%s) AND entity = 'posyandu'"
        " AND id = scope AND doc->>'name' IS NOT NULL",
        (regency, list(scopes)),
    )
    return dict(found.fetchall())


_FEED = """
SELECT id, device, g, digest, bytes FROM (
    SELECT id, device, g, digest, CASE WHEN device = %(asking)s THEN NULL ELSE bytes END AS bytes,
           sum(%(overhead)s + CASE WHEN device = %(asking)s THEN 0 ELSE length(bytes) END) OVER (ORDER BY g) AS upto
    FROM (SELECT * FROM batch WHERE kab = %(kab)s AND scope = %(scope)s AND g > %(after)s ORDER BY g LIMIT %(most)s)
         AS next
) AS sized WHERE upto <= %(room)s OR g = %(after)s + 1
UNION ALL SELECT NULL, NULL, g, digest, NULL FROM batch WHERE kab = %(kab)s AND scope = %(scope)s AND g = %(after)s
ORDER BY g
"""
ENTRY_OVERHEAD = 90


def feed(
    connection: Connection, regency: str, scope: str, *, after: int, asking: str, room: int, most: int
) -> tuple[bytes | None, list[FeedRow]]:
    """The digest at a number of a feed, and the batches after it in order: as many as fit in `room`, at least one.

    The bytes of what the asking device wrote are left out.
    """
    found = connection.execute(
        _FEED,
        {
            "kab": regency, "scope": scope, "after": after, "asking": asking, "room": room, "most": most,
            "overhead": ENTRY_OVERHEAD,
        },
    )  # fmt: skip
    rows = [FeedRow(*row) for row in found]
    place = rows.pop(0).digest if rows and rows[0].g == after else None
    return place, rows


_BATCH = "id, scope, device, g, state, reason, ops, bytes, digest"


def batch(connection: Connection, regency: str, batch_id: bytes) -> Stored | None:
    """One batch, in a feed or in quarantine."""
    found = connection.execute(f"SELECT {_BATCH} FROM batch WHERE kab = %s AND id = %s", (regency, batch_id)).fetchone()
    return None if found is None else Stored(*found)


@dataclass(frozen=True)
class Judged:
    """What became of a batch the server holds. `g` is None in quarantine."""

    scope: str
    g: int | None
    state: str
    reason: str
    ops: dict[str, str]


def judged(connection: Connection, regency: str, ids: Sequence[bytes]) -> dict[bytes, Judged]:
    """What became of those of these batches that the server holds, in a feed or in quarantine, of whatever area."""
    found = connection.execute("SELECT id, scope, g, state, reason, ops FROM verdicts_on(%s, %s)", (regency, list(ids)))
    return {row[0]: Judged(*row[1:]) for row in found}


def held(connection: Connection, regency: str, scope: str, ids: Sequence[bytes]) -> set[bytes]:
    """Which of these batches of a posyandu the server holds, in its feed or in quarantine."""
    return {batch_id for batch_id, each in judged(connection, regency, ids).items() if each.scope == scope}


def in_feed(connection: Connection, regency: str, scope: str, ids: Sequence[bytes]) -> list[Stored]:
    """Those of these batches that are in the feed of this posyandu."""
    found = connection.execute(
        f"SELECT {_BATCH} FROM batch WHERE kab = %s AND id = ANY(%s) AND scope = %s AND g IS NOT NULL",
        (regency, list(ids), scope),
    )
    return [Stored(*row) for row in found]


_CALLS = ["text"] * 4
_BATCHES = ["int", *["text", "bytea"], *["text"] * 3, "bigint", "int", "text", "jsonb", "bytea", *["text"] * 2]
_TAKE_IN = (
    f"SELECT * FROM take_in(%b, {', '.join(f'%b::{kind}[]' for kind in (*_CALLS, *_BATCHES))}, {', '.join(['%b'] * 7)})"
)


def take_in(
    connection: Connection,
    regions: Iterable[str],
    calls: Sequence[tuple[str, str, str, str]],
    batches: Sequence[tuple[Any, ...]],
    records: Sequence[Fresh],
) -> tuple[list[bool], list[int | None]]:
    """Whether the nonce of each call is new, and the number each batch got in its feed; None when it cannot go so.

    One statement and transaction behind a fence of these regions. A call is regency, device, nonce, app; a batch the
    number of its call from 1, regency, id, scope, device, incarnation, sequence, count, state, notes, bytes, who
    brought it, and the regions of its author joined by commas. All records are taken to be new: raises UniqueViolation
    when one is not, or when a batch is known.
    """
    batch_of, entities, ids, docs, conflicts, marks, depths = zip(*records, strict=True) if records else [()] * 7
    found = connection.execute(
        _TAKE_IN,
        (
            ",".join(regions), *map(list, zip(*calls, strict=True)), *map(list, zip(*batches, strict=True)),
            arrays.numbers(batch_of), arrays.texts(entities), arrays.texts(ids), arrays.documents(docs),
            arrays.documents(conflicts), arrays.numbers(marks), arrays.numbers(depths),
        ),
    ).fetchone()  # fmt: skip
    assert found is not None
    return found[0], found[1]


_RECORDS = """
jsonb_to_recordset(%(records)s::jsonb) AS each (e text, r text, d jsonb, c jsonb, t boolean, v boolean, l bigint)
"""
_ADD_BATCH = f"""
WITH fresh AS (
    INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, g, digest, state, ops, bytes, brought_by)
    VALUES (%(kab)s, %(id)s, %(scope)s, %(device)s, %(incarnation)s, %(sequence)s, %(n)s, %(g)s, %(digest)s,
            %(state)s, %(ops)s, %(bytes)s, %(brought_by)s)
    ON CONFLICT (kab, id) DO UPDATE SET g = excluded.g, digest = excluded.digest, state = excluded.state, reason = '',
        ops = excluded.ops WHERE batch.g IS NULL AND %(release)s
    RETURNING g, digest
), stands AS (
    INSERT INTO record (kab, scope, entity, id, doc, conflicts, withdrawn, revived, depth, g, feed)
    SELECT %(kab)s, %(scope)s, e, r, d, c, t, v, l, fresh.g, ARRAY[fresh.g] FROM fresh CROSS JOIN {_RECORDS}
)
UPDATE area SET g = fresh.g, digest = fresh.digest FROM fresh WHERE kab = %(kab)s AND scope = %(scope)s RETURNING area.g
"""


def add_batch(
    connection: Connection,
    regency: str,
    batch_id: bytes,
    *,
    at: tuple[int, bytes],
    header: tuple[str, str, str, int, int],
    verdict: tuple[str, dict[str, str]],
    packed: bytes,
    brought_by: str,
    records: Iterable[Projection],
    release: bool = False,
) -> bool:
    """Append a batch to its feed at (g, digest), with the records that are new with it; False when it is known already.

    `header` is scope, device, incarnation, sequence, count; `verdict` state and reasons by op. The caller holds the
    lock of the area. `release` takes it out of quarantine. Raises Met when one of the records is not new.
    """
    scope, device_id, incarnation, sequence, n = header
    try:
        found = connection.execute(
            _ADD_BATCH,
            {
                "kab": regency, "id": batch_id, "scope": scope, "device": device_id, "incarnation": incarnation,
                "sequence": sequence, "n": n, "g": at[0], "digest": at[1], "state": verdict[0],
                "ops": Jsonb(verdict[1]), "bytes": packed, "brought_by": brought_by, "release": release,
                "records": _as_json(records),
            },
        ).fetchone()  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        raise Met from error
    return found is not None


def quarantine(
    connection: Connection,
    regency: str,
    batch_id: bytes,
    header: tuple[str, str, str, int, int],
    packed: bytes,
    brought_by: str,
    reason: str,
) -> None:
    """Keep a batch without showing it, for an officer to decide."""
    connection.execute(
        "INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, state, reason, bytes, brought_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'karantina', %s, %s, %s) ON CONFLICT DO NOTHING",
        (regency, batch_id, *header, reason, packed, brought_by),
    )


def quarantined(connection: Connection, regency: str | None = None) -> list[tuple[str, str, str, str, int, str, str]]:
    """Regency, id, device, scope, saves, reason and day of every batch in quarantine."""
    found = connection.execute(
        "SELECT kab, encode(id, 'hex'), device, scope, n, reason, received_at::date::text FROM batch"
        " WHERE g IS NULL AND (%(kab)s::text IS NULL OR kab = %(kab)s) ORDER BY received_at",
        {"kab": regency},
    )
    return found.fetchall()


def known_records(
    connection: Connection, regency: str, scope: str, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[int]]:
    """Those of these records (entity, id) that are known, each with the numbers of the batches its saves lie in."""
    found = connection.execute(
        "SELECT known.entity, known.id, known.feed FROM unnest(%b::text[], %b::text[]) AS touched (entity, id)"
        " CROSS JOIN LATERAL (SELECT entity, id, feed FROM record"  # one look into the index each, whatever the planner
        " WHERE kab = %s AND scope = %s AND entity = touched.entity AND id = touched.id OFFSET 0) AS known",
        ([entity for entity, _id in keys], [record for _entity, record in keys], regency, scope),
    )
    return {(entity, record): feed for entity, record, feed in found}


def packed_at(
    connection: Connection, regency: str, scope: str, numbers: Iterable[int]
) -> Iterator[tuple[int, str, bytes]]:
    """Number, writing device and bytes of the batches at these numbers of a feed, one after the other."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), 50):
        yield from connection.execute(
            "SELECT g, device, bytes FROM batch WHERE kab = %s AND scope = %s AND g = ANY(%s) ORDER BY g",
            (regency, scope, ordered[start : start + 50]),
        )


_RENEW = f"""
UPDATE record SET doc = d, conflicts = c, withdrawn = t, revived = v, depth = l, g = %(g)s,
    feed = CASE WHEN feed @> ARRAY[%(g)s::bigint] THEN feed ELSE feed || %(g)s::bigint END
FROM {_RECORDS} WHERE kab = %(kab)s AND scope = %(scope)s AND entity = e AND id = r
"""


def renew_records(connection: Connection, regency: str, scope: str, g: int, records: Iterable[Projection]) -> None:
    """Write what stands of known records now that the batch at `g` touched them."""
    connection.execute(_RENEW, {"kab": regency, "scope": scope, "g": g, "records": _as_json(records)})


def forget_records(connection: Connection, regency: str, scope: str) -> None:
    """Drop what stands in a posyandu, to project it anew."""
    connection.execute("DELETE FROM record WHERE kab = %s AND scope = %s", (regency, scope))


def add_records(
    connection: Connection, regency: str, scope: str, records: Iterable[Projection], feeds: Iterable[Sequence[int]]
) -> None:
    """Write records that are not there, each with the numbers of its batches."""
    query = (
        "INSERT INTO record (kab, scope, entity, id, doc, conflicts, withdrawn, revived, depth, g, feed)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            query,
            [
                (
                    regency, scope, each.entity, each.record, Jsonb(each.doc), Jsonb(each.conflicts) if each.conflicts
                    else None, each.withdrawn, each.revived, each.depth, max(feed), list(feed),
                )
                for each, feed in zip(records, feeds, strict=True)
            ],
        )  # fmt: skip


def erased(connection: Connection, regency: str, scope: str) -> frozenset[str]:
    """Short ids of saves and ids of records that were erased in this posyandu."""
    found = connection.execute("SELECT id FROM erased WHERE kab = %s AND scope = %s", (regency, scope))
    return frozenset(each for (each,) in found)


def note_erased(connection: Connection, regency: str, scope: str, ids: Iterable[str]) -> None:
    """Remember what an erasure names."""
    connection.execute(
        "INSERT INTO erased (kab, scope, id) SELECT %s, %s, unnest(%s::text[]) ON CONFLICT DO NOTHING",
        (regency, scope, list(ids)),
    )


def batches_with(connection: Connection, regency: str, scope: str, records: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """Id and bytes of every batch in the feed with saves of these records, and of all that wait in quarantine."""
    found = connection.execute(
        "SELECT id, bytes FROM batch WHERE kab = %(kab)s AND scope = %(scope)s AND (g IS NULL OR g IN (SELECT"
        " unnest(feed) FROM record WHERE kab = %(kab)s AND scope = %(scope)s AND id = ANY(%(records)s)))",
        {"kab": regency, "scope": scope, "records": list(records)},
    )
    return [(bytes(batch_id), bytes(packed)) for batch_id, packed in found]


def rewrite_batch(connection: Connection, regency: str, batch_id: bytes, packed: bytes) -> None:
    """Keep a batch without what was erased from it; for this transaction the guard against rewriting lets it pass."""
    connection.execute("SET LOCAL posyandu.erasing = 'on'")
    connection.execute("UPDATE batch SET bytes = %s WHERE kab = %s AND id = %s", (packed, regency, batch_id))
    connection.execute("SET LOCAL posyandu.erasing = 'off'")


def empty_records(
    connection: Connection, regency: str, scope: str, records: Iterable[str], links: Iterable[str], but: Iterable[str]
) -> None:
    """Let nothing of these records stand, nor of what leads to them by one of these links, save in forms `but`."""
    connection.execute(
        "UPDATE record SET doc = '{}', conflicts = NULL, withdrawn = true, revived = false"
        " WHERE kab = %(kab)s AND scope = %(scope)s AND entity <> 'erasure'"
        " AND (id = ANY(%(records)s) OR (entity <> ALL(%(but)s) AND EXISTS"
        " (SELECT FROM jsonb_each_text(doc) AS told WHERE key = ANY(%(links)s) AND value = ANY(%(records)s))))",
        {"kab": regency, "scope": scope, "records": list(records), "links": list(links), "but": list(but)},
    )


ASKED, LOOK, DONE, DECLINED = "baru", "periksa", "musnah", "ditolak"
"""Of an erasure: not looked at, laid before an administrator, said in the feed, refused there."""


@dataclass(frozen=True)
class AskedErasure:
    """An erasure a laptop asked for: the save that asks (`op`), where it lies (`g`), whose it is, how many people it
    touches and why it waits.
    """

    regency: str
    scope: str
    op: str
    record: str
    device: str
    g: int
    state: str
    people: int
    why: str
    at: datetime


def note_erasures(
    connection: Connection, regency: str, scope: str, device_id: str, g: int, asked: Iterable[Op]
) -> None:
    """Remember the erasures a batch asks for; one that is known stays as it is."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO erasure (kab, scope, op, record, device, g) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [(regency, scope, op.id, op.record, device_id, g) for op in asked],
        )


def settle_erasure(connection: Connection, regency: str, scope: str, head: str, state: str) -> None:
    """Note what the server has said of an erasure, by its short id; what is done stays done."""
    connection.execute(
        "UPDATE erasure SET state = %s, decided_at = coalesce(decided_at, now())"
        " WHERE kab = %s AND scope = %s AND starts_with(op, %s) AND state <> %s",
        (state, regency, scope, head, DONE),
    )


def hold_erasure(connection: Connection, asked: AskedErasure, people: int, why: str) -> None:
    """Note whom an erasure touches and, with a reason, lay it before an administrator."""
    connection.execute(
        "UPDATE erasure SET people = %s, why = %s, state = CASE WHEN %s = '' THEN state ELSE %s END"
        " WHERE kab = %s AND scope = %s AND op = %s",
        (people, why, why, LOOK, asked.regency, asked.scope, asked.op),
    )


_ERASURE = "kab, scope, op, record, device, g, state, people, why, at"


def erasures(connection: Connection, state: str, regency: str | None = None) -> list[AskedErasure]:
    """Every erasure in this state, of one regency or of all, the earliest first."""
    found = connection.execute(
        f"SELECT {_ERASURE} FROM erasure WHERE state = %(state)s AND (%(kab)s::text IS NULL OR kab = %(kab)s)"
        " ORDER BY at, op",
        {"state": state, "kab": regency},
    )
    return [AskedErasure(*row) for row in found]


def take_erasure(connection: Connection, asked: AskedErasure) -> bool:
    """Hold one in the state it was found in until the end of the transaction; False when somebody else has it."""
    found = connection.execute(
        "SELECT 1 FROM erasure WHERE kab = %s AND scope = %s AND op = %s AND state = %s FOR UPDATE SKIP LOCKED",
        (asked.regency, asked.scope, asked.op, asked.state),
    )
    return found.fetchone() is not None


def erased_by(connection: Connection, regency: str, device_id: str) -> int:
    """How many people's data this device has had erased within the last 24 hours, without an administrator; until the
    end of the transaction nobody else counts those of this device.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"erased by {regency} {device_id}",))
    found = connection.execute(
        "SELECT coalesce(sum(people), 0) FROM erasure WHERE kab = %s AND device = %s AND state = %s AND why = ''"
        " AND decided_at > now() - interval '1 day'",
        (regency, device_id, DONE),
    ).fetchone()
    assert found is not None
    return int(found[0])


def residents(connection: Connection, regency: str, scope: str, households: Sequence[str]) -> set[str]:
    """Who is registered in one of these households."""
    found = connection.execute(
        "SELECT id FROM record WHERE kab = %s AND scope = %s AND entity = 'person' AND doc->>'household_id' = ANY(%s)",
        (regency, scope, list(households)),
    )
    return {each for (each,) in found}


def duty(connection: Connection, regency: str, worker: str, prefixes: Sequence[str]) -> str:
    """The duty of a kader registered at a post below these region codes, "" when there is none."""
    found = connection.execute(
        f"SELECT doc->>'role' FROM area JOIN record USING (kab, scope) WHERE kab = %(kab)s AND {_INSIDE}"
        " AND entity = 'worker' AND id = %(worker)s AND NOT withdrawn ORDER BY scope LIMIT 1",
        {"kab": regency, "prefixes": list(prefixes), "worker": worker},
    ).fetchone()
    return "" if found is None else found[0] or ""


def posts_erased_without_a_word(connection: Connection) -> list[tuple[str, str]]:
    """Regency and post wherever something was erased before the server's word was needed for it."""
    found = connection.execute("SELECT kab, scope FROM erased EXCEPT SELECT kab, scope FROM erasure ORDER BY 1, 2")
    return found.fetchall()


def batches_saying(connection: Connection, entities: Sequence[str]) -> list[tuple[str, str, int]]:
    """Regency, post and number in its feed of every batch with a save of such records."""
    found = connection.execute(
        "SELECT DISTINCT kab, scope, unnest(feed) FROM record WHERE entity = ANY(%s) ORDER BY 1, 2, 3",
        (list(entities),),
    )
    return found.fetchall()


@dataclass(frozen=True)
class HandOver:
    """Somebody who moves: the record that hands them over, where it lies, and the village they go to."""

    record: str
    to_village: str
    from_kab: str
    from_scope: str
    at: datetime


def note_handovers(connection: Connection, regency: str, scope: str, moves: Iterable[tuple[str, str]]) -> None:
    """Remember who moves where (record, village code), in the regency they go to; one said before stays as it was."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO handover (kab, record, to_village, from_kab, from_scope) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [(village[:4], record, village, regency, scope) for record, village in moves],
        )


def handovers_waiting(connection: Connection, regency: str, prefixes: Sequence[str], most: int) -> list[HandOver]:
    """Some who move to a village below one of these region codes and have not been handed over: of each posyandu they
    leave one, then two, by chance. So those who cannot be handed over yet, however many, stop nobody for good, and
    those of one posyandu nobody of another.
    """
    found = connection.execute(
        "SELECT record, to_village, from_kab, from_scope, at FROM handover WHERE kab = %(kab)s AND delivered_at IS NULL"
        " AND EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) p WHERE starts_with(to_village, p))"
        " ORDER BY row_number() OVER (PARTITION BY from_kab, from_scope ORDER BY random()), random() LIMIT %(most)s",
        {"kab": regency, "prefixes": list(prefixes), "most": most},
    )
    return [HandOver(*row) for row in found]


def take_handover(connection: Connection, regency: str, record: str) -> bool:
    """Hold one that waits until the end of the transaction; False when another server does."""
    found = connection.execute(
        "SELECT 1 FROM handover WHERE kab = %s AND record = %s AND delivered_at IS NULL FOR UPDATE SKIP LOCKED",
        (regency, record),
    )
    return found.fetchone() is not None


def mark_handed_over(connection: Connection, regency: str, record: str) -> None:
    """Note that somebody was handed over."""
    connection.execute("UPDATE handover SET delivered_at = now() WHERE kab = %s AND record = %s", (regency, record))


def standing_doc(connection: Connection, regency: str, scope: str, entity: str, record: str) -> dict[str, Any] | None:
    """What stands of one record; None when it is unknown or was taken away."""
    found = connection.execute(
        "SELECT doc FROM record WHERE kab = %s AND scope = %s AND entity = %s AND id = %s AND NOT withdrawn",
        (regency, scope, entity, record),
    ).fetchone()
    return None if found is None else dict(found[0])


def next_sequence(connection: Connection, regency: str, device_id: str) -> int:
    """The number of the next batch the server itself writes as this device."""
    found = connection.execute(
        "SELECT coalesce(max(sequence), 0) + 1 FROM batch WHERE kab = %s AND device = %s", (regency, device_id)
    ).fetchone()
    assert found is not None
    return int(found[0])


def scrub(connection: Connection) -> None:
    """Write the tables anew without what was erased from them; they are locked meanwhile. Not in a transaction."""
    for table in ("batch", "record"):
        connection.execute(f"VACUUM (FULL, ANALYZE) {table}".encode())
    with suppress(psycopg.errors.InsufficientPrivilege):  # without it the old files go at the next one, within minutes
        connection.execute("CHECKPOINT")


def areas(connection: Connection) -> list[tuple[str, Area]]:
    """Every posyandu with its regency."""
    found = connection.execute("SELECT kab, scope, village, g, digest FROM area ORDER BY kab, scope")
    return [(row[0], Area(*row[1:])) for row in found]


def _as_json(records: Iterable[Projection]) -> str:
    return orjson.dumps(
        [
            {
                "e": each.entity, "r": each.record, "d": each.doc, "c": each.conflicts, "t": each.withdrawn,
                "v": each.revived, "l": each.depth,
            }
            for each in records
        ]
    ).decode()  # fmt: skip


def records(
    connection: Connection, regency: str, scope: str
) -> dict[tuple[str, str], tuple[dict[str, Any], bool, Any]]:
    """What stands in a posyandu: by entity and id, the document, whether it is withdrawn, and its conflicts."""
    found = connection.execute(
        "SELECT entity, id, doc, withdrawn, conflicts FROM record WHERE kab = %s AND scope = %s", (regency, scope)
    )
    return {(entity, record): (doc, withdrawn, conflicts) for entity, record, doc, withdrawn, conflicts in found}


@dataclass(frozen=True)
class Left:
    """What a laptop left behind in one posyandu: its saves that are safe, and when the last of them came."""

    scope: str
    village: str
    saves: int
    last_at: datetime | None


def left_by(connection: Connection, regency: str, device_id: str) -> list[Left]:
    """By posyandu, what the server holds of what this device wrote."""
    found = connection.execute(
        "SELECT area.scope, area.village, sum(batch.n)::bigint, max(batch.received_at) FROM batch"
        " JOIN area USING (kab, scope) WHERE batch.kab = %s AND batch.device = %s AND batch.g IS NOT NULL"
        " GROUP BY area.scope, area.village ORDER BY area.village, area.scope",
        (regency, device_id),
    )
    return [Left(*row) for row in found]


def safe_days(connection: Connection, regency: str, device_id: str, most: int = 60) -> list[tuple[str, str, int]]:
    """Of the posts this device wrote for: village, posyandu day and how many who came are safe here, newest first."""
    found = connection.execute(
        "SELECT area.village, day.doc->>'held_on', count(came.id) FROM area JOIN record day"
        " ON day.kab = area.kab AND day.scope = area.scope AND day.entity = 'session' AND NOT day.withdrawn"
        " LEFT JOIN record came ON came.kab = day.kab AND came.scope = day.scope AND came.entity = 'attendance'"
        " AND came.doc->>'session_id' = day.id AND came.doc->>'present' = 'true' AND NOT came.withdrawn"
        " WHERE area.kab = %(kab)s AND area.scope IN"
        " (SELECT scope FROM batch WHERE kab = %(kab)s AND device = %(device)s AND g IS NOT NULL)"
        " GROUP BY area.village, day.id, day.doc ORDER BY 2 DESC, 1 LIMIT %(most)s",
        {"kab": regency, "device": device_id, "most": most},
    )
    return [(village, str(held_on), int(number)) for village, held_on, number in found]


def persons_inside(connection: Connection, regency: str, prefixes: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Village, id, name and phone of everybody a device of these areas can hold: for the notice to those concerned."""
    found = connection.execute(
        "SELECT area.village, record.id, coalesce(record.doc->>'name', ''), coalesce(record.doc->>'phone', '')"
        " FROM record JOIN area USING (kab, scope) WHERE record.kab = %(kab)s AND record.entity = 'person'"
        " AND EXISTS (SELECT FROM unnest(%(prefixes)s::text[]) p WHERE starts_with(area.village, p))"
        " ORDER BY area.village, 3, 2",
        {"kab": regency, "prefixes": list(prefixes)},
    )
    return found.fetchall()


def received(connection: Connection) -> dict[str, int]:
    """How many batches and saves are in the feeds, and how many records of each entity stand."""
    batches, ops = connection.execute(
        "SELECT count(*), coalesce(sum(n - (SELECT count(*) FROM jsonb_each_text(ops)"
        " WHERE starts_with(value, 'karantina'))), 0)::bigint FROM batch WHERE g IS NOT NULL"
    ).fetchone() or (0, 0)
    found = connection.execute(
        "SELECT entity, count(*) FROM record WHERE NOT withdrawn GROUP BY entity ORDER BY entity"
    )
    return {"batches": batches, "saves": ops, **dict(found.fetchall())}


@dataclass(frozen=True)
class Watched:
    """Figures for the administrator, and how many laptops use each version."""

    figures: dict[str, float]
    versions: tuple[tuple[str, int], ...]


def watched(connection: Connection, silent_days: int) -> Watched:
    """What the administrator's monitor asks for every minute or so: counts and sizes, nothing of anyone."""
    figures = connection.execute("SELECT name, figure FROM watched(%s)", (silent_days,)).fetchall()
    versions = connection.execute("SELECT app, laptops FROM versions_in_use()").fetchall()
    return Watched(dict(figures), tuple(versions))


def is_alive(connection: Connection) -> bool:
    """Whether the database answers, and no newer server has brought it to a schema this one does not know."""
    return bool(_one(connection, "SELECT max(number) FROM migration")[0] <= _newest())


def _one(connection: Connection, sql: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = connection.execute(sql.encode()).fetchone()
    assert found is not None
    return found


def _device(row: Sequence[Any]) -> Device:
    regency, device_id, key, name, prefixes, *rest = row
    return Device(regency, device_id, bytes(key), name, tuple(prefixes), *rest)
