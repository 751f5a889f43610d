"""What the province asks of pupils, adults and the elderly (KMK 2015/2023, Bab X), by what was noted within a year;
and how many under-fives of those measured in a month have which class of Permenkes 2/2020.

A share of findings is among those of whom it is known; a share of services is among all. What nobody examined or asked
is unknown: it is neither "none" nor "not given". What a school or the puskesmas examined counts like what was
examined here; so does, as a service but never as a finding, what was examined in a pregnancy or after it (ADR 0030).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth, under_five
from posyandu.domain.instruments import AksAssessment
from posyandu.domain.life import LifeMonth
from posyandu.domain.service_group import SCHOOL_AGE, Group
from posyandu.domain.share import Finding, Indicator
from posyandu.domain.standards import Rules
from posyandu.text import N_

_MEASURED = ("weight_g", "waist_mm", "systolic_mmhg", "glucose_mg_dl", "haemoglobin_dg_dl")


@dataclass(frozen=True, eq=False)
class Examined(LifeMonth):
    """One person at the end of a month: `visits` and `instruments` are of a whole year.

    `as_mother` are the visits of that year as a pregnant woman or after a birth; `exams` what health workers examined
    in it, oldest first; `history` the head of the card; `grade` the class told in this school year; `immunised` whether
    the school set is complete, None without any known dose.
    """

    as_mother: tuple[Answers, ...] = ()
    exams: tuple[Answers, ...] = ()
    history: Answers = field(default_factory=dict)
    grade: int | None = None
    immunised: bool | None = None

    def measured(self, *names: str) -> bool:
        """Whether any of these was measured in the year, whichever the register."""
        return any(visit.get(name) is not None for visit in (*self.visits, *self.as_mother) for name in names)

    def known_class(self, part: str) -> str | None:
        """The code of the last known class ("bmi_class", "anaemia" ...) of the year."""
        for each in reversed(self.assessments):
            judged = getattr(each, part, None)
            if judged is not None and judged.code != "unknown":
                return str(judged.code)
        return None

    def found(self, name: str) -> object:
        """What the last examination that says something of this found; None when none does."""
        told = (exam.get(name) for exam in reversed(self.exams))
        return next((each for each in told if each is not None), None)

    @property
    def at_class(self) -> int | None:
        """The class of a pupil: as told in this school year, else by the age, as KMK has it: 12 years are class 7."""
        if self.group not in SCHOOL_AGE or self.age_months is None:
            return None
        return self.grade if self.grade is not None else self.age_months // 12 - self.rules.pupils.years_before_class_1


Test = Callable[[Examined], bool | None]


def _in(*groups: Group) -> Callable[[Examined], bool]:
    return lambda person: person.group in groups


_pupil, _adult, _elder = _in(*SCHOOL_AGE), _in(Group.ADULT), _in(Group.ELDERLY)


def _girl_at(person: Examined, first: int, last: int) -> bool:
    return person.person.get("sex") == "female" and person.at_class is not None and first <= person.at_class <= last


def _girl_of_iron(person: Examined) -> bool:
    return _girl_at(person, *person.rules.pupils.iron_classes)


def _girl_of_hb(which: int) -> Callable[[Examined], bool]:
    return lambda person: _girl_at(person, *[person.rules.pupils.hb_classes[which]] * 2)


def _past_primary(person: Examined) -> bool:
    return person.at_class is not None and person.at_class > person.rules.pupils.primary_classes


def class_words(rules: Rules) -> dict[str, int]:
    """The classes that labels of indicators name."""
    (iron, to), (first, second) = rules.pupils.iron_classes, rules.pupils.hb_classes
    return {"iron": iron, "to": to, "first": first, "second": second, "last": rules.pupils.primary_classes}


def screened(person: Examined) -> bool:
    """Whether anything was measured at a visit."""
    return person.measured(*_MEASURED)


def is_class(part: str, *codes: str) -> Test:
    """Whether the last known class is one of these."""

    def test(person: Examined) -> bool | None:
        known = person.known_class(part)
        return None if known is None else known in codes

    return test


def pressure_high(person: Examined) -> bool | None:
    """Whether the last blood pressure was high (T on the card)."""
    cards = (reading.card for each in reversed(person.assessments) if (reading := getattr(each, "pressure", None)))
    last = next(cards, None)
    return None if last is None else last == "T"


def _or_known(illness: str, measured: Test) -> Test:
    """Whether an illness was diagnosed before, else what was measured: a "no" that nobody measured is unknown."""
    return lambda person: person.history.get(illness) is True or measured(person)


def found(name: str, *values: object) -> Test:
    """Whether the last examination found one of these."""

    def test(person: Examined) -> bool | None:
        told = person.found(name)
        return None if told is None else told in values

    return test


def hears_badly(person: Examined) -> bool | None:
    """Whether a whisper was not repeated, or something was found in an ear; wax alone counts too."""
    passed, finding = person.found("whisper_passed"), person.found("ear_finding")
    if passed is None and finding is None:
        return None
    return passed is False or finding not in (None, "normal")


def eyes_screened(person: Examined) -> bool:
    """Whether fingers were counted with either eye, or a health worker examined the eyes."""
    counted = any(visit.get(name) is not None for visit in person.visits for name in ("eye_right", "eye_left"))
    return counted or any(exam.get("instrument") == "vision" for exam in person.exams)


def hb_examined(person: Examined) -> bool:
    """Whether haemoglobin was examined, here or at school."""
    return person.measured("haemoglobin_dg_dl")


def got_iron(person: Examined) -> bool | None:
    """Whether iron was given at any visit."""
    told = [tablets for visit in person.visits if isinstance(tablets := visit.get("iron_tablets"), int)]
    return any(tablets > 0 for tablets in told) if told else None


def takes_iron(person: Examined) -> bool | None:
    """Whether iron was taken in the week before the last time it was asked."""
    told = person.last("iron_weekly")
    return told if isinstance(told, bool) else None


def independent(person: Examined) -> bool | None:
    """Whether the last whole AKS came to "mandiri"."""
    judged = person.instruments.get("aks")
    return judged.code == "independent" if isinstance(judged, AksAssessment) and judged.code else None


_ANAEMIC = ("mild", "moderate", "severe")


def _child_is(measure: str, *codes: str) -> Callable[[ChildMonth], bool | None]:
    """Whether the month's last known class of a child is one of these; None when it was not rightly measured."""

    def test(child: ChildMonth) -> bool | None:
        known = child.class_of(measure)
        return None if known is None else known.code in codes

    return test


def _arm_is_judged(child: ChildMonth) -> bool:
    return under_five(child) and child.rules.scheme("muac_mm", child.age_months) is not None


CHILDREN: Mapping[str, Indicator[ChildMonth]] = MappingProxyType(
    {
        "underweight": Finding(
            N_("Berat badan kurang atau sangat kurang (BB/U)"),
            _child_is("waz", "underweight", "severely_underweight"),
            under_five,
        ),
        "stunted": Finding(
            N_("Pendek atau sangat pendek (PB/U, TB/U)"), _child_is("haz", "stunted", "severely_stunted"), under_five
        ),
        "wasted": Finding(
            N_("Gizi kurang atau gizi buruk (BB/PB, BB/TB)"),
            _child_is("whz", "wasted", "severely_wasted"),
            under_five,
        ),
        "overweight": Finding(
            N_("Berisiko gizi lebih, gizi lebih, atau obesitas (BB/PB, BB/TB)"),
            _child_is("whz", "overweight_risk", "overweight", "obese"),
            under_five,
        ),
        "arm": Finding(N_("LiLA kuning atau merah"), _child_is("muac", "yellow", "red"), _arm_is_judged),
    }
)
"""Prevalence among under-fives, by name: among those measured, and how many were not stands beside it."""

PUPILS: Mapping[str, Indicator[Examined]] = MappingProxyType(
    {
        "pupils_screened": Indicator(N_("Diperiksa"), screened, _pupil),
        "pupils_thin": Finding(N_("Gizi kurang dan buruk"), is_class("bmi_class", "severely_wasted", "wasted"), _pupil),
        "pupils_normal": Finding(N_("Gizi baik"), is_class("bmi_class", "normal"), _pupil),
        "pupils_overweight": Finding(N_("Gizi lebih"), is_class("bmi_class", "overweight"), _pupil),
        "pupils_obese": Finding(N_("Obesitas"), is_class("bmi_class", "obese"), _pupil),
        "pupils_caries": Finding(N_("Karies gigi"), found("caries", True), _pupil),
        "pupils_pressure": Finding(N_("Hipertensi"), pressure_high, _pupil),
        "pupils_refraction": Finding(N_("Gangguan refraksi"), found("eye_finding", "refraction"), _pupil),
        "pupils_hearing": Finding(N_("Gangguan pendengaran atau telinga"), hears_badly, _pupil),
        "girls_hb_7": Indicator(N_("Hb diperiksa, rematri kelas {first}"), hb_examined, _girl_of_hb(0)),
        "girls_hb_10": Indicator(N_("Hb diperiksa, rematri kelas {second}"), hb_examined, _girl_of_hb(1)),
        "girls_anaemia": Finding(
            N_("Anemia, rematri kelas {iron} sampai {to}"), is_class("anaemia", *_ANAEMIC), _girl_of_iron
        ),
        "girls_iron": Indicator(N_("Mendapat TTD, rematri kelas {iron} sampai {to}"), got_iron, _girl_of_iron),
        "girls_take_iron": Indicator(N_("Minum TTD, rematri kelas {iron} sampai {to}"), takes_iron, _girl_of_iron),
        "pupils_immunised": Indicator(
            N_("Imunisasi sekolah lengkap, sesudah kelas {last}"), lambda person: person.immunised, _past_primary
        ),
    }
)

ADULTS: Mapping[str, Indicator[Examined]] = MappingProxyType(
    {
        "adults_screened": Indicator(N_("Diperiksa"), screened, _adult),
        "adults_diabetes": Finding(N_("Kencing manis"), _or_known("own_diabetes", is_class("glucose", "high")), _adult),
        "adults_pressure": Finding(N_("Hipertensi"), _or_known("own_hypertension", pressure_high), _adult),
        "adults_eyes": Indicator(N_("Mata diperiksa"), eyes_screened, _adult),
        "adults_cataract": Finding(N_("Katarak"), found("eye_finding", "cataract"), _adult),
    }
)

ELDERLY: Mapping[str, Indicator[Examined]] = MappingProxyType(
    {
        "elderly_screened": Indicator(N_("Diperiksa"), screened, _elder),
        "elderly_pressure": Finding(N_("Hipertensi"), _or_known("own_hypertension", pressure_high), _elder),
        "elderly_diabetes": Finding(
            N_("Kencing manis"), _or_known("own_diabetes", is_class("glucose", "high")), _elder
        ),
        "elderly_thin": Finding(N_("Kurus dan sangat kurus"), is_class("bmi_class", "very_thin", "thin"), _elder),
        "elderly_obese": Finding(N_("Obesitas"), is_class("bmi_class", "obese"), _elder),
        "elderly_independent": Finding(N_("Mandiri (AKS 20)"), independent, _elder),
        "elderly_cataract": Finding(N_("Katarak"), found("eye_finding", "cataract"), _elder),
    }
)
