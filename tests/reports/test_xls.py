"""Sheets as .xls: what is written is read back by another program's reader, letter for letter, at every size."""

import struct
from pathlib import Path

import pytest
import python_calamine as calamine
from hypothesis import example, given
from hypothesis import strategies as st

from posyandu.reports import xls
from posyandu.reports.table import Cell, Column, Table, plain_head

NIK = "5203010507250001"
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1)
CELLS = st.one_of(st.none(), TEXTS, st.integers(-(2**40), 2**40), st.floats(-1e12, 1e12, allow_nan=False))


def read(content: bytes, folder: Path) -> tuple[str, list[list[object]]]:
    path = folder / "lembar.xls"
    path.write_bytes(content)
    with calamine.CalamineWorkbook.from_path(path) as book:
        (name,) = book.sheet_names
        return name, book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12), st.sampled_from(["Sheet1", "Données"])
)
@example([["Łucja", "\U0001f476 bayi", "\xe9"], [0, -0.5, None]], "Data Pengukuran")
def test_every_text_and_number_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str | float | None]], sheet: str
) -> None:
    name, found = read(xls.workbook(sheet, rows), tmp_path_factory.mktemp("xls"))
    assert name == sheet
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            told = found[number][place] if number < len(found) and place < len(found[number]) else ""
            assert told == ("" if value is None else value)


def test_an_identity_number_is_text_and_a_weight_a_number(tmp_path: Path) -> None:
    columns = (Column("NIK", "NIK"), Column("BERAT", "BERAT"), Column("kosong", "kosong"))
    rows = ((Cell(NIK, NIK), Cell("9,6", 9.6), Cell("", None)),)
    content = xls.import_sheet("Sheet1", Table("uji", "Uji", columns, plain_head(columns), rows))
    assert read(content, tmp_path)[1] == [["NIK", "BERAT", "kosong"], [NIK, 9.6, ""]]
    text_cell = struct.pack("<5H", 0x00FD, 10, 1, 0, 16)
    assert text_cell in content, "the NIK has the format that is text, also when somebody edits it in Excel"
    assert content.count(struct.pack("<2H", 0x0203, 14)) == 1


def test_a_file_is_a_sound_compound_of_one_stream(tmp_path: Path) -> None:
    content = xls.workbook("S", [[NIK]])
    assert content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert len(content) % 512 == 0
    fats, directory = struct.unpack_from("<2I", content, 44)
    entry = content[512 * (directory + 1) + 128 :][:128]
    start, size = struct.unpack_from("<IQ", entry, 116)
    chain = struct.unpack_from(f"<{128 * fats}I", content, 512)
    place, read_sectors = start, 0
    while place != 0xFFFFFFFE:
        place, read_sectors = chain[place], read_sectors + 1
    assert read_sectors * 512 == size >= 4096, "small streams would need a part that this writer has not"
    assert content == xls.workbook("S", [[NIK]]), "the same cells give the same bytes"


def test_many_strings_run_over_the_longest_record_and_the_largest_table_of_sectors(tmp_path: Path) -> None:
    rows = [[f"Anak {number} \u0142", "x" * 900, number] for number in range(3_000)]
    content = xls.workbook("S", rows)
    assert read(content, tmp_path)[1] == rows
    wide = [["é" * 4_000, "\u0142" * 4_000]]
    assert read(xls.workbook("S", wide), tmp_path)[1] == wide


@pytest.mark.parametrize(
    "rows",
    [[["x"]] * 65_537, [["x"] * 257], [["x" * 4_001]], [[f"{n:05}" * 700] for n in range(3_000)]],
    ids=["rows", "columns", "letters", "bytes"],
)
def test_more_than_the_format_holds_is_never_cut_silently(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="more than"):
        xls.workbook("S", rows)


def test_nothing_at_all_is_a_sheet_too(tmp_path: Path) -> None:
    assert read(xls.workbook("S", []), tmp_path) == ("S", [])
