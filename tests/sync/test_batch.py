import hashlib
import os
import random
import time
import tracemalloc

import orjson
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posyandu.domain.change import Op, canonical_json
from posyandu.domain.errors import BadInput
from posyandu.sync import batch
from posyandu.sync.batch import decode, hash_of_ids, is_signed_by, saves_in, seal, together, unpack, without
from posyandu.sync.check import fault, is_newer, unlikely

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
POST = "a" * 32


def op(n: int = 0, **changes: object) -> Op:
    values: dict[str, object] = {
        "scope": POST,
        "entity": "under_five_visit",
        "record": f"{n:032x}",
        "version": 1,
        "depth": 1,
        "heads": (),
        "fields": {"weight_g": 8200 + n, "note": "sehat"},
        "author": "w1",
        "at_ms": 1_766_000_000_000 + n,
        "clock": 1,
        "nonce": f"{n:016x}",
    }
    return Op(**(values | changes))  # type: ignore[arg-type]


def sealed(ops: list[Op], **changes: object) -> tuple[str, bytes]:
    values: dict[str, object] = {
        "device": "d1",
        "incarnation": "i1",
        "sequence": 1,
        "previous": "",
        "area": "5202012001",
        "app": "1.0",
        "schema": 1,
        "at_ms": 5,
    }
    return seal(ops, KEY, **(values | changes))  # type: ignore[arg-type]


def packed_lines(lines: list[bytes], ids: list[str] | None = None, **changes: object) -> bytes:
    """A batch of any lines at all, properly signed."""
    ids = ids or [hashlib.sha256(line).hexdigest()[:32] for line in lines]
    values: dict[str, object] = {
        "p": 1, "dev": "d1", "inc": "i1", "seq": 1, "prev": "", "pos": POST, "area": "5202012001", "n": len(lines),
        "oph": hash_of_ids(ids), "app": "1.0", "sch": 1, "t": 5,
    }  # fmt: skip
    header = canonical_json(values | changes)
    signature = KEY.sign(b"posyandu-batch-1\0" + header)
    return zstandard.compress(header + b"\n" + signature + b"\n".join(lines))


FIELDS = st.dictionaries(
    st.text(max_size=9).filter(lambda text: text and "\0" not in text and "withdrawn" not in text),
    st.integers(-9, 9) | st.booleans() | st.none(),
    min_size=1,
)


@given(st.lists(FIELDS, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
@example([{"weight_g": 7450}])
def test_what_is_sealed_is_what_is_read(fields: list[dict[str, object]]) -> None:
    ops = [op(n, entity="later_entity", fields=each) for n, each in enumerate(fields)]
    batch_id, packed = sealed(ops)
    read = decode(packed)
    assert read.id == batch_id
    assert [line.id for line in read.lines] == [each.id for each in ops]
    assert [line.op and line.op.canonical for line in read.lines] == [each.canonical for each in ops]
    assert is_signed_by(read, KEY.public_key())


def test_another_key_did_not_sign_it() -> None:
    read = decode(sealed([op()])[1])
    assert not is_signed_by(read, Ed25519PrivateKey.generate().public_key())


def test_the_id_depends_on_what_is_said_not_on_the_compression() -> None:
    assert sealed([op()], level=1)[0] == sealed([op()], level=19)[0]  # type: ignore[arg-type]
    assert sealed([op()])[0] != sealed([op()], sequence=2)[0]


def test_an_erased_save_is_only_its_id_and_the_batch_still_verifies() -> None:
    kept, erased = op(1), op(2)
    header = decode(sealed([kept, erased])[1]).header
    content = header.canonical + b"\n" + KEY.sign(b"posyandu-batch-1\0" + header.canonical)
    lines = [kept.canonical, b'"' + erased.id.encode() + b'"']
    read = decode(zstandard.compress(content + b"\n".join(lines)))
    assert is_signed_by(read, KEY.public_key())
    assert read.id == sealed([kept, erased])[0]
    assert [line.reason for line in read.lines] == ["", "dihapus"]
    assert read.lines[1].id == erased.id


GOOD = orjson.loads(op().canonical)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "bukan JSON"),
        (b"[" * 5000, "bukan JSON"),
        (b'"short"', "bukan objek"),
        (b"7", "bukan objek"),
        (canonical_json({}), "kurang atau lebih"),
        (canonical_json(GOOD | {"f": {}}), "kosong"),
        (canonical_json(GOOD | {"f": {"weight_g": "8"}}), "jenis nilai salah: weight_g"),
        (canonical_json(GOOD | {"f": {"sick": 1}}), "jenis nilai salah: sick"),
        (canonical_json(GOOD | {"f": {"note": 3}}), "jenis nilai salah: note"),
        (canonical_json(GOOD | {"f": {"visited_on": "besok"}}), "jenis nilai salah: visited_on"),
        (canonical_json(GOOD | {"f": {"visited_on": "2026-13-01"}}), "jenis nilai salah: visited_on"),
        (canonical_json(GOOD | {"f": {"person_id": 3}}), "jenis nilai salah: person_id"),
        (canonical_json(GOOD | {"f": {"withdrawn": "ya"}}), "jenis nilai salah: withdrawn"),
        (canonical_json(GOOD).replace(b"8200", b"8.2"), "nilai pada catatan salah"),
        (canonical_json(GOOD).replace(b"8200", b"9" * 40), "salah"),
        (canonical_json(GOOD).replace(b":", b": ", 1), "tidak baku"),
        (canonical_json(GOOD | {"w": "#"}).replace(b"#", "e\u0301".encode()), "tidak baku"),
        (canonical_json(GOOD | {"w": "a\0b"}), "tulisan pada catatan salah"),
        (canonical_json(GOOD | {"f": {"note": "a\0b"}}), "tulisan pada catatan salah"),
        (canonical_json(GOOD | {"s": "b" * 32}), "posyandu lain"),
        (canonical_json(GOOD | {"e": "posyandu"}), "posyandu tidak cocok"),
        (canonical_json(GOOD | {"e": ""}), "tidak bernama"),
        (canonical_json(GOOD | {"l": 2**40}), "nomor urut"),
        (b'{"a":"\xff"}', "bukan JSON"),
    ],
)  # fmt: skip
def test_one_bad_save_is_named_and_the_others_stand(line: bytes, reason: str) -> None:
    good = op(7)
    read = decode(packed_lines([line, good.canonical]))
    assert read.lines[0].op is None
    assert reason in read.lines[0].reason
    assert read.lines[1].op == good


@pytest.mark.parametrize(
    "changes",
    [
        {"p": 2}, {"p": True}, {"dev": ""}, {"dev": "x" * 65}, {"inc": 5}, {"pos": ""}, {"n": 2}, {"n": 0},
        {"n": -1}, {"n": True},
        {"seq": -1}, {"t": "now"}, {"oph": "00"}, {"more": 1}, {"area": "a\0"},
    ],
)  # fmt: skip
def test_a_header_that_is_wrong_refuses_the_batch(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        decode(packed_lines([op().canonical], **changes))


def test_a_header_in_another_byte_form_is_refused() -> None:
    content = zstandard.decompress(packed_lines([op().canonical]))
    with pytest.raises(BadInput, match="tidak baku"):
        decode(zstandard.compress(content.replace(b":", b": ", 1)))


def test_changed_saves_are_noticed_by_the_header() -> None:
    content = zstandard.decompress(packed_lines([op().canonical]))
    with pytest.raises(BadInput, match="tidak cocok"):
        decode(zstandard.compress(content.replace(b"8200", b"8300")))


@pytest.mark.parametrize("packed", [b"", b"hello", b"\0" * 100, zstandard.compress(b""), zstandard.compress(b"{}\n")])
def test_what_is_no_batch_is_refused_with_a_reason(packed: bytes) -> None:
    with pytest.raises(BadInput):
        decode(packed)


def test_too_many_bytes_are_refused_before_they_are_opened() -> None:
    with pytest.raises(BadInput, match="terlalu besar"):
        decode(os.urandom(batch.MAX_PACKED + 1))


def test_a_compression_bomb_costs_little_memory() -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(b"\0" * (200 << 20))
    silent = zstandard.ZstdCompressor(level=3, write_content_size=False).compressobj()
    undeclared = silent.compress(b"\0" * (200 << 20)) + silent.flush()
    tracemalloc.start()
    for each in (bomb, undeclared):
        assert len(each) < 64 * 1024
        with pytest.raises(BadInput):
            unpack(each, 4 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 << 20


def test_a_truncated_frame_is_refused() -> None:
    packed = sealed([op(n) for n in range(20)])[1]
    for end in range(0, len(packed), 7):
        with pytest.raises(BadInput):
            decode(packed[:end])


def test_damaged_bytes_never_crash_the_decoder() -> None:
    """A bounded sample; POSYANDU_FUZZ=1000000 runs the release gate."""
    rng = random.Random(7)
    packed = sealed([op(n) for n in range(30)])[1]
    content = zstandard.decompress(packed)
    started = time.monotonic()
    for _ in range(int(os.environ.get("POSYANDU_FUZZ", "3000"))):
        target = bytearray(packed if rng.random() < 0.4 else content)
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(target))
            match rng.randrange(4):
                case 0:
                    target[at] = rng.randrange(256)
                case 1:
                    del target[at : at + rng.randint(1, 40)]
                case 2:
                    target[at:at] = rng.randbytes(rng.randint(1, 9))
                case _:
                    target[at : at + 1] = rng.choice([b"[" * 200, b"9" * 60, b'"', b"\xff", b"\n", b"{}", b"null"])
            if not target:
                target = bytearray(b" ")
        data = bytes(target) if target[:4] == packed[:4] else zstandard.compress(bytes(target), 1)
        try:
            read = decode(data)
        except BadInput:
            continue
        assert read.header.count == len(read.lines)
    assert time.monotonic() - started < 3600


def test_a_large_day_stays_under_eighty_bytes_a_visit() -> None:
    rng = random.Random(3)
    visits = [
        op(
            n,
            record=rng.randbytes(16).hex(),
            nonce="",
            at_ms=1_766_000_000_000 + n * 61_000 + rng.randrange(9000),
            fields={
                "person_id": rng.randbytes(16).hex(), "session_id": "5" * 32, "visited_on": "2026-11-12",
                "weight_g": rng.randrange(4000, 18000, 100), "length_mm": rng.randrange(520, 1100, 5),
                "head_mm": rng.randrange(380, 520, 5), "muac_mm": rng.randrange(115, 180, 5), "oedema": False,
            },
        )
        for n in range(150)
    ]  # fmt: skip
    assert len(sealed(visits)[1]) / 150 < 80


def test_an_unknown_entity_or_newer_form_is_kept_and_marked_as_newer() -> None:
    assert is_newer(op(entity="mental_health"))
    assert is_newer(op(version=99))
    assert not is_newer(op())
    assert fault(op(entity="mental_health", fields={"x": 1})) == ""
    assert fault(op(fields={"new_question": "apa saja"})) == ""
    assert fault(op(fields={"weight_g": None, "visited_on": "2026-11-12", "sick": True, "withdrawn": True})) == ""
    assert fault(op(fields={"visited_on": 20261112}))


def test_an_impossible_weight_is_marked_and_never_a_fault() -> None:
    assert unlikely(op(fields={"weight_g": 900_000, "length_mm": 700})) == ("weight_g",)
    assert unlikely(op(entity="mental_health")) == ()
    assert fault(op(fields={"weight_g": 900_000})) == ""


def test_the_saves_of_some_records_are_found_in_a_stored_batch() -> None:
    ops = [op(1, record="a"), op(2, record="b"), op(3, record="a")]
    packed = packed_lines([*(each.canonical for each in ops), b"{", canonical_json("0" * 32)])
    assert [each.id for each in saves_in(packed, POST)] == [each.id for each in ops]
    assert [each.id for each in saves_in(packed, POST, {"a", "zz"})] == [ops[0].id, ops[2].id]
    assert saves_in(packed, "b" * 32) == []


def test_the_first_field_of_a_wrong_kind_is_named_whatever_day_stands_before_it() -> None:
    fields = {"visited_on": "2026-11-12", "a": 1, "weight_g": "8"}
    assert fault(op(fields=fields)) == "jenis nilai salah: weight_g"
    assert fault(op(fields=fields | {"visited_on": "besok"})) == "jenis nilai salah: visited_on"
    assert fault(op(fields=fields | {"visited_on": 5})) == "jenis nilai salah: visited_on"
    assert fault(op(fields={"note": "a\\u0000"})) == ""


@pytest.mark.parametrize(
    "halves",
    [
        (b'"w":"x}', b'{y"}'),  # a text that goes on over the line's end
        (b'"b":[{}', b"{}]}"),  # a list that does
        (b'"b":["x"', b'{}]},{"e":2}'),  # one that does, and two objects on one line, so that the count comes out right
    ],
)
def test_a_save_cannot_hide_where_one_line_ends_and_the_next_begins(halves: tuple[bytes, bytes]) -> None:
    lines = [op(1).canonical, op(2).canonical[:-1] + b"," + halves[0], halves[1], op(3).canonical]
    read = decode(packed_lines(lines)).lines
    assert [line.text for line in read] == lines
    assert [line.op is not None for line in read] == [True, False, False, True]


def test_saves_read_together_are_the_saves_read_one_by_one() -> None:
    ops = [op(n, reason="é" * (n % 3), fields={"note": f"baris {n}", "weight_g": n}) for n in range(40)]
    together = decode(sealed(ops)[1]).lines
    alone = decode(packed_lines([each.canonical for each in ops] + [b'"' + b"0" * 32 + b'"'],
                                [each.id for each in ops] + ["0" * 32])).lines  # fmt: skip
    assert together == alone[:-1]
    assert [line.op for line in together] == ops
    assert alone[-1].reason == "dihapus"


def test_text_that_is_not_in_its_normal_form_is_refused_in_a_batch_that_is_otherwise_good() -> None:
    odd = op(2).canonical.replace(b'"note":"sehat"', '"note":"e\u0301"'.encode())
    assert [line.reason for line in decode(packed_lines([op(1).canonical, odd])).lines] == [
        "", "tulisan pada catatan tidak baku",
    ]  # fmt: skip


def test_two_robbed_forms_of_a_batch_are_one_again() -> None:
    ops = [op(number) for number in range(4)]
    batch_id, packed = sealed(ops)
    first, taken = without(packed, {ops[0].head, ops[3].head}, {ops[0].record, ops[3].record})
    assert taken == 2
    second, _taken = without(packed, {ops[1].head, ops[3].head}, {ops[1].record, ops[3].record})
    both, saves = together(first, second)
    assert decode(both).id == batch_id
    assert saves == 3
    assert [line.op for line in decode(both).lines] == [*ops[:3], None]
    assert together(first, packed)[1] == together(packed, first)[1] == 4
