"""Any sheet people hand over (xlsx, xls, ods, csv, or a page named xls) as rows of cells, without trusting the file.

Nothing in a file is run: no macro, no formula, no link. What unpacks to far more than it should is not unpacked. What
could be misread (a formula never calculated, cells merged over several rows) is told for each row, never guessed.
"""

import csv
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from itertools import islice
from pathlib import Path

from posyandu.domain.eppgbm import HEADER_WITHIN, Cell
from posyandu.domain.errors import BadInput
from posyandu.text import _

MOST_BYTES = 120 * 1024 * 1024
"""What a workbook may unpack to: twenty thousand rows have a tenth of it."""
MOST_RATIO = 500
"""How many times larger than packed a large part may be: honest sheets have 10 to 50, zip bombs thousands."""
LARGE = 8 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 500
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


def read(path: Path) -> list[SheetFile]:
    """Every table of a file. Raises BadInput, in a sentence, for what cannot or must not be read."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise BadInput(_("Berkas {name} tidak dapat dibuka.").format(name=path.name)) from error
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        found = _workbook(path, zipped=start.startswith(b"PK"))
    else:
        found = [SheetFile(path.stem, _text_rows(path))]
    for sheet in found:
        if len(sheet.rows) > MOST_ROWS:
            raise BadInput(
                _("Lembar {name} lebih dari {n} baris. Bagi dulu per Posyandu atau per desa.").format(
                    name=sheet.name, n=f"{MOST_ROWS:,}".replace(",", ".")
                )
            )
    return [sheet for sheet in found if sheet.rows] or found


def _text_rows(path: Path) -> list[list[Cell]]:
    if path.stat().st_size > MOST_BYTES:
        raise BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))
    content = path.read_bytes()
    if content.count(b"\0", 0, 2000):
        raise BadInput(_("Berkas {name} bukan lembar Excel atau CSV.").format(name=path.name))
    text = content.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        reader = _HtmlTable()
        reader.feed(text)
        return reader.rows
    first = "\n".join(text.splitlines()[:HEADER_WITHIN])
    separator = max(",;\t", key=first.count)
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
        return [list(row) for row in islice(rows, MOST_ROWS + 1)]
    except csv.Error as error:
        raise BadInput(_("Berkas {name} bukan lembar yang utuh.").format(name=path.name)) from error


def _workbook(path: Path, *, zipped: bool) -> list[SheetFile]:
    import python_calamine as calamine

    parts = _parts(path) if zipped else _Parts()
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            found = []
            for number, name in enumerate(book.sheet_names):
                sheet = book.get_sheet_by_name(name)
                if sheet.total_width > MOST_COLUMNS:
                    raise BadInput(_("Lembar {name} punya terlalu banyak kolom.").format(name=name))
                rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
                merged = _merged(sheet.merged_cell_ranges or ())
                doubtful = {**merged, **(parts.formulas[number] if number < len(parts.formulas) else {})}
                found.append(
                    SheetFile(name, [list(map(_cell, row)) for row in rows], parts.remarks, doubtful, parts.days)
                )
            return found
    except BadInput:
        raise
    except calamine.PasswordError as error:
        raise BadInput(
            _("Berkas {name} dikunci kata sandi. Buka kuncinya, lalu pilih lagi.").format(name=path.name)
        ) from error
    except Exception as error:  # whatever a damaged part happens to trip over
        raise BadInput(
            _("Berkas {name} rusak atau terkunci. Unduh atau simpan lagi.").format(name=path.name)
        ) from error


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value  # type: ignore[return-value]  # a time of day or a duration reads as no day and no number


def _merged(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> dict[int, str]:
    """The rows that lean on a cell merged with the row above; the rows of headings are among them, harmlessly."""
    found = {}
    for (top, _left), (bottom, _right) in ranges:
        for row in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            found[row + 1] = _("sel digabung dengan baris {n}; pisahkan dulu").format(n=top + 1)
    return found


@dataclass(frozen=True)
class _Parts:
    """What the package itself says: remarks, days of its epoch, rows whose formula was never calculated, by sheet."""

    remarks: tuple[str, ...] = ()
    days: int = 0
    formulas: tuple[dict[int, str], ...] = ()


def _parts(path: Path) -> _Parts:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sum(each.file_size for each in entries) > MOST_BYTES or any(is_bomb(each) for each in entries):
                raise BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))
            names = [each.filename for each in entries]
            macros = any(name.endswith("vbaProject.bin") for name in names)
            book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
            days = DAYS_1904 if re.search(rb'date1904="(1|true)"', book) else 0
            remarks = [_("Berkas ini berisi makro. Makro tidak dijalankan.")] if macros else []
            sheets = sorted(
                (name for name in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
                key=lambda name: int(re.sub(r"\D", "", name)),
            )
            return _Parts(tuple(remarks), days, tuple(_uncalculated(archive.read(name)) for name in sheets))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadInput(
            _("Berkas {name} rusak atau terkunci. Unduh atau simpan lagi.").format(name=path.name)
        ) from error


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether a part would unpack to far more than an honest file has."""
    return entry.file_size > LARGE and entry.file_size > MOST_RATIO * max(1, entry.compress_size)


_FORMULA = re.compile(rb'<c r="[A-Z]+(\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(<v>[^<]+</v>)?')


def _uncalculated(sheet: bytes) -> dict[int, str]:
    """The rows with a formula that no program has calculated: what it would say is unknown."""
    if b"<f" not in sheet:
        return {}
    reason = _("rumus belum dihitung; buka di Excel, salin sebagai nilai, simpan lagi")
    return {int(match[1]): reason for match in _FORMULA.finditer(sheet) if not match[2]}


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
