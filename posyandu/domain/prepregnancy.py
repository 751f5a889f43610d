"""Layak hamil: what the register of WUS/PUS says of a woman before a pregnancy: 4T, ALKI, body mass, family planning.

The kader is told whether all that is asked is as it ought to be ("layak hamil"), or what has to be looked at first
("dapat hamil dengan pengawasan"). That a woman should not become pregnant is a health worker's conclusion: it is
noted, never worked out here. Ages and bounds are dated data (rule "prepregnancy").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import bounds, outcome, referral
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.outcome import Tile, VisitAssessment
from posyandu.domain.standards import Rules, Standards
from posyandu.text import N_, _

FORM_NAME = "wus"

FIT, SUPERVISED, UNFIT = "fit", "supervised", "unfit"
RESULTS: Mapping[str, str] = MappingProxyType(
    {
        FIT: N_("Layak hamil"),
        SUPERVISED: N_("Dapat hamil dengan pengawasan"),
        UNFIT: N_("Belum layak hamil, pakai KB dahulu"),
    }
)

FOUR_T: Mapping[str, str] = MappingProxyType(
    {"young": N_("terlalu muda"), "old": N_("terlalu tua"), "close": N_("terlalu dekat"), "many": N_("terlalu banyak")}
)
"""The four "terlalu" by code."""

SHORT: Mapping[str, str] = MappingProxyType({FIT: N_("Layak"), SUPERVISED: N_("Pengawasan"), UNFIT: N_("Belum layak")})
"""The results in a word, for a tile."""

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "children_living": N_("jumlah anak"),
        "weight_g": N_("berat badan"),
        "height_mm": N_("tinggi badan"),
        "muac_mm": N_("LiLA"),
        "haemoglobin_dg_dl": N_("Hb"),
        "chronic": N_("penyakit kronis"),
        "infection": N_("infeksi yang diperiksa petugas"),
        "complication": N_("riwayat penyulit"),
        "health_problem": N_("keluhan sekarang"),
    }
)
"""What must be known before a woman is called fit, and how it is called."""


@dataclass(frozen=True)
class Facts:
    """What the conditions of the rules may ask. `applies` is None while nobody told whether she is one of a couple."""

    rules: Rules
    on: date
    person: Answers
    answers: Answers
    months: int | None
    bmi: float | None

    @property
    def applies(self) -> bool | None:
        """Whether she is one of a couple of childbearing age."""
        couple = self.answers.get("couple")
        return couple if isinstance(couple, bool) else None

    @property
    def four_t(self) -> tuple[str, ...]:
        """Which of the four "terlalu" hold, in words."""
        return tuple(_(FOUR_T[code]) for code in self.four_t_codes)

    @property
    def four_t_codes(self) -> tuple[str, ...]:
        """Which of the four "terlalu" hold: codes of FOUR_T."""
        rule, found = self.rules.prepregnancy, []
        years = self.months // 12 if self.months is not None else None
        if years is not None and years < rule.years[0]:
            found.append("young")
        if years is not None and years > rule.years[1]:
            found.append("old")
        last = self.answers.get("youngest_born_on")
        if isinstance(last, date) and last <= self.on and age_months(last, self.on) < rule.spacing_months:
            found.append("close")
        if (children := outcome.number(self.answers, "children_living")) is not None and children >= rule.children_from:
            found.append("many")
        return tuple(found)

    @property
    def alki(self) -> tuple[str, ...]:
        """Which of ALKI hold, in words; an infection is not named: it is between her and the health worker."""
        arm, hb = (outcome.number(self.answers, name) for name in ("muac_mm", "haemoglobin_dg_dl"))
        found = []
        if hb is not None and hb < self.rules.prepregnancy.haemoglobin_under:
            found.append(_("anemia"))
        if arm is not None and arm < self.rules.kek_mm:
            found.append(bounds.filled(_("LiLA kurang dari {kek_cm} cm"), self.rules))
        if self.answers.get("chronic") is True:
            found.append(_("penyakit kronis"))
        if self.answers.get("infection") is True:
            found.append(_("hasil pemeriksaan petugas"))
        return tuple(found)

    @property
    def bmi_off(self) -> bool | None:
        """Whether the body mass lies outside what is ideal; None when not measured."""
        low, high = self.rules.prepregnancy.bmi
        return None if self.bmi is None else not low <= self.bmi < high

    @property
    def other(self) -> bool:
        """An earlier complication, or a complaint now."""
        return self.answers.get("complication") is True or self.answers.get("health_problem") is True

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not asked or measured yet, in words."""
        wanted = [name for name in ASKED if self.answers.get(name) is None]
        names = [_(ASKED[name]) for name in wanted]
        children = outcome.number(self.answers, "children_living")
        if children and self.answers.get("youngest_born_on") is None:
            names.append(_("tanggal lahir anak terkecil"))
        return tuple([*names, *([_("umur")] if self.months is None else [])])

    @property
    def result(self) -> str | None:
        """What the health worker concluded, else "supervised" for any risk, "fit" when all is known and well."""
        told = self.answers.get("fitness")
        if told is not None:
            return str(told)
        if self.four_t or self.alki or self.bmi_off or self.other:
            return SUPERVISED
        return None if self.missing else FIT

    @property
    def unmet_need(self) -> bool:
        """Whether she wants no child, or none now, and uses nothing."""
        return self.wants_to_wait is True and self.answers.get("contraception") is False

    @property
    def wants_to_wait(self) -> bool | None:
        """Whether she wants no child, or none now; None when neither question was answered."""
        wants, why = self.answers.get("wants_child"), self.answers.get("why_none")
        if wants is None and why is None:
            return None
        return wants in ("later", "none") or why in ("wants_later", "wants_none")


@dataclass(frozen=True, kw_only=True)
class PrepregnancyAssessment(VisitAssessment):
    """One record of the register, judged: `result` is "fit", "supervised", "unfit" or None while not known.

    `wants_soon` whether she wishes to become pregnant now; `risks` are the groups of risk, without details.
    """

    result: str | None
    wants_soon: bool
    unmet_need: bool
    risks: tuple[str, ...]


def assess(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[PrepregnancyAssessment]:
    """Each record judged, oldest first. Of who is no couple only the arm is judged."""
    return [_assess(standards.on(on), person, on, visit) for on, visit in outcome.in_order(visits)]


def _assess(rules: Rules, person: Answers, on: date, visit: Answers) -> PrepregnancyAssessment:
    facts = Facts(rules, on, person, visit, outcome.months_on(person, on), outcome.bmi(visit))
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    applies = facts.applies is True
    return PrepregnancyAssessment(
        visited_on=on,
        headline=_headline(facts),
        level=referral.worst(found, otherwise="ok" if applies and facts.result == FIT else "unknown"),
        tiles=_tiles(facts) if applies else (),
        findings=found,
        result=facts.result if applies else None,
        wants_soon=applies and visit.get("wants_child") == "soon",
        unmet_need=applies and facts.unmet_need,
        risks=_risks(facts) if applies else (),
    )


def _risks(facts: Facts) -> tuple[str, ...]:
    found = {
        "4T": bool(facts.four_t),
        "ALKI": bool(facts.alki),
        _("IMT"): facts.bmi_off is True,
        _("riwayat atau keluhan"): facts.other,
    }
    return tuple(words for words, holds in found.items() if holds)


def _headline(facts: Facts) -> str:
    """The result in one sentence, with why."""
    if facts.applies is False:
        return _("Bukan pasangan usia subur.")
    if facts.applies is None:
        return _("Belum ditanya apakah pasangan usia subur.")
    result = facts.result
    if result is None:
        return _("Belum dapat disimpulkan. Belum diketahui: {what}.").format(what=", ".join(facts.missing))
    words = _(RESULTS[result])
    if facts.answers.get("fitness") is not None:
        return _("{result}, menurut tenaga kesehatan.").format(result=words)
    if result == FIT:
        return _("{result}: umur, jarak, gizi dan kesehatannya baik.").format(result=words)
    why = [*facts.four_t, *facts.alki]
    if facts.bmi_off:
        why.append(_("IMT {bmi}").format(bmi=referral.body_mass(facts.rules, facts.bmi or 0.0)))
    if facts.other:
        why.append(_("riwayat atau keluhan"))
    return f"{words}: {', '.join(why)}."


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    result = facts.result
    levels = {FIT: "ok", SUPERVISED: "warn", UNFIT: "bad"}
    tiles = [
        Tile(_("Sebelum hamil"), _(SHORT[result]), levels[result])
        if result
        else Tile(_("Sebelum hamil"), _(outcome.NOT_YET), "unknown"),
        Tile("4T", _("Ada") if facts.four_t else _("Tidak ada"), "warn" if facts.four_t else "ok"),
        Tile("ALKI", _("Ada") if facts.alki else _("Tidak ada"), "warn" if facts.alki else "ok")
        if facts.alki or not {"muac_mm", "haemoglobin_dg_dl", "chronic", "infection"} & _unknown(facts)
        else Tile("ALKI", _("Belum lengkap"), "unknown"),
    ]
    if facts.bmi is not None:
        mass = f"{referral.body_mass(facts.rules, facts.bmi)} kg/m²"
        words = _("Di luar ideal") if facts.bmi_off else _("Ideal")
        tiles.append(Tile(_("IMT"), words, "warn" if facts.bmi_off else "ok", mass))
    return tuple(tiles)


def _unknown(facts: Facts) -> set[str]:
    return {name for name in ASKED if facts.answers.get(name) is None}


def _words(facts: Facts) -> dict[str, str]:
    return {
        "four_t": ", ".join(facts.four_t),
        "alki": ", ".join(facts.alki),
        "bmi": referral.body_mass(facts.rules, facts.bmi) if facts.bmi is not None else "-",
        "muac": outcome.tenths(outcome.number(facts.answers, "muac_mm")),
    }


def _of_a_couple(holds: Callable[[Facts], bool | None]) -> Callable[[Facts], bool | None]:
    return lambda facts: facts.applies is True and holds(facts)


def _thin_arm(facts: Facts) -> bool:
    arm = outcome.number(facts.answers, "muac_mm")
    return arm is not None and arm < facts.rules.kek_mm


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "four_t": _of_a_couple(lambda facts: bool(facts.four_t)),
        "alki": _of_a_couple(lambda facts: bool(facts.alki)),
        "kek": _thin_arm,
        "body_mass": _of_a_couple(lambda facts: facts.bmi_off),
        "history": _of_a_couple(lambda facts: facts.other),
        "unfit": _of_a_couple(lambda facts: facts.answers.get("fitness") == UNFIT),
        "unmet_need": _of_a_couple(lambda facts: facts.unmet_need),
    }
)
"""The conditions that rules of this form may name."""
