"""Who needs attention after a month, in lists by what is the matter, worst first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import TypeVar

from posyandu.domain import child
from posyandu.domain.calendar import Month, short_date
from posyandu.domain.fields import Choice
from posyandu.domain.form import Form
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.service_group import CHILDREN, Group, group_on, pregnancy_on
from posyandu.services import people, visits
from posyandu.services.people import Assessment, dated
from posyandu.services.sessions import is_target
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import N_, _

LISTS: Mapping[str, tuple[str, str, str]] = {
    "below_red": (N_("Di bawah garis merah"), N_("Berat badan di bawah garis merah KMS"), "bad"),
    "muac": (N_("Lingkar lengan kecil"), N_("Lingkar lengan atas kuning atau merah"), "bad"),
    "pregnancy_risk": (N_("Ibu hamil berisiko"), N_("Ada tanda yang perlu diperiksa tenaga kesehatan"), "bad"),
    "not_gained_twice": (N_("Tidak naik dua kali"), N_("Berat badan tidak naik dua bulan berturut-turut (2T)"), "bad"),
    "referral_open": (N_("Rujukan belum kembali"), N_("Dirujuk dan belum ada kunjungan sesudahnya"), "warn"),
    "not_gained": (N_("Tidak naik"), N_("Berat badan tidak naik bulan ini (T)"), "warn"),
    "immunisation_incomplete": (N_("Imunisasi belum lengkap"), N_("Belum lengkap menurut umurnya"), "warn"),
    "absent": (N_("Tidak datang"), N_("Sasaran yang tidak datang pada hari Posyandu bulan ini"), "info"),
}
"""The lists by code, worst first: title, what it holds, and how grave it is."""

REFERRAL_MONTHS = 3
"""How long a referral without a visit since stays on the list."""


@dataclass(frozen=True)
class AttentionRow:
    """One person on a list: why, in words, since when, and how to reach them."""

    id: str
    name: str
    reason: str
    since: date | None
    rt: str
    phone: str
    age_text: str
    mother_name: str
    address_line: str


@dataclass(frozen=True)
class AttentionList:
    """One list: `level` is "bad", "warn" or "info"."""

    code: str
    title: str
    detail: str
    level: str
    people: tuple[AttentionRow, ...]


@dataclass(frozen=True)
class _Entry:
    severity: int
    reason: str
    since: date | None


def attention(ws: Workspace, posyandu_id: str, month: Month) -> list[AttentionList]:
    """The lists of a month that hold someone, worst first; within each by severity, then RT, then name.

    Computed from the visits as they stand now, so a correction of any earlier month shows at once.
    """
    found: dict[str, dict[str, _Entry]] = {code: {} for code in LISTS}
    persons = {row.id: row for row in records.load_many(ws.db, PERSON, scope=posyandu_id)}
    carried = _by_person(records.load_many(ws.db, PREGNANCY, scope=posyandu_id))
    visited: set[str] = set()
    for form in visits.VISIT_FORMS:
        for person_id, rows in _by_person(records.load_many(ws.db, form, scope=posyandu_id)).items():
            known = [row for row in dated(form, rows) if visits.day_of(row) <= month.last]
            if person_id not in persons or not known:
                continue
            if visits.day_of(known[-1]) in month:
                visited.add(person_id)
            for code, entry in _entries(ws, form, persons[person_id], carried.get(person_id, []), known, month):
                found[code][person_id] = entry
    found["absent"] = _absent(ws, posyandu_id, month, persons, carried, visited)
    return [
        AttentionList(code, _(title), _(detail), level, _rows(ws, persons, found[code], month))
        for code, (title, detail, level) in LISTS.items()
        if found[code]
    ]


def _entries(
    ws: Workspace, form: Form, person: Row, carried: Sequence[Row], known: Sequence[Row], month: Month
) -> Iterable[tuple[str, _Entry]]:
    """The lists one person is on by their visits, with the reason."""
    last = known[-1]
    on = visits.day_of(last)
    referred = last.answers.get("referral")
    if referred not in (None, "none") and Month.of(on) > month - REFERRAL_MONTHS and on <= month.last:
        yield "referral_open", _Entry(1, _referral_words(last), on)
    if on not in month:
        return
    if form is PREGNANCY_VISIT:
        current = pregnancy_on([row.answers for row in carried], on)
        own = next((row for row in carried if row.answers is current), None)
        judged = visits.assess_rows(ws, PREGNANCY_VISIT, person, own, known)
        if judged and judged[-1].visited_on == on:
            urgent = [finding.title for finding in judged[-1].findings if finding.refer]
            if urgent:
                yield "pregnancy_risk", _Entry(-len(urgent), ", ".join(urgent), _since(judged, _asks_for_referral))
        return
    assessed = visits.assess_rows(ws, UNDER_FIVE_VISIT, person, None, known)
    if assessed:
        yield from _child_entries([each for each in assessed if isinstance(each, child.ChildAssessment)])
    if last.answers.get("immunisation_complete") is False:
        yield "immunisation_incomplete", _Entry(0, _("Imunisasi belum lengkap menurut umur"), on)


def _child_entries(assessed: Sequence[child.ChildAssessment]) -> Iterable[tuple[str, _Entry]]:
    now = assessed[-1]
    weighed = now.weighed
    if weighed is not None and weighed.below_red:
        since = _since(assessed, lambda each: each.weighed is not None and bool(each.weighed.below_red))
        yield "below_red", _Entry(0, _("Di bawah garis merah"), since)
    if weighed is not None and weighed.code == "T":
        since = _since(assessed, lambda each: each.weighed is not None and each.weighed.code == "T")
        gain, least = weighed.gain_g or 0, weighed.kbm_g or 0
        reason = _("Naik {gain} gram, target {least} gram") if gain > 0 else _("Tidak naik, target {least} gram")
        if gain < 0:
            reason = _("Turun {loss} gram, target naik {least} gram")
        words = reason.format(gain=gain, loss=-gain, least=least)
        yield ("not_gained_twice" if weighed.is_2t else "not_gained"), _Entry(gain - least, words, since)
    if now.muac.level in ("warn", "bad"):
        since = _since(assessed, lambda each: each.muac.level in ("warn", "bad"))
        yield "muac", _Entry(0 if now.muac.level == "bad" else 1, now.muac.label, since)


Judged = TypeVar("Judged", bound=Assessment)


def _since(assessed: Sequence[Judged], holds: Callable[[Judged], bool]) -> date:
    """The first day of the unbroken run of visits, up to the last, for which something holds."""
    run = list(takewhile(holds, reversed(assessed)))
    day: date = run[-1].visited_on
    return day


def _asks_for_referral(assessed: Assessment) -> bool:
    return any(finding.refer for finding in assessed.findings)


def _referral_words(visit: Row) -> str:
    field = UNDER_FIVE_VISIT.fields["referral"]
    assert isinstance(field, Choice)
    place = next((_(each.label) for each in field.options if each.code == visit.answers.get("referral")), "")
    words = _("Dirujuk ke {place} {date}").format(place=place, date=short_date(visits.day_of(visit)))
    reason = visit.answers.get("referral_reason")
    return f"{words}: {reason}" if isinstance(reason, str) and reason else words


def _absent(
    ws: Workspace,
    posyandu_id: str,
    month: Month,
    persons: Mapping[str, Row],
    carried: Mapping[str, Sequence[Row]],
    visited: set[str],
) -> dict[str, _Entry]:
    """The children and pregnant women expected on a day held this month, who neither came nor were visited."""
    held = {
        row.id: day
        for row in records.load_many(ws.db, SESSION, scope=posyandu_id)
        if isinstance(day := row.answers.get("held_on"), date) and day in month
    }
    if not held:
        return {}
    last = max(held.values())
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
        group = group_on(person.answers, last, pregnancy_on([row.answers for row in carried.get(person_id, ())], last))
        if group in CHILDREN or group is Group.PREGNANT:
            reason = labels.get(str(said.get(person_id)), "")
            words = _("Tidak datang: {reason}").format(reason=reason.lower()) if reason else _("Tidak datang")
            found[person_id] = _Entry(0, words, last)
    return found


def _rows(
    ws: Workspace, persons: Mapping[str, Row], entries: Mapping[str, _Entry], month: Month
) -> tuple[AttentionRow, ...]:
    on = min(ws.today(), month.last)

    def order(person_id: str) -> tuple[int, str, str]:
        answers = persons[person_id].answers
        return entries[person_id].severity, str(answers.get("rt") or "~"), str(answers.get("name") or "").casefold()

    rows = []
    for person_id in sorted(entries, key=order):
        person, entry = persons[person_id], entries[person_id]
        hit = people.hit_of(person, on, None)
        rows.append(
            AttentionRow(
                id=person_id,
                name=hit.name,
                reason=entry.reason,
                since=entry.since,
                rt=str(person.answers.get("rt") or ""),
                phone=str(person.answers.get("phone") or ""),
                age_text=hit.age_text,
                mother_name=hit.mother_name,
                address_line=hit.address_line,
            )
        )
    return tuple(rows)


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.answers.get("person_id")), []).append(row)
    return found
