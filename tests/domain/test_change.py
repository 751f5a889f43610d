"""Ops have one byte form, and the standing values depend on the set of ops alone."""

import json
import random
import tracemalloc

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
    shape = op({"sick": None, "weight_g": 5, "arm_mm": 6, "gone": True}).shape
    assert (shape.names, shape.kinds) == (("sick", "weight_g", "arm_mm", "gone"), (type(None), int, int, bool))
    assert (shape.reason, shape.integers) == ("", ("weight_g", "arm_mm"))


WIRE = json.loads(op({"weight_g": 8200, "note": None, "sick": True}).canonical)


def test_an_op_that_travelled_is_the_same_op() -> None:
    assert read_op(WIRE) == op({"weight_g": 8200, "note": None, "sick": True})
    assert read_op(WIRE).id == op({"weight_g": 8200, "note": None, "sick": True}).id


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"e": None}, "tulisan pada catatan salah"),
        ({"r": 7}, "tulisan pada catatan salah"),
        ({"k": ["x"]}, "tulisan pada catatan salah"),
        ({"n": True}, "tulisan pada catatan salah"),
        ({"s": None}, "tulisan pada catatan salah"),
        ({"r": "x" * 2001}, "tulisan pada catatan salah"),
        ({"v": "1"}, "angka pada catatan salah"),
        ({"v": True}, "angka pada catatan salah"),
        ({"l": -1}, "angka pada catatan salah"),
        ({"t": 1.5}, "angka pada catatan salah"),
        ({"q": None}, "angka pada catatan salah"),
        ({"t": 2**53 + 1}, "angka pada catatan salah"),
        ({"b": "0" * 16}, "kepala catatan salah"),
        ({"b": ["0" * 15]}, "kepala catatan salah"),
        ({"b": ["0" * 16, 7]}, "kepala catatan salah"),
        ({"f": {}}, "isi catatan kosong"),
        ({"f": []}, "isi catatan kosong"),
        ({"f": {"weight_g": 8.2}}, "nilai pada catatan salah"),
        ({"f": {"weight_g": [1]}}, "nilai pada catatan salah"),
        ({"f": {"weight_g": 2**53 + 1}}, "nilai pada catatan salah"),
        ({"f": {"weight_g": -(2**53) - 1}}, "nilai pada catatan salah"),
        ({"f": {"": 1}}, "nama kolom salah"),
        ({"f": {"x" * 81: 1}}, "nama kolom salah"),
        ({"z": 1}, "bagian catatan kurang atau lebih"),
        ({"w": "salah baca", "z": 1}, "bagian catatan kurang atau lebih"),
    ],
)
def test_each_part_of_an_op_that_is_wrong_is_said(changes: dict, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_op({**WIRE, **changes})
    assert str(caught.value) == says


@pytest.mark.parametrize("missing", sorted(WIRE))
def test_no_part_of_an_op_may_be_missing(missing: str) -> None:
    with pytest.raises(BadInput, match="bagian catatan kurang atau lebih"):
        read_op({name: value for name, value in WIRE.items() if name != missing})


@pytest.mark.parametrize(
    "changes",
    [
        {"r": "x" * 2000},
        {"l": 0},
        {"t": 2**53},
        {"b": ["0" * 16, "f" * 16]},
        {"f": {"weight_g": 2**53}},
        {"f": {"weight_g": -(2**53)}},
        {"f": {"x" * 80: ""}},
        {"w": "salah baca"},
        {"w": ""},
    ],
)
def test_the_last_value_that_fits_is_read(changes: dict) -> None:
    read = read_op({**WIRE, **changes})
    assert read.reason == changes.get("w", "")
    assert dict(read.fields) == changes.get("f", WIRE["f"])


def ops(*told: str) -> dict[str, Op]:
    """Saves written "name: field=value after other,other", in the order they were made."""
    made: dict[str, Op] = {}
    for number, each in enumerate(told):
        name, _, rest = each.partition(": ")
        what, _, seen = rest.partition(" after ")
        field, _, value = what.partition("=")
        parents = [made[other] for other in seen.split(",") if other]
        told_value = {"yes": True, "no": False, "": None}.get(value, value)
        made[name] = op(
            {field: told_value},
            heads=tuple(sorted(parent.head for parent in parents)),
            depth=1 + max((parent.depth for parent in parents), default=0),
            nonce=f"{number:016}",
        )
    return made


@pytest.mark.parametrize(
    ("told", "values", "conflicts", "heads", "withdrawn", "revived"),
    [
        (["a: note=x"], {"note": "x"}, {}, "a", False, False),
        (["a: note=x", "b: note=y after a"], {"note": "y"}, {}, "b", False, False),
        (["a: note=x", "b: note= after a"], {"note": None}, {}, "b", False, False),
        (["a: note=x", "b: place=y after a"], {"note": "x", "place": "y"}, {}, "b", False, False),
        (
            ["a: note=x", "b: note=y after a", "c: note=y after a"],
            {"note": "y"}, {}, "bc", False, False,
        ),
        (
            ["a: note=x", "b: note=y after a", "c: note=z after a", "d: note=w after b,c"],
            {"note": "w"}, {}, "d", False, False,
        ),
        (
            ["a: note=x", "b: note=y after a", "c: note=z after b", "d: note=w after a"],
            {"note": "z"}, {"note": {"z", "w"}}, "cd", False, False,
        ),
        (["a: note=x", "b: withdrawn=yes after a"], {"note": "x", "withdrawn": True}, {}, "b", True, False),
        (
            ["a: note=x", "b: withdrawn=yes after a", "c: withdrawn=no after b"],
            {"note": "x", "withdrawn": False}, {}, "c", False, False,
        ),
        (
            ["a: note=x", "b: withdrawn=yes after a", "c: note=y after a"],
            {"note": "y", "withdrawn": True}, {}, "bc", False, True,
        ),
        (
            ["a: note=x", "b: note=y after a", "c: withdrawn=yes after b"],
            {"note": "y", "withdrawn": True}, {}, "c", True, False,
        ),
    ],
)  # fmt: skip
def test_what_stands_after_a_few_saves(
    told: list[str], values: dict, conflicts: dict, heads: str, withdrawn: bool, revived: bool
) -> None:
    made = ops(*told)
    now = standing((each, "laptop") for each in made.values())
    assert dict(now.values) == values
    assert {name: {each.value for each in found} for name, found in now.conflicts.items()} == conflicts
    assert set(now.heads) == {made[name].head for name in heads}
    assert (now.withdrawn, now.revived) == (withdrawn, revived)
    assert now.depth == max(each.depth for each in made.values())


def test_what_is_shown_of_a_conflict_is_the_deepest_and_then_the_same_everywhere() -> None:
    made = ops("a: note=x", "b: note=y after a", "c: note=z after b", "d: note=w after a")
    told = [(each, device) for each, device in zip(made.values(), "abcd", strict=True)]
    assert standing(told).values["note"] == standing(reversed(told)).values["note"] == "z"
    assert [each.value for each in standing(told).conflicts["note"]] == ["z", "w"]
    assert [each.device for each in standing(told).conflicts["note"]] == ["c", "d"]


def test_a_save_whose_parents_have_not_come_yet_has_seen_nothing() -> None:
    made = ops("a: note=x", "b: note=y after a", "c: note=z after b")
    now = standing([(made["a"], "a"), (made["c"], "c")])
    assert {each.value for each in now.conflicts["note"]} == {"x", "z"}
    whole = standing([(each, "a") for each in made.values()])
    assert (dict(whole.values), whole.conflicts) == ({"note": "z"}, {})


def test_a_record_saved_thousands_of_times_takes_little_memory() -> None:
    """Whoever may write can save one record again and again; each of these sees all before."""
    ops: list[tuple[Op, str]] = []
    for number in range(3000):
        heads = (ops[-1][0].head,) if ops else ()
        ops.append((Op("p", "visit", "r", 1, number + 1, heads, {"a": number}, "k", 1, 1, f"{number:016x}"), "d"))
    tracemalloc.start()
    shown = standing(ops)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (shown.values["a"], shown.heads) == (2999, (ops[-1][0].head,))
    assert most < 20_000_000
