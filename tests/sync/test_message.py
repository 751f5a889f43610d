import os
from dataclasses import replace

import orjson
import pytest
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput
from posyandu.sync import message
from posyandu.sync.message import (
    Ask,
    Course,
    Cursor,
    Entry,
    Letter,
    OtherVersion,
    Reply,
    Request,
    Slice,
    Verdict,
    close_book_order,
    course,
    is_chained,
    next_digest,
    read_letter,
    read_reply,
    read_request,
    write_letter,
    write_reply,
    write_request,
)

KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
IDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
CURSORS = st.builds(Cursor, st.text("abc", max_size=8), st.integers(0, 2**50), IDS)
BLOBS = st.binary(min_size=1, max_size=300)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=16)


def chained(start: Cursor, batches: list[tuple[str, bytes | None]]) -> Slice:
    g, digest, entries = start.g, start.digest, []
    for batch, packed in batches:
        g, digest = g + 1, next_digest(digest, batch)
        entries.append(Entry(g, batch, packed))
    return Slice("pos", start, Cursor("e", g, digest), tuple(entries))


@given(
    st.builds(
        Request,
        regency=st.just("5203"),
        device=TEXTS,
        incarnation=TEXTS,
        nonce=TEXTS,
        app=TEXTS,
        asks=st.lists(
            st.builds(Ask, TEXTS, CURSORS, st.lists(IDS, max_size=3).map(tuple), st.lists(IDS, max_size=3).map(tuple)),
            max_size=4,
        ).map(tuple),
        batches=st.lists(BLOBS, max_size=4).map(tuple),
        most=st.integers(0, message.MAX_OPENED),
    )
)
def test_a_request_is_read_as_it_was_written(request: Request) -> None:
    read, sealed = read_request(write_request(request, KEY))
    assert read == request
    assert sealed.believe(KEY.public_key())
    assert not sealed.believe(Ed25519PrivateKey.generate().public_key())


@given(
    CURSORS,
    st.lists(st.tuples(IDS, st.none() | BLOBS), max_size=4),
    st.dictionaries(IDS, BLOBS, max_size=2),
    st.lists(st.builds(Verdict, IDS, st.sampled_from(message.STATES), TEXTS, st.dictionaries(IDS, TEXTS)), max_size=3),
)
def test_a_reply_is_read_as_it_was_written(
    start: Cursor, batches: list[tuple[str, bytes | None]], given: dict[str, bytes], verdicts: list[Verdict]
) -> None:
    part = replace(chained(start, batches), given=given, more=True, missing=tuple(given))
    reply = Reply("e", "n", 12, (part,), tuple(verdicts), "i", {"d": "00"})
    assert read_reply(write_reply(reply, KEY), KEY.public_key()) == reply
    assert is_chained(part)


def test_a_slice_with_a_gap_a_swap_or_another_end_is_not_chained() -> None:
    part = chained(Cursor(), [("1" * 64, b"a"), ("2" * 64, None), ("3" * 64, b"c")])
    one, two, three = part.entries
    assert is_chained(part)
    assert is_chained(replace(part, entries=(), end=part.start))
    for wrong in (
        replace(part, entries=(one, three)),
        replace(part, entries=(two, one, three)),
        replace(part, entries=(one, replace(two, batch="9" * 64), three)),
        replace(part, entries=(one, two)),
        replace(part, start=Cursor("", 1)),
        replace(part, end=replace(part.end, digest="0" * 64)),
        replace(part, end=replace(part.end, g=9)),
    ):
        assert not is_chained(wrong)


PASTS = st.lists(IDS, max_size=6)


@given(st.builds(Cursor, st.just("e"), st.integers(0, 99), IDS), PASTS, PASTS)
def test_a_late_slice_goes_on_from_any_place_its_own_chain_leads_through(
    start: Cursor, read: list[str], unread: list[str]
) -> None:
    here = chained(start, [(batch, None) for batch in read]).end
    whole = chained(start, [(batch, None) for batch in (*read, *unread)])
    what, part = course(whole, here)
    assert (what, part.start, part.end) == (Course.ADVANCE, here, whole.end)
    assert [entry.batch for entry in part.entries] == unread
    assert is_chained(part)


@given(st.builds(Cursor, st.just("e"), st.integers(1, 99), IDS), st.lists(IDS, min_size=1, max_size=6), IDS)
def test_a_late_slice_of_another_past_moves_nothing(start: Cursor, batches: list[str], digest: str) -> None:
    late = chained(start, [(batch, None) for batch in batches])
    for g in range(start.g, late.end.g + 3):
        elsewhere = Cursor("e", g, digest)
        assume(elsewhere not in (late.start, late.end))
        assert course(late, elsewhere) == (Course.STAY, late)
    assert course(late, replace(late.end, epoch="f")) == (Course.STAY, late)


def test_who_is_refused_stays_and_who_is_sent_back_starts_over_only_from_where_it_stands() -> None:
    here = Cursor("e", 3, "a" * 64)
    reset = Slice("pos", here, Cursor("f"), reset=True)
    assert course(reset, here)[0] is Course.START_OVER
    assert course(reset, replace(here, g=4))[0] is Course.STAY
    assert course(replace(reset, denied=True), here)[0] is Course.STAY


def test_one_changed_bit_anywhere_is_noticed() -> None:
    content = zstandard.decompress(write_reply(Reply("e", "n", 1, (chained(Cursor(), [("1" * 64, b"abc")]),), ()), KEY))
    for at in range(len(content)):
        damaged = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        with pytest.raises(BadInput):
            read_reply(zstandard.compress(damaged), KEY.public_key())


def test_a_reply_of_another_server_is_not_believed() -> None:
    body = write_reply(Reply("e", "n", 1, (), ()), KEY)
    with pytest.raises(BadInput, match="ditandatangani"):
        read_reply(body, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(BadInput, match="besar"):
        read_reply(b"x" * (message.MAX_REPLY + 1), KEY.public_key())


def test_a_letter_is_signed_by_who_wrote_it_and_of_this_version() -> None:
    letter, sealed = read_letter(write_letter(Letter("laptop-a", (b"one", b"two")), KEY))
    assert letter == Letter("laptop-a", (b"one", b"two"))
    assert sealed.believe(KEY.public_key())
    assert not sealed.believe(Ed25519PrivateKey.generate().public_key())
    for version in (2, True, None):
        with pytest.raises(OtherVersion):
            read_letter(message._write({"p": version, "dev": "", "sizes": []}, [], b"posyandu-letter-1\0", KEY))


def test_a_request_larger_than_any_laptop_sends_is_not_even_opened() -> None:
    with pytest.raises(BadInput, match="terlalu besar"):
        read_request(zstandard.compress(os.urandom(message.MAX_BODY)))
    with pytest.raises(BadInput, match="bukan JSON|terpotong|ukuran"):
        read_request(zstandard.compress(os.urandom(message.MAX_BODY - 1024)))


def test_an_order_to_close_a_book_is_for_one_laptop() -> None:
    assert close_book_order("laptop-a") != close_book_order("laptop-b")
    KEY.public_key().verify(KEY.sign(close_book_order("laptop-a")), close_book_order("laptop-a"))
    with pytest.raises(InvalidSignature):
        KEY.public_key().verify(KEY.sign(close_book_order("laptop-a")), close_book_order("laptop-b"))


def test_a_request_is_no_reply_and_a_reply_no_request() -> None:
    with pytest.raises(BadInput):
        read_reply(write_request(Request("", "", "", "", "", (), ()), KEY), KEY.public_key())


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ({"p": 2, "sizes": []}, OtherVersion),
        ({"p": 1}, BadInput),
        ({"p": 1, "sizes": [5]}, BadInput),
        ({"p": 1, "sizes": [0]}, BadInput),
        ({"p": 1, "sizes": "x"}, BadInput),
        ({"p": 1, "sizes": [], "kab": 5}, BadInput),
        ([], BadInput),
        (
            {"p": 1, "sizes": [], "kab": "", "dev": "", "inc": "", "nonce": "", "app": "", "areas": [], "most": -1},
            BadInput,
        ),
        (
            {"p": 1, "sizes": [], "kab": "", "dev": "", "inc": "", "nonce": "", "app": "", "areas": [], "most": True},
            BadInput,
        ),
        ({"p": 1, "sizes": [], "kab": "", "dev": "", "inc": "", "nonce": "", "app": "", "areas": 5}, BadInput),
        ({"p": 1, "sizes": [], "kab": "", "dev": "", "inc": "", "nonce": "", "app": "", "areas": [5]}, BadInput),
        (
            {"p": 1, "sizes": [], "kab": "", "dev": "", "inc": "", "nonce": "", "app": "",
             "areas": [{"pos": "p", "cur": ["e", True, "0" * 64], "unsafe": [], "want": []}]},
            BadInput,
        ),
    ],
)  # fmt: skip
def test_a_head_with_wrong_parts_is_refused(head: dict[str, object], kind: type[BadInput]) -> None:
    text = orjson.dumps(head)
    with pytest.raises(kind):
        read_request(zstandard.compress(b"s" * 64 + len(text).to_bytes(4, "big") + text))


def test_a_signed_reply_that_lacks_something_is_said_to_be_incomplete() -> None:
    body = message._write({"p": 1, "sizes": []}, [], b"posyandu-reply-1\0", KEY)
    with pytest.raises(BadInput, match="lengkap"):
        read_reply(body, KEY.public_key())
