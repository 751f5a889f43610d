"""A laptop's rules R1-R6, with a real server on the other side and replies that come late, twice or not at all."""

import hashlib
import json
import random
from dataclasses import replace

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from posyandu.domain.errors import BadInput, Refused, ServerTrouble
from posyandu.domain.forms import FORMS
from posyandu.server import exchange
from posyandu.server.exchange import Desk
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import database, journal, outbox, records, settings
from posyandu.storage.outbox import Counts, Server
from posyandu.sync import client
from posyandu.sync.batch import MAX_OPS, SEAL_BYTES, decode, unpack, without
from posyandu.sync.message import (
    MAX_BODY,
    Cursor,
    Entry,
    Reply,
    Slice,
    close_book_order,
    next_digest,
    read_reply,
    write_reply,
)
from tests.server.laptops import VILLAGE, laptop, open_post, talk, way_to, weigh, weight
from tests.sync.paper import Paper, weights
from tests.sync.paper import weigh as paper_weigh


def server_of(ws: Workspace) -> Server:
    server = outbox.server(ws.db)
    assert server is not None
    return server


def ask(desk: Desk, ws: Workspace) -> bytes:
    """A reply that is on its way."""
    client.seal_all(ws.db, 1)
    return exchange.sync(desk, client.make_request(ws.db, server_of(ws))[0])


def changed(desk: Desk, reply: bytes, change: "object") -> bytes:
    """The reply as a server with our key but another mind would have written it."""
    read = read_reply(reply, Ed25519PublicKey.from_public_bytes(desk.public_key))
    return write_reply(change(read), desk.key)  # type: ignore[operator]


def slices(change: "object") -> "object":
    def apply(reply: Reply) -> Reply:
        return replace(reply, slices=tuple(change(part) for part in reply.slices))  # type: ignore[operator]

    return apply


def counts(ws: Workspace) -> Counts:
    return outbox.counts(ws.db, ws.device)


def test_a_receipt_alone_never_confirms(desk: Desk, post: str) -> None:
    """R3: only what is seen in an accepted slice is safe."""
    ws = laptop(desk, post=post)
    reply = changed(desk, ask(desk, ws), lambda reply: replace(reply, slices=()))
    client.take_reply(ws.db, server_of(ws), reply)
    assert counts(ws) == Counts(here=1, sent=1, confirmed=0)
    talk(desk, ws)
    assert counts(ws) == Counts(1, 1, 1)


def test_a_slice_that_does_not_begin_at_the_cursor_is_applied_but_does_not_move_it(desk: Desk, post: str) -> None:
    """R1 and R2."""
    sari, dewi = laptop(desk, post=post), laptop(desk)
    talk(desk, sari)
    talk(desk, dewi)
    record = weigh(sari, post, 7000)
    talk(desk, sari)
    late = ask(desk, dewi)
    second = weigh(sari, post, 7100)
    talk(desk, sari)
    talk(desk, dewi)
    place = outbox.place(dewi.db, post)
    weigh(dewi, post, 7200, second)
    client.take_reply(dewi.db, server_of(dewi), late)
    client.take_reply(dewi.db, server_of(dewi), late)
    assert outbox.place(dewi.db, post) == place
    assert (weight(dewi, record), weight(dewi, second)) == (7000, 7200)


def test_entries_of_a_late_slice_are_shown_at_once(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    talk(desk, sari)
    record = weigh(sari, post, 7300)
    talk(desk, sari)

    def elsewhere(part: Slice) -> Slice:
        return replace(part, start=replace(part.start, g=5))

    client.take_reply(dewi.db, server_of(dewi), changed(desk, ask(desk, dewi), slices(elsewhere)))
    assert weight(dewi, record) == 7300
    assert outbox.place(dewi.db, post) is None


def test_a_slice_whose_digests_do_not_chain_does_not_move_the_cursor(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)

    def wrong(part: Slice) -> Slice:
        return replace(part, end=replace(part.end, digest="f" * 64))

    client.take_reply(ws.db, server_of(ws), changed(desk, ask(desk, ws), slices(wrong)))
    assert counts(ws).confirmed == 0
    talk(desk, ws)
    assert counts(ws).confirmed == 1


def test_a_lost_reply_costs_nothing_but_a_question(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    ask(desk, ws)
    assert counts(ws) == Counts(1, 0, 0)
    assert not outbox.has_to_send(ws.db)
    talk(desk, ws)
    assert counts(ws) == Counts(1, 1, 1)


def test_a_lost_request_is_sent_again_when_the_server_says_it_lacks_it(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    client.seal_all(ws.db, 1)
    client.make_request(ws.db, server_of(ws))
    taken, saves = client.exchange(ws.db, server_of(ws), way_to(desk))
    assert (taken.again, saves) == (1, 0)
    taken, saves = client.exchange(ws.db, server_of(ws), way_to(desk))
    assert (taken.confirmed, saves) == (1, 1)


def test_a_stranger_who_answers_changes_nothing(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    client.seal_all(ws.db, 1)
    stranger = Ed25519PrivateKey.generate()
    before = outbox.places(ws.db), counts(ws)
    for reply in (write_reply(Reply(desk.epoch, "n", 1, (), ()), stranger), b"<html>", b""):
        with pytest.raises(ServerTrouble):
            client.take_reply(ws.db, server_of(ws), reply)
    assert (outbox.places(ws.db), counts(ws)) == before


def test_a_reply_that_breaks_half_way_leaves_nothing_behind(desk: Desk, post: str) -> None:
    """R6: all of one reply in one transaction."""
    sari, dewi = laptop(desk, post=post), laptop(desk)
    for grams in range(6000, 6300, 10):
        weigh(sari, post, grams)
    talk(desk, sari)
    reply = ask(desk, dewi)
    for steps in (5, 30, 90, 200, 400):
        left = [steps]

        def stop(left: list[int] = left) -> int:
            left[0] -= 1
            return int(left[0] == 0)

        dewi.db.conn.set_progress_handler(stop, 10)
        with pytest.raises(database.Error):
            client.take_reply(dewi.db, server_of(dewi), reply)
        dewi.db.conn.set_progress_handler(None, 0)
        assert database.rows(dewi.db, "SELECT count(*) FROM op")[0] == (0,)
        assert outbox.places(dewi.db) == []
        assert database.rows(dewi.db, "SELECT count(*) FROM peer")[0] == (0,)
    client.take_reply(dewi.db, server_of(dewi), reply)
    assert database.rows(dewi.db, "SELECT count(*) FROM op WHERE scope = ?", (post,))[0] == (31,)


def test_an_entry_signed_by_nobody_it_names_is_asked_for_again_and_not_shown(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 6500)
    talk(desk, sari)
    false_key = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    reply = changed(desk, ask(desk, dewi), lambda reply: replace(reply, keys=dict.fromkeys(reply.keys, false_key)))
    client.take_reply(dewi.db, server_of(dewi), reply)
    assert weight(dewi, record) is None
    assert outbox.wanted(dewi.db, post, 9)
    outbox.keep_peers(dewi.db, {sari.device: b""})
    dewi.db.conn.execute("DELETE FROM peer")
    talk(desk, dewi)
    assert weight(dewi, record) == 6500


def test_an_entry_that_is_another_batch_than_named_is_not_taken(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    weigh(sari, post, 6500)
    talk(desk, sari)
    weigh(sari, post, 6600)
    talk(desk, sari)

    def swapped(part: Slice) -> Slice:
        if part.scope != post:
            return part
        first, second = part.entries
        return replace(part, entries=(replace(first, packed=b"\0"), replace(second, packed=first.packed)))

    client.take_reply(dewi.db, server_of(dewi), changed(desk, ask(desk, dewi), slices(swapped)))
    assert len(outbox.wanted(dewi.db, post, 9)) == 2
    talk(desk, dewi)
    assert not outbox.wanted(dewi.db, post, 9)
    assert journal.rows_equal_replay(dewi.db)


# --- the server went back, the laptop went back ----------------------------------------------------------------------


def test_a_reset_begins_again_offers_every_batch_and_loses_nothing(desk: Desk, post: str) -> None:
    """R4 and R5."""
    ws = laptop(desk, post=post)
    weigh(ws, post, 5000)
    talk(desk, ws)
    others = slices(lambda part: replace(part, reset=part.scope == post))
    reset = changed(desk, ask(desk, ws), others)
    client.take_reply(ws.db, server_of(ws), reset)
    assert counts(ws) == Counts(2, 0, 0)
    place = outbox.place(ws.db, post)
    assert place is not None
    assert place.g == 0
    assert outbox.unconfirmed(ws.db, post, 9)
    client.take_reply(ws.db, server_of(ws), reset)
    talk(desk, ws)
    assert counts(ws) == Counts(2, 2, 2)


def test_a_batch_known_by_name_only_is_not_asked_for_once_the_feed_that_named_it_is_gone(desk: Desk, post: str) -> None:
    """Found by history 88 of the model: a restored laptop learnt the name from a server that then went back too."""
    ws = laptop(desk, post=post)
    talk(desk, ws)
    named = Entry(2, "ab" * 32, None)
    cursor = outbox.place(ws.db, post)
    assert cursor is not None

    def goes_on(part: Slice) -> Slice:
        end = replace(part.end, g=2, digest=next_digest(part.end.digest, named.batch))
        return replace(part, entries=(named,), end=end) if part.scope == post else part

    gap = slices(lambda part: replace(part, start=replace(part.start, g=7), entries=(named,)))
    client.take_reply(ws.db, server_of(ws), changed(desk, ask(desk, ws), gap))
    assert not outbox.wanted(ws.db, post, 9)
    client.take_reply(ws.db, server_of(ws), changed(desk, ask(desk, ws), slices(goes_on)))
    assert outbox.wanted(ws.db, post, 9) == [named.batch]
    talk(desk, ws)  # the server does not know this cursor
    assert not outbox.wanted(ws.db, post, 9)
    assert counts(ws) == Counts(1, 1, 1)


def test_a_stale_reset_does_not_send_the_laptop_back(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    reset = changed(desk, ask(desk, ws), slices(lambda part: replace(part, reset=True, start=replace(part.start, g=3))))
    talk(desk, ws)
    client.take_reply(ws.db, server_of(ws), reset)
    assert counts(ws).confirmed == 1


def test_a_copied_book_that_goes_on_writing_is_noticed_and_nothing_is_lost(desk: Desk, post: str) -> None:
    first = laptop(desk, post=post, device="laptop-disalin" + post[:8])
    talk(desk, first)
    copy = workspace.in_memory(post=None, practice=True, device=first.device)
    first.db.conn.backup(copy.db.conn)
    one, two = weigh(first, post, 4000), weigh(copy, post, 4100)
    before = outbox.identity(copy.db, b"").incarnation
    for ws in (first, copy, first, copy):
        talk(desk, ws)
    for ws in (first, copy):
        assert (weight(ws, one), weight(ws, two)) == (4000, 4100)
        assert not outbox.wanted(ws.db, post, 9)
    assert before not in (outbox.identity(copy.db, b"").incarnation, outbox.identity(first.db, b"").incarnation)


def test_a_book_brought_back_on_another_laptop_carries_the_old_batches(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    record = weigh(ws, post, 4200)
    client.seal_all(ws.db, 1)
    waiting = weigh(ws, post, 4300)
    settings.put(ws.db, "device", records.new_id())
    outbox.become_new_laptop(ws.db)
    journal.give_unsealed_to(ws.db, ws.device)
    assert outbox.server(ws.db) is None
    from tests.server.laptops import enrol

    enrol(desk, ws)
    talk(desk, ws)
    other = laptop(desk)
    talk(desk, other)
    assert (weight(other, record), weight(other, waiting)) == (4200, 4300)
    assert counts(ws) == Counts(1, 1, 1)


# --- sealing ---------------------------------------------------------------------------------------------------------


def batches_of(ws: Workspace) -> list[tuple[int, int]]:
    return database.rows(ws.db, "SELECT saves, length(bytes) FROM batch ORDER BY n")


def test_a_batch_holds_at_most_two_hundred_saves_and_twelve_kibibytes(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    for grams in range(450):
        weigh(ws, post, grams)
    form = FORMS["under_five_visit"]
    for number in range(30):
        note = "".join(chr(65 + (number * 7 + k * k * 31 + k * number) % 60) for k in range(1900))
        records.save(
            ws.db, form, records.new_id(), {"note": note}, scope=post, author=ws.author, now=ws.now()
        )  # fmt: skip
    assert client.seal_all(ws.db, 1) == 481
    sealed = batches_of(ws)
    assert sum(saves for saves, _size in sealed) == 481
    assert all(saves <= MAX_OPS and size <= SEAL_BYTES for saves, size in sealed)
    assert client.seal_all(ws.db, 1) == 0
    talk(desk, ws)
    assert counts(ws).confirmed == 481


def test_for_a_link_that_breaks_batches_are_sealed_small(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    for grams in range(200):
        weigh(ws, post, grams)
    assert client.seal_all(ws.db, 1, 3000) == 201
    sealed = batches_of(ws)
    assert len(sealed) > 2
    assert all(1000 < size <= 3000 for _saves, size in sealed[:-1])
    talk(desk, ws)
    assert counts(ws).confirmed == 201


def test_sealed_batches_chain_by_sequence_and_previous(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    client.seal_all(ws.db, 1)
    weigh(ws, post, 5000)
    client.seal_all(ws.db, 2)
    found = database.rows(ws.db, "SELECT id, bytes FROM batch ORDER BY n")
    first, second = (decode(packed).header for _id, packed in found)
    assert (first.sequence, second.sequence, second.previous) == (1, 2, found[0][0])
    assert second.area == VILLAGE


def test_a_save_too_long_for_anyone_is_kept_shown_and_holds_up_nothing(desk: Desk, post: str) -> None:

    ws = laptop(desk, post=post)
    noise = "".join(chr(random.Random(1).randrange(0x4E00, 0x9FA5)) for _ in range(1)) + "".join(
        chr(c) for c in random.Random(2).choices(range(0x4E00, 0x9FA5), k=40_000)
    )
    form = FORMS["under_five_visit"]
    records.save(ws.db, form, "long", {"note": noise}, scope=post, author=ws.author, now=ws.now())
    weigh(ws, post, 5100)
    talk(desk, ws)
    assert counts(ws) == Counts(here=3, sent=2, confirmed=2)
    (problem,) = outbox.problems(ws.db)
    assert problem.verdict == "ditolak"


def test_saves_of_a_post_without_a_village_wait(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    weigh(ws, post, 5000)
    assert client.seal_all(ws.db, 1) == 0
    assert outbox.unplaced(ws.db) == 1
    open_post(ws, post, "desa yang salah")
    assert client.seal_all(ws.db, 1) == 0
    open_post(ws, post)
    assert client.seal_all(ws.db, 1) >= 2
    assert outbox.unplaced(ws.db) == 0


# --- what the server keeps back --------------------------------------------------------------------------------------


def test_a_batch_nobody_could_read_is_found_again_by_its_bytes(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    client.seal_all(ws.db, 1)
    ws.db.conn.execute("UPDATE batch SET bytes = ?", (b"rusak",))
    taken, _saves = client.exchange(ws.db, server_of(ws), way_to(desk))
    assert client.is_done(ws.db, taken)
    (problem,) = outbox.problems(ws.db)
    assert (problem.verdict, problem.saves) == ("ditolak", 1)


def test_a_post_that_was_given_to_another_area_is_named_and_its_data_stay(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    record = weigh(ws, post, 5200)
    talk(desk, ws)
    with desk.pool.connection() as connection:
        connection.execute("UPDATE area SET village = '5203022001' WHERE scope = %s", (post,))
    talk(desk, ws)
    place = outbox.place(ws.db, post)
    assert place is not None
    assert place.denied
    assert weight(ws, record) == 5200
    weigh(ws, post, 5300)
    talk(desk, ws)
    assert [problem.verdict for problem in outbox.problems(ws.db)] == ["karantina"]


def test_a_post_that_was_given_back_is_read_on_from_where_it_was(desk: Desk, post: str) -> None:
    """Its feed is longer than one reply, which begins at its start while the laptop does not ask for it."""
    small = replace(desk, page_bytes=700)
    ws, friend = laptop(desk, post=post), laptop(desk)
    talk(small, ws)
    for grams in range(5200, 5206):
        weigh(friend, post, grams)
        talk(small, friend)
    talk(small, ws)
    with desk.pool.connection() as connection:
        for village, denied in (("5203022001", True), (VILLAGE, False)):
            connection.execute("UPDATE area SET village = %s WHERE scope = %s", (village, post))
            talk(small, ws)
            place = outbox.place(ws.db, post)
            assert place is not None
            assert place.denied is denied
    record = weigh(friend, post, 6400)
    talk(small, friend)
    talk(small, ws)
    assert weight(ws, record) == 6400


@pytest.mark.parametrize("answer", [{}, [], {"kab": "5203"}, {"kab": 1, "prefixes": [], "key": "", "trial": True}])
def test_an_answer_to_an_enrolment_that_lacks_something_is_refused(answer: object) -> None:
    with pytest.raises(ServerTrouble):
        client.read_enrolment(answer, "https://server", 0)


def test_practice_and_real_never_meet() -> None:
    client.refuse_mixing(server_is_trial=True, book_is_practice=True)
    client.refuse_mixing(server_is_trial=False, book_is_practice=False)
    with pytest.raises(Refused, match="percobaan"):
        client.refuse_mixing(server_is_trial=True, book_is_practice=False)
    with pytest.raises(Refused, match="latihan"):
        client.refuse_mixing(server_is_trial=False, book_is_practice=True)


def test_the_secret_key_stays_in_the_book(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    secret = client.key_of(ws.db).private_bytes_raw()
    assert client.key_of(ws.db).private_bytes_raw() == secret
    request = json.loads(client.enrolment(ws.db, "code", ""))
    assert secret.hex() not in json.dumps(request)
    assert request["name"] == "laptop"


def test_a_request_about_four_hundred_posts_full_of_batches_fits_its_limit(desk: Desk, post: str) -> None:
    ws = laptop(desk)
    for number in range(399):
        digest = hashlib.sha256(f"{number}{post}".encode()).hexdigest()
        outbox.move(ws.db, digest[:32], desk.epoch, number + 1, digest)
    open_post(ws, post)
    form = FORMS["under_five_visit"]
    dice = random.Random(4)
    for number in range(60):
        note = "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(900))
        records.save(ws.db, form, f"n{number}", {"note": note}, scope=post, author=ws.author, now=ws.now())
    client.seal_all(ws.db, 1)
    body, saves = client.make_request(ws.db, server_of(ws))
    assert saves > 0
    assert len(body) <= MAX_BODY


# --- with a server on paper ------------------------------------------------------------------------------------------


def test_a_request_that_was_under_way_goes_on_in_the_next_run_until_it_is_answered() -> None:
    paper = Paper()
    ws = paper.laptop()
    paper_weigh(ws, "v1", 9_000)
    client.seal_all(ws.db, 1)
    first, saves = client.make_upload(ws.db, paper.as_known(), 4_096)
    paper_weigh(ws, "v2", 9_100)
    client.seal_all(ws.db, 1)
    again, same = client.make_upload(ws.db, paper.as_known(), 4_096)
    assert (again.body, saves, same) == (first.body, 2, 2), "what was begun is not changed by what was saved since"
    client.end_upload(ws.db)
    client.end_upload(ws.db)
    other, later = client.make_upload(ws.db, paper.as_known(), 4_096)
    assert (other.body != first.body, later) == (True, 1)
    ws.close()


def test_only_this_laptops_server_orders_this_laptop_to_close_its_book() -> None:
    paper = Paper()
    ws, other = paper.laptop(), paper.laptop(post=None)
    order = paper.key.sign(close_book_order(ws.device))
    assert client.is_ordered_to_close(ws.db, paper.as_known(), order)
    assert not client.is_ordered_to_close(other.db, paper.as_known(), order)
    assert not client.is_ordered_to_close(ws.db, Paper(b"x").as_known(), order)
    assert not client.is_ordered_to_close(ws.db, paper.as_known(), order[:-1])
    for each in (ws, other):
        each.close()


def test_bytes_that_lack_what_nobody_erased_are_replaced_by_whole_ones() -> None:
    """Another laptop, or a server taken back, may hand on a batch with more taken out of it than was erased."""
    paper = Paper()
    sari, dewi = paper.laptop(), paper.laptop(post=None)
    paper_weigh(sari, "v1", 9_000)
    paper.talk(sari)
    ((batch, packed, device),) = paper.feeds["melati"]
    ((op, _device),) = journal.ops_of(sari.db, "v1")
    less, gone = without(packed, {op.head}, {"v1"})
    paper.feeds["melati"] = [(batch, less, device)]
    paper.talk(dewi)
    assert (gone, outbox.saves_held(dewi.db, batch), weights(dewi)) == (1, 1, {})
    late = Slice("melati", Cursor(), Cursor("e"), given={batch: packed})
    reply = write_reply(Reply("e", "n", 5, (late,), (), keys=paper.keys), paper.key)
    assert client.take_reply(dewi.db, paper.as_known(), reply).received == 1
    assert (outbox.saves_held(dewi.db, batch), weights(dewi)) == (2, {"v1": 9_000})
    for each in (sari, dewi):
        each.close()


def test_a_line_that_is_no_save_is_taken_out_of_no_batch() -> None:
    content = b"{}\n" + b"s" * 64 + b"no json\n[]\n7"
    packed = zstandard.compress(content)
    heads = {hashlib.sha256(line).hexdigest()[:16] for line in (b"no json", b"[]", b"7")}
    assert without(packed, heads, {"v1"}) == (packed, 0)


def test_a_frame_that_wants_a_window_larger_than_anything_we_open_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=23, write_content_size=False)
    maker = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = maker.compress(b"x" * 100) + maker.flush()
    with pytest.raises(BadInput, match="kompresi memerlukan memori terlalu besar"):
        unpack(packed, 1024 * 1024)


def test_what_says_it_opens_to_more_than_the_limit_is_not_opened() -> None:
    packed = zstandard.compress(b"x" * 100)
    assert unpack(packed, 100) == b"x" * 100
    with pytest.raises(BadInput, match="isi terlalu besar setelah dibuka"):
        unpack(packed, 99)
