"""Which questions of a visit are asked at once on a day, and which wait behind "Pertanyaan lain".

The ages are dated rules (`questions` in the rule files); none of it forbids an answer: it only orders the page.
"""

from datetime import date

from posyandu.domain import calendar
from posyandu.domain.standards import Asked, Rules


def kept_back(rules: Rules, form_name: str, born_on: date | None, on: date) -> frozenset[str]:
    """The names of the questions not due for somebody of this age on this day. Without a birth date none is due."""
    months = None if born_on is None else calendar.age_months(born_on, on)
    return frozenset(each.field for each in rules.questions.get(form_name, ()) if not _is_due(rules, each, months, on))


def _is_due(rules: Rules, asked: Asked, months: int | None, on: date) -> bool:
    if months is None:
        return False
    if asked.programme == "vitamin_a":
        return rules.vitamin_a.due(on, months) is not None
    if asked.programme == "deworming":
        return rules.deworming.due(on, months)
    if asked.months is None:
        return False
    low, high = asked.months
    return low <= months <= high and months % asked.every == 0
