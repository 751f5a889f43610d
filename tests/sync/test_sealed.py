"""The sealed file of the stick: only its reader opens it, and everything else is refused with a sentence."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput
from posyandu.sync import sealed
from posyandu.sync.sealed import FROM_SERVER, MAX_FILE, TO_LAPTOP, TO_SERVER, open_file, seal_file

SECRET = bytes(range(32))
READER = Ed25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()
PARTS = (b"satu", b"dua" * 50, b"\0")


def test_the_reader_gets_the_parts_back_and_the_file_shows_nothing_of_them() -> None:
    file = seal_file(TO_SERVER, [b"Siti Marlina 5203014101900001"], READER)
    assert b"Siti" not in file
    assert open_file(file, SECRET, [TO_SERVER]).parts == (b"Siti Marlina 5203014101900001",)
    assert seal_file(TO_SERVER, [b"x"], READER) != seal_file(TO_SERVER, [b"x"], READER)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_both_forms_of_a_key_belong_together(secret: bytes) -> None:
    import hashlib

    edwards = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    montgomery = X25519PrivateKey.from_private_bytes(hashlib.sha512(secret).digest()[:32]).public_key()
    assert sealed._other_form(edwards) == montgomery.public_bytes_raw()


def test_a_file_cut_at_any_byte_is_refused_and_says_that_it_is_torn() -> None:
    file = seal_file(TO_LAPTOP, PARTS, READER)
    for length in range(len(file)):
        with pytest.raises(BadInput, match="terpotong|kosong"):
            open_file(file[:length], SECRET, [TO_LAPTOP])
    assert open_file(file, SECRET, [TO_LAPTOP]).parts == PARTS


def test_a_file_with_any_byte_changed_is_refused() -> None:
    file = seal_file(TO_LAPTOP, PARTS, READER)
    for place in range(len(file)):
        bad = bytearray(file)
        bad[place] ^= 1
        with pytest.raises(BadInput):
            open_file(bytes(bad), SECRET, [TO_LAPTOP])
    with pytest.raises(BadInput, match="rusak"):
        open_file(file + b"x", SECRET, [TO_LAPTOP])


def test_a_foreign_file_and_one_for_another_reader_are_named_so() -> None:
    file = seal_file(FROM_SERVER, PARTS, READER)
    with pytest.raises(BadInput, match="laptop atau server lain"):
        open_file(file, bytes(32), [FROM_SERVER])
    with pytest.raises(BadInput, match="sebaliknya"):
        open_file(file, SECRET, [TO_SERVER])
    for other in (b"PK\3\4 a spreadsheet", b"P" * MAX_FILE, file + bytes(MAX_FILE)):
        with pytest.raises(BadInput, match="bukan berkas kiriman"):
            open_file(other, SECRET, [FROM_SERVER])


def test_parts_that_do_not_add_up_are_refused() -> None:
    for content in (b"\0\0\0\5abc", b"\0\0", b"\0\0\0\0"):
        with pytest.raises(BadInput, match="rusak"):
            sealed._parts(content)
