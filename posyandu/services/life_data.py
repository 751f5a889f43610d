"""The rows behind the recaps of mothers after birth, school children and youth, adults and the elderly."""

from collections.abc import Iterable, Mapping
from datetime import date

from posyandu.domain import life, school
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import AKS, SKILAS
from posyandu.domain.forms.history import HISTORY
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.school import MENTAL, SDQ
from posyandu.domain.life import INSTRUMENTS, REGISTER_FORMS, LifeCard, LifeHistory, LifeMonth
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.standards import Rules
from posyandu.services.judging import judge, needs_pregnancy, wrong_tools
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import _

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


def card(ws: Workspace, person: Row, kind: str, year: int | None = None) -> LifeCard:
    """What the card of a person is filled from, by whose visits its rows are ("postpartum_visits" ...).

    A mother's card has every visit since her last birth, the others those of one year: without a `year` the one of the
    last visit, or this year. Raises BadInput for a woman without a birth in the book.
    """
    form, *others = _CARD_FORMS[kind]
    carried = records.load_many(ws.db, PREGNANCY, person_id=person.id)
    if kind == "postpartum_visits":
        born = [each for each in carried if isinstance(each.answers.get("ended_on"), date)]
        if not born:
            raise BadInput(_("Ibu ini belum punya catatan persalinan."))
        carried = [max(born, key=lambda each: (str(each.answers["ended_on"]), each.id))]
    names = (form, *others, *(_SCREENINGS if kind == "school_visits" else ()))
    rows = {name: summaries.visits_of(ws.db, FORMS[name], [person.id], date.max).get(person.id, []) for name in names}
    wrong = wrong_tools(ws, (row.answers for row in rows[form]))
    pairs: CardPairs = [*_judged(ws, form, person.answers, carried, rows[form], wrong)]
    if others:
        pairs = _asked_with(pairs, [row.answers for name in others for row in rows[name]])
    if kind != "postpartum_visits":
        last = max((_year(visit) for visit, _judged in pairs), default=ws.today().year)
        year = last if year is None else year
        pairs = [pair for pair in pairs if _year(pair[0]) == year]
    days = [
        day
        for name in names
        if name in _SCREENINGS
        for row in rows[name]
        if school.is_mental_complete(row.answers) and isinstance(day := row.answers["visited_on"], date)
    ]
    standards, told = ws.standards, records.load_many(ws.db, HISTORY, person_id=person.id)
    screened = [
        life.screened_by(standards.on(on), person.answers, days, on)
        for visit, _judged in pairs
        if kind == "school_visits" and isinstance(on := visit.get("visited_on"), date)
    ]
    return LifeCard(
        standards,
        person.id,
        person.answers,
        [visit for visit, _judged in pairs],
        [judged for _visit, judged in pairs],
        max((row.answers for row in told), key=lambda each: str(each["visited_on"]), default={}),
        carried[0].answers if kind == "postpartum_visits" else {},
        screened,
        None if kind == "postpartum_visits" else year,
    )


CardPairs = list[tuple[Answers, VisitAssessment | None]]
_CARD_FORMS: Mapping[str, tuple[str, ...]] = {
    "postpartum_visits": ("postpartum_visit",),
    "school_visits": ("school_visit",),
    "adult_visits": ("adult_visit",),
    "elderly_visits": ("adult_visit", AKS.name, SKILAS.name),
}
"""The form of the visits on each card, and the instruments whose days alone are its rows."""


def _asked_with(visits: CardPairs, asked: Iterable[Answers]) -> CardPairs:
    """The days on which instruments were asked, with what the visit of that day says beside them."""
    by_day: dict[date, Answers] = {}
    for each in asked:
        if isinstance(on := each.get("visited_on"), date):
            by_day[on] = {**by_day.get(on, {}), **each}
    beside = {visit.get("visited_on"): (visit, judged) for visit, judged in visits}
    found: CardPairs = []
    for on, each in sorted(by_day.items()):
        visit, judged = beside.get(on, ({}, None))
        found.append(({**visit, **each}, judged))
    return found


def _year(visit: Answers) -> int:
    on = visit.get("visited_on")
    return on.year if isinstance(on, date) else 0


def _paired(told: list[Answers], judged: Iterable[object]) -> list[tuple[Answers, VisitAssessment]]:
    return [(visit, each) for visit, each in zip(told, judged, strict=True) if isinstance(each, VisitAssessment)]
