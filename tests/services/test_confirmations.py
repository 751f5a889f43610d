"""A health worker's word beside the computed result."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.adult import AKS_QUESTIONS
from posyandu.services import confirmations, people, pregnancies, reporting, sessions, visits
from posyandu.services.confirmations import Result
from posyandu.services.judging import _JUDGES
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from tests.domain.shipped import STANDARDS
from tests.services.melati import CHILD, POST, TODAY, child, post, pregnancy, weighed, woman


@pytest.fixture
def ws() -> Workspace:
    return post()


def as_midwife(ws: Workspace) -> None:
    ws.worker = Worker("bidan-ratna", "Ratna", "midwife")


def thin(ws: Workspace) -> tuple[str, str]:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 8_200)
    return raka, weighed(ws, raka, TODAY, 8_300, length_mm=790)


def computed(ws: Workspace, person_id: str, visit_id: str) -> dict[str, Result]:
    row = records.load(ws.db, CHILD, visit_id)
    assert row is not None
    judged = visits.assess(ws, person_id, CHILD, row.answers, record_id=visit_id)
    return {each.subject: each for each in confirmations.results(ws, judged)}


def test_of_a_child_the_letter_and_the_classes_can_be_confirmed(ws: Workspace) -> None:
    raka, visit = thin(ws)
    found = computed(ws, raka, visit)
    assert list(found) == ["gain", "waz", "haz", "whz", "baz"]
    assert (found["gain"].code, found["whz"].words) == ("T", "Gizi kurang")
    assert ("normal", "Gizi baik (normal)") in found["whz"].options


def judged(ws: Workspace, form: str, person_id: str, **answers: Value) -> list[tuple[str, str, str]]:
    """Subject, code and words of what can be confirmed of a visit with these answers."""
    found = confirmations.results(ws, visits.assess(ws, person_id, FORMS[form], {"visited_on": TODAY, **answers}))
    for each in found:
        assert each.code in dict(each.options), each
        assert len(set(each.options)) >= 2
        assert all(words for _code, words in each.options)
    return [(each.subject, each.code, each.words) for each in found]


def test_of_an_adult_every_class_and_what_else_refers(ws: Workspace) -> None:
    ibu = woman(ws)
    assert judged(ws, "adult_visit", ibu, systolic_mmhg=150, diastolic_mmhg=95, eye_left=False) == [
        ("pressure", "grade_1", "Hipertensi derajat 1"),
        ("finding:eyes", "yes", "Gangguan penglihatan"),
    ]
    assert judged(
        ws, "adult_visit", ibu, weight_g=70_000, height_mm=1_650, waist_mm=900, glucose_mg_dl=210,
        cholesterol_mg_dl=180, uric_acid_tenth_mg_dl=65, haemoglobin_dg_dl=110, muac_mm=220,
        tbc_cough=False, tbc_fever=False, tbc_weight=False, tbc_contact=False,
    ) == [
        ("bmi_class", "heavy", "Gemuk"),
        ("waist", "over", "Lebih"),
        ("glucose", "high", "Tinggi"),
        ("cholesterol", "normal", "Normal"),
        ("uric_acid", "high", "Tinggi"),
        ("anaemia", "mild", "Anemia ringan"),
        ("tbc_positive", "no", "Bukan terduga TBC"),
        ("finding:kek", "yes", "LiLA di bawah 23,5 cm (KEK)"),
        ("finding:waist_over_risk", "yes", "Lingkar perut lebih dan ada risiko lain"),
    ]  # fmt: skip
    assert judged(ws, "adult_visit", ibu) == []
    assert confirmations.results(ws, None) == ()


def test_of_a_pupil_imt_by_age_in_the_words_of_the_card_and_the_pressure_of_the_age(ws: Workspace) -> None:
    ten = people.register(ws, {"name": "Doni", "sex": "male", "born_on": date(2016, 11, 12)})
    assert judged(ws, "school_visit", ten, weight_g=45_000, height_mm=1_400, systolic_mmhg=108, diastolic_mmhg=70) == [
        ("bmi_class", "obese", "Obesitas"),
        ("pressure", "high_for_age", "Tekanan darah tinggi untuk umurnya"),
    ]
    girl = people.register(ws, {"name": "Ayu", "sex": "female", "born_on": date(2010, 11, 12)})
    assert judged(
        ws, "school_visit", girl, systolic_mmhg=85, diastolic_mmhg=55, haemoglobin_dg_dl=119, tbc_cough=True
    ) == [
        ("pressure", "low", "Rendah"),
        ("anaemia", "mild", "Anemia ringan"),
        ("finding:tbc_sign", "yes", "Ada satu gejala TBC"),
    ]
    signs = {"tbc_cough": True, "tbc_fever": True, "tbc_weight": False, "tbc_contact": False}
    assert judged(ws, "school_visit", girl, **signs) == [("tbc_positive", "yes", "Terduga TBC")]
    signs["tbc_fever"] = False
    assert [subject for subject, _code, _words in judged(ws, "school_visit", girl, **signs)] == [
        "tbc_positive",
        "finding:tbc_sign",
    ]


def test_of_mothers_what_is_red_or_green_and_each_danger(ws: Workspace) -> None:
    ibu = woman(ws)
    carried = pregnancy(ws, ibu)
    assert judged(
        ws, "pregnancy_visit", ibu, muac_mm=230, systolic_mmhg=110, diastolic_mmhg=70, weight_on_curve=False,
        danger_bleeding=True,
    ) == [
        ("muac_red", "yes", "Kurang (KEK)"),
        ("pressure_red", "no", "Hijau"),
        ("weight_red", "yes", "Tidak sesuai kurva"),
        ("finding:danger_signs", "yes", "Tanda bahaya kehamilan"),
    ]  # fmt: skip
    pregnancies.end(ws, carried, "live_birth", date(2026, 11, 1))
    assert judged(ws, "postpartum_visit", ibu, muac_mm=235, systolic_mmhg=165, diastolic_mmhg=80, danger_sad=True) == [
        ("muac_red", "no", "Cukup"),
        ("pressure_red", "yes", "Merah, tinggi"),
        ("finding:sad", "yes", "Ibu sedih atau merasa bersalah"),
    ]


def test_of_the_elderly_the_class_of_aks_and_each_domain_of_skilas(ws: Workspace) -> None:
    old = people.register(ws, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1950, 1, 1)})
    most = {each.name: each.options[-1].code for each in AKS_QUESTIONS}
    assert judged(ws, "aks", old, **most | {"bathing": "0"}) == [("aks", "mild", "Ketergantungan ringan (B)")]
    assert judged(ws, "aks", old, bathing="0") == []
    assert judged(ws, "skilas", old, stands_up=False, whisper="hears") == [
        ("mobility", "yes", "Ada masalah"),
        ("hearing", "no", "Tidak ada masalah"),
    ]


def test_a_word_on_a_finding_from_before_stays_beside_the_class_that_says_the_same(ws: Workspace) -> None:
    ibu = woman(ws)
    form = FORMS["adult_visit"]
    saved = visits.record(
        ws, form, sessions.open_day(ws, POST, TODAY), ibu, {"systolic_mmhg": 150, "diastolic_mmhg": 95}
    )
    now = confirmations.results(ws, saved.assessment, {"finding:pressure_high"})
    assert [each.subject for each in now] == ["pressure", "finding:pressure_high"]
    as_midwife(ws)
    confirmations.confirm(ws, form, saved.record_id, ibu, now[0], "high_normal", "Diukur ulang: 134/86")
    word = confirmations.of_visit(ws, saved.record_id)["pressure"]
    assert word.words == "Bidan Ratna, 12-11-2026: Normal tinggi. Alasan: Diukur ulang: 134/86"


def test_confidential_answers_are_not_confirmed_in_the_open(ws: Workspace) -> None:
    as_midwife(ws)
    result = Result("finding:urgent", "Temuan", "yes", "x", (("yes", "Benar"), ("no", "Tidak")))
    for form in ("srq20", "school_mental"):
        with pytest.raises(BadInput, match="rahasia"):
            confirmations.confirm(ws, FORMS[form], "x", woman(ws, f"Ibu {form}"), result, "yes")


def test_only_health_workers_may_and_the_computed_value_stays(ws: Workspace) -> None:
    raka, visit = thin(ws)
    result = computed(ws, raka, visit)["whz"]
    for role in ("kader", "coordinator", "operator"):
        ws.worker = Worker("x", "X", role)
        assert not confirmations.may_confirm(ws)
        with pytest.raises(BadInput, match="Hanya bidan"):
            confirmations.confirm(ws, CHILD, visit, raka, result, result.code)
    as_midwife(ws)
    confirmations.confirm(ws, CHILD, visit, raka, result, result.code)
    assert confirmations.of_visit(ws, visit)["whz"].words == "Bidan Ratna, 12-11-2026: sesuai"
    assert computed(ws, raka, visit)["whz"] == result
    assert journal.rows_equal_replay(ws.db)


def test_another_result_wants_a_reason_and_stands_beside_the_computed_one(ws: Workspace) -> None:
    raka, visit = thin(ws)
    result = computed(ws, raka, visit)["whz"]
    as_midwife(ws)
    with pytest.raises(BadInput, match="alasannya"):
        confirmations.confirm(ws, CHILD, visit, raka, result, "normal", " ")
    with pytest.raises(BadInput, match="Pilih"):
        confirmations.confirm(ws, CHILD, visit, raka, result, "green")
    saved = confirmations.confirm(ws, CHILD, visit, raka, result, "normal", "Diukur ulang: 76 cm")
    word = confirmations.of_visit(ws, visit)["whz"]
    assert word.differs
    assert word.words == "Bidan Ratna, 12-11-2026: Gizi baik (normal). Alasan: Diukur ulang: 76 cm"
    assert not confirmations.is_stale(word, result)
    assert computed(ws, raka, visit)["whz"].words == "Gizi kurang"
    assert confirmations.differing(ws, POST, Month(2026, 11)) == {
        raka: ["Berat menurut panjang atau tinggi: Gizi kurang; Ratna: Gizi baik (normal)"]
    }
    assert confirmations.differing(ws, POST, Month(2026, 10)) == {}
    confirmations.undo(ws, saved.op_id)
    assert confirmations.of_visit(ws, visit) == {}


def test_a_second_word_on_the_same_result_replaces_the_first(ws: Workspace) -> None:
    raka, visit = thin(ws)
    result = computed(ws, raka, visit)["gain"]
    as_midwife(ws)
    confirmations.confirm(ws, CHILD, visit, raka, result, "N", "Kurva sejajar")
    confirmations.confirm(ws, CHILD, visit, raka, result, "T")
    (only,) = confirmations.of_visit(ws, visit).values()
    assert not only.differs
    assert confirmations.differing(ws, POST, Month(2026, 11)) == {}


def test_a_corrected_measurement_makes_the_word_stale(ws: Workspace) -> None:
    raka, visit = thin(ws)
    as_midwife(ws)
    confirmations.confirm(ws, CHILD, visit, raka, computed(ws, raka, visit)["whz"], "wasted")
    row = records.load(ws.db, CHILD, visit)
    assert row is not None
    visits.record(ws, CHILD, str(row.answers["session_id"]), raka, {"weight_g": 10_300})
    now = computed(ws, raka, visit)["whz"]
    assert confirmations.is_stale(confirmations.of_visit(ws, visit)["whz"], now)


def test_a_visit_taken_away_cannot_be_confirmed(ws: Workspace) -> None:
    raka, visit = thin(ws)
    result = computed(ws, raka, visit)["whz"]
    visits.withdraw(ws, CHILD, visit)
    as_midwife(ws)
    with pytest.raises(NotFound):
        confirmations.confirm(ws, CHILD, visit, raka, result, result.code)
    assert people.card(ws, raka)


def test_the_monthly_report_counts_what_was_computed_and_says_where_a_health_worker_differs(ws: Workspace) -> None:
    raka, visit = thin(ws)
    before = reporting.monthly(ws, POST, Month(2026, 11))
    as_midwife(ws)
    confirmations.confirm(ws, CHILD, visit, raka, computed(ws, raka, visit)["gain"], "N", "Kurva sejajar")
    after = reporting.monthly(ws, POST, Month(2026, 11))
    assert after.skdn == before.skdn
    line = after.checks[-1]
    assert line.ok
    assert line.sentence == (
        "1 hasil menurut tenaga kesehatan berbeda dari hasil hitung; angka laporan memakai hasil hitung."
    )
    assert [(each.id, each.name) for each in line.people] == [(raka, "Raka Aditya")]
    assert "Naik atau tidak: Tidak naik (T); Ratna: Naik (N)" in line.people[0].detail
    assert len(after.checks) == len(before.checks) + 1


def test_no_rule_scores_an_instrument_that_belongs_to_health_workers(ws: Workspace) -> None:
    """KPSP, SDQ, Mini-Cog, AMT, SPPB, MNA-SF, GDS and ASSIST are noted as told: no rule, and no judge, reads them."""
    kaders = {
        "under_five_visit", "pregnancy_visit", "postpartum_visit", "newborn", "school_visit", "school_mental",
        "adult_visit", "srq20", "aks", "skilas", "wus", "health_history",
    }  # fmt: skip
    assert {rule.form for rule in STANDARDS.referrals} == kaders
    assert set(_JUDGES) == kaders - {"health_history"} | {"development"}
    assert "nakes_exam" in FORMS
    assert confirmations.results(ws, visits.assess(ws, woman(ws), FORMS["nakes_exam"], {"visited_on": TODAY})) == ()
