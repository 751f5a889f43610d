"""Nifas, school, adult and elderly on the pages: typed by real keys, judged at once, asked beside the visit."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services import companions, people, pregnancies, questionnaires, sealed, sessions, visits
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.pages.kartu import KartuPage
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.reader_pin import PinSheet
from posyandu.ui.widgets.basics import Card
from tests.services.melati import READER_PIN, with_reader
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=1)
    yield book
    book.close()


@pytest.fixture
def day(ws: Workspace) -> str:
    return scene.open_day(ws)


@pytest.fixture
def visit_page(qtbot: QtBot, ws: Workspace) -> Iterator[KunjunganPage]:
    made = KunjunganPage(scene.desk(ws))
    shown(qtbot, made)
    yield made
    made.hide()


@pytest.fixture
def grid(qtbot: QtBot, ws: Workspace, day: str) -> Iterator[GridPage]:
    made = GridPage(scene.desk(ws))
    shown(qtbot, made)
    yield made
    made.hide()


def shown(qtbot: QtBot, made: QWidget) -> None:
    scene.stand(qtbot, made, 1130, 640)


def person(ws: Workspace, name: str, born_on: date, sex: str = "female") -> str:
    return people.register(ws, {"name": name, "sex": sex, "born_on": born_on})


def press(page: QWidget, name: str) -> None:
    button = page.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    button.click()


def words(page: QWidget) -> str:
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def type_row(grid: GridPage, person_id: str, typed: str) -> str:
    view = grid.view
    row = next(row for row in view.grid.sheet.rows if row.person_id == person_id)
    view.go_to_row(row)
    keys(typed)
    return row.verdict.text


def stored(ws: Workspace, day: str, page: str, person_id: str) -> dict[str, object]:
    row = next(row for row in sessions.roster(ws, day, page) if row.person_id == person_id)
    return {name: value for name, value in (row.visit or {}).items() if value is not None}


def test_an_adult_is_typed_from_the_number_pad(ws: Workspace, day: str, grid: GridPage) -> None:
    who = person(ws, "Aaron Wijaya", date(1980, 1, 1), "male")
    grid.open(session_id=day, page="adult")
    assert grid.title == "Buku register usia dewasa dan lansia"
    assert type_row(grid, who, "705↵1655↵92↵150↵84↵120↵198↵") == "Hipertensi derajat 1, sistolik terisolasi"
    told = stored(ws, day, "adult", who)
    names = FORMS["adult_visit"].grid
    assert [told[name] for name in names] == [70_500, 1_655, 920, 150, 84, 120, 198]


def test_a_pupil_is_typed_from_the_number_pad(ws: Workspace, day: str, grid: GridPage) -> None:
    who = person(ws, "Aaliyah", date(2013, 11, 12))
    grid.open(session_id=day, page="school")
    assert type_row(grid, who, "38↵155↵118↵76↵↵↵114↵") == "Anemia ringan"
    told = stored(ws, day, "school", who)
    assert (told["weight_g"], told["height_mm"], told["haemoglobin_dg_dl"]) == (38_000, 1_550, 114)


def test_a_mother_after_birth_is_typed_on_her_own_page(ws: Workspace, day: str, grid: GridPage) -> None:
    who = person(ws, "Aamirah", date(1998, 1, 1))
    carried = pregnancies.note(ws, who, {"lmp_on": scene.HELD_ON - timedelta(days=290)})
    pregnancies.end(ws, carried, "live_birth", scene.HELD_ON - timedelta(days=10))
    grid.open(session_id=day, page="postpartum")
    assert type_row(grid, who, "55↵228↵120↵80↵1↵yt") == "LiLA merah"
    told = stored(ws, day, "postpartum", who)
    assert (told["muac_mm"], told["breastfeeding"], told["contraception"]) == (228, True, False)


def test_questions_of_the_other_sex_or_age_are_not_on_the_page(
    ws: Workspace, day: str, visit_page: KunjunganPage
) -> None:
    visit_page.open(person_id=person(ws, "Bayan", date(2016, 1, 1), "male"), session_id=day)
    assert visit_page.form_view is not None
    assert {"haemoglobin_dg_dl", "iron_tablets", "waist_mm"}.isdisjoint(visit_page.form_view.fields)
    visit_page.open(person_id=person(ws, "Lalu", date(1995, 1, 1), "male"), session_id=day)
    assert "puma_cough" not in visit_page.form_view.fields


def test_the_meaning_of_an_adult_visit_follows_the_keys(
    ws: Workspace, day: str, visit_page: KunjunganPage, qtbot: QtBot
) -> None:
    visit_page.open(person_id=person(ws, "Inaq", date(1950, 1, 1)), session_id=day)
    assert visit_page.form_view is not None
    visit_page.form_view.fields["systolic_mmhg"].take_focus()
    keys("18595↵")
    qtbot.waitUntil(lambda: visit_page.panel.headline.text() == "Hipertensi derajat 3")
    qtbot.waitUntil(lambda: "rujuk ke Puskesmas hari ini" in words(visit_page.panel.findings))


def companion_row(page: KunjunganPage, name: str) -> QAbstractButton:
    QTest.qWait(20)  # what is asked beside the visit comes after the questions
    row = page.findChild(QAbstractButton, f"form:{name}")
    assert row is not None
    return row


def test_what_is_asked_beside_the_visit_is_one_press_away_and_leads_back(
    ws: Workspace, day: str, visit_page: KunjunganPage
) -> None:
    elder = person(ws, "Inaq", date(1950, 1, 1))
    visit_page.open(person_id=elder, session_id=day)
    wanted = QSignalSpy(visit_page.desk.page_wanted)
    QTest.mouseClick(companion_row(visit_page, "aks"), Qt.MouseButton.LeftButton)
    page, told = wanted.at(0)
    assert (page, told["form"]) == ("kunjungan", "aks")
    visit_page.open(**told)
    view = visit_page.form_view
    assert view is not None
    for question in FORMS["aks"].sections[1].fields:
        view.fields[question.name].set_value(question.options[-1].code)  # type: ignore[attr-defined]
    view.fields["bathing"].set_value("0")
    assert visit_page.save(then_next=False)
    visit_page.open(person_id=elder, session_id=day)
    done = {each.form.name: each for each in companions.companions(ws, elder, day, scene.HELD_ON)}
    assert done["aks"].words == "12-11-2026. Skor 19 dari 20: ketergantungan ringan (B)."
    assert done["aks"].words in companion_row(visit_page, "aks").accessibleName()


def test_the_confidential_form_says_so_and_its_answers_stay_there(
    ws: Workspace, day: str, visit_page: KunjunganPage, qtbot: QtBot
) -> None:
    youth = person(ws, "Made", date(2010, 1, 1))
    reader = with_reader(ws)
    (asked,) = [each for each in companions.companions(ws, youth, day, scene.HELD_ON) if each.form.restricted]
    told = {"person_id": youth, "session_id": day, "record_id": asked.record_id, "form": "school_mental"}
    visit_page.open(**told)
    qtbot.waitUntil(lambda: "Rahasia" in words(visit_page.left))
    assert visit_page.form_view is not None
    visit_page.form_view.fields["suicidal"].set_value(True)
    visit_page.form_view.changed.emit()
    qtbot.waitUntil(lambda: visit_page.panel.headline.text() == "Perlu ditolong hari ini")
    assert visit_page.save(then_next=False)
    visit_page.open(person_id=youth, session_id=day)
    qtbot.waitUntil(companion_row(visit_page, "school_mental").isVisible)
    shown_words = words(visit_page) + companion_row(visit_page, "school_mental").accessibleName()
    assert "bunuh diri" not in shown_words
    assert "ditolong" not in shown_words
    ws.worker = Worker("other", "Murniati", "kader")
    visit_page.open(**told)
    assert visit_page.form_view is None
    assert visits.drafts(ws) == []
    qtbot.waitUntil(lambda: "disegel" in words(visit_page.left))
    assert visit_page.findChild(QAbstractButton, "button:buka-tersegel") is None
    assert "bunuh diri" not in words(visit_page)
    ws.worker = Worker("perawat", "Ns. Budi", "puskesmas")
    nurse = sealed.make_key(ws, READER_PIN).public
    ws.worker = reader
    sealed.accept(ws, nurse)
    visit_page.open(**told)
    press(visit_page, "button:buka-tersegel")
    (asking,) = visit_page.window().findChildren(PinSheet)
    QTest.keyClicks(asking.pin, READER_PIN)
    qtbot.waitUntil(lambda: visit_page.findChild(Card, "jawaban-tersegel") is not None)
    qtbot.waitUntil(lambda: "Dibuka oleh" in words(visit_page.left))
    opened = words(visit_page.left)
    assert "Ada keinginan bunuh diri?" in opened
    assert "Perlu ditolong hari ini" in opened
    assert "Dibuka oleh: Bidan Ani 12-11-2026" in opened
    press(visit_page, "button:bagikan")
    ws.worker = Worker("perawat", "Ns. Budi", "puskesmas")
    assert questionnaires.for_me(ws, asked.record_id)
    visit_page.hide()
    qtbot.waitUntil(lambda: visit_page.findChild(Card, "jawaban-tersegel") is None)
    assert visit_page.findChild(QAbstractButton, "button:bagikan") is None


def test_confidential_questions_are_sealed_when_the_page_is_left_and_leave_nothing_in_the_boxes(
    ws: Workspace, day: str, visit_page: KunjunganPage, qtbot: QtBot
) -> None:
    youth = person(ws, "Made", date(2010, 1, 1))
    told = {"person_id": youth, "session_id": day, "form": "school_mental"}
    visit_page.open(**told)
    assert visit_page.form_view is None  # nobody could open what is written
    qtbot.waitUntil(lambda: "Masukkan lembar itu ke amplop tertutup" in words(visit_page.left))
    with_reader(ws)
    visit_page.open(**told)
    view = visit_page.form_view
    assert view is not None
    assert "answered" not in view.fields  # worked out, not asked
    view.fields["unsafe"].set_value(True)
    visit_page.open(person_id=youth, session_id=day)
    (row,) = records.load_many(ws.db, FORMS["school_mental"])
    assert (row.answers["answered"], row.answers["unsafe"]) == (False, None)
    assert len(questionnaires.envelopes(ws, row.id)) == 1
    assert not any(view.answers()[name] is not None for name in questionnaires.secret(FORMS["school_mental"]))
    visit_page.open(**told)
    press(visit_page, "button:tanyakan-lagi")
    visit_page.open(**told, anew=True)
    assert visit_page.form_view is not None
    assert visit_page.form_view.answers()["unsafe"] is None
    visit_page.hide()
    assert len(questionnaires.envelopes(ws, row.id)) == 1  # nothing typed, nothing sealed


def test_the_card_opens_what_is_asked_beside_the_visit(ws: Workspace, day: str, qtbot: QtBot) -> None:
    elder = person(ws, "Inaq", date(1950, 1, 1))
    card = KartuPage(scene.desk(ws))
    shown(qtbot, card)
    card.open(person_id=elder)
    card.finish_building()
    wanted = QSignalSpy(card.desk.page_wanted)
    for name, in_session in (("aks", True), ("health_history", False), ("nakes_exam", True)):
        row = card.findChild(QAbstractButton, f"form:{name}")
        assert row is not None
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
        page, told = wanted.at(wanted.count() - 1)
        assert (page, told["form"], told["session_id"] == day) == ("kunjungan", name, in_session)
    people.set_status(ws, elder, "moved")
    card.open(person_id=elder)
    card.finish_building()
    assert card.findChild(QWidget, "companions") is None


def test_the_card_reminds_of_the_control_of_a_known_illness(ws: Workspace, qtbot: QtBot) -> None:
    elder = person(ws, "Inaq", date(1950, 1, 1))
    told = {"visited_on": ws.today(), "own_hypertension": True}
    scope, links = ws.posyandu_id, {"person_id": elder}
    records.save(ws.db, FORMS["health_history"], "h1", told, scope=scope, author=ws.author, now=ws.now(), links=links)
    card = KartuPage(scene.desk(ws))
    shown(qtbot, card)
    card.open(person_id=elder)
    card.finish_building()
    qtbot.waitUntil(lambda: "Waktunya kontrol tekanan darah" in words(card.findings))
    people.set_status(ws, elder, "died", ws.today())
    card.open(person_id=elder)
    card.finish_building()
    assert "kontrol" not in words(card.findings)
