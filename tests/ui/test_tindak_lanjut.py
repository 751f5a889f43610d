"""Tindak lanjut with real keys: lists, what was done about someone, undo, pages and text to take along."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.services import tasks
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.tindak_lanjut import (
    ITEMS_AT_ONCE,
    Item,
    MessagesSheet,
    SharesSheet,
    TindakLanjutPage,
    WhySheet,
)
from posyandu.ui.widgets.basics import Row, Segmented
from tests.ui import scene
from tests.ui.scene import close_today, keys


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[0].click()


@pytest.fixture
def page(qtbot: QtBot, village: Workspace, window: MainWindow) -> Iterator[TindakLanjutPage]:
    """The lists after the day: while it is under way, nobody is called absent."""
    assert window.shell is not None
    close_today(village)
    scene.settle(qtbot)
    press(window, "nav:tindak_lanjut")
    scene.settle(qtbot)
    yield window.shell.page("tindak_lanjut")
    jobs.wait(5000)


def items(page: TindakLanjutPage) -> list[Item]:
    while page._next.isActive():
        QApplication.processEvents()
    found = [each for each in page.card.findChildren(Item) if each.isVisible()]
    return sorted(found, key=lambda each: each.mapTo(page.card, QPoint()).y())


def counts(page: TindakLanjutPage) -> dict[str, int]:
    rows = [row for row in page.rail.findChildren(Row) if row.isVisible()]
    return {row.objectName().partition(":")[2]: int(row.number or 0) for row in rows}


def open_ones(page: TindakLanjutPage) -> list[str]:
    return [each.row.objectName() for each in items(page) if each.more.isVisible()]


def test_the_worst_list_opens_with_its_first_person_ready(page: TindakLanjutPage) -> None:
    first = page.board.lists[0]
    assert page.heading.text() == first.title
    assert [each.row.objectName() for each in items(page)] == [f"orang:{task.person.id}" for task in first.tasks]
    assert open_ones(page) == [f"orang:{first.tasks[0].person.id}"]
    assert QApplication.focusWidget() is items(page)[0].row
    assert counts(page) == {each.code: len(each.tasks) for each in page.board.lists} | {"postponed": 0, "settled": 0}
    assert f"{page.board.people} orang" in page.subtitle


def test_the_arrows_walk_a_list_that_is_made_in_turns(page: TindakLanjutPage, qtbot: QtBot) -> None:
    longest = max(page.board.lists, key=lambda each: len(each.tasks))
    assert len(longest.tasks) > ITEMS_AT_ONCE
    page.show_list(longest.code)
    scene.settle(qtbot)
    items(page)[ITEMS_AT_ONCE - 1].row.setFocus(Qt.FocusReason.TabFocusReason)
    for key, place in ((Qt.Key.Key_Down, ITEMS_AT_ONCE), (Qt.Key.Key_Up, ITEMS_AT_ONCE - 1)):
        QTest.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is items(page)[place].row


def test_arrows_walk_the_people_and_enter_goes_to_what_can_be_done(page: TindakLanjutPage, qtbot: QtBot) -> None:
    code = max(page.board.lists, key=lambda each: len(each.tasks)).code
    page.show_list(code)
    scene.settle(qtbot)
    items(page)[0].row.setFocus()
    keys("↓")
    qtbot.wait(20)
    assert open_ones(page) == [items(page)[1].row.objectName()]
    keys("↑↑")
    qtbot.wait(20)
    assert open_ones(page) == [items(page)[0].row.objectName()]
    keys("↵")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "button:dikunjungi"


def test_a_visit_noted_by_key_takes_the_person_off_and_undo_brings_them_back(
    page: TindakLanjutPage, window: MainWindow, qtbot: QtBot
) -> None:
    before = counts(page)
    code, person = page.code, page.board.lists[0].tasks[0].person
    keys("↵↵")
    scene.settle(qtbot)
    assert counts(page)["settled"] == 1
    assert counts(page).get(code, 0) == before[code] - 1
    assert window.shell is not None
    window.shell.toast.action.click()
    scene.settle(qtbot)
    assert counts(page) == before
    assert page.board.lists[0].tasks[0].person == person


def test_what_is_done_is_shown_and_can_be_put_back(page: TindakLanjutPage, qtbot: QtBot) -> None:
    before = counts(page)
    press(page, "button:dirujuk")
    scene.settle(qtbot)
    press(page, "daftar:settled")
    scene.settle(qtbot)
    assert "Sudah dirujuk 12-11-2026" in items(page)[0].row.detail
    press(page, "button:kembalikan")
    scene.settle(qtbot)
    assert counts(page) == before


def test_postponing_asks_for_a_reason_and_a_day(page: TindakLanjutPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page, "button:tunda")
    sheet = next(each for each in window.findChildren(WhySheet) if each.isVisible())
    keys("↵")
    assert sheet.problem.isVisible()
    assert "alasannya" in sheet.problem.label.text()
    press(sheet, "alasan:0")
    press(sheet, "tunda:3")
    keys("↵")
    scene.settle(qtbot)
    assert counts(page)["postponed"] == 1
    press(page, "daftar:postponed")
    scene.settle(qtbot)
    assert items(page)[0].row.detail.startswith("Ditunda sampai 15-11-2026: tidak ada di rumah")


def test_escape_postpones_nothing(page: TindakLanjutPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page, "button:selesai")
    keys("⎋")
    scene.settle(qtbot)
    assert counts(page)["settled"] == 0


def test_something_finished_keeps_its_result(page: TindakLanjutPage, qtbot: QtBot) -> None:
    press(page, "button:selesai")
    keys("Sudah ke Pustu↵")
    scene.settle(qtbot)
    assert page.board.settled[0].words.startswith("Selesai 12-11-2026: sudah ke Pustu")


def test_when_everybody_was_seen_the_page_says_so(page: TindakLanjutPage, qtbot: QtBot) -> None:
    ws = page.desk.ws
    for each in page.board.lists:
        for task in each.tasks:
            tasks.settle(ws, task, "done")
    page.ask()
    scene.settle(qtbot)
    assert page.subtitle.endswith("Semua sudah ditemui.")
    assert not page.print_button.isEnabled()
    assert page.code == "settled"


def test_a_month_with_nobody_to_see_opens_on_that_and_not_on_those_seen(page: TindakLanjutPage) -> None:
    page.board = replace(page.board, lists=(), settled=())
    page._show_rail()
    page.show_list(page.code)
    assert (page.heading.text(), page.explain.text()) == ("Bulan ini", "")
    assert page.empty.label.text() == "Tidak ada yang perlu ditindaklanjuti bulan ini."
    page.show_list("settled")
    assert page.heading.text() == "Selesai"
    assert page.empty.label.text() == "Yang sudah dikunjungi atau dirujuk akan tampak di sini."


def test_the_text_for_whatsapp_is_copied_kader_by_kader_and_holds_nobody_elses(
    page: TindakLanjutPage, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tasks.errands(page.board)
    given = tasks.shares(village, wanted)
    assert len(given) > 1
    press(window, "button:salin")
    sheet = next(each for each in window.findChildren(MessagesSheet) if each.isVisible())
    first = QApplication.focusWidget()
    assert first is not None
    assert first.objectName() == f"salin:{given[0].worker_id}"
    seen = []
    for share in given:
        press(window, f"salin:{share.worker_id}")
        text = QApplication.clipboard().text()
        assert text.startswith("*Daftar kunjungan")
        assert text.count("Untuk ") == 1
        assert f"Untuk {share.kader}" in text
        own = [one.person.name for one in share.errands]
        assert all(name in text for name in own)
        assert len(text.splitlines()) == len(own) + 4 + 2 * len(share.rts)
        assert sheet.problem.isVisible()
        assert page.where.text() == f"Daftar {len(own)} orang tersalin. Tempel di WhatsApp {share.kader} saja."
        seen += [one.person.id for one in share.errands]
    assert sorted(seen) == sorted(one.person.id for one in wanted)
    keys("⎋")
    assert not any(each.isVisible() for each in window.findChildren(MessagesSheet))
    monkeypatch.setattr(tasks, "shares", lambda _ws, _wanted: given[:1])
    press(window, "button:salin")
    assert not any(each.isVisible() for each in window.findChildren(MessagesSheet))
    assert given[0].kader in QApplication.clipboard().text()


def test_pages_are_shared_out_by_rt_and_written(page: TindakLanjutPage, window: MainWindow, qtbot: QtBot) -> None:
    press(window, "button:daftar-kunjungan")
    sheet = next(each for each in window.findChildren(SharesSheet) if each.isVisible())
    rt, picker = next(iter(sheet.pickers.items()))
    picker.setCurrentIndex(picker.count() - 1)
    chosen = picker.value()
    press(sheet, "button:simpan-pdf")
    scene.settle(qtbot)
    assert tasks.rt_kader(page.desk.ws)[rt] == chosen
    (path,) = (paths.documents() / "Posyandu").glob("Daftar kunjungan*.pdf")
    assert path.read_bytes()[:5] == b"%PDF-"
    assert path.name in page.where.text()


def test_without_a_printer_the_pages_can_still_be_saved(
    page: TindakLanjutPage, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    press(window, "button:daftar-kunjungan")
    press(window, "button:cetak")
    assert "Simpan PDF" in page.where.text()


def test_the_card_of_a_person_is_one_press_away(page: TindakLanjutPage, window: MainWindow) -> None:
    press(page, "button:kartu")
    assert window.shell is not None
    assert window.shell.place() == ("kartu", {"person_id": page.board.lists[0].tasks[0].person.id})


def test_beranda_counts_the_same_lists_and_opens_the_one_pressed(
    page: TindakLanjutPage, window: MainWindow, qtbot: QtBot
) -> None:
    assert window.shell is not None
    window.shell.go("beranda")
    scene.settle(qtbot)
    beranda = window.shell.page("beranda")
    found = [row for row in beranda.attention_card.findChildren(Row) if row.isVisible()]
    shown = {row.objectName().partition(":")[2]: int(row.number) for row in found}
    assert shown == {each.code: len(each.tasks) for each in page.board.lists[:5]}
    found[-1].setFocus()
    QTest.keyClick(found[-1], Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert window.shell.place()[0] == "tindak_lanjut"
    assert page.code == list(shown)[-1]


def test_the_pages_can_be_shared_out_by_dasawisma(page: TindakLanjutPage, qtbot: QtBot) -> None:
    ws = page.desk.ws
    groups = {one.person.dasawisma for one in tasks.errands(page.board)}
    assert len(groups) > 1
    page.open_shares()
    (sheet,) = page.window().findChildren(SharesSheet)
    assert all(not place or place.isdigit() for place in sheet.pickers)
    choice = sheet.findChild(Segmented)
    assert choice is not None
    choice.set_value("dasawisma")
    choice.changed.emit("dasawisma")
    scene.settle(qtbot)
    assert set(sheet.pickers) == groups
    press(sheet, "button:simpan-pdf")
    scene.settle(qtbot)
    assert tasks.shared_by(ws) == "dasawisma"
    assert {place for share in tasks.shares(ws, tasks.errands(page.board)) for place in share.rts} == groups


def test_a_campaign_says_how_many_have_had_it(page: TindakLanjutPage) -> None:
    from dataclasses import replace

    first = page.board.lists[0]
    campaign = replace(first, code="vitamin_a", title="Belum vitamin A", detail="Bulan vitamin A", done=(12, 40))
    page.board = replace(page.board, lists=(campaign,))
    page.show_list("vitamin_a")
    assert page.explain.text() == "Bulan vitamin A. 12 dari 40 sudah."


def test_nothing_can_be_taken_along_before_the_lists_are_counted(qtbot: QtBot, window: MainWindow) -> None:
    assert window.shell is not None
    window.shell.go("tindak_lanjut")
    page = window.shell.page("tindak_lanjut")
    assert page.board is None, "counted beside the window"
    for name in ("button:salin", "button:daftar-kunjungan"):
        button = page.findChild(QAbstractButton, name) or page.action_bar().findChild(QAbstractButton, name)
        assert not button.isEnabled(), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    scene.settle(qtbot)
    assert page.copy_button.isEnabled() is (page.board.people > 0)


def test_those_on_a_private_list_are_neither_copied_nor_counted_as_copied(
    page: TindakLanjutPage, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried, hidden = len(tasks.errands(page.board)), page.board.lists[0]
    secret = replace(hidden.tasks[0], person=replace(hidden.tasks[0].person, id="z", name="Zulaikhaningsih"))
    private = replace(hidden, code="talk", private=True, tasks=(secret,))
    page._counted(replace(page.board, lists=(private, *page.board.lists)))
    assert page.board.people == carried + 1
    copied = []
    press(window, "button:salin")
    for share in tasks.shares(village, tasks.errands(page.board)):
        press(window, f"salin:{share.worker_id}")
        copied.append(int(page.where.text().split()[1]))
        assert "Zulaikhaningsih" not in QApplication.clipboard().text()
    assert sum(copied) == carried
    page._counted(replace(page.board, lists=(private,)))
    assert not page.copy_button.isEnabled()
    assert not page.print_button.isEnabled()
