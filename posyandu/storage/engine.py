"""The one door to SQLite: SQLCipher under sqlite_utils, transactions, and the engine's errors as sentences.

The only module that imports sqlite_utils. SQLCipher comes from the `sqlcipher3` wheel with its own SQLite: the
machine's may be older than 3.51.3 and lose pages when two connections meet a checkpoint.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

import sqlcipher3
from sqlcipher3 import dbapi2

from posyandu.domain.errors import DamagedDatabase, DatabaseBusy, PosyanduError, disk_full, not_writable
from posyandu.text import _


def _let_sqlite_utils_use_sqlcipher() -> None:
    """Register sqlcipher3 as `pysqlite3`, which sqlite_utils prefers: so it catches the exceptions really raised."""
    module = ModuleType("pysqlite3")
    module.__dict__.update({name: value for name, value in vars(sqlcipher3).items() if not name.startswith("__")})
    module.__dict__["dbapi2"] = dbapi2
    sys.modules["pysqlite3"] = module
    sys.modules["pysqlite3.dbapi2"] = dbapi2


_let_sqlite_utils_use_sqlcipher()

from sqlite_utils import Database  # noqa: E402 - only after the line above

__all__ = [
    "Database",
    "Error",
    "checked",
    "connect",
    "copy_into",
    "key_of",
    "one_view",
    "refuse_old_library",
    "rows",
    "sibling",
    "transaction",
]

Error: type[Exception] = dbapi2.Error
"""What the engine raises."""

OLDEST_LIBRARY = (3, 51, 3)
"""SQLite before this can lose committed pages in WAL mode (sqlite.org/wal.html#walresetbug)."""

BUSY_MS = 5_000
"""How long a connection waits for another one's write before it says DatabaseBusy."""

PAGE_BYTES = 1024
"""A save touches some ten pages of the book; small ones write a third. See ADR 0027."""

_FIRST_PAGE_BYTES = 4096
"""The pages of books begun before 0.2.0; they keep them."""

_PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = OFF",
    "temp_store = MEMORY",
    "cache_size = -49152",
    "wal_autocheckpoint = 16000",  # a posyandu day fits: pages are copied back once, mostly when the book is closed
)


def connect(address: str, key: bytes | None) -> Database:
    """A connection with our settings to a path or `file:` address; `key` is the raw 32-byte key, None for none.

    Raises DamagedDatabase when the file cannot be read with this key.
    """
    with checked():
        try:
            connection = _opened(address, key, PAGE_BYTES)
        except dbapi2.OperationalError:
            raise
        except dbapi2.DatabaseError:  # an encrypted file does not tell how long its pages are
            connection = _opened(address, key, _FIRST_PAGE_BYTES)
    db = Database(connection, execute_plugins=False)  # looking for them reads every installed package
    _origin[db] = (address, key)
    return db


@contextmanager
def read_once(db: Database) -> Iterator[None]:
    """Keep few pages in memory while everything is read one after the other and seldom twice."""
    (usual,) = db.conn.execute("PRAGMA cache_size").fetchone()
    db.conn.execute("PRAGMA cache_size = -8192")
    try:
        yield
    finally:
        db.conn.execute(f"PRAGMA cache_size = {usual}")


def _opened(address: str, key: bytes | None, page_bytes: int) -> dbapi2.Connection:
    connection = dbapi2.connect(
        address,
        uri=address.startswith("file:"),
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute(f"PRAGMA cipher_page_size = {page_bytes}")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


_copying = Lock()
_origin: WeakKeyDictionary[Database, tuple[str, bytes | None]] = WeakKeyDictionary()


def sibling(db: Database) -> Database:
    """Another connection to the same book, for another thread."""
    return connect(*_origin[db])


def copy_into(db: Database, path: Path) -> None:
    """Write the whole book as it stands to another file, encrypted alike and with pages as long."""
    (page_bytes,) = db.conn.execute("PRAGMA page_size").fetchone()
    with _copying:  # the default is the whole program's: by another book's the copy could not be read
        db.conn.execute(f"PRAGMA cipher_default_page_size = {page_bytes}")  # what a copy is encrypted by, else 4096
        db.conn.execute("VACUUM INTO ?", (str(path),))


def key_of(db: Database) -> bytes:
    """The raw key the book was opened with, to wrap it for another person."""
    key = _origin[db][1]
    if key is None:
        raise ValueError("this book is not encrypted")
    return key


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All of the block or nothing: one commit, one flush. Inside another transaction it is a part of that one.

    Raises DatabaseBusy, DiskFull, NotWritable or DamagedDatabase where the engine says so; then nothing was written.
    """
    connection = db.conn
    if connection.in_transaction:
        yield
        return
    with checked():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def one_view(db: Database) -> Iterator[None]:
    """One unchanging view of the book for all queries in the block."""
    connection = db.conn
    if connection.in_transaction:
        yield
        return
    with checked():
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


@contextmanager
def checked() -> Iterator[None]:
    """Turn the engine's errors that a person can act on into sentences; others pass unchanged."""
    try:
        yield
    except dbapi2.Error as error:
        sentence = _sentence(str(error))
        if sentence is None:
            raise
        raise sentence from error


def _sentence(message: str) -> PosyanduError | None:
    if "locked" in message or "busy" in message:
        return DatabaseBusy(_("Buku sedang dipakai bagian lain. Tunggu sebentar, lalu coba lagi."))
    if "is full" in message:
        return disk_full()
    if "disk I/O error" in message or "readonly" in message or "unable to open" in message:
        return not_writable()
    if "not a database" in message or "malformed" in message:
        return DamagedDatabase(_("Berkas buku tidak dapat dibaca. Pulihkan dari salinan cadangan."))
    return None


def refuse_old_library(version: tuple[int, ...] = dbapi2.sqlite_version_info) -> None:
    """Stop before an SQLite that can lose data touches the book."""
    if version < OLDEST_LIBRARY:
        raise RuntimeError(f"SQLite {version} can lose committed data; at least {OLDEST_LIBRARY} is needed")


def rows(db: Database, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a query as tuples."""
    found: list[tuple[Any, ...]] = db.conn.execute(sql, parameters).fetchall()
    return found
