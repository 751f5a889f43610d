"""Every field of every form as one Markdown page: docs/data-dictionary.md, written anew by `python3 dev.py docs`."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import singledispatch

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo, number_text
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.text import _

LINKS = {
    "person_id": "person",
    "session_id": "session",
    "pregnancy_id": "pregnancy",
    "household_id": "household",
    "mother_id": "person",
    "guardian_id": "person",
    "feeding_id": "feeding",
    "father_id": "person",
    "worker_id": "worker",
    "visit_id": "under_five_visit",
    "ticket_id": "social_ticket",
    "about_id": "sealed",
}

STORED = {
    ("kg", 1000): "gram",
    ("cm", 10): "mm",
    ("g/dL", 10): "0,1 g/dL",
    ("mg/dL", 10): "0,1 mg/dL",
    ("%", 10): "0,1 %",
    ("°C", 10): "0,1 °C",
}
"""What the stored whole numbers count."""


def data_dictionary(forms: Mapping[str, Form] = FORMS) -> str:
    """The whole page."""
    lines = [
        "# Kamus data",
        "",
        "Semua isian aplikasi: nama kolom, pertanyaan, satuan, batas dan pilihan, dan kolom formulir kertas yang",
        "diisinya. Halaman ini dibuat dari formulir di `posyandu/domain/forms`; jangan diubah dengan tangan.",
        "",
        "Angka disimpan sebagai bilangan bulat dalam satuan simpan. Kosong berarti tidak diketahui, tidak pernah",
        "berarti tidak. Batas yang bergantung pada umur ada di `resources/rules/limits.json`. Yang dalam kurung",
        "kurawal, `{kek_cm}`, diisi dari aturan yang berlaku (`posyandu/domain/bounds.py`).",
        "",
    ]
    lines += [f"- [{_(form.title)}](#{_anchor(form)}) (`{form.name}`, versi {form.version})" for form in forms.values()]
    for form in forms.values():
        lines += ["", *_form_lines(form)]
    return "\n".join(lines) + "\n"


def _anchor(form: Form) -> str:
    """The heading of a form as a link names it: small letters, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w -]", "", f"{_(form.title)} {form.name}").lower().replace(" ", "-")


def _form_lines(form: Form) -> Iterable[str]:
    yield f"## {_(form.title)} (`{form.name}`)"
    yield ""
    if form.source:
        held = f" Berlaku sejak {short_date(date.fromisoformat(form.since))}." if form.since else ""
        yield f"Sumber: {_(form.source)}.{held}"
        yield ""
    if form.links:
        yield "Menunjuk ke: " + ", ".join(f"`{name}` ({_pointed_to(name)})" for name in form.links) + "."
        yield ""
    for section in form.sections:
        yield f"### {_(section.title)}"
        yield ""
        yield "| Kolom | Pertanyaan | Jenis | Isi | Kolom resmi | Keterangan |"
        yield "|---|---|---|---|---|---|"
        for field in section.fields:
            yield _row(field)
        yield ""


def _pointed_to(link: str) -> str:
    """The form a link points to; `visit_id` may point to a visit of any form."""
    return f"`{LINKS[link]}`" + (" atau kunjungan lain" if link == "visit_id" else "")


def _row(field: Field) -> str:
    kind, content = described(field)
    notes = [_(field.hint)] if field.hint else []
    if field.required:
        notes.append("wajib")
    if field.shown_if is not None:
        notes.append(f"ditanya bila `{field.shown_if.__name__}`")
    cells = (f"`{field.name}`", _(field.label), kind, content, field.official, "; ".join(notes))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


@singledispatch
def described(field: Field) -> tuple[str, str]:
    """The kind of a field in a word, and what may be in it."""
    raise TypeError(type(field).__name__)


@described.register
def _described_number(field: Number) -> tuple[str, str]:
    low, high = number_text(field, field.low), number_text(field, field.high)
    unit = f" {_(field.unit)}" if field.unit else ""
    stored = f"; disimpan dalam {STORED[field.unit, field.per_unit]}" if field.per_unit > 1 else ""
    return "angka", f"{low} sampai {high}{unit}{stored}"


@described.register
def _described_choice(field: Choice) -> tuple[str, str]:
    return "pilihan", "; ".join(f"`{option.code}` {_(option.label)}" for option in field.options)


@described.register
def _described_yes_no(field: YesNo) -> tuple[str, str]:
    return "ya/tidak", f"{_(field.yes)} / {_(field.no)}"


@described.register
def _described_date(field: Date) -> tuple[str, str]:
    return "tanggal", "tidak sesudah hari ini" if field.past_only else "boleh sesudah hari ini"


@described.register
def _described_text(field: Text) -> tuple[str, str]:
    return "teks", f"biasanya {field.digits} angka" if field.digits else ""
