"""Instruments that trained kader may score: PUMA, SRQ-20, AKS (Barthel) and SKILAS.

A score is valid only when every item is answered; what is urgent counts at once. Instruments of health workers
(Mini-Cog, GDS, SPPB ...) are not scored here: their result is noted as told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import outcome, referral
from posyandu.domain.fields import Answers
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from posyandu.domain.outcome import ANY_ADULT_MONTHS, Tile, VisitAssessment
from posyandu.domain.standards import Band, Rules, Standards
from posyandu.text import N_, _

PUMA_QUESTIONS = (
    "puma_smoked",
    "puma_sticks",
    "puma_years",
    "puma_breath",
    "puma_phlegm",
    "puma_cough",
    "puma_spirometry",
)
PUMA_SYMPTOMS = PUMA_QUESTIONS[3:]

DOMAINS: Mapping[str, str] = MappingProxyType(
    {
        "cognition": N_("Kognitif"),
        "mobility": N_("Gerak"),
        "malnutrition": N_("Gizi"),
        "sight": N_("Penglihatan"),
        "hearing": N_("Pendengaran"),
        "depression": N_("Depresi"),
    }
)
"""The six domains of SKILAS, in the order of the form."""


# PUMA


def puma_score(rules: Rules, person: Answers, on: date, answers: Answers) -> int | None:
    """PUMA, 0 to 9; None under 40 years, or while an item, the sex or the birth date is unknown."""
    total = 0
    for points in puma_points(rules, person, on, answers).values():
        if points is None:
            return None
        total += points
    return total


def puma_points(rules: Rules, person: Answers, on: date, answers: Answers) -> Mapping[str, int | None]:
    """The points of each item of PUMA in the order of the card, None where it is unknown; all None under 40 years."""
    months = outcome.months_on(person, on)
    names = ("puma_sex", "puma_age", "puma_smoked", *PUMA_SYMPTOMS)
    if months is None or months < rules.puma.from_months:
        return dict.fromkeys(names)
    by_age = max((points for years, points in rules.puma.points_by_age if months // 12 >= years), default=0)
    by_sex = {"male": 1, "female": 0}.get(str(person.get("sex")))
    told = (answers.get(name) for name in PUMA_SYMPTOMS)
    symptoms = (int(answer) if isinstance(answer, bool) else None for answer in told)
    return dict(zip(names, (by_sex, by_age, _smoking_points(rules, answers), *symptoms), strict=True))


def pack_years(rules: Rules, answers: Answers) -> float | None:
    """Sticks a day times years over those of a pack; None while either is unknown."""
    sticks, years = outcome.number(answers, "puma_sticks"), outcome.number(answers, "puma_years")
    return sticks * years / rules.puma.sticks_in_a_pack if sticks is not None and years is not None else None


def _smoking_points(rules: Rules, answers: Answers) -> int | None:
    if answers.get("puma_smoked") is False:
        return 0
    packs = pack_years(rules, answers)
    if answers.get("puma_smoked") is None or packs is None:
        return None
    if packs > rules.puma.packs_two_points_over:
        return 2
    return int(packs >= rules.puma.packs_one_point)


# SRQ-20


def srq_score(answers: Answers) -> int | None:
    """How often yes was said, 0 to 20; None while a question is unanswered."""
    told = [answers.get(question.name) for question in SRQ_QUESTIONS]
    return None if None in told else told.count(True)


@dataclass(frozen=True)
class SrqFacts:
    """What the conditions of SRQ-20 may ask."""

    rules: Rules
    answers: Answers

    @property
    def yes(self) -> int:
        """How often yes was said so far."""
        return sum(self.answers.get(question.name) is True for question in SRQ_QUESTIONS)

    @property
    def is_high(self) -> bool:
        """Whether so many were answered yes that more answers cannot change it."""
        band = self.rules.life_band("srq", self.yes, ANY_ADULT_MONTHS)
        return band is not None and band.code == "high"

    @property
    def is_urgent(self) -> bool:
        """Number 17: thoughts of ending one's life."""
        return self.answers.get(self.rules.mental.srq_urgent) is True


SRQ_CONDITIONS: Mapping[str, Callable[[SrqFacts], bool | None]] = MappingProxyType(
    {"urgent": lambda facts: facts.is_urgent, "high": lambda facts: facts.is_high}
)
"""The conditions that rules of SRQ-20 may name."""


@dataclass(frozen=True, kw_only=True)
class SrqAssessment(VisitAssessment):
    """One SRQ-20: the score (None while incomplete), six or more, and number 17. For the confidential form only.

    Of sealed answers only `is_low` and `is_high` are known, and `is_urgent` is None.
    """

    score: int | None
    is_low: bool
    is_high: bool
    is_urgent: bool | None


def assess_srq(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[SrqAssessment]:
    """Each SRQ-20 judged, oldest first."""
    found = []
    for on, visit in outcome.in_order(visits):
        rules = standards.on(on)
        facts = SrqFacts(rules, visit)
        is_sealed = visit.get("answered") is not None and not any(
            visit.get(each.name) is not None for each in SRQ_QUESTIONS
        )
        if is_sealed:
            found.append(_sealed_srq(on, visit))
            continue
        findings = referral.findings(rules, "srq20", SRQ_CONDITIONS, facts, lambda facts: {"score": str(facts.yes)})
        told = sum(visit.get(question.name) is not None for question in SRQ_QUESTIONS)
        score = srq_score(visit)
        counted = (
            _("Ya dijawab {n} kali dari 20.").format(n=score)
            if score is not None
            else _("{n} dari 20 pertanyaan dijawab.").format(n=told)
        )
        found.append(
            SrqAssessment(
                visited_on=on,
                headline=f"{findings[0].title}. {counted}" if findings else counted,
                level=referral.worst(findings, otherwise="ok" if score is not None else "unknown"),
                tiles=(),
                findings=findings,
                score=score,
                is_low=score is not None and not facts.is_high,
                is_high=facts.is_high,
                is_urgent=facts.is_urgent,
            )
        )
    return found


def _sealed_srq(on: date, visit: Answers) -> SrqAssessment:
    """What is known of answers that only their readers can open."""
    return SrqAssessment(
        visited_on=on,
        headline=_("Jawabannya disegel."),
        level="unknown",
        tiles=(),
        findings=(),
        score=None,
        is_low=visit.get("outcome") == "low",
        is_high=visit.get("outcome") == "high",
        is_urgent=None,
    )


# AKS


def aks_score(answers: Answers) -> int | None:
    """Barthel index, 0 to 20; None while an item is unanswered."""
    told = [answers.get(question.name) for question in AKS_QUESTIONS]
    return None if None in told else sum(int(str(score)) for score in told)


@dataclass(frozen=True, kw_only=True)
class AksAssessment(VisitAssessment):
    """One AKS: score and class ("independent", "mild", "moderate", "severe", "total"); None while incomplete."""

    score: int | None
    code: str | None


@dataclass(frozen=True)
class AksFacts:
    """What the conditions of AKS may ask."""

    score: int | None
    label: str
    level: str | None
    code: str | None

    def words(self) -> dict[str, str]:
        """What the texts of its rules may name."""
        return {"score": outcome.plain(self.score), "aks_class": self.label}


AKS_CONDITIONS: Mapping[str, Callable[[AksFacts], bool | None]] = MappingProxyType(
    {
        "dependent_severe": lambda facts: facts.level == "bad",
        "dependent_moderate": lambda facts: facts.code == "moderate",
        "dependent": lambda facts: facts.level == "warn",
    }
)
"""The conditions that rules of AKS may name."""


def assess_aks(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[AksAssessment]:
    """Each AKS judged, oldest first."""
    found = []
    for on, visit in outcome.in_order(visits):
        rules, score = standards.on(on), aks_score(visit)
        band = rules.life_band("aks", score, ANY_ADULT_MONTHS)
        facts = AksFacts(score, _(band.label), band.level, band.code) if band else AksFacts(score, "", None, None)
        findings = referral.findings(rules, "aks", AKS_CONDITIONS, facts, AksFacts.words)
        told = sum(visit.get(question.name) is not None for question in AKS_QUESTIONS)
        if band is None:
            headline = _("{n} dari 10 kegiatan dijawab.").format(n=told)
        else:
            headline = _("Skor {score} dari 20: {label}.").format(score=score, label=outcome.in_sentence(_(band.label)))
        found.append(
            AksAssessment(
                visited_on=on,
                headline=headline,
                level=band.level if band else "unknown",
                tiles=(_aks_tile(band, score),),
                findings=findings,
                score=score,
                code=band.code if band else None,
            )
        )
    return found


def _aks_tile(band: Band | None, score: int | None) -> Tile:
    if band is None:
        return Tile("AKS", _(outcome.NOT_YET), "unknown")
    words = _(band.label).removeprefix(_("Ketergantungan "))
    return Tile("AKS", words[:1].upper() + words[1:], band.level, _("skor {n} dari 20").format(n=score))


# SKILAS


@dataclass(frozen=True)
class SkilasFacts:
    """The six domains: True a problem, False none, None not (enough) asked."""

    domains: Mapping[str, bool | None]


def _domain(name: str) -> Callable[[SkilasFacts], bool | None]:
    return lambda facts: facts.domains[name]


SKILAS_CONDITIONS: Mapping[str, Callable[[SkilasFacts], bool | None]] = MappingProxyType(
    {name: _domain(name) for name in DOMAINS}
)
"""The conditions that rules of SKILAS may name."""


@dataclass(frozen=True, kw_only=True)
class SkilasAssessment(VisitAssessment):
    """One SKILAS: each of the six domains True (a problem), False, or None when not (enough) asked."""

    domains: Mapping[str, bool | None]


def skilas_domains(rules: Rules, answers: Answers) -> Mapping[str, bool | None]:
    """The six domains judged. One problem decides a domain; without one, every item must be answered."""
    arm = outcome.number(answers, "muac_mm")
    whisper = answers.get("whisper")
    return MappingProxyType(
        {
            "cognition": _any_problem(
                *(_not(answers, name) for name in ("knows_date", "knows_place", "recalls_words"))
            ),
            "mobility": _not(answers, "stands_up"),
            "malnutrition": _any_problem(
                _yes(answers, "lost_weight"),
                _yes(answers, "poor_appetite"),
                None if arm is None else arm < rules.elderly.muac_under_mm,
            ),
            "sight": _any_problem(_yes(answers, "eye_problem"), _not(answers, "counts_fingers")),
            "hearing": None if whisper is None else whisper != "hears",
            "depression": _any_problem(_yes(answers, "sad"), _yes(answers, "no_interest")),
        }
    )


def _yes(answers: Answers, name: str) -> bool | None:
    answer = answers.get(name)
    return answer if isinstance(answer, bool) else None


def _not(answers: Answers, name: str) -> bool | None:
    answer = _yes(answers, name)
    return None if answer is None else not answer


def _any_problem(*items: bool | None) -> bool | None:
    if True in items:
        return True
    return None if None in items else False


def assess_skilas(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[SkilasAssessment]:
    """Each SKILAS judged, oldest first."""
    found = []
    for on, visit in outcome.in_order(visits):
        rules = standards.on(on)
        domains = skilas_domains(rules, visit)
        findings = referral.findings(rules, "skilas", SKILAS_CONDITIONS, SkilasFacts(domains), lambda _facts: {})
        bad = [_(words) for name, words in DOMAINS.items() if domains[name]]
        known = sum(each is not None for each in domains.values())
        if bad:
            headline = _("Perlu pemeriksaan lanjutan: {domains}.").format(domains=", ".join(bad).lower())
        elif known == len(DOMAINS):
            headline = _("Keenam bagian tidak ada masalah.")
        else:
            headline = _("{n} dari 6 bagian selesai.").format(n=known)
        found.append(
            SkilasAssessment(
                visited_on=on,
                headline=headline,
                level=referral.worst(findings, otherwise="ok" if known == len(DOMAINS) else "unknown"),
                tiles=tuple(_domain_tile(_(words), domains[name]) for name, words in DOMAINS.items()),
                findings=findings,
                domains=domains,
            )
        )
    return found


def _domain_tile(title: str, problem: bool | None) -> Tile:
    if problem is None:
        return Tile(title, _(outcome.NOT_YET), "unknown")
    return Tile(title, _("Ada masalah") if problem else _("Baik"), "warn" if problem else "ok")
