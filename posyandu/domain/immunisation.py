"""Which immunisations a person has had and which it is time for, by the dated schedule of their area.

The schedule is data (resources/rules/immunisation.json). Nothing here decides that a vaccine is given: it says "sudah
waktunya", "terlambat" or "belum waktunya", and the midwife decides.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from posyandu.domain.calendar import Month
from posyandu.domain.strict import Json, a_day, a_flag, a_list, a_text, a_whole, an_object, one_of, wholes
from posyandu.text import N_


class State(Enum):
    """Where one dose stands on a day; the words are those people read."""

    GIVEN = N_("Sudah")
    INVALID = N_("Perlu ditanyakan ke bidan")
    TOO_EARLY = N_("Belum waktunya")
    DUE = N_("Sudah waktunya")
    OVERDUE = N_("Terlambat")
    CATCH_UP = N_("Terlambat, masih bisa dikejar")
    NOT_AFTER = N_("Lewat batas umur")


OPEN = (State.DUE, State.OVERDUE, State.CATCH_UP)
"""The states in which a dose can be had today."""

LATE = (State.OVERDUE, State.CATCH_UP)
"""The states of DOFU (drop-out follow-up)."""


@dataclass(frozen=True)
class Gap:
    """A length of time: calendar months, completed as ages are, and then days."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The first day this long after a day; a month too short for the day completes on the first of the next."""
        years, month = divmod(day.month - 1 + self.months, 12)
        try:
            reached = date(day.year + years, month + 1, day.day)
        except ValueError:
            reached = (Month(day.year + years, month + 1) + 1).first
        return reached + timedelta(days=self.days)


@dataclass(frozen=True)
class Also:
    """A further antigen in a product, with the age and interval from which it counts there."""

    antigen: str
    earliest: Gap
    interval: Gap


@dataclass(frozen=True)
class Product:
    """One vaccine: the antigen whose dose number is written down for it, and what else is in it."""

    code: str
    label: str
    antigen: str
    live: bool
    also: tuple[Also, ...]


@dataclass(frozen=True)
class Offer:
    """From which day which numbers of a series are had as a product in which areas (beginnings of their codes)."""

    product: str
    areas: tuple[str, ...]
    numbers: tuple[int, ...]
    since: date
    source: str


@dataclass(frozen=True)
class After:
    """The least time after an earlier dose."""

    dose: str
    gap: Gap


@dataclass(frozen=True)
class DoseRule:
    """When one dose is given, by age.

    It counts from `earliest`; it is time from `due`; `late`, `catch_up` and `ends` are the ages from which it is late,
    to be caught up, and no longer given. A child has this dose when it fell due on or after `since` (and before
    `until`) in one of `areas` (none named: everywhere).
    """

    code: str
    antigen: str
    number: int
    label: str
    since: date
    until: date | None
    areas: tuple[str, ...]
    source: str
    earliest: Gap
    due: Gap
    late: Gap
    catch_up: Gap | None
    ends: Gap
    after: tuple[After, ...]


@dataclass(frozen=True)
class SchoolRule:
    """When one dose is given at school (BIAS): in a month of a class, caught up to the end of `ends_with_class`."""

    code: str
    antigen: str
    number: int
    label: str
    since: date
    until: date | None
    source: str
    school_class: int
    month: int
    ends_with_class: int
    sex: str | None
    after: tuple[After, ...]


Rule = DoseRule | SchoolRule


@dataclass(frozen=True)
class DoseSet:
    """Doses that together have a name (IDL, IBL) for those born from a day on, and the age before which they count.

    `girls` are doses that belong to it for girls only.
    """

    code: str
    label: str
    born_from: date
    before: Gap
    doses: tuple[str, ...]
    girls: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class TetanusStep:
    """What the next counted tetanus dose needs to have waited, and for how many years it then protects."""

    after: Gap
    protects_years: int


@dataclass(frozen=True)
class TetanusRule:
    """How doses add up to T1-T5.

    Each dose of `antigens` is one; of the `primary` infant doses of the series `infant` the first is T1 and the last
    T2, those that follow are one each.
    """

    antigens: tuple[str, ...]
    infant: str
    primary: int
    steps: tuple[TetanusStep, ...]
    source: str


@dataclass(frozen=True)
class Advice:
    """What to say of the doses in one state; `title` names them by {doses}."""

    state: State
    title: str
    why: str
    what_to_do: str
    tell_family: str


@dataclass(frozen=True)
class SchoolYear:
    """The month in which a school year begins, and the completed years on its first day of a child in class 1."""

    month: int
    age: int


@dataclass(frozen=True)
class DoseCardRule:
    """Which doses the card of a person shows, by completed months of age.

    From `missed_from` on, what was missed of the Buku KIA can no longer be had. Its doses stand on the card to before
    `book_until` (those given stay), the doses of school from `school_from` on. From `tetanus_from` on, the register of
    women of fertile age tells of tetanus doses too.
    """

    missed_from: int
    book_until: int
    school_from: int
    tetanus_from: int


@dataclass(frozen=True)
class Schedule:
    """Everything about immunisation that ministries and dinas change. Made by `read_schedule`."""

    products: Mapping[str, Product]
    offers: tuple[Offer, ...]
    live_gap: Gap
    school_year: SchoolYear
    doses: tuple[DoseRule, ...]
    school: tuple[SchoolRule, ...]
    sets: tuple[DoseSet, ...]
    tetanus: TetanusRule
    advice: tuple[Advice, ...]

    def product(self, antigen: str, number: int, area: str, on: date) -> Product:
        """The vaccine in which a dose is had in an area on a day."""
        offered = [
            each
            for each in self.offers
            if self.products[each.product].antigen == antigen
            and number in each.numbers
            and each.since <= on
            and area.startswith(each.areas)
        ]
        if offered:
            return self.products[max(offered, key=lambda each: each.since).product]
        return next(each for each in self.products.values() if each.antigen == antigen)


@dataclass(frozen=True)
class SchoolClass:
    """In which class a child is on a day."""

    number: int
    on: date


@dataclass(frozen=True)
class Dose:
    """One dose as recorded. Without `given_on` it was not given, for the `reason`; `product` None is the usual one."""

    antigen: str
    number: int
    given_on: date | None
    product: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class DoseStatus:
    """Where one dose of a person stands.

    `from_on`: the first day it can be had, None while it `waits_for` an earlier dose; `late_on` and `ends_on`: from
    when it is late and no longer given. `lacking`: it belongs to what a person of this age should have had, and can
    still be had. `fault`: "age" or "interval" when it was recorded before its time. `reason`: why it was not given.
    `school`: a dose of BIAS. A dose outside the schedule has no days but the one it was given on.
    """

    code: str
    antigen: str
    number: int
    label: str
    state: State
    source: str
    school: bool
    given_on: date | None
    product: str | None
    due_on: date | None
    late_on: date | None
    ends_on: date | None
    from_on: date | None
    waits_for: str | None
    lacking: bool
    fault: str | None
    reason: str | None


@dataclass(frozen=True)
class Completion:
    """One named set of doses for one person: `missing` labels, and since when and whether in time it is complete."""

    code: str
    label: str
    source: str
    missing: tuple[str, ...]
    complete_on: date | None
    in_time: bool


@dataclass(frozen=True)
class Tetanus:
    """T0-T5 by the doses known, the last one that counts, until when it protects, and when the next one counts."""

    level: int
    last_on: date | None
    protected_until: date | None
    next_on: date | None


def status(
    schedule: Schedule,
    born_on: date,
    sex: str | None,
    area: str,
    doses: Iterable[Dose],
    on: date,
    *,
    school: SchoolClass | None = None,
) -> tuple[DoseStatus, ...]:
    """Every dose of the person's schedule and every other recorded one, as they stand on a day.

    `area` is the area code of the post; `school` the class, guessed from the age when unknown. Doses given after the
    day are not known yet on it.
    """
    known = [dose for dose in doses if dose.given_on is None or dose.given_on <= on]
    events = _events(schedule, known)
    reasons = {(dose.antigen, dose.number): dose.reason for dose in known if dose.given_on is None}
    year = schedule.school_year
    begins = _school_begins(year, born_on, school)
    slots: list[_Slot] = [
        *(_slot(rule, born_on) for rule in _rules(schedule, born_on, area)),
        *(
            _school_slot(year, rule, begins)
            for rule in schedule.school
            if rule.sex in (None, sex) and _held(rule, _month_of_class(year, rule, begins))
        ),
    ]
    by_code = {slot.code: events.get((slot.antigen, slot.number)) for slot in slots}
    live = [(key, event.on) for key, event in events.items() if event.live]
    judged = []
    for slot in slots:
        key = (slot.antigen, slot.number)
        event = events.pop(key, None)
        if event is not None:
            judged.append(_had(slot, event, by_code, born_on))
        else:
            near = [day for other, day in live if other != key and _is_live(schedule, slot)]
            judged.append(_open(schedule, slot, by_code, near, reasons.get(key), on))
    return (*judged, *(_outside(schedule, key, event) for key, event in sorted(events.items())))


def is_complete(statuses: Iterable[DoseStatus]) -> bool:
    """ "Imunisasi lengkap sesuai umur": every dose that is due at this age, and can still be had, was given."""
    return not any(each.lacking for each in statuses)


def next_on(statuses: Iterable[DoseStatus], on: date) -> date | None:
    """The next day on which some dose begins to be due."""
    days = [each.from_on for each in statuses if each.state is State.TOO_EARLY and each.from_on is not None]
    return min((day for day in days if day > on), default=None)


def completions(
    schedule: Schedule, born_on: date, sex: str | None, statuses: Iterable[DoseStatus]
) -> tuple[Completion, ...]:
    """IDL, IBL and the school set by the definition that holds for those born on this day."""
    by_code = {each.code: each for each in statuses}
    rules: tuple[Rule, ...] = (*schedule.doses, *schedule.school)
    labels = {rule.code: rule.label for rule in rules}
    found = []
    for code in dict.fromkeys(each.code for each in schedule.sets):
        held = [each for each in schedule.sets if each.code == code and each.born_from <= born_on]
        if not held:
            continue
        chosen = max(held, key=lambda each: each.born_from)
        wanted = chosen.doses + (chosen.girls if sex == "female" else ())
        days = {dose: _valid_on(by_code.get(dose)) for dose in wanted}
        missing = tuple(labels[dose] for dose, day in days.items() if day is None)
        last = None if missing else max(day for day in days.values() if day is not None)
        in_time = last is not None and last < chosen.before.after(born_on)
        found.append(Completion(code, chosen.label, chosen.source, missing, last, in_time))
    return tuple(found)


def tetanus(schedule: Schedule, doses: Iterable[Dose], also_on: Iterable[date] = ()) -> Tetanus:
    """The tetanus status by all doses known, infant and school ones too; `also_on` are days known from elsewhere.

    A dose that comes sooner after the last counted one than its step asks is left out, so a later one counts.
    """
    rule = schedule.tetanus
    given = [(dose, dose.given_on) for dose in doses if dose.given_on is not None]
    infant = sorted(day for dose, day in given if dose.antigen == rule.infant and dose.number <= rule.primary)
    days = {day for dose, day in given if dose.antigen in rule.antigens} | set(also_on)
    days |= {day for dose, day in given if dose.antigen == rule.infant and dose.number > rule.primary}
    days |= {infant[0]} if infant else set()
    days |= {infant[rule.primary - 1]} if len(infant) >= rule.primary else set()
    counted: list[date] = []
    for day in sorted(days):
        if len(counted) == len(rule.steps):
            break
        if not counted or rule.steps[len(counted)].after.after(counted[-1]) <= day:
            counted.append(day)
    level, last = len(counted), counted[-1] if counted else None
    years = rule.steps[level - 1].protects_years if level else 0
    until = Gap(months=12 * years).after(last) if last is not None and years else None
    following = rule.steps[level].after.after(last) if last is not None and level < len(rule.steps) else None
    return Tetanus(level, last, until, following)


# --- how a dose is judged -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slot:
    """One dose of one person's schedule, with its days."""

    code: str
    antigen: str
    number: int
    label: str
    source: str
    school: bool
    earliest_on: date | None
    due_on: date
    late_on: date
    catch_up_on: date | None
    ends_on: date
    after: tuple[After, ...]


@dataclass(frozen=True, order=True)
class _Event:
    """An antigen given on a day; `also` is set when it came inside a product of another series."""

    on: date
    product: str
    live: bool
    also: Also | None = None


def _held(rule: Rule, due_on: date) -> bool:
    return rule.since <= due_on and (rule.until is None or due_on < rule.until)


def _rules(schedule: Schedule, born_on: date, area: str) -> list[DoseRule]:
    """The first rule of each dose that holds for the birth date and area."""
    found: dict[str, DoseRule] = {}
    for rule in schedule.doses:
        here = not rule.areas or area.startswith(rule.areas)
        if here and rule.code not in found and _held(rule, rule.due.after(born_on)):
            found[rule.code] = rule
    return list(found.values())


def _slot(rule: DoseRule, born_on: date) -> _Slot:
    return _Slot(
        rule.code,
        rule.antigen,
        rule.number,
        rule.label,
        rule.source,
        school=False,
        earliest_on=rule.earliest.after(born_on),
        due_on=rule.due.after(born_on),
        late_on=rule.late.after(born_on),
        catch_up_on=rule.catch_up.after(born_on) if rule.catch_up else None,
        ends_on=rule.ends.after(born_on),
        after=rule.after,
    )


def _school_begins(year: SchoolYear, born_on: date, school: SchoolClass | None) -> int:
    """The year whose school year is (or is taken to be) this child's in class 1."""
    if school is not None:
        return school.on.year - (school.on.month < year.month) - school.number + 1
    return born_on.year + year.age + ((born_on.month, born_on.day) > (year.month, 1))


def _month_of_class(year: SchoolYear, rule: SchoolRule, begins: int) -> date:
    return date(begins + rule.school_class - 1 + (rule.month < year.month), rule.month, 1)


def _school_slot(year: SchoolYear, rule: SchoolRule, begins: int) -> _Slot:
    over = date(begins + rule.school_class, year.month, 1)
    return _Slot(
        rule.code,
        rule.antigen,
        rule.number,
        rule.label,
        rule.source,
        school=True,
        earliest_on=None,
        due_on=_month_of_class(year, rule, begins),
        late_on=over,
        catch_up_on=over,
        ends_on=date(begins + rule.ends_with_class, year.month, 1),
        after=rule.after,
    )


def _events(schedule: Schedule, doses: Iterable[Dose]) -> dict[tuple[str, int], _Event]:
    """What was given, by antigen and number: of the same dose recorded twice the earlier, mixed products unfolded."""
    events: dict[tuple[str, int], _Event] = {}
    inside: dict[str, list[_Event]] = {}
    for dose in doses:
        if dose.given_on is None:
            continue
        usual = next((each for each in schedule.products.values() if each.antigen == dose.antigen), None)
        product = schedule.products.get(dose.product or "", usual)
        code, live = (product.code, product.live) if product else ("", False)
        event, key = _Event(dose.given_on, code, live), (dose.antigen, dose.number)
        if key not in events or event.on < events[key].on:
            events[key] = event
        for also in product.also if product else ():
            inside.setdefault(also.antigen, []).append(_Event(dose.given_on, code, live, also))
    for antigen, hidden in inside.items():
        _number(antigen, hidden, events)
    return events


def _number(antigen: str, hidden: Sequence[_Event], events: dict[tuple[str, int], _Event]) -> None:
    """Number the doses that came inside other products with those given alone, by their days.

    A dose given alone never takes a lower number than was written down for it.
    """
    alone = [(event, key[1]) for key, event in events.items() if key[0] == antigen]
    for key in [key for key in events if key[0] == antigen]:
        del events[key]
    ordered = sorted([*alone, *((event, 0) for event in hidden)], key=lambda pair: (pair[0].on, pair[1]))
    last = 0
    for event, written in ordered:
        last = max(written, last + 1)
        events[antigen, last] = event


def _fault(slot: _Slot, event: _Event, given: Mapping[str, _Event | None], born_on: date) -> str | None:
    """Why a dose was before its time: "age", "interval" or None. What is not known is not held against it."""
    earliest_on = event.also.earliest.after(born_on) if event.also else slot.earliest_on or born_on
    if event.on < earliest_on:
        return "age"
    for after in slot.after:
        before = given.get(after.dose)
        gap = event.also.interval if event.also else after.gap
        if before is not None and event.on < gap.after(before.on):
            return "interval"
    return None


def _had(slot: _Slot, event: _Event, given: Mapping[str, _Event | None], born_on: date) -> DoseStatus:
    fault = _fault(slot, event, given, born_on)
    return _status(
        slot,
        State.INVALID if fault else State.GIVEN,
        given_on=event.on,
        product=event.product,
        lacking=fault is not None,
        fault=fault,
    )


def _open(
    schedule: Schedule,
    slot: _Slot,
    given: Mapping[str, _Event | None],
    live: Collection[date],
    reason: str | None,
    on: date,
) -> DoseStatus:
    """A dose that was not given: by age, held back while the interval runs or an earlier dose is missing."""
    if on >= slot.ends_on:
        return _status(slot, State.NOT_AFTER, reason=reason)
    missing = [after.dose for after in slot.after if after.dose in given and given[after.dose] is None]
    from_on = slot.due_on
    for after in slot.after:
        before = given.get(after.dose)
        if before is not None:
            from_on = max(from_on, after.gap.after(before.on))
    for day in sorted(live):
        if day < max(from_on, on) < schedule.live_gap.after(day):
            from_on = schedule.live_gap.after(day)
    state = _by_age(slot, on)
    if state in OPEN and (missing or from_on > on):
        state = State.TOO_EARLY
    return _status(
        slot,
        state,
        from_on=None if missing else from_on,
        waits_for=missing[0] if missing else None,
        lacking=on >= slot.due_on,
        reason=reason,
    )


def _by_age(slot: _Slot, on: date) -> State:
    if on < slot.due_on:
        return State.TOO_EARLY
    if slot.catch_up_on is not None and on >= slot.catch_up_on:
        return State.CATCH_UP
    return State.OVERDUE if on >= slot.late_on else State.DUE


def _status(
    slot: _Slot,
    state: State,
    *,
    given_on: date | None = None,
    product: str | None = None,
    from_on: date | None = None,
    waits_for: str | None = None,
    lacking: bool = False,
    fault: str | None = None,
    reason: str | None = None,
) -> DoseStatus:
    return DoseStatus(
        slot.code,
        slot.antigen,
        slot.number,
        slot.label,
        state,
        slot.source,
        slot.school,
        given_on,
        product,
        slot.due_on,
        slot.late_on,
        slot.ends_on,
        from_on,
        waits_for,
        lacking,
        fault,
        reason,
    )


def _outside(schedule: Schedule, key: tuple[str, int], event: _Event) -> DoseStatus:
    """A dose that is recorded but not in this person's schedule: another area's, an extra one, a grown-up's."""
    antigen, number = key
    rules: tuple[Rule, ...] = (*schedule.doses, *schedule.school)
    rule = next((each for each in rules if (each.antigen, each.number) == key), None)
    product = schedule.products.get(event.product)
    label = rule.label if rule else f"{product.label if product else antigen} {number}"
    code = rule.code if rule else f"{antigen}_{number}"
    slot = _Slot(code, antigen, number, label, "", isinstance(rule, SchoolRule), None, event.on, event.on, None,
                 event.on, ())  # fmt: skip
    return _status(slot, State.GIVEN, given_on=event.on, product=event.product)


def _is_live(schedule: Schedule, slot: _Slot) -> bool:
    return any(each.live for each in schedule.products.values() if each.antigen == slot.antigen)


def _valid_on(each: DoseStatus | None) -> date | None:
    return each.given_on if each is not None and each.state is State.GIVEN else None


# --- reading the data -----------------------------------------------------------------------------------------------


def read_schedule(value: Json, place: str) -> Schedule:
    """The schedule in a parsed entry of resources/rules/immunisation.json.

    Raises ValueError, naming the place, for anything missing, doubled, unknown, or out of order.
    """
    keys = ("products", "offers", "live_gap", "school_year", "doses", "school", "sets", "tetanus", "advice")
    parts = an_object(value, place, keys)
    schedule = Schedule(
        products=MappingProxyType({each.code: each for each in _each(parts["products"], place, _product)}),
        offers=_each(parts["offers"], place, _offer),
        live_gap=_gap(parts["live_gap"], place),
        school_year=_school_year(parts["school_year"], place),
        doses=_each(parts["doses"], place, _dose_rule),
        school=_each(parts["school"], place, _school_rule),
        sets=_each(parts["sets"], place, _set),
        tetanus=_tetanus(parts["tetanus"], place),
        advice=_each(parts["advice"], place, _advice),
    )
    _check(schedule, place)
    return schedule


Item = TypeVar("Item")


def _each(value: Json, place: str, read: Callable[[Json, str], Item]) -> tuple[Item, ...]:
    return tuple(read(item, place) for item in a_list(value, place))


def _school_year(value: Json, place: str) -> SchoolYear:
    parts = an_object(value, place, ("month", "age"))
    return SchoolYear(a_whole(parts["month"], place), a_whole(parts["age"], place))


def _gap(value: Json, place: str) -> Gap:
    parts = an_object(value, place, (), optional=("months", "days"))
    return Gap(a_whole(parts.get("months", 0), place), a_whole(parts.get("days", 0), place))


def _texts(value: Json, place: str) -> tuple[str, ...]:
    return tuple(a_text(item, place) for item in a_list(value, place))


def _product(value: Json, place: str) -> Product:
    parts = an_object(value, place, ("code", "label", "antigen"), optional=("live", "also"))
    return Product(
        a_text(parts["code"], place),
        a_text(parts["label"], place),
        a_text(parts["antigen"], place),
        a_flag(parts.get("live", False), place),
        _each(parts.get("also", []), place, _also),
    )


def _also(value: Json, place: str) -> Also:
    parts = an_object(value, place, ("antigen", "earliest", "interval"))
    return Also(a_text(parts["antigen"], place), _gap(parts["earliest"], place), _gap(parts["interval"], place))


def _offer(value: Json, place: str) -> Offer:
    parts = an_object(value, place, ("product", "areas", "numbers", "since", "source"))
    return Offer(
        a_text(parts["product"], place),
        _texts(parts["areas"], place),
        wholes(parts["numbers"], place),
        a_day(parts["since"], place),
        a_text(parts["source"], place),
    )


_BOTH = ("code", "antigen", "number", "label", "since", "source")


def _dose_rule(value: Json, place: str) -> DoseRule:
    ages = ("earliest", "due", "late", "ends")
    parts = an_object(value, place, (*_BOTH, *ages), optional=("until", "areas", "catch_up", "after"))
    place = f"{place}: {parts['code']}"
    rule = DoseRule(
        code=a_text(parts["code"], place),
        antigen=a_text(parts["antigen"], place),
        number=a_whole(parts["number"], place),
        label=a_text(parts["label"], place),
        since=a_day(parts["since"], place),
        until=a_day(parts["until"], place) if "until" in parts else None,
        areas=_texts(parts.get("areas", []), place),
        source=a_text(parts["source"], place),
        earliest=_gap(parts["earliest"], place),
        due=_gap(parts["due"], place),
        late=_gap(parts["late"], place),
        catch_up=_gap(parts["catch_up"], place) if "catch_up" in parts else None,
        ends=_gap(parts["ends"], place),
        after=_each(parts.get("after", []), place, _after),
    )
    told = [rule.earliest, rule.due, rule.late, *([rule.catch_up] if rule.catch_up else []), rule.ends]
    days = [age.after(date(2000, 1, 1)) for age in told]
    if days != sorted(days) or rule.due == rule.ends:
        raise ValueError(f"{place}: wants ages in the order earliest, due, late, catch_up, ends")
    return rule


def _school_rule(value: Json, place: str) -> SchoolRule:
    parts = an_object(value, place, (*_BOTH, "class", "month", "ends_with_class"), optional=("until", "sex", "after"))
    place = f"{place}: {parts['code']}"
    rule = SchoolRule(
        code=a_text(parts["code"], place),
        antigen=a_text(parts["antigen"], place),
        number=a_whole(parts["number"], place),
        label=a_text(parts["label"], place),
        since=a_day(parts["since"], place),
        until=a_day(parts["until"], place) if "until" in parts else None,
        source=a_text(parts["source"], place),
        school_class=a_whole(parts["class"], place),
        month=a_whole(parts["month"], place),
        ends_with_class=a_whole(parts["ends_with_class"], place),
        sex=one_of(parts["sex"], place, ("male", "female")) if "sex" in parts else None,
        after=_each(parts.get("after", []), place, _after),
    )
    if not 1 <= rule.school_class <= rule.ends_with_class or not 1 <= rule.month <= 12:
        raise ValueError(f"{place}: wants a class, a later last class, and a month")
    return rule


def _after(value: Json, place: str) -> After:
    parts = an_object(value, place, ("dose",), optional=("months", "days"))
    return After(a_text(parts["dose"], place), _gap({k: v for k, v in parts.items() if k != "dose"}, place))


def _set(value: Json, place: str) -> DoseSet:
    parts = an_object(value, place, ("code", "label", "born_from", "before", "doses", "source"), optional=("girls",))
    return DoseSet(
        a_text(parts["code"], place),
        a_text(parts["label"], place),
        a_day(parts["born_from"], place),
        _gap(parts["before"], place),
        _texts(parts["doses"], place),
        _texts(parts.get("girls", []), place),
        a_text(parts["source"], place),
    )


def _tetanus(value: Json, place: str) -> TetanusRule:
    parts = an_object(value, place, ("antigens", "infant", "primary", "steps", "source"))
    return TetanusRule(
        _texts(parts["antigens"], place),
        a_text(parts["infant"], place),
        a_whole(parts["primary"], place),
        _each(parts["steps"], place, _tetanus_step),
        a_text(parts["source"], place),
    )


def _tetanus_step(value: Json, place: str) -> TetanusStep:
    parts = an_object(value, place, ("after", "protects_years"))
    return TetanusStep(_gap(parts["after"], place), a_whole(parts["protects_years"], place))


def _advice(value: Json, place: str) -> Advice:
    texts = ("title", "why", "what_to_do", "tell_family")
    parts = an_object(value, place, ("state", *texts))
    state = State[one_of(parts["state"], place, tuple(each.name.lower() for each in State)).upper()]
    return Advice(state, **{name: a_text(parts[name], place) for name in texts})


def _check(schedule: Schedule, place: str) -> None:
    """That the parts speak of the same doses, products and antigens."""
    rules: tuple[Rule, ...] = (*schedule.doses, *schedule.school)
    codes = {rule.code for rule in rules}
    antigens = {product.antigen for product in schedule.products.values()}
    named = {after.dose for rule in rules for after in rule.after}
    named |= {code for each in schedule.sets for code in (*each.doses, *each.girls)}
    if named - codes:
        raise ValueError(f"{place}: no such dose: {', '.join(sorted(named - codes))}")
    used = {rule.antigen for rule in rules} | {*schedule.tetanus.antigens, schedule.tetanus.infant}
    used |= {also.antigen for product in schedule.products.values() for also in product.also}
    if used - antigens:
        raise ValueError(f"{place}: no product has {', '.join(sorted(used - antigens))}")
    if unknown := {each.product for each in schedule.offers} - set(schedule.products):
        raise ValueError(f"{place}: no such product: {', '.join(sorted(unknown))}")
    if len({(rule.code, getattr(rule, "areas", ()), rule.since) for rule in rules}) != len(rules):
        raise ValueError(f"{place}: a dose is there twice")
