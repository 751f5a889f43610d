"""What is erased is gone from rows, words, drafts and journal, and does not come back; what came late is held."""

import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from posyandu.domain import erasing
from posyandu.domain.change import Op
from posyandu.domain.erasing import Erasure
from posyandu.domain.errors import DiskFull
from posyandu.domain.forms import FORMS
from posyandu.storage import database, drafts, erased, journal, people, records, settings
from posyandu.storage.database import Database, transaction
from posyandu.storage.records import Author
from posyandu.sync.erasing import heed
from tests.storage.pages import decrypted

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SARI = Author("sari", "laptop-a", 1)
PERSON, VISIT = FORMS["person"], FORMS["under_five_visit"]


def save(db: Database, form: str, record: str, answers: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    return records.save(db, FORMS[form], record, answers, scope="melati", author=SARI, now=NOW, **more).op_id


def weigh(db: Database, record: str, who: str, grams: int = 9000, **more: Any) -> str:  # noqa: ANN401
    answers = {"visited_on": date(2026, 11, 12), "weight_g": grams}
    return save(db, "under_five_visit", record, answers, links={"person_id": who}, **more)


@pytest.fixture
def db() -> Database:
    """Two children; Adi has a visit that was corrected, a confirmation of it, a review, and a draft."""
    db = database.open_memory()
    for name in ("adi", "budi"):
        save(db, "person", name, {"name": f"{name.title()} Qomar", "sex": "male", "born_on": date(2024, 5, 3)})
        weigh(db, f"visit-{name}", name)
    weigh(db, "visit-adi", "adi", 9100)
    save(db, "confirmation", "sure", {"decision": "agree"}, links={"visit_id": "visit-adi"})
    save(db, "sealed_access", "log", {"action": "exported_person", "done_by": "Sari"}, links={"about_id": "adi"})
    drafts.keep(db, "under_five_visit", "typing", None, "adi", {"weight_g": 8800}, NOW)
    drafts.keep(db, "under_five_visit", "typing-too", None, "budi", {"weight_g": 8700}, NOW)
    for who in ("adi", "budi"):
        drafts.keep_sheet(db, "rujukan", f"sari:{who}", who, {"boxes": {"note": f"Ayah {who.title()}"}}, NOW)
    return db


def erase(db: Database, *people_ids: str) -> Erasure:
    """As services do: everything that belongs to these people and every save of it seen here."""
    gone = erased.belonging(db, people_ids)
    what = Erasure(frozenset(gone), frozenset(), frozenset(head for _s, _r, head in erased.saves_of(db, gone)))
    with transaction(db):
        journal.erase(db, what)
    return what


def whole(db: Database) -> str:
    tables = [name for (name,) in database.rows(db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return str([database.rows(db, f"SELECT * FROM {name}") for name in tables])


def test_an_erased_person_is_in_no_table_and_others_are_untouched(db: Database) -> None:
    ops = [op for record in ("adi", "visit-adi", "sure") for op, _device in journal.ops_of(db, record)]
    before = records.load(db, PERSON, "budi")
    erase(db, "adi")
    assert "Adi" not in whole(db)
    assert [str(op.canonical) for op in ops if str(op.canonical) in whole(db)] == []
    assert people.search(db, "adi") == []
    assert [draft.record_id for draft in drafts.every(db)] == ["typing-too"]
    assert [drafts.load_sheet(db, "rujukan", f"sari:{who}") is None for who in ("adi", "budi")] == [True, False]
    assert records.load(db, PERSON, "adi") is None
    assert records.load(db, VISIT, "visit-adi") is None
    assert records.load(db, FORMS["confirmation"], "sure") is None
    assert records.load(db, PERSON, "budi") == before
    assert len(people.search(db, "budi")) == 1
    assert records.load(db, FORMS["sealed_access"], "log") is not None
    assert journal.rows_equal_replay(db)
    journal.replay(db)
    assert "Adi" not in whole(db)


@pytest.mark.parametrize(
    ("sheet", "about", "stays"),
    [
        ("adi", None, False),  # a correction of his sheet
        ("visit-adi", None, False),
        ("baru-1", "adi", False),  # a new sheet that leads to him
        ("baru-1", "budi", True),
        ("budi", None, True),
        ("baru-adi", None, True),
    ],
)
def test_what_is_no_answer_yet_goes_with_the_sheet_of_somebody_erased(
    db: Database, sheet: str, about: str | None, stays: bool
) -> None:
    typed = {"key": sheet, "words": {"born_on": "31-02-2024"}}
    settings.put(db, settings.UNREAD, typed)
    drafts.keep(db, "person", sheet, None, None, {"name": "Raka", "mother_id": about}, NOW)
    erase(db, "adi")
    assert settings.get(db, settings.UNREAD) == (typed if stays else None)
    assert (drafts.load(db, "person", sheet) is not None) is stays
    assert ("31-02-2024" in whole(db)) is stays


def test_saves_that_come_again_are_not_kept(db: Database) -> None:
    ops = [(op, "laptop-b") for record in ("adi", "visit-adi") for op, _device in journal.ops_of(db, record)]
    erase(db, "adi")
    assert journal.apply(db, ops).new == 0
    assert "Adi" not in whole(db)


def late_visit(grams: int = 77_777_777) -> Op:
    fields = {"visited_on": "2026-11-13", "weight_g": grams, "person_id": "adi"}
    return Op("melati", "under_five_visit", "late", 1, 1, (), fields, "wati", 1, 1, "n")


@pytest.mark.parametrize("late_first", [True, False])
def test_what_somebody_saved_without_having_seen_the_erasure_is_held_in_either_order(
    db: Database, *, late_first: bool
) -> None:
    """A new visit, and a correction of an old record, from a laptop that was away."""
    (born, device) = journal.ops_of(db, "adi")[0]
    correction = Op("melati", "person", "adi", 3, 2, (born.head,), {"phone": "0819362"}, "wati", 1, 1, "m")
    gone = erased.belonging(db, ["adi"])
    what = Erasure(frozenset(gone), frozenset(), frozenset(head for _s, _r, head in erased.saves_of(db, gone)))
    fields = {"records": " ".join(what.records), "saves": " ".join(what.heads)}
    erasure = Op("melati", "erasure", "e", 1, 1, (), fields, "bidan", 1, 1, "x")
    journal.apply(db, [(erasure, "laptop-c")])
    assert erased.records_among(db, gone) == set()  # what a laptop asks for is done when the server says so
    late = [(late_visit(), "laptop-b"), (correction, "laptop-b")]
    if late_first:
        journal.apply(db, late)
    assert "Adi" in whole(db)
    heed(db, [erasure])
    if not late_first:
        journal.apply(db, late)
    assert set(erased.held(db)) == {("person", "adi"), ("under_five_visit", "late")}
    assert people.search(db, "adi") == []
    assert records.load_many(db, VISIT, person_id="adi") == []
    held = records.load(db, VISIT, "late")
    assert held is not None
    assert held.answers["weight_g"] == 77_777_777
    assert "Adi" not in whole(db)
    assert journal.rows_equal_replay(db)
    assert device == "laptop-a"
    erase(db, "adi")  # the decision: that too
    assert erased.held(db) == []
    assert "77777777" not in whole(db)


def test_one_reply_with_saves_and_their_erasure_leaves_nothing() -> None:
    db = database.open_memory()
    late = late_visit()
    fields = {"records": "adi late", "saves": late.head}
    erasure = Op("melati", "erasure", "e", 1, 1, (), fields, "bidan", 1, 1, "x")
    journal.apply(db, [(late, "b"), (erasure, "c")])
    heed(db, [erasure])
    assert "77777777" not in whole(db)
    assert journal.apply(db, [(late, "b")]).new == 0


def test_an_erasure_cannot_be_erased_or_taken_back(db: Database) -> None:
    fields = {"records": "adi", "saves": journal.ops_of(db, "adi")[0][0].head}
    first = Op("melati", "erasure", "e", 1, 1, (), fields, "bidan", 1, 1, "x")
    against = Op("melati", "erasure", "f", 1, 1, (), {"records": "e", "saves": first.head}, "jahat", 1, 1, "y")
    back = Op("melati", "erasure", "e", 1, 2, (first.head,), {"records": "", "withdrawn": True}, "jahat", 1, 1, "z")
    journal.apply(db, [(against, "x"), (first, "c"), (back, "x")])
    heed(db, [against, first])
    assert {op.id for op, _d in journal.ops_of(db, "e")} == {first.id, back.id}
    assert "Adi" not in whole(db)
    assert erased.records_among(db, ["adi", "budi"]) == {"adi"}


def test_a_merge_with_somebody_erased_hides_nobody(db: Database) -> None:
    """Two laptops apart: one erased Adi, the other decided that Budi is Adi."""
    erase(db, "adi")
    merge = {"kind": "person", "kept_id": "adi", "other_id": "budi", "active": True}
    save(db, "merge", records.merge_id("adi", "budi"), merge)
    assert len(people.search(db, "budi")) == 1
    assert [row.id for row in records.load_many(db, VISIT, person_id="budi")] == ["visit-budi"]


def test_a_child_does_not_go_with_its_mother() -> None:
    db = database.open_memory()
    save(db, "person", "ibu", {"name": "Wulan", "sex": "female"})
    save(db, "person", "anak", {"name": "Raka", "sex": "male"}, links={"mother_id": "ibu"})
    save(db, "pregnancy", "hamil", {"gravida": 2}, links={"person_id": "ibu"})
    save(db, "pregnancy_visit", "periksa", {"weight_g": 50_000}, links={"pregnancy_id": "hamil"})
    what = erase(db, "ibu")
    assert what.records == {"ibu", "hamil", "periksa"}
    assert records.load(db, PERSON, "anak") is not None


def test_the_file_is_written_anew_after_an_erasure(tmp_path: Path) -> None:
    """SQLCipher overwrites what is deleted, but pages that were split keep some: who has the key could read it."""
    file, dice = tmp_path / "buku.db", random.Random(2)
    db = database.open_database(file, bytes(32))
    assert erased.scrub(db)  # nothing to do
    with transaction(db):
        db.conn.execute("CREATE TABLE heap (n INTEGER PRIMARY KEY, id TEXT UNIQUE, words TEXT)")
        db.conn.execute("CREATE INDEX heap_words ON heap (words)")
        for number in range(4000):
            who, key = "Zulaikha" if dice.random() < 0.1 else "lain", f"{dice.random()}"
            words = f"{who}{number}" + "y" * dice.randrange(3000 if dice.random() < 0.1 else 200)
            db.conn.execute("INSERT INTO heap (id, words) VALUES (?, ?)", (key, words))
    for _ in range(500):
        longer = "z" * dice.randrange(400), dice.randrange(4000)
        db.conn.execute("UPDATE heap SET words = words || ? WHERE n = ?", longer)
    for _ in range(300):
        db.conn.execute("DELETE FROM heap WHERE n = ? AND words LIKE 'lain%'", (dice.randrange(4000),))
    with transaction(db):
        db.conn.execute("DELETE FROM heap WHERE words LIKE 'Zulaikha%'")
        erased.note(db, Erasure(frozenset(["adi"]), frozenset(), frozenset()))
    database.rows(db, "PRAGMA wal_checkpoint(TRUNCATE)")
    left = decrypted(file.read_bytes(), bytes(32))
    assert left.count(b"Zulaikha") > 0
    assert left.count(b"lain") > 3000
    assert erased.scrub(db)
    assert not erased.is_to_be_scrubbed(db)
    assert decrypted(file.read_bytes(), bytes(32)).count(b"Zulaikha") == 0
    db.close()


def test_the_file_is_not_written_anew_while_another_part_of_the_app_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posyandu.storage.engine.BUSY_MS", 50)
    db = database.open_database(tmp_path / "buku.db", bytes(32))
    save(db, "person", "adi", {"name": "Adi"})
    erase(db, "adi")
    reading = database.sibling(db)
    with database.one_view(reading):
        database.rows(reading, "SELECT count(*) FROM op")
        assert not erased.scrub(db)
        assert erased.is_to_be_scrubbed(db)
    assert erased.scrub(db)
    reading.close()
    db.close()


def test_what_counts_as_belonging() -> None:
    assert erasing.belongs_by(FORMS["person"]) == ()
    assert erasing.belongs_by(FORMS["sealed_access"]) == ()
    assert erasing.belongs_by(FORMS["under_five_visit"]) == ("person_id",)
    assert erasing.belongs_by(FORMS["home_infant"]) == ("person_id", "household_id")
    assert erasing.is_held("under_five_visit", "v", {"person_id": "adi"}, {"adi"})
    assert not erasing.is_held("under_five_visit", "v", {"session_id": "adi"}, {"adi"})
    assert not erasing.is_held("unknown", "v", {"person_id": "adi"}, {"adi"})
    assert not erasing.is_held("erasure", "adi", {}, {"adi"})
    assert erasing.said({"records": "a b", "saves": None}) == Erasure(frozenset("ab"), frozenset(), frozenset())


def test_the_file_is_not_written_anew_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.open_database(tmp_path / "book.db", b"k" * 32) as db:
        settings.put(db, "scrub", True)

        def full() -> None:
            raise DiskFull

        with monkeypatch.context() as patched:
            patched.setattr(erased, "checked", full)
            assert not erased.scrub(db)
        assert erased.is_to_be_scrubbed(db)
        assert erased.scrub(db)
        assert not erased.is_to_be_scrubbed(db)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Adi"], [("n1", "place", "rumah Adi"), ("n2", "place", "rumah adi, 100%")]),  # however it is typed
        (["adi, 100%"], [("n2", "place", "rumah adi, 100%")]),  # a sign of LIKE is a letter
        (["a_i"], []),
        (["Budi", "Qomar"], [("n3", "place", "balai Budi")]),
        ([], []),
    ],
)
def test_typed_texts_that_have_a_name_in_them(names: list[str], found: list[tuple[str, str, str]]) -> None:
    db = database.open_memory()
    for record, place in (("n1", "rumah Adi"), ("n2", "rumah adi, 100%"), ("n3", "balai Budi"), ("n4", None)):
        save(db, "session", record, {"held_on": date(2026, 11, 12), "place": place})
    save(db, "session", "gone", {"held_on": date(2026, 11, 12), "place": "rumah Adi"})
    records.withdraw(db, FORMS["session"], "gone", author=SARI, now=NOW)
    assert erased.naming(db, "session", ["place"], ["melati"], names) == found
    assert erased.naming(db, "session", ["place"], ["mawar"], names) == []
    assert erased.naming(db, "session", [], ["melati"], names) == []
