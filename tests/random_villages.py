"""Villages at random to count again: made-up posts of all ages, then shaken as no form would allow.

Made cheap, so that hundreds are counted: a few posts are written once, in memory and without encryption, with some of
the families of a sample post; each village is a copy of one of them with its own changes.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.sample import affairs, book, doses, life, troubles, village
from posyandu.services.sample.village import Entry
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import Database, connect, transaction

BASES = 16
"""How many posts the random villages are copies of."""

FAMILIES = 0.3
"""The share of a sample post's families that a small village keeps."""

SHAKEN = {
    "person": 10, "session": 2, "attendance": 10, "pregnancy": 3, "under_five_visit": 25, "pregnancy_visit": 8,
    "postpartum_visit": 4, "school_visit": 10, "adult_visit": 15, "aks": 4, "skilas": 4, "wus": 8,
    "immunisation_dose": 10, "newborn": 6, "stock": 5, "activity": 2, "fund": 2, "worker": 2, "household": 6,
}  # fmt: skip
"""How many records of each form are changed at random."""

ADDED = {
    "school_visit": 6, "adult_visit": 6, "srq20": 5, "aks": 3, "skilas": 3, "school_mental": 4, "postpartum_visit": 3,
    "pregnancy_visit": 2, "under_five_visit": 6, "wus": 4, "referral": 6, "home_elderly": 3, "home_child": 3,
    "home_pregnant": 2, "activity": 3, "death": 1, "immunisation_dose": 4, "feeding": 8, "feeding_week": 20,
    "nakes_exam": 12, "health_history": 4, "smoking": 3, "consent": 12, "village_profile": 1, "sdq": 4,
}  # fmt: skip
"""How many records of each form are made up."""

KEPT = frozenset(
    ("visited_on", "held_on", "name", "ended_on", "lmp_on", "noted_on", "antigen", "dose", "item", "month")
)
"""Answers that shaking leaves as they are: without them a record is none."""


def small(seed: int) -> Workspace:
    """The village of this seed: four months of a third of a post, shaken. Close it."""
    written = _base(seed % BASES)
    ws = Workspace(_copy(written.db), None, written.worker, clock=written.now)
    ws.posyandu_id = written.posyandu_id
    _shake(ws, Random(seed))
    return ws


def whole(seed: int, months: int = 4) -> Workspace:
    """A whole sample post with these months of history, shaken. Close it."""
    ws = _written(seed, months, 1)
    _shake(ws, Random(seed))
    return ws


def _copy(db: Database) -> Database:
    """The same book once more, in memory."""
    other = connect("file::memory:", None)
    db.conn.backup(other.conn)
    return other


@cache
def _base(seed: int) -> Workspace:
    return _written(seed, 4, FAMILIES)


def _written(seed: int, months: int, share: float) -> Workspace:
    """A sample post of all ages as it is, of its families so many."""
    ws = workspace.in_memory(post=None, device=f"laptop-{seed}")
    until = Month(2026, 10)
    entries = village.one_post(seed, seed % 3, village.PLACES[0], ws.growth, months=months, until=until)
    schedule = ws.standards.on(until.last).immunisation
    lives = doses.added(seed, life.added(seed, entries, until), schedule, until.last)
    kept = _some(Random(seed), troubles.added(seed, affairs.added(seed, lives)), share)
    book.write(ws.db, kept, ws.author)
    ws.posyandu_id = village.post_id(seed, seed % 3)
    return ws


def _some(dice: Random, entries: Iterable[Entry], share: float) -> Iterator[Entry]:
    """The entries without some of the families, and without all that hangs on them."""
    gone: set[str] = set()
    for entry in entries:
        if gone.intersection(entry.links.values()) or (entry.entity == "household" and dice.random() >= share):
            gone.add(entry.record_id)
        else:
            yield entry


def _shake(ws: Workspace, dice: Random) -> None:
    """Change values, links and records at random, in one commit."""
    with transaction(ws.db):
        _shake_all(ws, dice)


def _shake_all(ws: Workspace, dice: Random) -> None:
    scope = ws.posyandu_id

    def save(form: str, record: str, changes: dict[str, Any], links: dict[str, Any] | None = None) -> None:
        records.save(
            ws.db, FORMS[form], record, changes, scope=scope, author=ws.author, now=ws.now(), links=links or {}
        )

    rows = {form: records.load_many(ws.db, FORMS[form], scope=scope) for form in {*SHAKEN, *ADDED, "household"}}
    for form, number in SHAKEN.items():
        for row in dice.sample(rows[form], min(number, len(rows[form]))):
            names = [name for name in FORMS[form].fields if name not in KEPT]
            save(form, row.id, {name: _value(dice, FORMS[form].fields[name]) for name in dice.sample(names, 3)})
    for row in dice.sample(rows["person"], 8):
        save("person", row.id, dice.choice(_lives(dice)))
    for row in dice.sample(rows["session"], min(3, len(rows["session"]))):
        save("session", row.id, {"wrong_tool": dice.choice(["scale", "board", "both"]), "wrong_tool_reason": "x"})
    for row in dice.sample(rows["person"], 5):
        save("person", row.id, {"betrothed": True, "marital_status": dice.choice([None, "single", "married"])})
    people = [row.id for row in rows["person"]]
    carried = [(row.id, row.answers["person_id"]) for row in rows["pregnancy"]]
    held = [row.id for row in rows["session"]]
    for form, number in ADDED.items():
        for _each in range(number):
            person, links = dice.choice(people), {"session_id": dice.choice(held)}
            if "feeding_id" in FORMS[form].links:
                fed = records.load_many(ws.db, FORMS["feeding"], scope=scope)
                links["feeding_id"], person = (chosen := dice.choice(fed)).id, chosen.answers["person_id"]  # type: ignore[assignment]
            if "pregnancy_id" in FORMS[form].links and carried:
                links["pregnancy_id"], person = dice.choice(carried)  # type: ignore[assignment]
            links = {name: value for name, value in {**links, "person_id": person}.items() if name in FORMS[form].links}
            names = list(FORMS[form].fields)
            told = {
                name: _value(dice, FORMS[form].fields[name])
                for name in names
                if name in KEPT or dice.random() < (1 if form in ("srq20", "aks", "skilas", "school_mental") else 0.6)
            }
            if form in ("srq20", "school_mental") and dice.random() < 0.3:  # sealed: only this stays readable
                told = {"answered": True, **({"outcome": dice.choice(["low", "high"])} if form == "srq20" else {})}
            told |= {
                name: _day(dice) for name in ("visited_on", "held_on", "referred_on") if name in FORMS[form].fields
            }
            save(form, f"{dice.getrandbits(128):032x}", told, links)
    for form in ("under_five_visit", "adult_visit", "attendance", "wus"):
        for row in dice.sample(rows[form], 2):
            records.withdraw(ws.db, FORMS[form], row.id, author=ws.author, now=ws.now(), reason="ganda")
    first_weeks = FORMS["newborn"].fields
    for row in records.load_many(ws.db, FORMS["newborn"], scope=scope):
        names = dice.sample(["kn1_on", "kn2_on", "kn3_on", "thyroid_screened"], 1)
        save("newborn", row.id, {name: _value(dice, first_weeks[name]) for name in names})


def _lives(dice: Random) -> list[dict[str, Any]]:
    """What may become of a person."""
    return [
        {"guest": True},
        {"status": "moved", "left_on": date(2026, 10, dice.randint(1, 28))},
        {"status": "died", "left_on": date(2026, dice.randint(8, 10), dice.randint(1, 28))},
        {"status": "moved", "left_on": None},
        {"entered_on": date(2026, 10, dice.randint(1, 28))},
        {"born_on": date(2026 - dice.choice([0, 1, 4, 6, 12, 15, 17, 19, 30, 48, 61]), dice.randint(1, 9), 15)},
        {"born_on": None},
        {"poor": None, "has_kia_book": None},
    ]


def _day(dice: Random) -> date:
    return date(2026, 7, 1) + timedelta(days=dice.randint(0, 122))


def _value(dice: Random, field: Field) -> Any:  # noqa: ANN401
    """Any answer the field can hold, or none."""
    if dice.random() < 0.12:
        return None
    match field:
        case Choice():
            return dice.choice([option.code for option in field.options])
        case YesNo():
            return dice.random() < 0.5
        case Number():
            low, high = field.low or 0, field.high or 100
            return dice.choice([low, high, dice.randint(low, high), dice.randint(low, low + (high - low) // 3)])
        case Date():
            return _day(dice)
        case Text():
            return "kata"
    raise AssertionError(field)
