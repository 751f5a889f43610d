"""The 25 skills of a kader and the class they make."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import skills
from posyandu.domain.forms.training import CLUSTERS, COMPETENCE
from posyandu.domain.skills import SKILLS, skilled
from tests.domain.shipped import STANDARDS

CLASSES = STANDARDS.on(date(2026, 11, 12)).skill_classes


def shown(*clusters: str) -> dict[str, bool]:
    return {name: True for code in clusters for name in CLUSTERS[code][1]}


def test_there_are_twenty_five_skills_and_each_is_asked() -> None:
    assert len(SKILLS) == 25
    assert set(SKILLS) <= set(COMPETENCE.fields)


@pytest.mark.parametrize(
    ("clusters", "held", "following", "n"),
    [
        ((), None, "purwa", 0),
        (("post", "child"), None, "purwa", 11),
        (("post", "child", "mother"), "purwa", "madya", 17),
        (("post", "child", "mother", "youth"), "madya", "utama", 20),
        (("post", "child", "mother", "adult"), "purwa", "madya", 22),
        (tuple(CLUSTERS), "utama", None, 25),
    ],
)
def test_whole_clusters_make_the_class(
    clusters: tuple[str, ...], held: str | None, following: str | None, n: int
) -> None:
    found = skilled(CLASSES, shown(*clusters))
    assert (found.held and found.held.code, found.following and found.following.code, found.shown) == (
        held,
        following,
        n,
    )
    assert bool(found.lacking) == (following is not None)


def test_the_class_and_what_it_lacks_are_said() -> None:
    found = skilled(CLASSES, shown("post", "child", "mother") | {"youth_health": True, "youth_risks": False})
    assert found.words == "Purwa, 18 dari 25 keterampilan"
    assert len(found.lacking) == 2
    assert found.unasked == 6
    assert skilled(CLASSES, {}).words == "0 dari 25 keterampilan"


@given(st.sets(st.sampled_from(sorted(SKILLS))), st.sampled_from(sorted(SKILLS)))
def test_one_skill_more_never_lowers_the_class(had: set[str], more: str) -> None:
    def rank(names: set[str]) -> int:
        held = skilled(CLASSES, dict.fromkeys(names, True)).held
        return -1 if held is None else CLASSES.index(held)

    assert rank(had | {more}) >= rank(had)


@pytest.mark.parametrize(
    "broken",
    [
        [],
        [{"code": "a", "label": "A", "clusters": ["nothing"]}],
        [{"code": "a", "label": "A", "clusters": ["post"]}, {"code": "b", "label": "B", "clusters": ["child"]}],
    ],
)
def test_a_broken_rule_is_refused(broken: list[Any]) -> None:
    with pytest.raises(ValueError, match="here"):
        skills.read_classes(broken, "here")


@pytest.mark.parametrize(
    ("clusters", "held", "following", "lacking", "words"),
    [
        ((), None, "Purwa", 17, "0 dari 25 keterampilan"),
        (("post",), None, "Purwa", 13, "4 dari 25 keterampilan"),
        (("post", "child", "mother"), "Purwa", "Madya", 3, "Purwa, 17 dari 25 keterampilan"),
        (("post", "child", "mother", "youth"), "Madya", "Utama", 5, "Madya, 20 dari 25 keterampilan"),
        (("post", "child", "mother", "youth", "adult"), "Utama", None, 0, "Utama, 25 dari 25 keterampilan"),
        (("youth", "adult"), None, "Purwa", 17, "8 dari 25 keterampilan"),
    ],
)
def test_each_class_asks_for_all_of_the_one_below(
    clusters: tuple[str, ...], held: str | None, following: str | None, lacking: int, words: str
) -> None:
    """Purwa 17 (post 4, child 7, mother 6), madya with 3 of youth, utama with 5 of adults."""
    found = skilled(CLASSES, shown(*clusters))
    assert (found.held.label if found.held else None) == held
    assert (found.following.label if found.following else None) == following
    assert (len(found.lacking), found.words) == (lacking, words)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ([], "wants classes"),
        ({}, "wants a list"),
        ([{"code": "a", "label": "A", "clusters": ["nothing"]}], "wants one of post, child, mother, youth, adult"),
        ([{"code": "a", "label": "A"}], "wants code, label, clusters; has code, label"),
        (
            [{"code": "a", "label": "A", "clusters": ["post"]}, {"code": "b", "label": "B", "clusters": ["post"]}],
            "b does not ask more than the class below",
        ),
        (
            [{"code": "a", "label": "A", "clusters": ["post"]}, {"code": "b", "label": "B", "clusters": ["child"]}],
            "b does not ask more than the class below",
        ),
    ],
)
def test_a_slip_in_the_classes_is_said_with_its_place(broken: Any, says: str) -> None:
    with pytest.raises(ValueError, match="post") as caught:
        skills.read_classes(broken, "post.json: skill_classes")
    assert str(caught.value) == f"post.json: skill_classes: {says}"
