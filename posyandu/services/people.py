"""Find, register, correct and withdraw people, and gather what is known of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from posyandu.domain import calendar, child, person, pregnancy
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice, Number, Option, Value, with_unit
from posyandu.domain.form import Context, Form, Level, Problem
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.adult import AKS, SKILAS
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.session import ATTENDANCE, SESSION
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.person import Hint
from posyandu.domain.service_group import Group, group_on, pregnancy_on
from posyandu.services import life_events
from posyandu.services.checking import doubted_words, in_doubt, latest_day, measured_doubts
from posyandu.services.judging import (
    VISIT_FORMS,
    Assessment,
    judge,
    judge_child,
    needs_pregnancy,
    visit_form,
    wrong_tools,
)
from posyandu.services.life_events import TimelineEntry
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, records
from posyandu.storage import people as people_index
from posyandu.storage.engine import transaction
from posyandu.storage.records import HistoryEntry, Row
from posyandu.text import _


class NotFinal(BadInput):
    """The answers hold something impossible or lack something needed: kept as a draft, not saved as final."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class PersonHit:
    """One person as a list shows them: enough to be sure it is the right one."""

    id: str
    name: str
    sex: str
    born_on: date | None
    age_text: str
    group: Group | None
    group_label: str
    mother_name: str
    address_line: str
    nik: str
    scope: str
    status: str = "active"
    guest: bool = False
    register_number: int | None = None


@dataclass(frozen=True)
class Lookalike:
    """Someone already registered who may be the one being typed, and why, in words."""

    hit: PersonHit
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class PersonCard:
    """Everything a person's page shows.

    `form` is the name of the visit form for their group today, "" when there is none yet; `assessments` are of
    their visits in that form, oldest first, side by side with `visits`; `pregnancy` is the current one. While a number
    of the last visit is in doubt, it is judged without it and asks first to be sure. `guardian` is who looks after them
    when that is somebody of the book; `wards` are those this person looks after.
    """

    person: Answers
    hit: PersonHit
    form: str
    visits: tuple[Row, ...]
    assessments: tuple[Assessment, ...]
    pregnancy: Answers | None
    pregnancy_id: str | None
    timeline: tuple[TimelineEntry, ...]
    household: tuple[PersonHit, ...]
    guardian: PersonHit | None
    wards: tuple[PersonHit, ...]
    history: tuple[HistoryEntry, ...]
    saved_at: datetime | None = None


BEGUN = 3
"""So many letters of each word are taken to be right when nobody is found by all of them."""
LIKELY = 200


def search(ws: Workspace, text: str, *, limit: int = 20, scope: str | None = None) -> list[PersonHit]:
    """People whose name, mother, guardian, NIK, KK or register number begins like what was typed, the best first.

    Spelling and titles are forgiven; whose name begins to the letter as typed, title and all, stands first, then who
    has more of the words. Where nobody is found, those whose name has a letter wrong, missing or too many. Without
    text: everybody, by name. `scope` keeps to one posyandu.
    """
    near = ws.posyandu_id or None
    found = people_index.search(ws.db, text, limit=limit, scope=scope, near=near)
    if not found and (beginnings := " ".join(word[:BEGUN] for word in text.split())) != text:
        likely = people_index.search(ws.db, beginnings, limit=LIKELY, scope=scope, near=near)
        found = [row for row in likely if person.folded_alike(folded(text), folded(_words(row.answers, "name")))]
        del found[limit:]
    typed = text.casefold().split()
    found.sort(key=lambda row: _unlike(typed, str(row.answers.get("name") or "").casefold()))
    return hits(ws, found)


def _unlike(typed: Sequence[str], name: str) -> tuple[bool, int]:
    """How far a name is from what was typed: whether it begins otherwise, and how many of several words it has not.

    The index leaves titles out: "baiq rukiyah" finds everybody called Rukiah, and means a Baiq.
    """
    missed = sum(not person.matches(each, name) for each in typed) if len(typed) > 1 else 0
    return not name.startswith(" ".join(typed)), missed


def hits(ws: Workspace, rows: Iterable[Row], on: date | None = None) -> list[PersonHit]:
    """The persons of these rows as lists show them, with age and group on a day (today)."""
    rows = list(rows)
    day = on or ws.today()
    pregnancies, rule = pregnancies_of(ws, rows), ws.standards.on(day).groups
    return [
        hit_of(row, day, group_on(rule, row.answers, day, pregnancy_on(rule, pregnancies.get(row.id, ()), day)))
        for row in rows
    ]


def hit(ws: Workspace, person_id: str) -> PersonHit:
    """One person as lists show them, without the visits that `card` judges. Raises NotFound."""
    return hits(ws, [_person(ws, person_id)])[0]


def pregnancies_of(ws: Workspace, persons: Sequence[Row]) -> Mapping[str, list[Answers]]:
    """Every pregnancy of these persons, by person id. One query per posyandu, or per woman when there are few."""
    women = [row for row in persons if row.answers.get("sex") != "male" and _may_bear(row.answers, ws.today())]
    found: dict[str, list[Answers]] = {}
    if len(women) > 3:
        kept = [
            row
            for scope in {woman.scope for woman in women}
            for row in records.load_many(ws.db, PREGNANCY, scope=scope)
        ]
    else:
        kept = [row for woman in women for row in records.load_many(ws.db, PREGNANCY, person_id=woman.id)]
    for row in kept:
        if not row.withdrawn:
            found.setdefault(str(row.answers.get("person_id")), []).append(row.answers)
    return found


def _may_bear(answers: Answers, today: date) -> bool:
    """Whether she is of an age at which a pregnancy is worth looking up: 9 years or older, or of unknown age."""
    born_on = answers.get("born_on")
    return not isinstance(born_on, date) or calendar.age_months(born_on, today) >= 9 * 12


def hit_of(row: Row, on: date, group: Group | None) -> PersonHit:
    """One person as lists show them, given the group they are in on the day."""
    answers = row.answers
    born_on = answers.get("born_on")
    number = answers.get("register_number")
    return PersonHit(
        id=row.id,
        name=_words(answers, "name"),
        sex=_words(answers, "sex"),
        born_on=born_on if isinstance(born_on, date) else None,
        age_text=calendar.age_text(born_on, on) if isinstance(born_on, date) else "",
        group=group,
        group_label=group.label if group else "",
        mother_name=_words(answers, "mother_name"),
        address_line=address_line(answers),
        nik=_words(answers, "nik"),
        scope=row.scope,
        status=_words(answers, "status") or "active",
        guest=answers.get("guest") is True,
        register_number=number if isinstance(number, int) else None,
    )


def address_line(answers: Answers) -> str:
    """Where someone lives, short: "RT 02, Dusun Karang"."""
    parts = [
        f"RT {_words(answers, 'rt')}" if answers.get("rt") else "",
        f"RW {_words(answers, 'rw')}" if answers.get("rw") else "",
        _words(answers, "hamlet"),
        _words(answers, "address") if not answers.get("hamlet") else "",
    ]
    return ", ".join(part for part in parts if part)


def _words(answers: Answers, name: str) -> str:
    value = answers.get(name)
    return value if isinstance(value, str) else ""


# --- typing someone new ---------------------------------------------------------------------------------------------


def problems(ws: Workspace, answers: Answers) -> list[Problem]:
    """What is missing or impossible in a registration, field by field."""
    return form_problems(PERSON, answers, plain_context(ws))


def plain_context(ws: Workspace) -> Context:
    """What checking needs where neither age nor an earlier visit counts: today, and the least age to marry."""
    rules = ws.standards.on(ws.today())
    numbers = {"marry_years": rules.marry_years, "longest_weeks": rules.gestation.longest_weeks}
    return Context(latest_day(ws), {}, {}, numbers)


def nik_hints(answers: Answers, today: date | None = None) -> tuple[Hint, ...]:
    """What the NIK and KK typed so far make doubtful or can fill in. They never keep anyone from saving."""
    return person.nik_hints(answers, today or date.today())


def lookalikes(ws: Workspace, answers: Answers, *, limit: int = 5) -> list[Lookalike]:
    """People already registered who may be the one being typed, the likeliest first; none while nothing tells.

    `answers` is what stands in the registration so far; "id" in it names the record being corrected, which is left
    out. Someone is shown for the same NIK; for a similar name with a birth date within 31 days, with day and month
    swapped or in another year; for the same mother with a similar name or birth date; for the same KK and a similar
    name; and, while no birth date is typed, for the same name.
    """
    found = []
    likely = {row.id: row for row in people_index.candidates(ws.db, answers)}
    if answers.get("mother_id"):
        likely.update({row.id: row for row in records.load_many(ws.db, PERSON, mother_id=answers["mother_id"])})
    likely.pop(str(answers.get("id")), None)
    for row in likely.values():
        weight, reasons = resemblance(answers, row.answers)
        if reasons:
            found.append((weight, row, reasons))
    found.sort(key=lambda each: (-each[0], _words(each[1].answers, "name")))
    shown = hits(ws, [row for _weight, row, _reasons in found[:limit]])
    return [Lookalike(hit, reasons) for hit, (_weight, _row, reasons) in zip(shown, found[:limit], strict=True)]


folded = lru_cache(maxsize=20_000)(person.fold_name)
"""`fold_name`, remembering: the same names are compared at every key stroke."""


NEAR = 20
"""The weight of birth dates a month or less apart."""


def resemblance(typed: Answers, known: Answers) -> tuple[int, tuple[str, ...]]:
    """How likely the two are one (higher is likelier), and why; no reasons means they are not shown."""
    nik = person.usable_number(typed.get("nik"))
    if nik and nik == person.usable_number(known.get("nik")):
        return 100, (_("NIK sama"),)
    name, other_name = folded(_words(typed, "name")), folded(_words(known, "name"))
    weight, dates = _birth_resemblance(typed.get("born_on"), known.get("born_on"))
    mother = _same_mother(typed, known)
    kk = person.usable_number(typed.get("kk"))
    same_family = bool(kk) and kk == person.usable_number(known.get("kk"))
    only_name = name == other_name and typed.get("born_on") is None
    if not (dates or mother or same_family or only_name):
        return 0, ()  # most of a wide net: names are compared letter by letter only where something else tells
    different_sex = None not in (typed.get("sex"), known.get("sex")) and typed.get("sex") != known.get("sex")
    alike = person.folded_alike(name, other_name)
    likely = alike
    if likely and not same_family and _other_mother(typed, known):
        # Short names are common: with two mothers, it takes the same name, or the very same birthday.
        likely = name == other_name or weight > NEAR
    likely = likely or (mother and weight >= NEAR and (_unnamed(typed) or _unnamed(known)))
    if not likely or (different_sex and not (alike and dates)):
        return 0, ()
    reasons = []
    if name == other_name and name:
        reasons.append(_("nama sama"))
    elif alike:
        reasons.append(_("nama mirip"))
    reasons += [
        reason
        for reason in (dates, _("ibu sama") if mother else "", _("nomor KK sama") if same_family else "")
        if reason
    ]
    return weight + 10 * alike + 10 * (name == other_name) + 15 * mother + 10 * same_family, tuple(reasons)


def are_one(one: Answers, other: Answers) -> bool:
    """Whether two records of people are surely of one: by NIK, else by day of birth, sex, mother and name.

    Of one NIK with two days of birth only the same name makes sure: a mother's is often written for her child. A baby
    without a name yet is called after its mother, and is the one whose mother it is.
    """
    numbers = [person.usable_number(each.get("nik")) for each in (one, other)]
    born_together = one.get("born_on") is not None and one.get("born_on") == other.get("born_on")
    called = [folded(str(each.get("name") or "")) for each in (one, other)]
    if all(numbers):
        return numbers[0] == numbers[1] and (born_together or called[0] == called[1] != "")
    if not born_together:
        return False
    mothers = [folded(str(each.get("mother_name") or "")) for each in (one, other)]
    if one.get("sex") != other.get("sex") or not mothers[0] or mothers[0] != mothers[1]:
        return False
    return called[0] == called[1] or mothers[0] in called


def _unnamed(answers: Answers) -> bool:
    return person.is_unnamed(_words(answers, "name"), _words(answers, "mother_name"))


def _birth_resemblance(typed: Value | None, known: Value | None) -> tuple[int, str]:
    """How near two birth dates are: a weight, and the reason in words when it speaks for one person."""
    if not isinstance(typed, date) or not isinstance(known, date):
        return 0, ""
    if typed == known:
        return NEAR + 10, _("tanggal lahir sama")
    apart = abs((typed - known).days)
    if apart <= 31:
        return NEAR, _("lahir berselang {n} hari").format(n=apart)
    if (typed.day, typed.month, typed.year) == (known.month, known.day, known.year):
        return 15, _("tanggal dan bulan lahir tertukar")
    if (typed.day, typed.month) == (known.day, known.month) and abs(typed.year - known.year) <= 10:
        return 15, _("tanggal lahir sama, tahun berbeda")
    return 0, ""


def _same_mother(typed: Answers, known: Answers) -> bool:
    one, other = typed.get("mother_id"), known.get("mother_id")
    if one and other:
        return one == other
    return person.folded_alike(folded(_words(typed, "mother_name")), folded(_words(known, "mother_name")))


def _other_mother(typed: Answers, known: Answers) -> bool:
    """Whether two different mothers are told."""
    told = all(_words(each, "mother_name") for each in (typed, known))
    return told and not _same_mother(typed, known)


# --- saving ---------------------------------------------------------------------------------------------------------

_FAMILY = ("kk", "head_name", "address", "hamlet", "rt", "rw", "dasawisma", "poor")


def register(ws: Workspace, answers: Answers) -> str:
    """Register someone and give back their id.

    `answers` may hold the links mother_id, father_id, guardian_id and household_id. A mother given by id lends her
    name and, when no other family is told, her household: no KK is needed for that; a guardian only the name.
    Otherwise the household is the one with this KK, or a new one when a KK or address was typed.
    Raises NotFinal when something needed is missing or impossible.
    """
    hard = [problem for problem in problems(ws, answers) if problem.level is Level.HARD]
    if hard:
        raise NotFinal(hard)
    filled = _with_guardian(ws, _with_mother(ws, {"status": "active", **_told(answers)}))
    scope = _home(ws, answers)
    person_id = records.new_id()
    with transaction(ws.db):
        filled["household_id"] = filled.get("household_id") or _household(ws, filled, scope)
        records.save(ws.db, PERSON, person_id, filled, scope=scope, author=ws.author, now=ws.now())
    return person_id


def correct(ws: Workspace, person_id: str, changes: Answers, reason: str = "") -> str:
    """Change what is recorded of someone and give back the id of the save ("" when nothing changed).

    The old values stay in the history. Raises NotFinal for something impossible, BadInput for somebody who would be
    their own guardian, NotFound for nobody.
    """
    row = _person(ws, person_id)
    wanted = {name: value for name, value in changes.items() if name in PERSON.fields or name in PERSON.links}
    after = {**row.answers, **wanted}
    hard = [problem for problem in problems(ws, after) if problem.level is Level.HARD and problem.field in wanted]
    if hard:
        raise NotFinal(hard)
    if wanted.get("mother_id"):
        mother = _person(ws, str(wanted["mother_id"]))
        wanted.setdefault("mother_name", mother.answers.get("name"))
        if not after.get("household_id"):
            wanted["household_id"] = mother.answers.get("household_id")
    if wanted.get("guardian_id") == person_id:
        raise BadInput(_("Seseorang tidak dapat menjadi walinya sendiri."))
    wanted = _with_guardian(ws, wanted)
    with transaction(ws.db):
        if wanted.get("kk", row.answers.get("kk")) != row.answers.get("kk") and "household_id" not in wanted:
            wanted["household_id"] = _household(ws, after, row.scope)
        saved = records.save(
            ws.db, PERSON, person_id, wanted, scope=row.scope, author=ws.author, now=ws.now(), reason=reason
        )
    return saved.op_id


def set_status(ws: Workspace, person_id: str, status: str, on: date | None = None, reason: str = "") -> str:
    """Note that someone lives here ("active"), is away, has moved or died on a day; gives back the id of the save.

    Raises BadInput for another word or a day before birth.
    """
    if status not in {option.code for option in _status_options()}:
        raise BadInput(_("Pilih salah satu keadaan: tinggal di sini, pergi sementara, pindah, meninggal."))
    left = status in ("moved", "died")
    born_on = _person(ws, person_id).answers.get("born_on")
    day = (on or ws.today()) if left else None
    if day is not None and isinstance(born_on, date) and day < born_on:
        raise BadInput(_("Tanggal pindah atau meninggal tidak boleh sebelum tanggal lahir."))
    return correct(ws, person_id, {"status": status, "left_on": day, "left_reason": reason or None if left else None})


def withdraw(ws: Workspace, person_id: str, reason: str = "") -> str:
    """Take a person off the book (registered twice or by mistake); undo brings them back. Gives back the save's id."""
    _person(ws, person_id)
    return records.withdraw(ws.db, PERSON, person_id, author=ws.author, now=ws.now(), reason=reason).op_id


def undo(ws: Workspace, op_id: str) -> str:
    """Take one save back by a reversing save, whose id is given back: undoing that does it again."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def _told(answers: Answers) -> dict[str, Value | None]:
    known = {name: value for name, value in answers.items() if name in PERSON.fields or name in PERSON.links}
    return {name: value.strip() if isinstance(value, str) else value for name, value in known.items() if value != ""}


def _with_mother(ws: Workspace, answers: Answers) -> dict[str, Value | None]:
    """The answers with what the mother's own record tells: her name, and the family unless another is told."""
    filled = dict(answers)
    mother_id = filled.get("mother_id")
    if not mother_id:
        return filled
    mother = _person(ws, str(mother_id)).answers
    if not filled.get("mother_name"):
        filled["mother_name"] = mother.get("name")
    if not filled.get("father_name") and mother.get("husband_name"):
        filled["father_name"] = mother.get("husband_name")
    if any(filled.get(name) for name in ("kk", "address", "hamlet", "rt", "household_id")):
        return filled
    filled["household_id"] = mother.get("household_id")
    for name in ("address", "hamlet", "rt", "rw", "dasawisma", "phone", "poor", "kk"):
        if filled.get(name) is None:
            filled[name] = mother.get(name)
    return filled


def _with_guardian(ws: Workspace, answers: Answers) -> dict[str, Value | None]:
    """The answers with the guardian's name, when that is somebody of the book: people are found by it too.

    Raises NotFound for somebody who is not there.
    """
    filled = dict(answers)
    if filled.get("guardian_id") and not filled.get("guardian_name"):
        filled["guardian_name"] = _person(ws, str(filled["guardian_id"])).answers.get("name")
    return filled


def _household(ws: Workspace, answers: Answers, scope: str) -> str | None:
    """The household with this KK, else a new one if anything of a family was told.

    An address alone never joins: many families share one, and a placeholder KK must not gather strangers.
    """
    kk = person.usable_number(answers.get("kk"))
    if kk:
        for row in records.load_many(ws.db, HOUSEHOLD, kk=kk):
            if not row.withdrawn:
                return row.id
    told = {name: answers.get(name) for name in _FAMILY if answers.get(name) not in (None, "")}
    if kk:
        told["kk"] = kk
    if not told.keys() - {"poor"}:
        return None
    household_id = records.new_id()
    records.save(ws.db, HOUSEHOLD, household_id, told, scope=scope, author=ws.author, now=ws.now())
    return household_id


def _home(ws: Workspace, answers: Answers) -> str:
    """The posyandu someone new belongs to: the one told, else the one being worked at, else their mother's."""
    scope = answers.get("scope") or ws.posyandu_id
    if not scope and answers.get("mother_id"):
        scope = _person(ws, str(answers["mother_id"])).scope
    if not scope:
        raise BadInput(_("Pilih Posyandu lebih dulu."))
    return str(scope)


def _status_options() -> Sequence[Option]:
    field = PERSON.fields["status"]
    assert isinstance(field, Choice)
    return field.options


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row


# --- one person's page ----------------------------------------------------------------------------------------------


def card(ws: Workspace, person_id: str, *, whole: bool = True) -> PersonCard:
    """All that is known of one person today. Raises NotFound.

    Without `whole` it is what a visit is opened with: the timeline, the people around and the history stay unread.
    """
    row = _person(ws, person_id)
    today = ws.today()
    carried = [each for each in records.load_many(ws.db, PREGNANCY, person_id=person_id) if not each.withdrawn]
    groups = ws.standards.on(today).groups
    current = pregnancy_on(groups, [each.answers for each in carried], today)
    hit = hit_of(row, today, group_on(groups, row.answers, today, current))
    if not hit.mother_name and erased.records_among(ws.db, [str(row.answers.get("mother_id") or "")]):
        hit = replace(hit, mother_name=_("data dihapus"))
    form = visit_form(hit.group)
    young = child_assessments(ws, row) if whole or form is UNDER_FIVE_VISIT else ([], [])
    told = carried if whole or form is PREGNANCY_VISIT else ()
    mother = {each.id: pregnancy_assessments(ws, row, each) for each in told}
    pregnancy_id = next((each.id for each in carried if each.answers == current), None) if current else None
    shown_visits: Sequence[Row]
    shown_assessed: Sequence[Assessment]
    if form is PREGNANCY_VISIT:
        own = mother.get(pregnancy_id or "") if hit.group is Group.PREGNANT else None
        shown_visits, shown_assessed = own or ([], [])
    elif form is not None and form is not UNDER_FIVE_VISIT:
        shown_visits, shown_assessed = life_assessments(ws, form, row, carried)
    else:
        shown_visits, shown_assessed = young
    doubted = _in_doubt(ws, row) if whole else _last_in_doubt(ws, row, form, shown_visits)
    if form is not None and shown_visits and (found := doubted.get(shown_visits[-1].id)):
        sound = _judged_without(ws, form, row, carried, shown_visits, found)
        shown_assessed = [*shown_assessed[:-1], in_doubt(sound, shown_assessed[-1], found)]
    if hit.group not in (Group.PREGNANT, Group.POSTPARTUM):
        current = None
    return PersonCard(
        person=row.answers,
        hit=hit,
        form=form.name if form else "",
        visits=tuple(shown_visits),
        assessments=tuple(shown_assessed),
        pregnancy=current,
        pregnancy_id=pregnancy_id if current else None,
        timeline=_timeline(ws, row, carried, young, mother, doubted) if whole else (),
        household=_family(ws, row) if whole else (),
        guardian=_guardian(ws, row) if whole else None,
        wards=_wards(ws, row) if whole else (),
        history=tuple(records.history(ws.db, person_id)) if whole else (),
        saved_at=row.saved_at,
    )


def _timeline(
    ws: Workspace,
    row: Row,
    carried: Sequence[Row],
    young: tuple[Sequence[Row], Sequence[child.ChildAssessment]],
    mother: Mapping[str, tuple[Sequence[Row], Sequence[pregnancy.PregnancyAssessment]]],
    doubted: Mapping[str, Sequence[Problem]],
) -> tuple[TimelineEntry, ...]:
    """What happened in this life, the newest first, given its visits as a child and in each pregnancy, judged."""
    timeline = _timeline_of_children(*young)
    for each in carried:
        timeline += _timeline_of_pregnancy(each, *mother[each.id])
    for told in LIFE_FORMS:
        timeline += _timeline_of_life(ws, told, row, carried)
    timeline = [_entry_in_doubt(entry, doubted.get(entry.record_id, ())) for entry in timeline]
    timeline += _doses(ws, row.id)
    timeline += _absences(ws, row.id)
    timeline += life_events.of(ws, row.id)
    if isinstance(born_on := row.answers.get("born_on"), date):
        title = _("Lahir, tanggal perkiraan") if row.answers.get("born_estimated") is True else _("Lahir")
        timeline.append(TimelineEntry(born_on, title, _birth_detail(row.answers), "neutral", row.id, PERSON.name))
    return tuple(sorted(timeline, key=lambda entry: entry.on, reverse=True))


def _last_in_doubt(ws: Workspace, row: Row, form: Form | None, shown: Sequence[Row]) -> Mapping[str, Sequence[Problem]]:
    """The numbers in doubt of the last of these visits, by visit."""
    if form is None or not shown:
        return {}
    kept = dated(form, records.load_many(ws.db, form, person_id=row.id))
    return measured_doubts(ws, form, row.answers, kept, only=shown[-1].id)


def _in_doubt(ws: Workspace, row: Row) -> dict[str, Sequence[Problem]]:
    """The numbers in doubt of each visit of a person, by visit."""
    found: dict[str, Sequence[Problem]] = {}
    for form in VISIT_FORMS:
        kept = dated(form, records.load_many(ws.db, form, person_id=row.id))
        found.update(measured_doubts(ws, form, row.answers, kept))
    return found


def _entry_in_doubt(entry: TimelineEntry, found: Sequence[Problem]) -> TimelineEntry:
    """A visit of the timeline, marked and without its reasons while a number of it is in doubt: the figures stay."""
    if not found:
        return entry
    lines = (*(each.message for each in found), *entry.detail.splitlines()[-1:])
    return replace(entry, title=doubted_words(entry.title), detail="\n".join(lines), level="warn")


def _judged_without(
    ws: Workspace, form: Form, row: Row, carried: Sequence[Row], kept: Sequence[Row], found: Sequence[Problem]
) -> Assessment:
    """What the last of these visits means without the numbers in doubt."""
    last = kept[-1].answers
    own = next((each.answers for each in carried if each.id == last.get("pregnancy_id")), {})
    earlier = [each.answers for each in kept[:-1] if each.answers.get("pregnancy_id") == last.get("pregnancy_id")]
    return judge(ws, form, row.answers, own, [*earlier, {**last, **dict.fromkeys(each.field for each in found)}])[-1]


def child_assessments(ws: Workspace, row: Row) -> tuple[list[Row], list[child.ChildAssessment]]:
    """The child visits of one person, oldest first, each with its assessment."""
    visits = dated(UNDER_FIVE_VISIT, records.load_many(ws.db, UNDER_FIVE_VISIT, person_id=row.id))
    return visits, judge_child(ws, row.answers, [visit.answers for visit in visits])


def pregnancy_assessments(
    ws: Workspace, row: Row, carried: Row
) -> tuple[list[Row], list[pregnancy.PregnancyAssessment]]:
    """The visits of one pregnancy, oldest first, each with its assessment."""
    kept = dated(PREGNANCY_VISIT, records.load_many(ws.db, PREGNANCY_VISIT, person_id=row.id))
    visits = [visit for visit in kept if visit.answers.get("pregnancy_id") == carried.id]
    answers = [visit.answers for visit in visits]
    tools = wrong_tools(ws, answers)
    return visits, list(pregnancy.assess(ws.standards, row.answers, carried.answers, answers, tools))


def life_assessments(ws: Workspace, form: Form, row: Row, carried: Sequence[Row]) -> tuple[list[Row], list[Assessment]]:
    """The visits of one person in a form, oldest first, each with its assessment.

    Visits after a birth are judged with the pregnancy it ended; those of none are left out.
    """
    kept = dated(form, records.load_many(ws.db, form, person_id=row.id))
    if not needs_pregnancy(form):
        return kept, list(judge(ws, form, row.answers, {}, [visit.answers for visit in kept]))
    visits: list[Row] = []
    assessed: list[Assessment] = []
    for each in carried:
        own = [visit for visit in kept if visit.answers.get("pregnancy_id") == each.id]
        visits += own
        assessed += judge(ws, form, row.answers, each.answers, [visit.answers for visit in own])
    return visits, assessed


LIFE_FORMS = (POSTPARTUM_VISIT, SCHOOL_VISIT, ADULT_VISIT, AKS, SKILAS)
"""The forms of the timeline beside those of children and pregnancies; the confidential ones never are among them."""

_FIGURES = ("weight_g", "height_mm", "muac_mm", "systolic_mmhg", "diastolic_mmhg", "glucose_mg_dl")


def _timeline_of_life(ws: Workspace, form: Form, row: Row, carried: Sequence[Row]) -> list[TimelineEntry]:
    entries = []
    for visit, found in zip(*life_assessments(ws, form, row, carried), strict=True):
        names = [name for name in _FIGURES if name in form.fields]
        title = (
            found.headline
            if form in (POSTPARTUM_VISIT, SCHOOL_VISIT, ADULT_VISIT)
            else f"{form.title}: {found.headline}"
        )
        entries.append(_visit_entry(form, visit, found, title, names))
    return entries


def _visit_entry(form: Form, visit: Row, found: Assessment, title: str, names: Sequence[str]) -> TimelineEntry:
    """One visit: its headline; below it why it is marked as it is, unless the headline says so, and its figures."""
    level = _level(found)
    why = [each.title for each in found.findings if each.level == level and _said(each.title) not in title.lower()]
    lines = (", ".join(why), " · ".join(_measured(form, visit.answers, names)))
    return TimelineEntry(found.visited_on, title, "\n".join(filter(None, lines)), level, visit.id, form.name)


def _said(title: str) -> str:
    """A finding's title as a headline may have said it: "Di bawah garis merah (BGM)" without the letters."""
    return title.split(" (")[0].lower()


def dated(form: Form, rows: Iterable[Row]) -> list[Row]:
    """The visits of a form that stand, have a date and say something, oldest first."""
    kept = [
        row
        for row in rows
        if not row.withdrawn and isinstance(row.answers.get("visited_on"), date) and not is_empty(form, row.answers)
    ]
    return sorted(kept, key=_when)


def dated_together(told: Iterable[tuple[Form, Iterable[Row]]]) -> list[tuple[Form, Row]]:
    """The same of several forms, all of them in one order: of one day the one saved last comes last."""
    return sorted(((form, row) for form, rows in told for row in dated(form, rows)), key=lambda pair: _when(pair[1]))


def _when(row: Row) -> tuple[Value | None, int, str]:
    return row.answers["visited_on"], row.saved_at_ms, row.id


def is_empty(form: Form, answers: Answers) -> bool:
    """Whether a visit says nothing but its date: every cell was emptied again."""
    return all(answers.get(name) is None for name in form.fields if name not in ("visited_on", "source"))


def _timeline_of_children(visits: Sequence[Row], assessed: Sequence[child.ChildAssessment]) -> list[TimelineEntry]:
    entries = []
    for visit, found in zip(visits, assessed, strict=True):
        names = ("weight_g", "length_mm", "muac_mm", "head_mm")
        entries.append(_visit_entry(UNDER_FIVE_VISIT, visit, found, found.headline or _("Kunjungan"), names))
    return entries


def _timeline_of_pregnancy(
    carried: Row, visits: Sequence[Row], assessed: Sequence[pregnancy.PregnancyAssessment]
) -> list[TimelineEntry]:
    entries = []
    for visit, found in zip(visits, assessed, strict=True):
        names = ("weight_g", "muac_mm", "systolic_mmhg", "diastolic_mmhg", "iron_tablets")
        entries.append(_visit_entry(PREGNANCY_VISIT, visit, found, found.headline or _("Kunjungan ibu hamil"), names))
    noted_on, ended_on = carried.answers.get("noted_on"), carried.answers.get("ended_on")
    if isinstance(noted_on, date):
        entries.append(TimelineEntry(noted_on, _("Kehamilan dicatat"), "", "info", carried.id, PREGNANCY.name))
    if isinstance(ended_on, date):
        outcome = PREGNANCY.fields["outcome"]
        assert isinstance(outcome, Choice)
        words = next((_(each.label) for each in outcome.options if each.code == carried.answers.get("outcome")), "")
        entries.append(TimelineEntry(ended_on, _("Kehamilan berakhir"), words, "info", carried.id, PREGNANCY.name))
    return entries


def _level(found: Assessment) -> str:
    return "neutral" if found.level == "unknown" else str(found.level)


def _measured(form: Form, answers: Answers, names: Sequence[str]) -> list[str]:
    shown = []
    for name in names:
        field, value = form.fields[name], answers.get(name)
        if isinstance(field, Number) and isinstance(value, int):
            shown.append(with_unit(field, value))
    return shown


def _birth_detail(answers: Answers) -> str:
    return " · ".join(_measured(PERSON, answers, ("birth_weight_g", "birth_length_mm")))


def _doses(ws: Workspace, person_id: str) -> list[TimelineEntry]:
    """The immunisations, those of one day as one entry."""
    days: dict[date, list[Row]] = {}
    for row in records.load_many(ws.db, DOSE, person_id=person_id):
        if isinstance(given_on := row.answers.get("given_on"), date):
            days.setdefault(given_on, []).append(row)
    return [
        TimelineEntry(on, _("Imunisasi"), dose_names(row.answers for row in rows), "neutral", rows[0].id, DOSE.name)
        for on, rows in days.items()
    ]


def dose_names(doses: Iterable[Answers]) -> str:
    """Doses as a timeline names them: "BCG 1, OPV 1"."""
    field = DOSE.fields["antigen"]
    assert isinstance(field, Choice)
    labels = {option.code: _(option.label) for option in field.options}
    named = [f"{labels.get(str(each.get('antigen')), '')} {each.get('dose')}" for each in doses]
    return ", ".join(sorted(named))


def _absences(ws: Workspace, person_id: str) -> list[TimelineEntry]:
    reasons = ATTENDANCE.fields["absence_reason"]
    assert isinstance(reasons, Choice)
    entries = []
    for row in records.load_many(ws.db, ATTENDANCE, person_id=person_id):
        if row.withdrawn or row.answers.get("present") is not False:
            continue
        session = records.load(ws.db, SESSION, str(row.answers.get("session_id")))
        held_on = session.answers.get("held_on") if session else None
        if isinstance(held_on, date):
            said = row.answers.get("absence_reason")
            detail = next((_(option.label) for option in reasons.options if option.code == said), "")
            entries.append(TimelineEntry(held_on, _("Tidak datang"), detail, "neutral", row.id, ATTENDANCE.name))
    return entries


def _guardian(ws: Workspace, row: Row) -> PersonHit | None:
    found = records.load(ws.db, PERSON, str(row.answers.get("guardian_id") or ""))
    return None if found is None or found.withdrawn else hits(ws, [found])[0]


def _wards(ws: Workspace, row: Row) -> tuple[PersonHit, ...]:
    """Who is looked after by this person, eldest first; nobody who has moved away or died."""
    kept = [each for each in records.load_many(ws.db, PERSON, guardian_id=row.id) if not each.withdrawn]
    found = [hit for hit in hits(ws, kept) if hit.status not in ("moved", "died")]
    return tuple(sorted(found, key=lambda hit: (hit.born_on or date.max, hit.name)))


def _family(ws: Workspace, row: Row) -> tuple[PersonHit, ...]:
    """The mother, her other children, the person's own children and who shares the household, eldest first."""
    found: dict[str, Row] = {}
    mother_id, household_id = row.answers.get("mother_id"), row.answers.get("household_id")
    if mother_id:
        mother = records.load(ws.db, PERSON, str(mother_id))
        if mother is not None:
            found[mother.id] = mother
        found.update({each.id: each for each in records.load_many(ws.db, PERSON, mother_id=mother_id)})
    found.update({each.id: each for each in records.load_many(ws.db, PERSON, mother_id=row.id)})
    if household_id:
        found.update({each.id: each for each in records.load_many(ws.db, PERSON, household_id=household_id)})
    found.pop(row.id, None)
    members = hits(ws, [each for each in found.values() if not each.withdrawn])
    return tuple(sorted(members, key=lambda hit: (hit.born_on or date.max, hit.name)))
