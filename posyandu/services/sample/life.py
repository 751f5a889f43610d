"""The rest of life in a made-up village: births in full, nifas, pupils, adults, the elderly, home visits, deaths.

What the village itself tells stays as it is, but for those who died: nothing is told of them after that day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers, Value
from posyandu.domain.standards import Mental
from posyandu.services.sample.village import Entry
from posyandu.storage.records import attendance_id, visit_id
from posyandu.storage.reference import shipped_standards

LIFE_MONTHS = 4
"""For how many months, the last ones, pupils and adults are written down; mothers after birth always are."""

COMES = {"pupil": 0.45, "adult": 0.25, "elder": 0.65}
"""How often somebody of each kind comes to a posyandu day."""

CHILD_DAYS = 6 * 365.25
"""Until which age the village itself lets somebody come as a child: some turn six by the calendar half a day before."""

ILL = {"pressure": 0.3, "sugar": 0.1, "smoker": 0.5, "thin": 0.08, "tbc": 0.01}

Told = dict[str, Value | None]


@dataclass
class _Person:
    entry: Entry
    born_on: date
    sex: str
    asked: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.entry.record_id

    def dice(self, seed: int) -> Random:
        """Dice of this person alone: their height and illnesses are the same every month."""
        return Random(f"{seed} life {self.id}")


@dataclass
class _Village:
    """What was told so far of one post; `carried` are the pregnancies of each woman: id, first and last day."""

    people: dict[str, _Person] = field(default_factory=dict)
    carried: dict[str, list[tuple[str, date, date | None]]] = field(default_factory=dict)
    died: dict[str, date] = field(default_factory=dict)


def added(seed: int, entries: Iterable[Entry], until: Month) -> Iterator[Entry]:
    """The same entries with the rest of life beside them, up to the month `until`; the same seed gives the same."""
    posts: dict[str, _Village] = {}
    for each in entries:
        post = posts.setdefault(each.scope, _Village())
        entry = _with_birth(seed, _with_death(seed, each, post, until))
        if _is_after_death(entry, post):
            continue
        yield entry
        yield from _beside(seed, entry, post)
        if entry.entity == "session":
            yield from _session(seed, entry, post, until)


# --- births and deaths ----------------------------------------------------------------------------------------------


def _with_death(seed: int, entry: Entry, post: _Village, until: Month) -> Entry:
    """One old person of every post has died lately, in some posts a baby too; noted in the person's own record."""
    born_on = entry.answers.get("born_on")
    if entry.entity != "person" or not isinstance(born_on, date):
        return entry
    dice = Random(f"{seed} death {entry.record_id}")
    months = age_months(born_on, until.first) if born_on <= until.first else 0
    old = months >= 65 * 12 and not any(_is_old(post.people[who]) for who in post.died)
    young = 2 <= months < 10 and dice.random() < 0.06
    on = until.first - timedelta(days=dice.randrange(12, 40))
    if not (old or young) or on <= born_on or entry.answers.get("status") == "moved":
        return entry
    cause = dice.choice(("Stroke", "Usia lanjut", "Sesak napas")) if old else dice.choice(("Demam tinggi", "Diare"))
    post.died[entry.record_id] = on
    return entry._replace(answers={**entry.answers, "status": "died", "left_on": on, "left_reason": cause})


def _is_old(person: _Person) -> bool:
    return person.entry.at.year - person.born_on.year >= 60


def _is_after_death(entry: Entry, post: _Village) -> bool:
    who = entry.links.get("person_id")
    return who in post.died and entry.entity != "death" and entry.at.date() > post.died[who]


def _with_birth(seed: int, entry: Entry) -> Entry:
    """A pregnancy that ended tells where, who helped and how, and when the midwife came."""
    ended_on = entry.answers.get("ended_on")
    if entry.entity != "pregnancy":
        return entry
    dice = Random(f"{seed} birth {entry.record_id}")
    told: Told = {
        "blood_type": dice.choice(("a", "b", "ab", "o", "o")) if dice.random() < 0.6 else None,
        "sticker": dice.random() < 0.8,
        "plan_attendant": "Bidan desa",
        "plan_transport": "Ambulans desa",
        "births_before": max(0, int(str(entry.answers.get("gravida") or 1)) - 1),
    }
    if isinstance(ended_on, date):
        assisted = dice.random() < 0.15
        told |= {
            "birth_place": "hospital" if assisted else dice.choice(("puskesmas", "puskesmas", "midwife", "pustu")),
            "birth_attendant": "doctor" if assisted else "midwife",
            "birth_mode": "assisted" if assisted else "normal",
            "babies": 1,
            "breastfeeding": dice.random() < 0.9,
            **{f"kf{n}_on": ended_on + timedelta(days=d) for n, d in _KF if dice.random() < 0.9},
        }
    return entry._replace(answers={**entry.answers, **_known(told)})


_KF = ((1, 1), (2, 6), (3, 20), (4, 38))


def _known(told: Told) -> Answers:
    return {name: value for name, value in told.items() if value is not None}


def _beside(seed: int, entry: Entry, post: _Village) -> Iterator[Entry]:
    """What is written at once with a person or pregnancy: the newborn's record, a death."""
    answers = entry.answers
    if entry.entity == "pregnancy":
        ended_on, lmp_on = answers.get("ended_on"), answers["lmp_on"]
        assert isinstance(lmp_on, date)
        told_of = post.carried.setdefault(entry.links["person_id"], [])
        told_of.append((entry.record_id, lmp_on, ended_on if isinstance(ended_on, date) else None))
    born_on = answers.get("born_on")
    if entry.entity != "person" or not isinstance(born_on, date):
        return
    person = post.people[entry.record_id] = _Person(entry, born_on, str(answers.get("sex")))
    dice = person.dice(seed)
    if (died_on := post.died.get(person.id)) is not None:
        told: Told = {
            "died_on": died_on,
            "place": dice.choice(("home", "home", "facility")),
            "cause": answers.get("left_reason"),
            "reporter": "Keluarga",
            "reported_to": dice.choice(("village", "both", "both")),
        }
        yield _once(entry, "death", told, died_on)
    if born_on > entry.at.date() - timedelta(days=40):
        gone = (1, 5, 14)
        told = {
            "visited_on": max(born_on + timedelta(days=14), entry.at.date()),
            "condition": "cried" if dice.random() < 0.95 else "later",
            "vitamin_k": True,
            "eye_ointment": True,
            "hb0_on": born_on if dice.random() < 0.93 else None,
            "thyroid_screened": dice.random() < 0.6,
            **{f"kn{n}_on": born_on + timedelta(days=d) for n, d in enumerate(gone, 1) if dice.random() < 0.9},
        }
        yield _once(entry, "newborn", told, max(entry.at.date(), born_on + timedelta(days=14)))


def _once(person: Entry, form: str, told: Told, on: date) -> Entry:
    at = max(person.at, datetime.combine(on, time(2), person.at.tzinfo))
    kept = {name: value for name, value in told.items() if value is not None}
    return Entry(
        form, visit_id(form, "once", person.record_id), person.scope, kept, {"person_id": person.record_id}, at
    )


# --- posyandu days --------------------------------------------------------------------------------------------------


def _session(seed: int, session: Entry, post: _Village, until: Month) -> Iterator[Entry]:
    on = session.answers["held_on"]
    assert isinstance(on, date)
    late = until - Month.of(on) < LIFE_MONTHS
    rules, place = shipped_standards().on(on), 200
    nifas = rules.groups.postpartum_days
    for person in list(post.people.values()):
        if on >= post.died.get(person.id, date.max) or person.entry.at.date() > on:
            continue
        if person.entry.answers.get("status") in ("moved", "away"):
            continue
        dice = Random(f"{seed} {session.record_id} {person.id}")
        carried = post.carried.get(person.id, ())
        if any(began <= on and (ended is None or ended > on) for _id, began, ended in carried):
            continue
        born = next((each for each, _began, ended in carried if ended and (on - ended).days <= nifas), None)
        if born is not None:
            place += 1
            yield from _came(session, person, place, "postpartum_visit", _after_birth(dice, on), pregnancy_id=born)
        elif late and (kind := _kind(person, on)):
            if dice.random() < COMES[kind]:
                place += 1
                yield from _came(session, person, place, *_visit(seed, person, kind, dice, on))
                yield from _asked_once(seed, session, person, kind, on)
                yield from _sdq(seed, rules.mental, session, person, on)
                yield from _examined(seed, session, person, on)
            elif kind == "elder" and Month.of(on) == until and dice.random() < 0.5:
                yield _home_visit(session, person, dice, on)


def _kind(person: _Person, on: date) -> str:
    months = age_months(person.born_on, on)
    if months < 72 or (on - person.born_on).days < CHILD_DAYS:
        return ""
    return "pupil" if months < 19 * 12 else "adult" if months < 60 * 12 else "elder"


def _came(session: Entry, person: _Person, place: int, form: str, told: Told, **links: str) -> Iterator[Entry]:
    at = session.at + timedelta(minutes=place)
    here = {"session_id": session.record_id, "person_id": person.id}
    mark: Answers = {"present": True, "queue_number": place, "step": 5}
    yield Entry("attendance", attendance_id(session.record_id, person.id), session.scope, mark, here, at)
    record_id = visit_id(form, session.record_id, person.id)
    yield Entry(form, record_id, session.scope, _known(told), {**here, **links}, at + timedelta(minutes=1))


def _after_birth(dice: Random, on: date) -> Told:
    upper = round(dice.gauss(114, 10))
    return {
        "visited_on": on,
        "source": "session",
        "weight_g": round(dice.gauss(56_000, 6_000) / 100) * 100,
        "muac_mm": round(dice.gauss(255, 22)),
        "systolic_mmhg": upper,
        "diastolic_mmhg": round(upper * 0.65),
        "vitamin_a_capsules": dice.choice((0, 1, 2, 2)),
        "breastfeeding": dice.random() < 0.93,
        "contraception": dice.random() < 0.4,
        "counselling": "ASI saja 6 bulan" if dice.random() < 0.7 else None,
        "referral": "none",
        **_no_tbc(dice),
        **{name: dice.random() < 0.01 for name in ("danger_bleeding", "danger_fever", "danger_headache")},
    }


def _no_tbc(dice: Random) -> Told:
    return {name: dice.random() < ILL["tbc"] for name in ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact")}


def _visit(seed: int, person: _Person, kind: str, dice: Random, on: date) -> tuple[str, Told]:
    own = person.dice(seed)
    years = age_months(person.born_on, on) / 12
    male = person.sex == "male"
    if kind == "pupil":
        height = min(1_640 if male else 1_560, 1_130 + 55 * (years - 6)) + own.gauss(0, 45)
        index = 15.2 + max(0, years - 7) * 0.45 + own.gauss(0, 1.8)
    else:
        height = (1_625 if male else 1_520) + own.gauss(0, 55)
        index = own.gauss(23.6, 3.6)
    told: Told = {
        "visited_on": on,
        "source": "session",
        "weight_g": round(max(13, index) * (height / 1000) ** 2 * 10) * 100,
        "height_mm": round(height),
        "counselling": dice.choice(("Isi Piringku", "CERDIK", "Kurangi garam")) if dice.random() < 0.6 else None,
        "referral": "none",
        **_no_tbc(dice),
    }
    if kind == "pupil":
        return "school_visit", told | _pupil(person, years, dice)
    return "adult_visit", told | _grown(person, own, years, dice)


def _pupil(person: _Person, years: float, dice: Random) -> Told:
    girl, grown = person.sex == "female", years >= 15
    upper = round(dice.gauss(92 + 1.6 * years, 7))
    return {
        "systolic_mmhg": upper,
        "diastolic_mmhg": round(upper * 0.64),
        "waist_mm": round(dice.gauss(690, 60)) if grown else None,
        "glucose_mg_dl": round(dice.gauss(98, 12)) if grown else None,
        "haemoglobin_dg_dl": round(dice.gauss(121, 11)) if girl and years >= 12 else None,
        "haemoglobin_place": "school" if girl and years >= 12 else None,
        "smoking": dice.choice(("never", "never", "never", "tried", "sometimes")) if years >= 10 else None,
        "balanced_meals": dice.random() < 0.6,
        "active": dice.random() < 0.8,
        "iron_tablets": 4 if girl and years >= 12 else None,
        "iron_place": "school" if girl and years >= 12 else None,
        "iron_weekly": dice.random() < 0.6 if girl and years >= 12 else None,
        "deworming": dice.random() < 0.3,
        "topic": dice.choice(("nutrition", "substances", "hygiene", None)) if years >= 10 else None,
    }


def _grown(person: _Person, own: Random, years: float, dice: Random) -> Told:
    high, sweet = own.random() < ILL["pressure"] * years / 50, own.random() < ILL["sugar"] * years / 50
    smokes = person.sex == "male" and own.random() < ILL["smoker"]
    upper = round(dice.gauss((150 if high else 118) + years / 8, 8))
    told: Told = {
        "waist_mm": round(dice.gauss(820, 90)),
        "systolic_mmhg": upper,
        "diastolic_mmhg": round(upper * 0.6),
        "glucose_mg_dl": round(dice.gauss(235 if sweet else 112, 22)),
        "glucose_timing": "random",
        "cholesterol_mg_dl": round(dice.gauss(192, 30)) if dice.random() < 0.35 else None,
        "eye_right": dice.random() > years / 600,
        "eye_left": dice.random() > years / 600,
        "ear_right": dice.random() > years / 900,
        "ear_left": dice.random() > years / 900,
        "covid_immunised": own.random() < 0.85,
    }
    if years >= 40:
        told |= {
            "puma_smoked": smokes,
            "puma_sticks": own.choice((6, 10, 12, 16)) if smokes else None,
            "puma_years": round(years - 18) if smokes else None,
            "puma_breath": dice.random() < 0.15,
            "puma_phlegm": dice.random() < 0.12,
            "puma_cough": dice.random() < 0.1,
            "puma_spirometry": False,
        }
    if person.sex == "female" and years < 50:
        uses = own.random() < 0.6
        told |= {"contraception": uses, "contraception_method": own.choice(("injection", "pill")) if uses else None}
    return told


def _asked_once(seed: int, session: Entry, person: _Person, kind: str, on: date) -> Iterator[Entry]:
    """At the first visit: the head of the card, and for the elderly AKS and SKILAS."""
    if person.asked or kind == "pupil":
        return
    person.asked.add(kind)
    own = person.dice(seed)
    ill = own.random() < ILL["pressure"]
    history: Told = {
        "visited_on": on,
        **{f"family_{name}": own.random() < 0.15 for name in ("hypertension", "diabetes", "stroke", "heart")},
        "own_hypertension": ill,
        "own_diabetes": own.random() < ILL["sugar"],
        **{f"habit_{name}": own.random() < 0.3 for name in ("smoking", "sugar", "salt", "fat", "inactive")},
    }
    yield _once(person.entry, "health_history", history, on)._replace(at=session.at + timedelta(minutes=400))
    if kind != "elder":
        return
    weak = own.random() < 0.3
    steps = {"bowels": 2, "bladder": 2, "grooming": 1, "toilet": 2, "feeding": 2}
    steps |= {"transfer": 3, "walking": 3, "dressing": 2, "stairs": 2, "bathing": 1}
    aks: Told = {"visited_on": on, **{name: str(most - (weak and own.random() < 0.4)) for name, most in steps.items()}}
    skilas: Told = {
        "visited_on": on,
        **{name: own.random() < 0.9 for name in ("knows_date", "knows_place", "recalls_words", "stands_up")},
        **{name: own.random() < 0.1 for name in ("lost_weight", "poor_appetite", "sad", "no_interest")},
        "muac_mm": round(own.gauss(245, 25)),
        "eye_problem": own.random() < 0.35,
        "whisper": "hears" if own.random() < 0.85 else "not",
    }
    if not skilas["eye_problem"]:
        skilas["counts_fingers"] = own.random() < 0.9
    links = {"person_id": person.id, "session_id": session.record_id}
    for minute, (form, told) in enumerate((("aks", aks), ("skilas", skilas)), 401):
        record_id = visit_id(form, session.record_id, person.id)
        yield Entry(form, record_id, session.scope, told, links, session.at + timedelta(minutes=minute))


def _sdq(seed: int, rule: Mental, session: Entry, person: _Person, on: date) -> Iterator[Entry]:
    """SDQ of about a third of those of its age, examined at school.

    Only that it was answered stands in the open; the result would be sealed, and a made-up village has no reader.
    """
    fits = rule.sdq_from_months <= age_months(person.born_on, on) < rule.sdq_to_months
    if "sdq" in person.asked or not fits or Random(f"{seed} sdq {person.id}").random() >= 1 / 3:
        return
    person.asked.add("sdq")
    told: Told = {
        "visited_on": on,
        "source": "facility",
        "place": "school",
        "examiner": "Perawat",
        "answered": True,
    }
    links = {"person_id": person.id, "session_id": session.record_id}
    at = session.at + timedelta(minutes=404)
    yield Entry("sdq", visit_id("sdq", session.record_id, person.id), session.scope, told, links, at)


def _examined(seed: int, session: Entry, person: _Person, on: date) -> Iterator[Entry]:
    """What the puskesmas found, of about half of them and one examination a day: teeth, eyes and ears of pupils, eyes
    of who is over 40, IVA of women from 30 to 50.
    """
    years, dice = (on - person.born_on).days / 365.25, Random(f"{seed} examined {person.id}")
    findings: dict[str, Told] = {}
    if years < 19:
        findings["teeth"] = {"caries": dice.random() < 0.35}
        findings["vision"] = {"eye_finding": "refraction" if dice.random() < 0.1 else "normal", "colour_blind": False}
        findings["hearing"] = {"whisper_passed": dice.random() < 0.95, "ear_finding": dice.choice(("normal", "wax"))}
    elif years >= 40:
        findings["vision"] = {"eye_finding": "cataract" if dice.random() < years / 400 else "normal"}
    if person.sex == "female" and 30 <= years < 50:
        findings["iva"] = {"cancer_result": "negative", "again_on": on + timedelta(days=3 * 365)}
    left = [each for each in findings if each not in person.asked]
    if not left or dice.random() < 0.5:
        return
    person.asked.add(left[0])
    told: Told = {"visited_on": on, "source": "facility", "instrument": left[0], "place": "Puskesmas"}
    record_id = visit_id("nakes_exam", session.record_id, person.id)
    links = {"person_id": person.id, "session_id": session.record_id}
    at = session.at + timedelta(minutes=403)
    yield Entry("nakes_exam", record_id, session.scope, told | findings[left[0]], links, at)


def _home_visit(session: Entry, person: _Person, dice: Random, on: date) -> Entry:
    """Who did not come is visited some days later."""
    day = on + timedelta(days=dice.randrange(2, 6))
    told: Told = {
        "visited_on": day,
        "visit_number": 1,
        "why": "absent",
        "danger_cough": dice.random() < 0.05,
        "gap_pressure": dice.random() < 0.7,
        "gap_glucose": dice.random() < 0.5,
        "gap_aks": dice.random() < 0.6,
        "gap_skilas": dice.random() < 0.5,
        "habit_smokes": dice.random() < 0.4,
        **{f"saji_{name}": True for name in ("greet", "talk", "explain", "remind")},
        "education": "Datang ke Posyandu bulan depan",
        "plan": "Ukur tekanan darah di rumah",
        "result": dice.choice(("open", "done")),
    }
    links = {"person_id": person.id, "household_id": person.entry.links.get("household_id", "")}
    at = datetime.combine(day, time(2), session.at.tzinfo)
    return Entry("home_elderly", visit_id("home_elderly", session.record_id, person.id), session.scope, told, links, at)
