"""Who needs attention after a month, in lists by what is the matter, worst first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import TypeVar

from posyandu.domain import child
from posyandu.domain.calendar import Month, age_months, short_date
from posyandu.domain.fields import Choice
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import AKS, SKILAS
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.referral import Finding
from posyandu.domain.service_group import CHILDREN, Group, group_on, pregnancy_on
from posyandu.domain.weighing import Weighed
from posyandu.services import (
    catin,
    checking,
    consents,
    feeding,
    immunisation,
    lists_due,
    lists_life,
    people,
    referrals,
    social,
    visits,
)
from posyandu.services.judging import Assessment, judge
from posyandu.services.lists import LISTS, Entry, Kind, Provider, Reading, may_see
from posyandu.services.people import dated
from posyandu.services.sessions import has_left, is_target
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

TBC = frozenset(("tbc_suspected", "tbc_contact", "tbc_sign"))
PRESSURE_SUGAR = frozenset(("pressure_bad", "pressure_high", "glucose_high", "glucose_low"))
CHILD_LISTS = frozenset(("below_red", "not_gained", "not_gained_twice", "above_orange", "muac_red", "muac_yellow"))
"""Findings about a child that have a list of their own."""
ASKED = frozenset(("tbc", "immunisation_incomplete"))
"""Lists of what was asked: no number in doubt can spoil them."""

BEHIND_CHILDREN = 1
"""Where pupils stand on the list of late doses."""


@dataclass(frozen=True)
class AttentionRow:
    """One person on a list: why, in words, since when, and how to reach them.

    `noted_on`: the day of the visit that says so, where it was not in the month.
    """

    id: str
    name: str
    reason: str
    since: date | None
    rt: str
    phone: str
    age_text: str
    mother_name: str
    address_line: str
    dasawisma: str = ""
    noted_on: date | None = None


@dataclass(frozen=True)
class AttentionList:
    """One list: `level` is "bad", "warn" or "info"; of a campaign `done` tells how many of all have been served.

    `errand` is what a visit is for, without any result; a `private` list is for its roles only and stays on screen.
    """

    code: str
    title: str
    detail: str
    level: str
    people: tuple[AttentionRow, ...]
    errand: str = ""
    private: bool = False
    done: tuple[int, int] | None = None


@at_its_post
def attention(
    ws: Workspace, posyandu_id: str, month: Month, *, role: str = "", until: date | None = None
) -> list[AttentionList]:
    """The lists of a month that hold someone, worst first; within each by severity, then RT, then name.

    Computed from the visits as they stand now, so a correction of any earlier month shows at once. Who has moved away
    or died by the end of the month is on none. Lists for some roles only are left out unless such a `role` is given:
    they stand on the page of the lists and nowhere else. `until` is today for the lists that count now: what is due by
    the calendar, and what was noted since, is then as of today, and what was found in earlier months stands on them,
    too, until that person is examined again.
    """
    last = max(month.last, until or month.last)
    found: dict[str, dict[str, Entry]] = {code: {} for code in LISTS}
    persons = {
        row.id: row for row in records.load_many(ws.db, PERSON, scope=posyandu_id) if not has_left(row.answers, last)
    }
    carried = _by_person(records.load_many(ws.db, PREGNANCY, scope=posyandu_id))
    reading = Reading(
        ws, posyandu_id, month, persons, carried, until=until if last > month.last else None, stands=until is not None
    )
    _read_visits(reading, found)
    for provider in PROVIDERS:
        for code, entries in provider(reading).items():
            for person_id, entry in entries.items():
                if person_id in persons:
                    found[code][person_id] = entry
    return [
        _list(code, kind, _rows(reading, found[code]), lists_due.campaign_done(reading, code))
        for code, kind in LISTS.items()
        if found[code] and may_see(kind, role)
    ]


def _list(code: str, kind: Kind, rows: tuple[AttentionRow, ...], done: int | None) -> AttentionList:
    return AttentionList(
        code,
        _(kind.title),
        _(kind.detail),
        kind.level,
        rows,
        _(kind.errand),
        bool(kind.roles),
        (done, done + len(rows)) if done is not None else None,
    )


def _read_visits(reading: Reading, found: dict[str, dict[str, Entry]]) -> None:
    """What the visits of the month, and the last ones before it, say of each person, form by form."""
    ws, persons = reading.ws, reading.persons
    for form in visits.VISIT_FORMS:
        reading.visits[form.name] = visits.recent(ws, form, persons.keys(), reading.last)
    latest = reading.last_visits
    for form in visits.VISIT_FORMS:
        for person_id, rows in reading.visits[form.name].items():
            on = visits.day_of(rows[-1])
            if not reading.is_open(on) or (not reading.counts(on) and on < latest[person_id]):
                continue  # nothing open, or examined again by another form
            entries: dict[str, Entry] = {}
            if form is UNDER_FIVE_VISIT:
                entries.update(_entries_of_child(reading, persons[person_id], rows))
            elif form in (PREGNANCY_VISIT, POSTPARTUM_VISIT):
                entries.update(_entries_of_mother(reading, form, persons[person_id], rows))
            else:
                last = visits.assess_last(ws, form, persons[person_id], None, rows)
                entries.update(_entries_of_findings(last.findings if last else (), on))
            if entries and checking.measured_doubts(ws, form, persons[person_id].answers, rows, rows[-1].id):
                for code in entries.keys() - ASKED:
                    entries[code] = replace(entries[code], reason=checking.doubted_words(entries[code].reason))
            for code, entry in entries.items():
                found[code][person_id] = entry
    for person_id, entry in lists_life.women_to_refer(reading).items():
        before = found["to_refer"].get(person_id)
        if before is not None:
            words = f"{before.reason}, {entry.reason}"
            entry = replace(before, severity=before.severity + entry.severity, reason=words)
        found["to_refer"][person_id] = entry


def _entries_of_mother(reading: Reading, form: Form, person: Row, rows: Sequence[Row]) -> Mapping[str, Entry]:
    ws, on, carried = reading.ws, visits.day_of(rows[-1]), reading.carried.get(person.id, [])
    current = pregnancy_on(ws.standards.on(on).groups, [row.answers for row in carried], on)
    over = current is not None and current.get("outcome") not in (None, "ongoing")
    if form is PREGNANCY_VISIT and over and not reading.counts(on):
        return {}
    own = next((row for row in carried if row.answers is current), None)
    judged = visits.assess_rows(ws, form, person, own, rows)
    found = [finding for finding in judged[-1].findings if finding.refer] if judged else []
    urgent = [finding.title for finding in found if finding.code not in TBC]
    entries = _tbc_entry(found, on)
    if urgent:
        code = "pregnancy_risk" if form is PREGNANCY_VISIT else "postpartum_risk"
        entries[code] = Entry(-len(urgent), ", ".join(urgent), _since(judged, _asks_for_referral), on)
    return entries


def _tbc_entry(found: Iterable[Finding], on: date) -> dict[str, Entry]:
    signs = [finding for finding in found if finding.refer and finding.code in TBC]
    if not signs:
        return {}
    grave = any(finding.level == "bad" for finding in signs)
    return {"tbc": Entry(-1 if grave else 0, _titles(signs), on, on)}


def _entries_of_findings(found: Sequence[Finding], on: date) -> dict[str, Entry]:
    """What asks for referral, on the list it belongs to; the gravest first."""
    entries = _tbc_entry(found, on)
    urgent = [finding for finding in found if finding.refer and finding.code not in TBC | lists_life.ANAEMIA]
    for code, own in (
        ("pressure_sugar", [finding for finding in urgent if finding.code in PRESSURE_SUGAR]),
        ("to_refer", [finding for finding in urgent if finding.code not in PRESSURE_SUGAR]),
    ):
        if own:
            entries[code] = Entry(-sum(1 + (each.level == "bad") for each in own), _titles(own), on, on)
    return entries


def _titles(found: Iterable[Finding]) -> str:
    return ", ".join(finding.title for finding in found)


def _elderly(reading: Reading) -> Mapping[str, Mapping[str, Entry]]:
    """Who needs help by the last AKS and SKILAS, when they are of the last year."""
    ws, posyandu_id, persons = reading.ws, reading.posyandu_id, reading.persons
    within = ws.standards.on(reading.on).elderly.yearly_months
    found: dict[str, Entry] = {}
    for form in (AKS, SKILAS):
        for person_id, rows in _by_person(records.load_many(ws.db, form, scope=posyandu_id)).items():
            asked = [row for row in dated(form, rows) if visits.day_of(row) <= reading.last]
            if person_id not in persons or not asked or reading.age_in_months(visits.day_of(asked[-1])) >= within:
                continue
            judged = judge(ws, form, persons[person_id].answers, {}, [asked[-1].answers])
            asks = [finding for finding in judged[-1].findings if finding.refer] if judged else []
            if asks:
                before = found.get(person_id)
                words = _titles(asks) if before is None else f"{before.reason}, {_titles(asks)}"
                grave = -sum(1 + (each.level == "bad") for each in asks) + (before.severity if before else 0)
                days = [visits.day_of(asked[-1]), *([before.since] if before and before.since else [])]
                found[person_id] = Entry(grave, words, max(days))
    return {"elderly_help": found}


def _late_doses(reading: Reading) -> Mapping[str, Mapping[str, Entry]]:
    """Children with a dose recorded and another late, on the last day of the month that has come; then pupils (BIAS).

    No late dose of Buku KIA puts who has left the register of children on this list, only one of school.
    """
    ws, on = reading.ws, reading.on
    groups = ws.standards.on(on).groups
    months = {
        row.id: age_months(born_on, on)
        for row in reading.persons.values()
        if isinstance(born_on := row.answers.get("born_on"), date) and born_on <= on
    }
    young = [person_id for person_id, age in months.items() if age < groups.adult_from]
    told = [reading.persons[person_id] for person_id in immunisation.recorded(ws, young)]
    found = {}
    for card in immunisation.cards(ws, told, on):
        is_child = months[card.person_id] < groups.school_from
        late = card.late if is_child else tuple(each for each in card.late if each.school)
        if card.known and late:
            words = _("Terlambat: {doses}").format(doses=immunisation.names(late))
            found[card.person_id] = Entry(-len(late) if is_child else BEHIND_CHILDREN, words, None)
    return {"immunisation_incomplete": found}


def _entries_of_child(reading: Reading, person: Row, rows: Sequence[Row]) -> Mapping[str, Entry]:
    ws = reading.ws
    entries = _growth_entries(reading, person, rows)
    window = (Month.of(reading.last) - visits.MONTHS_BACK).first
    nearest = next((visits.day_of(row) for row in rows if visits.day_of(row) >= window), window)
    if visits.day_of(rows[0]) < window and any(each.since and each.since <= nearest for each in entries.values()):
        # It may have begun before what was read: only then is the whole history worth reading.
        kept = dated(UNDER_FIVE_VISIT, records.load_many(ws.db, UNDER_FIVE_VISIT, person_id=person.id))
        entries = _growth_entries(reading, person, [row for row in kept if visits.day_of(row) <= reading.last])
    last = visits.assess_last(ws, UNDER_FIVE_VISIT, person, None, rows)
    urgent = [each for each in last.findings if each.code not in CHILD_LISTS] if last else []
    entries.update(_entries_of_findings(urgent, visits.day_of(rows[-1])))
    told = [row for row in rows if row.answers.get("immunisation_complete") is not None]
    on = visits.day_of(told[-1]) if told and told[-1].answers["immunisation_complete"] is False else None
    if on is not None and reading.is_open(on):
        words = _("Imunisasi belum lengkap menurut umur")
        return {**entries, "immunisation_incomplete": Entry(0, words, on, on)}
    return entries


def _growth_entries(reading: Reading, person: Row, rows: Sequence[Row]) -> dict[str, Entry]:
    """What the last weight and the last arm say while they are open; a visit without them changes nothing."""
    judged = visits.assess_rows(reading.ws, UNDER_FIVE_VISIT, person, None, rows)
    assessed = [each for each in judged if isinstance(each, child.ChildAssessment)]
    entries = {}
    scales = [(each, each.weighed) for each in assessed if each.weighed is not None]
    if scales and reading.is_open(on := scales[-1][0].visited_on):
        weighed = scales[-1][1]
        on_scales = [each for each, _weighed in scales]
        if weighed.below_red:
            entries["below_red"] = Entry(0, _("Di bawah garis merah"), _since(on_scales, _is_below_red), on)
        if weighed.code == "T":
            code = "not_gained_twice" if weighed.is_2t else "not_gained"
            shortfall = (weighed.gain_g or 0) - (weighed.kbm_g or 0)
            entries[code] = Entry(shortfall, _gain_words(weighed), _since(on_scales, _did_not_gain), on)
        if weighed.above_orange:
            entries["above_orange"] = Entry(0, _("Di atas garis oranye"), _since(on_scales, _is_above_orange), on)
    arms = [each for each in assessed if each.muac.level != "unknown"]
    if arms and reading.is_open(on := arms[-1].visited_on) and _is_thin(arms[-1]):
        muac = arms[-1].muac
        entries["muac"] = Entry(0 if muac.level == "bad" else 1, muac.label, _since(arms, _is_thin), on)
    return entries


def _gain_words(weighed: Weighed) -> str:
    gain, least = weighed.gain_g or 0, weighed.kbm_g or 0
    if gain > 0:
        return _("Naik {gain} gram, target {least} gram").format(gain=gain, least=least)
    if gain < 0:
        return _("Turun {loss} gram, target naik {least} gram").format(loss=-gain, least=least)
    return _("Tidak naik, target {least} gram").format(least=least)


def _is_below_red(assessed: child.ChildAssessment) -> bool:
    return assessed.weighed is not None and bool(assessed.weighed.below_red)


def _is_above_orange(assessed: child.ChildAssessment) -> bool:
    return assessed.weighed is not None and bool(assessed.weighed.above_orange)


def _did_not_gain(assessed: child.ChildAssessment) -> bool:
    return assessed.weighed is not None and assessed.weighed.code == "T"


def _is_thin(assessed: child.ChildAssessment) -> bool:
    return assessed.muac.level in ("warn", "bad")


Judged = TypeVar("Judged", bound=Assessment)


def _since(assessed: Sequence[Judged], holds: Callable[[Judged], bool]) -> date:
    """The first day of the unbroken run of visits, up to the last, for which something holds."""
    run = list(takewhile(holds, reversed(assessed)))
    day: date = run[-1].visited_on
    return day


def _asks_for_referral(assessed: Assessment) -> bool:
    return any(finding.refer for finding in assessed.findings)


def _absent(reading: Reading) -> Mapping[str, Mapping[str, Entry]]:
    """The children and pregnant women expected on a day held this month, who neither came nor were visited."""
    ws, posyandu_id, month, persons = reading.ws, reading.posyandu_id, reading.month, reading.persons
    carried, visited = reading.carried, reading.visited
    held = {
        row.id: day
        for row in records.load_many(ws.db, SESSION, scope=posyandu_id)
        if isinstance(day := row.answers.get("held_on"), date) and day in month
    }
    if not held:
        return {}
    last = max(held.values())
    groups = ws.standards.on(last).groups
    attendance = [row for session_id in held for row in records.load_many(ws.db, ATTENDANCE, session_id=session_id)]
    came = {str(row.answers.get("person_id")) for row in attendance if row.answers.get("present") is True}
    said = {
        str(row.answers.get("person_id")): row.answers.get("absence_reason")
        for row in attendance
        if row.answers.get("present") is False
    }
    field = ATTENDANCE.fields["absence_reason"]
    assert isinstance(field, Choice)
    labels = {each.code: _(each.label) for each in field.options}
    found = {}
    for person_id, person in persons.items():
        if person_id in came or person_id in visited or not is_target(person.answers, last):
            continue
        current = pregnancy_on(groups, [row.answers for row in carried.get(person_id, ())], last)
        group = group_on(groups, person.answers, last, current)
        if group in CHILDREN or group is Group.PREGNANT:
            reason = labels.get(str(said.get(person_id)), "")
            words = _("Tidak datang: {reason}").format(reason=reason.lower()) if reason else _("Tidak datang")
            found[person_id] = Entry(0, words, last)
    return {"absent": found}


def _rows(reading: Reading, entries: Mapping[str, Entry]) -> tuple[AttentionRow, ...]:
    persons = reading.persons

    def order(person_id: str) -> tuple[int, str, str]:
        answers = persons[person_id].answers
        return entries[person_id].severity, str(answers.get("rt") or "~"), str(answers.get("name") or "").casefold()

    rows = []
    for person_id in sorted(entries, key=order):
        person, entry = persons[person_id], entries[person_id]
        hit = people.hit_of(person, reading.on, None)
        rows.append(
            AttentionRow(
                id=person_id,
                name=hit.name,
                reason=_reason(reading, entry),
                since=entry.since,
                rt=str(person.answers.get("rt") or ""),
                phone=str(person.answers.get("phone") or ""),
                age_text=hit.age_text,
                mother_name=hit.mother_name,
                address_line=hit.address_line,
                dasawisma=str(person.answers.get("dasawisma") or ""),
                noted_on=on if (on := entry.noted_on) is not None and on not in reading.month else None,
            )
        )
    return tuple(rows)


def _reason(reading: Reading, entry: Entry) -> str:
    """Why, with the day of the visit when it was before the month."""
    if entry.noted_on is None or entry.noted_on >= reading.month.first:
        return entry.reason
    last_month = reading.age_in_months(entry.noted_on) == 1
    words = _("{reason} (bulan lalu {day})") if last_month else _("{reason} ({day})")
    return words.format(reason=entry.reason, day=short_date(entry.noted_on))


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.answers.get("person_id")), []).append(row)
    return found


PROVIDERS: tuple[Provider, ...] = (
    _elderly,
    _late_doses,
    _absent,
    referrals.unanswered,
    social.on_lists,
    lists_due.nifas_and_newborn,
    lists_due.unseen_pregnancies,
    lists_due.home_visits_due,
    lists_due.campaigns,
    lists_life.dangers_at_home,
    lists_life.youth_and_women,
    lists_life.to_talk_with,
    lists_life.known_patients,
    feeding.to_feed,
    lists_life.before_a_pregnancy,
    catin.to_examine,
    consents.withdrawn,
)
"""Who fills the lists that need more than the visits of the month; a later one replaces what an earlier one said."""
