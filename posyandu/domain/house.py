"""What makes a house worth a second look: weak floor, walls or roof, and too little room for those who live there.

It is a hint, never a verdict: whether a house is fit to live in is said by whoever looked at it ("rumah layak huni").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from posyandu.domain.fields import Answers
from posyandu.domain.strict import Json, a_whole, an_object
from posyandu.text import N_, _, figure

WEAK: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "house_floor": MappingProxyType({"earth": N_("lantai tanah"), "bamboo": N_("lantai bambu")}),
        "house_wall": MappingProxyType({"bamboo": N_("dinding anyaman bambu")}),
        "house_roof": MappingProxyType({"thatch": N_("atap ijuk, rumbia, atau jerami")}),
    }
)
"""The weakest answers of each question about the building, and how they are called."""


@dataclass(frozen=True)
class HouseRule:
    """How much floor each person needs at least, in tenths of a square metre."""

    least_tenth_m2: int


def room_tenth_m2(house: Answers, people: int) -> int | None:
    """Floor for each person, in tenths of a square metre, rounded down; None while either is not known."""
    area = house.get("floor_area_m2")
    return area * 10 // people if isinstance(area, int) and people > 0 else None


def signs(rule: HouseRule, house: Answers, people: int) -> tuple[str, ...]:
    """Why the house is worth a look, in words; nothing for what was not asked. `people` live in it."""
    found = [_(words[str(told)]) for name, words in WEAK.items() if (told := house.get(name)) in words]
    room = room_tenth_m2(house, people)
    if room is not None and room < rule.least_tenth_m2:
        words = _("{room} m² per orang, kurang dari {least}")
        found.append(words.format(room=figure(f"{room / 10:.1f}"), least=figure(f"{rule.least_tenth_m2 / 10:.1f}")))
    return tuple(found)


def read_house(value: Json, place: str) -> HouseRule:
    """The rule in data. Raises ValueError for anything missing or of the wrong kind."""
    parts = an_object(value, place, ("least_tenth_m2",))
    return HouseRule(a_whole(parts["least_tenth_m2"], place))
