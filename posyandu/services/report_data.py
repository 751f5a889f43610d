"""The rows of the book that reports of a post are made of: its people, their visits, its days, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from posyandu.domain import indicators
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.activity import FORM as ACTIVITY
from posyandu.domain.forms.adult import WUS
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.postpartum import DEATH, NEWBORN
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.reports.counted import name_of
from posyandu.reports.counts import SheetData
from posyandu.reports.monthly import MonthlyData, Place
from posyandu.reports.table import PersonRef
from posyandu.services import (
    feeding,
    immunisation,
    judging,
    letterheads,
    life_data,
    post_affairs,
    posts,
    targets,
    two_posts,
)
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import _


@at_its_post
def gather(
    ws: Workspace, posyandu_id: str, month: Month, recap_bands: str = "ilp", *, since: Month | None = None
) -> MonthlyData:
    """Every row the report of a month is made of: its year so far and the month before, or all months from `since`.

    Raises NotFound when the book has no such post.
    """
    post = records.load(ws.db, POSYANDU, posyandu_id)
    if post is None:
        raise NotFound(_("Posyandu ini tidak ada di buku."))
    first_month = since or Month(month.year, 1) - 1
    months = [first_month + number for number in range(month - first_month + 1)]
    sessions = summaries.sessions(ws.db, posyandu_id, months[0].first, month.last)
    held = [day for row in sessions if isinstance(day := row.answers.get("held_on"), date)]
    days = {each: max((day for day in held if day in each), default=_quiet_day(each, ws.today())) for each in months}
    people = {row.id: row.answers for row in records.load_many(ws.db, PERSON, scope=posyandu_id)}
    came_on = _came_on(ws, sessions)
    fed = feeding.months_fed(ws, posyandu_id, min(ws.today(), month.last))
    children = [replace(each, fed=fed.get(each.id, {})) for each in _children(ws, people, came_on, months[0], month)]
    women = [replace(each, fed=fed.get(each.id, {})) for each in _pregnancies(ws, posyandu_id, people, came_on, month)]
    first = min((_first_day(each) for each in children), default=date.max)
    recorded = [each for each in months if each.last >= min([first, *held[:1]]) or each == month]
    return MonthlyData(
        post=post.answers,
        place=_place(ws, posyandu_id),
        month=month,
        reporting_day=days[month],
        sessions=tuple(row.answers for row in sessions if row.answers.get("held_on") in _Days(month)),
        children={each: indicators.children_of_month(children, each, days[each]) for each in recorded},
        pregnancies={each: indicators.pregnancies_of_month(women, each, days[each]) for each in recorded},
        everyone=people,
        guests=_guests(people, children, month),
        rules=targets.rules(ws, posyandu_id, days[month]),
        letterhead=letterheads.letterhead(ws, posyandu_id, month.last),
        recap_bands=recap_bands,
        life=life_data.by_month(ws, posyandu_id, people, came_on, {each: days[each] for each in recorded}),
        open_months=frozenset(Month.of(day) for day in held),
        kader=_kader(ws, posyandu_id),
    )


def _quiet_day(month: Month, today: date) -> date:
    """The day age is counted on in a month without a posyandu day: its last, but never one to come."""
    return today if today in month else month.last


def _kader(ws: Workspace, posyandu_id: str) -> tuple[int, int, int]:
    """How many kader the post has, how many of them still work, and how many of these were ever trained."""
    team = post_affairs.kader(ws, posyandu_id)
    active = [each for each in team if each.active]
    return len(team), len(active), sum(each.was_trained for each in active)


@at_its_post
def gather_sheet(ws: Workspace, posyandu_id: str, month: Month) -> SheetData:
    """Every row an official sheet of the month, or of its year up to it, is made of. Raises NotFound as gather."""
    report = gather(ws, posyandu_id, month)
    sessions: dict[Month, tuple[Answers, ...]] = {}
    for row in summaries.sessions(ws.db, posyandu_id, Month(month.year, 1).first, month.last):
        if isinstance(held_on := row.answers.get("held_on"), date):
            sessions[Month.of(held_on)] = (*sessions.get(Month.of(held_on), ()), row.answers)
    rows = records.load_many(ws.db, PREGNANCY, scope=posyandu_id)
    elsewhere = told_elsewhere(ws, posyandu_id, month)
    doses: dict[str, tuple[Answers, ...]] = {}
    for row in records.load_many(ws.db, DOSE, scope=posyandu_id):
        doses[_woman(row)] = (*doses.get(_woman(row), ()), row.answers)
    return SheetData(
        report,
        sessions,
        tuple((_woman(row), row.answers) for row in rows),
        doses,
        _last_noted(ws, WUS, posyandu_id, report.everyone),
        {_woman(row): row.answers for row in records.load_many(ws.db, DEATH, scope=posyandu_id)},
        tuple(row.answers for row in records.load_many(ws.db, ACTIVITY, scope=posyandu_id)),
        _last_noted(ws, NEWBORN, posyandu_id, report.everyone),
        elsewhere.handed_over,
        elsewhere.born,
    )


def told_elsewhere(ws: Workspace, posyandu_id: str, month: Month) -> two_posts.Elsewhere:
    """What other posts count of the people of this one in a sheet of the month, or of its year up to it."""
    return two_posts.counted(ws, posyandu_id, (Month(month.year, 1) - 2).first)


def _last_noted(ws: Workspace, form: Form, posyandu_id: str, everyone: Mapping[str, Answers]) -> dict[str, Answers]:
    """What was noted last of each of the post's people in a form that is filled once."""
    rows = [row for row in records.load_many(ws.db, form, scope=posyandu_id) if _woman(row) in everyone]
    return {_woman(row): row.answers for row in sorted(rows, key=lambda row: str(row.answers["visited_on"]))}


def child_history(ws: Workspace, row: Row) -> indicators.ChildHistory:
    """A child with all its visits, whichever the post, each of them assessed."""
    rows = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, [row.id], date.max).get(row.id, [])
    told = [each.answers for each in rows]
    wrong = judging.wrong_tools(ws, told)
    return indicators.child_history(ws.standards, ws.growth, row.id, row.answers, told, wrong=wrong)


def pregnancy_history(ws: Workspace, row: Row) -> indicators.PregnancyHistory | None:
    """A woman's newest pregnancy with its visits; None when she has none in the book."""
    pregnancies = records.load_many(ws.db, PREGNANCY, person_id=row.id)
    if not pregnancies:
        return None
    newest = max(pregnancies, key=lambda each: (str(each.answers.get("noted_on") or ""), each.id))
    visits = summaries.visits_of(ws.db, PREGNANCY_VISIT, [row.id], date.max).get(row.id, [])
    return indicators.pregnancy_history(
        ws.standards,
        row.id,
        row.answers,
        newest.answers,
        [each.answers for each in visits if each.answers.get("pregnancy_id") == newest.id],
        wrong=judging.wrong_tools(ws, [each.answers for each in visits]),
    )


class _Days:
    """The days of a month as something `in` works with for any answer."""

    def __init__(self, month: Month) -> None:
        self.month = month

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in self.month


def _came_on(ws: Workspace, sessions: Sequence[Row]) -> dict[str, set[date]]:
    held = {row.id: row.answers.get("held_on") for row in sessions}
    found: dict[str, set[date]] = {}
    for row in summaries.attendance(ws.db, list(held)):
        day = held.get(str(row.answers.get("session_id")))
        if row.answers.get("present") is True and isinstance(day, date):
            found.setdefault(str(row.answers.get("person_id")), set()).add(day)
    return found


def _children(
    ws: Workspace, people: Mapping[str, Answers], came_on: Mapping[str, set[date]], first: Month, last: Month
) -> list[indicators.ChildHistory]:
    """Everyone who was younger than six years at some time of these months, by name."""
    standards = ws.standards  # one for everybody: each asking reads what a dinas chose anew
    oldest = standards.on(first.first).groups.school_from
    young = [
        id_
        for id_, person in people.items()
        if isinstance(born_on := person.get("born_on"), date)
        and age_months(born_on, first.first) <= oldest
        and born_on <= last.last
    ]
    young.sort(key=lambda id_: (name_of(people[id_]).casefold(), id_))
    visits = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, young, last.last)
    on = min(ws.today(), last.last)
    late = immunisation.late(ws, young, on)
    lacking = [id_ for id_ in young if any(_lacks_doses(row.answers, last) for row in visits.get(id_, ()))]
    told_of = immunisation.headlines(ws, lacking, on)
    wrong = judging.wrong_tools(ws, (row.answers for rows in visits.values() for row in rows))
    found = []
    for id_ in young:
        rows = visits.get(id_, ())
        told = [row.answers for row in rows]
        came = came_on.get(id_, ())
        history = indicators.child_history(standards, ws.growth, id_, people[id_], told, came, wrong, first.first)
        sure = {day: row.confirmed for row in rows if isinstance(day := row.answers.get("visited_on"), date)}
        named = {last: immunisation.names(late.get(id_, ()))}
        headline = {last: told_of.get(id_, "")}
        found.append(replace(indicators.without_flagged(history, sure), late_doses=named, told_doses=headline))
    return found


def _lacks_doses(visit: Answers, month: Month) -> bool:
    on = visit.get("visited_on")
    return visit.get("immunisation_complete") is False and isinstance(on, date) and on in month


def _pregnancies(
    ws: Workspace, posyandu_id: str, people: Mapping[str, Answers], came_on: Mapping[str, set[date]], last: Month
) -> list[indicators.PregnancyHistory]:
    rows = [row for row in records.load_many(ws.db, PREGNANCY, scope=posyandu_id) if _woman(row) in people]
    rows.sort(key=lambda row: (name_of(people[_woman(row)]).casefold(), row.id))
    visits = summaries.visits_of(ws.db, PREGNANCY_VISIT, {_woman(row) for row in rows}, last.last)
    standards = ws.standards
    wrong = judging.wrong_tools(ws, (visit.answers for own in visits.values() for visit in own))
    return [
        indicators.pregnancy_history(
            standards,
            _woman(row),
            people[_woman(row)],
            row.answers,
            [v.answers for v in visits.get(_woman(row), ()) if v.answers.get("pregnancy_id") == row.id],
            came_on.get(_woman(row), ()),
            wrong,
        )
        for row in rows
    ]


def _woman(row: Row) -> str:
    return str(row.answers.get("person_id"))


def _first_day(history: indicators.ChildHistory) -> date:
    """The first visit written down here: one copied from a KMS does not say that the post was open that month."""
    days = (visit.get("visited_on") for visit in history.visits if visit.get("source") != "history")
    return min((day for day in days if isinstance(day, date)), default=date.max)


def _guests(
    people: Mapping[str, Answers], children: Sequence[indicators.ChildHistory], month: Month
) -> tuple[PersonRef, ...]:
    days = _Days(month)
    return tuple(
        PersonRef(each.id, name_of(each.person), _("Tamu dari Posyandu lain"))
        for each in children
        if people[each.id].get("guest") is True
        and (any(visit.get("visited_on") in days for visit in each.visits) or any(day in days for day in each.came_on))
    )


def _place(ws: Workspace, posyandu_id: str) -> Place:
    line = next((post.place_line for post in posts.posts(ws) if post.id == posyandu_id), "")
    return Place(*[*line.split(", "), "", "", "", ""][:4])
