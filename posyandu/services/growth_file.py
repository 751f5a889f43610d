"""Score a file of measurements: CSV in, the same CSV with z-scores, flags and classes out (`posyandu growth`).

Columns known by name (capitals do not matter, any order, all but `sex` may be missing):

    sex                       L/P, M/F, 1/2, laki-laki/perempuan, male/female, boy/girl
    age_days                  completed days; else
    birth_date, visit_date    2024-03-05, 05-03-2024, 05/03/2024 or 5-Mar-2024; else
    age_months                may be a fraction
    weight_kg, lenhei_cm, head_cm, muac_cm
    measure                   l lying, h standing; terlentang/berdiri
    oedema                    y/n, ya/tidak

Every other column passes through; one that bears the name of an added one does so as `<name>_asal`, but what was added
to a file scored before is made anew. A row that cannot be read gets its reason in `error`; the others go on. The file
is read row by row, so its length does not matter.
"""

import codecs
import csv
import json
import os
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain, islice
from math import inf
from pathlib import Path
from typing import TextIO, TypeVar

from posyandu import paths
from posyandu.domain import growth, nutrition
from posyandu.domain.calendar import age_months
from posyandu.domain.eppgbm import read_day
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.growth import GrowthTables, Measurement, ZScores
from posyandu.domain.standards import Standards, read_standards
from posyandu.text import _

CLASSES = {"bb_u": "waz", "tb_u": "haz", "bb_tb": "whz", "imt_u": "baz", "lk_u": "hcz"}
"""The added columns of classes by Permenkes 2/2020, and the score each is read from."""

ADDED = (*growth.INDICES, "flags", *CLASSES, "lila", "error")

_SEXES = {
    **dict.fromkeys(("l", "m", "1", "laki-laki", "laki laki", "laki", "lk", "male", "boy", "pria"), "male"),
    **dict.fromkeys(("p", "f", "2", "perempuan", "pr", "female", "girl", "wanita"), "female"),
}
_POSITIONS = {
    **dict.fromkeys(("l", "lying", "length", "terlentang", "pb"), "l"),
    **dict.fromkeys(("h", "standing", "height", "berdiri", "tb"), "h"),
}
_YES_NO = {
    **dict.fromkeys(("y", "yes", "ya", "1", "true"), True),
    **dict.fromkeys(("n", "no", "tidak", "t", "2", "0", "false"), False),
}
_MISSING = frozenset(("", "na", "n/a", "nan", "null", "-", "."))

_NUMBER = re.compile(r"[-\N{MINUS SIGN}]?([0-9]{1,7}([.,][0-9]{0,20})?|[.,][0-9]{1,20})")
_OLDEST_MONTHS = 228
_LINES_OF_A_CELL = 50

Cell = Callable[[str], str]
Labels = dict[tuple[str, float, int], str]
Meaning = TypeVar("Meaning")

LONGEST_CELL = 131_072
"""Letters in one cell; more of them are the rest of a file after a quotation mark that nobody closed."""


@dataclass(frozen=True)
class GrowthFileResult:
    """What became of a file: its rows, those with at least one z-score, with a flag, and with an error."""

    rows: int
    scored: int
    flagged: int
    errors: int

    def __str__(self) -> str:
        return _("{rows} baris dibaca: {scored} dinilai, {flagged} perlu diukur ulang, {errors} tidak terbaca.").format(
            rows=self.rows, scored=self.scored, flagged=self.flagged, errors=self.errors
        )


@dataclass(frozen=True)
class Row:
    """One row read: the measurement, completed months of age and the day the classes are judged by."""

    measured: Measurement
    months: int | None
    on: date


def run(source: Path, target: Path) -> GrowthFileResult:
    """Score the file `source` into the file `target`, which may be the same; it is replaced only when all is done.

    Raises NotFound when there is no such file, BadInput when it cannot be opened, has no `sex` column or is no CSV,
    or the target cannot be written.
    """
    if not source.is_file():
        raise NotFound(_("Berkas {name} tidak ditemukan.").format(name=source.name))
    tables, standards = _tables(), _standards()
    try:
        encoding = _encoding(source)
    except OSError as error:
        raise BadInput(_("Berkas {name} tidak dapat dibuka.").format(name=source.name)) from error
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with (
            source.open(encoding=encoding, errors="replace", newline="") as taken,
            unfinished.open("w", encoding="utf-8-sig" if encoding == "utf-8-sig" else "utf-8", newline="") as given,
        ):
            result = _score(taken, given, tables, standards)
        unfinished.replace(target)
    except csv.Error as error:
        raise BadInput(_("Berkas {name} bukan CSV yang utuh.").format(name=source.name)) from error
    except OSError as error:
        raise BadInput(_("Berkas {name} tidak dapat ditulis. Pilih folder lain.").format(name=target.name)) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return result


def _score(taken: TextIO, given: TextIO, tables: GrowthTables, standards: Standards) -> GrowthFileResult:
    heading = next((line for line in taken if line.strip() and not line.lower().startswith("sep=")), "")
    separator = max(",;\t", key=heading.count)
    csv.field_size_limit(LONGEST_CELL)  # one for the whole process: a library may have set another
    rows = csv.reader(chain([heading], _lines(taken, separator)), delimiter=separator)
    names = next(rows, [])
    known = [name.strip().lower() for name in names]
    if "sex" not in known:
        raise BadInput(_("Kolom sex tidak ada. Baris pertama harus berisi nama kolom."))
    scored_before = tuple(known[-len(ADDED) :]) == ADDED
    kept = range(len(names) - len(ADDED) if scored_before else len(names))
    places = {name: at for at, name in reversed(list(enumerate(known)))}
    writer = csv.writer(given, delimiter=separator)
    writer.writerow([f"{names[at]}_asal" if known[at] in ADDED else names[at] for at in kept] + list(ADDED))
    today = date.today()
    labels: defaultdict[int, Labels] = defaultdict(dict)
    count = scored = flagged = errors = 0
    for cells in rows:
        if not cells:
            continue
        count += 1
        if len(cells) < len(names):
            cells += [""] * (len(names) - len(cells))
        try:
            if len(cells) > len(names):
                raise _Unreadable(_("jumlah kolom lebih banyak daripada judulnya"))
            row = _row(cells, places, today)
            z = growth.zscores(tables, row.measured)
            added = _cells(standards, labels, row, z)
            scored += any(score is not None for score in z[:6])
            flagged += bool(z.flags)
        except _Unreadable as reason:
            added = [*[""] * (len(ADDED) - 1), str(reason)]
            errors += 1
        writer.writerow([cells[at] for at in kept] + added + cells[len(names) :])
    return GrowthFileResult(count, scored, flagged, errors)


def _lines(taken: TextIO, separator: str) -> Iterator[str]:
    """The lines of the rows; a quotation mark that is opened and never closed is left out, or it would swallow them."""
    opened = re.compile(rf'(^|{separator})"')
    closed = re.compile(rf'[^"]*(""[^"]*)*"\s*({separator}|$)')
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(taken, ""):
        if line.count('"') % 2 and opened.search(line):
            ahead.extend(islice(taken, _LINES_OF_A_CELL - len(ahead)))
            closing = next((at for at, each in enumerate(ahead) if closed.match(each)), None)
            if closing is None:
                line = opened.sub(r"\1", line)
            else:
                yield line
                yield from (ahead.popleft() for _line in range(closing))
                line = ahead.popleft()
        yield line


class _Unreadable(Exception):
    """Why a row cannot be scored."""


def _row(cells: Sequence[str], places: Mapping[str, int], today: date) -> Row:
    def cell(name: str) -> str:
        at = places.get(name)
        text = "" if at is None else cells[at].strip()
        return "" if text.lower() in _MISSING else text

    sex = _word(cell, "sex", _SEXES)
    if sex is None:
        raise _Unreadable(_("sex kosong"))
    visited_on = _day(cell, "visit_date")
    days, months, completed = _age(cell, visited_on)
    if (months or 0 if days is None else days / growth.DAYS_PER_MONTH) > _OLDEST_MONTHS:
        raise _Unreadable(_("umur di luar tabel WHO (0 sampai 19 tahun)"))
    measured = Measurement(
        sex=sex,
        age_days=days,
        weight_kg=_number(cell, "weight_kg"),
        lenhei_cm=_number(cell, "lenhei_cm"),
        measure=_word(cell, "measure", _POSITIONS),
        head_cm=_number(cell, "head_cm"),
        muac_cm=_number(cell, "muac_cm"),
        oedema=_word(cell, "oedema", _YES_NO) is True,
        age_months=months,
    )
    return Row(measured, completed, visited_on or today)


def _age(cell: Cell, visited_on: date | None) -> tuple[int | None, float | None, int | None]:
    """Days or months for the tables, and completed months for the classes."""
    days = _number(cell, "age_days")
    if days is not None:
        months = days / growth.DAYS_PER_MONTH
        return (int(days), None, int(months)) if days == int(days) else (None, months, int(months))
    born_on = _day(cell, "birth_date")
    if born_on is not None and visited_on is not None:
        if visited_on < born_on:
            raise _Unreadable(_("visit_date sebelum birth_date"))
        return (visited_on - born_on).days, None, age_months(born_on, visited_on)
    told = _number(cell, "age_months")
    return None, told, None if told is None else int(told)


def _word(cell: Cell, name: str, meanings: Mapping[str, Meaning]) -> Meaning | None:
    text = cell(name)
    if not text:
        return None
    meaning = meanings.get(text.lower().removesuffix(".0"))  # as tools write a code in a column with gaps
    if meaning is None:
        raise _Unreadable(_("{name}: {text} tidak dikenal").format(name=name, text=text))
    return meaning


def _number(cell: Cell, name: str) -> float | None:
    text = cell(name)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise _Unreadable(_("{name}: {text} bukan angka").format(name=name, text=text))
    number = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    if number < 0:
        raise _Unreadable(_("{name}: {text} kurang dari nol").format(name=name, text=text))
    return number


def _day(cell: Cell, name: str) -> date | None:
    text = cell(name)
    if not text:
        return None
    day = _read_day(text)
    if day is None:
        raise _Unreadable(_("{name}: {text} bukan tanggal").format(name=name, text=text))
    return day


@lru_cache(maxsize=10_000)
def _read_day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def _cells(standards: Standards, labels: defaultdict[int, Labels], row: Row, z: ZScores) -> list[str]:
    """The added cells of a row that was read, in the order of ADDED."""
    scores = ["" if score is None else f"{score:.2f}" for score in z[:6]]
    arm = row.measured.muac_cm
    judged = dict(zip(growth.INDICES, z[:5], strict=False))
    if row.measured.oedema:
        judged["whz"] = -inf  # gizi buruk, whatever was measured
    known = labels[id(standards.on(row.on))]
    classes = [
        *(_label(standards, known, index, judged[index], row) for index in CLASSES.values()),
        _label(standards, known, "muac_mm", round(arm * 10, 3) if arm else None, row),
    ]
    return [*scores, " ".join(index for index in growth.INDICES if index in z.flags), *classes, ""]


def _label(standards: Standards, known: Labels, index: str, value: float | None, row: Row) -> str:
    """The words of a class. The same few thousand come again and again, so each is looked up once."""
    if value is None or row.months is None:
        return ""
    key = (index, value, row.months)
    label = known.get(key)
    if label is None:
        category = nutrition.classify(standards, index, value, row.months, row.on)
        label = known[key] = "" if category.level == "unknown" else category.label
    return label


def _encoding(source: Path) -> str:
    """UTF-8 with or without its mark, UTF-16 as Excel's "Unicode text" has it, else the old Windows code page."""
    with source.open("rb") as file:
        start = file.read(2)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        if start + file.read(1) == codecs.BOM_UTF8:
            return "utf-8-sig"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


@cache
def _tables() -> GrowthTables:
    return growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())


@cache
def _standards() -> Standards:
    folder = paths.resources() / "rules"
    return read_standards({file.name: json.loads(file.read_bytes()) for file in folder.glob("*.json")})
