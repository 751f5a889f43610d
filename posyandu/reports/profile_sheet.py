"""Profil desa dan Posyandu: who lives here, what is known of them and their houses, beside the village's own figures.

And the register of consent: how many were told and what they said, who took something back, and the text read out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import house
from posyandu.domain.calendar import age_months, short_date
from posyandu.domain.consent import STATES, Standing
from posyandu.domain.fields import Answers, Choice, Field, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms.consent import FORM as CONSENT_FORM
from posyandu.domain.forms.consent import PURPOSES, TEXTS, VERSION
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.village_profile import FORM
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.reports.agreement import same_people
from posyandu.reports.counted import name_of, short_address
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.post_sheet import CONSENT, PROFILE, made, said, simple_table
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table
from posyandu.text import N_, _

FIGURES = tuple(field.name for section in FORM.sections[1:] for field in section.fields if field.name != "note")
"""What the village office is asked, in the order of the form."""

OF_PERSONS = ("birth_certificate", "jkn_kind", "jkn_active", "marital_status", "education", "disability", "betrothed")
OF_HOUSES = (
    "poor", "social_aid", "house_owner", "house_floor", "house_wall", "house_roof", "water_source", "clean_water",
    "latrine", "drain", "waste_sorted", "ventilation", "fit_house", "smoker",
)  # fmt: skip
"""What is counted answer by answer, in the order of the forms."""

PLACE = ("hamlet", "rw", "rt")
"""What together tells one RT from another: each RW counts its own from one."""


@dataclass(frozen=True)
class Home:
    """A house of the post and how many live in it."""

    answers: Answers
    people: int


@dataclass(frozen=True)
class Profile:
    """What the book says of a post on a day: people by id, houses, couples (ids), and what the village office told."""

    on: date
    people: Mapping[str, Answers]
    homes: Sequence[Home]
    couples: Sequence[str]
    told: Answers


def profile_sheet(data: MonthlyData, found: Profile, rules: Rules) -> Sheet:
    """The profile at the end of the month of the data. Figures of people open their names."""
    tables = (
        beside(found, rules),
        _ages(found, rules),
        _answers(
            "profil_orang", _("Data orang"), (_niks(found), *(_split(found, PERSON, name) for name in OF_PERSONS))
        ),
        _answers(
            "profil_rumah", _("Keluarga dan rumah"), (*(_homes(found, name) for name in OF_HOUSES), _weak(found, rules))
        ),
    )
    told = found.told
    source = str(told.get("source") or _("belum dicatat di Posyandu kita"))
    notes = (
        _("Menurut desa: {source}{year}. Kosong berarti belum ditanya, bukan nol.").format(
            source=source, year=f", {told['year']}" if told.get("year") else ""
        ),
        _("Tidak ada angka yang dihitung dari angka desa; keduanya berdampingan supaya perbedaannya terlihat."),
        _("Rumah perlu dilihat: {source}.").format(source=rules.sources["house"]),
    )
    return made(PROFILE, data, tables, notes, ("village_head", "coordinator"), _profile_checks(found, tables))


def _profile_checks(found: Profile, tables: Sequence[Table]) -> Iterable[Reconciliation]:
    """Sexes and ages make up everybody, and the answers to each question all who were asked, of people and houses."""
    _beside, ages, persons, houses = tables
    everybody = ages.rows[-1][-1].people
    lines = [ref for row in ages.rows[:-1] for ref in row[-1].people]
    here = _("Penduduk di buku ini")
    yield same_people(here, everybody, _("menurut umur"), lines)
    by_sex = [ref for cell in ages.rows[-1][1:3] for ref in cell.people]
    yield same_people(here, everybody, _("laki-laki dan perempuan"), by_sex)
    niks = [ref for row in _lines(persons, "NIK") for ref in row[-1].people]
    yield same_people(here, everybody, _("punya NIK, atau tanpa NIK dengan alasannya"), niks)
    for name in OF_PERSONS:
        field = PERSON.fields[name]
        asked = [ref for ref in everybody if field.shown_if is None or field.shown_if(found.people[ref.id])]
        told = [ref for row in _lines(persons, _(field.label)) for ref in row[-1].people]
        check = same_people(_("Ditanya: {question}").format(question=_(field.label)), asked, _("semua jawaban"), told)
        if not check.ok:
            yield check
    wrong = [
        _(HOUSEHOLD.fields[name].label)
        for name in OF_HOUSES
        if sum(_count(row[-1]) for row in _lines(houses, _(HOUSEHOLD.fields[name].label))) != len(found.homes)
    ]
    words = _("Jawaban setiap pertanyaan rumah berjumlah {n} keluarga.").format(n=len(found.homes))
    if wrong:
        words = _("Jawabannya tidak berjumlah {n} keluarga: {which}.").format(
            n=len(found.homes), which=", ".join(wrong)
        )
    yield Reconciliation(not wrong, words)


def _lines(table: Table, label: str) -> list[tuple[Cell, ...]]:
    """The rows of one question: its label stands in the value of each, and in the text of the first alone."""
    return [row for row in table.rows if row[0].value == label]


def _count(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


# --- figures


def _refs(people: Mapping[str, Answers]) -> Cell:
    refs = tuple(PersonRef(id_, name_of(each)) for id_, each in people.items())
    return Cell(formats.whole(len(refs)), len(refs), refs)


def _number(value: object) -> Cell:
    return Cell(formats.whole(value), value) if isinstance(value, int) else Cell("")


def _months(person: Answers, on: date) -> int | None:
    born_on = person.get("born_on")
    return age_months(born_on, on) if isinstance(born_on, date) and born_on <= on else None


def _those(found: Profile, holds: Callable[[Answers], bool]) -> dict[str, Answers]:
    return {id_: each for id_, each in found.people.items() if holds(each)}


def _aged(found: Profile, first: int, before: int | None = None, sex: str | None = None) -> dict[str, Answers]:
    """Who is of these completed months: from the first, and below `before` where there is one."""

    def holds(person: Answers) -> bool:
        months = _months(person, found.on)
        is_aged = months is not None and first <= months and (before is None or months < before)
        return is_aged and sex in (None, person.get("sex"))

    return _those(found, holds)


def beside(found: Profile, rules: Rules) -> Table:
    """The village's own figures beside those of the book; what only the office knows stands by itself."""
    book: Mapping[str, Cell] = {
        "men": _refs(_those(found, lambda each: each.get("sex") == "male")),
        "women": _refs(_those(found, lambda each: each.get("sex") == "female")),
        "families": _number(len(found.homes)),
        "poor_families": _number(sum(each.answers.get("poor") is True for each in found.homes)),
        "under_fives": _refs(_aged(found, 0, rules.groups.preschool_from)),
        "fertile_couples": _refs({id_: found.people[id_] for id_ in found.couples if id_ in found.people}),
        "elderly": _refs(_aged(found, rules.groups.elderly_from)),
        "dasawisma": _number(len({each.answers["dasawisma"] for each in found.homes if each.answers.get("dasawisma")})),
        "neighbourhoods": _number(
            len({tuple(map(each.answers.get, PLACE)) for each in found.homes if each.answers.get("rt")})
        ),
        "hamlets": _number(len({each.answers["hamlet"] for each in found.homes if each.answers.get("hamlet")})),
    }
    columns = (
        Column("figure", _("Hal"), "left", 2, 50),
        Column("told", _("Menurut desa"), "right", 1, 30),
        Column("book", _("Di buku ini"), "right", 1, 24),
    )
    rows = [
        (said(_(field.label)), _told(field, found.told), book.get(field.name, Cell("")))
        for field in (FORM.fields[name] for name in FIGURES)
    ]
    return simple_table("profil_desa", _("Menurut desa dan menurut buku"), columns, rows)


def _told(field: Field, told: Answers) -> Cell:
    value = told.get(field.name)
    if isinstance(field, Choice):
        return said(next((_(each.label) for each in field.options if each.code == value), ""))
    if isinstance(value, int):
        return Cell(f"{formats.whole(value)} {_(getattr(field, 'unit', ''))}".strip(), value)
    return said(str(value or ""))


def _ages(found: Profile, rules: Rules) -> Table:
    columns = (
        Column("band", _("Umur"), "left", 2, 40),
        Column("male", _("Laki-laki"), "right", 1, 20),
        Column("female", _("Perempuan"), "right", 1, 20),
        Column("all", _("Jumlah"), "right", 1, 20),
    )
    rows = [
        (
            said(formats.dashed(_(band.label))),
            *(_refs(_aged(found, band.from_months, band.to_months + 1, sex)) for sex in ("male", "female", None)),
        )
        for band in rules.age_bands["profile"]
    ]
    unknown = _those(found, lambda each: _months(each, found.on) is None)
    by_sex = [{i: each for i, each in unknown.items() if each.get("sex") == sex} for sex in ("male", "female")]
    rows.append((said(_("Tanggal lahir belum ada")), *map(_refs, by_sex), _refs(unknown)))
    everybody = [_those(found, lambda each, sex=sex: each.get("sex") == sex) for sex in ("male", "female")]  # type: ignore[misc]
    rows.append((said(_("Jumlah")), *map(_refs, everybody), _refs(found.people)))
    return simple_table("profil_umur", _("Penduduk menurut umur"), columns, rows, strong=frozenset((len(rows) - 1,)))


Part = tuple[str, Sequence[tuple[str, Cell]]]


def _answers(code: str, title: str, parts: Iterable[Part]) -> Table:
    columns = (
        Column("what", _("Hal"), "left", 2, 50),
        Column("answer", _("Jawaban"), "left", 2, 50),
        Column("number", _("Jumlah"), "right", 1, 20),
    )
    rows = [
        (Cell(label if not place else "", label), said(words), cell)
        for label, lines in parts
        for place, (words, cell) in enumerate(lines)
    ]
    return simple_table(code, title, columns, rows)


def _options(field: Field) -> list[tuple[object, str]]:
    """The answers there are, with their words."""
    if isinstance(field, YesNo):
        return [(True, _(field.yes)), (False, _(field.no))]
    assert isinstance(field, Choice)
    return [(each.code, _(each.label)) for each in field.options]


UNKNOWN = N_("belum ditanya")


def _split(found: Profile, form: Form, name: str) -> Part:
    field = form.fields[name]
    asked = _those(found, lambda each: field.shown_if is None or field.shown_if(each))
    lines = [
        (words, _refs({id_: each for id_, each in asked.items() if each.get(name) == value}))
        for value, words in (*_options(field), (None, _(UNKNOWN)))
    ]
    return _(field.label), lines


def _niks(found: Profile) -> Part:
    """Who has a NIK, and why the others have none: each answers a list "without NIK"."""
    field = PERSON.fields["nik_missing"]
    lines = [(_("ada"), _refs(_those(found, lambda each: each.get("nik") is not None)))]
    for value, words in (*_options(field), (None, _("tidak ada, alasannya belum ditanya"))):
        without = _those(found, lambda each, value=value: each.get("nik") is None and each.get("nik_missing") == value)  # type: ignore[misc]
        lines.append((words, _refs(without)))
    return "NIK", lines


def _homes(found: Profile, name: str) -> Part:
    field = HOUSEHOLD.fields[name]
    told: list[object] = [each.answers.get(name) for each in found.homes]
    return _(field.label), [
        (words, _number(told.count(value))) for value, words in (*_options(field), (None, _(UNKNOWN)))
    ]


def _weak(found: Profile, rules: Rules) -> Part:
    marked = [each for each in found.homes if house.signs(rules.house, each.answers, each.people)]
    cramped = [room for each in found.homes if (room := house.room_tenth_m2(each.answers, each.people)) is not None]
    return _("Rumah perlu dilihat"), [
        (_("ada tanda: bahan rapuh atau sempit"), _number(len(marked))),
        (_("luas lantainya diketahui"), _number(len(cramped))),
    ]


# --- consent


def consent_sheet(data: MonthlyData, people: Mapping[str, Answers], found: Mapping[str, Sequence[Standing]]) -> Sheet:
    """How many stand how to each purpose, with names; everybody who took something back; the text that is read out."""
    columns = (
        Column("purpose", _("Tentang"), "left", 3, 60),
        *(Column(state, _(words), "right", 1, 20) for state, (words, _level) in STATES.items()),
    )
    rows = []
    for place, words in enumerate(PURPOSES.values()):
        by_state = {
            state: {i: people[i] for i, each in found.items() if each[place].state == state} for state in STATES
        }
        rows.append((said(_(words)), *(_refs(each) for each in by_state.values())))
    back = (
        Column("name", _("Nama"), "left", 2, 40),
        Column("place", _("Dusun RT/RW"), "left", 1, 28),
        Column("purpose", _("Tentang"), "left", 2, 44),
        Column("on", _("Ditarik"), "left", 1, 20),
        Column("wish", _("Yang diminta"), "left", 2, 40),
    )
    wish = CONSENT_FORM.fields["wish"]
    withdrawn = [
        (
            Cell(name_of(people[id_]), name_of(people[id_]), (PersonRef(id_, name_of(people[id_])),)),
            said(short_address(people[id_])),
            said(_(PURPOSES[one.purpose])),
            said(short_date(one.on) if one.on is not None else ""),
            _told(wish, one.answers),
        )
        for id_, each in found.items()
        for one in each
        if one.state == "withdrawn"
    ]
    tables = (
        simple_table("persetujuan", _("Pemberitahuan dan persetujuan"), columns, rows, landscape=True),
        simple_table(
            "persetujuan_ditarik", _("Persetujuan yang ditarik"), back, withdrawn, landscape=True, empty=_("Tidak ada.")
        ),
    )
    notes = (
        _("Menarik persetujuan tidak menghapus apa pun. Yang minta dihapus: lewat Hapus data di kartunya."),
        _("Naskah {version} yang dibacakan:").format(version=VERSION),
        *(f"{number}. {_(words)}" for number, words in enumerate(TEXTS[VERSION], 1)),
    )
    return made(CONSENT, data, tables, notes, checks=_consent_checks(tables[0], tables[1], people))


def _consent_checks(counted: Table, back: Table, people: Mapping[str, Answers]) -> Iterable[Reconciliation]:
    """Everybody here stands somewhere to each purpose, and who took it back is in the list of those."""
    everybody = _refs(people).people
    for row in counted.rows:
        told = [ref for cell in row[1:] for ref in cell.people]
        yield same_people(_("Orang di buku ini"), everybody, row[0].text, told)
    withdrawn = [ref for row in counted.rows for ref in row[counted.column("withdrawn")].people]
    listed = [ref for row in back.rows for ref in row[0].people]
    yield same_people(_("Menarik persetujuan"), withdrawn, _("daftar yang ditarik"), listed)
