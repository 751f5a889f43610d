"""Broken, odd and hostile files: each is told in plain words, row by row where it can be, and changes nothing."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from posyandu.domain.errors import BadInput
from posyandu.services import eppgbm_import, sheet_files
from posyandu.services.workspace import Workspace
from tests.services import melati

HEAD = ["Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat"]


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


@pytest.fixture
def unchanged(ws: Workspace) -> Iterator[None]:
    before = list(ws.db.conn.execute("SELECT count(*) FROM op"))
    yield
    assert list(ws.db.conn.execute("SELECT count(*) FROM op")) == before, "looking writes nothing"


def book(path: Path, *rows: Sequence[object], head: Sequence[str] = HEAD) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    made.save(path)
    return made


def sentences(ws: Workspace, path: Path) -> list[str]:
    return [f"{each.line.number}: {each.sentence}" for each in eppgbm_import.look(ws, melati.POST, path).rows]


def refusal(ws: Workspace, path: Path) -> str:
    with pytest.raises(BadInput) as raised:
        eppgbm_import.look(ws, melati.POST, path)
    return str(raised.value)


@pytest.mark.usefixtures("unchanged")
def test_merged_cells_are_told_for_each_row_that_leans_on_another(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "gabung.xlsx"
    made = book(path, *[["Raka", "L", date(2025, 7, 5), None, None], ["Ayu", None, date(2025, 3, 1), None, None]])
    page = made.active
    assert page is not None
    page.merge_cells("B2:B3")
    made.save(path)
    first, second = sentences(ws, path)
    assert first == "2: Anak baru."
    assert second.endswith("sel digabung dengan baris 2; pisahkan dulu")


@pytest.mark.usefixtures("unchanged")
def test_dates_as_text_serials_and_words_are_read_and_the_unreadable_told(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "tanggal.xlsx"
    days: list[object] = [
        "05/07/2025",
        "5 Juli 2025",
        "5-Agt-2025",
        45_843,
        datetime(2025, 7, 5),
        "kemarin",
        "31/02/2025",
    ]  # noqa: DTZ001
    book(path, *[[f"Anak {number}", "L", day, None, None] for number, day in enumerate(days)])
    rows = eppgbm_import.look(ws, melati.POST, path).rows
    born = [each.line.person.get("born_on") for each in rows]
    assert born == [
        date(2025, 7, 5),
        date(2025, 7, 5),
        date(2025, 8, 5),
        date(2025, 7, 5),
        date(2025, 7, 5),
        None,
        None,
    ]
    assert rows[5].sentence.startswith("tanggal lahir: kemarin tidak terbaca")
    assert rows[6].sentence.startswith("tanggal lahir: 31/02/2025 tidak terbaca")


@pytest.mark.parametrize("as_number", [False, True])
@pytest.mark.usefixtures("unchanged")
def test_books_that_count_days_from_1904_give_the_same_days(ws: Workspace, tmp_path: Path, as_number: bool) -> None:
    path = tmp_path / "1904.xlsx"
    made = openpyxl.Workbook()
    made.epoch = CALENDAR_MAC_1904
    page = made.active
    assert page is not None
    page.append(HEAD)
    born = 45_843 - 1_462 if as_number else datetime(2025, 7, 5)  # noqa: DTZ001
    page.append(["Raka", "L", born, None, None])
    made.save(path)
    (row,) = eppgbm_import.look(ws, melati.POST, path).rows
    assert row.line.person["born_on"] == date(2025, 7, 5)


@pytest.mark.usefixtures("unchanged")
def test_a_formula_that_was_never_calculated_is_no_value(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "rumus.xlsx"
    book(path, ["Raka", "L", date(2025, 7, 5), date(2026, 10, 1), "=4+5"], ["Ayu", "P", date(2025, 3, 1), None, None])
    first, second = sentences(ws, path)
    assert "rumus belum dihitung" in first
    assert second == "3: Anak baru."


@pytest.mark.usefixtures("unchanged")
def test_macros_are_not_run_and_the_file_says_so(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "makro.xlsm"
    book(path, ["Raka", "L", date(2025, 7, 5), None, None])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Shell rm")
    preview = eppgbm_import.look(ws, melati.POST, path)
    assert preview.remarks == ("Berkas ini berisi makro. Makro tidak dijalankan.",)
    assert preview.count("new") == 1


@pytest.mark.usefixtures("unchanged")
def test_a_zip_bomb_is_not_unpacked(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    book(path, ["Raka", "L", date(2025, 7, 5), None, None])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * (20 * 1024 * 1024))
    assert "terlalu besar" in refusal(ws, path)
    many = tmp_path / "banyak.xlsx"
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(7 * 1024 * 1024))
    assert "terlalu besar" in refusal(ws, many)


@pytest.mark.usefixtures("unchanged")
def test_a_hundred_thousand_rows_are_refused_with_what_to_do(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "besar.csv"
    path.write_text("Nama,JK,Tgl Lahir\n" + "Raka,L,2025-07-05\n" * 100_000)
    assert refusal(ws, path) == "Lembar besar lebih dari 20.000 baris. Bagi dulu per Posyandu atau per desa."


@pytest.mark.usefixtures("unchanged")
def test_another_sheet_a_picture_and_a_locked_book_are_told_apart(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "keuangan.xlsx"
    book(path, [1, 2], head=["Pemasukan", "Pengeluaran"])
    assert "Judul kolom Nama" in refusal(ws, path)
    picture = tmp_path / "foto.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(300))
    assert refusal(ws, picture) == "Berkas foto.csv bukan lembar Excel atau CSV."
    wide = tmp_path / "lebar.xlsx"
    book(wide, head=[f"k{number}" for number in range(600)])
    assert "terlalu banyak kolom" in refusal(ws, wide)


def test_a_sheet_cut_anywhere_is_refused_in_a_sentence_or_read(ws: Workspace, tmp_path: Path) -> None:
    target = BytesIO()
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(HEAD)
    page.append(["Raka", "L", date(2025, 7, 5), None, None])
    made.save(target)
    whole = target.getvalue()
    path = tmp_path / "potong.xlsx"
    for end in range(8, len(whole), 97):
        path.write_bytes(whole[:end])
        with pytest.raises(BadInput):
            sheet_files.read(path)


def test_every_row_is_in_the_report_in_plain_words(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka", date(2025, 7, 5))
    path = tmp_path / "campur.xlsx"
    book(
        path,
        ["Raka", "L", date(2025, 7, 5), None, None],
        ["Ayu", "P", date(2025, 3, 1), date(2026, 10, 1), 9.9],
        ["", "L", date(2025, 3, 1), None, None],
        ["Besok", "L", date(2030, 1, 1), None, None],
    )
    table = eppgbm_import.as_table(eppgbm_import.look(ws, melati.POST, path))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["2", "Raka", "Sudah ada", "Sudah ada di buku."],
        ["3", "Ayu", "Orang baru", "Anak baru."],
        ["4", "", "Tidak diambil", "nama kosong"],
        ["5", "Besok", "Tidak diambil", "tanggal lahir belum terjadi"],
    ]
    assert [ref.id for ref in table.rows[0][1].people] == [known]
