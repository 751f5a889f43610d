"""Schema changes: the tables are what the forms ask, old books are copied before they change, newer ones refused."""

from contextlib import closing
from pathlib import Path

import pytest

from posyandu.domain.change import Op
from posyandu.domain.errors import NewerDatabase
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.storage import database, engine, journal, migrations
from posyandu.storage.columns import column_type
from posyandu.storage.database import Database, open_database, rows
from posyandu.storage.migrations import STEPS, migrate
from posyandu.storage.tables import META

KEY = bytes(range(32))


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_the_schema_has_a_column_for_every_question(form: Form) -> None:
    db = database.open_memory()
    kinds = {name: kind for _id, name, kind, *_rest in rows(db, f"PRAGMA table_info({form.name})")}
    wanted = {field.name: column_type(field) for field in form.fields.values()} | dict.fromkeys(form.links, "TEXT")
    assert {name: kind for name, kind in kinds.items() if name not in META} == wanted
    assert set(META) <= kinds.keys()
    db.close()


def test_no_question_is_called_like_a_column_of_every_record() -> None:
    assert not [name for form in FORMS.values() for name in (*form.links, *form.fields) if name in META]


def test_every_table_is_strict() -> None:
    db = database.open_memory()
    for _schema, name, kind, _columns, _rowid, strict in rows(db, "PRAGMA table_list"):
        assert strict or kind != "table" or name.startswith("sqlite_"), name
    db.close()


def test_a_new_book_is_made_as_one_that_went_through_every_step(tmp_path: Path) -> None:
    slow = engine.connect(str(tmp_path / "langkah.db"), KEY)
    migrate(slow, copy_beside=None)
    with (
        closing(slow),
        closing(open_database(tmp_path / "buku.db", KEY)) as new,
        closing(database.open_memory(KEY)) as kept,
    ):
        for made in (new, kept):
            master = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
            assert rows(made, master) == rows(slow, master)
            for kind, name, *_rest in rows(slow, master):
                columns = "name" if name == "migration" else "*"  # beside it stands when
                held = f"SELECT {columns} FROM {name} ORDER BY 1"
                assert kind != "table" or rows(made, held) == rows(slow, held), name
            assert [name for (name,) in rows(made, "SELECT name FROM migration ORDER BY rowid")] == [
                step.__name__ for step in STEPS
            ]
            assert not migrate(made, copy_beside=None)


def one_more_question(db: Database) -> None:
    db.conn.execute("ALTER TABLE person ADD COLUMN eye_colour TEXT")


def test_a_new_step_is_applied_once_and_the_book_copied_first(tmp_path: Path) -> None:
    path = tmp_path / "buku.db"
    db = open_database(path, KEY)
    db.conn.execute("INSERT INTO setting VALUES ('a', '1')")
    assert migrate(db, copy_beside=path, steps=(*STEPS, one_more_question))
    assert not migrate(db, copy_beside=path, steps=(*STEPS, one_more_question))
    assert [name for (name,) in rows(db, "SELECT name FROM migration ORDER BY rowid")][-1] == "one_more_question"
    db.close()
    (copy,) = tmp_path.glob("*.sebelum-*")
    assert copy.name == "buku.db.sebelum-one_more_question"
    old = engine.connect(str(copy), KEY)
    assert rows(old, "SELECT * FROM setting") == [("a", "1")]
    assert "eye_colour" not in {row[1] for row in rows(old, "PRAGMA table_info(person)")}
    old.close()


def test_what_an_older_version_could_only_keep_is_shown_after_the_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "buku.db"
    db = open_database(path, KEY)
    fields = {"name": "Nur Aini", "nik": "1", "from_the_future": 1}
    ops = [Op("melati", "person", record, 1, 1, (), fields, "kader", 5, 1, "0" * 16) for record in ("anak", "adik")]
    journal.apply(db, [(op, "laptop-b") for op in ops])
    db.conn.execute("DELETE FROM person WHERE id = 'anak'")
    db.conn.execute("UPDATE person SET nik = NULL WHERE id = 'adik'")
    db.close()
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, one_more_question))
    db = open_database(path, KEY)
    assert rows(db, "SELECT id, nik FROM person ORDER BY id") == [("adik", "1"), ("anak", "1")]
    db.close()


def test_an_upgrade_cut_off_before_what_was_kept_is_shown_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "buku.db"
    db = open_database(path, KEY)
    op = Op("melati", "person", "anak", 1, 1, (), {"name": "Nur Aini"}, "kader", 5, 1, "0" * 16)
    journal.apply(db, [(op, "laptop-b")])
    db.conn.execute("DELETE FROM person WHERE id = 'anak'")
    db.close()
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, one_more_question))
    with monkeypatch.context() as cut:
        cut.setattr(journal, "show_kept", lambda _db: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_database(path, KEY)
    db = open_database(path, KEY)
    assert rows(db, "SELECT id FROM person") == [("anak",)]
    db.close()


def test_a_new_book_needs_no_copy(tmp_path: Path) -> None:
    open_database(tmp_path / "buku.db", KEY).close()
    open_database(tmp_path / "buku.db", KEY).close()
    assert list(tmp_path.glob("*.sebelum-*")) == []


def test_a_book_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "buku.db"
    db = open_database(path, KEY)
    migrate(db, copy_beside=None, steps=(*STEPS, one_more_question))
    db.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabase, match="versi lebih baru"):
        open_database(path, KEY)
    assert path.read_bytes() == before


def test_a_step_that_fails_leaves_the_book_at_the_step_before() -> None:
    def broken(db: Database) -> None:
        one_more_question(db)
        raise ZeroDivisionError

    db = database.open_memory()
    with pytest.raises(ZeroDivisionError):
        migrate(db, copy_beside=None, steps=(*STEPS, broken))
    assert "eye_colour" not in {row[1] for row in rows(db, "PRAGMA table_info(person)")}
    migrate(db, copy_beside=None)
    db.close()


def test_steps_have_their_own_names() -> None:
    names = [step.__name__ for step in migrations.STEPS]
    assert len(set(names)) == len(names)
