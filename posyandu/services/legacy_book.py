"""What an .xls says of itself beside its cells: the epoch of its days, macros, formulas nobody calculated, its extent.

The stream of records [MS-XLS] in its compound file [MS-CFB] is walked once, and nothing in it is believed: whatever
points outside the file, or in circles, is damage.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_END_OF_CHAIN = 0xFFFFFFFA
"""This and all above mark no sector: the end of a chain, free ones, those of the allocation table itself."""
_BOF, _EOF, _LOCKED, _DATE_MODE, _TAB, _RECALCULATED_BY = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085, 0x01C1
_FORMULA, _SEVERAL_NUMBERS, _ROW = 0x0006, 0x00BD, 0x0208
_ROW_IS_HIDDEN = 0x20
_CELLS = frozenset((_FORMULA, _SEVERAL_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E))
"""The records of cells with something in them: formulas, numbers, texts, yes and no; not those of a mere colour."""
_MACRO_TABS = (1, 6)
_NOTHING, _EMPTY_TEXT = bytes(8), b"\3\0\0\0\0\0\xff\xff"
_CALCULATE_ON_LOAD = 2


@dataclass(frozen=True)
class Tab:
    """How many places the reader would keep for a tab; its rows (from 1) with a formula no program calculated, and
    those nobody sees.
    """

    places: int = 0
    uncalculated: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LegacyBook:
    """Whether days are counted from 1904, macros are in it, a password is on it; and its tabs in their order."""

    from_1904: bool = False
    macros: bool = False
    locked: bool = False
    tabs: tuple[Tab, ...] = ()


def look(content: bytes, progress: Callable[[int, int, str], object] | None = None) -> LegacyBook:
    """Walk through a compound file; one under a password says no more than that, one that is no workbook nothing.

    Raises ValueError, struct.error or IndexError for a damaged one.
    """
    names, stream = _opened(content)
    macros = any(name.startswith("_VBA_PROJECT") for name in names)
    from_1904 = calculated = False
    starts: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _LOCKED:
            return LegacyBook(locked=True)
        if kind == _DATE_MODE:
            from_1904 = body[:2] == b"\1\0"
        elif kind == _RECALCULATED_BY:
            calculated = True
        elif kind == _TAB:
            start, _hidden, what = struct.unpack_from("<I2B", body)
            macros |= what in _MACRO_TABS
            starts.append(start)
    tabs = []
    for start in starts:
        if progress is not None:
            progress(0, 0, "")
        tabs.append(_tab(stream, start, calculated))
    return LegacyBook(from_1904, macros, tabs=tuple(tabs))


def _tab(stream: bytes, start: int, calculated: bool) -> Tab:
    """One tab. `calculated`: an Excel says that it calculated the book, so only a formula's own flag speaks against."""
    last_row = last_column = -1
    unknown, hidden = set(), set()
    for kind, body in _records(stream, start):
        if kind == _ROW:
            (row,) = struct.unpack_from("<H", body)
            (flags,) = struct.unpack_from("<H", body, 12)
            if flags & _ROW_IS_HIDDEN:
                hidden.add(row + 1)
        if kind not in _CELLS:
            continue
        row, column = struct.unpack_from("<2H", body)
        if kind == _SEVERAL_NUMBERS:
            (column,) = struct.unpack_from("<H", body, len(body) - 2)
        last_row, last_column = max(last_row, row), max(last_column, column)
        if kind == _FORMULA and body[6:14] in (_NOTHING, _EMPTY_TEXT):
            # writers that do not calculate leave a zero or an empty text, and have Excel calculate when it opens
            (flags,) = struct.unpack_from("<H", body, 14)
            if flags & _CALCULATE_ON_LOAD or not calculated:
                unknown.add(row + 1)
    return Tab((last_row + 1) * (last_column + 1), frozenset(unknown), frozenset(hidden))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, from its beginning to its end, charts inside it left out."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, at)
        at += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at : at + size]
        at += size


def _opened(content: bytes) -> tuple[list[str], bytes]:
    """The names in a compound file, and its stream of a workbook (b"" without one)."""
    shift, small_shift = struct.unpack_from("<2H", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError(shift)
    size, small = 1 << shift, 1 << small_shift
    first_directory, _signature, cutoff, first_small, _smalls, next_table = struct.unpack_from("<6I", content, 48)
    tables = list(struct.unpack_from("<109I", content, 76))
    sectors = len(content) // size
    while next_table < _END_OF_CHAIN:
        *more, next_table = _numbers(_sector(content, size, next_table))
        tables += more
        if len(tables) > 109 + sectors:
            raise ValueError(len(tables))
    used = dict.fromkeys(number for number in tables if number < _END_OF_CHAIN)
    table = [each for number in used for each in _numbers(_sector(content, size, number))]

    def chain(first: int) -> bytes:
        return b"".join(_sector(content, size, number) for number in _chain(table, first, sectors))

    directory = chain(first_directory)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    names = [entry[: max(0, entry[64] - 2)].decode("utf-16-le", errors="replace") for entry in entries]
    for name, entry in zip(names, entries, strict=True):
        if name in ("Workbook", "Book"):
            start, length = struct.unpack_from("<IQ", entry, 116)
            if length >= cutoff:
                stream = chain(start)
            else:
                (root,) = struct.unpack_from("<I", entries[0], 116)
                held, smalls = chain(root), _numbers(chain(first_small))
                chained = _chain(smalls, start, len(held) // small)
                stream = b"".join(held[number * small : (number + 1) * small] for number in chained)
            if len(stream) < length:
                raise ValueError(length)
            return names, stream[:length]
    return names, b""


def _sector(content: bytes, size: int, number: int) -> bytes:
    found = content[(number + 1) * size : (number + 2) * size]
    if not found:
        raise ValueError(number)
    return found.ljust(size, b"\0")  # the last one may be short


def _numbers(sector: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(sector) // 4}I", sector)


def _chain(table: Sequence[int], first: int, most: int) -> Iterator[int]:
    """The sectors of a chain; one of more sectors than there are runs in circles."""
    number = first
    while number < _END_OF_CHAIN:
        most -= 1
        if most < 0:
            raise ValueError(first)
        yield number
        number = table[number]
