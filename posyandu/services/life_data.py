"""The rows behind the recaps of mothers after birth, school children and youth, adults and the elderly."""

from collections.abc import Iterable, Mapping
from datetime import date

from posyandu.domain import life, school
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.school import MENTAL, SDQ
from posyandu.domain.life import INSTRUMENTS, REGISTER_FORMS, LifeHistory, LifeMonth
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.standards import Rules
from posyandu.services.judging import judge, needs_pregnancy, wrong_tools
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.storage.records import Row

_SCREENINGS = (MENTAL.name, SDQ.name)
"""What counts as screened for mental health: the eight questions, or SDQ, wherever it was examined."""


def by_month(
    ws: Workspace,
    posyandu_id: str,
    people: Mapping[str, Answers],
    came_on: Mapping[str, set[date]],
    days: Mapping[Month, date],
) -> dict[Month, tuple[LifeMonth, ...]]:
    """Everybody of a post in the registers of this module, for each month of `days` (the day age is counted on)."""
    if not days:
        return {}
    last = max(days)
    gathered = list(_gathered(ws, posyandu_id, people, came_on, last))
    wrong = wrong_tools(ws, (row.answers for each in gathered for rows in each[3].values() for row in rows))
    found = [_history(ws, each, wrong) for each in gathered]
    standards = ws.standards
    return {month: life.people_of_month(found, month, day, standards.on(day)) for month, day in days.items()}


Gathered = tuple[str, Answers, list[Row], dict[str, list[Row]], frozenset[date]]


def _gathered(
    ws: Workspace,
    posyandu_id: str,
    people: Mapping[str, Answers],
    came_on: Mapping[str, set[date]],
    last: Month,
) -> Iterable[Gathered]:
    carried: dict[str, list[Row]] = {}
    for row in records.load_many(ws.db, PREGNANCY, scope=posyandu_id):
        carried.setdefault(str(row.answers.get("person_id")), []).append(row)
    names = (*REGISTER_FORMS, *INSTRUMENTS, *_SCREENINGS)
    visits = {name: summaries.visits_of(ws.db, FORMS[name], people, last.last) for name in names}
    rules = ws.standards.on(last.last)
    grown = [id_ for id_, person in people.items() if not _is_child(rules, person, last)]
    for id_ in sorted(grown, key=lambda id_: (str(people[id_].get("name") or "").casefold(), id_)):
        own = {name: rows[id_] for name, rows in visits.items() if id_ in rows}
        yield id_, people[id_], carried.get(id_, []), own, frozenset(came_on.get(id_, ()))


def _is_child(rules: Rules, person: Answers, last: Month) -> bool:
    """Whether someone is still on the register of children when these months end."""
    born_on = person.get("born_on")
    return isinstance(born_on, date) and age_months(born_on, last.last) < rules.groups.school_from


def _history(ws: Workspace, gathered: Gathered, wrong: Mapping[str, str]) -> LifeHistory:
    id_, person, carried, visits, came_on = gathered
    judged = {
        name: _judged(ws, name, person, carried, rows, wrong)
        for name, rows in visits.items()
        if name not in _SCREENINGS
    }
    screened = (
        row.answers["visited_on"]
        for name in _SCREENINGS
        for row in visits.get(name, ())
        if school.is_mental_complete(row.answers)
    )
    days = frozenset(day for day in screened if isinstance(day, date))
    return LifeHistory(id_, person, [row.answers for row in carried], judged, days, came_on)


def _judged(
    ws: Workspace, name: str, person: Answers, carried: list[Row], rows: list[Row], wrong: Mapping[str, str]
) -> list[tuple[Answers, VisitAssessment]]:
    form = FORMS[name]
    if not needs_pregnancy(form):
        told = [row.answers for row in rows]
        return _paired(told, judge(ws, form, person, {}, told, wrong))
    pairs: list[tuple[Answers, VisitAssessment]] = []
    for each in carried:
        own = [row.answers for row in rows if row.answers.get("pregnancy_id") == each.id]
        pairs += _paired(own, judge(ws, form, person, each.answers, own, wrong))
    return sorted(pairs, key=lambda pair: pair[1].visited_on)


def _paired(told: list[Answers], judged: Iterable[object]) -> list[tuple[Answers, VisitAssessment]]:
    return [(visit, each) for visit, each in zip(told, judged, strict=True) if isinstance(each, VisitAssessment)]
