"""Everything this book holds of one person, for that person: a page anybody can read, and the same for machines.

UU PDP 27/2022 gives everyone a copy of what is kept of them. Saved by the kader on request, and written down as such.
What others wrote in confidence stays closed, and the file says so.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from posyandu.domain.calendar import date_text, short_date
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.services import access, leaving, posts
from posyandu.services.corrections import worker_names
from posyandu.services.lists import is_hidden
from posyandu.services.month_lock import value_text
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.columns import to_wire
from posyandu.storage.records import Row
from posyandu.text import _

CLOSED = ("sealed", "sealing_key", "merge", "handover", "arrival")
"""Envelopes, keys, decisions about double records, packed histories: nothing that tells anything in readable words."""


@dataclass(frozen=True)
class Saved:
    """The two files, and how many records they hold."""

    page: Path
    data: Path
    records: int


@dataclass(frozen=True)
class Held:
    """One record of a person: its form, what stands now, and whether its answers stay closed to the one at work."""

    form: Form
    row: Row
    closed: bool


def held(ws: Workspace, person_id: str) -> list[Held]:
    """Every record of one person, withdrawn ones too: form by form, oldest first. Raises NotFound."""
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku."))
    found = [Held(PERSON, person, closed=False)]
    house_id = person.answers.get("household_id")
    if house_id and (house := records.load(ws.db, HOUSEHOLD, str(house_id))) is not None:
        found.append(Held(HOUSEHOLD, house, closed=False))
    for form in FORMS.values():
        if form is PERSON or form.name in CLOSED:
            continue
        rows: dict[str, Row] = {}
        for link in form.links:
            rows |= {row.id: row for row in records.load_many(ws.db, form, withdrawn=True, **{link: person_id})}
        for row in sorted(rows.values(), key=lambda row: (row.saved_at, row.id)):
            found.append(Held(form, row, closed=form.restricted or is_hidden(row.answers, ws.worker.role)))
    return found


def save(ws: Workspace, person_id: str, folder: Path, name: str) -> Saved:
    """Write "<name>.html" and "<name>.json" into a folder, and note that it was done.

    Raises NotFound, DiskFull, BadInput when a file cannot be replaced.
    """
    found = held(ws, person_id)
    names, places = worker_names(ws), {post.id: post.name for post in posts.posts(ws)}
    data = _as_data(ws, found, names, places)
    page = _as_page(ws, found, names, places)
    access.note_on_person(ws, "exported_person", person_id)
    return Saved(
        leaving.write(folder / f"{name}.html", page.encode()),
        leaving.write(folder / f"{name}.json", json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"),
        len(found),
    )


def _as_data(
    ws: Workspace, found: Iterable[Held], names: Mapping[str, str], places: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "format": "posyandu-person-1",
        "made_at": ws.now().isoformat(timespec="seconds"),
        "made_by": ws.worker.name,
        "records": [
            {
                "form": each.form.name,
                "version": each.form.version,
                "id": each.row.id,
                "post": places.get(each.row.scope, each.row.scope),
                "saved_at": each.row.saved_at.isoformat(timespec="seconds"),
                "saved_by": names.get(each.row.saved_by, ""),
                "withdrawn": each.row.withdrawn,
                "closed": each.closed,
                "answers": {} if each.closed else {
                    field: to_wire(value) for field, value in each.row.answers.items() if value is not None
                },
            }
            for each in found
        ],
    }  # fmt: skip


def _as_page(ws: Workspace, found: Iterable[Held], names: Mapping[str, str], places: Mapping[str, str]) -> str:
    found = list(found)
    name = str(found[0].row.answers.get("name") or _("tanpa nama"))
    title = _("Data {name}").format(name=name)
    about = _(
        "Semua yang dicatat Posyandu tentang orang ini, disimpan atas permintaannya pada {day} oleh {kader}. "
        "Catatan rahasia, bila ada, hanya dapat diminta kepada bidan. Berkas ini tidak terkunci: simpan baik-baik. "
        "Bila ada yang salah, minta kader membetulkannya."
    ).format(day=date_text(ws.today()), kader=ws.worker.name)
    parts = [f"<h1>{escape(title)}</h1><p>{escape(about)}</p>"]
    for each in found:
        who = names.get(each.row.saved_by) or _("kader lain")
        saved = _("{place}, dicatat {day} oleh {kader}").format(
            place=places.get(each.row.scope, ""), day=short_date(each.row.saved_at.date()), kader=who
        )
        head = _(each.form.title) + (_(" (dibatalkan)") if each.row.withdrawn else "")
        parts.append(f"<h2>{escape(head)}</h2><p class='by'>{escape(saved)}</p>")
        if each.closed:
            parts.append(f"<p>{escape(_('Jawaban rahasia: minta kepada bidan.'))}</p>")
            continue
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(words)}</td></tr>" for label, words in _told(each.form, each.row)
        )
        parts.append(f"<table>{rows}</table>")
    return _PAGE.format(title=escape(title), body="\n".join(parts))


def _told(form: Form, row: Row) -> Iterable[tuple[str, str]]:
    """The answers that are known, with the words of the form. Links and keys tell a person nothing."""
    for name, field in form.fields.items():
        value: Value | None = row.answers.get(name)
        if value is not None and not (form.name == "sealed_access" and name in ("wrap", "opened_at")):
            yield _(field.label), value_text(field, value)


_PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 15px/1.45 sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #1c2420; }}
h1 {{ font-size: 1.5em; }} h2 {{ font-size: 1.1em; margin: 1.6em 0 0; }} .by {{ margin: 0 0 .4em; color: #5a655f; }}
table {{ border-collapse: collapse; width: 100%; }} tr {{ break-inside: avoid; }}
th, td {{ text-align: left; vertical-align: top; padding: .25em .6em .25em 0; border-bottom: 1px solid #dde3df; }}
th {{ font-weight: normal; width: 55%; }}
</style></head><body>
{body}
</body></html>
"""
