"""The weeks after a birth and the time of breastfeeding: which visit is due, and what each visit means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import outcome, referral
from posyandu.domain.calendar import age_text
from posyandu.domain.fields import Answers
from posyandu.domain.forms.postpartum import DANGER_SIGNS
from posyandu.domain.outcome import ANY_ADULT_MONTHS, Tile, VisitAssessment
from posyandu.domain.standards import Band, Rules, Standards, Window
from posyandu.text import _

FORM_NAME = "postpartum_visit"
NEWBORN_NAME = "newborn"

NO_CHILD = ("stillbirth", "abortion")
"""Outcomes of a pregnancy after which there is no child to feed."""
OWN_SIGNS = ("danger_bleeding", "danger_sad")
"""Danger signs with findings of their own."""


@dataclass(frozen=True)
class DueVisit:
    """One visit by a health worker after a birth: `state` is "done", "outside" (its day), "due", "missed", "later"."""

    code: str
    state: str
    done_on: date | None
    first_day: int
    last_day: int


@dataclass(frozen=True, kw_only=True)
class PostpartumAssessment(VisitAssessment):
    """One visit of a postpartum or breastfeeding woman, judged.

    `days` since the birth (None when unknown). The three "red" readings are those of the card: True red, False green,
    None unknown.
    """

    days: int | None
    muac_red: bool | None
    pressure_red: bool | None
    weight_red: bool | None
    anaemic: bool | None
    tbc_positive: bool | None
    due: tuple[DueVisit, ...]


@dataclass(frozen=True)
class Facts:
    """What the conditions of the referral rules may ask."""

    rules: Rules
    answers: Answers
    days: int | None
    muac_red: bool | None
    pressure_red: bool | None
    weight_red: bool | None
    anaemic: bool | None
    tbc: bool | None
    capsules: int
    due: tuple[DueVisit, ...]
    lost: bool

    @property
    def in_nifas(self) -> bool:
        """Whether the day lies in nifas."""
        return self.days is not None and self.days <= self.rules.groups.postpartum_days


def days_since_birth(pregnancy: Answers, on: date) -> int | None:
    """Days since the birth (day 0); None without a day of birth or before it."""
    ended_on = pregnancy.get("ended_on")
    return (on - ended_on).days if isinstance(ended_on, date) and ended_on <= on else None


def due_visits(windows: Sequence[Window], born_on: date, told: Answers, on: date, prefix: str) -> tuple[DueVisit, ...]:
    """The visits after a birth as they stand on a day; their days are the answers "<prefix>1_on", "<prefix>2_on" ..."""
    days = (on - born_on).days
    found = []
    for place, window in enumerate(windows, 1):
        done_on = told.get(f"{prefix}{place}_on")
        if isinstance(done_on, date):
            within = window.first_day <= (done_on - born_on).days <= window.last_day
            state = "done" if within else "outside"
        elif days < window.first_day:
            state = "later"
        else:
            state = "due" if days <= window.last_day else "missed"
        day = done_on if isinstance(done_on, date) else None
        found.append(DueVisit(window.code, state, day, window.first_day, window.last_day))
    return tuple(found)


def is_complete(due: Sequence[DueVisit]) -> bool:
    """Whether every visit was made in its days: KF lengkap, KN lengkap."""
    return all(each.state == "done" for each in due)


def assess(
    standards: Standards,
    person: Answers,
    pregnancy: Answers,
    visits: Sequence[Answers],
    wrong: Mapping[str, str] | None = None,
) -> list[PostpartumAssessment]:
    """Every visit after one birth judged, oldest first; visits without a day are left out.

    `wrong` names by session the tool of a day that was found wrong: the curve read from such a scale says nothing.
    """

    def judge(on: date, visit: Answers, earlier: Sequence[tuple[date, Answers]]) -> PostpartumAssessment:
        given = (outcome.number(each, "vitamin_a_capsules") or 0 for each in (*(told for _on, told in earlier), visit))
        return _assess(standards.on(on), pregnancy, on, visit, sum(given))

    return outcome.judged_soundly(visits, wrong, judge)


def _assess(rules: Rules, pregnancy: Answers, on: date, visit: Answers, capsules: int) -> PostpartumAssessment:
    born_on, days = pregnancy.get("ended_on"), days_since_birth(pregnancy, on)
    due: tuple[DueVisit, ...] = ()
    if isinstance(born_on, date) and days is not None:
        due = due_visits(rules.nifas.visits, born_on, pregnancy, on, "kf")
    muac, hb = outcome.number(visit, "muac_mm"), outcome.number(visit, "haemoglobin_dg_dl")
    on_curve = visit.get("weight_on_curve")
    facts = Facts(
        rules=rules,
        answers=visit,
        days=days,
        muac_red=None if muac is None else muac < rules.kek_mm,
        pressure_red=outcome.pressure_red(rules, visit),
        weight_red=not on_curve if isinstance(on_curve, bool) else None,
        anaemic=None if hb is None else hb < rules.nifas.haemoglobin_under,
        tbc=referral.suspected_tbc(outcome.asked_of_all(rules.tbc), visit),
        capsules=capsules,
        due=due,
        lost=pregnancy.get("outcome") in NO_CHILD,
    )
    found = referral.findings(rules, FORM_NAME, CONDITIONS, facts, _words)
    judged = any(red is not None for red in (facts.muac_red, facts.pressure_red, facts.weight_red))
    return PostpartumAssessment(
        visited_on=on,
        headline=outcome.headline(_when(rules, born_on, on, days), found, judged=judged),
        level=referral.worst(found, otherwise="ok" if judged else "unknown"),
        tiles=_tiles(facts),
        findings=found,
        days=days,
        muac_red=facts.muac_red,
        pressure_red=facts.pressure_red,
        weight_red=facts.weight_red,
        anaemic=facts.anaemic,
        tbc_positive=facts.tbc,
        due=due,
    )


def _when(rules: Rules, born_on: object, on: date, days: int | None) -> str:
    if days is None or not isinstance(born_on, date):
        return _("Tanggal bersalin belum diketahui. Isi pada data kehamilan.")
    if days <= rules.groups.postpartum_days:
        return _("Hari ke-{days} masa nifas.").format(days=days)
    return _("Menyusui, bayi umur {age}.").format(age=age_text(born_on, on))


def danger_signs(visit: Answers) -> tuple[str, ...]:
    """The danger signs answered yes, as the form names them, without those that have a finding of their own."""
    told = (sign for sign in DANGER_SIGNS if sign.name not in OWN_SIGNS and visit.get(sign.name) is True)
    return tuple(_(sign.label) for sign in told)


def _words(facts: Facts) -> dict[str, str]:
    visit = facts.answers
    now = next((each.code for each in facts.due if each.state == "due"), "")
    upper, lower = outcome.number(visit, "systolic_mmhg"), outcome.number(visit, "diastolic_mmhg")
    return {
        "signs": ", ".join(danger_signs(visit)).lower(),
        "pressure": f"{outcome.plain(upper)}/{outcome.plain(lower)}",
        "muac": outcome.tenths(outcome.number(visit, "muac_mm")),
        "hb": outcome.tenths(outcome.number(visit, "haemoglobin_dg_dl")),
        "temperature": outcome.tenths(outcome.number(visit, "temperature_tenth_c")),
        "tbc": outcome.tbc_words(visit),
        "visit": now,
        "days": outcome.plain(facts.days),
        "missed": ", ".join(each.code for each in facts.due if each.state == "missed"),
        "capsules": str(facts.capsules),
        "wanted": str(facts.rules.nifas.capsules),
        **_words_of_the_child(facts.lost),
    }


def _words_of_the_child(lost: bool) -> dict[str, str]:
    """What names the baby: a mother whose child was not born alive hears nothing of milk and care for it."""
    if lost:
        return {
            "stand_by": _("temani Ibu"),
            "drink": _("Banyak minum"),
            "both": _("Ibu"),
            "capsules_help": _("Vitamin A membantu Ibu pulih."),
            "mother": _("ibu yang baru melahirkan"),
            "strong": _("kuat kembali"),
            "while_nursing": _("sesudah melahirkan"),
        }
    return {
        "stand_by": _("temani Ibu dan bantu merawat bayi"),
        "drink": _("Teruskan menyusui dan banyak minum"),
        "both": _("Ibu dan bayi"),
        "capsules_help": _("Vitamin A membuat ASI lebih baik dan melindungi bayi."),
        "mother": _("ibu menyusui"),
        "strong": _("kuat dan ASI cukup"),
        "while_nursing": _("saat menyusui"),
    }


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    visit, wanted = facts.answers, facts.rules.nifas.capsules
    muac, upper, lower = (outcome.number(visit, name) for name in ("muac_mm", "systolic_mmhg", "diastolic_mmhg"))
    done = [each.code for each in facts.due if each.state in ("done", "outside")]
    open_now = any(each.state == "due" for each in facts.due)
    tiles = [
        _red_tile(
            _("Lingkar lengan"), facts.muac_red, _("Baik"), _("KEK"), f"{outcome.tenths(muac)} cm" if muac else ""
        ),
        _red_tile(
            _("Tekanan darah"),
            facts.pressure_red,
            _("Normal"),
            _("Tinggi"),
            f"{upper}/{lower} mmHg" if upper and lower else "",
        ),
        Tile(
            _("Vitamin A"),
            _("{n} dari {all} kapsul").format(n=facts.capsules, all=wanted),
            "ok" if facts.capsules >= wanted else "warn" if facts.in_nifas else "info",
        ),
    ]
    if facts.due:
        words = ", ".join(done) if done else _("Belum tercatat")
        tiles.append(
            Tile(_("Kunjungan nifas"), words, "ok" if len(done) == len(facts.due) else "warn" if open_now else "info")
        )
    if (tbc := outcome.tbc_tile(facts.rules.tbc, visit)) is not None:
        tiles.append(tbc)
    return tuple(tiles)


def _red_tile(title: str, red: bool | None, good: str, bad: str, figure: str) -> Tile:
    if red is None:
        return Tile(title, _(outcome.NOT_YET), "unknown", figure)
    return Tile(title, bad if red else good, "bad" if red else "ok", figure)


def _says(name: str, answer: bool) -> Callable[[Facts], bool]:
    return lambda facts: facts.answers.get(name) is answer


def _fever(facts: Facts) -> bool:
    warmth = outcome.number(facts.answers, "temperature_tenth_c")
    return warmth is not None and warmth >= facts.rules.nifas.fever_tenth_c


def _is_severely_anaemic(facts: Facts) -> bool:
    band = outcome.haemoglobin(facts.rules, "female", ANY_ADULT_MONTHS, facts.answers)
    return band is not None and band.code == "severe"


CONDITIONS: Mapping[str, Callable[[Facts], bool | None]] = MappingProxyType(
    {
        "bleeding": _says("danger_bleeding", True),
        "danger_signs": lambda facts: bool(danger_signs(facts.answers)),
        "sad": _says("danger_sad", True),
        "fever": _fever,
        "pressure_emergency": lambda facts: outcome.reaches(
            facts.answers, facts.rules.pressure.emergency_systolic, facts.rules.pressure.emergency_diastolic
        ),
        "pressure_high": lambda facts: facts.pressure_red,
        "muac_red": lambda facts: facts.muac_red,
        "weight_red": lambda facts: facts.weight_red,
        "anaemia": lambda facts: facts.anaemic,
        "anaemia_severe": _is_severely_anaemic,
        "tbc_suspected": lambda facts: facts.tbc,
        "tbc_contact": _says("tbc_contact", True),
        "tbc_sign": lambda facts: outcome.has_tbc_sign(facts.answers),
        "visit_due": lambda facts: any(each.state == "due" for each in facts.due),
        "visits_missed": lambda facts: facts.in_nifas and any(each.state == "missed" for each in facts.due),
        "vitamin_a_short": lambda facts: facts.in_nifas and facts.capsules < facts.rules.nifas.capsules,
        "vitamin_a_not_taken": _says("vitamin_a_taken", False),
        "not_breastfeeding": lambda facts: not facts.lost and facts.answers.get("breastfeeding") is False,
        "no_contraception": _says("contraception", False),
    }
)
"""The conditions that referral rules of this form may name."""


def assess_newborn(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[VisitAssessment]:
    """What the record of a newborn says: weight at birth, HB0, and the three visits by a health worker."""
    return [_assess_newborn(standards.on(on), person, on, visit) for on, visit in outcome.in_order(visits)]


@dataclass(frozen=True)
class NewbornFacts:
    """What the conditions of the newborn's rules may ask."""

    rules: Rules
    answers: Answers
    weight: Band | None
    grams: int | None
    days: int | None
    due: tuple[DueVisit, ...]


NEWBORN_CONDITIONS: Mapping[str, Callable[[NewbornFacts], bool | None]] = MappingProxyType(
    {
        "weight_very_low": lambda facts: facts.grams is not None and facts.grams < facts.rules.newborn.hospital_under_g,
        "weight_low": lambda facts: (
            facts.weight is not None
            and facts.weight.level in ("warn", "bad")
            and facts.grams is not None
            and facts.grams < facts.rules.newborn.low_under_g
        ),
        "silent": lambda facts: facts.answers.get("condition") == "silent",
        "congenital": lambda facts: bool(facts.answers.get("congenital")),
        "hb0_due": lambda facts: (
            facts.answers.get("hb0_on") is None
            and facts.days is not None
            and facts.days <= facts.rules.newborn.hb0_days
        ),
        "visit_due": lambda facts: any(each.state == "due" for each in facts.due),
        "visits_missed": lambda facts: any(each.state == "missed" for each in facts.due),
    }
)
"""The conditions that rules of the newborn may name."""


def _kilograms(grams: int | None) -> str:
    """A weight at birth in kilograms; to the gram where it was taken so, for 2.499 g is not 2,50 kg."""
    return referral.decimal(grams / 1000, 3 if grams % 10 else 2) if grams is not None else "-"


def _newborn_words(facts: NewbornFacts) -> dict[str, str]:
    return {
        "weight": _kilograms(facts.grams),
        "congenital": str(facts.answers.get("congenital") or ""),
        "visit": next((each.code for each in facts.due if each.state == "due"), ""),
        "missed": ", ".join(each.code for each in facts.due if each.state == "missed"),
    }


def _assess_newborn(rules: Rules, person: Answers, on: date, visit: Answers) -> VisitAssessment:
    born_on, grams = person.get("born_on"), outcome.number(person, "birth_weight_g")
    weight = rules.life_band("birth_weight", grams, 0)
    figure = f"{_kilograms(grams)} kg" if grams is not None else ""
    tiles = [outcome.band_tile(_("Berat lahir"), weight, figure)]
    hb0_on = visit.get("hb0_on")
    tiles.append(Tile("HB0", _("Sudah") if hb0_on else _(outcome.NOT_YET), "ok" if hb0_on else "warn"))
    due = due_visits(rules.newborn_visits, born_on, visit, on, "kn") if isinstance(born_on, date) else ()
    done = [each.code for each in due if each.state in ("done", "outside")]
    words = ", ".join(done) if done else _("Belum tercatat")
    tiles.append(Tile(_("Kunjungan neonatal"), words, "ok" if due and len(done) == len(due) else "warn"))
    if due and is_complete(due):
        headline = _("KN lengkap.")
    else:
        now = next((each.code for each in due if each.state == "due"), "")
        headline = _("Sekarang waktunya {visit}.").format(visit=now) if now else _("KN belum lengkap.")
    days = (on - born_on).days if isinstance(born_on, date) and born_on <= on else None
    facts = NewbornFacts(rules, visit, weight, grams, days, due)
    found = referral.findings(rules, NEWBORN_NAME, NEWBORN_CONDITIONS, facts, _newborn_words)
    calm = "warn" if any(tile.level == "warn" for tile in tiles) else "ok"
    level = "bad" if weight is not None and weight.level == "bad" else referral.worst(found, otherwise=calm)
    return VisitAssessment(visited_on=on, headline=headline, level=level, tiles=tuple(tiles), findings=found)
