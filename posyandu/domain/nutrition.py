"""Nutritional status: the class a z-score, an arm or a head falls into, by the standard of the day.

Permenkes 2/2020: a value exactly on a border belongs to the milder class. What was not measured, or has no standard
at that age, is "unknown" and never "normal".
"""

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from posyandu.domain.standards import Standards
from posyandu.text import N_, _


@dataclass(frozen=True)
class Category:
    """A class with the exact words of the regulation; `level` is "ok", "warn", "bad" or "unknown"."""

    code: str
    label: str
    level: str
    refer: bool


UNKNOWN_LABEL = N_("Belum dapat dinilai")


def unknown() -> Category:
    """The class of what was not measured or cannot be judged."""
    return _category("unknown", _(UNKNOWN_LABEL), "unknown", refer=False)


@cache
def _category(code: str, label: str, level: str, *, refer: bool) -> Category:
    """Each class once: a puskesmas keeps tens of thousands of judgements in memory."""
    return Category(code, label, level, refer)


def classify(standards: Standards, index: str, z: float | None, age_months: int, on: date) -> Category:
    """The class of a z-score ("waz", "haz", "whz", "baz", "hcz"; 2 decimals) at completed months of age, on a day."""
    scheme = standards.on(on).scheme(index, age_months)
    if z is None or scheme is None:
        return unknown()
    band = scheme.band(z)
    return _category(band.code, _(band.label), band.level, refer=band.refer)


def wasting_class(
    standards: Standards, whz: float | None, age_months: int, on: date, *, oedema: bool = False
) -> Category:
    """The class by weight for length or height; the worst one when both feet swell, whatever was measured.

    Permenkes 2/2020: bilateral oedema is gizi buruk, and no score that uses the weight is computed.
    """
    return classify(standards, "whz", -math.inf if oedema else whz, age_months, on)


def muac_class(standards: Standards, muac_mm: int | None, age_months: int, on: date) -> Category:
    """The colour of the arm in millimetres: red, yellow or green from 6 to 59 months, otherwise unknown."""
    return classify(standards, "muac_mm", muac_mm, age_months, on)
