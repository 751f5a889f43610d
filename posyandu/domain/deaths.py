"""Which death it was: of a mother, a newborn, an infant, an under-five child, or of anybody else.

Definitions: a mother's death lies in a pregnancy or in the days of nifas after its end, however it ended, and is no
accident; neonatal 0-28 days (early 0-7), infant 0-11 months, under five 0-59 months (SIP Format 1 and 5; KMK
2015/2023), as the dated rules have them. A stillbirth is no death of an infant.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from posyandu.domain.bounds import filled
from posyandu.domain.calendar import age_days, age_months
from posyandu.domain.fields import Answers
from posyandu.domain.service_group import GroupRule, began_on
from posyandu.domain.standards import Rules
from posyandu.text import N_, _

_LABELS = {
    "mother": N_("Kematian ibu"),
    "neonatal_early": N_("Kematian neonatal dini (0 sampai {early_days} hari)"),
    "neonatal": N_("Kematian neonatal (sesudahnya, sampai {neonatal_days} hari)"),
    "infant": N_("Kematian bayi"),
    "under_five": N_("Kematian anak balita"),
    "other": N_("Kematian"),
    "unknown": N_("Kematian, umur belum diketahui"),
}


def kind(rules: Rules, person: Answers, pregnancies: Iterable[Answers], died_on: date, *, accident: bool) -> str:
    """One of "mother", "neonatal_early", "neonatal", "infant", "under_five", "other", "unknown" (no birth date)."""
    if not accident and any(_covers(rules.groups, each, died_on) for each in pregnancies):
        return "mother"
    born_on = person.get("born_on")
    if not isinstance(born_on, date) or born_on > died_on:
        return "unknown"
    days, months = age_days(born_on, died_on), age_months(born_on, died_on)
    if days <= rules.newborn.early_days:
        return "neonatal_early"
    if days <= rules.newborn.neonatal_days:
        return "neonatal"
    if months < rules.groups.under_five_from:
        return "infant"
    return "under_five" if months < rules.groups.preschool_from else "other"


def label(code: str, rules: Rules) -> str:
    """The words for a kind of death, with the days of the rules."""
    return filled(_(_LABELS[code]), rules)


def _covers(rule: GroupRule, pregnancy: Answers, day: date) -> bool:
    """Whether the day lies in the pregnancy or in nifas."""
    began, ended_on = began_on(pregnancy), pregnancy.get("ended_on")
    if began is not None and day < began:
        return False
    if not isinstance(ended_on, date):
        return pregnancy.get("outcome") in (None, "ongoing", "died")
    return day <= ended_on + timedelta(days=rule.postpartum_days)
