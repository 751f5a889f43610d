"""What a post says of itself counted again from the journal: strata, stock, six fields, home visits, referrals, doors.

In the plainest Python, by the design notes alone; the limits of strata are those of Pedoman Umum 2011.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache

from tests import recount
from tests.plain_count import Month, Record, Someone, day
from tests.plain_family import card
from tests.plain_life import Lives

FIELDS = ("education", "health", "public_works", "housing", "order", "social")
WHYS = ("yearly", "absent", "not_adherent", "danger", "tbc", "follow_up", None)
GIVEN: dict[str, list[tuple[str, Callable[[Record], int]]]] = {
    "vitamin_a_blue": [("under_five_visit", lambda v: v.get("vitamin_a") == "blue")],
    "vitamin_a_red": [
        ("under_five_visit", lambda v: v.get("vitamin_a") == "red"),
        ("postpartum_visit", lambda v: v.get("vitamin_a_capsules") or 0),
    ],
    "iron": [
        ("pregnancy_visit", lambda v: v.get("iron_tablets") or 0),
        ("school_visit", lambda v: v.get("iron_tablets") or 0),
    ],
    "deworming": [
        ("under_five_visit", lambda v: v.get("deworming") is True),
        ("school_visit", lambda v: v.get("deworming") is True),
    ],
    "meal_child": [("under_five_visit", lambda v: v.get("supplement_portions") or 0)],
    "meal_mother": [("pregnancy_visit", lambda v: v.get("kek_portions") or 0)],
}


def month_of(when: date) -> tuple[int, int]:
    return when.year, when.month


def before(year: int, month: int, back: int) -> tuple[int, int]:
    number = year * 12 + month - 1 - back
    return number // 12, number % 12 + 1


class Post:
    """One post at the end of a month; `lives` gives the people of any month (as `Lives`)."""

    def __init__(self, lives: Callable[[int, int], Lives], year: int, month: int) -> None:
        self.lives, self.year, self.number = lives, year, month
        self.now = lives(year, month)
        self.month = self.now.month
        self.every = self.month.every

    def own(self, form: str) -> list[Record]:
        return self.month.of_post(form)

    # ---- stock

    @cache  # noqa: B019 - a village lives as long as its test
    def stock(self, item: str) -> dict[str, int | None]:
        """Opening, received, recorded, used, wasted, expected, counted, difference of a thing this month."""
        typed = {each.get("month"): each for each in self.own("stock") if each.get("item") == item}
        balance: int | None = None
        line: dict[str, int | None] = {}
        for back in range(23, -1, -1):
            year, month = before(self.year, self.number, back)
            told = typed.get(f"{year}-{month:02}", {})
            recorded = self.given(item, year, month)
            used = told.get("used", recorded)
            expected = None
            if balance is not None:
                expected = balance + told.get("received", 0) - (used or 0) - told.get("wasted", 0)
            counted = told.get("counted")
            line = {
                "opening": balance,
                "received": told.get("received"),
                "recorded": recorded,
                "used": used,
                "wasted": told.get("wasted"),
                "expected": expected,
                "counted": counted,
                "difference": None if counted is None or expected is None else counted - expected,
            }
            balance = expected if counted is None else counted
        return line

    def given(self, item: str, year: int, month: int) -> int | None:
        """What visits say was handed out; None where no visit can tell."""
        if item.startswith("vaccine_"):
            doses = [each for each in self.own("immunisation_dose") if each.get("source") == "here"]
            days = [
                day(each.get("given_on"))
                for each in doses
                if item == f"vaccine_{each.get('product') or each.get('antigen')}"
            ]
            return sum(on is not None and month_of(on) == (year, month) for on in days)
        if item not in GIVEN:
            return None
        return sum(
            int(amount(visit))
            for form, amount in GIVEN[item]
            for visit in self.own(form)
            if (on := day(visit.get("visited_on"))) and month_of(on) == (year, month)
            and visit.get("source") != "history"
        )  # fmt: skip

    # ---- six fields

    @cache  # noqa: B019
    def fields(self) -> dict[str, dict[str, int | None]]:
        """Activities, participants, and reports received, handled, refused and waiting, by field and in all."""
        found: dict[str, dict[str, int | None]] = {}
        steps: dict[str, list[Record]] = defaultdict(list)
        for number, each in self.every["social_step"].items():
            steps[each["ticket_id"]].append({**each, "id": number})
        for field in FIELDS:
            held = [
                each
                for each in self.own("activity")
                if (on := day(each.get("held_on"))) and self.month.now(on) and each.get("field", "health") == field
            ]
            row = dict.fromkeys(("received", "handled", "refused", "waiting"), 0)
            for number, ticket in self.every["social_ticket"].items():
                noted = day(ticket.get("noted_on"))
                if ticket["scope"] != self.month.post or ticket.get("field") != field or noted is None:
                    continue
                told = [(each["stage"], date.fromisoformat(each["stepped_on"])) for each in self.line(steps[number])]
                handled = [on for stage, on in told if stage == "handled"][:1]
                refused = [on for stage, on in told if stage == "refused"][:1]
                ended = [on for stage, on in told if stage in ("handled", "done", "refused")][:1]
                row["received"] += self.month.now(noted)
                row["handled"] += any(map(self.month.now, handled))
                row["refused"] += any(map(self.month.now, refused))
                row["waiting"] += noted <= self.month.last_day and not any(on <= self.month.last_day for on in ended)
            told = [each["participants"] for each in held if "participants" in each]
            # where activities were held and nobody wrote how many came, that is not known
            found[field] = {"activities": len(held), "participants": None if held and not told else sum(told), **row}
        found["all"] = {
            name: sum(known) if (known := [n for field in FIELDS if (n := found[field][name]) is not None]) else None
            for name in found["health"]
        }
        return found

    @staticmethod
    def line(steps: list[Record]) -> list[Record]:
        """Steps in the order taken, each after the one it follows; no two follow the same one."""
        ordered: list[Record] = []
        place = None
        while found := [each for each in steps if each.get("follows") == place]:
            ordered.append(found[0])
            place = found[0]["id"]
        return ordered

    @cache  # noqa: B019
    def health(self) -> dict[str, dict[str, set[str]]]:
        """Targets, who came and who was sent on, by group."""
        crowds: dict[str, dict[str, Someone]] = {
            "Bayi, balita, dan apras": self.month.children,
            "Ibu hamil": self.month.mothers,
        }
        names = {
            "postpartum": "Ibu nifas", "breastfeeding": "Ibu menyusui", "school": "Usia sekolah", "youth": "Remaja",
            "adult": "Dewasa", "elderly": "Lansia",
        }  # fmt: skip
        for id_, each in self.now.people.items():
            crowds.setdefault(names[each.group], {})[id_] = each
        return {
            name: {
                "targets": set(crowd),
                "came": {id_ for id_, each in crowd.items() if each.came},
                "referred": {
                    id_ for id_, each in crowd.items() if each.any(lambda v: v.get("referral") not in (None, "none"))
                },
            }
            for name, crowd in crowds.items()
        }

    # ---- home visits, referrals

    @cache  # noqa: B019
    def home_visits(self) -> list[dict[str, set[str]]]:
        """Who was visited in each week of the month and in all, for each reason and in the last row for any."""
        found = []
        visits = [
            each
            for form in self.every
            if form.startswith("home_")
            for each in self.own(form)
            if (on := day(each.get("visited_on"))) and self.month.now(on)
        ]
        for why in (*WHYS, "all"):
            mine = [each for each in visits if why == "all" or each.get("why") == why]
            row: dict[str, set[str]] = {f"week_{week}": set() for week in range(1, 6)}
            for each in mine:
                row[f"week_{(date.fromisoformat(each['visited_on']).day - 1) // 7 + 1}"].add(each["person_id"])
            found.append({**row, "sum": {each["person_id"] for each in mine}})
        return found

    def referrals(self) -> list[set[str]]:
        """Sent, came, did not come, no word yet: of this month, without those sent to UPTD PPA."""
        sent = [
            each
            for each in self.own("referral")
            if (on := day(each.get("referred_on"))) and self.month.now(on) and each.get("destination") != "uptd_ppa"
        ]
        states = ({"came"}, {"not_came"})
        answered = [{each["person_id"] for each in sent if each.get("came") in state} for state in states]
        waiting = {each["person_id"] for each in sent if each.get("came") not in ("came", "not_came")}
        return [{each["person_id"] for each in sent}, *answered, waiting]

    # ---- strata

    def window(self, months: int = 12) -> list[tuple[int, int]]:
        return [before(self.year, self.number, back) for back in range(months - 1, -1, -1)]

    @cache  # noqa: B019
    def strata(self) -> dict[str, list[float] | None]:
        """The numbers in the words of each indicator; None: nothing is known."""
        window = self.window()
        sessions = [each for each in self.own("session") if day(each.get("held_on"))]
        days = [day(each["held_on"]) for each in sessions if day(each["held_on"])]
        here = [on for on in days if on and month_of(on) in window]
        known = min((month_of(on) for on in days if on and on <= self.month.last_day), default=None)
        missing = sum(known is None or each < known for each in window)
        told = [missing] if missing else []
        held = [each for each in sessions if month_of(date.fromisoformat(each["held_on"])) in window]
        kader = [each["kader_present"] for each in held if "kader_present" in each]
        shares = []
        for each in sorted({month_of(on) for on in here}):
            month = self.lives(*each).month
            balita = {i for i, child in month.children.items() if child.age < 60}
            weighed = {i for i in balita if month.weighing(month.children[i])}
            if balita and each in self.recorded():
                shares.append(100 * len(weighed) / len(balita))
        team = [
            {**each, "id": i}
            for i, each in self.every["worker"].items()
            if each["scope"] == self.month.post and each.get("role") in (None, "kader", "coordinator")
            and each.get("active") is not False
        ]  # fmt: skip
        checked = [each["scale_checked"] for each in sorted(held, key=lambda each: each["held_on"])
                   if "scale_checked" in each]  # fmt: skip
        books = sum(c.age < 60 and c.person.get("has_kia_book") is True for c in self.month.children.values())
        return {
            "days_open": [len(here), *told],
            "months_open": [len({month_of(on) for on in here}), *told],
            "kader_on_duty": [round_half(sum(kader) / len(kader)), len(kader)] if kader else None,
            "d_s": [round_half(sum(shares) / len(shares)), len(shares)] if shares else None,
            "kia": self.share(*self.mother_and_child()),
            "kb": self.share(*self.contraception()),
            "idl": self.share(*self.immunised()),
            "services": self.services(shares),
            "health_fund": self.fund(),
            "kader_decree": [sum(bool(each.get("decree")) for each in team), len(team)],
            "tools": [checked.count(True), len(checked), books] if checked else None,
        }

    def recorded(self) -> set[tuple[int, int]]:
        """The months of the window that anything was recorded in, as reports see it."""
        return {
            each for each in self.window() if recorded(self.lives(*each), self.window()[0], (self.year, self.number))
        }

    @staticmethod
    def share(yes: set[str], no: set[str], unknown: set[str]) -> list[float] | None:
        total = len(yes) + len(no) + len(unknown)
        if not total:
            return None
        if len(unknown) == total:
            return [total]
        found = [len(yes), total, round_half(100 * len(yes) / total)]
        return [*found, len(unknown)] if unknown else found

    def mother_and_child(self) -> tuple[set[str], set[str], set[str]]:
        came: dict[str, bool] = defaultdict(bool)
        for each in self.recorded():
            lives = self.lives(*each)
            crowd = [(i, c.came) for i, c in lives.month.children.items() if c.age < 60]
            crowd += [(i, woman.came) for i, woman in lives.month.mothers.items()]
            crowd += [(i, woman.came) for i, woman in lives.people.items() if woman.group == "postpartum"]
            for id_, once in crowd:
                came[id_] |= once
        return {i for i, once in came.items() if once}, {i for i, once in came.items() if not once}, set()

    def contraception(self) -> tuple[set[str], set[str], set[str]]:
        """Couples: users, others, unknown. What was said last counts: in the register, at nifas, or as an adult."""
        said: dict[str, Record] = defaultdict(dict)
        first = date(*self.window()[0], 1)
        own = [
            (on, each["saved"], number, each)
            for form, since in (("wus", date.min), ("postpartum_visit", first), ("adult_visit", first))
            for number, each in self.every[form].items()
            if each["scope"] == self.month.post
            if (on := day(each.get("visited_on"))) and since <= on <= self.month.last_day
        ]
        for *_when, each in sorted(own, key=lambda told: told[:3]):
            said[each["person_id"]] |= {n: each[n] for n in ("couple", "contraception") if n in each}
        yes, no, unknown = set(), set(), set()
        for id_, person in self.month.people.items():
            born = day(person.get("born_on"))
            if person.get("sex") != "female" or born is None or not self.month.here(person, self.month.last_day, False):
                continue
            if not 180 <= recount.months_between(born, self.month.last_day) < 600:
                continue
            told = said.get(id_, {})
            married = (
                told["couple"]
                if "couple" in told
                else person["marital_status"] == "married"
                if "marital_status" in person
                else bool(person.get("husband_name"))
            )
            if married:
                answer = told.get("contraception")
                (yes if answer is True else no if answer is False else unknown).add(id_)
        return yes, no, unknown

    def couples(self) -> dict[str, tuple[set[str], set[str], set[str]]]:
        """What the province asks of couples: of whom it holds, among whom, and of whom nobody knows."""
        users, others, unknown = self.contraception()
        everybody, since = users | others | unknown, date(*self.window()[0], 1)
        last: dict[str, Record] = {}
        own = [(str(each.get("visited_on")), number, each) for number, each in self.every["wus"].items()
               if each["scope"] == self.month.post and day(each.get("visited_on"))]  # fmt: skip
        for _on, _number, each in sorted(own, key=lambda told: told[:2]):
            if day(each["visited_on"]) <= self.month.last_day:
                last[each["person_id"]] = each
        risks: dict[str, set[str]] = defaultdict(set)
        screened, waits, says_nothing = set(), set(), set()
        for id_ in everybody:
            each = last.get(id_, {})
            on, youngest = day(each.get("visited_on")), day(each.get("youngest_born_on"))
            born = day(self.month.people[id_].get("born_on"))
            if "wants_child" not in each and "why_none" not in each:
                says_nothing.add(id_)
            elif each.get("wants_child") in ("later", "none") or each.get("why_none") in ("wants_later", "wants_none"):
                waits.add(id_)
            if on is None or born is None:
                continue
            months, children = recount.months_between(born, on), each.get("children_living")
            found = {
                "young": months < 20 * 12,
                "old": months >= 36 * 12,
                "close": youngest is not None and youngest <= on and recount.months_between(youngest, on) < 24,
                "many": children is not None and children >= 3,
                "alki": each.get("haemoglobin_dg_dl", 999) < 120 or each.get("muac_mm", 999) < 235
                or each.get("chronic") is True or each.get("infection") is True,
            }  # fmt: skip
            for risk in (name for name, holds in found.items() if holds):
                risks[risk].add(id_)
            asked = ("weight_g", "height_mm", "muac_mm", "haemoglobin_dg_dl", "chronic", "infection", "complication",
                     "health_problem", "children_living")  # fmt: skip
            whole = all(name in each for name in asked) and (not children or youngest is not None)
            if on >= since and (whole or "fitness" in each):
                screened.add(id_)
        four = risks["young"] | risks["old"] | risks["close"] | risks["many"]
        among = {"four_t": four, **{name: risks[name] for name in ("young", "old", "close", "many", "alki")}}
        return {
            "screened": (screened, everybody, set()),
            "kb": (users, everybody, unknown),
            "unmet": (others & waits, everybody, unknown | (others & says_nothing)),
            **{f"{name}_kb": (users & ids, ids, unknown & ids) for name, ids in among.items()},
        }

    def immunised(self) -> tuple[set[str], set[str], set[str]]:
        """Children of one year: all of IDL had, some lacking, and nothing recorded at all."""
        on, area = self.month.last_day, str(self.every["posyandu"][self.month.post].get("village_code", ""))
        told = {
            id_: card(self.month, id_, area, on).complete("idl")
            for id_, person in self.month.people.items()
            if (born := day(person.get("born_on"))) and born <= on and 12 <= recount.months_between(born, on) <= 23
            and self.month.here(person, on, False)
        }  # fmt: skip
        return tuple({id_ for id_, each in told.items() if each is answer} for answer in (True, False, None))  # type: ignore[return-value]

    def services(self, shares: list[float]) -> list[float] | None:
        """How many of gizi, KIA, KB and immunisation reach half of their targets: surely, and at most."""
        surely = [sum(shares) / len(shares) >= 50] if shares else [False]
        perhaps = surely if shares else [True]
        for yes, no, unknown in (self.mother_and_child(), self.contraception(), self.immunised()):
            total = len(yes) + len(no) + len(unknown)
            surely = [*surely, bool(total) and len(yes) / total >= 0.5]
            perhaps = [*perhaps, not total or (len(yes) + len(unknown)) / total >= 0.5]
        return sorted({sum(surely), sum(perhaps)}) + [4]

    def extra(self) -> list[float]:
        """The kinds of extra programmes are words; that there was none in the twelve months is said with a number."""
        kinds = {"bkb", "paud", "youth", "posbindu", "elderly", "garden", "waste_bank"}
        held = [
            each for each in self.own("activity") if (on := day(each.get("held_on"))) and month_of(on) in self.window()
        ]
        return [] if not self.own("activity") or any(each.get("kind") in kinds for each in held) else [12]

    def fund(self) -> list[float] | None:
        families = sum(each["scope"] == self.month.post for each in self.every["household"].values())
        lines = self.own("fund")
        if not families or not lines:
            return None
        paid: dict[tuple[int, int], int] = defaultdict(int)
        for each in lines:
            on = day(each.get("noted_on"))
            if each.get("origin") == "health_fund" and "families" in each and on and month_of(on) in self.window():
                paid[month_of(on)] += each["families"]
        if not paid:
            return []
        last = paid[max(paid)]
        return [last, families, round_half(min(100, 100 * last / families))]

    # ---- talking points

    def skdn(self, back: int) -> tuple[list[float], list[float]]:
        """D of S and N of D, with their percents, this month or so many before; nothing before the first record."""
        lives = self.lives(*before(self.year, self.number, back))
        month = lives.month
        if not recorded(lives, self.window()[0], (self.year, self.number)):
            return [], []
        counts = month.counts()
        return of_all(counts["d"], counts["s"]), of_all(counts["n"], counts["d"])


def of_all(part: Iterable[str], whole: Iterable[str]) -> list[float]:
    part, whole = list(part), list(whole)
    return [len(part), len(whole), round_half(100 * len(part) / len(whole))] if whole else []


def round_half(number: float) -> float:
    """One decimal, as it is written."""
    return float(f"{number:.1f}")


def recorded(lives: Lives, first: tuple[int, int], asked: tuple[int, int]) -> bool:
    """Whether anything was recorded by the end of a month: a posyandu day from `first` on, or a visit here."""
    month = lives.month
    return (month.year, month.month) == asked or month.last_day >= first_day(month, first, asked)


def first_day(month: Month, first: tuple[int, int], asked: tuple[int, int]) -> date:
    end = end_of(*asked)
    held = [on for on in month.held if month_of(on) >= first]
    seen = [
        visit["on"]
        for id_, visits in month.child_visits.items()
        if id_ in month.people and (born := day(month.people[id_].get("born_on"))) and young(born, first)
        for visit in visits
        if visit.get("source") != "history" and visit["on"] <= end
    ]
    return min([*held[:1], *seen], default=date.max)


def young(born: date, first: tuple[int, int]) -> bool:
    return recount.months_between(born, date(*first, 1)) <= 72


def end_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
