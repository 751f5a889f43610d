"""Indeks Keluarga Sehat (PIS-PK): twelve indicators of a family, each yes, no, not applicable or not known.

IKS = indicators met / (12 - not applicable). It is given only when every indicator is known: an answer that nobody
asked for is neither "tidak" nor "tidak berlaku". Ages and classes are dated data (resources/rules/family.json).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from posyandu.domain.fields import Answers
from posyandu.domain.strict import Json, a_span, a_whole, an_object
from posyandu.text import N_, _

YES, NO, NOT_APPLICABLE, UNKNOWN = "yes", "no", "none", "unknown"
STATES: Mapping[str, str] = MappingProxyType(
    {YES: N_("Ya"), NO: N_("Belum"), NOT_APPLICABLE: N_("Tidak berlaku"), UNKNOWN: N_("Belum diketahui")}
)
"""What an indicator of a family can be, in words."""

FACILITIES = frozenset(("hospital", "puskesmas", "pustu", "midwife"))
"""The places of birth that count as a health facility."""


@dataclass(frozen=True)
class IksRule:
    """Whom each indicator asks about, in completed months, inclusive.

    `weighed_back` is how many calendar months before this one a weighing still counts.
    """

    contraception_months: tuple[int, int]
    single_under_months: int
    birth_under_months: int
    immunised_months: tuple[int, int]
    breastfed_months: tuple[int, int]
    weighed_months: tuple[int, int]
    weighed_back: int
    grown_from_months: int


@dataclass(frozen=True, kw_only=True)
class Member:
    """What the book knows of one of a family; None is unknown. `months` is the age in completed months."""

    id: str
    name: str
    sex: str = ""
    months: int | None = None
    couple: bool | None = None
    pregnant: bool = False
    contraception: bool | None = None
    born_in_facility: bool | None = None
    immunised: bool | None = None
    breastfed: bool | None = None
    weighed: bool = False
    tbc: bool | None = None
    tbc_treated: bool | None = None
    hypertension: bool | None = None
    hypertension_treated: bool | None = None
    mental: bool | None = None
    smokes: bool | None = None
    insured: bool | None = None


@dataclass(frozen=True)
class Indicator:
    """One of the twelve, judged: its state, what it rests on in words, and what to ask or fill in when it is unknown.

    `lacking` and `unknown` are the ids of the members behind it; empty where the house itself is asked about.
    """

    code: str
    state: str
    figure: str
    lacking: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its name."""
        return _(INDICATORS[self.code][0])

    @property
    def missing(self) -> str:
        """What to fill in so that it becomes known; "" when it is."""
        return _(INDICATORS[self.code][1]) if self.state == UNKNOWN else ""


INDICATORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "contraception": (N_("Ikut KB"), N_("Isi kartu WUS/PUS")),
        "birth": (N_("Bersalin di fasilitas kesehatan"), N_("Isi tempat bersalinnya")),
        "immunised": (N_("Imunisasi dasar lengkap"), N_("Salin imunisasi dari Buku KIA")),
        "breastfed": (N_("ASI eksklusif 6 bulan"), N_("Tanyakan ASI eksklusifnya")),
        "weighed": (N_("Pertumbuhan balita dipantau"), N_("Lengkapi tanggal lahir, lalu timbang")),
        "tbc": (N_("TBC berobat sampai sembuh"), N_("Tanyakan siapa, dan obatnya")),
        "hypertension": (N_("Hipertensi berobat teratur"), N_("Tanyakan siapa, dan obatnya")),
        "mental": (N_("Gangguan jiwa diobati"), N_("Tanyakan adakah, dan perawatannya")),
        "smoking": (N_("Tidak ada yang merokok"), N_("Tanyakan adakah perokok di rumah")),
        "insured": (N_("Semua punya JKN"), N_("Isi nomor atau kepesertaan JKN")),
        "clean_water": (N_("Air bersih"), N_("Tanyakan air bersih")),
        "latrine": (N_("Jamban sehat"), N_("Tanyakan jamban sehat")),
    }
)
"""The twelve in the order of the form: what each asks for, and what to fill in when it is unknown."""


@dataclass(frozen=True)
class FamilyIndex:
    """The twelve of one family. `value` is the index from 0 to 1; None while any is unknown, or none applies."""

    indicators: tuple[Indicator, ...]

    def _count(self, state: str) -> int:
        return sum(each.state == state for each in self.indicators)

    @property
    def met(self) -> int:
        """How many are met."""
        return self._count(YES)

    @property
    def applicable(self) -> int:
        """Twelve without those that do not apply; what is unknown counts as applying."""
        return len(self.indicators) - self._count(NOT_APPLICABLE)

    @property
    def unknown(self) -> tuple[Indicator, ...]:
        """Those nobody knows yet."""
        return tuple(each for each in self.indicators if each.state == UNKNOWN)

    @property
    def value(self) -> float | None:
        """IKS."""
        return None if self.unknown else index(self.met, len(self.indicators) - self.applicable)


def index(met: int, not_applicable: int) -> float | None:
    """IKS of so many indicators met and so many that do not apply, of twelve; None when none applies.

    Raises ValueError for counts that twelve indicators cannot have.
    """
    of = len(INDICATORS) - not_applicable
    if not 0 <= met <= of <= len(INDICATORS):
        raise ValueError(f"{met} met and {not_applicable} not applicable of {len(INDICATORS)}")
    return met / of if of else None


def judge(rule: IksRule, house: Answers, members: Sequence[Member]) -> FamilyIndex:
    """The twelve indicators of a family. What the household's own answers say goes before what members' records say."""
    told: dict[str, Indicator] = {}
    for code, (applies, holds) in _OF_MEMBERS.items():
        told[code] = _of_members(code, rule, members, applies, holds)
    if told["birth"].state == UNKNOWN and (answer := _answer(house, "born_in_facility")) is not None:
        told["birth"] = _of_house("birth", answer)
    for code, ill, treated in _ILLNESSES:
        told[code] = _illness(code, rule, house, members, ill, treated)
    told["smoking"] = _smoking(rule, house, members)
    insured = _answer(house, "insured")
    told["insured"] = (
        _of_house("insured", insured)
        if insured is not None
        else _of_members("insured", rule, members, lambda _rule, _each: True, lambda _rule, each: each.insured)
    )
    for code in ("clean_water", "latrine"):
        told[code] = _of_house(code, _answer(house, code))
    return FamilyIndex(tuple(told[code] for code in INDICATORS))


def _answer(house: Answers, name: str) -> bool | None:
    value = house.get(name)
    return value if isinstance(value, bool) else None


Ask = Callable[[IksRule, Member], bool | None]


def _of_members(code: str, rule: IksRule, members: Iterable[Member], applies: Ask, holds: Ask) -> Indicator:
    """One who fails makes the family fail; then one who is unknown makes it unknown."""
    good: list[Member] = []
    lacking: list[Member] = []
    unknown: list[Member] = []
    for each in members:
        concerned = applies(rule, each)
        if concerned is False:
            continue
        held = holds(rule, each) if concerned else None
        (unknown if held is None else good if held else lacking).append(each)
    if lacking:
        state, figure = NO, _("belum: {names}").format(names=_names(lacking))
    elif unknown:
        state, figure = UNKNOWN, _("belum diketahui: {names}").format(names=_names(unknown))
    elif good:
        state, figure = YES, _names(good)
    else:
        state, figure = NOT_APPLICABLE, _(NOBODY.get(code, "")).format_map(_ages(rule))
    return Indicator(code, state, figure, tuple(each.id for each in lacking), tuple(each.id for each in unknown))


NOBODY: Mapping[str, str] = MappingProxyType(
    {
        "contraception": N_("tidak ada PUS, atau sedang hamil"),
        "birth": N_("tidak ada bayi di bawah {birth} bulan"),
        "immunised": N_("tidak ada anak {immunised} bulan"),
        "breastfed": N_("tidak ada anak {breastfed} bulan"),
        "weighed": N_("tidak ada balita {weighed} bulan"),
        "tbc": N_("tidak ada yang sakit TBC"),
        "hypertension": N_("tidak ada yang hipertensi"),
        "mental": N_("tidak ada gangguan jiwa berat"),
        "insured": N_("tidak ada anggota yang tercatat"),
        "smoking": N_("tidak ada anggota yang tercatat"),
    }
)
"""Why an indicator does not apply; the ages are those of the rule."""


def _ages(rule: IksRule) -> Mapping[str, str]:
    spans = {"immunised": rule.immunised_months, "breastfed": rule.breastfed_months, "weighed": rule.weighed_months}
    told = {name: f"{first}-{last}" for name, (first, last) in spans.items()}
    return {"birth": str(rule.birth_under_months), **told}


def _names(members: Iterable[Member]) -> str:
    return ", ".join(each.name for each in members)


def _of_house(code: str, answer: bool | None) -> Indicator:
    if answer is None:
        return Indicator(code, UNKNOWN, _("belum ditanya"))
    return Indicator(code, YES if answer else NO, _("menurut data keluarga"))


def _within(months: int | None, span: tuple[int, int]) -> bool | None:
    return None if months is None else span[0] <= months <= span[1]


def _in_a_couple(rule: IksRule, each: Member) -> bool | None:
    if each.sex != "female" or each.pregnant:
        return False
    fertile = _within(each.months, rule.contraception_months)
    if fertile is False or each.couple is False:
        return False
    if each.couple is None:
        return False if each.months is not None and each.months < rule.single_under_months else None
    return fertile


_OF_MEMBERS: Mapping[str, tuple[Ask, Ask]] = MappingProxyType(
    {
        "contraception": (_in_a_couple, lambda _rule, each: each.contraception),
        "birth": (
            lambda rule, each: _within(each.months, (0, rule.birth_under_months - 1)),
            lambda _rule, each: each.born_in_facility,
        ),
        "immunised": (
            lambda rule, each: _within(each.months, rule.immunised_months),
            lambda _rule, each: each.immunised,
        ),
        "breastfed": (
            lambda rule, each: _within(each.months, rule.breastfed_months),
            lambda _rule, each: each.breastfed,
        ),
        "weighed": (lambda rule, each: _within(each.months, rule.weighed_months), lambda _rule, each: each.weighed),
    }
)
"""Whom each indicator of members concerns, and whether it holds for one of them."""

_ILLNESSES = (
    ("tbc", "tbc", "tbc_treated"),
    ("hypertension", "hypertension", "hypertension_treated"),
    ("mental", "mental", ""),
)
"""Code of the indicator, whether a member is ill, whether that is treated."""


def _illness(code: str, rule: IksRule, house: Answers, members: Iterable[Member], ill: str, treated: str) -> Indicator:
    grown = [each for each in members if _within(each.months, (rule.grown_from_months, 10_000)) is not False]
    patients = [each for each in grown if getattr(each, ill) is True]
    in_house, cared = _answer(house, f"ill_{code}"), _answer(house, f"{code}_treated")
    if not patients and in_house is not True:
        healthy = in_house is False or (bool(grown) and all(getattr(each, ill) is False for each in grown))
        return (
            Indicator(code, NOT_APPLICABLE, _(NOBODY[code]))
            if healthy or not grown
            else Indicator(code, UNKNOWN, _("belum ditanya"))
        )
    if cared is not None:
        return _of_house(code, cared)
    if code == "mental" or not patients:
        return Indicator(code, UNKNOWN, _("pengobatannya belum ditanya"))
    return _of_members(code, rule, patients, lambda _rule, _each: True, lambda _rule, each: getattr(each, treated))


def _smoking(rule: IksRule, house: Answers, members: Sequence[Member]) -> Indicator:
    """A smoker anywhere is a smoker; else the house's own answer, else what each grown member said."""
    smokers = [each for each in members if each.smokes is True]
    if smokers:
        words = _("merokok: {names}").format(names=_names(smokers))
        return Indicator("smoking", NO, words, tuple(each.id for each in smokers))
    if (answer := _answer(house, "smoker")) is not None:
        return _of_house("smoking", not answer)
    grown = [each for each in members if _within(each.months, (rule.grown_from_months, 10_000)) is not False]
    return _of_members(
        "smoking",
        rule,
        grown,
        lambda _rule, _each: True,
        lambda _rule, each: None if each.smokes is None else not each.smokes,
    )


# --- many families --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """One indicator over many families: how many are yes, no, not applicable, unknown."""

    code: str
    yes: int
    no: int
    not_applicable: int
    unknown: int

    @property
    def label(self) -> str:
        """Its name."""
        return _(INDICATORS[self.code][0])

    @property
    def share(self) -> float | None:
        """Yes among the families of which it is known and that it concerns, 0 to 1."""
        return self.yes / (self.yes + self.no) if self.yes + self.no else None


@dataclass(frozen=True)
class AreaIndex:
    """IKS of a post or village: of `known` families the share that is healthy; `by_class` counts them by class code."""

    families: int
    by_class: Mapping[str, int]
    coverages: tuple[Coverage, ...]

    @property
    def known(self) -> int:
        """The families whose index is known."""
        return sum(self.by_class.values())

    @property
    def value(self) -> float | None:
        """The share of healthy families among those known, 0 to 1."""
        return self.by_class.get(HEALTHY, 0) / self.known if self.known else None


HEALTHY = "healthy"
"""The code of the class that an area's index counts."""


def area(found: Iterable[FamilyIndex], class_of: Callable[[float], str]) -> AreaIndex:
    """The index of all these families; `class_of` gives the code of a family's class."""
    families = list(found)
    by_class: dict[str, int] = {}
    for each in families:
        if (value := each.value) is not None:
            by_class[class_of(value)] = by_class.get(class_of(value), 0) + 1
    coverages = []
    for place, code in enumerate(INDICATORS):
        states = [each.indicators[place].state for each in families]
        coverages.append(Coverage(code, *(states.count(state) for state in (YES, NO, NOT_APPLICABLE, UNKNOWN))))
    return AreaIndex(len(families), MappingProxyType(by_class), tuple(coverages))


def read_iks(value: Json, place: str) -> IksRule:
    """The rule in data. Raises ValueError for anything missing or of the wrong kind."""
    spans = ("contraception_months", "immunised_months", "breastfed_months", "weighed_months")
    wholes = ("single_under_months", "birth_under_months", "weighed_back", "grown_from_months")
    parts = an_object(value, place, (*spans, *wholes))
    return IksRule(
        **{name: a_span(parts[name], place) for name in spans},  # type: ignore[arg-type]
        **{name: a_whole(parts[name], place) for name in wholes},  # type: ignore[arg-type]
    )
