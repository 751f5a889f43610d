"""Calon pengantin of some posts: who they are in a month, and what was examined of them in the year up to its end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from posyandu.domain import outcome
from posyandu.domain.calendar import Month, short_date
from posyandu.domain.catin import Catin, is_catin
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import SRQ, WUS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.instruments import assess_srq
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.workspace import Workspace
from posyandu.storage import summaries
from posyandu.text import _

WITHIN_MONTHS = 12
"""How long a haemoglobin and a screening count."""

BLOOD = (ADULT_VISIT, SCHOOL_VISIT, WUS)
"""The forms that note a haemoglobin of somebody who is not pregnant."""


def of_posts(ws: Workspace, posts: Sequence[str], persons: Mapping[str, Answers], month: Month) -> list[Catin]:
    """Those of these people who were about to marry in a month, the nearest wedding first."""
    marked = {id_: each for id_, each in persons.items() if is_catin(each, month.first, month.last)}
    if not marked:
        return []
    blood = _last(ws, BLOOD, posts, month, "haemoglobin_dg_dl")
    asked = _last(ws, (SRQ,), posts, month)
    found = [_catin(ws, id_, each, blood.get(id_), asked.get(id_)) for id_, each in marked.items()]
    return sorted(found, key=lambda each: (each.wedding_on or date.max, str(each.person.get("name")), each.id))


def _last(
    ws: Workspace, forms: Iterable[Form], posts: Sequence[str], month: Month, told: str = ""
) -> dict[str, Answers]:
    """The last visit of each person in the year up to the end of a month, in which `told` was answered."""
    first = (month - (WITHIN_MONTHS - 1)).first
    rows = (row for form in forms for post in posts for row in summaries.visits(ws.db, form, post, first, month.last))
    wanted = [row for row in rows if not told or row.answers.get(told) is not None]
    wanted.sort(key=lambda row: (str(row.answers["visited_on"]), row.saved_at_ms, row.id))
    return {str(row.answers.get("person_id")): row.answers for row in wanted}


def _catin(ws: Workspace, id_: str, person: Answers, blood: Answers | None, asked: Answers | None) -> Catin:
    band = None
    if blood is not None and isinstance(on := blood["visited_on"], date):
        months = outcome.months_on(person, on)
        band = outcome.haemoglobin(ws.standards.on(on), person.get("sex"), months, blood)
    judged = assess_srq(ws.standards, person, [asked])[-1] if asked is not None else None
    screened = judged is not None and (judged.is_low or judged.is_high)
    return Catin(
        id_,
        person,
        anaemic=None if band is None else band.level != "ok",
        screened=screened,
        troubled=judged.is_high if judged is not None and screened else None,
    )


def to_examine(reading: Reading) -> Found:
    """Whose haemoglobin or mental screening is still to come before the wedding, or who is anaemic."""
    persons = {id_: row.answers for id_, row in reading.persons.items()}
    found = {}
    for place, each in enumerate(of_posts(reading.ws, [reading.posyandu_id], persons, reading.month)):
        asks = [
            words
            for words, wanted in (
                (_("anemia"), each.anaemic),
                (_("Hb belum diperiksa"), each.anaemic is None),
                (_("skrining jiwa belum"), not each.screened),
            )
            if wanted
        ]
        if asks:
            day = _("Menikah {day}").format(day=short_date(each.wedding_on)) if each.wedding_on else _("Catin")
            since = each.person.get("betrothed_on")
            entry = Entry(place, f"{day}: {', '.join(asks)}", since if isinstance(since, date) else None)
            found[each.id] = entry
    return {"catin": found}
