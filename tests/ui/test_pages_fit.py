"""Every page of the day fits small windows and large letters, cuts no word, and names itself to screen readers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs, registry, theme
from posyandu.ui.pages.laporan import LaporanPage
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.basics import ElideLabel
from posyandu.ui.widgets.fields import NumberField
from tests.ui import looking, scene, states

PAGES = (
    "hari", "grid", "kunjungan", "sasaran", "kartu", "daftar", "tindak_lanjut", "keluarga", "kunjungan_rumah",
    "masalah_sosial", "lapor_sosial",
)  # fmt: skip


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=4)
    yield book
    book.close()


@pytest.fixture(params=[1.0, 1.3], ids=["100%", "130%"])
def shell(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, ws: Workspace) -> Iterator[Shell]:
    theme.apply(qapp, "light", request.param)
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, *((1024, 600) if request.param == 1.0 else (1366, 690)))
    yield made
    jobs.wait(5000)
    made.hide()


def visit(shell: Shell, page: str, qtbot: QtBot) -> QWidget:
    ws = shell.desk.ws
    session_id = scene.open_day(ws)
    row = next(row for row in sessions.roster(ws, session_id, "under_five") if row.last_visit)
    extra = {"person_id": row.person_id} if page in ("kunjungan", "kartu", "kunjungan_rumah") else {}
    shell.go(page, **extra)
    scene.settle(qtbot)
    return shell.pages[page]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_fits_cuts_no_word_names_what_takes_keys_and_says_where_typing_begins(
    shell: Shell, name: str, qtbot: QtBot
) -> None:
    page = visit(shell, name, qtbot)
    assert [*grown(shell), *bare(page), *cut(page), *nameless(page), *without_focus(page)] == []


def grown(shell: Shell) -> Iterator[str]:
    room = QSize(1024, 600) if theme.factor() == 1.0 else QSize(1366, 690)
    if shell.minimumSizeHint().expandedTo(room) != room or shell.size() != room:
        yield f"the window grows to {shell.minimumSizeHint().toTuple()}"


def bare(page: QWidget) -> Iterator[str]:
    """What the system draws and is not dressed in our look."""
    for each in page.findChildren(QWidget):
        drawn = isinstance(each, QAbstractItemView | QComboBox | QScrollBar) and each.isVisible()
        if drawn and not any(up.styleSheet() for up in ancestors(each)):
            yield f"call theme.dress on {each.objectName() or type(each).__name__}"


def ancestors(widget: QWidget) -> Iterator[QWidget]:
    up: QWidget | None = widget
    while up is not None:
        yield up
        up = up.parentWidget()


def cut(page: QWidget) -> Iterator[str]:
    for label in page.findChildren(QLabel):
        plain = not label.wordWrap() and not isinstance(label, ElideLabel) and label.text()
        if plain and label.isVisible() and label.textFormat() != Qt.TextFormat.RichText:
            wanted = label.fontMetrics().horizontalAdvance(label.text())
            if wanted > label.width() + 1:
                yield f"cut: {label.text()} needs {wanted} and has {label.width()}"


def nameless(page: QWidget) -> Iterator[str]:
    """What takes the keys and has no name for screen readers."""
    for widget in page.findChildren(QWidget):
        takes_keys = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if not takes_keys or not widget.isVisible() or not widget.isEnabled():
            continue
        if isinstance(widget.parent(), QAbstractItemView):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        if not face.text(QAccessible.Text.Name):
            yield f"without a name: {widget}"


def without_focus(page: QWidget) -> Iterator[str]:
    focus = QApplication.focusWidget()
    bar = page.action_bar()  # type: ignore[attr-defined]
    if focus is None or not (page.isAncestorOf(focus) or (bar is not None and bar.isAncestorOf(focus))):
        yield f"typing begins at {focus}"


def test_number_boxes_are_48_high_at_normal_size(qtbot: QtBot, shell: Shell) -> None:
    page = visit(shell, "kunjungan", qtbot)
    boxes = [field.box for field in page.findChildren(NumberField) if field.isVisible()]
    assert boxes
    assert {box.height() for box in boxes} == {theme.px(48)}


@pytest.mark.parametrize("role", ["kader", "midwife"])
def test_no_page_makes_the_smallest_window_larger_in_the_largest_letters(
    qtbot: QtBot, qapp: QApplication, ws: Workspace, role: str
) -> None:
    ws.worker = replace(ws.worker, role=role)
    theme.apply(qapp, "light", 1.3)
    shell = Shell(scene.desk(ws))
    qtbot.addWidget(shell)
    shell.resize(1024, 600)
    shell.show()
    session_id = scene.open_day(ws)
    someone = next(row.person_id for row in sessions.roster(ws, session_id, "under_five") if row.last_visit)
    wrong = []
    for name, page in registry.PAGES.items():
        if not page.open_to(ws.worker.role):
            continue
        shell.go(name, **({"person_id": someone} if page.of_someone else {}))
        scene.settle(qtbot)
        hint = shell.minimumSizeHint()
        if hint.width() > 1024 or hint.height() > 600 or (shell.width(), shell.height()) != (1024, 600):
            wrong.append(f"{name}: window {hint.toTuple()}")
        here = shell.pages[name]
        for what in (here, here.action_bar(), here.header()):  # type: ignore[attr-defined]
            if what is not None and what.size().expandedTo(what.minimumSizeHint()) != what.size():
                wrong.append(
                    f"{name}: {what.objectName()} {what.minimumSizeHint().toTuple()} in {what.size().toTuple()}"
                )
    assert wrong == []


@pytest.mark.parametrize("name", ["hari", "ganda", "petugas"])
def test_the_ways_on_at_the_foot_never_widen_the_window_at_large_letters(
    qtbot: QtBot, qapp: QApplication, ws: Workspace, name: str
) -> None:
    theme.apply(qapp, "light", 1.3)
    page = Shell(scene.desk(ws)).page(name)
    qtbot.addWidget(page)
    if name == "hari":
        page.closing.show_closed(sessions.recent(ws, ws.posyandu_id)[0])
        jobs.wait(5000)
    bar = {"hari": lambda: page.closing.bar, "ganda": lambda: page._bar}.get(name, page.action_bar)()
    if name == "ganda":
        page.join.setText("Keluarga yang sama, gabungkan")
        page.apart.setText("Bukan keluarga yang sama")
    qtbot.addWidget(bar)
    page.resize(900, 500)
    page.show()
    bar.show()
    scene.settle(qtbot)
    rail = 80 + 2 * theme.PAGE_MARGIN
    assert bar.minimumSizeHint().width() <= 1024 - theme.px(rail)


def test_the_tools_of_an_empty_report_stand_whole_in_the_smallest_window_at_the_largest_letters(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 1.3)
    window = dict(states.alone())["kosong-laporan"]()
    scene.stand(qtbot, window, 1024, 576)
    scene.settle(qtbot)
    page = window.findChild(LaporanPage)
    assert page is not None
    tools = page.paper_tools.parentWidget()
    assert tools is not None
    assert tools.rect().contains(page.paper_tools.geometry()), "the last line of the tools is whole"
    assert looking.settled_faults(window) == []


def test_a_table_of_a_report_shows_two_rows_in_the_smallest_window_at_the_largest_letters(
    qtbot: QtBot, qapp: QApplication, ws: Workspace
) -> None:
    theme.apply(qapp, "light", 1.3)
    shell = Shell(scene.desk(ws))
    scene.stand(qtbot, shell, 1024, 576)
    shell.go("laporan", part="skdn")
    scene.settle(qtbot)
    page = shell.findChild(LaporanPage)
    assert page is not None
    assert page.part_picker.isVisible()
    few = {}
    for table in page.tables():
        page.show_part(table.code)
        QApplication.processEvents()
        assert not page.table_title.isVisible(), "the drop-down names it"
        rows = page.table.viewport().height() / theme.px(40)
        if table.rows and rows < 2 and page.table.head.height() <= theme.px(80):
            few[table.title] = rows
    assert few == {}
    page.show_part("skdn")
    for level, said in (("warn", "2 hal perlu dicek."), ("ok", "Tekan angka hijau untuk melihat nama.")):
        page.state.set_state("2 hal perlu dicek", level, "triangle-alert")
        page._fit()
        assert page.where.text() == said
        assert not page.state.isVisible(), "what is amiss is said at the foot"
    page.mode.set_value("preview")
    page._show_mode()
    assert page.where.text().startswith("Berkas disimpan")
