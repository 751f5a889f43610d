"""The score of a month's measuring told a second time, 0 to 100, from the journal.

Four parts: what is filled in (35), what is not doubtful (35), last digits by SMART less what chance gives (15), and
what was written down within a week (15). A part of which nothing is known is left out, and the others weigh more.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from math import sqrt

from tests import recount
from tests.plain_count import SPOILT, Month, Record, Someone, day
from tests.plain_referral import IMPOSSIBLE

MEASURED = ("weight_g", "length_mm", "head_mm", "muac_mm")
WITA = timezone(timedelta(hours=8))


def score(month: Month) -> int | None:
    """The score of the children's visits of the month, all but those copied from a book."""
    visits = [each for each in _visits(month) if "weight_g" in each or each.get("length_mm")]
    if not visits:
        return None
    parts = [(35, _filled(visits)), (35, _sound(month, visits)), (15, _digits(visits)), (15, _prompt(visits))]
    told = [(weight, part) for weight, part in parts if part is not None]
    return round(100 * sum(weight * part for weight, part in told) / sum(weight for weight, _part in told))


def _visits(month: Month) -> list[Record]:
    found = []
    for id_, person in month.people.items():
        born = day(person.get("born_on"))
        for visit in month.child_visits.get(id_, []):
            if born and month.now(visit["on"]) and visit.get("source") != "history" and born <= visit["on"]:
                age = recount.months_between(born, visit["on"])
                before = [_right(month, each) for each in month.child_visits[id_] if each["on"] < visit["on"]]
                lost = set(visit) - set(_right(month, visit))
                found.append({**visit, "child": id_, "age": age, "before": before, "lost": lost})
    return found


def _right(month: Month, visit: Record) -> Record:
    """Without what was read from a tool found wrong: that is measured again anyway, and nothing is held against it."""
    return {name: value for name, value in visit.items() if not month.read_wrong(visit, name)}


def _filled(visits: list[Record]) -> float:
    blank = wanted = 0
    for visit in visits:
        names = ["weight_g", "length_mm"] + ["position"] * ("length_mm" in visit)
        names += ["muac_mm"] * (visit["age"] >= 6) + ["head_mm"] * (visit["age"] < 24)
        wanted += len(names)
        blank += sum(name not in visit for name in names)
    return 1 - blank / wanted


def _sound(month: Month, visits: list[Record]) -> float:
    """The share of children of whom nothing is doubtful."""
    doubtful = {visit["child"] for visit in visits if _is_doubtful(month, visit)}
    for visit in visits:
        for other in visits:
            same = (visit["on"], *map(visit.get, MEASURED)) == (other["on"], *map(other.get, MEASURED))
            if visit["child"] != other["child"] and same and sum(name in visit for name in MEASURED) >= 3:
                doubtful |= {visit["child"]}
    return 1 - len(doubtful) / len({visit["child"] for visit in visits})


def _is_doubtful(month: Month, visit: Record) -> bool:
    """The comma slipped, it shrank, no child is so, the position was wrong, or all is as it was the last time."""
    last = {name: each[name] for each in visit["before"] for name in MEASURED if name in each}
    stood = {id(each): each.get("position") == "standing" for each in visit["before"]}
    for name in ("weight_g", "length_mm"):
        if name in visit and name not in visit["lost"] and last.get(name) and visit[name] != last[name]:
            times = visit[name] / last[name]
            if 7 < times < 15 or 0.07 < times < 0.15:
                return True
    measured = [each for each in visit["before"] if "length_mm" in each]
    if "length_mm" in visit and "length_mm" not in visit["lost"] and measured:
        then = measured[-1]["length_mm"] + 7 * stood[id(measured[-1])]
        if visit["length_mm"] + 7 * (visit.get("position") == "standing") + 5 < then:
            return True
    person = Someone(month.people[visit["child"]], visit["age"], visit["on"], True, [])
    if "sex" in person.person and any(
        not IMPOSSIBLE[name][0] <= z <= IMPOSSIBLE[name][1]
        for name, z in month.scores(person, visit).items()
        if name not in SPOILT.get(month.wrong_tools.get(visit.get("session_id", ""), ""), ())
    ):
        return True
    right = "lying" if visit["age"] < 24 else "standing"
    if "length_mm" in visit and visit.get("position", right) != right:
        return True
    told = [name for name in MEASURED if name in visit]
    return bool(visit["before"]) and len(told) >= 3 and all(visit["before"][-1].get(n) == visit[n] for n in told)


def _digits(visits: list[Record]) -> float | None:
    """SMART's digit preference score of weights and lengths, the worse of the two: 7 is good, 40 is none."""
    worst = None
    for name, step in (("weight_g", 100), ("length_mm", 1)):
        written = [visit[name] // step % 10 for visit in visits if name in visit]
        if len(written) >= 20:
            even = len(written) / 10
            apart = sum((written.count(digit) - even) ** 2 for digit in range(10)) / even
            found = 100 * sqrt(max(0, apart - 9) / (9 * (len(written) - 1)))
            worst = found if worst is None else max(worst, found)
    return None if worst is None else min(1, max(0, (40 - worst) / 33))


def _prompt(visits: list[Record]) -> float:
    return sum((_written_on(visit) - visit["on"]).days <= 7 for visit in visits) / len(visits)


def _written_on(visit: Record) -> date:
    """The day, in the post's time, on which it was first saved."""
    return datetime.fromtimestamp(visit["begun"] / 1000, UTC).astimezone(WITA).date()
