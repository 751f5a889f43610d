"""The life of a report of a social problem: which step may follow which, who takes it, and how much time is left.

Steps are folded in the order in which they name each other, never by the clock. Two steps taken at once on two
laptops both stay; one of them stands, and the other is shown as disputed until a person takes one of them back.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain.forms.social import KINDS, STAGES
from posyandu.domain.strict import Json, a_list, a_whole, an_object, one_of
from posyandu.domain.working_days import Holidays

RECORDED = "recorded"
NEXT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "recorded": ("verified", "refused"),
        "verified": ("forwarded", "refused"),
        "forwarded": ("handled", "refused"),
        "handled": ("done",),
        "done": (),
        "refused": (),
    }
)
"""Which stages may follow a stage."""

_HEADS = ("coordinator", "operator", "midwife", "puskesmas", "village")
WHO: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "verified": frozenset(_HEADS),
        "forwarded": frozenset(_HEADS),
        "handled": frozenset((*_HEADS, "ppa")),
        "done": frozenset((*_HEADS, "ppa")),
        "refused": frozenset((*_HEADS, "ppa")),
    }
)
"""Whose duty lets them take a report to a stage. Anyone who works at the post may record one."""

READERS = frozenset(("midwife", "puskesmas", "ppa"))
"""Whose key opens what is confidential."""

URGENCIES = ("emergency", "high", "normal")

SHORT = MappingProxyType(
    {"education": "PDD", "health": "KES", "public_works": "PU", "housing": "PRM", "order": "TRA", "social": "SOS"}
)
"""The field of SPM in the number of a ticket."""


@dataclass(frozen=True)
class ClockRule:
    """How many working days a report may wait, after how many it is red, and at which stages it no longer waits."""

    limit_days: int
    red_after_days: int
    stops_at: tuple[str, ...]


def read_clock(value: Json, place: str) -> ClockRule:
    """The rule from {"limit_days", "red_after_days", "stops_at"}. Raises ValueError, naming the place."""
    parts = an_object(value, place, ("limit_days", "red_after_days", "stops_at"))
    limit, red = a_whole(parts["limit_days"], place), a_whole(parts["red_after_days"], place)
    if not 0 <= red <= limit:
        raise ValueError(f"{place}: red comes before the limit")
    stops = tuple(one_of(stage, place, tuple(STAGES)) for stage in a_list(parts["stops_at"], place))
    return ClockRule(limit, red, stops)


@dataclass(frozen=True)
class Step:
    """One step: its id, that of the step it followed ("" for the report itself), the stage it led to, and the day.

    `taken_back`: somebody took it back; it counts all the same when another step followed it unawares.
    """

    id: str
    follows: str
    stage: str
    on: date
    taken_back: bool = False


@dataclass(frozen=True)
class Course:
    """How a report went: the stage it is at, the steps that stand, oldest first, and those taken beside them."""

    stage: str
    steps: tuple[Step, ...]
    disputed: tuple[Step, ...]


def course(steps: Iterable[Step]) -> Course:
    """Fold steps, in any order and repeated at will. The same set gives the same course.

    Of two steps that followed the same one, that with more steps after it stands; of equals that with the greater id.
    A step that may not follow the one before it stands nowhere, nor does anything after it.
    """
    known = {step.id: step for step in steps}
    after: dict[str, list[Step]] = {}
    for step in known.values():
        after.setdefault(step.follows, []).append(step)
    alive = _alive(known)
    standing: list[Step] = []
    disputed: list[Step] = []
    place, stage = "", RECORDED
    while True:
        fit = [step for step in after.get(place, ()) if step.id in alive and _fits(stage, step.stage)]
        if not fit:
            return Course(stage, tuple(standing), tuple(disputed))
        best = max(fit, key=lambda step: (_length(step, after, alive), step.id))
        disputed += sorted((step for step in fit if step is not best and step.stage != best.stage), key=_by_id)
        standing.append(best)
        place, stage = best.id, best.stage


def _by_id(step: Step) -> str:
    return step.id


def _fits(stage: str, following: str) -> bool:
    """Whether a step may lead on: to an allowed stage, or to the same one in other hands."""
    return following in NEXT.get(stage, ()) or (following == stage and bool(NEXT.get(stage)))


def _alive(known: Mapping[str, Step]) -> frozenset[str]:
    """The steps that count: those not taken back, and every step one of those followed."""
    alive: set[str] = set()
    for step in known.values():
        walk: Step | None = None if step.taken_back else step
        while walk is not None and walk.id not in alive:
            alive.add(walk.id)
            walk = known.get(walk.follows)
    return frozenset(alive)


def _length(step: Step, after: Mapping[str, list[Step]], alive: frozenset[str]) -> int:
    """How many steps the longest allowed way on from this one has, itself among them.

    Every step names one before it, so what can be reached from the report is a tree.
    """
    longest, waiting = 0, [(step, 1)]
    while waiting:
        here, length = waiting.pop()
        longest = max(longest, length)
        waiting += [
            (each, length + 1) for each in after.get(here.id, ()) if each.id in alive and _fits(here.stage, each.stage)
        ]
    return longest


@dataclass(frozen=True)
class Clock:
    """How much of the time is used, in working days; `due_on` is the last day in time.

    `level` is "ok", "bad" (the red days have begun) or "neutral" (it no longer waits). `unknown_years` are those of
    which only the weekends are known: the count may then be too high.
    """

    used: int
    left: int
    due_on: date
    level: str
    unknown_years: tuple[int, ...]

    @property
    def runs(self) -> bool:
        """Whether the report still waits."""
        return self.level != "neutral"

    @property
    def is_near(self) -> bool:
        """Whether it is red: somebody has to be reminded."""
        return self.level == "bad"


def clock(rule: ClockRule, holidays: Holidays, noted_on: date, went: Course, today: date) -> Clock:
    """The clock of a report noted on a day. It starts on the day after, and stands from the step that stops it."""
    stopped = next((step.on for step in went.steps if step.stage in rule.stops_at), None)
    until = max(noted_on, stopped or today)
    used = holidays.between(noted_on, until)
    due = holidays.after(noted_on, rule.limit_days)
    red = used > rule.red_after_days
    level = "neutral" if stopped else "bad" if red else "ok"
    return Clock(
        used=used,
        left=rule.limit_days - used,
        due_on=due,
        level=level,
        unknown_years=holidays.unknown_years(noted_on, max(until, due)),
    )


def number(ticket_id: str, field: str, noted_on: date) -> str:
    """The number of a ticket, "SPM-SOS-202611-7KQ4": field, month, and four letters of its own.

    Laptops number without asking each other, so the last part comes from the record's id instead of being counted.
    """
    own = base64.b32encode(hashlib.sha256(ticket_id.encode()).digest()).decode()[:4]
    return f"SPM-{SHORT.get(field, 'LAIN')}-{noted_on:%Y%m}-{own}"


def is_sealed(kind: str) -> bool:
    """Whether a kind of problem is always confidential."""
    return kind in KINDS and KINDS[kind].sealed
