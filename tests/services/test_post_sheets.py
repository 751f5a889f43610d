"""The sheets about the post: what stands in them is what the book says, on paper as on screen."""

import hashlib
from collections.abc import Iterator
from datetime import date

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.forms import FORMS, activity
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.reports import care_sheet
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Table
from posyandu.services import home_visits, levels, post_affairs, post_sheets, referrals, reporting, social, workspace
from posyandu.services.sample import affairs, book, doses, village
from posyandu.services.standing import standing
from posyandu.services.workspace import Workspace
from posyandu.storage import reference
from tests.services import melati
from tests.services.melati import POST, TODAY

OCTOBER = Month(2026, 10)
NOVEMBER = Month(2026, 11)


@pytest.fixture(scope="module")
def village_ws() -> Iterator[Workspace]:
    """One made-up post with fourteen months of everything."""
    ws = workspace.in_memory(post=None)
    tables, schedule = reference.growth_tables(), reference.shipped_standards().on(OCTOBER.last).immunisation
    entries = village.one_post(2026, 0, village.PLACES[0], tables, months=14, until=OCTOBER)
    book.write(ws.db, affairs.added(2026, doses.added(2026, entries, schedule, OCTOBER.last)), ws.author)
    ws.posyandu_id = village.post_id(2026, 0)
    yield ws
    ws.close()


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


def table(sheet: Sheet, code: str) -> Table:
    return next(each for each in sheet.tables if each.code == code)


def column(of: Table, name: str) -> list[Cell]:
    return [row[of.column(name)] for row in of.rows]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(text.split())


# --- all of them


@pytest.mark.parametrize("code", post_sheets.KINDS)
def test_each_is_offered_and_prints_what_its_tables_say_the_same_each_time(village_ws: Workspace, code: str) -> None:
    assert code in {kind.code for kind in reporting.kinds()}
    made = [reporting.build(village_ws, code, village_ws.posyandu_id, OCTOBER) for _time in range(2)]
    pdfs = [reporting.pdf_bytes(each) for each in made]
    assert hashlib.sha256(pdfs[0]).digest() == hashlib.sha256(pdfs[1]).digest()
    printed = text_of(pdfs[0])
    for each in made[0].tables:
        for row in each.rows:
            for cell in row:
                words = [word for word in cell.text.split() if len(word) < 12]  # longer ones may be hyphenated
                assert all(word in printed for word in words), (each.code, cell.text)


@pytest.mark.parametrize("code", post_sheets.KINDS)
def test_each_can_be_made_of_an_empty_book(ws: Workspace, code: str) -> None:
    assert reporting.pdf_bytes(reporting.build(ws, code, POST, NOVEMBER)).startswith(b"%PDF")


def test_no_other_code_is_known(ws: Workspace) -> None:
    with pytest.raises(KeyError):
        post_sheets.build(ws, "cuaca", POST, NOVEMBER)


# --- strata


def test_the_strata_sheet_has_eight_indicators_with_limit_verdict_and_people(village_ws: Workspace) -> None:
    sheet = post_sheets.build(village_ws, "strata", village_ws.posyandu_id, OCTOBER)
    found = table(sheet, "strata")
    stands = standing(village_ws, village_ws.posyandu_id, OCTOBER)
    assert found.title == stands.strata.headline
    assert len(found.rows) == 8
    assert column(found, "limit")[0].text == "Madya: ≥ 8 hari"
    for cell, verdict, missing in zip(
        column(found, "figure"), column(found, "met"), column(found, "missing"), strict=True
    ):
        assert cell.text
        assert verdict.text in ("Ya", "Belum", "Belum diketahui")
        assert bool(missing.text) == (verdict.text != "Ya")
    behind = {cell.text: len(cell.people) for cell in column(found, "figure")}
    assert behind[stands.indicators["kia"].figure] == len(
        {*stands.indicators["kia"].counted, *stands.indicators["kia"].lacking}
    )
    assert len(table(sheet, "aktif").rows) == 5
    assert column(table(sheet, "aktif"), "limit")[3].text == "ada"


# --- stock


def test_the_stock_sheet_tells_unknown_from_nought_and_names_differences(ws: Workspace) -> None:
    post_affairs.set_stock(ws, POST, "zinc", NOVEMBER, "received", 50)
    post_affairs.set_stock(ws, POST, "vitamin_a_red", NOVEMBER - 1, "counted", 10)
    post_affairs.set_stock(ws, POST, "vitamin_a_red", NOVEMBER, "used", 4)
    post_affairs.set_stock(ws, POST, "vitamin_a_red", NOVEMBER, "counted", 7)
    found = table(post_sheets.build(ws, "stok", POST, NOVEMBER), "stok")
    assert [cell.text for cell in column(found, "item")] == ["Vitamin A merah", "Zinc"]
    assert [cell.value for cell in column(found, "expected")] == [6, None]
    assert [cell.text for cell in column(found, "expected")] == ["6", "–"]
    assert column(found, "difference")[0].value == 1
    assert "berbeda dari kunjungan" in column(found, "note")[0].text
    assert column(found, "note")[1].text == "Hitung sekali supaya sisanya diketahui."


# --- six fields


def test_the_six_fields_count_activities_reports_and_the_visits(ws: Workspace) -> None:
    for told in (
        {"held_on": date(2026, 11, 3), "kind": "clean_up", "field": "public_works", "participants": 12},
        {"held_on": date(2026, 11, 5), "kind": "education", "participants": 20},
        {"held_on": date(2026, 10, 5), "kind": "education", "field": "social", "participants": 99},
    ):
        post_affairs.save(ws, activity.FORM, told)
    social.open_ticket(
        ws,
        {
            "kind": "dropout", "finding": "Tidak sekolah sejak Juli", "consent": "agreed", "urgency": "normal",
            "noted_on": TODAY, "place": "RT 02",
        },
    )  # fmt: skip
    child = melati.child(ws)
    melati.weighed(ws, child, date(2026, 11, 5), 9_000, referral="puskesmas")
    sheet = post_sheets.build(ws, "spm", POST, NOVEMBER)
    found = table(sheet, "spm")
    assert [cell.value for cell in column(found, "activities")] == [0, 1, 1, 0, 0, 0, 2]
    assert [cell.value for cell in column(found, "participants")] == [0, 20, 12, 0, 0, 0, 32]
    assert [cell.value for cell in column(found, "received")] == [1, 0, 0, 0, 0, 0, 1]
    health = table(sheet, "spm_kesehatan").rows[0]
    assert [cell.value for cell in health[1:]] == [1, 1, 1]
    assert health[3].people[0].id == child
    assert len(table(sheet, "spm_kegiatan").rows) == 2


# --- coaching


def test_the_coaching_sheet_fits_one_page_and_names_whom_to_look_after(village_ws: Workspace) -> None:
    sheet = post_sheets.build(village_ws, "pembinaan", village_ws.posyandu_id, OCTOBER)
    assert len(pypdfium2.PdfDocument(reporting.pdf_bytes(sheet))) == 1
    good, poor = table(sheet, "baik"), table(sheet, "perbaiki")
    assert 1 <= len(good.rows) <= 3
    assert 1 <= len(poor.rows) <= 2
    for figure, advice in zip(column(poor, "figure"), column(poor, "advice"), strict=True):
        assert advice.text
        assert figure.people
    named = [ref for cell in column(table(sheet, "nama"), "names") for ref in cell.people]
    assert {ref.id for ref in named} <= {ref.id for cell in column(poor, "figure") for ref in cell.people}
    notes = {row[0].text: row[1].text for row in table(sheet, "catatan").rows}
    assert notes["Strata"].startswith(("Strata", "Paling sedikit"))
    assert notes["Stok"]
    assert notes["Kesepakatan"] == ""


def test_vitamin_a_is_coached_in_its_months_alone(village_ws: Workspace) -> None:
    from posyandu.reports.coaching_sheet import points
    from posyandu.services import quality

    post = village_ws.posyandu_id
    for month, asked in ((Month(2026, 8), True), (OCTOBER, False)):
        stands = standing(village_ws, post, month)
        rule = stands.data.rules.coaching
        codes = {each.code for each in points(stands, quality.of_month(village_ws, post, month), rule.goals)}
        assert ("vitamin_a" in codes) is asked


def test_with_nothing_measured_nothing_is_praised_or_blamed(ws: Workspace) -> None:
    sheet = post_sheets.build(ws, "pembinaan", POST, NOVEMBER)
    assert table(sheet, "baik").rows == ()
    assert table(sheet, "perbaiki").rows == ()
    assert table(sheet, "perbaiki").empty == "Belum ada yang dapat dinilai di bulan ini."
    assert (
        "Mutu pengukuran" in {row[0].text: row[1].text for row in table(sheet, "catatan").rows}["Belum dapat dinilai"]
    )


# --- talking points


def test_talking_points_compare_months_and_name_who_was_not_weighed_by_place(ws: Workspace) -> None:
    one = melati.child(ws, "Ani", date(2025, 5, 5), hamlet="Gubuk", rt="01")
    two = melati.child(ws, "Budi", date(2025, 6, 5), hamlet="Gubuk", rt="02")
    melati.weighed(ws, one, date(2026, 10, 5), 9_000)
    melati.weighed(ws, one, date(2026, 11, 5), 9_000)
    melati.weighed(ws, two, date(2026, 11, 6), 9_000)
    sheet = post_sheets.build(ws, "pokok_bicara", POST, NOVEMBER)
    day = table(sheet, "skdn_hari")
    assert [cell.text for cell in day.rows[0][1:3]] == ["2 dari 2 (100,0%)", "1 dari 2 (50,0%)"]
    assert day.rows[0][3].text == "Naik 50 poin dari bulan lalu. Terima kasih."
    (point, *_rest) = column(table(sheet, "pokok_bicara"), "say")
    assert point.text.startswith("1 balita tidak naik")
    assert [ref.id for ref in point.people] == [one]
    assert table(sheet, "tidak_datang").rows == ()
    later = post_sheets.build(ws, "pokok_bicara", POST, NOVEMBER + 1)
    assert [cell.text for cell in column(table(later, "tidak_datang"), "place")] == ["Gubuk 01", "Gubuk 02"]
    assert day.rows[1][3].text != table(later, "skdn_hari").rows[1][3].text


def test_there_are_never_more_than_three_points(village_ws: Workspace) -> None:
    sheet = post_sheets.build(village_ws, "pokok_bicara", village_ws.posyandu_id, OCTOBER)
    found = column(table(sheet, "pokok_bicara"), "say")
    assert 1 <= len(found) <= 3
    assert all(cell.people and cell.text.startswith(f"{len(cell.people)} ") for cell in found)


def test_every_form_of_the_post_is_in_the_book() -> None:
    assert {"training", "competence", "stock", "activity", "fund"} <= set(FORMS)


# --- SIP Format 7


def test_sip_7_lists_posyandu_days_and_activities_of_the_year_in_order(ws: Workspace) -> None:
    child = melati.child(ws)
    melati.weighed(ws, child, date(2026, 10, 5), 9_000)
    garden = {"held_on": date(2026, 9, 3), "kind": "garden", "topic": "Kelor", "kader_present": 4, "participants": 15}
    post_affairs.save(ws, activity.FORM, garden)
    post_affairs.save(ws, activity.FORM, {"held_on": date(2025, 9, 3), "kind": "paud"})
    (found,) = reporting.build(ws, "sip7", POST, NOVEMBER).tables
    filled = [row for row in found.rows if row[1].text]
    assert [[cell.text for cell in row] for row in filled] == [
        ["1", "03-09-2026", "TOGA atau kebun gizi: Kelor", "4", "15 peserta"],
        ["2", "05-10-2026", "Hari Posyandu", "", ""],
    ]


# --- many posts


def test_the_strata_of_a_village_are_listed_and_counted_and_other_sheets_are_of_one_post() -> None:
    ws = workspace.in_memory(post=None)
    entries = village.generate(
        5, reference.growth_tables(), posts=2, months=3, until=OCTOBER, places=village.PLACES[:1]
    )
    book.write(ws.db, affairs.added(5, entries), ws.author)
    code = next(each.code for each in levels.levels(ws) if each.kind == "village")
    sheet = levels.build(ws, "strata", code, OCTOBER)
    assert isinstance(sheet, Sheet)
    listed = table(sheet, "strata_desa")
    stands = [standing(ws, village.post_id(5, number), OCTOBER).strata for number in range(2)]
    assert len(listed.rows) == 2
    assert {row[2].text.rpartition(" ")[2] for row in listed.rows} == {each.stage.label for each in stands}
    assert {row[4].text for row in listed.rows} == {
        "; ".join(judged.indicator.label for judged in each.blocking) for each in stands
    }
    numbers = {row[0].text: row[1].value for row in table(sheet, "strata_jumlah").rows}
    for label in ("Pratama", "Madya", "Purnama", "Mandiri"):
        assert numbers[label] == sum(each.stage.label == label for each in stands)
    assert reporting.pdf_bytes(sheet).startswith(b"%PDF")
    with pytest.raises(NotFound, match="satu Posyandu"):
        levels.build(ws, "stok", code, OCTOBER)
    ws.close()


# --- referrals and home visits


def test_the_register_of_referrals_says_what_came_back_and_hides_those_to_uptd_ppa(ws: Workspace) -> None:
    raka, wulan = melati.child(ws), melati.woman(ws)
    told = {"reasons": "LiLA merah\nBGM", "destination": "puskesmas", "urgency": "today", "referred_on": TODAY}
    referrals.refer(ws, raka, told)
    referrals.refer(ws, raka, told | {"reasons": "2T"})
    referrals.refer(ws, wulan, told | {"destination": "uptd_ppa"})
    sent = referrals.of_person(ws, raka)[0]
    referrals.answer(ws, sent, {"came": "came", "came_on": TODAY, "diagnosis": "Gizi kurang"})
    sheet = post_sheets.build(ws, "rujukan", POST, NOVEMBER)
    register = table(sheet, "rujukan")
    assert [cell.text for cell in column(register, "name")] == ["Raka Aditya", "Raka Aditya"]
    assert {cell.text for cell in column(register, "reason")} == {"LiLA merah; BGM", "2T"}
    assert {cell.text for cell in column(register, "urgency")} == {"Hari ini juga"}
    assert sum("Gizi kurang" in cell.text for cell in column(register, "answer")) == 1
    counted = [(row[0].text, row[1].value) for row in table(sheet, "jumlah_rujukan").rows]
    assert counted == [
        ("Dirujuk", 1),
        ("Datang ke tempat rujukan", 1),
        ("Tidak datang", 0),
        ("Belum ada jawaban", 1),
    ], "each figure counts people"
    assert "Wulan" not in text_of(reporting.pdf_bytes(sheet))
    assert post_sheets.build(ws, "rujukan", POST, OCTOBER).tables[1].rows == ()
    assert len(pypdfium2.PdfDocument(reporting.pdf_bytes(sheet))) == 1, "a few names take one page"


def test_home_visits_are_counted_by_reason_and_week_and_what_they_found_is_listed(ws: Workspace) -> None:
    raka, other = melati.child(ws), melati.child(ws, "Adik Raka")
    for person, day, answers in (
        (raka, 1, {"why": "absent", "danger_weak": True, "gap_kia_book": False, "plan": "Antar ke Pustu"}),
        (raka, 7, {"why": "absent", "result": "open", "next_on": date(2026, 11, 20)}),
        (other, 8, {}),
    ):
        visit = home_visits.open_visit(ws, person, CHECKLISTS["home_child"])
        home_visits.record(ws, visit, {"visited_on": date(2026, 11, day), **answers})
    sheet = post_sheets.build(ws, "kunjungan_rumah", POST, NOVEMBER)
    recap, found = sheet.tables
    by_reason = {row[0].text: [cell.value for cell in row[1:]] for row in recap.rows}
    assert by_reason["Tidak mengakses pelayanan"] == [1, 0, 0, 0, 0, 1], "the same child twice in a week is one person"
    assert by_reason["Belum diisi"] == [0, 1, 0, 0, 0, 1]
    assert by_reason["Semua"] == [1, 1, 0, 0, 0, 2]
    assert [ref.name for ref in recap.rows[-1][-1].people] == ["Raka Aditya", "Adik Raka"]
    assert [cell.text for cell in column(found, "danger")] == ["Lemah", "", ""]
    assert column(found, "gap")[0].text == "Belum: punya Buku KIA"
    assert column(found, "plan")[0].text == "Antar ke Pustu"
    assert column(found, "result")[1].text == "Belum selesai, kembali 20-11-2026"


@pytest.mark.parametrize(("day", "week"), [(1, 1), (7, 1), (8, 2), (28, 4), (29, 5), (31, 5)])
def test_a_month_has_five_weeks_from_its_first_day(day: int, week: int) -> None:
    assert care_sheet.week_of(date(2026, 10, day)) == week
