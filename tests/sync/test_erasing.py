"""Whose word an erasure takes: asked here it is done here; elsewhere only what the server says under its own key."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from posyandu.domain import erasing as saying
from posyandu.domain.change import Op
from posyandu.domain.forms import FORMS
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, journal, outbox, records
from posyandu.storage.engine import transaction
from posyandu.sync import client, erasing
from posyandu.sync.batch import decode, saves_in, saves_named, seal, without
from posyandu.sync.message import START_DIGEST, Cursor, Entry, Reply, Slice, write_reply
from posyandu.sync.sealed import TO_SERVER, open_file
from tests.sync.paper import Paper, weigh, weights


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def sari(paper: Paper) -> Iterator[Workspace]:
    """A laptop whose feed has three visits, in one batch."""
    ws = paper.laptop()
    for number in range(3):
        weigh(ws, f"v{number}", 9_000 + number)
    paper.talk(ws)
    paper.talk(ws)
    yield ws
    ws.close()


def erasure(ws: Workspace, *visits: str, record: str = "e", nonce: str = "0" * 16) -> Op:
    """A save that asks to erase these visits."""
    heads = [op.head for visit in visits for op, _device in journal.ops_of(ws.db, visit)]
    fields = {"records": " ".join(visits), "saves": " ".join(heads)}
    return Op("melati", saying.ENTITY, record, 1, 1, (), fields, "bidan", 5, 1, nonce)


def refusal(op: Op) -> Op:
    """The administrator's no: the erasure withdrawn by the server."""
    return Op("melati", saying.ENTITY, op.record, 1, 2, (op.head,), {"withdrawn": True}, "admin", 6, 1, "f" * 16)


def asked(ws: Workspace, op: Op) -> None:
    """As services do on the laptop where somebody asks."""
    journal.import_ops(ws.db, [(op, ws.device)])
    with transaction(ws.db):
        erasing.ask(ws.db, op)


def bare(ws: Workspace) -> list[str]:
    """The ids in batches here of which only the id is left."""
    return [
        line.id
        for _id, _saves, packed in outbox.every(ws.db, "melati")
        for line in decode(packed).lines
        if line.reason == "dihapus"
    ]


def test_what_the_server_says_is_done_and_taken_out_of_every_batch(paper: Paper, sari: Workspace) -> None:
    op = erasure(sari, "v1")
    going = [each.id for each, _device in journal.ops_of(sari.db, "v1")]
    paper.say(op)
    paper.talk(sari)
    assert weights(sari) == {"v0": 9_000, "v2": 9_002}
    assert bare(sari) == going
    assert erased.word(sari.db, op.head) == erased.DONE
    assert [saves for _id, saves, _packed in outbox.every(sari.db, "melati")] == [3, 1], (
        "the post, two visits; the word"
    )


def test_a_laptops_erasure_erases_nothing_elsewhere(paper: Paper, sari: Workspace) -> None:
    dewi = paper.laptop(post=None)
    paper.talk(dewi)
    asked(sari, erasure(sari, "v1"))
    assert weights(sari) == {"v0": 9_000, "v2": 9_002}, "done where it was asked for"
    paper.talk(sari)
    paper.talk(dewi)
    assert weights(dewi) == {"v0": 9_000, "v1": 9_001, "v2": 9_002}
    assert bare(dewi) == []
    assert erased.said_here(sari.db, erased.ASKED) == [("e", journal.ops_of(sari.db, "e")[0][0].head)]
    dewi.close()


def test_what_is_asked_here_is_taken_out_of_the_batches_at_once_and_stays_out_when_the_server_says_so(
    paper: Paper, sari: Workspace
) -> None:
    op = erasure(sari, "v1")
    asked(sari, op)
    assert len(bare(sari)) == 1
    assert not erased.has_kept_back(sari.db), "the server was seen to hold it"
    paper.say(op)
    paper.talk(sari)
    assert len(bare(sari)) == 1
    assert erased.word(sari.db, op.head) == erased.DONE
    assert weights(sari) == {"v0": 9_000, "v2": 9_002}


def test_a_refused_erasure_gives_back_what_it_had_taken_here(paper: Paper, sari: Workspace) -> None:
    op = erasure(sari, "v1")
    asked(sari, op)
    paper.say(refusal(op))
    paper.talk(sari)
    paper.talk(sari)
    assert erased.word(sari.db, op.head) == erased.REFUSED
    assert erased.records_among(sari.db, ["v1"]) == set()
    assert weights(sari) == {"v0": 9_000, "v1": 9_001, "v2": 9_002}


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("word", ["refused", "done", "done by another"])
def test_what_no_server_was_seen_to_hold_is_put_aside_until_its_word(
    paper: Paper, sari: Workspace, sealed: bool, word: str
) -> None:
    weigh(sari, "v9", 8_000)
    if sealed:
        client.seal_all(sari.db, 1)
    op = erasure(sari, "v1", "v9")
    (mine,) = journal.ops_of(sari.db, "v9")
    asked(sari, op)
    assert erased.kept_back(sari.db, [mine[0].head, "x"]) == [(mine[0].id, mine[0].canonical)]
    assert set(weights(sari)) == {"v0", "v2"}
    assert len(bare(sari)) == 1 + sealed
    paper.say({"refused": refusal(op), "done": op, "done by another": replace(op, record="f", nonce="2" * 16)}[word])
    paper.talk(sari)
    assert not erased.has_kept_back(sari.db)
    paper.talk(sari)
    assert ("v9" in weights(sari)) == ("v1" in weights(sari)) == (word == "refused")
    waiting = [each.id for each in journal.unsealed(sari.db)]
    assert waiting == [] or word == "refused"
    if word == "refused":
        paper.talk(sari)
        assert [device for _op, device in journal.ops_of(sari.db, "v9")] == [sari.device]
        assert mine[0].id in {
            save.id for _id, packed, *_rest in paper.feeds["melati"] for save in saves_in(packed, "melati")
        }
    assert journal.rows_equal_replay(sari.db)


def test_a_refusal_changes_nothing_where_nobody_had_asked_and_nothing_after_it_was_done(
    paper: Paper, sari: Workspace
) -> None:
    op = erasure(sari, "v1")
    paper.say(refusal(op))
    paper.talk(sari)
    assert weights(sari) == {"v0": 9_000, "v1": 9_001, "v2": 9_002}
    assert erased.word(sari.db, op.head) == erased.REFUSED
    done = erasure(sari, "v2", record="f")
    paper.say(done)
    paper.say(refusal(done))
    paper.talk(sari)
    assert erased.word(sari.db, done.head) == erased.DONE, "what is done stays done"
    assert weights(sari) == {"v0": 9_000, "v1": 9_001}


def test_after_a_refusal_what_was_not_even_kept_is_asked_for_again_and_shown(paper: Paper, sari: Workspace) -> None:
    dewi = paper.laptop(post=None)
    op = erasure(sari, "v1")
    asked(dewi, op)
    paper.talk(dewi)
    assert len(bare(dewi)) == 1, "it came after the erasure was asked for on this laptop"
    assert weights(dewi) == {"v0": 9_000, "v2": 9_002}
    paper.say(refusal(op))
    assert paper.talk(dewi).more, "it lacks bytes now"
    paper.talk(dewi)
    assert weights(dewi) == {"v0": 9_000, "v1": 9_001, "v2": 9_002}
    assert bare(dewi) == []
    dewi.close()


def test_what_another_erasure_names_too_stays_gone(paper: Paper, sari: Workspace) -> None:
    one = erasure(sari, "v1", "v2")
    other = erasure(sari, "v2", record="f", nonce="1" * 16)
    asked(sari, one)
    asked(sari, other)
    with transaction(sari.db):
        erasing.heed(sari.db, [refusal(one)])
    assert erased.records_among(sari.db, ["v1", "v2"]) == {"v2"}


def test_the_same_word_twice_is_done_once(paper: Paper, sari: Workspace) -> None:
    op = erasure(sari, "v1")
    paper.say(op)
    paper.talk(sari)
    before = weights(sari), bare(sari)
    with transaction(sari.db):
        erasing.heed(sari.db, [op, op])
    assert (weights(sari), bare(sari)) == before


def test_what_comes_again_after_its_erasure_is_kept_as_its_id_alone(paper: Paper, sari: Workspace) -> None:
    dewi = paper.laptop(post=None)
    op = erasure(sari, "v1")
    paper.say(op)
    visits, word = paper.feeds["melati"]
    for feed, received in (([word], 1), ([word, visits], 3)):  # the word arrives before what it takes away
        paper.feeds["melati"] = feed
        assert paper.talk(dewi).received == received
    assert weights(dewi) == {"v0": 9_000, "v2": 9_002}
    assert len(bare(dewi)) == 1
    dewi.close()


def test_a_whole_batch_that_comes_again_brings_nothing_back(paper: Paper, sari: Workspace) -> None:
    whole, op = paper.feeds["melati"][0], erasure(sari, "v1")
    paper.say(op)
    paper.talk(sari)
    late = Slice("melati", Cursor(), Cursor("e"), given={whole[0]: whole[1]})
    reply = write_reply(Reply("e", "n", 5, (late,), (), keys=paper.keys), paper.key)
    assert client.take_reply(sari.db, paper.as_known(), reply).received == 0
    assert (len(bare(sari)), set(weights(sari))) == (1, {"v0", "v2"})


def test_words_that_came_before_the_server_was_known_are_heeded_when_it_is(paper: Paper, sari: Workspace) -> None:
    op = erasure(sari, "v1")
    stranger = Paper(b"x")
    sari.db.conn.execute("UPDATE server SET key = ?", (stranger.public,))
    paper.say(op)
    client.take_reply(
        sari.db, paper.as_known(), paper.answer(client.make_request(sari.db, paper.as_known())[0])
    )  # fmt: skip
    assert "v1" in weights(sari), "not under the key this laptop had pinned"
    sari.db.conn.execute("UPDATE server SET key = ?", (paper.public,))
    client.heed_again(sari.db)
    assert "v1" not in weights(sari)
    assert len(bare(sari)) == 1


def test_no_erasure_takes_another_erasure_or_a_record_that_is_not_erased(sari: Workspace) -> None:
    assert not saying.takes(saying.ENTITY, "e", {"e"})
    assert saying.takes("under_five_visit", "v1", {"v1"})
    assert not saying.takes("under_five_visit", "v1", {"v2"})
    assert saying.takes("month_report", "m", set()), "a signed month is written anew without the name"


def lacking(paper: Paper) -> list[str]:
    """Batches the server got with bare ids."""
    return [
        each for each, packed, _device in paper.feeds["melati"] if len(saves_in(packed, "melati")) < saves_named(packed)
    ]


@pytest.mark.parametrize("by_stick", [False, True])
def test_what_is_left_of_a_batch_on_its_way_goes_in_a_new_one(paper: Paper, sari: Workspace, by_stick: bool) -> None:
    """Who still holds the old one whole finds it missing, and brings what is to stay when the erasure is refused."""
    dewi = paper.laptop(post=None)
    paper.talk(dewi)
    for name in ("v8", "v9"):
        weigh(sari, name, 8_000)
    client.seal_all(sari.db, 1)
    (old,) = outbox.to_send(sari.db, 0)
    with transaction(dewi.db):
        client._keep(dewi.db, "melati", [Entry(0, old.id, old.packed)], dewi.device)  # as a letter brings it
    op = erasure(sari, "v8")
    asked(sari, op)
    if by_stick:
        client.seal_all(sari.db, 1)
        (file,) = client.files_for_server(sari.db, paper.as_known())
        for part in open_file(file.file, paper.key.private_bytes_raw(), [TO_SERVER]).parts:
            paper.answer(part)
    paper.talk(sari)
    paper.talk(sari)
    assert (lacking(paper), outbox.knows(sari.db, old.id)) == ([], False)
    assert outbox.is_all_confirmed(sari.db, "melati")
    paper.say(refusal(op))
    for _time in range(3):
        for ws in (dewi, sari):
            paper.talk(ws)
    assert weights(dewi) == weights(sari) == {"v0": 9_000, "v1": 9_001, "v2": 9_002, "v8": 8_000, "v9": 8_000}
    assert old.id in [each for each, _packed, _device in paper.feeds["melati"]]
    assert [outbox.unconfirmed(ws.db, "melati", 9) for ws in (sari, dewi)] == [[], []]
    devices = [{device for _op, device in journal.ops_of(ws.db, "v9")} for ws in (sari, dewi)]
    assert devices[0] == devices[1]
    dewi.close()


@pytest.mark.parametrize("all_of_it", [False, True])
def test_after_the_server_was_taken_back_a_batch_with_bare_ids_is_offered_and_never_sent(
    paper: Paper, sari: Workspace, all_of_it: bool
) -> None:
    dewi = paper.laptop(post=None)
    paper.talk(dewi)
    op = erasure(sari, "melati", "v0", "v1", "v2") if all_of_it else erasure(sari, "v1")
    asked(sari, op)
    assert not erased.has_kept_back(sari.db), "the server was seen to hold it"
    ((old, whole, writer),) = paper.feeds["melati"]
    paper.feeds["melati"], paper.epoch = [], "e2"
    for ws in (sari, dewi):
        outbox.start_over(ws.db, "melati", "e2", START_DIGEST)
    for _time in range(4):
        paper.talk(sari)
    assert (lacking(paper), outbox.knows(sari.db, old)) == ([], False)
    paper.say(refusal(op))
    for _time in range(4):
        for ws in (dewi, sari):
            paper.talk(ws)
    assert (old, whole, writer) in paper.feeds["melati"]
    assert weights(dewi) == weights(sari) == {"v0": 9_000, "v1": 9_001, "v2": 9_002}
    dewi.close()


def test_a_line_nobody_can_read_keeps_a_batch_as_it_is(paper: Paper, sari: Workspace) -> None:
    """Signed anew, what is left would be without it."""
    weigh(sari, "v9", 8_000)
    key, (mine, _device) = client.key_of(sari.db), journal.ops_of(sari.db, "v9")[0]
    odd = replace(mine, record="v8", depth=-1)
    old, packed = seal(
        [mine, odd], key, device=sari.device, incarnation="i", sequence=90, previous="", area="5203012001", app="1",
        schema=1, at_ms=5,
    )  # fmt: skip
    with transaction(sari.db):
        outbox.keep_sealed(sari.db, "melati", old, packed, [mine], sequence=90)
    asked(sari, erasure(sari, "v9"))
    paper.talk(sari)
    assert old in lacking(paper)


# --- batches with bare ids -------------------------------------------------------------------------------------------


def packed_of(ws: Workspace) -> bytes:
    return next(packed for _id, _saves, packed in outbox.every(ws.db, "melati"))


def test_a_batch_without_a_save_still_names_it_and_verifies(sari: Workspace) -> None:
    packed = packed_of(sari)
    ((op, _device),) = journal.ops_of(sari.db, "v1")
    kept, gone = without(packed, {op.head}, {"v1"})
    assert gone == 1
    assert decode(kept).id == decode(packed).id
    assert saves_named(kept) == saves_named(packed) == 4
    assert {each.record for each in saves_in(kept, "melati")} == {"melati", "v0", "v2"}
    assert without(kept, {op.head}, {"v1"}) == (kept, 0), "gone already"
    assert without(packed, {op.head}, {"v2"}) == (packed, 0), "its record was not erased"
    assert without(packed, set(), {"v1"}) == (packed, 0)


def test_saves_of_some_records_are_found_and_bytes_that_are_none_name_nothing(sari: Workspace) -> None:
    packed = packed_of(sari)
    assert [each.record for each in saves_in(packed, "melati", {"v1", "nobody"})] == ["v1"]
    assert saves_in(packed, "mawar") == []
    for damaged in (b"", b"x", packed[:-9]):
        assert saves_named(damaged) == 0


def test_all_is_confirmed_when_nothing_waits_and_every_own_batch_was_seen(paper: Paper, sari: Workspace) -> None:
    assert outbox.is_all_confirmed(sari.db, "melati")
    weigh(sari, "v9", 8_000)
    assert not outbox.is_all_confirmed(sari.db, "melati"), "it waits"
    client.seal_all(sari.db, 1)
    assert not outbox.is_all_confirmed(sari.db, "melati"), "it is sealed"
    assert outbox.is_all_confirmed(sari.db, "mawar")
    paper.talk(sari)
    paper.talk(sari)
    assert outbox.is_all_confirmed(sari.db, "melati")


# --- what is remembered ----------------------------------------------------------------------------------------------


def test_what_was_said_of_an_erasure_is_remembered_and_done_is_the_last_word(sari: Workspace) -> None:
    db = sari.db
    assert erased.word(db, "a" * 16) == ""
    for word in (erased.ASKED, erased.REFUSED, erased.ASKED, erased.DONE):
        erased.say(db, "a" * 16, word)
        assert erased.word(db, "a" * 16) == word
    erased.say(db, "a" * 16, erased.REFUSED)
    assert erased.word(db, "a" * 16) == erased.DONE
    assert erased.said_here(db, erased.DONE) == [], "no such save is in this book"


def test_what_belongs_to_somebody_is_counted_by_form(sari: Workspace) -> None:
    author, now = sari.author, sari.now()
    records.save(sari.db, FORMS["person"], "nur", {"name": "Nur"}, scope="melati", author=author, now=now)
    for visit in ("v0", "v1"):
        records.save(
            sari.db, FORMS["under_five_visit"], visit, {}, scope="melati", author=author, now=now,
            links={"person_id": "nur"},
        )  # fmt: skip
    gone = erased.belonging(sari.db, ["nur"])
    assert gone == {"nur", "v0", "v1"}
    assert erased.counted(sari.db, gone) == {"person": 1, "under_five_visit": 2}
    assert erased.counted(sari.db, []) == {}
    assert len(erased.saves_of(sari.db, gone)) == 5
    assert erased.held(sari.db) == []


def test_a_book_in_memory_has_no_pages_to_write_anew(sari: Workspace) -> None:
    with transaction(sari.db):
        erased.note(sari.db, saying.Erasure(frozenset({"x"}), frozenset(), frozenset()))
    assert erased.is_to_be_scrubbed(sari.db)
    assert erased.scrub(sari.db)
    assert not erased.is_to_be_scrubbed(sari.db)
    with transaction(sari.db):
        erased.forget(sari.db, saying.Erasure(frozenset({"x"}), frozenset(), frozenset()))
    assert erased.records_among(sari.db, ["x"]) == set()


def test_saves_of_an_entity_nobody_knows_can_be_erased_too(sari: Workspace) -> None:
    op = Op("melati", "tari_2027", "t", 1, 1, (), {"gerak": 3}, "sari", 5, 1, "0" * 16)
    journal.apply(sari.db, [(op, "laptop-b")])
    with transaction(sari.db):
        journal.erase(sari.db, saying.Erasure(frozenset({"t"}), frozenset(), frozenset({op.head})))
    assert journal.ops_of(sari.db, "t") == []
    assert journal.rows_equal_replay(sari.db)


def test_who_was_shown_under_somebody_erased_stands_for_himself_again(sari: Workspace) -> None:
    author, now = sari.author, sari.now()
    for name in ("adi", "ade"):
        records.save(sari.db, FORMS["person"], name, {"name": name}, scope="melati", author=author, now=now)
    decision = {"kind": "person", "kept_id": "adi", "other_id": "ade", "active": True}
    records.save(
        sari.db, FORMS["merge"], records.merge_id("adi", "ade"), decision, scope="melati", author=author, now=now
    )  # fmt: skip
    assert [row.id for row in records.load_many(sari.db, FORMS["person"])] == ["adi"]
    ((op, _device),) = journal.ops_of(sari.db, "adi")
    with transaction(sari.db):
        journal.erase(sari.db, saying.Erasure(frozenset({"adi"}), frozenset(), frozenset({op.head})))
    assert [row.id for row in records.load_many(sari.db, FORMS["person"])] == ["ade"]
    assert journal.rows_equal_replay(sari.db)
