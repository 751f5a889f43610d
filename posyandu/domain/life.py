"""What a posyandu reports of a month for mothers after birth, school children and youth, adults and the elderly.

One named function per column of the ILP recaps of 2023, each saying of one person whether they count. Choices made
here, printed with every recap: age is counted on the day of the last visit, for those who did not come on the
reporting day; guests and people who have moved or died are not counted, and who moves counts once in that month
(`indicators.counts_here`); of several visits in a month the last that has an answer counts. What was not asked counts
nowhere. Of the confidential instruments only whether they were asked, and of SRQ-20 the three numbers of the blank,
leave this module.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers, Value
from posyandu.domain.indicators import counts_here
from posyandu.domain.instruments import AksAssessment, SkilasAssessment, SrqAssessment
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.postpartum import PostpartumAssessment
from posyandu.domain.school import SchoolAssessment
from posyandu.domain.service_group import AFTER_BIRTH, GROWN, SCHOOL_AGE, Group, group_on, pregnancy_on
from posyandu.domain.standards import Rules, Standards

REGISTER_FORMS: Mapping[str, frozenset[Group]] = {
    "postpartum_visit": AFTER_BIRTH,
    "school_visit": SCHOOL_AGE,
    "adult_visit": GROWN,
}
"""The forms of the registers, and the groups each register lists."""

INSTRUMENTS = ("srq20", "aks", "skilas")

Kind = TypeVar("Kind", bound=VisitAssessment)
Judged = Sequence[tuple[Answers, VisitAssessment]]


@dataclass(frozen=True)
class LifeHistory:
    """A person with all pregnancies, judged visits by form (oldest first), the days of mental screening, and of coming.

    `screened_on` holds only days on which all eight questions of the youth were answered.
    """

    id: str
    person: Answers
    pregnancies: Sequence[Answers]
    judged: Mapping[str, Judged]
    screened_on: frozenset[date] = frozenset()
    came_on: frozenset[date] = frozenset()


@dataclass(frozen=True)
class LifeCard:
    """What the card of one person is filled from: the visits that stand on it, oldest first, each with its judgement.

    The judgement is None where a visit has answers of instruments alone. `noted` is the health history as told last,
    `pregnancy` the one whose birth the card follows. `screened` says, visit for visit, whether the confidential
    questions were answered within a year, None where they are not asked; what was answered never comes here. `year` is
    the one the visits are of, None for all since a birth.
    """

    standards: Standards
    id: str
    person: Answers
    visits: Sequence[Answers]
    assessments: Sequence[VisitAssessment | None]
    noted: Answers = field(default_factory=dict)
    pregnancy: Answers = field(default_factory=dict)
    screened: Sequence[bool | None] = ()
    year: int | None = None


def screened_by(rules: Rules, person: Answers, days: Iterable[date], on: date) -> bool | None:
    """Whether the young were asked the confidential questions, by a day; None where they are too young to be asked."""
    born_on = person.get("born_on")
    if not isinstance(born_on, date) or age_months(born_on, on) < rules.mental.youth_from_months:
        return None
    return any(day <= on and _still_counts(rules, day, Month.of(on)) for day in days)


@dataclass(frozen=True, eq=False, slots=True)
class LifeMonth:
    """One person in one month, in the group of the day they are counted: only this month's visits and instruments.

    `rules` are those of the reporting day.
    """

    rules: Rules
    id: str
    person: Answers
    on: date
    group: Group
    age_months: int | None
    came: bool
    visits: tuple[Answers, ...]
    assessments: tuple[VisitAssessment, ...]
    instruments: Mapping[str, VisitAssessment]
    mental_due: bool
    mental_done: bool
    shown: object = field(default=None, init=False, repr=False)

    def last(self, name: str) -> Value | None:
        """The answer given last this month, None when the question was never answered."""
        told = (visit.get(name) for visit in reversed(self.visits))
        return next((answer for answer in told if answer is not None), None)


def people_of_month(
    histories: Iterable[LifeHistory], month: Month, reporting_day: date, rules: Rules
) -> tuple[LifeMonth, ...]:
    """The residents of a month in the groups of these registers, each once, in the order given."""
    found = (_of_month(history, month, reporting_day, rules) for history in histories)
    return tuple(each for each in found if each is not None)


def _of_month(history: LifeHistory, month: Month, reporting_day: date, rules: Rules) -> LifeMonth | None:
    this = {
        form: [(visit, judged) for visit, judged in pairs if judged.visited_on in month and not _copied(visit)]
        for form, pairs in history.judged.items()
    }
    served = [judged.visited_on for pairs in this.values() for _visit, judged in pairs]
    days = [*served, *(day for day in (*history.came_on, *history.screened_on) if day in month)]
    on = max(days, default=reporting_day)
    told = (pair for pairs in history.judged.values() for pair in pairs)
    elsewhere = [judged.visited_on for visit, judged in told if _copied(visit) and judged.visited_on in month]
    if not counts_here(history.person, month, on, served, elsewhere, seen=bool(days)):
        return None
    group = group_on(rules.groups, history.person, on, pregnancy_on(rules.groups, history.pregnancies, on))
    form = next((name for name, groups in REGISTER_FORMS.items() if group in groups), None)
    if group is None or form is None:
        return None
    born_on = history.person.get("born_on")
    months = age_months(born_on, on) if isinstance(born_on, date) else None
    own = this.get(form, [])
    return LifeMonth(
        rules=rules,
        id=history.id,
        person=history.person,
        on=on,
        group=group,
        age_months=months,
        came=bool(days),
        visits=tuple(visit for visit, _judged in own),
        assessments=tuple(judged for _visit, judged in own),
        instruments={name: this[name][-1][1] for name in INSTRUMENTS if this.get(name)},
        mental_due=group in SCHOOL_AGE and months is not None and months >= rules.mental.youth_from_months,
        mental_done=any(_still_counts(rules, day, month) for day in history.screened_on),
    )


def _copied(visit: Answers) -> bool:
    return visit.get("source") == "history"


def _still_counts(rules: Rules, day: date, month: Month) -> bool:
    return day <= month.last and month - Month.of(day) < rules.screening_months


LifeTest = Callable[[LifeMonth], bool]


def of_groups(*groups: Group) -> LifeTest:
    """Whether the person is in one of these groups."""
    return lambda person: person.group in groups


def both(first: LifeTest, second: LifeTest) -> LifeTest:
    """Whether both hold."""
    return lambda person: first(person) and second(person)


def came(person: LifeMonth) -> bool:
    """Datang: ticked as present, or visited in the month."""
    return person.came


def did_not_come(person: LifeMonth) -> bool:
    """Tidak datang."""
    return not person.came


def counselled(person: LifeMonth) -> bool:
    """Mendapat edukasi: in words, or by a theme of the young."""
    return any(visit.get("counselling") or visit.get("topic") for visit in person.visits)


def referred(person: LifeMonth) -> bool:
    """Dirujuk to pustu, puskesmas or hospital."""
    return any(visit.get("referral") not in (None, "none") for visit in person.visits)


def two_tbc_signs(person: LifeMonth) -> bool:
    """Memenuhi gejala TBC by the rule in force at a visit of the month."""
    judged = (each for each in person.assessments if isinstance(each, SchoolAssessment | PostpartumAssessment))
    return any(each.tbc_positive is True for each in judged)


# after a birth


def is_red(name: str, red: bool) -> LifeTest:
    """Whether the last known reading ("weight_red", "muac_red", "pressure_red") of the month is red, or green."""

    def holds(person: LifeMonth) -> bool:
        judged = (
            getattr(each, name) for each in reversed(person.assessments) if isinstance(each, PostpartumAssessment)
        )
        return next((reading for reading in judged if reading is not None), None) is red

    return holds


def got_vitamin_a(person: LifeMonth) -> bool:
    """Vit A nifas, ya: capsules given this month to a woman in nifas."""
    given = (visit.get("vitamin_a_capsules") for visit in person.visits)
    return person.group is Group.POSTPARTUM and any(isinstance(each, int) and each > 0 for each in given)


def got_no_vitamin_a(person: LifeMonth) -> bool:
    """Vit A nifas, tidak: asked this month, none given."""
    told = [visit.get("vitamin_a_capsules") for visit in person.visits]
    known = any(each is not None for each in told)
    return person.group is Group.POSTPARTUM and known and not got_vitamin_a(person)


def answered(name: str, answer: bool) -> LifeTest:
    """Whether the last answer of the month to a yes/no question is this one."""
    return lambda person: person.last(name) is answer


# school and adults


def class_is(part: str, *codes: str) -> LifeTest:
    """Whether the last known class of the month ("bmi_class", "waist" ...) is one of these."""

    def holds(person: LifeMonth) -> bool:
        for each in reversed(person.assessments):
            judged = getattr(each, part, None)
            if judged is not None and judged.code != "unknown":
                return judged.code in codes
        return False

    return holds


def pressure_card_is(letter: str) -> LifeTest:
    """Whether the last known blood pressure of the month is R (rendah), N (normal) or T (tinggi)."""

    def holds(person: LifeMonth) -> bool:
        for each in reversed(person.assessments):
            reading = getattr(each, "pressure", None)
            if reading is not None:
                return bool(reading.card == letter)
        return False

    return holds


def from_15_years(person: LifeMonth) -> bool:
    """15 years and older: the columns of waist, pressure and sugar of the youth's blank."""
    return person.group is not Group.SCHOOL


def is_girl(person: LifeMonth) -> bool:
    """Rematri."""
    return person.person.get("sex") == "female"


def mental_screened(person: LifeMonth) -> bool:
    """Skrining jiwa sudah: came this month; all eight questions, or SDQ, within a year."""
    return person.came and person.mental_due and person.mental_done


def mental_not_screened(person: LifeMonth) -> bool:
    """Skrining jiwa belum: came this month, is of the age, and was not asked within a year."""
    return person.came and person.mental_due and not person.mental_done


def waist_over(sex: str) -> LifeTest:
    """Lingkar perut lebih, of one sex."""
    over = class_is("waist", "over")
    return lambda person: person.person.get("sex") == sex and over(person)


def puma_is(high: bool) -> LifeTest:
    """PUMA to be referred (6 or more), or not, of the month's last complete one."""
    return class_is("puma_class", "high" if high else "low")


def srq_low(person: LifeMonth) -> bool:
    """SRQ-20, 5 or less."""
    judged = _instrument(person, "srq20", SrqAssessment)
    return judged is not None and judged.is_low


def srq_high(person: LifeMonth) -> bool:
    """SRQ-20, 6 or more."""
    judged = _instrument(person, "srq20", SrqAssessment)
    return judged is not None and judged.is_high


def srq_17(person: LifeMonth) -> bool:
    """SRQ-20, number 17 answered yes."""
    judged = _instrument(person, "srq20", SrqAssessment)
    return judged is not None and judged.is_urgent is True


def srq_17_is_sealed(person: LifeMonth) -> bool:
    """Whether number 17 was asked and only a reader knows the answer."""
    judged = _instrument(person, "srq20", SrqAssessment)
    return judged is not None and judged.is_urgent is None


def aks_is(code: str) -> LifeTest:
    """The class of AKS."""

    def holds(person: LifeMonth) -> bool:
        judged = _instrument(person, "aks", AksAssessment)
        return judged is not None and judged.code == code

    return holds


def skilas_is(domain: str, problem: bool) -> LifeTest:
    """One domain of SKILAS: a problem or none."""

    def holds(person: LifeMonth) -> bool:
        judged = _instrument(person, "skilas", SkilasAssessment)
        return judged is not None and judged.domains[domain] is problem

    return holds


def _instrument(person: LifeMonth, name: str, kind: type[Kind]) -> Kind | None:
    judged = person.instruments.get(name)
    return judged if isinstance(judged, kind) else None
