"""A year of examinations behind the province's indicators of pupils, adults and the elderly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date

from posyandu.domain import outcome
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import AKS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.history import EXAMINATION, HISTORY, SMOKING
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.life import LifeMonth
from posyandu.domain.life_indicators import Examined
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.service_group import GROWN, SCHOOL_AGE
from posyandu.reports.life_indicators_sheet import life_indicators_sheet
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.sheet import Sheet
from posyandu.services import immunisation
from posyandu.services.judging import judge
from posyandu.services.workspace import Workspace
from posyandu.storage import summaries
from posyandu.storage.records import Row

SCHOOL_SET = "isl"
AS_MOTHER = (PREGNANCY_VISIT, POSTPARTUM_VISIT)


def report(ws: Workspace, data: MonthlyData) -> Sheet:
    """The indicators at the end of the month of the data, of one post or many."""
    return life_indicators_sheet(data, examined(ws, data))


def examined(ws: Workspace, data: MonthlyData) -> list[Examined]:
    """The pupils, adults and elderly of the month with what was noted of them in the year up to its end."""
    people = [each for each in data.life.get(data.month, ()) if each.group in SCHOOL_AGE | GROWN]
    last = data.month.last
    first = (data.month - (ws.standards.on(last).screening_months - 1)).first
    read = (SCHOOL_VISIT, ADULT_VISIT, *AS_MOTHER, EXAMINATION, HISTORY, AKS, SMOKING)
    told = {form.name: summaries.visits_of(ws.db, form, [each.id for each in people], last) for form in read}
    immunised = _immunised(ws, people, last)
    return [_examined(ws, each, told, immunised.get(each.id), first, data.month) for each in people]


def _examined(
    ws: Workspace,
    each: LifeMonth,
    told: Mapping[str, Mapping[str, Sequence[Row]]],
    immunised: bool | None,
    first: date,
    month: Month,
) -> Examined:
    def of(name: str, since: date = first) -> list[Answers]:
        rows = told.get(name, {}).get(each.id, ())
        return [row.answers for row in rows if isinstance(on := row.answers["visited_on"], date) and on >= since]

    def judged(form: Form) -> list[VisitAssessment]:
        return [one for one in judge(ws, form, each.person, {}, of(form.name)) if isinstance(one, VisitAssessment)]

    # whoever came of age within the year has been examined as a pupil
    forms = (SCHOOL_VISIT,) if each.group in SCHOOL_AGE else (SCHOOL_VISIT, ADULT_VISIT)
    visits = outcome.in_order(visit for form in forms for visit in of(form.name))
    scores = judged(AKS)
    known = {one.name: getattr(each, one.name) for one in fields(LifeMonth) if one.init}
    told_lately = {
        "visits": tuple(visit for _on, visit in visits),
        "assessments": tuple(sorted((one for form in forms for one in judged(form)), key=lambda one: one.visited_on)),
        "instruments": {"aks": scores[-1]} if scores else {},
    }
    return Examined(
        **(known | told_lately),
        as_mother=tuple(visit for form in AS_MOTHER for visit in of(form.name)),
        exams=tuple(of(EXAMINATION.name)),
        history=next(reversed(of(HISTORY.name, date.min)), {}),
        grade=_grade((*of(SMOKING.name), *of(SCHOOL_VISIT.name)), month, each.rules.immunisation.school_year.month),
        immunised=immunised,
    )


def _grade(told: Iterable[Answers], month: Month, first: int) -> int | None:
    """The class told last in the school year of this month; `first` is the month it begins with."""
    begins = date(month.year - (month.month < first), first, 1)
    since = [
        (on, grade)
        for visit in told
        if isinstance(grade := visit.get("grade"), int)
        and isinstance(on := visit.get("visited_on"), date)
        and on >= begins
    ]
    return max(since, default=(None, None))[1]


def _immunised(ws: Workspace, people: Iterable[LifeMonth], day: date) -> dict[str, bool | None]:
    """Whether the school set of a pupil is complete; None without any known dose, or where there was no set."""
    ids = [each.id for each in people if each.group in SCHOOL_AGE]
    cards = immunisation.cards(ws, list(summaries.persons(ws.db, ids).values()), day)
    return {card.person_id: card.has_whole(SCHOOL_SET) for card in cards}
