"""A health worker's word beside the computed result."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services import confirmations, people, reporting, sessions, visits
from posyandu.services.confirmations import Result
from posyandu.services.judging import _JUDGES
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from tests.domain.shipped import STANDARDS
from tests.services.melati import CHILD, POST, TODAY, child, post, weighed, woman


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


def test_of_others_each_finding_that_refers(ws: Workspace) -> None:
    ibu = woman(ws)
    form = FORMS["adult_visit"]
    saved = visits.record(
        ws, form, sessions.open_day(ws, POST, TODAY), ibu, {"systolic_mmhg": 150, "diastolic_mmhg": 95}
    )
    (found,) = confirmations.results(ws, saved.assessment)
    assert (found.subject, found.code) == ("finding:pressure_high", "yes")
    assert (found.title, found.words) == ("Temuan", "Hipertensi derajat 1")
    assert confirmations.results(ws, None) == ()


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
        "adult_visit", "srq20", "aks", "skilas", "health_history",
    }  # fmt: skip
    assert {rule.form for rule in STANDARDS.referrals} == kaders
    assert set(_JUDGES) == kaders - {"health_history"}
    assert "nakes_exam" in FORMS
    assert confirmations.results(ws, visits.assess(ws, woman(ws), FORMS["nakes_exam"], {"visited_on": TODAY})) == ()
