"""What stands in a column of an official sheet, fact by fact: as the blank has it, and empty where nothing is known."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.reports import facts
from posyandu.reports.facts import FACTS, Subject
from posyandu.reports.table import Cell
from tests.rules import changed_rules
from tests.villages import standards, tables

ON = date(2026, 11, 12)
NOVEMBER = Month(2026, 11)
RAKA: Answers = {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5), "mother_name": "Wulan"}


def subject(**told: object) -> Subject:
    return Subject(**{"id": "raka", "person": RAKA, "on": ON, **told})  # type: ignore[arg-type]


def cell(name: str, **told: object) -> Cell:
    return FACTS[name](subject(**told))


def visit(name: str, **answers: Value | None) -> str:
    return cell(name, visit={"visited_on": ON, **answers}).text


@pytest.mark.parametrize(
    ("name", "printed"), [("Cempaka 5", "Cempaka\N{NO-BREAK SPACE}5"), ("Bina Warga", "Bina Warga"), ("", "")]
)
def test_a_dasawisma_keeps_its_number_on_the_line_and_its_plain_name_in_files(name: str, printed: str) -> None:
    assert cell("dasawisma", person={"dasawisma": name}) == Cell(printed, name or None)


@pytest.mark.parametrize(
    ("name", "person", "text"),
    [
        ("name", {"name": "Raka"}, "Raka"),
        ("nik", {"nik": "5201010507250001"}, "5201010507250001"),
        ("sex", {"sex": "male"}, "L"),
        ("sex", {"sex": "female"}, "P"),
        ("sex", {}, ""),
        ("born_on", {"born_on": date(2025, 7, 5)}, "05-07-2025"),
        ("born_on", {}, ""),
        ("age", {"born_on": date(2025, 7, 5)}, "1 th 4 bln"),
        ("age", {"born_on": date(2026, 11, 13)}, ""),
        ("age", {}, ""),
        ("years", {"born_on": date(1998, 11, 12)}, "28"),
        ("years", {"born_on": date(1998, 11, 13)}, "27"),
        ("years", {"born_on": date(2026, 11, 13)}, ""),
        ("parents", {"father_name": "Budi", "mother_name": "Wulan"}, "Budi / Wulan"),
        ("parents", {"mother_name": "Wulan"}, "Wulan"),
        ("parents", {}, ""),
        ("address", {"address": "Jl. Raya 5", "rt": "01"}, "Jl. Raya 5"),
        ("address", {"hamlet": "Timur", "rt": "01", "rw": "02"}, "Timur RT 01/RW 02"),
        ("place", {"hamlet": "Timur", "rt": "01", "rw": "02"}, "Timur 01/02"),
        ("birth_weight", {"birth_weight_g": 3_100}, "3,1"),
        ("birth_weight", {"birth_weight_g": 3_150}, "3,15"),
        ("birth_length", {"birth_length_mm": 485}, "48,5"),
        ("birth_order", {"birth_order": 2}, "2"),
        ("has_book", {"has_kia_book": True}, "Ya"),
        ("has_book", {"has_kia_book": False}, "Tidak"),
        ("has_book", {}, ""),
        ("died_on", {"status": "died", "left_on": date(2026, 1, 2)}, "02-01-2026"),
        ("died_on", {"status": "moved", "left_on": date(2026, 1, 2)}, ""),
        ("left_reason", {"left_reason": "demam"}, "demam"),
        ("residence", {"status": "away"}, "Pergi sementara"),
        ("residence", {}, ""),
        ("father_nik", {"nik": "5201010507250001", "father_name": "Budi"}, ""),
    ],
)
def test_what_is_known_of_the_person(name: str, person: Answers, text: str) -> None:
    assert cell(name, person=person).text == text


@pytest.mark.parametrize(
    ("name", "answers", "text"),
    [
        ("visited_on", {}, "12-11-2026"),
        ("development", {"development": "complete"}, "L"),
        ("development", {"development": "incomplete"}, "TL"),
        ("development", {}, ""),
        ("weight", {"weight_g": 9_600}, "9,6"),
        ("weight", {"weight_g": 9_650}, "9,65"),
        ("length", {"length_mm": 764}, "76,4"),
        ("head", {"head_mm": 450}, "45,0"),
        ("muac", {"muac_mm": 142}, "14,2"),
        ("tbc_cough", {"tbc_cough": True}, "Ya"),
        ("tbc_cough", {"tbc_cough": False}, "Tidak"),
        ("tbc_cough", {}, ""),
        ("breastfed", {"exclusive_breastfeeding": False}, "Tidak"),
        ("immunisation", {"immunisation_complete": True, "immunisation_given": "MR1"}, "Ya, MR1"),
        ("immunisation", {"immunisation_complete": False}, "Tidak"),
        ("immunisation", {"immunisation_given": "MR1"}, "MR1"),
        ("immunisation", {}, ""),
        ("vitamin_a", {"vitamin_a": "blue"}, "Biru"),
        ("vitamin_a", {"vitamin_a": "red"}, "Merah"),
        ("vitamin_a", {"vitamin_a": "none"}, "Tidak"),
        ("vitamin_a", {}, ""),
        ("supplement", {"supplement": True, "supplement_portions": 14}, "Ya, 14 porsi"),
        ("supplement", {"supplement": True}, "Ya"),
        ("supplement", {"supplement": False, "supplement_portions": 14}, "Tidak"),
        ("supplement", {}, ""),
        ("illness", {"sick": True, "illness": "batuk"}, "batuk"),
        ("illness", {"sick": True}, "Ya"),
        ("illness", {"sick": False, "illness": "batuk"}, "Tidak"),
        ("illness", {}, ""),
        ("referral", {"referral": "pustu"}, "Pustu"),
        ("referral", {"referral": "puskesmas"}, "Puskesmas"),
        ("referral", {"referral": "hospital"}, "RS"),
        ("referral", {"referral": "none"}, ""),
        ("referral", {}, ""),
        ("counselling", {"counselling": "Isi Piringku"}, "Isi Piringku"),
        ("pressure", {"systolic_mmhg": 120, "diastolic_mmhg": 80}, "120/80"),
        ("pressure", {"systolic_mmhg": 120}, "120/…"),
        ("pressure", {"diastolic_mmhg": 80}, "…/80"),
        ("pressure", {}, ""),
        ("iron_tablets", {"iron_tablets": 0}, "0"),
        ("iron_daily", {"iron_daily": True}, "Setiap hari"),
        ("iron_daily", {"iron_daily": False}, "Tidak setiap hari"),
        ("kek_food", {"kek_food": "Telur", "kek_portions": 30}, "Telur, 30 porsi"),
        ("kek_food", {"kek_portions": 30}, "30 porsi"),
        ("kek_food", {"kek_food": "Telur"}, "Telur"),
        ("kek_food", {}, ""),
        ("class_attended", {"class_attended": False}, "Tidak"),
        ("children_living", {"children_living": 0}, "0"),
        ("children_died", {"children_died": "1 anak, umur 2 tahun"}, "1 anak, umur 2 tahun"),
        ("method", {"contraception_method": "injection"}, "Suntik"),
        ("method", {"contraception_method": "unheard"}, ""),
        ("method", {}, ""),
        ("changed_on", {"changed_on": date(2026, 3, 1)}, "01-03-2026"),
        ("tetanus_1", {"tetanus_1_on": date(2026, 3, 1)}, "Mar"),
        ("tetanus_1", {"tetanus_1_on": date(2024, 3, 1)}, "Mar 24"),
        ("tetanus_1", {}, ""),
    ],
)
def test_what_a_visit_told(name: str, answers: dict[str, Value | None], text: str) -> None:
    """Not asked is empty, never "Tidak"."""
    assert visit(name, **answers) == text


@pytest.mark.parametrize(
    ("name", "pregnancy", "text"),
    [
        ("gravida", {"gravida": 2}, "2"),
        ("interval", {"birth_interval_months": 36}, "36"),
        ("first_weight", {"first_weight_g": 50_000}, "50,0"),
        ("height", {"height_mm": 1_550}, "155,0"),
        ("noted_weeks", {"lmp_on": date(2026, 5, 1), "noted_on": date(2026, 7, 1)}, "8"),
        ("noted_weeks", {"noted_on": date(2026, 7, 1)}, ""),
        ("noted_weeks", {"lmp_on": date(2026, 5, 1)}, ""),
        ("weeks_now", {"lmp_on": date(2026, 5, 1)}, "27"),
        ("weeks_now", {"lmp_on": date(2026, 11, 13)}, ""),
        ("due_on", {"lmp_on": date(2026, 5, 1)}, "05-02-2027"),
        ("due_on", {}, ""),
    ],
)
def test_what_is_known_of_a_pregnancy(name: str, pregnancy: Answers, text: str) -> None:
    """1 May to 1 July are 61 days: 8 weeks; to 12 November 195: 27; 280 days after 1 May 2026 is 5 February 2027."""
    assert cell(name, pregnancy=pregnancy).text == text


@pytest.mark.parametrize(("pack", "months"), [(30, ["Okt", "Nov", ""]), (20, ["Okt", "Okt", "Nov"])])
def test_packs_of_iron_are_as_large_as_the_rule_says(pack: int, months: list[str]) -> None:
    carried: Answers = {"lmp_on": date(2026, 5, 1), "noted_on": date(2026, 7, 1), "outcome": "ongoing"}
    given: list[Answers] = [
        {"visited_on": date(2026, 10, 8), "iron_tablets": 40},
        {"visited_on": ON, "iron_tablets": 20},
    ]
    rules = changed_rules({"tablets_in_a_pack": pack})
    woman = indicators.pregnancy_history(rules, "w", {"born_on": date(1998, 6, 1)}, carried, given)
    year = {month: indicators.pregnancies_of_month([woman], month, month.last)[0] for month in (NOVEMBER - 1, NOVEMBER)}
    assert [cell(f"iron_pack_{number}", months=year).text for number in (1, 2, 3)] == months


def history(*visits: Answers, **person: Value) -> indicators.ChildHistory:
    return indicators.child_history(standards(), tables(), "raka", {**RAKA, **person}, visits)


def month_of(*visits: Answers, month: Month = NOVEMBER, **person: Value) -> indicators.ChildMonth:
    (found,) = indicators.children_of_month([history(*visits, **person)], month, month.last)
    return found


def on(day: date, **answers: Value | None) -> Answers:
    return {"visited_on": day, "source": "session", **answers}


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        (
            {"weight_g": 9_600, "length_mm": 785, "position": "lying", "head_mm": 470, "muac_mm": 145},
            ["BB normal", "Normal", "Gizi baik", "Normal", "Normal"],
        ),
        ({"weight_g": 7_000, "muac_mm": 112}, ["BB sangat kurang", "", "", "", "Gizi buruk"]),
        ({}, ["", "", "", "", ""]),
    ],
)
def test_classes_are_named_in_the_words_of_the_card_and_empty_when_not_measured(
    answers: dict[str, Value | None], shown: list[str]
) -> None:
    judged = history(on(ON, **answers)).assessments[0]
    names = ("waz", "haz", "fatness", "head_class", "muac_class")
    assert [cell(name, judged=judged).text for name in names] == shown
    assert [cell(name).text for name in names] == [""] * 5, "without a visit"


def test_the_letter_stands_on_the_card_and_in_the_month() -> None:
    weighings = [on(date(2026, 10, 10), weight_g=9_400), on(ON, weight_g=9_600)]
    assert [cell("letter", judged=each).text for each in history(*weighings).assessments] == ["B", "N"]
    assert cell("letter_now", current=month_of(*weighings)).text == "N"
    assert cell("letter_now", current=month_of()).text == ""
    assert cell("letter").text == ""


def test_the_least_weight_for_n_is_last_months_with_the_minimum_gain() -> None:
    """A boy of 16 months: 200 g (KBM 12-60 months)."""
    rules = standards().on(ON)
    october = month_of(on(date(2026, 10, 10), weight_g=9_400))
    assert cell("least_weight", current=october, rules=rules).text == "9,6"
    assert cell("weighed_before", current=october).text == "9,4"
    assert cell("weighed_before_on", current=october).text == "10-10-2026"
    september = month_of(on(date(2026, 9, 10), weight_g=9_400))
    assert cell("least_weight", current=september, rules=rules).text == "", "that would be O"
    assert cell("weighed_before", current=september).text == "9,4"
    assert cell("least_weight", current=october).text == "", "without rules"
    assert [cell(name, current=month_of(), rules=rules).text for name in ("least_weight", "weighed_before")] == ["", ""]


@pytest.mark.parametrize(
    ("name", "answers", "text"),
    [
        ("weight_now", {"weight_g": 9_600}, "9,6"),
        ("length_now", {"length_mm": 764}, "76,4"),
        ("vitamin_a_now", {"vitamin_a": "red"}, "Merah"),
        ("development_now", {"development": "incomplete"}, "TL"),
        ("breastfed_now", {"exclusive_breastfeeding": True}, "Ya"),
        ("weight_now", {}, ""),
    ],
)
def test_what_was_last_told_this_month(name: str, answers: dict[str, Value | None], text: str) -> None:
    earlier = on(date(2026, 11, 2), weight_g=9_000 if answers.get("weight_g") else None)
    assert cell(name, current=month_of(earlier, on(ON, **answers))).text == text
    assert cell(name).text == ""


def test_breast_milk_alone_is_no_after_the_first_no() -> None:
    told = month_of(on(date(2026, 10, 10), exclusive_breastfeeding=False), on(ON, exclusive_breastfeeding=True))
    assert cell("breastfed_now", current=told).text == "Tidak"


def test_what_was_told_last_month_stands_beside_it() -> None:
    before = month_of(on(date(2026, 10, 10), weight_g=9_400, length_mm=755), month=Month(2026, 10))
    assert [cell(name, before=before).text for name in ("weight_ago", "length_ago", "muac_ago")] == ["9,4", "75,5", ""]
    assert cell("weight_ago").text == cell("pressure_ago").text == ""


def year_of(*visits: Answers, born_on: date = date(2026, 1, 5)) -> dict[Month, indicators.ChildMonth]:
    told = history(*visits, born_on=born_on)
    months = [Month(2026, number) for number in range(1, 12)]
    found = {month: indicators.children_of_month([told], month, month.last) for month in months}
    return {month: each[0] for month, each in found.items() if each}


def test_a_capsule_is_told_by_its_month_in_each_half_of_the_year() -> None:
    months = year_of(
        on(date(2026, 2, 10), vitamin_a="none"),
        on(date(2026, 3, 10), vitamin_a="red"),
        on(date(2026, 8, 10), vitamin_a="red"),
        born_on=date(2025, 1, 5),
    )
    assert cell("vitamin_a_first", months=months).text == "Mar"
    assert cell("vitamin_a_second", months=months).text == "Agu"
    assert cell("vitamin_a_first").text == ""


def test_breast_milk_is_ticked_crossed_or_empty_by_the_month_of_age() -> None:
    """E0 to E6 of SIP format 2: asked at 0 and 1 month yes, at 2 no, at 3 not."""
    months = year_of(
        on(date(2026, 1, 20), exclusive_breastfeeding=True),
        on(date(2026, 2, 10), exclusive_breastfeeding=True),
        on(date(2026, 3, 10), exclusive_breastfeeding=False),
        on(date(2026, 4, 10)),
        on(date(2026, 5, 10), exclusive_breastfeeding=True),
    )
    marks = [cell(f"breastfed_{age}", months=months).text for age in range(6)]
    assert marks == [facts.TICK, facts.TICK, "×", "", "×", ""], "after the first no it is no; not asked stays empty"


def test_oralit_is_told_by_its_months() -> None:
    months = year_of(
        on(date(2026, 3, 10), oralit=True), on(date(2026, 5, 10), oralit=False), on(date(2026, 9, 10), oralit=True)
    )
    assert cell("oralit_months", months=months).text == "Mar, Sep"
    assert cell("oralit_months").text == ""


def test_the_register_has_weight_and_letter_ticks_and_a_fraction_below() -> None:
    came = month_of(on(date(2026, 10, 10), weight_g=9_400), on(ON, weight_g=9_600))
    absent = month_of()
    assert facts.MONTH_FACTS["weight"](came).text == "9,6\N{NO-BREAK SPACE}N"
    assert facts.MONTH_FACTS["weight"](absent).text == ""
    assert [facts.MONTH_FACTS["came"](each).text for each in (came, absent)] == [facts.TICK, ""]
    assert facts.FOOTS["attended"]([came, came, absent]).text == "2/3"
    assert facts.FOOTS["attended"]([]).text == "0/0"


@pytest.mark.parametrize(
    ("told", "words", "note"),
    [
        ({"kind": "cooking", "topic": "Telur"}, "Demo masak atau PMT: Telur", ""),
        ({"kind": "cooking"}, "Demo masak atau PMT", ""),
        ({"topic": "Isi Piringku"}, "Hari Posyandu: Isi Piringku", ""),
        ({"kind": "education", "participants": 0}, "Penyuluhan", "0 peserta"),
        ({"kind": "education", "participants": 12, "note": "ramai"}, "Penyuluhan", "12 peserta, ramai"),
        ({"kind": "education", "note": "ramai"}, "Penyuluhan", "ramai"),
    ],
)
def test_what_the_post_did(told: Answers, words: str, note: str) -> None:
    assert (cell("activity_words", visit=told).text, cell("activity_note", visit=told).text) == (words, note)


def test_a_month_of_age_is_pre_printed_or_computed() -> None:
    judged = history(on(ON, weight_g=9_600)).assessments[0]
    assert cell("age_months", age_only=7).text == "7"
    assert cell("age_months", judged=judged) == Cell("16", 16)
    assert cell("age_months").text == ""


def test_a_number_is_there_and_zero_is_none() -> None:
    assert [cell("no", number=number).text for number in (0, 1, 12)] == ["", "1", "12"]


def test_every_fact_is_empty_of_somebody_nobody_knows() -> None:
    """Nothing is guessed: a name without anything told fills no column but its own."""
    nobody = Subject()
    filled = {name: fact(nobody).text for name, fact in FACTS.items() if fact(nobody).text}
    assert filled == {"activity_words": "Hari Posyandu"}
    assert replace(nobody, id="x") != nobody
