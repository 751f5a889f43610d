"""The pages kader take along: who first, where, why, and room to write."""

from io import BytesIO

import pypdfium2
import pytest

from posyandu.reports.errands import ErrandPage, ErrandRow, errands_pdf, errands_table
from posyandu.reports.table import PersonRef


def row(number: int = 1, **more: str) -> ErrandRow:
    told = {"name": f"Anak {number}", "place": "RT 01", "phone": "", "reason": "2T", "level": "warn", **more}
    return ErrandRow(f"id-{number}", **told)


def page(*rows: ErrandRow, kader: str = "Bu Sri") -> ErrandPage:
    return ErrandPage(kader, "RT 01 dan 02", rows)


def texts(*pages: ErrandPage) -> list[str]:
    content = errands_pdf("Posyandu Melati", "November 2026", "12-11-2026", pages)
    return [each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(BytesIO(content))]


@pytest.mark.parametrize(
    ("place", "phone", "shown"),
    [
        ("RT 01", "0812", "RT 01, 0812"),
        ("RT 01", "", "RT 01"),
        ("", "0812", "0812"),
        ("", "", ""),
    ],
)
def test_place_and_phone_share_a_cell(place: str, phone: str, shown: str) -> None:
    assert errands_table(page(row(place=place, phone=phone))).cell(0, "place").text == shown


def test_what_comes_first_is_marked_and_the_mark_explained_only_when_used() -> None:
    calm, urgent = errands_table(page(row())), errands_table(page(row(), row(2, level="bad", reason="LiLA merah")))
    assert [calm.cell(0, "reason").text, urgent.cell(1, "reason").text] == ["2T", "! LiLA merah"]
    assert urgent.cell(1, "reason").value == "LiLA merah", "the mark is for paper"
    assert (calm.notes, urgent.notes) == ((), ("Tanda ! berarti didahulukan.",))


def test_every_row_knows_its_person_and_has_room_to_write() -> None:
    table = errands_table(page(row(1), row(2)))
    assert table.cell(1, "name").people == (PersonRef("id-2", "Anak 2", "2T"),)
    assert [table.cell(n, "number").value for n in range(2)] == [1, 2]
    assert {table.cell(n, name).text for n in range(2) for name in ("day", "result")} == {""}
    assert table.row_mm == 11


def test_each_kader_has_a_sheet_of_their_own_with_how_many_and_where() -> None:
    first, second = texts(page(row(1), row(2)), page(row(3), kader="Bu Tini"))
    assert "Daftar kunjungan rumah · Bu Sri" in first
    assert "Posyandu Melati, November 2026. RT 01 dan 02. 2 orang." in first
    assert "Dicetak 12-11-2026. Simpan baik-baik, jangan difoto atau dibagikan." in first
    assert "Anak 3" not in first
    assert "Bu Tini" in second
    assert "Anak 3" in second


def test_nobody_to_visit_is_said_and_no_kader_at_all_is_an_empty_sheet() -> None:
    (alone,) = texts(page())
    assert "Tidak ada yang perlu dikunjungi." in alone
    assert "0 orang." in alone
    (empty,) = texts()
    assert "Halaman 1 dari 1" in empty


def test_a_long_round_goes_on_over_pages_and_the_same_round_has_the_same_bytes() -> None:
    many = page(*(row(number, reason="Tidak naik dua bulan berturut-turut") for number in range(60)))
    pages = texts(many)
    assert len(pages) > 1
    assert "(lanjutan)" in pages[1]
    assert errands_pdf("P", "B", "h", [many]) == errands_pdf("P", "B", "h", [many])
