"""OpenSID, the villages' own system: its people in (through the reader of sheets), the month's children out.

People come in from the sheet OpenSID itself imports and exports (nama, no_kk, nik, sex 1 or 2, tanggallahir, dusun),
whose headings the reader of sheets knows. Out goes the monthly watch over children of 0 to 23 months, column by column
as OpenSID's module for stunting asks; what was not asked stays empty, for unknown is not "no".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import insured
from posyandu.domain.indicators import ChildMonth
from posyandu.reports.counted import name_of
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.services import consents, immunisation, leaving
from posyandu.services.report_data import gather
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.text import _

MONTHS = 24
"""OpenSID watches children below this age."""


@dataclass(frozen=True)
class Saved:
    """The file written, how many children it holds, and who agreed to no sharing and is not in it."""

    path: Path
    children: int
    kept_in: str

    @property
    def sentence(self) -> str:
        """What happened, in one or two sentences."""
        return f"{_('{n} anak di lembar OpenSID.').format(n=self.children)} {self.kept_in}".rstrip()


def table(ws: Workspace, posyandu_id: str, month: Month) -> tuple[Table, str]:
    """The children of a month as OpenSID's "pemantauan bulanan anak 0-2 tahun", and who was left out. Raises NotFound.

    Nobody is in it whose sharing was refused or taken back.
    """
    children, kept_in = _children(ws, posyandu_id, month)
    return _table(ws, posyandu_id, month, children), kept_in


def _children(ws: Workspace, posyandu_id: str, month: Month) -> tuple[list[ChildMonth], str]:
    """The children OpenSID is told of, and who is not told of, in words."""
    every = [each for each in gather(ws, posyandu_id, month).children.get(month, ()) if each.age_months < MONTHS]
    kept = consents.kept_in(ws, posyandu_id)
    words = consents.left_out_words(kept[each.id] for each in every if each.id in kept)
    return [each for each in every if each.id not in kept], words


def _table(ws: Workspace, posyandu_id: str, month: Month, children: Sequence[ChildMonth]) -> Table:
    houses = {row.id: row.answers for row in records.load_many(ws.db, FORMS["household"], scope=posyandu_id)}
    visited = _visited(ws, posyandu_id, month)
    dosed = immunisation.recorded(ws, [child.id for child in children])
    columns = tuple(Column(name, name) for name in COLUMNS)
    rows = []
    for number, child in enumerate(children, 1):
        house = houses.get(str(child.person.get("household_id")), {})
        facts = _Facts(child, house, child.id in visited, child.id in dosed)
        cells = [make(facts) for make in COLUMNS.values()]
        person = (PersonRef(child.id, name_of(child.person)),)
        rows.append(
            tuple(
                Cell(text := str(number) if name == "no" else value, text, person if name == "nama_anak" else ())
                for name, value in zip(COLUMNS, cells, strict=True)
            )
        )
    return Table("opensid", _("OpenSID: pemantauan bulanan anak"), columns, plain_head(columns), tuple(rows))


def save(ws: Workspace, posyandu_id: str, month: Month, folder: Path) -> Saved:
    """Write that table as a workbook into a folder, made when missing. Raises as the reports do."""
    from posyandu.reports import spreadsheet

    made, kept_in = table(ws, posyandu_id, month)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _("OpenSID anak {month}.xlsx").format(month=month)
    content = spreadsheet.import_sheet("bulanan_anak", made)
    leaving.hand_out(ws, leaving.DATA, path, content, path.stem, scope=posyandu_id)
    return Saved(path, len(made.rows), kept_in)


def _visited(ws: Workspace, posyandu_id: str, month: Month) -> set[str]:
    """Who was visited at home in a month."""
    found = set()
    for name in ("home_infant", "home_child"):
        for row in records.load_many(ws.db, FORMS[name], scope=posyandu_id):
            if isinstance(on := row.answers.get("visited_on"), date) and on in month:
                found.add(str(row.answers.get("person_id")))
    return found


@dataclass(frozen=True)
class _Facts:
    child: ChildMonth
    house: Answers
    visited: bool
    dosed: bool


def _tick(value: object) -> str:
    return {True: "v", False: "x"}.get(value, "") if isinstance(value, bool) else ""


def _nutrition(facts: _Facts) -> str:
    """OpenSID's letters: GB gizi buruk, GK gizi kurang, S stunting, N normal; "" where it cannot be told."""
    whz, haz = facts.child.class_of("whz"), facts.child.class_of("haz")
    if whz is not None and whz.code in ("severely_wasted", "wasted"):
        return "GB" if whz.code == "severely_wasted" else "GK"
    if haz is not None and haz.code in ("severely_stunted", "stunted"):
        return "S"
    return "N" if whz is not None and haz is not None else ""


def _immunised(facts: _Facts) -> bool | None:
    """Whether nothing of the schedule lacks; None where neither a dose nor the answer of a kader is noted."""
    answered = facts.child.last("immunisation_complete")
    if facts.child.late_doses or answered is False:
        return False
    return True if facts.dosed or answered is True else None


_MAT = {"severely_stunted": "M", "stunted": "K", "normal": "H", "tall": "H"}
"""The length mat: merah, kuning, hijau; TD (tidak diukur) where no length was taken."""

COLUMNS: Mapping[str, Callable[[_Facts], str]] = {
    "no": lambda _facts: "",
    "no_kia": lambda facts: str(facts.child.person.get("nik") or ""),
    "nama_anak": lambda facts: name_of(facts.child.person),
    "jenis_kelamin": lambda facts: {"male": "1", "female": "2"}.get(facts.child.sex, ""),
    "tanggal_lahir": lambda facts: str(facts.child.person.get("born_on") or ""),
    "umur_bulan": lambda facts: str(facts.child.age_months),
    "status_gizi": _nutrition,
    "status_tikar": lambda facts: _MAT.get(found.code, "TD") if (found := facts.child.class_of("haz")) else "TD",
    "pemberian_imunisasi_dasar": lambda facts: _tick(_immunised(facts)),
    "pengukuran_berat_badan": lambda facts: _tick(indicators.weighed(facts.child)),
    "pengukuran_tinggi_badan": lambda facts: _tick(isinstance(facts.child.last("length_mm"), int)),
    "konseling_gizi_ayah": lambda _facts: "",
    "konseling_gizi_ibu": lambda facts: "v" if facts.child.last("counselling") else "",
    "kunjungan_rumah": lambda facts: _tick(facts.visited),
    "air_bersih": lambda facts: _tick(facts.house.get("clean_water")),
    "kepemilikan_jamban": lambda facts: _tick(facts.house.get("latrine")),
    "akta_lahir": lambda facts: _tick(facts.child.person.get("birth_certificate")),
    "jaminan_kesehatan": lambda facts: _tick(insured(facts.child.person)),
    "pengasuhan_paud": lambda _facts: "",
}
"""Each column of OpenSID's sheet, and what of the book stands in it."""
