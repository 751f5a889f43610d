"""What people were told about their data and said to it: noted, taken back, and who took something back.

Taking back deletes nothing: it stands on the card and on a list until somebody asked what is wished. Erasing is a deed
of its own (services.erasure).
"""

from collections.abc import Iterable, Mapping
from datetime import date

from posyandu.domain.calendar import age_months, short_date
from posyandu.domain.consent import Standing, may_leave, standings
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.consent import FORM, PURPOSES, VERSION
from posyandu.domain.forms.registration import PERSON
from posyandu.services import post_affairs
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import _


def of_person(ws: Workspace, person_id: str) -> list[Row]:
    """What was noted of one person, newest first."""
    return sorted(_rows(ws, person_id=person_id), key=_in_order, reverse=True)


def stands(ws: Workspace, person_id: str) -> tuple[Standing, ...]:
    """How one person stands today to each purpose. Raises NotFound."""
    noted = [row.answers for row in reversed(of_person(ws, person_id))]
    return standings(noted, _person(ws, person_id).answers.get("born_on"), ws.today(), _of_age(ws))


def of_posts(
    ws: Workspace, posts: Iterable[str], persons: Mapping[str, Answers], on: date
) -> dict[str, tuple[Standing, ...]]:
    """How each of these people stands on a day to each purpose."""
    noted: dict[str, list[Answers]] = {}
    for row in sorted((row for post in posts for row in _rows(ws, scope=post)), key=_in_order):
        noted.setdefault(str(row.answers.get("person_id")), []).append(row.answers)
    return {
        id_: standings(noted.get(id_, ()), each.get("born_on"), on, ws.standards.on(on).of_age_months)
        for id_, each in persons.items()
    }


def new(ws: Workspace, person_id: str) -> dict[str, Value | None]:
    """What a new record begins with: today, the text read now, by whom, who is likely to answer. Raises NotFound."""
    person = _person(ws, person_id).answers
    born_on, giver = person.get("born_on"), "self"
    if isinstance(born_on, date) and age_months(born_on, ws.today()) < _of_age(ws):
        giver = "guardian" if person.get("guardian_name") else "mother"
    name = person.get("guardian_name" if giver == "guardian" else "mother_name")
    told: dict[str, Value | None] = {
        "told_on": ws.today(),
        "purpose": next((each.purpose for each in stands(ws, person_id) if each.state == "none"), next(iter(PURPOSES))),
        "text_version": VERSION,
        "told_by": ws.worker.name,
        "given_by": giver,
    }
    return told if giver == "self" else told | {"giver_name": name}


def save(ws: Workspace, person_id: str, record_id: str | None, told: Answers) -> str:
    """Note what somebody was told and said, and give back the save's id. Raises NotFound, NotFinal."""
    scope = _person(ws, person_id).scope
    asked = {field.name for field in FORM.asked(told)}
    kept = {name: value if name in asked else None for name, value in told.items()}
    links = {"person_id": person_id}
    return post_affairs.save(
        ws, FORM, kept, record_id=record_id, posyandu_id=scope, links=links, coalesce=False
    )  # a withdrawal undone a minute later leaves what was agreed before


def kept_in(ws: Workspace, *posyandu_ids: str) -> dict[str, Answers]:
    """The people of some posts whose names leave in no file for others today, by id. Counts go on counting them."""
    noted: dict[str, list[Answers]] = {}
    for row in sorted(_rows(ws), key=_in_order):
        noted.setdefault(str(row.answers.get("person_id")), []).append(row.answers)
    return {
        id_: person.answers
        for id_, person in summaries.persons(ws.db, noted).items()
        if person.scope in posyandu_ids
        and not may_leave(standings(noted[id_], person.answers.get("born_on"), ws.today(), _of_age(ws)))
    }


def left_out_words(persons: Iterable[Answers]) -> str:
    """Who of a file was left out and why, in a sentence; "" for nobody."""
    names = sorted(str(each.get("name") or "") for each in persons)
    words = _("{n} orang tidak ikut karena persetujuan berbagi ditarik atau ditolak: {names}.")
    return words.format(n=len(names), names=", ".join(names)) if names else ""


_NAMED_BY = (("mother_id", "mother_name"), ("father_id", "father_name"), ("guardian_id", "guardian_name"))
_NAMES = ("mother_name", "father_name", "husband_name", "guardian_name", "head_name", "giver_name")


def without(kept: Mapping[str, Answers], answers: Answers, household_id: object = None) -> Answers:
    """What is told of somebody else, without the names of those who are kept in.

    They are known by the link to a parent or guardian, or by their name within the same household.
    """
    unnamed = {part for link, name in _NAMED_BY if answers.get(link) in kept for part in (link, name)}
    house = household_id or answers.get("household_id")
    there = {_plain(each.get("name")) for each in kept.values() if house and each.get("household_id") == house}
    unnamed |= {name for name in _NAMES if answers.get(name) is not None and _plain(answers[name]) in there}
    return {name: None if name in unnamed else value for name, value in answers.items()}


def _plain(name: object) -> str:
    return " ".join(str(name).casefold().split())


def withdrawn(reading: Reading) -> Found:
    """Who took something back: what, when, and what they asked for."""
    persons = {id_: row.answers for id_, row in reading.persons.items()}
    found = {}
    for id_, each in of_posts(reading.ws, (reading.posyandu_id,), persons, reading.on).items():
        back = [one for one in each if one.state == "withdrawn"]
        if back:
            on = min(one.on for one in back if one.on is not None)
            what = ", ".join(_(PURPOSES[one.purpose]) for one in back)
            wishes = [words for one in back if (words := wish_words(one.answers))]
            words = _("Ditarik {day}: {what}").format(day=short_date(on), what=what)
            if wishes:
                words = _("{words}. Diminta: {wish}").format(words=words, wish=", ".join(dict.fromkeys(wishes)))
            found[id_] = Entry(0, words, on)
    return {"consent_withdrawn": found}


def wish_words(answers: Answers) -> str:
    """What is asked for after taking back, in words; "" when nothing was said."""
    return post_affairs.option_words(FORM, "wish", answers.get("wish"))


def _of_age(ws: Workspace) -> int:
    return ws.standards.on(ws.today()).of_age_months


def _rows(ws: Workspace, **where: str) -> list[Row]:
    found = records.load_many(ws.db, FORM, withdrawn=False, **where)
    return [row for row in found if isinstance(row.answers.get("told_on"), date)]


def _in_order(row: Row) -> tuple[str, int, str]:
    return str(row.answers["told_on"]), row.saved_at_ms, row.id


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row
