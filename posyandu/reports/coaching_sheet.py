"""Sheets to talk with the kader by: coaching of a post once a month, and what to say after the day."""

from collections.abc import Iterable, Mapping, Sequence

from posyandu.domain import indicators
from posyandu.domain.calendar import month_text
from posyandu.domain.coaching import Coaching, Point, choose
from posyandu.domain.indicators import ChildMonth, Share
from posyandu.domain.quality import Quality
from posyandu.reports import formats
from posyandu.reports.counted import name_of, person_ref, short_address
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.post_sheet import COACHING, TALKING, StockItem, made, said, simple_table
from posyandu.reports.sheet import Sheet
from posyandu.reports.standing import Standing
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import N_, _

NAMES = 14
"""How many names a coaching sheet prints under one improvement; the screen shows all."""


def points(standing: Standing, quality: Quality, goals: Mapping[str, float]) -> list[Point]:
    """The figures a coaching sheet chooses from, each with its goal, advice, and the people to look after."""
    data = standing.data
    children = data.children.get(data.month, ())
    targets = data.rules.targets
    found = [
        _share_point("d_s", indicators.PARTICIPATION(children), targets, children, indicators.not_weighed),
        _share_point("n_d", indicators.SUCCESS(children), targets, children, indicators.not_gained),
        _share_point("k_s", indicators.PROGRAMME_COVERAGE(children), targets, children, _without_book),
        _share_point("bgm_d", indicators.BELOW_RED(children), targets, children, indicators.below_red_line),
        Point("quality", _("Mutu pengukuran"), _number(quality.score), goals["quality"], _quality_words(quality),
              _(ADVICE["quality"]), tuple(dict.fromkeys(mark.person_id for mark in quality.marks))),
        _mean_point(standing, "kader_on_duty", goals),
        _mean_point(standing, "idl", goals),
    ]  # fmt: skip
    campaign = _capsules(data, children, goals["vitamin_a"])
    return [*found, *([campaign] if campaign is not None else [])]


ADVICE = {
    "d_s": N_("Bagi nama per RT, ingatkan sehari sebelumnya, kunjungi yang dua bulan tidak datang."),
    "n_d": N_(
        "Tanyakan makan dan sakit dua minggu terakhir; suluh MP-ASI kaya protein hewani; timbang lagi bulan depan."
    ),
    "k_s": N_("Minta Buku KIA ke bidan dan bagikan saat datang."),
    "bgm_d": N_("Dampingi rujukan dan kunjungi rumahnya bulan ini."),
    "quality": N_("Ukur lagi yang ditandai; dua orang mengukur, satu membaca, satu menulis."),
    "kader_on_duty": N_("Sepakati jadwal piket dan minta kepala desa menambah kader."),
    "idl": N_("Salin imunisasi dari Buku KIA dan ajak mengejar yang kurang."),
    "vitamin_a": N_("Sisir balita yang belum dapat kapsul sampai akhir bulan."),
}
"""What to do about a figure that lags."""

LABELS = {
    "d_s": N_("Balita ditimbang (D/S)"),
    "n_d": N_("Berat naik (N/D)"),
    "k_s": N_("Punya Buku KIA (K/S)"),
    "bgm_d": N_("Di bawah garis merah (BGM/D)"),
}


def _number(number: int | None) -> float | None:
    return None if number is None else float(number)


def _quality_words(quality: Quality) -> str:
    return _("belum ada hasil ukur") if quality.score is None else _("{score} dari 100").format(score=quality.score)


def _without_book(child: ChildMonth) -> bool:
    return indicators.under_five(child) and not indicators.has_book(child)


def _share_point(
    code: str,
    share: Share,
    targets: Mapping[str, float],
    children: Sequence[ChildMonth],
    lacking: indicators.ChildTest,
) -> Point:
    figure = _("{n} dari {total} ({percent})").format(
        n=share.numerator, total=share.denominator, percent=formats.percent(share.value)
    )
    return Point(
        code,
        _(LABELS[code]),
        None if share.value is None else 100 * share.numerator / share.denominator,  # 57 of 100 is 57, not less
        targets[code],
        figure,
        _(ADVICE[code]),
        tuple(child.id for child in children if lacking(child)),
        low=code == "bgm_d",
    )


def _mean_point(standing: Standing, code: str, goals: Mapping[str, float]) -> Point:
    indicator = standing.indicators[code]
    value = indicator.low if indicator.low == indicator.high else None
    people = (*indicator.lacking, *indicator.unknown)
    return Point(code, indicator.label, value, goals[code], indicator.figure, _(ADVICE[code]), people)


def _capsules(data: MonthlyData, children: Sequence[ChildMonth], goal: float) -> Point | None:
    """Vitamin A, in its months alone."""
    due = [child for child in children if data.rules.vitamin_a.due(child.on, child.age_months)]
    if not due:
        return None
    lacking = tuple(child.id for child in due if not indicators.got_vitamin_a(child))
    got = len(due) - len(lacking)
    figure = _("{n} dari {total} ({percent})").format(n=got, total=len(due), percent=formats.percent(got / len(due)))
    return Point(
        "vitamin_a", _("Kapsul vitamin A"), 100 * got / len(due), goal, figure, _(ADVICE["vitamin_a"]), lacking
    )


def coaching_sheet(standing: Standing, quality: Quality, stock: Sequence[StockItem]) -> Sheet:
    """One page for the talk with the kader of a post: what goes well, two things to work on, with names."""
    rule = standing.data.rules.coaching
    found = choose(rule, points(standing, quality, rule.goals))
    good, poor = _nothing(found)
    tables = [
        _points_table("baik", _("Yang sudah baik"), found.strengths, standing, good, advice=False),
        _points_table("perbaiki", _("Yang diperbaiki bulan depan"), found.improvements, standing, poor, advice=True),
    ]
    tables += [_names_table(found.improvements, standing), _notes_table(standing, found, stock)]
    rules = (_("Angka bulan {month} dan dua belas bulan terakhir. Untuk pembinaan, bukan penilaian orang.").format(
        month=month_text(standing.data.month)
    ),)  # fmt: skip
    return made(COACHING, standing.data, tables, rules)


def _nothing(found: Coaching) -> tuple[str, str]:
    """What stands where nothing is to be praised, and where nothing is to be worked on: unknown is neither."""
    if not found.strengths and not found.improvements:
        unknown = _("Belum ada yang dapat dinilai di bulan ini.")
        return unknown, unknown
    reached = _("Semua yang dapat dinilai sudah tercapai.") if found.unknown else _("Semua sasaran tercapai.")
    return _("Belum ada sasaran yang tercapai."), reached


def _points_table(
    code: str, title: str, chosen: Sequence[Point], standing: Standing, empty: str, *, advice: bool
) -> Table:
    columns = [
        Column("point", _("Hal"), "left", 1, 40),
        Column("figure", _("Angka"), "left", 1, 34),
        Column("goal", _("Target"), "left", 0.4, 16),
        *([Column("advice", _("Langkah"), "left", 2, 60)] if advice else []),
    ]
    rows = []
    for each in chosen:
        sign = "<" if each.low else "\N{GREATER-THAN OR EQUAL TO}"
        unit = "" if each.code in ("quality", "kader_on_duty") else "%"
        cells = [
            said(each.label),
            Cell(each.figure, each.figure, _refs(each.people, standing) if advice else ()),
            said(f"{sign} {formats.target(each.goal)}{unit}"),
        ]
        rows.append((*cells, said(each.advice)) if advice else tuple(cells))
    return simple_table(code, title, columns, rows, empty=empty)


def _refs(ids: Iterable[str], standing: Standing) -> tuple[PersonRef, ...]:
    everyone = standing.data.everyone
    refs = (PersonRef(id_, name_of(everyone[id_]), short_address(everyone[id_])) for id_ in ids if id_ in everyone)
    return tuple(sorted(refs, key=lambda ref: (ref.detail, ref.name.casefold())))


def _names_table(chosen: Sequence[Point], standing: Standing) -> Table:
    """Whom to look after for each improvement, by where they live: few lines, so that the sheet keeps to one page."""
    columns = (
        Column("point", _("Hal"), "left", 0.6, 36),
        Column("names", _("Nama menurut dusun, RT/RW"), "left", 3, 110),
    )
    rows: list[tuple[Cell, ...]] = []
    rest = 0
    for point in chosen:
        refs = _refs(point.people, standing)
        rest += max(0, len(refs) - NAMES)
        by_place: dict[str, list[str]] = {}
        for ref in refs[:NAMES]:
            by_place.setdefault(ref.detail, []).append(ref.name)
        words = "; ".join(f"{place}: {', '.join(names)}" for place, names in by_place.items())
        if refs:
            rows.append((said(point.label), Cell(words, words, refs)))
    return Table(
        code="nama",
        title=_("Yang perlu didampingi"),
        columns=columns,
        head=plain_head(columns),
        rows=tuple(rows),
        empty=_("Tidak ada nama."),
        notes=(_("Dan {n} nama lagi; lihat daftarnya di aplikasi.").format(n=rest),) if rest else (),
    )


def _notes_table(standing: Standing, found: Coaching, stock: Sequence[StockItem]) -> Table:
    columns = (Column("what", _("Hal"), "left", 0.6, 36), Column("words", _("Keterangan"), "left", 3, 100))
    lines = [(_("Strata"), standing.strata.headline)]
    blocking = next((each for each in standing.strata.blocking), None)
    if blocking is not None:
        lines.append((_("Langkah strata berikutnya"), f"{blocking.indicator.label}: {blocking.missing}"))
    short = [f"{item.label}: {item.outlook.sentence}" for item in stock if item.outlook.level in ("bad", "warn")]
    lines.append((_("Stok"), " ".join(short) or _("Tidak ada yang hampir habis.")))
    if found.unknown:
        lines.append((_("Belum dapat dinilai"), ", ".join(each.label for each in found.unknown)))
    lines.append((_("Kesepakatan"), ""))
    return Table(
        code="catatan", title=_("Catatan pembinaan"), columns=columns, head=plain_head(columns),
        rows=tuple((said(what), said(words)) for what, words in lines), row_mm=7.5,
    )  # fmt: skip


# --- talking points


def talking_sheet(data: MonthlyData, before: Sequence[ChildMonth]) -> Sheet:
    """What to say after the day: D/S and N/D beside the month before, three things to talk about, who did not come."""
    now = data.children.get(data.month, ())
    columns = (
        Column("what", _("Hal"), "left", 1, 44),
        Column("now", _("Bulan ini"), "left", 0.7, 34),
        Column("before", _("Bulan lalu"), "left", 0.7, 34),
        Column("say", _("Yang dikatakan"), "left", 2, 60),
    )
    rows = [
        _compared(_("Ditimbang (D/S)"), indicators.PARTICIPATION(now), indicators.PARTICIPATION(before)),
        _compared(_("Berat naik (N/D)"), indicators.SUCCESS(now), indicators.SUCCESS(before)),
    ]
    say = (Column("no", _("No"), "right", 0.1, 7), Column("say", _("Pokok bicara"), "left", 3, 120))
    told = tuple((Cell(str(n), n), cell) for n, cell in enumerate(_three_points(data), 1))
    absent_columns = (
        Column("place", _("Dusun, RT/RW"), "left", 0.6, 36),
        Column("number", _("Jumlah"), "right", 0.2, 14),
        Column("names", _("Nama"), "left", 3, 90),
    )
    some = now or data.pregnancies.get(data.month)
    quiet = _("Tidak ada yang perlu dibicarakan khusus.") if some else _("Belum ada yang dapat dinilai di bulan ini.")
    tables = (
        simple_table("skdn_hari", _("Angka hari ini"), columns, rows),
        simple_table(TALKING, _("Tiga pokok bicara"), say, told, empty=quiet),
        simple_table(
            "tidak_datang",
            _("Balita yang tidak ditimbang, menurut tempat tinggal"),
            absent_columns,
            _by_place([child for child in now if indicators.not_weighed(child)]),
            empty=_("Semua balita ditimbang.") if any(map(indicators.under_five, now)) else _("Belum ada balita."),
        ),
    )
    rules = (_("Nama hanya untuk pertemuan kader. Di depan warga, sebut angkanya saja."),)
    return made(TALKING, data, tables, rules, ("coordinator",))


def _compared(what: str, now: Share, before: Share) -> tuple[Cell, ...]:
    if now.value is None:
        words = _("Belum ada angkanya.")
    elif before.value is None:
        words = _("Bulan lalu belum ada angkanya.")
    else:
        points = round(100 * (now.value - before.value))
        words = (
            _("Naik {n} poin dari bulan lalu. Terima kasih.").format(n=points)
            if points > 0
            else _("Turun {n} poin dari bulan lalu. Apa sebabnya?").format(n=-points)
            if points < 0
            else _("Sama dengan bulan lalu.")
        )
    return (said(what), *(said(_shown(share)) for share in (now, before)), said(words))


def _shown(share: Share) -> str:
    if share.value is None:
        return formats.DASH
    return _("{n} dari {total} ({percent})").format(
        n=share.numerator, total=share.denominator, percent=formats.percent(share.value)
    )


def _three_points(data: MonthlyData) -> list[Cell]:
    """The three gravest things of the month that concern somebody, each with its names behind it."""
    children = data.children.get(data.month, ())
    women = data.pregnancies.get(data.month, ())
    asked: tuple[tuple[str, Sequence[PersonRef]], ...] = (
        (
            _("{n} balita di bawah garis merah: dampingi ke Puskesmas minggu ini."),
            _refs_of(children, indicators.below_red_line),
        ),
        (
            _("{n} balita dua kali tidak naik: kunjungi rumahnya, tanyakan makan dan sakit."),
            _refs_of(children, indicators.not_gained_twice),
        ),
        (
            _("{n} ibu hamil tidak datang: kunjungi dan ajak periksa ke bidan."),
            tuple(person_ref(woman) for woman in women if indicators.mother_did_not_come(woman)),
        ),
        (
            _("{n} balita tidak naik: suluh makan lebih sering dan kaya protein hewani."),
            _refs_of(children, indicators.not_gained),
        ),
        (
            _("{n} anak terlambat imunisasi: ingatkan hari imunisasi berikutnya."),
            _refs_of(children, lambda child: bool(child.late_doses)),
        ),
        (_("{n} balita tidak ditimbang: bagi namanya per RT."), _refs_of(children, indicators.not_weighed)),
    )
    chosen = [(words, refs) for words, refs in asked if refs][:3]
    return [Cell(text, text, tuple(refs)) for words, refs in chosen for text in [words.format(n=len(refs))]]


def _refs_of(children: Iterable[ChildMonth], test: indicators.ChildTest) -> tuple[PersonRef, ...]:
    return tuple(person_ref(child) for child in children if test(child))


def _by_place(children: Iterable[ChildMonth]) -> list[tuple[Cell, ...]]:
    places: dict[str, list[ChildMonth]] = {}
    for child in children:
        places.setdefault(short_address(child.person) or formats.DASH, []).append(child)
    return [
        (
            said(place),
            Cell(str(len(found)), len(found), tuple(person_ref(child) for child in found)),
            said(", ".join(name_of(child.person) for child in found)),
        )
        for place, found in sorted(places.items())
    ]
