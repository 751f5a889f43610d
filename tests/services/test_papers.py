"""Every kind of paper: the same bytes on every machine, the words of the screen, fonts inside, read when faint, and
its figures checked, or docs/reconciliation.md says why not.
"""

import json
import re
import shutil
import subprocess
import zlib
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from posyandu.reports import pdf
from posyandu.reports.layout import layouts
from posyandu.reports.sheet import sheet
from posyandu.reports.table import Cell
from posyandu.services import levels, reporting, sheets
from posyandu.services.curves import charts
from tests import papers
from tests.papers import OCTOBER, digests, opened, sample

KNOWN = json.loads(papers.KNOWN.read_text(encoding="utf-8"))
NAMES = sorted(KNOWN)


def test_every_kind_of_report_is_among_the_papers() -> None:
    assert set(papers.papers()) == set(KNOWN), "python -m tests.papers --write"
    assert {kind.code for kind in sheets.kinds()} <= set(KNOWN)


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_has_the_same_bytes_on_every_run_and_machine(name: str) -> None:
    now = digests(papers.papers()[name])
    assert now["said"] == KNOWN[name]["said"], (
        "what is printed changed: look at it, then python -m tests.papers --write"
    )
    if "zlib-ng" not in zlib.ZLIB_RUNTIME_VERSION:  # another compressor says the same in other bytes
        assert now["bytes"] == KNOWN[name]["bytes"]


def test_what_a_paper_says_does_not_depend_on_who_compressed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ws = sample()
    usual = reporting.pdf_bytes(reporting.monthly(ws, ws.posyandu_id, OCTOBER))
    real = zlib.compress
    monkeypatch.setattr(zlib, "compress", lambda data, *_level: real(data, 1))
    other = reporting.pdf_bytes(reporting.monthly(ws, ws.posyandu_id, OCTOBER))
    assert len(other) > len(usual)
    assert digests(other)["bytes"] != digests(usual)["bytes"]
    assert digests(other)["said"] == digests(usual)["said"]


# ---- words


@cache
def squeezed(text: str) -> str:
    """Without blanks, and without the marks at which lines and words were broken."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", text)


@cache
def by_pdfium(name: str) -> str:
    document = pypdfium2.PdfDocument(papers.papers()[name])
    try:
        return squeezed("\n".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


@cache
def by_poppler(name: str) -> str:
    """The text as pdftotext has it, in the order it was written."""
    told = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=papers.papers()[name], capture_output=True, check=True
    )
    return squeezed(told.stdout.decode())


READERS = [by_pdfium, *([by_poppler] if shutil.which("pdftotext") else [])]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_the_text_of_every_paper_says_what_the_tables_on_the_screen_say(reader: object) -> None:
    compared = 0
    for code, report in papers.reports(sample()):
        text = reader(code)  # type: ignore[operator]
        drawn = {"balok", "kms_kecil"}  # their figures stand in charts
        for table in (*report.tables, *report.lists):
            for row in table.rows if table.code not in drawn else ():
                for cell in row:
                    assert squeezed(cell.text) in text, (code, table.title, cell.text)
                    compared += 1
            alone = len(report.tables) == 1  # then the title of the sheet says it
            assert alone or squeezed(table.title) in text, (code, table.title)
        for _label, value in report.head if code not in drawn else ():
            assert squeezed(value) in text, (code, value)
        for check in report.checks:
            assert squeezed(check.sentence) in text or not hasattr(report, "skdn"), (code, check.sentence)
    assert compared > 15_000


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_charts_slips_and_checklists_say_whom_they_are_about(reader: object) -> None:
    ws = sample()
    child = papers._child(ws)  # noqa: SLF001 - the one the papers are about
    name = squeezed(next(row.text for row in _names(child)))
    for paper in ("kms", "kms_lama", "kurva", "surat_rujukan", "surat_rujukan_a5"):
        assert name in reader(paper), paper  # type: ignore[operator]
    for chart in charts(ws, child):
        assert squeezed(chart.title) in reader("kurva")  # type: ignore[operator]
    assert squeezed("Berat badan dua kali tidak naik") in reader("surat_rujukan")  # type: ignore[operator]
    for form in papers.CHECKLISTS.values():
        for field in form.fields.values():
            if field.name.startswith(("danger", "gap", "habit")):
                assert squeezed(field.label) in reader(f"lembar_{form.name}")  # type: ignore[operator]
    for number in ("Versi1", "disahkan12112026"):
        assert number in reader("disahkan")  # type: ignore[operator]


def _names(child: str) -> list[Cell]:
    """The name of the child the papers are about, as the register has it."""
    ws = sample()
    register = sheets.build(ws, "register_balita", ws.posyandu_id, OCTOBER).tables[0]
    return [cell for row in register.rows for cell in row if any(ref.id == child for ref in cell.people)]


@pytest.mark.parametrize(
    ("name", "pages"),
    [("sip1", 1), ("lb3_gizi", 1), ("indikator_usia", 2), ("iks", 3), ("lembar_cadangan", 4), ("strata", 2)],
)
def test_a_sheet_spills_no_two_rows_onto_a_page_of_their_own(name: str, pages: int) -> None:
    document = pypdfium2.PdfDocument(papers.papers()[name])
    assert len(document) == pages
    last = squeezed(document[pages - 1].get_textpage().get_text_range())
    assert "Koordinatorkader" in last
    assert name != "strata" or ("Yangbelumadabatasnya" in last and "lanjutan" not in last)


def test_the_pages_of_a_bundle_are_numbered_through_and_each_part_has_its_own_foot() -> None:
    ws = sample()
    report, made = reporting.monthly(ws, ws.posyandu_id, OCTOBER), sheets.bundle(ws, ws.posyandu_id, OCTOBER)
    document = pypdfium2.PdfDocument(pdf.bundle_pdf(report, made))
    feet = [page.get_textpage().get_text_range() for page in document]
    for number, text in enumerate(feet, 1):
        assert f"Halaman {number} dari {len(feet)}" in text
    assert f"Kode {report.code}" in feet[0]
    assert f"Kode {made[-1].code}" in feet[-1]
    document.close()


# ---- fonts


@pytest.mark.parametrize("name", NAMES)
def test_every_font_of_a_paper_is_inside_it(name: str) -> None:
    content = papers.papers()[name]
    described = re.findall(rb"/Type /FontDescriptor", content)
    assert len(re.findall(rb"/FontFile2 ", content)) == len(described) > 0
    used = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", content))
    assert used <= {b"InterTabular-Regular", b"InterTabular-SemiBold", b"InterTabular"}


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler-utils is not installed")
def test_poppler_finds_every_font_embedded_and_subset(tmp_path: Path) -> None:
    path = tmp_path / "berkas.pdf"
    path.write_bytes(papers.papers()["berkas_bulanan"])
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert listed
    assert all(re.search(r"yes yes yes\s+\d+\s+\d+$", line) for line in listed), "embedded, a subset, and searchable"


# ---- faint print


WORDS_AT_LEAST, ZEROS_AT_LEAST, LINES_AT_LEAST = 4.5, 3.0, 1.3
"""Contrast with white paper (WCAG 2) that words, the zeros of tables, and rules must keep at 70 % toner."""


def contrast(shade: tuple[float, ...]) -> float:
    """Of a colour printed with 70 % of its ink, with the paper."""
    red, green, blue = (1 - papers.TONER * (1 - part) for part in (shade * 3)[:3])
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def shades(content: bytes) -> tuple[set[tuple[float, ...]], set[tuple[float, ...]]]:
    """The colours words and lines are written in."""
    words: set[tuple[float, ...]] = set()
    lines: set[tuple[float, ...]] = set()
    fill: tuple[float, ...] = (0.0,)
    stroke: tuple[float, ...] = (0.0,)
    pattern = rb"((?:[\d.]+ ){1,3})(rg|g|RG|G)(?=\s)|(\) Tj)|(?<= )(S)(?=\s)|(?<=\n)(S)(?=\s)"
    for numbers, operator, shown, *drawn in re.findall(pattern, opened(content)):
        if operator in (b"g", b"rg"):
            fill = tuple(float(each) for each in numbers.split())
        elif operator:
            stroke = tuple(float(each) for each in numbers.split())
        elif shown:
            words.add(fill)
        elif any(drawn):
            lines.add(stroke)
    return words, lines


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_is_still_read_when_the_cartridge_gives_seventy_percent(name: str) -> None:
    words, lines = shades(papers.papers()[name])
    assert words
    faint = {shade for shade in words if contrast(shade) < WORDS_AT_LEAST}
    coloured = {shade for shade in faint if len(set(shade)) > 1}  # names of the curves beside their lines
    assert all(contrast(shade) >= ZEROS_AT_LEAST for shade in faint - coloured), faint
    assert len(faint - coloured) <= 1, "only the zeros are lighter than other words"
    assert all(contrast(shade) >= 3.5 for shade in coloured), coloured
    assert all(contrast(shade) >= LINES_AT_LEAST for shade in lines), lines


# ---- checks

TOLD = (Path(__file__).resolve().parents[2] / "docs" / "reconciliation.md").read_text(encoding="utf-8")


def listed(heading: str) -> dict[str, str]:
    """The codes in the first column of the table under a heading, each with its second column."""
    part = TOLD.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", part, re.MULTILINE)
    return {code: words for codes, words in rows for code in re.findall(r"`(\w+)`", codes)}


def test_every_kind_of_report_has_a_check_or_a_reason_for_none() -> None:
    checked, without = listed("Checked"), listed("Without a check of its own")
    has = {code: bool(report.checks) for code, report in papers.reports(papers.sample())}
    codes = {kind.code for kind in sheets.kinds()}
    assert {code for code in codes if has[code]} == set(checked)
    assert {code for code in codes if not has[code]} == set(without)
    assert all(len(why) > 20 for why in without.values())


def test_the_checks_of_the_sample_hold_and_only_the_child_without_a_book_is_named() -> None:
    amiss = {
        code: [each.sentence for each in report.checks if not each.ok]
        for code, report in papers.reports(papers.sample())
    }
    assert {code for code, sentences in amiss.items() if sentences} == {"f1_gizi"}


def test_the_sheets_of_a_level_have_the_same_checks_and_they_hold() -> None:
    ws = papers.sample()
    village = levels.gather_level(ws, levels.levels(ws)[0], papers.OCTOBER)
    assert village.parts
    of_post = dict(papers.reports(ws))
    for code in ("register_balita", "register_bumil", "sip1", "sip3", "sip4", "sip5", "sip6", "sip7"):
        told = [(each.ok, each.sentence, each.person_ids) for each in sheet(layouts()[code], village).checks]
        assert told
        assert told == [(each.ok, each.sentence, each.person_ids) for each in of_post[code].checks], code
