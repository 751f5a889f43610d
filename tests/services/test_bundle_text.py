"""What is printed is what the screen says: every cell of every sheet is in the text of its PDF; fonts are inside."""

import re
from collections.abc import Iterator

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.reports import pdf
from posyandu.reports.sheet import Sheet
from posyandu.services import reporting, sheets, workspace
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace

OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    made = workspace.in_memory(post=None)
    book.write(made.db, village.one_post(7, 0, village.PLACES[0], made.growth, months=5, until=OCTOBER), made.author)
    made.posyandu_id = village.post_id(7, 0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def bundle(ws: Workspace) -> list[Sheet]:
    return sheets.bundle(ws, ws.posyandu_id, OCTOBER)


def squeezed(text: str) -> str:
    """Without blanks, and without the marks at which lines and words were broken."""
    return re.sub(r"[\s\u00ad\ufffe\x02-]+", "", text)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return squeezed("\n".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


@pytest.mark.parametrize("paper", ["A4", "F4"])
def test_every_cell_of_every_sheet_is_in_the_text_of_its_pdf(bundle: list[Sheet], paper: reporting.PaperName) -> None:
    for sheet in bundle:
        text = text_of(reporting.pdf_bytes(sheet, paper))
        for table in sheet.tables:
            for row in table.rows:
                for cell in row:
                    assert squeezed(cell.text) in text, (sheet.title, table.title, cell.text)
        for label, value in sheet.head:
            assert squeezed(label) in text, (sheet.title, label)
            assert squeezed(value) in text, (sheet.title, value)
        assert squeezed(f"Kode {sheet.code}") in text


def test_every_font_of_a_bundle_is_inside_it(ws: Workspace, bundle: list[Sheet]) -> None:
    content = pdf.bundle_pdf(reporting.monthly(ws, ws.posyandu_id, OCTOBER), bundle)
    described = re.findall(rb"/Type /FontDescriptor", content)
    assert len(re.findall(rb"/FontFile2 ", content)) == len(described) > 0
    assert b"/Helvetica" not in content
    assert set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", content)) <= {
        b"InterTabular-Regular", b"InterTabular-SemiBold", b"InterTabular",
    }  # fmt: skip


def test_the_pages_of_a_bundle_are_numbered_through_and_each_part_has_its_own_foot(
    ws: Workspace, bundle: list[Sheet]
) -> None:
    report = reporting.monthly(ws, ws.posyandu_id, OCTOBER)
    document = pypdfium2.PdfDocument(pdf.bundle_pdf(report, bundle))
    feet = [page.get_textpage().get_text_range() for page in document]
    for number, text in enumerate(feet, 1):
        assert f"Halaman {number} dari {len(feet)}" in text
    assert f"Kode {report.code}" in feet[0]
    assert f"Kode {bundle[-1].code}" in feet[-1]
    document.close()
