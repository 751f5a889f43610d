"""Old Excel books (.xls): what is doubtful in them is told, row by row, and nothing in them is trusted."""

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput
from posyandu.reports import xls
from posyandu.services import eppgbm_import, legacy_book, sheet_files
from tests.services import melati

HEAD = ("Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat")
DATE_MODE, CALCULATED = xls._record(0x0022, "<H", 1), xls._record(0x01C1, "<2HI", 0x01C1, 0, 191_029)
LOCKED = tuple(xls._record(0x002F, "<H48x", kind) for kind in (0, 1))
NOTHING, EMPTY, NINE = bytes(8), b"\3\0\0\0\0\0\xff\xff", struct.pack("<d", 9)
RAKA = ("Raka", "L", 45_843, 46_296)


def formula(row: int, column: int, value: bytes = NOTHING, flags: int = 0) -> bytes:
    """A cell with the formula 9."""
    parts = struct.pack("<3H8sHIH3s", row, column, 15, value, flags, 0, 3, b"\x1e\x09\x00")
    return xls._raw(0x0006, parts)


def tab(*rows: Sequence[str | float | None], more: bytes = b"") -> bytes:
    """The records of one tab, texts in their cells; `more` stand after the others."""
    cells = [
        xls._raw(0x0204, struct.pack("<3H", row, column, 16) + xls._text(value, "<H"))
        if isinstance(value, str)
        else xls._record(0x0203, "<3Hd", row, column, 15, value)
        for row, each in enumerate(rows)
        for column, value in enumerate(each)
        if value is not None
    ]
    return xls._bof(0x0010) + b"".join(cells) + more + xls._record(0x000A)


def stream(*tabs: bytes, head: bytes = b"", kinds: Sequence[int] = ()) -> bytes:
    before, end = xls._globals() + head, xls._record(0x000A)
    names = [xls._text(f"Lembar {number}", "<B") for number in range(len(tabs))]
    start = len(before) + sum(10 + len(name) for name in names) + len(end)
    told = []
    for number, (name, each) in enumerate(zip(names, tabs, strict=True)):
        kind = kinds[number] if number < len(kinds) else 0
        told.append(xls._raw(0x0085, struct.pack("<I2B", start, 0, kind) + name))
        start += len(each)
    return before + b"".join(told) + end + b"".join(tabs)


def book(*tabs: bytes, head: bytes = b"", kinds: Sequence[int] = ()) -> bytes:
    return xls._compound(stream(*tabs, head=head, kinds=kinds))


@pytest.mark.parametrize(
    ("value", "flags", "head", "never"),
    [
        (NOTHING, 0, b"", True),  # a library's zero, and no Excel that calculated the book
        (EMPTY, 0, b"", True),
        (NINE, 0, b"", False),
        (NOTHING, 0, CALCULATED, False),  # 1 - 1
        (EMPTY, 0, CALCULATED, False),  # IF(..., "")
        (NOTHING, 1, CALCULATED, False),  # TODAY() - TODAY() is calculated always
        (NOTHING, 2, CALCULATED, True),
        (EMPTY, 3, CALCULATED, True),
        (NINE, 3, b"", False),
        (b"\1\0\0\0\0\0\xff\xff", 2, b"", False),  # no
        (b"\2\0\x2a\0\0\0\xff\xff", 2, b"", False),  # #N/A, which is told where it is read
    ],
)
def test_a_formula_is_unknown_when_no_program_calculated_it(value: bytes, flags: int, head: bytes, never: bool) -> None:
    made = book(tab(HEAD, RAKA, more=formula(1, 4, value, flags)), head=head)
    (found,) = legacy_book.look(made).tabs
    assert found == legacy_book.Tab(10, frozenset({2} if never else ()))


def test_each_tab_has_its_own_formulas_and_a_chart_inside_one_is_not_looked_into() -> None:
    chart = xls._bof(0x0020) + formula(99, 9) + xls._record(0x000A)
    made = book(tab(HEAD), tab(HEAD, more=chart + formula(4, 2)), tab(more=formula(7, 0)))
    assert [each.uncalculated for each in legacy_book.look(made).tabs] == [set(), {5}, {8}]
    several = xls._record(0x00BD, "<3HIHIH", 2, 1, 15, 0, 15, 0, 7)
    coloured = xls._record(0x0201, "<3H", 60_000, 200, 15)
    assert [each.places for each in legacy_book.look(book(tab(more=several + coloured), tab())).tabs] == [24, 0]


@pytest.mark.parametrize(
    ("head", "kinds", "macros", "from_1904"),
    [
        (b"", (), False, False),
        (DATE_MODE, (0, 2), False, True),
        (xls._record(0x0022, "<H", 0), (), False, False),
        (b"", (0, 1), True, False),  # macros of Excel 4 in a tab of their own
        (b"", (0, 6), True, False),
    ],
)
def test_the_epoch_and_the_macros_are_told(head: bytes, kinds: Sequence[int], macros: bool, from_1904: bool) -> None:
    told = legacy_book.look(book(tab(HEAD), tab(), head=head, kinds=kinds))
    assert (told.macros, told.from_1904) == (macros, from_1904)


def test_a_basic_project_beside_the_workbook_is_macros() -> None:
    made = book(tab(HEAD))
    assert not legacy_book.look(made).macros
    free = xls._entry("", 0, xls._FREE, 0, 0)
    project = xls._entry("_VBA_PROJECT_CUR", 1, xls._FREE, 0, 0)
    assert legacy_book.look(made.replace(free, project, 1)).macros


def test_a_small_workbook_is_read_from_small_sectors() -> None:
    """Below four thousand bytes other programs keep a stream in pieces of 64 bytes inside another."""
    content = stream(tab(more=formula(3, 0)))[:3_000]
    pieces = -(-len(content) // 64)
    chain = [*range(1, pieces), xls._END, *[xls._FREE] * (128 - pieces)]
    sectors = -(-len(content) // 512)
    table = [xls._FAT, xls._END, xls._END, *range(4, 3 + sectors), xls._END]
    table += [xls._FREE] * (128 - len(table))
    header = bytearray(book(tab())[:512])
    struct.pack_into("<6I", header, 44, 1, 1, 0, 4_096, 2, 1)
    struct.pack_into("<2I", header, 76, 0, xls._FREE)
    root = xls._entry("Root Entry", 5, 1, 3, pieces * 64)
    directory = root + xls._entry("Workbook", 2, xls._FREE, 0, len(content)) + 2 * xls._entry("", 0, xls._FREE, 0, 0)
    parts = (header, struct.pack("<128I", *table), directory, struct.pack("<128I", *chain), content)
    assert [each.uncalculated for each in legacy_book.look(b"".join(parts)).tabs] == [{4}]


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        sheet_files.read(path)
    return str(raised.value)


def test_a_locked_book_one_far_too_wide_and_a_letter_are_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    for head in LOCKED:
        locked = refusal(path, book(tab(HEAD), head=head))
        assert locked == "Berkas a.xls dikunci kata sandi. Buka kuncinya, lalu pilih lagi."
    far = xls._record(0x0203, "<3Hd", 65_535, 255, 15, 1)
    assert refusal(path, book(tab(HEAD, more=far))) == "Berkas a.xls terlalu besar."
    letter = book(tab(HEAD)).replace("Workbook".encode("utf-16-le"), "Document".encode("utf-16-le"))
    assert refusal(path, letter) == "Berkas a.xls rusak atau terkunci. Unduh atau simpan lagi."


@pytest.mark.parametrize(
    ("place", "layout", "value"),
    [
        (30, "<H", 60_000),  # sectors of 2 to the power of 60,000 bytes
        (48, "<I", 5_000),  # a list of contents beyond the end
        (68, "<I", 3),  # a table of tables that leads to itself
        (76, "<I", 9_999),
        (512 + 4 * 3, "<I", 2),  # a chain in circles
        (512 + 4 * 2, "<I", 70_000),
        (1024 + 128 + 116, "<I", 7_777),  # the stream begins beyond the end
    ],
)
def test_what_points_outside_or_in_circles_is_damage(tmp_path: Path, place: int, layout: str, value: int) -> None:
    content = bytearray(book(tab(HEAD, RAKA)))
    struct.pack_into(layout, content, place, value)
    told = refusal(tmp_path / "a.xls", bytes(content))
    assert told == "Berkas a.xls rusak atau terkunci. Unduh atau simpan lagi."


def test_a_book_cut_anywhere_is_refused_in_a_sentence_or_read(tmp_path: Path) -> None:
    whole, path = book(tab(HEAD, RAKA), head=DATE_MODE), tmp_path / "potong.xls"
    for end in range(8, len(whole), 101):
        path.write_bytes(whole[:end])
        try:
            sheet_files.read(path)
        except BadInput as error:
            assert "potong.xls" in str(error)  # noqa: PT017 - either is right


def test_somebody_who_cancels_is_heard_between_tabs() -> None:
    heard: list[int] = []
    legacy_book.look(book(tab(HEAD), tab(HEAD)), lambda done, _total, _words: heard.append(done))
    assert heard == [0, 0]


def test_every_row_of_an_old_book_is_told_in_plain_words_and_nothing_changes(tmp_path: Path) -> None:
    ws = melati.post()
    before = ws.db.conn.execute("SELECT count(*) FROM op").fetchone()
    rows = (HEAD, ("Raka", "L", 45_843 - 1_462, 46_296 - 1_462), ("Ayu", "P", 45_717 - 1_462, None))
    path = tmp_path / "lama.xls"
    path.write_bytes(book(tab(*rows, more=formula(1, 4)), tab(), head=DATE_MODE, kinds=(0, 1)))
    preview = eppgbm_import.look(ws, melati.POST, path)
    first, second = preview.rows
    assert preview.remarks == (
        "Berkas ini berisi makro. Makro tidak dijalankan.",
        "Berkas ini menghitung tanggal sejak 1904; tanggalnya dibaca sesuai itu.",
    )
    assert first.sentence.endswith("rumus belum dihitung; buka di Excel, salin sebagai nilai, simpan lagi")
    assert (first.who, second.who, second.sentence) == ("refused", "new", "Orang baru.")
    assert [each.line.person["born_on"] for each in preview.rows] == [date(2025, 7, 5), date(2025, 3, 1)]
    assert ws.db.conn.execute("SELECT count(*) FROM op").fetchone() == before
    ws.close()


def test_hidden_rows_of_an_old_book_are_read_and_said(tmp_path: Path) -> None:
    rows = b"".join(
        xls._record(0x0208, "<6H2H", row, 0, 4, 255, 0, 0, flags, 15)
        for row, flags in ((1, 0x120), (2, 0x140), (9, 0x120))
    )
    made = book(tab(HEAD, RAKA, ("Ayu", "P", 45_843, 46_296), more=rows), tab(HEAD))
    assert [each.hidden for each in legacy_book.look(made).tabs] == [{2, 10}, set()]
    path = tmp_path / "a.xls"
    path.write_bytes(made)
    first, second = sheet_files.read(path)
    assert (first.remarks, second.remarks) == (("1 baris tersembunyi ikut dibaca.",), ())
