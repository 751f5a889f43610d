"""The register pages behind a group's own: what is asked beside the visit, and what of the visit is no measurement.

A row for each person it is asked of, a box for each question: nobody fills twenty narrow boxes between weight and
blood pressure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from posyandu.domain import development
from posyandu.domain.fields import Field
from posyandu.domain.form import Form
from posyandu.domain.forms import school
from posyandu.domain.forms.adult import AKS, SKILAS, SRQ
from posyandu.domain.forms.development import FORM as DEVELOPMENT
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.domain.school import not_asked
from posyandu.domain.standards import Rules
from posyandu.services import companions, questionnaires, sessions
from posyandu.services.people import dated
from posyandu.services.sessions import RosterRow
from posyandu.services.visits import day_of
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts, records, summaries
from posyandu.text import N_


@dataclass(frozen=True)
class Instrument:
    """One of them: whose page it stands behind, its form, what the list calls it; `numbered` columns have no words.

    `names` are the columns of a page that writes into the visit itself; a form of its own has all its questions.
    """

    home: str
    form: Form
    label: str
    numbered: bool = False
    names: tuple[str, ...] = ()


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        "newborn": Instrument(sessions.UNDER_FIVE, NEWBORN, N_("Bayi baru lahir (KN)")),
        "development": Instrument(sessions.UNDER_FIVE, DEVELOPMENT, N_("Checklist perkembangan"), numbered=True),
        "school_class": Instrument(
            sessions.SCHOOL,
            school.VISIT,
            N_("Kelas, edukasi, TTD"),
            names=("grade", "topic", "life_skill", "iron_tablets", "iron_place", "iron_weekly"),
        ),
        "school_mental": Instrument(sessions.SCHOOL, school.MENTAL, N_("Skrining jiwa (rahasia)"), numbered=True),
        "sdq": Instrument(sessions.SCHOOL, school.SDQ, N_("Hasil SDQ (rahasia)")),
        "aks": Instrument(sessions.ADULT, AKS, N_("AKS (Barthel)")),
        "skilas": Instrument(sessions.ADULT, SKILAS, N_("SKILAS")),
        "srq20": Instrument(sessions.ADULT, SRQ, N_("SRQ-20 (rahasia)"), numbered=True),
    }
)
"""The pages by name, in the order of the list beside the tabs."""

_BESIDE = ("visited_on", "source", "note", "follow_up_result")


def behind(page: str) -> tuple[str, ...]:
    """The pages behind the page of a group, itself first."""
    home = home_of(page)
    return (home, *(name for name, each in INSTRUMENTS.items() if each.home == home))


def offered(ws: Workspace, page: str) -> tuple[str, ...]:
    """Those of them that the one at work may fill."""
    return tuple(
        name
        for name in behind(page)
        if name not in INSTRUMENTS or questionnaires.is_offered(ws, INSTRUMENTS[name].form)
    )


def home_of(page: str) -> str:
    """The page of the group an instrument's page stands behind; any other page itself."""
    return INSTRUMENTS[page].home if page in INSTRUMENTS else page


def columns(page: str) -> tuple[Field, ...]:
    """The questions that head the columns; of the checklist those of the age that has the most."""
    form, names = INSTRUMENTS[page].form, INSTRUMENTS[page].names
    if names:
        return tuple(form.fields[name] for name in names)
    if form is DEVELOPMENT:
        longest = max(form.sections[1:-1], key=lambda section: len(section.fields))
        return longest.fields
    asked = questionnaires.secret(form) if form.restricted else form.fields
    return tuple(form.fields[name] for name in asked if name not in _BESIDE)


def asked(rules: Rules, page: str, row: RosterRow, on: date) -> tuple[Field | None, ...]:
    """The question of this line in each column: of the checklist the lines of the child's own age, then nothing.

    Tablets are for girls: a boy's line has no box for them.
    """
    heads = columns(page)
    if INSTRUMENTS[page].names:
        left = not_asked(rules, {"sex": row.sex, "born_on": row.born_on}, on)
        return tuple(None if head.name in left else head for head in heads)
    if INSTRUMENTS[page].form is not DEVELOPMENT:
        return heads
    band = development.band_of(rules, {"born_on": row.born_on}, on)
    own = [DEVELOPMENT.fields[name] for name in band.items] if band is not None else []
    return tuple(own[place] if place < len(own) else None for place in range(max(len(heads), len(own))))


def rows(ws: Workspace, session_id: str, page: str) -> list[RosterRow]:
    """Whom it is asked of on this day, in the order of the paper, each with today's answers and when it was last done.

    Of what is confidential no answer is there, only whether it was answered.
    """
    if INSTRUMENTS[page].names:
        return sessions.roster(ws, session_id, INSTRUMENTS[page].home)
    form, day = INSTRUMENTS[page].form, sessions.get(ws, session_id)
    on, rules = day.held_on, ws.standards.on(day.held_on)
    lines = [
        line
        for line in sessions.roster(ws, session_id, INSTRUMENTS[page].home)
        if form in companions.asked(rules, {"sex": line.sex, "born_on": line.born_on}, line.group, on)
    ]
    known = summaries.visits_of(ws.db, form, [line.person_id for line in lines], on)
    waiting = {draft.record_id: draft.answers for draft in drafts.every(ws.db) if draft.form == form.name}
    found = []
    for number, line in enumerate(lines, 1):
        earlier = dated(form, known.get(line.person_id, []))
        last = earlier[-1] if earlier else None
        once = form in companions.ONCE
        today = last if last is not None and (once or day_of(last) == on) else None
        record_id = today.id if today else records.visit_id(form.name, "once" if once else session_id, line.person_id)
        open_names = {"visited_on", *questionnaires.readable(form)} if form.restricted else set(form.fields)
        found.append(
            replace(
                line,
                number=number,
                visit={name: value for name, value in today.answers.items() if name in open_names} if today else None,
                record_id=record_id,
                form=form.name,
                waiting=waiting.get(record_id, {}),
                last_visit=None,
                last_on=day_of(last) if last is not None else None,
                confirmed=today.confirmed if today else frozenset(),
            )
        )
    return found
