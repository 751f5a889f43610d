"""The immunisations of a made-up village: most children on time, some who stopped, some whose book was never copied."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from posyandu.domain import immunisation
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Value
from posyandu.domain.immunisation import Dose, Schedule
from posyandu.services.sample.village import Entry
from posyandu.storage.records import dose_id

NOT_COPIED, STOPPED, SKIPPED = 0.12, 0.12, 0.01
"""How many books were never copied, how many children stopped coming, and how often one dose is missed."""

LONGEST_DELAY_DAYS = 20
UNDER_MONTHS = 72


def added(seed: int, entries: Iterable[Entry], schedule: Schedule, until: date) -> Iterator[Entry]:
    """The same entries, and after each child younger than six years the doses it had up to a day.

    A child's doses depend on the seed and its id alone, so the rest of the village stays as it is.
    """
    areas: dict[str, str] = {}
    for entry in entries:
        yield entry
        if entry.entity == "posyandu":
            areas[entry.scope] = str(entry.answers.get("village_code") or "")
        born_on = entry.answers.get("born_on")
        if entry.entity == "person" and isinstance(born_on, date) and age_months(born_on, until) < UNDER_MONTHS:
            dice = random.Random(f"{seed} {entry.record_id}")
            for dose in _doses(dice, schedule, born_on, str(entry.answers.get("sex")), areas[entry.scope], until):
                yield _entry(entry, dose)


def _doses(dice: random.Random, schedule: Schedule, born_on: date, sex: str, area: str, until: date) -> Iterator[Dose]:
    """What one child had, by the days they fell due. A dose that was missed holds back those after it."""
    if dice.random() < NOT_COPIED:
        return
    stops_on = born_on + timedelta(days=dice.randint(70, 420)) if dice.random() < STOPPED else date.max
    statuses = immunisation.status(schedule, born_on, sex, area, (), until)
    due = sorted((each.due_on, each.code, each) for each in statuses if each.due_on and not each.school)
    had: dict[str, date] = {}
    inside: set[str] = set()
    for due_on, code, each in due:
        rule = next(
            rule for rule in schedule.doses if rule.code == code and (not rule.areas or area.startswith(rule.areas))
        )
        late, missed = dice.randint(0, LONGEST_DELAY_DAYS), dice.random() < SKIPPED
        if each.antigen in inside or any(after.dose not in had for after in rule.after):
            continue
        on = max([due_on, *(after.gap.after(had[after.dose]) for after in rule.after)])
        on = born_on if each.antigen == "hb0" else on + timedelta(days=late)
        if missed or on > min(until, stops_on) or on >= rule.ends.after(born_on):
            continue
        product = schedule.product(each.antigen, each.number, area, on)
        inside |= {also.antigen for also in product.also}
        had[code] = on
        yield Dose(each.antigen, each.number, on, product.code)


def _entry(person: Entry, dose: Dose) -> Entry:
    assert dose.given_on is not None, "only given doses are made up"
    answers: dict[str, Value | None] = {
        "antigen": dose.antigen,
        "dose": dose.number,
        "given_on": dose.given_on,
        "product": dose.product,
        "source": "book",
    }
    at = max(person.at, datetime.combine(dose.given_on, time(11), person.at.tzinfo))
    record_id = dose_id(person.record_id, dose.antigen, dose.number)
    return Entry("immunisation_dose", record_id, person.scope, answers, {"person_id": person.record_id}, at)
