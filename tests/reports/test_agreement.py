"""A sheet that does not agree with another report says so and names who makes it differ."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest

from posyandu.domain import iks
from posyandu.domain.consent import Standing
from posyandu.domain.couples import INDICATORS
from posyandu.domain.fields import Answers
from posyandu.domain.forms.home_visit import CHILD
from posyandu.domain.life_indicators import Examined
from posyandu.domain.stock import Line, Outlook
from posyandu.reports import agreement, care_sheet, couples_sheet, life_indicators_sheet, post_sheet, profile_sheet
from posyandu.reports.care_sheet import Referred, Visited
from posyandu.reports.counts import SheetData, count_cell
from posyandu.reports.iks_sheet import Family, iks_sheet
from posyandu.reports.iks_sheet import _checks as iks_checks
from posyandu.reports.layout import layouts
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.post_sheet import StockItem
from posyandu.reports.profile_sheet import Home, Profile
from posyandu.reports.table import Cell, PersonRef, Table
from tests.domain.shipped import RULES
from tests.reports.test_sheet import BOOK, OCTOBER, made, sheet_data

WOMAN, LATER = next((woman, told) for woman, told in BOOK.pregnancies.values() if told.get("outcome") == "ongoing")
ON = date(2026, 10, 6)


@pytest.fixture(scope="module")
def data() -> SheetData:
    noted: Answers = {"visited_on": ON, "couple": True, "tetanus_1_on": ON}
    activities: tuple[Answers, ...] = ({"held_on": ON, "kind": "education"},)
    return replace(sheet_data(OCTOBER), wus={WOMAN: noted}, activities=activities)


def checks(code: str, data: SheetData, spoil: Callable[[Table], Table] = lambda table: table) -> list[Reconciliation]:
    """What a sheet must agree on with others, its tables spoilt."""
    parts = layouts()[code].parts
    return list(agreement.of_registers(parts, [spoil(table) for table in made(code, data).tables], data))


def first_less(table: Table) -> Table:
    return replace(table, rows=table.rows[1:], strong=frozenset())


def one_fewer(table: Table) -> Table:
    """Every figure of people with one of them forgotten."""
    rows = tuple(tuple(_less(cell) if isinstance(cell.value, int) else cell for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def _less(cell: Cell) -> Cell:
    return Cell(str(len(cell.people) - 1), len(cell.people) - 1, cell.people[1:]) if cell.people else cell


def unmarked(table: Table) -> Table:
    """The rows without their ticks and weights."""
    kept = [not column.name.startswith(("came_", "weight_")) for column in table.columns]
    rows = (tuple(cell if keep else Cell("") for keep, cell in zip(kept, row, strict=True)) for row in table.rows)
    return replace(table, rows=tuple(rows))


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("register_balita", first_less),
        ("register_bumil", first_less),
        ("lembar_cadangan", first_less),
        ("catatan_bulanan", first_less),
        ("sip1", first_less),
        ("sip2", first_less),
        ("sip3", first_less),
        ("sip4", first_less),
        ("sip5", one_fewer),
        ("sip6", one_fewer),
        ("register_balita", unmarked),
        ("register_bumil", unmarked),
        ("sip2", unmarked),
    ],
)
def test_whom_a_sheet_forgets_is_named(code: str, spoil: Callable[[Table], Table], data: SheetData) -> None:
    whole = checks(code, data)
    assert whole
    assert [each.sentence for each in whole if not each.ok] == []
    amiss = [each for each in checks(code, data, spoil) if not each.ok]
    assert amiss
    assert all(each.people for each in amiss)
    if spoil is first_less and code != "catatan_bulanan":
        gone = next(iter(made(code, data).tables[0].rows[0]), None)
        assert gone is not None
        named = {ref.id for each in amiss for ref in each.people}
        assert {ref.id for cell in made(code, data).tables[0].rows[0] for ref in cell.people} & named


def test_sip_7_misses_an_activity(data: SheetData) -> None:
    (check,) = checks("sip7", data)
    assert check.ok
    (check,) = checks("sip7", data, first_less)
    assert "\N{NOT EQUAL TO} hari buka" in check.sentence


def test_a_baby_and_a_mother_who_died_stand_in_both_formats_of_sip(data: SheetData) -> None:
    baby = next(ref.id for ref in count_cell("births", data, OCTOBER - 3).people)
    everyone = {**data.report.everyone}
    everyone[baby] = {**everyone[baby], "status": "died", "left_on": ON}
    dead = replace(data, report=replace(data.report, everyone=everyone))
    told = checks("sip1", dead)
    assert [each.sentence for each in told if "Bayi" in each.sentence] == [
        "Bayi meninggal di daftar ini: 1 = bayi meninggal di SIP Format 5: 1."
    ]

    def without(table: Table) -> Table:
        place = table.column("died_on")
        return replace(table, rows=tuple((*row[:place], Cell(""), *row[place + 1 :]) for row in table.rows))

    (check,) = (each for each in checks("sip1", dead, without) if not each.ok)
    assert (check.person_ids, check.people[0].detail) == ((baby,), "hanya di: bayi meninggal di SIP Format 5")


# --- the sheets of the post itself


@pytest.fixture(scope="module")
def post(data: SheetData) -> MonthlyData:
    return data.report


def wrong(found: tuple[Reconciliation, ...]) -> list[tuple[str, ...]]:
    return [each.person_ids for each in found if not each.ok]


def test_a_referral_in_no_known_state_is_named_and_so_is_who_has_no_letter(post: MonthlyData) -> None:
    one, other = (child.id for child in post.children[OCTOBER][:2])
    sent = Referred(one, ON, "open", "", {})
    assert wrong(care_sheet.referral_sheet(post, [sent]).checks) == []
    assert wrong(care_sheet.referral_sheet(post, [replace(sent, state="lost")]).checks) == [(one,)]
    visited = tuple(
        replace(child, visits=({"visited_on": ON, "referral": "puskesmas"},)) if child.id == other else child
        for child in post.children[OCTOBER]
    )
    seen = replace(post, children={**post.children, OCTOBER: visited})
    assert other in care_sheet.referral_sheet(seen, [sent]).checks[-1].person_ids


def test_a_home_visit_for_a_reason_no_line_has_is_named(post: MonthlyData) -> None:
    child = post.children[OCTOBER][0].id
    assert wrong(care_sheet.home_visit_sheet(post, [Visited(child, ON, CHILD, {})]).checks) == []
    assert wrong(care_sheet.home_visit_sheet(post, [Visited(child, ON, CHILD, {"why": "lain"})]).checks) == [(child,)]


def test_who_lives_here_and_belongs_to_no_family_is_named_beside_the_index(post: MonthlyData) -> None:
    found = iks.FamilyIndex(tuple(iks.Indicator(code, iks.YES, "") for code in iks.INDICATORS))
    people: dict[str, Answers] = {"ani": {"name": "Ani"}, "budi": {"name": "Budi"}}
    sheet = iks_sheet(post, [Family("Budi", {}, found, ("ani", "budi"))], RULES, people)
    assert wrong(sheet.checks) == []
    assert [ref.id for ref in sheet.tables[0].rows[0][1].people] == ["budi"], "the head stands for the family"
    assert sheet.tables[0].rows[list(iks.INDICATORS).index("mental")][1].people == ()
    assert wrong(iks_sheet(post, [Family("Budi", {}, found, ("budi",))], RULES, people).checks) == [("ani",)]
    two = [Family("Budi", {}, found, ("ani", "budi")), Family("Cici", {}, found)]
    area = iks.area([found, found], lambda _value: iks.HEALTHY)
    amiss = [each for each in iks_checks(area, sheet.tables[0], two, people) if not each.ok]
    assert [each.sentence[:45] for each in amiss] == ["Tidak berjumlah 2 keluarga: 1. Ikut KB; 2. Be"]


@pytest.mark.parametrize(
    "person", [{"sex": None}, {"nik_missing": "later"}, {"marital_status": "later"}], ids=["sex", "nik", "answer"]
)
def test_the_profile_names_whom_a_question_leaves_out(post: MonthlyData, person: Answers) -> None:
    known: Answers = {"name": "Ani", "sex": "female", "born_on": date(1990, 1, 1)}
    whole = Profile(ON, {"ani": known}, [Home({}, 1)], (), {})
    assert wrong(profile_sheet.profile_sheet(post, whole, RULES).checks) == []
    spoilt = replace(whole, people={"ani": {**known, **person}})
    assert ("ani",) in wrong(profile_sheet.profile_sheet(post, spoilt, RULES).checks)


def test_a_house_with_an_answer_no_line_has_is_told(post: MonthlyData) -> None:
    found = Profile(ON, {}, [Home({"house_floor": "later"}, 1)], (), {})
    (check,) = (each for each in profile_sheet.profile_sheet(post, found, RULES).checks if not each.ok)
    assert check.sentence.startswith("Jawabannya tidak berjumlah 1 keluarga: ")


def test_who_stands_nowhere_to_a_purpose_of_consent_is_named(post: MonthlyData) -> None:
    people: dict[str, Answers] = {"ani": {"name": "Ani"}, "budi": {"name": "Budi"}}
    told = tuple(Standing(purpose, "none", {}) for purpose in profile_sheet.PURPOSES)
    assert wrong(profile_sheet.consent_sheet(post, people, {"ani": told, "budi": told}).checks) == []
    assert wrong(profile_sheet.consent_sheet(post, people, {"ani": told}).checks) == [("budi",)] * len(told)


def test_stock_that_does_not_add_up_is_named(post: MonthlyData) -> None:
    known = dict(opening=10, received=5, recorded=3, typed=None, used=3, wasted=1, counted=11, difference=0, balance=11)
    line = Line(month=OCTOBER, expected=11, expires_on=None, told=True, **known)  # type: ignore[arg-type]

    def said(line: Line) -> list[str]:
        sheet = post_sheet.stock_sheet(post, [StockItem("Oralit", "bungkus", line, Outlook("ok", ""))])
        return [each.sentence for each in sheet.checks if not each.ok]

    assert said(line) == said(replace(line, opening=None)) == []
    assert said(replace(line, expected=12)) == ["Stok tidak cocok hitungannya: Oralit."]
    assert said(replace(line, difference=2)) == ["Stok tidak cocok hitungannya: Oralit."]


def test_an_activity_of_no_field_and_a_child_of_no_recap_are_told(post: MonthlyData) -> None:
    held: Answers = {"held_on": ON, "kind": "education", "field": "education", "participants": 12}
    assert wrong(post_sheet.spm_sheet(post, [held], {}).checks) == []
    (check,) = (each for each in post_sheet.spm_sheet(post, [{**held, "field": "later"}], {}).checks if not each.ok)
    assert "kegiatan 0, peserta 0 \N{NOT EQUAL TO} daftar kegiatan: 1 dan 12" in check.sentence
    first, *others = post.children[OCTOBER]
    older = replace(post, children={**post.children, OCTOBER: (replace(first, age_months=80), *others)})
    assert (first.id,) in wrong(post_sheet.spm_sheet(older, [], {}).checks)


def test_an_adult_nobody_judged_is_named_in_the_indicators_of_all_ages(post: MonthlyData) -> None:
    awaited = agreement.in_life_recaps(post, "targets")
    assert awaited
    judged = [each for each in post.life[OCTOBER] if each.id in {ref.id for ref in awaited}]
    people = [Examined(**{one.name: getattr(each, one.name) for one in fields(each) if one.init}) for each in judged]
    assert wrong(life_indicators_sheet.life_indicators_sheet(post, people).checks) == []
    assert wrong(life_indicators_sheet.life_indicators_sheet(post, people[1:]).checks) == [(people[0].id,)]


def test_a_child_who_is_not_of_s_is_named_among_the_indicators() -> None:
    ani, budi = PersonRef("a", "Ani"), PersonRef("b", "Budi")
    assert agreement.all_among("Balita", [ani, ani], "S", [ani, budi]).ok
    check = agreement.all_among("Balita", [ani, budi], "S", [ani])
    assert (check.ok, check.person_ids) == (False, ("b",))
    assert check.sentence == "Balita: 2; 1 di antaranya tidak ada di S (1)."


def test_a_couple_of_4t_in_none_of_the_four_lines_is_named() -> None:
    table = couples_sheet.couples_table([])
    assert wrong(tuple(couples_sheet._checks(table))) == []
    place, row = list(INDICATORS).index("four_t_kb"), table.column("among")
    counted = Cell("1", 1, (PersonRef("a", "Ani"),))
    rows = [
        tuple(counted if (n, c) == (place, row) else cell for c, cell in enumerate(r)) for n, r in enumerate(table.rows)
    ]
    assert wrong(tuple(couples_sheet._checks(replace(table, rows=tuple(rows))))) == [("a",)]


def test_somebody_listed_twice_does_not_agree() -> None:
    ani = PersonRef("a", "Ani")
    check = agreement.same_people("Daftar", [ani, ani], "rekapitulasi", [ani])
    assert (check.ok, check.sentence) == (False, "Daftar: 2 \N{NOT EQUAL TO} rekapitulasi: 1.")
    assert check.people == (PersonRef("a", "Ani", "hanya di: Daftar"),)
