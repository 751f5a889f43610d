"""Which death it was: of a mother, a newborn, an infant, an under-five child, or of anybody else.

Definitions: a mother's death lies in a pregnancy or within 42 days of its end, however it ended, and is no accident;
neonatal 0-28 days (early 0-7), infant 0-11 months, under five 0-59 months (SIP Format 1 and 5; KMK 2015/2023). A
stillbirth is no death of an infant.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from posyandu.domain.calendar import age_days, age_months
from posyandu.domain.fields import Answers
from posyandu.domain.service_group import POSTPARTUM_DAYS, began_on
from posyandu.text import N_, _

EARLY_NEONATAL_DAYS = 7
NEONATAL_DAYS = 28
INFANT_MONTHS = 12
UNDER_FIVE_MONTHS = 60

_LABELS = {
    "mother": N_("Kematian ibu"),
    "neonatal_early": N_("Kematian neonatal dini (0 sampai 7 hari)"),
    "neonatal": N_("Kematian neonatal (8 sampai 28 hari)"),
    "infant": N_("Kematian bayi"),
    "under_five": N_("Kematian anak balita"),
    "other": N_("Kematian"),
    "unknown": N_("Kematian, umur belum diketahui"),
}


def kind(person: Answers, pregnancies: Iterable[Answers], died_on: date, *, accident: bool) -> str:
    """One of "mother", "neonatal_early", "neonatal", "infant", "under_five", "other", "unknown" (no birth date)."""
    if not accident and any(_covers(each, died_on) for each in pregnancies):
        return "mother"
    born_on = person.get("born_on")
    if not isinstance(born_on, date) or born_on > died_on:
        return "unknown"
    days, months = age_days(born_on, died_on), age_months(born_on, died_on)
    if days <= EARLY_NEONATAL_DAYS:
        return "neonatal_early"
    if days <= NEONATAL_DAYS:
        return "neonatal"
    if months < INFANT_MONTHS:
        return "infant"
    return "under_five" if months < UNDER_FIVE_MONTHS else "other"


def label(code: str) -> str:
    """The words for a kind of death."""
    return _(_LABELS[code])


def _covers(pregnancy: Answers, day: date) -> bool:
    """Whether the day lies in the pregnancy or within 42 days of its end."""
    began, ended_on = began_on(pregnancy), pregnancy.get("ended_on")
    if began is not None and day < began:
        return False
    if not isinstance(ended_on, date):
        return pregnancy.get("outcome") in (None, "ongoing", "died")
    return day <= ended_on + timedelta(days=POSTPARTUM_DAYS)
