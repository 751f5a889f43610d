"""What a posyandu reports of a month: S, K, D, N and their shares, and the counters of the ILP recaps.

One named function per published indicator. Each takes the children (or pregnant women) of a month and gives the ones
it counts, never a bare number: so every figure can show its names. Unknown never counts as normal, as "no" or as 0.

Definitions: design notes on SKDN (F1 gizi, balok SKDN, Juknis KMS) and the ILP recaps of Kemenkes 2023. Choices made
here, printed with every report:
- age is counted in completed months on the day of the visit, for those who did not come on the reporting day (the
  posyandu day of the month, or its last day when none was held);
- guests and people who have moved or died are not counted; visits copied from a book ("history") are no visits here;
- in the month of a move everybody counts once: at the post they left when they were served there before leaving,
  otherwise at the post they came to (`counts_here`);
- several visits in a month: the last weighing counts, an answer counts when it was given at the last visit that has
  one, a service when it was given at any;
- a scale or board found wrong takes BGM and the indices of its day, never D, N or T; who lost one by it is named.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeGuard

from posyandu.domain.calendar import Month, age_months
from posyandu.domain.child import MEASURED_BY, ChildAssessment
from posyandu.domain.child import assess as assess_child
from posyandu.domain.fields import Answers, Value
from posyandu.domain.growth import GrowthTables
from posyandu.domain.nutrition import Category, unknown
from posyandu.domain.pregnancy import Gestation, PregnancyAssessment, gestation
from posyandu.domain.pregnancy import assess as assess_pregnancy
from posyandu.domain.service_group import Group, group_on, pregnancy_on
from posyandu.domain.standards import AgeBand, Rules, Standards
from posyandu.domain.weighing import Weighed


@dataclass(frozen=True)
class ChildHistory:
    """A child with all its visits and their assessments (both oldest first, one for one) and the days it came.

    `late_doses` names, by month, the immunisations that were late on its last day by the schedule; `told_doses` says
    what the doses noted tell of a child who was said to lack some; `fed` holds the months in which an MT programme ran,
    and whether all that was told of was eaten up.
    """

    standards: Standards
    id: str
    person: Answers
    visits: Sequence[Answers]
    assessments: Sequence[ChildAssessment]
    came_on: frozenset[date] = frozenset()
    late_doses: Mapping[Month, str] = field(default_factory=dict)
    told_doses: Mapping[Month, str] = field(default_factory=dict)
    fed: Mapping[Month, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class ChildMonth:
    """One child in one month: only this month's visits. `on` is the day its age is counted, by the `rules` of that day.

    `weighed_before`: day and grams of the last weighing before this month, `before_is_wrong`: on a scale found wrong;
    `other_milk`: up to its end somebody said that the child had more than breast milk.
    """

    rules: Rules
    id: str
    person: Answers
    on: date
    age_months: int
    came: bool
    turned_36_months: bool
    visits: tuple[Answers, ...]
    assessments: tuple[ChildAssessment, ...]
    weighed_before: tuple[date, int] | None = None
    before_is_wrong: bool = False
    late_doses: str = ""
    told_doses: str = ""
    fed: bool = False
    other_milk: bool = False
    shown: object = field(default=None, init=False, repr=False)
    """What stands for the child behind figures, kept by who shows it; gone with the child."""

    @property
    def sex(self) -> str:
        """male or female."""
        return str(self.person.get("sex"))

    @property
    def only_breast_milk(self) -> bool | None:
        """What was said last this month; after the first no it is no ("sesudah Tidak, seterusnya Tidak")."""
        told = self.last("exclusive_breastfeeding")
        return None if told is None else told is True and not self.other_milk

    @property
    def weighing(self) -> Weighed | None:
        """The status of the month's last weighing."""
        return next((each.weighed for each in reversed(self.assessments) if each.weighed is not None), None)

    def last(self, name: str) -> Value | None:
        """The answer given last this month, None when the question was never answered."""
        return _last(self.visits, name)

    def any(self, wanted: Callable[[Answers], bool]) -> bool:
        """Whether it holds for any visit of the month."""
        return any(wanted(visit) for visit in self.visits)

    def class_of(self, measure: str) -> Category | None:
        """The last known class of "waz", "haz", "whz", "baz", "head" or "muac"; None when never known this month."""
        for each in reversed(self.assessments):
            named = {"head": each.head, "muac": each.muac}
            category = named[measure] if measure in named else each.categories.get(measure)
            if category is not None and category.level != "unknown":
                return category
        return None

    def level(self, measure: str) -> str | None:
        """The level of the last known class: "ok", "warn" or "bad"; None when never known."""
        category = self.class_of(measure)
        return None if category is None else category.level

    @property
    def against_lines(self) -> Weighed | None:
        """The month's last weighing that can be held against the lines of the KMS: a wrong scale's cannot."""
        told = (each.weighed for each in reversed(self.assessments) if each.weighed is not None)
        return next((weighed for weighed in told if weighed.below_red is not None), None)

    def lost(self, measure: str) -> bool:
        """Whether "waz", "haz", "whz" or "baz" was measured this month, but never without a tool found wrong."""
        names = MEASURED_BY[measure]
        spoilt = [
            any(name in each.spoilt for name in names)
            for visit, each in zip(self.visits, self.assessments, strict=True)
            if each.age_months is not None and all(isinstance(visit.get(name), int) for name in names)
        ]
        return bool(spoilt) and all(spoilt)


def child_history(
    standards: Standards,
    tables: GrowthTables,
    person_id: str,
    person: Answers,
    visits: Iterable[Answers],
    came_on: Iterable[date] = (),
    wrong: Mapping[str, str] | None = None,
    since: date | None = None,
) -> ChildHistory:
    """A child with its visits in order and each of them assessed; visits without a day are left out.

    `wrong` are the tools found wrong, by session, and `since` the first day anything is asked of, as `child.assess`
    takes them.
    """
    dated = _dated(visits)
    assessed = assess_child(standards, tables, person, dated, wrong=wrong, since=since)
    return ChildHistory(standards, person_id, person, dated, assessed, frozenset(came_on))


def _dated(visits: Iterable[Answers]) -> list[Answers]:
    return sorted((visit for visit in visits if isinstance(visit.get("visited_on"), date)), key=_day)


def without_flagged(history: ChildHistory, confirmed: Mapping[date, Collection[str]]) -> ChildHistory:
    """The same child, an index unknown where WHO calls its value implausible, until what was measured is confirmed.

    `confirmed` names by day the answers somebody said are right. Only the indices: the visit itself stays counted.
    Source: domain notes, mother and child 2.5, "excluded from z-based prevalence until confirmed".
    """

    def doubted(visit: Answers, each: ChildAssessment) -> Collection[str]:
        sure = confirmed.get(_day(visit), ())
        return [index for index in each.z.flags if not all(name in sure for name in MEASURED_BY[index])]

    judged = [
        _without(each, doubted(visit, each)) for visit, each in zip(history.visits, history.assessments, strict=True)
    ]
    changed = any(now is not before for now, before in zip(judged, history.assessments, strict=True))
    return replace(history, assessments=tuple(judged)) if changed else history


def _without(each: ChildAssessment, doubted: Collection[str]) -> ChildAssessment:
    if not doubted:
        return each
    known = {index: unknown() if index in doubted else found for index, found in each.categories.items()}
    return replace(each, categories=known, head=known["hcz"])


Children = Sequence[ChildMonth]
ChildTest = Callable[[ChildMonth], bool]


def children_of_month(histories: Iterable[ChildHistory], month: Month, reporting_day: date) -> tuple[ChildMonth, ...]:
    """The residents younger than six years in a month, each with the month's visits, in the order given."""
    found = (_child_month(history, month, reporting_day) for history in histories)
    return tuple(child for child in found if child is not None and child.age_months < child.rules.groups.school_from)


def _child_month(history: ChildHistory, month: Month, reporting_day: date) -> ChildMonth | None:
    born_on = history.person.get("born_on")
    if not isinstance(born_on, date):
        return None
    visits, assessments, days = [], [], [day for day in history.came_on if day in month]
    elsewhere: list[date] = []
    weighed_before: tuple[date, int] | None = None
    before_is_wrong = other_milk = False
    first, last = month.first, month.last
    for visit, assessment in zip(history.visits, history.assessments, strict=True):
        visited_on, grams = _day(visit), visit.get("weight_g")
        if visited_on > last:
            break  # they stand in order
        if visited_on < first and isinstance(grams, int):
            weighed_before, before_is_wrong = (visited_on, grams), "weight_g" in assessment.spoilt
        other_milk = other_milk or visit.get("exclusive_breastfeeding") is False
        if visited_on >= first and visit.get("source") != "history":
            visits.append(visit)
            assessments.append(assessment)
            days.append(visited_on)
        elif visited_on >= first:
            elsewhere.append(visited_on)
    on = max(days, default=reporting_day)
    served = [_day(visit) for visit in visits]
    if born_on > on or not counts_here(history.person, month, on, served, elsewhere, seen=bool(days)):
        return None
    rules = history.standards.on(on)
    return ChildMonth(
        rules=rules,
        id=history.id,
        person=history.person,
        on=on,
        age_months=age_months(born_on, on),
        came=bool(days),
        turned_36_months=_turned(born_on, rules.graduation.months, month),
        visits=tuple(visits),
        assessments=tuple(assessments),
        weighed_before=weighed_before,
        before_is_wrong=before_is_wrong,
        late_doses=history.late_doses.get(month, ""),
        told_doses=history.told_doses.get(month, ""),
        fed=month in history.fed,
        other_milk=other_milk,
    )


def counts_here(
    person: Answers, month: Month, on: date, served: Sequence[date], elsewhere: Sequence[date], *, seen: bool
) -> bool:
    """Whether somebody counts here in a month, `served` here and `elsewhere` on these days of it.

    In the month of a move both posts know what was measured before it, since that is handed over: whoever was served
    where they left is counted there once more, and where they came to from the next month on. So the level above counts
    everybody once: children in S as in D.
    """
    entered_on, left_on = person.get("entered_on"), person.get("left_on")
    if person.get("guest") is not True and person.get("status") == "moved" and _is_in(left_on, month):
        return any(day <= left_on for day in served)
    if person.get("guest") is not True and _is_in(entered_on, month):
        came_on = max(entered_on, on)
        return not any(day <= entered_on for day in elsewhere) and resides(person, came_on, seen=seen)
    return resides(person, on, seen=seen)


def _is_in(day: Value | None, month: Month) -> TypeGuard[date]:
    return isinstance(day, date) and day in month


def _turned(born_on: date, months: int, month: Month) -> bool:
    return age_months(born_on, month.last) >= months > age_months(born_on, (month - 1).last)


def resides(person: Answers, on: date, *, seen: bool) -> bool:
    """Whether the person belongs to the working area on a day; being `seen` that month settles what is not dated."""
    if person.get("guest") is True:
        return False
    entered_on, left_on = person.get("entered_on"), person.get("left_on")
    if isinstance(entered_on, date) and entered_on > on and not seen:
        return False
    if person.get("status") not in ("moved", "died"):
        return True
    if not isinstance(left_on, date):
        return seen
    return on < left_on or (seen and on == left_on)


def in_band(children: Children, band: AgeBand, sex: str | None = None) -> tuple[ChildMonth, ...]:
    """The children of an age band, of one sex or both."""
    return tuple(
        child
        for child in children
        if band.from_months <= child.age_months <= band.to_months and sex in (None, child.sex)
    )


def counted(children: Children, test: ChildTest) -> tuple[ChildMonth, ...]:
    """The children for whom the indicator holds."""
    return tuple(child for child in children if test(child))


# SKDN: each of these says whether a child under five counts


def under_five(child: ChildMonth) -> bool:
    """S: every balita (0-59 months) living in the working area."""
    return child.age_months < child.rules.groups.preschool_from


def has_book(child: ChildMonth) -> bool:
    """K: balita that has a KMS or Buku KIA."""
    return under_five(child) and child.person.get("has_kia_book") is True


def weighed(child: ChildMonth) -> bool:
    """D: balita weighed this month."""
    return under_five(child) and child.weighing is not None


def gained(child: ChildMonth) -> bool:
    """N: weight went up by the minimum gain for age and sex, or as judged by the curve."""
    return _coded(child, "N")


def not_gained(child: ChildMonth) -> bool:
    """T: weight did not go up enough."""
    return _coded(child, "T")


def missed_last_month(child: ChildMonth) -> bool:
    """O: weighed now, not in the month before, but earlier."""
    return _coded(child, "O")


def first_weighed(child: ChildMonth) -> bool:
    """B: weighed for the first time."""
    return _coded(child, "B")


def not_gained_twice(child: ChildMonth) -> bool:
    """2T: T in this and the month before."""
    return weighed(child) and child.weighing is not None and child.weighing.is_2t


def held_against_lines(child: ChildMonth) -> bool:
    """Weighed on a scale that nobody found wrong: of these BGM can be told."""
    return under_five(child) and child.against_lines is not None


def left_out(child: ChildMonth) -> bool:
    """A tool found wrong keeps the child out of BGM or an index: it was measured this month, but never rightly."""
    return any(child.lost(measure) for measure in (("waz", "haz", "whz") if under_five(child) else ("baz",)))


def below_red_line(child: ChildMonth) -> bool:
    """BGM: weight below the red line of the KMS."""
    return under_five(child) and (line := child.against_lines) is not None and line.below_red is True


def above_orange_line(child: ChildMonth) -> bool:
    """Weight above the orange line of the KMS (2020 and later)."""
    return under_five(child) and (line := child.against_lines) is not None and line.above_orange is True


def not_weighed(child: ChildMonth) -> bool:
    """S − D: balita not weighed this month."""
    return under_five(child) and not weighed(child)


def booked_not_weighed(child: ChildMonth) -> bool:
    """K − D as F1 gizi counts the absent: balita with a book that was not weighed."""
    return has_book(child) and not weighed(child)


def turned_36_months(child: ChildMonth) -> bool:
    """S36: balita that completed 36 months in this month."""
    return under_five(child) and child.turned_36_months


def graduated(child: ChildMonth) -> bool:
    """L: completed 36 months with at least 11,5 kg at this month's weighing (older UPGK forms)."""
    if not turned_36_months(child) or not weighed(child):
        return False
    grams = child.last("weight_g")
    return isinstance(grams, int) and grams >= child.rules.graduation.grams


def _coded(child: ChildMonth, code: str) -> bool:
    return weighed(child) and child.weighing is not None and child.weighing.code == code


# Shares of SKDN: numerator and denominator, None where the denominator is 0


@dataclass(frozen=True)
class Share:
    """A published ratio: its letters, its usual name, and both counts."""

    code: str
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The ratio, 0 to 1 and beyond; None when the denominator is 0."""
        return self.numerator / self.denominator if self.denominator > 0 else None


@dataclass(frozen=True)
class Ratio:
    """A published ratio of SKDN: its letters, the children counted, and those among whom they are counted."""

    code: str
    counted: ChildTest
    among: ChildTest

    def __call__(self, children: Children) -> Share:
        """Both counts of these children."""
        return Share(self.code, sum(map(self.counted, children)), sum(map(self.among, children)))


def gain_can_be_told(child: ChildMonth) -> bool:
    """D − O − B: weighed, and not O or B; also holds whom no status could be given."""
    return weighed(child) and not missed_last_month(child) and not first_weighed(child)


PROGRAMME_COVERAGE = Ratio("K/S", has_book, under_five)
PARTICIPATION = Ratio("D/S", weighed, under_five)
CONTINUITY = Ratio("D/K", weighed, has_book)
SUCCESS = Ratio("N/D", gained, weighed)
SUCCESS_OF_JUDGED = Ratio("N/(D\N{MINUS SIGN}O\N{MINUS SIGN}B)", gained, gain_can_be_told)  # as printed on balok SKDN
PROGRAMME_ACHIEVEMENT = Ratio("N/S", gained, under_five)
NOT_GAINED = Ratio("T/D", not_gained, weighed)
NOT_GAINED_TWICE = Ratio("2T/D", not_gained_twice, weighed)
BELOW_RED = Ratio("BGM/D", below_red_line, held_against_lines)  # D, without those of a wrong scale
DROP_OUT = Ratio("(K\N{MINUS SIGN}D)/K", booked_not_weighed, has_book)
GRADUATION = Ratio("L/S36", graduated, turned_36_months)
"""Of those who turned 36 months, how many weigh 11,5 kg or more (older UPGK forms)."""

RATIOS = (
    PROGRAMME_COVERAGE,
    PARTICIPATION,
    CONTINUITY,
    SUCCESS,
    SUCCESS_OF_JUDGED,
    PROGRAMME_ACHIEVEMENT,
    NOT_GAINED,
    NOT_GAINED_TWICE,
    BELOW_RED,
    DROP_OUT,
    GRADUATION,
)


# Counters of the ILP recap of bayi, balita and apras (0-71 months)


def came(child: ChildMonth) -> bool:
    """Datang: ticked as present, or visited in the month."""
    return child.came


def did_not_come(child: ChildMonth) -> bool:
    """Tidak datang: sasaran that did not come."""
    return not child.came


def development_complete(child: ChildMonth) -> bool:
    """Checklist perkembangan lengkap."""
    return child.last("development") == "complete"


def development_incomplete(child: ChildMonth) -> bool:
    """Checklist perkembangan tidak lengkap."""
    return child.last("development") == "incomplete"


def needs_attention_by_weight(child: ChildMonth) -> bool:
    """Tidak naik, BGM or above the orange line: one column of the recap."""
    return not_gained(child) or below_red_line(child) or above_orange_line(child)


def weight_for_age_normal(child: ChildMonth) -> bool:
    """BB/U normal (0-59 months)."""
    return under_five(child) and child.level("waz") == "ok"


def weight_for_age_other(child: ChildMonth) -> bool:
    """BB/U known and not normal (0-59 months)."""
    return under_five(child) and child.level("waz") not in (None, "ok")


def length_for_age_normal(child: ChildMonth) -> bool:
    """PB/U or TB/U normal."""
    return child.level("haz") == "ok"


def length_for_age_other(child: ChildMonth) -> bool:
    """PB/U or TB/U (sangat) pendek or tinggi melebihi normal."""
    return child.level("haz") not in (None, "ok")


def weight_for_length_good(child: ChildMonth) -> bool:
    """BB/PB or BB/TB gizi baik; IMT/U from 60 months, where the former is not defined."""
    return _fatness(child) == "ok"


def weight_for_length_other(child: ChildMonth) -> bool:
    """BB/PB, BB/TB or IMT/U known and not gizi baik."""
    return _fatness(child) not in (None, "ok")


def _fatness(child: ChildMonth) -> str | None:
    return child.level("whz" if under_five(child) else "baz")


def head_normal(child: ChildMonth) -> bool:
    """Lingkar kepala normal."""
    return child.level("head") == "ok"


def head_other(child: ChildMonth) -> bool:
    """Lingkar kepala above or below normal."""
    return child.level("head") not in (None, "ok")


def arm_normal(child: ChildMonth) -> bool:
    """LiLA normal."""
    return child.level("muac") == "ok"


def arm_other(child: ChildMonth) -> bool:
    """LiLA gizi kurang (yellow) or gizi buruk (red)."""
    return child.level("muac") not in (None, "ok")


def tbc_suspected(child: ChildMonth) -> bool:
    """Memenuhi gejala TBC by the rule in force at a visit of the month."""
    return any(each.tbc_positive is True for each in child.assessments)


def exclusively_breastfed(child: ChildMonth) -> bool:
    """ASI eksklusif, asked below 6 completed months."""
    return child.age_months < child.rules.exclusive_months and child.only_breast_milk is True


def well_fed(child: ChildMonth) -> bool:
    """MP-ASI sesuai, asked from 6 completed months."""
    return child.age_months >= child.rules.exclusive_months and child.last("complementary_food") is True


def immunised(child: ChildMonth) -> bool:
    """Imunisasi: the card's "lengkap sesuai umur: Ya"."""
    return child.last("immunisation_complete") is True


def got_vitamin_a(child: ChildMonth) -> bool:
    """Vitamin A: a blue or a red capsule this month."""
    return child.any(lambda visit: visit.get("vitamin_a") in ("blue", "red"))


def got_blue_capsule(child: ChildMonth) -> bool:
    """Kapsul biru this month."""
    return child.any(lambda visit: visit.get("vitamin_a") == "blue")


def got_red_capsule(child: ChildMonth) -> bool:
    """Kapsul merah this month."""
    return child.any(lambda visit: visit.get("vitamin_a") == "red")


def dewormed(child: ChildMonth) -> bool:
    """Obat cacing this month."""
    return child.any(lambda visit: visit.get("deworming") is True)


def got_supplement(child: ChildMonth) -> bool:
    """MT pangan lokal untuk pemulihan: said at a visit, or by a programme that ran this month."""
    return child.fed or child.any(lambda visit: visit.get("supplement") is True)


def counselled(person: "ChildMonth | PregnancyMonth") -> bool:
    """Edukasi was given and written down."""
    return any(visit.get("counselling") for visit in person.visits)


def was_sick(child: ChildMonth) -> bool:
    """Balita sakit: signs of illness were told."""
    return child.any(lambda visit: visit.get("sick") is True)


def referred(person: "ChildMonth | PregnancyMonth") -> bool:
    """Dirujuk to pustu, puskesmas or hospital."""
    return any(visit.get("referral") not in (None, "none") for visit in person.visits)


# Counters of the ILP recap of pregnant women


@dataclass(frozen=True)
class PregnancyHistory:
    """A woman with one pregnancy, its visits and their assessments (oldest first, one for one), the days she came.

    `fed` is as for a child.
    """

    standards: Standards
    id: str
    person: Answers
    pregnancy: Answers
    visits: Sequence[Answers]
    assessments: Sequence[PregnancyAssessment]
    came_on: frozenset[date] = frozenset()
    fed: Mapping[Month, bool | None] = field(default_factory=dict)


def pregnancy_history(
    standards: Standards,
    person_id: str,
    person: Answers,
    pregnancy_answers: Answers,
    visits: Iterable[Answers],
    came_on: Iterable[date] = (),
    wrong: Mapping[str, str] | None = None,
) -> PregnancyHistory:
    """A woman's pregnancy with its visits in order and each of them assessed; visits without a day are left out.

    `wrong` are the tools found wrong, by session, as `pregnancy.assess` takes them.
    """
    dated = _dated(visits)
    assessments = assess_pregnancy(standards, person, pregnancy_answers, dated, wrong)
    return PregnancyHistory(standards, person_id, person, pregnancy_answers, dated, assessments, frozenset(came_on))


@dataclass(frozen=True, eq=False, slots=True)
class PregnancyMonth:
    """One pregnant woman in one month: only this month's visits, by the `rules` of the day she is counted.

    `fed` says that an MT programme ran, `fed_daily` whether all that was told of was eaten up.
    """

    rules: Rules
    id: str
    person: Answers
    pregnancy: Answers
    on: date
    came: bool
    visits: tuple[Answers, ...]
    assessments: tuple[PregnancyAssessment, ...]
    fed: bool = False
    fed_daily: bool | None = None
    shown: object = field(default=None, init=False, repr=False)

    def last(self, name: str) -> Value | None:
        """The answer given last this month, None when the question was never answered."""
        return _last(self.visits, name)

    def judged(self, name: str) -> bool | None:
        """The last judgement that is known this month: "weight_red", "muac_red", "pressure_red", "anaemic"."""
        known = (getattr(each, name) for each in reversed(self.assessments))
        return next((judgement for judgement in known if judgement is not None), None)


def gestation_of(woman: PregnancyMonth) -> Gestation | None:
    """How far the pregnancy was on the day she is counted; None where neither HPHT nor USG tells."""
    return gestation(woman.pregnancy, woman.on)


def pregnancies_of_month(
    histories: Iterable[PregnancyHistory], month: Month, reporting_day: date
) -> tuple[PregnancyMonth, ...]:
    """The residents pregnant in a month (on the day they came, else on the reporting day), each woman once.

    Who was examined as a pregnant woman this month counts, whatever became of the pregnancy afterwards.
    """
    found: dict[str, PregnancyMonth] = {}
    for history in histories:
        pair = [
            (visit, assessment)
            for visit, assessment in zip(history.visits, history.assessments, strict=True)
            if _day(visit) in month and visit.get("source") != "history"
        ]
        days = [_day(visit) for visit, _assessment in pair] + [day for day in history.came_on if day in month]
        on = max(days, default=reporting_day)
        rules = history.standards.on(on)
        pregnancy = pregnancy_on(rules.groups, (history.pregnancy,), on)
        pregnant = pregnancy is not None and group_on(rules.groups, history.person, on, pregnancy) is Group.PREGNANT
        served = [_day(visit) for visit, _assessment in pair]
        elsewhere = [_day(each) for each in history.visits if each.get("source") == "history" and _day(each) in month]
        here = counts_here(history.person, month, on, served, elsewhere, seen=bool(days))
        if not (pregnant or pair) or not here:
            continue
        earlier = found.get(history.id)
        if earlier is None or len(pair) > len(earlier.visits):
            found[history.id] = PregnancyMonth(
                rules,
                history.id,
                history.person,
                history.pregnancy,
                on,
                bool(days),
                tuple(visit for visit, _assessment in pair),
                tuple(assessment for _visit, assessment in pair),
                month in history.fed,
                history.fed.get(month),
            )
    return tuple(found.values())


def _day(visit: Answers) -> date:
    visited_on = visit.get("visited_on")
    return visited_on if isinstance(visited_on, date) else date.min


def mother_tbc_suspected(woman: PregnancyMonth) -> bool:
    """Memenuhi gejala TBC by the rule in force at a visit of the month."""
    return any(each.tbc_positive is True for each in woman.assessments)


def mother_came(woman: PregnancyMonth) -> bool:
    """Datang."""
    return woman.came


def mother_did_not_come(woman: PregnancyMonth) -> bool:
    """Tidak datang."""
    return not woman.came


def weight_green(woman: PregnancyMonth) -> bool:
    """BB sesuai kurva."""
    return woman.judged("weight_red") is False


def weight_red(woman: PregnancyMonth) -> bool:
    """BB tidak sesuai kurva."""
    return woman.judged("weight_red") is True


def arm_green(woman: PregnancyMonth) -> bool:
    """LiLA 23,5 cm or more."""
    return woman.judged("muac_red") is False


def chronic_energy_deficiency(woman: PregnancyMonth) -> bool:
    """KEK: LiLA below 23,5 cm."""
    return woman.judged("muac_red") is True


def pressure_green(woman: PregnancyMonth) -> bool:
    """Tekanan darah sesuai kurva."""
    return woman.judged("pressure_red") is False


def pressure_red(woman: PregnancyMonth) -> bool:
    """Tekanan darah tidak sesuai kurva, or 140/90 and above."""
    return woman.judged("pressure_red") is True


def got_iron(woman: PregnancyMonth) -> bool:
    """Mendapat TTD this month."""
    return any(_positive(visit, "iron_tablets") for visit in woman.visits)


def iron_daily(woman: PregnancyMonth) -> bool:
    """Minum TTD setiap hari."""
    return woman.last("iron_daily") is True


def iron_not_daily(woman: PregnancyMonth) -> bool:
    """Minum TTD tidak setiap hari."""
    return woman.last("iron_daily") is False


def got_food(woman: PregnancyMonth) -> bool:
    """Mendapat MT bumil KEK: said at a visit, or by a programme that ran this month."""
    return woman.fed or any(visit.get("kek_food") or _positive(visit, "kek_portions") for visit in woman.visits)


def food_daily(woman: PregnancyMonth) -> bool:
    """Makan MT bumil KEK setiap hari: as said at the last visit, else by the weeks of the programme."""
    return _ate_daily(woman) is True


def food_not_daily(woman: PregnancyMonth) -> bool:
    """Makan MT bumil KEK tidak setiap hari."""
    return _ate_daily(woman) is False


def _ate_daily(woman: PregnancyMonth) -> bool | None:
    told = woman.last("kek_daily")
    return told if isinstance(told, bool) else woman.fed_daily


def class_attended(woman: PregnancyMonth) -> bool:
    """Mengikuti kelas ibu hamil."""
    return woman.last("class_attended") is True


def class_not_attended(woman: PregnancyMonth) -> bool:
    """Tidak mengikuti kelas ibu hamil."""
    return woman.last("class_attended") is False


def _positive(visit: Answers, name: str) -> bool:
    amount = visit.get(name)
    return isinstance(amount, int) and amount > 0


def _last(visits: Sequence[Answers], name: str) -> Value | None:
    return next((visit[name] for visit in reversed(visits) if visit.get(name) is not None), None)


# How S came about from the month before


@dataclass(frozen=True)
class Flow:
    """S of the month before, who joined and who left for which reason, and S now: before + joined − left = now."""

    before: tuple[str, ...]
    joined: Mapping[str, tuple[str, ...]]
    left: Mapping[str, tuple[str, ...]]
    now: tuple[str, ...]

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Those for whom no birth, move, death or birthday explains the difference."""
        return self.joined.get("other", ()) + self.left.get("other", ())


def flow(before: Children, now: Children, everyone: Mapping[str, Answers], month: Month, reporting_day: date) -> Flow:
    """Who joined S (born, entered, other) and who left it (moved, died, turned five, other) since the month before."""
    had = {child.id for child in before if under_five(child)}
    has = {child.id for child in now if under_five(child)}
    joined: dict[str, tuple[str, ...]] = {}
    left: dict[str, tuple[str, ...]] = {}
    for child in now:
        if child.id in has - had:
            why = _why_joined(child.person, month)
            joined[why] = (*joined.get(why, ()), child.id)
    for child in before:
        if child.id in had - has:
            why = _why_left(everyone.get(child.id, child.person), reporting_day, child.rules.groups.preschool_from)
            left[why] = (*left.get(why, ()), child.id)
    return Flow(tuple(sorted(had)), joined, left, tuple(sorted(has)))


def _why_joined(person: Answers, month: Month) -> str:
    born_on, entered_on = person.get("born_on"), person.get("entered_on")
    if isinstance(born_on, date) and Month.of(born_on) >= month - 1:
        return "born"
    if isinstance(entered_on, date) and Month.of(entered_on) >= month - 1:
        return "entered"
    return "other"


def _why_left(person: Answers, reporting_day: date, five: int) -> str:
    born_on = person.get("born_on")
    if person.get("status") in ("moved", "died"):
        return str(person["status"])
    if isinstance(born_on, date) and age_months(born_on, Month.of(reporting_day).last) >= five:
        return "turned_five"
    return "other"
