"""What each visit of an adult or elderly person means: body, pressure, blood, sight, hearing, lungs, TBC."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import bounds, instruments, outcome, referral
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.outcome import ANY_ADULT_MONTHS, PressureReading, Tile, VisitAssessment
from posyandu.domain.standards import Band, Rules, Standards
from posyandu.text import _

FORM_NAME = "adult_visit"


@dataclass(frozen=True, kw_only=True)
class AdultAssessment(VisitAssessment):
    """One visit of an adult or elderly person, judged; a class is None when it was not measured.

    `bmi_asia` is the second set of classes that KMK 2015/2023 prints beside the card's. `puma` is the score, None
    until every question is answered.
    """

    age_months: int | None
    bmi: float | None
    bmi_class: Band | None
    bmi_asia: Band | None
    waist: Band | None
    pressure: PressureReading | None
    glucose: Band | None
    cholesterol: Band | None
    uric_acid: Band | None
    anaemia: Band | None
    puma: int | None
    puma_class: Band | None
    tbc_positive: bool | None


@dataclass(frozen=True)
class Facts:
    """What the conditions of the referral rules may ask."""

    rules: Rules
    answers: Answers
    is_fertile: bool
    bmi: float | None
    bmi_class: Band | None
    bmi_asia: Band | None
    waist: Band | None
    pressure: PressureReading | None
    glucose: Band | None
    cholesterol: Band | None
    uric_acid: Band | None
    anaemia: Band | None
    puma: int | None
    puma_class: Band | None
    tbc: bool | None
    obese_before: bool = False
    """Whether the last weight taken three months ago or earlier was obese too."""


def not_asked(rules: Rules, person: Answers, on: date) -> frozenset[str]:
    """The questions that the card does not ask a person of this sex and age."""
    months = outcome.months_on(person, on)
    left: set[str] = set()
    if months is None:
        return frozenset()
    if months < rules.puma.from_months:
        left |= set(instruments.PUMA_QUESTIONS)
    if months > rules.fertile_months[1]:
        left |= {"haemoglobin_dg_dl"}
        if person.get("sex") == "female":
            left |= {"contraception", "contraception_method"}
    return frozenset(left)


def is_fertile_woman(rules: Rules, person: Answers, on: date) -> bool:
    """WUS: a woman of 15 to 49 years."""
    months, (first, last) = outcome.months_on(person, on), rules.fertile_months
    return person.get("sex") == "female" and months is not None and first <= months <= last


def assess(
    standards: Standards, person: Answers, visits: Sequence[Answers], wrong: Mapping[str, str] | None = None
) -> list[AdultAssessment]:
    """Every visit judged, oldest first; visits without a day are left out. `person` gives `sex` and `born_on`.

    `wrong` names by session the tool of a day that was found wrong: what was read from it says nothing, then or later.
    """
    return outcome.judged_soundly(
        visits, wrong, lambda on, visit, earlier: _assess(standards.on(on), person, on, visit, earlier)
    )


def _assess(
    rules: Rules, person: Answers, on: date, visit: Answers, earlier: Sequence[tuple[date, Answers]] = ()
) -> AdultAssessment:
    sex, known = person.get("sex"), outcome.months_on(person, on)
    months = ANY_ADULT_MONTHS if known is None else known
    mass = outcome.bmi(visit)
    puma = instruments.puma_score(rules, person, on, visit)
    uric_index = f"uric_{sex}" if sex in ("male", "female") else ""
    facts = Facts(
        rules=rules,
        answers=visit,
        is_fertile=is_fertile_woman(rules, person, on),
        bmi=mass,
        bmi_class=rules.life_band("bmi", mass, months),
        bmi_asia=rules.life_band("bmi_asia", mass, months),
        waist=outcome.waist(rules, sex, months, visit),
        pressure=outcome.pressure(rules, sex, months, visit),
        glucose=outcome.glucose(rules, months, visit),
        cholesterol=rules.life_band("cholesterol", outcome.number(visit, "cholesterol_mg_dl"), months),
        uric_acid=rules.life_band(uric_index, outcome.number(visit, "uric_acid_tenth_mg_dl"), months),
        anaemia=outcome.haemoglobin(rules, sex, months, visit),
        puma=puma,
        puma_class=rules.life_band("puma", puma, months),
        tbc=referral.suspected_tbc(outcome.asked_of_all(rules.tbc), visit),
        obese_before=_was_obese(rules, on, earlier, months),
    )
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    classes = (facts.bmi_class, facts.waist, facts.pressure, facts.glucose, facts.cholesterol, facts.uric_acid)
    judged = any(each is not None for each in (*classes, facts.anaemia, facts.puma_class))
    return AdultAssessment(
        visited_on=on,
        headline=_headline(facts, found, judged=judged),
        level=referral.worst(found, otherwise="ok" if judged else "unknown"),
        tiles=_tiles(facts),
        findings=found,
        age_months=known,
        bmi=mass,
        bmi_class=facts.bmi_class,
        bmi_asia=facts.bmi_asia,
        waist=facts.waist,
        pressure=facts.pressure,
        glucose=facts.glucose,
        cholesterol=facts.cholesterol,
        uric_acid=facts.uric_acid,
        anaemia=facts.anaemia,
        puma=puma,
        puma_class=facts.puma_class,
        tbc_positive=facts.tbc,
    )


def _was_obese(rules: Rules, on: date, earlier: Sequence[tuple[date, Answers]], months: int) -> bool:
    """Whether the last body mass known from three months ago or earlier was already obese (R01)."""
    for day, visit in reversed(earlier):
        mass = outcome.bmi(visit)
        if mass is None or Month.of(on) - Month.of(day) < rules.recheck_months:
            continue
        band = rules.life_band("bmi", mass, months)
        return band is not None and band.code == "obese"
    return False


def _other_risk(facts: Facts) -> bool:
    """Whether something else than the waist raises the risk (R02): weight, pressure, blood sugar, fat, smoking."""
    classes = ((facts.bmi_class, ("heavy", "obese")), (facts.glucose, ("high", "prediabetes")))
    heavy = any(band is not None and band.code in codes for band, codes in classes)
    fat = facts.cholesterol is not None and facts.cholesterol.code in ("high", "borderline")
    return heavy or fat or outcome.is_raised(facts.pressure) or facts.answers.get("puma_smoked") is True


def _headline(facts: Facts, found: Sequence[referral.Finding], *, judged: bool) -> str:
    fact = _("Tekanan darah {text}.").format(text=facts.pressure.text) if facts.pressure is not None else ""
    return outcome.headline(fact, found, judged=judged)


def _eyes(visit: Answers) -> str:
    sides = {"eye_right": _("mata kanan"), "eye_left": _("mata kiri")}
    return _(" dan ").join(words for name, words in sides.items() if visit.get(name) is False)


def _ears(visit: Answers) -> str:
    sides = {"ear_right": _("telinga kanan"), "ear_left": _("telinga kiri")}
    return _(" dan ").join(words for name, words in sides.items() if visit.get(name) is False)


def _pressure_words(reading: PressureReading | None) -> str:
    if reading is None:
        return ""
    return _("{label}, sistolik terisolasi").format(label=reading.label) if reading.isolated_systolic else reading.label


def _words(facts: Facts) -> dict[str, str]:
    visit = facts.answers
    return {
        "bmi": referral.body_mass(facts.rules, facts.bmi) if facts.bmi is not None else "-",
        "pressure": facts.pressure.text if facts.pressure else "-",
        "pressure_class": _pressure_words(facts.pressure),
        "waist": outcome.tenths(outcome.number(visit, "waist_mm")),
        "muac": outcome.tenths(outcome.number(visit, "muac_mm")),
        "glucose": outcome.plain(outcome.number(visit, "glucose_mg_dl")),
        "timing": outcome.timing_text(visit),
        "cholesterol": outcome.plain(outcome.number(visit, "cholesterol_mg_dl")),
        "asia": _(" Menurut KMK 2015/2023 (Asia Pasifik): {label}.").format(
            label=outcome.in_sentence(_(facts.bmi_asia.label))
        )
        if facts.bmi_asia
        else "",
        "uric": outcome.tenths(outcome.number(visit, "uric_acid_tenth_mg_dl")),
        "hb": outcome.tenths(outcome.number(visit, "haemoglobin_dg_dl")),
        "anaemia_class": _(facts.anaemia.label) if facts.anaemia else "",
        "eyes": _eyes(visit),
        "ears": _ears(visit),
        "puma": outcome.plain(facts.puma),
        "tbc": outcome.tbc_words(visit),
    }


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    visit = facts.answers
    waist, sugar, fat, uric = (
        outcome.number(visit, name)
        for name in ("waist_mm", "glucose_mg_dl", "cholesterol_mg_dl", "uric_acid_tenth_mg_dl")
    )
    mass = f"{referral.body_mass(facts.rules, facts.bmi)} kg/m²" if facts.bmi is not None else ""
    tiles = [
        outcome.band_tile(_("IMT"), facts.bmi_class, mass),
        outcome.pressure_tile(facts.pressure),
        outcome.band_tile(_("Lingkar perut"), facts.waist, f"{outcome.tenths(waist)} cm" if waist else ""),
        outcome.band_tile(_("Gula darah"), facts.glucose, f"{sugar} mg/dL" if sugar else ""),
    ]
    if facts.cholesterol is not None:
        tiles.append(outcome.band_tile(_("Kolesterol"), facts.cholesterol, f"{fat} mg/dL"))
    if facts.uric_acid is not None:
        tiles.append(outcome.band_tile(_("Asam urat"), facts.uric_acid, f"{outcome.tenths(uric)} mg/dL"))
    if facts.puma_class is not None:
        words = _("Skor {n}").format(n=facts.puma)
        tiles.append(
            Tile("PUMA", words, facts.puma_class.level, bounds.filled(_("rujuk mulai {puma_from}"), facts.rules))
        )
    for title, sides in ((_("Mata"), ("eye_right", "eye_left")), (_("Telinga"), ("ear_right", "ear_left"))):
        told = [visit.get(side) for side in sides]
        if any(answer is not None for answer in told):
            bad = False in told
            words = _("Gangguan") if bad else _("Normal") if None not in told else _("Belum lengkap")
            tiles.append(Tile(title, words, "warn" if bad else "ok" if None not in told else "unknown"))
    if (tbc := outcome.tbc_tile(facts.rules.tbc, visit)) is not None:
        tiles.append(tbc)
    return tuple(tiles)


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "very_thin": outcome.is_class("bmi_class", "very_thin"),
        "thin": outcome.is_class("bmi_class", "thin"),
        "heavy": outcome.is_class("bmi_class", "heavy"),
        "obese": outcome.is_class("bmi_class", "obese"),
        "obese_lasting": lambda facts: (
            facts.obese_before and facts.bmi_class is not None and facts.bmi_class.code == "obese"
        ),
        "waist_over": outcome.is_class("waist", "over"),
        "waist_over_risk": lambda facts: facts.waist is not None and facts.waist.code == "over" and _other_risk(facts),
        "malaria": lambda facts: facts.answers.get("malaria_sign") is True,
        "pressure_bad": lambda facts: facts.pressure is not None and facts.pressure.level == "bad",
        "pressure_high": lambda facts: facts.pressure is not None and facts.pressure.refer,
        "pressure_raised": outcome.is_class("pressure", "high_normal", "raised"),
        "pressure_low": outcome.is_class("pressure", "low"),
        "glucose_high": outcome.is_class("glucose", "high"),
        "glucose_raised": outcome.is_class("glucose", "prediabetes"),
        "glucose_watch": outcome.is_class("glucose", "between"),
        "glucose_low": outcome.is_class("glucose", "low"),
        "cholesterol_high": outcome.is_class("cholesterol", "high"),
        "cholesterol_raised": outcome.is_class("cholesterol", "borderline"),
        "uric_high": outcome.is_class("uric_acid", "high"),
        "eyes": lambda facts: bool(_eyes(facts.answers)),
        "ears": lambda facts: bool(_ears(facts.answers)),
        "puma_high": outcome.is_class("puma_class", "high"),
        "smokes": lambda facts: facts.answers.get("puma_smoked") is True,
        "anaemia_severe": outcome.is_class("anaemia", "severe"),
        "anaemia": outcome.is_class("anaemia", "mild", "moderate", "severe"),
        "kek": outcome.thin_arm,
        "tbc_suspected": lambda facts: facts.tbc,
        "tbc_contact": lambda facts: facts.answers.get("tbc_contact") is True,
        "tbc_sign": lambda facts: outcome.has_tbc_sign(facts.answers),
    }
)
"""The conditions that referral rules of this form may name."""
