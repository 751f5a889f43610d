"""The post itself in a made-up village: kader with decrees, trainings and skills, stock, activities, a cash book."""

import hashlib
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.training import CLUSTERS
from posyandu.domain.stock import handed_out
from posyandu.services import post_affairs
from posyandu.services.sample.village import Entry

SKILLED_FROM = {0: tuple(CLUSTERS), 1: ("post", "child", "mother", "youth"), 2: ("post", "child", "mother")}
"""Which clusters of skills the first kader of a post have shown; the others a few skills of each."""

ACTIVITIES = (
    ("education", "health", "Cuci tangan pakai sabun"),
    ("mother_class", "health", "Kelas ibu hamil"),
    ("garden", "housing", "Kebun gizi di halaman Posyandu"),
    ("clean_up", "public_works", "Membersihkan saluran air"),
    ("cooking", "health", "Demo masak MP-ASI dengan telur"),
    ("elderly", "health", "Senam lansia"),
    ("bkb", "education", "Mendampingi anak bermain"),
)

KEPT = ("vitamin_a_blue", "vitamin_a_red", "iron", "deworming", "meal_mother", "oralit", "kia_book")


NOTED = 0.9
"""How many couples stand in the register of WUS/PUS."""

KEPT_OF = frozenset(("posyandu", "worker", "session", "household", "person", "under_five_visit", "pregnancy_visit"))


def added(seed: int, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries with more facts about kader, and after those of each post what it wrote down about itself.

    It depends on the seed and the post alone, so the people of the village stay as they are.
    """
    group: list[Entry] = []
    run_well, kader = 0.0, 0
    for entry in entries:
        if entry.entity == "posyandu":
            yield from _of_post(seed, group, run_well)
            group, run_well, kader = [], random.Random(f"{seed} {entry.scope} run").random(), 0
        told = _dressed(seed, entry, kader, run_well) if entry.entity in ("worker", "session") else entry
        kader += entry.entity == "worker"
        if entry.entity in KEPT_OF:
            group.append(told)
        yield told
    yield from _of_post(seed, group, run_well)


def _dressed(seed: int, entry: Entry, number: int, run_well: float) -> Entry:
    """A kader with position, decree and first day; a day with enough kader where the post is run well."""
    dice = random.Random(f"{seed} {entry.record_id}")
    on = entry.at.date()
    if entry.entity == "session":
        enough = {"kader_present": dice.choice((5, 5, 5, 6))} if run_well > 0.35 else {}
        return entry._replace(answers={**entry.answers, **enough})
    facts: dict[str, Value | None] = {
        "position": ("chair", "secretary", "treasurer", "member", "member")[min(number, 4)],
        "since_on": on - timedelta(days=dice.randrange(200, 3_000)),
    }
    if dice.random() < 0.5 + run_well:
        facts["decree"] = f"140/{dice.randrange(3, 40)}/{on.year - 1}"
    return entry._replace(answers={**entry.answers, **facts})


def _of_post(seed: int, entries: list[Entry], run_well: float) -> Iterator[Entry]:
    """What one post wrote down about itself. Posts differ in how well they are run."""
    held = sorted(on for entry in entries if isinstance(on := entry.answers.get("held_on"), date))
    if not held:
        return
    post = entries[0].scope
    dice = random.Random(f"{seed} {post} affairs")
    for number, worker in enumerate(entry for entry in entries if entry.entity == "worker"):
        yield from _learnt(dice, worker, number)
    yield from _couples(dice, entries, held[-1])
    yield from _stock(dice, post, entries, held)
    for on in held:
        if dice.random() < 0.3 + 0.5 * run_well:
            yield _entry("activity", post, f"{on}", _activity(dice, on), on + timedelta(days=7))
    families = sum(entry.entity == "household" for entry in entries)
    yield from _cash(dice, post, held, round(families * (0.1 + 0.75 * run_well)))


def _learnt(dice: random.Random, worker: Entry, number: int) -> Iterator[Entry]:
    on = worker.at.date()
    if worker.answers.get("trained"):
        trained: Answers = {
            "held_on": on - timedelta(days=dice.randrange(30, 700)),
            "topic": dice.choice(("basic", "measuring", "feeding")),
            "days": dice.choice((1, 2, 3)),
            "organiser": "Puskesmas",
        }
        yield _entry("training", worker.scope, worker.record_id, trained, on, worker_id=worker.record_id)
    clusters = SKILLED_FROM.get(number, ())
    skills: dict[str, Value | None] = {"assessed_on": on, "assessor": "Bidan pembina"}
    for code, (_heading, names) in CLUSTERS.items():
        for name in names:
            skills[name] = code in clusters or dice.random() < 0.5
    record_id = post_affairs.competence_id(worker.record_id)
    yield Entry("competence", record_id, worker.scope, skills, {"worker_id": worker.record_id}, worker.at)


def _couples(dice: random.Random, entries: list[Entry], today: date) -> Iterator[Entry]:
    """The register of WUS/PUS, a few missing in it."""
    for entry in entries:
        born_on = entry.answers.get("born_on")
        if entry.entity != "person" or not entry.answers.get("husband_name") or dice.random() > NOTED:
            continue
        if not isinstance(born_on, date) or not 15 * 365 < (today - born_on).days < 50 * 365:
            continue
        uses = dice.random() < 0.62
        wus: dict[str, Value | None] = {"visited_on": today, "source": "session", "couple": True, "contraception": uses}
        if uses:
            wus["contraception_method"] = dice.choice(("injection", "injection", "pill", "implant", "iud"))
        yield _entry("wus", entry.scope, entry.record_id, wus, today, person_id=entry.record_id)


def _activity(dice: random.Random, on: date) -> Answers:
    kind, field, topic = dice.choice(ACTIVITIES)
    return {
        "held_on": on + timedelta(days=dice.randrange(1, 6)),
        "kind": kind,
        "field": field,
        "topic": topic,
        "kader_present": dice.randrange(2, 6),
        "participants": dice.randrange(8, 40),
    }


def _stock(dice: random.Random, post: str, entries: list[Entry], held: list[date]) -> Iterator[Entry]:
    """A first count, enough for what will be given, and now and then a count that is a little off."""
    visits: dict[str, list[Answers]] = {}
    for entry in entries:
        if entry.entity.endswith("_visit"):
            visits.setdefault(entry.entity, []).append(entry.answers)
    given = handed_out(visits)
    for item in KEPT:
        used = given.get(item)
        left = dice.randrange(20, 120)
        for number, on in enumerate(held):
            month = Month.of(on)
            out = used[month] if used is not None else 0
            told: dict[str, Value | None] = {"item": item, "month": str(month)}
            if number == 0:
                told["counted"] = left
            else:
                if left < out + 10:
                    told["received"] = (out // 50 + 1) * 50
                    left += (out // 50 + 1) * 50
                if used is None:
                    told["used"] = out = dice.randrange(0, min(6, left + 1))
                left -= out
                if number % 6 == 5:
                    left = max(0, left - dice.choice((0, 0, 0, 1, 3)))
                    told["counted"] = left
            if len(told) > 2:
                record_id = post_affairs.stock_id(post, item, month)
                yield Entry("stock", record_id, post, told, {}, _at(on + timedelta(days=1)))


def _cash(dice: random.Random, post: str, held: list[date], families: int) -> Iterator[Entry]:
    opening: Answers = {
        "noted_on": held[0],
        "direction": "in",
        "rupiah": dice.randrange(50, 400) * 1_000,
        "origin": "opening",
    }
    yield _entry("fund", post, "opening", opening, held[0])
    for on in held:
        paid = max(0, families + dice.randrange(-4, 5))
        came: Answers = {
            "noted_on": on,
            "direction": "in",
            "rupiah": max(1, paid) * 2_000,
            "origin": "health_fund",
            "families": paid,
        }
        spent: Answers = {
            "noted_on": on,
            "direction": "out",
            "rupiah": dice.randrange(20, 90) * 1_000,
            "purpose": dice.choice(("meal", "meal", "stationery", "tools")),
        }
        yield _entry("fund", post, f"{on} in", came, on)
        yield _entry("fund", post, f"{on} out", spent, on)


def _entry(entity: str, post: str, key: str, answers: Answers, on: date, **links: str) -> Entry:
    record_id = hashlib.blake2b(f"{entity}/{post}/{key}".encode(), digest_size=16).hexdigest()
    return Entry(entity, record_id, post, answers, links, _at(on))


def _at(on: date) -> datetime:
    return datetime.combine(on, time(8), UTC)
