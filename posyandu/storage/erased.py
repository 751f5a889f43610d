"""What was erased from this book because the person asked: remembered by random ids, so that it never comes back.

`erased` has the short ids of saves that are to be forgotten wherever they turn up again (a stick, another laptop, a
backup); `erased_record` the records nobody is shown any more, whatever late saves say of them. `erasure_word` has what
was said of each erasure, by the short id of its save: only those ASKED here and those the server has said are DONE.
`kept_back` has, until the server's word, the saves of those asked here that no server was seen to hold.
"""

from collections.abc import Collection, Iterable, Sequence

from posyandu.domain.change import Op
from posyandu.domain.erasing import Erasure, belongs_by, takes
from posyandu.domain.errors import DatabaseBusy, DiskFull
from posyandu.domain.forms import FORMS
from posyandu.storage import settings
from posyandu.storage.engine import Database, checked, rows
from posyandu.storage.tables import Raw, Table

HELD = 3
"""`withdrawn` of a record that came late, about somebody erased: not shown, not forgotten, somebody has to decide."""

ASKED, DONE, REFUSED = "diminta", "musnah", "ditolak"
"""Of an erasure: asked for on this laptop, said by the server to be so everywhere, or refused by its administrator."""

_AT_ONCE = 500


def note(db: Database, what: Erasure) -> None:
    """Remember an erasure, in the caller's transaction; and that the file is to be written anew when there is time."""
    db.conn.executemany("INSERT OR IGNORE INTO erased VALUES (?)", [(head,) for head in what.heads])
    db.conn.executemany("INSERT OR IGNORE INTO erased_record VALUES (?)", [(record,) for record in what.records])
    settings.put(db, "scrub", True)


def forget(db: Database, what: Erasure) -> None:
    """The opposite of `note`, when an administrator has refused an erasure."""
    db.conn.executemany("DELETE FROM erased WHERE head = ?", [(head,) for head in what.heads])
    db.conn.executemany("DELETE FROM erased_record WHERE id = ?", [(record,) for record in what.records])


def keep_back(db: Database, record: str, op_id: str) -> None:
    """Put a save aside that is taken out of the journal: it comes back if the erasure is refused."""
    db.conn.execute(
        "INSERT OR REPLACE INTO kept_back SELECT id, body FROM op WHERE record = ? AND id = ?", (record, op_id)
    )


def kept_back(db: Database, heads: Iterable[str]) -> list[tuple[str, bytes]]:
    """Id and body of the saves put aside that have one of these short ids."""
    wanted = set(heads)
    return [(op_id, bytes(body)) for op_id, body in rows(db, "SELECT * FROM kept_back") if op_id[:16] in wanted]


def has_kept_back(db: Database) -> bool:
    """Whether saves are put aside until the server has said what is to become of them."""
    return bool(rows(db, "SELECT 1 FROM kept_back LIMIT 1"))


def let_go(db: Database, heads: Iterable[str]) -> None:
    """Forget the saves put aside that have one of these short ids: they are erased for good, or safe elsewhere."""
    gone = [(op_id,) for op_id, _body in kept_back(db, heads)]
    db.conn.executemany("DELETE FROM kept_back WHERE id = ?", gone)
    if gone:
        settings.put(db, "scrub", True)


def word(db: Database, head: str) -> str:
    """What was said of the erasure with this short id; "" for one that waits for the server's word."""
    found = rows(db, "SELECT word FROM erasure_word WHERE head = ?", (head,))
    return str(found[0][0]) if found else ""


def say(db: Database, head: str, word: str) -> None:
    """Note what was said of an erasure, in the caller's transaction. What is done stays done."""
    db.conn.execute(
        "INSERT INTO erasure_word VALUES (?, ?) ON CONFLICT (head) DO UPDATE SET word = excluded.word WHERE word <> ?",
        (head, word, DONE),
    )


def has_refused(db: Database) -> bool:
    """Whether the server has refused an erasure this book knows of."""
    return bool(rows(db, "SELECT 1 FROM erasure_word WHERE word = ? LIMIT 1", (REFUSED,)))


def said_here(db: Database, *words: str) -> list[tuple[str, str]]:
    """Record and short id of every erasure in this book of which one of these words was said, oldest first."""
    marks = ", ".join("?" * len(words))
    return rows(
        db,
        "SELECT op.record, head FROM op JOIN erasure_word ON head = substr(op.id, 1, 16)"
        f" WHERE entity = 'erasure' AND word IN ({marks}) ORDER BY n",
        words,
    )


def is_gone(db: Database, op: Op) -> bool:
    """Whether a save that comes now was erased before."""
    return bool(heads_among(db, (op.head,))) and takes(op.entity, op.record, records_among(db, (op.record,)))


def heads_among(db: Database, heads: Iterable[str]) -> set[str]:
    """Those of these short ids of saves that are to be forgotten."""
    return _among(db, "SELECT head FROM erased WHERE head IN ({})", set(heads))


def records_among(db: Database, ids: Iterable[str]) -> set[str]:
    """Those of these records that were erased."""
    return _among(db, "SELECT id FROM erased_record WHERE id IN ({})", set(ids))


def holds(db: Database, table: Table, row: Raw) -> bool:
    """Whether a row is about somebody erased, and so shown to nobody."""
    ids = [row["id"], *(row[link] for link in belongs_by(table.form) if row[link])]
    marks = ", ".join("?" * len(ids))
    return bool(rows(db, f"SELECT 1 FROM erased_record WHERE id IN ({marks}) LIMIT 1", ids))


def belonging(db: Database, ids: Collection[str]) -> set[str]:
    """These records and every record that belongs to them, through any number of links."""
    found, new = set(ids), set(ids)
    while new:
        reached: set[str] = set()
        for form in FORMS.values():
            for link in belongs_by(form):
                reached |= _among(db, f"SELECT id FROM {form.name} WHERE {link} IN ({{}})", new)
        new = reached - found
        found |= new
    return found


def counted(db: Database, records: Collection[str]) -> dict[str, int]:
    """How many of these records there are of each form, by its name."""
    found = {form: len(_among(db, f"SELECT id FROM {form} WHERE id IN ({{}})", records)) for form in FORMS}
    return {form: number for form, number in found.items() if number}


def saves_of(db: Database, records: Collection[str]) -> list[tuple[str, str, str]]:
    """Posyandu, record and short id of every save of these records."""
    found: list[tuple[str, str, str]] = []
    ordered = sorted(records)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        found += rows(db, f"SELECT scope, record, substr(id, 1, 16) FROM op WHERE record IN ({marks})", some)
    return found


def naming(
    db: Database, form: str, fields: Sequence[str], scopes: Collection[str], names: Collection[str]
) -> list[tuple[str, str, str]]:
    """Record, field and text of every standing record of these posts whose typed text has one of these names in it."""
    if not (fields and names):
        return []
    plain = [name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for name in names]
    having = " OR ".join(f"{field} LIKE ? ESCAPE '\\'" for field in fields for _name in plain)
    found = rows(
        db,
        f"SELECT id, {', '.join(fields)} FROM {form} WHERE withdrawn = 0 AND scope IN ({', '.join('?' * len(scopes))})"
        f" AND ({having}) ORDER BY n",
        (*scopes, *(f"%{name}%" for _field in fields for name in plain)),
    )
    wanted = [name.casefold() for name in names]
    return [
        (record, field, text)
        for record, *texts in found
        for field, text in zip(fields, texts, strict=True)
        if text is not None and any(name in text.casefold() for name in wanted)
    ]


def forget_drafts(db: Database, records: Collection[str]) -> None:
    """Drop what was typed and is not final about these records, in the caller's transaction."""
    gone = set(records)
    for record in records:
        found = "SELECT record FROM draft WHERE record = ?1 OR person_id = ?1 OR instr(answers, ?2) > 0"
        gone |= {each for (each,) in rows(db, found, (record, f'"{record}"'))}
    db.conn.executemany("DELETE FROM draft WHERE record = ?", [(record,) for record in gone])
    unread = settings.get(db, settings.UNREAD)
    if unread is not None and unread["key"] in gone:
        settings.put(db, settings.UNREAD, None)


def held(db: Database) -> list[tuple[str, str]]:
    """Entity and id of every record that waits for a decision because its person was erased."""
    if not rows(db, "SELECT 1 FROM erased_record LIMIT 1"):
        return []
    return [
        (form.name, record)
        for form in FORMS.values()
        for (record,) in rows(db, f"SELECT id FROM {form.name} WHERE withdrawn = ? ORDER BY n", (HELD,))
    ]


def is_to_be_scrubbed(db: Database) -> bool:
    """Whether pages of the file may still hold what was erased."""
    return bool(settings.get(db, "scrub", False))


def scrub(db: Database) -> bool:
    """Write the file anew without the pages that held what was erased; False when another part of the app reads it
    just now: the next sync tries again.

    They are encrypted like all others, but who has the key could read them. Not inside a transaction.
    """
    if not is_to_be_scrubbed(db):
        return True
    if not rows(db, "SELECT 1 FROM pragma_database_list WHERE name = 'main' AND file <> ''"):  # a book in memory
        settings.put(db, "scrub", False)
        return True
    try:
        with checked():
            db.conn.execute("VACUUM")
            (busy, *_pages) = rows(db, "PRAGMA wal_checkpoint(TRUNCATE)")[0]
    except (DatabaseBusy, DiskFull):
        return False
    if not busy:
        settings.put(db, "scrub", False)
    return not busy


def _among(db: Database, query: str, wanted: Collection[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        found |= {each for (each,) in rows(db, query.format(", ".join("?" * len(some))), some)}
    return found
