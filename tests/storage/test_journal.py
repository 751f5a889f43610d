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
