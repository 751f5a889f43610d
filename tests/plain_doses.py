"""Immunisation told a second time: which doses a child has had, which are late, and whether its set is complete.

By the table of the design notes (ages, intervals, last ages), as plainly as it can be said: each question is about one
day and answered by counting months and days up to it. Only the dated table itself is read, as JSON.
"""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from posyandu import paths
from tests import recount
from tests.plain_count import Record, day

LAST_MONTH = 71
"""The last age at which doses of small children are asked for."""


@cache
def table(on: date) -> dict[str, Any]:
    """The schedule in force on a day."""
    text = (Path(paths.resources()) / "rules" / "immunisation.json").read_text(encoding="utf-8")
    entries = json.loads(text)["rules"]["immunisation"]
    told: dict[str, Any] = [each["value"] for each in entries if date.fromisoformat(each["since"]) <= on][-1]
    return told


def passed(since: date, time: Record, on: date) -> bool:
    """Whether that much time has passed since a day: completed months, as ages are told, or days."""
    if "months" in time:
        return on >= since and recount.months_between(since, on) >= time["months"]
    return (on - since).days >= time["days"]


class Card:
    """The doses of one child as they stand on a day, by its records and the village of its post."""

    def __init__(self, person: Record, area: str, doses: list[Record], newborns: list[Record], on: date) -> None:
        self.born, self.on = day(person.get("born_on")), on
        self.rules = table(on)
        doses = [each for each in doses if isinstance(each.get("dose"), int) and each.get("antigen")]
        given = [each for each in doses if day(each.get("given_on"))]
        self.known = bool(given)
        if not any(each["antigen"] == "hb0" for each in given):
            given += [{"antigen": "hb0", "dose": 1, "given_on": each.get("hb0_on")} for each in newborns]
            self.known = self.known or bool(doses and any(day(each.get("hb0_on")) for each in newborns))
        self.given = self.numbered([each for each in given if (when := day(each["given_on"])) and when <= on])
        self.wanted = {}
        for each in self.rules["doses"]:
            if self.born and each["code"] not in self.wanted and self.is_for(each, area):
                self.wanted[each["code"]] = each

    def is_for(self, rule: Record, area: str) -> bool:
        """Whether a child of this birthday and village is to have it: it fell due since the vaccine was begun."""
        assert self.born is not None
        began = date.fromisoformat(rule["since"])
        return (
            not passed(self.born, rule["due"], began - timedelta(days=1))
            and ("until" not in rule or not passed(self.born, rule["due"], date.fromisoformat(rule["until"])))
            and (not rule.get("areas") or any(area.startswith(each) for each in rule["areas"]))
        )

    # ---- what was given

    def vaccine(self, dose: Record) -> Record:
        """The product of a dose: as written, else the usual one of its antigen."""
        by_code = {each["code"]: each for each in self.rules["products"]}
        usual: Record = next((each for each in self.rules["products"] if each["antigen"] == dose["antigen"]), {})
        return by_code.get(dose.get("product", ""), usual)

    def numbered(self, given: list[Record]) -> dict[tuple[str, int], Record]:
        """Each dose by antigen and number. Recorded twice, the earlier counts; what is inside counts by its day."""
        found: dict[tuple[str, int], Record] = {}
        for dose in sorted(given, key=lambda each: (each["given_on"], self.vaccine(each).get("code", ""))):
            key = dose["antigen"], dose["dose"]
            if key not in found:
                vaccine = self.vaccine(dose)
                found[key] = {"on": day(dose["given_on"]), "live": vaccine.get("live") is True, "vaccine": vaccine}
        inside = [
            (also["antigen"], {"on": each["on"], "live": each["live"], "also": also})
            for each in found.values()
            for also in each["vaccine"].get("also", [])
        ]
        for antigen in {each for each, _dose in inside}:
            alone = [(each["on"], number, each) for (name, number), each in found.items() if name == antigen]
            hidden = [(each["on"], 0, each) for name, each in inside if name == antigen]
            found = {key: each for key, each in found.items() if key[0] != antigen}
            last = 0
            for _on, written, each in sorted([*alone, *hidden], key=lambda told: told[:2]):
                last = max(written, last + 1)
                found[antigen, last] = each
        return found

    def had(self, rule: Record) -> Record | None:
        return self.given.get((rule["antigen"], rule["number"]))

    def counts(self, rule: Record) -> bool:
        """Whether it was given, and not before its age or too soon after the dose before it."""
        dose = self.had(rule)
        if dose is None or self.born is None:
            return False
        if rule["code"] not in self.wanted:
            return True  # another year's or area's: nothing is held against it
        also = dose.get("also")
        if not passed(self.born, also["earliest"] if also else rule["earliest"], dose["on"]):
            return False
        return all(
            (first := self.had(self.wanted[after["dose"]])) is None
            or passed(first["on"], also["interval"] if also else after, dose["on"])
            for after in rule.get("after", [])
            if after["dose"] in self.wanted
        )

    # ---- what is to be said of it

    def late(self) -> set[str]:
        """The codes of the doses that are late and could be had on this day, where anything at all is recorded."""
        if self.born is None or self.born > self.on or not self.known:
            return set()
        if recount.months_between(self.born, self.on) > LAST_MONTH:
            return set()
        return {code for code, rule in self.wanted.items() if self.is_late(rule)}

    def is_late(self, rule: Record) -> bool:
        assert self.born is not None
        if self.had(rule) is not None or passed(self.born, rule["ends"], self.on):
            return False
        if not passed(self.born, rule["late"], self.on):
            return False
        for after in rule.get("after", []):
            if after["dose"] in self.wanted:
                first = self.had(self.wanted[after["dose"]])
                if first is None or not passed(first["on"], after, self.on):
                    return False  # that one comes first, or its time still runs
        if any(each.get("live") and each["antigen"] == rule["antigen"] for each in self.rules["products"]):
            days = [(self.on - each["on"]).days for each in self.given.values() if each["live"]]
            if any(0 < each < self.rules["live_gap"]["days"] for each in days):
                return False  # two live injections: on one day, or four weeks apart
        return True

    def complete(self, name: str) -> bool | None:
        """Whether every dose of IDL or IBL, as told of those born then, counts; None when nothing is recorded."""
        if self.born is None or self.born > self.on or not self.known:
            return None
        held = [
            each
            for each in self.rules["sets"]
            if each["code"] == name and date.fromisoformat(each["born_from"]) <= self.born
        ]
        if not held:
            return False
        rules = {each["code"]: each for each in [*self.rules["doses"], *self.rules["school"]]}
        newest = max(held, key=lambda each: each["born_from"])
        return all(self.counts(rules[code]) for code in newest["doses"])
