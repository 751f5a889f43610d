"""Every column of the official cards and registers, with what fills it: docs/kolom/*.txt beside the forms.

A line is `number | words | what fills it | rule`. What fills a column is named by commas: `form.field` is asked,
`=module.name` is worked out by that function below `posyandu`, `@sheet.column` is printed or counted there. The page is
written by `dev.py docs`; a test says when something named here does not exist, or a number is missing.
"""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from posyandu.domain.fields import Field
from posyandu.domain.forms import FORMS
from posyandu.reports import recap
from posyandu.reports.data_dictionary import described
from posyandu.reports.layout import Layout, layouts
from posyandu.storage.reference import shipped_standards

FOLDER = Path(__file__).parent / "kolom"


@dataclass(frozen=True)
class Column:
    """One column: its printed number or place, the words on the paper, what fills it, the rule printed with it."""

    number: str
    words: str
    fills: tuple[str, ...]
    rule: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """Each number it stands for: "8-10" is three columns; other places stand for themselves."""
        first, _dash, last = self.number.partition("-")
        if first.isdigit() and last.isdigit():
            return tuple(str(each) for each in range(int(first), int(last) + 1))
        return (self.number,)


@dataclass(frozen=True)
class Paper:
    """One card, register, recap or instrument."""

    title: str
    source: str
    columns: tuple[Column, ...]


@cache
def papers() -> tuple[Paper, ...]:
    """Every paper, in the order of the files. Raises ValueError for a line that cannot be read."""
    return tuple(paper for path in sorted(FOLDER.glob("*.txt")) for paper in _read(path))


def rest() -> Iterator[Paper]:
    """The forms no paper above names, each as a paper of its own: what it asks, in its own order."""
    named = {fill.partition(".")[0] for paper in papers() for column in paper.columns for fill in column.fills}
    for form in FORMS.values():
        if form.name not in named and any(field.official for field in form.fields.values()):
            asked = [(number, field) for number, field in enumerate(form.fields.values(), 1) if field.official]
            rows = (Column(str(n), field.official, (f"{form.name}.{field.name}",), "") for n, field in asked)
            yield Paper(form.title, form.source or form.title, tuple(rows))


def _read(path: Path) -> Iterator[Paper]:
    for part in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, source, *lines = [line for line in part.splitlines() if line.strip()]
        yield Paper(title, source.removeprefix("> "), tuple(_column(path, line) for line in lines))


def _column(path: Path, line: str) -> Column:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) not in (3, 4) or not all(cells[:3]):
        raise ValueError(f"{path.name}: {line}")
    fills = tuple(each.strip() for each in cells[2].split(",") if each.strip())
    return Column(cells[0], cells[1], fills, cells[3] if len(cells) == 4 else "")


def unknown(fill: str) -> bool:
    """Whether nothing of this name fills anything."""
    if fill.startswith("="):
        module, _dot, name = fill[1:].rpartition(".")
        return not hasattr(importlib.import_module(f"posyandu.{module}"), name)
    if fill.startswith("@"):
        sheet, _dot, name = fill[1:].partition(".")
        return name not in _sheets().get(sheet, ())
    form, _dot, name = fill.partition(".")
    return form not in FORMS or name not in FORMS[form].fields


@cache
def _sheets() -> Mapping[str, frozenset[str]]:
    """The names of the columns of every printed sheet and counted recap."""
    rules = shipped_standards().on(date.max)
    groups = {
        "rekap_balita": recap.child_groups(rules.age_bands["ilp"]),
        "rekap_ibu": recap.pregnancy_groups(),
        "rekap_sekolah": recap.school_groups(),
        "rekap_dewasa": recap.adult_groups(),
    }
    counted = {
        code: frozenset(each.name for group in found for each in group.counters)  # type: ignore[attr-defined]
        for code, found in groups.items()
    }
    printed = {layout.code: frozenset(_names(layout)) for layout in layouts().values()}
    return {**printed, **counted}


def _names(layout: Layout) -> Iterator[str]:
    for part in layout.parts:
        for column in part.columns:
            yield from (column.name, column.source)


def page() -> str:
    """The whole page as Markdown."""
    lines = [
        "# Kolom kartu dan register resmi",
        "",
        "Setiap kolom kartu, register, rekapitulasi dan instrumen resmi, dengan isian yang mengisinya, satuan atau",
        "pilihannya, aturannya, dan sumbernya. Halaman ini dibuat dari formulir oleh `dev.py docs`; daftar kolomnya",
        "ada di `docs/kolom/`. Tanda = berarti dihitung, tanda @ berarti tercetak atau dijumlah di lembar itu.",
        "",
        *(f"- [{paper.title}](#{_anchor(paper.title)})" for paper in (*papers(), *rest())),
    ]
    for paper in (*papers(), *rest()):
        lines += ["", f"## {paper.title}", "", f"Sumber: {paper.source}.", ""]
        lines += ["| Kolom resmi | Isian | Satuan atau pilihan | Aturan |", "|---|---|---|---|"]
        lines += [_row(column) for column in paper.columns]
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _row(column: Column) -> str:
    filled = [_field(fill) for fill in column.fills]
    named = "<br>".join(f"`{fill}`" for fill in column.fills)
    content = "<br>".join(_content(field) if field is not None else "" for field in filled)
    asked = sorted({field.shown_if.__name__ for field in filled if field is not None and field.shown_if is not None})
    rules = [column.rule] if column.rule else []
    rules += [f"ditanya bila `{name}`" for name in asked]
    cells = (f"{column.number}. {column.words}", named, content, "; ".join(rules))
    return "| " + " | ".join(cells) + " |"


def _field(fill: str) -> Field | None:
    form, _dot, name = fill.partition(".")
    return FORMS[form].fields.get(name) if form in FORMS else None


def _content(field: Field) -> str:
    kind, content = described(field)
    return (f"{kind}: {content}" if content else kind).replace("|", "\\|")
