"""SKDN counted again from the raw records, in the plainest way, knowing nothing of the app's rules but the notes.

Deliberately written apart from `posyandu.domain.indicators`: only dates, weights and the printed KBM table.
"""

from datetime import date, timedelta

from posyandu.domain.fields import Answers
from tests.villages import Book

KBM = {
    "male": [None, 800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300] + [200] * 49,
    "female": [None, 800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200] + [200] * 49,
}
BANDS = {"0_5": (0, 5), "6_11": (6, 11), "12_23": (12, 23), "24_35": (24, 35), "36_59": (36, 59)}


def months_between(born: date, on: date) -> int:
    months = (on.year - born.year) * 12 + on.month - born.month
    return months - (on.day < born.day)


def skdn(book: Book, year: int, month: int) -> dict[str, dict[tuple[str, str], set[str]]]:
    """For each letter, for each (band, sex), the ids counted."""
    held = [s["held_on"] for s in book.sessions.values()]
    in_month = [d for d in held if (d.year, d.month) == (year, month)]
    next_month = date(year + month // 12, month % 12 + 1, 1)
    reporting_day = max(in_month) if in_month else next_month - timedelta(days=1)
    found: dict[str, dict[tuple[str, str], set[str]]] = {}

    def count(letter: str, age: int, sex: str, person_id: str) -> None:
        band = next(name for name, (low, high) in BANDS.items() if low <= age <= high)
        found.setdefault(letter, {}).setdefault((band, sex), set()).add(person_id)

    for person_id, person in book.people.items():
        visits = sorted(book.child_visits.get(person_id, []), key=lambda v: v["visited_on"])
        here = [v for v in visits if is_in(v["visited_on"], year, month) and v.get("source") != "history"]
        days = [v["visited_on"] for v in here] + [d for d in book.came_on.get(person_id, ()) if is_in(d, year, month)]
        on = max(days) if days else reporting_day
        served = [v["visited_on"] for v in here]
        elsewhere = [
            v["visited_on"] for v in visits if is_in(v["visited_on"], year, month) and v.get("source") == "history"
        ]
        counts = counts_here(person, on, bool(days), served, elsewhere, date(year, month, 1))
        if not counts or person["born_on"] > on:
            continue
        age = months_between(person["born_on"], on)
        if age > 59:
            continue
        sex = person["sex"]
        count("S", age, sex, person_id)
        if person.get("has_kia_book"):
            count("K", age, sex, person_id)
        weights = [v for v in here if v.get("weight_g") is not None]
        if not weights:
            continue
        count("D", age, sex, person_id)
        letter, twice = status(person, visits, weights[-1])
        count(letter, age, sex, person_id)
        if twice:
            count("2T", age, sex, person_id)
    return found


def status(person: Answers, visits: list[Answers], visit: Answers) -> tuple[str, bool]:
    """The letter of a weighing, and whether it is the second T in a row."""
    on = visit["visited_on"]
    before = [
        v
        for v in visits
        if v.get("weight_g") is not None
        and (v["visited_on"].year, v["visited_on"].month) < (on.year, on.month)
        and v["visited_on"] >= person["born_on"]
    ]
    if not before:
        return "B", False
    last = before[-1]
    y, m = (on.year, on.month - 1) if on.month > 1 else (on.year - 1, 12)
    if not is_in(last["visited_on"], y, m):
        return "O", False
    if visit.get("gain_judged"):
        letter = visit["gain_judged"]
    else:
        least = KBM[person["sex"]][months_between(person["born_on"], on)]
        letter = "N" if visit["weight_g"] - last["weight_g"] >= (least or 0) else "T"
    return letter, letter == "T" and status(person, visits, last)[0] == "T"


def is_in(day: date, year: int, month: int) -> bool:
    return (day.year, day.month) == (year, month)


def counts_here(person: Answers, on: date, seen: bool, served: list[date], elsewhere: list[date], month: date) -> bool:
    """Who moves in the month: at the old post if they were served there first, else at the new one."""
    entered, left = person.get("entered_on"), person.get("left_on")
    if person.get("guest"):
        return False
    if person.get("status") == "moved" and left and is_in(left, month.year, month.month):
        return min(served, default=date.max) <= left
    if entered and is_in(entered, month.year, month.month):
        return min(elsewhere, default=date.max) > entered and lives_here(person, max(on, entered), seen)
    return lives_here(person, on, seen)


def lives_here(person: Answers, on: date, seen: bool) -> bool:
    if person.get("guest"):
        return False
    if person.get("entered_on") and person["entered_on"] > on and not seen:
        return False
    if person.get("status") in ("moved", "died"):
        left = person.get("left_on")
        if left is None:
            return seen
        return on < left or (seen and on == left)
    return True
