"""Open the book: an encrypted SQLite file in WAL mode, on the platter before it is called saved, at today's schema."""

import secrets
from functools import cache
from pathlib import Path

from posyandu.storage import journal, settings
from posyandu.storage.engine import (
    Database,
    Error,
    checked,
    connect,
    key_of,
    one_view,
    refuse_old_library,
    rows,
    sibling,
    transaction,
)
from posyandu.storage.files import sync_folder
from posyandu.storage.migrations import begin, migrate

__all__ = [
    "UPGRADED",
    "Database",
    "Error",
    "checked",
    "key_of",
    "one_view",
    "open_database",
    "open_memory",
    "rows",
    "sibling",
    "transaction",
]

UPGRADED = "upgraded"
"""The setting that is true from an upgrade until what the server said to the older version has been looked at."""


def open_database(path: Path, key: bytes) -> Database:
    """The book at `path`, opened with its raw 32-byte key and brought to today's schema; made when it is not there.

    Before a migration the file is copied beside itself.

    Raises DamagedDatabase when the file does not open with this key, NewerDatabase when a newer app wrote it,
    DatabaseBusy, DiskFull.
    """
    if len(key) != 32:
        raise ValueError("the key has 32 bytes")
    refuse_old_library()
    is_new = not path.exists()
    db = connect(str(path), key)
    try:
        with checked():
            db.execute("PRAGMA journal_mode = WAL")
            if is_new:
                begin(db, _empty_book())
            else:
                migrate(db, copy_beside=path, then=_look_again)
    except BaseException:
        db.close()
        raise
    if is_new:
        sync_folder(path.parent)
    return db


def _look_again(db: Database) -> None:
    """After an upgrade: show what was only kept, and let the next sync do what the server said of it (UPGRADED)."""
    journal.show_kept(db)
    settings.put(db, UPGRADED, True)


def open_memory(key: bytes | None = None) -> Database:
    """A migrated book in memory, for tests and previews; `sibling` opens more connections to it in this process.

    One without a key is a copy of an empty book: making its tables takes a hundred times as long.
    """
    refuse_old_library()
    db = connect(_in_memory(), key)
    if key is None:
        _empty_book().conn.backup(db.conn)
    else:
        begin(db, _empty_book())
    return db


@cache
def _empty_book() -> Database:
    db = connect(_in_memory(), None)
    migrate(db, copy_beside=None)
    return db


def _in_memory() -> str:
    return f"file:/posyandu-{secrets.token_hex(8)}?vfs=memdb"
