"""An envelope opens for its readers alone, for its own record alone, and tells nothing of what is in it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput
from posyandu.storage import keys, sealing
from posyandu.storage.key_file import Cost

MIDWIFE, PUSKESMAS, KADER = sealing.new_key(), sealing.new_key(), sealing.new_key()
RECORD, OTHER = b"melati/1", b"melati/2"
SECRET = b"Ibu Anu dipukul tadi malam"
CHEAP = Cost(1, 64)


def test_every_reader_opens_it_and_nobody_else() -> None:
    envelope = sealing.seal(SECRET, [MIDWIFE.public, PUSKESMAS.public], RECORD)
    assert sealing.unseal(envelope, MIDWIFE, RECORD) == sealing.unseal(envelope, PUSKESMAS, RECORD) == SECRET
    with pytest.raises(BadInput, match="tidak disegel"):
        sealing.unseal(envelope, KADER, RECORD)
    assert sealing.is_for(envelope, MIDWIFE.public)
    assert not sealing.is_for(envelope, KADER.public)


def test_it_opens_for_no_other_record() -> None:
    envelope = sealing.seal(SECRET, [MIDWIFE.public], RECORD)
    with pytest.raises(BadInput, match="rusak"):
        sealing.unseal(envelope, MIDWIFE, OTHER)


@given(st.binary(max_size=3000), st.integers(1, 4))
def test_whatever_was_sealed_comes_out_and_its_length_hides_in_steps(content: bytes, readers: int) -> None:
    holders = [sealing.new_key() for _each in range(readers)]
    envelope = sealing.seal(content, [each.public for each in holders], RECORD)
    assert all(sealing.unseal(envelope, each, RECORD) == content for each in holders)
    padded = -(-(len(content) + 4) // sealing.STEP_BYTES) * sealing.STEP_BYTES
    assert len(base64.b64decode(envelope)) == 2 + 88 * readers + 12 + padded + 16


def test_two_envelopes_of_the_same_have_nothing_in_common_and_show_nothing() -> None:
    first, second = (sealing.seal(SECRET, [MIDWIFE.public], RECORD) for _ in range(2))
    assert first[20:] != second[20:]
    assert SECRET not in base64.b64decode(first)
    assert len(first) == len(sealing.seal(b"x", [MIDWIFE.public], RECORD))


@given(st.data())
def test_a_damaged_envelope_is_refused_in_words_that_tell_nothing(data: st.DataObject) -> None:
    raw = bytearray(base64.b64decode(sealing.seal(SECRET, [MIDWIFE.public], RECORD)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    cut = raw[: data.draw(st.integers(0, len(raw)))]
    with pytest.raises(BadInput) as refused:
        sealing.unseal(base64.b64encode(cut).decode(), MIDWIFE, RECORD)
    assert "dipukul" not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "rusak"),
        (b"\0", "rusak"),
        (b"\0" * 200, "rusak"),
        (b"\x01\x02" + b"\0" * 203, "rusak"),
        (b"\x01\x02" + b"\0" * 204, "tidak disegel untuk kunci Anda"),
        (b"\x09" + b"\0" * 200, "versi lebih baru"),
    ],
)
def test_what_is_no_envelope_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        sealing.unseal(base64.b64encode(raw).decode(), MIDWIFE, RECORD)
    with pytest.raises(BadInput, match="rusak"):
        sealing.unseal("%%%", MIDWIFE, RECORD)


def test_a_reader_lets_another_one_in_without_touching_the_envelope() -> None:
    envelope = sealing.seal(SECRET, [MIDWIFE.public], RECORD)
    wrap = sealing.wrap_for(envelope, MIDWIFE, RECORD, PUSKESMAS.public)
    assert sealing.unseal(envelope, PUSKESMAS, RECORD, [wrap]) == SECRET
    assert sealing.is_for(envelope, PUSKESMAS.public, [wrap])
    onward = sealing.wrap_for(envelope, PUSKESMAS, RECORD, KADER.public, [wrap])
    assert sealing.unseal(envelope, KADER, RECORD, [wrap, onward]) == SECRET
    with pytest.raises(BadInput):
        sealing.wrap_for(envelope, KADER, RECORD, KADER.public)
    with pytest.raises(BadInput):
        sealing.unseal(sealing.seal(SECRET, [MIDWIFE.public], OTHER), PUSKESMAS, OTHER, [wrap])


def test_nothing_is_sealed_to_nobody_and_nothing_too_long() -> None:
    with pytest.raises(BadInput, match="langsung kepada bidan"):
        sealing.seal(SECRET, [], RECORD)
    with pytest.raises(BadInput, match="Ringkas"):
        sealing.seal(b"x" * sealing.MOST_BYTES, [MIDWIFE.public], RECORD)


def test_a_reader_named_twice_is_one() -> None:
    envelope = sealing.seal(SECRET, [MIDWIFE.public, MIDWIFE.public], RECORD)
    assert sealing.unseal(envelope, MIDWIFE, RECORD) == SECRET


def test_a_fingerprint_is_twelve_digits_of_its_own() -> None:
    shown = sealing.fingerprint(MIDWIFE.public)
    assert [len(part) for part in shown.split()] == [4, 4, 4]
    assert shown.replace(" ", "").isdigit()
    assert shown == sealing.fingerprint(MIDWIFE.public) != sealing.fingerprint(KADER.public)


def test_a_secret_key_lies_under_its_pin_and_its_owner() -> None:
    box = sealing.lock(MIDWIFE, "271845", CHEAP, b"bidan")
    opened = sealing.unlock(box, "271845", b"bidan")
    assert opened is not None
    assert opened.public == MIDWIFE.public
    assert sealing.unlock(box, "271846", b"bidan") is None
    assert sealing.unlock(box, "271845", b"another") is None
    assert base64.b64encode(MIDWIFE.secret).decode() not in str(box)
    with pytest.raises(BadInput, match="mudah ditebak"):
        sealing.lock(MIDWIFE, "123456", CHEAP, b"bidan")


def test_an_open_key_shows_nothing_of_itself() -> None:
    assert MIDWIFE.secret.hex() not in repr(MIDWIFE)
    assert "secret" not in repr(MIDWIFE)


def test_a_pin_box_is_for_its_purpose() -> None:
    box = keys.seal_by_pin(b"abc", "271845", CHEAP, b"one")
    assert keys.open_by_pin(box, "271845", CHEAP, b"one") == b"abc"
    assert keys.open_by_pin(box, "271845", CHEAP, b"two") is None
