"""Rows of what was written down twice, shown under one id.

`same` holds what the merges of this book come to. It is applied where rows are projected: links lead to the id that
is shown, and the row of the other one is hidden. The journal keeps the ids things were written with.
"""

from posyandu.domain.forms import FORMS
from posyandu.domain.forms.merge import FORM as MERGE
from posyandu.domain.merging import Merge, stand_ins
from posyandu.storage import erased
from posyandu.storage.engine import Database, rows
from posyandu.storage.tables import Raw, Table

HIDDEN = 2
"""`withdrawn` of a record that is shown under another id: not taken away, so no save brings it back."""


def shown(db: Database, table: Table, row: Raw) -> Raw:
    """The row with its links leading to whoever is shown, itself hidden when another stands for it, or when it is
    about somebody erased.
    """
    if table.form is MERGE:
        return row
    stands = known(db)
    changed: Raw = {link: stands[row[link]] for link in table.form.links if row[link] in stands} if stands else {}
    if row["id"] in stands:
        changed["withdrawn"] = HIDDEN
    if erased.holds(db, table, row):
        changed["withdrawn"] = erased.HELD
    return {**row, **changed} if changed else row


def shows_all_as_written(db: Database) -> bool:
    """Whether `shown` changes no row: in this book nobody stands for another, and nobody was erased."""
    return not rows(db, "SELECT 1 FROM same UNION ALL SELECT 1 FROM erased_record LIMIT 1")


def known(db: Database) -> dict[str, str]:
    """Everybody who is shown under another id, and that id."""
    return dict(rows(db, "SELECT id, shown FROM same"))


def said(db: Database) -> dict[str, str]:
    """What the merges that stand in this book come to. Nobody is shown under somebody erased."""
    found = rows(
        db,
        "SELECT kept_id, other_id FROM merge WHERE active = 1 AND withdrawn = 0"
        " AND NOT EXISTS (SELECT 1 FROM erased_record WHERE id IN (kept_id, other_id))",
    )
    return stand_ins(Merge(kept, other) for kept, other in found if kept and other)


def renew(db: Database) -> list[tuple[str, str]]:
    """Bring `same` up to date with the merges; entity and id of the records whose rows are to be projected again."""
    before, after = known(db), said(db)
    moved = {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}
    if not moved:
        return []
    db.conn.execute("DELETE FROM same")
    db.conn.executemany("INSERT INTO same (id, shown) VALUES (?, ?)", after.items())
    meant = sorted(moved | {ids[each] for ids in (before, after) for each in moved if each in ids})
    marks = ", ".join("?" * len(meant))
    found: list[tuple[str, str]] = []
    for form in FORMS.values():
        if form is not MERGE:
            condition = " OR ".join(f"{column} IN ({marks})" for column in ("id", *form.links))
            query = f"SELECT id FROM {form.name} WHERE {condition}"
            found += [(form.name, record) for (record,) in rows(db, query, meant * (1 + len(form.links)))]
    return found


def ties(db: Database, record: str) -> int:
    """How many records that stand are linked to this one."""
    count = 0
    for form in FORMS.values():
        if form.links:
            condition = " OR ".join(f"{link} = ?" for link in form.links)
            query = f"SELECT count(*) FROM {form.name} WHERE withdrawn = 0 AND ({condition})"
            count += int(rows(db, query, [record] * len(form.links))[0][0])
    return count
