"""OpenSID: its people come in through the reader of sheets, the month's children go out as its module asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS
from posyandu.domain.indicators import ChildMonth
from posyandu.domain.nutrition import Category
from posyandu.services import eppgbm_import, immunisation, opensid, people
from posyandu.services.report_data import gather
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
    table = opensid.table(ws, melati.POST, NOVEMBER)[0]
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
    (row,) = opensid.table(ws, melati.POST, NOVEMBER)[0].rows
    told = dict(zip(opensid.COLUMNS, (cell.text for cell in row), strict=True))
    assert (told["air_bersih"], told["kepemilikan_jamban"], told["kunjungan_rumah"]) == ("v", "x", "v")


# --- column by column ------------------------------------------------------------------------------------------------


def category(code: str) -> Category:
    return Category(code, code, "ok", refer=False)


@pytest.fixture(scope="module")
def month() -> ChildMonth:
    """A child of sixteen months that was weighed and measured this month."""
    ws = melati.post()
    child = melati.child(ws, "Raka", date(2025, 7, 5))
    melati.weighed(ws, child, melati.TODAY, 9_600, length_mm=790, position="lying")
    (found,) = gather(ws, melati.POST, NOVEMBER).children[NOVEMBER]
    ws.close()
    return found


def classed(month: ChildMonth, **codes: str) -> ChildMonth:
    """The same child with these classes and no others."""
    (judged,) = month.assessments
    categories = dict.fromkeys(judged.categories, Category("unknown", "", "unknown", refer=False))
    named = categories | {index: category(code) for index, code in codes.items()}
    return replace(month, assessments=(replace(judged, categories=named),))


def column(
    name: str, month: ChildMonth, house: Answers | None = None, *, visited: bool = False, dosed: bool = False
) -> str:
    return opensid.COLUMNS[name](opensid._Facts(month, house or {}, visited, dosed))


@pytest.mark.parametrize(
    ("codes", "letters", "mat"),
    [
        ({}, "", "TD"),
        ({"whz": "normal"}, "", "TD"),  # without a length nobody can say that it is well
        ({"whz": "normal", "haz": "normal"}, "N", "H"),
        ({"whz": "overweight", "haz": "tall"}, "N", "H"),
        ({"whz": "wasted", "haz": "normal"}, "GK", "H"),
        ({"whz": "severely_wasted", "haz": "stunted"}, "GB", "K"),  # the graver is told
        ({"whz": "wasted", "haz": "severely_stunted"}, "GK", "M"),
        ({"whz": "normal", "haz": "stunted"}, "S", "K"),
        ({"haz": "severely_stunted"}, "S", "M"),
        ({"haz": "a class of next year"}, "", "TD"),
    ],
)
def test_the_letters_of_nutrition_and_the_colour_of_the_mat(
    month: ChildMonth, codes: dict[str, str], letters: str, mat: str
) -> None:
    child = classed(month, **codes)
    assert (column("status_gizi", child), column("status_tikar", child)) == (letters, mat)


@pytest.mark.parametrize(("value", "tick"), [(True, "v"), (False, "x"), (None, ""), (1, ""), ("ya", "")])
def test_a_tick_is_yes_a_cross_is_no_and_unknown_is_empty(value: object, tick: str) -> None:
    assert opensid._tick(value) == tick


@pytest.mark.parametrize(
    ("name", "changes", "text"),
    [
        ("jenis_kelamin", {"sex": "male"}, "1"),
        ("jenis_kelamin", {"sex": "female"}, "2"),
        ("jenis_kelamin", {"sex": None}, ""),
        ("no_kia", {"nik": "5203010507250001"}, "5203010507250001"),
        ("no_kia", {"nik": None}, ""),
        ("tanggal_lahir", {"born_on": date(2025, 7, 5)}, "2025-07-05"),
        ("tanggal_lahir", {"born_on": None}, ""),
        ("jaminan_kesehatan", {"jkn": "000123"}, "v"),
        ("jaminan_kesehatan", {"jkn": None}, ""),
        ("jaminan_kesehatan", {"jkn_kind": "pbi_local"}, "v"),
        ("jaminan_kesehatan", {"jkn": "000123", "jkn_kind": "none"}, "x"),
        ("akta_lahir", {"birth_certificate": True}, "v"),
        ("akta_lahir", {"birth_certificate": False}, "x"),
        ("akta_lahir", {}, ""),
        ("nama_anak", {"name": "Raka Aditya"}, "Raka Aditya"),
        ("umur_bulan", {}, "16"),
        ("pengasuhan_paud", {}, ""),
        ("konseling_gizi_ayah", {}, ""),
    ],
)
def test_what_the_register_says_of_a_child(
    month: ChildMonth, name: str, changes: dict[str, Value | None], text: str
) -> None:
    assert column(name, replace(month, person={**month.person, **changes})) == text


def test_what_was_done_this_month_is_ticked(month: ChildMonth) -> None:
    assert column("pengukuran_berat_badan", month) == column("pengukuran_tinggi_badan", month) == "v"
    away = replace(month, visits=(), assessments=(), came=False)
    assert column("pengukuran_berat_badan", away) == column("pengukuran_tinggi_badan", away) == "x"
    assert column("konseling_gizi_ibu", month) == ""
    told = replace(month, visits=({**month.visits[0], "counselling": "Makan telur"},))
    assert column("konseling_gizi_ibu", told) == "v"
    assert [column("kunjungan_rumah", month, visited=each) for each in (True, False)] == ["v", "x"]


@pytest.mark.parametrize(
    ("dosed", "late", "answered", "tick"),
    [
        (True, "", None, "v"),
        (True, "BCG", None, "x"),
        (True, "BCG", True, "x"),
        (True, "", False, "x"),
        (False, "", True, "v"),
        (False, "", False, "x"),
        (False, "", None, ""),
    ],
)
def test_a_child_of_whom_no_dose_is_noted_is_not_called_immunised(
    month: ChildMonth, dosed: bool, late: str, answered: bool | None, tick: str
) -> None:
    told = replace(month, late_doses=late, visits=({**month.visits[0], "immunisation_complete": answered},))
    assert column("pemberian_imunisasi_dasar", told, dosed=dosed) == tick


def test_the_sheet_of_a_post_leaves_immunisation_blank_until_a_dose_is_noted(ws: Workspace) -> None:
    child = melati.child(ws, "Kecil", date(2026, 11, 1))

    def tick() -> str:
        table = opensid.table(ws, melati.POST, NOVEMBER)[0]
        return dict(zip(opensid.COLUMNS, (cell.text for cell in table.rows[0]), strict=True))[
            "pemberian_imunisasi_dasar"
        ]

    assert tick() == ""
    immunisation.record(ws, child, [immunisation.Given("hb0", 1, date(2026, 11, 1))])
    assert tick() == "v"


@pytest.mark.parametrize(("answer", "tick"), [(True, "v"), (False, "x"), (None, "")])
def test_water_and_latrine_are_those_of_the_house(month: ChildMonth, answer: bool | None, tick: str) -> None:
    assert column("air_bersih", month, {"clean_water": answer}) == tick
    assert column("kepemilikan_jamban", month, {"latrine": answer}) == tick
    assert column("air_bersih", month) == "", "a child without a house"


def test_a_month_without_children_is_an_empty_table(ws: Workspace) -> None:
    assert opensid.table(ws, melati.POST, NOVEMBER)[0].rows == ()
    melati.child(ws, "Besar", date(2024, 11, 5))
    assert opensid.table(ws, melati.POST, NOVEMBER)[0].rows == (), "of two years and more"
    melati.child(ws, "Kecil", date(2024, 12, 1))
    assert len(opensid.table(ws, melati.POST, NOVEMBER)[0].rows) == 1
    with pytest.raises(NotFound):
        opensid.table(ws, "a post nobody has", NOVEMBER)[0]
