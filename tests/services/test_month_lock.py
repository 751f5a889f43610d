from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services import month_lock, people, reporting, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati

NOVEMBER = Month(2026, 11)
OCTOBER_DAY = date(2026, 10, 12)


@pytest.fixture
def clock() -> melati.Clock:
    return melati.Clock()


@pytest.fixture
def ws(clock: melati.Clock) -> Iterator[Workspace]:
    made = melati.post(clock)
    yield made
    made.close()


@pytest.fixture
def raka(ws: Workspace, clock: melati.Clock) -> str:
    child = melati.child(ws, mother_name="Wulan")
    melati.weighed(ws, child, OCTOBER_DAY, 9_200)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    clock.now += timedelta(hours=1)
    return child


def test_a_month_begins_unsigned_and_is_signed_as_version_1(ws: Workspace, raka: str) -> None:
    assert month_lock.state(ws, melati.POST, NOVEMBER).code == "open"
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert (version.revision, version.signer, version.signed_on) == (1, "Sari", melati.TODAY)
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "signed"
    assert state.sentence == "Versi 1 disahkan 12 November 2026 oleh Sari. Isinya masih sama."
    assert version.report.code == reporting.monthly(ws, melati.POST, NOVEMBER).code


def test_signing_twice_without_a_change_is_once(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    assert month_lock.sign(ws, melati.POST, NOVEMBER) == first
    assert month_lock.versions(ws, melati.POST, NOVEMBER) == [first]


def test_a_late_weighing_makes_version_2_that_says_whose_it_is(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    pages = month_lock.signed_pdf(ws, melati.POST, first)
    clock.now += timedelta(days=2)
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), sex="female")
    melati.weighed(ws, ayu, melati.TODAY, 9_900)
    clock.now += timedelta(hours=1)
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "changed"
    assert "versi 2" in state.sentence
    assert {ref.name for each in state.found for ref in each.joined} == {"Ayu Lestari"}
    with pytest.raises(BadInput, match="alasan"):
        month_lock.sign(ws, melati.POST, NOVEMBER)
    second = month_lock.sign(ws, melati.POST, NOVEMBER, signer="Bidan Nurul", reason="Ayu ditimbang di rumah")
    assert (second.revision, second.signer, second.reason) == (2, "Bidan Nurul", "Ayu ditimbang di rumah")
    figures, saves = month_lock.changes(ws, melati.POST, first, second)
    weighed = next(row for row in figures.rows if row[1].text.startswith("D "))
    assert [cell.text for cell in weighed[3:]] == ["1", "2", "+ Ayu Lestari"]
    assert any(row[0].text == "Ayu Lestari" and "Berat badan: 9,9 kg" in row[2].text for row in saves.rows)
    assert month_lock.signed_pdf(ws, melati.POST, first) == pages, "old versions stay as they were"
    text = text_of(month_lock.signed_pdf(ws, melati.POST, second))
    assert "Versi 2, disahkan 14-11-2026" in text
    assert "Alasan: Ayu ditimbang di rumah" in text


def test_a_corrected_weight_shows_old_and_new_value(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    session_id = str(records.load_many(ws.db, FORMS["session"], held_on=melati.TODAY)[0].id)
    visits.record(ws, melati.CHILD, session_id, raka, {"weight_g": 9_200}, reason="Salah baca dacin")
    figures, saves = month_lock.changes(ws, melati.POST, first)
    assert {row[1].text.split()[0] for row in figures.rows if row[0].text.startswith("SKDN")} == {"N", "T"}
    row = next(row for row in saves.rows if row[0].text == "Raka Aditya")
    assert "Berat badan: 9,6 kg → 9,2 kg" in row[2].text
    assert row[5].text == "Salah baca dacin"


def test_a_withdrawn_visit_is_named_with_its_reason(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    visit = records.load_many(ws.db, melati.CHILD, person_id=raka, visited_on=melati.TODAY)[0]
    records.withdraw(ws.db, melati.CHILD, visit.id, author=ws.author, now=ws.now(), reason="Tercatat dua kali")
    _figures, saves = month_lock.changes(ws, melati.POST, first)
    assert [(row[2].text, row[4].text, row[5].text) for row in saves.rows] == [
        ("Catatan: ditarik", "13-11-2026 10:00", "Tercatat dua kali")
    ]


@pytest.mark.parametrize(("code", "hours"), [("6101012001", 7), ("5203012001", 8), ("8101012001", 9), ("", 7)])
def test_times_are_those_of_the_province(code: str, hours: int) -> None:
    assert month_lock.local_zone(code).utcoffset(None) == timedelta(hours=hours)


def test_a_changed_name_is_a_change_although_no_figure_moves(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "changed"
    assert "keterangan atau daftar nama" in state.sentence


def test_a_visit_saved_before_but_brought_later_shows_all_it_says(
    ws: Workspace, raka: str, clock: melati.Clock
) -> None:
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), sex="female")
    early = clock.now - timedelta(minutes=30)
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    records.save(
        ws.db, melati.CHILD, "dari-laptop-lain", {"visited_on": melati.TODAY, "weight_g": 9_900},
        scope=melati.POST, author=ws.author, now=early, links={"person_id": ayu},
    )  # fmt: skip
    _figures, saves = month_lock.changes(ws, melati.POST, first)
    assert [row[0].text for row in saves.rows] == ["Ayu Lestari"]


def test_versions_are_records_that_the_journal_can_replay(ws: Workspace, raka: str) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert journal.rows_equal_replay(ws.db)
    assert version.id in {op.record for op, _device in journal.ops_of(ws.db, version.id)}


def test_two_laptops_that_sign_the_same_content_meet_in_one_record(ws: Workspace, raka: str) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert version.id == records.signed_month_id(melati.POST, "2026-11", f"0 {version.digest}")


def test_a_month_that_goes_back_to_what_it_was_is_signed_again(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    month_lock.sign(ws, melati.POST, NOVEMBER, reason="Nama")
    people.correct(ws, raka, {"name": "Raka Aditya"})
    month_lock.sign(ws, melati.POST, NOVEMBER, reason="Nama semula")
    found = month_lock.versions(ws, melati.POST, NOVEMBER)
    assert [each.revision for each in found] == [1, 2, 3]
    assert found[0].digest == found[2].digest


def test_what_cannot_be_signed_says_why(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="Desember 2026 belum mulai"):
        month_lock.sign(ws, melati.POST, Month(2026, 12))
    with pytest.raises(NotFound):
        month_lock.sign(ws, "tak-ada", NOVEMBER)


def test_a_signed_version_is_saved_as_a_file(ws: Workspace, raka: str, tmp_path: Path) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    path = month_lock.save_signed_pdf(ws, melati.POST, version, tmp_path / "laporan.pdf")
    assert path.read_bytes() == month_lock.signed_pdf(ws, melati.POST, version)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text
