"""Write the generated parts of docs/: data dictionary, fields in the glossary, the user's guide, frozen names.

Run by `python3 dev.py docs`; a test says when it was forgotten.
"""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docs import columns  # noqa: E402
from posyandu.domain.bounds import filled  # noqa: E402
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo  # noqa: E402
from posyandu.domain.forms import FORMS  # noqa: E402
from posyandu.reports.data_dictionary import data_dictionary  # noqa: E402
from posyandu.reports.rule_table import rule_page  # noqa: E402
from posyandu.reports.schedule_table import schedule_page  # noqa: E402
from posyandu.storage.reference import shipped_standards  # noqa: E402

NAMES = ROOT / "tests" / "data" / "field_names.txt"
FIELDS_BEGIN = "<!-- fields: written by dev.py docs -->"


def documents() -> Mapping[Path, str]:
    """Every generated file with the text it should have."""
    glossary = ROOT / "docs" / "glossary.md"
    by_hand = glossary.read_text(encoding="utf-8").partition(FIELDS_BEGIN)[0]
    return {
        glossary: by_hand + FIELDS_BEGIN + "\n\n" + glossary_of_fields(),
        ROOT / "docs" / "data-dictionary.md": data_dictionary(),
        ROOT / "docs" / "kolom-resmi.md": columns.page(),
        ROOT / "docs" / "imunisasi.md": schedule_page(shipped_standards().on(date.max).immunisation),
        ROOT / "docs" / "aturan.md": rule_page(shipped_standards()),
        **guide(),
        NAMES: "".join(f"{name}\n" for name in sorted(frozen_names() | current_names())),
    }


def glossary_of_fields() -> str:
    """One table per form: the identifier, the words people read, and the official form it fills."""
    parts = []
    for form in FORMS.values():
        source = f"\n{form.source}.\n" if form.source else ""
        head = f"### `{form.name}`: {form.title}\n{source}\n| identifier | Indonesian | answer | official form |\n"
        rows = (
            f"| `{field.name}` | {field.label} | {answer(field)} | {field.official} |" for field in form.fields.values()
        )
        parts.append(head + "|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def answer(field: Field) -> str:
    """What is kept for this question, in a few words."""
    match field:
        case Number():
            shown = (
                f" (shown in {field.unit}, {field.per_unit} to one)"
                if field.per_unit > 1
                else f" {field.unit}".rstrip()
            )
            return f"integer{shown}"
        case Choice():
            return ", ".join(f"`{option.code}` {option.label}" for option in field.options)
        case YesNo():
            return f"{field.yes} / {field.no}"
        case Date():
            return "date"
        case Text():
            return f"text of {field.digits} digits" if field.digits else "text"
    raise TypeError(type(field).__name__)


def guide() -> Mapping[Path, str]:
    """The user's guide: the pages the app shows, their numbers filled in, with pictures of the screens they tell of."""
    folder, rules = ROOT / "docs" / "panduan", shipped_standards().on(date.max)
    pages, contents = {}, []
    for source in sorted((ROOT / "resources" / "help").glob("*.md")):
        text = filled(source.read_text(encoding="utf-8"), rules)
        contents.append(f"1. [{text.splitlines()[0].removeprefix('# ')}]({source.name})\n")
        shown = (f"\n![{words}](../pictures/{name}.png)\n" for name, words in PICTURES.get(source.stem, {}).items())
        pages[folder / source.name] = text + "".join(shown)
    index = (
        "# Panduan pemakai\n\nTeks panduan ini sama dengan halaman **Bantuan** di dalam aplikasi. "
        "Angkanya menurut ketentuan umum;\ndi aplikasi menurut yang berlaku di Posyandu Anda.\n\n"
    )
    return {folder / "README.md": index + "".join(contents), **pages}


PICTURES = {
    "01-mulai": {"beranda": "Beranda"},
    "02-hari": {"hari": "Hari Posyandu"},
    "03-buku-register": {"grid": "Isi seperti buku register"},
    "04-kunjungan": {"kunjungan": "Kunjungan dengan KMS"},
    "05-sasaran": {"daftar": "Sasaran baru", "kartu": "Kartu sasaran"},
    "08-laporan": {"laporan": "Laporan bulanan"},
    "09-sinkronisasi": {"sinkronisasi": "Sinkronisasi"},
    "15-tindak-lanjut": {"tindak-lanjut": "Tindak lanjut"},
}
"""The pictures below a chapter, with their words."""


def current_names() -> set[str]:
    """Every name and code of today's forms: form.field with its kind, form.field=code, form.link."""
    names = set()
    for form in FORMS.values():
        for field in form.fields.values():
            names.add(f"{form.name}.{field.name} {type(field).__name__}")
            if isinstance(field, Choice):
                names |= {f"{form.name}.{field.name}={option.code}" for option in field.options}
        names |= {f"{form.name}.{link} link" for link in form.links}
    return names


def frozen_names() -> set[str]:
    """The names that were ever in use; they only grow."""
    return set(NAMES.read_text(encoding="utf-8").splitlines()) if NAMES.exists() else set()


if __name__ == "__main__":
    for path, text in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
