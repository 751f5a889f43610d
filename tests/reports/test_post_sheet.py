"""The sheets about the post itself: strata, stock and the six fields, with a dash where nobody knows."""

import math
from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain import strata
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms.social import FIELDS
from posyandu.domain.stock import Line, Outlook
from posyandu.domain.strata import Indicator, Judged, Need
from posyandu.reports import post_sheet
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.post_sheet import StockItem, Tickets
from posyandu.reports.standing import Fact, Standing
from posyandu.reports.table import PersonRef, Table
from tests.domain.shipped import RULES

OCTOBER = Month(2026, 10)
YEAR = strata.window(OCTOBER, 12)
GOOD = {"days_open": 10, "kader_on_duty": 5, "d_s": 62, "kia": 55, "kb": 51, "idl": 70, "extra": 1, "health_fund": 20}
ACTIVE = {"months_open": 9, "kader_decree": 5, "tools": 1}


def figures(**changed: Indicator) -> dict[str, Indicator]:
    known = {code: Indicator(code, value, value, f"{value}", "buku") for code, value in {**GOOD, **ACTIVE}.items()}
    return known | changed


def standing(data: MonthlyData, indicators: dict[str, Indicator], *facts: Fact) -> Standing:
    rule = RULES.strata
    judged, active = strata.judge(rule, indicators), strata.judge_active(rule, indicators)
    return Standing(data, YEAR, indicators, judged, active, facts, "Pedoman Umum 2011")


def rows(table: Table) -> dict[str, list[str]]:
    return {row[1].text: [cell.text for cell in row] for row in table.rows}


@pytest.mark.parametrize(
    ("code", "least", "text"),
    [("d_s", 50, "≥ 50%"), ("days_open", 8, "≥ 8 hari"), ("kader_on_duty", 5, "≥ 5 kader"), ("tools", 1, "ada")],
)
def test_what_an_indicator_must_reach_is_written_with_its_unit(code: str, least: float, text: str) -> None:
    assert post_sheet.limit_text(Judged(Need(code, least), Indicator(code, 0, 0, "", ""), False)) == text


def test_the_strata_sheet_has_each_need_with_its_limit_and_what_is_missing(data: MonthlyData) -> None:
    sheet = post_sheet.strata_sheet(standing(data, figures(), Fact("Kader dilatih", "3 dari 5", "kartu kader")))
    needs, active, facts = sheet.tables
    assert needs.title == "Strata Purnama. Menuju Mandiri: Cakupan dana sehat."
    found = rows(needs)
    assert found["Cakupan dana sehat"][3:6] == [
        "Mandiri: ≥ 50%", "Belum", "Kurang 30 persen. Catat KK yang membayar dana sehat.",
    ]  # fmt: skip
    assert found["Rerata D/S"][3:6] == ["Purnama: ≥ 50%", "Ya", ""]
    assert active.title == "Posyandu aktif: ya"
    assert [cell.text for cell in facts.rows[0]] == ["Kader dilatih", "3 dari 5", "kartu kader"]
    assert sheet.rules[0] == "Dihitung dari catatan November 2025 – Oktober 2026."
    assert sheet.rules[-1] == "Aturan: Pedoman Umum 2011."
    assert len(sheet.signatures) == 3


@pytest.mark.parametrize(
    ("low", "high", "verdict", "title"),
    [
        (1, 1, "Ya", "Posyandu aktif: ya"),
        (0, 0, "Belum", "Posyandu aktif: belum"),
        (0, math.inf, "Belum diketahui", "Posyandu aktif: belum diketahui"),
    ],
)
def test_unknown_is_a_verdict_of_its_own(data: MonthlyData, low: float, high: float, verdict: str, title: str) -> None:
    _needs, active, _facts = post_sheet.strata_sheet(
        standing(data, figures(tools=Indicator("tools", low, high, "", "")))
    ).tables
    assert rows(active)["Timbangan dicek dan Buku KIA dipakai"][4] == verdict
    assert active.title == title


def test_behind_a_share_stand_first_who_lacks_then_who_is_unknown_then_who_was_reached(data: MonthlyData) -> None:
    people: dict[str, Answers] = {id_: {"name": id_.upper()} for id_ in ("a", "b", "c", "d")}
    share = strata.cover("kia", ["a"], ["c", "b", "gone"], ["d"], "register")
    made = standing(replace(data, everyone=people), figures(kia=share))
    assert made.people(share) == (
        PersonRef("b", "B", "Belum"),
        PersonRef("c", "C", "Belum"),
        PersonRef("d", "D", "Belum diketahui"),
        PersonRef("a", "A", "Sudah"),
    )
    sheet = post_sheet.strata_sheet(made)
    cell = next(row[2] for row in sheet.tables[0].rows if row[1].text.startswith("Cakupan KIA"))
    assert [ref.id for ref in cell.people] == ["b", "c", "d", "a"]


def test_the_list_of_posts_counts_them_by_stratum(data: MonthlyData) -> None:
    def post(**changed: Indicator) -> tuple[strata.Strata, strata.Active]:
        made = standing(data, figures(**changed))
        return made.strata, made.active

    unsure = post(kb=strata.unknown("kb", ""))
    low = post(days_open=Indicator("days_open", 2, 2, "", ""), tools=Indicator("tools", 0, 0, "", ""))
    sheet = post_sheet.strata_list(data, [("Melati", *post()), ("Mawar", *unsure), ("Anggrek", *low)])
    assert [[cell.text for cell in row] for row in sheet.tables[0].rows] == [
        ["1", "Melati", "Purnama", "Ya", "Cakupan dana sehat"],
        ["2", "Mawar", "paling sedikit Madya", "Ya", "Cakupan KB: peserta dari PUS"],
        ["3", "Anggrek", "Pratama", "Belum", "Hari buka dalam 12 bulan"],
    ]
    assert sheet.tables[1].title == "Jumlah dari 3 Posyandu"
    counted = {row[0].text: row[1].value for row in sheet.tables[1].rows}
    assert counted == {"Pratama": 1, "Madya": 1, "Purnama": 1, "Mandiri": 0, "Posyandu aktif": 2}
    assert [row[1].value for row in post_sheet.strata_list(data, []).tables[1].rows] == [0]


def line(**told: object) -> Line:
    empty = dict.fromkeys(
        ("opening", "received", "recorded", "typed", "used", "wasted", "counted", "expected", "difference", "balance",
         "expires_on")
    )  # fmt: skip
    return Line(month=OCTOBER, **{**empty, "told": True, **told})  # type: ignore[arg-type]


def stock(data: MonthlyData, **told: object) -> list[str]:
    item = StockItem("Tablet tambah darah", "tablet", line(**told), Outlook("ok", "Cukup."))
    return [cell.text for cell in post_sheet.stock_sheet(data, [item]).tables[0].rows[0]]


def test_stock_nobody_knows_is_a_dash_and_a_zero_is_a_zero(data: MonthlyData) -> None:
    assert stock(data) == ["Tablet tambah darah", "tablet", *["–"] * 8, "", "Cukup."]
    full = stock(
        data, opening=1_200, received=0, recorded=90, typed=90, used=90, wasted=5, expected=1_105, counted=1_100,
        difference=-5, expires_on=date(2027, 3, 31),
    )  # fmt: skip
    assert full[2:] == ["1.200", "0", "90", "90", "5", "1.105", "1.100", "−5", "31-03-2027", "Cukup."]


def test_a_typed_use_that_differs_is_noted(data: MonthlyData) -> None:
    assert stock(data, typed=80, recorded=90)[-1] == "Cukup. Yang diketik berbeda dari kunjungan."
    assert post_sheet.stock_sheet(data, []).tables[0].empty == "Belum ada barang yang dicatat."


def spm(data: MonthlyData, *activities: Answers, **tickets: Tickets) -> dict[str, list[str]]:
    sheet = post_sheet.spm_sheet(data, activities, tickets)
    return {row[1].text: [cell.text for cell in row[2:]] for row in sheet.tables[0].rows}


def activity(kind: str = "education", **more: object) -> Answers:
    return {"held_on": date(2026, 10, 6), "kind": kind, **more}  # type: ignore[dict-item]


def test_the_six_fields_have_their_activities_and_reports(data: MonthlyData) -> None:
    found = spm(
        data,
        activity(participants=12),
        activity(participants=8),
        activity("paud", field="education", participants=20),
        education=Tickets(3, 2, 1, 4),
        social=Tickets(received=1),
    )
    assert list(found) == [*FIELDS.values(), "Jumlah"]
    assert found[FIELDS["health"]] == ["2", "20", "0", "0", "0", "0"], "without a field it is health"
    assert found[FIELDS["education"]] == ["1", "20", "3", "2", "1", "4"]
    assert found[FIELDS["social"]] == ["0", "0", "1", "0", "0", "0"]
    assert found["Jumlah"] == ["3", "40", "4", "2", "1", "4"]


def test_participants_nobody_counted_are_a_dash_and_not_none(data: MonthlyData) -> None:
    found = spm(data, activity(), activity(field="education", participants=0), activity(field="education"))
    assert found[FIELDS["health"]][:2] == ["1", "–"]
    assert found[FIELDS["education"]][:2] == ["2", "0"]
    assert found["Jumlah"][:2] == ["3", "0"]


def test_what_the_health_field_served_knows_its_people(data: MonthlyData) -> None:
    _fields, health, held = post_sheet.spm_sheet(data, [], {}).tables
    children = data.children[OCTOBER]
    first = health.rows[0]
    assert first[0].text == "Bayi, balita, dan apras"
    assert first[1].value == len(children)
    assert first[2].value == sum(child.came for child in children)
    assert len(first[3].people) == first[3].value
    assert health.rows[1][1].value == len(data.pregnancies[OCTOBER])
    assert held.rows == ()
