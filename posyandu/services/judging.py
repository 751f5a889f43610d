"""Which form a person's visit is recorded in, and who judges it: one place for every form there is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from posyandu.domain import (
    adult,
    child,
    development,
    home_visit,
    instruments,
    outcome,
    postpartum,
    pregnancy,
    prepregnancy,
    school,
)
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import AKS, SKILAS, SRQ, WUS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.development import FORM as DEVELOPMENT
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.school import MENTAL
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.service_group import AFTER_BIRTH, CHILDREN, GROWN, SCHOOL_AGE, Group
from posyandu.services.workspace import Workspace
from posyandu.storage import summaries

Assessment = child.ChildAssessment | pregnancy.PregnancyAssessment | outcome.VisitAssessment
Tools = Mapping[str, str]
"""The tools found wrong ("scale", "board", "both"), by session."""
Judge = Callable[[Workspace, Answers, Answers, Sequence[Answers], Tools | None], Sequence[Assessment]]

VISIT_FORMS = (UNDER_FIVE_VISIT, PREGNANCY_VISIT, POSTPARTUM_VISIT, SCHOOL_VISIT, ADULT_VISIT)
"""The forms a visit of a posyandu day can be recorded in: one for each register."""


def visit_form(group: Group | None) -> Form | None:
    """The form a group's visits are recorded in; None for nobody's group."""
    if group in CHILDREN:
        return UNDER_FIVE_VISIT
    if group in AFTER_BIRTH:
        return POSTPARTUM_VISIT
    if group in SCHOOL_AGE:
        return SCHOOL_VISIT
    if group in GROWN:
        return ADULT_VISIT
    return PREGNANCY_VISIT if group is Group.PREGNANT else None


def needs_pregnancy(form: Form) -> bool:
    """Whether visits of this form belong to a pregnancy or the birth that ended it."""
    return "pregnancy_id" in form.links


def judge(
    ws: Workspace,
    form: Form,
    person: Answers,
    pregnancy_answers: Answers,
    visits: Sequence[Answers],
    wrong: Tools | None = None,
) -> Sequence[Assessment]:
    """What visits of a form mean, oldest first, one for each that has a day; nothing for a form nobody judges.

    `wrong` are the tools found wrong on their days, for who has read them already.
    """
    judged_by = _JUDGES.get(form.name)
    return judged_by(ws, person, pregnancy_answers, visits, wrong) if judged_by else []


def judge_home(ws: Workspace, form: Form, answers: Answers) -> home_visit.HomeVisitResult:
    """What a checklist of a home visit found, by the rules of its day; of today while it has none."""
    on = answers.get("visited_on")
    return home_visit.assess(ws.standards.on(on if isinstance(on, date) else ws.today()), form, answers)


def judge_child(
    ws: Workspace, person: Answers, visits: Sequence[Answers], *, only_last: bool = False, wrong: Tools | None = None
) -> list[child.ChildAssessment]:
    """The same of a child's visits, or of the last alone; what was read from a tool found wrong says nothing."""
    tools = _tools(ws, visits, wrong)
    return child.assess(ws.standards, ws.growth, person, visits, only_last=only_last, wrong=tools)


def _tools(ws: Workspace, visits: Iterable[Answers], known: Tools | None) -> Tools:
    return wrong_tools(ws, visits) if known is None else known


def wrong_tools(ws: Workspace, visits: Iterable[Answers]) -> Tools:
    """The tools found wrong on the days of these visits, by session."""
    return summaries.wrong_tools(ws.db, {str(day) for visit in visits if (day := visit.get("session_id"))})


_JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        UNDER_FIVE_VISIT.name: lambda ws, person, _p, visits, wrong: judge_child(ws, person, visits, wrong=wrong),
        PREGNANCY_VISIT.name: lambda ws, person, p, visits, wrong: pregnancy.assess(
            ws.standards, person, p, visits, _tools(ws, visits, wrong)
        ),
        POSTPARTUM_VISIT.name: lambda ws, person, p, visits, wrong: postpartum.assess(
            ws.standards, person, p, visits, _tools(ws, visits, wrong)
        ),
        DEVELOPMENT.name: lambda ws, person, _p, visits, _w: development.assess(ws.standards, person, visits),
        NEWBORN.name: lambda ws, person, _p, visits, _w: postpartum.assess_newborn(ws.standards, person, visits),
        SCHOOL_VISIT.name: lambda ws, person, _p, visits, wrong: school.assess(
            ws.standards, ws.growth, person, visits, _tools(ws, visits, wrong)
        ),
        MENTAL.name: lambda ws, person, _p, visits, _w: school.assess_mental(ws.standards, person, visits),
        ADULT_VISIT.name: lambda ws, person, _p, visits, wrong: adult.assess(
            ws.standards, person, visits, _tools(ws, visits, wrong)
        ),
        SRQ.name: lambda ws, person, _p, visits, _w: instruments.assess_srq(ws.standards, person, visits),
        AKS.name: lambda ws, person, _p, visits, _w: instruments.assess_aks(ws.standards, person, visits),
        WUS.name: lambda ws, person, _p, visits, _w: prepregnancy.assess(ws.standards, person, visits),
        SKILAS.name: lambda ws, person, _p, visits, _w: instruments.assess_skilas(ws.standards, person, visits),
    }
)
