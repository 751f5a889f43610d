"""Reading sheets of people and weighings (e-PPGBM, OpenSID, a kader's own): which column is which, what each row says.

People rename, reorder and reformat these sheets, so headings are matched tolerantly and cells may be numbers, dates or
text. What cannot be read for certain is refused with a reason and nothing is guessed: a NIK that a spreadsheet has
rounded (5,20301E+15) is lost, not nearly right, and the rest of its row is read. Z-scores and classes in the file are
never read; they are computed.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from posyandu.domain.fields import Value
from posyandu.text import N_, _

HEADER_WITHIN = 15
"""The heading is among the first rows; lines above it are banners."""

Cell = str | int | float | bool | date | datetime | None
Reader = Callable[[Cell], Value | None]

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "nik": ("nik", "nikanak", "nikbalita", "noktp"),
    "kk": ("nokk", "nomorkk", "kk"),
    "name": ("nama", "namaanak", "namabalita", "namalengkap", "namapenduduk"),
    "sex": ("jk", "jeniskelamin", "lp", "kelamin", "sex"),
    "born_on": ("tgllahir", "tanggallahir", "tgllhr"),
    "hamlet": ("dusun", "lingkungan", "banjar"),
    "jkn": ("nojkn", "nobpjs", "jkn", "bpjs", "noasuransi"),
    "birth_weight_g": ("bblahir", "beratlahir", "bbl", "beratbadanlahir"),
    "birth_length_mm": ("tblahir", "pblahir", "panjanglahir", "tinggilahir", "pbl"),
    "birth_head_mm": ("lklahir", "lingkarkepalalahir"),
    "birth_order": ("anakke",),
    "parents": ("namaortu", "namaorangtua", "ortu", "orangtua"),
    "mother_name": ("namaibu", "ibu"),
    "father_name": ("namaayah", "ayah"),
    "phone": ("hportu", "nohp", "hp", "telepon"),
    "address": ("alamat",),
    "rt": ("rt",),
    "rw": ("rw",),
    "visited_on": ("tanggalpengukuran", "tanggalukur", "tglukur", "tglpengukuran", "tanggaltimbang"),
    "weight_g": ("berat", "bb", "beratbadan", "bbkg"),
    "length_mm": ("tinggi", "tb", "pb", "pbtb", "tbpb", "tinggibadan", "panjangbadan"),
    "position": ("caraukur", "posisi", "posisiukur"),
    "muac_mm": ("lila", "lingkarlengan", "lingkarlenganatas"),
    "head_mm": ("lingkarkepala", "lika", "lk"),
    "oedema": ("pittingedema", "edema", "oedema"),
    "has_kia_book": ("kia", "bukukia"),
    "early_breastfeeding": ("imd",),
}
"""What each heading may be called, without spaces, marks and capitals; the first is the one in the export of today."""

NEEDED = ("name", "sex", "born_on")
PERSON = (
    "nik", "kk", "name", "sex", "born_on", "birth_weight_g", "birth_length_mm", "birth_head_mm", "birth_order",
    "mother_name", "father_name", "phone", "address", "hamlet", "rt", "rw", "jkn", "has_kia_book",
    "early_breastfeeding",
)  # fmt: skip
VISIT = ("visited_on", "weight_g", "length_mm", "position", "muac_mm", "head_mm", "oedema")


@dataclass(frozen=True)
class Header:
    """Where the heading stands (row number from 0) and which column holds what.

    `epoch_days` is added to serial numbers of days, for the sheets that count them from 1904.
    """

    row: int
    columns: Mapping[str, int]
    epoch_days: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row read: answers of the person and of the visit, or why it cannot be taken.

    `number` is the row in the sheet as people count it; `notes` say what was left out of a row that is taken.
    """

    number: int
    person: Mapping[str, Value] = field(default_factory=dict)
    visit: Mapping[str, Value] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The heading among the first rows; None when the sheet is another one."""
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        columns = columns_of(row)
        if is_enough(columns):
            return Header(number, columns)
    return None


def columns_of(row: Sequence[Cell]) -> dict[str, int]:
    """What each column of a heading holds, as far as it is known."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(row):
        told = re.sub(r"[^a-z]", "", str(cell).lower()) if isinstance(cell, str) else ""
        for name, called in HEADINGS.items():
            if told in called and name not in columns:
                columns[name] = place
    return columns


def is_enough(columns: Collection[str]) -> bool:
    """Whether people can be told by these columns: new ones by NEEDED, those weighed who are in the book by NIK."""
    return all(name in columns for name in NEEDED) or ("nik" in columns and "visited_on" in columns)


def read_line(header: Header, row: Sequence[Cell], number: int, today: date) -> Line | None:
    """What a row says; None for an empty row."""
    cells = {name: _plain(row[place]) if place < len(row) else None for name, place in header.columns.items()}
    if all(value is None for value in cells.values()):
        return None
    person: dict[str, Value] = {}
    visit: dict[str, Value] = {}
    refused: list[str] = []
    notes: list[str] = []
    for name in (*PERSON, *VISIT):
        if cells.get(name) is None:
            continue
        cell = cells[name]
        if name in DAYS:
            cell = _dated(cell, header, today)
            if cell != cells[name] and isinstance(cell, str):
                notes.append(_("{what}: {cell} dibaca {day}").format(what=_(NAMES[name]), cell=cells[name], day=cell))
        try:
            value = READERS[name](cell)
        except ValueError:
            if name in NUMBERS and _is_rounded(cell):
                told = _("{what}: {cell} mungkin sudah dibulatkan lembar kerja; dikosongkan, isi dari KK")
                notes.append(told.format(what=_(NAMES[name]), cell=_as_typed(cell)))
                continue
            told = _("{what}: {cell} tidak terbaca").format(what=_(NAMES[name]), cell=_as_typed(cells[name])[:40])
            if name in DAYS and _in_this_century(cell, today) is not None:
                told += " (" + _("tahunnya dua angka dan tidak pasti; tulis empat angka") + ")"
            elif name in WANTED:
                told += f" ({_(WANTED[name])})"
            (refused if name in CERTAIN else notes).append(told)
            continue
        if value is not None:
            (person if name in PERSON else visit)[name] = value
    _parents(cells.get("parents"), person)
    asked = [name for name in NEEDED if name in header.columns or "nik" not in person]
    refused += [_("{what} kosong").format(what=_(NAMES[name])) for name in asked if cells.get(name) is None]
    born_on, visited_on = person.get("born_on"), visit.get("visited_on")
    for day, what in ((born_on, N_("tanggal lahir")), (visited_on, N_("tanggal ukur"))):
        if isinstance(day, date) and day > today:
            refused.append(_("{what} belum terjadi").format(what=_(what)))
    if isinstance(born_on, date) and isinstance(visited_on, date) and visited_on < born_on:
        refused.append(_("tanggal ukur sebelum tanggal lahir"))
    if visited_on is None and visit:
        notes.append(_("hasil ukur tanpa tanggal ukur tidak diambil"))
    if "weight_g" not in visit and "length_mm" not in visit:
        visit = {}
    return Line(number, person, visit if visited_on is not None else {}, tuple(refused), tuple(notes))


def _as_typed(cell: Cell) -> str:
    """A cell in a sentence: a whole number has no ".0", which nobody typed."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _dated(cell: Cell, header: Header, today: date) -> Cell:
    """A serial number of a day counted from 1900; of a year of two digits all four, where this century has had it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell + header.epoch_days
    day = _in_this_century(cell, today)
    return cell if day is None or day > today else f"{day:%d-%m-%Y}"


def _in_this_century(cell: Cell, today: date) -> date | None:
    """The day that is meant by 7/5/25, if its year is of this century; None for what is written otherwise."""
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})", str(cell))
    try:
        return date(100 * (today.year // 100) + int(match[4]), int(match[3]), int(match[1])) if match else None
    except ValueError:
        return None


DAYS = frozenset(("born_on", "visited_on"))
NUMBERS = frozenset(("nik", "kk"))

CERTAIN = frozenset(("nik", "name", "sex", "born_on", "visited_on", "weight_g", "length_mm"))
"""What a row is refused for when it cannot be read; anything else is left out and said."""

NAMES = {
    "nik": "NIK",
    "kk": N_("nomor KK"),
    "name": N_("nama"),
    "sex": N_("jenis kelamin"),
    "born_on": N_("tanggal lahir"),
    "birth_weight_g": N_("berat lahir"),
    "birth_length_mm": N_("panjang lahir"),
    "birth_head_mm": N_("lingkar kepala lahir"),
    "birth_order": N_("anak ke"),
    "mother_name": N_("nama ibu"),
    "father_name": N_("nama ayah"),
    "phone": N_("nomor HP"),
    "address": N_("alamat"),
    "rt": N_("RT"),
    "rw": N_("RW"),
    "hamlet": N_("dusun"),
    "jkn": N_("nomor JKN"),
    "visited_on": N_("tanggal ukur"),
    "weight_g": N_("berat badan"),
    "length_mm": N_("tinggi badan"),
    "position": N_("cara ukur"),
    "muac_mm": N_("lingkar lengan atas"),
    "head_mm": N_("lingkar kepala"),
    "oedema": N_("bengkak"),
    "has_kia_book": N_("buku KIA"),
    "early_breastfeeding": N_("IMD"),
}


def _plain(cell: Cell) -> Cell:
    """A cell without blanks and without the apostrophe that keeps text; None for an empty one."""
    if isinstance(cell, str):
        cell = cell.strip().removeprefix("'").strip()
        return None if cell.lower() in ("", "-", "null", "none", "n/a", "#n/a") else cell
    return cell


def read_number16(cell: Cell) -> str:
    """A NIK or KK of 16 digits. Raises ValueError, also for one that a spreadsheet has rounded.

    A number keeps all 16 digits up to 2 to the 53rd, but Excel writes 0 for the last: what ends otherwise is whole.
    """
    if isinstance(cell, float):
        if not cell.is_integer() or cell >= EXACT:
            raise ValueError("rounded, or too short")
        cell = int(cell)
    text = re.sub(r"[ .]", "", str(cell))
    if not re.fullmatch(r"\d{16}", text) or (isinstance(cell, int) and text.endswith("0")):
        raise ValueError("no 16 digits")
    return text


EXACT = 2**53


def _is_rounded(cell: Cell) -> bool:
    """Whether this was a number of 16 digits before a spreadsheet took it for one to reckon with."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return 10**15 <= cell < 10**16
    return re.fullmatch(r"\d([.,]\d+)?[Ee]\+?15", str(cell)) is not None


def read_day(cell: Cell) -> date:
    """A day from a date cell, a serial number of Excel, 2026-11-12, 12/11/2026 or 12-11-2026. Raises ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not 20_000 <= cell <= 60_000:
            raise ValueError("no day")
        return date(1899, 12, 30) + timedelta(days=int(cell))
    text = str(cell)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([T ].*)?", text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})([T ].*)?", text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})", text):
        return date(int(match[3]), _month_number(match[2]), int(match[1]))
    raise ValueError("no day")


def _month_number(word: str) -> int:
    """5 for "Mei", "mei", "May"; 8 for "Agustus", "Agt", "Aug". Raises ValueError."""
    told = word[:3].lower()
    for number, names in enumerate(_MONTHS, 1):
        if told in names:
            return number
    raise ValueError("no month")


_MONTHS = (
    ("jan",), ("feb", "peb"), ("mar",), ("apr",), ("mei", "may"), ("jun",), ("jul",), ("agu", "agt", "ags", "aug"),
    ("sep",), ("okt", "oct"), ("nov", "nop"), ("des", "dec"),
)  # fmt: skip


def _scaled(per_unit: int, low: int, high: int) -> Reader:
    def read(cell: Cell) -> int | None:
        text = str(cell).replace(",", ".").removesuffix("kg").removesuffix("cm").strip()
        if not re.fullmatch(r"\d{1,6}(\.\d+)?", text):
            raise ValueError("no number")
        value = round(float(text) * per_unit)
        if value == 0:
            return None
        if not low <= value <= high:
            raise ValueError("impossible")
        return value

    return read


def _birth_weight(cell: Cell) -> Value | None:
    """In kilograms, or in grams where someone wrote 3150."""
    text = str(cell).replace(",", ".")
    if re.fullmatch(r"\d{3,4}(\.0+)?", text):
        return _scaled(1, 300, 7_000)(cell)
    return _scaled(1000, 300, 7_000)(cell)


def _among(words: Mapping[str, Value | None]) -> Reader:
    def read(cell: Cell) -> Value | None:
        told = _text(cell).lower()
        if told not in words:
            raise ValueError("unknown word")
        return words[told]

    return read


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s+", " ", str(cell)).strip()


def _is_name(text: str) -> bool:
    return re.search(r"[^\W\d_]", text) is not None


def _name(cell: Cell) -> str:
    text = _text(cell)
    if not _is_name(text):
        raise ValueError("no name")
    return text.title() if text.isupper() or text.islower() else text


def _phone(cell: Cell) -> str:
    text = re.sub(r"[^\d+]", "", _text(cell))
    if not text:
        raise ValueError("no number")
    return f"0{text}" if text.startswith("8") else text


def _order(cell: Cell) -> int:
    number = int(float(str(cell)))
    if not 1 <= number <= 20:
        raise ValueError("impossible")
    return number


def _parents(cell: Cell, person: dict[str, Value]) -> None:
    """ "Budi / Sri" is father and mother; a single name is kept as the mother's, as the app asks for her."""
    if not isinstance(cell, str) or "mother_name" in person:
        return
    father, slash, mother = cell.partition("/")
    if slash and _is_name(father):
        person.setdefault("father_name", _name(father))
    if _is_name(name := mother if slash else father):
        person["mother_name"] = _name(name)


_YES_NO: Mapping[str, Value | None] = {
    **dict.fromkeys(("ya", "y", "1", "true", "ada"), True),
    **dict.fromkeys(("tidak", "t", "0", "false", "tidak ada"), False),
}

READERS: Mapping[str, Reader] = {
    "nik": read_number16,
    "kk": read_number16,
    "name": _name,
    "sex": _among(
        {
            **dict.fromkeys(("l", "laki-laki", "laki", "laki laki", "lk", "m", "1"), "male"),
            **dict.fromkeys(("p", "perempuan", "pr", "f", "2"), "female"),
        }
    ),
    "born_on": read_day,
    "birth_weight_g": _birth_weight,
    "birth_length_mm": _scaled(10, 200, 650),
    "birth_head_mm": _scaled(10, 200, 450),
    "birth_order": _order,
    "mother_name": _name,
    "father_name": _name,
    "phone": _phone,
    "address": _text,
    "rt": _text,
    "rw": _text,
    "hamlet": _text,
    "jkn": _text,
    "has_kia_book": _among(_YES_NO),
    "early_breastfeeding": _among(_YES_NO),
    "visited_on": read_day,
    "weight_g": _scaled(1000, 500, 60_000),
    "length_mm": _scaled(10, 300, 1_500),
    "position": _among(
        {"terlentang": "lying", "berbaring": "lying", "berdiri": "standing", "1": "standing", "2": "lying"}
    ),
    "muac_mm": _scaled(10, 50, 350),
    "head_mm": _scaled(10, 250, 650),
    "oedema": _among({"tidak": "none", "0": "none", "1": "1", "2": "2", "3": "3"}),
}
"""How the cell of each column is read; raises ValueError for what cannot be told."""

_DAY = N_("seharusnya tanggal seperti 12-11-2026")
WANTED: Mapping[str, str] = {
    "nik": N_("seharusnya 16 angka, disimpan sebagai teks"),
    "kk": N_("seharusnya 16 angka, disimpan sebagai teks"),
    "sex": N_("seharusnya L atau P"),
    "born_on": _DAY,
    "visited_on": _DAY,
    "weight_g": N_("seharusnya 0,5 sampai 60 kg"),
    "length_mm": N_("seharusnya 30 sampai 150 cm"),
    "muac_mm": N_("seharusnya 5 sampai 35 cm"),
    "head_mm": N_("seharusnya 25 sampai 65 cm"),
}
"""What a cell of a column should hold, for whoever has to mend the file."""
