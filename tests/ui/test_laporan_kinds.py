"""Laporan shows every official sheet like the monthly report: as pages, as tables, as files."""

import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import people, questionnaires, reporting, sealed, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.reader_pin import PinSheet
from posyandu.ui.widgets.basics import Notice, Row
from posyandu.ui.widgets.overlay import Overlay
from tests.services.melati import READER_PIN, with_reader


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=30_000)
    qtbot.wait(30)


def opened(qtbot: QtBot, window: MainWindow, **arguments: object):  # noqa: ANN201 - a page
    assert window.shell is not None
    window.shell.go("laporan", **arguments)
    settle(qtbot)
    return window.shell.page("laporan")


def test_every_kind_for_a_post_is_offered_and_chosen_by_key(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    offered = [page.kind_picker.itemData(place) for place in range(page.kind_picker.count())]
    assert offered == [kind.code for kind in reporting.kinds() if kind.period != "person"]
    assert page.checks_card.isVisible()
    assert page.state.isVisible() is (page.state.level == "warn"), "all is well stands beside the pages already"
    page.kind_picker.setFocus()
    QTest.keyClick(page.kind_picker, Qt.Key.Key_Down)
    settle(qtbot)
    assert page.kind_picker.value() == offered[1]
    assert page.report.title.startswith("Rekapitulasi")
    assert page.preview.count() >= 1


def test_a_month_in_which_nothing_was_noted_is_not_called_complete(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    oldest = page.month_picker.itemData(page.month_picker.count() - 1)
    page = opened(qtbot, window, month=oldest)
    assert (page.state.text(), page.state.level) == ("Belum ada catatan", "warn")
    assert page.state.isVisible()
    told = page.checks_card.findChildren(Notice)[0].label.text()
    assert told.startswith("Bulan ini belum ada hari Posyandu atau kunjungan yang tercatat")


def test_the_small_kms_and_the_strips_are_previewed_and_saved(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, kind="kms_kecil")
    children = len(page.tables()[0].rows)
    assert children > 8
    assert page.preview.count() == -(-children // 8)
    page.save_pdf()
    settle(qtbot)
    assert [each.name for each in (paths.documents() / "Posyandu").glob("KMS kecil semua balita*.pdf")]
    page = opened(qtbot, window, kind="strip_kms")
    assert page.preview.count() >= 1
    page.save_xlsx()
    settle(qtbot)
    assert [each.name for each in (paths.documents() / "Posyandu").glob("Strip KMS untuk hari buka*.xlsx")]


def test_a_reader_counts_number_17_by_her_pin_and_others_are_not_offered_it(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    reader = with_reader(village)
    day = sessions.current(village, village.posyandu_id)
    assert day is not None
    ibu = people.register(village, {"name": "Zulaikha", "sex": "female", "born_on": date(1990, 4, 2)})
    visits.record(village, FORMS["srq20"], day.id, ibu, {"srq_17": True})
    page = opened(qtbot, window, kind="rekap_dewasa", month=Month.of(day.held_on))
    assert page.findChild(QAbstractButton, "button:nomor-17") is None
    village.worker = reader
    page.build()
    settle(qtbot)
    button = page.findChild(QAbstractButton, "button:nomor-17")
    assert button is not None
    button.click()
    (asking,) = [each for each in window.findChildren(PinSheet) if each.isVisible()]
    QTest.keyClicks(asking.pin, READER_PIN)
    settle(qtbot)
    (shown,) = [each for each in window.findChildren(Overlay) if each.isVisible()]
    rows = [each for each in shown.findChildren(Row) if each.objectName().startswith("person:")]
    assert [row.objectName() for row in rows] == [f"person:{ibu}"]
    (envelope,) = questionnaires.envelopes(village, records.visit_id("srq20", day.id, ibu))
    assert [each.by for each in sealed.accesses(village, envelope.id)] == [reader.name]


def test_a_sheet_opens_by_name_and_is_saved_under_its_own(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, kind="strata")
    assert not page.state.isVisible(), "a sheet without checks says nothing about them"
    page = opened(qtbot, window, kind="sip6")
    assert page.report.title.startswith("SIP Format 6")
    assert page.state.text() == "Lengkap"
    page.save_pdf()
    settle(qtbot)
    assert [each.name for each in (paths.documents() / "Posyandu").glob("SIP Format 6*.pdf")]


def test_a_report_of_many_posts_says_which_post_it_reads_and_can_be_stopped(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posyandu.services import levels

    page = opened(qtbot, window)
    go, real = threading.Event(), levels.gather_sheet

    def slowly(ws: Workspace, post_id: str, month: Month) -> object:
        go.wait(20)
        return real(ws, post_id, month)

    monkeypatch.setattr(levels, "gather_sheet", slowly)
    village = levels.levels(page.desk.ws)[0]
    page.level_picker.addItem(village.title, village.code)  # as in a book of several posts
    page.level_picker.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.wait_words.text().startswith("Membaca "), timeout=20_000)
    assert page.wait_words.text().endswith(f"1 dari {page.wait_bar.maximum()}…")
    QTest.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    assert page.wait_words.text() == "Dihentikan. Pilih laporan atau wilayah lain di atas."
    assert page.stop.isHidden()
    go.set()
    settle(qtbot)
    assert page.stack.currentIndex() == 2, "what was stopped does not come after all"
    page.level_picker.set_value("")
    assert page.stop.isHidden(), "one post is read in a moment"
    settle(qtbot)
    assert page.report.post_name == "Melati 1"
