"""The immunisation schedule as one Markdown page, docs/imunisasi.md: each dose, its rule and its source."""

from collections.abc import Iterable, Iterator

from posyandu.domain.immunisation import DoseRule, Gap, Schedule, SchoolRule
from posyandu.text import _


def schedule_page(schedule: Schedule) -> str:
    """The whole page, written anew by `python3 dev.py docs`."""
    parts = (_infants, _pupils, _vaccines, _sets, _tetanus)
    return "\n".join(("# Jadwal imunisasi", "", *(line for part in parts for line in part(schedule)))) + "\n"


def _infants(schedule: Schedule) -> Iterator[str]:
    yield from (
        "Semua aturan imunisasi yang dipakai aplikasi. Halaman ini dibuat dari `resources/rules/immunisation.json`;",
        "jangan diubah dengan tangan. Aplikasi hanya mengatakan *belum waktunya*, *sudah waktunya* atau *terlambat*;",
        "yang memutuskan pemberian adalah tenaga kesehatan. Dosis berlaku bagi anak yang waktunya jatuh sejak tanggal",
        "pada kolom *Sejak*. Kolom umur menyebut umur pertama keadaan itu; jarak dihitung sampai harinya.",
        "",
        "## Bayi dan baduta",
        "",
    )
    head = ("Dosis", "Kode", "Paling awal", "Waktunya", "Terlambat", "Kejar", "Tidak lagi", "Jarak", "Wilayah", "Sejak")
    yield from _table((*head, "Sumber"), (_dose(schedule, rule) for rule in schedule.doses))


def _pupils(schedule: Schedule) -> Iterator[str]:
    yield from (
        "",
        "## Sekolah (BIAS)",
        "",
        "Kelas yang tidak diketahui diperkirakan dari umur: 7 tahun pada 1 Juli.",
        "",
    )
    head = ("Dosis", "Kode", "Kelas", "Bulan", "Kejar sampai kelas", "Jenis kelamin", "Jarak", "Sejak", "Sumber")
    yield from _table(head, (_school(schedule, rule) for rule in schedule.school))


def _vaccines(schedule: Schedule) -> Iterator[str]:
    yield from ("", "## Vaksin", "")
    yield from _table(
        ("Vaksin", "Kode", "Antigen", "Juga berisi", "Hidup"),
        (
            (
                _(each.label),
                f"`{each.code}`",
                each.antigen,
                ", ".join(f"{a.antigen} mulai {_age(a.earliest)}, jarak {_age(a.interval)}" for a in each.also),
                "ya" if each.live else "",
            )
            for each in schedule.products.values()
        ),
    )
    gap = _age(schedule.live_gap)
    yield from ("", f"Dua vaksin hidup suntik diberikan pada hari yang sama atau berjarak {gap}.", "")
    yield from _table(
        ("Vaksin yang dipakai", "Dosis", "Wilayah", "Sejak", "Sumber"),
        (
            (
                _(schedule.products[each.product].label),
                ", ".join(map(str, each.numbers)),
                ", ".join(each.areas),
                each.since.isoformat(),
                each.source,
            )
            for each in schedule.offers
        ),
    )


def _sets(schedule: Schedule) -> Iterator[str]:
    labels = _labels(schedule)
    yield from ("", "## Lengkap", "")
    yield from _table(
        ("Himpunan", "Lahir sejak", "Sebelum umur", "Dosis", "Sumber"),
        (
            (
                _(each.label),
                each.born_from.isoformat(),
                _age(each.before),
                ", ".join([labels[code] for code in each.doses] + [f"{labels[c]} (perempuan)" for c in each.girls]),
                each.source,
            )
            for each in schedule.sets
        ),
    )
    yield from (
        "",
        "*Lengkap sesuai umur* (kolom 20): tidak ada dosis yang waktunya sudah tiba, masih bisa didapat, dan belum",
        "tercatat. Tanpa satu pun catatan, aplikasi tidak menyimpulkan apa-apa.",
    )


def _tetanus(schedule: Schedule) -> Iterator[str]:
    yield from ("", "## Status tetanus", "", f"{schedule.tetanus.source}.", "")
    yield from _table(
        ("Status", "Jarak paling pendek", "Melindungi"),
        (
            (f"T{level}", _age(step.after) if level > 1 else "", f"{step.protects_years} tahun" if level > 1 else "")
            for level, step in enumerate(schedule.tetanus.steps, 1)
        ),
    )


def _dose(schedule: Schedule, rule: DoseRule) -> tuple[str, ...]:
    return (
        _(rule.label),
        f"`{rule.code}`",
        _age(rule.earliest),
        _age(rule.due),
        _age(rule.late),
        _age(rule.catch_up) if rule.catch_up else "",
        _age(rule.ends),
        _after(schedule, rule),
        ", ".join(rule.areas) or "semua",
        _dates(rule),
        rule.source,
    )


def _school(schedule: Schedule, rule: SchoolRule) -> tuple[str, ...]:
    return (
        _(rule.label),
        f"`{rule.code}`",
        str(rule.school_class),
        str(rule.month),
        str(rule.ends_with_class),
        {"female": "perempuan", "male": "laki-laki"}.get(rule.sex or "", "semua"),
        _after(schedule, rule),
        _dates(rule),
        rule.source,
    )


def _dates(rule: DoseRule | SchoolRule) -> str:
    return rule.since.isoformat() + (f" sampai {rule.until.isoformat()}" if rule.until else "")


def _after(schedule: Schedule, rule: DoseRule | SchoolRule) -> str:
    labels = _labels(schedule)
    return ", ".join(f"{_age(each.gap)} sesudah {labels[each.dose]}" for each in rule.after)


def _labels(schedule: Schedule) -> dict[str, str]:
    rules: tuple[DoseRule | SchoolRule, ...] = (*schedule.doses, *schedule.school)
    return {rule.code: _(rule.label) for rule in rules}


def _age(gap: Gap) -> str:
    parts = [f"{gap.months} bulan" if gap.months else "", f"{gap.days} hari" if gap.days else ""]
    return " ".join(part for part in parts if part) or "lahir"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    names = list(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
