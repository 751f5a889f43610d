"""Save, load, withdraw and undo the record of a form: row and journal together or not at all.

Every change of a record goes through here (or, from elsewhere, through `journal.apply`).
"""

import json
import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from posyandu.domain.change import WITHDRAWN, Op, Wire, standing
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.merge import FORM as MERGE
from posyandu.domain.forms.registration import PERSON
from posyandu.storage import journal, same, words
from posyandu.storage.columns import to_wire
from posyandu.storage.engine import Database, rows, transaction
from posyandu.storage.tables import (
    CONFIRMED,
    META,
    Raw,
    Table,
    admits,
    confirmed_text,
    conflicts_without,
    put,
    raw_row,
    stored,
    table_of,
)
from posyandu.text import N_, _

UNDONE = N_("Dibatalkan")
"""The reason a reversing op carries."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COALESCE_MS = 30 * 60 * 1000
"""How long an op may grow by further cells of the same row."""

_ATTENDANCE_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c01")
_MERGE_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c05")
_MONTH_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c04")
_DOSE_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c03")
_VISIT_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c02")


@dataclass(frozen=True)
class Author:
    """Who saves on which device; `clock`: is its clock not known to be right (0), plausible (1) or checked (2)."""

    worker_id: str
    device_id: str
    clock: int = 1


@dataclass(frozen=True)
class SavedOp:
    """What a save did: the op (its id is "" when nothing changed) and when."""

    op_id: str
    changed: bool
    at: datetime


@dataclass(frozen=True)
class Other:
    """A value that also stands in a conflict, and whose it is."""

    value: Value | None
    device: str
    author: str
    at: datetime
    op_id: str


@dataclass(frozen=True)
class Row:
    """One record as it stands. `answers` has every link and field of the form, None where unknown.

    `confirmed`: fields whose unusual value a person confirmed; `conflicts`: fields with differing values that did
    not see each other, the shown one first; "withdrawn" among them means that an edit met a withdrawal.
    """

    id: str
    scope: str
    answers: Mapping[str, Value | None]
    saved_at_ms: int
    saved_by: str
    device: str
    confirmed: frozenset[str]
    conflicts: Mapping[str, tuple[Other, ...]]
    withdrawn: bool

    @property
    def saved_at(self) -> datetime:
        """When it was last saved, by the clock of the laptop that saved it."""
        return moment(self.saved_at_ms)


@dataclass(frozen=True)
class HistoryEntry:
    """One save of a record: what each field was and became, to its author's knowledge."""

    op_id: str
    at: datetime
    author: str
    device: str
    changes: Mapping[str, tuple[Value | None, Value | None]]
    reason: str


@dataclass(frozen=True)
class NewRecord:
    """A record that is certainly not in the book yet, for `save_many`. `answers` may hold links too."""

    form: Form
    id: str
    scope: str
    answers: Answers
    at: datetime


def new_id() -> str:
    """An id for a new record."""
    return uuid.uuid4().hex


def attendance_id(session_id: str, person_id: str) -> str:
    """The one attendance record of a person on a posyandu day: two laptops that note it meet in one record."""
    return uuid.uuid5(_ATTENDANCE_SPACE, f"{session_id} {person_id}").hex


def visit_id(form_name: str, session_id: str, person_id: str) -> str:
    """The one visit of a person on a posyandu day in a form: two laptops that type the page meet in one record."""
    return uuid.uuid5(_VISIT_SPACE, f"{form_name} {session_id} {person_id}").hex


def dose_id(person_id: str, antigen: str, number: int) -> str:
    """The one record of a person's dose: two laptops that copy the same book meet in one record."""
    return uuid.uuid5(_DOSE_SPACE, f"{person_id} {antigen} {number}").hex


def merge_id(one: str, other: str) -> str:
    """The one decision on whether two records are the same: two laptops that decide it meet in one record."""
    return uuid.uuid5(_MERGE_SPACE, " ".join(sorted((one, other)))).hex


def signed_month_id(scope: str, month: str, digest: str) -> str:
    """The one record of a post's month signed with this content: signed on two laptops it is still one."""
    return uuid.uuid5(_MONTH_SPACE, f"{scope} {month} {digest}").hex


def moment(at_ms: int) -> datetime:
    """The local time of a stored moment."""
    return (EPOCH + timedelta(milliseconds=at_ms)).astimezone()  # fromtimestamp fails before 1970 on Windows


def save(
    db: Database,
    form: Form,
    record_id: str,
    changes: Answers,
    *,
    scope: str,
    author: Author,
    now: datetime,
    links: Mapping[str, str | None] | None = None,
    reason: str = "",
    coalesce: bool = False,
    confirmed: Collection[str] | None = None,
    settle: Collection[str] = (),
) -> SavedOp:
    """Write what differs from the row, and the op that says so, in one transaction.

    `changes` and `links` may be some or all answers; only differences travel. `scope` is the posyandu of a new record;
    an existing one keeps its own. `confirmed` names fields whose unusual value is right; a confirmation falls when
    the value changes without it. `settle` names fields in conflict whose given value is a person's decision
    ("withdrawn": the record stays, although somebody took it away without having seen the last edit).
    A withdrawn record comes back. With `coalesce` the newest op of this record grows instead of a new one being made,
    if it is the same author's, has not left this laptop, is less than 30 minutes old and no old value would be lost.
    """
    table = _table(form)
    wanted = {name: to_wire(value) for name, value in {**changes, **(links or {})}.items()}
    with transaction(db):
        before = raw_row(db, table, record_id)
        fields = _difference(table, before, wanted, frozenset(confirmed or ()), frozenset(settle))
        if not fields:
            return SavedOp("", False, moment(before["saved_at_ms"]) if before else now)
        if coalesce and before is not None and not reason:
            grown = _grow(db, table, before, fields, author, now)
            if grown is not None:
                return grown
        op = _next_op(form, record_id, scope, before, fields, author, now, reason)
        journal.append(db, op, author.device_id)
        _write(db, table, before, op, author.device_id)
    return SavedOp(op.id, True, now)


def withdraw(db: Database, form: Form, record_id: str, *, author: Author, now: datetime, reason: str = "") -> SavedOp:
    """Take a record away; it stays in the journal and can be brought back. Raises NotFound."""
    table = _table(form)
    with transaction(db):
        before = raw_row(db, table, record_id)
        if before is None:
            raise NotFound(_not_found())
        if before["withdrawn"] == 1:
            return SavedOp("", False, moment(before["saved_at_ms"]))
        op = _next_op(form, record_id, before["scope"], before, {WITHDRAWN: True}, author, now, reason)
        journal.append(db, op, author.device_id)
        journal.project(db, form.name, record_id)
    return SavedOp(op.id, True, now)


def undo(db: Database, op_id: str, author: Author, now: datetime, *, whole: bool = False, record: str = "") -> SavedOp:
    """Reverse a save by a new op that restores what its fields were before; nothing is deleted.

    A field written again since stays as it is, unless that was itself undone: saves can be taken back one after the
    other. A save that created the record leaves it withdrawn, unless something else was answered since. Of an op that
    several saves were joined into, only the save of this id is reversed (the last one for the op's own id), or all of
    it with `whole`. With `record` told the op is found at once, however many there are.

    Raises NotFound when no op has this id.
    """
    with transaction(db):
        op, fields = _saved_part(db, op_id, record, whole)
        table = table_of(op.entity)
        if table is None:
            raise NotFound(_not_found())
        before = raw_row(db, table, op.record)
        assert before is not None
        back = _reversing(table, journal.ops_of(db, op.record), op, fields, before)
        if not back:
            return SavedOp("", False, moment(before["saved_at_ms"]))
        reverse = _next_op(table.form, op.record, op.scope, before, back, author, now, UNDONE)
        journal.append(db, reverse, author.device_id)
        journal.project(db, op.entity, op.record)
    return SavedOp(reverse.id, True, now)


def load(db: Database, form: Form, record_id: str) -> Row | None:
    """One record, withdrawn or not; None when it is not in this book."""
    table = _table(form)
    raw = raw_row(db, table, record_id)
    return None if raw is None else _row(table, tuple(raw.values()))


def load_many(db: Database, form: Form, *, withdrawn: bool = False, **where: Value | None) -> list[Row]:
    """The records whose link, field or `scope` equals each given value; withdrawn ones only when asked for."""
    table = _table(form)
    conditions = [] if withdrawn else ["withdrawn = 0"]
    for name in where:
        if name not in ("scope", "id", *table.columns):
            raise ValueError(f"{form.name} has no column {name}")
        conditions.append(f"{name} IS ?")
    wanted = [stored(to_wire(value)) for value in where.values()]
    return select(db, form, " AND ".join(conditions) or "1", wanted)


def select(db: Database, form: Form, condition: str, parameters: Collection[object] = ()) -> list[Row]:
    """The records that meet an SQL condition with an optional ORDER BY; for the query modules of storage."""
    table = _table(form)
    found = rows(db, f"{table.select} WHERE {condition}", tuple(parameters))
    return [_row(table, row) for row in found]


_LEANING = {"merge": ("kept_id", "other_id")}
"""Fields that name other records although they are no links."""


def leaning_on(db: Database, ids: Collection[str]) -> list[tuple[str, str]]:
    """Every standing record that names one of these, with the one it names: by a link, or as the post it is of.

    That somebody printed or exported it is no use of it.
    """
    wanted = json.dumps(sorted(ids))
    found: list[tuple[str, str]] = []
    for name, form in FORMS.items():
        if name == "sealed_access":
            continue
        for column in ("scope", *form.links, *_LEANING.get(name, ())):
            query = f"SELECT id, {column} FROM {name} WHERE withdrawn = 0 AND id <> {column}"
            found += rows(db, f"{query} AND {column} IN (SELECT value FROM json_each(?))", (wanted,))
    return found


def history(db: Database, record_id: str) -> list[HistoryEntry]:
    """Every save of a record, newest first."""
    ops = journal.ops_of(db, record_id)
    shown = sorted(ops, key=lambda pair: (pair[0].depth, pair[1], pair[0].id), reverse=True)
    return [_entry(op, device, ops) for op, device in shown]


def save_many(db: Database, records: Iterable[NewRecord], author: Author) -> int:
    """Write many new records in one transaction and give their number: samples. Raises when one exists."""
    count = 0
    persons: list[tuple[int, Raw]] = []
    with transaction(db):
        as_written = same.shows_all_as_written(db)
        for record in records:
            table = _table(record.form)
            wanted = {name: to_wire(value) for name, value in record.answers.items()}
            fields = _difference(table, None, wanted, frozenset(), frozenset())
            if not fields:
                continue  # as in `save`: a save that sets nothing could not be read again
            op = _next_op(record.form, record.id, record.scope, None, fields, author, record.at, "")
            journal.append(db, op, author.device_id)
            after = _after(table, None, op, author.device_id)
            if not as_written:
                after = same.shown(db, table, after)
            number = put(db, table, None, after)
            if table.form is PERSON:
                persons.append((number, after))
            count += 1
        words.add_all(db, persons)
    return count


def _table(form: Form) -> Table:
    table = table_of(form.name)
    if table is None:
        raise ValueError(f"no table for {form.name}")
    return table


def _difference(
    table: Table, before: Raw | None, wanted: Mapping[str, Wire], confirmed: frozenset[str], settle: frozenset[str]
) -> dict[str, Wire]:
    """The op's fields: what is new, what a person settled, confirmations given or fallen, and a record come back."""
    fields: dict[str, Wire] = {}
    for name, value in wanted.items():
        if not admits(table, name, value):
            raise ValueError(f"{table.form.name}.{name} cannot be a {type(value).__name__}")
        old = None if before is None else before[name]
        if old != stored(value) or name in settle:
            fields[name] = value
    was_confirmed = frozenset((before["confirmed"] or "").split()) if before else frozenset()
    for name in sorted(confirmed - was_confirmed):
        fields[CONFIRMED + name] = True
    for name in sorted((was_confirmed & fields.keys()) - confirmed):
        fields[CONFIRMED + name] = None
    if before is not None and (before["withdrawn"] == 1 or WITHDRAWN in settle):
        fields[WITHDRAWN] = False
    return fields


def _reading(author: Author, now: datetime) -> tuple[int, int]:
    """What an op says of the time: milliseconds and how far the clock is to be trusted.

    A clock before 1970 (an empty battery) is not to be trusted at all: no op may carry a moment others cannot read.
    """
    at_ms = int(now.timestamp() * 1000)
    return (at_ms, author.clock) if at_ms >= 0 else (0, 0)


def _next_op(
    form: Form,
    record_id: str,
    scope: str,
    before: Raw | None,
    fields: Mapping[str, Wire],
    author: Author,
    now: datetime,
    reason: str,
) -> Op:
    at_ms, clock = _reading(author, now)
    return Op(
        scope=scope if before is None else before["scope"],
        entity=form.name,
        record=record_id,
        version=form.version,
        depth=1 if before is None else before["depth"] + 1,
        heads=() if before is None else tuple(before["heads"].split()),
        fields=fields,
        author=author.worker_id,
        at_ms=at_ms,
        clock=clock,
        nonce=secrets.token_hex(8),
        reason=reason,
    )


def _write(db: Database, table: Table, before: Raw | None, op: Op, device: str) -> None:
    """The row after an op that saw all heads: the same as projecting all ops, without reading them."""
    if table.form is MERGE or (before is not None and _needs_projecting(before, op)):
        journal.project(db, table.form.name, op.record)
        return
    after = same.shown(db, table, _after(table, before, op, device))
    number = put(db, table, before, after)
    if table.form is PERSON:
        words.keep(db, number, before or {}, after)


def _after(table: Table, before: Raw | None, op: Op, device: str) -> Raw:
    after: Raw = {"n": None, "id": op.record, "scope": op.scope} if before is None else dict(before)
    confirmed = set() if before is None else set((before["confirmed"] or "").split())
    if before is None:
        after |= dict.fromkeys(("confirmed", "withdrawn", "saved_at_ms", "saved_by", "device", "depth", "heads"))
        after |= dict.fromkeys(("conflicts", "extra", *table.columns))
        after["withdrawn"] = 0
    for name, value in op.fields.items():
        if name.startswith(CONFIRMED):
            (confirmed.add if value else confirmed.discard)(name.removeprefix(CONFIRMED))
        else:
            after[name] = stored(value)
    after["confirmed"] = confirmed_text(list(confirmed))
    after["conflicts"] = conflicts_without(after["conflicts"], op.fields)
    after |= {"saved_at_ms": op.at_ms, "saved_by": op.author, "device": device, "depth": op.depth, "heads": op.head}
    return after


def _needs_projecting(before: Raw, op: Op) -> bool:
    """Whether withdrawal or values this version cannot show take part; rare, so the ops are read again."""
    if before["withdrawn"] or WITHDRAWN in op.fields or before["extra"]:
        return True
    return before["conflicts"] is not None and WITHDRAWN in json.loads(before["conflicts"])


def _grow(
    db: Database, table: Table, before: Raw, fields: Mapping[str, Wire], author: Author, now: datetime
) -> SavedOp | None:
    """Let the newest op take these fields too; None when it must stay as it is."""
    newest = journal.newest_unsealed(db, before["id"], before["heads"])
    if newest is None or newest.device != author.device_id:
        return None
    old = newest.op
    at_ms, clock = _reading(author, now)
    if (
        old.author != author.worker_id
        or old.reason
        or not 0 <= at_ms - old.at_ms < COALESCE_MS
        or old.fields.keys() & fields.keys()
        or WITHDRAWN in {*old.fields, *fields}
    ):
        return None
    new = Op(
        scope=old.scope,
        entity=old.entity,
        record=old.record,
        version=table.form.version,
        depth=old.depth,
        heads=old.heads,
        fields={**old.fields, **fields},
        author=old.author,
        at_ms=at_ms,
        clock=clock,
        nonce=old.nonce,
    )
    journal.rewrite(db, newest, new)
    _write(db, table, before, new, author.device_id)
    return SavedOp(new.id, True, now)


def _saved_part(db: Database, op_id: str, record: str, whole: bool) -> tuple[Op, frozenset[str]]:
    """The op a save is in now, and the fields that save set."""
    found = journal.find(db, op_id, record)
    if found is None:
        raise NotFound(_not_found())
    op, parts = found
    if whole:
        return op, frozenset(op.fields)
    return op, parts[op_id] if op_id in parts else frozenset(op.fields).difference(*parts.values())


def _reversing(table: Table, ops: list[tuple[Op, str]], op: Op, fields: frozenset[str], before: Raw) -> dict[str, Wire]:
    """The fields that take a save back."""
    now = standing(ops)
    then = standing(_seen_by(op, ops))
    written = [other for other, _device in ops if other.head != op.head and _saw(other, op, ops)]
    later = {name for other in written for name in other.fields if not _gave_back(name, op, written)}
    back: dict[str, Wire] = {}
    for name in sorted(fields - later):
        old = then.values.get(name)
        if name == WITHDRAWN:
            back[name] = old is True
        elif name in table.form.links and old is None:
            continue
        elif now.values.get(name) != old or name in now.conflicts:
            back[name] = old
    left = {name: value for name, value in {**now.values, **back}.items() if value is not None}
    asked = [name for name in left if name in table.form.fields]
    if not asked and before["withdrawn"] != 1:
        return {**back, WITHDRAWN: True}
    if then.values:
        return back
    return {
        name: value
        for name, value in back.items()
        if value is not None or name not in table.form.fields or not table.form.fields[name].required
    }


def _gave_back(name: str, op: Op, later: list[Op]) -> bool:
    """Whether the last later write of a field only undid others and so gave back what this op had written."""
    last = max((other for other in later if name in other.fields), key=lambda other: other.depth)
    return last.reason == UNDONE and name in op.fields and last.fields[name] == op.fields[name]


def _seen_by(op: Op, ops: list[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """The ops an op's author had seen, directly or through others."""
    known = {other.head: (other, device) for other, device in ops}
    seen: set[str] = set()
    waiting = list(op.heads)
    while waiting:
        head = waiting.pop()
        if head in known and head not in seen:
            seen.add(head)
            waiting.extend(known[head][0].heads)
    return [known[head] for head in seen]


def _saw(later: Op, earlier: Op, ops: list[tuple[Op, str]]) -> bool:
    return any(other.head == earlier.head for other, _device in _seen_by(later, ops))


_NOTHING: frozenset[str] = frozenset()


def _row(table: Table, row: tuple[Any, ...]) -> Row:
    """The record in a fetched row, whose columns are META and then the table's. Lists read thousands of these."""
    meta = row[: len(META)]
    _n, record, scope, confirmed, withdrawn, at_ms, saved_by, device, _depth, _heads, conflicts, _extra = meta
    disputed = {} if conflicts is None else json.loads(conflicts)
    return Row(
        id=record,
        scope=scope,
        answers=table.answers(row),
        saved_at_ms=at_ms,
        saved_by=saved_by,
        device=device,
        confirmed=frozenset(confirmed.split()) if confirmed else _NOTHING,
        conflicts={name: tuple(_other(table, name, each) for each in found) for name, found in disputed.items()},
        withdrawn=bool(withdrawn),
    )


def _other(table: Table, name: str, each: list[Wire]) -> Other:
    value, device, author, at_ms, op_id = each
    assert isinstance(at_ms, int)
    return Other(_answer(table.form, name, value), str(device), str(author), moment(at_ms), str(op_id))


def _answer(form: Form, name: str, value: Wire) -> Value | None:
    """The Python value of one that travelled; as it is when this version cannot read it."""
    table = _table(form)
    if name not in table.columns or not admits(table, name, value):
        return value
    return table.readers[table.columns.index(name)](stored(value))


def _entry(op: Op, device: str, ops: list[tuple[Op, str]]) -> HistoryEntry:
    before = standing(_seen_by(op, ops)).values
    form = FORMS.get(op.entity)
    changes = {
        name: (before.get(name), value)
        if form is None
        else (_answer(form, name, before.get(name)), _answer(form, name, value))
        for name, value in op.fields.items()
    }
    return HistoryEntry(op.id, moment(op.at_ms), op.author, device, changes, op.reason)


def _not_found() -> str:
    return _("Catatan ini tidak ada di buku.")
