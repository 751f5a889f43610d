"""Homes of a made-up village: facts of houses and people, guardians, couples, consent, programmes of extra meals.

Who has what is drawn from the seed and the record alone; what the post knew before stays as it was.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from posyandu.domain import feeding as course
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.consent import VERSION
from posyandu.domain.forms.feeding import DAYS
from posyandu.domain.standards import Rules
from posyandu.services import feeding, profile
from posyandu.services.sample.village import Entry
from posyandu.storage import records

ASKED = 0.8
"""How many families were asked about their house."""

WITH_GRANDPARENT = 0.15
"""How many children who live with a grandparent are brought up by her or him."""

ANSWERED = 0.7
"""How many families were told about their data and asked."""

SCREENED = 0.85
"""How many couples in the register of WUS/PUS were asked before a pregnancy."""


def added(seed: int, entries: Iterable[Entry], rules: Rules) -> Iterator[Entry]:
    """The same entries with more facts about houses, children and couples, and after each post its programmes of MT."""
    group: list[Entry] = []
    for entry in entries:
        if entry.entity == "posyandu" and group:
            yield from _meals(seed, group, rules)
            yield from _told(seed, group)
            group = []
        told = _dressed(seed, entry, group)
        group.append(told)
        yield told
    yield from _meals(seed, group, rules)
    yield from _told(seed, group)


def _dressed(seed: int, entry: Entry, before: list[Entry]) -> Entry:
    dice = random.Random(f"{seed} {entry.record_id} home")
    if entry.entity == "household":
        return entry._replace(answers={**entry.answers, **_house(dice, entry.answers)})
    if entry.entity == "person":
        entry = entry._replace(answers={**entry.answers, **_person(seed, entry)})
    if entry.entity == "person" and entry.links.get("mother_id"):
        old = _grandparent(entry, before)
        if old is not None and dice.random() < WITH_GRANDPARENT:
            named = {"guardian_name": old.answers["name"], "guardian_role": "grandparent"}
            links = {**entry.links, "guardian_id": old.record_id}
            return entry._replace(answers={**entry.answers, **named}, links=links)
    if entry.entity == "wus" and entry.answers.get("couple") is True and dice.random() < SCREENED:
        return entry._replace(answers={**entry.answers, **_couple(dice, entry, before)})
    return entry


def _house(dice: random.Random, house: Answers) -> Answers:
    """What a visit at home found; a few families were never asked."""
    if dice.random() > ASKED:
        return {}
    poor = house.get("poor") is True
    pressure, tbc, mental = dice.random() < 0.25, dice.random() < 0.03, dice.random() < 0.02
    told: dict[str, Value | None] = {
        "clean_water": dice.random() < (0.75 if poor else 0.93),
        "latrine": dice.random() < (0.6 if poor else 0.92),
        "ventilation": dice.random() < 0.8,
        "fit_house": dice.random() < (0.7 if poor else 0.95),
        "smoker": dice.random() < 0.62,
        "insured": dice.random() < 0.85,
        "ill_tbc": tbc,
        "ill_hypertension": pressure,
        "ill_mental": mental,
        "born_in_facility": dice.random() < 0.95,
    }
    for ill, name in ((tbc, "tbc_treated"), (pressure, "hypertension_treated"), (mental, "mental_treated")):
        if ill:
            told[name] = dice.random() < 0.7
    return told | _built(dice, poor)


def _built(dice: random.Random, poor: bool) -> dict[str, Value | None]:
    """What the house is built of, and where its water comes from."""
    weak = dice.random() < (0.3 if poor else 0.04)
    return {
        "house_owner": dice.choice(("own", "own", "own", "free", "rent")),
        "house_floor": dice.choice(("earth", "bamboo", "cement")) if weak else dice.choice(("cement", "tile", "tile")),
        "house_wall": dice.choice(("bamboo", "wood", "plastered")) if weak else "masonry",
        "house_roof": dice.choice(("thatch", "metal")) if weak else dice.choice(("tile", "metal", "metal")),
        "floor_area_m2": dice.randrange(18, 45) if weak else dice.randrange(30, 90),
        "water_source": dice.choice(("pipe", "borehole", "well", "well", "spring")),
        "drain": dice.random() < 0.5,
        "waste_sorted": dice.random() < 0.4,
    }


KINDS_OF_JKN = ("pbi", "pbi", "pbi_local", "own", "worker", "none")
"""Those who have a number are of the others; without one some are known to have none."""


def _person(seed: int, entry: Entry) -> Answers:
    """What was asked of somebody beside the first questions; it depends on the seed and the person alone."""
    dice = random.Random(f"{seed} {entry.record_id} asked")
    told: dict[str, Value | None] = {}
    answers, born_on = entry.answers, entry.answers.get("born_on")
    if answers.get("nik") is None and dice.random() < 0.8:
        told["nik_missing"] = dice.choice(("none_yet", "none_yet", "not_brought", "no_documents"))
    if answers.get("jkn"):
        told |= {"jkn_kind": dice.choice(KINDS_OF_JKN[:-1]), "jkn_active": dice.random() < 0.9}
    elif dice.random() < 0.3:
        told["jkn_kind"] = KINDS_OF_JKN[-1]
    if dice.random() < 0.5:
        told["birth_certificate"] = dice.random() < 0.85
        told["disability"] = "none"
    if dice.random() < 0.02:
        told |= {"disability": dice.choice(("physical", "sight", "hearing_speech", "intellectual"))}
        told["disability_aid"] = "Belum punya alat bantu"
    single = not any(answers.get(name) for name in ("husband_name", "marital_status"))
    on = entry.at.date()
    grown = isinstance(born_on, date) and 19 * 12 <= age_months(born_on, on) < 30 * 12
    if grown and single and dice.random() < 0.25:
        told |= {"betrothed": True, "betrothed_on": on, "wedding_on": on + timedelta(days=dice.randrange(200, 700))}
    return told


def _told(seed: int, entries: list[Entry]) -> Iterator[Entry]:
    """Who of a post was told about their data, and what the village office told of its village."""
    held = sorted(on for each in entries if isinstance(on := each.answers.get("held_on"), date))
    if not held:
        return
    last = max(entries, key=lambda each: each.at)
    families: dict[str, Entry] = {}
    for each in entries:
        if each.entity == "person":
            families.setdefault(each.links.get("household_id", each.record_id), each)
    for each in families.values():
        dice = random.Random(f"{seed} {each.record_id} consent")
        if dice.random() < ANSWERED:
            said: dict[str, Value | None] = {
                "told_on": held[-1], "purpose": "service", "text_version": VERSION, "given_by": "self",
                "answer": dice.choice(("agreed", "agreed", "agreed", "told")), "how": "signed",
            }  # fmt: skip
            if said["answer"] == "agreed" and dice.random() < 0.03:
                said |= {"withdrawn_on": held[-1], "wish": "keep"}
            record_id = records.visit_id("consent", "sample", each.record_id)
            yield each._replace(
                entity="consent", record_id=record_id, answers=said, links={"person_id": each.record_id},
                at=last.at,
            )  # fmt: skip
    post = entries[0]
    dice = random.Random(f"{seed} {post.scope} profile")
    counted = sum(each.entity == "person" for each in entries)
    office: Answers = {
        "year": held[-1].year, "told_on": held[-1], "source": "Profil desa",
        "men": counted * 2 + dice.randrange(40), "women": counted * 2 + dice.randrange(40),
        "families": len(families) + dice.randrange(60, 160), "poor_families": dice.randrange(20, 60),
        "livelihood": "Petani", "puskesmas_km": dice.randrange(1, 18), "signal": dice.choice(("weak", "strong")),
        "power": "grid", "paud": dice.randrange(1, 4), "schools": dice.randrange(1, 5), "midwives": 1,
        "building": dice.choice(("own", "public", "home")),
    }  # fmt: skip
    year_id = profile.record_id(post.scope, held[-1].year)
    yield last._replace(entity="village_profile", record_id=year_id, answers=office, links={})


def _grandparent(child: Entry, before: list[Entry]) -> Entry | None:
    """Somebody of the same household who is old enough."""
    home, born_on = child.links.get("household_id"), child.answers.get("born_on")
    if not home or not isinstance(born_on, date):
        return None
    for each in before:
        old = each.answers.get("born_on")
        at_home = each.entity == "person" and each.links.get("household_id") == home
        if at_home and isinstance(old, date) and born_on.year - old.year > 45:
            return each
    return None


def _couple(dice: random.Random, entry: Entry, before: list[Entry]) -> Answers:
    """What a couple was asked, true to the children in the book."""
    woman = entry.links.get("person_id")
    births = [
        on
        for each in before
        if each.entity == "person" and each.links.get("mother_id") == woman
        if isinstance(on := each.answers.get("born_on"), date)
    ]
    wants = dice.choice(("soon", "later", "later", "none"))
    told: dict[str, Value | None] = {
        "children_living": len(births),
        "wants_child": wants,
        "weight_g": dice.randrange(420, 680) * 100,
        "height_mm": dice.randrange(1_450, 1_640),
        "muac_mm": dice.randrange(220, 310),
        "chronic": dice.random() < 0.06,
        "complication": dice.random() < 0.1,
        "health_problem": dice.random() < 0.08,
    }
    if births:
        told["youngest_born_on"] = max(births)
    if dice.random() < 0.5:
        told |= {"haemoglobin_dg_dl": dice.randrange(98, 140), "infection": False}
    return told


# --- extra meals ----------------------------------------------------------------------------------------------------


def _meals(seed: int, entries: list[Entry], rules: Rules) -> Iterator[Entry]:
    """Programmes for children who failed to gain twice and for mothers with a thin arm; some still run."""
    held = sorted(on for each in entries if isinstance(on := each.answers.get("held_on"), date))
    if not held:
        return
    weights: dict[str, list[tuple[date, int]]] = {}
    born = {each.record_id: each.answers.get("born_on") for each in entries if each.entity == "person"}
    given: set[str] = set()
    for each in entries:
        on, grams = each.answers.get("visited_on"), each.answers.get("weight_g")
        person = each.links.get("person_id", "")
        if person in given or not isinstance(on, date) or not isinstance(grams, int):
            continue
        if each.entity == "pregnancy_visit" and each.answers.get("kek_food"):
            given.add(person)
            yield from _programme(seed, each, person, "pregnant_kek", on, grams, held[-1], rules)
        elif each.entity == "under_five_visit":
            run = weights.setdefault(person, [])
            run.append((on, grams))
            birthday = born.get(person)
            old_enough = isinstance(birthday, date) and rules.feeding.months[0] <= age_months(birthday, on)
            if old_enough and _failed_twice(run) and random.Random(f"{seed} {person} meal").random() < 0.6:
                given.add(person)
                yield from _programme(seed, each, person, "not_gained", on, grams, held[-1], rules)


def _failed_twice(run: list[tuple[date, int]]) -> bool:
    """Whether the last three months in a row brought no weight at all."""
    if len(run) < 3:
        return False
    (first, one), (second, two), (third, three) = run[-3:]
    in_a_row = Month.of(third) - Month.of(second) == 1 and Month.of(second) - Month.of(first) == 1
    return in_a_row and two <= one and three <= two


def _programme(
    seed: int, visit: Entry, person: str, reason: str, on: date, grams: int, until: date, rules: Rules
) -> Iterator[Entry]:
    dice = random.Random(f"{seed} {person} programme")
    record_id = records.visit_id("feeding", "sample", person)
    planned = rules.feeding.days[reason]
    last = on + timedelta(days=planned - 1)
    told: dict[str, Value | None] = {
        "visited_on": on, "reason": reason, "planned_days": planned, "cycle": 1, "kind": "local",
        "fund": dice.choice(("village", "special")), "by_guideline": True, "weight_g": grams,
        "food": "Bubur, telur dan sayur",
    }  # fmt: skip
    weight = grams
    weeks = []
    for number in range(1, -(-planned // course.WEEK_DAYS) + 1):
        seen = on + timedelta(days=7 * number)
        if seen > until or (dice.random() < 0.1 and number > 1):
            continue
        weight += dice.randrange(-50, 160)
        week: dict[str, Value | None] = {"week": number, "visited_on": seen, "weight_g": weight}
        week |= {name: dice.random() < 0.9 for name in DAYS}
        weeks.append((number, week, seen))
    if last <= until and dice.random() < 0.85:
        result = dice.choice(("recovered", "recovered", "improved", "same"))
        told |= {"ended_on": last, "result": result, "weight_after_g": weight}
    yield visit._replace(entity="feeding", record_id=record_id, answers=told, links={"person_id": person}, at=visit.at)
    for number, week, seen in weeks:
        yield visit._replace(
            entity="feeding_week",
            record_id=feeding.week_id(record_id, number),
            answers=week,
            links={"person_id": person, "feeding_id": record_id},
            at=visit.at + timedelta(days=(seen - on).days),
        )
