"""Villages of people who do not exist, with the histories a posyandu would have written down about them.

`generate` gives the entries of the journal in the order they would have been made: the post, its kader, households,
persons, pregnancies, then month by month the posyandu day, who came and what was measured. The same seed gives the
same entries. Children grow along the WHO curves with a z-score of their own that wanders; some falter, some catch up;
about one in five does not come. The faults kader make are in it too, at known rates, so that checks have something to
find (`FAULTS`).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple

from posyandu.domain import growth
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.services.sample import names
from posyandu.storage.records import attendance_id, visit_id

FAULTS = {
    "position": 0.015,
    "transposed_weight": 0.006,
    "transposed_length": 0.006,
    "shrunk": 0.012,
    "half_kilograms": 0.08,
    "swapped": 0.10,
}
"""How often each fault is written in: per visit, but `swapped` (the weights of two neighbours) per posyandu day."""

DAYS_OF_PREGNANCY = 280
HOUSEHOLDS = 52
PREGNANT_NOW = 6


class Entry(NamedTuple):
    """One save as the journal would hold it: `at` is when it was typed, `scope` the posyandu's id."""

    entity: str
    record_id: str
    scope: str
    answers: Answers
    links: dict[str, str]
    at: datetime


class Place(NamedTuple):
    """A village by the digits of its Kemendagri code, and the puskesmas that looks after it."""

    code: str
    name: str
    puskesmas: str
    customs: names.Customs = names.LOMBOK


PLACES = (Place("5202022002", "Ubung", "Ubung"), Place("5202022003", "Jelantik", "Ubung"))
"""Two villages of Lombok Tengah: the villages are real, everybody in them is not."""

POST_NAMES = ("Melati", "Mawar", "Anggrek", "Kenanga", "Cempaka", "Dahlia", "Teratai", "Seruni", "Flamboyan", "Kamboja")
HAMLETS = ("Dasan Baru", "Gubuk Timur", "Gubuk Barat", "Lendang Re", "Montong Are", "Repok Sari", "Karang Bayan")


@dataclass
class _Child:
    """What the generator knows of a child while it makes the months go by."""

    id: str
    sex: str
    born_on: date
    entered_on: date
    z: float
    length_z: float
    falters_from: date
    gone_on: date | None
    comes: float
    previous_mm: int = 0


@dataclass
class _Pregnancy:
    id: str
    person_id: str
    lmp_on: date
    ended_on: date | None
    start_g: int
    gain_per_week_g: float
    muac_mm: int
    systolic: int
    hypertensive: bool
    comes: float


def generate(
    seed: int,
    tables: growth.GrowthTables,
    *,
    posts: int = 8,
    months: int = 18,
    until: Month,
    places: Sequence[Place] = PLACES,
) -> Iterator[Entry]:
    """Every save of `posts` posts over `months` posyandu days, the last one in the month `until`.

    Each group of `posts / len(places)` posts lies in one village. A post has about 150 persons.
    """
    for number in range(posts):
        place = places[number * len(places) // posts]
        yield from one_post(seed, number, place, tables, months=months, until=until)


def one_post(
    seed: int, number: int, place: Place, tables: growth.GrowthTables, *, months: int = 18, until: Month
) -> Iterator[Entry]:
    """The saves of the `number`-th post alone; they do not depend on the others."""
    return _Post(seed, number, place, tables, months, until).entries()


def post_id(seed: int, number: int) -> str:
    """The id of the `number`-th post (from 0) of `generate(seed, ...)`."""
    return _id(seed, "posyandu", number)


def _id(*parts: object) -> str:
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()


class _Post:
    """One post while it is being made up: its dice, its people and the day its history begins."""

    def __init__(
        self, seed: int, number: int, place: Place, tables: growth.GrowthTables, months: int, until: Month
    ) -> None:
        self.seed, self.number, self.place, self.tables = seed, number, place, tables
        self.id = post_id(seed, number)
        self.dice = Random(f"{seed}/{number}")
        self.months = [until - back for back in range(months - 1, -1, -1)]
        self.open_day = 4 + (number * 3) % 22
        self.first_day = self._session_day(self.months[0])
        self.today = self._session_day(until)
        self.sloppy = self.dice.uniform(0.5, 2.0)
        self.children: list[_Child] = []
        self.pregnancies: list[_Pregnancy] = []
        self.kader_names = [names.adult_name(self.dice, place.customs, "female") for _ in range(5)]

    def entries(self) -> Iterator[Entry]:
        """The whole history, in the order it was written."""
        yield from self._post_and_kader()
        for number in range(HOUSEHOLDS):
            yield from self._household(number)
        for month in self.months:
            yield from self._session(month)

    def _session_day(self, month: Month) -> date:
        return month.first + timedelta(days=self.open_day - 1)

    def _entry(self, entity: str, record_id: str, answers: Answers, on: date, minute: float = 0, **links: str) -> Entry:
        at = datetime.combine(on, time(0, 30), UTC) + timedelta(minutes=minute)
        kept = {name: value for name, value in answers.items() if value is not None}
        return Entry(entity, record_id, self.id, kept, links, at)

    def _post_and_kader(self) -> Iterator[Entry]:
        name = f"{POST_NAMES[self.number % len(POST_NAMES)]} {self.number // len(POST_NAMES) + 1}"
        post: Answers = {
            "name": name,
            "village_code": self.place.code,
            "hamlet": HAMLETS[self.number % len(HAMLETS)],
            "rt": f"{self.number % 6 + 1:02}",
            "address": f"Rumah kader {HAMLETS[self.number % len(HAMLETS)]}",
            "puskesmas": self.place.puskesmas,
            "coordinator": self.kader_names[0],
            "midwife": names.adult_name(self.dice, self.place.customs, "female"),
            "nutritionist": names.adult_name(self.dice, self.place.customs, "female"),
            "village_head": names.adult_name(self.dice, self.place.customs, "male"),
            "open_day": self.open_day,
        }
        start = self.first_day - timedelta(days=7)
        yield self._entry("posyandu", self.id, post, start)
        for number, kader_name in enumerate(self.kader_names):
            kader: Answers = {
                "name": kader_name,
                "role": "kader" if number else "coordinator",
                "phone": self._phone(),
                "active": True,
                "trained": self.dice.random() < 0.8,
            }
            yield self._entry("worker", _id(self.id, "worker", number), kader, start, 1 + number)

    def _phone(self) -> str:
        """A number nobody has: 0810 was never given out."""
        return f"0810{self.dice.randrange(10**8):08}"

    def _identity_number(self, born_on: date, sex: str) -> str | None:
        """A NIK that is nobody's; a few have none."""
        serial = self.dice.randrange(1, 9999)
        if self.dice.random() < 0.12:
            return None
        day = born_on.day + (40 if sex == "female" else 0)
        return f"{self._nowhere()}{day:02}{born_on:%m%y}{serial:04}"

    def _nowhere(self) -> str:
        """The first six digits of a NIK or KK from kecamatan 99, which no kabupaten has."""
        return f"{self.place.code[:4]}99"

    def _household(self, number: int) -> Iterator[Entry]:
        dice, customs = self.dice, self.place.customs
        household_id, mother_id = _id(self.id, "household", number), _id(self.id, "mother", number)
        father, mother = names.adult_name(dice, customs, "male"), names.adult_name(dice, customs, "female")
        youngest = self._youngest_born_on(number)
        mother_born = youngest - timedelta(days=round(dice.triangular(18.2, 43, 26) * 365.25))
        entered = self.first_day - timedelta(days=dice.randrange(1, 7))
        home: dict[str, Value | None] = {
            "kk": f"{self._nowhere()}{dice.randrange(10**6):06}{dice.randrange(1, 9999):04}",
            "hamlet": HAMLETS[(self.number + number % 2) % len(HAMLETS)],
            "rt": f"{number % 6 + 1:02}",
            "rw": f"{number % 2 + 1:02}",
            "dasawisma": f"{POST_NAMES[(number // 8) % len(POST_NAMES)]} {number // 8 + 1}",
            "poor": dice.random() < 0.35,
        }
        household: dict[str, Value | None] = home | {
            "head_name": father,
            "address": f"{home['hamlet']} RT {home['rt']}",
        }
        yield self._entry("household", household_id, household, entered, number * 5)
        shared: Answers = home | {"address": household["address"], "status": "active", "entered_on": entered}
        grown: dict[str, Value | None] = {
            "name": mother,
            "sex": "female",
            "born_on": mother_born,
            "nik": self._identity_number(mother_born, "female"),
            "husband_name": father,
            "phone": self._phone() if dice.random() < 0.7 else None,
            "jkn": f"000{dice.randrange(10**10):010}" if dice.random() < 0.8 else None,
        }
        yield self._entry("person", mother_id, {**shared, **grown}, entered, number * 5 + 1, household_id=household_id)
        if dice.random() < 0.4:
            yield self._grandparent(number, household_id, shared, entered)
        births = [youngest]
        while births[0] - timedelta(days=900) > mother_born + timedelta(days=18 * 365) and dice.random() < 0.42:
            births.insert(0, births[0] - timedelta(days=dice.randrange(720, 1900)))
        for order, born_on in enumerate(births, 1):
            parents = (mother_id, mother, father)
            yield from self._pregnancy(number, order, born_on, parents)
            if born_on <= self.today:
                yield self._child(number, order, born_on, parents, shared, household_id)

    def _youngest_born_on(self, number: int) -> date:
        """Births spread evenly over five years; the first households expect theirs after the last posyandu day."""
        if number < PREGNANT_NOW:
            return self.today + timedelta(days=45 + round(150 * (number + self.dice.random()) / PREGNANT_NOW))
        share = (number - PREGNANT_NOW + self.dice.random()) / (HOUSEHOLDS - PREGNANT_NOW)
        return self.today - timedelta(days=round(share * 1850))

    def _grandparent(self, number: int, household_id: str, shared: Answers, entered: date) -> Entry:
        sex = "female" if self.dice.random() < 0.6 else "male"
        born_on = self.today - timedelta(days=self.dice.randrange(21_200, 29_000))
        old: dict[str, Value | None] = {
            "name": names.adult_name(self.dice, self.place.customs, sex),
            "sex": sex,
            "born_on": born_on.replace(month=7, day=1) if self.dice.random() < 0.3 else born_on,
            "born_estimated": self.dice.random() < 0.3,
            "nik": self._identity_number(born_on, sex),
        }
        record_id = _id(self.id, "grandparent", number)
        return self._entry("person", record_id, {**shared, **old}, entered, number * 5 + 2, household_id=household_id)

    def _child(
        self,
        number: int,
        order: int,
        born_on: date,
        parents: tuple[str, str, str],
        shared: Answers,
        household_id: str,
    ) -> Entry:
        dice = self.dice
        mother_id, mother, father = parents
        sex = "male" if dice.random() < 0.512 else "female"
        length_z = dice.gauss(-1.15, 1.0)
        z = 0.55 * length_z + dice.gauss(-0.3, 0.8)
        moved = dice.random() < 0.03
        entered = max(self.first_day - timedelta(days=3), min(born_on + timedelta(days=14), self.today))
        gone_on = None
        if moved and entered < self.today - timedelta(days=60):
            gone_on = entered + timedelta(days=dice.randrange(30, (self.today - entered).days))
        birth_g = round(1000 * self._at("waz", sex, 0, max(-2.5, 0.5 * z - 0.1)) / 50) * 50
        answers: dict[str, Value | None] = {
            **shared,
            "name": names.child_name(dice, self.place.customs, sex, father),
            "sex": sex,
            "born_on": born_on,
            "nik": self._identity_number(born_on, sex),
            "mother_name": mother,
            "father_name": father,
            "birth_weight_g": birth_g if dice.random() < 0.93 else None,
            "birth_length_mm": round(10 * self._at("haz", sex, 0, 0.6 * length_z) / 5) * 5,
            "birth_order": order,
            "gestation_weeks": 36 if birth_g < 2500 and dice.random() < 0.5 else dice.choice((38, 39, 39, 40)),
            "early_breastfeeding": dice.random() < 0.7,
            "has_kia_book": dice.random() < 0.95,
            "entered_on": entered,
        }
        if gone_on:
            answers |= {"status": "moved", "left_on": gone_on, "left_reason": "Ikut orang tua bekerja"}
        child = _Child(
            id=_id(self.id, "child", number, order),
            sex=sex,
            born_on=born_on,
            entered_on=entered,
            z=z,
            length_z=length_z,
            falters_from=born_on + timedelta(days=dice.randrange(120, 1500)),
            gone_on=gone_on,
            comes=min(0.98, dice.betavariate(12, 1.6)),
        )
        self.children.append(child)
        links = {"household_id": household_id, "mother_id": mother_id}
        return self._entry("person", child.id, answers, entered, number * 5 + 2 + order, **links)

    def _pregnancy(self, number: int, order: int, born_on: date, parents: tuple[str, str, str]) -> Iterator[Entry]:
        dice = self.dice
        lmp_on = born_on - timedelta(days=DAYS_OF_PREGNANCY + round(dice.gauss(0, 6)))
        noted_on = lmp_on + timedelta(days=dice.randrange(45, 75))
        if noted_on < self.first_day or noted_on > self.today:
            return
        height_mm = round(dice.gauss(1525, 52))
        index = max(16.0, dice.gauss(22.3, 3.2))
        woman = _Pregnancy(
            id=_id(self.id, "pregnancy", number, order),
            person_id=parents[0],
            lmp_on=lmp_on,
            ended_on=born_on if born_on <= self.today else None,
            start_g=round(index * (height_mm / 1000) ** 2 * 10) * 100,
            gain_per_week_g=max(120, dice.gauss(400, 110)),
            muac_mm=round(235 + (index - 20) * 9 + dice.gauss(0, 6)),
            systolic=round(dice.gauss(111, 8)),
            hypertensive=dice.random() < 0.08,
            comes=dice.betavariate(10, 1.5),
        )
        self.pregnancies.append(woman)
        answers: dict[str, Value | None] = {
            "noted_on": noted_on,
            "lmp_on": lmp_on,
            "gravida": order,
            "birth_interval_months": dice.randrange(24, 62) if order > 1 else None,
            "first_weight_g": woman.start_g,
            "height_mm": height_mm,
            "outcome": "live_birth" if woman.ended_on else "ongoing",
            "ended_on": woman.ended_on,
        }
        yield self._entry("pregnancy", woman.id, answers, noted_on, number, person_id=woman.person_id)

    def _session(self, month: Month) -> Iterator[Entry]:
        dice, on = self.dice, self._session_day(month)
        session_id = _id(self.id, "session", month)
        day: Answers = {
            "held_on": on,
            "place": f"Rumah kader {HAMLETS[self.number % len(HAMLETS)]}",
            "kader_present": dice.choice((3, 4, 5, 5, 5)),
            "plkb_present": dice.choice((0, 1)),
            "health_workers_present": dice.choice((1, 1, 2)),
            "scale_checked": dice.random() < 0.8,
            "meal_given": dice.random() < 0.9,
            "topic": dice.choice(
                ("MP-ASI kaya protein hewani", "Cuci tangan pakai sabun", "Imunisasi lengkap", "Diare")
            ),
            "closed": True,
        }
        yield self._entry("session", session_id, day, on)
        queue = 0
        measured: list[tuple[_Child, dict[str, Value | None]]] = []
        for child in self.children:
            age = (on - child.born_on).days
            if not child.entered_on <= on < (child.gone_on or date.max) or age >= 6 * 365.25:
                continue
            came = dice.random() < child.comes - 0.03 * age / 365.25
            queue += came
            yield self._attendance(session_id, child.id, on, came, queue)
            self._age_child(child, on)
            if came:
                measured.append((child, self._measured(child, on)))
        self._swap_neighbours(measured)
        for minute, (child, answers) in enumerate(measured):
            record_id = visit_id("under_five_visit", session_id, child.id)
            links = {"person_id": child.id, "session_id": session_id}
            yield self._entry("under_five_visit", record_id, answers, on, 65 + 2 * minute, **links)
        for woman in self.pregnancies:
            days = (on - woman.lmp_on).days
            if days < 60 or (woman.ended_on and woman.ended_on <= on) or days > 300:
                continue
            came = dice.random() < woman.comes
            queue += came
            yield self._attendance(session_id, woman.person_id, on, came, queue)
            if came:
                links = {"person_id": woman.person_id, "pregnancy_id": woman.id, "session_id": session_id}
                record_id = visit_id("pregnancy_visit", session_id, woman.person_id)
                yield self._entry("pregnancy_visit", record_id, self._checked(woman, on), on, 120 + queue, **links)

    def _attendance(self, session_id: str, person_id: str, on: date, came: bool, queue: int) -> Entry:
        answers: Answers = (
            {"present": True, "queue_number": queue, "step": 5}
            if came
            else {"present": False, "absence_reason": self.dice.choice(("sick", "away", "busy", "busy", "other"))}
        )
        links = {"session_id": session_id, "person_id": person_id}
        return self._entry("attendance", attendance_id(session_id, person_id), answers, on, 60, **links)

    def _age_child(self, child: _Child, on: date) -> None:
        """One month of life: the z-scores wander; a faltering child loses a fifth of a z a month for four months."""
        months_in = (on - child.falters_from).days / 30.4
        drift = -0.2 if 0 <= months_in < 4 else 0.07 if 4 <= months_in < 12 else 0.0
        child.z += drift + self.dice.gauss(0, 0.09)
        child.length_z += drift / 4 + self.dice.gauss(-0.006, 0.03)

    def _measured(self, child: _Child, on: date) -> dict[str, Value | None]:
        dice = self.dice
        days = (on - child.born_on).days
        months = days / 30.4375
        lying = months < 24
        weight = 1000 * self._at("waz", child.sex, days, max(-4.2, child.z)) + dice.gauss(0, 70)
        length = 10 * self._at("haz", child.sex, days, max(-4.5, child.length_z)) + dice.gauss(0, 4)
        length = max(length, child.previous_mm + dice.choice((0, 1, 2)))
        child.previous_mm = round(length)
        answers: dict[str, Value | None] = {
            "visited_on": on,
            "source": "session",
            "weight_g": round(weight / 100) * 100,
            "length_mm": round(length),
            "position": "lying" if lying else "standing",
            "development": "complete" if dice.random() < 0.9 else "incomplete",
            "oedema": "none",
            "immunisation_complete": dice.random() < 0.86,
            "sick": dice.random() < 0.07,
            "referral": "none",
        }
        if months >= 6:
            if months < growth.SCHOOL_FROM_MONTH:
                arm = 10 * self._at("acz", child.sex, days, max(-3.5, child.z * 0.8)) + dice.gauss(0, 2)
                answers["muac_mm"] = round(arm)
            answers["complementary_food"] = dice.random() < 0.78 if months < 24 else None
        else:
            answers["exclusive_breastfeeding"] = dice.random() < 0.72
        if lying or (months < growth.SCHOOL_FROM_MONTH and dice.random() < 0.3):
            answers["head_mm"] = round(10 * self._at("hcz", child.sex, days, child.length_z * 0.5))
        if on.month in (2, 8) and months >= 6:
            answers["vitamin_a"] = "blue" if months < 12 else "red"
            answers["deworming"] = months >= 12 and dice.random() < 0.9
        for question in ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"):
            answers[question] = dice.random() < 0.008
        self._spoil(answers, child)
        return answers

    def _at(self, index: str, sex: str, days: int, z: float) -> float:
        """What a child of this z-score measures, in kg or cm."""
        row = growth.lms_at(self.tables, index, sex, days)
        assert row is not None, "asked only inside the tables"
        return growth.at_sd(z, *row)

    def _spoil(self, answers: dict[str, Value | None], child: _Child) -> None:
        """Write in the faults of `FAULTS`, more of them at a sloppy post."""
        dice = self.dice
        weight, length = answers["weight_g"], answers["length_mm"]
        assert isinstance(weight, int) and isinstance(length, int)  # noqa: PT018 - not a test
        happened = {fault for fault, share in FAULTS.items() if dice.random() < share * self.sloppy}
        if "position" in happened:
            answers["position"] = "standing" if answers["position"] == "lying" else "lying"
        if "half_kilograms" in happened:
            answers["weight_g"] = round(weight / 500) * 500
        if "transposed_weight" in happened and weight >= 10_000:
            tens, ones = divmod(weight // 1000, 10)
            answers["weight_g"] = (ones * 10 + tens) * 1000 + weight % 1000 if 0 < ones < 3 else weight
        if "transposed_length" in happened:
            text = f"{length:04}"
            slipped = int(text[0] + text[2] + text[1] + text[3])
            answers["length_mm"] = slipped if 420 <= slipped < 1_300 else length
        if "shrunk" in happened:
            answers["length_mm"] = length - dice.randrange(15, 40)

    def _swap_neighbours(self, measured: list[tuple[_Child, dict[str, Value | None]]]) -> None:
        if len(measured) < 2 or self.dice.random() >= FAULTS["swapped"] * self.sloppy:
            return
        first = self.dice.randrange(len(measured) - 1)
        above, below = measured[first][1], measured[first + 1][1]
        above["weight_g"], below["weight_g"] = below["weight_g"], above["weight_g"]

    def _checked(self, woman: _Pregnancy, on: date) -> dict[str, Value | None]:
        dice = self.dice
        weeks = (on - woman.lmp_on).days / 7
        gained = 60 * min(weeks, 12) + woman.gain_per_week_g * max(0, weeks - 12)
        raised = 26 if woman.hypertensive and weeks > 24 else 0
        systolic = round(woman.systolic + raised + dice.gauss(0, 4))
        diastolic = round(systolic * 0.64 + dice.gauss(0, 3))
        thin = woman.muac_mm < 235
        answers: dict[str, Value | None] = {
            "visited_on": on,
            "source": "session",
            "weight_g": round((woman.start_g + gained + dice.gauss(0, 250)) / 100) * 100,
            "weight_on_curve": woman.gain_per_week_g > 300,
            "muac_mm": round(woman.muac_mm + dice.gauss(0, 2)),
            "systolic_mmhg": systolic,
            "diastolic_mmhg": diastolic,
            "pressure_on_curve": systolic < 140 and diastolic < 90,
            "haemoglobin_dg_dl": round(dice.gauss(112, 10)) if dice.random() < 0.25 else None,
            "iron_tablets": 30,
            "iron_daily": dice.random() < 0.8,
            "kek_food": "Telur, ikan dan sayur" if thin else None,
            "kek_portions": 30 if thin else None,
            "kek_daily": dice.random() < 0.8 if thin else None,
            "class_attended": dice.random() < 0.55,
            "referral": "puskesmas" if systolic >= 140 else "none",
            "referral_reason": "Tekanan darah tinggi" if systolic >= 140 else None,
        }
        for question in ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"):
            answers[question] = dice.random() < 0.005
        for sign in ("danger_bleeding", "danger_headache", "danger_swelling", "danger_movement"):
            answers[sign] = dice.random() < 0.01
        return answers
