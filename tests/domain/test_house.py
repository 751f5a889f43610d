"""Signs that a house is worth a look: weak materials, and too little room."""

import pytest

from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import HOUSEHOLD
from posyandu.domain.house import WEAK, HouseRule, read_house, room_tenth_m2, signs

RULE = HouseRule(least_tenth_m2=72)


@pytest.mark.parametrize(
    ("house", "people", "words"),
    [
        ({}, 4, ()),
        ({"house_floor": "tile", "house_wall": "masonry", "house_roof": "metal", "floor_area_m2": 36}, 5, ()),
        ({"floor_area_m2": 36}, 6, ("6,0 m² per orang, kurang dari 7,2",)),
        ({"floor_area_m2": 35}, 5, ("7,0 m² per orang, kurang dari 7,2",)),
        ({"floor_area_m2": 43}, 6, ("7,1 m² per orang, kurang dari 7,2",)),
        ({"floor_area_m2": 4}, 0, ()),
        ({"house_floor": "earth", "floor_area_m2": 100}, 3, ("lantai tanah",)),
        ({"house_wall": "bamboo"}, 1, ("dinding anyaman bambu",)),
        (
            {"house_roof": "thatch", "house_floor": "bamboo", "floor_area_m2": 20},
            4,
            ("lantai bambu", "atap ijuk, rumbia, atau jerami", "5,0 m² per orang, kurang dari 7,2"),
        ),
    ],
)
def test_signs_of_a_house(house: Answers, people: int, words: tuple[str, ...]) -> None:
    assert signs(RULE, house, people) == words


@pytest.mark.parametrize(("area", "people", "room"), [(None, 3, None), (36, 0, None), (36, 5, 72), (43, 6, 71)])
def test_room_is_rounded_down_so_that_too_little_is_never_called_enough(
    area: int | None, people: int, room: int | None
) -> None:
    assert room_tenth_m2({"floor_area_m2": area}, people) == room


def test_the_weak_answers_are_answers_of_the_form() -> None:
    for name, words in WEAK.items():
        field = HOUSEHOLD.fields[name]
        assert set(words) <= {option.code for option in field.options}  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [{}, {"least_tenth_m2": "72"}, {"least_tenth_m2": 72, "more": 1}, 72])
def test_a_rule_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="house"):
        read_house(value, "house")  # type: ignore[arg-type]
    assert read_house({"least_tenth_m2": 90}, "house") == HouseRule(90)
