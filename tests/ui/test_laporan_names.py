"""Every figure of every report in the app opens the names behind it, as many as the figure says."""

from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain import iks
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.reports.table import PersonRef
from posyandu.services import reporting, review, sessions
from posyandu.services.people import register
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Button, Label, Row, ScrollPage
from posyandu.ui.widgets.overlay import NAMES_AT_ONCE, Overlay
from posyandu.ui.widgets.report_table import ReportModel
from tests.ui import scene

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
            if table.columns[column].name != "no"  # the place in a list of names is no figure
            and isinstance(model.cell(model.index(row, column)).value, int)
        ]
        if "name" not in {column.name for column in table.columns}:  # a row of one person has the name beside it
            nameless = {(table.code, table.columns[place.column()].name) for place in figures if unnamed(model, place)}
            assert nameless <= NOT_OF_PEOPLE, table.title
        figures = [place for place in figures if model.cell(place).people]
        for place in figures:
            cell = model.cell(place)
            assert len({ref.id for ref in cell.people}) == cell.value, (table.title, place.row(), place.column())
            assert all(ref.name for ref in cell.people)
        for place in (*figures[:1], *figures[-1:]):
            page.table.setCurrentIndex(place)
            page.table.setFocus()
            QTest.keyClick(page.table, Qt.Key.Key_Return)
            (sheet,) = [each for each in window.findChildren(Overlay) if each.isVisible()]
            most = min(len(model.cell(place).people), NAMES_AT_ONCE)
            qtbot.waitUntil(lambda sheet=sheet, most=most: len(sheet.findChildren(Row)) == most)  # type: ignore[misc]
            sheet.reject()
            qtbot.waitUntil(lambda: not [each for each in window.findChildren(Overlay) if each.isVisible()])
            pressed += 1
    assert pressed or kind not in ("bulanan", "f1_gizi", "sip6")


NOT_OF_PEOPLE = {
    *(("stok", name) for name in ("opening", "received", "recorded", "used", "wasted", "expected", "counted",
                                  "difference")),
    *(("spm", name) for name in ("activities", "participants", "received", "handled", "refused", "waiting")),
    ("spm_kegiatan", "participants"), ("profil_desa", "told"), ("profil_desa", "book"), ("profil_rumah", "number"),
    ("lb3_gizi", "total"), ("sip5", "kader"), ("sip5", "plkb"), ("sip5", "health_workers"), ("sip7", "kader"),
    ("iks_indikator", "share"), *(("iks_indikator", state) for state in iks.STATES),
}  # fmt: skip
"""Figures of things, houses, days and kader, and what IKS says of mental illness, which is told of no family."""


def unnamed(model: ReportModel, place: QModelIndex) -> bool:
    """Whether a figure that counts somebody opens nobody."""
    cell = model.cell(place)
    return bool(cell.value) and not cell.people


def test_the_months_of_the_bars_and_the_totals_of_iks_open_their_names(village: Workspace) -> None:
    report = reporting.monthly(village, village.posyandu_id, Month(2026, 10))
    (bars,) = (table for table in report.tables if table.code == "balok")
    months = [name for name in ("m09", "m10") if bars.cell(0, name).value]
    assert months == ["m09", "m10"]
    for row in range(len(bars.rows)):
        for name in months:
            cell = bars.cell(row, name)
            assert len(cell.people) == (cell.value if isinstance(cell.value, int) else 0)
    families = reporting.build(village, "iks", village.posyandu_id, Month(2026, 10)).tables[0]
    for code, row in zip(iks.INDICATORS, families.rows, strict=True):
        told = [len(row[families.column(state)].people) for state in iks.STATES]
        counted = [row[families.column(state)].value for state in iks.STATES]
        assert told == ([0] * len(told) if code == "mental" else counted)


def named(root: QWidget, words: str) -> list[Button]:
    return [each for each in root.findChildren(Button) if each.text() == words and each.isVisible()]


def test_thousands_of_names_come_as_one_scrolls(qtbot: QtBot, window: MainWindow) -> None:
    people = [PersonRef(f"orang-{number}", f"Anak {number}") for number in range(200)]
    window.desk.show_names("S", people)  # type: ignore[union-attr]
    (sheet,) = [each for each in window.findChildren(Overlay) if each.isVisible()]

    def names() -> list[str]:
        return [each.objectName() for each in sheet.findChildren(Row)]

    assert "200 orang" in [each.text() for each in sheet.findChildren(Label)]
    assert len(names()) < NAMES_AT_ONCE, "what fills the sheet first"
    qtbot.waitUntil(lambda: len(names()) == NAMES_AT_ONCE)
    page = sheet.findChild(ScrollPage)
    assert page is not None
    qtbot.wait(100)
    assert len(names()) == NAMES_AT_ONCE < 100
    for many in (160, 200):
        page.verticalScrollBar().setValue(page.verticalScrollBar().maximum())
        qtbot.waitUntil(lambda many=many: len(names()) == many)  # type: ignore[misc]
    assert names() == [f"person:{each.id}" for each in people]


def test_arrows_go_through_the_names_also_past_those_that_stood_first(qtbot: QtBot, window: MainWindow) -> None:
    people = [PersonRef(f"orang-{number}", f"Anak {number}") for number in range(30)]
    window.desk.show_names("S", people)  # type: ignore[union-attr]
    (sheet,) = [each for each in window.findChildren(Overlay) if each.isVisible()]
    qtbot.waitUntil(lambda: len([each for each in sheet.findChildren(Row) if each.isVisible()]) == 30)
    passed = []
    for _press in range(29):
        here = QApplication.focusWidget()
        assert isinstance(here, Row)
        passed.append(here.objectName())
        QTest.keyClick(here, Qt.Key.Key_Down)
    assert passed == [f"person:orang-{number}" for number in range(29)]


def test_a_check_that_holds_names_its_people_too(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    """Visitors, children without a book, and whom a wrong scale leaves out: nothing amiss, and still somebody."""
    assert window.shell is not None
    (day,) = (row for row in sessions.recent(village, village.posyandu_id) if row.held_on.month == 10)
    review.exclude(village, day.id, "scale", "Timbangan kurang 200 g")
    window.shell.go("laporan", month=Month(2026, 10), kind="bulanan")
    scene.settle(qtbot)
    page = window.shell.page("laporan")
    (check,) = (each for each in page.report.checks if "alat ukurnya ternyata salah" in each.sentence)
    assert check.ok
    for name in ("laporan", "sahkan"):
        window.shell.go(name, month=Month(2026, 10), **({"step": "cocok"} if name == "sahkan" else {}))
        scene.settle(qtbot)
        (see,) = named(window.shell.page(name), f"Lihat {len(check.people)} nama")
        see.click()
        (sheet,) = [each for each in window.findChildren(Overlay) if each.isVisible()]
        qtbot.waitUntil(lambda sheet=sheet: len(sheet.findChildren(Row)) == len(check.people))  # type: ignore[misc]
        rows = {each.objectName() for each in sheet.findChildren(Row)}
        assert {f"person:{id_}" for id_ in check.person_ids} <= rows
        sheet.reject()
        qtbot.waitUntil(lambda: not [each for each in window.findChildren(Overlay) if each.isVisible()])
    review.exclude(village, day.id, "none", "")


def test_eppgbm_opens_at_the_month_of_the_report(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    window.shell.go("laporan", month=Month(2026, 9), kind="bulanan")
    scene.settle(qtbot)
    (out,) = window.shell.page("laporan").findChildren(Button, "button:tukar")
    out.click()
    scene.settle(qtbot)
    assert window.shell.page("tukar").month() == Month(2026, 9)
    assert not window.shell.page("tukar").eppgbm_said.text().startswith("0 ")


def test_paper_and_ink_stand_beside_the_pages_alone(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    window.shell.go("laporan", month=Month(2026, 10), kind="bulanan")
    scene.settle(qtbot)
    page = window.shell.page("laporan")
    assert (page.paper.isVisible(), page.mono.isVisible()) == (True, True)
    page.show_part("skdn", switch=True)
    assert (page.paper.isVisible(), page.mono.isVisible()) == (False, False), "a table has no paper"
    page.mode.buttons["preview"].click()
    assert (page.paper.isVisible(), page.mono.isVisible()) == (True, True)


@pytest.mark.parametrize("form", ["under_five_visit", "pregnancy", "elderly"])
def test_the_card_of_a_person_is_printed_from_their_page(
    qtbot: QtBot, window: MainWindow, village: Workspace, form: str
) -> None:
    if form == "pregnancy":
        scope, people = village.posyandu_id, records.load_many(village.db, FORMS["person"], sex="female")
        person_id = next(row.id for row in people if 1990 < row.answers["born_on"].year < 2002)  # type: ignore[union-attr]
        answers = {"noted_on": date(2026, 9, 1), "lmp_on": date(2026, 6, 1)}
        records.save(
            village.db, FORMS[form], records.new_id(), answers, scope=scope, author=village.author, now=village.now(),
            links={"person_id": person_id},
        )  # fmt: skip
    elif form == "elderly":
        person_id = register(village, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1954, 4, 2)})
    else:
        rows = records.load_many(village.db, FORMS[form], scope=village.posyandu_id)
        person_id = str(rows[-1].answers["person_id"])
    assert window.shell is not None
    window.shell.go("kartu", person_id=person_id)
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=30_000)
    name = "button:cetak-kartu-lansia" if form == "elderly" else "button:cetak-kartu"
    (button,) = [each for each in window.findChildren(Button) if each.objectName() == name]
    button.click()
    qtbot.waitUntil(lambda: not jobs.busy(), timeout=30_000)
    (path,) = (paths.documents() / "Posyandu").glob("Kartu *.pdf")
    person = records.load(village.db, FORMS["person"], person_id)
    assert person is not None
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert str(person.answers["name"]) in text
