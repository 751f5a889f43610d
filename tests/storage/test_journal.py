"""The journal: what is kept, what is projected, and that rows can always be made again from it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.change import Op, standing
from posyandu.domain.forms import FORMS
from posyandu.storage import database, journal, records
from posyandu.storage.database import Database, rows
from tests.strategies import histories

VISIT = FORMS["under_five_visit"]


def op(record: str = "anak", *, entity: str = "person", nonce: int = 0, scope: str = "melati", **fields: object) -> Op:
    return Op(scope, entity, record, 1, 1, (), fields, "kader", 5, 1, f"{nonce:016x}")  # type: ignore[arg-type]


@pytest.fixture
def db() -> Iterator[Database]:
    book = database.open_memory()
    yield book
    assert journal.rows_equal_replay(book)
    book.close()


def test_receiving_twice_changes_nothing(db: Database) -> None:
    arriving = [(op(name="Nur Aini"), "laptop-a"), (op("adik", name="Rahma"), "laptop-b")]
    first = journal.apply(db, arriving)
    assert first == journal.Applied(2, frozenset({("person", "anak"), ("person", "adik")}))
    before = rows(db, "SELECT * FROM person")
    assert journal.apply(db, [*arriving, *arriving]) == journal.Applied(0, frozenset())
    assert rows(db, "SELECT * FROM person") == before


def test_received_ops_are_not_sent_again_and_own_ones_are(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini"), "laptop-a")])
    journal.import_ops(
        db, [(op("adik", name="Rahma"), "laptop-a"), (op("kakak", scope="mawar", name="Ali"), "laptop-a")]
    )
    assert [each.record for each in journal.unsealed(db)] == ["adik", "kakak"]
    assert [each.record for each in journal.unsealed(db, "mawar")] == ["kakak"]
    journal.mark_sealed(db, journal.unsealed(db, "melati"))
    assert [each.record for each in journal.unsealed(db)] == ["kakak"]
    assert journal.import_ops(db, [(op("adik", name="Rahma"), "laptop-a")]).new == 0


def test_an_own_op_that_comes_back_in_a_feed_waits_no_longer(db: Database) -> None:
    mine = op(name="Nur Aini")
    journal.import_ops(db, [(mine, "laptop-c")])
    assert journal.apply(db, [(mine, "laptop-c")]) == journal.Applied(0, frozenset())
    assert journal.unsealed(db) == []


def test_an_op_that_came_from_two_cloned_disks_belongs_to_the_same_one_everywhere() -> None:
    mine, other = op(name="Nur Aini"), op(name="Nuraini", nonce=1)
    shown = set()
    for order in (["laptop-a", "laptop-c"], ["laptop-c", "laptop-a"]):
        db = database.open_memory()
        for device in order:
            journal.apply(db, [(mine, device), (other, "laptop-b")])
        shown.add(tuple(rows(db, "SELECT name, device FROM person")))
        assert journal.rows_equal_replay(db)
        db.close()
        db = database.open_memory()
        journal.apply(db, [(mine, order[0]), (other, "laptop-b"), (mine, order[1])])
        shown.add(tuple(rows(db, "SELECT name, device FROM person")))
        assert journal.rows_equal_replay(db)
        db.close()
    assert len(shown) == 1


def test_an_own_op_sealed_by_another_device_takes_that_device(db: Database) -> None:
    mine = op(name="Nur Aini")
    journal.import_ops(db, [(mine, "laptop-a")])
    journal.apply(db, [(mine, "laptop-z")])
    assert rows(db, "SELECT device FROM person") == [("laptop-z",)]


def test_an_entity_of_a_newer_version_is_kept_and_not_shown(db: Database) -> None:
    applied = journal.apply(db, [(op("t", entity="tari", gerak=3), "laptop-a"), (op(name="Nur Aini"), "laptop-a")])
    assert applied.new == 2
    assert [each.entity for each, _ in journal.ops_of(db, "t")] == ["tari"]
    assert rows(db, "SELECT id FROM person") == [("anak",)]


def test_what_a_newer_version_saved_is_no_row_to_mend(db: Database) -> None:
    journal.apply(db, [(op("t", entity="tari", gerak=3), "laptop-a"), (op(name="Nur Aini"), "laptop-a")])
    assert journal.mend_some(db, "", 9) == ("", 0)
    db.conn.execute("UPDATE person SET name = 'Nur'")
    assert journal.mend_some(db, "", 9) == ("", 1)
    assert rows(db, "SELECT name FROM person") == [("Nur Aini",)]


def test_ops_of_two_entities_with_one_record_id_do_not_mix(db: Database) -> None:
    journal.apply(db, [(op("sama", name="Nur Aini"), "a"), (op("sama", entity="worker", name="Sari"), "a")])
    assert rows(db, "SELECT p.name, w.name FROM person p JOIN worker w USING (id)") == [("Nur Aini", "Sari")]


def test_stored_ops_are_the_ops_that_were_given(db: Database) -> None:
    given_op = replace(op(name="Hu\u2019u", guest=None, poor=True, birth_weight_g=3), reason="salah ketik")
    journal.apply(db, [(given_op, "laptop-a")])
    ((kept, device),) = journal.ops_of(db, "anak")
    assert (kept, kept.id, kept.canonical, device) == (given_op, given_op.id, given_op.canonical, "laptop-a")


def test_after_a_restore_the_waiting_ops_belong_to_the_new_device(db: Database) -> None:
    journal.apply(db, [(op("adik", name="Rahma"), "laptop-a")])
    journal.import_ops(db, [(op(name="Nur Aini"), "laptop-a")])
    journal.give_unsealed_to(db, "laptop-n")
    assert dict(rows(db, "SELECT id, device FROM person")) == {"adik": "laptop-a", "anak": "laptop-n"}


def test_replay_makes_the_same_rows_again(db: Database) -> None:
    journal.apply(db, [(op(str(number), name=f"Anak {number}", mother_name="Siti"), "a") for number in range(20)])
    before = rows(db, "SELECT id, name, heads FROM person ORDER BY id")
    db.conn.execute("UPDATE person SET name = 'rusak' WHERE id = '3'")
    db.conn.execute("DELETE FROM person WHERE id = '4'")
    db.conn.execute("DELETE FROM person_word WHERE word = 'siti'")
    assert journal.differences(db) == ["3", "4"]
    assert not journal.rows_equal_replay(db)
    journal.replay(db)
    assert rows(db, "SELECT id, name, heads FROM person ORDER BY id") == before
    db.conn.execute("DELETE FROM person_word WHERE word = 'siti'")
    assert not journal.rows_equal_replay(db)
    journal.replay(db)


def test_a_row_without_any_op_is_noticed(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini"), "a")])
    db.conn.execute("DELETE FROM op")
    assert journal.differences(db) == ["anak"]
    journal.replay(db)


def test_an_op_is_found_by_the_ids_of_all_saves_joined_into_it(db: Database) -> None:
    one, two = op(name="Nur"), op(name="Nur", nik="1")
    journal.import_ops(db, [(one, "a")])
    waiting = journal.newest_unsealed(db, "anak", one.head)
    assert waiting is not None
    journal.rewrite(db, waiting, two)
    journal.project(db, "person", "anak")
    for sealed in (False, True):
        if sealed:
            journal.mark_sealed(db, [two])
        assert journal.find(db, two.id) == (two, {one.id: frozenset({"name"})})
        assert journal.find(db, one.id) == journal.find(db, two.id)
    assert journal.newest_unsealed(db, "anak", two.head) is None
    assert journal.find(db, "0" * 32) is None


@given(histories(max_saves=1))
def test_what_stands_of_one_op_is_what_the_rule_for_many_says(history: list[tuple[Op, str]]) -> None:
    assert journal.standing_of(history) == standing(history)


@given(histories(), st.randoms(use_true_random=False))
def test_any_history_in_any_order_and_portions_gives_the_rows_its_ops_say(
    history: list[tuple[Op, str]], random: st.DataObject
) -> None:
    db = database.open_memory()
    arriving = [*history, *history[: len(history) // 2]]
    random.shuffle(arriving)  # type: ignore[attr-defined]
    middle = len(arriving) // 2
    journal.apply(db, arriving[:middle])
    journal.apply(db, arriving[middle:])
    row = records.load(db, VISIT, "anak")
    expected = standing(history)
    assert row is not None
    assert row.withdrawn == expected.withdrawn
    for name in ("weight_g", "length_mm"):
        assert row.answers[name] == expected.values.get(name)
    assert set(row.conflicts) - {"withdrawn"} == set(expected.conflicts) - {"withdrawn"}
    assert journal.rows_equal_replay(db)
    db.close()


# --- edges -----------------------------------------------------------------------------------------------------------


def test_one_save_twice_in_one_delivery_is_one(db: Database) -> None:
    mine = op(name="Nur Aini")
    assert journal.apply(db, [(mine, "laptop-a"), (mine, "laptop-a")]).new == 1
    assert len(journal.ops_of(db, "anak")) == 1


def test_nothing_delivered_touches_nothing(db: Database) -> None:
    assert journal.apply(db, []) == journal.import_ops(db, []) == journal.Applied(0, frozenset())


def test_an_own_save_brought_again_as_own_stays_as_it_is(db: Database) -> None:
    mine = op(name="Nur Aini")
    journal.apply(db, [(mine, "laptop-a")])
    assert journal.import_ops(db, [(mine, "laptop-b")]) == journal.Applied(0, frozenset())
    assert journal.unsealed(db) == [], "what is in a batch never waits again"
    assert journal.ops_of(db, "anak")[0][1] == "laptop-a"


def test_a_later_save_of_a_known_record_is_shown_with_what_was_there(db: Database) -> None:
    first = op(name="Nur")
    journal.apply(db, [(first, "a")])
    later = replace(op(nonce=1, nik="1"), depth=2, heads=(first.head,))
    adik = op("adik", name="Rahma")
    assert journal.apply(db, [(later, "a"), (adik, "a")]) == journal.Applied(
        2, frozenset({("person", "anak"), ("person", "adik")})
    )
    assert rows(db, "SELECT name, nik FROM person WHERE id = 'anak'") == [("Nur", "1")]


def test_two_saves_of_a_new_record_in_one_delivery_are_one_row_in_either_order(db: Database) -> None:
    first = op(name="Nur")
    later = replace(op(nonce=1, name="Nur Aini"), depth=2, heads=(first.head,))
    journal.apply(db, [(later, "a"), (first, "b")])
    assert rows(db, "SELECT name, depth, device FROM person") == [("Nur Aini", 2, "a")]


def test_what_fails_half_way_leaves_nothing_of_the_delivery(db: Database) -> None:
    def arriving() -> Iterator[tuple[Op, str]]:
        yield op(name="Nur Aini"), "a"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        journal.apply(db, arriving())
    assert journal.last(db) == 0
    assert rows(db, "SELECT count(*) FROM person") == [(0,)]


@pytest.mark.parametrize("heads", ["", "0" * 16, "f" * 16])
def test_a_record_whose_head_is_another_has_no_newest_save_that_waits(db: Database, heads: str) -> None:
    journal.import_ops(db, [(op(name="Nur"), "a")])
    found = journal.newest_unsealed(db, "anak", heads)
    assert (found is None) == bool(heads), "without a head every save would be after it: asked only for records there"


def test_the_newest_save_that_waits_is_the_one_of_the_head_alone(db: Database) -> None:
    one, other = op(name="Nur"), op(nonce=1, name="Nuraini")
    journal.import_ops(db, [(one, "a"), (other, "a")])
    for each in (one, other):
        found = journal.newest_unsealed(db, "anak", each.head)
        assert found is not None
        assert (found.op, found.device, found.parts) == (each, "a", [])
    assert journal.newest_unsealed(db, "anak", f"{one.head} {other.head}") is None
    assert journal.newest_unsealed(db, "adik", one.head) is None


def test_each_part_a_save_grew_by_is_named_with_its_own_fields_once(db: Database) -> None:
    one, two, three = op(name="Nur"), op(name="Nur", nik="1"), op(name="Nur", nik="1", phone="2", rt="3")
    journal.import_ops(db, [(one, "a")])
    for old, new in ((one, two), (two, three)):
        waiting = journal.newest_unsealed(db, "anak", old.head)
        assert waiting is not None
        journal.rewrite(db, waiting, new)
    journal.project(db, "person", "anak")
    assert journal.find(db, three.id) == (three, {one.id: frozenset({"name"}), two.id: frozenset({"nik"})})
    assert [each.id for each in journal.unsealed(db)] == [three.id]


def test_a_save_is_found_by_its_whole_id_and_by_no_part_of_it(db: Database) -> None:
    mine = op(name="Nur")
    journal.import_ops(db, [(mine, "a")])
    assert journal.find(db, mine.id) == (mine, {})
    for other in ("", mine.id[:16], mine.id + "0", mine.id[::-1], "%"):
        assert journal.find(db, other) is None, other


def test_saves_wait_in_the_order_they_were_made(db: Database) -> None:
    made = [op(f"r{number}", name=f"Anak {number}", scope=("melati", "mawar")[number % 2]) for number in range(6)]
    journal.import_ops(db, [(each, "a") for each in reversed(made)])
    assert [each.record for each in journal.unsealed(db)] == ["r5", "r4", "r3", "r2", "r1", "r0"]
    assert [each.record for each in journal.unsealed(db, "mawar")] == ["r5", "r3", "r1"]
    assert journal.unsealed(db, "anggrek") == []
    journal.mark_sealed(db, [made[5], made[0]])
    assert [each.record for each in journal.unsealed(db)] == ["r4", "r3", "r2", "r1"]


def test_a_row_of_another_form_is_no_reason_to_call_a_record_damaged(db: Database) -> None:
    journal.apply(db, [(op("sama", name="Nur Aini"), "a"), (op("sama", entity="worker", name="Sari"), "a")])
    assert journal.differences(db) == []
    db.conn.execute("UPDATE worker SET name = 'x'")
    assert journal.differences(db) == ["sama"]
    journal.replay(db)


def test_a_record_without_its_row_is_noticed(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini"), "a"), (op("adik", name="Ali"), "a")])
    db.conn.execute("DELETE FROM person WHERE id = 'anak'")
    assert journal.differences(db) == ["anak"]
    assert not journal.rows_equal_replay(db)
    journal.show_kept(db)
    assert journal.differences(db) == []
    assert not [row for row in rows(db, "SELECT person FROM person_word") if row[0] is None]
    journal.replay(db)


def test_a_word_nobody_bears_is_noticed(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini"), "a")])
    db.conn.execute("INSERT INTO person_word VALUES (1, 'zzz', 1)")
    assert journal.differences(db) == []
    assert not journal.rows_equal_replay(db)
    journal.replay(db)


def test_who_is_shown_for_whom_is_checked_too(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini"), "a")])
    db.conn.execute("INSERT INTO same VALUES ('x', 'y')")
    assert not journal.rows_equal_replay(db)
    journal.replay(db)


def test_what_a_newer_form_asked_is_shown_once_this_version_asks_it(db: Database) -> None:
    journal.apply(db, [(op(name="Nur Aini", next_year=3), "a"), (op("adik", name="Ali"), "a")])
    assert rows(db, "SELECT id, extra FROM person ORDER BY id") == [("adik", None), ("anak", '{"next_year":3}')]
    db.conn.execute("UPDATE person SET name = NULL")
    journal.show_kept(db)
    assert rows(db, "SELECT id, name FROM person ORDER BY id") == [("adik", None), ("anak", "Nur Aini")]
    journal.replay(db)


def test_after_a_restore_only_what_waits_changes_hands(db: Database) -> None:
    journal.apply(db, [(op(name="Nur"), "laptop-a")])
    journal.give_unsealed_to(db, "laptop-n")
    assert [device for _op, device in journal.ops_of(db, "anak")] == ["laptop-a"]


def test_a_single_withdrawal_is_a_record_that_is_gone(db: Database) -> None:
    journal.apply(db, [(op(withdrawn=True), "a"), (op("adik", withdrawn=False), "a")])
    assert rows(db, "SELECT id, withdrawn FROM person ORDER BY id") == [("adik", 0), ("anak", 1)]
