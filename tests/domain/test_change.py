"""Ops have one byte form, and the standing values depend on the set of ops alone."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.change import Op, canonical_json, read_op, standing
from posyandu.domain.errors import BadInput
from tests.strategies import histories, wire_values


def op(fields: dict, *, heads: tuple[str, ...] = (), depth: int = 1, nonce: str = "0" * 16, at_ms: int = 0) -> Op:
    return Op(
        scope="pos",
        entity="under_five_visit",
        record="anak",
        version=1,
        depth=depth,
        heads=heads,
        fields=fields,
        author="kader",
        at_ms=at_ms,
        clock=1,
        nonce=nonce,
    )


def after(seen: Op, fields: dict, **more) -> Op:
    return op(fields, heads=(seen.head,), depth=seen.depth + 1, **more)


def test_a_later_save_replaces_what_its_author_saw() -> None:
    first = op({"weight_g": 8200, "note": "rewel"})
    second = after(first, {"weight_g": 8300})
    now = standing([(first, "a"), (second, "b")])
    assert now.values == {"weight_g": 8300, "note": "rewel"}
    assert not now.conflicts
    assert now.heads == (second.head,)


def test_two_laptops_that_did_not_see_each_other_make_a_conflict_and_lose_nothing() -> None:
    first = op({"weight_g": 8200})
    here = after(first, {"weight_g": 8300}, nonce="1" * 16)
    there = after(first, {"weight_g": 8400}, nonce="2" * 16)
    now = standing([(first, "a"), (here, "a"), (there, "b")])
    assert {candidate.value for candidate in now.conflicts["weight_g"]} == {8300, 8400}
    assert now.values["weight_g"] == now.conflicts["weight_g"][0].value


def test_the_same_value_typed_twice_is_no_conflict() -> None:
    one, two = op({"weight_g": 8300}, nonce="1" * 16), op({"weight_g": 8300}, nonce="2" * 16)
    assert not standing([(one, "a"), (two, "b")]).conflicts


def test_true_and_one_are_different_answers() -> None:
    one, two = op({"sick": True}, nonce="1" * 16), op({"sick": 1}, nonce="2" * 16)
    assert "sick" in standing([(one, "a"), (two, "b")]).conflicts


def test_a_save_that_has_seen_both_settles_the_conflict() -> None:
    one, two = op({"weight_g": 8300}, nonce="1" * 16), op({"weight_g": 8400}, nonce="2" * 16)
    settled = op({"weight_g": 8400}, heads=(one.head, two.head), depth=2, nonce="3" * 16)
    assert not standing([(one, "a"), (two, "b"), (settled, "a")]).conflicts


def test_a_wrong_clock_never_decides() -> None:
    first = op({"weight_g": 8200}, at_ms=10**13)
    second = after(first, {"weight_g": 8300}, at_ms=0)
    assert standing([(first, "a"), (second, "b")]).values["weight_g"] == 8300


def test_a_withdrawal_takes_away_what_it_saw_and_an_unseen_edit_brings_it_back() -> None:
    first = op({"weight_g": 8200})
    gone = after(first, {"withdrawn": True})
    assert standing([(first, "a"), (gone, "a")]).withdrawn
    edit = after(first, {"note": "ditimbang ulang"})
    now = standing([(first, "a"), (gone, "a"), (edit, "b")])
    assert now.revived
    assert not now.withdrawn


def test_a_withdrawal_can_be_undone() -> None:
    first = op({"weight_g": 8200})
    gone = after(first, {"withdrawn": True})
    back = after(gone, {"withdrawn": None})
    now = standing([(first, "a"), (gone, "a"), (back, "a")])
    assert not now.withdrawn
    assert not now.revived


def test_no_ops_stand_for_nothing() -> None:
    now = standing([])
    assert (dict(now.values), now.heads, now.depth, now.withdrawn) == ({}, (), 0, False)


@given(histories(), st.randoms(use_true_random=False), st.lists(st.integers(0, 7)))
def test_any_order_and_any_repeats_give_the_same_standing(made: list, chance: random.Random, again: list[int]) -> None:
    shuffled = [*made, *(made[index] for index in again if index < len(made))]
    chance.shuffle(shuffled)
    assert standing(shuffled) == standing(made)


@given(histories())
def test_no_written_value_disappears_unless_a_write_that_saw_it_replaced_it(made: list) -> None:
    now = standing(made)
    for written, _device in made:
        for name, value in written.fields.items():
            replaced = any(name in other.fields and written.head in seen_by(other, made) for other, _ in made)
            shown = [now.values[name], *(candidate.value for candidate in now.conflicts.get(name, ()))]
            assert replaced or value in shown


def seen_by(op_: Op, made: list) -> set[str]:
    parents = {other.head: other.heads for other, _ in made}
    found: set[str] = set()
    todo = list(op_.heads)
    while todo:
        head = todo.pop()
        if head not in found:
            found.add(head)
            todo += parents[head]
    return found


@given(histories())
def test_an_op_survives_the_wire_with_the_same_id(made: list) -> None:
    for written, _device in made:
        again = read_op(json.loads(written.canonical))
        assert again == written
        assert again.id == written.id


def test_a_reason_travels_and_changes_the_id() -> None:
    plain = op({"weight_g": 1})
    body = json.loads(plain.canonical) | {"w": "salah ketik"}
    assert read_op(body).reason == "salah ketik"
    assert read_op(body).id != plain.id


@given(st.dictionaries(st.text(max_size=5), wire_values, max_size=4))
def test_canonical_json_has_one_byte_form_whatever_the_order_of_keys(fields: dict) -> None:
    backwards = dict(reversed(list(fields.items())))
    assert canonical_json(fields) == canonical_json(backwards)


def test_letters_with_loose_accents_are_joined() -> None:
    assert canonical_json("e\u0301") == canonical_json("\u00e9")


@pytest.mark.parametrize("value", [1.5, 2**60, object(), [1.0], {"a": 2.0}])
def test_floats_huge_numbers_and_other_things_cannot_travel(value: object) -> None:
    with pytest.raises(BadInput):
        canonical_json(value)


GOOD = json.loads(op({"weight_g": 8200}).canonical)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {key: GOOD[key] for key in GOOD if key != "f"},
        GOOD | {"x": 1},
        GOOD | {"e": 5},
        GOOD | {"k": "x" * 2001},
        GOOD | {"l": -1},
        GOOD | {"l": True},
        GOOD | {"b": "abc"},
        GOOD | {"b": ["abc"]},
        GOOD | {"f": {}},
        GOOD | {"f": {"weight_g": 1.5}},
        GOOD | {"f": {"weight_g": 2**60}},
        GOOD | {"f": {"": 1}},
        GOOD | {"w": 3},
    ],
)
def test_what_is_not_an_op_is_refused_with_a_reason(wrong: object) -> None:
    with pytest.raises(BadInput):
        read_op(wrong)


@given(st.recursive(wire_values, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner)))
def test_reading_any_json_gives_an_op_or_bad_input(body: object) -> None:
    try:
        assert isinstance(read_op(body), Op)
    except BadInput as refused:
        assert str(refused)


def test_the_shape_of_a_save_is_its_names_and_kinds_and_none_of_its_values() -> None:
    assert op({"sick": True, "note": "rewel"}).shape == op({"sick": False, "note": "sehat"}).shape
    assert op({"sick": True}).shape != op({"sick": 1}).shape
    assert op({"sick": None}).shape == (("sick",), (type(None),))
