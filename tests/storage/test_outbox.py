"""What is handed to another laptop: as much as fits, what no server has first."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.storage import database, outbox
from posyandu.storage.engine import transaction
from posyandu.storage.outbox import Server

EACH = 4
batches = st.lists(
    st.tuples(st.sampled_from(("melati", "mawar", "anggrek")), st.integers(0, 40), st.booleans(), st.booleans()),
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(batches, st.integers(0, 200))
def test_another_laptop_is_given_what_no_server_has_then_the_newest_as_much_as_fits_in_the_order_written(
    written: list[tuple[str, int, bool, bool]], room: int
) -> None:
    db = database.open_memory()
    with transaction(db):
        for n, (scope, size, is_known_by_name, is_confirmed) in enumerate(written):
            packed = None if is_known_by_name else b"x" * size
            outbox.keep_received(db, scope, f"batch-{n}", packed, 1, own=True)
            outbox.confirm(db, scope, [(f"batch-{n}", n + 1)] if is_confirmed else [])
    given_away = [int(each.id.partition("-")[2]) for each in outbox.to_hand_over(db, ("melati", "mawar"), room, EACH)]
    offered = [n for n, (scope, _size, by_name, _confirmed) in enumerate(written) if scope != "anggrek" and not by_name]
    urgent = sorted(offered, key=lambda n: (written[n][3], -n))
    fit, left = 0, room
    while fit < len(urgent) and (left := left - written[urgent[fit]][1] - EACH) >= 0:
        fit += 1
    assert given_away == sorted(urgent[:fit])


def test_a_server_that_moved_is_the_same_server_elsewhere() -> None:
    db = database.open_memory()
    before = Server("https://old.example", "5203", ("5203012001",), b"k" * 32, False, 1)
    outbox.enrolled(db, before)
    outbox.moved(db, "https://new.example")
    assert outbox.server(db) == replace(before, url="https://new.example")


def test_what_a_server_refused_is_handed_to_nobody() -> None:
    db = database.open_memory()
    with transaction(db):
        outbox.keep_received(db, "melati", "a" * 64, b"x", 1, own=True)
        outbox.keep_verdict(db, "a" * 64, "ditolak", "terlalu panjang", {})
    assert outbox.to_hand_over(db, ("melati",), 100, EACH) == outbox.to_carry(db) == outbox.to_send(db, 100) == []
    assert [problem.batch for problem in outbox.problems(db)] == ["a" * 64]
