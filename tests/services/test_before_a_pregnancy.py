"""Couples before a pregnancy: who stands on the list and in which words, and when they are asked anew."""

from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import companions, follow_up, people, visits
from posyandu.services.workspace import Workspace
from tests.services import melati
from tests.services.melati import POST, TODAY, Clock

WUS = FORMS["wus"]
NOVEMBER = Month(2026, 11)


def noted(ws: Workspace, person_id: str, on: date = TODAY, **told: Value | None) -> None:
    answers = {"visited_on": on, "couple": True, **told}
    visits.record(ws, WUS, None, person_id, answers, record_id=f"{person_id}-wus")


def listed(ws: Workspace, month: Month = NOVEMBER, code: str = "prepregnancy") -> dict[str, str]:
    found = next((each for each in follow_up.attention(ws, POST, month) if each.code == code), None)
    return {row.id: row.reason for row in found.people} if found else {}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"wants_child": "soon", "chronic": True}, "Ingin hamil, perlu diperiksa dahulu: ALKI"),
        ({"wants_child": "soon", "infection": True}, "Ingin hamil, perlu diperiksa dahulu: ALKI"),
        (
            {"wants_child": "soon", "children_living": 4, "muac_mm": 220},
            "Ingin hamil, perlu diperiksa dahulu: 4T, ALKI",
        ),
        ({"wants_child": "soon", "fitness": "unfit"}, "Ingin hamil, perlu diperiksa dahulu: menurut tenaga kesehatan"),
        (
            {"wants_child": "later", "contraception": False},
            "Ingin menunda atau tidak ingin anak lagi, belum ber-KB",
        ),
        ({"wants_child": "soon"}, None),
        ({"wants_child": "soon", "chronic": True, "fitness": "fit"}, None),
        ({"wants_child": "later", "contraception": True, "chronic": True}, None),
        ({"wants_child": "soon", "chronic": True, "couple": False}, None),
    ],
)
def test_who_is_called_and_why(ws: Workspace, told: dict[str, Value | None], words: str | None) -> None:
    wulan = melati.woman(ws)
    noted(ws, wulan, **told)
    assert listed(ws) == ({wulan: words} if words else {})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"wants_child": "later", "contraception": True, "chronic": True}, "Register WUS: ALKI"),
        ({"infection": True, "complication": True}, "Register WUS: ALKI, riwayat atau keluhan"),
        ({"wants_child": "none", "contraception": False, "health_problem": True}, "Register WUS: riwayat atau keluhan"),
        ({"wants_child": "later", "fitness": "unfit"}, "Register WUS: menurut tenaga kesehatan"),
        ({"wants_child": "later", "muac_mm": 220}, "Register WUS: ALKI"),
        ({"wants_child": "soon", "chronic": True}, None),
        ({"wants_child": "later", "chronic": True, "fitness": "fit"}, None),
        ({"wants_child": "later", "children_living": 4}, None),
        ({"couple": False, "chronic": True}, None),
    ],
)
def test_whom_the_register_sends_on_is_listed_whatever_she_wishes(
    ws: Workspace, told: dict[str, Value | None], words: str | None
) -> None:
    wulan = melati.woman(ws)
    noted(ws, wulan, **told)
    assert listed(ws, code="to_refer") == ({wulan: words} if words else {})


def test_who_expects_a_child_is_past_being_called(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    noted(ws, wulan, wants_child="soon", chronic=True)
    melati.pregnancy(ws, wulan)
    assert listed(ws) == {}
    noted(ws, wulan, wants_child="later", chronic=True)
    assert listed(ws, code="to_refer") == {}


def test_an_answer_counts_for_a_year(ws: Workspace, clock: Clock) -> None:
    wulan = melati.woman(ws)
    noted(ws, wulan, wants_child="soon", chronic=True)
    assert wulan in listed(ws, NOVEMBER)
    clock.now = clock.now + timedelta(days=330)
    assert wulan in listed(ws, Month(2027, 10))
    clock.now = clock.now + timedelta(days=40)
    assert listed(ws, Month(2027, 11)) == {}


def test_who_is_past_childbearing_is_not_called(ws: Workspace) -> None:
    old = people.register(ws, {"name": "Ibu Tua", "sex": "female", "born_on": date(1976, 11, 12)})
    noted(ws, old, wants_child="soon", chronic=True)
    assert listed(ws) == {}


def test_the_register_is_one_record_that_couples_are_asked_about_each_year(ws: Workspace, clock: Clock) -> None:
    wulan = melati.woman(ws)
    noted(ws, wulan, children_living=0)

    def companion() -> companions.Companion:
        return next(each for each in companions.companions(ws, wulan, None, ws.today()) if each.form is WUS)

    assert not companion().is_due
    assert companion().words.startswith("12-11-2026. Belum dapat disimpulkan.")
    clock.now = clock.now + timedelta(days=366)
    assert companion().is_due
    assert companion().record_id == f"{wulan}-wus"
    noted(ws, wulan, couple=False)
    assert not companion().is_due


def test_the_visit_page_tells_the_result_while_it_is_typed(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    judged = visits.assess(ws, wulan, WUS, {"visited_on": TODAY, "couple": True, "children_living": 3})
    assert judged is not None
    assert judged.headline == "Dapat hamil dengan pengawasan: terlalu banyak."
