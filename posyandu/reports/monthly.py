"""The monthly report of one posyandu: everything it prints, as values, and the checks that its figures agree."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from posyandu.domain import indicators
from posyandu.domain.calendar import Month, month_text
from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth, Flow, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.domain.standards import Rules
from posyandu.reports import formats, lists, recap
from posyandu.reports.counted import Counted, number_cell, person_ref, unlike
from posyandu.reports.skdn import Balok, balok, balok_table, by_age_and_sex, shares_table
from posyandu.reports.table import Cell, PersonRef, Table
from posyandu.text import N_, _

Crowd = TypeVar("Crowd")


@dataclass(frozen=True)
class Place:
    """Where the post is, as the head of every form has it."""

    village: str = ""
    district: str = ""
    regency: str = ""
    province: str = ""


@dataclass(frozen=True)
class MonthlyData:
    """What the report is made of.

    `children` and `pregnancies` hold the months of the year up to `month` (and the month before January) that have
    records; `reporting_day` is the day age is counted for those who did not come; `sessions` the posyandu days held;
    `guests` visitors from other posts seen this month; `life` everybody else by month: mothers after birth, school
    children and youth, adults and elderly; `area` what stands before the name in the head when it is no single post;
    `open_months` those in which a posyandu day was held; `kader` how many there are, are active, and of these trained;
    `signers` who signs for many posts when it is not the usual ones, who made it last; `same` leads from a second
    record of somebody at another of these posts to the one that counts last, `twice` names those people.
    """

    post: Answers
    place: Place
    month: Month
    reporting_day: date
    sessions: tuple[Answers, ...]
    children: Mapping[Month, tuple[ChildMonth, ...]]
    pregnancies: Mapping[Month, tuple[PregnancyMonth, ...]]
    everyone: Mapping[str, Answers]
    guests: tuple[PersonRef, ...]
    rules: Rules
    recap_bands: str = "ilp"
    life: Mapping[Month, tuple[LifeMonth, ...]] = field(default_factory=dict)
    area: str = ""
    open_months: frozenset[Month] = frozenset()
    kader: tuple[int, int, int] = (0, 0, 0)
    signers: tuple["Signer", ...] = ()
    letterhead: "Letterhead | None" = None
    same: Mapping[str, str] = field(default_factory=dict)
    twice: tuple[PersonRef, ...] = ()

    def noted(self, by_month: Mapping[Month, Crowd]) -> dict[Month, Crowd]:
        """The months in which a posyandu day was held or anybody came: else 0 is unknown, and nobody was absent."""
        return {month: people for month, people in by_month.items() if self.is_noted(month)}

    def is_noted(self, month: Month) -> bool:
        """Whether a posyandu day was held in a month, or anybody came."""
        return month in self.open_months or (month == self.month and bool(self.sessions)) or self.came(month)

    def came(self, month: Month) -> bool:
        """Whether anybody came or was seen in a month."""
        crowds: tuple[Mapping[Month, Sequence[Counted]], ...] = (self.children, self.pregnancies, self.life)
        return any(each.came for crowd in crowds for each in crowd.get(month, ()))


@dataclass(frozen=True)
class Reconciliation:
    """One check of the figures: whether it holds, in a sentence, with those who make the difference.

    `of_others`: what other posts of the book say makes it, so it is no part of what this post signs.
    """

    ok: bool
    sentence: str
    people: tuple[PersonRef, ...] = ()
    of_others: bool = False

    @property
    def person_ids(self) -> tuple[str, ...]:
        """The ids of those who make the difference."""
        return tuple(person.id for person in self.people)

    def names(self, at_most: int | None = None) -> str:
        """Those who make the difference as paper has them, with why; the first so many, and how many more there are."""
        shown = self.people[:at_most]
        told = "; ".join(f"{person.name} ({person.detail})" if person.detail else person.name for person in shown)
        more = len(self.people) - len(shown)
        return told + (_("; dan {n} lagi").format(n=more) if more else "")


@dataclass(frozen=True)
class Signature:
    """One block of the last page: who signs as what. Empty names leave a dotted line."""

    above: str
    role: str
    name: str = ""
    nip: str = ""
    wants_nip: bool = False


@dataclass(frozen=True)
class Letterhead:
    """What stands above the title of a paper: the offices from above, the last the largest, then their address."""

    offices: tuple[str, ...]
    address: tuple[str, ...] = ()


@dataclass(frozen=True)
class MonthlyReport:
    """Everything the report prints. `code` is a hash of its content: two prints with one code say the same.

    `blank` says that no posyandu day was held and nobody came: all its noughts agree, and say nothing.
    """

    title: str
    month: Month
    head: tuple[tuple[str, str], ...]
    skdn: Table
    shares: Table
    balok: Balok
    recaps: tuple[Table, ...]
    lists: tuple[Table, ...]
    checks: tuple[Reconciliation, ...]
    rules: tuple[str, ...]
    signatures: tuple[Signature, ...]
    code: str
    blank: bool = False
    letterhead: "Letterhead | None" = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of figures, in the order of the paper; the lists of names are apart."""
        return (self.skdn, self.shares, balok_table(self.balok), *self.recaps)

    @property
    def period(self) -> str:
        """The month in words."""
        return month_text(self.month)

    @property
    def stamp(self) -> str:
        """The month for the name of a file."""
        return str(self.month)

    @property
    def post_name(self) -> str:
        """The name of the post."""
        return self.head[0][1]


def monthly(data: MonthlyData) -> MonthlyReport:
    """The report of a month, from the people counted in it."""
    children = data.children.get(data.month, ())
    women = data.pregnancies.get(data.month, ())
    title = _("Laporan bulanan Posyandu")
    skdn_table = by_age_and_sex(children, data.rules.age_bands["skdn"], data.month, data.rules)
    shares = shares_table(children, data.rules.targets, data.rules)
    bars = balok(data.noted(data.children), data.month)
    bands = data.rules.age_bands[data.recap_bands]
    recaps = (
        recap.child_recap(data.noted(data.children), bands, data.month, data.rules),
        recap.pregnancy_recap(data.noted(data.pregnancies), data.month, data.life),
    )
    names = (*lists.child_lists(children), *lists.pregnancy_lists(women), *lists.left_out_list(children))
    blank = not data.is_noted(data.month)
    if blank:
        skdn_table, shares = _before_a_day(skdn_table), _before_a_day(shares)
        names = tuple(each for each in names if each.code not in lists.OF_THE_ABSENT)
    head = post_head(data)
    rules = _rules(data)
    checks = tuple(_checks(data, children, women, skdn_table, recaps))
    return MonthlyReport(
        title=title,
        month=data.month,
        head=head,
        skdn=skdn_table,
        shares=shares,
        balok=bars,
        recaps=recaps,
        lists=names,
        checks=checks,
        rules=rules,
        signatures=signatures(data, _signers(data)),
        code=content_code(head, (skdn_table, shares, balok_table(bars), *recaps, *names), rules),
        blank=blank,
        letterhead=data.letterhead,
    )


def _before_a_day(table: Table) -> Table:
    """SKDN or the shares of a month without a posyandu day so far: S and K are known, the rest is not 0."""
    known = [column.name in ("code", "item", "name", "target") for column in table.columns]
    rows = tuple(
        row
        if row[0].value in ("S", "K", "S36", "K/S")
        else tuple(cell if keep else Cell(formats.DASH) for keep, cell in zip(known, row, strict=True))
        for row in table.rows
    )
    return replace(table, rows=rows, notes=(*table.notes, _("Belum ada hari buka.")))


def content_code(head: Iterable[tuple[str, str]], tables: Iterable[Table], rules: Iterable[str]) -> str:
    """Eight letters and digits that change when anything printed changes: "7F3A-92C1"."""
    digest = hashlib.sha256()
    for label, value in head:
        digest.update(f"{label}\x1f{value}\x1e".encode())
    for table in tables:
        digest.update(f"{table.code}\x1d".encode())
        for row in table.rows:
            digest.update("\x1f".join(cell.text for cell in row).encode() + b"\x1e")
    for rule in rules:
        digest.update(rule.encode() + b"\x1e")
    text = digest.hexdigest()[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def post_head(data: MonthlyData) -> tuple[tuple[str, str], ...]:
    """The facts at the head of every sheet of a post, each with its label; the post's name first."""
    return tuple(post_facts(data).values())


def post_facts(data: MonthlyData) -> dict[str, tuple[str, str]]:
    """The same by the names that layouts call them by."""
    post = data.post
    place = " / ".join(
        filter(
            None,
            (
                str(post.get("hamlet") or ""),
                _("RT {rt}").format(rt=post["rt"]) if post.get("rt") else "",
                _("RW {rw}").format(rw=post["rw"]) if post.get("rw") else "",
            ),
        )
    )
    days = [formats.long_date(day) for each in data.sessions if isinstance(day := each.get("held_on"), date)]
    return {
        "post": (data.area or _("Posyandu"), str(post.get("name") or "")),
        **({} if data.area else {"hamlet": (_("Dusun/RT/RW"), place)}),
        "village": (_("Desa/kelurahan"), data.place.village),
        "district": (_("Kecamatan"), data.place.district),
        "regency": (_("Kabupaten/kota"), data.place.regency.removeprefix("Kabupaten ")),
        "province": (_("Provinsi"), data.place.province),
        "puskesmas": (_("Puskesmas"), str(post.get("puskesmas") or "")),
        "month": (_("Bulan"), month_text(data.month)),
        "held_on": (_("Hari buka"), ", ".join(days) or _("Tidak ada hari buka yang dicatat")),
        "kader_present": (_("Kader hadir"), _kader(data.sessions)),
    }


def _kader(sessions: Sequence[Answers]) -> str:
    numbers = [each.get("kader_present") for each in sessions]
    known = [number for number in numbers if isinstance(number, int)]
    return formats.whole(max(known)) if known else formats.DASH


def _signers(data: MonthlyData) -> tuple[str, ...]:
    return ("midwife", *(("nutritionist",) if data.post.get("nutritionist") else ()), "coordinator")


_ROLES: Mapping[str, str] = {
    "midwife": N_("Bidan desa"),
    "nutritionist": N_("Petugas gizi Puskesmas"),
    "village_head": N_("Kepala desa/lurah"),
    "coordinator": N_("Koordinator kader"),
    "puskesmas_head": N_("Kepala Puskesmas"),
    "district_head": N_("Camat"),
    "health_head": N_("Kepala Dinas Kesehatan"),
    "reporter": N_("Petugas pelapor"),
}
_LEVEL_ROLES: Mapping[str, tuple[str, ...]] = {
    "village": ("village_head", "midwife"),
    "puskesmas": ("puskesmas_head", "nutritionist"),
    "district": ("district_head", "reporter"),
    "regency": ("health_head", "reporter"),
}
"""Who may sign a sheet: the field of the post that names them, and their role in words."""


@dataclass(frozen=True)
class Signer:
    """Who signs: the duty in words, the name, "" to be written by hand, and the number of an official."""

    role: str
    name: str = ""
    nip: str = ""


def usual_signers(level: str) -> tuple[Signer, ...]:
    """Who signs for a village, puskesmas, kecamatan or kabupaten as long as its book chose nobody else."""
    return tuple(Signer(_(_ROLES[role])) for role in _LEVEL_ROLES[level])


def signatures(data: MonthlyData, roles: Sequence[str]) -> tuple[Signature, ...]:
    """The blocks to sign, in the order of the roles; who made it, the coordinator, under place and date.

    For many posts those of the level sign: no coordinator of one post signs for sixty.
    """
    post, level = data.post, str(data.post.get("level") or "")
    if level in _LEVEL_ROLES:
        signers = data.signers or usual_signers(level)
        maker = signers[-1].role
    else:
        named = ((_(_ROLES[role]), post.get(role), post.get(f"{role}_nip")) for role in roles)
        signers = tuple(Signer(words, str(name or ""), str(nip or "")) for words, name, nip in named)
        maker = _(_ROLES["coordinator"])
    where = _("{village}, {line} {year}").format(
        village=data.place.village or "." * 12,
        line="." * 24,
        year=data.month.year if data.month.month < 12 else "......",
    )
    without = {_(_ROLES[role]) for role in ("coordinator", "village_head")}
    return tuple(
        Signature(
            where if each.role == maker else _("Mengetahui"), each.role, each.name, each.nip, each.role not in without
        )
        for each in signers
    )


def _rules(data: MonthlyData) -> tuple[str, ...]:
    rules = data.rules
    red = _("Garis merah (BGM) pada {z} SD BB/U.").format(z=formats.decimal(rules.bgm_z, 0))
    orange = (
        _("Garis oranye pada +{z} SD BB/U.").format(z=formats.decimal(rules.orange_z, 0))
        if rules.orange_z is not None
        else _("Garis oranye tidak dipakai.")
    )
    return (
        *wrong_tools(data.sessions),
        _("Umur dihitung dalam bulan penuh pada hari kunjungan; bagi yang tidak datang pada {day}.").format(
            day=formats.long_date(data.reporting_day)
        ),
        _(
            "S adalah semua balita 0\N{EN DASH}{last} bulan yang tinggal di wilayah; tamu, yang pindah dan yang "
            "meninggal tidak dihitung. D menghitung anak, bukan kunjungan; bila ditimbang dua kali, hasil terakhir "
            "yang dipakai."
        ).format(last=rules.groups.preschool_from - 1),
        _(
            "Anak yang pindah dihitung sekali di bulan itu: di Posyandu asal bila sudah dilayani di sana sebelum "
            "pindah, selain itu di Posyandu baru."
        ),
        _("N atau T menurut kenaikan berat badan minimal (KBM): {source}.").format(source=_source(rules, "kbm")),
        f"{red} {orange} {_source(rules, 'bgm_z')}.",
        _(
            "Status gizi adalah hasil hitung menurut {source}; tenaga kesehatan yang memastikan. Nilai yang jauh di "
            "luar yang mungkin (batas WHO) tidak ikut dihitung sampai dipastikan."
        ).format(source=_source(rules, "categories")),
        _("Gejala TBC: {needed} jawaban ya atau lebih. {source}.").format(
            needed=rules.tbc.needed, source=_source(rules, "tbc_rule")
        ),
        _("KEK bila LiLA kurang dari {cm} cm. Tekanan darah merah mulai {systolic}/{diastolic} mmHg.").format(
            cm=formats.centimetres(rules.kek_mm), systolic=rules.pressure.systolic, diastolic=rules.pressure.diastolic
        ),
        _(
            "Jawaban kosong berarti tidak diketahui: tidak pernah dihitung sebagai normal, sebagai tidak, atau "
            "sebagai nol."
        ),
    )


_SPOILT = {
    "scale": N_("timbangan ternyata salah ({why}). BGM, BB/U, BB/PB, BB/TB dan IMT/U hari itu tidak dihitung."),
    "board": N_("papan ukur ternyata salah ({why}). PB/U, TB/U, BB/PB, BB/TB dan IMT/U hari itu tidak dihitung."),
    "both": N_("timbangan dan papan ukur ternyata salah ({why}). BGM dan status gizi hari itu tidak dihitung."),
}


def wrong_tools(sessions: Iterable[Answers]) -> tuple[str, ...]:
    """A sentence for each posyandu day whose scale or board was found wrong."""
    return tuple(
        f"{formats.long_date(day)}: {_(_SPOILT[tool]).format(why=each.get('wrong_tool_reason') or formats.DASH)}"
        for each in sessions
        if (tool := str(each.get("wrong_tool"))) in _SPOILT and isinstance(day := each.get("held_on"), date)
    )


def _source(rules: Rules, name: str) -> str:
    return rules.sources[name].rstrip(".").replace(" -", " \N{MINUS SIGN}")


# The checks


def _checks(
    data: MonthlyData,
    children: Sequence[ChildMonth],
    women: Sequence[PregnancyMonth],
    skdn_table: Table,
    recaps: tuple[Table, ...],
) -> Iterable[Reconciliation]:
    yield _weighed_have_a_letter(children)
    yield _bands_add_up(skdn_table)
    yield _s_k_d(children)
    yield _parts_within_d(children)
    if data.is_noted(data.month):
        yield from _recaps_add_up(data.month, recaps)
        yield _recap_agrees_with_skdn(children, data.month, recaps[0], data.rules)
    yield _flow_check(data, children)
    yield _came_and_measured(children, women)
    if data.guests:
        yield Reconciliation(
            True,
            _("{n} tamu dilayani; tidak dihitung dalam S, K, D dan rekapitulasi.").format(n=len(data.guests)),
            data.guests,
        )
    if data.twice:
        words = _("{n} orang tercatat di dua Posyandu. Dihitung sekali, di Posyandu yang terakhir melayaninya.")
        yield Reconciliation(True, words.format(n=len(data.twice)), data.twice)
    yield from _left_out(children)


def _left_out(children: Sequence[ChildMonth]) -> Iterable[Reconciliation]:
    """Whom a tool found wrong leaves out of BGM and the indices: still D, N and T, and named."""
    lost = tuple(person_ref(child, lists.wrong_tool_of(child)) for child in children if indicators.left_out(child))
    if lost:
        words = _("BGM atau status gizi {n} anak tidak dihitung: alat ukurnya ternyata salah. D, N dan T tetap.")
        yield Reconciliation(True, words.format(n=len(lost)), lost)


def _count(children: Sequence[ChildMonth], test: Callable[[ChildMonth], bool]) -> int:
    return len(indicators.counted(children, test))


def _weighed_have_a_letter(children: Sequence[ChildMonth]) -> Reconciliation:
    i = indicators
    d, n, t, o, b = (
        _count(children, test) for test in (i.weighed, i.gained, i.not_gained, i.missed_last_month, i.first_weighed)
    )
    ok = d == n + t + o + b
    letters = (i.gained, i.not_gained, i.missed_last_month, i.first_weighed)
    letterless = [child for child in children if i.weighed(child) and not any(letter(child) for letter in letters)]
    return Reconciliation(
        ok,
        _("D = N + T + O + B: {d} {sign} {n} + {t} + {o} + {b}.").format(d=d, sign=_equal(ok), n=n, t=t, o=o, b=b),
        tuple(person_ref(child, _("Ditimbang, tetapi tanpa huruf N, T, O atau B")) for child in letterless),
    )


def _bands_add_up(table: Table) -> Reconciliation:
    first, last = table.column("item") + 1, table.column("male")
    wrong = []
    people: dict[str, PersonRef] = {}
    for row in table.rows:
        parts, sexes, whole = row[first:last], row[last : last + 2], row[last + 2]
        if not sum(map(_whole, parts)) == sum(map(_whole, sexes)) == _whole(whole):
            wrong.append(row[0].text)
            people |= {ref.id: ref for side in (parts, sexes) for ref in unlike(side, (whole,))}
    if wrong:
        return Reconciliation(
            False,
            _("Jumlah kelompok umur tidak sama dengan jumlah seluruhnya pada: {codes}.").format(codes=", ".join(wrong)),
            tuple(people.values()),
        )
    return Reconciliation(
        True, _("Jumlah semua kelompok umur, laki-laki dan perempuan, sama dengan jumlah seluruhnya di setiap baris.")
    )


def _s_k_d(children: Sequence[ChildMonth]) -> Reconciliation:
    i = indicators
    s, k, d = (_count(children, test) for test in (i.under_five, i.has_book, i.weighed))
    ok = s >= k >= d
    bookless = [child for child in children if i.weighed(child) and not i.has_book(child)]
    sentence = _("S ≥ K ≥ D: {s}, {k}, {d}.").format(s=s, k=k, d=d)
    if bookless:
        sentence += " " + _("{n} anak ditimbang tetapi KMS/Buku KIA-nya belum dicatat.").format(n=len(bookless))
        absent = _count(children, i.booked_not_weighed)
        words = _("Maka K−D, yang punya KMS dan tidak ditimbang, {absent}: bukan {k} − {d}.")
        sentence += " " + words.format(absent=absent, k=k, d=d)
    return Reconciliation(
        ok, sentence, tuple(person_ref(child, _("Ditimbang, KMS/Buku KIA belum dicatat")) for child in bookless)
    )


def _parts_within_d(children: Sequence[ChildMonth]) -> Reconciliation:
    i = indicators
    d, bgm, t, twice = (
        _count(children, test) for test in (i.weighed, i.below_red_line, i.not_gained, i.not_gained_twice)
    )
    outside = [
        child
        for child in children
        if (i.below_red_line(child) and not i.weighed(child)) or (i.not_gained_twice(child) and not i.not_gained(child))
    ]
    return Reconciliation(
        bgm <= d and twice <= t <= d and not outside,
        _("BGM ≤ D dan 2T ≤ T ≤ D: BGM {bgm}, 2T {twice}, T {t}, D {d}.").format(bgm=bgm, twice=twice, t=t, d=d),
        tuple(map(person_ref, outside)),
    )


def _recaps_add_up(month: Month, recaps: tuple[Table, ...]) -> Iterable[Reconciliation]:
    for table, who in zip(recaps, (N_("balita"), N_("ibu hamil")), strict=True):
        row = table.rows[month.month - 1]
        cells = {
            kind: [
                cell
                for column, cell in zip(table.columns, row, strict=True)
                if column.name.startswith(kind) and cell.value is not None
            ]
            for kind in ("targets", "came", "absent")
        }
        numbers = {kind: sum(map(_whole, each)) for kind, each in cells.items()}
        ok = numbers["targets"] == numbers["came"] + numbers["absent"]
        yield Reconciliation(
            ok,
            _("Rekapitulasi {who}: sasaran = datang + tidak datang: {targets} {sign} {came} + {absent}.").format(
                who=_(who), sign=_equal(ok), **numbers
            ),
            () if ok else unlike(cells["targets"], (*cells["came"], *cells["absent"])),
        )


def _recap_agrees_with_skdn(children: Sequence[ChildMonth], month: Month, table: Table, rules: Rules) -> Reconciliation:
    i = indicators
    row = month.month - 1
    awaited = [
        cell for column, cell in zip(table.columns, table.rows[row], strict=True) if column.name.startswith("targets")
    ]
    sasaran = sum(map(_whole, awaited))
    s = _count(children, i.under_five)
    preschool = sum(not i.under_five(child) for child in children)
    n, in_recap = _count(children, i.gained), table.cell(row, "gained").value
    ok = sasaran == s + preschool and n == in_recap
    odd = (
        *unlike(awaited, (number_cell(children),)),
        *unlike((table.cell(row, "gained"),), (number_cell(indicators.counted(children, i.gained)),)),
    )
    return Reconciliation(
        ok,
        _(
            "Rekapitulasi dan SKDN sama: sasaran {sasaran} {sign} S {s} + apras {preschool}; naik {in_recap} dan N {n}."
        ).format(
            sasaran=sasaran, sign=_equal(sasaran == s + preschool), s=s, preschool=preschool, in_recap=in_recap, n=n
        ),
        () if ok else tuple({ref.id: ref for ref in odd}.values()),
    )


_JOINED = {"born": N_("lahir {n}"), "entered": N_("masuk {n}"), "other": N_("baru dicatat {n}")}
_LEFT = {
    "moved": N_("pindah {n}"),
    "died": N_("meninggal {n}"),
    "turned_five": N_("lewat umur balita {n}"),
    "other": N_("sebab lain {n}"),
}


def _flow_check(data: MonthlyData, children: Sequence[ChildMonth]) -> Reconciliation:
    before = data.children.get(data.month - 1)
    if before is None:
        return Reconciliation(True, _("Bulan sebelumnya belum dicatat, jadi S tidak dapat dibandingkan."))
    if data.same:
        before, children = (
            tuple(replace(each, id=data.same.get(each.id, each.id)) for each in crowd) for crowd in (before, children)
        )
    change = indicators.flow(before, children, data.everyone, data.month, data.reporting_day)
    parts = [_(_JOINED[why]).format(n=len(ids)) for why, ids in sorted(change.joined.items())]
    gone = [_(_LEFT[why]).format(n=len(ids)) for why, ids in sorted(change.left.items())]
    sentence = _("S bulan lalu {before}").format(before=len(change.before))
    if parts:
        sentence += " + " + " + ".join(parts)
    if gone:
        sentence += " \N{MINUS SIGN} " + " \N{MINUS SIGN} ".join(gone)
    sentence += _(" = S bulan ini {now}.").format(now=len(change.now))
    return Reconciliation(not change.unexplained and _adds_up(change), sentence, _unexplained(data, change))


def _adds_up(change: Flow) -> bool:
    joined = sum(map(len, change.joined.values()))
    left = sum(map(len, change.left.values()))
    return len(change.before) + joined - left == len(change.now)


def _unexplained(data: MonthlyData, change: Flow) -> tuple[PersonRef, ...]:
    return tuple(
        PersonRef(id_, str(data.everyone.get(id_, {}).get("name") or ""), _("Isi tanggal lahir, masuk atau pindahnya"))
        for id_ in change.unexplained
    )


def _came_and_measured(children: Sequence[ChildMonth], women: Sequence[PregnancyMonth]) -> Reconciliation:
    everybody: list[ChildMonth | PregnancyMonth] = [*children, *women]
    unmeasured = [person for person in everybody if person.came and not person.visits]
    if not unmeasured:
        return Reconciliation(True, _("Semua yang hadir sudah ada catatan pemeriksaannya."))
    return Reconciliation(
        False,
        _("{n} orang hadir tetapi belum ada catatan pemeriksaannya.").format(n=len(unmeasured)),
        tuple(person_ref(person, _("Hadir, belum ada catatan")) for person in unmeasured),
    )


def _whole(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _equal(ok: bool) -> str:
    return "=" if ok else "≠"
