import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from posyandu import paths
from posyandu.domain import growth
from posyandu.domain.calendar import Month
from posyandu.reports import growth_chart, paper, pdf, pdf_table
from posyandu.reports.layout import layouts
from posyandu.reports.monthly import MonthlyData, MonthlyReport, Reconciliation, Signature, monthly
from posyandu.reports.sheet import FREE, Sheet, card
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from tests import villages

TABLES = growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())

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


@pytest.mark.parametrize(("landscape", "most"), [(False, range(22, 46)), (True, range(9, 25))])
def test_signatures_always_stand_with_at_least_two_rows(landscape: bool, most: range) -> None:
    columns = (Column("no", "No", "right", 0.2, 8), Column("name", "Nama"))
    notes, rules = ("Catatan di bawah tabel.",), ("Aturan satu.", "Aturan dua.")
    turned = 0
    for number in (1, 2, 3, 4, *most):
        rows = tuple((Cell(str(n), n), Cell(f"Baris{n}")) for n in range(1, number + 1))
        table = Table("x", "Daftar", columns, plain_head(columns), rows, notes=notes, landscape=landscape, row_mm=7)
        signed = (Signature("Mengetahui,", "Bidan desa"), Signature("Dibuat oleh,", "Koordinator kader"))
        sheet = Sheet(
            "x", "Daftar", "2026", "2026", (("Posyandu", "Melati"),), (table,), (), rules, signed, "AAAA-BBBB"
        )
        *before, last = pages(pdf.sheet_pdf(sheet))
        turned += bool(before)
        assert "Koordinator kader" in last, number
        assert last.count("Baris") >= min(2, number), f"{number} rows"
        assert "No" in last.split("Baris")[0], "under their head"
        assert all(each.count("Baris") for each in before), "no page has a head alone"
        assert sum(each.count("Baris") for each in (*before, last)) == number
    assert 0 < turned < len(most), "some end on their first page, some on the next"


def flowing() -> pdf_table.Flow:
    return pdf_table.start(paper.Document("Uji", "A4"))


def lines_of(page: paper.Page) -> dict[str, tuple[float, float]]:
    return {text: (x, y) for x, y, text, *_style in page.words}


def block(role: str, name: str = "", nip: str = "", *, wants_nip: bool = False) -> Signature:
    return Signature("Mengetahui", role, name, nip, wants_nip)


@pytest.mark.parametrize(("left", "room"), [(400, 22 * paper.MM), (61 + 50, 50), (61 + 40, 40), (10, 22 * paper.MM)])
def test_there_is_room_for_a_stamp_wherever_the_page_has_it_and_never_less_than_asked(left: float, room: float) -> None:
    here = flowing()
    here.y = here.bottom + left
    pdf._signatures(here, [block("Bidan", "Rina")], tall=40)
    at = lines_of(here.page)
    assert at["Bidan"][1] - at["Rina"][1] == pytest.approx(room, abs=2)
    assert at["Rina"][1] > here.bottom


def test_signatures_stand_side_by_side_with_room_to_sign() -> None:
    here = flowing()
    here.y = here.bottom + 40.1 + 21 * paper.MM
    pdf._signatures(here, [block("Bidan", "Rina", "1980", wants_nip=True), block("Koordinator", "Sri")], tall=40)
    at = lines_of(here.page)
    assert at["Bidan"][1] == at["Koordinator"][1]
    assert at["Rina"][1] == at["Sri"][1]
    assert at["Bidan"][1] - at["Rina"][1] == pytest.approx(40, abs=0.2), "the room to sign in"
    assert at["Koordinator"][0] - at["Bidan"][0] == pytest.approx(here.width / 2)
    assert at["NIP 1980"][1] < at["Rina"][1]


def test_a_missing_name_is_a_dotted_line_and_a_single_signer_stands_at_the_right() -> None:
    here = flowing()
    pdf._signatures(here, [block("Koordinator", wants_nip=True)])
    at = lines_of(here.page)
    assert "." * 38 in at
    assert "NIP " + "." * 30 in at
    assert at["Koordinator"][0] == pytest.approx(here.left + here.width / 2)


def test_signatures_never_part_over_two_pages() -> None:
    here = flowing()
    here.y = here.bottom + 80
    pdf._signatures(here, [block("Bidan", "Rina"), block("Koordinator", "Sri")])
    assert len(here.document.pages) == 2
    assert here.document.pages[0].words == []
    assert {"Bidan", "Rina", "Koordinator", "Sri"} <= set(lines_of(here.page))


def test_facts_fill_the_left_column_first_and_an_empty_one_is_a_dash() -> None:
    here = flowing()
    pdf._fact_columns(here, [("A", "1"), ("B", "2"), ("C", ""), ("D", "4"), ("E", "5")])
    at = lines_of(here.page)
    assert at["A"][0] == at["B"][0] == at["C"][0] == here.left
    assert at["D"][0] == at["E"][0] == here.left + here.width / 2
    assert (at["A"][1], at["B"][1]) == (at["D"][1], at["E"][1])
    assert at["–"][1] == at["C"][1]
    assert here.y < at["C"][1]


def test_a_long_fact_wraps_within_its_half_and_moves_the_next_below() -> None:
    here = flowing()
    pdf._fact_columns(here, [("A", "kata " * 30), ("B", "2"), ("C", "3")])
    at = lines_of(here.page)
    wrapped = [each for each in here.page.words if each[2].startswith("kata")]
    assert len(wrapped) > 1
    assert at["B"][1] < min(y for _x, y, *_rest in wrapped)
    right = here.left + here.width / 2
    assert all(x + paper.text_width(text, paper.REGULAR, 8.5) <= right for x, _y, text, *_rest in wrapped)


def sheet(*tables: Table, **more: object) -> Sheet:
    told = {"checks": (), "rules": (), "signatures": (), **more}
    return Sheet(
        "uji", "Lembar uji", "2026", "2026", (("Posyandu", "Melati"), ("Bulan", "")), tables, code="K-1", **told
    )  # type: ignore[arg-type]


def table(code: str = "satu", rows: int = 2, **more: object) -> Table:
    columns = (Column("a", "Nama"), Column("b", "Hasil", "right"))
    body = tuple((Cell(f"{code} {number}"), Cell(str(number), number)) for number in range(rows))
    return Table(code, f"Tabel {code}", columns, plain_head(columns), body, **more)  # type: ignore[arg-type]


def test_a_sheet_of_one_table_has_the_title_of_the_blank_and_one_of_several_those_of_its_tables() -> None:
    (one,) = pages(pdf.sheet_pdf(sheet(table())))
    assert "Lembar uji" in one
    assert "Tabel satu" not in one
    (two,) = pages(pdf.sheet_pdf(sheet(table(), table("dua"))))
    assert "Tabel satu" in two
    assert "Tabel dua" in two
    assert "Kode K-1 · Halaman 1 dari 1" in one


def test_tables_of_one_kind_on_a_sheet_stand_in_line() -> None:
    columns = (Column("what", "Hal"), Column("n", "Jumlah", "right", 0.3))
    tables = tuple(
        Table(f"t{number}", f"Bagian {number}", columns, plain_head(columns), ((Cell("kata " * number), Cell("7", 7)),))
        for number in (1, 12)
    )
    sheet = Sheet("x", "Daftar", "2026", "2026", (("Posyandu", "Melati"),), tables, (), (), (), "AAAA-BBBB")
    document = paper.Document("Uji", "A4")
    pdf._sheet(document, sheet)
    assert len({round(x, 2) for x, _y, text, *_style in document.pages[0].words if text == "7"}) == 1
    heads = [x for x, _y, text, *_style in document.pages[0].words if text == "Jumlah"]
    assert len(heads) == 2
    assert len({round(x, 2) for x in heads}) == 1


def test_a_wide_table_turns_to_a_wide_page_of_its_own() -> None:
    document = pypdfium2.PdfDocument(BytesIO(pdf.sheet_pdf(sheet(table(), table("lebar", landscape=True)))))
    assert [page.get_width() > page.get_height() for page in document] == [False, True]


def test_only_a_check_that_fails_is_told_on_a_sheet() -> None:
    checks = (Reconciliation(True, "Semua cocok."), Reconciliation(False, "Jumlah berbeda."))
    (text,) = pages(pdf.sheet_pdf(sheet(table(), checks=checks, rules=("Aturan satu.",))))
    assert "Periksa" in text
    assert "Jumlah berbeda." in text
    assert "Semua cocok." not in text
    assert "Aturan satu." in text


def test_a_bundle_has_the_foot_and_code_of_each_part(report: MonthlyReport) -> None:
    found = pages(pdf.bundle_pdf(report, [sheet(table())]))
    assert "Kode K-1" in found[-1]
    assert "Melati · Lembar uji 2026" in found[-1]
    assert f"Kode {report.code}" in found[0]
    assert "K-1" not in found[0]
    assert f"Halaman {len(found)} dari {len(found)}" in found[-1]


def test_a_signed_version_says_so_in_every_foot_and_why_it_changed(report: MonthlyReport) -> None:
    found = pages(pdf.monthly_pdf(report, mark="Versi 2, disahkan", changes=[table("berubah")], reason="salah baca"))
    assert all("Versi 2, disahkan · Kode" in page for page in found)
    assert "Perubahan dari versi sebelumnya" in found[-1]
    assert "Alasan: salah baca" in found[-1]
    assert "Tabel berubah" in found[-1]
    assert "Perubahan dari versi" not in pages(pdf.monthly_pdf(report))[-1]


def kms(**more: object) -> pdf.KmsSheet:
    chart = growth_chart.kms(TABLES, "male", date(2025, 3, 5), ())
    told = {
        "name": "Raka Putra", "facts": (("Lahir", "05-03-2025"),), "weight": (chart,), "length": (chart,),
        "weighings": table("timbang"), "notes": ("Catatan.",), **more,
    }  # fmt: skip
    return pdf.KmsSheet(**told)  # type: ignore[arg-type]


def test_a_kms_has_its_curves_side_by_side_then_its_weighings() -> None:
    chart = growth_chart.kms(TABLES, "male", date(2025, 3, 5), ())
    content = pdf.kms_pdf(kms())
    curves, weighings = pages(content)
    assert "Raka Putra" in curves
    assert curves.count("Berat menurut umur") == 2
    assert "timbang 1" in weighings
    assert "Catatan." in weighings
    assert "Kartu Menuju Sehat · Raka Putra" in curves
    assert len(pages(pdf.kms_pdf(kms(weight=(chart, chart), length=(chart, chart))))) == 3
    head = growth_chart.head_for_age(TABLES, "male", date(2025, 3, 5), ())
    with_heads = pages(pdf.kms_pdf(kms(heads=(head,))))
    assert "Lingkar kepala menurut umur" in with_heads[1]
    assert pdf.kms_pdf(kms(), mono=True) != content


def test_a_folded_page_unfolds_for_whoever_reads_it_or_draws_on_it_and_is_written_the_same() -> None:
    def made(*, late: bool) -> paper.Document:
        document = paper.Document("Uji", "A4")
        first = document.page()
        first.write(50, 700, "Raka", 9)
        first.fill(40, 600, 100, 20)
        if not late:
            first.stroke(40, 500, 140, 500, 0.5, (1.0, 0.0, 0.0))
        document.page().write(50, 700, "Ayu", 9)
        assert first.folded
        if late:
            first.stroke(40, 500, 140, 500, 0.5, (1.0, 0.0, 0.0))
        return document

    document = made(late=False)
    (x, y, text, *_rest), *others = document.pages[0].words
    assert (x, y, text, others) == (50, 700, "Raka", [])
    with pytest.raises(AttributeError, match="nothing"):
        document.pages[0].nothing  # noqa: B018 - that it is missing is what is asked
    assert document.to_bytes() == document.to_bytes(), "the feet are not written twice"
    assert document.to_bytes() == made(late=False).to_bytes()
    assert made(late=True).to_bytes() == made(late=False).to_bytes()


def test_a_long_label_pushes_every_value_of_the_head_aside_and_is_not_written_over() -> None:
    here = flowing()
    pdf._fact_columns(here, [("Petugas lapangan pembina", "Nurul"), ("B", "2")], 8)
    at = {text: x for x, _y, text, *_rest in here.page.words}
    assert at["Nurul"] - at["Petugas lapangan pembina"] > paper.text_width("Petugas lapangan pembina", paper.REGULAR, 8)


@pytest.mark.parametrize("size", ["A4", "F4"])
@pytest.mark.parametrize(
    ("code", "sides", "columns"),
    [
        ("kartu_balita_kosong", 2, 26),
        ("kartu_bumil_kosong", 1, 19),
        ("kartu_nifas_kosong", 1, 17),
        ("kartu_sekolah_kosong", 1, 19),
        ("kartu_dewasa_kosong", 1, 30),
        ("kartu_lansia_kosong", 1, 22),
    ],
)
def test_a_blank_card_has_the_columns_of_its_group_and_room_for_a_hand_on_every_line(
    code: str, sides: int, columns: int, size: paper.PaperName
) -> None:
    blank = card(layouts()[code], None, (("Posyandu", "Melati"), ("Desa", "Ubung"), ("Kecamatan", "Jonggat")))
    (table,) = blank.tables
    assert [head.text for head in table.head[-1]] == [str(number) for number in range(1, columns + 1)]
    document = paper.Document("Uji", size)
    pdf._sheet(document, blank)
    assert len(document.pages) == sides
    dots = [(x, y, text) for x, y, text, *_style in document.pages[0].words if text.startswith("....")]
    assert len(dots) == sum(value == FREE for _label, value in blank.head)
    assert min(paper.text_width(text, paper.REGULAR, 8) for _x, _y, text in dots) > 45 * paper.MM
    first = dots[0][0]
    left = sorted((y for x, y, *_style in document.pages[0].words if abs(x - first) < 1), reverse=True)
    facts = [y for y in left if y >= min(y for _x, y, _text in dots)]
    assert all(above - below >= 6.9 * paper.MM for above, below in itertools.pairwise(facts))
    rows = 0
    for page in document.pages:
        across = sorted({y0 for x0, y0, x1, y1, *_style in page.strokes if y0 == y1 and x1 - x0 > 400}, reverse=True)
        rows += sum(6.99 * paper.MM < above - below < 12 * paper.MM for above, below in itertools.pairwise(across))
    assert rows >= len(table.rows)
