"""The page of records written down twice, with real keys over a real book."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from posyandu.services import duplicates, people
from posyandu.services.workspace import Workspace
from posyandu.ui.pages.ganda import GandaPage
from tests.ui import scene


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=1)
    for name, born_on in (("Lalu Muhammad Rizki", date(2024, 5, 3)), ("L. Moh. Rizqi", date(2024, 5, 5))):
        people.register(book, {"name": name, "sex": "male", "born_on": born_on, "mother_name": "Baiq Siti Aminah"})
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[GandaPage]:
    made = GandaPage(scene.desk(ws))
    qtbot.addWidget(made)
    qtbot.addWidget(made.action_bar())
    made.resize(1130, 640)
    made.show()
    made.action_bar().show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.open()
    qtbot.waitUntil(lambda: any("Rizki" in text for text in texts(made)), timeout=20_000)
    yield made
    made.hide()


def texts(page: GandaPage) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel)]


def press(page: GandaPage, name: str) -> None:
    for place in (page, page.action_bar()):
        button = place.findChild(QAbstractButton, name)
        if button is not None:
            button.setFocus()
            QTest.keyClick(button, Qt.Key.Key_Space)
            return
    raise AssertionError(name)


def found(ws: Workspace) -> list[str]:
    return sorted(hit.name for hit in people.search(ws, "riz", scope=ws.posyandu_id) if "Aminah" in hit.mother_name)


def test_both_records_stand_side_by_side_with_the_reason(page: GandaPage) -> None:
    shown = texts(page)
    assert any("lahir berselang 2 hari" in text for text in shown)
    assert {"03-05-2024", "05-05-2024"} <= {text[-10:] for text in shown}


def test_merged_by_key_the_chosen_record_stands_for_both_and_the_toast_takes_it_back(
    page: GandaPage, ws: Workspace
) -> None:
    toasts = QSignalSpy(page.desk.toast_wanted)
    press(page, "utama:1")
    kept = page.waiting[0].other.id
    before = len(page.waiting)
    press(page, "button:gabungkan")
    assert [hit.id for hit in people.search(ws, "rizki", scope=ws.posyandu_id) if "Aminah" in hit.mother_name] in (
        [kept],
        [],
    )
    assert len(found(ws)) == 1
    assert len(page.waiting) == before - 1
    toasts.at(toasts.count() - 1)[2]()
    assert len(found(ws)) == 2
    assert len(page.waiting) == before


def test_what_was_merged_is_listed_and_can_be_parted(page: GandaPage, ws: Workspace) -> None:
    press(page, "button:gabungkan")
    assert not page.joined.isHidden()
    press(page, "button:pisahkan:0")
    assert page.joined.isHidden()
    assert len(found(ws)) == 2


def test_two_different_people_are_never_asked_about_again(page: GandaPage, ws: Workspace) -> None:
    press(page, "button:bukan-sama")
    pairs = duplicates.pairs(ws, ws.posyandu_id)
    assert not any("Rizki" in str(pair.kept.answers["name"]) for pair in pairs)


def test_asked_later_it_stays_open(page: GandaPage, ws: Workspace) -> None:
    press(page, "button:tanya-nanti")
    pairs = duplicates.pairs(ws, ws.posyandu_id)
    assert any("Rizki" in str(pair.kept.answers["name"]) or "Rizqi" in str(pair.kept.answers["name"]) for pair in pairs)


def test_when_nothing_is_left_it_says_so_and_does_not_forget_what_waits(page: GandaPage) -> None:
    press(page, "button:bukan-sama")
    waiting = len(page.waiting)
    while page.waiting:
        press(page, "button:tanya-nanti")
    none = "Tidak ada lagi yang mungkin tercatat dua kali."
    later = f"{waiting} pasang belum diputuskan. Buka halaman ini lagi untuk memilih."
    assert (later in texts(page)) is bool(waiting)
    assert (none in texts(page)) is not bool(waiting)
    page._found([])
    assert none in texts(page)
    page.put_off = 2
    page._show()
    assert none not in texts(page)


def test_the_answer_that_goes_on_stands_last_in_the_bar_at_the_foot(page: GandaPage) -> None:
    bar = page.action_bar()
    assert bar is not None
    bar.resize(1000, 80)
    QTest.qWait(0)
    places = [button.mapTo(bar, button.rect().topLeft()).x() for button in (page.later, page.apart, page.join)]
    assert places == sorted(places)
    assert bar.width() - page.join.geometry().right() < 8
