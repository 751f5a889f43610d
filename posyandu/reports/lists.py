"""The lists of names behind the month: who did not come, who did not gain, who needs looking after, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

from posyandu.domain import indicators
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.referral import score_places
from posyandu.reports import formats
from posyandu.reports.counted import Member, address_of, name_of, person_ref, short_address, short_age
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.text import N_, _


@dataclass(frozen=True)
class NameList(Generic[Member]):
    """One list: whom it holds and what it says of each."""

    code: str
    title: str
    test: Callable[[Member], bool]
    reason: Callable[[Member], str]


def child_lists(children: Sequence[ChildMonth]) -> tuple[Table, ...]:
    """Every list of children, the gravest first; empty ones too, so that nothing is silently missing."""
    return tuple(_child_table(each, children) for each in CHILD_LISTS)


def left_out_list(children: Sequence[ChildMonth]) -> tuple[Table, ...]:
    """Whom a scale or board found wrong leaves out; no list in the months without, so that what was signed stays."""
    return (_child_table(LEFT_OUT, children),) if any(map(indicators.left_out, children)) else ()


def wrong_tool_of(child: ChildMonth) -> str:
    """What is not counted of a child and why: "BGM, BB/U, BB/PB atau BB/TB: timbangan salah 12-11-2026"."""
    lost = [_(_LOST[index]) for index in _LOST if child.lost(index)]
    days = {each.visited_on: each.spoilt for each in child.assessments if each.spoilt}
    tools = [f"{_(_TOOLS[spoilt])} {formats.short_date(day)}" for day, spoilt in sorted(days.items())]
    return f"{', '.join(lost)}: {', '.join(tools)}"


_LOST = {"waz": N_("BGM, BB/U"), "haz": N_("PB/U atau TB/U"), "whz": N_("BB/PB, BB/TB, IMT/U")}
_TOOLS = {
    ("weight_g",): N_("timbangan salah"),
    ("length_mm",): N_("papan ukur salah"),
    ("weight_g", "length_mm"): N_("timbangan dan papan ukur salah"),
}


def pregnancy_lists(women: Sequence[PregnancyMonth]) -> tuple[Table, ...]:
    """Every list of pregnant women, the gravest first."""
    return tuple(_pregnancy_table(each, women) for each in PREGNANCY_LISTS)


def joined_lists(lists: Sequence[Table]) -> tuple[Table, ...]:
    """The name lists with the same columns as one table each, with the list's name in front, to filter by."""
    kinds: dict[tuple[str, ...], list[Table]] = {}
    for each in lists:
        kinds.setdefault(tuple(column.name for column in each.columns), []).append(each)
    joined = []
    for names, tables in kinds.items():
        columns = (Column("list", _("Daftar"), "left", 2, 30), *tables[0].columns)
        women = "husband" in names
        joined.append(
            Table(
                code="daftar_bumil" if women else "daftar_anak",
                title=_("Daftar nama ibu hamil") if women else _("Daftar nama anak"),
                columns=columns,
                head=plain_head(columns),
                rows=tuple(
                    (Cell(table.title, table.title.rsplit(":", 1)[0]), *row) for table in tables for row in table.rows
                ),
            )
        )
    return tuple(joined)


def _nothing(_person: ChildMonth | PregnancyMonth) -> str:
    """No words: the column stays free to write in."""
    return ""


def _referral_reason(person: ChildMonth | PregnancyMonth) -> str:
    for visit in reversed(person.visits):
        if visit.get("referral") not in (None, "none"):
            place = _(_PLACES.get(str(visit["referral"]), N_("Dirujuk")))
            why = str(visit.get("referral_reason") or "") or _findings(person)
            return f"{place}: {why}" if why else place
    return ""


_PLACES = {"pustu": N_("Pustu"), "puskesmas": N_("Puskesmas"), "hospital": N_("Rumah sakit")}


def _findings(person: ChildMonth | PregnancyMonth) -> str:
    """What the visits of the month found that sends the person on, each once, the last visit's first."""
    found = (finding for each in person.assessments[::-1] for finding in each.findings if finding.refer)
    return "; ".join(dict.fromkeys(finding.title.removesuffix(_(" (hasil hitung)")) for finding in found))


def _not_referred(person: ChildMonth | PregnancyMonth) -> bool:
    """Any visit's finding, other than T, that sends the person on, and no referral noted; T has a list of its own."""
    found = (finding for each in person.assessments for finding in each.findings)
    return not indicators.referred(person) and any(each.refer and each.code != "not_gained" for each in found)


def _gain(child: ChildMonth) -> str:
    weighing = child.weighing
    if weighing is None:
        return ""
    parts = [_("{kg} kg").format(kg=formats.kilograms(weighing.grams))]
    if weighing.gain_g is not None:
        parts.append(_("{gain} g").format(gain=formats.grams(weighing.gain_g)))
    if weighing.kbm_g is not None and weighing.gain_g is not None:
        parts.append(_("KBM {kbm} g").format(kbm=formats.whole(weighing.kbm_g)))
    if weighing.judged:
        parts.append(_("menurut kurva KMS"))
    return ", ".join(parts)


def _weight_for_age(child: ChildMonth) -> str:
    return _("{kg} kg, BB/U {z} SD").format(
        kg=formats.kilograms(child.weighing.grams if child.weighing else None), z=_z(child, "waz")
    )


def _z(child: ChildMonth, index: str) -> str:
    for each in reversed(child.assessments):
        value = getattr(each.z, index)
        if value is not None:
            return formats.decimal(value, score_places(value))
    return formats.DASH


def _class_and(index: str, measure: str, unit: str) -> Callable[[ChildMonth], str]:
    """The words of a class with the measured value or the z-score behind it."""

    def reason(child: ChildMonth) -> str:
        category = child.class_of(index)
        label = "" if category is None else category.label
        if measure.endswith("_mm"):
            value = child.last(measure)
            shown = formats.centimetres(value if isinstance(value, int) else None)
        else:
            shown = _z(child, measure)
        return f"{label}, {shown} {unit}"

    return reason


def _fatness_reason(child: ChildMonth) -> str:
    return (
        _class_and("whz", "whz", "SD")(child) if indicators.under_five(child) else _class_and("baz", "baz", "SD")(child)
    )


def _absence(child: ChildMonth) -> str:
    if child.weighed_before is None:
        return _("Belum pernah ditimbang")
    day, grams = child.weighed_before
    return _("Terakhir {day}, {kg} kg").format(day=formats.short_date(day), kg=formats.kilograms(grams))


def _missed(child: ChildMonth) -> str:
    return "; ".join(filter(None, (_gain(child), _absence(child))))


def _came_not_weighed(child: ChildMonth) -> bool:
    return indicators.came(child) and indicators.not_weighed(child)


def _no_book(child: ChildMonth) -> bool:
    return indicators.under_five(child) and not indicators.has_book(child)


def _no_book_reason(child: ChildMonth) -> str:
    return _("Tidak punya") if child.person.get("has_kia_book") is False else _("Belum ditanya")


def _wasted(child: ChildMonth) -> bool:
    category = child.class_of("whz" if indicators.under_five(child) else "baz")
    return category is not None and category.code in ("wasted", "severely_wasted")


def _stunted(child: ChildMonth) -> bool:
    category = child.class_of("haz")
    return category is not None and category.code in ("stunted", "severely_stunted")


def _not_immunised(child: ChildMonth) -> bool:
    """Incomplete as the kader answered, or late by the schedule and the doses noted."""
    return child.last("immunisation_complete") is False or bool(child.late_doses)


def _late_doses(child: ChildMonth) -> str:
    """The late doses; without one what was answered, and what the doses noted say to that."""
    if child.late_doses:
        return _("Terlambat: {doses}").format(doses=child.late_doses)
    told = _("Catatan dosis: {words}").format(words=child.told_doses) if child.told_doses else ""
    return " ".join(filter(None, (_("Dijawab belum lengkap."), told)))


def _no_capsule(child: ChildMonth) -> bool:
    """Said to have had none in a month of vitamin A, at the right age: one given at an earlier visit is enough."""
    due = any(finding.code == "vitamin_a_due" for each in child.assessments for finding in each.findings)
    return due and child.last("vitamin_a") == "none" and not indicators.got_vitamin_a(child)


def _tbc(person: ChildMonth | PregnancyMonth) -> str:
    questions = {
        "tbc_cough": _("batuk terus-menerus"),
        "tbc_fever": _("demam 2 minggu atau lebih"),
        "tbc_weight": _("BB tidak naik 2 bulan"),
        "tbc_contact": _("kontak erat"),
        "tbc_listless": _("lesu"),
    }
    told = [words for name, words in questions.items() if any(visit.get(name) is True for visit in person.visits)]
    if questions["tbc_weight"] not in told and isinstance(person, ChildMonth) and indicators.not_gained_twice(person):
        told.append(questions["tbc_weight"])
    text = ", ".join(told)
    return text[:1].upper() + text[1:]


CHILD_LISTS: tuple[NameList[ChildMonth], ...] = (
    NameList("dirujuk", N_("Anak dirujuk"), indicators.referred, _referral_reason),
    NameList("perlu_rujuk", N_("Anak perlu dirujuk selain karena T, rujukan belum dicatat"), _not_referred, _findings),
    NameList("bgm", N_("Anak di bawah garis merah (BGM)"), indicators.below_red_line, _weight_for_age),
    NameList("gizi_kurang", N_("Anak gizi kurang atau gizi buruk (BB/PB, BB/TB)"), _wasted, _fatness_reason),
    NameList(
        "lila", N_("Anak dengan LiLA kuning atau merah"), indicators.arm_other, _class_and("muac", "muac_mm", "cm")
    ),
    NameList("2t", N_("Anak dua kali tidak naik (2T)"), indicators.not_gained_twice, _gain),
    NameList("t", N_("Anak tidak naik (T)"), indicators.not_gained, _gain),
    NameList("garis_oranye", N_("Anak di atas garis oranye"), indicators.above_orange_line, _weight_for_age),
    NameList("pendek", N_("Anak pendek atau sangat pendek (PB/U, TB/U)"), _stunted, _class_and("haz", "haz", "SD")),
    NameList(
        "lingkar_kepala",
        N_("Anak dengan lingkar kepala di luar normal"),
        indicators.head_other,
        _class_and("head", "head_mm", "cm"),
    ),
    NameList(
        "perkembangan",
        N_("Anak dengan checklist perkembangan tidak lengkap"),
        indicators.development_incomplete,
        _nothing,
    ),
    NameList("tbc_anak", N_("Anak bergejala TBC"), indicators.tbc_suspected, _tbc),
    NameList("imunisasi", N_("Anak yang imunisasinya belum lengkap"), _not_immunised, _late_doses),
    NameList("vitamin_a", N_("Anak hadir yang belum mendapat vitamin A"), _no_capsule, _nothing),
    NameList("o", N_("Anak tidak ditimbang bulan lalu (O)"), indicators.missed_last_month, _missed),
    NameList("tidak_hadir", N_("Bayi, balita dan apras tidak hadir"), indicators.did_not_come, _absence),
    NameList("tidak_ditimbang", N_("Balita hadir tetapi tidak ditimbang"), _came_not_weighed, _absence),
    NameList("tanpa_buku", N_("Balita tanpa KMS/Buku KIA"), _no_book, _no_book_reason),
)
LEFT_OUT = NameList(
    "alat_salah", N_("Anak yang tidak dihitung dalam BGM atau status gizi: alat salah"),
    indicators.left_out, wrong_tool_of,
)  # fmt: skip


def _kek(woman: PregnancyMonth) -> str:
    value = woman.last("muac_mm")
    return _("LiLA {cm} cm").format(cm=formats.centimetres(value if isinstance(value, int) else None))


def _pressure(woman: PregnancyMonth) -> str:
    for visit in reversed(woman.visits):
        if visit.get("systolic_mmhg") is not None or visit.get("diastolic_mmhg") is not None:
            upper, lower = (visit.get(name) or formats.DASH for name in ("systolic_mmhg", "diastolic_mmhg"))
            return f"{upper}/{lower} mmHg"
    return _("Di luar kurva Buku KIA")


def _weight(woman: PregnancyMonth) -> str:
    grams = woman.last("weight_g")
    return _("{kg} kg").format(kg=formats.kilograms(grams if isinstance(grams, int) else None))


def _anaemic(woman: PregnancyMonth) -> bool:
    return woman.judged("anaemic") is True


def _haemoglobin(woman: PregnancyMonth) -> str:
    tenths = woman.last("haemoglobin_dg_dl")
    return _("Hb {value} g/dL").format(value=formats.decimal(tenths / 10 if isinstance(tenths, int) else None))


def _phone(woman: PregnancyMonth) -> str:
    phone = woman.person.get("phone")
    return _("HP {phone}").format(phone=phone) if phone else ""


PREGNANCY_LISTS: tuple[NameList[PregnancyMonth], ...] = (
    NameList("bumil_dirujuk", N_("Ibu hamil dirujuk"), indicators.referred, _referral_reason),
    NameList("bumil_perlu_rujuk", N_("Ibu hamil perlu dirujuk, rujukan belum dicatat"), _not_referred, _findings),
    NameList("bumil_td", N_("Ibu hamil dengan tekanan darah merah"), indicators.pressure_red, _pressure),
    NameList("bumil_kek", N_("Ibu hamil KEK (LiLA merah)"), indicators.chronic_energy_deficiency, _kek),
    NameList("bumil_anemia", N_("Ibu hamil anemia"), _anaemic, _haemoglobin),
    NameList("bumil_bb", N_("Ibu hamil dengan berat badan di luar kurva"), indicators.weight_red, _weight),
    NameList("bumil_tbc", N_("Ibu hamil bergejala TBC"), indicators.mother_tbc_suspected, _tbc),
    NameList("bumil_tidak_hadir", N_("Ibu hamil tidak hadir"), indicators.mother_did_not_come, _phone),
)

OF_THE_ABSENT = frozenset(("tidak_hadir", "bumil_tidak_hadir"))
"""The lists that a month without a posyandu day does not have: nobody was absent."""

_CHILD_COLUMNS = (
    Column("no", N_("No"), "right", 0.1, 7),
    Column("name", N_("Nama"), "left", 1, 30),
    Column("sex", N_("L/P"), "center", 0.2, 8),
    Column("age", N_("Umur"), "left", 0.8, 18),
    Column("mother", N_("Nama ibu"), "left", 0.8, 24),
    Column("place", N_("Dusun RT/RW"), "left", 0.6, 22),
    Column("why", N_("Keterangan"), "left", 4, 34),
)
_PREGNANCY_COLUMNS = (
    Column("no", N_("No"), "right", 0.1, 7),
    Column("name", N_("Nama"), "left", 1, 30),
    Column("age", N_("Umur"), "left", 0.8, 18),
    Column("gestation", N_("Hamil"), "left", 0.6, 18),
    Column("husband", N_("Nama suami"), "left", 1.4, 24),
    Column("place", N_("Dusun RT/RW"), "left", 0.6, 22),
    Column("why", N_("Keterangan"), "left", 4, 34),
)


def _child_table(each: NameList[ChildMonth], children: Sequence[ChildMonth]) -> Table:
    def row(child: ChildMonth, reason: str) -> tuple[str, ...]:
        return (
            formats.sex(child.sex),
            short_age(child),
            str(child.person.get("mother_name") or ""),
            short_address(child.person),
            reason,
        )

    return _table(each, children, _CHILD_COLUMNS, row)


def _pregnancy_table(each: NameList[PregnancyMonth], women: Sequence[PregnancyMonth]) -> Table:
    def row(woman: PregnancyMonth, reason: str) -> tuple[str, ...]:
        return (
            short_age(woman),
            _weeks(woman),
            str(woman.person.get("husband_name") or ""),
            short_address(woman.person),
            reason,
        )

    return _table(each, women, _PREGNANCY_COLUMNS, row)


def _weeks(woman: PregnancyMonth) -> str:
    gestation = indicators.gestation_of(woman)
    return formats.DASH if gestation is None else _("{weeks} minggu").format(weeks=gestation.weeks)


def _table(
    each: NameList[Member],
    people: Iterable[Member],
    columns: tuple[Column, ...],
    row: Callable[[Member, str], tuple[str, ...]],
) -> Table:
    titled = tuple(Column(c.name, _(c.title), c.align, c.width, c.least_mm) for c in columns)
    found = sorted((person for person in people if each.test(person)), key=_order)
    rows = []
    for number, person in enumerate(found, 1):
        reason = each.reason(person)
        ref = person_ref(person, reason)
        name = name_of(person.person)
        rows.append(
            (Cell(str(number), number, (ref,)), Cell(name, name, (ref,)), *(Cell(t, t) for t in row(person, reason)))
        )
    title = _(each.title)
    return Table(
        code=each.code,
        title=f"{title}: {len(found)}" if found else title,
        columns=titled,
        head=plain_head(titled),
        rows=tuple(rows),
        empty=_("Tidak ada."),
    )


def _order(person: ChildMonth | PregnancyMonth) -> tuple[str, str, str]:
    """By place, then name: the way a kader walks."""
    return address_of(person.person).casefold(), name_of(person.person).casefold(), person.id
