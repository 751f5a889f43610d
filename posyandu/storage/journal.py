"""The journal of saves: every op of this book, own and received, and the rows that follow from them.

Nothing here is ever overwritten, with two exceptions: an op that has not left this laptop may grow by the next cells
of the same row (`rewrite`), and what a person asked to have erased is taken out (`erase`). Rows are a projection;
`replay` makes them again from the ops alone.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from posyandu.domain import erasing
from posyandu.domain.change import WITHDRAWN, Op, Standing, read_op, standing
from posyandu.domain.erasing import Erasure
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.merge import FORM as MERGE
from posyandu.domain.forms.registration import PERSON
from posyandu.storage import erased, same, settings, words
from posyandu.storage.engine import Database, rows, transaction
from posyandu.storage.tables import Raw, put, raw_row, standing_row, table_of


@dataclass(frozen=True)
class Applied:
    """What receiving ops did: how many were new, and the records whose rows were projected again."""

    new: int
    touched: frozenset[tuple[str, str]]


def append(db: Database, op: Op, device: str, *, sealed: bool = False) -> None:
    """Keep an op; the caller writes the row in the same transaction."""
    db.conn.execute(
        "INSERT INTO op (id, entity, record, scope, device, sealed, parts, body) VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
        (op.id, op.entity, op.record, op.scope, device, int(sealed), op.canonical),
    )


@dataclass(frozen=True)
class Waiting:
    """An op that has not left this laptop: its number, its device, and the saves joined into it before the last."""

    number: int
    op: Op
    device: str
    parts: list[tuple[str, list[str]]]


def newest_unsealed(db: Database, record: str, heads: str) -> Waiting | None:
    """The op that is the record's only head, while it waits to be sealed."""
    found = rows(
        db,
        "SELECT n, id, device, parts, body FROM op WHERE record = ? AND id > ? AND id < ? AND sealed = 0",
        (record, heads, heads + "g"),
    )
    if len(found) != 1:
        return None
    number, op_id, device, parts, body = found[0]
    return Waiting(number, stored_op(op_id, body), device, json.loads(parts or "[]"))


def rewrite(db: Database, old: Waiting, new: Op) -> None:
    """Let an unsealed op grow into another that holds all its fields; the parts stay findable for undo."""
    named = {name for _id, names in old.parts for name in names}
    parts = [*old.parts, (old.op.id, sorted(set(old.op.fields) - named))]
    db.conn.execute(
        "UPDATE op SET id = ?, parts = ?, body = ? WHERE n = ?",
        (new.id, json.dumps(parts, separators=(",", ":")), new.canonical, old.number),
    )


def ops_of(db: Database, record_id: str) -> list[tuple[Op, str]]:
    """All ops of a record with their devices, in the order this laptop met them."""
    found = rows(db, "SELECT id, device, body FROM op WHERE record = ? ORDER BY n", (record_id,))
    return [(stored_op(op_id, body), device) for op_id, device, body in found]


def unsealed(db: Database, scope: str | None = None) -> list[Op]:
    """The own ops that are in no batch yet, oldest first; of one scope, or of all."""
    where, given = ("", ()) if scope is None else (" AND scope = ?", (scope,))
    found = rows(db, f"SELECT id, body FROM op WHERE sealed = 0{where} ORDER BY n", given)
    return [stored_op(op_id, body) for op_id, body in found]


def mark_sealed(db: Database, ops: Iterable[Op]) -> None:
    """Note that these ops are in a batch: from now on they are never rewritten. In the caller's transaction."""
    db.conn.executemany("UPDATE op SET sealed = 1 WHERE record = ? AND id = ?", [(op.record, op.id) for op in ops])


def find(db: Database, op_id: str, record: str = "") -> tuple[Op, dict[str, frozenset[str]]] | None:
    """The op that a save is in, by the id the save gave, and the fields of each save joined into it by their ids.

    Looked for first under its `record` where that is known, then among what has not left this laptop: what is undone is
    mostly what was just typed.
    """
    columns, like = "id, body, parts", f'%"{op_id}"%'
    for query, given in (
        (f"SELECT {columns} FROM op WHERE record = ? AND id = ?", (record, op_id)),
        (f"SELECT {columns} FROM op WHERE sealed = 0 AND (id = ? OR parts LIKE ?)", (op_id, like)),
        (f"SELECT {columns} FROM op WHERE n = (SELECT n FROM op INDEXED BY op_record WHERE id = ?)", (op_id,)),
        (f"SELECT {columns} FROM op WHERE parts LIKE ?", (like,)),
    ):
        for found_id, body, parts in rows(db, query, given):
            return stored_op(found_id, body), {each: frozenset(names) for each, names in json.loads(parts or "[]")}
    return None


def last(db: Database) -> int:
    """The place of the newest op kept, to ask later what came `since`."""
    return int(rows(db, "SELECT coalesce(max(n), 0) FROM op")[0][0])


def since(db: Database, place: int) -> list[tuple[str, str, str]]:
    """Form, record and id of every op kept after a place, the first first."""
    return list(rows(db, "SELECT entity, record, id FROM op WHERE n > ? ORDER BY n", (place,)))


def give_unsealed_to(db: Database, device: str) -> None:
    """Let another device id stand for the ops that wait here, and project their records: after a restore."""
    with transaction(db):
        touched = rows(db, "SELECT DISTINCT entity, record FROM op WHERE sealed = 0")
        db.conn.execute("UPDATE op SET device = ? WHERE sealed = 0", (device,))
        for entity, record in touched:
            project(db, entity, record)


def apply(db: Database, ops: Iterable[tuple[Op, str]]) -> Applied:
    """Keep received ops with their devices and project the records they touch; known ones change nothing.

    Ops of an entity this version does not know are kept and not shown.
    """
    return _receive(db, ops, sealed=True)


def import_ops(db: Database, ops: Iterable[tuple[Op, str]]) -> Applied:
    """Like `apply`, for own ops made elsewhere (sample, restore): they still wait to be sealed."""
    return _receive(db, ops, sealed=False)


def _receive(db: Database, ops: Iterable[tuple[Op, str]], *, sealed: bool) -> Applied:
    """Keep ops and project what they touch; of a record first met here they are all there is to read."""
    new = 0
    first_met: dict[tuple[str, str], dict[str, tuple[Op, str]]] = {}
    met: dict[tuple[str, str], None] = {}
    with transaction(db):
        for op, device in ops:
            place = (op.entity, op.record)
            if place not in first_met and place not in met and _is_new(db, op.record):
                first_met[place] = {}
            counts_for = _keep(db, op, device, sealed=sealed)
            if counts_for is not None:
                new += 1
                if place in first_met:
                    first_met[place][op.id] = (op, counts_for)
                else:
                    met[place] = None
        for (entity, record), its_ops in first_met.items():
            _show(db, entity, record, list(its_ops.values()))
        for entity, record in met:
            project(db, entity, record)
    return Applied(new, frozenset((*first_met, *met)))


def erase(db: Database, what: Erasure, *, may_come_back: bool = False) -> None:
    """Forget what an erasure names, in the caller's transaction: its saves, rows, words and drafts.

    Records of it that others saved without having seen the erasure stay in the journal and are held: shown to nobody.
    `may_come_back`: the saves are put aside, for as long as it may be refused.
    """
    erased.note(db, what)
    touched = set()
    for record in sorted(what.records | what.rewritten):
        for entity, op_id in rows(db, "SELECT entity, id FROM op WHERE record = ?", (record,)):
            touched.add((entity, record))
            if op_id[:16] in what.heads and erasing.takes(entity, record, what.records, what.rewritten):
                if may_come_back:
                    erased.keep_back(db, record, op_id)
                db.conn.execute("DELETE FROM op WHERE record = ? AND id = ?", (record, op_id))
    for entity, record in sorted(touched):
        if rows(db, "SELECT 1 FROM op WHERE record = ? LIMIT 1", (record,)):
            project(db, entity, record)
        else:
            _forget(db, entity, record)
    _project_those(db, erased.belonging(db, what.records) - what.records)
    erased.forget_drafts(db, what.records | what.rewritten)


def take_back(db: Database, what: Erasure) -> None:
    """Show again what of an erasure is still here, in the caller's transaction: an administrator refused it.

    What another erasure names too stays gone; saves that were put aside here wait to be sealed by this laptop;
    those the server holds come again from there.
    """
    others = Erasure(frozenset(), frozenset(), frozenset())
    for record, head in erased.said_here(db, erased.ASKED, erased.DONE):
        said = erasing.said_by(op for op, _device in ops_of(db, record) if op.head == head)
        others = Erasure(others.records | said.records, frozenset(), others.heads | said.heads)
    back = Erasure(what.records - others.records, frozenset(), what.heads - others.heads)
    erased.forget(db, back)
    device, kept = str(settings.get(db, "device")), erased.kept_back(db, back.heads)
    import_ops(db, [(stored_op(op_id, body), device) for op_id, body in kept])
    erased.let_go(db, back.heads)
    _project_those(db, erased.belonging(db, back.records))


def _project_those(db: Database, records: Collection[str]) -> None:
    """Project what of these records has a row, and whoever is shown with whom."""
    for form in FORMS.values():
        for record in sorted(records):
            if rows(db, f"SELECT 1 FROM {form.name} WHERE id = ?", (record,)):
                project(db, form.name, record)
    for each in same.renew(db):
        project(db, *each)


def _forget(db: Database, entity: str, record: str) -> None:
    """Take away the row of a record none of whose saves is left, and what it was found by."""
    table = table_of(entity)
    before = raw_row(db, table, record) if table is not None else None
    if table is None or before is None:
        return
    if table.form is PERSON:
        words.keep(db, int(before["n"]), before, dict.fromkeys(words.SEARCHED))
    db.conn.execute(f"DELETE FROM {entity} WHERE id = ?", (record,))


def _is_new(db: Database, record: str) -> bool:
    return not rows(db, "SELECT 1 FROM op WHERE record = ? LIMIT 1", (record,))


def _keep(db: Database, op: Op, device: str, *, sealed: bool) -> str | None:
    """Keep an op; the device it counts for when that, or the op, is new, else None.

    An op can come in batches of two devices (a disk was cloned): the least device id is the one that counts on every
    laptop. For an own op that was still waiting, the batch it came in is the truth.
    """
    known = rows(db, "SELECT device, sealed FROM op WHERE record = ? AND id = ?", (op.record, op.id))
    if not known:
        if erased.is_gone(db, op):
            return None
        append(db, op, device, sealed=sealed)
        return device
    was, was_sealed = known[0]
    if not sealed:
        return None
    now = min(was, device) if was_sealed else device
    db.conn.execute("UPDATE op SET sealed = 1, device = ? WHERE record = ? AND id = ?", (now, op.record, op.id))
    return None if now == was else now


def project(db: Database, entity: str, record_id: str) -> None:
    """Write the row of a record as its ops have it, in the caller's transaction."""
    _show(db, entity, record_id, [each for each in ops_of(db, record_id) if each[0].entity == entity])


def _show(db: Database, entity: str, record_id: str, ops: list[tuple[Op, str]]) -> None:
    after = _projected(db, entity, record_id, ops)
    table = table_of(entity)
    if table is None or after is None:
        return
    before = raw_row(db, table, record_id)
    number = put(db, table, before, after)
    if table.form is PERSON:
        words.keep(db, number, before or {}, after)
    elif table.form is MERGE:
        for touched in same.renew(db):
            project(db, *touched)


def _projected(db: Database, entity: str, record_id: str, ops: list[tuple[Op, str]]) -> Raw | None:
    """The row these ops make; None without any, or for an entity this version does not know."""
    table = table_of(entity)
    if table is None or not ops:
        return None
    newest = max(ops, key=lambda pair: (pair[0].depth, pair[1], pair[0].id))
    return same.shown(db, table, standing_row(table, record_id, standing_of(ops), newest))


def standing_of(ops: list[tuple[Op, str]]) -> Standing:
    """What `change.standing` says, at once for the many records that were saved only once."""
    if len(ops) > 1:
        return standing(ops)
    op = ops[0][0]
    return Standing(op.fields, {}, (op.head,), op.depth, op.fields.get(WITHDRAWN) is True, revived=False)


def replay(db: Database) -> None:
    """Make all rows again from the ops alone, in one transaction: after an upgrade that knows more fields."""
    with transaction(db):
        for entity in FORMS:
            db.conn.execute(f"DELETE FROM {entity}")
        db.conn.execute("DELETE FROM person_word")
        db.conn.execute("DELETE FROM same")
        for entity, record in rows(db, "SELECT entity, record FROM op GROUP BY entity, record ORDER BY min(n)"):
            project(db, entity, record)


def show_kept(db: Database) -> None:
    """Project what an older version kept without being able to show it: called after new tables and columns came.

    The journal is read once for all forms: it is most of the book.
    """
    with transaction(db):
        told: dict[str, set[str]] = {}
        for entity, record in db.conn.execute("SELECT DISTINCT entity, record FROM op"):
            told.setdefault(entity, set()).add(record)
        for entity in FORMS:
            shown = {record for (record,) in rows(db, f"SELECT id FROM {entity}")}
            more = {record for (record,) in rows(db, f"SELECT id FROM {entity} WHERE extra IS NOT NULL")}
            for record in sorted((told.get(entity, set()) - shown) | more):
                project(db, entity, record)


MENDED = "rows_mended"
"""The setting that counts the rows `mend_some` ever made anew."""


def mend_some(db: Database, after: str, most: int) -> tuple[str, int]:
    """Compare the rows of the next `most` records after this id with what their saves say, and make anew those that
    differ. Saves are never touched, nor is a row without any: it may be the last that is left of something.

    Returns the last id looked at ("" when there are no more) and how many rows were made anew.
    """
    found = rows(db, "SELECT DISTINCT record FROM op WHERE record > ? ORDER BY record LIMIT ?", (after, most))
    mended = 0
    for (record,) in found:
        if any(_is_wrong(db, each, record) for each in {op.entity for op, _device in ops_of(db, record)}):
            mended += _mend(db, record)
    if mended:
        settings.put(db, MENDED, settings.get(db, MENDED, 0) + mended)
    return (found[-1][0] if len(found) == most else ""), mended


def _is_wrong(db: Database, entity: str, record: str) -> bool:
    table = table_of(entity)
    if table is None:
        return False
    told = _projected(db, entity, record, [each for each in ops_of(db, record) if each[0].entity == entity])
    kept = raw_row(db, table, record)
    return told is not None and (kept is None or told != {**kept, "n": None})


def _mend(db: Database, record: str) -> int:
    """Rows of this record made anew: looked at again while nobody else can save."""
    with transaction(db):
        wrong = [each for each in {op.entity for op, _device in ops_of(db, record)} if _is_wrong(db, each, record)]
        for entity in wrong:
            project(db, entity, record)
    return len(wrong)


def differences(db: Database) -> list[str]:
    """The ids of records whose row is not what their ops say; an empty list is what it should be."""
    found: list[str] = []
    for entity in FORMS:
        table = table_of(entity)
        assert table is not None
        stored = {row[1]: table.raw(row) for row in rows(db, table.select)}
        records = {record for (record,) in rows(db, "SELECT DISTINCT record FROM op WHERE entity = ?", (entity,))}
        for record in stored.keys() | records:
            ops = [each for each in ops_of(db, record) if each[0].entity == entity]
            replayed = _projected(db, entity, record, ops)
            kept = stored.get(record)
            if replayed is None or kept is None or replayed != {**kept, "n": None}:
                found.append(record)
    return sorted(found)


def rows_equal_replay(db: Database) -> bool:
    """Whether every row is exactly what its ops say, and every person is found by exactly the words of the row."""
    if differences(db) or same.known(db) != same.said(db):
        return False
    columns = ["n", *words.SEARCHED]
    persons = rows(db, f"SELECT {', '.join(columns)} FROM person")
    wanted = {
        (kind, word, row[0]) for row in persons for kind, word in words.words_of(dict(zip(columns, row, strict=True)))
    }
    return wanted == set(rows(db, "SELECT kind, word, person FROM person_word"))


def stored_op(op_id: str, body: bytes) -> Op:
    """An op from its stored canonical form, without hashing it again."""
    op = read_op(json.loads(body))
    op.__dict__["id"] = op_id
    op.__dict__["canonical"] = bytes(body)
    return op
