"""A row is what stands of its ops: shown, disputed, or kept beside; and only what changed is written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.change import Op, Wire, standing
from posyandu.domain.forms import FORMS
from posyandu.storage import database, journal, same, words
from posyandu.storage.engine import Database, rows
from posyandu.storage.tables import (
    META,
    Raw,
    admits,
    confirmed_text,
    conflicts_without,
    put,
    raw_row,
    standing_row,
    stored,
    table_of,
)

VISIT = table_of("under_five_visit")
assert VISIT is not None
FORM = FORMS["under_five_visit"]


def op(nonce: int = 0, /, depth: int = 1, heads: tuple[str, ...] = (), **fields: Wire) -> Op:
    return Op("melati", "under_five_visit", "k", 1, depth, heads, fields, "sari", 5, 1, f"{nonce:016x}")


def row_of(*ops: tuple[Op, str]) -> Raw:
    newest = max(ops, key=lambda pair: (pair[0].depth, pair[1], pair[0].id))
    return standing_row(VISIT, "k", standing(list(ops)), newest)


@pytest.fixture
def db() -> Iterator[Database]:
    book = database.open_memory()
    yield book
    book.close()


# --- the table of a form ---------------------------------------------------------------------------------------------


def test_every_form_has_its_table_and_nothing_else_has_one() -> None:
    for name, form in FORMS.items():
        table = table_of(name)
        assert table is not None
        assert table.columns == (*form.links, *form.fields)
        assert table_of(name) is table, "described once"
    assert table_of("tari_2027") is None
    assert table_of("op") is None, "a table that is no form's"


@pytest.mark.parametrize(
    ("name", "value", "may"),
    [
        ("weight_g", 9_000, True), ("weight_g", None, True), ("weight_g", "9000", False), ("weight_g", True, False),
        ("sick", False, True), ("sick", 0, False),
        ("note", "x", True), ("note", 1, False),
        ("visited_on", "2026-11-12", True), ("visited_on", "2026-W46-4", False), ("visited_on", "12-11-2026", False),
        ("person_id", "anak", True), ("person_id", None, True), ("person_id", 5, False), ("person_id", True, False),
        ("scope", "melati", False), ("n", 1, False), ("withdrawn", True, False), ("confirmed.weight_g", True, False),
        ("question_of_next_year", 1, False),
    ],
)  # fmt: skip
def test_what_may_stand_in_a_column(name: str, value: Wire, may: bool) -> None:
    assert admits(VISIT, name, value) == may


@pytest.mark.parametrize(("value", "kept"), [(True, 1), (False, 0), (None, None), (7, 7), ("x", "x"), ("", "")])
def test_yes_and_no_are_kept_as_numbers_and_all_else_as_it_is(value: Wire, kept: int | str | None) -> None:
    assert stored(value) == kept
    assert type(stored(value)) is type(kept)


# --- what stands -----------------------------------------------------------------------------------------------------


def test_a_row_has_what_was_written_and_none_elsewhere() -> None:
    row = row_of((op(weight_g=9_000, sick=False, person_id="anak"), "laptop-a"))
    told = {name: value for name, value in row.items() if value is not None and name not in META}
    assert told == {"weight_g": 9_000, "sick": 0, "person_id": "anak"}
    assert list(row) == [*META, *VISIT.columns], "in the order of the columns it is inserted in"
    assert (row["n"], row["id"], row["scope"], row["withdrawn"]) == (None, "k", "melati", 0)
    assert (row["conflicts"], row["extra"], row["confirmed"]) == (None, None, None)


def test_who_saved_last_is_who_saved_deepest_whatever_their_clocks_say() -> None:
    first = replace(op(1, weight_g=9_000), at_ms=99, author="dewi")
    second = replace(op(2, 2, (first.head,), length_mm=700), at_ms=3, author="wati")
    row = row_of((first, "laptop-z"), (second, "laptop-a"))
    assert (row["saved_by"], row["saved_at_ms"], row["device"]) == ("wati", 3, "laptop-a")
    assert (row["depth"], row["heads"]) == (2, second.head)


def test_two_heads_are_both_named_in_one_order() -> None:
    one, other = op(1, weight_g=1), op(2, length_mm=2)
    row = row_of((one, "a"), (other, "b"))
    assert row["heads"] == " ".join(sorted((one.head, other.head)))
    assert row_of((other, "b"), (one, "a")) == row


def test_differing_values_stand_with_whose_they_are_and_equal_ones_are_no_conflict() -> None:
    one, other = op(1, weight_g=9_000, length_mm=700), op(2, weight_g=9_100, length_mm=700)
    row = row_of((one, "laptop-a"), (other, "laptop-b"))
    assert json.loads(row["conflicts"]) == {
        "weight_g": [[9_100, "laptop-b", "sari", 5, other.id], [9_000, "laptop-a", "sari", 5, one.id]]
    }
    assert (row["weight_g"], row["length_mm"]) == (9_100, 700)


def test_what_this_version_cannot_show_is_kept_beside() -> None:
    row = row_of((op(weight_g="heavy", visited_on="besok", next_year=True, note="x"), "a"))
    assert (row["weight_g"], row["visited_on"], row["note"]) == (None, None, "x")
    assert json.loads(row["extra"]) == {"weight_g": "heavy", "visited_on": "besok", "next_year": True}


def test_an_emptied_answer_of_next_year_leaves_nothing_beside() -> None:
    first = op(1, next_year=3)
    assert row_of((first, "a"), (op(2, 2, (first.head,), next_year=None), "a"))["extra"] is None


def test_a_confirmation_holds_while_it_is_true_and_two_who_differ_are_no_conflict_of_the_form() -> None:
    first = op(1, **{"weight_g": 30_000, "confirmed.weight_g": True, "confirmed.length_mm": True})
    assert row_of((first, "a"))["confirmed"] == "length_mm weight_g"
    fallen = op(2, 2, (first.head,), **{"confirmed.weight_g": None})
    assert row_of((first, "a"), (fallen, "a"))["confirmed"] == "length_mm"
    other = op(3, **{"confirmed.weight_g": None})
    assert row_of((first, "a"), (other, "b"))["conflicts"] is None


def test_an_edit_that_met_a_withdrawal_is_marked_for_a_person() -> None:
    first = op(1, weight_g=9_000)
    gone, edit = op(2, 2, (first.head,), withdrawn=True), op(3, 2, (first.head,), note="x")
    row = row_of((first, "a"), (gone, "a"), (edit, "b"))
    assert (row["withdrawn"], json.loads(row["conflicts"])) == (0, {"withdrawn": []})
    assert row_of((first, "a"), (gone, "a"))["withdrawn"] == 1


@pytest.mark.parametrize(
    ("names", "text"),
    [([], None), (["b"], "b"), (["b", "a"], "a b"), (["weight_g", "length_mm"], "length_mm weight_g")],
)
def test_the_names_of_confirmed_answers_are_kept_in_one_order(names: list[str], text: str | None) -> None:
    assert confirmed_text(names) == text


def test_what_a_save_wrote_that_saw_all_values_is_disputed_no_more() -> None:
    text = '{"length_mm":[[1]],"weight_g":[[2]]}'
    assert conflicts_without(text, {"weight_g": 3, "note": "x"}) == '{"length_mm":[[1]]}'
    assert conflicts_without(text, {"weight_g": 3, "length_mm": None}) is None
    assert conflicts_without(text, {}) == text
    assert conflicts_without(None, {"weight_g": 3}) is None


# --- writing ---------------------------------------------------------------------------------------------------------


def changes_of(db: Database) -> int:
    return int(rows(db, "SELECT total_changes()")[0][0])


def test_a_new_row_is_inserted_a_known_one_gets_its_changed_columns_and_an_equal_one_is_left_alone(
    db: Database,
) -> None:
    number = put(db, VISIT, None, row_of((op(weight_g=9_000), "a")))
    before = raw_row(db, VISIT, "k")
    assert before is not None
    assert (before["n"], before["weight_g"]) == (number, 9_000)
    assert put(db, VISIT, before, {**before, "weight_g": 9_100, "note": "x"}) == number
    after = raw_row(db, VISIT, "k")
    assert after == {**before, "weight_g": 9_100, "note": "x"}
    written = changes_of(db)
    assert put(db, VISIT, after, dict(after)) == number
    assert changes_of(db) == written
    assert raw_row(db, VISIT, "nobody") is None


def test_the_number_of_a_row_is_never_written(db: Database) -> None:
    number = put(db, VISIT, None, row_of((op(weight_g=9_000), "a")))
    before = raw_row(db, VISIT, "k")
    assert before is not None
    assert put(db, VISIT, before, {**before, "n": None, "weight_g": 1}) == number
    assert rows(db, "SELECT n, weight_g FROM under_five_visit") == [(number, 1)]


def test_answers_come_back_as_they_were_given(db: Database) -> None:
    put(db, VISIT, None, row_of((op(visited_on="2026-11-12", sick=True, weight_g=9_000, person_id="anak"), "a")))
    answers = VISIT.answers(rows(db, VISIT.select)[0])
    assert {name: value for name, value in answers.items() if value is not None} == {
        "visited_on": date(2026, 11, 12), "sick": True, "weight_g": 9_000, "person_id": "anak",
    }  # fmt: skip
    assert answers.keys() == set(VISIT.columns)


# --- the words people are found by -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"name": "Nur Aini"}, {(words.FIRST, "nur"), (words.NAME, "nur"), (words.NAME, "aini")}),
        ({"mother_name": "Sri"}, {(words.MOTHER, "sri")}),
        ({"guardian_name": "Sri"}, {(words.MOTHER, "sri")}),
        ({"nik": "5203010101010001"}, {(words.NUMBER, "5203010101010001")}),
        ({"kk": "5203"}, {(words.NUMBER, "5203")}),
        ({"phone": "0812 345"}, {(words.NUMBER, "0812"), (words.NUMBER, "345")}),
        ({"register_number": 12}, {(words.NUMBER, "12")}),
        ({"address": "RT 02"}, {(words.ADDRESS, "rt"), (words.ADDRESS, "02")}),
        ({"hamlet": "Melati"}, {(words.ADDRESS, "melati")}),
        ({"name": None, "nik": None}, set()),
        ({"name": "  "}, set()),
        ({"rt": "02", "dasawisma": "Mawar"}, set()),
    ],
)
def test_which_columns_people_are_found_by_and_how_good_a_hit_each_is(
    row: dict[str, object], found: set[tuple[int, str]]
) -> None:
    assert words.words_of(row) == found


def test_kinds_of_words_are_in_the_order_hits_are_shown() -> None:
    assert words.FIRST < words.NAME < words.MOTHER < words.NUMBER < words.ADDRESS


def words_in(db: Database) -> set[tuple[int, str]]:
    return set(rows(db, "SELECT kind, word FROM person_word WHERE person = 7"))


def test_only_words_that_changed_are_written(db: Database) -> None:
    before: dict[str, object] = dict.fromkeys(words.SEARCHED)
    row = {**before, "name": "Nur Aini", "nik": "5203"}
    words.keep(db, 7, before, row)
    assert words_in(db) == words.words_of(row)
    written = changes_of(db)
    words.keep(db, 7, row, {**row, "rt": "02"})
    assert changes_of(db) == written, "no column that is searched changed"
    words.keep(db, 7, row, {**row, "name": "Nur Zahra"})
    assert words_in(db) == words.words_of({**row, "name": "Nur Zahra"})
    assert changes_of(db) - written <= 4
    words.keep(db, 7, {**row, "name": "Nur Zahra"}, before)
    assert words_in(db) == set()


def test_a_word_two_columns_share_stays_while_one_of_them_has_it(db: Database) -> None:
    before: dict[str, object] = dict.fromkeys(words.SEARCHED)
    both = {**before, "mother_name": "Sri", "guardian_name": "Sri"}
    words.keep(db, 7, before, both)
    words.keep(db, 7, both, {**both, "guardian_name": None})
    assert words_in(db) == {(words.MOTHER, "sri")}


def test_many_new_persons_get_their_words_at_once_and_twice_is_once(db: Database) -> None:
    persons = [(7, {"name": "Nur"}), (8, {"name": "Ali"})]
    words.add_all(db, persons)
    words.add_all(db, persons)
    assert set(rows(db, "SELECT person, kind, word FROM person_word")) == {
        (7, 0, "nur"), (7, 1, "nur"), (8, 0, "ali"), (8, 1, "ali"),
    }  # fmt: skip


# --- who is shown for whom -------------------------------------------------------------------------------------------


def merged(db: Database, kept: str | None, other: str | None, nonce: int, active: bool = True) -> None:
    fields: dict[str, Wire] = {"kind": "person", "kept_id": kept, "other_id": other, "active": active}
    op = Op("melati", "merge", f"m{nonce}", 1, 1, (), fields, "sari", 5, 1, f"{nonce:016x}")
    journal.apply(db, [(op, "a")])


def test_only_decisions_that_stand_and_name_two_show_one_for_another(db: Database) -> None:
    merged(db, "adi", "ade", 1)
    merged(db, "budi", "budy", 2, active=False)
    merged(db, "cici", None, 3)
    merged(db, None, "dodi", 4)
    assert same.known(db) == same.said(db) == {"ade": "adi"}
    assert same.renew(db) == [], "up to date"


def test_links_lead_to_whoever_is_shown_and_the_other_is_hidden(db: Database) -> None:
    merged(db, "adi", "ade", 1)
    person = table_of("person")
    assert person is not None
    raw = dict.fromkeys((*META, *person.columns)) | {"id": "tuti", "withdrawn": 0, "mother_id": "ade"}
    assert same.shown(db, person, raw) == {**raw, "mother_id": "adi"}
    assert same.shown(db, person, {**raw, "id": "ade"})["withdrawn"] == same.HIDDEN
    assert same.shown(db, person, {**raw, "mother_id": "budi"}) == {**raw, "mother_id": "budi"}
    merge = table_of("merge")
    assert merge is not None
    itself = {"id": "ade", "withdrawn": 0, "kept_id": "ade"}
    assert same.shown(db, merge, itself) == itself, "a decision is never hidden by itself"
