"""What a number may be for someone of this age, and against the last visit: dated data made into limits for a form.

The usual range of a child's measures is WHO's -4 to +4 standard deviations by sex and month, listed in
resources/rules/limits.json by tools/make_limits.py so that a midwife can read and correct it.
"""

from datetime import date

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.form import Limit
from posyandu.domain.standards import MeasureLimit, Standards

MONTH_DAYS = 30


def limits_for(
    standards: Standards, form_name: str, person: Answers, on: date, previous_on: date | None
) -> dict[str, Limit]:
    """The limits of a form's numbers by field name, for a person (`sex`, `born_on`) on a day.

    A rise may be as large as the days since `previous_on` allow, at least a month's; without a previous visit neither
    fall nor rise is judged. Where sex or birth date are unknown, only the limits that hold for any are given.
    """
    born_on = person.get("born_on")
    months = age_months(born_on, on) if isinstance(born_on, date) else None
    found: dict[str, Limit] = {}
    for rule in standards.on(on).limits:
        if rule.form == form_name and _holds(rule, person.get("sex"), months):
            found[rule.field] = _with(found.get(rule.field, Limit()), rule, on, previous_on)
    return found


def numbers_for(standards: Standards, form_name: str, person: Answers, on: date) -> dict[str, int]:
    """What the rules of a form ask by name: a child's age in completed months, and what is given from when to when."""
    born_on = person.get("born_on")
    if form_name != "under_five_visit" or not isinstance(born_on, date):
        return {}
    rules = standards.on(on)
    found = {"age_months": age_months(born_on, on), "breast_milk_to": rules.exclusive_months}
    for colour, (first, last) in (("blue", rules.vitamin_a.blue), ("red", rules.vitamin_a.red)):
        found |= {f"{colour}_from": first, f"{colour}_to": last}
    return found


def _holds(rule: MeasureLimit, sex: object, months: int | None) -> bool:
    if rule.sex is not None and rule.sex != sex:
        return False
    return rule.months is None or (months is not None and rule.months[0] <= months <= rule.months[1])


def _with(limit: Limit, rule: MeasureLimit, on: date, previous_on: date | None) -> Limit:
    """The limit with what this rule adds."""
    hard = rule.hard or (limit.hard_low, limit.hard_high)
    usual = rule.usual or (limit.usual_low, limit.usual_high)
    fall, rise = limit.fall, limit.rise
    if previous_on is not None and previous_on <= on:
        days = max(MONTH_DAYS, (on - previous_on).days)
        fall = rule.fall if rule.fall is not None else fall
        rise = rule.rise * days // MONTH_DAYS if rule.rise is not None else rise
    return Limit(hard[0], hard[1], usual[0], usual[1], fall, rise)
