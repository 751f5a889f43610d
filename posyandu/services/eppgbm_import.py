"""Bring in people and weighings from a sheet (e-PPGBM, OpenSID, any other): look first, then take, and take back.

Nothing is written while looking. What the book already says stays: only empty answers of a known child are filled, and
a visit of a day that is already in the book is never changed. Weighings come in as copied from a book, so that they
draw the curve and tell N or T but are not counted again in a month's D.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from posyandu.domain import eppgbm
from posyandu.domain.eppgbm import Header, Line
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from posyandu.services import imports, leaving, people, sheet_files
from posyandu.services.checking import latest_day
from posyandu.services.sheet_files import SheetFile
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records, summaries
from posyandu.storage.records import Row
from posyandu.text import N_, _, count

MOST_TAKEN = 20_000
"""Rows that one post takes at a time: more than any post has people, and a whole kabupaten's file never by mistake."""

Who = Literal["new", "known", "unsure", "refused"]
What = Literal["new", "same", "differs", "none"]


@dataclass(frozen=True, slots=True)
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
    """A file looked at: every row with what would become of it; `remarks` concern the whole file."""

    posyandu_id: str
    rows: tuple[Planned, ...]
    remarks: tuple[str, ...] = ()
    as_of: int = -1
    """The newest save of the book that was looked at."""

    @property
    def too_many(self) -> str:
        """Why this many rows are told but not taken, or ""."""
        if len(self.rows) <= MOST_TAKEN:
            return ""
        return _("Berkas ini berisi {n} baris; sekali ambil paling banyak {most}. Bagi dulu per Posyandu.").format(
            n=count(len(self.rows)), most=count(MOST_TAKEN)
        )

    def count(self, who: Who) -> int:
        """How many rows are of new, known, unsure or refused children."""
        return sum(each.who == who for each in self.rows)

    @property
    def sentence(self) -> str:
        """The whole file in one sentence."""
        new = len({_key(each.line) for each in self.rows if each.who == "new"})
        known = len({each.person_id for each in self.rows if each.who == "known"})
        weighings = sum(each.what == "new" and each.who in ("new", "known") for each in self.rows)
        words = _("{new} orang baru, {known} sudah ada, {n} hasil ukur baru.").format(new=new, known=known, n=weighings)
        left = []
        if unsure := self.count("unsure"):
            left.append(_("{n} baris perlu dipastikan orangnya.").format(n=unsure))
        if refused := self.count("refused"):
            left.append(_("{n} baris tidak dapat diambil.").format(n=refused))
        return " ".join([words, *left])


@dataclass(frozen=True)
class Taken:
    """What was brought in, and the import by which it can be taken back ("" when nothing was)."""

    children: int
    visits: int
    filled: int
    import_id: str

    @property
    def sentence(self) -> str:
        """What was brought in, in one sentence."""
        return _("{people} orang baru, {visits} hasil ukur, {filled} orang dilengkapi.").format(
            people=self.children, visits=self.visits, filled=self.filled
        )


def look(ws: Workspace, posyandu_id: str, path: Path) -> Preview:
    """What would become of every row of a file, without writing anything.

    Raises BadInput, in a sentence, when the file cannot be read or is another sheet.
    """
    for sheet in sheet_files.read(path):
        header = eppgbm.find_header(sheet.rows)
        if header is not None:
            return look_at(ws, posyandu_id, sheet, header)
    raise BadInput(
        _("Judul kolom Nama, JK dan Tgl Lahir tidak ditemukan. Pilih berkas yang diunduh dari e-PPGBM, apa adanya.")
    )


Report = Callable[[int, int, str], object]


def look_at(
    ws: Workspace, posyandu_id: str, sheet: SheetFile, header: Header, progress: Report | None = None
) -> Preview:
    """What would become of every row of a sheet whose columns were told, without writing anything."""
    as_of = journal.last(ws.db)
    book, today, remarks, total = _Book.of(ws, posyandu_id), latest_day(ws), sheet.remarks, len(sheet.rows)
    header = replace(header, epoch_days=sheet.epoch_days)
    lines: list[Line] = []
    for number, row in enumerate(sheet.rows[header.row + 1 :], header.row + 2):
        if progress is not None and number % 200 == 0:
            progress(0, total, "")
        line = eppgbm.read_line(header, row, number, today)
        if line is not None and number in sheet.doubtful:
            line = replace(line, refused=(*line.refused, sheet.doubtful[number]))
        if line is not None:
            lines.append(line)
    if len(lines) > MOST_TAKEN:
        book.searches = False
        remarks = (*remarks, _("Orang yang mirip tidak dicari: berkas sebesar ini hanya dilaporkan, tidak diambil."))
    planned: list[Planned] = []
    for line in lines:
        if progress is not None and len(planned) % 200 == 0:
            progress(line.number, total, "")
        planned.append(book.plan(ws, line))
    return Preview(posyandu_id, tuple(planned), remarks, as_of)


WHO: Mapping[Who, str] = {
    "new": N_("Orang baru"),
    "known": N_("Sudah ada"),
    "unsure": N_("Pastikan"),
    "refused": N_("Tidak diambil"),
}


def as_table(preview: Preview) -> Table:
    """The file row by row: which row, whose, and what would become of it, in plain words."""
    columns = (
        Column("row", _("Baris"), "right", 0.3, 10),
        Column("name", _("Nama"), "left", 1.2, 30),
        Column("who", _("Orang"), "left", 0.6, 20),
        Column("what", _("Keterangan"), "left", 3, 60),
    )
    rows = []
    for each in preview.rows:
        name = str(each.line.person.get("name") or "")
        person = (PersonRef(each.person_id, name, each.sentence),) if each.person_id else ()
        rows.append(
            (
                Cell(str(each.line.number), each.line.number),
                Cell(name, name, person),
                Cell(_(WHO[each.who]), _(WHO[each.who])),
                Cell(each.sentence, each.sentence),
            )
        )
    return Table(
        "impor", _("Isi berkas baris demi baris"), columns, plain_head(columns), tuple(rows), empty=_("Kosong.")
    )


def save_rows(ws: Workspace, table: Table, path: Path) -> Path:
    """Write a report row by row as a workbook, and note it. Raises as the reports do."""
    from posyandu.reports import spreadsheet

    return leaving.hand_out(ws, leaving.NAMES, path, spreadsheet.import_sheet(_("Baris"), table), table.title)


def take(
    ws: Workspace,
    preview: Preview,
    decided: Mapping[int, str] | None = None,
    name: str = "",
    progress: Report | None = None,
) -> Taken:
    """Bring in the rows of new and known children, all or nothing; `progress` hears of the rows and may stop it.

    `decided` says for unsure rows, by their number, who it is: the id of a person, or "" for someone new. Undecided
    and refused rows are left out. The book is looked at again, so that taking twice brings nothing twice; who is alike
    to somebody of this very file, twins, is not held up by them. Raises BadInput for more rows than MOST_TAKEN. `name`
    of the file stands in the list of imports.
    """
    if preview.too_many:
        raise BadInput(preview.too_many)
    book = _Book.of(ws, preview.posyandu_id)
    made: dict[tuple[object, ...], str] = {}
    children = visits = filled = 0
    with imports.noting(ws, name) as noted:
        book.searches = journal.last(ws.db) != preview.as_of
        for done, before in enumerate(preview.rows):
            if progress is not None and done % 100 == 0:
                progress(done, len(preview.rows), "")
            each = book.plan(ws, before.line)
            if each.who == "new" and before.who == "unsure" and not book.searches:
                each = before
            if each.who == "unsure" and decided is not None and before.line.number in decided:
                chosen = decided[before.line.number]
                each = replace(each, who="known" if chosen else "new", person_id=chosen)
            if each.who in ("unsure", "refused"):
                continue
            person_id = each.person_id or made.get(_key(each.line), "")
            if not person_id:
                person_id = people.register(ws, {**each.line.person, "scope": preview.posyandu_id})
                made[_key(each.line)] = person_id
                book.made.add(person_id)
                children += 1
            elif each.fills:
                records.save(
                    ws.db, PERSON, person_id, each.fills, scope=preview.posyandu_id, author=ws.author, now=ws.now(),
                    reason=_("Diisi dari e-PPGBM"),
                )  # fmt: skip
                filled += 1
            if each.line.visit and book.visit_on(person_id, each.line) is None:
                _add_visit(ws, preview.posyandu_id, person_id, each.line)
                book.note(person_id, each.line)
                visits += 1
            book.learn(ws, person_id)
        taken = Taken(children, visits, filled, "")
        noted.brought = taken.sentence
    return replace(taken, import_id=noted.id)


def _add_visit(ws: Workspace, scope: str, person_id: str, line: Line) -> None:
    answers: dict[str, Value | None] = {**line.visit, "source": "history"}
    records.save(
        ws.db, UNDER_FIVE_VISIT, records.new_id(), answers, scope=scope, author=ws.author, now=ws.now(),
        links={"person_id": person_id}, reason=_("Disalin dari e-PPGBM"),
    )  # fmt: skip


def _key(line: Line) -> tuple[object, ...]:
    """What makes two rows of a file the same child."""
    nik = line.person.get("nik")
    return (nik,) if nik else (people.folded(str(line.person.get("name"))), line.person.get("born_on"))


class _Book:
    """The children and visits of a post while a file is compared with them.

    `searches` for people alike, but for those `made` of this file.
    """

    searches = True

    def __init__(self, children: Mapping[str, Answers], visits: Mapping[str, list[Answers]]) -> None:
        self.children = dict(children)
        self.visits = {id_: list(each) for id_, each in visits.items()}
        self.made: set[str] = set()
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
        if not all(name in line.person for name in eppgbm.NEEDED):
            return Planned(line, "refused", "none", _("NIK ini belum ada di buku; daftarkan dulu orangnya"))
        hard = [each.message for each in people.problems(ws, line.person) if each.level.value == "hard"]
        if hard:
            return Planned(line, "refused", "none", "; ".join(hard))
        found = people.lookalikes(ws, line.person) if self.searches else ()
        alike = [each for each in found if each.hit.id not in self.made]
        what: What = "new" if line.visit else "none"
        if alike:
            sentence = _("Mirip {name}: {why}. Pastikan apakah orang yang sama.").format(
                name=alike[0].hit.name, why=", ".join(alike[0].reasons)
            )
            return Planned(line, "unsure", what, sentence, alike[0].hit.id)
        return Planned(line, "new", what, _with_notes(_("Orang baru."), line))

    def _known(self, line: Line) -> str:
        nik = line.person.get("nik")
        if nik and nik in self.by_nik:
            return self.by_nik[nik]
        found = self.by_name.get((people.folded(str(line.person.get("name"))), line.person.get("born_on")), "")
        other = self.children[found].get("nik") if found else None
        return "" if nik and other and nik != other else found

    def _known_child(self, line: Line, person_id: str) -> Planned:
        born_on, visited_on = self.children[person_id].get("born_on"), line.visit.get("visited_on")
        if isinstance(born_on, date) and isinstance(visited_on, date) and visited_on < born_on:
            return Planned(line, "refused", "none", _("tanggal ukur sebelum tanggal lahir"), person_id)
        fills = {name: value for name, value in line.person.items() if self.children[person_id].get(name) in (None, "")}
        sentence, ours_called = _("Sudah ada di buku."), str(self.children[person_id].get("name"))
        if people.folded(str(line.person.get("name") or ours_called)) != people.folded(ours_called):
            sentence += " " + _("Namanya di buku: {name}.").format(name=ours_called)
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
