"""The quality of a posyandu day or month from the book: the score, and what to measure again before closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import child, outcome, quality
from posyandu.domain.calendar import Month
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.quality import CLOSING, Quality, Visit
from posyandu.services.judging import wrong_tools
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import journal, records, summaries
from posyandu.storage.records import Row, moment
from posyandu.text import _


@dataclass(frozen=True)
class Doubt:
    """One kind of doubt of a day: how grave, what to do in one sentence, and whom it is about."""

    code: str
    level: str
    sentence: str
    person_ids: tuple[str, ...]


def of_session(ws: Workspace, session_id: str) -> Quality:
    """The quality of the children's visits of one posyandu day."""
    return _judged(ws, records.load_many(ws.db, UNDER_FIVE_VISIT, session_id=session_id))


@at_its_post
def of_month(ws: Workspace, posyandu_id: str, month: Month) -> Quality:
    """The quality of all visits of children made at a post in a month, but for those copied from a book."""
    rows = summaries.visits(ws.db, UNDER_FIVE_VISIT, posyandu_id, month.first, month.last)
    return _judged(ws, [row for row in rows if row.answers.get("source") != "history"])


def doubts(ws: Workspace, session_id: str) -> list[Doubt]:
    """What to look at before the day is closed, the gravest first."""
    found = of_session(ws, session_id)
    listed = []
    for code, (level, sentence) in CLOSING.items():
        ids = tuple(dict.fromkeys(mark.person_id for mark in found.marks if mark.code == code))
        if ids:
            listed.append(Doubt(code, level, _(sentence).format(n=len(ids)), ids))
    return listed


def _judged(ws: Workspace, rows: Sequence[Row]) -> Quality:
    ids = {str(row.answers["person_id"]) for row in rows}
    persons = summaries.persons(ws.db, ids)
    until = max((on for row in rows if isinstance(on := row.answers["visited_on"], date)), default=date.min)
    earlier = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, ids, until)
    wrong = wrong_tools(ws, (row.answers for each in (rows, *earlier.values()) for row in each))
    found = []
    for row in rows:
        person = persons.get(str(row.answers["person_id"]))
        on = row.answers["visited_on"]
        if person is None or not isinstance(on, date):
            continue
        born_on = person.answers.get("born_on")
        if not isinstance(born_on, date) or born_on > on:
            continue
        before = [
            outcome.sound(each.answers, wrong)
            for each in earlier.get(person.id, ())
            if isinstance(day := each.answers["visited_on"], date) and day < on
        ]
        (judged,) = child.assess(ws.standards, ws.growth, person.answers, [row.answers], wrong=wrong)
        sure = row.confirmed | set(
            outcome.read_from_wrong(row.answers, wrong)
        )  # to be measured again anyway, whatever stands there
        found.append(
            Visit(person.id, born_on, row.answers, before, judged.z.flags, sure, _first_saved(ws, row), row.id)
        )
    return quality.judge(found)


def _first_saved(ws: Workspace, row: Row) -> date | None:
    at = min((op.at_ms for op, _device in journal.ops_of(ws.db, row.id)), default=None)
    return None if at is None else moment(at).astimezone(ws.now().tzinfo).date()
