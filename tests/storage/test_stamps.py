"""A stamp of a post changes when, and only when, what was worked out of its records may have changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from posyandu.domain.change import Op
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.storage import database, journal, records, stamps
from posyandu.storage.engine import Database
from posyandu.storage.records import Author
from posyandu.storage.stamps import Watch

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SARI = Author("sari", "laptop-a")
POSTS = ("melati", "mawar", "anggrek")


def save(db: Database, form: str, record: str, post: str, coalesce: bool = False, **answers: Value | None) -> None:
    records.save(db, FORMS[form], record, answers, scope=post, author=SARI, now=NOW, coalesce=coalesce)


@pytest.fixture
def db() -> Iterator[Database]:
    """A child of Melati who was also weighed at Mawar, and a child of Mawar; Anggrek is empty."""
    book = database.open_memory()
    save(book, "person", "nur", "melati", name="Nur")
    save(book, "person", "ali", "mawar", name="Ali")
    save(book, "under_five_visit", "visit-nur", "melati", person_id="nur", visited_on=date(2026, 11, 1), weight_g=9000)
    yield book
    book.close()


@pytest.fixture
def watch(db: Database) -> Watch:
    return stamps.begin(db)


def changed(db: Database, watch: Watch, *deeds: Callable[[], object]) -> list[str]:
    """The posts whose stamp is another one after these deeds and one look."""
    before = {post: stamps.stamp(watch, post) for post in POSTS}
    for deed in deeds:
        deed()
    stamps.look(db, watch)
    return [post for post in POSTS if stamps.stamp(watch, post) != before[post]]


def test_looking_again_changes_nothing(db: Database, watch: Watch) -> None:
    assert [changed(db, watch) for _time in range(3)] == [[], [], []]
    assert len({stamps.stamp(watch, post) for post in ("anggrek", "a post nobody has")}) == 1


def test_a_save_changes_the_stamp_of_its_own_post_once(db: Database, watch: Watch) -> None:
    assert changed(db, watch, lambda: save(db, "person", "sri", "mawar", name="Sri")) == ["mawar"]
    assert changed(db, watch) == []


def test_a_save_that_changes_nothing_changes_no_stamp(db: Database, watch: Watch) -> None:
    assert changed(db, watch, lambda: save(db, "person", "ali", "mawar", name="Ali")) == []


def test_a_row_typed_cell_by_cell_changes_the_stamp_with_every_cell_though_it_stays_one_save(
    db: Database, watch: Watch
) -> None:
    def cell(**answer: Value) -> Callable[[], None]:
        return lambda: save(db, "under_five_visit", "typed", "mawar", coalesce=True, **answer)

    for each in (cell(weight_g=8_000), cell(length_mm=700), cell(muac_mm=140)):
        assert changed(db, watch, each) == ["mawar"]
    assert len(journal.ops_of(db, "typed")) == 1


def test_what_was_already_growing_when_the_watch_began_is_seen_to_grow(db: Database) -> None:
    save(db, "under_five_visit", "typed", "mawar", coalesce=True, weight_g=8_000)
    watch = stamps.begin(db)
    assert changed(db, watch) == []
    grown = changed(db, watch, lambda: save(db, "under_five_visit", "typed", "mawar", coalesce=True, length_mm=700))
    assert grown == ["mawar"]


def test_a_save_that_leaves_this_laptop_is_no_reason_to_keep_an_older_answer(db: Database, watch: Watch) -> None:
    """Its place stays, but it no longer grows: looked at once more and then never."""
    assert set(changed(db, watch, lambda: journal.mark_sealed(db, journal.unsealed(db)))) <= {"melati", "mawar"}
    assert changed(db, watch) == []


def test_saves_from_another_laptop_count_like_own_ones(db: Database, watch: Watch) -> None:
    op = Op("anggrek", "person", "tuti", 1, 1, (), {"name": "Tuti"}, "dewi", 5, 1, "0" * 16)
    assert changed(db, watch, lambda: journal.apply(db, [(op, "laptop-b")])) == ["anggrek"]
    assert changed(db, watch, lambda: journal.apply(db, [(op, "laptop-b")])) == [], "known already"


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("under_five_visit", {"weight_g": 9_200}),
        ("pregnancy_visit", {"weight_g": 52_000}),
        ("immunisation_dose", {"given_on": date(2026, 11, 2)}),
        ("referral", {"reasons": "Berat di bawah garis merah"}),
        ("attendance", {"present": True}),
    ],
)
def test_what_is_done_with_a_child_elsewhere_changes_the_stamp_of_its_own_post_too(
    db: Database, watch: Watch, form: str, answer: dict[str, Value]
) -> None:
    assert "person_id" in FORMS[form].links
    save(db, form, "guest", "anggrek", person_id="nur")
    stamps.look(db, watch)
    assert changed(db, watch, lambda: save(db, form, "guest", "anggrek", **answer)) == ["melati", "anggrek"]


def test_a_visit_at_its_own_post_concerns_no_other_post(db: Database, watch: Watch) -> None:
    assert changed(db, watch, lambda: save(db, "under_five_visit", "visit-nur", "melati", weight_g=9100)) == ["melati"]


def test_a_person_nobody_knows_yet_concerns_nobody_else(db: Database, watch: Watch) -> None:
    later = lambda: save(db, "under_five_visit", "early", "anggrek", person_id="not here yet")  # noqa: E731
    assert changed(db, watch, later) == ["anggrek"]


@pytest.mark.parametrize("form", sorted(stamps.EVERYWHERE))
def test_a_merge_and_an_erasure_may_concern_everybody(db: Database, watch: Watch, form: str) -> None:
    assert form in FORMS
    fields: dict[str, Value] = {
        "merge": {"kind": "person", "kept_id": "nur", "other_id": "ali", "active": True},
        "erasure": {"records": "x", "saves": "0" * 16},
    }[form]  # type: ignore[assignment]
    op = Op("mawar", form, "decision", 1, 1, (), fields, "dewi", 5, 1, "0" * 16)  # type: ignore[arg-type]
    assert changed(db, watch, lambda: journal.apply(db, [(op, "laptop-b")])) == list(POSTS)
    assert changed(db, watch) == []


def test_an_older_copy_of_the_book_put_back_concerns_everybody(db: Database, watch: Watch) -> None:
    save(db, "person", "sri", "mawar", name="Sri")
    stamps.look(db, watch)
    newest = journal.last(db)
    assert changed(db, watch, lambda: db.conn.execute("DELETE FROM op WHERE n = ?", (newest,))) == list(POSTS)
    assert watch.place == newest - 1


def test_where_the_newest_save_is_and_what_came_after_a_place(db: Database) -> None:
    place = journal.last(db)
    assert journal.since(db, place) == []
    save(db, "person", "sri", "mawar", name="Sri")
    save(db, "person", "sri", "mawar", name="Sri Rahayu")
    told = journal.since(db, place)
    assert [(form, record) for form, record, _id in told] == [("person", "sri")] * 2
    assert [op_id for _form, _record, op_id in told] == [op.id for op, _device in journal.ops_of(db, "sri")]
    assert [record for _form, record, _id in journal.since(db, 0)] == ["nur", "ali", "visit-nur", "sri", "sri"]
    empty = database.open_memory()
    assert (journal.last(empty), journal.since(empty, 0)) == (0, [])


def test_stamps_are_of_one_watch_each(db: Database, watch: Watch) -> None:
    other = replace(watch, saved=dict(watch.saved), growing=dict(watch.growing), elsewhere={})
    save(db, "person", "sri", "mawar", name="Sri")
    stamps.look(db, watch)
    assert stamps.stamp(watch, "mawar") != stamps.stamp(other, "mawar")
    stamps.look(db, other)
    assert stamps.stamp(watch, "mawar") == stamps.stamp(other, "mawar")


@pytest.mark.parametrize(
    ("then", "is_still"),
    [
        (lambda _book: None, True),
        (lambda book: save(book, "sealed_access", "note", "mawar", action="report"), True),
        (lambda book: save(book, "person", "sri", "mawar", name="Sri"), False),
        (lambda book: save(book, "person", "ali", "mawar", coalesce=True, name="Ali"), True),
        (lambda book: save(book, "person", "ali", "mawar", coalesce=True, name="Alim"), False),
        (lambda book: book.conn.execute("DELETE FROM op WHERE n = ?", (journal.last(book),)), False),
    ],
)
def test_a_book_is_as_it_was_until_something_that_counts_is_saved(
    db: Database, then: Callable[[Database], object], is_still: bool
) -> None:
    save(db, "person", "ali", "mawar", coalesce=True, rt="01")
    before = stamps.mark(db, "sealed_access")
    then(db)
    assert stamps.is_still(db, before, "sealed_access") is is_still


def test_a_row_made_anew_from_its_saves_is_new_to_every_post(db: Database, watch: Watch) -> None:
    mark = stamps.mark(db, "")
    assert changed(db, watch, lambda: journal.mend_some(db, "", 9)) == []
    db.conn.execute("UPDATE under_five_visit SET weight_g = 1")
    assert changed(db, watch, lambda: journal.mend_some(db, "", 9)) == list(POSTS)
    assert not stamps.is_still(db, mark, "")
    assert changed(db, watch) == []
