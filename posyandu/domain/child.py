"""What each visit of a child under six means: z-scores and classes, N or T, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from posyandu.domain import growth, nutrition, outcome, referral, weighing
from posyandu.domain.calendar import age_days, age_months
from posyandu.domain.fields import Answers
from posyandu.domain.growth import GrowthTables, Measurement, ZScores
from posyandu.domain.nutrition import Category
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Rules, Standards
from posyandu.domain.weighing import Weighed, Weighing
from posyandu.text import N_, _

FORM_NAME = "under_five_visit"

Z_CLASSES = ("waz", "haz", "whz", "baz", "hcz")

_MEASURES = {
    "waz": N_("berat menurut umur"),
    "haz": N_("panjang atau tinggi menurut umur"),
    "whz": N_("berat menurut panjang atau tinggi"),
    "baz": N_("IMT menurut umur"),
    "hcz": N_("lingkar kepala"),
    "acz": N_("lingkar lengan"),
}


MEASURED_BY: Mapping[str, tuple[str, ...]] = {
    "waz": ("weight_g",),
    "haz": ("length_mm",),
    "whz": ("weight_g", "length_mm"),
    "baz": ("weight_g", "length_mm"),
    "hcz": ("head_mm",),
    "acz": ("muac_mm",),
}
"""The answers behind each index."""


@dataclass(frozen=True, slots=True)
class ChildAssessment:
    """One visit, judged.

    `categories` has "waz", "haz", "whz", "baz" and "hcz", each calculated ("hasil hitung") and to be confirmed by a
    health worker; `head` is its "hcz" and `muac` the colour of the arm. `weighed` is None when no weight was taken;
    `tbc_positive` whether the screening calls for a test (None: not enough answered). `headline` is one or two plain
    sentences.
    `level` is the gravest finding's: "bad", "warn", "ok", "info" of a loss past the age of N and T, or "unknown" when
    there was no weight to judge. `spoilt` are the answers that were read from a tool found wrong.
    """

    visited_on: date
    age_months: int | None
    age_days: int | None
    z: ZScores
    categories: Mapping[str, Category]
    muac: Category
    head: Category
    weighed: Weighed | None
    tbc_positive: bool | None
    findings: tuple[Finding, ...]
    headline: str
    level: str
    spoilt: tuple[str, ...] = ()

    @property
    def refer(self) -> bool:
        """Whether any finding sends the child on."""
        return any(finding.refer for finding in self.findings)


@dataclass(frozen=True)
class Facts:
    """What the conditions of the referral rules may ask."""

    rules: Rules
    answers: Answers
    visited_on: date
    age_months: int | None
    z: ZScores
    categories: Mapping[str, Category]
    muac: Category
    weighed: Weighed | None
    tbc: bool | None


def assess(
    standards: Standards,
    tables: GrowthTables,
    person: Answers,
    visits: Sequence[Answers],
    *,
    only_last: bool = False,
    wrong: Mapping[str, str] | None = None,
    since: date | None = None,
) -> list[ChildAssessment]:
    """Every visit judged, oldest first; each is compared with those before it. With `only_last` just the last one.

    Of visits before `since` is told what later ones are held against: N or T, and what a wrong tool spoilt. All else of
    them stays unknown: no z-scores, classes, lines of the KMS or findings.

    `wrong` names by session the tool of a day that was found wrong: "scale", "board" or "both". What was read from it
    has no class, lies below or above no line of the KMS and leads to no finding, of that day or a later one; that the
    child was weighed, and whether it gained, stays as it was told. `person` gives `sex` and `born_on`; a visit the
    answers of the form under_five_visit. Visits without a day are left out. Where sex or birth date are missing, or the
    visit lies before the birth, everything that is measured stays unknown.
    """
    found = _judged(standards, tables, person, visits, only_last, since)
    if not wrong or not any(visit.get("session_id") in wrong for visit in visits):
        return found
    sound_visits = [outcome.sound(visit, wrong) for visit in visits]
    sound = _judged(standards, tables, person, sound_visits, only_last, since)
    dated = [visit for visit in visits if isinstance(visit.get("visited_on"), date)]
    dated.sort(key=lambda visit: str(visit["visited_on"]))
    told = zip(sound, found, dated[-len(found) :], strict=True)
    return [_with_what_stays(now, before, outcome.read_from_wrong(visit, wrong)) for now, before, visit in told]


def _with_what_stays(sound: ChildAssessment, told: ChildAssessment, spoilt: tuple[str, ...]) -> ChildAssessment:
    """A visit judged without what a wrong tool said, but weighed, and with N or T, as it was told."""
    if told.age_months is None or not spoilt:
        return replace(sound, weighed=told.weighed, headline=told.headline)
    weighed = told.weighed
    if weighed is not None and "weight_g" in spoilt:
        weighed = replace(weighed, below_red=None, above_orange=None)
    words = f"{headline(weighed)} {outcome.wrong_words(spoilt)}"
    return replace(sound, weighed=weighed, headline=words, spoilt=spoilt)


def _judged(
    standards: Standards,
    tables: GrowthTables,
    person: Answers,
    visits: Sequence[Answers],
    only_last: bool,
    since: date | None,
) -> list[ChildAssessment]:
    dated = sorted(
        ((on, visit) for visit in visits if isinstance(on := visit.get("visited_on"), date)), key=lambda pair: pair[0]
    )
    sex, born_on = person.get("sex"), person.get("born_on")
    if not isinstance(sex, str) or not isinstance(born_on, date):
        missing = _("Lengkapi jenis kelamin dan tanggal lahir dahulu.")
        return [_unjudged(standards, on, visit, missing) for on, visit in dated]
    born = [(on, visit) for on, visit in dated if on >= born_on]
    weighings = [
        Weighing(on, grams, judged if isinstance(judged := visit.get("gain_judged"), str) else None)
        for on, visit in born
        if isinstance(grams := visit.get("weight_g"), int)
    ]
    weighed = iter(weighing.judge(standards, sex, born_on, weighings, tables=tables, since=since))
    told = [(on, visit, next(weighed) if isinstance(visit.get("weight_g"), int) else None) for on, visit in born]
    too_early = _("Tanggal kunjungan sebelum tanggal lahir. Periksa lagi.")
    early = [_unjudged(standards, on, visit, too_early) for on, visit in dated if on < born_on]
    if only_last:
        told, early = told[-1:], [] if told else early[-1:]
    return early + [
        _assess(standards, tables, sex, born_on, on, visit, each)
        if since is None or on >= since
        else _weighed_alone(born_on, on, each)
        for on, visit, each in told
    ]


def _weighed_alone(born_on: date, on: date, weighed: Weighed | None) -> ChildAssessment:
    """A visit of which only N or T is told."""
    unknown = nutrition.unknown()
    return ChildAssessment(
        visited_on=on,
        age_months=age_months(born_on, on),
        age_days=age_days(born_on, on),
        z=ZScores(),
        categories=MappingProxyType(dict.fromkeys(Z_CLASSES, unknown)),
        muac=unknown,
        head=unknown,
        weighed=weighed,
        tbc_positive=None,
        findings=(),
        headline="",
        level="unknown",
    )


def measurement(sex: str, days: int, visit: Answers) -> Measurement:
    """A visit's answers (grams, millimetres) as what the growth tables take."""
    position = visit.get("position")
    return Measurement(
        sex=sex,
        age_days=days,
        weight_kg=_part(visit.get("weight_g"), 1000),
        lenhei_cm=_part(visit.get("length_mm"), 10),
        measure={"lying": "l", "standing": "h"}.get(str(position)),
        head_cm=_part(visit.get("head_mm"), 10),
        muac_cm=_part(visit.get("muac_mm"), 10),
        oedema=has_oedema(visit),
    )


def has_oedema(visit: Answers) -> bool:
    """Whether both feet are swollen."""
    return visit.get("oedema") in ("1", "2", "3")


def _part(stored: object, per_unit: int) -> float | None:
    return stored / per_unit if isinstance(stored, int) else None


def _assess(
    standards: Standards,
    tables: GrowthTables,
    sex: str,
    born_on: date,
    on: date,
    visit: Answers,
    weighed: Weighed | None,
) -> ChildAssessment:
    rules = standards.on(on)
    days, months = age_days(born_on, on), age_months(born_on, on)
    z = growth.zscores(tables, measurement(sex, days, visit))
    scores = dict(zip(growth.INDICES, z[:6], strict=True))
    categories = {index: nutrition.classify(standards, index, scores[index], months, on) for index in Z_CLASSES}
    categories["whz"] = nutrition.wasting_class(standards, scores["whz"], months, on, oedema=has_oedema(visit))
    muac_mm = visit.get("muac_mm")
    muac = nutrition.muac_class(standards, muac_mm if isinstance(muac_mm, int) else None, months, on)
    tbc = referral.suspected_tbc(rules.tbc, _with_2t(visit, weighed))
    facts = Facts(rules, visit, on, months, z, MappingProxyType(categories), muac, weighed, tbc)
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    return ChildAssessment(
        visited_on=on,
        age_months=months,
        age_days=days,
        z=z,
        categories=facts.categories,
        muac=muac,
        head=categories["hcz"],
        weighed=weighed,
        tbc_positive=tbc,
        findings=found,
        headline=headline(weighed),
        level=referral.worst(found, otherwise=_level(weighed)),
    )


def _level(weighed: Weighed | None) -> str:
    """What a weighing without a finding is: a loss is not well, also where no rule judges it any more."""
    if weighed is None:
        return "unknown"
    return "info" if weighed.lost_past_letters else "ok"


def _unjudged(standards: Standards, on: date, visit: Answers, sentence: str) -> ChildAssessment:
    """A visit of which only what was asked and seen is judged: swollen feet and signs of TBC need no sex and no age."""
    unknown, rules = nutrition.unknown(), standards.on(on)
    tbc = referral.suspected_tbc(rules.tbc, visit)
    facts = Facts(rules, visit, on, None, ZScores(), MappingProxyType({}), unknown, None, tbc)
    found = tuple(
        each for each in referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words) if each.code in AGELESS
    )
    return ChildAssessment(
        visited_on=on,
        age_months=None,
        age_days=None,
        z=ZScores(),
        categories=MappingProxyType(dict.fromkeys(Z_CLASSES, unknown)),
        muac=unknown,
        head=unknown,
        weighed=None,
        tbc_positive=tbc,
        findings=found,
        headline=sentence,
        level=referral.worst(found, otherwise="unknown"),
    )


def _with_2t(visit: Answers, weighed: Weighed | None) -> Answers:
    """The answers, with the weight question of the TBC screening answered by 2T where nobody asked it."""
    if weighed is not None and weighed.is_2t and visit.get("tbc_weight") is None:
        return {**visit, "tbc_weight": True}
    return visit


def headline(weighed: Weighed | None) -> str:
    """What the weighing says, for a mother: "Naik 400 gram sejak 10 Oktober. Target bulan ini 200 gram." """
    if weighed is None:
        return _("Belum ditimbang pada kunjungan ini.")
    sentences = [_movement(weighed)]
    if weighed.below_red:
        sentences.append(_("Berat di bawah garis merah."))
    elif weighed.above_orange:
        sentences.append(_("Berat di atas garis oranye."))
    return " ".join(sentences)


def _movement(weighed: Weighed) -> str:
    if weighed.code == "B":
        return _("Penimbangan pertama di sini. Bulan depan terlihat naik atau tidak.")
    if weighed.gain_g is None or weighed.since is None:
        return _("Bulan lalu tidak ditimbang. Bulan depan terlihat lagi naik atau tidak.")
    moved = referral.change_text(weighed.gain_g, weighed.since, weighed.on)
    if weighed.judged:
        verdict = (
            _("Menurut arah kurva KMS: naik.") if weighed.code == "N" else _("Menurut arah kurva KMS: tidak naik.")
        )
        return f"{moved}. {verdict}"
    if not weighed.code or weighed.kbm_g is None:
        return f"{moved}."
    target = referral.thousands(weighed.kbm_g)
    if weighed.code == "N":
        return _("{moved}. Target bulan ini {gram} gram.").format(moved=moved, gram=target)
    if weighed.gain_g > 0:
        return _("{moved}, belum mencapai target bulan ini {gram} gram.").format(moved=moved, gram=target)
    return _("{moved}. Target bulan ini naik {gram} gram.").format(moved=moved, gram=target)


def _words(facts: Facts) -> dict[str, str]:
    """What the texts of the referral rules may name."""
    weighed = facts.weighed
    moved = kbm = weight = ""
    if weighed is not None:
        weight = referral.decimal(weighed.grams / 1000, 1 if weighed.grams % 100 == 0 else 2)
        kbm = referral.thousands(weighed.kbm_g) if weighed.kbm_g is not None else ""
        if weighed.gain_g is not None and weighed.since is not None:
            moved = referral.change_text(weighed.gain_g, weighed.since, weighed.on)
    muac_mm = facts.answers.get("muac_mm")
    return {
        "moved": moved,
        "kbm": kbm,
        "weight": weight,
        "muac": referral.decimal(muac_mm / 10, 1) if isinstance(muac_mm, int) else "",
        "flags": ", ".join(_(_MEASURES[index]) for index in growth.INDICES if index in facts.z.flags),
        "illness": str(facts.answers.get("illness") or ""),
        "tbc": outcome.tbc_words(facts.answers),
        **_feeding_words(facts),
        **{f"{index}_label": category.label.lower() for index, category in facts.categories.items()},
    }


def _feeding_words(facts: Facts) -> dict[str, str]:
    """What a mother is told to give: only breast milk while the child is of the age of breast milk alone."""
    if _is_of_milk_alone(facts):
        return {
            "feed_more": _("susui lebih sering, siang dan malam"),
            "food_help": _("dibantu menyusui"),
            "eat_less": _("Teruskan ASI saja, jangan dikurangi"),
            "taught": _("menyusui"),
            "go_on": _("ASI"),
        }
    return {
        "feed_more": _("tambah makan dengan telur, ikan atau ayam"),
        "food_help": _("mendapat makanan tambahan"),
        "eat_less": _("Kurangi makanan manis dan gorengan, ajak bermain aktif"),
        "taught": _("makan dan bermain aktif"),
        "go_on": _("ASI dan makan"),
    }


def _class_of(facts: Facts, index: str) -> str:
    """The class of an index, "unknown" where WHO calls the value implausible: that one is measured again first."""
    return "unknown" if index in facts.z.flags or index not in facts.categories else facts.categories[index].code


def _wasting(facts: Facts) -> str:
    """The class by weight for length; by body mass index where length lies outside that table or above five years.

    Swollen feet are a finding of their own that says more.
    """
    if has_oedema(facts.answers):
        return "unknown"
    by_length = _class_of(facts, "whz")
    return _class_of(facts, "baz") if by_length == "unknown" and "whz" not in facts.z.flags else by_length


def _says(name: str, answer: object) -> Callable[[Facts], bool]:
    return lambda facts: facts.answers.get(name) == answer and facts.answers.get(name) is not None


def _is_of_milk_alone(facts: Facts) -> bool | None:
    """Whether the child is of the age of breast milk alone; None while the age is unknown."""
    return None if facts.age_months is None else facts.age_months < facts.rules.exclusive_months


AGELESS = frozenset(
    ("oedema", "tbc_suspected", "tbc_contact", "tbc_sign", "development_incomplete", "sick", "no_oralit")
)
"""The findings that hold whatever the sex and age."""

CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "oedema": lambda facts: has_oedema(facts.answers),
        "muac_red": lambda facts: facts.muac.code == "red",
        "muac_yellow": lambda facts: facts.muac.code == "yellow",
        "below_red": lambda facts: facts.weighed is not None and facts.weighed.below_red,
        "above_orange": lambda facts: facts.weighed is not None and facts.weighed.above_orange,
        "not_gained": lambda facts: facts.weighed is not None and facts.weighed.code == "T",
        "not_gained_twice": lambda facts: facts.weighed is not None and facts.weighed.is_2t,
        "severely_underweight": lambda facts: _class_of(facts, "waz") == "severely_underweight",
        "underweight": lambda facts: _class_of(facts, "waz") == "underweight",
        "severely_stunted": lambda facts: _class_of(facts, "haz") == "severely_stunted",
        "stunted": lambda facts: _class_of(facts, "haz") == "stunted",
        "severely_wasted": lambda facts: _wasting(facts) == "severely_wasted",
        "wasted": lambda facts: _wasting(facts) == "wasted",
        "overweight_risk": lambda facts: _wasting(facts) == "overweight_risk",
        "overweight": lambda facts: _wasting(facts) == "overweight",
        "obese": lambda facts: _wasting(facts) == "obese",
        "head_small": lambda facts: _class_of(facts, "hcz") == "small",
        "head_large": lambda facts: _class_of(facts, "hcz") == "large",
        "implausible": lambda facts: bool(facts.z.flags),
        "development_incomplete": _says("development", "incomplete"),
        "tbc_suspected": lambda facts: facts.tbc,
        "tbc_contact": _says("tbc_contact", True),
        "tbc_sign": lambda facts: outcome.has_tbc_sign(facts.answers) or facts.answers.get("tbc_listless") is True,
        "sick": _says("sick", True),
        "no_oralit": lambda facts: facts.answers.get("diarrhoea") is True and facts.answers.get("oralit") is False,
        "immunisation_incomplete": _says("immunisation_complete", False),
        "not_exclusive_breastfeeding": lambda facts: (
            _is_of_milk_alone(facts) is True and facts.answers.get("exclusive_breastfeeding") is False
        ),
        "poor_complementary_food": lambda facts: (
            _is_of_milk_alone(facts) is False and facts.answers.get("complementary_food") is False
        ),
        "vitamin_a_due": lambda facts: (
            facts.answers.get("vitamin_a") == "none"
            and facts.age_months is not None
            and facts.rules.vitamin_a.due(facts.visited_on, facts.age_months) is not None
        ),
        "deworming_due": lambda facts: (
            facts.answers.get("deworming") is False
            and facts.age_months is not None
            and facts.rules.deworming.due(facts.visited_on, facts.age_months)
        ),
        "supplement_not_eaten": _says("supplement_eaten", False),
    }
)
"""The conditions that referral rules of this form may name."""
