"""Saving, loading, undoing: row and journal together."""

import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from posyandu.domain.change import Op, read_op
from posyandu.domain.erasing import Erasure
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Text, Value
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import database, erased, journal, records
from posyandu.storage.database import transaction
from posyandu.storage.records import Author, NewRecord, SavedOp
from tests.strategies import answers

PERSON = FORMS["person"]
VISIT = FORMS["under_five_visit"]
MORNING = datetime(2026, 11, 12, 9, 0, tzinfo=workspace.WITA)


class Book:
    """A book in memory with a clock that can be moved."""

    def __init__(self) -> None:
        self.time = MORNING
        self.ws: Workspace = workspace.in_memory(now=lambda: self.time)
        self.db = self.ws.db

    def save(self, record: str = "anak", *, form: Form = PERSON, **given: Value | None) -> SavedOp:
        """Save as the kader at work."""
        return records.save(self.db, form, record, given, scope="melati", author=self.ws.author, now=self.time)

    def type_cell(self, record: str = "kunjungan", *, author: Author | None = None, **given: Value | None) -> SavedOp:
        """Save as the register grid does, cell by cell."""
        return records.save(
            self.db,
            VISIT,
            record,
            given,
            scope="melati",
            author=author or self.ws.author,
            now=self.time,
            coalesce=True,
        )

    def row(self, record: str = "anak", form: Form = PERSON) -> records.Row:
        """The record, which must be there."""
        row = records.load(self.db, form, record)
        assert row is not None
        return row

    def undo(self, op_id: str, *, whole: bool = False) -> SavedOp:
        """Take a save back."""
        return records.undo(self.db, op_id, self.ws.author, self.time, whole=whole)

    def elsewhere(self, fields: dict[str, object], *, record: str = "anak", **change: object) -> None:
        """Receive an op from another laptop that had seen nothing of this record."""
        op = Op("melati", "person", record, 1, 1, (), fields, "kader-b", 5, 1, "f" * 16)  # type: ignore[arg-type]
        journal.apply(self.db, [(replace(op, **change), "laptop-z")])  # type: ignore[arg-type]


@pytest.fixture
def book() -> Iterator[Book]:
    each = Book()
    yield each
    assert journal.rows_equal_replay(each.db)
    each.ws.close()


def test_a_save_by_a_clock_before_1970_can_be_read_by_others_and_says_that_its_time_is_unknown() -> None:
    book = Book()
    book.time = datetime(1969, 12, 31, 12, 0, tzinfo=workspace.WITA)
    book.save(name="Aisyah")
    book.type_cell(weight_g=8_200)
    book.type_cell(length_mm=720)
    for record in ("anak", "kunjungan"):
        (op, _device), *_more = journal.ops_of(book.db, record)
        assert read_op(json.loads(op.canonical)) == op
        assert (op.at_ms, op.clock) == (0, 0)
    assert book.row().saved_at.year == 1970
    assert records.moment(-86_400_000).astimezone(UTC) == datetime(1969, 12, 31, tzinfo=UTC)


def test_what_is_saved_is_loaded_with_who_and_when(book: Book) -> None:
    saved = book.save(name="Nur Aini", sex="female", born_on=date(2024, 3, 5), guest=False, birth_weight_g=3100)
    row = book.row()
    assert saved == SavedOp(saved.op_id, True, MORNING)
    assert row.answers["born_on"] == date(2024, 3, 5)
    assert row.answers["guest"] is False
    assert row.answers["birth_weight_g"] == 3100
    assert row.answers["nik"] is None
    assert (row.scope, row.saved_by, row.device, row.saved_at) == ("melati", "kader-sari", book.ws.device, MORNING)
    assert not row.withdrawn


def test_only_what_changed_travels(book: Book) -> None:
    book.save(name="Nur Aini", sex="female")
    book.save(name="Nur Aini", sex="female", nik="5203010101010001")
    assert [dict(op.fields) for op, _ in journal.ops_of(book.db, "anak")] == [
        {"name": "Nur Aini", "sex": "female"},
        {"nik": "5203010101010001"},
    ]


def test_saving_the_same_again_makes_no_op(book: Book) -> None:
    book.save(name="Nur Aini")
    book.time += timedelta(hours=1)
    again = book.save(name="Nur Aini")
    assert again == SavedOp("", False, MORNING)
    assert len(journal.ops_of(book.db, "anak")) == 1
    assert book.save("kosong", name=None) == SavedOp("", False, book.time)
    assert records.load(book.db, PERSON, "kosong") is None


def test_links_are_ordinary_fields(book: Book) -> None:
    records.save(
        book.db,
        VISIT,
        "k",
        {"weight_g": 9000},
        scope="melati",
        author=book.ws.author,
        now=MORNING,
        links={"person_id": "anak", "session_id": None},
    )
    assert book.row("k", VISIT).answers["person_id"] == "anak"
    assert [row.id for row in records.load_many(book.db, VISIT, person_id="anak")] == ["k"]
    assert [row.id for row in records.load_many(book.db, VISIT, session_id=None, scope="melati")] == ["k"]


def test_a_record_keeps_its_scope(book: Book) -> None:
    book.save(name="Nur Aini")
    records.save(book.db, PERSON, "anak", {"nik": "1"}, scope="mawar", author=book.ws.author, now=MORNING)
    assert book.row().scope == "melati"
    assert [op.scope for op, _ in journal.ops_of(book.db, "anak")] == ["melati", "melati"]


def test_a_name_or_value_no_form_has_is_a_bug(book: Book) -> None:
    with pytest.raises(ValueError, match="person.nama"):
        book.save(nama="Nur Aini")
    with pytest.raises(ValueError, match="person.name"):
        book.save(name=3)
    with pytest.raises(ValueError, match="no column nama"):
        records.load_many(book.db, PERSON, nama="x")
    with pytest.raises(ValueError, match="no table"):
        records.load(book.db, Form("lain", "", 1, (Section("", (Text(name="x", label=""),)),)), "x")


def test_a_failed_save_leaves_neither_row_nor_op(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posyandu.storage.words.keep", lambda *_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        book.save(name="Nur Aini")
    assert records.load(book.db, PERSON, "anak") is None
    assert journal.ops_of(book.db, "anak") == []


# --- confirmations ---------------------------------------------------------------------------------------------------


def confirm(book: Book, *names: str, **given: Value | None) -> None:
    records.save(
        book.db, VISIT, "k", given, scope="melati", author=book.ws.author, now=book.time, confirmed=frozenset(names)
    )


def test_a_confirmation_belongs_to_its_value(book: Book) -> None:
    confirm(book, "weight_g", weight_g=25_000, length_mm=800)
    assert book.row("k", VISIT).confirmed == {"weight_g"}
    confirm(book, "length_mm")
    assert book.row("k", VISIT).confirmed == {"weight_g", "length_mm"}
    confirm(book, weight_g=24_000)
    assert book.row("k", VISIT).confirmed == {"length_mm"}
    confirm(book, "weight_g", weight_g=24_500)
    assert book.row("k", VISIT).confirmed == {"weight_g", "length_mm"}


# --- one op for a typed row ------------------------------------------------------------------------------------------


def test_typing_a_row_cell_by_cell_makes_one_op(book: Book) -> None:
    book.type_cell(weight_g=9000)
    book.type_cell(length_mm=750)
    book.type_cell(muac_mm=140)
    (only,) = journal.ops_of(book.db, "kunjungan")
    assert dict(only[0].fields) == {"weight_g": 9000, "length_mm": 750, "muac_mm": 140}
    assert book.row("kunjungan", VISIT).answers["muac_mm"] == 140


def test_a_corrected_cell_makes_a_new_op_so_that_the_old_value_stays(book: Book) -> None:
    book.type_cell(weight_g=9000)
    book.type_cell(weight_g=9100)
    ops = [dict(op.fields) for op, _ in journal.ops_of(book.db, "kunjungan")]
    assert ops == [{"weight_g": 9000}, {"weight_g": 9100}]


@pytest.mark.parametrize(
    "happened",
    [
        lambda book, saved: setattr(book, "time", book.time + timedelta(minutes=30)),
        lambda book, saved: setattr(book, "time", book.time - timedelta(minutes=1)),
        lambda book, saved: journal.mark_sealed(book.db, [op for op, _ in journal.ops_of(book.db, "kunjungan")]),
        lambda book, saved: records.withdraw(book.db, VISIT, "kunjungan", author=book.ws.author, now=book.time),
        lambda book, saved: book.elsewhere({"note": "x"}, record="kunjungan", entity="under_five_visit"),
        lambda book, saved: records.save(
            book.db, VISIT, "kunjungan", {"note": "x"}, scope="", author=book.ws.author, now=book.time, reason="salah"
        ),
    ],
    ids=["30 minutes passed", "clock went back", "it was sealed", "it was withdrawn", "another laptop wrote", "reason"],
)
def test_an_op_grows_no_more_when(book: Book, happened: Callable[[Book, SavedOp], object]) -> None:
    saved = book.type_cell(weight_g=9000)
    happened(book, saved)
    book.type_cell(length_mm=750)
    ops = [op for op, _ in journal.ops_of(book.db, "kunjungan")]
    assert dict(ops[0].fields) == {"weight_g": 9000}
    assert "length_mm" in ops[-1].fields


@pytest.mark.parametrize("other", [Author("kader-b", ""), Author("", "laptop-b")], ids=["kader", "device"])
def test_an_op_grows_only_by_its_own_author_and_device(book: Book, other: Author) -> None:
    mine = book.ws.author
    book.type_cell(weight_g=9000)
    book.type_cell(length_mm=750, author=Author(other.worker_id or mine.worker_id, other.device_id or mine.device_id))
    assert len(journal.ops_of(book.db, "kunjungan")) == 2


# --- withdraw --------------------------------------------------------------------------------------------------------


def test_a_withdrawn_record_is_kept_and_not_listed(book: Book) -> None:
    book.save(name="Nur Aini")
    withdrawn = records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING, reason="ganda")
    assert book.row().withdrawn
    assert records.load_many(book.db, PERSON) == []
    assert [row.id for row in records.load_many(book.db, PERSON, withdrawn=True)] == ["anak"]
    again = records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    assert (again.op_id, again.changed) == ("", False)
    book.undo(withdrawn.op_id)
    assert not book.row().withdrawn


def test_saving_a_withdrawn_record_brings_it_back(book: Book) -> None:
    book.save(name="Nur Aini")
    records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    book.save(name="Nur Aini")
    assert not book.row().withdrawn
    assert book.row().conflicts == {}
    book.save(nik="1")
    assert book.row().answers["nik"] == "1"


def test_what_is_not_there_cannot_be_withdrawn_or_undone(book: Book) -> None:
    with pytest.raises(NotFound):
        records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    with pytest.raises(NotFound):
        book.undo("0" * 32)


# --- undo ------------------------------------------------------------------------------------------------------------


def test_undo_restores_what_the_save_changed_and_deletes_nothing(book: Book) -> None:
    book.save(name="Nur Aini", sex="female", born_on=date(2024, 3, 5))
    wrong = book.save(name="Nurul", nik="9")
    undone = book.undo(wrong.op_id)
    assert book.row().answers["name"] == "Nur Aini"
    assert book.row().answers["nik"] is None
    assert len(journal.ops_of(book.db, "anak")) == 3
    book.undo(undone.op_id)
    assert book.row().answers["name"] == "Nurul"


def test_undo_of_one_cell_takes_back_that_cell_only(book: Book) -> None:
    first = book.type_cell(weight_g=9000)
    second = book.type_cell(length_mm=750)
    third = book.type_cell(muac_mm=140)
    book.undo(second.op_id)
    shown = book.row("kunjungan", VISIT).answers
    assert (shown["weight_g"], shown["length_mm"], shown["muac_mm"]) == (9000, None, 140)
    book.undo(third.op_id)
    assert book.row("kunjungan", VISIT).answers["muac_mm"] is None
    book.undo(first.op_id)
    assert book.row("kunjungan", VISIT).withdrawn


def test_undo_of_the_whole_op_takes_back_every_cell(book: Book) -> None:
    book.type_cell(weight_g=9000)
    last = book.type_cell(length_mm=750)
    book.undo(last.op_id, whole=True)
    assert book.row("kunjungan", VISIT).withdrawn


def test_an_op_is_found_under_its_record_and_without_it_alike(book: Book) -> None:
    saves = [book.type_cell("satu", weight_g=9_600), book.type_cell("satu", length_mm=741), book.type_cell("dua")]
    for save in saves[:2]:
        assert journal.find(book.db, save.op_id, "satu") == journal.find(book.db, save.op_id)
        assert journal.find(book.db, save.op_id, "dua") == journal.find(book.db, save.op_id), (
            "a wrong record hides none"
        )
    assert journal.find(book.db, "0" * 32, "satu") is None


def test_undo_of_a_first_save_withdraws_and_redo_brings_back(book: Book) -> None:
    records.save(
        book.db,
        VISIT,
        "k",
        {"weight_g": 9000, "visited_on": date(2026, 11, 12)},
        scope="melati",
        author=book.ws.author,
        now=MORNING,
        links={"person_id": "anak"},
    )
    (op, _device) = journal.ops_of(book.db, "k")[0]
    undone = book.undo(op.id)
    row = book.row("k", VISIT)
    assert (row.withdrawn, row.answers["weight_g"], row.answers["person_id"]) == (True, None, "anak")
    book.undo(undone.op_id)
    row = book.row("k", VISIT)
    assert (row.withdrawn, row.answers["weight_g"], row.answers["visited_on"]) == (False, 9000, date(2026, 11, 12))


def test_undo_of_a_first_save_keeps_a_record_in_which_more_was_written(book: Book) -> None:
    first = book.save(name="Nur Aini", sex="female", nik="1")
    book.save(phone="0812")
    book.undo(first.op_id)
    row = book.row()
    assert not row.withdrawn
    assert (row.answers["name"], row.answers["nik"], row.answers["phone"]) == ("Nur Aini", None, "0812")


def test_undo_leaves_what_was_written_again_since(book: Book) -> None:
    book.save(name="Nur Aini")
    second = book.save(name="Nurul", nik="1")
    book.save(name="Nur Hidayah")
    book.undo(second.op_id)
    assert (book.row().answers["name"], book.row().answers["nik"]) == ("Nur Hidayah", None)
    nothing = book.undo(second.op_id)
    assert (nothing.op_id, nothing.changed) == ("", False)


def test_an_op_of_an_unknown_entity_cannot_be_undone(book: Book) -> None:
    book.elsewhere({"x": 1}, entity="tari")
    (op, _device) = journal.ops_of(book.db, "anak")[0]
    with pytest.raises(NotFound):
        book.undo(op.id)
    assert records.history(book.db, "anak")[0].changes == {"x": (None, 1)}


# --- conflicts and history -------------------------------------------------------------------------------------------


def test_values_that_did_not_see_each_other_are_both_kept(book: Book) -> None:
    book.save(name="Nur Aini", born_on=date(2024, 3, 5), mother_id="ibu")
    book.elsewhere({"name": "Nuraini", "born_on": "2024-03-05", "sex": "female", "mother_id": "bunda"})
    assert {other.value for other in book.row().conflicts["mother_id"]} == {"ibu", "bunda"}
    book.save(mother_id="lain")
    row = book.row()
    assert row.answers["sex"] == "female"
    assert set(row.conflicts) == {"name"}
    assert {other.value for other in row.conflicts["name"]} == {"Nur Aini", "Nuraini"}
    assert {(other.author, other.device) for other in row.conflicts["name"]} == {
        ("kader-sari", book.ws.device),
        ("kader-b", "laptop-z"),
    }
    book.save(phone="0812")
    assert set(book.row().conflicts) == {"name"}


def test_a_person_settles_a_conflict_by_choosing_either_value(book: Book) -> None:
    book.save(name="Nur Aini")
    book.elsewhere({"name": "Nuraini"})
    shown = book.row().answers["name"]
    book.save(name=shown)
    assert set(book.row().conflicts) == {"name"}, "saving the page again decides nothing"
    records.save(
        book.db, PERSON, "anak", {"name": shown}, scope="", author=book.ws.author, now=MORNING, settle=("name",)
    )
    assert book.row().conflicts == {}


def test_an_edit_that_did_not_see_a_withdrawal_keeps_the_record_and_asks(book: Book) -> None:
    book.save(name="Nur Aini")
    records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    book.elsewhere({"nik": "1"})
    assert not book.row().withdrawn
    assert book.row().conflicts == {"withdrawn": ()}
    book.save(phone="0812")
    assert book.row().answers["phone"] == "0812"


def test_what_this_version_cannot_read_is_kept_and_does_no_harm(book: Book) -> None:
    book.elsewhere({"name": 5, "born_on": "kemarin", "eye_colour": "coklat", "nik": "1"})
    row = book.row()
    assert (row.answers["name"], row.answers["born_on"], row.answers["nik"]) == (None, None, "1")
    book.save(name="Nur Aini")
    assert book.row().answers["name"] == "Nur Aini"
    book.elsewhere({"eye_colour": "hitam", "born_on": "2024-03-05"}, nonce="e" * 16)
    assert {other.value for other in book.row().conflicts["eye_colour"]} == {"coklat", "hitam"}
    assert {other.value for other in book.row().conflicts["born_on"]} == {"kemarin", date(2024, 3, 5)}


def test_a_confirmation_that_is_none_confirms_nothing(book: Book) -> None:
    book.elsewhere({"name": "Nur", "confirmed.name": 3, "confirmed.nik": True})
    assert book.row().confirmed == {"nik"}
    book.elsewhere({"confirmed.nik": False}, nonce="e" * 16)
    assert book.row().conflicts == {}


def test_a_record_both_laptops_continued_has_one_history(book: Book) -> None:
    """Two ops saw the first one, a third saw both: the first is told once, and undo of the third restores it."""
    book.save(name="Nur", nik="1")
    (first, _device) = journal.ops_of(book.db, "anak")[0]
    book.elsewhere({"phone": "0812"}, heads=(first.head,), depth=2)
    book.elsewhere({"rt": "02"}, heads=(first.head,), depth=2, nonce="e" * 16)
    third = book.save(name="Aini")
    assert len(records.history(book.db, "anak")) == 4
    book.undo(third.op_id)
    assert (book.row().answers["name"], book.row().answers["rt"]) == ("Nur", "02")


def test_undo_of_a_decision_brings_no_value_back_that_already_stands(book: Book) -> None:
    book.save(name="Nur Aini", nik="1")
    records.save(
        book.db, PERSON, "anak", {"name": "Nur Aini"}, scope="", author=book.ws.author, now=MORNING, settle=("name",)
    )
    decision, _device = journal.ops_of(book.db, "anak")[-1]
    assert not book.undo(decision.id).changed


def test_history_tells_every_save_newest_first(book: Book) -> None:
    book.save(name="Nur Aini", born_on=date(2024, 3, 5))
    book.time += timedelta(days=1)
    records.save(
        book.db,
        PERSON,
        "anak",
        {"born_on": date(2024, 3, 6)},
        scope="",
        author=Author("kader-b", "laptop-b"),
        now=book.time,
        reason="akta",
    )
    newest, first = records.history(book.db, "anak")
    assert newest.changes == {"born_on": (date(2024, 3, 5), date(2024, 3, 6))}
    assert (newest.author, newest.device, newest.reason, newest.at) == ("kader-b", "laptop-b", "akta", book.time)
    assert first.changes["name"] == (None, "Nur Aini")


TYPIST = (
    "import sys; from pathlib import Path; from datetime import datetime\n"
    "from posyandu.domain.forms import FORMS\n"
    "from posyandu.storage import database, records\n"
    "db = database.open_database(Path(sys.argv[1]), bytes(range(32)))\n"
    "author, now = records.Author('kader', 'laptop'), datetime(2026, 11, 12)\n"
    "for n in range(10**6):\n"
    "    for name in ('weight_g', 'length_mm', 'weight_g'):\n"
    "        records.save(db, FORMS['under_five_visit'], f'anak-{n % 40}', {name: n}, scope='melati', author=author,\n"
    "                     now=now, coalesce=True)\n"
    "        print(f'anak-{n % 40}', name, n, flush=True)\n"
)


@pytest.mark.parametrize("cells", [1, 40, 111])
def test_every_cell_that_was_called_saved_is_there_after_a_kill(cells: int, tmp_path: Path) -> None:
    path = tmp_path / "buku.db"
    told: dict[tuple[str, str], int] = {}
    with subprocess.Popen([sys.executable, "-c", TYPIST, str(path)], stdout=subprocess.PIPE, text=True) as typist:
        assert typist.stdout is not None
        for number, line in enumerate(typist.stdout, 1):
            record, name, value = line.split()
            told[record, name] = int(value)
            if number == cells:
                typist.kill()
    db = database.open_database(path, bytes(range(32)))
    for (record, name), value in told.items():
        row = records.load(db, VISIT, record)
        assert row is not None
        assert row.answers[name] in (value, value + 40), "as told, or one cell further that was not told any more"
    assert journal.rows_equal_replay(db)
    assert database.rows(db, "PRAGMA integrity_check") == [("ok",)]
    db.close()


# --- ids, many, laws -------------------------------------------------------------------------------------------------


def test_a_visit_writes_at_most_24_kilobytes_to_the_disk(tmp_path: Path) -> None:
    """Exact at any load: what SQLite appends to its log for each save. Ids as in the app, all over the indexes."""
    days = [f"{day:032x}" for day in range(12)]

    def visit(day: str, child: int) -> NewRecord:
        person_id, said = f"{child:032x}", {"position": "lying", "oedema": "none", "tbc_cough": False, "muac_mm": 140}
        given = {"person_id": person_id, "session_id": day, "visited_on": MORNING.date(), "weight_g": 9000, **said}
        return NewRecord(VISIT, records.visit_id(VISIT.name, day, person_id), "melati", given, MORNING)

    author, path = Author("kader", "laptop"), tmp_path / "buku.db"
    db = database.open_database(path, bytes(32))
    records.save_many(db, (visit(day, child) for day in days for child in range(150)), author)

    def wrote(changes: Callable[[NewRecord], dict[str, Value | None]]) -> int:
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for child in range(40):
            new = visit("f" * 32, child)
            given = changes(new)
            records.save(db, VISIT, new.id, given, scope="melati", author=author, now=MORNING, coalesce=True)
        return path.with_name("buku.db-wal").stat().st_size // 40

    assert wrote(lambda new: dict(new.answers)) < 24_000
    assert wrote(lambda _new: {"head_mm": 450}) < 9_000, "the next cell"
    assert wrote(lambda _new: {"head_mm": 440}) < 12_000, "a correction"
    db.close()


def test_two_laptops_that_type_the_same_page_meet_in_one_record() -> None:
    assert records.visit_id("under_five_visit", "s", "p") == records.visit_id("under_five_visit", "s", "p")
    found = {records.visit_id(form, "s", "p") for form in ("under_five_visit", "pregnancy_visit")}
    found |= {records.attendance_id("s", "p"), records.attendance_id("p", "s"), records.new_id(), records.new_id()}
    assert len(found) == 6
    assert all(uuid.UUID(each).hex == each for each in found)


def test_many_new_records_are_written_at_once(book: Book) -> None:
    new = [
        NewRecord(PERSON, f"p{number}", "melati", {"name": f"Anak {number}", "mother_id": "ibu"}, MORNING)
        for number in range(50)
    ]
    visit = NewRecord(VISIT, "k", "melati", {"weight_g": 9000}, MORNING)
    assert records.save_many(book.db, [*new, visit], book.ws.author) == 51
    assert len(records.load_many(book.db, PERSON, mother_id="ibu")) == 50
    assert len(journal.unsealed(book.db)) == 52
    with pytest.raises(dbapi2.IntegrityError, match="UNIQUE"):
        records.save_many(book.db, [*new[:1]], book.ws.author)


def test_many_new_records_about_somebody_erased_or_merged_are_shown_as_one_would_be(book: Book) -> None:
    with transaction(book.db):
        erased.note(book.db, Erasure(frozenset(["lupa"]), frozenset(), frozenset()))
    book.save("gabung", form=FORMS["merge"], kept_id="bunda", other_id="ibu", active=True)
    new = [
        NewRecord(VISIT, f"timbang {person}", "melati", {"weight_g": 9000, "person_id": person}, MORNING)
        for person in ("lupa", "ibu")
    ]
    records.save_many(book.db, new, book.ws.author)
    (shown,) = records.load_many(book.db, VISIT)
    assert (shown.id, shown.answers["person_id"]) == ("timbang ibu", "bunda")


@given(answers(VISIT))
def test_any_answers_come_back_as_given(given_answers: dict[str, Value | None]) -> None:
    book = Book()
    book.save("k", form=VISIT, **given_answers)
    if any(value is not None for value in given_answers.values()):
        shown = book.row("k", VISIT).answers
        for name, value in given_answers.items():
            assert shown[name] == value or isinstance(value, str)
    assert journal.rows_equal_replay(book.db)
    book.ws.close()


ACTIONS = st.one_of(
    st.tuples(st.just("save"), answers(PERSON)),
    st.tuples(st.just("cell"), answers(PERSON)),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("withdraw"), st.none()),
    st.tuples(st.just("confirm"), st.sampled_from(["birth_weight_g", "birth_length_mm"])),
    st.tuples(st.just("seal"), st.none()),
    st.tuples(st.just("swap"), st.none()),
)


@settings(max_examples=60)
@given(st.lists(ACTIONS, max_size=14))
def test_rows_are_what_the_journal_says_whatever_two_laptops_do(actions: list[tuple[str, object]]) -> None:
    here, there = Book(), Book()
    done: list[str] = []
    for action, given_value in actions:
        present = records.load(here.db, PERSON, "anak") is not None
        match action, given_value:
            case (("save" | "cell"), dict()):
                saved = records.save(
                    here.db,
                    PERSON,
                    "anak",
                    given_value,
                    scope="melati",
                    author=here.ws.author,
                    now=here.time,
                    coalesce=action == "cell",
                )
                done += [saved.op_id] if saved.changed else []
            case "undo", int() if done and present:
                chosen = done[given_value % len(done)]
                if chosen in {op.id for op, _ in journal.ops_of(here.db, "anak")}:
                    here.undo(chosen)
            case "withdraw", _ if present:
                records.withdraw(here.db, PERSON, "anak", author=here.ws.author, now=here.time)
            case "confirm", str() if present:
                records.save(
                    here.db,
                    PERSON,
                    "anak",
                    {},
                    scope="",
                    author=here.ws.author,
                    now=here.time,
                    confirmed=(given_value,),
                )
            case "seal", _:
                send(here, there)
            case "swap", _:
                here, there = there, here
        assert journal.rows_equal_replay(here.db)
    for one, other in ((here, there), (there, here), (here, there)):
        send(one, other)
    assert same_rows(here, there)
    for each in (here, there):
        before = records.load_many(each.db, PERSON, withdrawn=True)
        journal.replay(each.db)
        assert records.load_many(each.db, PERSON, withdrawn=True) == before
        assert journal.rows_equal_replay(each.db)
        each.ws.close()


def send(sender: Book, receiver: Book) -> None:
    """Everything the one knows of the child goes to the other, as the feed would carry it."""
    ops = journal.ops_of(sender.db, "anak")
    journal.mark_sealed(sender.db, [op for op, _ in ops])
    journal.apply(receiver.db, reversed(ops))


def same_rows(one: Book, other: Book) -> bool:
    return records.load(one.db, PERSON, "anak") == records.load(other.db, PERSON, "anak")


# --- edges -----------------------------------------------------------------------------------------------------------


HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("later", "saves"),
    [
        (timedelta(0), 1),
        (HALF_AN_HOUR - timedelta(milliseconds=1), 1),
        (HALF_AN_HOUR, 2),
        (-timedelta(milliseconds=1), 2),
        (timedelta(days=365), 2),
    ],
)
def test_a_row_that_is_typed_is_one_save_for_half_an_hour(book: Book, later: timedelta, saves: int) -> None:
    book.type_cell(weight_g=9_000)
    book.time += later
    book.type_cell(length_mm=750)
    assert len(journal.ops_of(book.db, "kunjungan")) == saves
    assert book.row("kunjungan", VISIT).saved_at == book.time


def test_the_half_hour_is_counted_from_the_cell_before(book: Book) -> None:
    for minutes, cell in ((0, {"weight_g": 9_000}), (20, {"length_mm": 750}), (40, {"muac_mm": 140})):
        book.time = MORNING + timedelta(minutes=minutes)
        book.type_cell(**cell)  # type: ignore[arg-type]
    assert len(journal.ops_of(book.db, "kunjungan")) == 1


def test_a_cell_emptied_again_makes_a_save_of_its_own_since_it_was_told_already(book: Book) -> None:
    book.type_cell(weight_g=9_000)
    book.type_cell(length_mm=750)
    book.type_cell(weight_g=None)
    assert [dict(op.fields) for op, _ in journal.ops_of(book.db, "kunjungan")] == [
        {"weight_g": 9_000, "length_mm": 750},
        {"weight_g": None},
    ]
    assert book.row("kunjungan", VISIT).answers["weight_g"] is None


def test_a_save_with_a_reason_never_grows_into_another(book: Book) -> None:
    book.type_cell(weight_g=9_000)
    records.save(
        book.db, VISIT, "kunjungan", {"length_mm": 750}, scope="", author=book.ws.author, now=book.time,
        reason="Salah baca", coalesce=True,
    )  # fmt: skip
    assert [op.reason for op, _ in journal.ops_of(book.db, "kunjungan")] == ["", "Salah baca"]


def test_a_grown_save_says_the_clock_of_its_last_cell(book: Book) -> None:
    book.type_cell(weight_g=9_000)
    book.time += timedelta(minutes=5)
    book.type_cell(length_mm=750, author=replace(book.ws.author, clock=2))
    ((op, _device),) = journal.ops_of(book.db, "kunjungan")
    assert (op.at_ms, op.clock) == (int(book.time.timestamp() * 1000), 2)
    assert (op.depth, op.heads) == (1, ())


def test_a_clock_before_1970_is_told_as_unknown_whatever_was_said_of_it(book: Book) -> None:
    assert records._reading(Author("s", "l", 2), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == (0, 0)
    assert records._reading(Author("s", "l", 2), datetime(1970, 1, 1, tzinfo=UTC)) == (0, 2)
    assert records._reading(Author("s", "l", 0), datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == (1000, 0)


def test_text_is_kept_composed_and_an_emptied_text_is_unknown(book: Book) -> None:
    book.save(name="Cafe\N{COMBINING ACUTE ACCENT}", nik="")
    assert (book.row().answers["name"], book.row().answers["nik"]) == ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", None)
    assert not book.save(name="Caf\N{LATIN SMALL LETTER E WITH ACUTE}", nik="").changed
    ((op, _device),) = journal.ops_of(book.db, "anak")
    assert dict(op.fields) == {"name": "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"}


def test_depth_grows_by_one_and_each_save_names_the_one_before(book: Book) -> None:
    for name in ("Nur", "Nur Aini", "Nuraini"):
        book.save(name=name)
    ops = [op for op, _ in journal.ops_of(book.db, "anak")]
    assert [op.depth for op in ops] == [1, 2, 3]
    assert [op.heads for op in ops] == [(), (ops[0].head,), (ops[1].head,)]
    assert {op.version for op in ops} == {PERSON.version}
    assert len({op.nonce for op in ops}) == 3


def test_a_save_that_saw_two_heads_names_both_and_is_deeper_than_either(book: Book) -> None:
    book.save(name="Nur")
    book.elsewhere({"nik": "1"}, depth=7)
    book.save(phone="0812")
    third = journal.ops_of(book.db, "anak")[-1][0]
    assert (third.depth, len(third.heads)) == (8, 2)


def test_a_confirmation_without_a_value_is_a_save_of_its_own_and_once_is_enough(book: Book) -> None:
    confirm(book, weight_g=25_000)
    confirm(book, "weight_g")
    before = len(journal.ops_of(book.db, "k"))
    confirm(book, "weight_g")
    assert len(journal.ops_of(book.db, "k")) == before
    assert dict(journal.ops_of(book.db, "k")[-1][0].fields) == {"confirmed.weight_g": True}


def test_a_confirmation_falls_with_the_value_it_was_given_for_and_says_so_to_others(book: Book) -> None:
    confirm(book, "weight_g", weight_g=25_000)
    confirm(book, weight_g=9_000)
    assert dict(journal.ops_of(book.db, "k")[-1][0].fields) == {"weight_g": 9_000, "confirmed.weight_g": None}


def test_what_is_settled_is_written_though_it_is_shown_already(book: Book) -> None:
    book.save(name="Nur Aini")
    saved = records.save(
        book.db, PERSON, "anak", {"name": "Nur Aini", "nik": None}, scope="", author=book.ws.author, now=MORNING,
        settle=("name",),
    )  # fmt: skip
    assert saved.changed
    assert dict(journal.ops_of(book.db, "anak")[-1][0].fields) == {"name": "Nur Aini"}


def test_a_decision_that_a_record_stays_is_told_to_others(book: Book) -> None:
    book.save(name="Nur Aini")
    records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    book.elsewhere({"nik": "1"})
    records.save(
        book.db, PERSON, "anak", {}, scope="", author=book.ws.author, now=MORNING, settle=("withdrawn",)
    )  # fmt: skip
    row = book.row()
    assert (row.withdrawn, row.conflicts) == (False, {})
    assert dict(journal.ops_of(book.db, "anak")[-1][0].fields) == {"withdrawn": False}


def test_a_record_withdrawn_twice_is_withdrawn_once_with_the_first_reason(book: Book) -> None:
    book.save(name="Nur Aini")
    gone = records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING, reason="Ganda")
    again = records.withdraw(
        book.db, PERSON, "anak", author=book.ws.author, now=MORNING + timedelta(days=1), reason="Lain"
    )
    assert again == SavedOp("", False, MORNING)
    assert [entry.reason for entry in records.history(book.db, "anak")] == ["Ganda", ""]
    assert gone.changed


def test_undo_of_a_withdrawal_keeps_what_was_written_meanwhile(book: Book) -> None:
    book.save(name="Nur Aini", nik="1")
    gone = records.withdraw(book.db, PERSON, "anak", author=book.ws.author, now=MORNING)
    book.save(phone="0812")
    assert not book.row().withdrawn, "a save brings it back"
    undone = book.undo(gone.op_id)
    assert not book.row().withdrawn
    assert book.row().answers["phone"] == "0812"
    assert not undone.changed, "it was brought back already"


def test_undo_carries_a_reason_everybody_understands(book: Book) -> None:
    saved = book.save(name="Nur Aini")
    book.undo(saved.op_id)
    assert records.history(book.db, "anak")[0].reason == "Dibatalkan"


def test_a_link_is_not_taken_back_with_the_answers(book: Book) -> None:
    """A visit whose weight is undone stays a visit of this child on this day."""
    saved = records.save(
        book.db, VISIT, "k", {"weight_g": 9_000}, scope="melati", author=book.ws.author, now=MORNING,
        links={"person_id": "anak", "session_id": "hari"},
    )  # fmt: skip
    book.save("k", form=VISIT, length_mm=750)
    book.undo(saved.op_id)
    row = book.row("k", VISIT)
    assert (row.answers["weight_g"], row.answers["person_id"], row.answers["session_id"]) == (None, "anak", "hari")
    assert not row.withdrawn


def test_a_link_that_was_changed_is_given_back(book: Book) -> None:
    book.save(name="Nur", mother_id="ibu")
    changed = book.save(mother_id="bunda", nik="1")
    book.undo(changed.op_id)
    assert (book.row().answers["mother_id"], book.row().answers["nik"]) == ("ibu", None)


def test_saves_are_taken_back_one_after_the_other_to_the_beginning(book: Book) -> None:
    done = [book.save(name=name).op_id for name in ("Nur", "Nur Aini", "Nuraini")]
    for op_id, shown in zip(reversed(done), ("Nur Aini", "Nur", None), strict=True):
        book.undo(op_id)
        assert book.row().answers["name"] == shown
    assert book.row().withdrawn


def test_a_conflict_that_a_save_made_is_undone_with_it(book: Book) -> None:
    book.save(name="Nur Aini")
    book.elsewhere({"name": "Nuraini"})
    (foreign,) = [op for op, device in journal.ops_of(book.db, "anak") if device == "laptop-z"]
    book.undo(foreign.id)
    assert "name" not in book.row().conflicts


def test_who_leans_on_whom(book: Book) -> None:
    def put(form: str, record: str, scope: str = "melati", **links: str) -> None:
        records.save(
            book.db, FORMS[form], record, {}, scope=scope, author=book.ws.author, now=MORNING, links=links
        )  # fmt: skip

    book.save("ibu", name="Sri")
    put("person", "anak", mother_id="ibu")
    put("under_five_visit", "kunjungan", person_id="anak")
    put("under_five_visit", "ditarik", person_id="anak")
    records.withdraw(book.db, VISIT, "ditarik", author=book.ws.author, now=MORNING)
    put("sealed_access", "log", about_id="anak")
    records.save(
        book.db, FORMS["merge"], "m", {"kind": "person", "kept_id": "nobody", "other_id": "anak", "active": False},
        scope="melati", author=book.ws.author, now=MORNING,
    )  # fmt: skip
    assert set(records.leaning_on(book.db, ["anak"])) == {("kunjungan", "anak"), ("m", "anak")}
    assert set(records.leaning_on(book.db, ["ibu", "anak"])) == {
        ("anak", "ibu"), ("kunjungan", "anak"), ("m", "anak"),
    }  # fmt: skip
    assert records.leaning_on(book.db, []) == []
    assert {record for record, _post in records.leaning_on(book.db, ["melati"])} == {"ibu", "anak", "kunjungan", "m"}


def test_the_ids_of_what_two_laptops_may_both_write_are_the_same_on_both() -> None:
    """By the RFC: version 5, and never one for another kind."""
    made = {
        records.attendance_id("s", "p"),
        records.visit_id("under_five_visit", "s", "p"),
        records.dose_id("p", "bcg", 1),
        records.dose_id("p", "bcg", 2),
        records.dose_id("p", "bcg 1", 1),
        records.merge_id("a", "b"),
        records.signed_month_id("p", "2026-11", "d"),
        records.signed_month_id("p", "2026-12", "d"),
    }
    assert len(made) == 8
    assert {uuid.UUID(each).version for each in made} == {5}
    assert records.merge_id("a", "b") == records.merge_id("b", "a") != records.merge_id("a", "c")
    assert uuid.UUID(records.new_id()).version == 4


def test_records_are_found_by_several_columns_at_once_and_unknown_is_a_value(book: Book) -> None:
    book.save("a", name="Nur", sex="female", guest=True)
    book.save("b", name="Nur", sex="female")
    book.save("c", name="Nur", sex="male", born_on=date(2024, 3, 5))
    assert [row.id for row in records.load_many(book.db, PERSON, name="Nur", sex="female")] == ["a", "b"]
    assert [row.id for row in records.load_many(book.db, PERSON, guest=True)] == ["a"]
    assert [row.id for row in records.load_many(book.db, PERSON, guest=None, sex="female")] == ["b"]
    assert [row.id for row in records.load_many(book.db, PERSON, born_on=date(2024, 3, 5))] == ["c"]
    assert [row.id for row in records.load_many(book.db, PERSON, id="b")] == ["b"]
    assert records.load_many(book.db, PERSON, scope="mawar") == []
    assert len(records.load_many(book.db, PERSON)) == 3


def test_a_query_may_have_an_order_and_brings_withdrawn_ones_unless_it_says_otherwise(book: Book) -> None:
    for record in ("a", "b", "c"):
        book.save(record, name=record.upper())
    records.withdraw(book.db, PERSON, "b", author=book.ws.author, now=MORNING)
    found = records.select(book.db, PERSON, "name > ? ORDER BY name DESC", ["A"])
    assert [(row.id, row.withdrawn) for row in found] == [("c", False), ("b", True)]


def test_many_records_are_all_written_or_none(book: Book) -> None:
    def arriving() -> Iterator[NewRecord]:
        yield NewRecord(PERSON, "a", "melati", {"name": "Nur"}, MORNING)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        records.save_many(book.db, arriving(), book.ws.author)
    assert records.load(book.db, PERSON, "a") is None
    assert records.save_many(book.db, [], book.ws.author) == 0


def test_a_record_that_says_nothing_is_not_written_as_no_save_without_an_answer_could_be_read_again(book: Book) -> None:
    new = [NewRecord(PERSON, "a", "melati", {"name": None, "nik": ""}, MORNING)]
    assert records.save_many(book.db, new, book.ws.author) == 0
    assert len(journal.unsealed(book.db)) == 1, "the post alone"
    assert not book.save("a", name=None).changed


def test_many_records_have_each_its_own_moment_and_post(book: Book) -> None:
    later = MORNING + timedelta(hours=3)
    records.save_many(
        book.db,
        [
            NewRecord(PERSON, "a", "melati", {"name": "Nur"}, MORNING),
            NewRecord(PERSON, "b", "mawar", {"name": "Ali"}, later),
        ],
        book.ws.author,
    )
    assert (book.row("a").scope, book.row("a").saved_at) == ("melati", MORNING)
    assert (book.row("b").scope, book.row("b").saved_at) == ("mawar", later)


def test_history_is_in_the_order_of_depth_and_shows_what_each_author_knew(book: Book) -> None:
    book.save(name="Nur", guest=False)
    book.elsewhere({"name": "Nuraini", "guest": True}, at_ms=99)
    book.save(name="Nur Aini")
    newest, *earlier = [(entry.device, dict(entry.changes)) for entry in records.history(book.db, "anak")]
    shown = max(((device, changes["name"][1]) for device, changes in earlier), key=lambda each: each[0])[1]
    assert newest == (book.ws.device, {"name": (shown, "Nur Aini")}), "of one depth the greater device was shown"
    assert ("laptop-z", {"name": (None, "Nuraini"), "guest": (None, True)}) in earlier
    assert (book.ws.device, {"name": (None, "Nur"), "guest": (None, False)}) in earlier
    assert records.history(book.db, "nobody") == []
