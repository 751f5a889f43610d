from collections.abc import Iterator

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.reports.monthly import MonthlyReport
from posyandu.services import reporting
from posyandu.services.workspace import Workspace
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
    assert {kind.group for kind in kinds} == {"Laporan", "Gizi", "Puskesmas", "Register ILP", "Kartu bantu", "SIP"}


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
