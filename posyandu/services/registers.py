"""The register pages that can be typed: one for each group, the whole session mixed, and the women of SIP Format 3."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from posyandu.domain import adult, school
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Field, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.adult import WUS
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.services import companions, instrument_pages, people, pregnancies, sessions
from posyandu.services.instrument_pages import INSTRUMENTS
from posyandu.services.sessions import RosterRow
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.text import _

MIXED = "mixed"
WOMEN = "wus"
PAGES = (*sessions.PAGES, WOMEN, MIXED)
"""The pages in the order of their tabs."""

_MEASURED: tuple[tuple[str, ...], ...] = (
    ("weight_g",),
    ("length_mm", "height_mm"),
    ("muac_mm",),
    ("head_mm",),
    ("waist_mm",),
    ("systolic_mmhg",),
    ("diastolic_mmhg",),
    ("glucose_mg_dl",),
)
"""The columns of the mixed page: what is measured of anybody; each row has a box where its own card asks."""


def rows(ws: Workspace, session_id: str, page: str) -> list[RosterRow]:
    """The lines of a page in the order of the paper. Nobody without a form has a line on the mixed page."""
    if page == WOMEN:
        return _women(ws, session_id)
    if page in INSTRUMENTS:
        return instrument_pages.rows(ws, session_id, page)
    if page == MIXED:
        return [row for row in sessions.roster(ws, session_id) if row.form]
    return sessions.roster(ws, session_id, page)


def form_of(page: str, row: RosterRow | None = None) -> Form:
    """The form a line of this page is recorded in; of the mixed page without a line, that of the children."""
    if page == WOMEN:
        return WUS
    if page in INSTRUMENTS:
        return INSTRUMENTS[page].form
    if page in sessions.PAGES:
        return sessions.PAGES[page][1]
    return FORMS[row.form] if row is not None else UNDER_FIVE_VISIT


def forms_of(page: str) -> tuple[str, ...]:
    """The names of all forms typed on this page, and of those they write into."""
    if page in INSTRUMENTS:
        return tuple(dict.fromkeys((form_of(page).name, sessions.PAGES[INSTRUMENTS[page].home][1].name)))
    if page == MIXED:
        return tuple(form.name for _groups, form in sessions.PAGES.values())
    return (form_of(page).name,)


def columns(page: str) -> tuple[Field, ...]:
    """The questions that head the columns."""
    if page in INSTRUMENTS:
        return instrument_pages.columns(page)
    if page != MIXED:
        form = form_of(page)
        return tuple(form.fields[name] for name in form.grid)
    return tuple(_first(names) for names in _MEASURED)


def asked(ws: Workspace, page: str, row: RosterRow, on: date) -> tuple[Field | None, ...]:
    """The question of this line in each column; None where its card has none, so that the cursor passes over it."""
    if page in INSTRUMENTS:
        return instrument_pages.asked(ws.standards.on(on), page, row, on)
    if page != MIXED:
        return columns(page)
    form = form_of(page, row)
    left = _not_asked(ws, form, {"sex": row.sex, "born_on": row.born_on}, on)
    own = {name: form.fields[name] for name in form.grid if name not in left}
    return tuple(next((own[name] for name in names if name in own), None) for names in _MEASURED)


def is_once(page: str) -> bool:
    """Whether what is typed here is noted once of somebody, and belongs to no day."""
    return form_of(page) in companions.ONCE


NEW_PERSON: Mapping[str, tuple[str, ...]] = {
    "under_five": ("name", "sex", "born_on", "mother_name"),
    "pregnant": ("name", "born_on", "lmp_on"),
    "postpartum": ("name", "born_on", "ended_on"),
    "school": ("name", "sex", "born_on", "mother_name"),
    "adult": ("name", "sex", "born_on"),
    WOMEN: ("name", "born_on", "husband_name"),
    MIXED: ("name", "sex", "born_on", "mother_name"),
}
"""The least that makes somebody new a line of each page."""


def new_person(page: str) -> tuple[str, ...]:
    """The least that makes somebody new a line of this page."""
    return NEW_PERSON[instrument_pages.home_of(page)]


_MAY_BE_UNKNOWN = ("mother_name", "husband_name", "lmp_on")


def needed(page: str) -> tuple[str, ...]:
    """Which of those must be told."""
    return tuple(name for name in new_person(page) if name not in _MAY_BE_UNKNOWN)


def register(ws: Workspace, page: str, answers: Answers, *, guest: bool = False) -> str:
    """Register somebody new on a page and give back their id; on the mothers' pages with the pregnancy or birth.

    Raises NotFinal and BadInput as `people.register` and `pregnancies.note` do; then nothing is written.
    """
    page = instrument_pages.home_of(page)
    told: dict[str, Value | None] = {name: answers.get(name) for name in ("name", "sex", "born_on", "mother_name")}
    if "sex" not in NEW_PERSON[page]:
        told["sex"] = "female"
    if answers.get("husband_name"):
        told["husband_name"] = answers["husband_name"]
    with transaction(ws.db):
        person_id = people.register(ws, {**told, "guest": True} if guest else told)
        if page == sessions.PREGNANT:
            pregnancies.note(ws, person_id, {"lmp_on": answers.get("lmp_on")})
        elif page == sessions.POSTPARTUM:
            ended_on = answers.get("ended_on")
            if not isinstance(ended_on, date):
                raise BadInput(_("Isi tanggal bersalinnya."))
            carried = pregnancies.note(ws, person_id, {"noted_on": min(ended_on, ws.today())})
            pregnancies.end(ws, carried, "live_birth", ended_on)
    return person_id


def _not_asked(ws: Workspace, form: Form, person: Answers, on: date) -> frozenset[str]:
    if form is SCHOOL_VISIT:
        return school.not_asked(ws.standards.on(on), person, on)
    return adult.not_asked(ws.standards.on(on), person, on) if form is ADULT_VISIT else frozenset()


def _first(names: Sequence[str]) -> Field:
    forms = [form for _groups, form in sessions.PAGES.values()]
    return next(form.fields[name] for name in names for form in forms if name in form.grid)


def _women(ws: Workspace, session_id: str) -> list[RosterRow]:
    """The women of childbearing age who live here, each with what was last noted of her, in the order of the paper."""
    day = sessions.get(ws, session_id)
    rules = ws.standards.on(day.held_on)
    noted = _newest(ws, day.posyandu_id)
    found: list[RosterRow] = []
    for row in sessions.roster(ws, session_id):
        if not adult.is_fertile_woman(rules, {"sex": row.sex, "born_on": row.born_on}, day.held_on):
            continue
        record_id, answers = noted.get(row.person_id, (records.visit_id(WUS.name, "once", row.person_id), None))
        found.append(
            replace(
                row,
                number=len(found) + 1,
                visit=answers,
                record_id=record_id,
                form=WUS.name,
                waiting={},
                last_visit=None,
                last_on=None,
                confirmed=frozenset(),
            )
        )
    return found


def _newest(ws: Workspace, posyandu_id: str) -> Mapping[str, tuple[str, Answers]]:
    """The newest record of each woman of a post, by her id."""
    known = sorted(
        (row for row in records.load_many(ws.db, WUS, scope=posyandu_id) if not row.withdrawn),
        key=lambda row: (str(row.answers.get("visited_on") or ""), row.id),
    )
    return {str(row.answers.get("person_id")): (row.id, row.answers) for row in known}
