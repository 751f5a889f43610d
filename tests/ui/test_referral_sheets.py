"""Referring, answering and confirming with real clicks: from the visit, the card and Tindak lanjut."""

from collections.abc import Iterator
from datetime import date

import pypdfium2
import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.forms import FORMS
from posyandu.services import confirmations, people, referrals, sessions, tasks, visits
from posyandu.services.workspace import Worker, Workspace
from posyandu.ui import jobs
from posyandu.ui.confirmation_card import ConfirmSheet
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.referral_sheets import AnswerSheet, FormSheet, ReferSheet
from posyandu.ui.visit_aside import VisitAside
from tests.ui import scene
from tests.ui.scene import keys

CHILD = "under_five_visit"


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[-1].click()


def sheet(window: QWidget, kind: type[FormSheet]) -> FormSheet:
    (found,) = [each for each in window.findChildren(kind) if each.isVisible()]
    return found


@pytest.fixture
def thin(village: Workspace, window: MainWindow) -> Iterator[tuple[str, str, str]]:
    """A child of the day with a red arm: person, session, visit."""
    day = sessions.current(village, village.posyandu_id)
    assert day is not None
    row = next(
        each for each in sessions.roster(village, day.id, "under_five")
        if each.present and each.born_on and 12 <= (day.held_on - each.born_on).days // 31 <= 55
    )  # fmt: skip
    saved = visits.record(village, visits.VISIT_FORMS[0], day.id, row.person_id, {"weight_g": 7_000, "muac_mm": 112},
                          confirmed=("weight_g", "muac_mm"))  # fmt: skip
    assert window.shell is not None
    yield row.person_id, day.id, saved.record_id
    jobs.wait(5000)


def page(window: MainWindow, name: str, qtbot: QtBot, **arguments: object) -> QWidget:
    assert window.shell is not None
    window.shell.desk.go(name, **arguments)
    scene.settle(qtbot)
    found: QWidget = window.shell.page(name)
    return found


def texts(part: QWidget) -> str:
    return "\n".join(each.text() for each in part.findChildren(QLabel) if each.isVisible())


def test_the_slip_is_written_from_the_visit_and_saved_as_pdf(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, session, visit = thin
    visit_page = page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    assert isinstance(visit_page, KunjunganPage)
    aside = visit_page.findChild(VisitAside)
    assert aside is not None
    assert aside.missing.text().startswith("Belum diperiksa: panjang atau tinggi badan")
    press(window, "button:surat-rujukan")
    scene.settle(qtbot)
    opened = sheet(window, ReferSheet)
    assert "LiLA merah" in str(opened.view.answers()["reasons"])
    press(window, "button:pdf-rujukan")
    scene.settle(qtbot)
    (written,) = (paths.documents() / "Posyandu").glob("Rujukan*.pdf")
    words = pypdfium2.PdfDocument(written.read_bytes())[0].get_textpage().get_text_bounded()
    assert "SURAT RUJUKAN POSYANDU" in words
    (kept,) = referrals.of_person(village, person)
    assert kept.visit_id == visit
    assert kept.state == "open"


def test_the_slip_is_printed_on_a5_when_chosen_and_the_choice_is_remembered(
    qtbot: QtBot, window: MainWindow, thin: tuple[str, str, str]
) -> None:
    person, session, _visit = thin
    page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    press(window, "button:surat-rujukan")
    scene.settle(qtbot)
    opened = sheet(window, ReferSheet)
    assert opened.paper.value() == "A4"
    opened.paper.set_value("A5")
    press(window, "button:pdf-rujukan")
    scene.settle(qtbot)
    (written,) = (paths.documents() / "Posyandu").glob("Rujukan*.pdf")
    pdf = pypdfium2.PdfDocument(written.read_bytes())
    assert [round(side * 25.4 / 72) for side in pdf[0].get_size()] == [210, 148], "A5 lies across, like half of the A4"
    assert len(pdf) == 2
    press(window, "button:surat-rujukan")
    scene.settle(qtbot)
    assert sheet(window, ReferSheet).paper.value() == "A5"


def test_what_is_missing_is_said_and_nothing_is_kept(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, session, _visit = thin
    page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    press(window, "button:surat-rujukan")
    scene.settle(qtbot)
    opened = sheet(window, ReferSheet)
    opened.view.fields["reasons"].set_value(None)
    press(window, "button:simpan-rujukan")
    scene.settle(qtbot)
    assert sheet(window, ReferSheet) is opened
    assert opened.view.summary.isVisible()
    keys("⎋")
    scene.settle(qtbot)
    assert referrals.of_person(village, person) == []


def test_an_answer_is_noted_from_tindak_lanjut_and_undone(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, _session, visit = thin
    referrals.refer(village, person, referrals.draft(village, person, CHILD, visit), CHILD, visit)
    lists = page(window, "tindak_lanjut", qtbot, code="referral_open")
    before = len(open_ids(village))
    row = next(each for each in lists.findChildren(QAbstractButton, f"orang:{person}") if each.isVisible())
    row.click()
    scene.settle(qtbot)
    press(window, "button:jawaban")
    scene.settle(qtbot)
    opened = sheet(window, AnswerSheet)
    assert opened.sent.person_id == person
    press(window, "button:simpan-jawaban")
    scene.settle(qtbot)
    assert "datang atau tidak datang" in opened.problem.label.text()
    opened.view.fields["came"].set_value("came")
    opened.view.fields["diagnosis"].set_value("Gizi buruk")
    press(window, "button:simpan-jawaban")
    scene.settle(qtbot)
    assert person not in open_ids(village)
    assert len(open_ids(village)) == before - 1
    press(window, "toast:action")
    scene.settle(qtbot)
    assert person in open_ids(village)


def open_ids(ws: Workspace) -> list[str]:
    board = tasks.board(ws, ws.posyandu_id)
    return [task.person.id for each in board.lists if each.code == "referral_open" for task in each.tasks]


def test_the_card_shows_referrals_with_their_answer(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, _session, visit = thin
    card = page(window, "kartu", qtbot, person_id=person)
    qtbot.waitUntil(lambda: "Rujukan" in texts(card))
    press(window, "button:surat-rujukan")
    scene.settle(qtbot)
    press(window, "button:simpan-rujukan")
    scene.settle(qtbot)
    assert [each.visit_id for each in referrals.of_person(village, person)] == [visit]

    def rows() -> list[QAbstractButton]:
        return [each for each in card.findChildren(QAbstractButton) if each.objectName().startswith("rujukan:")]

    qtbot.waitUntil(lambda: len([each for each in rows() if each.isVisible()]) == 1)


def test_a_kader_can_confirm_nothing(qtbot: QtBot, window: MainWindow, thin: tuple[str, str, str]) -> None:
    person, session, _visit = thin
    visit_page = page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    assert not [
        each for each in visit_page.findChildren(QAbstractButton) if each.objectName().startswith("konfirmasi:")
    ]
    aside = visit_page.findChild(VisitAside)
    assert aside is not None
    assert not aside.hint.isVisible()


def test_a_midwife_confirms_or_overrides_and_the_computed_result_stays_in_view(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, session, visit = thin
    village.worker = Worker("bidan-ratna", "Ratna", "midwife")
    visit_page = page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    press(window, "konfirmasi:waz")
    scene.settle(qtbot)
    (opened,) = [each for each in window.findChildren(ConfirmSheet) if each.isVisible()]
    opened.value.set_value("normal")
    press(window, "button:ya")
    assert "alasannya" in opened.problem.label.text()
    opened.reason.setText("Timbangan rusak, ditimbang ulang 9,8 kg")
    press(window, "button:ya")
    scene.settle(qtbot)
    word = confirmations.of_visit(village, visit)["waz"]
    assert word.differs
    (row,) = [each for each in visit_page.findChildren(QAbstractButton, "konfirmasi:waz") if each.isVisible()]
    assert "Berat badan sangat kurang" in row.accessibleName()
    village.worker = Worker("kader-sari", "Sari", "kader")
    again = page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    shown = [each for each in again.findChildren(QAbstractButton) if each.objectName().startswith("konfirmasi:")]
    assert [each.objectName() for each in shown if each.isVisible()] == ["konfirmasi:waz"]
    shown[0].click()
    assert not [each for each in window.findChildren(ConfirmSheet) if each.isVisible()]


def test_the_checklist_of_the_age_stands_beside_the_visit(
    qtbot: QtBot, window: MainWindow, thin: tuple[str, str, str]
) -> None:
    person, session, _visit = thin
    visit_page = page(window, "kunjungan", qtbot, person_id=person, session_id=session)
    (card,) = [each for each in visit_page.findChildren(QWidget, "checklist") if each.isVisible()]
    assert "Checklist perkembangan" in texts(card)
    assert "1. " in texts(card)


def test_the_card_says_what_the_last_visit_did_not_examine(
    qtbot: QtBot, window: MainWindow, thin: tuple[str, str, str]
) -> None:
    person, _session, _visit = thin
    assert "Belum diperiksa: panjang atau tinggi badan" in texts(page(window, "kartu", qtbot, person_id=person))


def test_the_card_names_who_looks_after_a_child(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, _session, _visit = thin
    people.correct(village, person, {"guardian_name": "Inaq Sahnun", "guardian_role": "grandparent"})
    card = page(window, "kartu", qtbot, person_id=person)
    qtbot.waitUntil(lambda: card.findChild(QAbstractButton, "guardian") is not None)
    row = card.findChild(QAbstractButton, "guardian")
    assert row is not None
    assert row.accessibleName().startswith("Inaq Sahnun")
    assert "Kakek atau nenek" in row.accessibleName()


def test_a_guardian_of_the_book_is_one_press_from_the_child_and_back(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    person, _session, _visit = thin
    nini = people.register(village, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1961, 3, 4)})
    people.correct(village, person, {"guardian_id": nini})
    card = page(window, "kartu", qtbot, person_id=person)
    qtbot.waitUntil(lambda: card.findChild(QAbstractButton, "guardian") is not None)
    row = card.findChild(QAbstractButton, "guardian")
    assert row is not None
    row.click()
    qtbot.waitUntil(lambda: card.findChild(QAbstractButton, f"family:{person}") is not None)
    ward = card.findChild(QAbstractButton, f"family:{person}")
    assert ward is not None
    assert "Diasuh di sini" in ward.accessibleName()


def test_a_computed_class_of_an_adult_is_overridden_beside_what_was_computed(
    qtbot: QtBot, window: MainWindow, village: Workspace, thin: tuple[str, str, str]
) -> None:
    _child, session, _visit = thin
    amaq = people.register(village, {"name": "Amaq Sahdan", "sex": "male", "born_on": date(1970, 1, 1)})
    form = FORMS["adult_visit"]
    told = {"systolic_mmhg": 150, "diastolic_mmhg": 95, "weight_g": 70_000, "height_mm": 1_650}
    visit = visits.record(village, form, session, amaq, told).record_id
    village.worker = Worker("bidan-ratna", "Ratna", "midwife")
    shown = page(window, "kunjungan", qtbot, person_id=amaq, session_id=session)
    names = [each.objectName() for each in shown.findChildren(QAbstractButton) if each.isVisible()]
    assert [name for name in names if name.startswith("konfirmasi:")] == ["konfirmasi:pressure", "konfirmasi:bmi_class"]
    press(window, "konfirmasi:pressure")
    scene.settle(qtbot)
    (opened,) = [each for each in window.findChildren(ConfirmSheet) if each.isVisible()]
    assert opened.value.value() == "grade_1"
    opened.value.set_value("high_normal")
    opened.reason.setText("Diukur ulang setelah istirahat: 134/86")
    press(window, "button:ya")
    scene.settle(qtbot)
    word = confirmations.of_visit(village, visit)["pressure"]
    assert word.differs
    assert "Normal tinggi" in word.words
    (row,) = [each for each in shown.findChildren(QAbstractButton, "konfirmasi:pressure") if each.isVisible()]
    assert "Hipertensi derajat 1" in row.accessibleName()
