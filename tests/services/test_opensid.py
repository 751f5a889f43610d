"""OpenSID: its people come in through the reader of sheets, the month's children go out as its module asks."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import eppgbm_import, opensid, people
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati

NOVEMBER = Month(2026, 11)
HEAD = [
    "alamat", "dusun", "rw", "rt", "nama", "no_kk", "nik", "sex", "tempatlahir", "tanggallahir", "agama_id",
    "pendidikan_kk_id", "kk_level", "nama_ayah", "nama_ibu",
]  # fmt: skip


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


def test_a_village_register_comes_in_with_grown_people_and_families(ws: Workspace, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(HEAD)
    kk = "5203010101010001"
    page.append(
        [
            "Jl. Melati",
            "Dasan Baru",
            "01",
            "02",
            "Budi Santoso",
            kk,
            "5203010504800001",
            1,
            "Ubung",
            "05-04-1980",
            1,
            4,
            1,
            "-",
            "-",
        ]
    )
    page.append(
        [
            "Jl. Melati",
            "Dasan Baru",
            "01",
            "02",
            "Rina Wati",
            kk,
            "5203014504850002",
            2,
            "Ubung",
            "1985-04-05",
            1,
            4,
            3,
            "Amat",
            "Inah",
        ]
    )
    page.append(
        [
            "Jl. Melati",
            "Dasan Baru",
            "01",
            "02",
            "Sinta",
            kk,
            "5203014107250003",
            2.0,
            "Ubung",
            date(2025, 7, 1),
            1,
            0,
            4,
            "Budi Santoso",
            "Rina Wati",
        ]
    )
    path = tmp_path / "penduduk.xlsx"
    made.save(path)
    preview = eppgbm_import.look(ws, melati.POST, path)
    assert [each.who for each in preview.rows] == ["new", "new", "new"]
    assert eppgbm_import.take(ws, preview).children == 3
    rows = {row.answers["name"]: row for row in records.load_many(ws.db, FORMS["person"])}
    assert {row.answers["household_id"] for row in rows.values()} == {rows["Sinta"].answers["household_id"]}
    assert (rows["Budi Santoso"].answers["sex"], rows["Rina Wati"].answers["sex"]) == ("male", "female")
    assert rows["Sinta"].answers["hamlet"] == "Dasan Baru"
    assert rows["Sinta"].answers["mother_name"] == "Rina Wati"


def test_the_month_goes_out_column_by_column_and_the_unknown_stays_empty(ws: Workspace, tmp_path: Path) -> None:
    child = melati.child(ws, "Raka", date(2025, 7, 5), nik="5203010507250001", mother_name="Wulan")
    people.correct(ws, child, {"jkn": "0001234567890"})
    melati.weighed(ws, child, melati.TODAY, 6_500, length_mm=690, position="lying")
    melati.child(ws, "Ayu", date(2025, 3, 1), sex="female")
    melati.child(ws, "Besar", date(2022, 3, 1))
    saved = opensid.save(ws, melati.POST, NOVEMBER, tmp_path)
    assert (saved.path.name, saved.children) == ("OpenSID anak 2026-11.xlsx", 2)
    table = opensid.table(ws, melati.POST, NOVEMBER)
    assert [column.name for column in table.columns] == list(opensid.COLUMNS)
    ayu, raka = ({column: cell.text for column, cell in zip(opensid.COLUMNS, row, strict=True)} for row in table.rows)
    assert (raka["status_gizi"], raka["status_tikar"]) == ("GK", "M")
    assert (raka["pengukuran_berat_badan"], raka["pengukuran_tinggi_badan"], raka["jaminan_kesehatan"]) == (
        "v",
        "v",
        "v",
    )
    assert (ayu["status_gizi"], ayu["status_tikar"], ayu["pengukuran_berat_badan"]) == ("", "TD", "x")
    assert (ayu["air_bersih"], ayu["akta_lahir"], ayu["jenis_kelamin"], ayu["umur_bulan"]) == ("", "", "2", "20")
    assert table.rows[1][2].people[0].id == child


def test_a_child_visited_at_home_and_its_house_are_told(ws: Workspace) -> None:
    child = melati.child(ws, "Raka", date(2025, 7, 5))
    person = records.load(ws.db, FORMS["person"], child)
    assert person is not None
    house = str(person.answers["household_id"] or records.new_id())
    records.save(
        ws.db, FORMS["household"], house, {"clean_water": True, "latrine": False}, scope=melati.POST, author=ws.author,
        now=ws.now(),
    )  # fmt: skip
    records.save(
        ws.db, FORMS["person"], child, {}, scope=melati.POST, author=ws.author, now=ws.now(),
        links={"household_id": house},
    )  # fmt: skip
    records.save(
        ws.db, FORMS["home_child"], records.new_id(), {"visited_on": melati.TODAY}, scope=melati.POST,
        author=ws.author, now=ws.now(), links={"person_id": child},
    )  # fmt: skip
    (row,) = opensid.table(ws, melati.POST, NOVEMBER).rows
    told = dict(zip(opensid.COLUMNS, (cell.text for cell in row), strict=True))
    assert (told["air_bersih"], told["kepemilikan_jamban"], told["kunjungan_rumah"]) == ("v", "x", "v")
