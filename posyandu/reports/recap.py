"""The ILP recaps: one row per month, the columns in the order of Kemenkes' blanks of 2023."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from posyandu.domain import indicators, life
from posyandu.domain.bounds import filled
from posyandu.domain.calendar import MONTHS, Month
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth, LifeTest
from posyandu.domain.service_group import AFTER_BIRTH, GROWN, SCHOOL_AGE, Group
from posyandu.domain.standards import AgeBand, Rules
from posyandu.reports import formats
from posyandu.reports.counted import number_cell
from posyandu.reports.formats import dashed
from posyandu.reports.table import Cell, Column, Head, Table
from posyandu.text import N_, _

Person = TypeVar("Person", bound=ChildMonth | PregnancyMonth | LifeMonth)
Mother = PregnancyMonth | LifeMonth


@dataclass(frozen=True)
class Counter(Generic[Person]):
    """One column: its name for machines, the words on the blank, and who counts."""

    name: str
    label: str
    test: Callable[[Person], bool]


@dataclass(frozen=True)
class CounterGroup(Generic[Person]):
    """Columns under one heading of the blank."""

    label: str
    counters: tuple[Counter[Person], ...]


def _group(label: str, *counters: tuple[str, str, Callable[[Person], bool]]) -> CounterGroup[Person]:
    return CounterGroup(label, tuple(Counter(*each) for each in counters))


def _by_band(
    name: str, label: str, test: Callable[[ChildMonth], bool], bands: Sequence[AgeBand]
) -> CounterGroup[ChildMonth]:
    return CounterGroup(
        label,
        tuple(Counter(f"{name}_{band.code}", band.label, _within(test, band)) for band in bands),
    )


def _within(test: Callable[[ChildMonth], bool], band: AgeBand) -> Callable[[ChildMonth], bool]:
    return lambda child: band.from_months <= child.age_months <= band.to_months and test(child)


def _everyone(_person: object) -> bool:
    return True


def child_groups(bands: Sequence[AgeBand]) -> tuple[CounterGroup[ChildMonth], ...]:
    """The blank for bayi, balita and apras.

    With the bands "ilp" it is Kemenkes' blank of 2023 (32 columns with the month), with "ilp_three" the newer one that
    splits bayi, balita and apras (36 columns).
    """
    i = indicators
    return (
        _by_band("targets", N_("Sasaran"), _everyone, bands),
        _by_band("came", N_("Datang"), i.came, bands),
        _by_band("absent", N_("Tidak datang"), i.did_not_come, bands),
        _group(
            N_("Checklist perkembangan"),
            ("development_complete", N_("Lengkap"), i.development_complete),
            ("development_incomplete", N_("Tidak lengkap"), i.development_incomplete),
        ),
        _group(
            N_("BB/U (0\N{EN DASH}5 tahun)"),
            ("gained", N_("Naik (N)"), i.gained),
            ("weight_attention", N_("Tidak naik/BGM/atas garis oranye"), i.needs_attention_by_weight),
            ("waz_normal", N_("BB normal"), i.weight_for_age_normal),
            ("waz_other", N_("BB kurang/sangat kurang/risiko lebih"), i.weight_for_age_other),
        ),
        _group(
            N_("PB/U atau TB/U"),
            ("haz_normal", N_("Normal"), i.length_for_age_normal),
            ("haz_other", N_("(Sangat) pendek/tinggi melebihi normal"), i.length_for_age_other),
        ),
        _group(
            N_("BB/PB atau BB/TB"),
            ("whz_good", N_("Gizi baik"), i.weight_for_length_good),
            ("whz_other", N_("Gizi buruk/kurang/lebih/obesitas"), i.weight_for_length_other),
        ),
        _group(
            N_("Lingkar kepala"),
            ("head_normal", N_("Normal"), i.head_normal),
            ("head_other", N_("Melebihi/kurang dari normal"), i.head_other),
        ),
        _group(
            N_("LiLA"),
            ("muac_normal", N_("Normal"), i.arm_normal),
            ("muac_other", N_("Gizi kurang/gizi buruk"), i.arm_other),
        ),
        _group(N_("TBC"), ("tbc", N_("Memenuhi 2 gejala"), i.tbc_suspected)),
        _group(
            N_("Mendapat"),
            ("breastfed", N_("ASI eksklusif (0\N{EN DASH}6 bulan)"), i.exclusively_breastfed),
            ("well_fed", N_("MP-ASI sesuai (>6 bulan)"), i.well_fed),
            ("immunised", N_("Imunisasi"), i.immunised),
            ("vitamin_a", N_("Vitamin A"), i.got_vitamin_a),
            ("dewormed", N_("Obat cacing"), i.dewormed),
            ("supplement", N_("MT pangan lokal"), i.got_supplement),
            ("counselled", N_("Edukasi"), i.counselled),
        ),
        _group(N_("Sakit"), ("sick", N_("Jumlah balita sakit"), i.was_sick)),
        _by_band("referred", N_("Dirujuk"), i.referred, bands),
    )


def _pregnant(test: Callable[[PregnancyMonth], bool]) -> Callable[[Mother], bool]:
    return lambda woman: isinstance(woman, PregnancyMonth) and test(woman)


def _after_birth(test: LifeTest) -> Callable[[Mother], bool]:
    return lambda woman: isinstance(woman, LifeMonth) and test(woman)


def _either(pregnant: Callable[[PregnancyMonth], bool], after_birth: LifeTest) -> Callable[[Mother], bool]:
    return lambda woman: pregnant(woman) if isinstance(woman, PregnancyMonth) else after_birth(woman)


def pregnancy_groups() -> tuple[CounterGroup[Mother], ...]:
    """The blank for pregnant, postpartum and breastfeeding women: 29 columns with the month.

    Weight, arm, pressure, TBC and education count both; the others those whom the blank names.
    """
    i = indicators

    def both(
        name: str, label: str, pregnant: Callable[[PregnancyMonth], bool], after_birth: LifeTest
    ) -> CounterGroup[Mother]:
        return _group(
            label,
            (name, N_("Ibu hamil"), _pregnant(pregnant)),
            (f"{name}_nifas", N_("Nifas/menyusui"), _after_birth(after_birth)),
        )

    def red(name: str, pregnant: Callable[[PregnancyMonth], bool], is_red: bool) -> Callable[[Mother], bool]:
        return _either(pregnant, life.is_red(name, is_red))

    return (
        both("targets", N_("Jumlah sasaran"), _everyone, _everyone),
        both("came", N_("Datang"), i.mother_came, life.came),
        both("absent", N_("Tidak datang"), i.mother_did_not_come, life.did_not_come),
        _group(
            N_("Berat badan"),
            ("weight_green", N_("Hijau"), red("weight_red", i.weight_green, False)),
            ("weight_red", N_("Merah"), red("weight_red", i.weight_red, True)),
        ),
        _group(
            N_("LiLA"),
            ("muac_green", N_("Hijau"), red("muac_red", i.arm_green, False)),
            ("muac_red", N_("Merah/KEK"), red("muac_red", i.chronic_energy_deficiency, True)),
        ),
        _group(
            N_("Tekanan darah"),
            ("pressure_green", N_("Hijau"), red("pressure_red", i.pressure_green, False)),
            ("pressure_red", N_("Merah"), red("pressure_red", i.pressure_red, True)),
        ),
        _group(N_("TBC"), ("tbc", N_("Memenuhi 2 gejala"), _either(i.mother_tbc_suspected, life.two_tbc_signs))),
        _group(
            N_("TTD"),
            ("iron", N_("Bumil mendapat TTD"), _pregnant(i.got_iron)),
            ("iron_daily", N_("Konsumsi setiap hari"), _pregnant(i.iron_daily)),
            ("iron_not_daily", N_("Tidak setiap hari"), _pregnant(i.iron_not_daily)),
        ),
        _group(
            N_("PMT bumil KEK"),
            ("food", N_("Mendapat PMT"), _pregnant(i.got_food)),
            ("food_daily", N_("Konsumsi setiap hari"), _pregnant(i.food_daily)),
            ("food_not_daily", N_("Tidak setiap hari"), _pregnant(i.food_not_daily)),
        ),
        _group(
            N_("Kelas ibu hamil"),
            ("class_yes", N_("Ya"), _pregnant(i.class_attended)),
            ("class_no", N_("Tidak"), _pregnant(i.class_not_attended)),
        ),
        _group(
            N_("Vit A nifas"),
            ("vitamin_a_yes", N_("Ya"), _after_birth(life.got_vitamin_a)),
            ("vitamin_a_no", N_("Tidak"), _after_birth(life.got_no_vitamin_a)),
        ),
        _group(
            N_("KB pasca persalinan"),
            ("contraception_yes", N_("Ya"), _after_birth(life.answered("contraception", True))),
            ("contraception_no", N_("Tidak"), _after_birth(life.answered("contraception", False))),
        ),
        _group(N_("Edukasi"), ("counselled", N_("Jumlah"), _either(i.counselled, life.counselled))),
        both("referred", N_("Dirujuk"), i.referred, life.referred),
    )


def _bands(name: str, label: str, test: LifeTest, *bands: tuple[str, str, Group]) -> CounterGroup[LifeMonth]:
    return CounterGroup(
        label,
        tuple(Counter(f"{name}_{code}", words, life.both(life.of_groups(group), test)) for code, words, group in bands),
    )


def _classes(
    name: str, label: str, part: str, classes: Sequence[tuple[str, str, tuple[str, ...]]], also: LifeTest = _everyone
) -> CounterGroup[LifeMonth]:
    return CounterGroup(
        label,
        tuple(
            Counter(f"{name}_{code}", words, life.both(also, life.class_is(part, *codes)))
            for code, words, codes in classes
        ),
    )


def _pressure(label: str, also: LifeTest = _everyone) -> CounterGroup[LifeMonth]:
    letters = (("low", N_("Rendah"), "R"), ("normal", N_("Normal"), "N"), ("high", N_("Tinggi"), "T"))
    return CounterGroup(
        label,
        tuple(
            Counter(f"pressure_{code}", words, life.both(also, life.pressure_card_is(letter)))
            for code, words, letter in letters
        ),
    )


_SUGAR = (
    ("low", N_("Rendah"), ("low",)),
    ("normal", N_("Normal"), ("normal", "between", "prediabetes")),
    ("high", N_("Tinggi"), ("high",)),
)


def school_groups() -> tuple[CounterGroup[LifeMonth], ...]:
    """The blank for school age and youth: 26 columns with the month."""
    bands = (("school", N_("6\N{EN DASH}14 tahun"), Group.SCHOOL), ("youth", N_("15\N{EN DASH}18 tahun"), Group.YOUTH))
    over = life.both(life.from_15_years, life.class_is("waist", "over"))
    girl = life.is_girl
    return (
        _bands("targets", N_("Sasaran"), _everyone, *bands),
        _bands("came", N_("Datang"), life.came, *bands),
        _bands("absent", N_("Tidak datang"), life.did_not_come, *bands),
        _classes(
            "bmi",
            N_("IMT"),
            "bmi_class",
            (
                ("very_thin", N_("Sangat kurus"), ("severely_wasted",)),
                ("thin", N_("Kurus"), ("wasted",)),
                ("normal", N_("Normal"), ("normal",)),
                ("heavy", N_("Gemuk"), ("overweight",)),
                ("obese", N_("Obesitas"), ("obese",)),
            ),
        ),
        _group(N_("Lingkar perut, 15 tahun ke atas"), ("waist_over", N_("Lebih (P >80, L >90)"), over)),
        _pressure(N_("Tekanan darah, 15 tahun ke atas"), life.from_15_years),
        _classes("glucose", N_("Gula darah, 15 tahun ke atas"), "glucose", _SUGAR, life.from_15_years),
        _classes(
            "anaemia",
            N_("Rematri"),
            "anaemia",
            (("yes", N_("Anemia"), ("mild", "moderate", "severe")), ("no", N_("Tidak anemia"), ("none",))),
            girl,
        ),
        _group(N_("TBC"), ("tbc", N_("Bergejala (2 gejala)"), life.two_tbc_signs)),
        _group(
            N_("Skrining jiwa"),
            ("mental_done", N_("Sudah"), life.mental_screened),
            ("mental_not_done", N_("Belum"), life.mental_not_screened),
        ),
        _group(N_("Edukasi"), ("counselled", N_("Mendapat"), life.counselled)),
        _group(N_("Dirujuk"), ("referred", N_("Jumlah"), life.referred)),
    )


def adult_groups() -> tuple[CounterGroup[LifeMonth], ...]:
    """The blank for adults and elderly: 47 columns with the month."""
    bands = (
        ("adult", N_("19\N{EN DASH}59 tahun"), Group.ADULT),
        ("elderly", N_("60 tahun ke atas"), Group.ELDERLY),
    )

    def domain(name: str, label: str) -> CounterGroup[LifeMonth]:
        return _group(
            label,
            (f"skilas_{name}_yes", N_("Ya"), life.skilas_is(name, True)),
            (f"skilas_{name}_no", N_("Tidak"), life.skilas_is(name, False)),
        )

    return (
        _bands("targets", N_("Sasaran"), _everyone, *bands),
        _bands("came", N_("Datang"), life.came, *bands),
        _bands("absent", N_("Tidak datang"), life.did_not_come, *bands),
        _classes(
            "bmi",
            N_("IMT"),
            "bmi_class",
            (
                ("very_thin", N_("Sangat kurus"), ("very_thin",)),
                ("thin", N_("Kurus"), ("thin",)),
                ("normal", N_("Normal"), ("normal",)),
                ("heavy", N_("Gemuk"), ("heavy",)),
                ("obese", N_("Obesitas"), ("obese",)),
            ),
        ),
        _group(
            N_("Lingkar perut"),
            ("waist_male", N_("L >90 cm"), life.waist_over("male")),
            ("waist_female", N_("P >80 cm"), life.waist_over("female")),
        ),
        _pressure(N_("Tekanan darah")),
        _classes("glucose", N_("Gula darah"), "glucose", _SUGAR),
        _classes(
            "cholesterol",
            N_("Kolesterol"),
            "cholesterol",
            (("normal", N_("Normal"), ("normal",)), ("high", N_("Tinggi"), ("borderline", "high"))),
        ),
        _group(
            N_("SRQ-20"),
            ("srq_low", N_("Skor 5 atau kurang"), life.srq_low),
            ("srq_high", N_("Skor 6 atau lebih"), life.srq_high),
            ("srq_17", N_("Nomor 17 ya"), life.srq_17),
        ),
        _group(
            N_("PUMA"),
            ("puma_low", N_("Kurang dari 6"), life.puma_is(False)),
            ("puma_high", N_("6 atau lebih"), life.puma_is(True)),
        ),
        _group(
            N_("AKS"),
            ("aks_independent", N_("Mandiri (A)"), life.aks_is("independent")),
            ("aks_mild", N_("Ringan (B)"), life.aks_is("mild")),
            ("aks_moderate", N_("Sedang (B)"), life.aks_is("moderate")),
            ("aks_severe", N_("Berat (C)"), life.aks_is("severe")),
            ("aks_total", N_("Total (C)"), life.aks_is("total")),
        ),
        domain("cognition", N_("Penurunan kognitif")),
        domain("mobility", N_("Keterbatasan gerak")),
        domain("malnutrition", N_("Malnutrisi")),
        domain("hearing", N_("Gangguan pendengaran")),
        domain("sight", N_("Gangguan penglihatan")),
        domain("depression", N_("Gejala depresi")),
        _group(N_("Imunisasi"), ("covid", N_("COVID-19"), life.answered("covid_immunised", True))),
        _group(N_("Edukasi"), ("counselled", N_("Mendapat"), life.counselled)),
        _group(N_("Dirujuk"), ("referred", N_("Jumlah"), life.referred)),
    )


def child_recap(
    by_month: Mapping[Month, Sequence[ChildMonth]], bands: Sequence[AgeBand], until: Month, rules: Rules
) -> Table:
    """The recap of bayi, balita and apras: the twelve months of the year, filled up to `until`."""
    table = _recap(child_groups(bands), by_month, until)
    return replace(
        table,
        code="rekap_balita",
        title=_("Rekapitulasi hasil pemeriksaan bayi, balita dan apras"),
        notes=(
            filled(
                _(
                    "Anak yang naik berat badannya tetapi di bawah garis merah atau di atas garis oranye dihitung di "
                    "kedua kolom BB/U. Apras ({preschool_from}\N{EN DASH}{preschool_to} bulan) dinilai dengan IMT/U "
                    "pada kolom BB/TB. Imunisasi: kartu dijawab lengkap sesuai umur. Yang tidak diukur atau tidak "
                    "ditanya tidak dihitung di kolom mana pun."
                ),
                rules,
            ),
        ),
    )


def pregnancy_recap(
    by_month: Mapping[Month, Sequence[PregnancyMonth]],
    until: Month,
    after_birth: Mapping[Month, Sequence[LifeMonth]] | None = None,
) -> Table:
    """The recap of pregnant, postpartum and breastfeeding women: the year's months, filled up to `until`."""
    mothers: dict[Month, Sequence[Mother]] = {}
    for month, women in by_month.items():
        rest = [each for each in (after_birth or {}).get(month, ()) if each.group in AFTER_BIRTH]
        mothers[month] = [*women, *rest]
    table = _recap(pregnancy_groups(), mothers, until)
    return replace(
        table,
        code="rekap_bumil",
        title=_("Rekapitulasi hasil pemeriksaan ibu hamil, nifas dan menyusui"),
        notes=(
            _(
                "Berat badan, LiLA, tekanan darah, TBC dan edukasi menghitung ibu hamil, nifas dan menyusui. Yang "
                "tidak diukur atau tidak ditanya tidak dihitung di kolom mana pun."
            ),
        ),
    )


def school_recap(by_month: Mapping[Month, Sequence[LifeMonth]], until: Month, rules: Rules) -> Table:
    """The recap of school age and youth: the twelve months of the year, filled up to `until`."""
    table = _recap(school_groups(), _only(by_month, SCHOOL_AGE), until)
    return replace(
        table,
        code="rekap_sekolah",
        title=_("Rekapitulasi hasil pemeriksaan usia sekolah dan remaja"),
        notes=(
            filled(
                _(
                    "IMT dinilai menurut umur. Tekanan darah tinggi: mencapai batas yang dirujuk untuk umurnya. "
                    "Skrining jiwa menghitung yang datang dan berumur {mind_years} tahun ke atas: delapan pertanyaan "
                    "atau SDQ. Yang tidak diukur atau tidak ditanya tidak dihitung di kolom mana pun."
                ),
                rules,
            ),
        ),
    )


def adult_recap(by_month: Mapping[Month, Sequence[LifeMonth]], until: Month, rules: Rules) -> Table:
    """The recap of adults and elderly: the twelve months of the year, filled up to `until`."""
    grown = _only(by_month, GROWN)
    table = _recap(adult_groups(), grown, until)
    sealed = {str(month) for month, people in grown.items() if any(map(life.srq_17_is_sealed, people))}
    place = table.column("srq_17")
    return replace(
        table,
        rows=tuple(
            (*row[:place], Cell(formats.DASH), *row[place + 1 :]) if row[0].value in sealed else row
            for row in table.rows
        ),
        code="rekap_dewasa",
        title=_("Rekapitulasi hasil pemeriksaan usia dewasa dan lansia"),
        notes=(
            filled(
                _(
                    "Kolesterol tinggi mulai {cholesterol_from} mg/dL, PUMA dirujuk mulai {puma_from}. Gula darah "
                    "{glucose_watch}\N{EN DASH}{glucose_watch_to} mg/dL dan prediabetes dihitung normal. Instrumen "
                    "dihitung bila diisi lengkap pada bulan itu. Yang tidak diukur atau tidak ditanya tidak dihitung "
                    "di kolom mana pun."
                ),
                rules,
            ),
            _("SRQ-20 nomor 17 yang disegel (–) hanya dapat dihitung oleh bidan atau Puskesmas yang berkunci."),
        ),
    )


def _only(by_month: Mapping[Month, Sequence[LifeMonth]], groups: frozenset[Group]) -> dict[Month, list[LifeMonth]]:
    return {month: [each for each in people if each.group in groups] for month, people in by_month.items()}


def _recap(groups: Sequence[CounterGroup[Person]], by_month: Mapping[Month, Sequence[Person]], until: Month) -> Table:
    counters = [(group, counter) for group in groups for counter in group.counters]
    columns = (
        Column("month", _("Bulan"), "left", 1, 17),
        *(
            Column(counter.name, f"{_(group.label)}: {dashed(_(counter.label))}", "right", 1, 5.5)
            for group, counter in counters
        ),
    )
    head = (
        (
            Head(_("Bulan {year}").format(year=until.year), rows=2),
            *(Head(_(group.label), columns=len(group.counters)) for group in groups),
        ),
        tuple(Head(dashed(_(counter.label)), upright=True) for _group, counter in counters),
    )
    months = [Month(until.year, number) for number in range(1, 13)]
    rows = tuple(
        (
            Cell(_(MONTHS[month.month - 1]), str(month)),
            *(_cell(counter, by_month.get(month) if month <= until else None) for _group, counter in counters),
        )
        for month in months
    )
    return Table(
        code="rekap",
        title="",
        columns=columns,
        head=head,
        rows=rows,
        strong=frozenset((until.month - 1,) if until in by_month else ()),
        landscape=True,
    )


def _cell(counter: Counter[Person], people: Sequence[Person] | None) -> Cell:
    if people is None:
        return Cell("")
    return number_cell([person for person in people if counter.test(person)])
