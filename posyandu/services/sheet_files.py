"""Any sheet people hand over (xlsx, xls, ods, csv, or a page named xls) as rows of cells, without trusting the file.

Nothing in a file is run: no macro, no formula, no link. What unpacks to far more than it should is not unpacked. What
could be misread (a formula never calculated, cells merged over several rows) is told for each row, never guessed.
"""

import csv
import posixpath
import re
import struct
import zipfile
import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from posyandu.domain.eppgbm import HEADER_WITHIN, Cell
from posyandu.domain.errors import BadInput
from posyandu.services import legacy_book
from posyandu.text import _, count

MOST_BYTES = 300 * 1024 * 1024
"""What a workbook may unpack to: a hundred thousand rows of thirty columns have half of it."""
MOST_RATIO = 500
"""How many times larger than packed a large part may be: honest sheets have 10 to 50, zip bombs thousands."""
LARGE = 8 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 200_000, 500
MOST_CELLS = 12_000_000
"""Rows times columns of all tabs: the reader keeps a place for each, and one stray cell far out makes billions."""
_CHUNK = 1 << 20
DAYS_1904 = 1462
"""Days between the two epochs of Excel: 1 January 1900 and 1904."""


@dataclass(frozen=True)
class SheetFile:
    """One table of a file: its tab's name, its rows, what to know about the whole, and doubtful rows with the reason.

    `doubtful` counts rows as people do, from 1. `epoch_days` is added to a serial number of a day.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    remarks: tuple[str, ...] = ()
    doubtful: Mapping[int, str] = field(default_factory=dict)
    epoch_days: int = 0


Report = Callable[[int, int, str], object]


def read(path: Path, progress: Report | None = None) -> list[SheetFile]:
    """Every table of a file; `progress` hears of the rows read. Raises BadInput, in a sentence, for what cannot or
    must not be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
        if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            found = _workbook(path, progress, zipped=start.startswith(b"PK"))
        else:
            found = [SheetFile(path.stem, _text_rows(path, progress))]
    except OSError as error:
        raise BadInput(_("Berkas {name} tidak dapat dibuka.").format(name=path.name)) from error
    filled = [sheet for sheet in found if any(cell not in (None, "") for row in sheet.rows for cell in row)]
    if not filled:
        raise BadInput(_("Berkas {name} kosong: tidak ada satu baris pun di dalamnya.").format(name=path.name))
    return filled


_PICTURES_AND_PAPERS = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"Rar!", b"7z\xbc\xaf")
"""How files begin that are sometimes chosen by mistake."""


def _text_rows(path: Path, progress: Report | None) -> Sequence[Sequence[Cell]]:
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))
    letters = _letters(path)
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    first = start.decode(letters, errors="replace")
    if "\0" in first[:2000] or start.startswith(_PICTURES_AND_PAPERS):
        raise BadInput(_("Berkas {name} bukan lembar Excel atau CSV.").format(name=path.name))
    if first.lstrip()[:1] == "<":
        reader = _HtmlTable()
        with path.open(encoding=letters, errors="replace") as page:
            while text := page.read(_CHUNK):
                reader.feed(text)
                _not_too_many(path.stem, len(reader.rows))
        return reader.rows
    heading = "\n".join(first.splitlines()[:HEADER_WITHIN])
    separator = max(",;\t", key=heading.count)
    try:
        with path.open(encoding=letters, errors="replace", newline="") as text_file:
            return _kept(path.stem, csv.reader(text_file, delimiter=separator), progress, 0)
    except csv.Error as error:
        raise BadInput(_("Berkas {name} bukan lembar yang utuh.").format(name=path.name)) from error


def _letters(path: Path) -> str:
    """How a text writes its letters: as Excel's "Unicode Text", else UTF-8, else what Windows had before."""
    with path.open("rb") as file:
        if file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE):
            return "utf-16"
    try:
        with path.open(encoding="utf-8-sig") as text_file:
            while text_file.read(_CHUNK):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _kept(name: str, rows: Iterable[Sequence[object]], progress: Report | None, total: int) -> list[tuple[Cell, ...]]:
    """The rows, read one after the other. A text that many cells share is kept once."""
    found: list[tuple[Cell, ...]] = []
    seen: dict[object, Cell] = {}
    for row in rows:
        found.append(tuple(_once(seen, _cell(value)) for value in row))
        if len(found) % 2_000 == 0:
            _not_too_many(name, len(found))
            if progress is not None:
                progress(len(found), total, "")
    _not_too_many(name, len(found))
    return found


def _once(seen: dict[object, Cell], value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    if len(seen) > 20_000:
        seen.clear()
    return seen.setdefault(value, value)


def _not_too_many(name: str, rows: int) -> None:
    if rows > MOST_ROWS:
        raise BadInput(
            _("Lembar {name} lebih dari {n} baris. Bagi dulu per Posyandu atau per desa.").format(
                name=name, n=count(MOST_ROWS)
            )
        )


def _workbook(path: Path, progress: Report | None, *, zipped: bool) -> list[SheetFile]:
    import python_calamine as calamine

    parts = (_parts if zipped else _legacy_parts)(path, progress)
    found = []
    with _damage_told(path):
        book = calamine.CalamineWorkbook.from_path(path)
    with book:
        for number, name in enumerate(book.sheet_names):
            with _damage_told(path):
                sheet = book.get_sheet_by_name(name)
                merged = _merged(name, sheet.merged_cell_ranges or ())
            if sheet.total_width > MOST_COLUMNS:
                raise BadInput(_("Lembar {name} punya terlalu banyak kolom.").format(name=name))
            left = ("",) * (sheet.start[1] if sheet.start else 0)
            rows = _kept(name, ((*left, *row) for row in sheet.iter_rows()), progress, sheet.total_height)
            doubtful = {**merged, **(parts.formulas[number] if number < len(parts.formulas) else {})}
            unseen = parts.hidden[number] if number < len(parts.hidden) else frozenset()
            remarks = (*parts.remarks, *_unseen(rows, unseen))
            found.append(SheetFile(name, rows, remarks, doubtful, parts.days))
    return found


def _unseen(rows: Sequence[Sequence[Cell]], hidden: Collection[int]) -> tuple[str, ...]:
    """How many rows with something in them nobody sees who looks at the sheet, in a sentence."""
    filled = sum(0 < row <= len(rows) and any(cell not in (None, "") for cell in rows[row - 1]) for row in hidden)
    return (_("{n} baris tersembunyi ikut dibaca.").format(n=count(filled)),) if filled else ()


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    """What the reader of workbooks trips over, in a sentence."""
    import python_calamine as calamine

    try:
        yield
    except BadInput:
        raise
    except calamine.PasswordError as error:
        raise _locked(path) from error
    except BaseException as error:  # whatever a damaged part happens to trip over, the reader's own panic too
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _damaged(path) from error
        raise


def _locked(path: Path) -> BadInput:
    return BadInput(_("Berkas {name} dikunci kata sandi. Buka kuncinya, lalu pilih lagi.").format(name=path.name))


def _damaged(path: Path) -> BadInput:
    return BadInput(_("Berkas {name} rusak atau terkunci. Unduh atau simpan lagi.").format(name=path.name))


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value  # type: ignore[return-value]  # a time of day or a duration reads as no day and no number


def _merged(name: str, ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> dict[int, str]:
    """The rows that lean on a cell merged with the row above; the rows of headings are among them, harmlessly."""
    found = {}
    spans = [(top, min(bottom, MOST_ROWS)) for (top, _left), (bottom, _right) in ranges]
    if sum(max(0, bottom - top) for top, bottom in spans) > 2 * MOST_ROWS:
        raise BadInput(_("Lembar {name} punya terlalu banyak sel yang digabung.").format(name=name))
    for top, bottom in spans:
        for row in range(top + 1, bottom + 1):
            found[row + 1] = _("sel digabung dengan baris {n}; pisahkan dulu").format(n=top + 1)
    return found


@dataclass(frozen=True)
class _Parts:
    """What the file itself says: remarks, days of its epoch; by sheet, rows whose formula was never calculated and rows
    nobody sees.
    """

    remarks: tuple[str, ...]
    days: int
    formulas: tuple[dict[int, str], ...]
    hidden: tuple[frozenset[int], ...]


def _said(path: Path, *, macros: bool, from_1904: bool, looked: Sequence[legacy_book.Tab]) -> _Parts:
    if sum(each.places for each in looked) > MOST_CELLS:
        raise _too_large(path)
    remarks = (
        (macros, _("Berkas ini berisi makro. Makro tidak dijalankan.")),
        (from_1904, _("Berkas ini menghitung tanggal sejak 1904; tanggalnya dibaca sesuai itu.")),
    )
    reason = _("rumus belum dihitung; buka di Excel, salin sebagai nilai, simpan lagi")
    return _Parts(
        tuple(words for said, words in remarks if said),
        DAYS_1904 if from_1904 else 0,
        tuple(dict.fromkeys(each.uncalculated, reason) for each in looked),
        tuple(each.hidden for each in looked),
    )


def _legacy_parts(path: Path, progress: Report | None) -> _Parts:
    """The same of an .xls."""
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path)
    try:
        told = legacy_book.look(path.read_bytes(), progress)
    except (ValueError, IndexError, struct.error) as error:
        raise _damaged(path) from error
    if told.locked:
        raise _locked(path)
    return _said(path, macros=told.macros, from_1904=told.from_1904, looked=told.tabs)


def _parts(path: Path, progress: Report | None) -> _Parts:
    """Look through the package before it is unpacked as a workbook: too much of anything is refused here."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if are_bombs(entries, MOST_BYTES):
                raise _too_large(path)
            names = [each.filename for each in entries]
            if "xl/workbook.bin" in names:
                raise BadInput(_("Berkas {name} disimpan biner. Simpan lagi sebagai .xlsx.").format(name=path.name))
            macros = any(name.endswith("vbaProject.bin") or name.startswith(_MACROS) for name in names)
            book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
            from_1904 = re.search(rb'date1904="(1|true)"', book) is not None
            calculated = not re.search(rb'fullCalcOnLoad="(1|true)"', book)
            tabs = _tabs(archive, book)
            parts = {name: _look_through(archive, name, progress, calculated=calculated) for name in tabs if name}
            looked = [parts.get(name, legacy_book.Tab()) for name in tabs]
            if "content.xml" in names:
                content = archive.read("content.xml")
                if _repeats(content):
                    raise _too_large(path)
                looked = _open_document_tabs(content)
            return _said(path, macros=macros, from_1904=from_1904, looked=looked)
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ElementTree.ParseError
    ) as error:  # fmt: skip  # zipfile raises the two before the last for an unknown packing and a member locked
        raise _damaged(path) from error


def _too_large(path: Path) -> BadInput:
    return BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))


def are_bombs(entries: Sequence[zipfile.ZipInfo], most: int) -> bool:
    """Whether parts would unpack to more than `most` bytes, or to far more, one or all, than honest files have."""
    sizes = [(each.file_size, each.compress_size) for each in entries]
    together = (sum(size for size, _packed in sizes), sum(packed for _size, packed in sizes))
    return together[0] > most or any(
        size > LARGE and size > MOST_RATIO * max(1, packed) for size, packed in (together, *sizes)
    )


def _tabs(archive: zipfile.ZipFile, book: bytes) -> list[str]:
    """The parts of the tabs in the order the workbook shows them, then whatever other sheets the package holds.

    A program may number the parts in another order: a tab that was moved keeps its part.
    """
    names = {each.lower(): each for each in archive.namelist()}
    sheets = [name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    links = "xl/_rels/workbook.xml.rels"
    shown: list[str] = []
    if book and links in names:
        targets = {
            each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(archive.read(names[links]))
        }
        for tab in ElementTree.fromstring(book).iter():
            if tab.tag.endswith("}sheet"):
                target = next((targets.get(value, "") for key, value in tab.items() if key.endswith("}id")), "")
                shown.append(posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/").lower())
    others = sorted(set(sheets) - set(shown), key=lambda name: (int("0" + re.sub(r"\D", "", name)), name))
    return [names.get(name, "") for name in (*shown, *others)]


_MACROS = ("Basic/", "xl/macrosheets/")
_FORMULA = re.compile(rb'<c r="[A-Z]+(\d+)"([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v>([^<]*)</v>|(<v\s*/>))?')
_PLACE = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,9})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,9})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


def _look_through(
    archive: zipfile.ZipFile, name: str, progress: Report | None, *, calculated: bool = True
) -> legacy_book.Tab:
    """One tab of an .xlsx, a piece at a time: what it claims to span, and what its formulas leave unknown.

    `calculated`: the workbook does not ask to be calculated when it is opened.
    """
    cells = last_row = last_column = 0
    uncalculated: set[int] = set()
    hidden: set[int] = set()
    for piece in _pieces(archive, name, b"<c "):
        if progress is not None:
            progress(0, 0, "")
        cells += len(_ANY_CELL.findall(piece))
        places = set(_PLACE.findall(piece))
        last_row = max(last_row, *(int(row) for _column, row in places), 0)
        last_column = max(last_column, *(_column_number(column) for column in {each for each, _row in places}), 0)
        hidden |= {
            int(each[1]) for row in _ROW.findall(piece) if _HIDDEN.search(row) and (each := _ROW_NUMBER.search(row))
        }
        if b"<f" in piece:
            uncalculated |= {int(each[1]) for each in _FORMULA.finditer(piece) if not _has_value(each, calculated)}
    return legacy_book.Tab(max(cells, last_row * last_column), frozenset(uncalculated), frozenset(hidden))


def _has_value(formula: re.Match[bytes], calculated: bool) -> bool:
    """Whether a program has calculated it: an empty text is a value, a writer's zero in front of Excel is none."""
    _row, attributes, value, empty = formula.groups()
    if not value:
        return b't="str"' in attributes and (value is not None or empty is not None)
    return calculated or value != b"0"


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


MOST_REPEATED = 1_000
_REPEATED_ROW = re.compile(
    rb'<table:table-row[^>]*number-rows-repeated="(\d+)"[^>]*>(.*?)</table:table-row>', re.DOTALL
)
_REPEATED_CELL = re.compile(rb'<table:(?:covered-)?table-cell[^>]*number-columns-repeated="(\d+)"[^>/]*>')


def _repeats(content: bytes) -> bool:
    """Whether an .ods says "and so on" of cells with content more often than any list of people does."""
    if any(int(match[1]) > MOST_COLUMNS for match in _REPEATED_CELL.finditer(content)):
        return True
    return any(
        int(match[1]) > MOST_REPEATED and re.search(rb"<table:table-cell[^>]*[^/]>", match[2])
        for match in _REPEATED_ROW.finditer(content)
    )


_TABLE_OR_ROW = re.compile(rb"<table:table(-row)?(?=[\s>/])([^>]*)>")
_ROWS_REPEATED = re.compile(rb"""\stable:number-rows-repeated\s*=\s*["']([0-9]{1,9})["']""")
_UNSEEN = re.compile(rb"""\stable:visibility\s*=\s*["'](?:collapse|filter)["']""")


def _open_document_tabs(content: bytes) -> list[legacy_book.Tab]:
    """The rows nobody sees of each tab of an .ods, hidden by hand or by a filter; no more of them than are ever read.

    What is repeated more than a thousand times is empty, or was refused.
    """
    tabs: list[set[int]] = []
    row, most = 0, MOST_ROWS
    for is_row, attributes in _TABLE_OR_ROW.findall(content):
        if not is_row:
            tabs.append(set())
            row = 0
        elif tabs:
            repeated = _ROWS_REPEATED.search(attributes)
            times = int(repeated[1]) if repeated else 1
            if times <= min(MOST_REPEATED, most) and _UNSEEN.search(attributes):
                tabs[-1].update(range(row + 1, row + times + 1))
                most -= times
            row += times
    return [legacy_book.Tab(hidden=frozenset(each)) for each in tabs]


def _pieces(archive: zipfile.ZipFile, name: str, start: bytes) -> Iterator[bytes]:
    """A part in pieces; what begins with `start` is not cut, unless it is longer than any honest cell."""
    with archive.open(name) as part:
        rest = b""
        while chunk := part.read(_CHUNK):
            piece = rest + chunk
            cut = piece.rfind(start)
            cut = max(len(piece) - 65_536, cut if cut > 0 else 0)
            yield piece[:cut]
            rest = piece[cut:]
        yield rest


class _HtmlTable(HTMLParser):
    """The rows of the tables of a page, which some servers send under the name .xls."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[Cell]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._cell = []

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append("".join(self._cell))
            self._cell = None
