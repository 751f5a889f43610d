"""What sync keeps in the book: batches, places in feeds, counters; what is offered, to whom, and for how long."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.change import Op
from posyandu.domain.forms import FORMS
from posyandu.storage import database, journal, outbox, records
from posyandu.storage.engine import Database, rows, transaction
from posyandu.storage.outbox import Companion, Counts, Packed, Place, Problem, Round, Server

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)

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


# --- this laptop and its server --------------------------------------------------------------------------------------

BATCHES = [f"{n:064x}" for n in range(10)]
HERE = Server("https://posyandu.contoh.id", "5203", ("520301", "520302"), b"k" * 32, trial=True, at_ms=7)


@pytest.fixture
def db() -> Iterator[Database]:
    book = database.open_memory()
    yield book
    book.close()


def keep(db: Database, n: int, *, scope: str = "melati", saves: int = 1, packed: bytes | None = b"x") -> str:
    """A batch of another laptop, as it comes in a feed."""
    outbox.keep_received(db, scope, BATCHES[n], packed, saves, own=False)
    return BATCHES[n]


def seal(db: Database, n: int, *names: str, scope: str = "melati", refused: str = "") -> str:
    """A batch of own saves, one for each name."""
    ops = [
        Op(scope, "person", f"{scope}-{name}", 1, 1, (), {"name": name}, "sari", 5, 1, f"{n:016x}") for name in names
    ]
    journal.import_ops(db, [(op, "laptop-a") for op in ops])
    outbox.identity(db, b"s" * 32)
    outbox.keep_sealed(db, scope, BATCHES[n], b"x" * 10, ops, sequence=n, refused=refused)
    return BATCHES[n]


def ids(found: Sequence[Packed]) -> list[str]:
    return [each.id for each in found]


def test_a_laptop_is_made_once_and_keeps_its_key(db: Database) -> None:
    first = outbox.identity(db, b"a" * 32)
    assert outbox.identity(db, b"b" * 32) == first
    assert (first.secret, first.sequence, first.previous) == (b"a" * 32, 0, "")
    assert len(bytes.fromhex(first.incarnation)) == 8


def test_a_new_incarnation_begins_its_own_chain_with_the_old_key(db: Database) -> None:
    first = outbox.identity(db, b"a" * 32)
    seal(db, 3, "Nur")
    assert (outbox.identity(db, b"").sequence, outbox.identity(db, b"").previous) == (3, BATCHES[3])
    outbox.renew_incarnation(db)
    now = outbox.identity(db, b"")
    assert (now.secret, now.sequence, now.previous) == (b"a" * 32, 0, "")
    assert now.incarnation != first.incarnation


def test_a_book_brought_to_another_laptop_enrols_anew_and_offers_its_batches_as_anothers(db: Database) -> None:
    outbox.enrolled(db, HERE)
    seal(db, 1, "Nur")
    outbox.become_new_laptop(db)
    assert outbox.server(db) is None
    assert outbox.identity(db, b"n" * 32).secret == b"n" * 32
    assert ids(outbox.to_send(db, 1000)) == [BATCHES[1]]
    assert outbox.confirm(db, "melati", [(BATCHES[1], 1)]) == 0, "they count no more as this laptop's"


def test_a_book_knows_no_server_before_it_is_enrolled_and_then_the_last_one(db: Database) -> None:
    assert outbox.server(db) is None
    outbox.enrolled(db, HERE)
    assert outbox.server(db) == HERE
    other = replace(HERE, url="https://lain.id", prefixes=(), trial=False)
    outbox.enrolled(db, other)
    assert outbox.server(db) == other


def test_enrolled_again_what_was_held_back_or_denied_is_offered_again(db: Database) -> None:
    for n, verdict in enumerate(("karantina", "ditolak", "terap", "sebagian")):
        outbox.keep_verdict(db, keep(db, n), verdict, "sebab", {})
    outbox.confirm(db, "melati", [(keep(db, 8), 1)])
    outbox.move(db, "melati", "e", 1, "d")
    outbox.deny(db, "melati")
    outbox.enrolled(db, HERE)
    told = dict(rows(db, "SELECT id, verdict || '/' || reason FROM batch"))
    assert [told[each] for each in BATCHES[:4]] == ["/", "/", "terap/sebab", "sebagian/sebab"]
    place = outbox.place(db, "melati")
    assert place is not None
    assert not place.denied
    assert ids(outbox.to_carry(db)) == BATCHES[:4]


# --- what is sealed --------------------------------------------------------------------------------------------------


def write(db: Database, form: str, record: str, scope: str, **answers: object) -> None:
    author = records.Author("sari", "laptop-a")
    records.save(db, FORMS[form], record, answers, scope=scope, author=author, now=NOON)  # type: ignore[arg-type]


def test_saves_wait_until_their_post_has_a_village(db: Database) -> None:
    write(db, "person", "nur", "melati", name="Nur")
    assert (outbox.scopes_to_seal(db), outbox.unplaced(db)) == ([], 1)
    write(db, "posyandu", "melati", "melati", name="Melati")
    assert (outbox.scopes_to_seal(db), outbox.unplaced(db)) == ([], 2)
    write(db, "posyandu", "melati", "melati", village_code="5203012001")
    assert (outbox.scopes_to_seal(db), outbox.unplaced(db)) == ([("melati", "5203012001")], 0)
    write(db, "person", "ali", "mawar", name="Ali")
    assert (outbox.scopes_to_seal(db), outbox.unplaced(db)) == ([("melati", "5203012001")], 1)


def test_a_sealed_save_is_in_no_other_batch_and_grows_no_more(db: Database) -> None:
    write(db, "posyandu", "melati", "melati", name="Melati", village_code="5203012001")
    write(db, "person", "nur", "melati", name="Nur")
    outbox.identity(db, b"s" * 32)
    outbox.keep_sealed(db, "melati", BATCHES[0], b"x", journal.unsealed(db), sequence=1)
    assert journal.unsealed(db) == []
    assert outbox.scopes_to_seal(db) == []
    assert [(each.id, each.saves, each.packed) for each in outbox.to_send(db, 10)] == [(BATCHES[0], 2, b"x")]


def test_a_batch_no_server_will_take_is_kept_shown_and_never_offered(db: Database) -> None:
    seal(db, 1, "Nur", refused="catatan terlalu panjang")
    assert outbox.to_send(db, 1000) == outbox.to_carry(db) == []
    assert not outbox.has_to_send(db)
    assert outbox.unconfirmed(db, "melati", 9) == []
    (problem,) = outbox.problems(db)
    assert problem == Problem(BATCHES[1], "melati", 1, "ditolak", "catatan terlalu panjang", {})
    assert outbox.counts(db, "laptop-a") == Counts(here=1, sent=0, confirmed=0)


# --- what is offered -------------------------------------------------------------------------------------------------


def test_batches_go_out_oldest_first_as_many_as_fit_and_the_first_however_large(db: Database) -> None:
    for n, size in enumerate((30, 20, 10)):
        seal(db, n, f"a{n}")
        outbox.rewrite(db, BATCHES[n], b"x" * size, 1)
    for room, fit in ((0, 1), (30, 1), (49, 1), (50, 2), (59, 2), (60, 3), (1000, 3)):
        assert ids(outbox.to_send(db, room)) == BATCHES[:fit], room
    assert outbox.has_to_send(db)


def test_what_went_out_is_offered_by_its_name_until_it_is_seen_in_the_feed(db: Database) -> None:
    for n in range(3):
        seal(db, n, f"a{n}")
    seal(db, 3, "lain", scope="mawar")
    assert outbox.unconfirmed(db, "melati", 9) == []
    outbox.mark_sent(db, [BATCHES[0], BATCHES[2], BATCHES[3]])
    assert ids(outbox.to_send(db, 1000)) == [BATCHES[1]]
    assert outbox.unconfirmed(db, "melati", 9) == [BATCHES[0], BATCHES[2]]
    assert outbox.unconfirmed(db, "melati", 1) == [BATCHES[0]]
    assert outbox.unconfirmed(db, "mawar", 9) == [BATCHES[3]]
    outbox.confirm(db, "melati", [(BATCHES[0], 1)])
    assert outbox.unconfirmed(db, "melati", 9) == [BATCHES[2]]
    assert ids(outbox.to_carry(db)) == [BATCHES[1], BATCHES[2], BATCHES[3]], "a stick carries what was sent too"


def test_bytes_go_out_again_only_of_what_was_sent_and_is_not_seen(db: Database) -> None:
    for n in range(4):
        seal(db, n, f"a{n}")
    outbox.mark_sent(db, BATCHES[:3])
    outbox.confirm(db, "melati", [(BATCHES[0], 1)])
    keep(db, 5, packed=None)
    assert outbox.send_again(db, [*BATCHES[:4], BATCHES[5], BATCHES[9]]) == 2
    assert ids(outbox.to_send(db, 1000)) == [BATCHES[1], BATCHES[2], BATCHES[3]]
    assert outbox.send_again(db, []) == 0


def test_batches_without_a_verdict_are_looked_through_when_a_server_could_not_read_a_request(db: Database) -> None:
    for n in range(3):
        seal(db, n, f"a{n}")
    outbox.mark_sent(db, BATCHES[:2])
    outbox.keep_verdict(db, BATCHES[0], "terap", "", {})
    assert ids(outbox.sent_bytes(db)) == [BATCHES[1]]


def test_a_batch_known_by_name_alone_is_asked_for_and_offered_to_nobody(db: Database) -> None:
    keep(db, 0, packed=None)
    keep(db, 1, packed=None, scope="mawar")
    keep(db, 2)
    assert (outbox.wanted(db, "melati", 9), outbox.wanted(db, "melati", 0)) == ([BATCHES[0]], [])
    assert [outbox.knows(db, each) for each in BATCHES[:4]] == [False, False, True, False]
    assert ids(outbox.to_carry(db)) == [BATCHES[2]]
    assert outbox.unconfirmed(db, "melati", 9) == [BATCHES[2]]
    assert [batch for batch, _saves, _packed in outbox.every(db, "melati")] == [BATCHES[2]]
    assert outbox.unnumbered(db, "melati") == [(BATCHES[2], b"x")]


def test_bytes_that_come_after_the_name_fill_it_and_are_never_lost_again(db: Database) -> None:
    keep(db, 0, packed=None, saves=0)
    keep(db, 0, packed=b"bytes", saves=3)
    keep(db, 0, packed=None, saves=0)
    outbox.keep_received(db, "melati", BATCHES[0], b"others", 2, own=True)
    assert list(outbox.every(db, "melati")) == [(BATCHES[0], 3, b"bytes")]
    assert outbox.confirm(db, "melati", [(BATCHES[0], 1)]) == 3, "and it is this laptop's since one copy of it is"


# --- verdicts and the feed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["karantina", "ditolak"])
def test_a_batch_held_back_waits_for_a_person(db: Database, verdict: str) -> None:
    seal(db, 0, "Nur")
    outbox.mark_sent(db, [BATCHES[0]])
    outbox.keep_verdict(db, BATCHES[0], verdict, "bukan wilayah ini", {})
    assert outbox.unconfirmed(db, "melati", 9) == ids(outbox.to_carry(db)) == []
    outbox.send_again(db, [BATCHES[0]])
    assert not outbox.has_to_send(db)
    assert [(each.verdict, each.reason) for each in outbox.problems(db)] == [(verdict, "bukan wilayah ini")]


def test_a_late_word_that_holds_it_back_says_nothing_against_a_place_in_the_feed(db: Database) -> None:
    outbox.confirm(db, "melati", [(keep(db, 0), 1)])
    outbox.keep_verdict(db, BATCHES[0], "karantina", "terlambat", {})
    assert outbox.problems(db) == []
    outbox.keep_verdict(db, BATCHES[0], "sebagian", "", {"b" * 32: "jenis nilai salah: weight_g"})
    assert [each.notes for each in outbox.problems(db)] == [{"b" * 32: "jenis nilai salah: weight_g"}]


def test_a_place_in_the_feed_lifts_what_held_a_batch_back_but_not_what_is_said_of_its_saves(db: Database) -> None:
    outbox.keep_verdict(db, keep(db, 0), "karantina", "pencabutan", {})
    outbox.keep_verdict(db, keep(db, 1), "sebagian", "", {"c" * 32: "kosong"})
    outbox.keep_verdict(db, keep(db, 2), "ditolak", "rusak", {"c" * 32: "kosong"})
    outbox.confirm(db, "melati", [(BATCHES[n], n + 1) for n in range(3)])
    told = rows(db, "SELECT verdict, reason FROM batch ORDER BY n")
    assert told == [("terap", ""), ("sebagian", ""), ("ditolak", "rusak")]
    assert [each.batch for each in outbox.problems(db)] == [BATCHES[2], BATCHES[1]], "the newest first"


def test_only_own_saves_seen_for_the_first_time_are_newly_confirmed(db: Database) -> None:
    seal(db, 0, "Nur", "Ali")
    keep(db, 1, saves=5)
    numbers = [(BATCHES[0], 1), (BATCHES[1], 2)]
    assert [outbox.confirm(db, "melati", numbers) for _time in range(2)] == [2, 0]
    assert outbox.numbered(db, "melati", 0, 9) == [(1, BATCHES[0], b"x" * 10), (2, BATCHES[1], b"x")]
    assert outbox.numbered(db, "melati", 1, 9) == [(2, BATCHES[1], b"x")]
    assert outbox.numbered(db, "melati", 0, 1) == [(1, BATCHES[0], b"x" * 10)]
    assert outbox.numbered(db, "mawar", 0, 9) == []


def test_a_number_in_the_feed_of_one_post_is_none_in_anothers(db: Database) -> None:
    outbox.confirm(db, "mawar", [(keep(db, 0), 1)])
    assert outbox.numbered(db, "mawar", 0, 9) == outbox.numbered(db, "melati", 0, 9) == []


def test_how_far_each_feed_was_read(db: Database) -> None:
    assert (outbox.places(db), outbox.place(db, "melati")) == ([], None)
    outbox.move(db, "melati", "e1", 4, "d4")
    keep(db, 0)
    keep(db, 1, scope="mawar")
    keep(db, 2, scope="mawar")
    assert outbox.place(db, "melati") == Place("melati", "e1", 4, "d4", denied=False)
    assert outbox.place(db, "mawar") is None
    assert sorted(outbox.places(db), key=lambda each: each.scope) == [
        Place("mawar", "", 0, "", denied=False),
        Place("melati", "e1", 4, "d4", denied=False),
    ]
    outbox.deny(db, "melati")
    assert outbox.place(db, "melati") == Place("melati", "e1", 4, "d4", denied=True)
    assert [outbox.allow(db, "melati") for _time in range(2)] == [True, False]
    outbox.move(db, "melati", "e1", 5, "d5")
    assert outbox.place(db, "melati") == Place("melati", "e1", 5, "d5", denied=False)


def test_after_a_server_went_back_all_of_that_feed_is_offered_again_and_nothing_of_another(db: Database) -> None:
    seal(db, 0, "Nur")
    outbox.mark_sent(db, [BATCHES[0]])
    outbox.keep_verdict(db, keep(db, 1), "karantina", "x", {})
    outbox.keep_verdict(db, keep(db, 2), "sebagian", "", {"c" * 32: "kosong"})
    keep(db, 3, packed=None)
    keep(db, 4, scope="mawar")
    outbox.confirm(db, "melati", [(BATCHES[0], 1), (BATCHES[2], 2), (BATCHES[3], 3)])
    outbox.confirm(db, "mawar", [(BATCHES[4], 1)])
    outbox.start_over(db, "melati", "e2", "0" * 64)
    assert outbox.unconfirmed(db, "melati", 9) == BATCHES[:3]
    assert outbox.wanted(db, "melati", 9) == [], "a name without bytes is forgotten: the feed names it anew"
    assert outbox.problems(db) == []
    assert outbox.place(db, "melati") == Place("melati", "e2", 0, "0" * 64, denied=False)
    assert outbox.numbered(db, "mawar", 0, 9) == [(1, BATCHES[4], b"x")]


def test_a_batch_is_kept_without_what_was_erased_from_it(db: Database) -> None:
    keep(db, 0, saves=5, packed=b"whole")
    outbox.rewrite(db, BATCHES[0], b"less", 4)
    assert list(outbox.every(db, "melati")) == [(BATCHES[0], 4, b"less")]


# --- other laptops ---------------------------------------------------------------------------------------------------


def test_the_first_key_seen_of_a_laptop_stays(db: Database) -> None:
    outbox.keep_peers(db, {"laptop-b": b"b", "laptop-c": b"c"})
    outbox.keep_peers(db, {"laptop-b": b"forged", "laptop-d": b"d"})
    assert outbox.peers(db) == {"laptop-b": b"b", "laptop-c": b"c", "laptop-d": b"d"}
    assert (outbox.peer(db, "laptop-b"), outbox.peer(db, "nobody")) == (b"b", None)


def test_companions_are_the_laptops_that_write_with_their_last_kader_the_latest_first(db: Database) -> None:
    def saved(n: int, scope: str, device: str, author: str) -> None:
        op = Op(scope, "person", f"p{n}", 1, 1, (), {"name": "Nur"}, author, 5, 1, f"{n:016x}")
        journal.apply(db, [(op, device)])

    saved(1, "melati", "laptop-b", "sari")
    saved(2, "mawar", "laptop-b", "dewi")
    saved(3, "melati", "laptop-c", "wati")
    saved(4, "melati", "laptop-a", "ani")
    saved(5, "melati", "unknown", "nobody vouched for its key")
    outbox.keep_peers(db, {"laptop-a": b"a", "laptop-b": b"b", "laptop-c": b"c", "silent": b"s"})
    assert outbox.companions(db, "laptop-a") == [
        Companion("laptop-c", b"c", ("melati",), "wati"),
        Companion("laptop-b", b"b", ("mawar", "melati"), "dewi"),
    ]


# --- the three counters ----------------------------------------------------------------------------------------------


def test_a_save_goes_from_here_to_sent_to_confirmed(db: Database) -> None:
    def counts() -> tuple[int, int, int]:
        found = outbox.counts(db, "laptop-a")
        return found.here, found.sent, found.confirmed

    assert counts() == (0, 0, 0)
    write(db, "person", "nur", "melati", name="Nur")
    assert counts() == (1, 0, 0)
    outbox.identity(db, b"s" * 32)
    outbox.keep_sealed(db, "melati", BATCHES[0], b"x", journal.unsealed(db), sequence=1)
    assert counts() == (1, 0, 0)
    outbox.mark_sent(db, [BATCHES[0]])
    assert counts() == (1, 0, 0), "on its way is not received"
    outbox.keep_verdict(db, BATCHES[0], "karantina", "wilayah lain", {})
    assert counts() == (1, 1, 0), "the server has it, though it holds it back"
    outbox.keep_verdict(db, BATCHES[0], "terap", "", {})
    assert counts() == (1, 1, 0)
    outbox.confirm(db, "melati", [(BATCHES[0], 1)])
    assert counts() == (1, 1, 1)
    write(db, "person", "ali", "melati", name="Ali")
    assert counts() == (2, 1, 1)


def test_a_save_that_is_in_two_batches_is_safe_when_both_are(db: Database) -> None:
    """A restored book sealed again what it had sealed before."""
    write(db, "person", "nur", "melati", name="Nur")
    (op,) = journal.unsealed(db)
    outbox.identity(db, b"s" * 32)
    for n in (0, 1):
        outbox.keep_sealed(db, "melati", BATCHES[n], b"x", [op], sequence=n)
    outbox.confirm(db, "melati", [(BATCHES[0], 1)])
    assert outbox.counts(db, "laptop-a").confirmed == 0
    outbox.confirm(db, "melati", [(BATCHES[1], 2)])
    assert outbox.counts(db, "laptop-a") == Counts(1, 1, 1)


def test_what_a_laptop_carries_for_another_counts_until_it_is_safe(db: Database) -> None:
    keep(db, 0, saves=7)
    assert outbox.counts(db, "laptop-a") == Counts(7, 0, 0)
    outbox.keep_verdict(db, BATCHES[0], "terap", "", {})
    assert outbox.counts(db, "laptop-a") == Counts(7, 7, 0)
    keep(db, 1, saves=3, packed=None)
    assert outbox.counts(db, "laptop-a") == Counts(7, 7, 0), "what is known by name alone cannot be carried"
    outbox.confirm(db, "melati", [(BATCHES[0], 1)])
    assert outbox.counts(db, "laptop-a") == Counts(0, 0, 0), "and once safe it is the other laptop's again"


# --- what people see -------------------------------------------------------------------------------------------------


def test_records_with_differing_values_are_counted_while_they_stand(db: Database) -> None:
    for form, field, record in (("person", "name", "nur"), ("household", "head_name", "rumah")):
        for device, value in (("laptop-a", "Nur Aini"), ("laptop-b", "Nuraini")):
            op = Op("melati", form, record, 1, 1, (), {field: value}, "sari", 5, 1, device.rjust(16, "0"))
            journal.apply(db, [(op, device)])
    write(db, "person", "ali", "melati", name="Ali")
    assert outbox.conflicts(db) == 2
    records.withdraw(db, FORMS["person"], "nur", author=records.Author("sari", "laptop-a"), now=NOON)
    assert outbox.conflicts(db) == 1


def test_the_last_thousand_rounds_are_kept_and_the_newest_is_told_first(db: Database) -> None:
    assert outbox.rounds(db) == []
    done = [Round(n, 900, n, 1, 2, "confirmed", f"Putaran {n}") for n in range(1, 4)]
    for each in done:
        outbox.keep_round(db, each)
    assert outbox.rounds(db) == done[::-1]
    assert outbox.rounds(db, 1) == done[-1:]
    db.conn.execute("UPDATE sync_round SET n = 1000 WHERE n = 3")
    assert len(outbox.rounds(db, 9)) == 3
    outbox.keep_round(db, done[0])
    assert [each.sentence for each in outbox.rounds(db, 9)] == ["Putaran 1", "Putaran 3", "Putaran 2"]


def test_fifty_rounds_are_shown_unless_more_are_asked_for(db: Database) -> None:
    for n in range(52):
        outbox.keep_round(db, Round(n, 1, 0, 0, 0, "offline", ""))
    assert [each.at_ms for each in outbox.rounds(db)] == list(range(51, 1, -1))
    assert len(outbox.rounds(db, 60)) == 52
