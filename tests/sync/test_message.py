import hashlib
import os
from collections.abc import Callable
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
STATES = st.sampled_from(("terap", "sebagian", "karantina", "tunda", "ditolak"))
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
    st.lists(st.builds(Verdict, IDS, STATES, TEXTS, st.dictionaries(IDS, TEXTS)), max_size=3),
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


@pytest.mark.parametrize("parts", [{"x": [[]] * 30_000}, {"sizes": [1] * 30_000}, {"areas": ["a" * 64] * 30_000}])
@pytest.mark.parametrize("read", [read_request, read_letter])
def test_a_head_with_more_parts_than_any_honest_one_is_not_even_parsed(
    read: Callable[[bytes], object], parts: dict[str, object]
) -> None:
    """A few hundred bytes from anybody would be read for half a second, in a hundred megabytes."""
    body = message._write({"p": 1, "sizes": [], **parts}, [], b"", KEY)
    assert len(body) < 1000
    with pytest.raises(BadInput, match="terlalu panjang"):
        read(body)


def test_the_longest_head_that_fits_into_a_request_has_far_fewer_parts_than_may_be() -> None:
    """Of each id, digest and batch 32 bytes cannot be packed."""
    asks = [Ask(os.urandom(16).hex(), Cursor("e" * 32, 9, os.urandom(32).hex())) for _ in range(message.MAX_AREAS)]
    ids = iter(os.urandom(32).hex() for _ in range(980))
    asks = [replace(ask, unconfirmed=tuple(next(ids, "0" * 64) for _ in range(4))) for ask in asks]
    body = write_request(Request("5203", "d" * 32, "i" * 16, "n" * 32, "1", tuple(asks), ()), KEY)
    assert message.MAX_BODY * 0.9 < len(body) <= message.MAX_BODY
    assert len(read_request(body)[0].asks) == message.MAX_AREAS
    assert zstandard.decompress(body).count(b",") < message.MOST_PARTS / 3


@pytest.mark.parametrize(
    "odd", ["A" + "0" * 63, "0" * 31 + "g" + "0" * 32, "0" * 63 + " ", "0" * 63, "0" * 65, 7, None]
)
def test_an_id_is_64_small_hexadecimal_digits(odd: object) -> None:
    assert not message._is_id(odd)
    assert message._is_id("0123456789abcdef" * 4)


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


# --- every part of a head, and every limit ---------------------------------------------------------------------------


AREA: dict[str, object] = {"pos": "p", "cur": ["e", 0, "0" * 64], "unsafe": [], "want": []}
HEAD: dict[str, object] = {
    "p": 1, "kab": "5203", "dev": "d", "inc": "i", "nonce": "n", "app": "1.0", "areas": [AREA], "sizes": [],
}  # fmt: skip


def body_of(head: object, blobs: bytes = b"", level: int = 3) -> bytes:
    text = orjson.dumps(head)
    return zstandard.compress(b"s" * 64 + len(text).to_bytes(4, "big") + text + blobs, level)


def refused(head: object, blobs: bytes = b"") -> str:
    with pytest.raises(BadInput) as caught:
        read_request(body_of(head, blobs))
    return str(caught.value)


def without(name: str, body: dict[str, object] = HEAD) -> dict[str, object]:
    return {each: value for each, value in body.items() if each != name}


def test_the_head_the_tables_below_change_is_a_good_one() -> None:
    request, _sealed = read_request(body_of(HEAD))
    assert request == Request("5203", "d", "i", "n", "1.0", (Ask("p", Cursor("e")),), ())


@pytest.mark.parametrize(("name", "longest"), [("kab", 16), ("dev", 64), ("inc", 16), ("nonce", 64), ("app", 40)])
def test_each_text_of_a_request_is_there_and_no_longer_than_it_may_be(name: str, longest: int) -> None:
    read_request(body_of(HEAD | {name: "x" * longest}))
    read_request(body_of(HEAD | {name: ""}))
    sentence = f"bagian {name} salah"
    for wrong in ("x" * (longest + 1), 5, None, ["x"], "a\0b"):
        assert refused(HEAD | {name: wrong}) == sentence
    assert refused(without(name)) == sentence


@pytest.mark.parametrize("version", [0, 2, True, "1", 1.0, None])
def test_another_version_is_told_from_a_damaged_message(version: object) -> None:
    with pytest.raises(OtherVersion, match="versi kiriman tidak dikenal"):
        read_request(body_of(HEAD | {"p": version}))
    with pytest.raises(OtherVersion):
        read_request(body_of(without("p")))


@pytest.mark.parametrize(
    ("cursor", "is_good"),
    [
        (["", 0, "0" * 64], True),
        (["e" * 64, 2**53, "a" * 64], True),
        (["e" * 65, 0, "0" * 64], False),
        (["e", -1, "0" * 64], False),
        (["e", 2**53 + 1, "0" * 64], False),
        (["e", True, "0" * 64], False),
        (["e", 1.0, "0" * 64], False),
        (["e", 1, "0" * 63], False),
        (["e", 1, "0" * 65], False),
        (["e", 1, "A" * 64], False),
        (["e", 1, "g" * 64], False),
        (["e", 1], False),
        (["e", 1, "0" * 64, 1], False),
        ([None, 1, "0" * 64], False),
        ({}, False),
        (None, False),
        ("e", False),
    ],
)
def test_a_cursor_is_an_epoch_a_number_and_a_digest(cursor: object, is_good: bool) -> None:
    head = HEAD | {"areas": [AREA | {"cur": cursor}]}
    if is_good:
        assert read_request(body_of(head))[0].asks[0].cursor.g in (0, 2**53)
    else:
        assert refused(head) == "kursor salah"


@pytest.mark.parametrize("name", ["unsafe", "want"])
def test_ids_are_whole_and_no_more_than_two_hundred(name: str) -> None:
    for good in ([], ["a" * 64], ["a" * 64] * 200):
        read_request(body_of(HEAD | {"areas": [AREA | {name: good}]}, level=19))
    for bad in (["a" * 64] * 201, ["a" * 63], ["A" * 64], [5], "a" * 64, None, {"a" * 64: 1}):
        assert refused(HEAD | {"areas": [AREA | {name: bad}]}) == f"bagian {name} salah"
    assert refused(HEAD | {"areas": [without(name, AREA)]}) == f"bagian {name} salah"


def test_a_device_covers_four_hundred_posts_and_no_more() -> None:
    areas = [AREA | {"pos": str(number)} for number in range(401)]
    assert len(read_request(body_of(HEAD | {"areas": areas[:400]}))[0].asks) == 400
    assert refused(HEAD | {"areas": areas}) == "bagian areas salah"
    for wrong in (None, {}, "x", [5], [[]], [AREA, None]):
        assert refused(HEAD | {"areas": wrong}) == "bagian areas salah"
    assert refused(HEAD | {"areas": [AREA | {"pos": "x" * 65}]}) == "bagian pos salah"


@pytest.mark.parametrize(("most", "is_good"), [(0, True), (1, True), (message.MAX_OPENED, True), (-1, False),
                                               (message.MAX_OPENED + 1, False), (True, False), ("9", False),
                                               (None, False), (1.0, False)])  # fmt: skip
def test_how_long_the_reply_may_be_is_a_number_of_bytes(most: object, is_good: bool) -> None:
    if is_good:
        assert read_request(body_of(HEAD | {"most": most}))[0].most == most
    else:
        assert refused(HEAD | {"most": most}) == "bagian most salah"


@pytest.mark.parametrize(
    ("sizes", "blobs", "sentence"),
    [
        ([1], b"", "panjang kiriman tidak cocok"),
        ([1], b"ab", "panjang kiriman tidak cocok"),
        ([], b"a", "panjang kiriman tidak cocok"),
        ([0, 1], b"a", "ukuran paket salah"),
        ([-1, 2], b"a", "ukuran paket salah"),
        ([True], b"a", "ukuran paket salah"),
        (["1"], b"a", "ukuran paket salah"),
        ([1.0], b"a", "ukuran paket salah"),
        ([48 * 1024 + 1], b"a" * (48 * 1024 + 1), "ukuran paket salah"),
        (None, b"", "ukuran paket salah"),
        ({}, b"", "ukuran paket salah"),
    ],
)
def test_the_batches_are_as_long_as_the_head_says(sizes: object, blobs: bytes, sentence: str) -> None:
    assert refused(HEAD | {"sizes": sizes}, blobs) == sentence


def test_batches_are_cut_where_the_head_says() -> None:
    request, _sealed = read_request(body_of(HEAD | {"sizes": [1, 3, 2]}, b"abbbcc"))
    assert request.batches == (b"a", b"bbb", b"cc")
    largest = b"a" * (48 * 1024)
    assert read_request(body_of(HEAD | {"sizes": [len(largest)]}, largest))[0].batches == (largest,)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kiriman terpotong"),
        (b"s" * 67, "kiriman terpotong"),
        (b"s" * 64 + b"\0\0\0\2" + b"{", "kiriman terpotong"),
        (b"s" * 64 + b"\xff\xff\xff\xff{}", "kiriman terpotong"),
        (b"s" * 64 + b"\0\0\0\0", "kepala kiriman bukan JSON"),
        (b"s" * 64 + b"\0\0\0\1{", "kepala kiriman bukan JSON"),
        (b"s" * 64 + b"\0\0\0\2[]", "kepala kiriman bukan objek"),
        (b"s" * 64 + b"\0\0\0\4null", "kepala kiriman bukan objek"),
        (b"s" * 64 + b"\0\0\0\2{}", "ukuran paket salah"),
    ],
)
def test_what_breaks_off_is_told_from_what_is_no_message(content: bytes, sentence: str) -> None:
    for read in (read_request, read_letter):
        with pytest.raises(BadInput, match=sentence):
            read(zstandard.compress(content))  # type: ignore[operator]
    with pytest.raises(BadInput, match=sentence):
        read_reply(zstandard.compress(content), KEY.public_key())


# --- replies, byte by byte -------------------------------------------------------------------------------------------


REPLY_AREA: dict[str, object] = {
    "pos": "p", "from": ["", 0, "0" * 64], "cur": ["e", 0, "0" * 64], "feed": [], "more": False, "reset": False,
    "denied": False, "missing": [], "given": [],
}  # fmt: skip
REPLY: dict[str, object] = {
    "p": 1, "epoch": "e", "re": "n", "time": 5, "areas": [REPLY_AREA], "status": [], "fork": "", "keys": {},
    "sizes": [],
}  # fmt: skip


def signed(head: object, blobs: list[bytes] | None = None) -> bytes:
    return message._write(head, blobs or [], b"posyandu-reply-1\0", KEY)


def test_the_reply_the_tables_below_change_is_a_good_one() -> None:
    part = Slice("p", Cursor(), Cursor("e"))
    assert read_reply(signed(REPLY), KEY.public_key()) == Reply("e", "n", 5, (part,), ())


@pytest.mark.parametrize("name", [each for each in REPLY if each not in ("p", "sizes")])
def test_a_reply_has_all_its_parts(name: str) -> None:
    with pytest.raises(BadInput, match=r"jawaban server tidak lengkap"):
        read_reply(signed(without(name, REPLY)), KEY.public_key())


@pytest.mark.parametrize("name", REPLY_AREA)
def test_so_has_each_slice_of_it(name: str) -> None:
    with pytest.raises(BadInput):
        read_reply(signed(REPLY | {"areas": [without(name, REPLY_AREA)]}), KEY.public_key())


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "later"},
        {"time": None},
        {"areas": 5},
        {"areas": [5]},
        {"status": [{}]},
        {"status": [{"id": "a", "state": "terap", "why": ""}]},
        {"status": [{"id": "a", "state": "terap", "why": "", "ops": 5}]},
        {"keys": []},
        {"keys": None},
        {"areas": [REPLY_AREA | {"from": None}]},
        {"areas": [REPLY_AREA | {"feed": [[1, "a"]]}]},
        {"areas": [REPLY_AREA | {"feed": [["x", "a", None]]}]},
        {"areas": [REPLY_AREA | {"feed": [[1, "a", 0]]}]},  # names bytes that are not there
        {"areas": [REPLY_AREA | {"given": [["a", 3]]}]},
        {"areas": [REPLY_AREA | {"given": [["a"]]}]},
    ],
)
def test_a_signed_reply_that_makes_no_sense_is_refused_whole(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        read_reply(signed(REPLY | changes), KEY.public_key())


def test_bytes_named_twice_are_given_twice_and_none_are_none() -> None:
    feed = [[1, "a", 0], [2, "b", None], [3, "c", 0]]
    head = REPLY | {"sizes": [3], "areas": [REPLY_AREA | {"feed": feed, "given": [["d", 0]]}]}
    (part,) = read_reply(signed(head, [b"xyz"]), KEY.public_key()).slices
    assert [entry.packed for entry in part.entries] == [b"xyz", None, b"xyz"]
    assert part.given == {"d": b"xyz"}


def test_a_letter_is_no_reply_and_no_request_though_one_key_signed_all() -> None:
    letter = write_letter(Letter("laptop-a", (b"one",)), KEY)
    _request, as_request = read_request(write_request(Request("", "", "", "", "", (), ()), KEY))
    _letter, as_letter = read_letter(letter)
    assert replace(as_letter, purpose=as_letter.purpose).believe(KEY.public_key())
    assert not replace(as_letter, purpose=as_request.purpose).believe(KEY.public_key())
    assert not replace(as_request, purpose=as_letter.purpose).believe(KEY.public_key())
    with pytest.raises(BadInput):
        read_reply(letter, KEY.public_key())


# --- digests and places, by hand -------------------------------------------------------------------------------------


def test_the_first_two_digests_of_a_feed_by_hand() -> None:
    """D0 is 32 zero bytes, D1 = SHA-256(D0 and the first batch id), and so on (docs/sync.md)."""
    first, second = "11" * 32, "22" * 32
    d1 = hashlib.sha256(bytes(32) + b"\x11" * 32).digest()
    assert bytes(32).hex() == message.START_DIGEST
    assert next_digest(message.START_DIGEST, first) == d1.hex()
    assert next_digest(d1.hex(), second) == hashlib.sha256(d1 + b"\x22" * 32).hexdigest()
    assert next_digest(message.START_DIGEST, second) != d1.hex()


@pytest.mark.parametrize(
    ("cursor", "is_place"),
    [
        (Cursor(), True),
        (Cursor("e"), True),
        (Cursor("f"), False),  # the beginning of another server's feed
        (Cursor("", 0, "a" * 64), False),
        (Cursor("e", 2, "b" * 64), True),
        (Cursor("e", 2, "c" * 64), False),  # the same number in another past
        (Cursor("f", 2, "b" * 64), False),
        (Cursor("", 2, "b" * 64), False),
        (Cursor("e", 3, "b" * 64), False),  # beyond the end: the server went back
        (Cursor("e", 1, "a" * 64), True),
    ],
)
def test_a_place_in_a_feed_is_its_epoch_number_and_digest(cursor: Cursor, is_place: bool) -> None:
    digests = {1: "a" * 64, 2: "b" * 64}
    assert message.is_place(cursor, "e", digests.get) == is_place


THREE = [("1" * 64, None), ("2" * 64, None), ("3" * 64, None)]


def test_a_slice_is_taken_where_it_begins_and_a_beginning_is_a_beginning_in_any_epoch() -> None:
    whole = chained(Cursor(), THREE)
    assert course(whole, Cursor()) == (Course.ADVANCE, whole)
    assert course(whole, Cursor("old", 0, "9" * 64)) == (Course.ADVANCE, whole), "nothing was read of it yet"
    assert course(whole, whole.end)[1].entries == ()
    assert course(whole, Cursor("e", 9, "9" * 64)) == (Course.STAY, whole)
    later = chained(whole.end, THREE)
    assert course(later, Cursor()) == (Course.STAY, later), "what comes before it is not here yet"


def test_a_slice_whose_digest_is_wrong_moves_nothing() -> None:
    whole = chained(Cursor(), THREE)
    wrong = replace(whole, end=replace(whole.end, digest="9" * 64))
    assert course(wrong, Cursor()) == (Course.STAY, wrong)


def test_a_slice_goes_on_only_within_its_own_epoch_and_never_when_refused_or_sent_back() -> None:
    whole = chained(Cursor(), THREE)
    middle = chained(Cursor(), THREE[:2]).end
    assert message.after(whole, middle).start == middle
    assert [entry.g for entry in message.after(whole, middle).entries] == [3]
    for other in (replace(whole, reset=True), replace(whole, denied=True)):
        assert message.after(other, middle) == other
    assert message.after(whole, replace(middle, epoch="f")) == whole
    assert message.after(whole, replace(middle, digest="9" * 64)) == whole
    assert message.after(whole, Cursor()) == whole, "it begins where the laptop stands"
    assert message.after(whole, Cursor("e", 7, "9" * 64)) == whole, "it does not lead that far"
