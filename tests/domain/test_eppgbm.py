import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import eppgbm
from posyandu.domain.eppgbm import READERS, WANTED, Cell, Line, find_header, read_day, read_line, read_number16

TODAY = date(2026, 11, 12)
EXPORTED = [
    "No", "NIK", "Nama", "JK", "Tgl Lahir", "BB Lahir", "TB Lahir", "Nama Ortu", "Prov", "Kab/Kota", "Kec", "Pukesmas",
    "Desa/Kel", "Posyandu", "RT", "RW", "Alamat", "Usia Saat Ukur", "Tanggal Pengukuran", "Berat", "Tinggi",
    "Cara Ukur", "LiLA", "BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan", "Jml Vit A",
    "KPSP", "KIA", "Kelas Ibu Balita", "MBG", "Detail",
]  # fmt: skip
ROW: list[Cell] = [
    1, "5203010503260001", "RAKA ADITYA", "L", "2026-03-05", "3.15", "49.5", "BUDI SANTOSO / WULAN SARI", "NTB",
    "LOMBOK TENGAH", "PRAYA", "PRAYA", "BUNUT BAOK", "MELATI", "01", "02", "Gubuk Timur",
    "0 Tahun - 8 Bulan - 7 Hari", "2026-11-12", "7,85", "68.4", "Terlentang", "13.8", "Normal", "-0.8", "Normal",
    "Outlier", "Gizi Baik", "-0.3", "N", "1", "", "Ya", "", "", "Detail",
]  # fmt: skip


def line(headings: list[str] = EXPORTED, **changes: Cell) -> Line:
    header = find_header([headings])
    assert header is not None
    row = list(ROW)
    for name, value in changes.items():
        row[header.columns[name]] = value
    read = read_line(header, row, 2, TODAY)
    assert read is not None
    return read


def test_the_export_of_today_is_read_whole() -> None:
    read = line()
    assert read.person == {
        "nik": "5203010503260001", "name": "Raka Aditya", "sex": "male", "born_on": date(2026, 3, 5),
        "birth_weight_g": 3_150, "birth_length_mm": 495, "father_name": "Budi Santoso", "mother_name": "Wulan Sari",
        "address": "Gubuk Timur", "rt": "01", "rw": "02", "has_kia_book": True,
    }  # fmt: skip
    assert read.visit == {
        "visited_on": TODAY, "weight_g": 7_850, "length_mm": 684, "position": "lying", "muac_mm": 138,
    }  # fmt: skip
    assert (read.refused, read.notes) == ((), ())


def test_the_heading_is_found_below_banners_in_any_order_and_spelling() -> None:
    banner: list[list[Cell]] = [["data tanggal : 2026-11-12"], [], ["TGL. LAHIR", "nama_anak", "Jenis Kelamin", "NIK "]]
    header = find_header(banner)
    assert header is not None
    assert (header.row, header.columns) == (2, {"born_on": 0, "name": 1, "sex": 2, "nik": 3})


@pytest.mark.parametrize("rows", [[], [["Nama", "Alamat"]], [[None, 3, date(2026, 1, 1)]], [[""]] * 15 + [EXPORTED]])
def test_another_sheet_has_no_heading(rows: list[list[Cell]]) -> None:
    assert find_header(rows) is None


@pytest.mark.parametrize(
    ("columns", "enough"),
    [
        (("name", "sex", "born_on"), True),
        (("nik", "visited_on"), True),
        (("nik", "name", "sex"), False),
        (("visited_on", "name", "born_on"), False),
        ((), False),
    ],
)
def test_people_are_told_by_name_sex_and_birth_or_by_nik_and_day(columns: tuple[str, ...], *, enough: bool) -> None:
    assert eppgbm.is_enough(columns) is enough


def test_z_scores_and_classes_of_the_file_are_never_read() -> None:
    header = find_header([EXPORTED])
    assert header is not None
    used = {EXPORTED[place] for place in header.columns.values()}
    assert not used & {"BB/U", "ZS BB/U", "TB/U", "ZS TB/U", "BB/TB", "ZS BB/TB", "Naik Berat Badan"}


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("5203010503260001", "5203010503260001"),
        ("'5203010503260001", "5203010503260001"),
        ("5203 0105 0326 0001", "5203010503260001"),
        (5203010503260001, "5203010503260001"),
        (5203010503260001.0, "5203010503260001"),
        (520301050326.0, None),
        ("520301050326000", None),
        ("52030105032600012", None),
        (12.5, None),
    ],
)
def test_a_nik_is_whole_or_refused(cell: Cell, wanted: str | None) -> None:
    if wanted is not None:
        assert line(nik=cell).person["nik"] == wanted
        return
    with pytest.raises(ValueError, match=r".+"):
        read_number16(cell)
    assert line(nik=cell).refused[0].startswith("NIK:")


@pytest.mark.parametrize(
    "cell", [5203010503260000, 5203010503260000.0, 9401010503260001.0, "5,20301E+15", "5.20301E15"]
)
def test_a_nik_that_a_spreadsheet_rounded_is_left_out_and_the_rest_of_its_row_is_read(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_number16(cell)
    read = line(nik=cell)
    assert (read.refused, "nik" in read.person) == ((), False)
    assert read.person["name"]
    (note,) = read.notes
    assert note.startswith("NIK: ")
    assert "dibulatkan" in note


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("7/5/25", date(2025, 5, 7)), ("07-05-25", date(2025, 5, 7)), ("1.11.26", date(2026, 11, 1))],
)
def test_a_year_of_two_digits_is_of_this_century_and_said(cell: str, wanted: date) -> None:
    read = line(born_on=cell, visited_on=None)
    assert (read.person["born_on"], read.refused) == (wanted, ())
    assert read.notes[0] == f"tanggal lahir: {cell} dibaca {wanted:%d-%m-%Y}"


@pytest.mark.parametrize("cell", ["7/5/58", "13/11/26"])
def test_a_year_of_two_digits_that_is_still_to_come_is_asked_for(cell: str) -> None:
    assert (
        line(born_on=cell).refused[0].endswith("tidak terbaca (tahunnya dua angka dan tidak pasti; tulis empat angka)")
    )


@pytest.mark.parametrize("cell", ["31/2/25", "7/5-25", "25/13/7"])
def test_what_is_no_day_with_any_year_is_refused_as_such(cell: str) -> None:
    assert line(born_on=cell).refused[0].endswith("tidak terbaca (seharusnya tanggal seperti 12-11-2026)")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("5/3/2026", date(2026, 3, 5)),
        ("05-03-2026", date(2026, 3, 5)),
        ("2026-03-05 00:00:00", date(2026, 3, 5)),
        (datetime(2026, 3, 5, 0, 0), date(2026, 3, 5)),  # noqa: DTZ001 - a cell of a spreadsheet
        (date(2026, 3, 5), date(2026, 3, 5)),
        ("5 Mar 2026", date(2026, 3, 5)),
        ("05-maret-2026", date(2026, 3, 5)),
        (46086, date(2026, 3, 5)),
        (46086.5, date(2026, 3, 5)),
    ],
)
def test_a_day_is_read_as_people_write_it(cell: Cell, wanted: date) -> None:
    assert read_day(cell) == wanted


@pytest.mark.parametrize("cell", ["31/02/2026", "maret", 12, True, "5/3/26", None, "5 Mey 2026", "31 Feb 2026"])
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_day(cell)


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("Jan Januari January", 1), ("Feb Peb Februari Pebruari", 2), ("Mar Maret March", 3), ("Apr April", 4),
        ("Mei May", 5), ("Jun Juni June", 6), ("Jul Juli July", 7), ("Agu Agt Ags Agustus Aug August", 8),
        ("Sep Sept September", 9), ("Okt Oktober Oct October", 10), ("Nov Nop November Nopember", 11),
        ("Des Desember Dec December", 12),
    ],
)  # fmt: skip
def test_months_are_read_in_the_words_of_both_languages(names: str, month: int) -> None:
    for name in names.split():
        assert read_day(f"7 {name} 2025") == read_day(f"07-{name.upper()}-2025") == date(2025, month, 7)


@given(st.dates(date(1955, 1, 1), date(2060, 1, 1)))
def test_every_way_to_write_a_day_means_the_same(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert {read_day(day.isoformat()), read_day(f"{day:%d/%m/%Y}"), read_day(day)} == {day}
    if 20_000 <= serial <= 60_000:
        assert read_day(serial) == day


@pytest.mark.parametrize(
    ("changes", "name", "wanted"),
    [
        ({"weight_g": "8"}, "weight_g", 8_000),
        ({"weight_g": 8.05}, "weight_g", 8_050),
        ({"weight_g": "8,05 kg"}, "weight_g", 8_050),
        ({"length_mm": "68,4cm"}, "length_mm", 684),
        ({"position": "BERDIRI"}, "position", "standing"),
        ({"muac_mm": "0"}, "muac_mm", None),
    ],
)
def test_measures_are_kept_in_grams_and_millimetres(changes: dict[str, Cell], name: str, wanted: object) -> None:
    assert line(**changes).visit.get(name) == wanted


@pytest.mark.parametrize(
    ("changes", "name", "wanted"),
    [
        ({"birth_weight_g": 3150}, "birth_weight_g", 3_150),
        ({"birth_weight_g": "3,15"}, "birth_weight_g", 3_150),
        ({"sex": "Perempuan"}, "sex", "female"),
        ({"parents": "SITI AMINAH"}, "mother_name", "Siti Aminah"),
        ({"parents": " / Wulan"}, "mother_name", "Wulan"),
        ({"rt": 1.0}, "rt", "1"),
    ],
)
def test_what_is_told_of_the_child(changes: dict[str, Cell], name: str, wanted: object) -> None:
    assert line(**changes).person[name] == wanted


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": None}, "nama kosong"),
        ({"name": "123"}, "nama: 123 tidak terbaca"),
        ({"sex": "X"}, "jenis kelamin: X tidak terbaca (seharusnya L atau P)"),
        ({"born_on": "lupa"}, "tanggal lahir: lupa tidak terbaca (seharusnya tanggal seperti 12-11-2026)"),
        ({"born_on": "2027-01-01"}, "tanggal lahir belum terjadi"),
        ({"visited_on": "2026-12-01"}, "tanggal ukur belum terjadi"),
        ({"visited_on": "2026-01-01"}, "tanggal ukur sebelum tanggal lahir"),
        ({"weight_g": "785"}, "berat badan: 785 tidak terbaca (seharusnya 0,5 sampai 60 kg)"),
        ({"weight_g": "delapan"}, "berat badan: delapan tidak terbaca (seharusnya 0,5 sampai 60 kg)"),
        ({"length_mm": "6,84"}, "tinggi badan: 6,84 tidak terbaca (seharusnya 30 sampai 150 cm)"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_refused_with_its_reason(changes: dict[str, Cell], why: str) -> None:
    assert why in line(**changes).refused


def test_what_matters_less_is_left_out_and_said() -> None:
    read = line(position="miring", birth_length_mm="5")
    assert read.refused == ()
    assert "position" not in read.visit
    assert read.notes == ("panjang lahir: 5 tidak terbaca", "cara ukur: miring tidak terbaca")


def test_a_measurement_without_its_day_is_left_out_and_said() -> None:
    read = line(visited_on=None)
    assert (read.visit, read.notes) == ({}, ("hasil ukur tanpa tanggal ukur tidak diambil",))


def test_a_day_without_a_measurement_is_no_visit() -> None:
    assert line(weight_g=None, length_mm="-").visit == {}


def test_an_empty_row_says_nothing() -> None:
    header = find_header([EXPORTED])
    assert header is not None
    assert read_line(header, [None, "", " "], 3, TODAY) is None


def test_newer_columns_are_read_too() -> None:
    headings = ["nama_anak", "jenis_kelamin", "tgl_lahir", "anak_ke", "hp_ortu", "imd", "nomor_KK", "nama ibu"]
    header = find_header([headings])
    assert header is not None
    read = read_line(header, ["Raka", "L", "2026-03-05", "2", 81234567890, "Ya", "520301010120000", "wulan"], 2, TODAY)
    assert read is not None
    assert read.person["phone"] == "081234567890"
    assert (read.person["birth_order"], read.person["early_breastfeeding"]) == (2, True)
    assert read.person["mother_name"] == "Wulan"
    assert read.notes == ("nomor KK: 520301010120000 tidak terbaca (seharusnya 16 angka, disimpan sebagai teks)",)
    again = read_line(header, ["Raka", "L", "2026-03-05", "30", "-/-", "mungkin", None, None], 3, TODAY)
    assert again is not None
    assert len(again.notes) == 3


@given(st.lists(st.none() | st.text(max_size=12) | st.integers() | st.floats(allow_nan=True), min_size=36, max_size=36))
def test_no_cell_makes_reading_fail(cells: list[Cell]) -> None:
    header = find_header([EXPORTED])
    assert header is not None
    read = read_line(header, cells, 2, TODAY)
    assert read is None or set(read.person) <= set(eppgbm.PERSON)


def test_a_mark_instead_of_the_parents_name_is_no_name() -> None:
    read = line(parents="00 / 00")
    assert not {"mother_name", "father_name"} & set(read.person)


@pytest.mark.parametrize("name", WANTED)
def test_the_limits_that_are_told_are_those_that_are_kept(name: str) -> None:
    """Just within "0,5 sampai 60 kg" is read, just outside is not."""
    limits = re.fullmatch(r"seharusnya ([\d,]+) sampai ([\d,]+) (?:kg|cm)", WANTED[name])
    if limits is None:
        return
    low, high = (float(each.replace(",", ".")) for each in limits.groups())
    for cell in (low, high):
        assert READERS[name](cell) is not None
    for cell in (low - 0.2, high + 0.2):
        with pytest.raises(ValueError, match="impossible"):
            READERS[name](cell)
