"""Which service group of the life cycle someone belongs to on a day.

The bounds are dated data (resources/rules/life.json). A pregnancy, the days after a birth (nifas) and the time a mother
is known to breastfeed override age.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.text import N_, _


class Group(Enum):
    """The service groups, in the order of the registers."""

    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    BREASTFEEDING = "breastfeeding"
    INFANT = "infant"
    UNDER_FIVE = "under_five"
    PRESCHOOL = "preschool"
    SCHOOL = "school"
    YOUTH = "youth"
    ADULT = "adult"
    ELDERLY = "elderly"

    @property
    def label(self) -> str:
        """What the group is called on the registers."""
        return _(_LABELS[self])


_LABELS = {
    Group.PREGNANT: N_("Ibu hamil"),
    Group.POSTPARTUM: N_("Ibu nifas"),
    Group.BREASTFEEDING: N_("Ibu menyusui"),
    Group.INFANT: N_("Bayi"),
    Group.UNDER_FIVE: N_("Balita"),
    Group.PRESCHOOL: N_("Apras"),
    Group.SCHOOL: N_("Usia sekolah"),
    Group.YOUTH: N_("Remaja"),
    Group.ADULT: N_("Dewasa"),
    Group.ELDERLY: N_("Lansia"),
}


@dataclass(frozen=True)
class GroupRule:
    """The completed months at which each group begins, and how long a birth overrides age.

    Nifas lasts to day `postpartum_days` inclusive (the birth is day 0), breastfeeding to before `breastfeeding_months`.
    A child is baduta ("0-23 bulan" of the blanks) to before `baduta_until`.
    """

    under_five_from: int
    preschool_from: int
    school_from: int
    youth_from: int
    adult_from: int
    elderly_from: int
    postpartum_days: int
    breastfeeding_months: int
    baduta_until: int

    def by_age(self, months: int) -> Group | None:
        """The group of an age in completed months; None before birth."""
        bounds = (
            (self.elderly_from, Group.ELDERLY),
            (self.adult_from, Group.ADULT),
            (self.youth_from, Group.YOUTH),
            (self.school_from, Group.SCHOOL),
            (self.preschool_from, Group.PRESCHOOL),
            (self.under_five_from, Group.UNDER_FIVE),
            (0, Group.INFANT),
        )
        return next((group for first, group in bounds if months >= first), None)


CHILDREN = frozenset((Group.INFANT, Group.UNDER_FIVE, Group.PRESCHOOL))
"""The groups of one register and one form: bayi, balita dan apras."""

AFTER_BIRTH = frozenset((Group.POSTPARTUM, Group.BREASTFEEDING))
SCHOOL_AGE = frozenset((Group.SCHOOL, Group.YOUTH))
GROWN = frozenset((Group.ADULT, Group.ELDERLY))

MONTHLY = CHILDREN | AFTER_BIRTH | {Group.PREGNANT}
"""The groups expected on every posyandu day; the others come when they can, at least once a year."""


def group_on(rule: GroupRule, person: Answers, on: date, pregnancy: Answers | None = None) -> Group | None:
    """The group on a day; None when neither birth date nor pregnancy tells, or before birth.

    `pregnancy` is the one `pregnancy_on` picks, or None.
    """
    by_pregnancy = _group_by_pregnancy(rule, pregnancy, on) if pregnancy is not None else None
    if by_pregnancy is not None:
        return by_pregnancy
    born_on = person.get("born_on")
    if not isinstance(born_on, date):
        return None
    return rule.by_age(age_months(born_on, on))


def pregnancy_on(rule: GroupRule, pregnancies: Iterable[Answers], on: date) -> Answers | None:
    """The pregnancy that makes her pregnant or postpartum on this day, the latest when there are several."""
    matching = [each for each in pregnancies if _group_by_pregnancy(rule, each, on) is not None]
    return max(matching, key=lambda each: began_on(each) or date.min, default=None)


def began_on(pregnancy: Answers) -> date | None:
    """The first day the pregnancy counts from: first day of the last period, else the day it was noted."""
    for name in ("lmp_on", "noted_on"):
        day = pregnancy.get(name)
        if isinstance(day, date):
            return day
    return None


def _group_by_pregnancy(rule: GroupRule, pregnancy: Answers, on: date) -> Group | None:
    began = began_on(pregnancy)
    if began is not None and on < began:
        return None
    ended_on = pregnancy.get("ended_on")
    if pregnancy.get("outcome") in (None, "ongoing"):
        return Group.PREGNANT
    if not isinstance(ended_on, date):
        return None
    if on < ended_on:
        return Group.PREGNANT
    gave_birth = pregnancy.get("outcome") in ("live_birth", "stillbirth")
    if gave_birth and on <= ended_on + timedelta(days=rule.postpartum_days):
        return Group.POSTPARTUM
    suckles = pregnancy.get("outcome") == "live_birth" and pregnancy.get("breastfeeding") is True
    if suckles and age_months(ended_on, on) < rule.breastfeeding_months:
        return Group.BREASTFEEDING
    return None
