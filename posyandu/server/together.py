"""Take in what several laptops bring at the same moment: one transaction, a few statements and one flush for all.

Nothing is answered before that transaction is on disk. What is not plain (a new post, a foreign area, an erasure) goes
its own way through `ingest`, and so does everybody when the common transaction fails: one laptop never stops another.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import orjson
import psycopg
from psycopg.types.json import Jsonb

from posyandu.domain import erasing
from posyandu.domain.area import covers
from posyandu.server import ingest, store
from posyandu.server.ingest import Brought
from posyandu.server.store import Connection, Fresh, Projection
from posyandu.sync.batch import Batch
from posyandu.sync.message import APPLIED, Verdict, next_digest

log = logging.getLogger("posyandu.server")

T = TypeVar("T")
R = TypeVar("R")
ALONE = (erasing.ENTITY, "handover")
"""Forms whose saves do more on the server than stand there; a batch with one of them goes its own way."""
Key = tuple[str, str]
"""Regency and post, or entity and record."""


# --- who waits together ----------------------------------------------------------------------------------------------


@dataclass
class _Place(Generic[T, R]):
    item: T
    done: bool = False
    result: R | Exception | None = None


class Together(Generic[T, R]):
    """Does work for all who ask while it is being done for others: whoever finds it idle does it for everybody waiting.

    `work` takes up to `most` items and gives one result for each, in order; an error among them is its asker's alone.
    """

    def __init__(self, work: Callable[[list[T]], Sequence[R | Exception]], most: int) -> None:
        self._work = work
        self._most = most
        self._turn = threading.Lock()
        self._waiting: deque[_Place[T, R]] = deque()

    def __call__(self, item: T) -> R:
        """What `work` says of this item; when `work` itself fails, that is raised to everybody of the round."""
        place: _Place[T, R] = _Place(item)
        self._waiting.append(place)
        while not place.done:
            with self._turn:
                if not place.done:
                    self._round()
        if isinstance(place.result, Exception):
            raise place.result
        return place.result  # type: ignore[return-value]

    def _round(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._work([place.item for place in some])
        except Exception as error:  # noqa: BLE001 - raised again in the threads it belongs to
            results = [error] * len(some)
        for place, result in zip(some, results, strict=True):
            place.result, place.done = result, True


# --- what is taken in ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One request: who sent it, its nonce and version, and the batches it brings."""

    regency: str
    device: str
    nonce: str
    app: str
    brought: tuple[Brought, ...]


Taken = list[Verdict] | None
"""The verdicts on the batches of a call; None when its nonce was seen before, which changes nothing."""


def take_all(connection: Connection, calls: Sequence[Call]) -> list[Taken | Exception]:
    """What becomes of each call, or the error that is its own."""
    brought = [each for call in calls for each in call.brought]
    if brought:
        for way in (_at_once, _carefully) if not any(each.has_seen for each in brought) else (_carefully,):
            try:
                return [*way(connection, calls)]
            except psycopg.OperationalError:  # among them what PostgreSQL asks to be begun again
                if connection.closed:
                    raise
            except psycopg.Error as error:
                log.info("together again", extra={"kind": type(error).__name__, "calls": len(calls)})
    return [_alone(connection, call) for call in calls]


def _alone(connection: Connection, call: Call) -> Taken | Exception:
    try:
        if not store.note_contact(connection, call.regency, call.device, call.nonce, call.app):
            return None
        return [ingest.take_in(connection, each) for each in call.brought]
    except psycopg.Error as error:
        if connection.closed:
            raise
        return error


def _at_once(connection: Connection, calls: Sequence[Call]) -> list[Taken]:
    """All plain batches in one statement, then the others one by one.

    A batch is taken to be unknown, and so are the records in it; the keys of the tables say when that was wrong.
    """
    plain = {each.batch.id: (at, each) for at, call in enumerate(calls, 1) for each in call.brought if _is_plain(each)}
    batches: list[tuple[Any, ...]] = []
    records: list[Fresh] = []
    receipts: list[Verdict] = []
    for at, each in plain.values():
        header = each.batch.header
        notes = {} if each.usual else ingest.notes_on(each.batch)
        state = APPLIED if each.usual else ingest.state_of(each.batch, notes)
        receipts.append(Verdict(each.batch.id, state, "", notes))
        batches.append(
            (
                at, each.author.regency, bytes.fromhex(each.batch.id), header.scope, header.device, header.incarnation,
                header.sequence, header.count, state, Jsonb(notes), each.packed, each.sender.id,
                ",".join(each.author.prefixes),
            )
        )  # fmt: skip
        records += each.usual.fresh(len(batches)) if each.usual else _fresh(len(batches), each.batch)
    heard, numbers = store.take_in(
        connection,
        _regions(each for _at, each in plain.values()),
        [(call.regency, call.device, call.nonce, call.app) for call in calls],
        batches,
        records,
    )
    told = zip(plain.values(), receipts, numbers, strict=True)
    verdicts = {id(each): receipt for (_at, each), receipt, number in told if number is not None}
    return _with_the_rest(connection, calls, heard, verdicts)


def _fresh(at: int, batch: Batch) -> Iterator[Fresh]:
    """What stands of the records in this batch, were there nothing else of them."""
    for key, saves in ingest.saves_of(batch).items():
        each = ingest.projection(*key, saves)
        yield at, each.entity, each.record, each.doc, each.conflicts, each.withdrawn + 2 * each.revived, each.depth


def _carefully(connection: Connection, calls: Sequence[Call]) -> list[Taken]:
    """All plain batches in one transaction that looks first at what is known, then the others one by one."""
    brought = [each for call in calls for each in call.brought]
    with store.inside(connection, _regions(brought)):
        fresh = _note_contacts(connection, calls)
        heard = [each for call, is_fresh in zip(calls, fresh, strict=True) if is_fresh for each in call.brought]
        verdicts = _take_plain(connection, heard)
    return _with_the_rest(connection, calls, fresh, verdicts)


def _with_the_rest(
    connection: Connection, calls: Sequence[Call], fresh: Sequence[bool], verdicts: Mapping[int, Verdict]
) -> list[Taken]:
    return [
        [verdicts.get(id(each)) or ingest.take_in(connection, each) for each in call.brought] if is_fresh else None
        for call, is_fresh in zip(calls, fresh, strict=True)
    ]


def _regions(brought: Iterable[Brought]) -> list[str]:
    return sorted({code for each in brought for code in each.author.prefixes})


@dataclass
class _Post:
    """A post whose feed goes on in this transaction, and what becomes of its records."""

    regency: str
    scope: str
    village: str
    g: int
    digest: str
    saves: ingest.Saves = field(default_factory=dict)
    numbers: dict[Key, list[int]] = field(default_factory=dict)


def _take_plain(connection: Connection, brought: Iterable[Brought]) -> dict[int, Verdict]:
    """Append the plain ones among these batches to their feeds; their verdicts by the identity of what was brought."""
    plain = {each.batch.id: each for each in brought if _is_plain(each)}
    posts = _lock(connection, sorted({(each.author.regency, each.batch.header.scope) for each in plain.values()}))
    known: set[str] = set()
    for regency in {each.author.regency for each in plain.values()}:
        known |= {each.hex() for each in store.judged(connection, regency, [bytes.fromhex(e) for e in plain])}
    rows: list[tuple[Any, ...]] = []
    verdicts: dict[int, Verdict] = {}
    maybe_known: list[tuple[_Post, Key]] = []
    for each in plain.values():
        header = each.batch.header
        post = posts.get((each.author.regency, header.scope))
        if post is None or each.batch.id in known or not covers(each.author.prefixes, post.village):
            continue
        post.g, post.digest = post.g + 1, next_digest(post.digest, each.batch.id)
        notes = ingest.notes_on(each.batch)
        state = ingest.state_of(each.batch, notes)
        rows.append(
            (
                post.regency, bytes.fromhex(each.batch.id), post.scope, header.device, header.incarnation,
                header.sequence, header.count, post.g, bytes.fromhex(post.digest), state, Jsonb(notes), each.packed,
                each.sender.id,
            )
        )  # fmt: skip
        fresh = ingest.saves_of(each.batch)
        maybe_known += [(post, key) for key in fresh]
        for key, saves in fresh.items():
            post.saves.setdefault(key, []).extend(saves)
            post.numbers.setdefault(key, []).append(post.g)
        verdicts[id(each)] = Verdict(each.batch.id, state, "", notes)
    if rows:
        going_on = list({(row[0], row[2]): posts[row[0], row[2]] for row in rows}.values())
        renewed = _with_what_stands(connection, maybe_known)
        new = [(at, key) for at, post in enumerate(going_on) for key in post.saves if (id(post), key) not in renewed]
        old = [(at, key) for at, post in enumerate(going_on) for key in post.saves if (id(post), key) in renewed]
        _add(connection, rows, going_on, _as_json(going_on, new))
        if old:
            _renew(connection, going_on, _as_json(going_on, old))
    return verdicts


def _is_plain(each: Brought) -> bool:
    if each.author.revoked_at is not None:
        return False
    if each.usual:
        return each.usual.forms.isdisjoint(ALONE)
    return not any(line.op is not None and line.op.entity in ALONE for line in each.batch.lines)


def _with_what_stands(connection: Connection, touched: Sequence[tuple[_Post, Key]]) -> set[tuple[int, Key]]:
    """Add to the posts' saves what is stored of these records; which of them are known, by identity of the post."""
    found: set[tuple[int, Key]] = set()
    posts = {id(post): post for post, _key in touched}
    for mark, numbers in _known(connection, touched).items():
        post = posts[mark]
        there = {key: post.saves[key] for key in numbers}
        ingest.add_stored(connection, post.regency, post.scope, {g for feed in numbers.values() for g in feed}, there)
        found |= {(mark, key) for key in numbers}
    return found


def _as_json(posts: Sequence[_Post], places: Iterable[tuple[int, Key]]) -> str:
    return orjson.dumps(
        [_told(at + 1, posts[at].numbers[key], ingest.projection(*key, posts[at].saves[key])) for at, key in places]
    ).decode()


def _told(at: int, numbers: Sequence[int], stands: Projection) -> dict[str, object]:
    """A record as the statements below read it; what is as usual is left out."""
    told = {"i": at, "e": stands.entity, "r": stands.record, "d": stands.doc, "l": stands.depth, "g": numbers[-1]}
    if stands.conflicts is not None:
        told["c"] = stands.conflicts
    if stands.withdrawn:
        told["t"] = True
    if stands.revived:
        told["v"] = True
    if len(numbers) > 1:
        told["n"] = numbers
    return told


# --- the statements --------------------------------------------------------------------------------------------------


def _note_contacts(connection: Connection, calls: Sequence[Call]) -> list[bool]:
    """Remember the nonces and that these laptops were here; of each call whether its nonce is new."""
    parts = [[call.regency for call in calls], [call.device for call in calls], [call.nonce for call in calls]]
    found = connection.execute(
        "WITH said AS (SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])"
        "  AS said (kab, device, nonce, app) ORDER BY 1, 2, 3),"
        " fresh AS (INSERT INTO nonce (kab, device, nonce) SELECT kab, device, nonce FROM said"
        "  ON CONFLICT DO NOTHING RETURNING kab, device, nonce),"
        " here AS (UPDATE device SET seen_at = now(), app = said.app FROM fresh JOIN said USING (kab, device, nonce)"
        "  WHERE device.kab = fresh.kab AND device.id = fresh.device)"
        " SELECT kab, device, nonce FROM fresh",
        (*parts, [call.app for call in calls]),
    )
    fresh = set(found.fetchall())
    heard: list[bool] = []
    for call in calls:  # one that is here twice is heard once
        mark = (call.regency, call.device, call.nonce)
        heard.append(mark in fresh)
        fresh.discard(mark)
    return heard


def _lock(connection: Connection, scopes: Sequence[Key]) -> dict[Key, _Post]:
    """The posts among these that are known and hold nothing erased, until the end of the transaction, always in the
    same order.
    """
    wanted = ([kab for kab, _scope in scopes], [scope for _kab, scope in scopes])
    found = connection.execute(
        "SELECT area.kab, area.scope, village, g, digest FROM area"
        " JOIN unnest(%b::text[], %b::text[]) AS wanted (kab, scope) USING (kab, scope)"
        " ORDER BY area.kab, area.scope FOR UPDATE OF area",
        wanted,
    )
    posts = {(kab, scope): _Post(kab, scope, village, g, digest.hex()) for kab, scope, village, g, digest in found}
    erased = connection.execute(  # looked up when the locks are held: who erased before has finished
        "SELECT DISTINCT kab, scope FROM erased"
        " JOIN unnest(%b::text[], %b::text[]) AS wanted (kab, scope) USING (kab, scope)",
        wanted,
    )
    for place in erased:
        posts.pop(place, None)
    return posts


def _known(connection: Connection, touched: Sequence[tuple[_Post, Key]]) -> dict[int, dict[Key, list[int]]]:
    """Those of these records that are there, by identity of their post, with the numbers their saves lie at."""
    if not touched:
        return {}
    posts = {(post.regency, post.scope): post for post, _key in touched}
    rows = connection.execute(
        "SELECT known.kab, known.scope, known.entity, known.id, known.feed"
        " FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[]) AS touched (kab, scope, entity, id)"
        " CROSS JOIN LATERAL (SELECT * FROM record WHERE record.kab = touched.kab AND record.scope = touched.scope"
        " AND record.entity = touched.entity AND record.id = touched.id OFFSET 0) AS known",
        (
            [post.regency for post, _key in touched], [post.scope for post, _key in touched],
            [entity for _post, (entity, _record) in touched], [record for _post, (_entity, record) in touched],
        ),
    )  # fmt: skip
    found: dict[int, dict[Key, list[int]]] = {}
    for regency, scope, entity, record, feed in rows:
        found.setdefault(id(posts[regency, scope]), {})[entity, record] = feed
    return found


_EACH = """
jsonb_to_recordset(%(records)s::jsonb)
    AS each (i int, e text, r text, d jsonb, c jsonb, t boolean, v boolean, l bigint, g bigint, n bigint[])
"""
_ADD = f"""
WITH fresh AS (
    INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, g, digest, state, ops, bytes, brought_by)
    SELECT * FROM unnest(%(b0)b::text[], %(b1)b::bytea[], %(b2)b::text[], %(b3)b::text[], %(b4)b::text[],
        %(b5)b::bigint[], %(b6)b::int[], %(b7)b::bigint[], %(b8)b::bytea[], %(b9)b::text[], %(b10)b::jsonb[],
        %(b11)b::bytea[], %(b12)b::text[])
), stands AS (
    INSERT INTO record (kab, scope, entity, id, doc, conflicts, withdrawn, revived, depth, g, feed)
    SELECT (%(kabs)b::text[])[i], (%(scopes)b::text[])[i], e, r, d, c, coalesce(t, false), coalesce(v, false), l, g,
        coalesce(n, ARRAY[g]) FROM {_EACH}
)
UPDATE area SET g = past.g, digest = past.digest
FROM unnest(%(kabs)b::text[], %(scopes)b::text[], %(gs)b::bigint[], %(digests)b::bytea[])
    AS past (kab, scope, g, digest) WHERE area.kab = past.kab AND area.scope = past.scope
"""


def _add(connection: Connection, rows: Sequence[Sequence[Any]], posts: Sequence[_Post], records: str) -> None:
    """Append these batches, write the records that are new with them, and let the posts' feeds end there."""
    columns = {f"b{number}": list(column) for number, column in enumerate(zip(*rows, strict=True))}
    feeds = {
        "kabs": [post.regency for post in posts],
        "scopes": [post.scope for post in posts],
        "gs": [post.g for post in posts],
        "digests": [bytes.fromhex(post.digest) for post in posts],
    }
    connection.execute(_ADD, {**columns, **feeds, "records": records})


_RENEW = f"""
UPDATE record SET doc = d, conflicts = c, withdrawn = coalesce(t, false), revived = coalesce(v, false), depth = l,
    g = each.g, feed = feed || coalesce(n, ARRAY[each.g])
FROM {_EACH} WHERE kab = (%(kabs)b::text[])[i] AND scope = (%(scopes)b::text[])[i] AND entity = e AND id = r
"""


def _renew(connection: Connection, posts: Sequence[_Post], records: str) -> None:
    """Write what stands of known records now that these batches touched them."""
    places = {"kabs": [post.regency for post in posts], "scopes": [post.scope for post in posts]}
    connection.execute(_RENEW, {**places, "records": records})
