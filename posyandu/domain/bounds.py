"""The bounds that sentences name, as they are written, from the rules in force: no sentence keeps an old number."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from posyandu.domain.calendar import MONTHS
from posyandu.domain.standards import Band, Rules, Scheme, Window
from posyandu.text import _, count, figure

A_CHILD = 24
"""An age in months at which the arm of a child is classed."""
A_PUPIL = 120
"""An age in months of a pupil."""
A_GROWN_UP = 360
"""An age in months of an adult."""
VISITS = ("KF1", "KF2", "KF3", "KF4", "KN1", "KN2", "KN3")
"""The visits of health workers after a birth."""


def _plain(value: float) -> str:
    return figure(f"{value:g}")


def _tenths(value: int) -> str:
    return _plain(value / 10)


def _pair(upper: int | None, lower: int | None) -> str:
    return f"{upper}/{lower}"


def _months(numbers: Iterable[int]) -> str:
    return _(" dan ").join(_(MONTHS[number - 1]) for number in numbers)


def _below(bands: Iterable[Band], code: str) -> float:
    """Below which a value is of this class."""
    return next(band.below for band in bands if band.code == code and band.below is not None)


def _above(bands: Iterable[Band], code: str) -> float:
    """Above which a value is of this class, or from which on: where the class before it ends."""
    told = list(bands)
    before = told[next(place for place, band in enumerate(told) if band.code == code) - 1]
    bound = before.below if before.up_to is None else before.up_to
    assert bound is not None
    return bound


def _of_life(rules: Rules, index: str) -> tuple[Band, ...]:
    """The classes of adults; of what only older ones are asked, theirs."""
    return next(each.bands for each in rules.life_classes if each.index == index and each.to_months >= A_GROWN_UP)


def _of_growth(rules: Rules, index: str, months: int) -> tuple[Band, ...]:
    scheme = rules.scheme(index, months)
    assert scheme is not None
    return scheme.bands


def _grown_pressure(rules: Rules) -> str:
    """The blood pressure from which an adult is referred."""
    scheme = rules.pressure_scheme(A_GROWN_UP)
    assert scheme is not None
    mildest = [each for each in scheme.classes if each.refer][-1]
    return _pair(mildest.systolic, mildest.diastolic)


def grown_emergency(rules: Rules) -> tuple[int, int]:
    """The systolic and diastolic pressure from which on an adult is referred the same day: the highest class."""
    scheme = rules.pressure_scheme(A_GROWN_UP)
    assert scheme is not None
    upper, lower = scheme.classes[0].systolic, scheme.classes[0].diastolic
    assert upper is not None
    assert lower is not None
    return upper, lower


def _grown_low(rules: Rules) -> str:
    scheme = rules.pressure_scheme(A_GROWN_UP)
    assert scheme is not None
    return _pair(*scheme.low)


def _arm(rules: Rules) -> Scheme:
    """At which ages the arm of a child is classed."""
    scheme = rules.scheme("muac_mm", A_CHILD)
    assert scheme is not None
    return scheme


def _of_iks(rules: Rules) -> tuple[Band, ...]:
    return rules.iks_classes[0].bands


def _first_day(code: str, rules: Rules) -> str:
    """The first day after the birth on which a health worker's visit is due."""
    return str(_visit(code, rules).first_day)


def _last_day(code: str, rules: Rules) -> str:
    return str(_visit(code, rules).last_day)


def _visit(code: str, rules: Rules) -> Window:
    return next(each for each in (*rules.nifas.visits, *rules.newborn_visits) if each.code == code)


def _score(value: float) -> str:
    return _plain(value).replace("-", "\N{MINUS SIGN}") if value < 0 else f"+{_plain(value)}"


BOUNDS: Mapping[str, Callable[[Rules], str]] = MappingProxyType(
    {
        "kek_cm": lambda rules: _tenths(rules.kek_mm),
        "arm_red_cm": lambda rules: _plain(_below(_of_growth(rules, "muac_mm", A_CHILD), "red") / 10),
        "arm_yellow_cm": lambda rules: _plain(_below(_of_growth(rules, "muac_mm", A_CHILD), "yellow") / 10),
        "elderly_arm_cm": lambda rules: _tenths(rules.elderly.muac_under_mm),
        "milk_months": lambda rules: str(rules.exclusive_months),
        "blue_from": lambda rules: str(rules.vitamin_a.blue[0]),
        "blue_to": lambda rules: str(rules.vitamin_a.blue[1]),
        "red_from": lambda rules: str(rules.vitamin_a.red[0]),
        "red_to": lambda rules: str(rules.vitamin_a.red[1]),
        "vitamin_a_in": lambda rules: _months(rules.vitamin_a.months),
        "worms_in": lambda rules: _months(rules.deworming.months),
        "worms_from": lambda rules: str(rules.deworming.from_months),
        "pressure_from": lambda rules: _pair(rules.pressure.systolic, rules.pressure.diastolic),
        "emergency_from": lambda rules: _pair(rules.pressure.emergency_systolic, rules.pressure.emergency_diastolic),
        "pregnant_hb_severe": lambda rules: _tenths(rules.anaemia.severe),
        "nifas_hb": lambda rules: _tenths(rules.nifas.haemoglobin_under),
        "hb_severe": lambda rules: _plain(_below(_of_life(rules, "hb_female"), "severe") / 10),
        "weeks_over": lambda rules: str(rules.pregnancy_risk.weeks_over),
        "thin_mother_bmi": lambda rules: _plain(rules.pregnancy_risk.bmi_under),
        "young_mother": lambda rules: str(rules.pregnancy_risk.mother_under_years),
        "old_mother": lambda rules: str(rules.pregnancy_risk.mother_over_years),
        "interval_months": lambda rules: str(rules.pregnancy_risk.interval_under_months),
        "short_cm": lambda rules: _tenths(rules.pregnancy_risk.height_under_mm),
        "fever_c": lambda rules: _tenths(rules.nifas.fever_tenth_c),
        "z_very_thin": lambda rules: _score(_below(_of_growth(rules, "baz", A_PUPIL), "severely_wasted")),
        "z_thin": lambda rules: _score(_below(_of_growth(rules, "baz", A_PUPIL), "wasted")),
        "z_over": lambda rules: _score(_above(_of_growth(rules, "baz", A_PUPIL), "overweight")),
        "z_obese": lambda rules: _score(_above(_of_growth(rules, "baz", A_PUPIL), "obese")),
        "bmi_very_thin": lambda rules: _plain(_below(_of_life(rules, "bmi"), "very_thin")),
        "bmi_thin": lambda rules: _plain(_below(_of_life(rules, "bmi"), "thin")),
        "bmi_heavy": lambda rules: _plain(_above(_of_life(rules, "bmi"), "heavy")),
        "bmi_obese": lambda rules: _plain(_above(_of_life(rules, "bmi"), "obese")),
        "grown_pressure": _grown_pressure,
        "grown_low": _grown_low,
        "grown_emergency": lambda rules: _pair(*grown_emergency(rules)),
        "cholesterol_from": lambda rules: _plain(_above(_of_life(rules, "cholesterol"), "borderline")),
        "cholesterol_high": lambda rules: _plain(_above(_of_life(rules, "cholesterol"), "high")),
        "glucose_watch": lambda rules: _plain(_above(_of_life(rules, "glucose_random"), "between")),
        "glucose_watch_to": lambda rules: _plain(_below(_of_life(rules, "glucose_random"), "between") - 1),
        "puma_from": lambda rules: _plain(_above(_of_life(rules, "puma"), "high")),
        "srq_from": lambda rules: _plain(_above(_of_life(rules, "srq"), "high")),
        "recheck": lambda rules: str(rules.recheck_months),
        "hospital_g": lambda rules: count(rules.newborn.hospital_under_g),
        "low_g": lambda rules: count(rules.newborn.low_under_g),
        "hb0_days": lambda rules: str(rules.newborn.hb0_days),
        "fertile_from": lambda rules: str(rules.fertile_months[0] // 12),
        "fertile_to": lambda rules: str(rules.fertile_months[1] // 12),
        "screening": lambda rules: str(rules.screening_months),
        "finding_months": lambda rules: str(rules.stays_open.finding_months),
        "infant_to": lambda rules: str(rules.groups.under_five_from - 1),
        "under_five_from": lambda rules: str(rules.groups.under_five_from),
        "under_five_to": lambda rules: str(rules.groups.preschool_from - 1),
        "preschool_from": lambda rules: str(rules.groups.preschool_from),
        "preschool_to": lambda rules: str(rules.groups.school_from - 1),
        "elderly_from": lambda rules: str(rules.groups.elderly_from // 12),
        "of_age": lambda rules: str(rules.of_age_months // 12),
        "nifas_days": lambda rules: str(rules.groups.postpartum_days),
        "arm_from": lambda rules: str(_arm(rules).from_months),
        "arm_to": lambda rules: str(_arm(rules).to_months),
        "birth_under": lambda rules: str(rules.iks.birth_under_months),
        "iks_almost": lambda rules: figure(f"{_below(_of_iks(rules), 'unhealthy'):.3f}"),
        "iks_healthy": lambda rules: figure(f"{_above(_of_iks(rules), 'healthy'):.3f}"),
        "least_m2": lambda rules: _tenths(rules.house.least_tenth_m2),
        "mind_years": lambda rules: str(rules.mental.youth_from_months // 12),
        "cancer_years": lambda rules: str(rules.cancer_years),
        "ticket_days": lambda rules: str(rules.social_clock.limit_days),
        "ticket_red": lambda rules: str(rules.social_clock.red_after_days),
        "food_wasted": lambda rules: str(rules.feeding.days["wasted"]),
        "food_underweight": lambda rules: str(rules.feeding.days["underweight"]),
        "food_not_gained": lambda rules: str(rules.feeding.days["not_gained"]),
        "food_pregnant": lambda rules: str(rules.feeding.days["pregnant_kek"]),
        **{f"{code.lower()}_from": partial(_first_day, code) for code in VISITS},
        **{f"{code.lower()}_to": partial(_last_day, code) for code in VISITS},
        "early_days": lambda rules: str(rules.newborn.early_days),
        "neonatal_days": lambda rules: str(rules.newborn.neonatal_days),
        "graduation_months": lambda rules: str(rules.graduation.months),
        "graduation_kg": lambda rules: _plain(rules.graduation.grams / 1000),
    }
)
"""By the name a sentence gives the place."""


def filled(text: str, rules: Rules, said: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text (translated already) with its places filled: from `said`, else with a bound of the rules."""
    return text.format_map(_Places(said, rules)) if "{" in text else text


class _Places(dict[str, str]):
    """What a place of a text is filled with; only what is asked for is made."""

    def __init__(self, said: Mapping[str, str], rules: Rules) -> None:
        self.said, self.rules = said, rules

    def __missing__(self, name: str) -> str:
        return BOUNDS[name](self.rules) if name in BOUNDS else self.said[name]
