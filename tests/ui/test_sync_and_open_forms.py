"""What another laptop sends never touches a form that is open here: real pages, real saves of a second laptop."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.services import people, referrals, sessions, visits, workspace
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.daftar import DaftarPage
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.pages.kunjungan_rumah import KunjunganRumahPage
from posyandu.ui.referral_sheets import ReferSheet
from tests.ui import scene
from tests.ui.scene import keys

CHILD = FORMS["under_five_visit"]


@pytest.fixture
def other(village: Workspace) -> Iterator[Workspace]:
    """A second laptop with the same book."""
    made = workspace.in_memory(now=scene.MORNING, device="laptop-dua", post=None)
    made.worker = Worker("kader-yuli", "Yuli", "kader")
    ops = journal.unsealed(village.db)
    journal.apply(made.db, [(op, village.device) for op in ops])
    made.posyandu_id = village.posyandu_id
    yield made
    made.close()


def receive(window: MainWindow, village: Workspace, other: Workspace) -> None:
    """What the other laptop has saved arrives here, and the pages are told as after a synchronisation."""
    ops = journal.unsealed(other.db)
    journal.apply(village.db, [(op, other.device) for op in ops])
    assert window.shell is not None
    window.shell.desk.announce(*{op.entity for op in ops})


def someone(village: Workspace) -> tuple[str, str]:
    day = sessions.current(village, village.posyandu_id)
    assert day is not None
    row = next(each for each in sessions.roster(village, day.id, "under_five") if each.present)
    return row.person_id, day.id


def go(window: MainWindow, qtbot: QtBot, name: str, **arguments: object) -> object:
    assert window.shell is not None
    window.shell.desk.go(name, **arguments)
    scene.settle(qtbot)
    return window.shell.page(name)


def stored(village: Workspace, session: str, person: str) -> Answers:
    row = records.load(village.db, CHILD, records.visit_id(CHILD.name, session, person))
    assert row is not None
    return row.answers


def test_a_visit_being_typed_keeps_its_values_focus_and_cursor(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, session = someone(village)
    page = go(window, qtbot, "kunjungan", person_id=person, session_id=session)
    assert isinstance(page, KunjunganPage)
    assert page.form_view is not None
    page.form_view.fields["weight_g"].input().setFocus()
    keys("98")
    focus = QApplication.focusWidget()
    visits.record(other, CHILD, session, person, {"length_mm": 790, "muac_mm": 140})
    receive(window, village, other)
    scene.settle(qtbot)
    assert QApplication.focusWidget() is focus
    assert page.form_view.answers()["weight_g"] == 9_800
    assert page.form_view.answers()["length_mm"] is None
    assert stored(village, session, person)["length_mm"] == 790
    page.form_view.flush()


def test_saving_the_open_visit_keeps_what_came_in_meanwhile(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, session = someone(village)
    page = go(window, qtbot, "kunjungan", person_id=person, session_id=session)
    assert isinstance(page, KunjunganPage)
    assert page.form_view is not None
    page.form_view.fields["vitamin_a"].set_value("none")
    visits.record(other, CHILD, session, person, {"muac_mm": 140})
    receive(window, village, other)
    scene.settle(qtbot)
    assert page.save(then_next=False)
    kept = stored(village, session, person)
    assert (kept["vitamin_a"], kept["muac_mm"]) == ("none", 140)


def test_a_value_both_wrote_is_asked_about_before_it_is_replaced(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, session = someone(village)
    page = go(window, qtbot, "kunjungan", person_id=person, session_id=session)
    assert isinstance(page, KunjunganPage)
    view = page.form_view
    assert view is not None
    view.fields["muac_mm"].set_value(150)
    visits.record(other, CHILD, session, person, {"muac_mm": 140})
    receive(window, village, other)
    scene.settle(qtbot)
    assert not page.save(then_next=False)
    told = [each.accessibleName() for each in view.summary.findChildren(QAbstractButton)]
    assert any("Laptop lain baru saja mencatat 14,0 cm" in words for words in told), told
    assert stored(village, session, person)["muac_mm"] == 140
    assert page.save(then_next=False)
    assert stored(village, session, person)["muac_mm"] == 150


def test_a_person_being_corrected_keeps_what_is_typed(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, _session = someone(village)
    page = go(window, qtbot, "daftar", person_id=person)
    assert isinstance(page, DaftarPage)
    page.view.fields["name"].set_value("Nama Baru")
    people.correct(other, person, {"phone": "081200000000"})
    receive(window, village, other)
    scene.settle(qtbot)
    assert page.view.answers()["name"] == "Nama Baru"
    assert page.view.answers()["phone"] is None


def test_a_home_visit_being_filled_keeps_its_answers(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, session = someone(village)
    page = go(window, qtbot, "kunjungan_rumah", person_id=person)
    assert isinstance(page, KunjunganRumahPage)
    page.view.fields["danger_breath"].set_value(True)
    visits.record(other, CHILD, session, person, {"muac_mm": 140})
    receive(window, village, other)
    scene.settle(qtbot)
    assert page.view.answers()["danger_breath"] is True


def test_a_slip_being_written_keeps_its_words(
    qtbot: QtBot, window: MainWindow, village: Workspace, other: Workspace
) -> None:
    person, session = someone(village)
    saved = visits.record(village, CHILD, session, person, {"muac_mm": 112}, confirmed=("muac_mm",))
    journal.apply(other.db, [(op, village.device) for op in journal.unsealed(village.db)])
    go(window, qtbot, "kunjungan", person_id=person, session_id=session)
    assert window.shell is not None
    sheet = ReferSheet(window.shell.desk, window, person, CHILD.name, saved.record_id)
    sheet.view.fields["companion"].set_value("Kader Sari")
    referrals.refer(
        other, person, {**referrals.draft(other, person, CHILD.name, saved.record_id), "companion": "Yuli"},
        CHILD.name, saved.record_id,
    )  # fmt: skip
    receive(window, village, other)
    scene.settle(qtbot)
    assert sheet.view.answers()["companion"] == "Kader Sari"
    assert referrals.of_person(village, person)[0].answers["companion"] == "Yuli"
    sheet.reject()
