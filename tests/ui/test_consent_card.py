"""Persetujuan on the card: noted by keys, taken back, the toast undoes; and what is good to know of a person first."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from posyandu.domain.fields import Value
from posyandu.services import consents, posts
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs, theme
from posyandu.ui.consent_card import ConsentCard, TextSheet
from posyandu.ui.pages.kartu import KartuPage, to_know
from posyandu.ui.pages.pengaturan import PengaturanPage
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.basics import Label, Notice, Row
from tests.services import melati
from tests.services.melati import TODAY, Clock
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post(Clock())
    yield made
    made.close()


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, ws: Workspace) -> Iterator[Shell]:
    theme.apply(qapp, "light", 1.0)
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, 1366, 690)
    yield made
    jobs.wait(5000)
    made.hide()


def kartu(shell: Shell, person_id: str) -> KartuPage:
    shell.go("kartu", person_id=person_id)
    page = shell.pages["kartu"]
    assert isinstance(page, KartuPage)
    page.finish_building()
    return page


def card(page: KartuPage) -> ConsentCard:
    page.finish_building()
    return page.right.findChildren(ConsentCard)[-1]


def rows(found: ConsentCard) -> dict[str, tuple[str, str]]:
    """Each purpose with its detail and its chip."""
    return {
        each.objectName().partition(":")[2]: (each.detail, each.chip[0] if each.chip else "")
        for each in found.findChildren(Row)
    }


def sheet(shell: Shell) -> RecordSheet:
    (found,) = [each for each in shell.findChildren(RecordSheet) if each.isVisible()]
    return found


def choose(asked: RecordSheet, **answers: Value) -> None:
    """Answer one question after the other, as a hand would."""
    for name, value in answers.items():
        asked.view.fields[name].set_value(value)
        asked.view.show_asked()


def press(root: ConsentCard | Shell, name: str) -> None:
    root.findChildren(QAbstractButton, name)[-1].click()


def test_a_consent_is_noted_taken_back_and_the_toast_undoes(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    raka = melati.child(ws, mother_name="Wulan Sari")
    scene.settle(qtbot)
    page = kartu(shell, raka)
    assert rows(card(page)) == dict.fromkeys(("service", "share", "picture"), ("", "Belum diberi tahu"))
    press(card(page), "persetujuan:share")
    asked = sheet(shell)
    assert asked.view.fields["giver_name"].value() == "Wulan Sari"
    choose(asked, answer="agreed", how="thumb")
    asked.ok.setFocus()
    keys("↵")
    detail = "Sejak 12-11-2026, naskah 2026-11, Wulan Sari"
    assert rows(card(page))["share"] == (detail, "Setuju")
    card(page).note(consents.stands(ws, raka)[1])
    again = sheet(shell)
    assert again.view.fields["purpose"].value() == "share"
    choose(again, withdrawn_on=TODAY, wish="no_sharing")
    again.save()
    told = "Sejak 12-11-2026, naskah 2026-11, Jangan dikirim ke luar Posyandu, Wulan Sari"
    assert rows(card(page))["share"] == (told, "Ditarik")
    assert len(consents.of_person(ws, raka)) == 1, "the same record, with its withdrawal"
    press(shell, "toast:action")
    assert rows(card(page))["share"] == (detail, "Setuju"), "only the withdrawal is undone"


def test_a_new_note_asks_the_next_purpose_and_without_it_says_so(shell: Shell, ws: Workspace) -> None:
    wulan = melati.woman(ws)
    page = kartu(shell, wulan)
    press(card(page), "button:persetujuan")
    asked = sheet(shell)
    assert asked.view.fields["purpose"].value() == "service"
    assert asked.view.fields["told_by"].value() == ws.worker.name
    asked.view.set_answers({**asked.view.answers(), "told_on": None})
    asked.save()
    assert asked.isVisible()
    assert consents.of_person(ws, wulan) == []
    asked.reject()


def test_the_text_is_there_to_be_read_out(shell: Shell, ws: Workspace) -> None:
    page = kartu(shell, melati.woman(ws))
    press(card(page), "button:naskah")
    (text,) = shell.findChildren(TextSheet)
    said = " ".join(each.text() for each in text.findChildren(Label))
    assert "Persetujuan boleh ditarik kapan saja." in said
    assert "Naskah 2026-11" in said
    keys("⎋")
    assert not text.isVisible()


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        ({}, []),
        ({"disability": "none", "jkn_kind": "pbi", "jkn_active": True}, []),
        ({"nik": "5299014204980001", "nik_missing": "none_yet"}, []),
        ({"nik_missing": "not_brought"}, ["NIK belum ada: tidak dibawa."]),
        ({"jkn_kind": "pbi", "jkn_active": False}, ["Kartu JKN tidak aktif."]),
        ({"jkn_kind": "none", "jkn_active": False}, []),
        ({"betrothed": True}, ["Calon pengantin."]),
        ({"betrothed": True, "wedding_on": date(2026, 12, 12)}, ["Calon pengantin, menikah 12-12-2026."]),
        ({"betrothed": True, "wedding_on": date(2026, 11, 11)}, []),
        (
            {"disability": "hearing_speech", "communication": "Isyarat", "disability_aid": "Alat dengar"},
            ["Disabilitas: rungu atau wicara.", "Cara berbicara: Isyarat.", "Alat: Alat dengar."],
        ),
    ],
)
def test_what_to_know_first_is_only_what_was_told(told: dict[str, Value | None], sentences: list[str]) -> None:
    assert to_know(told, TODAY) == sentences


def test_it_stands_on_the_card_in_one_notice(shell: Shell, ws: Workspace) -> None:
    page = kartu(shell, melati.woman(ws, disability="sight", betrothed=True))
    told = [each.label.text() for each in page.findChildren(Notice)]
    assert "Disabilitas: netra. Calon pengantin." in told
    other = kartu(shell, melati.child(ws))
    assert not any("Disabilitas" in each.label.text() for each in other.findChildren(Notice) if each.isVisible())


def test_the_decree_of_a_post_is_typed_as_people_write_a_day(shell: Shell, ws: Workspace) -> None:
    shell.go("pengaturan", part="posyandu")
    post_id = posts.add_post(ws, {"name": "Mawar", "village_code": "5203012001"})
    page = shell.pages["pengaturan"]
    assert isinstance(page, PengaturanPage)
    asked = page.edit_post(post_id)
    asked.boxes["decree"].setText("140/12/2024")
    day = asked.days["decree_on"]
    assert day.button.isVisible(), "the calendar"
    day.line.setText("kapan-kapan")
    asked.save()
    assert asked.isVisible()
    assert (day.state, day.help.text) == ("bad", day.trouble())
    day.line.setText("5/3/24")
    asked.save()
    told = posts.answers(ws, post_id)
    assert (told["decree"], told["decree_on"]) == ("140/12/2024", date(2024, 3, 5))
    again = page.edit_post(post_id)
    assert again.days["decree_on"].line.text() == "05-03-2024"
    again.days["decree_on"].line.setText("")
    again.save()
    assert posts.answers(ws, post_id).get("decree_on") is None
