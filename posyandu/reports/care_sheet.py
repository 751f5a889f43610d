"""The sheets about people followed beyond the day: the month's referrals with their answers, and its home visits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import indicators, life
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.form import Form
from posyandu.domain.forms import referral
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.home_visit import assess
from posyandu.reports import formats
from posyandu.reports.agreement import refs, same_people
from posyandu.reports.counted import name_of, short_address
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.post_sheet import HOME_VISITS, REFERRALS, made, said, simple_table
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.text import _

WEEKS = 5
"""Days 1-7 of a month are its first week; the fifth has what is left."""


@dataclass(frozen=True)
class Referred:
    """One referral of the month: `state` is "open", "came" or "not_came", `answer` what came back in words."""

    person_id: str
    on: date
    state: str
    answer: str
    answers: Answers


@dataclass(frozen=True)
class Visited:
    """One home visit of the month, with the checklist it was noted in."""

    person_id: str
    on: date
    form: Form
    answers: Answers


def referral_sheet(data: MonthlyData, sent: Sequence[Referred]) -> Sheet:
    """Who was sent where and why, what came back, and how many are still waited for; oldest first."""
    columns = (
        Column("no", _("No"), "right", 0.1, 7),
        Column("day", _("Tanggal"), "left", 0.5, 19),
        Column("name", _("Nama"), "left", 1.2, 32),
        Column("place", _("Dusun RT/RW"), "left", 0.8, 24),
        Column("reason", _("Alasan dirujuk"), "left", 1.8, 50),
        Column("to", _("Dirujuk ke"), "left", 0.7, 22),
        Column("urgency", _("Kapan"), "left", 0.7, 22),
        Column("answer", _("Jawaban rujukan"), "left", 1.8, 50),
    )
    ordered = sorted(sent, key=lambda each: (each.on, each.person_id))
    rows = tuple(
        (
            Cell(str(number), number),
            Cell(formats.short_date(each.on), each.on),
            _name_cell(data, each.person_id),
            said(short_address(_person(data, each.person_id))),
            said("; ".join(str(each.answers.get("reasons") or "").splitlines())),
            said(_label(referral.FORM, "destination", each.answers)),
            said(_label(referral.FORM, "urgency", each.answers)),
            said(each.answer),
        )
        for number, each in enumerate(ordered, 1)
    )
    counted = (Column("what", _("Rujukan"), "left", 1, 60), Column("people", _("Orang"), "right", 0.4, 20))
    states = (
        (_("Dirujuk"), ordered),
        (_("Datang ke tempat rujukan"), [each for each in ordered if each.state == "came"]),
        (_("Tidak datang"), [each for each in ordered if each.state == "not_came"]),
        (_("Belum ada jawaban"), [each for each in ordered if each.state == "open"]),
    )
    tables = (
        simple_table(
            "jumlah_rujukan",
            _("Jumlah"),
            counted,
            ((said(words), _people(data, who)) for words, who in states),
            landscape=True,
        ),
        Table(
            code=REFERRALS,
            title=_("Register rujukan"),
            columns=columns,
            head=plain_head(columns),
            rows=rows,
            empty=_("Tidak ada yang dirujuk bulan ini."),
            landscape=True,
        ),
    )
    rules = (
        _(
            "Register ini menghitung surat rujukan yang ditulis bulan ini, juga yang ditulis di luar hari Posyandu."
            " Kolom Dirujuk di rekapitulasi menghitung orang yang pada kunjungannya dicatat dirujuk, juga yang tanpa"
            " surat; karena itu keduanya dapat berbeda."
        ),
        _("Rujukan ke UPTD PPA tidak dicetak di sini: satu nama saja sudah membuka rahasianya."),
    )
    return made(REFERRALS, data, tables, rules, checks=_referral_checks(data, tables[0], tables[1]))


def _referral_checks(data: MonthlyData, counted: Table, register: Table) -> Iterable[Reconciliation]:
    """The register, its states, and whom the visits of the month call referred: those without a letter are named."""
    (_words, whole), *states = counted.rows
    answered = {ref.id: ref for _words, cell in states for ref in cell.people}
    listed = {ref.id: ref for row in register.rows for ref in row[register.column("name")].people}
    yield same_people(_("Orang di register rujukan"), listed.values(), _("dirujuk, menurut jumlahnya"), whole.people)
    yield same_people(_("Dirujuk"), whole.people, _("datang, tidak datang, dan belum ada jawaban"), answered.values())
    by_visit = _referred_at_visits(data)
    without = [PersonRef(ref.id, ref.name, _("tanpa surat bulan ini")) for ref in by_visit if ref.id not in listed]
    words = _("Dirujuk menurut kunjungan bulan ini: {n} = bersurat {k} + tanpa surat {m}.")
    yield Reconciliation(
        True, words.format(n=len(by_visit), k=len(by_visit) - len(without), m=len(without)), tuple(without)
    )


def _referred_at_visits(data: MonthlyData) -> tuple[PersonRef, ...]:
    """Whom the recaps count as referred in the month, each once."""
    month = data.month
    found = [
        *refs(each for each in data.children.get(month, ()) if indicators.referred(each)),
        *refs(each for each in data.pregnancies.get(month, ()) if indicators.referred(each)),
        *refs(each for each in data.life.get(month, ()) if life.referred(each)),
    ]
    return tuple({ref.id: ref for ref in found}.values())


def home_visit_sheet(data: MonthlyData, visits: Sequence[Visited]) -> Sheet:
    """Who was visited for which reason in each week, and what was found, planned and is left to do."""
    ordered = sorted(visits, key=lambda each: (each.on, each.person_id))
    weeks = tuple(
        Column(f"week_{week}", _("Minggu {n}").format(n=week), "right", 0.5, 16) for week in range(1, WEEKS + 1)
    )
    columns = (
        Column("reason", _("Alasan kunjungan"), "left", 1.6, 50),
        *weeks,
        Column("sum", _("Orang"), "right", 0.5, 16),
    )
    kinds = [*((each.code, _(each.label)) for each in _WHY.options), (None, _("Belum diisi"))]
    rows = [
        (said(words), *_weeks(data, [each for each in ordered if each.answers.get("why") == code]))
        for code, words in kinds
    ]
    rows.append((said(_("Semua")), *_weeks(data, ordered)))
    found = (
        Column("no", _("No"), "right", 0.1, 7),
        Column("day", _("Tanggal"), "left", 0.5, 19),
        Column("name", _("Nama"), "left", 1.2, 32),
        Column("place", _("Dusun RT/RW"), "left", 0.8, 24),
        Column("danger", _("Tanda bahaya (merah)"), "left", 1.4, 42),
        Column("gap", _("Belum (kuning)"), "left", 1.4, 42),
        Column("plan", _("Rencana tindak lanjut"), "left", 1.2, 36),
        Column("by", _("Penanggung jawab"), "left", 0.7, 24),
        Column("result", _("Hasil"), "left", 0.7, 22),
    )
    tables = (
        simple_table(
            HOME_VISITS,
            _("Kunjungan menurut alasan dan minggu"),
            columns,
            rows,
            strong=frozenset((len(rows) - 1,)),
            landscape=True,
        ),
        Table(
            code="tindak_lanjut_kr",
            title=_("Tindak lanjut kunjungan rumah"),
            columns=found,
            head=plain_head(found),
            rows=tuple(_visit_row(data, number, each) for number, each in enumerate(ordered, 1)),
            empty=_("Tidak ada kunjungan rumah bulan ini."),
            landscape=True,
        ),
    )
    rules = (
        _("Setiap angka menghitung orang, bukan kunjungan. Minggu 1 adalah tanggal 1 sampai 7, dan seterusnya."),
        _("Pertanyaan yang tidak dijawab tidak dihitung sebagai baik dan tidak sebagai bahaya."),
    )
    return made(HOME_VISITS, data, tables, rules, checks=_home_visit_checks(tables[0], tables[1]))


def _home_visit_checks(recap: Table, visits: Table) -> Iterable[Reconciliation]:
    """Everybody visited stands under a reason, in a week and in the list of what was found."""
    *reasons, whole = recap.rows
    everybody = whole[-1].people
    by_reason = {ref.id: ref for row in reasons for ref in row[-1].people}
    by_week = {ref.id: ref for cell in whole[1:-1] for ref in cell.people}
    listed = {ref.id: ref for row in visits.rows for ref in row[visits.column("name")].people}
    visited = _("Orang dikunjungi")
    yield same_people(visited, everybody, _("menurut alasan"), by_reason.values())
    yield same_people(visited, everybody, _("menurut minggu"), by_week.values())
    yield same_people(visited, everybody, _("menurut daftar tindak lanjut"), listed.values())


_why = next(iter(CHECKLISTS.values())).fields["why"]
assert isinstance(_why, Choice)
_WHY = _why


def _visit_row(data: MonthlyData, number: int, each: Visited) -> tuple[Cell, ...]:
    result = assess(data.rules, each.form, each.answers)
    later = each.answers.get("next_on")
    state = _label(each.form, "result", each.answers)
    again = _("kembali {day}").format(day=formats.short_date(later)) if isinstance(later, date) else ""
    return (
        Cell(str(number), number),
        Cell(formats.short_date(each.on), each.on),
        _name_cell(data, each.person_id),
        said(short_address(_person(data, each.person_id))),
        said("; ".join(result.dangers)),
        said("; ".join(result.gaps)),
        said(str(each.answers.get("plan") or "")),
        said(str(each.answers.get("plan_by") or "")),
        said(", ".join(part for part in (state, again) if part)),
    )


def _weeks(data: MonthlyData, visits: Sequence[Visited]) -> tuple[Cell, ...]:
    by_week = [[each for each in visits if week_of(each.on) == week] for week in range(1, WEEKS + 1)]
    return (*(_people(data, week) for week in by_week), _people(data, visits))


def week_of(day: date) -> int:
    """Which week of its month a day is in, from 1 to 5."""
    return (day.day - 1) // 7 + 1


def _people(data: MonthlyData, events: Sequence[Referred | Visited]) -> Cell:
    """How many different people, each with the day."""
    days = {each.person_id: each.on for each in reversed(events)}
    refs = tuple(
        PersonRef(person_id, name_of(_person(data, person_id)), formats.short_date(on))
        for person_id, on in reversed(days.items())
    )
    return Cell(formats.whole(len(refs)), len(refs), refs)


def _name_cell(data: MonthlyData, person_id: str) -> Cell:
    name = name_of(_person(data, person_id))
    return Cell(name, name, (PersonRef(person_id, name),))


def _person(data: MonthlyData, person_id: str) -> Answers:
    return data.everyone.get(person_id, {})


def _label(form: Form, name: str, answers: Answers) -> str:
    field = form.fields[name]
    assert isinstance(field, Choice)
    return next((_(each.label) for each in field.options if each.code == answers.get(name)), "")
