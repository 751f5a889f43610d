"""The shell: pages by keyboard, palette, toasts, sheets, the rail, and what every page must keep to."""

import importlib
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import people, preferences, sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import registry, theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.shell import SearchBox
from posyandu.ui.sidebar import pill_words, village_words, when_text
from posyandu.ui.widgets.basics import ElideLabel, Label, Row
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene

OURS = ("beranda", "laporan", "sinkronisasi", "pengaturan", "bantuan")


def button(window: QWidget, name: str) -> QAbstractButton:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    return found[-1]


def current(window: MainWindow) -> str:
    assert window.shell is not None
    widget = window.shell.stack.currentWidget()
    assert widget is not None
    return widget.objectName().removeprefix("page:")


def overlays(window: MainWindow) -> list[Overlay]:
    return [each for each in window.findChildren(Overlay) if each.isVisible()]


def above_the_foot() -> list[registry.Page]:
    return [page for page in registry.rail("kader") if page.group != "foot"]


def settle(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu.ui import jobs

    qtbot.waitUntil(lambda: not jobs.busy(), timeout=20_000)
    qtbot.wait(30)  # layouts follow in the turns after


# ---- going about


def test_every_page_named_exists_and_can_be_opened() -> None:
    for declared in registry.PAGES.values():
        module, _colon, kind = declared.made_by.partition(":")
        page = getattr(importlib.import_module(module), kind)
        assert {"open", "first_focus"} <= set(dir(page)), declared


def test_alt_and_a_number_go_to_the_pages_of_the_sidebar(qtbot: QtBot, window: MainWindow) -> None:
    for place, page in enumerate(above_the_foot(), start=1):
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{place}"), Qt.KeyboardModifier.AltModifier)
        assert current(window) == page.name
    settle(qtbot, window)


def test_the_sidebar_can_be_walked_with_tab_and_pressed_with_space(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    rail = list(registry.rail("kader"))
    window.resize(1366, 1000)
    window.shell.sidebar.post.setFocus()
    names = []
    for _press in range(len(rail) + 1):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(focus.objectName())
    assert names == [f"nav:{page.name}" for page in rail] + ["nav:sinkronisasi"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert current(window) == "sinkronisasi"


def test_a_page_gives_the_focus_it_names_and_shows_its_words(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    button(window, "nav:bantuan").click()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "bantuan:cari"
    assert window.shell.header.title.text() == "Bantuan"


def test_the_first_page_waits_for_the_rail_and_for_nobody_who_went_elsewhere(
    qtbot: QtBot, village: Workspace, chosen: preferences.Preferences
) -> None:
    made = MainWindow(chosen)
    qtbot.addWidget(made)
    made.open_book(village)
    assert made.shell is not None
    assert made.shell.pages == {}, "the rail is painted first"
    made.shell.go("bantuan")
    made.show()
    settle(qtbot, made)
    assert current(made) == "bantuan"


def test_keys_and_clicks_that_reach_the_window_count_as_presence(qtbot: QtBot, window: MainWindow) -> None:
    def counts(deed: Callable[[QWindow], object]) -> bool:
        qtbot.wait(5)
        since = window._idle.msecsSinceReference()
        handle = window.windowHandle()
        assert handle is not None
        deed(handle)
        return window._idle.msecsSinceReference() != since

    assert not counts(lambda _handle: None)
    assert counts(lambda handle: QTest.keyClick(handle, Qt.Key.Key_Shift))  # type: ignore[call-overload]
    assert counts(lambda handle: QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(400, 5)))  # type: ignore[call-overload]


def test_back_returns_through_the_pages_seen(qtbot: QtBot, window: MainWindow) -> None:
    for page in ("bantuan", "pengaturan"):
        button(window, f"nav:{page}").click()
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert current(window) == "bantuan"
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert current(window) == "beranda"


def test_f1_opens_the_chapter_about_the_page_in_view(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    button(window, "nav:laporan").click()
    settle(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert current(window) == "bantuan"
    assert window.shell.page("bantuan").current == "laporan"


def test_every_page_has_its_chapter_of_help() -> None:
    from posyandu.ui.pages.bantuan import chapters

    assert {page.help for page in registry.PAGES.values()} - {""} <= {each.code for each in chapters()}


# ---- the palette


def test_the_palette_finds_a_person_by_two_words_and_opens_the_card(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    known = people.search(window.desk.ws, "siti", limit=1)[0]
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = QApplication.focusWidget()
    assert isinstance(box, QLineEdit)
    QTest.keyClicks(box, known.name)
    QTest.keyClick(box, Qt.Key.Key_Return)  # at once: faster than the list follows
    assert current(window) == "kartu"
    assert overlays(window) == []


def test_the_palette_goes_to_pages_and_arrows_choose_the_line(qtbot: QtBot, window: MainWindow) -> None:
    button(window, "search").click()
    box = QApplication.focusWidget()
    assert isinstance(box, QLineEdit)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert current(window) == above_the_foot()[1].name


def test_the_palette_offers_to_register_whom_it_does_not_know(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = QApplication.focusWidget()
    assert isinstance(box, QLineEdit)
    QTest.keyClicks(box, "zulkhairani qq")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert current(window) == "daftar"


def test_escape_closes_the_palette_and_gives_the_focus_back(qtbot: QtBot, window: MainWindow) -> None:
    button(window, "nav:bantuan").click()
    before = QApplication.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert overlays(window) == []
    assert QApplication.focusWidget() is before


# ---- sheets and toasts


def test_a_question_holds_the_focus_until_it_is_answered(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    done: list[str] = []
    window.desk.ask("Hapus?", "Tidak bisa kembali.", "Hapus", lambda: done.append("ya"), danger=True)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "button:batal"  # the harmless answer, for a dangerous deed
    seen = set()
    for _press in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget().objectName())
    assert seen == {"button:batal", "button:ya"}
    QTest.keyClick(button(window, "button:ya"), Qt.Key.Key_Return)
    assert done == ["ya"]
    assert overlays(window) == []


def test_names_behind_a_number_open_the_card_of_the_one_chosen(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    hits = people.search(window.desk.ws, "siti", limit=3)
    window.desk.show_names("Tiga orang", hits)
    focus = QApplication.focusWidget()
    assert isinstance(focus, Row)
    QTest.keyClick(focus, Qt.Key.Key_Down)
    focus = QApplication.focusWidget()
    assert isinstance(focus, Row)
    assert focus.objectName() == f"person:{hits[1].id}"
    QTest.keyClick(focus, Qt.Key.Key_Return)
    assert current(window) == "kartu"


def test_a_number_nobody_stands_behind_says_so_without_a_blank_line(window: MainWindow) -> None:
    assert window.desk is not None
    window.desk.show_names("2T", [])
    (sheet,) = overlays(window)
    said = [each.text() for each in sheet.findChildren(Label) if each.isVisible()]
    assert said == ["2T", "Tidak ada nama untuk angka ini."]


def test_a_toast_says_what_was_done_and_can_take_it_back(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    assert window.shell is not None
    undone: list[str] = []
    window.desk.toast("Kunjungan Raka tersimpan", "Batalkan", lambda: undone.append("x"))
    toast = window.shell.toast
    assert toast.isVisible()
    assert toast.label.text() == "Kunjungan Raka tersimpan"
    toast.action.click()
    assert undone == ["x"]
    assert not toast.isVisible()


# ---- the frame


def test_a_narrow_window_turns_the_sidebar_into_a_rail(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    window.resize(1366, 696)
    assert window.shell.sidebar.width() == 208
    window.resize(1024, 600)
    assert window.shell.sidebar.width() == 92


def test_theme_and_size_switch_live_and_the_page_stays(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    button(window, "nav:pengaturan").click()
    window.desk.change_preferences(theme="dark", text_scale=1.3)
    qtbot.waitUntil(lambda: theme.factor() == 1.3)
    assert theme.is_dark()
    assert current(window) == "pengaturan"


def test_another_size_shows_the_page_that_is_in_view_by_then_and_waits_for_no_page_behind_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    assert window.desk is not None
    assert window.shell is not None
    for name in ("sasaran", "keluarga", "laporan", "pengaturan"):
        window.shell.go(name)
    before = window.shell
    for factor in (1.15, 1.3):
        window.desk.change_preferences(text_scale=factor)
    assert window.shell is before
    window.shell.go("bantuan")
    qtbot.waitUntil(lambda: window.shell is not before)
    assert theme.factor() == 1.3
    assert current(window) == "bantuan"
    assert window.shell is not None
    assert list(window.shell.pages) == ["bantuan"]


def test_another_post_starts_with_its_own_pages(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu.services import posts

    assert window.desk is not None
    assert window.shell is not None
    ws = window.desk.ws
    village = posts.posts(ws)[0].village_code
    first = ws.posyandu_id
    posts.add_post(ws, {"name": "Anggrek 9", "village_code": village})
    ws.posyandu_id = first
    window.shell.sidebar.post.refresh()
    menu = window.shell.sidebar.post.menu_now()
    assert [deed.text() for deed in menu.actions()][0] == "Anggrek 9"
    menu.actions()[0].trigger()
    assert window.shell.sidebar.post.text() == "Anggrek 9"
    assert current(window) == "beranda"


@pytest.mark.parametrize(
    ("page", "what"),
    [("grid", "session_id"), ("hari", "session_id"), ("keluarga", "household_id"), ("laporan", "version")],
)
def test_what_belongs_to_one_post_is_not_shown_under_the_name_of_the_next(
    qtbot: QtBot, window: MainWindow, page: str, what: str
) -> None:
    from posyandu.services import families, posts, sessions

    assert window.desk is not None
    assert window.shell is not None
    ws = window.desk.ws
    first, village = ws.posyandu_id, posts.posts(ws)[0].village_code
    day = sessions.current(ws, first)
    assert day is not None
    other = posts.add_post(ws, {"name": "Anggrek 9", "village_code": village})
    ws.posyandu_id = first
    told = {"session_id": day.id, "household_id": families.register(ws, first).lines[0].id, "version": None}[what]
    window.shell.go(page, **{what: told})
    scene.settle(qtbot)
    window.shell.sidebar.post.choose(other)
    scene.settle(qtbot)
    assert window.shell.place() == (page, {}), "a day of the first would be filled under the name of the second"


def test_a_report_looked_at_stays_the_same_kind_and_month_at_the_next_post(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu.domain.calendar import Month
    from posyandu.services import posts

    assert window.desk is not None
    assert window.shell is not None
    ws = window.desk.ws
    first, village = ws.posyandu_id, posts.posts(ws)[0].village_code
    other = posts.add_post(ws, {"name": "Anggrek 9", "village_code": village})
    ws.posyandu_id = first
    told = {"kind": "pokok_bicara", "month": Month(2026, 9)}
    window.shell.go("laporan", **told)
    window.shell.sidebar.post.choose(other)
    scene.settle(qtbot)
    assert window.shell.place() == ("laporan", told)


def test_the_sync_pill_says_how_the_data_stand_in_words() -> None:
    from types import SimpleNamespace

    now = scene.MORNING
    for state, words in (
        ("confirmed", "Semua terkirim"),
        ("waiting", "14 belum terkirim"),
        ("offline", "Belum terkirim"),
        ("help", "Perlu bantuan"),
        ("not_enrolled", "Aman di laptop ini"),
        ("sending", "Sedang mengirim"),
    ):
        status = SimpleNamespace(state=state, waiting=14, last_at=now, sentence="")
        assert pill_words(status, now)[0] == words


def test_moments_are_told_as_people_do() -> None:
    from datetime import timedelta

    now = scene.MORNING
    assert when_text(now - timedelta(hours=2), now) == "hari ini 07.42"
    assert when_text(now - timedelta(days=1), now) == "kemarin 09.42"
    assert when_text(now - timedelta(days=40), now) == "03-10-2026 09.42"
    assert when_text(None, now) == ""


def test_a_village_is_named_by_its_kind() -> None:
    assert village_words("Sukamaju", "52.02.01.2003") == "Ds. Sukamaju"
    assert village_words("Praya", "52.02.01.1001") == "Kel. Praya"
    assert village_words("", "") == ""


# ---- what every page must keep to


@pytest.fixture(params=[1.0, 1.3], ids=["normal", "sangat besar"])
def sized(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow) -> MainWindow:
    assert window.desk is not None
    if request.param != 1.0:
        window.desk.change_preferences(text_scale=request.param)
        qtbot.waitUntil(lambda: theme.factor() == request.param)
    return window


@pytest.mark.parametrize("name", OURS)
def test_a_page_fits_the_smallest_window_and_cuts_no_words(qtbot: QtBot, sized: MainWindow, name: str) -> None:
    assert sized.shell is not None
    size = (1024, 600) if theme.factor() == 1.0 else (1366, 690)
    sized.resize(*size)
    sized.shell.go(name)
    settle(qtbot, sized)
    hint = sized.minimumSizeHint()
    assert hint.width() <= size[0]
    assert hint.height() <= size[1]
    assert clipped(sized) == []
    assert sideways(sized) == []


@pytest.mark.parametrize("name", OURS)
def test_whatever_takes_the_focus_has_a_name_a_role_and_room_for_a_finger(
    qtbot: QtBot, window: MainWindow, name: str
) -> None:
    assert window.shell is not None
    window.shell.go(name)
    settle(qtbot, window)
    nameless, bare, small = [], [], []
    for widget in window.findChildren(QWidget):
        if not (widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus):
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        assert isinstance(told, QAccessibleInterface)
        if not told.text(QAccessible.Text.Name):
            nameless.append(widget.objectName() or type(widget).__name__)
        if told.role() == QAccessible.Role.Client and not isinstance(widget, QScrollArea):
            bare.append(widget.objectName() or type(widget).__name__)
        if not isinstance(widget, QScrollArea) and min(widget.width(), widget.height()) < theme.px(44) - 8:
            small.append((widget.objectName(), widget.width(), widget.height()))
    assert (nameless, bare, small) == ([], [], [])


def clipped(window: QWidget) -> list[str]:
    """Labels whose words are wider than their room and neither wrap nor end in an ellipsis."""
    return [
        label.text()
        for label in window.findChildren(QLabel)
        if label.isVisible()
        and label.text()
        and not isinstance(label, ElideLabel)
        and not label.wordWrap()
        and label.fontMetrics().horizontalAdvance(label.text()) > label.width() + 1
    ]


def sideways(window: QWidget) -> list[str]:
    """Scroll areas whose content reaches beyond their right edge without a bar."""
    return [
        area.parentWidget().objectName() if area.parentWidget() else ""
        for area in window.findChildren(QScrollArea)
        if area.isVisible() and area.widget() is not None and area.widget().width() > area.viewport().width() + 1
    ]


def test_first_focus_is_never_the_sidebar(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    settle(qtbot, window)
    for name in OURS:
        window.shell.go(name)
        settle(qtbot, window)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert not window.shell.sidebar.isAncestorOf(focus), name


def test_the_day_on_beranda_counts_who_came_and_opens_their_names(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    assert window.desk is not None
    settle(qtbot, window)
    ws = window.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    tally = sessions.tally(ws, day.id)
    step = button(window, "langkah:2")
    assert step.accessibleName() == f"2. Ukur: {tally.steps[1]} orang"
    step.click()
    rows = [each for each in overlays(window)[0].findChildren(Row) if each.objectName().startswith("person:")]
    assert len(rows) == tally.steps[1]


def test_beranda_follows_what_is_saved_elsewhere(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    assert window.desk is not None
    settle(qtbot, window)
    ws = window.desk.ws
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    later = next(row for row in sessions.roster(ws, day.id, None) if not row.present)
    sessions.mark_present(ws, day.id, later.person_id)
    window.desk.announce("attendance")
    settle(qtbot, window)
    assert button(window, "langkah:1").accessibleName() == "1. Daftar: 12 orang"


def test_the_search_box_says_as_much_as_has_room_whole(qapp: QApplication, qtbot: QtBot) -> None:
    box = SearchBox()
    qtbot.addWidget(box)
    told = {box.hint(room) for room in range(0, 400, 10)}
    assert told == {"", "Cari", "Cari nama", "Cari nama, NIK, atau nama ibu"}
