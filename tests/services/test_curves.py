"""Curves of one person, small KMS of a whole post, strips for a day without power: real PDFs, read back."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import curves, levels, people, reporting, review, sessions
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import NOW, POST, TODAY, child, post, weighed


@pytest.fixture
def ws() -> Workspace:
    return post()


def words(content: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(BytesIO(content))]


def keep(ws: Workspace, form: str, person_id: str, on: date, **answers: Value | None) -> None:
    records.save(
        ws.db, FORMS[form], records.new_id(), {"visited_on": on, **answers},
        scope=POST, author=ws.author, now=NOW, links={"person_id": person_id},
    )  # fmt: skip


def pupil(ws: Workspace) -> str:
    ayu = people.register(ws, {"name": "Ayu", "sex": "female", "born_on": date(2013, 11, 12)})
    keep(ws, "school_visit", ayu, date(2024, 11, 12), weight_g=35_000, height_mm=1_400)
    keep(ws, "school_visit", ayu, TODAY, weight_g=38_000, height_mm=1_550)
    return ayu


def test_a_pupil_gets_body_mass_by_age_from_five_to_nineteen(ws: Workspace) -> None:
    (chart,) = curves.charts(ws, pupil(ws))
    assert (chart.x_from, chart.x_to, chart.x_label) == (60.0, 228.0, "Umur (tahun)")
    assert [tick.label for tick in chart.x_ticks][:3] == ["5", "6", "7"]
    assert [(round(point.x), round(point.y, 2)) for point in chart.points] == [(132, 17.86), (156, 15.82)]
    assert [line.label for line in chart.lines if line.label] == ["−2 SD", "Tengah", "+1 SD", "+2 SD"]
    assert chart.spoken.startswith("Indeks massa tubuh menurut umur: 15,8 kg/m²")
    (page,) = words(curves.curves_bytes(ws, chart_of := people.search(ws, "Ayu")[0].id))
    assert "Indeks massa tubuh menurut umur" in page
    assert curves.curves_bytes(ws, chart_of) == curves.curves_bytes(ws, chart_of)


def test_body_mass_of_a_day_with_a_wrong_scale_is_crossed_out_for_pupils_too(ws: Workspace) -> None:
    ayu = pupil(ws)
    day = sessions.open_day(ws, POST, TODAY, {})
    visit = next(row for row in records.load_many(ws.db, FORMS["school_visit"], person_id=ayu)
                 if row.answers["visited_on"] == TODAY)  # fmt: skip
    records.save(
        ws.db, FORMS["school_visit"], visit.id, {}, scope=POST, author=ws.author, now=NOW, links={"session_id": day}
    )
    review.exclude(ws, day, "scale", "Timbangan rusak")
    (chart,) = curves.charts(ws, ayu)
    assert [point.wrong for point in chart.points] == [False, True]
    assert people.card(ws, ayu).assessments[-1].headline.endswith("Timbangan hari itu ternyata salah: timbang lagi.")


def test_the_lines_of_body_mass_are_those_of_the_notes_at_half_years(ws: Workspace) -> None:
    (chart,) = curves.charts(ws, pupil(ws))
    at = {line.z: dict(line.points) for line in chart.lines}
    assert [round(at[z][120.0], 1) for z in (-3, -2, 1, 2)] == [12.4, 13.5, 19.0, 22.6]
    assert [round(at[z][180.0], 1) for z in (-3, -2, 1, 2)] == [14.4, 15.9, 23.5, 28.2]


def test_a_child_gets_the_head_on_each_card_it_was_measured_on(ws: Workspace) -> None:
    raka = child(ws, born_on=date(2024, 1, 5), birth_head_mm=340)
    keep(ws, "under_five_visit", raka, date(2024, 7, 5), head_mm=433)
    keep(ws, "under_five_visit", raka, date(2026, 7, 5), head_mm=485)
    first, second = curves.charts(ws, raka)
    assert [len(each.points) for each in (first, second)] == [2, 1]
    at = {line.z: dict(line.points) for line in first.lines}
    assert [round(at[z][6.0], 1) for z in (-2, 0, 2)] == [40.9, 43.3, 45.8]


def test_without_a_measurement_sex_or_person_nothing_is_drawn(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="Belum ada"):
        curves.curves_bytes(ws, child(ws))
    with pytest.raises(NotFound):
        curves.curves_bytes(ws, "nobody")
    nameless = records.new_id()
    records.save(ws.db, FORMS["person"], nameless, {"name": "X"}, scope=POST, author=ws.author, now=NOW)
    with pytest.raises(BadInput, match="Lengkapi"):
        curves.charts(ws, nameless)


def test_every_child_of_the_post_has_a_small_kms_eight_on_a_page(ws: Workspace, tmp_path: Path) -> None:
    for number in range(9):
        raka = child(ws, f"Anak {number}", rt="01")
        weighed(ws, raka, TODAY, 9_000 + number)
    child(ws, "Besar", date(2020, 1, 1))
    people.set_status(ws, child(ws, "Pindah"), "moved", date(2026, 11, 1))
    pages = words(curves.save_small_kms(ws, POST, tmp_path / "kms.pdf").read_bytes())
    assert len(pages) == 2
    assert all(f"Anak {number}" in pages[0] for number in range(8))
    assert "Anak 8" in pages[1]
    assert "Besar" not in " ".join(pages)
    assert "Pindah" not in " ".join(pages)


@pytest.mark.parametrize(
    ("weighed_on", "card"),
    [((), (24, 60)), ((date(2026, 10, 10),), (0, 24)), ((date(2026, 10, 10), TODAY), (24, 60))],
)
def test_a_child_just_turned_two_is_on_the_card_that_has_its_last_weight(
    ws: Workspace, weighed_on: tuple[date, ...], card: tuple[int, int]
) -> None:
    raka = child(ws, "Raka", date(2024, 11, 1), birth_weight_g=3_100)
    for on in weighed_on:
        weighed(ws, raka, on, 11_000)
    (page,) = words(curves.small_kms_bytes(ws, POST))
    months = page.split()
    assert ("60" in months, "0" in months) == (card[1] == 60, card[0] == 0)


def test_a_post_without_children_says_so_and_an_unknown_one_is_refused(ws: Workspace) -> None:
    assert "Belum ada balita" in words(curves.small_kms_bytes(ws, POST))[0]
    assert "Belum ada balita" in words(curves.strips_bytes(ws, POST, TODAY))[0]
    with pytest.raises(NotFound):
        curves.small_kms_bytes(ws, "mawar")


def test_both_papers_are_offered_as_reports_with_the_rows_as_a_table(ws: Workspace) -> None:
    raka = child(ws, "Raka", rt="01", mother_name="Sri")
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    kinds = {kind.code: kind for kind in reporting.kinds() if kind.group == "Sebelum hari buka"}
    assert [(kind.title, kind.period) for kind in kinds.values()] == [
        ("KMS kecil semua balita", "day"),
        ("Strip KMS untuk hari buka", "day"),
    ]
    for code in kinds:
        sheet = reporting.build(ws, code, POST)
        (table,) = sheet.tables
        (row,) = table.rows
        assert [person.id for cell in row for person in cell.people] == [raka]
        assert reporting.pdf_bytes(sheet, "F4", mono=True) == reporting.pdf_bytes(sheet, "F4", mono=True)
        in_colour = code == "kms_kecil"
        assert (reporting.pdf_bytes(sheet) != reporting.pdf_bytes(sheet, mono=True)) is in_colour
    (small,) = reporting.build(ws, "kms_kecil", POST).tables
    assert [cell.text for cell in small.rows[0]] == ["1", "Raka", "1 tahun 4 bulan, ibu Sri, RT 01", "9,2 (10-10-2026)"]


def test_a_month_gone_by_is_drawn_as_of_its_end_and_not_for_a_whole_village(ws: Workspace) -> None:
    raka = child(ws, "Raka")
    weighed(ws, raka, date(2026, 9, 10), 9_000)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    then = reporting.build(ws, "strip_kms", POST, Month(2026, 10))
    assert (then.period, then.stamp) == ("31-10-2026", "2026-10-31")
    assert then.tables[0].cell(0, "last").text == "9,0"
    with pytest.raises(NotFound, match="satu Posyandu"):
        levels.build(ws, "kms_kecil", levels.levels(ws)[0].code, Month(2026, 10))


def test_a_strip_tells_from_which_weight_on_the_child_gained(ws: Workspace, tmp_path: Path) -> None:
    raka, ani, budi = child(ws, "Raka"), child(ws, "Ani"), child(ws, "Budi")
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, ani, date(2026, 9, 10), 9_100)
    assert budi
    (page,) = words(curves.save_strips(ws, POST, TODAY, tmp_path / "strip.pdf").read_bytes())
    assert "Raka 1 tahun 4 bulan 9,2 200 9,4 8,5 11,8" in page
    assert "Ani 1 tahun 4 bulan 9,1 (Sep) O" in page
    assert "Budi 1 tahun 4 bulan B" in page
    assert "N T O B" in page


def test_todays_own_weight_is_not_the_last_one(ws: Workspace) -> None:
    raka = child(ws, "Raka")
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_900)
    assert "9,2 200 9,4" in words(curves.strips_bytes(ws, POST, TODAY))[0]
