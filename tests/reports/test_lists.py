from datetime import date

import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.reports import lists
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import Table
from tests.villages import standards, tables

NOVEMBER = Month(2026, 11)
DAY = date(2026, 11, 12)
BEFORE = date(2026, 10, 12)


def children(*visits: Answers, came_on: tuple[date, ...] = (), **person: object) -> tuple[indicators.ChildMonth, ...]:
    answers: Answers = {
        "name": "Aisyah",
        "sex": "female",
        "born_on": date(2025, 11, 5),
        "mother_name": "Wulan",
        "hamlet": "Dasan Baru",
        "rt": "02",
        "rw": "05",
        **person,  # type: ignore[dict-item]
    }
    history = indicators.child_history(standards(), tables(), "a", answers, visits, came_on)
    return indicators.children_of_month([history], NOVEMBER, DAY)


def women(*visits: Answers, **person: object) -> tuple[indicators.PregnancyMonth, ...]:
    her: Answers = {"name": "Rohani", "sex": "female", "born_on": date(2000, 1, 1), **person}  # type: ignore[dict-item]
    carried: Answers = {"lmp_on": date(2026, 5, 20)}
    history = indicators.pregnancy_history(standards(), "w", her, carried, visits)
    return indicators.pregnancies_of_month([history], NOVEMBER, DAY)


def visit(on: date = DAY, **answers: object) -> Answers:
    return {"visited_on": on, **answers}  # type: ignore[dict-item]


def texts(found: tuple[Table, ...], code: str) -> list[str]:
    table = next(each for each in found if each.code == code)
    return [cell.text for row in table.rows for cell in row]


def test_each_list_holds_exactly_the_people_of_its_indicator(data: MonthlyData) -> None:
    month = data.children[data.month]
    found = {each.code: each for each in lists.child_lists(month)}
    for each in lists.CHILD_LISTS:
        expected = {child.id for child in month if each.test(child)}
        assert {person.id for row in found[each.code].rows for person in row[1].people} == expected


def test_a_child_that_did_not_gain_is_listed_with_its_gain_and_what_was_wanted() -> None:
    found = lists.child_lists(children(visit(BEFORE, weight_g=8_000), visit(weight_g=8_100)))
    assert texts(found, "t") == [
        "1", "Aisyah", "P", "1 th", "Wulan", "Dasan Baru 02/05", "8,1 kg, +100 g, KBM 200 g",
    ]  # fmt: skip


def test_a_judgement_by_the_curve_is_said_so() -> None:
    found = lists.child_lists(children(visit(BEFORE, weight_g=8_000), visit(weight_g=8_300, gain_judged="T")))
    assert texts(found, "t")[-1].endswith("menurut kurva KMS")


def test_an_absent_child_is_listed_with_its_last_weight() -> None:
    assert texts(lists.child_lists(children(visit(BEFORE, weight_g=8_000))), "tidak_hadir")[-1] == (
        "Terakhir 12-10-2026, 8,0 kg"
    )
    assert texts(lists.child_lists(children()), "tidak_hadir")[-1] == "Belum pernah ditimbang"


def test_a_child_that_came_unweighed_and_one_without_a_book_are_listed() -> None:
    found = lists.child_lists(children(came_on=(DAY,)))
    assert texts(found, "tidak_ditimbang")[1] == "Aisyah"
    assert texts(found, "tanpa_buku")[-1] == "Belum ditanya"
    assert texts(lists.child_lists(children(has_kia_book=False)), "tanpa_buku")[-1] == "Tidak punya"
    assert texts(lists.child_lists(children(has_kia_book=True)), "tanpa_buku") == []


def test_missing_last_month_tells_when_it_was_weighed_before() -> None:
    found = lists.child_lists(children(visit(date(2026, 8, 12), weight_g=8_000), visit(weight_g=8_300)))
    assert texts(found, "o")[-1] == "8,3 kg; Terakhir 12-08-2026, 8,0 kg"


def test_measures_are_listed_with_their_class_and_value() -> None:
    found = lists.child_lists(
        children(visit(weight_g=5_500, length_mm=660, position="lying", head_mm=400, muac_mm=112))
    )
    assert texts(found, "lila")[-1] == "Gizi buruk, 11,2 cm"
    assert texts(found, "lingkar_kepala")[-1] == "Kurang dari normal, 40,0 cm"
    assert texts(found, "bgm")[-1].startswith("5,5 kg, BB/U −")
    assert texts(found, "pendek")[-1].startswith("Sangat pendek, −")
    assert texts(found, "gizi_kurang")[-1].startswith("Gizi")
    assert "LiLA merah" in texts(found, "perlu_rujuk")[-1]


def test_a_preschool_child_is_listed_by_body_mass_index() -> None:
    found = lists.child_lists(
        children(visit(weight_g=12_000, length_mm=1_080, position="standing"), born_on=date(2021, 6, 5))
    )
    assert texts(found, "gizi_kurang")[-1].startswith("Gizi buruk, −")


def test_a_referral_tells_where_and_why() -> None:
    written = children(visit(weight_g=9_000, referral="puskesmas", referral_reason="Demam"))
    assert texts(lists.child_lists(written), "dirujuk")[-1] == "Puskesmas: Demam"
    found = children(visit(weight_g=5_500, referral="pustu"))
    assert texts(lists.child_lists(found), "dirujuk")[-1].startswith("Pustu: Di bawah garis merah (BGM)")
    assert texts(lists.child_lists(found), "perlu_rujuk") == []
    healthy = children(visit(weight_g=9_000, referral="hospital"))
    assert texts(lists.child_lists(healthy), "dirujuk")[-1] == "Rumah sakit"


def test_what_an_earlier_visit_of_the_month_found_is_not_forgotten() -> None:
    early = visit(date(2026, 11, 2), weight_g=9_000, muac_mm=112, tbc_cough=True, tbc_contact=True)
    found = lists.child_lists(children(early, visit(weight_g=9_000)))
    assert len([row for table in found if table.code == "perlu_rujuk" for row in table.rows]) == 1
    why = texts(found, "perlu_rujuk")[-1].split("; ")
    assert "LiLA merah" in why
    assert len(why) == len(set(why)), "each once, though both visits found it"
    sent = lists.child_lists(children(early, visit(weight_g=9_000, referral="puskesmas")))
    assert texts(sent, "perlu_rujuk") == []
    assert "LiLA merah" in texts(sent, "dirujuk")[-1]
    bled = visit(date(2026, 11, 2), danger_bleeding=True)
    assert texts(lists.pregnancy_lists(women(bled, visit(weight_g=48_500))), "bumil_perlu_rujuk") != []


def test_the_last_visit_s_reasons_stand_first() -> None:
    found = lists.child_lists(
        children(visit(date(2026, 11, 2), weight_g=9_000, muac_mm=112), visit(head_mm=400, muac_mm=112))
    )
    why = texts(found, "perlu_rujuk")[-1].split("; ")
    assert why.index("LiLA merah") == 0
    assert len(why) == 2


def test_t_alone_does_not_fill_the_list_of_missing_referrals() -> None:
    found = lists.child_lists(children(visit(BEFORE, weight_g=9_000), visit(weight_g=9_050)))
    assert texts(found, "t") != []
    assert texts(found, "perlu_rujuk") == []


def test_symptoms_of_tbc_are_named() -> None:
    found = lists.child_lists(children(visit(tbc_cough=True, tbc_contact=True)))
    assert texts(found, "tbc_anak")[-1] == "Batuk terus-menerus, kontak erat"


def test_two_months_without_gain_count_as_a_symptom_of_tbc() -> None:
    twice = [visit(date(2026, month, 12), weight_g=8_000) for month in (9, 10)]
    found = lists.child_lists(children(*twice, visit(weight_g=8_000, tbc_cough=True)))
    assert texts(found, "tbc_anak")[-1] == "Batuk terus-menerus, BB tidak naik 2 bulan"


def test_pregnant_women_are_listed_with_the_measured_value() -> None:
    found = lists.pregnancy_lists(
        women(
            visit(weight_g=48_500, weight_on_curve=False, muac_mm=221, systolic_mmhg=150, diastolic_mmhg=95),
            husband_name="Lalu",
        )
    )
    assert texts(found, "bumil_kek")[1:] == ["Rohani", "26 th", "25 minggu", "Lalu", "", "LiLA 22,1 cm"]
    assert texts(found, "bumil_td")[-1] == "150/95 mmHg"
    assert texts(found, "bumil_bb")[-1] == "48,5 kg"


def test_a_pressure_judged_only_by_the_curve_is_said_so() -> None:
    assert texts(lists.pregnancy_lists(women(visit(pressure_on_curve=False))), "bumil_td")[-1] == (
        "Di luar kurva Buku KIA"
    )


def test_an_anaemic_woman_is_listed_with_her_haemoglobin_and_as_to_be_referred() -> None:
    found = lists.pregnancy_lists(women(visit(haemoglobin_dg_dl=98)))
    assert texts(found, "bumil_anemia")[-1] == "Hb 9,8 g/dL"
    assert "Hb" in texts(found, "bumil_perlu_rujuk")[-1]
    sent = lists.pregnancy_lists(women(visit(haemoglobin_dg_dl=98, referral="puskesmas")))
    assert texts(sent, "bumil_perlu_rujuk") == []
    assert texts(sent, "bumil_dirujuk")[-1].startswith("Puskesmas: ")


def test_missing_vaccines_and_a_missed_capsule_are_listed() -> None:
    def august(**answers: object) -> tuple[Table, ...]:
        person: Answers = {"name": "Aisyah", "sex": "female", "born_on": date(2025, 1, 5)}
        given = visit(date(2026, 8, 12), weight_g=9_000, **answers)
        history = indicators.child_history(standards(), tables(), "a", person, [given])
        return lists.child_lists(indicators.children_of_month([history], Month(2026, 8), DAY))

    found = august(immunisation_complete=False, vitamin_a="none")
    assert texts(found, "imunisasi")[1] == "Aisyah"
    assert texts(found, "vitamin_a")[1] == "Aisyah"
    assert texts(august(immunisation_complete=True, vitamin_a="red"), "vitamin_a") == []
    assert texts(august(), "imunisasi") == []


@pytest.mark.parametrize(
    ("first", "second", "listed"),
    [
        ("red", "none", False),
        ("none", "red", False),
        ("none", "none", True),
        ("none", None, True),
        (None, "none", True),
        (None, None, False),
    ],
)
def test_a_capsule_given_at_any_visit_of_the_month_is_enough_and_no_answer_is_no_no(
    first: str | None, second: str | None, listed: bool
) -> None:
    days = ((date(2026, 8, 5), first), (date(2026, 8, 20), second))
    told = [visit(on, **({} if answer is None else {"vitamin_a": answer})) for on, answer in days]
    history = indicators.child_history(
        standards(), tables(), "a", {"name": "Aisyah", "sex": "female", "born_on": date(2025, 1, 5)}, told
    )
    month = indicators.children_of_month([history], Month(2026, 8), date(2026, 8, 20))
    assert bool(texts(lists.child_lists(month), "vitamin_a")) is listed


def test_someone_without_a_name_is_listed_with_words_in_its_place() -> None:
    assert texts(lists.child_lists(children(name=None, born_on=date(2025, 1, 1))), "tidak_hadir")[1] == (
        "(nama belum diisi)"
    )


def test_an_absent_pregnant_woman_is_listed_with_her_phone() -> None:
    assert texts(lists.pregnancy_lists(women(phone="081012345678")), "bumil_tidak_hadir")[-1] == "HP 081012345678"
    assert texts(lists.pregnancy_lists(women()), "bumil_tidak_hadir")[-1] == ""


def test_a_list_without_anybody_has_its_sentence() -> None:
    table = next(each for each in lists.child_lists(()) if each.code == "bgm")
    assert (table.rows, table.empty) == ((), "Tidak ada.")


def test_lists_of_one_kind_join_into_one_table_to_filter(data: MonthlyData) -> None:
    month = data.children[data.month]
    found = (*lists.child_lists(month), *lists.pregnancy_lists(data.pregnancies[data.month]))
    children_table, women_table = lists.joined_lists(found)
    assert (children_table.code, women_table.code) == ("daftar_anak", "daftar_bumil")
    assert len(children_table.rows) + len(women_table.rows) == sum(len(each.rows) for each in found)
    assert {row[0].value for row in children_table.rows} >= {"Anak tidak naik (T)"}


def whys(found: tuple[Table, ...], code: str) -> list[str]:
    table = next(each for each in found if each.code == code)
    return [row[table.column("why")].text for row in table.rows]


BOY = {"sex": "male", "born_on": date(2025, 7, 5)}


@pytest.mark.parametrize(
    ("answers", "code", "why"),
    [
        ({"muac_mm": 114}, "lila", "Gizi buruk, 11,4 cm"),
        ({"muac_mm": 124}, "lila", "Gizi kurang, 12,4 cm"),
        ({"development": "incomplete"}, "perkembangan", ""),
        ({"tbc_cough": True, "tbc_fever": True}, "tbc_anak", "Batuk terus-menerus, demam 2 minggu atau lebih"),
        ({"tbc_contact": True, "tbc_weight": True}, "tbc_anak", "BB tidak naik 2 bulan, kontak erat"),
        ({"immunisation_complete": False}, "imunisasi", "Dijawab belum lengkap."),
        ({"referral": "pustu", "referral_reason": "batuk"}, "dirujuk", "Pustu: batuk"),
        ({"referral": "hospital"}, "dirujuk", "Rumah sakit"),
        ({"referral": "hospital", "muac_mm": 114}, "dirujuk", "Rumah sakit: LiLA merah"),
        ({}, "tanpa_buku", "Belum ditanya"),
        ({"note": "x"}, "tidak_ditimbang", "Belum pernah ditimbang"),
    ],
)
def test_each_list_of_children_says_why(answers: dict[str, object], code: str, why: str) -> None:
    assert whys(lists.child_lists(children(visit(**answers), **BOY)), code) == [why]


@pytest.mark.parametrize(
    ("born_on", "grams", "code", "why"),
    [
        (date(2025, 11, 12), 7_000, "bgm", "7,0 kg, BB/U −2,9 SD"),
        (date(2023, 11, 12), 18_500, "garis_oranye", "18,5 kg, BB/U 2,1 SD"),
    ],
)
def test_a_child_beyond_the_lines_is_listed_with_its_score(born_on: date, grams: int, code: str, why: str) -> None:
    """The vectors of the notes 2.4: a boy of 365 days and 7,0 kg has -2,90; one of 1096 days and 18,5 kg 2,08."""
    assert whys(lists.child_lists(children(visit(weight_g=grams), sex="male", born_on=born_on)), code) == [why]


@pytest.mark.parametrize(("book", "why"), [(False, ["Tidak punya"]), (None, ["Belum ditanya"]), (True, [])])
def test_a_child_without_a_book_was_asked_or_not(book: bool | None, why: list[str]) -> None:
    assert whys(lists.child_lists(children(has_kia_book=book)), "tanpa_buku") == why


@pytest.mark.parametrize(
    ("answers", "code", "why"),
    [
        ({"systolic_mmhg": 150, "diastolic_mmhg": 95}, "bumil_td", "150/95 mmHg"),
        ({"systolic_mmhg": 150}, "bumil_td", "150/– mmHg"),
        ({"diastolic_mmhg": 95}, "bumil_td", "–/95 mmHg"),
        ({"pressure_on_curve": False}, "bumil_td", "Di luar kurva Buku KIA"),
        ({"muac_mm": 231}, "bumil_kek", "LiLA 23,1 cm"),
        ({"haemoglobin_dg_dl": 98}, "bumil_anemia", "Hb 9,8 g/dL"),
        ({"weight_g": 48_500, "weight_on_curve": False}, "bumil_bb", "48,5 kg"),
        ({"weight_on_curve": False}, "bumil_bb", "– kg"),
        ({"tbc_cough": True, "tbc_contact": True}, "bumil_tbc", "Batuk terus-menerus, kontak erat"),
        ({"referral": "puskesmas", "referral_reason": "tekanan darah"}, "bumil_dirujuk", "Puskesmas: tekanan darah"),
    ],
)
def test_each_list_of_pregnant_women_says_why(answers: dict[str, object], code: str, why: str) -> None:
    assert whys(lists.pregnancy_lists(women(visit(**answers))), code) == [why]


def test_an_absent_woman_is_listed_with_her_phone_when_it_is_known() -> None:
    assert whys(lists.pregnancy_lists(women(phone="0812")), "bumil_tidak_hadir") == ["HP 0812"]
    assert whys(lists.pregnancy_lists(women()), "bumil_tidak_hadir") == [""]


def test_a_title_counts_its_people_and_every_list_is_there_though_empty() -> None:
    found = {each.code: each for each in lists.child_lists(children(visit(muac_mm=114), **BOY))}
    assert found["lila"].title == "Anak dengan LiLA kuning atau merah: 1"
    assert found["2t"].title == "Anak dua kali tidak naik (2T)"
    assert found["2t"].empty == "Tidak ada."
    assert [each.code for each in lists.child_lists(())] == [each.code for each in lists.CHILD_LISTS]
    assert [each.code for each in lists.pregnancy_lists(())] == [each.code for each in lists.PREGNANCY_LISTS]


def test_everybody_on_a_list_can_be_opened_with_the_reason() -> None:
    table = next(each for each in lists.child_lists(children(visit(muac_mm=114), **BOY)) if each.code == "lila")
    (ref,) = table.rows[0][1].people
    assert (ref.id, ref.name, ref.detail) == ("a", "Aisyah", "Gizi buruk, 11,4 cm")
    assert table.rows[0][0].people == (ref,)
