"""What each visit of a school child or adolescent means, and the confidential questions judged apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import bounds, growth, nutrition, outcome, referral
from posyandu.domain.calendar import age_days
from posyandu.domain.fields import Answers
from posyandu.domain.forms.school import MENTAL_QUESTIONS
from posyandu.domain.growth import GrowthTables, Measurement
from posyandu.domain.nutrition import Category
from posyandu.domain.outcome import PressureReading, Tile, VisitAssessment
from posyandu.domain.standards import Band, Rules, Standards
from posyandu.text import N_, _

FORM_NAME = "school_visit"
MENTAL_NAME = "school_mental"

CARD_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "severely_wasted": N_("Sangat kurus"),
        "wasted": N_("Kurus"),
        "normal": N_("Normal"),
        "overweight": N_("Gemuk"),
        "obese": N_("Obesitas"),
    }
)
"""The five classes of the card, by the code of Permenkes 2/2020."""


@dataclass(frozen=True, kw_only=True)
class SchoolAssessment(VisitAssessment):
    """One visit of a school child or adolescent, judged.

    `bmi_class` is IMT menurut umur ("unknown" when not measured); `waist`, `glucose` and `anaemia` are classes or None.
    """

    age_months: int | None
    bmi: float | None
    bmi_z: float | None
    bmi_class: Category
    waist: Band | None
    pressure: PressureReading | None
    glucose: Band | None
    anaemia: Band | None
    tbc_positive: bool | None


@dataclass(frozen=True)
class Facts:
    """What the conditions of the referral rules may ask."""

    rules: Rules
    answers: Answers
    bmi: float | None
    bmi_class: Category
    waist: Band | None
    pressure: PressureReading | None
    glucose: Band | None
    anaemia: Band | None
    tbc: bool | None
    is_fertile: bool = False


def not_asked(rules: Rules, person: Answers, on: date) -> frozenset[str]:
    """The questions that the card does not ask a person of this sex and age."""
    months = outcome.months_on(person, on)
    left: set[str] = set()
    if person.get("sex") == "male":
        left |= {"haemoglobin_dg_dl", "haemoglobin_place", "iron_tablets", "iron_place", "iron_weekly", "muac_mm"}
    if months is not None and months < rules.grown_card_months:
        left |= {"waist_mm", "glucose_mg_dl", "glucose_timing", "muac_mm"}
    return frozenset(left)


def assess(
    standards: Standards,
    tables: GrowthTables,
    person: Answers,
    visits: Sequence[Answers],
    wrong: Mapping[str, str] | None = None,
) -> list[SchoolAssessment]:
    """Every visit judged, oldest first; visits without a day are left out. `person` gives `sex` and `born_on`.

    `wrong` names by session the tool of a day that was found wrong: what was read from it says nothing.
    """
    return outcome.judged_soundly(
        visits, wrong, lambda on, visit, _earlier: _assess(standards, tables, person, on, visit)
    )


def _assess(standards: Standards, tables: GrowthTables, person: Answers, on: date, visit: Answers) -> SchoolAssessment:
    rules, sex = standards.on(on), person.get("sex")
    months = outcome.months_on(person, on)
    z = _bmi_z(tables, person, on, visit)
    bmi_class = nutrition.classify(standards, "baz", z, months, on) if months is not None else nutrition.unknown()
    if bmi_class.code in CARD_CLASSES:
        bmi_class = Category(bmi_class.code, _(CARD_CLASSES[bmi_class.code]), bmi_class.level, bmi_class.refer)
    facts = Facts(
        rules=rules,
        answers=visit,
        bmi=outcome.bmi(visit),
        bmi_class=bmi_class,
        waist=outcome.waist(rules, sex, months, visit),
        pressure=outcome.pressure(rules, sex, months, visit),
        glucose=outcome.glucose(rules, months, visit),
        anaemia=outcome.haemoglobin(rules, sex, months, visit),
        tbc=referral.suspected_tbc(outcome.asked_of_all(rules.tbc), visit),
        is_fertile=sex == "female" and months is not None and months >= rules.grown_card_months,
    )
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    judged = bmi_class.level != "unknown" or any(
        each is not None for each in (facts.waist, facts.pressure, facts.glucose, facts.anaemia)
    )
    return SchoolAssessment(
        visited_on=on,
        headline=_headline(person, facts, found, judged=judged),
        level=referral.worst(found, otherwise="ok" if judged else "unknown"),
        tiles=_tiles(facts, z, months, sex),
        findings=found,
        age_months=months,
        bmi=facts.bmi,
        bmi_z=z,
        bmi_class=bmi_class,
        waist=facts.waist,
        pressure=facts.pressure,
        glucose=facts.glucose,
        anaemia=facts.anaemia,
        tbc_positive=facts.tbc,
    )


def _bmi_z(tables: GrowthTables, person: Answers, on: date, visit: Answers) -> float | None:
    sex, born_on = person.get("sex"), person.get("born_on")
    grams, height = outcome.number(visit, "weight_g"), outcome.number(visit, "height_mm")
    if sex not in ("male", "female") or not isinstance(born_on, date) or born_on > on or not grams or not height:
        return None
    measured = Measurement(
        sex=str(sex), age_days=age_days(born_on, on), weight_kg=grams / 1000, lenhei_cm=height / 10, measure="h"
    )
    return growth.zscores(tables, measured).baz


def _headline(person: Answers, facts: Facts, found: Sequence[referral.Finding], *, judged: bool) -> str:
    if person.get("sex") not in ("male", "female") or not isinstance(person.get("born_on"), date):
        return _("Lengkapi jenis kelamin dan tanggal lahir dahulu.")
    if facts.bmi is None or facts.bmi_class.level == "unknown":
        return outcome.headline("", found, judged=judged)
    body = _("IMT {bmi}: {label}.").format(bmi=referral.decimal(facts.bmi, 1), label=facts.bmi_class.label.lower())
    sentence = outcome.headline(body, found, judged=judged)
    return body if sentence.startswith(facts.bmi_class.label) else sentence


def _words(facts: Facts) -> dict[str, str]:
    visit = facts.answers
    return {
        "bmi": referral.decimal(facts.bmi, 1) if facts.bmi is not None else "-",
        "pressure": facts.pressure.text if facts.pressure else "-",
        "pressure_class": facts.pressure.label if facts.pressure else "",
        "waist": outcome.tenths(outcome.number(visit, "waist_mm")),
        "muac": outcome.tenths(outcome.number(visit, "muac_mm")),
        "glucose": outcome.plain(outcome.number(visit, "glucose_mg_dl")),
        "timing": outcome.timing_text(visit),
        "hb": outcome.tenths(outcome.number(visit, "haemoglobin_dg_dl")),
        "anaemia_class": _(facts.anaemia.label) if facts.anaemia else "",
        "tbc": outcome.tbc_words(visit),
    }


def _tiles(facts: Facts, z: float | None, months: int | None, sex: object) -> tuple[Tile, ...]:
    visit = facts.answers
    figure = f"{referral.decimal(facts.bmi, 1)} kg/m²" if facts.bmi is not None else ""
    if z is not None:
        figure += f" · {referral.decimal(z, referral.score_places(z))} SD".replace("-", "\N{MINUS SIGN}")
    words = facts.bmi_class.label if facts.bmi_class.level != "unknown" else _(outcome.NOT_YET)
    tiles = [Tile(_("IMT menurut umur"), words, facts.bmi_class.level, figure), outcome.pressure_tile(facts.pressure)]
    if months is None or months >= facts.rules.grown_card_months:
        waist, sugar = outcome.number(visit, "waist_mm"), outcome.number(visit, "glucose_mg_dl")
        tiles.append(outcome.band_tile(_("Lingkar perut"), facts.waist, f"{outcome.tenths(waist)} cm" if waist else ""))
        tiles.append(outcome.band_tile(_("Gula darah"), facts.glucose, f"{sugar} mg/dL" if sugar else ""))
    if sex == "female":
        hb = outcome.number(visit, "haemoglobin_dg_dl")
        tiles.append(outcome.band_tile(_("Hb"), facts.anaemia, f"{outcome.tenths(hb)} g/dL" if hb else ""))
    if (tbc := outcome.tbc_tile(facts.rules.tbc, visit)) is not None:
        tiles.append(tbc)
    return tuple(tiles)


def _other_risk(facts: Facts) -> bool:
    """Whether something else than the waist raises the risk (R02)."""
    heavy = facts.bmi_class.code in ("overweight", "obese")
    sugar = facts.glucose is not None and facts.glucose.code in ("high", "prediabetes")
    return heavy or sugar or outcome.is_raised(facts.pressure) or facts.answers.get("smoking") in ("daily", "sometimes")


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "very_thin": outcome.is_class("bmi_class", "severely_wasted"),
        "thin": outcome.is_class("bmi_class", "wasted"),
        "overweight": outcome.is_class("bmi_class", "overweight"),
        "obese": outcome.is_class("bmi_class", "obese"),
        "pressure_emergency": lambda facts: outcome.reaches(facts.answers, *bounds.grown_emergency(facts.rules)),
        "pressure_bad": lambda facts: facts.pressure is not None and facts.pressure.level == "bad",
        "pressure_high": lambda facts: facts.pressure is not None and facts.pressure.refer,
        "pressure_raised": outcome.is_class("pressure", "raised", "high_normal"),
        "waist_over": outcome.is_class("waist", "over"),
        "waist_over_risk": lambda facts: facts.waist is not None and facts.waist.code == "over" and _other_risk(facts),
        "malaria": lambda facts: facts.answers.get("malaria_sign") is True,
        "kek": outcome.thin_arm,
        "glucose_high": outcome.is_class("glucose", "high"),
        "glucose_raised": outcome.is_class("glucose", "prediabetes"),
        "glucose_low": outcome.is_class("glucose", "low"),
        "anaemia_severe": outcome.is_class("anaemia", "severe"),
        "anaemia": outcome.is_class("anaemia", "mild", "moderate", "severe"),
        "tbc_suspected": lambda facts: facts.tbc,
        "tbc_contact": lambda facts: facts.answers.get("tbc_contact") is True,
        "tbc_sign": lambda facts: outcome.has_tbc_sign(facts.answers),
        "iron_not_taken": lambda facts: facts.answers.get("iron_weekly") is False,
        "smokes": lambda facts: facts.answers.get("smoking") in ("daily", "sometimes"),
    }
)
"""The conditions that referral rules of this form may name."""


# the confidential questions


@dataclass(frozen=True)
class MentalFacts:
    """What the conditions of the confidential questions may ask."""

    rules: Rules
    answers: Answers

    def needs_attention(self, name: str) -> bool:
        """Whether this answer is the one that needs attention."""
        return self.answers.get(name) is self.rules.mental.youth_attention[name]


def is_mental_complete(answers: Answers) -> bool:
    """Whether all eight questions are answered, sealed or not: the recap's "sudah"."""
    return answers.get("answered") is True or all(
        answers.get(question.name) is not None for question in MENTAL_QUESTIONS
    )


def assess_mental(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[VisitAssessment]:
    """Each screening judged, oldest first: for the confidential form only. What is urgent counts at once."""
    return [_assess_mental(standards.on(on), on, visit) for on, visit in outcome.in_order(visits)]


def _no_words(_facts: MentalFacts) -> dict[str, str]:
    return {}


def _assess_mental(rules: Rules, on: date, visit: Answers) -> VisitAssessment:
    found = referral.findings(rules, MENTAL_NAME, MENTAL_CONDITIONS, MentalFacts(rules, visit), _no_words)
    told = sum(visit.get(question.name) is not None for question in MENTAL_QUESTIONS)
    complete = told == len(MENTAL_QUESTIONS)
    if complete and not found:
        headline = _("Kedelapan pertanyaan sudah dijawab. Tidak ada yang perlu perhatian.")
    else:
        counted = _("{n} dari {all} pertanyaan dijawab.").format(n=told, all=len(MENTAL_QUESTIONS))
        headline = f"{found[0].title}. {counted}" if found else counted
    return VisitAssessment(
        visited_on=on,
        headline=headline,
        level=referral.worst(found, otherwise="ok" if complete else "unknown"),
        tiles=(),
        findings=found,
    )


MENTAL_CONDITIONS: Mapping[str, Callable[[MentalFacts], bool | None]] = MappingProxyType(
    {
        "urgent": lambda facts: facts.needs_attention(facts.rules.mental.youth_urgent),
        "private": lambda facts: any(facts.needs_attention(name) for name in facts.rules.mental.youth_private),
        "attention": lambda facts: any(
            facts.needs_attention(name)
            for name in facts.rules.mental.youth_attention
            if name != facts.rules.mental.youth_urgent and name not in facts.rules.mental.youth_private
        ),
    }
)
"""The conditions that rules of the confidential form may name."""
