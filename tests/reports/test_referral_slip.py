"""The referral slip: to whom, who, why and what was found; its other half blank, or as it was answered."""

import itertools
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from posyandu.domain.fields import Answers
from posyandu.reports.paper import MM, Document, Page, PaperName
from posyandu.reports.referral_slip import Slip, slip_pdf

ON = date(2026, 11, 12)
POST = {
    "name": "Posyandu Melati",
    "place": "Dusun Timur, Desa Gerung",
    "puskesmas": "Puskesmas Gerung",
    "pustu": "Pustu Timur",
    "midwife": "Bd. Rina",
}
PERSON = (("Nama", "Raka Putra"), ("NIK", "5201010101250001"), ("Umur", "1 tahun 4 bulan"), ("Alamat", "RT 01"))
SENT: Answers = {
    "destination": "puskesmas",
    "urgency": "today",
    "reasons": "LiLA merah",
    "measured": "Berat badan 7,0 kg, LiLA 11,2 cm",
    "companion": "Ibu Wulan",
    "referred_by": "Bu Sri",
}


def pages(size: PaperName = "A4", place: str = "Puskesmas", **answers: object) -> list[str]:
    slip = Slip(POST, PERSON, "Raka Putra", ON, place, {**SENT, **answers})  # type: ignore[arg-type]
    content = slip_pdf(slip, size)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(BytesIO(content))]


def test_one_a4_holds_both_halves_and_says_where_to_cut() -> None:
    (text,) = pages()
    order = ["SURAT RUJUKAN POSYANDU", "gunting di sini", "JAWABAN RUJUKAN (RUJUK BALIK)"]
    assert all(words in text for words in order)
    assert "Halaman" not in text


def test_on_a5_each_half_is_a_page_of_its_own() -> None:
    slip, answer = pages("A5")
    assert "SURAT RUJUKAN POSYANDU" in slip
    assert "JAWABAN RUJUKAN" in answer
    assert "gunting" not in slip + answer


def test_the_slip_says_to_whom_when_how_soon_and_why() -> None:
    (text,) = pages()
    for words in (
        "Posyandu Melati, Dusun Timur, Desa Gerung",
        "Petugas kesehatan di Puskesmas Gerung",
        "Kamis, 12 November 2026",
        "Mohon diperiksa Hari ini juga",
        "Raka Putra",
        "5201010101250001",
        "1 tahun 4 bulan",
        "Alasan dirujuk LiLA merah",
        "Hasil pemeriksaan Berat badan 7,0 kg, LiLA 11,2 cm",
        "Pengantar Ibu Wulan",
        "Bu Sri",
        "penapisan, bukan diagnosis",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("destination", "place", "to"),
    [
        ("puskesmas", "Puskesmas", "di Puskesmas Gerung"),
        ("pustu", "Pustu", "di Pustu Timur"),
        ("hospital", "RSUD Gerung", "di RSUD Gerung"),
        ("other", "Praktik Bd. Ani", "di Praktik Bd. Ani"),
    ],
)
def test_the_place_is_named_once(destination: str, place: str, to: str) -> None:
    (text,) = pages(place=place, destination=destination)
    assert to in text
    assert "Puskesmas Puskesmas" not in text
    assert "Pustu Pustu" not in text


@pytest.mark.parametrize(
    ("urgency", "words"),
    [
        ("today", "Hari ini juga"),
        ("days", "Dalam 3 hari"),
        ("week", "Dalam seminggu"),
        ("routine", "Bila sempat, bulan ini"),
        (None, "pada kesempatan pertama"),
    ],
)
def test_how_soon_is_said(urgency: str | None, words: str) -> None:
    assert f"Mohon diperiksa {words}" in pages(urgency=urgency)[0]


@pytest.mark.parametrize(
    ("answers", "there", "missing"),
    [
        ({"not_examined": "tekanan darah"}, "Belum diperiksa tekanan darah", ""),
        ({"given": "Diberi oralit"}, "Sudah dilakukan Diberi oralit", ""),
        ({}, "", "Belum diperiksa"),
        ({}, "", "Sudah dilakukan"),
        ({"measured": None}, "Hasil pemeriksaan -", ""),
    ],
)
def test_a_line_stands_only_where_there_is_something_to_say(answers: dict[str, str], there: str, missing: str) -> None:
    (text,) = pages(**answers)
    assert there in text
    assert not missing or missing not in text


def test_the_other_half_has_room_to_write_until_it_was_answered() -> None:
    blank, answered = pages("A5")[1], pages("A5", came="came", diagnosis="Gizi buruk")[1]
    for words in ("Diperiksa tanggal", "Nasihat untuk kader", "Dirawat inap", "Dirujuk lebih lanjut"):
        assert words in blank
        assert words not in answered
    assert "Untuk Kader Posyandu Melati" in blank
    assert "Dirujuk tanggal 12-11-2026 ke Puskesmas" in blank


@pytest.mark.parametrize(("paper", "half"), [("A4", 0), ("A5", 1)])
def test_a_health_worker_has_the_height_of_a_hand_on_every_line(
    paper: PaperName, half: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Page] = []
    new = Document.page

    def kept(document: Document, *, landscape: bool = False, bookmark: str = "") -> Page:
        made.append(new(document, landscape=landscape, bookmark=bookmark))
        return made[-1]

    monkeypatch.setattr(Document, "page", kept)
    slip_pdf(Slip(POST, PERSON, "Adi", ON, "Puskesmas", SENT), paper)
    at = {text: y for _x, y, text, *_style in made[half].words}
    lines = sorted(y for _x0, y, _x1, _y, width, _colour in made[half].strokes if width == 0.35)
    written = [y for y in lines if y < at["Diperiksa tanggal"] + 2]
    assert len(written) == 8
    assert all(above - below >= 7 * MM for below, above in itertools.pairwise(written))
    assert at["Petugas kesehatan,"] < written[0] - 14 * MM, "the boxes stand between"


def test_who_goes_along_can_be_written_by_hand_when_nobody_is_named() -> None:
    assert pages("A5", companion="Ibu Rina")[0].count("Pengantar Ibu Rina") == 1
    assert "Pengantar Ibu" not in pages("A5", companion=None)[0]
    assert pages("A5", companion=None)[0].count("Pengantar") == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (
            {
                "came": "came",
                "came_on": date(2026, 11, 13),
                "examined_by": "dr. Ayu",
                "diagnosis": "Gizi buruk tanpa komplikasi",
                "treatment": "RUTF 2 minggu",
                "control_on": date(2026, 11, 27),
            },
            [
                "Keadaan Datang 13-11-2026",
                "Diperiksa oleh dr. Ayu",
                "Diagnosis Gizi buruk tanpa komplikasi",
                "Pengobatan, nasihat RUTF 2 minggu",
                "Kontrol tanggal 27-11-2026",
            ],
        ),
        ({"came": "came"}, ["Keadaan Datang ", "Kontrol tanggal -"]),
        ({"came": "not_came", "why_not": "Tidak ada kendaraan"}, ["Tidak datang", "Diagnosis Tidak ada kendaraan"]),
    ],
)
def test_what_came_back_is_printed_word_by_word(answers: dict[str, object], words: list[str]) -> None:
    text = pages("A5", **answers)[1]
    assert [each for each in words if each not in text] == []


def test_reasons_too_long_for_the_half_end_with_an_ellipsis_and_stay_above_the_signature() -> None:
    (text,) = pages(reasons=" ".join(f"alasan {number}" for number in range(400)))
    assert "…" in text
    assert "alasan 0 alasan 1" in text
    assert "alasan 399" not in text
    assert "Yang merujuk," in text


def test_a_name_of_two_lines_moves_the_facts_below_it() -> None:
    long = (("Nama", "Muhammad Al Fatih Ramadhan Putra Wijaya Kusuma Ningrat"), ("NIK", "1"), ("Umur", "2 tahun"))
    slip = Slip(POST, long, "Muhammad", ON, "Puskesmas", SENT)
    document = pypdfium2.PdfDocument(BytesIO(slip_pdf(slip)))
    text = document[0].get_textpage()
    rects = [text.get_rect(number) for number in range(text.count_rects())]
    boxes = {text.get_text_bounded(*rect).strip(): rect for rect in rects}
    second = next(rect for words, rect in boxes.items() if "Ningrat" in words)
    nik = boxes["NIK"]
    assert nik[3] <= second[1] + 1, "the label of the next fact is below the second line of the name"


def test_the_same_slip_has_the_same_bytes() -> None:
    slip = Slip(POST, PERSON, "Raka", ON, "Puskesmas", SENT)
    assert slip_pdf(slip) == slip_pdf(slip)
