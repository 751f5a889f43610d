"""One save as it is stored and sent (an op), and which value of each field stands after any set of ops.

Ops of a record form a small graph: each names the heads its author saw. A write is gone only when another write of
the same field has seen it; writes that did not see each other both stay as candidates, one is shown, and the
difference waits for a person. The wall clock is kept for people and never orders anything. See docs/sync.md.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter

from posyandu.domain.errors import BadInput

Wire = int | str | bool | None
"""A value as it travels: dates as ISO text, None where a value was emptied. There are no floats."""


class Shape:
    """The names of an op's fields and the types of their values: one object for all ops that share them, which makes
    it a quick key for what is remembered of them. `reason`: why such fields cannot travel, or ""; `integers`: the
    names of the numbers among them.
    """

    __slots__ = ("integers", "kinds", "names", "reason")

    def __init__(self, names: tuple[str, ...], kinds: tuple[type, ...]) -> None:
        self.names = names
        self.kinds = kinds
        self.reason, self.integers = _look_at(names, kinds)


SERVER = "server-"
"""How the id begins under which a server itself writes into feeds; no laptop is enrolled under one."""
WITHDRAWN = "withdrawn"
"""The field that takes a record away; a withdrawal only wins over edits it has seen."""

MAX_INTEGER = 2**53
MAX_TEXT = 2000
"""The longest name or text of a save as it travels, its fields apart."""
MOST_REMEMBERED = 400
"""Of saves with more fields than any form has nothing is remembered: thousands of them would fill the memory."""
_WIRE = frozenset((int, str, bool, type(None)))
_PARTS = 11
_row = itemgetter(*"servlbfktqn")


@dataclass(frozen=True)
class Op:
    """One save of one record.

    `scope` is the id of the posyandu whose feed carries it; `version` the schema version of the entity; `depth`
    one more than the deepest head seen; `heads` the ids of the ops of this record its author saw (8 bytes, hex);
    `fields` what this save set; `author` the kader's id; `at_ms` and `clock` (0 unknown, 1 plausible, 2 checked) the
    wall clock; `nonce` keeps two equal saves apart.
    """

    scope: str
    entity: str
    record: str
    version: int
    depth: int
    heads: tuple[str, ...]
    fields: Mapping[str, Wire]
    author: str
    at_ms: int
    clock: int
    nonce: str
    reason: str = ""

    @cached_property
    def canonical(self) -> bytes:
        """The one byte form of this op: sorted keys, no spaces, NFC, no floats."""
        body: dict[str, object] = {
            "e": self.entity,
            "r": self.record,
            "v": self.version,
            "l": self.depth,
            "b": list(self.heads),
            "f": dict(self.fields),
            "k": self.author,
            "t": self.at_ms,
            "q": self.clock,
            "n": self.nonce,
            "s": self.scope,
        }
        if self.reason:
            body["w"] = self.reason
        return canonical_json(body)

    @cached_property
    def id(self) -> str:
        """The first 16 bytes of the SHA-256 of the canonical form, in hex."""
        return hashlib.sha256(self.canonical).hexdigest()[:32]

    @cached_property
    def shape(self) -> Shape:
        """The names of its fields and the types of their values: what checks are remembered by."""
        return _shape_of(self.fields)

    @property
    def head(self) -> str:
        """The short id by which later ops name this one."""
        return self.id[:16]


def canonical_json(value: object) -> bytes:
    """JSON with one byte form: sorted keys, no spaces, NFC text. Raises BadInput for a float or a huge integer."""
    text = json.dumps(_clean(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def _clean(value: object) -> object:
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > MAX_INTEGER:
                raise BadInput("angka terlalu besar")
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case list() | tuple():
            return [_clean(item) for item in value]
        case dict():
            return {unicodedata.normalize("NFC", str(key)): _clean(item) for key, item in value.items()}
    raise BadInput(f"nilai jenis {type(value).__name__} tidak dapat dikirim")


def read_op(body: object) -> Op:
    """The op in a decoded JSON object. Raises BadInput, saying what is wrong, for anything that is not one."""
    if not isinstance(body, dict):
        raise BadInput("catatan bukan objek")
    try:
        scope, entity, record, version, depth, heads, fields, author, at_ms, clock, nonce = _row(body)
        why = body["w"] if len(body) > _PARTS else ""
    except KeyError as error:
        raise BadInput("bagian catatan kurang atau lebih") from error
    if len(body) > _PARTS + 1:
        raise BadInput("bagian catatan kurang atau lebih")
    if not type(entity) is type(record) is type(author) is type(nonce) is type(scope) is type(why) is str or (
        len(entity) + len(record) + len(author) + len(nonce) + len(scope) + len(why) > MAX_TEXT
        and max(map(len, (entity, record, author, nonce, scope, why))) > MAX_TEXT
    ):
        raise BadInput("tulisan pada catatan salah")
    if not type(version) is type(depth) is type(at_ms) is type(clock) is int or (
        not 0 <= version | depth | at_ms | clock < MAX_INTEGER
        and (min(version, depth, at_ms, clock) < 0 or max(version, depth, at_ms, clock) > MAX_INTEGER)
    ):
        raise BadInput("angka pada catatan salah")
    if not isinstance(heads, list) or (heads and not all(type(head) is str and len(head) == 16 for head in heads)):
        raise BadInput("kepala catatan salah")
    if not isinstance(fields, dict) or not fields:
        raise BadInput("isi catatan kosong")
    shape = _shape_of(fields)
    if shape.reason:
        raise BadInput(shape.reason)
    for name in shape.integers:
        if not -MAX_INTEGER <= fields[name] <= MAX_INTEGER:
            raise BadInput("nilai pada catatan salah")
    op = object.__new__(Op)  # a month of a village is thousands of these: the checks above stand for the constructor
    told = {
        "scope": scope, "entity": entity, "record": record, "version": version, "depth": depth, "heads": tuple(heads),
        "fields": fields, "author": author, "at_ms": at_ms, "clock": clock, "nonce": nonce, "reason": why,
        "shape": shape,
    }  # fmt: skip
    object.__setattr__(op, "__dict__", told)
    return op


def _shape_of(fields: Mapping[str, Wire]) -> Shape:
    make = _shape if len(fields) <= MOST_REMEMBERED else Shape
    return make(tuple(fields), tuple(map(type, fields.values())))


@lru_cache(maxsize=1024)
def _shape(names: tuple[str, ...], kinds: tuple[type, ...]) -> Shape:
    """Remembered, since the saves of a day all have the same few shapes."""
    return Shape(names, kinds)


def _look_at(names: tuple[str, ...], kinds: tuple[type, ...]) -> tuple[str, tuple[str, ...]]:
    if not _WIRE.issuperset(kinds):
        return "nilai pada catatan salah", ()
    texts = [name for name in names if isinstance(name, str) and 0 < len(name) <= 80]
    if len(texts) < len(names):
        return "nama kolom salah", ()
    return "", tuple(name for name, kind in zip(texts, kinds, strict=True) if kind is int)


@dataclass(frozen=True)
class Candidate:
    """One standing value of a field and the op that wrote it."""

    value: Wire
    op: Op
    device: str


@dataclass(frozen=True)
class Standing:
    """What a record shows after a set of ops.

    `values`: the shown value of every field; `conflicts`: for fields with different standing values, all of them,
    shown first; `heads`: the ops nothing has seen yet; `withdrawn`: whether the record is gone; `revived`: a
    withdrawal met an edit it had not seen, so the record stays and a person must look.
    """

    values: Mapping[str, Wire]
    conflicts: Mapping[str, tuple[Candidate, ...]]
    heads: tuple[str, ...]
    depth: int
    withdrawn: bool
    revived: bool


def standing(ops: Iterable[tuple[Op, str]]) -> Standing:
    """Which values stand, given the ops of one record, each with its device, in any order, repeats allowed.

    The result depends only on the set of ops. An op whose heads have not arrived yet counts as having seen nothing.
    """
    known: dict[str, tuple[Op, str]] = {}
    for op, device in ops:
        known.setdefault(op.head, (op, device))
    bit = {head: 1 << place for place, head in enumerate(known)}
    seen = _ancestors(known, bit)
    met = 0
    for ancestors in seen.values():
        met |= ancestors
    writers: dict[str, list[str]] = {}
    for head, (op, _device) in known.items():
        for name in op.fields:
            writers.setdefault(name, []).append(head)
    values: dict[str, Wire] = {}
    conflicts: dict[str, tuple[Candidate, ...]] = {}
    withdrawals: list[str] = []
    for name, heads_of_field in writers.items():
        covered = 0
        for head in heads_of_field:
            covered |= seen[head]
        alive = [head for head in heads_of_field if not bit[head] & covered]
        candidates = sorted((_candidate(known[head], name) for head in alive), key=_rank, reverse=True)
        values[name] = candidates[0].value
        if len({_kind(candidate.value) for candidate in candidates}) > 1:
            conflicts[name] = tuple(candidates)
        if name == WITHDRAWN:
            withdrawals = [head for head in alive if known[head][0].fields[name] is True]
    unseen_by_withdrawal = {
        head
        for head, (op, _device) in known.items()
        for withdrawal in withdrawals
        if head != withdrawal and not bit[head] & seen[withdrawal] and set(op.fields) - {WITHDRAWN}
    }
    revived = bool(withdrawals) and bool(unseen_by_withdrawal)
    withdrawn = values.get(WITHDRAWN) is True and not revived
    return Standing(
        values=values,
        conflicts=conflicts,
        heads=tuple(sorted(head for head in known if not bit[head] & met)),
        depth=max((op.depth for op, _device in known.values()), default=0),
        withdrawn=withdrawn,
        revived=revived,
    )


def _candidate(known: tuple[Op, str], name: str) -> Candidate:
    op, device = known
    return Candidate(op.fields[name], op, device)


def _rank(candidate: Candidate) -> tuple[int, str, str]:
    return candidate.op.depth, candidate.device, candidate.op.id


def _kind(value: Wire) -> tuple[str, Wire]:
    return type(value).__name__, value


def _ancestors(known: Mapping[str, tuple[Op, str]], bit: Mapping[str, int]) -> dict[str, int]:
    """For each op, the bits of all it has seen, directly or through others. Ids are hashes, so there are no cycles.

    Bits, since one laptop can save a record thousands of times: sets of 4,000 took 330 MB.
    """
    seen: dict[str, int] = {}
    for start in known:
        stack = [start]
        while stack:
            head = stack[-1]
            if head in seen:
                stack.pop()
                continue
            parents = [parent for parent in known[head][0].heads if parent in known]
            waiting = [parent for parent in parents if parent not in seen]
            if waiting:
                stack.extend(waiting)
                continue
            seen[head] = 0
            for parent in parents:
                seen[head] |= bit[parent] | seen[parent]
            stack.pop()
    return seen
