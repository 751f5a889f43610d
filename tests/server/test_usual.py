"""A usual batch read all at once says what its saves say one by one; of any other it says nothing."""

import os
import random
from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.change import MAX_INTEGER, Op, canonical_json
from posyandu.domain.fields import Date, Number
from posyandu.domain.forms import FORMS
from posyandu.server import ingest, usual
from posyandu.storage.columns import to_wire
from posyandu.sync.batch import Batch, Header
from posyandu.sync.check import MAX_DEPTH
from posyandu.sync.message import APPLIED
from tests.strategies import answers

POST = "a" * 32
HEADER = Header("d", "i", 1, "", POST, "5203012001", 1, "", "1", 1, 1)
USUAL = [each for each in FORMS.values() if each.name != "posyandu"]

WEIGHT = FORMS["under_five_visit"].fields["weight_g"]
assert isinstance(WEIGHT, Number)


def op(n: int = 0, entity: str = "under_five_visit", /, **changes: object) -> Op:
    fields = {"weight_g": 8_200 + n, "note": "sehat", "visited_on": "2026-11-12"}
    told = Op(POST, entity, f"anak {n}", 1, 1, (), fields, "w1", 1_766_000_000_000, 1, f"{n:016x}")
    return replace(told, **changes)  # type: ignore[arg-type]


def batch_of(*texts: bytes) -> Batch:
    return Batch(HEADER, b"", texts, tuple(f"{n:032x}" for n in range(len(texts))))


def of(*ops: Op) -> Batch:
    return batch_of(*(each.canonical for each in ops))


def one_by_one(batch: Batch) -> list[tuple[object, ...]] | None:
    """What stands of the records in a batch by the long way, when there is nothing at all to say of it."""
    notes = ingest.notes_on(batch)
    if notes or ingest.state_of(batch, notes) != APPLIED:
        return None
    found = [ingest.projection(*key, saves) for key, saves in ingest.saves_of(batch).items()]
    assert not any(each.conflicts or each.revived for each in found)
    return [(each.entity, each.record, canonical_json(dict(each.doc)), each.withdrawn, each.depth) for each in found]


def at_once(batch: Batch) -> list[tuple[object, ...]] | None:
    found = usual.read(batch)
    if found is None:
        return None
    assert found.forms == set(found.entities)
    told = []
    for _at, entity, record, document, _none, marks, depth in found.fresh(1):
        assert isinstance(document, bytes)
        body = orjson.loads(document)
        assert list(body) == sorted(body, key=lambda name: (len(name), name)), "as PostgreSQL keeps it"
        told.append((entity, record, canonical_json(body), marks == 1, depth))
    return told


def test_a_days_visits_are_usual_whoever_came_and_whatever_was_said() -> None:
    day = [
        op(1), op(2, fields={"person_id": "x", "session_id": "y", "sick": True, "weight_g": WEIGHT.low}),
        op(3, "attendance", fields={"present": True}), op(4, reason="salah ketik", clock=2, depth=MAX_DEPTH),
        op(5, fields={"note": "Ni Luh Ayu – tétanus", "withdrawn": True}), op(6, fields={"withdrawn": False}),
        op(7, at_ms=MAX_INTEGER, author="", nonce=""), op(8, record="é" * 2000),
    ]  # fmt: skip
    found = at_once(of(*day))
    assert found is not None
    assert found == one_by_one(of(*day))
    assert [row[3] for row in found] == [False, False, False, False, True, False, False, False]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(USUAL).flatmap(lambda form: st.tuples(st.just(form), answers(form))), min_size=1))
def test_what_a_person_answers_to_any_form_is_usual_unless_it_empties_or_escapes_something(drawn: list) -> None:  # type: ignore[type-arg]
    ops = []
    for n, (form, told) in enumerate(drawn):
        fields = {name: to_wire(value) for name, value in told.items()} or {"withdrawn": True}
        ops.append(op(n, form.name, version=form.version, fields=fields))
    batch = of(*ops)
    plain = not any(b"\\" in each.canonical or None in each.fields.values() for each in ops)
    assert at_once(batch) == (one_by_one(batch) if plain else None)


GOOD = op().canonical


@pytest.mark.parametrize(
    "odd",
    [
        op(fields={"weight_g": WEIGHT.high + 1}), op(fields={"weight_g": WEIGHT.low - 1}),
        op(fields={"weight_g": None}), op(fields={"weight_g": True}), op(fields={"weight_g": "8200"}),
        op(fields={"sick": 1}), op(fields={"note": 7}), op(fields={"position": False}), op(fields={"person_id": 7}),
        op(fields={"withdrawn": "ya"}), op(fields={"visited_on": "besok"}), op(fields={"visited_on": "2026-W46-4"}),
        op(fields={"visited_on": "2026-02-30"}), op(fields={"visited_on": 20261112}), op(fields={}),
        op(fields={"a_question_of_next_year": 1}), op(0, "a_form_of_next_year"), op(version=99), op(0, ""),
        op(heads=("0" * 16,)), op(depth=MAX_DEPTH + 1), op(record=""), op(record="é" * 2001), op(scope="b" * 32),
        op(0, "posyandu", record=POST, fields={"name": "Melati 3"}), op(author="w" * 2001), op(at_ms=-1),
        op(at_ms=MAX_INTEGER, clock=-1), op(fields={"note": 'kata "lain"'}), op(fields={"note": "a\0b"}),
        op(fields={"note": "baris\nlain"}), op(1),
    ],
)  # fmt: skip
def test_where_one_save_is_out_of_the_usual_all_are_read_one_by_one(odd: Op) -> None:
    assert usual.read(of(op(1), odd)) is None
    assert usual.read(of(op(1))) is not None


@pytest.mark.parametrize(
    "line",
    [
        b"", b"7", b'"' + b"0" * 32 + b'"', b"{}", b"[]", GOOD[:-1], GOOD + b" ", b" " + GOOD, GOOD + b"," + GOOD,
        GOOD.replace(b":", b": ", 1), GOOD.replace(b"8200", b"8200.0"), GOOD.replace(b"8200", b"-0"),
        GOOD.replace(b"8200", b"82e2"), GOOD.replace(b"8200", b"9" * 40), GOOD.replace(b"sehat", b"\\u0073ehat"),
        GOOD.replace(b"sehat", b"\xff"), GOOD.replace(b"sehat", b"\xed\xa0\x80"),
        GOOD.replace(b"sehat", "e\u0301".encode()), GOOD.replace(b"sehat", b"a\tb"),
        GOOD.replace(b'"v":1', b'"v":1,"v":1'), GOOD.replace(b'"v":1', b'"v":1,"w":""'),
        GOOD.replace(b'"v":1', b'"v":1,"x":""'), GOOD.replace(b'"v":1', b'"v":1.0'), GOOD.replace(b',"v":1', b""),
        GOOD.replace(b'"weight_g":8200', b'"weight_g":8200,"weight_g":8200'),
        GOOD.replace(b'"note":"sehat","visited_on":"2026-11-12"', b'"visited_on":"2026-11-12","note":"sehat"'),
        GOOD.replace(b"2026-11-12", b"2026-11-12T00:00:00"), GOOD.replace(b"2026-11-12", b"0000-01-01"),
    ],
)  # fmt: skip
def test_bytes_that_are_not_the_one_form_of_a_save_are_not_usual(line: bytes) -> None:
    assert line != GOOD
    assert usual.read(batch_of(op(1).canonical, line, op(2).canonical)) is None


def test_a_save_cannot_hide_between_two_lines() -> None:
    halves = GOOD[:-1] + b',"w":"x', b'y"}'
    assert usual.read(batch_of(*halves)) is None
    assert usual.read(batch_of(GOOD + b"," + op(1).canonical)) is None


def test_damage_of_any_kind_never_makes_it_say_what_the_long_way_does_not() -> None:
    """A bounded sample; POSYANDU_FUZZ=1000000 runs the release gate."""
    rng = random.Random(11)
    date = next(name for name, field in FORMS["under_five_visit"].fields.items() if isinstance(field, Date))
    good = [op(n, fields={date: "2026-11-12", "weight_g": 9000, "sick": True, "note": "é"}).canonical for n in range(3)]
    pieces = [b"null", b"true", b"-", b"0", b".5", b'"', b"{", b"}", b"[", b",", b":", b"\\", b"\xc3", b" ", b"\x00",
              b'"k":', b'},"k":', b'"withdrawn":true,', b"e\xcc\x81", b"99999999999999999999"]  # fmt: skip
    said = 0
    for _ in range(int(os.environ.get("POSYANDU_FUZZ", "1500"))):
        lines = [bytearray(each) for each in good]
        for _change in range(rng.randint(1, 2)):
            line = rng.choice(lines)
            at = rng.randrange(len(line))
            match rng.randrange(4):
                case 0:
                    line[at] = rng.choice(b'0123456789abcdefklrs"{}:,-')
                case 1:
                    del line[at : at + rng.randint(1, 12)]
                case 2:
                    line[at:at] = rng.choice(pieces)
                case _:
                    line[at : at + 1] = rng.choice(pieces)
        batch = batch_of(*map(bytes, lines))
        found = at_once(batch)
        if found is not None:
            assert found == one_by_one(batch)
            said += 1
    assert said > 50
