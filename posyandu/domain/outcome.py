"""What every judged visit has in common, and the readings that school children, adults and the elderly share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

from posyandu.domain import referral
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.referral import Finding
from posyandu.domain.standards import Band, Rules, TbcRule
from posyandu.text import N_, _

NOT_YET = N_("Belum")
ANY_ADULT_MONTHS = 30 * 12
"""The age taken for classes that adults share when the birth date is unknown."""


@dataclass(frozen=True)
class Tile:
    """One reading in a few words: what was judged, the class, its level ("ok", "warn", "bad", "info", "unknown")."""

    title: str
    words: str
    level: str
    figure: str = ""


@dataclass(frozen=True, kw_only=True)
class VisitAssessment:
    """One visit, judged: a sentence, the readings as tiles, and the findings, the gravest first.

    `level` is the gravest finding's, "ok", or "unknown" when nothing was measured or asked; `spoilt` are the answers
    that were read from a tool found wrong.
    """

    visited_on: date
    headline: str
    level: str
    tiles: tuple[Tile, ...]
    findings: tuple[Finding, ...]
    spoilt: tuple[str, ...] = ()

    @property
    def refer(self) -> bool:
        """Whether any finding sends the person on."""
        return any(finding.refer for finding in self.findings)


Judged = TypeVar("Judged", bound=VisitAssessment)

_SCALE, _BOARD = ("weight_g", "weight_on_curve"), ("length_mm", "height_mm")
READ_FROM: Mapping[str, tuple[str, ...]] = {"scale": _SCALE, "board": _BOARD, "both": (*_SCALE, *_BOARD)}
"""The answers that the scale and the measuring board of a day give: the kader's reading of a mother's curve too."""

_SCALE_WRONG = N_("Timbangan hari itu ternyata salah: timbang lagi.")
_BOARD_WRONG = N_("Papan ukur hari itu ternyata salah: ukur lagi.")
_BOTH_WRONG = N_("Timbangan dan papan ukur hari itu ternyata salah: ukur lagi.")


def read_from_wrong(visit: Answers, wrong: Mapping[str, str] | None) -> tuple[str, ...]:
    """The answers of a visit that were read from a tool found wrong; `wrong` names the tools by session."""
    read = READ_FROM.get((wrong or {}).get(str(visit.get("session_id")), ""), ())
    return tuple(name for name in read if isinstance(visit.get(name), int))


def without(visit: Answers, spoilt: Iterable[str]) -> Answers:
    """The visit as if these were never measured."""
    return {**visit, **dict.fromkeys(spoilt)}


def sound(visit: Answers, wrong: Mapping[str, str] | None) -> Answers:
    """The visit as if what was read from a tool found wrong was never measured."""
    spoilt = read_from_wrong(visit, wrong)
    return without(visit, spoilt) if spoilt else visit


def wrong_words(spoilt: Sequence[str]) -> str:
    """Which tool of the day was wrong, and what to do, said of the answers that were read from it."""
    scale, board = (any(name in spoilt for name in names) for names in (_SCALE, _BOARD))
    return _(_BOTH_WRONG if scale and board else _SCALE_WRONG if scale else _BOARD_WRONG)


def judged_soundly(
    visits: Iterable[Answers],
    wrong: Mapping[str, str] | None,
    judge: Callable[[date, Answers, Sequence[tuple[date, Answers]]], Judged],
) -> list[Judged]:
    """Each visit with a day judged with those before it, oldest first, what was read from a wrong tool left out."""
    told = in_order(visits)
    spoilt = [read_from_wrong(visit, wrong) for _on, visit in told]
    sound = [(on, without(visit, lost)) for (on, visit), lost in zip(told, spoilt, strict=True)]
    found = [judge(on, visit, sound[:place]) for place, (on, visit) in enumerate(sound)]
    return [
        replace(each, headline=f"{each.headline} {wrong_words(lost)}", spoilt=lost) if lost else each
        for each, lost in zip(found, spoilt, strict=True)
    ]


@dataclass(frozen=True)
class PressureReading:
    """A blood pressure with its class; `card` is the letter of the register: R rendah, N normal, T tinggi."""

    systolic: int
    diastolic: int
    code: str
    label: str
    level: str
    refer: bool
    card: str
    isolated_systolic: bool = False
    """Hipertensi sistolik terisolasi in adults: high above, below the mildest grade's bound beneath."""

    @property
    def text(self) -> str:
        """As it is written: "120/80"."""
        return f"{self.systolic}/{self.diastolic}"


def in_order(visits: Iterable[Answers]) -> list[tuple[date, Answers]]:
    """The visits that have a day, oldest first."""
    dated = ((on, visit) for visit in visits if isinstance(on := visit.get("visited_on"), date))
    return sorted(dated, key=lambda pair: pair[0])


def months_on(person: Answers, on: date) -> int | None:
    """Completed months of age on a day; None without a birth date, or before it."""
    born_on = person.get("born_on")
    return age_months(born_on, on) if isinstance(born_on, date) and born_on <= on else None


def number(answers: Answers, name: str) -> int | None:
    """A number that was given."""
    value = answers.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def pressure_red(rules: Rules, visit: Answers) -> bool | None:
    """Red by the kader's reading or by either number; green when a reading or both numbers say so."""
    on_curve = visit.get("pressure_on_curve")
    high = reaches(visit, rules.pressure.systolic, rules.pressure.diastolic)
    if on_curve is False or high:
        return True
    return False if on_curve is True or high is False else None


def reaches(visit: Answers, systolic: int, diastolic: int) -> bool | None:
    """Whether either pressure reaches its bound; None when neither does and one is unknown."""
    upper, lower = number(visit, "systolic_mmhg"), number(visit, "diastolic_mmhg")
    if (upper is not None and upper >= systolic) or (lower is not None and lower >= diastolic):
        return True
    return False if upper is not None and lower is not None else None


def bmi(answers: Answers) -> float | None:
    """Body mass index in kg/m², unrounded; None without weight or height."""
    grams, height = number(answers, "weight_g"), number(answers, "height_mm")
    return grams * 1000 / height**2 if grams is not None and height else None


def pressure(rules: Rules, sex: object, months: int | None, answers: Answers) -> PressureReading | None:
    """The class of a blood pressure: by age and sex under 13 (AAP table), 13-17, and adults; None where none exists.

    Low is told apart only where the day's rules say what low is, and never hides a high value beside it.
    """
    upper, lower = number(answers, "systolic_mmhg"), number(answers, "diastolic_mmhg")
    if upper is None or lower is None or months is None:
        return None
    scheme = rules.pressure_scheme(months)
    if scheme is None:
        bound = rules.child_pressure.get(str(sex), {}).get(months // 12)
        if bound is None:
            return None
        if upper >= bound[0] or lower >= bound[1]:
            return PressureReading(
                upper, lower, "high_for_age", _("Tekanan darah tinggi untuk umurnya"), "warn", True, "T"
            )
        return PressureReading(upper, lower, "normal", _("Normal"), "ok", False, "N")
    found = next(each for each in scheme.classes if each.holds(upper, lower))
    if not found.refer and (upper < scheme.low[0] or lower < scheme.low[1]):
        return PressureReading(upper, lower, "low", _("Rendah"), "warn", False, "R")
    card = "T" if found.refer else "N"
    grades = [each.diastolic for each in scheme.classes if each.code.startswith("grade") and each.diastolic is not None]
    isolated = found.code.startswith("grade") and lower < min(grades)
    return PressureReading(upper, lower, found.code, _(found.label), found.level, found.refer, card, isolated)


def is_raised(reading: PressureReading | None) -> bool:
    """Whether a blood pressure is higher than normal, referred or not."""
    return reading is not None and (reading.refer or reading.code in ("raised", "high_normal"))


def glucose(rules: Rules, months: int | None, answers: Answers) -> Band | None:
    """The class of a blood sugar by when it was taken: fasting, or at any time (also when nobody said)."""
    index = "glucose_fasting" if answers.get("glucose_timing") == "fasting" else "glucose_random"
    return rules.life_band(index, number(answers, "glucose_mg_dl"), ANY_ADULT_MONTHS if months is None else months)


def haemoglobin(rules: Rules, sex: object, months: int | None, answers: Answers) -> Band | None:
    """The class of haemoglobin by sex and age; None without either."""
    if months is None or sex not in ("male", "female"):
        return None
    return rules.life_band(f"hb_{sex}", number(answers, "haemoglobin_dg_dl"), months)


def waist(rules: Rules, sex: object, months: int | None, answers: Answers) -> Band | None:
    """Whether the waist is beyond the bound for the sex, from 15 years."""
    if months is None or sex not in ("male", "female"):
        return None
    return rules.life_band(f"waist_{sex}", number(answers, "waist_mm"), months)


def asked_of_all(rule: TbcRule) -> TbcRule:
    """The screening rule without the question that only children are asked."""
    return TbcRule(tuple(question for question in rule.questions if question != "tbc_listless"), rule.needed)


TBC_SIGNS = ("tbc_cough", "tbc_fever", "tbc_weight")


def has_tbc_sign(answers: Answers) -> bool:
    """Whether any sign was told; close contact is no sign."""
    return any(answers.get(name) is True for name in TBC_SIGNS)


def tbc_words(answers: Answers) -> str:
    """The signs told, in words."""
    words = {
        "tbc_cough": _("batuk terus-menerus"),
        "tbc_fever": _("demam 2 minggu atau lebih"),
        "tbc_weight": _("berat tidak naik atau turun 2 bulan"),
        "tbc_listless": _("lesu"),
        "tbc_contact": _("kontak erat pasien TBC"),
    }
    return ", ".join(label for name, label in words.items() if answers.get(name) is True)


def tbc_tile(rule: TbcRule, answers: Answers) -> Tile | None:
    """What the screening says; None when nothing was asked."""
    told = [answers.get(name) for name in asked_of_all(rule).questions]
    if all(answer is None for answer in told):
        return None
    if has_tbc_sign(answers) or answers.get("tbc_contact") is True:
        return Tile(
            _("Gejala TBC"), _("Perlu diperiksa"), "warn", tbc_words(answers)[:1].upper() + tbc_words(answers)[1:]
        )
    if None in told:
        return Tile(_("Gejala TBC"), _("Belum lengkap"), "unknown")
    return Tile(_("Gejala TBC"), _("Tidak ada"), "ok")


def pressure_tile(reading: PressureReading | None) -> Tile:
    """The blood pressure as a tile."""
    if reading is None:
        return Tile(_("Tekanan darah"), _(NOT_YET), "unknown")
    short = _("Tinggi") if reading.code == "high_for_age" else reading.label.removeprefix(_("Hipertensi "))
    return Tile(_("Tekanan darah"), short[:1].upper() + short[1:], reading.level, f"{reading.text} mmHg")


def band_tile(title: str, band: Band | None, figure: str) -> Tile:
    """A class of a measure as a tile; what was not measured says so."""
    if band is None:
        return Tile(title, _(NOT_YET), "unknown", figure)
    return Tile(title, _(band.label), band.level, figure)


def tenths(value: int | None) -> str:
    """A number kept in tenths as it is written, "-" when unknown."""
    return referral.decimal(value / 10, 1) if value is not None else "-"


def plain(value: int | None) -> str:
    """A whole number as it is written, "-" when unknown."""
    return str(value) if value is not None else "-"


def is_class(part: str, *codes: str) -> Callable[[object], bool]:
    """The condition of a referral rule that a judged part of the facts (say `bmi_class`) has one of the codes."""

    def holds(facts: object) -> bool:
        judged = getattr(facts, part)
        return judged is not None and judged.code in codes

    return holds


class ArmFacts(Protocol):
    """What the rule of the thin upper arm asks of the facts of a form."""

    @property
    def rules(self) -> Rules: ...  # noqa: D102
    @property
    def answers(self) -> Answers: ...  # noqa: D102
    @property
    def is_fertile(self) -> bool: ...  # noqa: D102


def thin_arm(facts: ArmFacts) -> bool:
    """KEK: the upper arm of a girl or woman of childbearing age is thinner than the dated cut-off."""
    arm = number(facts.answers, "muac_mm")
    return facts.is_fertile and arm is not None and arm < facts.rules.kek_mm


def timing_text(answers: Answers) -> str:
    """When the blood sugar was taken."""
    words = {"fasting": _("puasa"), "after_meal": _("2 jam sesudah makan")}
    return words.get(str(answers.get("glucose_timing")), _("sewaktu"))


def headline(fact: str, found: Sequence[Finding], *, judged: bool) -> str:
    """What matters most today, then the fact; the fact first when nothing does."""
    for level in ("bad", "warn"):
        urgent = [finding for finding in found if finding.level == level]
        if urgent:
            return f"{urgent[0].title}. {fact}".rstrip()
    calm = _("Semua yang diperiksa dalam batas.") if judged else _("Belum ada hasil ukur pada kunjungan ini.")
    return f"{fact} {calm}".lstrip()


def in_sentence(label: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation ("ketergantungan ringan (B)")."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
