import json
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from posyandu import paths
from posyandu.domain.fields import Answers
from posyandu.reports import eppgbm
from posyandu.reports.eppgbm import Child, Meal, export
from posyandu.reports.spreadsheet import import_sheet

IDENTITY = [
    "No",
    "anak_ke",
    "tgl_lahir",
    "jenis_kelamin",
    "nomor_KK",
    "NIK",
    "nama_anak",
    "usia_hamil",
    "berat_lahir",
    "panjang_lahir",
    "lingkar_kepala_lahir",
    "kia",
    "kia_bayi_kecil",
    "imd",
    "nama_ortu",
    "nik_ortu",
    "hp_ortu",
    "alamat",
    "rt",
    "rw",
    "hapus",
    "pindah",
]
MEASUREMENT = [
    "No",
    "NIK",
    "nama_anak",
    "TANGGALUKUR",
    "BERAT",
    "TINGGI",
    "LILA",
    "lingkar_kepala",
    "Pitting_edema",
    "CARAUKUR",
    "vita",
    "asi_bulan_0",
    "asi_bulan_1",
    "asi_bulan_2",
    "asi_bulan_3",
    "asi_bulan_4",
    "asi_bulan_5",
    "asi_bulan_6",
    "kelas_ibu_balita",
    "mbg",
]
RAKA: Answers = {
    "name": "Raka Aditya", "sex": "male", "born_on": date(2026, 3, 5), "nik": "5203010503260001",
    "kk": "5203010101200002", "mother_name": "Wulan", "phone": "081234567890", "birth_weight_g": 3_150,
    "birth_length_mm": 495, "birth_head_mm": 340, "birth_order": 2, "gestation_weeks": 39, "has_kia_book": True,
    "early_breastfeeding": False, "address": "Gubuk Timur", "rt": "01", "rw": "02",
}  # fmt: skip
VISIT: Answers = {
    "visited_on": date(2026, 11, 12), "weight_g": 7_850, "length_mm": 684, "position": "lying", "muac_mm": 138,
    "head_mm": 431, "oedema": "none", "vitamin_a": "none",
}  # fmt: skip
ASKED: tuple[Answers, ...] = (
    {"visited_on": date(2026, 3, 20), "exclusive_breastfeeding": True},
    {"visited_on": date(2026, 5, 20), "exclusive_breastfeeding": False},
    {"visited_on": date(2026, 5, 28)},
)
CHILD = Child("raka", RAKA, {"nik": "5203014204980003"}, VISIT, (*ASKED, VISIT))


def read(sheet: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(BytesIO(sheet))
    return [tuple(row) for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]


def test_the_sheets_have_the_columns_that_e_ppgbm_reads() -> None:
    made = export([CHILD])
    assert made.identity[0] == "Sheet1"
    assert [column.name for column in made.identity[1].columns] == IDENTITY
    assert made.measurement[0] == "Data Pengukuran"
    assert [column.name for column in made.measurement[1].columns] == MEASUREMENT
    assert made.refused.rows == ()


def test_numbers_of_identity_are_text_and_measures_are_numbers() -> None:
    made = export([CHILD])
    head, row = read(import_sheet(*made.identity))
    assert list(head) == IDENTITY
    assert row == (
        1, 2, "2026-03-05", "Laki-laki", "5203010101200002", "5203010503260001", "Raka Aditya", 39, 3.15, 49.5, 34,
        "Ya", None, "Tidak", "Wulan", "5203014204980003", "081234567890", "Gubuk Timur", "01", "02", None, None,
    )  # fmt: skip
    _head, row = read(import_sheet(*made.measurement))
    assert row == (
        1, "5203010503260001", "Raka Aditya", "2026-11-12", 7.85, 68.4, 13.8, 43.1, "tidak", "terlentang", "tidak",
        "ya", None, "tidak", None, None, None, None, None, None,
    )  # fmt: skip


def test_breast_milk_only_is_not_taken_up_again_after_a_no() -> None:
    later: Answers = {"visited_on": date(2026, 6, 20), "exclusive_breastfeeding": True}
    head, row = read(import_sheet(*export([replace(CHILD, visits=(*ASKED, later, VISIT))]).measurement))
    told = dict(zip(head, row, strict=True))
    assert [told[f"asi_bulan_{age}"] for age in range(5)] == ["ya", None, "tidak", "tidak", None]


def test_the_same_data_give_the_same_bytes() -> None:
    assert import_sheet(*export([CHILD]).identity) == import_sheet(*export([CHILD]).identity)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"nik": None}, "NIK belum ada"),
        ({"nik": None, "nik_missing": "no_documents"}, "NIK belum ada (tidak ada dokumen)"),
        ({"nik": None, "nik_missing": "not_brought"}, "NIK belum ada (tidak dibawa)"),
        ({"nik": "52030105032"}, "NIK bukan 16 angka"),
        ({"nik": "52030105032600O1"}, "NIK bukan 16 angka"),
        ({"sex": None}, "jenis kelamin belum ada"),
        ({"born_on": None}, "tanggal lahir belum ada"),
        ({"mother_name": None}, "nama ibu atau ayah belum ada"),
        ({"kk": "123"}, "nomor KK bukan 16 angka"),
    ],
)
def test_a_child_that_will_be_refused_is_left_out_and_named_with_what_to_complete(changes: Answers, why: str) -> None:
    made = export([replace(CHILD, person={**RAKA, **changes})])
    assert made.identity[1].rows == ()
    row = made.refused.rows[0]
    assert (row[0].text, row[1].text, row[3].text) == ("Identitas", "Raka Aditya", why)
    assert row[1].people[0].id == "raka"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"length_mm": None}, "panjang atau tinggi badan belum diukur"),
        ({"position": None}, "cara ukur (terlentang atau berdiri) belum diisi"),
        ({"length_mm": None, "position": None}, "panjang atau tinggi badan belum diukur; cara ukur"),
    ],
)
def test_a_measurement_that_will_be_refused_keeps_its_identity(changes: Answers, why: str) -> None:
    made = export([replace(CHILD, visit={**VISIT, **changes})])
    assert len(made.identity[1].rows) == 1
    assert made.measurement[1].rows == ()
    assert made.refused.rows[0][0].text == "Pengukuran"
    assert made.refused.rows[0][3].text.startswith(why)


def test_what_a_wrong_scale_said_is_refused_and_the_identity_kept() -> None:
    made = export([replace(CHILD, doubt="alat ukurnya ternyata salah: ukur lagi")])
    assert (len(made.identity[1].rows), len(made.measurement[1].rows)) == (1, 0)
    assert [row[-1].text for row in made.refused.rows] == ["alat ukurnya ternyata salah: ukur lagi"]
    assert export([replace(CHILD, doubt="alat salah", visit=None)]).refused.rows == ()


def test_two_children_with_one_nik_are_both_left_out() -> None:
    made = export([CHILD, replace(CHILD, id="ayu", person={**RAKA, "name": "Ayu"})])
    assert made.identity[1].rows == made.measurement[1].rows == ()
    assert len(made.refused.rows) == 4


def test_a_child_not_measured_is_in_the_first_sheet_only_and_rows_are_numbered_without_gaps() -> None:
    others = [
        replace(CHILD, id="a", person={**RAKA, "nik": None}),
        replace(CHILD, id="b", person={**RAKA, "nik": "5203010503260009"}, visit=None),
        CHILD,
    ]
    made = export(others)
    assert [row[0].value for row in made.identity[1].rows] == [1, 2]
    assert [row[0].value for row in made.measurement[1].rows] == [1]


PMT = [
    *("nik", "nama", "tanggal_pemberian_pertama", "siklus_ke", "jenis_pmt", "sumber_anggaran", "mitra", "mitra_lain"),
    *("pmt_sesuai_juknis", "alasan_pemberian", "minggu_ke", "tanggal_pemantauan"),
    *(f"hari_{day}" for day in range(1, 8)),
    *("bb", "tb", "cara_ukur", "pemantauan_kesehatan", "tindak_lanjut"),
]
PROGRAMME: Answers = {
    "visited_on": date(2026, 11, 2), "reason": "underweight", "kind": "local", "fund": "partner", "partner": "Yayasan",
    "by_guideline": True, "cycle": 1,
}  # fmt: skip
WEEK: Answers = {
    "week": 1, "visited_on": date(2026, 11, 9), "day_1": True, "day_2": False, "weight_g": 9_150, "length_mm": 762,
    "position": "lying", "health": "Batuk", "next_step": "continued",
}  # fmt: skip


def test_a_week_of_extra_meals_is_a_row_of_24_columns_in_the_numbers_of_the_blank() -> None:
    tab, table = export([CHILD], [Meal(CHILD, PROGRAMME, WEEK)]).feeding
    assert (tab, [column.name for column in table.columns]) == ("PMT", PMT)
    row = dict(zip(PMT, (cell.value for cell in table.rows[0]), strict=True))
    assert row == {
        "nik": RAKA["nik"], "nama": "Raka Aditya", "tanggal_pemberian_pertama": "2026-11-02", "siklus_ke": 1,
        "jenis_pmt": 2, "sumber_anggaran": 3, "mitra": "Yayasan", "mitra_lain": None, "pmt_sesuai_juknis": 1,
        "alasan_pemberian": 2, "minggu_ke": 1, "tanggal_pemantauan": "2026-11-09", "hari_1": 1, "hari_2": 0,
        "hari_3": None, "hari_4": None, "hari_5": None, "hari_6": None, "hari_7": None, "bb": 9.15, "tb": 76.2,
        "cara_ukur": 2, "pemantauan_kesehatan": "Batuk", "tindak_lanjut": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("programme", "week", "person", "why"),
    [
        ({"kind": None}, {}, {}, "jenis MT belum diisi"),
        ({"reason": "pregnant_kek"}, {}, {}, "alasan diberi MT belum diisi"),
        ({}, {"weight_g": None}, {}, "berat badan pada minggu MT belum diukur"),
        ({}, {}, {"nik": None}, "NIK belum ada"),
        ({}, {}, {"nik": "12"}, "NIK bukan 16 angka"),
    ],
)
def test_a_week_that_will_be_refused_is_left_out_with_what_to_complete(
    programme: Answers, week: Answers, person: Answers, why: str
) -> None:
    child = replace(CHILD, person={**RAKA, **person})
    made = export([], [Meal(child, {**PROGRAMME, **programme}, {**WEEK, **week})])
    assert made.feeding[1].rows == ()
    (row,) = made.refused.rows
    assert (row[0].text, row[3].text) == ("PMT", why)


def test_without_the_mothers_record_only_her_name_is_told() -> None:
    made = export([replace(CHILD, parent={})])
    row = made.identity[1].rows[0]
    assert (row[14].text, row[15].text) == ("Wulan", "")


def test_the_data_file_names_only_sources_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads((paths.resources() / "exchange" / "eppgbm.json").read_text(encoding="utf-8"))
    used = {column["source"] for part in document.values() for column in part["columns"] if "source" in column}
    assert used == set(eppgbm.SOURCES) | set(eppgbm.MEAL_SOURCES)
    monkeypatch.setattr(eppgbm, "SOURCES", {"number": lambda _child: None})
    eppgbm._columns.cache_clear()
    with pytest.raises(ValueError, match="no source is called birth_order"):
        export([])
    eppgbm._columns.cache_clear()
