from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.reports.monthly import MonthlyReport
from posyandu.services import pregnancies, reporting, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


def test_every_kind_is_offered_with_a_heading_and_the_monthly_report_first() -> None:
    kinds = reporting.kinds()
    assert kinds[0].code == "bulanan"
    assert len({kind.code for kind in kinds}) == len(kinds)
    groups = {
        "Laporan",
        "Posyandu sendiri",
        "Gizi",
        "Puskesmas",
        "Register ILP",
        "Kartu bantu",
        "SIP",
        "Sebelum hari buka",
    }
    assert {kind.group for kind in kinds} == groups


def test_every_kind_can_be_built_and_written_for_a_post_with_one_child_and_one_mother(ws: Workspace) -> None:
    child = melati.child(ws)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    woman = melati.woman(ws)
    melati.pregnancy(ws, woman)
    for kind in reporting.kinds():
        report = reporting.build(ws, kind.code, melati.POST, person_id=woman if "bumil" in kind.code else child)
        assert reporting.pdf_bytes(report).startswith(b"%PDF")
        assert reporting.file_name(report, "pdf").endswith(".pdf")
        assert isinstance(report, MonthlyReport) == (kind.code == "bulanan")


def test_every_file_of_a_post_has_a_name_of_its_own(ws: Workspace) -> None:
    child, woman = melati.child(ws), melati.woman(ws)
    melati.pregnancy(ws, woman)
    names = [
        reporting.file_name(
            reporting.build(ws, kind.code, melati.POST, person_id=woman if "bumil" in kind.code else child), "pdf"
        )
        for kind in reporting.kinds()
    ]
    assert len(set(names)) == len(names)


def test_the_bundle_of_a_month_holds_what_is_built_one_by_one(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws), melati.TODAY, 9_600)
    built = [
        reporting.build(ws, kind.code, melati.POST, Month(2026, 11))
        for kind in reporting.kinds()
        if kind.period in ("month", "year") and kind.code != "bulanan"
    ]
    assert [each.code for each in reporting.bundle(ws, melati.POST, Month(2026, 11))] == [each.code for each in built]


def test_an_empty_post_gives_every_sheet_too(ws: Workspace) -> None:
    for kind in reporting.kinds():
        if kind.period != "person":
            assert reporting.pdf_bytes(reporting.build(ws, kind.code, melati.POST, Month(2026, 10)))


def test_a_year_is_filled_up_to_this_month_and_a_past_one_to_its_end(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws), melati.TODAY, 9_600)
    this = reporting.build(ws, "sip6", melati.POST, Month(2026, 3))
    assert this.period == "2026"
    assert this.tables[0].cell(10, "d").value == 1
    assert reporting.build(ws, "sip6", melati.POST, year=2025).tables[0].cell(11, "d").text == ""


def test_a_card_is_named_after_its_person(ws: Workspace) -> None:
    card = reporting.build(ws, "kartu_balita", melati.POST, person_id=melati.child(ws))
    assert card.post_name == "Raka Aditya"
    assert reporting.file_name(card, "pdf") == "Kartu bantu pemeriksaan bayi balita dan apras Raka Aditya.pdf"


def test_what_a_kind_needs_is_asked_for(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="tidak dikenal"):
        reporting.build(ws, "karangan", melati.POST)
    with pytest.raises(BadInput, match="Pilih dulu orangnya"):
        reporting.build(ws, "kartu_balita", melati.POST)
    with pytest.raises(NotFound, match="Orang ini"):
        reporting.build(ws, "kartu_balita", melati.POST, person_id="tak-ada")
    with pytest.raises(BadInput, match="kehamilan"):
        reporting.build(ws, "kartu_bumil", melati.POST, person_id=melati.woman(ws))
    with pytest.raises(NotFound, match="Posyandu"):
        reporting.build(ws, "kartu_balita_kosong", "tak-ada")


def test_a_mother_in_nifas_is_in_the_register_with_her_baby_and_in_f1(ws: Workspace) -> None:
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    mother = melati.woman(ws)
    birth = melati.TODAY - timedelta(days=12)
    pregnancies.end(ws, melati.pregnancy(ws, mother, lmp_on=birth - timedelta(days=280)), "live_birth", birth)
    melati.child(ws, "Bayi Wulan", birth, mother_id=mother)
    visits.record(ws, FORMS["postpartum_visit"], day, mother, {"muac_mm": 250, "vitamin_a_capsules": 2})
    register = reporting.build(ws, "register_bumil", melati.POST).tables[0]
    assert [register.cell(0, name).text for name in ("name", "baby", "came_11")] == ["Wulan Sari", "Bayi Wulan", "✓"]
    assert register.rows[-1][register.column("came_11")].text == "1/1"
    items = {row[0].text: row[-1] for row in reporting.build(ws, "f1_gizi", melati.POST).tables[3].rows}
    assert [ref.id for no in ("18a", "18b") for ref in items[no].people] == [mother, mother]


def test_doses_and_the_register_of_women_come_from_the_book(ws: Workspace) -> None:
    child, mother = melati.child(ws), melati.woman(ws)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    for form, answers, person in (
        ("immunisation_dose", {"antigen": "mr", "dose": 1, "given_on": melati.TODAY}, child),
        ("wus", {"visited_on": date(2026, 5, 1), "children_living": 2}, mother),
        ("wus", {"visited_on": melati.TODAY, "children_living": 3}, mother),
    ):
        records.save(
            ws.db, FORMS[form], records.new_id(), answers, scope=melati.POST, author=ws.author, now=ws.now(),
            links={"person_id": person},
        )  # fmt: skip
    assert reporting.build(ws, "sip6", melati.POST).tables[0].cell(10, "measles").value == 1
    women = reporting.build(ws, "sip3", melati.POST).tables[0]
    assert [women.cell(0, name).text for name in ("name", "children_living")] == ["Wulan Sari", "3"]
    assert women.cell(1, "name").text == ""
