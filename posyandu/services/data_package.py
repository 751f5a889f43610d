"""Everything a village's posts have written, in an open form anybody can read: a Data Package, and back into a book.

A package is one zip: `datapackage.json` (Frictionless Data Package 2) says what each column means, with units, codes
and limits, and one CSV for each form holds its records. The same records give the same bytes. Confidential forms and
sealed parts never leave this way. Reading one looks first, takes what the book does not have, and can be taken back.
"""

import csv
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatch
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Choice, Date, Field, Number, Text, Value, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.reports.data_dictionary import LINKS
from posyandu.reports.data_dictionary import STORED as UNITS
from posyandu.reports.table import Cell, Column, Table, plain_head
from posyandu.services import consents, imports, leaving, posts
from posyandu.services.sheet_files import are_bombs
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import N_, _

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
DESCRIPTOR = "datapackage.json"
MOST_BYTES = 120 * 1024 * 1024
"""What a package may unpack to: the sample village of eight posts and 18 months has a tenth of it."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every part of the zip: the content decides the bytes, not the clock."""

What = Literal["new", "same", "differs", "refused"]
Report = Callable[[int, int, str], object]

NOT_TAKEN = ("sealed", "sealing", "erasure", "handover", "arrival")
"""Forms that never go out or come in as a table: secrets, and what does something by being there."""


def forms() -> dict[str, Form]:
    """The forms that leave: all but the confidential ones, the sealed parts, and what does something by being there."""
    return {name: form for name, form in FORMS.items() if not form.restricted and not name.startswith(NOT_TAKEN)}


# ---- out


@dataclass(frozen=True)
class Saved:
    """The package written, how many records it holds, its SHA-256, and who agreed to no sharing and is not in it."""

    path: Path
    records: int
    digest: str
    kept_in: str = ""

    @property
    def sentence(self) -> str:
        """What happened, in one or two sentences."""
        words = _("{n} catatan. Sidik {digest}").format(n=self.records, digest=self.digest[:12])
        return f"{words}. {self.kept_in}" if self.kept_in else words


def save(ws: Workspace, post_ids: Iterable[str], path: Path, progress: Report | None = None) -> Saved:
    """Write every record of these posts as a package, but for those of people who agreed to no sharing.

    Raises DiskFull, BadInput when the file cannot be replaced.
    """
    wanted = set(post_ids)
    kept = consents.kept_in(ws, *wanted)
    tables: dict[str, list[Row]] = {}
    for number, (name, form) in enumerate(forms().items()):
        if progress is not None:
            progress(number, len(forms()), _(form.title))
        rows = [row for row in records.load_many(ws.db, form) if row.scope in wanted]
        if rows:
            tables[name] = sorted(rows, key=lambda row: row.id)
    if kept:
        tables = _without(kept, tables)
    places = [post for post in posts.posts(ws) if post.id in wanted]
    content = packed(tables, places)
    for post in places:
        leaving.note(ws, leaving.DATA, _("Paket data terbuka"), scope=post.id)
    leaving.write(path, content)
    told = consents.left_out_words(kept.values())
    return Saved(path, sum(map(len, tables.values())), hashlib.sha256(content).hexdigest(), told)


def _without(kept: Mapping[str, Answers], tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """These records without those of people kept in, whatever belongs to one of them, and their names elsewhere."""
    gone = set(kept)
    while more := {row.id for name, rows in tables.items() for row in rows if _is_of(FORMS[name], row, gone)} - gone:
        gone |= more
    houses = {row.id: row.answers.get("household_id") for row in tables.get("person", ())}
    houses |= {row.id: row.id for row in tables.get("household", ())}
    left = {}
    for name, rows in tables.items():
        found = [row for row in rows if row.id not in gone]
        if found:
            left[name] = [
                replace(row, answers=consents.without(kept, row.answers, _house(houses, row))) for row in found
            ]
    return left


_TOLD_OF = ("mother_id", "father_id", "guardian_id")
"""Links that say something of somebody else: the record stays, the link does not (consents.without)."""


def _is_of(form: Form, row: Row, gone: Collection[str]) -> bool:
    return any(row.answers.get(link) in gone for link in form.links if link not in _TOLD_OF)


def _house(houses: Mapping[str, object], row: Row) -> object:
    return houses.get(row.id) or houses.get(str(row.answers.get("person_id")))


def packed(tables: Mapping[str, Sequence[Row]], places: Sequence[posts.Post]) -> bytes:
    """A package of these records, by form; the same records give the same bytes."""
    files = {f"{name}.csv": _csv(FORMS[name], rows) for name, rows in tables.items()}
    document = {
        "$schema": PROFILE,
        "name": "posyandu",
        "title": _("Catatan Posyandu: {names}").format(names=", ".join(post.name for post in places)),
        "description": _(
            "Data pribadi: simpan dan kirim seperti buku register. Kosong berarti tidak diketahui, bukan tidak. Angka "
            "bulat dalam satuan simpan (lihat `unit`). Bagian rahasia tidak ikut."
        ),
        "version": "1",
        "spatial": [{"post": post.id, "village": post.village_code, "place": post.place_line} for post in places],
        "resources": [_resource(FORMS[name], files[f"{name}.csv"], len(tables[name]), tables) for name in tables],
    }
    files = {DESCRIPTOR: json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n", **files}
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _columns(form: Form) -> tuple[str, ...]:
    return ("id", "scope", *form.links, *form.fields, "confirmed")


def _csv(form: Form, rows: Iterable[Row]) -> bytes:
    target = StringIO(newline="")
    writer = csv.writer(target)  # ends lines as RFC 4180 says; with "\n" alone a text with "\r" in it is not quoted
    names = _columns(form)
    writer.writerow(names)
    for row in rows:
        own: dict[str, Value | None] = {"id": row.id, "scope": row.scope, "confirmed": " ".join(sorted(row.confirmed))}
        writer.writerow(_text(own[name] if name in own else row.answers.get(name)) for name in names)
    return target.getvalue().encode()


def _text(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case str():
            return f"'{value}" if _RUNS.match(value) else value
    return str(value)


_RUNS = re.compile(r"'*[=+\-@\t\r](?!\d*$)")
"""What a spreadsheet would run as a formula (no telephone number): it gets an apostrophe, taken off on reading."""


def _resource(form: Form, content: bytes, rows: int, present: Iterable[str]) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {
            "name": "id",
            "type": "string",
            "title": _("Nomor catatan"),
            "constraints": {"required": True, "unique": True},
        },
        {"name": "scope", "type": "string", "title": "Posyandu", "constraints": {"required": True}},
        *({"name": link, "type": "string", "title": link} for link in form.links),
        *({"name": name, "title": _(field.label), **described(field)} for name, field in form.fields.items()),
        {"name": "confirmed", "type": "string", "title": _("Isian yang sudah dipastikan, dipisah spasi")},
    ]
    there = set(present)
    keys = [
        {"fields": [link], "reference": {"resource": LINKS[link], "fields": ["id"]}}
        for link in form.links
        if LINKS.get(link) in there
    ]
    schema: dict[str, Any] = {"$schema": TABLE_PROFILE, "fields": fields, "primaryKey": ["id"], "missingValues": [""]}
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": form.name,
        "title": _(form.title),
        "path": f"{form.name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": rows,
        "schema": schema,
    }


@singledispatch
def described(field: Field) -> dict[str, Any]:
    """The type, unit, codes and limits of a column, as a table schema says them."""
    raise TypeError(type(field).__name__)


@described.register
def _number(field: Number) -> dict[str, Any]:
    unit = UNITS.get((field.unit, field.per_unit), field.unit)
    told: dict[str, Any] = {"type": "integer", "constraints": {"minimum": field.low, "maximum": field.high}}
    return {**told, "unit": unit} if unit else told


@described.register
def _choice(field: Choice) -> dict[str, Any]:
    codes = [{"value": each.code, "label": _(each.label)} for each in field.options]
    return {"type": "string", "categories": codes, "constraints": {"enum": [each.code for each in field.options]}}


@described.register
def _yes_no(_field: YesNo) -> dict[str, Any]:
    return {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}


@described.register
def _date(_field: Date) -> dict[str, Any]:
    return {"type": "date"}


@described.register
def _words(_field: Text) -> dict[str, Any]:
    return {"type": "string"}


# ---- in


@dataclass(frozen=True)
class Planned:
    """One record of a package and what would become of it. `line` counts rows of its CSV as people do."""

    form: str
    line: int
    id: str
    what: What
    sentence: str
    scope: str = ""
    answers: Mapping[str, Value | None] | None = None
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Preview:
    """A package looked at: every record with what would become of it; `remarks` concern the whole."""

    rows: tuple[Planned, ...]
    remarks: tuple[str, ...] = ()

    def count(self, what: What) -> int:
        """How many records are new, the same, different or refused."""
        return sum(each.what == what for each in self.rows)

    @property
    def sentence(self) -> str:
        """The whole package in one sentence."""
        return _(
            "{new} catatan baru, {same} sudah ada, {differs} berbeda dari buku, {refused} tidak dapat diambil."
        ).format(**{what: self.count(what) for what in ("new", "same", "differs", "refused")})


@dataclass(frozen=True)
class Taken:
    """How many records were brought in, and the import by which they can be taken back ("" when none were)."""

    records: int
    import_id: str

    @property
    def sentence(self) -> str:
        """What was brought in, in one sentence."""
        return _("{n} catatan diambil.").format(n=self.records)


def look(ws: Workspace, path: Path, progress: Report | None = None) -> Preview:
    """What would become of every record of a package, without writing anything.

    Raises BadInput, in a sentence, for what is no package, was changed on its way, or is too large.
    """
    document, contents = _opened(path)
    known = forms()
    planned: list[Planned] = []
    remarks: list[str] = []
    listed = document["resources"]
    for number, resource in enumerate(listed):
        name = str(resource.get("name"))
        if progress is not None:
            progress(number, len(listed), str(resource.get("title") or name))
        if name not in known:
            remarks.append(_("Tabel {name} tidak dikenal dan dilewati.").format(name=name))
            continue
        planned.extend(_planned(ws, known[name], contents[name]))
    return Preview(tuple(planned), tuple(remarks))


WHAT: Mapping[What, str] = {
    "new": N_("Baru"),
    "same": N_("Sudah ada"),
    "differs": N_("Berbeda"),
    "refused": N_("Tidak diambil"),
}


def as_table(preview: Preview) -> Table:
    """How many records of each table would come in, and every one that would not, in plain words."""
    columns = (
        Column("table", _("Tabel"), "left", 1, 30),
        Column("row", _("Baris"), "right", 0.4, 10),
        Column("what", _("Catatan"), "left", 0.6, 18),
        Column("why", _("Keterangan"), "left", 3, 60),
    )
    rows = []
    for name in dict.fromkeys(each.form for each in preview.rows):
        own = [each for each in preview.rows if each.form == name]
        counted = {what: sum(each.what == what for each in own) for what in WHAT}
        told = ", ".join(f"{number} {_(WHAT[what]).lower()}" for what, number in counted.items() if number)
        rows.append((_(FORMS[name].title), "", "", told))
        rows += [
            (_(FORMS[name].title), str(each.line), _(WHAT[each.what]), each.sentence)
            for each in own
            if each.what in ("differs", "refused")
        ]
    cells = tuple(tuple(Cell(text, text) for text in row) for row in rows)
    return Table("paket", _("Isi paket"), columns, plain_head(columns), cells, empty=_("Kosong."))


def take(ws: Workspace, preview: Preview, name: str = "", progress: Report | None = None) -> Taken:
    """Bring in the new records, all or nothing; what the book already has stays as it is there.

    `progress` hears of the records and may stop it.
    """
    count = 0
    with imports.noting(ws, name) as noted:
        for done, each in enumerate(preview.rows):
            if progress is not None and done % 100 == 0:
                progress(done, len(preview.rows), "")
            form = FORMS[each.form]
            if each.what != "new" or each.answers is None or records.load(ws.db, form, each.id) is not None:
                continue
            saved = records.save(
                ws.db, form, each.id, {name: each.answers.get(name) for name in form.fields},
                scope=each.scope, author=ws.author, now=ws.now(), confirmed=each.confirmed or None,
                links={link: str(each.answers[link]) for link in form.links if each.answers.get(link)},
                reason=_("Dari paket data"),
            )  # fmt: skip
            count += saved.changed
        taken = Taken(count, "")
        noted.brought = taken.sentence
    return replace(taken, import_id=noted.id)


def _opened(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The descriptor and the content of each table that is ours, each checked against its hash."""
    broken = BadInput(_("Berkas {name} bukan paket data yang utuh.").format(name=path.name))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if are_bombs(entries, MOST_BYTES):
                raise BadInput(_("Berkas {name} terlalu besar.").format(name=path.name))
            document = json.loads(archive.read(DESCRIPTOR))
            contents = {}
            for resource in document["resources"]:
                content = archive.read(str(resource["path"]))
                if resource["hash"] != f"sha256:{hashlib.sha256(content).hexdigest()}":
                    raise BadInput(
                        _("Tabel {name} berubah sejak paket dibuat. Minta paketnya sekali lagi.").format(
                            name=resource["name"]
                        )
                    )
                contents[str(resource["name"])] = content
    except (
        OSError,
        zipfile.BadZipFile,
        EOFError,
        KeyError,
        TypeError,
        ValueError,
        NotImplementedError,  # a packing that zipfile does not know
        RuntimeError,  # a member under a password
    ) as error:
        raise broken from error
    return document, contents


def _planned(ws: Workspace, form: Form, content: bytes) -> Iterable[Planned]:
    try:
        rows = list(csv.DictReader(StringIO(content.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(_("Tabel {name} tidak terbaca.").format(name=form.name)) from error
    ours = {row.id: row for row in records.load_many(ws.db, form, withdrawn=True)}
    for line, told in enumerate(rows, 2):
        yield _plan(form, line, told, ours)


_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:-]{0,63}")


def _plan(form: Form, line: int, told: Mapping[str | None, Any], ours: Mapping[str, Row]) -> Planned:
    record_id, scope = str(told.get("id") or ""), str(told.get("scope") or "")
    if not _ID.fullmatch(record_id) or not _ID.fullmatch(scope) or None in told:
        return Planned(form.name, line, record_id, "refused", _("Baris ini tidak utuh."))
    answers: dict[str, Value | None] = {link: str(told.get(link) or "") or None for link in form.links}
    for name, field in form.fields.items():
        text = str(told.get(name) or "")
        try:
            answers[name] = read(field, text) if text else None
        except ValueError:
            sentence = _("{label}: {text} tidak terbaca.").format(label=_(field.label), text=text[:40])
            return Planned(form.name, line, record_id, "refused", sentence)
    confirmed = frozenset(str(told.get("confirmed") or "").split()) & form.fields.keys()
    known = ours.get(record_id)
    what: What = "new"
    if known is not None and known.withdrawn:
        return Planned(form.name, line, record_id, "differs", _("Ditarik di buku; tidak diambil."))
    if known is not None:
        same = all(known.answers.get(name) == value for name, value in answers.items())
        what = "same" if same else "differs"
    return Planned(form.name, line, record_id, what, _(SENTENCES[what]), scope, answers, confirmed)


SENTENCES = {
    "new": N_("Baru."),
    "same": N_("Sudah ada."),
    "differs": N_("Berbeda dari buku; yang di buku dipakai."),
}


@singledispatch
def read(field: Field, text: str) -> Value:
    """The answer a cell of a package holds. Raises ValueError."""
    raise TypeError(type(field).__name__)


@read.register
def _read_number(field: Number, text: str) -> Value:
    value = int(text)
    if not field.low <= value <= field.high:
        raise ValueError("impossible")
    return value


@read.register
def _read_choice(field: Choice, text: str) -> Value:
    if text not in [each.code for each in field.options]:
        raise ValueError("unknown code")
    return text


@read.register
def _read_yes_no(_field: YesNo, text: str) -> Value:
    if text not in ("true", "false"):
        raise ValueError("neither yes nor no")
    return text == "true"


@read.register
def _read_date(_field: Date, text: str) -> Value:
    return date.fromisoformat(text)


@read.register
def _read_text(_field: Text, text: str) -> Value:
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
