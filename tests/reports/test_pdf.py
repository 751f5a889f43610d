import os
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.reports import paper, pdf
from posyandu.reports.monthly import MonthlyData, MonthlyReport, Reconciliation, monthly
from posyandu.reports.table import PersonRef
from tests import villages

SCRIPT = """
import hashlib
from posyandu.domain.calendar import Month
from posyandu.reports import pdf
from posyandu.reports.monthly import monthly
from tests import villages
report = monthly(villages.monthly_data(villages.sample_book(months=4), Month(2026, 10)))
print(hashlib.sha256(pdf.monthly_pdf(report)).hexdigest())
"""


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(BytesIO(content))
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


@pytest.fixture(scope="module")
def printed(report: MonthlyReport) -> bytes:
    return pdf.monthly_pdf(report)


@pytest.fixture(scope="module")
def text(printed: bytes) -> str:
    return " ".join("\n".join(pages(printed)).split())


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    digests = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_the_same_report_printed_twice_has_the_same_bytes(report: MonthlyReport, printed: bytes) -> None:
    assert pdf.monthly_pdf(report) == printed
    assert pdf.monthly_pdf(report, "F4") != printed


def test_every_figure_and_name_of_the_tables_is_on_the_paper(report: MonthlyReport, text: str) -> None:
    for table in (report.skdn, report.shares, *report.recaps, *report.lists):
        for row in table.rows:
            for cell in row:
                assert " ".join(cell.text.split()) in text or cell.text.replace(" ", "") in text.replace(" ", "")


def test_a_row_of_skdn_reads_as_its_figures_in_order(report: MonthlyReport, printed: bytes) -> None:
    first = " ".join(pages(printed)[0].split())
    for row in report.skdn.rows:
        assert " ".join(cell.text for cell in row) in first


def test_every_page_has_its_number_and_the_code(report: MonthlyReport, printed: bytes) -> None:
    found = pages(printed)
    for number, page in enumerate(found, 1):
        assert f"Halaman {number} dari {len(found)}" in page
        assert f"Kode {report.code}" in page


def test_checks_rules_and_signatures_are_printed(report: MonthlyReport, text: str) -> None:
    squeezed = text.replace(" ", "")
    for sentence in (*(each.sentence for each in report.checks), *report.rules):
        assert sentence.replace(" ", "") in squeezed
    for each in report.signatures:
        assert each.name in text
    assert text.count("Koordinator kader") == 3
    assert "NIP" in text


def test_a_failed_check_is_marked_and_names_its_people(report: MonthlyReport) -> None:
    wrong = Reconciliation(False, "Angka tidak cocok.", (PersonRef("a", "Aisyah Putri", "belum ditimbang"),))
    words = " ".join("\n".join(pages(pdf.monthly_pdf(replace(report, checks=(wrong,))))).split())
    assert "Periksa Angka tidak cocok." in words
    assert "Aisyah Putri (belum ditimbang)" in words


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_pages_have_the_size_of_the_paper_and_wide_forms_lie_across(
    report: MonthlyReport, size: paper.PaperName
) -> None:
    document = pypdfium2.PdfDocument(BytesIO(pdf.monthly_pdf(report, size)))
    short, tall = paper.SIZES[size]
    sizes = [page.get_size() for page in document]
    assert sizes[0] == pytest.approx((short, tall), abs=0.1)
    assert [each[0] > each[1] for each in sizes].count(True) == 3
    for each in sizes:
        assert sorted(each) == pytest.approx(sorted((short, tall)), abs=0.1)


def test_nothing_is_written_beyond_the_margins_on_any_page(printed: bytes) -> None:
    for number, page in enumerate(pypdfium2.PdfDocument(BytesIO(printed)), 1):
        width, height = page.get_size()
        words = page.get_textpage()
        for place in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(place)
            assert left >= paper.MARGIN - 1, number
            assert right <= width - paper.MARGIN + 1, number
            assert bottom >= 8 * paper.MM, number
            assert top <= height - paper.MARGIN + 3, number


def test_no_two_texts_of_a_page_overlap(printed: bytes) -> None:
    for number, page in enumerate(pypdfium2.PdfDocument(BytesIO(printed)), 1):
        words = page.get_textpage()
        boxes = [words.get_rect(place) for place in range(words.count_rects())]
        for first, one in enumerate(boxes):
            for other in boxes[first + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across < 1.5 or down < 1.5, (number, one, other)


def test_the_fonts_are_embedded(printed: bytes) -> None:
    assert set(re.findall(rb"/FontName /[A-Z]+\+(InterTabular-\w+)", printed)) == {
        b"InterTabular-Regular",
        b"InterTabular-SemiBold",
    }


def test_an_empty_month_prints_zeros_and_one_sentence_for_all_empty_lists(data: MonthlyData) -> None:
    empty = {data.month: ()}
    report = monthly(replace(data, children=empty, pregnancies=empty, sessions=(), post={"name": "Kenanga"}))
    found = pages(pdf.monthly_pdf(report))
    assert len(found) == 6
    words = " ".join(" ".join(found).split())
    assert "Tidak ada bulan ini" in words
    assert "Anak tidak naik (T);" in words


def test_sixty_long_names_in_one_list_run_over_pages_whole() -> None:
    book = villages.sample_book()
    long = "Muhammad Al Fatih Ramadhan Putra Wijaya Kusuma Ningrat"
    people = {id_: {**person, "name": f"{long} {place}"} for place, (id_, person) in enumerate(book.people.items())}
    report = monthly(villages.monthly_data(replace(book, people=people), Month(2026, 10)))
    words = " ".join("\n".join(pages(pdf.monthly_pdf(report))).split())
    names = {row[1].text for table in report.lists for row in table.rows}
    assert names
    assert all(name in words for name in names if len(name) < 200)


def test_a_post_with_a_very_long_name_does_not_run_into_the_code(data: MonthlyData) -> None:
    name = "Posyandu Keluarga Mawar Melati Indah Sejahtera Dusun Lendang Montong Batu Tulis Timur"
    report = monthly(replace(data, post={**data.post, "name": name}))
    feet = [" ".join(page.split()) for page in pages(pdf.monthly_pdf(report))]
    assert all(f" Kode {report.code} · Halaman" in foot for foot in feet)
    assert f"… Kode {report.code}" in feet[0]
    assert f"Laporan bulanan Posyandu Oktober 2026 Kode {report.code}" in feet[2]


def test_without_officers_two_blocks_are_left_to_sign(data: MonthlyData) -> None:
    words = " ".join(pages(pdf.monthly_pdf(monthly(replace(data, post={"name": "Kenanga"})))))
    assert "Bidan desa" in words
    assert "Petugas gizi" not in words
