"""Bring in children and weighings from a sheet exported from e-PPGBM: look first, then take, and take back.

Nothing is written while looking. What the book already says stays: only empty answers of a known child are filled, and
a visit of a day that is already in the book is never changed. Weighings come in as copied from a book, so that they
draw the curve and tell N or T but are not counted again in a month's D.
"""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Literal, cast

from posyandu.domain import eppgbm
from posyandu.domain.eppgbm import Cell, Line
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.services import people
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records, summaries
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

MOST_BYTES = 300 * 1024 * 1024
"""What a workbook may unpack to: a hundred thousand rows have a tenth of it."""
MOST_ROWS = 20_000

Who = Literal["new", "known", "unsure", "refused"]
What = Literal["new", "same", "differs", "none"]


@dataclass(frozen=True)
class Planned:
    """What would become of one row: of the child and of the weighing, in a sentence.

    `person_id` is the child in the book for "known", and the likeliest one for "unsure". `fills` are the empty answers
    that the row can fill.
    """

    line: Line
    who: Who
    what: What
    sentence: str
    person_id: str = ""
    fills: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """A file looked at: every row with what would become of it."""

    posyandu_id: str
    rows: tuple[Planned, ...]

    def count(self, who: Who) -> int:
        """How many rows are of new, known, unsure or refused children."""
        return sum(each.who == who for each in self.rows)

    @property
    def sentence(self) -> str:
        """The whole file in one sentence."""
        new = len({_key(each.line) for each in self.rows if each.who == "new"})
        known = len({each.person_id for each in self.rows if each.who == "known"})
        weighings = sum(each.what == "new" and each.who in ("new", "known") for each in self.rows)
        words = _("{new} anak baru, {known} sudah ada, {n} hasil ukur baru.").format(new=new, known=known, n=weighings)
        left = []
        if unsure := self.count("unsure"):
            left.append(_("{n} baris perlu dipastikan orangnya.").format(n=unsure))
        if refused := self.count("refused"):
            left.append(_("{n} baris tidak dapat diambil.").format(n=refused))
        return " ".join([words, *left])


@dataclass(frozen=True)
class Taken:
    """What was brought in, and the saves by which it can be taken back."""

    children: int
    visits: int
    filled: int
    op_ids: tuple[str, ...]


def look(ws: Workspace, posyandu_id: str, path: Path) -> Preview:
    """What would become of every row of a file, without writing anything.

    Raises BadInput, in a sentence, when the file cannot be read or is another sheet.
    """
    for rows in _tables(path):
        header = eppgbm.find_header(rows)
        if header is not None:
            break
    else:
        raise BadInput(
            _("Judul kolom Nama, JK dan Tgl Lahir tidak ditemukan. Pilih berkas yang diunduh dari e-PPGBM, apa adanya.")
        )
    if len(rows) > MOST_ROWS:
        raise BadInput(_("Berkas ini lebih dari {n} baris. Unduh untuk satu Posyandu saja.").format(n=MOST_ROWS))
    book = _Book.of(ws, posyandu_id)
    planned: list[Planned] = []
    for number, row in enumerate(rows[header.row + 1 :], header.row + 2):
        line = eppgbm.read_line(header, row, number, people.latest_day(ws))
        if line is not None:
            planned.append(book.plan(ws, line))
    return Preview(posyandu_id, tuple(planned))


def take(ws: Workspace, preview: Preview, decided: Mapping[int, str] | None = None) -> Taken:
    """Bring in the rows of new and known children, all or nothing.

    `decided` says for unsure rows, by their number, who it is: the id of a person, or "" for someone new. Undecided
    and refused rows are left out. The book is looked at again, so that taking twice brings nothing twice.
    """
    book = _Book.of(ws, preview.posyandu_id)
    made: dict[tuple[object, ...], str] = {}
    op_ids: list[str] = []
    children = visits = filled = 0
    with transaction(ws.db):
        for before in preview.rows:
            each = book.plan(ws, before.line)
            if each.who == "unsure" and decided is not None and before.line.number in decided:
                chosen = decided[before.line.number]
                each = replace(each, who="known" if chosen else "new", person_id=chosen)
            if each.who in ("unsure", "refused"):
                continue
            person_id = each.person_id or made.get(_key(each.line), "")
            if not person_id:
                person_id = people.register(ws, {**each.line.person, "scope": preview.posyandu_id})
                made[_key(each.line)] = person_id
                op_ids += [op.id for op, _device in journal.ops_of(ws.db, person_id)]
                children += 1
            elif each.fills:
                saved = records.save(
                    ws.db, PERSON, person_id, each.fills, scope=preview.posyandu_id, author=ws.author, now=ws.now(),
                    reason=_("Diisi dari e-PPGBM"),
                )  # fmt: skip
                op_ids.append(saved.op_id)
                filled += 1
            if each.line.visit and book.visit_on(person_id, each.line) is None:
                op_ids.append(_add_visit(ws, preview.posyandu_id, person_id, each.line))
                book.note(person_id, each.line)
                visits += 1
            book.learn(ws, person_id)
    return Taken(children, visits, filled, tuple(op_id for op_id in op_ids if op_id))


def take_back(ws: Workspace, taken: Taken) -> None:
    """Undo everything a file brought in, the last first; what was answered since stays."""
    with transaction(ws.db):
        for op_id in reversed(taken.op_ids):
            records.undo(ws.db, op_id, ws.author, ws.now(), whole=True)


def _add_visit(ws: Workspace, scope: str, person_id: str, line: Line) -> str:
    answers: dict[str, Value | None] = {**line.visit, "source": "history"}
    saved = records.save(
        ws.db, UNDER_FIVE_VISIT, records.new_id(), answers, scope=scope, author=ws.author, now=ws.now(),
        links={"person_id": person_id}, reason=_("Disalin dari e-PPGBM"),
    )  # fmt: skip
    return saved.op_id


def _key(line: Line) -> tuple[object, ...]:
    """What makes two rows of a file the same child."""
    nik = line.person.get("nik")
    return (nik,) if nik else (people.folded(str(line.person.get("name"))), line.person.get("born_on"))


class _Book:
    """The children and visits of a post while a file is compared with them."""

    def __init__(self, children: Mapping[str, Answers], visits: Mapping[str, list[Answers]]) -> None:
        self.children = dict(children)
        self.visits = {id_: list(each) for id_, each in visits.items()}
        self.by_nik = {nik: id_ for id_, each in children.items() if (nik := each.get("nik"))}
        self.by_name: dict[tuple[str, object], str] = {}
        for id_, each in children.items():
            self.by_name[people.folded(str(each.get("name"))), each.get("born_on")] = id_

    @classmethod
    def of(cls, ws: Workspace, posyandu_id: str) -> "_Book":
        rows: list[Row] = records.load_many(ws.db, PERSON, scope=posyandu_id)
        visits = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, [row.id for row in rows], date.max)
        answers = {id_: [row.answers for row in each] for id_, each in visits.items()}
        return cls({row.id: row.answers for row in rows}, answers)

    def plan(self, ws: Workspace, line: Line) -> Planned:
        if line.refused:
            return Planned(line, "refused", "none", "; ".join(line.refused))
        person_id = self._known(line)
        if person_id:
            return self._known_child(line, person_id)
        hard = [each.message for each in people.problems(ws, line.person) if each.level.value == "hard"]
        if hard:
            return Planned(line, "refused", "none", "; ".join(hard))
        alike = people.lookalikes(ws, line.person, limit=1)
        what: What = "new" if line.visit else "none"
        if alike:
            sentence = _("Mirip {name}: {why}. Pastikan apakah orang yang sama.").format(
                name=alike[0].hit.name, why=", ".join(alike[0].reasons)
            )
            return Planned(line, "unsure", what, sentence, alike[0].hit.id)
        return Planned(line, "new", what, _with_notes(_("Anak baru."), line))

    def _known(self, line: Line) -> str:
        nik = line.person.get("nik")
        if nik and nik in self.by_nik:
            return self.by_nik[nik]
        found = self.by_name.get((people.folded(str(line.person.get("name"))), line.person.get("born_on")), "")
        other = self.children[found].get("nik") if found else None
        return "" if nik and other and nik != other else found

    def _known_child(self, line: Line, person_id: str) -> Planned:
        fills = {name: value for name, value in line.person.items() if self.children[person_id].get(name) in (None, "")}
        sentence = _("Sudah ada di buku.")
        if fills:
            labels = ", ".join(_(eppgbm.NAMES[name]) for name in fills)
            sentence += " " + _("Dilengkapi: {labels}.").format(labels=labels)
        ours = self.visit_on(person_id, line)
        what: What = "none"
        if line.visit and ours is None:
            what = "new"
        elif line.visit and ours is not None:
            same = all(ours.get(name) in (None, value) for name, value in line.visit.items())
            what = "same" if same else "differs"
            if not same:
                sentence += " " + _("Hasil ukur hari itu berbeda di buku; yang di buku dipakai.")
        return Planned(line, "known", what, _with_notes(sentence, line), person_id, fills)

    def visit_on(self, person_id: str, line: Line) -> Answers | None:
        """The visit of that day in the book."""
        on = line.visit.get("visited_on")
        return next((each for each in self.visits.get(person_id, ()) if each.get("visited_on") == on), None)

    def note(self, person_id: str, line: Line) -> None:
        """Remember a visit just brought in."""
        self.visits.setdefault(person_id, []).append(line.visit)

    def learn(self, ws: Workspace, person_id: str) -> None:
        """Read a child again after it was saved."""
        row = records.load(ws.db, PERSON, person_id)
        if row is None:
            raise NotFound(_("Orang ini tidak ada di buku."))
        self.children[person_id] = row.answers
        if nik := row.answers.get("nik"):
            self.by_nik[nik] = person_id
        self.by_name[people.folded(str(row.answers.get("name"))), row.answers.get("born_on")] = person_id


def _with_notes(sentence: str, line: Line) -> str:
    return " ".join([sentence, *(f"{note[:1].upper()}{note[1:]}." for note in line.notes)])


# Files


def _tables(path: Path) -> Sequence[Sequence[Sequence[Cell]]]:
    """Every table of a file, as rows of cells. Raises BadInput."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise BadInput(_("Berkas {name} tidak dapat dibuka.").format(name=path.name)) from error
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(_("Berkas .xls lama. Buka di Excel atau LibreOffice, simpan sebagai .xlsx, lalu pilih lagi."))
    if start.startswith(b"PK"):
        return _workbook(path)
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        reader = _HtmlTable()
        reader.feed(text)
        return [reader.rows]
    first = "\n".join(text.splitlines()[: eppgbm.HEADER_WITHIN])
    separator = max(",;\t", key=first.count)
    try:
        return [list(islice(csv.reader(StringIO(text, newline=""), delimiter=separator), MOST_ROWS + 1))]
    except csv.Error as error:
        raise BadInput(_("Berkas {name} bukan lembar yang utuh.").format(name=path.name)) from error


def _workbook(path: Path) -> Sequence[Sequence[Sequence[Cell]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                raise BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return [
                cast("list[Sequence[Cell]]", list(islice(sheet.iter_rows(values_only=True), MOST_ROWS + 1)))
                for sheet in book.worksheets
            ]
        finally:
            book.close()
    except BadInput:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part happens to trip over
        raise BadInput(_("Berkas {name} rusak. Unduh lagi dari e-PPGBM.").format(name=path.name)) from error


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
