"""What official sheets count, by the name their layouts use: children and women of a month, days held, lives begun."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from posyandu.domain import deaths as kinds
from posyandu.domain import indicators, life, postpartum
from posyandu.domain.adult import is_fertile_woman
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers
from posyandu.domain.forms.measures import CONTRACEPTION_METHODS, LONG_ACTING
from posyandu.domain.forms.pregnancy import gave_birth
from posyandu.domain.iks import FACILITIES
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.domain.service_group import Group
from posyandu.reports import formats
from posyandu.reports.counted import name_of, number_cell
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import Cell, PersonRef


@dataclass(frozen=True)
class SheetData:
    """What official sheets are made of: the rows of the monthly report, and what only the year's sheets ask.

    `sessions` are the days held of each month; `pregnancies` (woman's id and answers) all of the post, ended ones too;
    `doses` the immunisations of each person; `wus` what was last noted of a woman of childbearing age; `deaths` the
    notes of those who died; `activities` what the post did besides its days; `newborns` what was last noted of a
    child's first weeks; `handed_over` who came from a post that keeps what was before, `born_elsewhere` whose birth
    another post counts; `parts` the posts of a whole village or puskesmas, empty for one post.
    """

    report: MonthlyData
    sessions: Mapping[Month, tuple[Answers, ...]]
    pregnancies: tuple[tuple[str, Answers], ...]
    doses: Mapping[str, tuple[Answers, ...]] = field(default_factory=dict)
    wus: Mapping[str, Answers] = field(default_factory=dict)
    deaths: Mapping[str, Answers] = field(default_factory=dict)
    activities: tuple[Answers, ...] = ()
    newborns: Mapping[str, Answers] = field(default_factory=dict)
    handed_over: frozenset[str] = frozenset()
    born_elsewhere: frozenset[str] = frozenset()
    parts: tuple["SheetData", ...] = ()

    @property
    def month(self) -> Month:
        """The month reported on; of a year's sheet the last one filled."""
        return self.report.month

    def children(self, month: Month) -> Sequence[ChildMonth]:
        """The children of a month; none when nothing was recorded yet."""
        return self.report.children.get(month, ())

    def mothers(self, month: Month) -> Sequence[PregnancyMonth]:
        """The pregnant women of a month."""
        return self.report.pregnancies.get(month, ())

    def life(self, month: Month) -> Sequence[LifeMonth]:
        """Everybody else of a month: mothers after birth, school children, adults."""
        return self.report.life.get(month, ())


ChildCount = Callable[[ChildMonth], bool]
MotherCount = Callable[[PregnancyMonth], bool]
LifeCount = Callable[[LifeMonth], bool]
PostCount = Callable[[SheetData, Month], Cell]


def _class_is(measure: str, *codes: str) -> ChildCount:
    def holds(child: ChildMonth) -> bool:
        category = child.class_of(measure)
        return indicators.under_five(child) and category is not None and category.code in codes

    return holds


def _both(first: ChildCount, second: ChildCount) -> ChildCount:
    return lambda child: first(child) and second(child)


def _is_infant(child: ChildMonth) -> bool:
    return child.age_months < child.rules.groups.under_five_from


def _below_two(child: ChildMonth) -> bool:
    return child.age_months < child.rules.groups.baduta_until


def _has_diarrhoea(child: ChildMonth) -> bool:
    return child.any(lambda visit: visit.get("diarrhoea") is True)


def _got_oralit(child: ChildMonth) -> bool:
    return child.any(lambda visit: visit.get("oralit") is True)


def _born_now(child: ChildMonth, _noted: Answers, month: Month) -> bool:
    return _in(child.person["born_on"], month)


def _early_breastfed(child: ChildMonth, noted: Answers, month: Month) -> bool:
    return _born_now(child, noted, month) and child.person.get("early_breastfeeding") is True


def _low_birth_weight(child: ChildMonth, noted: Answers, month: Month) -> bool:
    grams = child.person.get("birth_weight_g")
    return _born_now(child, noted, month) and isinstance(grams, int) and grams < child.rules.newborn.low_under_g


def _of_balita(test: ChildCount) -> ChildCount:
    return _both(indicators.under_five, test)


def _capsule_of_age(colour: Literal["blue", "red"]) -> ChildCount:
    """A capsule this month, whichever it was, at the age for which the programme has this colour."""

    def holds(child: ChildMonth) -> bool:
        ages: tuple[int, int] = getattr(child.rules.vitamin_a, colour)
        return ages[0] <= child.age_months <= ages[1] and indicators.got_vitamin_a(child)

    return holds


def _everyone(_person: object) -> bool:
    return True


def _to_six_months(child: ChildMonth) -> bool:
    """The infants of E0 to E6: up to the sixth month of age."""
    return child.age_months <= child.rules.exclusive_months


def _breastfed_to_six(child: ChildMonth) -> bool:
    """E0 to E6: breast milk only, asked up to the sixth month of age."""
    return _to_six_months(child) and child.only_breast_milk is True


def _wasted_fed(child: ChildMonth) -> bool:
    return _class_is("whz", "wasted")(child) and indicators.got_supplement(child)


_i = indicators
CHILD_COUNTS: Mapping[str, ChildCount] = {
    "s": _i.under_five,
    "k": _i.has_book,
    "d": _i.weighed,
    "n": _i.gained,
    "t": _i.not_gained,
    "o": _i.missed_last_month,
    "b": _i.first_weighed,
    "2t": _i.not_gained_twice,
    "bgm": _i.below_red_line,
    "orange": _i.above_orange_line,
    "k_minus_d": _i.booked_not_weighed,
    "s_minus_d": _i.not_weighed,
    "s36": _i.turned_36_months,
    "graduated": _i.graduated,
    "severely_underweight": _class_is("waz", "severely_underweight"),
    "underweight": _class_is("waz", "underweight"),
    "severely_wasted": _class_is("whz", "severely_wasted"),
    "wasted": _class_is("whz", "wasted"),
    "wasted_fed": _wasted_fed,
    "stunted": _class_is("haz", "stunted", "severely_stunted"),
    "blue": _of_balita(_i.got_blue_capsule),
    "red": _of_balita(_i.got_red_capsule),
    "vitamin_a": _of_balita(_i.got_vitamin_a),
    "vitamin_a_infants": _capsule_of_age("blue"),
    "vitamin_a_toddlers": _capsule_of_age("red"),
    "breastfed": _i.exclusively_breastfed,
    "breastfed_e": _breastfed_to_six,
    "dewormed": _i.dewormed,
    "everyone": _everyone,
    "children_came": _i.came,
    "infants_came": _both(_is_infant, _i.came),
    "toddlers_came": _both(_both(_i.under_five, lambda child: not _is_infant(child)), _i.came),
    "infants": _is_infant,
    "infants_to_six": _to_six_months,
    "below_two_s": _both(_below_two, _i.under_five),
    "diarrhoea": _both(_i.under_five, _has_diarrhoea),
    "oralit": _both(_i.under_five, _got_oralit),
    "bgm_below_two": _both(_below_two, _i.below_red_line),
}
"""The children an item or column counts, by name."""


def _visited_first(child: ChildMonth, noted: Answers, month: Month) -> bool:
    """KN1 in its days, this month."""
    first, *_later = _neonatal(child, noted)
    return first.state == "done" and _done_here(child, first.done_on, month)


def _visited_wholly(child: ChildMonth, noted: Answers, month: Month) -> bool:
    """KN lengkap: all three in their days, the last of them this month."""
    due = _neonatal(child, noted)
    return postpartum.is_complete(due) and _done_here(child, due[-1].done_on, month)


def _done_here(child: ChildMonth, on: date | None, month: Month) -> bool:
    """In the month, while the child lived here: what was done where it came from or went to is counted there."""
    entered_on, left_on = child.person.get("entered_on"), child.person.get("left_on")
    if on is None or on not in month or (isinstance(entered_on, date) and on < entered_on):
        return False
    return child.person.get("status") != "moved" or not isinstance(left_on, date) or on <= left_on


def _neonatal(child: ChildMonth, noted: Answers) -> tuple[postpartum.DueVisit, ...]:
    born_on = child.person["born_on"]
    assert isinstance(born_on, date), "a child without a day of birth is in no month"
    return postpartum.due_visits(child.rules.newborn_visits, born_on, noted, child.on, "kn")


def _thyroid_screened(child: ChildMonth, noted: Answers, month: Month) -> bool:
    """SHK: no day is noted of it, so it counts in the month of birth."""
    return _born_now(child, noted, month) and noted.get("thyroid_screened") is True


_NEONATAL_DAYS = ("kn1_on", "kn2_on", "kn3_on")
NEWBORN_COUNTS: Mapping[str, tuple[tuple[str, ...], Callable[[ChildMonth, Answers, Month], bool]]] = {
    "born": ((), _born_now),
    "early_breastfed": ((), _early_breastfed),
    "low_birth_weight": ((), _low_birth_weight),
    "kn1": (_NEONATAL_DAYS, _visited_first),
    "kn_complete": (_NEONATAL_DAYS, _visited_wholly),
    "thyroid_screened": (("thyroid_screened",), _thyroid_screened),
}
"""What is counted of a birth and a child's first weeks, by name: the answers that tell it, and the test."""


def _kek_fed(woman: PregnancyMonth) -> bool:
    return _i.chronic_energy_deficiency(woman) and _i.got_food(woman)


def _anaemic(woman: PregnancyMonth) -> bool:
    return woman.judged("anaemic") is True


def _ninety_tablets(woman: PregnancyMonth) -> bool:
    """The tablets of the pregnancy reached what LB3 asks at a visit of this month."""
    return any(each.tablets_total >= woman.rules.lb3_tablets for each in woman.assessments[-1:])


def _severe(child: ChildMonth) -> bool | None:
    """Gizi buruk by BB/PB or BB/TB at the last measuring of the month; None when it was not known."""
    category = child.class_of("whz")
    return None if category is None else category.code == "severely_wasted"


def _last_severe(data: SheetData, id_: str, month: Month) -> Month | None:
    """The month up to this one in which a child was last classed, when it was then gizi buruk; from December on."""
    same = data.report.same
    for each in sorted((each for each in data.report.children if each <= month), reverse=True):
        for child in data.children(each):
            if same.get(child.id, child.id) == same.get(id_, id_) and (severe := _severe(child)) is not None:
                return each if severe else None
    return None


def _severe_since(data: SheetData, id_: str, month: Month) -> str:
    """ "new" for a child that is gizi buruk since this month, "old" since an earlier one, else ""."""
    last = _last_severe(data, id_, month)
    if last is None:
        return ""
    return "new" if last == month and _last_severe(data, id_, month - 1) is None else "old"


def _severe_case(since: str) -> Callable[[ChildMonth, SheetData, Month], bool]:
    def holds(child: ChildMonth, data: SheetData, month: Month) -> bool:
        return indicators.under_five(child) and _severe(child) is True and _severe_since(data, child.id, month) == since

    return holds


CASE_COUNTS: Mapping[str, Callable[[ChildMonth, SheetData, Month], bool]] = {
    "severely_wasted_new": _severe_case("new"),
    "severely_wasted_old": _severe_case("old"),
}
"""The children counted by what was known of them in the months before, by name."""


MOTHER_COUNTS: Mapping[str, MotherCount] = {
    "pregnant": _everyone,
    "pregnant_came": _i.mother_came,
    "kek": _i.chronic_energy_deficiency,
    "kek_fed": _kek_fed,
    "got_iron": _i.got_iron,
    "iron_90": _ninety_tablets,
    "anaemic": _anaemic,
    "class_attended": _i.class_attended,
    "pregnant_referred": _i.referred,
}
"""The pregnant women an item or column counts, by name."""


def _wus_came(person: LifeMonth) -> bool:
    """A visitor of childbearing age who is a woman and not pregnant."""
    return person.came and is_fertile_woman(person.rules, person.person, person.on)


_AFTER_BIRTH = life.of_groups(Group.POSTPARTUM, Group.BREASTFEEDING)
_CONTRACEPTION = life.both(_AFTER_BIRTH, life.answered("contraception", True))
_SHORT_ACTING = tuple(each.code for each in CONTRACEPTION_METHODS if each.code not in LONG_ACTING)


def _method_among(codes: Collection[str]) -> LifeCount:
    """Whether a mother after birth uses one of these methods; of whom it is not known which, none holds."""
    return lambda person: _CONTRACEPTION(person) and person.last("contraception_method") in codes


LIFE_COUNTS: Mapping[str, LifeCount] = {
    "postpartum": life.of_groups(Group.POSTPARTUM),
    "postpartum_vitamin_a": life.got_vitamin_a,
    "breastfeeding": _AFTER_BIRTH,
    "breastfeeding_came": life.both(_AFTER_BIRTH, life.came),
    "wus_came": _wus_came,
    "contraception": _CONTRACEPTION,
    "contraception_long": _method_among(LONG_ACTING),
    "contraception_short": _method_among(_SHORT_ACTING),
}
"""The mothers after birth and other women an item or column counts, by name."""

DOSES: Mapping[str, tuple[str, int]] = {
    "hb0": ("hb0", 1),
    "bcg": ("bcg", 1),
    **{f"opv_{number}": ("opv", number) for number in range(1, 5)},
    **{f"dpt_{number}": ("dpt_hb_hib", number) for number in range(1, 4)},
    "measles": ("mr", 1),
}
"""The doses on the classic blanks: antigen and number."""


def given_on(doses: Iterable[Answers], name: str) -> date | None:
    """The day a dose of the classic blanks was given; None when it was not, or nobody knows when.

    Of a dose recorded twice, say by two records of one child that were joined, the earlier.
    """
    antigen, number = DOSES[name]
    days = (dose.get("given_on") for dose in doses if (dose.get("antigen"), dose.get("dose")) == (antigen, number))
    return min((on for on in days if isinstance(on, date)), default=None)


UNRECORDED = Cell(formats.DASH)
"""What is printed where the book of the post has no record of the kind at all: unknown, not zero."""


def _dose_cell(name: str, data: SheetData, month: Month) -> Cell:
    if not data.doses:
        return UNRECORDED

    def given(child: ChildMonth) -> bool:
        on = given_on(data.doses.get(child.id, ()), name)
        return on is not None and on in month

    return number_cell(child for child in data.children(month) if given(child))


def _tetanus(number: int) -> PostCount:
    """The women who got this tetanus dose in the month."""

    def cell(data: SheetData, month: Month) -> Cell:
        return _women_cell(data, lambda noted: _in(noted.get(f"tetanus_{number}_on"), month))

    return cell


def _pregnant_tetanus(data: SheetData, month: Month) -> Cell:
    if not data.wus:
        return UNRECORDED

    def got(noted: Answers) -> bool:
        return any(_in(noted.get(f"tetanus_{number}_on"), month) for number in range(1, 6))

    return number_cell(woman for woman in data.mothers(month) if got(data.wus.get(woman.id, {})))


def _method(code: str) -> PostCount:
    """The women noted in the month with this method, in the register of WUS or at a visit; not who uses none."""

    def uses(noted: Answers) -> bool:
        return noted.get("contraception_method") == code and noted.get("contraception") is not False

    def cell(data: SheetData, month: Month) -> Cell:
        after = {each.id for each in data.life(month) if any(uses(visit) for visit in each.visits)}
        noted = {id_ for id_, answers in data.wus.items() if uses(answers) and _in(answers.get("visited_on"), month)}
        everyone = data.report.everyone
        if not (data.wus or after):
            return UNRECORDED
        return _people_cell((id_, everyone[id_]) for id_ in sorted(after | noted) if id_ in everyone)

    return cell


def _women_cell(data: SheetData, test: Callable[[Answers], bool], among: Collection[str] | None = None) -> Cell:
    if not data.wus:
        return UNRECORDED
    everyone = data.report.everyone
    return _people_cell(
        (id_, everyone[id_])
        for id_, noted in data.wus.items()
        if id_ in everyone and test(noted) and (among is None or id_ in among)
    )


def _in(day: object, month: Month) -> bool:
    return isinstance(day, date) and day in month


def deaths(data: SheetData, month: Month) -> list[tuple[str, Answers, date]]:
    """Those of the post who died in a month, with the day, by day."""
    found = [
        (id_, person, left_on)
        for id_, person in data.report.everyone.items()
        if person.get("status") == "died"
        and person.get("guest") is not True
        and isinstance(left_on := person.get("left_on"), date)
        and left_on in month
    ]
    return sorted(found, key=lambda each: (each[2], each[0]))


def _infants_died(data: SheetData, month: Month) -> Cell:
    infants = data.report.rules.groups.under_five_from
    return _people_cell(
        (id_, person)
        for id_, person, on in deaths(data, month)
        if isinstance(born_on := person.get("born_on"), date) and age_months(born_on, on) < infants
    )


def _severe_died(since: str) -> PostCount:
    """The balita who died in the month and were gizi buruk when last measured, as new or old cases."""

    def cell(data: SheetData, month: Month) -> Cell:
        return _people_cell(_died_severe(data, month, since))

    return cell


def _died_severe(data: SheetData, month: Month, *since: str) -> list[tuple[str, Answers]]:
    under = data.report.rules.groups.preschool_from
    return [
        (id_, person)
        for id_, person, on in deaths(data, month)
        if isinstance(born_on := person.get("born_on"), date)
        and age_months(born_on, on) < under
        and _severe_since(data, id_, month) in since
    ]


def _severe_died_this_year(data: SheetData, month: Month) -> Cell:
    months = (Month(month.year, number) for number in range(1, month.month + 1))
    return _people_cell(each for one in months for each in _died_severe(data, one, "new", "old"))


def mothers_died(data: SheetData, month: Month) -> dict[str, date]:
    """The women whose death in a month counts as a mother's, with the day (`domain.deaths`: accidents do not count).

    A woman of whom only the pregnancy says that she died counts by that.
    """
    rules = data.report.rules
    carried: dict[str, list[Answers]] = {}
    for woman, answers in data.pregnancies:
        carried.setdefault(woman, []).append(answers)
    found = {
        id_: on
        for id_, person, on in deaths(data, month)
        if kinds.kind(rules, person, carried.get(id_, ()), on, accident=_by_accident(data, id_)) == "mother"
    }
    everyone = data.report.everyone
    told = {
        woman: ended_on
        for woman, answers in data.pregnancies
        if answers.get("outcome") == "died"
        and isinstance(ended_on := answers.get("ended_on"), date)
        and ended_on in month
        and woman in everyone
        and everyone[woman].get("status") != "died"
    }
    return found | told


def _by_accident(data: SheetData, id_: str) -> bool:
    return data.deaths.get(id_, {}).get("accident") is True


def _mothers_died(data: SheetData, month: Month) -> Cell:
    everyone = data.report.everyone
    return _people_cell((woman, everyone[woman]) for woman in mothers_died(data, month))


def _pus_came(data: SheetData, month: Month) -> Cell:
    """The married women of childbearing age who came: those noted as a couple in the register of WUS and PUS."""
    if not data.wus:
        return UNRECORDED
    came = {each.id for each in data.life(month) if life.came(each)}
    came |= {each.id for each in data.mothers(month) if indicators.mother_came(each)}
    return _women_cell(data, lambda noted: noted.get("couple") is True, came)


def births(data: SheetData, month: Month) -> list[tuple[str, Answers]]:
    """The children born here in a month, by day of birth: one birth is one count, where the mother lived.

    Born elsewhere are who came to live here much later, whom another post handed over or wrote down first, and whose
    mother came to live here after the birth.
    """
    return [each for each in _new_here(data, month) if not _born_elsewhere(data, *each)]


def _born_elsewhere(data: SheetData, id_: str, person: Answers) -> bool:
    """Whether another post counts this birth. The day a baby came may be that of its registration: it says little."""
    born_on, mother_id = person["born_on"], str(person.get("mother_id"))
    if id_ in data.born_elsewhere or (id_ in data.handed_over and _before_it_came(data, id_, person, born_on)):
        return True
    mother = data.report.everyone.get(mother_id, {})
    return mother.get("guest") is not True and _before_it_came(data, mother_id, mother, born_on)


def _before_it_came(data: SheetData, id_: str, person: Answers, on: object) -> bool:
    """Whether somebody lived elsewhere on this day; on that of a hand-over they still belong to the post before."""
    came = person.get("entered_on")
    if not isinstance(came, date) or not isinstance(on, date):
        return False
    return on < came or (on == came and id_ in data.handed_over)


def _new_here(data: SheetData, month: Month) -> list[tuple[str, Answers]]:
    """The newborns of a month who live or lived here, wherever their birth counts."""
    found = [
        (id_, person)
        for id_, person in data.report.everyone.items()
        if person.get("guest") is not True
        and isinstance(born_on := person.get("born_on"), date)
        and born_on in month
        and not (isinstance(entered_on := person.get("entered_on"), date) and entered_on > (month + 2).last)
    ]
    return sorted(found, key=lambda each: (str(each[1]["born_on"]), each[0]))


def _born(data: SheetData, month: Month) -> Cell:
    return _people_cell(births(data, month))


def _people_cell(found: Iterable[tuple[str, Answers]]) -> Cell:
    refs = tuple(PersonRef(id_, name_of(person)) for id_, person in found)
    return Cell(formats.whole(len(refs)), len(refs), refs)


def _facility_births(data: SheetData, month: Month) -> Cell:
    """The women who gave birth in the month where health workers are; a guest is counted at her own post."""
    everyone = {id_: person for id_, person in data.report.everyone.items() if person.get("guest") is not True}
    found = {
        id_: everyone[id_]
        for id_, pregnancy in data.pregnancies
        if id_ in everyone
        and pregnancy.get("birth_place") in FACILITIES
        and _in(ended_on := pregnancy.get("ended_on"), month)
        and not _before_it_came(data, id_, everyone[id_], ended_on)
    }
    return _people_cell(found.items())


def _fourth_nifas_visit(data: SheetData, month: Month) -> Cell:
    """KF4: the women visited in its days, this month; unknown where no visit after a birth was ever noted."""
    everyone = {id_: person for id_, person in data.report.everyone.items() if person.get("guest") is not True}
    if not any(each.get(f"kf{number}_on") for _woman, each in data.pregnancies for number in (1, 2, 3, 4)):
        return UNRECORDED

    def visited(woman: str, told: Answers) -> bool:
        born_on = told.get("ended_on")
        if not gave_birth(told) or not isinstance(born_on, date):
            return False
        last = postpartum.due_visits(data.report.rules.nifas.visits, born_on, told, month.last, "kf")[-1]
        here = not _before_it_came(data, woman, everyone[woman], last.done_on)
        return last.state == "done" and _in(last.done_on, month) and here

    found = {woman: everyone[woman] for woman, told in data.pregnancies if woman in everyone and visited(woman, told)}
    return _people_cell(found.items())


def _posts(_data: SheetData, _month: Month) -> Cell:
    """A post; the posts of a level are summed."""
    return Cell(formats.whole(1), 1)


def _posts_open(data: SheetData, month: Month) -> Cell:
    """A post that was open in the month."""
    return Cell(formats.whole(1), 1) if data.sessions.get(month) else Cell(formats.whole(0), 0)


def _most(name: str) -> PostCount:
    """The most of the month's days; a dash when nobody wrote it down."""

    def cell(data: SheetData, month: Month) -> Cell:
        known = [number for each in data.sessions.get(month, ()) if isinstance(number := each.get(name), int)]
        return Cell(formats.whole(max(known)), max(known)) if known else Cell(formats.DASH)

    return cell


def _meals(data: SheetData, month: Month) -> Cell:
    """The balita who came in a month in which PMT penyuluhan was given."""
    if not any(each.get("meal_given") is True for each in data.sessions.get(month, ())):
        return number_cell(())
    return number_cell(child for child in data.children(month) if _i.under_five(child) and _i.came(child))


def _days_open(data: SheetData, month: Month) -> Cell:
    """How many days the post was open."""
    days = len(data.sessions.get(month, ()))
    return Cell(formats.whole(days), days)


POST_COUNTS: Mapping[str, PostCount] = {
    "births": _born,
    "facility_births": _facility_births,
    "kf4": _fourth_nifas_visit,
    "posts": _posts,
    "posts_open": _posts_open,
    "infants_died": _infants_died,
    "severe_died_new": _severe_died("new"),
    "severe_died_old": _severe_died("old"),
    "severe_died_this_year": _severe_died_this_year,
    "mothers_died": _mothers_died,
    "pus_came": _pus_came,
    "kader": _most("kader_present"),
    "plkb": _most("plkb_present"),
    "health_workers": _most("health_workers_present"),
    "meals": _meals,
    "days_open": _days_open,
    "pregnant_tetanus": _pregnant_tetanus,
    **{f"tetanus_{number}": _tetanus(number) for number in range(1, 6)},
    **{f"kb_{code}": _method(code) for code in ("condom", "pill", "injection")},
}
"""What is counted of the post as a whole, by name."""

OF_CHILDREN: frozenset[str] = frozenset((*CHILD_COUNTS, *NEWBORN_COUNTS, *CASE_COUNTS))
"""What is counted of children, and so by age, sex and family."""

COUNTS: frozenset[str] = frozenset((*OF_CHILDREN, *MOTHER_COUNTS, *LIFE_COUNTS, *DOSES, *POST_COUNTS))
"""Every name a layout may use."""


def _summed(cells: Sequence[Cell]) -> Cell:
    """What the posts of a level have together; unknown only where none of them knows."""
    known = [cell.value for cell in cells if isinstance(cell.value, int)]
    if not known:
        return UNRECORDED
    return Cell(formats.whole(sum(known)), sum(known), tuple(ref for cell in cells for ref in cell.people))


def count_cell(name: str, data: SheetData, month: Month, among: Callable[[ChildMonth], bool] = _everyone) -> Cell:
    """The count of a month as a cell that knows its people; `among` keeps to some of the children.

    A month without records is empty. Raises KeyError for a name that is not in COUNTS.
    """
    if name in POST_COUNTS:
        count = POST_COUNTS[name]
        return _summed([count(part, month) for part in data.parts]) if data.parts else count(data, month)
    if name in MOTHER_COUNTS:
        return number_cell(woman for woman in data.mothers(month) if MOTHER_COUNTS[name](woman))
    if name in LIFE_COUNTS:
        return number_cell(person for person in data.life(month) if LIFE_COUNTS[name](person))
    if name in DOSES:
        return _dose_cell(name, data, month)
    if name in NEWBORN_COUNTS:
        return _newborn_cell(name, data, month, among)
    if name in CASE_COUNTS:
        case = CASE_COUNTS[name]
        return number_cell(child for child in data.children(month) if among(child) and case(child, data, month))
    test = CHILD_COUNTS[name]
    return number_cell(child for child in data.children(month) if among(child) and test(child))


def _newborn_cell(name: str, data: SheetData, month: Month, among: Callable[[ChildMonth], bool]) -> Cell:
    """Unknown where nothing of the kind was ever noted."""
    if data.parts:
        return _summed([_newborn_cell(name, part, month, among) for part in data.parts])
    told, test = NEWBORN_COUNTS[name]
    if told and not any(noted.get(each) is not None for noted in data.newborns.values() for each in told):
        return UNRECORDED
    found = (each for each in _newborns(data, month) if test(each, data.newborns.get(each.id, {}), month))
    at_birth = told is not _NEONATAL_DAYS
    return number_cell(
        child for child in found if among(child) and not (at_birth and _born_elsewhere(data, child.id, child.person))
    )


def _newborns(data: SheetData, month: Month) -> Iterable[ChildMonth]:
    """The newborns here of the month and the one before.

    With those who died or moved away since, and those born after the month's posyandu day: of no such child is
    anything counted in another month.
    """
    there, rules = {child.id: child for child in data.children(month)}, data.report.rules
    for id_, person in (*_new_here(data, month - 1), *_new_here(data, month)):
        born_on, left_on = person["born_on"], person.get("left_on")
        assert isinstance(born_on, date)
        on = max(born_on, min(month.last, left_on)) if isinstance(left_on, date) else month.last
        yield there.get(id_) or ChildMonth(rules, id_, person, on, age_months(born_on, on), False, False, (), ())
