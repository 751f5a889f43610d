"""What the province asks of pupils, adults and the elderly, counted again from the journal: a year of everybody.

The companion of `plain_life`, whose cut-offs it uses; nothing of the app's counting code is.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from tests import recount
from tests.plain_count import Record, Someone, day
from tests.plain_doses import Card, passed
from tests.plain_family import card
from tests.plain_life import Lives

Parts = tuple[set[str], set[str], set[str]]
"""Of whom it holds, among whom, and of whom nobody knows."""

CHILDREN = {
    "underweight": ("waz", "underweight", "severely_underweight"),
    "stunted": ("haz", "stunted", "severely_stunted"),
    "wasted": ("whz", "wasted", "severely_wasted"),
    "overweight": ("whz", "over"),
    "arm": ("muac", "warn", "bad"),
}
"""Under-fives: which index, and which of its classes."""

LINES = {
    "indikator_balita": tuple(CHILDREN),
    "indikator_sekolah": (
        "screened", "thin", "normal", "heavy", "obese", "caries", "pressure", "refraction", "hearing", "hb_7", "hb_10",
        "anaemia", "iron", "takes_iron", "immunised",
    ),
    "indikator_dewasa": ("screened", "diabetes", "pressure", "eyes", "cataract"),
    "indikator_lansia": (
        "screened", "pressure", "diabetes", "thin", "obese", "independent", "cataract",
    ),
}  # fmt: skip
"""The lines of each table, by what they ask."""

OF_ALL = ("screened", "hb_7", "hb_10", "iron", "takes_iron", "immunised", "eyes")
"""Services: their share is of everybody, not of whom something is known."""

MATERNAL = ("pregnancy_visit", "postpartum_visit")
"""Registers in which a woman is examined too: that counts as examined, what was found there does not (ADR 0030)."""

GROUPS = {
    "indikator_sekolah": ("school", "youth"),
    "indikator_dewasa": ("adult",),
    "indikator_lansia": ("elderly",),
}


class Ages:
    """Everybody of a post in the registers of these ages, with the year up to the end of a month."""

    def __init__(self, lives: Lives) -> None:
        self.lives, self.month = lives, lives.month
        last = self.month.last_day
        self.first = date(last.year - (last.month < 12), last.month % 12 + 1, 1)
        self.july = date(last.year - (last.month < 7), 7, 1)
        self.by_form = {
            form: self.month.by_person(self.month.every[form])
            for form in ("school_visit", "adult_visit", *MATERNAL, "nakes_exam", "health_history", "aks", "smoking")
        }

    def of(self, form: str, id_: str, since: date | None = None) -> list[Record]:
        return [
            each
            for each in self.by_form[form].get(id_, [])
            if (since or self.first) <= each["on"] <= self.month.last_day
        ]

    @cache  # noqa: B019 - a village lives as long as its test
    def line(self, table: str, number: int) -> Parts:
        """One line of a table."""
        if table == "indikator_balita":
            return self.children(*CHILDREN[LINES[table][number]])
        what = LINES[table][number]
        told: dict[str, bool | None] = {}
        for id_, each in self.lives.people.items():
            if each.group in GROUPS[table] and self.is_asked(what, id_, each):
                visits = [{**visit, "as_pupil": True} for visit in self.of("school_visit", id_)]
                if table != "indikator_sekolah":  # as a pupil, before the nineteenth birthday
                    visits = sorted([*visits, *self.of("adult_visit", id_)], key=lambda visit: visit["on"])
                told[id_] = self.holds(what, id_, replace(each, visits=visits))
        unknown = {id_ for id_, answer in told.items() if answer is None}
        among = set(told) if what in OF_ALL else set(told) - unknown
        return {id_ for id_, answer in told.items() if answer}, among, unknown

    def children(self, index: str, *codes: str) -> Parts:
        """Under-fives of a class: among those rightly measured in the month, the others unknown."""
        youngest = 6 if index == "muac" else 0
        told = {
            id_: self.month.last_class(child, index)
            for id_, child in self.month.children.items()
            if youngest <= child.age < 60
        }
        unknown = {id_ for id_, found in told.items() if found is None}
        return {id_ for id_, found in told.items() if found in codes}, set(told) - unknown, unknown

    # ---- whom it is asked of

    def grade(self, id_: str, each: Someone) -> int | None:
        """The class told since July, else by the years completed: twelve is class seven."""
        told = [v for form in ("smoking", "school_visit") for v in self.of(form, id_, self.july) if "grade" in v]
        if told:
            return int(max(told, key=lambda visit: (visit["on"], visit["grade"]))["grade"])
        born = day(each.person.get("born_on"))
        return None if born is None else recount.months_between(born, each.on) // 12 - 5

    def is_asked(self, what: str, id_: str, each: Someone) -> bool:
        grade = self.grade(id_, each)
        girl = each.person.get("sex") == "female" and grade is not None
        if what in ("hb_7", "hb_10"):
            return girl and grade == int(what.removeprefix("hb_"))
        if what in ("anaemia", "iron", "takes_iron"):
            return girl and grade is not None and 7 <= grade <= 12
        return what != "immunised" or (grade is not None and grade > 6)

    # ---- what is asked

    def was_taken(self, names: set[str], id_: str, each: Someone) -> bool:
        told = [*each.visits, *(visit for form in MATERNAL for visit in self.of(form, id_))]
        return any(names & visit.keys() for visit in told)

    def holds(self, what: str, id_: str, each: Someone) -> bool | None:
        lives, exams = self.lives, self.of("nakes_exam", id_)
        own = (self.of("health_history", id_, date.min) or [{}])[-1]

        def exam(name: str) -> Any:  # noqa: ANN401
            return next((told[name] for told in reversed(exams) if name in told), None)

        def measured(judge: Callable[[Someone, Record], Any], *wanted: str) -> bool | None:
            found = lives.known(each, judge)
            return None if found is None else found in wanted

        if what in ("thin", "normal", "heavy", "obese"):
            return measured(lives.body_of, *(("thin", "very_thin") if what == "thin" else (what,)))
        if what == "pressure":
            return True if own.get("own_hypertension") is True and each.group in ("adult", "elderly") else measured(
                lives.pressure, "T"
            )  # fmt: skip
        if what == "hearing":
            whisper, ear = exam("whisper_passed"), exam("ear_finding")
            return None if (whisper, ear) == (None, None) else whisper is False or ear not in ("normal", None)
        if what in ("hb_7", "hb_10"):
            return self.was_taken({"haemoglobin_dg_dl"}, id_, each)
        if what == "iron":
            given = [visit["iron_tablets"] for visit in each.visits if "iron_tablets" in visit]
            return max(given) > 0 if given else None
        if what == "immunised":
            area = str(self.month.every["posyandu"][self.month.post].get("village_code", ""))
            return school_set(card(self.month, id_, area, self.month.last_day), each.person.get("sex"))
        if what == "eyes":
            fingers = any(name in visit for visit in each.visits for name in ("eye_right", "eye_left"))
            return fingers or any(told.get("instrument") == "vision" for told in exams)
        if what == "independent":
            scores = [score for told in self.of("aks", id_)[-1:] if (score := lives.aks(told)) >= 0]
            return scores[-1] == 20 if scores else None
        if what == "screened":
            names = {"weight_g", "waist_mm", "systolic_mmhg", "glucose_mg_dl", "haemoglobin_dg_dl"}
            return self.was_taken(names, id_, each)
        return {
            "caries": lambda: exam("caries"),
            "refraction": lambda: None if exam("eye_finding") is None else exam("eye_finding") == "refraction",
            "cataract": lambda: None if exam("eye_finding") is None else exam("eye_finding") == "cataract",
            "anaemia": lambda: lives.known(each, lives.anaemia),
            "takes_iron": lambda: each.last("iron_weekly"),
            "diabetes": lambda: True if own.get("own_diabetes") is True else measured(lives.sugar, "high"),
        }[what]()  # type: ignore[no-any-return]


def school_set(doses: Card, sex: object) -> bool | None:
    """Whether every dose of the school years was had, a girl's too, none too soon after the one before."""
    if doses.born is None or not doses.known:
        return None
    held = [each for each in doses.rules["sets"] if each["code"] == "isl" and each["born_from"] <= str(doses.born)]
    if not held:
        return None
    newest = max(held, key=lambda each: each["born_from"])
    rules = {each["code"]: each for each in doses.rules["school"]}
    wanted = [rules[code] for code in (*newest["doses"], *(newest["girls"] if sex == "female" else ()))]
    had = [(doses.had(rule), rule) for rule in wanted]
    return all(
        dose is not None
        and all(
            (first := doses.had(rules[after["dose"]])) is None or passed(first["on"], after, dose["on"])
            for after in rule.get("after", [])
        )
        for dose, rule in had
    )
