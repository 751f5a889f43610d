"""A sheet as Excel 97-2003 (.xls): strings and numbers, one tab, nothing else. e-PPGBM hands out its blanks so.

The format is BIFF8 [MS-XLS] as one stream in a compound file [MS-CFB]. No living library writes it (xlwt ended in
2017), and of its 400 kinds of record an import sheet needs a dozen. Strings are cells of the format "text", so that a
NIK keeps its sixteen digits. The same cells give the same bytes.
"""

import struct
from collections.abc import Iterable, Sequence

from posyandu.reports.table import Table, import_rows

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 65_536, 256, 4_000
"""What the format holds; of letters in one cell it would hold more, and no import sheet asks for it."""

_TOO_MUCH = "more than an .xls holds"
_SECTOR, _SMALL_STREAM, _FAT_ENTRIES, _FATS_IN_HEADER = 512, 4_096, 128, 109
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LONGEST_RECORD = 8_224
_GENERAL, _AS_TEXT, _STYLES = 0, 49, 15
"""Number formats every Excel knows by number, and how many styles come before the first format of a cell."""


def import_sheet(sheet: str, table: Table) -> bytes:
    """A table as other programs import it: one tab of this name, the columns' names in the first row, nothing else."""
    return workbook(sheet, import_rows(table))


def workbook(sheet: str, rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """One tab with these cells; None and "" stay empty. Raises ValueError for more than the format holds."""
    strings: dict[str, int] = {}
    cells, height, width = [], 0, 0
    for height, row in enumerate(rows, 1):
        width = max(width, len(row))
        if height > MOST_ROWS or width > MOST_COLUMNS:
            raise ValueError(_TOO_MUCH)
        cells += [
            _cell(height - 1, place, value, strings) for place, value in enumerate(row) if value not in (None, "")
        ]
    if any(len(text) > MOST_LETTERS for text in strings):
        raise ValueError(_TOO_MUCH)
    page = b"".join(
        (
            _bof(0x0010),
            _record(0x007D, "<6H", 0, max(width - 1, 0), 16 * 256, _STYLES, 0, 0),  # width of the columns
            _record(0x0200, "<2I3H", 0, height, 0, width, 0),
            *cells,
            _record(0x023E, "<7HI", 0x07BE, 0, 0, 0x40, 0, 0, 0, 0),  # the window, with the headings frozen
            _record(0x0041, "<5H", 0, 1, 1, 0, 2),
            _record(0x000A),
        )
    )
    before, after = _globals(), _strings(strings) + _record(0x000A)
    name = _text(sheet, "<B")
    offset = len(before) + 4 + 6 + len(name) + len(after)
    return _compound(before + _raw(0x0085, struct.pack("<IH", offset, 0) + name) + after + page)


def _cell(row: int, column: int, value: str | float | None, strings: dict[str, int]) -> bytes:
    if isinstance(value, str):
        return _record(0x00FD, "<3HI", row, column, _STYLES + 1, strings.setdefault(value, len(strings)))
    assert value is not None
    return _record(0x0203, "<3Hd", row, column, _STYLES, value)


def _globals() -> bytes:
    font = struct.pack("<5H4B", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _text("Arial", "<B")
    style = _record(0x00E0, "<3H4B2IH", 0, _GENERAL, 0xFFF5, 0x20, 0, 0, 0xF4, 0, 0, 0x20C0)
    formats = [
        _record(0x00E0, "<3H4B2IH", 0, number, 0x0001, 0x20, 0, 0, used, 0, 0, 0x20C0)
        for number, used in ((_GENERAL, 0), (_AS_TEXT, 0x04))
    ]
    return b"".join(
        (
            _bof(0x0005),
            _record(0x0042, "<H", 1200),  # strings are Unicode
            _record(0x003D, "<9H", 0, 0, 0x4000, 0x2000, 0x38, 0, 0, 1, 600),
            *(_raw(0x0031, font) for _font in range(4)),
            *(style for _style in range(_STYLES)),
            *formats,
            _record(0x0293, "<HBB", 0x8000, 0, 0xFF),  # the style "Normal"
        )
    )


def _bof(kind: int) -> bytes:
    return _record(0x0809, "<4H2I", 0x0600, kind, 0x0DBB, 0x07CC, 0x00C1, 0x0306)


def _strings(strings: dict[str, int]) -> bytes:
    """The table of shared strings; a string that does not fit any more begins a record that continues it."""
    parts = [struct.pack("<2I", len(strings), len(strings))]
    for text in strings:
        packed = _text(text, "<H")
        if len(parts[-1]) + len(packed) > _LONGEST_RECORD:
            parts.append(b"")
        parts[-1] += packed
    return b"".join(_raw(0x003C if number else 0x00FC, part) for number, part in enumerate(parts))


def _text(text: str, length: str) -> bytes:
    """Its length in units, one byte that says which: a byte a letter where all are Latin 1, else two."""
    try:
        return struct.pack(length, len(text)) + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        wide = text.encode("utf-16-le")
        return struct.pack(length, len(wide) // 2) + b"\1" + wide


def _record(number: int, layout: str = "<", *values: float) -> bytes:
    return _raw(number, struct.pack(layout, *values))


def _raw(number: int, body: bytes) -> bytes:
    return struct.pack("<2H", number, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """A compound file that holds the one stream "Workbook": header, allocation table, directory, stream."""
    stream = stream.ljust(_SMALL_STREAM, b"\0")
    stream += bytes(-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    fats = next(number for number in range(1, 10_000) if number * _FAT_ENTRIES >= number + 1 + sectors)
    if fats > _FATS_IN_HEADER:
        raise ValueError(_TOO_MUCH)
    chain = [_FAT] * fats + [_END] + [fats + 2 + number for number in range(sectors - 1)] + [_END]
    chain += [_FREE] * (fats * _FAT_ENTRIES - len(chain))
    header = struct.pack(
        "<8s16s5H6x9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, fats, fats, 0, _SMALL_STREAM, _END, 0, _END, 0,
    )  # fmt: skip
    places = [*range(fats), *[_FREE] * (_FATS_IN_HEADER - fats)]
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, fats + 1, len(stream))
    directory += 2 * _entry("", 0, _FREE, 0, 0)
    return b"".join(
        (header, struct.pack(f"<{len(places)}I", *places), struct.pack(f"<{len(chain)}I", *chain), directory, stream)
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le")
    used = len(wide) + 2 if name else 0
    return struct.pack("<64sH2B3I16s20xIQ", wide, used, kind, 1, _FREE, _FREE, child, b"", start, size)
