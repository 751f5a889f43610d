"""Who stands for whom: checked against a plain walk over the merges, and for what must hold of any merges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.merging import Merge, stand_ins

names = st.sampled_from("abcdefg")
merges = st.lists(st.builds(Merge, names, names), max_size=12)


def plain(found: list[Merge]) -> dict[str, str]:
    """Group by walking along every merge, then look for who was never merged into another."""
    everybody = {name for merge in found if merge.kept != merge.other for name in (merge.kept, merge.other)}
    shown = {}
    for one in everybody:
        group = {one}
        while True:
            more = {n for m in found for n in (m.kept, m.other) if {m.kept, m.other} & group and m.kept != m.other}
            if more <= group:
                break
            group |= more
        ends = [each for each in group if all(m.other != each or m.kept == each for m in found)]
        shown[one] = min(ends or group)
    return {one: other for one, other in shown.items() if one != other}


@given(merges)
def test_it_is_what_a_plain_walk_finds(found: list[Merge]) -> None:
    assert stand_ins(found) == plain(found)


@given(merges, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(found: list[Merge], chance: object) -> None:
    shuffled = found * 2
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert stand_ins(shuffled) == stand_ins(found)


@given(merges)
def test_whoever_stands_for_another_stands_for_themselves(found: list[Merge]) -> None:
    shown = stand_ins(found)
    assert not set(shown.values()) & shown.keys()


def test_a_chain_leads_to_its_end() -> None:
    assert stand_ins([Merge("b", "a"), Merge("c", "b")]) == {"a": "c", "b": "c"}


def test_two_who_were_merged_into_each_other_are_the_least() -> None:
    assert stand_ins([Merge("b", "a"), Merge("a", "b")]) == {"b": "a"}


def test_nobody_is_merged_with_themselves() -> None:
    assert stand_ins([Merge("a", "a")]) == {}


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ([], {}),
        (["a<b"], {"b": "a"}),
        (["b<a"], {"a": "b"}),
        (["a<b", "a<c"], {"b": "a", "c": "a"}),
        (["b<a", "c<b", "d<c"], {"a": "d", "b": "d", "c": "d"}),
        (["b<a", "c<a"], {"a": "b", "c": "b"}),
        (["a<b", "c<d"], {"b": "a", "d": "c"}),
        (["a<b", "c<d", "a<c"], {"b": "a", "c": "a", "d": "a"}),
        (["a<b", "b<a"], {"b": "a"}),
        (["b<a", "c<b", "a<c"], {"b": "a", "c": "a"}),
        (["a<b", "a<b"], {"b": "a"}),
        (["a<a", "b<b"], {}),
    ],
)
def test_who_is_shown_for_whom(told: list[str], shown: dict[str, str]) -> None:
    """ "a<b" keeps a for b; two ends or a circle give the least."""
    assert stand_ins([Merge(*each.split("<")) for each in told]) == shown


def test_a_merge_that_ended_leaves_everything_as_it_was() -> None:
    both = [Merge("a", "b"), Merge("b", "c")]
    assert stand_ins(both) == {"b": "a", "c": "a"}
    assert stand_ins(both[:1]) == {"b": "a"}
    assert stand_ins(both[1:]) == {"c": "b"}
