"""Calon pengantin of some posts: who they are in a month, and what was examined of them in the year up to its end."""

from collections.abc import Mapping, Sequence
from datetime import date

from posyandu.domain import outcome
from posyandu.domain.calendar import Month, short_date
from posyandu.domain.catin import Catin, is_catin
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import SRQ
from posyandu.domain.instruments import assess_srq
from posyandu.services import people
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.lists_life import BLOOD
from posyandu.services.workspace import Workspace
from posyandu.storage import summaries
from posyandu.text import _


def of_posts(ws: Workspace, posts: Sequence[str], persons: Mapping[str, Answers], month: Month) -> list[Catin]:
    """Those of these people who were about to marry in a month, the nearest wedding first."""
    marked = {id_: each for id_, each in persons.items() if is_catin(each, month.first, month.last)}
    if not marked:
        return []
    first = (month - (ws.standards.on(month.last).screening_months - 1)).first
    forms = (*BLOOD, SRQ)
    rows = ((form, summaries.visits(ws.db, form, post, first, month.last)) for form in forms for post in posts)
    told: dict[str, list[tuple[Form, Answers]]] = {}
    for form, row in people.dated_together(rows):
        told.setdefault(str(row.answers.get("person_id")), []).append((form, row.answers))
    found = [_catin(ws, id_, each, told.get(id_, ())) for id_, each in marked.items()]
    return sorted(found, key=lambda each: (each.wedding_on or date.max, str(each.person.get("name")), each.id))


def _catin(ws: Workspace, id_: str, person: Answers, told: Sequence[tuple[Form, Answers]]) -> Catin:
    """What the last haemoglobin says, and the last SRQ-20 that says something."""
    blood = [visit for form, visit in told if form is not SRQ and visit.get("haemoglobin_dg_dl") is not None]
    bands = [
        outcome.haemoglobin(ws.standards.on(on), person.get("sex"), outcome.months_on(person, on), visit)
        for on, visit in outcome.in_order(blood[-1:])
    ]
    asked = assess_srq(ws.standards, person, [visit for form, visit in told if form is SRQ])
    return Catin(
        id_,
        person,
        examined=bool(blood),
        anaemic=next((band.level != "ok" for band in bands if band is not None), None),
        troubled=next((each.is_high for each in reversed(asked) if each.is_low or each.is_high), None),
    )


def to_examine(reading: Reading) -> Found:
    """Whose haemoglobin or mental screening is still to come before the wedding, or who is anaemic."""
    persons = {id_: row.answers for id_, row in reading.persons.items()}
    found = {}
    for place, each in enumerate(of_posts(reading.ws, [reading.posyandu_id], persons, Month.of(reading.last))):
        asks = [
            words
            for words, wanted in (
                (_("anemia"), each.anaemic),
                (_("Hb belum diperiksa"), not each.examined),
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
