"""What other forms say: dangers at home, anaemia, the young who smoke, whom to talk with, whose control is overdue."""

from collections.abc import Iterable, Mapping
from datetime import date

from posyandu.domain import adult, known, outcome, prepregnancy
from posyandu.domain.calendar import Month, age_months, short_date
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import SRQ, WUS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.history import HISTORY
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.school import MENTAL, SDQ
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.referral import Finding
from posyandu.domain.service_group import pregnancy_on
from posyandu.services import questionnaires
from posyandu.services.judging import judge, judge_home
from posyandu.services.lists import Entry, Found, Reading
from posyandu.services.people import dated, dated_together
from posyandu.services.visits import day_of
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

SMOKES = ("daily", "sometimes")
ANAEMIA = frozenset(("anaemia", "anaemia_severe"))
"""Findings with a list of their own."""
BLOOD = (SCHOOL_VISIT, ADULT_VISIT, WUS)
"""The forms that note a haemoglobin of somebody who is not pregnant."""

GROWN_AT_HOME = (CHECKLISTS["home_adult"], CHECKLISTS["home_elderly"])
"""The checklists that ask about medicine."""


def dangers_at_home(reading: Reading) -> Found:
    """Whoever showed a danger sign on the last home visit by a checklist, as long as it is open."""
    found: dict[str, Entry] = {}
    for form in CHECKLISTS.values():
        for person_id, row in _last(reading, form).items():
            on = day_of(row)
            result = judge_home(reading.ws, form, row.answers) if reading.is_open(on) else None
            if result is not None and result.dangers and row.answers.get("result") not in ("referred", "done"):
                found[person_id] = Entry(-len(result.dangers), ", ".join(result.dangers), on, on)
    return {"danger_at_home": found}


def youth_and_women(reading: Reading) -> Found:
    """Anaemia by the last haemoglobin of the year (school, youth, women), and the young who smoke."""
    anaemic: dict[str, Entry] = {}
    smoking: dict[str, Entry] = {}
    for person_id, (form, row) in _last_of(reading, BLOOD, "haemoglobin_dg_dl").items():
        hb = row.answers["haemoglobin_dg_dl"]
        assert isinstance(hb, int)
        if title := _anaemia(reading, reading.persons[person_id].answers, form, row):
            words = _("Hb {hb} g/dL {day}").format(hb=outcome.tenths(hb), day=short_date(day_of(row)))
            anaemic[person_id] = Entry(hb, f"{title}: {words}", day_of(row))
    for person_id, row in _last(reading, SCHOOL_VISIT, "smoking").items():
        if row.answers.get("smoking") in SMOKES and _is_young(reading, person_id):
            daily = row.answers["smoking"] == "daily"
            words = _("Merokok setiap hari") if daily else _("Kadang-kadang merokok")
            smoking[person_id] = Entry(0 if daily else 1, words, day_of(row))
    return {"anaemia": anaemic, "smoking": smoking}


def _anaemia(reading: Reading, person: Answers, form: Form, row: Row) -> str:
    """What this haemoglobin is called, by the rules of its form and day; "" where it is no anaemia."""
    if form is WUS:
        on = day_of(row)
        band = outcome.haemoglobin(
            reading.ws.standards.on(on), person.get("sex"), outcome.months_on(person, on), row.answers
        )
        return _(band.label) if band is not None and band.level != "ok" else ""
    judged = judge(reading.ws, form, person, {}, [row.answers])
    return next((each.title for each in judged[-1].findings if each.code in ANAEMIA), "") if judged else ""


TO_A_WORKER = frozenset(("alki", "history", "unfit"))
"""Findings of the register of WUS that ask for a health worker, whatever a woman wishes."""


def women_to_refer(reading: Reading) -> Mapping[str, Entry]:
    """Women not pregnant whom the register of WUS sends on, while that is open: a thin arm (R13), ALKI, an old trouble.

    Who wishes a child soon stands on the list before a pregnancy. No illness is named.
    """
    found = dict(_thin_women(reading))
    rules = reading.ws.standards.on(reading.on)
    for person_id, row in _last(reading, WUS).items():
        on, carried = day_of(row), [each.answers for each in reading.carried.get(person_id, ())]
        if not reading.is_open(on) or pregnancy_on(rules.groups, carried, reading.on) is not None:
            continue
        (judged,) = prepregnancy.assess(reading.ws.standards, reading.persons[person_id].answers, [row.answers])
        asks = {each.code for each in judged.findings if each.refer} & TO_A_WORKER
        if not asks or judged.wants_soon or judged.result == prepregnancy.FIT:
            continue
        words = _("Register WUS: {risks}").format(risks=", ".join(judged.risks) or _("menurut tenaga kesehatan"))
        found[person_id] = Entry(-len(asks), words, on, on)
    return found


def _thin_women(reading: Reading) -> Mapping[str, Entry]:
    """Women not pregnant whose last arm, measured for the register of WUS and still open, is below the limit (R13)."""
    found: dict[str, Entry] = {}
    groups = reading.ws.standards.on(reading.on).groups
    for person_id, (form, row) in _last_of(reading, (ADULT_VISIT, WUS), "muac_mm").items():
        on, carried = day_of(row), [each.answers for each in reading.carried.get(person_id, ())]
        if form is not WUS or not reading.is_open(on) or pregnancy_on(groups, carried, on) is not None:
            continue
        judged = judge(reading.ws, form, reading.persons[person_id].answers, {}, [row.answers])
        thin = next((each for each in judged[-1].findings if each.code == "kek"), None)
        if thin is not None:
            found[person_id] = Entry(-1, thin.title, on, on)
    return found


def before_a_pregnancy(reading: Reading) -> Found:
    """Couples who by the last screening ought to see a health worker before a pregnancy, or lack family planning.

    Only the groups of risk are named, never an illness or infection.
    """
    found: dict[str, Entry] = {}
    rules = reading.ws.standards.on(reading.on)
    for person_id, row in _last(reading, WUS).items():
        person = reading.persons[person_id].answers
        carried = pregnancy_on(rules.groups, [each.answers for each in reading.carried.get(person_id, ())], reading.on)
        if not adult.is_fertile_woman(rules, person, reading.on) or carried is not None:
            continue
        (judged,) = prepregnancy.assess(reading.ws.standards, person, [row.answers])
        if judged.wants_soon and judged.result not in (None, prepregnancy.FIT):
            words = _("Ingin hamil, perlu diperiksa dahulu: {risks}")
            risks = ", ".join(judged.risks) or _("menurut tenaga kesehatan")
            severity = -1 if judged.result == prepregnancy.UNFIT else 0
            found[person_id] = Entry(severity, words.format(risks=risks), day_of(row))
        elif judged.unmet_need:
            found[person_id] = Entry(1, _("Ingin menunda atau tidak ingin anak lagi, belum ber-KB"), day_of(row))
    return {"prepregnancy": found}


def to_talk_with(reading: Reading) -> Found:
    """Whose confidential answers of the last year ask for a talk: only that, never which answer. For health workers.

    Of sealed answers nobody knows but their readers: they learn that there are some they have not read yet.
    """
    found: dict[str, Entry] = {}
    for form in (MENTAL, SDQ, SRQ):
        for person_id, row in _last(reading, form).items():
            asks = _asks_for_a_talk(reading, form, row)
            if asks is not None and (person_id not in found or asks.severity < found[person_id].severity):
                found[person_id] = asks
    return {"talk": found}


def _asks_for_a_talk(reading: Reading, form: Form, row: Row) -> Entry | None:
    """What one questionnaire asks for, as far as the one at work may know it."""
    if questionnaires.is_unread(reading.ws, row.id):
        return Entry(0, _("Jawaban rahasia belum dibaca"), day_of(row))
    if row.answers.get("outcome") == "high":
        return Entry(1, _("Perlu dibicarakan"), day_of(row))
    person = reading.persons[str(row.answers["person_id"])].answers
    judged = judge(reading.ws, form, person, {}, [row.answers])
    levels = {each.level for each in judged[-1].findings if each.refer} if judged else set()
    if not levels:
        return None
    urgent = "bad" in levels
    return Entry(0 if urgent else 1, _("Perlu dibicarakan segera") if urgent else _("Perlu dibicarakan"), day_of(row))


def known_patients(reading: Reading) -> Found:
    """People known to have high blood pressure or diabetes whose control is overdue or medicine missing (R15)."""
    ill = {
        person_id: row.answers
        for person_id, row in _last(reading, HISTORY, lately=False).items()
        if _is_known(row.answers)
    }
    if not ill:
        return {}
    measured = {name: _last(reading, ADULT_VISIT, name) for name in ("systolic_mmhg", "glucose_mg_dl")}
    homes = {person_id: row.answers for person_id, (_form, row) in _last_of(reading, GROWN_AT_HOME).items()}
    found = {}
    for person_id, history in ill.items():
        days = {name: day_of(rows[person_id]) if person_id in rows else None for name, rows in measured.items()}
        asks = known.assess(
            reading.ws.standards.on(reading.on),
            reading.on,
            history,
            days["systolic_mmhg"],
            days["glucose_mg_dl"],
            homes.get(person_id, {}),
        )
        if asks:
            words = ". ".join(dict.fromkeys(each.title for each in asks))
            found[person_id] = Entry(-len(asks), words, min((day for day in days.values() if day), default=None))
    return {"control": found}


def control_of(ws: Workspace, person_id: str, on: date) -> tuple[Finding, ...]:
    """The same of one person on a day, with words for the family; nothing for who is not known to be ill."""

    def last(form: Form, told: str = "visited_on") -> Row | None:
        rows = dated(form, records.load_many(ws.db, form, person_id=person_id))
        return next((row for row in reversed(rows) if day_of(row) <= on and row.answers.get(told) is not None), None)

    history = last(HISTORY)
    if history is None or not _is_known(history.answers):
        return ()
    pressure, glucose = last(ADULT_VISIT, "systolic_mmhg"), last(ADULT_VISIT, "glucose_mg_dl")
    within = ws.standards.on(on).screening_months
    homes = [row for form in GROWN_AT_HOME if (row := last(form)) and Month.of(on) - Month.of(day_of(row)) < within]
    return known.assess(
        ws.standards.on(on),
        on,
        history.answers,
        day_of(pressure) if pressure else None,
        day_of(glucose) if glucose else None,
        max(homes, key=day_of).answers if homes else {},
    )


def _is_known(history: Answers) -> bool:
    return history.get("own_hypertension") is True or history.get("own_diabetes") is True


def _is_young(reading: Reading, person_id: str) -> bool:
    born_on, groups = reading.persons[person_id].answers.get("born_on"), reading.ws.standards.on(reading.on).groups
    return isinstance(born_on, date) and age_months(born_on, reading.on) < groups.adult_from


def _last(reading: Reading, form: Form, told: str = "visited_on", *, lately: bool = True) -> Mapping[str, Row]:
    """The last record of each person here up to the month in which `told` was answered, when it is recent enough."""
    return {person_id: row for person_id, (_form, row) in _last_of(reading, (form,), told, lately=lately).items()}


def _last_of(
    reading: Reading, forms: Iterable[Form], told: str = "visited_on", *, lately: bool = True
) -> Mapping[str, tuple[Form, Row]]:
    """The same of several forms that ask alike: whichever was filled last."""
    rows = ((form, records.load_many(reading.ws.db, form, scope=reading.posyandu_id)) for form in forms)
    months = reading.ws.standards.on(reading.on).screening_months
    return {
        person_id: (form, row)
        for form, row in dated_together(rows)
        if (person_id := str(row.answers.get("person_id"))) in reading.persons
        and day_of(row) <= reading.last
        and row.answers.get(told) is not None
        and (not lately or reading.age_in_months(day_of(row)) < months)
    }
