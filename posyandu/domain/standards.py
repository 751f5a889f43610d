"""The rules that ministries change: cut-offs, targets, texts of advice, each with the day it began and its source.

They are data (resources/rules/*.json), read strictly: a misspelt or missing entry is an error, never a silent default.
`Standards` holds all of them; `Standards.on(day)` gives the `Rules` that held on that day, so an old visit is judged
as it was then.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from posyandu.domain.coaching import CoachingRule, read_coaching
from posyandu.domain.house import HouseRule, read_house
from posyandu.domain.iks import IksRule, read_iks
from posyandu.domain.immunisation import DoseCardRule, Schedule, read_schedule
from posyandu.domain.service_group import GroupRule
from posyandu.domain.skills import SkillClass, read_classes
from posyandu.domain.social import ClockRule, read_clock
from posyandu.domain.stock import StockRule, read_stock
from posyandu.domain.strata import StrataRule, read_strata
from posyandu.domain.strict import Json
from posyandu.domain.strict import a_day as _day
from posyandu.domain.strict import a_flag as _flag
from posyandu.domain.strict import a_list as _list
from posyandu.domain.strict import a_number as _number
from posyandu.domain.strict import a_number_or_none as _number_or_none
from posyandu.domain.strict import a_span as _span
from posyandu.domain.strict import a_span_or_none as _span_or_none
from posyandu.domain.strict import a_text as _text
from posyandu.domain.strict import a_whole as _whole
from posyandu.domain.strict import a_whole_or_none as _whole_or_none
from posyandu.domain.strict import an_object as _object
from posyandu.domain.strict import one_of as _one_of
from posyandu.domain.strict import wholes as _wholes
from posyandu.domain.working_days import Holidays, read_holidays

SEXES = ("male", "female")
PROGRAMMES = ("vitamin_a", "deworming")
FEEDING_REASONS = ("wasted", "underweight", "not_gained", "pregnant_kek", "pregnant_thin")
LEVELS = ("ok", "info", "warn", "bad")
TBC_RULES = ("kartu", "kmk2015")


@dataclass(frozen=True)
class Band:
    """One class of a measure: what is below `below` (exclusive) or up to `up_to` (inclusive) and in no earlier band.

    `level` is "ok", "warn" or "bad"; `refer` whether the printed rule sends the person on.
    """

    code: str
    label: str
    level: str
    refer: bool
    below: float | None = None
    up_to: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value lies under this band's upper bound."""
        if self.below is not None:
            return value < self.below
        return self.up_to is None or value <= self.up_to


@dataclass(frozen=True)
class Scheme:
    """The bands of one measure, lowest first, for completed months from `from_months` to `to_months` inclusive."""

    index: str
    from_months: int
    to_months: int
    bands: tuple[Band, ...]

    def band(self, value: float) -> Band:
        """The band a value lies in."""
        return next(band for band in self.bands if band.holds(value))


@dataclass(frozen=True)
class TbcRule:
    """Which questions count as symptoms and how many "yes" make a person suspected."""

    questions: tuple[str, ...]
    needed: int


@dataclass(frozen=True)
class Pressure:
    """Blood pressure in mmHg from which a pregnant woman is referred, and from which it is an emergency."""

    systolic: int
    diastolic: int
    emergency_systolic: int
    emergency_diastolic: int


@dataclass(frozen=True)
class Anaemia:
    """Haemoglobin in tenths of g/dL below which a pregnant woman is anaemic, by trimester, and below which severely."""

    by_trimester: tuple[int, int, int]
    severe: int


@dataclass(frozen=True)
class WeightGain:
    """Expected gain in a pregnancy for a body mass index below `bmi_below` (None: no upper bound), grams.

    Between the first trimester's gain and the total, so many grams a week are expected.
    """

    code: str
    label: str
    bmi_below: float | None
    total_low_g: int
    total_high_g: int
    weekly_low_g: int
    weekly_high_g: int
    first_trimester_low_g: int
    first_trimester_high_g: int


@dataclass(frozen=True)
class GestationRule:
    """Completed weeks of a pregnancy: the last of the first and second trimester, and when weekly gain begins.

    None lasts longer than `longest_weeks`: a last period farther back has mostly the year of another one, and a
    pregnancy still open after so many has surely ended without a note of it.
    """

    first_trimester_weeks: int
    second_trimester_weeks: int
    gain_from_week: int
    longest_weeks: int

    def trimester(self, weeks: int) -> int:
        """1, 2 or 3 by completed weeks."""
        return 1 + (weeks > self.first_trimester_weeks) + (weeks > self.second_trimester_weeks)


@dataclass(frozen=True)
class PregnancyRisk:
    """What makes a pregnancy one of risk ("4T", height, body mass)."""

    mother_under_years: int
    mother_over_years: int
    interval_under_months: int
    gravida_from: int
    height_under_mm: int
    bmi_under: float
    weeks_over: int


@dataclass(frozen=True)
class Capsules:
    """Who gets which vitamin A capsule (completed months, inclusive), and in which calendar months."""

    months: tuple[int, ...]
    blue: tuple[int, int]
    red: tuple[int, int]

    def due(self, on: date, age_months: int) -> str | None:
        """ "blue" or "red" when a capsule is due in the month of this day, else None."""
        if on.month not in self.months:
            return None
        if self.blue[0] <= age_months <= self.blue[1]:
            return "blue"
        return "red" if self.red[0] <= age_months <= self.red[1] else None


@dataclass(frozen=True)
class Deworming:
    """Who gets worm medicine (completed months, inclusive), and in which calendar months."""

    months: tuple[int, ...]
    from_months: int
    to_months: int

    def due(self, on: date, age_months: int) -> bool:
        """Whether a dose is due in the month of this day."""
        return on.month in self.months and self.from_months <= age_months <= self.to_months


@dataclass(frozen=True)
class Asked:
    """When a question of a visit is due: at completed months (inclusive, each `every` months), or as a programme is.

    Neither months nor programme: it is seldom answered and never asked at once.
    """

    field: str
    months: tuple[int, int] | None
    every: int
    programme: str


@dataclass(frozen=True)
class AgeBand:
    """Completed months from `from_months` to `to_months`, both inclusive, under one heading of a report."""

    code: str
    label: str
    from_months: int
    to_months: int


@dataclass(frozen=True)
class MeasureLimit:
    """What one number of a form may be at an age, in stored units; see `posyandu.domain.limits`.

    Holds for `sex` (None: both) and the completed months of age in `months`, inclusive (None: any age, known or not).
    `fall` is against the last value; `rise` against the last value for each 30 days since, at least one of them.
    """

    form: str
    field: str
    sex: str | None
    months: tuple[int, int] | None
    hard: tuple[int, int] | None
    usual: tuple[int, int] | None
    fall: int | None
    rise: int | None


@dataclass(frozen=True)
class ReferralRule:
    """One finding: when its condition holds for a visit of `form`, what to think, do and tell the family.

    `condition` names a function of the form's module (`child.CONDITIONS`, `pregnancy.CONDITIONS`). The texts may hold
    {words} that the module fills. `replaces` are codes of milder findings that say the same and are then left out.
    """

    code: str
    form: str
    condition: str
    level: str
    refer: bool
    title: str
    why: str
    what_to_do: str
    tell_family: str
    source: str
    since: date
    until: date | None
    replaces: tuple[str, ...]
    basis: tuple[str, ...] = ()
    """The rules of the domain that it carries out: "R03", "M1" ...; see docs/aturan.md."""

    def held_on(self, day: date) -> bool:
        """Whether the rule was in force."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Window:
    """A health worker's visit that is due from one day after the birth to another, both inclusive (0: that day)."""

    code: str
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Nifas:
    """The weeks after a birth: the visits due, capsules of vitamin A wanted, fever, and anaemia (tenths of g/dL)."""

    visits: tuple[Window, ...]
    capsules: int
    fever_tenth_c: int
    haemoglobin_under: int


@dataclass(frozen=True)
class PressureClass:
    """A class of blood pressure, reached when either value reaches its bound; without bounds it takes the rest."""

    code: str
    label: str
    level: str
    refer: bool
    systolic: int | None
    diastolic: int | None

    def holds(self, systolic: int, diastolic: int) -> bool:
        """Whether this class is reached."""
        if self.systolic is None and self.diastolic is None:
            return True
        reached = self.systolic is not None and systolic >= self.systolic
        return reached or (self.diastolic is not None and diastolic >= self.diastolic)


@dataclass(frozen=True)
class PressureScheme:
    """The classes of blood pressure at completed months of age, gravest first; below `low` of either value is low."""

    from_months: int
    to_months: int
    low: tuple[int, int]
    classes: tuple[PressureClass, ...]


@dataclass(frozen=True)
class Puma:
    """PUMA: from which age it is asked, points by age in years, and pack-years for one point and (above) for two.

    A pack-year is so many sticks a day for a year.
    """

    from_months: int
    points_by_age: tuple[tuple[int, int], ...]
    packs_one_point: int
    packs_two_points_over: int
    sticks_in_a_pack: int


@dataclass(frozen=True)
class PupilRule:
    """Classes: that of a pupil is the age in years less `years_before_class_1` where nobody told it.

    Girls of `iron_classes` (from, to) get iron every week, those of `hb_classes` (two) have their blood examined; the
    doses given at school are complete after class `primary_classes`.
    """

    years_before_class_1: int
    iron_classes: tuple[int, int]
    hb_classes: tuple[int, int]
    primary_classes: int


@dataclass(frozen=True)
class Mental:
    """The confidential questions: of which ages, which answers need attention, cannot wait, or want privacy.

    SDQ is of those from `sdq_from_months` to under `sdq_to_months`.
    """

    srq_urgent: str
    srq_from_months: int
    youth_from_months: int
    sdq_from_months: int
    sdq_to_months: int
    youth_attention: Mapping[str, bool]
    youth_urgent: str
    youth_private: tuple[str, ...]


@dataclass(frozen=True)
class Control:
    """How many calendar months after the last measurement a control of a known illness is overdue."""

    pressure_months: int
    glucose_months: int


@dataclass(frozen=True)
class StaysOpen:
    """How many calendar months follow-up asks about what nobody dealt with: a finding, a slip without an answer, and a
    visit that only says somebody was sent on.
    """

    finding_months: int
    slip_months: int
    noted_months: int


@dataclass(frozen=True)
class Elderly:
    """From which age AKS and SKILAS are asked, how often (months), and the arm below which one is malnourished."""

    from_months: int
    muac_under_mm: int
    yearly_months: int


@dataclass(frozen=True)
class Examination:
    """What a visit of a form ought to examine, for completed months of age and a sex (None: everybody).

    It counts as done when every field is answered; a visit without it says so: "belum diperiksa".
    """

    label: str
    fields: tuple[str, ...]
    months: tuple[int, int] | None
    sex: str | None


@dataclass(frozen=True)
class Faltering:
    """Least gain in one and in two months (grams, 5th percentile of WHO) by the age at their start, by sex.

    Told under `until_months` only; BB/U below `underweight_z` says it too.
    """

    one_month: Mapping[str, tuple[int, ...]]
    two_months: Mapping[str, tuple[int, ...]]
    until_months: int
    underweight_z: float


@dataclass(frozen=True)
class Newborn:
    """Birth weights (grams) below which a baby is small and belongs in a hospital; until which day HB0 is given.

    Up to which day of life (the birth is day 0) a death is early neonatal, and neonatal.
    """

    low_under_g: int
    hospital_under_g: int
    hb0_days: int
    early_days: int
    neonatal_days: int


@dataclass(frozen=True)
class Graduation:
    """The age (completed months) and weight with which a child "graduates" (L of the older UPGK forms)."""

    months: int
    grams: int


@dataclass(frozen=True)
class HomeVisits:
    """Home visits: from which temperature the checklists mark fever, before which age that of infants is used."""

    fever_tenth_c: int
    infant_under_months: int


@dataclass(frozen=True)
class Feeding:
    """MT: days planned by reason, the completed months at which a child gets it, the BMI of a mother that is thin."""

    days: Mapping[str, int]
    months: tuple[int, int]
    bmi_under: float


@dataclass(frozen=True)
class Prepregnancy:
    """When a pregnancy is well begun: years of age (inclusive), months since the last birth, BMI from and below.

    From `children_from` living children on there are many; Hb in tenths of g/dL below which a woman is anaemic.
    """

    years: tuple[int, int]
    spacing_months: int
    children_from: int
    bmi: tuple[float, float]
    haemoglobin_under: int


@dataclass(frozen=True)
class DevelopmentBand:
    """The checklist of Buku KIA for one age: asked at completed months `months`, inclusive.

    `items` are the names of its lines in the form of the checklist, in the order of the book.
    """

    code: str
    label: str
    months: tuple[int, int]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """Everything that held on one day. `sources` says for each name where it is written."""

    kbm: Mapping[str, tuple[int, ...]]
    bgm_z: float
    orange_z: float | None
    categories: tuple[Scheme, ...]
    tbc_rule: str
    tbc_rules: Mapping[str, TbcRule]
    kek_mm: int
    pressure: Pressure
    anaemia: Anaemia
    weight_gain: tuple[WeightGain, ...]
    gestation: GestationRule
    pregnancy_risk: PregnancyRisk
    ttd_target: int
    lb3_tablets: int
    tablets_in_a_pack: int
    vitamin_a: Capsules
    deworming: Deworming
    questions: Mapping[str, tuple[Asked, ...]]
    targets: Mapping[str, float]
    age_bands: Mapping[str, tuple[AgeBand, ...]]
    limits: tuple[MeasureLimit, ...]
    nifas: Nifas
    newborn: Newborn
    newborn_visits: tuple[Window, ...]
    groups: GroupRule
    home_visits: HomeVisits
    life_classes: tuple[Scheme, ...]
    pressures: tuple[PressureScheme, ...]
    child_pressure: Mapping[str, Mapping[int, tuple[int, int]]]
    puma: Puma
    pupils: PupilRule
    mental: Mental
    elderly: Elderly
    examinations: Mapping[str, tuple[Examination, ...]]
    faltering: Faltering
    feeding: Feeding
    exclusive_months: int
    graduation: Graduation
    prepregnancy: Prepregnancy
    development: tuple[DevelopmentBand, ...]
    recheck_months: int
    control: Control
    stays_open: StaysOpen
    cancer_years: int
    keep_years: int
    marry_years: int
    of_age_months: int
    fertile_months: tuple[int, int]
    many_young: int
    screening_months: int
    smoking_from_months: int
    grown_card_months: int
    house: HouseRule
    iks: IksRule
    iks_classes: tuple[Scheme, ...]
    immunisation: Schedule
    dose_card: DoseCardRule
    strata: StrataRule
    skill_classes: tuple[SkillClass, ...]
    stock: StockRule
    coaching: CoachingRule
    social_clock: ClockRule
    holidays: Holidays
    referrals: tuple[ReferralRule, ...]
    sources: Mapping[str, str]

    def minimum_gain_g(self, sex: str, age_months: int) -> int | None:
        """KBM: the least gain in a month for the age reached, grams; None at 0, over 60 months, and without a sex."""
        gains = self.kbm.get(sex, ())
        return gains[age_months - 1] if 1 <= age_months <= len(gains) else None

    @property
    def weighed_to_months(self) -> int:
        """The last completed month of age at which a weighing has a letter and is held against the lines of the KMS."""
        return max(map(len, self.kbm.values()))

    @cached_property
    def bmi_bounds(self) -> frozenset[float]:
        """Where classes of body mass meet, of adults and before or in a pregnancy."""
        bands = [band for scheme in self.life_classes if scheme.index.startswith("bmi") for band in scheme.bands]
        told = [bound for band in bands for bound in (band.below, band.up_to)]
        told += [each.bmi_below for each in self.weight_gain]
        return frozenset(
            (*(each for each in told if each is not None), *self.prepregnancy.bmi, self.pregnancy_risk.bmi_under)
        )

    def scheme(self, index: str, age_months: int) -> Scheme | None:
        """The bands of a measure at this age, or None where the standard has none."""
        for scheme in self.categories:
            if scheme.index == index and scheme.from_months <= age_months <= scheme.to_months:
                return scheme
        return None

    def checklist(self, age_months: int) -> DevelopmentBand | None:
        """The development checklist that the age has just completed; None in the first month and from six years."""
        for band in self.development:
            if band.months[0] <= age_months <= band.months[1]:
                return band
        return None

    def life_band(self, index: str, value: float | None, age_months: int) -> Band | None:
        """The class of a measure ("bmi", "waist_male", "aks" ...); None when not taken or without classes here."""
        if value is None:
            return None
        for scheme in self.life_classes:
            if scheme.index == index and scheme.from_months <= age_months <= scheme.to_months:
                return scheme.band(value)
        return None

    def iks_band(self, value: float) -> Band:
        """The class of an index of family health, 0 to 1; of an area too."""
        return self.iks_classes[0].band(value)

    def pressure_scheme(self, age_months: int) -> PressureScheme | None:
        """The classes of blood pressure at this age (13 years and older), or None."""
        held = (each for each in self.pressures if each.from_months <= age_months <= each.to_months)
        return next(held, None)

    @property
    def tbc(self) -> TbcRule:
        """The screening rule in force."""
        return self.tbc_rules[self.tbc_rule]


@dataclass(frozen=True)
class Entry:
    """One value of one rule, from a day on; `told` is the value as its file has it."""

    since: date
    source: str
    told: Json
    value: Any


@dataclass(frozen=True)
class Standards:
    """All rules with their dates. Made by `read_standards`."""

    entries: Mapping[str, tuple[Entry, ...]]
    referrals: tuple[ReferralRule, ...]
    _days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _held: dict[int, Rules] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = {entry.since for entries in self.entries.values() for entry in entries}
        days |= {rule.since for rule in self.referrals} | {rule.until for rule in self.referrals if rule.until}
        object.__setattr__(self, "_days", tuple(sorted(days)))

    def on(self, day: date) -> Rules:
        """The rules that held on a day; before the first dated entry the earliest."""
        period = bisect_right(self._days, day)
        held = self._held.get(period)
        if held is None:
            held = self._held[period] = self._rules(day)
        return held

    def entry(self, name: str, day: date) -> Entry:
        """What a rule said on a day, with its source; before its first entry that one."""
        return _at(self.entries[name], day)

    def with_overrides(self, told: Mapping[str, Json], since: date, source: str) -> "Standards":
        """The same with another value for some rules, as their files would have it, from a day on.

        Raises ValueError for an unknown name or a value of the wrong shape.
        """
        if unknown := sorted(set(told) - set(_READERS)):
            raise ValueError(f"{', '.join(unknown)}: no such rule")
        return self.with_entries(
            {name: Entry(since, source, value, _READERS[name](value, name)) for name, value in told.items()}
        )

    def with_entries(self, added: Mapping[str, Entry]) -> "Standards":
        """The same with one more entry for some rules, in the place of one of the same day."""
        entries = dict(self.entries)
        for name, entry in added.items():
            kept = [each for each in entries[name] if each.since != entry.since]
            entries[name] = tuple(sorted([*kept, entry], key=lambda each: each.since))
        return replace(self, entries=MappingProxyType(entries))

    def _rules(self, day: date) -> Rules:
        chosen = {name: _at(entries, day) for name, entries in self.entries.items()}
        return Rules(
            **{name: entry.value for name, entry in chosen.items()},
            referrals=tuple(rule for rule in self.referrals if rule.held_on(day)),
            sources=MappingProxyType({name: entry.source for name, entry in chosen.items()}),
        )


def _at(entries: Sequence[Entry], day: date) -> Entry:
    return next((entry for entry in reversed(entries) if entry.since <= day), entries[0])


def read_standards(files: Mapping[str, Json]) -> Standards:
    """The standards in the parsed files of resources/rules, by file name.

    A file is {"about": text} with "rules" {name: [{"since", "source", "value"}, ...]} or "referrals" [rule, ...].
    Raises ValueError, naming the place, for anything missing, doubled, unknown or of the wrong kind.
    """
    entries: dict[str, tuple[Entry, ...]] = {}
    referrals: list[ReferralRule] = []
    for file_name, content in files.items():
        parts = _object(content, file_name, ("about",), optional=("rules", "referrals"))
        for name, dated in _object(parts.get("rules", {}), file_name).items():
            place = f"{file_name}: {name}"
            if name not in _READERS or name in entries:
                raise ValueError(f"{place}: unknown or doubled")
            entries[name] = _entries(dated, place, _READERS[name])
        for rule in _list(parts.get("referrals", []), file_name):
            referrals.append(_referral(rule, file_name))
    if missing := sorted(set(_READERS) - set(entries)):
        raise ValueError(f"rules are missing: {', '.join(missing)}")
    if len({(rule.form, rule.code, rule.since) for rule in referrals}) != len(referrals):
        raise ValueError("a referral rule is there twice")
    return Standards(MappingProxyType(entries), tuple(referrals))


def _entries(dated: Json, place: str, read: Callable[[Json, str], Any]) -> tuple[Entry, ...]:
    entries = []
    for item in _list(dated, place):
        parts = _object(item, place, ("since", "source", "value"))
        told, source = parts["value"], _text(parts["source"], place)
        entries.append(Entry(_day(parts["since"], place), source, told, read(told, place)))
    days = [entry.since for entry in entries]
    if not days or days != sorted(set(days)):
        raise ValueError(f"{place}: wants entries in the order of their days")
    return tuple(entries)


def _kbm(value: Json, place: str) -> Mapping[str, tuple[int, ...]]:
    """Grams by month of age reached, from month 1; the last one repeats up to `to_months`."""
    parts = _object(value, place, (*SEXES, "to_months"))
    to = _whole(parts["to_months"], place)
    gains = {sex: _wholes(parts[sex], place) for sex in SEXES}
    return MappingProxyType({sex: (*gains[sex], *gains[sex][-1:] * (to - len(gains[sex]))) for sex in SEXES})


def _categories(value: Json, place: str) -> tuple[Scheme, ...]:
    schemes = []
    for item in _list(value, place):
        parts = _object(item, place, ("index", "from_months", "to_months", "bands"))
        bands = tuple(_band(band, place) for band in _list(parts["bands"], place))
        if not bands or bands[-1].below is not None or bands[-1].up_to is not None:
            raise ValueError(f"{place}: the last band must be open")
        index = _text(parts["index"], place)
        schemes.append(Scheme(index, _whole(parts["from_months"], place), _whole(parts["to_months"], place), bands))
    return tuple(schemes)


def _band(value: Json, place: str) -> Band:
    parts = _object(value, place, ("code", "label", "level", "refer"), optional=("below", "up_to"))
    return Band(
        _text(parts["code"], place),
        _text(parts["label"], place),
        _one_of(parts["level"], place, LEVELS),
        _flag(parts["refer"], place),
        _number_or_none(parts.get("below"), place),
        _number_or_none(parts.get("up_to"), place),
    )


def _tbc_rule(value: Json, place: str) -> str:
    return _one_of(value, place, TBC_RULES)


def _tbc_rules(value: Json, place: str) -> Mapping[str, TbcRule]:
    rules = {}
    for name, item in _object(value, place, TBC_RULES).items():
        parts = _object(item, f"{place}.{name}", ("questions", "needed"))
        questions = tuple(_text(question, place) for question in _list(parts["questions"], place))
        rules[name] = TbcRule(questions, _whole(parts["needed"], place))
    return MappingProxyType(rules)


def _wholes_of(kind: type[Any]) -> Callable[[Json, str], Any]:
    """The reader of a rule that is whole numbers by name."""
    return lambda value, place: kind(
        **{key: _whole(number, place) for key, number in _object(value, place, _names(kind)).items()}
    )


def _anaemia(value: Json, place: str) -> Anaemia:
    parts = _object(value, place, _names(Anaemia))
    match _wholes(parts["by_trimester"], place):
        case (first, second, third):
            return Anaemia((first, second, third), _whole(parts["severe"], place))
    raise ValueError(f"{place}: wants three trimesters")


def _weight_gain(value: Json, place: str) -> tuple[WeightGain, ...]:
    classes = []
    for item in _list(value, place):
        parts = _object(item, place, _names(WeightGain))
        grams = {key: _whole(number, place) for key, number in parts.items() if key.endswith("_g")}
        bmi_below = _number_or_none(parts["bmi_below"], place)
        classes.append(WeightGain(_text(parts["code"], place), _text(parts["label"], place), bmi_below, **grams))
    if not classes or classes[-1].bmi_below is not None:
        raise ValueError(f"{place}: the last class must be open")
    return tuple(classes)


def _pregnancy_risk(value: Json, place: str) -> PregnancyRisk:
    parts = dict(_object(value, place, _names(PregnancyRisk)))
    bmi_under = _number(parts.pop("bmi_under"), place)
    return PregnancyRisk(bmi_under=bmi_under, **{key: _whole(number, place) for key, number in parts.items()})


def _vitamin_a(value: Json, place: str) -> Capsules:
    parts = _object(value, place, _names(Capsules))
    return Capsules(_wholes(parts["months"], place), _span(parts["blue"], place), _span(parts["red"], place))


def _deworming(value: Json, place: str) -> Deworming:
    parts = _object(value, place, _names(Deworming))
    low, high = _span([parts["from_months"], parts["to_months"]], place)
    return Deworming(_wholes(parts["months"], place), low, high)


def _questions(value: Json, place: str) -> Mapping[str, tuple[Asked, ...]]:
    forms = {}
    for form, items in _object(value, place).items():
        asked = []
        for item in _list(items, place):
            parts = _object(item, place, ("field",), optional=("months", "every", "programme"))
            programme = _one_of(parts["programme"], place, PROGRAMMES) if "programme" in parts else ""
            every = _whole(parts.get("every", 1), place)
            asked.append(
                Asked(_text(parts["field"], place), _span_or_none(parts.get("months"), place), every, programme)
            )
        forms[form] = tuple(asked)
    return MappingProxyType(forms)


def _targets(value: Json, place: str) -> Mapping[str, float]:
    return MappingProxyType({name: _number(number, place) for name, number in _object(value, place).items()})


def _age_bands(value: Json, place: str) -> Mapping[str, tuple[AgeBand, ...]]:
    uses = {}
    for use, items in _object(value, place).items():
        bands = []
        for item in _list(items, place):
            parts = _object(item, place, ("code", "label", "months"))
            bands.append(
                AgeBand(_text(parts["code"], place), _text(parts["label"], place), *_span(parts["months"], place))
            )
        uses[use] = tuple(bands)
    return MappingProxyType(uses)


def _limits(value: Json, place: str) -> tuple[MeasureLimit, ...]:
    limits = []
    for item in _list(value, place):
        parts = _object(item, place, ("form", "field"), optional=("sex", "months", "hard", "usual", "fall", "rise"))
        limits.append(
            MeasureLimit(
                _text(parts["form"], place),
                _text(parts["field"], place),
                _one_of(parts["sex"], place, SEXES) if "sex" in parts else None,
                _span_or_none(parts.get("months"), place),
                _span_or_none(parts.get("hard"), place),
                _span_or_none(parts.get("usual"), place),
                _whole_or_none(parts.get("fall"), place),
                _whole_or_none(parts.get("rise"), place),
            )
        )
    return tuple(limits)


def _windows(value: Json, place: str) -> tuple[Window, ...]:
    windows = []
    for item in _list(value, place):
        parts = _object(item, place, ("code", "days"))
        windows.append(Window(_text(parts["code"], place), *_span(parts["days"], place)))
    return tuple(windows)


def _nifas(value: Json, place: str) -> Nifas:
    parts = dict(_object(value, place, _names(Nifas)))
    visits = _windows(parts.pop("visits"), place)
    return Nifas(visits=visits, **{key: _whole(number, place) for key, number in parts.items()})


def _pressures(value: Json, place: str) -> tuple[PressureScheme, ...]:
    schemes = []
    for item in _list(value, place):
        parts = _object(item, place, ("months", "low", "classes"))
        classes = tuple(_pressure_class(each, place) for each in _list(parts["classes"], place))
        if not classes or not classes[-1].holds(0, 0):
            raise ValueError(f"{place}: the last class must be open")
        schemes.append(PressureScheme(*_span(parts["months"], place), _pair(parts["low"], place), classes))
    return tuple(schemes)


def _pressure_class(value: Json, place: str) -> PressureClass:
    parts = _object(value, place, _names(PressureClass))
    return PressureClass(
        _text(parts["code"], place),
        _text(parts["label"], place),
        _one_of(parts["level"], place, LEVELS),
        _flag(parts["refer"], place),
        _whole_or_none(parts["systolic"], place),
        _whole_or_none(parts["diastolic"], place),
    )


def _pair(value: Json, place: str) -> tuple[int, int]:
    match _wholes(value, place):
        case (first, second):
            return first, second
    raise ValueError(f"{place}: wants two whole numbers")


def _child_pressure(value: Json, place: str) -> Mapping[str, Mapping[int, tuple[int, int]]]:
    by_sex = {}
    for sex, ages in _object(value, place, SEXES).items():
        by_sex[sex] = MappingProxyType({int(age): _pair(pair, place) for age, pair in _object(ages, place).items()})
    return MappingProxyType(by_sex)


def _puma(value: Json, place: str) -> Puma:
    parts = _object(value, place, _names(Puma))
    return Puma(
        _whole(parts["from_months"], place),
        tuple(_pair(each, place) for each in _list(parts["points_by_age"], place)),
        _whole(parts["packs_one_point"], place),
        _whole(parts["packs_two_points_over"], place),
        _whole(parts["sticks_in_a_pack"], place),
    )


def _pupils(value: Json, place: str) -> PupilRule:
    parts = _object(value, place, _names(PupilRule))
    return PupilRule(
        _whole(parts["years_before_class_1"], place),
        _span(parts["iron_classes"], place),
        _span(parts["hb_classes"], place),
        _whole(parts["primary_classes"], place),
    )


def _mental(value: Json, place: str) -> Mental:
    parts = _object(value, place, _names(Mental))
    attention = {name: _flag(answer, place) for name, answer in _object(parts["youth_attention"], place).items()}
    return Mental(
        _text(parts["srq_urgent"], place),
        _whole(parts["srq_from_months"], place),
        _whole(parts["youth_from_months"], place),
        _whole(parts["sdq_from_months"], place),
        _whole(parts["sdq_to_months"], place),
        MappingProxyType(attention),
        _text(parts["youth_urgent"], place),
        tuple(_text(name, place) for name in _list(parts["youth_private"], place)),
    )


def _examinations(value: Json, place: str) -> Mapping[str, tuple[Examination, ...]]:
    forms = {}
    for form, items in _object(value, place).items():
        asked = []
        for item in _list(items, place):
            parts = _object(item, place, ("label", "fields"), optional=("months", "sex"))
            sex = _one_of(parts["sex"], place, SEXES) if "sex" in parts else None
            names = tuple(_text(name, place) for name in _list(parts["fields"], place))
            asked.append(
                Examination(_text(parts["label"], place), names, _span_or_none(parts.get("months"), place), sex)
            )
        forms[form] = tuple(asked)
    return MappingProxyType(forms)


def _faltering(value: Json, place: str) -> Faltering:
    parts = _object(value, place, _names(Faltering))
    spans = {
        name: MappingProxyType({sex: _grams(each, place) for sex, each in _object(parts[name], place, SEXES).items()})
        for name in ("one_month", "two_months")
    }
    until, z = _whole(parts["until_months"], place), _number(parts["underweight_z"], place)
    return Faltering(spans["one_month"], spans["two_months"], until, z)


def _feeding(value: Json, place: str) -> Feeding:
    parts = _object(value, place, _names(Feeding))
    days = _object(parts["days"], place, FEEDING_REASONS)
    return Feeding(
        MappingProxyType({reason: _whole(number, place) for reason, number in days.items()}),
        _span(parts["months"], place),
        _number(parts["bmi_under"], place),
    )


def _prepregnancy(value: Json, place: str) -> Prepregnancy:
    parts = _object(value, place, _names(Prepregnancy))
    match _list(parts["bmi"], place):
        case [low, high]:
            bmi = (_number(low, place), _number(high, place))
        case _:
            raise ValueError(f"{place}: wants the lowest and the bound of the BMI")
    wholes = {name: _whole(parts[name], place) for name in ("spacing_months", "children_from", "haemoglobin_under")}
    return Prepregnancy(years=_span(parts["years"], place), bmi=bmi, **wholes)


def _grams(value: Json, place: str) -> tuple[int, ...]:
    """Whole grams, below zero too: late in infancy a small loss is still within the usual."""
    return tuple(round(_number(each, place)) for each in _list(value, place))


def _development(value: Json, place: str) -> tuple[DevelopmentBand, ...]:
    bands = []
    for item in _list(value, place):
        parts = _object(item, place, ("code", "label", "months", "items"))
        items = tuple(_text(each, place) for each in _list(parts["items"], place))
        bands.append(
            DevelopmentBand(
                _text(parts["code"], place), _text(parts["label"], place), _span(parts["months"], place), items
            )
        )
    return tuple(bands)


def _referral(value: Json, place: str) -> ReferralRule:
    texts = ("code", "form", "condition", "title", "why", "what_to_do", "tell_family", "source")
    parts = _object(value, place, (*texts, "level", "refer", "since"), optional=("until", "replaces", "basis"))
    return ReferralRule(
        **{key: _text(parts[key], f"{place}: {parts['code']}") for key in texts},
        level=_one_of(parts["level"], place, LEVELS),
        refer=_flag(parts["refer"], place),
        since=_day(parts["since"], place),
        until=_day(parts["until"], place) if "until" in parts else None,
        replaces=tuple(_text(code, place) for code in _list(parts.get("replaces", []), place)),
        basis=tuple(_text(code, place) for code in _list(parts.get("basis", []), place)),
    )


def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


_READERS: Mapping[str, Callable[[Json, str], Any]] = MappingProxyType(
    {
        "kbm": _kbm,
        "bgm_z": _number,
        "orange_z": _number_or_none,
        "categories": _categories,
        "tbc_rule": _tbc_rule,
        "tbc_rules": _tbc_rules,
        "kek_mm": _whole,
        "pressure": _wholes_of(Pressure),
        "anaemia": _anaemia,
        "weight_gain": _weight_gain,
        "gestation": _wholes_of(GestationRule),
        "pregnancy_risk": _pregnancy_risk,
        "ttd_target": _whole,
        "lb3_tablets": _whole,
        "tablets_in_a_pack": _whole,
        "vitamin_a": _vitamin_a,
        "deworming": _deworming,
        "questions": _questions,
        "targets": _targets,
        "age_bands": _age_bands,
        "limits": _limits,
        "immunisation": read_schedule,
        "dose_card": _wholes_of(DoseCardRule),
        "social_clock": read_clock,
        "holidays": read_holidays,
        "nifas": _nifas,
        "newborn": _wholes_of(Newborn),
        "newborn_visits": _windows,
        "groups": _wholes_of(GroupRule),
        "home_visits": _wholes_of(HomeVisits),
        "life_classes": _categories,
        "pressures": _pressures,
        "child_pressure": _child_pressure,
        "puma": _puma,
        "pupils": _pupils,
        "mental": _mental,
        "elderly": _wholes_of(Elderly),
        "strata": read_strata,
        "skill_classes": read_classes,
        "stock": read_stock,
        "coaching": read_coaching,
        "examinations": _examinations,
        "faltering": _faltering,
        "feeding": _feeding,
        "exclusive_months": _whole,
        "graduation": _wholes_of(Graduation),
        "prepregnancy": _prepregnancy,
        "development": _development,
        "recheck_months": _whole,
        "control": _wholes_of(Control),
        "stays_open": _wholes_of(StaysOpen),
        "cancer_years": _whole,
        "keep_years": _whole,
        "marry_years": _whole,
        "of_age_months": _whole,
        "fertile_months": _span,
        "many_young": _whole,
        "screening_months": _whole,
        "smoking_from_months": _whole,
        "grown_card_months": _whole,
        "house": read_house,
        "iks": read_iks,
        "iks_classes": _categories,
    }
)
