"""The instruments behind the register's groups, typed by real keys: scores, ticks, days, and what is sealed at once."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import people, questionnaires, sealed, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts, journal, records, settings
from posyandu.ui.grid import GridRow
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.reader_pin import CompareSheet
from tests.services.melati import POST, TODAY, child, post, whole, with_reader, woman
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    child(book, "Adi", date(2026, 2, 1))
    child(book, "Bayu", TODAY - timedelta(days=9))
    child(book, "Made", date(2011, 1, 1))
    woman(book, "Dewi")
    people.register(book, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1950, 1, 1)})
    yield book
    assert journal.rows_equal_replay(book.db)
    book.close()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY)


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[GridPage]:
    made = GridPage(scene.desk(ws))
    scene.stand(qtbot, made, 1158, 600)
    yield made
    made.hide()


def row(page: GridPage, name: str) -> GridRow:
    found = next(each for each in page.view.grid.sheet.rows if each.entry.name == name)
    page.view.go_to_start(page.view.grid.place_of(found))
    return found


def take_back(page: GridPage) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def shown(page: GridPage, of: GridRow) -> str:
    model, place = page.view.grid, page.view.grid.place_of(of)
    texts = [str(model.data(model.index(place, column))) for column in range(model.first_entry, model.verdict_column)]
    return " ".join(text or "_" for text in texts)


def stored(ws: Workspace, day: str, form: str, person: GridRow) -> dict[str, Value | None]:
    kept = records.load(ws.db, FORMS[form], records.visit_id(form, day, person.person_id))
    return {name: value for name, value in (kept.answers if kept else {}).items() if value is not None}


def test_f3_and_the_list_beside_the_tabs_lead_to_what_is_asked_beside_the_visit(page: GridPage, day: str) -> None:
    page.open(session_id=day, page="adult")
    assert [page.sheets.itemText(place) for place in range(page.sheets.count())] == [
        "Kunjungan", "AKS (Barthel)", "SKILAS", "SRQ-20 (rahasia)",
    ]  # fmt: skip
    QTest.keyClick(page, Qt.Key.Key_F3)
    assert (page.view.grid.sheet.page, page.title, page.tabs.value()) == ("aks", "AKS (Barthel)", "adult")
    assert page.question.isVisible()
    page.open(session_id=day, page="pregnant")
    assert not page.sheets.isVisible()
    assert not page.question.isVisible()
    QTest.keyClick(page, Qt.Key.Key_F3)
    assert page.view.grid.sheet.page == "pregnant"


def test_aks_is_typed_as_it_is_counted_and_the_score_shows_at_once(page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page="aks")
    inaq = row(page, "Inaq Sahnun")
    assert page.question.text().startswith("Mengendalikan BAB   0 Tidak terkendali (perlu pencahar) · 1 Kadang-kadang")
    keys("3")  # there is no 3 for this question
    assert page.view.currentIndex().column() == page.view.grid.first_entry
    keys("2")
    assert inaq.verdict.text == "1 dari 10 kegiatan dijawab."
    keys("212233220")
    assert inaq.verdict.text == "19, ringan (b)"
    assert inaq.verdict.level == "warn"
    assert shown(page, inaq) == "2 2 1 2 2 3 3 2 2 0"
    assert stored(ws, day, "aks", inaq)["transfer"] == "3"
    take_back(page)
    assert inaq.verdict.text == "9 dari 10 kegiatan dijawab."
    assert "bathing" not in stored(ws, day, "aks", inaq)


def test_skilas_names_the_parts_with_a_problem(page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page="skilas")
    inaq = row(page, "Inaq Sahnun")
    keys("bbyytt208↵ty1tt")
    assert inaq.verdict.text == "Gizi"
    assert shown(page, inaq) == "B B Y Y T T 20,8 T Y Ya T T"
    answers = stored(ws, day, "skilas", inaq)
    assert (answers["knows_date"], answers["muac_mm"]) == (True, 208)


def test_the_checklist_asks_the_lines_of_the_age_and_fills_column_3(page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page="development")
    adi = row(page, "Adi")
    assert page.question.text() == "Duduk sendiri dengan kedua tangan menyangga   1 Dapat · 2 Belum"
    keys("ddddddddddd")
    assert (adi.verdict.text, adi.verdict.level) == ("Lengkap", "ok")
    assert stored(ws, day, "under_five_visit", adi)["development"] == "complete"
    row(page, "Adi")
    keys("2")
    assert (adi.verdict.text, adi.verdict.level) == ("Belum: 1", "warn")
    assert stored(ws, day, "under_five_visit", adi)["development"] == "incomplete"
    take_back(page)
    assert stored(ws, day, "under_five_visit", adi)["development"] == "complete"


def test_days_and_words_of_a_newborn_are_typed_in_their_boxes(page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page="newborn")
    bayu = row(page, "Bayu")
    keys("s")
    keys("bibir sumbing↵")
    keys("yy")
    keys("031126↵y031126↵8/11↵")
    kept = records.load(ws.db, FORMS["newborn"], str(bayu.record_id))
    assert kept is not None
    assert kept.answers["condition"] == "cried"
    assert kept.answers["congenital"] == "bibir sumbing"
    assert (kept.answers["kn1_on"], kept.answers["kn2_on"]) == (date(2026, 11, 3), date(2026, 11, 8))
    heard: list[str] = []
    page.view.said.connect(lambda _level, words: heard.append(words))
    keys("3213↵")
    assert any("kalender" in words or "tanggal" in words.lower() for words in heard)
    assert "kn3_on" not in {name for name, value in kept.answers.items() if value is not None}


CALM = "t" * 20


def test_confidential_answers_are_sealed_when_the_row_is_left_and_seen_in_no_other_row(
    page: GridPage, ws: Workspace, day: str
) -> None:
    with_reader(ws)
    page.open(session_id=day, page="srq20")
    dewi = row(page, "Dewi")
    keys("yytt")
    assert (shown(page, dewi)[:9], dewi.verdict.text) == ("Y Y T T _", "4 dari 20")
    assert records.load_many(ws.db, FORMS["srq20"]) == []  # nothing is saved box by box
    assert drafts.every(ws.db) == []
    keys(CALM[4:])
    assert page.view.grid.rows[page.view.currentIndex().row()].entry.name == "Inaq Sahnun"
    assert dewi.verdict.text == "Tersegel"
    assert set(shown(page, dewi).split()) == {"•"}
    kept = stored(ws, day, "srq20", dewi)
    assert (kept["answered"], kept["outcome"]) == (True, "low")
    assert not {name for name in kept if name.startswith("srq_")}
    assert sessions.tally(ws, day).present == 1
    assert len(questionnaires.envelopes(ws, records.visit_id("srq20", day, dewi.person_id))) == 1


def test_what_cannot_wait_is_said_to_who_asks_and_leaves_no_trace(page: GridPage, ws: Workspace, day: str) -> None:
    with_reader(ws)
    before = whole(ws).count("srq_17")
    page.open(session_id=day, page="srq20")
    heard: list[tuple[str, str]] = []
    page.view.said.connect(lambda level, words: heard.append((level, words)))
    dewi = row(page, "Dewi")
    keys("t" * 16 + "y")
    assert heard[-1][0] == "bad"
    assert "ditolong hari ini" in heard[-1][1]
    row(page, "Inaq Sahnun")
    assert heard[-1] == ("", "")
    assert dewi.verdict.text == "Tersegel, belum lengkap"
    page.hide()
    assert (dewi.waiting, dewi.alarm) == ({}, "")
    assert whole(ws).count("srq_17") == before


def test_class_theme_and_place_of_tablets_are_typed_into_the_visit(page: GridPage, ws: Workspace, day: str) -> None:
    wati = child(ws, "Wati", date(2011, 1, 1), sex="female")
    visits.set_cell(ws, FORMS["school_visit"], day, wati, "height_mm", 1_550)
    page.open(session_id=day, page="school")
    QTest.keyClick(page, Qt.Key.Key_F3)
    assert page.title == "Kelas, edukasi, TTD"
    her = row(page, "Wati")
    keys("9↵")
    assert page.question.text().endswith(
        "9 Aktivitas fisik · 0 Anemia remaja putri · , Keterampilan hidup sehat (PKHS)"
    )
    keys(",44↵2y")
    assert shown(page, her) == "9 Keterampilan hidup sehat (PKHS) Pemecahan masalah 4 Sekolah Y"
    kept = stored(ws, day, "school_visit", her)
    told = {"grade": 9, "topic": "life_skills", "life_skill": "solving", "iron_tablets": 4, "iron_place": "school"}
    assert {name: kept.get(name) for name in told} == told
    assert (kept["height_mm"], kept["iron_weekly"]) == (1_550, True)
    made = row(page, "Made")
    keys("12↵0")
    assert shown(page, made) == "12 Anemia remaja putri _ _ _ _", "a boy's line has no box for tablets"


def test_a_row_asked_again_begins_without_answers_and_makes_another_envelope(
    qtbot: QtBot, page: GridPage, ws: Workspace, day: str
) -> None:
    with_reader(ws)
    page.open(session_id=day, page="school_mental")
    made = row(page, "Made")
    keys("ytyy")
    page.open(session_id=day, page="school")
    record_id = records.visit_id("school_mental", day, made.person_id)
    assert stored(ws, day, "school_mental", made)["answered"] is False
    page.open(session_id=day, page="school_mental")
    made = row(page, "Made")
    assert set(shown(page, made).split()) == {"_"}  # nothing of it can be read here again
    keys("ytyyttt")
    page.view.hide()
    assert (made.waiting, made.verdict.text) == ({}, "Tersegel, belum lengkap")
    page.view.show()
    assert set(shown(page, made).split()) == {"_"}
    page.open(session_id=day, page="school")
    assert len(questionnaires.envelopes(ws, record_id)) == 2
    page.open(session_id=day, page="school_mental")
    judged: list[bool] = []
    page.view.judge_all(lambda: judged.append(True))
    qtbot.waitUntil(lambda: bool(judged))
    assert row(page, "Made").verdict.text == "Tersegel, belum lengkap"


def test_without_a_reader_the_page_says_whom_to_tell(qtbot: QtBot, page: GridPage, ws: Workspace, day: str) -> None:
    page.open(session_id=day, page="srq20")
    assert page.no_reader.isVisible()
    assert not page.sheet_card.isVisible()
    said = " ".join(label.text() for label in page.no_reader.findChildren(QLabel))
    assert "amplop tertutup dan serahkan kepada bidan atau Puskesmas" in said
    page.no_reader.findChild(QAbstractButton, "button:lembar-kosong").click()
    scene.settle(qtbot)
    assert [path.name for path in (paths.documents() / "Posyandu").glob("*.pdf")] == ["SRQ-20 lembar kosong.pdf"]
    page.open(session_id=day, page="adult")
    assert not page.no_reader.isVisible()
    assert page.sheet_card.isVisible()
    with pytest.raises(ValueError, match="by itself"):
        visits.set_cell(ws, FORMS["srq20"], day, row(page, "Dewi").person_id, "srq_1", True)


def test_the_book_is_sealed_before_it_is_locked(page: GridPage, ws: Workspace, day: str) -> None:
    with_reader(ws)
    page.open(session_id=day, page="srq20")
    dewi = row(page, "Dewi")
    keys("yy")
    page.desk.book_closing.emit()
    assert len(questionnaires.envelopes(ws, records.visit_id("srq20", day, dewi.person_id))) == 1
    assert dewi.waiting == {}


def test_a_key_that_is_there_is_compared_on_the_spot_and_the_questions_open(
    page: GridPage, ws: Workspace, day: str
) -> None:
    reader = with_reader(ws)
    settings.put(ws.db, f"sealing_accepted:{ws.worker.id}", [])
    page.open(session_id=day, page="srq20")
    assert page.no_reader.isVisible()
    page.no_reader.findChild(QAbstractButton, f"button:cocokkan:{reader.id}").click()
    sheet = page.window().findChild(CompareSheet)
    digits = next(each.digits for each in sealed.readers(ws))
    assert digits in " ".join(label.text() for label in sheet.findChildren(QLabel))
    sheet.findChild(QAbstractButton, "button:ya").click()
    assert not page.no_reader.isVisible()
    assert page.sheet_card.isVisible()
