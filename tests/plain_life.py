"""Mothers, school children, adults and the elderly of a month counted again from the journal, in the plainest Python.

The companion of `plain_count` for the registers beyond the children's. Cut-offs are written out here from the design
notes (cards and recaps of ILP 2023, KMK 2015/2023, Permenkes 41/2014, AAP 2017, WHO 2011); nothing is read from the
app's rules, and nothing of its judging or counting code is used.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from tests import recount
from tests.domain import who_by_hand
from tests.plain_count import Month, Record, Someone, day, tables

FORM_OF = {
    "postpartum": "postpartum_visit",
    "breastfeeding": "postpartum_visit",
    "school": "school_visit",
    "youth": "school_visit",
    "adult": "adult_visit",
    "elderly": "adult_visit",
}
INSTRUMENTS = ("srq20", "aks", "skilas")
SCREENINGS = ("school_mental", "sdq")
EIGHT = (
    "home_comfortable", "school_burden", "likes_body", "other_friends", "substances", "sexual_relation", "unsafe",
    "suicidal",
)  # fmt: skip
TEN = (
    "bowels", "bladder", "grooming", "toilet", "feeding", "transfer", "walking", "dressing", "stairs", "bathing",
)  # fmt: skip
CHILD_PRESSURE = {
    "male": {6: (105, 66), 7: (106, 68), 8: (107, 69), 9: (107, 70), 10: (108, 72), 11: (110, 74), 12: (113, 75)},
    "female": {6: (105, 67), 7: (106, 68), 8: (107, 69), 9: (108, 71), 10: (109, 72), 11: (111, 74), 12: (114, 75)},
}
TBC = ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact")


def group_of(person: Record, on: date, pregnancies: list[Record]) -> str:
    """The register someone stands in on a day: by a pregnancy, a birth, breastfeeding, else by age; "" by none."""
    told = [(each, stage) for each in pregnancies if (stage := stage_of(each, on))]
    if told:
        return max(told, key=lambda pair: day(pair[0].get("lmp_on")) or day(pair[0].get("noted_on")) or date.min)[1]
    born = day(person.get("born_on"))
    if born is None:
        return ""
    months = recount.months_between(born, on)
    bounds = ((720, "elderly"), (228, "adult"), (180, "youth"), (72, "school"), (0, "child"))
    return next((name for least, name in bounds if months >= least), "")


def stage_of(pregnancy: Record, on: date) -> str:
    began = day(pregnancy.get("lmp_on")) or day(pregnancy.get("noted_on"))
    ended = day(pregnancy.get("ended_on"))
    outcome = pregnancy.get("outcome", "ongoing")
    if began is not None and on < began:
        return ""
    if outcome == "ongoing":
        return "pregnant"
    if ended is None:
        return ""
    if on < ended:
        return "pregnant"
    if outcome in ("live_birth", "stillbirth") and (on - ended).days <= 42:
        return "postpartum"
    nursing = outcome == "live_birth" and pregnancy.get("breastfeeding") is True
    return "breastfeeding" if nursing and recount.months_between(ended, on) < 24 else ""


class Lives:
    """Everybody of a post beyond the register of children, in one month."""

    def __init__(self, month: Month) -> None:
        self.month = month
        every = month.every
        self.carried: dict[str, list[Record]] = {}
        for number, each in month.pregnancies.items():
            self.carried.setdefault(each["person_id"], []).append({**each, "id": number})
        own = {form: month.by_person(every[form]) for form in {*FORM_OF.values(), *INSTRUMENTS, *SCREENINGS}}
        self.visits = own
        self.people = {id_: found for id_ in month.people if (found := self.someone(id_))}

    def told(self, form: str, id_: str) -> list[Record]:
        """The month's visits of a form that were made here."""
        return [v for v in self.known_visits(form, id_) if self.month.now(v["on"]) and v.get("source") != "history"]

    def known_visits(self, form: str, id_: str) -> list[Record]:
        """Someone's visits of a form; after a birth only those that belong to a pregnancy of hers.

        Of any other visit after a birth the post that made it counts nothing, so it cannot have served her either.
        """
        numbers = {each["id"] for each in self.carried.get(id_, [])}
        found = self.visits[form].get(id_, [])
        return [v for v in found if form != "postpartum_visit" or v.get("pregnancy_id") in numbers]

    def someone(self, id_: str) -> Someone | None:
        month = self.month
        person = month.people[id_]
        screened = [
            v["on"]
            for form in SCREENINGS
            for v in self.visits[form].get(id_, [])
            if v.get("answered") is True or all(q in v for q in EIGHT)
        ]
        forms = {*FORM_OF.values(), *INSTRUMENTS}
        here = [each for form in forms for each in self.told(form, id_)]
        days = [each["on"] for each in here] + [each for each in [*month.came[id_], *screened] if month.now(each)]
        on = max(days) if days else month.reporting_day
        born = day(person.get("born_on"))
        if not month.counts_here(
            person, on, bool(days), here, [each for form in forms for each in self.known_visits(form, id_)]
        ):
            return None
        if born is not None and recount.months_between(born, month.last_day) < 72:
            return None  # on the register of children
        group = group_of(person, on, self.carried.get(id_, []))
        if group not in FORM_OF:
            return None
        found = Someone(
            person, -1 if born is None else recount.months_between(born, on), on, bool(days),
            self.told(FORM_OF[group], id_),
        )  # fmt: skip
        found.group = group
        found.asked = {name: told[-1] for name in INSTRUMENTS if (told := self.told(name, id_))}
        first = date(month.year - 1, month.month + 1, 1) if month.month < 12 else date(month.year, 1, 1)
        found.screened = any(first <= each <= month.last_day for each in screened)
        return found

    # ---- what of one visit

    def known(self, someone: Someone, judge: Callable[[Someone, Record], Any]) -> Any:  # noqa: ANN401
        """The last judgement of the month that is not None."""
        told = [found for visit in someone.visits if (found := judge(someone, visit)) is not None]
        return told[-1] if told else None

    def body(self, someone: Someone, visit: Record) -> str | None:
        """The class of the body mass; exact decimals take their time, so each visit is judged once."""
        known = self.month.bodies
        key = visit["id"], someone.group
        if key not in known:
            known[key] = self.body_of(someone, visit)
        return known[key]

    def body_of(self, someone: Someone, visit: Record) -> str | None:
        """IMT by age to 18 years, by Permenkes 41/2014 from 19."""
        if not visit.get("weight_g") or not visit.get("height_mm"):
            return None
        if self.month.wrong_tools.get(visit.get("session_id", "")) in ("scale", "board", "both"):
            return None
        if someone.group in ("school", "youth") or visit.get("as_pupil"):
            born = day(someone.person.get("born_on"))
            sex = someone.person.get("sex")
            if born is None or sex not in ("male", "female") or born > visit["on"]:
                return None
            case = who_by_hand.Case(
                sex, Fraction((visit["on"] - born).days), Decimal(visit["weight_g"]) / 1000,
                Decimal(visit["height_mm"]) / 10, "h", None, None, False,
            )  # fmt: skip
            z = who_by_hand.scores(tables(), case).get("baz")
            if z is None:
                return None
            names = ((-3, "very_thin"), (-2, "thin"))
            return next((name for bound, name in names if z < bound), None) or (
                "normal" if z <= 1 else "heavy" if z <= 2 else "obese"
            )
        index = Fraction(visit["weight_g"] * 1000, visit["height_mm"] ** 2)
        if index < 17:
            return "very_thin"
        if index < Fraction(37, 2):
            return "thin"
        return "normal" if index <= 25 else "heavy" if index <= 27 else "obese"

    def months(self, someone: Someone, visit: Record) -> int | None:
        born = day(someone.person.get("born_on"))
        return None if born is None or born > visit["on"] else recount.months_between(born, visit["on"])

    def pressure(self, someone: Someone, visit: Record) -> str | None:
        """R, N or T of the card."""
        upper, lower = visit.get("systolic_mmhg"), visit.get("diastolic_mmhg")
        months = self.months(someone, visit)
        if months is None and someone.group in ("adult", "elderly"):
            months = 360
        if upper is None or lower is None or months is None:
            return None
        if months < 156:
            bound = CHILD_PRESSURE.get(str(someone.person.get("sex")), {}).get(months // 12)
            return None if bound is None else "T" if upper >= bound[0] or lower >= bound[1] else "N"
        high = (130, 80) if months < 216 else (140, 90)
        if upper >= high[0] or lower >= high[1]:
            return "T"
        return "R" if upper < 90 or lower < 60 else "N"

    def waist(self, someone: Someone, visit: Record) -> bool | None:
        months, girth = self.months(someone, visit), visit.get("waist_mm")
        if months is None and someone.group in ("adult", "elderly"):
            months = 360
        bound = {"male": 900, "female": 800}.get(str(someone.person.get("sex")))
        if girth is None or bound is None or months is None or months < 180:
            return None
        return girth > bound

    def sugar(self, _someone: Someone, visit: Record) -> str | None:
        amount = visit.get("glucose_mg_dl")
        if amount is None:
            return None
        high = 126 if visit.get("glucose_timing") == "fasting" else 200
        return "low" if amount < 70 else "high" if amount >= high else "normal"

    def anaemia(self, someone: Someone, visit: Record) -> bool | None:
        amount, months = visit.get("haemoglobin_dg_dl"), self.months(someone, visit)
        if amount is None or months is None or months < 60 or someone.person.get("sex") != "female":
            return None
        return amount < (115 if months < 144 else 120)

    def puma(self, someone: Someone, visit: Record) -> int | None:
        months, sex = self.months(someone, visit), someone.person.get("sex")
        symptoms = [visit.get(f"puma_{name}") for name in ("breath", "phlegm", "cough", "spirometry")]
        if months is None or months < 480 or sex not in ("male", "female") or None in symptoms:
            return None
        smoked = visit.get("puma_smoked")
        if smoked is None:
            return None
        if smoked:
            if visit.get("puma_sticks") is None or visit.get("puma_years") is None:
                return None
            twenties = visit["puma_sticks"] * visit["puma_years"]
            smoke = 2 if twenties > 600 else 1 if twenties >= 400 else 0
        else:
            smoke = 0
        age = 2 if months >= 720 else 1 if months >= 600 else 0
        return (sex == "male") + age + smoke + symptoms.count(True)

    @staticmethod
    def two_signs(visit: Record) -> bool:
        return sum(visit.get(name) is True for name in TBC) >= 2

    @staticmethod
    def arm_red(_someone: Someone, visit: Record) -> bool | None:
        return None if "muac_mm" not in visit else visit["muac_mm"] < 235

    @staticmethod
    def pressure_red(_someone: Someone, visit: Record) -> bool | None:
        """Red by the kader's word or 140/90; green by the word or by both numbers."""
        upper, lower, word = visit.get("systolic_mmhg"), visit.get("diastolic_mmhg"), visit.get("pressure_on_curve")
        if word is False or (upper is not None and upper >= 140) or (lower is not None and lower >= 90):
            return True
        return False if word is True or (upper is not None and lower is not None) else None

    def weight_red(self, _someone: Someone, visit: Record) -> bool | None:
        word = None if self.month.read_wrong(visit, "weight_g") else visit.get("weight_on_curve")
        return None if word is None else not word

    # ---- pregnant women

    def gestation(self, pregnancy: Record, on: date) -> int | None:
        """Completed weeks; None when no date tells or the day lies before."""
        due = day(pregnancy.get("usg_due_on"))
        if due is None and (last := day(pregnancy.get("lmp_on"))):
            due = last + timedelta(days=280)
        if due is None or (days := 280 - (due - on).days) < 0:
            return None
        return days // 7

    def pregnant_weight_red(self, woman: Someone, visit: Record) -> bool | None:
        """By the kader's word, else by the gain of Buku KIA and IOM 2009 for the body mass at the start."""
        if self.month.read_wrong(visit, "weight_g"):
            return None
        if "weight_on_curve" in visit:
            return not visit["weight_on_curve"]
        start, weeks = self.start_g(woman), self.gestation(woman.pregnancy, visit["on"])
        height = woman.pregnancy.get("height_mm")
        if start is None or weeks is None or height is None or "weight_g" not in visit:
            return None
        index = Fraction(start * 1000, height**2)
        low, high = (
            (440, 580) if index < Fraction(37, 2) else (350, 500) if index < 25 else (230, 330) if index < 30
            else (170, 270)
        )  # fmt: skip
        least, most = (0, 2000) if weeks <= 13 else (500 + (weeks - 13) * low, 2000 + (weeks - 13) * high)
        return not least <= visit["weight_g"] - start <= most

    def start_g(self, woman: Someone) -> int | None:
        if "first_weight_g" in woman.pregnancy:
            return int(woman.pregnancy["first_weight_g"])
        for visit in woman.earlier:
            weeks = self.gestation(woman.pregnancy, visit["on"])
            if (
                weeks is not None
                and weeks <= 12
                and "weight_g" in visit
                and not self.month.read_wrong(visit, "weight_g")
            ):
                return int(visit["weight_g"])
        return None

    def pregnant_anaemic(self, woman: Someone, visit: Record) -> bool | None:
        weeks, amount = self.gestation(woman.pregnancy, visit["on"]), visit.get("haemoglobin_dg_dl")
        if amount is None:
            return None
        if weeks is None:  # 11.0 in trimester 1 and 3, 10.5 in 2: between them nobody can say
            return None if 105 <= amount < 110 else bool(amount < 105)
        return amount < (105 if 12 < weeks <= 24 else 110)

    # ---- everything a column counts

    def which(self, test: Callable[[Someone], object], *groups: str) -> set[str]:
        return {id_ for id_, each in self.people.items() if each.group in groups and test(each)}

    @cache  # noqa: B019 - a village lives as long as its test
    def mothers(self) -> dict[str, set[str]]:
        """The columns of the recap of pregnant, postpartum and breastfeeding women."""
        after = ("postpartum", "breastfeeding")
        pregnant = self.month.mothers

        def of(test: Callable[[Someone], object]) -> set[str]:
            return {id_ for id_, each in pregnant.items() if test(each)}

        def red(judge: Any, answer: bool, before: Any = None) -> set[str]:  # noqa: ANN401
            return of(lambda each: self.known(each, before or judge) is answer) | self.which(
                lambda each: self.known(each, judge) is answer, *after
            )

        def educated(each: Someone) -> bool:
            return each.any(lambda visit: bool(visit.get("counselling")))

        def sent(each: Someone) -> bool:
            return each.any(lambda visit: visit.get("referral") not in (None, "none"))

        def capsules(each: Someone) -> bool:
            return each.any(lambda visit: (visit.get("vitamin_a_capsules") or 0) > 0)

        return {
            "targets": set(pregnant),
            "targets_nifas": self.which(lambda _each: True, *after),
            "came": of(lambda each: each.came),
            "came_nifas": self.which(lambda each: each.came, *after),
            "absent": of(lambda each: not each.came),
            "absent_nifas": self.which(lambda each: not each.came, *after),
            "weight_green": red(self.weight_red, False, self.pregnant_weight_red),
            "weight_red": red(self.weight_red, True, self.pregnant_weight_red),
            "muac_green": red(self.arm_red, False),
            "muac_red": red(self.arm_red, True),
            "pressure_green": red(self.pressure_red, False),
            "pressure_red": red(self.pressure_red, True),
            "tbc": of(lambda each: each.any(self.two_signs)) | self.which(lambda e: e.any(self.two_signs), *after),
            "iron": of(lambda each: each.any(lambda visit: (visit.get("iron_tablets") or 0) > 0)),
            "iron_daily": of(lambda each: each.last("iron_daily") is True),
            "iron_not_daily": of(lambda each: each.last("iron_daily") is False),
            **{name: self.month.counts()[name] for name in ("food", "food_daily", "food_not_daily")},
            "class_yes": of(lambda each: each.last("class_attended") is True),
            "class_no": of(lambda each: each.last("class_attended") is False),
            "vitamin_a_yes": self.which(capsules, "postpartum"),
            "vitamin_a_no": self.which(
                lambda each: each.last("vitamin_a_capsules") is not None and not capsules(each), "postpartum"
            ),
            "contraception_yes": self.which(lambda each: each.last("contraception") is True, *after),
            "contraception_no": self.which(lambda each: each.last("contraception") is False, *after),
            "counselled": of(educated) | self.which(educated, *after),
            "referred": of(sent),
            "referred_nifas": self.which(sent, *after),
        }

    @cache  # noqa: B019 - a village lives as long as its test
    def school(self) -> dict[str, set[str]]:
        """The 26 columns of school age and youth, without the month."""
        both = ("school", "youth")
        bodies = {
            f"bmi_{name}": self.which(lambda each, name=name: self.known(each, self.body) == name, *both)
            for name in ("very_thin", "thin", "normal", "heavy", "obese")
        }
        letters = {"low": "R", "normal": "N", "high": "T"}
        due = {id_ for id_, each in self.people.items() if each.group in both and each.came and each.age >= 120}
        done = {id_ for id_ in due if self.people[id_].screened}
        return {
            **self.came("school", "youth"),
            **bodies,
            "waist_over": self.which(lambda each: self.known(each, self.waist) is True, "youth"),
            **{
                f"pressure_{name}": self.which(lambda e, letter=letter: self.known(e, self.pressure) == letter, "youth")
                for name, letter in letters.items()
            },
            **{
                f"glucose_{name}": self.which(lambda each, name=name: self.known(each, self.sugar) == name, "youth")
                for name in letters
            },
            "anaemia_yes": self.which(lambda each: self.known(each, self.anaemia) is True, *both),
            "anaemia_no": self.which(lambda each: self.known(each, self.anaemia) is False, *both),
            "tbc": self.which(lambda each: each.any(self.two_signs), *both),
            "mental_done": done,
            "mental_not_done": due - done,
            **self.closing(*both),
        }

    @cache  # noqa: B019 - a village lives as long as its test
    def grown(self) -> dict[str, set[str] | None]:
        """The 47 columns of adults and elderly, without the month."""
        both = ("adult", "elderly")

        def of(test: Callable[[Someone], object]) -> set[str]:
            return self.which(test, *both)

        def asked(name: str, test: Callable[[Record], object]) -> set[str]:
            return of(lambda each: name in each.asked and test(each.asked[name]))

        def sex_over(sex: str) -> set[str]:
            return of(lambda each: each.person.get("sex") == sex and self.known(each, self.waist) is True)

        def fat(_each: Someone, visit: Record) -> bool | None:
            return None if "cholesterol_mg_dl" not in visit else visit["cholesterol_mg_dl"] >= 200

        def yeses(told: Record) -> int:
            return sum(told.get(f"srq_{number}") is True for number in range(1, 21))

        def srq_complete(told: Record) -> bool:
            return all(f"srq_{number}" in told for number in range(1, 21))

        def is_sealed(told: Record) -> bool:
            return "answered" in told and not any(f"srq_{number}" in told for number in range(1, 21))

        sealed = asked("srq20", is_sealed)

        letters = {"low": "R", "normal": "N", "high": "T"}
        skilas = {
            f"skilas_{name}_{word}": asked("skilas", lambda told, name=name, a=answer: self.skilas(told, name) is a)
            for name in ("cognition", "mobility", "malnutrition", "hearing", "sight", "depression")
            for word, answer in (("yes", True), ("no", False))
        }
        return {
            **self.came("adult", "elderly"),
            **{
                f"bmi_{name}": of(lambda each, name=name: self.known(each, self.body) == name)
                for name in ("very_thin", "thin", "normal", "heavy", "obese")
            },
            "waist_male": sex_over("male"),
            "waist_female": sex_over("female"),
            **{
                f"pressure_{name}": of(lambda each, letter=letter: self.known(each, self.pressure) == letter)
                for name, letter in letters.items()
            },
            **{f"glucose_{name}": of(lambda each, name=name: self.known(each, self.sugar) == name) for name in letters},
            "cholesterol_normal": of(lambda each: self.known(each, fat) is False),
            "cholesterol_high": of(lambda each: self.known(each, fat) is True),
            "srq_low": asked("srq20", lambda told: srq_complete(told) and yeses(told) <= 5)
            | asked("srq20", lambda told: is_sealed(told) and told.get("outcome") == "low"),
            "srq_high": asked("srq20", lambda told: yeses(told) >= 6)
            | asked("srq20", lambda told: is_sealed(told) and told.get("outcome") == "high"),
            "srq_17": None if sealed else asked("srq20", lambda told: told.get("srq_17") is True),
            "puma_low": of(lambda each: (score := self.known(each, self.puma)) is not None and score < 6),
            "puma_high": of(lambda each: (score := self.known(each, self.puma)) is not None and score >= 6),
            **{
                f"aks_{name}": asked("aks", lambda told, low=low, high=high: low <= self.aks(told) <= high)
                for name, low, high in (
                    ("independent", 20, 20), ("mild", 12, 19), ("moderate", 9, 11), ("severe", 5, 8), ("total", 0, 4),
                )
            },
            **skilas,
            "covid": of(lambda each: each.last("covid_immunised") is True),
            **self.closing(*both),
        }  # fmt: skip

    @staticmethod
    def aks(told: Record) -> int:
        """The sum of the ten, -1 while one is missing."""
        return sum(int(told[name]) for name in TEN) if all(name in told for name in TEN) else -1

    @staticmethod
    def skilas(told: Record, domain: str) -> bool | None:
        """Whether a domain shows a problem; None while not enough was asked to say that it shows none."""
        items: list[bool | None] = {
            "cognition": [_not(told.get(name)) for name in ("knows_date", "knows_place", "recalls_words")],
            "mobility": [_not(told.get("stands_up"))],
            "malnutrition": [
                told.get("lost_weight"), told.get("poor_appetite"),
                None if "muac_mm" not in told else told["muac_mm"] < 210,
            ],
            "hearing": [None if "whisper" not in told else told["whisper"] != "hears"],
            "sight": [told.get("eye_problem"), _not(told.get("counts_fingers"))],
            "depression": [told.get("sad"), told.get("no_interest")],
        }[domain]  # fmt: skip
        return True if True in items else None if None in items else False

    def came(self, young: str, old: str) -> dict[str, set[str]]:
        return {
            f"{word}_{group}": self.which(test, group)
            for group in (young, old)
            for word, test in (
                ("targets", lambda _each: True),
                ("came", lambda each: each.came),
                ("absent", lambda each: not each.came),
            )
        }

    def closing(self, *groups: str) -> dict[str, set[str]]:
        return {
            "counselled": self.which(
                lambda each: each.any(lambda visit: bool(visit.get("counselling") or "topic" in visit)), *groups
            ),
            "referred": self.which(
                lambda each: each.any(lambda visit: visit.get("referral") not in (None, "none")), *groups
            ),
        }

    @cache  # noqa: B019 - a village lives as long as its test
    def counts(self) -> dict[str, set[str] | int | None]:
        """What layouts count beyond children: names, or a number of the day; None where the book holds no such record.

        Only what `plain_count` does not say already.
        """
        month = self.month
        wus = {each["person_id"]: each for each in month.of_post("wus")}
        doses = month.of_post("immunisation_dose")
        dead = {each["person_id"]: each for each in month.of_post("death")}

        def dosed(antigen: str, number: int) -> set[str] | None:
            """Who had it this month: of a dose recorded twice the earlier counts."""
            given: dict[str, date] = {}
            for each in doses:
                if each.get("antigen") == antigen and each.get("dose") == number and (on := day(each.get("given_on"))):
                    given[each["person_id"]] = min(on, given.get(each["person_id"], on))
            return {i for i, on in given.items() if month.now(on) and i in month.children} if doses else None

        def in_register(test: Callable[[Record], object]) -> set[str] | None:
            return {id_ for id_, told in wus.items() if id_ in month.people and test(told)} if wus else None

        def tetanus(told: Record, number: int) -> bool:
            on = day(told.get(f"tetanus_{number}_on"))
            return on is not None and month.now(on)

        def uses(code: str) -> set[str] | None:
            """Who says so at a visit of the month, or in the register of WUS noted this month."""
            seen = {i for i, each in self.people.items() if each.any(lambda v: _uses(v, code))}
            told = {
                i for i, each in wus.items()
                if i in month.people and _uses(each, code) and (on := day(each.get("visited_on"))) and month.now(on)
            }  # fmt: skip
            return seen | told if wus or seen else None

        def most(name: str) -> int | None:
            told = [each[name] for each in month.sessions if name in each]
            return max(told) if told else None

        came = {i for i, each in self.people.items() if each.came}
        came |= {i for i, each in month.mothers.items() if each.came}
        recap = self.mothers()
        return {
            "anaemic": {
                i for i, each in month.mothers.items() if self.known(each, self.pregnant_anaemic) is True
            },
            "iron_90": {i for i, each in month.mothers.items() if self.ninety(each)},
            "postpartum": self.which(lambda _each: True, "postpartum"),
            "postpartum_vitamin_a": recap["vitamin_a_yes"],
            "contraception": recap["contraception_yes"],
            **{
                name: {
                    i for i in recap["contraception_yes"]
                    if self.people[i].last("contraception_method") in methods
                }
                for name, methods in {
                    "contraception_long": ("iud", "implant", "tubectomy", "vasectomy"),
                    "contraception_short": ("pill", "injection", "condom", "lactational"),
                }.items()
            },
            "posts": 1,
            "posts_open": 1 if month.sessions else 0,
            "kf4": self.fourth_visit(),
            "facility_births": {
                i for i, carried in self.carried.items()
                if month.people.get(i, {"guest": True}).get("guest") is not True and any(
                    each.get("birth_place") in ("hospital", "puskesmas", "pustu", "midwife")
                    and (ended := day(each.get("ended_on"))) and month.now(ended)
                    and not month.lived_elsewhere(i, ended) for each in carried
                )
            },
            "breastfeeding": recap["targets_nifas"],
            "breastfeeding_came": recap["came_nifas"],
            "wus_came": {
                i for i, each in self.people.items()
                if each.came and each.person.get("sex") == "female" and 180 <= each.age < 600
            },
            "pus_came": in_register(lambda told: told.get("couple") is True) and (
                (in_register(lambda told: told.get("couple") is True) or set()) & came
            ),
            "mothers_died": self.mothers_died(dead),
            "kader": most("kader_present"),
            "plkb": most("plkb_present"),
            "health_workers": most("health_workers_present"),
            "days_open": len(month.sessions),
            "hb0": dosed("hb0", 1),
            "bcg": dosed("bcg", 1),
            "measles": dosed("mr", 1),
            **{f"opv_{number}": dosed("opv", number) for number in range(1, 5)},
            **{f"dpt_{number}": dosed("dpt_hb_hib", number) for number in range(1, 4)},
            **{
                f"tetanus_{n}": in_register(lambda told, n=n: tetanus(told, n))
                for n in range(1, 6)
            },
            "pregnant_tetanus": None if not wus else {
                i for i in month.mothers if any(tetanus(wus.get(i, {}), n) for n in range(1, 6))
            },
            **{f"kb_{code}": uses(code) for code in ("condom", "pill", "injection")},
        }  # fmt: skip

    def fourth_visit(self) -> set[str] | None:
        """KF4 of day 29 to 42 after a birth, this month; None where no visit after a birth was ever noted."""
        all_told = [each for carried in self.carried.values() for each in carried]
        if not any(f"kf{number}_on" in each for each in all_told for number in (1, 2, 3, 4)):
            return None
        return {
            each["person_id"] for each in all_told
            if each.get("outcome") in ("live_birth", "stillbirth")
            and (ended := day(each.get("ended_on"))) and (on := day(each.get("kf4_on")))
            and 29 <= (on - ended).days <= 42 and self.month.now(on)
            and self.month.people.get(each["person_id"], {"guest": True}).get("guest") is not True
            and not self.month.lived_elsewhere(each["person_id"], on)
        }  # fmt: skip

    def ninety(self, woman: Someone) -> bool:
        """Ninety tablets of this pregnancy by her last visit of the month."""
        if not woman.visits:
            return False
        last = woman.visits[-1]
        until = woman.earlier[: woman.earlier.index(last) + 1]
        return sum(each.get("iron_tablets") or 0 for each in until) >= 90

    def mothers_died(self, dead: dict[str, Record]) -> set[str]:
        """Died in a pregnancy or within 42 days of its end, by no accident; or as her pregnancy alone says."""
        found = set()
        for id_, person in self.month.people.items():
            left = day(person.get("left_on"))
            if person.get("status") != "died" or person.get("guest") is True or left is None:
                continue
            if not self.month.now(left) or dead.get(id_, {}).get("accident") is True:
                continue
            if any(_covers(each, left) for each in self.carried.get(id_, [])):
                found.add(id_)
        for id_, each in ((id_, each) for id_, carried in self.carried.items() for each in carried):
            ended = day(each.get("ended_on"))
            if each.get("outcome") == "died" and ended and self.month.now(ended) and id_ in self.month.people:
                found |= {id_} if self.month.people[id_].get("status") != "died" else set()
        return found


def _covers(pregnancy: Record, on: date) -> bool:
    began = day(pregnancy.get("lmp_on")) or day(pregnancy.get("noted_on"))
    ended = day(pregnancy.get("ended_on"))
    if began is not None and on < began:
        return False
    if ended is None:
        return pregnancy.get("outcome", "ongoing") in ("ongoing", "died")
    return on <= ended + timedelta(days=42)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _uses(told: Record, code: str) -> bool:
    """A method is used where it is named and nobody said that none is."""
    return told.get("contraception_method") == code and told.get("contraception") is not False
