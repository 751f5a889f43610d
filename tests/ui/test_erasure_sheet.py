"""Erasing on request with real clicks: all is said, a copy is offered, the name is typed, and it is asked once more."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.change import Op
from posyandu.domain.forms import FORMS
from posyandu.services import erasure, people, sessions
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from posyandu.ui import jobs
from posyandu.ui.erasure_sheet import EraseSheet, KeptLongSheet, LateSheet, OpenAnswersSheet
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Row, Tick
from tests.erased import reasons
from tests.ui import scene


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible() and each.isEnabled()]
    assert found, name
    found[-1].click()


def texts(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel))


def a_child(ws: Workspace) -> sessions.RosterRow:
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    return next(each for each in sessions.roster(ws, day.id, "under_five") if each.last_visit)


def be(ws: Workspace, role: str) -> None:
    ws.worker = Worker(ws.worker.id, ws.worker.name, role)


def offer(window: MainWindow) -> list[QAbstractButton]:
    assert window.shell is not None
    return window.shell.page("kartu").action_bar().findChildren(QAbstractButton, "button:hapus-data")  # type: ignore[attr-defined]


def open_sheet(window: MainWindow, qtbot: QtBot, person_id: str) -> EraseSheet:
    assert window.shell is not None
    window.shell.desk.go("kartu", person_id=person_id)
    scene.settle(qtbot)
    offer(window)[-1].click()  # perhaps folded into the menu
    scene.settle(qtbot)
    (found,) = [each for each in window.findChildren(EraseSheet) if each.isVisible()]
    return found


def choose(sheet: Any, name: str) -> None:  # noqa: ANN401
    sheet.why.set_value("guardian")
    sheet.findChild(QLineEdit, "nama").setText(name)


def test_a_person_is_erased_after_everything_was_said_and_asked_twice(
    window: MainWindow, village: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("posyandu.ui.files.folder", lambda: tmp_path)
    child = a_child(village)
    friend = people.register(village, {"name": "Jelita Anjani", "sex": "female", "born_on": date(2024, 5, 3)})
    people.correct(village, friend, {"mother_name": f"Ibunya {child.name}"})
    be(village, "coordinator")
    sheet = open_sheet(window, qtbot, child.person_id)
    (tick,) = [each for each in sheet.findChildren(Tick) if "Jelita Anjani" in each.text()]
    assert not tick.isChecked()  # perhaps another of that name
    tick.click()
    said = texts(sheet)
    assert child.name in said
    for word in ("Pendaftaran 1", "Cadangan", "Buku register", "permintaan"):
        assert word in said, word
    press(window, "button:salinan-dulu")
    scene.settle(qtbot)
    press(window, "button:ya")  # the question about the copy
    scene.settle(qtbot)
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".html", ".json"]
    choose(sheet, "Orang Lain")
    press(window, "button:hapus-selamanya")
    scene.settle(qtbot)
    assert not any(each.isVisible() for each in window.findChildren(QAbstractButton, "button:ya")), (
        "nothing is asked yet"
    )
    assert sheet.typed.hasFocus()
    assert "tidak sama" in texts(sheet)
    sheet.problem.hide()
    assert records.load(village.db, FORMS["person"], child.person_id) is not None
    choose(sheet, child.name)
    press(window, "button:hapus-selamanya")
    scene.settle(qtbot)
    press(window, "button:ya")
    jobs.wait(5000)
    scene.settle(qtbot)
    assert records.load(village.db, FORMS["person"], child.person_id) is None
    assert people.card(village, friend).hit.mother_name == "Ibunya (data dihapus)"
    assert people.search(village, child.name) == [] or child.person_id not in {
        hit.id for hit in people.search(village, child.name)
    }
    assert window.shell is not None
    assert window.shell.desk.ws is village
    assert len(reasons(village)) == 1


@pytest.mark.parametrize("page", ["kartu", "kunjungan", "kunjungan_rumah"])
@pytest.mark.parametrize("seen", [True, False], ids=["seen", "left"])
def test_a_page_about_somebody_another_laptop_has_erased_goes_away_quietly(
    window: MainWindow, village: Workspace, qtbot: QtBot, page: str, seen: bool
) -> None:
    child = a_child(village)
    be(village, "midwife")
    assert window.shell is not None
    window.shell.desk.go(page, person_id=child.person_id)
    scene.settle(qtbot)
    if not seen:
        window.shell.desk.go("beranda")
        scene.settle(qtbot)
    erasure.erase(village, child.person_id, why="person", typed_name=child.name, pin="")
    with qtbot.captureExceptions() as faults:
        for _round in range(2):
            window.shell.desk.announce(*FORMS)  # as after each sending
            scene.settle(qtbot)
        for save in window.findChildren(QAbstractButton, "button:simpan"):
            if save.isVisible():
                save.click()
                scene.settle(qtbot)
                assert "Orang ini tidak ada di buku" in texts(window) or "Belum ada isian" in texts(window)
    assert faults == []


def test_a_kader_is_not_offered_to_erase(window: MainWindow, village: Workspace, qtbot: QtBot) -> None:
    child = a_child(village)
    assert window.shell is not None
    for role, offered in (("kader", 0), ("coordinator", 1), ("operator", 0), ("midwife", 1)):
        be(village, role)
        window.shell.desk.go("beranda")
        window.shell.desk.go("kartu", person_id=child.person_id)
        scene.settle(qtbot)
        assert len(offer(window)) == offered, role


def test_what_came_late_is_shown_and_erased_from_settings(window: MainWindow, village: Workspace, qtbot: QtBot) -> None:
    child = a_child(village)
    be(village, "midwife")
    erasure.erase(village, child.person_id, why="person", typed_name=child.name, pin="")
    fields = {"visited_on": "2026-11-12", "weight_g": 8125, "person_id": child.person_id}
    late = Op(village.posyandu_id, "under_five_visit", "late", 1, 1, (), fields, "wati", 1_763_000_000_000, 1, "n")
    journal.apply(village.db, [(late, "laptop-b")])
    assert window.shell is not None
    window.shell.desk.go("pengaturan", part="akses")
    scene.settle(qtbot)
    press(window, "button:ditahan")
    scene.settle(qtbot)
    (sheet,) = [each for each in window.findChildren(LateSheet) if each.isVisible()]
    assert "12-11-2026" in texts(sheet), texts(sheet)
    assert "8,13" in texts(sheet) or "8,12" in texts(sheet)
    sheet.why.set_value("person")
    press(window, "button:hapus-selamanya")
    scene.settle(qtbot)
    press(window, "button:ya")
    jobs.wait(5000)
    scene.settle(qtbot)
    assert erasure.late(village) == []
    assert journal.ops_of(village.db, "late") == []


def test_where_nothing_is_held_back_nothing_is_offered_to_erase(window: MainWindow, qtbot: QtBot) -> None:
    assert window.desk is not None
    sheet = LateSheet(window.desk, window)
    qtbot.waitUntil(lambda: sheet.told.text() == "Tidak ada yang ditahan.")
    assert [each.text() for each in sheet.findChildren(QAbstractButton) if each.isVisible()] == ["Tutup"]


def test_open_answers_of_an_earlier_version_are_erased_from_settings(
    window: MainWindow, village: Workspace, qtbot: QtBot
) -> None:
    child = a_child(village)
    srq, told = FORMS["srq20"], {"visited_on": date(2026, 3, 1), "answered": True, "outcome": "low"}
    for answers in ({**told, "srq_17": True}, {"srq_17": None}):
        records.save(
            village.db, srq, "lama", answers, scope=village.posyandu_id, author=village.author, now=village.now(),
            links={"person_id": child.person_id},
        )  # fmt: skip
    assert window.shell is not None
    for role, offered in (("kader", 0), ("midwife", 1)):
        be(village, role)
        window.shell.desk.go("beranda")
        window.shell.desk.go("pengaturan", part="akses")
        scene.settle(qtbot)
        found = [each for each in window.findChildren(QAbstractButton, "button:jawaban-terbuka") if each.isVisible()]
        assert len(found) == offered, role
    assert found[0].text() == "1 jawaban rahasia lama masih terbuka di jurnal"
    found[0].click()
    scene.settle(qtbot)
    (sheet,) = [each for each in window.findChildren(OpenAnswersSheet) if each.isVisible()]
    assert texts(sheet).count("1 lembar SRQ-20") == 1
    assert not sheet.why.isVisible(), "there is one reason only"
    press(window, "button:hapus-selamanya")
    scene.settle(qtbot)
    press(window, "button:ya")
    jobs.wait(5000)
    scene.settle(qtbot)
    (left,) = journal.ops_of(village.db, "lama")
    assert (left[0].fields.get("srq_17"), left[0].fields["outcome"]) == (None, "low")


def test_who_is_kept_too_long_is_listed_and_opens_the_card(
    window: MainWindow, village: Workspace, qtbot: QtBot
) -> None:
    be(village, "coordinator")
    old = people.register(village, {"name": "Amaq Lama", "sex": "male", "born_on": date(1940, 1, 1)})
    people.correct(village, old, {"status": "moved", "left_on": date(2015, 5, 2)})
    records.save(
        village.db, FORMS["adult_visit"], "dulu", {"visited_on": date(2015, 3, 1)}, scope=village.posyandu_id,
        author=village.author, now=village.now(), links={"person_id": old},
    )  # fmt: skip
    assert window.shell is not None
    window.shell.desk.go("pengaturan", part="akses")
    scene.settle(qtbot)
    press(window, "button:masa-simpan")
    scene.settle(qtbot)
    (sheet,) = [each for each in window.findChildren(KeptLongSheet) if each.isVisible()]
    (row,) = sheet.findChildren(Row, f"lama:{old}")
    assert "Pindah. Terakhir 02-05-2015" in row.accessibleName() or "Pindah. Terakhir 02-05-2015" in texts(row)
    assert "Lebih dari 5 tahun" in texts(sheet)
    row.click()
    scene.settle(qtbot)
    assert window.shell.page("kartu").person_id == old  # type: ignore[attr-defined]
    offer(window)[-1].click()
    scene.settle(qtbot)
    (asked,) = [each for each in window.findChildren(EraseSheet) if each.isVisible()]
    asked.why.set_value("kept_long")
    assert asked.why.value() == "kept_long"
