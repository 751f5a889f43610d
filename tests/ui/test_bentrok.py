"""The page of differences and the stick on Sinkronisasi, with real keys and real files."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu import __version__
from posyandu.domain.calendar import date_text
from posyandu.domain.change import read_op
from posyandu.domain.forms import FORMS
from posyandu.services import people
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records, settings
from posyandu.ui import files, jobs
from posyandu.ui.pages.bentrok import BentrokPage
from posyandu.ui.pages.sinkronisasi import SinkronisasiPage
from posyandu.ui.widgets.basics import Label
from tests.ui import scene


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=2)
    yield book
    book.close()


def differ(ws: Workspace, person_id: str, here: dict[str, object], there: dict[str, object]) -> None:
    """Save this person's visit here and, without having seen that, on another laptop."""
    visit, form = records.new_id(), FORMS["under_five_visit"]
    common = {"visited_on": date(2026, 11, 12)}
    records.save(
        ws.db, form, visit, common, scope=ws.posyandu_id, author=ws.author, now=ws.now(),
        links={"person_id": person_id},
    )  # fmt: skip
    (first, _device) = journal.ops_of(ws.db, visit)[0]
    records.save(ws.db, form, visit, here, scope=ws.posyandu_id, author=ws.author, now=ws.now())  # type: ignore[arg-type]
    body = {
        "e": form.name, "r": visit, "v": form.version, "l": 2, "b": [first.head], "f": there, "k": "kader-dewi",
        "t": first.at_ms + 3_600_000, "q": 1, "n": "0" * 16, "s": ws.posyandu_id,
    }  # fmt: skip
    journal.apply(ws.db, [(read_op(body), "laptop-dewi")])


def shown(qtbot: QtBot, page: QWidget) -> None:
    scene.stand(qtbot, page, 1130, 640)


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[BentrokPage]:
    children = people.search(ws, "", limit=1000, scope=ws.posyandu_id)[:2]
    here, there = {"weight_g": 9400, "length_mm": 745}, {"weight_g": 9600, "length_mm": 750}
    differ(ws, children[0].id, here, there)
    differ(ws, children[1].id, {"weight_g": 8100}, {"weight_g": 8300, "head_mm": 440})
    made = BentrokPage(scene.desk(ws))
    shown(qtbot, made)
    made.open()
    yield made
    made.hide()


def choices(page: BentrokPage) -> list[str]:
    return [group.checkedButton().text() for group in page.choices.values()]


def test_of_notes_both_are_chosen_unless_somebody_chooses_one(qtbot: QtBot, ws: Workspace) -> None:
    form, day = FORMS["session"], records.new_id()
    for text in (None, "Hujan deras"):
        answers = {"held_on": date(2026, 11, 12), "note": text}
        records.save(ws.db, form, day, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now())
    (first, _device) = journal.ops_of(ws.db, day)[0]
    body = {
        "e": form.name, "r": day, "v": form.version, "l": 2, "b": [first.head], "f": {"note": "Vaksin habis"},
        "k": "kader-dewi", "t": first.at_ms + 3_600_000, "q": 1, "n": "0" * 16, "s": ws.posyandu_id,
    }  # fmt: skip
    journal.apply(ws.db, [(read_op(body), "laptop-dewi")])
    page = BentrokPage(scene.desk(ws))
    shown(qtbot, page)
    page.open()
    scene.settle(qtbot)
    texts = [each.text() for each in page.findChildren(QAbstractButton) if each.objectName().startswith("pilih:")]
    assert texts == ["Hujan deras", "Vaksin habis", "Simpan keduanya"]
    assert choices(page) == ["Simpan keduanya"]
    assert not any("Puskesmas" in text for text in said(page)), "of notes nobody else is asked"
    page.hide()


def test_only_rows_that_differ_are_shown_and_the_newest_is_chosen(page: BentrokPage) -> None:
    assert list(page.choices) == ["weight_g", "length_mm"]
    assert choices(page) == ["9,6 kg", "75,0 cm"]
    texts = {each.text() for each in page.findChildren(QAbstractButton) if each.objectName().startswith("pilih:")}
    assert texts == {"9,4 kg", "9,6 kg", "74,5 cm", "75,0 cm"}
    assert [each.text() for each in page.findChildren(QLabel) if each.text().startswith("Kader lain, 12-11-2026")]


def said(page: QWidget) -> list[str]:
    return [each.text() for each in page.findChildren(Label) if each.isVisible()]


def test_it_says_until_when_the_post_alone_is_asked(qtbot: QtBot, page: BentrokPage, ws: Workspace) -> None:
    day, now = date_text(page.waiting[0].asked_from.date()), ws.now()
    turn = [text for text in said(page) if "Puskesmas" in text]
    assert turn == [f"Posyandu memilih dahulu. Mulai {day} Puskesmas ikut memilih."]
    ws._clock = lambda: now + timedelta(days=8)
    page.open()
    scene.settle(qtbot)
    turn = [text for text in said(page) if "Puskesmas" in text]
    assert turn == ["Sudah lama belum dipilih: kini Puskesmas ikut memilih."]


def test_a_value_is_chosen_by_key_in_each_row_and_saved(page: BentrokPage, ws: Workspace) -> None:
    announced = QSignalSpy(page.desk.records_changed)
    conflict = page.waiting[0]
    mine = page.findChild(QAbstractButton, "pilih:weight_g:0")
    assert isinstance(mine, QAbstractButton)
    mine.setFocus()
    QTest.keyClick(mine, Qt.Key.Key_Space)
    assert choices(page) == ["9,4 kg", "75,0 cm"]
    page.save.click()
    row = records.load(ws.db, conflict.form, conflict.record_id)
    assert row is not None
    assert (row.answers["weight_g"], row.answers["length_mm"], dict(row.conflicts)) == (9400, 750, {})
    assert announced.count() == 1
    assert list(page.choices) == ["weight_g"]


def test_the_answer_that_goes_on_stands_last_in_the_bar_at_the_foot(page: BentrokPage, qtbot: QtBot) -> None:
    bar = page.action_bar()
    assert bar is not None
    scene.stand(qtbot, bar, 800, 80)
    assert bar.isAncestorOf(page.save)
    assert page.save.x() > page.later.geometry().right()
    assert bar.width() - page.save.geometry().right() < 8


def test_asking_later_changes_nothing_and_the_end_leads_back(page: BentrokPage, ws: Workspace) -> None:
    before = outbox.conflicts(ws.db)
    page.later.click()
    page.later.click()
    assert outbox.conflicts(ws.db) == before == 2
    assert page.action_bar() is None
    back = QSignalSpy(page.desk.back_wanted)
    button = page.findChild(QAbstractButton, "button:kembali")
    assert isinstance(button, QAbstractButton)
    button.click()
    assert back.count() == 1
    page.open()
    assert [each.later for each in page.waiting] == [True, True]


def test_the_way_to_the_page_is_on_sinkronisasi_while_something_differs(
    qtbot: QtBot, page: BentrokPage, ws: Workspace
) -> None:
    sync = SinkronisasiPage(scene.desk(ws))
    shown(qtbot, sync)
    sync.open()
    wanted = QSignalSpy(sync.desk.page_wanted)
    qtbot.waitUntil(sync.review.isVisible)
    sync.review.click()
    assert wanted.at(0)[0] == "bentrok"
    while page.waiting:
        page.settle()
    sync.open()
    qtbot.waitUntil(lambda: not sync.review.isVisible())
    sync.hide()


def test_a_stick_is_written_and_a_foreign_file_is_refused_in_words(
    qtbot: QtBot, ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    sync = SinkronisasiPage(scene.desk(ws))
    shown(qtbot, sync)
    sync.open()
    assert not sync.stick.isVisible()
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    outbox.enrolled(ws.db, outbox.Server("https://x.example", "5203", ("52.03",), key, False, 0))
    sync.open()
    assert sync.stick.isVisible()
    assert not sync.target.isVisible()
    monkeypatch.setattr(files, "choose_folder", lambda *_given: tmp_path)  # the system's own dialog
    sync.put.click()
    qtbot.waitUntil(lambda: sync.job is None and not jobs.busy(), timeout=30_000)
    assert "petugas" in sync.stick_words.text()
    written = list(tmp_path.glob("*.posyandu"))
    assert written
    monkeypatch.setattr(files, "choose_file", lambda *_given: written[0])
    sync.take.click()
    qtbot.waitUntil(lambda: sync.job is None and not jobs.busy(), timeout=30_000)
    assert "untuk laptop atau server lain" in sync.stick_words.text()
    monkeypatch.setattr(files, "choose_file", lambda *_given: None)
    sync.take.click()
    assert sync.job is None
    mine = f"Laptop ini Posyandu {__version__}, "
    qtbot.waitUntil(lambda: f"{mine}protokol 1." in sync.server_text.text())
    settings.put(ws.db, outbox.SERVER_VERSION, "0.9.0")
    sync.open()
    qtbot.waitUntil(lambda: f"{mine}server 0.9.0, protokol 1." in sync.server_text.text())
    assert "https://x.example" in sync.server_text.text()
    sync.hide()
