from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest

from posyandu.domain import child
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.reports import monthly as pure
from posyandu.reports.monthly import MonthlyReport
from posyandu.services import post_curves, reporting, review, sessions, sheets, workspace
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace
from posyandu.storage import records, reference
from tests import recount, villages
from tests.services import melati

OCTOBER = Month(2026, 10)
POST = village.post_id(7, 0)


@pytest.fixture(scope="module")
def sample() -> Iterator[Workspace]:
    ws = workspace.in_memory(post=None)
    for number in (0, 1):
        entries = village.one_post(7, number, village.PLACES[0], reference.growth_tables(), months=18, until=OCTOBER)
        book.write(ws.db, entries, ws.author)
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def report(sample: Workspace) -> MonthlyReport:
    return reporting.monthly(sample, POST, OCTOBER)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = workspace.in_memory()
    yield made
    made.close()


def add(ws: Workspace, entity: str, answers: Answers, record_id: str = "", **links: str) -> str:
    record_id = record_id or records.new_id()
    records.save(ws.db, FORMS[entity], record_id, answers, links=links, scope="melati", author=ws.author, now=ws.now())
    return record_id


def test_the_report_from_the_book_equals_the_one_from_raw_rows(report: MonthlyReport) -> None:
    raw = pure.monthly(villages.monthly_data(villages.sample_book(7, 0), OCTOBER))
    for ours, theirs in zip((*report.tables, *report.lists), (*raw.tables, *raw.lists), strict=True):
        assert [[cell.text for cell in row] for row in ours.rows] == [
            [cell.text for cell in row] for row in theirs.rows
        ]
    assert [each.sentence for each in report.checks] == [each.sentence for each in raw.checks]


@pytest.mark.parametrize("number", [1, 2, 6, 9])
def test_every_month_of_the_book_equals_a_plain_recount(sample: Workspace, number: int) -> None:
    table = reporting.monthly(sample, POST, Month(2026, number)).skdn
    again = recount.skdn(villages.sample_book(7, 0), 2026, number)
    for row in table.rows[:7]:
        expected = {id_ for ids in again.get(row[0].text, {}).values() for id_ in ids}
        assert {person.id for person in row[-1].people} == expected


def test_the_tally_of_the_day_and_the_recap_of_the_month_tell_the_same(sample: Workspace) -> None:
    for day in sessions.recent(sample, POST, limit=8):
        report = reporting.monthly(sample, POST, Month.of(day.held_on))
        row = day.held_on.month - 1

        def both(kind: str, report: MonthlyReport = report, row: int = row) -> int:
            return sum(
                cell.value
                for table in report.recaps
                for column, cell in zip(table.columns, table.rows[row], strict=True)
                if column.name.startswith(kind) and isinstance(cell.value, int)
            )

        tally = sessions.tally(sample, day.id)
        moved_in, moved_out = moved_after(sample, day.held_on)
        targets = tally.targets + len(moved_in) - len(moved_out)
        assert (targets, tally.present) == (both("targets"), both("came"))


def moved_after(ws: Workspace, held_on: date) -> tuple[list[str], list[str]]:
    """Children who moved in or out after the posyandu day of a month: they count in the month where they are now, but
    for those who were served before they left.
    """
    rest = (held_on, Month.of(held_on).last)
    children = [
        row
        for row in records.load_many(ws.db, FORMS["person"], scope=POST)
        if isinstance(born := row.answers["born_on"], date) and born <= held_on and age_months(born, held_on) < 72
    ]
    served = {
        row.answers["person_id"]
        for row in records.load_many(ws.db, FORMS["under_five_visit"], scope=POST)
        if row.answers["visited_on"] in Month.of(held_on) and row.answers["source"] != "history"  # type: ignore[operator]
    }

    def is_after(day: object) -> bool:
        return isinstance(day, date) and rest[0] < day <= rest[1]

    moved_in = [row.id for row in children if is_after(row.answers["entered_on"])]
    moved_out = [
        row.id
        for row in children
        if row.answers["status"] == "moved" and is_after(row.answers["left_on"]) and row.id not in served
    ]
    return moved_in, moved_out


def test_months_known_only_by_weighings_copied_from_a_kms_are_not_recorded_months(ws: Workspace) -> None:
    child = add(ws, "person", {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5)})
    for month, source in ((3, "history"), (8, "session")):
        add(
            ws, "under_five_visit",
            {"visited_on": date(2026, month, 10), "weight_g": 9_000, "source": source}, person_id=child,
        )  # fmt: skip
    report = reporting.monthly(ws, "melati", OCTOBER)
    assert [bars.s for bars in report.balok.months[:8]] == [None] * 7 + [1], "D of March is unknown, not 0"
    assert [cell.text for cell in (report.recaps[0].cell(n, "targets_child") for n in (2, 6, 7))] == ["", "", "1"]


def test_a_post_counts_only_its_own_people(sample: Workspace, report: MonthlyReport) -> None:
    other = reporting.monthly(sample, village.post_id(7, 1), OCTOBER)
    ours = {person.id for person in report.skdn.rows[0][-1].people}
    theirs = {person.id for person in other.skdn.rows[0][-1].people}
    assert ours
    assert theirs
    assert not ours & theirs
    assert other.post_name != report.post_name


def test_the_head_names_the_village_up_to_the_province(report: MonthlyReport) -> None:
    head = dict(report.head)
    assert head["Provinsi"] == "Nusa Tenggara Barat"
    assert head["Kabupaten/kota"] == "Lombok Tengah"
    assert head["Desa/kelurahan"]
    assert head["Kecamatan"]


def test_the_other_blank_of_the_recap_can_be_chosen(sample: Workspace) -> None:
    assert len(reporting.monthly(sample, POST, OCTOBER, recap_bands="ilp_three").recaps[0].columns) == 36


def test_a_month_before_the_first_record_is_an_empty_report(sample: Workspace) -> None:
    report = reporting.monthly(sample, POST, Month(2024, 3))
    assert [row[-1].text for row in report.skdn.rows[6:7]] == ["–"]
    assert all(each.ok for each in report.checks)
    assert reporting.pdf_bytes(report)


def test_january_looks_back_into_december(sample: Workspace) -> None:
    report = reporting.monthly(sample, POST, Month(2026, 1))
    letters = {row[0].text: row[-1].value for row in report.skdn.rows}
    assert letters["N"]
    assert any("S bulan lalu" in each.sentence for each in report.checks)


def test_an_unknown_post_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        reporting.monthly(ws, "tidak-ada", OCTOBER)


def test_a_correction_shows_at_once(ws: Workspace) -> None:
    child = add(ws, "person", {"name": "Aisyah", "sex": "female", "born_on": date(2025, 11, 5)})
    for month, grams in ((10, 8_000), (11, 8_100)):
        day = add(ws, "session", {"held_on": date(2026, month, 12)})
        answers: Answers = {"visited_on": date(2026, month, 12), "weight_g": grams}
        visit = add(ws, "under_five_visit", answers, person_id=child, session_id=day)
    november = Month(2026, 11)

    def letter() -> list[str]:
        rows = reporting.monthly(ws, "melati", november).skdn.rows
        return [row[0].text for row in rows[2:6] if row[-1].value]

    assert letter() == ["T"]
    add(ws, "under_five_visit", {"weight_g": 8_300}, visit)
    assert letter() == ["N"]
    records.withdraw(ws.db, FORMS["under_five_visit"], visit, author=ws.author, now=ws.now())
    assert letter() == []


def test_a_guest_is_told_apart_and_not_counted(ws: Workspace) -> None:
    day = add(ws, "session", {"held_on": date(2026, 11, 12)})
    guest = add(ws, "person", {"name": "Tamu", "sex": "male", "born_on": date(2025, 1, 1), "guest": True})
    add(ws, "under_five_visit", {"visited_on": date(2026, 11, 12), "weight_g": 9_000}, person_id=guest, session_id=day)
    quiet = add(ws, "person", {"name": "Lama", "sex": "male", "born_on": date(2025, 1, 1), "guest": True})
    add(ws, "attendance", {"present": True}, session_id=day, person_id=guest)
    report = reporting.monthly(ws, "melati", Month(2026, 11))
    assert report.skdn.rows[0][-1].value == 0
    found = next(each for each in report.checks if "tamu" in each.sentence)
    assert found.person_ids == (guest,)
    assert quiet not in found.person_ids


def test_the_file_name_can_be_saved_anywhere(report: MonthlyReport) -> None:
    assert reporting.file_name(report, "pdf") == "Laporan Melati 1 2026-10.pdf"


def test_pdf_xlsx_and_csv_land_on_the_disk_whole(ws: Workspace, report: MonthlyReport, tmp_path: Path) -> None:
    pdf = reporting.save_pdf(ws, report, tmp_path / "laporan.pdf", "F4")
    assert pdf.read_bytes() == reporting.pdf_bytes(report, "F4")
    xlsx = reporting.save_xlsx(ws, report, tmp_path / "laporan.xlsx")
    assert "Skdn" in openpyxl.load_workbook(xlsx).sheetnames
    written = reporting.save_csv(ws, report, tmp_path / "csv" / "oktober")
    assert [path.name for path in written][:2] == ["skdn.csv", "indikator.csv"]
    assert all(path.stat().st_size for path in written)
    assert not list(tmp_path.rglob("*.baru"))


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    ws: Workspace, report: MonthlyReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BadInput, match=r"Berkas laporan\.pdf tidak dapat ditulis"):
        reporting.save_pdf(ws, report, tmp_path / "laporan.pdf")


def a_child(sample: Workspace, at_least: int, at_most: int) -> str:
    return next(
        row.id
        for row in records.load_many(sample.db, FORMS["person"], scope=POST)
        if isinstance(born := row.answers["born_on"], date)
        and at_least * 30.5 < (OCTOBER.last - born).days < at_most * 30.5
    )


def words(content: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(BytesIO(content))]


def test_the_kms_of_a_child_shows_curves_and_every_weighing(sample: Workspace, tmp_path: Path) -> None:
    child = a_child(sample, 14, 22)
    path = reporting.kms_pdf(sample, child, tmp_path / "kms.pdf")
    curves, heads, table = words(path.read_bytes())
    assert "Lingkar kepala menurut umur" in heads
    assert "Garis merah" in curves
    assert "Garis oranye" in curves
    assert "0–24 bulan" in curves
    for visit in records.load_many(sample.db, FORMS["under_five_visit"], person_id=child):
        assert f"{visit.answers['visited_on']:%d-%m-%Y}" in table
    assert reporting.kms_bytes(sample, child) == reporting.kms_bytes(sample, child)


def test_a_child_over_two_gets_the_second_card_too(sample: Workspace) -> None:
    pages = words(reporting.kms_bytes(sample, a_child(sample, 30, 50), "F4"))
    assert "24–60 bulan" in pages[1]
    assert "Lingkar kepala menurut umur" in pages[2]
    assert len(pages) == 4


def test_the_old_card_has_no_orange_line(sample: Workspace) -> None:
    assert "oranye" not in words(reporting.kms_bytes(sample, a_child(sample, 14, 22), style="old"))[0]


def test_a_child_without_visits_gets_an_empty_card(ws: Workspace) -> None:
    child = add(
        ws, "person", {"name": "Aisyah", "sex": "female", "born_on": date(2026, 10, 5), "birth_weight_g": 3_100}
    )
    curves, table = words(reporting.kms_bytes(ws, child))
    assert "3,1 kg" in curves
    assert "Belum ada hasil ukur." in table


def test_a_kms_needs_a_child_with_sex_and_birth_date(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        reporting.kms_bytes(ws, "tidak-ada")
    child = add(ws, "person", {"name": "Aisyah"})
    with pytest.raises(BadInput, match="Lengkapi"):
        reporting.kms_bytes(ws, child)


def test_pages_become_pictures_of_three_bytes_a_pixel(report: MonthlyReport) -> None:
    images = reporting.page_images(reporting.pdf_bytes(report), dpi=40)
    assert len(images) == len(words(reporting.pdf_bytes(report)))
    first = images[0]
    assert (first.width, first.height) == (331, 468)
    assert len(first.rgb) == first.width * first.height * 3
    assert first.rgb[:3] == b"\xff\xff\xff"
    assert min(first.rgb) < 80


def test_pages_are_drawn_for_two_threads_without_harm(report: MonthlyReport) -> None:
    pdf = reporting.pdf_bytes(report)
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _number: reporting.page_images(pdf, 40), range(12)))
    assert all(pages == drawn[0] for pages in drawn)


def test_a_month_without_a_posyandu_day_is_blank_in_every_recap_and_not_nought() -> None:
    ws = melati.post()
    raka = melati.child(ws, entered_on=date(2026, 1, 2))
    melati.woman(ws, entered_on=date(2026, 1, 2))
    for on in (date(2026, 8, 12), date(2026, 11, 12)):
        melati.weighed(ws, raka, on, 9_000)
    home = {"visited_on": date(2026, 9, 20), "weight_g": 9_100}
    records.save(
        ws.db, melati.CHILD, records.new_id(), home,
        scope=melati.POST, author=ws.author, now=ws.now(), links={"person_id": raka},
    )  # fmt: skip
    recaps = [*reporting.monthly(ws, melati.POST, Month(2026, 11)).recaps]
    recaps += [
        sheets.build(ws, code, melati.POST, Month(2026, 11)).tables[0] for code in ("rekap_sekolah", "rekap_dewasa")
    ]
    assert {table.code for table in recaps} == {"rekap_balita", "rekap_bumil", "rekap_sekolah", "rekap_dewasa"}
    for table in recaps:
        filled = [row[0].text for row in table.rows if any(cell.value is not None for cell in row[1:])]
        assert filled == ["Agustus", "September", "November"], f"{table.code}: October had no day, and nobody came"
        assert {cell.text for cell in table.rows[9][1:]} == {""}
    ws.close()


def test_a_weight_of_a_wrong_scale_is_marked_on_the_kms_in_its_table_and_on_both_papers_of_the_post() -> None:
    ws = melati.post()
    child = melati.child(ws)
    melati.weighed(ws, child, date(2026, 10, 12), 9_300, length_mm=760)
    melati.weighed(ws, child, melati.TODAY, 5_500, length_mm=770)
    (day,) = review.readiness(ws, melati.POST, Month(2026, 11)).days
    legend = "× alat ukur hari itu ternyata salah: tidak dinilai."
    assert legend not in " ".join(words(reporting.kms_bytes(ws, child)))
    review.exclude(ws, day.id, "scale", "Timbangan kurang 4 kg")
    curves_, table = words(reporting.kms_bytes(ws, child))
    assert curves_.count(legend) == 1, "the board was right: no cross among the lengths"
    assert "5,5 × T" in table
    assert "76,0" in table
    assert "77,0 ×" not in table
    assert legend in table
    small = post_curves.small_kms(ws, melati.POST, melati.TODAY)
    assert legend in words(reporting.pdf_bytes(small))[0]
    strips = words(reporting.pdf_bytes(post_curves.strips(ws, melati.POST, date(2026, 12, 10))))[0]
    assert "5,5 × 200 5,7" in strips, "N and T go on from what was weighed"
    assert legend in strips
    review.exclude(ws, day.id, "board", "Papan bergeser")
    curves_, table = words(reporting.kms_bytes(ws, child))
    assert "77,0 ×" in table
    assert "5,5 ×" not in table
    assert curves_.count(legend) == 1
    assert legend not in words(reporting.pdf_bytes(post_curves.small_kms(ws, melati.POST, melati.TODAY)))[0]
    ws.close()


def test_only_the_visits_of_the_months_a_report_is_made_of_are_judged(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[date] = []
    whole = child._assess

    def noted(*args: Any) -> child.ChildAssessment:  # noqa: ANN401
        judged.append(args[4])
        return whole(*args)

    monkeypatch.setattr(child, "_assess", noted)
    reporting.monthly(sample, POST, OCTOBER)
    assert min(judged).replace(day=1) == date(2025, 12, 1), "the month before January shows how S came about"
    monkeypatch.undo()


def test_f1_gizi_is_headed_as_its_blank_with_the_kader_there_are(ws: Workspace) -> None:
    add(ws, "posyandu", {"name": "Melati", "village_code": "5202022002", "midwife": "Bidan Ani"}, "melati")

    def head() -> dict[str, str]:
        return dict(reporting.build(ws, "f1_gizi", "melati", OCTOBER).head)

    assert list(head()) == [
        "Posyandu", "Dusun/RT/RW", "Kelurahan/desa", "Kecamatan", "Puskesmas",
        "Kode", "Bulan", "Tanggal penimbangan", "Petugas lapangan pembina", "Jumlah kader",
    ]  # fmt: skip
    assert head()["Jumlah kader"] == "ada ......, aktif ......, dilatih ......", "to be written by hand"
    told = [{"trained": True}, {"trained": False}, {"active": False, "trained": True}, {}, {"role": "midwife"}]
    for number, answers in enumerate(told):
        add(ws, "worker", {"name": f"Kader {number}", "role": "kader", "active": True, **answers})
    assert head()["Jumlah kader"] == "ada 4, aktif 3, dilatih 1"
    assert head()["Petugas lapangan pembina"] == "Bidan Ani"
    assert head()["Kode"] == "FI/FII/GIZI/2026"
    assert head()["Bulan"] == "Oktober 2026"
