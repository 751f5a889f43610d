"""Curves on paper: a page for each, eight small ones on a page, and strips for a day without power."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from posyandu import paths
from posyandu.domain import growth
from posyandu.reports import growth_chart
from posyandu.reports.curve_pages import (
    SmallChart,
    StripRow,
    curves_pdf,
    small_kms_pdf,
    small_kms_table,
    strips_pdf,
    strips_table,
)
from posyandu.reports.growth_chart import Measured
from posyandu.reports.table import PersonRef

TABLES = growth.read_tables((paths.resources() / "growth" / "who.growth").read_bytes())
BORN = date(2025, 3, 5)
KMS = growth_chart.kms(TABLES, "male", BORN, [Measured(date(2026, 3, 5), 9_600, "N")])
HEAD = growth_chart.head_for_age(TABLES, "male", BORN, [Measured(date(2026, 3, 5), 455)])


def texts(content: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(BytesIO(content))]


def child(number: int, **more: str) -> SmallChart:
    return SmallChart(f"id-{number}", f"Anak {number}", "1 tahun · ibu Wulan · RT 01", KMS, **more)


def strip(number: int = 1) -> StripRow:
    return StripRow(f"id-{number}", f"Anak {number}", "1 th 4 bln · Wulan", "9,6", "200", "9,8", "8,1", "12,4")


def test_each_curve_has_a_lying_page_with_the_name_and_its_own_bookmark() -> None:
    content = curves_pdf("Raka Putra", "Lahir 05-03-2025", [KMS, HEAD])
    first, second = texts(content)
    document = pypdfium2.PdfDocument(BytesIO(content))
    assert all(page.get_width() > page.get_height() for page in document)
    assert [entry.get_title() for entry in document.get_toc()] == [KMS.title, HEAD.title]
    for page in (first, second):
        assert "Raka Putra" in page
        assert "Lahir 05-03-2025" in page
        assert "Kurva pertumbuhan · Raka Putra" in page
    assert "Berat menurut umur" in first
    assert "Lingkar kepala menurut umur" in second


def test_a_long_name_leaves_room_for_the_name_of_the_card() -> None:
    (page,) = texts(curves_pdf("Muhammad Al Fatih " * 8, "", [KMS]))
    assert "…" in page
    assert KMS.subtitle in page


@pytest.mark.parametrize(("children", "pages"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_eight_small_cards_fill_a_page(children: int, pages: int) -> None:
    found = texts(small_kms_pdf("Melati", "November 2026", [child(number) for number in range(children)]))
    assert len(found) == pages
    assert [f"Anak {number} " in f"{' '.join(found)} " for number in range(children)] == [True] * children
    assert all("KMS kecil · Melati, November 2026" in page for page in found)
    assert ("Belum ada balita di Posyandu ini." in found[0]) is (children == 0)


def test_small_cards_are_listed_in_their_order_with_the_last_weight() -> None:
    table = small_kms_table([child(1, last="9,6 (12-11)"), child(2)])
    assert [cell.text for cell in table.rows[0]] == ["1", "Anak 1", "1 tahun · ibu Wulan · RT 01", "9,6 (12-11)"]
    assert [cell.value for cell in table.rows[1]] == [2, "Anak 2", "1 tahun · ibu Wulan · RT 01", None]
    assert table.cell(1, "name").people == (PersonRef("id-2", "Anak 2", "1 tahun · ibu Wulan · RT 01"),)
    assert small_kms_table([]).empty == "Belum ada balita di Posyandu ini."


def test_a_strip_says_from_which_weight_on_and_leaves_boxes_for_the_day() -> None:
    table = strips_table([strip()])
    told = {column.name: cell.text for column, cell in zip(table.columns, table.rows[0], strict=True)}
    assert {name: told[name] for name in ("last", "gain", "n_from", "red", "orange")} == {
        "last": "9,6", "gain": "200", "n_from": "9,8", "red": "8,1", "orange": "12,4",
    }  # fmt: skip
    assert "Anak 1" in told["name"]
    assert {told[name] for name in ("weight", "length", "muac", "letter")} == {""}
    assert table.cell(0, "name").people[0].id == "id-1"
    assert len(table.notes) == 2


def test_strips_print_with_the_day_and_go_on_over_pages() -> None:
    pages = texts(strips_pdf("Melati", "12-11-2026", [strip(number) for number in range(60)]))
    assert "Hari Posyandu 12-11-2026. Diketik dari sini setelah listrik ada." in pages[0]
    assert len(pages) > 1
    assert "(lanjutan)" in pages[1]
    joined = " ".join(pages)
    assert all(f"Anak {number} " in joined for number in range(60))
    assert "Belum ada balita" in texts(strips_pdf("Melati", "12-11-2026", []))[0]


@pytest.mark.parametrize("mono", [False, True])
def test_the_same_children_have_the_same_bytes(mono: bool) -> None:
    assert small_kms_pdf("M", "N", [child(1)], mono=mono) == small_kms_pdf("M", "N", [child(1)], mono=mono)
    assert strips_pdf("M", "N", [strip()], mono=mono) == strips_pdf("M", "N", [strip()], mono=mono)
