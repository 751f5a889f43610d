"""The seed's two files, byte by byte: who asks is proved, who answers knows the code, and nothing else is believed."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.change import canonical_json
from posyandu.domain.errors import BadInput
from posyandu.sync import seed
from posyandu.sync.sealed import SEED, TO_LAPTOP, seal_file
from posyandu.sync.seed import MAX_SEED, Seed, Wish, read_seed, read_wish, write_seed

SECRET = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SECRET)
PUBLIC = KEY.public_key().public_bytes_raw()
CODE = "5203-ABCD-EFGH-JKMN"
WISH = Wish("laptop-baru", PUBLIC, CODE, b"")
FROM_LAPTOP = Seed(1_763_000_000_000, b"k" * 32, practice=False)
FROM_SERVER = replace(
    FROM_LAPTOP, practice=True, answer={"kab": "5203", "epoch": "e"}, url="https://posyandu.contoh.id"
)


def told(**changes: object) -> dict[str, object]:
    return {"dev": "laptop-baru", "key": PUBLIC.hex(), "code": CODE, "app": "1.0"} | changes


def wish(body: dict[str, object], signer: Ed25519PrivateKey = KEY, purpose: bytes = b"posyandu-enrol-1\0") -> bytes:
    """A request as a laptop writes it: every part but the signature is signed."""
    return orjson.dumps(body | {"sig": signer.sign(purpose + canonical_json(body)).hex()})


# --- the request -----------------------------------------------------------------------------------------------------


def test_a_request_says_who_asks_with_which_code_and_is_kept_as_it_was_written() -> None:
    body = wish(told())
    assert read_wish(body) == Wish("laptop-baru", PUBLIC, CODE, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\3\4",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"sig": 5}',
        b'{"sig": "zz"}',
        b"\xff",
        wish(told())[:-1],
        wish({name: value for name, value in told().items() if name != "key"}),
        wish(told(key="00")),
        wish(told(key=5)),
        wish({name: value for name, value in told().items() if name != "code"}),
        wish({name: value for name, value in told().items() if name != "dev"}),
    ],
)
def test_what_is_no_request_is_refused_in_one_sentence(body: bytes) -> None:
    with pytest.raises(BadInput, match=r"Ini bukan berkas permintaan laptop baru\. Buat lagi di laptop itu\."):
        read_wish(body)


@pytest.mark.parametrize(
    "forged",
    [
        wish(told(), Ed25519PrivateKey.generate()),
        wish(told(), purpose=b"posyandu-sync-1\0"),
        orjson.dumps(orjson.loads(wish(told())) | {"code": "5203-ZZZZ-ZZZZ-ZZZZ"}),
        orjson.dumps(orjson.loads(wish(told())) | {"dev": "laptop-lain"}),
        orjson.dumps(orjson.loads(wish(told())) | {"more": 1}),
        orjson.dumps(orjson.loads(wish(told())) | {"key": "11" * 32}),
    ],
    ids=["another key signed", "signed for another purpose", "other code", "other laptop", "more parts", "other key"],
)
def test_only_who_holds_the_key_asks_with_it(forged: bytes) -> None:
    with pytest.raises(BadInput, match="bukan berkas permintaan"):
        read_wish(forged)


# --- the answer ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [FROM_LAPTOP, FROM_SERVER], ids=["from a laptop", "from a server"])
@pytest.mark.parametrize("replies", [(), (b"first", b"second" * 9)], ids=["nothing yet", "two replies"])
def test_the_laptop_that_asked_reads_what_was_written(said: Seed, replies: tuple[bytes, ...]) -> None:
    assert read_seed(write_seed(said, replies, WISH), SECRET, CODE) == (said, replies)


@settings(max_examples=25)
@given(st.integers(0, 2**53), st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=1), max_size=4))
def test_whatever_it_says_of_itself_comes_back(at_ms: int, key: bytes, replies: list[bytes]) -> None:
    said = Seed(at_ms, key, practice=at_ms % 2 == 0)
    assert read_seed(write_seed(said, replies, WISH), SECRET, CODE) == (said, tuple(replies))


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", ""), CODE.replace("-", " "), f" {CODE}\n"])
def test_the_code_counts_however_it_was_typed(typed: str) -> None:
    file = write_seed(FROM_LAPTOP, [b"reply"], WISH)
    assert read_seed(file, SECRET, typed)[0] == FROM_LAPTOP


@pytest.mark.parametrize("typed", ["", "5203", CODE[:-1], CODE + "A", CODE.replace("A", "B")])
def test_an_answer_to_another_request_is_refused_though_it_is_for_this_key(typed: str) -> None:
    file = write_seed(FROM_LAPTOP, [b"reply"], WISH)
    with pytest.raises(BadInput, match=r"bukan jawaban atas permintaan terakhir laptop ini\. Minta yang baru\."):
        read_seed(file, SECRET, typed)


def test_another_laptop_cannot_open_it() -> None:
    with pytest.raises(BadInput, match="untuk laptop atau server lain"):
        read_seed(write_seed(FROM_LAPTOP, [], WISH), bytes(32), CODE)


def test_a_letter_of_another_kind_is_no_seed() -> None:
    with pytest.raises(BadInput, match="arah sebaliknya"):
        read_seed(seal_file(TO_LAPTOP, [b"x"], PUBLIC), SECRET, CODE)


def head(**changes: object) -> bytes:
    whole = {"p": 1, "at": 5, "key": "00" * 32, "practice": False, "answer": None, "url": ""} | changes
    return orjson.dumps({name: value for name, value in whole.items() if value != "left out"})


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"only a head"],
        [b"no json", b"proof"],
        [b"[]", b"proof"],
        [b"5", b"proof"],
        [head(at="later"), b"proof"],
        [head(at=None), b"proof"],
        [head(key="zz"), b"proof"],
        [head(key=5), b"proof"],
        *([head(**{name: "left out"}), b"proof"] for name in ("at", "key", "practice", "answer", "url")),
    ],
)
def test_a_file_for_this_laptop_that_lacks_a_part_is_said_to_be_damaged(parts: list[bytes]) -> None:
    with pytest.raises(BadInput, match=r"Berkas ini rusak\. Buat dan salin ulang\."):
        read_seed(seal_file(SEED, parts, PUBLIC), SECRET, CODE)


def test_a_head_whose_proof_is_missing_or_of_another_head_is_not_believed() -> None:
    good = head()
    for proof in (b"x", seed._proof(head(at=6), CODE), seed._proof(good, "")):
        with pytest.raises(BadInput, match="bukan jawaban"):
            read_seed(seal_file(SEED, [good, proof], PUBLIC), SECRET, CODE)
    assert read_seed(seal_file(SEED, [good, seed._proof(good, CODE)], PUBLIC), SECRET, CODE)[0].at_ms == 5


Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda file: b"", "kosong"),
        (lambda file: file[:30], "terpotong"),
        (lambda file: file[:-1], "terpotong"),
        (lambda file: file[:-1] + bytes([file[-1] ^ 1]), "rusak"),
        (lambda file: file + b"x", "rusak"),
        (lambda file: b"x" + file, "bukan berkas kiriman Posyandu"),
    ],
)
def test_a_torn_or_damaged_seed_is_named_so(damage: Damage, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_seed(damage(write_seed(FROM_LAPTOP, [b"reply" * 20], WISH)), SECRET, CODE)


def test_a_seed_may_be_far_larger_than_a_letter_but_not_without_end() -> None:
    large = write_seed(FROM_LAPTOP, [bytes(400_000)], WISH)
    assert read_seed(large, SECRET, CODE)[1] == (bytes(400_000),)
    assert MAX_SEED == 64 * 1024 * 1024
    with pytest.raises(BadInput, match="bukan berkas kiriman"):
        read_seed(large[:100] + bytes(MAX_SEED), SECRET, CODE)
