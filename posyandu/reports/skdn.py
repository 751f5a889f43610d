"""SKDN of a month: the table by age and sex, the shares, and the bars of the year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posyandu.domain import indicators
from posyandu.domain.bounds import filled
from posyandu.domain.calendar import Month, month_text
from posyandu.domain.indicators import Children, ChildTest, Ratio, Share
from posyandu.domain.standards import AgeBand, Rules
from posyandu.reports import formats
from posyandu.reports.counted import number_cell
from posyandu.reports.table import Cell, Column, Head, PersonRef, Table
from posyandu.text import N_, _


@dataclass(frozen=True)
class Item:
    """One row of the SKDN table: its letter, what it counts in words, and the named indicator behind it."""

    code: str
    label: str
    test: ChildTest
    strong: bool = False


def _weight_class(code: str) -> ChildTest:
    """BB/U of that class at the month's last judged visit."""

    def holds(child: indicators.ChildMonth) -> bool:
        category = child.class_of("waz")
        return indicators.under_five(child) and category is not None and category.code == code

    return holds


def _of_balita(test: ChildTest) -> ChildTest:
    """The same of balita alone: an older child is in no age band of the sheet, so in no sum of it either."""
    return lambda child: indicators.under_five(child) and test(child)


ITEMS: tuple[Item, ...] = (
    Item("S", N_("Semua balita 0\N{EN DASH}{under_five_to} bulan"), indicators.under_five, strong=True),
    Item("K", N_("Punya KMS/Buku KIA"), indicators.has_book),
    Item("N", N_("Naik berat badannya"), indicators.gained),
    Item("T", N_("Tidak naik"), indicators.not_gained),
    Item("O", N_("Tidak ditimbang bulan lalu"), indicators.missed_last_month),
    Item("B", N_("Baru pertama ditimbang"), indicators.first_weighed),
    Item("D", N_("Ditimbang (N + T + O + B)"), indicators.weighed, strong=True),
    Item("K\N{MINUS SIGN}D", N_("Punya KMS, tidak ditimbang"), indicators.booked_not_weighed),
    Item("S\N{MINUS SIGN}D", N_("Tidak ditimbang"), indicators.not_weighed),
    Item("2T", N_("Dua kali berturut-turut tidak naik"), indicators.not_gained_twice),
    Item("BGM", N_("Di bawah garis merah"), indicators.below_red_line),
    Item("AGO", N_("Di atas garis oranye"), indicators.above_orange_line),
    Item("BB/U", N_("Berat badan sangat kurang"), _weight_class("severely_underweight")),
    Item("BB/U", N_("Berat badan kurang"), _weight_class("underweight")),
    Item("Vit A", N_("Kapsul biru"), _of_balita(indicators.got_blue_capsule)),
    Item("Vit A", N_("Kapsul merah"), _of_balita(indicators.got_red_capsule)),
    Item("S36", N_("Genap {graduation_months} bulan di bulan ini"), indicators.turned_36_months),
    Item("L", N_("Genap {graduation_months} bulan, berat {graduation_kg} kg atau lebih"), indicators.graduated),
)

SHARE_NAMES = {
    "K/S": N_("Liputan program"),
    "D/S": N_("Partisipasi masyarakat"),
    "D/K": N_("Kelangsungan penimbangan"),
    "N/D": N_("Hasil penimbangan"),
    "N/(D\N{MINUS SIGN}O\N{MINUS SIGN}B)": N_("Hasil penimbangan, rumus balok SKDN"),
    "N/S": N_("Pencapaian program"),
    "T/D": N_("Tidak naik"),
    "2T/D": N_("Dua kali tidak naik"),
    "BGM/D": N_("Di bawah garis merah"),
    "(K\N{MINUS SIGN}D)/K": N_("Punya KMS, tidak ditimbang"),
    "L/S36": N_("Lulus: genap {graduation_months} bulan dengan {graduation_kg} kg atau lebih"),
}
TARGETS = {"K/S": "k_s", "D/S": "d_s", "D/K": "d_k", "N/D": "n_d", "BGM/D": "bgm_d"}
"""Which of the dated targets belongs to which share."""
LOWER_IS_BETTER = frozenset(("BGM/D", "T/D", "2T/D", "(K\N{MINUS SIGN}D)/K"))


def by_age_and_sex(children: Children, bands: Sequence[AgeBand], month: Month, rules: Rules) -> Table:
    """S, K, D, N ... of a month for each age band, boys and girls, and in all."""
    columns = [
        Column("code", _("Kode"), "left", 0.3, 10),
        Column("item", _("Keterangan"), "left", 3, 30),
    ]
    top = [Head(_("Kode"), rows=2), Head(_("Keterangan"), rows=2)]
    below: list[Head] = []
    for band in bands:
        label = formats.dashed(_(band.label))
        columns += [
            Column(f"{band.code}_{sex}", f"{label} {formats.sex(sex)}", "right", 0.6, 7) for sex in ("male", "female")
        ]
        top.append(Head(label, columns=2))
        below += [Head(formats.sex("male")), Head(formats.sex("female"))]
    columns += [
        Column("male", _("Jumlah L"), "right", 0.6, 7),
        Column("female", _("Jumlah P"), "right", 0.6, 7),
        Column("total", _("Jumlah"), "right", 0.8, 9),
    ]
    top.append(Head(_("Jumlah"), columns=3))
    below += [Head(formats.sex("male")), Head(formats.sex("female")), Head(_("L+P"))]
    return Table(
        code="skdn",
        title=_("SKDN menurut umur dan jenis kelamin"),
        subtitle=month_text(month),
        columns=tuple(columns),
        head=(tuple(top), tuple(below)),
        rows=tuple(_row(item, children, bands, rules) for item in ITEMS),
        strong=frozenset(number for number, item in enumerate(ITEMS) if item.strong),
        notes=(
            _("L laki-laki, P perempuan. AGO: di atas garis oranye, dilaporkan sejak KMS 2020."),
            _("F1 gizi menghitung tidak hadir sebagai K\N{MINUS SIGN}D; formulir lain S\N{MINUS SIGN}D."),
            *_left_out(children, N_("BGM, AGO dan BB/U tanpa {n} anak: timbangan salah.")),
        ),
    )


def _row(item: Item, children: Children, bands: Sequence[AgeBand], rules: Rules) -> tuple[Cell, ...]:
    found = indicators.counted(children, item.test)
    label = filled(_(item.label), rules)
    cells = [Cell(item.code, item.code), Cell(label, label)]
    for band in bands:
        cells += [number_cell(indicators.in_band(found, band, sex)) for sex in ("male", "female")]
    cells += [number_cell(child for child in found if child.sex == sex) for sex in ("male", "female")]
    return (*cells, number_cell(found))


def shares_table(children: Children, targets: Mapping[str, float], rules: Rules) -> Table:
    """The published ratios of a month with both counts, the target where one is set, and whether it is reached."""
    columns = (
        Column("code", _("Indikator"), "left", 0.6, 22),
        Column("name", _("Arti"), "left", 1.6, 40),
        Column("numerator", _("Pembilang"), "right", 0.5, 16),
        Column("denominator", _("Penyebut"), "right", 0.5, 16),
        Column("value", _("Hasil"), "right", 0.5, 16),
        Column("target", _("Target"), "right", 0.5, 16),
        Column("reached", _("Tercapai"), "left", 0.6, 18),
    )
    return Table(
        code="indikator",
        title=_("Indikator SKDN"),
        columns=columns,
        head=(tuple(Head(column.title) for column in columns),),
        rows=tuple(_counted_row(ratio, children, targets, rules) for ratio in indicators.RATIOS),
        notes=(
            _("Tanda {dash} berarti penyebutnya nol.").format(dash=formats.DASH),
            *_left_out(children, N_("BGM/D dibagi D tanpa {n} anak yang ditimbang dengan timbangan salah.")),
            *_unlike(targets),
        ),
    )


def _unlike(targets: Mapping[str, float]) -> tuple[str, ...]:
    """Which targets a table of several posts cannot name, because each post has its own."""
    lacking = [share for share, code in TARGETS.items() if code not in targets]
    words = _("Target {shares} tidak sama di semua Posyandu: dibiarkan kosong.")
    return (words.format(shares=", ".join(lacking)),) if lacking else ()


def _left_out(children: Children, words: str) -> tuple[str, ...]:
    """How many a wrong scale leaves out of what is told by weight for age; nothing when nobody."""
    lost = sum(indicators.weighed(child) and not indicators.held_against_lines(child) for child in children)
    return (_(words).format(n=lost),) if lost else ()


def _counted_row(ratio: Ratio, children: Children, targets: Mapping[str, float], rules: Rules) -> tuple[Cell, ...]:
    """The row of a share, both counts with their names."""
    code, name, _above, _below, *rest = _share_row(ratio(children), targets, rules)
    above, below = (number_cell(indicators.counted(children, test)) for test in (ratio.counted, ratio.among))
    return (code, name, above, below, *rest)


def _share_row(share: Share, targets: Mapping[str, float], rules: Rules) -> tuple[Cell, ...]:
    target = targets.get(TARGETS.get(share.code, ""))
    lower = share.code in LOWER_IS_BETTER
    reached: bool | None = None
    if share.value is not None and target is not None:
        wanted = target * share.denominator  # counted out: 0.57 times 100 is a little less than 57
        reached = 100 * share.numerator < wanted if lower else 100 * share.numerator >= wanted
    shown = "" if target is None else f"{'<' if lower else '≥'} {formats.target(target)}%"
    verdict = "" if reached is None else _("Ya") if reached else _("Belum")
    name = filled(_(SHARE_NAMES[share.code]), rules)
    return (
        Cell(share.code, share.code),
        Cell(name, name),
        Cell(formats.whole(share.numerator), share.numerator),
        Cell(formats.whole(share.denominator), share.denominator),
        Cell(formats.percent(share.value), share.value),
        Cell(shown, None if target is None else target / 100),
        Cell(verdict, verdict),
    )


@dataclass(frozen=True)
class Bars:
    """One month of balok SKDN; all None for a month that has not been yet or had no posyandu day.

    `bgm` is None as well when all were weighed on a scale found wrong. `behind` are the people behind `COUNTED`, in
    that order; a signed version keeps none of them.
    """

    month: Month
    s: int | None = None
    k: int | None = None
    d: int | None = None
    n: int | None = None
    t: int | None = None
    bgm: int | None = None
    success: float | None = None
    behind: tuple[tuple[PersonRef, ...], ...] = ()

    def people(self, name: str) -> tuple[PersonRef, ...]:
        """Who is behind one of the figures; nobody behind a share, or where none are kept."""
        return self.behind[COUNTED.index(name)] if self.behind and name in COUNTED else ()


COUNTED = ("s", "k", "d", "n", "t", "bgm")
"""The figures of a month that count children."""


@dataclass(frozen=True)
class Balok:
    """The bars of a year.

    The blank is 100 boxes high, a box one child, or ten for more than 100. Ours takes 50 boxes for a small post and 2
    or 5 children a box in between, so that the bars can be read; the chart says which.
    """

    year: int
    months: tuple[Bars, ...]
    boxes: int
    children_per_box: int

    @property
    def top(self) -> int:
        """The number of children at the upper edge."""
        return self.boxes * self.children_per_box

    @property
    def unopened(self) -> tuple[Month, ...]:
        """The months before the last one told that had no posyandu day."""
        until = max((bar.month for bar in self.months if bar.s is not None), default=self.months[0].month)
        return tuple(bar.month for bar in self.months if bar.s is None and bar.month < until)


def balok(by_month: Mapping[Month, Children], until: Month) -> Balok:
    """The bars of the year of `until`, up to that month; a month without an entry stays blank."""
    months = tuple(
        _bars(month, by_month.get(month)) if month <= until else Bars(month)
        for month in (Month(until.year, number) for number in range(1, 13))
    )
    highest = max((bar.s or 0 for bar in months), default=0)
    if highest <= 50:
        return Balok(until.year, months, 50, 1)
    per_box = next(step * 10**power for power in range(9) for step in (1, 2, 5) if highest <= 100 * step * 10**power)
    return Balok(until.year, months, 100, per_box)


def _bars(month: Month, children: Children | None) -> Bars:
    if children is None:
        return Bars(month)
    tests = (
        indicators.under_five,
        indicators.has_book,
        indicators.weighed,
        indicators.gained,
        indicators.not_gained,
        indicators.below_red_line,
    )
    behind = tuple(number_cell(indicators.counted(children, test)).people for test in tests)
    s, k, d, n, t, bgm = map(len, behind)
    told = not d or any(map(indicators.held_against_lines, children))
    success = indicators.SUCCESS_OF_JUDGED(children).value
    return Bars(month, s, k, d, n, t, bgm if told else None, success, behind)


def balok_table(bars: Balok) -> Table:
    """The figures under the bars, one column a month, as printed below the chart and exported."""
    columns = (
        Column("item", str(bars.year), "left", 2, 26),
        *(Column(f"m{bar.month.month:02}", formats.short_month(bar.month.month), "right") for bar in bars.months),
    )
    lines: tuple[tuple[str, str], ...] = (
        ("s", N_("S: semua balita")),
        ("k", N_("K: punya KMS")),
        ("d", N_("D: ditimbang")),
        ("n", N_("N: naik")),
        ("success", N_("N/(D\N{MINUS SIGN}O\N{MINUS SIGN}B)")),
        ("t", N_("T: tidak naik")),
        ("bgm", N_("BGM")),
    )
    return Table(
        code="balok",
        title=_("Balok SKDN {year}").format(year=bars.year),
        columns=columns,
        head=(tuple(Head(column.title) for column in columns),),
        rows=tuple(
            (Cell(_(label), _(label)), *(_balok_cell(name, bar) for bar in bars.months)) for name, label in lines
        ),
        landscape=True,
        notes=(_("Bulan tanpa hari buka yang dicatat dibiarkan kosong, bukan 0."),) if bars.unopened else (),
    )


def _balok_cell(name: str, bar: Bars) -> Cell:
    value: float | int | None = getattr(bar, name)
    if bar.s is None:
        return Cell("")
    if value is None:
        return Cell(formats.DASH)
    text = formats.whole(value) if isinstance(value, int) else formats.percent(value, 0)
    return Cell(text, value, bar.people(name))
