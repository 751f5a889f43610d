"""Dates of a pregnancy, and what each visit of a pregnant woman means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from posyandu.domain import outcome, referral
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.forms.pregnancy import DANGER_SIGNS
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Rules, Standards, TbcRule, WeightGain
from posyandu.text import _

FORM_NAME = "pregnancy_visit"

TERM_DAYS = 280
"""From the first day of the last period to the day of birth: how the day is reckoned, not a bound."""


@dataclass(frozen=True)
class Gestation:
    """How far a pregnancy is: completed weeks, and days beyond."""

    weeks: int
    days: int

    @property
    def text(self) -> str:
        """In words: "24 minggu 3 hari"."""
        if self.days == 0:
            return _("{weeks} minggu").format(weeks=self.weeks)
        return _("{weeks} minggu {days} hari").format(weeks=self.weeks, days=self.days)


@dataclass(frozen=True)
class PregnancyAssessment:
    """One visit, judged.

    The three "red" readings are those of the ILP card: True red, False green, None unknown. The kader's own reading of
    the curve stands before the calculated one. `gain_g` is against the weight at the start, `expected_gain_g` the least
    and the most wanted by now; `tablets_total` counts the iron tablets given up to and with this visit. `level` is the
    gravest finding's, "ok", or "unknown" when nothing was measured; `spoilt` are the answers that were read from a tool
    found wrong.
    """

    visited_on: date
    gestation: Gestation | None
    muac_red: bool | None
    pressure_red: bool | None
    weight_red: bool | None
    gain_g: int | None
    expected_gain_g: tuple[int, int] | None
    anaemic: bool | None
    tbc_positive: bool | None
    tablets_total: int
    findings: tuple[Finding, ...]
    headline: str
    level: str
    spoilt: tuple[str, ...] = ()

    @property
    def refer(self) -> bool:
        """Whether any finding sends the woman on."""
        return any(finding.refer for finding in self.findings)


@dataclass(frozen=True)
class Facts:
    """What the conditions of the referral rules may ask."""

    rules: Rules
    person: Answers
    pregnancy: Answers
    answers: Answers
    visited_on: date
    gestation: Gestation | None
    bmi: float | None
    age_years: int | None
    gain_g: int | None
    expected_gain_g: tuple[int, int] | None
    muac_red: bool | None
    pressure_red: bool | None
    weight_red: bool | None
    anaemic: bool | None
    tbc: bool | None


def due_on(answers: Answers) -> date | None:
    """The expected day of birth (HPL): by ultrasound where given, else 280 days after the last period, else None."""
    if isinstance(by_usg := answers.get("usg_due_on"), date):
        return by_usg
    last_period = answers.get("lmp_on")
    return last_period + timedelta(days=TERM_DAYS) if isinstance(last_period, date) else None


def gestation(answers: Answers, on: date) -> Gestation | None:
    """How far the pregnancy is on a day; None when no date is known or the day lies before it began."""
    due = due_on(answers)
    if due is None:
        return None
    days = TERM_DAYS - (due - on).days
    if days < 0:
        return None
    return Gestation(*divmod(days, 7))


def assess(
    standards: Standards,
    person: Answers,
    pregnancy: Answers,
    visits: Sequence[Answers],
    wrong: Mapping[str, str] | None = None,
) -> list[PregnancyAssessment]:
    """Every visit of one pregnancy judged, oldest first. Visits without a day are left out.

    `person` gives `born_on`; `pregnancy` and the visits are the answers of the forms of those names. `wrong` names by
    session the tool of a day that was found wrong: a weight read from it says nothing, then or later.
    """
    told = outcome.in_order(visits)
    dated = [(on, outcome.sound(visit, wrong)) for on, visit in told]
    first_g = _first_weight_g(standards, pregnancy, dated)
    found: list[PregnancyAssessment] = []
    tablets = 0
    earlier: tuple[date, int] | None = None
    for on, visit in dated:
        if isinstance(given := visit.get("iron_tablets"), int):
            tablets += given
        found.append(_assess(standards.on(on), person, pregnancy, on, visit, first_g, tablets, earlier))
        if isinstance(grams := visit.get("weight_g"), int):
            earlier = (on, grams)
    spoilt = [outcome.read_from_wrong(visit, wrong) for _on, visit in told]
    return [
        replace(each, headline=f"{each.headline} {outcome.wrong_words(lost)}", spoilt=lost) if lost else each
        for each, lost in zip(found, spoilt, strict=True)
    ]


def expected_gain_g(rules: Rules, bmi: float, weeks: int) -> tuple[int, int]:
    """The least and the most gain wanted by a completed week, in grams, for a body mass index at the start.

    Until the weekly gain begins anything from none to the first trimester's most; then that gain on top.
    """
    kind = weight_class(rules, bmi)
    beyond = weeks - rules.gestation.gain_from_week
    if beyond <= 0:
        return 0, kind.first_trimester_high_g
    return (
        kind.first_trimester_low_g + beyond * kind.weekly_low_g,
        kind.first_trimester_high_g + beyond * kind.weekly_high_g,
    )


def weight_class(rules: Rules, bmi: float) -> WeightGain:
    """The class of weight gain a body mass index belongs to."""
    return next(kind for kind in rules.weight_gain if kind.bmi_below is None or bmi < kind.bmi_below)


def _first_weight_g(standards: Standards, pregnancy: Answers, dated: Sequence[tuple[date, Answers]]) -> int | None:
    """The weight at the start: as registered, else the first weighed within the first trimester."""
    if isinstance(registered := pregnancy.get("first_weight_g"), int):
        return registered
    for on, visit in dated:
        far, grams = gestation(pregnancy, on), visit.get("weight_g")
        is_early = far is not None and standards.on(on).gestation.trimester(far.weeks) == 1
        if is_early and isinstance(grams, int):
            return grams
    return None


def _assess(
    rules: Rules,
    person: Answers,
    pregnancy: Answers,
    on: date,
    visit: Answers,
    first_g: int | None,
    tablets: int,
    earlier: tuple[date, int] | None,
) -> PregnancyAssessment:
    far = gestation(pregnancy, on)
    bmi = body_mass(pregnancy, first_g)
    grams = visit.get("weight_g")
    gain_g = grams - first_g if isinstance(grams, int) and first_g is not None else None
    expected = expected_gain_g(rules, bmi, far.weeks) if bmi is not None and far is not None else None
    born_on = person.get("born_on")
    facts = Facts(
        rules=rules,
        person=person,
        pregnancy=pregnancy,
        answers=visit,
        visited_on=on,
        gestation=far,
        bmi=bmi,
        age_years=age_months(born_on, on) // 12 if isinstance(born_on, date) else None,
        gain_g=gain_g,
        expected_gain_g=expected,
        muac_red=_below(visit.get("muac_mm"), rules.kek_mm),
        pressure_red=outcome.pressure_red(rules, visit),
        weight_red=_weight_red(visit, gain_g, expected),
        anaemic=is_anaemic(rules, visit.get("haemoglobin_dg_dl"), far),
        tbc=referral.suspected_tbc(_asked(rules.tbc), visit),
    )
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    judged = any(red is not None for red in (facts.muac_red, facts.pressure_red, facts.weight_red))
    return PregnancyAssessment(
        visited_on=on,
        gestation=far,
        muac_red=facts.muac_red,
        pressure_red=facts.pressure_red,
        weight_red=facts.weight_red,
        gain_g=gain_g,
        expected_gain_g=expected,
        anaemic=facts.anaemic,
        tbc_positive=facts.tbc,
        tablets_total=tablets,
        findings=found,
        headline=_headline(facts, earlier, found, judged=judged),
        level=referral.worst(found, otherwise="ok" if judged else "unknown"),
    )


def body_mass(pregnancy: Answers, first_g: int | None) -> float | None:
    """Body mass index at the start in kg/m², by the first weight known; None without it or the height."""
    height_mm = pregnancy.get("height_mm")
    return first_g * 1000 / height_mm**2 if first_g is not None and isinstance(height_mm, int) else None


def is_anaemic(rules: Rules, amount: object, far: Gestation | None) -> bool | None:
    """Whether haemoglobin (tenths of g/dL) is too low so far on.

    Where nobody knows how far: too little is what is too little in every trimester, enough what is enough in each.
    """
    told = rules.anaemia.by_trimester
    if far is not None:
        return _below(amount, told[rules.gestation.trimester(far.weeks) - 1])
    return True if _below(amount, min(told)) else False if _below(amount, max(told)) is False else None


def _below(value: object, least: int) -> bool | None:
    return value < least if isinstance(value, int) else None


def _weight_red(visit: Answers, gain_g: int | None, expected: tuple[int, int] | None) -> bool | None:
    """Red or green by the kader's reading of the curve, else by calculation, else unknown."""
    on_curve = visit.get("weight_on_curve")
    if isinstance(on_curve, bool):
        return not on_curve
    if gain_g is None or expected is None:
        return None
    return not expected[0] <= gain_g <= expected[1]


def _asked(rule: TbcRule) -> TbcRule:
    """The screening rule without the question that only children are asked."""
    return TbcRule(tuple(question for question in rule.questions if question != "tbc_listless"), rule.needed)


def _headline(facts: Facts, earlier: tuple[date, int] | None, found: tuple[Finding, ...], *, judged: bool) -> str:
    """How far, and the one thing that matters most today."""
    far = facts.gestation
    sentences = [
        _("Umur kehamilan {text}.").format(text=far.text) if far else _("Umur kehamilan belum diketahui. Isi HPHT.")
    ]
    grams = facts.answers.get("weight_g")
    urgent = [finding for finding in found if finding.level == "bad"] or [f for f in found if f.level == "warn"]
    if urgent:
        sentences.append(f"{urgent[0].title}.")
    elif not judged:
        sentences.append(_("Belum ada hasil ukur pada kunjungan ini."))
    elif isinstance(grams, int) and earlier is not None:
        sentences.append(f"{referral.change_text(grams - earlier[1], earlier[0], facts.visited_on)}.")
    else:
        sentences.append(_("Tidak ada tanda bahaya yang tercatat."))
    return " ".join(sentences)


def danger_signs(visit: Answers) -> tuple[str, ...]:
    """The danger signs answered yes, as the form names them."""
    return tuple(_(sign.label) for sign in DANGER_SIGNS if visit.get(sign.name) is True)


def _words(facts: Facts) -> dict[str, str]:
    """What the texts of the referral rules may name."""
    visit, pregnancy = facts.answers, facts.pregnancy
    gain, gain_g, expected = "", facts.gain_g, facts.expected_gain_g
    if gain_g is not None and expected is not None:
        rose = _("Kenaikan {gain} kg sejak awal hamil; yang diharapkan {low} sampai {high} kg (hasil hitung).")
        fell = _("Berat turun {gain} kg sejak awal hamil; yang diharapkan naik {low} sampai {high} kg (hasil hitung).")
        gain = (fell if gain_g < 0 else rose).format(
            gain=referral.decimal(abs(gain_g) / 1000, 1),
            low=referral.decimal(expected[0] / 1000, 1),
            high=referral.decimal(expected[1] / 1000, 1),
        )
    return {
        "signs": ", ".join(danger_signs(visit)).lower(),
        "pressure": f"{_number(visit.get('systolic_mmhg'))}/{_number(visit.get('diastolic_mmhg'))}",
        "muac": _tenths(visit.get("muac_mm")),
        "hb": _tenths(visit.get("haemoglobin_dg_dl")),
        "height": _tenths(pregnancy.get("height_mm")),
        "gravida": _number(pregnancy.get("gravida")),
        "gain": gain,
        "weeks": str(facts.gestation.weeks) if facts.gestation else "",
        "bmi": referral.body_mass(facts.rules, facts.bmi) if facts.bmi is not None else "",
        "age": _number(facts.age_years),
        "tbc": outcome.tbc_words(visit),
    }


def _number(value: object) -> str:
    return str(value) if isinstance(value, int) else "-"


def _tenths(value: object) -> str:
    return referral.decimal(value / 10, 1) if isinstance(value, int) else "-"


def _emergency(facts: Facts) -> bool | None:
    pressure = facts.rules.pressure
    return outcome.reaches(facts.answers, pressure.emergency_systolic, pressure.emergency_diastolic)


def _risk(name: str, is_risk: Callable[[Facts, int], bool], of_pregnancy: bool = True) -> Callable[[Facts], bool]:
    def holds(facts: Facts) -> bool:
        value = (facts.pregnancy if of_pregnancy else facts.answers).get(name)
        return isinstance(value, int) and is_risk(facts, value)

    return holds


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "danger_signs": lambda facts: bool(danger_signs(facts.answers)),
        "pressure_emergency": _emergency,
        "pressure_high": lambda facts: facts.pressure_red,
        "muac_red": lambda facts: facts.muac_red,
        "weight_red": lambda facts: facts.answers.get("weight_on_curve") is False,
        "weight_outside": lambda facts: facts.weight_red and facts.answers.get("weight_on_curve") is None,
        "anaemia": lambda facts: facts.anaemic,
        "anaemia_severe": _risk(
            "haemoglobin_dg_dl", lambda facts, hb: hb < facts.rules.anaemia.severe, of_pregnancy=False
        ),
        "tbc_suspected": lambda facts: facts.tbc,
        "tbc_contact": lambda facts: facts.answers.get("tbc_contact") is True,
        "tbc_sign": lambda facts: outcome.has_tbc_sign(facts.answers),
        "post_term": lambda facts: (
            facts.gestation is not None and facts.gestation.weeks >= facts.rules.pregnancy_risk.weeks_over
        ),
        "thin": lambda facts: facts.bmi is not None and facts.bmi < facts.rules.pregnancy_risk.bmi_under,
        "too_young": lambda facts: (
            facts.age_years is not None and facts.age_years < facts.rules.pregnancy_risk.mother_under_years
        ),
        "too_old": lambda facts: (
            facts.age_years is not None and facts.age_years > facts.rules.pregnancy_risk.mother_over_years
        ),
        "too_close": _risk(
            "birth_interval_months", lambda facts, months: months < facts.rules.pregnancy_risk.interval_under_months
        ),
        "too_many": _risk("gravida", lambda facts, number: number >= facts.rules.pregnancy_risk.gravida_from),
        "short": _risk("height_mm", lambda facts, height: height < facts.rules.pregnancy_risk.height_under_mm),
        "iron_not_daily": lambda facts: facts.answers.get("iron_daily") is False,
        "kek_food_not_daily": lambda facts: facts.answers.get("kek_daily") is False,
        "no_class": lambda facts: facts.answers.get("class_attended") is False,
    }
)
"""The conditions that referral rules of this form may name."""
