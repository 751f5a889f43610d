"""Calon pengantin: who stands on the list before a wedding, in which words, and the indicators with their names."""

from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.reports.table import Table
from posyandu.services import catin, follow_up, people, reporting
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import POST, TODAY

NOVEMBER = Month(2026, 11)
WEDDING = date(2026, 12, 12)
HB, SRQ = "adult_visit", "srq20"
LOW = {"answered": True, "outcome": "low"}
HIGH = {"answered": True, "outcome": "high"}


def bride(ws: Workspace, name: str = "Wulan Sari", **more: Value | None) -> str:
    return melati.woman(ws, name, **{"betrothed": True, **more})


def noted(ws: Workspace, form: str, person_id: str, on: date = TODAY, **told: Value | None) -> None:
    answers = {"visited_on": on, "source": "session", **told}
    records.save(
        ws.db, FORMS[form], records.new_id(), answers,
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip


def listed(ws: Workspace, month: Month = NOVEMBER) -> dict[str, str]:
    found = next((each for each in follow_up.attention(ws, POST, month) if each.code == "catin"), None)
    return {row.id: row.reason for row in found.people} if found else {}


@pytest.mark.parametrize(
    ("told", "hb", "srq", "words"),
    [
        ({}, None, None, "Catin: Hb belum diperiksa, skrining jiwa belum"),
        ({"wedding_on": WEDDING}, None, None, "Menikah 12-12-2026: Hb belum diperiksa, skrining jiwa belum"),
        ({"wedding_on": WEDDING}, 125, LOW, None),
        ({"wedding_on": WEDDING}, 119, LOW, "Menikah 12-12-2026: anemia"),
        ({"wedding_on": WEDDING}, 120, HIGH, None),
        ({}, 119, {"answered": False}, "Catin: anemia, skrining jiwa belum"),
        ({"betrothed": False}, None, None, None),
        ({"marital_status": "married"}, None, None, None),
        ({"wedding_on": NOVEMBER.first - timedelta(1)}, None, None, None),
        ({"status": "moved", "left_on": date(2026, 10, 1)}, None, None, None),
    ],
)
def test_what_is_still_to_come_before_the_wedding(
    ws: Workspace, told: dict[str, Value | None], hb: int | None, srq: dict[str, Value | None] | None, words: str | None
) -> None:
    """Hb below 12,0 g/dL is anaemia of a woman; what the screening found is never said."""
    wulan = bride(ws, **told)
    if hb is not None:
        noted(ws, HB, wulan, haemoglobin_dg_dl=hb)
    if srq is not None:
        noted(ws, SRQ, wulan, **srq)
    assert listed(ws).get(wulan) == words


def test_the_nearest_wedding_stands_first_and_a_year_old_hb_counts_no_more(ws: Workspace) -> None:
    later = bride(ws, "Ani", wedding_on=WEDDING)
    sooner = bride(ws, "Zulaeha", wedding_on=TODAY)
    unknown = bride(ws, "Baiq")
    for person, on in ((later, date(2025, 11, 30)), (sooner, date(2025, 12, 1))):
        noted(ws, HB, person, on, haemoglobin_dg_dl=130)
    persons = {each: people.card(ws, each).person for each in (unknown, later, sooner)}
    found = catin.of_posts(ws, [POST], persons, NOVEMBER)
    assert [(each.id, each.anaemic) for each in found] == [(sooner, False), (later, None), (unknown, None)]


def test_the_last_haemoglobin_of_any_form_counts(ws: Workspace) -> None:
    wulan = bride(ws)
    noted(ws, "wus", wulan, TODAY, couple=False, haemoglobin_dg_dl=110)
    noted(ws, HB, wulan, TODAY - timedelta(1), haemoglobin_dg_dl=130)
    noted(ws, HB, wulan, TODAY, weight_g=50_000)
    (found,) = catin.of_posts(ws, [POST], {wulan: people.card(ws, wulan).person}, NOVEMBER)
    assert found.anaemic is True


def test_an_unfinished_screening_does_not_undo_the_one_before(ws: Workspace) -> None:
    wulan = bride(ws)
    noted(ws, HB, wulan, haemoglobin_dg_dl=125)
    noted(ws, SRQ, wulan, TODAY - timedelta(30), **LOW)
    noted(ws, SRQ, wulan, TODAY, answered=False)
    assert wulan not in listed(ws)


def test_blood_that_was_examined_is_not_asked_for_again_where_no_class_can_be_given(ws: Workspace) -> None:
    """Without a birth date nobody knows the bound; the haemoglobin was examined all the same."""
    ani = bride(ws, "Ani")
    records.save(ws.db, FORMS["person"], ani, {"born_on": None}, scope=POST, author=ws.author, now=ws.now())
    noted(ws, HB, ani, haemoglobin_dg_dl=90)
    assert listed(ws)[ani] == "Catin: skrining jiwa belum"
    examined, anaemic, *_rest = indicators(ws).rows
    assert [cell.value for cell in examined[1:4]] == [1, 1, 0]
    assert [cell.value for cell in anaemic[1:4]] == [0, 0, 1]


def indicators(ws: Workspace) -> Table:
    sheet = reporting.build(ws, "indikator_pus", POST, NOVEMBER)
    return next(each for each in sheet.tables if each.code == "indikator_catin")


def test_the_indicators_open_names_but_for_what_is_confidential(ws: Workspace) -> None:
    wulan, ani = bride(ws), bride(ws, "Ani")
    melati.woman(ws, "Bukan Catin")
    noted(ws, HB, wulan, haemoglobin_dg_dl=100)
    noted(ws, SRQ, wulan, **HIGH)
    found = indicators(ws)
    assert found.title == "Calon pengantin (catin): 2"
    told = [
        (row[0].text, row[1].value, [each.id for each in row[1].people], row[2].value, row[3].value)
        for row in found.rows
    ]
    assert told == [
        ("Catin diperiksa Hb", 1, [wulan], 2, 0),
        ("Catin dengan anemia", 1, [wulan], 1, 1),
        ("Catin diskrining kesehatan jiwa", 1, [wulan], 2, 0),
        ("Catin dengan masalah jiwa menurut skrining", 1, [], 1, 1),
    ]
    assert [each.id for each in found.rows[1][3].people] == [ani]
    assert found.rows[3][3].people == ()
    assert [row[4].text for row in found.rows] == ["50,0%", "100,0%", "50,0%", "100,0%"]


def test_without_any_the_shares_are_dashes(ws: Workspace) -> None:
    assert [row[4].text for row in indicators(ws).rows] == ["–"] * 4
