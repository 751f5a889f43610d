"""Every child's and woman's figure of a month counted again from the journal, in the plainest Python.

Knows nothing of the app's tables, indicators, weighing or growth code: it folds the saves of each record (the deepest
wins), and counts by the design notes alone: dates, KBM, Permenkes 2/2020, and z-scores by `who_by_hand`. Deliberately
slow and repetitive.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from posyandu import paths
from posyandu.storage import journal
from posyandu.storage.engine import Database
from tests import recount
from tests.domain import who_by_hand

Record = dict[str, Any]

TODAY = date(2026, 11, 12)
"""The day of the book in memory."""

FED_DAYS = {"wasted": 56, "underweight": 28, "not_gained": 14, "pregnant_kek": 120, "pregnant_thin": 120}
"""How long each programme of MT is planned for (Perdirjen Kesmas 1622/2023)."""

BEHIND = {
    "waz": ("weight_g",), "haz": ("length_mm",), "whz": ("weight_g", "length_mm"), "baz": ("weight_g", "length_mm"),
    "hcz": ("head_mm",),
}  # fmt: skip
IMPOSSIBLE = {
    "waz": (-6, 5), "haz": (-6, 6), "whz": (-5, 5), "baz": (-5, 5), "hcz": (-5, 5), "acz": (-5, 5),
}  # fmt: skip
"""Beyond these z-scores lies what WHO flags."""
SPOILT = {"scale": ("waz", "whz", "baz"), "board": ("haz", "whz", "baz"), "both": ("waz", "haz", "whz", "baz")}
"""What a wrong scale or board makes worthless."""
READ_FROM = {"scale": ("weight_g",), "board": ("length_mm",), "both": ("weight_g", "length_mm")}
"""What is read from them."""


def folded(db: Database) -> dict[str, dict[str, Record]]:
    """Every record by form and id as its saves say, withdrawn ones left out. One laptop only: no forks."""
    saves: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for op_id, entity, record, body in db.conn.execute("SELECT id, entity, record, body FROM op"):
        saves[entity, record].append(journal.stored_op(op_id, body))
    found: dict[str, dict[str, Record]] = defaultdict(dict)
    for (entity, record), ops in saves.items():
        told: Record = {}
        for op in sorted(ops, key=lambda each: each.depth):
            told.update(op.fields)
        if told.get("withdrawn") is not True:
            found[entity][record] = {name: value for name, value in told.items() if value is not None} | {
                "scope": ops[0].scope,
                "begun": min(op.at_ms for op in ops),
                "saved": max(ops, key=lambda each: each.depth).at_ms,
            }
    return found


def day(value: object) -> date | None:
    return _day(value) if isinstance(value, str) and len(value) == 10 else None


_day = cache(date.fromisoformat)


@cache
def tables() -> Any:  # noqa: ANN401
    return who_by_hand.read(Path(paths.resources()) / "growth" / "who.growth")


@dataclass
class Someone:
    """A child or woman of the month: on which day aged, the month's visits in order, whether she or he came."""

    person: Record
    age: int
    on: date
    came: bool
    visits: list[Record]
    earlier: list[Record] = field(default_factory=list)
    pregnancy: Record = field(default_factory=dict)
    group: str = ""
    asked: dict[str, Record] = field(default_factory=dict)
    screened: bool = False

    def last(self, name: str) -> Any:  # noqa: ANN401
        told = [visit[name] for visit in self.visits if name in visit]
        return told[-1] if told else None

    def any(self, test: Callable[[Record], bool]) -> bool:
        return any(test(visit) for visit in self.visits)


class Month:
    """One post in one month, counted by hand."""

    def __init__(
        self, db: Database, post: str, year: int, month: int, every: dict[str, dict[str, Record]] | None = None
    ) -> None:
        self.post, self.year, self.month = post, year, month
        self.known: dict[str, dict[str, float]] = {}
        self.bodies: dict[tuple[str, str], str | None] = {}
        self.every = every = folded(db) if every is None else every
        self.people = {id_: each for id_, each in every["person"].items() if each["scope"] == post}
        sessions = {id_: each for id_, each in every["session"].items() if each["scope"] == post}
        held = [when for each in sessions.values() if (when := day(each.get("held_on")))]
        self.held = sorted(held)
        self.wrong_tools = {id_: str(each.get("wrong_tool")) for id_, each in every["session"].items()}
        self.sessions = [each for each in sessions.values() if (w := day(each.get("held_on"))) and self.now(w)]
        next_month = date(year + month // 12, month % 12 + 1, 1)
        self.last_day = next_month - timedelta(days=1)
        self.quiet_day = TODAY if self.now(TODAY) else self.last_day  # no age is counted on a day to come
        self.reporting_day = max([each for each in held if self.now(each)], default=self.quiet_day)
        came: dict[str, set[date]] = defaultdict(set)
        for each in every["attendance"].values():
            when = day(sessions.get(each.get("session_id", ""), {}).get("held_on"))
            if each.get("present") is True and when:
                came[each["person_id"]].add(when)
        self.came = came
        self.child_visits = self.by_person(every["under_five_visit"])
        self.mother_visits = self.by_person(every["pregnancy_visit"])
        self.pregnancies = {id_: each for id_, each in every["pregnancy"].items() if each["scope"] == post}
        self.children = {id_: found for id_ in self.people if (found := self.child(id_))}
        self.mothers = {id_: found for id_ in self.people if (found := self.mother(id_))}

    def of_post(self, form: str) -> list[Record]:
        """The post's records of a form, the last noted last."""
        own = [each for each in self.every[form].values() if each["scope"] == self.post]
        return sorted(own, key=lambda each: str(each.get("visited_on")))

    def now(self, when: date) -> bool:
        return recount.is_in(when, self.year, self.month)

    @staticmethod
    def by_person(visits: dict[str, Record]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for id_, each in visits.items():
            if when := day(each.get("visited_on")):
                found[each["person_id"]].append({**each, "on": when, "id": id_})
        return {id_: sorted(each, key=lambda visit: (visit["on"], visit["id"])) for id_, each in found.items()}

    def here(self, person: Record, on: date, seen: bool) -> bool:
        return recount.lives_here(
            {**person, "entered_on": day(person.get("entered_on")), "left_on": day(person.get("left_on"))}, on, seen
        )

    def counts_here(self, person: Record, on: date, seen: bool, here: list[Record], visits: list[Record]) -> bool:
        """Whether someone counts at this post, `here` the month's visits at it, among all these `visits`."""
        dated = {**person, "entered_on": day(person.get("entered_on")), "left_on": day(person.get("left_on"))}
        served = [each["on"] for each in here]
        elsewhere = [each["on"] for each in visits if self.now(each["on"]) and each.get("source") == "history"]
        return recount.counts_here(dated, on, seen, served, elsewhere, self.last_day)

    def child(self, id_: str) -> Someone | None:
        person = self.people[id_]
        born = day(person.get("born_on"))
        if born is None:
            return None
        visits = self.child_visits.get(id_, [])
        here = [each for each in visits if self.now(each["on"]) and each.get("source") != "history"]
        days = [each["on"] for each in here] + [each for each in self.came[id_] if self.now(each)]
        on = max(days) if days else self.reporting_day
        if born > on or not self.counts_here(person, on, bool(days), here, visits):
            return None
        age = recount.months_between(born, on)
        return Someone(person, age, on, bool(days), here, visits) if age < 72 else None

    def mother(self, id_: str) -> Someone | None:
        """A woman pregnant on the day she came, else on the reporting day."""
        best: Someone | None = None
        person = self.people[id_]
        for number, pregnancy in self.pregnancies.items():
            if pregnancy["person_id"] != id_:
                continue
            here = [
                each
                for each in self.mother_visits.get(id_, [])
                if each.get("pregnancy_id") == number and self.now(each["on"]) and each.get("source") != "history"
            ]
            days = [each["on"] for each in here] + [each for each in self.came[id_] if self.now(each)]
            on = max(days) if days else self.reporting_day
            began = day(pregnancy.get("lmp_on")) or day(pregnancy.get("noted_on"))
            ended = day(pregnancy.get("ended_on"))
            ongoing = pregnancy.get("outcome", "ongoing") == "ongoing" or (ended is not None and on < ended)
            started = began is None or began <= on
            pregnant = (started and ongoing) or bool(here)  # who was served as pregnant this month is counted as such
            own = [v for v in self.mother_visits.get(id_, []) if v.get("pregnancy_id") == number]
            if not pregnant or not self.counts_here(person, on, bool(days), here, own):
                continue
            if best is None or len(here) > len(best.visits):
                best = Someone(person, 0, on, bool(days), here, own, pregnancy=pregnancy)
        return best

    # ---- supplementary food

    def fed(self, id_: str, until: date | None = None) -> tuple[bool, bool | None]:
        """Whether a programme ran in this month, and whether all that was told of its weeks was eaten up."""
        ran, eaten = False, None
        for number, each in self.every["feeding"].items():
            began = day(each.get("visited_on"))
            if each["scope"] != self.post or each["person_id"] != id_ or began is None or "reason" not in each:
                continue
            days = each.get("planned_days", FED_DAYS[each["reason"]])
            last = min(day(each.get("ended_on")) or began + timedelta(days=days - 1), until or TODAY)
            if (began.year, began.month) <= (self.year, self.month) <= (last.year, last.month) and not ran:
                ran, eaten = True, self.ate_all(number, until or TODAY)
        return ran, eaten

    def ate_all(self, feeding: str, until: date) -> bool | None:
        told = [
            week[f"day_{number}"]
            for week in self.every["feeding_week"].values()
            if week.get("feeding_id") == feeding and (on := day(week.get("visited_on"))) and self.now(on)
            for number in range(1, 8)
            if f"day_{number}" in week and on <= until
        ]
        return None if not told else False not in told

    # ---- what of a child

    def weighing(self, child: Someone) -> Record | None:
        if not isinstance(child.person.get("sex"), str):
            return None  # without it nothing can be said of a weight
        weighed = self.weighings(child)
        return weighed[-1] if weighed and child.age < 60 else None

    def weighings(self, child: Someone) -> list[Record]:
        """Of a day before the birth that was told nobody knows what it says."""
        born = day(child.person["born_on"])
        assert born is not None
        return [each for each in child.visits if "weight_g" in each and each["on"] >= born]

    def read_wrong(self, visit: Record, *answers: str) -> bool:
        """Whether any of these answers was read from a tool found wrong."""
        return bool({*answers} & {*READ_FROM.get(self.wrong_tools.get(visit.get("session_id", ""), ""), ())})

    def rightly_weighed(self, child: Someone) -> Record | None:
        """The last weighing that the lines of the KMS may be asked about."""
        found = [each for each in self.weighings(child) if not self.read_wrong(each, "weight_g")]
        return found[-1] if found and self.weighing(child) else None

    def left_out(self, child: Someone) -> bool:
        """Measured this month, and for some index never without a tool found wrong."""
        weight, length, born = ("weight_g",), ("length_mm",), day(child.person["born_on"])
        assert born is not None
        for answers in (weight, length, weight + length) if child.age < 60 else (weight + length,):
            told = [each for each in child.visits if all(name in each for name in answers) and each["on"] >= born]
            if told and all(self.read_wrong(each, *answers) for each in told):
                return True
        return False

    def letter(self, child: Someone) -> tuple[str, bool]:
        visit = self.weighing(child)
        if visit is None:
            return "", False
        plain = [{**each, "visited_on": each["on"]} for each in child.earlier]
        person = {"sex": child.person["sex"], "born_on": day(child.person["born_on"])}
        return recount.status(person, plain, {**visit, "visited_on": visit["on"]})

    def sound(self, child: Someone) -> Someone:
        """The child without what was read from tools found wrong: nobody is sent on for that."""

        def told(visit: Record) -> Record:
            read = READ_FROM.get(self.wrong_tools.get(visit.get("session_id", ""), ""), ())
            kept = {name: value for name, value in visit.items() if name not in read}
            return {**kept, "id": f"{visit['id']} without {read}"} if read else visit

        return replace(child, visits=[*map(told, child.visits)], earlier=[*map(told, child.earlier)])

    def scores(self, child: Someone, visit: Record) -> dict[str, float]:
        """The z-scores of a visit, worked out once: exact decimals take their time."""
        if visit["id"] not in self.known:
            self.known[visit["id"]] = self.worked_out(child, visit)
        return self.known[visit["id"]]

    def worked_out(self, child: Someone, visit: Record) -> dict[str, float]:
        born = day(child.person["born_on"])
        assert born is not None
        days = (visit["on"] - born).days
        if days < 0 or "sex" not in child.person:
            return {}
        measure = {"lying": "l", "standing": "h"}.get(visit.get("position", ""))
        found = who_by_hand.scores(
            tables(),
            who_by_hand.Case(
                child.person["sex"], Fraction(days),
                Decimal(visit["weight_g"]) / 1000 if "weight_g" in visit else None,
                Decimal(visit["length_mm"]) / 10 if "length_mm" in visit else None,
                measure,
                Decimal(visit["head_mm"]) / 10 if "head_mm" in visit else None,
                Decimal(visit["muac_mm"]) / 10 if "muac_mm" in visit else None,
                visit.get("oedema") in ("1", "2", "3"),
            ),
        )  # fmt: skip
        return {name: float(z) for name, z in found.items() if z is not None}

    def line(self, child: Someone, visit: Record) -> float | None:
        """Where the weight stands on the KMS: the dot is drawn with oedema, too."""
        dry = {name: value for name, value in visit.items() if name != "oedema"}
        return self.scores(child, {**dry, "id": f"{visit['id']} dry"}).get("waz")

    def last_class(self, child: Someone, index: str) -> str | None:
        """The class of the last visit of the month that tells it."""
        for visit in reversed(child.visits):
            born = day(child.person["born_on"])
            assert born is not None
            age = recount.months_between(born, visit["on"])
            if "sex" not in child.person or visit["on"] < born:
                continue
            if index == "muac":
                arm = visit.get("muac_mm")
                if arm is not None and 6 <= age < 60:
                    return "bad" if arm < 115 else "warn" if arm < 125 else "ok"
                continue
            if index == "whz" and visit.get("oedema") in ("1", "2", "3") and age < 60:
                return "severely_wasted"  # swollen feet are seen, whatever the scale says
            if index in SPOILT.get(self.wrong_tools.get(visit.get("session_id", ""), ""), ()):
                continue
            z = self.scores(child, visit).get(index)
            if z is None or (index != "baz" and age > 60):  # Permenkes 2/2020: 0 to 60 months
                continue
            low, high = IMPOSSIBLE[index]
            if not low <= z <= high and not all(visit.get(f"confirmed.{name}") for name in BEHIND[index]):
                continue  # notes 2.5: not counted until confirmed
            return _class(index, z, age)
        return None

    # ---- everything a column counts, by its name

    def told_elsewhere(self, id_: str, on: date | None) -> bool:
        """Whether a post that handed this person over counts what was on that day."""
        came = day(self.people[id_].get("entered_on"))
        return bool(came and on and on <= came and id_ in self.handed_over())

    def lived_elsewhere(self, id_: str, on: date | None) -> bool:
        """Whether somebody came to live here after that day, or was handed over on it."""
        came = day(self.people[id_].get("entered_on"))
        return bool(came and on and (on < came or (on == came and id_ in self.handed_over())))

    def mother_lived_elsewhere(self, baby: Record) -> bool:
        mother = str(baby.get("mother_id"))
        known = mother in self.people and self.people[mother].get("guest") is not True
        return known and self.lived_elsewhere(mother, day(baby["born_on"]))

    def written_down_before(self, id_: str) -> bool:
        """Whether another post has the same baby, who lived there sooner."""
        mine = self.people[id_]

        def sooner(number: str, baby: Record) -> tuple[Any, ...]:
            return max(baby["born_on"], baby.get("entered_on", "")), "mother_id" not in baby, number

        return any(
            other["scope"] != self.post and other.get("guest") is not True
            and all(other.get(name) == mine.get(name) for name in ("born_on", "sex", "name"))
            and mine.get("mother_name") and other.get("mother_name") == mine["mother_name"]
            and sooner(number, other) < sooner(id_, mine)
            for number, other in self.every["person"].items()
        )  # fmt: skip

    def handed_over(self) -> set[str]:
        """Who came from another post as one of its own: of this book, or by the server."""
        left = [i for i, p in self.every["person"].items() if p.get("status") == "moved" and p.get("guest") is not True]
        space = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c06")
        came = {each.get("person_id", "") for each in self.every["arrival"].values() if each.get("accepted") is True}
        return came | {uuid.uuid5(space, f"{self.post} {id_}").hex for id_ in left}

    def newborns(self, months_ago: int) -> set[str]:
        """The newborns of the month, or so many months before, wherever they were born, whatever became of them."""
        return {
            id_
            for id_, person in self.people.items()
            if person.get("guest") is not True
            and (b := day(person.get("born_on")))
            and self.last_day.year * 12 + self.last_day.month - b.year * 12 - b.month == months_ago
            and not ((e := day(person.get("entered_on"))) and (e.year * 12 + e.month) > (b.year * 12 + b.month + 2))
        }

    def age_of(self, id_: str) -> int:
        """Completed months of a child of the month; of a newborn who is no target, when it left or the month ended."""
        if id_ in self.children:
            return self.children[id_].age
        born, left = day(self.people[id_]["born_on"]), day(self.people[id_].get("left_on"))
        assert born is not None
        return recount.months_between(born, max(born, min(left or self.last_day, self.last_day)))

    def born(self, months_ago: int) -> set[str]:
        """Those of them whose birth counts here."""
        return {
            i
            for i in self.newborns(months_ago)
            if not self.told_elsewhere(i, day(self.people[i]["born_on"]))
            and not self.mother_lived_elsewhere(self.people[i])
            and not self.written_down_before(i)
        }

    def first_weeks(self, born: set[str]) -> dict[str, set[str] | None]:
        """KN1 by day 2 of life, all of KN in their days, and the heel prick; None where nobody ever noted one."""
        noted = {each["person_id"]: each for each in self.of_post("newborn") if each["person_id"] in self.people}
        days = {0: (0, 2), 1: (3, 7), 2: (8, 28)}

        def in_its_days(id_: str, number: int) -> bool:
            born_on, on = day(self.people[id_].get("born_on")), day(noted[id_].get(f"kn{number + 1}_on"))
            return bool(born_on and on and days[number][0] <= (on - born_on).days <= days[number][1])

        def now(id_: str, name: str) -> bool:
            person, on = self.people[id_], day(noted[id_].get(name))
            came, left = day(person.get("entered_on")), day(person.get("left_on"))
            elsewhere = on and ((came and on < came) or (person.get("status") == "moved" and left and on > left))
            return bool(on and self.now(on) and not elsewhere)

        here = [id_ for id_ in noted if id_ in self.newborns(0) | self.newborns(1)]
        visits = any(f"kn{number}_on" in each for each in noted.values() for number in (1, 2, 3))
        pricks = any("thyroid_screened" in each for each in noted.values())
        return {
            "kn1": {i for i in here if in_its_days(i, 0) and now(i, "kn1_on")} if visits else None,
            "kn_complete": {i for i in here if all(in_its_days(i, n) for n in days) and now(i, "kn3_on")}
            if visits
            else None,
            "thyroid_screened": {i for i in here if i in born and noted[i].get("thyroid_screened") is True}
            if pricks
            else None,
        }

    def counts(self) -> dict[str, Any]:
        """The ids counted under each name that layouts and recaps use."""
        children, mothers = self.children, self.mothers
        balita = {id_: child for id_, child in children.items() if child.age < 60}
        letters = {id_: self.letter(child) for id_, child in balita.items()}
        weighed = {id_ for id_, child in balita.items() if self.weighing(child)}
        classes = {
            index: {id_: told for id_, child in children.items() if (told := self.last_class(child, index))}
            for index in ("waz", "haz", "whz", "baz", "hcz", "muac")
        }
        waz = {
            id_: score
            for id_ in weighed
            if (visit := self.rightly_weighed(children[id_])) and (score := self.line(children[id_], visit)) is not None
        }
        bgm = {id_ for id_, score in waz.items() if score < -2}
        orange = {id_ for id_, score in waz.items() if score > 1}
        k = {id_ for id_, child in balita.items() if child.person.get("has_kia_book") is True}
        t = {id_ for id_, (letter, _twice) in letters.items() if letter == "T"}
        fat = {id_: classes["whz" if child.age < 60 else "baz"].get(id_) for id_, child in children.items()}

        def which(test: Callable[[Someone], object], among: dict[str, Someone] = children) -> set[str]:
            return {id_ for id_, each in among.items() if test(each)}

        def of_class(index: str, *codes: str) -> set[str]:
            return {id_ for id_ in balita if classes[index].get(id_) in codes}

        capsule = which(lambda each: each.any(lambda visit: visit.get("vitamin_a") in ("blue", "red")))
        born = self.born(0)
        turned = {
            id_
            for id_, child in balita.items()
            if (b := day(child.person["born_on"]))
            and recount.months_between(b, self.last_day)
            >= 36
            > recount.months_between(b, self.last_day.replace(day=1) - timedelta(days=1))
        }
        infants = which(lambda each: each.age < 12)
        came = which(lambda each: each.came)

        def ever_other(each: Someone) -> bool:
            told = [visit for visit in each.earlier if visit["on"] <= self.last_day]
            return any(visit.get("exclusive_breastfeeding") is False for visit in told)

        fed = which(lambda each: each.last("exclusive_breastfeeding") is True and not ever_other(each))
        fed_now = {id_: self.fed(id_) for id_ in (*children, *mothers)}
        supplement = which(lambda each: each.any(lambda visit: visit.get("supplement") is True))
        supplement |= {i for i in children if fed_now[i][0]}
        kek = which(lambda each: (each.last("muac_mm") or 10_000) < 235, mothers)
        food = which(
            lambda each: each.any(lambda v: bool(v.get("kek_food")) or (v.get("kek_portions") or 0) > 0), mothers
        ) | {i for i in mothers if fed_now[i][0]}

        def daily(id_: str) -> bool | None:
            told = mothers[id_].last("kek_daily")
            return fed_now[id_][1] if told is None else told

        return {
            "s": set(balita),
            "k": k,
            "d": weighed,
            **{name: {i for i, (letter, _t) in letters.items() if letter == name.upper()} for name in "ntob"},
            "2t": {id_ for id_, (_letter, twice) in letters.items() if twice},
            "bgm": bgm,
            "lined": set(waz),
            "left_out": which(lambda each: isinstance(each.person.get("sex"), str) and self.left_out(each)),
            "orange": orange,
            "k_minus_d": k - weighed,
            "s_minus_d": set(balita) - weighed,
            "s36": turned,
            "graduated": {i for i in turned & weighed if children[i].last("weight_g") >= 11_500},
            "severely_underweight": of_class("waz", "severely_underweight"),
            "underweight": of_class("waz", "underweight"),
            "severely_wasted": of_class("whz", "severely_wasted"),
            "wasted": of_class("whz", "wasted"),
            "wasted_fed": of_class("whz", "wasted") & supplement,
            "stunted": of_class("haz", "stunted", "severely_stunted"),
            "blue": which(lambda each: each.any(lambda visit: visit.get("vitamin_a") == "blue"), balita),
            "red": which(lambda each: each.any(lambda visit: visit.get("vitamin_a") == "red"), balita),
            "capsule": capsule,
            "vitamin_a": capsule & set(balita),
            "vitamin_a_infants": {i for i in capsule if 6 <= children[i].age <= 11},
            "vitamin_a_toddlers": {i for i in capsule if 12 <= children[i].age <= 59},
            "breastfed": {i for i in fed if children[i].age < 6},
            "breastfed_e": {i for i in fed if children[i].age <= 6},
            "dewormed": which(lambda each: each.any(lambda visit: visit.get("deworming") is True)),
            "everyone": set(children),
            "children_came": came,
            "infants_came": infants & came,
            "toddlers_came": (set(balita) - infants) & came,
            "infants": infants,
            "infants_to_six": which(lambda each: each.age <= 6),
            "below_two_s": {i for i, each in balita.items() if each.age < 24},
            "diarrhoea": which(lambda each: each.any(lambda visit: visit.get("diarrhoea") is True), balita),
            "oralit": which(lambda each: each.any(lambda visit: visit.get("oralit") is True), balita),
            "born": born,
            "early_breastfed": {i for i in born if self.people[i].get("early_breastfeeding") is True},
            "low_birth_weight": {i for i in born if (self.people[i].get("birth_weight_g") or 9_999) < 2_500},
            "bgm_below_two": {i for i in bgm if children[i].age < 24},
            # the recap of children
            "gained": {i for i, (letter, _t) in letters.items() if letter == "N"},
            "weight_attention": t | bgm | orange,
            "development_complete": which(lambda each: each.last("development") == "complete"),
            "development_incomplete": which(lambda each: each.last("development") == "incomplete"),
            "waz_normal": of_class("waz", "normal"),
            "waz_other": of_class("waz", "severely_underweight", "underweight", "risk_overweight"),
            "haz_normal": {i for i, told in classes["haz"].items() if told == "normal"},
            "haz_other": {i for i, told in classes["haz"].items() if told != "normal"},
            "whz_good": {i for i, told in fat.items() if told == "normal"},
            "whz_other": {i for i, told in fat.items() if told not in (None, "normal")},
            "head_normal": {i for i, told in classes["hcz"].items() if told == "ok"},
            "head_other": {i for i, told in classes["hcz"].items() if told != "ok"},
            "muac_normal": {i for i, told in classes["muac"].items() if told == "ok"},
            "muac_other": {i for i, told in classes["muac"].items() if told != "ok"},
            "well_fed": which(lambda each: each.age >= 6 and each.last("complementary_food") is True),
            "immunised": which(lambda each: each.last("immunisation_complete") is True),
            "supplement": supplement,
            "counselled_child": which(lambda each: each.any(lambda visit: bool(visit.get("counselling")))),
            "sick": which(lambda each: each.any(lambda visit: visit.get("sick") is True)),
            "referred_child": which(lambda each: each.any(lambda v: v.get("referral") not in (None, "none"))),
            # pregnant women
            "pregnant": set(mothers),
            "pregnant_came": which(lambda each: each.came, mothers),
            "kek": kek,
            "kek_fed": kek & food,
            "food": food,
            "got_iron": which(lambda each: each.any(lambda visit: (visit.get("iron_tablets") or 0) > 0), mothers),
            "iron_daily": which(lambda each: each.last("iron_daily") is True, mothers),
            "iron_not_daily": which(lambda each: each.last("iron_daily") is False, mothers),
            "food_daily": {i for i in mothers if daily(i) is True},
            "food_not_daily": {i for i in mothers if daily(i) is False},
            "class_attended": which(lambda each: each.last("class_attended") is True, mothers),
            "class_no": which(lambda each: each.last("class_attended") is False, mothers),
            "pregnant_referred": which(
                lambda each: each.any(lambda v: v.get("referral") not in (None, "none")), mothers
            ),
            # the post
            "births": born,
            "infants_died": {
                id_
                for id_, person in self.people.items()
                if person.get("status") == "died"
                and person.get("guest") is not True
                and (left := day(person.get("left_on")))
                and self.now(left)
                and (b := day(person.get("born_on")))
                and recount.months_between(b, left) < 12
            },
            **self.first_weeks(born),
            "meals": {i for i in set(balita) & came if any(each.get("meal_given") is True for each in self.sessions)},
        }


def _class(index: str, z: float, age: int) -> str:
    if index == "waz":
        return (
            "severely_underweight" if z < -3 else "underweight" if z < -2 else "normal" if z <= 1 else "risk_overweight"
        )
    if index == "haz":
        return "severely_stunted" if z < -3 else "stunted" if z < -2 else "normal" if z <= 3 else "tall"
    if index == "hcz":
        return "ok" if -2 <= z <= 2 else "bad"
    if z < -3:
        return "severely_wasted"
    if z < -2:
        return "wasted"
    return "normal" if z <= 1 else "over"
