"""Indeks Keluarga Sehat told a second time: the twelve indicators of each family from the journal, by PIS-PK.

By section 6.6 of the design notes. A letter for each: Y yes, T no, N concerns nobody, ? not known. What is not known is
neither "tidak" nor "tidak berlaku".
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests import recount
from tests.plain_count import Month, Record, day
from tests.plain_doses import Card
from tests.plain_life import stage_of

FACILITIES = ("hospital", "puskesmas", "pustu", "midwife")
SMOKING = {"daily": True, "sometimes": True, "tried": False, "never": False, True: True, False: False}


def jkn(person: Record) -> bool | None:
    """Whether a member of JKN: "tidak punya" is no, a kind or a number is yes."""
    if person.get("jkn_kind") == "none":
        return False
    return True if person.get("jkn_kind") or person.get("jkn") else None


class Families:
    """The families of a post on a day: a letter for each of the twelve, by household."""

    def __init__(self, month: Month, on: date) -> None:
        self.month, self.on = month, on
        self.area = str(month.every["posyandu"][month.post].get("village_code", ""))
        self.homes: dict[str, list[str]] = {}
        for id_, person in month.people.items():
            born = day(person.get("born_on"))
            house = person.get("household_id")
            if house in self.houses() and month.here(person, on, False) and (born is None or born <= on):
                self.homes.setdefault(str(house), []).append(id_)
        self.letters = {house: self.of(self.houses()[house], members) for house, members in self.homes.items()}

    def houses(self) -> dict[str, Record]:
        every = self.month.every["household"].items()
        return {id_: each for id_, each in every if each["scope"] == self.month.post}

    # ---- what is known of somebody

    def age(self, id_: str) -> int | None:
        born = day(self.month.people[id_].get("born_on"))
        return None if born is None else recount.months_between(born, self.on)

    def between(self, id_: str, least: int, most: int) -> bool | None:
        age = self.age(id_)
        return None if age is None else least <= age <= most

    def records(self, form: str, id_: str) -> list[Record]:
        """What was noted of somebody up to the day, the last last."""
        own = [
            {**each, "id": number}
            for number, each in self.month.every[form].items()
            if each["scope"] == self.month.post and each.get("person_id") == id_
        ]
        told = [each for each in own if (on := day(each.get("visited_on"))) and on <= self.on]
        return sorted(told, key=lambda each: (each["visited_on"], each["saved"], each["id"]))

    def last(self, id_: str, *told: tuple[str, str]) -> Any:  # noqa: ANN401
        """What was said last to any of these questions."""
        said = [
            (each["visited_on"], each["saved"], each["id"], each[name])
            for form, name in told
            for each in self.records(form, id_)
            if name in each
        ]
        return max(said, key=lambda each: each[:3])[3] if said else None

    def carried(self, id_: str) -> list[Record]:
        return [each for each in self.month.pregnancies.values() if each["person_id"] == id_]

    # ---- the twelve

    def of(self, house: Record, members: list[str]) -> str:
        """The letters of a family, in the order of the form."""
        everyone: Callable[[str], bool | None] = lambda _id: True  # noqa: E731
        birth = self.all(members, lambda i: self.between(i, 0, 11), self.born_in_facility)
        if birth == "?" and "born_in_facility" in house:
            birth = "Y" if house["born_in_facility"] else "T"
        insured = self.all(members, everyone, lambda i: jkn(self.month.people[i]))
        return "".join(
            (
                self.all(members, self.asked_for_contraception, self.uses),
                birth,
                self.all(members, lambda i: self.between(i, 12, 23), self.immunised),
                self.all(members, lambda i: self.between(i, 7, 23), self.breastfed),
                self.all(members, lambda i: self.between(i, 2, 59), self.weighed),
                self.ill("tbc", house, members, lambda i: self.last(i, ("home_tbc", "gap_medicine_taken"))),
                self.ill(
                    "hypertension", house, members,
                    lambda i: self.last(i, *((f"home_{who}", "gap_pressure_taken") for who in ("adult", "elderly"))),
                ),
                self.ill("mental", house, members, lambda _id: None),
                self.no_smoker(house, members),
                insured if "insured" not in house else "Y" if house["insured"] else "T",
                *("?" if name not in house else "Y" if house[name] else "T" for name in ("clean_water", "latrine")),
            )
        )  # fmt: skip

    @staticmethod
    def all(members: list[str], concerned: Callable[[str], bool | None], good: Callable[[str], bool | None]) -> str:
        """One who fails, then one of whom it is not known, decides for the family."""
        asked = [id_ for id_ in members if concerned(id_) is not False]
        told = [None if concerned(id_) is None else good(id_) for id_ in asked]
        return "N" if not told else "T" if False in told else "?" if None in told else "Y"

    def asked_for_contraception(self, id_: str) -> bool | None:
        """The wife of a couple, 10 to 54 years, who is not pregnant."""
        person = self.month.people[id_]
        stages = [(each, stage) for each in self.carried(id_) if (stage := stage_of(each, self.on))]
        newest = max(stages, key=lambda told: began(told[0]), default=({}, ""))
        fertile = self.between(id_, 120, 659)
        if person.get("sex") != "female" or newest[1] == "pregnant" or fertile is False:
            return False
        couple = self.last(id_, ("wus", "couple"))
        if couple is None and "marital_status" in person:
            couple = person["marital_status"] == "married"
        if couple is None and person.get("husband_name"):
            couple = True
        if couple is None and fertile and (self.age(id_) or 0) < 228:
            return False  # below 19 nobody is asked whether she is married
        return False if couple is False else None if couple is None else fertile

    def uses(self, id_: str) -> bool | None:
        told: bool | None = self.last(
            id_, *((form, "contraception") for form in ("wus", "postpartum_visit", "adult_visit"))
        )
        return told

    def born_in_facility(self, id_: str) -> bool | None:
        person = self.month.people[id_]
        for each in self.carried(str(person.get("mother_id"))):
            if "birth_place" in each and each.get("ended_on") == person.get("born_on"):
                return each["birth_place"] in FACILITIES
        return None

    def immunised(self, id_: str) -> bool | None:
        return card(self.month, id_, self.area, self.on).complete("idl")

    def breastfed(self, id_: str) -> bool | None:
        """Milk alone for six months: one no before then is a no; a yes has to come from the sixth month or later."""
        born, found = day(self.month.people[id_].get("born_on")), None
        for each in self.records("under_five_visit", id_):
            on, said = day(each["visited_on"]), each.get("exclusive_breastfeeding")
            if born is None or on is None or said is None or on < born:
                continue
            age = recount.months_between(born, on)
            if said is False and age < 6:
                return False
            found = True if said and age >= 5 else found
        return found

    def weighed(self, id_: str) -> bool:
        """This month or the last."""
        year, number = (self.on.year, self.on.month - 1) if self.on.month > 1 else (self.on.year - 1, 12)
        first = date(year, number, 1).isoformat()
        return any(
            each["visited_on"] >= first and each.get("weight_g") for each in self.records("under_five_visit", id_)
        )

    def grown(self, members: list[str]) -> list[str]:
        return [id_ for id_ in members if (age := self.age(id_)) is None or age >= 180]

    def ill(self, name: str, house: Record, members: list[str], treated: Callable[[str], bool | None]) -> str:
        """An illness of someone of fifteen or more, and whether it is treated."""
        told = {id_: self.last(id_, ("health_history", f"own_{name}")) for id_ in self.grown(members)}
        patients = [id_ for id_, answer in told.items() if answer is True]
        if not patients and house.get(f"ill_{name}") is not True:
            nobody = house.get(f"ill_{name}") is False or all(answer is False for answer in told.values())
            return "N" if nobody else "?"
        if f"{name}_treated" in house:
            return "Y" if house[f"{name}_treated"] else "T"
        return self.all(patients, lambda _id: True, treated) if patients else "?"

    def no_smoker(self, house: Record, members: list[str]) -> str:
        questions = (("school_visit", "smoking"), ("smoking", "smoking"), ("health_history", "habit_smoking"))
        told = {id_: SMOKING.get(self.last(id_, *questions)) for id_ in members}
        if True in told.values():
            return "T"
        if "smoker" in house:
            return "T" if house["smoker"] else "Y"
        return self.all(self.grown(members), lambda _id: True, lambda i: None if told[i] is None else not told[i])


def began(pregnancy: Record) -> date:
    return day(pregnancy.get("lmp_on")) or day(pregnancy.get("noted_on")) or date.min


def card(month: Month, id_: str, area: str, on: date) -> Card:
    """The doses of somebody on a day."""
    doses = [each for each in month.every["immunisation_dose"].values() if each["person_id"] == id_]
    newborns = [
        each for each in month.every["newborn"].values() if each["person_id"] == id_ and day(each.get("hb0_on"))
    ]
    return Card(month.people[id_], area, doses, newborns, on)


def index(letters: str) -> float | None:
    """Met of those that apply; None while one is not known, or none applies."""
    applying = 12 - letters.count("N")
    return None if "?" in letters or not applying else letters.count("Y") / applying
