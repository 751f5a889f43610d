"""Drafts of letters the village sets its hand to: the decrees of a posyandu and its kader, and the matrix of posts.

Their words are data, dated and with their source (resources/letters), and always Indonesian: it is the village's own
letter. What the book does not know is left as dots.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from posyandu import paths
from posyandu.reports.paper import BOLD, GREY, MM, REGULAR, Document, text_width, wrap
from posyandu.reports.pdf_table import LEADING, Flow, add_table, paragraph, start
from posyandu.reports.table import Cell, Column, Table, plain_head

SIZE = 10.5
DOTS = "." * 20
LABEL_MM, NUMBER_MM = 30, 8
ORDINALS = ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM")


@dataclass(frozen=True)
class Letter:
    """One letter: from which day it is used, whose rule it follows, and its words with names in braces."""

    code: str
    since: date
    source: str
    about: str
    considering: tuple[str, ...]
    basis: tuple[str, ...]
    decides: tuple[str, ...]
    copies: tuple[str, ...]
    annex: str


@dataclass(frozen=True)
class Annex:
    """The table behind a letter: heads, their widths, and the rows."""

    heads: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]


@cache
def letters() -> tuple[Letter, ...]:
    """Every letter there is, in the order of the file."""
    told = json.loads((paths.resources() / "letters" / "sk.json").read_text("utf-8"))
    return tuple(_letter(each) for each in told)


def _letter(told: dict[str, Any]) -> Letter:
    words = {name: tuple(told[name]) for name in ("considering", "basis", "decides", "copies")}
    return Letter(
        code=told["code"], since=date.fromisoformat(told["since"]), source=told["source"], about=told["about"],
        annex=told["annex"], **words,
    )  # fmt: skip


def letter(code: str, on: date) -> Letter:
    """The letter of this code that is used on a day: the last begun by then, else the first there is."""
    own = [each for each in letters() if each.code == code]
    return max((each for each in own if each.since <= on), key=lambda each: each.since, default=own[0])


def decree_pdf(chosen: Letter, told: Mapping[str, str], annex: Annex | None = None) -> bytes:
    """The draft as PDF: the letter, then its annex on a page of its own. Village offices use F4.

    `told` fills the names in braces: "head" and "head_name" (who signs), "village_caps", "regency" and so on.
    """
    about = chosen.about.format_map(told)
    foot = f"Konsep \N{MIDDLE DOT} {told['name'] if chosen.decides else told['village_line']}"
    document = Document(title=about, paper="F4", foot=foot, code=chosen.source.partition(":")[0])
    if chosen.decides:
        flow = start(document, bookmark=about)
        _top(flow, told, about)
        _listed(flow, "Menimbang", [each.format_map(told) for each in chosen.considering], "abcdef")
        _listed(flow, "Mengingat", [each.format_map(told) for each in chosen.basis], "123456")
        _centred(flow, "MEMUTUSKAN:", space=4 * MM)
        _listed(flow, "Menetapkan", [f"KEPUTUSAN {told['head_caps']} TENTANG {about}."], "")
        for ordinal, words in zip(ORDINALS, chosen.decides, strict=False):
            _listed(flow, ordinal, [words.format_map(told)], "")
        _signed(flow, told, chosen)
    if annex is not None:
        flow = start(document, landscape=not chosen.decides, bookmark=chosen.annex.format_map(told))
        _annex(flow, chosen, told, annex)
    return document.to_bytes()


def _top(flow: Flow, told: Mapping[str, str], about: str) -> None:
    for words, size in (
        (f"PEMERINTAH {told['regency_caps']}", 12),
        (f"KECAMATAN {told['district_caps']}", 12),
        (told["village_caps"], 13),
    ):
        _centred(flow, words, size=size, font=BOLD)
    flow.y -= 2 * MM
    flow.page.stroke(flow.left, flow.y, flow.right, flow.y, 1.2)
    _centred(flow, f"KEPUTUSAN {told['head_caps']}", space=6 * MM, font=BOLD)
    _centred(flow, f"NOMOR {DOTS} TAHUN {told['year']}")
    _centred(flow, "TENTANG", space=2 * MM)
    _centred(flow, about, font=BOLD)
    _centred(flow, f"{told['head_caps']},", space=3 * MM)
    flow.y -= 2 * MM


def _centred(flow: Flow, words: str, *, size: float = SIZE, font: str = REGULAR, space: float = 0) -> None:
    flow.y -= space
    for line in wrap(words, font, size, flow.width):
        flow.need(size * LEADING)
        flow.y -= size * LEADING
        flow.page.write((flow.left + flow.right) / 2, flow.y, line, size, font, align="center")


def _listed(flow: Flow, label: str, items: Sequence[str], numbers: str) -> None:
    """A label at the left, and beside it what it says, one point under the other."""
    left = flow.left + LABEL_MM * MM
    flow.y -= 1.6 * MM
    for place, words in enumerate(items):
        x = left + (NUMBER_MM * MM if numbers else 4 * MM)
        lines = wrap(words, REGULAR, SIZE, flow.right - x)
        flow.need(min(len(lines), 3) * SIZE * LEADING)
        for number, line in enumerate(lines):
            flow.need(SIZE * LEADING)
            flow.y -= SIZE * LEADING
            if not number:
                if not place:
                    flow.page.write(flow.left, flow.y, label, SIZE)
                    flow.page.write(left - 2 * MM, flow.y, ":", SIZE)
                flow.page.write(left + 2 * MM, flow.y, f"{numbers[place]}." if numbers else "", SIZE)
            flow.page.write(x, flow.y, line, SIZE)


def _signed(flow: Flow, told: Mapping[str, str], chosen: Letter) -> None:
    flow.need(62 * MM)
    flow.y -= 6 * MM
    x = flow.left + flow.width * 0.55
    for words in (f"Ditetapkan di {told['village']}", f"pada tanggal {DOTS}", f"{told['head_caps']},"):
        flow.y -= SIZE * LEADING
        flow.page.write(x, flow.y, words, SIZE)
    flow.y -= 22 * MM
    flow.page.write(x, flow.y, told["head_name"], SIZE, BOLD)
    flow.page.stroke(x, flow.y - 2, x + max(50 * MM, text_width(told["head_name"], BOLD, SIZE)), flow.y - 2, 0.5)
    flow.y -= 6 * MM
    if chosen.copies:
        paragraph(flow, "Tembusan:", size=9)
        for number, words in enumerate(chosen.copies, 1):
            paragraph(flow, f"{number}. {words.format_map(told)}", size=9, indent=3 * MM, space=0)


def _annex(flow: Flow, chosen: Letter, told: Mapping[str, str], annex: Annex) -> None:
    if chosen.decides:
        for words in ("LAMPIRAN", f"KEPUTUSAN {told['head_caps']}", f"NOMOR {DOTS} TAHUN {told['year']}"):
            paragraph(flow, words, size=9, space=0)
    _centred(flow, chosen.annex.format_map(told), size=12, font=BOLD, space=5 * MM)
    if not chosen.decides:
        _centred(flow, f"Kecamatan {told['district']}, {told['regency']}", size=9.5)
    flow.y -= 4 * MM
    columns = tuple(Column(f"c{place}", words, "left", width, 8) for place, (words, width) in enumerate(annex.heads))
    rows = tuple(tuple(Cell(each, each) for each in row) for row in annex.rows)
    add_table(
        flow, Table(code=chosen.code, title="", columns=columns, head=plain_head(columns), rows=rows), title=False
    )
    flow.need(45 * MM)
    flow.y -= 6 * MM
    x = flow.left + flow.width * 0.6
    for words in (f"{told['head_caps']},", "", "", "", told["head_name"]):
        flow.y -= SIZE * LEADING
        flow.page.write(x, flow.y, words, SIZE, BOLD if words == told["head_name"] else REGULAR)
    flow.y -= 4 * MM
    paragraph(flow, f"Sumber: {chosen.source}.", size=7.5, colour=GREY)
