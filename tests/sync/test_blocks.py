"""A body in blocks: the head that names it, the map of what is there, and what goes up next."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput
from posyandu.sync import blocks
from posyandu.sync.blocks import BLOCK, WINDOW, Head, Upload
from posyandu.sync.message import MAX_BODY

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def head_of(size: int) -> Head:
    read = blocks.read_head(blocks.write_head("5203", "laptop-1", b"x" * size, 1, KEY))
    assert read is not None
    return read[0]


@pytest.mark.parametrize("size", [1, 255, 256, 257, 5000, MAX_BODY - 1, MAX_BODY])
def test_a_head_names_a_body_and_only_its_writer_can_have_signed_it(size: int) -> None:
    body = bytes(n % 251 for n in range(size))
    written = blocks.write_head("5203", "laptop-1", body, 3_000_000_000, KEY)
    assert len(written) == 103 + len("5203/laptop-1")
    read = blocks.read_head(written + b"more")
    assert read is not None
    head, sealed, rest = read
    assert head == Head("5203", "laptop-1", hashlib.sha256(body).digest(), size, 3_000_000_000)
    assert (rest, head.count) == (b"more", (size + 255) // 256)
    assert sum(head.length_of(number) for number in range(300)) == size
    assert sealed.believe(KEY.public_key())
    assert not sealed.believe(Ed25519PrivateKey.generate().public_key())
    for end in (0, 1, 64, 102, len(written) - 1):
        assert blocks.read_head(written[:end]) is None


@pytest.mark.parametrize("at", [0, 63, 64, 95, 96, 97, 98, 101, 103, 115])
def test_a_head_changed_anywhere_is_not_believed(at: int) -> None:
    written = bytearray(blocks.write_head("5203", "laptop-1", b"x" * 1000, 1, KEY))
    written[at] ^= 1
    read = blocks.read_head(bytes(written))
    assert read is not None
    assert not read[1].believe(KEY.public_key())


@pytest.mark.parametrize(
    "name", [b"", b"5203", b"5203/", b"/", b"x" * 17 + b"/d", b"5203/" + b"d" * 65, b"5203/\xff", b"52\x0003/d"]
)
def test_a_head_that_names_nobody_is_refused(name: bytes) -> None:
    with pytest.raises(BadInput, match="kepala"):
        blocks.read_head(struct.pack(">64s32sHIB", b"", b"", 9, 1, len(name)) + name)


def test_whole_blocks_are_taken_and_the_beginning_of_the_next_waits() -> None:
    head = head_of(2 * BLOCK + 10)
    received = bytearray(b"\x01" + b"b" * BLOCK + b"\x02" + b"c" * 10 + b"\x00" + b"a" * 100)
    assert blocks.take_blocks(head, received) == {1: b"b" * BLOCK, 2: b"c" * 10}
    assert received == b"\x00" + b"a" * 100
    assert blocks.take_blocks(head, received) == {}
    received += b"a" * (BLOCK - 100)
    assert blocks.take_blocks(head, received) == {0: b"a" * BLOCK}
    assert not received


@pytest.mark.parametrize("number", [3, 4, 200, 255])
def test_a_block_behind_the_end_is_refused(number: int) -> None:
    with pytest.raises(BadInput, match="potongan"):
        blocks.take_blocks(head_of(2 * BLOCK + 10), bytearray(bytes((0,)) + b"a" * BLOCK + bytes((number,))))


@given(st.sets(st.integers(0, 255)))
@settings(max_examples=30)
def test_a_map_says_which_blocks_are_there(held: set[int]) -> None:
    written = blocks.write_map(held)
    assert (written[:1], len(written)) == (blocks.HELD, 33)
    assert blocks.read_map(written[1:]) == held


def test_an_answer_carries_its_status_and_when_to_come_again() -> None:
    assert blocks.read_answer(blocks.write_answer(503, 90_000, b"later")[1:]) == (503, 65_535, b"later")
    with pytest.raises(BadInput, match="terpotong"):
        blocks.read_answer(b"\x00\xc8\x00")


# --- what goes up next -----------------------------------------------------------------------------------------------


def signed(attempt: int) -> bytes:
    return b"head %d" % attempt


def all_that_may_go(upload: Upload) -> list[int]:
    found = []
    while (number := upload.next()) is not None:
        found.append(number)
    return found


def test_no_more_is_under_way_than_the_window_lets_and_what_arrives_opens_it() -> None:
    upload = Upload(b"x" * (100 * BLOCK), signed)
    upload.connected()
    assert all_that_may_go(upload) == list(range(WINDOW))
    upload.told(frozenset(range(10)))
    assert all_that_may_go(upload) == list(range(WINDOW, WINDOW + 20))  # ten arrived, and as many more may be under way
    assert not upload.is_sent


def test_after_a_cut_what_was_never_sent_goes_first_and_then_what_the_server_lacks() -> None:
    upload = Upload(b"x" * (40 * BLOCK), signed)
    upload.connected()
    all_that_may_go(upload)
    upload.told(frozenset(range(4)))
    all_that_may_go(upload)  # up to 23
    upload.connected()
    assert [upload.next(), upload.next()] == [24, 25]
    upload.told(frozenset((*range(8), 10, 24)))
    assert [upload.next() for _ in range(4)] == [8, 9, 11, 12]
    upload.told(frozenset(range(40)))
    assert upload.next() is None
    assert upload.is_sent


def test_without_a_word_of_the_server_what_may_be_lost_goes_again_the_last_first() -> None:
    upload = Upload(b"x" * (3 * BLOCK), signed)
    for expected in ([0, 1, 2], [2, 1, 0], [2, 1, 0]):
        upload.connected()
        assert all_that_may_go(upload) == expected
        assert upload.is_sent


def test_one_of_an_earlier_run_hears_the_server_first() -> None:
    upload = Upload(b"x" * (5 * BLOCK), signed, is_asking=True)
    upload.connected()
    assert all_that_may_go(upload) == []
    assert not upload.is_sent
    upload.told(frozenset((0, 1, 4)))
    assert all_that_may_go(upload) == [2, 3]


def test_a_server_that_forgot_is_given_everything_again() -> None:
    upload = Upload(b"x" * (5 * BLOCK), signed)
    upload.connected()
    upload.told(frozenset((0, 1, 2)))
    assert upload.most == 3
    upload.connected()
    upload.told(frozenset())
    assert all_that_may_go(upload) == [0, 1, 2, 3, 4]
    assert upload.most == 3


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_is_lost_the_server_has_everything_in_the_end(data: st.DataObject) -> None:
    body = bytes(n * 7 % 256 for n in range(data.draw(st.integers(1, 30 * BLOCK))))
    upload, head = Upload(body, signed), head_of(len(body))
    there: dict[int, bytes] = {}
    for _connection in range(data.draw(st.integers(0, 12))):
        upload.connected()
        for arrives, said in data.draw(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8)):
            number = upload.next()
            if number is not None and arrives:
                there |= blocks.take_blocks(head, bytearray(upload.block(number)))
            if said:
                upload.told(frozenset(there))
    upload.connected()  # at last one that lives
    while (number := upload.next()) is not None:
        there |= blocks.take_blocks(head, bytearray(upload.block(number)))
        upload.told(frozenset(there))
    assert upload.is_sent
    assert b"".join(there[number] for number in sorted(there)) == body
