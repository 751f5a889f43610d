"""The KMS curve as plain data: lines, bands, ticks and the child's points, with no drawing library.

Screen and PDF draw exactly this. x is age in months (days ÷ 30.4375, as WHO counts), y the measured value in its
shown unit. See design note on KMS colours: the 2020+ card has a red line (below it: BGM) and an orange line.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Literal

from posyandu.domain import growth
from posyandu.domain.calendar import age_months
from posyandu.reports import formats
from posyandu.text import N_, _

DAYS_PER_MONTH = 30.4375
LENGTH_UNTIL_MONTHS = 24
CROSS = "\N{MULTIPLICATION SIGN}"
"""Stands for a value read from a tool found wrong, on charts and behind figures."""

Role = Literal["red", "orange", "middle", "thin", "normal_band", "green_band", "light_green_band", "yellow_band"]
Style = Literal["new", "old"]
Polyline = tuple[tuple[float, float], ...]
SdLines = Mapping[int, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Measured:
    """One value to plot: `value` in stored units (g or mm). `letter` is N, T, O or B; unsaved values get a halo.

    `wrong`: read from a tool found wrong. It was taken, so it is shown, but it lies above or below no line.
    """

    on: date
    value: int
    letter: str = ""
    saved: bool = True
    wrong: bool = False


@dataclass(frozen=True)
class Tick:
    """A grid line: `strong` ones are drawn darker; an empty label prints none."""

    at: float
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Line:
    """A standard line. `label` is written at its right end, empty for the thin ones."""

    role: Role
    label: str
    z: int
    points: Polyline


@dataclass(frozen=True)
class Band:
    """A filled area between two lines, as a closed polygon."""

    role: Role
    polygon: Polyline


@dataclass(frozen=True)
class Point:
    """One measurement of the child. `joined`: a line leads to it from the point before (no month was missed).

    `wrong` ones are drawn as a cross, with dashes to and from them.
    """

    x: float
    y: float
    on: date
    text: str
    letter: str
    joined: bool
    saved: bool
    wrong: bool = False


@dataclass(frozen=True)
class ChartGeometry:
    """All that a painter needs, in data units; `spoken` is the sentence for a screen reader."""

    title: str
    subtitle: str
    x_label: str
    y_label: str
    x_from: float
    x_to: float
    y_from: float
    y_to: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    spoken: str

    def segments(self) -> tuple[tuple[Point, Point], ...]:
        """The pairs of neighbouring points that are joined by a line."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return tuple((before, after) for before, after in pairs if after.joined)

    @property
    def legend(self) -> str:
        """What the crosses are; "" where there are none."""
        return wrong_legend() if any(point.wrong for point in self.points) else ""


def wrong_legend() -> str:
    """The sentence under every chart with a cross."""
    return _("{cross} alat ukur hari itu ternyata salah: tidak dinilai.").format(cross=CROSS)


def kms(
    tables: growth.GrowthTables,
    sex: str,
    born_on: date,
    points: Iterable[Measured],
    months_from: int = 0,
    months_to: int = 24,
    style: Style = "new",
    *,
    bgm_z: int = -2,
    orange_z: int | None = 1,
) -> ChartGeometry:
    """Weight for age (kg) of one child, as on the KMS; points in grams.

    `style` "new" is the card of 2020 and later, "old" the coloured card of 2010 with the red line at −3 SD.
    """
    lines = _sd_lines(tables, "waz", sex, months_from, months_to)
    roles = _old_roles() if style == "old" else _new_roles(bgm_z, orange_z)
    return _chart(
        title=_("Berat menurut umur"),
        subtitle=_card_name(sex, months_from, months_to),
        y_label=_("Berat (kg)"),
        lines=lines,
        roles=roles,
        bands=_OLD_BANDS if style == "old" else ((bgm_z, 2 if orange_z is None else orange_z, "normal_band"),),
        span=(months_from, months_to),
        y_span=_weight_span(lines),
        y_every=(1.0, 2.0),
        points=_plotted(points, born_on, 1000, _("kg")),
    )


def length_for_age(
    tables: growth.GrowthTables,
    sex: str,
    born_on: date,
    points: Iterable[Measured],
    months_from: int = 0,
    months_to: int = 24,
) -> ChartGeometry:
    """Length or height for age (cm) of one child: the line of −2 SD is red; points in millimetres."""
    lines = {z: _without_hook(line) for z, line in _sd_lines(tables, "haz", sex, months_from, months_to).items()}
    lowest = min(y for _x, y in lines[-3])
    highest = max(y for _x, y in lines[3])
    return _chart(
        title=_("Panjang atau tinggi menurut umur"),
        subtitle=_card_name(sex, months_from, months_to),
        y_label=_("Panjang atau tinggi (cm)"),
        lines=lines,
        roles={-2: ("red", N_("Garis merah")), 0: ("middle", N_("Tengah"))},
        bands=((-2, 3, "normal_band"),),
        span=(months_from, months_to),
        y_span=(float(int(lowest // 5) * 5), float(ceil(highest / 5) * 5)),
        y_every=(5.0, 10.0),
        points=_plotted(points, born_on, 10, _("cm")),
    )


def head_for_age(
    tables: growth.GrowthTables,
    sex: str,
    born_on: date,
    points: Iterable[Measured],
    months_from: int = 0,
    months_to: int = 24,
) -> ChartGeometry:
    """Head circumference for age (cm) of one child: outside -2 and +2 SD it is not normal; points in millimetres."""
    lines = _sd_lines(tables, "hcz", sex, months_from, months_to)
    return _chart(
        title=_("Lingkar kepala menurut umur"),
        subtitle=_standard(sex),
        y_label=_("Lingkar kepala (cm)"),
        lines=lines,
        roles={-2: ("red", _minus(2)), 0: ("middle", N_("Tengah")), 2: ("orange", "+2 SD")},
        bands=((-2, 2, "normal_band"),),
        span=(months_from, months_to),
        y_span=(float(int(min(y for _x, y in lines[-3]))), float(ceil(max(y for _x, y in lines[3])))),
        y_every=(1.0, 2.0),
        points=_plotted(points, born_on, 10, _("cm")),
    )


SCHOOL_MONTHS = (60, 228)
"""Body mass index by age from five to nineteen years (WHO 2007)."""


def bmi_for_age(
    tables: growth.GrowthTables,
    sex: str,
    born_on: date,
    points: Iterable[tuple[date, float]],
    wrong: Collection[date] = (),
) -> ChartGeometry:
    """Body mass index by age (kg/m²) from 5 to 19 years; points are days and kg/m². Overweight begins at +1 SD.

    `wrong` are the days whose scale or board was found wrong.
    """
    first, last = SCHOOL_MONTHS
    lines = growth.sd_lines(tables, "baz", sex, first, last, 2)
    plotted = [
        Point(
            (on - born_on).days / DAYS_PER_MONTH,
            bmi,
            on,
            f"{formats.decimal(bmi)} kg/m²",
            letter="",
            joined=number > 0,
            saved=True,
            wrong=on in wrong,
        )
        for number, (on, bmi) in enumerate(sorted(points))
    ]
    made = _chart(
        title=_("Indeks massa tubuh menurut umur"),
        subtitle=_standard(sex),
        y_label=_("IMT (kg/m²)"),
        lines=lines,
        roles={
            -2: ("red", _minus(2)),
            0: ("middle", N_("Tengah")),
            1: ("orange", "+1 SD"),
            2: ("orange", "+2 SD"),
        },
        bands=((-2, 1, "normal_band"),),
        span=SCHOOL_MONTHS,
        y_span=(10.0, float(ceil(max(y for _x, y in lines[3])))),
        y_every=(1.0, 5.0),
        points=plotted,
    )
    years = tuple(Tick(float(month), str(month // 12), month % 24 == 0) for month in range(first, last + 1, 12))
    return replace(made, x_label=_("Umur (tahun)"), x_ticks=years)


def _standard(sex: str) -> str:
    return _("Standar WHO, {who}").format(who=_("laki-laki") if sex == "male" else _("perempuan"))


def _minus(sd: int) -> str:
    return f"\N{MINUS SIGN}{sd} SD"


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Places for labels so that neighbours are at least `gap` apart and as near as may be to where they want to be.

    Works on any axis (pixels, points); the order of the labels is kept.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    groups: list[tuple[list[int], float]] = []
    for number in order:
        members, middle = [number], wanted[number]
        while groups and middle - groups[-1][1] < gap * (len(members) + len(groups[-1][0])) / 2:
            before, other = groups.pop()
            total = len(before) + len(members)
            middle = (other * len(before) + middle * len(members)) / total
            members = before + members
        groups.append((members, middle))
    places = [0.0] * len(wanted)
    for members, middle in groups:
        for step, number in enumerate(members):
            places[number] = middle + (step - (len(members) - 1) / 2) * gap
    return places


_OLD_BANDS: tuple[tuple[int, int, Role], ...] = (
    (-3, -2, "yellow_band"),
    (-2, -1, "light_green_band"),
    (-1, 1, "green_band"),
    (1, 2, "light_green_band"),
    (2, 3, "yellow_band"),
)


def _new_roles(bgm_z: int, orange_z: int | None) -> dict[int, tuple[Role, str]]:
    roles: dict[int, tuple[Role, str]] = {0: ("middle", N_("Tengah")), bgm_z: ("red", N_("Garis merah"))}
    if orange_z is not None:
        roles[orange_z] = ("orange", N_("Garis oranye"))
    return roles


def _old_roles() -> dict[int, tuple[Role, str]]:
    return {-3: ("red", N_("Garis merah"))}


def _sd_lines(tables: growth.GrowthTables, index: str, sex: str, months_from: int, months_to: int) -> SdLines:
    """The seven lines of −3 to +3 SD, four points a month: finer than paper shows."""
    return growth.sd_lines(tables, index, sex, months_from, months_to, 0.25)


def _without_hook(line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A card that ends at 24 months shows lengths to its edge, not the drop to height that WHO's tables make there."""
    if len(line) < 3 or line[-1][0] != LENGTH_UNTIL_MONTHS:
        return list(line)
    (x0, y0), (x1, y1), (x2, _y) = line[-3:]
    return [*line[:-1], (x2, y1 + (y1 - y0) * (x2 - x1) / (x1 - x0))]


def _weight_span(lines: SdLines) -> tuple[float, float]:
    """From 2 kg (a round number below the lowest line on later cards) to the +3 line."""
    lowest = min(y for _x, y in lines[-3])
    highest = max(y for _x, y in lines[3])
    return max(0.0, float(int(lowest // 2) * 2)), float(ceil(highest / 2) * 2)


def _card_name(sex: str, months_from: int, months_to: int) -> str:
    who = _("laki-laki") if sex == "male" else _("perempuan")
    return _("KMS {who}, {first}\N{EN DASH}{last} bulan").format(who=who, first=months_from, last=months_to)


def _plotted(points: Iterable[Measured], born_on: date, per_unit: int, unit: str) -> list[Point]:
    plotted: list[Point] = []
    before: Measured | None = None
    for point in sorted(points, key=lambda measured: measured.on):
        show = formats.kilograms if per_unit == 1000 else formats.centimetres
        plotted.append(
            Point(
                x=(point.on - born_on).days / DAYS_PER_MONTH,
                y=point.value / per_unit,
                on=point.on,
                text=f"{show(point.value)} {unit}",
                letter=point.letter,
                joined=before is not None and _months(before.on, point.on) <= 1,
                saved=point.saved,
                wrong=point.wrong,
            )
        )
        before = point
    return plotted


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _chart(
    *,
    title: str,
    subtitle: str,
    y_label: str,
    lines: SdLines,
    roles: Mapping[int, tuple[Role, str]],
    bands: Iterable[tuple[int, int, Role]],
    span: tuple[int, int],
    y_span: tuple[float, float],
    y_every: tuple[float, float],
    points: list[Point],
) -> ChartGeometry:
    first, last = span
    inside = _on_card(points, first, last)
    y_from = min([y_span[0], *(float(int(point.y)) for point in inside)])
    y_to = max([y_span[1], *(float(ceil(point.y)) for point in inside)])
    return ChartGeometry(
        title=title,
        subtitle=subtitle,
        x_label=_("Umur (bulan)"),
        y_label=y_label,
        x_from=float(first),
        x_to=float(last),
        y_from=y_from,
        y_to=y_to,
        x_ticks=tuple(
            Tick(float(month), str(month) if month % 3 == 0 else "", month % 6 == 0) for month in range(first, last + 1)
        ),
        y_ticks=_y_ticks(y_from, y_to, *y_every),
        bands=tuple(Band(role, (*lines[low], *reversed(lines[high]))) for low, high, role in bands),
        lines=tuple(
            Line(role, _(label) if label else "", z, tuple(lines[z]))
            for z, (role, label) in sorted(
                {z: roles.get(z, ("thin", "")) for z in lines}.items(), key=lambda entry: entry[1][0] != "thin"
            )
        ),
        points=tuple(inside),
        spoken=_spoken(inside, lines, roles, title),
    )


def _on_card(points: list[Point], first: float, last: float) -> list[Point]:
    """The first point of a card is never joined to one outside it."""
    kept = [point for point in points if first <= point.x <= last]
    return [replace(point, joined=point.joined and number > 0) for number, point in enumerate(kept)]


def _y_ticks(low: float, high: float, step: float, labelled: float) -> tuple[Tick, ...]:
    ticks = []
    at = low
    while at <= high:
        shown = at % labelled == 0
        ticks.append(Tick(at, formats.whole(int(at)) if shown else "", shown))
        at += step
    return tuple(ticks)


def _spoken(points: list[Point], lines: SdLines, roles: Mapping[int, tuple[Role, str]], title: str) -> str:
    if not points:
        return _("{title}: belum ada hasil ukur.").format(title=title)
    last = points[-1]
    places = {role: _height_at(lines[z], last.x) for z, (role, _label) in roles.items()}
    where = ""
    if last.wrong:
        where = _(", dari alat ukur yang ternyata salah")
    elif "red" in places and last.y < places["red"]:
        where = _(", di bawah garis merah")
    elif "orange" in places and last.y > places["orange"]:
        where = _(", di atas garis oranye")
    elif "red" in places:
        where = _(", di atas garis merah")
    born_on = last.on - timedelta(days=round(last.x * DAYS_PER_MONTH))
    return _("{title}: {text} pada umur {month} bulan{where}.").format(
        title=title, text=last.text, month=age_months(born_on, last.on), where=where
    )


def _height_at(line: Sequence[tuple[float, float]], x: float) -> float:
    """The line's value at x, straight between its points."""
    for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return line[0][1] if x < line[0][0] else line[-1][1]
