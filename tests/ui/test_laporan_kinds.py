"""Laporan shows every official sheet like the monthly report: as pages, as tables, as files."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.services import reporting
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow


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
    assert page.state.isVisible()
    page.kind_picker.setFocus()
    QTest.keyClick(page.kind_picker, Qt.Key.Key_Down)
    settle(qtbot)
    assert page.kind_picker.value() == offered[1]
    assert page.report.title.startswith("Rekapitulasi")
    assert page.preview.count() >= 1


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


def test_a_sheet_opens_by_name_and_is_saved_under_its_own(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, kind="sip6")
    assert page.report.title.startswith("SIP Format 6")
    assert not page.state.isVisible(), "a sheet without checks says nothing about them"
    page.save_pdf()
    settle(qtbot)
    assert [each.name for each in (paths.documents() / "Posyandu").glob("SIP Format 6*.pdf")]
