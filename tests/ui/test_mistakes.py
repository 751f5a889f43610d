"""Taken away by the keys of a kader: asked once, harmless keys harm nothing, the toast and the card bring it back."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms.adult import SRQ
from posyandu.domain.forms.pregnancy import VISIT as MOTHER
from posyandu.domain.forms.under_five import FORM as CHILD
from posyandu.services import (
    feeding,
    home_visits,
    immunisation,
    mistakes,
    people,
    pregnancies,
    questionnaires,
    sessions,
    social,
    visits,
)
from posyandu.services.workspace import Worker, Workspace
from posyandu.ui.gone_sheet import GoneSheet
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kartu import KartuPage
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.pages.kunjungan_rumah import KunjunganRumahPage
from posyandu.ui.sealed_answers import SealedAnswers
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.basics import Card, Label
from posyandu.ui.widgets.overlay import Overlay
from tests.services.melati import with_reader
from tests.ui import scene
from tests.ui.scene import keys

REPORT = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "normal"}


@pytest.fixture
def shell(window: MainWindow) -> Shell:
    assert window.shell is not None
    return window.shell


@pytest.fixture
def ws(village: Workspace) -> Workspace:
    return village


def button(host: QWidget, name: str) -> QAbstractButton:
    """The one that shows; what stands below the questions comes some turns after them."""
    for _turn in range(300):
        found = [each for each in host.findChildren(QAbstractButton, name) if each.isVisible()]
        if found:
            break
        QTest.qWait(5)
    assert len(found) == 1, name
    return found[0]


def press(host: QWidget, name: str) -> None:
    """Press a button by the keyboard."""
    button(host, name).setFocus()
    keys("↵")


def undo(shell: Shell) -> None:
    button(shell, "toast:action").setFocus()
    keys(" ")


def words(host: QWidget) -> str:
    return " | ".join(each.text() for each in host.findChildren(Label) if each.text())


def sheets(shell: Shell) -> list[Overlay]:
    return [each for each in shell.findChildren(Overlay) if each.isVisible()]


def card(shell: Shell) -> KartuPage:
    page = shell.page("kartu")
    assert isinstance(page, KartuPage)
    page.finish_building()
    return page


def recorded(ws: Workspace) -> tuple[str, str, str]:
    """A child nobody marked present whose visit of today was recorded: the day, the child, the visit."""
    day = scene.open_day(ws)
    row = next(each for each in sessions.roster(ws, day, "under_five") if not each.present and each.last_visit)
    last = (row.last_visit or {})["weight_g"]
    return day, row.person_id, visits.record(ws, CHILD, day, row.person_id, {"weight_g": last}).record_id


def came(ws: Workspace, day: str, person_id: str) -> tuple[bool | None, bool]:
    row = next(each for each in sessions.roster(ws, day) if each.person_id == person_id)
    return row.present, row.visit is not None


def test_a_visit_is_taken_away_after_one_question_and_the_toast_brings_it_back(shell: Shell, ws: Workspace) -> None:
    day, person_id, _visit = recorded(ws)
    shell.go("kunjungan", person_id=person_id, session_id=day)
    press(shell, "button:hapus-kunjungan")
    (sheet,) = sheets(shell)
    assert "tanggal 12-11-2026?" in words(sheet)
    assert "Tanda hadirnya hari itu ikut dihapus." in words(sheet)
    assert f"Tercatat atas nama {ws.worker.name}, dan dapat dikembalikan." in words(sheet)
    assert QApplication.focusWidget() is button(sheet, "button:batal")
    press(sheet, "button:ya")
    assert shell.place()[0] == "kartu"
    assert came(ws, day, person_id) == (None, False)
    told = words(card(shell).right)
    assert "Dihapus dari buku" in told
    assert f"{ws.worker.name}  ·  Salah dicatat" in told
    undo(shell)
    assert came(ws, day, person_id) == (True, True)
    assert shell.place()[0] == "kunjungan"
    page = shell.page("kunjungan")
    assert isinstance(page, KunjunganPage)
    assert page.visit is not None
    assert page.visit.saved_at is not None


def test_escape_and_a_held_or_second_enter_leave_the_visit_as_it_is(shell: Shell, ws: Workspace) -> None:
    day, person_id, _visit = recorded(ws)
    shell.go("kunjungan", person_id=person_id, session_id=day)
    press(shell, "button:hapus-kunjungan")
    keys("⎋")
    assert sheets(shell) == []
    press(shell, "button:hapus-kunjungan")
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(shell.window().windowHandle(), event)
    assert len(sheets(shell)) == 1
    keys("↵")  # on what closes
    assert sheets(shell) == []
    assert came(ws, day, person_id) == (True, True)


def test_a_visit_that_was_not_recorded_offers_nothing_to_delete(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    day = scene.open_day(ws)
    row = next(each for each in sessions.roster(ws, day, "under_five") if each.visit is None)
    shell.go("kunjungan", person_id=row.person_id, session_id=day)
    page = shell.page("kunjungan")
    assert isinstance(page, KunjunganPage)
    scene.settle(qtbot)
    assert page.findChildren(QAbstractButton, "button:hapus-kunjungan") == []
    page.take_away()
    assert sheets(shell) == []


def test_what_was_typed_after_saving_comes_back_with_the_visit_as_a_draft(shell: Shell, ws: Workspace) -> None:
    day, person_id, _visit = recorded(ws)
    shell.go("kunjungan", person_id=person_id, session_id=day)
    page = shell.page("kunjungan")
    assert isinstance(page, KunjunganPage)
    assert page.form_view is not None
    page.form_view.fields["muac_mm"].take_focus()
    keys("14,5")
    button(shell, "button:hapus-kunjungan").click()  # by the mouse: the cursor stays in the question
    press(sheets(shell)[0], "button:ya")
    assert visits.drafts(ws) == []
    undo(shell)
    assert [each.answers["muac_mm"] for each in visits.drafts(ws)] == [145]
    assert page.form_view.answers()["muac_mm"] == 145


def test_after_the_toast_the_card_still_brings_a_visit_back(shell: Shell, ws: Workspace) -> None:
    day, person_id, visit = recorded(ws)
    shell.go("kunjungan", person_id=person_id, session_id=day)
    press(shell, "button:hapus-kunjungan")
    press(sheets(shell)[0], "button:ya")
    press(card(shell), f"button:kembalikan:{visit}")
    assert came(ws, day, person_id) == (True, True)
    told = words(card(shell).right)
    assert "Dikembalikan" in told
    assert not card(shell).findChildren(QAbstractButton, f"button:kembalikan:{visit}")


def test_somebody_with_visits_is_not_deleted_and_it_is_said_what_there_is(shell: Shell, ws: Workspace) -> None:
    _day, person_id, _visit = recorded(ws)
    many = len(people.card(ws, person_id).visits)
    shell.go("kartu", person_id=person_id)
    card(shell).take_away()
    (sheet,) = sheets(shell)
    assert f"Kunjungan bayi, balita dan apras ({many})" in words(sheet)
    assert "Gabungkan di Data ganda. Pindah atau meninggal?" in words(sheet)
    keys("↵")
    assert sheets(shell) == []
    assert people.hit(ws, person_id).name in {each.name for each in people.search(ws, people.hit(ws, person_id).name)}


def test_somebody_registered_by_mistake_leaves_every_list_and_comes_back(shell: Shell, ws: Workspace) -> None:
    day = scene.open_day(ws)
    before = sessions.tally(ws, day)
    person_id = people.register(ws, {"name": "Zubaidah Salah", "sex": "female", "born_on": date(2025, 3, 5)})
    sessions.mark_present(ws, day, person_id)
    shell.go("kartu", person_id=person_id)
    card(shell).take_away()
    assert "Hapus Zubaidah Salah dari buku?" in words(sheets(shell)[0])
    press(sheets(shell)[0], "button:ya")
    assert shell.place()[0] == "sasaran"
    assert people.search(ws, "Zubaidah Salah") == []
    assert sessions.tally(ws, day) == before
    shell.go("kartu", person_id=person_id)
    page = card(shell)
    assert "Dihapus dari buku: 12-11-2026, 09.42" in words(page.left)
    assert page.bar.findChildren(QAbstractButton) == []
    assert [each.objectName() for each in page.right.findChildren(Card)] == ["history"]
    assert page.first_focus() is None
    undo(shell)
    assert [each.id for each in people.search(ws, "Zubaidah Salah")] == [person_id]
    assert sessions.tally(ws, day).present == before.present + 1
    assert "Dihapus dari buku:" not in words(card(shell).left)


def test_a_pregnancy_noted_by_mistake_ends_on_her_sheet(shell: Shell, ws: Workspace) -> None:
    wulan = people.register(ws, {"name": "Wulan Salah", "sex": "female", "born_on": date(1998, 4, 2)})
    shell.go("daftar", pregnancy_of=wulan)
    assert not shell.page("daftar").away.isVisible()
    pregnancies.note(ws, wulan, {"lmp_on": date(2026, 6, 1)})
    shell.go("daftar", pregnancy_of=wulan)
    press(shell, "button:hapus-kehamilan")
    assert "Wulan Salah tidak hamil?" in words(sheets(shell)[0])
    press(sheets(shell)[0], "button:ya")
    assert people.card(ws, wulan).pregnancy is None
    assert "Kehamilan, 12-11-2026" in words(card(shell).right)
    undo(shell)
    pregnancy_id = people.card(ws, wulan).pregnancy_id
    visits.record(ws, MOTHER, scene.open_day(ws), wulan, {"weight_g": 55_000})
    shell.go("daftar", pregnancy_of=wulan)
    press(shell, "button:hapus-kehamilan")
    assert "Kunjungan ibu hamil (1)" in words(sheets(shell)[0])
    keys("↵")
    assert people.card(ws, wulan).pregnancy_id == pregnancy_id
    shell.go("daftar")
    assert not shell.page("daftar").away.isVisible()


def test_sealed_answers_are_deleted_on_their_page_by_who_asked_and_by_nobody_else(shell: Shell, ws: Workspace) -> None:
    with_reader(ws)
    wulan = people.register(ws, {"name": "Wulan Lestari", "sex": "female", "born_on": date(1998, 4, 2)})
    asked = visits.record(ws, SRQ, None, wulan, {**dict.fromkeys(questionnaires.secret(SRQ), True)}).record_id
    told = {"person_id": wulan, "record_id": asked, "form": SRQ.name}
    asker, ws.worker = ws.worker, Worker("kader-lain", "Murniati", "kader")
    shell.go("kunjungan", **told)
    assert not shell.page("kunjungan").findChildren(QAbstractButton, "button:hapus-kunjungan")
    ws.worker = asker
    shell.go("kunjungan", **told)
    press(shell.page("kunjungan"), "button:hapus-kunjungan")
    (sheet,) = sheets(shell)
    assert "SRQ-20: tidak dihitung lagi" in words(sheet)
    assert "Jawaban rahasianya ikut" in words(sheet)
    keys("⎋")
    assert questionnaires.envelopes(ws, asked)
    press(shell.page("kunjungan"), "button:hapus-kunjungan")
    press(sheets(shell)[0], "button:ya")
    assert questionnaires.envelopes(ws, asked) == []
    assert shell.place()[0] == "kunjungan"
    undo(shell)
    assert questionnaires.envelopes(ws, asked)
    assert shell.page("kunjungan").findChildren(SealedAnswers)


def test_a_home_visit_is_deleted_below_its_questions_and_what_was_typed_since_comes_back_as_a_draft(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    raka = people.register(ws, {"name": "Raka Aditya", "sex": "male", "born_on": date(2025, 7, 5)})
    shell.go("kunjungan_rumah", person_id=raka)
    page = shell.page("kunjungan_rumah")
    assert isinstance(page, KunjunganRumahPage)
    assert page.findChildren(QAbstractButton, "button:hapus-kunjungan") == []  # nothing is noted yet
    page.take_away()
    opened = home_visits.open_visit(ws, raka)
    home_visits.record(ws, opened, {**opened.answers, "danger_weak": True})
    shell.go("kunjungan_rumah", person_id=raka, form=opened.form.name, record_id=opened.record_id)
    assert page.view is not None
    page.view.fields["danger_weak"].take_focus()
    keys("t")
    button(shell, "button:hapus-kunjungan").click()
    assert "Hapus kunjungan Raka Aditya tanggal 12-11-2026?" in words(sheets(shell)[0])
    press(sheets(shell)[0], "button:ya")
    assert home_visits.log(ws, person_id=raka) == ()
    assert shell.place()[0] == "kartu"
    assert visits.drafts(ws) == []
    shell.back()  # to the page of what is gone: a new visit
    assert page.visit is not None
    assert page.visit.saved_at is None
    undo(shell)
    assert len(home_visits.log(ws, person_id=raka)) == 1
    assert page.visit.draft_at is not None
    assert page.view.answers()["danger_weak"] is False


def test_what_was_deleted_is_found_in_sasaran_and_brought_back_by_keys(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    shell.go("sasaran")
    press(shell, "button:yang-dihapus")
    (sheet,) = sheets(shell)
    qtbot.waitUntil(lambda: "Tidak ada yang dihapus." in words(sheet))
    keys("⎋")
    salah = people.register(ws, {"name": "Zubaidah Salah", "sex": "female", "born_on": date(2025, 3, 5)})
    mistakes.take_person(ws, salah)
    secret = people.register(ws, {"name": "Wulan Rahasia", "sex": "female", "born_on": date(1998, 4, 2)})
    with_reader(ws)
    asked = visits.record(ws, SRQ, None, secret, {"srq_1": True}).record_id
    mistakes.take_visit(ws, SRQ, asked)
    hidden = social.open_sealed(ws, {**REPORT, "kind": "mental_health"}, person_id=secret)
    social.undo(ws, hidden.op_id)
    ws.worker = Worker("kader-lain", "Murniati", "kader")
    press(shell, "button:yang-dihapus")
    (sheet,) = sheets(shell)
    qtbot.waitUntil(lambda: "Zubaidah Salah" in words(sheet))
    assert "12-11-2026, 09.42  ·  Salah dicatat" in words(sheet)
    assert "Wulan" not in words(sheet)
    assert "SRQ" not in words(sheet)
    assert "rahasia" not in words(sheet)
    assert "sosial" not in words(sheet)
    press(sheet, f"button:kembalikan:{salah}")
    qtbot.waitUntil(lambda: "Tidak ada yang dihapus." in words(sheet))
    keys("⎋")
    assert [each.id for each in people.search(ws, "Zubaidah Salah")] == [salah]


def test_a_long_list_of_what_was_deleted_opens_thirty_at_a_time(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    _day, person_id, visit = recorded(ws)
    mistakes.take_visit(ws, CHILD, visit)
    (each,) = mistakes.gone(ws)
    sheet = GoneSheet(shell.desk, shell)
    qtbot.waitUntil(lambda: each.name in words(sheet))
    sheet._show([replace(each, record_id=str(number)) for number in range(31)])  # noqa: SLF001
    assert words(sheet).count(each.what) == 30
    press(sheet, "button:lebih-lama")
    assert words(sheet).count(each.what) == 31
    press(sheet, "button:kembalikan:30")  # unknown by now: said, and read again
    qtbot.waitUntil(lambda: words(sheet).count(each.what) == 1)
    assert people.card(ws, person_id).hit.name == each.name


def test_a_dose_food_and_reports_that_were_deleted_are_in_the_list_and_brought_back_by_keys(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    raka = people.register(ws, {"name": "Raka Coba", "sex": "male", "born_on": date(2025, 7, 5)})
    with_reader(ws)
    immunisation.record(ws, raka, [immunisation.Given("bcg", 1, date(2025, 8, 5))])
    programme, _op = feeding.save(ws, raka, {**feeding.proposal(ws, people.card(ws, raka)), "reason": "wasted"})
    report = social.open_ticket(ws, REPORT, person_id=raka)
    hidden = social.open_sealed(ws, {**REPORT, "kind": "mental_health"}, person_id=raka)
    immunisation.remove(ws, raka, "bcg", 1)
    feeding.withdraw(ws, programme)
    social.withdraw(ws, report.id)
    social.undo(ws, hidden.op_id)
    shell.go("sasaran")
    press(shell, "button:yang-dihapus")
    (sheet,) = sheets(shell)
    qtbot.waitUntil(lambda: "Tiket rahasia" in words(sheet))
    assert "Imunisasi BCG, 05-08-2025" in words(sheet)
    assert "Program makanan tambahan" in words(sheet)
    for each in mistakes.gone(ws):
        before = len(mistakes.gone(ws))
        press(sheet, f"button:kembalikan:{each.record_id}")
        assert len(mistakes.gone(ws)) == before - 1
    qtbot.waitUntil(lambda: "Tidak ada yang dihapus." in words(sheet))
    assert [each.id for each in social.tickets(ws, person_id=raka)] == [report.id]
    assert [each.record_id for each in feeding.of_person(ws, raka)] == [programme]
    assert list(immunisation.card(ws, raka).records) == ["bcg"]
    assert hidden.id in [each.id for each in social.sealed_tickets(ws)]
