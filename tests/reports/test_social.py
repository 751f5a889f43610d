"""The page for the village and the list: what is on them can be read back from the PDF, and who reported cannot."""

from dataclasses import replace
from datetime import date

import pypdfium2

from posyandu.domain.calendar import Month
from posyandu.reports.paper import MARGIN, MM
from posyandu.reports.social import (
    ListRow,
    RecapRow,
    SheetStep,
    TicketSheet,
    list_pdf,
    list_table,
    recap_table,
    ticket_pdf,
)
from posyandu.services import sealed, social, social_papers
from posyandu.services.workspace import Worker
from tests.services import melati

SHEET = TicketSheet(
    number="SPM-PDD-202611-7KQ4",
    title="Putus sekolah",
    post="Posyandu Melati",
    facts=(("Tentang", "Raka Aditya, 11 tahun"), ("Bidang SPM", "Pendidikan")),
    finding="Berhenti kelas 5 karena ikut ayah bekerja. " * 6,
    steps=(
        SheetStep("Tercatat", "12-11-2026", "Kader Posyandu", ""),
        SheetStep("Diverifikasi", "13-11-2026", "Bidan", "Ok"),
    ),
    printed="13-11-2026",
)


def text_of(pdf: bytes) -> tuple[int, str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return len(pages), " ".join(" ".join(pages).split())


def test_a_report_stands_on_one_page_with_room_for_the_answer() -> None:
    pages, text = text_of(ticket_pdf(SHEET))
    assert pages == 1
    for words in ("SPM-PDD-202611-7KQ4", "Raka Aditya", "Diverifikasi", "Jawaban pemerintah desa", "Nama dan tanda"):
        assert words in text
    assert "RAHASIA" not in text
    assert ticket_pdf(SHEET) == ticket_pdf(SHEET)


def test_facts_stand_clear_of_their_labels_and_within_the_page() -> None:
    facts = (
        ("Yang sudah dilakukan kader", "Menemui keluarga, lalu memberi tahu kepala dusun. " * 4),
        ("Bidang", "Sosial"),
    )
    page = pypdfium2.PdfDocument(ticket_pdf(replace(SHEET, facts=facts)))[0]
    text = page.get_textpage()
    boxes = {text.get_text_bounded(*box).strip(): box for box in map(text.get_rect, range(text.count_rects()))}
    label = boxes["Yang sudah dilakukan kader"]
    assert boxes["Sosial"][0] - label[2] > 3 * MM
    assert max(box[2] for box in boxes.values()) <= page.get_width() - MARGIN + 1
    assert text_of(ticket_pdf(replace(SHEET, facts=facts)))[1].count("kepala dusun") == 4


def test_a_confidential_page_is_marked() -> None:
    assert "RAHASIA. Serahkan langsung" in text_of(ticket_pdf(replace(SHEET, secret=True)))[1]


def test_the_recap_adds_up_and_the_list_says_when_it_is_empty() -> None:
    table = recap_table((RecapRow("Pendidikan", 3, 1, 0, 2), RecapRow("Sosial", 1, 1, 1, 0)))
    assert [cell.text for cell in table.rows[-1]] == ["Jumlah", "4", "2", "1", "2"]
    assert table.strong == {2}, "the sum is bold"
    assert list_table(()).rows == ()
    rows = tuple(
        ListRow(f"SPM-{n}", "Sosial", "Masalah lain", "Wulan", "12-11-2026", "Tercatat", "", "") for n in range(90)
    )
    pages, text = text_of(list_pdf("Masalah sosial", "Melati", "12-11-2026", (), rows))
    assert pages >= 2
    assert "SPM-0" in text
    assert "SPM-89" in text
    assert "Tiket rahasia tidak termasuk" in text


def test_what_the_service_prints_names_no_kader_and_no_secret() -> None:
    ws = melati.post()
    ws.worker = Worker("k", "Sari Penjaga", "kader")
    told = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "high"}
    one = social.open_ticket(ws, told, person_id=melati.child(ws, "Raka Aditya", date(2015, 7, 5))).id
    ws.worker = Worker("b", "Bidan Ani", "midwife")
    sealed.make_key(ws, "271845")
    social.open_sealed(ws, {**told, "kind": "violence", "finding": "Dipukul", "place": "Rumah kosong"})
    social.advance(ws, one, "verified", note="Benar")
    social.advance(ws, one, "forwarded", sent_to="education_office", owner="Dikbud")
    pages, sheet = text_of(social_papers.sheet(ws, social.ticket(ws, one)))
    assert pages == 1
    for words in (
        "Raka Aditya, 11 tahun",
        "Posyandu Melati",
        "Penting",
        "Batas waktu 19-11-2026",
        "ke Dinas Pendidikan",
    ):
        assert words in sheet
    assert "Sari" not in sheet
    _pages, listing = text_of(social_papers.listing(ws, Month(2026, 11)))
    assert "Putus sekolah" in listing
    assert "sisa 5 hari kerja" in listing
    for words in ("Dipukul", "Kekerasan", "Rumah kosong", "Sari"):
        assert words not in listing + sheet
