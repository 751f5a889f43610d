"""A letterhead is set for posts from a day on; reports and referral slips print it above their title."""

from collections.abc import Iterator
from datetime import date, timedelta

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers
from posyandu.domain.forms.letterhead import FORM
from posyandu.reports.monthly import Letterhead
from posyandu.services import letterheads, levels, month_lock, people, referrals, reporting
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import VILLAGE, of_village

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
ORDER = letterheads.ORDER
SET: Answers = {
    "since_on": date(2026, 11, 1),
    "source": "Tata naskah dinas",
    "government": "PEMERINTAH KABUPATEN LOMBOK TIMUR",
    "office": "DINAS KESEHATAN",
    "unit": "UPT PUSKESMAS KERUAK",
    "address": "Jalan Raya Keruak 12",
    "contact": " ",
}
LINES = ["PEMERINTAH KABUPATEN LOMBOK TIMUR", "DINAS KESEHATAN", "UPT PUSKESMAS KERUAK", "Jalan Raya Keruak 12"]
KEPT = Letterhead(tuple(LINES[:3]), ("Jalan Raya Keruak 12",))


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.village()
    yield made
    made.close()


def lines(pdf: bytes, page: int = 0) -> list[str]:
    return [each.strip() for each in pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range().splitlines()]


def test_what_is_set_stands_above_the_titles_of_reports_from_its_month_on(ws: Workspace) -> None:
    first, other = of_village(ws)
    saves = ORDER.choose(ws, (first,), SET)
    made = reporting.pdf_bytes(reporting.monthly(ws, first, NOVEMBER))
    assert lines(made)[:5] == [*LINES, "Laporan bulanan Posyandu"]
    assert "DINAS KESEHATAN" not in lines(made, 1), "on the first page alone"
    assert made == reporting.pdf_bytes(reporting.monthly(ws, first, NOVEMBER)), "the same data give the same bytes"
    for kind in ("sip2", "rekap_dewasa", "indikator_usia", "pembinaan"):
        found = lines(reporting.pdf_bytes(reporting.build(ws, kind, first, NOVEMBER), "F4"))
        assert [line for line in found if line in LINES] == LINES, kind
    for post, month in ((first, OCTOBER), (other, NOVEMBER)):
        assert lines(reporting.pdf_bytes(reporting.monthly(ws, post, month)))[0] == "Laporan bulanan Posyandu"
    ORDER.take_back(ws, saves)
    assert reporting.monthly(ws, first, NOVEMBER).letterhead is None


def test_a_level_prints_the_letterhead_that_all_its_posts_have(ws: Workspace) -> None:
    both = of_village(ws)
    ORDER.choose(ws, both[:1], SET)
    assert levels.build(ws, "bulanan", VILLAGE, NOVEMBER).letterhead is None
    ORDER.choose(ws, both, SET)
    assert levels.build(ws, "bulanan", VILLAGE, NOVEMBER).letterhead == KEPT


def test_a_slip_prints_it_and_still_keeps_to_its_half(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    ws.posyandu_id = first
    ORDER.choose(ws, (first,), {**SET, "contact": "Telepon (0370) 640123"})
    raka = people.register(ws, {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5)})
    many = "\n".join(f"Alasan {number}: " + "kata " * 30 for number in range(30))
    answers = {**referrals.draft(ws, raka), "reasons": many, "not_examined": "x " * 200, "given": "y " * 90}
    referrals.refer(ws, raka, answers)
    record = referrals.find(ws, raka).record_id
    assert lines(referrals.slip(ws, raka, record, "A5"))[:6] == [
        *LINES,
        "Telepon (0370) 640123",
        "SURAT RUJUKAN POSYANDU",
    ]
    page = pypdfium2.PdfDocument(referrals.slip(ws, raka, record))[0].get_textpage()
    at = {words: page.search(words).get_next() for words in ("Pengantar", "Yang merujuk,")}
    (after, sign) = (page.get_charbox(found[0])[1] for found in at.values() if found)
    assert after > sign + 20 > 421, "nothing runs into the signature"
    assert sum("DINAS KESEHATAN" in line for line in page.get_text_range().splitlines()) == 1, "the answer has none"


def test_a_signed_version_keeps_its_own_and_another_is_a_reason_for_the_next(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    clock = ws._clock
    signed = month_lock.sign(ws, first, NOVEMBER, signer="Nurul")
    before = month_lock.signed_pdf(ws, first, signed)
    ws._clock = lambda: clock() + timedelta(minutes=5)
    ORDER.choose(ws, (first,), SET)
    assert month_lock.state(ws, first, NOVEMBER).code == "changed"
    assert month_lock.signed_pdf(ws, first, signed) == before
    (_figures, saves) = month_lock.changes(ws, first, signed)
    assert any("UPT PUSKESMAS KERUAK" in cell.text for row in saves.rows for cell in row)
    second = month_lock.sign(ws, first, NOVEMBER, signer="Nurul", reason="kop surat")
    assert second.report.letterhead == KEPT
    assert lines(month_lock.signed_pdf(ws, first, second))[:4] == LINES


def test_without_any_line_nothing_is_printed_again(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    assert ORDER.words(ws, (first,)) == "Tanpa kop."
    ORDER.choose(ws, (first,), SET)
    assert ORDER.words(ws, (first,)).startswith(f"{', '.join(LINES)}; mulai 01-11-2026 menurut Tata naskah dinas")
    ORDER.choose(ws, (first,), {"since_on": melati.TODAY, "source": "Surat lain"})
    assert letterheads.letterhead(ws, first, date(2026, 11, 11)) == KEPT
    assert letterheads.letterhead(ws, first, melati.TODAY) is None
    assert ORDER.words(ws, (first,)).startswith("Tanpa kop; mulai 12-11-2026")


def test_only_who_looks_after_several_posts_sets_it(ws: Workspace) -> None:
    ws.worker = Worker("k", "Sari", "kader")
    with pytest.raises(BadInput, match="Kop surat ditetapkan oleh bidan"):
        ORDER.choose(ws, of_village(ws), SET)
    assert not records.load_many(ws.db, FORM, withdrawn=True)
