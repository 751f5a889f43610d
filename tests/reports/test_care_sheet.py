"""The register of referrals and the recap of home visits: people counted once, weeks by the calendar, oldest first."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.fields import Answers
from posyandu.domain.forms.home_visit import CHILD, PREGNANT
from posyandu.reports import care_sheet
from posyandu.reports.care_sheet import Referred, Visited
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import PersonRef, Table

PEOPLE: dict[str, Answers] = {
    "raka": {"name": "Raka", "hamlet": "Timur", "rt": "01", "rw": "02"},
    "ayu": {"name": "Ayu"},
    "sari": {},
}


@pytest.fixture(scope="module")
def post(data: MonthlyData) -> MonthlyData:
    return replace(data, everyone=PEOPLE)


def sent(person: str, day: int, state: str = "open", answer: str = "", **answers: str) -> Referred:
    return Referred(person, date(2026, 10, day), state, answer, answers)  # type: ignore[arg-type]


def visited(person: str, day: int, form: object = CHILD, **answers: object) -> Visited:
    return Visited(person, date(2026, 10, day), form, answers)  # type: ignore[arg-type]


def texts(table: Table, row: int) -> list[str]:
    return [cell.text for cell in table.rows[row]]


def numbers(table: Table) -> dict[str, list[object]]:
    return {row[0].text: [cell.value for cell in row[1:]] for row in table.rows}


def register(sheet: Sheet) -> Table:
    return sheet.tables[1]


def test_a_referral_is_told_in_one_line(post: MonthlyData) -> None:
    row = sent(
        "raka", 6, "came", "Gizi buruk, RUTF", reasons="LiLA merah\n2T", destination="puskesmas", urgency="today"
    )
    assert texts(register(care_sheet.referral_sheet(post, [row])), 0) == [
        "1", "06-10-2026", "Raka", "Timur 01/02", "LiLA merah; 2T", "Puskesmas", "Hari ini juga", "Gizi buruk, RUTF",
    ]  # fmt: skip


def test_what_was_not_written_is_empty_and_who_is_not_named_says_so(post: MonthlyData) -> None:
    table = register(care_sheet.referral_sheet(post, [sent("sari", 6), sent("nobody", 7)]))
    assert texts(table, 0)[2:] == ["(nama belum diisi)", "", "", "", "", ""]
    assert texts(table, 1)[2] == "(nama belum diisi)"
    assert table.cell(0, "name").people == (PersonRef("sari", "(nama belum diisi)"),)


def test_the_register_goes_by_day_and_the_sums_count_people(post: MonthlyData) -> None:
    rows = [
        sent("ayu", 20, "not_came"), sent("raka", 6, "came"), sent("raka", 13, "came"), sent("sari", 6),
    ]  # fmt: skip
    sheet = care_sheet.referral_sheet(post, rows)
    table = register(sheet)
    assert [row[1].text for row in table.rows] == ["06-10-2026", "06-10-2026", "13-10-2026", "20-10-2026"]
    assert [row[0].value for row in table.rows] == [1, 2, 3, 4]
    assert numbers(sheet.tables[0]) == {
        "Dirujuk": [3],
        "Datang ke tempat rujukan": [1],
        "Tidak datang": [1],
        "Belum ada jawaban": [1],
    }
    assert [ref.detail for ref in sheet.tables[0].rows[1][1].people] == ["06-10-2026"], "the first day"


def test_a_month_without_referrals_says_so(post: MonthlyData) -> None:
    sheet = care_sheet.referral_sheet(post, [])
    assert register(sheet).empty == "Tidak ada yang dirujuk bulan ini."
    assert {value for values in numbers(sheet.tables[0]).values() for value in values} == {0}
    why_it_differs, secret = sheet.rules
    assert "Kolom Dirujuk di rekapitulasi menghitung orang yang pada kunjungannya dicatat dirujuk" in why_it_differs
    assert secret == "Rujukan ke UPTD PPA tidak dicetak di sini: satu nama saja sudah membuka rahasianya."


@pytest.mark.parametrize(
    ("day", "week"), [(1, 1), (7, 1), (8, 2), (14, 2), (15, 3), (21, 3), (22, 4), (28, 4), (29, 5), (31, 5)]
)
def test_a_week_of_the_month_is_seven_days_from_its_first(day: int, week: int) -> None:
    assert care_sheet.week_of(date(2026, 10, day)) == week


def test_home_visits_are_counted_by_reason_and_week_as_people(post: MonthlyData) -> None:
    visits = [
        visited("raka", 2, why="absent"),
        visited("raka", 5, why="absent"),
        visited("ayu", 8, why="absent"),
        visited("sari", 30, why="danger"),
        visited("ayu", 30),
    ]
    table = care_sheet.home_visit_sheet(post, visits).tables[0]
    found = numbers(table)
    assert found["Tidak mengakses pelayanan"] == [1, 1, 0, 0, 0, 2]
    assert found["Ada tanda bahaya"] == [0, 0, 0, 0, 1, 1]
    assert found["Belum diisi"] == [0, 0, 0, 0, 1, 1]
    assert found["Semua"] == [1, 1, 0, 0, 2, 3]
    assert found["Kunjungan tahunan"] == [0, 0, 0, 0, 0, 0]
    assert table.strong == frozenset((len(table.rows) - 1,))
    assert [column.title for column in table.columns][1:] == [*(f"Minggu {n}" for n in range(1, 6)), "Orang"]


def test_what_a_home_visit_found_and_leaves_to_do(post: MonthlyData) -> None:
    danger = next(name for name in PREGNANT.fields if name.startswith("danger_"))
    gap = next(name for name in PREGNANT.fields if name.startswith("gap_"))
    told = visited(
        "raka", 6, PREGNANT, **{danger: True, gap: False}, plan="Antar ke bidan", plan_by="Bu Sri", result="open",
        next_on=date(2026, 10, 13),
    )  # fmt: skip
    row = texts(register(care_sheet.home_visit_sheet(post, [told])), 0)
    assert row[:4] == ["1", "06-10-2026", "Raka", "Timur 01/02"]
    assert row[4] == PREGNANT.fields[danger].label
    assert row[5].startswith("Belum: ")
    assert row[6:] == ["Antar ke bidan", "Bu Sri", "Belum selesai, kembali 13-10-2026"]


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ({}, ""),
        ({"result": "done"}, "Selesai"),
        ({"result": "referred"}, "Dirujuk"),
        ({"next_on": date(2026, 10, 13)}, "kembali 13-10-2026"),
    ],
)
def test_how_a_home_visit_ended(post: MonthlyData, answers: dict[str, object], result: str) -> None:
    assert texts(register(care_sheet.home_visit_sheet(post, [visited("raka", 6, **answers)])), 0)[-1] == result


def test_a_month_without_home_visits_says_so(post: MonthlyData) -> None:
    sheet = care_sheet.home_visit_sheet(post, [])
    assert register(sheet).empty == "Tidak ada kunjungan rumah bulan ini."
    assert {cell.value for row in sheet.tables[0].rows for cell in row[1:]} == {0}
    assert len(sheet.rules) == 2
