"""The rail: room for every page in every window, words never cut, pages for some workers only."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.ui import app, lines, registry, theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages import bantuan, palette
from posyandu.ui.registry import Page
from posyandu.ui.sidebar import NavButton, NavList
from posyandu.ui.theme import px

ENGLISH: dict[str, str] = json.loads((paths.resources() / "locale" / "en.json").read_text("utf-8"))
BANTUAN = "posyandu.ui.pages.bantuan:BantuanPage"


def rail_of(window: MainWindow) -> NavList:
    assert window.shell is not None
    return window.shell.sidebar.pages


def resized(window: MainWindow, width: int, height: int) -> NavList:
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)
    return rail_of(window)


def shown(rail: NavList) -> list[str]:
    buttons = [each for each in (*rail.items.values(), rail.more) if each.isVisible()]
    return [each.page.name for each in sorted(buttons, key=lambda each: each.y())]


def rebuild(window: MainWindow) -> None:
    """A new shell; the old one is really gone."""
    window._build_shell()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def current(window: MainWindow) -> str:
    assert window.shell is not None
    return window.shell.place()[0]


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch, window: MainWindow) -> MainWindow:
    """The window of an app with twelve pages more, in all groups."""
    assert window.desk is not None
    for number in range(12):
        name = f"lebih_{number}"
        page = Page(name, BANTUAN, "Masalah sosial", "house", group=registry.GROUPS[number % 3])
        monkeypatch.setitem(registry.PAGES, name, page)
    rebuild(window)
    return window


@pytest.mark.parametrize("factor", [1.0, 1.15, 1.3])
@pytest.mark.parametrize("size", [(1366, 696), (1024, 600)])
@pytest.mark.parametrize("practice", [False, True], ids=["real", "practice"])
def test_every_page_is_in_the_rail_or_in_the_list_of_its_last_item(
    crowded: MainWindow, qapp: QApplication, factor: float, size: tuple[int, int], practice: bool
) -> None:
    crowded.practice = practice
    theme.apply(qapp, "light", factor)
    rebuild(crowded)
    rail = resized(crowded, *size)
    names = [page.name for page in registry.rail("kader")]
    listed = [deed.objectName().removeprefix("nav:") for deed in rail.menu_now().actions() if not deed.isSeparator()]
    assert [name for name in shown(rail) if name != "lainnya"] + listed == names
    assert shown(rail)[-1] == "lainnya"
    assert len(shown(rail)) >= 4
    boxes = sorted((each.geometry() for each in rail.findChildren(NavButton) if each.isVisible()), key=lambda b: b.y())
    assert all(above.bottom() < below.top() for above, below in zip(boxes, boxes[1:], strict=False))
    assert boxes[-1].bottom() <= rail.height()
    assert min(box.height() for box in boxes) >= px(44)


@pytest.mark.parametrize("size", [(1366, 696), (1024, 600)])
@pytest.mark.parametrize("factor", [1.0, 1.15, 1.3])
def test_no_word_of_the_rail_is_cut_in_either_language(
    qapp: QApplication, factor: float, size: tuple[int, int]
) -> None:
    theme.apply(qapp, "light", factor)
    words = [page.words for page in registry.PAGES.values() if page.group] + ["Lainnya"]
    room, metrics = px(92) - 2 * px(4) - 1 - px(8), QFontMetrics(theme.font("micro"))
    for text in (*words, *(ENGLISH[word] for word in words if word in ENGLISH)):
        words_in_lines = lines.two_lines(text, room, "micro")
        assert " ".join(words_in_lines) == text
        assert all(metrics.horizontalAdvance(line) <= room for line in words_in_lines)
        assert QFontMetrics(theme.font("label")).horizontalAdvance(text) <= px(208) - px(25) - px(53)


def test_the_rail_needs_no_list_where_everything_fits(window: MainWindow) -> None:
    rail = resized(window, 1366, 1000)
    assert shown(rail) == [page.name for page in registry.rail("kader")]
    assert rail.left_over == []
    foot = rail.items["pengaturan"].geometry()
    assert rail.height() - foot.bottom() <= 2


def test_the_list_of_the_last_item_is_worked_by_keys_alone(qtbot: QtBot, crowded: MainWindow) -> None:
    rail = resized(crowded, 1024, 600)
    rail.more.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(rail.more, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert rail.more.hasFocus()
    QTest.keyClick(rail.more, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    wanted = rail.left_over[1].name
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert current(crowded) == wanted
    assert rail.more.current
    assert rail.more.accessibleDescription().startswith("halaman ini: ")


def test_a_low_rail_parts_its_words_evenly_whether_they_take_one_line_or_two(
    window: MainWindow, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 1.0)
    rebuild(window)
    rail = resized(window, 1024, 576)
    boxes = [each for each in rail.findChildren(NavButton) if each.isVisible()]
    air = {}
    for each in boxes:
        taken = len(lines.two_lines(each.text(), each.width() - px(8), "micro"))
        air.setdefault(taken, set()).add(each.height() - px(23 + 15 * taken))
        assert each.height() >= px(44)
    assert sorted(air) == [1, 2]
    assert len(set.union(*air.values())) == 1, air
    assert max(each.geometry().bottom() for each in boxes) <= rail.height()


def test_the_rail_is_walked_with_tab_in_the_order_it_is_seen(crowded: MainWindow) -> None:
    for size in ((1366, 696), (1024, 600)):
        rail = resized(crowded, *size)
        assert crowded.shell is not None
        crowded.shell.sidebar.post.setFocus()
        walked = []
        for _press in shown(rail):
            QTest.keyClick(QApplication.focusWidget() or crowded, Qt.Key.Key_Tab)
            focus = QApplication.focusWidget()
            assert isinstance(focus, QWidget)
            walked.append(focus.objectName().removeprefix("nav:"))
        assert walked == shown(rail)


def test_a_page_for_officers_is_nowhere_for_a_kader(monkeypatch: pytest.MonkeyPatch, window: MainWindow) -> None:
    desk = Page("meja", BANTUAN, "Meja petugas", "house", group="post", roles=frozenset({"midwife"}))
    monkeypatch.setitem(registry.PAGES, "meja", desk)
    rebuild(window)
    assert window.desk is not None
    assert window.shell is not None
    rail = resized(window, 1366, 1000)
    assert "meja" not in shown(rail)
    assert "go:meja" not in {entry.name for entry in palette.commands(window.desk)}
    window.shell.go("meja")
    assert current(window) == "beranda"
    assert window.shell.toast.label.text() == "Halaman ini untuk petugas lain."
    window.desk.ws.worker = replace(window.desk.ws.worker, role="midwife")
    window.shell.refresh()
    assert "meja" in shown(rail)
    assert "go:meja" in {entry.name for entry in palette.commands(window.desk)}
    window.shell.go("meja")
    assert current(window) == "meja"


def test_ctrl_k_lists_every_page_with_words_once(window: MainWindow) -> None:
    assert window.desk is not None
    entries = [entry.name for entry in palette.commands(window.desk)]
    assert len(entries) == len(set(entries))
    assert {f"go:{page.name}" for page in registry.PAGES.values() if page.words and page.open_to("kader")} <= set(
        entries
    )


def test_every_group_and_every_lit_item_exists() -> None:
    for page in registry.PAGES.values():
        assert page.group in (*registry.GROUPS, ""), page
        assert not page.under or registry.PAGES[page.under].group, page
        assert not page.group or (page.words and page.icon), page


def test_a_shell_that_was_replaced_hears_nothing_more(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    before = window.shell
    window.desk.change_preferences(text_scale=1.15)
    qtbot.waitUntil(lambda: window.shell is not before)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    window.desk.go("bantuan")
    window.desk.announce("visit")
    assert current(window) == "bantuan"


def test_help_in_english_is_english_or_says_in_english_that_it_is_not(qapp: QApplication) -> None:
    indonesian = {each.code: each for each in bantuan.chapters()}
    app.use_language("en")
    try:
        english = {each.code: each for each in bantuan.chapters()}
    finally:
        app.use_language("id")
    assert list(english) == list(indonesian)
    assert english["mulai"].title == "Getting started"
    for code, chapter in english.items():
        assert chapter.text != indonesian[code].text
        assert chapter.title != indonesian[code].title or "written in Indonesian" in chapter.text
