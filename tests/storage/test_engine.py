"""The door to SQLite: settings, transactions, and errors as sentences."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from posyandu.domain.errors import DamagedDatabase, DatabaseBusy, DiskFull, NotWritable, PosyanduError
from posyandu.storage import database, engine, migrations
from posyandu.storage.database import Database, open_database, rows, transaction

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "buku.db"


def test_sqlite_utils_catches_what_sqlcipher_raises() -> None:
    utils = import_module("sqlite_utils.utils")  # not above: whoever loads it first decides which engine it catches
    assert issubclass(engine.Error, utils.sqlite3.Error)
    db = database.open_memory()
    db["kata"].insert({"id": 1, "kata": "siti"}, pk="id")
    assert list(db.query("INSERT INTO kata VALUES (2, 'nur') RETURNING id")) == [{"id": 2}]
    with pytest.raises(engine.Error, match="UNIQUE"):
        db["kata"].insert({"id": 1, "kata": "ali"})
    assert db["kata"].count == 2
    db.close()


def test_every_save_is_on_the_platter_before_it_is_called_saved(path: Path) -> None:
    db = open_database(path, KEY)
    assert rows(db, "PRAGMA journal_mode") == [("wal",)]
    assert rows(db, "PRAGMA synchronous") == [(2,)]
    assert rows(db, "PRAGMA temp_store") == [(2,)]
    assert rows(db, "PRAGMA foreign_keys") == [(0,)]
    assert int(rows(db, "PRAGMA page_size")[0][0]) == engine.PAGE_BYTES
    db.close()


def test_a_transaction_is_all_or_nothing_and_may_be_nested() -> None:
    db = database.open_memory()

    def fails() -> None:
        with transaction(db):
            db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
            with transaction(db):
                db.conn.execute("INSERT INTO setting VALUES ('b', '1')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert rows(db, "SELECT * FROM setting") == []
    with transaction(db), transaction(db):
        db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert len(rows(db, "SELECT * FROM setting")) == 1
    db.close()


def test_one_view_does_not_see_what_others_write_meanwhile(path: Path) -> None:
    db = open_database(path, KEY)
    other = database.sibling(db)
    with database.one_view(db), database.one_view(db):
        assert rows(db, "SELECT count(*) FROM setting") == [(0,)]
        other.conn.execute("INSERT INTO setting VALUES ('a', '1')")
        assert rows(db, "SELECT count(*) FROM setting") == [(0,)]
    assert rows(db, "SELECT count(*) FROM setting") == [(1,)]
    other.close()
    db.close()


def test_a_connection_waits_for_another_ones_write_and_then_says_busy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 20)
    db = open_database(path, KEY)
    other = database.sibling(db)
    with transaction(db):
        db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
        with pytest.raises(DatabaseBusy, match="sedang dipakai"), transaction(other):
            pass
    other.close()
    db.close()


def test_a_full_disk_is_said_and_leaves_nothing_half_written(path: Path) -> None:
    db = open_database(path, KEY)
    pages = rows(db, "PRAGMA page_count")[0][0]
    db.conn.execute(f"PRAGMA max_page_count = {pages + 2}")
    much = [(str(number), "x" * 500) for number in range(1000)]
    with pytest.raises(DiskFull, match="habis"), transaction(db):
        db.conn.executemany("INSERT INTO setting VALUES (?, ?)", much)
    assert rows(db, "SELECT count(*) FROM setting") == [(0,)]
    db.conn.execute("PRAGMA max_page_count = 100000")
    with transaction(db):
        db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    db.close()


def test_a_wrong_key_or_a_damaged_file_is_said(path: Path) -> None:
    open_database(path, KEY).close()
    with pytest.raises(DamagedDatabase, match="cadangan"):
        open_database(path, bytes(32))
    path.write_bytes(path.read_bytes()[:5000] + b"rusak" * 2000)
    with pytest.raises(DamagedDatabase, match="cadangan"):
        open_database(path, KEY)
    with pytest.raises(ValueError, match="32 bytes"):
        open_database(path, b"pendek")


def test_a_place_that_is_not_there_is_called_so_and_not_damaged(tmp_path: Path) -> None:
    """It is not tried a second time as a book with longer pages, which could call it damaged."""
    with pytest.raises(NotWritable):
        engine.connect(str(tmp_path / "tidak" / "ada.posyandu"), b"k" * 32)


def test_what_is_a_bug_stays_a_bug() -> None:
    db = database.open_memory()
    with pytest.raises(engine.Error, match="no such table"), transaction(db):
        db.conn.execute("SELECT * FROM tidak_ada")
    with pytest.raises(ValueError, match="not encrypted"):
        database.key_of(db)
    db.close()


def test_an_sqlite_that_can_lose_pages_is_refused() -> None:
    engine.refuse_old_library()
    with pytest.raises(RuntimeError, match="at least"):
        engine.refuse_old_library((3, 51, 2))


def test_a_plain_sqlite_reads_nothing_and_finds_no_name(path: Path) -> None:
    db = open_database(path, KEY)
    with transaction(db):
        db.conn.execute("INSERT INTO setting VALUES ('nama', 'Siti Penanda Rahasia')")
    for file in path.parent.iterdir():
        assert b"Penanda" not in file.read_bytes()
        assert b"setting" not in file.read_bytes()
    db.close()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(path).execute("SELECT * FROM sqlite_master")


def test_committed_saves_survive_kill(path: Path) -> None:
    """A writer is killed without warning; every row it had announced is there."""
    code = (
        "import sys; from pathlib import Path; from posyandu.storage.database import open_database, transaction\n"
        f"db = open_database(Path({str(path)!r}), bytes(range(32)))\n"
        "for number in range(10**6):\n"
        "    with transaction(db):\n"
        "        db.conn.execute('INSERT INTO setting VALUES (?, ?)', (str(number), '1'))\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        last = -1
        for line in writer.stdout:
            last = int(line)
            if last == 200:
                writer.kill()
    db = open_database(path, KEY)
    assert rows(db, "SELECT count(*) FROM setting")[0][0] >= last + 1 >= 201
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]
    db.close()


def test_a_book_begun_with_longer_pages_keeps_them_and_what_a_killed_app_left_beside_it(path: Path) -> None:
    """The file does not tell how long its pages are: a try with the wrong length touches nothing of what waits."""
    begun = (
        "import os; from pathlib import Path; from posyandu.storage import engine\n"
        "from posyandu.storage.database import open_database, transaction\n"
        f"engine.PAGE_BYTES = 4096; path = Path({str(path)!r}); open_database(path, bytes(range(32))).close()\n"
        "db = open_database(path, bytes(range(32)))\n"
        "for number in range(50):\n"
        "    with transaction(db):\n"
        "        db.conn.execute('INSERT INTO setting VALUES (?, ?)', (str(number), '1'))\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", begun], check=True)
    waiting = path.with_name("buku.db-wal")
    assert waiting.stat().st_size > 50 * 4096
    with pytest.raises(engine.Error, match="not a database"):
        engine._opened(str(path), KEY, engine.PAGE_BYTES)
    assert waiting.stat().st_size > 50 * 4096
    with pytest.raises(DamagedDatabase):
        open_database(path, bytes(32))
    db = open_database(path, KEY)
    other = database.sibling(db)
    for each in (db, other):
        assert int(rows(each, "PRAGMA page_size")[0][0]) == 4096
        assert rows(each, "SELECT count(*) FROM setting") == [(50,)]
    with transaction(other):
        other.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    new = open_database(path.with_name("baru.db"), KEY)
    for book, copy in ((db, "salinan.db"), (new, "baru-salinan.db"), (db, "lagi.db")):
        engine.copy_into(book, path.with_name(copy))
    for each in (other, db, new):
        each.close()
    for name, page_bytes, count in (
        ("buku.db", 4096, 51),
        ("salinan.db", 4096, 51),
        ("lagi.db", 4096, 51),
        ("baru-salinan.db", engine.PAGE_BYTES, 0),
    ):
        db = open_database(path.with_name(name), KEY)
        assert rows(db, "SELECT count(*) FROM setting") == [(count,)]
        assert int(rows(db, "PRAGMA page_size")[0][0]) == page_bytes
        assert rows(db, "PRAGMA integrity_check") == [("ok",)]
        assert rows(db, "PRAGMA cipher_integrity_check") == []
        db.close()


class Between:
    """A connection; after its first statement of this kind something else happens."""

    def __init__(self, connection: Any, kind: str, happens: Callable[[], None]) -> None:
        self._connection, self._kind, self._happens = connection, kind, happens

    def execute(self, sql: str, *given: object) -> object:
        found = self._connection.execute(sql, *given)
        if self._kind in sql:
            self._happens()
        return found


def test_books_of_both_page_lengths_are_copied_at_the_same_time(path: Path) -> None:
    """The length a copy is encrypted by is a setting of the whole program."""
    books = [Database(engine._opened(str(path.with_name(f"{size}.db")), bytes(32), size)) for size in (1024, 4096)]
    for book in books:
        book.execute("CREATE TABLE t (a)")
    copies = [path.with_name(f"salinan-{number}.db") for number in range(2)]
    other = threading.Thread(target=engine.copy_into, args=(books[1], copies[1]))

    def another_begins() -> None:
        other.start()
        other.join(0.2)

    real = books[0].conn
    books[0].conn = Between(real, "cipher_default_page_size", another_begins)
    engine.copy_into(books[0], copies[0])
    other.join()
    books[0].conn = real
    for copy, book in zip(copies, books, strict=True):
        again = engine.connect(str(copy), bytes(32))
        assert rows(again, "PRAGMA page_size") == rows(book, "PRAGMA page_size")
        again.close()
        book.close()


def test_siblings_in_memory_share_one_book() -> None:
    db = database.open_memory(KEY)
    other: Database = database.sibling(db)
    with transaction(other):
        other.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert rows(db, "SELECT name FROM setting") == [("a",)]
    assert database.key_of(other) == KEY
    other.close()
    db.close()


def test_books_in_memory_are_apart_and_have_every_table_a_book_on_the_disk_has() -> None:
    schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
    one, other, locked = database.open_memory(), database.open_memory(), database.open_memory(KEY)
    with transaction(one):
        one.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert rows(other, "SELECT * FROM setting") == rows(database.open_memory(), "SELECT * FROM setting") == []
    assert rows(one, schema) == rows(other, schema) == rows(locked, schema)
    for db in (one, other, locked):
        assert [name for (name,) in rows(db, "SELECT name FROM migration ORDER BY rowid")] == [
            step.__name__ for step in migrations.STEPS
        ]
        assert rows(db, "PRAGMA integrity_check") == [("ok",)]
        db.close()


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("database is locked", DatabaseBusy),
        ("database table is locked", DatabaseBusy),
        ("database is busy", DatabaseBusy),
        ("database or disk is full", DiskFull),
        ("disk I/O error", NotWritable),
        ("attempt to write a readonly database", NotWritable),
        ("unable to open database file", NotWritable),
        ("file is not a database", DamagedDatabase),
        ("database disk image is malformed", DamagedDatabase),
        ("no such table: tidak_ada", None),
        ("UNIQUE constraint failed: op.id", None),
        ("", None),
    ],
)
def test_what_the_engine_says_is_a_sentence_where_a_person_can_act(
    message: str, kind: type[PosyanduError] | None
) -> None:
    with pytest.raises(kind or engine.Error) as raised, engine.checked():
        raise engine.dbapi2.OperationalError(message)
    if kind is None:
        assert str(raised.value) == message, "what is a bug stays as it is"
    else:
        assert message not in str(raised.value)
        assert str(raised.value).endswith(".")


@pytest.mark.parametrize(
    ("version", "is_refused"), [((3, 51, 3), False), ((3, 52, 0), False), ((4, 0, 0), False), ((3, 51, 2), True),
                                ((3, 50, 9), True), ((3, 9, 99), True)],
)  # fmt: skip
def test_which_sqlite_may_touch_a_book(version: tuple[int, ...], is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(RuntimeError, match="can lose committed data"):
            engine.refuse_old_library(version)
    else:
        engine.refuse_old_library(version)


def test_a_view_inside_a_transaction_is_a_part_of_it() -> None:
    db = database.open_memory()
    with transaction(db), database.one_view(db):
        db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert rows(db, "SELECT name FROM setting") == [("a",)]
    with database.one_view(db):
        db.conn.execute("INSERT INTO setting VALUES ('b', '1')")
    assert rows(db, "SELECT name FROM setting") == [("a",)], "a view writes nothing"
    db.close()
