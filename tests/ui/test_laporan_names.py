"""Every figure of every report in the app opens the names behind it, as many as the figure says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.services import reporting
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Row
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.report_table import ReportModel

KINDS = [kind.code for kind in reporting.kinds() if kind.period in ("month", "year")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_opens_as_many_names(qtbot: QtBot, window: MainWindow, kind: str) -> None:
    assert window.shell is not None
    window.shell.go("laporan", month=Month(2026, 10), kind=kind)
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=60_000)
    qtbot.wait(20)
    page = window.shell.page("laporan")
    page.mode.set_value("table")
    pressed = 0
    for table in page.tables():
        page.show_part(table.code, switch=True)
        model = page.table.model()
        assert isinstance(model, ReportModel)
        figures = [
            model.index(row, column)
            for row in range(model.rowCount())
            for column in range(model.columnCount())
            if isinstance(model.cell(model.index(row, column)).value, int)
            and model.cell(model.index(row, column)).people
        ]
        for place in figures:
            cell = model.cell(place)
            assert len({ref.id for ref in cell.people}) == cell.value, (table.title, place.row(), place.column())
            assert all(ref.name for ref in cell.people)
        for place in (*figures[:1], *figures[-1:]):
            page.table.setCurrentIndex(place)
            page.table.setFocus()
            QTest.keyClick(page.table, Qt.Key.Key_Return)
            (sheet,) = [each for each in window.findChildren(Overlay) if each.isVisible()]
            names = [each for each in sheet.findChildren(Row) if each.objectName().startswith("person:")]
            assert len(names) == model.cell(place).value
            sheet.reject()
            qtbot.waitUntil(lambda: not [each for each in window.findChildren(Overlay) if each.isVisible()])
            pressed += 1
    assert pressed or kind not in ("bulanan", "f1_gizi", "sip6")
