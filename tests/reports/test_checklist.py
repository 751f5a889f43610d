"""A home-visit checklist on paper: blank lines to write on, or what was answered, and red signs last."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from posyandu.domain.fields import Answers, Choice, YesNo
from posyandu.domain.forms.home_visit import ADULT, CHECKLISTS, INFANT, PREGNANT
from posyandu.reports import checklist
from posyandu.reports.checklist import checklist_pdf
from posyandu.reports.paper import MM, Document
from posyandu.reports.pdf_table import AIRS, start
from posyandu.text import use_catalogue

FACTS = (("Nama", "Siti Aisyah"), ("NIK", ""), ("Alamat", "Dusun Timur RT 01"))


def text(form: object = PREGNANT, facts: tuple[tuple[str, str], ...] = FACTS, **answers: object) -> str:
    content = checklist_pdf(form, facts, answers)  # type: ignore[arg-type]
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(content)))
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=CHECKLISTS)
def test_every_question_of_every_checklist_is_on_its_paper(form: object) -> None:
    found = text(form)
    for field in form.fields.values():  # type: ignore[attr-defined]
        assert " ".join(field.label.split()[:4]) in found, field.name
    assert "Satu tanda bahaya saja: rujuk hari ini juga." in found
    assert f"Formulir versi {form.version}, berlaku sejak " in found  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=CHECKLISTS)
def test_a_blank_checklist_is_one_page(form: object) -> None:
    facts = [("Posyandu", "Melati"), *((f"Baris {number}", "") for number in range(6))]
    assert len(pypdfium2.PdfDocument(BytesIO(checklist_pdf(form, facts, {})))) == 1  # type: ignore[arg-type]


def test_spans_of_age_have_the_dash_of_print_in_the_title() -> None:
    assert "Kunjungan rumah: bayi 0–6 bulan" in text(INFANT)


def test_the_first_heading_keeps_its_distance_from_the_facts() -> None:
    page = pypdfium2.PdfDocument(BytesIO(checklist_pdf(PREGNANT, FACTS, {})))[0].get_textpage()
    boxes = {page.get_text_bounded(*box).strip(): box for box in map(page.get_rect, range(page.count_rects()))}
    assert boxes["Alamat"][1] - boxes["Kunjungan"][3] > 4 * MM


def lines_to_write_on(form: object, facts: object, **answers: object) -> list[float]:
    """The lengths in millimetres of the lines drawn to write on; above each is room for a hand."""
    here = start(Document("Uji", "A4"))
    checklist._sheet(here, form, facts, answers, foot="", air=AIRS[-1])  # type: ignore[arg-type]
    (page,) = here.document.pages
    drawn = [(x0, x1, y) for x0, y, x1, _y, width, _colour in page.strokes if width == 0.35]
    heights = [y for _x, y, *_style in page.words] + [y for _x0, _x1, y in drawn]
    for _x0, _x1, y in drawn:
        assert min(each - y for each in heights if each - y > MM) > 6.4 * MM
    return [(x1 - x0) / MM for x0, x1, _y in drawn]


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=CHECKLISTS)
def test_a_hand_has_room_on_every_line_of_a_blank_sheet(form: object) -> None:
    facts = [("Posyandu", "Melati"), *((f"Baris {number}", "") for number in range(6))]
    drawn = lines_to_write_on(form, facts)
    asked = [field for field in form.fields.values() if not isinstance(field, YesNo | Choice)]  # type: ignore[attr-defined]
    assert len(drawn) == 6 + len(asked)
    assert min(drawn) > 17
    assert sum(each > 100 for each in drawn) == 3, "for education, plan and note"


def test_a_blank_sheet_has_empty_boxes_and_the_units_of_its_numbers() -> None:
    found = text()
    assert "Siti Aisyah" in found
    assert "[X]" not in found
    assert "Suhu (°C):" in found
    assert found.count("[ ]") == 4 + 6 + 3 + 2, "SAJI, why, result, and whether a health worker came"
    assert len(lines_to_write_on(PREGNANT, FACTS)) == 1 + 8, "NIK, and what is written of the visit"
    assert len(lines_to_write_on(PREGNANT, FACTS, visit_number=2)) == 1 + 7


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=CHECKLISTS)
def test_no_box_stands_at_the_end_of_a_line_without_its_words(form: object) -> None:
    document = pypdfium2.PdfDocument(BytesIO(checklist_pdf(form, FACTS, {})))  # type: ignore[arg-type]
    lines = [line.rstrip() for page in document for line in page.get_textpage().get_text_range().splitlines()]
    document.close()
    assert not [line for line in lines if line.endswith("]")]


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=CHECKLISTS)
def test_the_boxes_to_tick_of_all_questions_stand_in_line(form: object) -> None:
    here = start(Document("Uji", "A4"))
    checklist._sheet(here, form, FACTS, {}, foot="", air=1.0)  # type: ignore[arg-type]
    places = [x for page in here.document.pages for x, _y, text, *_style in page.words if text == "Tidak"]
    assert len(places) == 2
    assert len({round(x, 2) for x in places}) == 1


def test_what_was_answered_is_ticked_and_written() -> None:
    found = text(
        visited_on=date(2026, 11, 12),
        visit_number=3,
        why="danger",
        temperature_tenth_c=376,
        saji_greet=True,
        saji_talk=False,
        health_worker_came=False,
        education="Minum TTD tiap malam",
        result="open",
        next_on=date(2026, 11, 19),
    )
    assert "Tanggal kunjungan: 12-11-2026" in found
    assert "Kunjungan ke: 3" in found
    assert "Suhu: 37,6 °C" in found
    assert "[X] Ada tanda bahaya" in found
    assert "[X] Salam" in found
    assert "[ ] Ajak bicara" in found
    assert "Dikunjungi tenaga kesehatan: [ ] Ya [X] Tidak" in found
    assert "Edukasi yang diberikan: Minum TTD tiap malam" in found
    assert "[X] Belum selesai" in found
    assert "Kunjungan berikutnya: 19-11-2026" in found


@pytest.mark.parametrize(("answer", "marks"), [(True, 1), (False, 1), (None, 0)])
def test_a_question_has_a_cross_under_yes_or_no_or_none_at_all(answer: bool | None, marks: int) -> None:
    name = next(field.name for field in INFANT.fields.values() if field.name.startswith("danger_"))
    assert text(INFANT, **{name: answer}).split().count("X") == marks


def test_what_was_examined_last_stands_in_pairs_with_the_unit_in_the_chosen_language() -> None:
    found = text(ADULT, pressure_on=date(2026, 3, 1), pressure_result="150/95")
    assert "01-03-2026" in found
    assert "150/95" in found
    use_catalogue({"Kunjungan rumah: usia dewasa": "Home visit: adults", "Kunjungan ke": "Visit no."})
    assert "Home visit: adults" in text(ADULT)
    assert "Visit no.: 2" in text(ADULT, visit_number=2)


def test_the_same_answers_print_the_same_bytes() -> None:
    answers: Answers = {"visited_on": date(2026, 11, 12)}
    assert checklist_pdf(PREGNANT, FACTS, answers) == checklist_pdf(PREGNANT, FACTS, answers)
    assert any(isinstance(field, YesNo) for field in PREGNANT.fields.values())
