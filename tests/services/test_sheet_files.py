"""Broken, odd and hostile files: each is told in plain words, row by row where it can be, and changes nothing."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from posyandu.domain import eppgbm
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
    assert first == "2: Orang baru."
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
    preview = eppgbm_import.look(ws, melati.POST, path)
    assert [row.line.person["born_on"] for row in preview.rows] == [date(2025, 7, 5)]
    assert preview.remarks == ("Berkas ini menghitung tanggal sejak 1904; tanggalnya dibaca sesuai itu.",)


@pytest.mark.usefixtures("unchanged")
def test_a_formula_that_was_never_calculated_is_no_value(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "rumus.xlsx"
    book(path, ["Raka", "L", date(2025, 7, 5), date(2026, 10, 1), "=4+5"], ["Ayu", "P", date(2025, 3, 1), None, None])
    first, second = sentences(ws, path)
    assert "rumus belum dihitung" in first
    assert second == "3: Orang baru."


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


def test_a_hundred_thousand_rows_are_read_one_after_the_other_and_told_of(tmp_path: Path) -> None:
    path, heard = tmp_path / "besar.csv", list[int]()
    path.write_text("Nama,JK,Tgl Lahir\n" + "Raka,L,2025-07-05\n" * 100_000)
    (sheet,) = sheet_files.read(path, lambda done, _total, _sentence: heard.append(done))
    assert len(sheet.rows) == 100_001
    assert heard == list(range(2_000, 100_001, 2_000))
    assert len({id(cell) for row in sheet.rows for cell in row}) == 6, "what rows share is kept once"


@pytest.mark.slow
@pytest.mark.usefixtures("unchanged")
def test_a_hundred_thousand_rows_are_each_in_the_report_and_none_is_taken(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "besar.csv"
    path.write_text("Nama,JK,Tgl Lahir\n" + "Raka,?,2025-07-05\n" * 99_998 + "Raka,L,2025-07-05\nAyu,P,kemarin\n")
    preview = eppgbm_import.look(ws, melati.POST, path)
    table = eppgbm_import.as_table(preview)
    assert len(table.rows) == 100_000
    told = [cell.text for cell in table.rows[-1]]
    assert told == [
        "100001",
        "Ayu",
        "Tidak diambil",
        "tanggal lahir: kemarin tidak terbaca (seharusnya tanggal seperti 12-11-2026)",
    ]
    with pytest.raises(BadInput, match="paling banyak 20.000"):
        eppgbm_import.take(ws, preview)


def test_more_rows_than_a_post_has_are_told_but_not_taken(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kabupaten.xlsx"
    book(path, *[[f"Anak {number}", "L", date(2025, 7, 5), None, None] for number in range(3)])
    preview = eppgbm_import.look(ws, melati.POST, path)
    assert preview.too_many == ""
    melati.child(ws, "Anak 1", date(2025, 7, 15))
    assert eppgbm_import.look(ws, melati.POST, path).count("unsure") == 1
    monkeypatch.setattr(eppgbm_import, "MOST_TAKEN", 3)
    full = eppgbm_import.look(ws, melati.POST, path)
    assert (full.too_many, full.count("unsure"), full.remarks) == ("", 1, ()), "headings are no people"
    monkeypatch.setattr(eppgbm_import, "MOST_TAKEN", 2)
    large = eppgbm_import.look(ws, melati.POST, path)
    assert (large.count("unsure"), large.count("new")) == (0, 3)
    assert large.remarks == ("Orang yang mirip tidak dicari: berkas sebesar ini hanya dilaporkan, tidak diambil.",)
    assert preview.too_many == "Berkas ini berisi 3 baris; sekali ambil paling banyak 2. Bagi dulu per Posyandu."
    with pytest.raises(BadInput, match="Bagi dulu per Posyandu"):
        eppgbm_import.take(ws, preview)


class Stopped(Exception):  # noqa: N818
    pass


def stop(_done: int, _total: int, _sentence: str) -> None:
    raise Stopped


def test_reading_stops_where_it_is_when_somebody_presses_cancel(ws: Workspace, tmp_path: Path) -> None:
    path, sheet = tmp_path / "besar.csv", tmp_path / "besar.xlsx"
    path.write_text("Nama,JK,Tgl Lahir\n" + "Raka,L,2025-07-05\n" * 3_000)
    book(sheet, *[["Raka", "L", date(2025, 7, 5), None, None]] * 10)
    for each in (path, sheet):
        with pytest.raises(Stopped):
            sheet_files.read(each, stop)
    (table,) = sheet_files.read(path)
    header = eppgbm.find_header(table.rows)
    assert header is not None
    with pytest.raises(Stopped):
        eppgbm_import.look_at(ws, melati.POST, table, header, stop)


def packed(path: Path, source: Path, part: str, old: bytes, new: bytes) -> Path:
    """The same workbook with something else in one part."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("cell", [b'r="XFD1048576"', b"r='XFD1048576'", b'r = "xfd1048576"', b'r="ZZ200000"'])
@pytest.mark.usefixtures("unchanged")
def test_one_cell_far_out_does_not_make_room_for_all_between(ws: Workspace, tmp_path: Path, cell: bytes) -> None:
    book(tmp_path / "a.xlsx", ["Raka", "L", date(2025, 7, 5), None, None])
    path = packed(tmp_path / "jauh.xlsx", tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", b'r="A2"', cell)
    assert refusal(ws, path) == "Berkas jauh.xlsx terlalu besar."


@pytest.mark.usefixtures("unchanged")
def test_a_sheet_of_merged_cells_alone_is_refused_before_each_is_told(ws: Workspace, tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", ["Raka", "L", date(2025, 7, 5), None, None])
    merged = b"".join(b'<mergeCell ref="%c1:%c1048576"/>' % (65 + n, 65 + n) for n in range(20))
    end = b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
    path = packed(tmp_path / "gabung.xlsx", tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", end)
    assert "terlalu banyak sel yang digabung" in refusal(ws, path)


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
)


def ods(path: Path, rows: str) -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", ODS.format(rows=rows))
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def ods_row(*cells: str, more: str = "") -> str:
    told = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
    )
    return f"<table:table-row{more}>{told}</table:table-row>"


@pytest.mark.usefixtures("unchanged")
def test_a_libreoffice_sheet_is_read_and_its_and_so_on_believed_only_of_empty_cells(
    ws: Workspace, tmp_path: Path
) -> None:
    head, raka = ods_row("Nama", "JK", "Tgl Lahir"), ods_row("Raka", "L", "2025-07-05")
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    assert sentences(ws, ods(tmp_path / "baik.ods", head + raka + empty)) == ["2: Orang baru."]
    rows = ods_row("x", more=' table:number-rows-repeated="1048570"')
    assert refusal(ws, ods(tmp_path / "baris.ods", head + rows)) == "Berkas baris.ods terlalu besar."
    wide = raka.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" ', 1)
    assert refusal(ws, ods(tmp_path / "kolom.ods", head + wide)) == "Berkas kolom.ods terlalu besar."


@pytest.mark.usefixtures("unchanged")
def test_a_binary_workbook_is_refused_with_what_to_do(ws: Workspace, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "biner.xlsx", "w") as archive:
        archive.writestr("xl/workbook.bin", b"\0")
    assert refusal(ws, tmp_path / "biner.xlsx") == "Berkas biner.xlsx disimpan biner. Simpan lagi sebagai .xlsx."


@pytest.mark.usefixtures("unchanged")
def test_a_page_that_never_ends_a_file_without_rows_and_no_file_are_told(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "halaman.xls"
    page.write_text("<table>" + "<tr><td>x</td></tr>" * 50)
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 40)
    assert "lebih dari 40 baris" in refusal(ws, page)
    empty = tmp_path / "kosong.csv"
    empty.write_text("")
    assert "Berkas kosong.csv kosong" in refusal(ws, empty)
    assert "tidak dapat dibuka" in refusal(ws, tmp_path)


@pytest.mark.usefixtures("unchanged")
def test_a_formula_cut_by_the_pieces_it_is_read_in_is_still_found(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rumus.xlsx"
    book(path, ["Raka", "L", date(2025, 7, 5), date(2026, 10, 1), "=4+5"], ["Ayu", "P", date(2025, 3, 1), None, None])
    for size in (7, 64, 333):
        monkeypatch.setattr(sheet_files, "_CHUNK", size)
        first, second = sentences(ws, path)
        assert ("rumus belum dihitung" in first, second) == (True, "3: Orang baru.")


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
        ["3", "Ayu", "Orang baru", "Orang baru."],
        ["4", "", "Tidak diambil", "nama kosong"],
        ["5", "Besok", "Tidak diambil", "tanggal lahir belum terjadi"],
    ]
    assert [ref.id for ref in table.rows[0][1].people] == [known]


# --- the small rules by which a file is trusted ----------------------------------------------------------------------


MIB = 1024 * 1024


def entry(size: int, packed: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("sheet1.xml")
    made.file_size, made.compress_size = size, packed
    return made


@pytest.mark.parametrize(
    ("entries", "is_bomb"),
    [
        ([], False),
        ([(8 * MIB, 1)], False),  # small things may pack as well as they like
        ([(8 * MIB + 1, 1)], True),
        ([(100_000_000, 200_000)], False),
        ([(100_000_001, 200_000)], True),
        ([(300 * MIB, 300 * MIB)], False),
        ([(300 * MIB + 1, 300 * MIB)], True),
        ([(150 * MIB, 150 * MIB), (150 * MIB + 1, 150 * MIB)], True),
        ([(5 * MIB, 1), (5 * MIB, 1)], True),  # each is small, together they are a bomb
        ([(9 * MIB, 0)], True),
        ([(9 * MIB, 1), (200 * MIB, 200 * MIB)], True),  # one bomb beside an honest part
    ],
)
def test_what_unpacks_to_far_more_than_it_should_is_a_bomb(entries: list[tuple[int, int]], is_bomb: bool) -> None:
    assert sheet_files.are_bombs([entry(*each) for each in entries], 300 * MIB) == is_bomb


@pytest.mark.parametrize(
    ("letters", "number"), [(b"A", 1), (b"Z", 26), (b"AA", 27), (b"AZ", 52), (b"BA", 53), (b"XFD", 16_384), (b"aa", 27)]
)
def test_columns_are_counted_as_excel_letters_them(letters: bytes, number: int) -> None:
    assert sheet_files._column_number(letters) == number


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("", None), ("Raka", "Raka"), (" ", " "), (3.0, 3), (-3.0, -3), (3.5, 3.5), (0.0, 0), (1e15, 1e15),
        (True, True), (date(2026, 11, 12), date(2026, 11, 12)), (5, 5), (None, None),
    ],
)  # fmt: skip
def test_a_whole_number_is_whole_and_an_empty_text_is_nothing(value: object, cell: object) -> None:
    found = sheet_files._cell(value)
    assert (found, type(found)) == (cell, type(cell))


def test_each_row_below_the_first_of_a_merged_block_leans_on_it() -> None:
    assert sheet_files._merged("Data", []) == {}
    assert sheet_files._merged("Data", [((0, 0), (0, 5))]) == {}, "merged across, as headings are"
    assert sheet_files._merged("Data", [((1, 0), (3, 0)), ((7, 2), (8, 2))]) == {
        3: "sel digabung dengan baris 2; pisahkan dulu",
        4: "sel digabung dengan baris 2; pisahkan dulu",
        9: "sel digabung dengan baris 8; pisahkan dulu",
    }


def text_rows(tmp_path: Path, content: bytes, name: str = "data.csv") -> list[list[object]]:
    (tmp_path / name).write_bytes(content)
    (found,) = sheet_files.read(tmp_path / name)
    return [list(row) for row in found.rows]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"Nama,JK\nRaka,L\n", [["Nama", "JK"], ["Raka", "L"]]),
        (b"Nama;JK\r\nRaka;L\r\n", [["Nama", "JK"], ["Raka", "L"]]),
        (b"Nama\tJK\nRaka\tL\n", [["Nama", "JK"], ["Raka", "L"]]),
        (b"\xef\xbb\xbfNama,JK\nRaka,L\n", [["Nama", "JK"], ["Raka", "L"]]),
        (b"Nama;Berat\nRaka;9,6\nAyu;8,4\n", [["Nama", "Berat"], ["Raka", "9,6"], ["Ayu", "8,4"]]),
        (b'Nama,JK\n"Raka, Aditya",L\n', [["Nama", "JK"], ["Raka, Aditya", "L"]]),
        (b'Nama,JK\n"Raka\nAditya",L\n', [["Nama", "JK"], ["Raka\nAditya", "L"]]),
        (b"Nama,JK\n\nRaka,\n", [["Nama", "JK"], [], ["Raka", None]]),
        (
            "Nama,JK\nMa\N{RIGHT SINGLE QUOTATION MARK}ruf,L\n".encode("cp1252"),
            [["Nama", "JK"], ["Ma\N{RIGHT SINGLE QUOTATION MARK}ruf", "L"]],
        ),
        (b"Nama,JK\nRa\x81ka,L\n", [["Nama", "JK"], ["Ra\N{REPLACEMENT CHARACTER}ka", "L"]]),
        ("\ufeffNama\tJK\r\nZahirá\tP\r\n".encode("utf-16-le"), [["Nama", "JK"], ["Zahirá", "P"]]),
        ("\ufeffNama;JK\nRaka;L\n".encode("utf-16-be"), [["Nama", "JK"], ["Raka", "L"]]),
        ("\ufeffNama,JK\nRaka,L\n".encode("utf-16-le")[:-1], [["Nama", "JK"], ["Raka", "L\ufffd"]]),
    ],
)
def test_text_is_read_by_the_separator_it_uses_most(tmp_path: Path, content: bytes, rows: list[list[object]]) -> None:
    assert text_rows(tmp_path, content) == rows


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        (b"<table><tr><td>Nama</td><td>JK</td></tr></table>", [["Nama", "JK"]]),
        (b"  <html><table><tr><th>Nama</th></tr><tr><td>Raka</td></tr></table>", [["Nama"], ["Raka"]]),
        (b"<table><tr><td>Ra<b>ka</b></td></tr></table>", [["Raka"]]),
        (b"<table><tr><td></td><td>L</td></tr></table>", [["", "L"]]),
        (b"<table><td>di luar baris</td><tr><td>Raka</td></tr></table>", [["Raka"]]),
        (b"<table><tr><td>Raka &amp; Ayu</td></tr></table>", [["Raka & Ayu"]]),
        ("\ufeff<table><tr><td>Raka</td></tr></table>".encode("utf-16-le"), [["Raka"]]),
    ],
)
def test_a_page_named_xls_gives_the_rows_of_its_tables(tmp_path: Path, page: bytes, rows: list[list[object]]) -> None:
    assert text_rows(tmp_path, page, "data.xls") == rows


def test_a_picture_is_no_sheet_and_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "foto.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(BadInput, match=r"Berkas foto\.csv bukan lembar Excel atau CSV\."):
        sheet_files.read(tmp_path / "foto.csv")
    for name in ("tidak-ada.xlsx", "."):
        with pytest.raises(BadInput, match="tidak dapat dibuka"):
            sheet_files.read(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,\n,,\n", b"<p>Tanpa tabel</p>"])
def test_a_file_with_nothing_in_it_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match=r"^Berkas data\.csv kosong: tidak ada satu baris pun di dalamnya\.$"):
        text_rows(tmp_path, content)


def test_letters_beyond_ascii_far_down_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = text_rows(tmp_path, b"Nama\n" + b"Raka\n" * 90_000 + b"Ma\x92ruf\n")
    assert rows[-1] == ["Ma\N{RIGHT SINGLE QUOTATION MARK}ruf"]


def test_somebody_hears_of_every_two_thousand_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    (tmp_path / "panjang.csv").write_text("Nama\n" + "Raka\n" * 4_100)
    (found,) = sheet_files.read(tmp_path / "panjang.csv", lambda rows, _all, _words: heard.append(rows))
    assert (heard, len(found.rows)) == ([2_000, 4_000], 4_101)
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 4_100)
    with pytest.raises(BadInput, match=r"Lembar panjang lebih dari 4\.100 baris\. Bagi dulu per Posyandu"):
        sheet_files.read(tmp_path / "panjang.csv")
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 4_101)
    assert sheet_files.read(tmp_path / "panjang.csv")


def test_a_text_that_many_cells_share_is_kept_once(tmp_path: Path) -> None:
    rows = text_rows(tmp_path, b"Perempuan\n" * 3)
    assert rows[0][0] is rows[1][0] is rows[2][0]


def test_an_empty_tab_beside_a_full_one_is_left_out_and_an_empty_book_is_said(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.create_sheet("Kosong")
    page = made.active
    assert page is not None
    page.append(["Nama"])
    made.save(tmp_path / "dua.xlsx")
    assert [each.name for each in sheet_files.read(tmp_path / "dua.xlsx")] == ["Sheet"]
    openpyxl.Workbook().save(tmp_path / "kosong.xlsx")
    with pytest.raises(BadInput, match=r"Berkas kosong\.xlsx kosong"):
        sheet_files.read(tmp_path / "kosong.xlsx")


ROWS = b'<table:table-row table:number-rows-repeated="%s">%s</table:table-row>'


@pytest.mark.parametrize(
    ("content", "repeats"),
    [
        (b'<table:table-cell table:number-columns-repeated="500"><text:p>x</text:p>', False),
        (b'<table:table-cell table:number-columns-repeated="501"><text:p>x</text:p>', True),
        (b'<table:table-cell table:number-columns-repeated="16384"/>', False),
        (b'<table:covered-table-cell table:number-columns-repeated="900"><text:p/>', True),
        (ROWS % (b"1048000", b"<table:table-cell/>"), False),
        (ROWS % (b"1000", b'<table:table-cell t="a"><text:p/>'), False),
        (ROWS % (b"1001", b'<table:table-cell t="a"><text:p/>'), True),
    ],
)  # fmt: skip
def test_an_and_so_on_of_cells_with_content_is_believed_only_so_far(
    tmp_path: Path, content: bytes, repeats: bool
) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", content)
    with zipfile.ZipFile(tmp_path / "a.ods") as archive:
        assert sheet_files._repeats(archive.read("content.xml")) == repeats


@pytest.mark.parametrize(
    ("cell", "doubtful"),
    [
        (b'<c r="B7"><f>A1+1</f></c>', {7}),
        (b'<c r="B7"><f>A1+1</f><v></v></c>', {7}),
        (b'<c r="B7"><f>A1+1</f><v>2</v></c>', set()),
        (b'<c r="B7" t="str"><f t="shared" si="0"/></c>', {7}),
        (b'<c r="B7" t="str"><f>IF(A1,1,"")</f><v></v></c>', set()),  # an empty text, calculated
        (b'<c r="B7" t="str"><f>IF(A1,1,"")</f><v/></c>', set()),
        (b'<c r="B7"><f>A1</f><v /></c>', {7}),
        (b'<c r="B7"><f>1-1</f><v>0</v></c>', set()),
        (b'<c r="B7"><v>5</v></c>', set()),
        (b'<c r="B7"><f>A1</f></c><c r="C8"><f>A2</f><v>1</v></c><c r="C9"><f>A3</f></c>', {7, 9}),
    ],
)
def test_rows_with_a_formula_nobody_calculated_are_doubtful(tmp_path: Path, cell: bytes, doubtful: set[int]) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<sheetData><row>" + cell + b"</row></sheetData>")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        looked = sheet_files._look_through(archive, "xl/worksheets/sheet1.xml", None)
    assert set(looked.uncalculated) == doubtful


@pytest.mark.parametrize(("value", "doubtful"), [(0, {2}), (9, set())])
def test_a_zero_in_a_book_that_asks_to_be_calculated_first_is_no_value(
    tmp_path: Path, value: int, doubtful: set[int]
) -> None:
    made = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    made.add_worksheet().write_formula(1, 0, "=4+5", None, value)
    made.close()
    (sheet,) = sheet_files.read(tmp_path / "a.xlsx")
    assert set(sheet.doubtful) == doubtful


def moved(path: Path) -> None:
    """A book whose second part is shown first, as programs leave it that keep a tab's part when it is moved."""
    made = openpyxl.Workbook()
    first, second = made.active, made.create_sheet("Rumus")
    assert first is not None
    first.title = "Anak"
    for page, weight in ((first, 9), (second, "=4+5")):
        page.append(HEAD)
        page.append(["Raka", "L", date(2025, 7, 5), date(2026, 10, 1), weight])
    made.create_chartsheet("Grafik", 0)
    made.save(path.with_suffix(".lurus.xlsx"))
    with zipfile.ZipFile(path.with_suffix(".lurus.xlsx")) as archive:
        book = archive.read("xl/workbook.xml")
    tabs = re.findall(rb"<sheet [^>]*/>", book)
    assert len(tabs) == 3
    packed(path, path.with_suffix(".lurus.xlsx"), "xl/workbook.xml", b"".join(tabs), b"".join(reversed(tabs)))


@pytest.mark.usefixtures("unchanged")
def test_a_formula_is_told_of_the_tab_it_is_in_whatever_the_order_of_the_parts(ws: Workspace, tmp_path: Path) -> None:
    moved(tmp_path / "pindah.xlsx")
    sheets = sheet_files.read(tmp_path / "pindah.xlsx")
    assert [(each.name, set(each.doubtful)) for each in sheets] == [("Rumus", {2}), ("Anak", set())]
    straight = sheet_files.read(tmp_path / "pindah.lurus.xlsx")
    assert [(each.name, set(each.doubtful)) for each in straight] == [("Anak", set()), ("Rumus", {2})]


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("worksheets/sheet2.xml", ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]),
        ("/xl/worksheets/Sheet2.XML", ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]),
        ("worksheets\\sheet2.xml", ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]),
        ("../xl/worksheets/sheet2.xml", ["xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"]),
        ("worksheets/hilang.xml", ["", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]),
    ],
)
def test_the_parts_of_tabs_are_found_by_their_links_and_none_is_left_out(
    tmp_path: Path, target: str, parts: list[str]
) -> None:
    book = b'<x:workbook xmlns:x="m" xmlns:r="n"><x:sheets><x:sheet name="S" r:id="k"/></x:sheets></x:workbook>'
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", f'<R xmlns="p"><R Id="k" Target="{target}"/></R>')
        archive.writestr("xl/worksheets/sheet1.xml", b"")
        archive.writestr("xl/worksheets/sheet2.xml", b"")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert sheet_files._tabs(archive, book) == parts
        assert sheet_files._tabs(archive, b"") == ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]


@pytest.mark.usefixtures("unchanged")
def test_a_package_whose_list_of_tabs_is_damaged_is_refused(ws: Workspace, tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", ["Raka", "L", date(2025, 7, 5), None, None])
    path = packed(tmp_path / "rusak.xlsx", tmp_path / "a.xlsx", "xl/workbook.xml", b"</workbook>", b"")
    assert refusal(ws, path) == "Berkas rusak.xlsx rusak atau terkunci. Unduh atau simpan lagi."


@pytest.mark.parametrize("begin", [b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7\n", b"Rar!\x1a", b"7z\xbc\xaf'"])
def test_a_picture_or_a_paper_chosen_by_mistake_is_told_as_such(tmp_path: Path, begin: bytes) -> None:
    chosen = tmp_path / "surat.xls"
    chosen.write_bytes(begin + b"tanpa nol, seperti teks" * 100)
    with pytest.raises(BadInput, match=r"Berkas surat\.xls bukan lembar Excel atau CSV\."):
        sheet_files.read(chosen)


def test_hidden_rows_are_read_and_said(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, *([name, "L", "2025-07-05", "2026-10-12", 9.6] for name in ("Raka", "Budi", "Candra", "Dodi")))
    page = made.active
    assert page is not None
    (plain,) = sheet_files.read(path)
    assert plain.remarks == ()
    for row in (3, 5, 40):  # the last has nothing in it
        page.row_dimensions[row].hidden = True
    page.append([None, None, None, None, 8.5])  # and a row of another tab is not of this one
    made.create_sheet("Lain").append(["kosong"])
    made.save(path)
    first, second = sheet_files.read(path)
    assert first.remarks == ("2 baris tersembunyi ikut dibaca.",)
    assert second.remarks == ()
    preview = eppgbm_import.look_at(ws, melati.POST, first, header_of(first))
    assert preview.remarks == first.remarks
    assert [each.line.person.get("name") for each in preview.rows][:4] == ["Raka", "Budi", "Candra", "Dodi"]


def test_hidden_and_filtered_rows_of_a_libreoffice_sheet_are_read_and_said(tmp_path: Path) -> None:
    head, raka = ods_row("Nama", "JK", "Tgl Lahir"), ods_row("Raka", "L", "2025-07-05")
    assert [each.remarks for each in sheet_files.read(ods(tmp_path / "tampak.ods", head + raka))] == [()]
    hidden = ods_row("Budi", "L", "2025-07-06", more=' table:style-name="ro1" table:visibility="collapse"')
    filtered = ods_row("Candra", "L", "2025-07-07", more=" table:visibility='filter'")
    gap = '<table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>'
    twice = ods_row("Dodi", "L", "2025-07-08", more=' table:number-rows-repeated="2" table:visibility="collapse"')
    rest = (
        '<table:table-row table:number-rows-repeated="1048500" table:visibility="collapse">'
        "<table:table-cell/></table:table-row>"
    )
    other = f'</table:table><table:table table:name="Lain">{raka}'
    path = ods(tmp_path / "a.ods", head + hidden + gap + filtered + raka + twice + rest + other)
    first, second = sheet_files.read(path)
    assert first.remarks == ("4 baris tersembunyi ikut dibaca.",)
    assert second.remarks == ()


def header_of(sheet: sheet_files.SheetFile) -> eppgbm.Header:
    header = eppgbm.find_header(sheet.rows)
    assert header is not None
    return header
