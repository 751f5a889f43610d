"""Telaah kemandirian (Pratama, Madya, Purnama, Mandiri) and posyandu aktif, judged from what the book knows.

An indicator is known between two bounds: what is surely so, and what may be so when all that is unknown turned out
well. So an indicator is met, not met, or unknown, and the stratum is said to be sure only when nothing unknown could
raise it. The steps and their limits are dated data (resources/rules/post.json).
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from posyandu.domain.calendar import Month
from posyandu.domain.strict import Json, a_list, a_number, a_span, a_text, a_whole, an_object
from posyandu.text import N_, _, figure

INDICATORS: Mapping[str, tuple[str, str, str]] = {
    "days_open": (N_("Hari buka dalam 12 bulan"), N_("hari"), N_("Catat setiap hari buka di Hari Posyandu.")),
    "kader_on_duty": (N_("Rerata kader bertugas"), N_("kader"), N_("Isi jumlah kader hadir saat membuka hari.")),
    "d_s": (N_("Rerata D/S"), "%", N_("Timbang balita yang belum datang.")),
    "kia": (N_("Cakupan KIA: ibu hamil, nifas, balita"), "%", N_("Layani yang belum pernah datang.")),
    "kb": (N_("Cakupan KB: peserta dari PUS"), "%", N_("Isi kartu WUS/PUS yang belum ada.")),
    "idl": (N_("Cakupan imunisasi dasar lengkap"), "%", N_("Salin imunisasi dari Buku KIA, kejar yang kurang.")),
    "extra": (N_("Program tambahan"), N_("jenis"), N_("Catat kegiatannya di Posyandu kita.")),
    "health_fund": (N_("Cakupan dana sehat"), "%", N_("Catat KK yang membayar dana sehat.")),
    "months_open": (N_("Bulan yang ada hari bukanya"), N_("bulan"), N_("Buka Posyandu setiap bulan.")),
    "kader_decree": (N_("Kader dengan SK"), N_("kader"), N_("Isi nomor SK setiap kader.")),
    "services": (N_("Layanan yang mencapai batas"), N_("layanan"), N_("Naikkan cakupan yang masih kurang.")),
    "tools": (N_("Timbangan dicek dan Buku KIA dipakai"), "", N_("Cek timbangan, tanyakan Buku KIA.")),
}
"""Each indicator: its name, its unit, and what to do about it."""


@dataclass(frozen=True)
class Indicator:
    """One figure between two bounds, equal when all is known. `figure` says it in words, `source` where it is from.

    `counted`, `lacking` and `unknown` are the ids behind a share; empty where no people are behind it.
    """

    code: str
    low: float
    high: float
    figure: str
    source: str
    counted: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Its name."""
        return _(INDICATORS[self.code][0])

    @property
    def unit(self) -> str:
        """What it is counted in."""
        return _(INDICATORS[self.code][1])

    def met(self, least: float) -> bool | None:
        """Whether it reaches `least`; None when that depends on what is unknown."""
        if self.low >= least:
            return True
        return False if self.high < least else None


@dataclass(frozen=True)
class Need:
    """What an indicator must reach."""

    code: str
    least: float


@dataclass(frozen=True)
class Stage:
    """One stratum and what it asks beyond the one before."""

    code: str
    label: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class StrataRule:
    """The strata, lowest first, over so many months; which kinds of activity are extra; what makes a post active.

    A service counts as reached from `service_percent` of its target; IDL is asked at ages `idl_months`, inclusive.
    """

    months: int
    stages: tuple[Stage, ...]
    extra_kinds: frozenset[str]
    services: tuple[str, ...]
    service_percent: float
    active: tuple[Need, ...]
    idl_months: tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """One need, the figure it is held against, and whether it is met (None: unknown)."""

    need: Need
    indicator: Indicator
    met: bool | None

    @property
    def missing(self) -> str:
        """What is lacking and what to do, in a sentence; "" when it is met."""
        if self.met:
            return ""
        todo = _(INDICATORS[self.need.code][2])
        if self.met is None:
            return _("Belum dapat dipastikan. {todo}").format(todo=todo)
        everyone = len(self.indicator.counted) + len(self.indicator.lacking) + len(self.indicator.unknown)
        if everyone:
            wanted = math.ceil(self.need.least * everyone / 100) - len(self.indicator.counted)
            return _("Kurang {n} lagi dari {total}. {todo}").format(n=wanted, total=everyone, todo=todo)
        if not self.indicator.unit:
            return todo
        lacking = math.ceil(round(10 * (self.need.least - self.indicator.low), 6)) / 10  # 50 - 49.9 is not quite 0.1
        unit = self.indicator.unit if self.indicator.unit != "%" else _("persen")
        return _("Kurang {n} {unit}. {todo}").format(n=span(lacking, lacking), unit=unit, todo=todo)


@dataclass(frozen=True)
class Strata:
    """The stratum reached. It is `sure` unless something unknown might raise it; `blocking` keeps from the next."""

    stage: Stage
    sure: bool
    following: Stage | None
    blocking: tuple[Judged, ...]
    judged: tuple[tuple[Stage, tuple[Judged, ...]], ...]

    @property
    def headline(self) -> str:
        """The stratum in one sentence, with what stands between it and the next."""
        label = _(self.stage.label)
        words = _("Strata {label}.") if self.sure else _("Paling sedikit strata {label}.")
        if self.following is None:
            return words.format(label=label)
        return (
            words.format(label=label)
            + " "
            + _("Menuju {label}: {what}.").format(
                label=_(self.following.label), what="; ".join(each.indicator.label for each in self.blocking)
            )
        )


@dataclass(frozen=True)
class Active:
    """Whether the post is "aktif" (None: unknown), with every condition."""

    active: bool | None
    judged: tuple[Judged, ...]


def judge(rule: StrataRule, indicators: Mapping[str, Indicator]) -> Strata:
    """The highest stage whose needs, and those of every stage below, are surely met. Raises KeyError."""
    ladder = tuple((stage, tuple(_judged(stage.needs, indicators))) for stage in rule.stages)
    reached = 0
    while reached + 1 < len(ladder) and all(each.met for each in ladder[reached + 1][1]):
        reached += 1
    if reached + 1 == len(ladder):
        return Strata(ladder[reached][0], True, None, (), ladder)
    following, needs = ladder[reached + 1]
    sure = any(each.met is False for each in needs)
    return Strata(ladder[reached][0], sure, following, tuple(each for each in needs if not each.met), ladder)


def judge_active(rule: StrataRule, indicators: Mapping[str, Indicator]) -> Active:
    """Whether every condition of posyandu aktif is met. `services` is made here from its indicators."""
    judged = tuple(_judged(rule.active, {**indicators, "services": services(rule, indicators)}))
    known = [each.met for each in judged]
    return Active(False if False in known else None if None in known else True, judged)


def _judged(needs: Iterable[Need], indicators: Mapping[str, Indicator]) -> Iterable[Judged]:
    for need in needs:
        indicator = indicators[need.code]
        yield Judged(need, indicator, indicator.met(need.least))


def services(rule: StrataRule, indicators: Mapping[str, Indicator]) -> Indicator:
    """How many of the services reach their share, surely and at most."""
    met = [indicators[code].met(rule.service_percent) for code in rule.services]
    sure, most = met.count(True), len(met) - met.count(False)
    said = _("{n} dari {total} layanan").format(n=span(sure, most), total=len(met))
    return Indicator("services", sure, most, said, _("D/S, KIA, KB, dan imunisasi di atas"))


# --- the figures


def span(low: float, high: float) -> str:
    """One number, or from the surest to the most: "3-5"; "?" when nothing at all is known."""
    least, most = (figure(f"{bound:g}") for bound in (low, high))
    if low == high:
        return least
    if math.isinf(high):
        return _("paling sedikit {n}").format(n=least) if low else "?"
    return f"{least}\N{EN DASH}{most}"


def window(last: Month, months: int) -> tuple[Month, ...]:
    """The months up to and with `last`."""
    return tuple(last - back for back in range(months - 1, -1, -1))


def opened(code: str, months: Sequence[Month], known_from: Month | None, held: Iterable[date]) -> Indicator:
    """Days (or months) the post was open. A month before the book begins may have had one day that nobody noted."""
    days = [day for day in held if Month.of(day) in months]
    unknown = sum(known_from is None or month < known_from for month in months)
    found = len(days) if code == "days_open" else len({Month.of(day) for day in days})
    what = _(INDICATORS[code][1])
    said = f"{found} {what}"
    if unknown:
        said += ", " + _("{n} bulan belum ada catatannya").format(n=unknown)
    return Indicator(code, found, found + unknown, said, _("Hari Posyandu"))


def mean(code: str, values: Sequence[float], words: str, source: str) -> Indicator:
    """The mean of what was noted; unknown when nothing was. `words` has a place for {mean} and {n}."""
    if not values:
        return unknown(code, source)
    each = sum(values) / len(values)
    said = words.format(mean=figure(f"{each:.1f}"), n=len(values))
    return Indicator(code, each, each, said, source)


def unknown(code: str, source: str, words: str = "") -> Indicator:
    """Nothing is known of it."""
    return Indicator(code, 0, math.inf, words or _("belum ada catatan"), source)


def cover(code: str, yes: Collection[str], no: Collection[str], maybe: Collection[str], source: str) -> Indicator:
    """The share in percent of those served (`yes`) among all targets; of `maybe` nobody knows."""
    total = len(yes) + len(no) + len(maybe)
    if not total:
        return unknown(code, source, _("tidak ada sasaran yang tercatat"))
    low, high = 100 * len(yes) / total, 100 * (len(yes) + len(maybe)) / total
    percent = figure(f"{low:.1f}")
    said = _("{n} dari {total} ({percent}%)").format(n=len(yes), total=total, percent=percent)
    if len(maybe) == total:
        said = _("{n} belum diketahui").format(n=total)
    elif maybe:
        said += ", " + _("{n} belum diketahui").format(n=len(maybe))
    return Indicator(code, low, high, said, source, tuple(yes), tuple(no), tuple(maybe))


# --- reading the rule


def read_strata(value: Json, place: str) -> StrataRule:
    """The rule from its data. Raises ValueError naming the place."""
    parts = an_object(value, place, tuple(each.name for each in fields(StrataRule)))
    stages = []
    for item in a_list(parts["stages"], place):
        given = an_object(item, place, ("code", "label", "needs"))
        stages.append(Stage(a_text(given["code"], place), a_text(given["label"], place), _needs(given["needs"], place)))
    if not stages or stages[0].needs:
        raise ValueError(f"{place}: the lowest stratum must need nothing")
    services = tuple(a_text(code, place) for code in a_list(parts["services"], place))
    if strange := set(services) - set(INDICATORS):
        raise ValueError(f"{place}: no indicator {', '.join(sorted(strange))}")
    return StrataRule(
        a_whole(parts["months"], place),
        tuple(stages),
        frozenset(a_text(kind, place) for kind in a_list(parts["extra_kinds"], place)),
        services,
        a_number(parts["service_percent"], place),
        _needs(parts["active"], place),
        a_span(parts["idl_months"], place),
    )


def _needs(value: Json, place: str) -> tuple[Need, ...]:
    needs = tuple(Need(code, a_number(least, place)) for code, least in an_object(value, place).items())
    if strange := {need.code for need in needs} - set(INDICATORS):
        raise ValueError(f"{place}: no indicator {', '.join(sorted(strange))}")
    return needs
