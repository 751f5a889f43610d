"""What of a judged visit is computed and can be confirmed: each class with all it might be, then what else was found.

A finding that only says again what a class says is left out: who confirms the class has confirmed it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from posyandu.domain.adult import AdultAssessment
from posyandu.domain.child import ChildAssessment
from posyandu.domain.instruments import DOMAINS, AksAssessment, SkilasAssessment
from posyandu.domain.outcome import ANY_ADULT_MONTHS, PressureReading
from posyandu.domain.postpartum import PostpartumAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.domain.school import CARD_CLASSES, SchoolAssessment
from posyandu.domain.standards import Band, Rules
from posyandu.services.judging import Assessment
from posyandu.text import N_, _

UNKNOWN = "unknown"
YES, NO = "yes", "no"

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Result:
    """One computed result that can be confirmed: its code and words, and what else it could be (code, words)."""

    subject: str
    title: str
    code: str
    words: str
    options: Options


_INDICES: Mapping[str, str] = MappingProxyType(
    {
        "waz": N_("Berat menurut umur"),
        "haz": N_("Panjang atau tinggi menurut umur"),
        "whz": N_("Berat menurut panjang atau tinggi"),
        "baz": N_("IMT menurut umur"),
        "hcz": N_("Lingkar kepala"),
    }
)

_BANDS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "bmi_class": (N_("IMT"), ("very_thin", "thin", "heavy", "obese")),
        "waist": (N_("Lingkar perut"), ("waist_over",)),
        "glucose": (N_("Gula darah"), ("glucose_high", "glucose_low")),
        "cholesterol": (N_("Kolesterol"), ("cholesterol_high",)),
        "uric_acid": (N_("Asam urat"), ("uric_high",)),
        "anaemia": (N_("Hb"), ("anaemia", "anaemia_severe")),
    }
)
"""The classes that school children, adults and the elderly share: their titles, and the findings that say the same."""

_SIGNS: Mapping[str, tuple[str, tuple[str, str], tuple[str, ...]]] = MappingProxyType(
    {
        "muac_red": (N_("Lingkar lengan"), (N_("Kurang (KEK)"), N_("Cukup")), ("muac_red",)),
        "pressure_red": (
            N_("Tekanan darah"), (N_("Merah, tinggi"), N_("Hijau")), ("pressure_high", "pressure_emergency"),
        ),
        "weight_red": (N_("Kenaikan berat"), (N_("Tidak sesuai kurva"), N_("Sesuai kurva")), ("weight_red",)),
        "anaemic": (N_("Hb"), (N_("Anemia"), N_("Tidak anemia")), ("anaemia", "anaemia_severe")),
        "tbc_positive": (
            N_("Gejala TBC"), (N_("Terduga TBC"), N_("Bukan terduga TBC")), ("tbc_suspected",),
        ),
    }
)  # fmt: skip
"""What is red or green: titles, the words for red and for green, and the findings that say the same."""


def results(rules: Rules, assessment: Assessment | None, said: Sequence[str] = ()) -> tuple[Result, ...]:
    """What of a judged visit can be confirmed under the rules of its day; what was not measured is left out.

    `said` are subjects that were confirmed before: findings among them stay, though a class says the same.
    """
    if assessment is None:
        return ()
    found = list(_classes(rules, assessment))
    if isinstance(assessment, ChildAssessment):
        return tuple(result for result, _covers in found)
    covered = {code for _result, covers in found for code in covers} - {each.removeprefix("finding:") for each in said}
    yes_no = ((YES, _("Benar, ditemukan")), (NO, _("Tidak terbukti")))
    others = (
        Result(f"finding:{each.code}", _("Temuan"), YES, each.title, yes_no)
        for each in assessment.findings
        if each.refer and each.code not in covered
    )
    return (*(result for result, _covers in found), *others)


Found = Iterator[tuple[Result, tuple[str, ...]]]


def _classes(rules: Rules, assessment: Assessment) -> Found:
    """Each class with the findings it makes superfluous."""
    match assessment:
        case ChildAssessment():
            yield from _of_child(rules, assessment)
        case PregnancyAssessment() | PostpartumAssessment():
            yield from _of_signs(assessment, _SIGNS)
        case SchoolAssessment():
            yield from _of_pupil(rules, assessment)
            yield from _of_grown(rules, assessment, assessment.age_months)
        case AdultAssessment():
            yield from _of_grown(rules, assessment, assessment.age_months)
            yield from _of_score(rules, "puma", "PUMA", assessment.puma, ("puma_high",))
        case AksAssessment():
            yield from _of_score(
                rules, "aks", "AKS", assessment.score, ("dependent", "dependent_moderate", "dependent_severe")
            )
        case SkilasAssessment():
            words = (_("Ada masalah"), _("Tidak ada masalah"))
            for name, title in DOMAINS.items():
                yield from _red_or_not(name, _(title), assessment.domains[name], words, (name,))


def _of_child(rules: Rules, assessment: ChildAssessment) -> Found:
    weighed = assessment.weighed
    if weighed is not None and weighed.code in ("N", "T"):
        letters = (("N", _("Naik (N)")), ("T", _("Tidak naik (T)")))
        yield Result("gain", _("Naik atau tidak"), weighed.code, dict(letters)[weighed.code], letters), ()
    for index, title in _INDICES.items():
        category = assessment.categories[index]
        scheme = rules.scheme(index, assessment.age_months) if assessment.age_months is not None else None
        if category.code != UNKNOWN and scheme is not None:
            yield Result(index, _(title), category.code, category.label, _options(scheme.bands)), ()


def _of_pupil(rules: Rules, assessment: SchoolAssessment) -> Found:
    """IMT by age, in the words of the card."""
    category, months = assessment.bmi_class, assessment.age_months
    scheme = rules.scheme("baz", months) if months is not None else None
    if category.code != UNKNOWN and scheme is not None:
        options = _options(scheme.bands, lambda band: CARD_CLASSES.get(band.code, band.label))
        yield (
            Result("bmi_class", _("IMT menurut umur"), category.code, category.label, tuple(dict(options).items())),
            ("very_thin", "thin", "overweight", "obese"),
        )


def _of_grown(rules: Rules, assessment: SchoolAssessment | AdultAssessment, months: int | None) -> Found:
    if assessment.pressure is not None:
        options = _pressures(rules, assessment.pressure, ANY_ADULT_MONTHS if months is None else months)
        reading = Result(
            "pressure", _("Tekanan darah"), assessment.pressure.code, dict(options)[assessment.pressure.code], options
        )
        yield reading, ("pressure_bad", "pressure_high")
    for name, (title, covers) in _BANDS.items():
        band = getattr(assessment, name, None)
        if isinstance(band, Band) and (bands := _bands_with(rules, band)):
            yield Result(name, _(title), band.code, _(band.label), _options(bands)), covers
    yield from _of_signs(assessment, {"tbc_positive": _SIGNS["tbc_positive"]})


def _of_signs(assessment: object, signs: Mapping[str, tuple[str, tuple[str, str], tuple[str, ...]]]) -> Found:
    for name, (title, (red, green), covers) in signs.items():
        yield from _red_or_not(name, _(title), getattr(assessment, name), (_(red), _(green)), covers)


def _of_score(rules: Rules, index: str, title: str, score: int | None, covers: tuple[str, ...]) -> Found:
    band = rules.life_band(index, score, ANY_ADULT_MONTHS)
    if band is not None:
        yield Result(index, title, band.code, _(band.label), _options(_bands_with(rules, band))), covers


def _red_or_not(subject: str, title: str, red: bool | None, words: tuple[str, str], covers: tuple[str, ...]) -> Found:
    if red is not None:
        options = ((YES, words[0]), (NO, words[1]))
        yield Result(subject, title, YES if red else NO, words[0] if red else words[1], options), covers


def _options(bands: Sequence[Band], words: Callable[[Band], str] = lambda band: band.label) -> Options:
    return tuple((band.code, _(words(band))) for band in bands)


def _bands_with(rules: Rules, band: Band) -> tuple[Band, ...]:
    """The classes of the measure this class belongs to."""
    return next((scheme.bands for scheme in rules.life_classes if any(each is band for each in scheme.bands)), ())


def _pressures(rules: Rules, reading: PressureReading, months: int) -> Options:
    """The classes of blood pressure at this age, from the lowest; under 13 years only normal and high."""
    scheme = rules.pressure_scheme(months)
    if scheme is None:
        high = _("Tekanan darah tinggi untuk umurnya")
        return (("normal", _("Normal")), ("high_for_age", high))
    return (("low", _("Rendah")), *((each.code, _(each.label)) for each in reversed(scheme.classes)))
