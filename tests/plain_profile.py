"""The profile of a village, the register of consent and those about to marry, told a second time from the journal.

By sections 1.2, 6.1 to 6.3 and 7.1 of the design notes. Nothing of the product counts here: ages, bounds and words of
the lines are written down once more.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests import recount
from tests.plain_count import Month, Record, day
from tests.plain_family import Families

AGES = ((0, 5), (6, 11), (12, 23), (24, 59), (60, 71), (72, 119), (120, 179), (180, 227), (228, 539), (540, 719),
        (720, 839), (840, 9_999))  # fmt: skip
PURPOSES = ("service", "share", "picture")
STATES = ("agreed", "declined", "withdrawn", "again", "told", "none")
OFFICE = ("men", "women", "families", "poor_families", "houses", "under_fives", "fertile_couples", "elderly",
          "livelihood", "hamlets", "neighbourhoods", "dasawisma", "paud", "schools", "health_posts", "midwives",
          "puskesmas_km", "signal", "power", "building")  # fmt: skip
YES_NO = (True, False, None)
PEOPLE: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("birth_certificate", YES_NO),
    ("jkn_kind", ("pbi", "pbi_local", "worker", "own", "not_working", "none", None)),
    ("jkn_active", YES_NO),
    ("marital_status", ("single", "married", "divorced", "widowed", None)),
    ("education", ("none", "early", "primary", "lower", "upper", "higher", None)),
    (
        "disability",
        ("none", "physical", "sight", "hearing_speech", "intellectual", "mental", "multiple", "other", None),
    ),
    ("betrothed", YES_NO),
)
NO_NIK = ("none_yet", "not_brought", "no_documents", "foreigner", None)
HOUSES: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("poor", YES_NO),
    ("social_aid", ("none", "pkh", "bpnt", "blt", "pbi", "other", None)),
    ("house_owner", ("own", "rent", "free", "office", "other", None)),
    ("house_floor", ("tile", "cement", "wood", "bamboo", "earth", "other", None)),
    ("house_wall", ("masonry", "wood", "plastered", "bamboo", "other", None)),
    ("house_roof", ("concrete", "tile", "metal", "asbestos", "wood", "thatch", "other", None)),
    ("water_source",
     ("pipe", "bottled", "borehole", "well", "open_well", "spring", "rain", "river", "other", None)),
    ("clean_water", YES_NO), ("latrine", YES_NO), ("drain", YES_NO), ("waste_sorted", YES_NO), ("ventilation", YES_NO),
    ("fit_house", YES_NO), ("smoker", YES_NO),
)  # fmt: skip
WEAK = {("house_floor", "earth"), ("house_floor", "bamboo"), ("house_wall", "bamboo"), ("house_roof", "thatch")}
YEAR = 12


class Profile:
    """A post on a day: every figure by its table, line and column."""

    def __init__(self, month: Month, on: date, couples: set[str]) -> None:
        self.month, self.on = month, on
        self.people: dict[str, Record] = {}
        for id_, person in month.people.items():
            born = day(person.get("born_on"))
            if month.here(person, on, False) and (born is None or born <= on):
                self.people[id_] = person
        known = Families(month, on)
        self.homes = [(known.houses()[id_], len(members)) for id_, members in known.homes.items()]
        self.couples = couples & set(self.people)

    def those(self, test: Callable[[Record], object]) -> set[str]:
        return {id_ for id_, each in self.people.items() if test(each)}

    def age(self, person: Record) -> int | None:
        born = day(person.get("born_on"))
        return None if born is None else recount.months_between(born, self.on)

    def aged(self, low: int, high: int) -> set[str]:
        return self.those(lambda each: (age := self.age(each)) is not None and low <= age <= high)

    # ---- the tables

    def beside(self, number: int, column: str) -> Any:  # noqa: ANN401
        name = OFFICE[number]
        if column == "told":
            own = [each for each in self.month.every["village_profile"].values() if each["scope"] == self.month.post]
            told = [each for each in own if each.get("year") and each["year"] <= self.on.year]
            return max(told, key=lambda each: each["year"]).get(name) if told else None
        of_homes = [house for house, _people in self.homes]
        counted: dict[str, Any] = {
            "men": self.those(lambda each: each.get("sex") == "male"),
            "women": self.those(lambda each: each.get("sex") == "female"),
            "families": len(of_homes),
            "poor_families": len([house for house in of_homes if house.get("poor") is True]),
            "under_fives": self.aged(0, 59),
            "fertile_couples": self.couples,
            "elderly": self.aged(720, 9_999),
            "hamlets": len({house["hamlet"] for house in of_homes if house.get("hamlet")}),
            "neighbourhoods": len(
                {(house.get("hamlet"), house.get("rw"), house["rt"]) for house in of_homes if house.get("rt")}
            ),
            "dasawisma": len({house["dasawisma"] for house in of_homes if house.get("dasawisma")}),
        }
        return counted.get(name)

    def ages(self, number: int, column: str) -> set[str]:
        lines = [*(self.aged(*span) for span in AGES), self.those(lambda each: self.age(each) is None), {*self.people}]
        return lines[number] & self.those(lambda each: column == "all" or each.get("sex") == column)

    def of_people(self, number: int) -> set[str]:
        lines = [self.those(lambda each: each.get("nik") is not None)]
        lines += [
            self.those(lambda each, why=why: each.get("nik") is None and each.get("nik_missing") == why)
            for why in NO_NIK
        ]
        for name, told in PEOPLE:
            asked = self.those(
                lambda each, name=name: name != "jkn_active" or each.get("jkn_kind") not in (None, "none")
            )
            lines += [asked & self.those(lambda each, n=name, t=answer: each.get(n) == t) for answer in told]
        return lines[number]

    def of_houses(self, number: int) -> int:
        lines = [
            len([house for house, _people in self.homes if house.get(name) == answer])
            for name, told in HOUSES
            for answer in told
        ]
        room = [house["floor_area_m2"] * 10 // people for house, people in self.homes if house.get("floor_area_m2")]
        marked = [
            house
            for house, people in self.homes
            if any((name, house.get(name)) in WEAK for name in ("house_floor", "house_wall", "house_roof"))
            or (house.get("floor_area_m2") and house["floor_area_m2"] * 10 < 72 * people)
        ]
        return [*lines, len(marked), len(room)][number]

    # ---- consent

    def state(self, id_: str, purpose: str) -> str:
        noted = [
            (each["told_on"], each["saved"], number, each)
            for number, each in self.month.every["consent"].items()
            if each["scope"] == self.month.post and each.get("person_id") == id_ and each.get("purpose") == purpose
            if (on := day(each.get("told_on"))) and on <= self.on
        ]
        if not noted:
            return "none"
        told = max(noted, key=lambda each: each[:3])[3]
        answer, back, on, born = (
            told.get("answer", "told"), day(told.get("withdrawn_on")), day(told["told_on"]),
            day(self.people[id_].get("born_on")),
        )  # fmt: skip
        if answer == "agreed" and back and back <= self.on:
            return "withdrawn"
        if answer == "told" or born is None or on is None or born > on:
            return str(answer)
        adult = recount.months_between(born, on) < 216 <= recount.months_between(born, self.on)
        return "again" if adult else str(answer)

    def consent(self, number: int, column: str) -> set[str]:
        return {id_ for id_ in self.people if self.state(id_, PURPOSES[number]) == column}

    # ---- those about to marry

    def catin(self, number: int, column: str) -> Any:  # noqa: ANN401
        first = self.month.last_day.replace(day=1)
        marked = set()
        for id_, person in self.month.people.items():
            since, wedding = day(person.get("betrothed_on")), day(person.get("wedding_on"))
            ends = wedding < first if wedding else person.get("marital_status") == "married"
            late = since is not None and since > self.month.last_day
            living = self.month.here(person, self.month.last_day, False)
            if person.get("betrothed") is True and living and not late and not ends:
                marked.add(id_)
        blood = {id_: self.anaemic(id_) for id_ in marked}
        mind = {id_: self.troubled(id_) for id_ in marked}
        judged = {id_ for id_ in marked if blood[id_] is not None}
        screened = {id_ for id_ in marked if mind[id_] is not None}
        lines: list[tuple[set[str], set[str], set[str]]] = [
            ({id_ for id_ in marked if self.blood(id_)}, marked, set()),
            ({id_ for id_ in marked if blood[id_]}, judged, marked - judged),
            (screened, marked, set()),
            ({id_ for id_ in marked if mind[id_]}, screened, marked - screened),
        ]
        counted, among, unknown = lines[number]
        if column == "share":
            return round(100 * len(counted) / len(among), 1) if among else None
        found = {"counted": counted, "among": among, "unknown": unknown}[column]
        return len(found) if number == 3 and column != "among" else found

    def lately(self, id_: str, *forms: str) -> list[Record]:
        """What was noted of somebody in the year up to the end of the month, oldest first."""
        last = self.month.last_day
        first = date(last.year - (last.month < YEAR), last.month % YEAR + 1, 1)
        own = [
            (each["visited_on"], each["saved"], number, each)
            for form in forms
            for number, each in self.month.every[form].items()
            if each["scope"] == self.month.post and each.get("person_id") == id_
            if (on := day(each.get("visited_on"))) and first <= on <= last
        ]
        return [each for *_when, each in sorted(own, key=lambda told: told[:3])]

    def blood(self, id_: str) -> list[Record]:
        return [each for each in self.lately(id_, "adult_visit", "school_visit", "wus") if "haemoglobin_dg_dl" in each]

    def anaemic(self, id_: str) -> bool | None:
        told = self.blood(id_)
        person = self.month.people[id_]
        born = day(person.get("born_on"))
        on = day(told[-1]["visited_on"]) if told else None
        if not told or born is None or on is None or born > on:
            return None
        months, sex = recount.months_between(born, on), person.get("sex")
        if sex not in ("male", "female") or months < 60:
            return None
        least = 115 if months < 144 else 120 if months < 180 or sex == "female" else 130
        return bool(told[-1]["haemoglobin_dg_dl"] < least)

    def troubled(self, id_: str) -> bool | None:
        """Six or more times yes, by the last that was answered to the end or has as many; None without any such."""
        said = [self.told_high(each) for each in self.lately(id_, "srq20")]
        return next((each for each in reversed(said) if each is not None), None)

    @staticmethod
    def told_high(told: Record) -> bool | None:
        answers = [told[f"srq_{number}"] for number in range(1, 21) if f"srq_{number}" in told]
        if not answers and "answered" in told:
            return {"high": True, "low": False}.get(str(told.get("outcome")))
        if sum(answers) >= 6:
            return True
        return False if len(answers) == 20 else None
