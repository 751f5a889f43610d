"""The ILP recaps: one row per month, the columns in the order of Kemenkes' blanks of 2023."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from posyandu.domain import indicators
from posyandu.domain.calendar import MONTHS, Month
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.standards import AgeBand
from posyandu.reports import formats
from posyandu.reports.counted import number_cell
from posyandu.reports.formats import dashed
from posyandu.reports.table import Cell, Column, Head, Table
from posyandu.text import N_, _

Person = TypeVar("Person", bound=ChildMonth | PregnancyMonth)


@dataclass(frozen=True)
class Counter(Generic[Person]):
    """One column: its name for machines, the words on the blank, and who counts; None is not recorded yet."""

    name: str
    label: str
    test: Callable[[Person], bool] | None


@dataclass(frozen=True)
class CounterGroup(Generic[Person]):
    """Columns under one heading of the blank."""

    label: str
    counters: tuple[Counter[Person], ...]


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
        CounterGroup(
            N_("Checklist perkembangan"),
            (
                Counter("development_complete", N_("Lengkap"), i.development_complete),
                Counter("development_incomplete", N_("Tidak lengkap"), i.development_incomplete),
            ),
        ),
        CounterGroup(
            N_("BB/U (0\N{EN DASH}5 tahun)"),
            (
                Counter("gained", N_("Naik (N)"), i.gained),
                Counter("weight_attention", N_("Tidak naik/BGM/atas garis oranye"), i.needs_attention_by_weight),
                Counter("waz_normal", N_("BB normal"), i.weight_for_age_normal),
                Counter("waz_other", N_("BB kurang/sangat kurang/risiko lebih"), i.weight_for_age_other),
            ),
        ),
        CounterGroup(
            N_("PB/U atau TB/U"),
            (
                Counter("haz_normal", N_("Normal"), i.length_for_age_normal),
                Counter("haz_other", N_("(Sangat) pendek/tinggi melebihi normal"), i.length_for_age_other),
            ),
        ),
        CounterGroup(
            N_("BB/PB atau BB/TB"),
            (
                Counter("whz_good", N_("Gizi baik"), i.weight_for_length_good),
                Counter("whz_other", N_("Gizi buruk/kurang/lebih/obesitas"), i.weight_for_length_other),
            ),
        ),
        CounterGroup(
            N_("Lingkar kepala"),
            (
                Counter("head_normal", N_("Normal"), i.head_normal),
                Counter("head_other", N_("Melebihi/kurang dari normal"), i.head_other),
            ),
        ),
        CounterGroup(
            N_("LiLA"),
            (
                Counter("muac_normal", N_("Normal"), i.arm_normal),
                Counter("muac_other", N_("Gizi kurang/gizi buruk"), i.arm_other),
            ),
        ),
        CounterGroup(N_("TBC"), (Counter("tbc", N_("Memenuhi 2 gejala"), i.tbc_suspected),)),
        CounterGroup(
            N_("Mendapat"),
            (
                Counter("breastfed", N_("ASI eksklusif (0\N{EN DASH}6 bulan)"), i.exclusively_breastfed),
                Counter("well_fed", N_("MP-ASI sesuai (>6 bulan)"), i.well_fed),
                Counter("immunised", N_("Imunisasi"), i.immunised),
                Counter("vitamin_a", N_("Vitamin A"), i.got_vitamin_a),
                Counter("dewormed", N_("Obat cacing"), i.dewormed),
                Counter("supplement", N_("MT pangan lokal"), i.got_supplement),
                Counter("counselled", N_("Edukasi"), i.counselled),
            ),
        ),
        CounterGroup(N_("Sakit"), (Counter("sick", N_("Jumlah balita sakit"), i.was_sick),)),
        _by_band("referred", N_("Dirujuk"), i.referred, bands),
    )


def pregnancy_groups() -> tuple[CounterGroup[PregnancyMonth], ...]:
    """The blank for pregnant, postpartum and breastfeeding women: 29 columns with the month.

    The columns of nifas/menyusui have no counter: their card is not kept in this app yet.
    """
    i = indicators

    def both(name: str, label: str, test: Callable[[PregnancyMonth], bool]) -> CounterGroup[PregnancyMonth]:
        return CounterGroup(
            label, (Counter(name, N_("Ibu hamil"), test), Counter(f"{name}_nifas", N_("Nifas/menyusui"), None))
        )

    return (
        both("targets", N_("Jumlah sasaran"), _everyone),
        both("came", N_("Datang"), i.mother_came),
        both("absent", N_("Tidak datang"), i.mother_did_not_come),
        CounterGroup(
            N_("Berat badan"),
            (Counter("weight_green", N_("Hijau"), i.weight_green), Counter("weight_red", N_("Merah"), i.weight_red)),
        ),
        CounterGroup(
            N_("LiLA"),
            (
                Counter("muac_green", N_("Hijau"), i.arm_green),
                Counter("muac_red", N_("Merah/KEK"), i.chronic_energy_deficiency),
            ),
        ),
        CounterGroup(
            N_("Tekanan darah"),
            (
                Counter("pressure_green", N_("Hijau"), i.pressure_green),
                Counter("pressure_red", N_("Merah"), i.pressure_red),
            ),
        ),
        CounterGroup(N_("TBC"), (Counter("tbc", N_("Memenuhi 2 gejala"), i.mother_tbc_suspected),)),
        CounterGroup(
            N_("TTD"),
            (
                Counter("iron", N_("Bumil mendapat TTD"), i.got_iron),
                Counter("iron_daily", N_("Konsumsi setiap hari"), i.iron_daily),
                Counter("iron_not_daily", N_("Tidak setiap hari"), i.iron_not_daily),
            ),
        ),
        CounterGroup(
            N_("PMT bumil KEK"),
            (
                Counter("food", N_("Mendapat PMT"), i.got_food),
                Counter("food_daily", N_("Konsumsi setiap hari"), i.food_daily),
                Counter("food_not_daily", N_("Tidak setiap hari"), i.food_not_daily),
            ),
        ),
        CounterGroup(
            N_("Kelas ibu hamil"),
            (
                Counter("class_yes", N_("Ya"), i.class_attended),
                Counter("class_no", N_("Tidak"), i.class_not_attended),
            ),
        ),
        CounterGroup(
            N_("Vit A nifas"),
            (Counter("vitamin_a_yes", N_("Ya"), None), Counter("vitamin_a_no", N_("Tidak"), None)),
        ),
        CounterGroup(
            N_("KB pasca persalinan"),
            (Counter("contraception_yes", N_("Ya"), None), Counter("contraception_no", N_("Tidak"), None)),
        ),
        CounterGroup(N_("Edukasi"), (Counter("counselled", N_("Jumlah"), i.counselled),)),
        both("referred", N_("Dirujuk"), i.referred),
    )


def child_recap(by_month: Mapping[Month, Sequence[ChildMonth]], bands: Sequence[AgeBand], until: Month) -> Table:
    """The recap of bayi, balita and apras: the twelve months of the year, filled up to `until`."""
    table = _recap(child_groups(bands), by_month, until)
    return replace(
        table,
        code="rekap_balita",
        title=_("Rekapitulasi hasil pemeriksaan bayi, balita dan apras"),
        notes=(
            _(
                "Anak yang naik berat badannya tetapi di bawah garis merah atau di atas garis oranye dihitung di kedua "
                "kolom BB/U. Apras (60\N{EN DASH}71 bulan) dinilai dengan IMT/U pada kolom BB/TB. Imunisasi: kartu "
                "dijawab lengkap sesuai umur. Yang tidak diukur atau tidak ditanya tidak dihitung di kolom mana pun."
            ),
        ),
    )


def pregnancy_recap(by_month: Mapping[Month, Sequence[PregnancyMonth]], until: Month) -> Table:
    """The recap of pregnant women: the twelve months of the year, filled up to `until`."""
    table = _recap(pregnancy_groups(), by_month, until)
    return replace(
        table,
        code="rekap_bumil",
        title=_("Rekapitulasi hasil pemeriksaan ibu hamil, nifas dan menyusui"),
        notes=(
            _(
                "Tanda {dash}: kartu ibu nifas dan menyusui belum dicatat di aplikasi ini; isi dari buku. Yang tidak "
                "diukur atau tidak ditanya tidak dihitung di kolom mana pun."
            ).format(dash=formats.DASH),
        ),
    )


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
        strong=frozenset((until.month - 1,)),
        landscape=True,
    )


def _cell(counter: Counter[Person], people: Sequence[Person] | None) -> Cell:
    if people is None:
        return Cell("")
    if counter.test is None:
        return Cell(formats.DASH)
    return number_cell([person for person in people if counter.test(person)])
