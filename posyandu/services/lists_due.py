"""What is due by the calendar: visits after a birth, visits promised, women not seen, capsules and worm medicine."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from posyandu.domain.calendar import Month, age_months, short_date
from posyandu.domain.fields import Answers
from posyandu.domain.forms.history import EXAMINATION
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.referral import FORM as REFERRAL
from posyandu.domain.forms.session import ATTENDANCE
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.postpartum import DueVisit, due_visits
from posyandu.domain.referral import thousands
from posyandu.domain.service_group import Group, began_on, group_on, pregnancy_on
from posyandu.domain.standards import Rules
from posyandu.services.judging import judge
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.people import dated, dated_together
from posyandu.services.visits import day_of
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import _

SWEEP_MONTHS = 1
"""How many months after the campaign who missed it is still sought at home."""

CAPSULES = ("blue", "red")

_BEHIND_ALL_DUE = 999
"""Where in the list those stand who only missed visits: behind any day a visit can end on."""

_SEEN_BY = (PREGNANCY_VISIT, CHECKLISTS["home_pregnant"])


def nifas_and_newborn(reading: Reading) -> Found:
    """Mothers in nifas with a KF due or missed, and newborns with a KN due or missed; who has none left is on none."""
    rules = reading.ws.standards.on(reading.on)
    mothers: dict[str, Entry] = {}
    for person_id, carried in reading.carried.items():
        for row in carried:
            born_on = row.answers.get("ended_on")
            birth = row.answers.get("outcome") in ("live_birth", "stillbirth") and isinstance(born_on, date)
            if birth and isinstance(born_on, date) and 0 <= (reading.on - born_on).days <= rules.groups.postpartum_days:
                entry = _visits_entry(due_visits(rules.nifas.visits, born_on, row.answers, reading.on, "kf"), born_on)
                if entry is not None:
                    mothers[person_id] = entry
    return {"nifas_visit": mothers, **_newborns(reading, rules)}


def _newborns(reading: Reading, rules: Rules) -> Found:
    """Who is in the first month of life: with a KN to come or missed, and what asks for a health worker (M9).

    Who was born small is still watched after it.
    """
    noted = {
        str(row.answers.get("person_id")): row.answers
        for row in records.load_many(reading.ws.db, NEWBORN, scope=reading.posyandu_id)
    }
    visits: dict[str, Entry] = {}
    at_risk: dict[str, Entry] = {}
    for person_id, person in reading.persons.items():
        born_on = person.answers.get("born_on")
        if not isinstance(born_on, date) or born_on > reading.on:
            continue
        if (reading.on - born_on).days > rules.newborn.neonatal_days:
            if (small := _still_small(reading, rules, person, born_on)) is not None:
                at_risk[person_id] = small
        else:
            told = noted.get(person_id, {})
            due = due_visits(rules.newborn_visits, born_on, told, reading.on, "kn")
            if (entry := _visits_entry(due, born_on)) is not None:
                visits[person_id] = entry
            judged = judge(reading.ws, NEWBORN, person.answers, {}, [{**told, "visited_on": reading.on}])
            asks = [each for each in judged[-1].findings if each.refer]
            if asks:
                grave = -sum(1 + (each.level == "bad") for each in asks)
                at_risk[person_id] = Entry(grave, ", ".join(each.title for each in asks), born_on)
    return {"newborn_visit": visits, "newborn_risk": at_risk}


def _still_small(reading: Reading, rules: Rules, person: Row, born_on: date) -> Entry | None:
    """A baby that was born small, after its first month: until it weighed more than the bound, as long as a
    finding is asked about at most.
    """
    grams, bound = person.answers.get("birth_weight_g"), rules.newborn.low_under_g
    if (
        not isinstance(grams, int)
        or grams >= bound
        or reading.age_in_months(born_on) > reading.stays_open.finding_months
    ):
        return None
    rows = reading.visits.get(UNDER_FIVE_VISIT.name, {}).get(person.id, ())
    weighed = [(day_of(row), weight) for row in rows if isinstance(weight := row.answers.get("weight_g"), int)]
    born, low, month_over = thousands(grams), thousands(bound), born_on + timedelta(days=rules.newborn.neonatal_days)
    if not weighed:
        words = _("Lahir {born} gram dan belum ditimbang lagi: pantau sampai lebih dari {low} gram")
        return Entry(0, words.format(born=born, low=low), month_over)
    last_on, last = weighed[-1]
    if last > bound:
        return None
    words = _("Lahir {born} gram dan terakhir {last} gram: pantau sampai lebih dari {low} gram")
    return Entry(0, words.format(born=born, last=thousands(last), low=low), max(last_on, month_over))


def _visits_entry(due: Iterable[DueVisit], born_on: date) -> Entry | None:
    """ "KF2 sekarang, sampai 12-11-2026; terlewat: KF1"; what is due now stands first. None when nothing is open."""
    now = [each for each in due if each.state == "due"]
    missed = [each.code for each in due if each.state == "missed"]
    words = []
    if now:
        last = born_on + timedelta(days=now[0].last_day)
        words.append(_("{visit} sekarang, sampai {day}").format(visit=now[0].code, day=short_date(last)))
    if missed:
        words.append(_("terlewat: {visits}").format(visits=", ".join(missed)))
    if not words:
        return None
    text = "; ".join(words)
    left = now[0].last_day if now else _BEHIND_ALL_DUE
    return Entry(left, text[:1].upper() + text[1:], born_on)


def unseen_pregnancies(reading: Reading) -> Found:
    """Pregnant women who for two months neither came nor were visited, told once a day was held this month."""
    ws, month = reading.ws, reading.month
    first = (month - 1).first
    days = summaries.sessions(ws.db, reading.posyandu_id, first, month.last)
    if not any(isinstance(day := row.answers.get("held_on"), date) and day in month for row in days):
        return {}
    women, groups = {}, ws.standards.on(reading.on).groups
    for person_id, carried in reading.carried.items():
        person = reading.persons.get(person_id)
        current = pregnancy_on(groups, [row.answers for row in carried], reading.on)
        if person is None or current is None:
            continue
        if group_on(groups, person.answers, reading.on, current) is not Group.PREGNANT:
            continue
        known_on = current.get("noted_on") or began_on(current)
        if isinstance(known_on, date) and known_on < first:
            women[person_id] = current
    if not women:
        return {}
    came = {
        str(row.answers.get("person_id"))
        for session in days
        for row in records.load_many(ws.db, ATTENDANCE, session_id=session.id)
        if row.answers.get("present") is True
    }
    seen = {person_id: last for person_id in women if (last := _last_seen(ws, person_id, reading.on)) is not None}
    return {
        "pregnancy_unseen": {
            person_id: Entry(0, _unseen_words(seen.get(person_id)), seen.get(person_id))
            for person_id in women
            if person_id not in came and (person_id not in seen or seen[person_id] < first)
        }
    }


def _last_seen(ws: Workspace, person_id: str, until: date) -> date | None:
    days = [
        day
        for form in _SEEN_BY
        for row in records.load_many(ws.db, form, person_id=person_id)
        if isinstance(day := row.answers.get("visited_on"), date) and day <= until
    ]
    return max(days, default=None)


def _unseen_words(last: date | None) -> str:
    if last is None:
        return _("Belum pernah tampak sejak dicatat hamil")
    return _("Terakhir tampak {day}").format(day=short_date(last))


def home_visits_due(reading: Reading) -> Found:
    """Whom a home visit was promised by today, whose control is due, or who did not go where they were referred to."""
    ws = reading.ws
    found: dict[str, Entry] = {}
    at_home = _last_at_home(reading)
    for person_id, (on, told) in at_home.items():
        next_on, plan = _day(told, "next_on"), told.get("plan")
        if told.get("result") == "open" and next_on is not None and next_on <= reading.on:
            words = _("Dijanjikan {day}").format(day=short_date(next_on))
            found[person_id] = Entry(0, f"{words}: {plan}" if plan else words, on)
    for row in records.load_many(ws.db, REFERRAL, scope=reading.posyandu_id):
        person_id, answers = str(row.answers.get("person_id")), row.answers
        if reading.age_in_months(_day(answers, "referred_on") or reading.on) >= MISSED_MONTHS:
            continue
        if answers.get("came") == "not_came":
            why = str(answers.get("why_not") or "")
            words = _("Tidak datang ke tempat rujukan")
            found[person_id] = Entry(-2, f"{words}: {why}" if why else words, _day(answers, "referred_on"))
        elif (control := _day(answers, "control_on")) is not None and control <= reading.on:
            days = [rows[-1].answers.get("visited_on") for by in reading.visits.values() if (rows := by.get(person_id))]
            days += [at_home[person_id][0]] if person_id in at_home else []
            if not any(isinstance(day, date) and day >= control for day in days):
                words = _("Waktunya kontrol {day}").format(day=short_date(control))
                found[person_id] = Entry(-1, words, control)
    for person_id, due in _examinations_due(reading).items():
        found.setdefault(person_id, due)
    return {"home_visit": found}


MISSED_MONTHS = 6
"""How long a referral that was not followed, or a control, is still asked about."""


def _examinations_due(reading: Reading) -> Mapping[str, Entry]:
    """Whom a health worker wanted to examine again by today, until an examination of that kind is noted from then on.

    What was examined is not named: the list is printed and taken along.
    """
    kept: dict[tuple[str, object], Answers] = {}
    for row in dated(EXAMINATION, records.load_many(reading.ws.db, EXAMINATION, scope=reading.posyandu_id)):
        if day_of(row) <= reading.on:
            kept[str(row.answers.get("person_id")), row.answers.get("instrument")] = row.answers
    found: dict[str, Entry] = {}
    for (person_id, _instrument), answers in kept.items():
        again = _day(answers, "again_on")
        if again is not None and again <= reading.on and reading.age_in_months(again) < MISSED_MONTHS:
            words = _("Waktunya diperiksa lagi oleh tenaga kesehatan {day}").format(day=short_date(again))
            if person_id not in found or again < (found[person_id].since or again):
                found[person_id] = Entry(-1, words, again)
    return found


def _last_at_home(reading: Reading) -> Mapping[str, tuple[date, Answers]]:
    """The last home visit of each person, by whichever checklist: its day and what it says."""
    rows = ((form, records.load_many(reading.ws.db, form, scope=reading.posyandu_id)) for form in CHECKLISTS.values())
    return {
        str(row.answers.get("person_id")): (day_of(row), row.answers)
        for _form, row in dated_together(rows)
        if day_of(row) <= reading.on
    }


# --- vitamin A and worm medicine ------------------------------------------------------------------------------------


def campaigns(reading: Reading) -> Found:
    """Children without their capsule in February and August and the month after; without worm medicine this year."""
    given = _given(reading)
    return {
        code: {
            person_id: Entry(0, words, None)
            for person_id, words in _wanted(reading, code)
            if person_id not in given[code]
        }
        for code in ("vitamin_a", "deworming")
    }


def campaign_done(reading: Reading, code: str) -> int | None:
    """How many of those who ought to have had it have had it; None for a list that is no campaign."""
    if code not in ("vitamin_a", "deworming"):
        return None
    given = _given(reading)[code]
    return sum(person_id in given for person_id, _words in _wanted(reading, code))


def campaign_month(reading: Reading, months: Iterable[int]) -> Month | None:
    """The campaign that runs in this month, or ran just before: its month; None between campaigns."""
    held = tuple(months)
    for back in range(SWEEP_MONTHS + 1):
        if (reading.month - back).month in held:
            return reading.month - back
    return None


def _wanted(reading: Reading, code: str) -> Iterator[tuple[str, str]]:
    """Who ought to get it in the running campaign, by the age on its last day, and what."""
    rules = reading.ws.standards.on(reading.on)
    months = rules.vitamin_a.months if code == "vitamin_a" else rules.deworming.months
    held = campaign_month(reading, months)
    if held is None:
        return
    for person_id, person in reading.persons.items():
        born_on = person.answers.get("born_on")
        if person.answers.get("guest") is True or not isinstance(born_on, date) or born_on > held.last:
            continue
        age = age_months(born_on, held.last)
        if code == "vitamin_a" and (colour := rules.vitamin_a.due(held.first, age)):
            yield person_id, _("Kapsul biru") if colour == "blue" else _("Kapsul merah")
        elif code == "deworming" and rules.deworming.due(held.first, age):
            yield person_id, _("Obat cacing {year}").format(year=held.year)


def _given(reading: Reading) -> Mapping[str, set[str]]:
    """Who has had it since the campaign began, by the visits of the under-fives."""
    rules = reading.ws.standards.on(reading.on)
    capsule_from = campaign_month(reading, rules.vitamin_a.months)
    worms_from = Month(reading.month.year, 1)
    first = min(capsule_from.first if capsule_from else reading.month.first, worms_from.first)
    got: dict[str, set[str]] = {"vitamin_a": set(), "deworming": set()}
    if capsule_from is None and campaign_month(reading, rules.deworming.months) is None:
        return got
    for row in summaries.visits(reading.ws.db, UNDER_FIVE_VISIT, reading.posyandu_id, first, reading.last):
        person_id, on = str(row.answers.get("person_id")), row.answers.get("visited_on")
        if not isinstance(on, date):
            continue
        if capsule_from and on >= capsule_from.first and row.answers.get("vitamin_a") in CAPSULES:
            got["vitamin_a"].add(person_id)
        if row.answers.get("deworming") is True:
            got["deworming"].add(person_id)
    return got


def _day(answers: Answers, name: str) -> date | None:
    value = answers.get(name)
    return value if isinstance(value, date) else None
